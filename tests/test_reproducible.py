"""The same content gives the same bytes: in any folder, on any day, with any hash seed and number of processes."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks import articles

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
MORE_ARTICLES = 13  # with the two real ones enough for two processes to be worth starting

# Every way in which Python code asks what day it is; years later here, in a program that begins with it.
ANOTHER_DAY = """\
import datetime, time

YEARS = 7 * 365.25 * 86_400
now, now_ns = time.time, time.time_ns
time.time = lambda: now() + YEARS
time.time_ns = lambda: now_ns() + int(YEARS) * 10**9
for name in ("gmtime", "localtime", "ctime"):
    setattr(time, name, lambda seconds=None, of=getattr(time, name): of(time.time() if seconds is None else seconds))


class LaterDay(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())


class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls):
        return cls.utcfromtimestamp(time.time())

    @classmethod
    def today(cls):
        return cls.now()


datetime.date, datetime.datetime = LaterDay, Later
"""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A folder with the program and the content, and how the program is started in it."""

    root: Path
    seed: str
    jobs: int
    environment: dict[str, str]
    below: str = ""  # the folder it is started from

    def built(self, name: str) -> dict[str, bytes]:
        """Every file of the site, the record of what was written included."""
        command = [sys.executable, str(self.root / "build.py"), "--output", str(self.root / name)]
        environment = {**os.environ, "PYTHONHASHSEED": self.seed, **self.environment}
        done = subprocess.run(
            [*command, "--jobs", str(self.jobs)],
            cwd=self.root / self.below,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        site = self.root / name
        return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def settle(root: Path, cache: bool) -> Path:
    """The program and the content copied into a folder of their own."""
    for name in ("randnotiz", "templates", "static", "content"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "build.py", root / "build.py")
    for index in range(MORE_ARTICLES):
        folder = root / "content" / articles.slug(index)
        folder.mkdir()
        for name, text in articles.article(index).items():
            if name != "charts.yaml":  # to draw theirs takes longer, and says no more than those of the real ones
                (folder / name).write_text(text, encoding="utf-8")
    if cache and (ROOT / ".cache" / "charts").is_dir():
        shutil.copytree(ROOT / ".cache" / "charts", root / ".cache" / "charts")
    return root


def test_folder_day_language_of_the_machine_hash_seed_and_number_of_processes_leave_no_trace(tmp_path: Path) -> None:
    later = tmp_path / "later"
    later.mkdir()
    (later / "sitecustomize.py").write_text(ANOTHER_DAY, encoding="utf-8")
    here = Place(root=settle(tmp_path / "a", cache=True), seed="0", jobs=1, environment={"TZ": "UTC"})
    there = Place(
        root=settle(tmp_path / "ein längerer Pfad" / "b", cache=False),  # so every chart is drawn anew
        seed="4711",
        jobs=2,
        environment={"TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8", "PYTHONPATH": str(later)},
        below="content",
    )
    first = here.built("site")
    assert f"{articles.slug(0)}/index.html" in first
    again = there.built("site")
    assert again.keys() == first.keys()
    assert [path for path in sorted(first) if first[path] != again[path]] == []


def test_the_day_is_really_another_one(tmp_path: Path) -> None:
    """The other test would be worth nothing if the program could still find out what day it is."""
    (tmp_path / "sitecustomize.py").write_text(ANOTHER_DAY, encoding="utf-8")
    asks = "import datetime, time; print(datetime.date.today().year, datetime.datetime.now().year, time.gmtime()[0])"
    years = [
        {int(year) for year in subprocess.check_output([sys.executable, "-c", asks], env=env, text=True).split()}
        for env in (dict(os.environ), {**os.environ, "PYTHONPATH": str(tmp_path)})
    ]
    assert all(len(each) == 1 for each in years)
    assert years[1].pop() - years[0].pop() in (6, 7, 8)
