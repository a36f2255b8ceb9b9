"""What may be written at a place: fields, and the words that a field may be, with what they mean."""

import re
from collections.abc import Iterator

from lsprotocol import types

from randnotiz import citations, formulas, language, notes, quotes
from randnotiz.analysis import AnalysedArticle
from randnotiz.editing.writing import flow, quotation
from randnotiz.lsp.open_folder import OpenFolder, Text
from randnotiz.lsp.scalars import (
    Beginning,
    Member,
    Schema,
    Way,
    beginning,
    below,
    defines_source,
    kind_of,
    last_name,
    members,
    names_source,
    options,
)
from randnotiz.markdown import Document
from randnotiz.model import Source
from randnotiz.spans import Span

MOST = 100  # quotations that are offered
Kind = types.CompletionItemKind

_PRINTED = re.compile(r"\{\{\s*(?P<chart>chart:\s*)?(?P<word>[\w-]*)$")
_WORD = re.compile(r"[^\W\d]\w*$")
_CLAUSE = re.compile(r"[,;:]\s|\s[–—]\s|$")


def complete(folder: OpenFolder, path: str, place: types.Position) -> list[types.CompletionItem]:
    """What may stand at a place of a file, in the order in which it is offered."""
    text = folder.text(path)
    offset = text.offset(place)
    article = folder.readable(path)
    line = text.words[text.words.rfind("\n", 0, offset) + 1 : offset]
    if article and (printed := _PRINTED.search(line)):
        word = types.Range(text.range(offset - len(printed["word"]), offset).start, place)
        found = _charts(article) if printed["chart"] else _numbers(article)
        return _in_order(found, word)
    if path.endswith(".md") and "\n---" in text.words[3:offset]:
        return []
    begun = beginning(text, offset)
    at = _member(path, begun.way)
    found = _fields(at.schema) if at and begun.name else iter(())
    items = _in_order(found, types.Range(text.range(offset - len(begun.words), offset).start, place))
    holds_words = not at or any("record" not in each and "properties" not in each for each in options(at.schema))
    if at and (not begun.name or (begun.way[-1:] == (0,) and holds_words)):
        items += _values(folder, article, text, offset, begun, at)
    return items


def _in_order(found: Iterator[types.CompletionItem], range: types.Range) -> list[types.CompletionItem]:
    """Items that replace what has been typed of them, in this order."""
    items = []
    for number, item in enumerate(found):
        item.text_edit = types.TextEdit(range, item.insert_text or item.label)
        item.insert_text, item.sort_text = None, f"{number:04}"
        items.append(item)
    return items


def _member(path: str, way: Way) -> Member | None:
    kind = kind_of(path)
    member: Member | None = Member(schema={"record": kind}) if kind else None
    for step in way:
        member = below(member.schema, step) if member else None
    return member


def _fields(schema: Schema) -> Iterator[types.CompletionItem]:
    for name, each in members(schema).items():
        example = f"\n\n```yaml\n{name}: {each.example}\n```" if each.example else ""
        yield types.CompletionItem(
            label=name,
            kind=Kind.Field,
            detail="required" if each.required else None,
            documentation=types.MarkupContent(types.MarkupKind.Markdown, each.meaning + example),
            insert_text=f"{name}: ",
        )


def _values(
    folder: OpenFolder, article: AnalysedArticle | None, text: Text, offset: int, begun: Beginning, at: Member
) -> list[types.CompletionItem]:
    """The words that a field may be. Of formulas and units only the last word is replaced."""
    last = _WORD.search(begun.words)
    words = begun.words
    found: Iterator[types.CompletionItem] = iter(())
    if names_source(begun.way) and not defines_source(begun.way):
        found = _sources(folder, article)
    elif at.words:
        found = (types.CompletionItem(label=each, kind=Kind.EnumMember) for each in at.words)
    elif article is not None and ((at.field and at.field.type.role == "quote") or last_name(begun.way) in _EXACT):
        found = _quotations(article, words, alone=last_name(begun.way) in _EXACT)
    elif article is not None:
        choices = at.choices or ("name" if begun.way[-2:] == ("figures", 0) else "")
        words = words if choices in ("verdict", "claim") else last[0] if last else ""
        found = _CHOICES[choices](folder, article) if choices in _CHOICES else iter(())
    behind = 1 if words[:1] in _SIGNS and text.words[offset : offset + 1] == words[:1] else 0
    return _in_order(found, text.range(offset - len(words), offset + behind))


_EXACT = ("exact", "from", "to")
_SIGNS = ("'", '"')  # which editors close by themselves


