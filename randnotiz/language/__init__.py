"""Numbers, ranges, dates, money, quotation marks and interface words, by language."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property, lru_cache, reduce
from itertools import chain
from math import isfinite
from typing import Any

from msgspec.structs import asdict

from randnotiz.language import cldr
from randnotiz.language.amounts import amount
from randnotiz.language.catalogue import Catalogue, catalogue_of, folders, of_languages, primary, rules_of, use
from randnotiz.language.cldr import UnknownLanguageError
from randnotiz.language.locale_data import LocaleData
from randnotiz.language.no_break import Together
from randnotiz.language.number_format import (
    LEAST_PLAIN,
    MOST_DECIMALS,
    MOST_PLAIN,
    Digits,
    digits_of,
    rounded,
    spelled,
    written_digits,
)
from randnotiz.language.unit_format import UnitPattern, names, pattern, phrase
from randnotiz.letters import HAN, HAN_MARKS, SOUTH_EAST
from randnotiz.values import Date, Json, UnitName

__all__ = (
    "Locale",
    "UnknownLanguageError",
    "any_of",
    "count_words",
    "known",
    "month_names",
    "of",
    "of_languages",
    "primary",
    "use",
    "words_of",
)

SOURCE = "en"  # the language that messages are translated from
MOST_SITES = ("de", "en")  # the languages of most sites, whose words are known in all texts
# Fields of what is counted, and units whose squares have words.
COUNTED = (("percent",), ("numbered", "money"), ("numbered", "heads"), ("numbered", "measured"))
SQUARED = ("second", "meter", "mile", "yard", "inch", "foot")
ENGLISH_QUOTES = ("“", "”", "‘", "’")
# Of what is not parted by blanks, and how much of it is read in the time of a word.
UNPARTED = ((f"[{HAN}{HAN_MARKS}]", 2.5), (f"[{SOUTH_EAST}]", 5.0))
UNPRINTABLE = "–"  # for what is no number; figures refuse it long before


class Locale:
    """How one language prints numbers, amounts, dates and the words of the page. Made by `of`, never changed."""

    def __init__(self, customs: LocaleData) -> None:
        self.tag = customs.tag
        self.name = customs.name
        self.rules = rules_of(customs.chain)
        # As markdown-it's typographer takes them: outer pair, inner pair.
        self.quotes: tuple[str, ...] = tuple(self.rules.get("quotes", ENGLISH_QUOTES))
        # Between a heading and what it heads, names in a row, parts of a reference, and behind it all, with the
        # blanks that belong to them.
        self.colon: str = self.rules.get("colon", ": ")
        self.semicolon: str = self.rules.get("semicolon", "; ")
        self.comma: str = self.rules.get("comma", ", ")
        self.stop: str = self.rules.get("stop", ".")
        self.direction = "rtl" if customs.right_to_left else "ltr"
        self._customs = customs
        self._style = customs.numbers
        self._joint: str = self.rules.get("range", " – ")  # between the ends of a range; a dash serves prose as well
        self._catalogues = tuple(filter(None, map(catalogue_of, (*customs.chain, SOURCE))))
        self._letters = str.maketrans(self.rules.get("letters", {}))
        self._without_slots: dict[str, str] = {}  # messages by their keys, most of what a page asks for

    @property
    def decimal(self) -> str:
        """What stands before decimals, a point or a comma."""
        return self._style.decimal

    @property
    def translated(self) -> bool:
        """Whether the words of the interface are its own, and not English ones."""
        return any(each.messages for each in self._catalogues[:-1]) or self.tag.startswith(SOURCE)

    def foreign(self, key: str) -> "Locale | None":
        """The language that a message is in if this one lacks it."""
        tag = self._catalogue(key).tag
        return None if tag in self._customs.chain else of(tag)

    @property
    def missing(self) -> tuple[str, ...]:
        """The English texts of the messages that it lacks, which readers see instead."""
        english = self._catalogues[-1]
        return tuple(english.message(key, None) for key in english.messages if self.foreign(key))

    def _catalogue(self, key: str) -> Catalogue:
        for each in self._catalogues:
            if key in each.messages:
                return each
        raise KeyError(key)

    def name_of(self, other: str) -> str:
        """The name of another language (a BCP 47 tag) in this one: "Französisch"."""
        return cldr.name_in(other, self.tag)

    def __repr__(self) -> str:
        return f"<Language {self.tag}>"

    # ------------------------------------------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------------------------------------------

    def number(self, x: float, digits: int = 3) -> str:
        """The number with so many significant digits, halves away from zero: 1361.3 is "1.360"."""
        return str(spelled(rounded(digits_of(x), digits), self._style)) if isfinite(x) else UNPRINTABLE

    def whole(self, x: int) -> str:
        """A count with all its digits: "12.345"."""
        return str(spelled(digits_of(x), self._style))

    def written(self, text: str) -> str:
        """A number as its author wrote it, every digit kept, in the signs of the language; other text as it is."""
        number = written_digits(text)
        return str(spelled(number, self._style)) if number else text

    def amount(
        self,
        low: float,
        best: float,
        high: float,
        unit: str = "",
        digits: int = 3,
        units: Sequence[UnitName] = (),
    ) -> str:
        """A number or a range with its unit: "1 bis 1,5 Mrd. US-Dollar".

        `best` is printed only where there is no range: the ends say more. `units` are the article's own.
        """
        if low == high:
            low = high = best
        if not (isfinite(low) and isfinite(high)):
            return UNPRINTABLE
        if low > high:
            low, high = high, low
        return self._amount(
            rounded(digits_of(low), digits), rounded(digits_of(high), digits), self._pattern(unit, units)
        )

    def written_amount(self, numbers: Sequence[str], unit: str = "", units: Sequence[UnitName] = ()) -> str:
        """One number, or a low and a high one, as the author wrote them, with the unit: "2,788 Mio. GPU-Stunden"."""
        ends = [written_digits(number) for number in numbers]
        around = self._pattern(unit, units)
        if not ends or ends[0] is None or ends[-1] is None:
            return self._joint.join(numbers) + around.other
        return self._amount(ends[0], ends[-1], around)

    def _amount(self, low: Digits, high: Digits, around: UnitPattern) -> str:
        style = self._style
        return amount(spelled(low, style, True), spelled(high, style, True), around, self._joint, self._form)

    def _form(self, digits: str) -> str:
        """Which of a unit's further forms stands behind digits: "part", or CLDR's category of a whole number."""
        if self._style.decimal in digits:
            return "part"
        whole = digits.replace(self._style.group, "")
        return cldr.plural_category(int(whole), self.tag) if whole.isdecimal() else ""

    def unit(self, unit: str, count: float = 2, units: Sequence[UnitName] = ()) -> str:
        """The words of a unit alone, in the singular for a count of 1: "US-Dollar je Chip"."""
        return phrase(unit, self.tag, count != 1, self._own(unit, units))

    def _pattern(self, unit: str, own: Sequence[UnitName]) -> UnitPattern:
        return pattern(unit, self.tag, self._customs.percent_signs, self._own(unit, own) if own and unit else ())

    def _own(self, unit: str, own: Sequence[UnitName]) -> tuple[tuple[str, str, str], ...]:
        """Those units of the article that occur in a unit and have words in this language."""
        if not own:
            return ()
        mentioned = names(unit)
        found = []
        for each in own:
            if each.name in mentioned:
                forms = next((each.words[tag] for tag in (*self._customs.chain, SOURCE) if tag in each.words), None)
                if forms:
                    found.append((each.name, *forms))
        return tuple(found)

    def printing(self, expressions: Iterable[str] = (), units: Sequence[UnitName] = ()) -> dict[str, Json]:
        """All that a script needs to print the same numbers and amounts, as JSON.

        The steps are those of `numbers` (digits, rounding, scale, plain or power) and `amounts` (ranges). Each
        expression asked for has its pattern under `units`: what stands before a number, what closes it.
        """
        style = self._style
        patterns: dict[str, Json] = {}
        for expression in sorted(set(expressions)):
            around = asdict(self._pattern(expression, units))
            patterns[expression] = {name: each for name, each in around.items() if each or name != "others"}
        return {
            "decimal": style.decimal,
            "group": style.group,
            "groups": [*style.groups],
            "groupedFrom": style.grouped_from,
            "minus": style.minus,
            "times": style.times,
            "leastPlain": LEAST_PLAIN,
            "mostPlain": MOST_PLAIN,
            "mostDecimals": MOST_DECIMALS,
            "scales": [asdict(scale) for scale in style.scales],
            "joints": {"prose": self._joint},
            "units": patterns,
        }

    # ------------------------------------------------------------------------------------------------
    # Dates, lists, words
    # ------------------------------------------------------------------------------------------------

    @cached_property
    def keep(self) -> Callable[[str], str]:
        """Words escaped for HTML to the same in which "27. Januar", "17 Prozent" and the like stay on one line."""
        kept = Together(self._customs).marked
        return lru_cache(maxsize=2048)(kept)  # most texts stand in several places, and stay with the next save

    def date(self, date: Date) -> str:
        """A day, a month or a year in words: "23. November 2026", "November 2026", "2026"."""
        if not date.month:
            return str(date.year)
        customs = self._customs
        pattern = customs.day_pattern if date.day else customs.month_pattern
        return pattern.format(
            day=date.day,
            month=customs.months[date.month - 1],
            alone=customs.months_alone[date.month - 1],
            number=date.month,
            year=date.year,
        )

    @cached_property
    def drafting(self) -> Mapping[str, Sequence[tuple[Sequence[str], str]]]:
        """What authors and their programs leave in a text, and what they count and square, by slots of Markdown's
        patterns: letters that a text has which has it, and a regular expression.
        """
        tag = self.tag
        scales = chain(*(cldr.customs(each).scale_words for each in (tag, *MOST_SITES)))
        counted = chain(scales, *(words_of(tag, *field) for field in COUNTED))
        squared = (word[1:] for unit in SQUARED for word in words_of(tag, "units", "words", unit))
        left, lost = tuple(filter(_signs, words_of(tag, "placeholders"))), words_of(tag, "lost")
        unmarked = (each for each in left if not {*each} & {*"[?<"})
        return {
            "placeholders": [(_signs(each), _placeholder(each)) for each in left],
            "lost": [((each,), re.escape(each)) for each in lost],
            "unmarked": [((max(_signs(each), key=len),), "") for each in (*unmarked, *lost)],
            "counted": [((), any_of(counted))],
            "squared": [((), f"(?<={re.escape(each)})") for each in dict.fromkeys(squared)],
        }

    def whole_date(self, date: Date) -> str:
        """The same, within which no line ends, for what is printed between an author's words."""
        return self.date(date).replace(" ", "\u00a0")

    def listed(self, parts: Iterable[str]) -> str:
        """The parts as a list in a sentence: "A, B und C"."""
        words = list(parts)
        lists = self._customs.lists
        if len(words) < 2:
            return "".join(words)
        if len(words) == 2:
            return lists["2"].format(*words)
        listed = lists["end"].format(words[-2], words[-1])
        for number, word in enumerate(reversed(words[:-2]), start=3):
            listed = lists["start" if number == len(words) else "middle"].format(word, listed)
        return listed

    def row(self, parts: Iterable[str]) -> str:
        """The parts as a row that may go on: "A, B"."""
        words = [*parts]
        return reduce(self._customs.lists["middle"].format, words) if words else ""

    def message(self, key: str, **slots: object) -> str:
        """An interface word with its slots filled; the slot `n` chooses the plural. KeyError for an unknown key.

        Whole numbers are printed as counts ("1.234"); a year or a number that is a name goes in as text.
        """
        if slots:
            text = self._catalogue(key).message(key, slots.get("n"))
            filled = {name: self.whole(slot) if type(slot) is int else slot for name, slot in slots.items()}
            return text.format_map(filled).translate(self._letters)
        if key not in self._without_slots:
            self._without_slots[key] = self._catalogue(key).message(key, None).translate(self._letters)
        return self._without_slots[key]


