"""Computes a `figures.json` again with nothing but Python's standard library: `python tests/recompute.py FILE`.

The file is enough: every number is given in its unit, and every unit by how many base units it is. A reader

1. turns each quantity into base units: the number times the factor of its unit, and the zero of a scale (degF)
   added to that;
2. evaluates a formula over them, a name of `units` being its factor, so that no conversion is ever needed;
3. takes the zero of the figure's own unit from what comes out and divides it by its factor.

`percent` of a formula and `%` of a unit are the factor 0.01. The range is the least and the greatest of the formula
at these points: all inputs at their best; each uncertain input at 33 evenly spaced values with the others at best;
and, for two or more of them, all combinations of evenly spaced values (9 each for two, 5 for three or four, 3 for
five to seven, 2 for eight), and at those that a search comes to from the least and from the greatest of these: it
tries a step of an eighth of each uncertain input's range down and up, goes to the best of these points if it is
better, and halves the step where none is, until 24 halvings in a row have brought nothing. Where such a search does
not come to an end of the range, the figure says under `at` where another one has to begin. A figure agrees where its
range overlaps what the passage states, each end of that moved outwards by the tolerance.

All numbers are decimals, and sums, products and whole powers of them are fractions here, so that nothing of a binary
fraction is left over: `1 - 0.7 - 0.2 - 0.1` is 0. Roots, logarithms and the like are floats.
"""

import ast
import itertools
import json
import math
import operator
import sys
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

Number = Fraction | float
Point = Mapping[str, Number]


def power(base: Number, exponent: Number) -> Number:
    """Exact where base and exponent allow it and the result stays small."""
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent in range(-16, 17):
        return base ** int(exponent)
    return math.pow(base, exponent)


def rounded(value: Number) -> Number:
    """The nearest whole number, halves away from zero; of a fraction exactly."""
    whole = math.floor(abs(value) + Fraction(1, 2)) if isinstance(value, Fraction) else math.floor(abs(value) + 0.5)
    return Fraction(whole if value > 0 else -whole)


