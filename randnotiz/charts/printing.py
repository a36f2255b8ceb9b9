"""How a chart prints its numbers: the same words in its labels, in the table below it and in the text.

A number is printed as its author wrote it; a computed one with three significant digits, or as many as its figure
has. Where a label has a `format` of its own, its column has that in the table too.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from randnotiz.charts.rows import Cell
from randnotiz.language import Locale
from randnotiz.language.cldr import customs
from randnotiz.language.number_format import grouped
from randnotiz.model import Date

NOTHING = "–"
_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?")
# A specifier of d3-format; what fills a cell up to a width is nothing that a table needs.
_SPECIFIER = re.compile(
    r"(?:.?[<>=^])?(?P<sign>[-+( ])?(?P<zero>0)?(?P<width>\d+)?(?P<comma>,)?(?:\.(?P<precision>\d+))?(?P<trim>~)?"
    r"(?P<type>[dfrps%])?"
)
_PREFIXES = "yzafpnµm kMGTPEZY"
_USUAL_PRECISION = 6


def cell(cell: Cell, language: Locale, *, is_name: bool, shape: str) -> str:
    """A cell as its language prints it: a number that `is_name` as it is, others by the format `shape`, if any."""
    value = cell.value
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        if shape and (shaped := by_format(value, shape, language)) is not None:
            return shaped
        if is_name:
            return cell.written or str(value)
        return (
            language.written_amount([cell.written])
            if cell.written
            else language.amount(value, value, value, digits=cell.digits)
        )
    date = _DATE.fullmatch(value)
    if date:
        year, month, day = date.groups()
        return language.date(Date(int(year), int(month), int(day) if day else None))
    return value


def by_format(value: float, shape: str, language: Locale) -> str | None:
    """A number by a specifier of d3-format: types d, f, p, r, s, % and none without a precision; else None."""
    found = _SPECIFIER.fullmatch(shape)
    if not found or not isfinite(value) or (not found["type"] and found["precision"]):
        return None
    kind, given = found["type"] or "", int(found["precision"] or _USUAL_PRECISION)
    precision = max(given, 1) if kind in "prs" else given
    known = customs(language.tag)
    exact, ahead, unit = Decimal(value), "", ""
    if kind in ("%", "p"):
        exact, (ahead, unit) = Decimal(value * 100), known.percent_signs
    if kind == "":
        exact = Decimal(repr(value))
    elif kind in "df%":
        exact = exact.quantize(Decimal(1).scaleb(0 if kind == "d" else -precision), ROUND_HALF_UP)
    else:
        for _ in range(2):  # 9.99 has another digit before its point once it is 10.0
            last = (exact.adjusted() if exact else 0) + 1 - precision
            exact = exact.quantize(Decimal(1).scaleb(last), ROUND_HALF_UP)
        if kind == "s" and exact:
            power = max(-8, min(8, exact.adjusted() // 3))
            exact, unit = exact.scaleb(-3 * power), _PREFIXES[8 + power].strip()
    whole, _, decimals = f"{abs(exact):f}".partition(".")
    if found["trim"] or not kind:
        decimals = decimals.rstrip("0")
    digits = grouped(whole, known.numbers) if found["comma"] else whole
    words = ahead + digits + (known.numbers.decimal + decimals if decimals else "") + unit
    if exact < 0:
        return f"({words})" if found["sign"] == "(" else known.numbers.minus + words
    return (found["sign"] if found["sign"] in ("+", " ") else "") + words
