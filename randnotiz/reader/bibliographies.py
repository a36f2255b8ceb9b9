"""Bibliographies: sources that another program keeps, as CSL-JSON, CSL-YAML or biblatex, never written.

Such a file may hold a library of thousands of works. Which there are is found out at once; a work is read, and what
is odd about it told, where an article uses it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText, did_you_mean, shortened
from randnotiz.memo import memoize
from randnotiz.model import SharedSourcesFile, Source
from randnotiz.model.source import source as read_source
from randnotiz.reader.rules import elsewhere
from randnotiz.reader.texts import decoded
from randnotiz.yamldoc import UNPRINTABLE, Map, Value, read

if TYPE_CHECKING:
    from randnotiz.reader.biblatex_works import BibEntry

Findings = tuple[Diagnostic, ...]
Written = Callable[[], tuple[Value | None, Findings]]
Row = tuple[str, Position, Written]
Whole = Callable[[str, bytes, type[SharedSourcesFile]], tuple[SharedSourcesFile | None, Findings]]
INSTALL = 'pip install "randnotiz[bib]"'


class _LazyWork(Struct, kw_only=True):
    """A work of a bibliography that is read when it is first asked for."""

    id: SourceText
    shared: bool
    written: Written
    read: Source | None = None

    @property
    def source(self) -> Source:
        """The work as a source; whatever is wrong with it is only odd."""
        if self.read is None:
            value, unread = self.written()
            source, faults, odd = (
                read_source(value, self.shared, exported=True) if isinstance(value, Map) else (None, (), {})
            )
            if faults := (*unread, *faults):
                odd["id"] = [replace(one, code="csl-value-odd") for one in faults]
            found = source or Source(id=self.id, csl={"id": self.id}, position=self.id.position)
            self.read = replace(found, id=self.id, shared=self.shared, external=True, odd=odd)
        return self.read


class Library(Mapping[str, Source]):
    """The works of bibliographies by id: of two with one id the first, which has a warning where they differ."""

    def __init__(self, works: Iterable[_LazyWork] = ()) -> None:
        self._works: dict[str, list[_LazyWork]] = {}
        self._told: dict[str, Source] = {}
        for work in works:
            self._works.setdefault(str(work.id), []).append(work)

    def __getitem__(self, id: str) -> Source:
        first, *more = self._works[id]
        if more and id not in self._told:
            source = first.source
            other = next((each.source for each in more if each.source.csl != source.csl), None)
            if other is not None:
                there, here = other.position, source.position
                where = f"line {there.line}" + ("" if there.path == here.path else f" of {there.path}")
                message = f"there is another source '{shortened(id)}' in {where}; this one is taken"
                note = Diagnostic(here, "csl-value-odd", message, "Give one of the two another id.")
                source = replace(source, odd={**source.odd, "id": [*source.odd.get("id", ()), note]})
            self._told[id] = source
        return self._told[id] if more else first.source

    def __contains__(self, id: object) -> bool:
        return id in self._works

    def __iter__(self) -> Iterator[str]:
        return iter(self._works)

    def __len__(self) -> int:
        return len(self._works)


def read_bibliographies(
    names: Sequence[SourceText], load: Callable[[str], bytes], below: str, whole: Whole
) -> tuple[Library, Findings, bool]:
    """The works of the files of these names, what is to be said about the files, and whether one could not be read.

    `load` gives a file's bytes or raises ContentError, `below` is the folder of the article whose they are, with `/`,
    and empty for those of the whole site; `whole` reads a file of sources.
    """
    works: list[_LazyWork] = []
    diagnostics: list[Diagnostic] = []
    for name in names:
        try:
            _check_name(name)
            try:
                raw = load(name)
            except ContentError as error:
                fault = error.diagnostic
                raise ContentError(name.position, fault.code, fault.message, fault.hint) from None
            found, more = _works(f"{below}{name}", raw, not below, whole)
            works += found
            diagnostics += more
        except ContentError as error:
            diagnostics.append(error.diagnostic)
        except ImportError:
            message = f"'{shortened(name)}' is biblatex, and what reads that is not installed"
            diagnostics.append(Diagnostic(name.position, "file-missing", message, f"Install it: {INSTALL}"))
    return Library(works), tuple(diagnostics), any(one.severity == "error" for one in diagnostics)


def from_folder(files: Mapping[str, bytes]) -> Callable[[str], bytes]:
    """What gives the bytes of an article's files."""

    def load(name: str) -> bytes:
        if name not in files:
            near = did_you_mean(name, files)
            hint = "" if near else "A bibliography of all articles stands in site.yaml, and lies beside that."
            message = f"there is no file '{shortened(name)}' beside the article{near}"
            raise ContentError(Position(name), "file-missing", message, hint)
        return files[name]

    return load


