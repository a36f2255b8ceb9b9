"""Constraints between fields, or entries: what the `rules` of records are made of."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from randnotiz.diagnostics import ContentError, Diagnostic, Position
from randnotiz.numerals import readings
from randnotiz.schema.fields import number
from randnotiz.schema.records import owner
from randnotiz.yamldoc import Map


def exclusive(given: Map, one: str, other: str) -> Iterator[Diagnostic]:
    """The fault that two fields exclude each other."""
    if one in given and other in given:
        later = max(given.key(one), given.key(other), key=lambda key: key.start)
        message = f"'{one}' and '{other}' exclude each other"
        yield Diagnostic(later.position, "value-malformed", message, f"Leave '{one}' or '{other}' out.")


def needed(given: Map, noun: str, example: str, *names: str) -> Iterator[Diagnostic]:
    """The fault that none of some fields is there."""
    if not any(name in given for name in names):
        words = " nor ".join(f"'{name}'" for name in names)
        yield Diagnostic(owner(given), "field-missing", f"{noun} has neither {words}", f"Write '{example}'.")


def ascending(given: Map, *names: str) -> Iterator[Diagnostic]:
    """The fault that numbers do not ascend."""
    numbers = [
        (name, given[name], value) for name in names if name in given and (value := _float(given[name])) is not None
    ]
    for (lower, words, low), (upper, more, high) in pairwise(numbers):
        if low > high:
            message = f"'{lower}' ({words}) is greater than '{upper}' ({more})"
            yield Diagnostic(given.key(upper).position, "value-malformed", message, "Exchange the two numbers.")


def _float(value: Any) -> float | None:
    """A number for comparison, None where the field has a fault of its own, or has one in some languages."""
    try:
        words = number(value)
    except ContentError:
        return None
    return None if readings(words) else float(words)


def doubled(
    named: Iterable[tuple[str, Position]], what: str, hint: str = "Give one of the two another name."
) -> Iterator[Diagnostic]:
    """A fault for each name that was there before."""
    first: dict[str, Position] = {}
    for name, position in named:
        if name in first:
            there = first[name]
            where = f"line {there.line}" + ("" if there.path == position.path else f" of {there.path}")
            message = f"there is another {what} '{name}' in {where}"
            yield Diagnostic(position, "id-doubled", message, hint)
        else:
            first[name] = position
