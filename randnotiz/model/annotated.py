"""Notes and charts in their places."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from randnotiz.diagnostics import Position, SourceText
from randnotiz.markdown import Document
from randnotiz.model.annotation import Annotation, NoteKind
from randnotiz.model.article import Article
from randnotiz.model.chart import Chart
from randnotiz.model.counterclaim import CounterClaim
from randnotiz.model.person import Person
from randnotiz.model.results import Results
from randnotiz.model.settings import NO_TONE, Verdict
from randnotiz.spans import Span
from randnotiz.values import Date, Json


class AnchoredNote(Struct, frozen=True, kw_only=True):
    """An annotation, or a footnote of the author's, that has its number and its place in the text.

    `number` is None and `span` too for one that speaks about the whole article. The voices on a claim, whose id is
    `claim`, share its number; `shown` is whether it stands at this one's passage, and `at` the offset in the reading
    text behind which it does or would. `passage` are the words it is about as the page prints them. `body` is the
    footnote's own HTML and None for annotations, whose bodies the templates make. `former` is the id it had by the
    rule of ids before, where another; or empty.
    """

    id: str
    kind: NoteKind
    number: int | None
    claim: str = ""
    shown: bool = True
    at: int = 0
    former: str = ""
    annotation: Annotation | None = None
    span: Span | None = None
    passage: str = ""
    line: int = 0  # in article.md
    body: str | None = None

    @property
    def message(self) -> str:
        """The message that names it to readers: voices by their stance, notes of notes.yaml by their own kind."""
        return self.annotation.message if self.annotation else f"kind-{self.kind}"


class DrawnChart(Struct, frozen=True, kw_only=True):
    """A chart ready for the page: SVGs for a wide and a narrow column (`narrow` None where one serves both), a
    stand-alone SVG with its colours resolved, the rows as a table (header, then cells as printed) and as CSV with the
    descriptions of its columns (Table Schema 2), and a Vega-Lite specification (JSON) with its rows.
    """

    chart: Chart
    wide: str
    narrow: str | None
    alone: str
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]  # by column: set flush right
    csv: str
    fields: tuple[Mapping[str, Json], ...] = ()
    vega_lite: str


class Heading(Struct, frozen=True, kw_only=True):
    """A heading of the text: its level, its id (`h-…`) and its words."""

    level: int
    id: str
    words: str


class Claim(Struct, frozen=True, kw_only=True):
    """A claim with all the voices on it, in the order of the file; `id` is the first voice's, and `former` too."""

    id: str
    former: str = ""
    claim: SourceText
    claimed_by: Person
    claimed_on: Date | None
    appeared_in: tuple[SourceText, ...] = ()
    verdict: Verdict | None
    why: SourceText | None = None
    voices: tuple[CounterClaim, ...]

    @property
    def tone(self) -> str:
        """The class of the colours of its verdict, or of a claim without one."""
        return self.verdict.tone if self.verdict else NO_TONE


class Uncovered(Struct, frozen=True, kw_only=True):
    """Words of an article that nothing supports: a whole paragraph, or a number and what stands around it."""

    words: str
    position: Position


class Coverage(Struct, frozen=True, kw_only=True):
    """How many paragraphs and numbers an article has, and those that no note, source or figure touches."""

    paragraphs: int = 0
    numbers: int = 0
    bare_paragraphs: tuple[Uncovered, ...] = ()
    bare_numbers: tuple[Uncovered, ...] = ()

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


class AnnotatedArticle(Struct, frozen=True, kw_only=True):
    """An article with everything in its place. `ids` are all in the page that a link may name, `pieces` the HTML of
    the text with marks and references in it, cut where charts stand, each with the id of the chart behind it.

    `notes` are in the order of their numbers, those about the whole article first, and the voices on a claim in the
    order of their stances; `reading` is the reading text
    that their spans count in, and `document` has the way back from it to article.md, None where the text exceeds a
    limit. `prose` is the HTML of every long text outside of article.md, by its Markdown.
    """

    article: Article
    results: Results
    notes: tuple[AnchoredNote, ...]
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
    document: Document | None = None
