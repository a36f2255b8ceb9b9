"""Annotations written from the page: what an editor asks for becomes a change of one YAML file, or a refusal.

A change is made in the text that the page was made of, checked with the whole article around it, and only then
written, if the file is still that text. So a file is changed as it was meant, or not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from randnotiz import editing, quotes, yamldoc
from randnotiz.editing.writing import Entry, Layout
from randnotiz.editing.writing import entry as entry_lines
from randnotiz.editing.writing import field as field_lines
from randnotiz.errors import ContentError, Finding, Text
from randnotiz.preview import panel, places
from randnotiz.preview.desk import Desk, Sheet
from randnotiz.preview.forms import KINDS, Field, Kind, Said, fits, said, within, written
from randnotiz.preview.places import Selection
from randnotiz.reader.fields import slugged
from randnotiz.records import dataclass
from randnotiz.yamldoc import List, Map

DONE, WRONG, CONFLICT, REFUSED = 200, 400, 409, 422

Answer = tuple[int, dict[str, Any]]
Which = str | int

WORDS_OF_AN_ID = 5
LONGEST = 20_000  # characters of a field


class RefusedError(Exception):
    """What an editor asks for cannot be done; `rows` say why, each with the field it is about, if it is about one."""

    def __init__(self, *rows: tuple[str, str], status: int = REFUSED) -> None:
        super().__init__(rows[0][1])
        self.rows, self.status = rows, status


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What an editor asks for, once its form has been checked."""

    do: str
    kind: Kind
    digest: str
    values: Mapping[str, Said]
    selection: Selection
    id: str = ""
    key: str = ""
    which: Which = 0
    only_show: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A file's new text, the entry as it would be written by itself, and its id in the page."""

    text: str
    entry: str
    place: str


def answered(desk: Desk, slug: str, asked: Any) -> Answer:
    """What came of a request, as a status of HTTP and a record for the page."""
    try:
        return _answered(desk, slug, asked)
    except RefusedError as refusal:
        rows = [{"field": field, "words": words} for field, words in refusal.rows]
        return refusal.status, {"errors": rows}
    except editing.UneditableError as error:
        return REFUSED, {"errors": [{"field": "", "words": str(error)}]}
    except ContentError as error:
        return REFUSED, {"errors": [{"field": "", "words": str(error)}]}
    except OSError as error:
        return REFUSED, {"errors": [{"field": "", "words": f"the file cannot be written: {error.strerror}"}]}


def _answered(desk: Desk, slug: str, raw: Any) -> Answer:
    sheet = desk.sheet(slug)
    if sheet is None:
        raise RefusedError(("", f"'{slug}' is no article, or it has faults; mend them first"))
    if isinstance(raw, dict) and raw.get("do") == "quote":
        return _only_quoted(desk, sheet, raw)
    asked = _read(raw)
    path = f"{slug}/{asked.kind.file}"
    old = desk.text(asked.digest)
    if old is None:
        raise RefusedError(("", "this page is too old to change anything; load it again"))
    if asked.do == "add":
        change = _added(sheet, old, path, asked)
    elif asked.do == "change":
        change = _changed(old, path, asked)
    else:
        change = Change(text=editing.delete(old, path, asked.key, asked.which), entry="", place="")
    if asked.only_show:
        return DONE, {"yaml": change.entry, "path": path}
    file = desk.folders.content / slug / asked.kind.file
    theirs = editing.read(file)
    if editing.digest(theirs) != asked.digest:
        return _conflict(desk, path, change.text, theirs)
    _check(desk, sheet, asked.kind.file, change.text)
    try:
        editing.write(file, change.text, asked.digest)
    except editing.ConflictError as conflict:
        return _conflict(desk, path, conflict.mine, conflict.theirs)
    return DONE, {"place": change.place, "path": path}


def _conflict(desk: Desk, path: str, mine: str, theirs: str) -> Answer:
    return CONFLICT, {"path": path, "mine": mine, "theirs": theirs, "digest": desk.kept(theirs)}


def _check(desk: Desk, sheet: Sheet, name: str, new: str) -> None:
    """Raises RefusedError with the faults the article would have."""
    path = f"{sheet.slug}/{name}"
    faults = [one for one in desk.placed(sheet, name, new) if one.severity == "error"]
    if faults:
        raise RefusedError(*((_field(one, new, path), _told(one)) for one in sorted(set(faults))))


def _told(finding: Finding) -> str:
    return f"{finding.message}. {finding.hint}" if finding.hint else finding.message


