"""The range of a result: its program run over the ends of its inputs, a grid between them, and what lies around.

The points are, in this order, and the page's script makes the same ones:

1. the best values of all inputs;
2. for each uncertain input, in order of appearance, its 33 evenly spaced values with all others at best;
3. where there are two or more, all combinations of evenly spaced values of the uncertain inputs, the last input
   moving fastest: 9 values each for two inputs, 5 for three or four, 3 for five to seven, 2 for eight.

The value at index j of k evenly spaced ones is `low * (1 - t) + high * t` with `t = j / (k - 1)`, so that the first
is low and the last is high to the last digit. At most 2,419 points (seven inputs). From the lowest of them, and from
the highest, a search goes on (`Search.refined`): it tries a step of an eighth of each input's range down and up,
takes the best of these points if it is better, and halves the step where none is, until 24 halvings in a row have
brought nothing. What it ends at are the result's low and high; its best is point 1, and an input's sensitivity is
the range that remains when all others are at best.

Then intervals prove what points cannot show (`intervals`), and only the build does this. Boxes of inputs are halved,
the most promising first, until none can hold a value beyond the ends by more than a 5,000th of the range's width and
of the end itself: where one holds a better point, the search goes on from there, and on in the direction that led
there. A box in which a step may have no value, since a divisor may be 0, is halved until that is settled either way.
A divisor that changes its sign between two points, or that a search takes to 0, is the fault that it would be at a
point of the grid.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count, product
from math import inf, isfinite

from msgspec import Struct
from msgspec.structs import replace

from randnotiz.formulas.intervals import EVERYTHING, Box, Interval, Tree, Undecided, centre, decisive, enclosure, tree
from randnotiz.formulas.programs import Column, UndefinedError, run, settled
from randnotiz.formulas.typed_expressions import TypedExpression
from randnotiz.model import Agreement, Json, Quantity, Range, Tolerance

MOST_UNCERTAIN = 8
TOLERANCE = 0.1  # unless the author gives one
MOST_ROUNDING = 0.15
SLACK = 1e-9
SWEEP = 33
GRID = (0, 0, 9, 5, 5, 3, 3, 3, 2)  # by the number of uncertain inputs
FIRST_STEP = 0.125  # of an input's range
MOST_HALVINGS = 24  # in a row
MOST_ROUNDS = 400
CLOSE = 0.0002  # of a range's width: how near to its ends the search by intervals comes
CLOSE_ENOUGH = 0.001
MOST_PROOF = 200_000  # steps computed for one figure beyond its points
BOX = 8  # steps over a box cost as much as so many at a point


Point = Mapping[str, float]


class Estimate(Struct, frozen=True, kw_only=True):
    """The lowest, the best and the highest result, and where it lies when only one input moves, widest first.

    `at` are points from which a search comes to ends that it does not reach from those above; `unproven` says what
    the intervals left open, or is empty; `work` is how many steps were computed beyond the points.
    """

    low: float
    best: float
    high: float
    sensitivity: Mapping[str, tuple[float, float]]
    at: tuple[Point, ...] = ()
    unproven: str = ""
    work: int = 0


def estimate(of: TypedExpression, quantities: Mapping[str, Quantity], work: int = MOST_PROOF) -> Estimate:
    """The range of a term over those of its inputs, searched and proven with at most so many steps.

    `programs.UndefinedError` where it has no value somewhere.
    """
    inputs = {name: quantities[name] for name in of.inputs}
    search = Search(of, inputs, work)
    search.look_for_poles()
    ends = [search.end(sign) for sign in (1, -1)]
    left, moved = search.left, dict.fromkeys(search.free, (ends[0].value, ends[1].value))
    for name in search.free if len(search.free) > 1 else ():
        alone = {other: quantity if other == name else exactly(quantity) for other, quantity in inputs.items()}
        along = Search(of, alone, left)
        moved[name] = along.end(1).value, along.end(-1).value
        left = along.left
    return Estimate(
        low=ends[0].value,
        best=settled(*search.computed[0]),
        high=ends[1].value,
        sensitivity=dict(sorted(moved.items(), key=lambda entry: entry[1][0] - entry[1][1])),
        at=tuple(end.at for end in ends if end.at),
        unproven=next((end.unproven for end in ends if end.unproven), ""),
        work=work - left,
    )


class End(Struct, frozen=True):
    """The lowest or highest value found, the point the search has to begin at, and what is not proven of it."""

    value: float
    at: Point | None = None
    unproven: str = ""


class _BestValue(Struct):
    """The best value yet, with its bound and its point."""

    value: float
    bound: float
    point: Point


class Search:
    """One program over its inputs, from what it gives at all points on; UndefinedError where it gives nothing."""

    def __init__(self, of: TypedExpression, inputs: Mapping[str, Quantity], work: int) -> None:
        self.program, self.tree, self.steps, self.left = of.program, tree(of.program), of.steps, work
        self.points = columns(inputs)
        self.box: Box = {name: (float(each.low), float(each.high)) for name, each in inputs.items()}
        self.free = [name for name, (low, high) in self.box.items() if low < high]
        self.length = size(len(self.free))
        values, bounds = self.at(self.program, self.points, self.length)
        self.computed = list(zip(values, bounds, strict=True))
        self.width = max(values) - min(values)
        self.least = 1e-12 * max(map(abs, values))  # what floats leave of the width of a result that does not move

    @staticmethod
    def at(program: Json, points: Mapping[str, Column], length: int) -> tuple[Column, Column]:
        """`programs.run`, whose fault knows its point."""
        try:
            return run(program, points, length)
        except UndefinedError as error:
            error.point = {name: column[error.row] for name, column in points.items()}
            raise

    # -- the ends --

    def end(self, sign: int) -> End:
        """The lowest value (`sign` 1), or the highest (-1)."""
        if not self.free:
            return End(settled(*self.computed[0]))
        start = min(range(self.length), key=lambda row: (sign * self.computed[row][0], self.computed[row][1] * sign))
        found = _BestValue(*self.computed[start], {name: column[start] for name, column in self.points.items()})
        _, corner, slopes = self.judged(self.box, sign)
        if not slopes:  # it only rises or only falls with each input
            found = self.tried({name: end for name, (end, _) in corner.items()}, found, sign)
            return End(settled(found.value, found.bound))
        found = self.refined(self.program, found, sign)
        better, gap = self.explored(found, sign)
        at = None
        if sign * (found.value - better.value) > SLACK * self.width:
            found = self.slid(found, self.refined(self.program, better, sign), sign)
            at = found.point
        unproven = ""
        if gap == inf:
            unproven = "whether it has a value everywhere"
        elif gap > max(CLOSE_ENOUGH * self.width, self.least):
            unproven = f"whether its {'lowest' if sign > 0 else 'highest'} value is found"
        return End(settled(found.value, found.bound), at, unproven)

    def refined(self, program: Json, found: _BestValue, sign: int) -> _BestValue:
        """The best point that ever smaller steps along single inputs lead to."""
        step, idle = FIRST_STEP, 0
        for _ in range(MOST_ROUNDS):
            tried = [
                {**found.point, name: x} for name in self.free for x in self.moved(name, found.point[name], step)
            ]
            rows = {name: [point[name] for point in tried] for name in self.box}
            values, bounds = self.at(program, rows, len(tried))
            row = min(range(len(tried)), key=lambda row: sign * values[row])
            if sign * values[row] < sign * found.value:
                found, idle = _BestValue(values[row], bounds[row], tried[row]), 0
                continue
            step, idle = step / 2, idle + 1
            if idle == MOST_HALVINGS or self.left <= 0:
                break
        return found

    def slid(self, before: _BestValue, found: _BestValue, sign: int) -> _BestValue:
        """The best point further on in the direction that led from one to the other: along a crease, to its end."""
        while True:
            paths = {name: x - before.point[name] for name, x in found.point.items()}
            room = [(self.box[name][path > 0] - found.point[name]) / path for name, path in paths.items() if path]
            furthest = min(room, default=0.0)
            best = found
            for share in (1.0, 0.5, 0.25, 0.125):
                point = {name: x + share * furthest * paths[name] for name, x in found.point.items()}
                best = self.tried(
                    {name: min(max(x, self.box[name][0]), self.box[name][1]) for name, x in point.items()}, best, sign
                )
            if best is found or self.left <= 0:
                return found
            before, found = found, self.refined(self.program, best, sign)

    def moved(self, name: str, x: float, step: float) -> tuple[float, float]:
        """A step down and a step up, within the range of an input; what floats cannot tell from 0 is 0."""
        low, high = self.box[name]
        noise = 2.0**-51 * max(abs(low), abs(high))
        moved = max(low, x - step * (high - low)), min(high, x + step * (high - low))
        below, above = (0.0 if abs(each) <= noise and low < each < high else each for each in moved)
        return below, above

    # -- intervals --

    def explored(self, best: _BestValue, sign: int) -> tuple[_BestValue, float]:
        """The best point of the boxes that may hold a better one, and by how much some still may; inf for a pole."""
        order = count()
        close = max(min(CLOSE * self.width, CLOSE * abs(best.value) or inf), self.noise(best.point), self.least)
        boxes: list[tuple[float, int, Box, Mapping[str, Interval]]] = []
        parts: list[Box] = [self.box]
        left = inf  # the least that boxes may hold which cannot be halved any more
        while True:
            self.left -= BOX * self.steps * len(parts)
            for part in parts:
                bound, box, slopes = self.judged(part, sign)
                if sign * best.value - bound > close or not slopes:
                    best = self.tried({name: centre(ends) for name, ends in box.items()}, best, sign)
                    if slopes:
                        heappush(boxes, (bound, next(order), box, slopes))
            if not boxes or self.left <= 0 or sign * best.value - boxes[0][0] <= close:
                break
            bound, _, box, slopes = heappop(boxes)
            name = max(box, key=lambda name: self.influence(name, box[name], slopes))
            (low, high), middle = box[name], centre(box[name])
            parts = [{**box, name: (low, middle)}, {**box, name: (middle, high)}] if low < middle < high else []
            left = left if parts else min(left, bound)
        return best, sign * best.value - min([left, *(bound for bound, *_ in boxes), sign * best.value])

    def judged(self, box: Box, sign: int) -> tuple[float, Box, Mapping[str, Interval]]:
        """The least that a box may hold (`sign` -1: the greatest, negative), and the slopes to halve it by.

        Of an input with which the result only rises or only falls, the box has only the end that matters.
        """
        try:
            while True:
                given = enclosure(self.tree, box)
                slanted = {
                    name: ends for name, slope in given.slopes.items() if (ends := _end(box[name], slope, sign))
                }
                if not slanted:
                    return given.value[0] if sign > 0 else -given.value[1], box, given.slopes
                box = {**box, **slanted}
        except Undecided as undecided:
            return -inf, box, undecided.slopes

    def tried(self, point: Point, best: _BestValue, sign: int) -> _BestValue:
        """A point if it is better than the best, or else the best."""
        ((value,), (bound,)) = self.at(self.program, {name: [x] for name, x in point.items()}, 1)
        return _BestValue(value, bound, point) if sign * value < sign * best.value else best

    def influence(self, name: str, ends: Interval, slopes: Mapping[str, Interval]) -> tuple[float, float]:
        """How far an input moves what decides about a box, then how much of its own range is left."""
        width, (low, high) = ends[1] - ends[0], self.box[name]
        share = width / (high - low) if high > low else 0.0
        slope = max(map(abs, slopes.get(name, (0.0, 0.0))))
        return (slope * width if slope and width else 0.0), share

    def noise(self, point: Point) -> float:
        """How far an enclosure reaches at a single point: nothing finer can be told apart."""
        try:
            low, high = enclosure(self.tree, {name: (x, x) for name, x in point.items()}).value
        except Undecided:
            return 0.0
        return 4 * (high - low)

    # -- poles --

    def look_for_poles(self) -> None:
        """UndefinedError where a search finds a point without a value that is none of the grid."""
        if not self.free:
            return
        try:
            enclosure(self.tree, self.box)
        except Undecided:
            for step, place in self.undecided(self.program, self.tree):
                self.look_for_pole(step, place)

    def undecided(self, program: Json, of: Tree) -> Iterator[tuple[Sequence[Json], int]]:
        """The steps that may have no value, innermost first, each with the place of the operand that decides it."""
        if not isinstance(program, list) or not of.operands:
            return
        for operand, part in zip(program[1:], of.operands, strict=True):
            yield from self.undecided(operand, part)
        try:
            values = [enclosure(part, self.box).value for part in of.operands]
        except Undecided:
            values = [EVERYTHING] * len(of.operands)
        if (at := decisive(of.step, values)) is not None:
            yield program, at

    def look_for_pole(self, step: Sequence[Json], place: int) -> None:
        """UndefinedError where the operand that decides about a step changes its sign, or can be brought to 0."""
        decider = step[1 + place]
        values, _ = self.at(decider, self.points, self.length)
        ends = [
            _BestValue(values[row], 0.0, {name: column[row] for name, column in self.points.items()})
            for row in (
                min(range(self.length), key=values.__getitem__),
                max(range(self.length), key=values.__getitem__),
            )
        ]
        if not ends[0].value < 0 < ends[1].value:
            sign = 1 if ends[1].value > 0 else -1
            ends[(1 - sign) // 2] = self.refined(decider, ends[(1 - sign) // 2], sign)
            self.tried(ends[(1 - sign) // 2].point, ends[0], sign)
        if ends[0].value < 0 < ends[1].value and (zero := self.crossed(decider, ends[0].point, ends[1].point)):
            operands = [self.at(each, {name: [x] for name, x in zero.items()}, 1)[0][0] for each in step[1:]]
            operands[place] = 0.0
            error = UndefinedError(str(step[0]), tuple(operands), 0)
            error.point = zero
            raise error

    def crossed(self, decider: Json, below: Point, above: Point) -> Point | None:
        """Where between two points an operand changes its sign; None where it leaps over 0."""
        height, value, between = 0.0, inf, below
        for _ in range(200):
            between = {name: below[name] / 2 + above[name] / 2 for name in below}
            ((value,), _) = self.at(decider, {name: [x] for name, x in between.items()}, 1)
            height = max(height, abs(value))
            if value == 0 or between in (below, above):
                break
            below, above = (between, above) if value < 0 else (below, between)
        return between if abs(value) <= SLACK * height else None


def _end(ends: Interval, slope: Interval, sign: int) -> Interval | None:
    """The end of an input's range at which a result that only rises or only falls with it is lowest or highest."""
    low, high = ends
    if slope[0] >= 0:
        return (low, low) if sign > 0 else (high, high)
    if slope[1] <= 0:
        return (high, high) if sign > 0 else (low, low)
    return None


