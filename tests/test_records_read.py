"""Records that are their own schema: what is said of a field once is what reads it, shows it and finds it again."""

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from msgspec import Struct

from randnotiz import equality, model, reader, schema, spans, values, yamldoc
from randnotiz.diagnostics import ContentError, Diagnostic, Excerpt, Position, SourceText
from randnotiz.model import Citation, Date, Person
from randnotiz.schema import Record
from randnotiz.schema.fields import LINE, PROSE_LINE, QUOTED, Faults, each, named
from randnotiz.schema.records import Described


class Stall(Record, frozen=True, kw_only=True):
    """A stall of the market."""

    noun = "stall"
    short = "name"

    name: Annotated[SourceText, LINE, "What stands on its sign.", "Obst Berger"]
    motto: Annotated[SourceText | None, PROSE_LINE, "What it calls out.", "Frisch vom Feld"] = None
    seen: Annotated[SourceText | None, QUOTED, "Where it is named.", "am Obststand"] = None


class Market(Record, frozen=True, kw_only=True):
    """A market and its stalls."""

    noun = "market.yaml"
    whole = True

    town: Annotated[SourceText, LINE, "Where it is.", "Bremen"]
    stalls: Annotated[tuple[Stall, ...], each(schema.record(Stall)), "Who sells.", "[]"] = ()
    by_street: Annotated[Mapping[str, Stall] | None, named(schema.record(Stall)), "Where.", "{}"] = None
    owner: Annotated[Stall | None, schema.record(Stall), "Who runs it.", "Obst Berger"] = None


def market(source: str) -> tuple[Market | None, list[str]]:
    record, diagnostics = schema.read(Market, yamldoc.parse(source, "market.yaml"))
    return record, [f"{one.position.line}:{one.position.column} {one.message}" for one in sorted(diagnostics)]


