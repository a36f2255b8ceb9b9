"""What templates show of notes, claims and sources: small records with every word already chosen."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

from msgspec import Struct

from randnotiz import citations
from randnotiz.citations import Reference
from randnotiz.language import Locale
from randnotiz.letters import on_one_line
from randnotiz.markdown.document import SENTENCE_END
from randnotiz.memo import memoize
from randnotiz.model import (
    AnchoredNote,
    AnnotatedArticle,
    Annotation,
    Citation,
    CitationItem,
    Claim,
    Correction,
    CounterClaim,
    EditorialNote,
    Figure,
    NoteKind,
    Stance,
    Verdict,
)
from randnotiz.model.annotation import LONGEST_GIST
from randnotiz.notes import source_id
from randnotiz.pages.figure_views import FigureView

_ANNOTATIONS: tuple[type[Annotation], ...] = (Citation, CounterClaim, Figure, EditorialNote)
COUNTED: Mapping[NoteKind, str] = {each.note_kind: each.counted for each in _ANNOTATIONS}
# How voices are told apart at a glance, in any colour.
STANCES: Mapping[Stance, str] = {"supports": "+", "qualifies": "±", "disputes": "−", "corrects": "≠"}
LONGEST_NAMES = 36  # characters, about a line of the margin
_SENTENCE = re.compile(f".+?{SENTENCE_END}")
_SPACE = re.compile(r"[ \t\r\n]+")
LONGEST_CONTEXT = 240  # characters on either side of a passage


class LongTexts(NamedTuple):
    """The long texts of an annotation as HTML, empty ones that it has not."""

    note: str = ""
    counter: str = ""
    reply: str = ""


class VoiceView(NamedTuple):
    """A voice on a claim as its block: its stance, then what it comes to."""

    id: str
    former: str
    placed: bool
    sign: str
    word: str
    gist: str
    spare: bool
    annotation: CounterClaim
    texts: LongTexts
    changes: tuple[Correction, ...]
    editor: str | None


class NoteView(NamedTuple):
    """A note with its head: the verdict, the result or the kind in a word, what belongs to it, and the gist.

    The note of a claim has all its `voices`; `ids` are theirs, and else its own alone.
    """

    id: str
    ids: str
    kind: NoteKind
    number: int | None
    word: str
    short: str
    gist: str
    spare: bool  # the gist is of the note's own first words or its label, and not needed where these are read
    passage: str
    former: str
    annotation: Annotation | None
    texts: LongTexts
    claim: "ClaimView | None"
    voices: tuple[VoiceView, ...]
    figure: FigureView | None
    body: str | None
    changes: tuple[Correction, ...]
    editor: str | None
    folded: bool = False


class ClaimView(NamedTuple):
    """A claim as a row of the table: what is claimed, by whom, how many voices say what, and the verdict."""

    id: str
    former: str
    words: str
    by: str
    voices: str
    href: str
    page: str | None
    verdict: str | None
    why: str | None
    tone: str
    own: bool  # of the work that the article examines, or of any where it examines none


class SourceView(NamedTuple):
    """An entry of the list of sources, with the notes and charts that lean on it."""

    id: str
    page: str  # address of the page with all its uses
    reference: Reference
    facts: tuple[str, ...]
    same_origin: tuple[tuple[str, str], ...]  # id in the page and short name
    uses: tuple[tuple[str, str], ...]  # id in the page and words
    accessed: str  # when most sources of the list were looked at, as references say it


class Switch(Struct, frozen=True, kw_only=True):
    """A kind of note with its number, which readers may hide."""

    kind: str
    words: str


def translation(other: Locale, here: Locale) -> dict[str, str]:
    """The words of a link to a translation and the language they are in: its own, if the interface speaks it."""
    if other.translated:
        return {"words": other.message("translation-here"), "spoken": other.tag}
    return {"words": here.message("translation", language=here.name_of(other.tag)), "spoken": here.tag}


def first_sentence(words: str) -> str:
    """The first sentence of a text on one line, or as many of its whole words as a gist may have characters."""
    line = on_one_line(words)
    sentence = _SENTENCE.match(line)
    line = sentence[0] if sentence else line
    if len(line) <= LONGEST_GIST:
        return line
    return line[: LONGEST_GIST - 1].rpartition(" ")[0].rstrip(" ,;:–") + " …"


def context(note: AnchoredNote, annotated: AnnotatedArticle) -> tuple[str, str]:
    """The words before and after a passage, to the ends of its sentence: on one line, with the blanks between."""
    if note.span is None or annotated.document is None:
        return "", ""
    sentence, text = annotated.document.sentence(note.span), annotated.reading
    before, after = (
        _SPACE.sub(" ", part) for part in (text[sentence.start : note.span.start], text[note.span.end : sentence.end])
    )
    if len(before) > LONGEST_CONTEXT:
        before = "… " + before[-LONGEST_CONTEXT:].partition(" ")[2]
    if len(after) > LONGEST_CONTEXT:
        after = after[:LONGEST_CONTEXT].rpartition(" ")[0] + " …"
    return before, after


def fitting(names: Sequence[str], language: Locale) -> str:
    """As many names as have room in a line of the margin, and how many more there are."""
    fits = (most for most in range(len(names), 1, -1) if len(language.row(names[:most])) + 4 <= LONGEST_NAMES)
    shown = next(fits, 1)
    more = f" + {len(names) - shown}" if len(names) > shown else ""
    return language.row(names[:shown]) + more


def switches(annotated: AnnotatedArticle, language: Locale) -> Iterator[Switch]:
    """The kinds an article has, with their numbers; corrections of the report are counted among the notes as well."""
    kinds = [note.kind for note in annotated.notes]
    corrections = sum(
        isinstance(note.annotation, EditorialNote) and note.annotation.kind == "correction"
        for note in annotated.notes
    )
    for kind, key in COUNTED.items():
        if kind in kinds:
            words = language.message(key, n=kinds.count(kind))
            if kind == "note" and corrections == kinds.count(kind):
                words = language.message("count-correction", n=corrections)
            elif kind == "note" and corrections:
                words = language.listed([
                    language.message(key, n=kinds.count(kind) - corrections),
                    language.message("count-correction", n=corrections),
                ])  # fmt: skip
            yield Switch(kind=kind, words=words)


def verdict_word(verdict: Verdict, language: Locale) -> str:
    """The verdict in the page's language or the one it belongs to; its key where it has no word there."""
    return verdict.word(language.tag) or verdict.key


