"""The types of fields: how each is read, what JSON Schema may know of it, and with what the desk asks for it.

What reads is a function of what `yamldoc` read that returns a value, or raises ContentError at the author's own word,
or Faults where there may be several.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, NoReturn

from msgspec import Struct

from randnotiz import language as languages
from randnotiz import numerals, slugs
from randnotiz.codes import Code
from randnotiz.csl import host_of
from randnotiz.diagnostics import ContentError, Diagnostic, SourceText, did_you_mean, shortened
from randnotiz.numerals import NumeralError
from randnotiz.schema.days import date_of
from randnotiz.values import Date
from randnotiz.yamldoc import List, Map, as_written

LONGEST_LINE = 5_000
LONGEST_QUOTE = 20_000
LONGEST_TEXT = 100_000
MOST_ENTRIES = 5_000

Widget = Literal["line", "text", "choice", "date", "person", "people", "sources"]
Role = Literal["", "markdown", "prose", "quote"]


class FieldType(Struct, frozen=True):
    """How a field is read, and the JSON Schema of what it accepts, in which {"record": R} stands for that of R.

    `role` says what becomes of its words: Markdown, text that may print numbers ("prose"), or a quotation of the
    article. `widget` is what the desk asks with, `choices` the words it offers.
    """

    read: Callable[[Any], Any]
    schema: Mapping[str, Any]
    widget: Widget = "line"
    role: Role = ""
    choices: tuple[str, ...] = ()


class Faults(Exception):  # noqa: N818 - several of them
    """All that is wrong with a list or a group of fields; `rest` makes what is left of it, None if nothing is."""

    def __init__(self, diagnostics: list[Diagnostic], rest: Callable[[], Any] = lambda: None) -> None:
        super().__init__(f"{len(diagnostics)} faults")
        self.diagnostics, self.rest = diagnostics, rest


def malformed(value: Any, message: str, hint: str = "", code: Code = "value-malformed") -> NoReturn:
    """Raise a fault at a value."""
    raise ContentError(value.position, code, message, hint)


# ---- Texts ----


def scalar(value: Any) -> SourceText:
    """A scalar that is not empty, without the line breaks that a block scalar ends with."""
    if not isinstance(value, SourceText):
        kind = "list" if isinstance(value, List) else "group of fields"
        hint = "Put a text that begins with [ or { into quotation marks."
        malformed(value, f"a text was expected here, not a {kind}", hint)
    if not value.strip():
        malformed(value, "the text is empty", "Write something, or leave the field out.")
    return value.saying(value.rstrip("\n")) if value.endswith("\n") else value


def _limited(longest: int) -> Callable[[Any], SourceText]:
    def text(value: Any) -> SourceText:
        words = scalar(value)
        if len(words) > longest:
            message = f"this text has {len(words):,} characters; at most {longest:,} are possible here"
            hint = (
                "Shorten it; of a long passage, quote its two ends with 'from' and 'to'."
                if longest == LONGEST_QUOTE
                else "Shorten it."
            )
            malformed(words, message, hint, "limit-exceeded")
        return words

    return text


line = _limited(LONGEST_LINE)
long_text = _limited(LONGEST_TEXT)


def quoted(value: Any) -> SourceText:
    """Words of the article, which are never none: without a quotation at all, a note is about the whole article."""
    if isinstance(value, SourceText) and not value.strip():
        hint = "Quote the words it is about, as they stand in the text; without any it is about the whole article."
        malformed(value, "these quoted words are empty", hint)
    return _quoted(value)


_quoted = _limited(LONGEST_QUOTE)


def context(value: Any) -> SourceText:
    """What stands beside a quotation: nothing at the ends of a text, where other tools write an empty one."""
    return value if isinstance(value, SourceText) and not value.strip() else quoted(value)


def _printed(read: Callable[[Any], SourceText]) -> Callable[[Any], SourceText]:
    """A text that is printed as it stands, in which there is no such thing as a comment of HTML."""

    def text(value: Any) -> SourceText:
        words = read(value)
        if "-->" in words.partition("<!--")[2]:
            message = "this field has no Markdown, so the comment in it would be printed"
            malformed(words, message, "Take it out, or write it in a line of its own that begins with #.")
        return words

    return text


# Editors' tools read `2024` and `true` as a number and a boolean; here they are as good a title as any.
TEXT_SCHEMA: dict[str, Any] = {"type": ["string", "number", "boolean"], "minLength": 1}

LINE = FieldType(line, TEXT_SCHEMA)
PROSE_LINE = FieldType(_printed(line), TEXT_SCHEMA, role="prose")
LONG_TEXT = FieldType(long_text, TEXT_SCHEMA, "text")
PROSE = FieldType(_printed(long_text), TEXT_SCHEMA, "text", role="prose")
MARKDOWN = FieldType(long_text, TEXT_SCHEMA, "text", role="markdown")
QUOTED = FieldType(quoted, TEXT_SCHEMA)
CONTEXT = FieldType(context, {"type": TEXT_SCHEMA["type"]})


def sentence(longest: int) -> FieldType:
    """The type of a printed line that must be short."""
    return FieldType(_printed(_limited(longest)), {**TEXT_SCHEMA, "maxLength": longest}, role="prose")


def _matching(pattern: str, what: str, example: Callable[[str], str]) -> Callable[[Any], SourceText]:
    """A leaf for words of a pattern; `example` makes the nearest right word of a wrong one."""
    right = re.compile(pattern)

    def word(value: Any) -> SourceText:
        words = line(value)
        if not right.fullmatch(words):
            near = example(words)
            malformed(words, f"'{shortened(words)}' is no {what}", f"Write '{near}'." if near else "")
        return words

    return word


def _named(words: str) -> str:
    return re.sub(r"^[0-9_]+", "", slugs.ascii_slug(words).replace("-", "_"))


SLUG_PATTERN = r"[a-z0-9][a-z0-9-]*"
NAME_PATTERN = r"[a-z][a-z0-9_]*"
# Tools have no common way to name letters of any script, so it only forbids what ASCII has beside them.
ID_PATTERN = r"[^\u0000-/:-`{-\u00a0][^\u0000-,./:-`{-\u00a0]*"
LANGUAGE_PATTERN = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"


def id_of(value: Any) -> SourceText:
    """An id, its letters composed: small letters, marks and numbers of any script, and hyphens."""
    words = composed(value)
    if not slugs.is_id(words):
        near = slugs.slug(words)
        message = f"'{shortened(words)}' is no id: only small letters, digits and hyphens may stand in one"
        malformed(words, message, f"Write '{near}'." if near else "")
    return words


def composed(value: Any) -> SourceText:
    """Words that name an id or a file, in the form in which these are compared."""
    words = line(value)
    other = slugs.composed(words)
    return words if other == words else words.saying(other)


slug = _matching(SLUG_PATTERN, "id: only a to z, 0 to 9 and hyphens may stand in one", slugs.ascii_slug)
name = _matching(NAME_PATTERN, "name: it begins with a to z and has only a to z, 0 to 9 and _", _named)
unit_name = _matching(r"[^\W\d]\w*", "name for a unit: it is one word of letters", _named)


def language(value: Any) -> SourceText:
    """The tag of a language that has one (BCP 47)."""
    words = line(value)
    if not (re.fullmatch(LANGUAGE_PATTERN, words) and languages.known(words)):
        hint = "Write its code of two letters, with that of a country if it matters: de, de-AT, en, fr …"
        malformed(words, f"there is no language '{shortened(words)}'{did_you_mean(words, ('de', 'en'))}", hint)
    return words


def address(value: Any) -> SourceText:
    """An address on the web, with its scheme."""
    words = line(value)
    if not re.fullmatch(r"https?://[^\s/?#\"<>\\]+[^\s\"<>\\]*", words) or not host_of(words):
        bare = re.fullmatch(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?", words)
        hint = f"Write 'https://{words}'." if bare else "Write it as 'https://…'."
        malformed(words, f"'{shortened(words)}' is no address of a web page", hint)
    return words


def site_address(value: Any) -> SourceText:
    """An address at which a whole site can stand: everything of it is written behind it."""
    words = address(value)
    if "?" in words or "#" in words:
        hint = f"Write '{re.split('[?#]', words)[0]}'."
        malformed(words, f"'{shortened(words)}' has a '?' or '#', behind which no page can stand", hint)
    return words


SLUG = FieldType(slug, {"type": ["string", "integer"], "pattern": f"^{SLUG_PATTERN}$"})
NAME = FieldType(name, {"type": "string", "pattern": f"^{NAME_PATTERN}$"})
LANGUAGE = FieldType(lambda value: str(language(value)), {"type": "string", "pattern": f"^{LANGUAGE_PATTERN}$"})
ADDRESS = FieldType(address, {"type": "string", "pattern": r"^https?://[^\s/?#]+\S*$"})
ID = FieldType(id_of, {"type": ["string", "integer"], "pattern": f"^{ID_PATTERN}$"})
COMPOSED = FieldType(composed, TEXT_SCHEMA)


# ---- Numbers, yes and no, one of a few words ----


def number(value: Any) -> SourceText:
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

    def word(value: Any) -> Any:
        text = line(value)
        if text not in words:
            near = did_you_mean(text, words)
            malformed(text, f"there is no {what} '{shortened(text)}'{near}", f"Write one of: {', '.join(words)}.")
        return str(text)

    return word


NUMBER = FieldType(number, {"type": "number"})
BOOLEAN = FieldType(boolean, {"type": "boolean"}, "choice", choices=("true",))
DIGITS = FieldType(digits, {"type": "integer", "minimum": 1, "maximum": 15})
TOLERANCE = FieldType(tolerance, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?\s*%$"})


def choice(what: str, words: tuple[str, ...]) -> FieldType:
    """The type of a field that is one of a few words."""
    return FieldType(one_of(what, words), {"enum": list(words)}, "choice", choices=words)


# ---- Days ----


def date(value: Any) -> Date:
    """A day, a month or a year that exists in the calendar, or a moment (RFC 3339)."""
    words = line(value)
    return date_of(words, words.position)


DATE_SCHEMA: dict[str, Any] = {
    "type": ["string", "integer"],
    "pattern": r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])([Tt].+)?)?)?$",
    "minimum": 1,
    "maximum": 9999,
}

DAY = FieldType(date, DATE_SCHEMA, "date")


# ---- Lists and mappings ----


def is_left_empty(value: Any) -> bool:
    """Whether nothing stands behind a field's name."""
    return isinstance(value, SourceText) and value.plain and not value


