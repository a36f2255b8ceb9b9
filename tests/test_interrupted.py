"""Never half a site: whatever happens while a build writes, each file is whole, links hold, and the next build mends.

Builds are killed at random moments: 30 times here, 300 times with `--long`.
"""

import math
import multiprocessing
import os
import posixpath
import re
import resource
import secrets
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from randnotiz.site import BuildOptions, SitePaths, building
from randnotiz.site.output import MANIFEST, STAGE, Stage, build_lock
from tests.patience import HANGS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
BOUNDED, LONG = 30, 300

# A killed build is a process of its own; the program is loaded once for all of them.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["randnotiz.site"])

SETTINGS = "title: {title}\nurl: https://stadtblatt.example/\nlang: de\npublisher: Stadtblatt\n"
ARTICLE = """\
---
title: Steigen die Mieten in {place}?
authors: [Redaktion]
published: 2026-11-23
summary: Was die Zahlen des Amtes hergeben.
---
Die Mieten stiegen nach Angaben des Amtes um 12 Prozent. Mehr dazu [dort](../{link}/).
"""
SOURCES = """\
sources:
- {{id: {own}, type: report, title: Mietbericht, issued: 2025}}
citations:
- id: amt
  quote: nach Angaben des Amtes
  sources: [{own}, {shared}]
"""
SHARED = "sources:\n- {{id: {shared}, type: book, title: Wohnen, issued: 2024}}\n"


def write(content: Path, edition: str, stories: int) -> None:
    """One of two editions of a paper that differ in every way a site can: articles, sources, pages, settings."""
    shutil.rmtree(content, ignore_errors=True)
    numbers = range(stories) if edition == "morgens" else range(2, stories + 2)
    slugs = [f"viertel-{number:02}" for number in numbers]
    files = {
        "site.yaml": SETTINGS.format(title=f"Stadtblatt {edition}"),
        "sources.yaml": SHARED.format(shared=edition),
        f"pages/{edition}.md": f"---\ntitle: Impressum {edition}\n---\nVerantwortlich ist die Redaktion.\n",
    }
    for slug, link in zip(slugs, [*slugs[1:], slugs[0]], strict=True):
        files[f"{slug}/article.md"] = ARTICLE.format(place=slug, link=link)
        files[f"{slug}/sources.yaml"] = SOURCES.format(own=f"amt-{slug}-{edition}", shared=edition)
    for name, text in files.items():
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_text(text, encoding="utf-8")


def folders(folder: Path, output: str = "site") -> SitePaths:
    return SitePaths(
        content=folder / "content",
        templates=ROOT / "templates",
        static=ROOT / "static",
        output=folder / output,
        cache=folder / "cache",
    )


