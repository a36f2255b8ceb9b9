"""What a chart's author may say in Vega-Lite, and whether it fits the rows: everything that is known before drawing.

Vega draws an empty picture for a misspelt column and says nothing, so each name is held against the rows first.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from msgspec import Struct

from randnotiz import numerals
from randnotiz.charts import rows, vega_expressions, vega_schema
from randnotiz.charts.rows import Table
from randnotiz.codes import Code
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText, collecting, did_you_mean
from randnotiz.model import Json
from randnotiz.schema.days import date_hint
from randnotiz.values import word_set

LABELS = "_labels"  # the parameter that has the words of numbers; no quantity can be called that
MOST_NODES = 5_000
_DATA = "the rows of a chart stand under 'data' beside 'vega-lite', never in it"
_OUTSIDE = "a chart may not reach for anything outside"
FORBIDDEN: Mapping[str, str] = {
    "data": _DATA,
    "datasets": _DATA,
    "url": _OUTSIDE,
    "href": "a chart is a picture without links; put the link into its note",
    "customFormatTypes": "a format type that Vega-Lite does not know would be run as a function",
}
FORMAT_TYPES = ("number", "time")
MARKS: Mapping[str, str] = {
    "image": "a chart may not show images",
    "geoshape": "a map needs outlines, which rows cannot hold",
}
TRANSFORMS: Mapping[str, str] = {
    "lookup": "there is no second table to look things up in; put the column into the rows",
    "sample": "a sample would be another one at every build",
}
# Limits of confidence, which the engine takes from samples of the rows, as nothing else it computes.
AGGREGATES: Mapping[str, str] = dict.fromkeys(("ci", "ci0", "ci1"), "samples are others at every build")
# Numbers that say how much work a chart makes; whoever needs more means something else.
LARGEST: Mapping[str, int] = {
    "width": 1_000,
    "height": 2_000,
    "maxbins": 500,
    "steps": 500,
    "tickCount": 100,
    "order": 10,
    "columns": 50,
}
MOST_VIEWS = 50

# Where a transform names columns it reads, by property; what it makes stands under `as`.
READS = word_set("flatten fold groupby pivot stack impute density quantile regression loess extent on key")
MADE: Mapping[str, tuple[str, ...]] = {
    "fold": ("key", "value"),
    "density": ("value", "density"),
    "quantile": ("prob", "value"),
    "regression": ("coef", "rSquared"),
}
ROWS_OF = (["aggregate", "argmax"], ["aggregate", "argmin"])
# What Vega-Lite puts before a column that an encoding computes: mean_cost, yearmonth_day, bin_maxbins_10_cost_end.
COMPUTED = re.compile(
    r"(?:argm(?:ax|in)|average|distinct|max|mean|median|min|missing|product|q1|q3|ci0|ci1|stderr|stdevp?|sum|valid"
    r"|variancep?|bin(?:_\w+)?|(?:utc)?(?:year|quarter|month|week|day|date|hours|minutes|seconds)+"
    r"|(?:lower|upper|mid)_(?:box|whisker)|lower|upper|center|extent)"
)
EXPRESSIONS = ("expr", "calculate", "filter", "test", "labelExpr", "not")
# What `datum` means in an expression, by the nearest of these properties above it; elsewhere it is a row.
NO_ROWS = ("axis", "legend", "header", "config", "params")
# Properties that hold views: what stands below these alone is a view itself, not a part of its encoding.
ARRANGED = ("hconcat", "vconcat", "concat", "layer", "spec")
# Names of Vega's own that no quantity can stand for.
RESERVED = word_set("width height padding autosize background style parent datum item event")

Steps = tuple[str | int, ...]
# The names of columns, each with those within it where its cells are records, None where these are unknown.
Columns = dict[str, Collection[str] | None]


class Node(NamedTuple):
    """A value in a specification, the way to it, and the key it is the value of, if it is one."""

    path: Steps
    key: SourceText | None
    value: Json


class ColumnUse(Struct, frozen=True, kw_only=True):
    """A column in an encoding: as what type, and under which title. `label` is the format in which a text prints it,
    empty where its author gives none; None where no text does. `domain` is what its scale is given to show, and empty
    where it shows all; a `log` scale shows numbers of one sign, an `area` and a radius none below 0.
    """

    column: str
    type: str
    title: str
    label: str | None = None
    log: bool = False
    area: bool = False
    domain: tuple[str | int | float | bool | None, ...] = ()


class Checked(Struct, frozen=True, kw_only=True):
    """A valid specification: columns written as Vega-Lite reads them, and which columns and numbers it uses."""

    specification: dict[str, Any]  # Json, which refers to itself, so that nothing could be decoded by it
    uses: tuple[ColumnUse, ...]
    parameters: tuple[str, ...]  # the quantities and figures, as they are named in its expressions


def check(
    source: Mapping[str, Json], plain: dict[str, Json], table: Table, numbers: Collection[str]
) -> tuple[Checked | None, tuple[Diagnostic, ...]]:
    """A specification held against its rows' columns, and all that is wrong with it; None if anything is.

    `source` is the specification with its places, `plain` the same as typed values, `numbers` the names of what
    quantities and figures offer.
    """
    diagnostics: list[Diagnostic] = []
    nodes = []
    with collecting(diagnostics):
        nodes = list(_nodes(plain))
    diagnostics += (fault.diagnostic for fault in (*_forbidden(nodes), *_limits(nodes, source)))
    if not diagnostics:
        diagnostics += _refused(source, plain)
    if diagnostics:
        return None, tuple(diagnostics)
    columns = _columns(nodes, table)
    made = {name for path, _, value in nodes if path[-2:-1] == ("transform",) for name in _made_names(value)}
    defining = [(path[-2], each) for path, _, each in nodes if path[-2:-1] in (("params",), ("transform",))]
    names = (each.get("name" if of == "params" else "param", "") for of, each in defining if isinstance(each, dict))
    own = frozenset(map(str, names))
    named: set[str] = set()
    diagnostics += (fault.diagnostic for fault in _column_faults(nodes, columns))
    diagnostics += (fault.diagnostic for fault in _expression_faults(nodes, columns, own | set(numbers), named))
    if diagnostics:
        return None, tuple(dict.fromkeys(diagnostics))
    used = tuple(sorted(name for name in named & set(numbers) if name not in own and name not in RESERVED))
    rewritten = _rewritten(plain, frozenset(table.columns))
    assert isinstance(rewritten, dict)  # noqa: S101 - for the type checker: a mapping stays one
    return Checked(specification=rewritten, uses=tuple(_uses(nodes, made)), parameters=used), ()


def place(source: Mapping[str, Json], path: Steps, *, key: bool = False) -> Position:
    """Where a value of a specification stands, or its key; the nearest place above where it has none of its own."""
    found: Position = getattr(source, "position", Position(""))
    value: object = source
    for depth, step in enumerate(path):
        if isinstance(value, Mapping):
            own = next((name for name in value if name == step), None)
            if isinstance(own, SourceText) and (
                key or depth < len(path) - 1 or not isinstance(value[own], SourceText)
            ):
                found = own.position
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
            found = getattr(value, "position", found)
    return value.position if isinstance(value, SourceText) and not key else found


def _nodes(specification: dict[str, Json]) -> Iterator[Node]:
    """Every value of a specification, outermost first. Code: limit-exceeded."""
    stack = [Node((), None, specification)]
    count = 0
    while stack:
        node = stack.pop()
        count += 1
        if count > MOST_NODES:
            at = next((key.position for key in specification if isinstance(key, SourceText)), Position(""))
            message = f"this specification has more than {MOST_NODES:,} values"
            raise ContentError(at, "limit-exceeded", message, "Draw several charts instead.")
        yield node
        if isinstance(node.value, dict):
            inner = [
                Node((*node.path, str(key)), key if isinstance(key, SourceText) else SourceText(key), value)
                for key, value in node.value.items()
            ]
        elif isinstance(node.value, list):
            inner = [Node((*node.path, at), node.key, value) for at, value in enumerate(node.value)]
        else:
            continue
        stack.extend(reversed(inner))


# ---- What no chart may say ----


def _forbidden(nodes: Iterable[Node]) -> Iterator[ContentError]:
    for path, key, value in nodes:
        if key is None:
            continue
        name = str(path[-1])
        if name in FORBIDDEN:
            yield ContentError(key.position, "chart-spec", f"'{key}' may not stand here: {FORBIDDEN[name]}")
        elif isinstance(value, SourceText) and (name == "mark" or path[-2:] == ("mark", "type")) and value in MARKS:
            yield ContentError(value.position, "chart-spec", f"'{value}' cannot be drawn: {MARKS[value]}")
        elif isinstance(value, SourceText) and name in ("aggregate", "extent", "op") and value in AGGREGATES:
            message = f"'{value}' may not be used: {AGGREGATES[value]}"
            yield ContentError(value.position, "chart-spec", message, "Write stderr or stdev.")
        elif isinstance(value, SourceText) and name.lower().endswith("formattype") and value not in FORMAT_TYPES:
            message = f"'{key}' cannot be '{value}'{did_you_mean(value, FORMAT_TYPES)}"
            yield ContentError(value.position, "chart-spec", message, f"Possible here: {', '.join(FORMAT_TYPES)}.")
        elif name in TRANSFORMS and path[-3:-2] == ("transform",):
            yield ContentError(key.position, "chart-spec", f"'{key}' may not be used: {TRANSFORMS[name]}")


def _limits(nodes: Iterable[Node], source: Mapping[str, Json]) -> Iterator[ContentError]:
    views, repeats = 0, 1
    for path, key, value in nodes:
        if key is None:
            continue
        name = str(path[-1])
        most = LARGEST.get(name)
        if most and isinstance(value, int | float) and value > most:
            at = place(source, path)
            message = f"'{key}' is {value:,}; at most {most:,} can be drawn"
            yield ContentError(at, "limit-exceeded", message, f"Write '{key}: {most}', or less.")
        views += name == "mark"
        if isinstance(value, list) and "repeat" in path[-2:]:
            repeats *= max(len(value), 1)
        if views * repeats > MOST_VIEWS:
            message = f"this chart is made of more than {MOST_VIEWS} pictures, more than can be drawn"
            yield ContentError(key.position, "limit-exceeded", message, "Draw several charts instead.")
            return


def _refused(source: Mapping[str, Json], plain: dict[str, Json]) -> Iterator[Diagnostic]:
    refusal = vega_schema.refusal(plain)
    if refusal:
        at = place(source, refusal.path, key=refusal.key)
        yield Diagnostic(at, "chart-spec", refusal.message, refusal.hint)


# ---- Names of columns and parameters ----


def _columns(nodes: Iterable[Node], table: Table) -> Columns | None:
    """The columns that rows have or transforms make; None where only drawing shows which these are."""
    found: Columns = dict.fromkeys(table.columns, ())
    for path, _, value in nodes:
        if len(path) < 2 or path[-2] != "transform" or not isinstance(value, dict):
            continue
        for maker, made in MADE.items():
            if maker in value and "as" not in value and value.get("params", maker != "regression") is not False:
                found |= dict.fromkeys(made, ())
        pivot = value.get("pivot")
        if isinstance(pivot, str) and pivot in table.columns:
            found |= dict.fromkeys((_as_name(cell.value) for cell in table.column(pivot)), ())
        elif pivot is not None:
            return None
        found |= dict.fromkeys(_made_names(value), None if "calculate" in value else ())
    for _, _, value in nodes:
        if isinstance(value, dict) and value.get("op") in ("argmax", "argmin"):
            found[str(value.get("as"))] = tuple(found)  # a whole row
    return found


def _as_name(value: rows.Scalar) -> str:
    """What JavaScript calls a value that becomes the name of a column."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value)


