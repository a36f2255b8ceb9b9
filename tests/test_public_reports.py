"""What was reported of other generators and previews, tried here. Those of wires and hosts are in `test_guard.py`."""

import os
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from randnotiz.diagnostics import as_text
from randnotiz.preview.state import PreviewState
from randnotiz.site import BuildOptions, BuildResult, SitePaths, building
from tests.places import ROOT, folders_in

SITE = "title: Stadtblatt\nurl: https://stadtblatt.example/\nlang: de\npublisher: {name: Stadtblatt}\n"
ARTICLE = (
    "---\ntitle: Steigen die Mieten?\nsummary: Nachgerechnet.\npublished: 2026-11-24\n---\nDie Mieten steigen.\n"
)
GIF = b"GIF89a\x10\0\x10\0\x80\0\0\0\0\0" + bytes(3) + b",\0\0\0\0\x10\0\x10\0\0\x02\x02\x84\x51\0;"


@pytest.fixture
def folders(tmp_path: Path) -> SitePaths:
    folders = folders_in(tmp_path)
    for slug in ("mieten", "wohnen"):
        (folders.content / slug).mkdir(parents=True)
        (folders.content / slug / "article.md").write_text(ARTICLE, encoding="utf-8")
    (folders.content / "site.yaml").write_text(SITE, encoding="utf-8")
    return folders


def built(folders: SitePaths) -> BuildResult:
    return building.build(folders, BuildOptions())


def page(folders: SitePaths) -> str:
    return (folders.output / "mieten" / "index.html").read_text(encoding="utf-8")


def test_a_page_whose_article_is_gone_is_gone(folders: SitePaths) -> None:  # gohugoio/hugo#5266, 11ty/dev-server#60
    built(folders)
    shutil.rmtree(folders.content / "mieten")
    assert not built(folders).stopped
    assert not (folders.output / "mieten").exists()


def test_a_template_that_was_edited_is_used(folders: SitePaths, tmp_path: Path) -> None:  # gohugoio/hugo#12296
    own = replace(folders, templates=shutil.copytree(ROOT / "templates", tmp_path / "templates"))
    built(own)
    path = own.templates / "article.html"
    path.write_text(path.read_text(encoding="utf-8").replace('<main id="main"', '<main data-new id="main"', 1))
    built(own)
    assert "<main data-new" in page(own)


def test_a_picture_is_fresh_whatever_its_time_says(folders: SitePaths) -> None:  # sphinx-doc/sphinx#14312, #11556
    picture = folders.content / "mieten" / "haus.gif"
    picture.write_bytes(GIF)
    times = picture.stat().st_atime_ns, picture.stat().st_mtime_ns
    with (folders.content / "mieten" / "article.md").open("a", encoding="utf-8") as text:
        text.write("\n![Ein Haus](haus.gif)\n")
    built(folders)
    other = GIF.replace(b"\x80\0\0\0\0\0", b"\x80\0\0\x7f\0\0")
    picture.write_bytes(other)
    os.utime(picture, ns=times)
    assert built(folders).built == 1
    assert (folders.output / "mieten" / "haus.gif").read_bytes() == other


def test_a_second_build_of_the_same_has_nothing_to_do(
    folders: SitePaths,
) -> None:  # sphinx-doc/sphinx-autobuild#120, #187
    built(folders)
    before = {path: path.stat().st_mtime_ns for path in folders.content.rglob("*")}
    assert built(folders).built == 0
    assert {path: path.stat().st_mtime_ns for path in folders.content.rglob("*")} == before


def test_a_link_out_of_the_content_shows_nothing(folders: SitePaths, tmp_path: Path) -> None:
    secret = tmp_path / "secret"  # jekyll/jekyll#1944, mkdocs/mkdocs#4028, 418sec/huntr#1809
    secret.write_text("TOKEN=hunter2\n", encoding="utf-8")
    (folders.content / "mieten" / "daten.csv").symlink_to(secret)
    made = built(folders)
    assert [one.code for one in made.diagnostics] == ["file-outside"]
    assert "hunter2" not in as_text(made.diagnostics, str)
    assert not (folders.output / "mieten").exists()


@pytest.mark.parametrize("name", ["bild.html", "bild.php", "bild.svg", "bild.png", "bild"])
def test_a_picture_is_what_its_name_says(folders: SitePaths, name: str) -> None:  # hackmdio/codimd#1634, #1636
    (folders.content / "mieten" / name).write_bytes(GIF + b"<script>alert(1)</script>")
    with (folders.content / "mieten" / "article.md").open("a", encoding="utf-8") as text:
        text.write(f"\n![Ein Haus]({name})\n")
    made = built(folders)
    assert made.stopped
    assert {one.code for one in made.diagnostics} == {"value-malformed"}


def test_the_preview_goes_on_after_a_fault_and_shows_front_matter_at_once(folders: SitePaths) -> None:
    preview = PreviewState(folders, BuildOptions())  # mkdocs/mkdocs#164, 11ty/buildawesome#3397
    preview.look_around()
    path = folders.content / "mieten" / "article.md"

    def saved(text: str) -> str:
        path.write_text(text, encoding="utf-8")
        preview.glance("mieten")
        return preview.fresh["mieten/index.html"].decode()

    assert "Steigen die Mieten?" in saved(ARTICLE)
    assert "Steigen die Mieten?" in saved(ARTICLE.replace("title: Steigen die Mieten?", "title: [")), (
        "the last good one"
    )
    assert preview.faulty
    assert "Sinken die Mieten?" in saved(ARTICLE.replace("Steigen", "Sinken"))
    assert not preview.faulty


def test_a_file_that_is_gone_again_is_no_fault(folders: SitePaths) -> None:  # mkdocs/mkdocs#2556, #2175
    preview = PreviewState(folders, BuildOptions())
    preview.look_around()
    backup = folders.content / "mieten" / "article.md~"
    backup.symlink_to(folders.content / "mieten" / "gone.md")
    preview.glance("mieten")
    assert preview.faulty  # it is there, and leads nowhere
    backup.unlink()
    preview.glance("mieten")
    assert not preview.faulty
