"""Where the passages of an article's notes stand in its finished page, as an outside client reads it there.

Such a client knows text nodes and nothing else (the DOM's `textContent`): the numbers of references and the words of
charts count, mark-up and style do not. The W3C's selectors count in the text of `<article>`, Hypothesis in that of
`<body>`, both as it stands.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from unicodedata import normalize
from urllib.parse import quote

from msgspec import Struct

from randnotiz.exports.context import find_tag
from randnotiz.model import AnchoredNote
from randnotiz.spans import Span

CONTEXT = 32  # characters of context, as the Hypothesis client takes them; more only where they fit elsewhere, too
SHORT, END = 10, 4  # words of a passage that a link repeats, and at each end of a longer one
MOST_LINES = 20  # above a passage, most of them blank
MOST_CONTEXT = 512  # where so much does not tell two places apart, the position has to

# The pages are our own: well-formed, and with every `>` of an attribute escaped.
_TAG = re.compile(r"<[^>]*>")
_WORD_END = re.compile(r"\w*")
_UNREAD = re.compile(r"<template\b.*?</template>", re.DOTALL)  # its content is no child of the page
_MARK = re.compile(r'<mark [^>]*?data-notes="([^"]*)"[^>]*>|</mark>')


class TextContent(Struct, frozen=True, kw_only=True):
    """A text of the page, and where in it the passage of each note stands, in code points."""

    text: str
    spans: Mapping[str, Span]

    def context(self, span: Span) -> tuple[str, str]:
        """What stands before and after a passage: as much as tells it from all others."""
        size = CONTEXT
        while True:
            start, end = max(span.start - size, 0), span.end + size
            if size >= MOST_CONTEXT or self.text.count(self.text[start:end]) == 1:
                return self.text[start : span.start], self.text[span.end : end]
            size *= 2


class PageReadings(Struct, frozen=True, kw_only=True):
    """The two readings of a finished page, and those of the footnotes in which a passage stands; `letters` are those
    of the body, as browsers compare them, and `places` where they stand in it.

    A footnote is printed among the notes, outside of `<article>`; it is found by its id, and its text is that of the
    element of this id from its beginning.
    """

    article: TextContent
    body: TextContent
    letters: str
    places: Sequence[int]
    footnotes: Mapping[str, tuple[str, TextContent]]  # by note: the footnote around its passage


def page_text(html: str, notes: Iterable[AnchoredNote] = ()) -> PageReadings:
    """What outside clients read in the page of an article with these notes."""
    body, article, end = (find_tag(html, tag) for tag in ("<body", "<article", "</article>"))
    pieces = list(_pieces(html[article:end]))
    above = text_of(_UNREAD.sub("", html[body:article]))
    bodies = ((note.id, _footnote(html, note.id, note.body)) for note in notes if note.body and "<mark " in note.body)
    footnotes = {id: (footnote, reading) for footnote, reading in bodies for id in reading.spans}
    whole = _read([(above, ()), *pieces])
    return PageReadings(
        article=_read(pieces),
        body=whole,
        letters=_letters(whole.text),
        places=[place for place, char in enumerate(_bare(whole.text)) if not char.isspace()],
        footnotes=footnotes,
    )


def _footnote(html: str, id: str, body: str) -> TextContent:
    """The text of the element that a footnote is in the page, as far as its body reaches."""
    start = html.index(">", html.index(f' id="n-{id}"')) + 1
    return _read([(text_of(html[start : html.index(body, start)]), ()), *_pieces(body)])


def text_of(html: str) -> str:
    """The text nodes of HTML of our own, in order."""
    return unescape(_TAG.sub("", html))


def _pieces(html: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The text nodes, cut at the borders of marks: words, and the notes they are under."""
    at = 0
    notes: tuple[str, ...] = ()
    for mark in _MARK.finditer(html):
        yield text_of(html[at : mark.start()]), notes
        at, notes = mark.end(), tuple((mark[1] or "").split())
    yield text_of(html[at:]), ()


def _read(pieces: Iterable[tuple[str, tuple[str, ...]]]) -> TextContent:
    """The text of all pieces. A passage reaches from its first mark to its last: what lies between belongs to it."""
    parts: list[str] = []
    at = 0
    spans: dict[str, Span] = {}
    for words, notes in pieces:
        for id in notes:
            spans[id] = Span(start=spans[id].start if id in spans else at, end=at + len(words))
        parts.append(words)
        at += len(words)
    return TextContent(text="".join(parts), spans=spans)


def _bare(text: str) -> str:
    """A text with one character for each of its own, without case and accents."""
    return text.translate({ord(char): normalize("NFKD", char).lower()[0] for char in set(text)})


def _letters(text: str) -> str:
    return "".join(_bare(text).split())


def text_directive(page: PageReadings, span: Span) -> str:
    """What an address ends in that leads to a passage (Text Fragments): its words, or the first and the last of them,
    behind words before them, of their line or else above it, where they stand further up in the page, too.

    Browsers find whole words only, and the number of a reference makes one word with that before it: this is left
    out, or the number taken along where little else is there.
    """
    text = page.body.text
    blocks = text[span.start : span.end].split("\n")
    first, last = blocks[0].split(), blocks[-1].split()
    number = _WORD_END.match(text, span.end)
    if number and number[0]:
        numbered = [*last[:-1], last[-1] + number[0]]
        alone = len(last) > END and (len(blocks) > 1 or _stands_first(page, span.start, [], last[:-1]))
        last = last[:-1] if alone else numbered
    if len(blocks) == 1:
        first = last
    whole = len(blocks) == 1 and len(last) <= SHORT
    parts = [_encoded(last)] if whole else [_encoded(first[:END]), _encoded(last[-END:])]
    *lines, line = (part.split() for part in text[: span.start].rsplit("\n", MOST_LINES))
    above = next(filter(None, reversed(lines)), [])
    start = first if whole else first[:END]
    for before in ([], *(some[-count:] for some in (line, [*above, *line]) for count in (END, SHORT))):
        if _stands_first(page, span.start, before, start):
            return f":~:text={','.join([*([_encoded(before) + '-'] if before else ()), *parts])}"
    return f":~:text={','.join(parts)}"


def _stands_first(page: PageReadings, at: int, before: Sequence[str], words: Sequence[str]) -> bool:
    """Whether words behind others stand at a place of the body, and nowhere before."""
    behind = _letters("".join(before))
    found = page.letters.find(behind + _letters("".join(words)))
    return found >= 0 and page.places[found + len(behind)] == at


def _encoded(words: Sequence[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")


def utf16(text: str, at: int) -> int:
    """The offset in UTF-16 code units, in which browsers count, of a place given in code points."""
    return len(text[:at].encode("utf-16-le")) // 2
