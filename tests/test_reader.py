"""The reader: a folder's files to an article, its faults at the author's own words, its schemas."""

import json
import os
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from randnotiz import reader, references, yamldoc
from randnotiz.diagnostics import Diagnostic, Position, SourceText
from randnotiz.model import Article, Date, RangeSelector, Settings, TextQuoteSelector

HERE = Path(__file__).parent / "reader"
SITE = b"""\
title: Randnotiz
url: https://example.org
lang: de
publisher: Randnotiz
verdicts:
- {key: wrong, de: Widerlegt, en: Refuted}
- {key: supported, de: Belegt, en: Supported}
"""
FRONT = """\
---
title: Was die Zahlen hergeben
published: 2026-11-24
summary: Nachgerechnet.
---
"""
GOOD = {
    "article.md": FRONT + "Der Bericht nennt 50.000 Chips.\n",
    "sources.yaml": "sources:\n- {id: essay, type: webpage, title: Über Ausfuhrkontrollen}\n",
    "bild.jpg": "",
    "preise.csv": "year,price\n2024,3\n",
}


def site() -> Settings:
    found, diagnostics = reader.read_settings("site.yaml", SITE)
    assert found is not None
    assert diagnostics == ()
    return found


def read(**files: str) -> tuple[Article | None, tuple[Diagnostic, ...]]:
    """The good article with some files replaced; a name's last underscore is its dot."""
    given = {".".join(name.rsplit("_", 1)): text for name, text in files.items()}
    return read_files({**GOOD, **given})


def read_files(files: dict[str, str]) -> tuple[Article | None, tuple[Diagnostic, ...]]:
    return reader.read_article("chips", {name: text.encode() for name, text in files.items()}, site(), {})


def good(**files: str) -> Article:
    article, diagnostics = read(**files)
    assert [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"] == []
    assert article is not None
    return article


def told(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """Findings as the document of mistakes shows them."""
    lines = []
    for diagnostic in sorted(set(diagnostics)):
        at = diagnostic.position
        word = "" if diagnostic.severity == "error" else "warning: "
        lines.append(
            f"{at.path.removeprefix('chips/')}:{at.line}:{at.column}: {word}{diagnostic.message} [{diagnostic.code}]"
        )
        lines += [f"    {line}" for line in diagnostic.hint.splitlines()]
    return lines


# ----------------------------------------------------------------------------------------------------
# The documents of mistakes
# ----------------------------------------------------------------------------------------------------


class Mistake(NamedTuple):
    place: str
    name: str
    file: str
    source: str
    messages: list[str]


_MISTAKE = re.compile(r"^## ([^\n]+)\n\n```yaml (\S+)\n(.*?)^```\n\n```text\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


def mistakes() -> Iterator[Mistake]:
    for document in sorted(HERE.glob("*.md")):
        words = document.read_text(encoding="utf-8")
        found = list(_MISTAKE.finditer(words))
        assert len(found) == words.count("\n## "), f"{document.name} has a mistake without its message"
        for match in found:
            name, file, source, messages = match.groups()
            line = words.count("\n", 0, match.start()) + 1
            # An invisible character cannot stand in a document that is read: its picture stands for it.
            yield Mistake(f"{document.name}:{line}", name, file, source.replace("␋", "\v"), messages.splitlines())


@pytest.mark.parametrize("mistake", list(mistakes()), ids=lambda mistake: mistake.place)
def test_every_mistake_has_its_message(mistake: Mistake) -> None:
    _, diagnostics = read_files({**GOOD, mistake.file: mistake.source})
    assert told(diagnostics) == mistake.messages


def test_every_code_of_the_reader_has_a_mistake() -> None:
    shown = {
        match for mistake in mistakes() for line in mistake.messages for match in re.findall(r"\[([a-z-]+)\]$", line)
    }
    assert shown >= {
        "yaml-syntax", "encoding", "field-unknown", "field-missing", "field-doubled", "value-malformed",
        "date-malformed", "file-missing", "file-outside", "field-near", "comment-cuts", "id-doubled", "draft-used",
        "id-implicit", "source-unknown", "verdict-unknown", "claim-unknown", "image-remote",
    }  # fmt: skip


# ----------------------------------------------------------------------------------------------------
# An article
# ----------------------------------------------------------------------------------------------------

FIGURES = """\
units: [chip, {name: gpu, de: [GPU, GPUs], en: GPU}]
quantities:
  fleet: {label: Hopper-Chips, value: 50000, unit: chip, sources: [essay], quote: 50.000 Chips}
  price: {label: Preis je Chip, low: 2e4, high: 30000.50, unit: USD/chip, assumed: Listenpreise}
  lag: {label: Abstand, low: 7, best: 9, high: 10, unit: month, sources: [{id: essay, locator: S. 4}]}
figures:
  chip_value:
    label: Wert der Chips
    formula: fleet * price
    unit: USD
    quote: {exact: 50.000, prefix: rund, suffix: Chips}
    stated: {low: 1e9, high: 2e9, unit: USD}
    tolerance: 25%
    finding: agrees
    digits: 2
  factor: {label: Faktor, formula: 4 ** 0.5}
"""


def test_quantities_keep_the_numbers_as_they_were_written() -> None:
    article = good(figures_yaml=FIGURES)
    fleet, price, lag = article.quantities.values()
    assert (fleet.low, fleet.best, fleet.high, fleet.written) == (50000, 50000, 50000, ("50000",))
    assert (price.low, price.best, price.high, price.written) == (20000, 25000.25, 30000.5, ("2e4", "30000.50"))
    assert (lag.best, lag.sources[0].locator) == (9, "S. 4")
    assert price.assumed == "Listenpreise"


def test_a_figure_is_an_annotation_where_it_has_a_quote() -> None:
    article = good(figures_yaml=FIGURES)
    figure = article.figures["chip_value"]
    assert (figure.id, figure.tolerance, figure.finding, figure.digits) == ("chip-value", 0.25, "agrees", 2)
    assert figure.quote == TextQuoteSelector(exact=SourceText("50.000"), prefix="rund", suffix="Chips")
    assert figure.stated is not None
    assert (figure.stated.low, figure.stated.high, figure.stated.unit) == (1e9, 2e9, "USD")
    assert figure.position == Position("chips/figures.yaml", 7, 3)
    assert [each.id for each in article.annotations] == ["chip-value"]
    assert article.figures["factor"].tolerance is None


def test_units_have_words_by_language() -> None:
    chip, gpu = good(figures_yaml=FIGURES).units
    assert (chip.name, dict(chip.words)) == ("chip", {})
    assert dict(gpu.words) == {"de": ("GPU", "GPUs"), "en": ("GPU", "GPU")}


def test_a_quote_has_three_forms() -> None:
    article = good(
        notes_yaml="""\
notes:
- {id: a, kind: context, note: Eins., quote: 50.000 Chips}
- {id: b, kind: context, note: Zwei., quote: {exact: 50.000, prefix: nennt, suffix: ""}}
- {id: c, kind: context, note: Drei., quote: {from: Der Bericht, to: Chips}}
- {id: d, kind: context, note: Vier.}
"""
    )
    assert [each.quote for each in article.editorial_notes] == [
        TextQuoteSelector(exact=SourceText("50.000 Chips")),
        TextQuoteSelector(exact=SourceText("50.000"), prefix="nennt"),
        RangeSelector(start=SourceText("Der Bericht"), end=SourceText("Chips")),
        None,
    ]


def test_an_id_is_made_of_the_kind_and_the_first_five_words() -> None:
    article, diagnostics = read(
        notes_yaml="notes:\n- {kind: disclosure, quote: Größe & „Preis“ der 50.000 Chips, note: Eins.}\n"
        "- {kind: context, draft: true, note: Zwei.}\n"
    )
    assert article is not None
    assert [each.id for each in article.editorial_notes] == ["disclosure-größe-preis-der-50-000", "context"]
    assert [(diagnostic.code, diagnostic.severity) for diagnostic in diagnostics] == [("id-implicit", "warning")]


def test_a_specification_and_rows_know_their_places() -> None:
    article = good(
        charts_yaml="""\
charts:
- id: prices
  title: Die Preise fallen
  alt: Liniendiagramm fallender Preise
  sources: [essay]
  data: {rows: [{year: 2024, price: "= 2 * 3", note: null}]}
  vega-lite:
    mark: {type: line, point: true}
"""
    )
    (chart,) = article.charts
    assert chart.rows.rows is not None
    assert chart.rows.rows == ({"year": 2024, "price": "= 2 * 3", "note": None},)
    formula: object = chart.rows.rows[0]["price"]
    assert isinstance(formula, SourceText)
    assert formula.position == Position("chips/charts.yaml", 6, 37)
    assert isinstance(chart.spec, yamldoc.Map)
    assert chart.spec["mark"] == {"type": "line", "point": "true"}


def test_the_body_knows_its_lines() -> None:
    article = good()
    assert article.body == "Der Bericht nennt 50.000 Chips.\n"
    assert article.body.at(article.body.index("50.000")) == Position("chips/article.md", 6, 19)


def test_windows_line_breaks_and_a_byte_order_mark_leave_the_article_as_it_is() -> None:
    plain = good()
    strange = good(article_md="\ufeff" + GOOD["article.md"].replace("\n", "\r\n"))
    assert (strange.title, strange.body, strange.body.position) == (plain.title, plain.body, plain.body.position)


def test_the_offsets_of_front_matter_count_in_the_file() -> None:
    title = good().title
    assert GOOD["article.md"][title.start : title.end] == title


def test_shared_sources_are_taken_where_they_are_cited() -> None:
    shared, diagnostics = reader.read_sources(
        "sources.yaml",
        b"references:\n- {id: a, type: book}\n"
        b"- {id: b, type: book, custom: {same-origin-as: c}}\n- {id: c, type: book}\n",
    )
    assert diagnostics == ()
    files = {**GOOD, "notes.yaml": "notes:\n- {id: x, kind: context, note: Eins., sources: [b]}\n"}
    article, diagnostics = reader.read_article("chips", {n: t.encode() for n, t in files.items()}, site(), shared)
    assert diagnostics == ()
    assert article is not None
    assert list(article.sources) == ["essay", "b", "c"]
    assert article.sources["b"].shared
    assert not article.sources["essay"].shared


def test_where_shared_sources_are_broken_nobody_is_blamed_for_citing_them() -> None:
    files = {**GOOD, "notes.yaml": "notes:\n- {id: x, kind: context, note: Eins., sources: [b]}\n"}
    article, diagnostics = reader.read_article("chips", {n: t.encode() for n, t in files.items()}, site(), None)
    assert diagnostics == ()
    assert article is not None
    assert article.broken == {"sources.yaml"}


def test_one_broken_entry_leaves_the_others() -> None:
    article, diagnostics = read(
        notes_yaml="notes:\n- {id: a, kind: kontext, note: Eins.}\n- {id: b, kind: context, note: Zwei.}\n",
        figures_yaml="quantities:\n  fleet: {label: Chips}\n  price: {label: Preis, value: 3, assumed: ja}\n",
    )
    assert article is not None
    assert [each.id for each in article.editorial_notes] == ["b"]
    assert list(article.quantities) == ["price"]
    assert article.broken == {"notes.yaml", "figures.yaml"}
    assert len(diagnostics) == 3


def test_faults_of_all_files_come_at_once_even_without_a_title() -> None:
    article, diagnostics = read(
        article_md="---\npublished: gestern\nlang: en\n---\n50.000 Chips\n",
        sources_yaml="sources: [",
        notes_yaml="notes:\n- {id: a, kind: context, note: Eins., sources: [esay]}\n",
        charts_yaml="chart: []\n",
    )
    assert article is not None
    assert article.lang == "en"
    assert {(diagnostic.code, diagnostic.position.path) for diagnostic in diagnostics} == {
        ("field-missing", "chips/article.md"),
        ("date-malformed", "chips/article.md"),
        ("yaml-syntax", "chips/sources.yaml"),
        ("field-unknown", "chips/charts.yaml"),
    }


def test_fields_left_empty_are_left_out() -> None:
    article = good(
        article_md=FRONT.replace("summary", "subtitle:\ncovered:\ndraft:\nupdated:\nsummary"),
        notes_yaml="notes:\n",
        figures_yaml="# später\n",
        sources_yaml=GOOD["sources.yaml"] + "citations:\n",
    )
    assert (article.subtitle, article.covered, article.draft, article.updated) == (None, (), False, None)


def test_a_draft_needs_no_day() -> None:
    article = good(article_md="---\ntitle: Chips\nsummary: Nachgerechnet.\ndraft: true\n---\n")
    assert (article.draft, article.published) == (True, None)


def test_a_moment_is_a_date_with_a_time() -> None:
    article = good(article_md=FRONT.replace("2026-11-24", "2026-11-24T12:30:00+01:00"))
    assert article.published == Date(2026, 11, 24, "T12:30:00+01:00")


@pytest.mark.parametrize("slug", ["assets", "sources", "claims", "pages", "search", "Chips", "ä", "-a", "a b"])
def test_some_folders_cannot_be_articles(slug: str) -> None:
    _, diagnostics = reader.read_article(slug, {n: t.encode() for n, t in GOOD.items()}, site(), {})
    assert [(diagnostic.code, diagnostic.position) for diagnostic in diagnostics] == [
        ("value-malformed", Position(f"{slug}/article.md"))
    ]


def test_a_folder_with_a_name_that_no_address_can_have_is_to_be_renamed() -> None:
    _, (diagnostic,) = reader.read_article("Größe 2", {n: t.encode() for n, t in GOOD.items()}, site(), {})
    assert diagnostic.message == "'Größe 2' cannot be part of an address: small letters, digits and hyphens can"
    assert diagnostic.hint == "Rename the folder to groesse-2."


def test_a_plain_page_with_such_a_name_is_a_file_to_be_renamed() -> None:
    _, (diagnostic,) = reader.read_page("pages/Impressum.md", b"---\ntitle: Impressum\nlang: de\n---\nWir.\n", site())
    assert diagnostic.hint == "Rename the file to impressum."


def test_a_verdict_without_a_word_in_the_language_of_the_article_is_told() -> None:
    claims = "counterclaims:\n- {id: a, quote: Chips, claim: C, claimed_by: B, stance: disputes, counter: D, by: E, "
    claims += "sources: [essay], verdict: wrong, why: F}\n"
    _, diagnostics = read(article_md=FRONT.replace("title:", "lang: fi\ntitle:"), counterclaims_yaml=claims)
    (diagnostic,) = (each for each in diagnostics if each.code == "verdict-untranslated")
    assert (diagnostic.severity, diagnostic.hint) == ("warning", "Write 'fi: …' at it in site.yaml.")
    assert diagnostic.message == "the verdict 'wrong' has no word in the language fi, so that readers see its key"


def test_a_source_in_which_a_claim_was_made_is_used_and_goes_with_the_article() -> None:
    claims = "counterclaims:\n- {id: a, quote: Chips, claim: C, claimed_by: B, stance: disputes, counter: D, by: E, "
    claims += "sources: [essay], appeared_in: [blog]}\n"
    article, diagnostics = read(
        sources_yaml=f"{GOOD['sources.yaml']}- {{id: blog, type: webpage, title: Blog}}\n", counterclaims_yaml=claims
    )
    assert diagnostics == ()
    assert article is not None
    assert references.sources(article) >= {"essay", "blog"}
    _, (unknown,) = read(counterclaims_yaml=claims.replace("blog", "esay"))
    assert (unknown.code, unknown.message) == ("source-unknown", "there is no source 'esay'; did you mean 'essay'?")


def test_summary_and_conclusion_stand_in_for_each_other_and_one_is_there() -> None:
    only = good(article_md=GOOD["article.md"].replace("summary", "conclusion"))
    assert (only.summary, only.abstract, only.result) == (None, "Nachgerechnet.", "Nachgerechnet.")
    both = good(article_md=GOOD["article.md"].replace("summary", "conclusion: Es sind weniger.\nsummary"))
    assert (both.abstract, both.result) == ("Nachgerechnet.", "Es sind weniger.")
    article, (missing,) = read(article_md=GOOD["article.md"].replace("summary: Nachgerechnet.\n", ""))
    assert article is not None
    assert (missing.code, missing.message) == (
        "field-missing",
        "the front matter has neither 'summary' nor 'conclusion'",
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Article.md", "Rename 'Article.md' to article.md: capitals count."),
        ("ARTICLE.MD", "Rename 'ARTICLE.MD' to article.md: capitals count."),
        ("artikel.md", "Rename 'artikel.md' to article.md."),
        ("article.txt", "Rename 'article.txt' to article.md."),
        (
            "zotero.json",
            "Every article has its text in article.md. A folder is an article: what several share, such as a "
            "bibliography, lies beside the folders.",
        ),
    ],
)
def test_a_text_with_nearly_the_right_name_is_named(name: str, hint: str) -> None:
    _, (diagnostic,) = reader.read_article("chips", {name: GOOD["article.md"].encode()}, site(), {})
    assert (diagnostic.code, diagnostic.hint) == ("file-missing", hint)


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        (r"data\x.csv", r"'data\x.csv' is written with \, as on Windows", "Write data/x.csv."),
        (r"..\x.csv", r"'..\x.csv' leads out of the article's folder", "Put a copy beside the article"),
    ],
)
def test_a_path_as_windows_writes_it_is_told_with_the_strokes_that_are_read(
    path: str, message: str, hint: str
) -> None:
    chart = (
        "charts:\n- id: c\n  title: t\n  after: Chips\n  alt: a\n  sources: [amt]\n"
        f"  data: {{csv: '{path}'}}\n  vega-lite: {{mark: bar}}\n"
    )
    files = {**GOOD, "charts.yaml": chart, "data/x.csv": "a,b\n1,2\n"}
    _, diagnostics = reader.read_article("chips", {name: text.encode() for name, text in files.items()}, site(), {})
    (diagnostic,) = (each for each in diagnostics if each.code == "file-outside")
    assert diagnostic.message == message
    assert diagnostic.hint.startswith(hint)


def test_a_folder_without_text_is_no_article() -> None:
    article, (diagnostic,) = reader.read_article("chips", {}, site(), {})
    assert article is None
    assert (diagnostic.code, diagnostic.position) == ("file-missing", Position("chips/article.md"))


def test_a_byte_that_is_not_utf8_has_a_place() -> None:
    files = {name: text.encode() for name, text in GOOD.items()}
    files["notes.yaml"] = "notes:\n- {id: a, kind: context, note: Größe}\n".encode("cp1252")
    _, (diagnostic,) = reader.read_article("chips", files, site(), {})
    assert (diagnostic.code, diagnostic.position) == ("encoding", Position("chips/notes.yaml", 2, 34))
    assert "'ö' in Windows-1252" in diagnostic.message


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-32", "UTF-32-BE"])
def test_sixteen_bits_are_told_by_their_name(encoding: str) -> None:
    files = {
        **{name: text.encode() for name, text in GOOD.items()},
        "notes.yaml": "\N{BYTE ORDER MARK}notes:\n".encode(encoding),
    }
    _, (diagnostic,) = reader.read_article("chips", files, site(), {})
    assert diagnostic.message == f"this file is {encoding[:6]}, not UTF-8"


def test_headings_inside_code_are_code() -> None:
    good(
        article_md=FRONT
        + "```yaml\n# Kommentar\n```\n\n~~~\n# noch einer\n```\n# und noch einer\n~~~\n\n    # vier\n"
    )


def test_an_article_travels_between_processes() -> None:
    article = good(figures_yaml=FIGURES)
    assert pickle.loads(pickle.dumps(article)) == article


# ----------------------------------------------------------------------------------------------------
# Settings, pages, sources
# ----------------------------------------------------------------------------------------------------


def test_the_scale_is_ranked_from_the_worst() -> None:
    wrong, supported = site().verdicts.values()
    assert (wrong.key, wrong.rank, wrong.of, dict(wrong.words)) == (
        "wrong",
        1,
        2,
        {"de": "Widerlegt", "en": "Refuted"},
    )
    assert supported.rank == 2


def test_the_address_of_the_site_ends_in_a_slash() -> None:
    assert site().url == "https://example.org/"


def test_a_site_may_say_in_a_sentence_what_it_is_about() -> None:
    found, diagnostics = reader.read_settings("site.yaml", SITE + b"summary: Berichte, nachgerechnet.\n")
    assert diagnostics == ()
    assert found
    assert found.summary == "Berichte, nachgerechnet."
    assert site().summary is None


def test_settings_without_a_publisher_are_none() -> None:
    found, diagnostics = reader.read_settings("site.yaml", b"title: Randnotiz\nurl: https://example.org/\nlang: de\n")
    assert found is None
    assert told(diagnostics) == [
        "site.yaml:1:1: site.yaml has no 'publisher' [field-missing]",
        "    Write 'publisher: {name: Randnotiz, url: https://example.org/}'.",
    ]


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "example.org", "http://", "https://a b", 'https://a"b', "//a"),
        *(
            "https://[::1",
            "https://]/",
            "https://a\u2100b.example/",
            "https://a.example:99999/",
            "https://a.example:x/",
        ),
    ],
)
def test_an_address_is_one_of_a_web_page(address: str) -> None:
    raw = SITE.replace(b"https://example.org", json.dumps(address).encode())
    found, diagnostics = reader.read_settings("site.yaml", raw)
    assert found is None
    assert [diagnostic.code for diagnostic in diagnostics] == ["value-malformed"]