OPERATORS: Mapping[type, Callable[[Any, Any], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: power,
}
FUNCTIONS: Mapping[str, Callable[..., Number]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "round": rounded,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
}
SWEEP = 33
HALVINGS = 24  # in a row without a better point
GRID = (0, 0, 9, 5, 5, 3, 3, 3, 2)  # values of each uncertain input, by how many there are


class Reader:
    """A file's figures, computed again."""

    def __init__(self, file: Mapping[str, Any]) -> None:
        self.quantities, self.figures, self.units = file["quantities"], file["figures"], file["units"]

    def factor(self, unit: str) -> Number:
        """How many base units a unit is: a name, or products, quotients and powers of names."""
        if unit in self.units:
            return exact(self.units[unit]["factor"])
        return self.value(unit, {}) if unit else Fraction(1)

    def zero(self, unit: str) -> Number:
        """Where the zero of a scale lies, in base units; 0 of every other unit."""
        return exact(self.units.get(unit, {}).get("zero", 0))

    def value(self, formula: str, numbers: Mapping[str, Number]) -> Number:
        """What a formula gives in base units, the numbers of quantities being given in base units."""

        def of(node: ast.expr) -> Number:
            match node:
                case ast.Constant(value=int() | float() as number):
                    return exact(number)
                case ast.Name(id=name) if name in numbers:
                    return numbers[name]
                case ast.Name(id=name) if name in self.figures:
                    return self.value(self.figures[name]["formula"], numbers)
                case ast.Name(id=name):
                    return exact(self.units[name]["factor"])
                case ast.UnaryOp(op=ast.USub(), operand=operand):
                    return -of(operand)
                case ast.BinOp(left=left, op=op, right=right):
                    return OPERATORS[type(op)](of(left), of(right))
                case ast.Call(func=ast.Name(id=name), args=arguments):
                    return FUNCTIONS[name](*map(of, arguments))
            raise ValueError(f"no formula has {ast.dump(node)}")

        return of(ast.parse(formula.strip(), mode="eval").body)

    def inputs(self, formula: str) -> list[str]:
        """The quantities that a formula rests on, those behind its figures included."""
        found: list[str] = []
        for node in ast.walk(ast.parse(formula.strip(), mode="eval")):
            if isinstance(node, ast.Name) and node.id in self.quantities:
                found.append(node.id)
            elif isinstance(node, ast.Name) and node.id in self.figures:
                found += self.inputs(self.figures[node.id]["formula"])
        return list(dict.fromkeys(found))

    def numbers(self, name: str) -> tuple[Number, Number, Number]:
        """The low, best and high of a quantity in base units."""
        row = self.quantities[name]
        ends = [row["value"]] * 3 if "value" in row else [row["low"], row["best"], row["high"]]
        low, best, high = (self.base(name, end) for end in ends)
        return low, best, high

    def base(self, name: str, number: float) -> Number:
        """A number of a quantity in base units."""
        unit = self.quantities[name].get("unit", "")
        return exact(number) * self.factor(unit) + self.zero(unit)

    def figure(self, name: str) -> dict[str, Any]:
        """What the arithmetic says about a figure, in the form of the file."""
        row = self.figures[name]
        unit, zero = self.factor(row.get("unit", "")), self.zero(row.get("unit", ""))
        inputs = {each: self.numbers(each) for each in self.inputs(row["formula"])}
        best = {each: numbers[1] for each, numbers in inputs.items()}
        uncertain = {each: numbers for each, numbers in inputs.items() if numbers[0] < numbers[2]}

        def at(point: Mapping[str, Number]) -> Number:
            return (self.value(row["formula"], {**best, **point}) - zero) / unit

        sensitivity = {}
        for each, (low, _, high) in uncertain.items():
            swept: list[Point] = [{each: best[each]}, *({each: step} for step in steps(low, high, SWEEP))]
            sensitivity[each] = ends(at, swept, {each: (low, high)})
        points: list[Point] = [{each: best[each] for each in uncertain}]
        for each, (low, _, high) in uncertain.items():
            points += ({**points[0], each: step} for step in steps(low, high, SWEEP))
        if count := GRID[len(uncertain)]:
            axes = [steps(low, high, count) for low, _, high in uncertain.values()]
            points += (dict(zip(uncertain, point, strict=True)) for point in itertools.product(*axes))
        for start in row.get("at", ()):
            points.append({each: self.base(each, start[each]) for each in uncertain})
        low, high = ends(at, points, {each: (low, high) for each, (low, _, high) in uncertain.items()})
        found: dict[str, Any] = {
            "low": low,
            "best": float(at({})),
            "high": high,
            "sensitivity": sensitivity,
        }
        if "stated" in row:
            found["agrees"] = agrees(found["low"], found["high"], row["stated"], row["tolerance"])
        return found

    def differences(self) -> Iterator[str]:
        """Every place where the file says something else than its own formulas."""
        for name, row in self.figures.items():
            found = self.figure(name)
            for key in ("low", "best", "high"):
                if not near(row[key], found[key]):
                    yield f"{name}: {key} is {row[key]}, and comes out as {found[key]}"
            for each, ends in found["sensitivity"].items():
                said = row["sensitivity"][each]
                if not all(map(near, said, ends)):
                    yield f"{name}: for {each} it says {said}, and comes out as {ends}"
            if row.get("agrees") != found.get("agrees"):
                yield f"{name}: agrees is {row.get('agrees')}, and comes out as {found.get('agrees')}"


def ends(at: Callable[[Point], Number], points: list[Point], box: Mapping[str, tuple[Number, Number]]) -> list[float]:
    """The least and the greatest value at these points, or where a search from there comes to."""
    found = []
    for sign in (1, -1):
        value, point = min(((sign * at(point), point) for point in points), key=operator.itemgetter(0))
        step, idle = Fraction(1, 8), 0
        while box and idle < HALVINGS:
            tried = [
                {**point, name: min(high, max(low, point[name] + by * (high - low)))}
                for name, (low, high) in box.items()
                for by in (-step, step)
            ]
            better = min(((sign * at(each), each) for each in tried), key=operator.itemgetter(0))
            if better[0] < value:
                (value, point), idle = better, 0
            else:
                step, idle = step / 2, idle + 1
        found.append(float(sign * value))
    return found


def steps(low: Number, high: Number, count: int) -> list[Number]:
    """Evenly spaced values, both ends among them."""
    return [low + (high - low) * Fraction(step, count - 1) for step in range(count)]


def exact(number: float) -> Fraction:
    """The decimal that stands in the file."""
    return Fraction(repr(number))


def agrees(low: float, high: float, stated: Mapping[str, Any], tolerance: float) -> bool:
    """Whether a range overlaps the stated one, a billionth aside."""
    share = tolerance + 1e-9
    least, most = stated["low"], stated["high"]
    return bool(low <= most + abs(most) * share and high >= least - abs(least) * share)


def near(one: float, other: float) -> bool:
    """Whether two numbers are the same to nine digits; the file has twelve."""
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


if __name__ == "__main__":
    told = list(Reader(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))).differences())
    print("\n".join(told) or "every figure comes out as it stands there")
    sys.exit(bool(told))
