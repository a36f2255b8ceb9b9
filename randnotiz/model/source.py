"""A source: a CSL item as an author wrote or pasted it (CSL-JSON 1.0.2).

Its vocabulary is a table, not a record: it is wide and loose, an unknown key is only a warning, and exports of other
programs shall be taken as they come.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from html import unescape
from itertools import takewhile
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, NoReturn, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from randnotiz.codes import Code
from randnotiz.csl import (
    CSL_DATE_PARTS,
    CSL_DATES,
    CSL_KEYS,
    CSL_NAME_PARTS,
    CSL_NAMES,
    CSL_TYPES,
    FORBIDDEN,
    doi,
    season_of,
    web_address,
)
from randnotiz.diagnostics import (
    NOWHERE,
    ContentError,
    Diagnostic,
    Position,
    SourceText,
    collecting,
    did_you_mean,
    shortened,
)
from randnotiz.equality import ComparedInPart
from randnotiz.language import language_named, season_named
from randnotiz.schema import fields as fields_of
from randnotiz.schema.days import date_of
from randnotiz.schema.fields import (
    ADDRESS,
    DATE_SCHEMA,
    LANGUAGE_PATTERN,
    LINE,
    TEXT_SCHEMA,
    FieldType,
    address,
    choice,
    entries,
    fields,
    language,
    line,
    long_text,
    malformed,
)
from randnotiz.values import Json
from randnotiz.yamldoc import List, Map, as_written, in_place_of, plain


class Source(ComparedInPart, frozen=True, kw_only=True):
    """A cited work: a CSL item (CSL-JSON 1.0.2) as plain values, keys that begin with `private-` already dropped.

    `shared` are those that all articles may cite, `external` those that another program keeps, in a bibliography;
    `over` is such a one that an article's own enriches. `odd` is what there is to say about it where it is used.
    """

    id: SourceText
    csl: Mapping[str, Json]
    shared: bool = False
    external: bool = False
    over: "Source | None" = None
    odd: Mapping[str, list[Diagnostic]] = field(default_factory=dict)
    position: Position = NOWHERE

    apart: ClassVar = frozenset(("odd", "position"))

    @property
    def custom(self) -> Mapping[str, Json]:
        """What CSL has no key for."""
        custom = self.csl.get("custom")
        return custom if isinstance(custom, dict) else {}


_CAPITALS = {key.upper(): key for key in CSL_KEYS}
_LOWER = {key.lower(): key for key in ("DOI", "ISBN", "ISSN", "PMCID", "PMID", "URL")}  # as Pandoc writes them
_OWN_KEYS = "Put keys of your own into 'custom'."
Oddities = dict[str, list[Diagnostic]]
T = TypeVar("T")


class _Notes(Struct, kw_only=True):
    """What is noticed while an item is read: faults, and by their keys the oddities that are only warned of.

    `exported` means that a program wrote the item, because it stands below `references` or its keys stand in
    quotation marks, as in JSON: nobody could have written it otherwise, and nothing but a missing id is a fault.
    """

    exported: bool
    faults: list[Diagnostic] = field(default_factory=list)
    odd: Oddities = field(default_factory=dict)

    def add(self, key: str, place: Position, message: str, hint: str = "", code: Code = "csl-value-odd") -> None:
        """Notice something odd about a key."""
        self.odd.setdefault(str(key), []).append(Diagnostic(place, code, message, hint))

    def read(self, key: str, read: Callable[[str, Any, "_Notes"], T], value: Any) -> T | None:
        """What is read of a value, None where that is a fault, or odd and left out."""
        try:
            return read(key, value, self)
        except ContentError as error:
            fault = error.diagnostic
            if fault.code == "csl-value-odd" or self.exported:
                self.add(key, fault.position, f"{fault.message}; it is left out", fault.hint)
            else:
                self.faults.append(fault)
        return None


@cache
def foreign_words() -> Mapping[str, Mapping[str, str]]:
    """By what others call keys and types, what CSL does: foreign_words.yaml, for what CSL has not."""
    tables = msgspec.yaml.decode(Path(__file__).with_name("foreign_words.yaml").read_bytes())
    return {name: {word: own for own, words in of.items() for word in words.split()} for name, of in tables.items()}


def source(
    value: Map, shared: bool, exported: bool, enriches: bool = False
) -> tuple[Source | None, tuple[Diagnostic, ...], Oddities]:
    """The source a mapping says, None where it has no id to be cited by, its faults, and its oddities by key.

    One that `enriches` a work of a bibliography need not say what type it is.
    """
    notes = _Notes(exported=exported or any(not key.plain for key in value))
    csl: dict[str, Json] = {}
    for written, each in value.items():
        key = _LOWER.get(written, str(written))
        if key not in CSL_KEYS:
            near = did_you_mean(_CAPITALS.get(key.upper(), key), CSL_KEYS)
            if meant := foreign_words()["keys"].get(key.lower().replace("-", "").replace("_", "").replace(" ", "")):
                near = f"; did you mean '{meant}'?"
            message = f"'{shortened(key)}' is no key of CSL and is left out{near}"
            notes.add(key, written.position, message, "" if near else _OWN_KEYS, "field-near")
        elif not _is_nothing(each) and (read := notes.read(key, _value, each)) is not None:
            csl[key] = read
    for required, example in (("id", "semianalysis2025"), ("type", "webpage")):
        if (required not in value or _is_nothing(value[required])) and (required == "id" or not enriches):
            message, hint = f"this source has no '{required}'", f"Write '{required}: {example}'."
            if {"itemType", "creators", "citationKey"} & {*value}:
                hint = "These are Zotero's own fields: export the works as 'CSL JSON' or 'Better CSL YAML'."
            if notes.exported and required == "type":
                notes.add(required, value.position, message, hint)
            else:
                notes.faults.append(Diagnostic(value.position, "field-missing", message, hint))
    given = csl.get("id")
    if not isinstance(given, SourceText):
        return None, tuple(notes.faults), notes.odd
    return Source(id=given, csl=csl, shared=shared, position=value.position), tuple(notes.faults), notes.odd


def enriched(own: Source, below: Source) -> Source:
    """A bibliography's work under a source with its id: what the editor wrote wins by key, in `custom` as well."""
    custom = {**below.custom, **own.custom}
    csl = {**below.csl, **own.csl, **({"custom": custom} if custom else {})}
    odd = {key: noticed for key, noticed in below.odd.items() if key not in own.csl or key == "id"}
    return replace(own, csl=csl, external=own.shared, over=below, odd=odd)


