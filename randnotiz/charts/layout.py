"""A checked specification arranged for a column: the house's look around it, its views as wide as they may be."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import radians, sin
from textwrap import wrap
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from randnotiz.charts import theme
from randnotiz.charts.printing import NOTHING
from randnotiz.charts.specification import LABELS, inferred_type
from randnotiz.language import Locale, month_names
from randnotiz.language.cldr import locale_of
from randnotiz.model import Json

# Vega-Lite's own text where the house would write something else: an author's format, a unit of time.
AS_FORMATTED = "datum.label"
# What an author may not decide: the page does.
OURS = ("$schema", "usermeta", "description", "autosize", "padding", "name")
FONTS = ("font", "labelFont", "titleFont", "subtitleFont")
LETTER = 7.2  # the width of a letter, a little generously
BOLD = 8.0  # and of one of a header
SYMBOL = 30  # of an entry of a legend, with its gap
NAMES = ("nominal", "ordinal")
BESIDE = ("left", "right", "top-left", "top-right", "bottom-left", "bottom-right")
LEGENDS = ("color", "fill", "stroke", "shape", "strokeDash", "opacity", "size")
THIN = {"line", "point", "circle", "square", "rule", "text", "tick", "trail"}  # marks without a surface
SIGNS = {"line": "strokeDash", "point": "shape"}
COMPUTED = ",.3~r"  # how a number is printed that is in no row: three significant digits
AVERAGES = ("average", "mean", "median", "stderr", "stdev", "stdevp", "variance", "variancep")
ALL = 10_000  # ticks
USUAL, SMALL = 200, 24  # pixels of a view that names no width of its own, and of the smallest beside another
ABOVE = 40  # pixels for the title of an axis, which lies flat above it

# What is at one side of a picture is at the other of its mirror image.
_PAIRS = {"left": "right", "start": "end", "top-left": "top-right", "bottom-left": "bottom-right"}
OTHER_SIDE = _PAIRS | {other: side for side, other in _PAIRS.items()}
SIDED = ("orient", "labelOrient", "titleOrient", "anchor")
# What Vega-Lite is told for a picture from the right (its `xReverse` is for that).
FROM_RIGHT: Mapping[str, Any] = {
    "scale": {"xReverse": True},
    "axisY": {"orient": "right"},
    "headerRow": {"labelOrient": "right", "titleOrient": "right"},
    "legend": {"orient": "left"},
    "title": {"anchor": "end"},
}

# A specification's inside, whose shape Vega-Lite's schema has vouched for.
View = dict[str, Any]


class Room(Struct, frozen=True, kw_only=True):
    """The pixels that a drawing has: the column, each view inside, how many views stand abreast; in how many columns
    the entries of legends do, None for all in a row; whether legends stand below each other, and how far right they
    begin, where this matters. `ticks` are the values on axes of numbers, where these are not the engine's, and `bare`
    ones have them as labels.
    """

    column: int
    inner: int
    abreast: int = 1
    entries: int | None = None
    stacked: bool = False
    left: int = 0
    ticks: Mapping[str, Sequence[float]] | None = None
    bare: bool = False

    @property
    def narrow(self) -> bool:
        """Whether it is the column of a phone."""
        return self.column <= theme.NARROW

    @property
    def part(self) -> int:
        """What of the column each of the views abreast has, axes and legends included."""
        return self.column // self.abreast


def own_width(specification: Mapping[str, Json]) -> int | None:
    """The width that a chart of one view asks for, None where it leaves that to the house."""
    width = specification.get("width")
    return int(width) if isinstance(width, int | float) and not isinstance(width, bool) else None


def arranged(specification: Mapping[str, Json], values: list[Json], language: Locale, room: Room) -> dict[str, Json]:
    """The whole specification for the engine, made to fit its room."""
    if language.direction == "rtl":
        specification = _mirrored(specification)
    distinct = _Distinct(values)
    view: View = _without_fonts({key: specification[key] for key in specification if key not in (*OURS, "config")})
    _each_encoding(view, lambda encoding: _in_order(encoding, distinct, language))
    view = _signed(_sized(view, room, distinct), distinct)
    labels: Mapping[str, Any] = next(
        (one["value"] for one in view.get("params", ()) if one.get("name") == LABELS), {}
    )
    look = _Look(room=room, distinct=distinct, language=language, axes=_axes_right(view), labels=labels)
    _each_encoding(view, look.worded)
    config = _merged(theme.config(room.column, language, room.abreast), _needs(view, distinct, look))
    if {*_kinds(view)} <= THIN or _has_coloured_words(view):
        config["range"]["category"] = theme.LINES
        if {channel for encoding in _encodings(view) for channel in encoding} & {*SIGNS.values()} == {
            "strokeDash"
        } or {*_kinds(view)} == {"trail"}:
            config["legend"] |= {"symbolType": "stroke", "symbolSize": 300}
    own = _without_fonts(specification.get("config") or {})
    looks = [{"type": kind, **look} for kind, look in own.items() if isinstance(look, dict)]
    for hollow in (mark["type"] for mark in (*_marks(view), *looks) if mark.get("filled") is False):
        config.get(hollow, {}).pop("stroke", None)  # which is paper, for what is full
    config = _merged(config, own)
    if room.ticks is not None:
        config["axisQuantitative"] = {
            **config["axisQuantitative"],
            "labelOverlap": False,
        }  # or Vega-Lite heeds no axis
    return {**view, "data": {"values": values}, "autosize": "pad", "config": config}


def from_right(specification: Mapping[str, Json]) -> dict[str, Json]:
    """A specification that Vega-Lite itself draws from the right, but for what its author says otherwise."""
    view = _offsets_mirrored(specification, own=False)
    return {**view, "config": _merged(FROM_RIGHT, view.get("config") or {})}


def _mirrored(specification: Mapping[str, Json]) -> dict[str, Json]:
    """The specification of the picture whose mirror image has each side where its author says so by name."""

    def other(key: str, value: Any, inside: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [other(key, each, inside) for each in value]
        if isinstance(value, dict):
            return {name: other(name, each, (*inside, name)) for name, each in value.items()}
        if isinstance(value, bool) and (key == "xReverse" or inside[-3:] == ("x", "scale", "reverse")):
            return not value
        return OTHER_SIDE.get(value, value) if key in SIDED else value

    view = _offsets_mirrored(specification, own=True)
    return {
        key: value if key in ("params", "transform") else other(key, value, (key,)) for key, value in view.items()
    }


def _offsets_mirrored(value: Any, *, own: bool, reversed_: bool = False) -> Any:
    """A view whose marks are moved to the other side of their places: those on an x scale whose author says himself
    which way it runs if `own`, else all the others, and then views abreast stand in the opposite order.
    """
    if isinstance(value, list):
        return [_offsets_mirrored(each, own=own, reversed_=reversed_) for each in value]
    if not isinstance(value, dict):
        return value
    x = (value.get("encoding") or {}).get("x")
    reversed_ = reversed_ or (isinstance(x, dict) and "reverse" in (x.get("scale") or {}))
    view = {
        key: each if key == "params" else _offsets_mirrored(each, own=own, reversed_=reversed_)
        for key, each in value.items()
    }
    if "hconcat" in view and not own:
        view["hconcat"] = view["hconcat"][::-1]
    if _has_own_axes(view):
        view["layer"] = _on_both_sides(view["layer"])
    if isinstance(mark := view.get("mark"), dict) and reversed_ is own:
        moved = {key: -mark[key] for key in ("dx", "xOffset") if isinstance(mark.get(key), int | float)}
        side = {"align": OTHER_SIDE.get(mark["align"], mark["align"])} if isinstance(mark.get("align"), str) else {}
        view["mark"] = mark | moved | side
    return view


def _on_both_sides(layers: list[View]) -> list[View]:
    """Layers with axes of their own, those whose author names no side opposite to that of the others."""
    axes = [y.get("axis", {}) for each in layers if isinstance(y := (each.get("encoding") or {}).get("y"), dict)]
    said = {axis["orient"] for axis in axes if axis and "orient" in axis}
    if len(said) != 1 or not said < {*OTHER_SIDE}:
        return layers
    other = {"orient": OTHER_SIDE[said.pop()]}

    def sided(encoding: dict[str, Any]) -> dict[str, Any]:
        y = encoding.get("y")
        if not isinstance(y, dict) or y.get("axis", {}) is None:
            return encoding
        return {**encoding, "y": {**y, "axis": {**other, **y.get("axis", {})}}}

    return [{**each, "encoding": sided(each["encoding"])} if each.get("encoding") else each for each in layers]


def _in_order(encoding: dict[str, Any], distinct: "_Distinct", language: Locale) -> dict[str, Any]:
    """An encoding in which names that have another order than that of their letters stand in it, unless their author
    gives one: months and days of the week as the rows have them, names that begin alike with a number by that.
    """
    for channel, definition in encoding.items():
        if not isinstance(definition, dict) or not isinstance(definition.get("field"), str):
            continue
        if _type(channel, definition) not in NAMES or {"sort", "timeUnit", "bin", "aggregate"} & {*definition}:
            continue
        names = [name for name in distinct[definition["field"]] if name is not None]
        texts = [name for name in names if isinstance(name, str)]
        if len(texts) < max(2, len(names)):
            continue
        if {name.strip(" .").casefold() for name in texts} <= _calendar(language.tag):
            by_rows = (
                texts if channel in ("row", "column", "facet") else None
            )  # there Vega-Lite takes None for letters
            encoding[channel] = {**definition, "sort": by_rows}
        elif all(found := [re.match(r"(\D{0,20}?)(\d{1,9})(?!\d)", name) for name in texts]):
            parts = [(each[1], int(each[2]), name) for each, name in zip(found, texts, strict=True) if each]
            by_number = [name for *_, name in sorted(parts)]
            if len({before for before, *_ in parts}) == 1 and by_number != sorted(texts):
                encoding[channel] = {**definition, "sort": by_number}
    return encoding


@cache
def _calendar(tag: str) -> frozenset[str]:
    """What months and days of the week are called, in full and shortened, in a language and in English."""
    words = {word for month in month_names(tag) for word in month}
    for each in (tag, "en"):
        days = locale_of(each).days
        words |= {word for width in ("wide", "abbreviated", "short") for word in days["format"][width].values()}
    return frozenset(word.strip(" .").casefold() for word in words)


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


# ---- Widths ----


def _sized(view: View, room: Room, distinct: "_Distinct", *, inside: bool = False) -> View:
    """A view with the width of all single views in it set; in a narrow column what stood abreast is stacked."""
    view = dict(view)
    if room.narrow:
        _stack_down(view, distinct)
    else:
        _break_rows(view, distinct, room)
    if "title" in view:
        view["title"] = _lines(view["title"], (room.part if inside else room.column) - room.left)
    if view.get("bounds") == "flush":  # above which there must be room for the title of an axis
        view["spacing"] = max(ABOVE, view.get("spacing") or 0) if "vconcat" in view else view.get("spacing", ABOVE)
    for arrangement in ("concat", "hconcat", "vconcat"):
        parts = view.get(arrangement, ())
        widths = [_single_width(each) for each in parts] if arrangement == "hconcat" else [1] * len(parts)
        if parts:
            rooms = [replace(room, inner=max(SMALL, room.inner * each // max(widths))) for each in widths]
            view[arrangement] = [
                _sized(each, own, distinct, inside=True) for each, own in zip(parts, rooms, strict=True)
            ]
    if "spec" in view:
        view["spec"] = _sized(view["spec"], room, distinct, inside=True)
    elif "mark" in view or "layer" in view:
        view = _banded(view, cut=_is_beyond(view, distinct))
        view["width"] = room.inner
        if "height" in view:
            view["height"] = _height(view, distinct, room)
    return {key: value for key, value in view.items() if key != "height" or value is not None}


def _single_width(view: View) -> int:
    """How wide a view asks to be, or the widest of those in it."""
    return own_width(view) or max(map(_single_width, _inside(view)), default=USUAL)


def _height(view: View, distinct: "_Distinct", room: Room) -> Any:
    """An author's height, or as much more as the rows of names need for their lines; None for the house's own."""
    height = view["height"]
    if height == "container":
        return None
    down = [encoding["y"] for encoding in _encodings(view) if "field" in encoding.get("y", ())]
    names = [distinct[str(each["field"])] for each in down if _type("y", each) in NAMES and "bin" not in each]
    rows = [(len(each), _most_lines(each, room) * theme.LINE) for each in names]
    if isinstance(height, dict):
        least = max([theme.LINE, *(high for _, high in rows)])
        return {**height, "step": max(height["step"], least)} if "step" in height else height
    return max([height, *(count * high for count, high in rows)])


def _most_lines(names: Iterable[Any], room: Room) -> int:
    """How many lines the longest of the names beside an axis is wrapped into."""
    return max((len(wrap(str(name), theme.beside(room.column, room.abreast))) for name in names), default=1)


def _lines(title: Any, room: int) -> Any:
    """A title in lines that fit the room; one of a group of settings keeps these."""
    if isinstance(title, dict):
        return {key: _lines(words, room) if key in ("text", "subtitle") else words for key, words in title.items()}
    if isinstance(title, str) and len(title) * LETTER > room:
        return wrap(title, max(8, int(room / LETTER)))
    return title


def _is_beyond(view: View, distinct: "_Distinct") -> bool:
    """Whether values lie beyond the domain that an author gives: drawn there, they would take the others' room."""
    for encoding in _encodings(view):
        for channel in ("x", "y"):
            definition = encoding.get(channel) or {}
            domain = (
                (definition.get("scale") or {}).get("domain") if isinstance(definition.get("field"), str) else None
            )
            ends = [end for end in domain if isinstance(end, int | float)] if isinstance(domain, list) else []
            cells = (cell for cell in distinct[definition["field"]] if isinstance(cell, int | float)) if ends else ()
            if any(not min(ends) <= cell <= max(ends) for cell in cells):
                return True
    return False


