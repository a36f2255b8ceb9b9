"""Annotations in the text: prose documents with examples, and what must hold for any text and any passages.

A document below `notes/` has an example in each section: `markdown` is the article, `quotes` what is said about it
(kind, id and quote in a line each); then `marked` is the HTML with each mark as `{ids|words}` and each reference as
`^number`, `html` the HTML itself, `notes` the list of notes, `findings` what the author is told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from randnotiz import language, markdown, notes, quotes
from randnotiz.errors import Finding, Position, Text
from randnotiz.model import (
    AnnotatedArticle,
    Article,
    Chart,
    ChartData,
    Citation,
    CounterClaim,
    ExactQuote,
    Figure,
    Person,
    Quantity,
    Quote,
    Range,
    Remark,
    Result,
    Results,
    SourceUse,
)

DOCUMENTS = sorted((Path(__file__).parent / "notes").glob("*.md"))
GERMAN = language.of("de")

YAML = Position("deepseek/sources.yaml", 3, 9)
BODY = Position("deepseek/article.md", 8)


# ----------------------------------------------------------------------------------------------------
# Small articles
# ----------------------------------------------------------------------------------------------------


def text(words: str) -> Text:
    return Text(words, YAML, plain=True, start=0, end=len(words))


def exact(words: str, prefix: str = "", suffix: str = "") -> ExactQuote:
    return ExactQuote(exact=text(words), prefix=prefix, suffix=suffix, position=YAML)


def source(id: str, quote: Quote | None) -> Citation:
    return Citation(id=id, quote=quote, sources=(SourceUse(id=text("spiegel2025")),), position=YAML)


def counter(id: str, quote: Quote | None) -> CounterClaim:
    return CounterClaim(
        id=id,
        quote=quote,
        claim=text("Das Modell habe sechs Millionen Dollar gekostet."),
        claimed_by=Person(name=text("Medienberichte")),
        stance="qualifies",
        counter=text("Das war nur der *letzte* Lauf."),
        by=Person(name=text("Epoch AI")),
        sources=(),
        position=YAML,
    )


def remark(id: str, quote: Quote | None) -> Remark:
    return Remark(id=id, quote=quote, kind="definition", note=text("Eine Chip-Generation."), position=YAML)


def chart(id: str, after: Quote | None) -> Chart:
    return Chart(
        id=id,
        quote=after,
        title=text("Die Kosten sinken"),
        alt=text("Eine Linie, die fällt"),
        sources=(),
        rows=ChartData(),
        spec={},
        position=Position("deepseek/charts.yaml", 2),
    )


FLEET = Quantity(
    name="fleet",
    label=text("Hopper-Chips"),
    low=50000,
    best=50000,
    high=50000,
    unit=text(""),
    written=(text("50000"),),
    sources=(SourceUse(id=text("semianalysis2025")),),
)
HARDWARE = Figure(
    id="hardware", name="hardware", label=text("Wert der Chips"), formula=text("fleet * price"), unit=text("USD")
)
RESULTS = Results(
    quantities={"fleet": FLEET},
    figures={"hardware": Result(figure=HARDWARE, range=Range(low=1e9, best=1.25e9, high=1.5e9, unit="USD"))},
)

KINDS = {"source": source, "counter": counter, "note": remark, "chart": chart}


def article(body: str, annotations: Sequence[object] = (), **fields: object) -> Article:
    """An article with the quantity `fleet` and the figure `hardware`, which has a note if the text is about it."""
    known = {
        "slug": "deepseek",
        "path": "deepseek/article.md",
        "title": text("Was die Zahlen hergeben"),
        "lang": "de",
        "summary": text("Nachgerechnet."),
        "body": Text(body, BODY),
        "citations": tuple(one for one in annotations if isinstance(one, Citation)),
        "counterclaims": tuple(one for one in annotations if isinstance(one, CounterClaim)),
        "remarks": tuple(one for one in annotations if isinstance(one, Remark)),
        "charts": tuple(one for one in annotations if isinstance(one, Chart)),
        "quantities": {"fleet": FLEET},
        "figures": {"hardware": HARDWARE},
    }
    return Article(**(known | fields))  # type: ignore[arg-type]  # the table above has the types of the record


def annotated(
    body: str, annotations: Sequence[object] = (), **fields: object
) -> tuple[AnnotatedArticle, tuple[Finding, ...]]:
    return notes.annotate(article(body, annotations, **fields), RESULTS, GERMAN)


# ----------------------------------------------------------------------------------------------------
# Documents with examples
# ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A section of a document: its heading and line, and its fenced blocks by their word."""

    document: str
    line: int
    title: str
    blocks: dict[str, str]

    def __str__(self) -> str:
        return f"{self.document}:{self.line} {self.title}"


