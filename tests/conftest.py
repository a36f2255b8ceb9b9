"""What several test files share: one browser for the whole run."""

import compileall
import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from typing import NoReturn

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserType, Error, sync_playwright

ROOT = Path(__file__).parent.parent
# The many programs that tests start find all modules compiled, whatever the shell asks for. They compile none
# themselves: where a test lets them write no whole files, that would be half a module, which all others then read.
if not os.environ.get("PYTEST_XDIST_WORKER"):
    compileall.compile_dir(ROOT / "randnotiz", quiet=1)
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
sys.dont_write_bytecode = False  # of what this process imports, the tests among it

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long`: tests that are bounded in CI run for an hour or so."""
    parser.addoption("--long", action="store_true", help="the long runs of bounded tests, an hour or so")


def pytest_configure(config: pytest.Config) -> None:
    """Property tests see the same examples in every run, so that a change is judged by what it changed; a long run
    seeks new ones. Machines are busy, and how long an example takes says nothing about it.
    """
    seeking = config.getoption("--long")
    settings.register_profile("suite", deadline=None, derandomize=not seeking, database=None)
    settings.load_profile("suite")


MOST_CASES = 3  # of a slow test that are all run


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a slow test with more cases about every third is run, of one that drives all engines every second; all of
    them in a long run, or where one is named. The step has no divisor in common with the number of cases, so that of
    two widths and two schemes each is met.
    """
    if config.getoption("--long") or config.getoption("keyword") or any("::" in one for one in config.args):
        return
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("slow"):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left = set[int]()
    for each in cases.values():
        if len(each) > MOST_CASES:
            engines = each[0].get_closest_marker("engines")
            step = 2 if engines else next(step for step in (3, 4, 5, 7, 11) if len(each) % step)
            left |= {id(item) for item in each} - {id(item) for item in each[::step]}
    config.hook.pytest_deselected(items=[item for item in items if id(item) in left])
    items[:] = [item for item in items if id(item) not in left]


@pytest.fixture(scope="session")
def data_of_others() -> Path:
    """The folder of files that others have made, which are not ours to pass on; tests of them skip without it."""
    folder = os.environ.get("RANDNOTIZ_TEST_DATA")
    if not folder:
        pytest.skip("RANDNOTIZ_TEST_DATA names no folder of other people's files")
    return Path(folder).resolve(strict=True)


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether this is a long run."""
    return bool(request.config.getoption("--long"))


def lacking(message: str) -> NoReturn:
    """Skips what cannot be tested here; in CI, where everything is installed, it fails."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def from_npm(*parts: str) -> Path:
    """What a package of npm brings, below `node_modules`; tests that need it are skipped without, but fail in CI."""
    path = Path(__file__).parent.joinpath("node", "node_modules", *parts)
    if not path.exists():
        lacking(f"{path} is missing: npm ci in tests/node/")
    return path


def launched(kind: BrowserType, *arguments: str) -> Browser:
    """A headless Chromium, told more than usual."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(which, CHROMIUM)), None)
    # Containers rarely let Chromium build its sandbox, and it only ever opens our own pages here.
    return kind.launch(executable_path=path, args=["--no-sandbox", *arguments])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; tests that need it are skipped where there is none, but fail in CI."""
    with sync_playwright() as playwright:
        try:
            opened = launched(playwright.chromium)
        except Error as error:
            lacking(f"no Chromium to test with: apt-get install chromium ({error})")
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """A folder for screenshots that people may look at after a run."""
    folder = Path(__file__).parent / "artefacts"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that the project ships with, built once for all processes of a run."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    site, lock = shared / "real-site", shared / "real-site.lock"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not (site / ".written").exists():
            subprocess.run([sys.executable, ROOT / "build.py", "--output", site], check=True, capture_output=True)
    return site


@pytest.fixture(scope="session")
def served(real_site: Path) -> Iterator[str]:
    """The address at which a plain web server shows that site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(real_site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass
