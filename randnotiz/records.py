"""`dataclass` for a house full of records: the standard library's, compiled when it is first needed.

For each dataclass Python compiles half a dozen functions, which for those of this program took a third of its start.
Here the functions that say the same for all records are shared, and the one that makes a record is compiled with the
first one made. To the type checker it is the standard library's own, and nothing else sees to it that what is
`frozen` is never assigned to: to prevent that at run time as well would double the price of every record.
"""

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

__all__ = ("dataclass",)

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        *, frozen: bool = False, kw_only: bool = False, slots: bool = False, order: bool = False, eq: bool = True
    ) -> Callable[[type], type]:
        """A decorator with the parameters, and for records the meaning, of `dataclasses.dataclass`."""

        def decorated(plain: type) -> type:
            record = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only, slots=slots)(plain)

            def first(self: Any, *arguments: Any, **named: Any) -> None:
                record.__init__ = _init(record)
                record.__init__(self, *arguments, **named)

            record.__init__, record.__repr__ = first, _repr
            if eq:
                record.__eq__, record.__hash__ = _eq, _hash if frozen else None
            if order:
                record.__lt__, record.__le__, record.__gt__, record.__ge__ = _lt, _le, _gt, _ge
            return record

        return decorated


def _init(record: Any) -> Callable[..., None]:
    """The function that fills a new record, as `dataclasses` would have it."""
    given: list[str] = ["self"]
    named: list[str] = []
    body: list[str] = []
    known: dict[str, Any] = {"MISSING": dataclasses.MISSING}
    for field in dataclasses.fields(record):
        name, parameter, value = field.name, field.name, field.name
        if field.default_factory is not dataclasses.MISSING:
            known[f"_{name}"] = field.default_factory
            parameter, value = f"{name}=MISSING", f"_{name}() if {name} is MISSING else {name}"
        elif field.default is not dataclasses.MISSING:
            known[f"_{name}"] = field.default
            parameter = f"{name}=_{name}"
        (named if field.kw_only else given).append(parameter)
        body.append(f"self.{name} = {value}")
    if hasattr(record, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join([*given, *(["*", *named] if named else [])])
    exec(f"def __init__({parameters}):\n  " + "\n  ".join(body or ["pass"]), known)  # noqa: S102 - of names of our own fields, as `dataclasses` does it
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{record.__qualname__}.__init__"
    return made


@cache
def _compared(record: Any) -> tuple[str, ...]:
    """The names of the fields in which two records may differ."""
    return tuple(field.name for field in dataclasses.fields(record) if field.compare)


def _values(record: Any) -> tuple[Any, ...]:
    return tuple([getattr(record, name) for name in _compared(record.__class__)])


def _eq(self: Any, other: object) -> Any:
    return _values(self) == _values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _lt(self: Any, other: object) -> Any:
    return _values(self) < _values(other) if other.__class__ is self.__class__ else NotImplemented


def _le(self: Any, other: object) -> Any:
    return _values(self) <= _values(other) if other.__class__ is self.__class__ else NotImplemented


def _gt(self: Any, other: object) -> Any:
    return _values(self) > _values(other) if other.__class__ is self.__class__ else NotImplemented


def _ge(self: Any, other: object) -> Any:
    return _values(self) >= _values(other) if other.__class__ is self.__class__ else NotImplemented


def _repr(self: Any) -> str:
    shown = ", ".join(
        f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr
    )
    return f"{self.__class__.__qualname__}({shown})"
