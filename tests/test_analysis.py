"""From a folder to an analysed article, and from there to its files: without a disk, and one way only."""

import subprocess
import sys
from pathlib import Path

import pytest

from randnotiz import editing, site
from randnotiz.analysis import AnalysedArticle, SiteContext, analyse, analyse_folder, read_context
from randnotiz.colours import LIGHT
from randnotiz.diagnostics import Diagnostic
from randnotiz.editing.page_text import page_text
from randnotiz.rendering import draw, index_entry, render
from randnotiz.site import BuildOptions
from tests import sample
from tests.places import folders_in

HEAD = "---\ntitle: Steigen die Mieten?\nsummary: Nachgerechnet.\npublished: 2026-11-24\n---\n\n"
TEXT = "Die Mieten stiegen um 12 Prozent, schreibt das Amt. Die Kammer widerspricht.[^wer]\n\n[^wer]: Am Montag.\n"
NOTES = """notes:
- {id: amt, kind: context, draft: true, quote: um 12 Prozent, note: Das ist noch zu prüfen.}
- {id: kammer, kind: context, quote: Die Kammer, note: Sie vertritt Vermieter.}
"""


def analysed(*, drafts: bool = False, head: str = HEAD, text: str = TEXT, **files: str) -> AnalysedArticle | None:
    raw = {"article.md": head + text, **{f"{name}.yaml": yaml for name, yaml in files.items()}}
    context = SiteContext(settings=sample.settings(), sources={}, drafts=drafts, files={})
    return analyse("mieten", {name: words.encode() for name, words in raw.items()}, context)[0]


def test_drafts_are_told_apart_from_what_is_published_unless_they_are_to_be_shown() -> None:
    for drafts, shown in ((False, ["kammer"]), (True, ["amt", "kammer"])):
        article = analysed(drafts=drafts, notes=NOTES)
        assert article
        assert [one.id for one in article.written.editorial_notes] == ["amt", "kammer"]
        assert [note.id for note in article.annotated.notes if note.kind == "note"] == shown


def test_an_article_that_is_a_draft_is_analysed_only_where_drafts_are_shown() -> None:
    draft = HEAD.replace("---\n\n", "draft: true\n---\n\n")
    assert analysed(head=draft) is None
    assert analysed(head=draft, drafts=True)


def test_an_analysed_article_knows_the_way_from_its_words_back_to_its_file() -> None:
    article = analysed(text="Ein Absatz.\n\n" + TEXT)
    assert article
    document = article.annotated.document
    assert document
    assert document.text == article.annotated.reading
    assert document.position(document.text.index("Kammer"))[1:3] == (9, 57)


def test_a_text_beyond_a_limit_has_no_such_way() -> None:
    article = analysed(text="**a** " * 60_000)
    assert article
    assert article.annotated.document is None
    assert editing.lost(article, {}) == ()


def test_what_cannot_be_read_of_all_that_articles_share_is_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("title: T\nurl: https://mieten.example/\nlang: de\npublisher: P\n")
    (tmp_path / "sources.yaml").write_text("sources: [{id: amt, type: report, title: Mieten}]\n")
    context, diagnostics = read_context(tmp_path, base_url="https://vorschau.example/pfad")
    assert context.settings
    assert context.settings.url == "https://vorschau.example/pfad/"
    assert (list(context.sources or ()), diagnostics) == (["amt"], ())
    (tmp_path / "site.yaml").write_bytes(b"title: Stra\xdfe\n")
    (tmp_path / "sources.yaml").rename(tmp_path.parent / "elsewhere.yaml")
    (tmp_path / "sources.yaml").symlink_to(tmp_path.parent / "elsewhere.yaml")
    context, diagnostics = read_context(tmp_path)
    assert (context.settings, context.sources) == (None, None)
    assert [(one.position.path, one.code) for one in diagnostics] == [
        ("site.yaml", "encoding"),
        ("sources.yaml", "file-outside"),
    ]
    assert diagnostics[0].excerpt


