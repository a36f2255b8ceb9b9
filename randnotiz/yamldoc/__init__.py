"""YAML text to values that know where they stand, with doubled keys, foreign features and limits checked.

Scalars stay text (`diagnostics.SourceText`): what they mean is the reader's business, or `plain`'s where nobody gave
them a type. The tree is made from the parser's events, because composing nodes first is slower, loses doubled keys
and brings the C parser down on deep nesting.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, TypeVar

import yaml
from msgspec import Struct, field

from randnotiz.codes import Code
from randnotiz.deceptive import closed, deceptions
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText, shortened
from randnotiz.values import Json

# PyYAML's wheels carry the C parser; where there is no wheel yet, the one in Python reads the same, only slower.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

LONGEST = 5_000_000  # code points of a file
DEEPEST = 32  # lists and mappings within each other
MOST = 250_000  # scalars, lists and mappings of a file
MOST_FAULTS = 100  # of a file, before it is given up

STRANGE_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
# Said by what it is, not by all that it is not: `re` compiles a set character by character, 60,000 of them in 4 ms.
UNPRINTABLE = re.compile("[\0-\b\v\f\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


class Map(dict[SourceText, "Value"]):
    """A mapping in the order of the file; `under` is the field name it is the value of, if it is one.

    `position` is that of its first key or its brace; `start` and `end` are offsets in the file, in code points.
    `grown` is the fault of one that is most likely two grown together, because a line between them is missing.
    """

    __slots__ = ("end", "grown", "position", "start", "under")

    position: Position
    start: int
    end: int
    under: SourceText | None
    grown: Diagnostic | None  # only where there is one; ask `grown_together`

    if TYPE_CHECKING:  # keys are SourceText, but any text with the same words finds them

        def __getitem__(self, key: str, /) -> "Value": ...

    def key(self, name: str) -> SourceText:
        """The author's own writing of a key, which knows its place; KeyError if there is none."""
        for key in self:
            if key == name:
                return key
        raise KeyError(name)


class List(list["Value"]):
    """A list; `under`, `position`, `start` and `end` as those of a mapping."""

    __slots__ = ("end", "position", "start", "under")

    position: Position
    start: int
    end: int
    under: SourceText | None


Value: TypeAlias = Map | List | SourceText
_Group = TypeVar("_Group", Map, List)


def made_at(place: Position, new: _Group) -> _Group:
    """A mapping or a list that nobody wrote, at the place it comes from."""
    new.position, new.start, new.end, new.under = place, 0, 0, None
    return new


def in_place_of(old: Map | List, new: _Group) -> _Group:
    """A mapping or a list that stands where another stood."""
    new.position, new.start, new.end, new.under = old.position, old.start, old.end, old.under
    return new


def members(value: Map | List) -> list[tuple[Any, Value]]:
    """What a mapping or a list holds, each with its name or its place."""
    return list(value.items() if isinstance(value, Map) else enumerate(value))


def with_members(old: Map | List, rows: Sequence[tuple[Any, Value]]) -> Map | List:
    """A mapping or a list of the same kind and place with these members."""
    return in_place_of(old, Map(rows)) if isinstance(old, Map) else in_place_of(old, List(each for _, each in rows))


def parse(source: str, path: str, first_line: int = 1, first_offset: int = 0) -> Value:
    """The value of a YAML text, empty text where there is none; ContentError for its first fault."""
    value, diagnostics = read(source, path, first_line, first_offset)
    for diagnostic in diagnostics:
        if diagnostic.severity == "error":
            raise ContentError(diagnostic.position, diagnostic.code, diagnostic.message, diagnostic.hint)
    return SourceText("", Position(path, first_line)) if value is None else value


