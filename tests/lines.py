"""Lines of articles for tests that need some."""

from randnotiz.errors import Position
from randnotiz.model import ClaimLine, Line, SourceLine


def line(slug: str, **fields: object) -> Line:
    """A line with something in every field; `fields` replace what a test is about."""
    known: dict[str, object] = {
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
        "uses": (SourceLine(source="amt", note="n-amt", passage="um 12 Prozent"),),
        "corrections": (("2026-11-24", "Eine Jahreszahl war falsch."),),
        "translations": (),
        "headings": ("h-lage", "n-amt"),
        "links": ((Position(f"{slug}/article.md", 12, 3), "../wohnungen/"),),
        "rechecks": ((Position(f"{slug}/sources.yaml", 2, 3), "amt", "2026-12-01"),),
    }
    return Line(**(known | fields))  # type: ignore[arg-type]  # a test names the fields it replaces
