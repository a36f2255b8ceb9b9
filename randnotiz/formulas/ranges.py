"""The range of a result: its program run over the ends of its inputs and a grid between them.

The points are, in this order, and the page's script makes the same ones:

1. the best values of all inputs;
2. for each uncertain input, in order of appearance, its 33 evenly spaced values with all others at best;
3. where there are two or more, all combinations of evenly spaced values of the uncertain inputs, the last input
   moving fastest: 9 values each for two inputs, 5 for three or four, 3 for five to seven, 2 for eight.

The value at index j of k evenly spaced ones is `low * (1 - t) + high * t` with `t = j / (k - 1)`, so that the first
is low and the last is high to the last digit. The result's low and high are the least and the greatest over all
points, its best is point 1, and an input's sensitivity the least and the greatest of its part of 2 and point 1.
That is exact where a formula only rises or only falls with each input, since the ends are among the values. At
most 2,419 points (seven inputs).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import isfinite

from randnotiz.formulas.programs import Column, run, settled
from randnotiz.formulas.typed_expressions import TypedExpression
from randnotiz.model import Agreement, Quantity, Range, Tolerance

MOST_UNCERTAIN = 8
TOLERANCE = 0.1  # unless the author gives one
MOST_ROUNDING = 0.15
SLACK = 1e-9
SWEEP = 33
GRID = (0, 0, 9, 5, 5, 3, 3, 3, 2)  # by the number of uncertain inputs


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """The lowest, the best and the highest result, and where it lies when only one input moves, widest first."""

    low: float
    best: float
    high: float
    sensitivity: Mapping[str, tuple[float, float]]


def estimate(of: TypedExpression, quantities: Mapping[str, Quantity]) -> Estimate:
    """The range of a term over those of its inputs; `programs.UndefinedError` where it has no value somewhere."""
    points = columns({name: quantities[name] for name in of.inputs})
    length = size(sum(quantities[name].uncertain for name in of.inputs))
    computed = list(zip(*run(of.program, points, length), strict=True))
    uncertain = [name for name in of.inputs if quantities[name].uncertain]
    moved = {}
    for place, name in enumerate(uncertain):
        moved[name] = _ends([computed[0], *computed[1 + place * SWEEP : 1 + (place + 1) * SWEEP]])
    widest = sorted(moved.items(), key=lambda entry: entry[1][0] - entry[1][1])
    low, high = _ends(computed)
    return Estimate(low=low, best=settled(*computed[0]), high=high, sensitivity=dict(widest))


def _ends(computed: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The least and the greatest of values with their bounds."""
    ordered = sorted(computed)
    return settled(*ordered[0]), settled(*ordered[-1])


def columns(inputs: Mapping[str, Quantity]) -> dict[str, Column]:
    """The numbers of each input at all points, in the order above."""
    uncertain = [name for name, quantity in inputs.items() if quantity.uncertain]
    steps = GRID[len(uncertain)]
    grid = zip(*product(*(axis(inputs[name], steps) for name in uncertain)), strict=True) if steps else ()
    grids = dict(zip(uncertain, grid, strict=bool(steps)))
    length = size(len(uncertain))
    points: dict[str, Column] = {}
    for name, quantity in inputs.items():
        column = [quantity.best] * length
        if quantity.uncertain:
            start = 1 + uncertain.index(name) * SWEEP
            column[start : start + SWEEP] = axis(quantity, SWEEP)
            if name in grids:
                column[1 + len(uncertain) * SWEEP :] = grids[name]
        points[name] = column
    return points


def size(uncertain: int) -> int:
    """How many points there are for so many uncertain inputs."""
    return 1 + uncertain * SWEEP + (GRID[uncertain] ** uncertain if GRID[uncertain] else 0)


def axis(quantity: Quantity, steps: int) -> list[float]:
    """Evenly spaced values from low to high, both ends exact.

    The shares are exact in binary, so that each value is off by what two products and their sum are: less than
    2**-51 of the greater end. One that this cannot tell from 0 is 0.
    """
    shares = [step / (steps - 1) for step in range(steps)]
    values = [quantity.low * (1 - share) + quantity.high * share for share in shares]
    noise = 2.0**-51 * max(abs(quantity.low), abs(quantity.high))
    return [
        0.0 if abs(value) <= noise and 0 < share < 1 else value for value, share in zip(values, shares, strict=True)
    ]


def default_tolerance(rounding: float) -> Tolerance:
    """How far a stated number may be off if its author does not say: 10 % or, since a number that was correctly
    rounded is not wrong, half of its last digit (`numerals.rounding`), but at most 15 %.
    """
    rounding = min(rounding, MOST_ROUNDING)
    return Tolerance(max(TOLERANCE, rounding), rounding)


def agreement(low: float, high: float, stated: Range, tolerances: tuple[Tolerance, Tolerance]) -> Agreement:
    """Whether a range overlaps the stated one widened by the tolerances, and the factor between their nearest ends.

    Each stated end is moved outwards by its own size times its own tolerance, so that negative numbers widen too
    and zero stays zero. A billionth is added, so that 10 % more than 1.1 does not hang on the last binary digit. A
    result beyond one end is within the other, so that the tolerance of one decides.
    """
    least, most = stated.low, stated.high
    ours, theirs, applied = (low, most, tolerances[1]) if low > most else (high, least, tolerances[0])

    def meets(share: float) -> bool:
        share += SLACK
        return low <= most + abs(most) * share and high >= least - abs(least) * share

    agrees = meets(applied.share)
    return Agreement(
        stated=stated,
        tolerances=tolerances,
        tolerance=applied.share,
        agrees=agrees,
        only_by=None if meets(0) or not agrees else "rounding" if meets(applied.rounding) else "tolerance",
        factor=1.0 if agrees else _factor(ours, theirs),
    )


def _factor(one: float, other: float) -> float | None:
    """How many times one number is the other, the greater divided by the smaller; None if that is no number."""
    if one == 0 or other == 0 or (one < 0) != (other < 0):
        return None
    nearer, farther = sorted((abs(one), abs(other)))
    return farther / nearer if isfinite(farther / nearer) else None