def count_words(text: str) -> int:
    """The words of a text; in scripts that part none by blanks, as many as take as long to read."""
    parted, count = text, 0.0
    for letters, of_a_word in UNPARTED if max(text, default="") >= "\u0e00" else ():  # each takes 2 ms to compile
        parted, found = re.subn(letters, " ", parted)
        count += found / of_a_word
    return len(parted.split()) + round(count)


@of_languages
@lru_cache(maxsize=64)
def of(tag: str) -> Locale:
    """The language of a BCP 47 tag (de, de-AT, en-GB …); UnknownLanguageError if CLDR does not know it."""
    return Locale(cldr.customs(tag))


def known(tag: str) -> bool:
    """Whether a tag names a language that CLDR knows."""
    try:
        of(tag)
    except UnknownLanguageError:
        return False
    return True


@cache
def month_names(*tags: str) -> tuple[frozenset[str], ...]:
    """What each month is called, in full and shortened, in the languages of most sites and in further ones."""
    years = (cldr.customs(tag).month_names for tag in (*cldr.PREPARED, *tags))
    return tuple(frozenset(chain.from_iterable(names)) for names in zip(*years, strict=True))


@of_languages
@cache
def language_named(word: str) -> str | None:
    """The tag of a language by its name in English, German or its own words, or by its code of ISO 639-2."""
    return cldr.language_named(word, *folders())


