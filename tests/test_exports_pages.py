"""What pages tell search engines, fact-check tools, reference managers and previews."""

import re
from pathlib import Path
from typing import Any

import html5lib
import jsonschema
import pytest
from msgspec.structs import replace

from randnotiz import markdown
from randnotiz.diagnostics import SourceText
from randnotiz.model import Person
from tests import sample
from tests.published import Published, articles, linked_in, published
from tests.test_exports import BODY, COUNTER, NOTES

HOSTILE = "</script><script>alert(1)</script><!-- ' & ]]>"

ADDRESS = {"type": "string", "pattern": r"^https?://\S+$"}
DAY = {"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d(T.+)?)?)?$"}
WORDS = {"type": "string", "minLength": 1}


def record(kind: str | list[str], required: list[str], **properties: Any) -> dict[str, Any]:
    """The schema of a schema.org object."""
    type_ = {"enum": kind} if isinstance(kind, list) else {"const": kind}
    return {"type": "object", "required": ["@type", *required], "properties": {"@type": type_, **properties}}


AGENT = record(["Person", "Organization"], ["name"], name=WORDS, url=ADDRESS, sameAs=ADDRESS)
WORK = {"type": "object", "required": ["@type", "name"], "properties": {"name": WORDS, "url": ADDRESS}}
WORKS = {"anyOf": [WORK, {"type": "array", "items": WORK, "minItems": 2}]}
CLAIM = record("Claim", ["name", "author"], name=WORDS, author=AGENT, datePublished=DAY, appearance=WORKS)

# Google's fact-check documentation: required and recommended fields; the ones that are ours to give are all required.
CLAIM_REVIEW = record(
    "ClaimReview",
    ["@context", "claimReviewed", "reviewRating", "url", "author", "datePublished", "itemReviewed"],
    **{"@context": {"const": "https://schema.org"}},
    claimReviewed=WORDS,
    url=ADDRESS,
    author=record("Organization", ["name", "url"], name=WORDS, url=ADDRESS),
    datePublished=DAY,
    itemReviewed=CLAIM,
    reviewRating=record(
        "Rating",
        ["alternateName", "ratingValue", "bestRating", "worstRating"],
        alternateName=WORDS,
        ratingValue={"type": "integer", "minimum": 1},
        worstRating={"const": 1},
        bestRating={"type": "integer", "minimum": 1},
        ratingExplanation=WORDS,
    ),
)

# Google's article documentation has no required fields; these are all it recommends, and those this project promises.
NEWS_ARTICLE = record(
    "NewsArticle",
    [
        "@context", "headline", "image", "datePublished", "dateModified", "author", "publisher", "inLanguage",
        "mainEntityOfPage",
    ],
    **{"@context": {"const": "https://schema.org"}},
    headline=WORDS,
    image={"type": "array", "items": ADDRESS, "minItems": 1},
    datePublished=DAY,
    dateModified=DAY,
    author={"type": "array", "items": AGENT, "minItems": 1},
    publisher=record(
        "Organization",
        ["name", "url", "correctionsPolicy"],
        name=WORDS,
        url=ADDRESS,
        correctionsPolicy=ADDRESS,
        publishingPrinciples=ADDRESS,
    ),
    isBasedOn=WORK,
    correction={
        "type": "array",
        "items": record("CorrectionComment", ["text", "datePublished"], text=WORDS, datePublished=DAY),
    },
    hasPart={"type": "array", "items": CLAIM},
)  # fmt: skip


def rents(head: str = "") -> Published:
    return published(BODY, head=head, counterclaims=COUNTER, notes=NOTES)


def tags(article: Published, attribute: str = "property") -> dict[str, list[str]]:
    """The meta elements of a page by property or name."""
    found: dict[str, list[str]] = {}
    for meta in article.page.iter("meta"):
        if meta.get(attribute):
            found.setdefault(meta.get(attribute), []).append(meta.get("content"))
    return found


def links(article: Published, **wanted: str) -> list[str]:
    found = article.page.iter("link")
    return [link.get("href") for link in found if all(link.get(name) == value for name, value in wanted.items())]


# ----------------------------------------------------------------------------------------------------
# schema.org
# ----------------------------------------------------------------------------------------------------


def test_the_real_pages_say_what_consumers_require(real_site: Path) -> None:
    reviews = 0
    for folder in articles(real_site):
        jsonschema.validate(linked(folder / "index.html"), NEWS_ARTICLE)
        for page in folder.glob("claims/*/index.html"):
            review = linked(page)
            jsonschema.validate(review, CLAIM_REVIEW)
            assert review["url"].endswith(f"/{folder.name}/claims/{page.parent.name}/")
            assert 1 <= review["reviewRating"]["ratingValue"] <= review["reviewRating"]["bestRating"]
            assert review["reviewRating"]["alternateName"] not in review["claimReviewed"]
            reviews += 1
    assert reviews > 1


def linked(path: Path) -> Any:
    return linked_in(path.read_text(encoding="utf-8"))