def test_an_address_is_on_record_once() -> None:
    settings, diagnostics = reader.read_settings("site.yaml", SITE + b"addresses: [mieten, wohnen, mieten]\n")
    assert settings is not None
    assert [(diagnostic.code, diagnostic.hint) for diagnostic in diagnostics] == [
        ("id-doubled", "Take one of the two out.")
    ]
    assert settings.addresses == ("mieten", "wohnen", "mieten")


def test_two_verdicts_with_one_key_are_told() -> None:
    _, diagnostics = reader.read_settings("site.yaml", SITE.replace(b"supported", b"wrong"))
    assert [diagnostic.code for diagnostic in diagnostics] == ["id-doubled"]


def test_a_page_has_a_title_and_the_language_of_the_site() -> None:
    page, diagnostics = reader.read_page("pages/impressum.md", b"---\ntitle: Impressum\n---\nWir.\n", site())
    assert diagnostics == ()
    assert page is not None
    assert (page.slug, page.title, page.lang, page.body) == ("impressum", "Impressum", "de", "Wir.\n")


def test_private_keys_are_dropped_wherever_they_stand() -> None:
    sources, _ = reader.read_sources(
        "sources.yaml",
        b"sources:\n- id: a\n  type: book\n"
        b"  custom: {private-note: x, mine: {private-b: y, c: [{private-d: z, e: 1}]}}\n",
    )
    assert sources["a"].csl["custom"] == {"mine": {"c": [{"e": 1}]}}


