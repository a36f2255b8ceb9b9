"""The records of every phase, in the order in which an article passes through them.

What an author wrote (`Article`) becomes results (`Results`) and notes with their places (`AnnotatedArticle`). Each
record is made whole and never changed. Words an author wrote are `SourceText` and know where they stand; a record's
own `position` is where it begins and takes no part in equality.
"""

from randnotiz.model.annotated import AnchoredNote, AnnotatedArticle, Claim, Coverage, DrawnChart, Heading, Uncovered
from randnotiz.model.annotation import Annotation, CitationItem, Correction, NoteKind
from randnotiz.model.article import Article, FrontMatter, Image, PageFrontMatter, PlainPage
from randnotiz.model.chart import Chart, ChartData, ChartsFile
from randnotiz.model.citation import Citation, SharedSourcesFile, SourcesFile
from randnotiz.model.counterclaim import CounterClaim, CounterClaimsFile, Stance
from randnotiz.model.figure import Figure, FiguresFile, Quantity, Stated
from randnotiz.model.look import Face, FrameLink, Look
from randnotiz.model.note import EditorialNote, EditorialNoteKind, NotesFile
from randnotiz.model.person import Person
from randnotiz.model.quote import Quote, RangeSelector, TextQuoteSelector
from randnotiz.model.results import Agreement, Range, Result, Results, Tolerance
from randnotiz.model.settings import Settings, Verdict
from randnotiz.model.source import Source
from randnotiz.values import Date, Json, UnitName
