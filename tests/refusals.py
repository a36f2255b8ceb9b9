"""Why a chart is refused: the list in docs/format.md, and which of its reasons a message gives."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from randnotiz.charts import rows, specification
from randnotiz.charts.vega_expressions import UNSTEADY


class Reason(NamedTuple):
    """What is refused, why, and the pattern of the messages that say so."""

    what: str
    why: str
    pattern: str


def _reasons() -> Iterator[Reason]:
    outright = (specification.FORBIDDEN, specification.MARKS, specification.TRANSFORMS, specification.AGGREGATES)
    for names in outright:
        for name, why in names.items():
            yield Reason(f"`{name}`", why, rf"'{name}' (may not|cannot) .*: {re.escape(why)}")
    unsteady = ", ".join(f"`{name}`" for name in sorted(UNSTEADY))
    steady = "a chart must be the same, and as large, at every build"
    yield Reason(unsteady, steady, rf"'.*' may not be used: {steady}")
    types = " or ".join(f"`{name}`" for name in specification.FORMAT_TYPES)
    yield Reason(f"a `formatType` but {types}", "it would be run as a function", r"'\w*[fF]ormatType' cannot be ")
    for name, most in specification.LARGEST.items():
        yield Reason(
            f"`{name}` above {most:,}", "more than can be drawn", rf"'{name}' is .*; at most {most:,} can be drawn"
        )
    yield Reason(
        f"more than {specification.MOST_VIEWS} pictures, or {specification.MOST_NODES:,} values",
        "more than can be drawn",
        rf"this (chart|specification) .*more than ({specification.MOST_VIEWS}|{specification.MOST_NODES:,}) ",
    )
    yield Reason(
        "what Vega-Lite's schema does not know",
        "a property, a value or a type that is no part of Vega-Lite",
        r"('.*'|a chart|this entry of '.*') (has no|cannot be|must (be|have)) |a chart needs 'mark'"
        r"|.* cannot stand at '.*'",
    )
    yield Reason(
        "a column that no row has and no transform makes", "nothing would be drawn", r"the rows have no column '"
    )
    yield Reason(
        "in an expression, a name that no quantity, figure or parameter bears, or a function that Vega lacks",
        "nothing would be drawn",
        r"there is no (function|quantity, figure or parameter) '",
    )
    yield Reason(
        "an expression whose signs do not match",
        "it cannot be read",
        r"the expression '.*' cannot be read|this '.' (is never closed|closes nothing) in the expression",
    )
    yield Reason(
        "a text where a number or a date is drawn",
        "its mark would be missing; `calculate` may make a number of it",
        r"'.*' is not a (number|date \(YYYY-MM-DD\)), and '.*' is drawn as ",
    )
    yield Reason(
        "0 or less on a logarithmic scale, beside numbers above it",
        "the scale has no place for it",
        r"'.*' has no place on a logarithmic scale",
    )
    yield Reason(
        "a number below 0 as a slice of a circle, a radius, or the area of a point without a scale of its author's",
        "it would be drawn as if it were above 0, or not be seen",
        r"a number below 0 has no slice|'.*' is below 0, and '.*' is drawn as an area",
    )
    yield Reason(
        "a value that the `domain` of a nominal or ordinal scale leaves out",
        "its mark would pass for another's",
        r"'.*' is not in the 'domain' of '",
    )
    yield Reason(
        f"no rows, or more than {rows.MOST_ROWS:,}; rows of which nothing can be seen",
        "there is nothing, or too much, to draw",
        rf"this chart has no rows|nothing of the rows can be seen|a chart has at most {rows.MOST_ROWS:,} rows",
    )
    yield Reason(
        "what only drawing shows: a row of which `calculate` makes nothing that has a place",
        "nobody would miss its mark",
        r"row .* has no mark: ",
    )
    yield Reason(
        "what only drawing shows", "it takes too long, is too large, or the engine gives its own reason",
        r"Vega-Lite cannot draw this|the drawing would |drawing this takes ",
    )  # fmt: skip


REASONS = tuple(_reasons())


def reason_of(message: str) -> Reason | None:
    """The reason on the list that a message gives."""
    return next((reason for reason in REASONS if re.match(reason.pattern, message)), None)