def test_exports_of_other_programs_are_taken_as_they_come() -> None:
    sources, diagnostics = reader.read_sources(
        "sources.yaml",
        b"""\
references:
- id: ho2024
  type: article-journal
  author:
  - family: Ho
    given: Anson
  issued:
  - year: 2024
    month: 3
  volume: 1.10
- {"id": "json", "type": "book", "issued": {"date-parts": [["2023", 3, 5]]}, "ISBN": "978-3", "number-of-pages": 320}
- {id: edtf, type: book, issued: 2023-21/2024~, accessed: 2024-02-29, original-date: 19XX}
""",
    )
    assert diagnostics == ()
    assert sources["ho2024"].csl["issued"] == {"date-parts": [[2024, 3]]}
    assert sources["ho2024"].csl["volume"] == "1.10"
    assert sources["json"].csl["issued"] == {"date-parts": [[2023, 3, 5]]}
    assert sources["edtf"].csl["issued"] == "2023-21/2024~"


@pytest.mark.parametrize("date", ["2023-02-30", "{date-parts: [[2023, 17]]}", "gestern", "2023/2024/2025"])
def test_dates_of_sources_are_in_the_calendar(date: str) -> None:
    raw = f"sources:\n- {{id: a, type: book, issued: {date}}}\n".encode()
    _, diagnostics = reader.read_sources("sources.yaml", raw)
    assert [diagnostic.code for diagnostic in diagnostics] == ["date-malformed"]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("1.125", "Write 1125 or 1.125e0."),
        ("-50.000", "Write -50000 or -50.0."),
        ("1.234.567", "Write 1234567; the page prints it with a comma."),
        ("1.234,5", "Write 1234.5; the page prints it with a comma."),
        ("50,000,000", "Write 50000000; a comma never stands in a number."),
        ("'50 000'", "Write 50000."),
        ("+3", "Write 3."),
        ("007", "Write 7."),
        ("1e999", "Write 1e300 at most."),
        ("viele", "Write digits, with a point before decimals: 50000, 3.5 or 1.2e9."),
    ],
)  # fmt: skip
def test_a_number_by_another_custom_is_told_how_it_is_written(written: str, hint: str) -> None:
    _, (diagnostic,) = read(
        figures_yaml=f'quantities:\n  fleet: {{label: Chips, value: "{written.strip(chr(39))}", assumed: ja}}\n'
    )
    assert (diagnostic.code, diagnostic.hint) == ("value-malformed", hint)


@pytest.mark.parametrize("written", ["0", "-1", "3.5", "1.1250", "1e3", "1.5e-3", "2e+9", "'12'", "1000.000"])
def test_a_number_is_digits_with_a_point(written: str) -> None:
    article = good(figures_yaml=f"quantities:\n  fleet: {{label: Chips, value: {written}, assumed: ja}}\n")
    assert article.quantities["fleet"].best == float(written.strip("'"))


# ----------------------------------------------------------------------------------------------------
# Folders
# ----------------------------------------------------------------------------------------------------


def folder(root: Path) -> Path:
    (root / "content" / "chips" / "data").mkdir(parents=True)
    (root / "content" / "chips" / "article.md").write_text("Text")
    (root / "content" / "chips" / "data" / "preise.csv").write_text("a\n1\n")
    (root / "secret.txt").write_text("geheim")
    return root / "content"


def test_a_folder_is_its_files_by_path(tmp_path: Path) -> None:
    content = folder(tmp_path)
    (content / "chips" / ".DS_Store").write_text("x")
    (content / "chips" / "gro\u0308ße.png").write_bytes(b"x")
    files, diagnostics = reader.load_folder(content, "chips")
    assert dict(files) == {"article.md": b"Text", "data/preise.csv": b"a\n1\n", "größe.png": b"x"}
    assert diagnostics == ()


def test_links_may_point_inside_the_content_and_nowhere_else(tmp_path: Path) -> None:
    content = folder(tmp_path)
    (content / "chips" / "inside.csv").symlink_to("data/preise.csv")
    (content / "chips" / "outside.txt").symlink_to(tmp_path / "secret.txt")
    (content / "chips" / "above").symlink_to(tmp_path)
    (content / "chips" / "circle.txt").symlink_to("circle.txt")
    (content / "chips" / "lost.txt").symlink_to("nowhere.txt")
    files, diagnostics = reader.load_folder(content, "chips")
    assert sorted(files) == ["article.md", "data/preise.csv", "inside.csv"]
    assert sorted((diagnostic.position.path, diagnostic.code) for diagnostic in diagnostics) == [
        ("chips/above", "file-outside"),
        ("chips/circle.txt", "file-missing"),
        ("chips/lost.txt", "file-missing"),
        ("chips/outside.txt", "file-outside"),
    ]


def test_a_folder_that_contains_itself_ends_in_a_fault(tmp_path: Path) -> None:
    content = folder(tmp_path)
    for name in ("a", "b"):
        (content / "chips" / name).symlink_to(content / "chips")
    _, diagnostics = reader.load_folder(content, "chips")
    assert {diagnostic.code for diagnostic in diagnostics} == {"limit-exceeded"}


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    content = folder(tmp_path)
    os.mkfifo(content / "chips" / "pipe.csv")
    _, (diagnostic,) = reader.load_folder(content, "chips")
    assert diagnostic.code == "file-missing"


