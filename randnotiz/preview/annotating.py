"""Annotations written from the page: what an editor asks for becomes a change of the article's YAML, or a refusal.

A change is made in the texts that the page was made of, checked with the whole article around them, and only then
written, if the files still hold those texts. What is new beside an annotation, a source or a quantity, is written
together with it. So files are changed as it was meant, or not at all.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from randnotiz import editing, quotes, slugs, yamldoc
from randnotiz.analysis import AnalysedArticle
from randnotiz.diagnostics import ContentError, Diagnostic, Position
from randnotiz.editing.writing import Entry, Layout, Signature, quotation
from randnotiz.editing.writing import entry as entry_lines
from randnotiz.editing.writing import field as field_lines
from randnotiz.preview import page_selection, panel
from randnotiz.preview.forms import KINDS, FormField, FormValue, Kind, fits, plain_value, within, written
from randnotiz.preview.page_selection import Selection
from randnotiz.preview.state import PreviewState
from randnotiz.spans import Span
from randnotiz.yamldoc import Map

DONE, WRONG, CONFLICT, REFUSED = 200, 400, 409, 422

Answer = tuple[int, dict[str, Any]]
Which = str | int

NOBODY: Signature = {}
LONGEST = 20_000  # characters of a field
MOST_NEW = 50  # sources and quantities beside one annotation


class EditRefusedError(Exception):
    """What an editor asks for cannot be done; `rows` say why, each with the field it is about, if it is about one."""

    def __init__(self, *rows: tuple[str, str], status: int = REFUSED) -> None:
        super().__init__(rows[0][1])
        self.rows, self.status = rows, status


class New(Struct, frozen=True, kw_only=True):
    """An entry that is to be there as well: its id or name, the passage it is about, if it is about one, what its
    form says, and who writes it; `form` is how the names of that form's fields begin.
    """

    kind: Kind
    id: str
    values: Mapping[str, FormValue]
    quote: Entry = None
    form: str = ""
    signature: Signature = NOBODY


class EditRequest(Struct, frozen=True, kw_only=True):
    """What an editor asks for, once its form has been checked.

    `digests` are those of the files' texts when the page was loaded, by name; `selection` are the words that an
    annotation is to be about from now on, None if it stays where it is.
    """

    do: str
    kind: Kind
    digests: Mapping[str, str]
    values: Mapping[str, FormValue]
    selection: Selection | None
    new: tuple[New, ...] = ()
    id: str = ""
    key: str = ""
    which: Which = 0
    only_show: bool = False


class PlannedEdit(Struct, frozen=True, kw_only=True):
    """The new texts of files by their names, what others rest on first; all entries as YAML; the id in the page."""

    texts: Mapping[str, str]
    shown: str
    place: str


def answered(desk: PreviewState, slug: str, request: Any) -> Answer:
    """What came of a request, as a status of HTTP and a record for the page."""
    try:
        return _answered(desk, slug, request)
    except EditRefusedError as refusal:
        rows = [{"field": field, "words": words} for field, words in refusal.rows]
        return refusal.status, {"errors": rows}
    except (editing.UneditableError, ContentError, OSError) as error:
        words = f"the file cannot be written: {error.strerror or error}" if isinstance(error, OSError) else str(error)
        return REFUSED, {"errors": [{"field": "", "words": words}]}


def _answered(desk: PreviewState, slug: str, raw: Any) -> Answer:
    if isinstance(raw, dict) and raw.get("do") in ("mend", "undo"):
        return _mended(desk, slug, raw) if raw["do"] == "mend" else _undone(desk, slug)
    article = desk.article(slug)
    if article is None:
        raise EditRefusedError(("", f"'{slug}' is no article, or it has faults; mend them first"))
    if isinstance(raw, dict) and raw.get("do") == "quote":
        return _only_quoted(desk, article, raw)
    request = _read(raw)
    change = _planned(desk, article, request)
    path = f"{slug}/{request.kind.file}"
    if request.only_show:
        return DONE, {"yaml": change.shown, "path": path}
    folder = desk.folders.content / slug
    for name, new in change.texts.items():
        theirs = editing.read(folder / name, desk.folders.content)
        if editing.digest(theirs) != request.digests[name]:
            return _conflict(desk, slug, name, new, theirs)
    _check(desk, article, request, change.texts)
    try:
        _write(desk, slug, [(name, new, request.digests[name]) for name, new in change.texts.items()])
    except editing.ConflictError as conflict:
        return _conflict(desk, slug, conflict.path.name, conflict.mine, conflict.theirs)
    return DONE, {"place": change.place, "path": path}


def _write(desk: PreviewState, slug: str, files: Iterable[tuple[str, str, str]]) -> None:
    """Files of an article are written, by name with their new texts and the digests of the old ones."""
    content = desk.folders.content
    changes = [editing.Written(path=content / slug / name, new=new, expected=old) for name, new, old in files]
    desk.undoable[slug] = editing.write_undoably(changes, content)
    desk.glance(slug)  # what is asked for next is how it is now


def _mended(desk: PreviewState, slug: str, raw: Mapping[str, Any]) -> Answer:
    """A proposal of the panel is taken, if it is still one."""
    article, found = desk.now(slug)
    of, title = raw.get("of"), raw.get("title")
    for one, mend in editing.mends(article, found) if article else ():
        if [one.code, *one.position] == of and mend.title == title:
            _write(desk, slug, [(mend.path.removeprefix(f"{slug}/"), mend.make(), editing.digest(mend.old))])
            return DONE, {"path": mend.path}
    raise EditRefusedError(("", "this is not proposed any more; look again"))


def _undone(desk: PreviewState, slug: str) -> Answer:
    """The last change that was written from a page of an article is taken back, once."""
    change = desk.undoable.get(slug)
    if change is None:
        raise EditRefusedError(("", "there is nothing to take back"))
    change.undo()
    del desk.undoable[slug]
    desk.glance(slug)
    return DONE, {"path": ", ".join(f"{slug}/{path.name}" for path, _, _ in change.files)}


def _planned(desk: PreviewState, article: AnalysedArticle, request: EditRequest) -> PlannedEdit:
    """The change that is asked for, made in the texts of which the page was made."""
    kind = request.kind
    names = (*(each.kind.file for each in request.new), kind.file)
    texts = {name: _old(desk, request, name) for name in names}
    shown: dict[str, str] = {}
    new = [_named(article, each) for each in request.new]
    if request.do == "add":
        new.append(_annotation(article, request, desk.sign()))
    for each in new:
        file, head = each.kind.file, f"# {each.kind.file}, {each.kind.keys[0]}:\n"
        texts[file], yaml = _added(texts[file], f"{article.slug}/{file}", each)
        shown[head] = shown.get(head, "") + yaml
    old, path, head = texts[kind.file], f"{article.slug}/{kind.file}", f"# {kind.file}, {kind.keys[0]}:\n"
    if request.do == "change":
        texts[kind.file], shown[head] = _changed(article, old, path, request, desk.sign().get("created"))
    elif request.do == "delete":
        texts[kind.file] = editing.delete(old, path, request.key, request.which)
    yaml = "".join(shown.values() if len(shown) == 1 else map("".join, shown.items()))
    id = new[-1].id.replace("_", "-") if request.do == "add" else request.id
    return PlannedEdit(texts=texts, shown=yaml, place=f"{kind.prefix}-{id}" if id and request.do != "delete" else "")


def _old(desk: PreviewState, request: EditRequest, name: str) -> str:
    """The text of a file when the page was loaded."""
    old = desk.text(request.digests.get(name, ""))
    if old is None:
        raise EditRefusedError(("", "this page is too old to change anything; load it again"))
    return old


def _conflict(desk: PreviewState, slug: str, name: str, mine: str, theirs: str) -> Answer:
    digest = desk.kept(theirs)
    return CONFLICT, {"path": f"{slug}/{name}", "file": name, "mine": mine, "theirs": theirs, "digest": digest}


def _check(desk: PreviewState, article: AnalysedArticle, request: EditRequest, texts: Mapping[str, str]) -> None:
    """Raises EditRefusedError with the faults the article would have."""
    faults = [one for one in desk.check(article, texts) if one.severity == "error"]
    if faults:
        raise EditRefusedError(
            *((_field(one, article.slug, request, texts), _sentence(one)) for one in sorted(set(faults)))
        )


def _sentence(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.message}. {diagnostic.hint}" if diagnostic.hint else diagnostic.message


_MISSING = re.compile(
    r" has (?:no|neither) '(\w+)'"
)  # of an entry that may have a name itself: 'rise' has no 'label'


def _field(diagnostic: Diagnostic, slug: str, request: EditRequest, texts: Mapping[str, str]) -> str:
    """The field of a form that a fault is about, as far as its place tells."""
    name = diagnostic.position.path.removeprefix(f"{slug}/")
    if name not in texts:
        return ""
    place = diagnostic.position
    way = editing.way_to(texts[name], place.path, place) or _way_to_entry(texts[name], request, name, place)
    key, which, *rest = (*way, "", "")
    field = next((step for step in rest if isinstance(step, str) and step), "")
    if not field and diagnostic.code == "field-missing" and (missing := _MISSING.search(diagnostic.message)):
        field = missing[1]
    # New sources stand at the end of their list, in the order of the form; new quantities have names.
    at = [new for new in request.new if name == new.kind.file and key in new.kind.keys]
    if at and at[0].kind.named:
        of = next((new for new in at if new.id == which), None)
    elif at and isinstance(which, int):
        *_, (last, _, _) = panel.members(yamldoc.parse(texts[name], ""), str(key))
        of = dict(enumerate(reversed(at))).get(int(last) - which)
    else:
        of = None
    return of.form + field if of else field


def _way_to_entry(source: str, request: EditRequest, name: str, place: Position) -> tuple[str | int, ...]:
    """The way to the entry of a file that begins at a place, where a fault of the whole of it stands."""
    root = yamldoc.parse(source, "")
    kinds = (request.kind, *(new.kind for new in request.new))
    for key in {key for kind in kinds if kind.file == name for key in kind.keys}:
        for which, _, at in panel.members(root, key):
            if (at.line, at.column) == (place.line, place.column):
                return key, which
    return ()


# ---- The request ----


def _read(raw: Any) -> EditRequest:
    """A request with the types it must have; EditRefusedError if it has others."""
    if not isinstance(raw, dict) or raw.get("do") not in ("add", "change", "delete"):
        raise EditRefusedError(("", "add, change or delete what?"), status=WRONG)
    kind = KINDS.get(str(raw.get("kind")))
    if kind is None:
        raise EditRefusedError(("", f"there is no kind '{raw.get('kind')}'"), status=WRONG)
    values, which, digests = raw.get("values", {}), raw.get("which", 0), raw.get("digests", {})
    if (
        not isinstance(values, dict)
        or not isinstance(digests, dict)
        or isinstance(which, bool)
        or not isinstance(which, str | int)
    ):
        raise EditRefusedError(("", "the form is not as it should be"), status=WRONG)
    if raw["do"] != "add" and raw.get("key") not in kind.keys:
        raise EditRefusedError(("", f"{kind.file} has no list '{raw.get('key')}'"), status=WRONG)
    return EditRequest(
        do=raw["do"],
        kind=kind,
        digests={str(name): str(digest) for name, digest in digests.items()},
        values=_values(kind, values),
        selection=_selection(raw) if raw["do"] == "add" or raw.get("moved") is True else None,
        new=(*_news("work", raw), *_news("quantity", raw)),
        id=str(raw.get("id", "")).strip(),
        key=str(raw.get("key", "")),
        which=which,
        only_show=raw.get("show") is True,
    )


def _news(name: str, raw: Mapping[str, Any]) -> list[New]:
    """The sources or quantities that are to be there as well."""
    given, kind = raw.get(name, []), KINDS[name]
    if not isinstance(given, list) or len(given) > MOST_NEW:
        raise EditRefusedError(("", "the form is not as it should be"), status=WRONG)
    found = []
    for index, each in enumerate(given):
        values = each.get("values") if isinstance(each, dict) else None
        if not isinstance(values, dict):
            raise EditRefusedError(("", "the form is not as it should be"), status=WRONG)
        form, id = f"{name}/{index}/", str(each.get("id", "")).strip()[:LONGEST]
        found.append(New(kind=kind, id=id, values=_values(kind, values, form), form=form))
    return found


def _selection(raw: Mapping[str, Any]) -> Selection:
    at = raw.get("at", 0)
    before, words, after = (str(raw.get(name, ""))[:LONGEST] for name in ("before", "words", "after"))
    return Selection(before=before, words=words, after=after, at=at if isinstance(at, int) else 0)


def _values(kind: Kind, values: Mapping[str, Any], within: str = "") -> dict[str, FormValue]:
    """The values of a form, each of its field's type."""
    found = {}
    for field in kind.fields:
        value = values.get(field.name, "" if field.widget != "sources" else [])
        if not fits(field, value) or len(str(value)) > LONGEST:
            raise EditRefusedError((within + field.name, f"'{field.label}' cannot be this"))
        found[field.name] = value
    return found


