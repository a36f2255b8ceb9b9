"""What a YAML parser's complaint means to an editor, and what to type instead.

The parsers know what they expected of the grammar; an editor needs to know which of the few usual slips it was. So
the line itself is looked at first, by a table of functions of one signature, and the parser's own words decide only
which functions are asked.
"""

import re
from collections.abc import Callable
from itertools import pairwise, takewhile
from typing import Any, NamedTuple

from msgspec import Struct

from randnotiz.diagnostics import ContentError, Position, shortened
from randnotiz.yamldoc import STRANGE_BLANKS, as_written, in_quotes


class Trouble(Struct, frozen=True, kw_only=True):
    """Where a parser stopped. Rows and columns count from 0 here, as its marks do.

    `first_line` is the line of row 0. `problem` and `setting` are the parser's words; `opened` is where the thing
    began that it was reading; `before` is the scalar it had read last, as it is written, and `before_row` its first
    row.
    """

    problem: str
    setting: str
    first_line: int
    row: int
    column: int
    opened: tuple[int, int]
    lines: list[str]
    before: str
    before_row: int
    touches: bool  # nothing but blanks between that scalar and the place

    @property
    def line(self) -> str:
        """The line where it stopped."""
        return self.at(self.row)

    @property
    def rest(self) -> str:
        """That line from the place on."""
        return self.line[self.column :].rstrip()

    @property
    def opening(self) -> str:
        """The character with which the thing began that it was reading."""
        return self.at(self.opened[0])[self.opened[1] :][:1]

    def has_problem(self, *words: str) -> bool:
        """Whether the parser's complaint has any of these words in it."""
        return any(word in self.problem for word in words)

    def at(self, row: int) -> str:
        """A line, empty beyond the ends of the file."""
        return self.lines[row] if 0 <= row < len(self.lines) else ""

    def above(self) -> int:
        """The nearest row above that is neither empty nor a comment, -1 if there is none."""
        row = self.row - 1
        while row >= 0 and _is_empty(self.at(row)):
            row -= 1
        return row


class Explanation(NamedTuple):
    """What to tell the editor, and at which row and column if not where the parser stopped."""

    message: str
    hint: str
    at: tuple[int, int] | None = None


def explained(error: Any, text: str, path: str, first_line: int, before: tuple[int, int]) -> ContentError:
    """The fault for a parser's error in a text; `before` are the offsets of the scalar it had read last."""
    trouble = _trouble(error, text, first_line, before)
    found = next(filter(None, (explanation(trouble) for explanation in EXPLANATIONS)), _UNEXPLAINED)
    row, column = found.at or (trouble.row, trouble.column)
    return ContentError(Position(path, first_line + row, column + 1), "yaml-syntax", found.message, found.hint)


def _trouble(error: Any, text: str, first_line: int, before: tuple[int, int]) -> Trouble:
    lines = text.splitlines()
    mark = error.problem_mark or error.context_mark
    opened = error.context_mark or mark
    row, column = mark.line, mark.column
    if row >= len(lines) and lines:  # the end of the file counts as a line of its own: point behind its last words
        row, column = len(lines) - 1, len(lines[-1])
    start, end = before
    return Trouble(
        problem=error.problem or "",
        setting=error.context or "",
        first_line=first_line,
        row=row,
        column=column,
        opened=(opened.line, opened.column),
        lines=lines,
        before=text[start:end],
        before_row=len(text[:start].splitlines()) - (0 if text[:start].endswith(("\n", "\r")) or not start else 1),
        touches=end > 0 and not text[end : mark.index].strip(" "),
    )


# ---- The usual slips ----

_FIELD = re.compile(r"\s*(?:- +)*(?P<name>[\w\"'-]+) *:(?= |$)")
_LIST_ENTRY = re.compile(r"\s*- ")
_LONGEST_NAME = 1_024  # YAML 1.2, 7.4.2: where an implicit key must have ended
_NAME_ABOVE = "write the name of the field it belongs to, and a colon, above it."
_OPENS_BLOCK = re.compile(r".*(?:: +|- +)[|>][-+0-9]*\s*(?:#.*)?$")