FENCE = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def examples() -> Iterator[Example]:
    for path in DOCUMENTS:
        for line, section in sections(path.read_text(encoding="utf-8")):
            blocks = {word: words for _, word, words in FENCE.findall(section)}
            if blocks:
                yield Example(path.name, line, section.splitlines()[0].removeprefix("## "), blocks)


def sections(document: str) -> Iterator[tuple[int, str]]:
    """The parts of a document that begin with a heading of the second level; articles in fences have such as well."""
    outside = FENCE.sub(lambda fence: re.sub("[^\n]", " ", fence[0]), document)
    starts = [heading.start() for heading in re.finditer("^## ", outside, re.MULTILINE)]
    for start, end in pairwise([*starts, len(document)]):
        yield document.count("\n", 0, start) + 1, document[start:end]


def shorthand(html: str) -> str:
    """HTML with its marks and references as short as a reader of a test wants them."""
    html = re.sub(r'<mark class="[^"]*" data-notes="([^"]*)">', r"{\1|", html).replace("</mark>", "}")
    html = re.sub(r'<sup class="refs">(.*?)</sup>', lambda found: "^" + ",".join(numbers_in(found[1])), html)
    return re.sub(r'<a class="number"[^>]*>', "<a number>", html)


def visible(words: str) -> str:
    """Blanks of every width as plain ones, since nobody can tell them apart in a document."""
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{THIN SPACE}", " ")


def numbers_in(references: str) -> list[str]:
    return re.findall(r">(\d+)<", references)


def quoted(lines: str) -> Iterator[object]:
    for line in lines.splitlines():
        kind, id, words = line.split(" ", 2)
        yield KINDS[kind](id, exact(words) if words != "-" else None)


@pytest.mark.parametrize("example", list(examples()), ids=str)
def test_an_example_comes_out_as_its_document_says(example: Example) -> None:
    made, findings = annotated(example.blocks["markdown"], list(quoted(example.blocks.get("quotes", ""))))
    footnotes = "".join(f"[{note.id}] {note.body}" for note in made.notes if note.body is not None)
    pieces = "".join(html + (f"(chart {chart})\n" if chart else "") for html, chart in made.pieces)
    shown = {
        "html": pieces + footnotes,
        "marked": shorthand(pieces + footnotes),
        "notes": "".join(f"{note.number or '-'} {note.id}: {note.passage}\n" for note in made.notes),
        "findings": "".join(f"{one.position}: {one.message} [{one.code}]\n{hint(one)}" for one in sorted(findings)),
    }
    for word, expected in example.blocks.items():
        if word in shown:
            assert visible(shown[word]) == expected
    if "findings" not in example.blocks:
        assert findings == ()


def hint(finding: Finding) -> str:
    return "".join(f"    {line}\n" for line in finding.hint.splitlines())


# ----------------------------------------------------------------------------------------------------
# What holds for any text and any passages
# ----------------------------------------------------------------------------------------------------

WORDS = (
    "Die Kosten sinken",
    "rund 50.000 Chips",
    '"ein Viertel"',
    "*jedes Jahr*",
    "**mit Vorsicht**",
    "***beides***",
    "*rund **eine** Milliarde*",
    "[im Bericht](https://example.org/bericht)",
    "[*eine* {{ fleet }} Zahl](https://example.org/)",
    "`kv_cache`",
    "`{{ hardware }}`",
    "{{ hardware }}",
    "{{ hardware.low }}",
    "{{ fleet }}",
    "und -- so heißt es --",
    "weiter...",
    "Ende.",
    "&amp; Söhne",
    "<b>laut</b>",
    "H\u00adopper\u200b",
    "z.\u202fB.",
    "Auto\\\nund Bahn",
    "[^1]",
    "[^quelle]",
    "\U0001f469\u200d\U0001f52c",
    "Cafe\u0301",
)

phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
lines = st.lists(phrases, min_size=1, max_size=3).map("\n".join)


def one_line(words: str) -> str:
    return words.replace("\\\n", " ").replace("\n", " ").replace("|", "")


