"""What a passage states: `1 Mrd. USD`, `10 %`, `4`, or a range in a unit."""

import re
from fractions import Fraction

from msgspec import Struct

from randnotiz.diagnostics import ContentError, SourceText
from randnotiz.formulas import unit_spellings
from randnotiz.formulas.unit_list import SCALES
from randnotiz.formulas.unit_spellings import slip_of
from randnotiz.formulas.units import Unit, Units
from randnotiz.model import Stated
from randnotiz.numerals import NumeralError, number, rounding

LONGEST = 200  # characters

_WORDS = re.compile(r"\s*(?P<number>[^\sA-Za-z%‰€$£¥°]+(?:[eE][+-]?[0-9]+)?)\s*(?P<unit>.*?)\s*", re.DOTALL)
_SCALED = re.compile(r"(?P<scale>\S+)(?:\s+(?P<unit>.*))?", re.DOTALL)
_RANGE = re.compile(r"\s*-?[0-9.,]+\s*(?:-|–|bis|to|und|and)\s*[0-9].*", re.DOTALL)
_ABOUT = re.compile(
    r"\s*((?:[^\W\d_]+\.?\s+){0,2}[^\W\d_]+\.?|ca\.|[~≈<>≤≥±])\s*(-?[0-9].*)", re.DOTALL
)  # rund 5, more than 5, über 5, ~5
# What editors write for the words of scale; "Billion" is a thousand times as much in German as in English.
_MEANT = {
    **dict.fromkeys(("Tsd", "tsd", "Tausend", "tausend", "k"), "Tsd."),
    **dict.fromkeys(("Mio", "Mill.", "mio", "Million", "Millionen"), "Mio."),
    **dict.fromkeys(("Mrd", "Mia.", "mrd", "Milliarde", "Milliarden"), "Mrd."),
    **dict.fromkeys(("millions", "m", "mn"), "million"),
    **dict.fromkeys(("bn", "billions"), "billion"),
    "thousands": "thousand",
    **dict.fromkeys(("Bio", "Billionen"), "Bio."),
    **dict.fromkeys(("trn", "trillions"), "trillion"),
}
# A thousand or a million times as much in German as in English.
_TWO_MEANINGS = {
    "Billion": "'billion' (10**9) or 'Bio.' (10**12)",
    "Trillion": "'trillion' (10**12; for 10**18 write 1e18)",
}


class Amount(Struct, frozen=True, kw_only=True):
    """What a passage states: its lowest and its highest number in a unit, the word of scale multiplied in.

    `rounding` is half of the last digit of each, as a share of it; `scale` and `unit_text` are the author's own
    words, for messages.
    """

    low: float
    high: float
    rounding: tuple[float, float]
    scale: str
    unit: Unit
    unit_text: SourceText

    @property
    def times(self) -> int:
        """What the word of scale multiplies by."""
        return SCALES.get(self.scale, 1)

    @property
    def words(self) -> str:
        """The scale and the unit."""
        return " ".join(word for word in (self.scale, str(self.unit)) if word)


def amount(stated: Stated, units: Units, decimal: str = ".") -> Amount:
    """The numbers and the unit of what a passage states, its words read beside a `decimal` point or comma.

    Codes: value-malformed, unit-unknown.
    """
    if stated.words is not None:
        return _from_words(stated.words, units, decimal)
    if stated.low is None or stated.high is None:
        raise ContentError(stated.position, "field-missing", "a stated range has both 'low' and 'high'")
    if stated.low > stated.high:
        message = f"low ({stated.low:g}) is greater than high ({stated.high:g})"
        raise ContentError(stated.position, "value-malformed", message)
    words = stated.unit if stated.unit is not None else SourceText("", stated.position)
    low, high = map(rounding, stated.written)
    return _amount((stated.low, stated.high), (low, high), words, units)


def _from_words(words: SourceText, units: Units, decimal: str) -> Amount:
    if len(words) > LONGEST:
        message = f"what a passage states has at most {LONGEST} characters; here are {len(words)}"
        raise ContentError(words.position, "limit-exceeded", message, "Write the number and its unit alone.")
    if _RANGE.fullmatch(words):
        message = f"'{words}' is a range: write {{low: …, high: …, unit: …}}"
        raise ContentError(words.position, "value-malformed", message)
    if about := _ABOUT.match(words):
        write = f"{about[2]} {about[1]}" if units.named(about[1]) else about[2]
        message = f"'{about[1]}' stands before the number; write the number and its unit alone: {write}"
        raise ContentError(words.position, "value-malformed", message)
    parts = _WORDS.fullmatch(words)
    if not parts:
        message = f"'{words}' does not begin with a number; write it like 1 Mrd. USD, 10 % or 4"
        raise ContentError(words.position, "value-malformed", message)
    try:
        value = number(parts["number"], decimal)
    except NumeralError as error:
        raise ContentError(words.at(parts.start("number")), "value-malformed", str(error)) from None
    unit_text = words.part(parts.start("unit"), parts.end("unit"))
    return _amount((value, value), (rounding(parts["number"]),) * 2, unit_text, units)


def _amount(ends: tuple[float, float], rounding: tuple[float, float], words: SourceText, units: Units) -> Amount:
    scale, unit_text, unit = _scaled(words, units)
    times = SCALES.get(scale, 1)
    try:
        # By way of the decimal digits, so that 5.576 Mio. are 5576000 and not a binary fraction beside it.
        least, most = (float(Fraction(repr(end)) * times) for end in ends)
    except OverflowError:
        message = f"{ends[1]:g} {scale} is too large a number"
        raise ContentError(words.position, "value-malformed", message) from None
    return Amount(low=least, high=most, rounding=rounding, scale=scale, unit=unit, unit_text=unit_text)


def _scaled(words: SourceText, units: Units) -> tuple[str, SourceText, Unit]:
    """The word of scale or an empty text, the words of the unit, and the unit."""
    first = _SCALED.fullmatch(words)
    if not first or first["scale"] not in SCALES:
        if first and units.named(first["scale"]) is None and (meant := _meant(first["scale"], first["unit"])):
            message = f"'{first['scale']}' is not a word of scale; did you mean {meant}?"
            raise ContentError(words.position, "value-malformed", message, f"they are {', '.join(SCALES)}")
        return "", words, units.parse(words)
    rest = words.part(first.start("unit"), first.end("unit")) if first["unit"] else SourceText("", words.position)
    return first["scale"], rest, units.parse(rest)


def _meant(scale: str, unit: str | None) -> str | None:
    """The word of scale that was meant, if one was: alone, it may also be a unit, as m is a metre."""
    if not unit and unit_spellings.hint(scale):
        return None
    if scale in _TWO_MEANINGS:
        return _TWO_MEANINGS[scale]
    words = (*SCALES, *_MEANT) if unit or scale.endswith(".") else ()
    slip = next((word for word in words if sorted(word) == sorted(scale)), None) or slip_of(scale, words)
    meant = _MEANT.get(scale) or _MEANT.get(slip or "", slip)
    return f"'{meant}'" if meant else None