def _banded(view: View, *, cut: bool) -> View:
    """A view in which an area between two columns, which is a band around something, lets that shine through, marks
    are `cut` off at its edges if they must, and points whose outline tells something are hollow. An author's own
    opacity stays as it is.
    """
    if "layer" in view:
        return {**view, "layer": [_banded(each, cut=cut) for each in view["layer"]]}
    mark = view["mark"] if isinstance(view["mark"], dict) else {"type": view["mark"]}
    channels = {*(view.get("encoding") or {})}
    is_band = mark["type"] == "area" and {"x2", "y2"} & channels
    ours: View = {"clip": True} if cut else {}
    if mark["type"] == "point" and "stroke" in channels and not {"color", "fill"} & channels:
        ours["filled"] = False
    if is_band:
        ours["fillOpacity"] = 1 if "opacity" in mark else 0.2
    return {**view, "mark": {**ours, **mark}} if ours else view


def _signed(view: View, distinct: "_Distinct", above: Any = None) -> View:
    """A view in which series told apart by colour have a second sign, for grey paper and the colour-blind: their
    lines are dashed, their points of several shapes.

    A legend is one for both only where Vega-Lite finds the same domain, and for several layers it gathers each
    channel's from those that use it: there a domain must be known. Surfaces would be stacked in its order.
    """
    layers = view.get("layer") or ()
    if layers and {*_kinds(view)} <= THIN and not any("transform" in each for each in (view, *layers)):
        view = {**_with_domain(view, distinct), "layer": [_with_domain(each, distinct) for each in layers]}
    view, encoding = dict(view), dict(view.get("encoding") or {})
    colour = encoding.get("color", encoding.get("stroke", above))
    for arrangement in ("layer", "concat", "hconcat", "vconcat"):
        if arrangement in view:
            view[arrangement] = [_signed(each, distinct, colour) for each in view[arrangement]]
    if isinstance(view.get("spec"), dict):
        view["spec"] = _signed(view["spec"], distinct, colour)
    mark = view["mark"] if isinstance(view.get("mark"), dict) else {"type": view.get("mark")}
    sign = SIGNS.get(str(mark["type"]))
    if not sign or sign in {*mark, *encoding} or not _is_of_series(colour, distinct):
        return view
    scale = colour.get("scale") or {}
    if colour is above and "domain" not in scale and colour.get("legend", {}) is not None:
        return view
    own = {key: value for key, value in colour.items() if key in ("field", "type", "sort", "title", "legend")}
    domain = {"domain": scale["domain"]} if "domain" in scale else {}
    shapes = {"range": theme.DASHES} if sign == "strokeDash" else {}
    return {**view, "encoding": {**encoding, sign: {**own, "scale": domain | shapes}}}


