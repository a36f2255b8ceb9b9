"""The comments of a .docx (ECMA-376, part 1, 17.13.4; threads: MS-DOCX, 2.5.3) as rows that are to be notes."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from randnotiz import quotes
from randnotiz.editing.hypothesis_rows import Row, made_id
from randnotiz.editing.word_file import Event, WordFile, texts
from randnotiz.spans import Span

CONTEXT = 60  # characters before and behind words that stand in the text more than once

# A word, as "Source:" is in any language, and an address.
_SOURCE = re.compile(r"[^\W\d_]+\s*:\s*<?(https?://[^\s<>]*[^\s<>.,;:!?)])\S?(.*)", re.DOTALL)
# What Google Docs writes as a reply where a thread is closed, and where it is opened again.
_STATES = {"_Marked as resolved_": True, "_Re-opened_": False}


class _Comment(Struct, frozen=True, kw_only=True):
    id: str
    author: str
    date: str
    text: str
    paragraphs: tuple[str, ...]  # ids, of which the last stands for the comment


def rows(file: WordFile, titles: Sequence[str], *, resolved: bool) -> tuple[list[Row], int]:
    """The comments in their order, replies with the one they answer; and how many threads were left out because they
    are resolved, which are none with `resolved`. What hangs on the `titles` is about the whole article.
    """
    text, spans = _anchors(file.events("document"))
    top = max((text.find(title) + len(title) for title in titles if title and title in text), default=0)
    below = quotes.fold(text[top:])
    comments = list(_comments(file.events("comments")))
    parents, done = _threads(file.events("commentsExtended"), comments, spans)
    for comment in comments:
        if comment.text in _STATES and comment.id in parents:
            done[parents[comment.id]] = _STATES[comment.text]
    given: list[Row] = []
    ids: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for number, comment in enumerate(comments, 1):
        root = parents.get(comment.id, comment.id)
        made = made_id(comment.author, comment.date, comment.text)
        seen[made] += 1  # one remark at several places within the same minute
        ids[comment.id] = made if seen[made] == 1 else made_id(made, str(seen[made]))
        if (done.get(root) and not resolved) or (comment.text in _STATES and root != comment.id):
            continue
        start, end = spans.get(root, Span(0, 0))
        source = _SOURCE.match(comment.text) if root == comment.id else None
        exact = text[start:end] if start >= top and root == comment.id else ""
        places = [span.start + top for span in quotes.find(below, exact)] if exact else []
        often = text.count(exact, top) > 1
        given.append(
            Row(
                number=number,
                id=ids[comment.id],
                text=source[2].strip() if source else comment.text,
                exact=exact,
                which=(places.index(start), len(places)) if start in places else (0, 0),
                prefix=text[max(start - CONTEXT, top) : start] if often else "",
                suffix=text[end : end + CONTEXT] if often else "",
                author=comment.author,
                created=comment.date,
                parents=(ids[root],) if root != comment.id else (),
                source=source[1] if source else "",
                plain=True,
            )
        )
    return given, 0 if resolved else sum(
        done.get(comment.id, False) for comment in comments if comment.id not in parents
    )


def _comments(events: list[Event]) -> Iterator[_Comment]:
    given: Mapping[str, str] = {}
    pieces: list[str] = []
    paragraphs: list[str] = []
    for event, words in texts(events):
        if event.kind == "start" and event.name == "comment":
            given, pieces, paragraphs = event.attributes, [], []
        elif event.kind == "start" and event.name == "p":
            paragraphs.append(event.attributes.get("paraId", ""))
        pieces.append(words)
        if event.kind == "end" and event.name == "comment":
            yield _Comment(
                id=given.get("id", ""),
                author=given.get("author", ""),
                date=given.get("date", ""),
                text="\n\n".join(line.strip() for line in "".join(pieces).splitlines() if line.strip()),
                paragraphs=tuple(paragraphs),
            )


def _anchors(events: list[Event]) -> tuple[str, Mapping[str, Span]]:
    """The text of the document, and the words in it that each comment hangs on: of a mere point the word before."""
    pieces: list[str] = []
    at = 0
    places: dict[str, dict[str, int]] = {"commentRangeStart": {}, "commentRangeEnd": {}, "commentReference": {}}
    for event, words in texts(events):
        pieces.append(words)
        at += len(words)
        if event.kind == "start" and event.name in places:
            places[event.name].setdefault(event.attributes.get("id", ""), at)
    text = "".join(pieces)
    starts, ends, points = places.values()
    spans = {}
    for id, point in {**points, **ends}.items():
        end = len(text[:point].rstrip())
        start = starts.get(id, point)
        if start >= end:
            start = re.search(r"\S*\Z", text[:end]).start()  # type: ignore[union-attr]
        start += len(text[start:end]) - len(text[start:end].lstrip())
        spans[id] = Span(start, end)
    return text, spans


def _threads(
    events: Sequence[Event], comments: Sequence[_Comment], spans: Mapping[str, Span]
) -> tuple[dict[str, str], dict[str, bool]]:
    """The first comment of the thread that each reply belongs to, and whether threads are done. Without the part that
    says so, which older programs do not write, comments on one place are a thread, as Google Docs writes them.
    """
    extended = {each.attributes.get("paraId", ""): each.attributes for each in events if each.name == "commentEx"}
    by_paragraph = {id: comment.id for comment in comments for id in comment.paragraphs if id}
    parents: dict[str, str] = {}
    done: dict[str, bool] = {}
    first: dict[Span, str] = {}
    for comment in comments:
        given = next((extended[id] for id in reversed(comment.paragraphs) if id in extended), {})
        parent = by_paragraph.get(given.get("paraIdParent", ""))
        if not extended and (span := spans.get(comment.id)):
            parent = first.setdefault(span, comment.id)
        if parent and parent != comment.id:
            parents[comment.id] = parents.get(parent, parent)
        done[comment.id] = given.get("done") in ("1", "true")
    return parents, done