def read(
    source: str, path: str, first_line: int = 1, first_offset: int = 0
) -> tuple[Value | None, tuple[Diagnostic, ...]]:
    """The value of a YAML text as far as it can be read, None where it cannot, with all that is to be said of it.

    `first_line` and `first_offset` say where in its file the text begins.
    """
    text = source.removeprefix("\ufeff")
    offset = first_offset + len(source) - len(text)
    if marker := conflict(text, path, first_line):
        return None, (marker.diagnostic,)
    text = _one_document(text)
    if text.lstrip()[:1] in ("[", "{"):
        return _read(_as_yaml(text), path, first_line, offset)
    pasted = list(_pasted(text))
    rest = text
    for _, begin, end in pasted:
        rest = f"{rest[:begin]}{_BUT_LINES.sub(' ', text[begin:end])}{rest[end:]}"
    root, diagnostics = _read(rest, path, first_line, offset)
    for name, begin, end in pasted:
        line = first_line + len(_LINE_END.findall(text, 0, begin))
        spaced = _TABS.sub(lambda tabs: " " * len(tabs[0]), text[begin:end])
        value, more = _read(_as_yaml(spaced), path, line, offset + begin)
        diagnostics += more
        if isinstance(root, Map) and isinstance(value, Map | List):
            value.under = root.key(name)
            root[value.under] = value
    return root, diagnostics


def _read(text: str, path: str, line: int, offset: int) -> tuple[Value | None, tuple[Diagnostic, ...]]:
    builder = _Builder(path=path, text=text, line=line, offset=offset)
    try:
        value = builder.build()
    except ContentError as error:
        return None, (*builder.diagnostics, *builder.doubled_keys(), error.diagnostic)
    return value, (*builder.diagnostics, *builder.doubled_keys(), *builder.cut_by_comments())


# Exports as people paste them. What is put in the place of something is as long, so that all offsets stay.
_FENCED = re.compile(r"(?:[ \t]*(?:#.*)?\r?\n)*---[ \t]*\r?\n")
_FENCE = re.compile(r"^(?:---|\.\.\.)(?=[ \t]*\r?$)", re.MULTILINE)
_CODE_FENCE = re.compile(r"\A```\w*(?=[ \t]*\r?\n)|^```(?=\s*\Z)", re.MULTILINE)  # of an answer that was pasted
_FENCE_AT_END = re.compile(r"^(?:---|\.\.\.)(?=\s*\Z)", re.MULTILINE)
_BEFORE_JSON = re.compile(
    r"^(?P<name>[\w-]+):(?:[ \t]+|[ \t]*(?:#.*)?(?:\r?\n[ \t]*)+)(?=[\[{]\s*[\]}\[{\"])", re.MULTILINE
)
_IN_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_TABS = re.compile(r"^[ \t]*\t[ \t]*", re.MULTILINE)
_BUT_LINES = re.compile(r"[^\r\n]")
_LINE_END = re.compile(r"\r\n|\r|\n")


def _one_document(text: str) -> str:
    """A text without the lines `---` and `...` that end a document which Pandoc has written, and begin none."""
    text = _CODE_FENCE.sub(lambda fence: " " * len(fence[0]), text) if text.startswith("```") else text
    fenced = _FENCED.match(text)
    if fenced is None:
        return _FENCE_AT_END.sub("   ", text)
    return text[: fenced.end()] + _FENCE.sub("   ", text[fenced.end() :])


def _closed(text: str, begin: int) -> int:
    """Where JSON ends that begins at a bracket, commas that it has too many forgiven; 0 where it does not end."""
    depth = 0
    for found in _IN_JSON.finditer(text, begin):
        depth += (found[0] in "[{") - (found[0] in "]}")
        if not depth:
            return found.end()
    return 0


def _pasted(text: str) -> Iterator[tuple[str, int, int]]:
    """The fields, and begin and end, of JSON that YAML would not take: not indented, or with tabs."""
    for found in _BEFORE_JSON.finditer(text):
        begin = found.end()
        if not (end := _closed(text, begin)):
            continue
        line = max(text.rfind(mark, found.end("name"), begin) for mark in "\r\n") + 1
        if text[begin - 1] in "\r\n" or _TABS.search(text, line or begin, end):
            yield found["name"], line or begin, end


_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|.)")
_SHORT = {"b": 0x08, "f": 0x0C}
_HALF = re.compile(r"\\ue[0-3][0-9a-f]{2}")
_PAIR = re.compile("[\ue000-\ue3ff][\ue400-\ue7ff]")


