"""Words that somebody has selected in a page, found in the text that quotations are looked for in.

A page and the reading text differ in nothing but blanks: block borders are line breaks in one and elements in the
other. So both are compared by their letters alone, that is, by everything else.
"""

import re

from msgspec import Struct

from randnotiz.spans import Span

_BLANKS = re.compile("[\\s\u00ad\u200b\u2060\ufeff]+")


class Selection(Struct, frozen=True, kw_only=True):
    """Words that somebody has selected, with some of what stands around them, and how many letters stand before."""

    before: str
    words: str
    after: str
    at: int


def letters(words: str) -> str:
    """The words without blanks and without what nobody sees."""
    return _BLANKS.sub("", words)


def selected(reading: str, selection: Selection) -> Span | None:
    """Where selected words stand, of like places the nearest; None where the page is not of this text."""
    offsets = [offset for offset, char in enumerate(reading) if not _BLANKS.match(char)]
    text = "".join(reading[offset] for offset in offsets)
    before, words, after = map(letters, (selection.before, selection.words, selection.after))
    whole = re.escape(before + words + after)
    starts = [match.start() + len(before) for match in re.finditer(f"(?={whole})", text)] if words else []
    if not starts:
        return None
    start = min(starts, key=lambda start: abs(start - selection.at))
    return Span(offsets[start], offsets[start + len(words) - 1] + 1)
