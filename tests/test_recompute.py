"""`figures.json` is enough to compute every figure again: done by a reader that shares no code with ours."""

import ast
import copy
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests import recompute
from tests.published import published

FIGURES = """
units: [flat]
quantities:
  flats: {label: Wohnungen, low: 900, best: 1000, high: 1200, unit: flat, sources: [amt]}
  rent: {label: Miete, low: 12, high: 14, unit: EUR/metre**2/month, assumed: Spanne}
  size: {label: Fläche, value: 62, unit: metre**2/flat, assumed: Mittel}
  vacant: {label: Leerstand, low: 2, high: 3, unit: "%", sources: [amt]}
  wait: {label: Wartezeit, low: 18, high: 30, unit: month, assumed: Spanne}
  power: {label: Strom, value: 2500, unit: kWh/flat/year, assumed: Mittel}
figures:
  income:
    {label: Einnahmen, formula: flats * size * rent, unit: EUR/year, stated: 9 Mio. EUR/year, quote: neun Millionen}
  lost: {label: Verlust, formula: income * vacant * wait, unit: EUR, stated: {low: 1, high: 2, unit: Mio. EUR}}
  bulbs: {label: Dauerlast, formula: -(0 * kW) + flats * power, unit: kW}
  years: {label: Jahre, formula: round(wait / year) + log2(8) - sqrt(abs(-4))}
  share: {label: Anteil, formula: "max(vacant, 2.5 * percent) ** 0.5 * min(1, wait / (2 * year))", unit: "%"}
  million: {label: je Million, formula: 1e6 * EUR / lost * exp(log(2)) + log10(100) + 0}
  peak: {label: Gipfel, formula: vacant * exp(-40 * vacant) * wait / month}
  crease: {label: Falte, formula: abs(6 * vacant - wait / (10 * year)) - vacant / 100}
  nothing: {label: Rest, formula: 1 - 70 * percent - 20 * percent - 10 * percent, stated: 0}
"""


@cache
def small() -> dict[str, Any]:
    article = published("Die Mieten brachten neun Millionen im Jahr.", figures=FIGURES)
    found: dict[str, Any] = article.json("figures.json")
    return found


def test_the_figures_of_the_real_articles_come_out_again(real_site: Path) -> None:
    files = sorted(real_site.glob("*/figures.json"))
    with_figures = set()
    for file in files:
        read = json.loads(file.read_text(encoding="utf-8"))
        with_figures |= {file.parent.name} if read["figures"] else set()
        assert list(recompute.Reader(read).differences()) == []
    assert with_figures >= {"deepseek-nachgerechnet", "handbook"}


def test_units_shares_functions_and_ranges_come_out_again() -> None:
    file = small()
    assert len(file["figures"]) == 9
    assert list(recompute.Reader(file).differences()) == []


def test_every_unit_that_a_number_or_a_formula_names_is_told_in_base_units() -> None:
    units = small()["units"]
    assert units["flat"] == {"factor": 1, "dimension": {"flat": 1}}
    assert units["year"] == {"factor": 31556952, "dimension": {"time": 1}}
    assert units["%"] == units["percent"] == {"factor": 0.01, "dimension": {}}
    assert units["kWh"] == {"factor": 3600000, "dimension": {"length": 2, "mass": 1, "time": -2}}
    assert sorted(units) == ["%", "EUR", "flat", "kW", "kWh", "metre", "month", "percent", "year"]


@pytest.mark.parametrize("key", ["low", "best", "high", "agrees"])
def test_a_wrong_number_would_be_noticed(key: str) -> None:
    file = copy.deepcopy(small())
    row = file["figures"]["income"]
    row[key] = not row[key] if key == "agrees" else row[key] * 1.00001
    assert [difference.split(" is ")[0] for difference in recompute.Reader(file).differences()] == [f"income: {key}"]


def test_the_reader_is_a_program_that_needs_nothing_but_python(real_site: Path) -> None:
    source = Path(recompute.__file__).read_text(encoding="utf-8")
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    file = real_site / "handbook" / "figures.json"
    told = subprocess.run(
        [sys.executable, "-I", recompute.__file__, file], capture_output=True, text=True, check=True
    ).stdout
    assert told == "every figure comes out as it stands there\n"
