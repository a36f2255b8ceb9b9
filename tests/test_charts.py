"""Charts: rows and specifications that are told what is wrong with them, and drawings fit for the page."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import pytest

from randnotiz import caching, charts, colours, language, yamldoc
from randnotiz.charts import blame, drawing, engine, layout, printing, svg, theme, ticks, vega_schema
from randnotiz.charts import rows as chart_rows
from randnotiz.charts.vega_expressions import names
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText
from randnotiz.exports import raster
from randnotiz.model import (
    Agreement,
    Article,
    Chart,
    ChartData,
    DrawnChart,
    Figure,
    Json,
    Quantity,
    Range,
    Result,
    Results,
    Tolerance,
)
from randnotiz.model.chart import ROWS
from randnotiz.yamldoc import Map
from tests.drawings import clipped, differences, mark_groups, overlaps, seen
from tests.refusals import REASONS, reason_of

ROOT = Path(__file__).parent.parent
EXAMPLES = Path(__file__).parent / "charts"
GERMAN = language.of("de")


def quantity(name: str, low: float, best: float, high: float, unit: str = "") -> Quantity:
    return Quantity(
        name=name,
        label=SourceText(name),
        low=low,
        best=best,
        high=high,
        unit=SourceText(unit),
        written=tuple(SourceText(f"{number:g}") for number in dict.fromkeys((low, best, high))),
        assumed=SourceText("so"),
    )


HARDWARE = Result(
    figure=Figure(
        id="hardware",
        name="hardware",
        label=SourceText("Wert der Chips"),
        formula=SourceText("fleet * price"),
        unit=SourceText("USD"),
    ),
    range=Range(low=1e9, best=1.25e9, high=1.5e9, unit="USD"),
    agreement=Agreement(
        stated=Range(low=1e9, best=1e9, high=1e9, unit="USD"),
        tolerances=(Tolerance(0.1), Tolerance(0.1)),
        tolerance=0.1,
        agrees=True,
        factor=1.0,
    ),
)
RESULTS = Results(
    quantities={"rate": quantity("rate", 4, 4, 4), "lag": quantity("lag", 7, 8.5, 10, "month")},
    figures={"hardware": HARDWARE},
    broken=frozenset({"price"}),
)


def article(**files: str) -> Article:
    return Article(
        slug="deepseek",
        path="deepseek/article.md",
        title=SourceText("Was die Zahlen hergeben"),
        lang="de",
        summary=SourceText("Nachgerechnet."),
        body=SourceText(""),
        files={f"data/{name}.csv": content.encode() for name, content in files.items()},
    )


def chart(source: str) -> Chart:
    """The chart that a YAML text describes; title and alt may be left out."""
    given = cast(Map, yamldoc.parse(source, "deepseek/charts.yaml"))
    shown = cast(Map, given[SourceText("data")])
    rows = shown.get(SourceText("rows"))
    figures = shown.get(SourceText("figures"))
    return Chart(
        id=str(given.get(SourceText("id"), "kosten")),
        title=cast(SourceText, given.get(SourceText("title"), SourceText("Die Kosten fallen"))),
        alt=cast(SourceText, given.get(SourceText("alt"), SourceText("Liniendiagramm fallender Kosten"))),
        sources=(),
        rows=ChartData(
            rows=None if rows is None else tuple(cast(Any, rows)),
            csv=cast(SourceText | None, shown.get(SourceText("csv"))),
            figures=None if figures is None else tuple(cast(Any, figures)),
            position=shown.position,
        ),
        spec=cast(Any, given[SourceText("vega-lite")]),
        position=given.position,
    )


def prepared(source: str, lang: str = "de", **files: str) -> charts.Prepared:
    ready, diagnostics = charts.prepare(chart(source), article(**files), RESULTS, language.of(lang))
    assert not diagnostics
    assert ready
    return ready


def diagnostics(source: str, **files: str) -> list[Diagnostic]:
    ready, found = charts.prepare(chart(source), article(**files), RESULTS, GERMAN)
    assert ready is None
    return list(found)


def told(source: str, **files: str) -> list[str]:
    """What is said of a chart, as `line:column code: message`."""
    found = diagnostics(source, **files)
    return [f"{each.position.line}:{each.position.column} {each.code}: {each.message}" for each in found]


def drawn(source: str, cache: Path | None = None, lang: str = "de", **files: str) -> DrawnChart:
    return charts.draw(prepared(source, lang, **files), cache)


LINE = """\
data:
  rows: [{month: 0, cost: 100}, {month: 12, cost: 25.5}]
vega-lite:
  mark: line
  encoding:
    x: {field: month, type: quantitative}
    y: {field: cost, type: quantitative}
"""


def with_csv(content: str) -> list[str]:
    source = (
        "data: {csv: data/preise.csv}\nvega-lite:\n  mark: bar\n  encoding: {x: {field: preis, type: quantitative}}\n"
    )
    return told(source, preise=content)


# ----------------------------------------------------------------------------------------------------
# Rows
# ----------------------------------------------------------------------------------------------------


def test_rows_keep_the_order_of_their_columns_and_a_cell_left_out_is_empty() -> None:
    source = LINE.replace(
        "{month: 12, cost: 25.5}", "{cost: 25.5, month: 12, note: gemessen}, {month: 24, note: offen}"
    )
    ready = prepared(source)
    assert ready.csv == "month,cost,note\n0,100,\n12,25.5,gemessen\n24,,offen\n"
    assert ready.cells == (("0", "100", "–"), ("12", "25,5", "gemessen"), ("24", "–", "offen"))


def test_what_a_spreadsheet_would_run_is_a_text_in_the_csv_that_readers_download() -> None:
    content = 'preis,ort\n1,"=WEBSERVICE(""https://boese.example"")"\n2,+cmd|calc\n3,-5 bis 3\n-4,Wien\n'
    source = (
        "data: {csv: data/preise.csv}\nvega-lite: {mark: bar, encoding: {x: {field: preis, type: quantitative}}}\n"
    )
    lines = prepared(source, preise=content).csv.splitlines()[1:]
    assert lines == ['1,"\'=WEBSERVICE(""https://boese.example"")"', "2,'+cmd|calc", "3,-5 bis 3", "-4,Wien"]


def test_a_text_that_begins_with_an_equals_sign_is_a_formula() -> None:
    ready = prepared(LINE.replace("25.5", '"= 100 / rate ** (lag.low / (12 * month))"'))
    assert ready.values[1] == {"month": 12, "cost": pytest.approx(44.544935)}
    assert ready.cells[1] == ("12", "44,5")
    assert ready.csv.splitlines()[2] == "12,44.544935907"


def test_a_chart_over_a_number_with_a_fault_of_its_own_says_nothing_more() -> None:
    assert told(LINE.replace("25.5", '"= 100 * price"')) == []


def test_an_expression_over_a_number_with_a_fault_of_its_own_says_nothing_more() -> None:
    assert told(LINE.replace("mark: line", "mark: line\n  transform: [{filter: 'datum.cost > price_low'}]")) == []


def test_figures_make_rows_with_their_ranges_and_what_the_text_says() -> None:
    source = """\
data: {figures: [hardware, lag]}
vega-lite:
  mark: point
  encoding: {x: {field: best, type: quantitative}, y: {field: label, type: nominal}}
"""
    ready = prepared(source)
    assert ready.columns == ("Bezeichnung", "Untergrenze", "Bestwert", "Obergrenze", "Einheit", "Im Text")
    assert ready.cells == (
        ("Wert der Chips", "1\u00a0Mrd.", "1,25\u00a0Mrd.", "1,5\u00a0Mrd.", "US-Dollar", "1\u00a0Mrd."),
        ("lag", "7", "8,5", "10", "Monate", "–"),
    )
    assert ready.csv.startswith("id,label,low,best,high,unit,stated\nhardware,Wert der Chips,1000000000,1250000000,")
    assert ready.values[0] == {
        "id": "hardware",
        "label": "Wert der Chips",
        "low": 1_000_000_000,
        "best": 1_250_000_000,
        "high": 1_500_000_000,
        "unit": "USD",
        "stated": 1_000_000_000,
    }
    assert told(source.replace("lag]", "lags]")) == [
        "1:28 figure-unknown: there is no quantity or figure 'lags'; did you mean 'lag'?"
    ]


def test_a_csv_file_is_read_as_it_is_written() -> None:
    source = (
        "data: {csv: data/preise.csv}\nvega-lite: {mark: bar, encoding: {x: {field: preis, type: quantitative}}}\n"
    )
    ready = prepared(
        source, preise='\ufeffmodell,preis,seit\r\n"V3, ""neu""",1.10,2025-02-08\r\n"o1\nmini",,2024\r\n'
    )
    assert ready.values == [
        {"modell": 'V3, "neu"', "preis": 1.1, "seit": "2025-02-08"},
        {"modell": "o1\nmini", "preis": None, "seit": 2024},
    ]
    assert ready.cells[0] == ('V3, "neu"', "1,10", "8. Februar 2025")
    assert ready.cells[1][1] == "–"
    assert ready.numeric == (False, True, False)


def test_a_file_with_semicolons_has_decimal_commas_and_is_published_with_commas_and_points() -> None:
    source = (
        "data: {csv: data/preise.csv}\nvega-lite: {mark: bar, encoding: {x: {field: preis, type: quantitative}}}\n"
    )
    written = (
        '\ufeffmodell;preis;"seit, mit; Marken"\r\n"V3; ""neu""";-1,10;27.01.2025\r\n'
        "o1, mini;1234;1.2.3\r\nR1;1,5e3;10:30\r\n'12.30;12;'007\r\nleer;;\r\n"
    )
    ready = prepared(source, preise=written)
    assert [list(cast(dict[str, object], row).values()) for row in ready.values] == [
        ['V3; "neu"', -1.1, "27.01.2025"],
        ["o1, mini", 1234, "1.2.3"],
        ["R1", 1500, "10:30"],
        ["12.30", 12, "007"],  # texts, by the apostrophe that spreadsheets have for them
        ["leer", None, None],
    ]
    assert ready.csv.splitlines() == [
        'modell,preis,"seit, mit; Marken"',
        '"V3; ""neu""",-1.10,27.01.2025',
        '"o1, mini",1234,1.2.3',
        "R1,1.5e3,10:30",
        "12.30,12,007",
        "leer,,",
    ]


@pytest.mark.parametrize(("cell", "number"), [("01067", "1067"), ("0x1F", "31"), ("-007", "-7")])
def test_a_code_that_begins_with_a_zero_is_asked_for_quotation_marks(cell: str, number: str) -> None:
    with pytest.raises(ContentError) as caught:
        ROWS.read(yamldoc.parse(f"[{{a: 1}}, {{a: {cell}}}]", "chips/charts.yaml"))
    assert caught.value.diagnostic.hint == f"Write '{cell}' as a code, or {number} as a number."
    assert ROWS.read(yamldoc.parse(f"[{{a: '{cell}'}}, {{a: 0}}, {{a: -0.5}}]", "chips/charts.yaml"))


@pytest.mark.parametrize(
    ("cell", "hint"),
    [("1 200", "1200"), ("1.200.000", "1200000"), ("'3,5'", "3.5"), ("−5", "-5"), ("'1,200'", "1200 or 1.2")],
)
def test_what_is_no_number_in_rows_is_answered_with_the_number_it_may_be(cell: str, hint: str) -> None:
    (found,) = diagnostics(f"data: {{rows: [{{n: a, v: {cell}}}, {{n: b, v: 3}}]}}\n" + POINT % "{}")
    assert found.hint == f"Write {hint}. Leave the cell empty where nothing is known."


def test_what_is_no_number_in_a_file_with_semicolons_is_not_asked_for_a_point() -> None:
    source = "data: {csv: data/preise.csv}\n" + POINT % "{}"
    (found,) = diagnostics(source, preise="n;v\na;1,5\nb;3,2 %\n")
    assert found.message == "'3,2 %' is not a number, and 'v' is drawn as quantitative"
    assert found.hint.startswith("Write digits alone, with decimals as in the other rows.")


@pytest.mark.parametrize(
    ("content", "columns"),
    {
        "a;b,c;d\n1;2;3\n": ("a", "b,c", "d"),
        '"a;b;c",d\n1,2\n': ("a;b;c", "d"),
        "\r\n\na;b\n1;2\n": ("a", "b"),
        "a;b,c\n1;2,3\n": ("a;b", "c"),
    }.items(),
)
def test_semicolons_divide_where_the_header_has_more_of_them_than_commas(
    content: str, columns: tuple[str, ...]
) -> None:
    at = Position("charts.yaml")
    source = ChartData(csv=SourceText("p.csv", at), position=at)
    table, _ = chart_rows.read(source, "a", {"p.csv": content.encode()}, RESULTS)
    assert table is not None
    assert table.columns == columns


@pytest.mark.parametrize(("lang", "remark"), [("es", "Fuente: INE"), ("pl", "Źródło: GUS"), ("fr", "Source : Insee")])
def test_a_remark_below_a_table_is_known_in_the_language_of_the_article(lang: str, remark: str) -> None:
    at = Position("charts.yaml")
    source = ChartData(csv=SourceText("p.csv", at), position=at)
    content = f"prix;an\n1;2\n{remark};\n"
    table, told = chart_rows.read(source, "a", {"p.csv": content.encode()}, RESULTS, ",", lang)
    assert table is None
    assert "is a remark" in told[0].message


