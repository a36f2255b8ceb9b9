"""The folder of content as it stands in an editor: files with what is not yet saved, and what analysis says of it."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from lsprotocol import types
from pygls.workspace import PositionCodec

from randnotiz import analysis, reader, site
from randnotiz.analysis import AnalysedArticle, SiteContext
from randnotiz.diagnostics import ContentError, Diagnostic, Position
from randnotiz.editing.writing import Signature
from randnotiz.index import CrossReferences
from randnotiz.site.articles import Unbuilt

Findings = tuple[Diagnostic, ...]

_LINE_END = re.compile(r"\r\n|\r|\n")  # of LSP and of `diagnostics.excerpts` alike


class Text:
    """A file's text and lines, and the way from the editor's positions (in its units, from 0) to code points."""

    def __init__(self, words: str, codec: PositionCodec) -> None:
        self.words, self.codec = words, codec
        self.starts = [0, *(end.end() for end in _LINE_END.finditer(words))]
        self.lines = _LINE_END.split(words)

    def offset(self, place: types.Position) -> int:
        """The offset of a position of the editor's; one behind a line's end is that end."""
        if place.line >= len(self.lines):
            return len(self.words)
        line, units, at = self.lines[place.line], place.character, 0
        while at < len(line) and units > 0:
            units -= self.codec.client_num_units(line[at])
            at += 1
        return self.starts[place.line] + at

    def position(self, line: int, column: int) -> types.Position:
        """The editor's position of a line and a column, both from 1 in code points."""
        line = min(max(line, 1), len(self.lines))
        return types.Position(line - 1, self.codec.client_num_units(self.lines[line - 1][: max(column - 1, 0)]))

    def line_column(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both from 1 in code points."""
        line = self.words[:offset].count("\n") + 1 if "\r" not in self.words else self._line(offset)
        return line, offset - self.starts[line - 1] + 1

    def _line(self, offset: int) -> int:
        return sum(start <= offset for start in self.starts)

    def range(self, start: int, end: int) -> types.Range:
        """The editor's range between two offsets."""
        return types.Range(self.position(*self.line_column(start)), self.position(*self.line_column(end)))

    def edit(self, new: str) -> list[types.TextEdit]:
        """The edit that makes another text of it and touches only what differs."""
        old, least = self.words, min(len(self.words), len(new))
        start = next((at for at in range(least) if old[at] != new[at]), least)
        end = next((at for at in range(least - start) if old[-1 - at] != new[-1 - at]), least - start)
        return [types.TextEdit(self.range(start, len(old) - end), new[start : len(new) - end])] if old != new else []


def slug_of(path: str) -> str:
    """The folder of the article that a file below the folder of content is of; nothing for what all share."""
    folder, slash, _ = path.partition("/")
    return folder if slash else ""


class OpenFolder:
    """What is known of the content, made when it is asked for and kept until a file of it changes.

    It lives in one thread: whoever asks waits until it has been made.
    """

    def __init__(
        self, folders: site.SitePaths, choices: site.BuildOptions, sign: Callable[[], Signature], codec: PositionCodec
    ) -> None:
        self.folders, self.choices, self.sign = folders, choices, sign
        self.content = folders.content.resolve()
        self.codec = codec
        self.unsaved: dict[str, bytes] = {}
        self.opened: dict[str, AnalysedArticle] = {}  # the last ones whose YAML could all be read
        self._site: tuple[SiteContext, Findings] | None = None
        self._articles: dict[str, tuple[AnalysedArticle | None, Findings]] = {}
        self._known: dict[str, tuple[CrossReferences | None, Findings]] = {}

    # Files

    def path(self, uri: str) -> str | None:
        """The path of a file below the folder of content, None where it lies elsewhere."""
        file = Path(url2pathname(unquote(urlsplit(uri).path))).resolve()
        return file.relative_to(self.content).as_posix() if file.is_relative_to(self.content) else None

    def uri(self, path: str) -> str:
        """The address of a file below the folder of content."""
        return (self.content / path).as_uri()

    def text(self, path: str) -> Text:
        """A file as it stands in the editor, or else as it was saved; an empty one where it cannot be read."""
        try:
            raw = reader.load_file(self.content / path, path, self.content, unsaved=self.unsaved)
        except ContentError:
            raw = b""
        return Text(raw.decode("utf-8-sig", "replace"), self.codec)

    def location(self, place: Position, length: int = 0) -> types.Location:
        """A stretch of a line of a file."""
        text = self.text(place.path)
        start, end = (text.position(place.line, place.column + more) for more in (0, length))
        return types.Location(self.uri(place.path), types.Range(start, end))

    def changed(self, path: str, words: str | None) -> None:
        """A file has other words in the editor; None where it is closed, or has changed on the disk."""
        if words is None:
            self.unsaved.pop(path, None)
        else:
            self.unsaved[path] = words.encode("utf-8", "replace")
        slug, inner, _ = path.partition("/")
        if not inner or slug in site.NO_ARTICLES or path in self.context().files:  # what all articles share
            self._site = None
            self._articles.clear()
            self._known.clear()
        self._articles.pop(slug, None)
        self._known.pop(slug, None)

    # What analysis says

    def context(self) -> SiteContext:
        """What all articles share."""
        return self._read()[0]

    def _read(self) -> tuple[SiteContext, Findings]:
        if self._site is None:
            self._site = site.read_site(self.folders, self.choices, self.unsaved)
        return self._site

    def slugs(self) -> list[str]:
        """The names of all articles."""
        unsaved = {slug for path in self.unsaved if (slug := slug_of(path))}
        return sorted({*site.article_slugs(self.content), *unsaved} - set(site.NO_ARTICLES))

    def article(self, slug: str) -> AnalysedArticle | None:
        """An article as it stands in the editor, with its drafts."""
        return self._analysed(slug)[0]

    def readable(self, path: str) -> AnalysedArticle | None:
        """The article of a file, as it was before where no parser takes its YAML; None for what all share."""
        slug = slug_of(path)
        if not slug:
            return None
        now = self.article(slug)
        return self.opened.get(slug, now)

    def _analysed(self, slug: str) -> tuple[AnalysedArticle | None, Findings]:
        if slug not in self._articles:
            article, found = analysis.analyse_folder(self.content, slug, self.context(), self.unsaved)
            self._articles[slug] = article, found
            if article is not None and not any(one.code == "yaml-syntax" for one in found):
                self.opened[slug] = article
            references = analysis.cross_references(article, self.context()) if article else None
            self._known[slug] = references, found
        return self._articles[slug]

    def look_further(self) -> bool:
        """Whether an article was yet to be looked at; then one was, and what it says and offers is kept."""
        slug = next((each for each in self.slugs() if each not in self._known), None)
        if slug is not None:
            self._analysed(slug)
            del self._articles[slug]
            self.opened.pop(slug, None)
        return slug is not None

    def diagnostics(self) -> Mapping[str, Findings]:
        """What `check --drafts` says of all looked at, by file, but what only drawing or the net can tell."""
        context, found = self._read()
        known = {slug: self._known[slug] for slug in self.slugs() if slug in self._known}
        everything = [*found, *(one for _, findings in known.values() for one in findings)]
        if context.settings is not None and len(known) == len(self.slugs()):
            unbuilt = Unbuilt()
            for slug, (references, findings) in known.items():
                if references is None or any(one.severity == "error" for one in findings):
                    unbuilt.silent.add(slug)
            articles = {slug: references for slug, (references, _) in known.items() if references}
            everything += site.across(articles, unbuilt, context, context.settings, self.choices)
        by_file: dict[str, Findings] = {}
        for one in sorted(set(everything)):
            by_file[one.position.path] = (*by_file.get(one.position.path, ()), one)
        return by_file