def _value(line: str) -> str:
    """What stands behind the name and the colon of a line, or behind its list dash."""
    field = _FIELD.match(line)
    return line[field.end() :].strip() if field else line.strip().removeprefix("- ").strip()


def _tab(trouble: Trouble) -> Explanation | None:
    indentation = trouble.line[: _blanks(trouble.line)]
    if "\t" not in indentation or not trouble.has_problem("tab", "start any token"):
        return None
    hint = "Write blanks instead; most editors can be told to do so for .yaml files."
    return Explanation("this line is indented with a tab", hint, (trouble.row, indentation.index("\t")))


_STRANGELY_INDENTED = re.compile(rf" *([{STRANGE_BLANKS}])")
_STRANGELY_PARTED = re.compile(
    rf"\s*(?:- +)*(?:(?P<dash>-)(?P<blank>[{STRANGE_BLANKS}\t])|[\w-]+(?P<colon>：|:[{STRANGE_BLANKS}]))"
)
_DASHED = re.compile(r" *(-[^\W\d]\w*) *:(?= |$)")
_SLIP_ABOVE = 3  # rows above the place where a parser stops, in which the slip may be that made it stop


def strange_blank(char: str) -> tuple[str, str]:
    """What to tell of a line that is indented with something that only looks like blanks."""
    return (
        f"this line is indented with blanks of another kind (U+{ord(char):04X}), which count as words here",
        "Write ordinary blanks instead; those came with text copied from elsewhere.",
    )


def dash_alone(name: str) -> tuple[str, str]:
    """What to tell of a list's entry without the blank that makes its dash one."""
    return f"there is no blank behind the dash of '{shortened(name)}'", f"Write '- {shortened(name[1:])}: …'."


def _slip_above(trouble: Trouble) -> Explanation | None:
    """A line, here or a little above, that is not what it looks like; lines of a text that is one are not asked."""
    if trouble.before[:1] in tuple("|>\"'"):
        return None
    for row in range(trouble.row, max(-1, trouble.before_row - 1, trouble.row - _SLIP_ABOVE - 1), -1):
        if found := _STRANGELY_INDENTED.match(trouble.at(row)):
            message, hint = strange_blank(found[1])
        elif found := _STRANGELY_PARTED.match(trouble.at(row)):
            sign, char = ("dash", found["blank"]) if found["dash"] else ("colon", found["colon"][-1])
            what = "colon of another kind" if char == "：" else f"{sign} and a blank of another kind"
            message = f"a {what} (U+{ord(char):04X}) stands here, which counts as a word"
            hint = "Write '- ' with an ordinary blank." if found["dash"] else "Write ': ' with an ordinary blank."
            return Explanation(message, hint, (row, found.start("dash" if found["dash"] else "colon")))
        elif "\n" not in trouble.before and (found := _DASHED.match(trouble.at(row))):
            message, hint = dash_alone(found[1])
        else:
            continue
        return Explanation(message, hint, (row, found.start(1)))
    return None


_COMMENT_IN_BRACKETS = re.compile(r"(?<![^\s\[{,])#\w[^,\]}]*")


def _comment_in_brackets(trouble: Trouble) -> Explanation | None:
    """A text without quotation marks that begins with #: the comment goes on to the end of the line, brackets too."""
    for row in range(max(0, min(trouble.opened[0], trouble.row - _SLIP_ABOVE)), trouble.row + 1):
        for found in _COMMENT_IN_BRACKETS.finditer(trouble.at(row)):
            before = _QUOTED.sub("", trouble.at(row)[: found.start()])
            if before.count("[") + before.count("{") > before.count("]") + before.count("}"):
                message = "this # begins a comment, which goes on to the end of the line, brackets and all"
                hint = f"Put the text into quotation marks: {in_quotes(found[0])}."
                return Explanation(message, hint, (row, found.start()))
    return None


_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")


