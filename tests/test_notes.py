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
from msgspec.structs import replace

from randnotiz import language, markdown, notes, quotes
from randnotiz.diagnostics import Diagnostic, Position, SourceText
from randnotiz.language import catalogue
from randnotiz.model import (
    AnchoredNote,
    AnnotatedArticle,
    Article,
    Chart,
    ChartData,
    Citation,
    CitationItem,
    CounterClaim,
    EditorialNote,
    Figure,
    Image,
    Person,
    Quantity,
    Quote,
    Range,
    RangeSelector,
    Result,
    Results,
    TextQuoteSelector,
)
from randnotiz.spans import Span
from tests.patience import in_bounds

DOCUMENTS = sorted((Path(__file__).parent / "notes").glob("*.md"))
GERMAN = language.of("de")

YAML = Position("deepseek/sources.yaml", 3, 9)
BODY = Position("deepseek/article.md", 8)


# ----------------------------------------------------------------------------------------------------
# Small articles
# ----------------------------------------------------------------------------------------------------


def text(words: str) -> SourceText:
    return SourceText(words, YAML, plain=True, start=0, end=len(words))


def exact(words: str, prefix: str = "", suffix: str = "") -> TextQuoteSelector:
    return TextQuoteSelector(exact=text(words), prefix=prefix, suffix=suffix, position=YAML)


def source(id: str, quote: Quote | None) -> Citation:
    return Citation(id=id, quote=quote, sources=(CitationItem(id=text("spiegel2025")),), position=YAML)


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


def remark(id: str, quote: Quote | None) -> EditorialNote:
    return EditorialNote(id=id, quote=quote, kind="definition", note=text("Eine Chip-Generation."), position=YAML)


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
    sources=(CitationItem(id=text("semianalysis2025")),),
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
        "body": SourceText(body, BODY),
        "citations": tuple(one for one in annotations if isinstance(one, Citation)),
        "counterclaims": tuple(one for one in annotations if isinstance(one, CounterClaim)),
        "editorial_notes": tuple(one for one in annotations if isinstance(one, EditorialNote)),
        "charts": tuple(one for one in annotations if isinstance(one, Chart)),
        "quantities": {"fleet": FLEET},
        "figures": {"hardware": HARDWARE},
        "files": {"kurve.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="6"/>'},
    }
    return Article(**(known | fields))  # type: ignore[arg-type]  # the table above has the types of the record


def annotated(
    body: str, annotations: Sequence[object] = (), **fields: object
) -> tuple[AnnotatedArticle, tuple[Diagnostic, ...]]:
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


def test_the_picture_of_an_article_is_a_file_beside_it() -> None:
    """As every picture in its text."""
    _, said = annotated("Ein Satz.", image=Image(src=text("haus.jpg"), alt=text("Ein Haus")))
    assert [(one.code, one.position) for one in said] == [("file-missing", YAML)]


@pytest.mark.parametrize("example", list(examples()), ids=str)
def test_an_example_comes_out_as_its_document_says(example: Example) -> None:
    made, diagnostics = annotated(example.blocks["markdown"], list(quoted(example.blocks.get("quotes", ""))))
    footnotes = "".join(f"[{note.id}] {note.body}" for note in made.notes if note.body is not None)
    pieces = "".join(html + (f"(chart {chart})\n" if chart else "") for html, chart in made.pieces)
    shown = {
        "html": pieces + footnotes,
        "marked": shorthand(pieces + footnotes),
        "notes": "".join(f"{note.number or '-'} {note.id}: {note.passage}\n" for note in made.notes),
        "findings": "".join(
            f"{one.position}: {one.message} [{one.code}]\n{hint(one)}" for one in sorted(diagnostics)
        ),
    }
    for word, expected in example.blocks.items():
        if word in shown:
            assert visible(shown[word]) == expected
    if "findings" not in example.blocks:
        assert diagnostics == ()


def hint(diagnostic: Diagnostic) -> str:
    return "".join(f"    {line}\n" for line in diagnostic.hint.splitlines())


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
        SourceText(body, BODY), "article", quotes=GERMAN.quotes, numbers=notes.numbers(article(body), RESULTS, GERMAN)
    )
    folded = quotes.fold(document.text)
    places = st.integers(min_value=0, max_value=max(0, len(document.text)))
    citations = []
    for number in range(draw(st.integers(min_value=1, max_value=6))):
        start, end = sorted((draw(places), draw(places)))
        named = quotes.minimal_selector(folded, Span(start, end)) if start < end else None
        if named and named[0]:
            citations.append(source(f"note-{number}", exact(*named)))
    return body, citations


def without_notes(html: str) -> str:
    # Nor of what stays on one line, which a mark may cut.
    return re.sub(r'</?mark[^>]*>|<sup class="refs">.*?</sup>|</?span[^>]*>', "", html)


def text_of(made: AnnotatedArticle) -> str:
    return "".join(html for html, _ in made.pieces)


