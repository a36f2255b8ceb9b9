"""Which names of an article are used; how it is told that one is not there stands in `sites/misspelt-names`."""

import pytest
from msgspec.structs import replace

from randnotiz import references
from randnotiz.diagnostics import SourceText
from randnotiz.model import Article, CitationItem, Source
from tests import sample

AMT = (CitationItem(id=SourceText("amt")),)
BARE = replace(
    sample.article(),
    about=None,
    sources={},
    citations=(),
    counterclaims=(),
    editorial_notes=(),
    charts=(),
    quantities={name: replace(one, sources=()) for name, one in sample.article().quantities.items()},
)


@pytest.mark.parametrize(
    "leaning",
    [
        replace(BARE, about=SourceText("amt")),
        replace(BARE, citations=tuple(replace(one, sources=AMT) for one in sample.article().citations)),
        replace(BARE, counterclaims=tuple(replace(one, sources=AMT) for one in sample.article().counterclaims)),
        replace(BARE, editorial_notes=tuple(replace(one, sources=AMT) for one in sample.article().editorial_notes)),
        replace(BARE, charts=tuple(replace(one, sources=AMT) for one in sample.article().charts)),
        replace(BARE, quantities={name: replace(one, sources=AMT) for name, one in BARE.quantities.items()}),
        replace(BARE, sources={"andere": Source(id=SourceText("andere"), csl={"custom": {"same-origin-as": "amt"}})}),
    ],
    ids=["about", "citation", "counter-claim", "note", "chart", "quantity", "same-origin-as"],
)
def test_a_source_is_used_by_whatever_leans_on_it(leaning: Article) -> None:
    assert "amt" not in references.sources(BARE)
    assert "amt" in references.sources(leaning)


def test_units_are_used_by_quantities_formulas_and_what_is_stated() -> None:
    assert {"USD", "kW", "hour", "year", "Mrd"} <= references.units(sample.article())
    assert "EUR" not in references.units(sample.article())


def test_numbers_are_used_by_formulas_and_sentences() -> None:
    article = sample.article()
    assert references.numbers(sample.annotated(), article) >= {
        "fleet",
        "price",
        "watts",
        "rate",
        "hardware",
        "power_cost",
    }
    assert "fleet_factor" not in references.numbers(sample.annotated(), article)
