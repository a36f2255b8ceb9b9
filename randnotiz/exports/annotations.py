"""`annotations.jsonld`: what the notes say about which passage, for programs that know nothing of us.

A collection of the W3C's Web Annotation Data Model (Recommendation of 2017-02-23). Its selectors are taken from the
finished page (see `passages`); the words as the author quoted them, in which no reference stands, are the target's
`label`. Charts are part of the text and no annotations here.
"""

from collections.abc import Iterator

from randnotiz.diagnostics import SourceText
from randnotiz.exports.context import ExportContext, instant, without_empty
from randnotiz.exports.passages import PageReadings, TextContent, text_directive
from randnotiz.model import (
    AnchoredNote,
    Annotation,
    Citation,
    CitationItem,
    Claim,
    CounterClaim,
    EditorialNote,
    Figure,
    Json,
    Person,
)
from randnotiz.pages import views
from randnotiz.spans import Span

DIRECTIVE = "https://wicg.github.io/scroll-to-text-fragment/"  # Text Fragments, of the WICG
FRAGMENT = "http://tools.ietf.org/rfc/rfc3236"  # the syntax of fragments in HTML, as the model names it

Row = dict[str, Json]


def annotation_collection(edition: ExportContext, page: PageReadings) -> Row:
    """The notes of an article as a collection with its one page embedded."""
    address = edition.at("annotations.jsonld")
    rows = [_annotation(edition, note, page) for note in noted(edition)]
    collection: Row = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": address,
        "type": "AnnotationCollection",
        "label": edition.plain(edition.article.title),
        "creator": _agent(edition.settings.publisher) | {"type": "Organization"},  # whatever else they are
        "total": len(rows),
    }
    if rows:  # a page has at least one annotation
        page_id = f"{address}#page"
        collection |= {
            "first": {"id": page_id, "type": "AnnotationPage", "partOf": address, "startIndex": 0, "items": [*rows]},
            "last": page_id,
        }
    return collection


def noted(edition: ExportContext) -> Iterator[AnchoredNote]:
    """The notes that are annotations: a footnote of the author's is part of the text."""
    return (note for note in edition.annotated.notes if note.annotation is not None)


def _annotation(edition: ExportContext, note: AnchoredNote, page: PageReadings) -> Row:
    annotation = annotation_of(note)
    agents: list[Json] = [{"type": "Person", **_agent(editor)} for editor in edition.editors(annotation)]
    created, changed = edition.created(annotation), edition.changed(annotation)
    return without_empty(
        {
            "id": edition.at(f"annotations.jsonld#n-{note.id}"),
            "type": "Annotation",
            "motivation": annotation.motivation,
            "creator": agents[0] if len(agents) == 1 else agents,
            "created": created,
            "modified": changed,
            "body": list(_bodies(edition, annotation)),
            "target": _target(edition, note, page),
        }
    )


def _agent(who: Person) -> Row:
    return without_empty(
        {
            "type": who.type.title() if who.type else None,
            "name": str(who.name),
            "homepage": str(who.url) if who.url else None,
        }
    )


def _target(edition: ExportContext, note: AnchoredNote, page: PageReadings) -> Row:
    target: Row = {"type": "SpecificResource", "source": edition.address}
    if note.span is None:  # it speaks about the whole article
        return target
    target["label"] = note.passage
    span = page.article.spans.get(note.id)
    if span is None:
        footnote, reading = page.footnotes[note.id]
        place: Row = {"type": "FragmentSelector", "conformsTo": FRAGMENT, "value": f"n-{footnote}"}
        return target | {"selector": [_words_in(f'[id="n-{footnote}"]', reading, reading.spans[note.id]), place]}
    link: Row = {
        "type": "FragmentSelector",
        "conformsTo": DIRECTIVE,
        "value": text_directive(page, page.body.spans[note.id]),
    }
    return target | {"selector": [_words_in("article", page.article, span), link]}


def _words_in(element: str, reading: TextContent, span: Span) -> Row:
    """A passage by its words and its position in the `textContent` of an element."""
    position: Row = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
    return {"type": "CssSelector", "value": element, "refinedBy": [quotation(reading, span), position]}


