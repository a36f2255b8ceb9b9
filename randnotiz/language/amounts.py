"""A number or a range with its unit: "1 bis 1,5 Mrd. US-Dollar", "$1 billion to $1.5 billion", "7–10 %".

The page's script prints amounts from the same pieces (see `Locale.printing`) by the same steps:

1. The smaller end comes first. Both are spelled (`numbers.spelled`, scaled); if they read alike, the amount is a
   single number.
2. A single number is its minus, `before`, its digits and its scale word. A range is two of them with a joint
   between. Either way follows `one` if the last digits are "1" without a scale word, else `other`: a range shares
   its unit, "2 to 3%". Without a scale word `few` and `part` come before `other` where the unit has them: after whole
   numbers of CLDR's category few and after decimals (2 godziny, 2,5 godziny, 5 godzin).
3. Two numbers with the same scale word share it (the first loses it) unless something stands before the numbers:
   "1 bis 1,5 Mrd.", but "$1 billion to $1.5 billion".
"""

from collections.abc import Callable

from randnotiz.language.number_format import Printed
from randnotiz.language.unit_format import UnitPattern


def amount(low: Printed, high: Printed, unit: UnitPattern, joint: str, form: Callable[[str], str] = str) -> str:
    """The words for a number, or for a range if the two differ in print, with the language's joint between them.

    `form` says which of the unit's others digits take.
    """
    last = unit.other
    if not high.scale:
        last = unit.one if high.digits == "1" else unit.others.get(form(high.digits), last) if unit.others else last
    whole = f"{high.minus}{unit.before}{high.digits}{high.scale}{last}"
    if low == high:
        return whole
    shared = low.scale == high.scale and not unit.before
    return f"{low.minus}{unit.before}{low.digits}{'' if shared else low.scale}{joint}{whole}"
