"""Lists of articles, topics and claims in pages of forty, for one article and for two thousand."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from playwright.sync_api import Browser

from randnotiz import reader
from randnotiz.index import ArticleSummary, ClaimSummary
from randnotiz.pages import assets, lists
from randnotiz.pages.lists import A_PAGE, MOST_TOPICS, ListPage
from randnotiz.site import BuildOptions, building
from randnotiz.site.output import read_manifest
from tests import sample
from tests.lines import line, listed
from tests.places import folders_in

PAGE = re.compile(r"(?:index|page/\d+/index)\.html")


def newspaper(count: int, **fields: Any) -> list[ArticleSummary]:
    """So many articles, newest first, six a month."""
    days = [f"{2000 + at // 72}-{at // 6 % 12 + 1:02}-{at % 6 + 1:02}" for at in range(count)]
    lines = [line(f"artikel-{at}", title=f"Titel {at}", published=day, **fields) for at, day in enumerate(days)]
    return lines[::-1]


def made(lines: Sequence[ArticleSummary]) -> dict[str, ListPage]:
    return {page.path: page for page in lists.pages(reversed(lines), sample.theme())}


def articles(html: str) -> list[str]:
    """The articles on a page in their order."""
    main = html5lib.parse(html, namespaceHTMLElements=False).find(".//main")
    titles = (a for heading in main.iter() if heading.tag in ("h2", "h3") for a in heading.iter("a"))
    found = (re.fullmatch(r"(?:\.\./)*([\w-]+)/index\.html", a.get("href")) for a in titles)
    return [one[1] for one in found if one]


def words(html: str, tag: str) -> list[str]:
    main = html5lib.parse(html, namespaceHTMLElements=False).find(".//main")
    return [" ".join("".join(one.itertext()).split()) for one in main.iter(tag)]


@pytest.mark.parametrize("count", [1, 2, A_PAGE, A_PAGE + 1, 2 * A_PAGE, 2 * A_PAGE + 1, 2000])
def test_whoever_turns_the_pages_meets_every_article_on_pages_of_forty(count: int) -> None:
    pages = listed(newspaper(count, topics=(), claims=()), sample.theme())
    assert all(PAGE.fullmatch(path) for path in pages)
    path, seen = "index.html", []
    while path:
        html = pages.pop(path)
        assert len(articles(html)) == min(A_PAGE, count)
        seen += articles(html)
        older = re.search(r'rel="next" href="([^"]+)"', html)
        path = older[1].lstrip("./") if older else ""
    assert list(dict.fromkeys(seen)) == [one.slug for one in newspaper(count)]
    assert pages == {}


def test_a_full_page_stays_the_same_for_ever() -> None:
    before, after = made(newspaper(100)), made(newspaper(140))
    full = {path for path in before if "page/" in path}
    assert {"page/1/index.html", "page/2/index.html", "topics/wohnen/page/2/index.html"} <= full
    for path in full:
        assert (before[path].digest, before[path].html()) == (after[path].digest, after[path].html()), path
    assert before["index.html"].digest != after["index.html"].digest


def test_a_site_with_one_article_leads_with_it_and_has_no_list_of_more() -> None:
    pages = listed([line("chips", topics=())], sample.theme())
    assert articles(pages["index.html"]) == ["chips"]
    assert "Es waren neun Prozent." in pages["index.html"]
    for nothing in ('class="pager"', 'class="month"', 'class="rows"', "topics/", "hreflang"):
        assert nothing not in pages["index.html"], nothing


def test_a_row_has_day_title_what_came_out_and_a_cell_for_each_claim() -> None:
    given = ("supported", None, "wrong", "wrong")
    claims = tuple(ClaimSummary(id=f"c-{at}", claim="X.", verdict=verdict) for at, verdict in enumerate(given))
    row = line("strom", claims=claims, conclusion="Es war wenig. Mehr steht unten.", published="2026-10-02")
    html = listed([line("chips"), row], sample.theme())["index.html"]
    (item,) = [one for one in words(html, "li") if "Es war wenig." in one]
    assert item == "2. Oktober 2026 Steigen die Mieten? Es war wenig."
    assert "Oktober 2026" in words(html, "h2")
    cells = re.findall(r'aria-label="(4 [^"]+)">((?:<i class="v\w"></i>)+)</p>', html)
    label = (
        "4 Aussagen geprüft: 2\N{NO-BREAK SPACE}Widerlegt, 1\N{NO-BREAK SPACE}Belegt, 1\N{NO-BREAK SPACE}ohne Urteil"
    )
    assert [(said, re.findall(r"v\w", shown)) for said, shown in cells] == [(label, ["v3", "v3", "v7", "vx"])]


def test_articles_in_another_language_have_lists_of_their_own_in_it() -> None:
    pages = listed([line("chips"), line("rents", lang="en"), line("mieten", lang="de-AT")], sample.theme())
    assert articles(pages["index.html"]) == ["chips", "mieten", "rents"]  # the last below a heading of its own
    assert "English 1" in words(pages["index.html"], "h2")
    assert articles(pages["page/en/index.html"])[0] == "rents"
    assert articles(pages["topics/wohnen/index.html"]) == ["chips", "mieten"]
    assert articles(pages["page/en/topics/wohnen/index.html"]) == ["rents"]
    assert "All claims" in pages["page/en/claims/index.html"]
    for path in ("index.html", "page/en/index.html"):
        heads = re.findall(r'alternate" hreflang="(\w+)" href="(https[^"]+)"', pages[path])
        assert dict(heads) == {"de": "https://randnotiz.example/", "en": "https://randnotiz.example/page/en/"}
        assert re.search(r'<html lang="(\w+)"', pages[path])[1] == ("en" if "page/" in path else "de")  # type: ignore[index]


def test_what_runs_the_other_way_says_so() -> None:
    pages = listed([line("chips"), line("mayim", lang="he"), line("rents", lang="en")], sample.theme())
    assert '<section lang="he" dir="rtl">' in pages["index.html"]
    assert '<li lang="he" dir="rtl">' in pages["index.html"]
    assert '<section lang="en">' in pages["index.html"]
    assert '<section lang="de" dir="ltr">' in pages["page/he/index.html"]


def test_a_topic_is_one_however_it_is_written_and_only_the_commonest_stand_on_the_index() -> None:
    many = [line(f"a-{at}", topics=(f"Thema {chr(97 + at)}", "straße" if at < 19 else "Straße")) for at in range(20)]
    pages = listed(many, sample.theme())
    assert len(articles(pages["topics/strasse/index.html"])) == 20
    assert "Straße 20" in " ".join(words(pages["index.html"], "nav"))
    assert pages["index.html"].count('href="topics/') == MOST_TOPICS + 1
    assert len(words(pages["topics/index.html"], "li")) == 21


def test_all_claims_stand_by_verdict_with_who_made_them() -> None:
    def claims(at: int) -> tuple[ClaimSummary, ...]:
        return (
            ClaimSummary(id="open", claim=f"Offen {at}.", by="Amt", verdict=None),
            ClaimSummary(id="wrong", claim=f"Falsch {at}.", by="Verein, 2. Mai 2026", verdict="wrong", why="Darum."),
        )

    lines = [replace(one, claims=claims(at)) for at, one in enumerate(newspaper(90))]
    pages = listed(lines, sample.theme())
    assert words(pages["claims/index.html"], "h2") == ["Widerlegt 90", "ohne Urteil 90"]
    for path in ("claims/index.html", "claims/no.verdict/index.html"):
        assert "Kein Urteil, etwa weil es eine Meinung oder eine Vorhersage ist." in pages[path]
    assert len(words(pages["claims/index.html"], "li")) == 2 * lists.A_FEW
    wrong = words(pages["claims/wrong/index.html"], "li")
    assert len(wrong) == A_PAGE
    assert wrong[0] == "„Falsch 0.“ Verein, 2. Mai 2026 – Darum. Titel 89, 6. März 2001"
    assert 'href="../../artikel-89/claims/wrong/index.html"' in pages["claims/wrong/index.html"]
    assert 'href="../../artikel-89/index.html#claim-open"' in pages["claims/no.verdict/index.html"]
    assert {"claims/wrong/page/1/index.html", "claims/wrong/page/2/index.html"} <= pages.keys()


@pytest.mark.parametrize(
    ("topic", "said"), [("…", "no letter and no number"), ("Page", "kept for"), ("con", "kept for")]
)
def test_a_topic_of_which_no_address_can_be_made_is_told(topic: str, said: str) -> None:
    text = f"---\ntitle: T\npublished: 2026-11-24\nsummary: S\ntopics: [{topic}]\n---\nText.\n"
    _, diagnostics = reader.read_article("a", {"article.md": text.encode()}, sample.settings(), {})
    (found,) = [one for one in diagnostics if "topic" in one.message or "letter" in one.message]
    assert (found.code, found.position.line) == ("value-malformed", 5)
    assert said in found.message


def test_a_list_of_drafts_alone_is_no_page_for_search_engines() -> None:
    pages = made([line("chips"), line("geheim", draft=True, published="", topics=("Geheimes",))])
    assert pages["topics/geheimes/index.html"].day is None
    assert 'content="noindex"' in pages["topics/geheimes/index.html"].html()
    assert pages["index.html"].day == "2026-11-23"


ARTICLE = """\
---
title: {title}
topics: [Wohnen, Nummer {at}]
published: 2026-{month:02}-{day:02}
conclusion: Es waren neun Prozent.
---
Die Mieten stiegen um 12 Prozent.
"""
CLAIMS = """\
counterclaims:
- {id: too-high, quote: Die Mieten stiegen, claim: Sie stiegen., claimed_by: Verein, stance: disputes, counter: Nein.,
  by: Amt, sources: [amt], why: Darum., verdict: wrong}
