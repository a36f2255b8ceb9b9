"""The look that all charts share: a Vega-Lite config in the page's colours, and how its language writes numbers.

Colours are the page's CSS variables, so one drawing serves light and dark; the measures are CSS pixels.
"""

import re
from collections.abc import Mapping

from randnotiz.charts.printing import NOTHING
from randnotiz.language import Locale
from randnotiz.language.cldr import customs, locale_of
from randnotiz.model import Json

WIDE, NARROW = 680, 320

# The engine carries this face within itself, so labels are measured the same on every machine. In the page the
# page's own face stands in its place (`svg.py`); it is as wide as the usual system faces, give or take 5 %.
MEASURED_FACE = "Liberation Sans"
TEXT_SIZE = 13
# Faces differ in width. The engine is told of type that is larger by this, so that wider ones have room as well.
ROOM = 14 / 13
BAR_GAP = 0.3  # between bars, as a share of a row
EDGE = 0.15  # before the first bar and behind the last, likewise
GRADIENT = 180  # pixels of a legend that is one
GAP = 14  # between the entries of a legend
LINE = 15  # pixels from one line of a label to the next
MEASURED_SIZE = TEXT_SIZE * ROOM


def colour(name: str) -> str:
    """A colour of the page, by the name of its variable."""
    return f"var(--{name})"


INK, MUTED, RULE, PAPER = colour("ink"), colour("muted"), colour("rule"), colour("paper")
FIRST = colour("chart-1")
CATEGORIES = [colour(f"chart-{number}") for number in range(1, 8)]
LINES: list[Json] = [colour(f"chart-{number}-line") for number in range(1, 8)]
# Of lines of several series; their caps are round, so a short dash is a dot.
DASHES: list[Json] = [[1, 0], [7, 6], [0.5, 5], [12, 5, 0.5, 5], [16, 6], [3, 5], [9, 5, 0.5, 5, 0.5, 5]]
# A scale, continuous or of classes, cannot blend variables. It blends greys instead, and `svg.py` reads off a grey's
# lightness how far along the scale it lies and puts the blend of page colours there. Their opacity tells them from an
# author's greys; as a scheme they make as many classes as Vega-Lite draws.
GREYS: list[Json] = ["rgba(0, 0, 0, 0.999)", "rgba(255, 255, 255, 0.999)"]
# For deviations from a middle, in tones that stand on light and dark paper alike. The middle has no hue, so that what
# lies between takes that of its side (CIE LCh).
DIVERGING: list[Json] = ["#c05a3c", "#9d9d9d", "#3f83b3"]


