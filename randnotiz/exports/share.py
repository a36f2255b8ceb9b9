"""The picture that goes with an article wherever it is shared: its title, what stands in its margin, and where."""

import struct
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path

from randnotiz import caching, charts
from randnotiz.colours import LIGHT
from randnotiz.exports.context import ExportContext
from randnotiz.exports.head import SHARE_SIZE
from randnotiz.model import NoteKind
from randnotiz.pages import Theme, views

# The engine brings Liberation Sans along, so that there are letters even on a machine without any font.
SERIF = "'Bitstream Charter', Charter, 'Noto Serif', Cambria, Georgia, 'Liberation Serif', 'Liberation Sans'"
SANS = "'Segoe UI', 'Noto Sans', 'Helvetica Neue', Arial, 'Liberation Sans'"

_PNG = b"\x89PNG\r\n\x1a\n"

LEFT, RIGHT = 72, 1128
COLUMN = 740  # pixels for the title
TITLE_TOP, TITLE_BOTTOM = 150, 500
TITLE_SIZES = (82, 74, 66, 58, 52, 46, 40, 36)
SUBTITLE_SIZE = 28
SUBTITLE_LINES = 3
SUBTITLE_SLIMNESS = 0.88  # of a regular serif beside a bold one
WIDE = "\u2e80"  # from here on letters are squares, which lines may end between
LONGEST_TITLE = 400  # characters that are looked at; no card shows more

MAP_X, MAP_WIDTH, MARGIN_X, MARGIN_WIDTH = 884, 160, 1060, 68
MAP_TOP, MAP_BOTTOM = 154, 494
MAP_ROWS = 46
COUNT_SIZES = (27, 25, 23, 21, 19, 17, 15)


@dataclass(frozen=True, kw_only=True, slots=True)
class TextLine:
    """A line of words and the height on which it stands."""

    words: str
    y: float


@dataclass(frozen=True, kw_only=True, slots=True)
class TextBlock:
    """Words set in lines of one size."""

    size: int
    lines: tuple[TextLine, ...]
    spacing: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Small:
    """The page in small as the data of paths, by kind: its rows, the passages in them, the notes beside them.

    One path for all of a kind, since a thousand elements would take longer to write than the page itself.
    """

    stroke: float
    fine: float
    rows: str
    passages: Mapping[str, str]
    margin: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many notes of a kind there are, in words, and where that stands."""

    kind: NoteKind
    words: str
    x: float
    words_x: float
    size: int
    scale: float


def share_picture(edition: ExportContext, theme: Theme) -> str:
    """The picture as SVG; a function of the article, the words of its language and the site's colours."""
    title, subtitle = _headline(edition)
    variables = {
        "colours": {**LIGHT, "footnote": LIGHT["muted"]},
        "counts": _counts(edition),
        "sans": SANS,
        "serif": SERIF,
        "site": _shown(str(edition.settings.title)),
        "small": _page_in_small(edition),
        "subtitle": subtitle,
        "title": title,
    }
    return theme.fill("share.svg", variables)


def share_png(picture: str, cache: Path | None) -> bytes:
    """A picture drawn; the engine is started only for one that the cache does not have."""
    key = caching.key_of((*charts.MAKERS, "exports/share.py"), picture)
    known = caching.get(cache, key)
    if known is not None:
        return known
    drawn = _packed(charts.png(picture, SHARE_SIZE[0]))
    caching.put(cache, key, drawn)
    return drawn


def _packed(png: bytes) -> bytes:
    """The same picture in a third of the bytes: the engine packs in a hurry (PNG, sections 5 and 10)."""
    chunks, at = [], len(_PNG)
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        chunks.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += length + 12
    pixels = zlib.compress(zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT")), 9)
    first, *others = [chunk for chunk in chunks if chunk[0] != b"IDAT"]
    return _PNG + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in (first, (b"IDAT", pixels), *others)
        if name != b"pHYs"
    )


# ----------------------------------------------------------------------------------------------------
# Words
# ----------------------------------------------------------------------------------------------------


