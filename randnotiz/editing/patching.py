"""A YAML file changed where it must be and nowhere else: text surgery at the marks of what was read.

Nothing is parsed and dumped again, so comments, order, indentation and line ends of the rest stay to the byte. After
each operation the new text is read and compared with what it should say; if it says anything else, nothing comes of
it. The front matter of a Markdown file is changed like a file of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from randnotiz.diagnostics import ContentError, Position, SourceText, did_you_mean
from randnotiz.editing.writing import Entry, Layout, UnwritableError, entry, field, flow, lines
from randnotiz.yamldoc import List, Map, Value, members, parse

Way = Sequence[str | int]  # names of fields, and for entries of lists their index or id

_FENCES = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<front>.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
_BLANKS = " \t\r\n"


Members = list[Entry] | dict[str, Entry]  # of a list, or by their names of a mapping


class UneditableError(Exception):
    """A change that cannot be made in this file; the message says why and what to do by hand."""


def add(source: str, path: str, key: str, value: Entry, *, name: str | None = None) -> str:
    """The file with one more entry at the end of a list, or with a `name`, of a mapping.

    ContentError where the file has a fault, UneditableError where it has no place for the entry.
    """
    return extend(source, path, key, [value] if name is None else {name: value})


def extend(source: str, path: str, key: str, more: Members) -> str:
    """The file with more entries at the end of a list, or by their names, of a mapping; as `add`."""

    def expected(root: Any) -> Any:
        given: dict[str, Any] = root or {}
        known: Any = given.get(key)
        together = (
            [*(known or []), *_plain_value(more)]
            if isinstance(more, list)
            else {**(known or {}), **_plain_value(more)}
        )
        return {**given, key: together}

    return _operated(source, path, lambda sheet: sheet.with_more(key, more), expected) if more else source


def change(source: str, path: str, at: Way, name: str | int, value: Entry) -> str:
    """The file with another value of a field, or with the field where it was not there; `at` leads to its mapping.

    With an index in place of a field's name, `at` leads to a list and the entry is replaced.
    """

    def expected(root: Any) -> Any:
        target = _led(root, at, path)
        if isinstance(target, dict):
            target[str(name)] = _plain_value(value)
        else:
            target[_index(target, name, path)] = _plain_value(value)
        return root

    return _operated(source, path, lambda sheet: sheet.with_value(at, name, value), expected)


def remove_field(source: str, path: str, at: Way, name: str) -> str:
    """The file without a field, with what comments stand indented below it."""

    def expected(root: Any) -> Any:
        del _led(root, at, path)[name]
        return root

    return _operated(source, path, lambda sheet: sheet.without(at, name), expected)


def delete(source: str, path: str, key: str, which: str | int) -> str:
    """The file without an entry of a list, named by its index or id, or of a mapping, named by its name."""

    def expected(root: Any) -> Any:
        known = root[key]
        del known[which if isinstance(known, dict) else _index(known, which, path)]
        return root

    return _operated(source, path, lambda sheet: sheet.without((key,), which), expected)


def names(source: str, path: str, at: Way) -> list[str]:
    """The names of the fields of a mapping."""
    return [str(name) for name in _led(_root(source, path), at, path)]


def way_to(source: str, path: str, place: Position) -> tuple[str | int, ...] | None:
    """The way to the scalar that stands at a line and column of a file, None if there is none."""
    return _ways(source, path).get((place.line, place.column))


@lru_cache(maxsize=8)  # all lost quotations of an article stand in the same few files
def _ways(source: str, path: str) -> dict[tuple[int, int], tuple[str | int, ...]]:
    return dict(_scalars(_root(source, path), ()))


def _root(source: str, path: str) -> Value:
    front, offset = _yaml(source, path)
    return parse(front, path, 2 if offset else 1)


def _scalars(value: Value, way: tuple[str | int, ...]) -> Iterator[tuple[tuple[int, int], tuple[str | int, ...]]]:
    """The places of all scalars, line and column, and the ways to them."""
    if isinstance(value, SourceText):
        yield (value.position.line, value.position.column), way
        return
    for name, each in members(value):
        yield from _scalars(each, (*way, name if isinstance(name, int) else str(name)))


# ---- Before and after ----


def split(source: str, path: str) -> tuple[str, str]:
    """A Markdown file in two: its front matter with both fences, and its text. UneditableError."""
    found = _FENCES.match(source)
    if found is None:
        raise UneditableError(f"{path} has no front matter between two lines '---'")
    return source[: found.end()], source[found.end() :]


def _yaml(source: str, path: str) -> tuple[str, int]:
    """The YAML of a file and where it begins: the front matter of Markdown, or all of it."""
    if not path.endswith(".md"):
        return source, 0
    front = split(source, path)[0]
    start = front.index("\n") + 1
    return front[start : front.rindex("---")], start


def _operated(source: str, path: str, operate: Callable[["_Sheet"], str], expected: Callable[[Any], Any]) -> str:
    """The source after an operation, once it has been read again and says what was expected."""
    old, offset = _yaml(source, path)
    first_line = 2 if offset else 1  # a front matter begins below its fence
    root = parse(old, path, first_line)
    try:
        new = operate(_Sheet(old, path, root))
    except UnwritableError as error:
        raise UneditableError(f"{path}: {error}") from None
    try:
        now = _plain_value(parse(new, path, first_line))
    except ContentError as error:
        raise UneditableError(_by_hand(path, f"it could not be read afterwards: {error}")) from error
    if not _same(now, expected(_plain_value(root))):
        raise UneditableError(_by_hand(path, "it would not say afterwards what it should"))
    return source[:offset] + new + source[offset + len(old) :]


def _by_hand(path: str, why: str) -> str:
    return f"{path} is written in a way that cannot be changed here without harm ({why}); please change it by hand"


def _plain_value(value: Any) -> Any:
    """What a value says, as plain mappings, lists and texts."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return str(value)
        case Mapping():
            return {str(name): _plain_value(each) for name, each in value.items() if each is not None}
        case Sequence():
            return [_plain_value(each) for each in value]
        case _:
            return str(value)