def whole(made: AnnotatedArticle) -> str:
    return text_of(made) + "".join(note.body or "" for note in made.notes)


@settings(max_examples=150, deadline=None)
@given(annotated_texts())
def test_notes_never_disturb_the_text_and_their_marks_are_their_passages(case: tuple[str, list[Citation]]) -> None:
    body, citations = case
    made, diagnostics = annotated(body, citations)
    assert [one for one in diagnostics if one.code.startswith("quote")] == []
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
    read = [int(number) for number in re.findall(r'role="doc-noteref"[^>]*>(\d+)<', text_of(made))]
    first = list(dict.fromkeys(read))
    assert first == sorted(first)


# ----------------------------------------------------------------------------------------------------
# Notes
# ----------------------------------------------------------------------------------------------------

LETTER = """Vorab ein Satz.

## Was die Chips kosten

SemiAnalysis schätzt, dass der Konzern hinter DeepSeek rund 50.000 Chips der Hopper-Generation
besitzt, also für [rund eine Milliarde Dollar](https://example.org/) einkaufte[^1].

## Was danach kam

Nichts.

[^1]: Preise von *damals*.
"""


def note_of(made: AnnotatedArticle, id: str) -> AnchoredNote:
    return next(note for note in made.notes if note.id == id)


def test_a_note_knows_its_words_and_its_line() -> None:
    made, _ = annotated(LETTER, [source("fleet", exact("Hopper-Generation besitzt"))])
    note = note_of(made, "fleet")
    assert note.passage == "Hopper-Generation besitzt"
    assert (note.line, note.number) == (12, 1)


def test_a_footnote_is_a_note_with_a_body() -> None:
    made, _ = annotated(LETTER)
    note = note_of(made, "footnote-1")
    assert (note.kind, note.number, note.annotation, note.line) == ("footnote", 1, None, 13)
    assert note.body == "<p>Preise von <em>damals</em>.</p>\n"


def test_a_passage_can_be_named_by_its_two_ends() -> None:
    made, _ = annotated(LETTER, [source("all", RangeSelector(start=text("SemiAnalysis"), end=text("Chips")))])
    assert note_of(made, "all").passage == "SemiAnalysis schätzt, dass der Konzern hinter DeepSeek rund 50.000 Chips"


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        (RangeSelector(start=text("Semianalysis"), end=text("Chips")), "'Semianalysis' is now 'SemiAnalysis'"),
        (
            RangeSelector(start=text("rund"), end=text("Dollar")),
            "'rund' (from) stands 2 times in the text: in lines 12, 13",
        ),
        (
            RangeSelector(start=text("besitzt"), end=text("Vorab")),
            "'Vorab' (to) does not follow within 2,000 characters of line 13, where 'besitzt' stands; it stands in",
        ),
        (RangeSelector(start=text("besitzt"), end=text("Blumenkohlsuppe")), "these words are not in the text"),
        (
            exact("hinter DeepSeek rund 50.000 Chips Das ist, wie man sagen muss, eine Schätzung, und nicht mehr"),
            "; only their beginning is: 'hinter DeepSeek rund 50.000 Chips'",
        ),
        (
            exact("rund", suffix="zwei Milliarden"),
            "'rund' stands in lines 12, 13 of article.md, but not before 'zwei",
        ),
        (
            exact("rund", prefix="DeepSeek", suffix="zwei Milliarden"),
            "'rund' stands in lines 12, 13 of article.md, but not before 'zwei",
        ),
        (
            exact("rund", prefix="Vorab", suffix="zwei Milliarden"),
            "'rund' stands in lines 12, 13 of article.md, but not after 'Vorab' and before 'zwei",
        ),
    ],
)
def test_a_quotation_that_does_not_hold_says_why(quote: Quote, message: str) -> None:
    _, diagnostics = annotated(LETTER, [source("all", quote)])
    assert message in diagnostics[0].message


def test_what_stands_around_a_quotation_is_told_at_the_side_that_is_wrong() -> None:
    quote = TextQuoteSelector(
        exact=text("rund"), prefix=text("DeepSeek"), suffix=SourceText("zwei", Position("a.yaml", 7, 3))
    )
    _, diagnostics = annotated(LETTER, [source("all", quote)])
    assert diagnostics[0].position == Position("a.yaml", 7, 3)
    assert diagnostics[0].hint.splitlines()[0] == 'line 12: "Konzern hinter DeepSeek rund 50.000 Chips der Hopper"'


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("Der Bäcker sagte ja.\n\n## Wie es weitergeht\n\nIm Mittel.", "Der Bäcker sagte ja."),
        ("他在城里的工厂工作了很久。" * 9 + "乙说sagte ja。" + "没有人知道谁付了钱。" * 9, None),
    ],
)
def test_what_stands_around_a_quotation_is_shown_within_its_block_and_in_few_words(body: str, shown: str) -> None:
    quote = exact("sagte ja", prefix="Der Müller")
    _, diagnostics = annotated(body, [source("all", quote)])
    (hint,) = diagnostics[0].hint.splitlines()
    assert f'"{shown}"' in hint if shown else 20 < len(hint) < 70