def _never_closed(trouble: Trouble) -> Explanation | None:
    if "end of stream" not in trouble.problem or "quoted" not in trouble.setting:
        return None
    mark = trouble.opening
    message = f"the text that begins here with {mark} has no closing {mark}"
    return Explanation(message, f"Write {mark} at its end.", trouble.opened)


def _closed_early(trouble: Trouble) -> Explanation | None:
    """A quotation mark inside a text in quotation marks has ended it."""
    mark = trouble.before[:1]
    if mark not in ("'", '"') or not trouble.touches or len(trouble.before) < 2:
        return None
    if mark == '"' and "flow" in trouble.setting and _NEXT_IN_JSON.match(trouble.rest):
        return _no_comma(trouble)
    inside = trouble.before[1:-1]
    row, column = trouble.row, len(trouble.line[: trouble.column].rstrip()) - 1
    if mark == '"' and "„" in inside and inside.rfind("„") > inside.rfind("“"):
        quoted = inside[inside.rfind("„") :]
        message = f"the straight quotation mark behind '{shortened(quoted, 30)}' ends the text"
        hint = f"Write the German closing mark: {shortened(quoted, 30)}“ (U+201C)."
        return Explanation(message, hint, (row, column))
    if mark == "'" and trouble.touches and trouble.line[column + 1 : column + 2].strip(" ,:]}"):
        hint = "Write it doubled (''), or as ’, or put the whole text into \"…\"."
        return Explanation(f"the apostrophe behind '{shortened(inside, 30)}' ends the text", hint, (row, column))
    inner = 'write \\" for those inside' if mark == '"' else "double those inside ('')"
    message = f"the text in quotation marks ends here, but '{shortened(trouble.rest, 30)}' follows"
    return Explanation(message, f"Put all of it into the quotation marks, and {inner}.", (row, column))


def _indicator(trouble: Trouble) -> Explanation | None:
    """A text begins with a character that means something else to YAML."""
    row, column = trouble.row, trouble.column
    if any(word in trouble.setting for word in ("alias", "anchor", "tag", "directive")) or trouble.has_problem("tag"):
        row, column = trouble.opened
    elif not trouble.has_problem("start any token", "node content", "mapping keys"):
        return None
    words = _up_to_bracket(trouble.at(row), column)
    if not words or words[0] not in "@`%*&!,]}?":
        return None
    hint = f"Write {in_quotes(words)}."
    return Explanation(f"a text that begins with {words[0]} must stand in quotation marks", hint, (row, column))


def _up_to_bracket(line: str, column: int) -> str:
    """A line's words from a column on: to its end, or within brackets to the next comma or bracket."""
    words = line[column:].rstrip()
    before = line[:column]
    if before.count("{") + before.count("[") > before.count("}") + before.count("]"):
        words = words[:1] + re.split(r"[,\]}]", words[1:], maxsplit=1)[0]
    return words


def _brace(trouble: Trouble) -> Explanation | None:
    """A text that begins with a printed number, a brace or a bracket."""
    value = _value(trouble.line)
    if not trouble.has_problem("key", "block end"):
        return None
    if not value.startswith(("{", "[")) or trouble.rest.startswith(("]", "}")):
        return None
    if trouble.column <= trouble.line.find(value):
        return None
    message = f"a text that begins with {value[0]} must stand in quotation marks"
    return Explanation(message, f"Write {in_quotes(value)}.", (trouble.row, trouble.line.find(value)))


def _bracket(trouble: Trouble) -> Explanation | None:
    """A list or mapping in brackets that is not closed, or closed twice."""
    if trouble.rest[:1] in ("]", "}") and "flow" not in trouble.setting:
        return Explanation(f"this {trouble.rest[0]} closes nothing", "Leave it out.")
    if "flow" not in trouble.setting:
        return None
    opening = trouble.opening
    closing = {"[": "]", "{": "}"}.get(opening, "]")
    if trouble.rest[:1] in ("{", "[") or _NEXT_IN_JSON.match(trouble.rest):
        return _no_comma(trouble)
    if trouble.row == trouble.opened[0] and trouble.rest:
        hint = "Put texts that contain ': ', a comma or brackets into quotation marks."
        return Explanation(f"a comma or {closing} was expected before '{shortened(trouble.rest, 30)}'", hint)
    message = f"the {opening} that stands here has no {closing}"
    return Explanation(message, f"Write {closing} at its end.", trouble.opened)