def everything(output: Path) -> dict[str, bytes]:
    """All files of a site by path, without the list of what was written and what is still staged."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and not path.relative_to(output).parts[0].startswith(".")
    }


def dangling(files: dict[str, bytes], entrances: set[str]) -> list[str]:
    """The links to nowhere that somebody meets who sets out from some pages and follows all links."""
    lost, seen, ahead = [], set(), [path for path in sorted(entrances & files.keys()) if path.endswith(".html")]
    while ahead:
        page = ahead.pop()
        if page in seen:
            continue
        seen.add(page)
        for link in re.findall(rb'(?:href|src)="([^"#?:]+)["#?]', files[page]):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), link.decode()))
            if target not in files:
                lost.append(f"{page}: {link.decode()}")
            elif target.endswith(".html"):
                ahead.append(target)
    return lost


def killed(folders: SitePaths, jobs: int, moment: float, pause: float) -> None:
    """A build that is killed once it has touched the disk so often, or a little later."""
    touches = 0
    builder = os.getpid()

    def touch(event: str, _: object) -> None:
        nonlocal touches
        if event not in TOUCHES or os.getpid() != builder:
            return
        touches += 1
        if touches == moment:
            threading.Thread(target=kill, daemon=True).start() if pause else kill()

    def kill() -> None:
        time.sleep(pause)
        os.kill(builder, signal.SIGKILL)

    sys.addaudithook(touch)
    building.build(folders, BuildOptions(jobs=jobs))
    (folders.cache / "touches").write_text(str(touches), encoding="utf-8")


TOUCHES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir")


def until_killed(folders: SitePaths, jobs: int, moment: float = math.inf, pause: float = 0) -> int:
    """How often a build touched the disk, 0 if it was killed."""
    counted = folders.cache / "touches"
    counted.unlink(missing_ok=True)
    build = FORKS.Process(target=killed, args=(folders, jobs, moment, pause))
    build.start()
    build.join(120)
    assert build.exitcode in (0, -signal.SIGKILL)
    return 0 if build.exitcode else int(counted.read_text())


@pytest.mark.parametrize(("jobs", "stories", "share"), [(1, 4, 0.8), (2, 12, 0.2)])
def test_a_build_killed_at_any_moment_leaves_whole_files_and_links_that_hold(
    tmp_path: Path, long: bool, jobs: int, stories: int, share: float
) -> None:
    seed = os.environ.get("SEED") or (time.time_ns() if long else 2026)
    print(f"SEED={seed}")  # shown if it fails
    random = Random(f"{jobs} {seed}")
    here = folders(tmp_path)
    editions: dict[str, dict[str, bytes]] = {}
    moments = 0
    for edition in ("morgens", "abends", "morgens", "abends"):
        write(here.content, edition, stories)
        moments = until_killed(here, jobs)
        editions[edition] = everything(here.output)
    old, new = "abends", "morgens"
    for _ in range(round((LONG if long else BOUNDED) * share)):
        write(here.content, new, stories)
        until_killed(here, jobs, random.randrange(1, moments), random.choice((0, 0, random.uniform(0, 0.003))))

        files = everything(here.output)
        strange = [
            path for path, raw in files.items() if raw not in (editions[old].get(path), editions[new].get(path))
        ]
        assert not strange
        assert dangling(files, {"index.html", *editions[old].keys() & editions[new].keys()}) == []

        outcome = building.build(here, BuildOptions(jobs=jobs))
        assert (outcome.stopped, outcome.foreign) == (False, ())
        assert everything(here.output) == editions[new]
        assert not (here.output / STAGE).exists()
        old, new = new, old


# ----------------------------------------------------------------------------------------------------
# What the machine refuses
# ----------------------------------------------------------------------------------------------------


@pytest.fixture
def paper(tmp_path: Path) -> SitePaths:
    """A paper whose morning edition is built, and whose evening edition is written."""
    here = folders(tmp_path)
    write(here.content, "morgens", 2)
    building.build(here, BuildOptions())
    write(here.content, "abends", 2)
    return here


def command(here: SitePaths) -> list[str]:
    return [sys.executable, str(ROOT / "build.py"), "--content", str(here.content), "--output", str(here.output)]


def program(here: SitePaths, largest: int | None = None) -> subprocess.CompletedProcess[str]:
    """A build by the command line; `largest` is the size a file may grow to, as where a disk is full."""

    def limited() -> None:
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    return subprocess.run(
        command(here), capture_output=True, text=True, timeout=HANGS, check=False, preexec_fn=limited
    )


@pytest.mark.parametrize("largest", [0, 700, 9_000])
def test_where_nothing_more_can_be_written_the_old_site_stays_and_one_line_says_so(
    paper: SitePaths, largest: int
) -> None:
    before = everything(paper.output)
    refused = program(paper, largest)
    assert (refused.returncode, refused.stderr.count("\n")) == (3, 1), refused.stderr
    assert refused.stderr.startswith(("build.py: File too large: ", "build.py: cannot write what the lists"))
    assert everything(paper.output) == before
    assert not (paper.output / STAGE).exists()
    assert program(paper).returncode == 0
    assert b"abends" in (paper.output / "index.html").read_bytes()


@pytest.mark.parametrize("most", [5, 6, 7])
def test_where_few_files_may_be_open_a_build_ends_in_lines_that_say_so(paper: SitePaths, most: int) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    refused = subprocess.run(
        [*command(paper), "--jobs", "2", "--clean"],
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
        preexec_fn=limited,
    )
    assert refused.returncode in (1, 3)
    assert "too many open files" in refused.stderr.lower()
    assert "Traceback" not in refused.stderr


CHART = """\
charts:
- id: balken
  after: Die Mieten stiegen
  title: Balken
  alt: Zwei Balken.
  sources: [abends]
  data: {{rows: [{{jahr: {year}}}, {{jahr: 2}}]}}
  vega-lite: {{mark: bar, encoding: {{x: {{field: jahr, type: quantitative}}}}}}