def test_a_quotation_of_a_broken_number_says_nothing_of_its_own() -> None:
    results = Results(broken=frozenset({"hardware"}))
    body = "Die Chips sind {{ hardware }} wert."
    _, diagnostics = notes.annotate(
        article(body, [source("worth", exact("sind 1 bis 1,5 Mrd. US-Dollar wert"))]), results, GERMAN
    )
    assert diagnostics == ()


def test_voices_on_one_claim_are_one_claim() -> None:
    first = counter("last-run", exact("50.000"))
    second = replace(
        counter("other", exact("Milliarde")), claim=None, claimed_by=None, same_claim_as=text("last-run")
    )
    made, _ = annotated(LETTER, [first, second])
    assert [(claim.id, [voice.id for voice in claim.voices]) for claim in made.claims] == [
        ("last-run", ["last-run", "other"])
    ]


def test_a_supporting_voice_is_announced_as_such() -> None:
    made, _ = annotated(LETTER, [replace(counter("pro", exact("50.000")), stance="supports")])
    assert 'aria-label="Anmerkung 1, Zustimmung"' in text_of(made)


def test_long_texts_are_rendered_once_and_plain_ones_checked() -> None:
    claim = replace(
        counter("last-run", exact("50.000")),
        counter=text("Nur {{ fleet }}, siehe [oben](#n-last-run)."),
        claim=text("{{ flet }}"),
    )
    made, diagnostics = annotated(LETTER, [claim])
    assert made.prose[claim.counter] == (
        '<p>Nur <a class="number" data-figure="fleet" href="#source-semianalysis2025">50.000</a>, '
        'siehe <a href="#n-last-run">oben</a>.</p>\n'
    )
    assert [name for _, name in made.printed] == ["fleet"]
    assert [str(diagnostic.message) for diagnostic in diagnostics] == [
        "there is no figure or quantity 'flet'; did you mean 'fleet'?"
    ]


def test_links_in_notes_are_checked_like_those_of_the_text() -> None:
    wrong = replace(remark("term", exact("Konzern")), note=text("Siehe [da](#h-nirgends)."))
    _, diagnostics = annotated(LETTER, [wrong])
    assert [(diagnostic.code, diagnostic.position.column) for diagnostic in diagnostics] == [("link-broken", 20)]


def test_what_the_page_shows_and_links_to_is_listed() -> None:
    body = (
        "![Ein Chip](chip.gif)\n\n[Preise](data/preise.csv), [dort](../hopper/#h-preise), [Bild](charts/kosten.svg)"
    )
    files = {"chip.gif": b"GIF89a\x08\0\x09\0\0;", "data/preise.csv": b"", "unbenutzt.gif": b""}
    made, diagnostics = annotated(body, [chart("kosten", exact("Preise"))], files=files)
    assert diagnostics == ()
    assert made.images == ("chip.gif", "data/preise.csv")
    assert made.links == ((Position("deepseek/article.md", 10, 35), "../hopper/#h-preise"),)
    assert '<img src="chip.gif" alt="Ein Chip" loading="lazy" width="8" height="9">' in text_of(made)


def test_a_file_that_is_no_picture_is_none() -> None:
    _, diagnostics = annotated("![Ein Chip](chip.txt)", files={"chip.txt": b"Chip"})
    assert diagnostics[0].message.startswith(
        "'chip.txt' is not a picture that can be shown: PNG, JPEG, GIF, WebP, or SVG"
    )


def test_a_text_beyond_a_limit_is_one_fault_and_no_missing_quotation() -> None:
    _, diagnostics = annotated(
        "[" * 1_001, [source("a", exact("Chips")), chart("kosten", exact("Chips"))], covered=(text("1"),)
    )
    assert [diagnostic.code for diagnostic in diagnostics] == ["limit-exceeded"]


def test_more_overlaps_than_can_be_shown_are_a_fault_and_make_no_page_of_marks() -> None:
    words = [f"n{number}" for number in range(350)]
    crowd = [source(word, exact(word)) for word in words]
    crowd += [source(f"all-{number}", RangeSelector(start=text("n0"), end=text("n349"))) for number in range(40)]
    made, diagnostics = annotated(" ".join(words), crowd)
    assert [(diagnostic.code, diagnostic.message) for diagnostic in diagnostics] == [
        ("limit-exceeded", "annotations overlap each other 28,310 times; at most 20,000 can be shown")
    ]
    assert len(text_of(made)) < 20_000


