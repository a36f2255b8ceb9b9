"""A text without its typography, and the way back to the text as it stands."""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

Edit = tuple[int, int, str]  # start and end of what is replaced, and by what
Step = tuple["array[int]", "array[int]"]  # where the folded text shifts, and what stands there in the text before

# Python's normalize sorts combining marks by insertion: 40,000 of them in a row take seconds, and ten times as many a
# hundred times as long. No script needs more than 30 (Unicode Stream-Safe Text Format, UAX #15).
MOST_MARKS = 30


def _characters(*ranges: tuple[int, int]) -> str:
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


_BLANKS = _characters((0x09, 0x0D), (0x1C, 0x1F), (0x2000, 0x200A)) + "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
_DASHES = _characters((0x2010, 0x2015)) + "\u02d7\u058a\u05be\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
# Single and double marks are one shape: which of them is the outer pair is a habit of languages and houses. Not
# behind a digit, where they may be primes: 5' are feet or minutes, 5" inches or seconds.
# Elsewhere primes are no marks.
SINGLE = "'`´\u2018\u2019\u201a\u201b\u02bb\u02bc\u05f3\u2039\u203a\u275b\u275c\uff07"
_DOUBLE = '"«»\u201c\u201d\u201e\u201f\u05f4\u275d\u275e\u2e42\uff02'
_MARKS = SINGLE + _DOUBLE[1:] + _characters((0x300C, 0x300F), (0x301D, 0x301F))
_PRIMES = tuple((re.compile(rf"(?<=\d)[{marks}](?!\w)"), prime) for marks, prime in ((SINGLE, "′"), (_DOUBLE, "″")))
# Joined pictures are one, and not those side by side.
_JOINED_LETTERS = "\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
INVISIBLE = _characters((0x200B, 0x200C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xE0000, 0xE001F))
INVISIBLE += "\u00ad\u034f\u061c\u180e\ufeff"
_SELECTORS = _characters((0x180B, 0x180D), (0x180F, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))

# Two tables of Japanese characters disagree which of two wave dashes is meant; neither is a dash of another kind.
# Unicode has the Greek letter of micro twice.
_FORMS = ((_BLANKS, " "), (_DASHES, "-"), (_MARKS, '"'), ("\u301c", "\uff5e"), ("\xb5", "\u03bc"))

# Looking for 70 characters one after the other at the speed of memchr is five times as fast as one pass in Python.
_SHAPES = tuple((char, form) for chars, form in _FORMS for char in chars)
_ASCII_SHAPES = tuple((char, form) for char, form in _SHAPES if char.isascii())
_INVISIBLES = re.compile(f"(?:[{INVISIBLE}{_SELECTORS}]|{_JOINED_LETTERS})+")
_NOT_ASCII = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
# Blanks that are a habit of languages and houses: the French before `; : ! ?` and within guillemets, which Germans
# turn round; and what a wrapped line puts between Han or Kana, which are not parted. A border of blocks is a blank.
_BLANK = r"[^\S\n]+"
_HAN = "[\u3001-\u300b\u3010-\u301b\u3021-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN += "\uff01\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff61-\uff9f]"
_MARK = f'["{_MARKS}]'
FRENCH = (
    rf"{_BLANK}(?=[;:!?]+(?:{_MARK}|[\s…)\].]|$))"
    rf"|(?<![^\s(\[’'][«‹])(?<=[«‹]){_BLANK}|{_BLANK}(?=[»›](?:[\s.,;:!?…)\]]|$))"
)
_HABITS = (  # compiled where a text has one, because it takes 5 ms
    rf"{FRENCH}|(?:(?<={_HAN})|(?<={_HAN}{_MARK})){_BLANK}(?={_MARK}?{_HAN})"
)
_HABITUAL = re.compile(rf"\s[;:!?]|[«‹]\s|\s[»›]|{_HAN}{_MARK}?\s")
_RUNS = re.compile(r"  +|--+|\.\.\.[.…]*|\.\.?…[.…]*|…[.…]+")


