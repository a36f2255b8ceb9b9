"""What can be done at a place: mends for what is wrong there, and annotations of selected words."""

import re
from collections.abc import Iterator

from lsprotocol import types

from randnotiz import editing, quotes
from randnotiz.analysis import AnalysedArticle
from randnotiz.diagnostics import Diagnostic, Position
from randnotiz.editing.reanchoring import Edit, Orphan
from randnotiz.editing.writing import Entry, Signature, quotation
from randnotiz.lsp.open_folder import OpenFolder, Text
from randnotiz.model import TextQuoteSelector
from randnotiz.preview.annotating import free_id
from randnotiz.preview.forms import KINDS, Kind
from randnotiz.spans import Span

MOST_PLACES = 5  # of an ambiguous quotation, that can be chosen from
MOST_WORDS = 6  # around a number, until they stand but once
TO_BE_WRITTEN = "…"  # what stands where only the author knows what should

_NEXT_WORD = re.compile(r"\W*\w+")


def actions(folder: OpenFolder, path: str, asked: types.CodeActionParams) -> Iterator[types.CodeAction]:
    """What can be done in a range of a file."""
    slug, _, name = path.partition("/")
    article = folder.article(slug) if name else None
    if article is None or article.annotated.document is None:
        return
    text = folder.text(path)
    first, last = text.offset(asked.range.start), text.offset(asked.range.end)
    for one in folder.diagnostics().get(path, ()):
        start = text.starts[one.position.line - 1] + one.position.column - 1
        if start <= last and first <= start + max(1, one.end - one.position.column):
            for title, changed, new in _mends(folder, article, one):
                yield _action(folder, title, changed, new, types.CodeActionKind.QuickFix)
    if name == "article.md" and first < last and (span := _selected(article, text, first, last)):
        for kind in KINDS.values():
            if kind.selectable:
                title = f"Annotate: {kind.label.lower()}"
                changed = f"{slug}/{kind.file}"
                new = _annotated(article, kind, folder.text(changed).words, changed, span, folder.sign())
                yield _action(folder, title, changed, new, types.CodeActionKind.RefactorExtract)


def _action(folder: OpenFolder, title: str, path: str, new: str, kind: types.CodeActionKind) -> types.CodeAction:
    uri, text = folder.uri(path), folder.text(path)
    document = types.OptionalVersionedTextDocumentIdentifier(uri=uri)
    change = types.TextDocumentEdit(document, list(text.edit(new)))
    is_new = not text.words and not (folder.content / path).exists()
    made = [types.CreateFile(uri)] if is_new else []
    return types.CodeAction(title, kind=kind, edit=types.WorkspaceEdit(document_changes=[*made, change]))


def _mends(folder: OpenFolder, article: AnalysedArticle, one: Diagnostic) -> Iterator[tuple[str, str, str]]:
    """The mends of a diagnostic: a title, the file that it changes, and its new text."""
    path, slug = one.position.path, article.slug
    match one.code:
        case "quote-missing":
            texts = editing.article_texts(article.written)
            for orphan in editing.lost(article, texts):
                if orphan.edits and orphan.position[:2] == one.position[:2]:
                    title = f"Take “{orphan.edits[0].exact}” (line {orphan.line}): {orphan.alarm or orphan.reason}"
                    yield title, path, editing.applied(texts[path], path, orphan)
        case "quote-ambiguous":
            yield from _told_apart(article, one)
        case "unit-unknown" if re.fullmatch(r"[^\W\d]\w*", one.unknown):
            changed = f"{slug}/figures.yaml"
            new = editing.add(folder.text(changed).words, changed, "units", one.unknown)
            yield f"Declare the unit '{one.unknown}'", changed, new
        case "number-uncovered":
            words = _around(article, one.position)
            yield f"Cover “{words}”", path, editing.add(folder.text(path).words, path, "covered", words)


def _told_apart(article: AnalysedArticle, one: Diagnostic) -> Iterator[tuple[str, str, str]]:
    """An ambiguous quotation with what stands beside each of its places."""
    path = one.position.path
    source = editing.article_texts(article.written)[path]
    folded, document = quotes.fold(article.annotated.reading), article.annotated.document
    way = editing.way_to(source, path, one.position)
    for what, quote in editing.quotations(article.written):
        if not isinstance(quote, TextQuoteSelector) or quote.exact.position != one.position or way is None:
            continue
        for span in quotes.find(folded, quote.exact, quote.prefix, quote.suffix)[:MOST_PLACES]:
            if (selector := quotes.minimal_selector(folded, span)) and document:
                exact, prefix, suffix = selector
                edit = Edit(way=way, exact=exact, prefix=prefix, suffix=suffix)
                orphan = Orphan(position=one.position, what=what, words=exact, reason="", edits=(edit,))
                shown = f"{prefix} [{exact}] {suffix}".strip()
                yield (
                    f"Mean “{shown}” (line {document.line(span.start)})",
                    path,
                    editing.applied(source, path, orphan),
                )


def _around(article: AnalysedArticle, place: Position) -> str:
    """A number with as many words behind it as it takes until they stand but once in the text."""
    document, folded = article.annotated.document, quotes.fold(article.annotated.reading)
    (number,) = (one.words for one in article.annotated.coverage.bare_numbers if one.position == place)
    start = document.offset(place) if document else None
    if document is None or start is None:
        return number
    end = start + len(number)
    for _ in range(MOST_WORDS):
        further = _NEXT_WORD.match(document.text, end, document.sentence(Span(start, end)).end)
        end = further.end() if further else end
        if len(quotes.find(folded, document.text[start:end])) == 1:
            break
    return document.text[start:end]


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