def _only_quoted(desk: PreviewState, article: AnalysedArticle, raw: Mapping[str, Any]) -> Answer:
    """The quotation of selected words as YAML, and where in article.md they stand."""
    selection = _selection(raw)
    quote = _quote(article, selection)
    document, (start, _) = article.annotated.document, _span(article, selection)
    line = document.position(start).line if document else 0
    yaml = "\n".join(field_lines("quote", quote, 0, Layout())) + "\n"
    exact = quote if isinstance(quote, str) else quote["exact"]
    return DONE, {"yaml": yaml, "exact": exact, **panel.EditorLinks(desk).at(f"{article.slug}/article.md", line)}


# ---- What is written ----


def _named(article: AnalysedArticle, new: New) -> New:
    """A source or a quantity, once its id or name can be one."""
    if not new.id:
        what = "Name" if new.kind.named else "Id"
        raise EditRefusedError((f"{new.form}id", f"'{what}' of the new {new.kind.label.lower()} is missing"))
    if not new.kind.named and new.id in {str(source.id) for source in panel.all_sources(article)}:
        raise EditRefusedError((f"{new.form}id", f"there is a source '{new.id}' already; choose another id"))
    return new


def _annotation(article: AnalysedArticle, request: EditRequest, signature: Signature) -> New:
    """An annotation of the selected words."""
    kind = request.kind
    if not kind.selectable or request.selection is None:
        raise EditRefusedError(("", f"{kind.label}s are not made here"), status=WRONG)
    quote = _quote(article, request.selection)
    taken = {one.id for one in article.written.annotations} | set(article.written.figures)
    taken |= {new.id for new in request.new if new.kind.named}
    words = quote if isinstance(quote, str) else str(quote["exact"])
    id = request.id or free_id(words, kind.id_begins, taken, named=kind.named)
    if id in taken:
        raise EditRefusedError(("id", f"there is an annotation '{id}' already; choose another id"))
    return New(kind=kind, id=id, values=request.values, quote=quote, signature=signature)


