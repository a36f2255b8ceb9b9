"""The width and height of a picture, read from the first bytes of its file."""

import re
import struct
from collections.abc import Callable
from xml.parsers import expat

from randnotiz import css

Size = tuple[int, int]

# What is said of a file without a size.
NO_PICTURE = (
    "is not a picture that can be shown: PNG, JPEG, GIF, WebP, or SVG (UTF-8) with its measures and without script, "
    "foreign markup and addresses"
)


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


SVG = "http://www.w3.org/2000/svg"
# What browsers know besides; other vocabularies, as drawing programs write them, mean nothing to them.
_OTHERS = frozenset(
    ("http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2001/xml-events")
)
_DRAWN = re.compile(
    r"svg|g|defs|symbol|use|switch|a|title|desc|metadata|style|view|text|tspan|textPath|image|"
    r"path|rect|circle|ellipse|line|polyline|polygon|marker|linearGradient|radialGradient|stop|pattern|clipPath|mask|"
    r"filter|fe[A-Z][A-Za-z]+|animate|animateTransform|animateMotion|mpath|set"
)
_LEADS_INSIDE = re.compile(r"\s*(?:#|data:image/(?:png|jpeg|gif|webp)[;,])")
# What browsers and expat read alike. Others expat leaves to Python, which knows code pages that browsers do not.
_ENCODINGS = ("utf-8", "us-ascii", "iso-8859-1")
# With a document type some browsers know hundreds of entities (`&lpar;` is a bracket), which expat leaves out.
_ENTITY = re.compile(rb"&(?!#|(?:amp|lt|gt|quot|apos);)")
# Attributes of plain words, which no browser reads as CSS.
_WORDS = re.compile(r"id|class|lang|role|name|title|systemlanguage|(?:aria|data)-.*")


class _Drawing:
    """An SVG file being read; whatever could do more than be looked at raises a _HarmfulError."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size: Size | None = None
        self.began = False
        self.style: str | None = None  # the text of the style element that is open
        self.reader = expat.ParserCreate(namespace_separator=" ")
        self.reader.StartElementHandler, self.reader.EndElementHandler = self.start, self.end
        self.reader.CharacterDataHandler = self.text
        self.reader.XmlDeclHandler = self.declaration
        self.reader.StartDoctypeDeclHandler, self.reader.ProcessingInstructionHandler = self.doctype, self.instruction

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if not self.began:
            if (namespace, local) != (SVG, "svg"):
                raise _HarmfulError
            self.began, self.size = True, _svg_size(attributes)
        if namespace in _OTHERS or (namespace == SVG and not _DRAWN.fullmatch(local)):
            raise _HarmfulError
        if any(_is_harmful(key, value) for key, value in attributes.items()):
            raise _HarmfulError
        if self.style is not None:  # browsers read the style's own text, without that of elements in it
            raise _HarmfulError
        if local == "style":
            self.style = ""

    def text(self, words: str) -> None:
        if self.style is not None:
            self.style += words

    def end(self, _name: str) -> None:
        if self.style is not None and not css.is_self_contained(self.style):
            raise _HarmfulError
        self.style = None

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise _HarmfulError

    def doctype(self, _name: str, _system: str | None, _public: str | None, subset: bool) -> None:
        # Without entities the name alone, as drawing programs write it, says nothing and is fetched by nobody.
        if subset or _ENTITY.search(self.content):
            raise _HarmfulError

    def instruction(self, *_: object) -> None:
        raise _HarmfulError


def _svg(content: bytes) -> Size | None:
    """The size of an SVG file that holds no script, no foreign markup, no entities and no address elsewhere.

    An `<img>` runs none of these, but readers open the file on its own as well, and there it could.
    """
    drawing = _Drawing(content)
    drawing.reader.Parse(content, True)
    return drawing.size


def _is_harmful(key: str, value: str) -> bool:
    namespace, _, attribute = key.lower().rpartition(" ")
    if attribute == "href":
        return not _LEADS_INSIDE.match(value)
    if attribute == "attributename":  # of an animation, which could set what may not be written
        attribute = value.rpartition(":")[2].strip().lower()
    if attribute in ("href", "base", "src", "ping") or attribute.startswith("on"):
        return True
    return not (namespace or _WORDS.fullmatch(attribute) or css.is_self_contained(value))


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
    (lambda content: b"<svg" in content[:4096] and b"\0" not in content, _svg),
)
