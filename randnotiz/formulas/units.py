"""Units: names with a factor and a dimension, and the products, quotients and powers of them.

What a unit is worth is defined in units.txt and worked out by pint. Loading pint costs a quarter of a second, ten
times a whole article, so its answers are kept in units.json beside the hash of the definitions they belong to;
pint itself is loaded only where the two do not fit.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from randnotiz.errors import ContentError, Finding, Text, did_you_mean
from randnotiz.formulas import expressions
from randnotiz.formulas.expressions import FUNCTIONS, Call, Expression, Name, Negation, Node, Number, Operation
from randnotiz.model import UnitName

_DEFINITIONS = Path(__file__).with_name("units.txt")
_WORKED_OUT = Path(__file__).with_name("units.json")
_OWN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_HIGHEST_POWER = 12

Power = int | Fraction
Dimension = tuple[tuple[str, Power], ...]  # sorted by name


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedUnit:
    """A unit with a name: how many base units of its dimension it is."""

    name: str
    factor: Fraction = Fraction(1)
    dimension: Dimension = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A product of powers of named units, in the order in which they were written; none of them: a plain number."""

    powers: tuple[tuple[NamedUnit, Power], ...] = ()

    def __mul__(self, other: "Unit") -> "Unit":
        return _product((*self.powers, *other.powers))

    def __truediv__(self, other: "Unit") -> "Unit":
        return self * other**-1

    def __pow__(self, exponent: Power) -> "Unit":
        return _product((named, power * exponent) for named, power in self.powers)

    def __str__(self) -> str:
        above = [f"{_shown(named)}{_raised(power)}" for named, power in self.powers if power > 0]
        below = [f"/{_shown(named)}{_raised(-power)}" for named, power in self.powers if power < 0]
        return ("*".join(above) or ("1" if below else "")) + "".join(below)

    @property
    def dimension(self) -> Dimension:
        """The powers of the base dimensions, sorted by name; empty for shares and plain numbers."""
        total: dict[str, Power] = {}
        for named, power in self.powers:
            for name, exponent in named.dimension:
                total[name] = total.get(name, 0) + exponent * power
        return tuple(sorted((name, exponent) for name, exponent in total.items() if exponent))

    @property
    def highest(self) -> float:
        """The highest power in it, whatever its sign."""
        return max((abs(float(power)) for _, power in self.powers), default=0.0)

    @property
    def tidy(self) -> "Unit":
        """The same dimension with one unit for each kind: hours times minutes become hours times hours."""
        first: dict[Dimension, NamedUnit] = {}
        kept = [(named, power) for named, power in self.powers if named.dimension]
        return _product((first.setdefault(named.dimension, named), power) for named, power in kept)

    def same_as(self, other: "Unit") -> bool:
        """Whether the two measure alike, so that their numbers need no conversion."""
        return self.powers == other.powers or not (self / other).powers


PLAIN = Unit()


def ratio(of: Unit, to: Unit) -> Fraction | float:
    """How many `to` one `of` is. Exact unless roots are taken; OverflowError where it has no float."""
    factor: Fraction | float = Fraction(1)
    for named, power in (of / to).powers:
        factor = factor * (named.factor**power if isinstance(power, int) else float(named.factor) ** float(power))
    if not 0 < float(factor) < float("inf"):
        raise OverflowError
    return factor


def rescaled(value: float, of: Unit, to: Unit) -> float:
    """A number of one unit as a number of another of the same dimension, rounded once."""
    factor = ratio(of, to)
    return float(Fraction(value) * factor) if isinstance(factor, Fraction) else value * factor


def described(unit: Unit) -> str:
    """A unit for a message, with the kind of thing it measures where its name does not say it."""
    if not unit.powers:
        return "a plain number"
    kind = kind_of(unit.dimension)
    return f"{unit} ({kind})" if kind and kind != str(unit) else str(unit)


def kind_of(dimension: Dimension) -> str:
    """The word for what a dimension measures, `time` or `energy`; empty where there is none."""
    match dimension:
        case ():
            return "a share"
        case ((name, 1),):
            return name
        case _:
            return _table().kinds.get(dimension, "")


def _product(powers: Iterable[tuple[NamedUnit, Power]]) -> Unit:
    total: dict[str, tuple[NamedUnit, Power]] = {}
    for named, power in powers:
        _, before = total.get(named.name, (named, 0))
        total[named.name] = (named, before + power)
    return Unit(powers=tuple((named, _whole(power)) for named, power in total.values() if power))


def _whole(power: Power) -> Power:
    return power.numerator if isinstance(power, Fraction) and power.denominator == 1 else power


def _shown(named: NamedUnit) -> str:
    return {"percent": "%", "permille": "‰"}.get(named.name, named.name)


def _raised(power: Power) -> str:
    return "" if power == 1 else f"**{power}" if isinstance(power, int) else f"**({power})"


