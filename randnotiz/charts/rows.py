"""The rows a chart shows: written out, read from a CSV file, or made of figures."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from msgspec import Struct

from randnotiz import formulas, language, numerals, reader
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText, collecting, did_you_mean, shortened
from randnotiz.model import ChartData, Json, Results
from randnotiz.yamldoc import conflict, plain

MOST_ROWS = 5_000
MOST_COLUMNS = 50
LONGEST_CELL = 1_000  # characters
LARGEST_FILE = 2_000_000  # bytes
ALL_DIGITS = 12  # of a number that is nobody's result, but may have an error of the last binary digit

_NUMBER_NAME = re.compile(r"[-+]?\d+(?:[.,]\d+)*\s?%?")

Scalar = None | bool | int | float | str


class Cell(NamedTuple):
    """A value, as written (empty if computed), its place, and the digits in which a computed number is printed."""

    value: Scalar
    written: str
    at: Position
    digits: int = 3


class Table(Struct, frozen=True, kw_only=True):
    """Rows of equal width under column names, in the order of the author."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, name: str) -> Iterator[Cell]:
        """The cells below a column name; ValueError if there is none."""
        at = self.columns.index(name)
        return (row[at] for row in self.rows)


def read(
    source: ChartData, slug: str, tables: Mapping[str, bytes], results: Results, decimal: str = ".", lang: str = "en"
) -> tuple[Table | None, tuple[Diagnostic, ...]]:
    """The rows of a chart and what is wrong with them; None where they are, or rest on a number that is.

    `tables` are the CSV files beside the article, `decimal` is what its language puts before decimals: its formulas
    are read beside it, files never; remarks below a table are known in its language `lang`.
    """
    diagnostics: list[Diagnostic] = []
    table = None
    with collecting(diagnostics):
        if source.csv is not None:
            table = _from_file(source.csv, slug, tables, lang)
        elif source.figures is not None:
            table = _from_figures(source.figures, results, diagnostics)
        else:
            table = _written_out(source, results, decimal, diagnostics)
    if table is None or any(diagnostic.severity == "error" for diagnostic in diagnostics):
        return None, tuple(diagnostics)
    return table, tuple(diagnostics)


# ---- Written out ----


def _written_out(source: ChartData, results: Results, decimal: str, diagnostics: list[Diagnostic]) -> Table | None:
    """The rows of charts.yaml; columns stand in order of first appearance, and a cell left out is empty."""
    written = source.rows or ()
    _check_size(len(written), source.position)
    columns = tuple(dict.fromkeys(str(name) for row in written for name in row))
    _check_width(len(columns), source.position)
    diagnostics.extend(_single(written))
    for name in columns if decimal == "," else ():
        diagnostics.extend(_of_two_readings([row.get(name) for row in written]))
    complete = True
    rows: list[tuple[Cell, ...]] = []
    for row in written:
        cells = []
        for name in columns:
            cell = None
            with collecting(diagnostics):
                cell = _cell(row.get(name), results, decimal, source.position)
            complete = complete and cell is not None
            cells.append(cell or Cell(None, "", source.position))
        rows.append(tuple(cells))
    return Table(columns=columns, rows=tuple(rows)) if complete else None


def _single(rows: Sequence[Mapping[str, Json]]) -> Iterator[Diagnostic]:
    """What is wrong with the columns of one row alone: a fault where the name is the rest of a number with comma."""
    times = Counter(name for row in rows for name in row)
    for name in (name for row in rows for name in row if times[name] == 1 and len(rows) > 1):
        near = did_you_mean(name, [other for other in times if times[other] > 1])
        message = f"no other row has a column '{name}'{near}"
        position = name.position if isinstance(name, SourceText) else Position("")
        if _NUMBER_NAME.fullmatch(name):
            hint = (
                "A comma ends one field and begins the next: write a number without one, a text in quotation marks."
            )
            yield Diagnostic(position, "value-malformed", message, hint)
        else:
            hint = "" if near else "Write it in the other rows as well; a cell without a value is left empty."
            yield Diagnostic(position, "column-single", message, hint)


