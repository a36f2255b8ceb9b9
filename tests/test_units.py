"""The units people write: what is known, what is asked back, and what is done with points of percent and of heat."""

import re
from collections.abc import Iterable

import pytest

from randnotiz import formulas, language
from randnotiz.analysis import SiteContext, analyse
from randnotiz.diagnostics import ContentError, Diagnostic, SourceText
from randnotiz.formulas import unit_list, unit_spellings
from randnotiz.model import UnitName
from tests import recompute, sample
from tests.published import HEAD, SOURCES, published

UNITS, _ = formulas.own_units([UnitName(name="chip")])


def message(words: str) -> str:
    """What is said of words that are no unit."""
    with pytest.raises(ContentError) as caught:
        UNITS.parse(SourceText(words))
    assert caught.value.diagnostic.code == "unit-unknown"
    return caught.value.diagnostic.message


def diagnostics(figures: str, body: str = "Die Mieten stiegen.") -> list[Diagnostic]:
    """What an article with this figures.yaml is warned of, unused quantities aside."""
    raw = {"article.md": HEAD.format(more="") + body, "sources.yaml": SOURCES, "figures.yaml": figures}
    context = SiteContext(settings=sample.settings(), sources={}, drafts=True, files={})
    _, found = analyse("mieten", {name: content.encode() for name, content in raw.items()}, context)
    return [each for each in found if each.code not in ("quantity-unused", "source-unused", "number-uncovered")]


def codes(found: Iterable[Diagnostic]) -> list[str]:
    return [each.code for each in found]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("gallon", "write us_gallon or imperial_gallon"),
        ("gallons", "write us_gallon or imperial_gallon"),
        ("pound", "write pound_mass (weight) or GBP (money)"),
        ("Pounds", "write pound_mass (weight) or GBP (money)"),
        ("lbs", "write pound_mass"),
        ("Pfund", "write kg (half of one is a metric pound), pound_mass or GBP (money)"),
        ("cent", "declare it with its worth, as in 'units: [{name: cent, worth: 0.01 EUR}]'"),
        ("cents", "declare it with its worth, as in 'units: [{name: cent, worth: 0.01 EUR}]'"),
        ("pence", "declare it with its worth, as in 'units: [{name: pence, worth: 0.01 GBP}]'"),
        ("kt", "write kilotonne (weight), kilotonne_TNT (energy) or knot (speed)"),
        ("Mt", "write megatonne (weight) or megatonne_TNT (energy)"),
        ("tons", "write tonne (1000 kg), short_ton (US) or long_ton (British)"),
        ("Tonnen", "write tonne"),
        ("°C", "write degC, or delta_degC for a difference"),
        ("Grad Celsius", "write degC, or delta_degC for a difference"),
        ("Fahrenheit", "write degF, or delta_degF for a difference"),
        ("oz", "write ounce_mass, troy_ounce, us_fluid_ounce or imperial_fluid_ounce"),
        ("toe", "declare it with its worth, as in 'units: [{name: toe, worth: 41.868 GJ}]'"),
        ("boe", "declare it with its worth, as in 'units: [{name: boe, worth: 5800000 BTU}]'"),
        ("acre-feet", "declare it with its worth, as in 'units: [{name: acre_feet, worth: 43560 foot**3}]'"),
        ("RMB", "write CNY"),
        ("R$", "write BRL"),
        ("Kronen", "write SEK, NOK, DKK, ISK or CZK"),
        ("bbl", "write barrel (of oil, 159 litres)"),
        ("Ft", "write foot (length) or HUF (money)"),
        ("Mrd", "'Mrd' stands only in 'stated'; large numbers are printed in words on their own"),
        ("Prozentpunkte", "write pp"),
        ("percentage points", "write pp"),
        ("percentage_point", "write pp"),
        ("percentage points per year", "write pp/year"),
        ("Kilowattstunden", "write kWh"),
        ("kilowatt hours", "write kWh"),
        ("terawatt-hours", "write TWh"),
        ("milligrams", "write mg"),
        ("centimetres", "write cm"),
        ("light years", "write light_year"),
        ("US gallons", "write us_gallon"),
        ("square feet", "write foot**2"),
        ("Quadratkilometer", "write kilometer**2"),
        ("m²", "write metre**2"),
        ("km2", "write km**2"),
        ("miles per hour", "write mile/hour"),
        ("miles per gallon", "write mile/us_gallon or mile/imperial_gallon"),
        ("Euro pro Kopf", "write / for 'per', as in km/hour"),
        # what German tables have in their heads
        ("€/m²", "write EUR/metre**2"),
        ("µg/m³", "write microgram/metre**3"),
        ("m/s²", "write metre/second**2"),
        ("°C/Jahr", "write delta_degC/year"),
        ("kWh/(m²a)", "write kWh/(metre**2*year)"),
        ("g CO2/km", "write gram/km"),
        ("Mt CO₂-Äq.", "write megatonne (weight) or megatonne_TNT (energy)"),
        ("TEUR", "write EUR, and the number with all its zeros"),
        ("tsd. EUR", "'tsd.' stands only in 'stated'; large numbers are printed in words on their own"),
        ("je 100.000 Einwohner", "write per_100000"),
        ("l/100 km", "declare it with its worth, as in 'units: [{name: l_km, worth: 0.01 litre/km}]'"),
        ("per 100,000", "write per_100000"),
        ("mph", "write mile/hour"),
        ("Mb", "write MB (8 million bit) or Mbit"),
        ("calories", "write cal (4.184 joule) or kcal (which labels of food call a calorie)"),
        ("kwh", "did you mean 'kWh'?"),
        ("eur", "did you mean 'EUR'?"),
        ("kilometr", "did you mean 'kilometre'?"),
        ("hectars", "did you mean 'hectare'?"),
        ("chips", "did you mean 'chip'?"),
        # a unit of another worth is never proposed; what is counted may be declared
        ("kWs", "if 'kWs' is what is counted, add it under 'units:'"),
        ("mWh", "if 'mWh' is what is counted, add it under 'units:'"),
        ("mwh", "if 'mwh' is what is counted, add it under 'units:'"),
        ("person", "if 'person' is what is counted, add it under 'units:'"),
        ("Taler", "if 'Taler' is what is counted, add it under 'units:'"),
        ("picogram", "if 'picogram' is what is counted, add it under 'units:'"),
        ("bite", "if 'bite' is what is counted, add it under 'units:'"),
    ],
)
def test_a_unit_that_people_write_is_answered_with_what_it_may_be(words: str, hint: str) -> None:
    assert message(words) == f"there is no unit '{words}'; {hint}"