def entries(value: Any) -> List:
    """A list; nothing behind the field's name is an empty one."""
    if isinstance(value, List):
        if len(value) > MOST_ENTRIES:
            message = f"this list has {len(value):,} entries; at most {MOST_ENTRIES:,} are read"
            malformed(value, message, "Divide the article in two.", "limit-exceeded")
        return value
    if is_left_empty(value):
        return List()
    if isinstance(value, SourceText):
        hint = f"Write [{as_written(value)}]."
        malformed(value, f"'{shortened(value)}' stands here alone, where a list was expected", hint)
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
            message = f"there are {len(value):,} entries; at most {MOST_ENTRIES:,} are read"
            malformed(value, message, "Divide the article in two.", "limit-exceeded")
        return value
    if is_left_empty(value):
        return Map()
    malformed(
        value, "fields were expected here", "Write 'name: value' in lines of their own, indented, without '- '."
    )


def fields(value: Any) -> Map:
    """A mapping whose contents are read elsewhere."""
    if not isinstance(value, Map):
        malformed(value, "fields were expected here", "Write 'name: value' in lines of their own, indented.")
    return value


def read_rest(of: FieldType, value: Any) -> tuple[Any, list[Diagnostic]]:
    """What can be read of a value whose entries may have faults, and those."""
    try:
        return of.read(value), []
    except Faults as faults:
        return faults.rest(), list(faults.diagnostics)