def _field(finding: Finding, new: str, path: str) -> str:
    """The field of an entry that a fault is about, as far as its place tells."""
    if finding.position.path != path:
        return ""
    way = editing.way_to(new, path, finding.position) or ()
    return next((str(step) for step in way[2:] if isinstance(step, str)), "")


# ----------------------------------------------------------------------------------------------------
# What was asked
# ----------------------------------------------------------------------------------------------------


def _read(raw: Any) -> Asked:
    """A request with the types it must have; RefusedError if it has others."""
    if not isinstance(raw, dict) or raw.get("do") not in ("add", "change", "delete"):
        raise RefusedError(("", "add, change or delete what?"), status=WRONG)
    kind = KINDS.get(str(raw.get("kind")))
    if kind is None:
        raise RefusedError(("", f"there is no kind '{raw.get('kind')}'"), status=WRONG)
    values, which = raw.get("values", {}), raw.get("which", 0)
    if not isinstance(values, dict) or isinstance(which, bool) or not isinstance(which, str | int):
        raise RefusedError(("", "the form is not as it should be"), status=WRONG)
    if raw["do"] != "add" and raw.get("key") not in kind.keys:
        raise RefusedError(("", f"{kind.file} has no list '{raw.get('key')}'"), status=WRONG)
    return Asked(
        do=raw["do"],
        kind=kind,
        digest=str(raw.get("digest", "")),
        values=_values(kind, values),
        id=str(raw.get("id", "")).strip(),
        key=str(raw.get("key", "")),
        which=which,
        selection=_selection(raw),
        only_show=raw.get("show") is True,
    )


def _selection(raw: Mapping[str, Any]) -> Selection:
    at = raw.get("at", 0)
    before, words, after = (str(raw.get(name, ""))[:LONGEST] for name in ("before", "words", "after"))
    return Selection(before=before, words=words, after=after, at=at if isinstance(at, int) else 0)


def _values(kind: Kind, values: Mapping[str, Any]) -> dict[str, Said]:
    """The values of a form, each of its field's type."""
    found = {}
    for field in kind.fields:
        value = values.get(field.name, "" if field.widget != "sources" else [])
        if not fits(field, value) or len(str(value)) > LONGEST:
            raise RefusedError((field.name, f"'{field.label}' cannot be this"))
        found[field.name] = value
    return found


def _only_quoted(desk: Desk, sheet: Sheet, raw: Mapping[str, Any]) -> Answer:
    """The quotation of selected words as YAML, and where in article.md they stand."""
    selection = _selection(raw)
    quote = _quote(sheet, selection)
    line = panel.document_of(sheet).position(_span(sheet, selection)[0]).line
    yaml = "\n".join(field_lines("quote", quote, 0, Layout())) + "\n"
    exact = quote if isinstance(quote, str) else quote["exact"]
    return DONE, {"yaml": yaml, "exact": exact, **panel.Places(desk).at(f"{sheet.slug}/article.md", line)}


# ----------------------------------------------------------------------------------------------------
# What is written
# ----------------------------------------------------------------------------------------------------


def _added(sheet: Sheet, old: str, path: str, asked: Asked) -> Change:
    """A file with an entry more, about the selected words."""
    kind = asked.kind
    if not kind.selectable:
        raise RefusedError(("", f"{kind.label}s are not made here"), status=WRONG)
    quote = _quote(sheet, asked.selection)
    taken = {one.id for one in sheet.placed.written.annotations} | set(sheet.placed.written.figures)
    words = quote if isinstance(quote, str) else str(quote["exact"])
    id = asked.id or free_id(words, kind.id_begins, taken, named=kind.named)
    if id in taken:
        raise RefusedError(("id", f"there is an annotation '{id}' already; choose another id"))
    entry = _entry(kind, None if kind.named else id, quote, asked.values)
    missing = [field for field in kind.fields if field.required and field.name not in entry]
    if missing:
        raise RefusedError(*((field.name, f"'{field.label}' is missing") for field in missing))
    key = kind.keys[0]
    text = editing.add(old, path, key, entry, name=id if kind.named else None)
    return Change(text=text, entry=_shown(kind, id, entry), place=f"{kind.prefix}-{id.replace('_', '-')}")


def _span(sheet: Sheet, selection: Selection) -> tuple[int, int]:
    """The selected words in the reading text."""
    span = places.selected(sheet.placed.annotated.reading, selection)
    if span is None:
        raise RefusedError(("", "these words do not stand in the text any more; select them again"))
    return span


