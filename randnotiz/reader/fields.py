"""What the scalars of the files mean: numbers, days, names, addresses, persons.

A leaf is a function of what `yamldoc` read that returns a value or raises ContentError at the author's own word. It
becomes a field type for the shapes with `Leaf`, beside the JSON Schema of what it accepts.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Collection
from functools import wraps
from typing import Annotated, Any, Literal, NoReturn, TypeVar, get_args

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from randnotiz import language as languages
from randnotiz import numerals, sidecars
from randnotiz.codes import Code
from randnotiz.errors import ContentError, Text, did_you_mean
from randnotiz.model import Date, RemarkKind, Stance
from randnotiz.numerals import NumeralError
from randnotiz.records import dataclass
from randnotiz.yamldoc import List, Map

T = TypeVar("T")

LONGEST_LINE = 5_000
LONGEST_QUOTE = 20_000
LONGEST_TEXT = 100_000
MOST_ENTRIES = 5_000

RESERVED = frozenset(sidecars.SITE_FOLDERS)


@dataclass(frozen=True, slots=True, eq=False)  # two of them are never the same, and typing wants to hash them
class Leaf:
    """How a field is read, for pydantic, and what an editor's tool may know of it (JSON Schema).

    `read` takes what `yamldoc` read; its ContentError travels, with its place, in a validation error. The field's
    own Python type is never looked at, which spares pydantic half of its work at the start.
    """

    read: Callable[[Any], Any]
    schema: dict[str, Any]

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_told(self.read))

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(self.schema)


def _told(read: Callable[[Any], T]) -> Callable[[Any], T]:
    """A leaf whose fault pydantic understands and collects."""

    @wraps(read)
    def checked(value: Any) -> T:
        try:
            return read(value)
        except ContentError as error:
            raise PydanticCustomError("fault", "fault", {"finding": error.finding}) from None

    return checked


def shape_of(name: str) -> dict[str, Any]:
    """What stands for a shape's JSON Schema until `schemas` puts a reference there; pydantic would follow one."""
    return {"shape": name}


def malformed(value: Any, message: str, hint: str = "", code: Code = "value-malformed") -> NoReturn:
    """Raise a fault at a value."""
    raise ContentError(value.position, code, message, hint)


def shortened(words: str, longest: int = 60) -> str:
    """Words fit for a message: on one line, cut if they are long."""
    words = " ".join(words.split())
    return words if len(words) <= longest else words[:longest].rstrip() + "…"


# ----------------------------------------------------------------------------------------------------
# Texts
# ----------------------------------------------------------------------------------------------------


def scalar(value: Any) -> Text:
    """A scalar that is not empty, without the line breaks that a block scalar ends with."""
    if not isinstance(value, Text):
        kind = "list" if isinstance(value, List) else "group of fields"
        malformed(
            value,
            f"a text was expected here, not a {kind}",
            "Put a text that begins with [ or { into quotation marks.",
        )
    if not value.strip():
        malformed(value, "the text is empty", "Write something, or leave the field out.")
    if not value.endswith("\n"):
        return value
    words = value.rstrip("\n")
    return Text(words, value.position, plain=value.plain, start=value.start, end=value.end, block=value.block)


def _limited(longest: int) -> Callable[[Any], Text]:
    def text(value: Any) -> Text:
        words = scalar(value)
        if len(words) > longest:
            message = f"this text has {len(words):,} characters; at most {longest:,} are possible here"
            malformed(words, message, code="limit-exceeded")
        return words

    return text


line = _limited(LONGEST_LINE)
long_text = _limited(LONGEST_TEXT)
quoted = _limited(LONGEST_QUOTE)

# Editors' tools read `2024` and `true` as a number and a boolean; here they are as good a title as any.
TEXT_SCHEMA: dict[str, Any] = {"type": ["string", "number", "boolean"], "minLength": 1}

