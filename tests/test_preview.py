"""The preview: what is saved is seen, in place; faults come and go; annotations are written from the page."""

import asyncio
import contextlib
import http.client
import json
import os
import re
import resource
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, NoReturn
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, expect

from randnotiz import charts, editing, site
from randnotiz.diagnostics import Diagnostic, collecting
from randnotiz.preview import Preview, annotating, panel
from randnotiz.preview.annotating import free_id
from randnotiz.preview.forms import on_one_line, people
from randnotiz.preview.page_selection import Selection, letters, selected
from randnotiz.preview.server import TOKEN, own_names
from randnotiz.preview.state import PreviewState
from randnotiz.site import building
from randnotiz.site.output import STAGE
from tests.patience import HANGS

ROOT = Path(__file__).parent.parent
# Conditions are waited for, however slow the machine is; a minute means that they never come.
PATIENCE = HANGS

SITE = """\
title: Randnotiz
url: https://example.org/
lang: de
publisher: {name: Randnotiz, url: https://example.org/}
verdicts:
- {key: wrong, de: Widerlegt, en: Refuted}
- {key: disputed, de: Umstritten, en: Disputed}
"""

ARTICLE = """\
---
title: Wem die leeren Wohnungen gehören
authors: [Redaktion]
published: 2026-11-24
summary: In der Stadt stehen Wohnungen leer, und kaum jemand weiß, wem sie gehören.
---
Die Stadt zählte im Frühjahr 4.200 leer stehende Wohnungen. Wem sie gehören, weiß das Amt nicht.

Der Verband hält die Zahl für zu hoch, denn viele Wohnungen würden gerade saniert.

{filler}

Am Ende fehlen der Stadt rund 12.000 Wohnungen, sagt das Amt. Am Ende fehlen der Stadt die Wohnungen.
"""
FILLER = "\n\n".join(
    f"Im Bezirk {number} hat sich seit dem Sommer wenig getan: Die Häuser stehen, die Fenster sind dunkel, und wer "
    "beim Eigentümer anruft, wird auf das nächste Jahr vertröstet, in dem dann alles anders werden soll."
    for number in ("Altona", "Barmbek", "Eimsbüttel", "Harburg", "Ottensen", "Wandsbek", "Billstedt", "Hamm")
)

SOURCES = """\
# Die Werke, auf die sich der Text stützt.
sources:
- id: amt2026
  type: report
  title: Leerstand in der Stadt
  author: [{literal: Amt für Wohnen}]
  issued: 2026-03-01     # das Datum auf dem Titelblatt
- id: verband2026
  type: webpage
  title: Zum Leerstand
  author: [{family: Berger, given: Anna}]
  URL: https://example.org/leerstand

citations:
- id: counted
  quote: 4.200 leer stehende Wohnungen
  sources: [amt2026]   # nur dort gezählt
  note: Gezählt wurde im **März**.
"""

NOTES = """\
notes:
# Was man über den Verband wissen sollte.
- id: landlords
  kind: disclosure
  quote: Der Verband
  note: Im Verband sind die Vermieter.
"""


def write_article(content: Path, slug: str) -> Path:
    folder = content / slug
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE.replace("{filler}", FILLER), encoding="utf-8")
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "notes.yaml").write_text(NOTES, encoding="utf-8")
    return folder


def write_site(root: Path) -> Path:
    content = root / "content"
    content.mkdir()
    (content / "site.yaml").write_text(SITE, encoding="utf-8")
    for folder in ("templates", "static"):
        shutil.copytree(ROOT / folder, root / folder)
    return content


def change(path: Path, old: str, new: str) -> None:
    """As most editors save: a new file takes the place of the old one."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    draft = path.with_name(f".{path.name}.swp")
    draft.write_text(text.replace(old, new), encoding="utf-8")
    draft.replace(path)


def undated(path: Path) -> str:
    """A file without the days on which the desk has written its entries."""
    return re.sub(r"^ +created: \d{4}-\d{2}-\d{2}\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def eventually(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, f"{what}: not within {PATIENCE:.0f} seconds"
        time.sleep(0.05)


# ----------------------------------------------------------------------------------------------------
# A preview that runs
# ----------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Running:
    """A preview in a process of its own, with the folder it watches and what it says."""

    root: Path
    port: int
    process: "subprocess.Popen[str]"

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def said(self) -> str:
        return (self.root / "said.txt").read_text(encoding="utf-8")

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, bytes]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            return self._ask(connection, path, method, body, headers)

    def _ask(
        self,
        connection: http.client.HTTPConnection,
        path: str,
        method: str,
        body: str | None,
        headers: dict[str, str],
    ) -> tuple[int, bytes]:
        host = headers.pop("Host", f"127.0.0.1:{self.port}")
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        raw = (body or "").encode()
        if body is not None:
            connection.putheader("Content-Length", str(len(raw)))
        connection.endheaders(raw)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def token(self) -> str:
        return self.ask("/_preview/token")[1].decode()

    def unlike_built(self) -> set[str]:
        """The files of the site that are not, to the byte, what a build from nothing writes."""
        fresh = self.root / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        words = ["build", "--clean", "--output", str(fresh), *folders(self.root)]
        subprocess.run([sys.executable, ROOT / "build.py", *words], check=True, capture_output=True, timeout=HANGS)
        ours, theirs = files(self.root / "site"), files(fresh)
        return {path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path)}


def folders(root: Path) -> list[str]:
    return [f"--{name}={root / name}" for name in ("content", "templates", "static")]


def files(folder: Path) -> dict[str, bytes]:
    """What is published of a folder; builds keep what is on its way in hidden ones."""
    found = {}
    for below, names, inside in os.walk(folder):
        names[:] = [name for name in names if not name.startswith(".")]
        for name in inside:
            with contextlib.suppress(FileNotFoundError):  # a build takes it away just now
                if not name.startswith("."):
                    path = Path(below) / name
                    found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def start(root: Path, port: int) -> Running:
    words = ["preview", "--editor", "", "--port", str(port), "--output", str(root / "site"), *folders(root)]
    with (root / "said.txt").open("w", encoding="utf-8") as said:
        process = subprocess.Popen([sys.executable, ROOT / "build.py", *words], stdout=said, stderr=said, text=True)
    running = Running(root=root, port=port, process=process)
    eventually(lambda: "the whole site is" in running.said() or process.poll() is not None, "the preview starts")
    return running


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("preview")
    content = write_site(root)
    write_article(content, "leerstand")
    running = start(root, free_port())
    yield running
    running.process.send_signal(signal.SIGINT)
    try:
        running.process.wait(PATIENCE)
    finally:
        running.process.kill()
    assert "Traceback" not in running.said(), running.said()


@pytest.fixture
def article(preview: Running, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The folder of an article that was written while the preview ran; gone after the test."""
    slug = re.sub("[^a-z0-9]+", "-", request.node.name.removeprefix("test_"))[:40].strip("-")
    folder = write_article(preview.content, slug)
    eventually(lambda: preview.ask(f"/{slug}/")[0] == 200, "a new article is served")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    eventually(lambda: preview.ask(f"/{slug}/")[0] == 404, "an article that is gone is not served")


class Tab:
    """A page of the preview; whatever it complains about fails the test."""

    def __init__(self, browser: Browser, preview: Running, path: str, page: Page | None = None) -> None:
        self.complaints: list[str] = []
        self.page = page or browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(preview.address + path)
        expect(self.page.locator("#preview-opener")).to_contain_text("warning", timeout=PATIENCE * 1000)
        self.page.evaluate("window.neverLeft = true")

    def shows(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words, timeout=PATIENCE * 1000)

    def sees(self, selector: str, count: int = 1) -> None:
        expect(self.page.locator(selector)).to_have_count(count, timeout=PATIENCE * 1000)

    def stayed(self) -> bool:
        return bool(self.page.evaluate("window.neverLeft === true"))

    def select(self, words: str, within: str = "#text") -> None:
        """Selects words of the text as a mouse would, and waits for the toolbar."""
        self.page.evaluate(
            """([words, within]) => {
                const walker = document.createTreeWalker(document.querySelector(within), NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    const at = walker.currentNode.data.indexOf(words);
                    if (at < 0) continue;
                    const range = new Range();
                    range.setStart(walker.currentNode, at);
                    range.setEnd(walker.currentNode, at + words.length);
                    walker.currentNode.parentElement.scrollIntoView({ block: "center" });
                    getSelection().removeAllRanges();
                    getSelection().addRange(range);
                    return;
                }
                throw new Error("no such words");
            }""",
            [words, within],
        )
        expect(self.page.locator("#preview-bar")).to_be_visible(timeout=PATIENCE * 1000)

    def form(self, field: str) -> Any:
        return self.page.locator(f"#preview-form [data-field='{field}']").locator("input, textarea, select").first

    def save(self) -> None:
        self.page.locator("#preview-form button[type=submit]").click()


@pytest.fixture
def open_tab(browser: Browser, preview: Running) -> Iterator[Callable[[str], Tab]]:
    tabs: list[Tab] = []

    def opened(path: str) -> Tab:
        tabs.append(Tab(browser, preview, path))
        return tabs[-1]

    yield opened
    for tab in tabs:
        tab.page.close()
        assert tab.complaints == []


# ----------------------------------------------------------------------------------------------------
# Saved and seen
# ----------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_change_is_seen_without_a_reload_and_scroll_and_the_open_note_stay(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(f"{article.name}/")
    tab.page.locator("#n-landlords summary").click()
    tab.page.evaluate("scrollTo(0, 700)")
    eventually(lambda: tab.page.evaluate("scrollY") == 700, "the page is scrolled")

    change(article / "article.md", "rund 12.000 Wohnungen", "rund 13.500 Wohnungen")
    tab.shows("rund 13.500 Wohnungen")
    change(article / "sources.yaml", "im **März**", "im **April**")
    tab.sees("#n-counted strong:text('April')")

    assert tab.stayed()
    assert tab.page.evaluate("scrollY") == 700
    expect(tab.page.locator("#n-landlords details")).to_have_attribute("open", "")
    expect(tab.page.locator("#n-landlords [data-copy=quotation]")).to_have_count(1)