def _as_yaml(text: str) -> str:
    """JSON as the parser of YAML takes it: characters that cannot be printed are blanks, in escapes, too, and the
    halves of surrogate pairs stand in private use, until `_joined` makes one character of both.
    """
    return _ESCAPE.sub(_escape, UNPRINTABLE.sub(" ", text)) if "\\" in text else UNPRINTABLE.sub(" ", text)


def _escape(found: re.Match[str]) -> str:
    written = found[0]
    code = int(f"0x{written[2:]}", 0) if written[1] == "u" and len(written) == 6 else _SHORT.get(written[1], 0x20)
    if 0xD800 <= code < 0xE000:
        return f"\\u{code + 0x800:04x}"
    return " " * len(written) if UNPRINTABLE.match(chr(code)) else written


def _joined(pair: re.Match[str]) -> str:
    high, low = (ord(half) - 0xE000 for half in pair[0])
    return chr(0x10000 + high * 0x400 + low - 0x400)


def grown_together(value: Map) -> Diagnostic | None:
    """The fault that a mapping is most likely two grown together, if it is."""
    return getattr(value, "grown", None)


# ---- Events to values ----


_ENDS: Any = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


class _Builder(Struct, kw_only=True):
    """A tree under construction. Marks count from the text's own beginning, `offset` from that of its file."""

    path: str
    text: str
    line: int
    offset: int
    diagnostics: list[Diagnostic] = field(default_factory=list)
    comments: bool = False  # whether there may be any
    documents: int = 0
    last: tuple[int, int] = (0, 0)  # marks of the scalar read last, which explains most syntax faults
    plain: dict[int, SourceText] = field(default_factory=dict)  # plain scalars by the mark of their end, for comments
    doubled: dict[int, tuple[Map, list[SourceText]]] = field(
        default_factory=dict
    )  # mappings with keys that were there

    def build(self) -> Value | None:
        """The root value, or None if the text holds none."""
        self._check_characters()
        self.comments = "#" in self.text
        loader = LOADER(self.text)
        try:
            return self._built(loader.get_event)
        except yaml.MarkedYAMLError as error:
            from randnotiz.yamldoc.explanations import explained  # 10 ms that sound files do not need

            raise explained(error, self.text, self.path, self.line, self.last) from None
        finally:
            loader.dispose()

    def _built(self, next_event: Callable[[], Any]) -> Value | None:
        """The root value of the parser's events: each value joins the innermost list or mapping that is open."""
        root: Value | None = None
        parent: Any = None  # the innermost list or mapping whose end has not come yet
        key: SourceText | None = None  # of that mapping, waiting for its value
        dropped = False  # whether that key is a fault and its value thrown away
        outer: list[tuple[Any, SourceText | None, bool]] = []  # the same three of what is around it
        nodes = 0
        while (event := next_event()).__class__ is not yaml.StreamEndEvent:
            if event.__class__ in _ENDS:
                parent.end = self.offset + event.end_mark.index
                if self.comments and parent.__class__ is List:
                    self._find_hidden_colours(parent)
                parent, key, dropped = outer.pop()
                continue
            value = self._value(event)
            if value is None:
                continue
            nodes += 1
            if nodes > MOST:
                self._stop(event, "limit-exceeded", f"this file has more than {MOST:,} values", "Split it up.")
            if parent is None:
                root = value
            else:
                key, dropped = self._put(value, parent, key, dropped)
            if value.__class__ is not SourceText:
                if len(outer) == DEEPEST:
                    message = f"lists and fields are nested more than {DEEPEST} deep here"
                    hint = "Write it flatter; is a bracket not closed, or a line indented too far?"
                    self._stop(event, "limit-exceeded", message, hint)
                outer.append((parent, key, dropped))
                parent, key = value, None
        return root

    def _value(self, event: Any) -> Value | None:
        """The value that an event begins, None if it begins none."""
        kind = event.__class__
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            return self._opened(event, Map() if kind is yaml.MappingStartEvent else List())
        if kind is yaml.AliasEvent:
            return self._alias(event)
        self.documents += kind is yaml.DocumentStartEvent
        if self.documents > 1:
            self._stop(event, "yaml-syntax", "a second document begins with this '---'", "Leave the line out.")
        return None

    def _put(self, value: Any, parent: Any, key: SourceText | None, dropped: bool) -> tuple[SourceText | None, bool]:
        """Puts a value into a list or a mapping; the key that waits for its value then, and whether it is a fault."""
        empty = value.__class__ is SourceText and not value and value.start == value.end
        if parent.__class__ is List:
            if self.comments and empty:
                value = self._behind_comment(value, "this entry", value.end - self.offset)
            parent.append(value)
            return None, dropped
        if key is None:
            return self._key(parent, value)
        if value.__class__ is not SourceText:
            value.under = key
        elif empty and not dropped:
            dropped = self._lacks_colon(parent, key)
            value = self._behind_comment(value, f"'{shortened(key, _LONGEST)}'", key.end - self.offset)
        if not dropped:
            parent[key] = value
        return None, dropped

    def _scalar(self, event: Any) -> SourceText:
        """A text: most of a file are such, and reading the files is the largest part of a build."""
        start, end, style, words = event.start_mark, event.end_mark, event.style, event.value
        first, behind = self.last = (start.index, end.index)
        if event.tag or event.anchor:
            self._foreign(event)
        if style == '"':
            words = self._unescaped(event, words)
        if "://" in words or not words.isascii():
            self._look_through(event, words)
            words = closed(words)
        # Made by hand, because a call with six keywords takes three times as long.
        value = str.__new__(SourceText, words)
        value.position = tuple.__new__(Position, (self.path, self.line + start.line, start.column + 1))
        value.start = self.offset + first
        value.end = self.offset + behind
        value.block = _indentation(words, self.text[first:behind]) if style == "|" else None
        value.plain = not style
        if self.comments and not style:
            self.plain[behind] = value
        return value

    def _unescaped(self, event: Any, words: str) -> str:
        """A text in double quotation marks: halves of a character are joined, and nothing is unprintable."""
        words = _PAIR.sub(_joined, words) if _HALF.search(self.text, *self.last) else words
        if UNPRINTABLE.search(words):
            self._note(event, "an escape in this text stands for a character that cannot be printed", "Leave it out.")
        return UNPRINTABLE.sub("\ufffd", words)

    def _look_through(self, event: Any, words: str) -> None:
        for _, _, message, hint in deceptions(words):
            self._add(Diagnostic(self._position(event.start_mark), "text-deceptive", message, hint))

    def _check_characters(self) -> None:
        if len(self.text) > LONGEST:
            message = f"this file has {len(self.text):,} characters; at most {LONGEST:,} are read"
            raise ContentError(Position(self.path), "limit-exceeded", message, "Divide the article in two.")
        strange = UNPRINTABLE.search(self.text)
        if strange:
            raise unprintable(self.text, strange.start(), self.path, self.line)

    def _position(self, mark: Any) -> Position:
        return Position(self.path, self.line + mark.line, mark.column + 1)

    def _stop(self, event: Any, code: Code, message: str, hint: str = "") -> NoReturn:
        raise ContentError(self._position(event.start_mark), code, message, hint)

    def _note(self, event: Any, message: str, hint: str) -> None:
        self._add(Diagnostic(self._position(event.start_mark), "yaml-syntax", message, hint))

    def _add(self, diagnostic: Diagnostic) -> None:
        """Remember a fault after which reading can go on; beyond some number it is not worth it."""
        if len(self.diagnostics) == MOST_FAULTS:
            raise self._too_many(diagnostic.position)
        self.diagnostics.append(diagnostic)

    def _too_many(self, position: Position) -> ContentError:
        message, hint = f"this file has more than {MOST_FAULTS} faults", "Mend these first; then the rest is read."
        return ContentError(position, "limit-exceeded", message, hint)

    def doubled_keys(self) -> Iterator[Diagnostic]:
        """The faults of keys that were there before in their mapping; many in one, or the first, mean it is two."""
        for mapping, keys in self.doubled.values():
            first_lines = {str(key): key.position.line for key in mapping}
            found = [self._doubled(key, first_lines[key]) for key in keys]
            if len(keys) >= _MANY:
                first = first_lines[keys[0]]
                names = ", ".join(f"'{shortened(key, _LONGEST)}'" for key in keys[: _MANY - 1])
                message = f"{names} and more fields stand a second time from here on; the first begin in line {first}"
                found = [Diagnostic(self._begins_anew(mapping, keys[0]), "field-doubled", message, _ANEW)]
            if len(keys) > 1 or keys[0] == next(iter(mapping)):
                mapping.grown = found[0]
            yield from found

    def _doubled(self, key: SourceText, first: int) -> Diagnostic:
        message = f"'{shortened(key, _LONGEST)}' stands here a second time; the first is in line {first}"
        return Diagnostic(key.position, "field-doubled", message, "Leave one of the two out.")

    def _begins_anew(self, mapping: Map, doubled: SourceText) -> Position:
        """Where the second of two mappings begins: at the first doubled key, or one above it behind an empty line."""
        last = max((key for key in mapping if key.start < doubled.start), key=lambda key: key.start)
        above = self.text.splitlines()[last.position.line - self.line - 1].strip() if last.position.line > 1 else "-"
        return doubled.position if above and not above.startswith("#") else last.position

    def _opened(self, event: Any, value: Map | List) -> Map | List:
        """A list or mapping whose contents follow."""
        if event.tag or event.anchor:
            self._foreign(event)
        value.position = self._position(event.start_mark)
        value.start = value.end = self.offset + event.start_mark.index
        value.under = None
        return value

    def _alias(self, event: Any) -> SourceText:
        """What YAML takes for a reference to another value, and an editor meant as text."""
        hint = _QUOTE.format("*")
        self._note(event, "a text that begins with * must stand in quotation marks", hint)
        start, end = self.offset + event.start_mark.index, self.offset + event.end_mark.index
        return SourceText(f"*{event.anchor}", self._position(event.start_mark), start=start, end=end)

    def _foreign(self, event: Any) -> None:
        if event.anchor:
            self._note(event, f"'&{event.anchor}' names a value for reuse; that is not done here", _QUOTE.format("&"))
        elif event.tag == "!include":
            self._note(event, "'!include' is not read here", "Put the content itself into this file.")
        else:
            self._note(event, "a text that begins with ! must stand in quotation marks", _QUOTE.format("!"))

    def _slipped(self, key: SourceText) -> None:
        """Raises the fault of a line that begins with what only looks like a blank, or with a dash that lacks one."""
        begins = self.text.rfind("\n", 0, key.start - self.offset) + 1
        if self.text[begins : key.start - self.offset].strip(" -?"):
            return
        from randnotiz.yamldoc.explanations import dash_alone, strange_blank  # as above

        if key[0] in STRANGE_BLANKS:
            raise ContentError(key.position, "yaml-syntax", *strange_blank(key[0]))
        if key[1:2].isalpha():
            raise ContentError(key.position, "yaml-syntax", *dash_alone(key))

    def _key(self, mapping: Map, key: Value) -> tuple[SourceText, bool]:
        """A mapping's next key, and whether it is to be dropped because of a fault."""
        if not isinstance(key, SourceText):
            self._add(_no_name(key))
            return SourceText("", key.position), True
        if key and key[0] in _NO_BEGINNING and key.plain:
            self._slipped(key)
        if key == "<<" and key.plain:
            message = "'<<' merges the fields of another place; that is not done here"
            self._add(Diagnostic(key.position, "yaml-syntax", message, "Write the fields out."))
        elif not key:
            message = "there is no field name before this colon"
            self._add(Diagnostic(key.position, "yaml-syntax", message, "Write 'name: …'."))
        elif key in mapping:
            _, keys = self.doubled.setdefault(id(mapping), (mapping, []))
            keys.append(key)
            if len(self.diagnostics) + len(self.doubled) > MOST_FAULTS:
                raise self._too_many(key.position)
            # A name that stands there twice, first with nothing behind it, has its value behind the second.
            return key, not _is_empty(mapping[key])
        else:
            return key, False
        return key, True

    def _lacks_colon(self, mapping: Map, key: SourceText) -> bool:
        """Whether a field within braces lacks a colon, most likely a text with a comma; then it has its fault."""
        begin, end = mapping.start - self.offset, key.end - self.offset
        printed = begin > 0 and self.text[begin - 1] == "{"  # `{{ name }}`, which has a fault of its own
        if self.text[begin] != "{" or printed or self.text[end:].lstrip()[:1] == ":":
            return False
        if stuck := _NO_BLANK.fullmatch(key):
            message = f"there is no blank behind the colon of '{stuck[1]}'"
            self._add(
                Diagnostic(key.position, "value-malformed", message, f"Write '{stuck[1]}: {as_written(stuck[2])}'.")
            )
            return True
        before = next(reversed(mapping.values()), None)
        hint = "Put a text with a comma into quotation marks, and write a number without one."
        if isinstance(before, SourceText) and before.plain and before:
            words = shortened(self.text[before.start - self.offset : end], _LONGEST)
            hint = f"Put the text into quotation marks: {in_quotes(words)}."
            whole = _GROUPED_NUMBER.match(self.text, before.start - self.offset)
            if whole and whole.end() >= end:
                if words.count(",") > 1:
                    return True  # of 1,200,000 all has been told where its first comma is
                hint = f"Write {whole[0].replace(',', '')}."
            elif amount := _COMMA_AMOUNT.fullmatch(words):
                count = amount[1].replace(",", ".")
                count += f" or {amount[1].replace(',', '')}" if len(amount[1].partition(",")[2]) == 3 else ""
                hint = f"Write {count} and then {amount[2]} if it is an amount, {in_quotes(words)} if it is a text."
            elif _COMMA_NUMBER.fullmatch(words):
                decimal = words.replace(",", ".")
                hint = (
                    f"Write {words.replace(',', '')} if it is one number, {decimal} if the comma is before decimals."
                )
        message = (
            f"'{shortened(key, _LONGEST)}' has no colon; a comma within {{ }} ends one field and begins the next"
        )
        self._add(Diagnostic(key.position, "value-malformed", message, hint))
        return True

    def _behind_comment(self, empty: SourceText, owner: str, at: int) -> SourceText | List:
        """The value that YAML takes for a comment at an offset, its fault noted; empty if there is none."""
        found = _HIDDEN.match(self.text, at)
        if found is None:
            return empty
        begin, words = found.start("text"), found["text"]
        parts = [*re.finditer(r"[^\s,]+", words)]
        if len(parts) == 1 or not all(re.fullmatch(_COLOUR, part[0]) for part in parts):
            return self._hidden(begin, words, f"so {owner} has no value")
        whole = self._hidden(begin, ", ".join(part[0] for part in parts), f"so {owner} has no value", many=True)
        colours = List(SourceText(part[0], whole.position, start=whole.start, end=whole.end) for part in parts)
        colours.position, colours.start, colours.end, colours.under = whole.position, whole.start, whole.end, None
        return colours

    def _find_hidden_colours(self, entries: List) -> None:
        """Notes the colours that stand in a list in brackets over many lines as comments, and adds them."""
        begin, end = entries.start - self.offset, entries.end - self.offset
        for found in _HIDDEN_COLOUR.finditer(self.text, begin, end) if self.text[begin] == "[" else ():
            at = self.offset + found.start()
            if not any(entry.start <= at < entry.end for entry in entries):
                entries.append(self._hidden(found.start(), found[0], "so this is no entry of the list"))

    def _hidden(self, at: int, words: str, so: str, *, many: bool = False) -> SourceText:
        position = Position(self.path, *_line_and_column(self.text, at, self.line))
        message = f"this # begins a comment, {so}"
        hint = f"Put the text into quotation marks: {in_quotes(words)}. A comment has a blank behind its #."
        if many:
            listed = ", ".join(in_quotes(word) for word in words.split(", "))
            hint = f"Put each into quotation marks, and all into brackets: [{listed}]."
        self._add(Diagnostic(position, "yaml-syntax", message, hint))
        return SourceText(words, position, start=self.offset + at, end=self.offset + at + len(words))

    def cut_by_comments(self) -> Iterator[Diagnostic]:
        """A warning for each plain text that most likely goes on behind what YAML takes for a comment.

        A comment the editor meant stands apart by two blanks, or behind a number, a date or a keyword.
        """
        for found in _COMMENT.finditer(self.text) if self.plain else ():
            at = found.start()
            gap = self.text[max(0, at - _WIDEST_GAP) : at]
            end = at - len(gap) + len(gap.rstrip(" \t"))
            if self.text[end - 1] == ":" and (late := self._text_below(at)):
                yield late
            cut = self.plain.get(end)
            if not cut or _NUMERIC.fullmatch(cut):
                continue
            apart = at - end > 1 or _KEYWORD.fullmatch(cut)
            if apart and self.text[at + 1].isspace():
                continue
            words = shortened(self.text[at : at + 100].splitlines()[0], _LONGEST)
            before = shortened(cut, _LONGEST)
            line = cut.position.line + self.text.count("\n", cut.start - self.offset, at)
            yield Diagnostic(
                Position(self.path, line, at - self.text.rfind("\n", 0, at)),
                "comment-cuts",
                f"the text ends before '{words}', because a blank and # begin a comment",
                f"If it belongs to the text, put all of it into quotation marks: {in_quotes(f'{before} {words}')}.",
            )

    def _text_below(self, at: int) -> Diagnostic | None:
        """A warning that the first line of a plain text is a comment behind the name of its field."""
        found = _TEXT_BELOW.match(self.text, at)
        at_text = self.offset + found.end() if found else -1
        text = next((value for value in self.plain.values() if value and value.start == at_text), None)
        if found is None or text is None or self.text[text.end - self.offset :].lstrip(" \t")[:1] == ":":
            return None
        position = Position(self.path, *_line_and_column(self.text, at, self.line))
        message = f"the text begins only behind '{shortened(found['words'], _LONGEST)}', because a # begins a comment"
        hint = "If it belongs to the text, put >- behind the field's name, and all of the text below it, indented."
        return Diagnostic(position, "comment-cuts", message, hint)


