"""The grammar of numbers as authors write them, one for fields, formulas and what a passage states.

A number is what JSON takes for one (RFC 8259, section 6): digits with a point before decimals and an exponent, and
no needless zero before them. Three digits behind a point may be meant as thousands, `50.000`, where the language
has a comma before decimals; a zero before the point, an exponent, or one digit more or less, and it is clear.
"""

import re
from decimal import Decimal
from math import isfinite

LONGEST = 300  # characters
_SHOWN = 60  # characters of a longer one that a message repeats

GRAMMAR = re.compile(
    r"(?P<minus>-?)(?P<whole>0|[1-9][0-9]*)(?:\.(?P<decimals>[0-9]+))?(?:[eE](?P<power>[+-]?[0-9]+))?"
)
_TWO_READINGS = re.compile(r"(-?[1-9][0-9]{0,2})[.,]([0-9]{3})")
_AMOUNT = re.compile(
    r"[=~≈:]?\s*(?P<before>[^\W\d][\w*/]*)?\s*(?P<number>-?[\d.][\d.,]*)?(?:\s?/\s?(?P<divisor>[1-9]\d*))?\s*[*×·x]?\s*"
    r"(?P<behind>[^\W\d][\w*/ ]*|[€$£¥%°]\w*)?"
)
_SPACED = re.compile(r"[+-]?[0-9]{1,3}(?:[ _'’\u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?")
_BY_COMMA = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_BY_POINT = re.compile(r"-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")


class NumeralError(ValueError):
    """Words that are no number: `reason` goes on after them, `write` is what to write instead, or empty."""

    def __init__(self, words: str, reason: str, *write: str) -> None:
        self.reason = reason
        self.write = " or ".join(write)
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        super().__init__(f"'{shown}' {reason}" + (f": write {self.write}" if write else ""))


def number(words: str, decimal: str = ".") -> float:
    """The number these words write, in a text whose language puts `decimal` before decimals; or NumeralError."""
    if len(words) > LONGEST:
        raise NumeralError(words, f"has more digits than a number may have ({LONGEST})")
    if not GRAMMAR.fullmatch(words):
        raise _otherwise(words)
    if two := readings(words, decimal):
        raise NumeralError(words, "can be read in two ways", *two)
    value = float(words)
    if value == 0 and words.lower().partition("e")[0].strip("-0."):
        raise NumeralError(words, "is nearer to 0 than any number that can be computed with", "1e-300 at least")
    if not isfinite(value):
        raise NumeralError(words, "is larger than any number that can be computed with", "1e300 at most")
    return value


def meant(words: str) -> str:
    """How a number is written that these words write otherwise; an empty text if they are one, or none at all."""
    return "" if GRAMMAR.fullmatch(words) else _otherwise(words).write


def amount_meant(words: str) -> str:
    """How one number and its unit are written that these words write otherwise: `0.01 CHF` of `CHF 0,01`, `1/100 CHF`
    and `= 0.01*CHF`, `1 CHF` of `CHF`; an empty text where that is not clear.
    """
    found = _AMOUNT.fullmatch(words.strip())
    if (
        not found
        or not (found["before"] or found["behind"] or found["number"])
        or (found["before"] and found["behind"])
    ):
        return ""
    count = meant(found["number"] or "1") or found["number"] or "1"
    if not GRAMMAR.fullmatch(count):
        return ""
    if found["divisor"]:
        count = f"{Decimal(count) / int(found['divisor']):f}"
    return f"{count} {found['before'] or found['behind'] or ''}".strip() if len(count) < _SHOWN / 3 else ""


def readings(words: str, decimal: str = ",") -> tuple[str, ...]:
    """The two numbers that `50.000` may mean beside a `decimal` comma, each in a clear form; none if it is clear.

    `1.609e0` has the author's own digits, and is printed as it would be without the exponent.
    """
    found = _TWO_READINGS.fullmatch(words)
    if not found or ("." in words and decimal == "."):
        return ()
    whole, rest = found.groups()
    decimals = rest.rstrip("0")
    if len(decimals) == len(rest):
        return whole + rest, f"{whole}.{rest}e0"
    return whole + rest, f"{whole}.{decimals or 0}" if decimals or "." in words else whole


def rounding(words: str) -> float:
    """Half of the last digit written as a share of the number: 0.125 of `4` and of `40000`, 0.0125 of `4.0`.

    Zeros before the point do not count as written, since they may only hold the place: nobody knows how far
    `40000` was rounded. Nothing (0.0) of a zero.
    """
    found = GRAMMAR.fullmatch(words)
    assert found  # noqa: S101 - `number` has read it
    digits = int(found["whole"] + found["decimals"] if found["decimals"] else found["whole"].rstrip("0") or "0")
    return 0.5 / digits if digits else 0.0


def _otherwise(words: str) -> NumeralError:
    """What is wrong with words that another custom, or a slip, makes of a number."""
    bare = re.sub(r"[ _'’\u00a0\u202f]", "", words) if _SPACED.fullmatch(words) else words
    if two := readings(bare):
        return NumeralError(words, "can be read in two ways", *two)
    for reason, meant in (
        ("begins with a dash", re.sub(r"^[−–]", "-", words)),
        ("groups its digits", bare),
        ("begins with a plus", bare.removeprefix("+")),
        ("has a decimal comma", bare.replace(",", ".")),
        ("groups its digits", bare.replace(",", "") if _BY_COMMA.fullmatch(bare) else ""),
        ("groups its digits", bare.replace(".", "").replace(",", ".") if _BY_POINT.fullmatch(bare) else ""),
        ("begins with a zero", re.sub(r"^(-?)0+(?=[0-9])", r"\1", bare)),
        ("begins with its point", re.sub(r"^(-?)\.", r"\g<1>0.", bare)),
        ("ends with its point", bare.removesuffix(".")),
    ):
        if GRAMMAR.fullmatch(meant):
            return NumeralError(words, reason, *(readings(meant) or (meant,)))
    return NumeralError(words, "is not a number; a number is written like 50000, 3.5 or 1.2e9")
