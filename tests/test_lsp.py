"""The language server, driven as an editor drives it: over its standard input and output, on unsaved text."""

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.workspace import PositionCodec
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from randnotiz.lsp.open_folder import Text
from randnotiz.lsp.scalars import beginning
from tests.program import run

ROOT = Path(__file__).parent.parent
PATIENCE = 120  # seconds; of a machine that has much else to do

SITE = """title: Counted
url: https://example.org/
lang: en
publisher: {name: Counted, url: https://example.org/}
summary: Claims about our town, counted again.
bibliography: zotero.json
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
ZOTERO = '[\n  {"type": "book", "id": "moore_2019:a",\n   "title": "Reading in towns"}\n]\n'
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
    """An editor with its server. Paths are below the folder of content, positions are found by what stands there.

    Its loop runs in a thread of its own, because browsers of other tests have one in the first.
    """

    def __init__(self, home: Path, *options: str) -> None:
        self.options = options
        self.home, self.content, self.slug, self.texts = home, home / "content", "library", dict[str, str]()
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self.loop.run_forever)
        self.client: LanguageClient = make_test_lsp_client()

    def __enter__(self) -> Self:
        self.thread.start()
        command = (sys.executable, "-m", "randnotiz", "lsp", *self.options)
        wanted = types.InitializeParams(
            capabilities=client_capabilities("visual-studio-code"), root_uri=self.home.as_uri()
        )
        self.do(self.client.start_io(*command, cwd=self.home, env={**os.environ, "PYTHONPATH": str(ROOT)}))
        self.can = self.do(self.client.initialize_session(wanted)).capabilities
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.do(self.client.shutdown_session())
        self.do(self.client.stop())  # type: ignore[no-untyped-call]  # as its authors left it
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def do(self, work: Any) -> Any:
        async def bounded() -> Any:
            return await asyncio.wait_for(work, PATIENCE)

        return asyncio.run_coroutine_threadsafe(bounded(), self.loop).result()

    def send(self, notification: Callable[[Any], None], params: Any) -> None:
        async def sent() -> None:
            notification(params)

        self.do(sent())

    def file(self, path: str) -> Path:
        return self.content / path.replace("library/", f"{self.slug}/")

    def uri(self, path: str) -> str:
        return self.file(path).as_uri()

    def close(self, path: str) -> None:
        del self.texts[path]
        document = types.TextDocumentIdentifier(self.uri(path))
        self.send(self.client.text_document_did_close, types.DidCloseTextDocumentParams(document))

    def open(self, path: str, words: str | None = None) -> None:
        self.texts[path] = self.file(path).read_text("utf-8") if words is None else words
        item = types.TextDocumentItem(self.uri(path), "yaml", 1, self.texts[path])
        self.send(self.client.text_document_did_open, types.DidOpenTextDocumentParams(item))

    def type(self, path: str, old: str, new: str) -> None:
        """Exchanges the first place of some words, as a keystroke does: only these are sent."""
        change = types.TextDocumentContentChangePartial(range=self.range(path, old), text=new)
        self.texts[path] = self.texts[path].replace(old, new, 1)
        document = types.VersionedTextDocumentIdentifier(uri=self.uri(path), version=2)
        self.send(self.client.text_document_did_change, types.DidChangeTextDocumentParams(document, [change]))

    def replace(self, path: str, words: str) -> None:
        """Exchanges the whole text."""
        self.texts[path] = words
        document = types.VersionedTextDocumentIdentifier(uri=self.uri(path), version=3)
        change = types.TextDocumentContentChangeWholeDocument(words)
        self.send(self.client.text_document_did_change, types.DidChangeTextDocumentParams(document, [change]))

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

        async def found() -> list[types.Diagnostic]:
            while True:  # listening before it looks, so that nothing arrives in between
                news = self.client.protocol.wait_for_notification_async(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
                there = list(self.client.diagnostics.get(self.uri(path), ()))
                if wanted(there):
                    news.add_done_callback(lambda unused: unused.exception())
                    return there
                await news

        return list(self.do(found()))


def write(content: Path, files: dict[str, str]) -> None:
    for path, words in files.items():
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_text(words, encoding="utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    home = tmp_path_factory.mktemp("lsp")
    write(home / "content", {"site.yaml": SITE, "sources.yaml": SHARED, "zotero.json": ZOTERO})
    with Editor(home, "--content", str(home / "content"), "--editor", "A. Reader") as editor:
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
        ("citations:\n- id: a\n- sources:\n    - a\n    - v3|", ("citations", 0, "sources", 0), "v3", True),
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


def offered(editor: Editor, path: str, words: str) -> list[types.CompletionItem]:
    """What is offered behind some words."""
    asked = types.CompletionParams(**editor.at(path, words, len(words)))
    return list(editor.do(editor.client.text_document_completion_async(asked)))


def taken(editor: Editor, path: str, item: types.CompletionItem) -> str:
    """The line in which an item has been taken."""
    edit = item.text_edit
    assert isinstance(edit, types.TextEdit)
    line = editor.texts[path].split("\n")[edit.range.start.line]
    units = line.encode("utf-16-le")
    before, after = units[: 2 * edit.range.start.character], units[2 * edit.range.end.character :]
    return before.decode("utf-16-le") + edit.new_text + after.decode("utf-16-le")


CLAIM = "The library costs too much."
YEAR = "240,000 to 300,000\N{NO-BREAK SPACE}loan per year"


@pytest.mark.parametrize(
    ("path", "typed", "label", "detail", "line"),
    [
        ("sources.yaml", "- quote: x\n  sources: [cen", "census2025", "Census of the town", "  sources: [census2025"),
        ("sources.yaml", "- quote: x\n  sources:\n  - c", "council2026", "Minutes of the council", "  - council2026"),
        ("counterclaims.yaml", "- id: b\n  verdict: im", "imprecise", "Imprecise", "  verdict: imprecise"),
        ("counterclaims.yaml", "- id: b\n  stance: ", "qualifies", None, "  stance: qualifies"),
        ("counterclaims.yaml", "- same_claim_as: ", "too-dear", CLAIM, "- same_claim_as: too-dear"),
        ("figures.yaml", "  a:\n    formula: 2 * lo", "loans_a_year", YEAR, "    formula: 2 * loans_a_year"),
        ("figures.yaml", "  more:\n    unit: loan/ye", "year", None, "    unit: loan/year"),
        ("article.md", "It is {{ da", "days", "300\N{NO-BREAK SPACE}days per year", "It is {{ days"),
    ],
)  # fmt: skip
def test_words_that_the_article_knows_are_offered_with_what_they_mean(
    editor: Editor, path: str, typed: str, label: str, detail: str | None, line: str
) -> None:
    path = f"library/{path}"
    editor.open(path)
    editor.replace(path, editor.texts[path] + typed)
    item = next(one for one in offered(editor, path, typed) if one.label == label)
    assert item.detail == detail
    assert taken(editor, path, item) == line


def test_fields_are_offered_with_meaning_and_example_those_of_the_entry_itself_first(editor: Editor) -> None:
    path = "library/counterclaims.yaml"
    editor.open(path)
    editor.replace(path, CLAIMS + "- st")
    items = offered(editor, path, "- st")
    labels = [item.label for item in items]
    assert labels.index("stance") < labels.index("verdict") < labels.index("gist")
    stance = items[labels.index("stance")]
    assert isinstance(stance.documentation, types.MarkupContent)
    assert "stance: qualifies" in stance.documentation.value
    assert taken(editor, path, stance) == "- stance: "


def test_quotations_are_offered_from_the_text_and_told_apart_where_they_must_be(editor: Editor) -> None:
    path = "library/counterclaims.yaml"
    editor.open(path)
    editor.replace(path, CLAIMS + "- quote: it costs")
    lines = [taken(editor, path, item) for item in offered(editor, path, "- quote: it costs")]
    assert lines == ["- quote: it costs too much.", "- quote: it costs too little."]
    editor.replace(path, CLAIMS + '- quote: "')
    lines = [taken(editor, path, item) for item in offered(editor, path, '- quote: "')]
    assert "- quote: The council says it costs too much." in lines


def test_of_two_like_passages_each_is_offered_with_what_stands_beside_it(editor: Editor) -> None:
    path = "library/counterclaims.yaml"
    editor.open("library/article.md", ARTICLE.replace("too little", "too much"))
    editor.open(path, CLAIMS + "- quote: costs too")
    lines = [taken(editor, path, item) for item in offered(editor, path, "- quote: costs too")]
    assert "- quote: {exact: costs too much., suffix: The}" in lines
    editor.replace(path, CLAIMS.replace("it costs too much", "costs too much."))
    editor.until(path, lambda found: "quote-ambiguous" in codes(found))
    editor.replace(path, CLAIMS.replace("quote: it costs too much", lines[0].removeprefix("- ")))
    editor.until(path, lambda found: codes(found) == [])


# ----------------------------------------------------------------------------------------------------
# Where things stand
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "at", "shown"),
    [
        ("sources.yaml", "council2026]", ["Minutes of the council", "2026"]),
        ("figures.yaml", "loans_a_day * days", ["**loans a day** = 800 to 1,000", "from 800 to 1000, best 900"]),
        ("figures.yaml", "loans_a_year", ["`loans_a_day * days`", "- `days`: 300", "best 270000"]),
        ("sources.yaml", "900 loans", ["Of the **900 loans a day**, 300 are of children", "line 8"]),
        ("counterclaims.yaml", "stance", ["What the voice does to the claim.", "stance: qualifies"]),
        ("counterclaims.yaml", "too-dear", ["The library costs too much."]),
        ("article.md", "loans a day", ["citation 'citation-900-loans-a-day'"]),
    ],
)
def test_a_hover_shows_what_is_known_of_what_stands_there(
    editor: Editor, path: str, at: str, shown: list[str]
) -> None:
    editor.open(f"library/{path}")
    found = editor.do(editor.client.text_document_hover_async(types.HoverParams(**editor.at(f"library/{path}", at))))
    words = found.contents.value.replace("\N{NO-BREAK SPACE}", " ")
    assert [part for part in shown if part not in words] == []


def linked(editor: Editor, path: str, at: str, *, uses: bool = False) -> list[tuple[str, str]]:
    """The files and the words to which a place leads."""
    editor.open(path)
    if uses:
        context = types.ReferenceContext(include_declaration=True)
        asked = types.ReferenceParams(context=context, **editor.at(path, at))
        found = editor.do(editor.client.text_document_references_async(asked))
    else:
        found = editor.do(editor.client.text_document_definition_async(types.DefinitionParams(**editor.at(path, at))))
    paths = [Path(one.uri.removeprefix("file://")).relative_to(editor.content).as_posix() for one in found]
    paths = [path.replace(f"{editor.slug}/", "library/") for path in paths]
    return [(path, editor.words(path, one.range)) for path, one in zip(paths, found, strict=True)]


def test_a_quotation_leads_to_its_passage_and_the_passage_to_all_that_quote_it(editor: Editor) -> None:
    assert linked(editor, "library/sources.yaml", "900 loans") == [("library/article.md", "900 loans a day")]
    assert linked(editor, "library/article.md", "loans a day") == [("library/sources.yaml", "900 loans a day")]
    assert linked(editor, "library/counterclaims.yaml", "costs too") == [("library/article.md", "it costs too much")]


def test_a_source_leads_to_its_entry_and_the_entry_to_its_uses(editor: Editor) -> None:
    assert linked(editor, "library/counterclaims.yaml", "census2025") == [("sources.yaml", "census2025")]
    uses = linked(editor, "library/sources.yaml", "council2026", uses=True)
    assert (
        sorted(uses) == [("library/figures.yaml", "council2026")] * 2 + [("library/sources.yaml", "council2026")] * 2
    )


def test_a_work_of_a_bibliography_is_offered_and_leads_there(editor: Editor) -> None:
    editor.open("library/sources.yaml")
    editor.type("library/sources.yaml", "[census2025]", "[moo")
    assert "moore_2019:a" in {item.label for item in offered(editor, "library/sources.yaml", "[moo")}
    editor.file("library/sources.yaml").write_text(SOURCES.replace("census2025", "moore_2019:a"), "utf-8")
    assert linked(editor, "library/sources.yaml", "moore_2019:a") == [("zotero.json", "moore_2019:a")]
    editor.open("zotero.json")
    editor.type("zotero.json", '"title"', '"URL": "papers://x", "title"')
    editor.until("zotero.json", lambda found: codes(found) == ["csl-value-odd"])


def test_a_number_leads_to_where_it_is_defined_and_from_there_to_formulas_and_sentences(editor: Editor) -> None:
    editor.open("library/article.md", ARTICLE + "\nIt lends {{ loans_a_year }}.\n")
    assert linked(editor, "library/figures.yaml", "loans_a_day * days") == [("library/figures.yaml", "loans_a_day")]
    uses = linked(editor, "library/figures.yaml", "loans_a_year", uses=True)
    assert uses == [("library/article.md", "loans_a_year"), ("library/figures.yaml", "loans_a_year")]


def rename(editor: Editor, path: str, at: str, new: str) -> dict[str, str]:
    """The files that a rename changes, as they stand afterwards."""
    editor.open(path)
    wanted = types.RenameParams(new_name=new, **editor.at(path, at))
    edit = editor.do(editor.client.text_document_rename_async(wanted))
    return {
        Path(uri.removeprefix("file://")).relative_to(editor.content).as_posix(): applied(uri, edits)
        for uri, edits in edit.changes.items()
    }


def applied(uri: str, edits: list[types.TextEdit], words: str | None = None) -> str:
    text = Path(uri.removeprefix("file://")).read_text("utf-8") if words is None else words
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        start, end = edit.range.start, edit.range.end
        before = lines[start.line].encode("utf-16-le")[: 2 * start.character].decode("utf-16-le")
        after = lines[end.line].encode("utf-16-le")[2 * end.character :].decode("utf-16-le")
        lines[start.line : end.line + 1] = (before + edit.new_text + after).split("\n")
    return "\n".join(lines)


def test_a_shared_source_is_renamed_in_all_articles(editor: Editor) -> None:
    write(editor.content / "archive", {"article.md": ARTICLE, "sources.yaml": SOURCES})
    changed = rename(editor, "sources.yaml", "census2025", "census")
    shutil.rmtree(editor.content / "archive")
    assert {"sources.yaml", "archive/sources.yaml", f"{editor.slug}/counterclaims.yaml"} <= changed.keys()
    assert changed["sources.yaml"] == SHARED.replace("census2025", "census")
    assert changed["archive/sources.yaml"] == SOURCES.replace("census2025", "census")


def test_a_number_is_renamed_in_formulas_and_sentences_and_no_longer_name_is_touched(editor: Editor) -> None:
    changed = rename(editor, "library/figures.yaml", "days:", "open_days")
    wanted = FIGURES.replace("days:", "open_days:").replace("loans_a_day * days", "loans_a_day * open_days")
    assert changed == {f"{editor.slug}/figures.yaml": wanted}


@pytest.mark.parametrize(("new", "refusal"), [("Loans", "is no name"), ("days", "there is a number 'days' already")])
def test_a_name_that_cannot_be_one_is_refused(editor: Editor, new: str, refusal: str) -> None:
    with pytest.raises(JsonRpcException, match=refusal):
        rename(editor, "library/figures.yaml", "loans_a_day:", new)


@pytest.mark.parametrize("entry", ["", "- id: moore_2019:a\n  custom: {checked: original}\n"])
def test_the_id_of_a_work_of_a_bibliography_is_not_renamed(editor: Editor, entry: str) -> None:
    """It would be another work, or none: the file in which it stands is only read."""
    words = SOURCES.replace("census2025", "moore_2019:a").replace("sources:\n", f"sources:\n{entry}", 1)
    editor.open("library/sources.yaml", words)
    for name in ["[moore_2019:a]", *(["id: moore_2019:a"] if entry else [])]:
        at = editor.at("library/sources.yaml", name, name.index("moore"))
        for asked in (
            editor.client.text_document_prepare_rename_async(types.PrepareRenameParams(**at)),
            editor.client.text_document_rename_async(types.RenameParams(new_name="moore", **at)),
        ):
            with pytest.raises(JsonRpcException, match=r"'moore_2019:a' has its id in zotero\.json"):
                editor.do(asked)
    with pytest.raises(JsonRpcException, match="there is a source 'moore_2019:a' already"):
        rename(editor, "library/sources.yaml", "council2026", "moore_2019:a")


def test_paragraphs_show_what_hangs_on_them_and_formulas_their_results(editor: Editor) -> None:
    editor.open("library/article.md")
    document = types.TextDocumentIdentifier(editor.uri("library/article.md"))
    lenses = editor.do(editor.client.text_document_code_lens_async(types.CodeLensParams(document)))
    assert [(one.range.start.line, one.command.title) for one in lenses] == [
        (7, "1 citation"),
        (9, "1 citation, 1 claim"),
    ]
    editor.open("library/figures.yaml")
    document = types.TextDocumentIdentifier(editor.uri("library/figures.yaml"))
    everything = types.Range(types.Position(0, 0), types.Position(99, 0))
    hints = editor.do(editor.client.text_document_inlay_hint_async(types.InlayHintParams(document, everything)))
    assert [(one.position.line, one.label) for one in hints] == [(16, f"= {YEAR}")]


# ----------------------------------------------------------------------------------------------------
# What can be done
# ----------------------------------------------------------------------------------------------------


def doable(editor: Editor, path: str, at: str) -> dict[str, tuple[str, str]]:
    """What can be done where some words stand, by title: the file that it changes, and that file afterwards."""
    document = types.TextDocumentIdentifier(editor.uri(path))
    asked = types.CodeActionParams(document, editor.range(path, at), types.CodeActionContext(diagnostics=[]))
    done = {}
    for action in editor.do(editor.client.text_document_code_action_async(asked)) or ():
        *_, change = action.edit.document_changes
        name = change.text_document.uri.rpartition("/")[2]
        words = editor.texts.get(f"library/{name}")
        if words is None:
            words = (
                editor.file(f"library/{name}").read_text("utf-8") if editor.file(f"library/{name}").exists() else ""
            )
        done[action.title] = name, applied("", change.edits, words)
    return done


def test_a_lost_quotation_can_be_moved_to_the_nearest_passage(editor: Editor) -> None:
    editor.open("library/article.md", ARTICLE.replace("The council says it", "The town council says it"))
    editor.open("library/counterclaims.yaml", CLAIMS.replace("it costs too much", "says the library costs too much"))
    found = doable(editor, "library/counterclaims.yaml", "says the library")
    (title,) = (title for title in found if title.startswith("Take “"))
    name, words = found[title]
    assert name == "counterclaims.yaml"
    editor.until("library/counterclaims.yaml", lambda found: "quote-missing" in codes(found))
    editor.replace("library/counterclaims.yaml", words)
    editor.until("library/counterclaims.yaml", lambda found: "quote-missing" not in codes(found))
    assert words.startswith("counterclaims:\n- id: too-dear\n  quote: ")


def test_an_ambiguous_quotation_can_mean_any_of_its_places(editor: Editor) -> None:
    editor.open("library/counterclaims.yaml", CLAIMS.replace("it costs too much", "it costs too"))
    found = doable(editor, "library/counterclaims.yaml", "it costs too")
    assert list(found) == ["Mean “[it costs too] much” (line 10)", "Mean “say [it costs too]” (line 10)"]
    _, words = found["Mean “say [it costs too]” (line 10)"]
    assert "  quote:\n    exact: it costs too\n    prefix: say\n" in words


def test_a_unit_can_be_declared_and_a_number_covered(editor: Editor) -> None:
    editor.open("library/figures.yaml", FIGURES.replace("unit: loan/day", "unit: loan/opening").replace("* days", ""))
    found = doable(editor, "library/figures.yaml", "loan/opening")
    assert "units: [loan, opening]" in found["Declare the unit 'opening'"][1]
    editor.open("library/article.md")
    found = doable(editor, "library/article.md", "300 are")
    assert "covered:\n- 300 are\n" in found["Cover “300 are”"][1]


def test_selected_words_can_be_annotated_in_every_way_as_a_draft(editor: Editor) -> None:
    editor.open("library/article.md")
    found = doable(editor, "library/article.md", "two million euros")
    assert {title: name for title, (name, _) in found.items() if title.startswith("Annotate")} == {
        "Annotate: source": "sources.yaml",
        "Annotate: counter-claim": "counterclaims.yaml",
        "Annotate: figure": "figures.yaml",
        "Annotate: note": "notes.yaml",
    }
    draft = "- id: two-million-euros\n  quote: two million euros\n  sources: […]\n  draft: true\n"
    signed = re.sub(r"created: \d{4}-\d{2}-\d{2}\n$", "created\n", found["Annotate: source"][1])
    assert signed == f"{SOURCES}{draft}  author: A. Reader\n  created\n"
    editor.open("library/sources.yaml", found["Annotate: source"][1])
    found_there = editor.until("library/sources.yaml", lambda found: "source-unknown" in codes(found))
    assert "quote-missing" not in codes(found_there)


def test_files_that_are_of_no_site_are_none_of_its_business(tmp_path: Path) -> None:
    write(tmp_path, {"compose.yaml": "sources: x\n", "content/read.me": ""})
    with Editor(tmp_path) as editor:
        editor.open("../compose.yaml")
        asked = types.HoverParams(**editor.at("../compose.yaml", "sources"))
        assert editor.do(editor.client.text_document_hover_async(asked)) is None
        assert editor.client.diagnostics == {}
