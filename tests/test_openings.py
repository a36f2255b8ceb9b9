"""Whatever content names, or has in its folder, is opened by one function, `randnotiz.reader.folder._opened`.

Strangers send content. A link, a pipe or a device in it must neither show a file of the machine nor stop anything;
what is shown beside a fault are bytes that were read for it.
"""

import ast
import ctypes
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

import build
from randnotiz import editing, reader, site
from randnotiz.codes import Status
from randnotiz.diagnostics import ContentError
from randnotiz.preview import panel
from randnotiz.preview.state import PreviewState
from tests.patience import HANGS, in_time
from tests.test_preview import eventually, free_port, start

ROOT = Path(__file__).parent.parent
PROGRAM = sorted([ROOT / "build.py", *(ROOT / "randnotiz").rglob("*.py")])

# ----------------------------------------------------------------------------------------------------
# The code opens nothing else
# ----------------------------------------------------------------------------------------------------

# What opens a file or lists a folder, whatever it is an attribute of.
OPENERS = """
    open open_code fdopen FileIO FileSystemLoader StaticFileHandler read_text read_bytes write_text write_bytes touch
    listdir scandir walk fwalk iterdir glob iglob rglob sendfile copy_file_range symlink_to hardlink_to
"""
OPENING = frozenset(OPENERS.split())
# Modules whose functions open what they are given.
LIBRARIES = """
    PIL bz2 codecs configparser dbm fileinput glob gzip importlib.resources linecache livereload lxml lzma mimetypes
    mmap netrc numpy pandas pickle runpy shelve shutil sqlite3 subprocess tarfile tempfile tokenize watchfiles
    xml.dom xml.etree xml.sax zipapp zipfile
"""
MODULES = frozenset(LIBRARIES.split())

