"""Context, definitions, disclosures, corrections of the examined report: notes.yaml."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from randnotiz.diagnostics import Diagnostic, SourceText
from randnotiz.model.annotation import USE, Annotation, CitationItem
from randnotiz.model.quote import QUOTE, Quote
from randnotiz.schema import Extra, Record, record
from randnotiz.schema.fields import MARKDOWN, PROSE_LINE, choice, each
from randnotiz.schema.records import owner
from randnotiz.yamldoc import Map

EditorialNoteKind = Literal["context", "definition", "disclosure", "correction"]
MOTIVATIONS: Mapping[EditorialNoteKind, str] = {
    "context": "commenting",
    "definition": "describing",
    "disclosure": "commenting",
    "correction": "editing",
}


class EditorialNote(Annotation, frozen=True, kw_only=True):
    """Context, a definition, a disclosure, or a correction of the examined report."""

    noun = "note"
    note_kind, sign, counted = "note", "✎", "count-note"
    together: ClassVar[Mapping[str, Any]] = {
        "if": {"properties": {"kind": {"const": "definition"}}},
        "then": {"required": ["term"]},
    }
    form = ("kind", "term", "note", "sources", "draft")

    quote: Annotated[
        Quote | None,
        QUOTE,
        "The words of the article it is about; without it, the note speaks about the whole article.",
        "R1 im November 2024 trainiert",
    ] = None
    kind: Annotated[
        EditorialNoteKind,
        choice("kind of note", get_args(EditorialNoteKind)),
        "What the note is; a correction corrects the examined report, never ourselves.",
        "context",
    ]
    note: Annotated[
        SourceText,
        MARKDOWN,
        "The note (Markdown without headings and footnotes).",
        "Der Essay nennt den Zeitraum für **V3**, nicht für R1.",
    ]
    term: Annotated[
        SourceText | None,
        PROSE_LINE,
        "What a definition defines.",
        "Hopper",
        Extra(hint="Of a definition: the word it is about"),
    ] = None
    sources: Annotated[tuple[CitationItem, ...], each(USE), "The sources it leans on.", "[amodei2025]"] = ()

    @property
    def message(self) -> str:
        """Named by its own kind."""
        return f"kind-{self.kind}"

    @property
    def motivation(self) -> str:
        """By its own kind."""
        return MOTIVATIONS[self.kind]

    @property
    def tags(self) -> tuple[str, ...]:
        """Its own kind."""
        return (self.kind,)

    @classmethod
    def rules(cls, given: Map) -> Iterator[Diagnostic]:
        """A definition says what it defines."""
        if given.get(SourceText("kind")) == "definition" and "term" not in given:
            message = "this definition has no 'term'"
            yield Diagnostic(owner(given), "field-missing", message, "Write 'term: Hopper'.")


class NotesFile(Record, frozen=True, kw_only=True):
    """Context, definitions, disclosures, corrections of the examined report."""

    noun = "notes.yaml"
    whole = True

    notes: Annotated[tuple[EditorialNote, ...], each(record(EditorialNote)), "The notes.", "[]"] = ()
