"""How a number is printed: a small algorithm over its decimal digits that the page's script repeats exactly.

The digits are those of the shortest decimal text that stands for the same double, which is `repr(x)` in Python and
`String(x)` in JavaScript. From there on only text is handled, so both print the same, whatever the platform:

1. **Digits.** A number is a sign, digits without zeros at either end, and the place of the point:
   ±0.d₁d₂d₃… × 10^point.
2. **Rounding** to n significant digits looks at digit n + 1 alone: 5 and more goes up, away from zero (the half of a
   decimal number as people see it; 2.675 becomes 2.68 although the double lies a little below).
3. **Scale.** From a million on an amount is divided by the scale that fits its rounded size ("Mio.", "Mrd."), unless
   more than three decimals would remain ("1.234.567" and not "1,234567 Mio.").
4. **Plain or power.** Numbers below 10⁻⁴ and from 10¹⁵ on are printed as 1,2 · 10⁻⁷; all others in full, the digits
   before the point in groups. Four-digit numbers are grouped too, as CLDR has it (1.361 Stunden), except in the
   languages where it has not.
"""

import re
from typing import NamedTuple

from msgspec import Struct

from randnotiz.numerals import GRAMMAR

NBSP = "\u00a0"
MINUS = "\u2212"
LEFT_TO_RIGHT = "\u200e"  # a mark that keeps the signs beside it in the order of the digits (UAX 9)

LEAST_PLAIN = -3  # the point of 0.0001
MOST_PLAIN = 15  # the point of 999 trillion
MOST_DIGITS = 15  # what a double holds for certain
MOST_DECIMALS = 3  # before a scale word
GROUPED_FROM = 4  # digits before the point, unless the language's rules say otherwise

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Digits(NamedTuple):
    """A decimal number as text: ±0.`digits` × 10^`point`; zero has no digits. Zeros at the end are the author's."""

    negative: bool
    digits: str
    point: int


class Scale(Struct, frozen=True, kw_only=True):
    """A word for a power of ten: used from 10^`least` on, for the number divided by 10^`power`."""

    least: int
    power: int
    word: str  # with the blank before it


class NumberStyle(Struct, frozen=True, kw_only=True):
    """What a language puts between digits. `groups` are the sizes of the last group and of those before it."""

    decimal: str
    group: str
    groups: tuple[int, int] = (3, 3)
    grouped_from: int = GROUPED_FROM
    times: str = f"{NBSP}·{NBSP}"
    minus: str = MINUS
    scales: tuple[Scale, ...] = ()  # largest first


class Printed(NamedTuple):
    """A number in print: its sign, its digits, and the scale word behind them, which a range may share."""

    minus: str
    digits: str
    scale: str = ""

    def __str__(self) -> str:
        return self.minus + self.digits + self.scale


ZERO = Digits(False, "", 0)


def digits_of(x: float) -> Digits:
    """The digits of the shortest decimal text that stands for `x`, which must be finite."""
    text = repr(x)
    negative = text[0] == "-"
    mantissa, _, power = text.lstrip("-").partition("e")
    whole, _, rest = mantissa.partition(".")
    digits = (whole + rest).lstrip("0")
    if not digits:
        return ZERO
    point = len(digits) - len(rest) + (int(power) if power else 0)
    return Digits(negative, digits.rstrip("0"), point)


def written_digits(text: str) -> Digits | None:
    """The digits of a number as an author wrote it, zeros at its end included; None for any other text.

    Zeros before a number, which YAML allows in the rows of a chart, are passed over.
    """
    match = GRAMMAR.fullmatch(re.sub(r"^(-?)0+(?=[0-9])", r"\1", text))
    if not match:
        return None
    whole, rest = match["whole"], match["decimals"] or ""
    digits = (whole + rest).lstrip("0")
    point = len(digits) - len(rest) + int(match["power"] or 0)
    if not rest:
        digits = digits.rstrip("0")
    return Digits(bool(match["minus"]), digits, point) if digits.strip("0") else ZERO


def rounded(number: Digits, count: int) -> Digits:
    """The number with at most `count` significant digits, halves away from zero."""
    count = min(max(count, 1), MOST_DIGITS)
    negative, digits, point = number
    if len(digits) <= count:
        return Digits(negative, digits.rstrip("0"), point)
    kept = digits[:count]
    if digits[count] >= "5":
        kept = str(int(kept) + 1).zfill(count)
        if len(kept) > count:
            point += 1
    return Digits(negative, kept.rstrip("0"), point)


def spelled(number: Digits, style: NumberStyle, scaled: bool = False) -> Printed:
    """The number as the language prints it, with a word for its scale if `scaled` and one fits."""
    negative, digits, point = number
    minus = style.minus if negative else ""
    if not digits:
        return Printed("", "0")
    if not LEAST_PLAIN <= point <= MOST_PLAIN:
        return Printed(minus, _power(digits, point, style))
    if scaled:
        for scale in style.scales:
            if point > scale.least:
                if len(digits.rstrip("0")) - point + scale.power > MOST_DECIMALS:
                    break
                return Printed(minus, _plain(digits, point - scale.power, style), scale.word)
    return Printed(minus, _plain(digits, point, style))


def _plain(digits: str, point: int, style: NumberStyle) -> str:
    if point <= 0:
        return "0" + style.decimal + "0" * -point + digits
    whole, rest = digits[:point].ljust(point, "0"), digits[point:]
    if point >= style.grouped_from:
        whole = grouped(whole, style)
    return whole + style.decimal + rest if rest else whole


def grouped(whole: str, style: NumberStyle) -> str:
    """The digits of a whole number in the groups of the language."""
    last, others = style.groups
    parts = [whole[-last:]]
    whole = whole[:-last]
    while whole:
        parts.append(whole[-others:])
        whole = whole[:-others]
    return style.group.join(reversed(parts))


def _power(digits: str, point: int, style: NumberStyle) -> str:
    mantissa = digits[0] + (style.decimal + digits[1:] if len(digits) > 1 else "")
    return f"{mantissa}{style.times}10{str(point - 1).translate(_SUPERSCRIPT)}"
