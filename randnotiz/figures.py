"""Quantities and formulas to results, in the order in which they rest on each other."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from graphlib import CycleError, TopologicalSorter

from msgspec.structs import replace

from randnotiz import formulas, language
from randnotiz.diagnostics import ContentError, Diagnostic, Position
from randnotiz.expressions import Node, Number, Operation
from randnotiz.formulas import Amount, Expression, TypedExpression, described, rescaled, shown
from randnotiz.formulas.unit_list import PERCENTAGES, POINTS
from randnotiz.language import Locale
from randnotiz.memo import memoize
from randnotiz.model import Agreement, Article, Figure, Quantity, Range, Result, Results, Stated, Tolerance, UnitName

# Steps of all programs times the points they are run over: a few seconds.
MOST_WORK = 10_000_000
# Steps that an article's ranges are searched and proven with: as long; what is left then stays unproven.
MOST_PROOF = 1_500_000
LONGEST_CIRCLE = 30  # names that a message tells


def compute(article: Article) -> tuple[Results, tuple[Diagnostic, ...]]:
    """The results of an article's formulas, and all that is wrong with its quantities and figures.

    What has a fault is left out and named in `Results.broken`, and so, in silence, is what rests on it.
    Codes: value-malformed, id-doubled, figure-circle and those of `formulas`; warning: figure-disagrees.
    """
    return _computed(article.quantities, article.figures, article.units, language.of(article.lang), article.broken)


@memoize(8)
def _computed(
    quantities: Mapping[str, Quantity],
    figures: Mapping[str, Figure],
    units: tuple[UnitName, ...],
    here: Locale,
    broken: frozenset[str],
) -> tuple[Results, tuple[Diagnostic, ...]]:
    computation = _Computation(quantities, figures, units, here, broken)
    for quantity in quantities.values():
        computation.read_quantity(quantity)
    for figure in figures.values():
        computation.read_formula(figure)
    order = [figures[name] for name in computation.order()]
    for figure in order:
        computation.check(figure)  # every dimension before any number
    computation.look_for_units()
    computation.look_at_the_rest()
    for figure in order:
        computation.run(figure)
    return computation.results(), tuple(computation.diagnostics)


class _Computation:
    """One article's numbers on their way from what was written to results."""

    def __init__(
        self,
        quantities: Mapping[str, Quantity],
        figures: Mapping[str, Figure],
        own_units: tuple[UnitName, ...],
        here: Locale,
        broken_files: frozenset[str],
    ) -> None:
        self.quantities, self.figures, self.own_units = quantities, figures, own_units
        self.lang, self.decimal, self.broken_files = here.tag, here.decimal, broken_files
        self.units, faults = formulas.own_units(own_units, here.decimal)
        self.diagnostics: list[Diagnostic] = list(faults)
        self.broken: set[str] = set()
        self.expressions: dict[str, Expression] = {}
        self.typed: dict[str, TypedExpression] = {}
        self.amounts: dict[str, Amount] = {}
        self.stated: dict[str, Range] = {}
        self.pointed: dict[str, bool] = {}  # whether figures are in percentage points
        self.mismatched: dict[str, Diagnostic] = {}  # figures whose formulas do not fit together
        self.computed: dict[str, Result] = {}
        self.work = 0
        self.proof = MOST_PROOF

    def results(self) -> Results:
        quantities = self.quantities
        return Results(
            quantities={name: quantities[name] for name in quantities if name not in self.broken},
            figures=self.computed,
            units=self.own_units,
            broken=frozenset(self.broken),
        )

    @contextmanager
    def breaking(self, name: str) -> Iterator[None]:
        """A block whose fault is told and breaks the name it is about."""
        try:
            yield
        except ContentError as error:
            self.broken.add(name)
            # What is missing from a file with faults may only be what could not be read there.
            missing = error.diagnostic.code in ("figure-unknown", "unit-unknown")
            excused = missing and "figures.yaml" in self.broken_files
            if not excused and error.diagnostic not in self.diagnostics:  # as that of a unit of the article's own
                self.diagnostics.append(error.diagnostic)

    # -- reading --

    def read_quantity(self, quantity: Quantity) -> None:
        with self.breaking(quantity.name):
            self.check_name(quantity.name, quantity.position)
            _check_numbers(quantity)
            unit = self.units.parse(quantity.unit)
            self.typed[quantity.name] = TypedExpression(
                program=["q", quantity.name], unit=unit, inputs=(quantity.name,)
            )

    def read_formula(self, figure: Figure) -> None:
        with self.breaking(figure.name):
            self.check_name(figure.name, figure.position)
            if figure.name in self.quantities:
                message = f"'{figure.name}' is a quantity already; a figure needs a name of its own"
                hint = "Give one of the two another name."
                raise ContentError(figure.position, "id-doubled", message, hint)
            self.expressions[figure.name] = formulas.parse(figure.formula, decimal=self.decimal)

    def check_name(self, name: str, position: Position) -> None:
        """Refuse a name that means something else in formulas."""
        if name in formulas.FUNCTIONS:
            what = "a function of formulas"
        elif self.units.named(name):
            if name not in self.units.own and formulas.came_later(name):
                self.diagnostics.append(formulas.shadowed(name, position))
                return
            what = "a unit"
        else:
            return
        message = f"'{name}' is {what} and cannot be the name of a number; call it '{name}_value', for example"
        raise ContentError(position, "value-malformed", message)

    # -- the order --

    def order(self) -> list[str]:
        """The names of the figures, each after those it rests on; what stands in circles is told and left out."""
        order, blocked = _ordered(self.expressions)
        self.broken.update(blocked)
        self.diagnostics += (_circle_fault(circle, self.expressions[circle[0]]) for circle in _circles(blocked))
        return order

    # -- dimensions --

    def check(self, figure: Figure) -> None:
        """Make a figure's program, in its declared unit, and read what its passage states."""
        if self.rests_on_broken(figure):
            return
        with self.breaking(figure.name):
            typed = formulas.typed(self.expressions[figure.name], self.typed, self.units)
            declared = self.units.parse(figure.unit)
            if typed.unit.dimension != declared.dimension:
                raise _unit_fault(figure, typed.unit, declared, self.units_of(figure))
            uncertain = [name for name in typed.inputs if self.quantities[name].uncertain]
            if len(uncertain) > formulas.MOST_UNCERTAIN:
                message = (
                    f"'{figure.name}' rests on {len(uncertain)} uncertain quantities, and {formulas.MOST_UNCERTAIN}"
                    f" are the most: {', '.join(uncertain)}"
                )
                hint = "Give those a plain value whose range hardly matters."
                raise ContentError(figure.formula.position, "limit-exceeded", message, hint)
            self.pointed[figure.name] = _in_points(typed.unit) or _in_points(declared)
            if _in_points(declared) and not typed.unit.powers and _is_share(self.expressions[figure.name].root):
                message = f"'{figure.name}' is in {declared}, but dividing like by like gives a percentage"
                hint = 'Write unit: "%"; points are the difference of two percentages.'
                self.diagnostics.append(Diagnostic(figure.unit.position, "points-or-percent", message, hint))
            self.typed[figure.name] = formulas.converted(typed, declared, figure.formula.position)
        if figure.name in self.broken and self.diagnostics and self.diagnostics[-1].code == "unit-mismatch":
            self.mismatched[figure.name] = self.diagnostics[-1]
        if figure.stated and figure.name not in self.broken:
            with self.breaking(figure.name):
                self.read_stated(figure, figure.stated)

    def look_for_units(self) -> None:
        """Tell of each quantity without a unit that would make formulas fit if it had one.

        Where several formulas agree on it, they are not at fault and nothing more is said about them.
        """
        for name, quantity in self.quantities.items():
            if not self.mismatched or quantity.unit or name not in self.typed:
                continue
            uses = {
                figure: use for figure, use in self.uses() if name in {each.name for each in use.expression.names}
            }
            mended = [figure for figure in uses if figure in self.mismatched]
            others = [typed.unit for typed in self.typed.values()]
            unit = formulas.missing_unit(name, [*uses.values()], self.typed, self.units, others) if mended else None
            if unit is None:
                continue
            formula = f"the formula of '{mended[0]}' fits" if len(mended) == 1 else f"{len(mended)} formulas fit"
            message = f"'{name}' has no unit; with {described(unit)} {formula}"
            hint = f"Write its unit, for example 'unit: {unit}'."
            self.diagnostics.append(Diagnostic(quantity.position, "unit-mismatch", message, hint))
            self.broken.add(name)
            if len(mended) > 1:
                resolved = [self.mismatched.pop(figure) for figure in mended]
                self.diagnostics = [each for each in self.diagnostics if each not in resolved]

    def look_at_the_rest(self) -> None:
        """Tell what else is wrong with figures that cannot be computed: their units, and what is stated of them."""
        for figure in map(self.figures.__getitem__, sorted(self.broken & self.figures.keys())):
            with self.breaking(figure.name):
                self.units.parse(figure.unit)
            if figure.stated:
                with self.breaking(figure.name):
                    self.amount(figure.stated)

    def amount(self, stated: Stated) -> Amount:
        """The numbers and the unit of what a passage states, in the words of the article's language."""
        return formulas.amount(stated, self.units, self.decimal, formulas.scales(self.lang), self.lang)

    def uses(self) -> Iterator[tuple[str, formulas.FormulaUse]]:
        """The formulas whose names all have a unit, each with that of its result."""
        for name, expression in self.expressions.items():
            with suppress(ContentError):
                if all(each.name in self.typed or self.units.named(each.name) for each in expression.names):
                    yield name, formulas.FormulaUse(expression, self.units.parse(self.figures[name].unit))

    def read_stated(self, figure: Figure, stated: Stated) -> None:
        """What the passage states, in the figure's own unit."""
        amount, unit = self.amount(stated), self.typed[figure.name].unit
        if amount.unit.dimension != unit.dimension:
            message = f"the passage states {described(amount.unit)}, but the figure is {described(unit)}"
            raise ContentError(amount.unit_text.position, "unit-mismatch", message)
        try:
            low, high = (rescaled(end, amount.unit, unit) for end in (amount.low, amount.high))
        except OverflowError:
            message = f"{amount.unit} and {unit} are too far apart to convert one to the other"
            raise ContentError(amount.unit_text.position, "figure-overflow", message) from None
        if self.pointed[figure.name] is not _in_points(amount.unit) and (
            amount.unit.names_any(PERCENTAGES) or unit.names_any(PERCENTAGES)
        ):
            self.diagnostics.append(_points_or_percent(figure, amount, unit))
        self.amounts[figure.name] = amount
        self.stated[figure.name] = Range(low=low, best=low / 2 + high / 2, high=high, unit=str(figure.unit))

    def rests_on_broken(self, figure: Figure) -> bool:
        """Whether a figure rests on a broken name, which breaks it too."""
        if any(name.name in self.broken for name in self.expressions[figure.name].names):
            self.broken.add(figure.name)
        return figure.name in self.broken

    # -- numbers --

    def run(self, figure: Figure) -> None:
        """Compute a figure and compare it with what its passage states."""
        if self.rests_on_broken(figure):
            return
        if self.work > MOST_WORK:  # which has been told
            self.broken.add(figure.name)
            return
        with self.breaking(figure.name):
            result = self.result(figure)
            self.computed[figure.name] = result
            if result.agreement:
                amount, unit = self.amounts[figure.name], self.typed[figure.name].unit
                self.diagnostics += _disagreement(result, result.agreement, amount, unit)

    def result(self, figure: Figure) -> Result:
        typed, quantities = self.typed[figure.name], self.quantities
        self.work += typed.steps * formulas.size(sum(quantities[name].uncertain for name in typed.inputs))
        if self.work > MOST_WORK:
            message = (
                "this article's formulas take too much work; fewer of them may rest on many uncertain quantities"
            )
            hint = "Give those a plain value whose range hardly matters, or divide the article in two."
            raise ContentError(figure.formula.position, "limit-exceeded", message, hint)
        try:
            estimate = formulas.estimate(typed, quantities, min(formulas.MOST_PROOF, self.proof))
        except formulas.UndefinedError as error:
            where = _where(error.point, quantities)
            message = f"'{figure.name}' has no value{where}: {error.reason}"
            raise ContentError(figure.formula.position, "figure-overflow", message) from None
        self.proof -= estimate.work
        if estimate.unproven:
            message = f"{estimate.unproven} within the ranges of its inputs is not proven for '{figure.name}'"
            hint = "Narrow the ranges, or write each input only once where you can: x / (x + y) is 1 / (1 + y / x)."
            self.diagnostics.append(Diagnostic(figure.formula.position, "range-unproven", message, hint))
        return Result(
            figure=figure,
            range=Range(low=estimate.low, best=estimate.best, high=estimate.high, unit=str(figure.unit)),
            sensitivity=estimate.sensitivity,
            agreement=self.agreement(figure, estimate),
            inputs=typed.inputs,
            program=typed.program,
            at=estimate.at,
        )

    def units_of(self, figure: Figure) -> str:
        """The units of what a formula names, since any of them may be the wrong one."""
        names = dict.fromkeys(name.name for name in self.expressions[figure.name].names)
        units = [f"'{name}' ({described(self.typed[name].unit)})" for name in names if name in self.typed]
        return f"It computes with {', '.join(units)}." if units else ""

    def agreement(self, figure: Figure, estimate: formulas.Estimate) -> Agreement | None:
        if figure.name not in self.stated:
            return None
        stated = self.stated[figure.name]
        if figure.tolerance is None:
            low, high = map(formulas.default_tolerance, self.amounts[figure.name].rounding)
        else:
            low = high = Tolerance(figure.tolerance)
        found = formulas.agreement(estimate.low, estimate.high, stated, (low, high))
        # 20 °C are not twice as much as 10 °C
        return replace(found, factor=None) if self.typed[figure.name].unit.degree and not found.agrees else found