def test_an_article_says_who_wrote_it_what_it_cites_and_what_it_claims() -> None:
    found = rents("about: amt\n").linked()
    jsonschema.validate(found, NEWS_ARTICLE)
    assert found["headline"] == "Steigen die Mieten?"
    assert found["author"] == [{"@type": "Person", "name": "A. K.", "url": "https://ak.example/"}]
    assert found["publisher"] == {
        "@type": "Organization",
        "name": "Randnotiz",
        "url": "https://randnotiz.example/",
        "correctionsPolicy": "https://randnotiz.example/pages/corrections/",
    }
    assert found["image"] == ["https://randnotiz.example/mieten/share.png"]
    assert "citation" not in found  # the list in the page and sources.json have the works
    assert found["isBasedOn"] == {
        "@type": "Report",
        "name": "Mietspiegel",
        "author": [{"@type": "Organization", "name": "Statistisches Amt"}],
        "datePublished": "2026-05",
        "url": "https://amt.example/mieten?jahr=2026&art=neu",
        "archivedAt": "https://web.archive.org/web/20261101/https://amt.example/mieten",
    }
    assert [claim["name"] for claim in found["hasPart"]] == ["Die Mieten seien um zwölf Prozent gestiegen."]


def test_a_claim_review_names_claim_claimant_day_and_place_on_the_scale() -> None:
    found = rents("about: amt\n").linked("claims/too-high/index.html")
    jsonschema.validate(found, CLAIM_REVIEW)
    assert found["claimReviewed"] == "Die Mieten seien um zwölf Prozent gestiegen."
    assert found["datePublished"] == "2026-11-24"
    assert found["itemReviewed"]["author"] == {
        "@type": "Organization",
        "name": "Mieterbund",
        "sameAs": "https://mieter.example/",
    }
    assert found["itemReviewed"]["datePublished"] == "2026-11-02"
    assert "appearance" not in found["itemReviewed"], "the examined work is named only where the author says so"
    rating = found["reviewRating"]
    assert (rating["worstRating"], rating["ratingValue"], rating["bestRating"]) == (1, 2, 3)
    assert rating["alternateName"] == "Umstritten"
    assert rating["ratingExplanation"] == "Es waren mehr."


def test_a_review_is_never_older_than_itself() -> None:
    later = COUNTER.replace(
        "changes: [{date: 2026-11-26, text: Der Name des Amtes war falsch.}]", "created: 2026-12-03"
    )
    review = published(BODY, counterclaims=later, notes=NOTES).linked("claims/too-high/index.html")
    assert (review["datePublished"], review["dateModified"]) == ("2026-12-03", "2026-12-03")


def test_our_corrections_of_text_and_notes_are_told_and_move_the_last_change() -> None:
    head = "updated: 2026-11-25\ncorrections: [{date: 2026-11-25, text: Im Titel fehlte ein Wort.}]\n"
    article = rents(head)
    found = article.linked()
    assert found["correction"] == [
        {"@type": "CorrectionComment", "text": "Der Name des Amtes war falsch.", "datePublished": "2026-11-26"},
        {"@type": "CorrectionComment", "text": "Im Titel fehlte ein Wort.", "datePublished": "2026-11-25"},
    ]
    assert found["dateModified"] == "2026-11-26"
    assert article.line.updated == "2026-11-26"
    assert "Zuletzt geändert am 26.\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026" in article.html


def test_policies_of_the_site_are_named() -> None:
    settings = replace(
        sample.settings(), policies={"corrections": SourceText("korrekturen"), "principles": SourceText("methode")}
    )
    found = published(BODY, settings=settings).linked()["publisher"]
    assert found["correctionsPolicy"] == "https://randnotiz.example/pages/korrekturen/"
    assert found["publishingPrinciples"] == "https://randnotiz.example/pages/methode/"


def test_without_a_policy_the_list_of_corrections_stands_for_it() -> None:
    assert rents().linked()["publisher"]["correctionsPolicy"] == "https://randnotiz.example/pages/corrections/"


def test_a_publisher_who_is_a_person_still_publishes_as_an_organization() -> None:
    settings = replace(
        sample.settings(), publisher=Person(name=SourceText("A. K."), url=SourceText("https://ak.example/"))
    )
    assert published(BODY, settings=settings).linked()["publisher"]["@type"] == "Organization"


def test_no_title_claim_or_name_closes_the_script_element() -> None:
    words = HOSTILE.replace("'", "''")
    counter = COUNTER.replace("Die Mieten seien um zwölf Prozent gestiegen.", f"'{words}'").replace(
        "Mieterbund", f"'{words}'"
    )
    article = published(
        BODY,
        head=f"subtitle: '{words}'\n",
        settings=replace(sample.settings(), title=SourceText(HOSTILE)),
        counterclaims=counter,
    )
    found = article.linked()
    printed = markdown.plain(HOSTILE, quotes="„“‚‘")
    assert "</script>" in printed
    assert found["alternativeHeadline"] == printed
    assert found["hasPart"][0]["author"]["name"] == HOSTILE
    assert article.linked("claims/too-high/index.html")["claimReviewed"] == printed
    for path in ("index.html", "claims/too-high/index.html"):
        page = html5lib.parse(article.files[path].decode(), namespaceHTMLElements=False)
        scripts = [one for one in page.iter("script") if not one.get("src") and one.get("type") is None]
        assert scripts == []