@of_languages
@cache
def season_named(word: str) -> int | None:
    """A season (1 is spring) by its name in any language that has a folder."""
    years = (rules_of((tag,)).get("seasons", ()) for tag in folders())
    named = {name: number for year in years for number, names in enumerate(year, 1) for name in names.split()}
    return named.get(word.lower())


@of_languages
@cache
def words_of(tag: str, *fields: str) -> tuple[str, ...]:
    """The words that a field of rules.yaml (`numbered`, `places`) has in one language and in those of most sites."""
    found = list[str]()
    for each in (tag, *MOST_SITES):
        words: Any = of(each).rules
        for field in fields:
            words = words.get(field, {})
        found += words
    return tuple(filter(None, dict.fromkeys(found)))


def _signs(words: str) -> Sequence[str]:
    """What stands in every text that has some words, whatever their first letter and `*` and `0` are."""
    return re.findall(r"[^\w*]+|(?<=\w)[^\W\d_]+", words)


def _placeholder(words: str) -> str:
    """What an author has left as a regular expression: `*` is anything, `0` a number, a small letter at the beginning
    a capital as well.
    """

    def escaped(part: str) -> str:
        return re.escape(part).replace(r"\*", r"[^\[\]<>\n]*").replace("0", r"\d+")

    before, first, rest = re.fullmatch(r"([\W\d_]*)(\w?)(.*)", words, re.DOTALL).groups()  # type: ignore[union-attr]  # any
    either = f"[{first}{first.upper()}]" if first.islower() else escaped(first)
    pattern = escaped(before) + either + escaped(rest)
    return (r"(?<!\w)" if not before else "") + pattern + (r"(?!\()" if words[-1] in "])" else "")


