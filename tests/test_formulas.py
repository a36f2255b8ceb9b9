"""Formulas: what they compute, what they refuse, and what they tell an author to type instead."""

import json
import math
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from randnotiz import formulas
from randnotiz.codes import Code
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText
from randnotiz.expressions import FUNCTIONS, LONGEST
from randnotiz.formulas import Element, TypedExpression, Units, unit_list
from randnotiz.formulas.__main__ import work_out
from randnotiz.formulas.stated import known
from randnotiz.formulas.unit_list import scales
from randnotiz.model import Figure, Json, Quantity, Range, Result, Results, Stated, Tolerance, UnitName
from randnotiz.schema import fields_of
from tests import recompute
from tests.patience import in_bounds

PATH = "deepseek/figures.yaml"
HOME = Path(__file__).parents[1]


def text(words: str, column: int = 10) -> SourceText:
    """Words as a plain scalar in the fourth line of a file."""
    return SourceText(words, Position(PATH, 4, column), plain=True, start=100, end=100 + len(words))


def quantity(low: float, high: float | None = None, unit: str = "", best: float | None = None) -> Quantity:
    high = low if high is None else high
    best = (low + high) / 2 if best is None else best
    return Quantity(name="", label=text(""), low=low, best=best, high=high, unit=text(unit), written=())


OWN = ("chip", "GPU", "token")
UNITS, _ = formulas.own_units(UnitName(name=name) for name in OWN)

# The inputs of the explainer, from the sources in its facts.
FACTS = {
    "fleet": quantity(50000, unit="chip"),
    "price": quantity(20000, 30000, "USD/chip", 25000),
    "lag": quantity(7, 10, "month"),
    "age": quantity(9, 12, "month"),
    "rate": quantity(4),
    "hours": quantity(2788000, unit="GPU*hour"),
    "gpus": quantity(2048, unit="GPU"),
    "rent": quantity(1.5, 3, "USD/GPU/hour", 2),
    "share": quantity(20, unit="%"),
    "power": quantity(700, unit="watt"),
    "exchange": quantity(1.04, unit="USD/EUR"),
    "budget": quantity(6, unit="EUR"),
}


def terms(quantities: Mapping[str, Quantity]) -> dict[str, TypedExpression]:
    return {
        name: TypedExpression(program=["q", name], unit=UNITS.parse(each.unit), inputs=(name,))
        for name, each in quantities.items()
    }


def meaning(formula: str, quantities: Mapping[str, Quantity] = FACTS) -> TypedExpression:
    return formulas.typed(formulas.parse(text(formula), decimal=","), terms(quantities), UNITS)


def computed(formula: str, unit: str = "", quantities: Mapping[str, Quantity] = FACTS) -> formulas.Estimate:
    in_unit = formulas.converted(meaning(formula, quantities), UNITS.parse(text(unit)), Position(PATH))
    return formulas.estimate(in_unit, quantities)


def fault(formula: str) -> ContentError:
    """The fault of a formula, wherever on its way to a number it shows."""
    with pytest.raises(ContentError) as caught:
        meaning(formula)
    return caught.value


# ----------------------------------------------------------------------------------------------------
# What formulas compute
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "unit", "low", "best", "high"),
    [
        ("fleet * price", "USD", 1e9, 1.25e9, 1.5e9),
        ("rate ** (lag / (12 * month))", "", 2.2449, 2.6697, 3.1748),
        ("rate ** (age / year)", "", 2.8284, 3.3636, 4.0),
        ("hours / gpus", "day", 56.722, 56.722, 56.722),
        ("hours * rent", "USD", 4_182_000, 5_576_000, 8_364_000),
        ("6 * 37e9 * 14.8e12 * FLOP", "EFLOP", 3.2856e6, 3.2856e6, 3.2856e6),
        ("1 - share", "%", 80, 80, 80),
        ("fleet * share", "chip", 10000, 10000, 10000),
        ("budget * exchange", "USD", 6.24, 6.24, 6.24),
        ("power * year", "MWh", 6.136, 6.136, 6.136),
        ("lag + 90 * day", "month", 9.957, 11.457, 12.957),
        ("min(fleet, 40000 * chip) + 1 * chip", "chip", 40001, 40001, 40001),
        ("sqrt((3 * km) ** 2 + (4000 * metre) ** 2)", "km", 5, 5, 5),
        ("(8 * metre ** 3) ** (1/3)", "metre", 2, 2, 2),
        ("abs(3 * month - lag)", "month", 4, 5.5, 7),
        ("log(100) / log(10)", "", 2, 2, 2),
        ("exp(1) + log2(8) + log10(1000)", "", 8.71828, 8.71828, 8.71828),
        ("round(2.5) + round(-2.5) + round(0.49999999999999994)", "", 0, 0, 0),
        ("-2 ** 2", "", -4, -4, -4),
        ("2 ** -1 ** 2", "", 0.5, 0.5, 0.5),
        ("2 ** 3 ** 2", "", 512, 512, 512),
        ("10 - 4 - 3", "", 3, 3, 3),
        ("+ 8 / 4 / 2", "", 1, 1, 1),
        ("max(1, 2, 3) - 20 * percent", "", 2.8, 2.8, 2.8),
    ],
)
def test_a_formula_gives_its_range_in_the_unit_asked_for(
    formula: str, unit: str, low: float, best: float, high: float
) -> None:
    result = computed(formula, unit)
    assert (result.low, result.best, result.high) == pytest.approx((low, best, high), rel=1e-4)


def test_numbers_are_computed_in_the_units_their_authors_wrote() -> None:
    assert meaning("fleet * price").program == ["*", ["q", "fleet"], ["q", "price"]]
    assert meaning("rate ** (lag / (12 * month))").program == ["**", ["q", "rate"], ["/", ["q", "lag"], 12]]
    assert computed("fleet * price", "USD").best == 1.25e9


def test_a_conversion_stands_in_the_program_as_a_number() -> None:
    assert meaning("lag + 1 * year").program == ["+", ["q", "lag"], ["*", 1, 12]]
    assert meaning("1 + share").program == ["+", 1, ["/", ["q", "share"], 100]]


def test_an_input_that_occurs_twice_moves_together() -> None:
    result = computed("x / (x + 1)", quantities={"x": quantity(1, 3)})
    assert (result.low, result.high) == (0.5, 0.75)


def test_a_highest_value_between_the_ends_is_found() -> None:
    result = computed("s * (1 - s)", quantities={"s": quantity(0, 1)})
    assert (result.low, result.best, result.high) == (0, 0.25, 0.25)


