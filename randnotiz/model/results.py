"""What comes out of the arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from randnotiz.model.figure import Figure, Quantity
from randnotiz.values import Json, UnitName


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """A result: the lowest, the best and the highest number in `unit`."""

    low: float
    best: float
    high: float
    unit: str

    @property
    def exact(self) -> bool:
        """Whether there is only one number."""
        return self.low == self.high


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """The comparison of a result with what the passage says, both in the figure's unit.

    `factor` is how many times the nearest ends differ, 1 where the ranges overlap within the tolerance, and
    None where there is no such number because an end is 0 or their signs differ.
    """

    stated: Range
    tolerance: float
    agrees: bool
    factor: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """A computed figure. `sensitivity` says, for each uncertain quantity, where the result lies when only that
    one moves from its low to its high end (ordered by how far, widest first).

    `inputs` are the quantities the formula rests on once figures are expanded, in order of appearance; `program`
    is the expanded expression as nested JSON arrays, for the page's own arithmetic (see `formulas.program`).
    """

    figure: Figure
    range: Range
    sensitivity: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    agreement: Agreement | None = None
    inputs: tuple[str, ...] = ()
    program: Json = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """All numbers of an article: quantities as they were written, figures in dependency order."""

    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    figures: Mapping[str, Result] = field(default_factory=dict)
    units: tuple[UnitName, ...] = ()
    broken: frozenset[str] = frozenset()  # names that have a fault of their own, already told

    def range(self, name: str) -> Range:
        """The numbers behind a quantity's or a figure's name; KeyError if there is none."""
        if name in self.figures:
            return self.figures[name].range
        quantity = self.quantities[name]
        return Range(low=quantity.low, best=quantity.best, high=quantity.high, unit=quantity.unit)
