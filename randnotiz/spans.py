"""A stretch of a text."""

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a text, `start` inclusive and `end` exclusive, in code points."""

    start: int
    end: int