# Every other opening there is: its file, the function around it, and the name; and why no content comes there.
OTHERS = {
    "the one function for content, and what it consists of": {
        ("reader/folder.py", "_entered", "open"),
        ("reader/folder.py", "list_folder", "scandir"),
    },
    "names below the folder that the command line gives; no link is followed, and nothing is opened": {
        ("site/__init__.py", "article_slugs", "scandir"),
        ("site/build_cache.py", "_entries", "scandir"),
        ("preview/state.py", "PreviewState.progress", "iterdir"),
        ("shipped.py", "left_out", "iterdir"),
        ("shipped.py", "left_out", "rglob"),
    },
    "the atomic writer's new file beside the old one, never through a link, and the same once it has been read as a "
    "plain file": {
        ("caching.py", "draft", "open"),
        ("editing/exchange.py", "place", "open"),
        ("editing/exchange.py", "place", "read_bytes"),
        ("editing/exchange.py", "has_writer", "open"),
    },
    "the folder of the output or of an article that has been found before: a lock on it, or on an empty file in it": {
        ("locks.py", "alone", "open"),
    },
    "a new article: the program's own examples, written into a folder that has just been made": {
        ("starter/__init__.py", "new", "read_text"),
        ("starter/__init__.py", "new", "write_text"),
        ("starter/__init__.py", "", "tempfile"),
        ("starter/__init__.py", "_site_files", "glob"),
        ("starter/__init__.py", "_site_files.filled", "read_text"),
        ("starter/__init__.py", "site", "write_text"),
    },
    "no opening: an option and a field of that name": {
        ("commands.py", "preview", "open"),
        ("exports/hosting.py", "headers", "open"),
    },
    "the command line's own: nothing to print to, where that is closed or read no more, schemas, near names": {
        ("__main__.py", "start", "open"),
        ("commands.py", "main", "open"),
        ("commands.py", "schema", "write_text"),
        ("commands.py", "_schemas_of_articles", "write_text"),
        ("commands.py", "_specimen", "write_text"),
        ("commands.py", "_settled", "glob"),
    },
    "a .docx that has been read: an archive in memory, bounded; Pandoc, which may open nothing (--sandbox); and the "
    "folder of a new article on its way": {
        ("editing/word_file.py", "", "zipfile"),
        ("editing/word_file.py", "_members", "open"),
        ("editing/word_text.py", "", "subprocess"),
        ("editing/word_import.py", "", "tempfile"),
    },
    "the program's own files, and those of its libraries": {
        ("biblatex.py", "_tables", "read_bytes"),
        ("caching.py", "toolchain_digest", "rglob"),
        ("caching.py", "toolchain_digest", "read_bytes"),
        ("caching.py", "toolchain_digest", "glob"),
        ("charts/vega_schema.py", "_definitions", "read_text"),
        ("exports/raster.py", "", "importlib.resources"),
        ("exports/raster.py", "", "shutil"),
        ("exports/raster.py", "", "tempfile"),
        ("site/building.py", "", "tempfile"),
        ("formulas/__main__.py", "work_out", "read_text"),
        ("formulas/__main__.py", "", "write_text"),
        ("formulas/unit_list.py", "_table", "read_bytes"),
        ("formulas/unit_spellings.py", "spellings", "read_bytes"),
        ("model/source.py", "foreign_words", "read_bytes"),
        ("language/__main__.py", "", "write_text"),
        ("language/cldr.py", "_prepared", "read_bytes"),
        ("language/__main__.py", "", "glob"),
        ("language/lexicon.py", "lexicon", "read_text"),
        ("language/catalogue.py", "_shipped", "read_bytes"),
        ("language/catalogue.py", "folders", "iterdir"),
        ("language/__main__.py", "", "read_bytes"),
        ("language/__main__.py", "", "write_bytes"),
        ("preview/server.py", "Client.get", "read_bytes"),
        ("preview/server.py", "", "mimetypes"),
    },
    "templates and static, which are programs like our own": {
        ("pages/__init__.py", "", "read_text"),
        ("pages/__init__.py", "_texts", "read_text"),
        ("pages/__init__.py", "theme", "read_bytes"),
        ("pages/assets.py", "_content", "read_bytes"),
        ("site/look_checks.py", "_file", "read_bytes"),
        ("pages/assets.py", "_content", "read_text"),
        ("pages/assets.py", "Reading._sheet", "read_text"),
        ("pages/assets.py", "Reading._gate", "read_bytes"),
        ("pages/assets.py", "read_text", "read_text"),
        ("shipped.py", "copy", "read_bytes"),
        ("shipped.py", "files", "rglob"),
        ("shipped.py", "listing", "read_bytes"),
    },
    "the cache, under names that are digests": {
        ("caching.py", "get", "read_bytes"),
        ("site/build_cache.py", "", "sqlite3"),
        ("site/building.py", "_Building._holds", "touch"),  # a row
    },
    "the output, where only builds write": {
        ("preview/state.py", "PreviewState.file", "read_bytes"),
        ("site/output.py", "", "shutil"),
        ("site/output.py", "_who", "read_text"),
        ("site/output.py", "Stage.put", "open"),
        ("site/output.py", "Stage.read", "read_bytes"),
        ("site/output.py", "read_manifest", "read_bytes"),
        ("site/output.py", "_listed", "scandir"),
    },
    "texts that are read as XML, never files": {
        ("charts/svg.py", "", "xml.etree.ElementTree"),
        ("charts/svg.py", "parsed", "xml.etree"),
    },
    "a process of our own, which is given the chart and no path": {
        ("charts/drawing.py", "", "subprocess"),
        ("charts/drawing.py", "", "tempfile"),
    },
    "git, asked for what is committed of an article; no setting of a repository starts anything": {
        ("earlier.py", "_git", "subprocess"),
    },
    "the preview: a browser, a server without its watcher, and the names of what changes": {
        ("preview/__init__.py", "serve", "open"),
        ("preview/__init__.py", "Preview._watch_folders", "watchfiles"),
        ("preview/__init__.py", "watched", "walk"),
        ("preview/server.py", "", "livereload"),
        ("preview/server.py", "", "livereload.handlers"),
        ("preview/server.py", "", "livereload.watcher"),
    },
}


def openings(source: str) -> Iterator[tuple[str, str]]:
    """Whatever opens files in a module: the function or class around it, and its name."""

    def within(node: ast.AST, around: str) -> Iterator[tuple[str, str]]:
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from within(inner, f"{around}.{inner.name}".lstrip("."))
                continue
            yield from ((around, name) for name in named(inner))
            yield from within(inner, around)

    return within(ast.parse(source), "")


def named(node: ast.AST) -> list[str]:
    """The names in a piece of code that open files, imported or used; also those that are looked up as words."""
    match node:
        case (
            ast.Name(id=name, ctx=ast.Load())
            | ast.Attribute(attr=name)
            | ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_])
        ):
            return [name] if name in OPENING else []
        case ast.Import(names=modules):
            return [module.name for module in modules if opens(module.name)]
        case ast.ImportFrom(module=module, names=names):
            whole = [f"{module}.{one.name}" for one in names if opens(f"{module}.{one.name}")]
            return [str(module)] if opens(str(module)) else whole + [one.name for one in names if one.name in OPENING]
    return []


