"""Numbers that a chart's title names keep their ticks: "the factor is 4" must be seen on the axis, on a phone too."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import chain, pairwise
from typing import NamedTuple

from randnotiz.language import Locale, any_of, clock_pattern, days_pattern
from randnotiz.language.cldr import customs
from randnotiz.letters import CAPITALS

LETTER = 7.5  # the width of a letter of a label, a little generously
LETTERS_APART, LINES_APART = 6, 17  # pixels between labels below each other's ends, and between their lines


class Tick(NamedTuple):
    """A tick of an axis: its value, how far along the axis it stands in pixels, and its label."""

    value: float
    at: float
    label: str


_SPACED = r"[^\W\u3040-\u9fff]"  # a letter or digit, but for scripts that leave no blanks between words


def named(title: str, language: Locale) -> tuple[float, ...]:
    """The numbers that a title names, in digits or up to twelve in words; a percentage also as a share of one.

    Days, times of day and ordinals are none. A word is one before a measure or a further number, behind `factor`, as
    a noun, and where nothing follows; in `three ways` it only counts the ways.
    """
    known, rules = customs(language.tag), language.rules
    numbers = known.numbers
    percent = "|".join(map(re.escape, ("%", *rules.get("percent", ()))))
    scales = [(power, re.escape(word).replace("\u00a0", r"\s")) for word, power in known.scale_words.items()]
    title = _which_one(language.tag).sub("\n", title)
    found: dict[float, None] = {}

    scale = rf"\s*(?i:{'|'.join(f'({word})' for _, word in scales)})(?!{_SPACED})"

    def add(value: float, behind: str) -> None:
        scaled = re.match(scale, behind)
        found[value * 10 ** (scales[scaled.lastindex - 1][0] if scaled and scaled.lastindex else 0)] = None
        if re.match(rf"\s*(?:{percent})", behind):
            found[value / 100] = None

    group, decimal = re.escape(numbers.group), re.escape(numbers.decimal)
    digits = (
        rf"(?<!{_SPACED})(?<![.,-])([−-]?)(\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{decimal}(\d+))?(?!{_SPACED}|-|[.,]\d)"
    )
    for match in re.finditer(digits, title):
        value = float(f"{match[2].replace(numbers.group, '')}.{match[3] or 0}") * (-1 if match[1] else 1)
        add(value, title[match.end() :])
    spoken = {word: number for number, word in enumerate(rules.get("counting", "").split(), start=2)}
    word = rf"(?:{'|'.join(spoken) or '(?!)'})\b"
    if not re.search(rf"\b{word}", title, re.IGNORECASE):  # what tells amounts takes long to compile
        return tuple(found)
    units = map(re.escape, chain.from_iterable(rules.get("units", {}).get("words", {}).values()))
    measures = "|".join((percent, *(word for _, word in scales), *units))
    factors = any_of(rules.get("factors", ()))
    amounts = (
        rf"(?P<factor>\b(?:{factors})\s(?:\w+\s)?)?\b(?P<words>{word}(?:\s\w+\s{word})*)(?:"
        rf"(?P<amount>\W*$|\s*[,;:.!?)–]|\s(?:{measures})(?!\w)|\s\w+\s\d)|(?P<noun>(?=\s(?-i:[^\W\d{CAPITALS}]))))?"
    )
    for match in re.finditer(amounts, title, re.IGNORECASE):
        is_noun = match["noun"] is not None and match.start("words") and match["words"][0].isupper()
        if match["factor"] or match["amount"] is not None or is_noun:
            for one in re.findall(rf"\b{word}", match["words"], re.IGNORECASE):
                add(float(spoken[one.lower()]), title[match.end("words") :])
    return tuple(found)


@cache
def _which_one(tag: str) -> re.Pattern[str]:
    """Numbers that say which one: days beside a month, times of day, ordinals where the language writes them so."""
    ordinal = r"|\b\d+\.(?=\s[^\W\d])" if customs(tag).numbers.decimal == "," else ""
    return re.compile(rf"{days_pattern(tag)}|{clock_pattern(tag)}|\b\d{{1,3}}:\d{{1,3}}\b{ordinal}")


def ends(values: Sequence[float]) -> list[float]:
    """Those of an axis that are read first: the least, the greatest, and zero."""
    return [value for value in values if value in (0, min(values), max(values))]


def may_reach(values: Sequence[float], number: float) -> bool:
    """Whether an axis with ticks at these values, in order, may pass a number: with even steps it does not reach the
    next one.
    """
    steps = [after - before for before, after in pairwise(values)]
    if len(steps) < 2 or max(steps) - min(steps) > max(steps) / 1_000:
        return True
    return values[0] - steps[0] < number < values[-1] + steps[0]


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
