"""Annotations set into the text, numbered, overlaps resolved."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import get_args

from markdown_it.token import Token
from msgspec import Struct, field
from msgspec.structs import replace

from randnotiz import markdown, slugs
from randnotiz.codes import Code
from randnotiz.diagnostics import ContentError, Diagnostic, SourceText, did_you_mean
from randnotiz.language import Locale, count_words
from randnotiz.markdown import Document, FootnoteCall
from randnotiz.model import (
    AnchoredNote,
    AnnotatedArticle,
    Annotation,
    Article,
    Chart,
    Claim,
    CounterClaim,
    Coverage,
    Heading,
    NoteKind,
    Quote,
    Results,
    Stance,
    Verdict,
)
from randnotiz.model.annotation import former_id
from randnotiz.notes import marks
from randnotiz.notes.anchoring import QuoteIndex, UnknownNumberError, nearest
from randnotiz.notes.coverage import coverage
from randnotiz.notes.link_targets import Addresses
from randnotiz.notes.marks import Highlight, NoteReference
from randnotiz.notes.printed_numbers import labelled, numbers, source_id
from randnotiz.notes.prose import Prose
from randnotiz.notes.structure import surroundings
from randnotiz.spans import Span

__all__ = ("annotate", "footnote_id", "labelled", "nearest", "numbering", "numbers", "source_id", "surroundings")

# Far beyond what anybody could read; under it, marks and messages stay small.
MOST_NOTES = 2_000
MOST_OVERLAPS = 20_000

_SPACE = re.compile(r"[ \t\r\n]+")

_NOTHING: Mapping[str, Verdict] = {}


def annotate(
    article: Article,
    results: Results,
    language: Locale,
    *,
    verdicts: Mapping[str, Verdict] = _NOTHING,
    left_out: Collection[str] = (),
) -> tuple[AnnotatedArticle, tuple[Diagnostic, ...]]:
    """An article with its notes, references and the places of its charts set into the text, and all faults in that.

    `verdicts` is the scale of the site, `left_out` the names of the files beside the page that it does without.
    Nothing here needs a chart to be drawn.
    """
    return _Annotating(article, results, language, verdicts, left_out).annotated()


class _Placed(Struct, frozen=True, kw_only=True):
    """An annotation or a footnote with the place its reference stands at."""

    id: str
    kind: NoteKind
    span: Span
    annotation: Annotation | None = None
    label: str = ""  # of a footnote

    @property
    def order(self) -> tuple[int, bool, int]:
        """By the place of the reference; there the longer passage first and footnotes last, else as in the files."""
        return self.span.end, bool(self.label), self.span.start


class _Calls(Struct, kw_only=True):
    """How often each footnote has been referred to so far."""

    notes: Mapping[str, AnchoredNote]
    language: Locale
    count: Counter[str] = field(default_factory=Counter)

    def __call__(self, label: str) -> NoteReference:
        note = self.notes[label]
        self.count[label] += 1
        reference = _reference(note, self.language)
        if self.count[label] > 1:
            end = f"_{self.count[label]}"  # as no label can
            return replace(reference, id=reference.id + end, former=reference.former and reference.former + end)
        return reference


class _Annotating:
    """The steps from an article to its annotated form. It is used once."""

    def __init__(
        self,
        article: Article,
        results: Results,
        language: Locale,
        verdicts: Mapping[str, Verdict],
        left_out: Collection[str],
    ) -> None:
        self.article, self.results, self.language, self.verdicts = article, results, language, verdicts
        self.left_out = left_out
        self.diagnostics: list[Diagnostic] = []
        self.numbers = numbers(article, results, language)
        self.document = self._document()
        self.places = QuoteIndex(self.document, self.numbers, article.lang)

    def annotated(self) -> tuple[AnnotatedArticle, tuple[Diagnostic, ...]]:
        article, document = self.article, self.document
        placed = self._placed()
        claims = self._claims()
        self.tones = {voice.id: claim.tone for claim in claims for voice in claim.voices}
        notes = self._notes(placed, claims)
        charts = self._charts()
        notes, claims, ids = _formerly(notes, claims, tuple(self._ids(notes, claims)))
        self.diagnostics += self._alike()
        addresses = Addresses(article, frozenset(ids), self.left_out)
        self.diagnostics += addresses.check(document)
        if article.image:
            self.diagnostics += addresses.picture(article.image.src, article.image.src.position)
        prose = Prose(article, self.numbers, self.language, addresses)
        self.diagnostics += prose.diagnostics
        flows = self._marked(notes, charts)
        keep = self.language.keep
        pieces = markdown.pieces(flows[0], keep)
        bodies = {label: markdown.html(flow, keep) for label, flow in zip(document.labels, flows[1:], strict=True)}
        of_footnote = {footnote_id(label): html for label, html in bodies.items()}
        annotated = AnnotatedArticle(
            article=article,
            results=self.results,
            notes=tuple(
                replace(note, body=of_footnote[note.id]) if note.kind == "footnote" else note for note in notes
            ),
            ids=ids,
            claims=claims,
            headings=tuple(Heading(level=one.level, id=one.id, words=one.words) for one in document.titles),
            reading=document.text,
            words=count_words(document.text),
            pieces=pieces,
            printed=(*((one.position, one.name) for one in document.placeholders), *prose.printed),
            links=tuple(addresses.links),
            images=tuple(sorted(addresses.files)),
            prose=prose.html,
            coverage=self._covered(notes),
            document=None if self.too_long else document,
        )
        return annotated, tuple(self.diagnostics)

    def _document(self) -> Document:
        """The text read; an empty one if it is beyond a limit."""
        try:
            document, diagnostics = markdown.read(
                self.article.body,
                "article",
                quotes=self.language.quotes,
                numbers=self.numbers,
                table_label=self.language.message("table"),
                drafting=self.language.drafting,
            )
        except ContentError as error:
            self.diagnostics.append(error.diagnostic)
            nothing = SourceText("", self.article.body.position)
            document, diagnostics = markdown.read(nothing, "article", quotes="")
            self.too_long = True
        else:
            self.too_long = False
        self.diagnostics += diagnostics
        return document

    # Annotations and their places

    def _placed(self) -> list[_Placed]:
        """Annotations and footnotes that have a place in the text, in the order of their numbers."""
        placed = [one for one in self._quoted() if one]
        first: dict[str, FootnoteCall] = {}
        for call in self.document.calls:
            first.setdefault(call.label, call)
        for call in first.values():
            span = Span(start=call.offset, end=call.offset)
            placed.append(_Placed(id=footnote_id(call.label), kind="footnote", span=span, label=call.label))
        self._ids_are_unique(first.values())
        return sorted(placed, key=lambda one: one.order)

    def _ids_are_unique(self, calls: Iterable[FootnoteCall]) -> None:
        """Footnotes get their ids from their labels, which may clash with those of annotations or be too alike."""
        taken = {annotation.id: annotation.position for annotation in self.article.annotations}
        for call in calls:
            name = footnote_id(call.label)
            if name in taken:
                message = f"the id '{name}' is also that of the footnote [^{call.label}]"
                hint = "footnotes are told apart by their letters and digits; give one of the two another name"
                self.diagnostics.append(Diagnostic(taken[name], "id-doubled", message, hint))
            taken[name] = call.position

    def _quoted(self) -> Iterable[_Placed | None]:
        if self.too_long:
            return
        noted = [one for one in self.article.annotations if one.quote and not isinstance(one, Chart)]
        if len(noted) > MOST_NOTES:
            message = f"there are {len(noted):,} annotations; an article can have at most {MOST_NOTES:,}"
            self._fault(noted[MOST_NOTES], "limit-exceeded", message, "Divide the article in two.")
        for annotation in noted[:MOST_NOTES]:
            span = self._place(annotation.quote)
            if span:
                yield _Placed(id=annotation.id, kind=annotation.note_kind, span=span, annotation=annotation)

    def _place(self, quote: Quote | None) -> Span | None:
        """The place of a quotation, or None and a fault that says why."""
        try:
            return self.places.one(quote) if quote else None
        except ContentError as error:
            self.diagnostics.append(error.diagnostic)
        except UnknownNumberError:
            pass  # the number itself has a fault already
        return None

    def _notes(self, placed: Sequence[_Placed], claims: Sequence[Claim]) -> list[AnchoredNote]:
        """All notes in the order of their numbers, the voices on each claim together and by their stances."""
        stances = get_args(Stance)
        voices = {
            voice.id: (claim.id, order)
            for claim in claims
            for order, voice in enumerate(sorted(claim.voices, key=lambda voice: stances.index(voice.stance)))
        }
        claim_of = {id: claim for id, (claim, _) in voices.items()}
        keys = ((claim_of.get(one.id) or one.id, one.span.end) for one in placed)
        notes = [
            AnchoredNote(
                id=one.id,
                kind=one.note_kind,
                number=None,
                claim=claim_of.get(one.id, ""),
                former=former_id(one),
                annotation=one,
            )
            for one in self.article.annotations
            if one.quote is None and not isinstance(one, Chart)
        ]
        for one, (number, shown) in zip(placed, numbering(keys, self.document), strict=True):
            notes.append(replace(self._note(one, number), claim=claim_of.get(one.id, ""), shown=shown))
        of_claim = {note.claim: note.number for note in notes if note.claim and note.number}
        together = {claim.id: order for order, claim in enumerate(claims, 1) if claim.id not in of_claim}

        def order(note: AnchoredNote) -> tuple[int, int, int]:
            number = of_claim.get(note.claim, note.number)
            return number or 0, together.get(note.claim, 0), voices.get(note.id, ("", 0))[1]

        return sorted(notes, key=order)

    def _note(self, placed: _Placed, number: int) -> AnchoredNote:
        start, end = placed.span.start, placed.span.end
        text = self.document.text
        return AnchoredNote(
            id=placed.id,
            kind=placed.kind,
            number=number,
            at=end,
            former=_former_id(placed),
            annotation=placed.annotation,
            span=placed.span if placed.annotation else None,
            passage=_SPACE.sub(" ", text[start:end]),
            line=self.document.line(start),
        )

    # Charts

    def _charts(self) -> dict[int, list[str]]:
        """The charts that stand behind a passage, by the index in the text's tokens they are to be set at."""
        known = {chart.id: chart for chart in self.article.charts}
        in_text: set[str] = set()
        for place in self.document.charts:
            if place.id not in known:
                if not any(name.endswith("charts.yaml") for name in self.article.broken):
                    message = f"there is no chart '{place.id}'{did_you_mean(place.id, known)}"
                    self.diagnostics.append(Diagnostic(place.position, "chart-unknown", message))
            elif place.id in in_text:
                message = f"the chart '{place.id}' has a place in the text already"
                self.diagnostics.append(Diagnostic(place.position, "chart-placement", message))
            in_text.add(place.id)
        behind: dict[int, list[str]] = {}
        ends = self.document.outermost_ends()
        for chart in self.article.charts:
            at = None if self.too_long else self._chart(chart, chart.id in in_text, ends)
            if at is not None:
                behind.setdefault(at, []).append(chart.id)
        return behind

    def _chart(self, chart: Chart, in_text: bool, ends: Sequence[int]) -> int | None:
        if chart.quote is None:
            if not in_text:
                message = f"the chart '{chart.id}' has no place in the text"
                hint = (
                    f"add `after:` with a quotation, or write {{{{ chart: {chart.id} }}}} in a paragraph of its own"
                )
                self._fault(chart, "chart-placement", message, hint)
            return None
        if in_text:
            message = f"the chart '{chart.id}' has two places: `after`, and {{{{ chart: {chart.id} }}}} in the text"
            self._fault(chart, "chart-placement", message, "take one of them away")
            return None
        span = self._place(chart.quote)
        block = self.document.block_at(span.end - 1) if span else None
        if block is None:
            return None
        if block.flow:
            self._fault(chart, "chart-placement", f"the chart '{chart.id}' cannot stand in a footnote")
            return None
        return ends[block.index]

    # Claims and ids

    def _claims(self) -> tuple[Claim, ...]:
        """The claims of the article with the voices on each; a voice on a claim that is not there is left out."""
        voices: dict[str, list[CounterClaim]] = {}
        for voice in self.article.counterclaims:
            voices.setdefault(str(voice.same_claim_as or voice.id), []).append(voice)
        return tuple(
            Claim(
                id=voice.id,
                former=former_id(voice),
                claim=voice.claim,
                claimed_by=voice.claimed_by,
                claimed_on=voice.claimed_on,
                appeared_in=voice.appeared_in,
                verdict=self.verdicts.get(voice.verdict) if voice.verdict else None,
                why=voice.why,
                voices=tuple(voices[voice.id]),
            )
            for voice in self.article.counterclaims
            if voice.claim is not None and voice.claimed_by is not None and voice.same_claim_as is None
        )

    def _ids(self, notes: Sequence[AnchoredNote], claims: Sequence[Claim]) -> Iterator[str]:
        """Every id in the page that a link may lead to (docs/format.md, section 2)."""
        yield from (title.id for title in self.document.titles)
        yield from (f"n-{note.id}" for note in notes)
        yield from (f"r-{note.id}" for note in notes if note.number is not None)
        yield from (f"n-{figure.id}" for figure in self.article.figures.values() if not figure.quote)
        yield from (f"chart-{chart.id}" for chart in self.article.charts)
        yield from (f"claim-{claim.id}" for claim in claims)
        yield from (source_id(source) for source in self.article.sources)
        yield from self.document.former_ids

    def _alike(self) -> Iterator[Diagnostic]:
        """A fault for each source whose id, with its blanks filled, is that of another."""
        taken: dict[str, str] = {}
        for id, source in self.article.sources.items():
            other = taken.setdefault(source_id(id), id)
            if other != id:
                message = f"the sources '{other}' and '{id}' have the same place in the page, '#{source_id(id)}'"
                yield Diagnostic(source.position, "id-doubled", message, "Give one of the two another id.")

    # Marks

    def _marked(self, notes: Sequence[AnchoredNote], charts: Mapping[int, Sequence[str]]) -> list[list[Token]]:
        """The tokens of the text and of each footnote with marks, references and charts in them."""
        document = self.document
        numbered = [note for note in notes if note.number is not None]
        passages = [
            Highlight(
                id=note.id, kind=note.kind, tone=self.tones.get(note.id, ""), start=note.span.start, end=note.span.end
            )
            for note in numbered
            if note.span
        ]
        runs = marks.runs(passages, len(document.text)) if self._sparse(passages) else []
        references: dict[int, list[NoteReference]] = {}
        for note in numbered:
            if note.span and runs:
                reference = replace(_reference(note, self.language), tone=self.tones.get(note.id, ""))
                references.setdefault(note.span.end, []).append(reference)
        by_id = {note.id: note for note in numbered if note.kind == "footnote"}
        calls = _Calls(notes={label: by_id[footnote_id(label)] for label in document.labels}, language=self.language)
        flows = [list(flow) for flow in document.flows]
        runs = runs or marks.runs((), len(document.text))
        for block in document.blocks:
            token = flows[block.flow][block.index]
            children = marks.cut(token.children or (), block.start, runs, references, calls)
            flows[block.flow][block.index] = Token("inline", "", 0, children=children)
        for at in sorted(charts, reverse=True):
            flows[0][at:at] = [Token("chart", "", 0, content=chart, block=True) for chart in charts[at]]
        return flows

    def _sparse(self, passages: Sequence[Highlight]) -> bool:
        """Whether the marks stay of a size that can be written; else there is a fault."""
        borders = sorted({offset for passage in passages for offset in (passage.start, passage.end)})
        overlaps = sum(
            bisect_right(borders, passage.end) - bisect_right(borders, passage.start) for passage in passages
        )
        if overlaps <= MOST_OVERLAPS:
            return True
        message = f"annotations overlap each other {overlaps:,} times; at most {MOST_OVERLAPS:,} can be shown"
        hint = "Quote fewer words in each, so that they lie apart."
        self.diagnostics.append(Diagnostic(self.article.body.position, "limit-exceeded", message, hint))
        return False

    # Coverage

    def _covered(self, notes: Sequence[AnchoredNote]) -> Coverage:
        """The coverage of the text, after the quotations of quantities and the covered passages have been found."""
        if self.too_long:
            return Coverage()
        touched = [note.span for note in notes if note.span]
        for quantity in self.article.quantities.values():
            span = self._place(quantity.quote)
            if span:
                touched.append(span)
        touched += (Span(start=one.start, end=one.end) for one in self.document.placeholders)
        exempt = [*self.document.code_spans]
        for words in self.article.covered:
            try:
                exempt += self.places.every(words)
            except ContentError as error:
                self.diagnostics.append(error.diagnostic)
            except UnknownNumberError:
                continue
        return coverage(self.document, self.language, touched, [*exempt, *self.places.lost])

    def _fault(self, annotation: Annotation, code: Code, message: str, hint: str = "") -> None:
        self.diagnostics.append(Diagnostic(annotation.position, code, message, hint))


