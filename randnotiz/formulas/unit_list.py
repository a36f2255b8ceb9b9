"""The list of units that need not be declared, and what each is worth.

The definitions are in units.txt, and pint works them out. Loading pint costs a quarter of a second, ten times a
whole article, so its answers are kept in units.json beside the hash of the definitions they belong to; pint itself
is loaded only where the two do not fit. `python -m randnotiz.formulas` writes that file anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from textwrap import fill
from typing import Any

DEFINITIONS = Path(__file__).with_name("units.txt")
WORKED_OUT = Path(__file__).with_name("units.json")

Power = int | Fraction
Dimension = tuple[tuple[str, Power], ...]  # the powers of base dimensions, sorted by name

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
    "metre": ("m", "Meter"),
    "km": ("Kilometer",),
    "gram": ("g", "Gramm"),
    "kg": ("Kilo", "Kilogramm"),
    "tonne": ("t", "Tonne", "Tonnen", "ton", "tons"),
    "litre": ("l", "L", "Liter"),
    "hectare": ("ha", "Hektar"),
    "watt": ("Watt",),
    "joule": ("Joule",),
    "kelvin": ("°C", "degC", "Kelvin"),
    "FLOP/second": ("FLOPS", "FLOP/s"),
    "TFLOP/second": ("TFLOPS", "TFLOP/s"),
    "PFLOP/second": ("PFLOPS", "PFLOP/s"),
}
MEANT = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedUnit:
    """A unit with a name: how many base units of its dimension it is."""

    name: str
    factor: Fraction = Fraction(1)
    dimension: Dimension = ()

    @property
    def symbol(self) -> str:
        """The name as authors write it in units."""
        return {"percent": "%", "permille": "‰"}.get(self.name, self.name)


@lru_cache(maxsize=1024)
def listed(name: str) -> NamedUnit | None:
    """The unit of the list that has this name, or None."""
    name = {"%": "percent", "‰": "permille"}.get(name, name)
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
            return name
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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    units: Mapping[str, tuple[str, Mapping[str, int]]]  # factor as a fraction, dimension
    kinds: Mapping[Dimension, str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    definitions = DEFINITIONS.read_bytes()
    worked_out = json.loads(WORKED_OUT.read_bytes()) if WORKED_OUT.exists() else {}
    if worked_out.get("definitions") != _digest(definitions):
        worked_out = work_out(definitions)
    kinds = {tuple(sorted(dimension.items())): kind for kind, dimension in worked_out["kinds"].items()}
    return _Table(units=worked_out["units"], kinds=kinds)


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


def unit_names() -> list[str]:
    """The names of the list as authors write them, common ones first and currencies last."""
    return sorted((name for kind in grouped().values() for name in kind), key=is_currency)


def names() -> tuple[str, ...]:
    """All names of the list."""
    return tuple(_table().units)
