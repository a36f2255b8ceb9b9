"""The records of every phase, in the order in which an article passes through them.

What an author wrote (`Article`) becomes results (`Results`), notes with their places (`AnnotatedArticle`), pages
and their twins (`Built`). Each record is made whole and never changed. Words an author wrote are `Text` and know
where they stand; a record's own `position` is where it begins and takes no part in equality.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Literal

from randnotiz.errors import NOWHERE, Excerpt, Position, Text
from randnotiz.records import dataclass

# ----------------------------------------------------------------------------------------------------
# What an author wrote
# ----------------------------------------------------------------------------------------------------

Stance = Literal["supports", "qualifies", "disputes", "corrects"]
RemarkKind = Literal["context", "definition", "disclosure", "correction"]
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, order=True, slots=True)
class Date:
    """A day, a month or a year of the Gregorian calendar; `time` is the rest of an RFC 3339 date-time or empty."""

    year: int
    month: int | None = None
    day: int | None = None
    time: str = ""

    def __str__(self) -> str:
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(parts) + self.time


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who writes, claims or objects."""

    name: Text
    url: Text | None = None
    type: Literal["person", "organization"] = "person"
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExactQuote:
    """Words of the article as a reader sees them, with what stands before and after (W3C TextQuoteSelector)."""

    exact: Text
    prefix: str = ""
    suffix: str = ""
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class EndsQuote:
    """A long passage, named by its first and its last words; `start` must be unique."""

    start: Text
    end: Text
    position: Position = field(default=NOWHERE, compare=False)


