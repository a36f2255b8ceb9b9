"""Bytes to text, and a Markdown file to its front matter and its body."""

import re

from msgspec import Struct

from randnotiz.diagnostics import ContentError, Position, SourceText
from randnotiz.yamldoc import UNPRINTABLE, conflict, unprintable

LARGEST = 1_000_000  # bytes of a Markdown file, some 150,000 words


class SplitDocument(Struct, frozen=True, kw_only=True):
    """A Markdown file: the YAML between its fences, with the offset where it begins, and the text below it.

    The YAML begins in line 2. The body counts as a literal block without indentation, so that
    `SourceText.at` is exact.
    """

    front: str
    offset: int
    body: SourceText


def decoded(raw: bytes, path: str) -> str:
    """The text of a file in UTF-8, with its byte order mark if it has one; ContentError at the first wrong byte."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        place = Position(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        byte = raw[error.start]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):  # marks of byte order
        wide = raw.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff"))
        message = f"this file is UTF-{32 if wide else 16}, not UTF-8"
        raise ContentError(place, "encoding", message, "Save it again as UTF-8.")
    meant = bytes((byte,)).decode("cp1252", "replace")
    message = f"the byte 0x{byte:02X} ('{meant}' in Windows-1252) is not UTF-8"
    raise ContentError(place, "encoding", message, "Save the file again as UTF-8.")


_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


def split_front_matter(raw: bytes, path: str) -> SplitDocument:
    """The two parts of a Markdown file; ContentError where the fences are missing."""
    start = Position(path)
    if len(raw) > LARGEST:
        message = f"this text has {len(raw):,} bytes; at most {LARGEST:,} are read"
        raise ContentError(start, "limit-exceeded", message, "Split it into several articles.")
    source = decoded(raw, path)
    shift = len(source) - len(source.removeprefix("\ufeff"))
    source = source[shift:].replace("\r\n", "\n").replace("\r", "\n")
    strange = UNPRINTABLE.search(source)
    if strange:
        raise unprintable(source, strange.start(), path)
    if marker := conflict(source, path):
        raise marker
    opening = _FENCE.match(source)
    if opening is None:
        message, hint = "the front matter is missing", "Begin with a line '---', then 'title: …', then a line '---'."
        raise ContentError(start, "field-missing", message, hint)
    closing = _FENCE.search(source, opening.end() + 1)
    if closing is None:
        message, hint = "the front matter that begins here has no end", "Write a line '---' below its last field."
        raise ContentError(start, "yaml-syntax", message, hint)
    front = source[opening.end() + 1 : closing.start()]
    line = source.count("\n", 0, closing.start()) + 1
    body = source[closing.end() + 1 :]
    begin = shift + closing.end() + 1
    return SplitDocument(
        front=front,
        offset=shift + opening.end() + 1,
        body=SourceText(body, Position(path, line), start=begin, end=begin + len(body), block=0),
    )