_NEXT_IN_JSON = re.compile(r'"[^"]*"\s*[:,\]}]')


def _no_comma(trouble: Trouble) -> Explanation:
    return Explanation(
        f"a comma is missing before '{shortened(trouble.rest, 30)}'", "Write it behind what stands before."
    )


def _colon(trouble: Trouble) -> Explanation | None:
    """A colon where no field can begin: inside a text, below a field that has its value, or below a slip."""
    if "mapping values" not in trouble.problem:
        return None
    above = trouble.above()
    field = _FIELD.match(trouble.line)
    if field is None or field.end() <= trouble.column:
        return _colon_in_text(trouble)
    if len(field["name"]) >= _LONGEST_NAME:
        message = f"'{shortened(field['name'], 40)}' is too long for the name of a field"
        hint = "If it is a text, put all of it into quotation marks."
        return Explanation(message, hint, (trouble.row, field.start("name")))
    if above < 0:
        return None
    upper = trouble.at(above)
    if _STUCK.fullmatch(upper.strip()):
        return _no_colon_above(trouble, above)
    if _LIST_ENTRY.match(upper) and _FIELD.match(upper) is None:
        message = f"'{field['name']}' stands below '{shortened(upper.strip(), 40)}', which has no fields"
        hint = "The first field of an entry stands behind its dash, as in '- id: essay'; is that line missing?"
        return Explanation(message, hint, (trouble.row, field.start("name")))
    if _FIELD.match(upper) is None:
        return _no_colon_above(trouble, above)
    return _too_deep(trouble)


def _too_deep(trouble: Trouble) -> Explanation | None:
    """A field that stands further in than the one above, which has no room for it."""
    field, upper = _FIELD.match(trouble.line), trouble.at(trouble.above())
    if field is None or _FIELD.match(upper) is None or field.start("name") <= _indent(upper):
        return None
    return Explanation(
        f"'{field['name']}' is indented further than the line above, which already has its value",
        f"Indent it by {_indent(upper)} blanks like that field, or {_NAME_ABOVE} If it is part of a text, "
        "put all of that into quotation marks.",
        (trouble.row, field.start("name")),
    )


def _out_dented(trouble: Trouble) -> Explanation | None:
    """A field with a value, here or above, that stands further out than the fields before and behind it."""
    if not trouble.has_problem("mapping values", "key", "block end", "'-' indicator"):
        return None
    written = [row for row in range(len(trouble.lines)) if not _is_empty(trouble.at(row))]
    for before, row, behind in zip(written, written[1:], written[2:], strict=False):
        fields = [_FIELD.match(trouble.at(each)) for each in (before, row, behind)]
        column = _indent(trouble.at(behind))
        if row not in (trouble.row, trouble.above()) or not all(fields) or _LIST_ENTRY.match(trouble.at(row)):
            continue
        if _indent(trouble.at(row)) < column == _indent(trouble.at(before)) and _value(trouble.at(row)):
            name = trouble.at(row).strip().partition(":")[0].strip()
            message = f"'{name}' stands further out than the fields above and below it"
            return Explanation(message, f"Indent it by {column} blanks like them.", (row, _indent(trouble.at(row))))
    return None


def _indent(line: str) -> int:
    """The column at which a line's first field stands, behind its list dashes."""
    field = _FIELD.match(line)
    return field.start("name") if field else _blanks(line)