def _with_domain(view: View, distinct: "_Distinct") -> View:
    """A view whose colours of series have their domain written out."""
    encoding = view.get("encoding") or {}
    series = (name for name in ("color", "stroke") if _is_of_series(encoding.get(name), distinct))
    known = {name: _ordered(encoding[name], distinct) for name in series}
    return {**view, "encoding": {**encoding, **known}} if known else view


def _ordered(colour: View, distinct: "_Distinct") -> View:
    """A definition whose domain is written out, where it is certain: all names in their order, or the author's."""
    scale, sort = colour.get("scale") or {}, colour.get("sort", "ascending")
    names = distinct[colour["field"]]
    if isinstance(sort, list):
        names = [*sort, *(name for name in names if name not in sort)]
    elif sort == "ascending" and all(isinstance(name, str) for name in names):
        names = sorted(names, key=str)
    elif sort is not None:
        return colour
    return {**colour, "scale": {"domain": names, **scale}}


def _is_of_series(colour: Any, distinct: "_Distinct") -> bool:
    """Whether a definition gives each of several names its colour, of which there are enough signs."""
    if not isinstance(colour, dict) or not isinstance(colour.get("field"), str) or colour.get("scale", {}) is None:
        return False
    if {"bin", "timeUnit", "aggregate", "condition"} & {*colour} or _type("color", colour) != "nominal":
        return False
    return len(distinct[colour["field"]]) <= len(theme.DASHES)


