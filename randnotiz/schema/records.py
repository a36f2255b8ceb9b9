"""Records that are their own schema: each field says how it is read, what it means, and an example of it.

What an author may write is `name: Annotated[<type in Python>, <type of field>, <meaning>, <example>]`, and behind it
an `Extra` where there is more to say. From that come the reader (here), JSON Schema, the forms of the desk, and which
texts are Markdown or quotations.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, NamedTuple, TypeVar, get_args

from msgspec import Struct, structs

from randnotiz.diagnostics import (
    NOWHERE,
    ContentError,
    Diagnostic,
    Position,
    SourceText,
    did_you_mean,
    nearest,
    shortened,
)
from randnotiz.equality import ComparedInPart
from randnotiz.schema.fields import LINE, TEXT_SCHEMA, Faults, FieldType, Role, Widget, is_left_empty
from randnotiz.yamldoc import List, Map, as_written, grown_together, in_place_of, made_at, members, with_members

# Left empty these would change in silence what an entry says: an empty quote would speak about the whole article.
NEVER_EMPTY = frozenset(("quote", "after", "sources"))

MOST_SINGLE = 2  # fields of a mapping that are missing, or unknown, before one fault stands for them all
MOST_GUESSED = 20  # unknown fields of a mapping for which a known one is looked for, and that are named one by one


class Extra(Struct, frozen=True, kw_only=True):
    """What else is said of a field where it does not follow from the record.

    `name` is the one in the file, where it is not the record's own; `required` is said where the record's default
    does not tell, since what `made` adds may be left out by the author. `label`, `hint`, `choices` (a list that
    depends on the article) and `widget` are for the form of the desk, where name and type do not do. `deprecated` is
    what to write in its place, for the one minor version in which it is still read.
    """

    name: str = ""
    required: bool | None = None
    label: str = ""
    hint: str = ""
    choices: str = ""
    widget: Widget | None = None
    deprecated: str = ""


class Field(Extra, frozen=True, kw_only=True):
    """What is said of a field: its type, its meaning, and an example, which the message that it is missing shows."""

    type: FieldType
    meaning: str
    example: str


class Misplaced(Struct, frozen=True):
    """What may stand `below` one field, known by its field `mark`, and belongs below another, its `home`."""

    below: str
    mark: str
    noun: str
    home: str


class Record(ComparedInPart, frozen=True, kw_only=True):
    """A mapping that an author writes. `position` is where it begins."""

    noun: ClassVar[str] = ""  # what an editor calls it
    whole: ClassVar[bool] = False  # it is a whole file
    short: ClassVar[str] = ""  # the field that a text alone stands for
    strays: ClassVar[tuple[Misplaced, ...]] = ()
    together: ClassVar[Mapping[str, Any]] = {}  # JSON Schema of what goes together
    form: ClassVar[tuple[str, ...]] = ()  # the fields that the form of the desk asks for

    position: Position = NOWHERE

    @classmethod
    def rules(cls, given: Map) -> Iterator[Diagnostic]:  # noqa: ARG003 - for the records that have some
        """The faults of fields that do not go together."""
        yield from ()

    @classmethod
    def made(cls, given: dict[str, Any], value: Map) -> dict[str, Any]:  # noqa: ARG003 - the same
        """All keywords of the record, from those that the author gave in a mapping."""
        return given


R = TypeVar("R", bound=Record)


class Described(NamedTuple):
    """A field of a record with what is said of it, and the kinds of record in it."""

    attribute: str
    field: Field
    required: bool
    kinds: tuple[type[Record], ...]


def _fields_of(kind: type[Record]) -> Mapping[str, Described]:
    needed = {each.name for each in structs.fields(kind) if each.required}
    found: dict[str, Described] = {}
    for part in reversed(kind.__mro__):
        for attribute, hint in inspect.get_annotations(part).items():
            if said := getattr(hint, "__metadata__", ()):
                type, meaning, example, *more = said
                extra = structs.asdict(more[0]) if more else {}
                field = Field(type=type, meaning=meaning, example=example, **extra)
                required = attribute in needed if field.required is None else field.required
                found[field.name or attribute] = Described(attribute, field, required, tuple(_kinds(hint)))
    return found


fields_of: Callable[[type[Record]], Mapping[str, Described]] = cache(_fields_of)
"""The fields that an author may write, by their names in the file, in the order in which they are described."""


def record(kind: type[Record], widget: Widget = "line") -> FieldType:
    """The type of a field that is a record, or a text alone where that stands for one."""
    short = fields_of(kind)[kind.short].field.type if kind.short in fields_of(kind) else LINE

    def read(value: Any) -> Record:
        if kind.short and isinstance(value, SourceText):
            return kind(**{kind.short: short.read(value)}, position=value.position)
        return _record(kind, value)

    alone: Mapping[str, Any] = {"record": kind}
    return FieldType(read, {"anyOf": [TEXT_SCHEMA, alone]} if kind.short else alone, widget)


def read(
    kind: type[R], value: Any, spare: Mapping[str, str] | None = None, **more: Any
) -> tuple[R | None, tuple[Diagnostic, ...]]:
    """The record of a mapping and all its faults, broken entries and fields left out; None where a required one is.

    `spare` words stand in for such where there is a fault, `more` are keywords that no author writes.
    """
    warnings = tuple(_deprecated({"record": kind}, value)) if _has_deprecated(kind) else ()
    try:
        return _record(kind, value, spare or {}, more), warnings
    except Faults as faults:
        return faults.rest(), (*faults.diagnostics, *warnings)


def _deprecated(schema: Any, value: Any) -> Iterator[Diagnostic]:
    """A warning for each deprecated field in what is read by a schema."""
    if not isinstance(schema, Mapping):
        return
    for choice in schema.get("anyOf", ()):
        yield from _deprecated(choice, value)
    if isinstance(value, List):
        for entry in value:
            yield from _deprecated(schema.get("items"), entry)
    elif isinstance(value, Map):
        known = fields_of(schema["record"]) if "record" in schema else {}
        for key, entry in value.items():
            field = known[key].field if key in known else None
            if field and field.deprecated:
                message = f"'{key}' is deprecated: the next minor version does not read it"
                yield Diagnostic(key.position, "field-deprecated", message, f"Write '{field.deprecated}'.")
            yield from _deprecated(field.type.schema if field else schema.get("additionalProperties"), entry)


@cache
def _has_deprecated(kind: type[Record]) -> bool:
    """Whether a record may hold a deprecated field, at any depth: of most files none needs to be looked for."""
    return any(each.field.deprecated or any(map(_has_deprecated, each.kinds)) for each in fields_of(kind).values())


def _leading(kind: type[Record], role: Role) -> Sequence[tuple[str, bool]]:
    """The attributes of a kind of record that have a role, or may hold records, each with whether it has."""
    types = {each.attribute: each.field.type for each in fields_of(kind).values()}
    found = [
        (each.name, each.name in types and types[each.name].role == role, any(_kinds(each.type)))
        for each in structs.fields(kind)
    ]
    return [(name, bears) for name, bears, holds in found if bears or holds]


def _kinds(hint: Any) -> Iterator[type[Record]]:
    """The kinds of record that an annotation names: what names none, such as CSL, need not be walked through."""
    if isinstance(hint, type) and issubclass(hint, Record):
        yield hint
    for part in get_args(hint):
        yield from _kinds(part)


_leading_of: Callable[[type[Record], Role], Sequence[tuple[str, bool]]] = cache(_leading)


def texts(record: object, role: Role) -> Iterator[Any]:
    """The values of all fields with a role, of a record and all records in it."""
    if isinstance(record, Record):
        for name, bears in _leading_of(type(record), role):
            value = getattr(record, name)
            if bears and value is not None:
                yield value
            else:
                yield from texts(value, role)
    elif isinstance(record, tuple):
        for entry in record:
            yield from texts(entry, role)
    elif isinstance(record, Mapping):
        for entry in record.values():
            yield from texts(entry, role)


# ---- Reading ----


def _record(kind: type[R], value: Any, spare: Mapping[str, str] | None = None, more: Any = None) -> R:
    """The record of a mapping; Faults."""
    if not isinstance(value, Map):
        nothing = nothing_at(Position(value.position.path))
        raise Faults(
            [_no_mapping(kind, value)], lambda: _of_rest(kind, nothing, {}, spare, more) if kind.whole else None
        )
    grown = grown_together(value)
    if grown and not kind.whole:  # what its fields say together is nobody's doing
        raise Faults([grown])
    known = fields_of(kind)
    given, meant, unknown = _sifted(kind, value)
    missing = {
        name: _meant(kind, value, name) or each.field.example
        for name, each in known.items()
        if each.required and name not in meant
    }
    # Where next to nothing is there, what does not go together is nobody's concern.
    broken = list(kind.rules(meant)) if kind.whole or len(missing) <= MOST_SINGLE else []
    unknown, out = _out_dented(kind, value, unknown)
    found = [
        *out,
        *_unknown_ones(kind, unknown),
        *_missing_ones(kind, value, missing),
        *broken,
        *_astray(kind, given),
    ]
    read: dict[str, Any] = {}
    for name, entry in given.items():
        described = known[name]
        try:
            read[described.attribute] = described.field.type.read(entry)
        except ContentError as error:
            found.append(error.diagnostic)
        except Faults as faults:
            found += faults.diagnostics
            if kind.whole and (rest := faults.rest()) is not None:
                read[described.attribute] = rest
    if found:
        raise Faults(found, lambda: None if broken and not kind.whole else _of_rest(kind, value, read, spare, more))
    return _made(kind, value, read, more)


def _made(kind: type[R], value: Map, read: dict[str, Any], more: Any) -> R:
    return kind(**{"position": value.position, **(more or {}), **kind.made(read, value)})


def _of_rest(kind: type[R], value: Map, read: dict[str, Any], spare: Mapping[str, str] | None, more: Any) -> R | None:
    """The record of the fields that could be read, and of spare words; None where a required one is missing."""
    known = fields_of(kind)
    for name, words in (spare or {}).items():
        if name in known and known[name].attribute not in read:
            place = Position(value.position.path)
            read[known[name].attribute] = known[name].field.type.read(SourceText(words, place))
    if any(each.required and each.attribute not in read for each in known.values()):
        return None
    return _made(kind, value, read, more)


def nothing_at(place: Position) -> Map:
    """The mapping of an empty file."""
    return made_at(place, Map())


def _sifted(kind: type[Record], value: Map) -> tuple[Map, Map, list[SourceText]]:
    """A mapping's known fields that are not empty, the same with misspelt ones, and the keys of unknown ones."""
    known = fields_of(kind)
    given, meant = in_place_of(value, Map()), in_place_of(value, Map())
    unknown: list[SourceText] = []
    for key, each in value.items():
        if key not in known:
            unknown.append(key)
            if len(unknown) <= MOST_GUESSED and (near := nearest(key, known)):
                meant.setdefault(SourceText(near, key.position, start=key.start), each)
        elif key in NEVER_EMPTY or not is_left_empty(each):
            given[key] = meant[key] = each
    return given, meant, unknown


