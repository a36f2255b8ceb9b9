"""An engine's SVG made fit for the page: plain shapes in the page's colours, small, and safe to stand in its HTML.

Only the elements and attributes named here survive. So no style attribute meets the page's policy, no script, link
or foreign address gets in, and the engine's English roles do not speak over the chart's own alternative text.
"""

import math
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING
from unicodedata import bidirectional

from msgspec import Struct
from msgspec.structs import replace

from randnotiz import css
from randnotiz.charts.theme import FIRST, MEASURED_FACE, PAPER, ROOM, TEXT_SIZE
from randnotiz.values import word_set

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FACE = "var(--sans, sans-serif)"
# Where no style sheet reaches: first the face that the engine carries, so that its PNGs are alike on all machines.
FACE_ALONE = "'Liberation Sans', Arial, Helvetica, sans-serif"
# Stands in a cached drawing where the id of the chart belongs. A private character, so no label contains it.
OWNER = "\ue000"
# An engine of pictures knows no direction of a text but that of its letters (UAX #9, embedding).
RIGHT_TO_LEFT = ("\u202b", "\u202c")
OTHER_END = {"start": "end", "end": "start"}

ELEMENTS = word_set("g path line rect circle text tspan defs clipPath linearGradient radialGradient stop")
NUMBERS = word_set(
    """
    x y x1 y1 x2 y2 dx dy cx cy r rx ry fx fy width height d transform offset stroke-width stroke-dasharray
    stroke-dashoffset opacity fill-opacity stroke-opacity stop-opacity
    """
)
WORDS = word_set(
    """
    fill stroke stop-color stroke-linecap stroke-linejoin stroke-miterlimit font-family font-weight font-style
    text-anchor clip-path gradientUnits
    """
)
DEFAULTS = {
    "opacity": "1",
    "fill-opacity": "1",
    "stroke-opacity": "1",
    "font-size": str(TEXT_SIZE),
    "stroke-width": "1",
    "font-weight": "normal",
}
# The engine's own names for the groups that hold what shows the rows, and the labels of axes.
MARKS, LABELS = "role-mark", "role-axis-label"
SHAPES = ("path", "line", "rect", "circle")

_FLOAT = re.compile(r"-?\d*\.\d+(?:e[-+]?\d+)?")
_UNREAL = re.compile(r"NaN|Infinity|undefined")
_GREY = re.compile(r"rgba\((\d+), \1, \1, 0\.999\)")
_PLACE = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
_BACKGROUND = re.compile(r"M[\d.]+,[\d.]+h([\d.]+)v([\d.]+)h")
_LOCAL = re.compile(r"url\(['\"]?#([\w-]+)['\"]?\)")
_VARIABLE = re.compile(r"var\(--([a-z]+(?:-[0-9]+)?(?:-line)?)(?:,[^()]*)?\)")
# An attribute's value; in a label the quotation mark is an entity.
_VALUE = re.compile(r'(?<==")[^"<>]*(?:var|color-mix)\([^"<>]*(?=")')
_MIX = re.compile(r"color-mix\(in srgb, (#[0-9a-f]{6}) (\d+)%, (#[0-9a-f]{6})\)")


class Drawing(Struct, frozen=True, kw_only=True):
    """What lies inside an `<svg>`, with its measures in CSS pixels and the number of marks that can be seen in it."""

    body: str
    width: int
    height: int
    marks: int
    lengthless: int = 0  # bars of a value of 0
    turns: bool = False  # whether some slices of a circle go around against the others


class Pictures(Struct, frozen=True, kw_only=True):
    """A chart drawn for a wide and for a narrow column; `alone` is what stands in a file."""

    wide: Drawing
    narrow: Drawing
    alone: Drawing


def measures(svg: str) -> tuple[float, float]:
    """Width and height of an engine's SVG."""
    found = re.search(r'<svg[^>]*? width="([\d.e+]+)" height="([\d.e+]+)"', svg[:1000])
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def read(svg: str, *, turned: bool = False) -> Drawing:
    """An engine's SVG as a drawing in the page's colours; with its texts `turned`, to be `mirrored`."""
    root = parsed(svg)
    width, height = measures(svg)
    ids = {name: f"{OWNER}-{number}" for number, name in enumerate(_ids(root))}
    cleaner = _Cleaner(ids=ids, turned=turned)
    body = "".join(part for child in root for part in cleaner.written(child))
    return Drawing(
        body=body,
        width=round(width),
        height=round(height),
        marks=cleaner.marks,
        lengthless=cleaner.lengthless,
        turns=cleaner.turns,
    )


