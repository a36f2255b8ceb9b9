"""The chart engine, a second of starting and a hundred megabytes, is there only for what nobody has drawn yet.

A probe in the building process writes down whenever that process, or one that it starts to make articles, starts the
engine or loads its library for a share picture.
"""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from randnotiz import charts, site
from randnotiz.charts import drawing
from randnotiz.site import building
from tests.patience import HANGS
from tests.places import folders_in

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
ARTICLES, CHARTS = 12, 3  # so many articles are worth two processes

SETTINGS = "title: Stadtblatt\nurl: https://stadtblatt.example/\nlang: de\npublisher: Stadtblatt\n"
ARTICLE = """\
---
title: Steigen die Mieten?
authors: [Redaktion]
published: 2026-11-23
summary: Was die Zahlen des Amtes hergeben.
---
Die Mieten stiegen nach Angaben des Amtes.

{{ chart: bild-0 }}

{{ chart: bild-1 }}

{{ chart: bild-2 }}
"""
SOURCES = "sources: [{id: amt, type: report, title: Mietbericht, issued: 2025}]\n"
CHART = """\
- id: bild-{number}
  title: Die Mieten steigen
  alt: Eine Linie, die steigt.
  sources: [amt]
  data: {{rows: [{{year: 2023, rent: {rent}}}, {{year: 2024, rent: 900}}]}}
  vega-lite:
    mark: line
    encoding: {{x: {{field: year, type: ordinal}}, y: {{field: rent, type: quantitative}}}}
"""

PROBE = """
import os, sys
from pathlib import Path

folder, command, jobs = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

def heard(event, given):
    started = event == "subprocess.Popen" and any("engine.py" in str(word) for word in given[1])
    if started or (event == "import" and given[0] == "vl_convert"):
        with open(folder / "heard", "a") as file:
            file.write(f"{os.getpid()} {'starts the engine' if started else 'loads its library'}\\n")

sys.addaudithook(heard)
from randnotiz import site
from randnotiz.site import building
folders = site.SitePaths(
    content=folder / "content",
    templates=Path("templates").resolve(),
    static=Path("static").resolve(),
    output=folder / "site",
    cache=folder / "cache",
)
choices = site.BuildOptions(jobs=jobs, clean=True, may_draw=command != "no-draw")
outcome = building.build(folders, choices) if command == "build" else site.check(folders, choices)
assert not outcome.stopped, outcome.findings
"""


def write(folder: Path, first: int = 0) -> None:
    """Articles with three charts each, all different; `first` is a number in the first chart of the first."""
    (folder / "content").mkdir(exist_ok=True)
    (folder / "content" / "site.yaml").write_text(SETTINGS, encoding="utf-8")
    for article in range(ARTICLES):
        charts = [
            CHART.format(number=number, rent=first if article == number == 0 else 100 * article + number)
            for number in range(CHARTS)
        ]
        files = {"article.md": ARTICLE, "sources.yaml": SOURCES, "charts.yaml": "charts:\n" + "".join(charts)}
        for name, text in files.items():
            path = folder / "content" / f"mieten-{article:02}" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")


def heard(folder: Path, command: str = "build", jobs: int = 1) -> Counter[str]:
    """What the probe heard: each process with what it did, and how often."""
    subprocess.run(
        [sys.executable, "-c", PROBE, folder, command, str(jobs)], cwd=ROOT, check=True, timeout=HANGS, text=True
    )
    path = folder / "heard"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return Counter(lines)


def test_the_charts_of_a_build_may_take_only_so_long_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "USUAL", 0.0)
    monkeypatch.setattr(charts, "LONGEST_SUM", 0.001)  # more than no drawing takes
    write(tmp_path)
    for command, chart in ((site.check, "bild-0"), (building.build, "bild-1"), (site.check, "bild-2")):
        made = command(folders_in(tmp_path), site.BuildOptions())
        (fault,) = (one for one in made.diagnostics if one.code == "limit-exceeded")
        assert made.stopped
        assert fault.position.path == "mieten-00/charts.yaml"
        assert f"the longest are '{chart}' of mieten-00 (" in fault.message  # the one before it is drawn by now
        assert "build again" in fault.hint
    monkeypatch.setattr(charts, "LONGEST_SUM", 10**6)
    assert not site.check(folders_in(tmp_path), site.BuildOptions()).stopped


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_engine_starts_once_a_process_and_only_for_what_is_not_in_the_cache(tmp_path: Path, jobs: int) -> None:
    write(tmp_path)
    assert heard(tmp_path, "no-draw") == Counter()
    first = heard(tmp_path, jobs=jobs)
    starts = {line: count for line, count in first.items() if line.endswith("starts the engine")}
    assert 1 <= len(starts) <= jobs
    assert set(starts.values()) == {1}
    assert heard(tmp_path, jobs=jobs) == Counter()
    assert heard(tmp_path, "check") == Counter()
    write(tmp_path, first=50)
    assert heard(tmp_path, "no-draw") == Counter()
    assert sorted(heard(tmp_path, "check", jobs).values()) == [1], "one chart is new"
    assert heard(tmp_path, jobs=jobs) == Counter(), "a check has drawn it"
