"""Days as authors write them: ISO 8601 dates, whole or cut, and moments (RFC 3339)."""

import re
from calendar import monthrange

from randnotiz import language
from randnotiz.diagnostics import ContentError, Position, shortened
from randnotiz.values import Date

_DAY = r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})(?P<time>[Tt].+)?)?)?"
_DATE = re.compile(_DAY)
_TIME = re.compile(
    r"[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


def date_of(words: str, place: Position) -> Date:
    """The day, month or year of the calendar, or the moment (RFC 3339), that words say; ContentError at `place`."""
    found = _DATE.fullmatch(words)
    if not found:
        raise ContentError(place, "date-malformed", f"'{shortened(words)}' is no date", date_hint(words))
    year, month, day = (int(part) if part else None for part in found.group("year", "month", "day"))
    time = (found["time"] or "").upper()
    if time and not _TIME.fullmatch(time):
        hint = "Write the day alone, or a moment like 2026-11-24T12:30:00+01:00."
        raise ContentError(place, "date-malformed", f"'{shortened(words)}' is no date", hint)
    assert year is not None  # noqa: S101 - for the type checker: the pattern always has one
    _check_calendar(year, month, day, place)
    return Date(year, month, day, time, place)


def _check_calendar(year: int, month: int | None, day: int | None, place: Position) -> None:
    if year == 0:
        raise ContentError(place, "date-malformed", "there is no year 0000")
    if month is None:
        return
    if not 1 <= month <= 12:
        hint = "Write year, month and day: 2026-11-24."
        raise ContentError(place, "date-malformed", f"there is no month {month:02}", hint)
    last = monthrange(year, month)[1]
    if day is not None and not 1 <= day <= last:
        message = f"{language.of('en').date(Date(year, month))} has no day {day:02}; its last is {last}"
        raise ContentError(place, "date-malformed", message)


def date_hint(words: str) -> str:
    """How a date is written that an editor wrote by another custom."""
    german = re.fullmatch(r"([0-9]{1,2})\.\s*([0-9]{1,2})\.\s*([0-9]{4})", words)
    if german:
        return f"Write {german[3]}-{int(german[2]):02}-{int(german[1]):02}."
    spoken = re.fullmatch(r"(?:([0-9]{1,2})\.?\s+)?([^\W\d]{3,})\.?(?:\s+([0-9]{1,2}),)?\s+([0-9]{4})", words)
    if spoken and (month := _month(spoken[2])):
        day = spoken[1] or spoken[3]
        return f"Write {spoken[4]}-{month:02}" + (f"-{int(day):02}." if day else ".")
    parts = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?", words)
    if parts:
        return f"Write {'-'.join([parts[1], *(f'{int(part):02}' for part in parts.groups()[1:] if part)])}."
    return "Write year, month and day: 2026-11-24."


def _month(name: str) -> int | None:
    """The number of a month by its name or the beginning of it."""
    for number, names in enumerate(language.month_names(), 1):
        if any(each.casefold().startswith(name.casefold()) for each in names):
            return number
    return None
