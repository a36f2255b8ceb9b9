"""Which part of a specification keeps a chart from being drawn: found by drawing it with parts left out.

The engine's words seldom name a place, and often only what went wrong inside it. So parts are left out one by one,
from the outside in: what changes nothing has no part in it and stays out; without the part to blame, the chart is
drawn. This is delta debugging (A. Zeller, "Yesterday, my program worked. Today, it does not. Why?", 1999) on a
tree.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator

from msgspec import Struct, field

from randnotiz.diagnostics import shortened
from randnotiz.model import Json

Steps = tuple[str | int, ...]
Outcome = str  # why a specification cannot be drawn: empty where it can, `EMPTY` where nothing is seen in it

EMPTY = "empty"
MOST_TRIALS = 100
# What a view or a channel hardly can do without: left out, it most often brings on another fault.
NEEDED = ("field", "datum", "value", "type", "aggregate", "op", "as", "groupby")
ANY_MARK = "point"  # in place of one that may be to blame, because there must be some


def part_to_blame(specification: dict[str, Json], outcome_of: Callable[[Json], Outcome]) -> tuple[Steps, bool]:
    """The way to the smallest part that keeps a specification from being drawn, to all of it where there is none; and
    whether it can be drawn without that part.

    `outcome_of` draws a specification; it is called at most `MOST_TRIALS` times.
    """
    search = _Search(specification, outcome_of)
    search.first = search.outcome(())
    path, solved = search.within(()) if search.first else ((), False)
    if path[-1:] == ("encoding",) or (path and path[-1] in NEEDED):
        marks = [(*path[:depth], "mark") for depth in range(len(path), -1, -1)]
        mark = next((way for way in marks if _has(specification, way)), None)
        if mark and search.solves(search.outcome((mark,))):  # what fits no axis is drawn with another mark
            return mark, True
    return path, solved


class _Search(Struct):
    specification: dict[str, Json]
    outcome_of: Callable[[Json], Outcome]
    first: Outcome = ""
    trials: int = 0
    gone: set[Steps] = field(default_factory=set)  # what has no part in it

    def outcome(self, parts: Collection[Steps]) -> Outcome:
        """What comes of the specification without some parts; the first outcome once there were enough trials."""
        self.trials += 1
        return self.first if self.trials > MOST_TRIALS else self.outcome_of(_without(self.specification, (), parts))

    def solves(self, outcome: Outcome) -> bool:
        """Whether the chart is drawn, or at least gone over without what was wrong with it first."""
        return outcome in ("", EMPTY) and outcome != self.first

    def within(self, path: Steps) -> tuple[Steps, bool]:
        """The smallest part to blame at the end of a way, and whether the chart is drawn without it."""
        others: list[Steps] = []
        for part in _parts(at(self.specification, path), path):
            outcome = self.outcome({*self.gone, part})
            if self.solves(outcome):
                return self.within(part)[0], True
            if outcome == self.first:
                self.gone.add(part)
            else:
                others.append(part)
        for part in others:  # without them it fails for another reason, as without the views of a facet
            found, solved = self.within(part)
            if solved or len(others) == 1:
                return found, solved
        return path, False


def _parts(value: Json, path: Steps) -> Iterator[Steps]:
    """The parts of a value, those first that can best be left out; none of a plain list."""
    if isinstance(value, dict):
        transform = path[-2:-1] == ("transform",)
        first = next(iter(value), None) if transform else None

        def order(key: str) -> tuple[bool, ...]:
            is_number = isinstance(value[key], int | float)  # which is most often too large, or none that can be
            return key == "mark", key in NEEDED, key == first, not is_number

        for key in sorted(value, key=order):
            if path[-1:] != ("mark",) or key != "type":
                yield (*path, str(key))
    elif isinstance(value, list):
        yield from ((*path, place) for place, each in enumerate(value) if isinstance(each, dict | list))


def at(value: Json, path: Steps) -> Json:
    """The value at the end of a way that there is."""
    for step in path:
        value = value[step]  # type: ignore[index]  # the way says whether it is a list
    return value


def _has(value: Json, path: Steps) -> bool:
    *above, last = path
    inner = at(value, tuple(above))
    return isinstance(inner, dict) and last in inner


def _without(value: Json, path: Steps, parts: Collection[Steps]) -> Json:
    """A value without some parts, which are named by their ways from the top; there is always a mark."""
    if isinstance(value, dict):
        return {
            key: ANY_MARK if (*path, key) in parts else _without(inner, (*path, key), parts)
            for key, inner in value.items()
            if (*path, key) not in parts or key == "mark"
        }
    if isinstance(value, list):
        rows = enumerate(value)
        return [_without(inner, (*path, row), parts) for row, inner in rows if (*path, row) not in parts]
    return value


# ---- In words ----


def without(specification: Json, path: Steps) -> str:
    """The hint that a chart can be drawn without a part of its specification."""
    name = next(step for step in reversed(path) if isinstance(step, str))
    if path[-1] == "mark":
        return "With another mark it can be drawn."
    if isinstance(path[-1], int):
        return f"Without this entry of '{name}' it can be drawn."
    value = at(specification, path)
    shown = value if isinstance(value, str) else json.dumps(value)
    return f"Without '{name if isinstance(value, dict | list) else shortened(f'{name}: {shown}')}' it can be drawn."


# What the engine says to programmers, as it is said to editors, with a hint.
WORDS = (
    (
        r"invalid format: (.*)",
        r"'\1' is no format",
        "Write one of d3-format: ',.0f' for whole numbers, '.1%' for shares.",
    ),
    (r'Unrecognized signal name: "(.*)"', r"there is no parameter '\1'", "Name it below 'params', or leave it out."),
    (r'Duplicate signal name: "(.*)"', r"two parameters are called '\1'", "Give one of them another name."),
    (
        r"Need a valid continuous axis for (\w+)s",
        r"'\1' needs an axis with numbers",
        "Write 'type: quantitative' at x or y.",
    ),
    (r"Invalid SVG path.*", "this shape is neither a name that Vega knows nor a path of SVG", ""),
    (r'Invalid (\w+): "(.*)"\.?', r"'\2' is no \1", ""),
    (r'Uncaught "(.*)"', r"\1", ""),
    (r"(Unexpected token .*|Unmatched .*)", r"\1", ""),  # of what the author wrote
    (
        r"Cannot read properties of (?:undefined|null) \(reading '(.*)'\)",
        r"'\1' is read of something that is not there",
        "",
    ),
    (r"Invalid array length", "this asks for more than can be drawn", "Write larger steps, or a smaller number."),
    (r"Cannot destructure property 'aggregate' of .*", "this chart has no such channel", ""),
    (
        r".*(?:Cannot |is not a function|is not iterable|undefined|Maximum call stack).*",
        "what is asked for here does not go together",
        "",
    ),
)


def explained(words: str) -> tuple[str, str]:
    """The engine's reason and a hint, in words an editor can act on; those for programmers are a hint."""
    found = ((re.fullmatch(pattern, words), plain, hint) for pattern, plain, hint in WORDS)
    return next(
        ((match.expand(plain), hint) for match, plain, hint in found if match),
        ("the engine gives a reason of its own", f"In its words: {words}"),
    )