def _made_names(value: Json) -> Iterator[str]:
    """All that stands under `as` in a transform; a bin names its end as well."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "as":
                names = inner if isinstance(inner, list) else [inner]
                yield from (str(name) for name in names)
                yield from (f"{name}_end" for name in names)
            else:
                yield from _made_names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _made_names(inner)


def _column_faults(nodes: Iterable[Node], columns: Columns | None) -> Iterator[ContentError]:
    if not columns:  # or none could be read
        return
    hint = f"The columns are {', '.join(sorted(columns))}." if len(columns) <= 12 else ""
    for path, _, value in nodes:
        spread = value.get("value") if isinstance(value, dict) and "pivot" in value else None
        name = spread if path[-2:-1] == ("transform",) else value if _names_a_column(path) else None
        known = isinstance(name, str) and (_column(name, columns) or ("test" in path and _is_computed(name, columns)))
        if isinstance(name, SourceText) and not known:
            message = f"the rows have no column '{name}'{did_you_mean(name, columns)}"
            yield ContentError(name.position, "chart-field-unknown", message, hint)


def _names_a_column(path: Steps) -> bool:
    """Whether a text at that place of a specification is the name of a column."""
    words = [step for step in path if isinstance(step, str)]
    if not words or "config" in words[:1] or "select" in words or (words[-1] == "field" and _without_rows(words)):
        return False
    if "transform" in words and words[-1] in READS:
        return True
    return words[-1] == "field" or words[-2:] in ROWS_OF or _is_repeated(words)


def _without_rows(path: Iterable[str | int]) -> bool:
    """Whether what stands at that place is about a tick, an entry or a header, and not about a row."""
    return any(step in NO_ROWS for step in path)


def _is_repeated(words: list[str]) -> bool:
    """Whether the columns that a chart is repeated for stand there, and not `{repeat: row}` in place of one."""
    above = words[:-2] if words[-2:-1] == ["repeat"] else words[:-1] if words[-1] == "repeat" else None
    return above is not None and all(step in ARRANGED for step in above)


def _is_computed(name: str, columns: Collection[str]) -> bool:
    """Whether Vega-Lite makes a column of that name of one that there is, for the marks of an encoding."""
    stems = (name, re.sub(r"_(start|end|range|mid)$", "", name))
    return name == "__count" or any(
        stem == column or (stem.endswith(f"_{column}") and COMPUTED.fullmatch(stem.removesuffix(f"_{column}")))
        for stem in stems
        for column in columns
    )


def _column(words: str, columns: Columns) -> str | None:
    """The column that a field means: its name as it is, or with the points in it escaped; None if there is none."""
    if words in columns or words == "*":
        return words
    bare = re.sub(r"\\(.)", r"\1", words)
    if bare in columns:
        return bare
    within = re.fullmatch(r"""([^.\[\]]+)(?:\.|\[['"]?)([^\]'"]+)(?:['"]?\])?""", words)
    parts = columns.get(within[1], ()) if within else ()
    return words if parts is None or (within and within[2] in parts) else None


def _rewritten(value: Json, columns: Collection[str], path: Steps = ()) -> Json:
    """The specification with columns as Vega-Lite reads them: a point in a name would lead into a record."""
    if isinstance(value, dict):
        return {str(key): _rewritten(inner, columns, (*path, str(key))) for key, inner in value.items()}
    if isinstance(value, list):
        return [_rewritten(inner, columns, (*path, at)) for at, inner in enumerate(value)]
    if isinstance(value, str):
        if value in columns and _names_a_column(path):
            return re.sub(r"([.\[\]\\'\"])", r"\\\1", value)
        return str(value)
    return value


# ---- Expressions ----


def _expression_faults(
    nodes: Iterable[Node], columns: Columns | None, known: Collection[str], named: set[str]
) -> Iterator[ContentError]:
    """What is wrong with expressions; the names they compute with are added to `named`."""
    for path, _, value in nodes:
        if not isinstance(value, SourceText) or not _is_expression(path):
            continue
        rows_at_hand = None if columns is None or _without_rows(path) else {*columns}
        try:
            names = vega_expressions.names(value)
            named.update(name for kind, name, _ in names if kind == "variable")
            if rows_at_hand is not None and "transform" not in path:
                rows_at_hand |= {name for _, name, _ in names if _is_computed(name, rows_at_hand)}
            yield from vega_expressions.check(value, known, rows_at_hand)
        except ContentError as fault:
            yield fault


def _is_expression(path: Steps) -> bool:
    words = [step for step in path if isinstance(step, str)]
    if not words or "select" in words:
        return False
    return words[-1] in EXPRESSIONS or (words[-1] in ("and", "or") and "field" not in words)


# ---- Encodings and the kinds of values they need ----


def _uses(nodes: Iterable[Node], made: Collection[str]) -> Iterator[ColumnUse]:
    """The columns in encodings, in order; those that a transform makes, though rows have them, are computed."""
    known: dict[str, str] = {}  # the type of each channel, last seen: an end of a range is of that of its beginning
    nodes = list(nodes)
    left_out = any(key in _LEAVING_OUT and path[-3:-2] == ("transform",) for path, key, _ in nodes)
    marks = {
        str(value.get("type") if isinstance(value, dict) else value)
        for path, key, value in nodes
        if key == "mark" and path[-1] == "mark"
    }
    scales = {} if left_out else _scales(nodes)
    for path, key, value in nodes:
        steps = [step for step in path if isinstance(step, str)]
        if key is None or not isinstance(value, dict) or steps[-2:-1] != ["encoding"]:
            continue
        channel, words = steps[-1], value.get("field")
        kind = known.get(ENDS[channel], "") if channel in ENDS else _type(channel, value)
        known[channel] = kind
        if isinstance(words, SourceText):
            column = re.sub(r"\\(.)", r"\1", words)
            kind = "computed" if column in made else kind
            is_label = channel == "text" and "timeUnit" not in value and not {"aggregate", "bin"} & {*value}
            label = str(value.get("format") or "") if is_label else None
            scale = scales.get(ENDS.get(channel, channel), {}) if kind != "computed" else {}
            yield ColumnUse(
                column=column,
                type=kind,
                title=_title(value),
                label=label,
                log=scale.get("type") == "log",
                area=channel == "radius" or (channel == "size" and marks <= _POINTS and not _AREAS & {*scale}),
                domain=_domain(scale, of_lines=kind in ("quantitative", "temporal") and marks <= _LINES),
            )


_LINES = {"line", "area", "trail"}
_POINTS = {"point", "circle", "square"}  # whose size is an area, from nothing on
_AREAS = {"zero", "range", "rangeMin", "domain", "domainMin", "domainMid", "type"}  # where it is the author's affair
# What leaves rows out or makes others of them, so that not each of them must have a mark.
_LEAVING_OUT = ("filter", "aggregate", "flatten", "pivot", "impute", "regression", "loess", "density", "quantile")


def _scales(nodes: Iterable[Node]) -> dict[str, Mapping[str, Json]]:
    """The scale that is given to each channel; none to one of which views have several."""
    scales: dict[str, Mapping[str, Json]] = {}
    for path, key, value in nodes:
        if key == "scale" and isinstance(value, dict) and path[-3:-2] == ("encoding",):
            channel = str(path[-2])
            scales[channel] = value if scales.get(channel, value) == value else {}
    return scales


def _domain(scale: Mapping[str, Json], *, of_lines: bool) -> tuple[Any, ...]:
    """What a scale is given to show, with None for an end that stays open; nothing for lines, which go on beyond."""
    domain = scale.get("domain", [scale.get("domainMin"), scale.get("domainMax")])
    if scale.get("type") in ("threshold", "quantile", "quantize", "bin-ordinal"):  # whose ends are classes, too
        return ()
    if of_lines or not isinstance(domain, list) or any(isinstance(each, dict | list) for each in domain):
        return ()
    values = (str(each) if isinstance(each, SourceText) else each for each in domain)
    return tuple(values) if any(each is not None for each in domain) else ()


def _type(channel: str, definition: dict[str, Json]) -> str:
    if definition.get("aggregate") or definition.get("bin"):
        return "computed"
    return str(definition.get("type", "" if channel in TEXTS else inferred_type(channel, definition)))


ENDS: Mapping[str, str] = {
    f"{channel}{end}": channel for channel in ("x", "y", "theta", "radius") for end in ("2", "Error", "Error2")
}
TEXTS = ("text", "tooltip", "detail", "key", "description")
UNTYPED: Mapping[str, str] = {"latitude": "quantitative", "longitude": "quantitative", "order": "ordinal"}
SCALES: Mapping[str, str] = {"time": "temporal", "utc": "temporal"} | dict.fromkeys(
    ("linear", "log", "pow", "sqrt", "symlog", "quantile", "quantize", "threshold", "bin-ordinal"), "quantitative"
)


def inferred_type(channel: str, definition: Mapping[str, Json]) -> str:
    """The type of a definition without one, by Vega-Lite's rules (`defaultType` in its channeldef.ts)."""
    if channel in UNTYPED:
        return UNTYPED[channel]
    datum, scale, aggregate = (definition.get(name) for name in ("datum", "scale", "aggregate"))
    if "timeUnit" in definition or (isinstance(datum, dict) and not {"repeat", "expr"} & {*datum}):
        return "temporal"
    if isinstance(definition.get("sort"), list):
        return "ordinal"
    if definition.get("bin") or isinstance(aggregate, str) or _is_number(datum):
        return "quantitative"
    return SCALES.get(str(scale.get("type")), "nominal") if isinstance(scale, dict) else "nominal"


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _title(definition: dict[str, Json]) -> str:
    """The title an author gives to a channel, wherever Vega-Lite lets it be written."""
    for holder in (definition, *(definition.get(name) for name in ("axis", "legend", "header"))):
        title = holder.get("title") if isinstance(holder, dict) else None
        if isinstance(title, list):
            title = " ".join(str(line) for line in title)
        if isinstance(title, str) and title:
            return str(title)
    return ""


