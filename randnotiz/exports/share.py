"""The pictures that go with a page wherever it is shared: of an article what came out, of a claim its verdict."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from randnotiz.charts import svg
from randnotiz.exports.context import ExportContext
from randnotiz.model import Claim
from randnotiz.model.settings import NO_TONE
from randnotiz.pages import Theme, views

LEFT, RIGHT = 72, 1128
COLUMN = RIGHT - LEFT
TOP, BOTTOM = 132, 604  # of what stands between the site's name and the lower edge
HEAD_SIZES = (80, 72, 64, 56, 50, 44, 40)
HEAD_LINES = 4
BELOW_SIZE, BELOW_LINES = 34, 3
NOTE_SIZE = 34
LEADING = {"head": 1.14, "below": 1.34}  # from line to line, as a share of the size
SLIMNESS = 0.99  # of the regular face beside the bold one
STRIP_HEIGHT, CELL_GAP, WIDEST_CELL = 34, 5, 110
WIDE = "\u2e80"  # from here on letters are squares, which lines may end between
LONGEST = 400  # characters that are looked at; no card shows more


class TextLine(Struct, frozen=True, kw_only=True):
    """A line of words: the height of its base line, its size, its colour, and whether it is bold."""

    words: str
    y: float
    size: int
    colour: str
    bold: bool = False


class ColourCell(Struct, frozen=True, kw_only=True):
    """A rectangle in a colour, with a line around it that a light one is seen by."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    line: str


def share_picture(edition: ExportContext, theme: Theme) -> str:
    """The card of an article as SVG: its title, what came out, and a cell for each claim in its verdict's colour."""
    article = edition.article
    strip = _strip(
        [claim.tone for claim in edition.words.claims], BOTTOM - NOTE_SIZE - 22 - STRIP_HEIGHT, theme.light
    )
    end = strip[0].y - 24 if strip else BOTTOM
    lines = _set(edition.plain(article.title), edition.plain(article.result), end, theme.light)
    if strip:
        foot = edition.lang.message("claims-checked", n=len(strip))
        lines.append(TextLine(words=foot, y=BOTTOM, size=NOTE_SIZE, colour=theme.light["muted"]))
    return _card(edition, theme, lines, strip)


def claim_picture(edition: ExportContext, claim: Claim, theme: Theme) -> str:
    """The card of a claim as SVG: the claim in quotation marks, its verdict and the reason."""
    assert claim.verdict is not None  # noqa: S101 - only claims with a verdict have a page
    verdict = views.verdict_word(claim.verdict, edition.lang)
    reasons = _small(_shown(edition.plain(claim.why))) if claim.why else []
    step = BELOW_SIZE * LEADING["below"]
    first = BOTTOM - step * len(reasons)
    quotes = edition.lang.quotes
    words = f"{quotes[0]}{edition.plain(claim.claim)}{quotes[1]}"
    lines = _set(words, edition.plain(str(claim.claimed_by.name)), first - 92, theme.light)
    fill, line = _colour(theme.light, claim.tone), _colour(theme.light, claim.tone, "-line")
    lines.append(TextLine(words=verdict, y=first - 14, size=48, colour=line, bold=True))
    lines += (
        TextLine(words=each, y=round(first + step * (at + 1) - 8, 1), size=BELOW_SIZE, colour=theme.light["ink"])
        for at, each in enumerate(reasons)
    )
    bar = ColourCell(x=LEFT, y=round(first - 80, 1), width=COLUMN, height=14, colour=fill, line=line)
    return _card(edition, theme, lines, [bar])


def _card(edition: ExportContext, theme: Theme, lines: Sequence[TextLine], cells: Sequence[ColourCell]) -> str:
    rtl = edition.lang.direction == "rtl"
    if rtl:
        cells = [replace(cell, x=round(LEFT + RIGHT - cell.x - cell.width, 1)) for cell in cells]
    variables = {
        "around": svg.RIGHT_TO_LEFT if rtl else ("", ""),
        "cells": cells,
        "colours": theme.light,
        "edge": RIGHT if rtl else LEFT,
        "lines": lines,
        "rtl": rtl,
        "site": _shown(str(edition.settings.title)),
    }
    return theme.fill("share.svg", variables)


def _strip(tones: Sequence[str], y: float, light: Mapping[str, str]) -> list[ColourCell]:
    """A cell for each claim in the colour of its verdict, in the order of the page."""
    width = min(WIDEST_CELL, COLUMN / max(1, len(tones)))
    return [
        ColourCell(
            x=round(LEFT + at * width, 1),
            y=y,
            width=round(max(width - CELL_GAP, width / 2), 1),
            height=STRIP_HEIGHT,
            colour=light["paper"] if tone == NO_TONE else _colour(light, tone),
            line=light["muted"] if tone == NO_TONE else _colour(light, tone, "-line"),
        )
        for at, tone in enumerate(tones)
    ]


def _colour(light: Mapping[str, str], tone: str, part: str = "") -> str:
    """A colour of a verdict: of its fill, or of its line and words."""
    return light[f"verdict-{tone.removeprefix('v')}{part}"]


# ---- Words ----


def _set(head: str, below: str, end: float, light: Mapping[str, str]) -> list[TextLine]:
    """A headline and the words below it, in the greatest size in which both have room above `end`."""
    head, below = _shown(head)[:LONGEST], _shown(below)[:LONGEST]
    small = _small(below) if below else []
    room = end - TOP - (len(small) * BELOW_SIZE * LEADING["below"] + 16 if small else 0)
    size, lines = HEAD_SIZES[-1], [head]
    for size in HEAD_SIZES:
        lines = _wrapped(head, COLUMN / size)
        fits = len(lines) * size * LEADING["head"] <= room and all(_width(line) * size <= COLUMN for line in lines)
        if fits and len(lines) <= HEAD_LINES:
            break
    step = size * LEADING["head"]
    shown = _cut(lines, max(1, int(room / step)), COLUMN / size)
    found = [
        TextLine(words=words, y=round(TOP + size * 0.9 + at * step, 1), size=size, colour=light["ink"], bold=True)
        for at, words in enumerate(shown)
    ]
    start = TOP + len(shown) * step + 16
    return found + [
        TextLine(
            words=words,
            y=round(start + BELOW_SIZE * (0.9 + at * LEADING["below"]), 1),
            size=BELOW_SIZE,
            colour=light["muted"],
        )
        for at, words in enumerate(small)
    ]


def _small(words: str) -> list[str]:
    """The lines of words below a headline."""
    width = COLUMN / BELOW_SIZE / SLIMNESS  # in ems of the bold face
    return _cut(_wrapped(words, width), BELOW_LINES, width)


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


def lines_of(words: str, width: float) -> list[str]:
    """Words in as few lines as that many ems allow."""
    return _filled([piece for word in words.split() for piece in _pieces(word, width)], width)


def _wrapped(words: str, width: float) -> list[str]:
    """The same, and those as even as can be."""
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
    """About how many ems words are wide in the bold face; the engine alone knows exactly, and it is far away."""
    return sum(map(_em, words))


def _em(char: str) -> float:
    """The advance of a letter in the bold face, of its kind the usual one and a little more."""
    if char in " ijlI.,:;'’‚!|()[]·-ftr/":
        return 0.36
    if char in 'csz„“”"?–':
        return 0.49
    if char in "mwMW—%…@":
        return 0.9
    if char >= WIDE:
        return 1.0
    if char >= "\u0370":  # Greek and Cyrillic, and what is set in another face
        return 0.76 if char.isupper() else 0.64
    return 0.69 if char.isupper() else 0.57
