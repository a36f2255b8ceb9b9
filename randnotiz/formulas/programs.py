"""The arithmetic itself: programs, and what they give for many inputs at once.

A program is nested JSON arrays with nothing left to look up but the numbers of quantities, so that the build and
the page's script compute the same:

    program  = number
             | ["q", name]                   the number of a quantity, in the unit in which it was written
             | ["neg", program]
             | [operator, program, program]  + - * / **
             | [function, program, ...]      min max abs round sqrt exp log log2 log10

All numbers are 64-bit floats. `log` is natural; `round` goes to the nearest whole number, halves away from zero.
A step whose result is not a finite number has no value, and then the program has none. Units are already in the
numbers: what a sum, a power, a function or the figure's own unit needs converted is multiplied or divided by a
number there.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence

from randnotiz.model import Json

Column = Sequence[float]


def _rounded(value: float) -> float:
    """The nearest whole number, halves away from zero, as newspapers round."""
    whole = math.floor(abs(value))
    return math.copysign(whole + (abs(value) - whole >= 0.5), value)


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
    "round": _rounded,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
}


class UndefinedError(Exception):
    """A step has no value: which step, for which operands, and at which row of the columns."""

    def __init__(self, step: str, operands: tuple[float, ...], row: int) -> None:
        self.step, self.operands, self.row = step, operands, row
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        """Why, in words for a message."""
        first, *rest = (shown(operand) for operand in self.operands)
        match self.step:
            case "/" if self.operands[1] == 0:
                return f"{first} is divided by 0"
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


def run(program: Json, inputs: Mapping[str, Column], length: int) -> Column:
    """What a program gives for each of `length` rows of inputs; UndefinedError where a step has no value.

    Working on columns costs one call for each step instead of one for each step and row.
    """
    if not isinstance(program, list):
        assert isinstance(program, int | float)  # noqa: S101 - the grammar above
        return [float(program)] * length
    step, *operands = program
    assert isinstance(step, str)  # noqa: S101 - the grammar above
    if step == "q":
        return inputs[str(operands[0])]
    columns = [run(operand, inputs, length) for operand in operands]
    try:
        result = list(map(_STEPS[step], *columns))
        if all(map(math.isfinite, result)):
            return result
    except (ArithmeticError, ValueError):
        pass  # the same again, row by row, finds the culprit
    raise _undefined(step, columns)


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
