"""Pictures as PNG: drawn by the chart engine in faces that are the same on every machine, and packed well."""

import shutil
import struct
import tempfile
import zlib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from randnotiz import caching
from randnotiz.charts import svg
from randnotiz.exports.head import SHARE_SIZE

# The same on every machine for Latin, Greek and Cyrillic letters; what it lacks is set in a face of the system.
FACES = ("font_source_serif_pro", ("SourceSerifPro-Regular.ttf", "SourceSerifPro-Semibold.ttf"))

LIBRARIES = ("deflate", "font_source_serif_pro", "vl_convert_python")  # that have a hand in a picture
_PNG = b"\x89PNG\r\n\x1a\n"


def share_png(picture: str, cache: Path | None) -> bytes:
    """A picture drawn; the engine is started only for one that the cache does not have."""
    key = caching.key_of(("exports/raster.py",), picture, libraries=LIBRARIES)
    known = caching.get(cache, key)
    if known is not None:
        return known
    drawn = _packed(png(picture, SHARE_SIZE[0]))
    caching.put(cache, key, drawn)
    return drawn


def png(picture: str, width: int) -> bytes:
    """A stand-alone SVG as a PNG of that many pixels across, with the faces of the cards beside the system's."""
    import vl_convert  # 84 MB that only new pictures need

    _register_faces()
    image: bytes = vl_convert.svg_to_png(picture, scale=width / (svg.measures(picture)[0] or width))
    return image


@lru_cache
def _register_faces() -> "tempfile.TemporaryDirectory[str]":
    """A folder with the faces of the cards and no others, known to the engine: the package has each in two formats,
    and the engine would read a folder again each time.
    """
    import vl_convert

    package, names = FACES
    folder = tempfile.TemporaryDirectory(prefix="randnotiz-faces-")
    for name in names:
        shutil.copyfile(str(files(package) / "files" / name), Path(folder.name) / name)
    vl_convert.register_font_directory(folder.name)
    return folder


def _packed(png: bytes) -> bytes:
    """The same picture in a third of the bytes: the engine packs in a hurry (PNG, sections 5 and 10). Not with zlib,
    which takes three times as long and is another on each system.
    """
    import deflate  # which only new pictures need

    chunks, at = [], len(_PNG)
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        chunks.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += length + 12
    first, *others = [chunk for chunk in chunks if chunk[0] != b"IDAT"]
    width, height = struct.unpack(">II", first[1][:8])
    packed = b"".join(content for name, content in chunks if name == b"IDAT")
    rows = deflate.zlib_decompress(packed, height * (1 + 4 * width))  # a filter and red, green, blue, opacity
    # Levels above save 0.1 % and take twice as long.
    pixels = bytes(deflate.zlib_compress(rows, 7))
    return _PNG + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in (first, (b"IDAT", pixels), *others)
        if name != b"pHYs"
    )