def _stack_down(view: View, distinct: "_Distinct") -> None:
    if "hconcat" in view and not _is_joined(view["hconcat"]):
        view["vconcat"] = view.pop("hconcat")
    if "concat" in view or isinstance(view.get("repeat"), list) or "field" in (view.get("facet") or {}):
        view["columns"] = 1
    for split in ("facet", "repeat"):
        parts = view.get(split)
        if isinstance(parts, dict) and "column" in parts and "row" not in parts:
            view[split] = {"row" if name == "column" else name: part for name, part in parts.items()}
            if split == "repeat":
                view["spec"] = _repeated_down(view["spec"])
    encoding = view.get("encoding")
    if isinstance(encoding, dict):
        encoding = dict(encoding)
        if "column" in encoding and "row" not in encoding and "facet" not in encoding:
            encoding["facet"] = encoding.pop("column")
        if isinstance(encoding.get("facet"), dict):
            encoding["facet"] = {**encoding["facet"], "columns": 1}
        view["encoding"] = _turned(encoding, distinct)
    if isinstance(view.get("facet"), dict):
        view["facet"] = _turned(view["facet"], distinct)


def _is_joined(parts: Sequence[View]) -> bool:
    """Whether views share the names of their rows, which stand in one of them or between them, as in a pyramid."""
    rows = [(each.get("encoding") or {}).get("y") or {} for each in parts]
    fields = {str(y.get("field")) for y in rows}
    return len(fields) == 1 and "None" not in fields and any(y.get("axis", {}) is None for y in rows)


