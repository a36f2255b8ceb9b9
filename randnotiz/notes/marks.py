"""Marks and references cut into the token stream, without disturbing a character of the text.

A run is a stretch of the reading text under the same notes. Its mark reaches around whole elements where it covers
them and is closed and opened again at the border of an element that it only cuts. A reference stands behind the last
character of its passage: behind the elements that end there, outside of links and code, and in no mark.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from markdown_it.token import Token
from msgspec import Struct

from randnotiz import markdown
from randnotiz.model import NoteKind

BETWEEN_REFERENCES = "\N{THIN SPACE}"  # so that 3 and 4 do not read as 34 without a style sheet

Attrs = dict[str, str | int | float]


class Highlight(Struct, frozen=True, kw_only=True):
    """The words under a note; `tone` is the class of its colour where its kind has several, as claims have."""

    id: str
    kind: NoteKind
    tone: str = ""
    start: int
    end: int


class NoteReference(Struct, frozen=True, kw_only=True):
    """A number in the text that leads to a note; `id` is its own, `label` what a screen reader says. Without `number`
    it is only a place that has an address.

    `former` is an id that it had by the rule of addresses before, or empty.
    """

    id: str
    former: str = ""
    note: str
    kind: NoteKind
    tone: str = ""
    number: int | None
    label: str


class Run(NamedTuple):
    """A stretch of the reading text under the same notes, none or more."""

    start: int
    end: int
    attrs: Attrs | None


class TokenGroup(NamedTuple):
    """Tokens that stay together, and the run that they are printed in, if they print words."""

    tokens: Sequence[Token]
    run: Run | None = None
    words: bool = False


def runs(passages: Sequence[Highlight], end: int) -> list[Run]:
    """The reading text up to `end`, cut wherever a passage begins or ends; notes keep the order of `passages`."""
    borders: dict[int, tuple[list[int], list[int]]] = {0: ([], []), end: ([], [])}
    for rank, passage in enumerate(passages):
        borders.setdefault(passage.start, ([], []))[0].append(rank)
        borders.setdefault(passage.end, ([], []))[1].append(rank)
    places = sorted(borders)
    under: set[int] = set()
    cut: list[Run] = []
    for place, following in pairwise(places):
        begin, stop = borders[place]
        under.difference_update(stop)
        under.update(begin)
        attrs = _mark_attrs([passages[rank] for rank in sorted(under)]) if under else None
        cut.append(Run(place, following, attrs))
    return cut


def _mark_attrs(passages: Sequence[Highlight]) -> Attrs:
    kinds = dict.fromkeys(passage.kind for passage in passages)
    hardest = min((passage.tone for passage in passages if passage.tone), default="")
    classes = [*(f"q-{kind}" for kind in kinds), *([hardest] if hardest else [])]
    return {"class": " ".join(classes), "data-notes": " ".join(passage.id for passage in passages)}


def cut(
    children: Iterable[Token],
    start: int,
    cut_runs: Sequence[Run],
    references: Mapping[int, Sequence[NoteReference]],
    call: Callable[[str], NoteReference],
) -> list[Token]:
    """The children of an inline token that prints the reading text from `start` on, with marks and references.

    `references` are by the offset that they stand behind; `call` gives the reference for the next call of a footnote.
    """
    return list(_marked(list(_parts(children, start, cut_runs, references, call))))


def _parts(
    children: Iterable[Token],
    at: int,
    cut_runs: Sequence[Run],
    references: Mapping[int, Sequence[NoteReference]],
    call: Callable[[str], NoteReference],
) -> Iterator[TokenGroup]:
    """The children cut where runs change, and the references where they may stand."""
    waiting: list[NoteReference] = []
    shut = 0  # links and code around: no reference inside
    for child in children:
        if child.type == "footnote_ref":
            waiting.append(call(str(child.meta["label"])))
            continue
        if child.type == "comment":
            continue
        if waiting and not shut and child.nesting >= 0:
            yield TokenGroup(_reference_tokens(waiting))
            waiting.clear()
        if child.tag in ("a", "code"):
            shut += child.nesting
        size = markdown.length(child)
        if not size:
            yield TokenGroup((child,))
            continue
        for run, words in _cut_at_runs(child.content, at, at + size, cut_runs):
            if waiting and not shut:
                yield TokenGroup(_reference_tokens(waiting))
                waiting.clear()
            yield TokenGroup(
                (child if len(words) in (0, size) else Token("text", "", 0, content=words),), run, words=True
            )
            waiting += references.get(min(run.end, at + size), ())
        at += size
    if waiting:
        yield TokenGroup(_reference_tokens(waiting))


def _cut_at_runs(words: str, start: int, end: int, cut_runs: Sequence[Run]) -> Iterator[tuple[Run, str]]:
    """The parts of a text token in each run; a break, which has no words of its own, is never cut."""
    first = bisect_right(cut_runs, start, key=lambda run: run.start) - 1
    for run in cut_runs[first:]:
        if run.start >= end:
            return
        yield run, words[max(run.start, start) - start : run.end - start]


def _marked(parts: list[TokenGroup]) -> Iterator[Token]:
    """The tokens of all parts, with marks around those that belong to a run under notes."""
    now: Run | None = None
    for part, run in zip(parts, _covering(parts), strict=True):
        if run is not now:
            if now:
                yield Token("mark_close", "mark", -1)
            if run:
                yield Token("mark_open", "mark", 1, attrs=dict(run.attrs or {}))
            now = run
        yield from part.tokens
    if now:
        yield Token("mark_close", "mark", -1)


def _covering(parts: list[TokenGroup]) -> list[Run | None]:
    """For each part the run that its mark belongs to: its own, or for an element the one that covers all of it."""
    covering: list[Run | None] = [part.run if part.run and part.run.attrs else None for part in parts]
    # Words with the same stamp are in one run and have no reference between them.
    stamps: list[tuple[int, Run | None]] = []
    stamp, last = 0, None
    open_at: list[tuple[int, int]] = []
    for at, part in enumerate(parts):
        token = part.tokens[0]
        if part.words:
            if part.run is not last:
                stamp, last = stamp + 1, part.run
            stamps.append((stamp, covering[at]))
        elif len(part.tokens) > 1 or token.nesting == 0:
            stamp, last = stamp + 1, None
        elif token.nesting > 0:
            open_at.append((at, len(stamps)))
        else:
            opened, first = open_at.pop()
            if first < len(stamps) and stamps[first][0] == stamps[-1][0] and stamp == stamps[-1][0]:
                covering[opened] = covering[at] = stamps[-1][1]
    return covering


def _reference_tokens(references: Sequence[NoteReference]) -> list[Token]:
    shown = [reference for reference in references if reference.number is not None]
    tokens = [
        Token("anchor", "span", 0, attrs={"id": id})
        for reference in references
        if reference.number is None
        for id in (reference.former, reference.id)
        if id
    ]
    if not shown:
        return tokens
    tokens.append(Token("references_open", "sup", 1, attrs={"class": "refs"}))
    for at, reference in enumerate(shown):
        if at:
            tokens.append(Token("text", "", 0, content=BETWEEN_REFERENCES))
        if reference.former:
            tokens.append(Token("anchor", "span", 0, attrs={"id": reference.former}))
        attrs: Attrs = {
            "id": reference.id,
            "class": f"ref ref-{reference.kind} {reference.tone}".rstrip(),
            "href": f"#n-{reference.note}",
            "role": "doc-noteref",
            "aria-label": reference.label,
        }
        tokens.append(Token("reference_open", "a", 1, attrs=attrs))
        tokens.append(Token("text", "", 0, content=str(reference.number)))
        tokens.append(Token("reference_close", "a", -1))
    tokens.append(Token("references_close", "sup", -1))
    return tokens
