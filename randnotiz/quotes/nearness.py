"""What a quotation that is nowhere to be found most likely meant."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from randnotiz.language.lexicon import LONGEST, lexicon
from randnotiz.quotes.differences import Difference, counts, differences_of
from randnotiz.quotes.folding import Folded, fold
from randnotiz.quotes.matching import trimmed, whole_words
from randnotiz.quotes.words import Pair, Word, words_of
from randnotiz.spans import Span

MOST_WORDS = 250  # a longer quotation is better named by its two ends, and comparing it would take too long
MOST_LOOKED_AT = 200_000  # words of the text, more than any article has
MOST_HITS = 300  # a word that stands in more places leads to none of them
LEAST_SCORE = 0.5  # below this a passage shares little more than its small words
MOST_WITHIN = 1_000  # words of sentences that took the place of some
MOST_MARKS = 20  # beside a passage
MOST_BESIDE = 3  # words put before or behind a clause that are no clause of their own
AKIN = 0.5  # likeness from which a word is another form of one rather than another word

MOST_LETTERS = 300  # of its sentence, in which a denial is looked for

_SENTENCE_END = re.compile(r"[.!?…؟۔।](?=\s|$)|[。！？｡\n]")
_ENDED = re.compile(r"[.!?…؟۔।。！？｡][\"'’”“»«›‹)\]」』）]*$")
_MARKS = re.compile(r"[^\w ]+")
_CLAUSE = re.compile(r"[.,;:!?…()。、，；：！？｡؟،؛।]| -+ ")


class Near(Struct, frozen=True, kw_only=True):
    """A passage that was perhaps meant; `score` is the share of letters in common, `whole` that of words sought."""

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


def nearest(
    folded: Folded,
    words: str,
    limit: int = 3,
    inner: Span | None = None,
    *,
    within: Span | None = None,
    lang: str = "",
) -> list[Near]:
    """The passages most like a quotation that stands nowhere, best first; none if none is near or it is too long.

    `inner` is the quotation where `words` are what it stands in as well: then all of them must be like the text, and
    a passage is what stands there in the place of the quotation. `within` is a stretch that all of them stand for.
    In `lang` it is named what has changed.
    """
    needle = fold(words)
    wanted = words_of(needle, MOST_WORDS + 1)
    ours = Span(*map(needle.to_folded, inner or (0, len(words))))
    if len(wanted) > MOST_WORDS or not any(ours.start <= word.start < ours.end for word in wanted):
        return []
    if within is not None:
        first, last = map(folded.to_folded, within)
        stretch = [word for word in _index(folded)[0] if first <= word.start < last][:MOST_WITHIN]
        near = _near(folded, needle, ours, wanted, stretch, lang, free=False)
        return [near] if near else []
    nears = (_near(folded, needle, ours, wanted, stretch, lang) for stretch in _stretches(folded, wanted, limit + 2))
    chosen: list[Near] = []
    for near in sorted((near for near in nears if near), key=lambda near: (-near.whole, near.span)):
        if not any(near.span[0] < other.span[1] and other.span[0] < near.span[1] for other in chosen):
            chosen.append(near)
    return chosen[:limit]


def differences(exact: str, passage: str, lang: str = "") -> tuple[Difference, ...]:
    """In what a passage differs from a quotation, in order, up to MOST_WORDS; the spans count in the passage."""
    needle, text = fold(exact), fold(passage)
    pairs = _aligned(words_of(needle, MOST_WORDS), words_of(text, MOST_WORDS), free=False)
    quoted, bounds = (trimmed(one, Span(0, len(one.text))) for one in (needle, text))
    return differences_of(needle, text, pairs, quoted, bounds, lexicon(lang))


def denied(folded: Folded, span: Span, known: str, lang: str = "") -> str:
    """The negation that stands beside a passage in its sentence and not in what is known; empty if none does."""
    text, words = folded.source, lexicon(lang)
    ahead = _SENTENCE_END.split(text[max(0, span.start - MOST_LETTERS) : span.start])[-1]
    ended = _ENDED.search(text[slice(*span)])
    behind = "" if ended else _SENTENCE_END.split(text[span.end : span.end + MOST_LETTERS])[0]
    for part in (ahead, behind) if words.parted else (ahead[-LONGEST:], behind[:LONGEST]):
        whole = " ".join(word.text for word in words_of(fold(part), MOST_LETTERS))
        found = words.denying(whole if words.parted else part)
        if found and found.casefold() not in known.casefold():
            return found
    return ""


# ---- Where to look ----


@lru_cache(maxsize=2)  # several quotations of one article may be missing, in its text and in that without code
def _index(folded: Folded) -> tuple[list[Word], dict[str, list[int]]]:
    words, index = words_of(folded, MOST_LOOKED_AT), defaultdict(list)
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
    folded: Folded,
    needle: Folded,
    ours: Span,
    wanted: Sequence[Word],
    stretch: Sequence[Word],
    lang: str,
    *,
    free: bool = True,
) -> Near | None:
    pairs = _aligned_in_blocks(folded, wanted, stretch) if free else _aligned(wanted, stretch, free=False)
    pairs = _closed(_closed(pairs)[::-1])[::-1]
    own = [at for at, (a, _) in enumerate(pairs) if a and ours.start <= a.start < ours.end]
    before, part, behind = pairs[: own[0]], pairs[own[0] : own[-1] + 1], pairs[own[-1] + 1 :]
    there = [b for _, b in pairs if b]
    whole = _score(pairs)
    if (free and whole < LEAST_SCORE) or not any(b for _, b in part):
        return None
    first, last = _with_moved(folded, part, stretch)
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
    quoted = trimmed(needle, Span(0, len(needle.text)))
    (a, b), (c, d) = pairs[0], pairs[-1]
    if a and b and quoted.start < ours.start:  # what stands beside the quotation is compared by its words alone
        quoted, edges = quoted._replace(start=a.start), edges._replace(start=b.start)
    if c and d and ours.end < quoted.end:
        quoted, edges = quoted._replace(end=c.end), edges._replace(end=d.end)
    found = differences_of(needle, folded, pairs, quoted, edges, lexicon(lang))
    score = _score(
        [(a, b) for a, b in pairs if (ours.start <= a.start < ours.end if a else b and start <= b.start < end)]
    )
    return Near(span=span, passage=folded.shown(start, end), score=score, whole=whole, differences=found)


def _aligned_in_blocks(folded: Folded, wanted: Sequence[Word], stretch: Sequence[Word], tries: int = 4) -> list[Pair]:
    """A quotation beside a stretch of the text, without words of the block before or behind, such as a heading, that
    are only like some of its own, or from which it does not go on.
    """
    pairs = _aligned(wanted, stretch, free=True)
    there = [(a, b) for a, b in pairs if b]
    for at in range(1, len(there) if tries else 0):
        (last, before), (first, behind) = there[at - 1 : at + 1]
        if not _in_blocks(folded, before, behind):
            continue
        rests = stretch[stretch.index(behind) :], stretch[: stretch.index(before) + 1]
        parted = not (last and first) or wanted.index(first) > wanted.index(last) + 1
        for side, rest in zip((there[:at], there[at:]), rests, strict=True):
            if 2 * len(side) < len(there) and (parted or any(a is None or a.plain != b.plain for a, b in side)):
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
    begins = room > 0 and beside[room - 1].text[:1].isupper()  # and is no word that joins it to what stands ahead
    lowered = begins and a is not None and b is not None and a.text[:1].isupper() and b.text.islower()
    exchanged = gone or lowered or a is None or b is None or _likeness()(a, b) < AKIN
    if exchanged or (a and b and a.plain != b.plain and len(part) > 1):
        return room if room <= gone + (2 if exchanged else 1) else gone
    first = part[0][0]
    other = next((a for a, _ in context if a), None)
    ended = first is not None and _ENDED.match(needle.text[first.end :])  # with its sentence, whose stop is quoted
    known = other is not None or "\n" in needle.source or ended
    opens = first is not None and known and _parted(needle, first, other)
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
    return bool(_CLAUSE.search(folded.text[first.end : second.start])) or _in_blocks(folded, first, second)


def _in_blocks(folded: Folded, first: Word, second: Word) -> bool:
    """Whether a block ends between a word and one behind it."""
    return "\n" in folded.source[folded.to_source(first.end) : folded.to_source(second.start)]


def _with_moved(folded: Folded, pairs: Sequence[Pair], stretch: Sequence[Word]) -> tuple[int, int]:
    """The first and last of what was paired, with words beside it that the quotation has in another place."""
    there = [word for _, word in pairs if word]
    first, last = stretch.index(there[0]), stretch.index(there[-1])
    dropped = {a.plain for a, b in pairs if a and not b}
    while first and stretch[first - 1].plain in dropped and not _in_blocks(folded, *stretch[first - 1 : first + 1]):
        first -= 1
    while (
        stretch[last + 1 :]
        and stretch[last + 1].plain in dropped
        and not _in_blocks(folded, *stretch[last : last + 2])
    ):
        last += 1
    return first, last


def _with_marks(needle: Folded, ours: Span, words: Span, folded: Folded, bounds: Span) -> Span:
    """The bounds of a passage with the punctuation at its ends, if the quotation has some there."""
    ahead = (
        needle.text[ours.start : words.start][::-1],
        folded.text[max(0, bounds.start - MOST_MARKS) : bounds.start][::-1],
    )
    behind = needle.text[words.end : ours.end], folded.text[bounds.end : bounds.end + MOST_MARKS]
    return Span(bounds.start - _marks(*ahead), bounds.end + _marks(*behind))


def _marks(quoted: str, there: str) -> int:
    """How many of the marks beside a passage it takes in: up to the last that the quotation has, or as many."""
    blank = quoted[:1] == there[:1] == " "  # as between a word and a picture
    quoted, run = quoted.replace(" ", ""), _MARKS.match(there, blank)
    if not quoted or not run:
        return 0
    return blank + (run[0].rfind(quoted[-1]) + 1 or min(len(quoted), len(run[0])))


def _score(pairs: Sequence[Pair]) -> float:
    likeness = _likeness()
    whole = sum(len(word.text) for pair in pairs for word in pair if word)
    alike = sum(likeness(a, b) * (len(a.text) + len(b.text)) for a, b in pairs if a and b)
    return round(alike / whole, 3)


# ---- Word against word ----


def _likeness() -> Callable[[Word, Word], float]:
    """A function that says from 0 to 1 how much two words are alike; two numbers always are, two names a trifle."""
    from rapidfuzz.distance import Indel  # 30 ms that only a missing quotation costs

    def likeness(a: Word, b: Word) -> float:
        if a.plain == b.plain:
            return 1.0 if a.text == b.text else 0.95
        ratio = 0.95 * Indel.normalized_similarity(a.plain, b.plain)
        if counts(a, b):
            return max(AKIN, ratio)
        names = a.text[0].isupper() and b.text[0].isupper()
        return ratio if ratio > AKIN else 0.01 * names

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
