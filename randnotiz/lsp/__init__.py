"""The language server (LSP 3.17, on pygls): what is known of the content, beside the text while it is written.

All work is done in one thread, request after request and in their order, so that nothing is ever seen half changed;
the loop beside it takes what the editor sends. So changes that come faster than they can be looked at are looked at
together, and a request that is taken back before its turn costs nothing.
"""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from randnotiz import __version__, site
from randnotiz.diagnostics import Diagnostic
from randnotiz.editing import UneditableError
from randnotiz.editing.writing import Signature
from randnotiz.lsp.actions import actions
from randnotiz.lsp.completion import complete
from randnotiz.lsp.hovers import hints, hover, lenses
from randnotiz.lsp.occurrences import definition, renamable, renamed, uses
from randnotiz.lsp.open_folder import OpenFolder, Text, slug_of

# For so long nobody types before the text is looked at. Seconds.
PAUSE = 0.015

SiteAround = Callable[[Path], tuple[site.SitePaths, site.BuildOptions, Callable[[], Signature]]]
T = TypeVar("T")


class EditorServer(LanguageServer):
    """The language server of a folder of content, which is `folder` once an editor has named its own."""

    folder: OpenFolder

    def __init__(self) -> None:
        super().__init__("randnotiz", __version__)
        self.worker = ThreadPoolExecutor(1)
        self.changes = 0  # that the editor has sent
        self.looking: asyncio.Task[None] | None = None
        self.looked_at_all = False
        self.published: dict[str, list[types.Diagnostic]] = {}

    async def run(self, work: Callable[[], T]) -> T:
        """What comes of a piece of work, when its turn has come."""
        return await asyncio.get_running_loop().run_in_executor(self.worker, work)

    def take_in(self, uri: str, words: str | None) -> None:
        """A file has other words, or with None those on the disk."""
        path = self.folder.path(uri)
        if path is None:
            return
        self.worker.submit(self.folder.changed, path, words)
        self.changes += 1
        if self.looking is None or self.looking.done():
            self.looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Publishes what is wrong with the open articles, and in quiet moments with all the others."""
        seen = -1
        while seen != self.changes:
            seen = self.changes
            await asyncio.sleep(PAUSE)
            if seen == self.changes:
                self._publish(await self.run(self._found), seen)
            more = False
            while seen == self.changes and await self.run(self.folder.look_further):
                more = True
            if more and seen == self.changes:
                self._publish(await self.run(self._found), seen)
            if seen == self.changes and not self.looked_at_all:
                # What is held now stays: no keystroke is to wait until it has been looked through for garbage.
                self.looked_at_all = True
                gc.collect()
                gc.freeze()

    def _found(self) -> dict[str, list[types.Diagnostic]]:
        for slug in {slug_of(path) for path in self.folder.unsaved} & set(self.folder.slugs()):
            self.folder.article(slug)
        by_file = self.folder.diagnostics()
        return {path: list(map(partial(shown, self.folder.text(path)), found)) for path, found in by_file.items()}

    def _publish(self, found: dict[str, list[types.Diagnostic]], seen: int) -> None:
        if seen != self.changes:
            return
        for path in found.keys() | self.published.keys():
            now = found.get(path, [])
            if now != self.published.get(path, []):
                uri = self.folder.uri(path)
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=now))
        self.published = found


def shown(text: Text, one: Diagnostic) -> types.Diagnostic:
    """A diagnostic of a file as editors show it."""
    line, column = one.position[1:]
    return types.Diagnostic(
        range=types.Range(text.position(line, column), text.position(line, one.end)),
        message=f"{one.message}\n{one.hint}".strip(),
        severity=types.DiagnosticSeverity.Error if one.severity == "error" else types.DiagnosticSeverity.Warning,
        code=one.code,
        source="randnotiz",
        tags=[types.DiagnosticTag.Unnecessary] if one.code.endswith("-unused") else None,
    )


def serve(site_around: SiteAround) -> None:
    """Serves one editor over standard input and output, until it is done."""
    server(site_around).start_io()


def server(site_around: SiteAround) -> EditorServer:
    """A server with all that it can do, for the site around the folder that its editor has open."""
    made = EditorServer()

    @made.feature(types.INITIALIZE)
    def _(ls: EditorServer, _: types.InitializeParams) -> None:
        ls.folder = OpenFolder(*site_around(Path(ls.workspace.root_path or ".")), ls.workspace.position_codec)

    @made.feature(types.INITIALIZED)
    def _(ls: EditorServer, _: types.InitializedParams) -> None:
        watched = ls.client_capabilities.workspace and ls.client_capabilities.workspace.did_change_watched_files
        if watched and watched.dynamic_registration:
            pattern = f"{ls.folder.content.as_posix()}/**"
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(pattern)])
            wish = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            ls.client_register_capability(types.RegistrationParams([wish]))

    @made.feature(types.TEXT_DOCUMENT_DID_OPEN)
    @made.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def _(ls: EditorServer, params: types.DidOpenTextDocumentParams | types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        ls.take_in(uri, ls.workspace.get_text_document(uri).source)

    @made.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def _(ls: EditorServer, params: types.DidCloseTextDocumentParams) -> None:
        ls.take_in(params.text_document.uri, None)

    @made.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def _(ls: EditorServer, params: types.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            if change.uri not in ls.workspace.text_documents:
                ls.take_in(change.uri, None)

    for method, (answer, options) in ANSWERS.items():
        made.feature(method, options)(answering(answer))
    return made


Answer = Callable[[OpenFolder, str, Any], Any]  # to what is asked of a file, by its path below the folder of content

ANSWERS: Mapping[str, tuple[Answer, Any]] = {
    types.TEXT_DOCUMENT_COMPLETION: (
        lambda folder, path, asked: complete(folder, path, asked.position),
        types.CompletionOptions(trigger_characters=list(" [{,\"'")),
    ),
    types.TEXT_DOCUMENT_HOVER: (lambda folder, path, asked: hover(folder, path, asked.position), None),
    types.TEXT_DOCUMENT_DEFINITION: (lambda folder, path, asked: definition(folder, path, asked.position), None),
    types.TEXT_DOCUMENT_REFERENCES: (lambda folder, path, asked: uses(folder, path, asked.position), None),
    types.TEXT_DOCUMENT_PREPARE_RENAME: (lambda folder, path, asked: renamable(folder, path, asked.position), None),
    types.TEXT_DOCUMENT_RENAME: (
        lambda folder, path, asked: renamed(folder, path, asked.position, asked.new_name),
        types.RenameOptions(prepare_provider=True),
    ),
    types.TEXT_DOCUMENT_CODE_ACTION: (lambda folder, path, asked: list(actions(folder, path, asked)), None),
    types.TEXT_DOCUMENT_CODE_LENS: (lambda folder, path, _: list(lenses(folder, path)), None),
    types.TEXT_DOCUMENT_INLAY_HINT: (lambda folder, path, asked: list(hints(folder, path, asked.range)), None),
}


def answering(answer: Answer) -> Callable[[EditorServer, Any], Awaitable[Any]]:
    """A feature of the server that answers when its turn has come; nothing of files that are not of the content."""

    async def feature(ls: EditorServer, params: Any) -> Any:
        path = ls.folder.path(params.text_document.uri)
        try:
            return None if path is None else await ls.run(lambda: answer(ls.folder, path, params))
        except (ValueError, UneditableError) as refusal:
            raise JsonRpcInvalidParams(str(refusal)) from None

    return feature
