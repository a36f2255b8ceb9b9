"""The ends of a result's range, and what is proven of them: against brute force, and where a divisor is 0."""

import itertools
import math
import random
from collections.abc import Iterable

import pytest

from randnotiz import formulas
from randnotiz.diagnostics import SourceText
from randnotiz.formulas import programs, ranges
from randnotiz.formulas.intervals import Undecided, enclosure, tree
from randnotiz.formulas.units import Units
from randnotiz.model import Json, Quantity

Ranges = dict[str, tuple[float, float]]


def quantities(of: Ranges) -> dict[str, Quantity]:
    return {
        name: Quantity(
            name=name,
            label=SourceText(name),
            low=float(low),
            best=(low + high) / 2,
            high=float(high),
            unit=SourceText(""),
            written=(SourceText(str(low)), SourceText(str(high))),
        )
        for name, (low, high) in of.items()
    }


def estimated(formula: str, of: Ranges) -> ranges.Estimate:
    inputs = {name: formulas.TypedExpression(program=["q", name], inputs=(name,)) for name in of}
    meant = formulas.typed(formulas.parse(SourceText(formula)), inputs, Units())
    return formulas.estimate(meant, quantities(of))


UNIT = {"x": (0.0, 1.0)}
SQUARE = {"x": (0.0, 1.0), "y": (0.0, 1.0)}


@pytest.mark.parametrize(
    ("formula", "of", "where"),
    [
        ("1 / (x - 0.3)", UNIT, {"x": 0.3}),
        ("1 / (x - 0.3) ** 2", UNIT, {"x": 0.3}),
        ("1 / abs(x - 0.3)", UNIT, {"x": 0.3}),
        ("1 / (x ** 2 - 0.6 * x + 0.09)", UNIT, {"x": 0.3}),
        ("1 / ((x - 0.3) ** 2 - 1e-9)", UNIT, None),
        ("1 / ((x - 0.3) * (x - 0.30001))", UNIT, None),
        ("(x - 0.3) ** -1", UNIT, {"x": 0.3}),
        ("(x - 0.3) ** -2", UNIT, {"x": 0.3}),
        ("1 / log(x + 0.7)", UNIT, {"x": 0.3}),
        ("1 / (1 - exp(x - 0.3))", UNIT, {"x": 0.3}),
        ("log(x - 0.01 * round(100 * x) + 0.0049)", UNIT, None),
        ("log((x - 0.3) ** 2)", UNIT, {"x": 0.3}),
        ("sqrt((x - 0.3) ** 2 - 1e-7)", UNIT, {"x": 0.3}),
        ("((x - 0.3) ** 2 - 1e-7) ** 0.5", UNIT, {"x": 0.3}),
        ("1 / (min(x, 0.31) - 0.3)", UNIT, {"x": 0.3}),
        ("1 / (x * y - 0.123)", SQUARE, None),
        ("x ** (y - 0.3)", SQUARE, {"x": 0.0, "y": 0.0}),
        ("1 / (x - y)", SQUARE, None),
        ("1 / ((x - 0.3) ** 2 + (y - 0.7) ** 2)", SQUARE, {"x": 0.3, "y": 0.7}),
        ("1 / (x ** 2 - 2 * x * y + y ** 2)", {"x": (0.0, 1.0), "y": (0.3, 2.0)}, None),
        ("1 / (1 / (x - 2) + 1 / (y + 0.7))", SQUARE, None),
        ("log(x + 1) / log(y + 0.55)", SQUARE, None),
        ("1 / (x + y - z - 0.123)", {**SQUARE, "z": (0.0, 1.0)}, None),
    ],
)
def test_a_divisor_that_is_0_between_the_points_is_found(formula: str, of: Ranges, where: Ranges | None) -> None:
    with pytest.raises(formulas.UndefinedError) as caught:
        estimated(formula, of)
    assert set(caught.value.point) == set(of)
    if where is not None:
        assert caught.value.point == pytest.approx(where, abs=1e-3)