def _of_two_readings(column: Sequence[Json]) -> Iterator[Diagnostic]:
    """A fault for a column all of whose numbers with a point may mean thousands, where decimals have a comma."""
    pointed = [each for each in column if isinstance(each, SourceText) and each.plain and numerals.readings(each)]
    if pointed and not any(isinstance(cell, float) for cell in column):
        first, second = numerals.readings(pointed[0])
        message = f"'{pointed[0]}' may mean {first} or {second.removesuffix('e0')}"
        yield Diagnostic(pointed[0].position, "value-malformed", message, f"Write {first} or {second}.")


def _cell(value: Json, results: Results, decimal: str, rows_at: Position) -> Cell | None:
    """A cell as written or as its formula computes it; None where the formula rests on a broken name.

    What has been typed already no longer knows its place; the rows' own stands for it.
    """
    if isinstance(value, list | dict):
        message = "a cell of a chart holds one number or one text, not a list or a group of fields"
        raise ContentError(getattr(value, "position", rows_at), "value-malformed", message)
    if not isinstance(value, SourceText):
        return Cell(value, "" if value is None else str(value), rows_at)
    if value.startswith("="):
        result = formulas.value(value, results, decimal)
        return None if result is None else Cell(_whole(result.best), "", value.position)
    if len(value) > LONGEST_CELL:
        message = f"this cell has {len(value):,} characters; at most {LONGEST_CELL:,} fit"
        raise ContentError(value.position, "limit-exceeded", message, "Shorten it.")
    typed = plain(value)
    assert isinstance(typed, Scalar)  # noqa: S101 - for the type checker: a scalar gives a scalar
    words = str(value if numerals.GRAMMAR.fullmatch(value) else typed)  # with every digit that was written
    return Cell(str(typed) if isinstance(typed, str) else typed, words, value.position)


def _whole(number: float) -> int | float:
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else number


# ---- From a file ----