def mirrored(drawing: Drawing) -> Drawing:
    """The mirror image of a drawing whose texts were read `turned`, so that these alone are not mirrored. The ends of
    texts are left and right, whatever the page around says.
    """
    return replace(
        drawing, body=f'<g direction="ltr" transform="translate({drawing.width},0) scale(-1,1)">{drawing.body}</g>'
    )


class Legend(Struct, frozen=True, kw_only=True):
    """Where a legend begins, how wide it and its widest entry are, and whether it is that of a single view."""

    left: float
    width: float
    widest: float
    of_view: bool


class Plan(Struct, frozen=True, kw_only=True):
    """What takes the width of a drawing, in pixels: its views (left, right), legends, and where views begin."""

    left: float
    views: list[tuple[float, float]]
    legends: list[Legend]

    @property
    def abreast(self) -> int:
        """How many views stand beside each other, in one row or in several: as many as do not overlap across."""
        count, reached = 0, -math.inf
        for left, right in sorted(self.views, key=lambda view: view[1]):
            if left >= reached:
                count, reached = count + 1, right
        return max(count, 1)


def plan(svg: str) -> Plan:
    """What takes the width of an engine's SVG, by the names and outlines that the engine gives to its groups."""
    root = parsed(svg)
    first = _PLACE.match(root[0].get("transform", "")) if len(root) else None
    found = Plan(left=float(first[1]) if first else 0, views=[], legends=[])
    _plan(root, "", 0, found)
    return found


def _plan(element: "Element", of: str, across: float, found: Plan) -> None:
    classes = element.get("class", "").split()
    placed = _PLACE.match(element.get("transform", ""))
    across += float(placed[1]) if placed else 0
    if "role-legend" in classes:
        boxes = [float(outline[1]) for outline in map(_outline, element.iter()) if outline]
        inner = _PLACE.match(element[0].get("transform", ""))
        left = across + float(inner[1] if inner else 0)
        widest = max(boxes[1:], default=0)
        found.legends.append(Legend(left=left, width=boxes[0], widest=widest, of_view=of == "view"))
        return
    if "mark-group" in classes:
        of = "view" if "role-scope" in classes else "root" if "root" in classes else ""
    outline = _outline(element)
    if outline and of and float(outline[1]) > 0:
        found.views.append((across, across + float(outline[1])))
    for child in element:
        _plan(child, of, across, found)


def _outline(element: "Element") -> re.Match[str] | None:
    """The outline of a group, with its width and height."""
    return _BACKGROUND.match(element.get("d", "")) if element.get("class") == "background" else None


def axes(svg: str) -> dict[str, list[tuple[str, float]]]:
    """The labels of the axes of an engine's SVG, with how far along they stand: of x and of y, where each is one."""
    found: dict[str, list[list[tuple[str, float]]]] = {}
    for group in parsed(svg).iter():
        if LABELS not in group.get("class", ""):
            continue
        seen = [label for label in group if label.get("opacity") != "0"]
        labels = [("".join(label.itertext()), _PLACE.match(label.get("transform", ""))) for label in seen]
        placed = [(words, float(at[1]), float(at[2])) for words, at in labels if at]
        along = 0 if len({across for _, across, _ in placed}) > 1 else 1
        found.setdefault("xy"[along], []).append([(words, at[along]) for words, *at in placed])
    return {channel: groups[0] for channel, groups in found.items() if len(groups) == 1}


def parsed(svg: str) -> "Element":
    """The tree of an engine's SVG; ValueError for anything that declares a document type, and with it entities."""
    if "<!" in svg:
        raise ValueError("the drawing declares a document type")
    from xml.etree import ElementTree  # 5 ms, and only for a chart never drawn before

    return ElementTree.fromstring(svg)  # noqa: S314 - no document type, so no entities


def _ids(root: "Element") -> Iterator[str]:
    for element in root.iter():
        if "id" in element.attrib:
            yield element.attrib["id"]