Line = Annotated[Text, Leaf(line, TEXT_SCHEMA)]
LongText = Annotated[Text, Leaf(long_text, TEXT_SCHEMA)]
Quoted = Annotated[Text, Leaf(quoted, TEXT_SCHEMA)]


def _matching(pattern: str, what: str, example: Callable[[str], str]) -> Callable[[Any], Text]:
    """A leaf for words of a pattern; `example` makes the nearest right word of a wrong one."""
    right = re.compile(pattern)

    def word(value: Any) -> Text:
        words = line(value)
        if not right.fullmatch(words):
            near = example(words)
            malformed(words, f"'{shortened(words)}' is no {what}", f"Write '{near}'." if near else "")
        return words

    return word


def slugged(words: str) -> str:
    """Words as an id: lower case letters and digits of ASCII, joined by hyphens; empty if none are left."""
    for char, replacement in (
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("ß", "ss"),
        ("Ä", "ae"),
        ("Ö", "oe"),
        ("Ü", "ue"),
    ):
        words = words.replace(char, replacement)
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _named(words: str) -> str:
    return re.sub(r"^[0-9_]+", "", slugged(words).replace("-", "_"))


SLUG = r"[a-z0-9][a-z0-9-]*"
NAME = r"[a-z][a-z0-9_]*"
LANGUAGE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"

slug = _matching(SLUG, "id: only a to z, 0 to 9 and hyphens may stand in one", slugged)
name = _matching(NAME, "name: it begins with a to z and has only a to z, 0 to 9 and _", _named)
unit_name = _matching(r"[^\W\d]\w*", "name for a unit: it is one word of letters", _named)


def language(value: Any) -> Text:
    """The tag of a language that has one (BCP 47)."""
    words = line(value)
    if not (re.fullmatch(LANGUAGE, words) and languages.known(words)):
        hint = "Write its code of two letters, with that of a country if it matters: de, de-AT, en, fr …"
        malformed(words, f"there is no language '{shortened(words)}'{did_you_mean(words, ('de', 'en'))}", hint)
    return words