"""


@pytest.mark.parametrize(
    ("limit", "most"), [(resource.RLIMIT_NOFILE, 11), (resource.RLIMIT_NOFILE, 14), (resource.RLIMIT_AS, 500_000_000)]
)
def test_where_the_chart_engine_cannot_run_no_chart_is_to_blame_then_or_later(
    paper: SitePaths, limit: int, most: int
) -> None:
    year = secrets.randbelow(10**9)  # drawn by no run before
    chart = paper.content / "viertel-02" / "charts.yaml"
    chart.write_text(CHART.format(year=year), encoding="utf-8")
    refused = subprocess.run(
        command(paper),
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
        preexec_fn=lambda: resource.setrlimit(limit, (most, most)),
    )
    assert refused.returncode == 3, refused.stderr
    assert re.match(r"build.py: (the chart engine does not run; it wants|Too many open files;)", refused.stderr)
    assert refused.stderr.count("\n") == 1
    assert program(paper).returncode == 0


@pytest.mark.parametrize(
    "place", ["/proc/site", "{file}/site", "{file}", "{dangling}", "{dangling}/site", "{circle}"]
)
def test_where_there_can_be_no_output_one_line_says_so(paper: SitePaths, tmp_path: Path, place: str) -> None:
    names = {name: tmp_path / name for name in ("file", "dangling", "circle")}
    names["file"].write_text("keine Ordner hier", encoding="utf-8")
    names["dangling"].symlink_to("nirgends")
    names["circle"].symlink_to("circle")
    refused = program(replace(paper, output=Path(place.format(**names))))
    assert (refused.returncode, refused.stderr.count("\n")) == (3, 1), refused.stderr
    assert "cannot write into" in refused.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_that_became_read_only_stays_as_it_was(paper: SitePaths) -> None:
    before = everything(paper.output)
    paper.output.chmod(0o500)
    refused = program(paper)
    paper.output.chmod(0o700)
    assert (refused.returncode, refused.stderr.count("\n")) == (3, 1), refused.stderr
    assert everything(paper.output) == before


def test_a_file_of_somebody_else_in_the_place_of_a_folder_is_named_before_anything_is_moved(paper: SitePaths) -> None:
    (paper.output / "viertel-03").write_text("von Hand", encoding="utf-8")
    before = everything(paper.output)
    refused = program(paper)
    assert (refused.returncode, refused.stderr.count("\n")) == (3, 1), refused.stderr
    assert "there is a file in the place of a folder" in refused.stderr
    assert "viertel-03" in refused.stderr
    assert everything(paper.output) == before


@pytest.mark.parametrize("name", [MANIFEST, STAGE])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("../theirs", target_is_directory=True)])
def test_what_has_a_name_of_the_builds_is_neither_waited_for_nor_followed(
    paper: SitePaths, name: str, make: Callable[[Path], None]
) -> None:
    shutil.rmtree(paper.output)
    paper.output.mkdir()
    (paper.output.parent / "theirs").mkdir()
    make(paper.output / name)
    built = program(paper)
    assert built.returncode == 0, built.stderr
    assert not list((paper.output.parent / "theirs").iterdir())
    assert (paper.output / MANIFEST).is_file()


def test_a_folder_of_somebody_else_in_the_place_of_a_page_is_named_before_anything_is_moved(paper: SitePaths) -> None:
    (paper.output / "feed.xml").unlink()
    (paper.output / "feed.xml").mkdir()
    before = everything(paper.output)
    refused = program(paper)
    assert (refused.returncode, refused.stderr.count("\n")) == (3, 1), refused.stderr
    assert "there is a folder in the place of the file" in refused.stderr
    assert everything(paper.output) == before


def test_of_two_builds_at_once_the_second_says_who_is_building_and_changes_nothing(paper: SitePaths) -> None:
    before = everything(paper.output)
    with build_lock(paper.output), Stage(paper.output):
        refused = program(paper)
        assert (refused.returncode, refused.stderr.count("\n")) == (3, 1), refused.stderr
        assert f"another build (process {os.getpid()}) is writing into" in refused.stderr
    assert everything(paper.output) == before


def test_of_many_builds_started_together_each_finishes_or_says_that_another_is_at_work(paper: SitePaths) -> None:
    builds = [subprocess.Popen(command(paper), stderr=subprocess.PIPE, text=True) for _ in range(3)]
    ends = [(build.communicate(timeout=HANGS)[1], build.returncode) for build in builds]
    assert {status for _, status in ends} <= {0, 3}
    assert all("another build" in said for said, status in ends if status)
    assert 0 in {status for _, status in ends}
    assert b"abends" in (paper.output / "index.html").read_bytes()
    assert not (paper.output / STAGE).exists()


def test_a_worker_that_is_killed_ends_the_build_in_one_line(tmp_path: Path) -> None:
    here = folders(tmp_path)
    write(here.content, "morgens", 40)
    build = subprocess.Popen([*command(here), "--jobs", "2"], stderr=subprocess.PIPE, text=True)
    children = Path(f"/proc/{build.pid}/task/{build.pid}/children")
    while not (workers := children.read_text().split()):
        assert build.poll() is None
        time.sleep(0.01)
    os.kill(int(workers[-1]), signal.SIGKILL)
    said = build.communicate(timeout=HANGS)[1]
    assert (build.returncode, said.count("\n")) == (3, 1), said
    assert "ended from outside" in said
    assert everything(here.output) == {}


def test_a_worker_that_is_ended_before_it_has_begun_leaves_that_to_its_parent() -> None:
    """The signal went to all processes of the build; the parent's handler, run in a worker, would print a trace."""
    program = textwrap.dedent(
        """
        import os, signal, time
        from randnotiz.site import machine, workers

        def interrupt(*_):
            raise KeyboardInterrupt

        signal.signal(signal.SIGTERM, interrupt)
        equip = workers._equip
        def ended_first(make):
            os.kill(os.getpid(), signal.SIGTERM)
            equip(make)
        workers._equip = ended_first
        try:
            list(workers.made(str, ["morgens"] * 8, 2))
        except machine.MachineError as error:
            print(error)
        """
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=HANGS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def _of_session(session: int) -> list[str]:
    """The processes of a session, as the kernel tells of them (proc(5))."""
    told = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            told.append(path.read_text())
    return [each for each in told if each.rpartition(")")[2].split()[3] == str(session)]


@pytest.mark.slow
@pytest.mark.parametrize("kill", [os.kill, os.killpg])
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_build_ended_by_a_signal_leaves_no_stage_and_no_process(
    tmp_path: Path, number: signal.Signals, jobs: str, kill: Callable[[int, int], None]
) -> None:
    here = folders(tmp_path)
    write(here.content, "morgens", 60)
    build = subprocess.Popen(
        [*command(here), "--jobs", jobs], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not (here.output / STAGE).exists():
        assert build.poll() is None
        time.sleep(0.01)
    time.sleep(0.2)  # most of these builds have their processes then
    kill(build.pid, number)
    said = build.communicate(timeout=HANGS)[1]  # at its end nobody holds the pipe any more
    assert (build.returncode, said) == (130, "interrupted; every file in the site is whole\n")
    assert everything(here.output) == {}
    assert not _of_session(build.pid)


def test_an_interrupt_while_the_stage_is_cleared_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupts, clear = [KeyboardInterrupt()], shutil.rmtree

    def interrupted(folder: Path, *, ignore_errors: bool) -> None:
        if interrupts:
            raise interrupts.pop()
        clear(folder, ignore_errors=ignore_errors)

    stage = Stage(tmp_path)
    stage.__enter__()
    stage.put("mieten/index.html", b"Die Mieten steigen.")
    monkeypatch.setattr(shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        stage.__exit__()
    assert not interrupts
    assert not stage.folder.exists()


def test_an_interrupt_while_the_program_is_loaded_ends_it_without_a_trace(tmp_path: Path) -> None:
    words = [sys.executable, "-X", "importtime", *command(folders(tmp_path))[1:]]  # which prints what is loaded
    build = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    assert build.stderr
    assert any("randnotiz.yamldoc" in line for line in build.stderr)
    build.send_signal(signal.SIGINT)
    said = build.communicate(timeout=HANGS)[1]
    assert build.returncode == -signal.SIGINT
    assert "Traceback" not in said


def test_all_that_was_staged_is_on_the_disk_before_the_first_file_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = folders(tmp_path)
    write(here.content, "morgens", 2)
    replaced, steps = os.replace, list[str]()

    def move(source: str, target: str) -> None:
        if here.output in Path(target).parents:
            steps.append("move")
        replaced(source, target)

    monkeypatch.setattr(os, "sync", lambda: steps.append("sync"))
    monkeypatch.setattr(os, "replace", move)

    building.build(here, BuildOptions())
    assert (steps[0], steps.count("sync")) == ("sync", 1)
    assert "move" in steps

    steps.clear()
    building.build(here, BuildOptions())
    assert steps == []  # nothing moved

    write(here.content, "abends", 2)
    building.build(here, BuildOptions(sync=False))  # as a preview does
    assert set(steps) == {"move"}
