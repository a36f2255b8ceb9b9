"""What a passage states: `1 Mrd. USD`, `10 %`, `4`, or a range in a unit."""

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from msgspec import Struct

from randnotiz import language
from randnotiz.diagnostics import ContentError, SourceText
from randnotiz.formulas import unit_spellings
from randnotiz.formulas.unit_list import scales as scale_words
from randnotiz.formulas.unit_spellings import slip_of
from randnotiz.formulas.units import Unit, Units
from randnotiz.model import Stated
from randnotiz.numerals import NumeralError, number, rounding

LONGEST = 200  # characters

_WORDS = re.compile(r"\s*(?P<number>[^\sA-Za-z%‰€$£¥°]+(?:[eE][+-]?[0-9]+)?)\s*(?P<unit>.*?)\s*", re.DOTALL)
_FIRST = re.compile(r"(?P<scale>\S+)(?:\s+(?P<unit>.*))?", re.DOTALL)
_ABOUT = re.compile(
    r"\s*((?:[^\W\d_]+\.?\s+){0,2}[^\W\d_]+\.?|ca\.|[~≈<>≤≥±])\s*(-?[0-9].*)", re.DOTALL
)  # rund 5, more than 5, über 5, ~5
# What editors write for words of scale in any language; k and m are units as well.
_SHORT = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "trn": "trillion"}
Scales = Mapping[str, tuple[int, ...]]


class Amount(Struct, frozen=True, kw_only=True):
    """What a passage states: its lowest and its highest number in a unit, the word of scale multiplied in.

    `rounding` is half of the last digit of each, as a share of it; `scale` and `unit_text` are the author's own
    words, for messages.
    """

    low: float
    high: float
    rounding: tuple[float, float]
    scale: str
    times: int  # what the word of scale multiplies by
    unit: Unit
    unit_text: SourceText

    @property
    def words(self) -> str:
        """The scale and the unit."""
        return " ".join(word for word in (self.scale, str(self.unit)) if word)


def amount(
    stated: Stated, units: Units, decimal: str = ".", scales: Scales = MappingProxyType({}), lang: str = "en"
) -> Amount:
    """The numbers and the unit of what a passage states, its words read beside a `decimal` point or comma, the words
    of scale (unit_list.scales; those of English and German) and what joins numbers in the language `lang`.

    Codes: value-malformed, unit-unknown.
    """
    scales = scales or scale_words()
    if stated.words is not None:
        return _from_words(stated.words, units, decimal, scales, lang)
    if stated.low is None or stated.high is None:
        raise ContentError(stated.position, "field-missing", "a stated range has both 'low' and 'high'")
    if stated.low > stated.high:
        message = f"low ({stated.low:g}) is greater than high ({stated.high:g})"
        raise ContentError(stated.position, "value-malformed", message)
    words = stated.unit if stated.unit is not None else SourceText("", stated.position)
    low, high = map(rounding, stated.written)
    return _amount((stated.low, stated.high), (low, high), words, units, scales)


def _from_words(words: SourceText, units: Units, decimal: str, scales: Scales, lang: str) -> Amount:
    if len(words) > LONGEST:
        message = f"what a passage states has at most {LONGEST} characters; here are {len(words)}"
        raise ContentError(words.position, "limit-exceeded", message, "Write the number and its unit alone.")
    joining = language.any_of(language.words_of(lang, "joining"))
    if re.fullmatch(rf"\s*-?[0-9.,]+\s*(?:[-–]|{joining})\s*[0-9].*", words, re.DOTALL):
        message = f"'{words}' is a range: write {{low: …, high: …, unit: …}}"
        raise ContentError(words.position, "value-malformed", message)
    if about := _ABOUT.match(words):
        write = f"{about[2]} {about[1]}" if units.named(about[1]) else about[2]
        message = f"'{about[1]}' stands before the number; write the number and its unit alone: {write}"
        raise ContentError(words.position, "value-malformed", message)
    parts = _WORDS.fullmatch(words)
    if not parts:
        message = f"'{words}' does not begin with a number; write it like 5 million USD, 10 % or 4"
        raise ContentError(words.position, "value-malformed", message)
    try:
        value = number(parts["number"], decimal)
    except NumeralError as error:
        raise ContentError(words.at(parts.start("number")), "value-malformed", str(error)) from None
    unit_text = words.part(parts.start("unit"), parts.end("unit"))
    return _amount((value, value), (rounding(parts["number"]),) * 2, unit_text, units, scales)


def _amount(
    ends: tuple[float, float],
    rounding: tuple[float, float],
    words: SourceText,
    units: Units,
    scales: Scales,
) -> Amount:
    scale, unit_text = _scaled(words, units, scales)
    unit, times = units.parse(unit_text), 10 ** scales.get(scale, (0,))[0]
    try:
        # By way of the decimal digits, so that 5.576 Mio. are 5576000 and not a binary fraction beside it.
        least, most = (float(Fraction(repr(end)) * times) for end in ends)
    except OverflowError:
        message = f"{ends[1]:g} {scale} is too large a number"
        raise ContentError(words.position, "value-malformed", message) from None
    return Amount(low=least, high=most, rounding=rounding, scale=scale, times=times, unit=unit, unit_text=unit_text)


def _scaled(words: SourceText, units: Units, scales: Scales) -> tuple[str, SourceText]:
    """The word of scale or an empty text, and the words of the unit."""
    for scale in scales:  # mil millones, with its blank
        if words.startswith(scale) and words[len(scale) : len(scale) + 1] in ("", " ") and len(scales[scale]) == 1:
            unit = words.part(len(scale), len(words))
            return scale, unit.part(len(unit) - len(unit.lstrip()), len(unit))
    first = _FIRST.fullmatch(words)
    if first and units.named(first["scale"]) is None and (meant := _meant(first["scale"], first["unit"], scales)):
        two = first["scale"] in scales
        what = "is another number in English" if two else "is not a word of scale"
        message = f"'{first['scale']}' {what}; did you mean {meant}?"
        raise ContentError(words.position, "value-malformed", message, "" if two else known(scales))
    return "", words


def known(scales: Scales) -> str:
    """The words of scale that are one number, for a hint."""
    return (
        f"they are {', '.join(sorted((word for word in scales if len(scales[word]) == 1), key=scales.__getitem__))}"
    )


def _meant(scale: str, unit: str | None, scales: Scales) -> str:
    """The words of scale that were meant, if any was: alone, it may also be a unit, as m is a metre."""
    if not unit and unit_spellings.hint(scale):
        return ""
    if powers := scales.get(scale):
        sure = [min((word for word in scales if scales[word] == (power,)), key=len) for power in powers]
        return " or ".join(f"'{word}' (10**{power})" for word, power in zip(sure, powers, strict=True))
    words = tuple(scales) if unit or scale.endswith(".") else ()
    folded = {word.casefold().rstrip("."): word for word in scales}
    slip = next((word for word in words if sorted(word) == sorted(scale)), None) or slip_of(scale, words)
    meant = _SHORT.get(scale) or folded.get(scale.casefold().rstrip("."), slip)
    return f"'{meant}'" if meant else ""
