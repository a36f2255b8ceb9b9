"""What search engines and fact-check tools read: schema.org's NewsArticle, Claim and ClaimReview as JSON-LD."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from randnotiz import citations
from randnotiz.citations import Reference
from randnotiz.citations.people import names
from randnotiz.exports.context import SHARE_PICTURE, ExportContext, without_empty
from randnotiz.memo import memoize
from randnotiz.model import Claim, Json, Person, Source, Verdict
from randnotiz.pages import views
from randnotiz.pages.corrections import CORRECTIONS

CONTEXT = "https://schema.org"

# CSL's types where schema.org has one of its own; everything else is a CreativeWork.
TYPES: Mapping[str, str] = {
    "article-journal": "ScholarlyArticle",
    "article-magazine": "Article",
    "article-newspaper": "NewsArticle",
    "book": "Book",
    "broadcast": "Episode",
    "chapter": "Chapter",
    "dataset": "Dataset",
    "legislation": "Legislation",
    "motion_picture": "Movie",
    "paper-conference": "ScholarlyArticle",
    "post": "SocialMediaPosting",
    "post-weblog": "BlogPosting",
    "report": "Report",
    "software": "SoftwareApplication",
    "thesis": "Thesis",
    "webpage": "WebPage",
}

Row = dict[str, Json]


def news_article(edition: ExportContext) -> Row:
    """The article, its claims and corrections; sources, a twentieth of a page, are in `sources.json` alone."""
    article = edition.article
    shared = [edition.at(SHARE_PICTURE)] if edition.has(SHARE_PICTURE) else []
    pictures = [*shared, *([edition.at(quote(article.image.src))] if article.image else [])]
    return without_empty(
        {
            "@context": CONTEXT,
            "@type": "NewsArticle",
            "@id": edition.address,
            "url": edition.address,
            "mainEntityOfPage": edition.address,
            "headline": edition.plain(article.title),
            "alternativeHeadline": edition.plain(article.subtitle) if article.subtitle else None,
            "description": edition.plain(article.abstract),
            "image": [*pictures],
            "datePublished": _day(article.published),
            "dateModified": _day(article.revised or article.published),
            "author": [{"@type": "Person", **_person(author)} for author in article.authors] or [_publisher(edition)],
            "publisher": _house(edition),
            "inLanguage": edition.lang.tag,
            "keywords": [str(topic) for topic in article.topics],
            "isAccessibleForFree": True,
            "wordCount": edition.annotated.words,
            "isBasedOn": _about(edition),
            "correction": list(_corrections(edition)),
            "hasPart": [_claim(edition, claim) for claim in edition.annotated.claims],
        }
    )


def claim_review(edition: ExportContext, claim: Claim) -> Row:
    """The review of one claim with a verdict; its page carries no other."""
    verdict = claim.verdict
    assert verdict is not None  # noqa: S101 - only claims with a verdict have a page
    address = claim_address(edition, claim)
    first = claim.voices[0]
    published = _day(first.created or edition.article.published)
    changed = _day(edition.article.revised or edition.article.published)
    sources = (use.id for voice in claim.voices for use in voice.sources)
    return without_empty(
        {
            "@context": CONTEXT,
            "@type": "ClaimReview",
            "@id": f"{address}#review",
            "url": address,
            "mainEntityOfPage": address,
            "claimReviewed": edition.plain(claim.claim),
            "datePublished": published,
            "dateModified": max(published or "", changed or "") or None,
            "author": _publisher(edition),
            "publisher": _publisher(edition),
            "inLanguage": edition.lang.tag,
            "isPartOf": {"@type": "NewsArticle", "@id": edition.address, "url": edition.address},
            "itemReviewed": _claim(edition, claim),
            "reviewRating": _rating(edition, claim, verdict),
            "citation": [*_works(edition, sources)],
        }
    )


def claim_address(edition: ExportContext, claim: Claim) -> str:
    """Where the page of a claim stands on the web."""
    return edition.at(f"claims/{claim.id}/")


def _rating(edition: ExportContext, claim: Claim, verdict: Verdict) -> Row:
    """The verdict in words and, since the scale is ordered, as a number from 1, the worst."""
    rating: Row = {
        "@type": "Rating",
        "alternateName": views.verdict_word(verdict, edition.lang),
        "ratingValue": verdict.rank,
        "worstRating": 1,
        "bestRating": verdict.of,
    }
    return {**rating, "ratingExplanation": edition.plain(claim.why)} if claim.why else rating


def _claim(edition: ExportContext, claim: Claim) -> Row:
    return without_empty(
        {
            "@type": "Claim",
            "@id": edition.at(f"#claim-{claim.id}"),
            "name": edition.plain(claim.claim),
            "text": edition.plain(claim.claim),
            "author": _person(claim.claimed_by, "sameAs"),
            "datePublished": _day(claim.claimed_on),
            "appearance": _appearance(edition, claim),
        }
    )


def _person(who: Person, address: str = "url") -> Row:
    """Somebody, with what their address is: where they publish, or (`sameAs`) only who they are. Of what type they
    are is for the author to say: a node without a type is of none in particular (JSON-LD 1.1, 3.5).
    """
    kind = who.type.title() if who.type else None
    return without_empty({"@type": kind, "name": str(who.name), address: str(who.url) if who.url else None})


def _publisher(edition: ExportContext) -> Row:
    """The site's publisher, who as such is an organization whatever else they are."""
    publisher, look = edition.settings.publisher, edition.settings.theme
    return {
        "@type": "Organization",
        "name": str(publisher.name),
        "url": str(publisher.url) if publisher.url else edition.settings.url,
        **({"sameAs": [*map(str, look.social)]} if look and look.social else {}),
    }


