"""What became of a passage from an earlier text to a later one.

Sentences that stand in both are no candidates: what took the place of a passage is its own sentence, as it was or
moved, or one that is new. So a lookalike that was there before is never taken for it.
"""

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from randnotiz.quotes.folding import Folded, fold
from randnotiz.quotes.nearness import LEAST_SCORE, Near, nearest
from randnotiz.quotes.sameness import loosely, small, unended
from randnotiz.quotes.surroundings import Surroundings, lines, unchanged
from randnotiz.quotes.words import words_of
from randnotiz.spans import Span

Change = Literal["kept", "reworded", "moved", "doubled", "split", "merged", "deleted"]

AT_HOME = 0.2  # by how much a passage where the old one stood may be less like it than one elsewhere
JOINED = 0.8  # share of its words that a sentence has in another, of which it was or became a part
ALIKE = 0.75  # how like a passage must be that stands elsewhere, without what stood beside it
LEAST_LEFT = 0.25  # like it, of a passage in the sentence that took the place of its own
BESIDE = 3  # letters on either side that tell where a very short one stood
MOST_SHOWN = 50  # characters of what stood beside a passage
FEW_WORDS = 5  # of a very short sentence

_STOP = re.compile(r"(?:(?<![.!?…])[.!?…؟۔।॥።։།။។]++[\"'’”“»«›‹)\]]*+(?=\s)|[。！？｡]++[」』”’）]*+|\n)\s*+")
_LEADS = re.compile(r"[:：፡…–—―־-][\"'’”“»«›‹)\]」』*\s]*$")
_MARKS = re.compile(r"[\W_]+")


class Refound(Struct, frozen=True, kw_only=True):
    """What became of a passage: the one that stands in its place now, or what it stood between if none does.

    With `same` it states the same as before, and so does all around it.
    """

    change: Change
    near: Near | None = None
    same: bool = False
    before: str = ""
    behind: str = ""


class _Text(Struct, frozen=True, eq=False):
    """A text as its sentences: where they stand, and what they say but for marks and case."""

    source: str
    spans: tuple[Span, ...]
    keys: tuple[str, ...]

    def touched(self, span: Span) -> range:
        """The sentences that a span has a share in."""
        found = [at for at, one in enumerate(self.spans) if one.start < span.end and span.start < one.end]
        return range(found[0], found[-1] + 1)

    def key(self, at: int) -> str | None:
        """What a sentence says, None where there is none."""
        return self.keys[at] if 0 <= at < len(self.keys) else None

    def few(self, at: int) -> bool:
        """Whether a sentence is very short."""
        return len(words_of(fold(self.keys[at]), FEW_WORDS + 1)) <= FEW_WORDS

    def words(self, sentences: range) -> str:
        """What stands in a row of sentences, as far as there are such."""
        spans = self.spans[max(0, sentences.start) : sentences.stop]
        return self.source[spans[0].start : spans[-1].end] if spans else ""


def refind(
    earlier: Folded, now: Folded, span: Span, lang: str = "", around: tuple[Surroundings, Surroundings] | None = None
) -> Refound:
    """What became of a passage of the earlier text; each line is a paragraph unless `around` knows better."""
    refound = _refound(earlier, now, span, lang)
    if refound.near is None or refound.change == "doubled":
        return refound
    was, there = around or (lines(earlier.source), lines(now.source))
    return replace(refound, same=unchanged(was, span, there, refound.near.span, lang))


def _refound(earlier: Folded, now: Folded, span: Span, lang: str) -> Refound:
    old, new = _text(earlier), _text(now)
    ours = old.touched(span)
    words, start, passage = old.words(ours), old.spans[ours.start].start, earlier.source[slice(*span)]
    home = _home(old, new, ours)
    candidates = _without(now, frozenset(old.keys) - frozenset(old.keys[ours.start : ours.stop]))
    inner = Span(span.start - start + 1, span.end - start + 1)
    if place := _exchanged(old, ours, new):
        near = next(iter(nearest(now, f"\n{words}\n", inner=inner, within=place, lang=lang)), None)
    elif near := _found(candidates, f"\n{words}\n", inner, home, new, lang):
        near = _own(earlier, now, candidates, span, near, lang)
    joined = near is not None and _joins(old, new, ours, new.words(new.touched(near.span)))
    if near is None or (joined and near.score < LEAST_SCORE):  # what stands there now is another sentence's
        near = next((one for one in nearest(candidates, passage, 1, lang=lang) if one.score >= ALIKE), None)
    if near is None:
        gone = (
            span if nearest(candidates, words, 1) else Span(start, start + len(words))
        )  # with its sentence or alone
        before = _shortened(earlier.source[max(0, gone.start - 2 * MOST_SHOWN) : gone.start][::-1])[::-1]
        behind = _shortened(earlier.source[gone.end : gone.end + 2 * MOST_SHOWN])
        return Refound(change="deleted", before=before, behind=behind)
    there = new.touched(near.span)
    if _bare(words) == _bare(new.words(there)):
        keys = new.keys[there.start : there.stop]
        if sum(new.keys[at : at + len(keys)] == keys for at in range(len(new.keys))) > 1:
            return Refound(change="doubled", near=near)
        return Refound(change="kept" if _within(near.span, home) else "moved", near=near)
    split = len(there) > len(ours) or _joins(new, old, there, words)
    moved: Change = "reworded" if _within(near.span, home) else "moved"
    return Refound(change="merged" if joined else "split" if split else moved, near=near)