def test_sizes_and_names_have_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = folder(tmp_path)
    monkeypatch.setattr(reader.folder, "LARGEST", 3)
    (content / "chips" / "new\nline.txt").write_text("x")
    _, diagnostics = reader.load_folder(content, "chips")
    assert [(diagnostic.position.path, diagnostic.code) for diagnostic in sorted(diagnostics)] == [
        ("chips/article.md", "limit-exceeded"),
        ("chips/data/preise.csv", "limit-exceeded"),
        ("chips/new\N{REPLACEMENT CHARACTER}line.txt", "value-malformed"),
    ]


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    files, (diagnostic,) = reader.load_folder(folder(tmp_path), "nobody")
    assert (files, diagnostic.code) == ({}, "file-missing")


# ----------------------------------------------------------------------------------------------------
# Whatever comes
# ----------------------------------------------------------------------------------------------------

NAMES = [name for name in GOOD if name.endswith((".md", ".yaml"))] + [
    "counterclaims.yaml", "figures.yaml", "charts.yaml", "notes.yaml",
]  # fmt: skip
SCALARS = st.sampled_from(
    ["", "a", "1", "50.000", "true", "2026-11-24", "essay", "boom", "%", "{a: b}", "[x]", "[]", "|"]
)


def fields_of_all_files() -> list[str]:
    """Every field name that means something somewhere."""
    schemas = reader.json_schemas().values()
    shapes = [shape for schema in schemas for shape in (schema, *schema["definitions"].values())]
    return sorted({name for shape in shapes for name in shape["properties"]})


KNOWN = st.sampled_from(fields_of_all_files())
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KNOWN, inner, max_size=6),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.binary(max_size=60))
def test_whatever_bytes_a_file_has_the_reader_only_finds_faults(name: str, raw: bytes) -> None:
    _check_only_faults({**{each: text.encode() for each, text in GOOD.items()}, name: raw})


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NAMES), st.dictionaries(KNOWN, TREES, max_size=4))
def test_whatever_fields_a_file_has_the_reader_only_finds_faults(name: str, tree: object) -> None:
    source = json.dumps(tree, ensure_ascii=False)
    text = f"---\n{source}\n---\nText\n" if name.endswith(".md") else source
    _check_only_faults({**{each: words.encode() for each, words in GOOD.items()}, name: text.encode()})


def _check_only_faults(files: dict[str, bytes]) -> None:
    _, diagnostics = reader.read_article("chips", files, site(), {})
    for diagnostic in diagnostics:
        assert diagnostic.position.path.startswith("chips/")
        assert diagnostic.position.line >= 1
        assert diagnostic.message
    reader.read_settings("site.yaml", files["sources.yaml"])
    reader.read_page("pages/a.md", files["article.md"], None)


def test_a_hundred_thousand_notes_end_in_a_fault_that_names_the_limit() -> None:
    notes = "notes:\n" + "- {kind: context, note: Eins.}\n" * 40_000
    _, diagnostics = read(notes_yaml=notes)
    assert [(diagnostic.code, diagnostic.position.line) for diagnostic in diagnostics] == [("limit-exceeded", 2)]


# ----------------------------------------------------------------------------------------------------
# For editors' tools
# ----------------------------------------------------------------------------------------------------

SCHEMAS = reader.json_schemas()


def as_tools_see_it(source: str) -> object:
    return yamldoc.plain(yamldoc.parse(source, ""))


