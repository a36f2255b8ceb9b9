"""A checked specification arranged for a column: the house's look around it, its views as wide as they may be."""

from collections.abc import Callable, Iterator, Mapping
from textwrap import wrap
from typing import Any

from randnotiz.charts import theme
from randnotiz.language import Locale
from randnotiz.model import Json

# Vega-Lite's own text where the house would write something else: an author's format, a unit of time.
AS_FORMATTED = "datum.label"
# What an author may not decide: the page does.
OURS = ("$schema", "usermeta", "description", "autosize", "padding", "name")
FONTS = ("font", "labelFont", "titleFont", "subtitleFont")
LETTER = 7.2  # the width of a letter, a little generously
SYMBOL = 30  # of an entry of a legend, with its gap
NAMES = ("nominal", "ordinal")
LEGENDS = ("color", "fill", "stroke", "shape", "strokeDash", "opacity", "size")
IN_WORDS = 1_000_000

# A specification's inside, whose shape Vega-Lite's schema has vouched for.
View = dict[str, Any]


def own_width(specification: Mapping[str, Json]) -> int | None:
    """The width that a chart of one view asks for, None where it leaves that to the house."""
    width = specification.get("width")
    return int(width) if isinstance(width, int | float) and not isinstance(width, bool) else None


def arranged(
    specification: Mapping[str, Json], values: list[Json], language: Locale, *, column: int, inner: int
) -> dict[str, Json]:
    """The whole specification for the engine: for a column of that width, each view inside so wide."""
    narrow = column <= theme.NARROW
    view: View = {key: value for key, value in specification.items() if key not in (*OURS, "config")}
    view = _without_fonts(view)
    view = _sized(view, inner, narrow=narrow)
    distinct = _Distinct(values)
    _each_encoding(view, lambda encoding: _worded(encoding, distinct, language, inner))
    config = _merged(theme.config(column, language), _needs(view, distinct, column))
    config = _merged(config, _without_fonts(specification.get("config") or {}))
    return {**view, "data": {"values": values}, "autosize": "pad", "config": config}


def _merged(base: Any, over: Any) -> Any:
    """An author's config over the house's, branch by branch."""
    if isinstance(base, dict) and isinstance(over, dict):
        own = {key: value for key, value in over.items() if key not in base}
        return {key: _merged(value, over.get(key, value)) for key, value in base.items()} | own
    return over


def _without_fonts(value: Any) -> Any:
    """The same without the names of faces: type is the page's, and which faces a machine has must not show."""
    if isinstance(value, dict):
        return {key: _measured(key, _without_fonts(inner)) for key, inner in value.items() if key not in FONTS}
    if isinstance(value, list):
        return [_without_fonts(inner) for inner in value]
    return value


def _measured(key: str, value: Any) -> Any:
    """An author's size of type as the engine is told of it."""
    is_size = key.lower().endswith("fontsize") and isinstance(value, int | float)
    return value * theme.ROOM if is_size else value


# ----------------------------------------------------------------------------------------------------
# Widths
# ----------------------------------------------------------------------------------------------------


def _sized(view: View, inner: int, *, narrow: bool) -> View:
    """A view with the width of all single views in it set; in a narrow column what stood abreast is stacked."""
    view = dict(view)
    if narrow:
        _stack_down(view)
    for arrangement in ("concat", "hconcat", "vconcat"):
        if arrangement in view:
            view[arrangement] = [_sized(each, inner, narrow=narrow) for each in view[arrangement]]
    if "spec" in view:
        view["spec"] = _sized(view["spec"], inner, narrow=narrow)
    elif "mark" in view or "layer" in view:
        view = _banded(view)
        view["width"] = inner
        if view.get("height") == "container":
            del view["height"]
    return view


def _banded(view: View) -> View:
    """A view in which an area between two columns, which is a band around something, lets that shine through."""
    if "layer" in view:
        return {**view, "layer": [_banded(each) for each in view["layer"]]}
    mark = view["mark"] if isinstance(view["mark"], dict) else {"type": view["mark"]}
    is_band = mark["type"] == "area" and {"x2", "y2"} & set(view.get("encoding") or {})
    return {**view, "mark": {"fillOpacity": 0.2, **mark}} if is_band else view


def _stack_down(view: View) -> None:
    if "hconcat" in view:
        view["vconcat"] = view.pop("hconcat")
    if "concat" in view or isinstance(view.get("repeat"), list) or "field" in (view.get("facet") or {}):
        view["columns"] = 1
    for split in ("facet", "repeat"):
        parts = view.get(split)
        if isinstance(parts, dict) and "column" in parts and "row" not in parts:
            view[split] = {"row": parts["column"]}
    encoding = view.get("encoding")
    if isinstance(encoding, dict):
        encoding = dict(encoding)
        if "column" in encoding and "row" not in encoding and "facet" not in encoding:
            encoding["facet"] = encoding.pop("column")
        if isinstance(encoding.get("facet"), dict):
            encoding["facet"] = {**encoding["facet"], "columns": 1}
        view["encoding"] = encoding


# ----------------------------------------------------------------------------------------------------
# Labels
# ----------------------------------------------------------------------------------------------------