def _is_nothing(value: Any) -> bool:
    """Whether a key has no value at all, or the `null` of JSON."""
    return isinstance(value, SourceText) and value.plain and value in ("", "null", "~")


def _odd(value: Any, message: str, hint: str = "") -> NoReturn:
    malformed(value, message, hint, "csl-value-odd")


def _written(key: str, value: Any) -> Any:
    """The value; an empty text, of which exports are full, is odd."""
    if isinstance(value, SourceText) and (not value.strip() or value in ("NaN", "nan", "undefined", "N/A", "n/a")):
        what = f"'{value}', which says nothing" if value.strip() else "empty"
        _odd(value, f"the text of '{key}' is {what}", "Leave the field out.")
    return value


def _value(key: str, value: Any, notes: _Notes) -> Json:
    _written(key, value)
    if key in CSL_NAMES:
        return _names(key, value, notes)
    if key in CSL_DATES:
        return _date(key, value, notes)
    if notes.exported and isinstance(value, List) and key not in ("id", "categories", "custom"):
        value = _unlisted(key, value, notes)
    return _READERS.get(key, _text)(key, value, notes)


_ONE = frozenset(("type", "URL", "DOI"))  # and titles: what there is only one of


def _unlisted(key: str, value: List, notes: _Notes) -> SourceText:
    """The text of a list, as some programs write one: of titles and the like the first, of all else all."""
    texts = [each for each in value if isinstance(each, SourceText) and each.strip() and not _is_nothing(each)]
    if not texts:
        _odd(value, f"the list of '{key}' has no texts")
    kept = ", ".join(texts[:1] if "title" in key or key in _ONE else texts)
    notes.add(key, value.position, f"'{key}' is a list, of which this is taken: {shortened(kept)}")
    return SourceText(kept, value.position)


