"""`{{ name }}` prints its number in every plain text, wherever that text is shown (docs/format.md, section 1)."""

from tests.published import published

FIGURES = """
quantities:
  flats: {label: Wohnungen, value: 1200, sources: [amt]}
  rent: {label: "Miete für eine der {{ flats }}", low: 9, high: 11, unit: EUR, assumed: "geschätzt für {{ flats }}"}
figures:
  total: {label: "Summe für {{ flats }}", formula: flats * rent, unit: EUR, quote: im Mittel, note: Nur kalt.}
"""
CHARTS = """
charts:
- id: bars
  after: im Mittel
  title: "Was {{ flats }} Wohnungen kosten"
  alt: Ein Balken
  sources: [amt]
  note: "Für **{{ flats }}** Wohnungen."
  data: {figures: [total, rent]}
  vega-lite: {mark: bar, encoding: {x: {field: best, type: quantitative}}}
"""
NOTES = """
notes:
- {id: word, kind: definition, term: "Die {{ flats }}", quote: Mieten, note: Alle des Amtes.}
"""


def test_no_braces_are_left_in_any_file_of_an_article() -> None:
    article = published("Die Mieten stiegen im Mittel.", figures=FIGURES, charts=CHARTS, notes=NOTES)
    left = [path for path, content in article.files.items() if b"{{ " in content]
    assert left == []


def test_a_label_prints_its_number_in_the_note_in_the_inputs_and_in_the_twin() -> None:
    article = published("Die Mieten stiegen im Mittel.", figures=FIGURES)
    for words in ("Summe für 1200", "Miete für eine der 1200", "geschätzt für 1200"):
        assert words in article.html.replace(".", "").replace("\N{NARROW NO-BREAK SPACE}", "")
    figures = article.json("figures.json")
    assert figures["figures"]["total"]["label"].startswith("Summe für 1")


def test_a_part_of_a_number_is_printed_as_it_was_written_and_the_middle_of_a_range_as_it_is_computed() -> None:
    article = published(
        "Die Mieten stiegen im Mittel: {{ rent.low }}, {{ rent.best }}, {{ rent.high }}.", figures=FIGURES
    )
    words = "".join(article.page.find(".//article").itertext()).replace("\N{NO-BREAK SPACE}", " ")
    assert "9 Euro, 10 Euro, 11 Euro" in words


def test_the_note_of_a_chart_is_markdown() -> None:
    article = published("Die Mieten stiegen im Mittel.", figures=FIGURES, charts=CHARTS)
    (figure,) = [one for one in article.page.iter("figure") if one.get("id") == "chart-bars"]
    assert [strong.text or strong.find("a").text for strong in figure.iter("strong")] == ["1.200"]