def test_the_input_that_moves_the_result_furthest_comes_first() -> None:
    quantities = {"x": quantity(1, 2), "y": quantity(10, 90), "z": quantity(3)}
    result = computed("x + y + z", quantities=quantities)
    assert list(result.sensitivity.items()) == [("y", (14.5, 94.5)), ("x", (54.0, 55.0))]


@pytest.mark.parametrize(
    ("formula", "least", "most"),
    [
        ("abs(x - 3.1)", 0, 6.9),  # lowest where the best value is, which is none of the 33 of the sweep
        ("10 - abs(x - 3.1)", 3.1, 10),
        ("x", 0, 10),
    ],
)
def test_what_an_input_does_to_the_result_includes_the_best_result(formula: str, least: float, most: float) -> None:
    whole = computed(f"{formula} + y", quantities={"x": quantity(0, 10, best=3.1), "y": quantity(100)})
    assert whole.sensitivity["x"] == pytest.approx((least + 100, most + 100))
    assert (whole.low, whole.high) == whole.sensitivity["x"]


@pytest.mark.parametrize("name", ["in", "lambda", "is", "not", "class", "none", "e", "x1", "i_o"])
def test_words_that_mean_something_in_python_are_names_like_any_other(name: str) -> None:
    assert computed(f"2 * {name}", quantities={name: quantity(3)}).best == 6


def test_names_are_found_even_in_a_formula_with_faults() -> None:
    assert formulas.names("= min(fleet, 3) * (hardware.low + fleet") == ("fleet", "hardware")


# ----------------------------------------------------------------------------------------------------
# What authors type, and what they are told
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "column", "message"),
    [
        ("", 1, "the formula is empty"),
        ("fleet × price", 7, "write * instead of ×"),
        ("fleet · price", 7, "write * instead of ·"),
        ("fleet : gpus", 7, "write / instead of :"),
        ("fleet ÷ gpus", 7, "write / instead of ÷"),
        ("fleet − gpus", 7, "write - instead of −"),
        ("rate ^ 2", 6, "write ** instead of ^"),
        ("rate²", 5, "write ** 2 instead of ²"),
        ("√rate", 1, "write sqrt(…) instead of √"),
        ("[fleet]", 1, "write ( instead of ["),
        ("6 €", 3, "write EUR instead of €"),
        ("$ 6", 1, "write USD instead of $"),
        ("R$ 6", 1, "write the code of the currency, as AUD or BRL, instead of R$"),
        ("50.000 * rate", 1, "'50.000' can be read in two ways: write 50000 or 50.0"),
        ("1.125 * rate", 1, "'1.125' can be read in two ways: write 1125 or 1.125e0"),
        ("1.000.000 * rate", 1, "'1.000.000' groups its digits: write 1000000"),
        ("50 000 * rate", 1, "'50 000' groups its digits: write 50000"),
        ("50'000 * rate", 1, "'50'000' groups its digits: write 50000"),
        ("50_000 * rate", 1, "'50_000' groups its digits: write 50000"),
        ("3,5 * rate", 1, "'3,5' has a decimal comma: write 3.5"),
        ("50,000 * rate", 1, "'50,000' can be read in two ways: write 50000 or 50"),
        ("0755", 1, "'0755' begins with a zero: write 755"),
        (".5 * rate", 1, "a number begins with a digit: write 0.5"),
        ("5. * rate", 2, "a number ends with a digit: write 5"),
        ("1e999", 1, "'1e999' is larger than any number that can be computed with: write 1e300 at most"),
        ("20 % * rate", 4, "write 0.2, or 20 * percent, instead of 20 %"),
        ("rate * (2 + 3", 8, "this bracket is never closed: a ')' is missing"),
        ("rate * 2)", 9, "this bracket closes nothing: a '(' is missing"),
        ("rate * ()", 9, "there is nothing between these brackets"),
        ("rate *", 7, "after '*' a number, a name or a bracket is missing"),
        ("* rate", 1, "at the beginning a number, a name or a bracket is missing"),
        ("rate */ 2", 7, "after '*' a number, a name or a bracket is missing"),
        ("rate *** 2", 8, "write ** for powers and * for products"),
        ("12 months", 4, "an operator is missing: write '12 * months' if they are multiplied"),
        ("fleet price", 7, "an operator is missing: write 'fleet * price' if they are multiplied"),
        ("rate, 2", 5, "a comma stands only between the arguments of a function"),
        ("max(rate; 2)", 9, "write , between arguments instead of ;"),
        ("x = rate", 3, "leave out the =; a formula is only what stands to its right"),
        ("rate > 3", 6, "'>' has no meaning here: a formula computes one number"),
        ("größe * 2", 3, "names are made of the letters a to z, digits and _; 'ö' is another"),
        (
            "rate @ 2",
            6,
            "'@' has no meaning in a formula; it knows + - * / ** ( ), numbers, names, units and functions",
        ),
        ("min", 1, "'min' is a function: write min(…); the unit of time is 'minute'"),
        ("5 ‰ * rate", 3, "write 0.005, or 5 * permille, instead of 5 ‰"),
        ("ln(rate)", 1, "there is no function 'ln'; did you mean 'log'?"),
        ("lg(rate)", 1, "there is no function 'lg'; did you mean 'log10'?"),
        ("ld(rate)", 1, "there is no function 'ld'; did you mean 'log2'?"),
        ("root(rate)", 1, "there is no function 'root'; did you mean 'sqrt'?"),
        ("Wurzel(rate)", 1, "there is no function 'Wurzel'; did you mean 'sqrt'?"),
        ("squrt(rate)", 1, "there is no function 'squrt'; did you mean 'sqrt'?"),
        ("pow(rate, 2)", 1, "there is no function 'pow': write x ** y"),
        ("fleet (price)", 1, "there is no function 'fleet'; write 'fleet * (…)' if it is multiplied"),
        ("sqrt(1, 2)", 1, "sqrt() takes one argument; here are 2"),
        ("min(rate)", 1, "min() takes at least 2 arguments, at most 20; here are 1"),
        ("fleet.low * price", 6, "write only 'fleet': a formula carries its whole range"),
    ],
)
def test_a_formula_that_cannot_be_read_says_what_to_type(formula: str, column: int, message: str) -> None:
    diagnostic = fault(formula).diagnostic
    assert diagnostic.code == "formula-syntax"
    assert diagnostic.position == Position(PATH, 4, 9 + column)
    assert diagnostic.message == message


