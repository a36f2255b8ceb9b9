"""What can be done at a place: mends for what is wrong there, and annotations of selected words."""

from collections.abc import Iterator

from lsprotocol import types

from randnotiz import editing, quotes
from randnotiz.analysis import AnalysedArticle
from randnotiz.diagnostics import Position
from randnotiz.editing.writing import Entry, Signature, quotation
from randnotiz.lsp.open_folder import OpenFolder, Text
from randnotiz.preview.annotating import free_id
from randnotiz.preview.forms import KINDS, Kind
from randnotiz.spans import Span

TO_BE_WRITTEN = "…"  # what stands where only the author knows what should


def actions(folder: OpenFolder, path: str, asked: types.CodeActionParams) -> Iterator[types.CodeAction]:
    """What can be done in a range of a file."""
    slug, _, name = path.partition("/")
    article = folder.article(slug) if name else None
    if article is None or article.annotated.document is None:
        return
    text = folder.text(path)
    first, last = text.offset(asked.range.start), text.offset(asked.range.end)
    here = []
    for one in folder.diagnostics().get(path, ()):
        start = text.starts[one.position.line - 1] + one.position.column - 1
        if start <= last and first <= start + max(1, one.end - one.position.column):
            here.append(one)
    for _, mend in editing.mends(article, here):
        yield _action(folder, mend.title, mend.path, mend.make(), types.CodeActionKind.QuickFix)
    if name == "article.md" and first < last and (span := _selected(article, text, first, last)):
        for kind in KINDS.values():
            if kind.selectable:
                title = f"Annotate: {kind.label.lower()}"
                changed = f"{slug}/{kind.file}"
                new = _annotated(article, kind, folder.text(changed).words, changed, span, folder.sign())
                yield _action(folder, title, changed, new, types.CodeActionKind.RefactorExtract)


def _action(folder: OpenFolder, title: str, path: str, new: str, kind: types.CodeActionKind) -> types.CodeAction:
    uri, text, new = folder.uri(path), folder.text(path), new.removeprefix("\ufeff")
    document = types.OptionalVersionedTextDocumentIdentifier(uri=uri)
    change = types.TextDocumentEdit(document, list(text.edit(new)))
    is_new = not text.words and not (folder.content / path).exists()
    made = [types.CreateFile(uri)] if is_new else []
    return types.CodeAction(title, kind=kind, edit=types.WorkspaceEdit(document_changes=[*made, change]))


def _selected(article: AnalysedArticle, text: Text, first: int, last: int) -> Span | None:
    """The selected words of article.md in the reading text."""
    document = article.annotated.document
    at = [Position(article.written.path, *text.line_column(offset)) for offset in (first, last - 1)]
    start, end = (document.offset(place) if document else None for place in at)
    return None if start is None or end is None or end < start else Span(start, end + 1)


def _annotated(article: AnalysedArticle, kind: Kind, old: str, path: str, span: Span, signature: Signature) -> str:
    """A file with a draft that is about some words; what only its author knows is still to be written."""
    selector = quotes.minimal_selector(quotes.fold(article.annotated.reading), span)
    if selector is None:
        raise editing.UneditableError("these words stand too often to be told apart; select more of them")
    taken = {one.id for one in article.written.annotations} | set(article.written.figures)
    id = free_id(selector[0], kind.id_begins, taken, named=kind.named)
    entry: dict[str, Entry] = {**({} if kind.named else {"id": id}), kind.quoted: quotation(*selector)}
    for each in kind.fields:
        if each.required:
            choice = each.choices[0] if isinstance(each.choices, tuple) and each.choices else TO_BE_WRITTEN
            entry[each.name] = [choice] if each.widget == "sources" else choice
    return editing.add(
        old, path, kind.keys[0], {**entry, "draft": True, **signature}, name=id if kind.named else None
    )