def test_more_annotations_than_anybody_could_read_are_a_fault_at_the_first_too_many() -> None:
    crowd = [replace(source(f"note-{n}", exact("Chips")), position=Position("a.yaml", n + 1)) for n in range(2_001)]
    _, diagnostics = annotated("Chips.", crowd)
    assert [(str(diagnostic.position), diagnostic.message) for diagnostic in diagnostics] == [
        ("a.yaml:2001:1", "there are 2,001 annotations; an article can have at most 2,000")
    ]


# ----------------------------------------------------------------------------------------------------
# Coverage
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("Es sind 50.000 Chips zu 25.000,50 Dollar.", ["50.000", "25.000,50"]),
        ("Rund 17 % oder 3,5 Prozent.", ["17", "3,5"]),
        ("Zwischen 7 und 10 Monaten, 7–10 also.", ["7", "10", "7", "10"]),
        ("Im Jahr 2024, in den 1990ern, 2023/24 und 1990s.", []),
        ("Doch 2024 % und 2.024 Chips.", ["2024", "2.024"]),
        ("Am 29. Januar 2025, am 3. März, am 29.01.2025, am 2025-01-29, im Jan. 29.", []),
        ("On January 29, 2025, on 29 January and on March 3rd.", []),
        ("Um 12:30 Uhr.", []),
        ("Der 2. Versuch und the 3rd try, 21st century.", []),
        ("Am Ende waren es 50.", ["50"]),
        ("V3, R1, H100, GPT-4, Covid-19, 5G und 3D.", []),
        ("Das 10-fache, 100k und 8%ige.", ["10", "100", "8"]),
        ("https://example.org/2024/500 und a500@example.org.", []),
    ],
)
def test_years_dates_ordinals_and_names_are_no_numbers_that_want_support(sentence: str, numbers: list[str]) -> None:
    made, _ = annotated(sentence)
    assert [bare.words for bare in made.coverage.bare_numbers] == numbers