def _headline(edition: ExportContext) -> tuple[TextBlock, TextBlock]:
    """Title and subtitle in the greatest size in which both have room."""
    article = edition.article
    title = _shown(edition.plain(article.title))[:LONGEST_TITLE]
    subtitle = _shown(edition.plain(article.subtitle))[:LONGEST_TITLE] if article.subtitle else ""
    wide = COLUMN / SUBTITLE_SIZE / SUBTITLE_SLIMNESS
    below = _cut(_wrapped(subtitle, wide), SUBTITLE_LINES, wide) if subtitle else []
    room = TITLE_BOTTOM - TITLE_TOP - (len(below) * SUBTITLE_SIZE * 1.35 + 14 if below else 0)
    size, lines = TITLE_SIZES[-1], [title]
    for size in TITLE_SIZES:
        lines = _wrapped(title, COLUMN / size)
        fits = len(lines) * size * 1.12 <= room and all(_width(line) * size <= COLUMN for line in lines)
        if fits and len(lines) <= (4 if size > TITLE_SIZES[-3] else 9):
            break
    most = max(1, int(room / (size * 1.12)))
    shown = _cut(lines, most, COLUMN / size)
    first = TITLE_TOP + size * 0.86
    set_title = TextBlock(
        size=size,
        lines=tuple(TextLine(words=words, y=round(first + at * size * 1.12, 1)) for at, words in enumerate(shown)),
        spacing=round(-size * 0.012, 2),
    )
    start = first + (len(shown) - 1) * size * 1.12 + size * 0.24 + 14 + SUBTITLE_SIZE
    set_subtitle = TextBlock(
        size=SUBTITLE_SIZE,
        lines=tuple(
            TextLine(words=words, y=round(start + at * SUBTITLE_SIZE * 1.35, 1)) for at, words in enumerate(below)
        ),
    )
    return set_title, set_subtitle


def _shown(words: str) -> str:
    """Words on one line, without what no picture can show."""
    return " ".join("".join(char if char.isprintable() else " " for char in words).split())


def _cut(lines: Sequence[str], most: int, width: float) -> list[str]:
    """The first lines; where there were more, the last ends in an ellipsis and is still no wider than that."""
    if len(lines) <= most:
        return [*lines]
    last = lines[most - 1]
    while last and _width(f"{last} …") > width:
        last = last[: max(last.rfind(" "), len(last) - 5, 0)]
    return [*lines[: most - 1], last.rstrip(" ,;:–-.") + " …"]


def _wrapped(words: str, width: float) -> list[str]:
    """Words in as few lines as that many ems allow, and those as even as can be."""
    pieces = [piece for word in words.split(" ") for piece in _pieces(word, width)]
    fewest = len(_filled(pieces, width))
    narrow, wide = width / 3, width
    for _ in range(7):  # halves the doubt each time: to 1 % of the width
        middle = (narrow + wide) / 2
        if len(_filled(pieces, middle)) <= fewest and max(map(_width, pieces), default=0) <= middle:
            wide = middle
        else:
            narrow = middle
    return _filled(pieces, wide)


def _filled(words: Sequence[str], width: float) -> list[str]:
    lines: list[str] = []
    free = 0.0
    for word in words:
        needed = _width(word)
        if lines and needed + _width(" ") <= free:
            lines[-1] += f" {word}"
            free -= needed + _width(" ")
        else:
            lines.append(word)
            free = width - needed
    return lines


def _pieces(word: str, width: float) -> Iterator[str]:
    """A word, or what of it goes on a line."""
    while _width(word) > width and len(word) > 1:
        reach = accumulate(map(_em, word), initial=_em("-"))
        fits = max(1, sum(1 for ems in reach if ems <= width) - 1)
        yield word[:fits] + ("-" if word[fits - 1].isalpha() and word[fits - 1] < WIDE else "")
        word = word[fits:]
    yield word


@lru_cache(maxsize=4096)
def _width(words: str) -> float:
    """About how many ems words are wide in a bold serif; the engine alone knows exactly, and it is far away."""
    return sum(map(_em, words))


def _em(char: str) -> float:
    if char in " ijlI.,:;'’‚!|()[]·":
        return 0.36
    if char in 'frtsJ-–„“”"':
        return 0.52
    if char in "mwMW—%…@":
        return 1.0
    if char >= WIDE:
        return 1.0
    return 0.74 if char.isupper() else 0.63


# ----------------------------------------------------------------------------------------------------
# Numbers
# ----------------------------------------------------------------------------------------------------


