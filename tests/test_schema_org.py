"""What the pages say in schema.org's words: every property where its vocabulary has it, of version 30."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

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
        kinds = self.kinds(row["@type"])
        for name, value in row.items():
            if name.startswith("@"):
                continue
            if name not in self.terms or not kinds & self.named(name, "schema:domainIncludes"):
                yield f"{row['@type']} has no {name}"
                continue
            takes = self.named(name, "schema:rangeIncludes")
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    yield from self.faults(one)
                if not self.types(one) & takes:
                    yield f"{row['@type']}.{name} takes no {one!r}"

    def types(self, value: object) -> set[str]:
        """The classes that a value may be of."""
        if isinstance(value, dict):
            return self.kinds(value["@type"])
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
