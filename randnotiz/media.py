"""What of an author's files may be published: by the ending of its name, and by bytes that fit this very ending."""

import re
from collections.abc import Mapping
from math import inf
from posixpath import splitext

from randnotiz import markdown, sidecars, slugs
from randnotiz.diagnostics import ContentError, Position
from randnotiz.yamldoc import conflict

# Each ending with what its files begin with; texts begin with nothing in particular. No browser and no server runs
# any of these formats, and a browser that guesses by the bytes (WHATWG, MIME Sniffing) takes them for no page.
_PK, _OLE = rb"PK(?:\x03\x04|\x05\x06)", rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES: Mapping[str, bytes] = {
    "png": rb"\x89PNG\r\n\x1a\n",
    "jpg": rb"\xff\xd8\xff",
    "jpeg": rb"\xff\xd8\xff",
    "gif": rb"GIF8[79]a",
    "webp": rb"RIFF.{4}WEBP",
    "svg": b"",
}
# What stands at the end of a whole one (PNG 3, 11.2.5; JPEG, B.1.1.3; GIF 89a, 27), perhaps with more behind it.
_ENDS = {"png": b"IEND\xaeB`\x82", "jpg": b"\xff\xd9", "jpeg": b"\xff\xd9", "gif": b"\0;"}
MOST_PIXELS = 50_000_000  # 200 MB when it is shown
TEXTS = ("txt", "md", "csv", "tsv", "json", "geojson", "ipynb", "bib", "ris", "ics", "srt")
FORMATS: Mapping[str, bytes] = {
    **PICTURES,
    **dict.fromkeys(TEXTS, b""),
    "vtt": rb"(?:\xef\xbb\xbf)?WEBVTT",
    "pdf": rb"%PDF-",
    "rtf": rb"\{\\rtf",
    **dict.fromkeys(("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"), _PK),
    **dict.fromkeys(("doc", "xls", "ppt"), _OLE),
    "gz": rb"\x1f\x8b",
    "xz": rb"\xfd7zXZ\x00",
    "7z": rb"7z\xbc\xaf\x27\x1c",
    "tar": rb".{257}ustar",
    **dict.fromkeys(("sqlite", "gpkg"), rb"SQLite format 3\x00"),
    "parquet": rb"PAR1",
    "mp3": rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]",
    **dict.fromkeys(("mp4", "m4a"), rb".{4}ftyp"),
    **dict.fromkeys(("ogg", "opus"), rb"OggS"),
    "wav": rb"RIFF.{4}WAVE",
    "webm": rb"\x1a\x45\xdf\xa3",
}

# What a browser that guesses skips on its way to the first tag, and marks of byte order.
_SKIPPED = b"\t\n\x0b\x0c\r \xef\xbb\xbf\xfe\xff"

# What means something else to a server, or to another disk: escapes, streams, parameters, hidden files, and dots and
# blanks that Windows leaves out.
_ODD_NAME = re.compile(r"[:;\\]|%[0-9A-Fa-f]{2}|(?:^|/)[. ]|[. ](?:/|\Z)")
# Some servers go by every ending of a name that they know (Apache's mod_mime): they run `x.php.png`, and send
# `x.html.bib` as a page; behind one that only says how a file is packed, any other counts (`x.xml.gz`).
_ODD_ENDING = re.compile(
    r"\.(?:php\d*|pht(?:ml)?|phps|phar|f?cgi|pl|py|rb|sh|lua|aspx?|as[ahm]x?|jspx?|cfm|shtml?|var|asis)(?=\.)"
    r"|\.html?(?=\.)|\.(?:xht(?:ml?)?|xml|xslt?|svgz?|m?js|css)(?=(?:\.[^./]*)*\.[gx]z\Z)",
    re.IGNORECASE,
)