def address(value: Any) -> Text:
    """An address on the web, with its scheme."""
    words = line(value)
    if not re.fullmatch(r"https?://[^\s/?#\"<>\\]+[^\s\"<>\\]*", words):
        bare = re.fullmatch(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?", words)
        hint = f"Write 'https://{words}'." if bare else "Write it as 'https://…'."
        malformed(words, f"'{shortened(words)}' is no address of a web page", hint)
    return words


def site_address(value: Any) -> Text:
    """An address at which a whole site can stand: everything of it is written behind it."""
    words = address(value)
    if "?" in words or "#" in words:
        hint = f"Write '{re.split('[?#]', words)[0]}'."
        malformed(words, f"'{shortened(words)}' has a '?' or '#', behind which no page can stand", hint)
    return words


Slug = Annotated[Text, Leaf(slug, {"type": ["string", "integer"], "pattern": f"^{SLUG}$"})]
Name = Annotated[Text, Leaf(name, {"type": "string", "pattern": f"^{NAME}$"})]
Language = Annotated[Text, Leaf(language, {"type": "string", "pattern": f"^{LANGUAGE}$"})]
SiteAddress = Annotated[Text, Leaf(site_address, {"type": "string", "pattern": r"^https?://[^\s/?#]+[^\s?#]*$"})]
Address = Annotated[Text, Leaf(address, {"type": "string", "pattern": r"^https?://[^\s/?#]+\S*$"})]


# ----------------------------------------------------------------------------------------------------
# Numbers, yes and no, one of a few words
# ----------------------------------------------------------------------------------------------------


def number(value: Any) -> Text:
    """A number as the author wrote it; `float` reads it. ContentError for everything that means something else.

    Whether `50.000` may mean thousands is for `rules.ambiguous`, which is given the article's language.
    """
    words = line(value)
    try:
        numerals.number(words)
    except NumeralError as error:
        reason = error.reason if numerals.GRAMMAR.fullmatch(words) else "is no number"
        malformed(words, f"'{shortened(words)}' {reason}", _number_hint(words, error))
    return words


def _number_hint(words: str, error: NumeralError) -> str:
    """How a number is written that an editor wrote by another custom."""
    if words.endswith("%"):
        return f'Write {words[:-1].rstrip()} and give the unit: unit: "%".'
    if not error.write:
        return "Write digits, with a point before decimals: 50000, 3.5 or 1.2e9."
    aside = ""
    if re.match(r"-?[1-9][0-9]{0,2},[0-9]{3}(?![0-9])", words):
        aside = "; a comma never stands in a number"
    elif "," in words or words.count(".") > 1:
        aside = "; the page prints it with a comma"
    return f"Write {error.write}{aside}."


def boolean(value: Any) -> bool:
    """True or false, in these words only."""
    words = line(value)
    if words not in ("true", "false"):
        malformed(words, f"'{shortened(words)}' is neither true nor false", "Write true or false.")
    return words == "true"


def digits(value: Any) -> int:
    """How many significant digits are printed."""
    words = line(value)
    if not re.fullmatch(r"[1-9]|1[0-5]", words):
        malformed(words, f"'{shortened(words)}' is no number of digits", "Write a whole number from 1 to 15.")
    return int(words)


_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%")


def tolerance(value: Any) -> float:
    """A share, written in percent."""
    words = line(value)
    found = _PERCENT.fullmatch(words)
    if found and float(found[1]) <= 1000:
        return float(found[1]) / 100
    hint = "Write it like '10 %'."
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", words):
        share = float(words) * 100
        hint = f"Write '{words} %'" + (f" or '{share:.10g} %'." if float(words) < 1 else ".")
    elif comma := re.fullmatch(r"([0-9]+),([0-9]+)(\s*%)?", words):
        written = f"{comma[1]}.{comma[2]}"
        other = f" or '{float(written) * 100:.10g} %'" if float(written) < 1 and not comma[3] else ""
        hint = f"Write '{written} %'{other}."
    malformed(words, f"'{shortened(words)}' is no tolerance", hint)


def one_of(what: str, words: Collection[str]) -> Callable[[Any], Any]:
    """A leaf for one of a few words."""

    def choice(value: Any) -> Any:
        text = line(value)
        if text not in words:
            near = did_you_mean(text, words)
            malformed(text, f"there is no {what} '{shortened(text)}'{near}", f"Write one of: {', '.join(words)}.")
        return str(text)

    return choice


Number = Annotated[Text, Leaf(number, {"type": "number"})]
Boolean = Annotated[bool, Leaf(boolean, {"type": "boolean"})]
Digits = Annotated[int, Leaf(digits, {"type": "integer", "minimum": 1, "maximum": 15})]
Tolerance = Annotated[
    float,
    Leaf(tolerance, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?\s*%$"}),
]

FindingWord = Literal["agrees", "disagrees"]
PersonType = Literal["person", "organization"]

StanceWord = Annotated[Stance, Leaf(one_of("stance", get_args(Stance)), {"enum": list(get_args(Stance))})]
KindWord = Annotated[
    RemarkKind,
    Leaf(one_of("kind of note", get_args(RemarkKind)), {"enum": list(get_args(RemarkKind))}),
]
Agreement = Annotated[
    FindingWord,
    Leaf(one_of("finding", get_args(FindingWord)), {"enum": list(get_args(FindingWord))}),
]
TypeOfPerson = Annotated[
    PersonType,
    Leaf(one_of("type of person", get_args(PersonType)), {"enum": list(get_args(PersonType))}),
]


# ----------------------------------------------------------------------------------------------------
# Days
# ----------------------------------------------------------------------------------------------------

_DAY = r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})(?P<time>[Tt].+)?)?)?"
_DATE = re.compile(_DAY)
_TIME = re.compile(
    r"[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads better
)
_MONATE = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()  # noqa: SIM905 - the same
)


def date(value: Any) -> Date:
    """A day, a month or a year that exists in the calendar, or a moment (RFC 3339)."""
    return date_of(line(value), value)


