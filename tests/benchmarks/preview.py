"""From a save to the changed words in the browser: how long each part of the way takes.

    python -m tests.benchmarks.preview                     the explainer
    python -m tests.benchmarks.preview --articles 1000     one article of a site of so many

Times are medians in milliseconds, measured on the clock of the machine: noticing ends when the preview hears of the
save, building when it has the page, sending when the browser has it, swapping when the words stand in the document.
CPU is what the preview's process computes for one save. On a busy machine only that is worth anything.
"""

import argparse
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.benchmarks import articles

ROOT = Path(__file__).resolve().parent.parent.parent
WORK = ROOT / ".cache" / "bench" / "preview"
EXPLAINER = "deepseek-nachgerechnet"
# Polling for the words would slow down what is measured.
LISTEN = """document.addEventListener("preview:swapped", ({ detail }) => {
    if (!detail.noticed) return;
    window.swapped = detail;
    window.waiting?.(detail);
})"""
AWAIT = """words => new Promise((done, fail) => {
    const check = (detail) => document.querySelector("main").textContent.includes(words) && done(detail);
    window.waiting = check;
    if (window.swapped) check(window.swapped);
    setTimeout(fail, 60_000);
})"""
PARTS = ("noticing", "building", "sending", "swapping")


def main() -> None:
    """Prints the table."""
    options = arguments()
    content = WORK / "content"
    shutil.rmtree(WORK, ignore_errors=True)
    if options.articles:
        articles.write(content, options.articles)
        slug = articles.slug(options.articles // 2)
    else:
        shutil.copytree(ROOT / "content", content)
        slug = EXPLAINER
    with running(content) as address, sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{address}{slug}/")
        expect(page.locator("#preview-opener")).to_contain_text("bare", timeout=60_000)
        page.evaluate(LISTEN)
        rows = [saved(page, content / slug / "article.md", turn) for turn in range(options.times + 2)][2:]
        browser.close()
    print(
        f"{options.articles or 'the explainer'!s:>15}"
        + "".join(f"{part:>10}" for part in (*PARTS, "together", "CPU"))
    )
    for name, measure in (("median", statistics.median), ("slowest", max)):
        print(f"{name:>15}" + "".join(f"{measure(column):10.1f}" for column in zip(*rows, strict=True)))


def saved(page: Page, path: Path, turn: int) -> tuple[float, ...]:
    """What one save takes, part by part, together, and in computing."""
    text = path.read_text(encoding="utf-8")
    head, fence, body = text.partition("\n---\n")
    paragraph = next(line for line in body.splitlines() if len(line) > 80 and not line.startswith(("#", "|", "{")))
    words = f"Gespeichert zum {turn}. Mal."
    old = paragraph.split("Mal. ")[-1] if paragraph.startswith("Gespeichert") else paragraph
    page.evaluate("window.swapped = window.waiting = null")
    draft = path.with_name(".draft")
    draft.write_text(head + fence + body.replace(paragraph, f"{words} {old}", 1), encoding="utf-8")
    draft.replace(path)
    began = time.time() * 1000
    told = page.evaluate(AWAIT, words)
    time.sleep(1.5)  # the whole site is built meanwhile, and not to be measured
    noticed, built = told["noticed"] * 1000, told["built"] * 1000
    received, swapped = told["received"], told["swapped"]
    return (
        noticed - began, built - noticed, received - built, swapped - received, swapped - began, told["cpu"] * 1000
    )  # fmt: skip


@contextmanager
def running(content: Path) -> Iterator[str]:
    """The address of a preview."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words: list[str | Path] = ["preview", "--content", content, "--output", WORK / "site", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, ROOT / "build.py", *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert process.stderr
    for line in process.stderr:
        if line.startswith("preview at"):
            break
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def arguments() -> argparse.Namespace:
    """What is measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.preview", description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=0, help="a site of so many articles instead of the explainer")
    parser.add_argument("--times", type=int, default=12, help="how many saves are measured")
    return parser.parse_args()


if __name__ == "__main__":
    main()
