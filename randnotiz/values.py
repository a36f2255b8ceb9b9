"""What some scalars of the files become: days, names of units, values of JSON."""

from collections.abc import Mapping

from msgspec import field

from randnotiz.diagnostics import NOWHERE, Position, SourceText
from randnotiz.equality import ComparedInPart

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is easier to read as a paragraph."""
    return frozenset(text.split())


class Date(ComparedInPart, frozen=True):
    """A day, month or year (Gregorian), `time` the rest of an RFC 3339 date-time or empty, and its place."""

    year: int
    month: int | None = None
    day: int | None = None
    time: str = ""
    position: Position = NOWHERE

    def __str__(self) -> str:
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(parts) + self.time


class UnitName(ComparedInPart, frozen=True, kw_only=True):
    """An article's own unit: its name, its worth (`0.01 EUR`), its singular and plural in print by language."""

    name: str
    worth: SourceText | None = None
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    position: Position = NOWHERE
