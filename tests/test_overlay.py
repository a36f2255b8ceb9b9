"""A site's own templates and static files stand before the packaged ones, one by one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from randnotiz import exports, shipped
from randnotiz.diagnostics import SourceText
from randnotiz.model import Look
from randnotiz.pages import template_faults
from randnotiz.pages.assets import Reading
from tests.program import run

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "sites" / "small" / "content"
THEMING = (ROOT / "docs" / "theming.md").read_text(encoding="utf-8")
FACE = b"wOF2\0\1\0\0\0\0\0\x40" + b"a face of the house".ljust(52, b"\0")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A site without a template or a style of its own."""
    shutil.copytree(SMALL, tmp_path / "content")
    return tmp_path


def put(house: Path, name: str, text: str | bytes) -> None:
    path = house / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def build(house: Path) -> str:
    """What a build printed, whether it went well or not."""
    done = run(
        house,
        "build",
        "--content=content",
        "--output=site",
        *(f"--{name}={name}" for name in shipped.FOLDERS if (house / name).is_dir()),
    )
    return done.stderr


def page(house: Path, path: str = "mieten/index.html") -> str:
    return (house / "site" / path).read_text(encoding="utf-8")


def test_one_word_of_one_template_is_one_file_of_one_line(house: Path) -> None:
    put(house, "templates/parts/take.html", "<p>Mitnehmen: nur zu.</p>\n")
    assert "1 article" in build(house)
    assert "<p>Mitnehmen: nur zu.</p>" in page(house)
    assert "<p>Mitnehmen: nur zu.</p>" in page(house, "mieten/single.html")
    assert 'id="text"' in page(house)  # all else is the package's


def test_a_template_may_extend_the_packaged_one_of_its_name(house: Path) -> None:
    put(
        house,
        "templates/base.html",  # with a mark of byte order, as editors on Windows write
        "\ufeff{% extends '!base.html' %}{% block footer %}{{ super() }}<p>Haus</p>{% endblock %}",
    )
    put(
        house,
        "templates/article.html",
        "{% extends '!article.html' %}{% block text %}<hr>{{ super() }}{% endblock %}",
    )
    assert "1 article" in build(house)
    assert re.search(r'<hr>\s*<article class="text"', page(house))
    assert "\n<p>Haus</p></footer>" in page(house)  # of the packaged article.html, too, whose base is ours now
    assert "\n<p>Haus</p></footer>" in page(house, "index.html")


def test_a_change_of_a_template_is_in_the_next_build(house: Path) -> None:
    for word in ("eins", "zwei"):
        put(house, "templates/parts/take.html", f"<p>{word}</p>")
        build(house)
        assert f"<p>{word}</p>" in page(house)
    shutil.rmtree(house / "templates")
    build(house)
    assert "<p>zwei</p>" not in page(house)