SAID = "[document.title, document.querySelector('main').textContent.replace(/\\s+/g, ' ')]"
EDITS = (
    ("article.md", "wenig getan", "sehr wenig getan", "sehr wenig getan"),
    ("article.md", "Am Ende fehlen der Stadt rund", "## Lage\n\nEin Absatz.\n\nAm Ende fehlen rund", "Ein Absatz."),
    ("article.md", "Ein Absatz.\n\nAm Ende fehlen", "Am Ende fehlen wohl", "Am Ende fehlen wohl"),
    ("article.md", "## Lage", "## Was `<alles>` & was nicht", "&lt;alles&gt;"),
    ("article.md", "denn viele", "denn[^a] viele Leute.\n\n[^a]: Eine Fußnote.\n\nSo viele", "Eine Fußnote"),
    ("article.md", "Im Bezirk Altona", "- eins\n- noch einer\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\nIn", "noch einer"),
    ("article.md", "| 1 | 2 |", "| 1 | 345 |", "345"),
    ("article.md", "- noch einer", "- noch *einer mehr*", "einer mehr"),
    ("article.md", "title: Wem", "title: Ach, wem", "Ach, wem"),
    ("sources.yaml", "title: Zum Leerstand", "title: Vom Leerstand", "Vom Leerstand"),
    ("notes.yaml", "sind die Vermieter", "sind auch die **Verwalter**", "Verwalter"),
    ("article.md", "denn[^a] viele Leute.\n\n[^a]: Eine Fußnote.", "und nicht mehr.", "und nicht mehr"),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.browser
def test_after_every_edit_the_page_says_what_a_fresh_one_says(
    article: Path, open_tab: Callable[[str], Tab], browser: Browser, preview: Running
) -> None:
    """Only the elements around changed lines are made anew; whatever stands where must be told from the source."""
    tab = open_tab(f"{article.name}/")
    for name, old, new, seen in EDITS:
        change(article / name, old, new)
        eventually(partial(serves, preview, article.name, seen), f"{seen} is served")
        fresh = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        fresh.goto(f"{preview.address}{article.name}/")
        eventually(partial(say_the_same, tab.page, fresh), f"the page says {seen} as a fresh one")
        fresh.close()
    assert tab.stayed()


def serves(preview: Running, slug: str, words: str) -> bool:
    return words.encode() in preview.ask(f"/{slug}/")[1]


def say_the_same(one: Page, other: Page) -> bool:
    return bool(one.evaluate(SAID) == other.evaluate(SAID))


@pytest.mark.slow
@pytest.mark.browser
def test_notes_open_and_close_as_before_after_the_page_has_changed(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(f"{article.name}/")
    change(article / "notes.yaml", "sind die Vermieter", "sind vor allem die Vermieter")
    tab.sees("#n-landlords p:text('vor allem')")
    tab.page.locator("#r-landlords, #r-landlords a").last.click()
    expect(tab.page.locator("#n-landlords details")).to_have_attribute("open", "", timeout=PATIENCE * 1000)
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("#n-landlords details")).not_to_have_attribute("open", "", timeout=PATIENCE * 1000)
    assert tab.stayed()


@pytest.mark.slow
@pytest.mark.browser
def test_notes_open_and_close_as_before_after_a_paragraph_without_any_has_changed(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(f"{article.name}/")
    for before, after in (("Harburg", "Bergedorf"), ("Bergedorf", "Harburg"), ("Harburg", "Bergedorf")):
        change(article / "article.md", f"Im Bezirk {before} hat", f"Im Bezirk {after} hat")
        tab.shows(f"Im Bezirk {after} hat")
    box = tab.page.locator("#n-landlords details")
    tab.page.locator("#r-landlords").click()
    expect(box).to_have_attribute("open", "", timeout=PATIENCE * 1000)
    tab.page.keyboard.press("Escape")
    expect(box).not_to_have_attribute("open", "", timeout=PATIENCE * 1000)
    assert tab.stayed()


@pytest.mark.slow
@pytest.mark.browser
def test_a_fault_shows_over_the_last_good_page_and_goes_with_the_save_that_mends_it(
    preview: Running, article: Path, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(f"{article.name}/")
    change(article / "notes.yaml", "kind: disclosure", "kind: disklosure")
    box = tab.page.locator("#preview-faults")
    expect(box).to_contain_text("disklosure", timeout=PATIENCE * 1000)
    expect(box).to_contain_text("notes.yaml:4:9")
    expect(box).to_contain_text("- id: landlords")
    tab.shows("Die Stadt zählte im Frühjahr")
    tab.sees("#n-landlords .preview-tools")
    eventually(lambda: f"{article.name}/notes.yaml:4:9" in preview.said(), "the terminal says the same")

    change(article / "notes.yaml", "kind: disklosure", "kind: context")
    tab.sees("#preview-faults", 0)
    tab.sees("#n-landlords")
    assert tab.stayed()


@pytest.mark.slow
@pytest.mark.browser
def test_two_tabs_follow_their_own_pages_and_the_list_of_articles_follows_too(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    front, other, own = open_tab(""), open_tab("leerstand/"), open_tab(f"{article.name}/")
    change(article / "article.md", "title: Wem die leeren", "title: Wem alle leeren")
    own.shows("Wem alle leeren Wohnungen gehören")
    front.shows("Wem alle leeren Wohnungen gehören")
    other.shows("Wem die leeren Wohnungen gehören")
    assert front.stayed()
    assert other.stayed()
    assert own.stayed()


@pytest.mark.slow
@pytest.mark.browser
def test_an_article_that_is_deleted_and_comes_back_is_followed(
    preview: Running, article: Path, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(f"{article.name}/")
    away = preview.root / "away"
    article.rename(away)
    expect(tab.page.locator("main.annotated")).to_have_count(0, timeout=PATIENCE * 1000)
    assert preview.process.poll() is None
    away.rename(article)
    tab.shows("Die Stadt zählte im Frühjahr")


@pytest.mark.slow
@pytest.mark.browser
def test_style_and_templates_and_settings_are_followed(
    preview: Running, article: Path, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(f"{article.name}/")
    paper, blue = "background: var(--paper);", "background: #abcdef;"
    change(preview.root / "static" / "style.css", paper, blue)
    body = tab.page.locator("body")
    expect(body).to_have_css("background-color", "rgb(171, 205, 239)", timeout=PATIENCE * 1000)
    change(preview.root / "templates" / "base.html", "<p>{{ settings.publisher.name }}</p>", "<p>Neuer Fuß</p>")
    expect(tab.page.locator("footer.foot")).to_contain_text("Neuer Fuß", timeout=PATIENCE * 1000)
    assert tab.stayed()
    change(preview.root / "static" / "style.css", blue, paper)  # for the other tests

    change(preview.content / "site.yaml", "lang: de", "lnag: de")
    expect(tab.page.locator("#preview-faults")).to_contain_text("lnag", timeout=PATIENCE * 1000)
    change(preview.content / "site.yaml", "lnag: de", "lang: de")
    tab.sees("#preview-faults", 0)


# ----------------------------------------------------------------------------------------------------
# Annotating in the page
# ----------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_words_are_selected_annotated_saved_edited_and_deleted(article: Path, open_tab: Callable[[str], Tab]) -> None:
    path = article / "sources.yaml"
    before = path.read_text(encoding="utf-8")
    tab = open_tab(f"{article.name}/")

    tab.select("viele Wohnungen würden gerade saniert")
    tab.page.keyboard.press("Alt+a")  # no mouse is needed
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.type("berger")
    expect(tab.page.locator("[role=option]")).to_have_text([re.compile("^verband2026"), re.compile("^New source")])
    tab.page.keyboard.press("Enter")
    tab.form("note").fill('Der Verband sagt: "viele".')
    tab.save()
    id = "viele-wohnungen-würden-gerade-saniert"
    tab.sees(f"#n-{id}")
    after = path.read_text(encoding="utf-8")
    assert after.startswith(before), "every byte before the new entry is as it was"
    assert "quote: viele Wohnungen würden gerade saniert\n" in after
    assert tab.stayed()

    tab.page.reload()
    tab.sees(f"#n-{id} .preview-tools")
    tab.page.evaluate("id => { location.hash = '#n-' + id }", id)
    tools = tab.page.locator(f"#n-{id} .preview-tools")
    expect(tools.locator("a")).to_have_attribute("href", re.compile(r"^vscode://file/.*sources\.yaml:\d+$"))
    tools.get_by_role("button", name="Edit").click()
    tab.form("note").fill("Viele, sagt der Verband.")
    tab.save()
    tab.sees(f"#n-{id} p:text('Viele, sagt der Verband.')")
    assert path.read_text(encoding="utf-8").startswith(before)

    tab.page.locator(f"#n-{id} .preview-tools").get_by_role("button", name="Delete").click()
    tab.page.locator("#preview-confirm").get_by_role("button", name="Delete").click()
    tab.sees(f"#n-{id}", 0)
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.slow
@pytest.mark.browser
def test_what_was_just_saved_is_edited_and_deleted_before_the_page_knows_its_files(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    path = article / "notes.yaml"
    tab = open_tab(f"{article.name}/")
    tab.page.evaluate(
        """() => {
            const ask = window.fetch;
            const later = () => new Promise((resolve) => setTimeout(resolve, 1000));
            window.fetch = (address, options) =>
                (options?.method === "GET" ? later() : Promise.resolve()).then(() => ask(address, options));
        }"""
    )
    tools = tab.page.locator("#n-landlords .preview-tools")
    tab.page.locator("#n-landlords summary").click()
    for words in ("Im Verband sind Vermieter.", "Darin sind Vermieter."):
        tools.get_by_role("button", name="Edit").click()
        tab.form("note").fill(words)
        tab.save()
        tab.sees(f"#n-landlords p:text('{words}')")
    tools.get_by_role("button", name="Delete").click()
    tab.page.locator("#preview-confirm").get_by_role("button", name="Delete").click()
    tab.sees("#n-landlords", 0)
    assert "landlords" not in path.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.browser
def test_what_takes_the_place_of_an_entry_that_is_to_be_deleted_stays(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    path = article / "notes.yaml"
    tab = open_tab(f"{article.name}/")
    note = tab.page.locator("#n-landlords")
    note.locator("summary").click()
    note.locator(".preview-tools").get_by_role("button", name="Delete").click()
    change(path, "notes:\n", "notes:\n- id: before\n  kind: context\n  quote: 4.200 leer\n  note: Davor gesetzt.\n")
    tab.sees("#n-before .preview-tools")
    now = path.read_text(encoding="utf-8")
    tab.page.locator("#preview-confirm").get_by_role("button", name="Delete").click()
    expect(tab.page.locator("#preview-conflict h2")).to_contain_text(
        "notes.yaml has been changed", timeout=PATIENCE * 1000
    )
    assert path.read_text(encoding="utf-8") == now
    tab.page.locator("#preview-conflict").get_by_role("button", name="Leave").click()


@pytest.mark.slow
@pytest.mark.browser
def test_the_words_of_a_footnote_are_annotated_like_others(article: Path, open_tab: Callable[[str], Tab]) -> None:
    with (article / "article.md").open("a", encoding="utf-8") as text:
        text.write("\nDas bezweifelt der Mieterverein.[^1]\n\n[^1]: Der Verein zählt *anders*, nämlich Haushalte.\n")
    tab = open_tab(f"{article.name}/")
    tab.page.locator("#n-footnote-1 summary").click()
    tab.select("anders", "#n-footnote-1 .inside")
    tab.page.keyboard.press("n")
    tab.form("kind").select_option("context")
    tab.form("note").fill("Haushalte, nicht Menschen.")
    tab.page.keyboard.press("ControlOrMeta+Enter")
    tab.sees("#n-footnote-1 mark[data-notes~=anders]")
    assert "    exact: anders\n    prefix: zählt\n" in (article / "notes.yaml").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.browser
def test_a_draft_that_is_saved_is_shown_with_its_mark(article: Path, open_tab: Callable[[str], Tab]) -> None:
    tab = open_tab(f"{article.name}/")
    tab.select("rund 12.000 Wohnungen")
    tab.page.keyboard.press("n")
    tab.form("kind").select_option("context")
    tab.form("note").fill("Noch zu prüfen.")
    tab.form("draft").select_option("true")
    tab.page.keyboard.press("ControlOrMeta+Enter")
    tab.sees(".endnotes .draft")
    assert "  draft: true\n" in (article / "notes.yaml").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.browser
def test_words_that_stand_twice_get_the_context_that_tells_them_apart(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(f"{article.name}/")
    tab.select("fehlen der Stadt die Woh")  # a careless hand stops within a word
    tab.page.locator("#preview-bar [data-kind=note]").click()
    expect(tab.page.locator("#preview-form blockquote")).to_have_text("fehlen der Stadt die Wohnungen")
    tab.form("kind").select_option("context")
    tab.form("note").fill("So steht es im Bericht.")
    tab.save()
    tab.sees("#n-fehlen-der-stadt-die-wohnungen")


@pytest.mark.slow
@pytest.mark.browser
def test_a_form_that_is_wrong_says_so_and_nothing_is_written(article: Path, open_tab: Callable[[str], Tab]) -> None:
    tab = open_tab(f"{article.name}/")
    tab.select("rund 12.000 Wohnungen")
    tab.page.locator("#preview-bar [data-kind=figure]").click()
    tab.save()
    expect(tab.page.locator("#preview-form .errors")).to_contain_text("Label is missing.")
    tab.form("label").fill("Fehlende Wohnungen")
    tab.form("formula").fill("fehlend * 3")
    tab.save()
    expect(tab.page.locator("#preview-form .errors")).to_contain_text("fehlend", timeout=PATIENCE * 1000)
    assert not (article / "figures.yaml").exists()
    tab.form("formula").fill("3 * 4000")
    tab.save()
    tab.sees("li.figure")
    assert undated(article / "figures.yaml") == (
        "figures:\n"
        "  rund_12_000_wohnungen:\n"
        "    label: Fehlende Wohnungen\n"
        "    formula: 3 * 4000\n"
        "    quote: rund 12.000 Wohnungen\n"
    )


@pytest.mark.slow
@pytest.mark.browser
def test_a_source_that_nobody_has_written_down_is_made_while_it_is_cited(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    """From selected words to the saved note with the keyboard alone."""
    sources, notes = ((article / name).read_text(encoding="utf-8") for name in ("sources.yaml", "notes.yaml"))
    tab = open_tab(f"{article.name}/")
    keys = tab.page.keyboard
    tab.select("rund 12.000 Wohnungen")
    keys.press("n")
    tab.form("kind").select_option("context")
    tab.form("note").fill("So viele sind es *nicht*.")
    keys.press("Tab")
    keys.type("zum LÉERSTAND")  # by its title, however that is typed
    expect(tab.page.locator("[role=option]").first).to_contain_text("verband2026")
    keys.press("ControlOrMeta+a")
    keys.type("https://zeitung.example/leerstand")
    expect(tab.page.locator("[role=option]")).to_have_text("New sourcehttps://zeitung.example/leerstand")
    keys.press("Enter")
    for field, words in (
        ("title", "Wie viele fehlen: ein Überblick"),
        ("author", "Öztürk, Deniz; Büro für Statistik"),
        ("container-title", "Die Zeitung"),
        ("issued", "2026-05-04"),
        ("accessed", "2026-11-24"),
    ):
        expect(tab.page.locator(f"#preview-form [name='{field}']")).to_be_focused()
        keys.press("ControlOrMeta+a")
        keys.type(words)
        keys.press("Tab")
    for day in ("2026-05-03", "2026-05-04"):  # which makes no second source of it
        tab.page.locator("#preview-form [name=issued]").fill(day)
        expect(tab.page.locator("[name=source-id]")).to_have_value("oeztuerk2026")
    keys.press("ControlOrMeta+Enter")
    tab.sees("#n-rund-12-000-wohnungen")
    tab.sees("#source-oeztuerk2026")
    entry = (
        "- id: oeztuerk2026\n"
        "  type: webpage\n"
        '  title: "Wie viele fehlen: ein Überblick"\n'
        "  author: [{family: Öztürk, given: Deniz}, {literal: Büro für Statistik}]\n"
        "  container-title: Die Zeitung\n"
        "  issued: 2026-05-04\n"
        "  accessed: 2026-11-24\n"
        "  URL: https://zeitung.example/leerstand\n"
    )
    assert undated(article / "sources.yaml") == sources.replace("\ncitations:", f"{entry}\ncitations:")
    assert undated(article / "notes.yaml") == notes + (
        "- id: rund-12-000-wohnungen\n"
        "  quote: rund 12.000 Wohnungen\n"
        "  kind: context\n"
        "  note: So viele sind es *nicht*.\n"
        "  sources: [oeztuerk2026]\n"
    )
    assert tab.stayed()


@pytest.mark.slow
@pytest.mark.browser
def test_the_quantities_of_a_formula_are_written_with_it(article: Path, open_tab: Callable[[str], Tab]) -> None:
    tab = open_tab(f"{article.name}/")
    tab.select("rund 12.000 Wohnungen")
    tab.page.keyboard.press("f")
    form = tab.page.locator("#preview-form")
    tab.form("label").fill("Fehlende Wohnungen")
    tab.form("formula").fill("1e3 * vacant * min(rate, 3)")
    expect(form.locator(".offers button")).to_have_text(["+ vacant", "+ rate", "+ New quantity"])
    form.locator(".offers button").nth(0).click()
    row = form.locator("li.new").nth(0)
    tab.page.keyboard.type("Leerstand in Tausend")
    row.locator("[name=value]").fill("4.2")
    row.get_by_role("combobox", name="Sources").fill("berger")
    tab.page.keyboard.press("Enter")
    form.locator(".offers button").nth(0).click()
    row = form.locator("li.new").nth(1)
    tab.page.keyboard.type("Verhältnis")
    row.locator("[name=low]").fill("zwei")
    row.locator("[name=high]").fill("3")
    row.locator("[name=assumed]").fill("Schätzung des Verbands")
    tab.page.keyboard.press("ControlOrMeta+Enter")
    expect(form.locator(".errors")).to_contain_text("zwei", timeout=PATIENCE * 1000)
    expect(row.locator("[name=low]")).to_be_focused()
    assert not (article / "figures.yaml").exists()

    tab.page.keyboard.press("ControlOrMeta+a")
    tab.page.keyboard.type("2")
    tab.page.keyboard.press("ControlOrMeta+Enter")
    tab.sees("li.figure")
    assert undated(article / "figures.yaml") == (
        "quantities:\n"
        "  vacant:\n"
        "    label: Leerstand in Tausend\n"
        "    value: 4.2\n"
        "    sources: [verband2026]\n"
        "  rate:\n"
        "    label: Verhältnis\n"
        "    low: 2\n"
        "    high: 3\n"
        "    assumed: Schätzung des Verbands\n"
        "\n"
        "figures:\n"
        "  rund_12_000_wohnungen:\n"
        "    label: Fehlende Wohnungen\n"
        "    formula: 1e3 * vacant * min(rate, 3)\n"
        "    quote: rund 12.000 Wohnungen\n"
    )

    # And each can be edited where it is shown.
    tools = tab.page.locator("#n-rund-12-000-wohnungen .inputs tr", has_text="Verhältnis").locator(".preview-tools")
    expect(tools.locator("a")).to_have_text("figures.yaml:6")
    tools.get_by_role("button", name="Edit").click()
    tab.form("high").fill("4")
    tab.save()
    tab.sees("#n-rund-12-000-wohnungen .inputs [data-figure=rate]:text('2 bis 4')")


@pytest.mark.slow
@pytest.mark.browser
def test_a_new_source_serves_two_quantities_and_outlives_a_conflict(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    path = article / "sources.yaml"
    tab = open_tab(f"{article.name}/")
    tab.select("rund 12.000 Wohnungen")
    tab.page.keyboard.press("f")
    form = tab.page.locator("#preview-form")
    tab.form("label").fill("Fehlende Wohnungen")
    tab.form("formula").fill("homes - built")
    for place, (words, typed) in enumerate((("Bedarf", "Wohnbericht"), ("Gebaut", "wohn"))):
        form.locator(".offers button").nth(0).click()
        row = form.locator(".chosen > li.new").filter(has=tab.page.locator("[name=label]")).nth(place)
        row.locator("[name=label]").fill(words)
        row.locator("[name=value]").fill("20000")
        row.get_by_role("combobox", name="Sources").fill(typed)
        tab.page.keyboard.press("Enter")
    expect(form.locator("[name=title]")).to_have_count(1)
    form.locator("[name=source-id]").fill("wohn2026")
    change(path, "Gezählt wurde im **März**.", "Gezählt wurde im **Mai**.")
    tab.sees("#n-counted strong:text('Mai')")
    tab.page.keyboard.press("ControlOrMeta+Enter")
    box = tab.page.locator("#preview-conflict")
    expect(box.locator("h2")).to_contain_text("sources.yaml has been changed", timeout=PATIENCE * 1000)
    assert not (article / "figures.yaml").exists()

    box.get_by_role("button", name="Put mine").click()
    expect(form.locator("[name=source-id]")).to_have_value("wohn2026")
    expect(form.locator("[name=label]").nth(1)).to_have_value("Bedarf")
    tab.page.keyboard.press("ControlOrMeta+Enter")
    tab.sees("#source-wohn2026")
    tab.sees("li.figure")
    text = path.read_text(encoding="utf-8")
    assert "im **Mai**" in text
    assert text.count("- id: wohn2026\n  type: webpage\n  title: Wohnbericht\n") == 1
    assert (article / "figures.yaml").read_text(encoding="utf-8").count("sources: [wohn2026]\n") == 2


@pytest.mark.slow
@pytest.mark.browser
def test_a_note_is_moved_to_other_words_and_keeps_its_address(article: Path, open_tab: Callable[[str], Tab]) -> None:
    path = article / "notes.yaml"
    before = path.read_text(encoding="utf-8")
    tab = open_tab(f"{article.name}/")
    tab.page.locator("#n-landlords summary").click()
    tab.page.keyboard.press("e")
    expect(tab.page.locator("#preview-form blockquote")).to_have_text("Der Verband")
    tab.select("Am Ende fehlen der Stadt die")
    tab.page.keyboard.press("Alt+a")
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("#preview-form blockquote")).to_have_text("Am Ende fehlen der Stadt die")
    tab.page.keyboard.press("ControlOrMeta+Enter")
    tab.sees("mark[data-notes~=landlords]:text('Am Ende fehlen der Stadt die')")
    assert path.read_text(encoding="utf-8") == before.replace(
        "quote: Der Verband\n", "quote: Am Ende fehlen der Stadt die\n"
    )
    assert tab.stayed()


@pytest.mark.slow
@pytest.mark.browser
def test_one_key_opens_a_form_and_what_was_written_takes_two_to_be_lost(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(f"{article.name}/")
    form = tab.page.locator("#preview-form")
    for key, kind in (("s", "source"), ("c", "counter"), ("f", "figure"), ("n", "note")):
        tab.select("rund 12.000 Wohnungen")
        tab.page.keyboard.press(key)
        expect(form).to_have_class(f"preview {kind}")
        assert tab.page.evaluate("[...CSS.highlights.get('preview-about')].map(String)") == ["rund 12.000 Wohnungen"]
        tab.page.keyboard.press("Escape")
        expect(form).to_have_count(0)
    tab.select("rund 12.000 Wohnungen")
    tab.page.keyboard.press("n")
    tab.form("note").fill("Ein langer Gedanke.")
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("#preview-said")).to_contain_text("throws away")
    expect(form).to_have_count(1)
    tab.page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    tab.page.evaluate("getSelection().removeAllRanges()")
    tab.page.keyboard.press("p")
    expect(tab.page.locator("#preview-panel")).to_be_visible()


@pytest.mark.slow
@pytest.mark.browser
def test_a_page_with_something_unsaved_is_not_left_without_a_question(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(f"{article.name}/")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    tab.page.on("dialog", stay)
    tab.select("rund 12.000 Wohnungen")
    tab.page.keyboard.press("n")
    tab.form("note").click()
    tab.page.keyboard.type("Ein langer Gedanke.")
    with tab.page.expect_event("dialog"):
        tab.page.evaluate("setTimeout(() => location.reload())")
    assert asked == ["beforeunload"]
    expect(tab.form("note")).to_have_value("Ein langer Gedanke.")
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("Escape")
    tab.page.reload()
    assert asked == ["beforeunload"]


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("address", ["", "index.html", "search/"])
def test_the_panel_of_any_page_tells_what_check_says(address: str, open_tab: Callable[[str], Tab]) -> None:
    tab = open_tab(address)
    opener = tab.page.locator("#preview-opener")
    expect(opener).to_contain_text("warning", timeout=PATIENCE * 1000)
    tab.page.locator("h1").click()  # out of the field of the search
    tab.page.keyboard.press("p")
    words = tab.page.locator("#preview-panel").inner_text()
    assert "What check says" in words
    assert "null" not in words


@pytest.mark.slow
@pytest.mark.browser
def test_a_file_changed_meanwhile_is_never_overwritten(article: Path, open_tab: Callable[[str], Tab]) -> None:
    path = article / "notes.yaml"
    tab = open_tab(f"{article.name}/")
    tab.select("rund 12.000 Wohnungen")
    tab.page.locator("#preview-bar [data-kind=note]").click()
    change(path, "Im Verband sind die Vermieter.", "Im Verband sind die großen Vermieter.")
    tab.sees("#n-landlords p:text('großen')")
    tab.form("kind").select_option("context")
    tab.form("note").fill("Das ist eine Schätzung.")
    tab.save()
    box = tab.page.locator("#preview-conflict")
    expect(box.locator("pre").first).to_contain_text("Das ist eine Schätzung.", timeout=PATIENCE * 1000)
    expect(box.locator("pre").last).to_contain_text("die großen Vermieter")
    assert "Schätzung" not in path.read_text(encoding="utf-8")

    box.get_by_role("button", name="Put mine").click()
    tab.save()
    tab.sees("#n-rund-12-000-wohnungen")
    text = path.read_text(encoding="utf-8")
    assert "die großen Vermieter" in text
    assert "Das ist eine Schätzung." in text


@pytest.mark.slow
@pytest.mark.browser
def test_the_panel_lists_findings_and_coverage_and_jumps_to_them(
    article: Path, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(f"{article.name}/")
    tab.page.locator("#preview-opener").click()
    aside = tab.page.locator("#preview-panel")
    expect(aside).to_contain_text("verband2026")
    expect(aside).to_contain_text("Numbers nothing supports: 1 of 2")
    tab.page.evaluate("scrollTo(0, 0)")
    aside.get_by_role("button", name="12.000", exact=True).click()
    where = tab.page.locator("#text p", has_text="rund 12.000")
    expect(where).to_be_in_viewport(timeout=PATIENCE * 1000)
    lit = tab.page.evaluate("[...CSS.highlights.get('preview-jump')].map(range => range.toString())")
    assert lit == ["12.000"]
    tab.page.keyboard.press("Escape")
    expect(aside).to_be_hidden()


@pytest.mark.slow
@pytest.mark.browser
def test_what_is_open_is_worked_through_with_the_keyboard(article: Path, open_tab: Callable[[str], Tab]) -> None:
    """A lost quotation takes what is proposed, the focus goes to the row that follows, and one key takes it back."""
    tab = open_tab(f"{article.name}/")
    before = (article / "notes.yaml").read_text(encoding="utf-8")
    change(article / "notes.yaml", NOTES, OPEN)
    tab.sees("#preview-faults")
    tab.page.locator("body").press("p")
    row = tab.page.locator("#preview-panel .jump:focus")
    expect(row).to_contain_text("4.300")
    for key, words in (("j", "stand"), ("k", "4.300"), ("ArrowDown", "stand"), ("ArrowUp", "4.300")):
        tab.page.keyboard.press(key)
        expect(row).to_contain_text(words)
    tab.page.keyboard.press("a")
    eventually(lambda: "4.200" in (article / "notes.yaml").read_text(encoding="utf-8"), "the proposal is taken")
    expect(row).not_to_contain_text("4.300")
    expect(tab.page.locator("#preview-said")).to_contain_text("notes.yaml")
    tab.page.keyboard.press("z")
    eventually(lambda: (article / "notes.yaml").read_text(encoding="utf-8") == OPEN, "it is taken back")
    change(article / "notes.yaml", OPEN, before)
    tab.sees("#preview-faults", 0)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 820, 390])
def test_axe_finds_nothing_in_form_toolbar_panel_and_overlay(
    browser: Browser, preview: Running, article: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    """The desk is worked by people, too. Only the policy is lifted, for axe's own script."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )
    tab = Tab(browser, preview, f"{article.name}/", context.new_page())
    found: list[str] = []

    def look(part: str) -> None:
        # What comes over a page for a moment need not be a region of it.
        results = Axe().run(tab.page, options={"rules": {"region": {"enabled": False}}})
        found.extend(
            f"{part}: {one['id']}: {one['nodes'][0]['html'][:150]}" for one in results.response["violations"]
        )

    tab.select("rund 12.000 Wohnungen")
    look("toolbar")
    tab.page.keyboard.press("f")
    tab.form("formula").fill("bedarf")
    tab.page.locator(".offers button").first.click()
    tab.page.locator("#preview-form li.new").get_by_role("combobox", name="Sources").fill("x")
    look("search")
    tab.page.keyboard.press("Enter")
    look("form")
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("Escape")
    tab.page.locator("#preview-opener").click()
    look("panel")
    change(article / "notes.yaml", NOTES, OPEN)
    tab.sees("#preview-panel .mend:has-text('4.200')")
    look("proposals")
    tab.page.keyboard.press("p")
    expect(tab.page.locator("#preview-faults")).to_be_visible()
    look("overlay")
    context.close()
    assert tab.complaints == []
    assert "\n".join(found) == ""


# ----------------------------------------------------------------------------------------------------
# Whom it answers, and what it gives out
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {TOKEN: "guessed"}], ids=["none", "guessed"])
def test_what_is_behind_a_page_is_for_those_who_show_the_token(preview: Running, headers: dict[str, str]) -> None:
    assert preview.ask("/_preview/behind/leerstand", **headers)[0] == 403


def test_the_usual_port_goes_without_saying() -> None:
    assert own_names(8000) == {"127.0.0.1:8000", "localhost:8000"}
    assert own_names(80) == {"127.0.0.1:80", "localhost:80", "127.0.0.1", "localhost"}


def test_no_other_page_may_frame_ours_and_no_picture_is_one(preview: Running) -> None:
    def policy(path: str) -> str:
        with urlopen(f"{preview.address}{path}") as answer:
            return str(answer.headers["Content-Security-Policy"])

    assert policy("index.html").endswith("; frame-ancestors 'none'")
    (favicon,) = re.findall(r"assets/favicon\.\w+\.svg", preview.ask("/index.html")[1].decode())
    assert policy(favicon).endswith("; sandbox; frame-ancestors 'none'")


@pytest.mark.parametrize(
    "path",
    [
        "/../content/site.yaml",
        "/..%2fcontent%2fsite.yaml",
        "/%2e%2e/content/site.yaml",
        "/.written",
        "/.stage/index.html",
        "//etc/passwd",
        "/leerstand/../.written",
        "/leerstand/article.md",
        "/_preview/../desk.py",
        "/_preview/server.py",
        "/index.html%00.txt",
    ],
)
def test_nothing_but_what_a_build_wrote_is_served(preview: Running, path: str) -> None:
    status, body = preview.ask(path)
    assert status in (400, 404)
    assert b"publisher" not in body
    assert b"root:" not in body


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "own", "Content_Type": "text/plain"}, 403),
        ({"Origin": "own", "Content_Type": "application/json", TOKEN: "guessed"}, 403),
        ({"Content_Type": "application/json", TOKEN: "own"}, 403),
        ({"Origin": "own", "Content_Type": "application/json", TOKEN: "own"}, 400),
    ],
)
def test_files_are_changed_only_for_our_own_pages(preview: Running, headers: dict[str, str], status: int) -> None:
    own = {"Origin": preview.address.rstrip("/"), TOKEN: preview.token()}
    sent = {name: own[name] if value == "own" else value for name, value in headers.items()}
    assert preview.ask("/_preview/behind/leerstand", "POST", '{"do": "burn"}', **sent)[0] == status


def test_no_nesting_is_too_deep_to_be_refused(preview: Running) -> None:
    own = {"Origin": preview.address.rstrip("/"), "Content_Type": "application/json", TOKEN: preview.token()}
    for body in ("[" * 100_000, '{"do":' * 100_000, "[" * 100_000 + "]" * 100_000):
        assert preview.ask("/_preview/behind/leerstand", "POST", body, **own)[0] == 400


def test_no_nesting_ends_the_connection_to_a_page(preview: Running) -> None:
    with shaken(preview) as page:
        said = b"[" * 9_000
        page.sendall(bytes((0x81, 0x80 | 126)) + struct.pack(">H", len(said)) + bytes(4) + said)
        page.sendall(bytes((0x89, 0x80)) + bytes(4))  # is answered by what still listens
        while (answer := page.recv(100)) and b"\x8a" not in answer:
            pass
    assert answer


def shaken(preview: Running) -> socket.socket:
    """A connection as pages have it, once hands have been shaken."""
    page = socket.create_connection(("127.0.0.1", preview.port), timeout=PATIENCE)
    host = f"127.0.0.1:{preview.port}"
    page.sendall(
        f"GET /livereload HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    assert page.recv(2_000).startswith(b"HTTP/1.1 101")
    return page


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody sets the limits of another process")
def test_more_connections_than_files_may_be_open_stop_neither_those_that_are_nor_those_to_come(
    preview: Running,
) -> None:
    usual = resource.prlimit(preview.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(preview.process.pid, resource.RLIMIT_NOFILE, (200, usual[1]))
    said = len(preview.said())
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=PATIENCE)
    try:
        with contextlib.ExitStack() as flood, contextlib.closing(connection):
            connection.request("GET", "/leerstand/")
            assert connection.getresponse().read()
            for _ in range(250):
                flood.enter_context(socket.create_connection(("127.0.0.1", preview.port), timeout=PATIENCE))
            connection.request("GET", "/leerstand/")
            answer = connection.getresponse()
            assert (answer.status, b"</html>" in answer.read()) == (200, True)

        def answers() -> bool:
            with contextlib.suppress(OSError, http.client.HTTPException):
                return preview.ask("/leerstand/")[0] == 200
            return False

        eventually(answers, "once there is room again it answers")
        assert "Traceback" not in preview.said()[said:]
    finally:
        resource.prlimit(preview.process.pid, resource.RLIMIT_NOFILE, usual)


def test_who_asks_only_for_the_head_of_a_page_gets_it(preview: Running) -> None:
    assert preview.ask("/leerstand/", "HEAD") == (200, b"")
    assert preview.ask("/nirgends/", "HEAD") == (404, b"")


def test_the_published_site_has_nothing_of_the_preview(preview: Running) -> None:
    eventually(lambda: "leerstand/index.html" in files(preview.root / "site"), "the site is written")
    for path, content in files(preview.root / "site").items():
        for trace in (b"_preview", b"preview-", b"preview:", b"livereload", b"data-run", b"content/", b"WebSocket"):
            assert trace not in content, path


# ----------------------------------------------------------------------------------------------------
# Storms and ends
# ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_storm_of_saves_ends_in_one_correct_build(preview: Running, article: Path) -> None:
    path = article / "article.md"
    text = path.read_text(encoding="utf-8")
    for turn in range(20):  # saved, emptied, half written, saved again
        path.write_text("", encoding="utf-8")
        path.write_text(text[: 40 * turn], encoding="utf-8")
        path.write_text(text.replace("12.000", f"12.{turn:03}"), encoding="utf-8")
    for number in range(40):  # a branch is checked out
        write_article(preview.content, f"sturm-{number}")
    for number in range(0, 40, 2):  # and another
        shutil.rmtree(preview.content / f"sturm-{number}")
    (preview.content / "sturm-1").rename(preview.content / "sturm-umbenannt")

    def settled() -> bool:
        wanted = {folder.name for folder in preview.content.iterdir() if folder.is_dir()}
        there = {path.split("/")[0] for path in files(preview.root / "site") if path.endswith("/single.html")}
        return there == wanted and "12.019" in (preview.root / "site" / article.name / "index.html").read_text()

    try:
        eventually(settled, "the site is what the content says")
        until = time.monotonic() + PATIENCE
        while (unlike := preview.unlike_built()) and time.monotonic() < until:
            time.sleep(0.2)
        assert unlike == set()
    finally:
        for folder in preview.content.glob("sturm-*"):
            shutil.rmtree(folder)


def test_a_page_that_is_gone_in_the_midst_of_a_message_is_no_news(preview: Running, article: Path) -> None:
    """As when somebody closes a tab while it is being told of a save."""
    for _ in range(5):
        with shaken(preview) as page:
            page.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)  # so that what it is sent has to wait
            said = json.dumps({"address": f"{article.name}/"}).encode()
            for _ in range(100):
                page.sendall(bytes((0x81, 0x80 | len(said))) + bytes(4) + said)  # a text, masked with nothing
            page.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # and it is gone
    assert preview.ask("/")[0] == 200
    assert "Traceback" not in preview.said()


@pytest.mark.slow
def test_a_page_that_asks_while_its_article_goes_and_comes_hears_so(preview: Running, article: Path) -> None:
    token = preview.token()
    away = preview.root / "away"
    ended = threading.Event()

    def restless() -> None:
        while not ended.is_set():
            shutil.copytree(article, away)
            shutil.rmtree(article)
            away.rename(article)

    moving = threading.Thread(target=restless)
    moving.start()
    try:
        told = {preview.ask(f"/_preview/behind/{article.name}", **{TOKEN: token})[0] for _ in range(60)}
    finally:
        ended.set()
        moving.join()
    assert told <= {200, 404}
    assert "Traceback" not in preview.said()


@pytest.mark.slow
def test_the_whole_site_is_built_even_while_files_change_without_a_pause(preview: Running, article: Path) -> None:
    whole = preview.root / "site" / article.name / "single.html"
    eventually(whole.is_file, "the first build")
    before = whole.stat().st_mtime_ns
    ended = threading.Event()

    def restless() -> None:
        while not ended.wait(0.05):
            (article / "notes.yaml").write_text(f"# {time.time_ns()}\n{NOTES}", encoding="utf-8")

    writing = threading.Thread(target=restless)
    writing.start()
    try:
        change(article / "article.md", "weiß das Amt nicht.", "weiß niemand.")
        eventually(lambda: whole.stat().st_mtime_ns != before, "a build")
        assert writing.is_alive()
    finally:
        ended.set()
        writing.join()


@pytest.mark.slow
def test_control_c_ends_it_cleanly_even_while_it_builds(tmp_path: Path) -> None:
    content = write_site(tmp_path)
    write_article(content, "leerstand")
    running = start(tmp_path, free_port())
    for number in range(10):
        write_article(content, f"neu-{number}")
    stage, built = tmp_path / "site" / STAGE, tmp_path / "site" / "neu-9"
    eventually(lambda: stage.exists() or built.exists(), "it builds, or has built a moment ago")
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(PATIENCE) in (0, 130)
    assert "Traceback" not in running.said()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", running.port))


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_a_preview_that_ends_in_any_way_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    write_site(tmp_path)
    running = start(tmp_path, free_port())
    processes = f"/proc/{running.process.pid}/task/{running.process.pid}/children"
    eventually(lambda: bool(Path(processes).read_text()), "it has started the process that builds")
    children = [int(child) for child in Path(processes).read_text().split()]
    running.process.send_signal(number)
    running.process.wait(PATIENCE)
    eventually(lambda: not any(is_running(child) for child in children), "they have ended")


def is_running(process: int) -> bool:
    """Whether a process is there and no mere entry that nobody has asked about yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
def test_a_port_in_use_is_said_in_one_line_with_the_next_free_one(tmp_path: Path) -> None:
    write_site(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = start(tmp_path, port := taken.getsockname()[1])
        assert running.process.wait(PATIENCE) == 3
    assert re.fullmatch(rf"build\.py: port {port} is in use; \d+ is free: --port \d+\n", running.said())


# ----------------------------------------------------------------------------------------------------
# Without a browser
# ----------------------------------------------------------------------------------------------------

CLAIM = """\
counterclaims:
- {id: vacant, quote: Der Verband hält die Zahl für zu hoch, claim: Es sind zu viele., claimed_by: Verband,
   stance: disputes, counter: Nein., by: Amt, sources: [amt2026], why: Niemand hat nachgezählt., verdict: disputed}
"""


@pytest.fixture
def desk(tmp_path: Path) -> PreviewState:
    content = write_site(tmp_path)
    write_article(content, "leerstand")
    paths = {name: tmp_path / name for name in ("content", "templates", "static", "output", "cache")}
    desk = PreviewState(site.SitePaths(**paths), site.BuildOptions())
    desk.look_around()
    return desk


def asked(desk: PreviewState, kind: str, words: str = "", **more: Any) -> annotating.Answer:
    digests = panel.behind(desk, "leerstand")["digests"]
    return annotating.answered(
        desk, "leerstand", {"do": "add", "kind": kind, "words": words, "digests": digests, **more}
    )


def source_file(desk: PreviewState) -> Path:
    return desk.folders.content / "leerstand" / "sources.yaml"


def test_before_the_site_is_built_what_is_asked_for_is_made_and_the_rest_is_waited_for(desk: PreviewState) -> None:
    """An article with all that stands beside it; that of a folder that is none is waited for like the index."""
    write_article(desk.folders.content, "mieten")
    (source_file(desk).with_name("counterclaims.yaml")).write_text(CLAIM, encoding="utf-8")
    desk.begin()
    assert b"weiterhin" not in desk.page("leerstand/")
    for path in ("leerstand/index.html", "leerstand/sources.json", "leerstand/claims/vacant/index.html"):
        assert desk.file(path), path
    assert desk.file("leerstand/share.png") is None
    assert not [path for path in desk.fresh if path.startswith("mieten/")]
    for address in ("", "sources/", "weg/"):
        assert b'<a href="/mieten/">' in desk.page(address)
        assert b"0 of 2 articles" in desk.page(address)
    desk.settled(building.build(desk.folders, desk.choices), dict(desk.fresh))
    assert desk.progress == ""
    assert b"Mieten" not in desk.page("weg/")
    assert b"/mieten/" not in desk.page("weg/")
    assert (desk.folders.output / "index.html").read_bytes() == desk.page("")


def test_before_the_site_is_built_there_is_what_the_last_run_left_but_for_articles(desk: PreviewState) -> None:
    building.build(desk.folders, desk.choices)
    change(source_file(desk).with_name("article.md"), "weiß das Amt nicht", "weiß das Amt inzwischen")
    again = PreviewState(desk.folders, desk.choices)
    again.begin()
    assert again.page("") == (desk.folders.output / "index.html").read_bytes()
    assert b"inzwischen" in again.page("leerstand/")
    assert again.progress == "The whole site is being built: 0 of 1 articles so far."


def test_with_a_fault_in_one_article_from_the_start_the_others_are_shown(desk: PreviewState) -> None:
    folder = write_article(desk.folders.content, "mieten")
    change(folder / "sources.yaml", "sources: [amt2026]", "sources: [amt2027]")
    desk.begin()
    desk.settled(building.build(desk.folders, desk.choices), dict(desk.fresh))
    assert desk.faulty
    assert b"4.200" in desk.page("leerstand/")
    told = desk.page("mieten/").decode()
    assert "4.200" not in told
    (style,) = re.findall(r'href="/(assets/.*\.css)"', told)  # in which faults and what is open are listed
    assert desk.file(style)
    assert '<a href="/leerstand/">' in told


def test_selected_words_are_found_whatever_blanks_the_page_puts_between_them() -> None:
    reading = "Die Stadt zählt.\nDie Stadt schweigt."
    place = selected(reading, Selection(before="zählt.", words="DieStadt", after="schweigt", at=14))
    assert place is not None
    assert reading[slice(*place)] == "Die Stadt"
    assert place[0] == 17
    assert letters("Die \u00ad Stadt\n") == "DieStadt"
    assert selected(reading, Selection(before="", words="Der Staat", after="", at=0)) is None


def test_of_two_places_with_the_same_surroundings_the_nearer_is_meant() -> None:
    reading = "Nein. Nein. Nein."
    assert selected(reading, Selection(before="", words="Nein", after="", at=5)) == (6, 10)


def test_an_id_is_made_of_as_many_words_as_it_takes() -> None:
    words = "Die Stadt zählte im Frühjahr 4.200"
    assert free_id(words, "note", (), named=False) == "die-stadt-zählte-im-frühjahr"
    assert free_id(words, "note", {"die-stadt-zählte-im-frühjahr"}, named=False).endswith("-4-200")
    assert free_id(words, "", (), named=True) == "die_stadt_zaehlte_im_fruehjahr"
    assert free_id("4.200", "", (), named=True) == "figure_4_200"
    assert free_id("…", "citation", {"citation"}, named=False) == "citation-2"


def test_what_is_written_says_who_wrote_it_and_when(desk: PreviewState) -> None:
    """Of a source, which is no annotation, nobody is said to have written it."""
    desk.sign = lambda: {"author": "O’Hara: die {Jüngere}", "created": "2026-11-30"}
    status, told = asked(desk, "source", "zu hoch", values={"sources": ["neu2026"]}, work=work(), show=True)
    assert (status, told["yaml"].count("created")) == (200, 1)
    assert told["yaml"].endswith('  author: "O’Hara: die {Jüngere}"\n  created: 2026-11-30\n'), told["yaml"]
    desk.sign = lambda: {"author": None, "created": "2026-11-30"}
    _, told = asked(desk, "note", "zu hoch", values={"kind": "context", "note": "Wort"}, show=True)
    assert told["yaml"].endswith("  note: Wort\n  created: 2026-11-30\n")


def test_a_change_touches_nothing_but_its_field(desk: PreviewState) -> None:
    entry = panel.behind(desk, "leerstand")["entries"]["n-counted"]
    before = source_file(desk).read_text(encoding="utf-8")
    values = {**entry["values"], "note": "Gezählt wurde im **Mai**."}
    status, _ = asked(desk, "source", do="change", key="citations", which=0, id="counted", values=values)
    assert status == annotating.DONE
    assert source_file(desk).read_text(encoding="utf-8") == before.replace("im **März**", "im **Mai**")


@pytest.mark.parametrize(
    ("said", "note", "changed"),
    [
        ("", "Wort", ""),
        ("  author: Roe\n  created: 2026-11-30T08:22:33Z\n", "Wort", ""),
        ("  author: Roe\n  created: 2026-11-02\n", "Wort", "  modified: 2026-11-30\n"),
        ("  created: 2026-11-02\n  modified: 2026-11-03\n", "Wort", "  modified: 2026-11-30\n"),
        ("  author: Roe\n  created: 2026-11-02\n", "Im Verband sind die Vermieter.", ""),
    ],
)
def test_what_has_a_day_and_is_changed_on_another_says_so(
    desk: PreviewState, said: str, note: str, changed: str
) -> None:
    """Who wrote it stays, whoever changes it."""
    save(desk, "notes.yaml", NOTES + said)
    desk.sign = lambda: {"author": "Sie", "created": "2026-11-30"}
    values = {**panel.behind(desk, "leerstand")["entries"]["n-landlords"]["values"], "note": note}
    assert asked(desk, "note", do="change", key="notes", which=0, id="landlords", values=values)[0] == 200
    after = (NOTES + said).replace("Im Verband sind die Vermieter.", note)
    after = re.sub(r"  modified: .*\n", "", after) + changed if changed else after
    assert source_file(desk).with_name("notes.yaml").read_text(encoding="utf-8") == after


def test_a_cited_work_is_edited_in_the_same_way(desk: PreviewState) -> None:
    entry = panel.behind(desk, "leerstand")["entries"]["source-verband2026"]
    assert entry["which"] == 1
    values = {**entry["values"], "custom.checked": "original"}
    status, _ = asked(desk, "work", do="change", key="sources", which=1, values=values)
    assert status == annotating.DONE
    assert "  custom:\n    checked: original\n" in source_file(desk).read_text(encoding="utf-8")


def test_a_source_that_is_cited_cannot_be_deleted(desk: PreviewState) -> None:
    before = source_file(desk).read_text(encoding="utf-8")
    status, answer = asked(desk, "work", do="delete", key="sources", which=0)
    assert status == annotating.REFUSED
    assert "amt2026" in answer["errors"][0]["words"]
    assert source_file(desk).read_text(encoding="utf-8") == before


def test_yaml_may_be_copied_instead_of_written(desk: PreviewState) -> None:
    before = source_file(desk).read_text(encoding="utf-8")
    status, answer = asked(
        desk, "source", "Am Ende", after="fehlen der Stadt die", values={"sources": ["amt2026"]}, show=True
    )
    assert status == annotating.DONE
    assert answer["yaml"] == ("- id: am-ende\n  quote:\n    exact: Am Ende\n    prefix: Amt.\n  sources: [amt2026]\n")
    assert source_file(desk).read_text(encoding="utf-8") == before


NEW = {"type": "webpage", "title": "Wie viele fehlen", "author": "Öztürk, Deniz", "URL": "https://zeitung.example/"}
LEANS = {"kind": "context", "note": "Eine Schätzung.", "sources": ["neu2026"]}


def texts(desk: PreviewState) -> dict[str, str]:
    """The files of the article as they stand."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(source_file(desk).parent.iterdir())}


def work(values: dict[str, str] = NEW, id: str = "neu2026") -> list[dict[str, Any]]:
    return [{"id": id, "values": values}]


def test_a_new_source_and_what_leans_on_it_are_written_together_or_not_at_all(desk: PreviewState) -> None:
    before = texts(desk)
    status, answer = asked(desk, "note", "Der Verband", values=LEANS | {"kind": "notiz"}, work=work())
    assert status == annotating.REFUSED
    assert answer["errors"][0]["field"] == "kind"
    assert texts(desk) == before

    notes = source_file(desk).with_name("notes.yaml")
    digests = panel.behind(desk, "leerstand")["digests"]
    notes.write_text(before["notes.yaml"].replace("die Vermieter", "Vermieter"), encoding="utf-8")
    changed = texts(desk)
    status, answer = asked(desk, "note", "Der Verband", values=LEANS, work=work(), digests=digests)
    assert (status, answer["file"]) == (annotating.CONFLICT, "notes.yaml")
    assert texts(desk) == changed

    notes.write_text(before["notes.yaml"], encoding="utf-8")
    status, _ = asked(desk, "note", "Der Verband", values=LEANS, work=work())
    assert status == annotating.DONE
    assert "- id: neu2026\n  type: webpage\n  title: Wie viele fehlen\n" in texts(desk)["sources.yaml"]
    assert texts(desk)["notes.yaml"].endswith("  note: Eine Schätzung.\n  sources: [neu2026]\n")


def test_a_new_source_stands_in_the_list_that_is_there(desk: PreviewState) -> None:
    path = source_file(desk)
    path.write_text(SOURCES.replace("sources:\n- id: amt", "references:\n- id: amt"), encoding="utf-8")
    desk.look_around()
    assert asked(desk, "note", "Der Verband", values=LEANS, work=work())[0] == annotating.DONE
    assert re.search(r"references:\n(.*\n)+- id: neu2026\n(.*\n)+\ncitations:\n", path.read_text(encoding="utf-8"))


def test_the_first_source_of_an_article_makes_its_file(desk: PreviewState) -> None:
    source_file(desk).unlink()
    desk.look_around()
    assert asked(desk, "note", "Am Ende fehlen der Stadt die", values=LEANS, work=work())[0] == annotating.DONE
    assert texts(desk)["sources.yaml"].startswith("sources:\n- id: neu2026\n")


@pytest.mark.parametrize(
    ("works", "field", "words"),
    [
        (work({**NEW, "issued": "gestern"}), "work/0/issued", "gestern"),
        ([*work(id="a2026"), *work({**NEW, "URL": "zeitung.example"}, "b2026")], "work/1/URL", "zeitung.example"),
        (work({**NEW, "title": " "}), "work/0/title", "'Title' is missing"),
        (work(id=""), "work/0/id", "'Id' of the new cited work is missing"),
        (work(id="amt2026"), "work/0/id", "there is a source 'amt2026' already; choose another id"),
    ],
)
def test_what_is_wrong_with_a_new_source_is_said_at_its_field(
    desk: PreviewState, works: list[dict[str, Any]], field: str, words: str
) -> None:
    before = texts(desk)
    status, answer = asked(desk, "note", "Der Verband", values=LEANS | {"sources": []}, work=works)
    assert status == annotating.REFUSED
    assert [row["field"] for row in answer["errors"]] == [field]
    assert words in answer["errors"][0]["words"]
    assert texts(desk) == before


def test_what_only_this_claim_lacks_is_said_at_its_field(desk: PreviewState) -> None:
    """Another voice on a claim needs nobody who claims it."""
    said = {"claim": "Viele.", "stance": "disputes", "counter": "Wenige.", "by": "Roe", "sources": ["amt2026"]}
    status, told = asked(desk, "counter", "zu hoch", values=said)
    assert (status, [row["field"] for row in told["errors"]]) == (annotating.REFUSED, ["claimed_by"])


def test_what_an_entry_with_a_name_lacks_is_said_at_its_field(desk: PreviewState) -> None:
    """Its name stands before the field's in the message."""
    rent = {"id": "rent", "values": {"label": "Miete", "low": "3", "sources": ["amt2026"]}}
    values = {"label": "Bedarf", "formula": "2 * rent"}
    status, told = asked(desk, "figure", "Am Ende fehlen der Stadt die", values=values, quantity=[rent])
    assert (status, [row["field"] for row in told["errors"]]) == (annotating.REFUSED, ["quantity/0/high"])


def test_what_is_wrong_with_a_new_quantity_is_said_at_its_field(desk: PreviewState) -> None:
    rate = {"label": "Verhältnis", "value": "3", "assumed": "Schätzung", "unit": "lichtjahr"}
    good = {"label": "Leerstand", "value": "4200", "sources": ["amt2026"]}
    quantities = [{"id": "vacant", "values": good}, {"id": "rate", "values": rate}]
    values = {"label": "Bedarf", "formula": "vacant * rate", "unit": "lichtjahr"}
    status, answer = asked(desk, "figure", "Am Ende fehlen der Stadt die", values=values, quantity=quantities)
    assert status == annotating.REFUSED
    assert {row["field"] for row in answer["errors"]} == {"quantity/1/unit", "unit"}
    assert "figures.yaml" not in texts(desk)


def test_all_that_would_be_written_can_be_copied(desk: PreviewState) -> None:
    status, answer = asked(desk, "note", "Der Verband", values=LEANS, work=work(), show=True)
    assert status == annotating.DONE
    assert answer["yaml"] == (
        "# sources.yaml, sources:\n"
        "- id: neu2026\n"
        "  type: webpage\n"
        "  title: Wie viele fehlen\n"
        "  author: [{family: Öztürk, given: Deniz}]\n"
        "  URL: https://zeitung.example/\n"
        "# notes.yaml, notes:\n"
        "- id: der-verband\n"
        "  quote: Der Verband\n"
        "  kind: context\n"
        "  note: Eine Schätzung.\n"
        "  sources: [neu2026]\n"
    )


def moved(desk: PreviewState, place: str, words: str, **more: Any) -> annotating.Answer:
    entry = panel.behind(desk, "leerstand")["entries"][place]
    given: dict[str, Any] = {name: entry[name] for name in ("key", "which", "id", "values")}
    return asked(desk, entry["kind"], words, **(given | {"do": "change", "moved": True} | more))


def test_a_note_moves_with_all_it_says_and_needs_as_little_context_as_possible(desk: PreviewState) -> None:
    before = texts(desk)
    status, answer = moved(desk, "n-landlords", "Am Ende", after="fehlen der Stadt die")
    assert (status, answer["place"]) == (annotating.DONE, "n-landlords")
    quote = "  quote:\n    exact: Am Ende\n    prefix: Amt.\n"
    assert texts(desk) == before | {"notes.yaml": before["notes.yaml"].replace("  quote: Der Verband\n", quote)}
    desk.look_around()
    assert moved(desk, "n-landlords", "Der Verband")[0] == annotating.DONE
    assert texts(desk) == before, "and back again"


def test_an_address_that_was_made_of_the_old_words_is_written_down(desk: PreviewState) -> None:
    path = source_file(desk).with_name("notes.yaml")
    path.write_text(NOTES.replace("- id: landlords\n  kind", "- kind"), encoding="utf-8")
    desk.look_around()
    (place,) = (place for place in panel.behind(desk, "leerstand")["entries"] if place.endswith("der-verband"))
    assert moved(desk, place, "Am Ende fehlen der Stadt die")[0] == annotating.DONE
    assert f"  id: {place.removeprefix('n-')}\n" in path.read_text(encoding="utf-8")


def test_words_that_are_gone_move_nothing(desk: PreviewState) -> None:
    before = texts(desk)
    status, answer = moved(desk, "n-landlords", "Das stand hier nie")
    assert status == annotating.REFUSED
    assert "select them again" in answer["errors"][0]["words"]
    assert texts(desk) == before


def test_a_chart_moves_behind_another_paragraph(desk: PreviewState) -> None:
    path = source_file(desk).with_name("charts.yaml")
    path.write_text(
        "charts:\n"
        "- {id: leer, after: Der Verband, title: T, alt: A, sources: [amt2026], data: {rows: [{a: 1}]}, "
        "vega-lite: {mark: bar, encoding: {x: {field: a, type: quantitative}}}}\n",
        encoding="utf-8",
    )
    desk.look_around()
    assert moved(desk, "chart-leer", "Am Ende fehlen der Stadt die")[0] == annotating.DONE
    assert "after: Am Ende fehlen der Stadt die, title" in path.read_text(encoding="utf-8")


def test_a_source_is_about_no_passage(desk: PreviewState) -> None:
    assert moved(desk, "source-amt2026", "Der Verband")[0] == annotating.WRONG


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ([{"family": "Berger", "given": "Anna"}, {"literal": "Amt für Wohnen"}], "Berger, Anna; Amt für Wohnen"),
        ([{"family": "Berger"}], "Berger,"),
        ([{"literal": "Müller, Söhne & Co."}], None),
        ([{"family": "Goethe", "given": "J. W.", "non-dropping-particle": "von"}], None),
        ("Anna Berger", None),
    ],
)
def test_people_stand_on_one_line_where_that_says_all(names: Any, line: str | None) -> None:
    assert on_one_line(names) == line
    if line is not None:
        assert people(line) == [{"given": None, **name} if "family" in name else name for name in names]


OPEN = """\
notes:
- {id: gone, kind: context, quote: 4.300 leer stehende Wohnungen, note: Gezählt.}
- {id: twice, kind: context, quote: Am Ende fehlen der Stadt, note: Zweimal.}
- {id: later, kind: context, quote: denn viele Wohnungen, note: Noch zu prüfen., draft: true}
"""


def open_rows(desk: PreviewState) -> dict[str, list[Any]]:
    """What stands open in the article, by group."""
    return {group["name"]: group["rows"] for group in panel.behind(desk, "leerstand")["panel"]}


def save(desk: PreviewState, name: str, text: str) -> None:
    source_file(desk).with_name(name).write_text(text, encoding="utf-8")
    desk.look_around()
    desk.glance("leerstand")


def test_all_that_is_open_is_listed_with_what_can_be_done_about_it(desk: PreviewState) -> None:
    """Although the article has faults from the start, and so no page; what the rest of the site lacks comes apart."""
    write_article(desk.folders.content, "mieten")
    save(desk, "counterclaims.yaml", CLAIM)
    save(desk, "notes.yaml", OPEN)
    desk.glance("mieten")
    rows = open_rows(desk)
    assert "entries" in panel.behind(desk, "leerstand")
    assert [[mend["title"].partition(": ")[0] for mend in row["mends"]] for row in rows["quotes"]] == [
        ["Take “4.200 leer stehende Wohnungen” (line 7)"],
        [
            "Mean “[Am Ende fehlen der Stadt] rund” (line 27)",
            "Mean “[Am Ende fehlen der Stadt] die” (line 27)",
        ],
    ]
    assert [(row["words"], row["hint"]) for row in rows["drafts"]] == [("note 'later'", "denn viele Wohnungen")]
    assert [row["words"] for row in rows["numbers"]] == ["12.000"]
    assert {row["at"].split("/")[-2] for row in rows["elsewhere"]} == {"mieten"}
    save(desk, "notes.yaml", NOTES)  # with faults it is not known which numbers nothing supports
    save(desk, "counterclaims.yaml", CLAIM.replace(" why: Niemand hat nachgezählt.,", ""))
    rows = open_rows(desk)
    assert [row["mends"][0]["title"] for row in rows["numbers"]] == ["Cover “12.000 Wohnungen”"]
    assert [row["place"] for row in rows["verdicts"]] == ["n-vacant"]


def test_a_proposal_is_taken_and_taken_back_to_the_byte(desk: PreviewState) -> None:
    save(desk, "notes.yaml", "\ufeff" + OPEN.replace("\n", "\r\n"))
    notes = source_file(desk).with_name("notes.yaml")
    before = notes.read_bytes()
    (mend,) = open_rows(desk)["quotes"][0]["mends"]
    assert annotating.answered(desk, "leerstand", {"do": "mend", **mend})[0] == 200
    assert notes.read_bytes() == before.replace(b"4.300", b"4.200")
    desk.glance("leerstand")
    status, told = annotating.answered(desk, "leerstand", {"do": "mend", **mend})
    assert (status, told["errors"][0]["words"]) == (422, "this is not proposed any more; look again")
    assert annotating.answered(desk, "leerstand", {"do": "undo"})[0] == 200
    assert notes.read_bytes() == before
    assert annotating.answered(desk, "leerstand", {"do": "undo"})[0] == 422


def test_of_very_many_open_things_the_first_have_proposals_and_the_next_follow(desk: PreviewState) -> None:
    """To look for a passage takes a while for each; what is taken is gone from the list when it is asked for next."""
    entry = "- {{id: n{0}, kind: context, quote: 4.{0} leer stehende Wohnungen, note: Wort}}\n"
    save(desk, "notes.yaml", "notes:\n" + "".join(entry.format(number) for number in range(301, 325)))
    rows = open_rows(desk)["quotes"]
    assert [bool(row["mends"]) for row in rows] == [True] * 20 + [False] * 4
    assert annotating.answered(desk, "leerstand", {"do": "mend", **rows[0]["mends"][0]})[0] == 200
    assert [bool(row["mends"]) for row in open_rows(desk)["quotes"]] == [True] * 20 + [False] * 3


def test_what_has_been_saved_since_is_not_taken_back(desk: PreviewState) -> None:
    save(desk, "notes.yaml", OPEN)
    notes = source_file(desk).with_name("notes.yaml")
    (mend,) = open_rows(desk)["quotes"][0]["mends"]
    notes.write_text(OPEN + "# mine\n", encoding="utf-8")
    status, told = annotating.answered(desk, "leerstand", {"do": "mend", **mend})
    assert status == 422
    assert "has been changed since" in told["errors"][0]["words"]
    save(desk, "notes.yaml", NOTES)
    assert asked(desk, "note", "zu hoch", values={"kind": "context", "note": "Wort"})[0] == 200
    change(notes, "Wort", "Wörter")
    status, told = annotating.answered(desk, "leerstand", {"do": "undo"})
    assert status == 422
    assert "has been changed since" in told["errors"][0]["words"]
    assert "Wörter" in notes.read_text(encoding="utf-8")


def test_a_file_that_a_change_has_made_is_gone_with_it(desk: PreviewState) -> None:
    notes = source_file(desk).with_name("notes.yaml")
    notes.unlink()
    desk.look_around()
    assert asked(desk, "note", "zu hoch", values={"kind": "context", "note": "Wort"})[0] == 200
    assert notes.exists()
    assert annotating.answered(desk, "leerstand", {"do": "undo"})[0] == 200
    assert not notes.exists()


def test_a_conflict_shows_both_versions_and_writes_neither(desk: PreviewState) -> None:
    digests = panel.behind(desk, "leerstand")["digests"]
    theirs = source_file(desk).read_text(encoding="utf-8").replace("März", "Mai")
    source_file(desk).write_text(theirs, encoding="utf-8")
    status, answer = asked(desk, "source", "Der Verband", values={"sources": ["amt2026"]}, digests=digests)
    assert status == annotating.CONFLICT
    assert answer["theirs"] == theirs
    assert "der-verband" in answer["mine"]
    assert "März" in answer["mine"]
    assert editing.digest(theirs) == answer["digest"]
    assert source_file(desk).read_text(encoding="utf-8") == theirs


@pytest.mark.parametrize("before", ["check", "put"])
def test_a_save_that_comes_in_while_the_desk_answers_is_a_conflict(
    desk: PreviewState, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    theirs = source_file(desk).read_text(encoding="utf-8").replace("März", "Mai")
    owner: Any = PreviewState if before == "check" else editing.files._Change
    answer = getattr(owner, before)

    def answer_after_a_save(*asked: Any) -> Any:
        source_file(desk).write_text(theirs, encoding="utf-8")
        return answer(*asked)

    monkeypatch.setattr(owner, before, answer_after_a_save)
    status, shown = asked(desk, "source", "Der Verband", values={"sources": ["amt2026"]})
    assert (status, shown["theirs"]) == (annotating.CONFLICT, theirs)
    assert source_file(desk).read_text(encoding="utf-8") == theirs


@pytest.mark.parametrize(
    "request_",
    [None, [], {}, {"do": "burn"}, {"do": "add"}, {"do": "add", "kind": "chart"}, {"do": "quote", "words": ""}],
    ids=json.dumps,
)
def test_requests_that_are_none_are_refused(desk: PreviewState, request_: Any) -> None:
    status, answer = annotating.answered(desk, "leerstand", request_)
    assert status in (annotating.WRONG, annotating.REFUSED)
    assert answer["errors"][0]["words"]


@pytest.mark.parametrize("do", ["add", "change", "delete"])
def test_values_of_the_wrong_form_are_refused(desk: PreviewState, do: str) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"values": {"sources": "amt2026"}},
        {"values": {"sources": [{"id": "amt2026", "rm": "-rf"}]}},
        {"values": {"note": ["x"]}},
        {"values": [], "which": 0},
        {"which": True},
        {"which": 99, "key": "citations"},
        {"key": "sources"},
        {"digests": {"sources.yaml": "0"}},
        {"digests": {}},
        {"digests": "0"},
        {"work": {}},
        {"work": [{"id": "neu2026"}]},
        {"work": [{"id": "neu2026", "values": {"title": ["x"]}}]},
        {"quantity": [{"id": "neu", "values": {"sources": "amt2026"}}]},
    )
    for more in wrong:
        before = source_file(desk).read_text(encoding="utf-8")
        status, _ = asked(desk, "source", "Der Verband", **{"do": do, "key": "citations", **more})
        assert status in (annotating.WRONG, annotating.REFUSED), more
        assert source_file(desk).read_text(encoding="utf-8") == before


def test_what_was_touched_tells_articles_from_what_they_share(desk: PreviewState) -> None:
    content = desk.folders.content.resolve()
    one = desk.touched({content / "leerstand" / "notes.yaml"})
    assert one.slugs == frozenset(("leerstand",))
    assert not one.shared
    for path in (content / "site.yaml", content / "pages" / "impressum.md", desk.folders.static / "style.css"):
        assert desk.touched({path}).shared


def test_the_pattern_of_the_editor_is_the_sites(desk: PreviewState) -> None:
    settings = desk.folders.content / "site.yaml"
    for given, link in (
        ("editor: 'idea://open?file={path}&line={line}'\n", r"idea://open\?file=/.*/sources\.yaml&line=\d+"),
        ("", r"vscode://file/[^/].*/sources\.yaml:\d+"),
    ):
        settings.write_text(SITE + given, encoding="utf-8")
        desk.look_around()
        assert re.fullmatch(link, panel.behind(desk, "leerstand")["entries"]["n-counted"]["editor"])


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("javascript:alert('{path}')", "'javascript:' opens no editor"),
        ("https://boese.example/?{path}", "'https:' opens no editor"),
        ("vscod://file/{path}", "'vscod:' opens no editor; did you mean 'vscode'?"),
        ("{path}", "'{path}:' opens no editor"),
        ("vscode://file/", "this address names no file: '{path}' is missing"),
    ],
)
def test_what_opens_no_editor_is_refused(desk: PreviewState, pattern: str, message: str) -> None:
    settings = desk.folders.content / "site.yaml"
    settings.write_text(f'{SITE}editor: "{pattern}"\n', encoding="utf-8")
    desk.look_around()
    (diagnostic,) = (one for one in desk.diagnostics if one.position.path == "site.yaml")
    assert diagnostic.message == message


# ----------------------------------------------------------------------------------------------------
# Charts that take long
# ----------------------------------------------------------------------------------------------------

ENDLESS = """\
charts:
- id: leer
  after: Die Stadt zählte im Frühjahr
  title: Leere Wohnungen
  alt: Ein Balken.
  sources: [amt2026]
  data: {rows: [{jahr: 2024, leer: 12}, {jahr: 2025, leer: 14}]}
  vega-lite:
    mark: bar
    transform: [{impute: leer, key: jahr, keyvals: {start: 0, stop: 1000000000}, value: 0}]
    encoding: {x: {field: jahr, type: quantitative}, y: {field: leer, type: quantitative}}
"""
QUICK = ENDLESS.replace("transform:", "# ")


def page_of(desk: PreviewState) -> str:
    return desk.fresh["leerstand/index.html"].decode()


def try_next(desk: PreviewState) -> None:
    """The next chart is drawn, as it is beside a running preview."""
    (slug, _), prepared = next(iter(desk.undrawn.items()))
    fault: list[Diagnostic] = []
    with collecting(fault):
        charts.try_out(prepared, desk.folders.cache / "charts")
    desk.tried(slug, prepared, next(iter(fault), None))


def test_a_save_is_shown_before_its_chart_is_drawn_and_the_last_drawing_until_then(
    desk: PreviewState, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = source_file(desk).with_name("charts.yaml")
    path.write_text(QUICK, encoding="utf-8")
    desk.glance("leerstand")
    assert 'id="chart-leer"' not in page_of(desk)
    try_next(desk)
    assert 'id="chart-leer"' in page_of(desk)
    assert not desk.undrawn
    with monkeypatch.context() as without_engine:
        without_engine.setattr(charts, "_drawn", None)  # nothing can be drawn while a save is taken in
        path.write_text(QUICK.replace("Leere", "Freie").replace("leer: 12", "leer: 13"), encoding="utf-8")
        desk.glance("leerstand")
        assert "Leere Wohnungen" in page_of(desk)
    try_next(desk)
    assert "Freie Wohnungen" in page_of(desk)


def test_a_chart_that_cannot_be_drawn_is_a_fault_that_is_not_looked_for_again(
    desk: PreviewState, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = source_file(desk).with_name("charts.yaml")
    path.write_text(QUICK.replace("y: {field: leer", "y: {axis: {format: q9}, field: leer"), encoding="utf-8")
    desk.glance("leerstand")
    assert not desk.faulty
    try_next(desk)
    monkeypatch.setattr(charts, "_drawn", None)
    for _ in range(2):
        (fault,) = (one for one in desk.diagnostics if one.severity == "error")
        assert (fault.code, fault.position.line) == ("chart-spec", 11)
        assert fault.excerpt
        article = source_file(desk).with_name("article.md")
        article.write_text(article.read_text(encoding="utf-8") + "\nMehr.\n", encoding="utf-8")
        desk.glance("leerstand")
        assert not desk.undrawn
    path.unlink()
    desk.glance("leerstand")
    assert not desk.faulty


def test_the_site_is_built_where_the_engine_cannot_run(desk: PreviewState, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_engine(*_: object, **__: object) -> NoReturn:
        raise OSError("no engine")

    async def drawing() -> None:
        preview, built = Preview(desk.folders, desk.choices, lambda _: None, lambda _: None), asyncio.Event()
        monkeypatch.setattr(preview, "desk", desk)
        monkeypatch.setattr(preview.builder, "build", built.set)
        desk.glance("leerstand")
        assert desk.undrawn
        monkeypatch.setattr(charts, "try_out", no_engine)
        preview._draw_next()
        preview._expect(0)
        await asyncio.wait_for(built.wait(), HANGS)

    source_file(desk).with_name("charts.yaml").write_text(QUICK, encoding="utf-8")
    with ThreadPoolExecutor(1) as thread:  # where no other loop runs, as a browser's does in the thread of the tests
        thread.submit(asyncio.run, drawing()).result()


@pytest.mark.slow
def test_the_text_is_shown_while_a_chart_takes_long_which_is_refused_then(preview: Running, article: Path) -> None:
    def shows(words: str) -> bool:
        return words in preview.ask(f"/{article.name}/")[1].decode()

    rows = f"jahr: {2000 + secrets.randbelow(10**9)}"  # refused by no run before
    (article / "charts.yaml").write_text(ENDLESS.replace("jahr: 2024", rows), encoding="utf-8")
    text = (article / "article.md").read_text(encoding="utf-8")
    for words in ("Erster Satz.", "Zweiter Satz."):
        (article / "article.md").write_text(f"{text}\n{words}\n", encoding="utf-8")
        eventually(partial(shows, words), f"'{words}' is shown")
    assert "drawing this takes" not in preview.said()
    eventually(lambda: "drawing this takes" in preview.said(), "the chart is refused")
    (article / "article.md").write_text(f"{text}\nDritter Satz.\n", encoding="utf-8")
    (article / "charts.yaml").unlink()
    eventually(partial(shows, "Dritter Satz."), "the preview goes on")
