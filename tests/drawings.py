"""What lies where in an SVG of a chart: texts as boxes, marks as points, so that drawings can be compared."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from unittest.mock import patch
from xml.etree.ElementTree import Element

from randnotiz import charts, language
from randnotiz.charts import drawing, svg
from randnotiz.colours import LIGHT

# Advance widths of Helvetica, which Liberation Sans and Arial share, in thousandths of the size of type.
_WIDTHS = {
    0: "\u200e\u202b\u202c",
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~−",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
    1000: "…",
}
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Text:
    """A line of text and the corners of the room it takes, clockwise from its upper left, in pixels."""

    words: str
    corners: tuple[Point, Point, Point, Point]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        across, down = zip(*self.corners, strict=True)
        return min(across), min(down), max(across), max(down)


@dataclass(kw_only=True)
class MarkGroup:
    """The marks of one view: its kind (`symbol`, `line`, …), the points of each mark within that view, the fills."""

    kind: str
    marks: list[list[Point]] = field(default_factory=list)
    fills: list[str] = field(default_factory=list)


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """How wide words are in Liberation Sans, in pixels; letters that the table lacks are as wide as an n."""
    return sum(_WIDTH.get(letter, 556) for letter in words) * size / 1000 * (1.06 if bold else 1)


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f


def _moved(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _matrix(transform: str) -> Matrix:
    whole = IDENTITY
    for name, inside in re.findall(r"(\w+)\(([^)]*)\)", transform):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", inside)]
        if name == "translate":
            whole = _times(whole, (1, 0, 0, 1, numbers[0], numbers[1] if len(numbers) > 1 else 0))
        elif name == "scale":
            whole = _times(whole, (numbers[0], 0, 0, numbers[-1], 0, 0))
        elif name == "rotate":
            sine, cosine = math.sin(math.radians(numbers[0])), math.cos(math.radians(numbers[0]))
            whole = _times(whole, (cosine, sine, -sine, cosine, 0, 0))
    return whole


def _hidden(element: Element) -> bool:
    return element.get("opacity") == "0" or element.get("display") == "none"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A drawing as it stands in the page, its texts, and the engine's own SVG of it."""

    drawing: svg.Drawing
    texts: list[Text]
    engine: str

    @property
    def plots(self) -> int:
        """How many pixels the views that stand abreast have for what they show."""
        return plots(self.engine)


def plots(drawing: str) -> int:
    """How many pixels the views that stand abreast in an engine's SVG have for what they show."""
    return max(sum(wide) for wide in _rows(svg.parsed(drawing)).values())


def _rows(root: Element) -> dict[int, list[int]]:
    """The widths of the views in an engine's SVG, by how far down they begin; those on each other count once."""
    found: dict[int, dict[int, int]] = {}

    def walk(element: Element, across: float, down: float, *, view: bool) -> None:
        *_, x, y = _matrix(element.get("transform", ""))
        across, down = across + x, down + y
        classes = element.get("class", "").split()
        view = bool({"role-scope", "root"} & {*classes}) if "mark-group" in classes else view
        outline = re.match(r"M[\d.]+,[\d.]+h([\d.]+)v([\d.]+)h", element.get("d", ""))
        if classes == ["background"] and view and outline and float(outline[1]) > 1:
            found.setdefault(round(down), {})[round(across)] = round(float(outline[1]))
        for child in element:
            if "role-legend" not in child.get("class", ""):
                walk(child, across, down, view=view)

    walk(root, 0, 0, view=False)
    return {down: list(row.values()) for down, row in found.items()} or {0: [0]}


def seen(ready: charts.Prepared) -> tuple[Seen, Seen]:
    """A chart in the wide and in the narrow column."""
    engines: dict[str, str] = {}

    def remembered(text: str, *, turned: bool = False) -> svg.Drawing:
        read = real(text, turned=turned)
        engines[read.body] = text
        return read

    real = svg.read
    with patch.object(svg, "read", remembered):
        pictures = drawing.drawn(
            drawing.Request(ready.specification, ready.values, language.of(ready.language)), ready.named
        )
    both = (pictures.wide, pictures.narrow)
    of = [next(engine for body, engine in engines.items() if body in each.body) for each in both]
    wide, narrow = (
        Seen(drawing=each, texts=texts(_alone(each)), engine=engine) for each, engine in zip(both, of, strict=True)
    )
    return wide, narrow


def _alone(drawing: svg.Drawing) -> str:
    light = svg.resolved(drawing, LIGHT)
    return f'<svg xmlns="http://www.w3.org/2000/svg" font-size="13">{light.body}</svg>'


def texts(drawing: str) -> list[Text]:
    """Every line of text that can be seen."""
    root = svg.parsed(re.sub(r"<(title|desc)[^>]*>[^<]*</\1>", "", drawing))
    return list(_texts(root, IDENTITY, _size(root, 13.0)))


def _size(element: Element, inherited: float) -> float:
    written = element.get("font-size")
    return float(written.removesuffix("px")) if written else inherited


