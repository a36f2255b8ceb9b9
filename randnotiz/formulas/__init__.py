"""A formula to an expression; its dimension; its value over ranges; how much each input moves it.

`parse` makes an expression of an author's words, `term` checks its dimensions and makes a program of it, `spread`
runs that over the ranges of its inputs, `mathml` typesets it. Nothing of a formula is ever run by Python itself:
a program is data, and only the steps listed in `programs` exist.
"""

from randnotiz.expressions import FUNCTIONS, Expression, names, parse
from randnotiz.formulas.evaluation import value
from randnotiz.formulas.mathml import Element, mathml
from randnotiz.formulas.missing import FormulaUse, missing_unit
from randnotiz.formulas.programs import UndefinedError, run, shown
from randnotiz.formulas.ranges import (
    MOST_PROOF,
    MOST_UNCERTAIN,
    Estimate,
    agreement,
    columns,
    default_tolerance,
    estimate,
    size,
)
from randnotiz.formulas.stated import Amount, Scales, amount
from randnotiz.formulas.typed_expressions import TypedExpression, converted, typed
from randnotiz.formulas.unit_list import DEGREES, came_later, scales, unit_names, units_list
from randnotiz.formulas.units import Unit, Units, described, own_units, ratio, rescaled, shadowed
