"""Drafts and articles of later days: what is wrong with drafts stops no build, and nobody finds either too early."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from randnotiz import site
from randnotiz.diagnostics import Diagnostic
from randnotiz.site import BuildOptions, SitePaths, building
from tests.places import folders_in

SITE = "title: Stadtblatt\nurl: https://stadtblatt.example/\nlang: de\npublisher: {name: Stadtblatt}\n"
FRONT = "---\ntitle: Steigen die Mieten?\nsummary: Nachgerechnet.\npublished: 2026-11-24\n---\n"
TEXT = "Die Mieten stiegen nach Angaben des Amtes. Die Kammer widerspricht.\n"
SOURCES = """\
sources:
- {id: amt, type: report, title: Mietbericht, issued: 2025}
citations:
- {id: angaben, quote: nach Angaben des Amtes, sources: [amt]}
"""
DRAFT = FRONT.replace("published: 2026-11-24", "draft: true")
LOOSE = BuildOptions(strict=True)
WITH_DRAFTS = BuildOptions(drafts=True)

Files = Mapping[str, str]


@pytest.fixture
def folders(tmp_path: Path) -> SitePaths:
    """A site with a sound article, `mieten`."""
    folders = folders_in(tmp_path)
    write(folders, "mieten", {"article.md": FRONT + TEXT, "sources.yaml": SOURCES})
    (folders.content / "site.yaml").write_text(SITE, encoding="utf-8")
    return folders


def write(folders: SitePaths, slug: str, files: Files) -> None:
    (folders.content / slug).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folders.content / slug / name).write_text(text, encoding="utf-8")


def codes(diagnostics: tuple[Diagnostic, ...]) -> set[str]:
    return {one.code for one in diagnostics}


NOTE = "notes:\n- {id: kammer, kind: context, quote: Die Kammer, note: Sie vertritt Vermieter.}\n"
CHART = """\
charts:
- id: verlauf
  draft: true
  after: Die Mieten stiegen
  title: Die Mieten steigen
  alt: Zwei Balken.
  sources: [amt]
  data: {rows: [{jahr: 2024, miete: 800}, {jahr: 2025, miete: 900}]}
  vega-lite: {mark: bar, encoding: {x: {field: preis, type: quantitative}}}
"""
FIGURES = """\
quantities:
  miete: {label: Miete, value: 900, unit: EUR/month, assumed: geschätzt}
figures:
  jahr: {label: Jahresmiete, formula: miete * 12 * month, unit: EUR, quote: Die Mieten}
  wirr: {label: Wirr, draft: true, formula: miete + 3 * kg, unit: EUR}