def _found(candidates: Folded, words: str, inner: Span, home: Span, new: _Text, lang: str) -> Near | None:
    """What stands in the place of a part of a sentence, in what is most like all of it, best where that stood."""
    nears = nearest(candidates, words, inner=inner, lang=lang)
    near = max(nears, key=lambda near: near.whole + AT_HOME * _within(near.span, home), default=None)
    if near is None:
        return None
    there = new.touched(near.span)
    within = Span(new.spans[there.start].start, new.spans[there.stop - 1].end)
    return next(iter(nearest(candidates, words, inner=inner, within=within, lang=lang)), near)


def _own(earlier: Folded, now: Folded, candidates: Folded, span: Span, near: Near, lang: str) -> Near:
    """A passage compared with what took its place alone; or with more of it that is like it, or with another where
    hardly anything of it is left there nor stands beside it as before, since its sentence was taken apart.
    """
    passage = earlier.source[slice(*span)]
    kept = _beside(earlier.source, span) == _beside(now.source, near.span)
    near = next(iter(nearest(now, passage, within=near.span, lang=lang)), near)
    for alone in nearest(candidates, passage, 1, lang=lang):
        more = _within(near.span, alone.span) and alone.score >= near.score
        if more or (near.score < LEAST_LEFT and not kept):
            return alone
    return near


def _beside(text: str, span: Span) -> tuple[str, str]:
    """The letters ahead of a span and behind it."""
    return text[max(0, span.start - BESIDE) : span.start].casefold(), text[span.end :][:BESIDE].casefold()


def _exchanged(old: _Text, ours: range, new: _Text) -> Span | None:
    """The very short sentence, as of a table's cell, that stands in the place of one, between the same neighbours."""
    around = old.key(ours.start - 1), old.key(ours.stop)
    places = [at for at in range(len(new.keys)) if (new.key(at - 1), new.key(at + 1)) == around]
    alone = len(places) == 1 and len(ours) == 1 and around != (None, None)
    return new.spans[places[0]] if alone and old.few(ours.start) and new.few(places[0]) else None


def _shortened(text: str) -> str:
    """Its first words in one block; of a script that does not part its words, as many letters."""
    text = " ".join(text.strip().partition("\n")[0].split())
    short = text[:MOST_SHOWN]
    return short if short == text or " " not in short else short.rpartition(" ")[0]


def _joins(one: _Text, other: _Text, sentences: range, words: str) -> bool:
    """Whether a sentence that the other text lacks is a part of words, not one that repeats them, as a heading."""
    known = set(_MARKS.split(words.casefold()))
    own = {part for key in one.keys[sentences.start : sentences.stop] for part in _MARKS.split(key)}
    for at in (sentences.start - 1, sentences.stop):
        if 0 <= at < len(one.keys) and one.keys[at] not in other.keys:
            parts = _MARKS.split(one.keys[at])
            least = JOINED * len(parts)
            if sum(part in known for part in parts) >= least > sum(part in own for part in parts):
                return True
    return False


def _home(old: _Text, new: _Text, ours: range) -> Span:
    """Where a row of sentences stood, seen from the next ones before and behind that stand once in either text."""
    here, there = Counter(old.keys), Counter(new.keys)
    once = {key for key, times in here.items() if times == 1 == there[key]}
    before = next((at for at in range(ours.start - 1, -1, -1) if old.keys[at] in once), None)
    behind = next((at for at in range(ours.stop, len(old.keys)) if old.keys[at] in once), None)
    return Span(
        0 if before is None else new.spans[new.keys.index(old.keys[before])].end,
        len(new.source) if behind is None else new.spans[new.keys.index(old.keys[behind])].start,
    )


def _bare(words: str) -> str:
    """Words without their typography, case and the mark that ends them."""
    return unended(loosely(words)).casefold()


def _within(span: Span, home: Span) -> bool:
    return home.start <= span.start and span.end <= home.end


@lru_cache(maxsize=4)  # all lost quotations of an article are looked for in the same texts
def _text(folded: Folded) -> _Text:
    spans = _sentences(folded.source)
    keys = (folded.text[folded.to_folded(one.start) : folded.to_folded(one.end)] for one in spans)
    return _Text(folded.source, spans, tuple(_MARKS.sub(" ", key.casefold()).strip() for key in keys))


@lru_cache(maxsize=4)
def _without(folded: Folded, keys: frozenset[str]) -> Folded:
    """A text of the same length without the sentences that say what is among the keys."""
    text = _text(folded)
    words = (
        "\n" * (span.end - span.start) if key in keys else folded.source[slice(*span)]
        for span, key in zip(text.spans, text.keys, strict=True)
    )
    return fold("".join(words))


def _sentences(text: str) -> tuple[Span, ...]:
    """The sentences in order, without gaps; none ends before a small letter, or a block with a colon or dash."""
    bounds = [0]
    for stop in _STOP.finditer(text):
        following = next((char for char in text[stop.end() : stop.end() + 8] if char.isalnum()), "")
        goes_on = _LEADS.search(text[max(0, stop.start() - 3) : stop.start()])
        if not goes_on if "\n" in stop[0] else not small(following):
            bounds.append(stop.end())
    return tuple(Span(*pair) for pair in pairwise([*bounds, len(text)]) if pair[0] < pair[1])
