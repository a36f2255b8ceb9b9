"""A formula over finished results: what the rows of a chart and `{{ name.low }}` ask for."""

from randnotiz.diagnostics import ContentError, SourceText
from randnotiz.expressions import ENDS, Identifier, parse
from randnotiz.formulas import programs
from randnotiz.formulas.typed_expressions import TypedExpression, converted, plain, typed
from randnotiz.formulas.units import Units, own_units
from randnotiz.model import Range, Results


def value(formula: SourceText, results: Results, decimal: str = ".") -> Range | None:
    """The one number that a formula over quantities and figures gives, such as `= 100 / rate` or `hardware.low`.

    A bare name keeps the unit it was written in; anything else without a dimension is a plain number. None if it
    rests on a name whose own fault has been told already. A range needs `.low`, `.best` or `.high`.
    `decimal` is as in `parse`.
    Codes: formula-syntax, figure-unknown, unit-mismatch, figure-overflow, limit-exceeded, value-malformed.
    """
    expression = parse(formula, picks=True, decimal=decimal)
    if any(name.name in results.broken for name in expression.names):
        return None
    units, _ = own_units(results.units)
    known = {}
    for name in expression.names:
        if name.name in results.figures or name.name in results.quantities:
            known.update(_numbers(name, results.range(name.name), formula, units))
    meant = typed(expression, known, units, near=(*results.quantities, *results.figures))
    if not isinstance(expression.root, Identifier):
        meant = converted(meant, meant.unit.tidy, formula.position)
    try:
        ((number,), (bound,)) = programs.run(meant.program, {}, 1)
    except programs.UndefinedError as error:
        raise ContentError(formula.position, "figure-overflow", f"'{formula}' has no value: {error.reason}") from None
    number = programs.settled(number, bound)
    return Range(low=number, best=number, high=number, unit=str(meant.unit))


def _numbers(name: Identifier, known: Range, formula: SourceText, units: Units) -> dict[str, TypedExpression]:
    """The number that one use of a name stands for, under the words that use it."""
    if name.pick is None and not known.exact:
        choices = ", ".join(f"{name.name}.{end}" for end in ENDS)
        message = f"'{name.name}' is a range, and here only one number can stand: write one of {choices}"
        raise ContentError(formula.at(name.start), "value-malformed", message)
    number = {"low": known.low, "high": known.high}.get(name.pick or "best", known.best)
    return {name.written: TypedExpression(program=plain(number), unit=units.parse(SourceText(known.unit)))}
