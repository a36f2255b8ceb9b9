r"""Where the passages of an article's notes stand in its finished page, as an outside client reads it there.

Such a client knows text nodes and nothing else: the numbers of references and the words of charts count, mark-up
and style do not. Two readings are in use. The W3C's selectors count in the text of `<article>` with its white space
collapsed; in a browser that is

    document.querySelector("article").textContent.replace(/\s+/g, " ").trim()

Hypothesis counts in the text of `<body>` as it stands.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from randnotiz.model import AnchoredNote
from randnotiz.spans import Span

CONTEXT = 32  # characters of context at the least, rounded up to whole words, as the Hypothesis client takes them
MOST_CONTEXT = 512  # where so much does not tell two places apart, the position has to

# The pages are our own: well-formed, and with every `>` of an attribute escaped.
_TAG = re.compile(r"<[^>]*>")
_UNREAD = re.compile(r"<template\b.*?</template>", re.DOTALL)  # its content is no child of the page
_MARK = re.compile(r'<mark [^>]*?data-notes="([^"]*)"[^>]*>|</mark>')
# What JavaScript takes for white space, which Python's \s is not quite (ECMA-262, 12.2 and 12.3).
_SPACE = re.compile("[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class TextContent:
    """A text of the page, and where in it the passage of each note stands, in code points."""

    text: str
    spans: Mapping[str, Span]

    def context(self, span: Span) -> tuple[str, str]:
        """What stands before and after a passage: as much as tells it from all others."""
        size = CONTEXT
        while True:
            start, end = _word_before(self.text, span.start - size), _word_after(self.text, span.end + size)
            if size >= MOST_CONTEXT or self.text.count(self.text[start:end]) == 1:
                return self.text[start : span.start], self.text[span.end : end]
            size *= 2


@dataclass(frozen=True, kw_only=True, slots=True)
class PageReadings:
    """The two readings of a finished page, and those of the footnotes in which a passage stands.

    A footnote is printed among the notes, outside of `<article>`; it is found by its id.
    """

    article: TextContent
    body: TextContent
    footnotes: Mapping[str, tuple[str, TextContent]]  # by note: the footnote around its passage


def page_text(html: str, notes: Iterable[AnchoredNote] = ()) -> PageReadings:
    """What outside clients read in the page of an article with these notes."""
    body, article, end = html.index("<body"), html.index("<article"), html.index("</article>")
    above = _words(_UNREAD.sub("", html[body:article]))
    pieces = list(_pieces(html[article:end]))
    bodies = ((note.id, _collapsed(_pieces(note.body))) for note in notes if note.body and "<mark " in note.body)
    footnotes = {id: (footnote, reading) for footnote, reading in bodies for id in reading.spans}
    return PageReadings(article=_collapsed(pieces), body=_as_it_stands(above, pieces), footnotes=footnotes)


def _words(html: str) -> str:
    return unescape(_TAG.sub("", html))


def _pieces(html: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The text nodes, cut at the borders of marks: words, and the notes they are under."""
    at = 0
    notes: tuple[str, ...] = ()
    for mark in _MARK.finditer(html):
        yield _words(html[at : mark.start()]), notes
        at, notes = mark.end(), tuple((mark[1] or "").split())
    yield _words(html[at:]), ()


def _as_it_stands(above: str, pieces: Iterable[tuple[str, tuple[str, ...]]]) -> TextContent:
    """The text as far as the end of the article: no passage lies below, and offsets do not depend on it."""
    parts = [above]
    at = len(above)
    spans: dict[str, Span] = {}
    for words, notes in pieces:
        _stretch(spans, notes, at, at + len(words))
        parts.append(words)
        at += len(words)
    return TextContent(text="".join(parts), spans=spans)


def _collapsed(pieces: Iterable[tuple[str, tuple[str, ...]]]) -> TextContent:
    """The text with every run of white space as one blank, none at its beginning and its end."""
    parts: list[str] = []
    at = 0
    blank = True  # the text so far ends in one, or has not begun
    spans: dict[str, Span] = {}
    for written, notes in pieces:
        words = _SPACE.sub(" ", written)
        if blank:
            words = words.removeprefix(" ")
        if words:
            _stretch(spans, notes, at, at + len(words))
            parts.append(words)
            at += len(words)
            blank = words.endswith(" ")
    text = "".join(parts)
    return TextContent(text=text.rstrip(" "), spans={id: _trimmed(text, span) for id, span in spans.items()})


def _stretch(spans: dict[str, Span], notes: Iterable[str], start: int, end: int) -> None:
    """A passage reaches from its first mark to its last: what lies between belongs to it."""
    for id in notes:
        spans[id] = Span(start=spans[id].start if id in spans else start, end=end)


def _trimmed(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    return Span(start=span.end - len(words.lstrip(" ")), end=span.start + len(words.rstrip(" ")))


def _word_before(text: str, at: int) -> int:
    """The beginning of the word that reaches over a place."""
    return max(text.rfind(" ", 0, at) + 1, at - CONTEXT) if at > 0 else 0


def _word_after(text: str, at: int) -> int:
    """The end of the word that reaches over a place; the place itself where no word ends near it."""
    stop = text.find(" ", at, at + CONTEXT)
    return stop if stop >= 0 else min(at, len(text))


def utf16(text: str, at: int) -> int:
    """The offset in UTF-16 code units, in which browsers count, of a place given in code points."""
    return len(text[:at].encode("utf-16-le")) // 2
