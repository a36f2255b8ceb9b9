"""The records of every phase, in the order in which an article passes through them.

What an author wrote (`Article`) becomes results (`Results`) and notes with their places (`AnnotatedArticle`). Each
record is made whole and never changed. Words an author wrote are `Text` and know where they stand; a record's own
`position` is where it begins and takes no part in equality.
"""

from randnotiz.model.annotated import (
    AnnotatedArticle,
    Bare,
    Claim,
    Coverage,
    DrawnChart,
    Heading,
    Note,
)
from randnotiz.model.annotation import Annotation, Change, CitationItem, NoteKind
from randnotiz.model.article import Article, FrontMatter, Image, PageFrontMatter, PlainPage
from randnotiz.model.chart import Chart, ChartData, ChartsFile
from randnotiz.model.citation import Citation, SharedSourcesFile, SourcesFile
from randnotiz.model.counterclaim import CounterClaim, CounterClaimsFile, Stance
from randnotiz.model.figure import Figure, FiguresFile, Quantity, Stated
from randnotiz.model.note import NotesFile, Remark, RemarkKind
from randnotiz.model.person import Person
from randnotiz.model.quote import Quote, RangeSelector, TextQuoteSelector
from randnotiz.model.results import Agreement, Range, Result, Results
from randnotiz.model.settings import Settings, Verdict
from randnotiz.model.source import Source
from randnotiz.values import Date, Json, UnitName

__all__ = [
    "Agreement",
    "AnnotatedArticle",
    "Annotation",
    "Article",
    "Bare",
    "Change",
    "Chart",
    "ChartData",
    "ChartsFile",
    "Citation",
    "CitationItem",
    "Claim",
    "CounterClaim",
    "CounterClaimsFile",
    "Coverage",
    "Date",
    "DrawnChart",
    "Figure",
    "FiguresFile",
    "FrontMatter",
    "Heading",
    "Image",
    "Json",
    "Note",
    "NoteKind",
    "NotesFile",
    "PageFrontMatter",
    "Person",
    "PlainPage",
    "Quantity",
    "Quote",
    "Range",
    "RangeSelector",
    "Remark",
    "RemarkKind",
    "Result",
    "Results",
    "Settings",
    "SharedSourcesFile",
    "Source",
    "SourcesFile",
    "Stance",
    "Stated",
    "TextQuoteSelector",
    "UnitName",
    "Verdict",
]