@pytest.mark.parametrize(
    ("formula", "code", "column", "message"),
    [
        ("flet * price", "figure-unknown", 1, "there is no quantity, figure or unit 'flet'; did you mean 'fleet'?"),
        ("2 * Rate", "figure-unknown", 5, "there is no quantity, figure or unit 'Rate'; did you mean 'rate'?"),
        ("fleet + price", "unit-mismatch", 7, "'+' cannot add 'fleet' (chip) and 'price' (USD/chip)"),
        ("fleet - 3", "unit-mismatch", 7, "'-' cannot subtract '3' (a plain number) from 'fleet' (chip)"),
        ("1 + lag", "unit-mismatch", 3, "'+' cannot add '1' (a plain number) and 'lag' (month (time))"),
        (
            "rate ** lag",
            "unit-mismatch",
            9,
            "an exponent must be a plain number, but 'lag' (month (time)) is not;"
            " divide it by a unit, as in lag / month",
        ),
        (
            "exp(lag + age)",
            "unit-mismatch",
            5,
            "the argument of exp() must be a plain number, but 'lag + age' (month (time)) is not;"
            " divide it by a unit, as in (lag + age) / month",
        ),
        (
            "rate ** (lag + age)",
            "unit-mismatch",
            9,
            "an exponent must be a plain number, but '(lag + age)' (month (time)) is not;"
            " divide it by a unit, as in (lag + age) / month",
        ),
        (
            "exp((lag) + (age))",
            "unit-mismatch",
            5,
            "the argument of exp() must be a plain number, but '(lag) + (age)' (month (time)) is not;"
            " divide it by a unit, as in ((lag) + (age)) / month",
        ),
        (
            "lag ** rate",
            "unit-mismatch",
            5,
            "'lag' (month (time)) needs a fixed exponent, or its unit would depend on 'rate'",
        ),
        ("lag ** 0.1234", "unit-mismatch", 8, "'0.1234' is no power that a unit can have; 2 or 1/3 is one"),
        ("max(fleet, 3)", "unit-mismatch", 12, "max() cannot compare 'fleet' (chip) and '3' (a plain number)"),
        ("lag ** 13", "limit-exceeded", 5, "a unit has at most the power 12; 'lag ** 13' goes beyond that"),
        ("lag ** (1/0)", "figure-overflow", 8, "1 is divided by 0"),
    ],
)
def test_a_formula_whose_parts_do_not_fit_says_which(formula: str, code: str, column: int, message: str) -> None:
    diagnostic = fault(formula).diagnostic
    assert (diagnostic.code, diagnostic.message) == (code, message)
    assert diagnostic.position == Position(PATH, 4, 9 + column)


def test_two_currencies_that_meet_are_told_how_a_rate_is_given() -> None:
    diagnostic = fault("budget + 3 * USD").diagnostic
    assert diagnostic.message == "'+' cannot add 'budget' (EUR) and '3 * USD' (USD)"
    assert "currencies are never converted by themselves" in diagnostic.hint
    assert "EUR/USD" in diagnostic.hint


def test_a_fault_in_a_block_of_many_lines_stands_on_its_own_line() -> None:
    formula = SourceText("fleet\n* prise\n", Position(PATH, 7, 5), start=50, end=80, block=6)
    with pytest.raises(ContentError) as caught:
        formulas.typed(formulas.parse(formula), terms(FACTS), UNITS)
    assert caught.value.diagnostic.position == Position(PATH, 9, 9)


# ----------------------------------------------------------------------------------------------------
# What formulas refuse
# ----------------------------------------------------------------------------------------------------

ATTACKS = [
    "9**9**9",
    "9**9**9**9**9",
    "((99**99)**99)**99",
    "10.0**400",
    "exp(exp(exp(9)))",
    "1/(1e300*1e300)",
    "1e308*10",
    "1/0",
    "0**-1",
    "(-8)**(1/3)",
    "sqrt(-1)",
    "log(0)",
    "log2(-5)",
    "1e" + "9" * 300,
    "9" * 400,
    "9" * 401,
    "(" * 200 + "1" + ")" * 200,
    "(" * 400,
    "-" * 300 + "1",
    "2" + "**2" * 130,
    "+".join("1" * 121),
    "min(" * 30 + "1" + ",1)" * 30,
    "factorial(10000000)",
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "[x for x in range(10**9)]",
    "(lambda: 1)()",
    "'a' * 10**9",
    "open('/etc/passwd')",
    "f'{1}'",
    "1 if 1 else 2",
    "fleet := 3",
    "0x1F",
    "1_000",
    "１２",
    "½",
    "\x00",
    "\u202e1 + 1",
    "(EFLOP*EB*decade)**13",
    "((month**6)**6)**6",
    "month**(9**9)",
    "second**(1e-9)",
]


@pytest.mark.parametrize("formula", ATTACKS)
def test_an_attack_is_refused(formula: str) -> None:
    with in_bounds(20), pytest.raises((ContentError, formulas.UndefinedError)):
        computed(formula)


def test_a_step_beyond_all_floats_is_told_with_its_numbers() -> None:
    with pytest.raises(formulas.UndefinedError) as caught:
        computed("rate ** 9 ** 9")
    assert caught.value.reason == "4 ** 387420489 is too large a number"


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("1 / x", "1 is divided by 0"),
        ("x ** -1", "0 has no power -1"),
        ("(x - 1) ** 0.5", "the negative number -1 has no power 0.5"),
        ("(x - 10) ** 401", "-10 ** 401 is too large a number"),
        ("(x + 10) ** 400.5", "10 ** 400.5 is too large a number"),
        ("log(x)", "log(0) is not a number"),
        ("sqrt(x - 2)", "sqrt(-2) is not a number"),
        ("exp(x + 1000)", "exp(1000) is too large a number"),
        ("(x + 1e200) * 1e200", "1e+200 * 1e+200 is too large a number"),
    ],
)
def test_what_has_no_value_says_why(formula: str, reason: str) -> None:
    with pytest.raises(formulas.UndefinedError) as caught:
        computed(formula, quantities={"x": quantity(0)})
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("1" + " " * LONGEST, "a formula has at most 400 characters; this one has 401"),
        ("(" * 25 + "1" + ")" * 25, "a formula is nested at most 24 deep; give a part of it a name of its own"),
        ("+".join("1" * 61), "a formula has at most 120 parts; give a part of it a name of its own"),
    ],
)
def test_a_limit_is_named(formula: str, message: str) -> None:
    diagnostic = fault(formula).diagnostic
    assert (diagnostic.code, diagnostic.message) == ("limit-exceeded", message)


def test_at_the_limits_a_formula_still_works() -> None:
    assert computed("(" * 23 + "1" + ")" * 23).best == 1
    assert computed("+".join("1" * 60)).best == 60


