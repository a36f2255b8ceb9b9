"""Numbers that a chart's title names keep their ticks: "the factor is 4" must be seen on the axis, on a phone too."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from randnotiz.language import Locale
from randnotiz.language.cldr import customs

LETTER = 7.5  # the width of a letter of a label, a little generously
LETTERS_APART, LINES_APART = 6, 17  # pixels between labels below each other's ends, and between their lines


class Tick(NamedTuple):
    """A tick of an axis: its value, how far along the axis it stands in pixels, and its label."""

    value: float
    at: float
    label: str


def named(title: str, language: Locale) -> tuple[float, ...]:
    """The numbers that a title names, in digits or up to twelve in words; a percentage also as a share of one."""
    found: dict[float, None] = {}
    percent = ("%", *language.rules.get("percent", ()))
    numbers = customs(language.tag).numbers
    group, decimal = re.escape(numbers.group), re.escape(numbers.decimal)
    digits = rf"(?<![\w.,-])([−-]?)(\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{decimal}(\d+))?(?![\w-]|[.,]\d)"
    for match in re.finditer(digits, title):
        value = float(f"{match[2].replace(numbers.group, '')}.{match[3] or 0}") * (-1 if match[1] else 1)
        behind = title[match.end() :].lstrip()
        power = next((scale.power for scale in numbers.scales if behind.startswith(scale.word.strip())), 0)
        found[value * 10**power] = None
        if behind.startswith(percent):
            found[value / 100] = None
    spoken = {word: number for number, word in enumerate(language.rules.get("counting", "").split(), start=2)}
    found |= {float(spoken[word]): None for word in re.findall(r"\w+", title.lower()) if word in spoken}
    return tuple(found)


def ends(values: Sequence[float]) -> list[float]:
    """Those of an axis that are read first: the least, the greatest, and zero."""
    return [value for value in values if value in (0, min(values), max(values))]


def kept(ticks: Sequence[Tick], order: Sequence[float], *, across: bool) -> list[float]:
    """The values that have room on an axis, those that come first in the order before the rest; `across` is an axis
    from left to right.
    """
    at = {tick.value: tick for tick in ticks}
    outer = {place(tick.at for tick in ticks) for place in (min, max)} if ticks else set()
    stay: list[Tick] = []
    for value in dict.fromkeys(order):
        tick = at.get(value)
        if (
            tick
            and tick.label
            and all(abs(tick.at - other.at) >= _apart(tick, other, across, outer) for other in stay)
        ):
            stay.append(tick)
    return sorted(tick.value for tick in stay)


def _apart(one: Tick, other: Tick, across: bool, outer: Collection[float]) -> float:
    """How many pixels two ticks must be apart; outer labels lie within the axis, not in the middle of their ticks."""
    halves = sum(len(tick.label) * (2 if tick.at in outer else 1) for tick in (one, other))
    return halves / 2 * LETTER + LETTERS_APART if across else LINES_APART


def paired(values: Sequence[tuple[str, float]], labels: Sequence[tuple[str, float]]) -> Iterator[Tick]:
    """The ticks of an axis drawn twice, once with their values as labels; nothing where the two differ."""
    if len(values) == len(labels):
        for (value, at), (label, _) in zip(values, labels, strict=True):
            yield Tick(float(value), at, label)