def valid(schema: str, source: str) -> bool:
    return jsonschema.Draft7Validator(SCHEMAS[schema]).is_valid(as_tools_see_it(source))


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one_and_every_field_says_what_it_means(name: str) -> None:
    schema = SCHEMAS[name]
    jsonschema.Draft7Validator.check_schema(schema)
    assert "$defs" not in json.dumps(schema)
    for shape in (schema, *schema["definitions"].values()):
        assert shape["description"]
        assert shape["additionalProperties"] is False
        for field in shape["properties"].values():
            assert field["description"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_example_of_a_field_is_one(name: str) -> None:
    schema = SCHEMAS[name]
    for shape in (schema, *schema["definitions"].values()):
        for field in shape["properties"].values():
            for example in field.get("examples", []):
                checked = {**field, "definitions": schema["definitions"]}
                assert jsonschema.Draft7Validator(checked).is_valid(example), (field, example)


@pytest.mark.parametrize(
    ("schema", "source"),
    [
        ("site", SITE.decode()),
        ("article", "title: 2024\npublished: 2026-11-24\nsummary: Nachgerechnet.\nsubtitle:\nauthors: [Redaktion]\n"),
        ("page", "title: Impressum"),
        (
            "sources",
            GOOD["sources.yaml"] + "citations:\n- {quote: 50.000, sources: [essay, {id: essay, locator: 4}]}\n",
        ),
        ("shared-sources", "references:\n- {id: a, type: book, author: [{family: Ho}], issued: 2023, titel: x}\n"),
        ("figures", FIGURES),
        ("notes", "notes:\n- {kind: context, note: Eins.}\n- {kind: definition, term: Hopper, note: Zwei.}\n"),
    ],
)
def test_what_the_reader_takes_the_schemas_take(schema: str, source: str) -> None:
    jsonschema.Draft7Validator(SCHEMAS[schema]).validate(as_tools_see_it(source))


# What only the reader can see: how something is written, what another entry or file says, what the calendar says.
BEYOND_SCHEMAS = {
    "yaml-syntax", "field-doubled", "encoding", "id-doubled", "draft-used", "source-unknown", "claim-unknown",
    "verdict-unknown", "file-missing", "file-outside", "image-remote",
}  # fmt: skip
READING = {
    "No blanks behind the colons in braces",
    "A number with a point for thousands",  # 50.000 is a number to every tool
    "A range that descends",  # a schema cannot compare
    "A number with an underscore, and one with a leading zero",
    "A day that is not in the calendar",
}


def within_schemas() -> list[Mistake]:
    """The mistakes that a schema can see."""
    found = []
    for mistake in mistakes():
        codes = set(re.findall(r"\[([a-z-]+)\]$", "\n".join(mistake.messages), re.MULTILINE))
        ours = mistake.file in {f"{name}.yaml" for name in SCHEMAS}
        if ours and mistake.name not in READING and not codes & BEYOND_SCHEMAS:
            found.append(mistake)
    assert len(found) > 25
    return found


@pytest.mark.parametrize("mistake", within_schemas(), ids=lambda mistake: mistake.place)
def test_what_the_reader_refuses_the_schemas_refuse_where_they_can(mistake: Mistake) -> None:
    faulty = any("warning: " not in message for message in mistake.messages if not message.startswith(" "))
    assert valid(mistake.file.removesuffix(".yaml"), mistake.source) is not faulty


BODY = FRONT + "Der Bericht nennt 50.000 Chips.\n\n"
TEXTS = "sources:\n- {id: essay, type: webpage, title: Essay}\n"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("article.md", BODY + "<<<<<<< HEAD\n## Hier\n=======\n## Dort\n>>>>>>> lektorat\n", 8),
        (
            "article.md",
            (BODY + "<<<<<<< HEAD\n## Hier\n=======\n## Dort\n>>>>>>> lektorat\n").replace("\n", "\r\n"),
            8,
        ),
        ("article.md", BODY + "- Hier\n- Dort\n>>>>>>> 3f2a1b\n", 10),
        ("article.md", BODY + "||||||| 3f2a1b\n## Hier\n", 8),
        ("article.md", BODY + "<<<<<<<\nHier", 8),
        ("article.md", "---\n<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> b\n---\nText.\n", 2),
        ("sources.yaml", TEXTS + "<<<<<<< .mine\n- {id: a, type: book}\n=======\n>>>>>>> .r7\n", 3),
        ("sources.yaml", TEXTS + "citations:\n- quote: 50.000\n>>>>>>> b\n", 5),
        ("notes.yaml", "<<<<<<< HEAD\nnotes: []\n", 1),
    ],
)
def test_what_git_leaves_of_a_conflict_is_a_fault_at_its_first_line(name: str, text: str, line: int) -> None:
    _, diagnostics = read_files({**GOOD, name: text})
    assert [(each.position, each.code) for each in diagnostics] == [
        (Position(f"chips/{name}", line, 1), "conflict-marker")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Die Chips\n-------\n",
        "> > > > > > > tief\n",
        "| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n|||||||\n",
        "Siehe <<<<<<< HEAD im Text.\n",
        " <<<<<<< HEAD\n",
        "\\<<<<<<< HEAD\n",
        "<<<<<<<< acht\n",
        "  ```\n  <<<<<<< HEAD\n  ```\n",
    ],
)
def test_what_only_looks_like_a_conflict_is_none(text: str) -> None:
    assert read_files({**GOOD, "article.md": BODY + text})[1] == ()


@pytest.mark.parametrize("field", ["title: Chips <!-- Tom? -->", "title: Chips\nsubtitle: '<!-- Tom? -->'"])
def test_a_comment_in_a_text_without_markdown_is_a_fault(field: str) -> None:
    _, (diagnostic,) = read(article_md=f"---\n{field}\npublished: 2026\nsummary: So.\n---\nText.\n")
    assert (diagnostic.code, diagnostic.message) == (
        "value-malformed",
        "this field has no Markdown, so the comment in it would be printed",
    )
