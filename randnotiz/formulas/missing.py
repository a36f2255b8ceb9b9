"""Which unit a number lacks that was written without one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from randnotiz.diagnostics import ContentError
from randnotiz.expressions import Expression
from randnotiz.formulas.typed_expressions import TypedExpression, typed
from randnotiz.formulas.unit_list import NamedUnit
from randnotiz.formulas.units import Unit, Units

MOST_TRIED = 50  # units

_ANY = NamedUnit(name="?", dimension=(("?", 1),))
_SOUGHT = Unit(powers=((_ANY, 1),))


class FormulaUse(NamedTuple):
    """A formula that a number stands in, and the unit its result should have."""

    expression: Expression
    result: Unit


def missing_unit(
    name: str, uses: Sequence[FormulaUse], terms: Mapping[str, TypedExpression], units: Units, others: Iterable[Unit]
) -> Unit | None:
    """The unit with which a number would fit into all formulas that use it; None if no such unit is found.

    The simplest of those in the same formulas, those that follow from them, and the `others`.
    """
    named = [each.name for use in uses for each in use.expression.names]
    beside = [units.named(each) or terms[each].unit for each in named if each != name]
    tried = dict.fromkeys((*beside, *_solutions(name, uses, terms, units), *others))

    def fits(unit: Unit, use: FormulaUse) -> bool:
        given = _unit(name, unit, use, terms, units)
        return given is not None and given.dimension == use.result.dimension

    simple = [unit for unit in tried if unit.powers][:MOST_TRIED]
    fitting = [unit for unit in simple if all(fits(unit, use) for use in uses)]
    return min(fitting, key=lambda unit: len(unit.powers), default=None)


def _solutions(
    name: str, uses: Iterable[FormulaUse], terms: Mapping[str, TypedExpression], units: Units
) -> Iterator[Unit]:
    """For each formula that is a product, what its result says about the number's unit."""
    for use in uses:
        given = _unit(name, _SOUGHT, use, terms, units)
        if given is not None and (power := dict(given.powers).get(_ANY)) in (1, -1):
            yield (use.result / (given / _SOUGHT**power)) ** power


def _unit(name: str, unit: Unit, use: FormulaUse, terms: Mapping[str, TypedExpression], units: Units) -> Unit | None:
    """The unit of what a formula gives if a number in it has a unit; None if that does not fit into it."""
    try:
        return typed(use.expression, {**terms, name: replace(terms[name], unit=unit)}, units).unit
    except ContentError:
        return None