CSV_FAULTS = {
    "": "1:1 value-malformed: this file is empty; its first line names the columns",
    "preis,preis\n1,2\n": "1:7 field-doubled: there are two columns named 'preis'",
    "preis,\n1,2\n": "1:7 value-malformed: this column has no name",
    "preis;jahr\n1.234;2\n": (
        "2:1 value-malformed: '1.234' has a point, in a file whose decimals come after a comma: write 1234 or 1,234"
    ),
    "preis;jahr\n-1.234.567,5;2\n": (
        "2:1 value-malformed: '-1.234.567,5' has a point, in a file whose decimals come after a comma: "
        "write -1234567,5"
    ),
    "preis;jahr\n0.5;2\n": (
        "2:1 value-malformed: '0.5' has a point, in a file whose decimals come after a comma: write 0,5"
    ),
    'preis,jahr\n"1,234",2\n': (
        "2:1 value-malformed: '1,234' is no number; write 1234 or 1.234, the page prints the comma of its language"
    ),
    "preis\tjahr\n1\t2\n": "1:1 value-malformed: tabs stand between the cells of this file",
    "preis|jahr\n1|2\n": "1:1 value-malformed: '|' stands between the cells of this file",
    "Tabelle 1: Preise;\npreis;jahr\n1;2\n": (
        "1:1 value-malformed: the first line of this file names one column alone, as a title does"
    ),
    "preis;jahr\n1;2\nQuelle: Destatis, 2024;\n": (
        "3:1 value-malformed: 'Quelle: Destatis, 2024' is a remark, and would be a row of the chart"
    ),
    "preis,jahr\n1,2\n*) geschätzt,\n": (
        "3:1 value-malformed: '*) geschätzt' is a remark, and would be a row of the chart"
    ),
    "preis\n1\x002\n": "2:2 encoding: this is no text: it has the control character U+0000",
    "sep=;\npreis;jahr\n1;2\n": "1:1 value-malformed: 'sep=;' is for one spreadsheet alone",
    "preis;jahr\n1;2;3\n": "2:1 value-malformed: this row has 3 cells, the header has 2",
    "preis,jahr\n1,2\n3\n": "3:1 value-malformed: this row has 1 cell, the header has 2",
    'preis,jahr\n1,"2\n': (
        "2:3 value-malformed: a quotation mark opens this cell and nothing closes it, "
        "or text stands beside the closing one"
    ),
    'preis\n"1,5"\n': (
        "2:1 value-malformed: '1,5' is no number; write 1.5, the page prints the comma of its language"
    ),
    "preis\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> b\n": (
        "2:1 conflict-marker: '<<<<<<< HEAD' is what Git writes where two versions of some lines differ"
    ),
    "preis\n1e999\n": "2:1 value-malformed: '1e999' is larger than any number we can draw",
    "preis\nteuer\n": "2:1 value-malformed: 'teuer' is not a number, and 'preis' is drawn as quantitative",
    "preis\n" + "x" * 1001: "2:1 limit-exceeded: this cell has 1,001 characters; at most 1,000 fit",
    "preis\n" + "1\n" * 5001: "5002:1 limit-exceeded: a chart has at most 5,000 rows",
    ",".join(f"s{n}" for n in range(51)): "1:1 limit-exceeded: there are 51 columns; at most 50 are read",
    "x" * 2_000_001: "1:1 limit-exceeded: this file has 2,000,001 bytes; at most 2,000,000 are read",
    "preis\n": "1:7 chart-spec: this chart has no rows, so nothing can be drawn",
}


@pytest.mark.parametrize(("content", "message"), CSV_FAULTS.items(), ids=CSV_FAULTS.values())
def test_a_faulty_csv_file_is_told_with_its_own_place(content: str, message: str) -> None:
    assert with_csv(content) == [message]


def test_a_fault_in_a_csv_file_names_the_file() -> None:
    (diagnostic,) = diagnostics("data: {csv: data/preise.csv}\nvega-lite: {mark: bar}\n", preise="preis,jahr\n1\n")
    assert str(diagnostic.position) == "deepseek/data/preise.csv:2:1"


def test_a_csv_file_in_another_encoding_is_told_where_it_stops_being_text() -> None:
    broken = article()
    broken = Article(
        slug=broken.slug,
        path=broken.path,
        title=broken.title,
        lang="de",
        summary=broken.summary,
        body=broken.body,
        files={"data/preise.csv": "jahr,größe\n".encode("latin-1")},
    )
    source = "data: {csv: data/preise.csv}\nvega-lite: {mark: bar}\n"
    _, (diagnostic,) = charts.prepare(chart(source), broken, RESULTS, GERMAN)
    assert (diagnostic.code, str(diagnostic.position)) == ("encoding", "deepseek/data/preise.csv:1:8")


def test_a_missing_csv_file_is_told_with_the_nearest() -> None:
    source = "data: {csv: data/preis.csv}\nvega-lite: {mark: bar}\n"
    assert told(source, preise="a\n1\n") == [
        "1:13 file-missing: there is no file 'data/preis.csv' beside the article; did you mean 'data/preise.csv'?"
    ]


# ----------------------------------------------------------------------------------------------------
# Specifications
# ----------------------------------------------------------------------------------------------------


FAULTS = re.findall(
    r"^### (.+?)\n\n```yaml\n(.+?)```\n\n```\n(.+?)\n```",
    (EXAMPLES / "faults.md").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)


