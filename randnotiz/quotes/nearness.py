"""What a quotation that is nowhere to be found most likely meant, and in what the text differs from it."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise
from typing import Literal, NamedTuple
from unicodedata import category, name, normalize

from randnotiz.quotes.folding import Folded, fold
from randnotiz.quotes.matching import trimmed, unparted, whole_words
from randnotiz.spans import Span

Kind = Literal["number", "negation", "name", "word", "order", "inflection", "spelling", "case", "punctuation"]

MOST_WORDS = 250  # a longer quotation is better named by its two ends, and comparing it would take too long
MOST_LOOKED_AT = 200_000  # words of the text, more than any article has
MOST_HITS = 300  # a word that stands in more places leads to none of them
LEAST_SCORE = 0.5  # below this a passage shares little more than its small words
MOST_WITHIN = 1_000  # words of sentences that took the place of some
MOST_BESIDE = 3  # words put before or behind a clause that are no clause of their own

_WORD = re.compile(r"""(?:(?<![^ ("\[])-(?=\d))?\w+(?:(?<=\d)[.,:/](?=\d)\w+|"\w+)*|[%‰°$€£¥]""")
_MARK = re.compile(r"[^\w ]")
_CLAUSE = re.compile(r"[.,;:!?…()。、，；：！？｡؟،؛।]| -+ ")


class Word(NamedTuple):
    """A word, number or sign of a folded text, and its letters without case, diacritics and their transcriptions."""

    start: int
    end: int
    text: str
    plain: str


Pair = tuple[Word | None, Word | None]  # a word of the quotation and the one that stands for it


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
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
        return self.kind in ("number", "negation", "name")


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """A passage that a missing quotation may have meant; `score` is the share of letters they have in common, `whole`
    that of all words that were looked for.
    """

    span: Span
    passage: str
    score: float
    whole: float
    differences: tuple[Difference, ...]

    @property
    def shorter(self) -> bool:
        """Whether words at its beginning or end are gone, so that the passage says less than was quoted."""
        ends = {self.span[0], self.span[1]}
        return any(not one.found and one.kind != "order" and one.span[0] in ends for one in self.differences)

    @property
    def changed(self) -> bool:
        """Whether a number, a negation or a name differs: then the text no longer says what was quoted."""
        return any(difference.grave for difference in self.differences)


def nearest(
    folded: Folded, words: str, limit: int = 3, inner: Span | None = None, *, within: Span | None = None
) -> list[Near]:
    """The passages most like a quotation that stands nowhere, best first; none if none is near or it is too long.

    `inner` is the quotation where `words` are what it stands in as well: then all of them must be like the text, and
    a passage is what stands there in the place of the quotation. `within` is a stretch that all of them stand for.
    """
    needle = fold(words)
    wanted = _words(needle, MOST_WORDS + 1)
    ours = Span(*map(needle.to_folded, inner or (0, len(words))))
    if len(wanted) > MOST_WORDS or not any(ours.start <= word.start < ours.end for word in wanted):
        return []
    if within is not None:
        first, last = map(folded.to_folded, within)
        stretch = [word for word in _index(folded)[0] if first <= word.start < last][:MOST_WITHIN]
        near = _near(folded, needle, ours, wanted, stretch, free=False)
        return [near] if near else []
    nears = (_near(folded, needle, ours, wanted, stretch) for stretch in _stretches(folded, wanted, limit + 2))
    chosen: list[Near] = []
    for near in sorted((near for near in nears if near), key=lambda near: (-near.whole, near.span)):
        if not any(near.span[0] < other.span[1] and other.span[0] < near.span[1] for other in chosen):
            chosen.append(near)
    return chosen[:limit]


def differences(exact: str, passage: str) -> tuple[Difference, ...]:
    """In what a passage differs from a quotation, in order, up to MOST_WORDS; the spans count in the passage."""
    needle, text = fold(exact), fold(passage)
    pairs = _aligned(_words(needle, MOST_WORDS), _words(text, MOST_WORDS), free=False)
    return _differences(needle, text, pairs, *(trimmed(one, Span(0, len(one.text))) for one in (needle, text)))


def describe(found: Sequence[Difference], most: int = 3) -> str:
    """The differences as the end of a sentence, what changes the statement first."""
    kinds = {difference.kind for difference in found}
    told_ones = sorted(found, key=lambda difference: not difference.grave)[:most]
    more = f" and {len(found) - most} more" if len(found) > most else ""
    listed = ", ".join(_described(difference) for difference in told_ones) + more
    if any(difference.grave for difference in found):
        return f"the statement itself has changed: {listed}"
    only = _ONLY.get(next(iter(kinds))) if len(kinds) == 1 else None
    return f"only {only}: {listed}" if only else listed


_ONLY: dict[Kind, str] = {
    "case": "capital letters differ",
    "punctuation": "punctuation or blanks differ",
    "inflection": "the ending of a word differs",
    "spelling": "the spelling differs",
    "order": "the order differs",
}


def _described(difference: Difference) -> str:
    if not difference.found:
        return f"'{difference.quoted}' is gone"
    if not difference.quoted:
        return f"'{difference.found}' has been added"
    if difference.kind == "order":
        return f"'{difference.quoted}' stands elsewhere"
    listed = ", ".join(_look_alike(difference.quoted, difference.found))
    return f"'{difference.quoted}' is now '{difference.found}'" + (f" ({listed})" if listed else "")


def _look_alike(quoted: str, found: str) -> list[str]:
    """The characters that make two words differ which look the same, by code point: of another script, or joined."""
    if normalize("NFKC", quoted) == normalize("NFKC", found):
        odd = sorted({char for char in quoted + found if normalize("NFKC", char) != char})
        return [f"{char} is U+{ord(char):04X}" for char in odd]
    changed = [(a, b) for a, b in zip(quoted, found, strict=False) if a != b]
    if len(quoted) != len(found) or not all(
        a.isalpha() and b.isalpha() and _script(a) != _script(b) for a, b in changed
    ):
        return []
    return [f"{a} was U+{ord(a):04X}, {b} is U+{ord(b):04X}" for a, b in dict.fromkeys(changed)]


def _script(char: str) -> str:
    """The script of a letter, which begins its name."""
    return name(char, "").partition(" ")[0]


# ----------------------------------------------------------------------------------------------------
# Where to look
# ----------------------------------------------------------------------------------------------------


def _words(folded: Folded, most: int) -> list[Word]:
    found = islice(_bounds(folded.text), most)
    return [Word(start, end, word, _plain(word)) for start, end in found for word in (folded.text[start:end],)]


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    """Where words begin and end: a combining mark belongs to its letter; in scripts that do not part their words each
    letter is one (UAX #29 has no better rule for them without a dictionary).
    """
    if text.isascii():
        yield from (match.span() for match in _WORD.finditer(text))
        return
    begun = -1
    for match in _WORD.finditer(text):
        start, end = match.span()
        start, begun = (begun if begun >= 0 else start), -1
        while end < len(text) and text[end] >= "\u0300" and category(text[end])[0] == "M":
            end += 1
        if end > match.end() and end < len(text) and text[end].isalnum() and not unparted(text[end - 1]):
            begun = start  # the word goes on behind the mark
        elif max(text[start:end]) >= "\u0e00" and any(map(unparted, text[start:end])):
            yield from _letters(text, start, end)
        else:
            yield start, end


def _letters(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Each letter of a script without parted words, and what stands between them whole."""
    at = start
    while at < end:
        last = at + 1
        while last < end and (category(text[last])[0] == "M" or not (unparted(text[at]) or unparted(text[last]))):
            last += 1
        yield at, last
        at = last


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    """The letters of a word without what people spell in different ways: case, accents, ß, ae for ä."""
    return re.sub("(?<=[aou])e", "", _bare(word))


@lru_cache(maxsize=4096)
def _bare(word: str) -> str:
    """The letters of a word without case and accents; the first hundred, since no word is longer."""
    letters = normalize("NFD", word[:100].casefold())
    return "".join(char for char in letters if char != '"' and category(char) != "Mn")


@lru_cache(maxsize=1)  # several quotations of one article may be missing
def _index(folded: Folded) -> tuple[list[Word], dict[str, list[int]]]:
    words, index = _words(folded, MOST_LOOKED_AT), defaultdict(list)
    for number, word in enumerate(words):
        for key in _keys(word):
            index[key].append(number)
    return words, dict(index)


def _keys(word: Word) -> tuple[str, ...]:
    """A word as a whole, its first and its last letters, so that a typing error leaves one of them."""
    plain = word.plain
    return (plain, f"{plain[:4]}…", f"…{plain[-4:]}") if len(plain) > 4 else (plain, f"{plain}…", f"…{plain}")


def _stretches(folded: Folded, wanted: Sequence[Word], most: int) -> Iterator[list[Word]]:
    """Stretches of the text that may hold the passage: where rare words stand at like distances from each other."""
    words, index = _index(folded)
    width = max(3, min(len(wanted) // 4, 24))
    votes: dict[int, float] = defaultdict(float)
    for number, word in enumerate(wanted):
        for key in _keys(word):
            hits = index.get(key, ())
            for hit in hits if len(hits) <= MOST_HITS else ():
                votes[(hit - number) // width] += len(word.text) / len(hits)
    both = {slot: count + votes.get(slot + 1, 0) for slot, count in votes.items()}
    least = max(both.values(), default=0) / 4
    chosen: list[int] = []
    for slot in sorted(both, key=lambda slot: (-both[slot], slot)):
        if len(chosen) == most or both[slot] < least:
            break
        if all(abs(slot - other) > 1 for other in chosen):
            chosen.append(slot)
            first = slot * width - width
            yield words[max(0, first) : max(0, first + 4 * width + len(wanted))]


def _near(
    folded: Folded, needle: Folded, ours: Span, wanted: Sequence[Word], stretch: Sequence[Word], *, free: bool = True
) -> Near | None:
    pairs = _aligned_in_blocks(folded, wanted, stretch) if free else _aligned(wanted, stretch, free=False)
    pairs = _closed(_closed(pairs)[::-1])[::-1]
    own = [at for at, (a, _) in enumerate(pairs) if a and ours.start <= a.start < ours.end]
    before, part, behind = pairs[: own[0]], pairs[own[0] : own[-1] + 1], pairs[own[-1] + 1 :]
    there = [b for _, b in pairs if b]
    whole = _score(pairs)
    if (free and whole < LEAST_SCORE) or not any(b for _, b in part):
        return None
    first, last = _with_moved(part, stretch)
    taken = stretch[first : last + 1]
    first -= _beside(folded, needle, part, before[::-1], taken, stretch[:first][::-1])
    last += _beside(folded, needle, part[::-1], behind, taken[::-1], stretch[last + 1 :])
    here = Span(next(a.start for a, _ in part if a), next(a.end for a, _ in reversed(part) if a))
    start, end = _with_marks(needle, ours, here, folded, Span(stretch[first].start, stretch[last].end))
    span = whole_words(folded, Span(folded.to_source(start), folded.to_source(end)))
    start, end = map(folded.to_folded, span)
    edges = Span(min(start, there[0].start), max(end, there[-1].end))
    ahead = [word for word in stretch if edges.start <= word.start < there[0].start]
    after = [word for word in stretch if there[-1].end < word.end <= edges.end]
    pairs = _filled(_filled(pairs[::-1], after)[::-1], ahead[::-1])
    found = _differences(needle, folded, pairs, trimmed(needle, Span(0, len(needle.text))), edges)
    score = _score(
        [(a, b) for a, b in pairs if (ours.start <= a.start < ours.end if a else b and start <= b.start < end)]
    )
    return Near(span=span, passage=folded.shown(start, end), score=score, whole=whole, differences=found)


def _aligned_in_blocks(folded: Folded, wanted: Sequence[Word], stretch: Sequence[Word], tries: int = 4) -> list[Pair]:
    """A quotation beside a stretch of the text, without words of the block before or behind, such as a heading, that
    are only like some of its own.
    """
    pairs = _aligned(wanted, stretch, free=True)
    there = [(a, b) for a, b in pairs if b]
    for at in range(1, len(there) if tries else 0):
        before, behind = there[at - 1][1], there[at][1]
        if "\n" not in folded.source[folded.to_source(before.end) : folded.to_source(behind.start)]:
            continue
        rests = stretch[stretch.index(behind) :], stretch[: stretch.index(before) + 1]
        for side, rest in zip((there[:at], there[at:]), rests, strict=True):
            if 2 * len(side) < len(there) and any(a is None or a.plain != b.plain for a, b in side):
                return _aligned_in_blocks(folded, wanted, rest, tries - 1)
    return pairs


def _closed(pairs: list[Pair]) -> list[Pair]:
    """The pairs, the first word with its like directly before the second if there is one: some stand everywhere."""
    both = [at for at, (a, b) in enumerate(pairs) if a and b][:2]
    if len(both) == 2 and both[1] - both[0] > 1:
        (a, far), (dropped, near) = pairs[both[0]], pairs[both[1] - 1]
        if a and near and not dropped and a.plain == near.plain:
            return [*pairs[: both[0]], (None, far), *pairs[both[0] + 1 : both[1] - 1], (a, near), *pairs[both[1] :]]
    return pairs


def _beside(
    folded: Folded,
    needle: Folded,
    part: Sequence[Pair],
    context: Sequence[Pair],
    taken: Sequence[Word],
    beside: Sequence[Word],
) -> int:
    """How many words beside a passage took the place of some at this edge of the quotation: those up to the end of
    the clause, or as many as are gone. All is given from the edge: the quotation inwards, the rest outwards.
    """
    at = next(at for at, (_, b) in enumerate(part) if b)
    gone = len([a for a, _ in part[:at] if a and a.plain not in [word.plain for word in taken]])
    a, b = part[at]
    stays = next((b for a, b in context if a and b), None)
    room = 0
    for one, word in pairwise([taken[0], *beside]):
        if word == stays or _parted(folded, one, word):
            break
        room += 1
    lowered = a is not None and b is not None and a.text[:1].isupper() and b.text.islower()
    if gone or lowered or a is None or b is None or _kind(a.text, b.text) in ("word", "negation"):
        return room if room <= gone + 2 else gone
    first = part[0][0]
    other = next((a for a, _ in context if a), None)
    opens = first is not None and (other is not None or "\n" in needle.source) and _parted(needle, first, other)
    return room if opens and room <= MOST_BESIDE else 0


def _filled(pairs: list[Pair], beside: Sequence[Word]) -> list[Pair]:
    """The pairs with words from beyond their end, given from there, which stand for those gone at that end."""
    gone = next((at for at, (_, b) in enumerate(pairs) if b), 0)
    stand, more = beside[:gone][::-1], beside[gone:][::-1]
    paired = [(a, word) for (a, _), word in zip(pairs[gone - len(stand) : gone], stand, strict=True)]
    return [*((None, word) for word in more), *pairs[: gone - len(stand)], *paired, *pairs[gone:]]


def _parted(folded: Folded, one: Word, other: Word | None) -> bool:
    """Whether a clause or a block ends between two words; behind the last and before the first one does."""
    if other is None:
        return True
    first, second = sorted((one, other))
    between = folded.text[first.end : second.start]
    return (
        bool(_CLAUSE.search(between))
        or "\n" in folded.source[folded.to_source(first.end) : folded.to_source(second.start)]
    )


def _with_moved(pairs: Sequence[Pair], stretch: Sequence[Word]) -> tuple[int, int]:
    """The first and the last of what was paired, with words beside it that the quotation has in another place."""
    there = [word for _, word in pairs if word]
    first, last = stretch.index(there[0]), stretch.index(there[-1])
    dropped = {a.plain for a, b in pairs if a and not b}
    while first and stretch[first - 1].plain in dropped:
        first -= 1
    while last + 1 < len(stretch) and stretch[last + 1].plain in dropped:
        last += 1
    return first, last


def _with_marks(needle: Folded, ours: Span, words: Span, folded: Folded, bounds: Span) -> Span:
    """The bounds of a passage with the punctuation at its ends, if the quotation has some there."""
    start, end = bounds
    for _ in needle.text[ours.start : words.start].replace(" ", ""):
        start -= start > 0 and _MARK.match(folded.text, start - 1) is not None
    for _ in needle.text[words.end : ours.end].replace(" ", ""):
        end += _MARK.match(folded.text, end) is not None
    return Span(start, end)


def _score(pairs: Sequence[Pair]) -> float:
    likeness = _likeness()
    whole = sum(len(word.text) for pair in pairs for word in pair if word)
    alike = sum(likeness(a, b) * (len(a.text) + len(b.text)) for a, b in pairs if a and b)
    return round(alike / whole, 3)


# ----------------------------------------------------------------------------------------------------
# Word against word
# ----------------------------------------------------------------------------------------------------


def _likeness() -> Callable[[Word, Word], float]:
    """A function that says from 0 to 1 how much two words are alike; two numbers always are, two names a trifle."""
    from rapidfuzz.distance import Indel  # 30 ms that only a missing quotation costs

    def likeness(a: Word, b: Word) -> float:
        if a.plain == b.plain:
            return 1.0 if a.text == b.text else 0.95
        ratio = 0.95 * Indel.normalized_similarity(a.plain, b.plain)
        if _is_number(a.text) and _is_number(b.text):
            return max(0.5, ratio)
        return ratio if ratio > 0.55 else 0.01 * _names(a.text, b.text)

    return likeness


def _aligned(wanted: Sequence[Word], there: Sequence[Word], *, free: bool) -> list[Pair]:
    """Both sequences word beside word, as alike as they can be (Needleman and Wunsch).

    With `free` ends, words of the text before and after the passage cost nothing and are left out.
    """
    likeness = _likeness()
    known: dict[tuple[str, str], float] = {}
    weigh = [0.5 * min(10, 2 + len(word.text)) for word in there]
    row = [0.0] * (len(there) + 1)
    if not free:
        for column, weight in enumerate(weigh, 1):
            row[column] = row[column - 1] - weight
    moves = [bytearray(b"\2" * (len(there) + 1))]
    for a in wanted:
        drop = 0.5 * min(10, 2 + len(a.text))
        above, row, move = row, [row[0] - drop], bytearray(b"\1")
        left = row[0]
        for column, b in enumerate(there):
            pair = (a.text, b.text)
            if (alike := known.get(pair, -1.0)) < 0:
                alike = known[pair] = likeness(a, b)
            weight = weigh[column]
            # Paired with a stranger it costs more than being dropped at an end, less than dropped and added within.
            both = above[column] + (drop + weight) * (alike or -0.6)
            up, side = above[column + 1] - drop, left - weight
            left = max(both, up, side)
            row.append(left)
            move.append(0 if both == left else 1 if up == left else 2)
        moves.append(move)
    column = max(range(len(row)), key=row.__getitem__) if free else len(there)
    return _walked(wanted, there[:column], moves, free=free)


def _walked(wanted: Sequence[Word], there: Sequence[Word], moves: list[bytearray], *, free: bool) -> list[Pair]:
    """The way back through the moves: 0 pairs two words, 1 drops one of the quotation, 2 adds one of the text."""
    pairs: list[Pair] = []
    line, column = len(wanted), len(there)
    while line or (column and not free):
        move = moves[line][column]
        pairs.append((wanted[line - 1] if move < 2 else None, there[column - 1] if move != 1 else None))
        line -= move < 2
        column -= move != 1
    return pairs[::-1]


# ----------------------------------------------------------------------------------------------------
# What the difference is
# ----------------------------------------------------------------------------------------------------

_NEGATION = re.compile(
    r"nicht|nichts|nie|niemals|niemand\w{0,2}|nirgend\w{0,4}|kein\w{0,2}|ohne|weder|kaum"
    r"|not|no|none|nor|neither|never|nobody|nothing|nowhere|without|cannot|hardly"
)
_CONTRACTED = re.compile(r'\w+n"t', re.IGNORECASE)
_NEGATING = ("un", "in", "im", "ir", "il", "non", "dis", "nicht", "miss")
_NUMBER_WORD = re.compile(
    r"(?!und|zig)(?:null|eins|zwei|zwo|drei|vier|fue?nf|sechs?|sieb(?:en)?|acht|neun|zehn|elf|zwoe?lf|zwanzig|zig|dreissig|hundert|tausend|und)+"
    r"(?:fach\w{0,2}|mal|tel|s?te[nrs]?|stel|en?)?"
    r"|dritte[lnrs]?|halb\w{0,2}|halfte|doppelt\w{0,2}|dutzend\w?|(?:m|b|tr)illi(?:on|arde)(?:en|n|s)?|mio|mrd|tsd|bio|prozent\w*"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|zero)(?:th|fold|s)?"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|half|twice|third|quarters?|doubled?|tripled?|dozens?|percent\w*"
)
_SIGNS = "%‰°$€£¥"
_INFLECTIONS = "e n s en er es em ern ens t te ten tet et st d ed ing m r"
_ENDINGS = frozenset(("", *_INFLECTIONS.split()))
# Words with a capital only where a sentence begins.
_SMALL_WORDS = """
    der die das den dem des ein eine einen einem einer eines er sie es wir ihr ich man wer was wie wo wann in im an am
    auf aus bei beim mit nach von vom vor zu zum zur für um durch gegen über unter bis seit wegen und aber oder doch
    auch nur noch schon so da dann denn wenn weil dass ob als etwa rund fast knapp mehr weniger mindestens alle viele
    einige diese dieser dieses diesen jene jener sein seine ihre hier dort heute zudem jedoch dabei laut
    the a an he she it they we i you this that these those his her its their our in on at by for of to from with and
    but or so as if when while about around nearly almost more less some many all most there here what who how
"""
_SMALL = frozenset(_SMALL_WORDS.split())


def _only_case(a: str, b: str) -> bool:
    return a.lower() == b.lower()  # casefold would take ß for ss


def _counts(a: str, b: str) -> bool:
    return any(_is_number(word) for word in (a, b))


@lru_cache(maxsize=4096)
def _is_number(word: str) -> bool:
    return bool(word) and (
        word in _SIGNS or any(char.isnumeric() for char in word) or bool(_NUMBER_WORD.fullmatch(_bare(word)[:40]))
    )


def _negates(a: str, b: str) -> bool:
    if _negation(a) or _negation(b):
        return not (_negation(a) and _negation(b) and _inflected(a, b))
    short, long = sorted((_plain(a), _plain(b)), key=len)
    return len(short) > 3 and any(long == start + short for start in _NEGATING)


def _negation(word: str) -> bool:
    return bool(_CONTRACTED.fullmatch(word) or _NEGATION.fullmatch(_bare(word)))


def _spelled(a: str, b: str) -> bool:
    """Whether only accents differ, or a long word has a single slip of the pen inside."""
    if _plain(a) == _plain(b):
        return True
    from rapidfuzz.distance import OSA

    return min(len(a), len(b)) >= 8 and OSA.distance(a, b, score_cutoff=1) == 1 and not _inflected(a, b)


def _inflected(a: str, b: str) -> bool:
    a, b = _plain(a), _plain(b)
    stem = next((at for at, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b)))
    return stem >= (2 if a in _SMALL and b in _SMALL else 3) and {a[stem:], b[stem:]} <= _ENDINGS


def _names(a: str, b: str) -> bool:
    """Whether a name differs; German writes every noun like one. A name that is gone or new shows by its capitals."""
    if a and b:
        return all(word[0].isupper() and word.casefold() not in _SMALL for word in (a, b))
    word = a or b
    return len(word) > 1 and any(char.isupper() for char in word[1:])


# In this order: the first that holds. Each looks at a word of the quotation and at the one that stands there instead;
# those of the second table also at a word that is gone or new, with nothing on the other side.
_CHANGED: tuple[tuple[Kind, Callable[[str, str], bool]], ...] = (
    ("case", _only_case),
    ("number", _counts),
    ("negation", _negates),
    ("spelling", _spelled),
    ("inflection", _inflected),
    ("name", _names),
)
_GONE_OR_NEW: tuple[tuple[Kind, Callable[[str, str], bool]], ...] = (
    ("number", _counts),
    ("negation", _negates),
    ("name", _names),
)


def _kind(a: str, b: str) -> Kind:
    return next((kind for kind, holds in (_CHANGED if a and b else _GONE_OR_NEW) if holds(a, b)), "word")


def _differences(
    needle: Folded, text: Folded, pairs: Sequence[Pair], quoted: Span, bounds: Span
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
    words = [
        difference(_kind(needle.text[slice(*here)], text.text[slice(*there)]), here, there) for here, there in changed
    ]
    marks = [
        difference(_mark_kind(a.text, c.text), Span(a.start, c.end), Span(b.start, d.end))
        for (a, b), (c, d) in pairwise([*_ends(quoted[0], bounds[0]), *pairs, *_ends(quoted[1], bounds[1])])
        if a and b and c and d and needle.text[a.end : c.start] != text.text[b.end : d.start]
    ]
    return tuple(sorted([*_moved(words), *marks], key=lambda difference: difference.span))


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


def _mark_kind(before: str, after: str) -> Kind:
    """Between two numbers a mark is part of what they say: 5-7 is not 5, 7."""
    return "number" if before[-1:].isdigit() and after[:1].isdigit() else "punctuation"


def _ends(here: int, there: int) -> list[Pair]:
    """The end of a quotation and of a passage as if a word stood there, so that marks beside it are looked at too."""
    return [(Word(here, here, "", ""), Word(there, there, "", ""))]


def _moved(words: Sequence[Difference]) -> list[Difference]:
    """The differences with what is gone here and new there as one, where that word is the same."""
    plain = [difference for difference in words if difference.kind == "word"]
    gone = {difference.quoted for difference in plain if not difference.found}
    moved = gone & {difference.found for difference in plain if not difference.quoted}
    return [
        replace(difference, kind="order", quoted=difference.found)
        if difference in plain and difference.found in moved
        else difference
        for difference in words
        if not (difference in plain and not difference.found and difference.quoted in moved)
    ]
