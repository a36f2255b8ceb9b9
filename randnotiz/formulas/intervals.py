"""What a program can give anywhere in a box of inputs: enclosures by interval arithmetic.

Each step gives an interval that holds all its values over the box (Moore, Kearfott and Cloud, Introduction to
Interval Analysis, SIAM 2009, chapters 5 and 6), its value at the middle of the box, and intervals for its slopes
along each input; every bound is moved outwards by more than the rounding of floats can take away. What a step gives
is then narrowed by the mean value form, the value in the middle and the slopes times how far the box reaches from
there, without which `x / (x + y)` would seem to reach further than it does. Where min, max and abs have a kink the
slopes hold those of both sides; round has none where it jumps.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import NamedTuple

from randnotiz.formulas.programs import rounded
from randnotiz.model import Json

Interval = tuple[float, float]
Box = Mapping[str, Interval]

EVERYTHING = (-inf, inf)
_ZERO = (0.0, 0.0)
_ONE = (1.0, 1.0)
_MINUS_ONE = (-1.0, -1.0)
_OUT = 2.0**-50  # four roundings
_HALF = 2.0**-47  # how near to a half is one, as the program's bounds have it
MOST_NARROWED = 4


class Enclosure(NamedTuple):
    """What holds a step's values over a box, its value in the middle of it, and its slopes along each input."""

    value: Interval
    middle: Interval
    slopes: Mapping[str, Interval]


class Undecided(Exception):  # noqa: N818 - no fault, and it never leaves the package
    """A step may have no value somewhere in the box; the slopes of what decides it."""

    def __init__(self, slopes: Mapping[str, Interval]) -> None:
        self.slopes = slopes
        super().__init__()


class Tree(NamedTuple):
    """A program with, for each of its steps, the inputs it rests on, and whether any of them comes in twice."""

    step: str
    operands: tuple["Tree", ...] = ()
    number: float = 0.0
    inputs: tuple[str, ...] = ()
    twice: bool = False


def tree(program: Json) -> Tree:
    """A program prepared for `enclosure`."""
    if not isinstance(program, list):
        assert isinstance(program, int | float)  # noqa: S101 - the grammar of programs
        return Tree("", number=float(program))
    step, *rest = program
    if step == "q":
        return Tree("q", inputs=(str(rest[0]),))
    operands = tuple(map(tree, rest))
    inputs = [name for each in operands for name in each.inputs]
    found = tuple(dict.fromkeys(inputs))
    return Tree(
        str(step), operands, inputs=found, twice=len(found) < len(inputs) or any(each.twice for each in operands)
    )


def enclosure(of: Tree, box: Box, central: bool | None = None) -> Enclosure:
    """What a program gives over a box; `Undecided` where it may have no value there.

    The middle is worked out only where it serves, in a step to which an input comes twice, and below.
    """
    if not of.step:
        return Enclosure((of.number,) * 2, (of.number,) * 2, {})
    if of.step == "q":
        given = box[of.inputs[0]]
        return Enclosure(given, (centre(given),) * 2, {of.inputs[0]: _ONE} if given[0] < given[1] else {})
    central = central or of.twice
    found = [enclosure(operand, box, central) for operand in of.operands]
    values = [each[0] for each in found]
    if (at := decisive(of.step, values)) is not None:
        raise Undecided(found[at].slopes)
    value = _VALUES[of.step](*values)
    middle = _VALUES[of.step](*(each.middle for each in found)) if central else value
    slopes = _slopes(of.step, found, value)
    for _ in range(MOST_NARROWED if of.twice else 0):
        narrower = middle
        for name, slope in slopes.items():
            narrower = _plus(narrower, _times(slope, _minus(box[name], (centre(box[name]),) * 2)))
        before, value = value, (max(value[0], narrower[0]), min(value[1], narrower[1]))
        if not value[1] - value[0] < (before[1] - before[0]) / 2:
            break
        slopes = _slopes(of.step, found, value)
    if not (-inf < value[0] and value[1] < inf):
        raise Undecided(slopes)
    return Enclosure(value, middle, slopes)


def _slopes(step: str, found: Sequence[Enclosure], value: Interval) -> dict[str, Interval]:
    """How fast a step's value rises with each input, by the chain rule.

    The slope of a quotient x / y = q is that of x without q times that of y, by y, so that little is left where the
    two go together; min and max have one of those of the operands that may be chosen, or one between them.
    """
    factors = _SLOPES[step](value, *(each.value for each in found))
    if step in ("min", "max"):
        chosen = [each.slopes for each, factor in zip(found, factors, strict=True) if factor is not _ZERO]
        names = dict.fromkeys(name for each in chosen for name in each)
        among = {name: [each.get(name, _ZERO) for each in chosen] for name in names}
        return {name: (min(low for low, _ in each), max(high for _, high in each)) for name, each in among.items()}
    slopes: dict[str, Interval] = {}
    for each, factor in zip(found, factors, strict=True):
        for name, slope in each.slopes.items():
            risen = slope if factor is _ONE else _negative(slope) if factor is _MINUS_ONE else _times(factor, slope)
            slopes[name] = _plus(slopes[name], risen) if name in slopes else risen
    if step == "/":
        inverse = _inverse(found[1].value)
        return {name: _times(slope, inverse) for name, slope in slopes.items()}
    return slopes


