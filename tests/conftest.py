"""What several test files share: one browser for the whole run."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; tests that need it are skipped where there is none, but fail in CI."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        try:
            # Containers rarely let Chromium build its sandbox, and it only ever opens our own pages here.
            opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error as error:
            message = f"no Chromium to test with: apt-get install chromium ({error})"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """A folder for screenshots that people may look at after a run."""
    folder = Path(__file__).parent / "artefacts"
    folder.mkdir(exist_ok=True)
    return folder
