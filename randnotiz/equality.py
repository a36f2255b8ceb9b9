"""Equality and order of records some of whose fields are no part of what they say."""

from typing import Any, ClassVar, Self

from msgspec import Struct


class ComparedInPart(Struct, frozen=True, eq=False):
    """A record compared, ordered and hashed by its fields but those `apart`, such as where something stands."""

    apart: ClassVar[frozenset[str]] = frozenset(("position",))

    def _compared(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name not in self.apart)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._compared() == other._compared()

    def __lt__(self, other: Self) -> bool:
        return self._compared() < other._compared()

    def __hash__(self) -> int:
        return hash(self._compared())
