"""The texts of an article outside of article.md: which are Markdown, which are plain, and what is wrong in them."""

import re
from contextlib import suppress
from functools import lru_cache

from randnotiz import markdown, schema
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText
from randnotiz.language import Locale
from randnotiz.markdown import Document, Numbers
from randnotiz.markdown.placeholders import NO_NUMBERS
from randnotiz.memo import memoize
from randnotiz.model import Article
from randnotiz.notes.link_targets import Addresses


class Prose:
    """The HTML of every long text, the numbers that all texts print, and their faults."""

    def __init__(self, article: Article, numbers: Numbers, language: Locale, addresses: Addresses) -> None:
        self.html: dict[str, str] = {}
        self.printed: list[tuple[Position, str]] = []
        self.diagnostics: list[Diagnostic] = []
        for text in schema.texts(article, "markdown"):
            self._long(text, numbers, language, addresses)
        for text in schema.texts(article, "prose"):
            try:
                self.printed += markdown.names_in(text, numbers)
            except ContentError as error:
                self.diagnostics.append(error.diagnostic)

    def _long(self, text: SourceText, numbers: Numbers, language: Locale, addresses: Addresses) -> None:
        alone = None if _REFERS.search(text) else _alone(str(text), language)
        if alone is not None:
            self.html[str(text)] = alone
            return
        try:
            document, diagnostics = _read(text, numbers, language)
        except ContentError as error:
            self.diagnostics.append(error.diagnostic)
            return
        self.diagnostics += diagnostics
        self.diagnostics += addresses.check(document)
        self.printed += ((one.position, one.name) for one in document.placeholders)
        self.html[str(text)] = markdown.html(document.flows[0], language.keep)


@memoize(256)
def _read(text: SourceText, numbers: Numbers, language: Locale) -> tuple[Document, tuple[Diagnostic, ...]]:
    """A long text read. ContentError."""
    return markdown.read(
        text,
        "field",
        quotes=language.quotes,
        numbers=numbers,
        table_label=language.message("table"),
        drafting=language.drafting,
    )


_REFERS = re.compile(r"[\[<]|\{\{")  # what may lead somewhere, or print a number


@lru_cache(maxsize=512)
def _alone(words: str, language: Locale) -> str | None:
    """The HTML of a text that refers to nothing, None for one that does or is not right.

    The last ones are kept for the preview, since few notes change from one save to the next.
    """
    with suppress(ContentError):
        document, diagnostics = _read(SourceText(words), NO_NUMBERS, language)
        if not (diagnostics or document.links or document.pictures or document.placeholders or document.calls):
            return markdown.html(document.flows[0], language.keep)
    return None
