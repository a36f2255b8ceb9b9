"""`sources.bib` says what `sources.json` says: read back by Pandoc and by bibtexparser, and compared field by field.

What biblatex has no field for, or Pandoc calls otherwise, stands in docs/format.md; nothing else may differ.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pypandoc
import pytest
from bibtexparser.entrypoint import parse_string

from randnotiz import biblatex, citations, reader
from randnotiz.citations import bibliography
from randnotiz.citations.richtext import plain, rich, runs
from randnotiz.csl import CSL_DATES, CSL_NAMES, CSL_TEXTS, CSL_TYPES
from randnotiz.model import Source

EXPORTED = {
    *(*biblatex.table("names"), *biblatex.row("roles"), *biblatex.table("texts"), *biblatex.table("dates")),
    # and those whose fields depend on the type of the work
    *("title", "volume-title", "container-title", "publisher", "authority", "jurisdiction"),
    *("issue", "number", "collection-number", "page", "language", "DOI", "URL"),
}
LOST = (CSL_NAMES | CSL_DATES | CSL_TEXTS) - EXPORTED
# What Pandoc makes of a type where it is not the same.
READ_AS = {
    **dict.fromkeys(CSL_TYPES - biblatex.table("entry_types").keys(), "no type"),
    "article": "webpage",
    "post": "webpage",
    "post-weblog": "webpage",
    "broadcast": "song",
    "figure": "graphic",
    "bill": "legislation",
    "regulation": "legislation",
    "standard": "legislation",
    "performance": "speech",
    "classic": "book",
    "collection": "book",
    "review-book": "review",
    "periodical": "article-journal",
    "entry": "entry-encyclopedia",
    "entry-dictionary": "entry-encyclopedia",
}
# What Pandoc, or CSL-JSON itself, calls by another name.
RENAMED = {"shortTitle": "title-short", "journalAbbreviation": "container-title-short", "event-title": "event"}
# What has its field in biblatex and none in Pandoc; a director has both.
UNREAD = (LOST | set(biblatex.row("roles")) | {"eid"}) - {"director"}

NAME = [{"family": "Roe", "given": "Jane"}]
NAMES: list[dict[str, Any]] = [
    {"family": "Humboldt", "given": "Alexander", "dropping-particle": "von"},
    {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
    {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
    {"family": "García Márquez", "given": "Gabriel"},
    {"family": "余", "given": "华"},
    {"family": "Ho"},
    {"given": "Plato"},
    {"family": "Roe", "suffix": "III"},
    {"family": "Aubigné", "dropping-particle": "d’"},
    {"family": "Lee", "non-dropping-particle": "van", "suffix": "Jr."},
    {"literal": "Bell, Howell and Sons"},
    {"family": "Roe and Co", "given": "J."},
    {"family": "O'Neill", "given": "A = B"},
]
COMMON: dict[str, Any] = {
    "title": 'The <i>Wind</i> & the "Rain" -- a 100 % CO<sub>2</sub> {Story} of #1, a_b\\c and x^2',
    "title-short": "Wind and Rain",
    "author": NAMES,
    "container-title": "Annals of Weather",
    "publisher": "Simon <i>and</i> Roe & Söhne",
    "volume": "2",
    "issued": {"date-parts": [[2020, 5, 17]]},
    "accessed": {"date-parts": [[2021, 1]]},
    "original-date": {"date-parts": [[1947]]},
    "page": "633-638",
    "edition": "2",
    "version": "2.1",
    "language": "de",
    "DOI": "10.1000/a_b<50::AID>3.0.CO;2-#",
    "URL": "https://example.org/%7Cx_y#z&b~c",
    "ISBN": "978-3-16-148410-0",
    "PMID": "123",
    "PMCID": "PMC123",
    "abstract": "It 'rains'; it pours --- and pours.",
    "keyword": "wind, rain",
    "note": "A *note*",
    "publisher-place": "Wien",
    "number-of-pages": "320",
    "original-title": "Der Wind Weht",
    "status": "in press",
}
ARTICLE = {"issue": "8081", "container-title-short": "Ann. Weath.", "ISSN": "1234-5678"}
BOOK = {"collection-title": "Library of Winds", "collection-number": "7", "number-of-volumes": "3"}
OWN: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("article-journal", "article-magazine", "article-newspaper", "review", "review-book"), ARTICLE),
    "book": {
        **BOOK,
        "editor": NAME,
        "translator": NAMES[:2],
        "original-publisher": "X",
        "original-publisher-place": "Y",
    },
    "chapter": {**BOOK, "editor": NAME, "container-author": NAME, "chapter-number": "4"},
    "paper-conference": {
        "event-title": "Weather Day",
        "event-place": "Bonn",
        "event-date": {"date-parts": [[2019, 9]]},
    },
    "speech": {"event-title": "Weather Day", "event-place": "Bonn"},
    "thesis": {"genre": "Master's thesis", "author": NAME},
    "report": {"genre": "Working paper", "number": "5"},
    "motion_picture": {"author": [], "director": NAME},
    "dataset": {"number": "5"},
    "patent": {"number": "US 1", "jurisdiction": "US", "publisher-place": None},
    "periodical": dict.fromkeys(set(COMMON) - {"title", "issued"}),
    "standard": {"number": "ISO 1"},
    "legal_case": {"number": "70-18"},
    "broadcast": {"genre": "Podcast", "number": "12"},
}
DATES: list[Any] = [
    *(
        {"date-parts": parts}
        for parts in ([[2020]], [[2020, 5]], [[-44]], [[98]], [[1987], [1990, 3]], [[1987], [0]])
    ),
    *({"date-parts": parts} for parts in ([[2000, 22]], [[1999, 22], [1999, 23]], [["", ""], [1990]])),
    {"date-parts": [[2020]], "circa": True},
    {"date-parts": [[2020]], "season": 3},
]
ITEMS = [
    *({**COMMON, **OWN.get(kind, {}), "id": kind, "type": kind} for kind in sorted(CSL_TYPES)),
    *({"id": f"date{at}", "type": "book", "title": "Wind", "issued": each} for at, each in enumerate(DATES)),
    *({"id": f"in-{tag}", "type": "book", "title": "Wind and Rain", "language": tag} for tag in ("en", "fr", "xx")),
    {"id": "part", "type": "book", "title": "Works and Days", "volume-title": "Wind", "volume": 2},
]


def read(items: Iterable[Mapping[str, Any]]) -> list[Source]:
    raw = json.dumps({"sources": list(items)}, ensure_ascii=False).encode()
    sources, diagnostics = reader.read_sources("sources.yaml", raw)
    assert [each for each in diagnostics if each.severity == "error"] == []
    return list(sources.values())


def by_pandoc(sources: Iterable[Source]) -> list[dict[str, Any]]:
    """What Pandoc reads of the sources' BibTeX, in their order."""
    text = "".join(citations.bibtex(source) for source in sources)
    found = json.loads(pypandoc.convert_text(text, "csljson", format="biblatex"))
    assert isinstance(found, list)
    return found