def _disagreement(result: Result, agreement: Agreement, amount: Amount, unit: formulas.Unit) -> Iterator[Diagnostic]:
    """The warning that the arithmetic does not bear out what the passage, or the author's `finding`, says."""
    figure = result.figure
    if agreement.agrees is (figure.finding != "disagrees"):
        return
    if figure.finding is None:
        hint = "mend the formula or its inputs; if the passage is what is wrong, write finding: disagrees"
    else:
        hint = f"write finding: {'agrees' if agreement.agrees else 'disagrees'}, or mend the formula"
    states, gives = (_in_words_of(amount, unit, each) for each in (agreement.stated, result.range))
    message = f"the passage states {states} {amount.words}".rstrip() + f", the formula gives {gives}"
    if agreement.agrees:
        message += "; they agree, though finding says that they do not"
    elif agreement.factor:
        message += f"; a factor of {shown(agreement.factor)} lies between them"
    where = figure.stated.position if figure.stated else figure.position
    yield Diagnostic(where, "figure-disagrees", message, hint)


def _in_words_of(amount: Amount, unit: formulas.Unit, numbers: Range) -> str:
    """A range of the figure in the scale and the unit in which the passage speaks."""
    try:
        ends = [shown(rescaled(end, unit, amount.unit) / amount.times) for end in (numbers.low, numbers.high)]
    except OverflowError:
        return "a number too large to print"
    return " to ".join(dict.fromkeys(ends))