_MOMENT = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?"
)


def misfits(uses: Iterable[ColumnUse], table: Table) -> Iterator[Diagnostic]:
    """Cells that are none of what an encoding takes them for; Vega would leave their marks out without a word."""
    seen = set()
    for use in uses:
        if use.column not in table.columns or (key := (use.column, use.type, use.log, use.area, use.domain)) in seen:
            continue
        seen.add(key)
        wrong = next((cell for cell in table.column(use.column) if not _fits(cell.value, use.type)), None)
        if wrong is not None:
            code: Code = "value-malformed"
            is_file = wrong.at.path.endswith(".csv")  # which may have commas before decimals
            mark = "decimals as in the other rows" if is_file else "a point before decimals"
            kind, hint = "a number", f"Write digits alone, with {mark}."
            words = re.sub(r"[\s\u200b]*[%‰€$£]?[\s\u200b]*$", "", str(wrong.value))
            if (meant := numerals.meant(words)) and not (is_file and re.search("[.,]", words)):
                hint = f"Write {meant}."
            elif numerals.GRAMMAR.fullmatch(words):
                hint = f"Write {words}, without a sign behind it and without quotation marks."
            if use.type == "temporal":
                kind, code, hint = "a date (YYYY-MM-DD)", "date-malformed", date_hint(str(wrong.value))
            message = f"'{wrong.value}' is not {kind}, and '{use.column}' is drawn as {use.type}"
            yield Diagnostic(wrong.at, code, message, f"{hint} Leave the cell empty where nothing is known.")
            continue
        known = [cell for cell in table.column(use.column) if cell.value is not None]
        yield from _beyond(use, known)