def opens(module: str) -> bool:
    """Whether a module, or one that it lies in, is among those that open files."""
    parts = module.split(".")
    return any(".".join(parts[:end]) in MODULES for end in range(1, len(parts) + 1))


def test_nothing_else_in_the_program_opens_a_file() -> None:
    found = {
        (path.relative_to(ROOT).as_posix().removeprefix("randnotiz/"), *opening)
        for path in PROGRAM
        for opening in openings(path.read_text(encoding="utf-8"))
    }
    argued = {each for group in OTHERS.values() for each in group}
    assert found - argued == set(), "opened beside the one function: use reader.load_file, or argue it in OTHERS"
    assert argued - found == set(), "argued, but not there any more"


@pytest.mark.parametrize(
    "code",
    [
        "text = (content / path).read_text()",
        "raws = map(Path.read_bytes, paths)",
        "with open(path) as file: pass",
        "number = os.open(path, os.O_RDONLY)",
        "from os import open as start",
        "from io import FileIO",
        "def f():\n  from PIL import Image",
        "import xml.etree.ElementTree as tree",
        "from xml.etree import ElementTree",
        "from importlib import resources",
        "import shutil",
        "getattr(path, 'read_text')()",
        "class A:\n  def f(self):\n    return [*self.folder.glob('*.yaml')]",
    ],
)
def test_an_opening_is_found_however_it_is_written(code: str) -> None:
    assert list(openings(code))


# ----------------------------------------------------------------------------------------------------
# What strangers send
# ----------------------------------------------------------------------------------------------------

SECRET = "ghp_geheim"
SITE = "title: Hefte\nurl: https://hefte.example/\nlang: de\npublisher: Ein Verein\n"
ARTICLE = """---
title: Mieten
authors: [Ada Beispiel]
published: 2026-01-01
summary: Ein kurzer Text.
---

Die Mieten sind gestiegen, wie [hier](../nirgends/) steht.
"""


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    """A socket, bound from its folder because its path may be too long for one."""
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(before)


def link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def chain(path: Path) -> None:
    path.with_name(f"{path.name}.1").symlink_to("../../secret.txt")
    path.symlink_to(f"{path.name}.1")


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(5_000_000_000)


def folder_with(path: Path) -> None:
    path.mkdir()
    pipe(path / "pipe")


def folder_of_one(path: Path) -> None:
    path.mkdir()
    (path / "notes.yaml").write_text("notes: []\n", encoding="utf-8")


