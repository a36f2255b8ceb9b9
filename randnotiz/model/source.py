"""A source: a CSL item as an author wrote or pasted it (CSL-JSON 1.0.2).

Its vocabulary is a table, not a record: it is wide and loose, an unknown key is only a warning, and exports of other
programs shall be taken as they come.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from randnotiz.csl import CSL_DATE_PARTS, CSL_DATES, CSL_KEYS, CSL_NAME_PARTS, CSL_NAMES, CSL_TEXTS, CSL_TYPES
from randnotiz.diagnostics import NOWHERE, Diagnostic, Position, SourceText, collecting, did_you_mean, shortened
from randnotiz.schema.days import date_of
from randnotiz.schema.fields import (
    DATE_SCHEMA,
    LANGUAGE_PATTERN,
    TEXT_SCHEMA,
    FieldType,
    address,
    entries,
    fields,
    language,
    line,
    long_text,
    malformed,
    one_of,
)
from randnotiz.values import Json
from randnotiz.yamldoc import List, Map, plain


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A cited work: a CSL item (CSL-JSON 1.0.2) as plain values, keys that begin with `private-` already dropped."""

    id: SourceText
    csl: Mapping[str, Json]
    shared: bool = False  # it stands in content/sources.yaml
    position: Position = field(default=NOWHERE, compare=False)


_CAPITALS = {key.upper(): key for key in CSL_KEYS}
_OWN_KEYS = "Put keys of your own into 'custom'."


