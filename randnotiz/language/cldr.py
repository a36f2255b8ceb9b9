"""What CLDR knows of a language: separators, scale words, months, patterns of dates and lists, names of money.

What it knows of the languages that most sites are written in stands in prepared.json, so that such a site never loads
Babel, which takes 20 ms; `python -m randnotiz.language` writes that file anew. Babel supplies data only. Formatting
by it rounds half to even, prints 1e-7 as "0" and a hyphen for the minus, and no script in a page could repeat it.
"""

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from randnotiz.language.catalogue import of_languages, rules_of
from randnotiz.language.locale_data import LocaleData
from randnotiz.language.number_format import GROUPED_FROM, LEFT_TO_RIGHT, MINUS, NBSP, NumberStyle, Scale

if TYPE_CHECKING:
    from babel.core import Locale
    from babel.numbers import NumberPattern

PREPARED = ("de", "de-AT", "de-CH", "en", "en-GB")
PREPARED_FILE = Path(__file__).with_name("prepared.json")

LONGEST_TAG = 35  # RFC 5646, section 4.4.1
NO_LANGUAGE = frozenset(("root", "und"))  # Babel knows them, but nobody writes in them

LARGEST_SCALE, SMALLEST_SCALE, SMALLEST_WORD = 14, 6, 3
PLURALS_REPEAT = 1_000  # numbers after which the forms of plurals repeat, but for those of round millions
COUNTS = (1, 100)  # a hundred stands for most numbers: two has a form of its own in Arabic
FEW, PART = 3, 1.5  # and these for whole numbers of the category few, and for decimals

CLDR_UNITS: Mapping[str, str] = {
    name: f"{kind}-{name.replace('_', '-')}"
    for kind, names in {
        "duration": "second minute hour day week month quarter year decade century",
        "length": "meter kilometer inch foot yard mile nautical_mile light_year astronomical_unit",
        "area": "acre hectare",
        "volume": "liter milliliter centiliter hectoliter",
        "mass": "gram kilogram tonne stone carat",
        "speed": "knot",
    }.items()
    for name in names.split()
} | {
    "pound_mass": "mass-pound",
    "ounce_mass": "mass-ounce",
    "troy_ounce": "mass-ounce-troy",
    "us_gallon": "volume-gallon",
    "imperial_gallon": "volume-gallon-imperial",
}

