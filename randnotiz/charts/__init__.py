"""A chart to SVG, table and CSV: any Vega-Lite specification, checked against its rows, in the page's own look.

`prepare` reads the rows and checks the specification, without the engine. `draw` makes the pictures, which the cache
keeps by everything they depend on; the engine runs in a process of its own and only for a chart never drawn before.
"""

import contextlib
import json
import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from randnotiz import caching
from randnotiz import language as languages
from randnotiz.charts import blame, printing, rows, specification, svg, ticks
from randnotiz.charts.rows import Table
from randnotiz.charts.specification import ColumnUse
from randnotiz.charts.vega_schema import schema_without_data
from randnotiz.codes import Code
from randnotiz.colours import LIGHT
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText, collecting
from randnotiz.language import Locale
from randnotiz.memo import memoize
from randnotiz.model import Article, Chart, DrawnChart, Json, Results
from randnotiz.yamldoc import Map, plain

__all__ = [
    "Drawn",
    "Prepared",
    "draw",
    "each",
    "is_known",
    "prepare",
    "schema_without_data",
    "try_out",
    "within_limit",
]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
LONGEST_SUM = 300  # seconds of computing for the charts of a build, beyond one for each drawing
MOST_NAMED = 5

T = TypeVar("T")
# What has a hand in a picture besides its specification, its rows and its language's name.
MAKERS = ("charts", "colours.py", "css.py", "language/cldr.py", "language/locale_data.py", "language/prepared.json")


class Prepared(Struct, frozen=True, kw_only=True):
    """A chart that can be drawn: its specification without data, the values of its rows, and the rows as they are
    printed. `title` and `words` name the picture for those who cannot see it.
    """

    chart: Chart
    title: str
    words: str
    language: str
    specification: Mapping[str, Json]
    values: list[Json]
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    csv: str
    fields: tuple[Mapping[str, Json], ...]  # of the CSV, as Table Schema 2 describes them
    numbers: tuple[str, ...]  # the quantities and figures that its expressions name
    named: tuple[float, ...] = ()  # the numbers in its title


def prepare(
    chart: Chart,
    article: Article,
    results: Results,
    language: Locale,
    cache: Path | None = None,
    printed: Callable[[SourceText], str] = str,
) -> tuple[Prepared | None, tuple[Diagnostic, ...]]:
    """A chart made ready for drawing, and what is wrong with it; None where it is broken or rests on what is.

    `cache` remembers which specifications were found right, so that Vega-Lite's schema need not be loaded again.
    `printed` fills in the numbers that a title or an alternative text names.
    """
    name = chart.rows.csv
    if name and name not in article.files and article.is_unread(name):
        return None, ()
    # Those that have another name are only named where the right one is missing.
    files = {path: raw for path, raw in article.files.items() if name and (path == name or path.endswith(".csv"))}
    ready, diagnostics = _prepared(chart, article.slug, frozenset(files.items()), results, language, cache)
    return ready and _titled(ready, str(printed(chart.title)), str(printed(chart.alt))), diagnostics


@memoize(64)
def _titled(prepared: Prepared, title: str, words: str) -> Prepared:
    return replace(prepared, title=title, words=words, named=ticks.named(title, languages.of(prepared.language)))


@memoize(64)
def _prepared(
    chart: Chart,
    slug: str,
    tables: frozenset[tuple[str, bytes]],
    results: Results,
    language: Locale,
    cache: Path | None,
) -> tuple[Prepared | None, tuple[Diagnostic, ...]]:
    """A chart made ready but for its title and alternative text; `tables` are the CSV files beside the article."""
    table, diagnostics = rows.read(chart.rows, slug, dict(tables), results, language.decimal, language.tag)
    if table is None:
        return None, diagnostics
    found = list(diagnostics)
    checked = None
    with collecting(found):
        if not table.rows:
            raise ContentError(chart.rows.position, "chart-spec", "this chart has no rows, so nothing can be drawn")
        checked = _checked(chart, table, results, cache, found)
    if checked is None:
        return None, tuple(found)
    shown = _Shown(table, chart, checked.uses, results, language)
    return Prepared(
        chart=chart,
        title="",
        words="",
        language=language.tag,
        specification=_with_parameters(checked, results, shown.labels()),
        values=_values(table, checked.uses),
        columns=tuple(shown.heading(column) for column in shown.columns),
        cells=tuple(zip(*(shown.words[column] for column in shown.columns), strict=True)),
        numeric=tuple(column not in shown.names and _is_numeric(table, column) for column in shown.columns),
        csv=rows.as_csv(table),
        fields=tuple(map(shown.field, table.columns)),
        numbers=tuple(sorted({_named(name, results) for name in checked.parameters})),
    ), tuple(found)