# What a program leaves of BibTeX: an accent, a command with its braces, a capital in braces.
_TEX = re.compile(r"\{\\[^{}]*\}|\\(?:[a-z]{2,}|[\"'`^~=.])\{|\{\{?[A-Z][^{}\s]*\}")


# Tags that programs write, and CSL has not: JATS and MathML as of Crossref, paragraphs and lines of HTML.
_FOREIGN_TAG = re.compile(
    r"<(?P<close>/?)(?:(?:jats|mml):(?P<name>[\w-]+)(?:\s[^<>]{0,200})?"
    r"|(?P<bare>italic|bold|p|br|div|u|tt|inf|math|m[inors]|mrow|msu[bp]|font|a)(?:\s+[\w:-]+=[^<>]{0,200})?)\s?/?>",
    re.IGNORECASE,
)
_IN_CSL = {"italic": "i", "bold": "b", "sub": "sub", "sup": "sup", "sc": "sc", "inf": "sub"}


def _as_csl_has_it(tag: re.Match[str]) -> str:
    """A tag as CSL-JSON writes it; nothing of one that it lacks, and a blank where that parts words."""
    name = (tag["name"] or tag["bare"]).lower()
    if name in _IN_CSL:
        return f"<{tag['close']}{_IN_CSL[name]}>"
    return " " if name in ("p", "br", "div", "title", "sec") else ""


def _text(key: str, value: Any, notes: _Notes) -> Json:
    """A text with the characters that entities of HTML stand for; what it has of TeX is warned of."""
    words = long_text(value)
    if "&" in words and (plain := unescape(words)) != words:
        notes.add(key, words.position, f"'{key}' has entities of HTML; '{shortened(plain)}' is taken")
        words = SourceText(plain, words.position)
    if notes.exported and "<" in words and (plain := _FOREIGN_TAG.sub(_as_csl_has_it, words)) != words:
        if key != "abstract":  # which no page prints
            notes.add(key, words.position, f"'{key}' has tags of HTML or JATS; '{shortened(plain.strip())}' is taken")
        words = SourceText(plain.strip(), words.position)
    if tex := _TEX.search(words):
        message = f"'{shortened(tex[0])}' in '{key}' is TeX, and is printed as it stands"
        notes.add(key, words.position, message, "Write the characters themselves; capitals need no braces.")
    return words


_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")  # as Pandoc writes what might be Markdown


def _unescaped(words: SourceText) -> str:
    return _ESCAPED.sub(r"\1", words) if "\\" in words else words


_SEVERAL = re.compile(r"[\s;,]+(?=https?://)")
_SCHEME = re.compile(
    r"(?!(?:javascript|vbscript|data):)[a-z][a-z0-9+.-]*:", re.IGNORECASE
)  # of programs, not runnable


def _address(key: str, value: Any, notes: _Notes) -> Json:
    """An address of the web. Of several the first is taken, and what may not stand in one is written as %3C."""
    words = long_text(value)
    given = _unescaped(words).replace("&amp;", "&")
    first, *more = _SEVERAL.split(given.strip().removeprefix("<").removesuffix(">"))
    known = first.split()[0] if first.lower().startswith(("http://", "https://")) else ""
    known = web_address(FORBIDDEN.sub(lambda each: quote(each[0]), known))
    if known == given and "&amp;" not in words:
        return SourceText(known, words.position)
    if not known:
        if not _SCHEME.match(words):
            address(value)
        _odd(words, f"'{shortened(words)}' is no address of a web page")
    what = "holds more than one address" if more else "is not written as an address is"
    notes.add(key, words.position, f"'{shortened(words)}' {what}; '{shortened(known)}' is taken")
    return SourceText(known, words.position)


def _doi(key: str, value: Any, notes: _Notes) -> Json:
    words = long_text(value)
    given = _unescaped(words)
    if not doi(given):
        hint = "Write it as it stands behind https://doi.org/, as in 10.1038/s41586-025-09422-z."
        notes.add(key, words.position, f"'{shortened(words)}' is no DOI, and no link is made of it", hint)
    return given


# ---- Names ----

_FLAGS = frozenset(("comma-suffix", "static-ordering", "parse-names"))


