"""What all annotations share: an id, a quotation, who wrote them and when, what we corrected, uses of sources."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

from randnotiz import slugs
from randnotiz.diagnostics import SourceText
from randnotiz.model.person import PERSON, Person
from randnotiz.model.quote import Quote, RangeSelector
from randnotiz.schema import Extra, Record, record
from randnotiz.schema.fields import BOOLEAN, DAY, ID, LINE, LONG_TEXT, PROSE, each, sentence
from randnotiz.values import Date
from randnotiz.yamldoc import Map

NoteKind = Literal["source", "counter", "figure", "note", "footnote"]
LONGEST_GIST = 90  # characters: two lines of the margin
MARKDOWN_HINT = "What readers should know about it (Markdown without headings and footnotes)."


class Correction(Record, frozen=True, kw_only=True):
    """A correction of ours."""

    noun = "change"

    date: Annotated[Date, DAY, "The day it was made.", "2026-11-25"]
    text: Annotated[SourceText, PROSE, "What was wrong and what stands there now.", "Die Jahreszahl war falsch."]


CHANGE = record(Correction)


class CitationItem(Record, frozen=True, kw_only=True):
    """A source, with the place in it that is meant."""

    noun = "use of a source"
    short = "id"

    id: Annotated[
        SourceText,
        LINE,
        "The id of a source of this article or of content/sources.yaml.",
        "semianalysis2025",
        Extra(choices="source"),
    ]
    locator: Annotated[SourceText | None, LINE, "The page, chapter or minute.", "S. 4"] = None
    passage: Annotated[
        SourceText | None,
        PROSE,
        "What the source says there, in our own words; printed without quotation marks.",
        "The fleet is put at about 50,000 chips.",
    ] = None
    verbatim: Annotated[
        SourceText | None,
        LONG_TEXT,
        "Its exact words, at most a sentence; printed in quotation marks.",
        "about 50,000 Hopper GPUs",
    ] = None


USE = record(CitationItem, "sources")


def made_id(kind: str, quote: Quote | None, rule: Callable[[str], str] = slugs.slug) -> str:
    """An id of the kind and the first five words of the quote."""
    words = "" if quote is None else quote.start if isinstance(quote, RangeSelector) else quote.exact
    return "-".join(filter(None, (kind, rule(slugs.first_words(words)))))


class Annotation(Record, frozen=True, kw_only=True):
    """What every annotation may have. `id` is the author's, or made of the kind and the first words of the quote."""

    id_begins: ClassVar[str] = ""  # without it, with the field `kind`
    note_kind: ClassVar[NoteKind]  # of the note it makes; charts stand in the text and make none
    sign: ClassVar[str]
    counted: ClassVar[str]  # the message with the number of such notes

    id: Annotated[
        str,
        ID,
        "Its address in the page; without one it is made of the kind and the first five words of the quote.",
        "only-the-last-run",
        Extra(required=False),
    ]
    id_given: bool = True
    gist: Annotated[
        SourceText | None,
        sentence(LONGEST_GIST),
        (
            f"What it comes to, in at most {LONGEST_GIST} characters: the margin shows it at rest. Without it, the "
            "note's first sentence."
        ),
        "Nur die Miete für den letzten Lauf",
        Extra(hint="What it comes to; the margin shows it"),
    ] = None
    author: Annotated[Person | None, PERSON, "Who wrote the annotation.", "Redaktion"] = None
    created: Annotated[Date | None, DAY, "When it was written.", "2026-11-24"] = None
    modified: Annotated[Date | None, DAY, "When it was last changed.", "2026-11-25"] = None
    draft: Annotated[
        bool, BOOLEAN, "A draft is built only with --drafts.", "true", Extra(hint="A draft is not published.")
    ] = False
    changes: Annotated[tuple[Correction, ...], each(CHANGE), "The log of our corrections to it.", "[]"] = ()
    quote: Quote | None = None  # every kind says for itself what it is about

    @property
    def message(self) -> str:
        """The message that names its note to readers."""
        return f"kind-{self.note_kind}"

    @property
    def motivation(self) -> str:
        """Why it was made, in the vocabulary of the Web Annotation Data Model."""
        return "assessing"

    @property
    def tags(self) -> tuple[str, ...]:
        """What it is, in words that stay the same in every language."""
        return (self.noun,)

    @classmethod
    def made(cls, given: dict[str, Any], value: Map) -> dict[str, Any]:  # noqa: ARG003 - for those that stand below a name
        """With an id, the author's or one that is made."""
        id_ = given.get("id")
        made = made_id(cls.id_begins or given["kind"], given.get("quote")) if id_ is None else str(id_)
        return {**given, "id": made, "id_given": id_ is not None}


def former_id(annotation: Annotation) -> str:
    """The id that the rule of ids before made for an annotation; its own where it is not made of its quote."""
    kind = annotation.id.partition("-")[0]
    if annotation.id != made_id(kind, annotation.quote):
        return annotation.id
    return made_id(kind, annotation.quote, slugs.former_id)
