"""The pages of sources: every passage of the whole site that leans on one."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter

from randnotiz import citations, language
from randnotiz.diagnostics import SourceText
from randnotiz.index import SourceBacklinks, SourceEntry
from randnotiz.language import Locale
from randnotiz.model import Source
from randnotiz.pages import Theme, views


@dataclass(frozen=True, kw_only=True, slots=True)
class SourcePage:
    """The page of all that is called by one source id.

    Nearly always that is one work; where articles describe it differently, each description (CSL-JSON) has the
    articles that do so.
    """

    id: str
    works: Mapping[str, Sequence[SourceBacklinks]]

    @property
    def path(self) -> str:
        """Where it stands below the site."""
        return f"sources/{citations.folder(self.id)}/index.html"

    @property
    def description(self) -> str:
        """The first description of the source."""
        return next(iter(self.works))

    @property
    def work(self) -> SourceEntry:
        """The source as lists show it."""
        public = (article for each in self.works.values() for article in each if not article.draft)
        changed = max((max(article.updated, article.published) for article in public), default="")
        return SourceEntry(id=self.id, path=self.path, description=self.description, changed=changed)

    @property
    def digest(self) -> str:
        """Equal for two states of the page that say the same in the same theme."""
        digest = blake2b(self.id.encode("utf-8", "replace"), digest_size=16)
        for csl, backlinks in self.works.items():
            digest.update(csl.encode("utf-8", "replace"))
            for one in backlinks:
                use = (one.slug, one.title, one.lang, one.published, one.draft, one.uses)
                digest.update(repr(use).encode("utf-8", "replace"))
        return digest.hexdigest()


def source_pages(backlinks: Iterable[SourceBacklinks], shared: Mapping[str, Source]) -> Iterator[SourcePage]:
    """The pages of all sources that articles lean on; `backlinks` by source, on each in the order of the articles."""
    for id, each in groupby(backlinks, attrgetter("source")):
        public = description(shared[id]) if id in shared else ""
        works: dict[str, list[SourceBacklinks]] = {}
        for article in each:
            works.setdefault(article.description or public, []).append(article)
        yield SourcePage(id=id, works=works)


def description(source: Source) -> str:
    """A work as CSL-JSON on one line."""
    return json.dumps(citations.csl_json(source), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def source_page(page: SourcePage, theme: Theme) -> Iterator[bytes]:
    """The HTML of a source's page, in the language of the site, piece by piece."""
    lang = language.of(theme.settings.lang)
    short = citations.reference(_source(page.id, page.description), lang).short
    variables = theme.page(lang, "../../", page.path) | {"short": short, "works": _works(page, lang)}
    variables["noindex"] = all(article.draft for each in page.works.values() for article in each)
    return theme.pieces("source.html", variables)


def _source(id: str, csl: str) -> Source:
    return Source(id=SourceText(id), csl=json.loads(csl) if csl else {})


def _works(page: SourcePage, lang: Locale) -> Iterator[dict[str, object]]:
    """Each description of the source with the articles that use it, one at a time: there may be many."""
    for csl, backlinks in page.works.items():
        reference = citations.reference(_source(page.id, csl), lang)
        articles = (_article(article, lang) for article in backlinks)
        yield {"reference": reference, "facts": views.facts(reference, lang), "articles": articles}


def _article(article: SourceBacklinks, lang: Locale) -> dict[str, object]:
    published = article.published
    return {
        "slug": article.slug,
        "lang": article.lang,
        "title": article.title,
        "published": published,
        "draft": article.draft,
        "date": citations.format_date(citations.date(published), lang) if published else "",
        "uses": tuple(dict.fromkeys(article.uses)),
    }
