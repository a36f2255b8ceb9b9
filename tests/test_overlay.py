"""A site's own templates and static files stand before the packaged ones, one by one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from randnotiz import shipped
from tests.program import run

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "sites" / "small" / "content"
THEMING = (ROOT / "docs" / "theming.md").read_text(encoding="utf-8")
FACE = b"wOF2 a face of the house"


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
        "templates/base.html",
        "{% extends '!base.html' %}{% block footer %}{{ super() }}<p>Haus</p>{% endblock %}",
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


FAULTS = {
    "{% extends '!base.html' %}\n{% block main %}\n{{ artikel.title }}{% endblock %}": (
        "line 3: 'artikel' is undefined: templates/plain.html"
    ),
    "{% extends '!base.html' %}\n{% block main %}": "line 2: Unexpected end of template",
    "{% extends '!nirgends.html' %}": "line 1: !nirgends.html: templates/plain.html",
}


@pytest.mark.parametrize(("text", "told"), FAULTS.items())
def test_a_fault_in_a_template_of_the_house_is_told_with_its_line(house: Path, text: str, told: str) -> None:
    put(house, "content/pages/impressum.md", "---\ntitle: Impressum\n---\nWir.\n")
    put(house, "templates/plain.html", text)
    printed = build(house)
    assert told in printed
    assert "Traceback" not in printed


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
    assert f"url('{face.name}' )" in faces.read_text(encoding="utf-8")
    written = sheet.read_text(encoding="utf-8")
    assert f'@import url("fonts/{faces.name}")' in written
    assert f"url(fonts/{face.name}?#x)" in written
    assert "url(data:font/woff2;base64," in page(house, "mieten/single.html")
    assert "font-src data:" in page(house, "mieten/single.html")
    assert len(list(assets.glob("reading.*.js"))) == 1  # the package's


@pytest.mark.parametrize(
    ("name", "style", "told"),
    [
        ("a.css", "p { background: url(fonts/x.woff2) }", "there is no file 'fonts/x.woff2', which a style names"),
        ("a.css", "@import url(a.css);", "style sheets import each other in a circle: static/a.css"),
        ("a.css", b"/* \xe4 */", "this file is not UTF-8: static/a.css"),
    ],
)
def test_a_style_that_cannot_be_served_is_told_with_its_file(
    house: Path, name: str, style: str | bytes, told: str
) -> None:
    put(house, f"static/{name}", style)
    assert told in build(house)


@pytest.mark.parametrize(
    "style", ["url(https://example.org/a.png)", "url(data:image/png;base64,aGFsbG8=)", "url(#mark)", "url(/x.png)"]
)
def test_other_addresses_in_a_style_stay_as_they_are(house: Path, style: str) -> None:
    put(house, "static/a.css", f"p{{background:{style}}}")
    build(house)
    (sheet,) = (house / "site" / "assets").glob("a.*.css")
    assert sheet.read_text(encoding="utf-8") == f"p{{background:{style}}}\n"


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
