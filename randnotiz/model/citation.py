"""Passages and the sources they lean on: sources.yaml."""

from typing import Annotated

from randnotiz.diagnostics import SourceText
from randnotiz.model.annotation import MARKDOWN_HINT, USE, Annotation, CitationItem
from randnotiz.model.quote import QUOTE, Quote
from randnotiz.model.source import SOURCE
from randnotiz.schema import Misplaced, Record, record
from randnotiz.schema.fields import MARKDOWN, each
from randnotiz.yamldoc import Map


class Citation(Annotation, frozen=True, kw_only=True):
    """A passage and the sources it leans on."""

    noun = "citation"
    id_begins = "citation"
    note_kind, sign, counted = "source", "§", "count-source"
    motivation = "linking"
    tags = ("source",)
    form = ("sources", "note", "draft")

    quote: Annotated[
        Quote | None,
        QUOTE,
        ("The words of the article as a reader sees them; without it, the citation speaks about the whole article."),
        "rund 50.000 Chips der Hopper-Generation",
    ] = None
    sources: Annotated[
        tuple[CitationItem, ...], each(USE, least=1), "The sources the passage leans on.", "[semianalysis2025]"
    ]
    note: Annotated[SourceText | None, MARKDOWN, MARKDOWN_HINT, "Die Zahl geht auf **eine** Schätzung zurück."] = None


class SharedSourcesFile(Record, frozen=True, kw_only=True):
    """Sources that several articles share (CSL-JSON 1.0.2 written as YAML)."""

    noun = "sources.yaml"
    whole = True

    sources: Annotated[tuple[Map, ...], each(SOURCE), "The cited works, as CSL items.", "[]"] = ()
    references: Annotated[
        tuple[Map, ...], each(SOURCE), "The same under the name that Pandoc and Zotero export.", "[]"
    ] = ()


class SourcesFile(SharedSourcesFile, frozen=True, kw_only=True):
    """The cited works (CSL-JSON 1.0.2 written as YAML), and which passage leans on which."""

    strays = (Misplaced("sources", "sources", "citation", "citations"),)

    citations: Annotated[
        tuple[Citation, ...], each(record(Citation)), "Passages, and the sources each leans on.", "[]"
    ] = ()
