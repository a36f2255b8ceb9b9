"""An article's text as readers select it in the page: with the numbers of its references between the words."""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct

from randnotiz import notes, quotes
from randnotiz.markdown import Document
from randnotiz.model import AnnotatedArticle
from randnotiz.quotes import Folded
from randnotiz.spans import Span


class PageText(Struct, frozen=True, kw_only=True):
    """The reading text with the numbers of references in it, and for each how far the text has moved behind it."""

    folded: Folded
    places: Sequence[int]  # in the page, where a number begins
    moved: Sequence[int]  # behind it

    def only(self, prefix: str, exact: str, suffix: str) -> Span | None:
        """The only place of some words in the reading text, even if they begin or end inside a word."""
        needle, text = quotes.fold(prefix + exact + suffix), self.folded.text
        first, last = needle.to_folded(len(prefix)), needle.to_folded(len(prefix + exact))
        words = needle.text[first:last]
        at = text.find(needle.text) if words.strip() else -1
        if at < 0 or text.find(needle.text, at + 1) >= 0:
            return None
        start = at + last - len(words.lstrip(" "))
        end = at + first + len(words.rstrip(" "))
        return Span(self._without(self.folded.to_source(start)), self._without(self.folded.to_source(end)))

    def _without(self, offset: int) -> int:
        """An offset of the page as one of the reading text; within a number, that of the place it stands at."""
        last = bisect_right(self.places, offset) - 1
        if last < 0:
            return offset
        before = self.moved[last - 1] if last else 0
        return max(self.places[last] - before, offset - self.moved[last])


def page_text(annotated: AnnotatedArticle, document: Document) -> PageText:
    """The page as readers of the published article saw it: without drafts, with the numbers of its other notes."""
    published = sorted(
        (note for note in annotated.notes if note.number and not (note.annotation and note.annotation.draft)),
        key=lambda note: (note.at, note.kind == "footnote", note.span.start if note.span else 0),
    )
    numbers: dict[int, list[int]] = {}
    of_footnote: dict[str, int] = {}
    places = ((note.claim or note.id, note.at) for note in published)
    for note, (number, shown) in zip(published, notes.numbering(places, document), strict=True):
        if note.span is None:
            of_footnote[note.id] = number
        elif shown:
            numbers.setdefault(note.at, []).append(number)
    for call in document.calls:
        numbers.setdefault(call.offset, []).append(of_footnote[notes.footnote_id(call.label)])
    text = document.text
    parts, starts, moved = [], [], []
    last = shift = 0
    for offset in sorted(numbers):
        words = "\N{THIN SPACE}".join(str(number) for number in sorted(numbers[offset]))
        parts += [text[last:offset], words]
        starts.append(offset + shift)
        shift += len(words)
        moved.append(shift)
        last = offset
    return PageText(folded=quotes.fold("".join([*parts, text[last:]])), places=starts, moved=moved)