# ---- Faults ----


def _astray(kind: type[Record], given: Map) -> Iterator[Diagnostic]:
    """One fault for all entries that stand below a field to which they do not belong; they are taken out."""
    for stray in kind.strays:
        entries = given.get(SourceText(stray.below))
        if not isinstance(entries, Map | List):
            continue
        rows = members(entries)
        ours = [(way, each) for way, each in rows if isinstance(each, Map) and stray.mark in each]
        if ours:
            way, each = ours[0]
            name, at = (
                (f"'{shortened(way)}'", way.position) if isinstance(way, SourceText) else ("this entry", owner(each))
            )
            more = f", and {len(ours) - 1} more with it" if len(ours) > 1 else ""
            message = f"{name} has '{stray.mark}', so it is a {stray.noun}{more}; those stand below '{stray.home}:'"
            yield Diagnostic(at, "value-malformed", message, f"Write '{stray.home}:' in a line above it.")
            gone = {way for way, _ in ours}
            kept = [(way, each) for way, each in rows if way not in gone]
            given[given.key(stray.below)] = with_members(entries, kept)


def _out_dented(
    kind: type[Record], value: Map, unknown: list[SourceText]
) -> tuple[list[SourceText], list[Diagnostic]]:
    """The other unknown keys, and the faults of those that belong to the entry above, which gets their values."""
    rest, found = list[SourceText](), list[Diagnostic]()
    above = last = None
    foreign = frozenset(unknown)  # of which there may be as many as fit into a file
    for key, each in value.items():
        if key not in foreign:
            above, last = key, each[-1] if isinstance(each, List) and each else None
            continue
        known = fields_of(kind)
        entry = known[above].field.type.schema.get("items", {}).get("record") if above and above in known else None
        if entry and isinstance(last, Map) and last and key in fields_of(entry) and key not in last:
            column = next(iter(last)).position.column - 1
            message = f"'{shortened(key)}' stands further out than the fields of the entry above it"
            found.append(
                Diagnostic(key.position, "field-unknown", message, f"Indent it by {column} blanks like them.")
            )
            last[key] = each
        else:
            rest.append(key)
    return rest, found


