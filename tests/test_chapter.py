"""A chapter of a book, long and annotated on every page, is built like any article."""

import re
from pathlib import Path
from random import Random

import pytest

from randnotiz.site import BuildOptions, building
from tests.patience import in_bounds
from tests.places import folders_in

WORDS, NOTES = 60_000, 400
STOCK = [
    "Wohnungseigentümergemeinschaft",
    "Mietpreisbremse",
    "Bezirk",
    "Gutachten",
    "der",
    "die",
    "das",
    "steht",
    "seitdem",
    "leer",
    "und",
    "Verwaltung",
    "sagt",
    "nichts",
    "dazu",
    "im",
    "Frühjahr",
    "wieder",
    "teurer",
    "geworden",
    "ist",
    "niemand",
    "zählte",
    "Bevölkerungsentwicklung",
]
FIGURES = """\
quantities:
  rooms: {label: Zimmer, low: 2, best: 3, high: 4, assumed: geschätzt}
figures:
"""


def sentences(random: Random, paragraph: int) -> str:
    """A paragraph of 128 words, each sentence with a number of its own."""
    return " ".join(
        f"{' '.join(random.choices(STOCK, k=15)).capitalize()} Akte-{paragraph}-{number}." for number in range(8)
    )


@pytest.mark.slow
def test_a_chapter_of_60_000_words_with_400_annotations_is_built(tmp_path: Path) -> None:
    folders = folders_in(tmp_path)
    folder = folders.content / "kapitel"
    folder.mkdir(parents=True)
    (folders.content / "site.yaml").write_text(
        "title: Verlag\nurl: https://verlag.example/\nlang: de\npublisher: {name: Verlag}\n", encoding="utf-8"
    )
    random, paragraphs = Random(1), WORDS // 128 + 1
    text = "\n\n".join(
        ("" if number % 20 else f"## Abschnitt {number // 20}\n\n") + sentences(random, number)
        for number in range(paragraphs)
    )
    sources = ["sources:\n- {id: amt, type: report, title: Mietbericht, issued: 2025}\ncitations:\n"]
    notes, figures = ["notes:\n"], [FIGURES]
    for number in range(NOTES):
        quote = f"quote: Akte-{number}-{number % 8}"
        if number % 4 == 0:
            sources.append(f"- {{id: c{number}, {quote}, sources: [{{id: amt, locator: S. {number + 1}}}]}}\n")
        elif number % 4 == 1:
            figures.append(f"  f{number}: {{label: Zahl {number}, formula: rooms * {number}, unit: '1', {quote}}}\n")
        else:
            notes.append(f"- {{id: n{number}, kind: context, {quote}, note: Das *Gutachten* nennt **{number}**.}}\n")
    front = "---\ntitle: Wem die Stadt gehört\nsummary: Ein Kapitel.\npublished: 2026-11-24\n---\n"
    (folder / "article.md").write_text(f"{front}{text}\n", encoding="utf-8")
    for name, rows in (("sources", sources), ("notes", notes), ("figures", figures)):
        (folder / f"{name}.yaml").write_text("".join(rows), encoding="utf-8")
    with in_bounds():
        made = building.build(folders, BuildOptions())
    assert [one.message for one in made.diagnostics if one.severity == "error"] == []
    page = (folders.output / "kapitel" / "index.html").read_text(encoding="utf-8")
    assert len(re.findall(r"\w+", text)) > WORDS
    assert page.count('<li id="n-') == NOTES
    assert page.count("<mark ") >= NOTES