_REFUSED = b'{"code"'


class DrawingRefusal(Struct, frozen=True, kw_only=True):
    """Why a chart cannot be drawn: the way to the part, what to say there; `certain` if another try is in vain."""

    code: Code
    path: tuple[str | int, ...]
    message: str
    hint: str
    certain: bool = True


def try_out(prepared: Prepared, cache: Path | None, *, may_draw: bool = True) -> bool:
    """Whether a chart can be drawn, or was; ContentError as `draw` raises it. What is known is not drawn again, and
    without `may_draw` nothing is: then False of what is not known.
    """
    known = caching.get(cache, _key_of(prepared))
    if known is None and not may_draw:
        return False
    if known is None or known.startswith(_REFUSED):  # drawings need not be read
        outcome = _outcome(prepared, cache)
        if isinstance(outcome, DrawingRefusal):
            raise _fault(prepared, outcome)
    return True


class Drawn(NamedTuple):
    """A chart that took longer to draw than most: the seconds of computing that count, its article and itself."""

    seconds: float
    slug: str
    id: str
    position: Position


def each(
    charts: Mapping[str, Prepared], slug: str, use: Callable[[Prepared], T]
) -> tuple[dict[str, T], list[Diagnostic], tuple[Drawn, ...]]:
    """What `use`, which may draw, makes of an article's charts by their ids, with the faults of those that cannot be
    drawn; and how long it took. Once that is more than a whole build may take, the rest are left out.
    """
    made: dict[str, T] = {}
    faults: list[Diagnostic] = []
    long: list[Drawn] = []
    for id, prepared in charts.items():
        if sum(one.seconds for one in long) > LONGEST_SUM:
            break
        before = _computing()
        with collecting(faults):
            made[id] = use(prepared)
        if (seconds := _computing() - before) > 0:
            long.append(Drawn(seconds, slug, id, prepared.chart.position))
    return made, faults, tuple(long)


def within_limit(drawn: Collection[Drawn]) -> None:
    """Nothing, as long as the charts of a build take no longer together than they may. ContentError."""
    if sum(one.seconds for one in drawn) <= LONGEST_SUM:
        return
    longest = sorted(drawn, reverse=True)
    names = ", ".join(f"'{one.id}' of {one.slug} ({one.seconds + 1:.0f} s)" for one in longest[:MOST_NAMED])
    message = (
        f"the charts take more than {LONGEST_SUM} seconds of computing beyond the usual; the longest are {names}"
    )
    hint = "Simplify these, or build again: what has been drawn is kept, and the next build goes on from there."
    raise ContentError(longest[0].position, "limit-exceeded", message, hint)


def _computing() -> float:
    """The seconds of computing that this process's drawings took beyond the usual; what draws may not be loaded."""
    drawing = sys.modules.get("randnotiz.charts.drawing")
    return drawing.computing() if drawing else 0.0


@memoize(32)
def draw(prepared: Prepared, cache: Path | None, light: Mapping[str, str] = LIGHT) -> DrawnChart:
    """A chart in all its forms, in these colours where no style reaches. ContentError: chart-spec, limit-exceeded."""
    chart = prepared.chart
    pictures = _outcome(prepared, cache)
    if isinstance(pictures, DrawingRefusal):
        raise _fault(prepared, pictures)
    owner = f"chart-{chart.id}"
    title, words = prepared.title, prepared.words
    return DrawnChart(
        chart=chart,
        wide=svg.inline(pictures.wide, owner=f"{owner}-wide", title=title, words=words),
        narrow=svg.inline(pictures.narrow, owner=f"{owner}-narrow", title=title, words=words),
        alone=svg.standalone(pictures.alone, light, owner=owner, title=title, words=words),
        columns=prepared.columns,
        cells=prepared.cells,
        numeric=prepared.numeric,
        csv=prepared.csv,
        fields=prepared.fields,
        vega_lite=_alone(prepared),
    )


def _alone(prepared: Prepared) -> str:
    """The chart as a Vega-Lite specification that needs nothing else, without the house's look."""
    parameters = [
        one for one in cast(Any, prepared.specification.get("params", ())) if one["name"] != specification.LABELS
    ]
    own = dict(prepared.specification)
    if languages.of(prepared.language).direction == "rtl":
        from randnotiz.charts import layout  # which checks, and pages with their charts in the cache, do without

        own = layout.from_right(own)
    names = {"$schema": SCHEMA, "title": prepared.title, "description": prepared.words}
    own.pop("params", None)
    whole = {**names, **own, **({"params": parameters} if parameters else {}), "data": {"values": prepared.values}}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