OUTSIDE, NO_FILE, TOO_LARGE = "file-outside", "file-missing", "limit-exceeded"
FOREIGN: dict[str, tuple[str, Callable[[Path], None], str, str]] = {
    "a relative link": ("mieten/x.txt", link("../../secret.txt"), "mieten/x.txt", OUTSIDE),
    "a chain of links": ("mieten/x.png", chain, "mieten/x.png", OUTSIDE),
    "a link through no folder": ("mieten/x.txt", link("no/../../../secret.txt"), "mieten/x.txt", NO_FILE),
    "the environment": ("mieten/y.txt", link("/proc/self/environ"), "mieten/y.txt", OUTSIDE),
    "what is open already": ("mieten/y.csv", link("/dev/stdin"), "mieten/y.csv", OUTSIDE),
    "a device that never ends": ("mieten/z.txt", link("/dev/zero"), "mieten/z.txt", OUTSIDE),
    "a terminal": ("mieten/z.csv", link("/dev/tty"), "mieten/z.csv", OUTSIDE),
    "a link to a folder": ("mieten/daten", link("../.."), "mieten/daten", OUTSIDE),
    "an article that is a folder elsewhere": ("fremd", link("../elsewhere"), "fremd", OUTSIDE),
    "an article that is everything": ("alles", link("/"), "alles", OUTSIDE),
    "plain pages that lie elsewhere": ("pages", link("../elsewhere"), "pages", OUTSIDE),
    "shared sources that lie elsewhere": ("sources.yaml", link("../secret.txt"), "sources.yaml", OUTSIDE),
    "notes that lie elsewhere": ("mieten/notes.yaml", link("../../secret.txt"), "mieten/notes.yaml", OUTSIDE),
    "a text that lies elsewhere": ("mieten/article.md", link("../../secret.txt"), "mieten/article.md", OUTSIDE),
    "settings that lie elsewhere": ("site.yaml", link("../secret.txt"), "site.yaml", OUTSIDE),
    "a text that is a pipe": ("mieten/article.md", pipe, "mieten/article.md", NO_FILE),
    "data that are a pipe": ("mieten/data.csv", pipe, "mieten/data.csv", NO_FILE),
    "a picture that is a pipe": ("mieten/x.png", pipe, "mieten/x.png", NO_FILE),
    "a pipe that nobody names": ("mieten/stray.txt", pipe, "mieten/stray.txt", NO_FILE),
    "a pipe within a folder": ("mieten/daten", folder_with, "mieten/daten/pipe", NO_FILE),
    "settings that are a pipe": ("site.yaml", pipe, "site.yaml", NO_FILE),
    "shared sources that are a pipe": ("sources.yaml", pipe, "sources.yaml", NO_FILE),
    "sources that are a folder": ("sources.yaml", folder_with, "sources.yaml", NO_FILE),
    "notes that are a folder": ("mieten/notes.yaml", folder_of_one, "mieten/notes.yaml", NO_FILE),
    "a socket": ("mieten/sock", listening, "mieten/sock", NO_FILE),
    "five gigabytes of nothing": ("mieten/gross.csv", sparse, "mieten/gross.csv", TOO_LARGE),
    "settings without an end": ("site.yaml", sparse, "site.yaml", TOO_LARGE),
}  # fmt: skip


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder of content, with a secret beside it."""
    (tmp_path / "secret.txt").write_text(f"{SECRET}\n{SECRET} zwei\n", encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / f"{SECRET}.md").write_text(SECRET, encoding="utf-8")
    folder = tmp_path / "content"
    (folder / "mieten").mkdir(parents=True)
    (folder / "site.yaml").write_text(SITE, encoding="utf-8")
    (folder / "mieten" / "article.md").write_text(ARTICLE, encoding="utf-8")
    return folder


def put(content: Path, case: str) -> tuple[str, str]:
    """A foreign thing is in the content; the path and the code of the fault that is to be told of it."""
    name, make, path, code = FOREIGN[case]
    (content / name).unlink(missing_ok=True)  # the text or the settings
    make(content / name)
    return path, code


def arguments(content: Path) -> list[str]:
    return [f"--content={content}", f"--output={content.parent / 'site'}"]


def limited() -> None:
    """For a child: what would fill the memory of the machine ends before it does, and no file is read that its owner
    may not read, by root neither (capabilities(7): CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH are dropped).
    """
    resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))
    if os.geteuid() == 0:
        for capability in (1, 2):
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def run(content: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "build.py", *words, *arguments(content)],
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
        preexec_fn=limited,
        env={**os.environ, "API_KEY": SECRET},
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("case", FOREIGN)
def test_what_is_no_plain_file_of_the_content_is_a_fault_at_its_place(
    content: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, code = put(content, case)
    with in_time():
        assert build.main(["check", *arguments(content), "--format=json"]) == Status.FAULTS
    printed = capsys.readouterr()
    places = {(one["path"], one["code"]) for one in json.loads(printed.out)}
    assert (os.path.relpath(content / path), code) in places
    assert SECRET not in printed.out + printed.err


# An article that names each of its files. What stands in the place of one, and the path of the only fault then.
USING: Mapping[str, str | bytes] = {
    "article.md": """\
---
title: Wohnen
lang: de
published: 2025-01-02
summary: Ein kurzer Text.
image: {src: haus.gif, alt: Ein Haus}
---
Die Mieten stiegen um {{ rise }} %. ![Haus](daten/hof.gif) [Alle Zahlen](daten/x.csv) stehen daneben.
""",
    "haus.gif": b"GIF89a\x01\0\x01\0\0;",
    "daten/hof.gif": b"GIF89a\x01\0\x01\0\0;",
    "daten/x.csv": "jahr\n2024\n",
    "figures.yaml": "quantities: {rise: {label: Anstieg, value: 5, assumed: geschätzt}}\n",
    "sources.yaml": "sources: [{id: amt, type: book, title: Mieten}]\n",
    "charts.yaml": """\
