"""What a stranger may send us: it is refused in a clear fault, or it is harmlessly shown as text, within seconds.

The documents below `hostile/` hold what can be written down; what is only large is made here. Everything that builds
is then loaded in a browser under the pages' own policy: nothing of it runs, and nothing is requested.
`UPDATE=1` writes what was found into the documents, for a reader to look at before it is committed.
"""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request

from randnotiz.site import BuildOptions, BuildResult, building
from tests.documents import Example, compare, examples, printed
from tests.patience import in_bounds
from tests.places import folders_in

DOCUMENTS = sorted((Path(__file__).parent / "hostile").glob("*.md"))
SLUG = "mieten"

GOOD = {
    "site.yaml": """\
title: "</title><script>window.hostile = 1</script>"
url: https://stadtblatt.example/
lang: de
publisher: {name: "<img src=x onerror=window.hostile=1>", url: "https://stadtblatt.example/"}
verdicts:
- {key: wrong, de: "<b onclick=window.hostile=1>Widerlegt</b>", en: "</script><script>window.hostile = 1</script>"}
- {key: supported, de: Belegt, en: Supported}
""",
    "article.md": """\
---
title: Steigen die Mieten?
lang: de
authors: [Redaktion]
published: 2026-11-23
summary: Was die Zahlen des Amtes hergeben.
covered: [um 12 Prozent auf 900 Euro]
---
Die Mieten stiegen nach Angaben des Amtes um 12 Prozent auf 900 Euro.
""",
    "sources.yaml": """\
sources:
- {id: amt, type: report, title: Mietbericht, issued: 2025}
citations:
- id: office
  quote: nach Angaben des Amtes
  sources: [amt]
""",
}


EXAMPLES = tuple(example for document in DOCUMENTS for example in examples(document))


def write(folder: Path, files: Mapping[str, str | bytes], slug: str = SLUG) -> None:
    """An article of the given files, and of good ones where none is given."""
    for name, text in (GOOD | dict(files)).items():
        path = folder / "content" / name if name == "site.yaml" else folder / "content" / slug / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)


def built(folder: Path, files: Mapping[str, str | bytes]) -> BuildResult:
    write(folder, files)
    return building.build(folders_in(folder), BuildOptions())


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_what_a_stranger_sent_is_refused_with_reasons_or_shown_as_text(example: Example, tmp_path: Path) -> None:
    outcome = built(tmp_path, example.files)
    compare(example, outcome.diagnostics)
    assert outcome.stopped == example.document.name.startswith("refused")
    for page in (tmp_path / "site").rglob("*.html"):
        assert active(page) == []
    for csv in (tmp_path / "site").rglob("*.csv"):
        assert not re.search(r'(?:^|,)"?\s*[=@+]', csv.read_text(encoding="utf-8"), re.MULTILINE)
    assert not Path("/tmp/hostile").is_file()


# ----------------------------------------------------------------------------------------------------
# What is only large
# ----------------------------------------------------------------------------------------------------

SENTENCE = GOOD["article.md"].splitlines()[-1]
FRONT = GOOD["article.md"].removesuffix(f"{SENTENCE}\n")
CHART = """\
charts:
- id: balken
  after: Die Mieten stiegen
  title: Titel
  alt: Alt
  sources: [amt]
  data: {csv: daten.csv}
  vega-lite: {mark: bar, encoding: {x: {field: a}, y: {field: b, type: quantitative}}}
"""


def cited(count: int, quote: str) -> str:
    """Sources with so many citations of the same words."""
    return GOOD["sources.yaml"].partition("- id: office")[0] + "".join(
        f"- {{id: c{number}, quote: {quote}, sources: [amt]}}\n" for number in range(count)
    )


def figures(formulas: Iterator[str]) -> str:
    return "figures:\n" + "".join(f"  f{at}: {{label: L, formula: {each}}}\n" for at, each in enumerate(formulas))


