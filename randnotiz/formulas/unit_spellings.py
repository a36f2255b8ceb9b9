"""What editors write for units of the list, and what a message may suggest for it: never what changes the value.

Symbols and English words stand in unit_spellings.yaml, those of a language in its rules, as `units.words` and
`units.spellings`; all languages are known at once, since authors write units of any.

A spelling has one meaning (`Stunden` is an hour), or several, of which the author chooses (`gallon`), or it is a
unit that the list lacks and that an article may declare with its worth (`cent`). Only a word that is plainly a slip
of a name of the list, or its plural, is taken for that name: `kWs` is not `kWh`, and 12 °C are not 12 kelvin.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from randnotiz.formulas.unit_list import listed, scales
from randnotiz.language.catalogue import folders, of_languages, rules_of
from randnotiz.letters import one_of

SPELLINGS = Path(__file__).with_suffix(".yaml")

_SCALE_WORDS = {form for word in map(str.casefold, scales()) for form in (word, word.rstrip("."))} | {
    "bn",
    "mn",
    "tn",
}
_A_DEGREE = {"°C": "delta_degC", "°F": "delta_degF"}  # per year, or so much per degree
_CARBON_DIOXIDE = re.compile(r"[ -]?CO[2₂](?:[ -]?[^\W\d_]{1,2}\b\.?)?(?![\w₂])")  # with CO2e or -eq behind it
_LARGE_MONEY = re.compile(r"(?:[TkKM]|(?P<scale>[^\W\d_]+))\.?\s?(EUR|€|USD|\$|GBP|£|CHF)")


def hint(words: str) -> str:
    """What to type for a spelling that is common and not ours, or an empty text."""
    if scale := next((word for word in words.split() if word.casefold() in _SCALE_WORDS), None):
        return f"'{scale}' stands only in 'stated'; large numbers are printed in words on their own"
    money = _LARGE_MONEY.fullmatch(words)
    if money and (money["scale"] or "mn").casefold() in _SCALE_WORDS:
        return f"write {_unit(money[2])}, and the number with all its zeros"
    if counted := _patterns().inhabitants.fullmatch(words):
        words = counted[1]
    if (of_what := _CARBON_DIOXIDE.sub("", words)) and of_what != words:
        return hint(of_what) or (f"write {of_what}" if listed(of_what) else "")
    if found := _spelled(words):
        return found
    if unit := _unit(words):
        return f"write {unit}"
    parts = _patterns().per.fullmatch(words)
    return "write / for 'per', as in km/hour" if parts and not parts[2] else ""


@of_languages
@cache
def spellings() -> Mapping[str, Mapping[str, Any]]:
    """The tables of unit_spellings.yaml and of all languages, which only a unit that nobody knows costs."""
    tables: dict[str, dict[str, Any]] = msgspec.yaml.decode(SPELLINGS.read_bytes())
    for units in _languages():
        for table, rows in units.get("spellings", {}).items():
            for key, those in rows.items() if table != "per" else ():
                tables[table][key] = those if table == "prefixes" else [*tables[table].get(key, ()), *those]
    for units in _languages():
        known = set(map(str.casefold, chain(*tables["meanings"].values())))
        for name, forms in units.get("words", {}).items():
            if listed(name):
                tables["meanings"].setdefault(name, []).extend(
                    form for form in forms if known.isdisjoint(_forms(form))
                )
    return tables


def _languages() -> Sequence[Mapping[str, Any]]:
    return [rules_of((tag,)).get("units", {}) for tag in folders()]


class _Patterns(NamedTuple):
    """How units are put together in words of any language: divided, for so many people, squared and cubed."""

    per: re.Pattern[str]
    inhabitants: re.Pattern[str]
    power: re.Pattern[str]


@of_languages
@cache
def _patterns() -> _Patterns:
    languages = _languages()
    before = {str(each.get("per", "")).strip() for each in languages}.union(
        *(each.get("spellings", {}).get("per", ()) for each in languages)
    )
    per = one_of(word for word in before if word.isalpha())
    square, cubic = (one_of({each.get("powers", ("", ""))[at].strip() for each in languages} - {""}) for at in (0, 1))
    return _Patterns(
        per=re.compile(rf"(.+?)(?:\s+(?:{per})\s+|\s*(/)\s*)(.+)"),
        inhabitants=re.compile(rf"((?:{per}) [\d.,]+) \w+"),
        power=re.compile(rf"(?:({square}|sq\.?)|(?:{cubic}|cu\.?))[ -]?(.+)|(.+?)(?:([²2])|[³3])", re.IGNORECASE),
    )


@of_languages
@cache
def _meant() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What a message says of each spelling; and of those that people write with other capitals."""
    meant = {each: f"write {unit}" for unit, those in spellings()["meanings"].items() for each in those}
    for worth, those in spellings()["worths"].items():
        for each in those:
            name = re.sub("[^A-Za-z]+", "_", each)
            meant[each] = f"declare it with its worth, as in 'units: [{{name: {name}, worth: {worth}}}]'"
    folded = {each.casefold() + end: words for each, words in meant.items() if len(each) > 2 for end in ("", "e")}
    return meant, folded