def each(of: FieldType, least: int = 0) -> FieldType:
    """The type of a list of one type; an entry with a fault is left out of what is left."""

    def read(value: Any) -> tuple[Any, ...]:
        kept: list[Any] = []
        found: list[Diagnostic] = []
        for entry in entries_or_more(value) if least else entries(value):
            try:
                kept.append(of.read(entry))
            except ContentError as error:
                found.append(error.diagnostic)
            except Faults as faults:
                found += faults.diagnostics
        if found:
            raise Faults(found, lambda: tuple(kept))
        return tuple(kept)

    more = {"minItems": least} if least else {}
    return FieldType(read, {"type": "array", "items": of.schema, **more}, of.widget)


def named(of: FieldType) -> FieldType:
    """The type of a mapping from names to one type; likewise."""

    def read(value: Any) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        found: list[Diagnostic] = []
        for key, entry in mapping(value).items():
            before = len(found)
            for part, into in ((key, NAME), (entry, of)):
                try:
                    made = into.read(part)
                except ContentError as error:
                    found.append(error.diagnostic)
                except Faults as faults:
                    found += faults.diagnostics
            if len(found) == before:
                kept[str(key)] = made
        if found:
            raise Faults(found, lambda: kept)
        return kept

    schema = {"patternProperties": {f"^{NAME_PATTERN}$": of.schema}, "type": "object", "additionalProperties": False}
    return FieldType(read, schema)


def by_key(key: Callable[[Any], Any], of: FieldType, keys: Mapping[str, Any]) -> FieldType:
    """The type of a mapping whose keys are read as well; `keys` is their JSON Schema."""

    def read(value: Any) -> dict[str, Any]:
        return {str(key(name)): of.read(entry) for name, entry in mapping(value).items()}

    return FieldType(read, {"type": "object", "propertyNames": keys, "additionalProperties": of.schema})
