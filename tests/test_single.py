"""An article in one file: whole wherever it lies, and nothing else asked for."""

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page

from randnotiz import exports, pages
from randnotiz.diagnostics import SourceText
from randnotiz.model import Image
from randnotiz.pages.assets import IN_SCRIPT, IN_STYLE, data_address, inlined
from tests import sample

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def single(title: str = "Was die Chips kosten", image: bool = False) -> str:
    annotated = sample.annotated()
    article = replace(annotated.article, title=SourceText(title))
    if image:
        article = replace(
            article, image=Image(src=SourceText("bild.gif"), alt=SourceText("Ein Bild")), files={"bild.gif": PIXEL}
        )
    annotated = replace(annotated, article=article)
    theme, words = sample.theme(), pages.article_context(annotated, sample.settings())
    edition = exports.ExportContext(words)
    head = exports.article_head(edition, theme)
    return exports.single_page(
        edition, theme, pages.article_page(annotated, theme, sample.charts(), head, words), head
    )


class Attributes(HTMLParser):
    """Every address in a page, by element and attribute, and what stands in scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "data", "srcset", "action", "poster"):
                self.addresses.append((tag, name, value or ""))


def test_every_address_leads_into_the_page_or_to_the_web() -> None:
    found = Attributes(single(image=True)).addresses
    assert len(found) > 50
    for tag, name, address in found:
        assert address.startswith(("#", "https://", "data:image/")), f"<{tag} {name}={address!r}>"


def test_links_lead_to_the_site_and_places_stay_in_the_page() -> None:
    found = {address for tag, _, address in Attributes(single()).addresses if tag == "a"}
    assert "https://randnotiz.example/chips/claims/too-many/index.html" in found
    assert "https://randnotiz.example/pages/impressum/index.html" in found
    assert "https://randnotiz.example/chips/charts/fleet.csv" in found
    assert "#n-fleet-source" in found


def test_the_article_s_own_pictures_are_inside() -> None:
    pictures = [address for tag, _, address in Attributes(single(image=True)).addresses if tag == "img"]
    assert pictures == [data_address("bild.gif", PIXEL)]


def test_the_policy_allows_exactly_what_is_inside() -> None:
    page = single()
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert policy
    assert (len(style), len(script)) == (1, 1)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (script[0], style[0])]
    assert policy[1].replace("&#39;", "'") == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; img-src data:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


def test_it_says_everything_that_the_page_says() -> None:
    page = single()
    for words in ("Die Zahl geht auf", "Glenn Luk", "Straßenpreise von 2024", "<math", "<svg", 'id="figures"'):
        assert words in page


def test_what_looks_like_an_address_in_a_text_or_in_data_is_left_alone() -> None:
    title = 'Was href= und <a href="x"> kosten href='
    page = single(title)
    assert '"headline":"Was href= und' in page.replace("\\u003c", "<")
    assert "https://randnotiz.example/chips/," not in page
    for _, _, address in Attributes(page).addresses:
        assert "," not in address.partition("data:")[0]


def test_nothing_in_style_or_script_ends_its_element() -> None:
    style, _ = inlined(b'a::after { content: "</style>" }', IN_STYLE)
    script, _ = inlined(b'"use strict"; f("</script><!--");', IN_SCRIPT)
    assert style == 'a::after { content: "\\3c /style>" }'
    assert script == '"use strict"; f("\\x3c/script>\\x3c!--");'


@pytest.fixture
def alone(browser: Browser, real_site: Path, tmp_path: Path) -> Iterator[tuple[Page, list[str], list[str]]]:
    """The real article's file somewhere else on the disk, what it asked for, and what the browser complained of."""
    there = tmp_path / "E-Mail Anhang.html"
    there.write_bytes((real_site / "deepseek-nachgerechnet/single.html").read_bytes())
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(there.as_uri())
    yield page, asked, said
    page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_moved_elsewhere_it_looks_and_works_as_on_the_site(alone: tuple[Page, list[str], list[str]]) -> None:
    page, asked, said = alone
    page.wait_for_selector("html.js")
    assert page.evaluate("getComputedStyle(document.querySelector('.endnotes')).position") == "absolute"
    page.locator('a[role="doc-noteref"]').first.click()
    assert page.locator(".endnotes li > details[open]").count() == 1
    assert page.locator("input[type=range]").count() > 0
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in asked if url.startswith("file:")]) == 1