def in_quotes(words: str) -> str:
    """Words as they may stand in YAML whatever they contain, shortened for a message."""
    words = words.strip()
    if '"' in words or "\\" in words:
        return "'" + shortened(words).replace("'", "''") + "'"
    return f'"{shortened(words)}"'


def as_written(words: str) -> str:
    """Words as they may stand in YAML, within brackets, too: in quotation marks only where they must."""
    return in_quotes(words) if _NOT_PLAIN.search(words.strip()) else shortened(words)


# What begins something else than a plain text in YAML, or ends one (1.2.2, section 7.3.3).
_NOT_PLAIN = re.compile(r"^$|^[-?:](?=\s|$)|^[\[\]{}#&*!|>'\"%@`,]|[,\[\]{}]|\s#|:(?=\s|$)")
_COLOUR = r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})"
# A comment without a blank behind its sign, where a value is missing: a colour, or a hashtag. In the lines below it
# is taken for a value only if it is a colour.
_HIDDEN = re.compile(
    rf"[ \t]*:?(?:[ \t]+|\s+(?={_COLOUR}[ \t]*$))(?P<text>#\w[^\r\n]*?)(?=[ \t,]*(?:[ \t]#[ \t][^\r\n]*)?$)",
    re.MULTILINE,
)
_HIDDEN_COLOUR = re.compile(rf"(?<=[\s,\[]){_COLOUR}(?=[ \t]*,?[ \t]*$)", re.MULTILINE)
_TEXT_BELOW = re.compile(r"(?P<words>#\w[^\r\n]*)(?:\r?\n[ \t]*)+(?=\S)")
_NO_BLANK = re.compile(r"([a-z][\w-]*):(\S.*)")
_COMMA_NUMBER = re.compile(r"-?\d+,\d+")
_COMMA_AMOUNT = re.compile(r"(-?\d+,\d+)\s*([^\W\d][\w/*]*|[%€$£¥°]\w*)")
_GROUPED_NUMBER = re.compile(r"-?\d{1,3}(?:(?:,\d{3}){2,}(?:\.\d+)?|,\d{3}\.\d+)(?![\w.]|,\d)")
_MANY = 3  # doubled keys in one mapping
_LONGEST = 40  # characters of a key or a value that a message shows
_ANEW = "Write the first line of the entry that begins here ('- …', or 'name:'), or leave one of each two out."
_QUOTE = 'Put the text into quotation marks: "{}…".'
_WIDEST_GAP = 200
_COMMENT = re.compile(r"(?<=[ \t])#(?=.)")
_KEYWORD = re.compile(r"[a-z0-9_./:+-]+")
_NUMERIC = re.compile(r"[\d.,:/TZ+-]+(?: ?%)?")


