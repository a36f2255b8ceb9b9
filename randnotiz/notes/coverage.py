"""Which paragraphs and which numbers of a text nothing supports."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain

from randnotiz import language
from randnotiz.markdown import Document
from randnotiz.model import Coverage, Uncovered
from randnotiz.spans import Span

_MONTHS = "|".join(sorted({*chain(*language.month_names()), "Feber", "Mrz"}, key=len, reverse=True))
_YEAR = r"(?:1[89]|20)\d\d"
_MEASURE = r"(?:[%‰€$£¥]|Prozent|percent|Euro|Dollar|US-|USD|EUR|Mio|Mrd|Tsd|Mill|Bill|million|billion|thousand)"

# What may hold digits, in the order in which it is tried; only the last is a number that wants support.
_WITH_DIGITS = re.compile(
    rf"""
      (?P<address> \S+(?:://|@)\S+ | www\.\S+ )
    | (?P<date> \d{{4}}-\d\d(?:-\d\d)?(?!\d) | \b\d{{1,2}}\.\s?\d{{1,2}}\.(?:\d{{4}}|\d\d)?(?!\d)
        | \b\d{{1,2}}(?:\.|st|nd|rd|th)?\s(?:{_MONTHS})\b\.?(?:,?\s{_YEAR}\b)?
        | \b(?:{_MONTHS})\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,\s{_YEAR}\b)? )
    | (?P<time> \b\d{{1,2}}:\d\d(?::\d\d)?\b )
    | (?P<name> (?:[^\W\d]|(?<=[^\W\d])[-–](?=\d)|_)[\w.-]*\d\w* | \d+[A-ZÄÖÜ]\w* )
    | (?P<year> \b{_YEAR}(?:er[ns]?|s|/\d\d(?:\d\d)?)?\b(?![.,]\d)(?!\s?{_MEASURE}) )
    | (?P<ordinal> \b\d{{1,3}}(?:st|nd|rd|th)\b | \b\d{{1,3}}\.(?=\s[^\W\d]) )
    | (?P<number> \d+(?:[.,’'\u00a0\u202f]\d+)* )
    """,
    re.VERBOSE,
)
_DIGIT = re.compile(r"\d")
_AROUND = 30


def coverage(document: Document, touched: Sequence[Span], exempt: Sequence[Span]) -> Coverage:
    """How much of a text is touched by annotations, sources and figures; numbers in `exempt` need no support.

    Headings, code and footnotes are neither paragraphs nor hold numbers that count.
    """
    supported = _Stretches(touched)
    free = _Stretches((*touched, *exempt))
    text = document.text
    blocks = [block for block in document.blocks if block.flow == 0 and block.kind in ("paragraph", "cell")]
    paragraphs = [block for block in blocks if block.kind == "paragraph" and block.end > block.start]
    numbers = [span for block in blocks for span in _numbers(text, block.start, block.end)]
    return Coverage(
        paragraphs=len(paragraphs),
        numbers=len(numbers),
        bare_paragraphs=tuple(
            Uncovered(words=_beginning(text[block.start : block.end]), position=document.position(block.start))
            for block in paragraphs
            if not supported.meet(block.start, block.end)
        ),
        bare_numbers=tuple(
            Uncovered(words=text[start:end], position=document.position(start))
            for start, end in numbers
            if not free.meet(start, end)
        ),
    )


def _numbers(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The numbers of a block. Only what stands around a digit is looked at: most words have none."""
    while digit := _DIGIT.search(text, start, end):
        word = text.rfind(" ", start, digit.start())
        before = text.rfind(" ", start, word) if word > start else -1  # a month may come before its day
        found = _WITH_DIGITS.search(text, max(start, before + 1), end)
        if found is None:
            return
        if found.lastgroup == "number":
            yield found.span()
        start = found.end()


def _beginning(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 2 * _AROUND else words[: 2 * _AROUND].rsplit(" ", 1)[0] + " …"


class _Stretches:
    """A union of spans that can be asked, in rising order, whether it meets a stretch."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = sorted((span.start, span.end) for span in spans if span.start < span.end)
        self.furthest: list[int] = []
        furthest = 0
        for _, end in self.spans:
            furthest = max(furthest, end)
            self.furthest.append(furthest)

    def meet(self, start: int, end: int) -> bool:
        """Whether any of the spans shares a character with a stretch."""
        before = bisect_left(self.spans, (end,))
        return before > 0 and self.furthest[before - 1] > start
