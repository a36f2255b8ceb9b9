"""Numbers as authors may write them: `digits[.digits][e[±]digits]` with an optional minus, and nothing else."""

import re
from math import isfinite

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"(-?[1-9][0-9]{0,2})\.([0-9]{3})")
_GROUPS = re.compile(r"-?[0-9]{1,3}(?:[ .,_'’\u00a0\u202f][0-9]{3})+")
_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_LONGEST = 60  # as many digits as anyone could mean


def number(words: str) -> float:
    """The number these words write; ValueError with what to type instead."""
    if ambiguous := _THOUSANDS.fullmatch(words):
        raise ValueError(f"'{words}' can be read in two ways: write {_both_readings(*ambiguous.groups())}")
    if _NUMBER.fullmatch(words) and len(words) <= _LONGEST:
        value = float(words)
        if not isfinite(value):
            raise ValueError(f"'{words}' is too large to compute with")
        return value
    raise ValueError(_what_to_type(words))


def _both_readings(whole: str, rest: str) -> str:
    """The two numbers that `50.000` may mean, each in a form that means only one."""
    decimals = rest.rstrip("0")
    if not decimals:
        decimals = "0"
    elif len(decimals) == len(rest):
        decimals += "0"
    return f"{whole}{rest} or {whole}.{decimals}"


def _what_to_type(words: str) -> str:
    shown = words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
    if len(words) > _LONGEST:
        return f"'{shown}' has more digits than a number may have ({_LONGEST})"
    digits = re.sub(r"[^0-9-]", "", words)
    if words[:1] in ("−", "–"):
        return f"'{shown}' begins with a dash: write -{words[1:]}"
    if _COMMA.fullmatch(words):
        point = words.replace(",", ".")
        if _GROUPS.fullmatch(words):
            whole, rest = words.split(",")
            return f"'{shown}' can be read in two ways: write {_both_readings(whole, rest)}"
        return f"'{shown}' has a decimal comma: write {point}"
    if _GROUPS.fullmatch(words):
        return f"'{shown}' groups its digits: write {digits}"
    if re.fullmatch(r"-?0[0-9]+(?:\.[0-9]+)?", words):
        sign, rest = ("-", words[1:]) if words.startswith("-") else ("", words)
        return f"'{shown}' begins with a zero: write {sign}{rest.lstrip('0') or '0'}"
    if re.fullmatch(r"-?\.[0-9]+", words):
        return f"'{shown}' begins with its point: write {words.replace('.', '0.')}"
    if re.fullmatch(r"-?[0-9]+\.", words):
        return f"'{shown}' ends with its point: write {words[:-1]}"
    return f"'{shown}' is not a number; a number is written like 50000, 3.5 or 1.2e9"