# A bar without a length, as all have that begin at the 0 of a logarithmic scale.
_LENGTHLESS = re.compile(r"M[-\d.,e]+h(?:0v[-\d.e]+h-?0Z|[-\d.e]+v0h)")
_SLICE = re.compile(r"[^A]*A[^A]*,0,[01],([01]),")  # the sweep flag of its first arc (SVG 2, section 9.3.8)


def _is_flat(shape: str) -> bool:
    """Whether a surface has none, as an area that goes back the way it came, or has one place alone."""
    outlines = [
        [tuple(map(float, point.split(","))) for point in outline.split("L")]
        for outline in re.findall(r"M([-\d.,eL]+)Z", shape)
    ]
    twice = sum(
        abs(sum(x * below - right * y for (x, y), (right, below) in zip(each, each[1:] + each[:1], strict=True)))
        for each in outlines
    )
    return bool(outlines) and twice < 1


class _Cleaner(Struct, kw_only=True):
    """The walk through a drawing; it counts the marks on its way."""

    ids: Mapping[str, str]
    turned: bool = False
    marks: int = 0
    lengthless: int = 0
    turns: bool = False

    def written(self, element: "Element", inside: str = "") -> Iterator[str]:
        """What remains of an element and of what is in it; nothing at all for what cannot be seen."""
        tag = element.tag.rpartition("}")[2]
        if tag not in ELEMENTS or _invisible(tag, element):
            return
        classes = element.get("class", "").split()
        if "background" in classes and element.get("fill", "none") == element.get("stroke", "none") == "none":
            return
        inside = next((role for role in (MARKS, LABELS) if role in classes and "mark-group" not in classes), inside)
        if inside == MARKS and tag in (*SHAPES, "text") and not (shape := element.get("d", "")).startswith("MNaN"):
            self.lengthless += bool(_LENGTHLESS.match(shape))
            self.marks += not _LENGTHLESS.match(shape) and ("stroke" in element.attrib or not _is_flat(shape))
        if inside == MARKS and "mark-arc" in classes:
            self.turns |= len({arc[1] for each in element if (arc := _SLICE.match(each.get("d", "")))}) > 1
        if tag == "text" and inside == LABELS:
            _centre(element)
        if tag == "text" and self.turned:
            _turn(element)
        attributes = "".join(self._attributes(element))
        content = escape(element.text or "").replace(OWNER, "") if tag in ("text", "tspan") else ""
        children = "".join(part for child in element for part in self.written(child, inside))
        if tag == "g" and not children:
            return
        if tag == "g" and not attributes:
            yield children
        elif content or children:
            yield f"<{tag}{attributes}>{content}{children}</{tag}>"
        else:
            yield f"<{tag}{attributes}/>"

    def _attributes(self, element: "Element") -> Iterator[str]:
        for name, value in element.attrib.items():
            kept = self._kept(name, value)
            if kept and name == "fill" and element.tag.endswith("text"):
                kept = kept.replace("-line)", "-word)")  # letters are thinner than lines
            if kept is not None and DEFAULTS.get(name) != kept:
                yield f' {name}="{escape(kept)}"'

    def _kept(self, name: str, value: str) -> str | None:
        """What an attribute says in the end; None where it is left out."""
        if name == "id":
            return self.ids[value]
        if not css.is_self_contained(value):
            return None
        if name in NUMBERS:
            plain = _FLOAT.sub(lambda number: _rounded(float(number[0])), value.removesuffix("px"))
            return None if plain == "translate(0,0)" else plain
        if name == "font-size":
            return _rounded(float(value.removesuffix("px")) / ROOM)
        if name == "font-family":
            return None if value == MEASURED_FACE else value
        return self._word(value) if name in WORDS else None

    def _word(self, value: str) -> str | None:
        if "url(" in value.lower():
            local = _LOCAL.fullmatch(value)
            return f"url(#{self.ids[local[1]]})" if local and local[1] in self.ids else None
        grey = _GREY.fullmatch(value)
        return f"color-mix(in srgb, {FIRST} {_share(int(grey[1]))}%, {PAPER})" if grey else value


def _centre(label: "Element") -> None:
    """Move a label of several lines beside an axis up by half of what it grew, which the engine forgets."""
    down = sum(float(line.get("dy", 0)) for line in label)
    placed = _PLACE.match(label.get("transform", ""))
    if down and placed and label.get("text-anchor") in ("start", "end"):
        rest = label.get("transform", "")[placed.end() :]
        label.set("transform", f"translate({placed[1]},{float(placed[2]) - down / 2}){rest}")


