"""Where things stand: names with all their uses, and quotations with the passages that they are of."""

import re
from collections.abc import Iterator
from typing import Literal

from lsprotocol import types
from msgspec import Struct

from randnotiz import editing, quotes, reader
from randnotiz.analysis import AnalysedArticle
from randnotiz.diagnostics import ContentError, Position, SourceText
from randnotiz.editing.writing import flow
from randnotiz.lsp.open_folder import OpenFolder, Text, slug_of
from randnotiz.lsp.scalars import Scalar, defines_source, last_name, names_source, scalars
from randnotiz.model import Quote, RangeSelector
from randnotiz.schema import fields
from randnotiz.spans import Span

What = Literal["source", "number", "unit", "annotation", "chart"]

_IN_TEXT = re.compile(r"(?<!\\)\{\{\s*(?P<chart>chart:\s*)?(?P<printed>[\w-]+)|#(?P<kind>n|chart)-(?P<linked>[\w-]+)")
_WORD = re.compile(r"[^\W\d]\w*")
_END = re.compile(r"\w+\W*$|\W$")
_COMPUTED = ("name", "unit")  # lists of the table of fields: formulas and units
_ENTRIES: dict[str, What] = {
    "citations": "annotation",
    "counterclaims": "annotation",
    "notes": "annotation",
    "charts": "chart",
}


class Occurrence(Struct, frozen=True, kw_only=True):
    """A place where a name stands, from `start` to `end` in its file; `defines` where it is given its meaning."""

    what: What
    name: str
    path: str
    start: int
    end: int
    defines: bool = False

    def location(self, folder: OpenFolder) -> types.Location:
        """It as editors know it."""
        return types.Location(folder.uri(self.path), folder.text(self.path).range(self.start, self.end))


def occurrences(folder: OpenFolder, slug: str) -> tuple[Occurrence, ...]:
    """All names in the files of an article and in the shared sources."""
    paths = [*(f"{slug}/{name}" for name in reader.FILES), "sources.yaml"]
    files = {path: folder.text(path).words for path in paths}
    numbers = {str(one.value) for path in paths for one in scalars(files[path], path) if one.key and _is_number(one)}
    return tuple(one for path in paths for one in _of_file(files[path], path, numbers))


def _is_number(one: Scalar) -> bool:
    return len(one.way) == 2 and one.way[0] in ("quantities", "figures")


def _of_file(words: str, path: str, numbers: set[str]) -> Iterator[Occurrence]:
    for what, start, end, defines in (*_in_yaml(words, path, numbers), *_in_prose(words)):
        quoted = words[start : start + 1] in ("'", '"')
        start, end = start + quoted, end - quoted
        yield Occurrence(what=what, name=words[start:end], path=path, start=start, end=end, defines=defines)


_Place = tuple[What, int, int, bool]  # begin and end in the file, and whether it is defined there


def _in_yaml(words: str, path: str, numbers: set[str]) -> Iterator[_Place]:
    known = scalars(words, path)
    columns = {str(one.value) for one in known if one.key and one.way[2:4] == ("data", "rows")}
    for one in known:
        start, end = one.value.start, one.value.end
        if whole := _whole(one):
            yield whole[0], start, end, whole[1]
        elif not one.key and ((one.member and one.member.choices in _COMPUTED) or last_name(one.way) == "stated"):
            for word in _WORD.finditer(words, start, end):
                yield "number" if word[0] in numbers else "unit", *word.span(), False
        elif not one.key and one.way[0] == "charts" and one.way[2:3] in (("data",), ("vega-lite",)):
            for word in _WORD.finditer(words, start, end):
                name = word[0] if word[0] in numbers else re.sub("_(?:low|high)$", "", word[0])
                if name in numbers - columns:
                    yield "number", word.start(), word.start() + len(name), False


def _in_prose(words: str) -> Iterator[_Place]:
    for found in _IN_TEXT.finditer(words):
        if found["printed"]:
            yield "chart" if found["chart"] else "number", *found.span("printed"), False
        else:
            yield "chart" if found["kind"] == "chart" else "annotation", *found.span("linked"), False


