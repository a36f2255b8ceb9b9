"""Embeds: a claim or a chart as a page for frames on other sites, and the record that offers it to programs.

Each page needs nothing else, runs no script and leads back. The record is oEmbed's (version 1.0, type rich); its one
address stands for its one claim or chart, so that an article's page offers none.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from markupsafe import Markup

from randnotiz import slugs
from randnotiz.charts import svg
from randnotiz.exports.context import CLAIM_PICTURE, EMBED, SHARE_PICTURE, ExportContext, as_json, without_empty
from randnotiz.exports.head import SHARE_SIZE
from randnotiz.exports.schema_org import claim_address
from randnotiz.exports.share import lines_of
from randnotiz.language import Locale
from randnotiz.model import Claim, DrawnChart, Json
from randnotiz.pages import Theme, views
from randnotiz.pages.assets import EMBED_STYLE, IN_STYLE, inlined

OEMBED = "oembed.json"
POLICY = "default-src 'none'; style-src '{style}'; img-src data:; base-uri 'none'; form-action 'none'"
A_DAY = 86_400  # seconds

# The measures of static/embed.css, in pixels. A frame has one height for all widths from the least on.
CLAIM_WIDTH, CHART_WIDTH = 600, 720
LEAST = 320
SIDES, ENDS = 2 * 18, 2 * 13
ENDS_ALONE = 480  # the width below which a scale has the words of its ends alone
NARROW, LARGEST = 560, 1.2  # below it, a chart is its narrow drawing, up to that many times as large
# Where they may be highest: narrow, and where words or pictures have grown.
CLAIM_WIDTHS, CHART_WIDTHS = (LEAST, ENDS_ALONE, 850), (LEAST, 420, NARROW, 716)
SCALE = 29  # its bars, without words
FOOT = 24
FACE = 1.16  # how much wider than the table's a reader's face may be
SPARE = 1.04
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


class TextBlock(NamedTuple):
    """Words that stand by themselves: their size, the height of a line, and what is free around them."""

    words: str
    size: float
    line: float
    around: int = 0

    def height(self, room: float) -> float:
        """How high they are in a column."""
        return len(lines_of(self.words, room / self.size / FACE)) * self.line + self.around if self.words else 0


def embed_policy(theme: Theme) -> str:
    """The Content Security Policy of every embed, which allows the style in it and nothing else."""
    return POLICY.format(style=inlined(theme.files[EMBED_STYLE].content, IN_STYLE)[1])


def embed_files(
    edition: ExportContext, theme: Theme, charts: Mapping[str, DrawnChart]
) -> Iterator[tuple[str, bytes]]:
    """The pages and records of judged claims, at former addresses too, and of charts, by path below the folder."""
    for claim in edition.annotated.claims:
        if claim.verdict and edition.has(f"claims/<id>/{EMBED}"):
            for path, content in _claim(edition, theme, claim):
                yield path, content
                if slugs.has_moved(claim.former, claim.id):
                    yield f"claims/{claim.former}/{path.rpartition('/')[2]}", content
    for drawn in charts.values() if edition.has(f"charts/<id>/{EMBED}") else ():
        yield from _chart(edition, theme, drawn)


def _claim(edition: ExportContext, theme: Theme, claim: Claim) -> Iterator[tuple[str, bytes]]:
    assert claim.verdict is not None  # noqa: S101 - only claims with a verdict have a page
    lang, folder, address = edition.lang, f"claims/{claim.id}", claim_address(edition, claim)
    title = f"{lang.quotes[0]}{edition.plain(claim.claim)}{lang.quotes[1]}"
    scale = views.scale(claim.verdict, edition.settings.verdicts.values(), lang)
    sources = _sources(edition, claim.appeared_in)
    by, verdict = views.claimed_by(claim, lang), views.verdict_word(claim.verdict, lang)

    def height(width: int) -> float:
        room = width - SIDES
        large, text = min(max(19.0, 13 + width * 0.02), 30), min(max(16.0, 14 + width * 0.0075), 19)
        blocks = (
            TextBlock(str(edition.settings.title) + lang.message("claim-site"), 13, 19, 8),
            TextBlock(title, large, large * 1.2, 8),
            TextBlock(" ".join((lang.message("claimed-by"), by, _listed(sources, lang))), 13, 19),
            TextBlock(verdict, 17, 22.1, 22),
            TextBlock(edition.plain(claim.why or ""), text, text * 1.5),
        )
        steps = (TextBlock(str(step["words"]), 12, 15.6).height(room / len(scale) - 3) for step in scale)
        below = max(steps) if width >= ENDS_ALONE else 15.6
        return sum(block.height(room) for block in blocks) + SCALE + below

    shown = {
        "claim": claim,
        "claimed_by": by,
        "draft": edition.article.draft,
        "scale": scale,
        "sources": sources,
        "verdict": verdict,
    }
    parts = {"title": title, "back": address, "canonical": address, "widths": CLAIM_WIDTHS, "width": CLAIM_WIDTH}
    across, high = SHARE_SIZE
    picture = edition.at(f"{folder}/{SHARE_PICTURE}")
    card: dict[str, Json] = {"thumbnail_url": picture, "thumbnail_width": across, "thumbnail_height": high}
    yield from _files(edition, theme, folder, shown | parts, height, card if edition.has(CLAIM_PICTURE) else {})


def _chart(edition: ExportContext, theme: Theme, drawn: DrawnChart) -> Iterator[tuple[str, bytes]]:
    chart, folder, lang = drawn.chart, f"charts/{drawn.chart.id}", edition.lang
    title, subtitle = edition.plain(chart.title), edition.plain(chart.subtitle or "")
    note = edition.plain_text(chart.note) if chart.note else ""
    sources = _sources(edition, (use.id for use in chart.sources))
    sizes = map(_SIZE.search, (drawn.wide, drawn.narrow or drawn.wide))
    drawings = [(int(size[1]), int(size[2])) for size in sizes if size]

    def height(width: int) -> float:
        room = width - SIDES
        narrow = width < NARROW
        across, high = drawings[narrow]
        blocks = (
            TextBlock(title, 17, 22.1),
            TextBlock(subtitle, 13, 19, 2),
            TextBlock(lang.message("chart-note", note=note) if note else "", 13, 19, 3),
            TextBlock(f"{lang.message('chart-sources', n=len(sources))} {_listed(sources, lang)}", 13, 19),
        )
        return sum(block.height(room) for block in blocks) + high * min(LARGEST if narrow else 1, room / across) + 24

    width, high = map(round, svg.measures(drawn.alone))
    shown = {
        "alt": edition.plain(chart.alt),
        "claim": None,
        "draft": chart.draft or edition.article.draft,
        "large": Markup(drawn.wide),  # noqa: S704 - drawn by us, cleaned of all but shapes
        "note": note,
        "picture": {"address": edition.at(f"{folder}.svg"), "width": width, "height": high},
        "small": Markup(drawn.narrow) if drawn.narrow else None,  # noqa: S704 - the same
        "sources": sources,
        "subtitle": subtitle,
    }
    parts = {"title": title, "back": edition.at(f"#chart-{chart.id}"), "canonical": edition.address}
    yield from _files(edition, theme, folder, shown | parts | {"widths": CHART_WIDTHS, "width": CHART_WIDTH}, height)


def _files(
    edition: ExportContext,
    theme: Theme,
    folder: str,
    shown: dict[str, Any],
    height: Callable[[int], float],
    card: Mapping[str, Json] = MappingProxyType({}),
) -> Iterator[tuple[str, bytes]]:
    """The page and the record of what is `shown`; `height` is that of all above the page's foot."""
    article, settings, lang = edition.article, edition.settings, edition.lang
    names = lang.listed(str(author.name) for author in article.authors)
    day = article.revised or article.published
    foot = TextBlock(" ".join((edition.plain(article.title), names, str(settings.title), "2" * 20)), 13, 19, FOOT)
    most = max(height(width) + foot.height(width - SIDES) for width in shown["widths"])
    frame = {
        "address": edition.at(f"{folder}/{EMBED}"),
        "height": math.ceil(most * SPARE + ENDS),
        "title": shown["title"],
        "width": shown["width"],
    }
    code = theme.fill("parts/iframe.html", frame)
    variables = theme.page(lang, settings.url, "") | edition.words.calls() | shown
    variables |= {
        "article": article,
        "authors": names,
        "day": day,
        "frame": code,
        "height": frame["height"],
        "oembed": edition.at(f"{folder}/{OEMBED}"),
        "policy": embed_policy(theme),
        "style": inlined(theme.files[EMBED_STYLE].content, IN_STYLE)[0],
    }
    yield f"{folder}/{EMBED}", theme.fill("embed.html", variables).encode()
    record = {
        "version": "1.0",
        "type": "rich",
        "title": shown["title"],
        "author_name": names,
        "provider_name": str(settings.title),
        "provider_url": settings.url,
        "cache_age": A_DAY,
        "html": code,
        "width": frame["width"],
        "height": frame["height"],
        **card,
    }
    yield f"{folder}/{OEMBED}", as_json(without_empty(record), 1)


def _sources(edition: ExportContext, ids: Iterable[str]) -> list[dict[str, str]]:
    """In two words, and where each is."""
    return [{"words": work.short, "address": edition.work_address(work)} for work in edition.works(ids)]


def _listed(sources: Iterable[Mapping[str, str]], lang: Locale) -> str:
    return lang.semicolon.join(one["words"] for one in sources)
