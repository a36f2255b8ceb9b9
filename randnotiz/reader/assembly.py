"""Shapes to the records of an article: ids made, sources looked up, whatever cannot be resolved left out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from randnotiz.errors import Finding, Position, Text, did_you_mean
from randnotiz.model import (
    Chart,
    Citation,
    CounterClaim,
    EndsQuote,
    Figure,
    Json,
    Quantity,
    Quote,
    Remark,
    Source,
    SourceUse,
)
from randnotiz.reader import csl_items, shapes
from randnotiz.reader.fields import shortened, slugged
from randnotiz.records import dataclass

WORDS_OF_AN_ID = 5


def sources(file: shapes.SharedSourcesFile, shared: bool) -> tuple[dict[str, Source], tuple[Finding, ...]]:
    """The sources of a file by id, the first of two that bear the same."""
    found: dict[str, Source] = {}
    findings: list[Finding] = []
    for given in (*file.sources, *file.references):
        source, more = csl_items.source(given, shared)
        findings.extend(more)
        if source is None:
            continue
        if source.id in found:
            first = found[source.id].id.position.line
            message = f"there is another source '{shortened(source.id)}' in line {first}"
            findings.append(Finding(source.id.position, "id-doubled", message, "Give one of the two another id."))
        else:
            found[str(source.id)] = source
    return found, tuple(findings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """The sources an article may cite: its own and the shared ones. `broken` means that some could not be read, so
    that an unknown id is nobody's fault.
    """

    own: Mapping[str, Source]
    shared: Mapping[str, Source]
    broken: bool

    def __contains__(self, id_: object) -> bool:
        return id_ in self.own or id_ in self.shared

    def unknown(self, id_: Text) -> Iterator[Finding]:
        """The fault that there is no such source, if there is none."""
        if id_ in self or self.broken:
            return
        near = did_you_mean(id_, (*self.own, *self.shared))
        message = f"there is no source '{shortened(id_)}'{near}"
        hint = "" if near else "Add it to sources.yaml, beside the article or in the folder of content."
        yield Finding(id_.position, "source-unknown", message, hint, unknown=str(id_))

    def uses(self, given: Iterable[SourceUse], findings: list[Finding]) -> tuple[SourceUse, ...]:
        """The uses of known sources; a fault for each of the others."""
        kept = []
        for use in given:
            if use.id in self:
                kept.append(use)
            else:
                findings.extend(self.unknown(use.id))
        return tuple(kept)

    def cited(self, ids: Iterable[str]) -> dict[str, Source]:
        """The article's own sources and those of the shared ones that are among the ids, or share their origin."""
        chosen = dict(self.own)
        waiting = [*ids, *filter(None, map(origin, self.own.values()))]
        while waiting:
            id_ = waiting.pop()
            if id_ not in chosen and id_ in self.shared:
                chosen[id_] = self.shared[id_]
                waiting.extend(filter(None, (origin(self.shared[id_]),)))
        return {**self.own, **{id_: source for id_, source in self.shared.items() if chosen.get(id_) is source}}


def origin(source: Source) -> Text | None:
    """The id of the source that a source merely repeats."""
    custom = source.csl.get("custom")
    same = custom.get("same-origin-as") if isinstance(custom, dict) else None
    return same if isinstance(same, Text) else None


# ----------------------------------------------------------------------------------------------------
# Annotations
# ----------------------------------------------------------------------------------------------------


def made_id(kind: str, quote: Quote | None) -> str:
    """An id of the kind and the first five words of the quote."""
    words = "" if quote is None else quote.start if isinstance(quote, EndsQuote) else quote.exact
    return "-".join(filter(None, (kind, slugged(" ".join(words.split()[:WORDS_OF_AN_ID])))))