Quote = ExactQuote | EndsQuote


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A correction of ours, with its day."""

    date: Date
    text: Text
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceUse:
    """The use of a source for a passage: where in it, what it says there, and its exact words."""

    id: Text
    locator: Text | None = None
    passage: Text | None = None
    verbatim: Text | None = None
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A cited work: a CSL item (CSL-JSON 1.0.2) as plain values, keys that begin with `private-` already dropped."""

    id: Text
    csl: Mapping[str, Json]
    shared: bool = False  # it stands in content/sources.yaml
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotation:
    """What all annotations share. `id` is the author's, or made of the kind and the first words of the quote."""

    id: str
    id_given: bool = True
    quote: Quote | None = None
    by_editor: Person | None = None  # the field `author`
    created: Date | None = None
    modified: Date | None = None
    draft: bool = False
    changes: tuple[Change, ...] = ()
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation(Annotation):
    """A passage leans on sources."""

    sources: tuple[SourceUse, ...]
    note: Text | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CounterClaim(Annotation):
    """What somebody holds for or against a claim. Either `claim` and `claimed_by`, or `same_claim_as`."""

    claim: Text | None = None
    claimed_by: Person | None = None
    claimed_on: Date | None = None
    verdict: Text | None = None
    same_claim_as: Text | None = None
    stance: Stance
    counter: Text
    by: Person
    sources: tuple[SourceUse, ...]
    reply: Text | None = None
    asked_on: Date | None = None
    replied_on: Date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """A number that goes in, in its own unit; `low == best == high` when it is known exactly.

    `written` holds the numbers as the author wrote them (one; or low, best if it is given, and high), so that they
    are printed so.
    Exactly one of `sources` and `assumed` is there.
    """

    name: str
    label: Text
    low: float
    best: float
    high: float
    unit: Text
    written: tuple[Text, ...]
    sources: tuple[SourceUse, ...] = ()
    assumed: Text | None = None
    quote: Quote | None = None
    note: Text | None = None
    position: Position = field(default=NOWHERE, compare=False)

    @property
    def uncertain(self) -> bool:
        """Whether it is a range."""
        return self.low != self.high


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """What the passage says: a number with a unit (`words`), or a range in a unit.

    `words` is the author's text as it stands ("1 Mrd. USD"); a range leaves it None, and `written` has its numbers.
    """

    words: Text | None = None
    low: float | None = None
    high: float | None = None
    written: tuple[Text, ...] = ()
    unit: Text | None = None
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure(Annotation):
    """A formula over quantities and figures. Without a `quote` it is no annotation, only a number to print."""

    name: str
    label: Text
    formula: Text
    unit: Text
    stated: Stated | None = None
    tolerance: float = 0.1  # a share of the stated range
    finding: Literal["agrees", "disagrees"] | None = None
    digits: int = 3
    note: Text | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartData:
    """The rows a chart shows: written out, read from a CSV file beside the article, or made of figures.

    Exactly one is there. In `rows` a `Text` that begins with `=` is a formula; CSV cells are already read.
    """

    rows: tuple[Mapping[str, Json], ...] | None = None
    csv: Text | None = None
    figures: tuple[Text, ...] | None = None
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart(Annotation):
    """A picture of rows. `quote` is the field `after`; None where the text says `{{ chart: id }}`.

    `spec` is the Vega-Lite specification as `yamldoc` read it, so that every part of it knows its place.
    """

    title: Text
    subtitle: Text | None = None
    alt: Text
    sources: tuple[SourceUse, ...]
    note: Text | None = None
    rows: ChartData
    spec: Mapping[str, Json]


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark(Annotation):
    """An entry of notes.yaml: context, a definition, a disclosure, or a correction of the examined report."""

    kind: RemarkKind
    note: Text
    term: Text | None = None
    sources: tuple[SourceUse, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitName:
    """A unit of the article's own: its name in formulas and, by language, its singular and plural in print."""

    name: str
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """A picture of the front matter or the text: its file beside the article, alt text and credit."""

    src: Text
    alt: Text
    credit: Text | None = None
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """All an author wrote in one folder. `body` is the Markdown below the front matter and knows its lines.

    `files` are the bytes of what lies beside the texts (images, data), by path below the folder with `/`.
    `sources` are the article's own and, where it cites them, those of content/sources.yaml, in order. `broken` names
    the files with faults in them, so that nobody reports as missing what merely could not be read.
    """

    slug: str
    path: str  # of article.md, below the content folder
    title: Text
    subtitle: Text | None = None
    lang: str
    authors: tuple[Person, ...] = ()
    published: Date | None = None
    updated: Date | None = None
    about: Text | None = None
    summary: Text
    draft: bool = False
    image: Image | None = None
    translations: Mapping[str, Text] = field(default_factory=dict)
    covered: tuple[Text, ...] = ()
    corrections: tuple[Change, ...] = ()
    body: Text
    sources: Mapping[str, Source] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()
    counterclaims: tuple[CounterClaim, ...] = ()
    units: tuple[UnitName, ...] = ()
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    charts: tuple[Chart, ...] = ()
    remarks: tuple[Remark, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """Everything with an id of its own, in the order of the files; figures without a quote are left out."""
        quoted = tuple(figure for figure in self.figures.values() if figure.quote)
        return (*self.citations, *self.counterclaims, *quoted, *self.remarks, *self.charts)

    @property
    def corrected(self) -> tuple[tuple[Change, str], ...]:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainPage:
    """A page without annotations: imprint, privacy, method, corrections policy."""

    slug: str
    path: str
    title: Text
    lang: str
    body: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """A step of the site's scale; `rank` 1 is the worst, `of` the number of steps; `words` by language."""

    key: str
    rank: int
    of: int
    words: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What site.yaml says. `url` ends in `/`."""

    title: Text
    url: str
    lang: str
    publisher: Person
    summary: Text | None = None
    logo: Text | None = None
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    redirects: Mapping[str, Text] = field(default_factory=dict)
    addresses: tuple[Text, ...] | None = None  # slugs that must lead somewhere for ever; None if nobody keeps them
    policies: Mapping[str, Text] = field(default_factory=dict)  # plain pages by what they lay down
    editor: str | None = None
    position: Position = field(default=NOWHERE, compare=False)


# ----------------------------------------------------------------------------------------------------
# What comes out of the arithmetic
# ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """A result: the lowest, the best and the highest number in `unit`."""

    low: float
    best: float
    high: float
    unit: str

    @property
    def exact(self) -> bool:
        """Whether there is only one number."""
        return self.low == self.high


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """The comparison of a result with what the passage says, both in the figure's unit.

    `factor` is how many times the nearest ends differ, 1 where the ranges overlap within the tolerance, and
    None where there is no such number because an end is 0 or their signs differ.
    """

    stated: Range
    tolerance: float
    agrees: bool
    factor: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """A computed figure. `sensitivity` says, for each uncertain quantity, where the result lies when only that
    one moves from its low to its high end (ordered by how far, widest first).

    `inputs` are the quantities the formula rests on once figures are expanded, in order of appearance; `program`
    is the expanded expression as nested JSON arrays, for the page's own arithmetic (see `formulas.program`).
    """

    figure: Figure
    range: Range
    sensitivity: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    agreement: Agreement | None = None
    inputs: tuple[str, ...] = ()
    program: Json = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """All numbers of an article: quantities as they were written, figures in dependency order."""

    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    figures: Mapping[str, Result] = field(default_factory=dict)
    units: tuple[UnitName, ...] = ()
    broken: frozenset[str] = frozenset()  # names that have a fault of their own, already told

    def range(self, name: str) -> Range:
        """The numbers behind a quantity's or a figure's name; KeyError if there is none."""
        if name in self.figures:
            return self.figures[name].range
        quantity = self.quantities[name]
        return Range(low=quantity.low, best=quantity.best, high=quantity.high, unit=quantity.unit)


# ----------------------------------------------------------------------------------------------------
# Notes and charts in their places
# ----------------------------------------------------------------------------------------------------

NoteKind = Literal["source", "counter", "figure", "note", "footnote"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A stretch of the reading text, `start` inclusive and `end` exclusive, in code points."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """An annotation, or a footnote of the author's, that has its number and its place in the text.

    `number` is None and `span` too for one that speaks about the whole article. `passage` are the words it is
    about as the page prints them. `body` is the footnote's own HTML and None for annotations, whose bodies the
    templates make.
    """

    id: str
    kind: NoteKind
    number: int | None
    annotation: Annotation | None = None
    span: Span | None = None
    passage: str = ""
    line: int = 0  # in article.md
    body: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnChart:
    """A chart ready for the page: SVGs for a wide and a narrow column (`narrow` None where one serves both), a
    stand-alone SVG with its colours resolved, the rows as a table (header, then cells as printed) and as CSV.
    """

    chart: Chart
    wide: str
    narrow: str | None
    alone: str
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]  # by column: set flush right
    csv: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A heading of the text: its level, its id (`h-…`) and its words."""

    level: int
    id: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A claim with all the voices on it, in the order of the file; `id` is the first voice's."""

    id: str
    claim: Text
    claimed_by: Person
    claimed_on: Date | None
    verdict: Verdict | None
    voices: tuple[CounterClaim, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bare:
    """Words of an article that nothing supports: a whole paragraph, or a number and what stands around it."""

    words: str
    position: Position


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """How many paragraphs and numbers an article has, and those that no note, source or figure touches."""

    paragraphs: int = 0
    numbers: int = 0
    bare_paragraphs: tuple[Bare, ...] = ()
    bare_numbers: tuple[Bare, ...] = ()

    def as_text(self, place: Callable[[str], str]) -> str:
        """The counts in one line, then a line for each bare place; `place` shows a path from where one stands."""
        rows = [
            f"{self.paragraphs - len(self.bare_paragraphs)} of {self.paragraphs} paragraphs and "
            f"{self.numbers - len(self.bare_numbers)} of {self.numbers} numbers are touched by an annotation"
        ]
        for kind, bares in (("paragraph", self.bare_paragraphs), ("number", self.bare_numbers)):
            for bare in bares:
                at = bare.position
                rows.append(f"  {place(at.path)}:{at.line}:{at.column}: {kind}: {bare.words}")
        return "\n".join(rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnotatedArticle:
    """An article with everything in its place. `ids` are all in the page that a link may name, `pieces` the HTML of
    the text with marks and references in it, cut where charts stand, each with the id of the chart behind it.

    `notes` are in the order of their numbers, those about the whole article first; `reading` is the reading text
    that their spans count in. `prose` is the HTML of every long text outside of article.md, by its Markdown.
    """

    article: Article
    results: Results
    notes: tuple[Note, ...]
    ids: tuple[str, ...]
    claims: tuple[Claim, ...]
    headings: tuple[Heading, ...]
    reading: str
    words: int
    pieces: tuple[tuple[str, str], ...] = ()
    printed: tuple[tuple[Position, str], ...] = ()  # names that `{{ }}` prints, in text and notes
    links: tuple[tuple[Position, str], ...] = ()  # links to other articles, as written
    images: tuple[str, ...] = ()  # what the page shows or links to beside article.md, by path below its folder
    prose: Mapping[str, str] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)


# ----------------------------------------------------------------------------------------------------
# What is written
# ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimLine:
    """A claim as lists of articles show it."""

    id: str
    claim: str
    verdict: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceLine:
    """A use of a source by an article: the passage, the id of its note or chart, and what that is called."""

    note: str
    passage: str
    kind: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What lists of articles show of one: index, feed, site map, corrections and search."""

    slug: str
    title: str
    subtitle: str
    summary: str
    lang: str
    authors: tuple[str, ...]
    published: str
    updated: str
    draft: bool
    counts: Mapping[NoteKind, int]
    claims: tuple[ClaimLine, ...]
    corrections: tuple[tuple[str, str], ...]  # day and text, newest first
    changes: tuple[tuple[str, str, str], ...] = ()  # of annotations: day, text, place in the page
    terms: tuple[str, ...] = ()  # headings, defined terms and voices, for the search


@dataclass(frozen=True, kw_only=True, slots=True)
class Ties:
    """What holds an article and others together, and what a day may make due."""

    draft: bool
    lang: str
    places: tuple[str, ...]  # every id in the page that a link may name
    claims: tuple[str, ...]  # those with a page of their own
    links: tuple[tuple[Position, str], ...]  # to other articles, as written
    translations: tuple[tuple[Position, str, str], ...] = ()  # language and article
    rechecks: tuple[tuple[Position, str, str], ...] = ()  # source ids and the day after which to look again
    excerpts: tuple[tuple[Position, Excerpt], ...] = ()  # of all these places


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaning:
    """An article that leans on a source, as the page of the source shows it.

    `description` is the article's own of the source, CSL-JSON on one line, and empty for a shared one.
    """

    source: str
    description: str
    slug: str
    title: str
    lang: str
    published: str
    updated: str
    draft: bool
    uses: tuple[SourceLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A source as lists show it: the path of its page below the site, its first description, and the last day on
    which a published article changed that leans on it, empty if none does.
    """

    id: str
    path: str
    description: str
    changed: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Extract:
    """All that the rest of the site keeps of an article; nothing else that grows with the site is kept."""

    line: Line
    ties: Ties
    leanings: tuple[Leaning, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """An article's files, by path below the site, with what the rest of the site needs of it."""

    extract: Extract
    files: Mapping[str, bytes]