@given(st.text(alphabet="abmin.1290+-*/(),%^ eEß²×=\n'_[]", max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_words_at_all_bring_anything_but_a_number_or_a_fault(words: str) -> None:
    with suppress(ContentError, formulas.UndefinedError):
        assert math.isfinite(computed(words).best)


# ----------------------------------------------------------------------------------------------------
# Against other arithmetic
# ----------------------------------------------------------------------------------------------------

NAMES = ("a", "b", "c")
_leaf = st.sampled_from([*NAMES, "2", "0.5", "7.25", "1e3"])


def _nested(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(parts, st.sampled_from([" + ", " - ", " * ", " / "]), parts).map("".join),
        st.tuples(parts, st.sampled_from([" ** 2", " ** -1", " ** 0.5"])).map("".join),
        parts.map(lambda part: f"({part})"),
        parts.map(lambda part: f"-{part}"),
        st.tuples(parts, parts).map(lambda pair: f"max({pair[0]}, {pair[1]})"),
        parts.map(lambda part: f"sqrt(abs({part}))"),
        parts.map(lambda part: f"log(1 + abs({part}))"),
    )


def within_limits(words: str) -> bool:
    try:
        formulas.parse(text(words))
    except ContentError as error:
        return error.diagnostic.code != "limit-exceeded"
    return True


FORMULAS = st.recursive(_leaf, _nested, max_leaves=12).filter(within_limits)
NUMBERS = st.integers(-100_000_000, 100_000_000).map(lambda cents: f"{cents / 100:.2f}")


def exactly(formula: str, values: Mapping[str, str]) -> Decimal:
    """What a formula without units gives, to 60 digits."""
    known: dict[str, Any] = {"max": max, "abs": abs, "sqrt": Decimal.sqrt, "log": Decimal.ln, "Decimal": Decimal}
    known |= {name: Decimal(value) for name, value in values.items()}
    words = re.sub(r"(?<!\w)[0-9][0-9.e]*", lambda number: f"Decimal('{number[0]}')", formula)
    with localcontext(prec=60):
        return Decimal(eval(words, {"__builtins__": {}}, known))  # the judge, on formulas this file made


@given(FORMULAS, st.tuples(NUMBERS, NUMBERS, NUMBERS))
@settings(max_examples=300, deadline=None)
def test_a_result_is_within_its_bound_of_what_the_decimals_give(formula: str, numbers: tuple[str, ...]) -> None:
    values = dict(zip(NAMES, numbers, strict=True))
    quantities = {name: quantity(float(value)) for name, value in values.items()}
    columns = {name: [float(value)] for name, value in values.items()}
    try:
        (ours,), (bound,) = formulas.run(meaning(formula, quantities).program, columns, 1)
    except formulas.UndefinedError:
        return
    difference = abs(Decimal(ours) - exactly(formula, values))
    assert difference <= Decimal(bound)
    assert bound < 1e-12 * max(1, abs(ours)) or " - " in formula or " + " in formula


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("1 - 0.7 - 0.2 - 0.1", 0),
        ("1 - 70 * percent - 20 * percent - 10 * percent", 0),
        ("0.1 + 0.2", 0.3),
        ("0.3 - 0.1 - 0.2", 0),
        ("1.1 - 1 - 0.1", 0),
        ("1000000.1 - 1000000", 0.1),
        ("(1000000.1 - 1000000 - 0.1) * 1e12", 0),
        ("3 * 1.1 - 3.3", 0),
        ("1.1 ** 2 - 1.21", 0),
        ("sqrt(0.1 + 0.2 - 0.3)", 0),
        ("sqrt(2) ** 2 - 2", 0),
        ("log(1.1 - 0.1)", 0),
        ("log10(0.001) + 3", 0),
        ("exp(log(3)) - 3", 0),
        ("1e23 - 10 * 1e22", 0),
        ("round(100 * 1.0050)", 101),
        ("round(1.15 * 10 - 11)", 1),
        ("-round(-(1.1 + 1.4))", 3),
        ("max(0.1 + 0.2, 0.3) - 0.3", 0),
        ("abs(0.3 - 0.1 - 0.2)", 0),
        ("24 * 7.1 * hour / week - 7.1 / 7", 0),
        # What is small is not nothing, and whole numbers are exact.
        ("min(1e-20, 0.1 * 1e6)", 1e-20),
        ("1e-20 * 3", 3e-20),
        ("1 - 0.999999999999", 1e-12),
        ("4503599627370497 - 4503599627370496", 1),
        ("round(0.49999999999999994)", 0),
    ],
)
def test_binary_fractions_leave_nothing_behind(formula: str, result: float) -> None:
    estimate = computed(formula)
    assert (estimate.low, estimate.best, estimate.high) == (result, result, result)


def test_a_difference_that_is_nothing_divides_nothing() -> None:
    with pytest.raises(formulas.UndefinedError, match="1 is divided by 0"):
        computed("1 / (1 - 0.7 - 0.2 - 0.1)")


def test_a_search_that_ends_near_nothing_is_not_told_as_a_number_of_the_authors() -> None:
    assert formulas.UndefinedError("/", (1.245e-60, 0.0), 0).reason == "a number near 0 is divided by 0"
    assert formulas.UndefinedError("/", (0.0, 0.0), 0).reason == "0 is divided by 0"


def test_the_points_of_a_range_about_zero_have_zero_among_them() -> None:
    assert 0.0 in formulas.columns({"x": quantity(-0.1, 0.3)})["x"]
    assert 0.0 in formulas.columns({"x": quantity(-0.7, 0.1)})["x"]


ONE: Mapping[str, Callable[..., float]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "**": math.pow,
    "neg": lambda x: -x,
    "min": min,
    "max": max,
    "abs": abs,
    "round": lambda x: math.copysign(float(math.floor(abs(Fraction(x)) + Fraction(1, 2))), x),
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
}


def read_program(program: Json, values: Mapping[str, float]) -> float:
    """A program read anew from its grammar, one number at a time, as the page's script does."""
    if not isinstance(program, list):
        assert isinstance(program, int | float)
        return float(program)
    if program[0] == "q":
        return values[str(program[1])]
    return ONE[str(program[0])](*(read_program(part, values) for part in program[1:]))


WITH_UNITS = (
    "fleet * price + 3 * USD",
    "rate ** (lag / (12 * month)) - share",
    "round(hours / gpus / day) + 0.5",
    "max(lag, 300 * day, age) / week",
    "-abs(log2(rate) - log10(age / hour)) / exp(share)",
    "sqrt(power * year / joule) / (1 * MWh / kWh)",
)