charts:
- {id: c, after: Die Mieten, title: T, alt: A, sources: [amt], data: {csv: daten/x.csv}, vega-lite: {mark: bar,
   encoding: {x: {field: jahr, type: quantitative}}}}
""",
}
UNREADABLE: Mapping[str, Callable[[Path], None]] = {
    **dict.fromkeys(USING, pipe),
    "daten": link("../../elsewhere"),
    "": link("../elsewhere"),
}


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_said_once_whoever_names_it(
    content: Path, name: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (content / "mieten" / "article.md").unlink()
    (content / "mieten" / "daten").mkdir()
    for each, written in USING.items():
        (content / "mieten" / each).write_bytes(written.encode() if isinstance(written, str) else written)
    assert build.main(["check", *arguments(content), "--strict"]) == Status.DONE
    capsys.readouterr()
    in_place_of(content / "mieten" / name, UNREADABLE[name])
    assert build.main([command, *arguments(content)]) == Status.FAULTS
    printed = "".join(capsys.readouterr())
    (place,) = re.findall(r"^(\S+):1:1: ", printed, re.MULTILINE)
    assert place == os.path.relpath(content / "mieten" / name)
    assert "1 fault, 0 warnings" in printed


LOCKED: Mapping[str, tuple[str, int, str]] = {
    "a folder": ("mieten", 0, "mieten"),
    "a folder whose names may be listed": ("mieten", 0o444, "mieten/article.md"),
    "a text": ("mieten/article.md", 0, "mieten/article.md"),
    "plain pages": ("pages", 0, "pages"),
    "settings": ("site.yaml", 0, "site.yaml"),
}


@pytest.mark.parametrize("command", ["check", pytest.param("build", marks=pytest.mark.slow)])
@pytest.mark.parametrize("case", LOCKED)
def test_what_may_not_be_read_is_a_fault_and_not_merely_left_out(content: Path, case: str, command: str) -> None:
    name, mode, place = LOCKED[case]
    (content / "pages").mkdir()
    (content / "mieten" / "article.md").write_text(ARTICLE.replace("../nirgends/", "https://hefte.example/"))
    (content / name).chmod(mode)
    try:
        done = run(content, command)
    finally:
        (content / name).chmod(0o755)
    assert done.returncode == Status.FAULTS, done.stderr
    assert re.findall(r"^(\S+):1:1: .*: permission denied", done.stdout + done.stderr, re.MULTILINE) == [
        os.path.relpath(content / place)
    ]


# Those that leave the settings and the article's text as they are.
TOGETHER = [case for case, (name, *_) in FOREIGN.items() if re.match(r"mieten/([xyz]\.|daten|data)", name)]


NAMED = [
    FOREIGN[case][2]
    for case in ("a relative link", "the environment", "a device that never ends", "data that are a pipe")
]


@pytest.fixture
def foreign(content: Path) -> Path:
    """The content with many foreign things at once."""
    for case in TOGETHER:
        if not os.path.lexists(content / FOREIGN[case][0]):
            put(content, case)
    return content


@pytest.mark.parametrize("words", [["build"], ["check"], ["check", "--format=github"], ["build", "--jobs=2"]])
def test_nothing_of_a_foreign_file_is_printed_and_nothing_waited_for(foreign: Path, words: list[str]) -> None:
    done = run(foreign, *words)
    assert done.returncode == Status.FAULTS, done.stderr
    printed = done.stdout + done.stderr
    assert SECRET not in printed
    assert "PATH=" not in printed
    assert all(os.path.relpath(foreign / path) in printed for path in NAMED)
    assert "8 | Die Mieten" in printed or "github" in words[-1]  # what was read is shown


def test_the_overlay_of_the_preview_shows_nothing_foreign(foreign: Path) -> None:
    tops = {name: foreign.parent / name for name in ("content", "output", "cache")}
    desk = PreviewState(
        site.SitePaths(**tops, templates=ROOT / "templates", static=ROOT / "static"), site.BuildOptions()
    )
    with in_time():
        desk.look_around()
        desk.glance("mieten")
        rows = panel.faults(desk)
    assert {row["path"] for row in rows} >= {os.path.relpath(foreign / path) for path in NAMED}
    assert SECRET not in json.dumps(rows)


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_a_preview_that_meets_foreign_things_answers_and_ends(content: Path, number: signal.Signals) -> None:
    for folder in ("templates", "static"):
        (content.parent / folder).symlink_to(ROOT / folder)
    article = content / "mieten" / "article.md"
    article.write_text(ARTICLE.replace("../nirgends/", "https://hefte.example/"), encoding="utf-8")
    running = start(content.parent, free_port())
    try:
        for case in TOGETHER:
            if not os.path.lexists(content / FOREIGN[case][0]):
                put(content, case)
        eventually(lambda: os.path.relpath(content / "mieten" / "x.txt") in running.said(), "the faults are told")
        status, page = running.ask("/mieten/")
        assert (status, b"Die Mieten" in page) == (200, True)
        running.process.send_signal(number)
        assert running.process.wait(HANGS) == Status.DONE
    finally:
        running.process.kill()
    assert SECRET not in running.said()
    assert "Traceback" not in running.said()


@pytest.mark.slow
def test_a_link_to_the_whole_machine_does_not_keep_the_preview_from_noticing_changes(content: Path) -> None:
    for folder in ("templates", "static"):
        (content.parent / folder).symlink_to(ROOT / folder)
    article = ARTICLE.replace("../nirgends/", "https://hefte.example/")
    (content / "mieten" / "article.md").write_text(article, encoding="utf-8")
    put(content, "an article that is everything")
    running = start(content.parent, free_port())
    try:
        (content / "neu").mkdir()
        new = content / "neu" / "article.md"
        for wrong in ("sumary", "summarie"):
            new.write_text(article.replace("summary", wrong), encoding="utf-8")
            eventually(lambda: f"no field '{wrong}'" in running.said(), f"{wrong} is told")  # noqa: B023 - called at once
        new.write_text(article, encoding="utf-8")
        (content / "alles").unlink()
        eventually(lambda: running.ask("/neu/")[0] == 200, "the article is served")
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(HANGS) == Status.DONE
    finally:
        running.process.kill()
    assert "no longer noticed" not in running.said()


# ----------------------------------------------------------------------------------------------------
# What changes places meanwhile
# ----------------------------------------------------------------------------------------------------


def in_place_of(path: Path, make: Callable[[Path], None]) -> None:
    path.rename(path.with_name(f".{path.name}"))
    make(path)


SWAPS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a file for a link out": ("preise.csv", link("../../../secret.txt")),
    "a file for a pipe": ("preise.csv", pipe),
    "a file for a folder": ("preise.csv", folder_with),
    "a file for a socket": ("preise.csv", listening),
    "its folder for a link out": ("daten", link("../../elsewhere")),
}


@pytest.mark.parametrize("opened", ["daten", "preise.csv"])
@pytest.mark.parametrize("swap", SWAPS)
def test_what_was_looked_at_is_what_is_opened(
    content: Path, swap: str, opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at a path and its opening, something else takes its place."""
    (content / "mieten" / "daten").mkdir()
    (content / "mieten" / "daten" / "preise.csv").write_text("a\n1\n", encoding="utf-8")
    (content.parent / "elsewhere" / "preise.csv").write_text(SECRET, encoding="utf-8")
    name, make = SWAPS[swap]
    real_open, swapped = os.open, False

    def late(path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        nonlocal swapped
        if path == opened and not swapped:
            swapped = True
            (place,) = (content / "mieten").rglob(name)
            in_place_of(place, make)
        return real_open(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", late)
    file = content / "mieten" / "daten" / "preise.csv"
    with in_time():
        try:
            assert reader.load_file(file, "mieten/daten/preise.csv", content) == b"a\n1\n"
        except ContentError as error:
            assert error.diagnostic.code in (NO_FILE, OUTSIDE)  # noqa: PT017 - either it is read as it was, or not at all
    assert swapped


def test_a_file_that_goes_while_its_folder_is_read_is_none(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when an editor's backup is put away in the midst of it."""
    backup = content / "mieten" / "notes.yaml~"
    backup.write_text("notes: []\n", encoding="utf-8")
    real_open = os.open

    def late(path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == "article.md":
            backup.unlink()
        return real_open(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", late)
    files, diagnostics = reader.load_folder(content, "mieten")
    assert (list(files), diagnostics) == (["article.md"], ())


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end_or_its_limit(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = content / "mieten" / "daten.csv"
    path.write_bytes(b"1\n")
    real_read = os.read

    def growing(descriptor: int, count: int) -> bytes:
        if path.stat().st_size < 10:
            with path.open("ab") as file:
                file.write(b"22\n")
        return real_read(descriptor, count)

    monkeypatch.setattr(os, "read", growing)
    assert reader.load_file(path, "mieten/daten.csv", content) == b"1\n22\n22\n22\n"
    path.write_bytes(b"1\n")
    monkeypatch.setattr(reader.folder, "LARGEST", 4)
    with pytest.raises(ContentError, match="at most are read: 4 a file"):
        reader.load_file(path, "mieten/daten.csv", content)


# ----------------------------------------------------------------------------------------------------
# What is shown beside a fault
# ----------------------------------------------------------------------------------------------------


def test_a_fault_shows_the_line_that_was_read_whatever_stands_there_now(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault of the article's own, and one that is found between articles, after both are read."""
    article, check = content / "mieten" / "article.md", site.check
    article.write_text(ARTICLE.replace("summary:", "sumary:"), encoding="utf-8")

    def swapping(*given: object) -> site.BuildResult:
        outcome = check(*given)  # type: ignore[arg-type]  # handed on as they came
        in_place_of(article, link("../../secret.txt"))
        in_place_of(content / "site.yaml", pipe)
        return outcome

    monkeypatch.setattr(site, "check", swapping)
    with in_time():
        assert build.main(["check", *arguments(content)]) == Status.FAULTS
    printed = capsys.readouterr().out
    assert "5 | sumary: Ein kurzer Text." in printed
    assert "8 | Die Mieten sind gestiegen, wie [hier](../nirgends/) steht." in printed
    assert SECRET not in printed


def test_a_kept_article_shows_the_same_lines_as_one_that_is_made(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = content / "mieten" / "article.md"
    article.write_text(ARTICLE.replace("[hier](../nirgends/)", "2019: 12 Prozent"), encoding="utf-8")
    printed = []
    for _ in range(2):
        assert build.main(["build", *arguments(content), "--jobs=1"]) == Status.DONE
        printed.append(capsys.readouterr().err)
    assert "1 built" in printed[0]
    assert "0 built" in printed[1]
    assert "8 | Die Mieten sind gestiegen, wie 2019: 12 Prozent steht." in printed[1]
    assert printed[0].rsplit("\n", 2)[0] == printed[1].rsplit("\n", 2)[0]


def test_the_name_of_a_folder_does_nothing_to_the_terminal(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "m\x1b]0;x\x07\n").mkdir()
    assert build.main(["check", *arguments(content)]) == Status.FAULTS
    printed = capsys.readouterr().out
    assert "m�]0;x��/article.md:1:1: " in printed
    assert "\x1b" not in printed


# ----------------------------------------------------------------------------------------------------
# What an editor has written
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [pipe, sparse, link("../../secret.txt"), folder_with])
def test_a_change_is_not_written_over_what_is_no_plain_file(content: Path, make: Callable[[Path], None]) -> None:
    notes = content / "mieten" / "notes.yaml"
    make(notes)
    with in_time(), pytest.raises(OSError, match="nothing was written"):
        editing.write(notes, "notes: []\n", editing.digest(""))
    with in_time(), pytest.raises(ContentError):
        editing.read(notes, content)
    assert (content.parent / "secret.txt").read_text(encoding="utf-8").startswith(SECRET)


def test_a_change_is_not_written_into_a_folder_elsewhere(content: Path) -> None:
    (content / "fremd").symlink_to("../elsewhere")
    with pytest.raises(OSError, match="leads out of the folder of content"):
        editing.write(content / "fremd" / "notes.yaml", "notes: []\n", editing.digest(""))
    assert [path.name for path in (content.parent / "elsewhere").iterdir()] == [f"{SECRET}.md"]


def test_a_change_is_not_written_through_a_link_in_the_place_of_its_draft(content: Path) -> None:
    notes = content / "mieten" / "notes.yaml"
    (content / "mieten" / f".notes.yaml.{os.getpid()}.new").symlink_to("../../secret.txt")
    editing.write(notes, "notes: []\n", editing.digest(""))
    assert notes.read_text(encoding="utf-8") == "notes: []\n"
    assert not notes.is_symlink()
    assert (content.parent / "secret.txt").read_text(encoding="utf-8").startswith(SECRET)


def test_an_export_without_an_end_is_refused(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sparse(content.parent / "export.json")
    with in_time():
        words = ["import-hypothesis", str(content.parent / "export.json"), "mieten", f"--content={content}"]
        assert build.main(words) == Status.FAULTS
    assert "5,000,000,000 bytes; at most are read: 20,000,000" in capsys.readouterr().err
