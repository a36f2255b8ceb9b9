"""What is kept of articles, for tests that need some."""

from typing import Any

from randnotiz.errors import Position
from randnotiz.model import ClaimLine, Extract, Leaning, Line, SourceLine, Ties


def line(slug: str, **fields: Any) -> Line:
    """A line with something in every field; `fields` replace what a test is about."""
    known: dict[str, Any] = {
        "slug": slug,
        "title": "Steigen die Mieten?",
        "subtitle": "",
        "summary": "Ein Bericht, nachgerechnet.",
        "lang": "de",
        "authors": ("Redaktion",),
        "published": "2026-11-23",
        "updated": "",
        "draft": False,
        "counts": {"source": 2, "counter": 1},
        "claims": (ClaimLine(id="zwoelf-prozent", claim="Die Mieten stiegen um 12 Prozent.", verdict="imprecise"),),
        "corrections": (("2026-11-24", "Eine Jahreszahl war falsch."),),
    }
    return Line(**known | fields)


def leaning(of: Line, **fields: Any) -> Leaning:
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
        "uses": (SourceLine(note="n-amt", passage="um 12 Prozent"),),
    }
    return Leaning(**known | fields)


def extract(slug: str, **fields: Any) -> Extract:
    """All that is kept of an article, with something everywhere; `fields` are those of its line."""
    one = line(slug, **{"changes": (("2026-11-25", "Der Name fehlte.", "n-amt"),)} | fields)
    ties = Ties(
        draft=one.draft,
        lang=one.lang,
        claims=("steigen",),
        places=("h-lage", "n-amt"),
        links=((Position(f"{slug}/article.md", 12, 3), "../wohnungen/"),),
        translations=((Position(f"{slug}/article.md", 4, 20), "en", "rents"),),
        rechecks=((Position(f"{slug}/sources.yaml", 2, 3), "amt", "2026-12-01"),),
    )
    return Extract(line=one, ties=ties, leanings=(leaning(one), leaning(one, source="bund", description="{}")))