@pytest.mark.parametrize(("source", "message"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
def test_a_fault_is_told_as_the_examples_say(source: str, message: str) -> None:
    said = []
    for each in diagnostics(source):
        said.append(f"{each.position.line}:{each.position.column} {each.code}: {each.message}")
        said += [f"    {each.hint}"] if each.hint else []
    assert said == message.splitlines()


def test_no_example_of_a_fault_is_forgotten() -> None:
    assert len(FAULTS) == (EXAMPLES / "faults.md").read_text(encoding="utf-8").count("```yaml")


def test_each_reason_is_on_the_list_in_the_contract_and_each_but_those_of_drawing_has_an_example() -> None:
    messages = [line.partition(": ")[2] for _, _, told in FAULTS for line in told.splitlines() if line[0] != " "]
    rows_alone = re.compile(r"a cell of a chart|'lag' is a range|there is no (file|quantity or figure|.* unit) '")
    reasons = {message: reason_of(message) for message in messages if not rows_alone.match(message)}
    assert [message for message, reason in reasons.items() if reason is None] == []
    drawn = ("nothing", "what only", "no rows")
    example = {reason.pattern for reason in reasons.values() if reason}
    forgotten = [each.what for each in REASONS if each.pattern not in example and not each.what.startswith(drawn)]
    assert [what for what in forgotten if " above " not in what] == []


@pytest.mark.parametrize(
    "transform",
    [
        "[{calculate: 'datum.cost * 2', as: twice}, {filter: 'datum.twice > 1'}]",
        "[{aggregate: [{op: mean, field: cost, as: middle}], groupby: [month]}, {filter: 'datum.middle > 0'}]",
        "[{fold: [month, cost]}, {filter: 'datum.key != datum.value'}]",
        "[{bin: true, field: cost, as: step}, {filter: 'datum.step_end > 0'}]",
        "[{window: [{op: rank, as: place}], sort: [{field: cost}]}, {filter: 'datum.place > 0'}]",
        "[{filter: {not: 'datum.cost < 0'}}, {filter: {and: ['datum.cost > 0', {field: month, gte: 0}]}}]",
    ],
)
def test_columns_that_a_transform_makes_may_be_used(transform: str) -> None:
    prepared(LINE.replace("mark: line", f"mark: line\n  transform: {transform}"))


XY = "x: {field: month, type: quantitative}, y: {field: cost, type: quantitative}"
NAMED = {
    "repeat in a datum": (
        "{repeat: {layer: [month, cost]}, spec: {mark: line, encoding: {x: {field: month}, "
        "y: {field: {repeat: layer}, type: quantitative}, color: {datum: {repeat: layer}}}}}"
    ),
    "repeat in an order": (
        "{repeat: [cost], spec: {mark: bar, encoding: {x: {field: month, sort: {field: {repeat: repeat}}}}}}"
    ),
    "parameters of a regression": (
        "{transform: [{regression: cost, on: month, params: true}, {calculate: 'datum.rSquared', as: r}], "
        "mark: text, encoding: {text: {field: r}, x: {field: coef}}}"
    ),
    "a field of an argmax": (
        "{transform: [{aggregate: [{op: argmax, field: cost, as: top}], groupby: [month]}], mark: bar, "
        "encoding: {x: {field: 'top[''cost'']', type: quantitative}, y: {field: top.month}}}"
    ),
    "a field of a computed record": (
        "{transform: [{calculate: '{a: datum.cost}', as: box}], mark: bar, encoding: {x: {field: box.a}}}"
    ),
    "argmax in an encoding": (
        "{mark: bar, encoding: {x: {field: cost, aggregate: {argmax: month}, type: quantitative}}}"
    ),
    "a tick's value in a condition": (
        "{mark: line, encoding: {x: {field: month, type: quantitative, axis: {gridDash: {value: [2], condition: "
        "{test: {field: value, equal: 1}, value: []}}}}, y: {field: cost, type: quantitative}}}"
    ),
    "the mean of a column in a condition": (
        "{mark: bar, encoding: {x: {field: month}, y: {aggregate: mean, field: cost}, color: {value: red, "
        "condition: {test: 'datum.mean_cost > 5 || datum.__count > 3', value: blue}}}}"
    ),
    "a step in a condition": (
        "{mark: bar, encoding: {x: {field: cost, bin: true}, y: {aggregate: count}, color: {value: red, "
        "condition: {test: {field: bin_maxbins_10_cost_end, gt: 5}, value: blue}}}}"
    ),
    "the extent of a column": (
        "{transform: [{extent: cost, param: all}, {calculate: 'datum.cost / all[1]', as: share}], mark: bar, "
        "encoding: {x: {field: share}}}"
    ),
    "a pivot of what a fold made": (
        "{transform: [{fold: [month, cost]}, {pivot: key, value: value}], mark: bar, encoding: {x: {field: cost}}}"
    ),
    "a pivot of numbers": (
        "{transform: [{pivot: month, value: cost}], mark: bar, encoding: {x: {field: '12'}, y: {field: '0'}}}"
    ),
    "the event of a selection": (
        "{params: [{name: pick, select: {type: point, on: {type: click, filter: 'event.shiftKey'}}}], "
        f"mark: point, encoding: {{{XY}}}}}"
    ),
    "settings for axes": (
        "{config: {axis: {labelColor: {value: red, condition: {test: {field: value, gt: 1}, value: blue}}}}, "
        f"mark: point, encoding: {{{XY}}}}}"
    ),
}


@pytest.mark.parametrize("specification", NAMED.values(), ids=NAMED)
def test_a_name_that_vega_lite_knows_is_known(specification: str) -> None:
    prepared(f"data: {{rows: [{{month: 0, cost: 100}}, {{month: 12, cost: 25.5}}]}}\nvega-lite: {specification}\n")


@pytest.mark.parametrize(
    ("specification", "column"),
    [
        (NAMED["a field of an argmax"].replace("top.month", "top.monat"), "top.monat"),
        (NAMED["a field of an argmax"].replace("top.month", "month.a"), "month.a"),
        (NAMED["argmax in an encoding"].replace("{argmax: month}", "{argmax: monat}"), "monat"),
        (NAMED["the mean of a column in a condition"].replace("mean_cost", "mean_kost"), "mean_kost"),
        (NAMED["the mean of a column in a condition"].replace("mean_cost", "meam_cost"), "meam_cost"),
        (NAMED["a step in a condition"].replace("10_cost", "10_kost"), "bin_maxbins_10_kost_end"),
        (NAMED["the extent of a column"].replace("extent: cost", "extent: coast"), "coast"),
        (NAMED["a pivot of numbers"].replace("'12'", "'13'"), "13"),
        (NAMED["repeat in a datum"].replace("[month, cost]", "[month, coast]"), "coast"),
        (NAMED["parameters of a regression"].replace("params: true", "params: false"), "rSquared"),
        ("{transform: [{calculate: 'datum.mean_cost', as: z}], mark: bar, encoding: {x: {field: z}}}", "mean_cost"),
    ],
)
def test_a_name_that_only_looks_like_one_that_vega_lite_makes_is_refused(specification: str, column: str) -> None:
    source = f"data: {{rows: [{{month: 0, cost: 100}}, {{month: 12, cost: 25.5}}]}}\nvega-lite: {specification}\n"
    assert f"the rows have no column '{column}'" in {each.message.partition(";")[0] for each in diagnostics(source)}


def test_a_text_that_a_transform_makes_a_number_is_one() -> None:
    source = LINE.replace("cost: 100", "cost: '1x'").replace("mark: line", "%s\n  mark: line")
    assert diagnostics(source % "transform: [{filter: 'datum.cost != 2'}]")
    prepared(source % "transform: [{calculate: 'parseFloat(datum.cost)', as: cost}]")


def test_a_repeated_chart_names_its_columns_in_the_list() -> None:
    source = """\
data: {rows: [{a: 1, b: 2}]}
vega-lite:
  repeat: [a, b]
  spec: {mark: point, encoding: {x: {field: {repeat: repeat}, type: quantitative}}}
"""
    prepared(source)
    assert told(source.replace("[a, b]", "[a, c]")) == ["3:15 chart-field-unknown: the rows have no column 'c'"]


def test_a_column_with_a_point_in_its_name_is_found() -> None:
    source = """\
data: {rows: [{"Kosten (Mio. USD)": 5.3, wer: V3}]}
vega-lite:
  mark: bar
  encoding: {x: {field: Kosten (Mio. USD), type: quantitative}, y: {field: wer, type: nominal}}
"""
    assert "<path" in drawn(source).wide


def test_only_the_numbers_a_chart_computes_with_reach_it() -> None:
    ready = prepared(LINE.replace("mark: line", "mark: line\n  transform: [{filter: 'datum.cost > lag_low / rate'}]"))
    assert ready.specification["params"] == [{"name": "lag_low", "value": 7}, {"name": "rate", "value": 4}]
    assert "params" not in prepared(LINE).specification


def test_a_parameter_of_the_chart_itself_comes_before_a_quantity_of_its_name() -> None:
    source = LINE.replace(
        "mark: line", "mark: line\n  params: [{name: rate, value: 9}]\n  transform: [{filter: 'rate > 1'}]"
    )
    assert prepared(source).specification["params"] == [{"name": "rate", "value": 9}]


def test_an_expression_names_what_it_speaks_of() -> None:
    spoken = names(SourceText("if(datum.cost > rate, {a: b}['a'], datum['Preis in $'] + lag.low)"))
    assert [(name.kind, name.name) for name in spoken] == [
        ("function", "if"), ("variable", "datum"), ("column", "cost"), ("variable", "rate"), ("variable", "b"),
        ("variable", "datum"), ("column", "Preis in $"), ("variable", "lag"),
    ]  # fmt: skip


def test_the_schema_is_that_of_the_vega_lite_that_draws() -> None:
    source = (vega_schema.file().parent / "__init__.py").read_text(encoding="utf-8")
    version = re.search(r'SCHEMA_VERSION = "v(\d+\.\d+)', source)
    assert version
    assert version[1] == engine.VEGA_LITE


def test_neither_altair_nor_the_engine_is_imported_for_checking() -> None:
    script = f"""
import sys
from tests.test_charts import LINE, prepared
prepared({LINE!r})
print([name for name in ("altair", "vl_convert", "pandas", "narwhals") if name in sys.modules])
"""
    assert run(script) == "[]"


def test_a_specification_once_found_valid_needs_no_schema(tmp_path: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from randnotiz import charts
from tests.test_charts import LINE, RESULTS, GERMAN, article, chart
charts.prepare(chart({LINE!r}), article(), RESULTS, GERMAN, Path({str(tmp_path)!r}))
print("jsonschema" in sys.modules)
"""
    assert [run(script), run(script)] == ["True", "False"]


# ----------------------------------------------------------------------------------------------------
# Drawings
# ----------------------------------------------------------------------------------------------------


def run(script: str, **environment: str) -> str:
    """What a Python process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


GALLERY = cast(Map, yamldoc.parse((EXAMPLES / "gallery.yaml").read_text(encoding="utf-8"), "gallery.yaml"))
KINDS = {str(cast(Map, each)[SourceText("id")]): each for each in cast(Any, GALLERY[SourceText("charts")])}


@pytest.fixture(scope="session")
def gallery() -> dict[str, DrawnChart]:
    """All charts of tests/charts/gallery.yaml, drawn."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in (EXAMPLES / "data").glob("*.csv")}
    pictures = {}
    for name, given in KINDS.items():
        shown = given["data"]
        one = Chart(
            id=name,
            title=given["title"],
            alt=given["alt"],
            sources=(),
            rows=ChartData(rows=tuple(shown.get("rows", ())) or None, csv=shown.get("csv"), position=shown.position),
            spec=given["vega-lite"],
        )
        ready, found = charts.prepare(one, article(**files), RESULTS, GERMAN)
        assert not found
        assert ready
        pictures[name] = charts.draw(ready, None)
    return pictures


def variants(picture: DrawnChart) -> list[str]:
    assert picture.narrow
    return [picture.wide, picture.narrow, picture.alone]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_chart_fills_its_column_exactly(kind: str, gallery: dict[str, DrawnChart]) -> None:
    wide, narrow, _ = variants(gallery[kind])
    assert f'viewBox="0 0 {theme.WIDE} ' in wide
    assert f'viewBox="0 0 {theme.NARROW} ' in narrow


@pytest.mark.parametrize("kind", KINDS)
def test_no_drawing_brings_styles_scripts_links_or_the_engines_english(
    kind: str, gallery: dict[str, DrawnChart]
) -> None:
    for picture in variants(gallery[kind]):
        assert not re.search(r"style|<script|href|aria-roledescription|class=|px\"|<a |foreignObject|onload", picture)
        assert not re.search(r"\d\.\d{3}[ ,\"]", re.sub(r">[^<]*<", "><", picture)), "numbers have two decimals"


def test_an_id_stands_once_in_a_page_with_all_charts(gallery: dict[str, DrawnChart]) -> None:
    page = "".join(picture.wide + (picture.narrow or "") for picture in gallery.values())
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_title_and_alternative_text_are_printed_anew_where_only_their_numbers_have_changed() -> None:
    given, beside = chart(LINE), article()
    for number in ("900", "910"):

        def printed(text: SourceText, number: str = number) -> str:
            return f"{text}: {number} Euro"

        ready, _ = charts.prepare(given, beside, RESULTS, GERMAN, None, printed)
        assert ready
        assert ready.title == f"Die Kosten fallen: {number} Euro"
        assert ready.words == f"Liniendiagramm fallender Kosten: {number} Euro"


def test_a_picture_is_named_by_title_and_alternative_text(gallery: dict[str, DrawnChart]) -> None:
    wide = gallery["purchases"].wide
    assert (
        'role="img" aria-labelledby="chart-purchases-wide-title" aria-describedby="chart-purchases-wide-words"'
        in wide
    )
    assert (
        '<title id="chart-purchases-wide-title">Die großen Käufer haben 2024 ein Vielfaches gekauft</title>' in wide
    )


def test_colours_are_those_of_the_page_and_resolved_where_no_style_sheet_reaches(
    gallery: dict[str, DrawnChart],
) -> None:
    heat = gallery["benchmarks"]
    assert "var(--ink)" in heat.wide
    assert "color-mix(in srgb, var(--chart-1) 89%, var(--paper))" in heat.wide
    assert not re.search(r'="[^"]*(var\(|color-mix)', heat.alone)
    assert colours.LIGHT["chart-1"] in gallery["purchases"].alone


CLASSED = {
    "bin": "bin: true",
    "at most four bins": "bin: {maxbins: 4}",
    "bins that are names": "bin: true, type: ordinal",
    "more steps than five": "field: letter, type: ordinal",
    "quantiles": "scale: {type: quantile}",
    "seven quantiles of the author's": "scale: {type: quantile, scheme: {name: reds, count: 7}}",
    "equal classes": "scale: {type: quantize}",
    "equal classes, reversed": "scale: {type: quantize, reverse: true}",
    "equal classes around a middle": "scale: {type: quantize, domainMid: 20}",
    "thresholds": "scale: {type: threshold, domain: [10, 20, 30]}",
    "thresholds in the author's greys": "scale: {type: threshold, domain: [10], range: ['#ddd', '#222']}",
}


@pytest.mark.parametrize("colour", CLASSED.values(), ids=CLASSED)
def test_classes_have_as_many_colours_of_the_house_as_vega_lite_draws(colour: str) -> None:
    rows = (f"{{x: {n}, y: {n * 37 % 50}, part: {n * 13 % 41}, letter: {'abcdefgh'[n % 8]}}}" for n in range(24))
    field = colour if "field" in colour else f"field: part, {colour}"
    field += "" if "ordinal" in colour else ", type: quantitative"
    source = f"""\
data: {{rows: [{", ".join(rows)}]}}
vega-lite:
  mark: square
  encoding: {{x: {{field: x, type: quantitative}}, y: {{field: y, type: quantitative}}, color: {{{field}}}}}
"""
    ready = prepared(source)
    plain: dict[str, Json] = {"data": {"values": ready.values}, **ready.specification}
    drawn_plainly = drawing.engine_svg(plain, GERMAN)
    classes = {fill for group in mark_groups(drawn_plainly) for fill in group.fills}
    fills = set(
        re.findall(
            r'<(?:path|rect)[^>]*? fill="([^"]+)"',
            drawing.drawn(drawing.Request(ready.specification, ready.values, GERMAN)).wide.body,
        )
    )
    assert len(fills) == len(classes) > 1
    if "scheme" not in colour and "range" not in colour and "Mid" not in colour:
        assert all(fill.startswith("color-mix(in srgb, var(--chart-1)") for fill in fills)


def words(picture: str) -> list[str]:
    return [word.replace("\u00a0", " ") for word in re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", picture)]


def test_numbers_are_written_as_in_german(gallery: dict[str, DrawnChart]) -> None:
    assert {"485.000", "24.500"} <= set(words(gallery["purchases"].wide))
    assert {"1 Mio.", "6 Mio."} <= set(words(gallery["cost-parts"].wide))
    assert {"2,83", "1,68"} <= set(words(gallery["rates"].wide))


def test_numbers_are_written_as_in_english() -> None:
    source = LINE.replace("cost: 100}", "cost: -2500000}").replace("25.5", "1500000")
    assert {"−2 million", "1 million"} <= set(words(drawn(source, lang="en").wide))


def test_swiss_thousands_are_apostrophes() -> None:
    assert "30’000" in words(drawn(LINE.replace("25.5", "30000"), lang="de-CH").wide)


def test_the_format_an_author_asks_for_stays() -> None:
    source = LINE.replace("field: cost, type: quantitative", "field: cost, type: quantitative, axis: {format: '.1f'}")
    assert "100,0" in words(drawn(source).wide)


def test_months_bear_their_german_names() -> None:
    source = """\
data: {rows: [{day: 2025-03-01, price: 1}, {day: 2025-12-01, price: 2}]}
vega-lite:
  mark: line
  encoding: {x: {field: day, type: temporal}, y: {field: price, type: quantitative}}
"""
    assert {"März", "Okt."} <= set(words(drawn(source).wide))


LONG_NAMES = (
    "Bundesministerium für Wirtschaft und Klimaschutz",
    "Donaudampfschifffahrtsgesellschaft",
    "Kommission der Europäischen Union",
    "Rechnungshof der Republik Österreich",
    "Weltgesundheitsorganisation Genf",
    "Internationale Energieagentur Paris",
    "Landesverwaltungsamt Sachsen-Anhalt",
    "Bundesverfassungsgericht Karlsruhe",
    "Verband Deutscher Zeitungsverleger",
)


@pytest.mark.parametrize(
    "axis",
    [
        "{labelAngle: 0}",
        *(
            pytest.param(axis, marks=pytest.mark.slow)
            for axis in ("{}", "{orient: top}", "{labelAngle: 0, orient: top}")
        ),
    ],
)
def test_long_names_never_lie_on_each_other_whatever_the_author_asks_for(axis: str) -> None:
    rows = ", ".join(f"{{n: {name}, v: {at + 3}}}" for at, name in enumerate(LONG_NAMES))
    encoding = f"x: {{field: n, axis: {axis}}}, y: {{field: v, type: quantitative}}"
    ready = prepared(f"data: {{rows: [{rows}]}}\nvega-lite: {{mark: bar, encoding: {{{encoding}}}}}")
    for picture in seen(ready):
        texts = [text for text in picture.texts if len(text.words) > 2]
        assert {text.words for text in texts} == {*LONG_NAMES}
        assert overlaps(texts) == set()


POINT = "vega-lite: {mark: point, encoding: {y: {field: n}, x: {field: v, type: quantitative, scale: %s}}}"


@pytest.mark.parametrize(
    ("scale", "lost"),
    [
        ("{domain: [0, 100]}", "500"),
        ("{domain: [100, 20]}", "10"),
        ("{domainMin: 20}", "10"),
        ("{domainMax: 499.5}", "500"),
        ("{domain: [0, 500]}", None),
        ("{type: threshold, domain: [20, 100]}", None),
        ("{type: quantize, domain: [20, 100]}", None),
        ("{type: sqrt}", None),
        ("{type: symlog}", None),
    ],
)
def test_a_number_outside_of_what_a_scale_is_given_to_show_is_warned_of(scale: str, lost: str | None) -> None:
    source = "data: {rows: [{n: a, v: 10}, {n: b, v: 500}]}\n" + POINT % scale
    ready, found = charts.prepare(chart(source), article(), RESULTS, GERMAN)
    assert ready
    said = f"'{lost}' is outside of the 'domain' of 'v', so its mark is not seen whole"
    assert [each.message for each in found] == ([said] if lost else [])


@pytest.mark.parametrize(
    "rest",
    [
        "mark: line, encoding: {x: {field: v, type: quantitative, scale: {domain: [0, 100]}}}",
        "transform: [{filter: datum.v < 99}], mark: point,"
        " encoding: {x: {field: v, type: quantitative, scale: {domain: [0, 9]}}}",
        "transform: [{filter: datum.w > 0}], mark: point,"
        " encoding: {x: {field: w, type: quantitative, scale: {type: log}}}",
        "mark: point, encoding: {x: {field: below, type: quantitative, scale: {type: log}}}",
    ],
)
def test_what_goes_on_beyond_a_scale_or_is_filtered_out_is_not(rest: str) -> None:
    rows = "[{v: 10, w: 0, below: -1}, {v: 500, w: 7, below: -10}]"
    _, found = charts.prepare(chart(f"data: {{rows: {rows}}}\nvega-lite: {{{rest}}}"), article(), RESULTS, GERMAN)
    assert found == ()


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("transform: [{calculate: 1 / datum.v, as: w}], mark: point", "row 3 (c, 0) has no mark: what is computed"),
        (
            "transform: [{calculate: sqrt(datum.v - 1), as: w}], mark: bar",
            "row 3 (c, 0) has no mark: what is computed",
        ),
        ("transform: [{calculate: datum.v * 2, as: w}], mark: bar", None),
        ("transform: [{calculate: datum.v + 1, as: w}], mark: {type: bar, tooltip: null}", None),
    ],
)
def test_a_row_whose_mark_is_missing_is_named(rest: str, message: str | None) -> None:
    rows = "[{n: a, v: 10}, {n: b, v: 500}, {n: c, v: 0}, {n: d, v: 3}]"
    encoding = "encoding: {y: {field: n}, x: {field: w, type: quantitative}}"
    source = f"data: {{rows: {rows}}}\nvega-lite: {{{rest}, {encoding}}}"
    if message is None:
        assert drawn(source)
    else:
        with pytest.raises(ContentError, match=re.escape(message)):
            drawn(source)


def test_bars_on_a_logarithmic_scale_have_no_beginning() -> None:
    source = "data: {rows: [{n: a, v: 10}, {n: b, v: 500}]}\n" + POINT.replace("point", "bar") % "{type: log}"
    with pytest.raises(ContentError, match="nothing of the rows can be seen") as caught:
        drawn(source)
    assert "A bar begins at 0, where a logarithmic scale has no place" in caught.value.diagnostic.hint


def test_a_year_on_a_time_axis_is_a_year_and_is_printed_without_a_point() -> None:
    source = LINE.replace("month: 0", "month: 2023").replace("month: 12", "month: 2025")
    picture = drawn(source.replace("field: month, type: quantitative", "field: month, type: temporal"))
    assert {"2023", "2024", "2025"} <= set(words(picture.wide))
    assert picture.cells[0][0] == "2023"
    assert picture.numeric == (False, True)


ONE_PRINT = """\
data: {rows: [{name: A, n: %s}, {name: B, n: 0.5}]}
vega-lite:
  transform: [{calculate: datum.n * 3, as: thrice}]
  mark: text
  encoding:
    x: {field: n, type: quantitative, axis: null}
    y: {field: name, type: nominal}
    text: %s
"""


@pytest.mark.parametrize(
    ("number", "text", "printed"),
    [
        ('"= rate * 1332000"', "{field: n, type: quantitative}", "5,33 Mio."),  # computed: 5,328,000
        ('"= rate * 1332"', "{field: n, type: quantitative}", "5.330"),
        ('"= rate * 1332"', "{field: n}", "5.330"),
        ("5328000", "{field: n, type: quantitative}", "5,328 Mio."),  # every digit that was written
        (
            '"= rate * 0.66875"',
            "{field: n, type: quantitative}",
            "2,68",
        ),  # 2.675, for d3 a little less
        ("2.50", "{field: n, type: quantitative}", "2,50"),
        ('"= rate * 1332000"', "{field: n, type: quantitative, format: ',.0f'}", "5.328.000"),
        ('"= rate / 3"', "{field: n, type: quantitative, format: '.1f'}", "1,3"),
        ("0.357", "{field: n, type: quantitative, format: '.0%'}", "36 %"),
        ('"= rate * 1332"', "{field: n, type: nominal}", "5.330"),
    ],
)
def test_a_number_is_the_same_in_label_and_table(number: str, text: str, printed: str) -> None:
    picture = drawn(ONE_PRINT % (number, text))
    assert picture.cells[0][1].replace("\u00a0", " ") == printed
    assert printed in words(picture.wide)
    assert printed in words(picture.narrow or "")


def test_the_percent_sign_stands_in_front_where_the_language_has_it_there() -> None:
    turkish = ONE_PRINT % ("0.357", "{field: n, type: quantitative, format: '.0%'}")
    picture = drawn(turkish, lang="tr")
    assert picture.cells[0][1] == "%36"
    assert "%36" in words(picture.wide)
    assert printing.by_format(-0.5, ".0%", language.of("tr")) == "\u2212%50"


def test_the_end_of_a_range_is_a_number_where_its_beginning_is_one_and_a_year_where_that_is() -> None:
    source = """\
data: {rows: [{name: A, from: "= rate / 3", to: "= rate / 1.5"}]}
vega-lite:
  encoding: {y: {field: name, type: nominal}}
  layer: [{mark: rule, encoding: {x: {field: from, type: quantitative}, x2: {field: to}}}]
"""
    assert prepared(source).cells == (("A", "1,33", "2,67"),)
    years = source.replace('"= rate / 3"', "2023").replace('"= rate / 1.5"', "2025")
    assert prepared(years.replace("quantitative", "temporal")).cells == (("A", "2023", "2025"),)


def test_a_number_that_a_transform_makes_is_printed_like_a_computed_one() -> None:
    assert "16.000" in words(drawn(ONE_PRINT % ("5328", "{field: thrice, type: quantitative}")).wide)


def test_a_number_that_a_transform_only_moves_is_printed_as_in_the_table() -> None:
    source = ONE_PRINT.replace("calculate: datum.n * 3, as: thrice", "fold: [n]")
    picture = drawn(source % ("12345", "{field: value, type: quantitative}"))
    assert "12.345" in words(picture.wide)


FORMATS = [
    ",.0f",
    ".1f",
    ",.2~f",
    ",d",
    "d",
    ",.3r",
    ".3~r",
    ".1r",
    ".2s",
    ".3~s",
    "s",
    ".0%",
    ".1~%",
    ".2p",
    "+.1f",
    "(,.1f",
    "~f",
]
VALUES: list[Json] = [0, 1, -1, 0.5, 1.5, 2.5, -2.5, 2.675, 1e-7, 0.00012345, 0.999, 9.99, 99.95, 1234.5, -1234.5678]
VALUES += [5328000, 294672, 1e9, 123456789.125]


def test_a_format_is_read_as_d3_reads_it() -> None:
    """Each of many numbers in each of many formats, in one picture that the engine draws."""
    layers: list[Json] = [
        {"mark": "text", "encoding": {"text": {"field": "v", "format": each, "type": "quantitative"}}}
        for each in FORMATS
    ]
    whole: dict[str, Json] = {"data": {"values": [{"v": value} for value in VALUES]}, "layer": layers}
    picture = drawing.engine_svg(whole, GERMAN)
    theirs = [each.replace("&#160;", "\u00a0") for each in re.findall(r"<text[^>]*>([^<]+)<", picture)]
    ours = [printing.by_format(cast(float, value), shape, GERMAN) for shape in FORMATS for value in VALUES]
    assert len(theirs) == len(ours) == len(FORMATS) * len(VALUES)
    asked = [(shape, value) for shape in FORMATS for value in VALUES]
    assert [each for each in zip(asked, ours, theirs, strict=True) if each[1] != each[2]] == []
    assert printing.by_format(1234.5, ",", GERMAN) == "1.234,5"
    assert [printing.by_format(1.5, shape, GERMAN) for shape in (".3", ".2e", "x", "%Y", "$,.2f")] == [None] * 5


def test_large_numbers_beside_bars_are_said_in_words() -> None:
    source = LINE.replace("mark: line", "mark: text").replace("25.5", "1250000000")
    source += "    text: {field: cost, type: quantitative}\n"
    assert "1,25 Mrd." in words(drawn(source).wide)


def test_parts_of_bars_have_paper_between_them_and_whole_bars_keep_every_pixel() -> None:
    source = "data: {rows: [{typ: H100, n: 1}, {typ: H20, n: 2}]}\nvega-lite: {mark: bar, encoding: {%s}}\n"
    whole = "x: {field: n, type: quantitative}, y: {field: typ, type: nominal}"
    assert 'stroke="var(--paper)"' not in drawn(source % whole).wide
    parts = "x: {field: n, type: quantitative}, color: {field: typ, type: nominal, legend: null}"
    assert drawn(source % parts).wide.count('stroke="var(--paper)"') == 2


SERIES = """\
data: {rows: [{m: 0, c: 1, s: A}, {m: 1, c: 2, s: A}, {m: 0, c: 3, s: B}, {m: 1, c: 4, s: B}]}
vega-lite:
  encoding: {x: {field: m, type: quantitative}, y: {field: c, type: quantitative}, color: %s}
  layer: [%s]
"""
OF_S = "{field: s, type: nominal}"


@pytest.mark.parametrize(
    ("colour", "marks", "dashes", "shapes", "entries"),
    [
        (OF_S, "{mark: line}", 2, 0, 2),
        (OF_S, "{mark: point}", 0, 2, 2),
        (OF_S, "{mark: line}, {mark: point}", 2, 2, 2),  # one legend for three signs
        ("{field: s, type: nominal, sort: [B, A]}", "{mark: line}, {mark: point}", 2, 2, 2),
        (
            "{field: s}",
            "{mark: line, encoding: {color: {field: s}}}, {mark: rule, encoding: {color: {field: s}}}",
            2,
            0,
            2,
        ),
        ("{field: s, type: nominal, legend: null}", "{mark: line}", 2, 0, 0),
        (OF_S, "{mark: {type: line, strokeDash: [2, 2]}}", 1, 0, 2),  # the author's own
        ("{value: red}", "{mark: line, encoding: {detail: {field: s}}}", 0, 0, 0),
    ],
)
def test_series_have_a_second_sign_beside_their_colour(
    colour: str, marks: str, dashes: int, shapes: int, entries: int
) -> None:
    root = svg.parsed(seen(prepared(SERIES % (colour, marks)))[0].engine)
    kinds: dict[str, list[Any]] = {"mark-line": [], "mark-symbol": []}
    labels = []
    for group in root.iter():
        classes = group.get("class", "").split()
        labels += [each.text for each in group] if "role-legend-label" in classes else []
        for kind in {*kinds} & {*classes} if "role-mark" in classes else ():
            kinds[kind] += [*group]
    found = {each.get("stroke-dasharray") for each in kinds["mark-line"]} - {None}
    assert (len(found), len({each.get("d") for each in kinds["mark-symbol"]})) == (dashes, shapes)
    assert len(labels) == entries


def test_the_height_that_an_author_gives_holds_for_numbers_whose_type_stands_outside_of_their_layer() -> None:
    rows = ", ".join(f"{{day: {day}, warm: {day * 7 % 90}}}" for day in range(90))
    source = f"""\
data: {{rows: [{rows}]}}
vega-lite:
  height: 200
  encoding: {{x: {{field: day, type: quantitative}}, y: {{type: quantitative}}}}
  layer: [{{mark: point, encoding: {{y: {{field: warm}}}}}}]
"""
    assert 200 < seen(prepared(source))[0].drawing.height < 300


BANDS = [("area", {"fill-opacity": "0.2"}), ("{type: area, opacity: 0.3}", {"opacity": "0.3"})]


@pytest.mark.parametrize(("mark", "opacity"), BANDS)
def test_a_band_shines_through_once_and_as_its_author_has_it(mark: str, opacity: dict[str, str]) -> None:
    source = """\
data: {rows: [{m: 0, a: 1, b: 2}, {m: 1, a: 2, b: 4}]}
vega-lite:
  mark: %s
  encoding: {x: {field: m, type: quantitative}, y: {field: a, type: quantitative}, y2: {field: b}}
"""
    picture = drawn(source % mark).wide
    band = next(path for path in re.findall(r"<path[^>]*>", picture) if "fill=" in path and "Z" in path)
    assert dict(re.findall(r'((?:fill-)?opacity)="([^"]+)"', band)) == opacity


def test_lines_have_colours_that_can_be_seen_and_bars_those_of_surfaces() -> None:
    assert {*re.findall(r"--chart-\d(?:-line)?", drawn(SERIES % (OF_S, "{mark: line}")).wide)} == {
        "--chart-1-line",
        "--chart-2-line",
    }
    assert {*re.findall(r"--chart-\d(?:-line)?", drawn(SERIES % (OF_S, "{mark: bar}")).wide)} == {
        "--chart-1",
        "--chart-2",
    }


def test_a_chart_is_also_a_specification_that_anybody_can_draw() -> None:
    source = ONE_PRINT % ('"= rate * 1332"', "{field: n, type: quantitative}")
    source = source.replace("datum.n * 3", "datum.n * lag_high")
    whole = json.loads(drawn(source).vega_lite)
    assert [one["name"] for one in whole["params"]] == ["lag_high"]  # what it computes with, none of the house's
    assert (whole["title"], whole["description"]) == ("Die Kosten fallen", "Liniendiagramm fallender Kosten")
    assert whole["data"]["values"][0] == {"name": "A", "n": 5328}
    picture = drawing.engine_svg(whole, GERMAN)
    assert len(next(group for group in mark_groups(picture) if group.kind == "text").marks) == 2


def test_a_missing_value_has_no_label() -> None:
    source = LINE.replace("mark: line", "mark: text").replace("25.5", "null") + "    text: {field: cost}\n"
    assert "null" not in drawn(source).wide


def test_a_label_of_several_lines_stands_at_the_middle_of_its_row(gallery: dict[str, DrawnChart]) -> None:
    label = re.search(r'translate\(-6,([\d.]+)\)" [^>]*><tspan>DeepSeek und High-Flyer', gallery["purchases"].wide)
    bar = re.findall(r"M0,([\d.]+)h[\d.]+v([\d.]+)", gallery["purchases"].wide)[-2]
    assert label
    middle = float(bar[0]) + float(bar[1]) / 2
    assert float(label[1]) < middle < float(label[1]) + theme.LINE


def test_views_abreast_are_stacked_in_the_narrow_column() -> None:
    view = "{mark: point, encoding: {x: {field: month, type: quantitative}, y: {field: cost, type: quantitative}}}"
    source = (
        f"data: {{rows: [{{month: 0, cost: 1}}, {{month: 1, cost: 2}}]}}\nvega-lite: {{hconcat: [{view}, {view}]}}\n"
    )
    picture = drawn(source)
    height = {
        int(width): int(height)
        for width, height in re.findall(r'viewBox="0 0 (\d+) (\d+)"', "".join(variants(picture)))
    }
    assert height[theme.NARROW] > 1.5 * height[theme.WIDE]


def test_a_small_chart_keeps_its_size_in_both_columns() -> None:
    picture = drawn(LINE.replace("mark: line", "mark: line\n  width: 150"))
    wide, narrow, _ = variants(picture)
    assert wide.partition("<g")[2].replace("-wide", "") == narrow.partition("<g")[2].replace("-narrow", "")


def test_a_chart_in_which_nothing_can_be_seen_is_a_fault() -> None:
    ready = prepared(LINE.replace("mark: line", "mark: point\n  transform: [{filter: 'datum.cost > 1000'}]"))
    with pytest.raises(ContentError, match="5:24: nothing of the rows can be seen in this chart"):
        charts.draw(ready, None)


ROWS_OF_COSTS = "data: {rows: [{who: a, cost: 1, year: 2024}, {who: b, cost: 3, year: 2025}]}\n"
X, Y = "x: {field: who}", "y: {field: cost, type: quantitative}"
# What only the engine refuses, where it stands (`«`), and how that is said.
REFUSED = (
    (
        "{mark: bar, encoding: {X, y: {field: cost, type: quantitative, axis: {format: «q9}}}}",
        "'q9' is no format",
    ),
    ("{mark: text, encoding: {X, Y, text: {field: cost, format: «$$}}}", "'$$' is no format"),
    ("{config: {numberFormat: «nix}, mark: bar, encoding: {X, Y}}", "'nix' is no format"),
    (
        "{layer: [{mark: bar, encoding: {X, Y}}, {mark: rule, encoding: {y: {datum: 2, axis: {format: «q9}}}}]}",
        "'q9' is no format",
    ),
    (
        "{facet: {row: {field: who}}, spec: {mark: bar, encoding: {x: {field: cost, axis: {format: «yy}}}}}",
        "'yy' is no format",
    ),
    (
        "{facet: {row: {field: cost, header: {format: «yy}}}, spec: {mark: bar, encoding: {X, Y}}}",
        "'yy' is no format",
    ),
    ("{mark: bar, encoding: {x: {field: who, sort: «-color}, Y}}", "this chart has no such channel"),
    ("{mark: bar, encoding: {x: {field: who, sort: {encoding: «size}}, Y}}", "this chart has no such channel"),
    (
        "{mark: bar, encoding: {X, Y, color: {condition: {param: «nix, value: red}, value: blue}}}",
        "no parameter 'nix'",
    ),
    (
        "{mark: {type: point, shape: «M0 L banana}, encoding: {X, Y}}",
        "neither a name that Vega knows nor a path",
    ),
    ("{mark: «boxplot, encoding: {X}}", "'boxplot' needs an axis with numbers"),
    (
        "{mark: «errorbar, encoding: {X, y: {field: who, type: nominal}}}",
        "'errorbar' needs an axis with numbers",
    ),
    (
        "{transform: [{calculate: «datum.cost.a.b, as: z}], mark: bar, encoding: {X, Y}}",
        "'b' is read of something",
    ),
    ("{transform: [{calculate: «'max(1, )', as: z}], mark: bar, encoding: {X, Y}}", "Unexpected token )"),
    (
        "{transform: [{regression: cost, on: year, method: poly, order: «-3}], mark: line, encoding: {X, Y}}",
        "asks for more than can be drawn",
    ),
    (
        "{params: [{name: p, select: {type: point, on: «'click['}}], mark: bar, encoding: {X, Y}}",
        "Unmatched left bracket",
    ),
    (
        "{mark: bar, encoding: {x: {field: who, axis: {labelExpr: «datum.a.b.c}}, "
        "y: {field: cost, type: quantitative, axis: {labelExpr: datum.d.e.f}}}}",
        "is read of something that is not there",
    ),
    (
        "{transform: [{filter: «datum.cost > 9}], mark: bar, encoding: {X, Y}}",
        "nothing of the rows can be seen",
    ),
)


@pytest.mark.parametrize(("specification", "words"), REFUSED)
def test_what_only_the_engine_notices_is_told_at_the_part_that_is_to_blame(specification: str, words: str) -> None:
    specification = specification.replace("{X", f"{{{X}").replace(" Y", f" {Y}")
    place = specification.index("«") + len("vega-lite: ") + 1
    ready = prepared(f"{ROWS_OF_COSTS}vega-lite: {specification.replace('«', '')}\n")
    with pytest.raises(ContentError) as caught:
        charts.draw(ready, None)
    diagnostic = caught.value.diagnostic
    assert (diagnostic.code, diagnostic.position.line, diagnostic.position.column) == ("chart-spec", 2, place)
    assert words in diagnostic.message
    assert re.search(r"(Without '.*'|With another mark) it can be drawn\.$|leave it out\.$", diagnostic.hint)
    assert "undefined" not in diagnostic.message + diagnostic.hint


def test_the_part_to_blame_is_found_below_parts_that_fail_for_other_reasons() -> None:
    specification = {"spec": {"layer": [{"a": 1, "b": {"c": 2, "bad": 3}}, {"bad": 3}]}, "facet": {"d": 4}}

    def outcome_of(value: Any) -> str:
        if not value.get("spec", {}).get("layer") or "d" not in value.get("facet", {}):
            return "there is no view"
        return "this is bad" if "bad" in json.dumps(value) else ""

    assert blame.part_to_blame(cast(Any, specification), outcome_of) == (("spec", "layer", 1, "bad"), True)


def test_a_search_for_the_part_to_blame_ends() -> None:
    asked = 0

    def outcome_of(value: Any) -> str:
        nonlocal asked
        asked += 1
        return f"a reason of its own: {asked if value != wide else 0}"

    wide = {f"part{number}": {"a": 1, "b": 2} for number in range(blame.MOST_TRIALS)}
    assert blame.part_to_blame(cast(Any, wide), outcome_of) == ((), False)
    assert asked == blame.MOST_TRIALS


def test_a_refused_chart_is_not_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = LINE.replace("mark: line", "mark: line\n  transform: [{calculate: 'max(1, )', as: z}]")
    found = []
    for _ in range(2):
        with pytest.raises(ContentError) as caught:
            charts.draw(prepared(source), tmp_path)
        found.append(caught.value.diagnostic)
        monkeypatch.setattr(drawing, "_engine", None)  # there is none any more
    assert found[0] == found[1]
    with pytest.raises(ContentError, match="7:27: Vega-Lite cannot draw this"):  # and is told where it stands now
        charts.draw(prepared(f"title: Titel\nalt: Linie\n{source}"), tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells the limits of another process")
def test_labels_are_measured_in_the_engines_own_face_unless_it_lacks_their_letters() -> None:
    for words, own_face in (("Straße, τιμή, цена, מחיר, 5 ≥ 4\u202f%", True), ("値段", False), ("ราคา", False)):
        drawing._close()
        drawing._running.clear()
        drawn(LINE.replace("x: {field: month", f"x: {{title: '{words}', field: month"))
        ((kind, started),) = drawing._running.items()
        files, _ = resource.prlimit(started.process.pid, resource.RLIMIT_NOFILE)
        assert (kind, files == 0) == (own_face, own_face), words


@pytest.mark.slow
@pytest.mark.parametrize(
    ("transform", "code"),
    [
        (
            "calculate: \"test(regexp('(a+)+$'), 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')\", as: z",
            "limit-exceeded",
        ),
        ("impute: cost, key: month, keyvals: {start: 0, stop: 1000000000}, value: 0", "limit-exceeded"),
        ("calculate: \"format(1, '900000000')\", as: z", "chart-spec"),
    ],
    ids=["an expression without end", "a billion rows", "a text of a billion characters"],
)
def test_a_specification_that_would_take_the_engine_down_ends_in_a_fault(transform: str, code: str) -> None:
    drawn(LINE)  # so that the engine runs already
    ready = prepared(LINE.replace("mark: line", f"mark: line\n  transform: [{{{transform}}}]"))
    with pytest.raises(ContentError) as caught:
        charts.draw(ready, None)
    assert caught.value.diagnostic.code == code
    assert "<path" in drawn(LINE).wide, "the next chart has an engine again"


def test_a_drawing_taller_than_a_page_can_bear_is_refused() -> None:
    rows = ", ".join(f"{{month: m{number}, cost: 1}}" for number in range(300))
    source = LINE.replace("{month: 0, cost: 100}, {month: 12, cost: 25.5}", rows).replace("mark: line", "mark: bar")
    source = source.replace("y: {field: cost", "x: {field: cost").replace(
        "x: {field: month, type: quantitative", "y: {field: month, type: nominal"
    )
    with pytest.raises(ContentError, match="pixels high; at most 5,000 fit into a page"):
        drawn(source)


def test_markup_in_rows_stays_text() -> None:
    source = """\
data: {rows: [{who: "</text><script>alert(1)</script>", cost: 1}]}
title: "</title><script>alert(2)</script>"
vega-lite: {mark: bar, encoding: {y: {field: who, type: nominal}, x: {field: cost, type: quantitative}}}
"""
    for picture in variants(drawn(source)):
        assert "<script" not in picture
        assert "&lt;script" in picture


def test_a_colour_that_reaches_outside_is_left_out() -> None:
    colours = "fill: 'url(https://example.org/a.svg#b)', stroke: 'URL(//example.org/a)'"
    axis = r"axis: {labelColor: 'u\72l(//example.org/d)', labelFont: 'a, URL(//example.org/e)', gridDash: [1, 2]}"
    source = LINE.replace("mark: line", f"mark: {{type: point, {colours}}}\n  config: {{{axis}}}")
    for picture in variants(drawn(source)):
        assert "example.org" not in picture


def test_fonts_are_the_pages() -> None:
    source = LINE.replace("mark: line", "mark: line\n  config: {font: Comic Sans MS, axis: {labelFont: Papyrus}}")
    assert set(re.findall(r'font-family="([^"]*)"', drawn(source).wide)) == {svg.FACE}


# ----------------------------------------------------------------------------------------------------
# Room for everything
# ----------------------------------------------------------------------------------------------------

PLACES = ("Crookston", "Duluth", "Grand Rapids", "Morris", "University Farm", "Waseca")
SECTORS = "Bau Handel Information Industrie Finanzen Bildung Gastgewerbe Bergbau Verkehr Verwaltung".split()  # noqa: SIM905
COUNTRIES = "Mecklenburg-Vorpommern Nordrhein-Westfalen Baden-Württemberg Rheinland-Pfalz Schleswig-Holstein".split()  # noqa: SIM905
# Each is one word without a hyphen, so that only fewer of them abreast have room.
OFFICES = [f"{land}rechnungshofverwaltung" for land in ("Landes", "Bundes", "Bezirks", "Kreis", "Stadt", "Gemeinde")]
LONG_NAME = (
    "Alle Ausgaben des Bundes und der Länder für den Arbeitsmarkt einschließlich der Zuschüsse an die Rentenkasse"
)
LONG = "Anteil der Haushalte mit einem Einkommen unter der amtlichen Schwelle, in Prozent aller Haushalte der Gegend"
ROOM = {
    "header and title of y": (
        "{mark: bar, encoding: {column: {field: sex}, x: {field: month, type: ordinal},"
        " y: {field: cost, type: quantitative, title: Einwohner}}}"
    ),
    "headers by a facet": (
        "{facet: {column: {field: sex}}, spec: {mark: bar, encoding: {x: {field: month},"
        " y: {field: cost, type: quantitative}}}}"
    ),
    "long headers side by side": (
        "{mark: line, encoding: {column: {field: place}, x: {field: month, type: quantitative},"
        " y: {field: cost, type: quantitative, aggregate: mean}}}"
    ),
    "two pies with six places": (
        "{mark: arc, encoding: {column: {field: sex}, theta: {aggregate: sum, field: cost}, color: {field: place}}}"
    ),
    "ten sectors without a type": (
        "{mark: area, encoding: {x: {field: month, type: quantitative}, y: {aggregate: sum, field: cost},"
        " color: {field: sector}}}"
    ),
    "headers of long words": (
        "{mark: bar, encoding: {column: {field: office}, x: {field: month, type: quantitative}, y: {field: degree}}}"
    ),
    "headers of long words by a facet": (
        "{facet: {column: {field: office}}, spec: {mark: bar, encoding: {x: {field: month, type: quantitative},"
        " y: {field: cost, type: quantitative, aggregate: mean}}}}"
    ),
    "a first name of many lines": (
        "{mark: bar, encoding: {y: {field: question}, x: {aggregate: sum, field: cost}}}"
    ),
    "more parts across than down": (
        "{mark: point, encoding: {row: {field: sex}, column: {field: place}, x: {field: month, type: quantitative},"
        " y: {field: cost, type: quantitative}}}"
    ),
    "a long title of one of two views": (
        f"{{hconcat: [{{title: '{LONG}', mark: bar, encoding: {{y: {{field: sector}}, x: {{aggregate: count}}}}}},"
        " {mark: bar, encoding: {x: {field: sex}, y: {aggregate: count}}}]}"
    ),
    "a long title of a legend right of names": (
        f"{{mark: rect, encoding: {{x: {{field: sex}}, y: {{field: sector}}, color: {{aggregate: mean, field: cost,"
        f" title: '{LONG}'}}}}}}"
    ),
    "a legend at the left": (
        "{mark: line, encoding: {x: {field: month, type: quantitative}, y: {aggregate: sum, field: cost},"
        " color: {field: place, legend: {orient: left}}}}"
    ),
    "more columns of a legend than have room": (
        "{mark: point, encoding: {x: {field: month, type: quantitative}, y: {field: cost, type: quantitative},"
        " color: {field: country, legend: {orient: bottom, columns: 4}}}}"
    ),
    "two legends": (
        "{mark: point, encoding: {x: {field: month, type: quantitative}, y: {field: cost, type: quantitative},"
        " color: {field: place}, size: {field: cost, type: quantitative}}}"
    ),
    "legends of views abreast": (
        "{hconcat: [{mark: bar, encoding: {x: {field: month}, y: {aggregate: sum, field: cost}, color:"
        " {field: sector}}}, {mark: bar, encoding: {x: {field: month}, y: {aggregate: sum, field: cost}, color:"
        " {field: place}}}], resolve: {scale: {color: independent}}}"
    ),
    "large symbols in few bins": (
        "{mark: circle, encoding: {x: {field: month, type: quantitative, bin: {maxbins: 2}}, y: {field: cost,"
        " type: quantitative, bin: {maxbins: 2}}, size: {aggregate: count}}}"
    ),
    "long titles": (
        f"{{title: '{LONG}', mark: bar, encoding: {{x: {{field: cost, type: quantitative, title: '{LONG}'}},"
        f" y: {{field: month, type: quantitative, title: '{LONG}'}}, color: {{field: sex, title: '{LONG}'}}}}}}"
    ),
    "long titles of repeated views": (
        f"{{repeat: {{column: [cost, month]}}, spec: {{mark: line, encoding: {{x: {{field: month, title: '{LONG}',"
        " type: quantitative}, y: {field: {repeat: column}, type: quantitative}}}}"
    ),
    "a title over names": (
        "{mark: bar, encoding: {y: {field: sector, axis: {title: Wirtschaftszweig}}, color: {field: place},"
        " x: {aggregate: sum, field: cost}}}"
    ),
    "two axes of numbers": (
        "{encoding: {x: {field: month, type: quantitative}}, layer: ["
        f"{{mark: line, encoding: {{y: {{field: cost, title: '{LONG}', type: quantitative}}}}}}, {{mark: line,"
        f" encoding: {{y: {{field: cost, title: '{LONG}', type: quantitative, axis: {{orient: right}}}}}}}}],"
        " resolve: {scale: {y: independent}}}"
    ),
    "two axes of numbers that say no side": (
        "{encoding: {x: {field: month, type: quantitative}}, layer: ["
        f"{{mark: bar, encoding: {{y: {{field: cost, title: '{LONG[:40]}', type: quantitative}}}}}}, {{mark: line,"
        f" encoding: {{y: {{field: cost, title: '{LONG[:40]}', type: quantitative}}}}}}],"
        " resolve: {scale: {y: independent}}}"
    ),
    "rows closer than their letters": (
        "{height: {step: 9}, mark: bar, encoding: {y: {field: sector}, x: {aggregate: sum, field: cost}}}"
    ),
    "a height too small for its rows": (
        "{height: 90, mark: bar, encoding: {y: {field: sector}, x: {aggregate: sum, field: cost}}}"
    ),
    "more names below than have room": (
        "{mark: bar, encoding: {x: {field: number}, y: {field: cost, type: quantitative}}}"
    ),
    "days down": (
        "{mark: bar, encoding: {y: {field: day, timeUnit: yearmonthdatehoursminutes, type: ordinal},"
        " x: {aggregate: sum, field: cost}}}"
    ),
}  # fmt: skip


@pytest.mark.parametrize("height", ["{step: 9}", "40"])
def test_rows_are_as_high_as_the_lines_of_their_names(height: str) -> None:
    rows = ", ".join(f"{{name: Ein Name mit vielen Worten darin und der Nummer {n}, v: {n}}}" for n in range(6))
    bars = f"{{height: {height}, mark: bar, encoding: {{y: {{field: name}}, x: {{field: v, type: quantitative}}}}}}"
    for picture in seen(prepared(f"data: {{rows: [{rows}]}}\nvega-lite: {bars}\n")):
        assert not overlaps(picture.texts)


def test_a_gradient_has_no_more_room_than_long_names_beside_it_leave() -> None:
    heat = "{mark: rect, encoding: {x: {field: sex}, y: {field: office}, color: {field: cost, aggregate: mean}}}"
    for column, picture in zip((theme.WIDE, theme.NARROW), seen(_roomy(heat)), strict=True):
        assert picture.drawing.width == column
        assert clipped(picture.texts, column, picture.drawing.height) == set()


def test_the_legend_of_a_trail_shows_how_wide_it_is() -> None:
    x, y = "{field: a, type: quantitative}", "{field: b, type: quantitative}"
    trail = f"{{mark: trail, encoding: {{x: {x}, y: {y}, size: {y}}}}}"
    root = svg.parsed(
        seen(prepared(f"data: {{rows: [{{a: 1, b: 2}}, {{a: 2, b: 9}}]}}\nvega-lite: {trail}\n"))[0].engine
    )
    groups = [each for each in root.iter() if "role-legend-symbol" in each.get("class", "")]
    symbols = [child for group in groups for child in group]
    assert len({each.get("stroke-width") for each in symbols}) > 1
    assert not [each for each in symbols if "A" in each.get("d", "")]  # circles, in which no width is seen


def test_parts_of_which_no_two_stand_in_a_row_have_half_of_the_column_each() -> None:
    diagonal = (
        "{facet: {row: {field: sex}, column: {field: sex}}, spec: {mark: point, encoding: {x: {field: cost, type:"
        " quantitative}, y: {field: month, type: quantitative}}}, resolve: {scale: {x: independent, y: independent}}}"
    )
    for column, picture in zip((theme.WIDE, theme.NARROW), seen(_roomy(diagonal)), strict=True):
        assert picture.drawing.width == column
        assert picture.plots > 0.3 * column


def test_marks_beyond_a_domain_are_cut_off_and_do_not_shrink_the_picture() -> None:
    beyond = LINE.replace("x: {field: month,", "x: {field: month, scale: {domain: [0, 1]},")
    for column, picture in zip((theme.WIDE, theme.NARROW), seen(prepared(beyond)), strict=True):
        assert picture.plots > 0.6 * column
        assert "clip-path" in picture.drawing.body
    assert "clip-path" not in seen(prepared(LINE))[0].drawing.body


def _roomy(specification: str) -> charts.Prepared:
    rows = (
        f"{{month: {n % 12}, cost: {n * 37 % 50 + 1}, sex: {('Frauen', 'Männer')[n % 2]}, place: {PLACES[n % 6]}, "
        f"sector: {SECTORS[n % 10]}, number: Nummer {n}, day: 2011-{n % 12 + 1:02}-10, country: {COUNTRIES[n % 5]}, "
        f"degree: {('Abitur', 'Meister')[n % 2]}, question: {('Anderes', LONG_NAME)[n % 2]}, "
        f"office: {OFFICES[n % 6]}}}"
        for n in range(60)
    )
    return prepared(f"data: {{rows: [{', '.join(rows)}]}}\nvega-lite: {specification}\n")


@pytest.mark.parametrize(
    ("names", "order"),
    [
        ("Januar Februar März", "Januar Februar März"),
        ("Juli August Jan. Feb.", "Juli August Jan. Feb."),  # of a year that begins so
        ("May June April", "May June April"),
        ("Mo Di Mi Do Fr", "Mo Di Mi Do Fr"),
        ("Klasse_10 Klasse_9 Klasse_8", "Klasse_8 Klasse_9 Klasse_10"),
        ("10–14_Jahre 5–9_Jahre 100_Jahre", "5–9_Jahre 10–14_Jahre 100_Jahre"),
        ("2024 2023", "2023 2024"),
        ("Wien Graz Mai", "Graz Mai Wien"),
        ("B96 A8", "A8 B96"),
    ],
)
@pytest.mark.parametrize("channel", ["x", "y", "color"])
def test_names_of_months_stand_as_the_rows_have_them_and_numbered_ones_by_number(
    names: str, order: str, channel: str
) -> None:
    rows = ", ".join(f"{{n: '{name.replace('_', ' ')}', v: {at}}}" for at, name in enumerate(names.split(), start=1))
    other = "x" if channel == "y" else "y"
    bars = f"{{mark: bar, encoding: {{{channel}: {{field: n}}, {other}: {{field: v, type: quantitative}}}}}}"
    lines = seen(prepared(f"data: {{rows: [{rows}]}}\nvega-lite: {bars}\n"))[0].texts
    shown = {each.words.replace(" ", "_"): each.box for each in lines}
    found = sorted({*names.split()} & {*shown}, key=lambda name: shown[name][channel == "y"])
    assert found == order.split()


@pytest.mark.parametrize("channel", ["row", "column", "facet"])
def test_parts_of_a_chart_stand_in_the_order_of_their_months(channel: str) -> None:
    rows = ", ".join(f"{{n: {name}, v: {at}}}" for at, name in enumerate(("Januar", "Februar", "März", "April")))
    points = f"{{mark: point, encoding: {{{channel}: {{field: n}}, x: {{field: v, type: quantitative}}}}}}"
    wide = seen(prepared(f"data: {{rows: [{rows}]}}\nvega-lite: {points}\n"))[0]
    places = {each.words: each.box for each in wide.texts}
    found = sorted(("April", "Februar", "Januar", "März"), key=lambda name: (places[name][1], places[name][0]))
    assert found == ["Januar", "Februar", "März", "April"]


def test_an_author_decides_how_names_are_sorted() -> None:
    bars = "{mark: bar, encoding: {x: {field: n, sort: ascending}, y: {field: v, type: quantitative}}}"
    source = f"data: {{rows: [{{n: Januar, v: 1}}, {{n: April, v: 2}}]}}\nvega-lite: {bars}\n"
    lines = {each.words: each.box[0] for each in seen(prepared(source))[0].texts}
    assert lines["April"] < lines["Januar"]


PYRAMID = """\
data:
  rows:
  - {age: 0, who: Frauen, n: 3}
  - {age: 5, who: Frauen, n: 2}
  - {age: 0, who: Männer, n: 4}
  - {age: 5, who: Männer, n: 1}
vega-lite:
  hconcat:
  - {transform: [{filter: "datum.who == 'Frauen'"}], mark: bar, encoding: {y: {field: age, type: ordinal, axis: null},
    x: {field: n, type: quantitative, sort: descending, title: Zahl der Frauen}}}
  - {width: 20, mark: text, encoding: {y: {field: age, type: ordinal, axis: null}, text: {field: age, type: nominal}}}
  - {transform: [{filter: "datum.who == 'Männer'"}], mark: bar, encoding: {y: {field: age, type: ordinal, axis: null},
    x: {field: n, type: quantitative, title: Zahl der Männer}}}
"""


def test_views_that_share_the_names_of_their_rows_stand_abreast_on_a_phone_too() -> None:
    for picture in seen(prepared(PYRAMID)):
        places = {each.words: each.box for each in picture.texts}
        assert places["Zahl der Frauen"][1] == places["Zahl der Männer"][1]
        assert places["Zahl der Frauen"][0] > 0
        assert picture.plots > 0.7 * picture.drawing.width  # no title at the far end of an axis takes room


def test_views_within_a_view_have_the_part_of_it_that_they_ask_for() -> None:
    point = "{mark: point, encoding: {x: {field: a, type: quantitative}, y: {field: b, type: quantitative}}}"
    cell = "{width: 50, mark: text, encoding: {text: {field: a}, y: {field: b, type: ordinal, axis: null}}}"
    table = f"{{hconcat: [{cell}, {cell}, {cell}]}}"
    source = f"data: {{rows: [{{a: 1, b: 2}}, {{a: 2, b: 1}}]}}\nvega-lite: {{hconcat: [{point}, {table}]}}\n"
    wide = seen(prepared(source))[0]
    left = sorted(
        group.marks[0][0][0] * 2 for group in mark_groups(wide.engine) if group.kind == "text"
    )  # its middle
    assert len(left) == 3
    assert wide.plots > 6.5 * left[-1]  # two hundred pixels and three times fifty


def test_an_empty_cell_has_its_sign_wherever_it_is_a_name() -> None:
    rows = "data: {rows: [{n: , v: 1}, {n: Ein recht langer Name, v: 2}, {n: Noch ein sehr langer Name, v: 3}]}\n"
    bars = "{mark: bar, encoding: {x: {field: n%s}, y: {field: v, type: quantitative}}}"
    words = "{mark: text, encoding: {y: {field: v, type: quantitative}, text: {field: n}}}"
    for view in (bars % "", bars % ", axis: {labelAngle: -40}", bars % ", axis: {labelAngle: -90}", words):
        for picture in seen(prepared(f"{rows}vega-lite: {view}\n")):
            assert [each.words for each in picture.texts].count("–") == 1


def test_a_tick_that_only_ends_the_grid_has_no_name() -> None:
    view = "{mark: rect, encoding: {x: {field: n}, y: {field: v, type: ordinal}}, config: {axis: {tickBand: extent}}}"
    picture = seen(prepared(f"data: {{rows: [{{n: A, v: 1}}, {{n: B, v: 2}}]}}\nvega-lite: {view}\n"))[0]
    assert "–" not in [each.words for each in picture.texts]


def test_turned_names_all_stay_where_their_lines_have_room() -> None:
    rows = ", ".join(f"{{n: '{name}', v: {at}}}" for at, name in enumerate(SECTORS))
    view = "{mark: bar, encoding: {x: {field: n, axis: {labelAngle: -40}}, y: {field: v, type: quantitative}}}"
    for picture in seen(prepared(f"data: {{rows: [{rows}]}}\nvega-lite: {view}\n")):
        assert {*SECTORS} <= {each.words for each in picture.texts}


def test_every_month_of_a_time_axis_has_its_name_where_there_is_room() -> None:
    rows = ", ".join(f"{{d: 2024-{month:02}-01, v: {month}}}" for month in range(1, 13))
    x = "{field: d, type: temporal, timeUnit: month, axis: {tickCount: 12}}"
    view = f"{{width: 400, mark: line, encoding: {{x: {x}, y: {{field: v, type: quantitative}}}}}}"
    wide = seen(prepared(f"data: {{rows: [{rows}]}}\nvega-lite: {view}\n", "en"))[0]
    assert {"Jan", "Feb", "Mar", "Dec"} <= {each.words for each in wide.texts}


def test_words_in_the_colours_of_series_are_dark_enough_for_letters() -> None:
    pie = "theta: {field: v, type: quantitative, stack: true}, color: {field: n, legend: null}"
    view = "{encoding: {%s}, layer: [{mark: arc}, {mark: {type: text, radius: 150}, encoding: {text: {field: n}}}]}"
    source = f"data: {{rows: [{{n: A, v: 1}}, {{n: B, v: 2}}]}}\nvega-lite: {view % pie}\n"
    assert "var(--chart-2-line)" in drawn(source).wide
    assert "var(--chart-2-line)" not in drawn(source.replace("text, radius", "text, color: black, radius")).wide


@pytest.mark.slow
@pytest.mark.parametrize("specification", ROOM.values(), ids=ROOM)
def test_nothing_is_printed_on_anything_else_nor_cut_nor_shrunk(specification: str) -> None:
    for column, picture in zip((theme.WIDE, theme.NARROW), seen(_roomy(specification)), strict=True):
        assert picture.drawing.width == column
        assert overlaps(picture.texts) == set()
        assert clipped(picture.texts, column, picture.drawing.height) == set()
        assert picture.plots > 0.6 * column, f"{picture.plots} of {column} pixels are left for what is shown"


# ----------------------------------------------------------------------------------------------------
# From the right
# ----------------------------------------------------------------------------------------------------

CATCH = (
    "[{fish: דגים קטנים, sea: הים התיכון, year: '2018', tons: -5}, {fish: דגים, sea: ים סוף, year: '2024', tons: 30}]"
)
FROM_RIGHT = {
    "bars": "{mark: bar, encoding: {x: {field: tons, type: quantitative, title: טונות (%)}, y: {field: fish}}}",
    "columns": "{mark: bar, encoding: {y: {field: tons, type: quantitative, title: טונות}, x: {field: fish}}}",
    "lines": (
        "{mark: {type: line, point: true}, encoding: {x: {field: year, type: temporal}, color: {field: sea},"
        " y: {field: tons, type: quantitative}}}"
    ),
    "areas": (
        "{mark: area, encoding: {x: {field: year, type: temporal}, color: {field: sea}, y: {aggregate: sum, field:"
        " tons}}}"
    ),
    "labels": (
        "{encoding: {x: {field: tons, type: quantitative}, y: {field: fish}}, layer: [{mark: bar}, {mark:"
        " {type: text, align: left, dx: 6}, encoding: {text: {field: tons, type: quantitative}}}]}"
    ),
    "parts": "{mark: bar, encoding: {x: {field: tons, type: quantitative}, y: {field: fish}, column: {field: sea}}}",
    "a gradient": "{mark: rect, encoding: {x: {field: sea}, y: {field: fish}, color: {aggregate: sum, field: tons}}}",
    "a title": "{title: דיג, mark: tick, encoding: {x: {field: tons, type: quantitative, scale: {type: symlog}}}}",
    "small": "{width: 150, mark: bar, encoding: {x: {aggregate: sum, field: tons, axis: null}, y: {field: fish}}}",
}


@pytest.mark.parametrize("specification", FROM_RIGHT.values(), ids=FROM_RIGHT)
def test_a_chart_of_hebrew_is_the_mirror_image_with_its_words_unmirrored(
    specification: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = prepared(f"data: {{rows: {CATCH}}}\nvega-lite: {specification}\n", "he")
    from_right = seen(ready)
    monkeypatch.setattr(language.of("he"), "direction", "ltr")
    for column, turned, usual in zip((theme.WIDE, theme.NARROW), from_right, seen(ready), strict=True):
        assert [each.words.strip("\u202b\u202c") for each in turned.texts] == [each.words for each in usual.texts]
        for one, other in zip(turned.texts, usual.texts, strict=True):
            left, top, right, bottom = other.box
            assert one.box == pytest.approx((column - right, top, column - left, bottom))
            (x, _), (further, _), *_ = one.corners
            assert further >= x, "letters are not mirrored"
            assert ("\u202b" in one.words) == bool(re.search("[א-ת]", one.words))
        assert clipped(turned.texts, column, turned.drawing.height) == set()
        assert overlaps(turned.texts) == set()


def test_what_an_author_says_of_a_side_holds_in_hebrew_too() -> None:
    bars = FROM_RIGHT["labels"].replace(
        "quantitative}, y: {field: fish}", "quantitative, %s}, y: {field: fish, %s}", 1
    )
    told = bars % ("scale: {reverse: false}", "axis: {orient: left}")
    picture, _ = seen(prepared(f"data: {{rows: {CATCH}}}\nvega-lite: {told}\n", "he"))
    places = {each.words.strip("\u202b\u202c"): each.box[0] for each in picture.texts}
    assert places["דגים"] < places["0"] < places["20"]
    plain, _ = seen(prepared(f"data: {{rows: {CATCH}}}\nvega-lite: {FROM_RIGHT['labels']}\n", "he"))
    places = {each.words.strip("\u202b\u202c"): each.box[0] for each in plain.texts}
    assert places["דגים"] > places["0"] > places["20"]


def test_columns_called_as_parts_of_a_specification_stay_what_they_are_in_hebrew() -> None:
    rows = "[{encoding: 3, hconcat: 4}, {encoding: 5, hconcat: 6}]"
    x, text = (f"{{field: {name}, type: quantitative}}" for name in ("encoding", "hconcat"))
    view = f"{{layer: [{{mark: text, encoding: {{x: {x}, text: {x}}}}}, {{mark: text, encoding: {{text: {text}}}}}]}}"
    assert {"4", "6"} <= {*words(drawn(f"data: {{rows: {rows}}}\nvega-lite: {view}\n", lang="he").wide)}


def test_of_two_axes_of_which_one_has_a_side_the_other_stands_opposite_in_hebrew() -> None:
    y = "y: {field: tons, type: quantitative"
    second = f"{{mark: line, encoding: {{{y}, title: אלף, axis: {{orient: right}}}}}}}}"
    layers = f"{{mark: bar, encoding: {{{y}}}}}}}, {second}"
    both = f"{{encoding: {{x: {{field: fish}}}}, layer: [{layers}], resolve: {{scale: {{y: independent}}}}}}"
    for picture in seen(prepared(f"data: {{rows: {CATCH}}}\nvega-lite: {both}\n", "he")):
        assert overlaps(picture.texts) == set()
        left, right = sorted(each.box[0] for each in picture.texts if each.words == "20")
        assert right - left > 200


def test_a_chart_from_the_right_is_one_as_a_specification_too() -> None:
    def specification(lang: str, view: str) -> Any:
        return json.loads(drawn(f"data: {{rows: {CATCH}}}\nvega-lite: {view}\n", lang=lang).vega_lite)

    whole = specification("he", FROM_RIGHT["labels"])
    assert (whole["config"]["scale"], whole["config"]["axisY"]) == ({"xReverse": True}, {"orient": "right"})
    assert whole["layer"][1]["mark"] == {"type": "text", "align": "right", "dx": -6}
    own = specification("he", FROM_RIGHT["bars"].replace("{mark", "{config: {scale: {xReverse: false}}, mark"))
    assert own["config"]["scale"] == {"xReverse": False}
    assert "config" not in specification("en", FROM_RIGHT["labels"])
    first, second = FROM_RIGHT["bars"], FROM_RIGHT["columns"]
    for lang, order in (("en", ["x", "y"]), ("he", ["y", "x"])):
        abreast = specification(lang, f"{{hconcat: [{first}, {second}]}}")["hconcat"]
        assert [next(iter(each["encoding"])) for each in abreast] == order


@pytest.mark.parametrize(
    "specification",
    [
        "{repeat: {column: [month, cost, part]}, spec: {mark: line, encoding: {x: {field: month, type: quantitative},"
        " y: {field: {repeat: column}, type: quantitative}}}}",
        "{repeat: {column: [cost, part], layer: [month, cost]}, spec: {mark: line, encoding: {y: {field:"
        " {repeat: layer}, type: quantitative}, x: {field: {repeat: column}, type: quantitative},"
        " color: {datum: {repeat: layer}}}}}",
        "{repeat: {row: [cost, part], column: [month, cost]}, spec: {mark: point, encoding: {"
        "y: {field: {repeat: row}, type: quantitative}, x: {field: {repeat: column}, type: quantitative}}}}",
        "{facet: {column: {field: month, type: ordinal}}, spec: {mark: point, encoding: {y: {field: cost,"
        " type: quantitative}}}}",
    ],
    ids=["repeated across", "layers repeated across", "a matrix", "parted across"],
)
def test_a_phone_shows_the_same_data(specification: str) -> None:
    rows = "[{month: 1, cost: 3, part: 7}, {month: 2, cost: 9, part: 2}, {month: 3, cost: 4, part: 5}]"
    wide, narrow = seen(prepared(f"data: {{rows: {rows}}}\nvega-lite: {specification}\n"))
    assert differences(mark_groups(narrow.engine), mark_groups(wide.engine)) == []


@pytest.mark.parametrize(
    ("lang", "shown"),
    [("de", "10. Okt. 2011"), ("de-CH", "10. Okt. 2011"), ("en", "Oct 10, 2011"), ("en-GB", "10 Oct 2011")],
)
def test_days_are_written_in_the_order_of_the_language(lang: str, shown: str) -> None:
    source = """\
data: {rows: [{day: 2011-10-10, cost: 1}, {day: 2011-12-24, cost: 2}]}
vega-lite: {mark: %s, encoding: {x: {field: cost, type: quantitative}, %s}}
"""
    unit = "{field: day, timeUnit: yearmonthdate, type: ordinal}"
    for mark, channel in (
        ("bar", f"y: {unit}"),
        ("point", f"color: {unit}"),
        ("point", f"row: {unit}"),
        ("text", f"text: {unit}"),
        ("text", "text: {field: day, type: temporal}"),
    ):
        assert shown in words(drawn(source % (mark, channel), lang=lang).wide), channel
    moment = "y: {field: day, timeUnit: {unit: yearmonthdatehoursminutes}, type: ordinal}"
    assert f"{shown}, 00:00" in words(drawn(source % ("bar", moment), lang=lang).wide)


# ----------------------------------------------------------------------------------------------------
# The same bytes, and only once
# ----------------------------------------------------------------------------------------------------

DRAW = f"""
import sys
from pathlib import Path
from tests.test_charts import LINE, drawn
picture = drawn({LINE!r}, Path(sys.argv[1]) if len(sys.argv) > 1 else None)
import hashlib
print(hashlib.sha256((picture.wide + (picture.narrow or "") + picture.alone).encode()).hexdigest())
"""


@pytest.mark.slow
def test_two_processes_in_different_zones_draw_the_same_bytes() -> None:
    day = DRAW.replace("month: 0", "month: 2025-01-01").replace("month: 12", "month: 2025-01-03")
    day = day.replace("field: month, type: quantitative", "field: month, type: temporal")
    first = run(day, PYTHONHASHSEED="1", TZ="America/Los_Angeles")
    assert first == run(day, PYTHONHASHSEED="2", TZ="Asia/Tokyo")


def test_a_drawing_in_the_cache_needs_no_engine(tmp_path: Path) -> None:
    before = drawn(LINE, tmp_path)
    script = f"""
import subprocess, sys
from pathlib import Path
subprocess.Popen = None
from tests.test_charts import LINE, drawn
print(drawn({LINE!r}, Path({str(tmp_path)!r})).wide)
assert "vl_convert" not in sys.modules
"""
    assert run(script) == before.wide


def test_a_cache_that_is_cut_or_anothers_is_only_slower(tmp_path: Path) -> None:
    before = drawn(LINE, tmp_path)
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for cut, other in ((0, b""), (-1, b""), (0, b"0" * 64 + b'\n{"wide": {}}'), (0, b"\xff" * 10)):
        for path, raw in kept.items():
            path.write_bytes(raw[:cut] + other)
        assert drawn(LINE, tmp_path) == before
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == kept


def test_a_cache_that_cannot_be_written_is_only_slower(tmp_path: Path) -> None:
    (tmp_path / "charts").write_text("in the way")
    assert "<path" in drawn(LINE, tmp_path / "charts").wide


def test_another_title_draws_nothing_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn(LINE, tmp_path)
    monkeypatch.setattr(drawing, "_engine", None)
    assert "Die Preise steigen" in drawn(LINE + "title: Die Preise steigen\n", tmp_path).wide


def test_the_engine_draws_anew_only_what_a_change_of_the_program_draws_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(caching.PACKAGE, tmp_path / "randnotiz")
    monkeypatch.setattr(caching, "PACKAGE", tmp_path / "randnotiz")
    monkeypatch.setattr(caching, "toolchain_digest", caching.toolchain_digest.__wrapped__)  # which remembers nothing
    asked: list[str] = []
    draw = drawing._Engine.draw

    def heard(running: drawing._Engine, order: str, seconds: int) -> str:
        asked.append(order)
        return draw(running, order, seconds)

    monkeypatch.setattr(drawing._Engine, "draw", heard)

    def changed(name: str) -> DrawnChart:
        asked.clear()
        with (tmp_path / "randnotiz" / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        return drawn(LINE, tmp_path / "cache")

    before = changed("charts/theme.py")
    assert asked
    for name in ("notes/prose.py", "charts/blame.py", "charts/layout.py", "charts/svg.py"):
        assert changed(name) == before
        assert not asked, name
    assert changed("charts/engine.py") == before
    assert asked
    monkeypatch.setattr(theme, "BAR_GAP", 0.4)
    assert changed("charts/theme.py") == before, "no bars in it"
    assert asked, "but the engine is told of them"


def test_a_picture_becomes_a_png_of_the_width_asked_for(gallery: dict[str, DrawnChart]) -> None:
    image = raster.png(gallery["prices"].alone, 1200)
    assert image.startswith(b"\x89PNG")
    assert int.from_bytes(image[16:20], "big") == 1200
    assert image == raster.png(gallery["prices"].alone, 1200)


def test_the_schema_is_found_without_importing_altair() -> None:
    assert find_spec("altair")
    assert json.loads(vega_schema.file().read_text(encoding="utf-8"))["definitions"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("[{a: 1, b: 2}, {a: 3, b: 4, 000: 5}]", [("value-malformed", "no other row has a column '000'")]),
        ("[{a: 1, '2,5': 2}, {a: 3}]", [("value-malformed", "no other row has a column '2,5'")]),
        ("[{a: 1, litres: 2}, {a: 3, litres: 4}, {a: 3, litre: 4}]",
         [("column-single", "no other row has a column 'litre'; did you mean 'litres'?")]),
        ("[{a: 1, note: x}, {a: 3}]", [("column-single", "no other row has a column 'note'")]),
        ("[{a: 1, 2019: 5}, {a: 3, 2019: 6}]", []),
        ("[{a: 1, 000: 5}]", []),
        ("[{a: 1, b: 2}, {a: 3, b: 4}, {a: 5}]", []),
        ("[{a: Nord, b: 1.200}, {a: Süd, b: 900}]", [("value-malformed", "'1.200' may mean 1200 or 1.2")]),
        ("[{a: Nord, b: 1.200}, {a: Süd, b: 0.5}]", []),  # which says that the point is before decimals
        ("[{a: Nord, b: 1.200}, {a: Süd, b: 1.3e0}]", []),
        ("[{a: Nord, b: '1.200'}, {a: Süd, b: V3}]", []),
    ],
)  # fmt: skip
def test_a_column_that_one_row_alone_has_is_odd(rows: str, found: list[tuple[str, str]]) -> None:
    value = yamldoc.parse(rows, "chips/charts.yaml")
    assert isinstance(value, yamldoc.List)
    data = ChartData(rows=ROWS.read(value), position=value.position)
    _, diagnostics = chart_rows.read(data, "chips", {}, RESULTS, ",")
    assert [(each.code, each.message) for each in diagnostics] == found
    assert not [each for each in chart_rows.read(data, "chips", {}, RESULTS)[1] if "may mean" in each.message]


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("'43'", "Write 43, without a sign behind it and without quotation marks."),
        ("5 %", "Write 5, without a sign behind it and without quotation marks."),
        ("43 000", "Write 43000."),
        ("true", "Write digits alone, with a point before decimals."),
        ("n/a", "Write digits alone, with a point before decimals."),
    ],
)
def test_a_cell_that_is_no_number_is_told_what_to_write(cell: str, hint: str) -> None:
    bars = "{mark: bar, encoding: {x: {field: n, type: nominal}, y: {field: v, type: quantitative}}}"
    (found,) = diagnostics(f"data: {{rows: [{{n: A, v: 1}}, {{n: B, v: {cell}}}]}}\nvega-lite: {bars}\n")
    assert found.code == "value-malformed"
    assert found.hint.startswith(hint)


# ----------------------------------------------------------------------------------------------------
# Numbers of the title on the axes
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "title", "numbers"),
    [
        ("de", "Der Faktor zwei bis drei passt nur zu Colossus", (2, 3)),
        ("de", "Nur 25 % zahlen mehr als 1,5 Mio. Euro, 3.500 mehr", (25, 0.25, 1_500_000, 3500)),
        ("en", "Twelve of 3,000 homes cost 1.5 million, or 12%", (12, 3000, 1_500_000, 0.12)),
        ("de-CH", "Bei −4 Grad kostet es 30’000 Franken", (-4, 30_000)),
        ("de", "GPT-4o und V3 erschienen vor 2.0.1, am 3.10.2024", ()),
        ("de", "Preise fallen", ()),
        # which one it is, or how many things, is no amount
        ("de", "Am 8. Februar um 20 Uhr fehlten 7 Gigawatt", (7,)),
        ("de", "Vom 8./9. bis 12. Februar, am 8.2. und am 3.2.2024 um 8 Uhr 30 fehlten 7", (7,)),
        ("fr", "Du 8 au 12 février, puis le 1er et le 2 mars, il en manqua 7", (7,)),
        ("ja", "2月8日に7人", (7,)),
        ("de", "Im 19. Jahrhundert stieg sie um drei Grad", (3,)),
        ("en", "On March 8, 2021, on Feb. 9–11 and 3/8/2024 it fell 12 points", (12,)),
        ("fr", "Le 8 mars, il tomba 40 mm en 3 Mégawatts", (40, 3)),
        ("de", "Drei Wege führen zu fünf Prozent", (5, 0.05)),
        ("en", "Three ways to lose a factor of five", (5,)),
        ("de", "Aus zwei werden vier", (2, 4)),
        ("de", "Fast 3 Millionen zahlen, zwei Milliarden nicht", (3e6, 2e9)),
        ("it", "Costa tre milioni di euro", (3e6,)),
        ("ja", "3万人が払う", (30_000,)),
        # words of scale are those of the language
        ("pt", "Custa 2 bilhões", (2e9,)),
        ("pt-PT", "Custa 2 biliões, não 3 mil milhões", (2e12, 3e9)),
        ("sv", "Det kostar 4 miljarder", (4e9,)),
        ("de", "Es fehlen 7 Tsd. Wohnungen", (7000,)),
    ],
)
def test_the_numbers_in_a_title_are_read_as_its_language_writes_them(
    lang: str, title: str, numbers: tuple[float, ...]
) -> None:
    assert sorted(ticks.named(title, language.of(lang))) == sorted(numbers)


@pytest.mark.parametrize(
    ("title", "axis", "shown"),
    [
        ("Der Faktor zwei bis drei passt", "scale: {domain: [0, 11]}, axis: {values: [0, 2, 3, 5, 10]}", {"2", "3"}),
        ("Bei 50 ist Schluss", "scale: {domain: [0, 80]}, axis: {values: [0, 5, 10]}", {"50"}),
        ("Bei 11 ist Schluss", "scale: {domain: [0, 11]}", {"11"}),
        ("Die Vier gilt", "scale: {type: log, domain: [1, 1000]}", {"4"}),
        ("Die Vier gilt", "scale: {type: log, domain: [1, 9000]}, axis: {values: [1, 4, 20, 90, 9000]}", {"4"}),
        ("Bei 7 ist Schluss", "scale: {domain: [0, 10]}", {"7"}),
        ("Bei 7 ist Schluss", "scale: {domain: [0, 10]}, axis: {format: '.1f'}", {"7,0"}),
        ("Nur 35 % zahlen", "scale: {domain: [0, 1]}, axis: {format: '.0%'}", {"35\u00a0%"}),
        ("Über 1,3 Mio. zahlen", "scale: {domain: [0, 5000000]}", {"1,3\u00a0Mio."}),
    ],
)
def test_a_number_in_the_title_has_its_tick_wherever_an_axis_passes_it(
    title: str, axis: str, shown: set[str]
) -> None:
    passed = "field: month, type: quantitative"
    source = f"title: {title}\n" + LINE.replace(passed, f"{passed}, {axis}")
    source = source.replace("month: 12", "month: 1").replace("month: 0", "month: 2")
    for across, down in (("x", "y"), ("y", "x")):
        turned = source.replace("x: {field: m", f"{across}: {{field: m").replace(
            "y: {field: c", f"{down}: {{field: c"
        )
        for picture in seen(prepared(turned)):
            assert shown <= {text.words.replace(" ", "\u00a0") for text in picture.texts}, across
            assert overlaps(picture.texts) == set()


def test_a_number_that_no_axis_passes_leaves_the_picture_as_it_is() -> None:
    named, plain = (drawn(f"title: {title}\n" + LINE) for title in ("Über 99999 Euro", "Über alles"))
    assert named.wide.partition("</title>")[2] == plain.wide.partition("</title>")[2]


@pytest.mark.parametrize(
    ("values", "number", "may"),
    [
        ((0, 2, 4, 6), 7, True),  # the axis may end anywhere before 8
        ((0, 2, 4, 6), 8, False),
        ((0, 2, 4, 6), -2, False),
        ((0.1, 0.2, 0.3), 0.35, True),
        ((1, 10, 100), 900, True),  # no even steps: a logarithmic axis
        ((0, 10), 500, True),  # too few to tell
        ((), 1, True),
    ],
)
def test_an_axis_with_even_steps_ends_before_the_next_one(
    values: tuple[float, ...], number: float, may: bool
) -> None:
    assert ticks.may_reach(values, number) is may


@pytest.mark.parametrize(
    ("title", "most"),
    [("Über alles", 3), ("Über 99999 Euro", 5), ("Bis 7 Monate", 11)],
)
def test_a_chart_is_drawn_no_oftener_than_it_must(monkeypatch: pytest.MonkeyPatch, title: str, most: int) -> None:
    """In both widths: once, again where a try has missed, once for the ticks, twice and a last time to set them."""
    count = 0
    real = drawing._engine_svg

    def counted(*words: Any) -> str:
        nonlocal count
        count += 1
        return real(*words)

    monkeypatch.setattr(drawing, "_engine_svg", counted)
    drawn(f"title: {title}\n" + LINE)
    assert 2 <= count <= most


def test_all_values_an_author_gives_an_axis_are_ticks_where_they_have_room() -> None:
    axis = "field: month, type: quantitative, axis: {values: [0, 1, 2, 3, 4, 5, 6, 12]}"
    narrow = drawn(LINE.replace("field: month, type: quantitative", axis)).narrow
    assert narrow
    assert {"1", "2", "3", "4", "5", "6"} <= set(words(narrow))


CIRCLE = "{theta: {field: v, type: quantitative}, color: {field: n}}"


@pytest.mark.parametrize(
    ("mark", "encoding", "numbers", "message"),
    [
        ("arc", CIRCLE, "-3, 5, 9", "a number below 0 has no slice"),
        ("{type: arc, innerRadius: 30, cornerRadius: 5}", CIRCLE, "-3, 5, 9", "a number below 0 has no slice"),
        (
            "arc",
            "{theta: {aggregate: sum, field: v}, color: {field: n}}",
            "-3, 5, 9",
            "a number below 0 has no slice",
        ),
        ("arc", CIRCLE, "3, 0, 9", None),
        ("{type: arc, cornerRadius: 5}", CIRCLE, "3, 5, 9", None),
        ("arc", CIRCLE.replace("quantitative", "quantitative, scale: {range: [6.28, 0]}"), "3, 0, 9", None),
        ("arc", "{theta: {field: v, type: quantitative, stack: null}, radius: {field: n}}", "-3, 5, 9", None),
    ],
)
def test_a_number_below_0_is_no_slice_of_a_circle(
    mark: str, encoding: str, numbers: str, message: str | None
) -> None:
    rows = ", ".join(f"{{n: {name}, v: {number}}}" for name, number in zip("abc", numbers.split(", "), strict=True))
    source = f"data: {{rows: [{rows}]}}\nvega-lite: {{mark: {mark}, encoding: {encoding}}}"
    if message is None:
        assert drawn(source)
    else:
        with pytest.raises(ContentError, match=message):
            drawn(source)


@pytest.mark.parametrize(
    ("mark", "scale", "lost"),
    [
        ("circle", "{}", True),
        ("point", "{scheme: blues}", True),
        ("circle", "{zero: false}", False),
        ("circle", "{range: [10, 100]}", False),
        ("bar", "{}", False),
        ("trail", "{}", False),
    ],
)
def test_a_number_below_0_is_no_area_of_a_point(mark: str, scale: str, lost: bool) -> None:
    encoding = f"x: {{field: v, type: quantitative}}, size: {{field: v, type: quantitative, scale: {scale}}}"
    source = f"data: {{rows: [{{v: -3}}, {{v: 9}}]}}\nvega-lite: {{mark: {mark}, encoding: {{{encoding}}}}}"
    _, found = charts.prepare(chart(source), article(), RESULTS, GERMAN)
    assert [each.code for each in found] == (["value-malformed"] if lost else [])


@pytest.mark.parametrize(
    ("mark", "channels"),
    [
        ("{type: point, filled: false}", ""),
        ("{type: point, filled: false}", ", color: {field: n}"),
        ("point", ", stroke: {field: n}"),
        ("{type: rect, filled: false}", ""),
        ("{type: arc, filled: false}", ", theta: {field: v, type: quantitative}"),
    ],
)
def test_hollow_marks_have_an_outline_that_is_not_paper(mark: str, channels: str) -> None:
    encoding = f"x: {{field: n}}, y: {{field: v, type: quantitative}}{channels}"
    picture = drawn(
        f"data: {{rows: [{{n: a, v: 1}}, {{n: b, v: 2}}]}}\nvega-lite: {{mark: {mark}, encoding: {{{encoding}}}}}"
    )
    outlines = re.findall(r'<path[^>]*? stroke="([^"]+)"', picture.wide)
    assert any("var(--chart-1" in outline for outline in outlines)
    assert "var(--paper)" not in outlines


def test_points_of_a_line_that_are_hollow_are_seen() -> None:
    picture = drawn(LINE.replace("mark: line", "mark: {type: line, point: {filled: false, fill: white}}"))
    assert re.search(r'fill="(?:#fff|white)"[^>]*stroke="var\(--chart-1', picture.wide)


def test_a_legend_put_by_pixels_stands_above_a_picture_of_another_size() -> None:
    legend = "{orient: none, legendX: 600, legendY: 10, columns: 1, title: null}"
    encoding = f"theta: {{field: v, type: quantitative}}, color: {{field: n, legend: {legend}}}"
    rows = ", ".join(f"{{n: {name}, v: 3}}" for name in LONG_NAMES[:3])
    ready = prepared(f"data: {{rows: [{rows}]}}\nvega-lite: {{mark: arc, encoding: {{{encoding}}}}}")
    for picture in seen(ready):
        assert clipped(picture.texts, picture.drawing.width, picture.drawing.height) == set()
        assert picture.drawing.width in (theme.WIDE, theme.NARROW)


def test_views_beside_each_other_are_as_wide_as_their_author_says_of_them() -> None:
    bar = "mark: bar, encoding: {y: {field: n}, x: {field: v, type: quantitative}}"
    source = (
        "data: {rows: [{n: a, v: 1}, {n: b, v: 2}]}\n"
        f"vega-lite: {{hconcat: [{{width: 300, {bar}}}, {{width: 100, {bar}}}]}}"
    )
    ready = prepared(source)
    room = layout.Room(column=theme.WIDE, inner=300, abreast=2)
    text = drawing._engine_svg(drawing.Request(ready.specification, ready.values, GERMAN), room)
    assert sorted(round(right - left) for left, right in svg.plan(text).views if right > left)[:2] == [100, 300]


@pytest.mark.parametrize("digits", [16, 21, 30, 280])
def test_a_number_of_many_digits_is_drawn_as_javascript_has_it(digits: int) -> None:
    assert drawn(LINE.replace("25.5", "9" * digits))


def test_a_picture_that_is_far_too_wide_is_refused_with_its_width() -> None:
    with pytest.raises(ContentError, match=r"pixels wide; at most 5,000 fit"):
        drawn(LINE.replace("mark: line", f"mark: {{type: bar, size: {10**20}}}"))


def test_a_reason_that_the_engine_gives_to_programmers_is_called_its_own_words() -> None:
    assert blame.explained("expected any valid JSON value at line 1") == (
        "the engine gives a reason of its own",
        "In its words: expected any valid JSON value at line 1",
    )


@pytest.mark.parametrize(
    ("outline", "seen"),
    [("M0,5L9,5L9,5L0,5Z", 0), ("M3,1L3,9L3,9L3,1ZM4,2L4,2Z", 0), ("M0,5L9,1L9,9L0,5Z", 1), ("M0,0h9v9h-9Z", 1)],
)
def test_an_area_without_a_surface_is_nothing_that_can_be_seen(outline: str, seen: int) -> None:
    area = f'<g class="mark-area role-mark"><path d="{outline}" fill="red"/></g>'
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    assert svg.read(f"{head}{area}</svg>").marks == seen


@pytest.mark.parametrize(
    ("first", "down"),
    [("a", "{field: n}"), ("5", "{field: n, bin: true, type: ordinal}"), ("a", "{field: n, sort: null}")],
)
def test_a_bar_of_an_empty_name_is_called_as_in_the_table(first: str, down: str) -> None:
    rows = f"[{{n: {first}, v: 1}}, {{n: null, v: 2}}]"
    encoding = f"{{y: {down}, x: {{field: v, type: quantitative}}}}"
    assert "–" in words(drawn(f"data: {{rows: {rows}}}\nvega-lite: {{mark: bar, encoding: {encoding}}}").wide)
