"""The arithmetic itself: programs, and what they give for many inputs at once.

A program is nested JSON arrays with nothing left to look up but the numbers of quantities, so that the build and
the page's script compute the same:

    program  = number
             | ["q", name]                   the number of a quantity, in the unit in which it was written
             | ["neg", program]
             | [operator, program, program]  + - * / **
             | [function, program, ...]      min max abs round sqrt exp log log2 log10

All numbers are 64-bit floats, and each is carried with a bound on how far it may be from what the decimals that the
author wrote would give: `1 - 0.7 - 0.2 - 0.1` is 0 and no binary fraction beside it. With the machine's epsilon
u = 2**-52, twice what one rounding can be off by relative to its result (IEEE 754; the spare half covers products of
errors), and with p and q the bounds of the operands x and y, the bound of a result r is

    whole number below 2**53    0, and so is a sum, difference or product of exact operands that is one
    other number, or input      u|r| / 2
    x + y, x - y                p + q + u|r|
    x * y                       p|y| + q|x| + pq + u|r|
    x / y                       (p + q|r|) / (|y| - q) + u|r|     from (x + p) / (y - q) - x / y
    x ** y                      2|r| (p|y / x| + q|log x|) + 2u|r|     e**t - 1 <= 2t for t <= 1
    exp(x)                      2p|r| + 2u|r|
    log(x), log2, log10         2p / x + 2u|r|                    |log2(1 + t)| <= 2|t| for |t| <= 1/2
    sqrt(x)                     p / r + u|r|                      from (a - b) / (sqrt a + sqrt b)
    min, max                    the greatest bound of the operands that may be the result
    round                       0: what its bound cannot tell from a half is one
    abs, neg                    p

A library's function is trusted to two roundings. A result that its bound cannot tell from 0 is 0, so that |y| > q
whenever there is a quotient. `settled` does the same for a finished result: it is the shortest decimal within its
bound.

`log` is natural; `round` goes to the nearest whole number, halves away from zero.
A step whose result is not a finite number has no value, and then the program has none. Units are already in the
numbers: what a sum, a power, a function or the figure's own unit needs converted is multiplied or divided by a
number there.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence

from randnotiz.model import Json

Column = Sequence[float]


_EPSILON = 2.0**-52
_EXACT = 2.0**53  # below it every whole number is a float


def rounded(value: float, bound: float) -> float:
    """The nearest whole number, halves away from zero, as newspapers round."""
    whole = math.floor(abs(value))
    return math.copysign(whole + (abs(value) - whole - 0.5 >= -bound), value)


# All of them refuse what has no real value with an ArithmeticError or a ValueError, or give inf: `math.pow`, unlike
# `**`, never makes a complex number or a long integer.
_STEPS: Mapping[str, Callable[..., float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": math.pow,
    "neg": operator.neg,
    "min": min,
    "max": max,
    "abs": abs,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
}


def _bound_of_power(x: float, y: float, p: float, q: float, r: float) -> float:
    return 2 * abs(r) * (p * abs(y / x) + q * abs(math.log(abs(x))) + _EPSILON) if x and r else 0.0


def _bound_of_logarithm(x: float, p: float, r: float) -> float:
    return 2 * (p / x + _EPSILON * abs(r))


# The bound of each step's result, from its operands, their bounds and the result.
_BOUNDS: Mapping[str, Callable[..., float]] = {
    "+": lambda x, y, p, q, r: p + q + _EPSILON * abs(r),  # noqa: ARG005 - each has the same parameters
    "-": lambda x, y, p, q, r: p + q + _EPSILON * abs(r),  # noqa: ARG005
    "*": lambda x, y, p, q, r: p * abs(y) + q * abs(x) + p * q + _EPSILON * abs(r),
    "/": lambda x, y, p, q, r: (p + q * abs(r)) / (abs(y) - q) + _EPSILON * abs(r),  # noqa: ARG005
    "**": _bound_of_power,
    "neg": lambda x, p, r: p,  # noqa: ARG005
    "abs": lambda x, p, r: p,  # noqa: ARG005
    "sqrt": lambda x, p, r: p / r + _EPSILON * r if r else 0.0,  # noqa: ARG005
    "exp": lambda x, p, r: 2 * r * (p + _EPSILON),  # noqa: ARG005
    "log": _bound_of_logarithm,
    "log2": _bound_of_logarithm,
    "log10": _bound_of_logarithm,
}


_NEAR_0 = 1e-30  # which a search for a pole ends at; nobody has written it


class UndefinedError(Exception):
    """A step has no value: which step, for which operands, and at which row of the columns.

    `point` is what the inputs are there, where it is known.
    """

    def __init__(self, step: str, operands: tuple[float, ...], row: int) -> None:
        self.step, self.operands, self.row = step, operands, row
        self.point: Mapping[str, float] = {}
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        """Why, in words for a message."""
        first, *rest = (shown(operand) for operand in self.operands)
        match self.step:
            case "/" if self.operands[1] == 0:
                near_0 = 0 < abs(self.operands[0]) < _NEAR_0
                return f"{'a number near 0' if near_0 else first} is divided by 0"
            case "**" if self.operands[0] == 0:
                return f"0 has no power {rest[0]}"
            case "**" if self.operands[0] < 0 and not self.operands[1].is_integer():
                return f"the negative number {first} has no power {rest[0]}"
            case "log" | "log2" | "log10" | "sqrt":
                return f"{self.step}({first}) is not a number"
            case "+" | "-" | "*" | "/" | "**":
                return f"{first} {self.step} {rest[0]} is too large a number"
            case _:
                return f"{self.step}({first}) is too large a number"


def run(program: Json, inputs: Mapping[str, Column], length: int) -> tuple[Column, Column]:
    """What a program gives for each of `length` rows of inputs, and the bounds; UndefinedError where it has no value.

    Working on columns costs one call for each step instead of one for each step and row.
    """
    if not isinstance(program, list):
        assert isinstance(program, int | float)  # noqa: S101 - the grammar above
        return [float(program)] * length, [_bound_of_number(program)] * length
    step, *operands = program
    assert isinstance(step, str)  # noqa: S101 - the grammar above
    if step == "q":
        column = inputs[str(operands[0])]
        return column, list(map(_bound_of_number, column))
    columns, bounds = zip(*(run(operand, inputs, length) for operand in operands), strict=True)
    if step == "round":
        return list(map(rounded, columns[0], bounds[0])), [0.0] * length
    try:
        values = list(map(_STEPS[step], *columns))
    except (ArithmeticError, ValueError):
        raise _undefined(step, columns) from None  # the same again, row by row, finds the culprit
    if not all(map(math.isfinite, values)):
        raise _undefined(step, columns)
    if step in ("min", "max"):
        found = list(map(_bound_of_choice, values, zip(*columns, strict=True), zip(*bounds, strict=True)))
    else:
        found = list(map(_BOUNDS[step], *columns, *bounds, values))
    if step in ("+", "-", "*") and not any(map(any, bounds)):
        found = [0.0 if _exact(value) else bound for value, bound in zip(values, found, strict=True)]
    for row, (value, bound) in enumerate(zip(values, found, strict=True)):
        if abs(value) <= bound:
            values[row] = found[row] = 0.0
    return values, found


def settled(value: float, bound: float) -> float:
    """The shortest decimal within the bound of a result: 0.3 of 0.1 + 0.2."""
    if not bound:
        return value
    shorter = (float(f"{value:.{digits}g}") for digits in range(1, 17))
    return next((short for short in shorter if abs(short - value) <= bound), value)


def _exact(value: float) -> bool:
    """Whether a float is a whole number that it holds to the last digit."""
    return abs(value) < _EXACT and value.is_integer()


def _bound_of_number(value: float) -> float:
    return 0.0 if _exact(float(value)) else _EPSILON / 2 * abs(value)


def _bound_of_choice(value: float, operands: tuple[float, ...], bounds: tuple[float, ...]) -> float:
    return max(bound for operand, bound in zip(operands, bounds, strict=True) if abs(operand - value) <= bound)


def _undefined(step: str, columns: Sequence[Column]) -> UndefinedError:
    for row, operands in enumerate(zip(*columns, strict=True)):
        try:
            if math.isfinite(_STEPS[step](*operands)):
                continue
        except (ArithmeticError, ValueError):
            pass
        return UndefinedError(step, operands, row)
    raise AssertionError(step)


def shown(value: float) -> str:
    """A number for a message, in a form that an author may type."""
    if value and not 1e-6 <= abs(value) < 1e15:
        return f"{value:.4g}"
    digits = f"{value:.{max(0, 4 - len(str(int(abs(value)))))}f}" if abs(value) >= 1 else f"{value:.6f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