def _same(one: Any, other: Any) -> bool:
    """Whether two values say the same; the line break at the end of a file's last text is no difference."""
    if isinstance(one, str) and isinstance(other, str):
        return one.rstrip("\n") == other.rstrip("\n")
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    # Nothing behind a name is an empty list or mapping as well.
    return not one and not other


def _led(root: Any, at: Way, path: str) -> Any:
    """The list or mapping that a way leads to."""
    value = root
    for step in at:
        if isinstance(value, dict):
            if step not in value:
                raise UneditableError(f"{path} has no '{step}'{did_you_mean(str(step), map(str, value))}")
            value = value[SourceText(str(step))]
        elif isinstance(value, list):
            value = value[_index(value, step, path)]
        else:
            raise UneditableError(f"{path}: there is no '{step}' in a text")
    if not isinstance(value, dict | list):
        raise UneditableError(f"{path}: a list or a mapping was expected at '{'.'.join(map(str, at))}'")
    return value


def _index(entries: Sequence[Any], which: str | int, path: str) -> int:
    """The index of an entry that is named by it, or by its id."""
    if isinstance(which, int):
        if not 0 <= which < len(entries):
            raise UneditableError(f"{path}: there is no entry {which + 1}; the list has {len(entries)}")
        return which
    ids = [str(each.get("id")) if isinstance(each, dict) else "" for each in entries]
    if which not in ids:
        raise UneditableError(f"{path} has no entry with the id '{which}'{did_you_mean(which, filter(None, ids))}")
    return ids.index(which)


# ---- The surgery ----


