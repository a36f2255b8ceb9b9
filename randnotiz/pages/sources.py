"""The pages of sources: every passage of the whole site that leans on one."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import get_args

from msgspec import Struct

from randnotiz import citations, language
from randnotiz.index import SourceBacklinks, SourceEntry, Use
from randnotiz.language import Locale
from randnotiz.model import Source
from randnotiz.pages import Theme, views
from randnotiz.pages.lists import ListPage, in_parts, list_page


class SourcePage(Struct, frozen=True, kw_only=True):
    """All that is called by one source id, on one page or several.

    Nearly always that is one work; where articles describe it differently, each description (CSL-JSON) has the
    articles that do so.
    """

    id: str
    works: Mapping[str, Sequence[SourceBacklinks]]

    @property
    def place(self) -> str:
        """Where it stands below the site."""
        return f"sources/{citations.folder(self.id)}/"

    @property
    def description(self) -> str:
        """The first description of the source."""
        return next(iter(self.works))

    @property
    def work(self) -> SourceEntry:
        """The source as lists show it."""
        articles = (article for each in self.works.values() for article in each)
        path = f"{self.place}index.html"
        return SourceEntry(id=self.id, path=path, description=self.description, changed=_changed(articles) or "")

    def pages(self, theme: Theme) -> Iterator[ListPage]:
        """Its pages in the language of the site, by forty articles each."""
        lang = language.of(theme.settings.lang)
        rows = [(csl, article) for csl, each in self.works.items() for article in each]
        for part in in_parts(self.place, reversed(rows)):
            day = _changed(article for _, article in part.rows)
            yield list_page(
                part, theme, lang, "source.html", day, self.description,
                short=lambda: citations.reference(citations.from_csl_json(self.id, self.description), lang).short,
                works=lambda part=part: [*_works(self.id, part.rows, lang)],
            )  # fmt: skip


def _changed(articles: Iterable[SourceBacklinks]) -> str | None:
    return max((max(one.updated, one.published) for one in articles if not one.draft), default=None)


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


def _works(id: str, rows: Sequence[tuple[str, SourceBacklinks]], lang: Locale) -> Iterator[dict[str, object]]:
    """Each description of the source with the articles that use it."""
    for csl, each in groupby(rows, lambda row: row[0]):
        reference = citations.reference(citations.from_csl_json(id, csl), lang)
        articles = [_article(article, lang) for _, article in each]
        yield {"reference": reference, "facts": views.facts(reference, lang), "articles": articles}


def _article(article: SourceBacklinks, lang: Locale) -> dict[str, object]:
    own, published = language.of(article.lang), article.published
    uses = {use: [one for one in dict.fromkeys(article.uses) if one.use == use] for use in get_args(Use)}
    return {
        "slug": article.slug,
        "lang": own.tag,
        "title": article.title,
        "published": published,
        "draft": article.draft,
        "date": citations.format_date(citations.date(published), lang) if published else "",
        "groups": [(own.message(f"use-{use}"), each) for use, each in uses.items() if each],
    }