def _colon_in_text(trouble: Trouble) -> Explanation:
    message = "this text contains a colon and a blank, which begin a new field in YAML"
    owner = _FIELD.match(trouble.at(trouble.before_row))
    if owner and "\n" in trouble.before:
        row = trouble.before_row + 1
        here = row == trouble.row
        return Explanation(
            message if here else f"{message} (in line {trouble.first_line + trouble.row})",
            f"Put >- behind '{owner['name']}:' and all of the text below it. If it belongs to another field, "
            "write the name of that field above it.",
            (row, trouble.column if here else _blanks(trouble.at(row))),
        )
    words = _value(trouble.line) or trouble.line.strip()
    goes_on = " A text of many lines: put >- behind the field's name." if _is_text(trouble.line) else ""
    return Explanation(message, f"Put the text into quotation marks: {in_quotes(words)}.{goes_on}")


_STUCK = re.compile(r"(?:- +)*(?P<name>[\w-]+)(?P<sign>:| ?= ?)(?P<value>[^\s=].*)")


def _no_colon_above(trouble: Trouble, above: int) -> Explanation:
    words = trouble.at(above).strip()
    if stuck := _STUCK.fullmatch(words):
        no_blank = f"there is no blank behind the colon of '{stuck['name']}'"
        message = no_blank if stuck["sign"] == ":" else f"'=' stands behind '{stuck['name']}' instead of a colon"
        hint = f"Write '{stuck['name']}: {as_written(stuck['value'])}'."
        return Explanation(message, hint, (above, _blanks(trouble.at(above))))
    return _no_colon_in(trouble, above)


def _no_colon_in(trouble: Trouble, row: int) -> Explanation:
    while row > 0 and _is_text(trouble.at(row - 1)) and _indent(trouble.at(row - 1)) == _indent(trouble.at(row)):
        row -= 1
    words = trouble.at(row).strip()
    if words[:1] in ("[", "{"):
        message = f"'{words[0]}' begins a list or a group of fields in brackets, among lines without them"
        hint = "Write '- ' before each { … } and leave [ and ] out; or put all entries into one list in brackets."
        return Explanation(message, hint, (row, _blanks(trouble.at(row))))
    message = f"'{shortened(words, 40)}' is neither a field nor part of the text above"
    hint = "A field is 'name: value'; a text of many lines stands below its name ('note: >-'), indented further."
    return Explanation(message, hint, (row, _blanks(trouble.at(row))))


def _is_text(line: str) -> bool:
    return not (_is_empty(line) or _FIELD.match(line) or _LIST_ENTRY.match(line))


def _stray_text(trouble: Trouble) -> Explanation | None:
    return _no_colon_in(trouble, trouble.row) if _is_text(trouble.line) else None


def _comment(trouble: Trouble) -> Explanation | None:
    """A text of many lines that an unintended comment has cut."""
    above = trouble.above()
    cut = re.search(r"\s#", trouble.at(above)) if above >= 0 else None
    if cut is None or not trouble.has_problem("key", "block end", "':'"):
        return None
    if _FIELD.match(trouble.line) or _LIST_ENTRY.match(trouble.line):
        return None
    message = "this # begins a comment and cuts the text, which goes on in the next line"
    hint = "Put >- behind the field's name and all of the text below it, indented."
    return Explanation(message, hint, (above, cut.start() + 1))


def _missing_colon(trouble: Trouble) -> Explanation | None:
    if "could not find expected ':'" not in trouble.problem:
        return None
    row = trouble.opened[0]
    above = next((each for each in range(row - 1, -1, -1) if trouble.at(each).strip()), -1)
    if above >= 0 and _OPENS_BLOCK.match(trouble.at(above)):
        message = "the text that begins here must be indented further than the name of its field"
        hint = f"Indent each of its lines by {_indent(trouble.at(above)) + 2} blanks."
        return Explanation(message, hint, trouble.opened)
    return _no_colon_above(trouble, row)


def _escape(trouble: Trouble) -> Explanation | None:
    if "escape" not in trouble.problem:
        return None
    if "Unicode" in trouble.problem:
        return Explanation("this escape stands for no character of its own", "Write the character itself instead.")
    hint = "Write \\\\ for one backslash, or put the text into '…', where it stands for itself."
    return Explanation('a backslash in a text in "…" begins an escape that YAML does not know', hint)