def test_units_are_known_in_the_words_of_a_language_that_a_site_adds() -> None:
    spelled = {"meanings": {"second": ["sek."]}, "worths": {"0.01 litre": ["dreitill"]}, "per": ["pr"]}
    units = {"per": "á ", "words": {"hour": ["klukkustund", "klukkustundir"]}, "spellings": spelled}
    language.use({"is": {"messages": {}, "plural": "(0)", "rules": {"units": units}}})
    try:
        assert [
            unit_spellings.hint(words) for words in ("klukkustundir", "sek.", "km á klukkustund", "EUR pr GB")
        ] == [
            "write hour",
            "write second",
            "write km/hour",
            "write EUR/GB",
        ]
        assert "worth: 0.01 litre" in unit_spellings.hint("dreitill")
    finally:
        language.use({})
    assert unit_spellings.hint("klukkustundir") == ""


def test_every_name_in_a_proposal_is_a_unit_and_no_slip_of_one_is_a_unit_of_another_worth() -> None:
    prose = {"or", "for", "a", "difference", "if", "it", "is", "temperature", "of", "two"}
    for proposed in unit_spellings.spellings()["meanings"]:
        for word in re.sub(r"\([^)]*\)|, or declare.*|,", " ", proposed).split():
            assert word in prose or UNITS.parse(SourceText(word)).powers
    names = [name for name in unit_list.names() if not unit_list.is_currency(name)]
    slips = {name: unit_spellings.slip_of(name, set(names) - {name}) for name in names}
    assert {name for name, slip in slips.items() if slip} == {"metre", "meter", "litre", "liter"} | {
        f"kilo{name}" for name in ("metre", "meter")
    }


