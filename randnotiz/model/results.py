"""What comes out of the arithmetic."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from randnotiz.model.figure import Figure, Quantity
from randnotiz.values import Json, UnitName


class Range(Struct, frozen=True, kw_only=True):
    """A result: the lowest, the best and the highest number in `unit`."""

    low: float
    best: float
    high: float
    unit: str

    @property
    def exact(self) -> bool:
        """Whether there is only one number."""
        return self.low == self.high


class Tolerance(Struct, frozen=True):
    """How far a stated number may be off, as shares: in all, and by its rounding (0 where the author gives one)."""

    share: float
    rounding: float = 0.0


class Agreement(Struct, frozen=True, kw_only=True):
    """The comparison of a result with what the passage says, both in the figure's unit.

    `tolerances` are those of the lower and the upper stated end; `tolerance` is the share applied, at the end that
    the result lies beyond (at the lower, if it lies beyond neither). `only_by` names what they agree by where they
    would not as they stand. `factor` is how many times the nearest ends differ, 1 where they agree, and None where
    there is no such number because an end is 0 or their signs differ.
    """

    stated: Range
    tolerances: tuple[Tolerance, Tolerance]
    tolerance: float
    agrees: bool
    only_by: Literal["rounding", "tolerance"] | None = None
    factor: float | None


class Result(Struct, frozen=True, kw_only=True):
    """A computed figure. `sensitivity` says, for each uncertain quantity, where the result lies when only that
    one moves from its low to its high end (ordered by how far, widest first).

    `inputs` are the quantities the formula rests on once figures are expanded, in order of appearance; `program`
    is the expanded expression as nested JSON arrays, for the page's own arithmetic (see `formulas.program`). `at` are
    the points at which a search for an end has to begin that does not come to it otherwise (see `formulas.ranges`).
    """

    figure: Figure
    range: Range
    sensitivity: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    agreement: Agreement | None = None
    inputs: tuple[str, ...] = ()
    program: Json = None
    at: tuple[Mapping[str, float], ...] = ()


class Results(Struct, frozen=True, kw_only=True):
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