# ----------------------------------------------------------------------------------------------------
# Heads
# ----------------------------------------------------------------------------------------------------


def test_previews_have_all_they_require() -> None:
    found = tags(rents())
    assert found["og:title"] == ["Steigen die Mieten?"]
    assert found["og:type"] == ["article"]
    assert found["og:url"] == ["https://randnotiz.example/mieten/"]
    assert found["og:image"] == ["https://randnotiz.example/mieten/share.png"]
    assert found["og:description"] == ["Ein Bericht, nachgerechnet."]
    assert found["og:locale"] == ["de_DE"]
    assert found["og:site_name"] == ["Randnotiz"]
    assert found["article:published_time"] == ["2026-11-24T00:00:00Z"]
    assert found["article:author"] == ["https://ak.example/"]
    assert tags(rents(), "name")["twitter:card"] == ["summary_large_image"]


@pytest.mark.parametrize(("lang", "locale"), [("de", "de_DE"), ("de-AT", "de_AT"), ("en", "en_US")])
def test_a_preview_names_language_and_country(lang: str, locale: str) -> None:
    assert tags(published("Ein Satz.", head=f"lang: {lang}\n"))["og:locale"] == [locale]


def test_a_reference_manager_can_pick_the_article_up() -> None:
    found = tags(rents(), "name")
    assert found["citation_title"] == ["Steigen die Mieten?"]
    assert found["citation_author"] == ["A. K."]
    assert found["citation_publication_date"] == ["2026/11/24"]
    assert found["citation_language"] == ["de"]
    assert found["citation_public_url"] == ["https://randnotiz.example/mieten/"]


def test_the_head_leads_to_the_twins_and_each_is_there() -> None:
    article = rents()
    assert links(article, type='application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"') == [
        "annotations.jsonld"
    ]
    beside = [href for href in links(article, rel="alternate") if "/" not in href]
    assert sorted(beside) == ["annotations.jsonld", "figures.json", "sources.bib", "sources.json"]
    assert set(beside) <= article.files.keys()
    assert links(article, rel="canonical") == ["https://randnotiz.example/mieten/"]


def test_translations_are_named_with_the_article_itself() -> None:
    article = published("Ein Satz.", head="translations: {en: rents}\n")
    found = {link.get("hreflang"): link.get("href") for link in article.page.iter("link") if link.get("hreflang")}
    assert found == {"de": "https://randnotiz.example/mieten/", "en": "https://randnotiz.example/rents/"}


def test_a_number_in_a_title_is_printed_wherever_the_title_goes() -> None:
    figures = "quantities:\n  rent: {label: Miete, value: 900, unit: EUR, sources: [amt]}\n"
    head = "subtitle: Schon {{ rent }} im Monat\n"
    article = published("Ein Satz.", head=head, figures=figures)
    assert article.linked()["alternativeHeadline"] == "Schon 900\N{NO-BREAK SPACE}Euro im Monat"
    assert article.line.subtitle == "Schon 900\N{NO-BREAK SPACE}Euro im Monat"


def test_robust_links_stand_at_the_source() -> None:
    (link,) = [a for a in rents().page.iter("a") if a.get("data-versionurl")]
    assert link.get("data-originalurl") == link.get("href") == "https://amt.example/mieten?jahr=2026&art=neu"
    assert link.get("data-versiondate") == "2026-11-01"


# ----------------------------------------------------------------------------------------------------
# Whole sites
# ----------------------------------------------------------------------------------------------------


def test_every_source_of_the_real_site_has_a_page_that_leads_to_each_passage(real_site: Path) -> None:
    for folder in articles(real_site):
        page = html5lib.parse((folder / "index.html").read_text(encoding="utf-8"), namespaceHTMLElements=False)
        ids = {one.get("id") for one in page.iter() if one.get("id")}
        (listed,) = [one for one in page.iter("section") if one.get("role") == "doc-bibliography"]
        pages = {a.get("href") for a in listed.iter("a") if a.get("href").startswith("../sources/")}
        assert len(pages) > 5
        for address in pages:
            source = html5lib.parse(
                (folder / address).resolve().read_text(encoding="utf-8"), namespaceHTMLElements=False
            )
            back = [
                a.get("href").partition("#")[2]
                for a in source.iter("a")
                if re.match(rf"\.\./\.\./{folder.name}/index\.html#", a.get("href"))
            ]
            assert back
            assert set(back) <= ids


def test_every_link_between_the_pages_of_the_real_site_leads_somewhere(real_site: Path) -> None:
    for path in real_site.rglob("*.html"):
        if path.name == "404.html":
            continue
        page = html5lib.parse(path.read_text(encoding="utf-8"), namespaceHTMLElements=False)
        for link in page.iter("a"):
            address = (link.get("href") or "").partition("#")[0]
            if address and not re.match(r"[a-z]+:", address):
                assert (path.parent / address).is_file(), f"{path}: {address}"