@pytest.mark.parametrize(
    "words",
    [
        "ISBN 978-0-471-46912-4, DOI 10.1000/182, Tel. 030 12345, 192.168.0.1.",
        "ISBN-13: 978 3 16 148410 0",
        "ISBN 3-16-148410-X",
        "978-3-16-148410-0",
        "ISSN 0317-8471",
        "see doi:10.1038/s41586-020-2649-2.",
        "arXiv:2401.12345v2",
        "arXiv: hep-th/9901001",
        "PMID 12345678",
        "RFC 9110",
        "ISO 8601-1:2019",
        "DIN EN 1090",
        "CAS 7732-18-5",
        "ORCID 0000-0002-1825-0097",
        "Ruf +49 30 901820 an",
        "call (555) 123-4567",
        "555-123-4567",
        "Telefon: 0221/4710-0",
        "Fax 089 2180-0",
        "IP 192.168.100.200",
        "Zugang via ISBN 0-471-46912-4",
        "10.0.0.1/8",
        "127.0.0.1:8000",
        "2001:db8:85a3::8a2e:370:7334",
        "Version 3.11",
        "Python 3.11.7",
        "v2.0.1",
        "§ 12 Abs. 3 Satz 2",
        "§§ 12 und 13",
        "Art. 5 GG",
        "17 U.S.C. § 107",
        "410 U.S. 113",
        "(EU) 2016/679",
        "2016/679/EU",
        "Nr. 5",
        "No. 10 Downing",
        "S. 12–15",
        "pp. 12-15",
        "page 3",
        "Kapitel 3",
        "Chapter 3.2",
        "Figure 2",
        "Abb. 3",
        "Table 4",
        "vol. 12",
        "1 BvR 2656/18",
        "VI ZR 123/19",
        "DE89 3704 0044 0532 0130 00",
        "4111 1111 1111 1111",
        "BLZ 100 500 00",
        "Kontonummer 123 456",
        "PLZ 10115",
        "Springfield, IL 62701",
        "12/31/2024",
        "um 12 Uhr",
        "at 5 p.m.",
        "12.30 Uhr",
        "52.5200° N",
        "550e8400-e29b-41d4-a716-446655440000",
        "01067 Dresden",
        "D-10115 Berlin",
        "1.2.3",
        "3.11.7",
        "Rn. 17",
        "Zeile 4",
        "line 12",
        "24. Dezember 2024",
        "2024-12-24",
        "CVE-2024-3094",
        "HRB 12345",
        "P.O. Box 1234",
        "Drs. 19/1234",
        "Drucksache 19/1234",
        "Randnummer 17",
        "Platz 3",
        "Hauptstraße 5, 10115 Berlin",
        "10115 Berlin",
        "in 8010 Graz",
        "75001 Paris",
        "Postleitzahl 10115",
        "C-311/18",
        "Az. 5 K 123/20",
        "Aktenzeichen 1 BvR 357/05",
        "B-AB 1234",
        "Kennzeichen M-XY 123",
        "arXiv 2401.02954v2",
        "1-800-555-0199",
        "WKN 716460",
        "Kundennummer 4711",
        "EU-Verordnung 2016/679",
        "UN-Resolution 242",
        "BWV 1007",
        "n° 5",
        "KW 12",
        "Psalm 23",
        "Paragraf 218",
        "300 v. Chr.",
        "44 BC",
        "in den 90er Jahren",
        "the '90s",
        "14h30",
        "8 o'clock",
        "12/2020",
        "#45",
        "10 Downing Street",
        "1600 Pennsylvania Avenue",
        "Karl-Marx-Allee 1",
        "Windows 11",
        "iOS 17.4",
        "Bus 100",
        "ICE 123",
        "Phase 3",
        "Typ 2",
        "Covid 19",
        "Hartz 4",
        "Vitamin B 12",
        "World War 2",
        "Apollo 11",
        "9/11",
        "Flug LH 400",
        "Port 443",
        "Joh 3,16",
        "Mt 5,3–12 und 1. Kor 13,4",
        "John 3:16 or Qur’an 2:255",
        "„Stuttgart 21“",
        "Doch Stuttgart 21 ist teuer",
        "Gegner von Stuttgart 21 und Freunde von Stuttgart 21",
        "die B 96 und die A 8 bei Ulm",
        "Llama 3.1 und Claude 3.5 Sonnet",
        "US 10,123,456 B2, U.S. Patent No. 10,123,456",
        "Public Law 117-169",
        "0800 / 111 0 111",
        "1 (800) 273-8255",
        "wählen Sie die 115 oder rufen Sie die 116 117 an",
        "10.20.30.40:8080, fe80::1 und 2001:db8::1",
        "BVerfGE 65, 1 und NJW 2012, 1155 (1156)",
        "Die Bestellnummer ist 4711-0815",
        "the serial number was 8675309, order no. 555-01",
        "RE 5 und RB 40",
        "bei Kilometer 12",
        "Boeing 747-400",
        "HTTP 404, error 500",
        "Office 365",
    ],
)
def test_a_number_that_says_which_one_and_not_how_many_needs_no_support(words: str) -> None:
    made, _ = annotated(f"Siehe {words}.")
    assert made.coverage.bare_numbers == ()


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("fr", "Le 3 mars 2025, le 1er avril et le 4 février à 14 h 30."),
        ("es", "El 3 de marzo de 2025 y el 4 de abril."),
        ("it", "Il 3 marzo e il 1º maggio 2025."),
        ("pt", "Em 7 de setembro de 1822."),
        ("nl", "Van 3 tot 5 maart, op pagina 12 en in hoofdstuk 3."),
        ("cs", "Na straně 12 a v kapitole 3."),
        ("uk", "На сторінці 12 і в розділі 3."),
        ("sv", "På sida 12 och i kapitel 3."),
    ],
)
def test_days_are_no_numbers_in_the_language_of_the_article(tag: str, words: str) -> None:
    here, _ = notes.annotate(article(words), RESULTS, language.of(tag))
    assert here.coverage.bare_numbers == ()


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("1.234.567.890 Euro", 1),
        ("12.345 Wohnungen", 1),
        ("Teil 30 Prozent", 1),
        ("auf 900 Euro", 1),
        ("um 12 Prozent", 1),
        ("3,5 Millionen", 1),
        ("50 000", 1),
        ("von 100 auf 200", 2),
        ("1,234,567", 1),
        ("Im Fall 12 345", 2),
        ("in Berlin 12345 Wohnungen", 1),
        ("3.5 million", 1),
        ("between 10 and 20", 2),
        ("kostet 0,5 Euro", 1),
        ("1.5 to 2.5", 2),
        ("the call 500 people", 1),
        ("mit 10.1 Prozent", 1),
        ("die Zahl 7", 1),
        ("in case 30 people die", 1),
        ("lines 3 million", 1),
        ("1.234.567", 1),
        ("10-20", 2),
        ("Er kam, 10000 Menschen", 1),
        ("a page 3 percent", 1),
        ("3:1", 1),
        ("im Verhältnis 1:10", 1),
        ("30:70 geteilt", 1),
        ("in Wien 21 neue Fälle", 1),
        ("in Wien 21, in Graz 30", 2),
        ("Die CDU bekam 21, bei Wien 21, bei Graz 30; bei Wien 21, bei Graz 30", 5),
        ("Gruppe A 20 Punkte, Gruppe B 30", 2),
        ("Lukas 3,5 Meter", 1),
        ("Vitamin C 20 mg", 1),
        ("Rund 3.5 Tonnen", 1),
        ("auf der A 20 Menschen", 1),
        ("Patent 500 Menschen", 1),
        ("100/200", 2),
        ("The number 5 percent", 1),
        ("Seite 3 Millionen", 1),
        ("ein Teil, 20 Kinder", 1),
        ("part 12 dollars", 1),
        ("Kosten 2.500.000 Euro", 1),
        ("12 Menschen", 1),
        ("98765-4 Stimmen", 2),
        ("im Bus 100 Menschen", 1),
        ("im ICE 123 Fahrgäste", 1),
        ("Haus 5 Millionen", 1),
        ("Größe 42 Quadratmeter", 1),
        ("Level 3 percent", 1),
        ("Block 10 Meter", 1),
        ("a port 8 metres", 1),
        ("12h lang", 1),
        ("No 10 people", 1),
        ("A 100 people", 1),
        ("10000 Berliner", 1),
        ("Windows 11 und 100 Dollar", 1),
        ("Rule 34 and 5 people", 1),
        ("300 BC and 500 ships", 1),
        ("Etwa 1800 Menschen im Jahr 1800", 1),
        ("around 1950 people", 1),
        ("2020 Tonnen", 1),
        ("In error 500 letters", 1),
        ("Die Kundennummer ist 12 Stellen lang und das", 1),
        ("für die 500 an Bord", 1),
        ("HTTP 200 Anfragen", 1),
    ],
)
def test_a_number_that_says_how_many_needs_support_whatever_stands_around_it(words: str, count: int) -> None:
    made, _ = annotated(f"Es sind {words} hier.")
    assert len(made.coverage.bare_numbers) == count


