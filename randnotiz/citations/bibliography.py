"""Sources for other programs: clean CSL-JSON (schema 1.0.2) and BibTeX."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from math import isfinite

from randnotiz.citations.dates import FIRST_EDTF_SEASON, Moment, WorkDate, date
from randnotiz.citations.people import PersonName, names
from randnotiz.citations.richtext import StyledText, Tag, as_csl, rich, runs
from randnotiz.csl import CSL_DATES, CSL_NAME_PARTS, CSL_NAMES, CSL_TEXTS, CSL_TYPES, doi, web_address
from randnotiz.model import Json, Source

# ----------------------------------------------------------------------------------------------------
# CSL-JSON
# ----------------------------------------------------------------------------------------------------


# Texts that are names of things for programs, in which no character is a mark.
VERBATIM = frozenset(
    (
        *("DOI", "ISBN", "ISSN", "PMCID", "PMID", "URL", "archive_location", "call-number", "citation-key"),
        *("citation-label", "citation-number", "first-reference-note-number", "keyword", "language", "source"),
    )
)


def csl_json(source: Source) -> dict[str, Json]:
    """The item as CSL-JSON: only fields of the schema, dates as date-parts, nothing private, only web addresses."""
    kind = str(source.csl.get("type"))
    item: dict[str, Json] = {"id": str(source.id), "type": kind if kind in CSL_TYPES else "document"}
    for key, value in source.csl.items():
        clean = _clean(key, value)
        if clean not in (None, "", [], {}):
            item[key] = clean
    return item


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
        clean["season"] = moments[0].season
    if when.circa:
        clean["circa"] = True
    if when.words:
        clean["literal"] = when.words
    return clean


def _date_row(moment: Moment) -> Json:
    """Year, month and day; before Christ there is no year 0, and 44 BC is -44."""
    return [moment.year - (moment.year < 1), *moment.parts[1:]]


# ----------------------------------------------------------------------------------------------------
# BibTeX
# ----------------------------------------------------------------------------------------------------

ENTRY_TYPES: Mapping[str, str] = {
    "article": "misc",  # CSL's word for a preprint
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "review": "article",
    "review-book": "article",
    "book": "book",
    "classic": "book",
    "collection": "book",
    "pamphlet": "booklet",
    "chapter": "incollection",
    "entry": "incollection",
    "entry-dictionary": "incollection",
    "entry-encyclopedia": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "standard": "techreport",
    "thesis": "phdthesis",
    "manuscript": "unpublished",
}
CONTAINER_FIELDS: Mapping[str, str] = {
    "article": "journal",
    "incollection": "booktitle",
    "inproceedings": "booktitle",
}
PUBLISHER_FIELDS: Mapping[str, str] = {"techreport": "institution", "phdthesis": "school"}
PLAIN_FIELDS = (
    ("volume", "volume"),
    ("issue", "number"),
    ("edition", "edition"),
    ("publisher-place", "address"),
    ("collection-title", "series"),
    ("ISBN", "isbn"),
    ("ISSN", "issn"),
    ("language", "language"),
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_ESCAPED = {char: f"\\{char}" for char in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_KEY = re.compile(r"[^A-Za-z0-9.:+-]+")


def bibtex(source: Source) -> str:
    """The item as one BibTeX entry in UTF-8, fields that are not there left out."""
    entry = ENTRY_TYPES.get(str(source.csl.get("type")), "misc")
    lines = [f"  {name} = {value}" for name, value in _fields(source, entry) if value]
    return "\n".join((f"@{entry}{{{_key(str(source.id))},", ",\n".join(lines), "}")) + "\n"


def _key(source: str) -> str:
    """The id as a citation key; what a key may not hold is replaced, and a hash keeps two such ids apart."""
    key = _KEY.sub("-", source).strip("-")
    if key == source:
        return key
    return f"{key or 'source'}-{hashlib.sha256(source.encode('utf-8', 'replace')).hexdigest()[:6]}"


def _fields(source: Source, entry: str) -> Iterator[tuple[str, str]]:
    csl = source.csl
    yield "author", _people(names(csl.get("author")))
    yield "editor", _people(names(csl.get("editor")))
    title = _braced(csl.get("title"))
    yield "title", title and f"{{{title}}}"  # doubled braces keep the capitals
    yield CONTAINER_FIELDS.get(entry, "howpublished"), _braced(csl.get("container-title"))
    yield PUBLISHER_FIELDS.get(entry, "publisher"), _braced(csl.get("publisher"))
    for field, name in PLAIN_FIELDS:
        yield name, _braced(csl.get(field))
    if entry == "techreport":
        yield "type", _braced(csl.get("genre"))
    pages = _braced(csl.get("page"))
    yield "pages", re.sub(r"\s*[-–—]+\s*", "--", pages)
    when = date(csl.get("issued"))
    if when:
        yield from _dates(when)
    name = doi(csl.get("DOI"))
    yield "doi", name and f"{{{_verbatim(name)}}}"
    address = web_address(csl.get("URL"))
    yield "url", address and f"{{{address}}}"  # web_address lets no brace through
    accessed = date(csl.get("accessed"))
    yield "urldate", f"{{{accessed.day}}}" if address and accessed and accessed.day else ""


def _dates(when: WorkDate) -> Iterator[tuple[str, str]]:
    """Year and month for BibTeX, the whole date for biblatex, words where there is nothing else."""
    if when.start is None or when.start.year < 1:
        yield "year", _braced(when.words)
        return
    yield "year", f"{{{when.start.year}}}"
    if when.start.month and not when.span:
        yield "month", MONTHS[when.start.month - 1]
    ends = [_iso(moment) if moment else "" for moment in (when.start, when.end)]
    about = "~" if when.circa and not when.span else ""
    yield "date", f"{{{'/'.join(ends) if when.span else ends[0]}{about}}}"


def _iso(moment: Moment) -> str:
    if moment.season:
        return f"{moment.year:04}-{FIRST_EDTF_SEASON + moment.season - 1}"
    year = f"{moment.year:04}" if moment.year >= 0 else f"{moment.year:05}"
    return "-".join((year, *(f"{part:02}" for part in moment.parts[1:])))


def _people(people: tuple[PersonName, ...]) -> str:
    return "{" + " and ".join(_person(name) for name in people) + "}" if people else ""


def _person(name: PersonName) -> str:
    """A name as BibTeX reads it: braces keep an organisation whole, commas order a person's parts."""
    if name.literal or not (name.family and name.given):
        return f"{{{_escaped(name.short)}}}"
    family = f"{name.particle} {name.family}".strip()
    return ", ".join(_escaped(part) for part in (family, name.suffix, name.given) if part)


def _braced(value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    words = " ".join(str(value).split())
    return f"{{{_escaped(rich(words))}}}" if words else ""


_COMMANDS: Mapping[Tag, str] = {
    "i": r"\emph",
    "b": r"\textbf",
    "sub": r"\textsubscript",
    "sup": r"\textsuperscript",
    "small-caps": r"\textsc",
    "nocase": "",
}


def _escaped(words: str) -> str:
    """A text with tags as TeX has it."""
    return "".join(_in_commands(run) for run in runs(words))


def _in_commands(run: StyledText) -> str:
    words = "".join(_ESCAPED.get(char, char) for char in run.text)
    for tag in reversed(run.tags):
        words = f"{_COMMANDS[tag]}{{{words}}}"
    return words


def _verbatim(words: str) -> str:
    """Words of a field that is printed as it stands; a brace alone would end it."""
    return words.replace("{", "%7B").replace("}", "%7D")
