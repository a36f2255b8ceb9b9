"""The list of units that need not be declared, and what each is worth.

The definitions are in units.txt. `python -m randnotiz.formulas` has pint work them out, which takes a quarter of a
second, and writes its answers to units.json, which is all that a build reads.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from textwrap import fill

from msgspec import Struct

from randnotiz.expressions import SIGNS
from randnotiz.language import of_languages
from randnotiz.language.cldr import customs
from randnotiz.language.number_format import NBSP

WORKED_OUT = Path(__file__).with_name("units.json")

Power = int | Fraction
Dimension = tuple[tuple[str, Power], ...]  # the powers of base dimensions, sorted by name

# A degree on one of these scales is what a difference of two points on it is measured in.
DEGREES = {"degC": "delta_degC", "degF": "delta_degF"}
# Where zero of a scale lies on that of degC.
_ZEROS = {"degF": Fraction(-160, 9)}
PERCENTAGES = frozenset(SIGNS.values())
POINTS = frozenset(("pp", "basis_point"))


@of_languages
@cache
def scales(tag: str = "en") -> Mapping[str, tuple[int, ...]]:
    """The words of scale that may stand before the unit of what a passage states, those of a language and of English
    and German, the longest first, with the powers of ten that each has among them, two for billion in French.
    """
    languages = [customs(each).scale_words for each in ("de", "en", tag)]
    found: dict[str, tuple[int, ...]] = {}
    for word in sorted(chain(*languages), key=lambda word: -len(word)):
        # Billion may be the English word with a capital; billion in a German article can be no other.
        exact = {words[word] for words in languages if word in words}
        alike = {power for words in languages for each, power in words.items() if each.casefold() == word.casefold()}
        found[word.replace(NBSP, " ")] = tuple(sorted(exact if word in languages[1] else alike))
    return found


class NamedUnit(Struct, frozen=True, kw_only=True):
    """A unit with a name: how many base units of its dimension it is."""

    name: str
    factor: Fraction = Fraction(1)
    dimension: Dimension = ()

    @property
    def zero(self) -> Fraction:
        """What its zero is in base units: not nothing for a scale that begins elsewhere."""
        return _ZEROS.get(self.name, Fraction(0))

    @property
    def symbol(self) -> str:
        """The name as authors write it in units."""
        return next((sign for sign, name in SIGNS.items() if name == self.name), self.name)


@lru_cache(maxsize=1024)
def listed(name: str) -> NamedUnit | None:
    """The unit of the list that has this name, or None."""
    name = SIGNS.get(name, name)
    if name not in _table().units:
        return None
    factor, dimension = _table().units[name]
    return NamedUnit(name=name, factor=Fraction(factor), dimension=tuple(sorted(dimension.items())))


def is_currency(name: str) -> bool:
    """Whether a unit of the list is a currency: of those only currencies give their name to their dimension."""
    return name in _table().units.get(name, ("", {}))[1]


def kind_of(dimension: Dimension) -> str:
    """The word for what a dimension measures, `time` or `energy`; empty where there is none."""
    match dimension:
        case ():
            return "share"
        case ((name, 1),):
            return name.replace("_", " ")
        case _:
            return _table().kinds.get(dimension, "")


def units_list() -> str:
    """All units that need not be declared, a paragraph for each kind of thing they measure."""
    width = 18
    paragraphs = [
        fill(
            "  ".join(names),
            width=100,
            initial_indent=kind.ljust(width),
            subsequent_indent=" " * width,
            break_on_hyphens=False,
        )
        for kind, names in grouped().items()
    ]
    return "\n".join((*paragraphs, "", "Others are declared under 'units:' in figures.yaml."))


def grouped() -> dict[str, list[str]]:
    """The names of the list by what they measure, in the order of the definitions."""
    groups: dict[str, list[str]] = {}
    for name in _table().units:
        named = listed(name)
        assert named  # noqa: S101 - every name of the table has its unit
        kind = "currency" if is_currency(name) else kind_of(named.dimension)
        groups.setdefault(kind, []).append(named.symbol)
    return groups


class _Table(Struct, frozen=True, kw_only=True):
    units: Mapping[str, tuple[str, Mapping[str, int]]]  # factor as a fraction, dimension
    kinds: Mapping[Dimension, str]
    later: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    worked_out = json.loads(WORKED_OUT.read_bytes())
    kinds = {tuple(sorted(dimension.items())): kind for kind, dimension in worked_out["kinds"].items()}
    units = [*worked_out["units"]]
    later = frozenset(units[units.index(worked_out["later"]) :])
    return _Table(units=worked_out["units"], kinds=kinds, later=later)


def came_later(name: str) -> bool:
    """Whether a unit of the list came when articles had been written that may use its name for something else."""
    return name in _table().later


def unit_names() -> list[str]:
    """The names of the list as authors write them, common ones first and currencies last."""
    return sorted((name for kind in grouped().values() for name in kind), key=is_currency)


def names() -> tuple[str, ...]:
    """All names of the list."""
    return tuple(_table().units)