FAULTS = {
    "a note on words that are not there": ("notes", NOTES.replace("um 12 Prozent", "um 13 Prozent")),
    "a chart of a column that is not there": (
        "charts",
        "charts:\n- {id: a, title: A, alt: B, after: das Amt, rows: [{x: 1}], mark: bar, encoding: {x: {field: y}}}",
    ),
    "a source that is not there": ("sources", "citations:\n- {quote: das Amt, sources: [amt]}"),
    "a formula of nothing": ("figures", "figures:\n  summe: {label: Summe, formula: a * 2}"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_check_and_those_who_mend_an_article_are_told_the_same(tmp_path: Path, name: str) -> None:
    folders = folders_in(tmp_path)
    (folders.content / "mieten").mkdir(parents=True)
    (folders.content / "site.yaml").write_text("title: T\nurl: https://mieten.example/\nlang: de\npublisher: P\n")
    (folders.content / "mieten" / "article.md").write_text(HEAD + TEXT)
    file, yaml = FAULTS[name]
    (folders.content / "mieten" / f"{file}.yaml").write_text(yaml)

    def faults(diagnostics: tuple[Diagnostic, ...]) -> list[Diagnostic]:
        return sorted(one for one in diagnostics if one.severity == "error" and one.code != "quote-missing")

    checked = site.check(folders, BuildOptions(drafts=True)).diagnostics
    mended = editing.reanchor(folders.content, "mieten", lambda *_: None)
    assert [one for one in checked if one.severity == "error"]
    assert faults(checked) == faults(mended.faults)
    assert len(faults(checked)) + mended.left > 0
    assert faults(checked) == faults(analyse_folder(folders.content, "mieten", read_context(folders.content)[0])[1])


def test_readers_select_the_numbers_of_published_notes_with_the_text() -> None:
    article = analysed(drafts=True, notes=NOTES)
    assert article
    assert article.annotated.document
    page = page_text(article.annotated, article.annotated.document).folded.source
    assert page.startswith("Die Mieten stiegen um 12 Prozent, schreibt das Amt. Die Kammer1 widerspricht.2")
    published = analysed(notes=NOTES)
    assert published
    assert [note.number for note in published.annotated.notes] == [1, 2]


def test_the_files_of_an_article_and_its_entry_in_the_lists_are_made_without_a_disk() -> None:
    article = analysed(notes=NOTES)
    assert article
    drawn, diagnostics, _ = draw(article, None, LIGHT)
    assert (drawn, diagnostics) == ({}, ())
    files, _ = render(article, sample.theme(), drawn, paint=str.encode)
    assert {path.partition("/")[0] for path in files} == {"mieten"}
    assert {"mieten/index.html", "mieten/single.html", "mieten/annotations.jsonld"} <= files.keys()
    assert b"Sie vertritt Vermieter." in files["mieten/index.html"]
    assert b"noch zu pr" not in b"".join(files.values())
    entry = index_entry(article, SiteContext(settings=sample.settings(), sources={}, files={}))
    assert entry.summary.title == "Steigen die Mieten?"
    assert set(entry.references.places) >= {"n-kammer", "r-kammer", "n-footnote-wer"}


def test_a_save_of_the_text_leaves_all_that_was_computed_the_very_same() -> None:
    figures = """quantities:
  alt: {label: Miete, value: 900, unit: EUR, sources: [amt]}
figures:
  neu: {label: Neue Miete, formula: alt * 1.12, unit: EUR}
"""
    sources = "sources:\n- {id: amt, type: report, title: Mieten}\n"
    first, second = (analysed(text=text, figures=figures, sources=sources) for text in (TEXT, "Davor. " + TEXT))
    assert first
    assert second
    assert first.annotated.reading != second.annotated.reading
    assert list(first.annotated.results.figures) == ["neu"]
    assert first.annotated.results is second.annotated.results


def test_a_check_loads_nothing_that_fills_pages_draws_or_explains_faults() -> None:
    script = """
import sys
import build
assert build.main(["check", "--no-draw", "--format", "json"]) == 0
spare = "jinja2", "randnotiz.pages", "randnotiz.exports", "randnotiz.yamldoc.explanations", "randnotiz.charts.layout"
print([name for name in spare if name in sys.modules])
"""
    checked = subprocess.run(
        [sys.executable, "-c", script], cwd=sample.ROOT, check=True, capture_output=True, text=True
    )
    assert checked.stdout.splitlines()[-1] == "[]"