"""


@pytest.mark.slow
def test_another_title_rewrites_the_article_and_the_pages_that_show_it(tmp_path: Path) -> None:
    folders = folders_in(tmp_path)
    content = folders.content
    content.mkdir()
    (content / "sources.yaml").write_text("sources: [{id: amt, type: report, title: Mieten}]", encoding="utf-8")
    (content / "site.yaml").write_text(
        "title: T\nurl: https://t.example/\nlang: de\npublisher: P\nverdicts: [{key: wrong, de: Widerlegt}]\n",
        encoding="utf-8",
    )
    for at in range(A_PAGE * 2 + 10):
        (content / f"a-{at:03}").mkdir()
        text = ARTICLE.format(title=f"Titel {at}", at=at, month=at // 28 + 1, day=at % 28 + 1)
        (content / f"a-{at:03}" / "article.md").write_text(text, encoding="utf-8")
        (content / f"a-{at:03}" / "counterclaims.yaml").write_text(CLAIMS, encoding="utf-8")
    assert not building.build(folders, BuildOptions(jobs=2)).stopped

    def seen() -> dict[str, int]:
        return {path: (folders.output / path).stat().st_ino for path in read_manifest(folders.output)}

    before, one = seen(), content / "a-005" / "article.md"
    one.write_text(one.read_text(encoding="utf-8").replace("Titel 5", "Anders"), encoding="utf-8")
    os.utime(one, (1, 1))
    assert building.build(folders, BuildOptions()).built == 1
    after = seen()
    rewritten = {path for path, inode in after.items() if before[path] != inode and not path.startswith("a-005/")}
    assert {path for path in rewritten if path.endswith("index.html")} == {
        "page/1/index.html",
        "topics/wohnen/page/1/index.html",
        "topics/nummer-5/index.html",
        "claims/wrong/page/1/index.html",
        "sources/amt/page/1/index.html",
    }
    others = {path for path in rewritten if not path.endswith("index.html")}
    assert len(others) <= 2, others
    assert all(path.startswith(("search/words-", "search/ends-")) for path in others)
    assert all((path in after) for path in before)


# ---- what readers see ----


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lists of a newspaper of ninety articles in two languages, as pages on the disk."""
    given = ("wrong", "disputed", "disputed", "supported", None, None)
    claims = tuple(
        ClaimSummary(
            id=f"c-{at}", claim=f"Die Mieten stiegen um {at} Prozent.", by="Verein, 2. Mai 2026", verdict=verdict
        )
        for at, verdict in enumerate(given * 4)
    )
    long = "Die Donaudampfschifffahrtsgesellschaft zählt jeden Zug, nur nicht den, der ausgefallen ist."
    german = [
        replace(
            one,
            conclusion=long,
            topics=(f"Wohnungsbaugenossenschaften {at % 20}", "Wohnen"),
            claims=claims[: at % 24],
        )
        for at, one in enumerate(newspaper(90))
    ]
    english = [replace(one, slug=f"en-{one.slug}", lang="en", title="Are rents rising?") for one in newspaper(3)]
    root, theme = tmp_path_factory.mktemp("lists"), sample.theme()
    files = listed([*german, *english], theme) | {path: raw.decode() for path, raw in assets(theme).items()}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


SHOWN = (
    *("index.html", "page/2/index.html", "page/en/index.html", "topics/index.html", "topics/wohnen/index.html"),
    *("claims/index.html", "claims/disputed/index.html", "claims/no.verdict/page/1/index.html"),
)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_lists_fit_every_window_and_axe_finds_nothing(
    browser: Browser, on_disk: Path, artefacts: Path, width: int, scheme: Any
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    for path in SHOWN:
        page = context.new_page()
        page.goto((on_disk / path).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        rows = page.evaluate("[...document.querySelectorAll('.rows:not(.claimed) > li')].map(li => li.offsetHeight)")
        if width == 1440:
            assert all(height <= 80 for height in rows), path
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        page.screenshot(path=artefacts / f"list-{path.replace('/', '-')}-{width}-{scheme}.png")
        page.close()
    context.close()