def _house(edition: ExportContext) -> Row:
    """The publisher with the pages that say how they work, which schema.org has of organizations."""
    return without_empty(
        {
            **_publisher(edition),
            "publishingPrinciples": _policy(edition, "principles"),
            "correctionsPolicy": _policy(edition, CORRECTIONS) or f"{edition.settings.url}pages/{CORRECTIONS}/",
        }
    )


def _about(edition: ExportContext) -> Row | None:
    """The work that the article examines."""
    return next(_works(edition, (str(edition.article.about),)), None)


def _appearance(edition: ExportContext, claim: Claim) -> Json:
    """The works in which a claim was made, as far as the author says so."""
    works: list[Json] = [*_works(edition, claim.appeared_in)]
    return works[0] if len(works) == 1 else works


def _works(edition: ExportContext, ids: Iterable[str]) -> Iterator[Row]:
    return (_work(edition.article.sources[one.id], one) for one in edition.works(ids))


@memoize(256)
def _work(source: Source, reference: Reference) -> Row:
    """A source as a work of schema.org, which must not be changed."""
    issued = citations.date(source.csl.get("issued"))
    return without_empty(
        {
            "@type": TYPES.get(str(source.csl.get("type")), "CreativeWork"),
            "name": citations.plain_text(source.csl.get("title")) or reference.short,
            "author": [
                {"@type": "Organization" if name.literal else "Person", "name": citations.plain_text(name.full)}
                for name in names(source.csl.get("author"))
            ],
            "datePublished": _day(issued.day if issued else None),
            "url": reference.href,
            "archivedAt": reference.archive_href,
            "inLanguage": reference.lang or None,
        }
    )


def _corrections(edition: ExportContext) -> Iterator[Json]:
    """Our corrections of the article and of its notes, newest first."""
    for correction, _ in edition.article.corrected:
        yield {
            "@type": "CorrectionComment",
            "text": edition.plain(correction.text),
            "datePublished": str(correction.date),
        }


def _policy(edition: ExportContext, name: str) -> str | None:
    page = edition.settings.policies.get(name)
    return f"{edition.settings.url}pages/{page}/" if page else None


def _day(day: object) -> str | None:
    return str(day) if day else None
