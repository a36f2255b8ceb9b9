"""Writes what pint makes of units.txt to units.json. pint is needed for nothing else, and only in development."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pint

from randnotiz.formulas.unit_list import WORKED_OUT

LATER = (
    "# ---- later: units that came when articles had been written; an article's own name wins over one of these ----"
)
DEFINITIONS = Path(__file__).with_name("units.txt")


def work_out() -> str:
    """The text of units.json: factors, dimensions and names of compound ones, and the first later unit."""
    lines = DEFINITIONS.read_text(encoding="utf-8").splitlines()
    registry: Any = pint.UnitRegistry(None, non_int_type=Fraction, on_redefinition="raise")
    registry.load_definitions(lines)

    def dimension(name: str) -> dict[str, int]:
        powers = registry.get_dimensionality(name)
        return {base.strip("[]"): int(power) for base, power in sorted(powers.items())}

    names = [line.partition("=")[0].strip() for line in lines if "=" in line and not line.startswith("#")]
    units = {
        name: (str(Fraction(registry.get_root_units(name)[0])), dimension(name))
        for name in names
        if not name.startswith("[")
    }
    kinds = {name.strip("[]"): dimension(name) for name in names if name.startswith("[")}
    later = names[sum("=" in line and line[0] != "#" for line in lines[: lines.index(LATER)] if line)]
    parts = [f'"later": {json.dumps(later)}']
    for part, rows in (("units", units), ("kinds", kinds)):
        written = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in rows.items()]
        parts.append(f'"{part}": {{\n' + ",\n".join(written) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    WORKED_OUT.write_text(work_out(), encoding="utf-8")
