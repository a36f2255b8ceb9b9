"""Titles in quotation marks: those inside them become the inner pair of the article's language."""

import re
from collections.abc import Sequence

_OPENING_AFTER = frozenset(" \t\n\u00a0\u202f([{-–—/")
_DOUBLE = frozenset('"„“”‟«»')
_SINGLE = frozenset("'‚‘’‹›")
_APOSTROPHE = "’"


# The French blanks: those within guillemets belong to the marks, which the page sets; no line begins with one.
_WITHIN = re.compile(r"""(?<![^\s(\[’'][«‹])(?<=[«‹])[^\S\n]|[^\S\n](?=[»›](?:[\s.,;:!?…)\]]|$))""")
_BEFORE = re.compile(r" (?=[;!?]+(?:[\s»)\]]|$))")
_BEFORE_COLON = re.compile(r" (?=:(?:\s|$))")


def set_in_french(title: str) -> str:
    """The title with the blanks that the French set where they belong; in other languages there are none."""
    return _BEFORE_COLON.sub("\u00a0", _BEFORE.sub("\u202f", _WITHIN.sub("", title)))


def requoted(title: str, quotes: Sequence[str], inner: bool) -> Sequence[str]:
    """The characters of the title, its quotation marks those of a language (`quotes`: outer pair, inner pair), from
    the inner pair on if the title itself will stand in quotation marks.

    Single marks count as quotation marks only in pairs around words; all others are apostrophes.
    """
    if not any(char in _DOUBLE or char in _SINGLE for char in title):
        return title
    apostrophes = {found.start() for found in _APOSTROPHES.finditer(title)}
    closes_later = _single_closers(title, apostrophes)
    printed: list[str] = []
    open_marks: list[str] = []
    for at, char in enumerate(title):
        kind = "double" if char in _DOUBLE else "single" if char in _SINGLE else ""
        before = title[at - 1] if at else " "
        if not kind:
            printed.append(char)
        elif at in apostrophes:
            printed.append(_APOSTROPHE)
        elif _opens(title, at, kind, closes_later):
            printed.append(_mark(quotes, inner, len(open_marks), closing=False))
            open_marks.append(kind)
        elif open_marks and open_marks[-1] == kind:
            open_marks.pop()
            printed.append(_mark(quotes, inner, len(open_marks), closing=True))
        elif kind == "double":
            inches = char == '"' and before.isdigit()
            printed.append(char if inches else _mark(quotes, inner, len(open_marks), closing=True))
        else:
            printed.append(_APOSTROPHE)
    return printed


# Within a word, where the beginning of one is left out, and behind the s of owners before the end of a quotation.
_APOSTROPHES = re.compile(
    r"(?<=\w)['‘’](?=\w)"
    r"|(?<!\w)['‘’](?=n['‘’](?!\w)|(?:tis|twas|em|til|cause)\b|\d\ds?\b(?!['’]))|(?<=\W['‘’]n)['‘’](?!\w)"
    r"|(?<=[sxz])['’](?= (?:[^'‘’]|(?<=\w)['’](?=\w))*[^\s'‘’]['’](?:$|[.,:;!?…)\"”»“]))",
    re.IGNORECASE,
)


def _mark(quotes: Sequence[str], inner: bool, depth: int, closing: bool) -> str:
    return quotes[(depth + inner) % 2 * 2 + closing]


def _opens(title: str, at: int, kind: str, closes_later: list[bool]) -> bool:
    """Whether a mark opens: it stands at a beginning, before a word, and a single one has its partner."""
    before = title[at - 1] if at else " "
    after = title[at + 1] if at + 1 < len(title) else " "
    begins = (before in _OPENING_AFTER or before in _DOUBLE or before in _SINGLE) and not after.isspace()
    if kind == "double":
        return begins
    return begins and (after.isalnum() or after in _DOUBLE or after in "([¿¡") and closes_later[at + 1]


def _single_closers(title: str, apostrophes: set[int]) -> list[bool]:
    """For each place, whether a single mark that may close stands there or later; found from the end."""
    found = [False] * (len(title) + 1)
    for at in range(len(title) - 1, -1, -1):
        after = title[at + 1] if at + 1 < len(title) else " "
        closes = title[at] in _SINGLE and at > 0 and not title[at - 1].isspace() and not after.isalnum()
        found[at] = found[at + 1] or (closes and at not in apostrophes)
    return found