def _break_rows(view: View, distinct: "_Distinct", room: Room) -> None:
    """Put views abreast into several rows where a word of their headers is wider than each of them would be."""
    for part in ("facet", "encoding"):
        channels = view.get(part) or {}
        column = channels.get("column") or {}
        if {"row", "facet", "field"} & {*channels} or {"bin", "timeUnit"} & {*column} or "field" not in column:
            continue
        names = [str(name) for name in distinct[str(column["field"])]]
        letters = max((len(word) for name in names for word in re.split(r" |(?<=[-–/])", name)), default=1)
        beside = max([0, *_beside(view, distinct, room)])
        columns = max(1, int(room.column / (letters * BOLD + beside + theme.GAP)))
        if len(names) > columns and part == "facet":
            view.update(facet=column, columns=columns)
        elif len(names) > columns:
            rest = {channel: each for channel, each in channels.items() if channel != "column"}
            view["encoding"] = {**rest, "facet": {**column, "columns": columns}}


def _beside(view: View, distinct: "_Distinct", room: Room) -> Iterator[float]:
    """How wide the labels beside the axes of a view may be."""
    for encoding in _encodings(view):
        y = encoding.get("y") or {}
        named = "field" in y and _type("y", y) in NAMES and isinstance(y["field"], str)
        longest = max((len(str(name)) for name in distinct[y["field"]]), default=0) if named else 4
        yield min(longest, theme.beside(room.column, 2)) * LETTER


def _turned(parts: View, distinct: "_Distinct") -> View:
    """Rows and columns with as many parts abreast as there are the fewer of."""
    rows, columns = (
        len(distinct[str(parts[name].get("field"))]) if name in parts else 0 for name in ("row", "column")
    )
    return {**parts, "row": parts["column"], "column": parts["row"]} if 0 < rows < columns else parts


def _repeated_down(value: Any) -> Any:
    """A view repeated across that is now repeated down: what names the column of the repetition names its row."""
    if value == {"repeat": "column"}:
        return {"repeat": "row"}
    if isinstance(value, dict):
        return {key: _repeated_down(inner) for key, inner in value.items()}
    return [_repeated_down(inner) for inner in value] if isinstance(value, list) else value


# ---- Labels ----


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


def _encodings(view: View, above: Mapping[str, Any] = MappingProxyType({})) -> Iterator[dict[str, Any]]:
    """Every encoding of a view, outermost first; each channel has what the view around it says of it, as a type."""
    encoding = view.get("encoding")
    whole = dict(above)
    if isinstance(encoding, dict):
        for channel, definition in encoding.items():
            both = isinstance(definition, dict) and isinstance(above.get(channel), dict)
            whole[channel] = {**above[channel], **definition} if both else definition
        yield {channel: whole[channel] for channel in encoding}
    for each in _inside(view):
        yield from _encodings(each, whole)


def _marks(view: View) -> Iterator[View]:
    """The marks of a view, and the points of its lines."""
    if "mark" in view:
        mark = view["mark"] if isinstance(view["mark"], dict) else {"type": view["mark"]}
        yield mark
        if isinstance(mark.get("point"), dict):
            yield {"type": "point", **mark["point"]}
    for each in _inside(view):
        yield from _marks(each)