@pytest.mark.parametrize(
    ("tag", "words", "numbers"),
    [
        ("de", "Im Artikel 12 Fehler, in diesem Kapitel 8 grobe Fehler, auf 20 Seiten 12 Bilder.", "12 8 20 12"),
        ("de", "Auf Seite 3 Fehler, im Artikel 12 Absatz 3 des Gesetzes, im Teil 2 unserer Reihe.", ""),
        ("de", "Artikel 5 Grundgesetz und das Kapitel 3 behandeln es, die Seite 12 der Zeitung auch.", ""),
        ("en", "In the article 12 errors, on each page 3 new ones, in one version 7 bugs.", "12 3 7"),
        ("en", "Article 12 requires it, the article 13 of the treaty states so, chapter 3 covers rivers.", ""),
        ("fr", "Dans l’article 12 erreurs, mais l’article 13 prévoit cela dans le code.", "12"),
        ("es", "En la página 12 errores, en la página 3 más.", "12"),
        ("it", "Nella pagina 12 errori, nella pagina 3 niente.", "12"),
        ("pt", "Na página 12 erros, na página 3 nada.", "12"),
        ("nl", "In het hoofdstuk 12 fouten, het hoofdstuk 3 bepaalt dit.", "12"),
        ("sv", "I ett kapitel 12 bilder, i kapitel 3 ingen.", "12"),
        ("pl", "W rozdziale 3 i artykule 12.", ""),
        ("ru", "На странице 3, в главе 4.", ""),
        ("en", "A total of 1950 were arrested, some 1984 people came. 1850 of them left.", "1950 1984 1850"),
        ("en", "Of the dead, 1950 were men. They sold 1800 per day, about 1900 old boats.", "1950 1800 1900"),
        ("en", "In 1950 more than half died; the elections of 1984 were held about 1990.", ""),
        ("de", "Insgesamt 1950 kamen, knapp 1800, etwa 1900 Boote; 1850 von ihnen gingen.", "1950 1800 1900 1850"),
        ("de", "Etwa 1950 wurde die 1984 gegründete Firma mehr, über 1989 sprach sie nie.", ""),
        ("fr", "Plus de 1950 sont venus, depuis 1950.", "1950"),
        ("es", "Más de 1950 vinieron; los 1950 fueron buenos.", "1950"),
        ("it", "Oltre 1950 soldati, dal 1960.", "1950"),
        ("pt", "Quase 1950 soldados, em 1960.", "1950"),
        ("nl", "In totaal 1950 kwamen, in 1960.", "1950"),
        ("sv", "Totalt 1950 kom, sedan 1960.", "1950"),
        ("da", "I alt 1950 kom, siden 1960.", "1950"),
        ("no", "Mer enn 1950 kom, siden 1960.", "1950"),
        ("fi", "Yhteensä 1950 pidätettiin vuonna 1960.", "1950"),
        ("pl", "Ponad 1950 osób w 1960 roku.", "1950"),
        ("cs", "Celkem 1950 lidí roku 1960.", "1950"),
        ("sk", "Takmer 1950 ľudí v roku 1960.", "1950"),
        ("sl", "Skupaj 1950 ljudi leta 1960.", "1950"),
        ("hu", "Összesen 1950 embert 1960 óta.", "1950"),
        ("ru", "Более 1950 человек в 1960 году.", "1950"),
        ("uk", "Майже 1950 осіб у 1960 році.", "1950"),
        ("el", "Συνολικά 1950 άτομα το 1960.", "1950"),
        ("tr", "Toplam 1950 kişi, 1960 yılında.", "1950"),
        ("he", "יותר מ-1950 איש, שנת 1960.", "1950"),
        ("ar", "أكثر من 1950 شخصا عام 1960.", "1950"),
        ("hi", "कुल 1950 लोग, सन 1960.", "1950"),
        ("ja", "約1950人、には15,415リットル、V3は500円、10日間。", "1950 15,415 500 10"),
        ("ja", "2024年11月3日の午後3時30分に、令和5年に、第3章、V3。", ""),
        ("zh", "共12個，售价3000元。", "12 3000"),
        ("zh", "1950年开始，第3章。", ""),
        ("ko", "약1950명이 2024년 11월 3일에, 제3장.", "1950"),
        ("th", "ราว1950คน พ.ศ. 2567", "1950"),
    ],
)
def test_what_looks_like_a_name_or_a_year_is_an_amount_where_the_words_around_it_say_so(
    tag: str, words: str, numbers: str
) -> None:
    here, _ = notes.annotate(article(words), RESULTS, language.of(tag))
    assert [bare.words for bare in here.coverage.bare_numbers] == numbers.split()


