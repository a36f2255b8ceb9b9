"""What the heads of pages say to programs: previews, reference managers, search engines."""

from collections.abc import Iterator

from markupsafe import Markup

from randnotiz.exports.context import CLAIM_PICTURE, EMBED, SHARE_PICTURE, ExportContext, instant
from randnotiz.exports.schema_org import claim_address, claim_review, news_article
from randnotiz.language.cldr import customs
from randnotiz.model import Claim
from randnotiz.pages import Theme, views
from randnotiz.sidecars import SIDECARS

SHARE_SIZE = (1200, 630)

Tag = tuple[str, str]  # name and content


def article_head(edition: ExportContext, theme: Theme) -> Markup:
    """The head of an article's page, beyond what every page has."""
    return _filled(
        theme,
        properties=[*_open_graph(edition), *_article_times(edition)],
        names=[*_reference_manager(edition), _card(edition, SHARE_PICTURE)],
        alternates=[
            {"href": sidecar.path, "type": sidecar.media_type, "title": edition.lang.message(sidecar.message)}
            for sidecar in SIDECARS
            if sidecar.alternate and edition.has(sidecar.name)
        ],
        languages=list(_languages(edition)),
        linked=news_article(edition),
    )


def claim_head(edition: ExportContext, claim: Claim, theme: Theme) -> Markup:
    """The head of a claim's page."""
    assert claim.verdict is not None  # noqa: S101 - only claims with a verdict have a page
    judged = edition.lang.message("verdict-ours", verdict=views.verdict_word(claim.verdict, edition.lang))
    properties = [
        ("og:type", "article"),
        ("og:title", edition.plain(claim.claim)),
        ("og:description", f"{judged} – {edition.plain(claim.why)}" if claim.why else judged),
        ("og:url", claim_address(edition, claim)),
        *_site(edition),
    ]
    if edition.has(CLAIM_PICTURE):
        properties += _picture(edition, f"claims/{claim.id}/{SHARE_PICTURE}", edition.plain(claim.claim))
    record = edition.at(f"claims/{claim.id}/oembed.json")
    shown = {"href": record, "type": "application/json+oembed", "title": edition.plain(claim.claim)}
    return _filled(
        theme,
        properties=properties,
        names=[_card(edition, CLAIM_PICTURE)],
        alternates=[shown] if edition.has(f"claims/<id>/{EMBED}") else [],
        linked=claim_review(edition, claim),
    )


def _filled(theme: Theme, **parts: object) -> Markup:
    empty: dict[str, object] = {"alternates": (), "languages": ()}
    return Markup(theme.fill("parts/meta.html", empty | parts))  # noqa: S704 - a template escapes what it prints


def _open_graph(edition: ExportContext) -> Iterator[Tag]:
    yield "og:type", "article"
    yield "og:title", edition.plain(edition.article.title)
    yield "og:description", edition.plain(edition.article.abstract)
    yield "og:url", edition.address
    yield from _site(edition)
    if edition.has(SHARE_PICTURE):
        yield from _picture(edition, SHARE_PICTURE, edition.plain(edition.article.title))


def _card(edition: ExportContext, picture: str) -> Tag:
    return "twitter:card", "summary_large_image" if edition.has(picture) else "summary"


def _site(edition: ExportContext) -> Iterator[Tag]:
    yield "og:site_name", str(edition.settings.title)
    country = customs(edition.lang.tag).country
    if country:  # Open Graph wants one with every language
        yield "og:locale", f"{edition.lang.tag.partition('-')[0]}_{country}"


def _picture(edition: ExportContext, picture: str, words: str) -> Iterator[Tag]:
    """The picture of what is shared; `words` stand for it where it cannot be seen."""
    yield "og:image", edition.at(picture)
    yield "og:image:type", "image/png"
    for name, size in zip(("width", "height"), SHARE_SIZE, strict=True):
        yield f"og:image:{name}", str(size)
    yield "og:image:alt", words


def _article_times(edition: ExportContext) -> Iterator[Tag]:
    article = edition.article
    if article.published:
        yield "article:published_time", instant(article.published)
    if article.revised:
        yield "article:modified_time", instant(article.revised)
    for topic in article.topics:
        yield "article:tag", str(topic)
    for author in article.authors:
        if author.url:
            yield "article:author", str(author.url)


def _reference_manager(edition: ExportContext) -> Iterator[Tag]:
    """The Highwire Press tags, which Zotero and Google Scholar read."""
    article = edition.article
    yield "citation_title", edition.plain(article.title)
    for author in article.authors:
        yield "citation_author", str(author.name)
    if article.published:
        yield "citation_publication_date", str(article.published).partition("T")[0].replace("-", "/")
    yield "citation_publisher", str(edition.settings.publisher.name)
    yield "citation_language", edition.lang.tag
    yield "citation_public_url", edition.address
    for author in article.authors:
        yield "author", str(author.name)


def _languages(edition: ExportContext) -> Iterator[Tag]:
    """The article in each language it can be had in, its own among them."""
    translations = edition.article.translations
    if translations:
        yield edition.lang.tag, edition.address
    for lang, slug in translations.items():
        yield lang, f"{edition.settings.url}{slug}/"