def _added(old: str, path: str, new: New) -> tuple[str, str]:
    """A file with an entry more, and that as YAML."""
    kind = new.kind
    entry = _entry(new)
    missing = [one for one in kind.fields if one.required and one.name not in entry]
    _complain(missing, new.form)
    there = editing.names(old, path, ()) if old.strip() else []
    key = next((key for key in kind.keys if key in there), kind.keys[0])
    text = editing.add(old, path, key, entry, name=new.id if kind.named else None)
    return text, _yaml(kind, new.id, entry)


def _complain(missing: Sequence[FormField], form: str = "") -> None:
    """EditRefusedError for fields that must be there and are not."""
    if missing:
        raise EditRefusedError(*((form + field.name, f"'{field.label}' is missing") for field in missing))


def _span(article: AnalysedArticle, selection: Selection) -> Span:
    """The selected words in the reading text."""
    span = page_selection.selected(article.annotated.reading, selection)
    if span is None:
        raise EditRefusedError(("", "these words do not stand in the text any more; select them again"))
    return span


def _quote(article: AnalysedArticle, selection: Selection) -> str | dict[str, str]:
    """The shortest quotation that is unique for the selected words."""
    named = quotes.minimal_selector(quotes.fold(article.annotated.reading), _span(article, selection))
    if named is None:
        raise EditRefusedError(("", "these words stand too often to be told apart; select more of them"))
    return quotation(*named)