def _check_numbers(quantity: Quantity) -> None:
    """Refuse a range whose ends or best value are out of order."""
    where = quantity.written[0].position if quantity.written else quantity.position
    if quantity.low > quantity.high:
        message = (
            f"the low of '{quantity.name}' ({shown(quantity.low)}) is greater than its high ({shown(quantity.high)});"
            " exchange them"
        )
        raise ContentError(where, "value-malformed", message)
    if not quantity.low <= quantity.best <= quantity.high:
        message = (
            f"the best of '{quantity.name}' ({shown(quantity.best)}) lies outside its range"
            f" ({shown(quantity.low)} to {shown(quantity.high)})"
        )
        raise ContentError(where, "value-malformed", message)


def _ordered(expressions: Mapping[str, Expression]) -> tuple[list[str], dict[str, list[str]]]:
    """The names of formulas, each after those it rests on; and the others, whose circles block them, with these."""
    graph = {
        figure: [name.name for name in expression.names if name.name in expressions]
        for figure, expression in expressions.items()
    }
    sorter = TopologicalSorter(graph)
    with suppress(CycleError):  # it still gives all that no circle blocks
        sorter.prepare()
    order: list[str] = []
    while ready := sorter.get_ready():
        order.extend(ready)
        sorter.done(*ready)
    return order, {name: graph[name] for name in graph if name not in set(order)}


