"""What stands around a passage, worked out alike in two texts, and whether it is the same in both.

One principle: a passage states the same only if all around it is as it was. That is the rest of its block with its
marks; what that stands in; its section, and what leads to that: the title and the headings above with what stands
directly below them; and the footnotes that are called there. The next heading may be another one only where sections
were moved. All of it is compared character for character after
folding, since a sign, a vowel or a smile says something too; the blocks of the passage itself may differ in what is
known to be no statement (`quotes.sameness`).
"""

from typing import Literal

from msgspec import Struct

from randnotiz.quotes.sameness import equal, loosely, unended
from randnotiz.spans import Span

HEADING = "heading"
_EXACT = ("cell", "code")  # in which a unit may stand: mg is not Mg


class Surrounded(Struct, frozen=True, kw_only=True, array_like=True):
    """A block of a text. `marks` are the signs upon it that are no text, as of code and pictures, each with its
    offset; `within` are the kinds of what it stands in, the outermost first, with … behind the first block of each;
    `below` are the numbers of the blocks of the headings above it. `flow` is 0 for the text and counts the footnotes
    from 1; `calls` are those it calls.
    """

    kind: str
    start: int
    end: int
    flow: int
    marks: tuple[tuple[int, str], ...] = ()
    within: tuple[str, ...] = ()
    below: tuple[int, ...] = ()
    calls: tuple[int, ...] = ()


class Surroundings(Struct, frozen=True, kw_only=True, array_like=True):
    """A reading text and its blocks, in order; and what stands above it, as its title."""

    text: str
    blocks: tuple[Surrounded, ...]
    title: str

    def __post_init__(self) -> None:
        """ValueError for a heading that there is none of, as in a cache that somebody wrote into."""
        if any(not 0 <= at < len(self.blocks) for one in self.blocks for at in one.below):
            raise ValueError("a block stands below one that there is none of")

    def touched(self, span: Span) -> range:
        """The blocks that a span has a share in."""
        found = [at for at, one in enumerate(self.blocks) if one.start < span.end and span.start < one.end]
        return range(found[0], found[-1] + 1) if found else range(0)

    def drawn(self, at: int) -> str:
        """A block with its marks."""
        one, pieces = self.blocks[at], list[str]()
        last = one.start
        for offset, sign in one.marks:
            pieces += [self.text[last:offset], f"\ue000{sign}\ue001"]
            last = offset
        return "".join((*pieces, self.text[last : one.end]))

    def parts(self, own: range, span: Span) -> tuple[str, str]:
        """What stands ahead of a passage and behind it in its blocks, folded, but for the mark at their end."""
        first, last = self.blocks[own.start], self.blocks[own.stop - 1]
        ahead, behind = loosely(self.text[first.start : span.start]), loosely(self.text[span.end : last.end])
        return ahead, unended(behind)

    def beside(self, at: int, step: Literal[-1, 1]) -> str:
        """The words of the next block ahead or behind, folded; none beyond its section, of tables, of code."""
        later = self.blocks[at + 1 :] if step > 0 else self.blocks[:at][::-1]
        for one in later:
            if one.flow != self.blocks[at].flow or one.kind in (HEADING, *_EXACT):
                break
            if one.start < one.end:
                return loosely(self.text[one.start : one.end])
        return ""

    def leads(self, at: int) -> bool:
        """Whether what follows a block stands deeper than it, as a list that it introduces."""
        following = self.blocks[at + 1 : at + 2]
        return any(len(one.within) > len(self.blocks[at].within) for one in following)

    def around(self, own: range) -> tuple[list[int], list[int]]:
        """The blocks ahead of some and behind them that all must be the same for these to be so."""
        sections, number, flow = list[int](), 0, 0  # with each heading and footnote begins one
        for one in self.blocks:
            number, flow = number + (one.kind == HEADING or one.flow != flow), one.flow
            sections.append(number)
        first, last = self.blocks[own.start], sections[own.stop - 1]
        upward = {first.flow} - {0}
        while more := {one.flow for one in self.blocks if upward & {*one.calls}} - upward - {0}:
            upward |= more
        callers = (at for at, one in enumerate(self.blocks) if upward & {*one.calls})
        wanted = {0, last, *(sections[at] for at in (*own, *first.below, *callers))}
        if first.kind == HEADING:  # which what stands ahead may lead to
            wanted.add(sections[own.start] - 1)
        notes = set[int]()
        calling = [(sections[at], one.flow, one.calls) for at, one in enumerate(self.blocks) if one.calls]
        while more := {to for at, flow, calls in calling if at in wanted or flow in notes for to in calls} - notes:
            notes |= more
        found = [
            at
            for at, one in enumerate(self.blocks)
            if at not in own
            and (sections[at] in wanted or one.flow in notes or (sections[at] == last + 1 and self.heads(own, at)))
        ]
        return [at for at in found if at < own.start], [at for at in found if at >= own.stop]

    def heads(self, own: range, at: int) -> bool:
        """Whether a block is a heading in the section of others, below one that they stand below or are."""
        one, last = self.blocks[at], own.stop - 1
        above = last if self.blocks[last].kind == HEADING else max(self.blocks[last].below, default=-1)
        return one.kind == HEADING and above in one.below

    def headings(self, since: int = 0) -> list[str]:
        """The headings from a block on."""
        later = range(since, len(self.blocks))
        return [loosely(self.drawn(at)) for at in later if self.blocks[at].kind == HEADING]