@pytest.mark.parametrize(
    ("amount", "of", "to", "worth"),
    [
        (1, "acre", "metre**2", 4046.8564224),
        (1, "foot", "cm", 30.48),
        (12, "inch", "foot", 1),
        (1, "pound_mass", "gram", 453.59237),
        (1, "us_gallon", "litre", 3.785411784),
        (1, "imperial_gallon", "litre", 4.54609),
        (1, "light_year", "km", 9460730472580.8),
        (3, "megatonne", "kilotonne", 3000),
        (25, "per_100000", "%", 0.025),
        (25, "basis_point", "pp", 0.25),
        (68, "degF", "degC", 20),
        (-40, "degC", "degF", -40),
        (0, "degC", "degF", 32),
        (9, "delta_degF", "delta_degC", 5),
        (1, "horsepower", "watt", 745.69987158227022),
        (60, "knot", "nautical_mile/minute", 1),
    ],
)
def test_the_units_people_write_are_worth_what_the_standards_say(
    amount: float, of: str, to: str, worth: float
) -> None:
    one, other = UNITS.parse(SourceText(of)), UNITS.parse(SourceText(to))
    assert one.dimension == other.dimension
    assert formulas.rescaled(amount, one, other) == pytest.approx(worth, rel=1e-14)


TEMPERATURES = """
quantities:
  today: {{label: heute, low: 18, best: 20, high: 24, unit: degC, assumed: Beispiel}}
  once: {{label: einst, value: 59, unit: degF, assumed: Beispiel}}
  rise: {{label: Anstieg, value: 1.8, unit: delta_degF, assumed: Beispiel}}
  star: {{label: Stern, value: 5772, unit: kelvin, assumed: Beispiel}}
figures:
  result: {{label: Ergebnis, formula: "{formula}", unit: {unit}}}
"""


@pytest.mark.parametrize(
    ("formula", "unit", "low", "best", "high"),
    [
        ("today - once", "delta_degC", 3, 5, 9),
        ("once - today", "delta_degF", -16.2, -9, -5.4),
        ("today - once", "kelvin", 3, 5, 9),
        ("today + rise", "degC", 19, 21, 25),
        ("rise + today", "degC", 19, 21, 25),
        ("once - rise", "degF", 57.2, 57.2, 57.2),
        ("once", "degC", 15, 15, 15),
        ("max(today, once)", "degF", 64.4, 68, 75.2),
        ("(today - once) / once_per", "", 3, 5, 9),
        ("once + 2 * rise", "degC", 17, 17, 17),
    ],
)
def test_points_on_a_scale_have_differences_and_take_degrees(
    formula: str, unit: str, low: float, best: float, high: float
) -> None:
    formula = formula.replace("once_per", "(1 * delta_degC)")
    written = TEMPERATURES.format(formula=formula, unit=unit or '"1"')
    file = published("Die Mieten stiegen um {{ result }}.", figures=written).json("figures.json")
    result = file["figures"]["result"]
    assert (result["low"], result["best"], result["high"]) == pytest.approx((low, best, high), rel=1e-9)
    assert list(recompute.Reader(file).differences()) == []


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("today + once", "degC"),
        ("today + today", "degC"),
        ("2 * today", "degC"),
        ("today / once", '"1"'),
        ("today ** 2", '"1"'),
        ("-today", "degC"),
        ("abs(today)", "degC"),
        ("round(today)", '"1"'),
        ("sqrt(today)", "degC"),
        ("exp(today)", '"1"'),
        ("rise - today", "degC"),
        ("today - star", "degC"),
        ("today + star", "degC"),
        ("today - 5", "degC"),
        ("today", "kelvin"),
        ("today", "delta_degC"),
        ("rise", "degC"),
        ("star", "degC"),
        ("today - once", "degC"),
        ("20 * degC", "degC"),
        ("today - 20 * degC", "delta_degC"),
        ("min(today, star)", "degC"),
        ("max(rise, today)", "degC"),
        ("(today + once) / 2", "degC"),
        ("rise", "1/degC"),
        ("rise", "degC**2"),
    ],
)
def test_nothing_else_is_done_with_a_point_on_a_scale(formula: str, unit: str) -> None:
    assert codes(diagnostics(TEMPERATURES.format(formula=formula, unit=unit))) == ["unit-mismatch"]


