"""Numbers, amounts, dates, quotation marks and interface words, input beside output."""

import math
import re
import string
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from gettext import c2py
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from randnotiz import language
from randnotiz.formulas import unit_list
from randnotiz.language import cldr
from randnotiz.language.__main__ import messages
from randnotiz.language.catalogue import FOLDER, compiled
from randnotiz.language.cldr import plural_forms
from randnotiz.model import Date, UnitName

GERMAN, AUSTRIAN, SWISS = language.of("de"), language.of("de-AT"), language.of("de-CH")
AMERICAN, BRITISH = language.of("en"), language.of("en-GB")
OWN = (
    UnitName(name="gpu", words={"de": ("GPU", "GPUs"), "en": ("GPU", "GPUs")}),
    UnitName(name="flat", words={"de": ("Wohnung", "Wohnungen"), "en": ("flat", "flats")}),
    UnitName(name="widget"),
)


def plain(text: str) -> str:
    """The text with ordinary blanks, so that the tables below can be read."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


# Numbers


@pytest.mark.parametrize(
    ("number", "de", "swiss", "en"),
    [
        (0, "0", "0", "0"),
        (-0.0, "0", "0", "0"),
        (5, "5", "5", "5"),
        (0.5, "0,5", "0.5", "0.5"),
        (999.6, "1.000", "1’000", "1,000"),
        (1361.33, "1.360", "1’360", "1,360"),
        (50_000, "50.000", "50’000", "50,000"),
        (1_234_567, "1.230.000", "1’230’000", "1,230,000"),
        (-2.5, "−2,5", "−2.5", "−2.5"),
        (0.000123, "0,000123", "0.000123", "0.000123"),
        (0.0000123, "1,23 · 10⁻⁵", "1.23 · 10⁻⁵", "1.23 × 10⁻⁵"),
        (3.4e24, "3,4 · 10²⁴", "3.4 · 10²⁴", "3.4 × 10²⁴"),
        (5e-324, "5 · 10⁻³²⁴", "5 · 10⁻³²⁴", "5 × 10⁻³²⁴"),
        (1.7976931348623157e308, "1,8 · 10³⁰⁸", "1.8 · 10³⁰⁸", "1.8 × 10³⁰⁸"),
    ],
)
def test_three_significant_digits_in_the_signs_of_the_language(number: float, de: str, swiss: str, en: str) -> None:
    assert [plain(each.number(number)) for each in (GERMAN, SWISS, AMERICAN)] == [de, swiss, en]


@pytest.mark.parametrize(
    ("number", "digits", "printed"),
    [
        (2.675, 3, "2,68"),
        (0.125, 2, "0,13"),
        (1234.5, 4, "1.235"),
        (-2.5, 1, "−3"),
        (9.995, 3, "10"),
        (1.005, 3, "1,01"),
    ],
)
def test_a_half_goes_up_as_the_decimal_number_reads_and_not_as_the_double_lies(
    number: float, digits: int, printed: str
) -> None:
    assert GERMAN.number(number, digits) == printed


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_is_a_dash_and_no_crash(number: float) -> None:
    assert GERMAN.number(number) == "–"
    assert GERMAN.amount(number, number, number, "USD") == "–"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("25000", "25.000"),
        ("50.0", "50,0"),
        ("1.1250", "1,1250"),
        ("-3", "−3"),
        ("2788000", "2.788.000"),
        ("3.8e25", "3,8 · 10²⁵"),
        ("0", "0"),
        ("rund drei", "rund drei"),
    ],
)
def test_a_number_keeps_every_digit_its_author_wrote(written: str, printed: str) -> None:
    assert plain(GERMAN.written(written)) == printed


@settings(max_examples=200, deadline=None)
@given(st.floats(min_value=1e-4, max_value=1e14), st.integers(1, 12))
def test_printed_digits_are_those_of_exact_decimal_rounding(number: float, digits: int) -> None:
    exact = Decimal(repr(number))
    step = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    rounded = exact.quantize(step, rounding=ROUND_HALF_UP)
    assert Decimal(AMERICAN.number(number, digits).replace(",", "")) == rounded


@settings(max_examples=200, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_but_zero_prints_as_zero_or_as_a_wall_of_digits(number: float) -> None:
    printed = GERMAN.number(number)
    assert len(printed) < 25
    assert (printed == "0") == (number == 0)


# Amounts

AMOUNTS = [
    # low, high, unit: German, American, British
    (1e9, 1.5e9, "USD", "1 bis 1,5 Mrd. US-Dollar", "$1 billion to $1.5 billion", "US$1 billion to US$1.5 billion"),
    (9e8, 2e9, "EUR", "900 Mio. bis 2 Mrd. Euro", "€900 million to €2 billion", "€900 million to €2 billion"),
    (1.25e9, 1.25e9, "USD", "1,25 Mrd. US-Dollar", "$1.25 billion", "US$1.25 billion"),
    (5.6e11, 5.6e11, "EUR", "560 Mrd. Euro", "€560 billion", "€560 billion"),
    (2e12, 2e12, "CHF", "2 Bio. Franken", "CHF 2 trillion", "CHF 2 trillion"),
    (999_950, 999_950, "chip", "1 Mio. Chips", "1 million chips", "1 million chips"),
    (20, 30, "USD/chip", "20 bis 30 US-Dollar je Chip", "$20 to $30 per chip", "US$20 to US$30 per chip"),
    (2, 2, "USD/(gpu*hour)", "2 US-Dollar je GPU-Stunde", "$2 per GPU hour", "US$2 per GPU hour"),
    (2, 2, "USD/gpu/hour", "2 US-Dollar je GPU und Stunde", "$2 per GPU per hour", "US$2 per GPU per hour"),
    (2_788_000, 2_788_000, "gpu*hour", "2,79 Mio. GPU-Stunden", "2.79 million GPU hours", "2.79 million GPU hours"),
    (7, 10, "month", "7 bis 10 Monate", "7 to 10 months", "7 to 10 months"),
    (1, 1, "month", "1 Monat", "1 month", "1 month"),
    (0.5, 1, "hour", "0,5 bis 1 Stunde", "0.5 to 1 hour", "0.5 to 1 hour"),
    (7, 10, "%", "7 bis 10 %", "7 to 10%", "7 to 10%"),
    (4, 4, "%/year", "4 % je Jahr", "4% per year", "4% per year"),
    (-3, 5, "%", "−3 bis 5 %", "−3 to 5%", "−3 to 5%"),
    (-5e9, -5e9, "USD", "−5 Mrd. US-Dollar", "−$5 billion", "−US$5 billion"),
    (4, 4, "", "4", "4", "4"),
    (5, 5, "1/month", "5 je Monat", "5 per month", "5 per month"),
    (3e24, 3e24, "FLOP", "3 · 10²⁴ FLOP", "3 × 10²⁴ FLOP", "3 × 10²⁴ FLOP"),
    (9.9e14, 9.9e14, "FLOP/second", "990 Bio. FLOP/s", "990 trillion FLOP/s", "990 trillion FLOP/s"),
    (3, 3, "TFLOP/second", "3 TFLOP/s", "3 TFLOP/s", "3 TFLOP/s"),
    (50, 50, "km/hour", "50 km/h", "50 km/h", "50 km/h"),
    (500, 500, "kW*h", "500 kW·h", "500 kW·h", "500 kW·h"),
    (12, 12, "kWh/year", "12 kWh je Jahr", "12 kWh per year", "12 kWh per year"),
    (80, 80, "meter**2", "80 Quadratmeter", "80 square meters", "80 square metres"),
    (9, 9, "m/s**2", "9 m/s²", "9 m/s²", "9 m/s²"),
    (3, 3, "flat", "3 Wohnungen", "3 flats", "3 flats"),
    (3, 3, "widget", "3 widget", "3 widget", "3 widget"),
    (3, 3, "SEK", "3 Schwedische Kronen", "SEK 3", "SEK 3"),
    (3, 3, "USD + EUR", "3 USD + EUR", "3 USD + EUR", "3 USD + EUR"),
]  # fmt: skip


@pytest.mark.parametrize(("low", "high", "unit", "de", "american", "british"), AMOUNTS)
def test_an_amount_reads_as_a_newspaper_of_the_language_prints_it(
    low: float, high: float, unit: str, de: str, american: str, british: str
) -> None:
    printed = [each.amount(low, (low + high) / 2, high, unit, units=OWN) for each in (GERMAN, AMERICAN, BRITISH)]
    assert [plain(each) for each in printed] == [de, american, british]


def test_number_scale_and_unit_never_part_at_the_end_of_a_line() -> None:
    assert GERMAN.amount(1e9, 1e9, 1.5e9, "USD") == "1 bis 1,5\u00a0Mrd.\u00a0US-Dollar"
    assert GERMAN.amount(12, 12, 12, "%") == "12\u00a0%"
    assert SWISS.amount(12, 12, 12, "%") == "12%"


def test_ends_that_read_alike_are_one_number_and_the_smaller_comes_first() -> None:
    assert plain(GERMAN.amount(1.0001e9, 1.0002e9, 1.0003e9, "USD")) == "1 Mrd. US-Dollar"
    assert plain(GERMAN.amount(10, 8, 7, "month")) == "7 bis 10 Monate"


@pytest.mark.parametrize(
    ("numbers", "unit", "printed"),
    [
        (["50000"], "chip", "50.000 Chips"),
        (["2788000"], "gpu*hour", "2,788 Mio. GPU-Stunden"),
        (["1234567"], "EUR", "1.234.567 Euro"),
        (["20000", "30000"], "USD/chip", "20.000 bis 30.000 US-Dollar je Chip"),
        (["1.0"], "month", "1,0 Monate"),
        (["1"], "month", "1 Monat"),
    ],
)
def test_a_quantity_is_printed_as_written_with_its_unit(numbers: list[str], unit: str, printed: str) -> None:
    assert plain(GERMAN.written_amount(numbers, unit, OWN)) == printed


def test_the_words_of_a_unit_stand_alone_as_the_head_of_a_column() -> None:
    assert GERMAN.unit("USD/chip") == "US-Dollar je Chip"
    assert AMERICAN.unit("USD/chip") == "US dollars per chip"
    assert AMERICAN.unit("month", 1) == "month"


def test_every_unit_of_the_printed_list_has_words_or_a_symbol_of_its_own() -> None:
    listed = [name for name in unit_list.names() if not unit_list.is_currency(name)]
    words = {name for name in listed if len(name) > 4 and GERMAN.unit(name) == AMERICAN.unit(name) == name}
    assert words == {"MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP", "ZFLOP", "YFLOP"}


def test_an_own_unit_of_the_article_wins_over_our_word_for_it() -> None:
    own = (UnitName(name="chip", words={"de": ("Baustein", "Bausteine")}),)
    assert plain(GERMAN.amount(2, 2, 2, "chip", units=own)) == "2 Bausteine"


@pytest.mark.parametrize(
    "unit", ["(" * 90, "a" * 5000, "USD//chip", "%%%", "chip**99", "((a**9)**9)**9", "<b>", "1/0", "{x}"]
)
def test_a_unit_that_cannot_be_taken_apart_is_printed_and_not_refused(unit: str) -> None:
    assert GERMAN.amount(1, 1, 1, unit).startswith("1")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab%*/()^1 -USD", max_size=40), st.floats(), st.floats())
def test_no_unit_and_no_number_stops_an_amount(unit: str, low: float, high: float) -> None:
    for each in (GERMAN, AMERICAN):
        assert each.amount(low, low, high, unit)


def test_a_language_without_a_folder_of_words_prints_in_its_own_customs() -> None:
    finnish = language.of("fi")
    assert plain(finnish.amount(7, 8, 10, "month")) == "7 – 10 kuukautta"
    assert plain(finnish.amount(1e9, 1e9, 1.5e9, "USD")) == "1 – 1,5 mrd. USD"
    assert finnish.date(Date(2026, 3, 1)) == "1. maaliskuuta 2026"
    assert finnish.message("copied") == "Copied"


def test_numbers_units_and_money_read_as_in_a_newspaper_of_the_language() -> None:
    french, japanese, arabic = map(language.of, ("fr", "ja", "ar"))
    assert plain(french.amount(1e9, 1e9, 1.5e9, "chip")) == "1 à 1,5 Md puces"
    assert japanese.amount(1e9, 1e9, 1.5e9, "USD/chip") == "10～15億米ドル／チップ"
    assert plain(arabic.amount(1e9, 1e9, 1.5e9, "USD")) == "1 إلى 1.5 مليار دولار أمريكي"
    assert plain(arabic.amount(30, 30, 30, "year")) == "30 سنة"


@pytest.mark.parametrize(
    ("tag", "unit", "printed"),
    [
        ("pl", "hour", "1 godzina, 2 godziny, 2,5 godziny, 5 godzin, 21 godzin, 2 mln godzin"),
        ("cs", "EUR", "1 euro, 2 eura, 2,5 eura, 5 eur, 21 eur, 2 mil. eur"),
        ("uk", "company", "1 компанія, 2 компанії, 2,5 компанії, 5 компаній, 21 компанія, 2 млн компаній"),
        ("ar", "hour", "1 ساعة, 2 ساعة, 2.5 ساعة, 5 ساعات, 21 ساعة, 2 مليون ساعة"),
        ("tr", "%", "%1, %2, %2,5, %5, %21, %2 milyon"),
        ("de", "hour", "1 Stunde, 2 Stunden, 2,5 Stunden, 5 Stunden, 21 Stunden, 2 Mio. Stunden"),
    ],
)
def test_a_unit_has_the_form_that_its_number_takes(tag: str, unit: str, printed: str) -> None:
    spoken = language.of(tag)
    assert ", ".join(plain(spoken.amount(x, x, x, unit)) for x in (1, 2, 2.5, 5, 21, 2e6)) == printed
    assert "others" not in str(language.of("en").printing(["hour", "EUR"]))


def test_text_whose_words_no_blank_parts_is_counted_by_its_letters() -> None:
    assert language.count_words("Vier Wörter, vom Wind") == 4
    assert language.count_words("水は三日で底をつく。" * 50) == 200
    assert language.count_words("GPU を 使う") == 1 + 1
    assert language.count_words("น้ำ" * 50) == 30


def test_a_message_takes_the_form_that_its_number_has_in_the_language() -> None:
    french, arabic = language.of("fr"), language.of("ar")
    assert [french.message("claims-checked", n=n) for n in (0, 1, 2)] == [
        "0 affirmation vérifiée",
        "1 affirmation vérifiée",
        "2 affirmations vérifiées",
    ]
    assert [arabic.message("count-source", n=n) for n in (1, 2, 3, 11, 100)] == [
        "مصدر واحد",
        "مصدران",
        "3 مصادر",
        "11 مصدرًا",
        "100 مصدر",
    ]


def test_printing_holds_all_that_a_script_needs() -> None:
    printing = GERMAN.printing(["month", "%"], OWN)
    assert printing["units"] == {
        "%": {"before": "", "one": "\u00a0%", "other": "\u00a0%"},
        "month": {"before": "", "one": "\u00a0Monat", "other": "\u00a0Monate"},
    }
    assert printing["scales"][-1] == {"least": 6, "power": 6, "word": "\u00a0Mio."}  # type: ignore[index]  # a list
    assert printing["joints"] == {"prose": " bis "}


# Dates, lists, quotation marks


@pytest.mark.parametrize(
    ("tag", "day", "month"),
    [
        ("de", "23. Januar 2026", "Januar 2026"),
        ("de-AT", "23. Jänner 2026", "Jänner 2026"),
        ("de-CH", "23. Januar 2026", "Januar 2026"),
        ("en", "January 23, 2026", "January 2026"),
        ("en-GB", "23 January 2026", "January 2026"),
        ("es", "23 de enero de 2026", "enero de 2026"),
        ("ja", "2026年1月23日", "2026年1月"),
    ],
)
def test_dates_are_written_out(tag: str, day: str, month: str) -> None:
    each = language.of(tag)
    assert (each.date(Date(2026, 1, 23)), each.date(Date(2026, 1)), each.date(Date(2026))) == (day, month, "2026")
    assert each.whole_date(Date(2026, 1, 23)).split("\u00a0") == day.split()
    assert [re.sub("<.*?>", "", each.keep(date)) for date in (day, month)] == [day, month]
    assert {each.keep(date).count("<span") for date in (day, month)} == {1}


@pytest.mark.parametrize(
    ("tag", "words", "kept"),
    [
        ("de", "Am 27. Januar 2025 verlor Nvidia 17 Prozent.", ["27. Januar 2025", "17 Prozent"]),
        ("de", "2.048 Chips kosteten 5,3 Mio. US-Dollar, d. h. 20 % mehr.", ["2.048 Chips", "5,3 Mio. US-Dollar",
         "d. h.", "20 %"]),
        ("de", "S. 4–7, Nr. 5 und § 12, z. B. um 8 Uhr", ["S. 4–7", "Nr. 5", "§ 12", "z. B.", "8 Uhr"]),
        ("cs", "Viz obr. 4 a čl. 12", ["obr. 4", "a čl. 12"]),
        ("es", "Véase la pág. 4 y el cap. 3, vol. 2", ["pág. 4", "cap. 3", "vol. 2"]),
        ("de", "GPT-4o kam im Mai, drei von 15 Artikeln später", ["-4o"]),
        ("de-AT", "am 5. Jänner", ["5. Jänner"]),
        ("de-CH", "1’500 Franken", ["1’500 Franken"]),
        ("en", "On January 27, 2025, 50,000 chips, i. e. $5.3 million", ["January 27, 2025", "50,000 chips", "i. e.",
         "5.3 million"]),
        ("en-GB", "27 January, 40 kilometres on p. 4", ["27 January", "40 kilometres", "p. 4"]),
        ("fr", "le 27 janvier, 20 %", ["27 janvier", "20 %"]),
        ("de", "Im Mai 2024, nicht am 1. Juni.", ["Mai 2024", "1. Juni"]),
        ("es", "El 27 de enero de 2025, en mayo de 2024", ["27 de enero de 2025", "mayo de 2024"]),
        ("ja", "2025年1月27日に始まり、2月3日まで", ["2025年1月27日", "2月3日"]),
        ("hu", "2025. január 27. után, január 28. előtt", ["2025. január 27.", "január 28."]),
        ("pl", "W domu i w lesie było z 20 % osób", ["W d", "i w l", "z 20 %"]),
        ("pl", "Żyje 1 280 000 osób, 45 000, w 1 500", ["1 280 000 osób", "45 000", "w 1 500"]),
        ("de", "Llama 3.1 405B, Modell 4.1 500, 2024 500, 12 345B", []),
        ("es", "Son 1 280 000 euros y 12 500,5 millones, no 5 5000", ["1 280 000", "12 500,5 millones"]),
        ("cs", "Šla k řece, s&nbsp;ním a v 5 km", ["k ř", "a v 5 km"]),
    ],
)  # fmt: skip
def test_what_belongs_together_stays_on_one_line_and_not_a_sign_is_changed(
    tag: str, words: str, kept: list[str]
) -> None:
    marked = language.of(tag).keep(words)
    assert re.findall('<span class="together">(.*?)</span>', marked) == kept
    assert re.sub("<.*?>", "", marked) == words


def test_lists_read_as_in_a_sentence() -> None:
    assert [GERMAN.listed(parts) for parts in ("", "A", "AB", "ABCD")] == ["", "A", "A und B", "A, B, C und D"]
    assert AMERICAN.listed("ABC") == "A, B, and C"
    assert BRITISH.listed("ABC") == "A, B and C"


def test_quotation_marks_follow_the_language() -> None:
    tags = ("de", "de-AT", "de-CH", "el", "en", "en-GB", "fr", "ro", "sw")
    assert {tag: "".join(language.of(tag).quotes) for tag in tags} == {
        "de": "„“‚‘",
        "de-AT": "„“‚‘",
        "de-CH": "«»‹›",
        "el": "«»“”",
        "en": "“”‘’",
        "en-GB": "“”‘’",
        "fr": "«\u202f\u202f»“”",
        "ro": "„”«»",
        "sw": "“”‘’",
    }


# Tags


@pytest.mark.parametrize(
    "tag", ["", "xx", "englisch", "de_AT", "de-XX", "und", "../../etc/passwd", "a" * 1000, "en\n", "{"]
)
def test_a_tag_that_names_no_language_is_unknown(tag: str) -> None:
    assert not language.known(tag)
    with pytest.raises(language.UnknownLanguageError):
        language.of(tag)


def test_tags_are_known_in_any_case_and_come_back_in_the_usual_one() -> None:
    assert language.of("de-at").tag == "de-AT"
    assert language.known("pt-BR")


def test_a_language_is_made_once() -> None:
    assert language.of("de") is language.of("de")


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        *[
            ("Tschechisch", "cs"),
            ("Czech", "cs"),
            ("čeština", "cs"),
            ("cze", "cs"),
            ("ces", "cs"),
            ("Íslenska", None),
        ],
        *[("Catalan", "ca"), ("العربية", "ar"), ("日本語", "ja"), ("Norwegian", "no"), ("ga", None), ("lat", "la")],
    ],
)
def test_a_language_is_known_by_its_name_in_english_german_and_where_it_has_a_folder_its_own(
    name: str, tag: str | None
) -> None:
    assert language.language_named(name) == tag


@pytest.mark.parametrize(
    ("key", "brazil", "portugal"),
    [
        ("downloads", "Para baixar", "Para descarregar"),
        ("search", "Busca", "Pesquisa"),
        ("verdict", "Veredito", "Veredicto"),
        ("notes", "Notas", "Notas"),
    ],
)
def test_portuguese_is_brazils_and_portugal_has_its_own_words(key: str, brazil: str, portugal: str) -> None:
    assert [language.of(tag).message(key) for tag in ("pt", "pt-BR")] == [brazil] * 2
    assert [language.of(tag).message(key) for tag in ("pt-PT", "pt-AO")] == [portugal] * 2
    assert language.of("pt-PT").foreign(key) is None


def test_no_word_of_brazil_is_left_in_what_portugal_says_itself() -> None:
    words = r"\b(?:baixar|busca\w*|arquivo|controles|veredito\w*|link|usuári\w+|tela|equipe)\b"
    brazilian = re.compile(words, re.IGNORECASE)
    left = {
        tag: {each.context for at, each in ENTRIES if at == tag and brazilian.search(" ".join(forms(each.string)))}
        for tag in ("pt", "pt-PT")
    }
    assert left["pt-PT"] == set()
    assert left["pt"]
    assert left["pt"] <= {each.context for tag, each in ENTRIES if tag == "pt-PT"}


def test_money_of_portugal_stands_behind_its_number() -> None:
    amounts = [language.of(tag).amount(2.5e9, 2.5e9, 2.5e9, "EUR") for tag in ("pt", "pt-PT")]
    assert amounts == ["€\u00a02,5\u00a0bi", "2,5\u00a0mil\u00a0milhões\u00a0€"]


# CLDR 48, minimumGroupingDigits
@pytest.mark.parametrize(
    ("tag", "printed"),
    [
        *[("es", "1234"), ("es-MX", "1,234"), ("pt", "1.234"), ("pt-BR", "1.234"), ("pt-PT", "1234"), ("it", "1234")],
        *[("bg", "1234"), ("hr", "1.234"), ("pl", "1234"), ("nl", "1.234"), ("hy", "1234"), ("pt-MZ", "1234")],
    ],
)
def test_four_digits_are_parted_where_the_language_parts_them(tag: str, printed: str) -> None:
    assert language.of(tag).whole(1234) == printed
    assert len(language.of(tag).whole(12_345)) == len("12 345")


def test_prepared_customs_are_those_of_cldr() -> None:
    kept = cldr.PREPARED_FILE.read_text(encoding="utf-8")
    assert kept == cldr.written(), "run `python -m randnotiz.language`"


@pytest.mark.parametrize(("name", "month"), [("Jänner", 1), ("March", 3), ("Mai", 5), ("Sept", 9), ("Dez", 12)])
def test_months_are_known_by_their_names_in_every_prepared_language(name: str, month: int) -> None:
    assert [number for number, names in enumerate(language.month_names(), 1) if name in names] == [month]


@pytest.mark.parametrize("tag", cldr.PREPARED)
def test_what_is_prepared_is_read_as_it_was_written(tag: str) -> None:
    assert cldr._prepared()[tag] == cldr.from_babel(tag)


# Words


TRANSLATED = sorted(path.parent.name for path in FOLDER.glob("*/messages.po"))
PO = {tag: (FOLDER / tag / "messages.po").read_bytes() for tag in TRANSLATED}
READ = {tag: read_po(BytesIO(text)) for tag, text in PO.items()}
ENTRIES = [(tag, each) for tag, read in READ.items() for each in read if each.context]


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_language_says_all_that_english_says(tag: str) -> None:
    assert messages(tag, READ["en"], PO[tag]) == PO[tag], "run `python -m randnotiz.language`"
    assert language.of(tag).missing == ()


def test_a_translation_has_the_slots_of_the_english_text() -> None:
    wrong = [
        (tag, each.context)
        for tag, each in ENTRIES
        for form in forms(each.string)
        if slots(form) - {"n"} != slots(forms(each.id)[-1]) - {"n"} or not slots(form) <= slots(forms(each.id)[-1])
    ]
    assert wrong == []


@pytest.mark.parametrize("tag", ["de", "fr", "ar", "ja", "pl", "cs", "uk", "he", "tr", "pt", "da"])
def test_plurals_are_those_of_cldr(tag: str) -> None:
    count, expression = plural_forms(tag)
    form, rule = c2py(expression), cldr.locale_of(tag).plural_form
    names = {form(number): rule(number) for number in range(3_000)}
    assert sorted(names) == list(range(count))
    assert all(names[form(number)] == rule(number) for number in range(3_000))


def test_a_translation_of_an_older_text_is_not_used_until_somebody_has_looked() -> None:
    changed = messages("de", read_po(BytesIO(PO["en"].replace(b'"Footnote"', b'"Note at the foot"'))), PO["de"])
    assert compiled(PO["de"], b"")["messages"].keys() - compiled(changed, b"")["messages"].keys() == {"kind-footnote"}


def test_plurals_follow_the_number_and_counts_are_grouped() -> None:
    assert GERMAN.message("count-source", n=1) == "1 Beleg"
    assert GERMAN.message("count-source", n=21) == "21 Belege"
    assert AMERICAN.message("count-source", n=1234) == "1,234 source notes"


def test_swiss_words_have_no_sharp_s() -> None:
    assert SWISS.message("kind-footnote") == "Fussnote"
    assert not any(
        "ß" in SWISS.message(str(each.context))
        for each in READ["de"]
        if each.context and not slots(forms(each.id)[0])
    )


def test_austrians_read_german_words() -> None:
    assert AUSTRIAN.message("copied") == "Kopiert"


def test_a_supporting_voice_is_never_called_a_counter_claim() -> None:
    assert GERMAN.message("stance-supports") == "Zustimmung"
    assert GERMAN.message("voices-supports", n=2) == "2 dafür"


def test_a_word_that_does_not_exist_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        GERMAN.message("no-such-word")
    with pytest.raises(KeyError):
        GERMAN.message("published", day="heute")


def test_no_word_holds_markup_or_straight_quotation_marks() -> None:
    wrong = [(tag, each.context) for tag, each in ENTRIES if re.search(r"[<>&\"']", "".join(forms(each.string)))]
    assert wrong == []


# ----------------------------------------------------------------------------------------------------
# The words of the interface
# ----------------------------------------------------------------------------------------------------

ROOT = Path(__file__).parent.parent
# Kinds of words that are asked for by what an annotation or a source says.
FAMILIES = ("kind", "stance", "voices", "checked", "evidence", "column", "cite", "use")


def test_every_word_of_the_interface_is_asked_for_somewhere() -> None:
    files = [*(ROOT / "randnotiz").rglob("*.py"), *(ROOT / "templates").rglob("*")]
    asking = [path for path in files if path.is_file()]
    source = "".join(path.read_text(encoding="utf-8") for path in asking)
    named = set(re.findall(r"""["']([a-z]+(?:-[a-z]+)*)["']""", source))
    families = {name for name in FAMILIES if f'"{name}-{{' in source}
    assert families == set(FAMILIES)
    keys = [str(each.context) for each in READ["en"] if each.context]
    assert [key for key in keys if key not in named and key.partition("-")[0] not in families] == []
