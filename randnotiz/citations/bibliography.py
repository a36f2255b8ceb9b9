"""Sources for other programs: clean CSL-JSON (schema 1.0.2) and BibTeX."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from math import isfinite

from randnotiz import biblatex
from randnotiz.citations.dates import Moment, WorkDate, date
from randnotiz.citations.people import AND_OTHERS, names
from randnotiz.citations.richtext import StyledText, Tag, as_csl, rich, runs
from randnotiz.csl import (
    CSL_DATES,
    CSL_NAME_PARTS,
    CSL_NAMES,
    CSL_TEXTS,
    CSL_TYPES,
    FIRST_EDTF_SEASON,
    VERBATIM,
    doi,
    literal,
    web_address,
)
from randnotiz.diagnostics import SourceText
from randnotiz.model import Json, Source

# ---- CSL-JSON ----


def csl_json(source: Source) -> dict[str, Json]:
    """The item as CSL-JSON: only fields of the schema, dates as date-parts, nothing private, only web addresses."""
    kind = str(source.csl.get("type"))
    item: dict[str, Json] = {"id": str(source.id), "type": kind if kind in CSL_TYPES else "document"}
    for key, value in source.csl.items():
        clean = _clean(key, value)
        if clean not in (None, "", [], {}):
            item[key] = clean
    return item


def from_csl_json(id: str, text: str) -> Source:
    """The source of which `csl_json` made this text."""
    csl: dict[str, Json] = json.loads(text or "{}")
    for key, value in csl.items():
        if key in CSL_TEXTS and key not in VERBATIM and isinstance(value, str):
            csl[key] = literal(value)
        elif key in CSL_NAMES and isinstance(value, list):
            csl[key] = [
                {part: literal(each) if isinstance(each, str) else each for part, each in row.items()}
                for row in value
                if isinstance(row, dict)
            ]
    return Source(id=SourceText(id), csl=csl)


def _clean(key: str, value: Json) -> Json:
    if key == "URL":
        return web_address(value)
    if key in CSL_TEXTS:
        if isinstance(value, str):
            return value if key in VERBATIM else as_csl(rich(value))
        return value if isinstance(value, int | float) and not isinstance(value, bool) and _in_json(value) else None
    if key in CSL_NAMES:
        return [_clean_name(row) for row in value if isinstance(row, Mapping)] if isinstance(value, list) else None
    if key in CSL_DATES:
        when = date(value)
        return _date_parts(when) if when else None
    if key == "categories":
        return [row for row in value if isinstance(row, str)] if isinstance(value, list) else None
    if key == "custom":
        return _public(value)
    return None


def _clean_name(row: Mapping[str, Json]) -> Json:
    return {
        key: as_csl(rich(value)) if isinstance(value, str) else value
        for key, value in row.items()
        if key in CSL_NAME_PARTS and isinstance(value, str | int | float)
    }


def _public(value: Json) -> Json:
    """The value without anything private, however deep."""
    if isinstance(value, Mapping):
        return {key: _public(inner) for key, inner in value.items() if not key.startswith("private-")}
    if isinstance(value, list):
        return [_public(inner) for inner in value]
    return value if _in_json(value) else None


def _in_json(value: Json) -> bool:
    """Whether JSON can hold a scalar: it knows no infinity."""
    return not isinstance(value, float) or isfinite(value)


def _date_parts(when: WorkDate) -> Json:
    if when.span and not (when.start and when.end):  # date-parts know no open end; EDTF does
        return "/".join(_iso(moment) if moment else ".." for moment in (when.start, when.end))
    moments = [moment for moment in (when.start, when.end) if moment]
    clean: dict[str, Json] = {"date-parts": [_date_row(moment) for moment in moments]} if moments else {}
    if len(moments) == 1 and moments[0].season:
        clean = {"date-parts": [_date_row(moments[0])[:1]], "season": moments[0].season}
    if when.circa:
        clean["circa"] = True
    if when.words:
        clean["literal"] = when.words
    return clean


def _date_row(moment: Moment) -> list[Json]:
    """Year, month and day, or season; before Christ there is no year 0, and 44 BC is -44."""
    season = [FIRST_EDTF_SEASON + moment.season - 1] if moment.season else []
    return [moment.year - (moment.year < 1), *moment.parts[1:], *season]


# ---- BibTeX, with the types and fields of biblatex 3.20, as Better BibTeX writes it ----

_ESCAPED = str.maketrans({char: f"\\{char}" for char in "&%$#_{}"})
_ESCAPED |= str.maketrans({"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"})
_SEEN = re.compile(r"vide|tv|tele|fernseh|film", re.IGNORECASE)  # not only heard
# What biblatex takes for several things with "and" between them, and CSL for one.
_LISTS = frozenset(("publisher", "institution", "organization", "location", "origpublisher", "origlocation"))
_KEY = re.compile(r"[^A-Za-z0-9_.:+-]+")


def bibtex(source: Source) -> str:
    """The item as one entry of biblatex in UTF-8, fields that are not there left out."""
    entry = _entry_type(source.csl)
    fields: dict[str, str] = {}
    for name, value in _fields(source.csl, entry):
        if value:  # doubled braces keep the capitals of titles, and whole what "and" would divide
            whole = "title" in name or name == "series" or (name in _LISTS and re.search(r"\band\b", value))
            fields.setdefault(name, f"{{{value}}}" if whole else value)
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return "\n".join((f"@{entry}{{{_key(str(source.id))},", ",\n".join(lines), "}")) + "\n"


def _entry_type(csl: Mapping[str, Json]) -> str:
    seen = _SEEN.search(f"{csl.get('medium')} {csl.get('genre')}")
    return (
        "video"
        if csl.get("type") == "broadcast" and seen
        else biblatex.table("entry_types").get(str(csl.get("type")), "misc")
    )


def _key(source: str) -> str:
    """The id as a citation key; what a key may not hold is replaced, and a hash keeps two such ids apart."""
    key = _KEY.sub("-", source).strip("-")
    if key == source:
        return key
    return f"{key or 'source'}-{hashlib.sha256(source.encode('utf-8', 'replace')).hexdigest()[:6]}"


def _fields(csl: Mapping[str, Json], entry: str) -> Iterator[tuple[str, str]]:
    """Names and values in their order; of two with one name the first counts."""

    def text(key: str) -> str:
        return _text(csl.get(key))

    yield "entrysubtype", biblatex.table("subtypes").get(str(csl.get("type")), "")
    yield from _names(csl)
    title, part = text("title"), text("volume-title")
    yield "title", part or title
    yield "maintitle", title if part else ""
    yield "booktitle" if entry in biblatex.row("within") else "journaltitle", text("container-title")
    house = biblatex.table("publishers").get(entry, "publisher")
    yield "publisher" if house == "institution" and text("authority") else house, text("publisher")
    yield "institution", text("authority")
    yield "location", text("jurisdiction") if entry == "patent" else ""
    if entry in biblatex.row("serials"):
        yield from (("number", text("issue")), ("eid", text("number")))
    elif entry in biblatex.row("books"):
        yield from (("number", text("collection-number")), ("issue", text("issue")))
    else:
        yield from (("number", text("number")), ("issue", text("issue")))
    for key, name in biblatex.table("texts").items():
        yield name, text(key)
    yield "pages", re.sub(r"\s*(?:[–—]|-(?:\{\}-)*)\s*", "--", text("page"))
    tag = text("language")
    yield (
        "langid",
        biblatex.table("languages").get(tag) or biblatex.table("languages").get(tag.partition("-")[0]) or tag,
    )
    for key, name in biblatex.table("dates").items():
        yield from _dates(date(csl.get(key)), name)
    yield "doi", doi(csl.get("DOI")).replace("{", "%7B").replace("}", "%7D")  # printed as it stands
    yield "url", web_address(csl.get("URL"))  # which lets no brace through


def _names(csl: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """The people by their roles; a director stands for the editor where there is none, as biblatex has it."""
    people = {role: _people(csl[role]) for role in (*biblatex.table("names"), *biblatex.row("roles")) if role in csl}
    for role, name in biblatex.table("names").items():
        yield name, people.get(role, "")
    others = [role for role in biblatex.row("roles") if people.get(role)]
    if "director" in others and not people.get("editor"):
        others.remove("director")
        yield from (("editor", people["director"]), ("editortype", "director"))
    for role, name in zip(others, biblatex.row("role_fields"), strict=False):
        yield from ((name, people[role]), (f"{name}type", role))


def _dates(when: WorkDate | None, name: str) -> Iterator[tuple[str, str]]:
    """A date in EDTF, which biblatex reads; words where there is nothing else, for which only the year has room."""
    if when and (when.start or when.end):
        ends = [_iso(moment) + "~" * when.circa if moment else "" for moment in (when.start, when.end)]
        yield name, "/".join(ends) if when.span else ends[0]
    elif when and name == "date":
        yield "year", _escaped(when.words)


def _iso(moment: Moment) -> str:
    if moment.season:
        return f"{moment.year:04}-{FIRST_EDTF_SEASON + moment.season - 1}"
    year = f"{moment.year:04}" if moment.year >= 0 else f"{moment.year:05}"
    return "-".join((year, *(f"{part:02}" for part in moment.parts[1:])))


def _people(value: Json) -> str:
    return " and ".join(_person(row) for row in (value if isinstance(value, list) else [value]) if names(row))


def _person(row: Json) -> str:
    """A name as biblatex reads it: braces keep an organisation whole, commas order a person's parts, and where a
    particle is never dropped, the parts are named.
    """
    part = {key: _text(value) for key, value in row.items()} if isinstance(row, Mapping) else {"literal": _text(row)}
    family, given, suffix, dropping, kept = (
        part.get(key, "") for key in ("family", "given", "suffix", "dropping-particle", "non-dropping-particle")
    )
    if part.get("literal", "").lower() in AND_OTHERS:
        return "others"
    if part.get("literal") or not family or not (given or suffix or dropping):
        return f"{{{part.get('literal') or f'{kept} {family}'.strip() or given}}}"
    if kept or not given:
        named = {"family": family, "given": given, "suffix": suffix, "prefix": f"{dropping} {kept}".strip()}
        use = ("useprefix=true",) if kept else ()
        return ", ".join((*(f"{key}={_whole(each)}" for key, each in named.items() if each), *use))
    family = f"{dropping} {f'{{{family}}}' if family[0].islower() else _whole(family)}".strip()
    return ", ".join(_whole(each) if each != family else each for each in (family, suffix, given) if each)


def _whole(words: str) -> str:
    """A part of a name, in braces where a comma, an equals sign or "and" in it would end it."""
    return f"{{{words}}}" if re.search(r"[,=\"]|\band\b", words) else words


def _text(value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _escaped(" ".join(str(value).split()))


_COMMANDS: Mapping[Tag, str] = {
    "i": r"\emph",
    "b": r"\textbf",
    "sub": r"\textsubscript",
    "sup": r"\textsuperscript",
    "small-caps": r"\textsc",
    "nocase": "",
}


def _escaped(words: str) -> str:
    """A text of an item as TeX has it."""
    return "".join(_in_commands(run) for run in runs(rich(words)))


# What TeX joins into other characters.
_LIGATURES = re.compile(r"-(?=-)|'(?=')|`(?=`)|(?<=[?!])(?=`)|,(?=,)|<(?=<)|>(?=>)")


def _in_commands(run: StyledText) -> str:
    words = _LIGATURES.sub(r"\g<0>{}", run.text.translate(_ESCAPED))
    for tag in reversed(run.tags):
        words = f"{_COMMANDS[tag]}{{{words}}}" if tag in _COMMANDS else words
    return words