@pytest.mark.parametrize(
    ("tag", "words", "numbers"),
    [
        (
            "ja",
            "職員は百二十人、三割、千二百軒、三十年前、3億2千万円、二つ。",
            ["百二十", "三", "千二百", "三十", "3億2", "二"],
        ),
        ("ja", "一人、第三の、四国で十分、五月三日、二〇二五年、万一、百科、二つ目、第二十回。", []),
        ("zh", "一千二百户、两个人、百分之二十、12亿3千万升。", ["一千二百", "两", "二十", "12亿3"]),
        ("zh", "一个地方，第二，三月五日，十分，千万。", ["千万"]),
        ("ko", "12억 3천만 원과 3만5000명.", ["12억 3", "3만5000"]),
        ("fa", "۱٫۲۳ میلیارد و ۱٬۲۸۰٬۰۰۰ نفر", ["۱٫۲۳", "۱٬۲۸۰٬۰۰۰"]),
        ("pl", "Żyje 1 280 000 osób i 12 500 kotów.", ["1 280 000", "12 500"]),
    ],
)
def test_a_number_is_one_whatever_parts_its_digits_and_in_han_signs(tag: str, words: str, numbers: list[str]) -> None:
    here, _ = notes.annotate(article(words), RESULTS, language.of(tag))
    assert [bare.words for bare in here.coverage.bare_numbers] == numbers


@pytest.mark.parametrize("words", ["1" * 19_999, "1." * 9_999, "1 " * 9_999, "](" * 9_999])
def test_the_longest_line_of_the_worst_signs_is_read(words: str) -> None:
    with in_bounds(6):  # each is read in a fraction of a second, and in more than ten if the time grows by the square
        _, diagnostics = annotated(words)
    assert {each.code for each in diagnostics} <= {"markdown-near"}


def known_phrases(tag: str) -> str:
    """A text of whatever a language's rules say numbers may stand near."""
    return " ".join(words.replace("0", "7") for words in language.words_of(tag, "numbered", "phrases"))


@pytest.mark.parametrize("signs", ["1", "1.-", "1–1", "1/", "1, ", "第1", "1年", "aß"])
@pytest.mark.parametrize("tag", ["de", "ja"])
def test_signs_in_a_row_are_read_whatever_stands_near_numbers(tag: str, signs: str) -> None:
    words = f"{known_phrases(tag)}\n\n{(signs * 19_000)[:19_000]}"
    with in_bounds(6):  # as above
        notes.annotate(article(words), RESULTS, language.of(tag))


@pytest.mark.parametrize("tag", sorted(path.name for path in (Path(__file__).parent / "languages").iterdir()))
def test_what_stands_near_the_numbers_of_another_text_changes_no_count(tag: str) -> None:
    here = language.of(tag)
    (path,) = (Path(__file__).parent / "languages" / tag).glob("*/article.md")
    text = article(path.read_text(encoding="utf-8").split("---", 2)[2].replace("{{", "").replace("}}", ""))
    catalogue.forget()
    alone = notes.annotate(text, RESULTS, here)[0].coverage
    assert alone.numbers
    notes.annotate(article(" ".join(map(known_phrases, (tag, "de", "ja")))), RESULTS, here)
    assert notes.annotate(text, RESULTS, here)[0].coverage == alone


@pytest.mark.parametrize(
    "quote",
    [
        exact("Rund 51.000 Chips stehen dort"),
        exact("50.000 Chips oder 17 Karten gibt es gar nicht"),
        TextQuoteSelector(exact=text("50.000 Chips"), prefix=text("nur")),
        exact("Karten"),
        RangeSelector(start=text("Rund 50.000"), end=text("nirgends")),
        RangeSelector(start=text("nirgends"), end=text("17 Karten")),
    ],
)
def test_the_numbers_of_a_lost_quotation_are_not_told_again(quote: Quote) -> None:
    body = (
        "Rund 50.000 Chips stehen dort, also 17 Karten. Karten sind 17 Karten.\n\n"
        + "Worte. " * 400
        + "\n\nEs sind 99."
    )
    made, diagnostics = annotated(body, [source("lost", quote)])
    assert {each.code for each in diagnostics} <= {"quote-missing", "quote-ambiguous"}
    assert diagnostics
    bare = [bare.words for bare in made.coverage.bare_numbers]
    assert "99" in bare
    assert bare[:1] != ["50.000"] or str(getattr(quote, "exact", "")) == "Karten"


