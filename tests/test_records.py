"""Records are dataclasses in everything but what they cost: held against the standard library's own."""

import dataclasses
import pickle
from dataclasses import field
from typing import Any

import pytest

from randnotiz.records import dataclass

OPTIONS = {"frozen": True, "kw_only": True, "slots": True}


class Words:
    """A note's words."""

    words: str
    number: int = 1
    sources: list[str] = field(default_factory=list)
    place: str = field(default="nirgends", compare=False)


def both(**options: Any) -> tuple[Any, Any]:
    """The same class as a record of ours and as the standard library's."""
    body = {"__annotations__": Words.__annotations__, "number": 1, "__qualname__": "Words", "__module__": __name__}
    kinds: list[Any] = []
    for decorate in (dataclass, dataclasses.dataclass):
        fields = {"sources": field(default_factory=list), "place": field(default="nirgends", compare=False)}
        kinds.append(decorate(**options)(type("Words", (), {**body, **fields})))
    return kinds[0], kinds[1]


@pytest.mark.parametrize("options", [OPTIONS, {**OPTIONS, "order": True}, {"frozen": True, "slots": True}])
def test_a_record_is_made_compared_hashed_and_shown_as_a_dataclass(options: dict[str, bool]) -> None:
    ours, theirs = both(**options)
    for kind in (ours, theirs):
        one, same, other = kind(words="a"), kind(words="a", place="dort"), kind(words="a", number=2)
        assert (one == same, one == other, one == "a") == (True, False, False)
        assert one.sources == []
        assert one.sources is not same.sources
        assert dataclasses.replace(one, number=2) == other
        assert not hasattr(one, "__dict__")
        if options.get("order"):
            assert sorted([other, one]) == [one, other]
            assert one <= same
            assert not one > same
    assert repr(ours(words="a")) == repr(theirs(words="a"))
    assert dataclasses.asdict(ours(words="a")) == dataclasses.asdict(theirs(words="a"))
    assert [each.name for each in dataclasses.fields(ours)] == [each.name for each in dataclasses.fields(theirs)]


@pytest.mark.parametrize("given", [{}, {"words": "a", "nobody": 1}])
def test_what_is_missing_or_unknown_is_a_type_error(given: dict[str, Any]) -> None:
    for kind in both(**OPTIONS):
        with pytest.raises(TypeError):
            kind(**given)


def test_keywords_are_demanded_only_where_they_are_asked_for() -> None:
    for kind in both(**OPTIONS):
        with pytest.raises(TypeError):
            kind("a")
    for kind in both(frozen=True, slots=True):
        assert kind("a", 3).number == 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """What others begin with."""

    id: str
    draft: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Note(Base):
    """One of the others."""

    note: str


def test_a_record_inherits_fields_and_differs_from_what_it_inherits_them_from() -> None:
    note = Note(id="a", note="Zum Leerstand.")
    assert (note.id, note.draft, note.note) == ("a", False, "Zum Leerstand.")
    assert Base(id="a") != note
    assert hash(note) == hash(Note(id="a", note="Zum Leerstand."))


def test_a_record_travels_between_processes() -> None:
    note = Note(id="a", note="Zum Leerstand.")
    assert pickle.loads(pickle.dumps(note)) == note


def test_a_record_that_may_change_has_no_hash() -> None:
    for kind in both(kw_only=True, slots=True):
        with pytest.raises(TypeError):
            hash(kind(words="a"))