def _names(key: str, value: Any, notes: _Notes) -> Json:
    """The names of a list, however long, or of one alone."""
    alone = isinstance(value, SourceText) or (notes.exported and isinstance(value, Map))
    rows = [value] if alone else value if isinstance(value, List) else entries(value)
    rows = [row for row in rows if not _is_nothing(row)]
    return [name for row in rows if (name := notes.read(key, _name, row)) is not None]


def _name(key: str, value: Any, notes: _Notes) -> Json:
    if isinstance(value, SourceText):
        return _bare_name(key, line(_written(key, value)), notes)
    known_parts = CSL_NAME_PARTS | {"name"} if notes.exported else CSL_NAME_PARTS  # as Crossref has organisations
    known = _known(fields(value), known_parts, "part of a name", notes)
    name: dict[str, Json] = {part: plain(each) if part in _FLAGS else line(each) for part, each in known.items()}
    alone = name.pop("name", None)
    if not name.keys() & {"family", "given", "literal"}:
        message = "this name has neither 'family' nor 'literal'"
        if alone:
            return {"literal": alone}
        if value.keys() & {"family", "given", "literal"}:
            _odd(value, message)
        malformed(value, message, "Write {family: Patel, given: Dylan}.", "field-missing")
    return name


def _bare_name(key: str, words: SourceText, notes: _Notes) -> Json:
    message = f"'{shortened(words)}' is no name as CSL wants it"
    if not notes.exported:
        given, _, family = words.rpartition(" ")
        parts = {"family": family, "given": given} if given else {"family": words}
        person = ", ".join(f"{part}: {as_written(name)}" for part, name in parts.items())
        hint = f"Write [{{{person}}}] for a person, [{{literal: {as_written(words)}}}] for an organisation."
        malformed(words, message, hint)
    notes.add(key, words.position, f"{message}; it is printed as it stands")
    return {"literal": words}


def _known(value: Map, keys: frozenset[str], what: str, notes: _Notes) -> dict[str, Any]:
    """The fields of a mapping that CSL knows and that are not empty; a warning for each of the others."""
    known: dict[str, Any] = {}
    for key, each in value.items():
        if key not in keys:
            message = f"'{shortened(key)}' is no {what} in CSL and is left out{did_you_mean(key, keys)}"
            notes.add(key, key.position, message, code="field-near")
        elif not _is_nothing(each) and notes.read(key, lambda key, each, _: _written(key, each), each) is not None:
            known[str(key)] = each
    return known


# ---- Dates ----

_PANDOC = ("year", "month", "day")
_SEASON = "Write spring, summer, autumn or winter; or the whole date in words, {literal: Easter 2020}."
_NO_DATE = "Write 2026-11-24, or {date-parts: [[2026, 11, 24]]}."
# Times of day alone and the zeros of databases.
_DATELESS = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?\b.*|0000(?:-00){0,2}(?:[T ]00:.*)?")
_TIMED = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}.*")


def _date(key: str, value: Any, notes: _Notes) -> Json:
    """A date as CSL has it: EDTF text, or a mapping with `date-parts` of whole numbers; `[0]` is an open end."""
    if isinstance(value, SourceText):
        words = line(value)
        words = SourceText(_unescaped(words), words.position) if "\\" in words else words
        return _words_of_date(key, words, notes)
    ends: Any = value if isinstance(value, List) else [value]
    rows: Any = ends
    known: dict[str, Any] = {}
    if ends and isinstance(ends[0], Map) and (len(ends) > 1 or "year" in ends[0]):
        rows = [_pandoc(fields(each)) for each in ends]
        known = {part: ends[0][part] for part in ("season", "circa") if part in ends[0]}
    elif ends and isinstance(ends[0], Map):
        known = _known(ends[0], CSL_DATE_PARTS, "part of a date", notes)
        rows = entries(known.pop("date-parts", List()))
    if rows and isinstance(rows[0], SourceText):  # one date without the list around it
        rows = [rows]
    season = known.get("season")
    if season is not None and not season_called(season) and any(char.isalpha() for char in str(season)):
        notes.add(
            key, value.position, f"'{shortened(str(season))}' is no season that is known; it is left out", _SEASON
        )
    date: dict[str, Json] = {part: plain(each) for part, each in known.items()}
    parts = [_parts(key, each, notes) for each in rows]
    if any(parts):
        date["date-parts"] = [row or [0] for row in parts]
    if not date.keys() & {"date-parts", "literal", "raw"}:
        _odd(value, "this date is empty", _NO_DATE)
    return date