def source(value: Map, shared: bool) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The source a mapping says, None where it has no id to be cited by, and its faults and warnings."""
    diagnostics: list[Diagnostic] = []
    csl: dict[str, Json] = {}
    for key, each in value.items():
        if key not in CSL_KEYS:
            near = did_you_mean(_CAPITALS.get(key.upper(), key), CSL_KEYS)
            message = f"'{shortened(key)}' is no key of CSL and is left out{near}"
            diagnostics.append(Diagnostic(key.position, "field-near", message, "" if near else _OWN_KEYS))
        elif not _is_empty(each):
            with collecting(diagnostics):
                csl[str(key)] = _value(str(key), each, diagnostics)
    for required, example in (("id", "semianalysis2025"), ("type", "webpage")):
        if required not in value or _is_empty(value[required]):
            message = f"this source has no '{required}'"
            diagnostics.append(
                Diagnostic(value.position, "field-missing", message, f"Write '{required}: {example}'.")
            )
    given = csl.get("id")
    if not isinstance(given, SourceText):
        return None, tuple(diagnostics)
    return Source(id=given, csl=csl, shared=shared, position=value.position), tuple(diagnostics)


def _is_empty(value: Any) -> bool:
    return isinstance(value, SourceText) and value.plain and not value


def _value(key: str, value: Any, diagnostics: list[Diagnostic]) -> Json:
    if key in CSL_NAMES:
        return [_name(each, diagnostics) for each in ([value] if isinstance(value, SourceText) else entries(value))]
    if key in CSL_DATES:
        return _date(value, diagnostics)
    if key in CSL_TEXTS:
        return address(value) if key == "URL" else long_text(value)
    return _READERS[key](value, diagnostics)


# ----------------------------------------------------------------------------------------------------
# Names
# ----------------------------------------------------------------------------------------------------

_FLAGS = frozenset(("comma-suffix", "static-ordering", "parse-names"))


def _name(value: Any, diagnostics: list[Diagnostic]) -> Json:
    if isinstance(value, SourceText):
        words = line(value)
        given, _, family = words.rpartition(" ")
        person = f"{{family: {family}, given: {given}}}" if given else f"{{family: {words}}}"
        malformed(
            words,
            f"'{shortened(words)}' is no name as CSL wants it",
            f"Write [{person}] for a person, [{{literal: {words}}}] for an organisation.",
        )
    known = _known(fields(value), CSL_NAME_PARTS, "part of a name", diagnostics)
    name: dict[str, Json] = {key: plain(each) if key in _FLAGS else line(each) for key, each in known.items()}
    if not name.keys() & {"family", "given", "literal"}:
        malformed(
            value,
            "this name has neither 'family' nor 'literal'",
            "Write {family: Patel, given: Dylan}.",
            "field-missing",
        )
    return name


def _known(value: Map, keys: frozenset[str], what: str, diagnostics: list[Diagnostic]) -> dict[str, Any]:
    """The fields of a mapping that CSL knows; a warning for each of the others."""
    known: dict[str, Any] = {}
    for key, each in value.items():
        if key in keys:
            if not _is_empty(each):
                known[str(key)] = each
        else:
            message = f"'{shortened(key)}' is no {what} in CSL and is left out{did_you_mean(key, keys)}"
            diagnostics.append(Diagnostic(key.position, "field-near", message))
    return known


# ----------------------------------------------------------------------------------------------------
# Dates
# ----------------------------------------------------------------------------------------------------

_PANDOC = frozenset(("year", "month", "day", "season", "circa", "literal", "other"))


def _date(value: Any, diagnostics: list[Diagnostic]) -> Json:
    """A date as CSL has it: EDTF text, or a mapping with `date-parts` of whole numbers."""
    if isinstance(value, SourceText):
        return _edtf(line(value))
    if isinstance(value, List) or (isinstance(value, Map) and "year" in value):
        return _pandoc(value)
    known = _known(fields(value), CSL_DATE_PARTS, "part of a date", diagnostics)
    date: dict[str, Json] = {key: plain(each) for key, each in known.items() if key != "date-parts"}
    if "date-parts" in known:
        date["date-parts"] = [_parts(each) for each in entries(known["date-parts"])]
    if not date:
        malformed(
            value, "this date is empty", "Write 2026-11-24, or {date-parts: [[2026, 11, 24]]}.", "date-malformed"
        )
    return date


_SEASONS = range(21, 25)


def _edtf(words: SourceText) -> SourceText:
    """Words that are a date by EDTF levels 0 and 1, as far as sources use them: days, months, seasons, ranges."""
    for end in words.split("/"):
        bare = end.rstrip("?~%")
        season = re.fullmatch(r"([0-9]{4})-(2[1-4])", bare)
        vague = re.fullmatch(r"[0-9]{2}XX|[0-9]{3}X|[0-9]{4}-XX(?:-XX)?|[0-9]{4}-[0-9]{2}-XX", bare)
        if not (season or vague or (bare in ("", "..") and "/" in words)):
            date_of(bare if "/" in words else end.rstrip("?~%"), words.position)
    if words.count("/") > 1:
        malformed(words, f"'{shortened(words)}' is no date", "Write a range as 2025-01/2025-03.", "date-malformed")
    return words


def _parts(value: Any) -> list[Json]:
    """Year, month and day, as whole numbers."""
    given = entries(value)
    words = [line(part) for part in given]
    if not 1 <= len(words) <= 3 or not all(re.fullmatch(r"-?[0-9]{1,4}", word) for word in words):
        malformed(value, "'date-parts' has lists of year, month and day", "Write [[2026, 11, 24]].", "date-malformed")
    numbers = [int(word) for word in words]
    if numbers[0] > 0:
        month = numbers[1] if len(numbers) > 1 else None
        if month is None or month not in _SEASONS:
            date_of(
                "-".join(f"{part:04}" if not index else f"{part:02}" for index, part in enumerate(numbers)),
                value.position,
            )
    return list[Json](numbers)


def _pandoc(value: Any) -> Json:
    """A date as older exports for Pandoc have it: one or two mappings with year, month and day."""
    ends = value if isinstance(value, List) else [value]
    rows: list[Json] = []
    for each in ends:
        given = fields(each)
        if "year" not in given:
            malformed(given, "this date has no 'year'", "Write 2026-11-24.", "date-malformed")
        parts = List(given[name] for name in ("year", "month", "day") if name in given)
        parts.position, parts.start, parts.end, parts.under = given.position, given.start, given.end, given.under
        rows.append(_parts(parts))
    return {"date-parts": rows}


# ----------------------------------------------------------------------------------------------------
# Keys with rules of their own
# ----------------------------------------------------------------------------------------------------

CHECKED = ("original", "secondary")
EVIDENCE = ("primary", "reporting", "estimate", "opinion")


def _interest(value: Any) -> Json:
    if isinstance(value, SourceText):
        return line(value)
    return {str(language(key)): line(each) for key, each in fields(value).items()}


def _day(value: Any) -> Json:
    words = line(value)
    date_of(words, words.position)
    return words


_CUSTOM: dict[str, Callable[[Any], Json]] = {
    "checked": one_of("way of checking", CHECKED),
    "seen-in": line,
    "evidence": one_of("kind of evidence", EVIDENCE),
    "interest": _interest,
    "same-origin-as": line,
    "archive-url": address,
    "archive-date": _day,
    "recheck-after": _day,
}


def _custom(value: Any, diagnostics: list[Diagnostic]) -> Json:
    """What CSL has no key for; keys that begin with `private-` are dropped wherever they stand."""
    custom: dict[str, Json] = {}
    for key, each in fields(value).items():
        if key.startswith("private-") or _is_empty(each):
            continue
        with collecting(diagnostics):
            custom[str(key)] = _CUSTOM[key](each) if key in _CUSTOM else _without_private(plain(each))
        near = did_you_mean(key.replace("_", "-").lower(), _CUSTOM) if key not in _CUSTOM else ""
        if near and _looks_alike(key, near):
            message = f"'{shortened(key)}' is a key of your own and is not printed{near}"
            diagnostics.append(Diagnostic(key.position, "field-near", message))
    return custom


def _looks_alike(key: str, near: str) -> bool:
    """Whether a key of the author's own is a known one but for its case, its hyphens or a letter more or less."""
    known = near.split("'")[1]
    return abs(len(known) - len(key)) <= 1 and key[:1].lower() == known[:1]


