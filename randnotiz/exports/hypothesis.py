"""`hypothesis.json`: the notes of an article as rows of the Hypothesis API.

Its client counts in UTF-16 code units in the text of the page's body as it stands.
"""

import re
from collections.abc import Iterator
from hashlib import blake2b
from urllib.parse import urlsplit

from randnotiz import slugs
from randnotiz.exports.annotations import annotation_of, claim_of, noted, quotation, sum_of
from randnotiz.exports.context import ExportContext
from randnotiz.exports.passages import PageReadings, utf16
from randnotiz.model import (
    AnchoredNote,
    Annotation,
    Citation,
    CitationItem,
    CounterClaim,
    EditorialNote,
    Figure,
    Json,
)
from randnotiz.pages import views

EVERYBODY = "__world__"  # the public group

_MARKDOWN = re.compile(r"([\\`*_\[\]<>])")


def hypothesis_rows(edition: ExportContext, page: PageReadings) -> dict[str, Json]:
    """The notes of an article as a search of the API would list them."""
    rows: list[Json] = [_row(edition, note, page) for note in noted(edition)]
    return {"total": len(rows), "rows": rows}


def _row(edition: ExportContext, note: AnchoredNote, page: PageReadings) -> dict[str, Json]:
    annotation = annotation_of(note)
    editor = edition.editors(annotation)[0]
    user = f"acct:{_account(str(editor.name))}@{urlsplit(edition.address).hostname}"
    created, changed = edition.created(annotation), edition.changed(annotation)
    html, json = edition.at(f"#n-{note.id}"), edition.at(f"annotations.jsonld#n-{note.id}")
    links: dict[str, Json] = {"html": html, "incontext": edition.at(f"#r-{note.id}") if note.number else html}
    selectors = _selectors(note, page)
    return {
        "id": blake2b(json.encode(), digest_size=11).hexdigest(),
        "created": _to_the_microsecond(created),
        "updated": _to_the_microsecond(changed or created),
        "user": user,
        "uri": edition.address,
        "text": "\n\n".join(part for part in _paragraphs(edition, annotation) if part),
        "tags": [*annotation.tags],
        "group": EVERYBODY,
        "permissions": {"read": [f"group:{EVERYBODY}"], "update": [user], "delete": [user]},
        "target": [{"source": edition.address, **({"selector": selectors} if selectors else {})}],
        "document": {"title": [edition.plain(edition.article.title)]},
        "links": links | ({"json": json} if edition.has("annotations.jsonld") else {}),
        "user_info": {"display_name": str(editor.name)},
        "hidden": False,
        "flagged": False,
    }


def _selectors(note: AnchoredNote, page: PageReadings) -> list[Json]:
    """Where the client finds the passage; nothing for a note on the page as a whole."""
    if span := page.body.spans.get(note.id):
        start, end = utf16(page.body.text, span.start), utf16(page.body.text, span.end)
        return [{"type": "TextPositionSelector", "start": start, "end": end}, quotation(page.body, span)]
    if note.id in page.footnotes:
        reading = page.footnotes[note.id][1]
        return [quotation(reading, reading.spans[note.id])]
    return []


def _account(name: str) -> str:
    """A name as Hypothesis' accounts are called: 3 to 30 letters, digits and low lines."""
    return slugs.ascii_slug(name).replace("-", "_")[:30].ljust(3, "_")


def _to_the_microsecond(moment: str | None) -> str | None:
    return moment and moment.replace("Z", ".000000+00:00")


def _paragraphs(edition: ExportContext, annotation: Annotation) -> Iterator[str]:
    message, colon = edition.lang.message, edition.lang.colon
    match annotation:
        case Citation(note=note):
            yield edition.plain(note or "")
        case CounterClaim():
            yield f"**{message(f'stance-{annotation.stance}')}{colon}{_literal(str(annotation.by.name))}**"
            yield edition.plain(annotation.counter)
            if annotation.reply:
                yield f"**{message('reply')}**"
                yield edition.plain(annotation.reply)
            claim = claim_of(edition, annotation)
            if claim and claim.verdict:
                yield _literal(message("verdict-ours", verdict=views.verdict_word(claim.verdict, edition.lang)))
        case Figure(note=note):
            yield _literal(sum_of(edition, annotation))
            yield edition.plain(note or "")
        case EditorialNote(term=term, note=note):
            yield f"**{_literal(edition.plain(term))}**" if term else ""
            yield edition.plain(note)
    for change in annotation.changes:
        yield _literal(
            f"{message('note-changed', date=edition.lang.date(change.date))}{colon}{edition.plain(change.text)}"
        )
    works = dict.fromkeys(_work(edition, use) for use in views.uses_of(annotation, edition.annotated))
    yield "\n".join(work for work in works if work)


def _work(edition: ExportContext, use: CitationItem) -> str:
    reference = edition.references.get(str(use.id))
    if reference is None:
        return ""
    locator = f", {use.locator}" if use.locator else ""
    return f"- [{_literal(reference.short)}]({edition.work_address(reference)}){_literal(locator)}"


def _literal(words: str) -> str:
    """Words that Markdown is to print as they are."""
    return _MARKDOWN.sub(r"\\\1", words)