def _words_of_date(key: str, words: SourceText, notes: _Notes) -> Json:
    said = f"'{shortened(words)}'"
    if _DATELESS.fullmatch(words):
        _odd(words, f"{said} is no date", _NO_DATE)
    try:
        return _edtf(words)
    except ContentError as error:
        if timed := _TIMED.fullmatch(words):
            notes.add(key, words.position, f"{said} has a time of day without its zone, which is left out")
            return _edtf(words.part(0, timed.end(1)))
        if not notes.exported:
            raise
        fault = error.diagnostic
        notes.add(key, words.position, f"{fault.message}; {said} is printed as it stands", fault.hint)
        return {"literal": words}


_EDTF_ALONE = re.compile(
    r"[0-9]{4}-2[1-4]"  # seasons
    r"|[0-9]{2}XX|[0-9]{3}X|[0-9]{4}-XX(?:-XX)?|[0-9]{4}-[0-9]{2}-XX"  # vague ones
    r"|-[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"  # before Christ, counted from the year 0
)


def _edtf(words: SourceText) -> SourceText:
    """Words that are a date by EDTF levels 0 and 1, as far as sources use them: days, months, seasons, ranges."""
    for end in words.split("/"):
        bare = end.rstrip("?~%")
        if not (_EDTF_ALONE.fullmatch(bare) or (bare in ("", "..") and "/" in words)):
            date_of(bare, words.position)
    if words.count("/") > 1:
        malformed(words, f"'{shortened(words)}' is no date", "Write a range as 2025-01/2025-03.", "date-malformed")
    return words


_SEASONS = frozenset((*range(13, 17), *range(21, 25)))  # as older exports count them, and as EDTF does


def _parts(key: str, value: Any, notes: _Notes) -> list[Json]:
    """Year, month and day as whole numbers, as far as there are any before an empty one or a zero."""
    words = [part if isinstance(part, SourceText) else line(part) for part in entries(value)]
    if notes.exported and len(words) == 1 and re.fullmatch(r"\d{4}(-\d\d){1,2}", words[0]):
        notes.add(key, value.position, f"'{words[0]}' in 'date-parts' is a whole date, and is taken for one")
        words = [SourceText(part, words[0].position) for part in words[0].split("-")]
    given = list(takewhile(lambda word: word.strip(" 0") and not _is_nothing(word), words))
    if len(given) < len(words) and not words[len(given)].plain:
        notes.add(key, value.position, "'date-parts' has empty ones; they are left out")
    try:
        return _in_calendar(value, given)
    except ContentError as error:
        if not notes.exported or len(given) < 2:
            raise
        notes.add(key, value.position, f"{error.diagnostic.message}; only what stands before it is taken")
        shorter = List(given[:-1])
        shorter.position = value.position
        return _parts(key, shorter, notes)


def _in_calendar(value: Any, given: list[SourceText]) -> list[Json]:
    if len(given) > 3 or not all(re.fullmatch(r"-?[0-9]{1,4}(?:\.0)?", word) for word in given):
        malformed(value, "'date-parts' has lists of year, month and day", "Write [[2026, 11, 24]].", "date-malformed")
    numbers = [int(float(word)) for word in given]
    if numbers[:1] > [0] and not (len(numbers) == 2 and numbers[1] in _SEASONS):
        words = "-".join(f"{part:0{2 if index else 4}}" for index, part in enumerate(numbers))
        date_of(words, value.position)
    return list[Json](numbers)


def _pandoc(given: Map) -> List:
    """Year, month and day of a date as older exports for Pandoc have them, in a mapping."""
    if "year" not in given:
        malformed(given, "this date has no 'year'", "Write 2026-11-24.", "date-malformed")
    return in_place_of(given, List(given[name] for name in _PANDOC if name in given))


# ---- Keys with rules of their own ----


def _interest(value: Any) -> Json:
    if isinstance(value, SourceText):
        return line(value)
    return {str(language(key)): line(each) for key, each in fields(value).items()}


def _day(value: Any) -> Json:
    words = line(value)
    date_of(words, words.position)
    return words