def test_both_sides_of_a_sum_without_a_meaning_are_named_in_their_order() -> None:
    (fault,) = diagnostics(TEMPERATURES.format(formula="rise - today", unit="degC"))
    assert fault.message.startswith("'-' has no meaning between 'rise' (")
    assert " and 'today' (" in fault.message


def test_there_is_no_factor_between_two_temperatures() -> None:
    figures = TEMPERATURES.format(formula="once", unit="degC, stated: 30 degC, quote: stiegen")
    (warning,) = diagnostics(figures)
    assert warning.code == "figure-disagrees"
    assert warning.message == "the passage states 30 degC, the formula gives 15"


OWN = """
units: [{units}]
quantities:
  price: {{label: Preis, value: 250, unit: {unit}, assumed: Beispiel}}
figures:
  result: {{label: Ergebnis, formula: price, unit: {to}}}
"""


def test_a_worth_that_a_message_proposes_is_one() -> None:
    for worth in unit_spellings.spellings()["worths"]:
        _, found = formulas.own_units([UnitName(name="one", worth=SourceText(worth))])
        assert found == (), worth


def test_what_is_no_unit_may_be_counted_or_be_so_many_of_one() -> None:
    with pytest.raises(ContentError) as caught:
        UNITS.parse(SourceText("Taler"))
    assert "{name: toe, worth: 41.868 GJ}" in caught.value.diagnostic.hint


@pytest.mark.parametrize(
    ("units", "unit", "to", "result"),
    [
        ("{name: cent, worth: 0.01 EUR}", "cent", "EUR", 2.5),
        ("{name: cent, worth: 0.01 EUR, de: [Cent, Cent]}", "cent/kWh", "EUR/MWh", 2500),
        ("{name: dozen, worth: 12}", "dozen", '"1"', 3000),
        ("{name: crate, worth: 20 bottle}, bottle", "crate", "bottle", 5000),
        ("bottle, {name: crate, worth: 20 bottle}", "crate", "bottle", 5000),
        ("{name: Zentner, worth: 50 kg}", "Zentner", "tonne", 12.5),
        ("{name: pint, worth: 0.5 litre}", "pint", "hectolitre", 1.25),
        ("{name: sverdrup, worth: 1e6 metre**3/second}", "sverdrup", "km**3/second", 0.25),
    ],
)
def test_an_own_unit_may_have_a_worth(units: str, unit: str, to: str, result: float) -> None:
    written = OWN.format(units=units, unit=unit, to=to)
    file = published("Die Mieten stiegen um {{ result }}.", figures=written).json("figures.json")
    assert file["figures"]["result"]["best"] == result
    assert list(recompute.Reader(file).differences()) == []


@pytest.mark.parametrize(
    ("worth", "code"),
    [
        ("EUR", "value-malformed"),
        ("0,01 EUR", "value-malformed"),
        ("0 EUR", "value-malformed"),
        ("-1 EUR", "value-malformed"),
        ("1e-320 EUR", "value-malformed"),
        ("0.01 Euro", "unit-unknown"),
        ("3 thing", "value-malformed"),
        ("5 degC", "unit-mismatch"),
        ("1e300 ZB**12", "value-malformed"),
        ("20 * 0.5 litre", "value-malformed"),
        ("12 later'}, {name: later, worth: '0.01 EUR", "value-malformed"),
    ],
)
def test_a_worth_is_a_number_and_a_unit(worth: str, code: str) -> None:
    """What is computed with the unit has no fault of its own then."""
    found = diagnostics(OWN.format(units=f"{{name: thing, worth: '{worth}'}}", unit="thing", to="EUR"))
    assert codes(found) == [code]
    assert found[0].position.line == 2


@pytest.mark.parametrize("own", ["acre", "pp", "{name: acre, worth: 4000 metre**2}", "knot"])
def test_a_unit_of_the_articles_own_wins_over_one_that_came_to_the_list_later(own: str) -> None:
    name = re.sub(r"\{name: (\w+).*", r"\1", own)
    found = diagnostics(OWN.format(units=own, unit=name, to=name))
    assert codes(found) == ["unit-shadowed"]
    assert found[0].message.startswith(f"'{name}' is now also a unit that needs no declaration")