def _indentation(words: str, written: str) -> int | None:
    """How many blanks indent a literal block's lines, None if it has only empty ones.

    Its first written line is compared with its first line of words, because the header may name an indentation
    relative to a parent this place knows nothing of.
    """
    first = next((line for line in words.split("\n") if line.strip()), None)
    line = next((line for line in written.splitlines()[1:] if line.strip()), None)
    return None if first is None or line is None else len(line) - len(first)


def _line_and_column(text: str, index: int, first_line: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return first_line + before.count("\n"), len(before) - before.rfind("\n")


# What `git merge` writes at the beginning of lines (merge.conflictStyle: merge, diff3, zdiff3). The row of `=`
# between the versions is none without the others: it may underline a heading.
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?:[ \t][^\r\n]*)?$|^\|{7}[ \t][^|\r\n]+$", re.MULTILINE)


def conflict(text: str, path: str, first_line: int = 1) -> ContentError | None:
    """The fault that a text has lines which Git sets around two versions of others, if it has."""
    found = _CONFLICT.search(text if "\r" not in text else text.replace("\r\n", "\n").replace("\r", "\n"))
    if found is None:
        return None
    line, column = _line_and_column(found.string, found.start(), first_line)
    message = f"'{shortened(found[0], _LONGEST)}' is what Git writes where two versions of some lines differ"
    hint = "Keep one of the versions, and delete the lines that begin with <<<<<<<, =======, ||||||| or >>>>>>>."
    return ContentError(Position(path, line, column), "conflict-marker", message, hint)