def _block_header(trouble: Trouble) -> Explanation | None:
    if "block scalar" not in trouble.setting:
        return None
    message = f"behind {trouble.opening} the text begins in a line of its own"
    hint = "Move it to the next line, indented further than the name of its field."
    return Explanation(message, hint, trouble.opened)


def _list_dash(trouble: Trouble) -> Explanation | None:
    if not trouble.rest.startswith("-"):
        return None
    if "sequence entries" in trouble.problem:
        hint = f"Move '- …' to the next line; if it is a text, write {in_quotes(trouble.rest)}."
        return Explanation("a list begins in a line of its own", hint)
    first = _first_row_below_a_name(trouble)
    if first is not None and (_names_lists(trouble, first) or _alike(trouble, first)):
        message = "there is no '- ' before the first field of this list entry"
        hint = f"Write '- {shortened(trouble.at(first).strip(), 40)}'."
        return Explanation(message, hint, (first, _indent(trouble.at(first))))
    if first is not None:
        hint = "Write the name of the field it belongs to, and a colon, above it."
        return Explanation("a list begins here, but no field name stands above it", hint)
    if trouble.has_problem("key", "block end"):
        hint = "Write the name of its list, and a colon, above it, or leave the dash out."
        return Explanation("a list entry ('- ') stands here where a field was expected", hint)
    return None


def _first_row_below_a_name(trouble: Trouble) -> int | None:
    """Where the fields begin that stand like a list's first entry, above a dash, but without one of their own."""
    written = [row for row in range(trouble.row) if trouble.at(row).strip() and trouble.at(row).lstrip()[0] != "#"]
    while written:
        first = trouble.at(row := written.pop())
        above = trouble.at(written[-1]) if written else ""
        if above and _indent(above) <= trouble.column:
            fits = _indent(first) == trouble.column + len("- ") and not _LIST_ENTRY.match(first)
            return row if fits and _FIELD.match(above) and not _value(above) else None
    return None


def _names_lists(trouble: Trouble, first: int) -> bool:
    """Whether the name above some fields is that of a list elsewhere in the file."""
    written = [row for row in range(len(trouble.lines)) if not _is_empty(trouble.at(row))]
    fields = [(row, field["name"]) for row in written if (field := _FIELD.match(trouble.at(row)))]
    name = [name for row, name in fields if row < first][-1]
    below = dict(pairwise(written))
    starts = [trouble.at(below.get(row, row)) for row, other in fields if other == name and row in below]
    values = [_value(trouble.at(row)) for row, other in fields if other == name]
    return any(map(_LIST_ENTRY.match, starts)) or any(value.startswith("[") for value in values)


def _alike(trouble: Trouble, first: int) -> bool:
    """Whether the fields above a dash may be an entry of a list: entries of the file have some of the same names."""
    column = _indent(trouble.at(first))
    dash, names = -1, set()
    for row, line in enumerate(trouble.lines):
        field = _FIELD.match(line)
        if not _is_empty(line) and _blanks(line) <= dash:
            dash = -1
        if _LIST_ENTRY.match(line):
            dash = _blanks(line)
        if field and field.start("name") == dash + len("- ") and not first <= row < trouble.row:
            names.add(field["name"])
    above = (_FIELD.match(trouble.at(row)) for row in range(first, trouble.row))
    return any(field["name"] in names for field in above if field and field.start("name") == column)


def _block_dedent(trouble: Trouble) -> Explanation | None:
    """A line of a block of text that is indented less than the block's first line."""
    if _FIELD.match(trouble.line) or trouble.before[:1] not in ("|", ">"):
        return None
    return Explanation("this line is indented less than the text above it", "Indent all lines of the text alike.")


