"""What has changed between two states of a page, so that not all of it must be sent again."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from operator import eq

Hunk = tuple[int, int, list[bytes]]  # the first line that changed, how many are gone, and those in their place


def hunks(old: Sequence[bytes], new: Sequence[bytes]) -> list[Hunk]:
    """The stretches of lines that changed, in order.

    Where both have as many lines every stretch is found, as after most edits of a sentence; otherwise all between the
    first and the last change is one, which is quicker to send than the least is to find.
    """
    if len(old) == len(new):
        return list(_changed(old, new))
    most = min(len(old), len(new))
    start = _equal(old, new)
    end = min(_equal(old[::-1], new[::-1]), most - start)
    return [(start, len(old) - end - start, list(new[start : len(new) - end]))]


def _equal(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """How many lines are the same from the beginning on."""
    return sum(1 for _ in takewhile(bool, map(eq, old, new)))


def _changed(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[Hunk]:
    start = None
    for line, (before, after) in enumerate(zip(old, new, strict=True)):
        if before != after:
            start = line if start is None else start
        elif start is not None:
            yield start, line - start, list(new[start:line])
            start = None
    if start is not None:
        yield start, len(old) - start, list(new[start:])
