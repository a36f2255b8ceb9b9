"""`theme` in site.yaml: a house's colours, faces, measures, signs and frame, from one place."""

import json
import re
import shutil
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from randnotiz import colours, commands, media
from randnotiz.diagnostics import NOWHERE, ContentError, SourceText
from randnotiz.model.look import Look
from tests.program import run

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "sites" / "small" / "content"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
CHART = """\
charts:
- id: verlauf
  after: Die Mieten
  title: Die Mieten steigen
  alt: Zwei Balken.
  sources: [amt]
  data: {rows: [{jahr: 2024, miete: 800}, {jahr: 2025, miete: 900}]}
  vega-lite: {mark: bar, encoding: {x: {field: miete, type: quantitative}, y: {field: jahr, type: ordinal}}}
"""

TABLOID = """
theme:
  colours:
    accent: {light: "#c8102e", dark: "#ff8a8f"}
    kinds: {claim: {light: "#8f0d1f", dark: "#ffb3b0"}}
    series: ["#c8102e", {light: "#1d1b18", dark: "#ece8df"}]
  text:
    family: Boulevard Slab
    files: [{file: fonts/slab.woff2, weight: "400 900"}, {file: fonts/slab-italic.woff2, style: italic}]
  interface: {family: Impact}
  measures: {size: 118%, column: 32rem, margin: 18rem}
  logo: {light: logo.svg, dark: logo-dark.svg, favicon: icon.svg}
  style: house.css
  header: {de: [{text: Zur Zeitung, url: https://zeitung.example/}]}
  footer:
    de: [CC BY 4.0, {text: Fehler gefunden?, url: "mailto:korrektur@zeitung.example"}, {text: Suche, url: search/}]
  social: [https://social.example/@zeitung]
  fediverse: '@zeitung@social.example'
"""
UNIVERSITY = """
theme:
  colours:
    paper: {light: "#ffffff", dark: "#0f1a26"}
    ink: {light: "#14202b", dark: "#e6edf3"}
    accent: {light: "#00528c", dark: "#7cc0f2"}
    verdicts: ["#5b1a1a", "#8a3b12", "#8c6d1f", "#46613a", "#1f5c4d"]
"""
DATA_DESK = """
theme:
  colours:
    paper: "#101418"
    ink: "#e8ecef"
    accent: "#59d0a5"
    series: ["#59d0a5", "#f2c14e", "#7ea6f4", "#e4789b"]
"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HOUSES = {"tabloid": TABLOID, "university": UNIVERSITY, "data desk": DATA_DESK}
STEPS = {"wrong": "Falsch", "misleading": "Irrig", "disputed": "Umstritten", "imprecise": "Ungenau", "fine": "Belegt"}
VERDICTS = f"verdicts: {json.dumps([{'key': key, 'de': word} for key, word in STEPS.items()])}"


def face(name: str) -> bytes:
    """A file that is as whole as a face has to be to be published."""
    return b"wOF2\0\1\0\0" + (48 + len(name)).to_bytes(4, "big") + bytes(36) + name.encode()


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "content")
    (tmp_path / "content" / "mieten" / "charts.yaml").write_text(CHART, encoding="utf-8")
    static = tmp_path / "static"
    (static / "fonts").mkdir(parents=True)
    for name in ("logo.svg", "logo-dark.svg", "icon.svg"):
        (static / name).write_text(PICTURE, encoding="utf-8")
    for name in ("slab.woff2", "slab-italic.woff2"):
        (static / "fonts" / name).write_bytes(face(name))
    (static / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x09\0\0\0\x09\x08\2")
    (static / "house.css").write_text("h1 { text-transform: uppercase }", encoding="utf-8")
    return tmp_path


def build(house: Path, theme: str) -> str:
    """What a build with a look printed."""
    settings = house / "content" / "site.yaml"
    plain = settings.read_text(encoding="utf-8").partition("theme:")[0]
    lines = [line for line in plain.splitlines() if not line.startswith(("verdicts", "-"))]
    settings.write_text("\n".join([*lines, VERDICTS, theme]), encoding="utf-8")
    return run(house, "--content=content", "--output=site", "--static=static").stderr


def read(house: Path, pattern: str) -> str:
    (path,) = (house / "site").glob(pattern)
    text = path.read_text(encoding="utf-8")
    return re.sub(r"([:,]) ", r"\1", text) if path.suffix == ".css" else text


def test_a_house_is_whole_from_one_place(house: Path) -> None:
    assert "1 article, 1 built" in build(house, TABLOID)
    page, single, style = (
        read(house, f"{name}") for name in ("mieten/index.html", "mieten/single.html", "assets/style.*.css")
    )
    assert "--accent:#c8102e" in style
    assert re.search(r'@font-face\{font-family:"Boulevard Slab";src:url\("fonts/slab\.\w+\.woff2"\)', style)
    assert '--serif:"Boulevard Slab",Georgia,serif' in style
    assert style.endswith("}h1{text-transform:uppercase}\n")
    assert style.startswith("@layer base{")
    for html in (page, single):
        assert "Zur Zeitung" in html
        assert '<a href="mailto:korrektur@zeitung.example">Fehler gefunden?</a>' in html
        assert "<li>CC BY 4.0</li>" in html
        assert 'media="(prefers-color-scheme: dark)"><img src="' in html
    assert '<a href="../search/index.html">Suche</a>' in page
    assert "data:font/woff2;base64," in single
    (linked,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert '"sameAs": ["https://social.example/@zeitung"]' in json.dumps(json.loads(linked))
    assert '<link rel="me" href="https://social.example/@zeitung">' in page
    assert '<meta name="fediverse:creator" content="@zeitung@social.example">' in page
    for html in (page, single):
        assert '<li><a rel="me" href="https://social.example/@zeitung">@zeitung@social.example</a></li>' in html
    assert "#c8102e" in read(house, "mieten/charts/verlauf.svg")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://social.example/@zeitung", "@zeitung@social.example"),
        ("https://www.youtube.com/@zeitung", "youtube.com/@zeitung"),
        ("https://social.example/@andere", "social.example/@andere"),
        ("https://www.video.example/c/zeitung/", "video.example/c/zeitung"),
        ("https://bsky.example/profile/zeitung.example", "bsky.example/profile/zeitung.example"),
    ],
)
def test_a_page_elsewhere_is_named_by_its_address_in_short(address: str, shown: str) -> None:
    look = Look(social=(SourceText(address),), fediverse=SourceText("@zeitung@social.example"))
    assert [(str(one.text), one.url) for one in look.elsewhere] == [(shown, address)]


def test_without_an_icon_of_its_own_a_house_has_the_packaged_one_in_its_colours(house: Path) -> None:
    plain = (ROOT / "static" / "favicon.svg").read_text(encoding="utf-8")
    build(house, "")
    assert read(house, "assets/favicon.*.svg") == plain
    build(house, UNIVERSITY)
    theirs = plain.replace("#fbfaf6", "#ffffff").replace("#1d1b18", "#14202b").replace("#9e3d1a", "#00528c")
    assert read(house, "assets/favicon.*.svg") == theirs
    (house / "static" / "favicon.svg").write_text(PICTURE, encoding="utf-8")
    build(house, UNIVERSITY)
    assert read(house, "assets/favicon.*.svg") == PICTURE


def test_paper_and_ink_are_those_of_the_browsers_bar_the_card_and_the_chart_in_a_file(house: Path) -> None:
    assert "1 article, 1 built" in build(house, UNIVERSITY)
    page = read(house, "mieten/index.html")
    assert '<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)">' in page
    assert '<meta name="theme-color" content="#0f1a26" media="(prefers-color-scheme: dark)">' in page
    assert 'fill="#ffffff"/>' in read(house, "mieten/charts/verlauf.svg")
    before = (house / "site" / "mieten" / "share.png").read_bytes()
    build(house, UNIVERSITY.replace("#14202b", "#143300"))
    assert (house / "site" / "mieten" / "share.png").read_bytes() != before


# On such paper some of the program's own colours could not be read.
SALMON = 'theme: {colours: {paper: {light: "#e0b48c", dark: "#3d4a5c"}}}'


@pytest.mark.parametrize("theme", [*HOUSES.values(), SALMON], ids=[*HOUSES, "salmon"])
def test_whatever_a_house_leaves_out_can_be_read_on_its_paper(house: Path, theme: str) -> None:
    printed = build(house, theme)
    assert "contrast-low" not in printed
    style = read(house, "assets/style.*.css")
    schemes = re.findall(r"--paper:.*?--chart-7-word:#\w+", style)
    assert len(schemes) == 3
    for scheme in schemes:
        table = dict(re.findall(r"--([\w-]+):\s?(#\w+)", scheme))
        for name in colours.WORDS:
            for paper in ("paper", "raised"):
                assert colours.contrast(table[name], table[paper]) >= 4.45, (name, table[name], table[paper])
        for name in colours.STROKES:
            assert colours.contrast(table[name], table["paper"]) >= 2.95, (name, table[name])


def test_a_colour_that_cannot_be_read_is_told_with_the_nearest_that_can(house: Path) -> None:
    printed = build(house, 'theme: {colours: {accent: "#00528c", paper: {light: "#ffff00", dark: "#fff"}}}')
    assert "contrast-low" not in printed  # light paper for both
    printed = build(
        house, 'theme:\n  colours:\n    accent: "#00528c"\n    kinds: {figure: {light: "#9ad29a", dark: "#9ad29a"}}'
    )
    assert "'#00528c' has a contrast of 2." in printed
    assert "on dark paper; 4.5 can be read [contrast-low]" in printed
    found = dict(re.findall(r"warning: '(#\w+)'.*?\n(?:.*\n)*?.*nearest that can is '(#\w+)'", printed))
    again = build(house, f'theme:\n  colours:\n    accent: {{light: "#00528c", dark: "{found["#00528c"]}"}}')
    assert "contrast-low" not in again


@pytest.mark.parametrize(
    ("theme", "told"),
    [
        ("theme:\n  colours:\n    accent: #a3122a", "this # begins a comment, so 'accent' has no value"),
        ("theme: {colours: {accent: #a3122a}}", "this # begins a comment, which goes on to the end of the line"),
        ("theme: {colours: {series: '#333'}}", 'Write ["#333"].'),
        ("theme:\n  colours:\n    series: #a3122a, #123456", '["#a3122a", "#123456"]'),
        ("theme: {text: {family: X, files: [static/SLAB.woff2]}}", "did you mean 'fonts/slab.woff2'?"),
        ("theme: {logo: {light: mieten/charts.yaml}}", "move it into static/"),
        ("theme: {footer: {de: [{text: X, url: www.example.org}]}}", "Write 'https://www.example.org'."),
        ("theme: {footer: {de: [{text: X, url: post@example.org}]}}", "Write 'mailto:post@example.org'."),
        ("theme: {footer: {de: [{text: X, url: /mieten/#x}]}}", "Write 'mieten/'."),
        ("theme: {fediverse: a@x.example}", "Write '@a@x.example'."),
        ("theme: {colours: {accent: crimson}}", "'crimson' is no colour"),
        ("theme: {colours: {acent: '#123456'}}", "did you mean 'accent'?"),
        ("theme: {accent: '#a3122a'}", "= Write it below 'colours:'."),
        ("theme:\nfavicon: icon.svg", "Write it below 'theme: logo:'."),
        (
            "theme: {text: {family: X, files: [fonts/slab.woff2, fonts/slab-italic.woff2]}}",
            "weight 400 and style normal",
        ),
        ("theme: {footer: {de: [{Impressum: pages/x/}]}}", "Write 'text: Found a mistake?'."),
        ("theme: {header: {de: [{text: X, url: mieten.html}]}}", "Write 'mieten/'."),
        ("theme: {header: {de: [{text: X, url: x.pdf}]}}", "Write 'https://…', 'mailto:…'"),
        ("theme: {colours: {accent: a3122a}}", 'Write "#a3122a", in quotation marks.'),
        ("theme: {colours: {accent: {hell: '#a00'}}}", "Write 'light: \"#a00\"'."),
        ("theme: {colours: {accent: {dark: '#a00'}}}", "Write 'light: \"#a00\"'."),
        ("theme: {text: {family: X, files: [{datei: fonts/slab.woff2}]}}", "Write 'file: fonts/slab.woff2'."),
        ("theme: {footer: {header: {de: [X]}}}", "'header' is no language, but a field of the theme"),
        ("theme: {colours: {kinds: {clam: '#123456'}}}", "there is no kind 'clam'"),
        ("theme: {colours: {verdicts: ['#123456']}}", "1 colours for 5 verdicts"),
        ("theme: {style: hause.css}", "there is no file 'hause.css' in static/; did you mean 'house.css'?"),
        ("theme: {text: {family: X, files: [fonts/slap.woff2]}}", "there is no file 'fonts/slap.woff2' in static/"),
        ("theme: {text: {family: 'a\"b'}}", "is no name of a face"),
        ("theme: {text: {family: 'Georgia, Arial'}}", "is no name of a face"),
        ("theme: {text: {family: X, files: [{file: fonts/slab.woff2, weight: 900 200}]}}", "'900 200' is no weight"),
        ("theme: {measures: {column: 0rem}}", "'0rem' is no length"),
        ("theme: {measures: {size: 1px}}", "'1px' is 1 pixels, and 10 to 40 can be read"),
        ("theme: {measures: {column: 100000px}}", "'100000px' is 100000 pixels, and 200 to 1600 can be read"),
        ("theme: {logo: {dark: logo.svg}}", "this logo has no 'light', without which it is shown nowhere"),
        ("theme: {logo: {light: cut.png}}", "'cut.png' is cut: the end of the picture is missing"),
        ("theme: {measures: {column: wide}}", "'wide' is no length"),
        ("theme: {footer: [CC BY 4.0]}", "Write '{en: [CC BY 4.0]}', with every language that you have."),
        ("made_with: banana", "'banana' is no version"),
        ("made_with: v0.1.0", "'v0.1.0' is no version"),
        (
            "theme: {colours: {series: ['#123456', '#123456', '#123456', '#123456', '#123456', '#123456', '#123456', "
            "'#123456', '#123456']}}",
            "9 colours for series; no chart takes more than 7",
        ),
        ("theme: {style: logo.svg}", "'logo.svg' is no style sheet"),
        ("theme: {style: style.css}", "'style.css' is a sheet of the package"),
        ("theme: {logo: house.css}", "'house.css' is not a picture that can be shown"),
        ("theme: {logo: {light: fonts/slab.woff2}}", "'fonts/slab.woff2' is not a picture"),
        ("theme: {text: {family: X, files: ['https://fonts.example/x.woff2']}}", "put a copy into static/"),
        ("theme: {footer: {de: [{text: X, url: pages/nope/}]}}", "the link 'pages/nope/' leads to no page"),
        ("theme: {header: {de: [{text: X, url: miete/}]}}", "leads to no article; did you mean 'mieten'?"),
        ("theme: {footer: {de: [{text: X, url: 'javascript:alert(1)'}]}}", "is no address"),
        ("theme: {logo: {favicon: icon.png}}", "'icon.png' is no SVG"),
    ],
)
def test_what_is_wrong_with_a_look_is_told_at_its_place(house: Path, theme: str, told: str) -> None:
    printed = build(house, theme)
    assert told in printed
    assert "content/site.yaml:" in printed
    assert "nothing was written" in printed
    assert not (house / "site").exists()


@pytest.mark.parametrize(
    "words", ["https://x.example/", "'[CC BY](https://x.example)'", "'&copy; Haus'", "'**Haus**'"]
)
def test_words_of_the_frame_that_were_meant_for_more_are_told(house: Path, words: str) -> None:
    assert "is printed as it stands, and leads nowhere [markdown-near]" in build(
        house, f"theme: {{footer: {{de: [{words}]}}}}"
    )
    if "copy" in words:
        assert "markdown-near" not in build(
            house, "theme: {footer: {de: [CC BY-SA & Haus <3, {text: a.example, url: https://a.example}]}}"
        )


# Of a face with one table: nine bytes from the 28th on.
OTF = b"OTTO\0\1" + bytes(6) + b"CFF " + bytes(4) + b"\0\0\0\x1c\0\0\0\x09"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.woff2", b"", "is named as a .woff2 file, but it does not begin as one"),
        ("x.woff2", b"Sehr geehrte Damen", "does not begin as one"),
        ("x.woff2", b"OTTO\0\0", "but it begins as a .otf file does"),
        ("x.woff2", b"wOF2\0\1\0\0\0\0\1\0cut", "is cut: it should have 256 bytes, and has 15"),
        ("x.woff2", b"wOF2" + bytes(60), "is damaged: it should have 48 bytes, and has 64"),
        ("x.woff", b"wOFF\0\1\0\0\0\0\0\x0c", "is cut: it should have 44 bytes"),
        ("x.otf", OTF + b"12345678", "is cut: it should have 37 bytes"),
        ("x.ttf", b"\0\1\0\0\0\2" + bytes(6), "is cut: it should have 44 bytes"),
        ("x.svg", PICTURE.encode(), "'x.svg' is no face: those are named .woff2, .woff, .otf, .ttf"),
        ("x.otf", OTF + b"123456789", ""),
        ("X.WOFF2", face("x"), ""),
    ],
)  # fmt: skip
def test_a_face_is_a_whole_file_of_the_format_that_it_is_named_as(name: str, content: bytes, told: str) -> None:
    words = ""
    try:
        media.face(name, content, NOWHERE)
    except ContentError as error:
        words = error.diagnostic.message
    assert told in words
    assert bool(told) == bool(words)


def test_a_bar_or_a_verdict_that_nobody_can_tell_from_paper_is_told_with_the_nearest_colour(house: Path) -> None:
    given = "theme:\n  colours:\n    series: [{}]\n    verdicts: ['#111', '#222', '#333', '#444', {}]"
    printed = build(house, given.format('{light: "#ffffff", dark: "#f0f0f0"}', '"#141414"'))
    assert "'#ffffff' has a contrast of 1.0 on light paper; 1.25 can be seen [contrast-low]" in printed
    assert "'#141414' has a contrast of 1.0 on dark paper; 1.25 can be seen [contrast-low]" in printed
    light, *_ = re.findall(r"nearest that can is '(#\w+)'", printed)
    assert "'#ffffff'" not in build(house, given.format(f'"{light}"', '"#141414"'))
    for column, scheme in enumerate(SCHEMES):
        for name in colours.FILLS:  # the program's own
            ratio = colours.contrast(colours.COLOURS[name][column], colours.COLOURS["paper"][column])
            assert ratio >= colours.LEAST_FILLED, (name, scheme)


def test_a_specimen_shows_both_schemes_with_every_contrast(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(house, UNIVERSITY)
    monkeypatch.chdir(house)
    assert commands.main(["theme", "preview"]) == 0
    page = (house / ".cache" / "theme.html").read_text(encoding="utf-8")
    for name, pair in {"paper": ("#ffffff", "#0f1a26"), "accent": ("#00528c", "#7cc0f2")}.items():
        for paper, colour in zip(("#ffffff", "#0f1a26"), pair, strict=True):
            ratio = f"{colours.contrast(colour, paper):.1f}"
            assert f'{name} <code>{colour}</code></td><td class="number">{ratio}</td>' in page
    assert re.findall(r'<section class="specimen (\w+)">', page) == ["light", "dark", "print"]
    assert page.count('<span class="pill ') == 3 * len(STEPS)
    assert "a:is(:hover,.is-hovered){" in page  # states are classes of the same rules
    assert "@media (hover: hover)" in page
    for state in ("is-hovered", "is-focused", "is-visited"):
        assert page.count(f'<a href="#" class="{state}">') == 3
    assert page.count("<details open>") == 3
    assert "--paper: #fff;" in page.partition(".print{")[2].partition("}")[0]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("name", HOUSES)
def test_three_houses_are_looked_at(house: Path, name: str, browser: Browser, artefacts: Path) -> None:
    build(house, HOUSES[name])
    papers = {}
    for scheme in SCHEMES:
        context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto((house / "site" / "mieten" / "index.html").as_uri())
        page.screenshot(path=artefacts / f"house-{name.replace(' ', '-')}-{scheme}.png", full_page=True)
        papers[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        heading = page.evaluate("getComputedStyle(document.querySelector('h1')).textTransform")
        assert heading == ("uppercase" if name == "tabloid" else "none")  # the house's sheet wins
        context.close()
    assert (
        papers
        == {
            "tabloid": {"light": "rgb(251, 250, 246)", "dark": "rgb(23, 22, 19)"},
            "university": {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 26, 38)"},
            "data desk": {"light": "rgb(16, 20, 24)", "dark": "rgb(16, 20, 24)"},
        }[name]
    )