def test_what_touches_a_number_or_a_paragraph_supports_it() -> None:
    body = """## 500 Gründe

Es sind 50.000 Chips zu {{ hardware }} und 17 Karten, `n = 4` und 99 Ballons[^1].

Niemand weiß es.

- 3 Punkte

~~~
x = 5
~~~

[^1]: Mit 8 Farben.
"""
    quantity = replace(FLEET, quote=exact("17 Karten"))
    made, diagnostics = annotated(
        body, [source("fleet", exact("50.000"))], quantities={"fleet": quantity}, covered=(text("99 Ballons"),)
    )
    assert diagnostics == ()
    assert made.coverage.as_text(str).splitlines() == [
        "1 of 3 paragraphs and 6 of 7 numbers are touched by an annotation",
        "  deepseek/article.md:12:1: paragraph: Niemand weiß es.",
        "  deepseek/article.md:14:3: paragraph: 3 Punkte",
        "  deepseek/article.md:14:3: number: 3",
    ]


@pytest.mark.parametrize("inner", ["Bericht", "Der Bericht nennt", "20 Orten."])
def test_a_passage_supports_all_of_itself_whatever_lies_within_it(inner: str) -> None:
    body = "Der Bericht nennt 50.000 Chips.\n\nUnd sie stehen an 20 Orten.\n"
    whole = RangeSelector(start=text("Der Bericht"), end=text("20 Orten."))
    made, _ = annotated(body, [source("whole", whole), source("inner", exact(inner))])
    assert (made.coverage.bare_numbers, made.coverage.bare_paragraphs) == ((), ())


def test_covered_passages_and_quotations_of_quantities_must_be_in_the_text() -> None:
    quantity = replace(FLEET, quote=exact("40.000 Chips"))
    _, diagnostics = annotated("Es sind 50.000 Chips.", quantities={"fleet": quantity}, covered=(text("99 Ballons"),))
    assert [diagnostic.code for diagnostic in diagnostics] == ["quote-missing", "quote-missing"]


@pytest.mark.parametrize(
    ("target", "code", "hint"),
    [
        ("https:/bdew.de/x", "link-broken", "Write https://bdew.de/x."),
        ("https://http://bdew.de/x", "link-broken", "Write https://bdew.de/x."),
        ("https://www.google.com/url?q=https://bdew.de/a%3Fb&sa=D", "markdown-near", "Write https://bdew.de/a?b."),
    ],
)
def test_an_address_without_its_host_and_one_by_way_of_another_are_told(target: str, code: str, hint: str) -> None:
    _, (diagnostic,) = annotated(f"Ein [Wort]({target}).")
    assert (diagnostic.code, diagnostic.hint) == (code, hint)


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("www.bdew.de", "An address of the web begins with https://: write https://www.bdew.de."),
        ("bdew.de/studie.html", "An address of the web begins with https://: write https://bdew.de/studie.html."),
        ("Sub.Example.COM", "An address of the web begins with https://: write https://Sub.Example.COM."),
        ("a.b@example.org", "Write mailto:a.b@example.org."),
        ("data\\x.csv", "Write data/x.csv."),
        ("nowhere.pdf", ""),
    ],
)
def test_a_link_to_no_file_says_what_was_meant_instead(target: str, hint: str) -> None:
    _, (diagnostic,) = annotated(f"Ein [Wort]({target}).")
    assert (diagnostic.code, diagnostic.hint) == ("link-broken", hint)


def test_the_nearest_passage_is_one_of_prose_before_one_of_code() -> None:
    listing = "```yaml\nquote: Die Firma habe rund 50.000 Chips gekauft\n```"
    source = f"Die Firma habe etwa 50.000 Chips gekauft.\n\n{listing}\n"
    document, _ = markdown.read(SourceText(source, BODY), "article", quotes=GERMAN.quotes)
    folded, words = quotes.fold(document.text), "Die Firma habe rund 50.000 Chips gekauft"
    assert "rund" in quotes.nearest(folded, words)[0].passage
    assert "etwa" in notes.nearest(document, folded, words)[0].passage


def test_of_a_text_whose_numbers_nobody_knows_its_title_stays_as_it_was_written() -> None:
    written = article("Die Firma hat Chips.", title=SourceText("{{ fleet }} Chips"))
    document, _ = markdown.read(written.body, "article", quotes=GERMAN.quotes)
    assert notes.surroundings(written, document, None).title.startswith("{{ fleet }} Chips")
