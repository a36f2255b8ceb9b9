"""What templates show of computed figures: their words, a small picture of the range, sliders to argue with."""

from collections.abc import Callable, Iterator, Sequence
from math import floor, log10

from msgspec import Struct

from randnotiz import formulas
from randnotiz.diagnostics import SourceText
from randnotiz.language import Locale
from randnotiz.memo import memoize
from randnotiz.model import CitationItem, Figure, Json, Quantity, Range, Result, Results

LEFT, RIGHT = 8, 292  # where the scale of a picture begins and ends, in units of its view box
ALL_DIGITS = 12
FACTOR_DIGITS = 2
TOLERANCE_DIGITS = 3

Scale = Callable[[float], float]


class RangePlot(Struct, frozen=True, kw_only=True):
    """A range, its best value and what the text says on one scale, in units of the view box."""

    words: str
    low: float
    width: float
    best: float
    stated: float | None
    stated_low: float | None
    stated_width: float | None
    first: str
    last: str


class Bar(Struct, frozen=True, kw_only=True):
    """How far a result moves when only one input does."""

    label: str
    range: str
    x: float
    width: float


class Input(Struct, frozen=True, kw_only=True):
    """A quantity that a figure rests on, as its row in the table of inputs."""

    name: str
    label: str
    amount: str
    sources: tuple[CitationItem, ...]
    assumed: str | None
    note: SourceText | None


class Slider(Struct, frozen=True, kw_only=True):
    """An uncertain input that a reader may move, the width of its range beyond either end."""

    name: str
    label: str
    amount: str
    min: float
    max: float
    step: float
    value: float
    low: float
    high: float


class FigureView(Struct, frozen=True, kw_only=True):
    """A computed figure as its note shows it."""

    id: str
    name: str
    label: str
    amount: str
    stated: str | None
    agrees: bool | None
    verdict: str
    picture: RangePlot | None
    formula: tuple[formulas.Element, ...]
    inputs: tuple[Input, ...]
    sensitivity: tuple[Bar, ...]
    sliders: tuple[Slider, ...]


class NumberFormatter:
    """The numbers of one article in the words of its language."""

    def __init__(self, results: Results, language: Locale) -> None:
        self.results, self.language = results, language

    def range(self, range: Range, figure: Figure) -> str:
        """A range in a figure's unit and with its digits."""
        return self.language.amount(range.low, range.best, range.high, range.unit, figure.digits, self.results.units)

    def one(self, number: float, unit: str, digits: int) -> str:
        """A single number with its unit."""
        return self.language.amount(number, number, number, unit, digits, self.results.units)

    def quantity(self, quantity: Quantity) -> str:
        """A quantity as its author wrote it."""
        return self.language.written_amount(quantity.written, quantity.unit, self.results.units)

    def stated(self, result: Result) -> str | None:
        """What the passage says, in the figure's own unit."""
        if result.agreement is None:
            return None
        stated = result.agreement.stated
        digits = ALL_DIGITS if _in_own_unit(result.figure) else result.figure.digits
        return self.language.amount(stated.low, stated.best, stated.high, stated.unit, digits, self.results.units)

    def verdict(self, result: Result) -> str:
        """Whether result and text agree, by what if they would not as they stand, or by what factor they differ."""
        agreement = result.agreement
        if agreement is None:
            return ""
        if agreement.only_by == "rounding":
            return self.language.message("figure-agrees-rounded")
        if agreement.only_by:
            tolerance = self.language.number(agreement.tolerance * 100, TOLERANCE_DIGITS)
            return self.language.message("figure-agrees-within", tolerance=tolerance)
        if agreement.agrees:
            return self.language.message("figure-agrees")
        if not agreement.factor:
            return self.language.message("figure-disagrees-only")
        return self.language.message("figure-disagrees", factor=self.language.number(agreement.factor, FACTOR_DIGITS))

    def word(self, name: str) -> str:
        """What a name in a formula is called: the label of a quantity or a figure, or the word for a unit."""
        base, _, part = name.partition(".")
        if base in self.results.quantities:
            label = str(self.results.quantities[base].label)
        elif base in self.results.figures:
            label = str(self.results.figures[base].figure.label)
        else:
            return self.language.unit(name, 1, self.results.units)
        return f"{label} ({self.language.message(part)})" if part else label

    def view(self, result: Result) -> FigureView:
        """All that the note of a figure shows."""
        return _view(self.results, result, self.language)

    def input(self, name: str) -> Input:
        """The row of one input."""
        quantity = self.results.quantities[name]
        return Input(
            name=name,
            label=str(quantity.label),
            amount=self.quantity(quantity),
            sources=quantity.sources,
            assumed=str(quantity.assumed) if quantity.assumed is not None else None,
            note=quantity.note,
        )

    def picture(self, result: Result) -> RangePlot | None:
        """The small picture of a result; None where there is only one number to show."""
        whole, stated = result.range, result.agreement.stated if result.agreement else None
        ends = [whole.low, whole.high, *((stated.low, stated.high) if stated else ())]
        if not min(ends) < max(ends):
            return None
        at = _scale(min(ends), max(ends))
        computed = self.range(whole, result.figure)
        if stated:
            words = self.language.message("figure-picture", computed=computed, stated=self.stated(result))
        else:
            words = self.language.message("figure-picture-alone", computed=computed)
        return RangePlot(
            words=words,
            low=at(whole.low),
            width=round(at(whole.high) - at(whole.low), 1),
            best=at(whole.best),
            stated=round((at(stated.low) + at(stated.high)) / 2, 1) if stated else None,
            stated_low=at(stated.low) if stated else None,
            stated_width=round(at(stated.high) - at(stated.low), 1) if stated else None,
            first=self.one(min(ends), whole.unit, result.figure.digits),
            last=self.one(max(ends), whole.unit, result.figure.digits),
        )

    def sensitivity(self, result: Result) -> Iterator[Bar]:
        """One bar for each uncertain input, on the scale of the whole result."""
        whole = result.range
        if whole.exact or len(result.sensitivity) < 2:  # one input alone moves all there is
            return
        at = _scale(whole.low, whole.high)
        for name, (low, high) in result.sensitivity.items():
            moved = Range(low=low, best=low, high=high, unit=whole.unit)
            yield Bar(
                label=str(self.results.quantities[name].label),
                range=self.range(moved, result.figure),
                x=at(low),
                width=max(round(at(high) - at(low), 1), 1),
            )

    def sliders(self, names: Sequence[str]) -> Iterator[Slider]:
        """A slider for each uncertain input; positive quantities stay positive."""
        for name in names:
            quantity = self.results.quantities[name]
            if quantity.uncertain:
                span = quantity.high - quantity.low
                step = 10.0 ** floor(log10(span / 10))
                least = quantity.low - span
                if quantity.low > 0:
                    least = max(least, step)
                yield Slider(
                    name=name,
                    label=str(quantity.label),
                    amount=self.quantity(quantity),
                    min=_tidy(floor(least / step + 1e-9) * step),
                    max=_tidy(quantity.high + span),
                    step=_tidy(step),
                    value=_tidy(quantity.best),
                    low=_tidy(quantity.low),
                    high=_tidy(quantity.high),
                )

    def script(self) -> dict[str, Json] | None:
        """What the page's script needs to compute all figures again; None if no input is uncertain."""
        used = {name for result in self.results.figures.values() for name in result.inputs}
        quantities = {name: quantity for name, quantity in self.results.quantities.items() if name in used}
        if not any(quantity.uncertain for quantity in quantities.values()):
            return None
        units = {str(quantity.unit) for quantity in quantities.values()}
        units |= {result.range.unit for result in self.results.figures.values()}
        message = self.language.message
        return {
            "quantities": {
                name: {"range": _ends(quantity), "unit": str(quantity.unit)} for name, quantity in quantities.items()
            },
            "figures": {name: _program(result) for name, result in self.results.figures.items()},
            "print": self.language.printing(sorted(units), self.results.units),
            "words": {
                "agrees": message("figure-agrees"),
                "rounded": message("figure-agrees-rounded"),
                "within": message("figure-agrees-within", tolerance="{tolerance}"),
                "factor": message("figure-disagrees", factor="{factor}"),
                "only": message("figure-disagrees-only"),
                "none": message("figure-no-result"),
            },
        }