def _headless(trouble: Trouble) -> Explanation | None:
    """Lines above that stand further in than the field here, and under no field of its level: theirs is missing."""
    if not trouble.has_problem("key", "block end", "'-' indicator") or not _FIELD.match(trouble.line):
        return None
    written = [row for row in range(trouble.row) if not _is_empty(trouble.at(row))]
    inner = list(takewhile(lambda row: _indent(trouble.at(row)) > trouble.column, reversed(written)))
    if not inner or (len(inner) < len(written) and _indent(trouble.at(written[-len(inner) - 1])) == trouble.column):
        return None
    first = inner[-1]
    elsewhere = (row for row in range(len(trouble.lines)) if row < first or row > trouble.row)
    if not any(_FIELD.match(line := trouble.at(row)) and _indent(line) == trouble.column for row in elsewhere):
        return None
    message = "from this line on, fields stand further in, but no field name stands above them"
    hint = "Write the name of the field they belong to, and a colon, above them; or indent them less."
    return Explanation(message, hint, (first, _indent(trouble.at(first))))


def _nameless_list(trouble: Trouble) -> Explanation | None:
    """A list at the level of the fields that follow it: its own name is missing."""
    at_its_level = trouble.has_problem("'-' indicator") and trouble.column == trouble.opened[1]
    if (
        not at_its_level
        or not _FIELD.match(trouble.line)
        or _LIST_ENTRY.match(trouble.line)
        or trouble.opening != "-"
    ):
        return None
    message = f"no field name stands above this list, the next in line {trouble.first_line + trouble.row}"
    return Explanation(message, "Write the name of the list, and a colon, above it.", trouble.opened)


def _is_empty(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _blanks(line: str) -> int:
    """How many blanks a line begins with."""
    return len(line) - len(line.lstrip())


def _indentation(trouble: Trouble) -> Explanation | None:
    if not trouble.has_problem("key", "block end", "'-' indicator"):
        return None
    if trouble.rest.startswith(":"):
        return Explanation("there is no field name before this colon", "Write 'name: …'.")
    if stray := _stray_text(trouble):
        return stray
    indents = sorted({_indent(trouble.at(row)) for row in range(trouble.row) if _FIELD.match(trouble.at(row))})
    if "'-'" in trouble.problem or _LIST_ENTRY.match(trouble.at(trouble.above())):
        hint = "Indent it like the field above it to which it belongs; an entry of a list begins with '- '."
    else:
        hint = f"Indent it like the fields beside which it stands, or {_NAME_ABOVE}"
    if trouble.column in indents and "'-'" not in trouble.problem:
        return None
    near = min(indents, key=lambda each: (abs(each - trouble.column), each), default=None)
    if near is not None and near != trouble.column:
        hint = f"{hint} The nearest indentation above is {near}."
    return Explanation(f"the indentation of this line ({trouble.column}) is that of no line above", hint)


def _after_end(trouble: Trouble) -> Explanation | None:
    if "document start" not in trouble.problem:
        return None
    if any(line.rstrip() == "..." for line in trouble.lines[: trouble.row]):
        return Explanation("the file was ended above, but goes on here", "Leave the line '...' out.")
    hint = (
        "Write the name of the list, as in 'sources:', in a line above its [; what is in braces goes below, in [ ]."
    )
    if trouble.rest[:1] in (",", "[", "{"):
        hint = "Put all of them into one list: [ before the first, commas between them, ] behind the last."
    return Explanation("the bracket with which this file begins is closed above, but the file goes on here", hint)


# The order matters: what the line itself shows comes before what follows from the parser's words.
EXPLANATIONS: tuple[Callable[[Trouble], Explanation | None], ...] = (
    _tab,
    _comment_in_brackets,
    _slip_above,
    _never_closed,
    _closed_early,
    _indicator,
    _brace,
    _bracket,
    _out_dented,
    _colon,
    _comment,
    _missing_colon,
    _escape,
    _block_header,
    _list_dash,
    _block_dedent,
    _nameless_list,
    _headless,
    _indentation,
    _after_end,
    _stray_text,
    _too_deep,
)
_UNEXPLAINED = Explanation(
    "this line does not fit what stands before it",
    "Look for a missing ': ', quotation mark or bracket, or a wrong indentation, here or above.",
)