@pytest.mark.parametrize("formula", WITH_UNITS)
def test_a_program_says_all_that_an_independent_reader_needs(formula: str) -> None:
    meant, random = meaning(formula), Random(7)
    program = json.loads(json.dumps(meant.program))
    for _ in range(50):
        values = {name: random.uniform(0.5, 2) * FACTS[name].best for name in meant.inputs}
        (ours,), _ = formulas.run(meant.program, {name: [value] for name, value in values.items()}, 1)
        assert read_program(program, values) == ours


RISING = (
    (2, "x * y"),
    (2, "x / y"),
    (3, "x * y ** z"),
    (3, "(x + y) / (x + y + z)"),
    (4, "x * y / (z + w)"),
    (5, "x * y + z * w - v"),
    (8, "x + y + z + w + v + u + t + s"),
)


@pytest.mark.parametrize(("count", "formula"), RISING)
def test_nothing_inside_the_ranges_falls_outside_the_result(count: int, formula: str) -> None:
    random = Random(count)
    names = "xyzwvuts"[:count]
    for _ in range(5):
        ends = {name: sorted((random.uniform(0.1, 9), random.uniform(0.1, 9))) for name in names}
        quantities = {name: quantity(low, high) for name, (low, high) in ends.items()}
        result = computed(formula, quantities=quantities)
        program = meaning(formula, quantities).program
        corners = [read_program(program, dict(zip(names, corner, strict=True))) for corner in product(*ends.values())]
        assert (result.low, result.high) == pytest.approx((min(corners), max(corners)), rel=1e-12)
        for _ in range(50):
            inside = {name: random.uniform(low, high) for name, (low, high) in ends.items()}
            value = read_program(program, inside)
            assert result.low * (1 - 1e-12) <= value <= result.high * (1 + 1e-12)


@pytest.mark.parametrize(
    ("uncertain", "points"), [(0, 1), (1, 34), (2, 148), (3, 225), (4, 758), (5, 409), (6, 928), (7, 2419), (8, 521)]
)
def test_the_number_of_points_is_what_the_rule_says(uncertain: int, points: int) -> None:
    inputs = {name: quantity(1, 2) for name in "xyzwvuts"[:uncertain]} | {"fixed": quantity(5)}
    columns = formulas.columns(inputs)
    assert formulas.size(uncertain) == points
    assert {len(column) for column in columns.values()} == {points}
    assert set(columns["fixed"]) == {5}


def test_the_points_of_two_inputs_are_best_then_sweeps_then_a_grid() -> None:
    columns = formulas.columns({"x": quantity(0, 8, best=3), "y": quantity(10, 18)})
    rows = list(zip(columns["x"], columns["y"], strict=True))
    assert rows[0] == (3, 14)
    assert rows[1:4] == [(0, 14), (0.25, 14), (0.5, 14)]
    assert rows[34:37] == [(3, 10), (3, 10.25), (3, 10.5)]
    assert rows[67:70] == [(0, 10), (0, 11), (0, 12)]
    assert rows[-1] == (8, 18)


@given(st.floats(-1e308, 1e308), st.floats(-1e308, 1e308))
@settings(max_examples=100)
def test_both_ends_of_a_range_are_points_to_the_last_digit(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(low < high)
    column = formulas.columns({"x": quantity(low, high, best=low)})["x"]
    assert (column[1], column[33]) == (low, high)


# ----------------------------------------------------------------------------------------------------
# Agreement
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "stated", "tolerance", "agrees", "factor"),
    [
        (1e9, 1.5e9, (1e9, 1e9), 0.1, True, 1),
        (1.1, 1.1, (1, 1), 0.1, True, 1),
        (0.33, 0.33, (0.3, 0.3), 0.1, True, 1),  # 0.3 * 1.1 is a little less in binary
        (1.1001, 1.1001, (1, 1), 0.1, False, 1.1001),
        (2.2, 3.2, (3, 4), 0, True, 1),
        (2.2, 2.8, (3.5, 4), 0.1, False, 1.25),
        (8, 10, (2, 4), 0.1, False, 2),
        (-10, -8, (-4, -2), 0.1, False, 2),
        (-4.2, -4.1, (-4, -2), 0.1, True, 1),
        (0, 0, (0, 0), 0.1, True, 1),
        (0.001, 1, (0, 0), 0.1, False, None),
        (0, 0, (5, 5), 0.1, False, None),
        (-3, -2, (2, 3), 0.5, False, None),
        (1e300, 1e300, (1e-300, 1e-300), 0.1, False, None),
    ],
)
def test_a_range_agrees_where_it_meets_what_is_stated(
    low: float, high: float, stated: tuple[float, float], tolerance: float, agrees: bool, factor: float | None
) -> None:
    least, most = stated
    said = Range(low=least, best=least, high=most, unit="")
    result = formulas.agreement(low, high, said, (Tolerance(tolerance), Tolerance(tolerance)))
    assert result.agrees is agrees
    assert result.factor == (pytest.approx(factor) if factor else factor)


# ----------------------------------------------------------------------------------------------------
# Units
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("", ""),
        ("1", ""),
        ("USD/chip", "USD/chip"),
        ("USD / chip", "USD/chip"),
        ("GPU*hour", "GPU*hour"),
        ("1/year", "1/year"),
        ("%", "%"),
        ("%/year", "%/year"),
        ("metre**2", "metre**2"),
        ("USD/(chip*hour)", "USD/chip/hour"),
        ("year**-1", "1/year"),
        ("month/month", ""),
    ],
)
def test_a_unit_is_a_product_of_powers_of_names(words: str, shown: str) -> None:
    assert str(UNITS.parse(text(words))) == shown


