"""What must hold beyond form: between articles, and on the day on which somebody asks."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from randnotiz import checks, language, notes
from randnotiz.diagnostics import Diagnostic, Position, SourceText
from randnotiz.index import CrossReferences
from randnotiz.model import Citation, CitationItem, EditorialNote, Results, TextQuoteSelector
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


def crowded(body: str, sources: int, remarks: int = 0) -> list[str]:
    """What is said of a text whose words `Wort1`, `Wort2` ... are quoted, the first by sources, the rest by notes."""

    def quote(number: int) -> TextQuoteSelector:
        return TextQuoteSelector(exact=SourceText(f"Wort{number}"), position=HERE)

    lean, words = (CitationItem(id=SourceText("amt")),), SourceText(body, HERE)
    article = replace(
        sample.article(),
        body=words,
        citations=tuple(
            Citation(id=SourceText(f"s{at}"), quote=quote(at), sources=lean, position=HERE) for at in range(sources)
        ),
        editorial_notes=tuple(
            EditorialNote(id=SourceText(f"n{at}"), quote=quote(at), kind="context", note=words, position=HERE)
            for at in range(sources, sources + remarks)
        ),
        counterclaims=(), charts=(), figures={}, quantities={}, covered=(),
    )  # fmt: skip
    annotated, _ = notes.annotate(article, Results(), language.of("de"))
    return [f"{each.message}; {each.hint}" for each in checks.references_leave_room(annotated, article)]


def spaced(numbers: int, words: int) -> str:
    """A paragraph of so many words, of which so many are quoted, each far from the next."""
    written = [f"Wort{at // 3}" if at % 3 == 0 and at // 3 < numbers else "und" for at in range(words)]
    return " ".join(written) + "."


@pytest.mark.parametrize(
    ("body", "sources", "remarks", "told"),
    [
        (spaced(3, 50), 3, 0, []),
        (spaced(4, 50), 4, 0, ["4 reference numbers stand in the 50 words of this paragraph; it bears 3; fold 1 or"]),
        (spaced(4, 49), 4, 0, []),  # a short paragraph is read at a glance
        (spaced(6, 100), 6, 0, []),
        (spaced(7, 100), 1, 6, ["7 reference numbers stand in the 100 words"]),
        (spaced(2, 50) + "\n\n" + "und " * 50 + "Wort2 und Wort3.", 4, 0, []),  # each paragraph for itself
        ("Wort0, Wort1 (Wort2).", 3, 0, []),
        ("Es heißt Wort0 (Wort1) Wort2 Wort3.", 4, 0, []),  # words between them
    ],
)  # fmt: skip
def test_a_paragraph_bears_six_reference_numbers_in_a_hundred_words(
    body: str, sources: int, remarks: int, told: list[str]
) -> None:
    found = crowded(body, sources, remarks)
    assert len(found) == len(told)
    assert all(each.startswith(start) for each, start in zip(found, told, strict=True))


def test_what_is_to_be_folded_is_named_sources_first() -> None:
    assert "fold 1 or more of 's0', 's1' into others" in crowded(spaced(4, 50), 2, 2)[0]
    assert "fold 1 or more of 's0', 'n1', 'n2', 'n3' into others" in crowded(spaced(4, 50), 1, 3)[0]


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