def _whole(one: Scalar) -> tuple[What, bool] | None:
    """Which name a scalar as a whole is, and whether it is defined there; None where it is none."""
    entry = str(one.way[0])
    if one.key:
        return ("number", True) if _is_number(one) else None
    if names_source(one.way):
        return "source", defines_source(one.way)
    if entry in _ENTRIES and one.way[2:] == ("id",):
        return _ENTRIES[entry], True
    if last_name(one.way) == "same_claim_as":
        return "annotation", False
    return ("unit", True) if entry == "units" and one.way[2:] in ((), ("name",)) else None


def occurrence_at(folder: OpenFolder, path: str, offset: int) -> Occurrence | None:
    """The name at an offset of a file."""
    known = occurrences(folder, slug_of(path))
    return next((one for one in known if one.path == path and one.start <= offset <= one.end), None)


def alike(folder: OpenFolder, one: Occurrence) -> list[Occurrence]:
    """All occurrences of the same name: of a shared source in all articles that have none of their own by that id."""
    here = [each for each in occurrences(folder, slug_of(one.path)) if (each.what, each.name) == (one.what, one.name)]
    defined = [each for each in here if each.defines]
    if one.what != "source" or any("/" in each.path for each in defined) or not defined:
        return here if one.what != "source" else [each for each in here if "/" in each.path]
    found = dict.fromkeys(here)
    for slug in folder.slugs():
        theirs = [each for each in occurrences(folder, slug) if (each.what, each.name) == (one.what, one.name)]
        if not any(each.defines and "/" in each.path for each in theirs):
            found |= dict.fromkeys(theirs)
    return list(found)


# ---- Quotations and passages ----


class QuotedPassage(Struct, frozen=True, kw_only=True):
    """A quotation, what it belongs to, and where its words stand in the reading text."""

    what: str
    words: SourceText
    span: Span


def passages(article: AnalysedArticle) -> Iterator[QuotedPassage]:
    """All quotations of an article that are found in its text, each at its only place."""
    folded = quotes.fold(article.annotated.reading)
    for what, quote in editing.quotations(article.written):
        span = _span(folded, quote)
        if span is not None:
            words = quote.start if isinstance(quote, RangeSelector) else quote.exact
            yield QuotedPassage(what=what, words=words, span=span)


def _span(folded: quotes.Folded, quote: Quote) -> Span | None:
    if isinstance(quote, RangeSelector):
        return quotes.find_between(folded, quote.start, quote.end).passage
    found = quotes.find(folded, quote.exact, quote.prefix, quote.suffix)
    return found[0] if len(found) == 1 else None


def in_text(folder: OpenFolder, article: AnalysedArticle, span: Span) -> types.Location | None:
    """A passage of the reading text in article.md."""
    document = article.annotated.document
    if document is None:
        return None
    begin = document.position(span.start)
    last = _END.search(document.text, span.start, span.end)
    end = document.position(last.start()) if last else begin
    length = len(last[0].rstrip()) if last else 0
    start, stop = folder.location(begin).range.start, folder.location(end, length).range.end
    return types.Location(folder.uri(begin.path), types.Range(start, stop))


def quoted_at(article: AnalysedArticle, path: str, offset: int) -> QuotedPassage | None:
    """The quotation at an offset of a file of YAML."""
    here = (one for one in passages(article) if one.words.position.path == path)
    return next((one for one in here if one.words.start <= offset <= one.words.end), None)


def at_passage(article: AnalysedArticle, text: Text, offset: int) -> list[QuotedPassage]:
    """The quotations whose passages hold what stands at an offset of article.md."""
    document = article.annotated.document
    line, column = text.line_column(offset)
    at = document.offset(Position(article.written.path, line, column)) if document else None
    return [one for one in passages(article) if at is not None and one.span.start <= at < one.span.end]


# ---- What editors ask ----