def _has_coloured_words(view: View, above: Any = None) -> bool:
    """Whether texts have the colours of series, some of which are too pale for letters as surfaces have them."""
    colour = (view.get("encoding") or {}).get("color", above)
    mark = view["mark"] if isinstance(view.get("mark"), dict) else {"type": view.get("mark")}
    is_own = mark["type"] == "text" and "color" not in mark and isinstance(colour, dict) and "field" in colour
    return is_own or any(_has_coloured_words(each, colour) for each in _inside(view))


def _kinds(view: View) -> Iterator[str]:
    """The kinds of the marks of a view."""
    return (mark["type"] for mark in _marks(view))


def _inside(view: View) -> list[View]:
    """The views a view is made of."""
    parts = [each for name in ("layer", "concat", "hconcat", "vconcat") for each in view.get(name, [])]
    return [*parts, *([view["spec"]] if isinstance(view.get("spec"), dict) else [])]


def _each_encoding(view: View, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change every encoding of a view, which is the caller's own copy, and what it is parted by."""
    if isinstance(view.get("encoding"), dict):
        view["encoding"] = change(dict(view["encoding"]))
    facet = view.get("facet")
    if isinstance(facet, dict):
        view["facet"] = change({"facet": facet})["facet"] if "field" in facet else change(dict(facet))
    for each in _inside(view):
        _each_encoding(each, change)


def _needs(view: View, distinct: _Distinct, look: "_Look") -> View:
    """What this chart needs of the house: room for wrapped names, titles and symbols, and legends in its width."""
    room = look.room
    lines, titled, most_bins = 1, 0, 0
    for encoding in _encodings(view):
        y = encoding.get("y")
        if isinstance(y, dict) and y.get("axis", {}) is not None and ("field" in y or "aggregate" in y):
            named = _type("y", y) in NAMES
            if named:
                lines = max(lines, _most_lines(distinct[str(y["field"])], room))
            title = _title(y, "axis") if not named or "title" in {**y, **(y.get("axis") or {})} else None
            titled = max(titled, len(title) if isinstance(title, list) else bool(title))
        if any((encoding.get(channel) or {}).get("bin") for channel in ("x", "y")):
            most_bins = max([most_bins, 10, *(_maxbins(encoding.get(channel)) for channel in ("x", "y"))])
    above = titled * theme.LINE
    legend: View = {"offset": 12 + above + 3 * bool(above)}
    if room.entries:
        legend["columns"] = room.entries
    if room.left:  # a gradient is no wider than what is left of it
        legend["gradientLength"] = max(60, min(theme.GRADIENT, room.part - room.left - 8))
    if room.stacked:
        legend["layout"] = {"top": {"anchor": "start", "direction": "vertical", "margin": 6}}
    usual = theme.row_height(room.column)
    step = max(usual, lines * theme.LINE + 10)
    # Rows that are high for the sake of a long name need no thicker bars.
    gap = 1 - (1 - theme.BAR_GAP) * usual / step
    needs: View = {
        "legend": legend,
        "view": {"discreteHeight": {"step": step}},
        # Above the first bar there is room for half of a name's lines.
        "scale": {
            "barBandPaddingInner": gap,
            "bandPaddingOuter": max(theme.EDGE, (lines * theme.LINE / step - (1 - gap)) / 2),
        },
        "header": {"labelPadding": 10 + above, "labelLimit": 0}
        | {"labelExpr": theme.wrapped_label(max(8, int(room.inner / LETTER)))},
    }
    if most_bins:
        needs["scale"]["maxSize"] = int(min(0.95 * usual, 0.95 * room.inner / most_bins) ** 2)
    # Parts that lie side by side are told apart by the paper between them, should their colours turn grey.
    definitions = (encoding.get(channel) for encoding in _encodings(view) for channel in ("color", "fill"))
    if any("field" in definition for definition in definitions if isinstance(definition, dict)):
        needs["bar"] = {"stroke": theme.PAPER, "strokeWidth": 1}
    return needs


def _maxbins(definition: Any) -> int:
    """The bins that a position has at most, by its author's word."""
    bins = definition.get("bin") if isinstance(definition, dict) else None
    return int(bins.get("maxbins", 10)) if isinstance(bins, dict) else 0


def _has_own_axes(view: View) -> bool:
    """Whether the layers of a view have an axis of numbers each."""
    resolved = view.get("resolve") or {}
    return "independent" in ((resolved.get(part) or {}).get("y") for part in ("scale", "axis")) and "layer" in view


def _axes_right(view: View) -> int:
    """How many axes of numbers a view has beside each other: one, or another at the right."""
    axes = (encoding.get("y") for encoding in _encodings(view))
    return 1 + (
        _has_own_axes(view)
        or any((axis.get("axis") or {}).get("orient") == "right" for axis in axes if isinstance(axis, dict))
    )


def _type(channel: str, definition: View) -> str:
    return str(definition.get("type") or inferred_type(channel, definition))


def _is_of_numbers(channel: str, definition: View) -> bool:
    return _type(channel, definition) == "quantitative" and not definition.get("bin")


def _title(definition: View, part: str) -> Any:
    """The title of an axis or a legend: its author's, or the one that Vega-Lite makes (its `fieldTitle`)."""
    for holder in (definition.get(part) or {}, definition):
        if "title" in holder:
            return holder["title"]
    field, aggregate, unit = (definition.get(name) for name in ("field", "aggregate", "timeUnit"))
    if not isinstance(field, str):
        return (
            str(field["repeat"]) if isinstance(field, dict) else None
        )  # a word in place of those that will stand there
    if isinstance(aggregate, str):
        return f"{aggregate.capitalize()} of {field}"
    made = unit if isinstance(unit, str) else "binned" if definition.get("bin") else ""
    return f"{field} ({made})" if made else field


class _Look(Struct, frozen=True, kw_only=True):
    """How encodings are written for a room; an author's own settings come before those of the house."""

    room: Room
    distinct: _Distinct
    language: Locale
    axes: int
    labels: Mapping[str, Any]  # by column, its numbers and their words

    def worded(self, encoding: dict[str, Any]) -> dict[str, Any]:
        """An encoding whose axes, legends, headers and labels are written as the house does."""
        for channel, definition in encoding.items():
            if not isinstance(definition, dict) or "field" not in definition:
                continue
            if channel in ("x", "y") and definition.get("axis", {}) is not None:
                encoding[channel] = self._with(definition, "axis", self._axis(channel, definition))
                if self.room.ticks is not None and _is_of_numbers(channel, definition):
                    encoding[channel] = self._ticked(channel, encoding[channel], self.room.ticks)
            elif channel in LEGENDS and definition.get("legend", {}) is not None:
                encoding[channel] = self._with(definition, "legend", self._legend(channel, definition))
            elif channel in ("row", "column", "facet") and definition.get("header", {}) is not None:
                encoding[channel] = self._with(definition, "header", self._formatted(definition))
            elif channel == "text":
                ours = {"format": COMPUTED} if definition.get("aggregate") in AVERAGES else {}
                encoding[channel] = {**ours, **self._formatted(definition), **definition}
        text = encoding.get("text")
        if isinstance(text, dict) and (words := self._label(text)):
            encoding["text"] = {"value": {"expr": words}}
        return encoding

    def _label(self, text: View) -> str | None:
        """An expression for a number as the table or else a computed one is printed; None for texts, own formats."""
        field = text.get("field")
        if not isinstance(field, str) or {*text} - {"field", "type", "title"}:
            return None
        column = re.sub(r"\\(.)", r"\1", field)
        value = f"datum[{theme.literal(column)}]"
        if column not in self.labels and (column != field or text.get("type") != "quantitative"):
            named = None in self.distinct[column] and any(isinstance(name, str) for name in self.distinct[column])
            return f"isValid({value}) ? {value} : {theme.literal(NOTHING)}" if named else None
        words = theme.number(value, f"format({value}, '{COMPUTED}')", self.language, COMPUTED)
        if (known := column if column in self.labels else "") in self.labels:
            numbers, printed = (f"{LABELS}[{theme.literal(known)}][{part}]" for part in (0, 1))
            at = f"indexof({numbers}, {value})"
            words = f"{at} < 0 ? ({words}) : {printed}[{at}]"
        return f"isValid({value}) ? ({words}) : ''"

    def _with(self, definition: View, part: str, ours: View) -> View:
        """A definition with our settings of its axis, legend or header below its author's; a phone has no place
        beside a picture, and a legend that was put by pixels none in a picture of another size.
        """
        author = definition.get(part) or {}
        if part == "legend" and author.get("orient") in (*(BESIDE if self.room.narrow else ()), "none"):
            author = {key: value for key, value in author.items() if key not in ("legendX", "legendY", "columns")}
            definition = {**definition, part: {**author, "orient": "top", "direction": "horizontal"}}
        if part == "legend" and self.room.entries and author.get("columns", 0) > self.room.entries:
            definition = {**definition, part: {**definition[part], "columns": self.room.entries}}
        if author.get("labelAngle") == 0 and ours.get("labelAngle"):  # flat, the names would lie on each other
            kept = {key: value for key, value in author.items() if key != "labelAngle"}
            definition = {**definition, part: kept}
        title, room = _title(definition, part), self.title_room(part)
        if part != "header" and isinstance(title, str) and len(title) * LETTER > room:
            definition = {key: value for key, value in definition.items() if key != "title"}
            return {**definition, part: {**ours, **(definition.get(part) or {}), "title": _lines(title, room)}}
        return {**definition, part: {**ours, **(definition.get(part) or {})}} if ours else definition

    def title_room(self, part: str) -> int:
        """How wide the title of an axis or a legend may be."""
        return self.room.part - self.room.left if part == "legend" else (self.room.inner + 20) // self.axes

    def _formatted(self, definition: View) -> View:
        """The format of a unit of time in the order of the language, where it has one."""
        unit = definition.get("timeUnit")
        unit = unit.get("unit", "") if isinstance(unit, dict) else unit
        shape = theme.unit_format(unit, self.language) if isinstance(unit, str) else None
        return {"format": shape} if shape else {}

    def _axis(self, channel: str, definition: View) -> View:
        axis = definition.get("axis") or {}
        # An author's values are all ticks; Vega would leave some out until they are no more than the house asks for.
        ours = self._formatted(definition) | ({"tickCount": ALL} if "values" in axis else {})
        if _type(channel, definition) in NAMES:
            return ours | (self._names_below(definition) if channel == "x" else {})
        if channel == "x" and (
            (definition.get("scale") or {}).get("reverse") or definition.get("sort") == "descending"
        ):
            ours |= {"titleAnchor": "start"}  # the right end, where the titles of all axes stand
        if "format" in axis or "formatType" in axis or "timeUnit" in definition:
            return ours | {"labelExpr": AS_FORMATTED}
        return ours

    def _ticked(self, channel: str, definition: View, ticks: Mapping[str, Sequence[float]]) -> View:
        """A definition whose axis has ticks at these values, all with their labels."""
        ours: View = {"values": [*ticks[channel]], "tickCount": ALL} if ticks.get(channel) else {}
        ours |= {"labelExpr": "datum.value"} if self.room.bare else {}
        return {**definition, "axis": {**(definition.get("axis") or {}), "labelOverlap": False, **ours}}

    def _legend(self, channel: str, definition: View) -> View:
        """Beside a picture entries stand below each other; above it, where a phone has them all, in rows."""
        ours = self._formatted(definition)
        author = definition.get("legend") or {}
        beside = author.get("orient") in BESIDE
        if beside and not self.room.narrow:
            return {**ours, "direction": "vertical", "columns": 1}
        letters = int((self.title_room("legend") - SYMBOL) / LETTER)
        if _type(channel, definition) in NAMES and "timeUnit" not in definition:
            names = [str(name) for name in self.distinct[str(definition["field"])]]
            if any(len(name) > letters for name in names):
                ours |= {"labelExpr": theme.wrapped_label(max(letters, 8))}
        return ours

    def _names_below(self, definition: View) -> View:
        """How names stand below an upright picture: flat and wrapped where they fit, else on end, else not all."""
        names = [str(value) for value in self.distinct[str(definition.get("field"))]]
        axis = definition.get("axis") or {}
        if "bin" in definition:  # all of which are about as long as the last
            each = self.room.inner / (_maxbins(definition) or 10)
            highest = max(
                (name for name in self.distinct[str(definition["field"])] if isinstance(name, int | float)), default=0
            )
            flat = (2 * len(f"{highest:,.0f}") + 3) * LETTER < each
            return {"labelAngle": 0} if flat and "labelAngle" not in axis else {}
        if not names or "timeUnit" in definition:
            return {"labelOverlap": "greedy"}
        each = self.room.inner / len(names)
        if angle := axis.get("labelAngle"):  # an author's own, to which Vega turns the ends of names
            apart = each * abs(sin(radians(angle))) if isinstance(angle, int | float) else 0
            return {"labelOverlap": False if apart >= 0.8 * theme.LINE else "greedy"}
        letters = int(each / LETTER) - 1  # and a gap
        longest_word = max((len(word) for name in names for word in name.split()), default=1)
        if longest_word <= letters:
            return {"labelAngle": 0, "labelExpr": theme.wrapped_label(max(letters, 1))}
        if max(map(len, names)) <= 4:
            return {"labelAngle": 0, "labelOverlap": "greedy"}
        end = "left" if axis.get("orient") == "top" else "right"
        if each >= 1.4 * theme.LINE:
            return {"labelAngle": -45, "labelAlign": end}
        overlap = False if each >= 0.8 * theme.LINE else "greedy"  # Vega leaves out names that have room on end
        return {"labelAngle": -90, "labelAlign": end, "labelBaseline": "middle", "labelOverlap": overlap}