def exactly(quantity: Quantity) -> Quantity:
    """The quantity at its best value alone."""
    return replace(quantity, low=quantity.best, high=quantity.best)


def columns(inputs: Mapping[str, Quantity]) -> dict[str, Column]:
    """The numbers of each input at all points, in the order above."""
    uncertain = [name for name, quantity in inputs.items() if quantity.uncertain]
    steps = GRID[len(uncertain)]
    grid = zip(*product(*(axis(inputs[name], steps) for name in uncertain)), strict=True) if steps else ()
    grids = dict(zip(uncertain, grid, strict=bool(steps)))
    length = size(len(uncertain))
    points: dict[str, Column] = {}
    for name, quantity in inputs.items():
        column = [quantity.best] * length
        if quantity.uncertain:
            start = 1 + uncertain.index(name) * SWEEP
            column[start : start + SWEEP] = axis(quantity, SWEEP)
            if name in grids:
                column[1 + len(uncertain) * SWEEP :] = grids[name]
        points[name] = column
    return points


def size(uncertain: int) -> int:
    """How many points there are for so many uncertain inputs."""
    return 1 + uncertain * SWEEP + (GRID[uncertain] ** uncertain if GRID[uncertain] else 0)


def axis(quantity: Quantity, steps: int) -> list[float]:
    """Evenly spaced values from low to high, both ends exact.

    The shares are exact in binary, so that each value is off by what two products and their sum are: less than
    2**-51 of the greater end. One that this cannot tell from 0 is 0.
    """
    shares = [step / (steps - 1) for step in range(steps)]
    values = [quantity.low * (1 - share) + quantity.high * share for share in shares]
    noise = 2.0**-51 * max(abs(quantity.low), abs(quantity.high))
    return [
        0.0 if abs(value) <= noise and 0 < share < 1 else value for value, share in zip(values, shares, strict=True)
    ]


