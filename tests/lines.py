"""What is kept of articles, for tests that need some."""

from collections.abc import Iterable
from typing import Any

from randnotiz.diagnostics import Position
from randnotiz.index import ArticleSummary, Backlink, ClaimSummary, CrossReferences, IndexEntry, SourceBacklinks
from randnotiz.pages import Theme, lists


def line(slug: str, **fields: Any) -> ArticleSummary:
    """A line with something in every field; `fields` replace what a test is about."""
    known: dict[str, Any] = {
        "slug": slug,
        "title": "Steigen die Mieten?",
        "subtitle": "",
        "conclusion": "Es waren neun Prozent.",
        "summary": "Ein Bericht, nachgerechnet.",
        "lang": "de",
        "authors": ("Redaktion",),
        "published": "2026-11-23",
        "updated": "",
        "draft": False,
        "topics": ("Wohnen",),
        "claims": (
            ClaimSummary(id="zwoelf-prozent", claim="Die Mieten stiegen um 12 Prozent.", verdict="imprecise"),
        ),
        "corrections": (("2026-11-24", "Eine Jahreszahl war falsch."),),
    }
    return ArticleSummary(**known | fields)


def leaning(of: ArticleSummary, **fields: Any) -> SourceBacklinks:
    """How the article of a line leans on the office."""
    known: dict[str, Any] = {
        "source": "amt",
        "description": "",
        "slug": of.slug,
        "title": of.title,
        "lang": of.lang,
        "published": of.published,
        "updated": of.updated,
        "draft": of.draft,
        "uses": (Backlink(note="n-amt", passage="um 12 Prozent"),),
    }
    return SourceBacklinks(**known | fields)


def extract(slug: str, **fields: Any) -> IndexEntry:
    """All that is kept of an article, with something everywhere; `fields` are those of its line."""
    one = line(slug, **{"changes": (("2026-11-25", "Der Name fehlte.", "n-amt"),)} | fields)
    ties = CrossReferences(
        draft=one.draft,
        lang=one.lang,
        claims=("steigen",),
        places=("h-lage", "n-amt"),
        links=((Position(f"{slug}/article.md", 12, 3), "../wohnungen/"),),
        translations=((Position(f"{slug}/article.md", 4, 20), "en", "rents"),),
        rechecks=((Position(f"{slug}/sources.yaml", 2, 3), "amt", "2026-12-01"),),
    )
    return IndexEntry(
        summary=one, references=ties, backlinks=(leaning(one), leaning(one, source="bund", description="{}"))
    )


def listed(newest_first: Iterable[ArticleSummary], theme: Theme) -> dict[str, str]:
    """The pages of the lists of these articles, by path."""
    return {page.path: page.html() for page in lists.pages(reversed([*newest_first]), theme)}