def _reference(note: AnchoredNote, language: Locale) -> NoteReference:
    """What leads from the text to a note."""
    number = note.number or 0
    return NoteReference(
        id=f"r-{note.id}",
        former=f"r-{note.former}" if note.former else "",
        note=note.id,
        kind=note.kind,
        number=number if note.shown else None,
        label=_label(number, note.message, language),
    )


def numbering(places: Iterable[tuple[str, int]], document: Document) -> Iterator[tuple[int, bool]]:
    """The number of each place in the order of the text, and whether it is printed there.

    A place is what bears the number, a claim or a note, and an offset of the reading text. What comes again has the
    same number, which is printed once a section.
    """
    numbers: dict[str, int] = {}
    printed: set[tuple[str, int]] = set()
    titles = [title.start for title in document.titles]
    for name, offset in places:
        here = name, bisect_right(titles, offset)
        yield numbers.setdefault(name, len(numbers) + 1), here not in printed
        printed.add(here)


@lru_cache(maxsize=1024)
def _label(number: int, kind: str, language: Locale) -> str:
    """What a screen reader says of a reference: its number and what kind of note it leads to."""
    return language.message("note-label", n=number, kind=language.message(kind))


def footnote_id(label: str, rule: Callable[[str], str] = slugs.slug) -> str:
    """The id of the note that is a footnote, made of its label."""
    return f"footnote-{rule(label) or 'x'}"


def _former_id(placed: _Placed) -> str:
    """The id that the rule before made for an annotation or a footnote."""
    if placed.annotation:
        return former_id(placed.annotation)
    return footnote_id(placed.label, slugs.ascii_slug)


def _formerly(
    notes: Iterable[AnchoredNote], claims: Iterable[Claim], ids: tuple[str, ...]
) -> tuple[list[AnchoredNote], tuple[Claim, ...], tuple[str, ...]]:
    """Notes and claims with the former ids that lead nowhere else now, and all ids of the page."""
    taken = dict.fromkeys(ids)

    def former(id_: str, former: str, *prefixes: str) -> str:
        named = [f"{prefix}-{former}" for prefix in prefixes]
        if former == id_ or not taken.keys().isdisjoint(named):
            return ""
        taken.update(dict.fromkeys(named))
        return former

    numbered = {True: ("n", "r"), False: ("n",)}
    return (
        [replace(one, former=former(one.id, one.former, *numbered[one.number is not None])) for one in notes],
        tuple(replace(one, former=former(one.id, one.former, "claim")) for one in claims),
        tuple(taken),
    )
