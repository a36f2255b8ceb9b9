"""The language server, driven as an editor drives it: over its standard input and output, on unsaved text."""

import asyncio
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from lsprotocol import types
from pygls.workspace import PositionCodec
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from randnotiz.lsp.open_folder import Text
from randnotiz.lsp.scalars import beginning
from tests.program import run

ROOT = Path(__file__).parent.parent
PATIENCE = 60  # seconds; of a machine that has much else to do

SITE = """title: Counted
url: https://example.org/
lang: en
publisher: {name: Counted, url: https://example.org/}
summary: Claims about our town, counted again.
verdicts:
- {key: wrong, en: Wrong}
- {key: imprecise, en: Imprecise}
"""
SHARED = """sources:
- id: census2025
  type: report
  title: Census of the town
  issued: 2025-03-01
"""
ARTICLE = """---
title: Does the library pay?
published: 2026-11-20
lang: en
summary: What the council said about the library.
---

📚 Of the 900 loans a day, 300 are of children's books. The library costs the town two million euros a year.

The council says it costs too much. The readers say it costs too little.
"""
SOURCES = """sources:
- id: council2026
  type: report
  title: Minutes of the council
  issued: 2026-02-03
citations:
- quote: 900 loans a day
  sources: [council2026]
- quote: The council says
  sources: [census2025]
"""
FIGURES = """units: [loan]
quantities:
  loans_a_day:
    label: loans a day
    low: 800
    high: 1000
    unit: loan/day
    sources: [council2026]
  days:
    label: open days
    value: 300
    unit: day/year
    sources: [council2026]
figures:
  loans_a_year:
    label: loans a year
    formula: loans_a_day * days
    unit: loan/year
"""
CLAIMS = """counterclaims:
- id: too-dear
  quote: it costs too much
  claim: The library costs too much.
  claimed_by: {name: The council, type: organization}
  stance: disputes
  counter: It is open to all.
  by: {name: The readers, type: organization}
  sources: [census2025]
"""


