"""What must hold beyond form: between articles, and on the day on which somebody asks."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from randnotiz import checks
from randnotiz.diagnostics import Diagnostic, Position
from randnotiz.index import CrossReferences
from tests import sample
from tests.lines import extract

HERE = Position("mieten/article.md", 4, 7)


def across(articles: Mapping[str, CrossReferences]) -> list[Diagnostic]:
    """What is wrong between articles, beside one with faults, a draft and one of a later day."""
    to = checks.Destinations(
        articles=articles, redirects={"alt": "entwurf"}, silent=["kaputt"], drafts=["entwurf"], later=["morgen"]
    )
    return [*checks.across(to, sample.settings())]


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("2026-11-30", False),
        ("2026-12-01", False),  # by this day it is to be looked at: there is time until it is over
        ("2026-12-02", True),
        ("2027-01-01", True),
    ],
)
def test_a_source_is_to_be_looked_at_again_when_its_day_is_past(today: str, due: bool) -> None:
    found = [*checks.due({"mieten": extract("mieten").references}, today)]
    assert [each.code for each in found] == ["recheck-due"] * due
    assert all("'amt' was to be looked at again by 2026-12-01" in each.message for each in found)


@pytest.mark.parametrize(
    ("named", "its_own", "told"),
    [
        ("de", "de", ""),
        ("de", "de-AT", ""),  # whoever reads German reads it in Austria's
        ("de-CH", "de-AT", ""),
        ("de", "en", "is in the language en, not de"),
        ("de-AT", "nl", "is in the language nl, not de-AT"),
    ],
)
def test_a_translation_is_in_the_language_that_it_is_named_for(named: str, its_own: str, told: str) -> None:
    ties = replace(extract("rents", lang="en").references, links=(), translations=((HERE, named, "mieten"),))
    there = replace(extract("mieten", lang=its_own).references, links=(), translations=())
    found = across({"rents": ties, "mieten": there})
    assert [(each.position, each.code) for each in found] == [(HERE, "value-malformed")] * bool(told)
    assert all(told in each.message for each in found)


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("../mieten/", ""),
        ("../mieten/#h-lage", ""),
        ("../mieten/claims/steigen/", ""),
        ("../kaputt/#irgendwo", ""),  # an article with faults of its own: nothing is known of it
        ("../entwurf/#h-lage", "the article 'entwurf' is a draft, and left out here"),
        ("../morgen/claims/steigen/", "the article 'morgen' is not yet published, and left out here"),
        ("../alt/", "the article 'entwurf' is a draft, and left out here"),
        ("../entwrf/", "leads to no article; did you mean 'entwurf'?"),
        ("../mietn/", "leads to no article; did you mean 'mieten'?"),
        ("../mieten/#h-lagen", "has no place '#h-lagen'; did you mean 'h-lage'?"),
        (
            "../mieten/claims/steigern/",
            "no claim 'steigern' with a verdict, and so no page of it; did you mean ",
        ),
    ],
)
def test_a_link_leads_to_what_an_article_has(link: str, told: str) -> None:
    mine = replace(extract("wohnen").references, links=((HERE, link),), translations=())
    there = replace(extract("mieten").references, links=(), translations=())
    found = across({"wohnen": mine, "mieten": there})
    assert [(each.position, each.code) for each in found] == [(HERE, "link-broken")] * bool(told)
    assert all(told in each.message for each in found)
