"""What stands around a passage, worked out alike in two texts, and whether it is the same in both.

One principle: with the earlier text a passage states the same only if all around it is as it was. That is the rest of
its block with its marks; what that block stands in, with the lines that lead there; and the blocks beside it. All is
compared character for character after folding, since a sign, a vowel or a smile says something too.
"""

from functools import lru_cache

from msgspec import Struct

from randnotiz.quotes.folding import fold
from randnotiz.quotes.sameness import CLOSED, enclosure, equal, loosely, proven
from randnotiz.quotes.words import words_of
from randnotiz.spans import Span

FEW_WORDS = 12  # of a block that may say of the one beside it that it is not so

HEADING = "heading"


class Surrounded(Struct, frozen=True, kw_only=True, array_like=True):
    """A block of a text. `marks` are the signs upon it that are no text, as of code, footnotes and pictures, each
    with its offset; `within` is what it stands in, the outermost first: the kind, and the first and behind the last
    of the blocks that lead there.
    """

    kind: str
    start: int
    end: int
    flow: int
    marks: tuple[tuple[int, str], ...] = ()
    within: tuple[tuple[str, int, int], ...] = ()


class Surroundings(Struct, frozen=True, kw_only=True, array_like=True, eq=False):
    """A reading text and its blocks, in order."""

    text: str
    blocks: tuple[Surrounded, ...]

    def touched(self, span: Span) -> range:
        """The blocks that a span has a share in."""
        found = [at for at, one in enumerate(self.blocks) if one.start < span.end and span.start < one.end]
        return range(found[0], found[-1] + 1) if found else range(0)

    def drawn(self, at: int, span: Span | None = None, *, inner: bool = False) -> str:
        """A block, or the share of it that lies in a span, with its marks; without those at the ends if `inner`."""
        one = self.blocks[at]
        start, end = (max(one.start, span.start), min(one.end, span.end)) if span else (one.start, one.end)
        pieces, last = [], start
        for offset, sign in one.marks:
            if start + inner <= offset <= end - inner:
                pieces += [self.text[last:offset], f"\ue000{sign}\ue001"]
                last = offset
        return "".join((*pieces, self.text[last:end]))

    def folded(self, at: int, span: Span | None = None) -> str:
        """The same as it is compared."""
        return loosely(self.drawn(at, span)).text.strip()

    def within(self, at: int) -> list[tuple[str, ...]]:
        """What a block stands in as it is compared, with itself left out."""
        found: list[tuple[str, ...]] = [(self.blocks[at].kind,)]
        for kind, start, stop in self.blocks[at].within:
            found.append((kind, *("□" if one == at else self.folded(one) for one in range(start, stop))))
        return found

    def beside(self, at: int, flow: int) -> int | None:
        """A block that stands beside one of a flow."""
        return at if 0 <= at < len(self.blocks) and self.blocks[at].flow == flow else None

    def enclosure(self, at: int) -> str:
        """The marks that are open at an offset, wherever in its section they were opened."""
        heads = (one.start for one in self.blocks if one.kind == HEADING and one.start <= at)
        return enclosure(self.text, at, max(heads, default=0))

    def few(self, at: int) -> bool:
        """Whether a block is short, leads on or has no end, as a heading."""
        one = self.blocks[at]
        words = self.text[one.start : one.end]
        short = len(words_of(fold(words), FEW_WORDS + 1)) <= FEW_WORDS
        return short or one.kind == HEADING or CLOSED.search(words) is None

    def breaks(self) -> frozenset[int]:
        """The line breaks that part no blocks."""
        ends = {one.end for one in self.blocks}
        return frozenset(at for at, char in enumerate(self.text) if char == "\n" and at not in ends)


def lines(text: str) -> Surroundings:
    """The surroundings in a text of which every line is a paragraph."""
    blocks, start = [], 0
    for line in text.split("\n"):
        blocks.append(Surrounded(kind="paragraph", start=start, end=start + len(line), flow=0))
        start += len(line) + 1
    return Surroundings(text=text, blocks=tuple(one for one in blocks if one.start < one.end))


def unchanged(was: Surroundings, span: Span, now: Surroundings, there: Span, lang: str = "") -> bool:
    """Whether a passage of an earlier text and one of a later one are the same, and so is what stands around them."""
    ours, theirs = was.touched(span), now.touched(there)
    if not ours or len(ours) != len(theirs):
        return False
    pairs = list(zip(ours, theirs, strict=True))
    if any(was.within(a) != now.within(b) for a, b in pairs):
        return False
    old, new = (
        "\n".join(text.drawn(at, part, inner=True) for at in blocks)
        for text, blocks, part in ((was, ours, span), (now, theirs, there))
    )
    first, last = was.blocks[ours[0]], was.blocks[ours[-1]]
    head, tail = now.blocks[theirs[0]], now.blocks[theirs[-1]]
    ahead, ahead_now = (
        was.folded(ours[0], Span(first.start, span.start)),
        now.folded(theirs[0], Span(head.start, there.start)),
    )
    behind, behind_now = (
        was.folded(ours[-1], Span(span.end, last.end)),
        now.folded(theirs[-1], Span(there.end, tail.end)),
    )
    heads = not was.text[first.start : span.start].strip()
    ended = proven(now.text, there.end, old, new, heads=heads, closes=not behind, breaks=now.breaks(), lang=lang)
    return (
        ended is not None
        and ahead == ahead_now
        and (behind == behind_now or (ended and equal(behind, behind_now, lang, ends=False)))
        and was.enclosure(span.start) == now.enclosure(there.start)
        and _led(was, ours.start - 1, now, theirs.start - 1, first.flow, head.flow)
        and _kept(was, ours.stop, now, theirs.stop, last.flow, tail.flow)
    )


@lru_cache(maxsize=2)  # several quotations of one article may be lost
def _stands(text: Surroundings) -> frozenset[str]:
    """All its blocks, as they are compared."""
    return frozenset(text.folded(at) for at in range(len(text.blocks)))


def _kept(was: Surroundings, at: int, now: Surroundings, there: int, flow: int, flow_now: int) -> bool:
    """Whether what stands beside a passage is the same, or stood and stands elsewhere too and is a paragraph of some
    length, as where a block was moved.
    """
    beside = [
        (text, found)
        for text, found in ((was, was.beside(at, flow)), (now, now.beside(there, flow_now)))
        if found is not None
    ]
    seen = [(text.blocks[found].kind, text.folded(found)) for text, found in beside]
    if len(seen) == 2 and seen[0] == seen[1]:
        return True
    if any(text.few(found) for text, found in beside):
        return False
    return all(words in _stands(text) for _, words in seen for text in (was, now))


def _led(was: Surroundings, at: int, now: Surroundings, there: int, flow: int, flow_now: int) -> bool:
    """Whether what stands ahead of a passage is the same, up to the first line that has an end and leads nowhere."""
    while _kept(was, at, now, there, flow, flow_now):
        ahead = was.beside(at, flow)
        if ahead is None or was.blocks[ahead].kind == HEADING or CLOSED.search(was.folded(ahead)):
            return True
        at, there = at - 1, there - 1
    return False