def _shared(shape: shapes.AnnotationShape, kind: str, quote: Quote | None) -> dict[str, Any]:
    """What all annotations have, as keywords of their records."""
    return {
        "id": made_id(kind, quote) if shape.id is None else str(shape.id),
        "id_given": shape.id is not None,
        "quote": quote,
        "by_editor": shape.author,
        "created": shape.created,
        "modified": shape.modified,
        "draft": shape.draft,
        "changes": tuple(shape.changes),
        "position": shape.position,
    }


def citation(shape: shapes.CitationShape, library: Library, findings: list[Finding]) -> Citation:
    """The record of a citation."""
    return Citation(
        **_shared(shape, "citation", shape.quote), sources=library.uses(shape.sources, findings), note=shape.note
    )


def counterclaim(shape: shapes.CounterClaimShape, library: Library, findings: list[Finding]) -> CounterClaim:
    """The record of a voice on a claim."""
    return CounterClaim(
        **_shared(shape, "counterclaim", shape.quote),
        claim=shape.claim,
        claimed_by=shape.claimed_by,
        claimed_on=shape.claimed_on,
        verdict=shape.verdict,
        same_claim_as=shape.same_claim_as,
        stance=shape.stance,
        counter=shape.counter,
        by=shape.by,
        sources=library.uses(shape.sources, findings),
        reply=shape.reply,
        asked_on=shape.asked_on,
        replied_on=shape.replied_on,
    )


def remark(shape: shapes.RemarkShape, library: Library, findings: list[Finding]) -> Remark:
    """The record of a note."""
    return Remark(
        **_shared(shape, shape.kind, shape.quote),
        kind=shape.kind,
        note=shape.note,
        term=shape.term,
        sources=library.uses(shape.sources, findings),
    )


def chart(shape: shapes.ChartShape, library: Library, findings: list[Finding]) -> Chart:
    """The record of a chart; its specification stays as it was read."""
    return Chart(
        **_shared(shape, "chart", shape.after),
        title=shape.title,
        subtitle=shape.subtitle,
        alt=shape.alt,
        sources=library.uses(shape.sources, findings),
        note=shape.note,
        rows=shape.data,
        spec=cast(Mapping[str, Json], shape.spec),  # as it was read, so that every part of it knows its place
    )


def quantity(name: Text, shape: shapes.QuantityShape, library: Library, findings: list[Finding]) -> Quantity:
    """The record of a quantity, at its name; best is the middle of a range that does not say its own."""
    if shape.value is not None:
        written: tuple[Text, ...] = (shape.value,)
        low = best = high = float(shape.value)
    else:
        assert shape.low is not None and shape.high is not None  # noqa: S101, PT018 - the shape's rules have seen to it
        written = (shape.low, *([] if shape.best is None else [shape.best]), shape.high)
        low, high = float(shape.low), float(shape.high)
        best = low / 2 + high / 2 if shape.best is None else float(shape.best)
    return Quantity(
        name=str(name),
        label=shape.label,
        low=low,
        best=best,
        high=high,
        unit=_unit(shape.unit, name.position),
        written=written,
        sources=library.uses(shape.sources or (), findings),
        assumed=shape.assumed,
        quote=shape.quote,
        note=shape.note,
        position=name.position,
    )


def figure(name: Text, shape: shapes.FigureShape) -> Figure:
    """The record of a figure, at its name, which makes its id."""
    shared = _shared(shape, "figure", shape.quote)
    return Figure(
        **{
            **shared,
            "id": shared["id"] if shape.id else name.replace("_", "-"),
            "id_given": True,
            "position": name.position,
        },
        name=str(name),
        label=shape.label,
        formula=shape.formula,
        unit=_unit(shape.unit, name.position),
        stated=shape.stated,
        tolerance=shape.tolerance,
        finding=shape.finding,
        digits=shape.digits,
        note=shape.note,
    )


def _unit(given: Text | None, position: Position) -> Text:
    """The unit's words; none mean that it has no dimension."""
    return Text("", position) if given is None else given