def quotation(reading: TextContent, span: Span) -> Row:
    """A passage by its words and what stands around them."""
    prefix, suffix = reading.context(span)
    return {
        "type": "TextQuoteSelector",
        "exact": reading.text[span.start : span.end],
        "prefix": prefix,
        "suffix": suffix,
    }


def _bodies(edition: ExportContext, annotation: Annotation) -> Iterator[Json]:
    """What an annotation says, our corrections of it, what kind it is, and the works it leans on."""
    yield from _words(edition, annotation)
    for change in annotation.changes:
        yield _plain(edition, edition.plain(change.text), "editing") | {"created": instant(change.date)}
    for tag in annotation.tags:
        yield {"type": "TextualBody", "purpose": "tagging", "value": tag}
    for use in dict.fromkeys(views.uses_of(annotation, edition.annotated)):
        yield from _linked(edition, use)


def _words(edition: ExportContext, annotation: Annotation) -> Iterator[Row]:
    match annotation:
        case Citation(note=note):
            yield from _long(edition, note)
        case CounterClaim(counter=counter, by=by, reply=reply):
            for body in _long(edition, counter):
                yield body | {"creator": _agent(by)}
            yield from _long(edition, reply, "replying")
            claim = claim_of(edition, annotation)
            if claim and claim.verdict:
                yield _plain(edition, views.verdict_word(claim.verdict, edition.lang), "classifying")
        case Figure(note=note):
            yield _plain(edition, sum_of(edition, annotation), "commenting")
            yield from _long(edition, note)
        case EditorialNote(term=term, note=note):
            if term:
                yield _plain(edition, edition.plain(term), "identifying")
            yield from _long(edition, note)


def _long(edition: ExportContext, words: SourceText | None, purpose: str = "commenting") -> Iterator[Row]:
    if words:
        html = edition.html(words).strip()
        yield _plain(edition, html, purpose) | {"format": "text/html"}


def _plain(edition: ExportContext, words: str, purpose: str) -> Row:
    return {
        "type": "TextualBody",
        "purpose": purpose,
        "format": "text/plain",
        "language": edition.lang.tag,
        "value": words,
    }


def _linked(edition: ExportContext, use: CitationItem) -> Iterator[Json]:
    """The work an annotation leans on, with its archived copy, and what it says there."""
    reference = edition.references.get(str(use.id))
    if reference is None:
        return
    if use.passage:
        yield _plain(edition, edition.plain(use.passage), "describing")
    state = without_empty(
        {
            "type": "TimeState",
            "cached": reference.archive_href,
            "sourceDate": instant(reference.archived) if reference.archived else None,
        }
    )
    yield without_empty(
        {
            "type": "SpecificResource",
            "purpose": "linking",
            "source": edition.work_address(reference),
            "label": reference.text,
            "selector": {"type": "TextQuoteSelector", "exact": str(use.verbatim)} if use.verbatim else None,
            "state": state if reference.archive_href else None,
        }
    )


def sum_of(edition: ExportContext, figure: Figure) -> str:
    """What was computed, and how it compares with what the passage says."""
    result = edition.annotated.results.figures[figure.name]
    printer = edition.printer
    computed = printer.range(result.range, figure)
    words = f"{edition.plain(figure.label)}{edition.lang.colon}{computed}{edition.lang.stop}"
    stated = printer.stated(result)
    if stated is None:
        return words
    comparison = edition.lang.message(
        "figure-comparison", stated=stated, computed=computed, verdict=printer.verdict(result)
    )
    return f"{words} {comparison}{edition.lang.stop}"


def claim_of(edition: ExportContext, voice: CounterClaim) -> Claim | None:
    """The claim that a voice speaks about."""
    wanted = str(voice.same_claim_as or voice.id)
    return next((claim for claim in edition.annotated.claims if claim.id == wanted), None)


def annotation_of(note: AnchoredNote) -> Annotation:
    """What stands behind a note of `noted`."""
    assert note.annotation is not None  # noqa: S101 - footnotes have been left out
    return note.annotation
