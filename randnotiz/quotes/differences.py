"""In what a passage differs from a quotation, word by word, and how that is said."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Literal
from unicodedata import category, decimal, name, normalize

from msgspec import Struct
from msgspec.structs import replace

from randnotiz.language.lexicon import LONGEST, Lexicon, is_numeral
from randnotiz.quotes.folding import Folded
from randnotiz.quotes.matching import unparted
from randnotiz.quotes.sameness import vowel
from randnotiz.quotes.words import Pair, Word, plain
from randnotiz.spans import Span

Kind = Literal["number", "negation", "unit", "name", "opening", "turn", "word", "order", "case", "punctuation"]

_GRAVE: dict[Kind, str] = {
    "number": "a number",
    "negation": "a negation",
    "unit": "a unit",
    "name": "a name",
    "opening": "perhaps a name",  # which begins a sentence
    "turn": "a word that turns a statement",
}

_ONLY: dict[Kind, str] = {
    "case": "capital letters differ",
    "punctuation": "punctuation or blanks differ",
    "order": "the order differs",
}
_PER_NUMBER = re.compile(r"\d ?°?$")
# Marks that hardly show beside a Latin letter, letters that show nothing, and what changes or joins pictures.
_UNSEEN = re.compile("[\u0300-\u036f\u115f\u1160\u200d\u2800\u3164\uffa0\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_BEGINNING = re.compile(r"(?:^|[.!?:…]\W*|\n\W*)$")
_SYMBOL = 4  # letters of a unit
_BESIDE = 2  # letters beside a change with which it may make a negation, where words are not parted
_NAMED = 4  # letters of a word that begins a sentence and may be a name: not "The"
_LONG = 8  # letters of a word in which one other is a slip rather than another name


class Difference(Struct, frozen=True, kw_only=True):
    """What the quotation says and what stands in the text instead; empty where one of them has nothing.

    `span` is its place in the text as it stands, an empty one where something is gone.
    """

    kind: Kind
    quoted: str
    found: str
    span: Span

    @property
    def grave(self) -> bool:
        """Whether it changes the statement itself."""
        return self.kind in _GRAVE


def grave(found: Sequence[Difference]) -> str:
    """By what kinds of words a statement itself differs; empty if it does not."""
    kinds = {difference.kind for difference in found}
    named = [words for kind, words in _GRAVE.items() if kind in kinds]
    return " and ".join((", ".join(named[:-1]), named[-1])) if len(named) > 1 else "".join(named)


def describe(found: Sequence[Difference], most: int = 3) -> str:
    """The differences as the end of a sentence, what changes the statement first."""
    kinds = {difference.kind for difference in found}
    listed = ", ".join(map(_described, sorted(found, key=lambda difference: not difference.grave)[:most]))
    listed += f" and {len(found) - most} more" if len(found) > most else ""
    if named := grave(found):
        return f"the statement itself has changed ({named}): {listed}"
    only = _ONLY.get(next(iter(kinds))) if len(kinds) == 1 else None
    return f"only {only}: {listed}" if only else listed


def _described(difference: Difference) -> str:
    quoted, found = difference.quoted, difference.found
    if not found:
        return f"'{quoted}' is gone"
    if not quoted:
        return f"'{found}' has been added"
    if quoted == found:
        return f"'{quoted}' stands elsewhere"
    listed = ", ".join(_look_alike(normalize("NFC", quoted), normalize("NFC", found)))
    return f"'{quoted}' is now '{found}'" + (f" ({listed})" if listed else "")


def _look_alike(quoted: str, found: str) -> list[str]:
    """What makes two words differ and looks the same: characters joined, of another script, or hardly visible."""
    if normalize("NFKC", quoted) == normalize("NFKC", found):
        odd = sorted({char for char in quoted + found if normalize("NFKC", char) != char})
        return [f"{char} is U+{ord(char):04X}" for char in odd]
    if _UNSEEN.sub("", quoted) == _UNSEEN.sub("", found):
        gone, come = (Counter(_UNSEEN.findall(words)) for words in (quoted, found))
        unseen = (("without", gone - come), ("with", come - gone))
        return [f"{sign} U+{ord(char):04X}" for sign, chars in unseen for char in chars.elements()]
    changed = dict.fromkeys((a, b) for a, b in zip(quoted, found, strict=False) if a != b)
    if len(quoted) != len(found) or not all(_confusable(*pair) for pair in changed):
        return []
    return [f"{a} was U+{ord(a):04X}, {b} is U+{ord(b):04X}" for a, b in changed]


def _confusable(a: str, b: str) -> bool:
    """Whether two characters may look alike: letters of two scripts, digits of one value, signs of one kind."""
    if a.isalpha() and b.isalpha() and a + b not in ("mµ", "µm"):
        return name(a, "").partition(" ")[0] != name(b, "").partition(" ")[0]  # a name begins with the script
    if a.isalnum() or b.isalnum():
        return decimal(a, None) == decimal(b, 0)
    return category(a) == category(b) and category(a)[0] in "PSZ" and not (a + b).isascii() and "…" not in a + b


def differences_of(
    needle: Folded, text: Folded, pairs: Sequence[Pair], quoted: Span, bounds: Span, lexicon: Lexicon
) -> tuple[Difference, ...]:
    """The differences between a quotation and a stretch of the text, in the order of the text."""

    def difference(kind: Kind, here: Span, there: Span) -> Difference:
        span = Span(text.to_source(there.start), text.to_source(there.end))
        return Difference(kind=kind, quoted=needle.shown(*here), found=text.shown(*there), span=span)

    changed: list[tuple[Span, Span]] = []
    place = bounds.start
    for a, b in pairs:
        if a is None or b is None or a.text != b.text:
            here = Span(a.start, a.end) if a else Span(0, 0)
            there = Span(b.start, b.end) if b else Span(place, place)
            if changed and (both := _joined(needle, text, changed[-1], (here, there))):
                changed[-1] = both
            else:
                changed.append((here, there))
        place = b.end if b else place
    kind = partial(_kind, lexicon, needle, text)
    marks = [
        difference(
            _mark_kind(a.text, c.text, needle.text[a.end : c.start], text.text[b.end : d.start]),
            Span(a.start, c.end),
            Span(b.start, d.end),
        )
        for (a, b), (c, d) in pairwise([*_ends(quoted[0], bounds[0]), *pairs, *_ends(quoted[1], bounds[1])])
        if a and b and c and d and needle.text[a.end : c.start] != text.text[b.end : d.start]
    ]
    words = _moved([difference(kind(here, there), here, there) for here, there in changed])
    return tuple(sorted([*words, *marks], key=lambda difference: difference.span))


def _joined(
    needle: Folded, text: Folded, one: tuple[Span, Span], other: tuple[Span, Span]
) -> tuple[Span, Span] | None:
    """Two differences as one where words are not parted and they touch; None elsewhere."""
    (here, there), (here_too, there_too) = one, other
    heads = [needle.text[h.start : h.end][:1] or text.text[t.start : t.end][:1] for h, t in (one, other)]
    quoted = [span for span in (here, here_too) if span.start < span.end]
    touching = there.end == there_too.start and (len(quoted) < 2 or here.end == here_too.start)
    if not touching or not all(map(unparted, heads)):
        return None
    return Span(quoted[0].start, quoted[-1].end) if quoted else here, Span(there.start, there_too.end)


def _mark_kind(before: str, after: str, quoted: str, found: str) -> Kind:
    """Between two numbers a mark is part of what they say: 5-7 is not 5, 7; behind one, so is a prime."""
    primes = all(marks[:1] in ("′", "″", "‴") for marks in (quoted, found))
    return "number" if before[-1:].isdigit() and (after[:1].isdigit() or primes) else "punctuation"


def _ends(here: int, there: int) -> list[Pair]:
    """The end of a quotation and of a passage as if a word stood there, so that marks beside it are looked at too."""
    return [(Word(here, here, "", ""), Word(there, there, "", ""))]


def _moved(words: Sequence[Difference]) -> list[Difference]:
    """The differences with what is gone here and new there as one, where that word is the same."""
    plain = [difference for difference in words if difference.kind in ("word", "turn")]
    gone = {difference.quoted for difference in plain if not difference.found}
    moved = gone & {difference.found for difference in plain if not difference.quoted}
    return [
        replace(difference, kind="turn" if difference.kind == "turn" else "order", quoted=difference.found)
        if difference in plain and difference.found in moved
        else difference
        for difference in words
        if not (difference in plain and not difference.found and difference.quoted in moved)
    ]


def _kind(lexicon: Lexicon, needle: Folded, text: Folded, here: Span, there: Span) -> Kind:
    """What a changed word is: the first that holds."""
    a, b = needle.text[slice(*here)], text.text[slice(*there)]
    counted = all(
        _PER_NUMBER.search(folded.text[max(0, span.start - 3) : span.start])
        for folded, span in ((needle, here), (text, there))
    )
    symbols = (
        a
        and b
        and max(len(a), len(b)) <= _SYMBOL
        and not (vowel(a) and vowel(b))
        and not (is_numeral(a) or is_numeral(b))
    )
    if counted and symbols:
        return "unit"
    if a.lower() == b.lower():  # casefold would take ß for ss
        return "case"
    joined = re.findall(r"\w+(?=-$)", text.text[max(0, there.start - LONGEST) : there.start])  # ninety-one
    if any(map(lexicon.is_number, (a, b, *(joined if not a else ())))):
        return "number"
    if lexicon.negates(a, b) or (not lexicon.parted and lexicon.negates(*_widened(needle, text, here, there))):
        return "negation"
    if not (a and b) and any(map(str.isupper, (a + b)[1:])):
        return "name"
    capital = all(any(map(str.isupper, word)) for word in (a, b)) and not _same_name(a, b)
    if capital and (_is_name(needle, here) or _is_name(text, there)):
        return "name"
    if plain(a) != plain(b) and lexicon.turns(f"{a} {b}"):
        return "turn"
    return "opening" if capital and not any(_stands_small(word, needle, text) for word in (a, b)) else "word"


def _widened(needle: Folded, text: Folded, here: Span, there: Span) -> tuple[str, str]:
    """A change of words that are not parted with the letters beside it."""
    before, behind = (
        text.text[max(0, there.start - _BESIDE) : there.start],
        text.text[there.end : there.end + _BESIDE],
    )
    return f"{before}{needle.text[slice(*here)]}{behind}", f"{before}{text.text[slice(*there)]}{behind}"


def _is_name(folded: Folded, word: Span) -> bool:
    """Whether a word has a capital that no beginning of a sentence explains; German writes every noun like that."""
    at = folded.to_source(word.start)
    opens = _BEGINNING.search(folded.source[max(0, at - 8) : at]) is not None
    return any(map(str.isupper, folded.text[word.start + opens : word.end]))


def _stands_small(word: str, *texts: Folded) -> bool:
    """Whether what has a capital at the beginning of a sentence is no name: too short, or small elsewhere."""
    small = re.compile(rf"(?<!\w){re.escape(word.lower())}(?!\w)")
    return len(word) < _NAMED or any(small.search(folded.text) for folded in texts)


def _same_name(a: str, b: str) -> bool:
    """Whether two words are one name with another ending, or a long one with a single slip."""
    from rapidfuzz.distance import OSA

    short, long = sorted((plain(a), plain(b)), key=len)
    ending = long.startswith(short) and len(long) - len(short) <= 2
    return ending or (len(short) >= _LONG and OSA.distance(short, long, score_cutoff=1) == 1)


def counts(one: Word, other: Word) -> bool:
    """Whether two words are numbers in digits, which stand for each other whatever they are."""
    return is_numeral(one.text) and is_numeral(other.text)