def _texts(element: Element, matrix: Matrix, size: float) -> Iterator[Text]:
    if _hidden(element):
        return
    matrix = _times(matrix, _matrix(element.get("transform", "")))
    size = _size(element, size)
    if element.tag.rpartition("}")[2] != "text":
        for child in element:
            yield from _texts(child, matrix, size)
        return
    across, down = (float(element.get(name, 0)) for name in ("x", "y"))
    bold = element.get("font-weight", "normal") not in ("normal", "400")
    for line in ([element] if element.text else []) + list(element):
        words = (line.text or "").strip()
        down += float(line.get("dy", 0))
        if words in ("", "\u200b", "null", "undefined", "NaN"):
            continue
        wide = width_of(words, size, bold=bold)
        left = across - wide * {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", "start"), 0.0)
        top, bottom = down - 0.74 * size, down + 0.2 * size
        corners = ((left, top), (left + wide, top), (left + wide, bottom), (left, bottom))
        first, second, third, fourth = (_moved(matrix, *corner) for corner in corners)
        yield Text(words=words, corners=(first, second, third, fourth))


def overlaps(lines: list[Text], allowed: float = 1.5) -> set[frozenset[str]]:
    """The pairs of texts that lie on each other by more than so many pixels, whichever way one looks."""
    found = set()
    for one, other in combinations(lines, 2):
        left, top, right, bottom = one.box
        its_left, its_top, its_right, its_bottom = other.box
        if left < its_right and its_left < right and top < its_bottom and its_top < bottom:
            same = one.words == other.words and math.dist(one.corners[0], other.corners[0]) < 1
            if not same and _depth(one, other) > allowed:
                found.add(frozenset((one.words, other.words)))
    return found


def _depth(one: Text, other: Text) -> float:
    """How far two rectangles lie within each other, along the axis that parts them best (separating axes)."""
    depth = math.inf
    for corners in (one.corners, other.corners):
        for start, end in (corners[0:2], corners[1:3]):
            length = math.dist(start, end) or 1
            axis = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
            ours, theirs = ([x * axis[0] + y * axis[1] for x, y in each.corners] for each in (one, other))
            depth = min(depth, max(ours) - min(theirs), max(theirs) - min(ours))
    return depth


def clipped(lines: list[Text], width: float, height: float, allowed: float = 1.5) -> set[str]:
    """The texts that reach out of a picture of that size, and those that the engine has cut."""
    out = set()
    for line in lines:
        left, top, right, bottom = line.box
        if min(left, top, width - right, height - bottom) < -allowed or line.words.endswith("…"):
            out.add(line.words)
    return out


# ----------------------------------------------------------------------------------------------------
# Marks, in the engine's own SVG, whose groups have names
# ----------------------------------------------------------------------------------------------------


def mark_groups(drawing: str) -> list[MarkGroup]:
    """The marks of an engine's SVG, view by view, in the order in which they are drawn."""
    return list(_groups(svg.parsed(drawing)))


def _groups(element: Element) -> Iterator[MarkGroup]:
    classes = element.get("class", "").split()
    if "role-mark" in classes and "mark-group" not in classes:
        kind = next(name for name in classes if name.startswith("mark-")).removeprefix("mark-")
        marks = [points for child in element if (points := _points(child, kind))]
        if marks:
            yield MarkGroup(kind=kind, marks=marks, fills=[child.get("fill", "") for child in element])
    for child in element:
        yield from _groups(child)


def _points(element: Element, kind: str) -> list[Point]:
    matrix = _matrix(element.get("transform", ""))
    if _hidden(element) or re.search(r"NaN|undefined", f"{element.get('transform')}{element.get('d')}"):
        return []
    if kind == "text":
        words = "".join(element.itertext())
        return [_moved(matrix, 0, 0)] if words not in ("", "–", "null", "undefined", "NaN") else []
    if element.get("d") == "":
        return []
    if kind in ("symbol", "arc"):
        return [_moved(matrix, 0, 0)]
    if kind == "rule":
        ends = [float(element.get(name, 0)) for name in ("x1", "y1", "x2", "y2")]
        return [_moved(matrix, *ends[:2]), _moved(matrix, *ends[2:])]
    points = [_moved(matrix, *point) for point in _path(element.get("d", ""))]
    if kind == "rect" and points:
        across, down = zip(*points, strict=True)
        return [((min(across) + max(across)) / 2, (min(down) + max(down)) / 2)]
    return points


def _path(outline: str) -> Iterator[Point]:
    """The corners of a path; of curves only their ends."""
    x = y = 0.0
    for command, inside in re.findall(r"([MLHVhvlCAZz])([^MLHVhvlCAZz]*)", outline):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", inside)]
        each = {"H": 1, "V": 1, "h": 1, "v": 1, "C": 6, "A": 7}.get(command, 2)
        for at in range(0, len(numbers) - each + 1, each):
            end = numbers[at : at + each]
            if command in "Hh":
                x = end[0] + (x if command == "h" else 0)
            elif command in "Vv":
                y = end[0] + (y if command == "v" else 0)
            else:
                x, y = (x + end[-2], y + end[-1]) if command == "l" else (end[-2], end[-1])
            yield x, y


def differences(ours: list[MarkGroup], plain: list[MarkGroup], allowed: float = 0.15) -> list[str]:
    """What of the plain drawing's marks ours lacks or has elsewhere, each measured within the extent of its view."""
    found = []
    if [(each.kind, len(each.marks)) for each in ours] != [(each.kind, len(each.marks)) for each in plain]:
        return [f"{_counts(ours)} where the plain drawing has {_counts(plain)}"]
    for number, (one, other) in enumerate(zip(ours, plain, strict=True)):
        here, there = ([point for mark in group.marks for point in mark] for group in (one, other))
        if len(here) != len(there):
            found.append(f"view {number}: {len(here)} points of {one.kind}s where the plain drawing has {len(there)}")
            continue
        for axis in (0, 1):
            mine, its = (_within([point[axis] for point in points]) for points in (here, there))
            far = max(abs(a - b) for a, b in zip(mine, its, strict=True))
            if far > allowed:
                found.append(f"view {number}: {one.kind}s are {far:.0%} of their extent off along {'xy'[axis]}")
    return found


def _counts(groups: list[MarkGroup]) -> str:
    return ", ".join(f"{len(each.marks)} {each.kind}" for each in groups) or "nothing"


def _within(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    return [(value - low) / (high - low) if high - low > 2 else 0.5 for value in values]