class _Distinct:
    """The different values of columns, looked up once each."""

    def __init__(self, values: list[Json]) -> None:
        self.values = values
        self.known: dict[str, list[Json]] = {}

    def __getitem__(self, column: str) -> list[Json]:
        if column not in self.known:
            cells = (row.get(column) for row in self.values if isinstance(row, dict))
            self.known[column] = list(dict.fromkeys(cell for cell in cells if not isinstance(cell, list | dict)))
        return self.known[column]


def _encodings(view: View) -> Iterator[dict[str, Any]]:
    """Every encoding of a view, outermost first."""
    if isinstance(view.get("encoding"), dict):
        yield view["encoding"]
    for each in _inside(view):
        yield from _encodings(each)


def _inside(view: View) -> list[View]:
    """The views a view is made of."""
    parts = [each for name in ("layer", "concat", "hconcat", "vconcat") for each in view.get(name, [])]
    return [*parts, *([view["spec"]] if isinstance(view.get("spec"), dict) else [])]


def _each_encoding(view: View, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change every encoding of a view, which is the caller's own copy."""
    if isinstance(view.get("encoding"), dict):
        view["encoding"] = change(dict(view["encoding"]))
    for each in _inside(view):
        _each_encoding(each, change)


def _worded(encoding: dict[str, Any], distinct: _Distinct, language: Locale, inner: int) -> dict[str, Any]:
    """An encoding whose axes and labels are written as the house does, unless its author asks for something else."""
    for channel in ("x", "y"):
        definition = encoding.get(channel)
        if isinstance(definition, dict) and definition.get("axis", {}) is not None:
            axis = _axis(channel, definition, distinct, inner)
            if axis:
                encoding[channel] = {**definition, "axis": {**axis, **(definition.get("axis") or {})}}
    text = encoding.get("text")
    if isinstance(text, dict) and _is_large(text, distinct):
        value = f"datum['{text['field']}']"
        encoding["text"] = {"value": {"expr": theme.number(value, f"format({value}, ',~f')", language)}}
    return encoding


def _needs(view: View, distinct: _Distinct, column: int) -> View:
    """What this chart's names need of the house: rows high enough for wrapped ones, a legend that is not too wide."""
    lines, entries, titled = 1, [""], False
    for encoding in _encodings(view):
        y = encoding.get("y")
        if isinstance(y, dict) and "field" in y and y.get("type") in NAMES:
            lines = max([lines, *(len(wrap(str(name), theme.beside(column))) for name in distinct[str(y["field"])])])
        elif isinstance(y, dict) and y.get("axis", {}) is not None:
            titled = titled or (y.get("axis") or {}).get("title", y.get("title", "")) is not None
        for channel in LEGENDS:
            definition = encoding.get(channel)
            if isinstance(definition, dict) and "field" in definition and definition.get("type") in NAMES:
                names = [str(name) for name in distinct[str(definition["field"])]]
                entries = max(entries, names, key=lambda names: sum(map(len, names)))
    legend: View = {"offset": 30 if titled else 12}
    widths = [len(name) * LETTER + SYMBOL for name in entries]
    if sum(widths) > column:
        legend["columns"] = max(1, int(column / max(widths)))
    usual = theme.row_height(column)
    step = max(usual, lines * theme.LINE + 10)
    # Rows that are high for the sake of a long name need no thicker bars.
    gap = 1 - (1 - theme.BAR_GAP) * usual / step
    needs: View = {
        "legend": legend,
        "view": {"discreteHeight": {"step": step}},
        "scale": {"barBandPaddingInner": gap},
    }
    # Parts that lie side by side are told apart by the paper between them, should their colours turn grey.
    definitions = (encoding.get(channel) for encoding in _encodings(view) for channel in ("color", "fill"))
    if any("field" in definition for definition in definitions if isinstance(definition, dict)):
        needs["bar"] = {"stroke": theme.PAPER, "strokeWidth": 1}
    return needs


def _axis(channel: str, definition: dict[str, Any], distinct: _Distinct, inner: int) -> dict[str, Json]:
    axis = definition.get("axis") or {}
    if definition.get("type") in NAMES:
        return _names_below(definition, distinct, inner) if channel == "x" else {}
    if "format" in axis or "formatType" in axis or "timeUnit" in definition:
        return {"labelExpr": AS_FORMATTED}
    return {}


def _names_below(definition: dict[str, Any], distinct: _Distinct, inner: int) -> dict[str, Json]:
    """How names stand below an upright picture: flat and wrapped where they fit, on end where they do not."""
    names = [str(value) for value in distinct[str(definition.get("field"))]]
    if not names or "timeUnit" in definition:
        return {}
    letters = int(inner / len(names) / LETTER) - 1  # and a gap
    longest_word = max((len(word) for name in names for word in name.split()), default=1)
    if longest_word > letters:
        return {"labelAngle": -45, "labelAlign": "right"}
    return {"labelAngle": 0, "labelExpr": theme.wrapped("datum.label", max(letters, 1))}


def _is_large(text: dict[str, Any], distinct: _Distinct) -> bool:
    """Whether a label prints a column of numbers too large to be read in digits."""
    if set(text) - {"field", "type", "title"} or text.get("type") != "quantitative":
        return False
    field = str(text.get("field"))
    numbers = [value for value in distinct[field] if isinstance(value, int | float)]
    return "'" not in field and "\\" not in field and any(abs(number) >= IN_WORDS for number in numbers)