blocks = st.one_of(
    lines,
    phrases.map(lambda words: f"## {one_line(words)}"),
    st.lists(phrases, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {one_line(one)}" for one in items)),
    st.lists(phrases, min_size=1, max_size=2).map(
        lambda items: "\n".join(
            f"{number}. {one_line(one)}\n\n   Mehr davon.\n" for number, one in enumerate(items, 1)
        )
    ),
    phrases.map(lambda words: f"> {one_line(words)}\n>\n> - {one_line(words)}"),
    st.lists(phrases, min_size=2, max_size=2).map(
        lambda cells: "| a | b |\n|---|--:|\n| " + " | ".join(one_line(cell) for cell in cells) + " |"
    ),
    phrases.map(lambda words: f"```yaml\n{words}\nkey: value\n```"),
    phrases.map(lambda words: f"    {one_line(words)}"),
    st.just("***"),
    st.just("{{ chart: kosten }}"),
)
FOOTNOTES = (
    "\n\n[^1]: So *steht* es dort.\n\n[^quelle]: Nach [eigener Rechnung](https://example.org/).\n\n    Zwei Absätze."
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    body = "\n\n".join(draw(st.lists(blocks, min_size=1, max_size=6)))
    called = [label for label in ("1", "quelle") if f"[^{label}]" in re.sub(r"`.*?`|^(```.*?```|    .*?$)", "", body)]
    parts = [part for part in FOOTNOTES.split("\n\n[^") if part.split("]")[0] in called]
    return body + "".join(f"\n\n[^{part}" for part in parts)


@st.composite
def annotated_texts(draw: st.DrawFn) -> tuple[str, list[Citation]]:
    """A text and citations of any stretches of its reading text, overlapping as they like."""
    body = draw(texts())
    document, _ = markdown.read(
        Text(body, BODY), "article", quotes=GERMAN.quotes, numbers=notes.numbers(article(body), RESULTS, GERMAN)
    )
    folded = quotes.fold(document.text)
    places = st.integers(min_value=0, max_value=max(0, len(document.text)))
    citations = []
    for number in range(draw(st.integers(min_value=1, max_value=6))):
        start, end = sorted((draw(places), draw(places)))
        named = quotes.shortest(folded, (start, end)) if start < end else None
        if named and named[0]:
            citations.append(source(f"note-{number}", exact(*named)))
    return body, citations


def without_notes(html: str) -> str:
    return re.sub(r'</?mark[^>]*>|<sup class="refs">.*?</sup>', "", html)


def whole(made: AnnotatedArticle) -> str:
    return made.body + "".join(note.body or "" for note in made.notes)


@settings(max_examples=150, deadline=None)
@given(annotated_texts())
def test_notes_never_disturb_the_text_and_their_marks_are_their_passages(case: tuple[str, list[Citation]]) -> None:
    body, citations = case
    made, findings = annotated(body, citations)
    assert [one for one in findings if one.code.startswith("quote")] == []
    html = whole(made)
    plain, _ = annotated(body)
    assert without_notes(html) == without_notes(whole(plain))

    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
        f"<!doctype html><html><head><title>x</title></head><body>{html}</body></html>"
    )
    for citation in citations:
        note = next(one for one in made.notes if one.id == citation.id)
        marks = [mark for mark in page.iter("mark") if citation.id in mark.get("data-notes").split()]
        assert bare("".join("".join(mark.itertext()) for mark in marks)) == bare(note.passage)
        assert [link.get("href") for link in page.iter("a") if link.get("id") == f"r-{citation.id}"] == [
            f"#n-{citation.id}"
        ]
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for mark in page.iter("mark"):
        assert mark.findall(".//sup") == mark.findall(".//mark") == []
    for holder in (*page.iter("a"), *page.iter("code")):
        assert holder.findall(".//sup") == holder.findall(".//a") == []


def bare(words: str) -> str:
    """Words without their blanks: block borders and breaks are white space of some kind in either form."""
    return "".join(words.split())


@settings(max_examples=60, deadline=None)
@given(annotated_texts())
def test_numbers_rise_through_the_text_and_notes_are_listed_in_their_order(case: tuple[str, list[Citation]]) -> None:
    made, _ = annotated(*case)
    numbers = [note.number for note in made.notes]
    assert numbers == list(range(1, len(numbers) + 1))
    read = [int(number) for number in re.findall(r'role="doc-noteref"[^>]*>(\d+)<', made.body)]
    first = list(dict.fromkeys(read))
    assert first == sorted(first)
