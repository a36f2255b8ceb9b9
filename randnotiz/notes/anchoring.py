"""Quotations to their places in the reading text, and what an editor is told where there is none or more than one."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import repeat

from randnotiz import quotes
from randnotiz.diagnostics import ContentError, Position, SourceText
from randnotiz.markdown import Document, Numbers
from randnotiz.model import Quote, RangeSelector, TextQuoteSelector
from randnotiz.quotes import Folded, Near
from randnotiz.spans import Span

_MOST_SHOWN = 20
_MOST_HINTS = 50  # what helps an author takes milliseconds to find, and nobody reads on after so many faults
_LONGEST_SHOWN = 80
_AROUND = 20
_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
_FEWEST_WORDS, _MOST_WORDS = 3, 40
_IN_CODE = 0.3  # by how much a passage in prose may be less like the quotation than one in code


class UnknownNumberError(Exception):
    """A quotation rests on a printed number that has a fault of its own; more is not to be said."""


def nearest(
    document: Document, folded: Folded, words: str, inner: Span | None = None, *, lang: str = ""
) -> list[Near]:
    """As `quotes.nearest`, in prose before code, where a listing may hold the words of quotations."""
    code = tuple(Span(block.start, block.end) for block in document.blocks if block.kind == "code")
    nears = quotes.nearest(folded, words, inner=inner, lang=lang)
    if not any(map(_overlaps_any, nears, repeat(code))):
        return nears
    nears += quotes.nearest(_prose(folded, code), words, inner=inner, lang=lang)
    best = {near.span: near for near in sorted(nears, key=lambda near: near.whole)}.values()
    return sorted(best, key=lambda near: _IN_CODE * _overlaps_any(near, code) - near.whole)


@lru_cache(maxsize=2)  # all lost quotations of an article are looked for in the same text
def _prose(folded: Folded, code: tuple[Span, ...]) -> Folded:
    """A text of the same length without its code."""
    text = folded.source
    for start, end in code:
        text = text[:start] + "\n" * len(text[start:end]) + text[end:]
    return quotes.fold(text)


def _overlaps_any(near: Near, spans: Sequence[Span]) -> bool:
    return any(_overlap(near.span, span) for span in spans)


class QuoteIndex:
    """The reading text of an article, folded once, to find quotations in."""

    def __init__(self, document: Document, numbers: Numbers, lang: str) -> None:
        self.document, self.lang = document, lang
        self.folded = quotes.fold(document.text)
        self.unknown = [one for one in document.placeholders if not numbers.known(one.name)]
        self.hints_left = _MOST_HINTS
        self.lost: list[Span] = []  # where quotations without a place may have stood

    def one(self, quote: Quote) -> Span:
        """The only place of a quotation; ContentError if there is none or more than one.

        UnknownNumberError if it could only be found if a number were known that has a fault of its own.
        """
        if isinstance(quote, RangeSelector):
            return self._between(quote)
        found = quotes.find(self.folded, quote.exact, quote.prefix, quote.suffix)
        if not found:
            raise self._missing(quote)
        if len(found) > 1:
            self.lost += found
            raise self._ambiguous(quote.exact.position, quote.exact, found)
        return found[0]

    def every(self, words: SourceText) -> tuple[Span, ...]:
        """Every place of some words, at least one; else as `one`."""
        found = quotes.find(self.folded, words)
        if not found:
            raise self._missing(TextQuoteSelector(exact=words))
        return tuple(found)

    def _between(self, quote: RangeSelector) -> Span:
        found = quotes.find_between(self.folded, quote.start, quote.end)
        if found.passage:
            return found.passage
        self.lost += (Span(start=start, end=start + quotes.BETWEEN) for start, _ in found.starts)
        self.lost += (Span(start=max(0, end - quotes.BETWEEN), end=end) for _, end in found.ends)
        if found.problem == "from-missing":
            raise self._missing(TextQuoteSelector(exact=quote.start))
        if found.problem == "from-ambiguous":
            raise ContentError(
                quote.start.position,
                "quote-ambiguous",
                f"'{_short(quote.start)}' (from) stands {len(found.starts)} times in the text: "
                f"in {self._lines(found.starts)}",
                "begin with more words, until they stand only once",
            )
        if found.ends:
            begun = self.document.line(found.starts[0][0])
            raise ContentError(
                quote.end.position,
                "quote-missing",
                f"'{_short(quote.end)}' (to) does not follow within 2,000 characters of line {begun}, where "
                f"'{_short(quote.start)}' stands; it stands in {self._lines(found.ends)}",
            )
        raise self._missing(TextQuoteSelector(exact=quote.end))

    def _lines(self, spans: Sequence[Span]) -> str:
        lines = dict.fromkeys(self.document.line(start) for start, _ in spans)
        named = ", ".join(str(line) for line in lines)
        return f"line{'s' if len(lines) > 1 else ''} {named} of article.md"

    def _may_hint(self) -> bool:
        self.hints_left -= 1
        return self.hints_left >= 0

    def _ambiguous(self, position: Position, words: str, found: Sequence[Span]) -> ContentError:
        message = f"'{_short(words)}' stands {len(found)} times in the text"
        hint = "quote more words, until they stand only once, or add what stands before (prefix) or after (suffix)"
        if len(found) == quotes.MOST_PLACES:
            return ContentError(position, "quote-ambiguous", f"{message}, or more often", hint)
        if self._may_hint():
            message += f": in {self._lines(found)}"
            hint = "\n".join(
                ("tell them apart by what stands before or after; take one of these:", *self._proposals(found))
            )
        return ContentError(position, "quote-ambiguous", message, hint)

    def _proposals(self, found: Sequence[Span]) -> Iterator[str]:
        """For each place the shortest context that tells it from the others, as YAML to paste."""
        for span in found[:_MOST_SHOWN]:
            around = quotes.context(self.folded, span)
            if around is None:
                continue
            line = self.document.line(span.start)
            parts = [f"exact: {_yaml(self._printed(*span))}"]
            parts += [
                f"{key}: {_yaml(words)}" for key, words in zip(("prefix", "suffix"), around, strict=True) if words
            ]
            yield f"- quote: {{{', '.join(parts)}}}  # line {line}"
        if len(found) > _MOST_SHOWN:
            yield f"… and {len(found) - _MOST_SHOWN} more"

    def _denied(self, span: Span, quote: TextQuoteSelector) -> str:
        denied = quotes.denied(self.folded, span, quote.exact, self.lang)
        return f"; beside it in its sentence stands '{denied}'" if denied else ""

    def _missing(self, quote: TextQuoteSelector) -> Exception:
        """What to say of words that are not in the text: the most likely reason."""
        where = quote.exact.position
        words = f"'{_short(quote.exact)}'"
        anywhere = quotes.find(self.folded, quote.exact) if quote.prefix or quote.suffix else []
        self.lost += anywhere or self._numbers_of(quote.exact)
        if anywhere:
            wrong = self._wrong_context(quote)
            wanted = " and ".join(f"{side} '{_short(part)}'" for side, part in wrong)
            where = getattr(wrong[0][1], "position", where) if len(wrong) == 1 else where
            hint = "\n".join(map(self._surrounded, anywhere[:_MOST_SHOWN]))
            message = f"{words} stands in {self._lines(anywhere)}, but not {wanted}"
            return ContentError(where, "quote-missing", message, hint)
        nears = nearest(self.document, self.folded, quote.exact, lang=self.lang) if self._may_hint() else []
        near = next(iter(nears), None)
        if self.unknown and (not near or any(_overlap(near.span, (one.start, one.end)) for one in self.unknown)):
            return UnknownNumberError()
        if near:
            self.lost.append(Span(start=near.span[0], end=near.span[1]))
        if near is None:
            message = f"these words are not in the text: {words}"
            if begun := self._beginning(quote.exact):
                message += f"; only their beginning is: '{_short(begun)}'"
            hint = "Quote words that stand in article.md, or take this entry out."
            return ContentError(where, "quote-missing", message, hint)
        line = self.document.line(near.span[0])
        message = f"these words are not in the text: {words}; nearest is line {line} of article.md"
        if near.differences:
            message += f", where {quotes.describe(near.differences)}"
            if {difference.kind for difference in near.differences} <= {"case", "punctuation"}:
                message += "; what stands beside it in its sentence may have changed"
        message += self._denied(near.span, quote)
        for one in self.document.placeholders:
            if any(_overlap(difference.span, (one.start, one.end)) for difference in near.differences):
                message += f"; '{self._printed(one.start, one.end)}' is computed there ({{{{ {one.name} }}}})"
        return ContentError(where, "quote-missing", message, f"line {line}: {_yaml(near.passage)}")

    def _numbers_of(self, words: str) -> Iterator[Span]:
        """Where the numbers of some words stand in the text."""
        for digits in dict.fromkeys(_NUMERAL.findall(words)):
            for found in re.finditer(rf"(?<!\d){re.escape(digits)}(?!\d)", self.document.text):
                yield Span(start=found.start(), end=found.end())

    def _beginning(self, words: str) -> str:
        """As many of the first words as stand in the text, if they are enough to be no coincidence."""
        parts = words.split()
        for count in range(min(len(parts) - 1, _MOST_WORDS), _FEWEST_WORDS - 1, -1):
            if quotes.find(self.folded, " ".join(parts[:count])):
                return " ".join(parts[:count])
        return ""

    def _wrong_context(self, quote: TextQuoteSelector) -> list[tuple[str, str]]:
        """What does not stand where the quote says it does: one side alone if the other is right, or else both."""
        sides = [("after", quote.prefix, ""), ("before", "", quote.suffix)]
        wanted = [(side, before or after, before, after) for side, before, after in sides if before or after]
        wrong = [
            (side, part)
            for side, part, before, after in wanted
            if not quotes.find(self.folded, quote.exact, before, after)
        ]
        return wrong or [(side, part) for side, part, _, _ in wanted]

    def _surrounded(self, span: Span) -> str:
        """A place of some words with a few more around them in its block."""
        blocks = [self.document.block_at(at) for at in (span.start, span.end - 1)]
        first, last = (block or span for block in blocks)
        wider = Span(max(first.start, span.start - _AROUND), min(last.end, span.end + _AROUND))
        around = quotes.whole_words(self.folded, wider)
        return f"line {self.document.line(span.start)}: {_yaml(self._printed(*around))}"

    def _printed(self, start: int, end: int) -> str:
        return " ".join(self.document.text[start:end].split())


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST_SHOWN else words[: _LONGEST_SHOWN - 1].rstrip() + "…"


def _yaml(words: str) -> str:
    """Words as a double-quoted YAML scalar."""
    return json.dumps(words, ensure_ascii=False)
