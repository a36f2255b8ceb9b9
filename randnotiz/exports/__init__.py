"""The sidecar files of a finished page, each a function from an annotated article to bytes."""

from collections.abc import Callable, Mapping
from functools import cache

from randnotiz import citations, pages
from randnotiz.exports.annotations import annotation_collection
from randnotiz.exports.context import CLAIM_PICTURE, SHARE_PICTURE, ExportContext, as_json
from randnotiz.exports.data_package import DATA_PACKAGE, data_package
from randnotiz.exports.embeds import embed_files, embed_policy
from randnotiz.exports.feed_text import feed_text
from randnotiz.exports.feeds import listings, moved_files
from randnotiz.exports.figures_json import figures_json
from randnotiz.exports.head import article_head, claim_head
from randnotiz.exports.hosting import PICTURE_POLICY, headers, redirects
from randnotiz.exports.hypothesis import hypothesis_rows
from randnotiz.exports.passages import page_text
from randnotiz.exports.raster import share_png
from randnotiz.exports.search import search_index, search_pages
from randnotiz.exports.search_text import search_files, search_words
from randnotiz.exports.share import claim_picture, share_picture
from randnotiz.exports.single import single_page, single_policy
from randnotiz.model import DrawnChart
from randnotiz.pages import Theme

__all__ = (
    "PICTURE_POLICY",
    "SHARE_PICTURE",
    "ExportContext",
    "article_head",
    "claim_pages",
    "claim_picture",
    "embed_files",
    "embed_policy",
    "feed_text",
    "headers",
    "listings",
    "moved_files",
    "redirects",
    "search_index",
    "search_pages",
    "search_words",
    "share_picture",
    "share_png",
    "sidecar_files",
    "single_page",
    "single_policy",
)


def sidecar_files(edition: ExportContext, charts: Mapping[str, DrawnChart], page: str) -> dict[str, bytes]:
    """The files that stand beside an article's page, by path below its folder."""
    annotated = edition.annotated
    sources = annotated.article.sources.values()
    text = cache(lambda: page_text(page, annotated.notes))
    each: dict[str, Callable[[], bytes]] = {
        "annotations.jsonld": lambda: as_json(annotation_collection(edition, text()), 3),
        "hypothesis.json": lambda: as_json(hypothesis_rows(edition, text())),
        "sources.json": lambda: as_json([citations.csl_json(source) for source in sources], 1),
        "sources.bib": lambda: "\n".join(map(citations.bibtex, sources)).encode(),
        "figures.json": lambda: as_json(figures_json(annotated)),
    }
    if charts:
        each[DATA_PACKAGE] = lambda: as_json(data_package(edition, charts), 3)
    files = {name: made() for name, made in each.items() if edition.has(name)}
    for id, drawn in charts.items():
        files[f"charts/{id}.csv"] = drawn.csv.encode()
        files[f"charts/{id}.svg"] = drawn.alone.encode()
        if edition.has("charts/<id>.vl.json"):
            files[f"charts/{id}.vl.json"] = drawn.vega_lite.encode()
    return files | search_files(edition, charts)


def claim_pages(edition: ExportContext, theme: Theme, paint: Callable[[str], bytes]) -> dict[str, bytes]:
    """A page and a card for each claim with a verdict, by path below the article's folder."""
    files = {}
    for claim in edition.annotated.claims:
        if claim.verdict:
            head = claim_head(edition, claim, theme)
            page = pages.claim_page(claim, edition.words, theme, head)
            files[f"claims/{claim.id}/index.html"] = page.encode()
            if edition.has(CLAIM_PICTURE):
                files[f"claims/{claim.id}/{SHARE_PICTURE}"] = paint(claim_picture(edition, claim, theme))
    return files
