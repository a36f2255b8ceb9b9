"""Which of an author's files are published: by their names, and by bytes that fit these very names."""

import re
import struct
import unicodedata
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from urllib.parse import unquote

import pytest

from randnotiz import media, sidecars, site
from randnotiz.diagnostics import ContentError, Position
from randnotiz.markdown import NO_PICTURE
from randnotiz.site import building
from tests.places import folders_in

PLACE = Position("mieten/article.md", 11, 8)
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><path d="M0 0h3"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 3, 2) + b"\x08\x02\0\0\0" + bytes(8) + b"IEND\xaeB`\x82"
GIF = b"GIF89a\x10\0\x10\0<script>window.hostile = 1</script><?php system('id'); ?>\0;"
JPEG = b"\xff\xd8\xff\xc0\0\x11\x08" + struct.pack(">HH", 30, 40) + b"\3\1\xff\xd9"
WEBP = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 50, 60)
TEXT = "Bezirk;Miete\nAltona;12,50\n".encode("utf-16")

# Formats with the endings that they may have. Each is refused under every other ending.
FORMATS: tuple[tuple[str, bytes], ...] = (
    ("png", PNG),
    ("jpg jpeg", JPEG),
    ("gif", GIF),
    ("webp", WEBP),
    ("svg", SVG),
    (
        "txt md csv tsv json geojson ipynb bib ris ics srt",
        b"Die Mieten: a < b.\n<script>window.hostile = 1</script>\n",
    ),
    ("txt md csv tsv json geojson ipynb bib ris ics srt", TEXT),
    ("vtt", b"\xef\xbb\xbfWEBVTT\n\n00:01.000 --> 00:02.000\nMoin.\n"),
    ("pdf", b"%PDF-1.7\n"),
    ("rtf", rb"{\rtf1 Moin.}"),
    ("zip docx xlsx pptx odt ods odp epub", b"PK\x03\x04\x14\0\0\0"),
    ("zip docx xlsx pptx odt ods odp epub", b"PK\x05\x06" + bytes(18)),
    ("doc xls ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(8)),
    ("gz", b"\x1f\x8b\x08\0"),
    ("xz", b"\xfd7zXZ\0\0\x04"),
    ("7z", b"7z\xbc\xaf\x27\x1c\0\x04"),
    ("tar", b"mieten.csv".ljust(257, b"\0") + b"ustar\x0000"),
    ("sqlite gpkg", b"SQLite format 3\0\x10\0"),
    ("parquet", b"PAR1\x15\x04"),
    ("mp3", b"ID3\x04\0\0\0\0\0\0"),
    ("mp3", b"\xff\xfb\x90\x64"),
    ("mp4 m4a", b"\0\0\0\x3cftypisom"),
    ("ogg opus", b"OggS\0\x02"),
    ("wav", b"RIFF\x24\0\0\0WAVEfmt "),
    ("webm", b"\x1a\x45\xdf\xa3\x9f"),
)

# Bytes that are a page, or that some browser or server would take for one, under whatever name.
PAGES = (
    b"<script>window.hostile = 1</script>",
    b"\xef\xbb\xbf \r\n\t<!DOCTYPE html><body onload=window.hostile=1>",
    b"\x0c\x0b<a href='javascript:window.hostile=1'>Weiter</a>",
    b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>window.hostile = 1</script></html>',
    b"<?php system('id'); ?>",
    "\N{BYTE ORDER MARK}<script>window.hostile = 1</script>".encode("utf-16-le"),
    b"<script>window.hostile = 1</script>".ljust(257, b"\0") + b"ustar\x0000",
    b"<b> ftypisom<script>window.hostile = 1</script>",
    b'<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><script>window.hostile = 1</script></svg>',
    b'<html><svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/></html>',
)

# Names that nothing is published under, whatever the bytes.
NAMES = (
    # of pages, programs and styles
    *("bild.html", "bild.HTM", "bild.xhtml", "bild.shtml", "bild.mhtml", "bild.xml", "bild.xsl", "bild.svgz"),
    *("bild.js", "bild.mjs", "bild.css", "bild.wasm", "bild.swf", "bild.php", "bild.pHp5", "bild.phtml", "bild.phar"),
    *("bild.cgi", "bild.pl", "bild.asp", "bild.jsp", "bild.hta", "bild.exe", "bild.jar", "bild.webmanifest"),
    # without an ending, with one that is none, or with one too many
    *("bild", "png", "bild.", "bild.png.", "bild.png ", "bild.png. .", "bild.png\n", "bild.png\N{NO-BREAK SPACE}"),
    *("bild.png.html", "bild.gif.php", "bild.php.png", "bild.PHP7.gif", "bild.asp.jpg", "karte.shtml.svg"),
    *(
        "bild.html.gz",
        "bild.html.en.gz",
        "bild.htm.bib",
        "bild.html.png",
        "bild.HTML.ris",
        "bild.css.de.xz",
        "bild.svg.gz",
        "bild.svgz.gz",
        "bild.js.xz",
        "bild.png/",
        "bild.png/.html",
    ),
    # hidden
    *(".htaccess", ".png", ".stage/bild.png", "data/.bild.png", "data/.git/bild.png"),
    # with what a server or a disk reads differently
    *(
        "bild%2ehtml",
        "bild%2Ehtml",
        "bild.html%00.png",
        "bild.html\0.png",
        "bild.html;.png",
        "bild.html:.png",
        "bild.html::$DATA.png",
    ),
    *(
        "..\\mieten2\\bild.png",
        "data\\bild.png",
        " bild.png",
        "data /bild.png",
        "data./bild.png",
        "\u202egnp.bild.png",
    ),
    # that only look like others
    *(
        "bild.\N{CYRILLIC SMALL LETTER ER}ng",
        "bild.pn\N{LATIN SMALL LETTER SCRIPT G}",
        "bild\N{FULLWIDTH FULL STOP}png",
    ),
    *(
        "bild.gp\N{KELVIN SIGN}g",
        "bild.\N{FULLWIDTH LATIN SMALL LETTER P}ng",
        "bild.g\N{LATIN SMALL LETTER DOTLESS I}f",
    ),
    # of what the build writes, or might write
    *("index.html", "INDEX.HTML", "index.html.gz", "index.html/bild.png", "neu/index.html", "single.html"),
    *("share.png", "Share.PNG", "share.png.gz", "share.png/bild.png", "SHARE.PNG /bild.png", "share.png.png"),
    *("\N{LATIN SMALL LETTER LONG S}hare.png", "\N{FULLWIDTH LATIN SMALL LETTER S}hare.png", "figures.json"),
    *(
        "FIGURES.JSON",
        "sources.json",
        "sources.bib",
        "hypothesis.json",
        "annotations.jsonld",
        "annotations.jsonld.gz",
    ),
    *(
        "claims/nix/index.html",
        "claims/bild.png",
        "CLAIMS/bild.png",
        "claims.png",
        "charts/rents.svg",
        "Charts/neu.csv",
    ),
)
FINE = (
    *("bild.png", "BILD.PNG", "bilder/haus am see.png", "960px-Flagge.svg.png", "Abb. 3.png", "haus.2024-05-01.png"),
    *("Straßenbahn (Altona), 1978.png", "家.png", "my-claims.png", "bilder/share.png", "data/claims/bild.png"),
    *("assets/bild.png", "sources/bild.png", "v1.0.2.png"),
)


def is_published(name: str, content: bytes, *, picture: bool = False, slug: str | None = "mieten") -> bool:
    try:
        media.publish(name, content, PLACE, slug, picture=picture)
    except ContentError:
        return False
    return True


def test_a_file_is_published_under_an_ending_that_fits_its_bytes_and_under_no_other() -> None:
    wrong = []
    for (own, content), ending in product(FORMATS, media.FORMATS):
        fits = ending in own.split()
        if is_published(f"datei.{ending}", content) != fits:
            wrong.append((ending, content))
        if is_published(f"datei.{ending.upper()}", content, picture=True) != (fits and ending in media.PICTURES):
            wrong.append((f"picture {ending}", content))
    assert wrong == []
    assert {ending for own, _ in FORMATS for ending in own.split()} == media.FORMATS.keys()


def test_nothing_is_published_under_a_name_that_is_run_read_differently_or_taken() -> None:
    contents = (*(content for _, content in FORMATS), *PAGES)
    assert [
        (name, content, picture)
        for name, content, picture in product(NAMES, contents, (False, True))
        if is_published(name, content, picture=picture)
    ] == []


def test_no_page_is_published_under_any_name() -> None:
    names = (*NAMES, *(f"datei.{ending}" for ending in media.FORMATS))
    published = [(name, page) for name, page in product(names, PAGES) if is_published(name, page)]
    assert published == []


@pytest.mark.parametrize("name", FINE)
def test_other_names_are_the_authors_to_choose(name: str) -> None:
    assert is_published(name, PNG)
    assert is_published(name, PNG, picture=True)


def picture(width: int, height: int) -> bytes:
    return PNG[:16] + struct.pack(">II", width, height) + PNG[24:]


def test_a_picture_that_fills_the_memory_is_refused() -> None:
    for width, height in ((30_000, 30_000), (1_000_000, 51)):
        with pytest.raises(ContentError, match=f"{width:,} × {height:,} pixels") as told:
            media.publish("haus.png", picture(width, height), PLACE, "mieten", picture=True)
        assert told.value.diagnostic.code == "limit-exceeded"
    media.publish("haus.png", picture(8_660, 5_773), PLACE, "mieten", picture=True)  # a large camera's


@pytest.mark.parametrize(
    "name",
    ["con.png", "con .png", "CONIN$", "data/AUX.csv", "nul/karte.svg", "com1.txt", "lpt\N{SUPERSCRIPT TWO}.md"],
)
def test_a_name_that_windows_keeps_for_a_device_is_refused(name: str) -> None:
    with pytest.raises(ContentError, match="device") as told:
        media.publish(name, b"Moin.", PLACE, "mieten", picture=False)
    assert told.value.diagnostic.code == "name-clash"


CLASHES = {
    "![Ein Haus](Haus.png) ![Ein Haus](haus.png)": ("Haus.png", "haus.png"),
    "[hier](d/straße.csv) [da](d/STRASSE.csv)": ("d/straße.csv", "d/STRASSE.csv"),
}


def test_a_name_is_the_same_however_its_letters_are_composed(tmp_path: Path) -> None:
    """As a file manager of macOS writes a name, which most keyboards write otherwise."""
    decomposed = {name: unicodedata.normalize("NFD", name) for name in ("häuser.png", "größen.csv")}
    assert all(name != other for name, other in decomposed.items())
    folders = folders_in(tmp_path)
    article = folders.content / "mieten"
    article.mkdir(parents=True)
    (folders.content / "site.yaml").write_text(
        "title: Blatt\nurl: https://blatt.example/\nlang: de\npublisher: {name: Blatt}\n", encoding="utf-8"
    )
    picture, data = decomposed.values()
    (article / "article.md").write_text(
        "---\ntitle: Mieten\npublished: 2026-11-23\nsummary: Kurz.\n"
        f"image: {{src: {picture}, alt: Häuser}}\n---\n![Häuser]({picture}) und [Größen]({data}).\n",
        encoding="utf-8",
    )
    for (name, other), content in zip(decomposed.items(), (PNG, b"a,b\n"), strict=True):
        (article / other).write_bytes(content)
        assert building.build(folders, site.BuildOptions()).stopped == (name == "häuser.png")
    page = (folders.output / "mieten" / "index.html").read_text(encoding="utf-8")
    linked = {unquote(address) for address in re.findall(r'(?:src|href)="([^":]*\.(?:png|csv))"', page)}
    assert decomposed.keys() <= linked
    assert all((folders.output / "mieten" / name).is_file() for name in decomposed)
    (article / "häuser.png").write_bytes(PNG)
    (fault,) = site.check(folders, site.BuildOptions()).diagnostics
    assert (fault.position.path, fault.code) == ("mieten/häuser.png", "name-clash")


@pytest.mark.parametrize(("text", "names"), CLASHES.items())
def test_two_files_that_are_one_on_many_disks_are_refused(text: str, names: tuple[str, str], tmp_path: Path) -> None:
    article = tmp_path / "content" / "mieten"
    (article / "d").mkdir(parents=True)
    (article.parent / "site.yaml").write_text(
        "title: Blatt\nurl: https://blatt.example/\nlang: de\npublisher: {name: Blatt}\n", encoding="utf-8"
    )
    front = "title: Mieten\nlang: de\nauthors: [Redaktion]\npublished: 2026-11-23\nsummary: Kurz.\n"
    (article / "article.md").write_text(f"---\n{front}---\nDie Mieten steigen. {text}\n", encoding="utf-8")
    for name in names:
        (article / name).write_bytes(PNG if name.endswith("png") else b"a,b\n")
    assert [one.code for one in site.check(folders_in(tmp_path), site.BuildOptions()).diagnostics] == ["name-clash"]
    (article / names[1]).unlink()
    (article / "article.md").write_text(
        f"---\n{front}---\nDie Mieten steigen. {text.replace(names[1], names[0])}\n", encoding="utf-8"
    )
    assert site.check(folders_in(tmp_path), site.BuildOptions()).diagnostics == ()


def test_a_logo_gets_a_name_of_the_builds() -> None:
    assert is_published("share.png", PNG, picture=True, slug=None)
    assert not is_published("share.html", PNG, picture=True, slug=None)


SAVE = "Save it in that format, or put it into a .zip file."
# The file, whether it is a picture, what its author is told, and what to do.
TOLD: Mapping[str, tuple[bytes, bool, str, str]] = {
    "haus.png": (GIF, True, "is named as a .png file, but it begins as a .gif file does", "Call it 'haus.gif'."),
    "b/haus.gif": (
        JPEG,
        False,
        "is named as a .gif file, but it begins as a .jpg or .jpeg file does",
        "Call it 'b/haus.jpg'.",
    ),
    "haus.html": (GIF, True, NO_PICTURE, "Call it 'haus.gif'."),
    "haus": (PNG, True, NO_PICTURE, "Call it 'haus.png'."),
    "haus.svg": (b"Ein Haus.", True, NO_PICTURE, ""),
    "plan.svg": (SVG.replace(b"?>", b' encoding="foo"?>', 1), True, NO_PICTURE, ""),
    "plan.pdf": (b"Ein Plan.", False, "is named as a .pdf file, but it does not begin as one", SAVE),
    "plan.csv": (
        b"%PDF-1.7",
        False,
        "is named as a .csv file, but it begins as a .pdf file does",
        "Call it 'plan.pdf'.",
    ),
    "plan.png": (b"%PDF-1.7", True, "is named as a .png file, but it begins as a .pdf file does", SAVE),
    "plan.md": (
        b"\n<p>Ein Plan.",
        False,
        "begins with '<', and some servers and browsers would take it for a page",
        "Let it begin with a word, or put it into a .zip file.",
    ),
    "plan;v2.pdf": (
        b"%PDF-1.7",
        False,
        "is a name that some disks and servers take for another",
        r"Give it another: without : ; \ or escapes (%20), no dot or blank at the ends of a part, and one ending.",
    ),
    "Share.png": (PNG, True, "is a file that the build makes; give yours another name", ""),
}


def test_a_text_that_git_left_two_versions_in_is_not_published() -> None:
    with pytest.raises(ContentError) as caught:
        media.publish("plan.txt", b"Ein Plan.\n<<<<<<< HEAD\n", PLACE, "mieten", picture=False)
    assert caught.value.diagnostic.code == "conflict-marker"
    assert caught.value.diagnostic.position == Position("mieten/plan.txt", 2, 1)


@pytest.mark.parametrize("name", TOLD)
def test_who_named_a_file_wrongly_is_told_the_way_out(name: str) -> None:
    content, picture, words, way_out = TOLD[name]
    with pytest.raises(ContentError) as caught:
        media.publish(name, content, PLACE, "mieten", picture=picture)
    assert caught.value.diagnostic.position == PLACE
    assert (caught.value.diagnostic.message, caught.value.diagnostic.hint) == (f"'{name}' {words}", way_out)


# ----------------------------------------------------------------------------------------------------
# Through a whole build
# ----------------------------------------------------------------------------------------------------

SETTINGS = """\
title: Stadtblatt
url: https://stadtblatt.example/
lang: de
publisher: {name: Stadtblatt, url: "https://stadtblatt.example/"}
"""
ARTICLE = """\
---
title: Steigen die Mieten?
authors: [Redaktion]
published: 2026-11-23
summary: Was die Zahlen des Amtes hergeben.
%s---
Die Mieten stiegen.

%s
"""
# Each way in which content puts a file into a site: the settings, the front matter, the text.
WAYS = {
    "picture": ("", "", "![Ein Haus](<{}>)"),
    "link": ("", "", "[Ein Haus](<{}>)"),
    "lead picture": ("", "image: {{src: '{}', alt: Ein Haus}}\n", ""),
    "logo": ("logo: '{}'\n", "", ""),
}


def built(root: Path, way: str, name: str, content: bytes) -> site.BuildResult:
    """A site with an article that leads to a file, which lies beside it and beside the settings."""
    settings, front, text = (part.format(name) for part in WAYS[way])
    for path in (root / "content" / name, root / "content/mieten" / name):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (root / "content/site.yaml").write_text(SETTINGS + settings, encoding="utf-8")
    (root / "content/mieten/article.md").write_text(ARTICLE % (front, text), encoding="utf-8")
    return building.build(folders_in(root), site.BuildOptions())


@pytest.mark.parametrize("way", WAYS)
def test_whatever_way_a_file_takes_into_a_site_it_is_looked_at(way: str, tmp_path: Path) -> None:
    for name in ("bild.html", "neu/index.html", "bild.php.gif", "bild.png", "bild"):
        outcome = built(tmp_path / "refused", way, name, GIF)
        assert outcome.stopped, name
        assert name in "".join(diagnostic.message for diagnostic in outcome.diagnostics)
    assert not list((tmp_path / "refused").glob("site/*.*"))
    assert built(tmp_path / "document", way, "plan.pdf", b"%PDF-1.7").stopped == (way != "link")
    assert not built(tmp_path / "fine", way, "haus am see.gif", GIF).stopped
    assert any(path.read_bytes() == GIF for path in (tmp_path / "fine/site").rglob("*.gif"))


@pytest.mark.parametrize(
    "link", ["../mieten/bild.html", "../mieten/bild.php", "../mieten/neu/", "../mieten/bild.png.html"]
)
def test_no_link_leads_to_what_no_article_publishes(link: str, tmp_path: Path) -> None:
    outcome = built(tmp_path, "link", "bild.gif", GIF)
    assert not outcome.stopped
    article = tmp_path / "content/mieten/article.md"
    article.write_text(f"{article.read_text(encoding='utf-8')}\n[Weiter]({link})\n", encoding="utf-8")
    outcome = building.build(folders_in(tmp_path), site.BuildOptions())
    message = f"'{link}' leads to no page, and no article publishes such a file"
    assert [(one.code, one.message) for one in outcome.diagnostics] == [("link-broken", message)]


# ----------------------------------------------------------------------------------------------------
# The table of names
# ----------------------------------------------------------------------------------------------------


def test_all_that_a_build_writes_has_a_name_in_the_table(real_site: Path) -> None:
    written = [path.relative_to(real_site).as_posix() for path in real_site.rglob("*") if path.is_file()]
    authors = {"handbook/annotation.png", "handbook/two-files.svg", "handbook/data/planets.csv"}
    own = [path for path in written if path not in authors and not path.startswith(".")]
    assert [path for path in own if not sidecars.is_taken(path)] == []
    assert [path for path in authors if sidecars.is_taken(path)] == []
    assert [path for path in own if path.endswith(".html") != sidecars.is_page(path)] == []


def test_what_lies_beside_a_page_is_what_the_table_says(real_site: Path) -> None:
    folder = real_site / "deepseek-nachgerechnet"
    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    name = re.compile(r"^(charts|claims|search)/[^/]+?(?=\.csv$|\.svg$|\.vl\.json$|\.js$|/)")
    kinds = {name.sub(r"\1/*", path) for path in paths}
    assert kinds == {sidecar.path for sidecar in sidecars.SIDECARS}
    charts = {path.name.partition(".")[0] for path in (folder / "charts").glob("*.csv")}
    claims = {path.name for path in (folder / "claims").iterdir()}
    others = [path for path in paths if not path.startswith("search/")]  # as many as the words need
    assert sorted(others) == sorted(sidecars.beside(charts, claims))


@pytest.mark.parametrize(
    "path",
    ["bild.html", "mieten/bild.html", "mieten/neu/index.html", "mieten/claims/index.htm", "mieten/a/b/index.html"],
)
def test_at_other_names_there_is_no_page(path: str) -> None:
    assert not sidecars.is_page(path)
