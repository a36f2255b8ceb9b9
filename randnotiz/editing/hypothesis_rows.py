"""What Hypothesis exports, read: the client's JSON and CSV, the API's search results, a bare list of rows."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, NoReturn

from msgspec import Struct

from randnotiz.diagnostics import ContentError, Position

LARGEST = 20_000_000  # bytes of an export
MOST = 2_000  # annotations of an article
FEWER = "Export the annotations of one page at a time."
DEEPEST = 100  # lists and mappings within each other

_COLUMNS = ("Created at", "Author", "Page", "URL", "Group", "Type", "Quote", "Comment", "Tags")
_NEEDED = ("Quote", "Comment")


class Row(Struct, frozen=True, kw_only=True):
    """An annotation as somebody made it in the page.

    `exact` is empty for a note about the whole page, `text` for a highlight. `parents` are the ids of the annotations
    that a reply answers, the first one first; a reply of a CSV file, which has no ids, answers `""`. The text is
    Markdown, or `plain`; with the address of a `source`, it says what is to be known about that. The words are in the
    document `which[1]` times, and these have the index `which[0]`. A note of ours has its `own_id` and `more` fields.
    """

    number: int  # in the export, from 1
    id: str
    text: str
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    author: str = ""
    created: str = ""
    updated: str = ""
    tags: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    address: str = ""
    hidden: bool = False
    plain: bool = False
    source: str = ""
    which: tuple[int, int] = (0, 0)
    own_id: str = ""
    more: Mapping[str, Any] = {}


def rows(raw: bytes, path: str) -> list[Row]:
    """The annotations of an export, in its order; ContentError for what is none."""
    start = Position(path)
    if len(raw) > LARGEST:
        message = f"this file has {len(raw):,} bytes; at most {LARGEST:,} are read"
        raise ContentError(start, "limit-exceeded", message, FEWER)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ContentError(Position(path, line), "encoding", "this file is not UTF-8") from None
    found = _from_json(text, path) if text.lstrip()[:1] in ("{", "[") else _from_csv(text, path)
    given = list(found)
    if len(given) > MOST:
        message = f"this export has {len(given):,} annotations; at most {MOST:,} are imported"
        raise ContentError(start, "limit-exceeded", message, FEWER)
    return given


def _fault(path: str, message: str, hint: str = "", line: int = 1, column: int = 1) -> NoReturn:
    raise ContentError(Position(path, line, column), "value-malformed", message, hint)


# ---- JSON ----


def _from_json(text: str, path: str) -> Iterator[Row]:
    for number, given in enumerate(_listed(_parsed(text, path), path), 1):
        if not isinstance(given, dict):
            _fault(path, f"annotation {number} is a {_kind(given)}, where a mapping was expected")
        yield _row(_Given(given, number, path))


def _parsed(text: str, path: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        _fault(path, f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]}", "", error.lineno, error.colno)
    except RecursionError:
        _fault(path, "lists and mappings are nested too deeply in this file")
    except ValueError:  # of numbers with thousands of digits
        _fault(path, "a number in this file is too long to be one")


def _listed(export: Any, path: str) -> list[Any]:
    """The annotations of the client's export, of a search result of the API, or of a bare list."""
    if isinstance(export, list):
        return export
    if isinstance(export, dict):
        for key in ("annotations", "rows"):
            if isinstance(export.get(key), list):
                found: list[Any] = export[key]
                return found
        if "target" in export:
            return [export]
    hint = 'Export from the Hypothesis client ("Share", then "Export"), or save a search of its API.'
    _fault(path, "this is no export of Hypothesis: there is no list of 'annotations' or 'rows' in it", hint)


def _kind(value: Any) -> str:
    kinds = {list: "list", dict: "mapping", str: "text", bool: "truth value", type(None): "null"}
    return kinds.get(type(value), "number")


class _Given(Struct, frozen=True):
    """A row of an export, whose fields are read with a message that says which of them is wrong."""

    fields: Mapping[str, Any]
    number: int
    path: str

    def read(self, name: str, kind: type, empty: Any) -> Any:
        """A field of a kind, `empty` where it is absent or null."""
        value = self.fields.get(name)
        if value is None:
            return empty
        if not isinstance(value, kind):
            self.wrong(f"'{name}' is a {_kind(value)}, where a {_kind(kind())} was expected")
        return value

    def wrong(self, what: str) -> NoReturn:
        _fault(self.path, f"annotation {self.number}: {what}")

    def text(self, name: str) -> str:
        words: str = self.read(name, str, "")
        return words

    def texts(self, name: str) -> tuple[str, ...]:
        values: list[Any] = self.read(name, list, [])
        for each in values:
            if not isinstance(each, str):
                self.wrong(f"'{name}' has a {_kind(each)} in it, where a text was expected")
        return tuple(values)

    def below(self, name: str) -> "_Given":
        return _Given(self.read(name, dict, {}), self.number, self.path)

    def entries(self, name: str) -> Iterator["_Given"]:
        for each in self.read(name, list, []):
            if not isinstance(each, dict):
                message = (
                    f"annotation {self.number}: '{name}' has a {_kind(each)} in it, where a mapping was expected"
                )
                _fault(self.path, message)
            yield _Given(each, self.number, self.path)


def _row(given: _Given) -> Row:
    quote = next(_quotes(given), None)
    text, created, user = given.text("text"), given.text("created"), given.text("user")
    exact = quote.text("exact") if quote else ""
    return Row(
        number=given.number,
        id=given.text("id") or made_id(created, user, exact, text),
        text=text,
        exact=exact,
        prefix=quote.text("prefix") if quote else "",
        suffix=quote.text("suffix") if quote else "",
        author=given.below("user_info").text("display_name") or _account(user),
        created=created,
        updated=given.text("updated"),
        tags=given.texts("tags"),
        parents=given.texts("references"),
        address=given.text("uri"),
        hidden=given.read("hidden", bool, False),
    )


def _quotes(given: _Given) -> Iterator[_Given]:
    for target in given.entries("target"):
        for selector in target.entries("selector"):
            if selector.text("type") == "TextQuoteSelector":
                yield selector


def _account(user: str) -> str:
    """The name in `acct:name@authority`."""
    return user.removeprefix("acct:").partition("@")[0]


def made_id(*parts: str) -> str:
    """An id for a row that has none: the same for the same row."""
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


# ---- CSV ----


def _from_csv(text: str, path: str) -> Iterator[Row]:
    csv.field_size_limit(LARGEST)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            message = f"this is neither JSON nor CSV of Hypothesis: its first line has no column '{missing[0]}'"
            _fault(path, message, f"The columns are: {', '.join(_COLUMNS)}.")
        for number, columns in enumerate(reader, 1):
            yield _csv_row(number, {name: words or "" for name, words in columns.items() if isinstance(words, str)})
    except csv.Error as error:
        _fault(path, f"this is no CSV: {error}", "", max(1, reader.reader.line_num))


def _csv_row(number: int, columns: Mapping[str, str]) -> Row:
    created, author = columns.get("Created at", ""), columns.get("Author", "")
    exact, text = columns.get("Quote", ""), columns.get("Comment", "")
    return Row(
        number=number,
        id=made_id(created, author, exact, text),
        text=text,
        exact=exact,
        author=author,
        created=created,
        tags=tuple(tag.strip() for tag in columns.get("Tags", "").split(",") if tag.strip()),
        parents=("",) if columns.get("Type", "").strip().lower() == "reply" else (),
        address=columns.get("URL", ""),
    )
