"""A text document of Word or Google Docs (.docx, ECMA-376) as strangers send it: read, or refused with a reason."""

import io
import zlib
from collections.abc import Iterator, Mapping
from posixpath import join, normpath
from typing import Literal, NamedTuple, NoReturn
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from msgspec import Struct

from randnotiz.diagnostics import ContentError, Position

MOST_MEMBERS = 5_000  # files in the archive
LARGEST = 100_000_000  # bytes of all of them
LARGEST_XML = 20_000_000  # bytes of one that is parsed
DEEPEST = 200  # elements within each other
SHOWN = 60  # characters of the words of a change

# Tracked changes of words and of tables (ECMA-376, part 1, 17.13.5); those of mere format change no word.
_CHANGES = {
    "ins": "inserted",
    "del": "deleted",
    "moveFrom": "moved away",
    "moveTo": "moved here",
    "cellIns": "a cell inserted",
    "cellDel": "a cell deleted",
    "cellMerge": "cells merged",
}
# Superscripts and subscripts that are characters: elsewhere 10² would be 102.
_RAISED = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
SCRIPTS = {"superscript": _RAISED, "subscript": _LOWERED}
_BLANKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "\N{NON-BREAKING HYPHEN}"}


class Event(NamedTuple):
    """What a parser meets: an element's start or end by its local name, or text."""

    kind: Literal["start", "end", "text"]
    name: str
    attributes: Mapping[str, str] = {}


class WordFile(Struct, frozen=True, kw_only=True):
    """The archive's members by name, `parts` their names by kind; the `document`, the largest, is parsed once."""

    path: str
    members: Mapping[str, bytes]
    parts: Mapping[str, str]
    document: list[Event]

    def events(self, kind: str) -> list[Event]:
        """What stands in a part, in order; nothing if there is no such part."""
        if kind == "document":
            return self.document
        name = self.parts.get(kind)
        return _events(self.members[name], name, self.path) if name else []

    def packed(self) -> bytes:
        """The archive anew, with what was read and nothing else."""
        whole = io.BytesIO()
        with ZipFile(whole, "w", ZIP_STORED) as archive:
            for name, content in self.members.items():
                archive.writestr(name, content)
        return whole.getvalue()


def fault(path: str, message: str, hint: str = "") -> NoReturn:
    """Raises what keeps a file from being imported."""
    raise ContentError(Position(path), "value-malformed", message, hint)


def opened(raw: bytes, path: str) -> WordFile:
    """The file, once it is known that nothing in it can do harm and no change in it is open; ContentError."""
    if raw.startswith(b"\xd0\xcf\x11\xe0"):  # OLE
        fault(path, "this is a .doc, or a .docx with a password", "Save it as .docx, without a password.")
    try:
        members = dict(_members(raw, path))
    except (BadZipFile, zlib.error, RuntimeError, EOFError, ValueError, OSError) as error:
        fault(path, f"this is no .docx: {error}", "Save it as .docx (Word), or download it as one (Google Docs).")
    if macros := next((name for name in members if name.lower().endswith("vbaproject.bin")), None):
        fault(path, f"there are macros in this file ({macros})", "Save it as .docx, which holds none.")
    for name, content in members.items():
        if name.endswith((".xml", ".rels")):
            _events(content, name, path)
    main = _related(members, "_rels/.rels", path).get("officeDocument", "")
    folder, _, last = main.rpartition("/")
    document = _events(members[main], main, path) if main in members else []
    if not document or document[0].name != "document":
        what = "an OpenDocument file" if "mimetype" in members else "no text document of Word"
        fault(path, f"this is {what}", "Save it as .docx (Word), or download it as one (Google Docs).")
    related = _related(members, f"{folder}/_rels/{last}.rels".lstrip("/"), path, folder)
    parts = {kind: name for kind, name in related.items() if name in members}
    file = WordFile(path=path, members=members, parts=parts, document=document)
    if changes := [change for part in ("document", "footnotes", "endnotes") for change in _changes(file, part)]:
        more = f" (the first of {len(changes)} changes)" if len(changes) > 1 else ""
        message = f"a tracked change is open: {changes[0]}{more}"
        fault(path, message, "Accept or reject the changes, save the file, and import it again.")
    return file


