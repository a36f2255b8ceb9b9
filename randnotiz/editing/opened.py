"""An article as it lies in its folder, with the text that its quotations are looked for in."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from randnotiz import figures, language, markdown, notes, quotes, reader
from randnotiz.errors import ContentError, Finding, collected, excerpts, with_excerpts
from randnotiz.markdown import Document
from randnotiz.model import Article, Settings, Source
from randnotiz.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """An article with its drafts; `text` is its reading text, folded. `uncertain` says that a number in it is not
    known, because figures.yaml has faults.
    """

    article: Article
    document: Document
    text: quotes.Folded
    uncertain: bool

    @property
    def texts(self) -> dict[str, str]:
        """The texts of the files an article is written in, by their paths below the content folder; without what is
        not UTF-8.
        """
        texts = {}
        for name in reader.FILES:
            with suppress(KeyError, UnicodeDecodeError):
                texts[f"{self.article.slug}/{name}"] = self.article.files[name].decode()
        return texts


def opened(content: Path, slug: str) -> tuple[Opened | None, tuple[Finding, ...]]:
    """The article in a folder, None if it cannot be read at all, and its faults and warnings."""
    files, findings = reader.load_folder(content, slug)
    article, findings = placed(content, slug, files, findings)
    return article, with_excerpts(findings, excerpts(files, f"{slug}/"))


def placed(
    content: Path, slug: str, files: Mapping[str, bytes], findings: tuple[Finding, ...] = ()
) -> tuple[Opened | None, tuple[Finding, ...]]:
    """The same for files that may not lie in the folder yet."""
    found = list(findings)
    settings, shared = _surroundings(content, found)
    article, more = reader.read_article(slug, files, settings, shared)
    found += more
    if article is None:
        return None, tuple(found)
    results, more = figures.compute(article)
    found += more
    words = language.of(article.lang)
    _, more = notes.annotate(article, results, words, verdicts=settings.verdicts if settings else {})
    found += more
    try:
        document, _ = markdown.read(
            article.body,
            "article",
            quotes=words.quotes,
            numbers=notes.numbers(article, results, words),
            table_label=words.word("table"),
        )
    except ContentError:  # too much of a text; told already
        return None, tuple(found)
    uncertain = bool(results.broken) or "figures.yaml" in article.broken
    text = quotes.fold(document.text)
    return Opened(article=article, document=document, text=text, uncertain=uncertain), tuple(found)


def _surroundings(content: Path, findings: list[Finding]) -> tuple[Settings | None, Mapping[str, Source] | None]:
    """The site's settings and the shared sources, None where they cannot be read."""
    settings: Settings | None = None
    shared: Mapping[str, Source] | None = {}
    with collected(findings):
        settings, more = reader.read_settings(
            "site.yaml", reader.load_file(content / "site.yaml", "site.yaml", content)
        )
        findings += more
    if os.path.lexists(content / "sources.yaml"):
        shared = None
        with collected(findings):
            raw = reader.load_file(content / "sources.yaml", "sources.yaml", content)
            shared, more = reader.read_sources("sources.yaml", raw)
            findings += more
    return settings, shared