class Editor:
    """An editor with its server. Paths are below the folder of content, positions are found by what stands there."""

    def __init__(self, home: Path) -> None:
        self.home, self.content, self.slug, self.texts = home, home / "content", "library", dict[str, str]()
        self.loop = asyncio.new_event_loop()
        self.client: LanguageClient = make_test_lsp_client()

    def __enter__(self) -> Self:
        command = (sys.executable, "-m", "randnotiz", "lsp", "--content", str(self.content))
        wanted = types.InitializeParams(
            capabilities=client_capabilities("visual-studio-code"), root_uri=self.home.as_uri()
        )
        self.do(self.client.start_io(*command, cwd=ROOT))
        self.can = self.do(self.client.initialize_session(wanted)).capabilities
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.do(self.client.shutdown_session())
        self.do(self.client.stop())  # type: ignore[no-untyped-call]  # as its authors left it
        self.loop.close()

    def do(self, work: Any) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, PATIENCE))

    def file(self, path: str) -> Path:
        return self.content / path.replace("library/", f"{self.slug}/")

    def uri(self, path: str) -> str:
        return self.file(path).as_uri()

    def close(self, path: str) -> None:
        del self.texts[path]
        document = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def open(self, path: str, words: str | None = None) -> None:
        self.texts[path] = self.file(path).read_text("utf-8") if words is None else words
        item = types.TextDocumentItem(self.uri(path), "yaml", 1, self.texts[path])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, path: str, old: str, new: str) -> None:
        """Exchanges the first place of some words, as a keystroke does: only these are sent."""
        change = types.TextDocumentContentChangePartial(range=self.range(path, old), text=new)
        self.texts[path] = self.texts[path].replace(old, new, 1)
        document = types.VersionedTextDocumentIdentifier(uri=self.uri(path), version=2)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def place(self, path: str, words: str, inner: int = 0) -> types.Position:
        """The position of the first place of some words, or of a character within them, in units of UTF-16."""
        before = self.texts[path][: self.texts[path].index(words) + inner]
        line = before.rpartition("\n")[2]
        return types.Position(before.count("\n"), len(line.encode("utf-16-le")) // 2)

    def range(self, path: str, words: str) -> types.Range:
        return types.Range(self.place(path, words), self.place(path, words, len(words)))

    def words(self, path: str, range: types.Range) -> str:
        """What stands in a range of one line."""
        text = self.texts.get(path) or self.file(path).read_text("utf-8")
        line = text.split("\n")[range.start.line].encode("utf-16-le")
        return line[2 * range.start.character : 2 * range.end.character].decode("utf-16-le")

    def at(self, path: str, words: str, inner: int = 1) -> dict[str, Any]:
        """A place in a file, as requests name it."""
        return {
            "text_document": types.TextDocumentIdentifier(self.uri(path)),
            "position": self.place(path, words, inner),
        }

    def until(self, path: str, wanted: Callable[[list[types.Diagnostic]], bool]) -> list[types.Diagnostic]:
        """The diagnostics of a file, once they are such."""
        while not wanted(found := list(self.client.diagnostics.get(self.uri(path), ()))):
            self.do(self.news())
        return found

    async def news(self) -> None:
        await self.client.protocol.wait_for_notification_async(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)


def write(content: Path, files: dict[str, str]) -> None:
    for path, words in files.items():
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_text(words, encoding="utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    home = tmp_path_factory.mktemp("lsp")
    write(home / "content", {"site.yaml": SITE, "sources.yaml": SHARED})
    with Editor(home) as editor:
        yield editor


numbers = count(1)


@pytest.fixture
def editor(server: Editor) -> Iterator[Editor]:
    """An editor with an article of its own, which all tests call `library`."""
    server.slug = f"library-{next(numbers)}"
    names = {"article.md": ARTICLE, "sources.yaml": SOURCES, "figures.yaml": FIGURES, "counterclaims.yaml": CLAIMS}
    write(server.content / server.slug, names)
    yield server
    for path in list(server.texts):
        server.close(path)
    shutil.rmtree(server.content / server.slug)


def codes(found: list[types.Diagnostic]) -> list[object]:
    return [one.code for one in found]


# ----------------------------------------------------------------------------------------------------
# Diagnostics
# ----------------------------------------------------------------------------------------------------


def test_a_quotation_that_a_keystroke_loses_is_told_before_anything_is_saved(editor: Editor) -> None:
    editor.open("library/article.md")
    editor.open("library/sources.yaml")
    editor.type("library/article.md", "900 loans", "950 loans")
    found = editor.until("library/sources.yaml", lambda found: "quote-missing" in codes(found))
    (lost,) = [one for one in found if one.code == "quote-missing"]
    assert editor.words("library/sources.yaml", lost.range) == "900 loans a day"
    assert "nearest is line 8 of article.md" in lost.message
    editor.type("library/article.md", "950 loans", "900 loans")
    editor.until("library/sources.yaml", lambda found: "quote-missing" not in codes(found))


def test_a_place_behind_an_emoji_is_told_in_the_units_that_editors_count(editor: Editor) -> None:
    editor.open("library/article.md")
    found = editor.until("library/article.md", lambda found: "number-uncovered" in codes(found))
    (bare,) = [one for one in found if one.code == "number-uncovered"]
    assert editor.words("library/article.md", bare.range) == "300"


def test_all_files_together_say_what_check_says(editor: Editor) -> None:
    away = ARTICLE.replace("The council says", "[The council](../nowhere/) says")
    write(editor.content / "museum", {"article.md": away})
    editor.open("library/figures.yaml")
    editor.until("museum/article.md", lambda found: "link-broken" in codes(found))
    printed = run(editor.home, "check", "--drafts", "--content", "content", "--format", "json").stdout
    theirs = {
        (
            (editor.home / one["path"]).as_uri(),
            one["line"] - 1,
            one["code"],
            f"{one['message']}\n{one['hint']}".strip(),
        )
        for one in json.loads(printed)
    }
    ours = {
        (uri, one.range.start.line, one.code, one.message)
        for uri, found in editor.client.diagnostics.items()
        for one in found
    }
    assert ours == theirs
    assert {"link-broken", "number-uncovered", "id-implicit"} <= {code for _, _, code, _ in ours}


def test_settings_and_shared_sources_count_before_they_are_saved(editor: Editor) -> None:
    editor.open("library/counterclaims.yaml")
    editor.open("sources.yaml")
    editor.type("sources.yaml", "census2025", "census")
    editor.until("library/counterclaims.yaml", lambda found: "source-unknown" in codes(found))


# ----------------------------------------------------------------------------------------------------
# Completion
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "way", "words", "name"),
    [
        ("ci|", (), "ci", True),
        ("citations:\n- |", ("citations", 0), "", True),
        ("citations:\n- id: x\n  sou|", ("citations", 0), "sou", True),
        ("citations:\n  # the first\n  - id: x\n\n    sou|", ("citations", 0), "sou", True),
        ("citations:\n- sources: [v3|", ("citations", 0, "sources", 0), "v3", False),
        ("citations:\n- sources: [v3, {id: b, loc|", ("citations", 0, "sources", 0), "loc", True),
        ("citations:\n- sources:\n  - v3|", ("citations", 0, "sources", 0), "v3", True),
        ("quantities:\n  fleet:\n    unit: US|", ("quantities", "fleet", "unit"), "US", False),
        ("counterclaims:\n- by: {na|", ("counterclaims", 0, "by"), "na", True),
        ("counterclaims:\n- by:\n    na|", ("counterclaims", 0, "by"), "na", True),
        ("counterclaims:\n- quote:\n    exact: rund|", ("counterclaims", 0, "quote", "exact"), "rund", False),
        ("---\ntitle: A day\nauth|", (), "auth", True),
    ],
)
def test_what_is_half_written_is_told_by_what_stands_above_it(
    written: str, way: tuple[str | int, ...], words: str, name: bool
) -> None:
    text = Text(written.replace("|", ""), PositionCodec())
    begun = beginning(text, written.index("|"))
    assert (begun.way, begun.words, begun.name) == (way, words, name)
