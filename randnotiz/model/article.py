"""An article as it is written, and a plain page."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from msgspec import field

from randnotiz import slugs
from randnotiz.diagnostics import Diagnostic, Position, SourceText, shortened
from randnotiz.model.annotation import CHANGE, Annotation, Correction
from randnotiz.model.chart import Chart
from randnotiz.model.citation import Citation
from randnotiz.model.counterclaim import CounterClaim
from randnotiz.model.figure import Figure, Quantity
from randnotiz.model.note import EditorialNote
from randnotiz.model.person import PERSON, Person
from randnotiz.model.source import BIBLIOGRAPHIES, Source
from randnotiz.schema import Extra, Record, record
from randnotiz.schema.fields import (
    BOOLEAN,
    COMPOSED,
    DAY,
    LANGUAGE,
    LANGUAGE_PATTERN,
    LINE,
    PROSE,
    PROSE_LINE,
    QUOTED,
    SLUG,
    TEXT_SCHEMA,
    FieldType,
    by_key,
    each,
    language,
    line,
    malformed,
)
from randnotiz.values import Date, UnitName
from randnotiz.yamldoc import Map


def _topic(value: Any) -> SourceText:
    words = line(value)
    last = slugs.topic(words)
    if not last:
        malformed(words, f"'{shortened(words)}' has no letter and no number, so no address can be made of it")
    if last == "page" or slugs.is_device(last):
        malformed(words, f"no topic can be called '{words}': its address is kept for something else", "Use another.")
    return words


TOPIC = FieldType(_topic, TEXT_SCHEMA)


class Image(Record, frozen=True, kw_only=True):
    """The picture of an article."""

    noun = "image"

    src: Annotated[SourceText, COMPOSED, "Its file beside the article.", "bild.jpg"]
    alt: Annotated[
        SourceText, PROSE_LINE, "What it shows, for those who cannot see it.", "Ein Rechenzentrum bei Nacht"
    ]
    credit: Annotated[SourceText | None, PROSE_LINE, "Who made it.", "'Foto: Redaktion'"] = None


class FrontMatter(Record, frozen=True, kw_only=True):
    """What stands between the two lines `---` at the head of an article."""

    noun = "the front matter"
    whole = True
    together: ClassVar[Mapping[str, Any]] = {
        "allOf": [
            {
                "anyOf": [
                    {"required": ["published"]},
                    {"required": ["draft"], "properties": {"draft": {"const": True}}},
                ]
            },
            {"anyOf": [{"required": ["conclusion"]}, {"required": ["summary"]}]},
        ]
    }

    title: Annotated[SourceText, PROSE_LINE, "The title.", "Was die Zahlen hinter DeepSeek hergeben"]
    subtitle: Annotated[
        SourceText | None,
        PROSE_LINE,
        "A line below the title, where there is no conclusion.",
        "Ein Bericht, nachgelesen und nachgerechnet",
    ] = None
    lang: Annotated[
        str, LANGUAGE, "The article's language (de, de-AT, en …); the site's if absent.", "de", Extra(required=False)
    ]
    authors: Annotated[tuple[Person, ...], each(PERSON), "Who wrote it.", "[Redaktion]"] = ()
    published: Annotated[
        Date | None,
        DAY,
        "The day it was published; only a draft may go without.",
        "2026-11-24",
    ] = None
    updated: Annotated[Date | None, DAY, "The day it was last changed.", "2026-11-25"] = None
    topics: Annotated[
        tuple[SourceText, ...],
        each(TOPIC),
        "What it is about in words: each has a list of articles.",
        "[Energie, Verkehr]",
    ] = ()
    about: Annotated[
        SourceText | None, LINE, "The id of the source that this article examines.", "trendingtopics2025"
    ] = None
    conclusion: Annotated[
        SourceText | None,
        PROSE,
        (
            "What came out, in two or three sentences: below the title and in the list of articles. Without it, the "
            "summary."
        ),
        "Die sechs Millionen stimmen, aber nur für den letzten Trainingslauf.",
    ] = None
    summary: Annotated[
        SourceText | None,
        PROSE,
        "What it is about, in two sentences for the feed and previews. Without it, the conclusion.",
        "Zwei Sätze für Feed und Vorschaubilder.",
    ] = None
    draft: Annotated[bool, BOOLEAN, "A draft is built only with --drafts.", "true"] = False
    image: Annotated[Image | None, record(Image), "A picture.", "{src: bild.jpg, alt: …}"] = None
    translations: Annotated[
        Mapping[str, SourceText],
        by_key(language, SLUG, {"pattern": f"^{LANGUAGE_PATTERN}$"}),
        "The same article in other languages: their slugs by language. One that is named links back.",
        "{en: other-slug}",
    ] = field(default_factory=dict)
    bibliography: Annotated[
        tuple[SourceText, ...],
        BIBLIOGRAPHIES,
        "Sources that another program keeps: files beside the article, as CSL-JSON, CSL-YAML or biblatex.",
        "[zotero.json, team.bib]",
    ] = ()
    covered: Annotated[
        tuple[SourceText, ...], each(QUOTED), "Passages whose numbers need no support.", "[im Jahr 2012]"
    ] = ()
    corrections: Annotated[tuple[Correction, ...], each(CHANGE), "Errors of ours, mended.", "[]"] = ()

    @classmethod
    def rules(cls, given: Map) -> Iterator[Diagnostic]:
        """Only a draft goes without a day of publication; something says what it is about, or what came out."""
        top = Position(given.position.path)
        if "summary" not in given and "conclusion" not in given:
            message, hint = "the front matter has neither 'summary' nor 'conclusion'", "Write 'summary: …'."
            yield Diagnostic(top, "field-missing", message, hint)
        if "published" not in given and given.get(SourceText("draft")) != "true":
            message, hint = "the front matter has no 'published'", "Write 'published: 2026-11-24', or 'draft: true'."
            yield Diagnostic(top, "field-missing", message, hint)


class Article(FrontMatter, frozen=True, kw_only=True):
    """All an author wrote in one folder. `body` is the Markdown below the front matter and knows its lines.

    `files` are the bytes of what lies beside the texts (images, data), by path below the folder with `/`.
    `sources` are the article's own and, where it cites them, those of content/sources.yaml and of bibliographies, in
    order; `citable` are all that it may cite. `broken` names the files with faults in them, so that nobody reports as
    missing what merely could not be read.
    """

    slug: str
    path: str  # of article.md, below the content folder
    body: SourceText
    sources: Mapping[str, Source] = field(default_factory=dict)
    citable: Mapping[str, Source] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()
    counterclaims: tuple[CounterClaim, ...] = ()
    units: tuple[UnitName, ...] = ()
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    charts: tuple[Chart, ...] = ()
    editorial_notes: tuple[EditorialNote, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()

    def is_unread(self, name: str) -> bool:
        """Whether a file that is not among `files` may be there, but it or a folder around it could not be read."""
        return any(not broken or f"{name}/".startswith(f"{broken}/") for broken in self.broken)

    @property
    def abstract(self) -> SourceText:
        """What feeds and previews show: the summary, or the conclusion in its place."""
        words = self.summary or self.conclusion
        assert words is not None  # noqa: S101 - the rules have seen to it
        return words

    @property
    def result(self) -> SourceText:
        """What stands below the title: the conclusion, or the summary in its place."""
        return self.conclusion or self.abstract

    @property
    def cited(self) -> frozenset[str]:
        """The ids of all sources that it names, whether there are such or not."""
        quantities = self.quantities.values()
        users = (self.citations, self.counterclaims, self.editorial_notes, self.charts, quantities)
        uses = {str(use.id) for each in users for one in each for use in one.sources}
        appeared = {str(id) for claim in self.counterclaims for id in claim.appeared_in}
        return frozenset(uses | appeared | ({str(self.about)} if self.about else set()))

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """Everything with an id of its own, in the order of the files; figures without a quote are left out."""
        quoted = tuple(figure for figure in self.figures.values() if figure.quote)
        return (*self.citations, *self.counterclaims, *quoted, *self.editorial_notes, *self.charts)

    @property
    def unfinished(self) -> bool:
        """Whether it, or an annotation in it, is a draft: what is built of it is to be found by nobody."""
        return self.draft or any(each.draft for each in self.annotations)

    @property
    def corrected(self) -> tuple[tuple[Correction, str], ...]:
        """Our corrections, newest first, each with the place in the page of what it is about, "" for the text."""
        found = [(change, "") for change in self.corrections]
        loose = tuple(figure for figure in self.figures.values() if not figure.quote)
        for annotation in (*self.annotations, *loose):
            place = f"{'chart' if isinstance(annotation, Chart) else 'n'}-{annotation.id}"
            found += [(change, place) for change in annotation.changes]
        return tuple(sorted(found, key=lambda each: str(each[0].date), reverse=True))

    @property
    def revised(self) -> Date | None:
        """When it was last changed: on the day it says, or with a later correction."""
        days = (self.updated, *(change.date for change, _ in self.corrected))
        return max((day for day in days if day), key=str, default=None)


class PageFrontMatter(Record, frozen=True, kw_only=True):
    """What stands between the two lines `---` at the head of a plain page."""

    noun = "the front matter"
    whole = True

    title: Annotated[SourceText, LINE, "The title.", "Impressum"]
    lang: Annotated[str, LANGUAGE, "The page's language; the site's if absent.", "de", Extra(required=False)]


class PlainPage(PageFrontMatter, frozen=True, kw_only=True):
    """A page without annotations: imprint, privacy, method, corrections policy."""

    slug: str
    path: str
    body: SourceText
