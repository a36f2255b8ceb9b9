"""What the pages say in schema.org's words: every property where its vocabulary has it, of version 30."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from randnotiz.exports import schema_org
from tests.published import Published, published

LINKED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
PREFIX = "schema:"
OF_TEXT = {"Text", "URL", "Date", "DateTime"}


class Vocabulary:
    """Classes and properties, from the vocabulary's own file."""

    def __init__(self, graph: list[Mapping[str, Any]]) -> None:
        self.terms = {str(term["@id"]).removeprefix(PREFIX): term for term in graph}

    def named(self, term: str, relation: str) -> set[str]:
        """What a term is related to."""
        found = self.terms[term].get(relation, [])
        each = found if isinstance(found, list) else [found]
        return {str(one["@id"]).removeprefix(PREFIX) for one in each}

    def kinds(self, name: str) -> set[str]:
        """A class and all above it."""
        above = (self.kinds(one) for one in self.named(name, "rdfs:subClassOf") if one in self.terms)
        return {name}.union(*above)

    def faults(self, row: Mapping[str, Any]) -> Iterator[str]:
        """Properties that stand in a class that does not have them, or hold what they do not take."""
        kinds = self.kinds(row.get("@type", "Thing"))
        for name, value in row.items():
            if name.startswith("@"):
                continue
            if name not in self.terms or not kinds & self.named(name, "schema:domainIncludes"):
                yield f"{row.get('@type')} has no {name}"
                continue
            takes = self.named(name, "schema:rangeIncludes")
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    yield from self.faults(one)
                if not self.types(one) & takes:
                    yield f"{row.get('@type')}.{name} takes no {one!r}"

    def types(self, value: object) -> set[str]:
        """The classes that a value may be of."""
        if isinstance(value, dict):  # without a type it may be of any
            return self.kinds(value["@type"]) if "@type" in value else {*self.terms}
        if isinstance(value, bool):
            return {"Boolean"}
        if isinstance(value, int):
            return {"Integer", "Number"}
        return OF_TEXT


@pytest.fixture(scope="module")
def vocabulary(data_of_others: Path) -> Vocabulary:
    return Vocabulary(json.loads((data_of_others / "schemaorg-30.jsonld").read_text(encoding="utf-8"))["@graph"])


def test_every_property_stands_where_schema_org_has_it(vocabulary: Vocabulary, real_site: Path) -> None:
    pages = real_site.rglob("*.html")
    rows = [json.loads(found) for page in pages for found in LINKED.findall(page.read_text(encoding="utf-8"))]
    assert {row["@type"] for row in rows} == {"NewsArticle", "ClaimReview"}
    assert [fault for row in rows for fault in vocabulary.faults(row)] == []


def test_a_property_elsewhere_is_a_fault(vocabulary: Vocabulary) -> None:
    publisher = {"@type": "Organization", "name": "R", "headline": "x"}
    article = {
        "@type": "NewsArticle",
        "correctionsPolicy": "https://a.example/",
        "wordCount": "many",
        "publisher": publisher,
    }
    assert [*vocabulary.faults(article)] == [
        "NewsArticle has no correctionsPolicy",
        "NewsArticle.wordCount takes no 'many'",
        "Organization has no headline",
    ]


# Sources of all kinds that CSL has and schema.org has a word for, made by somebody, by a house, by nobody; of a day,
# a year, a span of years, no day at all.
MAKERS = (
    "author: [{family: Ode, given: A.}]",
    "author: [{literal: Amt}, {family: Ode}]",
    "publisher: Amt",
    "note: x",
)
DAYS = ("issued: 2026-05-01", "issued: 2026", "issued: 2020/2024", "language: en")
ADDRESSES = ("URL: https://a.example/x?y=1&z=2", "publisher-place: Bonn")
KINDS = sorted({*schema_org.TYPES, "entry-encyclopedia", "document", "speech"})
CLAIMANTS = (
    "Amt",
    "{name: Amt, type: organization, url: 'https://amt.example/'}",
    "{name: A. Ode, type: person, url: 'https://ode.example/'}",
)


def odd_article(about: str) -> Published:
    """An article that leans on all of them."""
    sources = "sources:\n"
    for at, kind in enumerate(KINDS):
        more = ", ".join((MAKERS[at % 4], DAYS[at // 2 % 4], ADDRESSES[at // 4 % 2]))
        sources += f"- {{id: {kind}, type: {kind}, title: 'Eine {kind}', {more}}}\n"
    voices, body = "counterclaims:\n", []
    for at, by in enumerate(CLAIMANTS * 2):
        works = ("[]", f"[{KINDS[at]}]", f"[{', '.join(KINDS)}]")[at % 3]
        day = f", claimed_on: 202{at}" if at % 2 else ""
        body.append(f"Die Miete {at} stieg um zwölf Prozent.")
        voices += (
            f"- {{id: c{at}, quote: 'Die Miete {at} stieg', claim: 'Miete {at} „stieg“ <b>.', claimed_by: {by}{day}, "
            f"appeared_in: {works}, by: {by}, stance: disputes, counter: Nein., sources: [{KINDS[0]}]"
            f"{', verdict: wrong' if at < 4 else ''}}}\n"
        )
    return published("\n\n".join(body), head=about, sources=sources, counterclaims=voices)


@pytest.mark.parametrize("about", ["", "about: report\n", "about: thesis\n"], ids=["no-about", "report", "thesis"])
def test_whatever_an_article_leans_on_its_claims_keep_to_the_vocabulary(vocabulary: Vocabulary, about: str) -> None:
    made = odd_article(about)
    pages = [content.decode() for path, content in made.files.items() if path.endswith("index.html")]
    rows = [json.loads(found) for page in pages for found in LINKED.findall(page)]
    assert [row["@type"] for row in rows].count("ClaimReview") == 4
    assert [fault for row in rows for fault in vocabulary.faults(row)] == []
    article = made.linked()
    assert ("isBasedOn" in article) == bool(about)
    claims = article["hasPart"]
    assert [claim["author"].get("@type") for claim in claims[:3]] == [None, "Organization", "Person"]
    creators = [one["creator"] for row in made.annotations for one in row["body"] if "creator" in one]
    assert [one.get("type") for one in creators[:3]] == [None, "Organization", "Person"]
    assert {
        one["type"] for one in [*article["author"], *(row["creator"] for row in made.annotations)] if "type" in one
    } == {"Person"}
    assert ["datePublished" in claim for claim in claims] == [bool(at % 2) for at in range(6)]
    assert ["appearance" in claim for claim in claims] == [bool(at % 3) for at in range(6)]
    assert len(claims[2]["appearance"]) == len(KINDS)
    days = [work["datePublished"] for work in claims[2]["appearance"] if "datePublished" in work]
    assert days
    assert [day for day in days if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", day)] == []
