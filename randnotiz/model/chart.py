"""Charts over figures, rows or CSV files: charts.yaml."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from randnotiz import numerals
from randnotiz.diagnostics import Diagnostic, SourceText, shortened
from randnotiz.model.annotation import MARKDOWN_HINT, USE, Annotation, CitationItem
from randnotiz.model.quote import QUOTE, Quote
from randnotiz.schema import Extra, Record, record
from randnotiz.schema.constraints import exclusive, needed
from randnotiz.schema.fields import (
    COMPOSED,
    ID,
    MARKDOWN,
    NAME,
    PROSE,
    PROSE_LINE,
    FieldType,
    each,
    entries_or_more,
    fields,
    malformed,
)
from randnotiz.values import Json
from randnotiz.yamldoc import Map, plain

_OBJECT: Mapping[str, Any] = {"type": "object"}


_CODED = re.compile(r"[-+]?0\d+|0[xo][0-9a-fA-F]+")  # postcodes and the like, which YAML takes for numbers


def _rows(value: Any) -> tuple[Mapping[str, Json], ...]:
    return tuple({key: _cell(cell) for key, cell in fields(row).items()} for row in entries_or_more(value))


def _cell(value: Any) -> Json:
    """What YAML takes it for; a number that may mean thousands in the article's language keeps its place."""
    if isinstance(value, SourceText) and value.plain and _CODED.fullmatch(value):
        message = f"'{shortened(value)}' may be a number or a code, of which the zero would be lost"
        malformed(value, message, f"Write '{shortened(value)}' as a code, or {plain(value)} as a number.")
    is_unclear = isinstance(value, SourceText) and value.plain and "." in value and numerals.readings(value)
    return value if is_unclear else plain(value)


ROWS = FieldType(_rows, {"type": "array", "items": _OBJECT, "minItems": 1})
SPECIFICATION = FieldType(fields, _OBJECT)


class ChartData(Record, frozen=True, kw_only=True):
    """What a chart shows: rows, a CSV file, or figures.

    Exactly one is there. In `rows` a `SourceText` that begins with `=` is a formula; CSV cells are already read.
    """

    noun = "chart's data"
    together: ClassVar[Mapping[str, Any]] = {"oneOf": [{"required": [name]} for name in ("rows", "csv", "figures")]}

    rows: Annotated[
        tuple[Mapping[str, Json], ...] | None,
        ROWS,
        'The rows, each a mapping; a text "= …" is a formula over quantities and figures.',
        "[{month: 0, cost: 100}]",
    ] = None
    csv: Annotated[
        SourceText | None,
        COMPOSED,
        "A UTF-8 file beside the article: a header, commas and decimal points, or semicolons and decimal commas.",
        "data/prices.csv",
    ] = None
    figures: Annotated[
        tuple[SourceText, ...] | None,
        each(NAME, least=1),
        "Figures and quantities: a row for each, with id, label, low, best, high, unit and stated.",
        "[hardware, fleet]",
        Extra(choices="name"),
    ] = None

    @classmethod
    def rules(cls, given: Map) -> Iterator[Diagnostic]:
        """One of the three."""
        yield from exclusive(given, "rows", "csv")
        yield from exclusive(given, "rows", "figures")
        yield from exclusive(given, "csv", "figures")
        yield from needed(given, "'data'", "csv: data/prices.csv", "rows", "csv", "figures")


class Chart(Annotation, frozen=True, kw_only=True):
    """A picture of rows, with its title, alt text and sources.

    `quote` is None where the text says `{{ chart: id }}`. `spec` stays as `yamldoc` read it, so that every part of it
    knows its place.
    """

    noun = "chart"
    id_begins = "chart"
    form = ("title", "subtitle", "alt", "sources", "note")

    id: Annotated[str, ID, "Its address in the page, and what {{ chart: … }} calls it.", "cost-curve"]
    quote: Annotated[
        Quote | None,
        QUOTE,
        "Words of the paragraph it stands after; or put {{ chart: id }} alone in a paragraph.",
        "sinken jedes Jahr um das Vierfache",
        Extra(name="after"),
    ] = None
    title: Annotated[
        SourceText,
        PROSE_LINE,
        "The finding, as a sentence.",
        "Bei Faktor vier kostet dasselbe Modell nach einem Jahr ein Viertel",
        Extra(hint="The finding"),
    ]
    subtitle: Annotated[
        SourceText | None,
        PROSE_LINE,
        "What is measured, in which unit.",
        "Verbleibende Trainingskosten, Beginn = 100",
    ] = None
    alt: Annotated[
        SourceText,
        PROSE,
        "What it shows, for those who cannot see it.",
        "Liniendiagramm der Kosten, das zeigt, wie sie jedes Jahr auf ein Viertel fallen",
        Extra(label="For those who cannot see it"),
    ]
    sources: Annotated[tuple[CitationItem, ...], each(USE, least=1), "The sources of its numbers.", "[amodei2025]"]
    note: Annotated[SourceText | None, MARKDOWN, MARKDOWN_HINT, "Logarithmische Achse."] = None
    rows: Annotated[ChartData, record(ChartData), "What it shows.", "{csv: data/prices.csv}", Extra(name="data")]
    spec: Annotated[
        Mapping[str, Json],
        SPECIFICATION,
        "A Vega-Lite specification without data; quantities and figures are parameters in it.",
        "{mark: line, encoding: {x: {field: month}}}",
        Extra(name="vega-lite"),
    ]


class ChartsFile(Record, frozen=True, kw_only=True):
    """Charts over figures, rows or CSV files."""

    noun = "charts.yaml"
    whole = True

    charts: Annotated[tuple[Chart, ...], each(record(Chart)), "The charts.", "[]"] = ()
