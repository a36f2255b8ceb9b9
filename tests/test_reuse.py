"""What the preview keeps from one save to the next: the page is always the one that a new process makes."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from randnotiz import charts
from randnotiz.preview.state import PreviewState
from randnotiz.site import BuildOptions
from tests import test_every_field as fields
from tests.places import ROOT, folders_in

pytestmark = pytest.mark.slow

SLUG = "mieten"


def written(path: str, old: str, new: str) -> Callable[[Path], None]:
    """An edit of a file of the desk: each must find what it changes."""

    def edit(root: Path) -> None:
        text = (root / path).read_text(encoding="utf-8")
        assert old in text, f"{path} has no '{old}'"
        (root / path).write_text(text.replace(old, new), encoding="utf-8")

    return edit


def larger(root: Path) -> None:
    (root / "content" / SLUG / "bild 100%.png").write_bytes(fields.png(18, 12))


EDITS: dict[str, Callable[[Path], None]] = {
    "a note": written("content/mieten/sources.yaml", "VERMERK", "VERMERK, neu"),
    "a source": written("content/mieten/sources.yaml", "title: Mietbericht", "title: Mieten im Bericht"),
    "who wrote it": written(
        "content/mieten/sources.yaml", "issued: 2025,", "issued: 2024, author: [{literal: Amt}],"
    ),
    "a number that goes in": written("content/mieten/figures.yaml", "value: 900", "value: 910"),
    "a figure without a note": written("content/mieten/figures.yaml", "note: ZAHLENVERMERK", "note: ANDERER VERMERK"),
    "a verdict": written("content/site.yaml", "de: Widerlegt", "de: Falsch"),
    "the text, so that all numbers of notes move": written(
        "content/mieten/article.md", "Die Mieten stiegen nach", "Davor.[^a-2] Die Mieten stiegen nach"
    ),
    "a chart's title": written("content/mieten/charts.yaml", "title: DIAGRAMMTITEL", "title: Mieten"),
    "a chart's note": written("content/mieten/charts.yaml", "note: DIAGRAMMVERMERK", "note: ANDERER VERMERK"),
    "what a chart draws": written("content/mieten/charts.yaml", "jahr: ZEILE, miete: 900", "jahr: ZEILE, miete: 870"),
    "what a chart leans on": written("content/mieten/charts.yaml", "passage: DIAGRAMMSTELLE", "passage: TAFEL"),
    "a second source of the same name": written(
        "content/mieten/sources.yaml",
        "sources:\n-",
        "sources:\n- {id: neu, type: report, title: Neues, issued: 2024, author: [{literal: Amt}]}\n-",
    ),
    "a voice": written("content/mieten/counterclaims.yaml", "stance: disputes", "stance: qualifies"),
    "a picture's size": larger,
    "the template of notes": written(
        "templates/parts/notes.html", '<p class="passage">', '<p class="passage of-note">'
    ),
    "the template of sources": written("templates/parts/notes.html", 'class="source body"', 'class="source one"'),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    fields.write(tmp_path / "content")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    return tmp_path


def made_anew(root: Path) -> bytes:
    """The page as a process makes it that has nothing in its memory."""
    options = ("--content", "content", "--templates", "templates", "--output", "site", "--clean")
    done = subprocess.run(
        [sys.executable, ROOT / "build.py", *options], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return body((root / "site" / SLUG / "index.html").read_bytes())


def body(page: bytes) -> bytes:
    """A page without its head, from which the preview leaves out what only machines read."""
    return page[page.index(b"<body") :]


def glanced(desk: PreviewState) -> bytes:
    """The page as the preview shows it once its charts are drawn."""
    desk.glance(SLUG)
    while desk.undrawn:
        (slug, _), prepared = next(iter(desk.undrawn.items()))
        assert charts.try_out(prepared, desk.folders.cache / "charts")
        desk.tried(slug, prepared, None)
    return body(desk.fresh[f"{SLUG}/index.html"])


def test_after_each_edit_the_page_is_that_of_a_new_process(root: Path) -> None:
    desk = PreviewState(folders_in(root, root / "templates"), BuildOptions())
    desk.look_around()
    before = glanced(desk)
    assert before == made_anew(root)
    for name, edit in EDITS.items():
        edit(root)
        if name in ("a verdict", "the template of notes", "the template of sources"):
            desk.look_around()
        now = glanced(desk)
        assert now != before, f"{name}: nothing has changed"
        assert now == made_anew(root), name
        before = now