def beside(width: int, abreast: int = 1) -> int:
    """How many characters of a name stand in one line beside an axis, in a column of that width or a part of it."""
    return max(12, (17 if width <= NARROW else 34) // abreast)


def row_height(width: int) -> int:
    """How high the row of one name is."""
    return 38 if width <= NARROW else 34


def config(width: int, language: Locale, abreast: int) -> dict[str, Json]:
    """The Vega-Lite config of every chart for a column of that width, in which so many views stand abreast."""
    narrow = width <= NARROW
    return {
        "background": None,
        "font": MEASURED_FACE,
        "aria": False,
        "padding": {"left": 1, "right": 3, "top": 4, "bottom": 3},
        "countTitle": "",
        "numberFormat": ",~f",
        "normalizedNumberFormat": ".0%",
        "timeFormat": date_format(language, "yMMMd"),
        "view": {
            "stroke": None,
            "continuousHeight": 260 if narrow else 320,
            "discreteHeight": {"step": row_height(width)},
        },
        **_axes(width, language, abreast),
        **_words(width),
        **_marks(),
        "range": {
            "category": [*CATEGORIES],
            "ordinal": {"scheme": GREYS[::-1], "extent": [0, 0.9]},
            "ramp": {"scheme": GREYS},
            "heatmap": {"scheme": GREYS},
            "diverging": {"scheme": DIVERGING},
        },
        "scale": {
            "barBandPaddingInner": BAR_GAP,
            "rectBandPaddingInner": 0,
            "bandPaddingOuter": EDGE,
            "minBandSize": 3,
        },
        "facet": {"spacing": 12 if narrow and abreast > 1 else 24},
        "concat": {"spacing": 12 if narrow and abreast > 1 else 28},
    }


def _axes(width: int, language: Locale, abreast: int) -> dict[str, Json]:
    """Muted labels on a dotted grid; titles lie flat, above the axis they name; long names are wrapped."""
    narrow = width <= NARROW
    ticks = 4 if narrow else 6
    beyond_label: dict[str, Json] = {"condition": {"test": "datum.label === ''", "value": 0}, "value": 1}
    flat_title: dict[str, Json] = {
        "titleAngle": 0,
        "titleAnchor": "end",
        "titleAlign": "left",
        "titleBaseline": "bottom",
        "titleX": 0,
        "titleY": -10,
    }
    discrete: dict[str, Json] = {"grid": False, "labelColor": INK, "labelLineHeight": LINE, "title": None}
    return {
        "axis": {
            "domain": False,
            "ticks": False,
            "grid": True,
            "gridColor": RULE,
            "gridDash": [1, 3],
            "gridCap": "round",
            "labelColor": MUTED,
            "labelFontSize": MEASURED_SIZE,
            "labelLimit": 0,
            "labelPadding": 6,
            "labelSeparation": 8,
            "titleColor": MUTED,
            "titleFontSize": MEASURED_SIZE,
            "titleFontWeight": "normal",
            "titlePadding": 8,
        },
        "axisQuantitative": {
            "tickCount": ticks,
            "labelExpr": f"datum.label === '' ? '' : {number('datum.value', 'datum.label', language)}",
            "labelOverlap": "greedy",
            "gridOpacity": beyond_label,
            "gridDash": {"condition": {"test": "datum.value === 0", "value": []}, "value": [1, 3]},
        },
        "axisTemporal": {
            "tickCount": 4 if narrow else 7,
            "labelExpr": moment("datum.value", language),
            "labelOverlap": "greedy",
            "labelFlush": False,
        },
        "axisX": {"titleAnchor": "end", "titleAlign": "right"},
        "axisXQuantitative": {"tickCount": max(3, ticks // abreast + 1) if abreast > 1 else ticks},
        "axisLeft": flat_title,
        "axisRight": {**flat_title, "titleAlign": "right"},
        "axisYDiscrete": {**discrete, "labelExpr": wrapped_label(beside(width, abreast))},
        "axisXDiscrete": {**discrete, "labelPadding": 8, "labelExpr": wrapped_label(99)},
    }


def _words(width: int) -> dict[str, Json]:
    """Legends and titles stand above what they are about, no wider than the column."""
    direction = "vertical" if width <= NARROW else "horizontal"
    return {
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            "labelColor": INK,
            "labelFontSize": MEASURED_SIZE,
            "labelLimit": width - 30,
            "titleColor": MUTED,
            "titleFontSize": MEASURED_SIZE,
            "titleFontWeight": "normal",
            "titleLimit": width - 30,
            "symbolType": "circle",
            "symbolBaseFillColor": MUTED,
            "symbolBaseStrokeColor": MUTED,
            "layout": {"top": {"anchor": "start", "direction": direction, "margin": 6}},
            "symbolSize": 90,
            "symbolStrokeWidth": 2,
            "offset": 12,
            "columnPadding": GAP,
            "rowPadding": 5,
            "gradientLength": GRADIENT,
            "gradientThickness": 10,
            "gradientStrokeWidth": 0,
        },
        "header": {
            "labelColor": INK,
            "labelFontSize": MEASURED_SIZE,
            "labelFontWeight": 600,
            "labelAnchor": "start",
            "labelAlign": "left",
            "labelLimit": width,
            "title": None,
        },
        "headerRow": {"labelOrient": "top", "labelAngle": 0},
        "title": {
            "anchor": "start",
            "frame": "group",
            "color": INK,
            "fontSize": MEASURED_SIZE,
            "fontWeight": 600,
            "subtitleColor": MUTED,
            "subtitleFontSize": MEASURED_SIZE,
            "limit": width,
            "offset": 10,
        },
    }


def _marks() -> dict[str, Json]:
    line: dict[str, Json] = {"color": FIRST, "strokeWidth": 2.5, "strokeCap": "round", "strokeJoin": "round"}
    dot: dict[str, Json] = {"filled": True, "opacity": 1, "stroke": PAPER, "strokeWidth": 1.25}
    interval: dict[str, Json] = {"strokeWidth": 2, "strokeCap": "round"}
    return {
        "mark": {"color": FIRST},
        "line": line,
        "trail": {"color": FIRST},
        "point": {**dot, "size": 80},
        "circle": {"opacity": 1, "size": 80},
        "square": {"opacity": 1, "size": 80},
        "area": {"fillOpacity": 0.85, "line": False},
        "errorband": {"band": {"fillOpacity": 0.18, "strokeWidth": 0}},
        "errorbar": {"rule": interval},
        "boxplot": {"median": {"color": PAPER}, "size": 16},
        "rule": {"color": MUTED, "strokeWidth": 1.25},
        "tick": {"thickness": 2.5},
        "rect": {"stroke": PAPER, "strokeWidth": 1},
        "arc": {"stroke": PAPER, "strokeWidth": 1.5},
        "text": {"color": INK, "fontSize": MEASURED_SIZE},
    }


# ---- Vega expressions that write numbers, moments and long names as the language does ----


def number(value: str, otherwise: str, language: Locale, shape: str = ",~f") -> str:
    """An expression for a number: words from a million on, by the format `shape`, else as `otherwise` says."""
    expression = otherwise
    for scale in reversed(customs(language.tag).numbers.scales):
        worded = f"format({value} / 1e{scale.power}, '{shape}') + {literal(scale.word)}"
        expression = f"abs({value}) >= 1e{scale.least} ? {worded} : ({expression})"
    return expression


def moment(value: str, language: Locale) -> str:
    """An expression for a tick of a time axis: the coarsest part of the date that tells it from its neighbours."""
    day = date_format(language, "MMMd")
    parts = {
        "year": "%Y",
        "quarter": "%b",
        "month": "%b",
        "week": day,
        "date": day,
        "hours": "%H:%M",
        "minutes": "%H:%M",
    }
    return f"timeFormat({value}, {{{', '.join(f'{part}: {literal(shape)}' for part, shape in parts.items())}}})"


def date_format(language: Locale, skeleton: str) -> str:
    """How the language orders a day (CLDR's skeletons MMMd and yMMMd), in the terms of d3-time-format."""
    pattern = str(locale_of(language.tag).datetime_skeletons[skeleton])
    parts = {"y": "%Y", "MMM": "%b", "d": "%-d"}
    return re.sub(r"'([^']*)'|y+|[ML]+|d+", lambda part: part[1] or parts.get(part[0], "%b"), pattern)


def unit_format(unit: str, language: Locale) -> str | None:
    """The format of a unit of time that names a day, in the order of the language; None where Vega-Lite's serves."""
    parts = set(re.findall(r"year|month|dayofyear|date|hours|minutes|seconds", unit))
    if not {"month", "date"} <= parts:
        return None
    day = date_format(language, "yMMMd" if "year" in parts else "MMMd")
    time = ", %H:%M:%S" if "seconds" in parts else ", %H:%M" if parts & {"hours", "minutes"} else ""
    return day + time


def wrapped_label(width: int) -> str:
    """An expression for a label in lines of at most `width`, and for an empty cell the sign of the table."""
    lines = rf"split(trim(replace(datum.label, regexp('(.{{1,{width}}})( +|$|(?<=[-–/]))', 'g'), '$1\n')), '\n')"
    return (
        f"datum.extra ? '' : !isValid(datum.value) || toString(datum.label) == 'null' ? {literal(NOTHING)} : {lines}"
    )


def literal(text: str) -> str:
    """A text as an expression writes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


# ---- What the engine must know of the language (d3-format, d3-time-format) ----


# The engine has a sign only behind a number: it is marked by a sign of no width, and put in front where that stands.
PERCENT_AHEAD = "\u2060"
_AHEAD = re.compile(rf"([\d.,\u00a0\u202f]+){PERCENT_AHEAD}%")


def percent_ahead(drawn: str) -> str:
    """The engine's SVG with the percent signs where the language has them: %50."""
    return _AHEAD.sub(r"%\1", drawn) if PERCENT_AHEAD in drawn else drawn


def number_locale(language: Locale) -> dict[str, Json]:
    """How the language writes numbers, in the terms of d3-format."""
    known = customs(language.tag)
    last, others = known.numbers.groups
    return {
        "decimal": known.numbers.decimal,
        "thousands": known.numbers.group,
        "grouping": [last, *[others] * 9],
        "currency": ["", "\u00a0€"],
        "percent": f"{PERCENT_AHEAD if known.percent_first else known.percent_gap}%",
        "minus": known.numbers.minus,
        "nan": "",
    }


def time_locale(language: Locale) -> dict[str, Json]:
    """How the language names days and months, in the terms of d3-time-format."""
    locale = locale_of(language.tag)

    def names(of: Mapping[int, str], order: tuple[int, ...]) -> list[Json]:
        return [str(of[number]) for number in order]

    months = tuple(range(1, 13))
    days = (6, 0, 1, 2, 3, 4, 5)  # d3 begins on Sunday, CLDR's numbers on Monday
    return {
        "dateTime": "%-d. %B %Y, %H:%M" if locale.language == "de" else "%-d %B %Y, %H:%M",
        "date": "%d.%m.%Y" if locale.language == "de" else "%d/%m/%Y",
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": names(locale.days["stand-alone"]["wide"], days),
        "shortDays": names(locale.days["stand-alone"]["abbreviated"], days),
        "months": names(locale.months["stand-alone"]["wide"], months),
        "shortMonths": names(locale.months["format"]["abbreviated"], months),
    }