def _unknown_ones(kind: type[Record], keys: list[SourceText]) -> list[Diagnostic]:
    """The faults of fields that a record does not have; one for many, at the first."""
    if len(keys) > MOST_SINGLE:
        return [_unknown(kind, keys[0], f", nor {_listed(keys[1:])}")]
    return [_unknown(kind, key) for key in keys]


def _unknown(kind: type[Record], key: SourceText, more: str = "") -> Diagnostic:
    known = fields_of(kind)
    near = did_you_mean(key, known)
    hint = "" if near else f"Its fields are: {', '.join(known)}."
    homes = [] if near else [*_homes(kind, key)]
    if len(homes) == 1:
        hint = f"Write it below '{homes[0]}'."
    message = f"{_a(kind)} has no field '{shortened(key)}'{more}{near}"
    return Diagnostic(key.position, "field-unknown", message, hint)


def _homes(kind: type[Record], key: str) -> Iterator[str]:
    """The ways from a record to those in its fields, and in theirs, that have a field of a name; not to people."""
    for name, each in fields_of(kind).items():
        schema, person = each.field.type.schema, each.field.type.widget == "person"
        for below in (one["record"] for one in (schema, *schema.get("anyOf", ())) if "record" in one and not person):
            if key in fields_of(below) and key != below.short:
                yield f"{name}:"
            yield from (f"{name}: {way}" for way in _homes(below, key))