def default_tolerance(rounding: float) -> Tolerance:
    """How far a stated number may be off: 10 %, or half of its last digit (`numerals.rounding`), 15 % at most."""
    rounding = min(rounding, MOST_ROUNDING)
    return Tolerance(max(TOLERANCE, rounding), rounding)


def agreement(low: float, high: float, stated: Range, tolerances: tuple[Tolerance, Tolerance]) -> Agreement:
    """Whether a range overlaps the stated one widened by the tolerances, and the factor between their nearest ends.

    Each stated end is moved outwards by its own size times its own tolerance, so that negative numbers widen too
    and zero stays zero. A billionth is added, so that 10 % more than 1.1 does not hang on the last binary digit. A
    result beyond one end is within the other, so that the tolerance of one decides.
    """
    least, most = stated.low, stated.high
    ours, theirs, applied = (low, most, tolerances[1]) if low > most else (high, least, tolerances[0])

    def meets(share: float) -> bool:
        share += SLACK
        return low <= most + abs(most) * share and high >= least - abs(least) * share

    agrees = meets(applied.share)
    return Agreement(
        stated=stated,
        tolerances=tolerances,
        tolerance=applied.share,
        agrees=agrees,
        only_by=None if meets(0) or not agrees else "rounding" if meets(applied.rounding) else "tolerance",
        factor=1.0 if agrees else _factor(ours, theirs),
    )


def _factor(one: float, other: float) -> float | None:
    """How many times one number is the other, the greater divided by the smaller; None if that is no number."""
    if one == 0 or other == 0 or (one < 0) != (other < 0):
        return None
    nearer, farther = sorted((abs(one), abs(other)))
    return farther / nearer if isfinite(farther / nearer) else None