@pytest.mark.parametrize(
    ("formula", "of", "low", "high"),
    [
        ("1 / ((x - 0.3) ** 2 + 1e-9)", UNIT, 1 / (0.49 + 1e-9), 1e9),
        ("1 / (x - y)", {"x": (0.0, 1.0), "y": (1.001, 2.0)}, -1000, -0.5),
        ("(x - y) / (x + y)", {"x": (0.1, 1.0), "y": (0.1, 5.0)}, -4.9 / 5.1, 0.9 / 1.1),
        ("x / (x + y)", {"x": (1.0, 100.0), "y": (1.0, 2.0)}, 1 / 3, 100 / 101),
        ("x - x", UNIT, 0, 0),
        ("x / x", {"x": (1.0, 9.0)}, 1, 1),
        ("abs(x - 1 / 3)", UNIT, 0, 2 / 3),
        ("(x - 0.3) ** 2", {"x": (0.0, 1000.0)}, 0, 999.7**2),
        ("x * exp(-x)", {"x": (0.0, 20.0)}, 0, 1 / math.e),
        ("exp(-((x - 0.3141) ** 2) * 1e6)", UNIT, 0, 1),
        ("exp(-((x - 0.3141) ** 2 + (y - 0.61) ** 2) * 1e4)", SQUARE, 0, 1),
        ("abs(2 * x - 3 * y) + 0.01 * x", SQUARE, 0, 3),
        ("sqrt(x ** 2 + y ** 2)", {"x": (-1.0, 0.7), "y": (-0.3, 1.0)}, 0, math.sqrt(2)),
        ("(1 - x) ** 2 + 100 * (y - x ** 2) ** 2", {"x": (-2.0, 2.0), "y": (-1.0, 3.0)}, 0, 2509),
        ("abs(2 * x - 3 * y) - 0.01 * x", SQUARE, -0.01, 3),
        ("1000 * abs(2 * x - 3 * y) + 0.3 * x - 0.1 * y + 0.002", SQUARE, 0.002, 3000 - 0.1 + 0.002),
        ("x ** y", {"x": (0.0, 2.0), "y": (1.0, 3.0)}, 0, 8),
        ("x ** y", {"x": (0.0, 1.0), "y": (0.0, 0.5)}, 0, 1),  # 0 ** 0 is 1
        ("round(x) - x", {"x": (0.1, 9.7)}, -0.5, 0.5),
        ("min(x, 0.5) * max(y, 0.5)", SQUARE, 0, 0.5),
        ("a * b / (a + b) - c * d / (c + d)", dict.fromkeys("abcd", (1.0, 100.0)), -49.5, 49.5),
        ("a / (a + b + c + d + e + f + g + h)", dict.fromkeys("abcdefgh", (1.0, 100.0)), 1 / 701, 100 / 107),
    ],
)
def test_the_ends_are_found_between_the_points_and_proven(formula: str, of: Ranges, low: float, high: float) -> None:
    found = estimated(formula, of)
    assert not found.unproven
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("formula", "of", "open_"),
    [
        ("1 / (round(x) - 0.5)", {"x": (0.0, 2.0)}, "whether it has a value everywhere"),
        (
            "1 / (x ** 2 + 2 * x * y + y ** 2 + 0.0001)",
            {"x": (-1.0, 1.0), "y": (-1.2, 1.0)},
            "whether it has a value everywhere",
        ),
    ],
)
def test_what_intervals_cannot_decide_stays_open(formula: str, of: Ranges, open_: str) -> None:
    assert estimated(formula, of).unproven == open_


def test_one_input_alone_moves_as_far_as_it_can() -> None:
    found = estimated("x * exp(-x) + y", {"x": (0.0, 20.0), "y": (0.0, 2.0)})
    assert list(found.sensitivity) == ["y", "x"]
    assert found.sensitivity["x"] == pytest.approx((1, 1 + 1 / math.e))


