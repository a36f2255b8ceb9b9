"""Other systems and other habits: what Windows and macOS lack or do otherwise, and what travels with a file.

None of this is a run on those systems, which `.github/workflows/test.yml` makes; it is what can be had without them.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import unicodedata
import urllib.request
from pathlib import Path

import pytest

from randnotiz import locks, shipped
from tests.patience import HANGS
from tests.program import run
from tests.test_preview import eventually, free_port

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "sites" / "small" / "content"
PYTHON = (sys.executable, "-m", "randnotiz")


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


WINDOWS = environment(PYTHONPATH=os.pathsep.join((str(ROOT / "tests" / "windows"), str(ROOT))))


def ended(folder: Path, *words: str, env: dict[str, str] = WINDOWS) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PYTHON, *words], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=HANGS
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "content")
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"  # which Windows removes with its last opening
    }


# ----------------------------------------------------------------------------------------------------
# Windows
# ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_nothing_is_used_that_windows_or_macos_lack() -> None:
    """But for two modules whose import is guarded, as the other tests here prove."""
    for platform, guarded in (("win32", {"fcntl", "resource"}), ("darwin", {"fcntl"})):
        words = [sys.executable, "-m", "mypy", "--platform", platform, "--cache-dir", os.devnull]
        found = subprocess.run(
            [*words, "build.py", "randnotiz"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        lacking = set(re.findall(r'has no attribute "(\w+)"', found.stdout))
        known = {name for module in map(__import__, guarded) for name in dir(module)}
        assert lacking - known - {"SIGURG"} == set(), found.stdout  # that stands behind fcntl in its line
        assert "Found" in found.stdout or "Success" in found.stdout, found.stdout + found.stderr


@pytest.mark.slow
def test_the_site_is_the_same_where_there_is_only_what_windows_has(home: Path) -> None:
    for name in range(13):  # so many that processes are worth starting
        shutil.copytree(SMALL / "mieten", home / "content" / f"mieten-{name}")
    assert run(home, "build", "--content=content", "--output=ours").returncode == 0
    assert "14 articles: 0 faults" in ended(home, "check", "--jobs=2").stderr
    for words in (["--jobs=2", "--clean"], []):
        built = ended(home, "build", *words)
        assert built.returncode == 0, built.stderr
        assert files(home / "site") == files(home / "ours")


@pytest.mark.slow
def test_a_site_is_begun_and_its_quotations_are_mended_there(tmp_path: Path) -> None:
    assert ended(tmp_path, "init", "blatt", "--lang=en").returncode == 0
    site = tmp_path / "blatt"
    assert ended(site, "new", "wohnen").returncode == 0
    assert ended(site, "schema").returncode == 0
    article = site / "content" / "first-check" / "article.md"
    assert ended(site, "build", "--drafts").returncode == 0  # so that the earlier text is known
    article.write_text(article.read_text("utf-8").replace("365 days,", "365  *days*,"), encoding="utf-8")
    assert ended(site, "reanchor", "--write", "--yes").returncode == 0
    article.write_text(article.read_text("utf-8").replace("in 400 years", "in 400 whole years"), encoding="utf-8")
    before = (site / "content" / "first-check" / "figures.yaml").read_bytes()
    ended(site, "reanchor", "--write", "--yes")
    lost = ended(site, "check", "--drafts")
    after = (site / "content" / "first-check" / "figures.yaml").read_bytes()
    assert (lost.returncode == 0) == (before != after), lost.stdout  # written, or left and told


def test_a_folder_is_had_by_one_at_a_time(tmp_path: Path) -> None:
    with locks.alone(tmp_path), pytest.raises(TimeoutError), locks.alone(tmp_path, patience=0):
        pass
    with locks.alone(tmp_path, patience=0):
        assert list(tmp_path.iterdir()) == []  # it leaves no file behind


@pytest.mark.slow
def test_two_builds_there_do_not_meet(home: Path) -> None:
    assert ended(home, "build").returncode == 0
    code = (
        "from randnotiz import locks, shipped\nwith locks.alone(shipped.Path('site')): print(1, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=home, env=WINDOWS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "1\n"
        refused = ended(home, "build")
        assert (refused.returncode, "another build is writing into" in refused.stderr) == (3, True), refused.stderr
        other.kill()
    assert ended(home, "build").returncode == 0  # the lock has ended with its process


@pytest.mark.slow
def test_the_preview_starts_serves_and_ends_there(home: Path) -> None:
    port = free_port()
    with (home / "said.txt").open("w", encoding="utf-8") as out:
        words = [*PYTHON, "preview", f"--port={port}"]
        preview = subprocess.Popen(words, cwd=home, env=WINDOWS, stdout=out, stderr=out)

    def said() -> str:
        return (home / "said.txt").read_text(encoding="utf-8")

    def page() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/mieten/index.html", timeout=HANGS) as page:
            return str(page.read(), "utf-8")

    try:
        eventually(lambda: "preview at" in said() or preview.poll() is not None, "the preview starts")
        assert "Die Mieten" in page()
        (home / "templates").mkdir()  # a folder that was not there when the preview began is watched, too
        footer = "{% extends '!base.html' %}{% block footer %}{{ super() }}Haus{% endblock %}"
        (home / "templates" / "base.html").write_text(footer, encoding="utf-8")
        eventually(lambda: "Haus</footer>" in page(), "the template is seen")
        preview.send_signal(signal.SIGINT)
        assert preview.wait(HANGS) == 0
    finally:
        preview.kill()
        preview.wait()
    assert "Traceback" not in said()


def test_what_is_printed_in_an_old_encoding_does_not_end_the_program(home: Path) -> None:
    notes = home / "content" / "mieten" / "notes.yaml"
    notes.write_text("notes:\n- {id: lage, kind: context, nöte: „Über“, note: x}\n", encoding="utf-8")
    for form in ("text", "json"):
        done = ended(home, "check", f"--format={form}", env=environment(PYTHONIOENCODING="ascii"))
        assert (done.returncode, "n\\xf6te" in done.stdout, done.stderr.count("Traceback")) == (1, True, 0)


# ----------------------------------------------------------------------------------------------------
# What a machine lacks
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lacking", "told"),
    [
        (
            "ModuleNotFoundError(name='jinja2')",
            r"the package 'jinja2' is not installed for \S+; install Randnotiz again",
        ),
        ("ModuleNotFoundError(name='_sqlite3')", r"this system's Python lacks '_sqlite3', which is a part of Python"),
        (
            "ImportError('libgomp.so.1: cannot open shared object file', name='yaml')",
            "the package 'yaml' is installed and cannot be loaded: libgomp.so.1: cannot open",
        ),
        ("ImportError('no name', name='randnotiz.site')", "Traceback"),
    ],
)
def test_a_missing_package_a_part_of_python_and_a_library_of_the_system_are_told_apart(
    tmp_path: Path, lacking: str, told: str
) -> None:
    name = lacking.partition("name='")[2].partition("'")[0]
    hook = (
        "import sys\nclass Lacking:\n    def find_spec(self, name, *_):\n"
        f"        if name == {name!r}: raise {lacking}\nsys.meta_path.insert(0, Lacking())\n"
    )
    (tmp_path / "sitecustomize.py").write_text(hook, encoding="utf-8")
    shutil.copytree(SMALL, tmp_path / "content")
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = ended(tmp_path, "build", env=environment(PYTHONPATH=path))
    assert re.search(told, done.stderr), done.stderr
    assert done.returncode == (1 if "Traceback" in told else 3)


# ----------------------------------------------------------------------------------------------------
# Files that have been on another system
# ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_ends_of_lines_make_no_difference(tmp_path: Path) -> None:
    """Git for Windows checks every text out with CRLF, and editors there write it."""
    for ends in ("\n", "\r\n"):
        home = tmp_path / ("crlf" if len(ends) == 2 else "lf")
        for source, name in ((ROOT / "content", "content"), *((shipped.folder(top), top) for top in shipped.FOLDERS)):
            shutil.copytree(source, home / name)
        for path in home.rglob("*"):
            if path.is_file() and b"\0" not in (content := path.read_bytes()):
                path.write_bytes(content.replace(b"\r\n", b"\n").replace(b"\n", ends.encode()))
        done = run(home, *(f"--{name}={name}" for name in ("content", *shipped.FOLDERS)), "--output=site")
        assert done.returncode == 0, done.stderr
    ours, theirs = files(tmp_path / "lf" / "site"), files(tmp_path / "crlf" / "site")
    assert sorted(ours) == sorted(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []


@pytest.mark.parametrize(
    "name", ["Größe & Maß (2)", unicodedata.normalize("NFD", "Würde"), "100 % #1 ?", "日本語", "it's a\ttab"]
)
def test_a_site_is_the_same_whatever_its_folder_is_called(home: Path, name: str) -> None:
    elsewhere = home / name / "site of ours"
    shutil.copytree(home / "content", elsewhere / "content")
    for folder in (home, elsewhere):
        done = run(folder, "build", "--content=content", "--output=out")
        assert done.returncode == 0, done.stderr
    assert files(home / "out") == files(elsewhere / "out")
