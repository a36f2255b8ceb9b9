"""Our own `annotations.jsonld` (exports/annotations.py) as rows: all that it says of each note, with its id."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct

from randnotiz.editing import word_text
from randnotiz.editing.hypothesis_rows import Row
from randnotiz.editing.sanitizing import literal
from randnotiz.editing.word_file import fault
from randnotiz.editing.writing import Entry
from randnotiz.model import EditorialNoteKind


class _Agent(Struct, frozen=True):
    name: str
    homepage: str = ""
    type: str = "Person"


class _State(Struct, frozen=True):
    cached: str = ""
    sourceDate: str = ""  # noqa: N815 - the name in the file


class _Body(Struct, frozen=True):
    purpose: str = ""
    value: str = ""
    format: str = ""
    creator: _Agent | None = None
    created: str = ""
    source: str = ""
    label: str = ""
    selector: dict[str, str] = {}
    state: _State | None = None


class _Target(Struct, frozen=True):
    source: str = ""
    label: str = ""
    selector: list[dict[str, Any]] = []


class _Item(Struct, frozen=True):
    id: str
    target: _Target
    body: list[_Body] = []
    creator: _Agent | list[_Agent] = []
    created: str = ""
    modified: str = ""


class _Page(Struct, frozen=True):
    items: list[_Item] = []


class _Collection(Struct, frozen=True):
    type: Literal["AnnotationCollection"]
    first: _Page = _Page()


def is_ours(raw: bytes) -> bool:
    """Whether a file calls itself what this module reads."""
    return b'"AnnotationCollection"' in raw[:2000]


def rows(raw: bytes, path: str) -> list[Row]:
    """The notes of a collection, in its order. ContentError for what is none."""
    try:
        items = msgspec.json.decode(raw, type=_Collection).first.items
    except msgspec.DecodeError as error:
        fault(path, f"this is no annotations.jsonld of ours: {error}")
    long = [body.value for item in items for body in item.body if body.format == "text/html"]
    converted = iter(word_text.of_html(long, path))
    return [
        _row(number, item, [_words(body, converted) for body in item.body]) for number, item in enumerate(items, 1)
    ]


def _words(body: _Body, converted: Any) -> str:
    return next(converted) if body.format == "text/html" else literal(body.value)


def _row(number: int, item: _Item, words: Sequence[str]) -> Row:
    tags = [body.value for body in item.body if body.purpose == "tagging"]
    kind = next((tag for tag in tags if tag in get_args(EditorialNoteKind)), "context")
    more: dict[str, Entry] = {"kind": kind}
    changes: list[Entry] = []
    parts: list[str] = []
    for body, said in zip(item.body, words, strict=True):
        if body.purpose == "identifying":
            more["term"] = body.value
        elif body.purpose == "editing":
            changes.append({"date": body.created.removesuffix("T00:00:00Z"), "text": body.value})
        elif body.purpose == "linking":
            parts.append(_work(body))
        elif body.purpose != "tagging":
            parts.append(f"**{_linked(body.creator.name, body.creator.homepage)}:** {said}" if body.creator else said)
    if changes:
        more["changes"] = changes
    agents = item.creator if isinstance(item.creator, list) else [item.creator]
    if len(agents) == 1 and (agents[0].homepage or agents[0].type != "Person"):
        agent = agents[0]
        more["author"] = {"name": agent.name, "url": agent.homepage or None, "type": agent.type.lower()}
    quote = _quote(item.target.selector)
    return Row(
        number=number,
        id=item.id,
        own_id=item.id.rpartition("#n-")[2],
        text="\n\n".join(parts),
        exact=item.target.label,
        prefix=quote.get("prefix", ""),
        suffix=quote.get("suffix", "").lstrip("0123456789\N{THIN SPACE}"),  # without the number of the note
        author=", ".join(agent.name for agent in agents),
        created=item.created,
        updated=item.modified,
        tags=tuple(tag for tag in tags if tag != kind),
        address=item.target.source,
        more=more,
    )


def _work(body: _Body) -> str:
    """A work that an annotation leans on, with its own words and its archived copy."""
    parts = [_linked(body.label, body.source)]
    if body.selector:
        parts.append(f"“{literal(body.selector.get('exact', ''))}”")
    if body.state:
        parts.append(_linked(body.state.sourceDate.partition("T")[0] or "archive", body.state.cached))
    return "- " + ", ".join(parts)


def _linked(words: str, address: str) -> str:
    return f"[{literal(words)}](<{address}>)" if address else literal(words)


def _quote(selectors: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The selector by words, also within another."""
    for each in selectors:
        if each.get("type") == "TextQuoteSelector":
            return each
        within = each.get("refinedBy")
        if isinstance(within, list) and (found := _quote([one for one in within if isinstance(one, dict)])):
            return found
    return {}