BASE = "{% extends '!base.html' %}"
# Templates by their names, and what is told of each at which line.
FAULTS = [
    (
        "plain.html",
        "{% extends '!base.html' %}\n{% block main %}\n{{ artikel.title }}{% endblock %}",
        3,
        "'artikel' is undefined",
    ),
    (
        "base.html",
        BASE + "{% block footer %}{{ setings.title }}{% endblock %}",
        1,
        "'setings' is undefined; did you mean 'settings'?",
    ),
    ("plain.html", "{% extends '!base.html' %}\n{% block main %}", 2, "Unexpected end of template"),
    ("plain.html", "{% extends '!nirgends.html' %}", 1, "there is no template '!nirgends.html'"),
    ("base.html", "\n{% extends '!bse.html' %}", 2, "there is no template '!bse.html'; did you mean '!base.html'?"),
    ("base.html", "{% extends 'base.html' %}", 1, "this template extends itself"),
    ("base.html", "{% extends 'plain.html' %}", 1, "this template extends itself by way of plain.html"),
    (
        "article.html",
        BASE + "{% block main %}{% include 'article.html' %}{% endblock %}",
        1,
        "includes itself without end",
    ),
    ("base.html", BASE + "\n{% block fuss %}x{% endblock %}", 2, "'!base.html' has no block 'fuss'"),
    ("base.html", BASE + "\n\n<p>Haus</p>\n", 3, "'<p>Haus</p>' stands outside of every block, and is shown nowhere"),
    (
        "base.html",
        BASE + "{% block footer %}{{ asset('stil.css') }}{% endblock %}",
        1,
        "there is no file 'stil.css' in static/",
    ),
    (
        "article.html",
        "{% extends '!article.html' %}\n{% block top %}{{ 1 / 0 }}{% endblock %}",
        2,
        "ZeroDivisionError: division by zero",
    ),
    (
        "index.html",
        BASE + "\n{% block main %}{{ 'a' | uper }}{% endblock %}",
        2,
        "No filter named 'uper'; did you mean 'upper'?",
    ),
    ("search.html", BASE + "\n{% block main %}{{ nirgends() }}{% endblock %}", 2, "'nirgends' is undefined"),
    ("base.html", "", 1, "the page of an article has no '<body'"),
    ("parts/notes.html", "x", 1, "has no attribute 'note'"),
    ("not-found.html", "{{ '\\ud800' }}", 1, "surrogates not allowed"),
    ("feed.xml", "<feed><nope", 1, "no page can be made with this template: ExpatError: unclosed token"),
    ("share.svg", "<svg", 1, "the document does not have a root node [template-fault]"),
    ("plain.html", b"{# \xe4 #}", 1, "this file is not UTF-8 (byte 3)"),
]


@pytest.mark.parametrize(("name", "text", "line", "told"), FAULTS)
def test_a_fault_in_a_template_of_the_house_is_told_with_its_line_by_check_and_build(
    house: Path, name: str, text: str | bytes, line: int, told: str
) -> None:
    put(house, "content/pages/impressum.md", "---\ntitle: Impressum\n---\nWir.\n")
    put(house, f"templates/{name}", text)
    built, checked = build(house), run(house, "check", "--content=content", "--templates=templates")
    for printed in (built, checked.stdout):
        assert re.search(rf"^templates/{name}:{line}:1: .*{re.escape(told)}", printed, re.MULTILINE), printed
        assert "Traceback" not in printed
    assert (checked.returncode, "1 fault" in checked.stderr) == (1, True)
    assert not (house / "site" / "index.html").exists()


