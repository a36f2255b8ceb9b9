"""The wheel: built, installed where nothing else is, and run in the folder of somebody's site."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from randnotiz import __version__, commands, shipped
from tests.conftest import lacking
from tests.program import run
from tests.test_dependencies import locked

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "sites" / "small" / "content"
LARGEST = 1_500_000


def done(*words: str | Path, cwd: Path) -> str:
    """What a program printed that ended well; it knows nothing of this checkout."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made of the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    done(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (source,) = folder.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(folder, filter="data")
    unpacked = folder / source.name.removesuffix(".tar.gz")
    done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=unpacked)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command, in an environment that holds what it requires and nothing else."""
    return installed(wheel, tmp_path_factory.mktemp("installed"))


def installed(wheel: Path, folder: Path) -> Path:
    """The command of a wheel, in an environment of its own."""
    pins = folder / "pins.txt"
    pins.write_text("".join(f"{name}=={version}\n" for name, version, _ in locked("requirements.lock")), "utf-8")
    done(sys.executable, "-m", "venv", folder / "env", cwd=folder)
    python = folder / "env" / "bin" / "python"
    install: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
    ]
    ended = subprocess.run([*install, "-c", pins, wheel], cwd=folder, capture_output=True, text=True, check=False)
    if "No matching distribution found" in ended.stderr:
        lacking("no packages to install the wheel with: there is no network")
    assert ended.returncode == 0, ended.stderr
    return python.with_name("randnotiz")


def named_documents() -> set[str]:
    """The documents that messages, comments and the documents themselves name, by path from this repository."""
    named = {"docs/newsroom.md"}
    for path in (ROOT / "randnotiz").rglob("*.*"):
        if path.suffix in (".py", ".yaml", ".md", ".js"):
            named |= set(re.findall(r"docs/[a-z]+\.md", path.read_text(encoding="utf-8")))
    for path in [ROOT / each for each in named]:
        named |= {f"docs/{name}" for name in re.findall(r"\]\(([a-z]+\.md)[#)]", path.read_text(encoding="utf-8"))}
    return named


def test_each_document_that_is_named_is_for_the_wheel() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert named_documents() <= packed["wheel"]["force-include"].keys()


@pytest.mark.slow
def test_the_wheel_holds_what_every_site_needs_and_is_small(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    for name in ("templates", "static"):
        ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / name).rglob("*") if path.is_file()}
        assert {f"randnotiz/{path}" for path in ours} <= packed
    schemas = {f"randnotiz/schemas/{path.name}" for path in (ROOT / "schema").glob("*.json")}
    assert {path for path in packed if path.startswith("randnotiz/schemas/")} == schemas
    assert schemas | {"randnotiz/charts/vega-lite-schema.json"} <= packed
    assert {path for path in packed if path.startswith(("tests/", "content/", "site/"))} == set()
    assert {f"randnotiz/{path}" for path in named_documents()} <= packed
    assert "randnotiz/editors/helix/languages.toml" in packed  # which editors.md names
    assert wheel.stat().st_size < LARGEST


@pytest.mark.slow
def test_the_installed_command_makes_of_this_content_the_very_same_site(
    program: Path, real_site: Path, tmp_path: Path
) -> None:
    assert done(program, "--version", cwd=tmp_path) == f"randnotiz {__version__}\n"
    assert "altair" not in done(program.with_name("python"), "-m", "pip", "list", cwd=tmp_path)
    shutil.copytree(ROOT / "content", tmp_path / "content")
    done(program, "build", cwd=tmp_path / "content")  # from a folder below, too, the site is found
    written, expected = (
        {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        for site in (tmp_path / "site", real_site)
    )
    assert written.keys() == expected.keys()
    assert [path for path, content in written.items() if content != expected[path]] == []
    done(program, "check", cwd=tmp_path)
    done(program, "schema", cwd=tmp_path)
    assert (tmp_path / "schema" / "site.json").read_bytes() == (ROOT / "schema" / "site.json").read_bytes()
    charts = tmp_path / "content" / "handbook" / "charts.yaml"
    charts.write_text(charts.read_text(encoding="utf-8").replace("mark:", "marc:", 1), encoding="utf-8")
    checked = subprocess.run([program, "check"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "did you mean 'mark'?" in checked.stdout  # which Vega-Lite's schema knows


OLDER, NEWER = "0.8.0", "0.9.0"
# What the newer version has otherwise, each with its file: a field it will give up, and two packaged files.
CHANGED = (
    ("randnotiz/model/settings.py", "import Record\n", "import Extra, Record\n"),
    (
        "randnotiz/model/settings.py",
        """in the folder of content.", "logo.svg"]""",
        """in the folder of content.", "logo.svg", Extra(deprecated="theme: {logo: logo.svg}")]""",
    ),
    ("templates/base.html", "</body>", "<!-- newer -->\n</body>"),
    ("static/favicon.svg", "<svg ", "<svg  "),
)


