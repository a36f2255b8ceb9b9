"""The width and height of a picture, read from the first bytes of its file."""

import struct
from collections.abc import Callable
from xml.parsers import expat

Size = tuple[int, int]


def size(content: bytes) -> Size | None:
    """Width and height in pixels of a PNG, JPEG, GIF, WebP or harmless SVG picture; None for anything else."""
    for matches, measure in _FORMATS:
        if matches(content):
            try:
                found = measure(content)
            except (struct.error, IndexError, ValueError, OverflowError, expat.ExpatError):
                return None
            return found if found and min(found) > 0 else None
    return None


def _png(content: bytes) -> Size:
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _gif(content: bytes) -> Size:
    width, height = struct.unpack("<HH", content[6:10])
    return width, height


def _webp(content: bytes) -> Size | None:
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(content: bytes) -> Size | None:
    at = 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:  # fill bytes before a marker
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        elif marker in (0x01, *range(0xD0, 0xD8)):  # markers without a length
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


class _HarmfulError(ValueError):
    """A drawing that could do more than be looked at."""


def _svg(content: bytes) -> Size | None:
    """The size of an SVG file that holds no script, no foreign markup, no entities and no address elsewhere.

    An `<img>` runs none of these, but readers open the file on its own as well, and there it could.
    """
    sizes: list[Size | None] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if not sizes:
            if name.rpartition(":")[2] != "svg":
                raise _HarmfulError
            sizes.append(_svg_size(attributes))
        if name.rpartition(":")[2].lower() in ("script", "foreignobject", "iframe", "embed", "object", "handler"):
            raise _HarmfulError
        for key, value in attributes.items():
            local = key.rpartition(":")[2].lower()
            if local.startswith("on") or (local == "href" and not value.strip().startswith(("#", "data:image/"))):
                raise _HarmfulError

    def refuse(*_: object) -> None:
        raise _HarmfulError

    reader = expat.ParserCreate()
    reader.StartElementHandler = start
    reader.StartDoctypeDeclHandler = reader.ProcessingInstructionHandler = refuse
    reader.Parse(content, True)
    return sizes[0]


def _svg_size(attributes: dict[str, str]) -> Size | None:
    width, height = attributes.get("width", ""), attributes.get("height", "")
    if width.endswith("%") or height.endswith("%") or not (width and height):
        box = attributes.get("viewBox", "").replace(",", " ").split()
        width, height = box[2:4] if len(box) == 4 else ("", "")
    return round(float(width.removesuffix("px"))), round(float(height.removesuffix("px")))


_FORMATS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Size | None]], ...] = (
    (lambda content: content.startswith(b"\x89PNG\r\n\x1a\n"), _png),
    (lambda content: content.startswith(b"\xff\xd8"), _jpeg),
    (lambda content: content.startswith((b"GIF87a", b"GIF89a")), _gif),
    (lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP", _webp),
    (lambda content: b"<svg" in content[:4096], _svg),
)
