"""The wheel: built, installed where nothing else is, and run in the folder of somebody's site."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
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
    folder = tmp_path_factory.mktemp("installed")
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


@pytest.mark.slow
def test_the_wheel_holds_what_every_site_needs_and_is_small(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    for name in ("templates", "static"):
        ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / name).rglob("*") if path.is_file()}
        assert {f"randnotiz/{path}" for path in ours} <= packed
    schemas = {f"randnotiz/schemas/{path.name}" for path in (ROOT / "schema").iterdir()}
    assert schemas | {"randnotiz/charts/vega-lite-schema.json"} <= packed
    assert {path for path in packed if path.startswith(("tests/", "content/", "site/"))} == set()
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


def test_where_the_system_lacks_something_that_is_told_and_no_package_is_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on Windows: a check runs, and a build says why it cannot."""
    shutil.copytree(SMALL, tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    for name in ("fcntl", "resource", "termios", "pwd"):
        monkeypatch.setitem(sys.modules, name, None)
    assert commands.main(["check"]) == 0
    capsys.readouterr()
    assert commands.main(["build"]) == 3
    assert capsys.readouterr().err == (
        "randnotiz: this system has no locks for folders (flock); on Windows, build within WSL\n"
    )


def test_the_program_of_the_repository_is_the_same_with_a_name_of_its_own(tmp_path: Path) -> None:
    assert run(tmp_path, "--version").stdout == f"build.py {__version__}\n"
    assert shipped.folder("templates") == ROOT / "templates"  # of a checkout, in which nothing is packed
