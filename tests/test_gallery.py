"""Vega-Lite's own gallery in both columns: drawn, or refused for a reason on the list; compared with plain drawings.

A sample here, the whole with `--long`, which also puts all of them on contact sheets for people (tests/artefacts).
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from randnotiz import charts, language, yamldoc
from randnotiz.charts import drawing, layout, svg, theme
from randnotiz.colours import LIGHT
from randnotiz.diagnostics import SourceText
from randnotiz.exports import raster
from randnotiz.model import Article, Chart, ChartData, Results
from randnotiz.yamldoc import Map
from tests.drawings import clipped, differences, mark_groups, overlaps, plots, seen, texts
from tests.refusals import reason_of

pytestmark = pytest.mark.slow

PARTS = 8  # of the gallery, of each of which the sample has one chart
ENGLISH = language.of("en")
ACROSS, DOWN = 1_000, 340  # pixels of a chart on a contact sheet, two abreast


def _places(gallery: Path) -> list[tuple[Path, int]]:
    """The folder of each chart, and where it stands in its file."""
    found = []
    for folder in sorted(gallery.glob("v*")):
        written = json.loads((folder / "charts.yaml").read_text(encoding="utf-8"))
        found += [(folder, at) for at in range(len(written["charts"]))]
    return found


def _prepared(folder: Path, at: int) -> tuple[str, charts.Prepared | None, list[str]]:
    """One chart of the gallery made ready, and what is said against it."""
    written = cast(Map, yamldoc.parse((folder / "charts.yaml").read_text(encoding="utf-8"), "charts.yaml"))
    one = cast(Any, written[SourceText("charts")])[at]
    rows, at_rows = one["data"].get("rows"), one["data"].position
    shown = ChartData(rows=tuple(rows) if rows else None, csv=one["data"].get("csv"), position=at_rows)
    given = Chart(
        id=str(one["id"]), title=one["title"], alt=one["alt"], sources=(), rows=shown, spec=one["vega-lite"]
    )
    files = {f"data/{path.name}": path.read_bytes() for path in folder.glob("data/*")}
    article = Article(
        slug="gallery",
        path="gallery/article.md",
        title=SourceText("Gallery"),
        lang="en",
        summary=SourceText("All."),
        body=SourceText(""),
        files=files,
    )
    ready, found = charts.prepare(given, article, Results(), ENGLISH)
    return given.id, ready, [each.message for each in found]


def _plainly(ready: charts.Prepared, width: int | None = None) -> str:
    """A chart as the engine draws it without the house; `width` is that of each view in it."""
    specification: dict[str, Any] = {**_wide(dict(ready.specification), width), "data": {"values": ready.values}}
    return drawing.engine_svg(specification, ENGLISH)


def _wide(view: Any, width: int | None) -> dict[str, Any]:
    """A view with all single views in it so wide."""
    if width is None:
        return dict(view)
    several = ("concat", "hconcat", "vconcat")
    parts = {name: [_wide(each, width) for each in view[name]] for name in several if name in view}
    inside = {"spec": _wide(view["spec"], width)} if "spec" in view else {}
    return {**view, **parts, **inside, **({"width": width} if {"mark", "layer"} & {*view} else {})}


def _plainly_in(ready: charts.Prepared, column: int) -> str:
    """A plain drawing of the size of a column: the width of its views found along the line through two."""
    first, second = column // 2, column // 3
    one, other = (svg.measures(_plainly(ready, width))[0] for width in (first, second))
    slope = (one - other) / (first - second)
    return _plainly(ready, max(20, first + int((column - one) / slope)) if slope > 0.1 else first)


def _problems(ready: charts.Prepared) -> tuple[list[str], list[str]]:
    """What a chart's drawings have lost against plain ones, and the three: wide, narrow and plain."""
    plain = _plainly(ready)
    found = []
    both = seen(ready)
    for column, ours in zip((theme.WIDE, theme.NARROW), both, strict=True):
        same = _plainly_in(ready, column)
        lines = texts(same)
        found += [f"{column}: is {ours.drawing.width} pixels wide"] if ours.drawing.width != column else []
        found += [f"{column}: {each}" for each in differences(mark_groups(ours.engine), mark_groups(plain))]
        found += [f"{column}: {sorted(pair)} overlap" for pair in overlaps(ours.texts) - overlaps(lines)]
        cut = clipped(ours.texts, column, ours.drawing.height) - clipped(lines, *svg.measures(same))
        found += [f"{column}: '{words}' is cut" for words in sorted(cut)]
        if ours.plots < 0.6 * min(column, plots(same), layout.own_width(ready.specification) or column):
            found.append(f"{column}: only {ours.plots} pixels are left for what is shown")
    pictures = [svg.standalone(each.drawing, LIGHT, owner="s", title="", words="") for each in both]
    return found, [*pictures, plain]


def _sheet(drawn: Mapping[str, list[str]]) -> str:
    """All drawings of some charts: ours in both columns beside the plain one."""
    cells = []
    for number, (name, pictures) in enumerate(drawn.items()):
        left, top = number % 2 * ACROSS, number // 2 * DOWN
        cells.append(f'<text x="{left + 5}" y="{top + 14}" font-size="12">{name}</text>')
        for picture, (at, wide) in zip(pictures, ((5, 480), (495, 220), (725, 270)), strict=True):
            width, height = svg.measures(picture)
            scale = min(wide / width, (DOWN - 30) / height, 1)
            inner = re.sub(r'(\bid="|url\(#)', rf"\g<1>c{number}-{at}-", picture.partition(">")[2])
            place = f'x="{left + at}" y="{top + 20}" width="{width * scale}" height="{height * scale}"'
            cells.append(f'<svg {place} viewBox="0 0 {width} {height}" font-size="13">{inner}')
    size = f'width="{2 * ACROSS}" height="{(len(drawn) + 1) // 2 * DOWN}"'
    paper = '<rect width="100%" height="100%" fill="#fff"/>'
    faces = 'font-family="Liberation Sans" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {faces}>{paper}{"".join(cells)}</svg>'


@pytest.mark.parametrize("part", range(PARTS))
def test_charts_of_the_gallery_lose_nothing(part: int, data_of_others: Path, long: bool, artefacts: Path) -> None:
    places = _places(data_of_others / "gallery")
    assert len(places) > PARTS
    each = len(places) // PARTS + 1
    problems: dict[str, list[str]] = {}
    drawn: dict[str, list[str]] = {}
    for folder, at in places[part * each : (part + 1) * each][: None if long else 1]:
        name, ready, messages = _prepared(folder, at)
        if ready is None:
            assert messages
            found = [message for message in messages if reason_of(message) is None]
        else:
            found, drawn[name] = _problems(ready)
            found += messages
        if found:
            problems[name] = found
    if long:
        (artefacts / f"gallery-{part}.png").write_bytes(raster.png(_sheet(drawn), 2 * ACROSS))
    assert problems == {}