@of_languages
@cache
def _in_full() -> re.Pattern[str]:
    """A name whose parts have symbols here."""
    bases = one_of(chain.from_iterable(spellings()["bases"].values()))
    return re.compile(rf"({one_of(spellings()['prefixes'])}|)({bases})")


def _spelled(words: str) -> str:
    exact, folded = _meant()
    short = words.removesuffix("s") if len(words) == 3 else words  # lbs, hrs
    return (
        exact.get(words) or exact.get(short) or next((folded[each] for each in _forms(words) if each in folded), "")
    )


def _unit(words: str) -> str:
    """The one unit that some words stand for, as authors write it here, or an empty text."""
    if listed(words):
        return words
    if found := _spelled(words):
        unit = found.removeprefix("write ")
        return "" if " " in unit else unit
    for form in _forms(words):
        name = re.sub(r"[\s-]+", "_", form)
        if parts := _in_full().fullmatch(name):
            symbol = next(symbol for symbol, those in spellings()["bases"].items() if parts[2] in those)
            name = spellings()["prefixes"].get(parts[1], "") + symbol
        if listed(name):
            return name
    if parts := _patterns().per.fullmatch(words):
        units = [_A_DEGREE.get(part) or _unit(part) for part in (parts[1], parts[3])]
        return "/".join(units) if all(units) else ""
    if parts := _patterns().power.fullmatch(words):
        base = _unit(parts[2] or parts[3])
        named = listed(base)
        if named and named.dimension in ((("length", 1),), (("time", 1),)):
            return f"{base}**{2 if parts[1] or parts[4] else 3}"
    return ""


def _forms(words: str) -> Iterator[str]:
    """Words in small letters and, where they may be in the plural, in the singular."""
    folded = words.casefold().rstrip(".")
    yield folded
    for ending, singular in (("ies", "y"), ("es", ""), ("s", ""), ("en", ""), ("n", "")):
        if folded.endswith(ending) and len(folded) > len(ending) + 2:
            yield folded.removesuffix(ending) + singular


def slip_of(word: str, names: Iterable[str]) -> str | None:
    """The name that a word is a slip of: its plural, other capitals, or one letter more, less, other or exchanged.

    Names that are short or symbols resemble each other too much: MW and mW, kWh and MWh.
    """
    return next((name for name in names if _plainly(word, name)), None)


def _plainly(word: str, name: str) -> bool:
    folded, known = word.casefold(), name.casefold()
    if folded == known:  # m and M are a milliard apart, b and B eight times
        return not ({word[0], name[0]} == {"m", "M"} or (name[0] == "M" and word.islower()) or word[-1] == "b")
    if folded[0] != known[0] or not re.fullmatch("[A-Z]?[a-z_]+", name):
        return False
    if folded in (known + "s", known + "es", known + "n", known + "en"):
        return len(known) > 2
    from rapidfuzz.distance import OSA  # which only a unit that nobody knows costs

    return len(known) > 4 and len(folded) > 3 and OSA.distance(folded, known, score_cutoff=1) <= 1