def test_what_of_a_folder_cannot_be_read_is_told_and_letters_of_macos_are_read(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(house, "static/Bo\u0308tchen.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    put(house, "static/a.css", "a { background: url(Bötchen.svg) }")
    put(house, "static/a.css~", "}")
    settings = house / "content" / "site.yaml"
    theme = "\ntheme: {logo: {light: Bo\u0308tchen.svg}, style: a.css, text: {family: Serif}}\n"
    put(house, "content/site.yaml", settings.read_text(encoding="utf-8") + theme)
    assert "1 article, 1 built" in build(house)
    (sheet,) = (house / "site" / "assets").glob("style.*.css")
    assert "--serif:serif,Georgia" in sheet.read_text(encoding="utf-8").replace(" ", "")
    put(house, "static/elsewhere/b.css", "p {}")
    (house / "static" / "folder").symlink_to("elsewhere")
    (house / "static" / "c.css").symlink_to("nirgends.css")
    (house / "templates").symlink_to("nirgends")
    shutil.rmtree(house / "site")
    told = build(house)
    assert "static/c.css:1:1: 'c.css' is a link that leads nowhere [file-missing]" in told
    assert "static/folder:1:1: 'folder' is a link to a folder, whose files are left out" in told
    assert [why for _, why in shipped.left_out(house / "templates")] == ["is a link that leads to no folder"]
    monkeypatch.setattr(os, "access", lambda *_: False)  # for root may read everything
    (house / "Templates").mkdir()
    (house / "templates").unlink()
    assert [why for _, why in shipped.left_out(house / "templates")] == ["is read only if it is called 'templates'"]
    assert (house / "static", "is a folder that may not be read") in shipped.left_out(house / "static")
    assert not (house / "site").exists()


PACKAGED = {
    f"!{name}": (path, path.read_text(encoding="utf-8"))
    for name, path in shipped.files(shipped.folder("templates")).items()
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n<img src='https://example.org/x.png'>", "2:1: 'https://example.org/x.png' lies on another host"),
        ("<a href='https://example.org/'><img srcset='//a.example/x.png 2x'></a>", "1:32: '//a.example/x.png' lies"),
        ("<LINK href=//example.org/a rel='Preload StyleSheet'>", "1:1: '//example.org/a' lies on another host"),
        ("<svg><image xlink:href='http://example.org/a'/></svg>", "1:6: 'http://example.org/a' lies"),
        ("<script type='module'>x()</script>", "1:23: the policy of the pages lets no script stand in them"),
        ("<img src='../static/kit/z.svg'>", "1:1: '../static/kit/z.svg' is where no page finds a file"),
        ("<p><script src=/assets/x.js?1></script>", "1:4: '/assets/x.js?1' is where no page finds a file"),
        ("<img src='share.png'><a href='x.js'></a>", ""),
        ("<p onclick='x()'>", "1:1: the policy of the pages lets no script"),
        ("<p style='color: red'>", "1:1: the policy of the pages lets no style"),
        ("<style>p { color: red }</style>", "1:8: the policy of the pages lets no style"),
        ("<style></style><script src='{{ asset(\"x.js\") }}'></script><link rel=me href='//a.example/'>", ""),
        ("{# <img src='//a.example/x'> #}<!-- <p style=''> --><script type='application/ld+json'>{}</script>", ""),
        ("{% extends '!embed.html' %}\n{% block x %}{% endblock %}", "2:1: '!embed.html' has no block 'x'"),
    ],
)  # fmt: skip
def test_what_the_policy_of_the_pages_blocks_is_told_of_a_template(text: str, told: str) -> None:
    texts = {**PACKAGED, "embed.html": (Path("embed.html"), text)}
    found = template_faults.find(texts, {"embed.html": "e"}, Environment(), {"x.js", "kit/z.svg"})
    assert [f"{one.position}: {one.message}".startswith(f"e:{told}") for one in found] == [True] * bool(told)


def test_no_packaged_template_has_what_the_policy_blocks() -> None:
    texts = {name.removeprefix("!"): text for name, text in PACKAGED.items()}
    found = template_faults.find({**texts, **PACKAGED}, {name: name for name in texts}, Environment())
    assert not list(found)


def test_a_name_that_no_page_has_is_told_before_there_is_a_page(house: Path) -> None:
    put(
        house,
        "templates/plain.html",
        "{% if x is defined %}{{ x }}{% endif %}{{ lang }}{% set y = 1 %}{{ y }}\n{{ nope }}",
    )
    checked = run(house, "check", "--content=content", "--templates=templates").stdout
    assert "templates/plain.html:2:1: 'nope' is undefined" in checked
    assert checked.count("is undefined") == 1


def test_a_template_that_nothing_uses_is_told_and_one_that_is_included_is_not(house: Path) -> None:
    put(house, "templates/artcle.html", "x")
    put(house, "templates/parts/house.html", "<p>Haus</p>")
    put(house, "templates/base.html", BASE + "{% block footer %}{% include 'parts/house.html' %}{% endblock %}")
    told = "warning: no page is made with a template 'artcle.html'; did you mean 'article.html'? [template-unused]"
    printed = build(house)
    assert f"templates/artcle.html:1:1: {told}" in printed
    assert "1 article, 1 built" in printed
    assert printed.count("template-unused") == 1
    assert told in run(house, "check", "--content=content", "--templates=templates").stdout


def test_a_fault_stays_that_of_the_template_that_has_it(house: Path) -> None:
    put(house, "templates/base.html", shipped.copy("templates/base.html"))
    put(house, "templates/claim.html", "{% extends '!claim.html' %}")
    put(house, "templates/parts/notes.html", "x")
    assert "templates/parts/notes.html:1:1: no page can be made with this template" in build(house)


def test_a_bug_of_ours_is_not_blamed_on_a_template_of_the_house(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(house, "templates/plain.html", "{% extends '!plain.html' %}")
    monkeypatch.setattr(exports, "single_page", lambda *_: 1 // 0)
    assert "This is a bug in Randnotiz" in build(house)


def test_a_check_of_a_house_with_templates_leaves_no_page(house: Path) -> None:
    put(house, "templates/base.html", BASE)
    assert run(house, "check", "--content=content", "--templates=templates", "--strict").returncode == 0
    assert {path.name for path in house.iterdir()} == {"content", "templates"}


def test_what_a_style_names_is_found_under_the_name_it_is_served_by(house: Path) -> None:
    put(house, "static/fonts/house.woff2", FACE)
    put(
        house,
        "static/fonts/faces.css",
        "@font-face { font-family: House; src: url( 'house.woff2' ) format('woff2') }",
    )
    style = (ROOT / "static" / "style.css").read_text(encoding="utf-8")
    put(
        house,
        "static/style.css",
        f'@import url("fonts/faces.css");\n{style}\n.a {{ background: url(fonts/house.woff2?#x) }}',
    )
    assert "1 article" in build(house)
    assets = house / "site" / "assets"
    (face,), (faces,), (sheet,) = (
        list(assets.glob(name)) for name in ("fonts/house.*.woff2", "fonts/faces.*.css", "style.*.css")
    )
    assert face.read_bytes() == FACE
    assert f"url( '{face.name}' )" in faces.read_text(encoding="utf-8")
    written = sheet.read_text(encoding="utf-8")
    assert written.startswith(f"@font-face{{font-family: House;src: url( 'fonts/{face.name}' )")  # what it imports
    assert f"url(fonts/{face.name}?#x)" in written
    assert "url(data:font/woff2;base64," in page(house, "mieten/single.html")
    assert "font-src data:" in page(house, "mieten/single.html")
    assert len(list(assets.glob("reading.*.js"))) == 1  # the package's


# What is told of a style sheet of the house: line, column and words.
STYLE_FAULTS = [
    (
        "p { x: y }\n\na { background: url(fonts/x.woff2) }",
        "3:21",
        "there is no file 'fonts/x.woff2' beside this one",
    ),
    ("@import 'foo.css';", "1:10", "there is no file 'foo.css' beside this one"),
    ("a { background: image-set('zeichn.svg' 1x) }", "1:28", "did you mean 'zeichen.svg'?"),
    ("@import url(a.css);", "1:13", "style sheets import each other in a circle: a.css → a.css"),
    ("@import 'b.css' layer(x);", "1:10", "'layer(x)' behind an import is not read here"),
    (
        "a { background: url('https://example.org/a.png') }",
        "1:22",
        "'https://example.org/a.png' lies on another host",
    ),
    ("@import '//example.org/a.css';", "1:10", "'//example.org/a.css' lies on another host"),
    (b"/* \xe4 */", "1:1", "this file is not UTF-8 (byte 3)"),
    ("p { x: y }\n@import '//example.org/b.css'", "2:10", "'//example.org/b.css' lies on another host"),
    ("@import url( 'c c.css' ) screen;", "1:15", "there is no file 'c c.css' beside this one"),
    ("@import b.css;", "1:1", "this rule names no sheet"),
    ("p { color: red", "1:3", "this '{' is closed nowhere"),
    ("a { color: rgb(0 0 0 }\np { }", "1:15", "this '(' is closed nowhere"),
    ("a { }\n}\np { }", "2:1", "this '}' closes nothing"),
    ("a { }\n/* why", "2:1", "this comment has no end"),
    ("a { content: 'x }\np { }", "1:14", "the text that begins with this ' has no end on its line"),
    ("@font-face { src: url(x.woff2) }", "1:23", "'x.woff2' is named as a .woff2 file, but it does not begin as one"),
    ("h1 { top: 0 }\n// why\np { top: 0 }", "2:1", "'//' is not CSS, and browsers leave out what follows"),
    ("$rot: red;", "1:1", "'$rot' is not CSS"),
    ("p { top: 0 }\n</style>", "2:1", "'</style>' is not CSS"),
    ("a { background: url(/static/zeichen.svg) }", "1:21", "is where no page finds a file"),
    ("a { background: url(z z.svg) }", "1:17", "an address with blanks, quotation marks or brackets"),
]


def sheets(house: Path, name: str) -> Reading:
    """The style sheets of the house as they are served, that of `theme` inside of the package's."""
    return Reading(
        files=shipped.overlay(house / "static", "static"),
        look=Look(style=SourceText(name)),
        place=lambda path: path.relative_to(house).as_posix(),
    )


@pytest.mark.parametrize(("style", "place", "told"), STYLE_FAULTS)
@pytest.mark.parametrize("named", ["a.css", "other.css"], ids=["named by theme", "alone"])
def test_a_style_that_cannot_be_served_is_told_with_its_place(
    house: Path, style: str | bytes, place: str, told: str, named: str
) -> None:
    put(house, "static/a.css", style)
    put(house, "static/b.css", "p {}")
    put(house, "static/zeichen.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    put(house, "static/x.woff2", "words")
    reading = sheets(house, named)
    reading.assets()
    (fault,) = reading.faults
    assert (str(fault.position), told in fault.message) == (f"static/a.css:{place}", True), fault


def test_a_style_that_cannot_be_served_is_told_by_check_and_build(house: Path) -> None:
    put(house, "static/a.css", "p { x: y }\n}")
    built, checked = build(house), run(house, "check", "--content=content", "--static=static")
    for printed in (built, checked.stdout):
        assert re.search(r"^static/a.css:2:1: .*this '}' closes nothing", printed, re.MULTILINE), printed
    assert (checked.returncode, "1 fault," in checked.stderr) == (1, True)


@pytest.mark.parametrize(
    "style",
    [
        "background:url(data:image/png;base64,aGFsbG8=)",
        "background:url(#mark)",
        "background:url(/x.png)",
        'content:"url(nope.png) > {"',
    ],
)
def test_what_names_no_file_in_a_style_stays_as_it_is(house: Path, style: str) -> None:
    put(
        house, "static/a.css", f"@namespace url(http://www.w3.org/1999/xhtml); /* url(nope.png) don't */ p{{{style}}}"
    )
    sheet = sheets(house, "other.css").assets()["a.css"].content.decode()
    assert sheet == f"@namespace url(http://www.w3.org/1999/xhtml);p{{{style}}}\n"


def test_a_style_of_the_house_imports_others_into_its_own_layer(house: Path) -> None:
    put(house, "static/a.css", "@import 'kit/b.css' print;\nh1 { background: image-set('z.svg' 1x) }")
    put(house, "static/kit/b.css", "p { background: url(../z.svg) }")
    put(house, "static/z.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    settings = house / "content" / "site.yaml"
    put(house, "content/site.yaml", settings.read_text(encoding="utf-8") + "\ntheme: {style: a.css}\n")
    assert "1 article" in build(house)
    assets = house / "site" / "assets"
    ((sheet,), (sign,)) = (list(assets.glob(name)) for name in ("style.*.css", "z.*.svg"))
    own = sheet.read_text(encoding="utf-8").partition("}@media print{p{background: ")[2]
    assert own.startswith(f"url({sign.name})}}")
    assert f"h1{{background: image-set('{sign.name}' 1x)}}" in own
    assert "image-set('data:image/svg+xml;base64," in page(house, "mieten/single.html")


@pytest.mark.parametrize(
    ("style", "served"),
    [
        ("@import 'b b.css'", "p{color: red}"),
        ('@import url("b b.css") screen', "@media screen{p{color: red}}"),
        ("@IMPORT url(b\\20 b.css)/* why */;", "p{color: red}"),
        ("@import url(b\\ b.css) print; a { top: 0 }", "@media print{p{color: red}}a{top: 0}"),
        ("@import 'b%20b.css' screen and (width > 9px);", "@media screen and (width>9px){p{color: red}}"),
        ("\ufeffp { color: red }", "p{color: red}"),
        ("p { margin: 1px/**/2px/* why */ ; content: '/* \\' }' }", "p{margin: 1px/**/2px;content: '/* \\' }'}"),
        ("a[href$=')'] { top: calc(1px*(2 + 1)) }", "a[href$=')']{top: calc(1px*(2 + 1))}"),
        ("@media (9px<top<99em) { a { content: '// <b>' } }", "@media (9px<top<99em){a{content: '// <b>'}}"),
    ],
)  # fmt: skip
def test_what_a_style_means_to_browsers_is_what_is_served(house: Path, style: str, served: str) -> None:
    put(house, "static/Haus.CSS", style)
    put(house, "static/b b.css", "\ufeffp { color: red }")
    reading = sheets(house, "Haus.CSS")
    sheet = reading.assets()["style.css"].content.decode()
    assert not reading.faults
    assert sheet.startswith("@layer base{")
    assert sheet.endswith(f"}}{served}\n"), sheet[-200:]


def test_a_packaged_file_is_shown_to_be_copied_and_makes_the_same_page(house: Path) -> None:
    build(house)
    before = page(house)
    for name, shown in (("base.html", "templates/base.html"), ("static/reading.js", "static/reading.js")):
        ended = subprocess.run(
            [sys.executable, "-m", "randnotiz", "theme", "show", name],
            cwd=house,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        put(house, shown, ended.stdout)
    build(house)
    assert page(house) == before
    assert "did you mean 'templates/base.html'?" in run(house, "theme", "show", "templates/bse.html").stderr


def test_a_copy_whose_original_has_changed_since_is_told(house: Path) -> None:
    put(house, "templates/base.html", shipped.copy("templates/base.html"))
    put(house, "templates/plain.html", "{% extends '!plain.html' %}")
    put(house, "static/house.css", "p {}")
    put(house, "static/favicon.svg", re.sub(rb"[0-9a-f]{12}", b"0123456789ab", shipped.copy("static/favicon.svg")))
    listed = dict(shipped.listing({name: house / name for name in shipped.FOLDERS}))
    assert {name: words for name, words in listed.items() if words} == {
        "templates/base.html": "your own, in the place of the packaged one",
        "templates/plain.html": "your own, in the place of the packaged one",
        "static/favicon.svg": "your own; the packaged one has changed since it was copied",
        "static/house.css": "your own",
    }
    assert "templates/article.html" in run(house, "theme", "list").stdout


def test_the_blocks_that_the_guide_lists_are_those_of_the_templates() -> None:
    listed = {
        (name, block)
        for name, blocks in re.findall(r"^\| `([\w/.-]+)` \| (`.*?) \|", THEMING, re.MULTILINE)
        for block in re.findall(r"`([a-z]+)`", blocks)
    }
    there = {
        (name, block)
        for name, path in shipped.files(shipped.folder("templates")).items()
        for block in re.findall(r"{%-? block (\w+)", path.read_text(encoding="utf-8"))
    }
    assert listed == there