# What is sent, and what is said of it: the limit and the place.
LARGE: Mapping[str, tuple[Mapping[str, str | bytes], str]] = {
    "a text of 10 MB": (
        {"article.md": FRONT + f"{SENTENCE}\n\n" * 140_000},
        " bytes; at most 1,000,000 are read [limit-exceeded]",
    ),
    "settings of 10 MB": (
        {"site.yaml": GOOD["site.yaml"] + "x: " + "a" * 10_000_000},
        " characters; at most 5,000,000 are read [limit-exceeded]",
    ),
    "100,000 notes": (
        {"notes.yaml": "notes:\n" + "".join(f"- {{id: n{at}, kind: x, note: y}}\n" for at in range(100_000))},
        "mieten/notes.yaml:35715:31: this file has more than 250,000 values [limit-exceeded]",
    ),
    "100,000 fields of a note": (
        {"notes.yaml": "notes:\n- {" + ", ".join(f"f{at}: 1" for at in range(100_000)) + "}\n"},
        "mieten/notes.yaml:2:4: a note has no field 'f0', nor 'f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8', 'f9', "
        "'f10', 'f11', 'f12', 'f13', 'f14', 'f15', 'f16', 'f17', 'f18', 'f19', 'f20' and 99,979 more [field-unknown]",
    ),
    "5,000 citations of the same words": (
        {"sources.yaml": cited(5_000, "nach Angaben des Amtes")},
        "mieten/sources.yaml:2004:3: there are 5,000 annotations; an article can have at most 2,000 [limit-exceeded]",
    ),
    "a thousand lost quotations in a long text": (
        {
            "sources.yaml": cited(1_000, "nach den Angaben des Anwalts"),
            "article.md": FRONT + f"{SENTENCE}\n\n" * 2_000,
        },
        "mieten/sources.yaml:4:19: these words are not in the text: 'nach den Angaben des Anwalts' [quote-missing]",
    ),
    "a thousand quotations that stand everywhere": (
        {"sources.yaml": cited(1_000, "a"), "article.md": FRONT + f"{SENTENCE}\n\n" + ("a " * 5_000 + "\n\n") * 10},
        "mieten/sources.yaml:4:19: 'a' stands 100 times in the text, or more often [quote-ambiguous]",
    ),
    "100,000 footnotes": (
        {"article.md": FRONT + "".join(f"Wort[^{at}]\n\n[^{at}]: Fuß\n\n" for at in range(100_000))},
        " bytes; at most 1,000,000 are read [limit-exceeded]",
    ),
    "quotations within quotations": (
        {"article.md": FRONT + f"{SENTENCE}\n\n" + "> " * 5_000 + "a\n"},
        "mieten/article.md:11:1: lists and quotations are nested more than 40 deep here [limit-exceeded]",
    ),
    "a circle of 5,000 figures": (
        {"figures.yaml": figures(f"f{(at + 1) % 5_000}" for at in range(5_000))},
        "'f0' rests on itself: f0 → f1 → f2",
    ),
    "a chain of 5,000 figures": (
        {"figures.yaml": figures(f"f{at - 1} + f{at - 1}" if at else "2" for at in range(5_000))},
        "this formula has more than 500 parts or is nested more than 150 deep [limit-exceeded]",
    ),
    "rows of 10 MB": (
        {"charts.yaml": CHART, "daten.csv": "a,b\n" + "x,1\n" * 2_500_000},
        "mieten/daten.csv:1:1: this file has 10,000,004 bytes; at most 2,000,000 are read [limit-exceeded]",
    ),
    "100,000 rows": (
        {"charts.yaml": CHART, "daten.csv": "a,b\n" + "x,1\n" * 100_000},
        "mieten/daten.csv:5002:1: a chart has at most 5,000 rows [limit-exceeded]",
    ),
    "100,000 columns": (
        {"charts.yaml": CHART, "daten.csv": ",".join(f"c{at}" for at in range(100_000)) + "\n"},
        "mieten/daten.csv:1:1: there are 100,000 columns; at most 50 are read [limit-exceeded]",
    ),
    "20,000 files": (
        {f"datei-{at}.txt": "x" for at in range(20_000)},
        "mieten:1:1: this folder has more than 1,000 files [limit-exceeded]",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_what_is_only_large_ends_soon_in_a_fault_that_names_the_limit_and_the_place(
    name: str, tmp_path: Path
) -> None:
    files, words = LARGE[name]
    with in_bounds():
        outcome = built(tmp_path, files)
    assert outcome.stopped
    assert words in printed(outcome.diagnostics)
    assert "text-missing" not in printed(outcome.diagnostics)  # a text that is not read is one


# ----------------------------------------------------------------------------------------------------
# What a page may not have
# ----------------------------------------------------------------------------------------------------


class _Active(HTMLParser):
    """Whatever in a page could run or fetch something, our own script and style left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in ("iframe", "object", "embed", "base", "foreignobject", "animate", "set"):
            self.found.append(f"<{tag}>")
        if tag == "script" and given.get("type") not in ("application/json", "application/ld+json"):
            ours = (given.get("src") or "").startswith(("assets/", "../"))
            if not (ours or self.single):
                self.found.append(f"<script {given}>")
        for name, value in attributes:
            words = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or (name == "style" and "url(" in words):
                self.found.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction", "xlink:href", "srcset") and words.startswith(
                ("javascript:", "vbscript:", "file:", "data:text")
            ):
                self.found.append(f"{tag} {name}={value}")

    single = False


def active(page: Path) -> list[str]:
    parser = _Active()
    parser.single = page.name == "single.html"
    parser.feed(page.read_text(encoding="utf-8"))
    return parser.found


@pytest.mark.slow
@pytest.mark.browser
def test_in_a_browser_nothing_of_it_runs_and_nothing_is_requested(browser: Browser, tmp_path: Path) -> None:
    harmless = [one for one in EXAMPLES if one.document.name.startswith("shown")]
    for number, example in enumerate(harmless):
        write(tmp_path, example.files, f"beispiel-{number}")
    outcome = building.build(folders_in(tmp_path), BuildOptions())
    assert not outcome.stopped
    tab = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    inside = (tmp_path / "site").as_uri()

    def request(one: Request) -> None:
        if not one.url.startswith((inside, "data:", "blob:")):
            asked.append(one.url)

    def console(one: ConsoleMessage) -> None:
        if one.type in ("error", "warning"):
            said.append(one.text)

    tab.on("request", request)
    tab.on("console", console)
    tab.on("dialog", lambda dialog: said.append(dialog.message))
    tab.on("pageerror", lambda error: said.append(str(error)))
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 2 * len(harmless)
    for page in pages:
        if page.name == "404.html":  # made for a server: its addresses are absolute
            continue
        tab.goto(page.as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert tab.evaluate("window.hostile") is None, page
        assert not said, (page, said)
        assert not asked, (page, asked)
    tab.close()