def released(folder: Path, version: str, changed: Iterable[tuple[str, str, str]]) -> Path:
    """The wheel of another version of this tree."""
    for name in ("randnotiz", *shipped.FOLDERS, "schema", "docs", "editors"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name, old, new in (*changed, ("randnotiz/__init__.py", __version__, version)):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", cwd=folder)
    (built,) = (folder / "dist").glob("*.whl")
    return built


@pytest.mark.slow
def test_a_site_with_a_look_of_its_own_is_updated_by_one_command(tmp_path: Path) -> None:
    program = installed(released(tmp_path / "older", OLDER, ()), tmp_path)
    done(program, "init", "blatt", "--name=Blatt", cwd=tmp_path)
    site = tmp_path / "blatt"
    settings = site / "content" / "site.yaml"
    with settings.open("a", encoding="utf-8") as lines:
        lines.write("logo: logo.svg\n")
    settings.write_text(settings.read_text("utf-8").replace("theme:\n", "theme:\n  style: house.css\n"), "utf-8")
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    for name, text in {
        "content/logo.svg": picture,
        "static/house.css": "h1 { color: #123456 }",
        "static/favicon.svg": done(program, "theme", "show", "favicon.svg", cwd=site),
        "templates/base.html": "{% extends '!base.html' %}{% block footer %}{{ super() }}Die Stiftung{% endblock %}",
    }.items():
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    before = subprocess.run([program, "build"], cwd=site, capture_output=True, text=True, check=True).stderr
    assert ("deprecated" in before, "made_with" in before) == (False, False)

    newer = released(tmp_path / "newer", NEWER, CHANGED)
    done(program.with_name("python"), "-m", "pip", "install", "-q", "-U", newer, cwd=tmp_path)  # the one command

    built = subprocess.run([program, "build"], cwd=site, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    line = len(settings.read_text("utf-8").splitlines())
    assert f"content/site.yaml:{line}:1: warning: 'logo' is deprecated" in built.stderr
    assert "= Write 'theme: {logo: logo.svg}'." in built.stderr
    told = re.search(
        f"content/site.yaml:\\d+:12: made_with {OLDER}, this is {NEWER}: (.*) says what has changed", built.stderr
    )
    assert told
    assert Path(told[1]).read_bytes() == (ROOT / "docs" / "upgrading.md").read_bytes()
    page = (site / "site" / "index.html").read_text(encoding="utf-8")
    assert "Die Stiftung" in page  # of the site, in the place that the newer original has for it
    assert "<!-- newer -->" in page
    (style,) = (site / "site" / "assets").glob("style.*.css")
    assert "color: #123456" in style.read_text("utf-8").replace("color:#", "color: #")
    listed = done(program, "theme", "list", cwd=site)
    assert re.search("static/favicon.svg +your own; the packaged one has changed since it was copied", listed)
    assert re.search(r"templates/base.html +your own, in the place of the packaged one\n", listed)
    settings.write_text(settings.read_text("utf-8").replace("logo: logo.svg\n", "").replace(OLDER, NEWER), "utf-8")
    again = subprocess.run([program, "check", "--strict"], cwd=site, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout, "made_with" in again.stderr) == (0, "", False)


def test_the_site_is_the_nearest_folder_with_settings_and_everything_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(SMALL, tmp_path / "content")
    monkeypatch.chdir(tmp_path / "content" / "mieten")
    assert commands.main(["build"]) == 0
    assert (tmp_path / "site" / "mieten" / "index.html").is_file()
    assert (tmp_path / ".cache").is_dir()
    assert capsys.readouterr().err.endswith("files in ../../site\n")
    assert commands.main(["new", "wohnen"]) == 0
    assert (tmp_path / "content" / "wohnen" / "article.md").is_file()


def test_where_there_is_no_site_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("check", "build", "new wohnen", "reanchor"):
        with pytest.raises(SystemExit) as ended:
            commands.main(command.split())
        assert ended.value.code == 2
        assert "no content/site.yaml in this folder or above it" in capsys.readouterr().err
    shutil.copytree(SMALL, tmp_path / "elsewhere")
    assert commands.main(["build", "--content", "elsewhere"]) == 0  # what is named need not be found
    assert (tmp_path / "site" / "mieten" / "index.html").is_file()


def test_a_site_that_is_named_has_its_own_look_and_folders_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("mine", "theirs"):
        shutil.copytree(SMALL, tmp_path / name / "content")
        (tmp_path / name / "templates").mkdir()
        words = f"{{% extends '!base.html' %}}{{% block footer %}}<p>{name}</p>{{% endblock %}}"
        (tmp_path / name / "templates" / "base.html").write_text(words, encoding="utf-8")
        (tmp_path / name / "static").mkdir()
    with (tmp_path / "mine" / "content" / "site.yaml").open("a", encoding="utf-8") as settings:
        settings.write("\ntheme: {style: mine.css}\n")
    (tmp_path / "mine" / "static" / "mine.css").write_text("p {}", encoding="utf-8")
    for folder, content in ((tmp_path, "mine/content"), (tmp_path / "theirs", "../mine/content/")):
        monkeypatch.chdir(folder)
        assert commands.main(["build", "--content", content]) == 0
        assert "<p>mine</p>" in (tmp_path / "mine" / "site" / "index.html").read_text(encoding="utf-8")
        shutil.rmtree(tmp_path / "mine" / "site")
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "theirs"}
    assert {path.name for path in (tmp_path / "theirs").iterdir()} == {"content", "templates", "static"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("chek", "there is no 'chek'; did you mean 'check'?"),
        ("frobnicate", "there is no 'frobnicate'; there are 'build', 'check'"),
        ("check --format jsn", "there is no 'jsn'; did you mean 'json'?"),
        ("theme preview", "no content/site.yaml in this folder or above it"),
        ("theme show bse.html", "did you mean 'base.html'?"),
        ("theme show zzz", "; theme list names all"),
    ],
)
def test_a_command_line_that_cannot_be_is_told_with_the_nearest_that_can(
    words: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        ended = int(commands.main(words.split()))
    except SystemExit as end:
        ended = int(end.code or 0)
    assert (ended, told in capsys.readouterr().err) == (2, True)
    assert commands.main(["check", "--units"]) == 0  # which needs no site


def test_a_folder_that_is_gone_is_no_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(SystemExit) as ended:
        commands.main(["check"])
    assert (ended.value.code, "has been deleted" in capsys.readouterr().err) == (3, True)


def test_a_site_of_a_newer_version_asks_for_an_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(SMALL, tmp_path / "content")
    with (tmp_path / "content" / "site.yaml").open("a", encoding="utf-8") as settings:
        settings.write("\nmade_with: 10.0\n")
    monkeypatch.chdir(tmp_path)
    assert commands.main(["check"]) == 0
    told = f"made_with 10.0, this is {__version__}: update this, with pip install -U\n"
    line = len((tmp_path / "content" / "site.yaml").read_text("utf-8").splitlines())
    assert f"content/site.yaml:{line}:12: {told}" in capsys.readouterr().err
    assert commands.main(["check", "--format", "github"]) == 0
    assert f"content/site.yaml,line={line},col=12::{told}" in capsys.readouterr().out


def test_the_program_of_the_repository_is_the_same_with_a_name_of_its_own(tmp_path: Path) -> None:
    assert run(tmp_path, "--version").stdout == f"build.py {__version__}\n"
    assert shipped.folder("templates") == ROOT / "templates"  # of a checkout, in which nothing is packed
