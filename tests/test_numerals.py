"""Numbers as authors write them: one grammar for fields, formulas, what a passage states, and what is printed."""

import pytest

from randnotiz import formulas, language, numerals
from randnotiz.diagnostics import ContentError, SourceText
from randnotiz.formulas import Units
from randnotiz.model import Stated
from randnotiz.numerals import NumeralError
from tests.test_reader import read

NUMBERS = [
    "0",
    "-1",
    "50000",
    "3.5",
    "0.125",
    "0.500",
    "-0.136",
    "1.2e9",
    "1E-3",
    "1.609E0",
    "2e+9",
    "1234.567",
    "9" * 300,
]
NO_NUMBERS = [
    "",
    "inf",
    "NaN",
    "0x1F",
    "1e",
    "1 ",
    "٣",
    "５",
    "1e400",
    "1e-400",
    "1" * 301,
    "3,5,7",
    "1.2.3",
    "12 5",
    "--1",
]


@pytest.mark.parametrize("words", NUMBERS)
@pytest.mark.parametrize("decimal", [".", ","])
def test_a_number_is_digits_with_a_point_and_an_exponent(words: str, decimal: str) -> None:
    assert numerals.number(words, decimal) == float(words)


@pytest.mark.parametrize("words", NO_NUMBERS)
def test_anything_else_is_no_number(words: str) -> None:
    with pytest.raises(NumeralError, match=r"number|digits"):
        numerals.number(words)


@pytest.mark.parametrize(
    ("words", "write"),
    [
        ("50.000", "50000 or 50.0"),
        ("1.609", "1609 or 1.609e0"),
        ("1.120", "1120 or 1.12"),
        ("-100.001", "-100001 or -100.001e0"),
        ("50,000", "50000 or 50"),
        ("1,609", "1609 or 1.609e0"),
        ("01.609", "1609 or 1.609e0"),
        ("0,500", "0.500"),
        ("3,5", "3.5"),
        ("50,000,000", "50000000"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("50 000,5", "50000.5"),
        ("1'000", "1000"),
        ("1_000", "1000"),
        ("0755", "755"),
        ("00.5", "0.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+5", "5"),
        ("−3", "-3"),
    ],
)  # fmt: skip
def test_a_number_by_another_custom_is_shown_as_it_is_written_here(words: str, write: str) -> None:
    with pytest.raises(NumeralError) as caught:
        numerals.number(words, ",")
    assert caught.value.write == write
    for each in write.split(" or "):
        numerals.number(each, ",")  # what is proposed is taken


@pytest.mark.parametrize(
    ("lang", "ambiguous"),
    [("de", True), ("de-AT", True), ("de-CH", False), ("fr", True), ("en", False), ("en-GB", False), ("ja", False)],
)
def test_a_point_before_three_digits_has_two_readings_where_the_language_writes_a_decimal_comma(
    lang: str, ambiguous: bool
) -> None:
    decimal = language.of(lang).decimal
    assert bool(numerals.readings("1.609", decimal)) is ambiguous
    assert not numerals.readings("0.609", decimal)
    assert not numerals.readings("1.609e0", decimal)


def _accepted_as(words: str, place: str, lang: str) -> bool:
    """Whether a number is read in one of the places where authors write one."""
    decimal = language.of(lang).decimal
    if place == "field":
        article_md = f"---\ntitle: Meilen\nlang: {lang}\npublished: 2026-11-24\nsummary: Nachgerechnet.\n---\nText.\n"
        _, diagnostics = read(
            article_md=article_md,
            figures_yaml=f"quantities:\n  mile: {{label: Meile, value: {words}, assumed: ja}}\n",
        )
        return not diagnostics
    try:
        if place == "formula":
            formulas.parse(SourceText(f"{words} * km"), decimal=decimal)
        else:
            formulas.amount(Stated(words=SourceText(f"{words} km")), Units(), decimal)
    except ContentError:
        return False
    return True


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize(
    "words", ["0.500", "1.609", "1.609e0", "1E9", "1.5E+3", "50.000", "0755", "1e999", "50,000", "7"]
)
def test_fields_formulas_and_statements_give_the_same_answer(words: str, lang: str) -> None:
    answers = {place: _accepted_as(words, place, lang) for place in ("field", "formula", "statement")}
    assert len(set(answers.values())) == 1, answers
    assert answers["field"] is (
        words in ("0.500", "1.609e0", "1E9", "1.5E+3", "7") or (words[1:] in (".609", "0.000") and lang == "en")
    )


@pytest.mark.parametrize(
    ("written", "printed"), [("1.609e0", "1,609"), ("0.500", "0,500"), ("1E3", "1.000"), ("1.609E3", "1.609")]
)
def test_a_number_with_an_exponent_is_printed_with_its_authors_digits(written: str, printed: str) -> None:
    assert language.of("de").written(written) == printed


@pytest.mark.parametrize(
    ("words", "share"),
    [
        *(("4", 0.125), ("-4", 0.125), ("40000", 0.125), ("0.004", 0.125), ("4e3", 0.125), ("40e-3", 0.125)),
        *(("4.0", 0.0125), ("4.0e3", 0.0125), ("97", 0.5 / 97), ("1050", 0.5 / 105), ("10.50", 0.5 / 1050)),
        *(("0", 0), ("0.0", 0), ("0e999", 0), ("9" * 300, 0)),
    ],
)
def test_half_of_the_last_digit_written_is_a_share_of_the_number(words: str, share: float) -> None:
    """Zeros before the point do not count as written: they may only hold the place."""
    assert numerals.rounding(words) == pytest.approx(share)
