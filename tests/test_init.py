"""A site of one's own from nothing: `init` and what it writes."""

import contextlib
import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from randnotiz import __version__, commands
from tests.patience import HANGS
from tests.program import run

ROOT = Path(__file__).parent.parent
ENGINE = "git+https://git.example/it's/randnotiz@v{version}"


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def check(site: Path, *words: str) -> tuple[int, str]:
    """What a command says in the folder of a site that has been found from there."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(site), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = commands.main(words)
    return status, out.getvalue() + err.getvalue()


@pytest.mark.parametrize(
    ("lang", "slug", "word"), [("de", "erste-pruefung", "Skala"), ("fr", "first-check", "scale")]
)
def test_a_new_site_has_no_fault_and_an_article_to_learn_from(
    tmp_path: Path, lang: str, slug: str, word: str
) -> None:
    given = {"lang": lang, "name": "Blatt: das", "accent": "#a3122a", "url": "https://b.example/a,b/{x}"}
    made = run(tmp_path, "init", "blatt", *(f"--{option}={word}" for option, word in given.items()))
    assert made.returncode == 0, made.stderr
    site = tmp_path / "blatt"
    assert sorted(made.stdout.split()) == sorted(f"blatt/{path}" for path in files(site))
    assert "no workflows: --engine names what" in made.stderr
    assert "no terminal to ask on, so this was assumed: --publisher 'Blatt: das'\n" in made.stderr
    assert ("comments and the first article are in English" in made.stderr) == (lang == "fr")
    settings = (site / "content" / "site.yaml").read_text(encoding="utf-8")
    assert word in settings
    said = yaml.safe_load(settings)
    assert (said["title"], said["url"], said["publisher"]["name"]) == (
        "Blatt: das",
        "https://b.example/a,b/{x}/",
        "Blatt: das",
    )
    assert (said["lang"], said["made_with"], said["theme"]["colours"]["accent"]["light"]) == (
        lang,
        __version__,
        "#a3122a",
    )
    assert check(site, "check", "--strict", "--drafts")[0] == 0
    assert check(site / "content" / slug, "build", "--strict", "--drafts")[0] == 0
    page = (site / "site" / slug / "index.html").read_text(encoding="utf-8")
    assert len(set(re.findall(r' id="n-([a-z-]+)"', page))) == 3
    assert "--accent:#a3122a" in next((site / "site" / "assets").glob("style.*.css")).read_text("utf-8").replace(
        ": ", ":"
    )


def test_every_file_of_a_new_site_names_its_schema(tmp_path: Path) -> None:
    run(tmp_path, "init", "blatt")
    written = sorted((tmp_path / "blatt" / "content").rglob("*.yaml"))
    assert len(written) == 4
    for path in written:
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
        assert named
        assert (path.parent / named[1]).resolve() == tmp_path / "blatt" / "schema" / f"{path.stem}.json"
        assert (path.parent / named[1]).read_bytes() == (ROOT / "schema" / f"{path.stem}.json").read_bytes()


def test_nothing_is_written_over_what_is_there(tmp_path: Path) -> None:
    site = tmp_path / "blatt"
    (site / ".git").mkdir(parents=True)
    (site / ".git" / "HEAD").write_text("x", encoding="utf-8")
    assert run(tmp_path, "init", "blatt").returncode == 0  # a new repository has nothing of ours yet
    before = {path: (site / path).read_bytes() for path in files(site)}
    (site / "static").mkdir()
    again = run(tmp_path, "init", "blatt", "--name", "Anders")
    assert (again.returncode, "content/site.yaml is there already" in again.stderr) == (2, True)
    assert {path: (site / path).read_bytes() for path in files(site)} == before


def test_a_repository_keeps_what_it_has_of_its_own(tmp_path: Path) -> None:
    for name in ("README.md", ".gitignore"):
        (tmp_path / name).write_text("unser\n", encoding="utf-8")
    made = run(tmp_path, "init", ".", "--name", "Blatt")
    assert made.returncode == 0, made.stderr
    assert {(tmp_path / name).read_text(encoding="utf-8") for name in ("README.md", ".gitignore")} == {"unser\n"}
    assert "left as it is: README.md\n" in made.stderr
    assert "left as it is: .gitignore (site/ and .cache/ should stand in it)\n" in made.stderr
    assert made.stderr.endswith("next: build.py preview --open\n")


@pytest.mark.parametrize(
    ("folder", "shown"),
    [("mein blatt", "cd 'mein blatt' && "), ("-x", "cd ./-x && "), ("it's", "cd 'it'\"'\"'s' && ")],
)
def test_what_is_to_be_typed_next_is_quoted_for_a_shell(tmp_path: Path, folder: str, shown: str) -> None:
    made = run(tmp_path, "init", "--", folder)
    assert f"next: {shown}build.py preview --open" in made.stderr
    assert (tmp_path / folder / "content" / "site.yaml").is_file()


def test_a_site_does_not_begin_within_the_content_of_another(tmp_path: Path) -> None:
    run(tmp_path, "init", "blatt")
    assert "lies within the content of another site" in run(tmp_path, "init", "blatt/content/zwei").stderr
    assert not (tmp_path / "blatt" / "content" / "zwei").exists()


def test_in_a_folder_of_a_repository_its_workflows_stand_where_github_looks_and_know_the_folder(
    tmp_path: Path,
) -> None:
    (tmp_path / ".git").mkdir()
    made = run(tmp_path, "init", "web/blatt", "--engine", ENGINE)
    assert made.returncode == 0, made.stderr
    workflows = sorted((tmp_path / ".github" / "workflows").iterdir())
    assert [path.name for path in workflows] == ["web-blatt-check.yml", "web-blatt-publish.yml"]
    assert not (tmp_path / "web" / "blatt" / ".github").exists()
    for path in workflows:
        text = path.read_text(encoding="utf-8")
        workflow = yaml.safe_load(text)
        assert workflow["defaults"]["run"]["working-directory"] == "web/blatt"
        steps = [step.get("with", {}) for job in workflow["jobs"].values() for step in job["steps"]]
        named = {step[key] for step in steps for key in ("path", "cache-dependency-path") if key in step}
        assert named <= {f"web/blatt/{name}" for name in ("site", ".cache", "content/site.yaml")}
        assert "hashFiles('content" not in text


@pytest.mark.parametrize("lang", ["fr", "tr", "zh-Hans"])
def test_the_scale_of_a_new_site_has_words_in_its_language(tmp_path: Path, lang: str) -> None:
    run(tmp_path, "init", "blatt", "--lang", lang)
    article = tmp_path / "blatt" / "content" / "first-check" / "article.md"
    article.write_text(article.read_text("utf-8").replace("lang: en", f"lang: {lang}"), encoding="utf-8")
    assert "verdict-untranslated" not in check(tmp_path / "blatt", "check", "--drafts")[1]


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--lang=klingonisch", "there is no language 'klingonisch'"),
        ("--accent=red", "'red' is no colour. Write its red, green and blue"),
        ("--url=blatt", "is no address of a web page"),
        ("--lang=dee", "did you mean 'de'? Write"),
        ("--name= ", "this is empty; write something, or leave the option out"),
        ("--lang=", "this is empty; write something, or leave the option out"),
        ("--name=Bl\x1batt", "the character U+001B cannot be printed"),
        ("--publisher=Bl\x85att", "the character U+0085 cannot be printed"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_at_once(tmp_path: Path, option: str, told: str) -> None:
    done = run(tmp_path, "init", "blatt", option)
    assert (done.returncode, told in done.stderr) == (2, True)
    assert not (tmp_path / "blatt").exists()


def test_at_a_terminal_it_asks_five_things_and_again_where_an_answer_cannot_be(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    answers = b"Stadtblatt\n\nklingonisch\nde\n\n#123\n"
    os.write(ours, answers)
    done = subprocess.run(
        [sys.executable, "-m", "randnotiz", "init", "blatt"], stdin=theirs, cwd=tmp_path, capture_output=True,
        text=True, check=True, timeout=HANGS, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    assert re.findall(r"(\w[\w ]+) \[(.*?)\]: ", done.stderr) == [
        ("The name of the site", "blatt"),
        ("The address at which it will stand", "https://example.org/"),
        ("Its language", "en"),
        ("Its language", "en"),
        ("Who publishes it", "Stadtblatt"),
        ("A colour of the house", "#1f5f8b"),
    ]
    assert 'title: "Stadtblatt"' in (tmp_path / "blatt" / "content" / "site.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("answers", "status", "told"),
    [
        ("Blatt\nhttps://b.example\nde\n\n#123456\n", 0, ""),
        ("\ufeffBlatt\r\n", 0, "assumed: --url https://example.org/ --lang en --publisher Blatt --accent '#1"),
        ("Blatt\nb\n", 2, "'b' is no address of a web page"),
        ("Bl\x1batt\n", 2, "the character U+001B cannot be printed"),
    ],
)
def test_answers_that_somebody_has_written_before_are_read_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: str, status: int, told: str
) -> None:
    (tmp_path / "answers").write_text(answers, encoding="utf-8")
    with (tmp_path / "answers").open(encoding="utf-8") as lines:
        monkeypatch.setattr(sys, "stdin", lines)
        done = run(tmp_path, "init", "blatt")
    assert (done.returncode, told in done.stderr) == (status, True), done.stderr
    assert ("assumed" in done.stderr) == ("assumed" in told)
    assert (tmp_path / "blatt").exists() == (status == 0)
    if status == 0:
        settings = yaml.safe_load((tmp_path / "blatt" / "content" / "site.yaml").read_text(encoding="utf-8"))
        assert (settings["title"], settings["publisher"]["name"]) == ("Blatt", "Blatt")
        assert (settings["url"], settings["lang"]) == (
            ("https://example.org/", "en") if told else ("https://b.example/", "de")
        )


@pytest.mark.parametrize("written", ["made_with: 7.8.9", 'made_with: "7.8.9"  # neu', "made_with: '7.8.9'", ""])
def test_its_workflows_install_the_version_that_the_site_names(tmp_path: Path, written: str) -> None:
    run(tmp_path, "init", "blatt", "--engine", ENGINE)
    site = tmp_path / "blatt"
    settings = site / "content" / "site.yaml"
    settings.write_text(re.sub(r"made_with: \S+", written, settings.read_text("utf-8")), encoding="utf-8")
    workflows = sorted((site / ".github" / "workflows").iterdir())
    assert [path.name for path in workflows] == ["check.yml", "publish.yml"]
    (tmp_path / "pip").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    (tmp_path / "pip").chmod(0o755)
    for path in workflows:
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
        assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]) for step in steps if "uses" in step)
        assert workflow["permissions"] == {"contents": "read"}
        (install,) = (step["run"] for step in steps if "pip install" in step.get("run", ""))
        environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
        ran = subprocess.run(["bash", "-ec", install], cwd=site, env=environment, capture_output=True, text=True)
        if written:
            assert ran.stdout == f"install\n{ENGINE.replace('{version}', '7.8.9')}\n", ran.stderr
        else:
            no_version = "::error file=content/site.yaml::made_with names no version\n"
            assert (ran.returncode, ran.stdout) == (1, no_version)
        words = [step["run"].split() for step in steps if step.get("run", "").startswith("randnotiz ")]
        assert [word[1] for word in words] == ["check", "build"]
        known = {word for each in words for word in each if word.startswith("--")}
        assert known <= set(re.findall(r"--[a-z-]+", run(site, "check", "--help").stdout))


def test_a_colour_that_cannot_be_read_becomes_the_nearest_that_can(tmp_path: Path) -> None:
    made = run(tmp_path, "init", "blatt", "--accent=#ffff00")
    said = yaml.safe_load((tmp_path / "blatt" / "content" / "site.yaml").read_text(encoding="utf-8"))
    colour = said["theme"]["colours"]["accent"]
    assert f"'#ffff00' cannot be read on light paper: '{colour['light']}' is the nearest that can" in made.stderr
    assert colour["dark"] == "#ffff00"
    assert "contrast-low" not in check(tmp_path / "blatt", "check")[1]


def test_a_title_in_the_place_of_an_id_is_refused_with_the_nearest_id(tmp_path: Path) -> None:
    assert "; write 'aerger-im-buero'\n" in run(tmp_path, "new", "Ärger im Büro").stderr