@memoize(256)
def _view(results: Results, result: Result, language: Locale) -> FigureView:
    printer = NumberFormatter(results, language)
    return FigureView(
        id=result.figure.id,
        name=result.figure.name,
        label=str(result.figure.label),
        amount=printer.range(result.range, result.figure),
        stated=printer.stated(result),
        agrees=result.agreement.agrees if result.agreement else None,
        verdict=printer.verdict(result),
        picture=printer.picture(result),
        formula=formulas.mathml(
            formulas.parse(result.figure.formula), printer.word, language.written, language.message("formula-power")
        ),
        inputs=tuple(map(printer.input, result.inputs)),
        sensitivity=tuple(printer.sensitivity(result)),
        sliders=tuple(printer.sliders(result.inputs)),
    )


def _program(result: Result) -> dict[str, Json]:
    whole, agreement = result.range, result.agreement
    row: dict[str, Json] = {
        "program": result.program,
        "inputs": list(result.inputs),
        "unit": whole.unit,
        "digits": result.figure.digits,
    }
    if agreement or whole.low < whole.high:  # else nothing is compared and nothing drawn
        row["range"] = _ends(whole)
    if result.at:
        row["at"] = [dict(point) for point in result.at]
    if agreement:
        row |= {
            "stated": [agreement.stated.low, agreement.stated.high],
            "tolerances": [[each.share, each.rounding] for each in agreement.tolerances],
        }
        if whole.unit in formulas.DEGREES:  # no factor lies between two points on a scale
            row["points"] = 1
    return row


def _ends(of: Quantity | Range) -> list[Json]:
    """The three numbers, those that are whole without a point, as JavaScript would write them."""
    ends = (of.low, of.best, of.high)
    return [int(end) if abs(end) < 2**53 and end == int(end) else end for end in ends]


def _scale(first: float, last: float) -> Scale:
    """Where a number stands between LEFT and RIGHT."""
    return lambda number: round(LEFT + (RIGHT - LEFT) * (number - first) / (last - first), 1)


def _tidy(number: float) -> float:
    """The number without the noise of binary fractions, whole where it is."""
    short = float(f"{number:.10g}")
    return int(short) if short.is_integer() else short


def _in_own_unit(figure: Figure) -> bool:
    """Whether a passage states its number in the unit of the figure: then it is printed with all its digits."""
    stated = figure.stated
    if stated is None:
        return True
    return stated.unit == figure.unit if stated.words is None else str(stated.words).endswith(str(figure.unit))
