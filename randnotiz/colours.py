"""The page's colours, by the names that the style sheet has for them (CSS custom properties).

A comment `/* colours: light */` in a style sheet stands for the declarations of that scheme, so that pages, charts,
share pictures and the browser's own bar are of one table; `/* verdicts */` for the rules that give each step of a
scale its two, as `--tone` and `--fill`.

Kinds, verdicts and series of charts are three sets. In each, fills are at least 12 apart in lightness (CIELAB L*),
so that grey paper and colour-blind eyes tell them too: the harder a verdict, the further from the paper. Lines and
words, those of charts too, keep 4.5 : 1 on paper and on what is raised from it (WCAG 2.2, 1.4.3), lines and points of
charts 3 : 1 on paper (1.4.11). tests/test_colours.py computes all that.
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
    "accent": Colour("#1f5f8b", "#7db8e8", "#114a75"),
    # Kinds of notes.
    "source": Colour("#5f707d", "#7d8b96", "#5f707d"),
    "counter": Colour("#621e0e", "#f4c5af", "#621e0e"),
    "figure": Colour("#265b35", "#82b58c", "#265b35"),
    "note": Colour("#1f1636", "#f6f0fb", "#1f1636"),
    # Steps of a scale of verdicts, the hardest first: as fills, and as lines and words.
    "verdict-1": Colour("#451207", "#ffe2d9", "#451207"),
    "verdict-2": Colour("#752411", "#f2b6a1", "#752411"),
    "verdict-3": Colour("#9e3d1a", "#e48b67", "#9e3d1a"),
    "verdict-4": Colour("#b36631", "#b67041", "#b36631"),
    "verdict-5": Colour("#c88d4c", "#83592a", "#c88d4c"),
    "verdict-6": Colour("#d6b57f", "#544223", "#d6b57f"),
    "verdict-7": Colour("#c1e4c7", "#182f1d", "#c1e4c7"),
    "verdict-1-line": Colour("#451207", "#ffe2d9", "#451207"),
    "verdict-2-line": Colour("#752411", "#f2b6a1", "#752411"),
    "verdict-3-line": Colour("#9e3d1a", "#e48b67", "#9e3d1a"),
    "verdict-4-line": Colour("#a4592a", "#c27a4b", "#a4592a"),
    "verdict-5-line": Colour("#926328", "#c49157", "#926328"),
    "verdict-6-line": Colour("#7b6b48", "#b9a37b", "#7b6b48"),
    "verdict-7-line": Colour("#2f673d", "#8ec999", "#2f673d"),
    # Series of a chart, in the order in which they are taken.
    "chart-1": Colour("#1f5f92", "#5292c7", "#1f5f92"),
    "chart-2": Colour("#d08a4d", "#f7c59c", "#d08a4d"),
    "chart-3": Colour("#8fc6b3", "#37796d", "#8fc6b3"),
    "chart-4": Colour("#ecdbbb", "#5b4f33", "#ecdbbb"),
    "chart-5": Colour("#a5658e", "#d49cc5", "#a5658e"),
    "chart-6": Colour("#26452f", "#eff3e5", "#26452f"),
    "chart-7": Colour("#1e223b", "#2f324d", "#1e223b"),
    # The same as lines and points, which have no surface; a dash or a shape is their second sign.
    "chart-1-line": Colour("#1f5f92", "#5292c7", "#1f5f92"),
    "chart-2-line": Colour("#cc7c39", "#f7c99d", "#cc7c39"),
    "chart-3-line": Colour("#144425", "#307662", "#144425"),
    "chart-4-line": Colour("#9c6181", "#db9ac2", "#9c6181"),
    "chart-5-line": Colour("#201c3b", "#f7f7e8", "#201c3b"),
    "chart-6-line": Colour("#8c2a86", "#b3664c", "#8c2a86"),
    "chart-7-line": Colour("#368f80", "#8ecf88", "#368f80"),
    # And as words, whose letters are thinner.
    "chart-1-word": Colour("#1f5f92", "#5292c7", "#1f5f92"),
    "chart-2-word": Colour("#9d5f2c", "#f7c99d", "#a7662f"),
    "chart-3-word": Colour("#144425", "#599181", "#144425"),
    "chart-4-word": Colour("#945c7b", "#db9ac2", "#9c6181"),
    "chart-5-word": Colour("#201c3b", "#f7f7e8", "#201c3b"),
    "chart-6-word": Colour("#8c2a86", "#bb755e", "#8c2a86"),
    "chart-7-word": Colour("#2e7a6d", "#8ecf88", "#318274"),
}
# For drawings that no style sheet reaches.
LIGHT: Mapping[str, str] = {name: colour.light for name, colour in COLOURS.items()}

# Which of the seven steps a scale of fewer takes: those that differ most, but nearly black ones only where it must.
_STEPS: Mapping[int, tuple[int, ...]] = {
    1: (5,), 2: (3, 7), 3: (3, 5, 7), 4: (2, 3, 5, 7), 5: (2, 3, 5, 6, 7), 6: (2, 3, 4, 5, 6, 7)
}  # fmt: skip
MOST_STEPS = 7

# What a site says of kinds, by the words of its authors.
NAMES_OF_KINDS = {"source": "source", "claim": "counter", "figure": "figure", "note": "note"}
MIXED = {"raised": 0.04, "rule": 0.16, "muted": 0.7}  # shares of ink in paper
MIDDLE = 0.18  # the luminance that has the same contrast to black and to white
LEAST_SEEN = 3.0
LEAST_FILLED = 1.25  # of a surface with paper around it, which the lightest of the program's own keep
LEAST = 4.5  # the contrast of text (WCAG 2.2, 1.4.3)
Pair = tuple[str, str]  # on light and on dark paper

# Lines and words, which must be read: on paper, and on what is raised from it.
WORDS = (
    *("ink", "muted", "accent", "source", "counter", "figure", "note"),
    *(name for n in range(1, 8) for name in (f"verdict-{n}-line", f"chart-{n}-word")),
)
# Surfaces: bars and areas of charts, and verdicts.
FILLS = tuple(f"{kind}-{n}" for kind in ("chart", "verdict") for n in range(1, 8))
# Lines and points of charts, which must be seen (1.4.11).
STROKES = tuple(f"chart-{n}-line" for n in range(1, 8))

_SCHEME = re.compile(rf"/\* colours: ({'|'.join(get_args(Scheme))}) \*/")


def palette(given: Mapping[str, Pair]) -> Mapping[str, Colour]:
    """The table with a house's own colours in it. What it does not give is made to fit: what is raised, muted and
    ruled is mixed of its paper and ink; lines and words of other colours keep their contrast on its paper.
    """
    if not given:
        return COLOURS
    light, dark = _scheme(given, 0), _scheme(given, 1)
    return {name: Colour(light[name], dark[name], _printed(name, light[name])) for name in COLOURS}


def _scheme(given: Mapping[str, Pair], at: int) -> dict[str, str]:
    """The colours on light (0) or on dark paper (1); a house may have dark paper for both."""
    paper = given["paper"][at] if "paper" in given else COLOURS["paper"][at]
    column = 1 if _luminance(paper) < MIDDLE else 0
    found = {name: colour[column] for name, colour in COLOURS.items()} | {
        name: pair[at] for name, pair in given.items()
    }
    if given.keys() & {"paper", "ink"}:
        found |= {name: mixed(found["ink"], paper, share) for name, share in MIXED.items()}
    for name in (*WORDS, *STROKES):
        if name not in given:
            fill = name.removesuffix("-line").removesuffix("-word")
            own = found[fill if fill in given else name]
            seen = name in STROKES
            found[name] = nearest(own, paper, least=LEAST_SEEN) if seen else nearest(own, paper, found["raised"])
    return found


def _printed(name: str, light: str) -> str:
    """A colour on white paper, with black ink."""
    if light == COLOURS[name].light or name in ("paper", "ink", *MIXED):
        return COLOURS[name].print
    if name in WORDS:
        return nearest(light, "#ffffff")
    return nearest(light, "#ffffff", least=LEAST_SEEN) if name in STROKES else light


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def nearest(colour: str, *papers: str, least: float = LEAST) -> str:
    """A colour, or the first towards black or white, far from the first paper, with contrast on all papers."""
    end = "#000000" if _luminance(papers[0]) > MIDDLE else "#ffffff"
    steps = (mixed(end, colour, step / 100) if step else colour for step in range(101))
    return next((one for one in steps if all(contrast(one, paper) >= least for paper in papers)), end)


def mixed(one: str, other: str, share: float) -> str:
    """A share of the first colour and the rest of the other, in sRGB."""
    return "#" + "".join(
        f"{round(a * share + b * (1 - share)):02x}" for a, b in zip(_rgb(one), _rgb(other), strict=True)
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    r, g, b = (digits[at : at + 2] for at in (0, 2, 4)) if len(digits) == 6 else (digit * 2 for digit in digits)
    return int(r, 16), int(g, 16), int(b, 16)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    r, g, b = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (part / 255 for part in _rgb(colour))
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


# The hardest stands last, and wins where several meet; `.vx` has no verdict.
_VERDICT_RULES = "".join(
    (
        ".vx { --tone: var(--muted); --fill: transparent; }\n",
        *(
            f".v{step} {{ --tone: var(--verdict-{step}-line); --fill: var(--verdict-{step}); }}\n"
            for step in range(MOST_STEPS, 0, -1)
        ),
    )
)


def filled(style: str, colours: Mapping[str, Colour]) -> str:
    """A style sheet with the declarations of its schemes, and with the rules of the verdicts, in their places."""

    def declarations(scheme: re.Match[str]) -> str:
        return " ".join(f"--{name}: {getattr(colour, scheme[1])};" for name, colour in colours.items())

    return _SCHEME.sub(declarations, style).replace("/* verdicts */", _VERDICT_RULES)


def verdict_step(rank: int, of: int) -> int:
    """The step (1 to 7, the hardest first) in whose colours the verdict of a rank stands on a scale of so many."""
    steps = _STEPS.get(of)
    return steps[rank - 1] if steps else 1 + round((rank - 1) * (MOST_STEPS - 1) / (of - 1))