def _circle_fault(circle: list[str], expression: Expression) -> Diagnostic:
    following = circle[1 % len(circle)]
    use = next(name for name in expression.names if name.name == following)
    shown_names = circle if len(circle) <= LONGEST_CIRCLE else [*circle[:LONGEST_CIRCLE], "…"]
    message = f"'{circle[0]}' rests on itself: {' → '.join([*shown_names, circle[0]])}"
    return Diagnostic(expression.text.at(use.start), "figure-circle", message)


def _circles(blocked: dict[str, list[str]]) -> Iterator[list[str]]:
    """A circle for each group of names that block each other, beginning at the one that stands first.

    Each blocked name rests on a blocked one, so that following the first of them always ends in a circle.
    """
    places = {name: place for place, name in enumerate(blocked)}
    walked: set[str] = set()
    for start in blocked:
        path: dict[str, int] = {}
        name = start
        while name not in walked:
            walked.add(name)
            path[name] = len(path)
            name = next(other for other in blocked[name] if other in places)
        if name in path:
            circle = list(path)[path[name] :]
            first = min(range(len(circle)), key=lambda index: places[circle[index]])
            yield circle[first:] + circle[:first]


def _in_points(unit: formulas.Unit) -> bool:
    """Whether a unit is one of percentage points, which by a percentage are a mere ratio."""
    shares = sum(power for named, power in unit.powers if named.name in POINTS | PERCENTAGES)
    return unit.names_any(POINTS) and shares > 0