class CustomKey(NamedTuple):
    """A key of `custom`: its type, its meaning, and with what words the desk asks for it, if it does."""

    type: FieldType
    meaning: str
    label: str = ""
    hint: str = ""


_DAY = FieldType(_day, DATE_SCHEMA, "date")
_BY_LANGUAGE = {
    "type": "object",
    "propertyNames": {"pattern": f"^{LANGUAGE_PATTERN}$"},
    "additionalProperties": TEXT_SCHEMA,
}
CUSTOM: Mapping[str, CustomKey] = {
    "checked": CustomKey(
        choice("way of checking", ("original", "secondary")),
        "Was the work itself read, or a report about it?",
        "Checked",
    ),
    "seen-in": CustomKey(LINE, "For secondary: where.", "Seen in", "Where, if only a report about it was read"),
    "evidence": CustomKey(
        choice("kind of evidence", ("primary", "reporting", "estimate", "opinion")),
        "What kind of evidence it is.",
        "Evidence",
    ),
    "interest": CustomKey(
        FieldType(_interest, {"anyOf": [TEXT_SCHEMA, _BY_LANGUAGE]}),
        "What its authors gain by it: a text, or texts by language.",
    ),
    "same-origin-as": CustomKey(LINE, "The id of a source it is no independent confirmation of."),
    "archive-url": CustomKey(
        FieldType(address, {"type": "string", "pattern": "^https?://"}), "An archived copy.", "Archived copy"
    ),
    "archive-date": CustomKey(_DAY, "When it was archived."),
    "recheck-after": CustomKey(_DAY, "Past this day, `check` warns.", "Look again after"),
}


def _custom(_: str, value: Any, notes: _Notes) -> Json:
    """What CSL has no key for; keys that begin with `private-` are dropped wherever they stand."""
    custom: dict[str, Json] = {}
    for key, each in fields(value).items():
        if key.startswith("private-") or _is_nothing(each):
            continue
        with collecting(notes.faults):
            custom[str(key)] = CUSTOM[key].type.read(each) if key in CUSTOM else _without_private(plain(each))
        near = did_you_mean(key.replace("_", "-").lower(), CUSTOM) if key not in CUSTOM else ""
        if near and _looks_alike(key, near):
            message = f"'{shortened(key)}' is a key of your own and is not printed{near}"
            notes.add(key, key.position, message, code="field-near")
    return custom


def _looks_alike(key: str, near: str) -> bool:
    """Whether a key of the author's own is a known one but for its case, its hyphens or a letter more or less."""
    known = near.split("'")[1]
    return abs(len(known) - len(key)) <= 1 and key[:1].lower() == known[:1]


def _without_private(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _without_private(each) for key, each in value.items() if not key.startswith("private-")}
    return [_without_private(each) for each in value] if isinstance(value, list) else value


def _type(key: str, value: Any, notes: _Notes) -> Json:
    words = line(value)
    if words in CSL_TYPES:
        return words
    like = words.strip().lower().replace(" ", "-")
    other = like if like in CSL_TYPES else foreign_words()["types"].get(like)
    message = f"there is no type of work '{shortened(words)}'"
    if not (other and notes.exported):
        near = f"; did you mean '{other}'?" if other else did_you_mean(like, sorted(CSL_TYPES))
        hint = "The usual ones are: article-journal, article-newspaper, book, report, post-weblog, webpage."
        malformed(words, f"{message}{near}", hint)
    notes.add(key, words.position, f"{message}; '{other}' is taken")
    return other


def season_called(value: Json) -> int | None:
    """A season (1 is spring) by its name in any language, or by a number that exporters use."""
    return season_of(value) or season_named(str(value).strip())


def _language(key: str, value: Any, notes: _Notes) -> Json:
    """The tag of a language; of several the first, and of one called by its name or by three letters its own."""
    words = line(value)
    first = re.split(r"\s*[;,/|(]\s*", words.strip())[0].replace("_", "-")
    name, _, region = first.partition("-")
    tag = (language_named(name) or language_named(name.partition(" ")[0]) or name.lower()) + (
        f"-{region}" if region else ""
    )
    if not re.fullmatch(LANGUAGE_PATTERN, tag):
        hint = "Write its code of two letters: de, de-AT, en, fr …"
        _odd(words, f"'{shortened(words)}' is no tag of a language", hint)
    if tag.lower() != words.lower():
        notes.add(key, words.position, f"'{shortened(words)}' is no tag of a language; '{tag}' is taken")
    return tag