def test_where_the_plain_search_stops_short_the_figure_says_where_to_begin() -> None:
    """On a crease that runs askew no step along one input leads down."""
    found = estimated("abs(2 * x - 3 * y) - 0.01 * x", SQUARE)
    (start,) = found.at
    assert start == pytest.approx({"x": 1, "y": 2 / 3})


# ---- random formulas ----

STEPS = ["+", "-", "*", "/", "**", "neg", "abs", "min", "max", "exp", "sqrt", "log", "log2", "log10", "round"]


def program(dice: random.Random, depth: int) -> Json:
    """A program over x and y."""
    if depth == 0 or dice.random() < 0.12:
        return ["q", dice.choice("xy")] if dice.random() < 0.7 else dice.choice([1, 2, 3, 0.5, 0.1, -1, 10, -0.37])
    step = dice.choice(["+", "-", "*", "/", *STEPS])
    first = program(dice, depth - 1)
    if step in ("+", "-", "*", "/", "min", "max"):
        return [step, first, program(dice, depth - 1)]
    return [step, first, dice.choice([2, 3, -1, -2, 0.5])] if step == "**" else [step, first]


def inputs(of: Json) -> tuple[str, ...]:
    return tree(of).inputs


def random_cases(seed: int, count: int) -> Iterable[tuple[Json, Ranges]]:
    dice = random.Random(seed)
    while count:
        made = program(dice, dice.choice([2, 3, 4]))
        names = inputs(made)
        lows = {name: dice.choice([-2.0, -1.0, 0.0, 0.1, 1.0, 5.0]) for name in names}
        if names:
            count -= 1
            yield made, {name: (low, low + dice.choice([0.5, 1.0, 3.0, 10.0])) for name, low in lows.items()}


def by_brute_force(made: Json, of: Ranges, many: int) -> tuple[float, float]:
    """The least and the greatest at `many` values of one input, or a fiftieth of that each for two."""
    count = many if len(of) == 1 else many // 50
    axes = [[low + (high - low) * at / (count - 1) for at in range(count)] for low, high in of.values()]
    points = list(itertools.product(*axes))
    values, _ = programs.run(made, dict(zip(of, zip(*points, strict=True), strict=True)), len(points))
    return min(values), max(values)


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 6))])
def test_random_formulas_reach_no_further_than_their_range(seed: int, request: pytest.FixtureRequest) -> None:
    """50 of each seed: none goes a thousandth of its width beyond; none that has a result lacks a value anywhere."""
    faults, unproven, computed = 0, 0, 0
    for made, of in random_cases(seed, 50):
        term = formulas.TypedExpression(program=made, inputs=tuple(of), steps=len(str(made)) // 8 + 1)
        try:
            found = formulas.estimate(term, quantities(of))
        except formulas.UndefinedError:
            faults += 1
            continue
        low, high = by_brute_force(made, of, 20_000 if request.config.getoption("--long") else 4_000)
        width = max(found.high, high) - min(found.low, low)
        slack = 0.001 * width + 1e-12 * max(abs(low), abs(high))
        assert found.low <= low + slack, (made, of)
        assert found.high >= high - slack, (made, of)
        computed, unproven = computed + 1, unproven + bool(found.unproven)
    assert computed >= 20
    assert unproven <= 3


@pytest.mark.parametrize("seed", range(4))
def test_an_interval_holds_every_value_of_its_box(seed: int) -> None:
    held, dice = 0, random.Random(seed)
    for made, of in random_cases(seed, 250):
        try:
            given = enclosure(tree(made), of)
        except Undecided:
            continue
        points = {
            name: [low, high, *(dice.uniform(low, high) for _ in range(30))] for name, (low, high) in of.items()
        }
        values, _ = programs.run(made, points, 32)
        slack = 1e-12 * max(map(abs, values))
        assert given.value[0] - slack <= min(values), (made, of)
        assert max(values) <= given.value[1] + slack, (made, of)
        held += 1
    assert held > 80