def _key(purpose: str, *parts: Json) -> str:
    return caching.key_of(MAKERS, purpose, json.dumps(parts, ensure_ascii=False))


def _key_of(prepared: Prepared) -> str:
    return _key("drawn", dict(prepared.specification), prepared.values, prepared.language, [*prepared.named])


def _outcome(prepared: Prepared, cache: Path | None) -> svg.Pictures | DrawingRefusal:
    """A chart's pictures, or why there are none; either is in the cache from then on."""
    key = _key_of(prepared)
    text = caching.get(cache, key)
    if text is None:
        outcome = _drawn(prepared, cache)
        if isinstance(outcome, svg.Pictures) or outcome.certain:
            caching.put(cache, key, msgspec.json.encode(outcome))
        return outcome
    if text.startswith(_REFUSED):
        return msgspec.json.decode(text, type=DrawingRefusal)
    return msgspec.json.decode(text, type=svg.Pictures)


def _drawn(prepared: Prepared, cache: Path | None) -> svg.Pictures | DrawingRefusal:
    """A chart's pictures from the engine, or the part of its specification without any. OSError if it fails."""
    from randnotiz.charts import drawing  # processes, threads and all that is needed only now

    language = languages.of(prepared.language)
    request = drawing.Request(prepared.specification, prepared.values, language, cache)
    code: Code = "chart-spec"
    try:
        pictures = drawing.drawn(request, prepared.named)
        if pictures.wide.marks:
            return _misdrawn(prepared, language, pictures.wide) or pictures
        message = "nothing of the rows can be seen in this chart"
        hint = "Are all rows filtered out, all values empty, or outside the domain of a scale?"
        if pictures.wide.lengthless:
            hint = "A bar begins at 0, where a logarithmic scale has no place: draw points. Or are all values 0?"
    except drawing.ChartRefusedError as error:
        words, hint = blame.explained(error.words)
        message = f"Vega-Lite cannot draw this: {words}"
    except drawing.TooMuchError as error:
        code, message, hint = "limit-exceeded", str(error), "Fewer rows, or a simpler specification."
        if not error.certain:
            return DrawingRefusal(code=code, path=(), message=message, hint=hint, certain=False)
    drawing.prove(language)
    path, solved = cast(blame.Steps, ()), False
    with contextlib.suppress(drawing.TooMuchError):  # the machine is busy: then it is said of the whole
        path, solved = blame.part_to_blame(
            dict(prepared.specification), lambda part: drawing.outcome(replace(request, specification=part))
        )
    if solved:
        hint = f"{hint}\n{blame.without(dict(prepared.specification), path)}".strip()
    return DrawingRefusal(code=code, path=path, message=message, hint=hint)


_BY_ITSELF = re.compile(r'"theta2"|"stack": (?:null|false)')  # slices that need not make up a whole


def _misdrawn(prepared: Prepared, language: Locale, wide: svg.Drawing) -> DrawingRefusal | None:
    """What is wrong in a drawing that the engine makes without a word; None if nothing is."""
    if wide.turns and not _BY_ITSELF.search(json.dumps(prepared.specification)):
        message = "a number below 0 has no slice: the engine draws it as large as one above 0"
        hint = "Draw bars, or leave out its row with a 'filter'."
        return DrawingRefusal(code="chart-spec", path=("encoding", "theta"), message=message, hint=hint)
    if unseen := _row_unseen(prepared, language, wide):
        message = f"{unseen} has no mark: what is computed of it is no number, or has no place"
        hint = "Leave it out with a 'filter', or give it a value in 'calculate'."
        return DrawingRefusal(code="chart-spec", path=("transform", 0), message=message, hint=hint)
    return None


_MARKED = {"point", "circle", "square", "bar", "tick", "text", "rule", "rect"}  # a mark for each row