def free_id(words: str, begins: str, taken: Iterable[str], *, named: bool) -> str:
    """An id of the first words of a quotation, and of as many more as it takes until it is free."""
    taken = set(taken)
    all_words = words.split()
    rule = slugs.ascii_slug if named else slugs.slug
    for count in range(min(slugs.WORDS_OF_AN_ID, len(all_words)), len(all_words) + 1):
        id = rule(slugs.first_words(words, count)) or begins or "figure"
        if named:
            id = (id if id[0].isalpha() else f"figure-{id}").replace("-", "_")
        if id not in taken and id.replace("_", "-") not in taken:
            return id
    number = 2
    while f"{id}{'_' if named else '-'}{number}" in taken:
        number += 1
    return f"{id}{'_' if named else '-'}{number}"


def _entry(new: New) -> dict[str, Entry]:
    """An entry with its fields in the order in which editors write them."""
    kind = new.kind
    entry: dict[str, Entry] = {} if kind.named else {"id": new.id}
    if new.quote and not kind.quote_before:
        entry[kind.quoted] = new.quote
    for field in kind.fields:
        if new.quote and field.name == kind.quote_before:
            entry[kind.quoted] = new.quote
        value = written(field, new.values[field.name])
        if value is None:
            continue
        name, _, rest = field.name.partition(".")
        around = entry.get(name)
        entry[name] = {**(around if isinstance(around, Mapping) else {}), rest: value} if rest else value
    return {**entry, **new.signature}