def _missing_ones(kind: type[Record], value: Map, missing: Mapping[str, str]) -> list[Diagnostic]:
    """The faults of missing fields, given with an example of each; one for many, about the mapping."""
    if kind.whole or len(missing) <= MOST_SINGLE:
        return [_missing(kind, value, name, example) for name, example in missing.items()]
    message = f"this {kind.noun} has no {_listed(list(missing))}"
    hint = "\n".join(f"Write '{name}: {example}'." for name, example in missing.items())
    return [Diagnostic(owner(value), "field-missing", message, hint)]


def _meant(kind: type[Record], value: Map, name: str) -> str:
    """What an author most likely meant for the field that a text alone stands for: the only text of a mapping, the
    first where all fields are of one type. Empty where there is none that can be read.
    """
    texts = [(key, each) for key, each in value.items() if isinstance(each, SourceText)]
    types = [each.field.type for each in fields_of(kind).values()]
    alike = all(each is types[0] for each in types)
    if name != kind.short or not texts or (not alike and len(texts) > 1):
        return ""
    key, words = texts[0]
    if not alike and (key in fields_of(kind) or [each for each in types if _reads(each, words)] != types[:1]):
        return ""
    return as_written(words) if _reads(fields_of(kind)[name].field.type, words) else ""


def _reads(type_: FieldType, words: SourceText) -> bool:
    try:
        type_.read(words)
    except (ContentError, Faults):
        return False
    return True


def _listed(names: Sequence[str]) -> str:
    """Names in words, not too many."""
    *before, last = [f"'{shortened(name)}'" for name in names[:MOST_GUESSED]]
    if len(names) > MOST_GUESSED:
        return f"{', '.join((*before, last))} and {len(names) - MOST_GUESSED:,} more"
    return f"{', '.join(before)} and {last}" if before else last


def _missing(kind: type[Record], value: Map, key: str, example: str) -> Diagnostic:
    """The fault that a field is missing, at the line its mapping belongs to, or at its name if it is only empty."""
    hint = f"Write '{key}: {example}'." if example else ""
    if key in value:
        return Diagnostic(value.key(key).position, "field-missing", f"'{key}' is empty", hint)
    if kind.whole:
        place = Position(value.position.path)
        return Diagnostic(place, "field-missing", f"{kind.noun} has no '{key}'", hint)
    name = f"'{shortened(value.under)}'" if value.under and kind.noun in _NAMED else f"this {kind.noun}"
    return Diagnostic(owner(value), "field-missing", f"{name} has no '{key}'", hint)


_NAMED = frozenset(("quantity", "figure"))


def owner(value: Map | List) -> Position:
    """The line a mapping or list belongs to: its field's, where it has one."""
    return value.under.position if value.under is not None else value.position


def _no_mapping(kind: type[Record], value: Any) -> Diagnostic:
    known = fields_of(kind)
    first = next((name for name, each in known.items() if each.required), next(iter(known)))
    if kind.whole:
        message = f"{kind.noun} begins with a field, '{first}: …'"
        hint = f"Write '{first}:' in a line above." if isinstance(value, List) else ""
        return Diagnostic(value.position, "value-malformed", message, hint)
    words = f"'{shortened(value)}'" if isinstance(value, SourceText) else "a list"
    hint = f"Write its fields, each 'name: value': {', '.join(known)}."
    if isinstance(value, List):
        hint = f"Write the field that the list belongs to above it: {', '.join(known)}."
    return Diagnostic(value.position, "value-malformed", f"{_a(kind)} was expected here, not {words}", hint)


def _a(kind: type[Record]) -> str:
    if kind.whole:
        return kind.noun
    return f"{'an' if kind.noun[0] in 'aeio' else 'a'} {kind.noun}"