def _row_unseen(prepared: Prepared, language: Locale, wide: svg.Drawing) -> str | None:
    """The first row without a mark in a chart that computes columns and has one for each row; None elsewhere. It is
    found by halving: with it and the rows before it, there are fewer marks than rows.
    """
    from randnotiz.charts import drawing

    whole = cast(dict[str, Any], prepared.specification)
    made = {step["as"] for step in whole.get("transform", ()) if {*step} == {"calculate", "as"}}
    channels = [each for each in whole.get("encoding", {}).values() if isinstance(each, dict)]
    mark = whole["mark"]["type"] if isinstance(whole.get("mark"), dict) else whole.get("mark")
    gathering = {"aggregate", "bin", "timeUnit", "stack"}
    if mark not in _MARKED or "opacity" in str(whole).lower() or not made or len(made) != len(whole["transform"]):
        return None
    if any(gathering & {*each} for each in channels) or not made & {each.get("field") for each in channels}:
        return None
    columns = {str(each["field"]) for each in channels if "field" in each} - made
    values = cast(list[dict[str, Any]], prepared.values)
    shown = [row for row in values if all(row.get(column) is not None for column in columns)]
    if wide.marks + wide.lengthless >= len(shown):
        return None

    def all_seen(count: int) -> bool:
        return drawing.marks(drawing.Request(whole, cast(list[Json], shown[:count]), language)) >= count

    place = bisect_left(range(1, len(shown) + 1), True, key=lambda count: not all_seen(count))
    return f"row {values.index(shown[place]) + 1} ({', '.join(map(str, shown[place].values()))})"


def _fault(prepared: Prepared, refusal: DrawingRefusal) -> ContentError:
    """A refusal at the place of the part that is to blame."""
    source, path = cast(Mapping[str, Any], prepared.chart.spec), refusal.path
    if path[:1] == ("params",) and len(path) > 1:  # those of quantities and figures stand before the author's
        ours = len(cast(list[Json], prepared.specification["params"])) - len(source.get("params", ()))
        path = ("params", int(path[1]) - ours, *path[2:])
    at = specification.place(source, path) if path else _position(prepared.chart)
    return ContentError(at, refusal.code, refusal.message, refusal.hint)


# ---- The specification ----


def _checked(
    chart: Chart, table: Table, results: Results, cache: Path | None, found: list[Diagnostic]
) -> specification.Checked | None:
    """The specification held against its rows; None too if it rests on a number that has a fault of its own."""
    typed = cast(dict[str, Json], plain(cast(Map, chart.spec)))  # what yamldoc read, which the record calls JSON
    broken = {f"{name}{end}" for name in results.broken for end in ("", "_low", "_high")}
    names = sorted({*_numbers(results), *broken})
    seen: list[Json] = [typed, [*table.columns], [*names]]
    if "pivot" in json.dumps(typed):
        seen.append(rows.as_values(table))  # whose values become columns
    key = _key("checked", *seen)
    text = caching.get(cache, key)
    if text is None:
        checked, diagnostics = specification.check(chart.spec, typed, table, names)
        found += diagnostics
        if checked is None:
            return None
        caching.put(cache, key, msgspec.json.encode(checked))
    else:
        checked = msgspec.json.decode(text, type=specification.Checked)
    found += specification.misfits(checked.uses, table)
    return None if broken & set(checked.parameters) or any(each.severity == "error" for each in found) else checked


def _numbers(results: Results) -> dict[str, float]:
    """What quantities and figures offer to expressions, by name: `rate` is the best value, `rate_low` the lowest."""
    numbers: dict[str, float] = {}
    exact: dict[str, float] = {}
    for name in (*results.quantities, *results.figures):
        known = results.range(name)
        exact[name] = known.best
        numbers |= {f"{name}_low": known.low, f"{name}_high": known.high}
    return numbers | exact


def _named(parameter: str, results: Results) -> str:
    """The quantity or figure that a parameter is a number of."""
    whole = parameter in results.quantities or parameter in results.figures
    return parameter if whole else parameter.rpartition("_")[0]


def _with_parameters(checked: specification.Checked, results: Results, labels: dict[str, Json]) -> dict[str, Json]:
    """The specification with the numbers and words of labels that it uses, and changes with these alone."""
    numbers = _numbers(results)
    ours: list[Json] = [{"name": name, "value": numbers[name]} for name in checked.parameters]
    if labels:
        ours.append({"name": specification.LABELS, "value": labels})
    own = checked.specification.get("params")
    if not ours:
        return checked.specification
    return {**checked.specification, "params": [*ours, *(own if isinstance(own, list) else [])]}


def _values(table: Table, uses: tuple[ColumnUse, ...]) -> list[Json]:
    """The rows as the engine takes them. A year on a time axis becomes text: as a number it would be milliseconds."""
    moments = {use.column for use in uses if use.type == "temporal"}
    return [
        {
            column: str(cell.value) if column in moments and isinstance(cell.value, int) else cell.value
            for column, cell in zip(table.columns, row, strict=True)
        }
        for row in table.rows
    ]