@pytest.mark.parametrize(
    ("words", "column", "message"),
    [
        ("chips", 1, "there is no unit 'chips'; did you mean 'chip'?"),
        ("USD/chips", 5, "there is no unit 'chips'; did you mean 'chip'?"),
        ("hours", 1, "there is no unit 'hours'; write hour"),
        ("Stunden", 1, "there is no unit 'Stunden'; write hour"),
        ("USD/h", 1, "there is no unit 'USD/h'; write USD/hour"),
        ("Euro", 1, "there is no unit 'Euro'; write EUR"),
        ("US-Dollar", 1, "there is no unit 'US-Dollar'; write USD"),
        ("€", 1, "there is no unit '€'; write EUR"),
        ("€/kWh", 1, "there is no unit '€/kWh'; write EUR/kWh"),
        ("min", 1, "there is no unit 'min'; write minute"),
        ("TFLOPS", 1, "there is no unit 'TFLOPS'; write TFLOP/second"),
        ("server", 1, "there is no unit 'server'; if 'server' is what is counted, add it under 'units:'"),
        (
            "Mrd. USD",
            1,
            "there is no unit 'Mrd. USD'; 'Mrd.' stands only in 'stated';"
            " large numbers are printed in words on their own",
        ),
        ("1000 * USD", 1, "a unit holds no number but 1; '1000' belongs to the value"),
        ("m²", 1, "there is no unit 'm²'; write metre**2"),
        ("metre^2", 6, "write ** instead of ^"),
        ("USD + EUR", 1, "'USD + EUR' is no unit; a unit is written like USD/chip, GPU*hour or metre**2"),
        ("USD chip", 5, "an operator is missing: write 'USD * chip' if they are multiplied"),
        ("metre**0.5", 8, "the power of a unit is a whole number up to 12, not '0.5'"),
        ("metre**99", 8, "the power of a unit is a whole number up to 12, not '99'"),
        ("USD/(chip", 5, "this bracket is never closed: a ')' is missing"),
    ],
)
def test_an_unknown_unit_says_what_to_write(words: str, column: int, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        UNITS.parse(text(words))
    diagnostic = caught.value.diagnostic
    assert (diagnostic.code, diagnostic.message) == ("unit-unknown", message)
    assert diagnostic.position == Position(PATH, 4, 9 + column)


def test_a_month_is_a_twelfth_of_a_year() -> None:
    assert formulas.ratio(UNITS.parse(text("year")), UNITS.parse(text("month"))) == 12
    assert formulas.ratio(UNITS.parse(text("month")), UNITS.parse(text("second"))) == 2_629_746


def test_each_currency_is_a_dimension_of_its_own() -> None:
    assert UNITS.parse(text("USD")).dimension != UNITS.parse(text("EUR")).dimension


def test_what_is_kept_of_the_units_is_what_pint_makes_of_their_definitions() -> None:
    kept = unit_list.WORKED_OUT.read_text(encoding="utf-8")
    assert kept == work_out(), "run `python -m randnotiz.formulas`"


def test_whoever_knows_a_function_knows_all_of_them() -> None:
    """The build, its independent repetition, what editors read; `test_reading.py` asks the script of the page."""
    for name, (least, _) in FUNCTIONS.items():
        assert formulas.value(text(f"= {name}({', '.join(['1'] * least)})"), Results()) is not None
    assert recompute.FUNCTIONS.keys() == FUNCTIONS.keys()
    words = " ".join(FUNCTIONS)
    assert words in fields_of(Figure)["formula"].field.meaning
    for document in ("docs/format.md", "content/handbook/article.md"):
        assert words in (HOME / document).read_text(encoding="utf-8"), document


def test_no_unit_has_a_name_of_one_small_letter_or_of_a_function() -> None:
    for name in unit_list.names():
        assert name not in FUNCTIONS
        assert len(name) > 1 or name.isupper()


def test_the_list_of_units_is_printed_by_what_they_measure() -> None:
    printed = formulas.units_list()
    assert "time              second  millisecond  minute  hour  day  week  year  month" in printed
    assert "energy            joule  J  kJ  MJ  GJ" in printed
    assert "currency          AED  AFN" in printed


def test_a_unit_of_the_articles_own_that_means_something_else_is_told() -> None:
    names = ("chip", "chip", "USD", "min", "H100-Chip")
    units, faults = formulas.own_units(UnitName(name=name) for name in names)
    assert list(units.own) == ["chip"]
    assert [(each.code, each.message) for each in faults] == [
        ("field-doubled", "the unit 'chip' stands here twice"),
        ("value-malformed", "'USD' is a unit already; leave it out here"),
        ("value-malformed", "'min' is a function of formulas; call the unit 'min_unit'"),
        (
            "value-malformed",
            "a unit's name is made of the letters a to z, digits and _; 'H100-Chip' is not",
        ),
    ]


# ----------------------------------------------------------------------------------------------------
# What passages state
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "low", "unit"),
    [
        ("1 Mrd. USD", 1e9, "USD"),
        ("5.58 Mio. USD", 5.58e6, "USD"),
        ("5.5760 Mio. USD", 5_576_000, "USD"),
        ("50 Tsd. chip", 50_000, "chip"),
        ("2 Bio. token", 2e12, "token"),
        ("1.5 billion USD", 1.5e9, "USD"),
        ("3 trillion", 3e12, ""),
        ("-3 %", -3, "%"),
        ("10%", 10, "%"),
        ("4", 4, ""),
        ("1e-5 USD/token", 1e-5, "USD/token"),
        ("2e9 USD", 2e9, "USD"),
    ],
)
def test_a_passage_states_a_number_with_a_scale_and_a_unit(words: str, low: float, unit: str) -> None:
    amount = formulas.amount(Stated(words=text(words)), UNITS)
    assert (amount.low, amount.high, str(amount.unit)) == (low, low, unit)


def test_a_passage_may_state_a_range_with_a_scale() -> None:
    amount = formulas.amount(Stated(low=3, high=4.5, unit=text("Mrd. USD"), written=(text("3"), text("4.5"))), UNITS)
    assert (amount.low, amount.high, str(amount.unit)) == (3e9, 4.5e9, "USD")