_OF_NUMBERS = frozenset("0123456789٠١٢٣٤٥٦٧٨٩.,٫")  # which a unit's name has none of
_DATE_TOKEN = re.compile(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+")


class UnknownLanguageError(ValueError):
    """The tag names no language that CLDR knows."""


def locale_of(tag: str) -> "Locale":
    """Babel's locale for a BCP 47 tag; UnknownLanguageError if there is none."""
    from babel.core import Locale, UnknownLocaleError  # 20 ms that a command without a language need not pay

    if len(tag) > LONGEST_TAG or tag.lower() in NO_LANGUAGE:
        raise UnknownLanguageError(tag)
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise UnknownLanguageError(tag) from error


@cache
def _prepared() -> Mapping[str, LocaleData]:
    return msgspec.json.decode(PREPARED_FILE.read_bytes(), type=dict[str, LocaleData])


def written() -> str:
    """The text of prepared.json."""
    prepared = {tag: msgspec.to_builtins(from_babel(tag)) for tag in PREPARED}
    return json.dumps(prepared, ensure_ascii=False, indent=1) + "\n"


@of_languages
@lru_cache(maxsize=64)
def customs(tag: str) -> LocaleData:
    """What is usual in the language of a BCP 47 tag; UnknownLanguageError if CLDR does not know it. What of it the
    language's rules decide is as they say.
    """
    known = _prepared().get(tag) or from_babel(tag)
    rules = rules_of(known.chain)
    times = f"{LEFT_TO_RIGHT if known.right_to_left else ''}{NBSP}{rules.get('times', '·')}{NBSP}"
    scales = known.scales[rules.get("scale", "short")]
    numbers = replace(known.numbers, times=times, scales=scales, grouped_from=rules.get("grouped_from", GROUPED_FROM))
    return replace(known, numbers=numbers, scale_words={**known.scale_words, **rules.get("scale_words", {})})


def from_babel(tag: str) -> LocaleData:
    """What CLDR has, whatever is prepared."""
    from babel.core import get_global

    locale = locale_of(tag)
    symbols = locale.number_symbols["latn"]
    groups = locale.decimal_formats[None].grouping
    right_to_left = locale.character_order == "right-to-left"
    order = LEFT_TO_RIGHT if right_to_left else ""
    style = NumberStyle(
        decimal=symbols["decimal"],
        group=symbols["group"],
        groups=(min(groups[0], 9), min(groups[1], 9)),
        minus=order + MINUS,
    )
    day_pattern = _slots(locale.date_formats["long"].pattern)
    month_pattern = _slots(locale.datetime_skeletons["yMMMM"].pattern)
    # Babel gives de-AT a stand-alone Januar or Jänner by what was read before it: look only where it matters.
    alone = "stand-alone" if "{alone}" in day_pattern + month_pattern else "format"
    return LocaleData(
        tag=_tag(str(locale)),
        chain=_chain(str(locale)),
        country=locale.territory or get_global("likely_subtags").get(str(locale), "").rpartition("_")[2],
        name=locale.get_display_name(locale) or tag,
        numbers=style,
        scales={width: _scales(locale, width) for width in ("short", "long")},
        scale_words=_scale_words(locale),
        percent_first=not locale.percent_formats[None].suffix[0],
        percent_gap=locale.percent_formats[None].suffix[0].removesuffix("%"),
        months=tuple(locale.months["format"]["wide"][number] for number in range(1, 13)),
        months_alone=tuple(locale.months[alone]["wide"][number] for number in range(1, 13)),
        month_names=tuple(_names(locale, number) for number in range(1, 13)),
        day_pattern=day_pattern,
        month_pattern=month_pattern,
        lists=dict(locale.list_patterns["standard"]),
        right_to_left=right_to_left,
    )


def _tag(locale: str) -> str:
    return locale.replace("_", "-")


def _chain(locale: str) -> tuple[str, ...]:
    """A locale and those that CLDR lets it inherit from, as tags: en-AU, en-001, en."""
    from babel.core import get_global

    chain = []
    while locale not in ("", "root"):
        chain.append(_tag(locale))
        locale = get_global("parent_exceptions").get(locale, locale.rpartition("_")[0])
    return tuple(chain)


def _names(locale: "Locale", month: int) -> tuple[str, ...]:
    """A month in full and shortened."""
    words = (locale.months["format"][width][month] for width in ("wide", "abbreviated"))
    return tuple(dict.fromkeys(word.rstrip(".") for word in words))


def name_in(tag: str, other: str) -> str:
    """The name of a language in another: fr in de is "Französisch"; its own name if CLDR has none."""
    return locale_of(tag).get_language_name(locale_of(other)) or tag


@lru_cache(maxsize=64)
def language_named(word: str, *tags: str) -> str | None:
    """The tag of a language by its name in English, in German, or for those of the tags in its own words, or by its
    code of ISO 639-2; None if it has another.
    """
    from babel.core import get_global

    word = word.casefold()
    if len(word) == 2:  # ga is Irish, whatever is called Ga
        return None
    if len(word) == 3 and (tag := get_global("language_aliases").get(word)) and tag.isalpha():
        return str(tag)
    own = ((tag, locale_of(tag).get_language_name(tag)) for tag in tags if "-" not in tag)
    named = chain(*(locale_of(tag).languages.items() for tag in ("en", "de")), own)
    return next((tag for tag, name in named if tag.isalpha() and name and name.casefold() == word), None)


def _scales(locale: "Locale", width: str) -> tuple[Scale, ...]:
    """The scale words from a million on, largest first, one for each stretch of powers that shares a word."""
    patterns = locale.compact_decimal_formats.get(width, {}).get("other", {})
    scales: list[Scale] = []
    for least in range(SMALLEST_SCALE, LARGEST_SCALE + 1):
        power, word = _scale(patterns, least)
        if word and (not scales or (scales[-1].power, scales[-1].word) != (power, word)):
            scales.append(Scale(least=least, power=power, word=word))
    return tuple(reversed(scales))


def _scale(patterns: "Mapping[str, NumberPattern]", least: int) -> tuple[int, str]:
    """The power of ten that a number of so many zeros is divided by, and the word behind it with its blank."""
    pattern = patterns.get(str(10**least))
    word = _tied(pattern.suffix[0].replace("'", "")) if pattern else ""
    return (least + 1 - pattern.pattern.count("0"), word) if pattern and word.strip() else (0, "")


def _scale_words(locale: "Locale") -> dict[str, int]:
    """All words of scale in full and shortened, with their powers of ten; a lone Latin letter is a unit as well."""
    forms = [forms for width in ("long", "short") for forms in locale.compact_decimal_formats.get(width, {}).values()]
    found = (_scale(each, least) for each in forms for least in range(SMALLEST_WORD, LARGEST_SCALE + 1))
    words = {word.strip(): power for power, word in found}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return {word: words[word] for word in longest_first if word and not (len(word) == 1 and word.isascii())}


def _tied(word: str) -> str:
    return word.replace(" ", NBSP)


def _slots(pattern: str) -> str:
    """A CLDR date pattern as a format string with the slots day, month, alone and year."""
    names = {"d": "{day}", "M": "{month}", "L": "{alone}", "y": "{year}"}
    parts = []
    for match in _DATE_TOKEN.finditer(pattern):
        token = match[0]
        if token.startswith("'"):
            parts.append(match[1] or "'")
        elif token in ("M", "L"):
            parts.append("{number}")
        else:
            parts.append(names.get(token[0], "" if match[2] else token))  # an era goes without saying
    return " ".join("".join(parts).split())


def plural_forms(tag: str) -> tuple[int, str]:
    """CLDR's rule for whole numbers as gettext has it, without the forms for fractions and round millions."""
    from babel.plural import PluralRule, to_gettext

    rule = locale_of(tag).plural_form
    used = {rule(count) for count in range(PLURALS_REPEAT)}
    expression = to_gettext(PluralRule({name: text for name, text in rule.rules.items() if name in used}))
    return len(used), expression.partition("plural=")[2].removesuffix(";")


@lru_cache(maxsize=64)
def has_few(tag: str) -> bool:
    """Whether a language has a form of its own for some small whole numbers, as Polish and Arabic have."""
    return tag not in PREPARED and "few" in locale_of(tag).plural_form.rules


def plural_category(count: int, tag: str) -> str:
    """CLDR's category of a whole number: one, few, many, other and so on."""
    return locale_of(tag).plural_form(count)


@lru_cache(maxsize=1024)
def currency_name(code: str, count: float, tag: str) -> str | None:
    """The name of a currency after a number, None for a code that CLDR does not name in this language."""
    from babel.numbers import get_currency_name

    name = get_currency_name(code, count=count, locale=locale_of(tag))
    return None if name == code else name


def currency_forms(code: str, tag: str) -> tuple[str, ...] | None:
    """The same after the numbers that `unit_name` has a form for."""
    names = [currency_name(code, count, tag) for count in ((*COUNTS, FEW, PART) if has_few(tag) else COUNTS)]
    return tuple(filter(None, names)) if all(names) else None


@lru_cache(maxsize=1024)
def currency_sign(code: str, tag: str) -> str:
    """The sign that stands before an amount of money ("$", "€"), or the code and a blank where there is none."""
    from babel.numbers import get_currency_symbol

    sign: str = get_currency_symbol(code, locale=locale_of(tag))
    return sign + NBSP if sign[-1].isalpha() else sign


@lru_cache(maxsize=1024)
def unit_name(name: str, tag: str) -> tuple[str, ...] | None:
    """The name of a common unit after 1, after most numbers, and where the language has few, after those and after
    decimals; in full if there is one, None where CLDR has none.
    """
    from babel.units import format_unit

    unit, locale = CLDR_UNITS.get(name, ""), locale_of(tag)
    for length in ("long", "short") if unit else ():
        counts = (*COUNTS, FEW, PART) if has_few(tag) else COUNTS
        phrases = (format_unit(number, unit, length, locale=locale) for number in counts)
        forms = tuple("".join(char for char in phrase if char not in _OF_NUMBERS).strip() for phrase in phrases)
        if unit not in forms:
            return forms
    return None