READ = [
    ("town: Bremen\nstalls: [Obst Berger, {name: Käse, motto: Reif}]", ("Obst Berger", "Käse"), []),
    ("town: Bremen\nstalls:\n- Obst\n- {motto: Reif}\n- {name: [x]}\n- {nam: Käse}", ("Obst",), [
        "4:3 this stall has no 'name'",
        "5:10 a text was expected here, not a list",
        "6:4 a stall has no field 'nam'; did you mean 'name'?",
    ]),
    ("town: Bremen\nstalls: []\nowner: {name: Käse, moto: Reif}", (), [
        "3:21 a stall has no field 'moto'; did you mean 'motto'?"
    ]),
    ("town: Bremen\nby_street: {am_markt: Käse, Am Tor: Obst, am_tor: {}}", (), [
        "2:29 'Am Tor' is no name: it begins with a to z and has only a to z, 0 to 9 and _",
        "2:43 this stall has no 'name'",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "names", "messages"), READ)
def test_all_faults_come_at_once_and_what_is_broken_is_left_out(
    source: str, names: tuple[str, ...], messages: list[str]
) -> None:
    record, told = market(source)
    assert record is not None
    assert tuple(stall.name for stall in record.stalls) == names
    assert told == messages


def test_of_entries_by_name_those_are_kept_whose_name_and_fields_are_right() -> None:
    record, _ = market("town: Bremen\nby_street: {am_markt: Käse, Am Tor: Obst, am_tor: {}, am_wall: Wurst}")
    assert record is not None
    assert record.by_street == {
        "am_markt": Stall(name=SourceText("Käse")),
        "am_wall": Stall(name=SourceText("Wurst")),
    }


def test_of_a_group_of_fields_in_a_file_what_is_right_is_kept() -> None:
    record, _ = market("town: Bremen\nowner: {name: Käse, moto: Reif}")
    assert record is not None
    assert record.owner == Stall(name=SourceText("Käse"))


def test_without_a_required_field_there_is_no_record_unless_there_is_a_spare_word() -> None:
    value = yamldoc.parse("stalls: [Obst]", "market.yaml")
    assert schema.read(Market, value)[0] is None
    record, (diagnostic,) = schema.read(Market, value, {"town": "…"})
    assert record is not None
    assert (record.town, record.stalls[0].name) == ("…", "Obst")
    assert (diagnostic.position, diagnostic.message) == (Position("market.yaml"), "market.yaml has no 'town'")


def test_the_texts_of_a_role_are_found_wherever_in_a_record_they_stand() -> None:
    record, _ = market(
        "town: Bremen\nstalls: [{name: A, motto: Reif, seen: dort}]\nby_street: {am_tor: {name: B, motto: Süß}}"
    )
    assert list(schema.texts(record, "prose")) == ["Reif", "Süß"]
    assert list(schema.texts(record, "quote")) == []


# ----------------------------------------------------------------------------------------------------
# The records of the program
# ----------------------------------------------------------------------------------------------------


def described() -> Iterator[tuple[type[Record], str, Described]]:
    """Every field that an author may write, with its record."""
    records = [each for each in vars(model).values() if isinstance(each, type) and issubclass(each, Record)]
    for record in records:
        for name, one in schema.fields_of(record).items():
            yield record, name, one


def fits(value: object, hint: Any) -> bool:
    """Whether a value is of a type as it is annotated."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(fits(value, one) for one in arguments)
    if origin is Literal:
        return value in arguments
    if origin is tuple:
        return isinstance(value, tuple) and all(fits(one, arguments[0]) for one in value)
    if origin is not None:
        return isinstance(value, origin)
    return isinstance(value, hint) if isinstance(hint, type) else True


# The author writes a number, which stays as it was written until the record is made.
MADE = {("Quantity", "low"), ("Quantity", "best"), ("Quantity", "high"), ("Stated", "low"), ("Stated", "high")}


@pytest.mark.parametrize(
    ("record", "name", "one"),
    list(described()),
    ids=lambda value: getattr(value, "__name__", None) or str(value)[:20],
)
def test_an_example_is_read_as_what_the_record_says_it_holds(record: type[Record], name: str, one: Described) -> None:
    hint = get_type_hints(record)[one.attribute]
    value = one.field.type.read(yamldoc.parse(one.field.example, "example.yaml"))
    assert fits(value, float | SourceText if (record.__name__, name) in MADE else hint)


FROZEN = [
    Date(2026, 11, 24),
    Person(name=SourceText("Epoch AI")),
    Citation(id="a", sources=()),
    values.UnitName(name="chip"),
    spans.Span(start=0, end=1),
    Position("a.yaml"),
]


@pytest.mark.parametrize("record", FROZEN, ids=lambda record: type(record).__name__)
def test_a_record_is_never_changed(record: Any) -> None:
    for name in record.__struct_fields__ if isinstance(record, Struct) else ["line"]:
        with pytest.raises(AttributeError):
            setattr(record, name, None)


HERE, THERE = Position("a.yaml", 3), Position("a.yaml", 9)
ALIKE = [  # two that differ in what is no part of what they say, and one that says something else
    (Date(2026, 11, 24, position=HERE), Date(2026, 11, 24, position=THERE), Date(2026, 11, 25, position=HERE)),
    (Stall(name=SourceText("Käse"), position=HERE), Stall(name=SourceText("Käse")), Stall(name=SourceText("Obst"))),
    (values.UnitName(name="chip", position=HERE), values.UnitName(name="chip"), values.UnitName(name="chips")),
    (
        Diagnostic(HERE, "field-missing", "no town", excerpt=Excerpt(3, ["stalls: []"])),
        Diagnostic(HERE, "field-missing", "no town"),
        Diagnostic(THERE, "field-missing", "no town"),
    ),
]


@pytest.mark.parametrize(("one", "same", "other"), ALIKE, ids=lambda record: type(record).__name__)
def test_what_is_compared_is_what_a_record_says(
    one: equality.ComparedInPart, same: equality.ComparedInPart, other: equality.ComparedInPart
) -> None:
    assert one == same
    assert one != other
    assert one != "town"
    assert not one < same
    assert not same < one
    assert one < other


def test_of_days_alike_one_is_kept() -> None:
    first, again, _ = ALIKE[0]
    assert len({first, again}) == 1


def test_every_kind_of_file_is_a_whole_one_with_a_name() -> None:
    assert all(kind.whole and kind.noun for kind in reader.SCHEMAS.values())


def test_faults_carry_what_is_left() -> None:
    with pytest.raises(Faults) as raised:
        each(LINE, least=1).read(yamldoc.parse("[a, {}, b]", "a.yaml"))
    assert raised.value.rest() == ("a", "b")
    with pytest.raises(ContentError, match="this list is empty"):
        each(LINE, least=1).read(yamldoc.parse("[]", "a.yaml"))