def _position(chart: Chart) -> Position:
    """Where a chart's specification begins."""
    at: Position = getattr(chart.spec, "position", chart.position)
    return at


# ---- The rows in print ----


def _without_groups(uses: tuple[ColumnUse, ...]) -> frozenset[str]:
    """The columns whose numbers are names, such as years: no chart of them shows a quantity."""
    quantities = {use.column for use in uses if use.type not in ("temporal", "ordinal", "nominal")}
    return frozenset(use.column for use in uses) - quantities


def _is_numeric(table: Table, column: str) -> bool:
    values = [cell.value for cell in table.column(column)]
    return any(isinstance(value, int | float) and not isinstance(value, bool) for value in values) and not any(
        isinstance(value, str) for value in values
    )


class _Shown:
    """The rows as people read them: which columns, under which headings, in which words."""

    def __init__(
        self, table: Table, chart: Chart, uses: tuple[ColumnUse, ...], results: Results, language: Locale
    ) -> None:
        self.table, self.uses, self.language = table, uses, language
        self.of_figures = chart.rows.figures is not None
        self.names = _without_groups(uses)
        self.units = results.units
        self.words = {
            column: tuple(
                printing.cell(cell, language, is_name=column in self.names, shape=self._shape(column))
                for cell in table.column(column)
            )
            for column in table.columns
        }
        self.unit = self._unit() if self.of_figures else None
        self.columns = tuple(column for column in table.columns if not self._needless(column))

    def _shape(self, column: str) -> str:
        """The format in which a label prints a column, if an author has given one."""
        return next((use.label for use in self.uses if use.column == column and use.label), "")

    def _unit(self) -> str | None:
        """The words of the unit that all rows have, None where they differ; the others stand in their cells."""
        units = [str(cell.value or "") for cell in self.table.column("unit")]
        worded = tuple(self.language.unit(unit, units=self.units) or printing.NOTHING for unit in units)
        self.words["unit"] = worded
        return worded[0] if len({*units}) == 1 else None

    def _needless(self, column: str) -> bool:
        """Whether a column says nothing to readers: empty, or of figures an id, an end of no range, a common unit."""
        if {*self.words[column]} == {printing.NOTHING}:
            return True
        if not self.of_figures:
            return False
        if column in ("low", "high"):
            return not self._is_range()
        return column == "id" or (column == "unit" and self.unit is not None)

    def _is_range(self) -> bool:
        return any(low != high for low, high in zip(self.words["low"], self.words["high"], strict=True))

    def heading(self, column: str) -> str:
        """What a column is called: the title its author gave it in an encoding, or its name; with its unit."""
        title = next((use.title for use in self.uses if use.column == column and use.title), "")
        if title or not self.of_figures:
            return title or column
        name = "value" if column == "best" and not self._is_range() else column
        unit = self.unit if column in ("low", "best", "high", "stated") else None
        heading = self.language.message(f"column-{name}")
        return f"{heading} ({unit})" if unit and unit != printing.NOTHING else heading

    def field(self, column: str) -> dict[str, Json]:
        """A column of the CSV with its heading, where that is not its name, and the unit that all rows have."""
        found = rows.as_field(self.table, column)
        if column in self.columns and (heading := self.heading(column)) != column:
            found["title"] = heading
        if self.unit and self.unit != printing.NOTHING and column in ("low", "best", "high", "stated"):
            found["unit"] = next(self.table.column("unit")).value
        return found

    def labels(self) -> dict[str, Json]:
        """The numbers of the columns that texts print without a format of their author's, and their words: by column,
        and under no name all of them, where a text prints numbers that a transform made of these.
        """
        labelled = {use.column for use in self.uses if use.label == ""}
        numeric = [column for column in self.table.columns if _is_numeric(self.table, column)]
        wanted = [column for column in numeric if column in labelled]
        found: dict[str, Json] = {column: [*_pairs(self._numbers(column))] for column in wanted}
        if labelled - {*self.table.columns}:
            every = {value: words for column in numeric for value, words in self._numbers(column).items()}
            found[""] = [*_pairs(every)]
        return found

    def _numbers(self, column: str) -> dict[int | float, str]:
        cells = zip(self.table.column(column), self.words[column], strict=True)
        return {cell.value: words for cell, words in cells if isinstance(cell.value, int | float)}


def _pairs(words: Mapping[int | float, str]) -> tuple[list[Json], list[Json]]:
    return [*words], [*words.values()]