def any_of(words: Iterable[str]) -> str:
    """Any of some words as a part of a regular expression, also a verbose one, that of most letters first; `*` is any
    letters, and a small letter at the beginning a capital as well.
    """
    found = []
    for word in sorted(dict.fromkeys(words), key=len, reverse=True):
        first = f"[{word[0]}{word[0].upper()}]" if word[0].islower() else re.escape(word[0])
        found.append((first + re.escape(word[1:])).replace(r"\*", r"[^\W\d]*"))
    return "|".join(found) or "(?!)"


@of_languages
@cache
def clock_pattern(tag: str) -> str:
    """A regular expression for times of the day by words (8 Uhr 30, 5 p.m.)."""
    return rf"\b\d{{1,2}}(?:[.:]\d\d)?\s?(?:{any_of(words_of(tag, 'clock'))})(?!\w)(?:\s[0-5]\d\b)?"


@of_languages
@cache
def days_pattern(tag: str) -> str:
    """A regular expression for days of the calendar; it has no blanks."""
    names = {*chain(*month_names(tag)), *words_of(tag, "months")}
    months = "|".join(sorted(names, key=len, reverse=True)).replace(" ", r"\s")
    year = r"(?:1[89]|20)\d\d\b"
    # A day, words within a date, and what stands between two (8./9. Februar, du 8 au 12 février).
    day = rf"\d{{1,2}}(?:{any_of(('.', '°', *words_of(tag, 'ordinals')))})?"
    word = rf"(?:(?:{any_of(words_of(tag, 'dates'))})\s)?"
    joint = rf"(?:\s?[–/,&-]\s?|,?\s(?:{any_of(words_of(tag, 'joining'))})\s{word})"
    return (
        r"\d{4}-\d\d(?:-\d\d)?(?!\d)|\b\d{1,2}\.\s?\d{1,2}\.(?:\d{4}|\d\d)?(?!\.?\d)|\b\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)\b"
        rf"|\b{day}(?:{joint}{day}){{0,49}}\s{word}(?:{months})\b\.?(?:,?\s{word}{year})?"
        rf"|\b(?:{months})(?:\.|,)?\s{day}(?!\s?%)(?:(?!\w|[.,]\d)|\b)(?:\s?[–-]\s?{day}\b)?(?:{joint}{day}(?!\s?[\w%]|[.,:/]\d)){{0,49}}(?:,\s{year})?"
        rf"|{_from_year_to_day(cldr.customs(tag).day_pattern, months)}"
    )


def _from_year_to_day(day_pattern: str, months: str) -> str:
    """A date as CLDR has it where the year comes first, also without one; what matches nothing in other languages."""
    if not day_pattern.startswith("{year}"):
        return "(?!)"
    slots = {"year": r"(?:\d{1,4}", "number": r")?\d{1,2}", "month": f")?(?:{months})", "day": r"\d{1,2}"}
    parts = re.split(r"\{(\w+)\}", day_pattern)
    parts[1::2] = map(slots.__getitem__, parts[1::2])
    parts[::2] = (re.escape(part).replace("\\ ", r"\s?") for part in parts[::2])
    return "".join(parts)