@pytest.mark.parametrize("name", ["stone", "foot"])
def test_a_number_of_the_articles_own_wins_over_a_unit_that_came_later(name: str) -> None:
    figures = f"""
quantities:
  {name}: {{label: Preis, value: 3, unit: EUR, assumed: Beispiel}}
figures:
  twice: {{label: Doppelt, formula: 2 * {name}, unit: EUR}}
"""
    assert codes(diagnostics(figures)) == ["unit-shadowed"]


POINTS = """
quantities:
  before: {{label: vorher, value: 4, unit: "%", assumed: Beispiel}}
  after: {{label: nachher, value: 6, unit: "%", assumed: Beispiel}}
  step: {{label: Schritt, value: 2, unit: pp, assumed: Beispiel}}
figures:
  change: {{label: Anstieg, formula: "{formula}", unit: "{unit}", stated: {stated}, quote: stiegen}}
"""


@pytest.mark.parametrize(
    ("formula", "unit", "stated", "found"),
    [
        ("after - before", "pp", "2 pp", []),
        ("after - before", "pp", "2 %", ["points-or-percent"]),
        ("after - before", "pp", "{low: 1, high: 3, unit: '%'}", ["points-or-percent"]),
        ("after - before", "pp", "200 basis_point", []),
        ("after - before", "basis_point", "2 %", ["points-or-percent"]),
        ("after - before", "pp", "20 permille", ["points-or-percent"]),
        ("after - before", "%", "2 pp", ["points-or-percent"]),
        ("(after - before) / year", "pp/year", "2 %/year", ["points-or-percent"]),
        ("step", "%", "2 %", ["points-or-percent"]),
        ("after / before - 1", "%", "50 %", []),
        ("step / before", "%", "50 %", []),
        ("after / before - 1", "%", "50 pp", ["points-or-percent"]),
        ("after - before", "pp", "50 %", ["points-or-percent", "figure-disagrees"]),
        ("before + step", "%", "6 %", []),
        ("after / before", "1", "1.5", []),
    ],
)
def test_a_percentage_against_points_is_asked_about(formula: str, unit: str, stated: str, found: list[str]) -> None:
    assert codes(diagnostics(POINTS.format(formula=formula, unit=unit, stated=stated))) == found


def test_both_readings_of_a_percentage_against_points_are_named() -> None:
    (warning,) = diagnostics(POINTS.format(formula="after - before", unit="pp", stated="2 %"))
    assert warning.message == (
        "the passage states 2 %, and 'change' is in pp: it may be a difference of 2 percentage points, or a change by"
        " 2 percent of what there was before"
    )
    assert (warning.position.line, warning.position.column) == (7, 77)


@pytest.mark.parametrize(
    ("low", "high", "unit", "de", "en", "fr"),
    [
        (2, 2, "BTU", "2 BTU", "2 BTU", "2 BTU"),
        (2, 2, "‰/hour", "2 ‰/h", "2 ‰/h", "2 ‰/h"),
        (2, 2, "pp", "2 Prozentpunkte", "2 percentage points", "2 points de pourcentage"),
        (1, 1, "pp", "1 Prozentpunkt", "1 percentage point", "1 point de pourcentage"),
        (2, 3, "pp", "2 bis 3 Prozentpunkte", "2 to 3 percentage points", "2 à 3 points de pourcentage"),
        (2, 2, "pp/day", "2 Prozentpunkte je Tag", "2 percentage points per day", "2 points de pourcentage par jour"),
        (2, 3, "%", "2 bis 3 %", "2 to 3%", "2 à 3 %"),
        (2, 3, "permille", "2 bis 3 ‰", "2 to 3 ‰", "2 à 3 ‰"),
        (2e6, 3e6, "%", "2 bis 3 Mio. %", "2 to 3 million%", "2 à 3 M %"),
        (18, 20, "degC", "18 bis 20 °C", "18 to 20 °C", "18 à 20 °C"),
        (2, 2, "delta_degF", "2 °F", "2 °F", "2 °F"),
        (12, 12, "per_100000", "12 je 100.000", "12 per 100,000", "12 pour 100 000"),
        (5, 5, "foot**2", "5 Quadratfuß", "5 square feet", "5 pieds²"),
        (1, 1, "foot", "1 Fuß", "1 foot", "1 pied"),
        (3, 3, "us_gallon", "3 US-Gallonen", "3 US gallons", "3 gallons"),
        (3, 3, "litre", "3 Liter", "3 liters", "3 litres"),
    ],
)
def test_units_are_printed_in_words_and_shared_by_a_range(
    low: float, high: float, unit: str, de: str, en: str, fr: str
) -> None:
    printed = [language.of(tag).amount(low, low, high, unit) for tag in ("de", "en", "fr")]
    assert [re.sub("[\u00a0\u202f]", " ", each) for each in printed] == [de, en, fr]