def decisive(step: str, values: Sequence[Interval]) -> int | None:
    """Which operand, if any, may leave a step without a value: a divisor that may be 0, say."""
    x, *rest = values
    match step:
        case "/":
            return 1 if rest[0][0] <= 0 <= rest[0][1] else None
        case "log" | "log2" | "log10":
            return 0 if x[0] <= 0 else None
        case "sqrt":
            return 0 if x[0] < 0 else None
        case "**" if (power := rest[0])[0] == power[1] and power[0].is_integer():
            return 0 if power[0] < 0 and x[0] <= 0 <= x[1] else None
        case "**":
            return 0 if x[0] < 0 or (x[0] == 0 and rest[0][0] < 0) else None
        case _:
            return None


def centre(interval: Interval) -> float:
    """The middle of an interval, and its only number where it has one alone."""
    low, high = interval
    return low if low == high else low / 2 + high / 2


# ---- The steps ----


def _out(low: float, high: float) -> Interval:
    return low - abs(low) * _OUT if low > -inf else low, high + abs(high) * _OUT if high < inf else high


def _plus(x: Interval, y: Interval) -> Interval:
    return _out(x[0] + y[0], x[1] + y[1])


def _minus(x: Interval, y: Interval) -> Interval:
    return _out(x[0] - y[1], x[1] - y[0])


def _negative(x: Interval) -> Interval:
    return -x[1], -x[0]


def _times(x: Interval, y: Interval) -> Interval:
    products = [a * b if a and b else 0.0 for a in x for b in y]
    return _out(min(products), max(products))


def _inverse(x: Interval) -> Interval:
    return _out(1 / x[1], 1 / x[0]) if x[0] > 0 or x[1] < 0 else EVERYTHING


def _power(x: Interval, y: Interval) -> Interval:
    """A power grows or falls with each of its operands, so that the corners hold it, but for even ones about 0."""
    corners = [_pow(a, b) for a in x for b in y]
    if x[0] < 0 < x[1] and y[0] % 2 == 0:
        corners.append(0.0 if y[0] else 1.0)
    return _out(min(corners), max(corners))


def _pow(x: float, y: float) -> float:
    try:
        return math.pow(x, y)
    except OverflowError:
        return math.copysign(inf, x) if y % 2 else inf
    except ValueError:  # 0 to a negative power
        return inf


def _round(x: Interval) -> Interval:
    return rounded(x[0], abs(x[0]) * _HALF), rounded(x[1], abs(x[1]) * _HALF)


def _abs(x: Interval) -> Interval:
    return (0.0, max(-x[0], x[1])) if x[0] < 0 < x[1] else (min(map(abs, x)), max(map(abs, x)))


_VALUES: Mapping[str, Callable[..., Interval]] = {
    "+": _plus,
    "-": _minus,
    "*": _times,
    "/": lambda x, y: _times(x, _inverse(y)),
    "**": _power,
    "neg": _negative,
    "abs": _abs,
    "round": _round,
    "min": lambda *xs: (min(x[0] for x in xs), min(x[1] for x in xs)),
    "max": lambda *xs: (max(x[0] for x in xs), max(x[1] for x in xs)),
    "exp": lambda x: _out(*(math.exp(end) if end < 709 else inf for end in x)),
    "sqrt": lambda x: _out(*map(math.sqrt, x)),
    "log": lambda x: _out(*map(math.log, x)),
    "log2": lambda x: _out(*map(math.log2, x)),
    "log10": lambda x: _out(*map(math.log10, x)),
}


def _slopes_of_power(value: Interval, x: Interval, y: Interval) -> tuple[Interval, Interval]:
    along_y = _times(value, _VALUES["log"](x)) if x[0] > 0 else EVERYTHING
    if y[0] == y[1] and (x[0] > 0 or y[0] >= 1 or x[1] < 0):
        return _times(y, _power(x, (y[0] - 1, y[0] - 1))), along_y
    return _times(_times(y, value), _inverse(x)), along_y


def _slope_of_logarithm(base: float) -> Callable[..., tuple[Interval]]:
    return lambda value, x: (_inverse(_times(x, (math.log(base),) * 2)),)  # noqa: ARG005 - all have the same parameters


def _chosen(value: Interval, *xs: Interval) -> list[Interval]:
    """Which operands may be the greatest."""
    return [_ONE if x[1] >= value[0] else _ZERO for x in xs]


# How fast each step's value rises with each operand: its partial derivatives over the box, from value and operands.
_SLOPES: Mapping[str, Callable[..., Sequence[Interval]]] = {
    "+": lambda *_: (_ONE, _ONE),
    "-": lambda *_: (_ONE, _MINUS_ONE),
    "*": lambda value, x, y: (y, x),  # noqa: ARG005
    "/": lambda value, *_: (_ONE, _negative(value)),
    "**": _slopes_of_power,
    "neg": lambda *_: (_MINUS_ONE,),
    "abs": lambda value, x: (_ONE if x[0] >= 0 else _MINUS_ONE if x[1] <= 0 else (-1.0, 1.0),),  # noqa: ARG005
    "round": lambda value, x: (_ZERO if value[0] == value[1] else EVERYTHING,),  # noqa: ARG005
    "min": lambda value, *xs: _chosen(_negative(value), *map(_negative, xs)),
    "max": _chosen,
    "exp": lambda value, x: (value,),  # noqa: ARG005
    "sqrt": lambda value, x: (_inverse(_times((2.0, 2.0), value)) if value[0] > 0 else (0.0, inf),),  # noqa: ARG005
    "log": _slope_of_logarithm(math.e),
    "log2": _slope_of_logarithm(2),
    "log10": _slope_of_logarithm(10),
}
