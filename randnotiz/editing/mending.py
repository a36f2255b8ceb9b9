"""What can be done about a diagnostic, each a proposal that somebody must take."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from msgspec import Struct

from randnotiz import quotes
from randnotiz.analysis import AnalysedArticle
from randnotiz.diagnostics import Diagnostic, Position
from randnotiz.editing.patching import add, way_to
from randnotiz.editing.reanchoring import Edit, Orphan, applied, article_texts, lost, quotations
from randnotiz.model import TextQuoteSelector
from randnotiz.spans import Span

MOST_PLACES = 5  # of an ambiguous quotation, that can be chosen from
MOST_WORDS = 6  # around a number, until they stand but once

_NEXT_WORD = re.compile(r"\W*\w+")


class Mend(Struct, frozen=True, kw_only=True):
    """A proposal: what it says, the file that it changes (`old` is its text), and how the new text is made."""

    title: str
    path: str
    old: str
    make: Callable[[], str]


def mends(article: AnalysedArticle, found: Iterable[Diagnostic]) -> Iterator[tuple[Diagnostic, Mend]]:
    """The mends of an article's diagnostics, each with its diagnostic; those of an earlier state of it have none."""
    texts = article_texts(article.written)
    found = tuple(found)
    lines = {one.position[:2] for one in found if one.code == "quote-missing"}
    orphans = lost(article, texts, lines=lines) if lines else ()
    for one in found:
        path = one.position.path

        def mend(title: str, make: Callable[[str], str], path: str = path) -> Mend:
            old = texts.get(path, "")
            return Mend(title=title, path=path, old=old, make=partial(make, old))

        match one.code:
            case "quote-missing":
                for orphan in orphans:
                    if orphan.edits and orphan.position[:2] == one.position[:2]:
                        doubt = orphan.alarm or orphan.reason
                        title = f"Take “{orphan.edits[0].exact}” (line {orphan.line}): {doubt}"
                        yield one, mend(title, partial(_applied, path, orphan))
            case "quote-ambiguous":
                for title, orphan in _told_apart(article, texts, one):
                    yield one, mend(title, partial(_applied, path, orphan))
            case "unit-unknown" if re.fullmatch(r"[^\W\d]\w*", one.unknown):
                file = f"{article.slug}/figures.yaml"
                title = f"Declare the unit '{one.unknown}'"
                yield one, mend(title, partial(_added, file, "units", one.unknown), file)
            case "number-uncovered" if words := _around(article, one.position):
                yield one, mend(f"Cover “{words}”", partial(_added, path, "covered", words))


def _applied(path: str, orphan: Orphan, source: str) -> str:
    return applied(source, path, orphan)


def _added(path: str, key: str, words: str, source: str) -> str:
    return add(source, path, key, words)


def _told_apart(article: AnalysedArticle, texts: dict[str, str], one: Diagnostic) -> Iterator[tuple[str, Orphan]]:
    """An ambiguous quotation with what stands beside each of its places."""
    folded, document = quotes.fold(article.annotated.reading), article.annotated.document
    path = one.position.path
    way = way_to(texts[path], path, one.position) if path in texts else None
    for what, quote in quotations(article.written):
        if not isinstance(quote, TextQuoteSelector) or quote.exact.position != one.position or way is None:
            continue
        for span in quotes.find(folded, quote.exact, quote.prefix, quote.suffix)[:MOST_PLACES]:
            if (selector := quotes.minimal_selector(folded, span)) and document:
                exact, prefix, suffix = selector
                edit = Edit(way=way, exact=exact, prefix=prefix, suffix=suffix)
                shown = f"{prefix} [{exact}] {suffix}".strip()
                orphan = Orphan(position=one.position, what=what, words=exact, reason="", edits=(edit,))
                yield f"Mean “{shown}” (line {document.line(span.start)})", orphan


def _around(article: AnalysedArticle, place: Position) -> str:
    """A number with as many words behind it as it takes until they stand but once; empty where there is none."""
    document, folded = article.annotated.document, quotes.fold(article.annotated.reading)
    numbers = (one.words for one in article.annotated.coverage.bare_numbers if one.position == place)
    if not (number := next(numbers, "")):
        return ""
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