def verdict_meaning(verdict: Verdict, language: Locale) -> str:
    """What the verdict means, in the page's language or the one it belongs to; empty where that is not laid down."""
    return verdict.meaning(language.tag)


def scale(given: Verdict, verdicts: Iterable[Verdict], language: Locale) -> list[dict[str, object]]:
    """The steps of the scale, worst first, with the one given marked."""
    return [
        {"tone": step.tone, "words": verdict_word(step, language), "given": step.key == given.key}
        for step in verdicts
    ]


def claims(annotated: AnnotatedArticle, language: Locale) -> list[ClaimView]:
    """The claims of an article, those that matter first: worst verdict, then most voices."""
    placed = {note.id for note in annotated.notes if note.number is not None}

    def weight(claim: Claim) -> tuple[bool, int, int]:
        return claim.verdict is None, claim.verdict.rank if claim.verdict else 0, -len(claim.voices)

    about = annotated.article.about
    return [claim_view(claim, language, placed, about) for claim in sorted(annotated.claims, key=weight)]


def claim_view(claim: Claim, language: Locale, placed: set[str], about: str | None = None) -> ClaimView:
    """One claim with its voices counted by stance; `about` is the source that the article examines."""
    stances = [voice.stance for voice in claim.voices]
    counted = [
        language.message(f"voices-{stance}", n=stances.count(stance))
        for stance in get_args(Stance)
        if stance in stances
    ]
    first = next((voice.id for voice in claim.voices if voice.id in placed), None)
    return ClaimView(
        id=claim.id,
        former=claim.former,
        words=str(claim.claim),
        by=claimed_by(claim, language),
        voices=language.row(counted),
        href=f"#r-{first}" if first else f"#n-{claim.id}",
        page=f"claims/{claim.id}/index.html" if claim.verdict else None,
        verdict=verdict_word(claim.verdict, language) if claim.verdict else None,
        why=str(claim.why) if claim.why else None,
        tone=claim.tone,
        own=about is None or about in claim.appeared_in,
    )