def _counts(edition: ExportContext) -> list[Count]:
    """The kinds of notes with their numbers, in one row."""
    kinds = [note.kind for note in edition.annotated.notes]
    words = [
        (kind, edition.lang.message(key, n=kinds.count(kind))) for kind, key in views.COUNTED.items() if kind in kinds
    ]
    size = next((size for size in COUNT_SIZES if _row(words, size) <= RIGHT - LEFT), COUNT_SIZES[-1])
    x, counts = float(LEFT), []
    for kind, text in words:
        counts.append(
            Count(kind=kind, words=text, x=round(x, 1), words_x=round(x + size * 1.35, 1), size=size,
                  scale=round(size / 27, 3))
        )  # fmt: skip
        x += _row([(kind, text)], size)
    return counts


def _row(words: Sequence[tuple[NoteKind, str]], size: int) -> float:
    """How wide the counts are: a sign, the words in a sans, which is narrower than a bold serif, and a gap."""
    return sum(size * (1.35 + _width(text) * 0.96 + 1.3) for _, text in words)


# ----------------------------------------------------------------------------------------------------
# The page in small
# ----------------------------------------------------------------------------------------------------


def _page_in_small(edition: ExportContext) -> Small:
    """The article's own lines, the passages in them and the notes beside them, from far away."""
    cuts, gaps = _rows(edition.annotated.reading)
    step = min(13.0, (MAP_BOTTOM - MAP_TOP) / max(1.0, len(cuts) - 1 + len(gaps) * 0.5))
    tops, y = [], MAP_TOP + step * 0.18
    for row in range(len(cuts) - 1):
        tops.append(y)
        y += step * (1.5 if row in gaps else 1)
    longest = max((end - start for start, end in pairwise(cuts)), default=1)

    def stretch(row: int, start: int, end: int) -> str:
        x = MAP_X + MAP_WIDTH * (start - cuts[row]) / longest
        return f"M{x:.1f} {tops[row]:.1f}h{MAP_WIDTH * (end - start) / longest:.1f}"

    passages: dict[str, list[str]] = {}
    beside = []
    for note in edition.annotated.notes:
        if note.span is None or note.kind == "footnote":
            continue
        touched = range(bisect_right(cuts, note.span.start) - 1, bisect_left(cuts, note.span.end))
        for row in touched:
            start, end = max(cuts[row], note.span.start), min(cuts[row + 1], note.span.end)
            seen = min(max(end, start + longest // 12), cuts[row] + longest)  # the shortest must be seen as well
            passages.setdefault(note.kind, []).append(stretch(row, start, seen))
        beside.append((tops[touched[0]], note.kind, len(note.passage)))
    room = (MAP_BOTTOM - MAP_TOP) / max(1, len(beside))
    return Small(
        stroke=round(step * 0.36, 2),
        fine=round(min(step * 0.36, room * 0.55), 2),
        rows="".join(stretch(row, start, end) for row, (start, end) in enumerate(pairwise(cuts))),
        passages={kind: "".join(paths) for kind, paths in passages.items()},
        margin=_margin(beside, min(step * 0.72, room)),
    )


def _rows(reading: str) -> tuple[list[int], set[int]]:
    """Where the lines of the small picture begin, the end included, and the rows after which a paragraph ends."""
    length = max(60, -(-len(reading) // MAP_ROWS))
    while len((rows := _rows_of(reading, length))[0]) > MAP_ROWS + 1:
        length = length * 9 // 8
    return rows


def _rows_of(reading: str, length: int) -> tuple[list[int], set[int]]:
    """The same for lines of that many characters; what is much shorter, such as cells of a table, shares one."""
    cuts, gaps = [0], set()
    while cuts[-1] < len(reading):
        start = cuts[-1]
        end = reading.find("\n", start + length * 2 // 5, start + length)
        if end >= 0:
            gaps.add(len(cuts) - 1)
        cuts.append(end + 1 if end >= 0 else min(start + length, len(reading)))
    return cuts, gaps


def _margin(beside: Sequence[tuple[float, str, int]], step: float) -> dict[str, str]:
    """The notes in their order, none over another, and as ragged as their passages are long."""
    paths: dict[str, str] = {}
    free = float(MAP_TOP)
    for left, (wanted, kind, length) in zip(range(len(beside), 0, -1), sorted(beside), strict=True):
        y = min(max(wanted, free), MAP_BOTTOM - left * step)
        free = y + step
        width = MARGIN_WIDTH * (0.5 + min(length, 60) / 120)
        paths[kind] = paths.get(kind, "") + f"M{MARGIN_X} {y:.1f}h{width:.1f}"
    return paths