class Folded(Struct, frozen=True, kw_only=True, eq=False):
    """A text as it stands (`source`) and as it is compared (`text`); equal only to itself, so cheap to cache by.

    `steps` hold the places where the two drift apart, one pair of offsets for each, so plain prose costs nothing.
    """

    source: str
    text: str
    steps: tuple[Step, ...] = ()

    def to_source(self, offset: int) -> int:
        """Where in `source` the character at `offset` of `text` stands."""
        for places, origins in reversed(self.steps):
            last = bisect_right(places, offset) - 1
            offset = origins[last] + offset - places[last]
        return offset

    def to_folded(self, offset: int) -> int:
        """Where in `text` the character at `offset` of `source` stands, or the next one if it was folded away."""
        for places, origins in self.steps:
            last = bisect_right(origins, offset) - 1
            offset = places[last] + offset - origins[last]
            if last + 1 < len(places):
                offset = min(offset, places[last + 1])
        return offset

    def shown(self, start: int, end: int) -> str:
        """The words between two offsets of `text` as a reader sees them: typography kept, on one line."""
        return " ".join(_INVISIBLES.sub("", self.source[self.to_source(start) : self.to_source(end)]).split())


def fold(text: str, *, habits: bool = True) -> Folded:
    """The text in NFC, nothing invisible, each blank, dash, mark and ellipsis in one form, no blank of `_HABITS`."""
    folded, steps = text, []
    for edits in (_invisible, _decomposed, _without_habits, _shaped_runs):
        if (edits in (_invisible, _decomposed) and text.isascii()) or (edits is _without_habits and not habits):
            continue
        folded, step = edits(folded)
        if len(step[0]) > 1:
            steps.append(step)
    return Folded(source=text, text=folded, steps=tuple(steps))


def _invisible(text: str) -> tuple[str, Step]:
    there = any(char in text for char in f"{INVISIBLE}{_SELECTORS}\u200d")
    return rewritten(text, ((*match.span(), "") for match in (_INVISIBLES.finditer(text) if there else ())))


def _without_habits(text: str) -> tuple[str, Step]:
    there = _HABITUAL.search(text)
    return rewritten(text, ((*match.span(), "") for match in (re.finditer(_HABITS, text) if there else ())))


def _shaped_runs(text: str) -> tuple[str, Step]:
    for marks, prime in _PRIMES:
        text = marks.sub(prime, text)
    for char, form in _ASCII_SHAPES if text.isascii() else _SHAPES:
        if char in text:
            text = text.replace(char, form)
    runs = ((*match.span(), "…" if match[0][0] in ".…" else match[0][0]) for match in _RUNS.finditer(text))
    return rewritten(text, runs)


def _decomposed(text: str) -> tuple[str, Step]:
    return rewritten(text, iter(()) if unicodedata.is_normalized("NFC", text) else _compositions(text))


def rewritten(text: str, edits: Iterator[Edit]) -> tuple[str, Step]:
    """The text with edits made in it, which come in its order, and the step that leads back."""
    pieces: list[str] = []
    places, origins = array("I", [0]), array("I", [0])
    last = shift = 0
    for start, end, new in edits:
        pieces.append(text[last:start])
        pieces.append(new)
        last = end
        if len(new) != end - start:
            shift += end - start - len(new)
            places.append(end - shift)
            origins.append(end)
    pieces.append(text[last:])
    return "".join(pieces), (places, origins)


def _compositions(text: str) -> Iterator[Edit]:
    known: dict[str, list[Edit]] = {}
    for match in _NOT_ASCII.finditer(text):  # nothing composes with an ASCII character behind it
        if (piece := match[0]) not in known:
            known[piece] = _composed(piece)
        for start, end, new in known[piece]:
            yield match.start() + start, match.start() + end, new


def _composed(piece: str) -> list[Edit]:
    clusters = () if unicodedata.is_normalized("NFC", piece) else _clusters(piece)
    composed = ((start, end, unicodedata.normalize("NFC", piece[start:end])) for start, end in clusters)
    return [(start, end, new) for start, end, new in composed if new != piece[start:end]]


def _clusters(piece: str) -> Iterator[tuple[int, int]]:
    """Stretches that normalize without regard to their neighbours."""
    start = marks = 0
    for at in range(1, len(piece)):
        if unicodedata.combining(piece[at]):
            marks += 1
            if marks <= MOST_MARKS:
                continue
        elif _composes(piece, start, at):  # jamo and some Indic vowels are no marks, but compose
            continue
        yield start, at
        start, marks = at, 0
    yield start, len(piece)


def _composes(piece: str, start: int, at: int) -> bool:
    before, both = (len(unicodedata.normalize("NFC", piece[start:end])) for end in (at, at + 1))
    return both <= before