"""

# What an article that is a draft holds, and the code of what is wrong with it.
ARTICLES: Mapping[str, tuple[Files, str]] = {
    "no summary": ({"article.md": DRAFT.replace("summary: Nachgerechnet.\n", "") + TEXT}, "field-missing"),
    "a day that is none": ({"article.md": DRAFT.replace("---\nt", "---\nupdated: nun\nt") + TEXT}, "date-malformed"),
    "a bracket open": ({"article.md": DRAFT.replace("draft:", "covered: [\ndraft:") + TEXT}, "yaml-syntax"),
    "no end of its front matter": ({"article.md": DRAFT[:-4] + TEXT}, "yaml-syntax"),
    "bytes that are no text": ({"article.md": DRAFT + "\x00"}, "encoding"),
    "a quotation that is lost": (
        {"article.md": DRAFT + TEXT, "notes.yaml": NOTE.replace("Die Kammer", "Der Rat")},
        "quote-missing",
    ),
    "no YAML beside it": ({"article.md": DRAFT + TEXT, "notes.yaml": "notes: ["}, "yaml-syntax"),
    "a picture from elsewhere": ({"article.md": DRAFT + "![Haus](https://bild.example/haus.png)\n"}, "image-remote"),
    "a chart of no column": (
        {"article.md": DRAFT + TEXT, "sources.yaml": SOURCES, "charts.yaml": CHART},
        "chart-field-unknown",
    ),
    "a text too long": ({"article.md": DRAFT + "Wort " * 250_000}, "limit-exceeded"),
}
# What stands beside a published article, with a draft in it.
ANNOTATIONS: Mapping[str, tuple[Files, str]] = {
    "a quotation that is lost": (
        {"notes.yaml": NOTE + "- {id: rat, draft: true, kind: context, quote: Der Rat, note: Offen.}\n"},
        "quote-missing",
    ),
    "a field that there is not": (
        {"notes.yaml": NOTE + "- {id: rat, draft: true, kind: context, farbe: rot, note: Offen.}\n"},
        "field-unknown",
    ),
    "a field twice": (
        {"notes.yaml": NOTE + "- id: rat\n  draft: true\n  kind: context\n  note: Offen.\n  note: Zu.\n"},
        "field-doubled",
    ),
    "nothing but its name": ({"notes.yaml": "notes:\n- {id: rat, draft: true}\n"}, "field-missing"),
    "the id of another, before it": (
        {"notes.yaml": NOTE.replace("- {", "- {id: kammer, draft: true, kind: context, note: Offen.}\n- {")},
        "id-doubled",
    ),
    "a source that there is not": (
        {"sources.yaml": SOURCES + "- {id: b, draft: true, quote: Die Kammer, sources: [kammer]}\n"},
        "source-unknown",
    ),
    "a chart of no column": ({"charts.yaml": CHART}, "chart-field-unknown"),
    "a formula of rents and weights": ({"figures.yaml": FIGURES}, "unit-mismatch"),
    "a comment in its text": (
        {"notes.yaml": NOTE + "- id: rat\n  draft: true\n  kind: context\n  note: Offen #1 ist zu.\n"},
        "comment-cuts",
    ),
}


@pytest.mark.parametrize("name", ARTICLES)
def test_a_draft_stops_no_build_whatever_is_wrong_with_it(folders: SitePaths, name: str) -> None:
    files, code = ARTICLES[name]
    write(folders, "entwurf", files)
    assert_it_stops_only_a_build_with_drafts(folders, "entwurf", code)


def test_what_is_sound_is_built_beside_broken_drafts(folders: SitePaths) -> None:
    for name, (files, _) in ARTICLES.items():
        write(folders, name.replace(" ", "-"), files)
    write(folders, "mieten", {"notes.yaml": ANNOTATIONS["a field that there is not"][0]["notes.yaml"]})
    made = building.build(folders, LOOSE)
    assert not made.stopped
    assert {path.parent.name for path in folders.output.glob("*/single.html")} == {"mieten"}
    assert 'id="n-kammer"' in (folders.output / "mieten" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ANNOTATIONS)
def test_an_annotation_that_is_a_draft_stops_no_build(folders: SitePaths, name: str) -> None:
    files, code = ANNOTATIONS[name]
    write(folders, "mieten", files)
    assert_it_stops_only_a_build_with_drafts(folders, "mieten", code)


def assert_it_stops_only_a_build_with_drafts(folders: SitePaths, slug: str, code: str) -> None:
    made = site.check(folders, LOOSE)
    found = {(one.position.path.partition("/")[0], one.code, one.severity) for one in made.diagnostics}
    assert (made.stopped, found) == (False, {(slug, code, "warning")})
    assert all("draft" in one.hint for one in made.diagnostics)
    shown = site.check(folders, replace(WITH_DRAFTS, strict=True))
    assert shown.stopped
    assert (slug, code) in {(one.position.path.partition("/")[0], one.code) for one in shown.diagnostics}


FAULTS: Mapping[str, tuple[Files, str]] = {
    "in a published note behind a draft": (
        {"notes.yaml": "notes:\n- {id: a, draft: true, kind: context, note: A}\n- {id: b, farbe: rot}\n"},
        "field-unknown",
    ),
    "of a formula that rests on a draft": (
        {"figures.yaml": FIGURES.replace("miete * 12", "wirr * 12").replace("* month", "")},
        "draft-used",
    ),
    "of a formula that all but names a draft": (
        {"figures.yaml": FIGURES.replace("miete * 12", "wirrr * 12")},
        "figure-unknown",
    ),
    "of a day that is only said to be a draft in the text": (
        {"article.md": FRONT.replace("2026-11-24", "gestern") + "draft: true\n"},
        "date-malformed",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_what_is_published_stops_a_build_beside_any_draft(folders: SitePaths, name: str) -> None:
    files, code = FAULTS[name]
    write(folders, "mieten", files)
    made = site.check(folders, BuildOptions())
    assert made.stopped
    assert code in {one.code for one in made.diagnostics if one.severity == "error"}


def test_a_draft_is_marked_and_kept_from_search_engines(folders: SitePaths) -> None:
    claim = (
        "counterclaims:\n- {id: hoch, claim: Die Mieten steigen., claimed_by: Amt, verdict: wrong, stance: disputes, "
        "counter: Nein., by: Verein, sources: [buch]}\n"
    )
    book = "sources:\n- {id: buch, type: book, title: Wohnen}\n"
    (folders.content / "site.yaml").write_text(SITE + "verdicts:\n- {key: wrong, de: Widerlegt}\n", encoding="utf-8")
    write(folders, "entwurf", {"article.md": DRAFT + TEXT, "sources.yaml": book, "counterclaims.yaml": claim})
    write(folders, "mieten", {"notes.yaml": NOTE})
    assert not building.build(folders, WITH_DRAFTS).stopped
    pages = {path.relative_to(folders.output).as_posix(): path for path in folders.output.rglob("*.html")}
    hidden = {name for name, path in pages.items() if '<meta name="robots" content="noindex">' in path.read_text()}
    assert hidden == {
        "entwurf/index.html",
        "entwurf/single.html",
        "entwurf/claims/hoch/index.html",
        "entwurf/claims/hoch/embed.html",
        "claims/index.html",
        "search/index.html",
        "claims/wrong/index.html",
        "sources/buch/index.html",
    }
    for name in ("entwurf/index.html", "entwurf/claims/hoch/embed.html", "index.html", "sources/buch/index.html"):
        assert '<span class="draft">Entwurf</span>' in pages[name].read_text(encoding="utf-8"), name


def test_a_note_and_a_chart_that_are_drafts_are_marked_where_they_are_shown(folders: SitePaths) -> None:
    notes = NOTE.replace("kind:", "draft: true, kind:") + "- {id: amt, kind: context, quote: Amtes, note: In Bonn.}\n"
    write(folders, "mieten", {"notes.yaml": notes, "charts.yaml": CHART.replace("preis", "miete")})
    assert not building.build(folders, WITH_DRAFTS).stopped
    page = (folders.output / "mieten" / "index.html").read_text(encoding="utf-8")
    marked = re.findall(r'id="(n-|chart-)([a-z]+)"(?:(?!<li |<figure ).)*?class="draft"', page, re.DOTALL)
    assert marked == [("chart-", "verlauf"), ("n-", "kammer")]
    assert 'content="noindex"' in page


LATER = FRONT.replace("2026-11-24", "2027-01-01")


def test_an_article_of_a_later_day_is_warned_of_and_left_out_of_a_build_of_an_earlier_one(folders: SitePaths) -> None:
    write(folders, "morgen", {"article.md": LATER.replace("Steigen", "Fallen") + TEXT, "sources.yaml": SOURCES})
    for day, shown in ((None, True), ("2026-12-31", False), ("2027-01-01", True), ("2026-11-30", False)):
        made = building.build(folders, BuildOptions(as_of=day, strict=True))
        assert not made.stopped
        assert codes(made.diagnostics) == (set() if shown else {"published-later"}), day
        holders = {
            path.relative_to(folders.output).as_posix()
            for path in folders.output.rglob("*")
            if path.is_file() and b"morgen" in path.read_bytes()
        }
        assert bool(holders) is (folders.output / "morgen").exists() is shown, day
        if shown:
            assert {"index.html", "feed.xml", "sitemap.xml", "sources/amt/index.html"} <= holders
    (warning,) = site.check(folders, BuildOptions(as_of="2026-12-31", ahead=True)).diagnostics
    assert (str(warning.position), warning.code) == ("morgen/article.md:4:12", "published-later")
    assert warning.excerpt


def test_whatever_leads_to_a_draft_that_is_left_out_is_a_fault_that_says_so(folders: SitePaths) -> None:
    write(folders, "entwurf", {"article.md": DRAFT + TEXT})
    front = FRONT.replace("summary:", "translations: {en: entwurf}\nsummary:")
    write(folders, "mieten", {"article.md": f"{front}{TEXT}\n[Mehr](../entwurf/), [früher](../alt/).\n"})
    write(folders, "pages", {"impressum.md": "---\ntitle: I\n---\n[Mehr](../../entwurf/)\n"})
    (folders.content / "site.yaml").write_text(f"{SITE}redirects: {{alt: entwurf}}\n", encoding="utf-8")
    made = site.check(folders, LOOSE)
    assert {one.message for one in made.diagnostics} == {"the article 'entwurf' is a draft, and left out here"}
    places = [str(one.position) for one in sorted(made.diagnostics)]
    assert places == [
        "mieten/article.md:3:20",
        "mieten/article.md:9:8",
        "mieten/article.md:9:31",
        "pages/impressum.md:4:8",
        "site.yaml:5:18",
    ]
    assert made.stopped


def test_an_article_of_a_later_day_may_be_on_the_record_of_addresses(folders: SitePaths) -> None:
    (folders.content / "site.yaml").write_text(SITE + "addresses: [mieten, morgen]\n", encoding="utf-8")
    write(folders, "morgen", {"article.md": LATER + TEXT})
    assert codes(building.build(folders, BuildOptions(as_of="2026-11-24")).diagnostics) == {"published-later"}


def test_a_link_to_an_article_of_a_later_day_is_a_fault_of_a_build_that_leaves_it_out(folders: SitePaths) -> None:
    write(folders, "mieten", {"article.md": FRONT + TEXT + "\n[Mehr](../morgen/).\n"})
    write(folders, "morgen", {"article.md": LATER + TEXT})
    options = BuildOptions(as_of="2026-11-24")
    for made in (building.build(folders, options), site.check(folders, options)):
        assert made.stopped
        assert codes(made.diagnostics) == {"published-later", "link-broken"}
    assert not building.build(folders, replace(options, ahead=True)).stopped
