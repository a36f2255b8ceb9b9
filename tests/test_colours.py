"""The page's colours, computed: apart in lightness, for the colour-blind, and from the paper, in each scheme."""

from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest

from randnotiz.colours import COLOURS, verdict_step

Triple = tuple[float, float, float]

SCHEMES = ("light", "dark", "print")
KINDS = ("source", "counter", "figure", "note")
SERIES = tuple(f"chart-{number}" for number in range(1, 8))
SCALES = {of: tuple(f"verdict-{verdict_step(rank, of)}" for rank in range(1, of + 1)) for of in range(2, 8)}
SETS = {"kinds": KINDS, "series": SERIES, **{f"a scale of {of}": names for of, names in SCALES.items()}}
LINES = (
    *KINDS,
    "muted",
    "accent",
    *(f"verdict-{step}-line" for step in range(1, 8)),
    *(f"{one}-word" for one in SERIES),
)

# How linear sRGB looks to those who lack a cone: Machado, Oliveira and Fernandes (2009), severity 1.
BLINDNESS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def linear(name: str, scheme: str) -> Triple:
    """Linear sRGB of a colour of the table (IEC 61966-2-1)."""
    digits = getattr(COLOURS[name], scheme).removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    r, g, b = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return _linear(r), _linear(g), _linear(b)


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(rgb: Triple) -> float:
    """Relative luminance (WCAG 2.2)."""
    r, g, b = rgb
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str, scheme: str) -> float:
    """The contrast of two colours (WCAG 2.2)."""
    darker, lighter = sorted(luminance(linear(name, scheme)) for name in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def lab(rgb: Triple) -> Triple:
    """CIELAB for the white of sRGB (CIE 15)."""
    r, g, b = rgb
    x = _curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047)
    y = _curve(luminance(rgb))
    z = _curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _curve(t: float) -> float:
    return t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116


def lightness(name: str, scheme: str) -> float:
    """L* of a colour: what grey paper keeps of it."""
    return lab(linear(name, scheme))[0]


def seen(rgb: Triple, blindness: str) -> Triple:
    """A colour as somebody sees it."""
    r, g, b = (min(max(sum(a * c for a, c in zip(row, rgb, strict=True)), 0), 1) for row in BLINDNESS[blindness])
    return r, g, b


def distances(names: tuple[str, ...], scheme: str, blindness: str) -> Iterator[float]:
    """How far any two of a set are apart (CIE76)."""
    for one, other in combinations(names, 2):
        pair = (lab(seen(linear(name, scheme), blindness)) for name in (one, other))
        yield sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5


def test_the_measures_are_right() -> None:
    assert contrast("paper", "paper", "light") == 1
    assert [round(part, 1) for part in lab((1, 1, 1))] == [100, 0, 0]
    assert round(lab((0.5, 0.5, 0.5))[0], 1) == 76.1  # half of the light, not half of the number


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("names", SETS.values(), ids=SETS)
def test_fills_of_a_set_are_apart_in_grey_and_for_the_colour_blind(names: tuple[str, ...], scheme: str) -> None:
    assert len(set(names)) == len(names)
    grey = sorted(lightness(name, scheme) for name in names)
    assert min(above - below for below, above in pairwise(grey)) >= 12
    for blindness in BLINDNESS:
        assert min(distances(names, scheme, blindness)) >= 10, blindness


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("of", SCALES)
def test_the_harder_a_verdict_the_further_it_is_from_the_paper(of: int, scheme: str) -> None:
    away = [abs(lightness(name, scheme) - lightness("paper", scheme)) for name in SCALES[of]]
    assert away == sorted(away, reverse=True)


def test_a_scale_of_more_steps_than_there_are_colours_ends_where_the_colours_end() -> None:
    steps = [verdict_step(rank, 11) for rank in range(1, 12)]
    assert (steps[0], steps[-1], steps) == (1, 7, sorted(steps))
    assert verdict_step(1, 1) == 5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["paper", "raised"])
@pytest.mark.parametrize("name", LINES)
def test_lines_and_words_stand_out_from_what_they_are_on(name: str, ground: str, scheme: str) -> None:
    assert contrast(name, ground, scheme) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_of_charts_can_be_seen_and_the_first_five_told_apart_in_grey(scheme: str) -> None:
    lines = tuple(f"{name}-line" for name in SERIES)
    assert min(contrast(name, "paper", scheme) for name in lines) >= 3
    grey = sorted(lightness(name, scheme) for name in lines[:5])
    assert min(above - below for below, above in pairwise(grey)) >= 9.5
    for blindness in BLINDNESS:
        assert min(distances(lines[:6], scheme, blindness)) >= 10, blindness


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("of", SCALES)
def test_the_best_verdict_is_green_and_the_worst_is_red(of: int, scheme: str) -> None:
    best, worst = (lab(linear(f"{SCALES[of][at]}-line", scheme)) for at in (-1, 0))
    assert best[1] < 0 < worst[1]
