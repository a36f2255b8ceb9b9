"""The search: an index that a page can load from the disk, and answers that a reader would expect."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from randnotiz.exports import search
from randnotiz.exports.search import Entry, folded
from randnotiz.pages import POLICY

ROOT = Path(__file__).parent.parent
WORDS = (
    "Überwachungs­kameras kosten 2.798 Euro",
    "Straße, STRASSE und ẞ",
    "Ein naïver Café-Besitzer aus Łódź",
    "R1-Zero: 50,000 GPUs (H100/H800) — »alle«",
    "Ελλάδα, Россия, 日本語 and ﬁne ½ x² İstanbul",
    "it's a snake_case word",
)


def entry(title: str, words: str = "", kind: str = "claim") -> Entry:
    return Entry(kind, title, "darunter", "mieten/index.html", "de", words)


def parts(found: list[Entry]) -> dict[str, object]:
    """What the scripts of an index say, by name."""
    read = {}
    for _, script in search.index(found, "de"):
        match = re.fullmatch(r'\(self\.searchParts \?\?= \{\}\)\["([a-z0-9-]+)"\] = (.*);\n', script.decode())
        assert match
        read[match[1]] = json.loads(match[2])
    return read


def numbers(packed: str) -> list[list[int]]:
    """Entries by where they have a word, the distances between them added up."""
    return [[sum(map(int, half.split()[: at + 1])) for at in range(len(half.split()))] for half in packed.split("|")]


def test_umlauts_accents_and_case_do_not_matter() -> None:
    assert folded("Über die Größe des CAFÉS") == ["uber", "die", "grosse", "des", "cafes"]


def test_a_word_leads_to_the_entries_that_have_it_in_their_title_and_to_the_others() -> None:
    titles = ["Mieten steigen", "Löhne sinken", "Mieten fallen", "Preise", "Mieten bleiben"]
    found = [entry(title, "Berlin" if "sinken" in title else "Mieten") for title in titles]
    words = parts(found)["words-0"]
    assert isinstance(words, dict)
    assert numbers(words["mieten"]) == [[0, 2, 4], [3]]
    assert numbers(words["berlin"]) == [[], [1]]


def test_a_large_index_comes_in_parts_that_the_list_of_them_can_find() -> None:
    found = [entry(f"Miete{number:05} in Stadt{number:05} und Dorf", f"wort{number:05}") for number in range(4000)]
    read = parts(found)
    listed = read["index"]
    assert isinstance(listed, dict)
    assert listed["count"] == 4000
    assert len([name for name in read if name.startswith("entries-")]) == 20
    words = [read[f"words-{number}"] for number in range(len(listed["first"]))]
    assert len(words) > 2
    assert [min(part) for part in words if isinstance(part, dict)] == listed["first"]
    assert max(len(json.dumps(part)) for part in words) < 2 * search.PART
    assert listed["common"] == ["dorf", "in", "und"]


def test_a_change_of_any_part_changes_the_edition_by_which_browsers_load_them() -> None:
    editions = {parts([entry(title)])["index"]["edition"] for title in ("Mieten", "Löhne")}  # type: ignore[index] # an object
    assert len(editions) == 2


@pytest.fixture(scope="module")
def site(real_site: Path) -> Path:
    return real_site


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.close()
    assert said == []


def ask(page: Page, words: str) -> list[str]:
    page.get_by_role("searchbox").fill("")  # and with it goes the answer to the question before
    expect(page.get_by_role("status")).to_have_text("")
    page.get_by_role("searchbox").fill(words)
    expect(page.get_by_role("status")).not_to_have_text("")
    return page.locator(".found li a").all_text_contents()


@pytest.mark.browser
def test_articles_claims_and_sources_are_found_from_the_disk(page: Page, site: Path) -> None:
    page.goto((site / "search/index.html").as_uri())
    assert ask(page, "zahlen hinter")[0] == "Was die Zahlen hinter DeepSeek hergeben"
    page.reload()
    assert "Was die Zahlen hinter DeepSeek hergeben" in ask(page, "zahl hint deeps"), "beginnings are enough"
    page.reload()
    assert any("sechs Millionen Dollar" in found for found in ask(page, "SECHS millionen"))
    page.reload()
    assert "DeepSeek Debates" in "".join(ask(page, "semianalysis debates"))


@pytest.mark.slow
@pytest.mark.browser
def test_a_result_leads_to_its_place(page: Page, served: str) -> None:
    page.goto(f"{served}search/index.html")
    ask(page, "sechs millionen")
    page.locator(".found .claim a").first.click()
    assert "/deepseek-nachgerechnet/index.html#claim-" in page.url
    page.wait_for_selector(":target", state="attached")


@pytest.mark.slow
@pytest.mark.browser
def test_what_nobody_wrote_is_not_found_and_the_address_keeps_the_question(page: Page, served: str) -> None:
    page.goto(f"{served}search/index.html")
    assert ask(page, "quastenflosser") == []
    assert page.get_by_role("status").text_content() == "Nichts gefunden."
    assert page.url.endswith("#quastenflosser")


@pytest.mark.browser
def test_nothing_is_loaded_before_somebody_searches_and_nothing_from_elsewhere(browser: Browser, served: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}deepseek-nachgerechnet/index.html")
    assert not [url for url in asked if "search" in url or "elasticlunr" in url]
    page.goto(f"{served}search/index.html")
    ask(page, "chips")
    assert [url for url in asked if "/search/words-0.js?" in url]
    assert all(url.startswith(served) for url in asked)
    assert POLICY in page.content()
    page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_without_script_there_is_no_box_and_no_way_to_it(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert not page.get_by_role("link", name="Suche").is_visible()
    page.goto((site / "search/index.html").as_uri())
    assert not page.get_by_role("searchbox").is_visible()
    assert page.get_by_role("main").get_by_role("link", name="Alle Artikel").is_visible()
    context.close()


@pytest.mark.browser
def test_the_page_folds_words_as_the_index_does(page: Page) -> None:
    script = (ROOT / "static/search.js").read_text(encoding="utf-8")
    words = re.search(r"const words = (.*?);\n", script, re.DOTALL)
    assert words
    for text in WORDS:
        found: list[str] = page.evaluate(f"(text) => ({words[1]})(text)", text)
        assert [word for word in found if len(word) > 1 or not word.isascii()] == folded(text)


def test_the_page_of_an_article_carries_no_script_of_the_search() -> None:
    assert "search" not in (ROOT / "templates/article.html").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.browser
def test_words_that_every_object_of_javascript_has_are_words_like_any_other(page: Page, served: str) -> None:
    names = ("constructor", "prototype", "tostring", "valueof", "hasownproperty", "length", "docs", "df", "undefined")
    scripts = dict(search.index([entry(name) for name in names], "de"))
    page.route("**/search/*.js*", lambda route: route.fulfill(body=script_of(scripts, route.request.url)))
    page.goto(f"{served}search/index.html")
    assert [ask(page, name) for name in names] == [[name] for name in names]
    assert ask(page, "__proto__") == ["prototype"], "beginnings are enough"
    assert [ask(page, words) for words in ("__defineGetter__", "isPrototypeOf")] == [[], []]


def script_of(scripts: dict[str, bytes], address: str) -> bytes:
    """The script of an index that stands at an address, with the edition behind it."""
    name = address.partition("?")[0].rpartition("/")[2]
    return next(script for path, script in scripts.items() if path.endswith(name))