_READERS: dict[str, Callable[[str, Any, _Notes], Json]] = {
    "id": lambda _, value, __: line(value),
    "type": _type,
    "URL": _address,
    "DOI": _doi,
    "language": _language,
    "categories": lambda _, value, __: [line(each) for each in entries(value)],
    "custom": _custom,
}


# ---- For editors' tools ----

_DESCRIPTIONS = {
    "id": "What citations call it; any text.",
    "type": "What kind of work it is.",
    "title": "Its title.",
    "author": "Who wrote it.",
    "issued": "When it was published: a date, or a range with a slash.",
    "accessed": "When it was read.",
    "URL": "Where it is found.",
    "DOI": "Its DOI, without address.",
    "container-title": "The journal, newspaper, site or book it stands in.",
    "publisher": "Who published it.",
    "language": "Its language (de, en …).",
    "custom": "What CSL has no key for. Keys that begin with private- are never written to any output.",
}
_NAME_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A person (family, given) or an organisation (literal).",
    "properties": {part: {"type": ["string", "number", "boolean"]} for part in sorted(CSL_NAME_PARTS)},
    "anyOf": [{"required": ["family"]}, {"required": ["given"]}, {"required": ["literal"]}],
    "examples": [{"family": "Patel", "given": "Dylan"}, {"literal": "SemiAnalysis"}],
}
_CSL_DATE_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": r"^(\.\.|[0-9X]{4})[0-9X?~%./:TtZz+-]*$|^/"},
        {"type": "integer", "minimum": 1, "maximum": 9999},
        {"type": "object"},
        {"type": "array", "items": {"type": "object", "required": ["year"]}},
    ],
    "examples": ["2025-01-31", "2025-01", {"date-parts": [[2025, 1, 31]]}],
}


def _property(key: str) -> dict[str, Any]:
    described = {"description": _DESCRIPTIONS[key]} if key in _DESCRIPTIONS else {}
    if key in CSL_NAMES:
        return {"type": "array", "items": _NAME_SCHEMA, **described}
    if key in CSL_DATES:
        return {**_CSL_DATE_SCHEMA, **described}
    if key == "URL":
        return {**ADDRESS.schema, **described}
    return {**TEXT_SCHEMA, **described}


SOURCE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A cited work, as CSL-JSON 1.0.2 has it.",
    "properties": {
        **{key: _property(key) for key in sorted(CSL_KEYS)},
        "type": {"enum": sorted(CSL_TYPES), "description": _DESCRIPTIONS["type"]},
        "categories": {"type": "array", "items": TEXT_SCHEMA},
        "custom": {
            "type": "object",
            "properties": {name: {**key.type.schema, "description": key.meaning} for name, key in CUSTOM.items()},
            "description": _DESCRIPTIONS["custom"],
        },
    },
    "required": ["id"],
    "anyOf": [{"required": ["type"]}, {"required": ["custom"]}],  # for what enriches a work of a bibliography
}

SOURCE = FieldType(fields, SOURCE_SCHEMA)

# ---- Bibliographies ----

_BIBLIOGRAPHY = r"^(?:.+)\.(?:[Jj][Ss][Oo][Nn]|[Yy][Aa]?[Mm][Ll]|[Bb][Ii][Bb])$"


def _bibliography(value: Any) -> SourceText:
    words = line(value)
    if not re.match(_BIBLIOGRAPHY, words):
        message = f"'{shortened(words)}' is no bibliography that can be read"
        malformed(words, message, "Its name ends in .json (CSL-JSON), .yaml (CSL-YAML) or .bib (biblatex).")
    return words


_FILES = fields_of.each(FieldType(_bibliography, {"type": "string", "pattern": _BIBLIOGRAPHY}))


def _bibliographies(value: Any) -> tuple[SourceText, ...]:
    return (_bibliography(value),) if isinstance(value, SourceText) else _FILES.read(value)


# The names of files, or of one alone.
BIBLIOGRAPHIES = FieldType(_bibliographies, {"anyOf": [_FILES.schema, _FILES.schema["items"]]})
