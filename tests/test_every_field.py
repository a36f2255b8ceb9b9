"""Whatever a field says to readers, they find it; and every link holds on every page that repeats it."""

import re
import struct
import zlib
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from randnotiz.exports import search_words
from randnotiz.exports.search_text import folded
from randnotiz.site import BuildOptions, building
from tests.places import folders_in
from tests.test_handbook import contract

SETTINGS = """\
title: Stadtblatt
url: https://stadtblatt.example/
lang: de
note_authors: true
publisher: {name: Stadtblatt, url: "https://stadtblatt.example/"}
bibliography: [alle.json]
verdicts:
- {key: wrong, de: Widerlegt, en: Refuted}
- {key: supported, de: Belegt, en: Supported}
"""
ARTICLE = """\
---
title: Steigen die Mieten?
subtitle: UNTERTITEL
authors: [{name: AUTORIN, url: "https://autorin.example/"}]
published: 2026-11-23
updated: 2026-11-24
summary: KURZFASSUNG
topics: [THEMA]
translations: {fi: loyers, en: rents}
bibliography: werke.json
image: {src: "bild 100%.png", alt: BILDTEXT, credit: "BILDRECHTE {{ rise }}"}
corrections: [{date: 2026-11-24, text: "BERICHTIGT {{ rise }}"}]
covered: [900 Euro]
---
Die Mieten stiegen nach Angaben des Amtes um {{ rise }} auf 900 Euro.[^a] Ein Zweitverweis.[^a] Und ein anderer.[^a-2]

[^a]: FUSSNOTE
[^a-2]: FUSSNOTE ZWEI
"""
WORKS = '[{"id": "werk", "type": "book", "title": "WERKTITEL", "publisher": "VERLAG"}]\n'
ALL_WORKS = '[{"id": "allgemein", "type": "book", "title": "GESAMTWERK"}]\n'
SOURCES = """\
sources:
- {id: amt, type: report, title: Mietbericht, issued: 2025, URL: "https://amt.example/größe?a=ä",
    custom: {checked: secondary, seen-in: FUNDORT, interest: INTERESSE}}
citations:
- id: office
  author: {name: EDITORIN}
  quote: nach Angaben des Amtes
  sources: [{id: amt, locator: S. 4, passage: STELLE, verbatim: WORTLAUT}, werk, allgemein]
  note: VERMERK [dort](../rents/), ![BILDCHEN](<bild 100%.png>)
  changes: [{date: 2026-11-24, text: "GEÄNDERT {{ rise }}"}]
"""
CLAIMS = """\
counterclaims:
- id: too-high
  quote: Die Mieten stiegen
  claim: BEHAUPTUNG
  claimed_by: URHEBER
  claimed_on: 2026-11-01
  stance: disputes
  counter: |
    GEGENREDE [Ort](../rents/#h-lage), [Quelle](#source-amt), [Datei](tabelle.csv), [Netz](https://netz.example/),
    {{ rise }}, ![BILDCHEN](<bild 100%.png>)
  by: STIMME
  sources: [amt]
  appeared_in: [amt]
  verdict: wrong
  why: URTEILSGRUND {{ rise }}
  gist: KERN {{ rise }}
  reply: ERWIDERUNG [Ort](../rents/)
  replied_on: 2026-11-02
"""
FIGURES = """\
quantities:
  before: {label: Vorher, low: 780, high: 820, unit: EUR/month, note: "GRÖSSENVERMERK {{ rise }}",
    sources: [{id: amt, locator: S. 9, passage: GRÖSSENSTELLE, verbatim: GRÖSSENWORTLAUT}]}
  after: {label: Nachher, value: 900, unit: EUR/month, assumed: ANNAHME}
figures:
  rise:
    label: ANSTIEG
    formula: after / before - 1
    unit: "%"
    note: ZAHLENVERMERK
    author: {name: RECHNERIN}
    changes: [{date: 2026-11-24, text: ZAHL GEÄNDERT}]
"""
CHARTS = """\
charts:
- id: balken
  after: Die Mieten stiegen
  title: DIAGRAMMTITEL
  subtitle: DIAGRAMMZEILE
  alt: DIAGRAMMTEXT
  note: DIAGRAMMVERMERK
  author: {name: ZEICHNERIN}
  changes: [{date: 2026-11-24, text: DIAGRAMM GEÄNDERT}]
  sources: [{id: amt, passage: DIAGRAMMSTELLE, verbatim: DIAGRAMMWORTLAUT}]
  data: {rows: [{jahr: ZEILE, miete: 900}]}
  vega-lite: {mark: bar, encoding: {x: {field: jahr}, y: {field: miete, type: quantitative}}}
- id: balken-title
  after: Ein Zweitverweis
  title: Noch eines
  alt: Alt
  sources: [amt]
  data: {rows: [{jahr: a, miete: 900}]}
  vega-lite: {mark: bar, encoding: {x: {field: jahr}, y: {field: miete, type: quantitative}}}
"""
NOTES = """\
notes:
- id: begriff
  kind: definition
  term: BEGRIFF
  quote: auf 900 Euro
  note: |
    ERKLÄRUNG

    | Jahr | Miete |
    |------|-------|
    | 2025 | 900   |
  sources: [amt]
"""
OTHER = (
    "---\ntitle: {}\nlang: {}\nauthors: [A]\npublished: 2026-11-23\nconclusion: ERGEBNIS\n---\n## Lage\n\nWords.\n"
)
# Everything in capitals that stands above, but for what says how other words are to be read.
SAID = sorted(
    {
        words
        for text in (ARTICLE, OTHER, WORKS, ALL_WORKS, SOURCES, CLAIMS, FIGURES, CHARTS, NOTES)
        for words in re.findall(r"\b[A-ZÄÖÜ]{4,}(?: [A-ZÄÖÜ]{4,})*", text)
    }
)
# Fields that hold no words of their own: days, numbers, quotations, choices, names of other entries.
WORDLESS = frozenset(
    """
    about archive-date archive-url asked_on best created csv digits draft evidence exact finding from modified nocite
    prefix recheck-after references same-origin-as same_claim_as stated suffix to tolerance units worth
    """.split()  # noqa: SIM905 - a list of words reads better than a list of strings
)
# Records of the look of a house, which tests/test_look.py looks for.
LOOK = ("Look", "Colours", "ColourPair", "Face", "FaceFile", "Measures", "Logo", "FrameLink")
PLAIN = "---\ntitle: Impressum\nlang: de\n---\n[Miete](../../mieten/claims/too-high/), [Amt](../../sources/amt/)\n"