@pytest.mark.parametrize(
    ("words", "code", "column", "message"),
    [
        ("5,576 Mio. USD", "value-malformed", 1, "'5,576' can be read in two ways: write 5576 or 5.576e0"),
        ("5.576 Mio. USD", "value-malformed", 1, "'5.576' can be read in two ways: write 5576 or 5.576e0"),
        ("3,5 Mrd. USD", "value-malformed", 1, "'3,5' has a decimal comma: write 3.5"),
        ("3 bis 4 Mrd. USD", "value-malformed", 1, "'3 bis 4 Mrd. USD' is a range: write {low: …, high: …, unit: …}"),
        ("10-20 %", "value-malformed", 1, "'10-20 %' is a range: write {low: …, high: …, unit: …}"),
        (
            "rund 3 Mrd. USD",
            "value-malformed",
            1,
            "'rund' stands before the number; write the number and its unit alone: 3 Mrd. USD",
        ),
        ("über 4", "value-malformed", 1, "'über' stands before the number; write the number and its unit alone: 4"),
        (
            "more than 4",
            "value-malformed",
            1,
            "'more than' stands before the number; write the number and its unit alone: 4",
        ),
        ("≥4 %", "value-malformed", 1, "'≥' stands before the number; write the number and its unit alone: 4 %"),
        ("EUR 4", "value-malformed", 1, "'EUR' stands before the number; write the number and its unit alone: 4 EUR"),
        ("vier", "value-malformed", 1, "'vier' does not begin with a number; write it like 5 million USD, 10 % or 4"),
        ("−3 %", "value-malformed", 1, "'−3' begins with a dash: write -3"),
        ("3 Mio USD", "value-malformed", 3, "'Mio' is not a word of scale; did you mean 'Mio.'?"),
        ("3 Moi. USD", "value-malformed", 3, "'Moi.' is not a word of scale; did you mean 'Mio.'?"),
        ("3 Millarden USD", "value-malformed", 3, "'Millarden' is not a word of scale; did you mean 'Milliarden'?"),
        (
            "3 Billion USD",
            "value-malformed",
            3,
            "'Billion' is another number in English; did you mean 'Mrd.' (10**9) or 'Bio.' (10**12)?",
        ),
        (
            "3 Billiarden USD",
            "unit-unknown",
            14,
            "an operator is missing: write 'Billiarden * USD' if they are multiplied",
        ),
        ("3 m", "unit-unknown", 3, "there is no unit 'm'; write metre"),
        ("3 m USD", "value-malformed", 3, "'m' is not a word of scale; did you mean 'million'?"),
        ("12°C", "unit-unknown", 3, "there is no unit '°C'; write degC, or delta_degC for a difference"),
        ("3 bn USD", "value-malformed", 3, "'bn' is not a word of scale; did you mean 'billion'?"),
        ("3 Mrd. Dollar", "unit-unknown", 8, "there is no unit 'Dollar'; write USD"),
        ("1e300 Bio. USD", "value-malformed", 7, "1e+300 Bio. is too large a number"),
        ("1 " + "USD*" * 60, "limit-exceeded", 1, "what a passage states has at most 200 characters; here are 242"),
    ],
)
def test_a_statement_that_cannot_be_read_says_what_to_write(words: str, code: str, column: int, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        formulas.amount(Stated(words=text(words)), UNITS, ",")
    diagnostic = caught.value.diagnostic
    assert (diagnostic.code, diagnostic.message) == (code, message)
    assert diagnostic.position == Position(PATH, 4, 9 + column)
    hints = {"scale": known(scales()), "at most": "Write the number and its unit alone."}
    assert diagnostic.hint == next((hint for word, hint in hints.items() if word in message), "")


@pytest.mark.parametrize(
    ("lang", "words", "value"),
    [
        *[("de", "3 Milliarden USD", 3e9), ("de", "3 billion USD", 3e9), ("de", "3 Billionen USD", 3e12)],
        *[("fr", "3 milliards USD", 3e9), ("fr", "3 Mio. USD", 3e6), ("es", "3 mil millones USD", 3e9)],
        *[("pl", "3 tys. USD", 3000), ("pt", "3 bilhões USD", 3e9), ("pt-PT", "3 biliões USD", 3e12)],
        *[("zh", "3 亿 USD", 3e8), ("uk", "3 млрд USD", 3e9), ("en", "3 millions USD", 3e6)],
    ],
)
def test_words_of_scale_are_those_of_the_language_of_german_and_of_english(
    lang: str, words: str, value: float
) -> None:
    amount = formulas.amount(Stated(words=text(words)), UNITS, ",", scales(lang))
    assert (amount.low, str(amount.unit)) == (value, "USD")


def test_a_range_is_known_by_what_joins_numbers_in_the_language() -> None:
    for lang, words in (("fr", "3 à 4 EUR"), ("pl", "3 lub 4 EUR"), ("da", "3 til 4 EUR")):
        with pytest.raises(ContentError, match="is a range"):
            formulas.amount(Stated(words=text(words)), UNITS, ",", scales(lang), lang)


def test_a_word_of_scale_that_is_another_number_in_english_is_a_fault_that_names_both() -> None:
    with pytest.raises(ContentError) as caught:
        formulas.amount(Stated(words=text("3 billions USD")), UNITS, ",", scales("fr"))
    told = "'billions' is another number in English; did you mean 'Md' (10**9) or 'Bn' (10**12)?"
    assert caught.value.diagnostic.message == told


@pytest.mark.parametrize(
    ("low", "high", "code", "message"),
    [
        (4, 3, "value-malformed", "low (4) is greater than high (3)"),
        (4, None, "field-missing", "a stated range has both 'low' and 'high'"),
        (None, 4, "field-missing", "a stated range has both 'low' and 'high'"),
    ],
)
def test_a_stated_range_has_its_ends_in_order(
    low: float | None, high: float | None, code: Code, message: str
) -> None:
    with pytest.raises(ContentError) as caught:
        formulas.amount(Stated(low=low, high=high, position=Position(PATH, 7, 3)), UNITS)
    assert caught.value.diagnostic == Diagnostic(Position(PATH, 7, 3), code, message)


@pytest.mark.parametrize(
    ("number", "of", "to", "factor"),
    [
        (0.1, "day", "week", Fraction(1, 7)),  # a seventh is no float, and the nearest one makes less of it
        (2.1, "month", "year", Fraction(1, 12)),
        (2.1, "year", "month", Fraction(12)),
    ],
)
def test_a_number_is_rounded_once_where_its_unit_changes(number: float, of: str, to: str, factor: Fraction) -> None:
    result = formulas.rescaled(number, UNITS.parse(text(of)), UNITS.parse(text(to)))
    assert result == float(Fraction(number) * factor)


# ----------------------------------------------------------------------------------------------------
# For charts and text
# ----------------------------------------------------------------------------------------------------


def results() -> Results:
    hardware = Figure(id="hardware", name="hardware", label=text(""), formula=text(""), unit=text("USD"))
    range_ = Range(low=1e9, best=1.25e9, high=1.5e9, unit="USD")
    return Results(
        quantities=FACTS,
        figures={"hardware": Result(figure=hardware, range=range_)},
        units=tuple(UnitName(name=name) for name in OWN),
        broken=frozenset(("torn",)),
    )


@pytest.mark.parametrize(
    ("formula", "number", "unit"),
    [
        ("= 100 / rate", 25, ""),
        ("=100/rate", 25, ""),
        ("hardware.low", 1e9, "USD"),
        ("= hardware.best / fleet", 25000, "USD/chip"),
        ("= share", 20, "%"),
        ("= 1 - share", 0.8, ""),
        ("= lag.high", 10, "month"),
        ("= lag.low / year", 7 / 12, ""),
        ("= rent.low * 90 * minute", 2.25, "USD/GPU"),
    ],
)
def test_a_cell_of_a_chart_holds_one_number(formula: str, number: float, unit: str) -> None:
    found = formulas.value(text(formula), results())
    assert found
    assert (found.low, found.best, found.high) == pytest.approx((number,) * 3)
    assert found.unit == unit


@pytest.mark.parametrize(
    ("formula", "code", "column", "message"),
    [
        (
            "= 2 * hardware",
            "value-malformed",
            7,
            "'hardware' is a range, and here only one number can stand:"
            " write one of hardware.low, hardware.best, hardware.high",
        ),
        (
            "= hardware.lowest",
            "formula-syntax",
            11,
            "'hardware' has .low, .best and .high, not '.lowest'; did you mean 'low'?",
        ),
        (
            "= hardwear.low",
            "figure-unknown",
            3,
            "there is no quantity, figure or unit 'hardwear'; did you mean 'hardware'?",
        ),
        ("= fleet + rate", "unit-mismatch", 9, "'+' cannot add 'fleet' (chip) and 'rate' (a plain number)"),
        ("= 1 / (rate - 4)", "figure-overflow", 1, "'= 1 / (rate - 4)' has no value: 1 is divided by 0"),
    ],
)
def test_a_cell_that_has_no_single_number_says_why(formula: str, code: str, column: int, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        formulas.value(text(formula), results())
    diagnostic = caught.value.diagnostic
    assert (diagnostic.code, diagnostic.message) == (code, message)
    assert diagnostic.position == Position(PATH, 4, 9 + column)


def test_a_cell_that_rests_on_a_broken_name_stays_silent() -> None:
    assert formulas.value(text("= 2 * torn"), results()) is None


# ----------------------------------------------------------------------------------------------------
# Typesetting
# ----------------------------------------------------------------------------------------------------

LABELS = {
    "fleet": "Hopper-Chips",
    "price": "Preis je Chip",
    "rate": "Kostenfaktor",
    "lag": "Abstand",
    "month": "Monat",
}


def markup(element: Element) -> str:
    attributes = "".join(f" {name}={value}" for name, value in element.attributes.items() if name == "fence")
    inner = element.text + "".join(map(markup, element.children))
    return f"<{element.tag}{attributes}>{inner}</{element.tag}>"


def flat(element: Element) -> str:
    """A formula as a reader sees it, in one line: fractions as (a)/(b), powers as (a)^(b)."""
    parts = [flat(child) for child in element.children]
    match element.tag:
        case "mfrac":
            return f"{{{parts[0]}}}/{{{parts[1]}}}"
        case "msup":
            return f"{parts[0]}^{{{parts[1]}}}"
        case "msub":
            return f"{parts[0]}_{parts[1]}"
        case "msqrt":
            return f"√{{{''.join(parts)}}}"
        case _:
            return element.text + "".join(parts)


@pytest.mark.parametrize(
    ("formula", "seen"),
    [
        ("fleet * price", "Hopper-Chips×Preis je Chip"),
        ("rate ** (lag / (12 * month))", "Kostenfaktorhoch{Abstand}/{12×Monat}"),
        ("(a + b) * c", "(a+b)×c"),
        ("a + (b * c)", "a+b×c"),
        ("a + (b + c)", "a+b+c"),
        ("a - (b - c)", "a−(b−c)"),
        ("(a - b) - c", "a−b−c"),
        ("(a + b) / (c + d)", "{a+b}/{c+d}"),
        ("a * (b / c)", "a×{b}/{c}"),
        ("(a / b) ** 2", "({a}/{b})^{2}"),
        ("rate ** (lag - 12 * month)", "Kostenfaktorhoch(Abstand−12×Monat)"),
        ("exp(-lag / (12 * month))", "ehoch{−Abstand}/{12×Monat}"),
        ("2 * rate ** rate", "2×Kostenfaktor^{Kostenfaktor}"),
        ("(a * b) ** (c + 1)", "(a×b)^{c+1}"),
        ("a ** b ** c", "a^{b^{c}}"),
        ("(a ** b) ** c", "(a^{b})^{c}"),
        ("-a ** 2", "−a^{2}"),
        ("(-a) ** 2", "(−a)^{2}"),
        ("-(a + b)", "−(a+b)"),
        ("-(a * b)", "−a×b"),
        ("--a", "−(−a)"),
        ("a + -b", "a+(−b)"),
        ("-a + b", "−a+b"),
        ("sqrt(a + b)", "√{a+b}"),
        ("abs(a - b)", "|a−b|"),
        ("exp(-a)", "e^{−a}"),
        ("log(a) + log2(b) + log10(c)", "ln(a)+log_2(b)+log_10(c)"),
        ("min(a, 3.5)", "min(a;3,5)"),
        ("max(a + b, c)", "max(a+b;c)"),
    ],
)
def test_a_formula_is_set_with_as_few_brackets_as_it_needs(formula: str, seen: str) -> None:
    expression = formulas.parse(text(formula))
    pieces = formulas.mathml(
        expression, lambda name: LABELS.get(name, name), lambda number: number.replace(".", ","), "hoch"
    )
    assert {piece.tag for piece in pieces} == {"math"}
    assert "".join(map(flat, pieces)) == seen


@pytest.mark.parametrize(
    ("formula", "lines"),
    [
        ("a * b + c - d", ["a", "×b", "+c", "−d"]),
        ("(a + b) * c", ["(a", "+b)", "×c"]),
        ("(a + b / c) * d", ["(a+{b}/{c})", "×d"]),  # brackets as high as the fraction
        ("-a / (b + c)", ["{−a}/{b+c}"]),
        ("min(-a, b) * 2", ["min(−a;b)", "×2"]),
        ("rate ** (lag / (12 * month))", ["Kostenfaktor", "hoch{Abstand}/{12×Monat}"]),
        ("a - sqrt(b + c)", ["a", "−√{b+c}"]),
        (f"a - sqrt({'b' * 59} + c) * d", ["a", f"−√({'b' * 59}", "+c)", "×d"]),  # too long to stand under a root
    ],
)
def test_a_formula_may_be_broken_before_a_sign(formula: str, lines: list[str]) -> None:
    pieces = formulas.mathml(formulas.parse(text(formula)), lambda name: LABELS.get(name, name), str, "hoch")
    assert [flat(piece) for piece in pieces] == lines
    assert all(piece.children[0].attributes for piece in pieces[1:])  # a sign that begins a row is no infix by itself


def test_brackets_are_fences_that_grow_with_what_they_hold() -> None:
    (tree,) = formulas.mathml(formulas.parse(text("(a/b)**2")), str, str, "hoch")
    assert "<mo fence=true>(</mo><mfrac>" in markup(tree)


def test_a_unit_list_for_an_article_without_units_of_its_own_is_the_common_one() -> None:
    assert Units().named("chip") is None
    assert Units().named("kWh")
