"""Whether a piece of CSS is made of what is known to ask nobody for anything.

CSS fetches by functions (`url()`, `src()`, `image-set()` and more to come) and by rules (`@import`), in any property
and in letters of any case (CSS Syntax 3, 4.3). So what is allowed is listed; an escape could spell anything, and no
drawing needs one.
"""

import re

# Functions of colours, transforms, shapes, filters, gradients, arithmetic, timing, installed fonts and selectors.
FUNCTIONS = frozenset(
    """
    rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark icc-color var
    translate translatex translatey translatez translate3d rotate rotatex rotatey rotatez rotate3d scale scalex scaley
    scalez scale3d skew skewx skewy matrix matrix3d perspective
    rect inset circle ellipse polygon path xywh
    blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia
    linear-gradient radial-gradient conic-gradient
    repeating-linear-gradient repeating-radial-gradient repeating-conic-gradient
    calc min max clamp cubic-bezier steps linear local format tech
    not is where has lang dir nth-child nth-last-child nth-of-type nth-last-of-type
    """.split()  # noqa: SIM905 - a list of words reads better than a list of strings
)
RULES = frozenset(("media", "supports", "keyframes", "-webkit-keyframes", "font-face", "page"))

_LOCAL = re.compile(r"url\(\s*(['\"]?)#[-\w.:]*\1\s*\)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CALL = re.compile(r"([-\w]*)\(")
_RULE = re.compile(r"@([-\w]*)")


def is_self_contained(css: str) -> bool:
    """Whether a value, a declaration list or a style sheet calls known functions only and has known rules only.

    `url()` may name a part of the same document.
    """
    rest = _LOCAL.sub(" ", css)
    rest += f" {_COMMENT.sub('', rest)}"  # read twice: marks of comments within strings are none
    return (
        "\\" not in css
        and all(not name or name.lower() in FUNCTIONS for name in _CALL.findall(rest))
        and all(name.lower() in RULES for name in _RULE.findall(rest))
    )