def _quote(sheet: Sheet, selection: Selection) -> str | dict[str, Entry]:
    """The shortest quotation that is unique for the selected words."""
    named = quotes.shortest(quotes.fold(sheet.placed.annotated.reading), _span(sheet, selection))
    if named is None:
        raise RefusedError(("", "these words stand too often to be told apart; select more of them"))
    exact, prefix, suffix = named
    if not (prefix or suffix):
        return exact
    around = {"exact": exact, "prefix": prefix or None, "suffix": suffix or None}
    return {name: words for name, words in around.items() if words}


def free_id(words: str, begins: str, taken: Iterable[str], *, named: bool) -> str:
    """An id of the first words of a quotation, and of as many more as it takes until it is free."""
    taken = set(taken)
    all_words = words.split()
    for count in range(min(WORDS_OF_AN_ID, len(all_words)), len(all_words) + 1):
        id = slugged(" ".join(all_words[:count])) or begins or "figure"
        if named:
            id = (id if id[0].isalpha() else f"figure-{id}").replace("-", "_")
        if id not in taken and id.replace("_", "-") not in taken:
            return id
    number = 2
    while f"{id}{'_' if named else '-'}{number}" in taken:
        number += 1
    return f"{id}{'_' if named else '-'}{number}"


def _entry(kind: Kind, id: str | None, quote: Entry, values: Mapping[str, Said]) -> dict[str, Entry]:
    """An entry with its fields in the order in which editors write them."""
    entry: dict[str, Entry] = {} if id is None else {"id": id}
    if not kind.quote_before:
        entry["quote"] = quote
    for field in kind.fields:
        if field.name == kind.quote_before:
            entry["quote"] = quote
        value = written(field, values[field.name])
        if value is not None:
            entry[field.name] = value
    return entry


def _shown(kind: Kind, id: str, entry: Entry) -> str:
    lines = field_lines(id, entry, 2, Layout()) if kind.named else entry_lines(entry, 0, Layout())
    return "\n".join(lines) + "\n"


def _changed(old: str, path: str, asked: Asked) -> Change:
    """A file with other values in an entry; what stays as it was is not touched."""
    kind, key, which = asked.kind, asked.key, asked.which
    new = old
    entry = _found(old, path, key, which)
    shown = kind.values(entry)
    missing = [
        one for one in kind.fields if one.required and one.name in shown and not written(one, asked.values[one.name])
    ]
    if missing:
        raise RefusedError(*((field.name, f"'{field.label}' is missing") for field in missing))
    for field in kind.fields:
        present = within(entry, field.name)
        if present is not None and field.name not in shown:
            continue  # in a form of its own, which only the file can show
        before, value = shown.get(field.name, ""), asked.values[field.name]
        if written(field, before) != written(field, value):
            new = _set(new, path, (key, which), field, before, value)
    there = said(_found(new, path, key, which))
    assert isinstance(there, dict)  # noqa: S101 - for the type checker: an entry is a mapping
    place = f"{kind.prefix}-{asked.id}" if asked.id else ""
    return Change(text=new, entry=_shown(kind, str(which), there), place=place)


def _found(source: str, path: str, key: str, which: Which) -> Map:
    """An entry of a file."""
    root = yamldoc.parse(source, path)
    members = root[key] if isinstance(root, Map) and key in root else None
    entry: Any = None
    if isinstance(members, List) and isinstance(which, int) and 0 <= which < len(members):
        entry = members[which]
    elif isinstance(members, Map) and which in members:
        entry = members[Text(str(which))]
    if not isinstance(entry, Map):
        raise RefusedError(("", f"{path} has no such entry any more"))
    return entry


def _set(source: str, path: str, at: Sequence[Which], field: Field, before: Said, value: Said) -> str:
    """A file with another value of a field, or without the field."""
    *within_entry, name = field.name.split(".")
    now = written(field, value)
    if isinstance(now, list) and isinstance(before, list) and len(now) == len(before):
        # One use of a source after the other, so that those that stay keep their form and their comments.
        for index, (old_use, use) in enumerate(zip(written(field, before) or (), now, strict=True)):  # type: ignore[arg-type]
            if old_use != use:
                source = editing.change(source, path, (*at, name), index, use)
        return source
    way = (*at, *within_entry)
    if now is None:
        return editing.remove_field(source, path, way, name) if before else source
    if within_entry and within_entry[0] not in editing.names(source, path, at):
        return editing.change(source, path, at, within_entry[0], {name: now})
    return editing.change(source, path, way, name, now)