def _without_private(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _without_private(each) for key, each in value.items() if not key.startswith("private-")}
    return [_without_private(each) for each in value] if isinstance(value, list) else value


# What other programs and editors call the types of CSL.
_OTHER_WORDS = {
    "blog": "post-weblog",
    "essay": "article",
    "inproceedings": "paper-conference",
    "interview-broadcast": "interview",
    "journal-article": "article-journal",
    "misc": "document",
    "news": "article-newspaper",
    "newspaper": "article-newspaper",
    "online": "webpage",
    "paper": "article-journal",
    "podcast": "broadcast",
    "preprint": "article",
    "techreport": "report",
    "tweet": "post",
    "video": "motion_picture",
    "website": "webpage",
}


def _type(value: Any, _: list[Diagnostic]) -> Json:
    words = line(value)
    if words not in CSL_TYPES:
        other = _OTHER_WORDS.get(words.lower())
        near = f"; did you mean '{other}'?" if other else did_you_mean(words.lower(), sorted(CSL_TYPES))
        hint = "The usual ones are: article-journal, article-newspaper, book, report, post-weblog, webpage."
        malformed(words, f"there is no type of work '{shortened(words)}'{near}", hint)
    return words


_READERS: dict[str, Callable[[Any, list[Diagnostic]], Json]] = {
    "id": lambda value, _: line(value),
    "type": _type,
    "categories": lambda value, _: [line(each) for each in entries(value)],
    "custom": _custom,
}


# ----------------------------------------------------------------------------------------------------
# For editors' tools
# ----------------------------------------------------------------------------------------------------

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
_CUSTOM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "checked": {"enum": list(CHECKED), "description": "Was the work itself read, or a report about it?"},
        "seen-in": {**TEXT_SCHEMA, "description": "For secondary: where."},
        "evidence": {"enum": list(EVIDENCE), "description": "What kind of evidence it is."},
        "interest": {
            "anyOf": [
                TEXT_SCHEMA,
                {
                    "type": "object",
                    "propertyNames": {"pattern": f"^{LANGUAGE_PATTERN}$"},
                    "additionalProperties": TEXT_SCHEMA,
                },
            ],
            "description": "What its authors gain by it: a text, or texts by language.",
        },
        "same-origin-as": {**TEXT_SCHEMA, "description": "The id of a source it is no independent confirmation of."},
        "archive-url": {"type": "string", "pattern": "^https?://", "description": "An archived copy."},
        "archive-date": {**DATE_SCHEMA, "description": "When it was archived."},
        "recheck-after": {**DATE_SCHEMA, "description": "Past this day, `check` warns."},
    },
}


def _property(key: str) -> dict[str, Any]:
    described = {"description": _DESCRIPTIONS[key]} if key in _DESCRIPTIONS else {}
    if key in CSL_NAMES:
        return {"type": "array", "items": _NAME_SCHEMA, **described}
    if key in CSL_DATES:
        return {**_CSL_DATE_SCHEMA, **described}
    if key == "URL":
        return {"type": "string", "pattern": r"^https?://[^\s/?#]+\S*$", **described}
    return {**TEXT_SCHEMA, **described}


SOURCE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A cited work, as CSL-JSON 1.0.2 has it.",
    "properties": {
        **{key: _property(key) for key in sorted(CSL_KEYS)},
        "type": {"enum": sorted(CSL_TYPES), "description": _DESCRIPTIONS["type"]},
        "categories": {"type": "array", "items": TEXT_SCHEMA},
        "custom": {**_CUSTOM_SCHEMA, "description": _DESCRIPTIONS["custom"]},
    },
    "required": ["id", "type"],
}

SOURCE = FieldType(fields, SOURCE_SCHEMA)