def straight(words: Any) -> str:
    """A text without what Pandoc makes of it for print: quotation marks, dashes, blanks."""
    words = re.sub("[“”„]", '"', re.sub("[‘’`]", "'", str(words)))
    return " ".join(re.sub(r"\s*[–—-]\s*", "-", words).split())


def styled(words: Any) -> list[tuple[str, frozenset[str]]]:
    """The characters of a text with their styles."""
    parts = runs(rich(straight(words)))
    return [
        (char, frozenset(tags) - {"nocase", "span"}) for text, tags in parts for char in text if not char.isspace()
    ]


def person(row: Mapping[str, Any]) -> str:
    """The letters of a name in one order, whoever says which part of it is a particle or what follows a comma."""
    order = ("literal", "given", "suffix", "dropping-particle", "non-dropping-particle", "family")
    words = plain(rich(straight(" ".join(str(row[key]) for key in order if row.get(key)))))
    return "".join(char for char in words if char.isalnum())


def comparable(key: str, value: Any) -> Any:
    """A field's value as both sides have it."""
    if key in CSL_NAMES:
        return [person(row) for row in value]
    if key in CSL_DATES:
        return citations.date(value)
    if key == "language":
        return str(value).partition("-")[0].lower()
    return styled(value)


def differences(source: Source, back: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields in which what Pandoc read differs from `sources.json`."""
    ours = {RENAMED.get(key, key): value for key, value in citations.csl_json(source).items() if key not in UNREAD}
    kind = str(ours.pop("type"))
    houses = [str(ours[key]) for key in ("authority", "publisher") if key in ours]
    ours |= {"publisher": "; ".join(houses)} if houses else {}
    ours.pop("authority", None)
    if biblatex.table("entry_types").get(kind) not in ("article", "review"):
        ours.pop("issue", None)
    when = citations.date(ours.get("issued"))
    if when and when.words:
        del ours["issued"]
    pairs = {key: (ours.get(key), back.get(key)) for key in {*ours, *back} - {"id", "type", "custom"}}
    if kind == "periodical":  # Pandoc takes its title for that of a journal
        pairs["title"] = pairs["title"][0], pairs.pop("container-title")[1]
    read = {key: [comparable(key, each) if each else each for each in pair] for key, pair in pairs.items()}
    wrong = {key: pairs[key] for key, (one, other) in read.items() if one != other}
    there = READ_AS.get(kind, kind).replace("no type", "")
    return wrong if there == back["type"] else {**wrong, "type": (there, back["type"])}


def wrongly_read(sources: list[Source]) -> dict[str, dict[str, tuple[Any, Any]]]:
    pairs = zip(sources, by_pandoc(sources), strict=True)
    return {str(source.id): found for source, back in pairs if (found := differences(source, back))}


def test_pandoc_reads_every_type_and_field_back() -> None:
    assert wrongly_read(read(ITEMS)) == {}


def test_pandoc_reads_the_csl_test_suite_back(data_of_others: Path) -> None:
    sources = read(json.loads((data_of_others / "csl-items.json").read_text(encoding="utf-8")))
    assert len(sources) == 876
    assert wrongly_read(sources) == {}


def test_bibtexparser_reads_every_field_back() -> None:
    items = [*ITEMS, {"id": "all", "type": "book", "title": "Wind", **dict.fromkeys(biblatex.row("roles")[:6], NAME)}]
    sources = read(items)
    library = parse_string("".join(map(citations.bibtex, sources)))
    assert not library.failed_blocks
    assert len(library.entries) == len(sources)
    for source, entry in zip(sources, library.entries, strict=True):
        csl = citations.csl_json(source)
        assert (entry.key, entry.entry_type) == (str(source.id), bibliography._entry_type(source.csl))
        given = {name: field.value for name, field in entry.fields_dict.items()}
        for key, name in (
            *biblatex.table("texts").items(),
            ("volume-title", "title"),
            ("DOI", "doi"),
            ("URL", "url"),
        ):
            words = csl.get(key)
            assert bool(words) == (name in given) or key not in csl, (source.id, key)
            if words and re.fullmatch(r"[\w .:/%|?=&-]*", str(words)) and "&" not in str(words):
                assert given[name].strip("{}") == str(words), (source.id, key)
        people = [given[name] for name in biblatex.row("role_fields") if name in given]
        assert len(people) == len([role for role in biblatex.row("roles")[1:] if role in csl])


@pytest.mark.parametrize("form", ["markdown", "csljson"])
def test_what_pandoc_exports_may_be_pasted(form: str) -> None:
    sources = read(ITEMS)
    text = pypandoc.convert_text("".join(map(citations.bibtex, sources)), form, format="biblatex", extra_args=["-s"])
    pasted, diagnostics = reader.read_sources("sources.yaml", text.encode())
    assert {(each.code, each.message.partition(" (and")[2][:14]) for each in diagnostics} == {
        ("csl-value-odd", " 5 more of 'ty"),  # what has no type in BibTeX
        ("csl-value-odd", " 44 more of 't"),  # braces that keep capitals
        ("csl-value-odd", ""),
    }
    for source, back in zip(pasted.values(), by_pandoc(sources), strict=True):
        csl = citations.csl_json(source)
        for key in {*csl, *back} - {"type"}:
            assert comparable(key, csl[key]) == comparable(key, back[key]), (source.id, key)


def test_a_publisher_with_and_in_its_name_is_one() -> None:
    (source,) = read([{"id": "roe", "type": "book", "publisher": "Taylor and Francis", "publisher-place": "Andover"}])
    assert citations.bibtex(source) == (
        "@book{roe,\n  publisher = {{Taylor and Francis}},\n  location = {Andover}\n}\n"
    )


def test_a_masters_thesis_is_no_doctoral_one() -> None:
    (source,) = read([{"id": "roe", "type": "thesis", "genre": "Master's thesis", "title": "Wind"}])
    assert citations.bibtex(source) == "@thesis{roe,\n  title = {{Wind}},\n  type = {Master's thesis}\n}\n"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ({"family": "Humboldt", "given": "A.", "dropping-particle": "von"}, "von Humboldt, A."),
        ({"family": "de Boer", "given": "C."}, "{de Boer}, C."),
        (
            {"family": "Beethoven", "given": "L.", "non-dropping-particle": "van"},
            "family=Beethoven, given=L., prefix=van, useprefix=true",
        ),
        ({"family": "King", "given": "M. L.", "suffix": "Jr."}, "King, Jr., M. L."),
        ({"family": "Roe and Lee", "given": "A, B"}, "{Roe and Lee}, {A, B}"),
        ({"literal": "Amt & Söhne"}, r"{Amt \& Söhne}"),
        ({"family": "Ho"}, "{Ho}"),
        ({"family": "Roe", "suffix": "III"}, "family=Roe, suffix=III"),
        ({"literal": "others"}, "others"),  # the word of biblatex for et al.
    ],
)
def test_a_name_is_one_name_for_biblatex(name: dict[str, Any], written: str) -> None:
    (source,) = read([{"id": "roe", "type": "book", "author": [name]}])
    assert citations.bibtex(source) == f"@book{{roe,\n  author = {{{written}}}\n}}\n"