def _members(raw: bytes, path: str) -> Iterator[tuple[str, bytes]]:
    left = LARGEST
    with ZipFile(io.BytesIO(raw)) as archive:
        if len(archive.infolist()) > MOST_MEMBERS:
            _too_much(path, f"{len(archive.infolist()):,} files in it; at most {MOST_MEMBERS:,} are read")
        for info in archive.infolist():
            if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise BadZipFile(f"'{info.filename}' is packed in a way that .docx does not know")
            most = min(left, LARGEST_XML) if info.filename.endswith((".xml", ".rels")) else left
            with archive.open(info) as stream:
                content = stream.read(most + 1)  # whatever size the archive claims
            if len(content) > most:
                _too_much(path, f"more than {most:,} bytes in '{info.filename}' when it is unpacked")
            left -= len(content)
            yield info.filename, content


def _too_much(path: str, what: str) -> NoReturn:
    hint = "Save the pictures in it smaller, or import it in parts."
    raise ContentError(Position(path), "limit-exceeded", f"this archive has {what}", hint)


def _related(members: Mapping[str, bytes], name: str, path: str, folder: str = "") -> dict[str, str]:
    """The names of the members to which a list of relationships leads, by the last word of their kind."""
    found: dict[str, str] = {}
    for event in _events(members[name], name, path) if name in members else []:
        given = event.attributes
        if "Target" in given and given.get("TargetMode") != "External":
            target = normpath(join("/", folder, given["Target"])).lstrip("/")
            found.setdefault(given.get("Type", "").rpartition("/")[2], target)
    return found


def _events(content: bytes, name: str, path: str) -> list[Event]:
    """A part of XML in UTF-8 or UTF-16, in which nothing can hide, parsed. ContentError where it declares types."""
    found: list[Event] = []
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            _too_much(path, f"elements nested more than {DEEPEST} deep in '{name}'")
        found.append(Event("start", _local(tag), {_local(key): value for key, value in attributes.items()}))

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        found.append(Event("end", _local(tag)))

    def doctype(*_: object) -> None:
        fault(path, f"'{name}' in it declares a document type, with which entities come; no .docx has one")

    parser = expat.ParserCreate("utf-8", "}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda words: found.append(Event("text", words))
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        fault(path, f"'{name}' in it cannot be read: {error}")
    return found


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def texts(events: list[Event]) -> Iterator[tuple[Event, str]]:
    """Each event with the words that it adds to the text, as they are printed."""
    within: list[str] = []
    script, fallback = "", 0
    for event in events:
        words = ""
        if event.kind == "start":
            within.append(event.name)
            fallback += event.name == "Fallback"  # the same once more, for older programs
            if event.name == "r":
                script = ""
            elif event.name == "vertAlign":
                script = event.attributes.get("val", "")
            elif "r" in within[-2:-1]:
                words = _BLANKS.get(event.name, "")
        elif event.kind == "end":
            within.pop()
            fallback -= event.name == "Fallback"
            words = "\n" if event.name == "p" else ""
        elif within[-1] in ("t", "delText"):
            words = event.name.translate(SCRIPTS.get(script, {}))
        yield event, "" if fallback else words


def _changes(file: WordFile, part: str) -> Iterator[str]:
    """Each tracked change of a part: what, by whom, and its words, or those of the paragraph it stands in."""
    under_way: list[tuple[str, str, int]] = []
    found: list[tuple[str, str, int, int]] = []
    pieces: list[str] = []
    at = 0
    for event, words in texts(file.events(part)):
        pieces.append(words)
        at += len(words)
        if event.name in _CHANGES and event.kind == "start":
            under_way.append((event.name, event.attributes.get("author", ""), at))
        elif event.name in _CHANGES and event.kind == "end":
            found.append((*under_way.pop(), at))
    text = "".join(pieces)
    for name, author, start, end in found:
        own = text[start:end].strip()
        line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
        words = " ".join((own or line).split())
        short = words if len(words) <= SHOWN else words[: SHOWN - 1].rstrip() + "…"
        by = f" by {author}" if author else ""
        yield f"'{short}' is {_CHANGES[name]}{by}" if own else f"{_CHANGES[name]}{by} in the paragraph '{short}'"
