"""Whole small sites: a folder of content, and the findings or the files expected of it.

Each folder below `sites/` is one case, named by its sentence: `content/` goes in; `findings.txt` is what `check`
prints about it (absent: nothing), and every file below `expected/` is one that the build writes, byte for byte.
`UPDATE=1 make test` writes what was found, for a reader to look at before it is committed.
"""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.program import run

ROOT = Path(__file__).parent.parent
SITES = sorted((Path(__file__).parent / "sites").iterdir())
UPDATE = bool(os.environ.get("UPDATE"))


@pytest.mark.parametrize("case", SITES, ids=lambda case: case.name)
def test_a_site_gives_the_findings_and_the_files_expected(case: Path, tmp_path: Path) -> None:
    shutil.copytree(case / "content", tmp_path / "content")
    told = run(tmp_path, "check", "--content", "content", "--as-of", "2026-11-24")
    assert told.returncode in (0, 1), told.stderr
    _compare(case / "findings.txt", told.stdout)

    built = run(tmp_path, "build", "--content", "content", "--output", "site", "--as-of", "2026-11-24")
    assert built.returncode == told.returncode, built.stderr
    if told.returncode:
        left = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
        assert left == [], "with a fault nothing is written"
    for path in sorted((case / "expected").rglob("*")):
        if path.is_file():
            _compare(path, (tmp_path / "site" / path.relative_to(case / "expected")).read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SITES, ids=lambda case: case.name)
def test_findings_are_the_same_as_json_and_as_text(case: Path, tmp_path: Path) -> None:
    shutil.copytree(case / "content", tmp_path / "content")
    rows = json.loads(run(tmp_path, "check", "--content", "content", "--format", "json").stdout)
    github = run(tmp_path, "check", "--content", "content", "--format", "github").stdout.splitlines()
    assert len(rows) == len(github)
    for row, line in zip(rows, github, strict=True):
        where = f"line={row['line']},endLine={row['endLine']},col={row['column']},endColumn={row['endColumn']}"
        assert line.startswith(f"::{row['severity']} file={row['path']},{where},title={row['code']}::")
        assert row["endColumn"] >= row["column"]
    assert all(isinstance(row["hint"], str) and row["message"] for row in rows)


def _compare(path: Path, found: str) -> None:
    if UPDATE and found:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, encoding="utf-8")
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    assert found == expected, f"{path.relative_to(ROOT)} says something else"