# ----------------------------------------------------------------------------------------------------
# Names
# ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Units:
    """The units an article may use: those of the list and its own."""

    own: Mapping[str, Unit] = field(default_factory=dict)

    def named(self, name: str) -> Unit | None:
        """The unit of this name, or None."""
        return self.own.get(name) or listed(name)

    def likely(self) -> Iterator[str]:
        """The names an author may have meant; of the currencies only the commonest, for they resemble everything."""
        yield from self.own
        yield from (name for name, (_, dimension) in _table().units.items() if name not in dimension)
        yield from ("EUR", "USD", "CHF", "GBP", "CNY", "JPY")

    def parse(self, words: Text) -> Unit:
        """The unit these words write, empty words and `1` being a plain number. Code: unit-unknown."""
        if words in ("", "1"):
            return PLAIN
        if named := self.named(words):
            return named
        if hint := _spelling(words):
            raise ContentError(words.position, "unit-unknown", f"there is no unit '{words}'; {hint}")
        expression = expressions.parse_unit(words)
        return self._unit(expression, expression.root)

    def _unit(self, expression: Expression, node: Node) -> Unit:
        match node:
            case Name(name=name, start=start):
                return self.named(name) or self._unknown(expression.text, start, name)
            case Number(value=1):
                return PLAIN
            case Operation(operator="**", left=left, right=right):
                return self._power(expression, left, right)
            case Operation(operator="*" | "/" as operator, left=left, right=right):
                one, other = self._unit(expression, left), self._unit(expression, right)
                return one * other if operator == "*" else one / other
            case Number(written=written, start=start):
                message = f"a unit holds no number but 1; '{written}' belongs to the value"
                raise ContentError(expression.text.at(start), "unit-unknown", message)
            case Operation() | Negation() | Call():
                message = f"'{expression.text}' is no unit; a unit is written like USD/chip, GPU*hour or metre**2"
                raise ContentError(expression.text.at(node.start), "unit-unknown", message)

    def _power(self, expression: Expression, base: Node, exponent: Node) -> Unit:
        sign, number = (-1, exponent.operand) if isinstance(exponent, Negation) else (1, exponent)
        if isinstance(number, Number) and number.value.is_integer() and number.value <= _HIGHEST_POWER:
            unit = self._unit(expression, base) ** (sign * int(number.value))
            if unit.highest <= _HIGHEST_POWER:
                return unit
        message = f"the power of a unit is a whole number up to {_HIGHEST_POWER}, not '{expression.words(exponent)}'"
        raise ContentError(expression.text.at(exponent.start), "unit-unknown", message)

    def _unknown(self, text: Text, start: int, name: str) -> Unit:
        hint = _spelling(name)
        hint = f"; {hint}" if hint else did_you_mean(name, self.likely())
        hint = hint or f"; if '{name}' is what is counted, add it under 'units:'"
        raise ContentError(text.at(start), "unit-unknown", f"there is no unit '{name}'{hint}")


def own_units(names: Iterable[UnitName]) -> tuple[Units, tuple[Finding, ...]]:
    """The units of an article, from what it lists under `units:`. Codes: value-malformed, field-doubled."""
    own: dict[str, Unit] = {}
    faults: list[Finding] = []
    for unit in names:
        name, where = unit.name, unit.position
        if not _OWN_NAME.fullmatch(name):
            message = f"a unit's name is made of the letters a to z, digits and _; '{name}' is not"
            faults.append(Finding(where, "value-malformed", message))
        elif name in FUNCTIONS:
            message = f"'{name}' is a function of formulas; call the unit '{name}_unit'"
            faults.append(Finding(where, "value-malformed", message))
        elif listed(name):
            message = f"'{name}' is a unit already; leave it out here"
            faults.append(Finding(where, "value-malformed", message))
        elif name in own:
            faults.append(Finding(where, "field-doubled", f"the unit '{name}' stands here twice"))
        else:
            own[name] = Unit(powers=((NamedUnit(name=name, dimension=((name, 1),)), 1),))
    return Units(own=own), tuple(faults)


# What may stand before the unit of what a passage states.
SCALES = {
    **dict.fromkeys(("Tsd.", "thousand"), 10**3),
    **dict.fromkeys(("Mio.", "million"), 10**6),
    **dict.fromkeys(("Mrd.", "billion"), 10**9),
    **dict.fromkeys(("Bio.", "trillion"), 10**12),
}