def _beyond(use: ColumnUse, cells: Sequence[rows.Cell]) -> Iterator[Diagnostic]:
    """The first of a column's cells for whose marks its scale has no place, where its author has chosen the scale."""
    numbers = [cell for cell in cells if isinstance(cell.value, int | float)]
    values: list[Any] = [cell.value for cell in cells]
    if use.log and use.type == "quantitative" and any(cast(float, cell.value) >= 0 for cell in numbers):
        lost = next((cell for cell in numbers if cast(float, cell.value) <= 0), None)
        if lost is not None:
            message = f"'{lost.value}' has no place on a logarithmic scale, as '{use.column}' is drawn on"
            hint = "Write 'type: symlog', filter its row out, or leave the cell empty where nothing is known."
            yield Diagnostic(lost.at, "value-malformed", message, hint)
    if use.area and (lost := next((cell for cell in numbers if cast(float, cell.value) < 0), None)):
        message = f"'{lost.value}' is below 0, and '{use.column}' is drawn as an area or a radius, which are not"
        hint = "Draw it by colour or place, filter its row out, or give the size 'scale: {zero: false}'."
        yield Diagnostic(lost.at, "value-malformed", message, hint)
    if use.domain and use.type in ("nominal", "ordinal"):
        lost = next((cell for cell in cells if cell.value not in use.domain), None)
        if lost is not None:
            message = f"'{lost.value}' is not in the 'domain' of '{use.column}', so its mark would pass for another's"
            yield Diagnostic(lost.at, "value-malformed", message, "Add it to the domain, or filter its row out.")
    elif len(use.domain) == 2 and use.type in ("quantitative", "temporal"):
        kind = (int, float) if use.type == "quantitative" else str
        if all(end is None or isinstance(end, kind) for end in use.domain):
            ends = cast(tuple[Any, Any], use.domain if None in use.domain else tuple(sorted(cast(Any, use.domain))))
            first, last = ends
            inside = [(first is None or first <= each) and (last is None or each <= last) for each in values]
            if False in inside:
                lost = cells[inside.index(False)]
                message = (
                    f"'{lost.value}' is outside of the 'domain' of '{use.column}', so its mark is not seen whole"
                )
                hint = f"Widen the domain, or filter its row out ({inside.count(False)} of {len(cells)} lie outside)."
                yield Diagnostic(lost.at, "chart-mark-lost", message, hint)


def _fits(value: rows.Scalar, kind: str) -> bool:
    if value is None:
        return True
    if kind == "quantitative":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "temporal":
        return bool(_MOMENT.fullmatch(str(value)))
    return True