def date_of(words: str, place: Any) -> Date:
    """The date that words say; the fault, if they say none, stands at `place`."""
    found = _DATE.fullmatch(words)
    if not found:
        malformed(place, f"'{shortened(words)}' is no date", date_hint(words), "date-malformed")
    year, month, day = (int(part) if part else None for part in found.group("year", "month", "day"))
    time = (found["time"] or "").upper()
    if time and not _TIME.fullmatch(time):
        hint = "Write the day alone, or a moment like 2026-11-24T12:30:00+01:00."
        malformed(place, f"'{shortened(words)}' is no date", hint, "date-malformed")
    assert year is not None  # noqa: S101 - for the type checker: the pattern always has one
    _check_calendar(year, month, day, place)
    return Date(year, month, day, time)


def _check_calendar(year: int, month: int | None, day: int | None, place: Any) -> None:
    if year == 0:
        malformed(place, "there is no year 0000", "", "date-malformed")
    if month is None:
        return
    if not 1 <= month <= len(_MONTHS):
        malformed(place, f"there is no month {month:02}", "Write year, month and day: 2026-11-24.", "date-malformed")
    last = monthrange(year, month)[1]
    if day is not None and not 1 <= day <= last:
        malformed(place, f"{_MONTHS[month - 1]} {year} has no day {day:02}; its last is {last}", "", "date-malformed")


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
    """The number of a month by its German or English name or the beginning of it."""
    for names in (_MONTHS, _MONATE):
        for number, month in enumerate(names, 1):
            if month.casefold().startswith(name.casefold()):
                return number
    return None


DATE_SCHEMA: dict[str, Any] = {
    "type": ["string", "integer"],
    "pattern": r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])([Tt].+)?)?)?$",
    "minimum": 1,
    "maximum": 9999,
}

Day = Annotated[Date, Leaf(date, DATE_SCHEMA)]


# ----------------------------------------------------------------------------------------------------
# Lists and mappings
# ----------------------------------------------------------------------------------------------------


def entries(value: Any) -> List:
    """A list; nothing behind the field's name is an empty one."""
    if isinstance(value, List):
        if len(value) > MOST_ENTRIES:
            malformed(
                value,
                f"this list has {len(value):,} entries; at most {MOST_ENTRIES:,} are read",
                code="limit-exceeded",
            )
        return value
    if isinstance(value, Text) and value.plain and not value:
        return List()
    if isinstance(value, Text):
        malformed(
            value,
            f"'{shortened(value)}' stands here alone, where a list was expected",
            f"Write [{shortened(value)}].",
        )
    malformed(value, "a list was expected here", "Put '- ' before each entry.")


def entries_or_more(value: Any) -> List:
    """A list with an entry at least."""
    given = entries(value)
    if not given:
        malformed(value, "this list is empty", "Give it an entry at least.", "field-missing")
    return given


def mapping(value: Any) -> Map:
    """A mapping; nothing behind the field's name is an empty one."""
    if isinstance(value, Map):
        if len(value) > MOST_ENTRIES:
            malformed(
                value, f"there are {len(value):,} entries; at most {MOST_ENTRIES:,} are read", code="limit-exceeded"
            )
        return value
    if isinstance(value, Text) and value.plain and not value:
        return Map()
    malformed(
        value, "fields were expected here", "Write 'name: value' in lines of their own, indented, without '- '."
    )


def anything(value: Any) -> Any:
    """What has no type of ours."""
    return value


def fields(value: Any) -> Map:
    """A mapping whose contents are read elsewhere."""
    if not isinstance(value, Map):
        malformed(value, "fields were expected here", "Write 'name: value' in lines of their own, indented.")
    return value


Listed = Annotated[list[T], BeforeValidator(_told(entries))]
ListedSome = Annotated[list[T], Field(min_length=1), BeforeValidator(_told(entries_or_more))]
Named = Annotated[dict[Name, T], BeforeValidator(_told(mapping))]