def claimed_by(claim: Claim, language: Locale) -> str:
    """Who made a claim, and when if that is known."""
    name = str(claim.claimed_by.name)
    return f"{name}{language.comma}{language.whole_date(claim.claimed_on)}" if claim.claimed_on else name


def verdict_parts(claims: Iterable[ClaimView], language: Locale) -> list[tuple[str, str]]:
    """How many claims have which verdict, in their order: words and tone."""
    parts = Counter((claim.verdict or language.message("verdict-none"), claim.tone) for claim in claims)
    return [(f"{language.whole(n)} {words}", tone) for (words, tone), n in parts.items()]


@memoize(256)
def facts(reference: Reference, language: Locale) -> tuple[str, ...]:
    """What is known about a source besides its title: evidence, whether it was read, interest."""
    facts = []
    if reference.evidence:
        facts.append(language.message(f"evidence-{reference.evidence}"))
    if reference.seen_in:
        facts.append(language.message("checked-seen-in", place=reference.seen_in))
    elif reference.checked:
        facts.append(language.message(f"checked-{reference.checked}"))
    if reference.interest:
        facts.append(language.message("source-interest", interest=reference.interest))
    return tuple(facts)


def sources(annotated: AnnotatedArticle, references: Mapping[str, Reference], language: Locale) -> list[SourceView]:
    """The list of sources in the order a library would have them."""
    uses: dict[str, dict[str, str]] = {}
    numbered = set()
    for note in annotated.notes:
        words = str(note.number) if note.number is not None else language.message(note.message)
        for use in uses_of(note.annotation, annotated):
            if note.number is None or (use.id, note.number) not in numbered:  # once for all voices on a claim
                uses.setdefault(str(use.id), {})[f"n-{note.id}"] = words
                numbered.add((use.id, note.number))
    charts = {chart.id: chart for chart in annotated.article.charts}
    for n, id in enumerate((id for _, id in annotated.pieces if id in charts), 1):
        for use in charts[id].sources:
            uses.setdefault(str(use.id), {})[f"chart-{id}"] = f"{language.message('kind-chart')} {language.whole(n)}"
    entries = sorted((references[id] for id in annotated.article.sources), key=lambda entry: entry.sort_key)
    days = Counter(part.text for entry in entries for part in entry.parts if part.style == "accessed")
    accessed = days.most_common(1)[0][0] if days else ""
    return [
        SourceView(
            id=source_id(entry.id),
            page=f"../sources/{citations.folder(entry.id)}/index.html",
            reference=entry,
            facts=(*([entry.short] if entry.letter else ()), *facts(entry, language)),
            same_origin=tuple(
                (source_id(id), references[id].short) for id in entry.same_origin_as if id in references
            ),
            uses=tuple(uses.get(entry.id, {}).items()),
            accessed=accessed,
        )
        for entry in entries
    ]


def uses_of(annotation: Annotation | None, annotated: AnnotatedArticle) -> Iterable[CitationItem]:
    """The sources an annotation leans on; a figure leans on those of its inputs."""
    match annotation:
        case Citation() | CounterClaim() | EditorialNote():
            return annotation.sources
        case _ if annotation is not None and (name := getattr(annotation, "name", None)):
            result = annotated.results.figures.get(name)
            quantities = annotated.results.quantities
            return [use for input in result.inputs for use in quantities[input].sources] if result else ()
        case _:
            return ()
