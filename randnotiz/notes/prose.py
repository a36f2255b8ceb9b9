"""The texts of an article outside of article.md: which are Markdown, which are plain, and what is wrong in them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache

from randnotiz import markdown
from randnotiz.errors import ContentError, Finding, Position, Text
from randnotiz.language import Language
from randnotiz.markdown import Document, Numbers
from randnotiz.model import (
    Article,
    Change,
    Chart,
    Citation,
    CounterClaim,
    Figure,
    Image,
    Quantity,
    Remark,
    SourceUse,
)
from randnotiz.notes.addresses import Addresses
from randnotiz.recent import recent


class Prose:
    """The HTML of every long text, the numbers that all texts print, and their faults."""

    def __init__(self, article: Article, numbers: Numbers, language: Language, addresses: Addresses) -> None:
        self.html: dict[str, str] = {}
        self.printed: list[tuple[Position, str]] = []
        self.findings: list[Finding] = []
        for text in _texts(article, _LONG):
            self._long(text, numbers, language, addresses)
        for text in _texts(article, _PLAIN):
            try:
                self.printed += markdown.names_in(text, numbers)
            except ContentError as error:
                self.findings.append(error.finding)

    def _long(self, text: Text, numbers: Numbers, language: Language, addresses: Addresses) -> None:
        alone = None if _REFERS.search(text) else _alone(str(text), language)
        if alone is not None:
            self.html[str(text)] = alone
            return
        try:
            document, findings = _read(text, numbers, language)
        except ContentError as error:
            self.findings.append(error.finding)
            return
        self.findings += findings
        self.findings += addresses.check(document)
        self.printed += ((one.position, one.name) for one in document.prints)
        self.html[str(text)] = markdown.html(document.flows[0], language.keep)


@recent(256)
def _read(text: Text, numbers: Numbers, language: Language) -> tuple[Document, tuple[Finding, ...]]:
    """A long text read. ContentError."""
    return markdown.read(text, "field", quotes=language.quotes, numbers=numbers, table_label=language.word("table"))


_REFERS = re.compile(r"[\[<]|\{\{")  # what may lead somewhere, or print a number


@lru_cache(maxsize=512)
def _alone(words: str, language: Language) -> str | None:
    """The HTML of a text that refers to nothing, None for one that does or is not right.

    The last ones are kept for the preview, since few notes change from one save to the next.
    """
    with suppress(ContentError):
        table = language.word("table")
        document, findings = markdown.read(Text(words), "field", quotes=language.quotes, table_label=table)
        if not (findings or document.links or document.pictures or document.prints or document.calls):
            return markdown.html(document.flows[0], language.keep)
    return None


def _texts(article: Article, fields: Mapping[type, tuple[str, ...]]) -> Iterator[Text]:
    """What stands in some fields of the records of an article, in the order of the files."""
    for record in _records(article):
        for name in fields.get(type(record), ()):
            text = getattr(record, name)
            if text is not None:
                yield text


def _records(article: Article) -> Iterator[object]:
    """Every record of an article that may hold a text, each once."""
    yield article
    yield article.image
    yield from article.corrections
    annotations = (
        *article.citations,
        *article.counterclaims,
        *article.quantities.values(),
        *article.figures.values(),
        *article.charts,
        *article.remarks,
    )
    for record in annotations:
        yield record
        yield from getattr(record, "changes", ())
        yield from getattr(record, "sources", ())


_LONG: Mapping[type, tuple[str, ...]] = {
    Citation: ("note",),
    CounterClaim: ("counter", "reply"),
    Quantity: ("note",),
    Figure: ("note",),
    Chart: ("note",),
    Remark: ("note",),
}
_PLAIN: Mapping[type, tuple[str, ...]] = {
    Article: ("title", "subtitle", "summary"),
    Image: ("alt", "credit"),
    Change: ("text",),
    SourceUse: ("passage",),
    CounterClaim: ("claim",),
    Quantity: ("label", "assumed"),
    Figure: ("label",),
    Chart: ("title", "subtitle", "alt"),
    Remark: ("term",),
}
