"""An article's figures: what they come to, whether the text agrees, and every fault at its place."""

from collections.abc import Iterable
from typing import Literal

import pytest
from msgspec.structs import replace

from randnotiz import figures
from randnotiz.diagnostics import Diagnostic, Position, SourceText
from randnotiz.model import Article, Figure, Quantity, Range, Result, Results, Stated, UnitName
from tests.patience import in_bounds

PATH = "deepseek/figures.yaml"


def text(words: str, line: int, column: int = 14) -> SourceText:
    return SourceText(words, Position(PATH, line, column), plain=True, start=1, end=1 + len(words))


def quantity(
    name: str, low: float, high: float | None = None, unit: str = "", best: float | None = None, line: int = 1
) -> Quantity:
    high = low if high is None else high
    return Quantity(
        name=name,
        label=text(name, line),
        low=low,
        best=(low + high) / 2 if best is None else best,
        high=high,
        unit=text(unit, line + 3),
        written=(text(str(low), line + 1), text(str(high), line + 2)),
        position=Position(PATH, line, 3),
    )


def figure(
    name: str,
    formula: str,
    unit: str = "",
    stated: str | Stated | None = None,
    finding: Literal["agrees", "disagrees"] | None = None,
    tolerance: float | None = None,
    line: int = 50,
) -> Figure:
    if isinstance(stated, str):
        stated = Stated(words=text(stated, line + 3), position=Position(PATH, line + 3, 14))
    return Figure(
        id=name.replace("_", "-"),
        name=name,
        label=text(name, line),
        formula=text(formula, line + 1),
        unit=text(unit, line + 2),
        stated=stated,
        finding=finding,
        tolerance=tolerance,
        position=Position(PATH, line, 3),
    )


def between(low: str, high: str, unit: str = "") -> Stated:
    """What a passage states as a range."""
    written = (text(low, 53), text(high, 53))
    return Stated(low=float(low), high=float(high), unit=text(unit, 53), written=written)


def article(
    quantities: Iterable[Quantity] = (),
    figures: Iterable[Figure] = (),
    units: Iterable[str] = ("chip", "GPU", "token"),
    broken: Iterable[str] = (),
) -> Article:
    return Article(
        slug="deepseek",
        path="deepseek/article.md",
        title=text("Was die Zahlen hinter DeepSeek hergeben", 2),
        lang="de",
        summary=text("Ein Bericht, nachgerechnet.", 3),
        body=text("Rund 50.000 Chips sind etwa eine Milliarde Dollar wert.", 5),
        units=tuple(UnitName(name=name) for name in units),
        quantities={each.name: each for each in quantities},
        figures={each.name: each for each in figures},
        broken=frozenset(broken),
    )


def faults(*parts: Quantity | Figure, units: Iterable[str] = ("chip",)) -> list[tuple[str, str, str]]:
    """Place, code and message of all that is wrong with these quantities and figures."""
    quantities = [part for part in parts if isinstance(part, Quantity)]
    _, diagnostics = figures.compute(article(quantities, [part for part in parts if isinstance(part, Figure)], units))
    return [told(diagnostic) for diagnostic in diagnostics]


