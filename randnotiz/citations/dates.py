"""The dates of CSL items: EDTF text (levels 0 and 1, ISO 8601-2), `date-parts`, seasons, free words.

A work's date is often less than a day ("2025-01", "~2019", "2012/2019", "198X", "2025-22"), so it is a span of two
ends, each a year with perhaps a month and a day, or with a season.
"""

import re
from calendar import monthrange
from collections.abc import Mapping

from msgspec import Struct

from randnotiz.csl import FIRST_EDTF_SEASON
from randnotiz.language import Locale
from randnotiz.model import Date, Json
from randnotiz.model.source import season_called

SEASONS = ("spring", "summer", "autumn", "winter")
LONGEST_DATE = 80  # characters; longer text is no date

_EDTF = re.compile(
    r"(?P<about>[~?%]?)(?P<year>-?\d{2}(?:\d\d|\dX|XX))"
    r"(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?"
    r"(?P<time>T[\d:.,]+(?:Z|[+-]\d\d:?\d\d)?)?(?P<mark>[~?%]?)"
)


class Moment(Struct, frozen=True, kw_only=True):
    """One end of a date: a year, perhaps with a month and a day, or with a season (1 is spring).

    The year 0 is 1 BC, as in EDTF.
    """

    year: int
    month: int | None = None
    day: int | None = None
    season: int | None = None

    @property
    def parts(self) -> list[int]:
        """Year, month and day as far as they are known."""
        return [part for part in (self.year, self.month, self.day) if part is not None]


class WorkDate(Struct, frozen=True, kw_only=True):
    """The date of a work: one moment (`start` alone), a span, or one that is open at an end; or only words."""

    start: Moment | None = None
    end: Moment | None = None
    span: bool = False
    circa: bool = False
    words: str = ""

    @property
    def year(self) -> int | None:
        """The year by which the work is sorted and cited."""
        moment = self.start or self.end
        return moment.year if moment else None

    @property
    def day(self) -> Date | None:
        """The one day, month or year it means, None for spans, seasons, words, and years before 1."""
        moment = self.start
        if self.span or moment is None or moment.season or moment.year < 1:
            return None
        return Date(moment.year, moment.month, moment.day)


def date(value: Json) -> WorkDate | None:
    """The date in a CSL field, or None if there is none in it."""
    if isinstance(value, Mapping):
        return _of_parts(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return _of_text(value) if isinstance(value, str) else None


def format_date(when: WorkDate | None, lang: Locale) -> str:
    """The date in the words of a language: "29. Januar 2025", "um 2019", "2012–2019", "o. D."."""
    if when is None:
        return lang.message("cite-no-date")
    if not when.span:
        words = _moment(when.start, lang) if when.start else when.words
    elif when.start and when.end:
        years = _is_year(when.start) and _is_year(when.end)
        start, end = _moment(when.start, lang), _moment(when.end, lang)
        words = f"{start}–{end}" if years else lang.message("cite-span", start=start, end=end)
    elif when.start:
        words = lang.message("cite-from", date=_moment(when.start, lang))
    else:
        words = lang.message("cite-until", date=_moment(when.end, lang)) if when.end else when.words
    return lang.message("cite-circa", date=words) if when.circa else words


def yeared(year: int, lang: Locale) -> str:
    """A year alone: "2025", "44 v. Chr."."""
    return _dated(Moment(year=year), lang)


def _dated(moment: Moment, lang: Locale) -> str:
    if moment.year > 0:
        return lang.date(Date(moment.year, moment.month, moment.day))
    return lang.message("cite-before-christ", year=lang.date(Date(1 - moment.year, moment.month, moment.day)))


def _is_year(moment: Moment) -> bool:
    return moment.month is None and moment.season is None and moment.year > 0


def _moment(moment: Moment, lang: Locale) -> str:
    if moment.season:
        return lang.message(f"cite-{SEASONS[moment.season - 1]}", year=yeared(moment.year, lang))
    return _dated(moment, lang)


def _of_text(text: str) -> WorkDate | None:
    text = text.strip()
    if not text or len(text) > LONGEST_DATE:
        return None
    if "/" not in text:
        return _single(text)
    first, _, last = text.partition("/")
    start, end = _single(first), _single(last)
    if (start is None and first not in ("", "..")) or (end is None and last not in ("", "..")):
        return None
    if start is None and end is None:
        return None
    return WorkDate(
        start=start.start if start else None,
        end=(end.end or end.start) if end else None,
        span=True,
        circa=bool(start and start.circa) or bool(end and end.circa),
    )


def _single(text: str) -> WorkDate | None:
    match = _EDTF.fullmatch(text)
    if not match:
        return None
    circa = bool(match["about"] or match["mark"])
    year = match["year"]
    if "X" in year:  # a decade or a century
        first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
        return WorkDate(start=Moment(year=first), end=Moment(year=last), span=True, circa=circa)
    month, day = (int(part) if part and part != "XX" else None for part in (match["month"], match["day"]))
    moment = _checked(int(year), month, day)
    return WorkDate(start=moment, circa=circa) if moment else None


def _checked(year: int, month: int | None, day: int | None) -> Moment | None:
    """The moment if the calendar has it. As in EDTF, the months 21 to 24 are seasons."""
    if not -9999 <= year <= 9999:
        return None
    if month is None:
        return Moment(year=year)
    season = month - FIRST_EDTF_SEASON + 1
    if 1 <= season <= len(SEASONS) and day is None:
        return Moment(year=year, season=season)
    # The calendar module knows no year before 1; 400 years later the months are as long.
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= monthrange(year % 400 + 400, month)[1]):
        return None
    return Moment(year=year, month=month, day=day)


def _of_parts(value: Mapping[str, Json]) -> WorkDate | None:
    rows = value.get("date-parts")
    circa = value.get("circa") not in (None, False, "", 0, "false")
    if isinstance(rows, list) and rows:
        ends = [(_of_row(row), row in _OPEN) for row in rows[:2]]
        start, end = ends[0][0], ends[-1][0]
        if not (start or end) or not all(moment or is_open for moment, is_open in ends):
            return None
        season = season_called(value.get("season"))
        if season and start and len(ends) == 1 and start.month is None:
            start = Moment(year=start.year, season=season)
        is_span = len(ends) > 1 and start != end  # some exporters write both ends of a single day
        return WorkDate(start=start, end=end if is_span else None, span=is_span, circa=circa)
    for key in ("literal", "raw"):
        words = value.get(key)
        if isinstance(words, str) and words.strip():
            return _of_text(words) or WorkDate(words=" ".join(words.split()), circa=circa)
    return None


_OPEN: tuple[Json, ...] = ([], [0], ["0"], [""], [None])  # ends of a span that has none


def _of_row(row: Json) -> Moment | None:
    """A row of date-parts; numbers may be written as text, as older exports do, and -44 is the year 44 BC."""
    if not isinstance(row, list) or not 1 <= len(row) <= 3:
        return None
    numbers = []
    for part in row:
        text = str(part).strip()
        if isinstance(part, bool) or not re.fullmatch(r"-?\d{1,4}", text):
            return None
        numbers.append(int(text))
    year, month, day = (*numbers, None, None)[:3]
    if month and 13 <= month <= 16 and day is None:  # seasons as older exports count them
        month += FIRST_EDTF_SEASON - 13
    return _checked(year + (year < 0), month, day) if year else None
