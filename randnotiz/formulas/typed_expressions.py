"""What a formula means: its program and its unit, with dimensions checked before anything is computed.

Numbers stay in the units in which they were written; a conversion is made only where a sum, a power, a function
or a declared unit needs one. So `50000 chip * 25000 USD/chip` is computed as an author would, without a detour
over base units that costs digits.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from randnotiz.diagnostics import ContentError, Position, did_you_mean
from randnotiz.expressions import Expression, FunctionCall, Identifier, Negation, Node, Number, Operation
from randnotiz.formulas import programs
from randnotiz.formulas.unit_list import DEGREES, Power, is_currency
from randnotiz.formulas.units import HIGHEST_POWER, PLAIN, Unit, Units, described, ratio, shift
from randnotiz.model import Json

# A formula over figures is expanded to its quantities, so its program may be longer than the formula.
MOST_STEPS = 500
DEEPEST_STEPS = 150


class TypedExpression(Struct, frozen=True, kw_only=True):
    """What a name or a part of a formula stands for: a program and the unit of what it gives.

    `inputs` are the quantities it rests on, in order of appearance; `steps` and `depth` measure the program.
    """

    program: Json
    unit: Unit = PLAIN
    inputs: tuple[str, ...] = ()
    steps: int = 1
    depth: int = 1


def typed(
    expression: Expression, names: Mapping[str, TypedExpression], units: Units, near: Iterable[str] = ()
) -> TypedExpression:
    """The meaning of a formula, its names being terms or units; `near` are other names to suggest for a wrong one.

    Codes: figure-unknown, unit-mismatch, figure-overflow, limit-exceeded.
    """
    return _TypedReading(expression, names, units, near).term(expression.root)


def converted(given: TypedExpression, to: Unit, where: Position) -> TypedExpression:
    """The same term in another unit of the same dimension."""
    if given.unit.same_as(to):
        return replace(given, unit=to)
    try:
        factor = ratio(given.unit, to)
    except (OverflowError, ZeroDivisionError):
        message = f"{given.unit} and {to} are too far apart to convert one to the other"
        raise ContentError(where, "figure-overflow", message) from None
    moved = shift(given.unit, to)
    if factor == 1 and not moved:
        return replace(given, unit=to)
    # Dividing by a whole number is exact where multiplying by its inverse is not: 20 % is 20 / 100.
    if isinstance(factor, Fraction) and factor.numerator == 1:
        program: Json = ["/", given.program, plain(factor.denominator)]
    else:
        program = ["*", given.program, plain(factor)]
    if moved:
        program = ["+", program, plain(moved)]
    added = 2 if moved else 1
    return replace(given, program=program, unit=to, steps=given.steps + 2 * added, depth=given.depth + added)


def plain(value: float | Fraction) -> int | float:
    """A number as short as JSON allows."""
    value = float(value)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


class _TypedReading:
    """One formula read with the names it may use."""

    def __init__(
        self, expression: Expression, names: Mapping[str, TypedExpression], units: Units, near: Iterable[str]
    ) -> None:
        self.expression, self.names, self.units, self.near = expression, names, units, near

    def term(self, node: Node) -> TypedExpression:
        match node:
            case Number():
                return TypedExpression(program=plain(node.value))
            case Identifier():
                return self.name(node)
            case Negation():
                operand = self.counted(node.operand)
                return self.step("neg", node, operand, unit=operand.unit)
            case FunctionCall():
                return self.call(node)
            case Operation(operator="+" | "-"):
                return self.sum(node)
            case Operation(operator="**"):
                return self.power(node)
            case Operation():
                return self.product(node)

    def name(self, node: Identifier) -> TypedExpression:
        if known := self.names.get(node.written):
            return known
        if node.pick is None and (unit := self.units.named(node.name)):
            if unit.degree:
                message = f"'{node.name}' is a scale, and no formula counts in it: {_of_degrees(unit.degree)}"
                raise ContentError(self.at(node.start), "unit-mismatch", message)
            return TypedExpression(program=1, unit=unit)
        near = did_you_mean(node.name, (*self.names, *self.near)) or self.units.hint(node.name)
        message = f"there is no quantity, figure or unit '{node.name}'{near}"
        hint = "" if near else "Write it in figures.yaml, below 'quantities:' or 'figures:'."
        raise ContentError(self.at(node.start), "figure-unknown", message, hint, unknown=node.name)

    def product(self, node: Operation) -> TypedExpression:
        left, right = self.counted(node.left), self.counted(node.right)
        unit = left.unit * right.unit if node.operator == "*" else left.unit / right.unit
        if unit.highest > HIGHEST_POWER:
            raise self.too_high(node)
        # A unit by itself is the number 1: leaving it out changes no digit.
        if right.program == 1:
            return replace(left, unit=unit)
        if left.program == 1 and node.operator == "*":
            return replace(right, unit=unit)
        return self.step(node.operator, node, left, right, unit=unit)

    def sum(self, node: Operation) -> TypedExpression:
        left, right = self.term(node.left), self.term(node.right)
        if left.unit.degree or right.unit.degree:
            return self.sum_of_points(node, left, right)
        if left.unit.dimension != right.unit.dimension:
            verb, joint = ("add", "and") if node.operator == "+" else ("subtract", "from")
            first, second = (node.left, node.right) if node.operator == "+" else (node.right, node.left)
            units = (left.unit, right.unit) if node.operator == "+" else (right.unit, left.unit)
            message = (
                f"'{node.operator}' cannot {verb} {self.describe(first, units[0])}"
                f" {joint} {self.describe(second, units[1])}"
            )
            raise ContentError(self.at(node.at), "unit-mismatch", message, _hint(left.unit, right.unit))
        left, right = self.alike((node.left, left), (node.right, right))
        return self.step(node.operator, node, left, right, unit=left.unit)

    def sum_of_points(self, node: Operation, left: TypedExpression, right: TypedExpression) -> TypedExpression:
        """A sum with points on a scale: two have a difference, in degrees, and degrees are added to a point."""
        scale = left.unit if left.unit.degree else right.unit
        degree = scale.degree
        assert degree  # noqa: S101 - one of the two is a point
        if node.operator == "-" and left.unit.degree and right.unit.degree:
            return self.step("-", node, left, converted(right, scale, self.at(node.right.start)), unit=degree)
        added = right if left.unit.degree else left
        if added.unit.names_any(DEGREES.values()) and (left.unit.degree or node.operator == "+"):
            point, more = (left, right) if left.unit.degree else (right, left)
            more = converted(more, degree, self.at(node.start))
            return self.step(node.operator, node, *((point, more) if point is left else (more, point)), unit=scale)
        words = [self.describe(side, each.unit) for side, each in ((node.left, left), (node.right, right))]
        message = f"'{node.operator}' has no meaning between {words[0]} and {words[1]}: {_of_degrees(degree)}"
        raise ContentError(self.at(node.at), "unit-mismatch", message)

    def counted(self, node: Node) -> TypedExpression:
        """The term of a part that is more or less of something, and so no point on a scale."""
        given = self.term(node)
        if degree := given.unit.degree:
            message = f"{self.describe(node, given.unit)} is a point on a scale, which is not multiplied or the like"
            raise ContentError(self.at(node.start), "unit-mismatch", f"{message}: {_of_degrees(degree)}")
        return given

    def alike(
        self, first: tuple[Node, TypedExpression], *others: tuple[Node, TypedExpression]
    ) -> tuple[TypedExpression, ...]:
        """Terms of one dimension in one unit: the first's, or plain numbers where shares meet other numbers."""
        unit = first[1].unit
        if not unit.dimension and any(not unit.same_as(other.unit) for _, other in others):
            unit = PLAIN
        return tuple(converted(given, unit, self.at(node.start)) for node, given in (first, *others))

    def power(self, node: Operation) -> TypedExpression:
        base, exponent = self.counted(node.left), self.number(node.right, "an exponent")
        if not base.unit.dimension:
            return self.step("**", node, converted(base, PLAIN, self.at(node.start)), exponent, unit=PLAIN)
        if exponent.inputs:
            message = (
                f"{self.describe(node.left, base.unit)} needs a fixed exponent, or its unit would depend on"
                f" '{self.expression.words(node.right)}'"
            )
            raise ContentError(self.at(node.at), "unit-mismatch", message)
        return self.step("**", node, base, exponent, unit=self.raised(node, base.unit, exponent))

    def raised(self, node: Operation, unit: Unit, exponent: TypedExpression) -> Unit:
        """A unit to the power of a term without inputs."""
        try:
            ((value,), (bound,)) = programs.run(exponent.program, {}, 1)
        except programs.UndefinedError as error:
            raise ContentError(self.at(node.right.start), "figure-overflow", error.reason) from None
        value = programs.settled(value, bound)
        if unit.highest * abs(value) > HIGHEST_POWER:
            raise self.too_high(node)
        power: Power = int(value) if value.is_integer() else Fraction(value).limit_denominator(HIGHEST_POWER)
        if abs(float(power) - value) > 1e-12:  # the float of 1/3 is only very near it
            message = f"'{self.expression.words(node.right)}' is no power that a unit can have; 2 or 1/3 is one"
            raise ContentError(self.at(node.right.start), "unit-mismatch", message)
        return unit**power

    def call(self, node: FunctionCall) -> TypedExpression:
        match node.function:
            case "min" | "max":
                arguments = [(argument, self.term(argument)) for argument in node.arguments]
                self.compare(node, arguments)
                terms = self.alike(*arguments)
                return self.step(node.function, node, *terms, unit=terms[0].unit)
            case "abs":
                operand = self.counted(node.arguments[0])
                return self.step("abs", node, operand, unit=operand.unit)
            case "sqrt":
                operand = self.counted(node.arguments[0])
                if not operand.unit.dimension:
                    operand = converted(operand, PLAIN, self.at(node.start))
                return self.step("sqrt", node, operand, unit=operand.unit ** Fraction(1, 2))
            case function:
                operand = self.number(node.arguments[0], f"the argument of {function}()")
                return self.step(function, node, operand, unit=PLAIN)

    def compare(self, node: FunctionCall, arguments: list[tuple[Node, TypedExpression]]) -> None:
        (first, one), *others = arguments
        for other, given in others:
            if given.unit.dimension != one.unit.dimension:
                pair = f"{self.describe(first, one.unit)} and {self.describe(other, given.unit)}"
                message = f"{node.function}() cannot compare {pair}"
                raise ContentError(self.at(other.start), "unit-mismatch", message, _hint(one.unit, given.unit))

    def number(self, node: Node, role: str) -> TypedExpression:
        """The term of a part that must be a plain number."""
        given = self.counted(node)
        if not given.unit.dimension:
            return converted(given, PLAIN, self.at(node.start))
        words = self.expression.words(node)
        divided = words if isinstance(node, Identifier | Number | FunctionCall) or _enclosed(words) else f"({words})"
        message = (
            f"{role} must be a plain number, but {self.describe(node, given.unit)} is not; divide it by a unit,"
            f" as in {divided} / {_divisor(given.unit)}"
        )
        raise ContentError(self.at(node.start), "unit-mismatch", message)

    # -- what all of them need --

    def step(self, name: str, node: Node, *operands: TypedExpression, unit: Unit) -> TypedExpression:
        steps = 1 + sum(operand.steps for operand in operands)
        depth = 1 + max(operand.depth for operand in operands)
        if steps > MOST_STEPS or depth > DEEPEST_STEPS:
            message = (
                f"with the figures it rests on written out, this formula has more than {MOST_STEPS} parts"
                f" or is nested more than {DEEPEST_STEPS} deep"
            )
            hint = "Let it rest on fewer figures, or on quantities that say what these come to."
            raise ContentError(self.at(node.start), "limit-exceeded", message, hint)
        inputs = tuple(dict.fromkeys(name for operand in operands for name in operand.inputs))
        program: Json = [name, *(operand.program for operand in operands)]
        return TypedExpression(program=program, unit=unit, inputs=inputs, steps=steps, depth=depth)

    def at(self, index: int) -> Position:
        return self.expression.text.at(index)

    def describe(self, node: Node, unit: Unit) -> str:
        return f"'{self.expression.words(node)}' ({described(unit)})"

    def too_high(self, node: Operation) -> ContentError:
        message = f"a unit has at most the power {HIGHEST_POWER}; '{self.expression.words(node)}' goes beyond that"
        return ContentError(self.at(node.at), "limit-exceeded", message, "Is something multiplied that is divided?")


def _enclosed(words: str) -> bool:
    """Whether parentheses stand around all of some words already."""
    opened = 0
    for at, char in enumerate(words):
        opened += (char == "(") - (char == ")")
        if not opened:
            return words.startswith("(") and at == len(words) - 1
    return False


def _of_degrees(degree: Unit) -> str:
    return f"two points have a difference, which is in {degree}, and only such degrees are added to a point"


def _divisor(unit: Unit) -> str:
    words = str(unit)
    return f"({words})" if "*" in words or "/" in words else words


def _hint(one: Unit, other: Unit) -> str:
    """What helps where two currencies meet."""
    currencies = dict.fromkeys(name for unit in (one, other) for name, _ in unit.dimension if is_currency(name))
    if len(currencies) < 2:
        return ""
    first, second, *_ = currencies
    return f"currencies are never converted by themselves: give the rate as a quantity with the unit {first}/{second}"