@pytest.mark.parametrize(
    ("formula", "warned"),
    [
        ("(a - b) / b", True),
        ("a / b - 1", True),
        ("2 * (a / b)", True),
        ("a / b / 2", True),
        ("a - b", False),
        ("(a - b) / 2", False),
        ("a / b - b / a", False),
        ("abs(a - b)", False),
    ],
)
def test_a_quotient_of_like_things_is_no_difference_of_percentages(formula: str, warned: bool) -> None:
    found = diagnostics(
        'quantities:\n  a: {label: A, value: 25, unit: "%", assumed: so}\n  b: {label: B, value: 20, unit: "%",'
        f" assumed: so}}\nfigures:\n  r: {{label: R, formula: {formula}, unit: pp}}\n"
    )
    assert codes(found) == ["points-or-percent"] * warned


@pytest.mark.parametrize(
    ("units", "said", "hint"),
    [
        ("[rappen: 0.01 CHF]", "has no 'name'", "Write '{name: rappen, worth: 0.01 CHF}'."),
        ("[{unit: rappen, worth: CHF 0.01}]", "has no 'name'", "Write '{name: rappen, worth: 0.01 CHF}'."),
        ("{rappen: 1/100 CHF}", "a list was expected", "Write 'units: [{name: rappen, worth: 0.01 CHF}]'."),
        ("[rappen = 0.01 CHF]", "a field of its own", "Write '{name: rappen, worth: 0.01 CHF}'."),
        ("[{name: rappen, value: 0.01 CHF}]", "no field 'value'", "What it is worth is 'worth: 0.01 EUR'"),
        ("[{name: rappen, worth: '0,01 CHF'}]", "has a decimal comma: write 0.01", "Write 'worth: 0.01 CHF'."),
        ("[{name: rappen, worth: 0.01CHF}]", "is not a number", "Write 'worth: 0.01 CHF'."),
        ("[{name: rappen, worth: CHF 0.01}]", "is not a number", "Write 'worth: 0.01 CHF'."),
        ("[{name: rappen, worth: CHF}]", "is not a number", "Write 'worth: 1 CHF'."),
        ("[{name: rappen, worth: 1/100 CHF}]", "is not a number", "Write 'worth: 0.01 CHF'."),
        ("[{name: rappen, worth: = 0.01*CHF}]", "is not a number", "Write 'worth: 0.01 CHF'."),
        ("[{name: rappen, worth: 1/3 CHF}]", "is not a number", ""),
        ("[{name: rappen, worth: 1.000 CHF}]", "can be read in two ways: write 1000 or 1.0", ""),
        ("[{name: rappen, worth: 0,01 CHF}]", "has no colon", "Write 0.01 and then CHF if it is an amount"),
        ("[{name: rappen, worth: 1,000 CHF}]", "has no colon", "Write 1.000 or 1000 and then CHF if"),
    ],
)
def test_a_worth_that_is_written_otherwise_is_told_how(units: str, said: str, hint: str) -> None:
    first = diagnostics(f"units: {units}\nquantities:\n  a: {{label: A, value: 3, unit: rappen, assumed: so}}\n")[0]
    assert said in first.message
    assert first.hint.startswith(hint) if hint else not first.hint