def all_sources(folder: OpenFolder, article: AnalysedArticle | None) -> dict[str, Source]:
    """The sources that an article may cite by their ids, its own first."""
    written = article.written if article else None
    own = {**written.sources, **written.citable} if written else {}
    own = {id: each for id, each in own.items() if not each.shared}  # of those, what stands there now
    return {**own, **{id: each for id, each in (folder.context().sources or {}).items() if id not in own}}


def reference(source: Source, article: AnalysedArticle | None) -> str:
    """A source as the page prints it."""
    lang = language.of(article.written.lang if article else "en")
    return "".join(part.text for part in citations.reference(source, lang).parts)


def _sources(folder: OpenFolder, article: AnalysedArticle | None) -> Iterator[types.CompletionItem]:
    for id, source in all_sources(folder, article).items():
        title = citations.plain_text(source.csl.get("title"))
        yield types.CompletionItem(
            label=id,
            kind=Kind.Reference,
            detail=title,
            documentation=reference(source, article),
            filter_text=f"{id} {title}",
        )


def printed(article: AnalysedArticle, name: str) -> str:
    """A number as the page prints it, empty where it has a fault."""
    lang = language.of(article.written.lang)
    numbers = notes.numbers(article.written, article.annotated.results, lang)
    return numbers.words(name, "") if numbers.known(name) else ""


def _numbers(article: AnalysedArticle) -> Iterator[types.CompletionItem]:
    for kind, those in ((Kind.Variable, article.written.figures), (Kind.Constant, article.written.quantities)):
        for name, one in those.items():
            yield types.CompletionItem(
                label=name, kind=kind, detail=printed(article, name), documentation=str(one.label)
            )


def _charts(article: AnalysedArticle) -> Iterator[types.CompletionItem]:
    for chart in article.written.charts:
        yield types.CompletionItem(label=chart.id, kind=Kind.File, detail=str(chart.title))


def _units(_: OpenFolder, article: AnalysedArticle) -> Iterator[types.CompletionItem]:
    own = [str(unit.name) for unit in article.written.units]
    for name in (*own, *formulas.unit_names()):
        yield types.CompletionItem(label=name, kind=Kind.Unit)


def _verdicts(folder: OpenFolder, article: AnalysedArticle) -> Iterator[types.CompletionItem]:
    settings, lang = folder.context().settings, article.written.lang
    for key, verdict in (settings.verdicts if settings else {}).items():
        yield types.CompletionItem(
            label=key,
            kind=Kind.EnumMember,
            detail=verdict.word(lang) or key,
            documentation=verdict.meaning(lang) or None,
        )


def _claims(_: OpenFolder, article: AnalysedArticle) -> Iterator[types.CompletionItem]:
    for one in article.annotated.claims:
        yield types.CompletionItem(label=one.id, kind=Kind.Reference, detail=str(one.claim))


def _names(folder: OpenFolder, article: AnalysedArticle) -> Iterator[types.CompletionItem]:
    yield from _numbers(article)
    yield from (types.CompletionItem(label=each, kind=Kind.Function) for each in formulas.FUNCTIONS)
    yield from _units(folder, article)


# By the lists that the table of fields names.
_CHOICES = {"verdict": _verdicts, "claim": _claims, "unit": _units, "name": _names}


def _quotations(article: AnalysedArticle, typed: str, *, alone: bool) -> Iterator[types.CompletionItem]:
    """Passages that begin with some words, to clause and sentence, or all sentences, told apart if need be."""
    document = article.annotated.document
    if document is None:
        return
    folded, words = quotes.fold(document.text), typed.strip("\"'")
    sign = typed[: len(typed) - len(typed.lstrip("\"'"))]
    offered = set[str]()
    for span in _passages(document, words):
        if len(offered) == MOST:
            return
        selector = quotes.minimal_selector(folded, span)
        if selector is None:
            continue
        exact = selector[0]
        written = flow(exact if alone else quotation(*selector))
        if written not in offered:
            offered.add(written)
            yield types.CompletionItem(
                label=exact,
                kind=Kind.Text,
                detail=f"line {document.line(span.start)}",
                documentation=document.text[slice(*document.sentence(span))],
                filter_text=f"{sign}{exact}",
                insert_text=written,
            )


def _passages(document: Document, words: str) -> Iterator[Span]:
    text = document.text
    if words.strip():
        beginnings = re.compile(rf"(?<!\w){re.escape(words.strip())}", re.IGNORECASE)
        for found in beginnings.finditer(text):
            sentence = document.sentence(Span(*found.span()))
            clause = _CLAUSE.search(text, found.end(), sentence.end)
            yield Span(found.start(), clause.start() if clause else sentence.end)
            yield Span(found.start(), sentence.end)
        return
    for block in document.blocks:
        at = block.start
        while at < block.end:
            sentence = document.sentence(Span(at, at + 1))
            yield sentence
            at = max(sentence.end, at) + 1