def told(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return f"{diagnostic.position.line}:{diagnostic.position.column}", diagnostic.code, diagnostic.message


FLEET = quantity("fleet", 50000, unit="chip")
PRICE = quantity("price", 20000, 30000, "USD/chip")
HARDWARE = figure("hardware", "fleet * price", "USD")

# ----------------------------------------------------------------------------------------------------
# What figures come to: section 2 of the facts the explainer is written from
# ----------------------------------------------------------------------------------------------------

FACTS = article(
    [
        FLEET,
        PRICE,
        quantity("gpu_hours", 2.788e6, unit="GPU*hour"),
        quantity("cluster", 2048, unit="GPU"),
        quantity("rent", 1.5, 3, "USD/GPU/hour", 2),
        quantity("active", 37e9),
        quantity("tokens", 14.8e12, unit="token"),
        quantity("lag", 7, 10, "month"),
        quantity("age", 9, 12, "month"),
        quantity("rate", 4),
        quantity("halving", 5, 14, "month", 8),
        quantity("sonnet", 20e6, 50e6, "USD"),
        quantity("h100s", 10000, unit="chip"),
        quantity("h800s", 10000, unit="chip"),
        quantity("h20s", 30000, unit="chip"),
        quantity("h20_speed", 148, unit="TFLOP/second"),
        quantity("h100_speed", 989, unit="TFLOP/second"),
        quantity("colossus", 100000, 200000, "chip"),
        quantity("smuggled", 10000, 300000, "chip", 140000),
        quantity("street_price", 25000, 40000, "USD/chip"),
        quantity("capex", 1.6e9, unit="USD"),
        quantity("operation", 0.944e9, unit="USD"),
        quantity("years", 4, unit="year"),
        quantity("openai", 5e9, 7e9, "USD/year"),
        quantity("input_price", 0.55, unit="USD/token"),
        quantity("rival_price", 15, unit="USD/token"),
    ],
    [
        figure("hardware", "fleet * price", "USD", "1 Mrd. USD"),
        figure("run_time", "gpu_hours / cluster", "day"),
        figure("final_run", "gpu_hours * rent", "USD", "6 Mio. USD"),
        figure("compute", "6 * active * tokens * FLOP / (1 * token)", "FLOP"),
        figure("trend", "rate ** (lag / (12 * month))", stated=between("3", "4"), finding="agrees"),
        figure("trend_of_age", "rate ** (age / (12 * month))", stated=between("3", "4")),
        figure("epoch_rate", "2 ** (year / halving)"),
        figure("sonnet_ratio", "sonnet / final_run", stated="179", finding="disagrees"),
        figure("equivalents", "h100s + h800s + h20s * h20_speed / h100_speed", "chip"),
        figure("colossus_ratio", "colossus / equivalents"),
        figure("smuggled_value", "smuggled * street_price", "USD"),
        figure("yearly", "(capex + operation) / years", "USD/year"),
        figure("openai_ratio", "openai / yearly"),
        figure("legal_part", "(h800s + h20s) / fleet", "%", "80 %"),
        figure("api_ratio", "rival_price / input_price"),
    ],
)


@pytest.fixture(scope="module")
def results() -> Results:
    computed, diagnostics = figures.compute(FACTS)
    assert diagnostics == ()
    return computed


@pytest.mark.parametrize(
    ("name", "low", "best", "high"),
    [
        ("hardware", 1e9, 1.25e9, 1.5e9),
        ("run_time", 56.72, 56.72, 56.72),
        ("final_run", 4.182e6, 5.576e6, 8.364e6),
        ("compute", 3.2856e24, 3.2856e24, 3.2856e24),
        ("trend", 2.2449, 2.6697, 3.1748),
        ("trend_of_age", 2.8284, 3.3636, 4),
        ("epoch_rate", 1.8114, 2.8284, 5.278),
        ("sonnet_ratio", 2.391, 6.277, 11.956),
        ("equivalents", 24489, 24489, 24489),
        ("colossus_ratio", 4.083, 6.125, 8.167),
        ("smuggled_value", 2.5e8, 4.55e9, 1.2e10),
        ("yearly", 6.36e8, 6.36e8, 6.36e8),
        ("openai_ratio", 7.862, 9.434, 11.006),
        ("legal_part", 80, 80, 80),
        ("api_ratio", 27.27, 27.27, 27.27),
    ],
)
def test_the_figures_of_the_explainer_come_to_what_was_worked_out_by_hand(
    results: Results, name: str, low: float, best: float, high: float
) -> None:
    numbers = results.figures[name].range
    assert (numbers.low, numbers.best, numbers.high) == pytest.approx((low, best, high), rel=1e-3)


def test_a_figure_over_figures_rests_on_their_quantities(results: Results) -> None:
    ratio = results.figures["sonnet_ratio"]
    assert ratio.inputs == ("sonnet", "gpu_hours", "rent")
    assert list(ratio.sensitivity) == ["sonnet", "rent"]
    assert ratio.sensitivity["sonnet"] == pytest.approx((20 / 5.576, 50 / 5.576))
    assert ratio.program == ["/", ["q", "sonnet"], ["*", ["q", "gpu_hours"], ["q", "rent"]]]


def test_figures_stand_after_those_they_rest_on() -> None:
    total = figure("total", "one + two")
    computed, _ = figures.compute(article(figures=[total, figure("two", "one + 1"), figure("one", "1")]))
    assert list(computed.figures) == ["one", "two", "total"]
    assert computed.range("total").best == 3


def test_an_input_in_two_figures_moves_together_in_a_third() -> None:
    one, other = figure("one", "x + 1"), figure("other", "x + 2")
    computed, _ = figures.compute(article([quantity("x", 1, 9)], [one, other, figure("gap", "other - one")]))
    assert computed.range("gap") == Range(low=1, best=1, high=1, unit="")


def test_results_carry_the_quantities_and_the_units_of_the_article(results: Results) -> None:
    assert results.quantities == FACTS.quantities
    assert results.units == FACTS.units
    assert results.broken == frozenset()


def test_an_article_without_figures_has_no_results() -> None:
    assert figures.compute(article(units=())) == (Results(), ())


# ----------------------------------------------------------------------------------------------------
# What the text states
# ----------------------------------------------------------------------------------------------------


def result_of(stated: str | Stated, formula: str = "fleet * price", unit: str = "USD") -> Result:
    computed, _ = figures.compute(article([FLEET, PRICE], [figure("hardware", formula, unit, stated)]))
    return computed.figures["hardware"]


def test_what_is_stated_is_told_in_the_unit_of_the_figure() -> None:
    agreement = result_of("1 Mrd. USD").agreement
    assert agreement
    assert agreement.stated == Range(low=1e9, best=1e9, high=1e9, unit="USD")
    assert (agreement.agrees, agreement.factor, agreement.tolerance) == (True, 1.0, 0.15)


def test_a_stated_range_agrees_where_it_overlaps() -> None:
    agreement = result_of(between("0.5", "0.95", "Mrd. USD")).agreement
    assert agreement
    assert (agreement.stated.low, agreement.stated.high, agreement.agrees) == (5e8, 9.5e8, True)


def test_a_passage_may_state_another_unit_of_the_same_kind() -> None:
    computed, diagnostics = figures.compute(article(figures=[figure("day_in_hours", "1 * day", "hour", "1 day")]))
    agreement = computed.figures["day_in_hours"].agreement
    assert agreement
    assert agreement.stated.low == 24
    assert diagnostics == ()


def test_disagreement_is_a_warning_with_the_factor_between_the_nearest_ends() -> None:
    figure_ = figure("hardware", "fleet * price", "USD", "500 Mio. USD")
    computed, (diagnostic,) = figures.compute(article([FLEET, PRICE], [figure_]))
    assert diagnostic.severity == "warning"
    assert told(diagnostic) == (
        "53:14",
        "figure-disagrees",
        "the passage states 500 Mio. USD, the formula gives 1000 to 1500; a factor of 2 lies between them",
    )
    assert "finding: disagrees" in diagnostic.hint
    assert computed.figures["hardware"].agreement


def test_a_disagreement_the_authors_know_of_is_no_warning() -> None:
    known = figure("hardware", "fleet * price", "USD", "500 Mio. USD", finding="disagrees")
    assert faults(FLEET, PRICE, known) == []


def test_a_finding_that_the_arithmetic_does_not_bear_out_is_a_warning() -> None:
    wrongly = figure("hardware", "fleet * price", "USD", "1 Mrd. USD", finding="disagrees")
    assert faults(FLEET, PRICE, wrongly) == [
        (
            "53:14",
            "figure-disagrees",
            "the passage states 1 Mrd. USD, the formula gives 1 to 1.5;"
            " they agree, though finding says that they do not",
        )
    ]
    too_kind = figure("hardware", "fleet * price", "USD", "5 Mrd. USD", finding="agrees")
    ((_, code, message),) = faults(FLEET, PRICE, too_kind)
    assert code == "figure-disagrees"
    assert message.endswith("a factor of 3.333 lies between them")


def test_there_is_no_factor_between_a_gain_and_a_loss() -> None:
    computed, ((diagnostic),) = figures.compute(article(figures=[figure("change", "-3", stated="4")]))
    agreement = computed.figures["change"].agreement
    assert agreement
    assert (agreement.agrees, agreement.factor) == (False, None)
    assert diagnostic.message == "the passage states 4, the formula gives -3"


@pytest.mark.parametrize(
    ("computed", "stated", "unit", "by", "tolerance"),
    [
        # A number that was rounded correctly agrees.
        ("550 / 15415", "4 %", "%", "rounding", 0.125),
        ("1 / 28.1", "4 %", "%", "rounding", 0.125),
        ("4.49", "4", "", "rounding", 0.125),
        ("-4.49", "-4", "", "rounding", 0.125),
        ("0.0449", "0.04", "", "rounding", 0.125),
        ("44000 * EUR", "40 Tsd. EUR", "EUR", "rounding", 0.125),
        ("44000 * EUR", "40000 EUR", "EUR", "rounding", 0.125),
        ("44000 * EUR", "4e4 EUR", "EUR", "rounding", 0.125),
        # One that says more digits was rounded less.
        ("44000 * EUR", "40.0 Tsd. EUR", "EUR", "tolerance", 0.1),
        ("97.4", "97", "", "rounding", 0.1),
        ("97.6", "97", "", "tolerance", 0.1),
        # Half of the last digit of a small number would be too much.
        ("1.15", "1", "", "rounding", 0.15),
        ("1.16", "1", "", "", 0.15),
        ("230", "200", "", "rounding", 0.15),
        ("231", "200", "", "", 0.15),
        ("0.1", "0", "", "", 0.1),
        # What is the same needs neither.
        ("4", "4", "", None, 0.125),
        ("0", "0.0", "", None, 0.1),
    ],
)
def test_a_correctly_rounded_number_agrees(
    computed: str, stated: str, unit: str, by: str | None, tolerance: float
) -> None:
    """`by` is what they agree by if they would not as they stand, and empty if they do not agree."""
    results, _ = figures.compute(article(figures=[figure("share", computed, unit, stated)]))
    agreement = results.figures["share"].agreement
    assert agreement
    assert (agreement.agrees, agreement.only_by) == (by != "", by or None)
    assert agreement.tolerance == pytest.approx(tolerance)


@pytest.mark.parametrize(
    ("computed", "by"),
    [("3.66", "rounding"), ("3.34", "tolerance"), ("3.32", ""), ("34.4", "rounding"), ("34.6", ""), ("20", None)],
)
def test_each_end_of_a_stated_range_is_rounded_by_its_own_last_digit(computed: str, by: str | None) -> None:
    """Between 3.7 and 30: the lower end may be off by a tenth, the upper by 15 %."""
    results, _ = figures.compute(article(figures=[figure("factor", computed, stated=between("3.7", "30"))]))
    agreement = results.figures["factor"].agreement
    assert agreement
    assert (agreement.agrees, agreement.only_by) == (by != "", by or None)


@pytest.mark.parametrize(
    ("tolerance", "by"), [(0.0, ""), (0.12, ""), (0.13, "tolerance"), (0.5, "tolerance"), (None, "rounding")]
)
def test_an_author_s_tolerance_decides_alone(tolerance: float | None, by: str) -> None:
    written = figure("factor", "4.5", stated="4", tolerance=tolerance)
    agreement = figures.compute(article(figures=[written]))[0].figures["factor"].agreement
    assert agreement
    assert (agreement.agrees, agreement.only_by) == (by != "", by or None)
    assert agreement.tolerance == (0.125 if tolerance is None else tolerance)


# ----------------------------------------------------------------------------------------------------
# Faults
# ----------------------------------------------------------------------------------------------------


def test_a_range_upside_down_is_told_at_its_numbers() -> None:
    assert faults(quantity("price", 30000, 20000)) == [
        ("2:14", "value-malformed", "the low of 'price' (30000) is greater than its high (20000); exchange them")
    ]


def test_a_best_value_lies_in_its_range() -> None:
    assert faults(quantity("price", 20, 30, best=50)) == [
        ("2:14", "value-malformed", "the best of 'price' (50) lies outside its range (20 to 30)")
    ]


@pytest.mark.parametrize(
    ("name", "what"),
    [("month", "a unit"), ("chip", "a unit"), ("min", "a function of formulas"), ("percent", "a unit")],
)
def test_no_number_bears_the_name_of_a_unit_or_a_function(name: str, what: str) -> None:
    message = f"'{name}' is {what} and cannot be the name of a number; call it '{name}_value', for example"
    assert faults(quantity(name, 1)) == [("1:3", "value-malformed", message)]
    assert faults(figure(name, "1")) == [("50:3", "value-malformed", message)]


def test_a_quantity_and_a_figure_have_names_of_their_own() -> None:
    assert faults(quantity("price", 1), figure("price", "2")) == [
        ("50:3", "id-doubled", "'price' is a quantity already; a figure needs a name of its own")
    ]


def test_faults_in_formulas_stand_at_their_column() -> None:
    assert faults(FLEET, PRICE, figure("hardware", "fleet × price", "USD")) == [
        ("51:20", "formula-syntax", "write * instead of ×")
    ]
    assert faults(FLEET, PRICE, figure("hardware", "fleet * prise", "USD")) == [
        ("51:22", "figure-unknown", "there is no quantity, figure or unit 'prise'; did you mean 'price'?")
    ]


def test_a_point_in_a_formula_is_read_in_the_language_that_its_article_has_now() -> None:
    german = article(figures=[figure("trip", "1.609 * km", "km")])
    _, diagnostics = figures.compute(german)
    assert [told(diagnostic) for diagnostic in diagnostics] == [
        ("51:14", "formula-syntax", "'1.609' can be read in two ways: write 1609 or 1.609e0")
    ]
    results, diagnostics = figures.compute(replace(german, lang="en"))
    assert (results.figures["trip"].range.best, diagnostics) == (1.609, ())


def test_the_declared_unit_must_fit_the_formula() -> None:
    assert faults(FLEET, PRICE, figure("hardware", "fleet * price", "EUR")) == [
        ("52:14", "unit-mismatch", "the formula gives USD, not EUR")
    ]
    assert faults(FLEET, PRICE, figure("hardware", "fleet * price")) == [
        ("51:14", "unit-mismatch", "the formula gives USD, but 'hardware' has no unit; add unit: USD")
    ]
    assert faults(FLEET, figure("double", "2 * 3", "chip")) == [
        ("52:14", "unit-mismatch", "the formula gives a plain number, not chip")
    ]


def test_a_quantity_that_lacks_its_unit_is_told_where_several_formulas_say_so() -> None:
    double = figure("double", "2 * fleet * price / chip", "USD/chip", line=60)
    assert faults(quantity("fleet", 50000), PRICE, HARDWARE, double) == [
        ("1:3", "unit-mismatch", "'fleet' has no unit; with chip 2 formulas fit")
    ]


@pytest.mark.parametrize(
    ("formula", "unit", "sought"),
    [
        ("fleet * given", "USD", "USD/chip"),
        ("fleet / given", "", "chip"),
        ("given ** 2", "metre**2", "metre (length)"),
        ("4 ** (given / (12 * month))", "", "month (time)"),
        ("max(fleet, given)", "chip", "chip"),
        ("sqrt(lag * (lag - given))", "year", "month (time)"),
    ],
)
def test_one_formula_that_says_so_may_itself_be_wrong(formula: str, unit: str, sought: str) -> None:
    lag, metre = quantity("lag", 7, unit="month", line=20), quantity("length", 3, unit="metre", line=30)
    found = faults(quantity("given", 2, line=10), FLEET, lag, metre, figure("result", formula, unit))
    assert [place.split(":")[0] for place, _, _ in found] in (["52", "10"], ["51", "10"])
    assert found[1][2] == f"'given' has no unit; with {sought} the formula of 'result' fits"


def test_a_quantity_that_is_a_plain_number_elsewhere_lacks_no_unit() -> None:
    share, half = quantity("share", 0.5, line=10), figure("half", "fleet * share", "chip", line=60)
    assert faults(FLEET, share, half, figure("hardware", "fleet * share", "USD")) == [
        ("52:14", "unit-mismatch", "the formula gives chip, not USD")
    ]


def test_what_is_stated_must_be_of_the_same_kind() -> None:
    assert faults(FLEET, PRICE, figure("hardware", "fleet * price", "USD", "1 Mrd. EUR")) == [
        ("53:21", "unit-mismatch", "the passage states EUR, but the figure is USD")
    ]


def test_unknown_units_are_told_wherever_they_stand() -> None:
    assert faults(
        quantity("fleet", 1, unit="chips"), figure("one", "1", "dolar"), figure("two", "2", "", "2 dolar")
    ) == [
        ("4:14", "unit-unknown", "there is no unit 'chips'; did you mean 'chip'?"),
        ("52:14", "unit-unknown", "there is no unit 'dolar'; if 'dolar' is what is counted, add it under 'units:'"),
        ("53:16", "unit-unknown", "there is no unit 'dolar'; if 'dolar' is what is counted, add it under 'units:'"),
    ]


def test_a_formula_with_a_fault_hides_no_other_of_its_figure() -> None:
    broken = figure("hardware", "fleat * price", "foos", "12 milions EUR")
    assert [message for _, _, message in faults(FLEET, PRICE, broken)] == [
        "there is no quantity, figure or unit 'fleat'; did you mean 'fleet'?",
        "there is no unit 'foos'; if 'foos' is what is counted, add it under 'units:'",
        "'milions' is not a word of scale; did you mean 'millions'?",
    ]


def test_a_circle_is_told_once_and_whole() -> None:
    parts = [
        figure("rent", "income / 3", line=10),
        figure("total", "rent + 1", line=20),
        figure("wage", "rent * 2", line=30),
        figure("income", "2 * wage", line=40),
    ]
    assert faults(*parts) == [("11:14", "figure-circle", "'rent' rests on itself: rent → income → wage → rent")]


def test_a_figure_that_rests_on_itself_alone_is_a_circle_too() -> None:
    assert faults(figure("debt", "1 + debt")) == [("51:18", "figure-circle", "'debt' rests on itself: debt → debt")]


def test_two_circles_are_two_faults() -> None:
    parts = [figure("a", "b"), figure("b", "a + c"), figure("c", "d"), figure("d", "c")]
    assert [message for _, _, message in faults(*parts)] == [
        "'a' rests on itself: a → b → a",
        "'c' rests on itself: c → d → c",
    ]


def test_a_value_that_fails_anywhere_in_the_range_is_told_with_the_numbers() -> None:
    doubling = figure("doubling", "years / log(growth)")
    assert faults(quantity("growth", 0, 4), quantity("years", 10), doubling) == [
        ("51:14", "figure-overflow", "'doubling' has no value where growth = 0: log(0) is not a number")
    ]
    assert faults(figure("much", "9 ** 9 ** 9")) == [
        ("51:14", "figure-overflow", "'much' has no value: 9 ** 387420489 is too large a number")
    ]
    assert faults(quantity("share", 1), figure("rest", "1 / (1 - share)")) == [
        ("51:14", "figure-overflow", "'rest' has no value where share = 1: 1 is divided by 0")
    ]


def test_at_most_eight_inputs_are_uncertain() -> None:
    names = "abcdefghi"
    parts = [quantity(f"x_{name}", 1, 2) for name in names]
    assert faults(*parts, figure("eight", " + ".join(f"x_{name}" for name in names[:8]))) == []
    assert faults(*parts, figure("nine", " + ".join(f"x_{name}" for name in names))) == [
        (
            "51:14",
            "limit-exceeded",
            "'nine' rests on 9 uncertain quantities, and 8 are the most: x_a, x_b, x_c, x_d, x_e, x_f, x_g, x_h, x_i",
        )
    ]


def test_all_faults_are_told_at_once_and_followers_stay_silent() -> None:
    quantities = [quantity("price", 3, 2, line=1), quantity("fleet", 5, unit="chips", line=5)]
    formulas = [
        figure("cost", "price * fleet", line=10),
        figure("typo", "1 +", line=20),
        figure("double", "2 * typo", line=30),
        figure("sum", "cost + double", line=40),
        figure("alone", "1 * chip", line=50),
    ]
    computed, diagnostics = figures.compute(article(quantities, formulas))
    assert [(diagnostic.position.line, diagnostic.code) for diagnostic in diagnostics] == [
        (2, "value-malformed"),
        (8, "unit-unknown"),
        (21, "formula-syntax"),
        (51, "unit-mismatch"),
    ]
    assert computed.broken == {"price", "fleet", "cost", "typo", "double", "sum", "alone"}
    assert computed.quantities == {}
    assert computed.figures == {}


def test_what_merely_could_not_be_read_is_not_told_as_missing() -> None:
    broken = article([quantity("fleet", 5, unit="server")], [figure("cost", "prise * 2")], broken=["figures.yaml"])
    computed, diagnostics = figures.compute(broken)
    assert diagnostics == ()
    assert computed.broken == {"fleet", "cost"}


# ----------------------------------------------------------------------------------------------------
# Limits
# ----------------------------------------------------------------------------------------------------


def test_a_tower_of_figures_that_double_each_other_is_refused() -> None:
    tower = [figure("f0", "1"), *(figure(f"f{n}", f"f{n - 1} + f{n - 1}") for n in range(1, 60))]
    ((_, code, message),) = faults(*tower)
    assert code == "limit-exceeded"
    assert message.startswith("with the figures it rests on written out, this formula has more than 500 parts")


def test_a_long_chain_of_figures_is_refused_without_a_crash() -> None:
    chain = [figure("f0", "1"), *(figure(f"f{n}", f"sqrt(f{n - 1})") for n in range(1, 3000))]
    ((_, code, _),) = faults(*reversed(chain))
    assert code == "limit-exceeded"


def test_a_circle_of_thousands_is_told_in_a_moment() -> None:
    circle = [figure(f"f{n}", f"f{(n + 1) % 3000} + 1") for n in range(3000)]
    ((_, code, message),) = faults(*circle)
    assert code == "figure-circle"
    assert len(message) < 500


@pytest.mark.slow
def test_too_much_work_ends_in_a_fault() -> None:
    names = "abcdefg"
    inputs = [quantity(f"x_{name}", 1, 2) for name in names]
    long = " + ".join(f"x_{names[n % 7]}" for n in range(60))
    with in_bounds():
        found = faults(*inputs, *(figure(f"f{n}", long) for n in range(300)))
    ((_, code, message),) = found
    assert code == "limit-exceeded"
    assert message.startswith("this article's formulas take too much work")
