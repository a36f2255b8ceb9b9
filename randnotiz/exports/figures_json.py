"""`figures.json`: every number of an article with all that is needed to compute it again elsewhere."""

from collections.abc import Mapping

from randnotiz import formulas
from randnotiz.diagnostics import SourceText
from randnotiz.exports.context import without_empty
from randnotiz.formulas.unit_list import NamedUnit
from randnotiz.model import AnnotatedArticle, Json, Quantity, Quote, Range, Result, Results, TextQuoteSelector


def figures_json(annotated: AnnotatedArticle) -> dict[str, Json]:
    """Quantities and figures by name, and what their units are worth; what does not apply is left out, numbers have
    12 significant digits. `tests/recompute.py` shows how to compute it all again.
    """
    written, results = annotated.article, annotated.results
    figures = {name: one for name, one in results.figures.items() if not written.figures[name].draft}
    return {
        "quantities": {name: _quantity(quantity) for name, quantity in results.quantities.items()},
        "figures": {name: _figure(result) for name, result in figures.items()},
        "units": {
            name: {
                "factor": rounded(float(unit.factor)),
                **({"zero": rounded(float(unit.zero))} if unit.zero else {}),
                "dimension": {base: int(power) for base, power in unit.dimension},
            }
            for name, unit in sorted(_units(results, figures).items())
        },
    }


def _units(results: Results, figures: Mapping[str, Result]) -> dict[str, NamedUnit]:
    """Every unit that a number or a formula names, by the name it has there."""
    units, _ = formulas.own_units(results.units)
    written = [one.unit for one in results.quantities.values()] + [one.figure.unit for one in figures.values()]
    found = {named.symbol: named for words in written for named, _ in units.parse(SourceText(words)).powers}
    for result in figures.values():
        for name in formulas.names(result.figure.formula):
            if name not in results.quantities and name not in results.figures and (unit := units.named(name)):
                ((found[name], _),) = unit.powers
    return found


def _quantity(quantity: Quantity) -> dict[str, Json]:
    return without_empty(
        {
            "label": str(quantity.label),
            **_numbers(
                Range(low=quantity.low, best=quantity.best, high=quantity.high, unit=str(quantity.unit)), "value"
            ),
            "unit": str(quantity.unit),
            "sources": [str(use.id) for use in quantity.sources],
            "assumed": str(quantity.assumed) if quantity.assumed is not None else None,
        }
    )


def _figure(result: Result) -> dict[str, Json]:
    figure, agreement = result.figure, result.agreement
    row: dict[str, Json] = {
        "label": str(figure.label),
        "formula": str(figure.formula),
        "unit": str(figure.unit),
        "low": rounded(result.range.low),
        "best": rounded(result.range.best),
        "high": rounded(result.range.high),
        "at": [{name: rounded(x) for name, x in point.items()} for point in result.at] or None,
        "sensitivity": {name: [rounded(low), rounded(high)] for name, (low, high) in result.sensitivity.items()},
    }
    if agreement is not None:
        row |= {
            "stated": {
                "low": rounded(agreement.stated.low),
                "high": rounded(agreement.stated.high),
                "unit": agreement.stated.unit,
            },
            "tolerance": rounded(agreement.tolerance),
            "agrees": agreement.agrees,
            "factor": None if agreement.factor is None else rounded(agreement.factor),
        }
    if figure.quote is not None:
        row["quote"] = words_of(figure.quote)
    return without_empty(row)


def _numbers(range: Range, exact: str) -> dict[str, Json]:
    if range.exact:
        return {exact: rounded(range.best)}
    return {"low": rounded(range.low), "best": rounded(range.best), "high": rounded(range.high)}


def words_of(quote: Quote) -> str:
    """The words of a quotation; of one that is named by its ends, both with an ellipsis between."""
    return str(quote.exact) if isinstance(quote, TextQuoteSelector) else f"{quote.start} … {quote.end}"


def rounded(number: float) -> float:
    """The number to 12 significant digits, so that the last bits of different machines do not show."""
    short = float(f"{number:.12g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short
