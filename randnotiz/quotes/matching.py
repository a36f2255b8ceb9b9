"""Where the words of a quotation stand in a text, and the least that tells such a place from its likes."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate, product
from typing import Literal
from unicodedata import category

from msgspec import Struct

from randnotiz.quotes.folding import Folded, fold
from randnotiz.spans import Span

# Bounds for hostile texts. Nobody reads a list of more than 100 places: so many mean "100 or more".
MOST_PLACES = 100
MOST_TRIES = 100_000  # look-alikes inside other words, a dozen times as many as a long book has
MOST_RIVALS = 10_000
MOST_COMPARED = 10_000_000  # characters of rivals
MOST_CONTEXT = 2_000
BETWEEN = 2_000

NEAT = 50  # characters of context that are easy on the eye

# What joins two letters or digits to one word, as in z.B, Leser:innen and don't (MidLetter of UAX #29, and more).
# A hyphen does not, or an unspaced dash would as well; so Hopper is in Hopper-Chips, and 10 in 7-10.
_JOINT = '[.:"·*&]'
_INSIDE = re.compile(
    rf"(?<=\w)(?={_JOINT}?\w)|(?<=\w{_JOINT})(?=\w)"
    r"|(?<=\d)(?=[,/]\d)|(?<=\d[,/])(?=\d)"
    r'|(?<=(?<![^ ("\[])-)(?=\d)'  # the sign of -5
    r"|(?<=[%‰°])(?=[^\W\d])|(?<=[^\W\d])(?=\$)"  # 8%ige, 20°C, US$
)
_REST = re.compile(rf"(?:{_JOINT}?(?=[\x00-\u0dff])\w)*")
_WORD = re.compile(rf"\w+(?:{_JOINT}\w+)*")
# Scripts that do not part their words: Thai to Lao, Burmese, Khmer, Chinese and Japanese. There a quotation may begin
# and end at every character.
_UNPARTED = (
    ("\u0e00", "\u0eff"),
    ("\u1000", "\u109f"),
    ("\u1780", "\u17ff"),
    ("\u2e80", "\ua4cf"),
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)
_GROUP = re.compile(r"\d{3}(?!\d)")
_GROUPING = "\xa0\u2007\u2008\u2009\u202f"  # the blanks in 50 000
# What is one character as readers know it (UAX #29): pictures joined to one, letters that make a flag by twos, tones
# of skin, tags, and the vowels of Thai and Lao that Unicode takes for letters.
_JOINER = "\u200d"
_HALF_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_JOINED = frozenset("ะาำๅະາຳ") | {*map(chr, (0x200D, *range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080)))}
_AHEAD = "เแโใไເແໂໃໄ"  # vowels of Thai and Lao that are written ahead of their consonant


class Between(Struct, frozen=True, kw_only=True):
    """What `find_between` found: the places of both ends, and the passage if there is exactly one.

    `ends` are the places of `to` in the whole text, so that a message can say where it does stand.
    """

    starts: tuple[Span, ...]
    ends: tuple[Span, ...]
    passage: Span | None = None

    @property
    def problem(self) -> Literal["from-missing", "from-ambiguous", "to-missing"] | None:
        """Why there is no passage."""
        if self.passage:
            return None
        return ("from-missing", "to-missing", "from-ambiguous")[min(len(self.starts), 2)]


def find(folded: Folded, exact: str, prefix: str = "", suffix: str = "", *, cut: bool = False) -> list[Span]:
    """Every place of the words in the text as it stands, in order, overlapping ones too; at most MOST_PLACES.

    Blanks at the joints do not count. Neither the words nor the context begin or end inside a word or a number,
    unless `cut` allows the context to, since other tools cut it after so many characters.
    """
    befores = [joint for left in _needles(prefix) for joint in ((left, f"{left} ") if left else ("",))]
    afters = [joint for right in _needles(suffix) for joint in ((right, f" {right}") if right else ("",))]
    places = {
        place
        for needle, before, after in product(_needles(exact), befores, afters)
        for place in _places(folded, needle, before, after, cut=cut)
    }
    return [_standing(folded, place) for place in sorted(places)[:MOST_PLACES]]


def find_between(folded: Folded, start: str, end: str) -> Between:
    """The passage from the only place of `start` to the next place of `end`, at most BETWEEN behind it."""
    starts, ends = find(folded, start), find(folded, end)
    passage = None
    if len(starts) == 1:
        begin = folded.to_folded(starts[0].end)
        until = begin + BETWEEN
        near = [place for one in _needles(end) for place in _places(folded, one, since=begin, until=until, most=1)]
        passage = Span(starts[0].start, _standing(folded, min(near)).end) if near else None
    return Between(starts=tuple(starts), ends=tuple(ends), passage=passage)


def context(folded: Folded, span: Span) -> tuple[str, str] | None:
    """The shortest prefix and suffix, in whole words, with which the words of the span stand nowhere else.

    Both are empty where the words stand only once. On one side only, if that stays within NEAT characters. None where
    MOST_CONTEXT characters on each side are not enough, or where there are too many rivals to compare with.
    """
    text = folded.text
    start, end = trimmed(folded, Span(folded.to_folded(span.start), folded.to_folded(span.end)))
    bearable = min(MOST_RIVALS, MOST_COMPARED // max(1, end - start))
    places = _places(folded, text[start:end], most=bearable + 1)
    if len(places) > bearable:
        return None
    before, after = around = _around(text, Span(start, end))
    rivals = [_alike(text, around, _around(text, place)) for place in places if place != (start, end)]
    best = min(_lengths(folded, before, after, rivals), key=_ease, default=None)
    return best and (folded.shown(before - best[0], before), folded.shown(after, after + best[1]))


def minimal_selector(folded: Folded, span: Span) -> tuple[str, str, str] | None:
    """Exact words, prefix and suffix for what somebody selected, widened to whole words; None if nothing names it."""
    start, end = whole_words(folded, span)
    around = context(folded, Span(start, end)) if start < end else None
    return around and (folded.shown(folded.to_folded(start), folded.to_folded(end)), *around)


def whole_words(folded: Folded, span: Span) -> Span:
    """The span without blanks at its ends, and widened until it neither begins nor ends inside a word."""
    start, end = trimmed(folded, Span(folded.to_folded(span.start), folded.to_folded(span.end)))
    while start < end and inside(folded, start):
        start -= 1
    while start < end and inside(folded, end):
        end += 1
    return _standing(folded, Span(start, end))


def inside(folded: Folded, at: int) -> bool:
    """Whether an offset of the folded text parts a word, a number or a character as readers know them."""
    text = folded.text
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before == " " or after == " ":
        return _groups(folded, at - 1 if before == " " else at)
    joined = _INSIDE.match(text, at) is not None
    # A mark joins nothing to a letter of such scripts, nor to a particle of Korean (“…”고).
    if joined and not (before.isalnum() and after.isalnum()):
        joined = not any(unparted(char) or "\uac00" <= char <= "\ud7a3" for char in text[max(0, at - 2) : at + 2])
    if before < "\u0300" and after < "\u0300":
        return joined
    if (
        category(after)[0] == "M"
        or after in _JOINED
        or before in _AHEAD
        or folded.source[folded.to_source(at) - 1] == _JOINER
    ):
        return True  # of one character with what stands before: an accent, a joined picture, a tone of skin
    if after in _HALF_FLAGS:
        ahead = text[max(0, at - 200) : at]
        return len(ahead.rstrip(_HALF_FLAGS)) % 2 != len(ahead) % 2
    marked = category(before)[0] == "M" and after.isalnum()
    number = before.isnumeric() and after.isnumeric()  # 三 in 十三, ๓ in ๑๓
    return (joined or marked) and (number or not (unparted(before) or unparted(after)))


def unparted(char: str) -> bool:
    """Whether a character is of a script that does not part its words."""
    return any(first <= char <= last for first, last in _UNPARTED)


def _groups(folded: Folded, blank: int) -> bool:
    """Whether a blank groups the digits of one number: 50 000 with a blank that does not break."""
    text = folded.text
    if not (text[blank - 1 : blank].isdigit() and _GROUP.match(text, blank + 1)):
        return False
    return (
        not (blank > 3 and text[blank - 4 : blank].isdigit()) and folded.source[folded.to_source(blank)] in _GROUPING
    )


@lru_cache(maxsize=512)  # most quotations have no prefix and no suffix, and each save looks for all of them again
def _needles(words: str) -> tuple[str, ...]:
    """The words folded, and in other forms where only what stands beside them in the text knows which it is: with
    their blanks, since a guillemet at their end opens or closes and Han may be parted by the border of a block; and
    with the mark they begin with as it is behind a digit.
    """
    words = " ".join(words.split())
    needle = fold(words).text.strip(" ")
    behind_digit = fold(f"0{words}").text[1:].strip(" ") if needle[:1] == '"' else needle
    return tuple(dict.fromkeys((needle, fold(words, habits=False).text.strip(" "), behind_digit)))


def _standing(folded: Folded, place: Span) -> Span:
    start, end = folded.to_source(place.start), folded.to_source(place.end)
    return Span(start, start + len(folded.source[start:end].rstrip()))  # blanks of habit are before the next sign


def trimmed(folded: Folded, place: Span) -> Span:
    """A place in the folded text without the blanks at its ends."""
    start, end = place
    words = folded.text[start:end]
    return Span(start + len(words) - len(words.lstrip(" ")), start + len(words.rstrip(" ")))


def _places(
    folded: Folded,
    needle: str,
    left: str = "",
    right: str = "",
    *,
    cut: bool = False,
    since: int = 0,
    until: int | None = None,
    most: int = MOST_PLACES,
) -> list[Span]:
    """Where the needle stands in the folded text between `left` and `right`, beginning in a stretch of it."""
    if not needle:
        return []
    text, whole = folded.text, left + needle + right
    until = len(text) if until is None else until + len(whole)
    places: list[Span] = []
    at = text.find(whole, since, until)
    for _ in range(MOST_TRIES):
        if at < 0 or len(places) == most:
            break
        start, end = at + len(left), at + len(left) + len(needle)
        first, last = (start, end) if cut else (at, at + len(whole))
        following = at + 1
        if inside(folded, first):
            rest = _REST.match(text, first)
            following = max(following, rest.end() - (first - at)) if rest else following
        elif not any(inside(folded, border) for border in {start, end, last}):
            places.append(Span(start, end))
        at = text.find(whole, following, until)
    return places


def _around(text: str, place: Span) -> tuple[int, int]:
    """Where the context of a place ends and where it begins again, without the blanks at the joints."""
    start, end = place
    return start - (text[start - 1 : start] == " "), end + (text[end : end + 1] == " ")


def _alike(text: str, here: tuple[int, int], there: tuple[int, int]) -> tuple[int, int]:
    """How many characters the contexts of two places share, before and after, up to MOST_CONTEXT."""
    (ahead, behind), (ahead_there, behind_there) = here, there
    return (
        _most(lambda n: text[ahead - n : ahead] == text[ahead_there - n : ahead_there], min(ahead, ahead_there)),
        _most(
            lambda n: text[behind : behind + n] == text[behind_there : behind_there + n],
            len(text) - max(behind, behind_there),
        ),
    )


def _most(holds: Callable[[int], bool], most: int) -> int:
    """The largest number up to `most` for which it holds, given that it holds for all smaller ones."""
    low, high = 0, min(most, MOST_CONTEXT)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _lengths(folded: Folded, before: int, after: int, rivals: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Lengths of prefix and suffix of which no rival shares both, for each prefix the shortest suffix."""
    rivals.sort()
    shared = [left for left, _ in rivals]
    hardest = list(accumulate((right for _, right in reversed(rivals)), max))[::-1]
    suffixes = [end - after for end in _word_ends(folded, after)] if rivals else []
    for prefix in [0, *(before - start for start in _word_starts(folded, before))] if rivals else [0]:
        still = bisect_left(shared, prefix)
        if still == len(rivals):
            yield prefix, 0
            return
        enough = bisect_right(suffixes, hardest[still])
        if enough < len(suffixes):
            yield prefix, suffixes[enough]


def _word_starts(folded: Folded, before: int) -> list[int]:
    """Where the words before an offset begin, nearest first, and where the text does."""
    far = max(0, before - MOST_CONTEXT)
    far += folded.text[far : far + 1] == " "
    starts = [word.start() for word in _WORD.finditer(folded.text, far, before)]
    return sorted({start for start in (*starts, far) if start < before and not inside(folded, start)}, reverse=True)


def _word_ends(folded: Folded, after: int) -> list[int]:
    """Where the words after an offset end, nearest first, and where the text does."""
    far = min(len(folded.text), after + MOST_CONTEXT)
    far -= folded.text[far - 1 : far] == " "
    ends = [word.end() for word in _WORD.finditer(folded.text, after, far)]
    return sorted({end for end in (*ends, far) if end > after and not inside(folded, end)})


def _ease(lengths: tuple[int, int]) -> tuple[bool, bool, int]:
    """What is easier to type and to read: something short, and preferably on one side."""
    prefix, suffix = lengths
    return prefix + suffix > NEAT, bool(prefix and suffix), prefix + suffix