def _is_share(node: Node) -> bool:
    """Whether a formula is a quotient by something that is no number, or one changed by numbers: `a / b - 1`."""
    if isinstance(node, Operation) and node.operator == "/":
        return not isinstance(node.right, Number) or _is_share(node.left)
    if isinstance(node, Operation) and node.operator in "+-*":
        sides = (node.left, node.right)
        return any(map(_is_share, sides)) and any(isinstance(each, Number) for each in sides)
    return False


def _points_or_percent(figure: Figure, amount: Amount, unit: formulas.Unit) -> Diagnostic:
    """The warning that a passage speaks of a percentage, and the figure of points, or the other way round."""
    low, high = (shown(end / amount.times) for end in (amount.low, amount.high))
    number = low if low == high else f"{low} to {high}"
    message = (
        f"the passage states {number} {amount.words}, and '{figure.name}' is in {unit}: it may be a difference of"
        f" {number} percentage points, or a change by {number} percent of what there was before"
    )
    hint = (
        "For points write pp in 'stated' and 'unit'; for a change in percent compute (after - before) / before,"
        ' with unit: "%".'
    )
    return Diagnostic(amount.unit_text.position, "points-or-percent", message, hint)


def _unit_fault(figure: Figure, computed: formulas.Unit, declared: formulas.Unit, hint: str) -> ContentError:
    if not figure.unit:
        message = f"the formula gives {described(computed)}, but '{figure.name}' has no unit; add unit: {computed}"
        return ContentError(figure.formula.position, "unit-mismatch", message, hint)
    message = f"the formula gives {described(computed)}, not {described(declared)}"
    return ContentError(figure.unit.position, "unit-mismatch", message, hint)


def _where(point: Mapping[str, float], quantities: Mapping[str, Quantity]) -> str:
    """A point in words: the uncertain inputs, or all where none is. A search for 0 ends beside it."""
    names = [name for name in point if quantities[name].uncertain] or list(point)
    near = {
        name: point[name]
        if abs(point[name]) > 1e-12 * max(abs(quantities[name].low), abs(quantities[name].high))
        else 0.0
        for name in names
    }
    return " where " + ", ".join(f"{name} = {shown(x)}" for name, x in [*near.items()][:8]) if names else ""