def lines(text: str) -> Surroundings:
    """The surroundings in a text of which every line is a paragraph."""
    blocks, start = [], 0
    for line in text.split("\n"):
        blocks.append(Surrounded(kind="paragraph", start=start, end=start + len(line), flow=0))
        start += len(line) + 1
    return Surroundings(text=text, blocks=tuple(one for one in blocks if one.start < one.end), title="")


def unchanged(was: Surroundings, span: Span, now: Surroundings, there: Span, lang: str = "") -> bool:
    """Whether a passage of an earlier text and one of a later one are the same, and so is what stands around them."""
    ours, theirs = was.touched(span), now.touched(there)
    if not ours or loosely(was.title) != loosely(now.title) or was.parts(ours, span) != now.parts(theirs, there):
        return False
    if not all(
        {*one.headings(own.stop)[:1]} <= {*two.headings()} for one, own, two in ((was, ours, now), (now, theirs, was))
    ):
        return False
    rest, last = len(was.parts(ours, span)[1]), ours.stop - 1
    flows = set[tuple[int, int]]()  # which footnote of the later text is which of the earlier
    for blocks, others in zip((ours, *was.around(ours)), (theirs, *now.around(theirs)), strict=True):
        if len(blocks) != len(others):
            return False
        for at, other in zip(blocks, others, strict=True):
            one, two = was.blocks[at], now.blocks[other]
            same = loosely(was.drawn(at)) == loosely(now.drawn(other)) or (
                blocks is ours and one.kind not in _EXACT and _equal(was, at, now, other, lang, rest * (at == last))
            )
            if (one.kind, one.within, len(one.calls)) != (two.kind, two.within, len(two.calls)) or not same:
                return False
            flows |= {(one.flow, two.flow), *zip(one.calls, two.calls, strict=True)}
    return all(len({pair[side] for pair in flows}) == len(flows) for side in (0, 1))


def _equal(was: Surroundings, at: int, now: Surroundings, other: int, lang: str, rest: int) -> bool:
    """Whether a block of a passage says the same, between those beside it."""
    pairs = [(was.beside(at, step), now.beside(other, step)) for step in (-1, 1)]
    ahead, behind = (one if one == two else None for one, two in pairs)
    if was.leads(at):  # to which its mark is what parts the two
        behind = None
    drawn = was.drawn(at), now.drawn(other)
    return equal(*drawn, lang, known=was.text, ahead=ahead, behind=behind, rest=rest)