def _linked(folder: OpenFolder, path: str, place: types.Position, *, uses: bool) -> list[types.Location]:
    """The other end of what stands at a place: a name's definition or uses, a quotation's passage, or these."""
    text = folder.text(path)
    offset = text.offset(place)
    if one := occurrence_at(folder, path, offset):
        found = [each.location(folder) for each in alike(folder, one) if uses or each.defines]
        return found if found or one.what != "source" else _in_bibliography(folder, path, one.name)
    article = folder.readable(path)
    if article is None:
        return []
    if path.endswith(".md"):
        return [_quoted(folder, each) for each in at_passage(article, text, offset)]
    quoted = quoted_at(article, path, offset)
    location = quoted and in_text(folder, article, quoted.span)
    return [location] if location else []


def _in_bibliography(folder: OpenFolder, path: str, id: str) -> list[types.Location]:
    article = folder.readable(path)
    known = {} if article is None else article.written.sources
    return [folder.location(known[id].id.position, len(id))] if id in known else []


def _quoted(folder: OpenFolder, one: QuotedPassage) -> types.Location:
    path = one.words.position.path
    return types.Location(folder.uri(path), folder.text(path).range(one.words.start, one.words.end))


def definition(folder: OpenFolder, path: str, place: types.Position) -> list[types.Location]:
    """Where a name is defined; the passage of a quotation, the quotations of a passage."""
    return _linked(folder, path, place, uses=False)


def uses(folder: OpenFolder, path: str, place: types.Position) -> list[types.Location]:
    """Where a name stands, or the same as above."""
    return _linked(folder, path, place, uses=True)


def _kept(folder: OpenFolder, path: str, id: str) -> str:
    """The bibliography in which a source that a file may cite has its id, enriched or not; empty if in none."""
    article = folder.readable(path)
    known = folder.context().sources or {} if article is None else article.written.citable
    source = known.get(id)
    while source and source.over:
        source = source.over
    return source.position.path if source and source.external else ""


def _refuse_kept(folder: OpenFolder, path: str, one: Occurrence) -> None:
    if one.what == "source" and (file := _kept(folder, path, one.name)):
        raise ValueError(f"'{one.name}' has its id in {file}, which is only read: rename it in what keeps that file")


def renamable(folder: OpenFolder, path: str, place: types.Position) -> types.Range | None:
    """The name at a place, if it is one that is defined in the content. ValueError if a bibliography defines it."""
    one = occurrence_at(folder, path, folder.text(path).offset(place))
    if one:
        _refuse_kept(folder, path, one)
    defined = one and any(each.defines for each in alike(folder, one))
    return one.location(folder).range if one and defined else None


def renamed(folder: OpenFolder, path: str, place: types.Position, new: str) -> types.WorkspaceEdit | None:
    """All occurrences of a name with another one. ValueError where it cannot be one, or is taken."""
    one = occurrence_at(folder, path, folder.text(path).offset(place))
    if one is None:
        return None
    _refuse_kept(folder, path, one)
    read = {"number": fields.name, "unit": fields.unit_name, "source": fields.line}.get(one.what, fields.id_of)
    try:
        read(SourceText(new))
    except ContentError as error:
        raise ValueError(f"{error.diagnostic.message}. {error.diagnostic.hint}") from None
    there = alike(folder, one)
    slugs = {slug for each in there if (slug := slug_of(each.path))}
    everything = (each for slug in slugs for each in occurrences(folder, slug))
    is_taken = any((each.what, each.name, each.defines) == (one.what, new, True) for each in everything)
    if is_taken or (one.what == "source" and _kept(folder, path, new)):
        raise ValueError(f"there is a {one.what} '{new}' already")
    if flow(new) != new:
        raise ValueError(f"'{new}' would need quotation marks, here and wherever it is used")
    changes: dict[str, list[types.TextEdit]] = {}
    for each in there:
        location = each.location(folder)
        changes.setdefault(location.uri, []).append(types.TextEdit(location.range, new))
    return types.WorkspaceEdit(changes=changes)