def png(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width + 1) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def write(content: Path) -> None:
    files = {
        "site.yaml": SETTINGS,
        "mieten/article.md": ARTICLE,
        "mieten/sources.yaml": SOURCES,
        "mieten/werke.json": WORKS,
        "alle.json": ALL_WORKS,
        "mieten/counterclaims.yaml": CLAIMS,
        "mieten/figures.yaml": FIGURES,
        "mieten/charts.yaml": CHARTS,
        "mieten/notes.yaml": NOTES,
        "mieten/tabelle.csv": "a,b\n1,2\n",
        "rents/article.md": OTHER.format("Rents", "en"),
        "loyers/article.md": OTHER.format("Vuokrat", "fi"),
        "pages/impressum.md": PLAIN,
    }
    for path, text in files.items():
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_text(text, encoding="utf-8")
    (content / "mieten" / "bild 100%.png").write_bytes(png(9, 6))


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fields")
    write(folder / "content")
    outcome = building.build(folders_in(folder), BuildOptions())
    assert [one.code for one in outcome.diagnostics] == ["language-incomplete"]  # Finnish
    return folder / "site"


class _Parsed(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.addresses: list[str] = []
        self.boxes: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids.update([given["id"] or ""] if "id" in given else [])
        if tag in ("a", "img", "script", "link") and given.get("rel") != "canonical":
            self.addresses += [given[name] or "" for name in ("href", "src") if name in given]
        if given.get("class") == "scroll":
            self.boxes.append(given)


def parsed(path: Path) -> _Parsed:
    found = _Parsed()
    found.feed(path.read_text(encoding="utf-8"))
    return found


def test_every_field_with_words_has_some_above() -> None:
    """Whoever adds a field writes its words into one of the texts, and so has to show them to readers."""
    fields = {field for record, field in contract() if record not in ("site", "verdicts", "page", *LOOK)} - WORDLESS
    written = "\n".join((ARTICLE, OTHER, SOURCES, CLAIMS, FIGURES, CHARTS, NOTES))
    assert {field for field in fields if not re.search(rf"(?:^|[\s{{]){field}:", written)} == set()


@pytest.mark.parametrize("words", SAID)
def test_what_is_said_is_in_the_page(output: Path, words: str) -> None:
    page = (output / "mieten" / "index.html").read_text(encoding="utf-8")
    index = (output / "index.html").read_text(encoding="utf-8")  # which alone shows that of others
    assert any(words in html.partition("<body")[2] for html in (page, index)), f"nobody would ever read '{words}'"


def test_what_is_said_is_searched(output: Path) -> None:
    """But for what only other pages show of an article."""
    texts = (output / "mieten" / "search.js", output / "rents" / "search.js")
    searched = {word for text in texts for word in search_words(text.read_bytes()).split()}
    assert [words for words in SAID if not searched.issuperset(folded(words))] == []


def test_no_number_is_left_unprinted(output: Path) -> None:
    for path in sorted(output.rglob("*.html")):
        assert "{{" not in path.read_text(encoding="utf-8"), path


def test_no_id_stands_twice_in_a_page(output: Path) -> None:
    for path in sorted(output.rglob("*.html")):
        assert {id: times for id, times in parsed(path).ids.items() if times > 1} == {}, path


def test_every_address_leads_to_a_file_and_a_place_in_it(output: Path) -> None:
    followed = 0
    for path in sorted(output.rglob("*.html")):
        if path.name in ("single.html", "404.html"):  # whose addresses are whole
            continue
        for address in parsed(path).addresses:
            if re.match(r"[a-z]+:", address):
                continue
            whole, fragment = urldefrag(address)
            target = (path.parent / unquote(whole)).resolve() if whole else path
            assert target.is_file(), f"{path}: {address}"
            if fragment:
                assert unquote(fragment) in parsed(target).ids, f"{path}: {address}"
            followed += 1
    assert followed > 150


def test_a_claims_page_leads_where_the_article_does(output: Path) -> None:
    page = (output / "mieten" / "claims" / "too-high" / "index.html").read_text(encoding="utf-8")
    for address in (
        "../../../rents/index.html#h-lage",
        "#source-amt",
        "../../tabelle.csv",
        "https://netz.example/",
        "../../index.html#n-rise",
        "../../bild%20100%25.png",
        "../../../rents/index.html",
    ):
        assert f'="{address}"' in page, address


def test_a_translation_is_named_in_words_that_a_reader_of_either_page_knows(output: Path) -> None:
    page = (output / "mieten" / "index.html").read_text(encoding="utf-8")
    assert 'hreflang="fi">Diesen Text gibt es auch auf Finnisch.</a>' in page
    assert 'hreflang="en" lang="en">Read this text in English</a>' in page


def test_a_wide_table_in_a_note_says_what_it_is(output: Path) -> None:
    boxes = parsed(output / "mieten" / "index.html").boxes
    assert len(boxes) >= 3
    assert all(box.get("aria-label") for box in boxes)


def test_each_correction_leads_to_what_it_is_about(output: Path) -> None:
    page = (output / "pages" / "corrections" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="\.\./\.\./mieten/index\.html#([^"]*)"', page) == [
        "corrections",
        "n-office",
        "chart-balken",
        "n-rise",
    ]


def test_the_picture_of_an_article_is_in_its_single_file_and_whole_in_its_metadata(output: Path) -> None:
    single = (output / "mieten" / "single.html").read_text(encoding="utf-8")
    assert single.count("data:image/png;base64,") >= 2
    page = (output / "mieten" / "index.html").read_text(encoding="utf-8")
    assert "https://stadtblatt.example/mieten/bild%20100%25.png" in page
