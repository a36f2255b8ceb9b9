"""What docs/newsroom.md tells a newsroom to type works, from the first line to the last, in a site of init's."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from shutil import which

import pytest

from tests.conftest import lacking
from tests.patience import HANGS
from tests.program import run

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "newsroom.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
NAMES = ("A piece is begun", "Review", "published", "Embargo", "branch", "asked", "searched", "out", "taken back")

# What people write before a block, by its number: files with words that give way to others.
WRITTEN: Mapping[int, tuple[tuple[str, str, str], ...]] = {
    2: (("leap-years/article.md", r"draft: true.*\n", ""),),
    5: (("first-check/article.md", "97 leap days", "98 leap days"),),
    7: (
        ("first-check/figures.yaml", "97 leap days", "98 leap days"),
        ("first-check/figures.yaml", "value: 97", "value: 98"),
        ("first-check/figures.yaml", r"365\.2425", "365.245"),
        ("first-check/article.md", r"365\.2425", "365.245"),
        ("first-check/article.md", "^summary:", re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[0] + "summary:"),
    ),
}


def environment(folder: Path) -> dict[str, str]:
    """A shell in which `randnotiz` is this one, and git is nobody's in particular."""
    tools = folder / "tools"
    tools.mkdir()
    script = f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} -m randnotiz "$@"\n'
    (tools / "randnotiz").write_text(script, encoding="utf-8")
    (tools / "randnotiz").chmod(0o755)
    who = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return {**os.environ, **who, **settings, "PATH": f"{tools}:{os.environ['PATH']}"}


@pytest.mark.slow
def test_every_command_of_the_newsroom_does_what_it_says(tmp_path: Path) -> None:
    if which("git") is None:
        lacking("there is no git")
    home, known = tmp_path / "news", environment(tmp_path)

    def do(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", line], cwd=home, env=known, capture_output=True, text=True, timeout=HANGS, check=False
        )

    assert (
        run(tmp_path, "init", "news", "--name", "N", "--url", "https://news.example/", "--lang", "en").returncode == 0
    )
    first = home / "content" / "first-check" / "article.md"
    first.write_text(re.sub(r"draft: true.*\n", "", first.read_text(encoding="utf-8")), encoding="utf-8")
    for line in (
        "git init -q -b main && git add . && git commit -q -m begun",
        "git init -q --bare -b main ../origin && git remote add origin ../origin && git push -q -u origin main",
    ):
        assert do(line).returncode == 0
    assert len(BLOCKS) == len(NAMES)
    for number, block in zip(count(), BLOCKS, strict=False):
        for path, old, new in WRITTEN.get(number, ()):
            file = home / "content" / path
            words = file.read_text(encoding="utf-8")
            assert re.search(old, words, re.MULTILINE), (path, old)
            file.write_text(re.sub(old, new, words, flags=re.MULTILINE), encoding="utf-8")
        for line in block.splitlines():
            told = do(line)
            expected = 1 if "exit status 1" in line else 0
            assert told.returncode == expected, f"{NAMES[number]}: {line}\n{told.stdout}{told.stderr}"
        if NAMES[number] == "asked":
            assert "A NUMBER DIFFERS" in told.stdout
    log = do("git log --oneline --first-parent origin/main").stdout
    assert [line.partition(" ")[2] for line in log.splitlines()] == [
        'Revert "Merge correct-first-check"',
        "Merge correct-first-check",
        "Merge leap-years",
        "begun",
    ]
    assert "98 leap days" not in first.read_text(encoding="utf-8"), "the correction has been taken back"