_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_BY_COMMA = re.compile(r"\+?(-?[0-9]+(?:,[0-9]+)?(?:[eE][-+]?[0-9]+)?)")
_POINTED = re.compile(
    r"[-+]?(?:(?P<thousands>[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?)|[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?)"
)
# One cell with what ends it (RFC 4180); each alternative begins differently, so the time is linear.
_CELL = {
    between: re.compile(
        rf'(?:"(?P<quoted>[^"]*(?:""[^"]*)*)"|(?P<bare>[^"{between}\r\n][^{between}\r\n]*)?)'
        rf"(?P<end>{between}|\r\n|\n|\r|\Z)"
    )
    for between in ",;"
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TABBED = re.compile(r"(?P<sep>sep=.?)(?=[\r\n])|(?P<tabs>[^,;\r\n]*[\t|][^,;\r\n]*)(?=[\r\n]|\Z)")
_FIRST_LINE = re.compile(r'\s*(?:"[^"]*"|[^"\r\n])*')
_IN_MARKS = re.compile(r'"[^"]*"')


def _from_file(name: SourceText, slug: str, tables: Mapping[str, bytes], lang: str) -> Table | None:
    """The rows of a CSV file beside the article: UTF-8, a header line, commas and decimal points; or semicolons and
    decimal commas, as spreadsheets write it where the comma stands before decimals.
    """
    content = tables.get(str(name))
    if content is None and reader.elsewhere(name):
        return None  # the reader has told
    if content is None:
        near = did_you_mean(name, (path for path in sorted(tables) if path.endswith(".csv")))
        raise ContentError(name.position, "file-missing", f"there is no file '{name}' beside the article{near}")
    path = f"{slug}/{name}"
    if len(content) > LARGEST_FILE:
        message = f"this file has {len(content):,} bytes; at most {LARGEST_FILE:,} are read"
        hint = "Leave out the rows and columns that the chart does not use."
        raise ContentError(Position(path), "limit-exceeded", message, hint)
    text = _decoded(content, path)
    if odd := _TABBED.match(text):
        if odd["tabs"]:
            between = "tabs stand" if "\t" in odd["tabs"] else "'|' stands"
            message, hint = (
                f"{between} between the cells of this file",
                "Save it with commas or semicolons between them.",
            )
        else:
            message, hint = f"'{odd['sep']}' is for one spreadsheet alone", "Delete the line."
        raise ContentError(Position(path, 1), "value-malformed", message, hint)
    between = _between(text)
    lines = _lines(text, path, between)
    header = next(lines, [])
    columns = _header(header, path)
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        if len(line) != len(columns):
            cells = "1 cell" if len(line) == 1 else f"{len(line)} cells"
            message = f"this row has {cells}, the header has {len(columns)}"
            named, mark = ("semicolon", "comma") if between == ";" else ("comma", "point")
            hint = f"A cell with a {named} in it stands in quotation marks; numbers have a decimal {mark}."
            raise ContentError(line[0].position, "value-malformed", message, hint)
        if not any(line[1:]) and _remark(lang).match(line[0]):
            message = f"'{shortened(line[0])}' is a remark, and would be a row of the chart"
            hint = "Put it into the chart's note, and delete it here."
            raise ContentError(line[0].position, "value-malformed", message, hint)
        _check_size(len(rows) + 1, line[0].position)
        rows.append(tuple(_typed(cell, between) for cell in line))
    return Table(columns=columns, rows=tuple(rows))


@language.of_languages
@lru_cache(maxsize=8)
def _remark(lang: str) -> re.Pattern[str]:
    """What spreadsheets put below their tables, in the first cell of a row of its own."""
    words = language.any_of(language.words_of(lang, "remarks"))
    return re.compile(rf"(?i:{words})\b.*[:.]|©|\(c\)|\*+\)?\s")


def _decoded(content: bytes, path: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        at = Position(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        message = "this file is not UTF-8 text from here on"
        raise ContentError(at, "encoding", message, "Save it as CSV in UTF-8.") from None
    if control := _CONTROL.search(text):
        before = text[: control.start()]
        at = Position(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        message = f"this is no text: it has the control character U+{ord(control[0]):04X}"
        raise ContentError(at, "encoding", message, "Save it as CSV in UTF-8.")
    if marker := conflict(text, path):
        raise marker
    return text


def _between(text: str) -> str:
    """What stands between cells: a semicolon where the header has more of them than commas outside of quotes."""
    first = _FIRST_LINE.match(text)
    header = _IN_MARKS.sub("", first[0] if first else "")
    return ";" if header.count(";") > header.count(",") else ","


def _lines(text: str, path: str, between: str) -> Iterator[list[SourceText]]:
    """The cells of each line that is not empty, each with its place; quotation marks are already taken off."""
    line: list[SourceText] = []
    number, begin, at = 1, 0, 0
    while at < len(text):
        position = Position(path, number, at - begin + 1)
        match = _CELL[between].match(text, at)
        if match is None:
            message = "a quotation mark opens this cell and nothing closes it, or text stands beside the closing one"
            hint = 'A quotation mark inside a cell is written twice: "say ""so"" here".'
            raise ContentError(position, "value-malformed", message, hint)
        quoted = match["quoted"]
        words = (match["bare"] or "").strip() if quoted is None else quoted.replace('""', '"')
        if len(words) > LONGEST_CELL:
            message = f"this cell has {len(words):,} characters; at most {LONGEST_CELL:,} fit"
            raise ContentError(position, "limit-exceeded", message, "Shorten it.")
        line.append(SourceText(words, position, plain=quoted is None))
        breaks = text.count("\n", at, match.end())
        if breaks or match["end"] == "\r":
            number += breaks or 1
            begin = match.end() if match["end"] != between else text.rindex("\n", at, match.end()) + 1
        at = match.end()
        if match["end"] != between:
            if len(line) > 1 or line[0]:
                yield line
            line = []
    if text.endswith(between):
        line.append(SourceText("", Position(path, number, at - begin + 1), plain=True))
        yield line


def _header(header: list[SourceText], path: str) -> tuple[str, ...]:
    if not header:
        raise ContentError(Position(path), "value-malformed", "this file is empty; its first line names the columns")
    _check_width(len(header), Position(path))
    seen: dict[str, SourceText] = {}
    for name in header:
        if not name and " " in header[0] and not any(header[1:]):
            message = "the first line of this file names one column alone, as a title does"
            hint = "Delete what stands above the columns' names."
            raise ContentError(header[0].position, "value-malformed", message, hint)
        if not name:
            hint = "Name it, or leave the column out; what numbers the rows goes with index=False or row.names=FALSE."
            raise ContentError(name.position, "value-malformed", "this column has no name", hint)
        if name in seen:
            raise ContentError(name.position, "field-doubled", f"there are two columns named '{name}'")
        seen[str(name)] = name
    return tuple(seen)


_LIKE_A_NUMBER = re.compile(r"[+-]?[\d.,]*\d[\d.,]*(?:[eE][+-]?\d+)?")


def _typed(cell: SourceText, between: str) -> Cell:
    """A cell as number, text or nothing; beside semicolons a comma means decimals, an apostrophe makes a text."""
    words = str(cell)
    if not words:
        return Cell(None, "", cell.position)
    if words[0] == "'" and _LIKE_A_NUMBER.fullmatch(words, 1):  # as in spreadsheets
        return Cell(words[1:], words[1:], cell.position)
    if between == ";":
        if pointed := _POINTED.fullmatch(words):
            hint = f"If it is a text, write an apostrophe before it: '{words}"
            raise ContentError(cell.position, "value-malformed", _point_among_commas(words, pointed), hint)
        if by_comma := _BY_COMMA.fullmatch(words):
            words = by_comma[1].replace(",", ".")
    if numerals.GRAMMAR.fullmatch(words):
        number = float(words)
        if not isfinite(number):
            raise ContentError(cell.position, "value-malformed", f"'{words}' is larger than any number we can draw")
        return Cell(_whole(number) if "." not in words else number, words, cell.position)
    if _DECIMAL_COMMA.fullmatch(words):
        decimal, thousands = words.replace(",", "."), words.replace(",", "")
        write = f"{thousands} or {decimal}" if numerals.readings(words) else decimal
        message = f"'{words}' is no number; write {write}, the page prints the comma of its language"
        raise ContentError(cell.position, "value-malformed", message)
    return Cell(words, words, cell.position)


def _point_among_commas(words: str, pointed: re.Match[str]) -> str:
    """What is wrong with a number that has a point where decimals come after a comma, and all that it may mean."""
    ways = [words.replace(".", "")] if pointed["thousands"] else []
    if "," not in words and words.count(".") == 1:
        ways.append(words.replace(".", ","))
    means = " or ".join(ways)
    return f"'{words}' has a point, in a file whose decimals come after a comma: write {means}"


# ---- From figures ----

FIGURE_COLUMNS = ("id", "label", "low", "best", "high", "unit", "stated")


def _from_figures(names: tuple[SourceText, ...], results: Results, diagnostics: list[Diagnostic]) -> Table | None:
    """One row for each quantity or figure named."""
    _check_size(len(names), names[0].position if names else Position(""))
    rows = []
    for name in names:
        with collecting(diagnostics):
            rows.append(_figure_row(name, results))
    return Table(columns=FIGURE_COLUMNS, rows=tuple(row for row in rows if row)) if all(rows) else None


def _figure_row(name: SourceText, results: Results) -> tuple[Cell, ...] | None:
    if name in results.broken:
        return None
    if name not in results.figures and name not in results.quantities:
        near = did_you_mean(name, (*results.figures, *results.quantities))
        message = f"there is no quantity or figure '{name}'{near}"
        hint = "" if near else "Write it in figures.yaml, below 'quantities:' or 'figures:'."
        raise ContentError(name.position, "figure-unknown", message, hint, unknown=str(name))
    result = results.figures.get(str(name))
    label = result.figure.label if result else results.quantities[str(name)].label
    numbers = results.range(str(name))
    quantity = results.quantities.get(str(name))
    written = quantity.written if quantity else ("",)
    best = "" if quantity and quantity.uncertain and len(written) < 3 else written[len(written) // 2]  # the middle
    digits = result.figure.digits if result else ALL_DIGITS
    cells = [Cell(value, "", name.position) for value in (name.replace("_", "-"), str(label))]
    for number, words in zip((numbers.low, numbers.best, numbers.high), (written[0], best, written[-1]), strict=True):
        cells.append(Cell(_whole(number), str(words), name.position, digits))
    stated = _whole(result.agreement.stated.best) if result and result.agreement else None
    return (*cells, Cell(numbers.unit or None, "", name.position), Cell(stated, "", name.position, ALL_DIGITS))


# ---- Limits ----


def _check_size(rows: int, at: Position) -> None:
    if rows > MOST_ROWS:
        raise ContentError(at, "limit-exceeded", f"a chart has at most {MOST_ROWS:,} rows", "Summarise them first.")


def _check_width(columns: int, at: Position) -> None:
    if columns > MOST_COLUMNS:
        message = f"there are {columns:,} columns; at most {MOST_COLUMNS} are read"
        raise ContentError(at, "limit-exceeded", message, "Leave out those that the chart does not use.")


def as_values(table: Table) -> list[Json]:
    """The rows as the engine takes them."""
    return [dict(zip(table.columns, (cell.value for cell in row), strict=True)) for row in table.rows]


def as_csv(table: Table) -> str:
    """The rows as CSV (RFC 4180, lines end in LF): numbers with a decimal point, computed ones to 12 digits.

    Readers open it in spreadsheets, which take some texts for formulas to run; an apostrophe makes them texts again.
    """
    lines = [",".join(_quoted(_inert(name)) for name in table.columns)]
    lines += [",".join(_quoted(_spelled(cell)) for cell in row) for row in table.rows]
    return "\n".join(lines) + "\n"


# Types of Table Schema 2, the narrowest first, and how their values are spelled.
_TYPES = {
    "boolean": re.compile("true|false"),
    "integer": re.compile(r"-?(?:0|[1-9]\d*)"),
    "number": re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?"),
    "date": re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"),  # every month has these days
}


def as_field(table: Table, column: str) -> dict[str, Json]:
    """A column of the CSV as Table Schema 2 describes it: its name, and the type of all its values."""
    values = [words for words in map(_spelled, table.column(column)) if words]
    fitting = (name for name, spelled in _TYPES.items() if all(map(spelled.fullmatch, values)))
    return {"name": _inert(column), "type": next(fitting, "string") if values else "any"}


def _spelled(cell: Cell) -> str:
    if cell.value is None:
        return ""
    if isinstance(cell.value, bool):
        return "true" if cell.value else "false"
    if isinstance(cell.value, float) and not cell.written:
        return f"{cell.value:.12g}"
    written = cell.written or str(cell.value)
    return _inert(written) if isinstance(cell.value, str) else written


# A sign may begin a harmless text ("-5 bis 3"); only a call, another program or another sheet behind it does not.
_FORMULA = re.compile(r"[\s\x00]*(?:[=@]|[+-].*[(|!])", re.DOTALL)


def _inert(words: str) -> str:
    return f"'{words}" if _FORMULA.match(words) else words


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"' if any(char in words for char in ',"\r\n') else words
