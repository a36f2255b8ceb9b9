"""What stands in the YAML of a file, word for word, with what the table of fields says of it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from randnotiz import yamldoc
from randnotiz.diagnostics import ContentError, SourceText
from randnotiz.lsp.open_folder import Text
from randnotiz.memo import memoize
from randnotiz.reader import SCHEMAS
from randnotiz.reader.texts import split_front_matter
from randnotiz.schema import Field, Record, fields_of
from randnotiz.yamldoc import Value

Schema = Mapping[str, Any]
Way = tuple[str | int, ...]

# What holds ids of sources beside the uses of sources themselves, whose id is `id`.
SOURCES = frozenset(("sources", "about", "appeared_in", "same-origin-as"))


class Member(Struct, frozen=True, kw_only=True):
    """What may stand under a name in a mapping: what it means and an example, as in the table of fields."""

    schema: Schema
    meaning: str = ""
    example: str = ""
    field: Field | None = None
    required: bool = False
    own: bool = False  # of this very record, not of all annotations

    @property
    def choices(self) -> str:
        """The name of the list that its words are of, which depends on the article; or nothing."""
        return self.field.choices if self.field else ""

    @property
    def words(self) -> tuple[str, ...]:
        """The only words that it may be, if there are such."""
        given = self.field.type.choices if self.field else ()
        return given or tuple(map(str, next((each["enum"] for each in options(self.schema) if "enum" in each), ())))


class Scalar(Struct, frozen=True, kw_only=True):
    """A file's name or value, the way to it, the member it is of; `quote` if its words are the article's."""

    value: SourceText
    way: Way
    member: Member | None
    key: bool = False
    quote: bool = False


def last_name(way: Way) -> str:
    """The field that a way leads to, or to an entry of whose list."""
    return next((step for step in reversed(way) if isinstance(step, str)), "")


def defines_source(way: Way) -> bool:
    """Whether a way leads to the id under which others know a source."""
    return len(way) == 3 and way[0] in ("sources", "references") and way[2] == "id"


def names_source(way: Way) -> bool:
    """Whether a way leads to the id of a source, where it is defined or where it is used."""
    names = [step for step in way if isinstance(step, str)]
    return defines_source(way) or names[-2:] == ["sources", "id"] or last_name(way) in SOURCES


def kind_of(path: str) -> type[Record] | None:
    """The record that a file is, by its path below the folder of content."""
    folder, _, name = path.rpartition("/")
    if name.endswith(".md"):
        return SCHEMAS["page" if folder == "pages" else "article"]
    stem = name.removesuffix(".yaml")
    return SCHEMAS.get({"sources": "shared-sources"}.get(stem, stem) if not folder else stem)


def members(schema: Schema) -> dict[str, Member]:
    """What may stand in a mapping, its own fields first, then those that it shares with all its likes."""
    found: dict[str, Member] = {}
    for option in options(schema):
        if kind := option.get("record"):
            for name, each in fields_of(kind).items():
                found[name] = Member(
                    schema=each.field.type.schema, meaning=each.field.meaning, example=each.field.example,
                    field=each.field, required=each.required, own=each.attribute in kind.__annotations__,
                )  # fmt: skip
        needed = option.get("required", ())
        for name, each in option.get("properties", {}).items():
            if name not in found:
                found[name] = Member(
                    schema=each,
                    meaning=each.get("description", ""),
                    required=name in needed,
                    own="description" in each,
                )
    order = sorted(found.items(), key=lambda item: (not item[1].required, not item[1].own))
    return dict(order)


def options(schema: Schema) -> Iterator[Schema]:
    """What a schema may be, choices within choices taken apart."""
    for each in schema.get("anyOf", (schema,)):
        yield from options(each) if "anyOf" in each else (each,)


def below(schema: Schema, step: str | int) -> Member | None:
    """What a step into a mapping or a list leads to."""
    if isinstance(step, str) and (member := members(schema).get(step)):
        return member
    for option in options(schema):
        more = option.get("items") if isinstance(step, int) else option.get("additionalProperties")
        for each in (more, *option.get("patternProperties", {}).values()):
            if isinstance(each, Mapping):
                return Member(schema=each)
    return None


@memoize(16)
def scalars(words: str, path: str) -> tuple[Scalar, ...]:
    """Every name and value in a file's YAML, or a text's front matter, in order; none of what is unreadable."""
    kind, first_line, offset = kind_of(path), 1, 0
    if kind is None:
        return ()
    try:
        if path.endswith(".md"):
            split = split_front_matter(words.encode(), path)
            words, first_line, offset = split.front, 2, split.offset
        value, _ = yamldoc.read(words, path, first_line, offset)
    except ContentError:
        return ()
    return tuple(_scalars(value, (), Member(schema={"record": kind}), False)) if value is not None else ()


def _scalars(value: Value, way: Way, member: Member | None, quote: bool) -> Iterator[Scalar]:
    if isinstance(value, SourceText):
        yield Scalar(value=value, way=way, member=member, quote=quote)
        return
    for step, each in yamldoc.members(value):
        inner = below(member.schema, step if isinstance(step, int) else str(step)) if member else None
        if isinstance(step, int):
            yield from _scalars(each, (*way, step), inner, quote)
            continue
        here = (*way, str(step))
        yield Scalar(value=step, way=here, member=inner, key=True)
        is_quote = quote or bool(inner and inner.field and inner.field.type.role == "quote")
        yield from _scalars(each, here, inner, is_quote)


def scalar_at(words: str, path: str, offset: int) -> Scalar | None:
    """The name or the value at an offset of a file."""
    there = (scalar for scalar in scalars(words, path) if scalar.value.start <= offset <= scalar.value.end)
    return max(there, key=lambda scalar: scalar.value.start, default=None)


# ---- While it is being written ----

_LINE = re.compile(r"(?P<indent> *)(?P<dash>(?:- +)*)(?:(?P<key>[^\s:#{\[\"'][^:#{\[]*):(?: +(?P<value>.*))?$)?")


class Beginning(Struct, frozen=True, kw_only=True):
    """Where somebody types: the way to what is begun there, the `words` typed so far, and whether they are (or will
    be) the name of a field, or the value of the one that the way leads to; and the names that stand beside it.
    """

    way: Way
    words: str
    name: bool
    flow: bool = False


def beginning(text: Text, offset: int) -> Beginning:
    """What is begun at an offset, told by indentation and brackets: what is half written can seldom be read."""
    number, column = text.line_column(offset)
    line = text.lines[number - 1][: column - 1]
    found = _LINE.match(line)
    assert found is not None  # noqa: S101 - for the type checker: it matches anything
    above = _above(text.lines, number - 1, len(found["indent"]) + len(found["dash"]), found["dash"])
    rest, way = line[found.start("key") if found["key"] else found.end() :], list(above)
    opened: list[re.Match[str]] = []
    for bracket in re.finditer(r"(?:([\w-]+): *)?([\[{])|[\]}]", rest):
        opened = [*opened, bracket] if bracket[2] else opened[:-1]
    if not opened:
        if found["key"] is not None:
            return Beginning(way=(*way, found["key"].strip()), words=(found["value"] or "").lstrip(), name=False)
        words = rest.lstrip()
        holds_words = bool(found["dash"]) and bool(re.match(r"[\"']", words))
        return Beginning(way=tuple(way), words=words, name=not holds_words)
    for bracket in opened:
        way += ([bracket[1]] if bracket[1] else []) + ([0] if bracket[2] == "[" else [])
    last = re.split(r", *", rest[opened[-1].end() :])[-1]
    if opened[-1][2] == "[":
        return Beginning(way=tuple(way), words=last.lstrip(), name=False, flow=True)
    name, colon, value = last.partition(":")
    if colon:
        return Beginning(way=(*way, name.strip()), words=value.lstrip(), name=False, flow=True)
    return Beginning(way=tuple(way), words=name.lstrip(), name=True, flow=True)


def _above(lines: list[str], at: int, column: int, dash: str) -> Way:
    """The way to what stands in a column, behind a dash or not, by the lines above that are indented less."""
    way: list[str | int] = [0] if dash else []
    limit = column - len(dash) if dash else column
    for line in reversed(lines[:at]):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.match(line)
        if found is None or line.startswith("---"):
            break
        indent, inner = len(found["indent"]), len(found["indent"]) + len(found["dash"])
        if way[:1] == [0] and inner <= limit and found["key"] and not found["value"]:
            way.insert(0, found["key"].strip())  # a list may stand in the column of its field's name
            limit = inner
            if found["dash"]:
                way.insert(0, 0)
                limit = indent
        elif way[:1] != [0] and found["dash"] and inner == limit:
            way.insert(0, 0)  # the first field of the same entry
            limit = indent
        elif way[:1] != [0] and inner < limit and found["key"]:
            way.insert(0, found["key"].strip())
            limit = inner
            if found["dash"]:
                way.insert(0, 0)
                limit = indent
    return tuple(way)