def _yaml(kind: Kind, id: str, entry: Entry) -> str:
    lines = field_lines(id, entry, 2, Layout()) if kind.named else entry_lines(entry, 0, Layout())
    return "\n".join(lines) + "\n"


def _changed(
    article: AnalysedArticle, old: str, path: str, request: EditRequest, today: str | None
) -> tuple[str, str]:
    """A file with other values in an entry; what stays as it was is not touched. And the entry, as above.

    An entry that says on which day it was written says on which it was changed, if that is another.
    """
    kind, key, which = request.kind, request.key, request.which
    new = old
    entry = _found(old, path, key, which)
    shown = kind.values(entry)
    _complain(
        [
            one
            for one in kind.fields
            if one.required and one.name in shown and not written(one, request.values[one.name])
        ]
    )
    for field in kind.fields:
        present = within(entry, field.name)
        if present is not None and field.name not in shown:
            continue  # in a form of its own, which only the file can show
        before, value = shown.get(field.name, ""), request.values[field.name]
        if written(field, before) != written(field, value):
            new = _set(new, path, (key, which), field, before, value)
    if request.selection is not None:
        new = _moved(article, new, path, request, request.selection)
    if new != old and today and "created" in entry and not str(plain_value(entry["created"])).startswith(today):
        new = editing.change(new, path, (key, which), "modified", today)
    there = plain_value(_found(new, path, key, which))
    assert isinstance(there, dict)  # noqa: S101 - for the type checker: an entry is a mapping
    return new, _yaml(kind, str(which), there)


def _moved(article: AnalysedArticle, source: str, path: str, request: EditRequest, selection: Selection) -> str:
    """A file with an entry about other words, whose address stays: an id made of the old ones is written down."""
    kind, at = request.kind, (request.key, request.which)
    names = editing.names(source, path, at)
    if not kind.quoted:
        raise EditRefusedError(("", f"a {kind.label.lower()} is about no passage"), status=WRONG)
    if kind.quoted == "after" and "after" not in names:
        hint = "move the line {{ chart: … }} in article.md"
        raise EditRefusedError(("", f"this chart stands where the text says so; {hint}"))
    source = editing.change(source, path, at, kind.quoted, _quote(article, selection))
    if request.id and not kind.named and "id" not in names:
        source = editing.change(source, path, at, "id", request.id)
    return source


def _found(source: str, path: str, key: str, which: Which) -> Map:
    """An entry of a file."""
    entries = {at: entry for at, entry, _ in panel.members(yamldoc.parse(source, path), key)}
    if which not in entries:
        raise EditRefusedError(("", f"{path} has no such entry any more"))
    return entries[which]


def _set(source: str, path: str, at: Sequence[Which], field: FormField, before: FormValue, value: FormValue) -> str:
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