# What editors write for units of the list.
_SPELLINGS = {
    "%": ("Prozent", "Percent", "pct", "Prozentpunkte"),
    "EUR": ("€", "Euro", "euro", "euros"),
    "USD": ("$", "Dollar", "dollar", "dollars", "US-Dollar", "US$"),
    "GBP": ("£", "Pfund"),
    "CHF": ("Franken", "SFr."),
    "second": ("s", "sec", "Sek.", "Sekunde", "Sekunden"),
    "minute": ("min", "Min.", "Minute", "Minuten"),
    "hour": ("h", "hr", "hrs", "Std.", "Stunde", "Stunden"),
    "day": ("d", "Tag", "Tage", "Tagen"),
    "week": ("Woche", "Wochen"),
    "month": ("mo", "Monat", "Monate", "Monaten"),
    "year": ("a", "yr", "yrs", "Jahr", "Jahre", "Jahren"),
    "metre": ("m", "meter", "Meter"),
    "km": ("Kilometer", "kilometre", "kilometer"),
    "gram": ("g", "Gramm"),
    "kg": ("Kilo", "Kilogramm", "kilogram"),
    "tonne": ("t", "Tonne", "Tonnen", "ton", "tons"),
    "litre": ("l", "L", "Liter", "liter"),
    "hectare": ("ha", "Hektar"),
    "watt": ("W", "Watt"),
    "joule": ("J", "Joule"),
    "kelvin": ("K", "°C", "degC"),
    "FLOP/second": ("FLOPS", "FLOP/s"),
    "TFLOP/second": ("TFLOPS", "TFLOP/s"),
    "PFLOP/second": ("PFLOPS", "PFLOP/s"),
}
_MEANT = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}


def _spelling(words: str) -> str:
    """What to type for a spelling that is common and not ours, or an empty text."""
    if scale := next((word for word in words.split() if word in SCALES), None):
        return f"'{scale}' stands only in 'stated'; large numbers are printed in words on their own"
    return f"write {_MEANT[words]}" if words in _MEANT else ""


# ----------------------------------------------------------------------------------------------------
# The list
# ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitGroup:
    """The units of the list that measure the same kind of thing."""

    kind: str
    names: tuple[str, ...]


def units_list() -> tuple[UnitGroup, ...]:
    """All units that need not be declared, by what they measure, in the order of the definitions."""
    groups: dict[str, list[str]] = {}
    for name in _table().units:
        unit = listed(name)
        assert unit  # noqa: S101 - every name of the table has its unit
        kind = "currency" if is_currency(name) else kind_of(unit.dimension)
        groups.setdefault(kind, []).append(str(unit))
    return tuple(UnitGroup(kind=kind, names=tuple(names)) for kind, names in groups.items())


def is_currency(name: str) -> bool:
    """Whether a unit of the list is a currency: of those only currencies give their name to their dimension."""
    return name in _table().units.get(name, ("", {}))[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    units: Mapping[str, tuple[str, Mapping[str, int]]]  # factor as a fraction, dimension
    kinds: Mapping[Dimension, str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    definitions = _DEFINITIONS.read_bytes()
    worked_out = json.loads(_WORKED_OUT.read_bytes()) if _WORKED_OUT.exists() else {}
    if worked_out.get("definitions") != _digest(definitions):
        worked_out = work_out(definitions)
    kinds = {tuple(sorted(dimension.items())): kind for kind, dimension in worked_out["kinds"].items()}
    return _Table(units=worked_out["units"], kinds=kinds)


@lru_cache(maxsize=1024)
def listed(name: str) -> Unit | None:
    """The unit of the list that has this name, or None."""
    name = {"%": "percent", "‰": "permille"}.get(name, name)
    if name not in _table().units:
        return None
    factor, dimension = _table().units[name]
    named = NamedUnit(name=name, factor=Fraction(factor), dimension=tuple(sorted(dimension.items())))
    return Unit(powers=((named, 1),))


def work_out(definitions: bytes) -> dict[str, Any]:
    """What pint makes of the definitions: factors and dimensions of all units, names of compound dimensions."""
    import pint  # a quarter of a second, which only a change of the definitions is worth

    lines = definitions.decode().splitlines()
    registry: Any = pint.UnitRegistry(None, non_int_type=Fraction, on_redefinition="raise")
    registry.load_definitions(lines)

    def dimension(name: str) -> dict[str, int]:
        powers = registry.get_dimensionality(name)
        return {base.strip("[]"): int(power) for base, power in sorted(powers.items())}

    names = [line.partition("=")[0].strip() for line in lines if "=" in line and not line.startswith("#")]
    units = [name for name in names if not name.startswith("[")]
    kinds = [name for name in names if name.startswith("[")]
    return {
        "definitions": _digest(definitions),
        "units": {name: (str(Fraction(registry.get_root_units(name)[0])), dimension(name)) for name in units},
        "kinds": {kind.strip("[]"): dimension(kind) for kind in kinds},
    }


def written(worked_out: dict[str, Any]) -> str:
    """The text of units.json: a line for each unit, so that a change of one shows as one."""
    lines = [f'"definitions": {json.dumps(worked_out["definitions"])}']
    for part in ("units", "kinds"):
        rows = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in worked_out[part].items()]
        lines.append(f'"{part}": {{\n' + ",\n".join(rows) + "\n}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _digest(definitions: bytes) -> str:
    return sha256(definitions).hexdigest()


if __name__ == "__main__":
    _WORKED_OUT.write_text(written(work_out(_DEFINITIONS.read_bytes())), encoding="utf-8")