def _check_name(name: SourceText) -> None:
    if elsewhere(name) or not name.isprintable():
        message = f"'{shortened(name)}' lies outside of the folder in which it is looked for"
        hint = "Let the program keep its export beside site.yaml or the article, and write the file's name."
        raise ContentError(name.position, "file-outside", message, hint)


@memoize(8)
def _works(path: str, raw: bytes, shared: bool, whole: Whole) -> tuple[list[_LazyWork], Findings]:
    """The works of a file. ContentError where nothing of it can be read, ImportError without the extra."""
    text = UNPRINTABLE.sub(" ", decoded(raw, path))
    found: list[Row]
    said: Findings = ()
    if path.lower().endswith(".bib"):
        from randnotiz.reader import biblatex_works

        entries, said = biblatex_works.entries(text.removeprefix("\ufeff"), path)
        found = [(each.key, each.key.position, partial(_item, each)) for each in entries if _is_id(each.key)]
        counted = len(entries) or (not said and bool(text.strip()) and "@" not in text)
    elif (rows := _json_rows(text)) is not None:
        found = list(_in_json(rows, text, path))
        counted = len(rows)
    else:
        file, said = whole(path, raw, SharedSourcesFile)
        maps = [*file.sources, *file.references] if file else []
        ids = [(each, each.get(SourceText("id"))) for each in maps]
        found = [
            (id, id.position, partial(_same, each)) for each, id in ids if isinstance(id, SourceText) and _is_id(id)
        ]
        counted = len(maps)
        named = tuple(replace(one, message=one.message.replace("sources.yaml", path)) for one in said)
        # What others export is never a fault, but where nothing at all can be read of it.
        harmless = bool(found)
        said = tuple(
            replace(one, code="csl-value-odd") if harmless and one.severity == "error" else one for one in named
        )
    if counted and not found and not any(one.severity == "error" for one in said):
        message = "no work in this file has an id by which it could be cited"
        hint = "Of Zotero's formats, choose Better CSL JSON, Better CSL YAML or Better BibLaTeX."
        said = (*said, Diagnostic(Position(path), "field-missing", message, hint))
    return [_LazyWork(id=SourceText(id, place), shared=shared, written=written) for id, place, written in found], said


def _is_id(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip() not in ("", "null")


def _same(value: Map) -> tuple[Value, Findings]:
    return value, ()


def _item(entry: "BibEntry") -> tuple[Value, Findings]:
    from randnotiz.reader import biblatex_works

    return biblatex_works.item(entry), ()


# ---- CSL-JSON ----

_BEGIN = re.compile(r"\ufeff?\s*(?:\{\s*\"(?:sources|references|items)\"\s*:\s*)?\[\s*")
_ID = re.compile(r'"id"\s*:\s*"?')
_NEXT = re.compile(r"\s*(?:,\s*)?")


def _json_rows(text: str) -> list[tuple[object, int, int]] | None:
    """The works of a list in JSON, each with where it begins and ends; None where the text is anything else."""
    begin = _BEGIN.match(text)
    if begin is None:
        return None
    at, rows = begin.end(), list[tuple[object, int, int]]()
    decoder = json.JSONDecoder()
    try:
        while text[at] != "]":
            row, end = decoder.raw_decode(text, at)
            rows.append((row, at, end))
            at = _NEXT.match(text, end).end()  # type: ignore[union-attr]  # it matches nothing as well
    except (ValueError, IndexError, RecursionError):
        return None
    rest = text[at + 1 :].strip()
    return rows if rest == ("}" if text[: begin.end()].count("{") else "") else None


def _in_json(rows: Iterable[tuple[object, int, int]], text: str, path: str) -> Iterator[Row]:
    line, last = 1, 0
    for row, start, end in rows:
        line += text.count("\n", last, start)
        last = start
        column = start - text.rfind("\n", 0, start) - text.startswith("\ufeff") * (line == 1)
        if isinstance(row, dict) and _is_id(row.get("id")):
            written = partial(_read, text[start:end], Position(path, line, column), start)
            before = text[start : found.end()] if (found := _ID.search(text, start, end)) else ""
            last_line = len(before) - before.rfind("\n")
            place = Position(path, line + before.count("\n"), last_line + (0 if "\n" in before else column - 1))
            yield UNPRINTABLE.sub(" ", str(row["id"])).strip(), place, written


def _read(words: str, place: Position, start: int) -> tuple[Value | None, Findings]:
    """The tree of a work that stands at a place of a file."""
    blanks = place.column - 1
    return read(" " * blanks + words, place.path, place.line, start - blanks)