class _Sheet:
    """The text of a file beside what was read from it. Each operation returns a new text."""

    def __init__(self, text: str, path: str, root: Value) -> None:
        self.text, self.path, self.root = text, path, root
        self.newline = "\r\n" if re.search("\r?\n|$", text)[0] == "\r\n" else "\n"  # type: ignore[index]
        self.layout = _layout(root, text)

    def with_more(self, key: str, more: Members) -> str:
        """More entries at the end of a list or mapping, which is made if it is not there."""
        if isinstance(self.root, List) or (isinstance(self.root, SourceText) and self.root):
            raise UneditableError(f"{self.path} does not begin with a field, so '{key}' has no place in it")
        if isinstance(self.root, Map) and key not in self.root and self._is_flow(self.root):
            return self._member_in_flow(self.root, f"{key}: {flow(more)}")
        if isinstance(self.root, SourceText) or key not in self.root:
            return self._appended(key, more)
        old = self.root[SourceText(key)]
        if not old:
            return self._filled(self.root, self.root.key(key), old, more)
        if isinstance(old, SourceText) or isinstance(old, List) != isinstance(more, list):
            kinds = {SourceText: "text", List: "list", Map: "mapping"}
            wanted = "list" if isinstance(more, list) else "mapping"
            raise UneditableError(f"{self.path}: '{key}' is a {kinds[type(old)]}, where a {wanted} was expected")
        return self._with_members(old, more)

    def with_value(self, at: Way, name: str | int, value: Entry) -> str:
        """A field or an entry with another value, or a field more."""
        owner = _led(self.root, at, self.path)
        if isinstance(owner, Map) and name not in owner:
            return self._with_members(owner, {str(name): value})
        old = owner[SourceText(str(name))] if isinstance(owner, Map) else owner[_index(owner, name, self.path)]
        like = self._style(old)
        if self._is_flow(owner):
            words = flow(value, str(name), like)
            gap = " " if self.text[old.start - 1] == ":" else ""
            return self.text[: old.start] + gap + words + self.text[self._end(old) :]
        if isinstance(owner, Map):
            key = owner.key(str(name))
            new = lines(value, self._column(owner.start), self.layout, name=str(name), like=like)
            return self._replaced(self.text.index(":", key.end) + 1, old, new)
        dash = self.text.rindex("-", 0, old.start) if old.start else 0
        new = entry(value, self._column(dash), self.layout, max(2, old.start - dash), like)
        new[0] = new[0].lstrip()[1:].lstrip()
        return self._replaced(dash + 1, old, new)

    def without(self, at: Way, which: str | int) -> str:
        """A list or mapping without one of its members."""
        owner = _led(self.root, at, self.path)
        members = self._members(owner)
        if isinstance(owner, Map):
            if which not in owner:
                raise UneditableError(f"{self.path} has no '{which}'{did_you_mean(str(which), owner)}")
            index = list(owner).index(SourceText(str(which)))
        else:
            index = _index(owner, which, self.path)
        start, end = members[index]
        if self._is_flow(owner):
            return self._cut_from_flow(owner, members, index)
        column = self._column(start)
        end = self._with_comments_below(end, column)
        if index == 0 and self._begins_line(start) and len(members) > 1:
            return self.text[: self._line_start(start)] + self.text[self._after_blank_lines(end) :]
        if index == 0 and len(members) > 1:
            return self.text[:start] + self.text[members[1][0] :]
        if index == 0 and not self._begins_line(start):
            return self.text[:start] + "{}" + self.text[end:]
        cut = self.text[: self._before_blank_lines(start)] + self.text[end:]
        if len(members) > 1 or owner.under is None:
            return cut
        colon = self.text.index(":", owner.under.end) + 1
        return cut[:colon] + (" []" if isinstance(owner, List) else " {}") + cut[colon:]

    # Members put in

    def _appended(self, key: str, whole: Members) -> str:
        """A field more at the very end of the file."""
        text = self.text
        if text.strip("\ufeff"):
            missing = 2 - sum(text.endswith(self.newline * count) for count in (1, 2))
            text += self.newline * missing
        return text + self._joined([f"{key}:", *self._members_written(whole, 0)]) + self.newline

    def _members_written(self, whole: Members, column: int) -> list[str]:
        if isinstance(whole, dict):
            column += self.layout.step
            return [line for name, each in whole.items() for line in field(name, each, column, self.layout)]
        return [line for each in whole for line in entry(each, column + self.layout.dash, self.layout)]

    def _filled(self, owner: Map, key: SourceText, old: Value, whole: Members) -> str:
        """A field that was empty, with its first entry."""
        if self._is_flow(owner):
            return (
                self.text[: old.start] + " " * isinstance(old, SourceText) + flow(whole) + self.text[self._end(old) :]
            )
        new = ["", *self._members_written(whole, self._column(key.start))]
        return self._replaced(self.text.index(":", key.end) + 1, old, new)

    def _with_members(self, owner: Map | List, more: Members) -> str:
        """Members behind the last of a list or mapping that has some, or of a flow one without."""
        if isinstance(more, dict):
            there = next((name for name in more if name in owner), None)
            if there is not None and isinstance(owner, Map):
                line = owner.key(there).position.line
                raise UneditableError(f"{self.path}: there is a '{there}' already, in line {line}")
            if self._is_flow(owner):
                return self._member_in_flow(owner, flow(more)[1:-1])
            column = self._column(owner.start)
            return self._member_in_block(
                owner, [field(name, each, column, self.layout) for name, each in more.items()]
            )
        assert isinstance(owner, List)  # noqa: S101 - for the type checker: members of a list go into one
        if self._is_flow(owner):
            return self._member_in_flow(owner, *(flow(each) for each in more))
        column, gap = self._column(self._members(owner)[-1][0]), self._gap(owner)
        return self._member_in_block(owner, [entry(each, column, self.layout, gap) for each in more])

    def _gap(self, owner: List) -> int:
        """How far behind its dash the last entry begins."""
        dash, last = self._members(owner)[-1][0], owner[-1]
        return last.start - dash if isinstance(last, Map) and last.start - dash > 1 else 2

    def _member_in_flow(self, owner: Map | List, *words: str) -> str:
        """Members more between brackets or braces, on lines of their own if the last one has one."""
        members = self._members(owner)
        if not members:
            return self.text[: owner.start + 1] + ", ".join(words) + self.text[owner.end - 1 :]
        start, end = members[-1]
        own_line = self._begins_line(start) and self.text.rfind("\n", 0, start) > owner.start
        gap = self.newline + " " * self._column(start) if own_line else " "
        return self.text[:end] + "".join(f",{gap}{each}" for each in words) + self.text[end:]

    def _member_in_block(self, owner: Map | List, new: Sequence[list[str]]) -> str:
        """Members more behind the last, parted from it as that one is from what stands before."""
        members = self._members(owner)
        start, end = members[-1]
        at = self._with_comments_below(end, self._column(start))
        gap = self.newline * (2 if self._apart(owner, members) else 1)
        return self.text[:at] + "".join(gap + self._joined(each) for each in new) + self.text[at:]

    def _apart(self, owner: Map | List, members: Sequence[tuple[int, int]]) -> bool:
        """Whether a blank line stands before the last entry of a list or mapping that a whole file consists of."""
        start = members[-1][0]
        if owner.under is None or self._column(owner.under.start) > 0:
            return False
        before = members[-2][1] if len(members) > 1 else owner.under.end
        return _BLANK_LINE.search(self.text, before, start) is not None

    def _joined(self, new: Sequence[str]) -> str:
        return self.newline.join(new)

    # Values exchanged

    def _replaced(self, colon: int, old: Value, new: list[str]) -> str:
        """The text with the value behind a colon or a dash exchanged; a comment on that line stays there."""
        head, *body = new
        end = self._end(old)
        inline = "\n" not in self.text[colon : old.start]
        gap = self.text[colon : old.start] if inline else ""
        if not inline:
            tail_from, tail_to = colon, self._line_end(colon)
        elif self._is_block_scalar(old):
            header = _BLOCK_HEADER.match(self.text, old.start)
            tail_from = header.end() if header else old.start
            tail_to = self._line_end(tail_from)
        else:
            tail_from, tail_to = end, self._line_end(end)
        tail = self.text[tail_from:tail_to]
        words = (gap or " ") + head if head else ""
        below = "".join(self.newline + line for line in body)
        return self.text[:colon] + words + tail + below + self.text[max(end, tail_to) :]

    def _style(self, value: Value) -> str:
        """How a text is written: plain, or the sign it begins with."""
        if not isinstance(value, SourceText) or value.start == value.end:
            return ""
        return "plain" if value.plain else self.text[value.start]

    # Members taken out

    def _cut_from_flow(self, owner: Map | List, members: Sequence[tuple[int, int]], index: int) -> str:
        start, end = members[index]
        if len(members) == 1:
            return self.text[: owner.start + 1] + self.text[owner.end - 1 :]
        if index == 0:
            return self.text[:start] + self.text[members[1][0] :]
        return self.text[: members[index - 1][1]] + self.text[end:]

    # Where things stand

    def _is_flow(self, value: Map | List) -> bool:
        return self.text[value.start : value.start + 1] in ("{", "[")

    def _is_block_scalar(self, value: Value) -> bool:
        return isinstance(value, SourceText) and not value.plain and self.text[value.start] in "|>"

    def _members(self, owner: Map | List) -> list[tuple[int, int]]:
        """Where each member begins (with its dash or its name) and ends."""
        if isinstance(owner, Map):
            return [(key.start, max(self._end(each), key.end + 1)) for key, each in owner.items()]
        ends = [self._end(each) for each in owner]
        if self._is_flow(owner):
            return [(each.start, end) for each, end in zip(owner, ends, strict=True)]
        starts = [self._dash(each) for each in owner]
        return [(start, max(start + 1, end)) for start, end in zip(starts, ends, strict=True)]

    def _dash(self, item: Value) -> int:
        """Where the dash before an entry of a block list stands."""
        at = item.start
        while at > 0:
            before = self.text[:at].rstrip(_BLANKS)
            line = before[before.rfind("\n") + 1 :]
            if before.endswith("-") and not line.lstrip().startswith("#"):
                return len(before) - 1
            at = len(before) - len(line) + line.find("#") if "#" in line else 0
        raise UneditableError(_by_hand(self.path, "a list in it could not be followed"))

    def _end(self, value: Value) -> int:
        """Where the last word of a value ends."""
        if isinstance(value, SourceText):
            if not self._is_block_scalar(value):
                return value.end
            header = _BLOCK_HEADER.match(self.text, value.start)
            if header and "+" in header[0]:
                return self._line_end(value.end - 1)
            return self._line_end(value.start + len(self.text[value.start : value.end].rstrip(_BLANKS)))
        if self._is_flow(value):
            return value.end
        if isinstance(value, Map):
            key, last = next(reversed(value.items()))
            return max(self._end(last), self.text.index(":", key.end) + 1)
        return max(self._end(value[-1]), self._dash(value[-1]) + 1)

    def _column(self, at: int) -> int:
        start = self._line_start(at)
        return at - start - (1 if start == 0 and self.text.startswith("\ufeff") else 0)

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        """The end of a line, before its line break."""
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def _next_line(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1

    def _begins_line(self, at: int) -> bool:
        return not self.text[self._line_start(at) : at].strip(" \ufeff")

    def _with_comments_below(self, end: int, column: int) -> int:
        """The end of a line, and of the comments right below it that are indented deeper than a column."""
        end = self._line_end(end)
        while True:
            start = self._next_line(end)
            line = self.text[start : self._line_end(start)]
            if start == end or not line.lstrip(" ").startswith("#") or line.index("#") <= column:
                return end
            end = self._line_end(start)

    def _before_blank_lines(self, at: int) -> int:
        """The end of the last line above that is not blank."""
        last = len(self.text[: self._line_start(at)].rstrip(_BLANKS))
        return self._line_end(last) if last else 0

    def _after_blank_lines(self, end: int) -> int:
        """The beginning of the first line below that is not blank."""
        at = self._next_line(end)
        while at < len(self.text) and not self.text[at : self._line_end(at)].strip():
            at = self._next_line(at)
        return at


def _layout(root: Value, text: str) -> Layout:
    """How a file is indented, as its first nested list and mapping show."""
    steps: list[int] = []
    dashes: list[int] = []

    def look(value: Value) -> None:
        if isinstance(value, SourceText) or not value:
            return
        if value.under is not None and text[value.start] not in "[{":
            here = value.start - text.rfind("\n", 0, value.start)
            there = value.under.start - text.rfind("\n", 0, value.under.start)
            (steps if isinstance(value, Map) else dashes).append(here - there)
        for each in value.values() if isinstance(value, Map) else value:
            if not (steps and dashes):
                look(each)

    look(root)
    step = next((step for step in steps if 1 <= step <= 8), 2)
    return Layout(step=step, dash=next((dash for dash in dashes if 0 <= dash <= 8), 0))
