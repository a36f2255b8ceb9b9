"""The page's colours, by the names that the style sheet has for them (CSS custom properties).

A comment `/* colours: light */` in a style sheet stands for the declarations of that scheme, so that pages, charts,
share pictures and the browser's own bar are of one table.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

Scheme = Literal["light", "dark", "print"]


class Colour(NamedTuple):
    """A colour on light and on dark paper, and in print: sRGB in hexadecimal."""

    light: str
    dark: str
    print: str


COLOURS: Mapping[str, Colour] = {
    "paper": Colour("#fbfaf6", "#171613", "#fff"),
    "raised": Colour("#f3f1ea", "#211f1b", "#fff"),
    "ink": Colour("#1d1b18", "#ece8df", "#000"),
    "muted": Colour("#5f5b53", "#a8a296", "#444"),
    "rule": Colour("#d9d5ca", "#3a372f", "#bbb"),
    "source": Colour("#1f5f8b", "#7db8e8", "#114a75"),
    "counter": Colour("#a33a1d", "#f0957a", "#8c2c12"),
    "figure": Colour("#2f6b3a", "#8fcf9b", "#1f5629"),
    "note": Colour("#6a4c93", "#c3a6ec", "#573a80"),
}
# For drawings that no style sheet reaches.
LIGHT: Mapping[str, str] = {name: colour.light for name, colour in COLOURS.items()}

_SCHEME = re.compile(rf"/\* colours: ({'|'.join(get_args(Scheme))}) \*/")


def filled(style: str) -> str:
    """A style sheet with the declarations of its schemes in their places."""

    def declarations(scheme: re.Match[str]) -> str:
        return " ".join(f"--{name}: {getattr(colour, scheme[1])};" for name, colour in COLOURS.items())

    return _SCHEME.sub(declarations, style)