def _turn(text: "Element") -> None:
    """Turn a text about its place, and set its words from the right if their letters run that way."""
    text.set("text-anchor", OTHER_END.get(anchor := text.get("text-anchor", "start"), anchor))
    text.set("transform", f"{text.get('transform', '')} scale(-1,1)".strip())
    for line in text.iter():
        if line.text and any(bidirectional(letter) in ("R", "AL") for letter in line.text):
            line.text = line.text.join(RIGHT_TO_LEFT)


def _invisible(tag: str, element: "Element") -> bool:
    """Whether nothing can be seen of an element: hidden, without an outline, or made of a missing value."""
    if element.get("display") == "none" or element.get("opacity") == "0":
        return True
    if tag == "path":
        outline = element.get("d", "")
        return not outline or bool(_UNREAL.search(outline) or _UNREAL.search(element.get("transform", "")))
    if tag == "text":
        words = "".join(element.itertext())
        return words in ("", "null", "undefined", "NaN") or bool(_UNREAL.search(element.get("transform", "")))
    if tag in SHAPES:
        return any(_UNREAL.search(value) for name, value in element.attrib.items() if name in NUMBERS)
    return False


def _rounded(number: float) -> str:
    """A number to two decimals, the resolution of a screen with a hundred dots to the pixel."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _share(grey: int) -> int:
    """How much of a colour, in percent, the lightness of a grey stands for; the least can still be seen."""
    linear = grey / 255 / 12.92 if grey <= 10 else ((grey / 255 + 0.055) / 1.055) ** 2.4
    lightness = 116 * linear ** (1 / 3) - 16 if linear > 0.008856 else 903.3 * linear
    return round(12 + 0.88 * lightness)


# ---- Drawings to SVG ----


def inline(drawing: Drawing, *, owner: str, title: str, words: str) -> str:
    """A drawing as SVG for the page: it takes the width it gets, and the style sheet says the rest.

    Where a reader's face is wider than the one that was measured, a label reaches over the edge and is not clipped.
    """
    return _svg(drawing, owner=owner, title=title, words=words)


def standalone(drawing: Drawing, light: Mapping[str, str], *, owner: str, title: str, words: str) -> str:
    """A drawing as an SVG file: with its own size, in these colours, and paper behind it."""
    margin = 16
    drawing = resolved(drawing, light)
    framed = replace(
        drawing,
        body=f'<rect width="100%" height="100%" fill="{light["paper"]}"/>'
        f'<g transform="translate({margin},{margin})">{drawing.body}</g>',
        width=drawing.width + 2 * margin,
        height=drawing.height + 2 * margin,
    )
    size = f' xmlns="http://www.w3.org/2000/svg" width="{framed.width}" height="{framed.height}"'
    return _svg(framed, size, owner=owner, title=title, words=words, face=FACE_ALONE)


def _svg(drawing: Drawing, size: str = "", *, owner: str, title: str, words: str, face: str = FACE) -> str:
    labels = f'<title id="{owner}-title">{escape(title)}</title><desc id="{owner}-words">{escape(words)}</desc>'
    return (
        f'<svg{size} viewBox="0 0 {drawing.width} {drawing.height}" role="img"'
        f' aria-labelledby="{owner}-title" aria-describedby="{owner}-words"'
        f' font-family="{face}" font-size="{TEXT_SIZE}">'
        f"{labels}{drawing.body.replace(OWNER, owner)}</svg>"
    )


def resolved(drawing: Drawing, light: Mapping[str, str]) -> Drawing:
    """A drawing with these colours in place of the page's variables and of their blends."""

    def colour(variable: re.Match[str]) -> str:
        return light.get(variable[1], light["ink"])

    body = _VALUE.sub(lambda value: _MIX.sub(_blend, _VARIABLE.sub(colour, value[0])), drawing.body)
    return replace(drawing, body=body)


def _blend(mix: re.Match[str]) -> str:
    first, share, second = mix.groups()
    part = int(share) / 100
    pairs = ((int(first[at : at + 2], 16), int(second[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one * part + other * (1 - part)):02x}" for one, other in pairs)