def unprintable(text: str, index: int, path: str, first_line: int = 1) -> ContentError:
    """The fault that a character nobody can see stands at an offset of a text."""
    char = text[index]
    line, column = _line_and_column(text, index, first_line)
    names = {"\x85": "line break", "\u2028": "line separator", "\u2029": "paragraph separator"}
    message = f"the invisible character U+{ord(char):04X} ({names.get(char, 'a control character')}) stands here"
    return ContentError(Position(path, line, column), "encoding", message, "Delete it, or write a blank instead.")


def _is_empty(value: Value) -> bool:
    return isinstance(value, SourceText) and not value.strip()


# What a field's name never begins with, but a line with a slip of the hand in it.
_NO_BEGINNING = frozenset(f"-{STRANGE_BLANKS}")


def _no_name(key: Map | List) -> Diagnostic:
    """The fault that a list or a mapping stands where a field name should."""
    message = "a field name was expected here, not a " + ("group of fields" if isinstance(key, Map) else "list")
    hint = "Put a text that begins with { or [ into quotation marks."
    if isinstance(key, Map):
        hint = 'If this prints a number, put the whole text into quotation marks: "{{ name }} …".'
    return Diagnostic(key.position, "yaml-syntax", message, hint)


# ---- Values without a type of ours ----

# YAML 1.2.2, section 10.3.2, the core schema.
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MOST_DIGITS = 300


def plain(value: Value) -> Json:
    """The value by the core schema of YAML 1.2: plain scalars typed, all others text (which knows its place).

    ContentError for numbers that JSON cannot hold.
    """
    if isinstance(value, Map):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, List):
        return [plain(each) for each in value]
    return _typed(value) if value.plain else value


def _typed(text: SourceText) -> Json:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    first = text[0]
    if not (first.isdigit() or first in "+-."):
        return text
    if _INTEGER.fullmatch(text) and len(text) <= _MOST_DIGITS:
        return int(text, {"o": 8, "x": 16}.get(text[1:2], 10))
    if _FLOAT.fullmatch(text) and len(text) <= _MOST_DIGITS and abs(number := float(text)) != float("inf"):
        return number
    if _FLOAT.fullmatch(text) or _ENDLESS.fullmatch(text):
        message = f"'{shortened(text, _LONGEST)}' is no number that can be computed with or drawn"
        raise ContentError(text.position, "value-malformed", message, "Put it into quotation marks if it is a text.")
    return text