def publish(name: str, content: bytes, position: Position, slug: str | None, *, picture: bool) -> None:
    """Nothing, if a file may be published as it is: the one gate for whatever bytes of an author's reach the site.

    `name` is its path below the folder of the article `slug`, in normal form; None where the build gives it a name of
    its own. `picture` demands one that pages can show. ContentError, at `position`, where the name is the build's or
    nobody's to have, or the bytes are not what it says.
    """
    if slug is not None and sidecars.is_taken(f"{slug}/{name}"):
        message = f"'{name}' is a file that the build makes; give yours another name"
        raise ContentError(position, "link-broken", message)
    if any(map(slugs.is_device, name.split("/"))):
        message = f"'{name}' is a name that Windows keeps for a device"
        raise ContentError(position, "name-clash", message, "Give the file another name.")
    if not name.isprintable() or _ODD_NAME.search(name) or _ODD_ENDING.search(name):
        message = f"'{name}' is a name that some disks and servers take for another"
        hint = (
            "Give it another: without : ; \\ or escapes (%20), no dot or blank at the ends of a part, and one ending."
        )
        raise ContentError(position, "value-malformed", message, hint)
    endings = PICTURES if picture else FORMATS
    stem, ending = splitext(name)
    ending = ending[1:].lower() if ending.isascii() else ""
    found = [each for each, begins in FORMATS.items() if begins and re.match(begins, content, re.DOTALL)]
    rename = next((f"Call it '{stem}.{each}'." for each in found if each in endings), "")
    if ending not in endings and not picture:
        hint = f"What can be: {', '.join(sorted(FORMATS))}; put anything else into a .zip file."
        message = f"files like '{name}' are not published: a browser or a server might run them"
        raise ContentError(position, "link-broken", message, hint)
    if ending in endings and ending not in found and (found or (FORMATS[ending] and ending not in PICTURES)):
        begun = f"but it begins as a .{' or .'.join(found)} file does" if found else "but it does not begin as one"
        hint = rename or "Save it in that format, or put it into a .zip file."
        raise ContentError(position, "value-malformed", f"'{name}' is named as a .{ending} file, {begun}", hint)
    size = markdown.size(content) if ending in PICTURES else None
    if ending not in endings or (ending in PICTURES and size is None):
        raise ContentError(position, "value-malformed", f"'{name}' {markdown.NO_PICTURE}", rename)
    _whole_picture(name, ending, content, position)
    if ending in TEXTS and (marker := conflict(content.decode(errors="replace"), f"{slug}/{name}")):
        raise marker
    if size and ending != "svg" and size[0] * size[1] > MOST_PIXELS:
        message = f"'{name}' has {size[0]:,} × {size[1]:,} pixels, which fill the memory of whoever opens it"
        raise ContentError(position, "limit-exceeded", message, "Save it smaller: 2,400 pixels across are plenty.")
    if ending != "svg" and content.lstrip(_SKIPPED).startswith(b"<"):
        message = f"'{name}' begins with '<', and some servers and browsers would take it for a page"
        hint = "Let it begin with a word, or put it into a .zip file."
        raise ContentError(position, "value-malformed", message, hint)


def _whole_picture(name: str, ending: str, content: bytes, position: Position) -> None:
    riff = int.from_bytes(content[4:8], "little") + 8 if ending == "webp" else 0
    if _ENDS.get(ending, b"") not in content[8:] or riff > len(content):
        message = f"'{name}' is cut: the end of the picture is missing"
        raise ContentError(position, "value-malformed", message, "Copy it anew from where it comes.")


def picture(name: str, content: bytes, position: Position) -> None:
    """Nothing, if a file is a picture that pages can show. ContentError, at `position`, if it is not."""
    publish(name, content, position, None, picture=True)


# Faces begin so, and say how long they are: the first two in their header, the others by their list of tables
# (WOFF 2.0, 4.1; WOFF 1.0, 3; OpenType 1.9, font file).
FACES: Mapping[str, bytes] = {"woff2": b"wOF2", "woff": b"wOFF", "otf": b"OTTO", "ttf": b"\0\1\0\0"}


def face(name: str, content: bytes, position: Position) -> None:
    """Nothing, if a file is a whole face of the format that it is named as. ContentError, at `position`, if not."""
    ending = splitext(name)[1][1:].lower()
    found = next((each for each, begins in FACES.items() if content.startswith(begins)), None)
    if ending not in FACES:
        message = f"'{name}' is no face: those are named .{', .'.join(FACES)}"
        raise ContentError(
            position, "value-malformed", message, f"Call it '{splitext(name)[0]}.{found}'." if found else ""
        )
    if found != ending:
        begun = f"it begins as a .{found} file does" if found else "it does not begin as one"
        message = f"'{name}' is named as a .{ending} file, but {begun}"
        raise ContentError(
            position, "value-malformed", message, f"Call it '{splitext(name)[0]}.{found}'." if found else ""
        )
    least, most = _whole_face(ending, content)
    if not least <= len(content) <= most:
        words = "is cut" if len(content) < least else "is damaged"
        message = f"'{name}' {words}: it should have {least:,} bytes, and has {len(content):,}"
        raise ContentError(position, "value-malformed", message, "Copy it anew from where it comes.")


def _whole_face(ending: str, content: bytes) -> tuple[int, float]:
    """How many bytes a face has at least and at most, by what it says itself; a header is no face."""
    if ending.startswith("woff"):
        least = max(48 if ending == "woff2" else 44, int.from_bytes(content[8:12], "big"))
        return least, least
    tables = int.from_bytes(content[4:6], "big")
    rows = [content[at : at + 16] for at in range(12, 12 + 16 * tables, 16)]
    ends = (int.from_bytes(row[8:12], "big") + int.from_bytes(row[12:16], "big") for row in rows)
    return max(12 + 16 * max(tables, 1), *ends, 0), inf
