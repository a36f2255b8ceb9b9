"""The whole text in the feeds (`feed: {text: full}`): both articles with their notes, as a feed reader gets them."""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import feedparser
import html5lib
import pytest

from tests.published import articles
from tests.test_exports_lists import faults_of_a_feed

ROOT = Path(__file__).parent.parent
SITE = "https://example.org/"
# In a note, what is for the eye, for the hand, or stands in the feed in other words.
LEFT_OUT = frozenset(("tools", "argue", "formula", "inputs", "sensitivity", "result", "compare", "stated", "fine"))
# As readers of feeds sanitize: elements and attributes that need no style and no script.
ELEMENTS = re.compile(
    "a|b|blockquote|br|cite|code|dd|del|dfn|div|dl|dt|em|figcaption|figure|h2|h3|h4|hr|i|img|li|ol|p|pre|q|s|small|span"
    "|strong|sub|sup|table|tbody|td|th|thead|tr|ul"
)
ATTRIBUTES = re.compile("alt|cite|colspan|datetime|dir|height|href|lang|rowspan|scope|src|start|width")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that the project ships with, with whole texts in its feeds."""
    folder = tmp_path_factory.mktemp("full")
    shutil.copytree(ROOT / "content", folder / "content")
    with (folder / "content/site.yaml").open("a", encoding="utf-8") as settings:
        settings.write("\nfeed: {text: full}\n")
    folders = ("--content", folder / "content", "--output", folder / "site")
    subprocess.run([sys.executable, ROOT / "build.py", *folders], check=True, capture_output=True)
    return folder / "site"


def read(path: Path) -> Any:
    """A feed as feedparser has it, its HTML as it stands; nothing in it may be odd."""
    found = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found.get("bozo_exception")
    return found


def content(entry: Any) -> Any:
    """The HTML of an entry as a parser reads it that forgives nothing."""
    (found,) = entry.content
    assert found.type == "text/html"
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(found.value)


def text_of(element: Any) -> str:
    return "".join("".join(element.itertext()).split())


def paragraphs(element: Any) -> Iterator[str]:
    """The texts of an element's paragraphs and cells, without what is left out."""
    if LEFT_OUT & set((element.get("class") or "").split()):
        return
    if element.tag in ("p", "td", "th", "h2", "h3", "pre", "q"):
        yield text_of(element)
        return
    for child in element:
        yield from paragraphs(child)


def of_article(feed: Any, folder: Path) -> Any:
    (entry,) = [one for one in feed.entries if one.link == f"{SITE}{folder.name}/"]
    return entry


@pytest.mark.slow
def test_every_paragraph_of_text_and_notes_is_in_the_feed(full: Path) -> None:
    feed = read(full / "feed.xml")
    for folder in articles(full):
        page = html5lib.parse((folder / "index.html").read_bytes(), namespaceHTMLElements=False)
        whole = text_of(content(of_article(feed, folder)))
        figures = {id(one) for figure in page.iter("figure") for one in figure.iter()}
        (article,) = page.iter("article")
        text = [
            text_of(one)
            for one in article.iter()
            if one.tag in ("p", "li", "h2", "h3", "pre") and id(one) not in figures
        ]
        notes = [
            one
            for one in page.iter("li")
            if re.match("(n|voices)-", one.get("id") or "") and one.find(".//*[@class='nr']") is not None
        ]
        said = [words for note in notes for words in paragraphs(note)]
        assert min(len(text), len(notes), len(said)) >= 20
        assert [words for words in (*text, *said) if words not in whole] == []


@pytest.mark.slow
def test_it_needs_no_style_and_no_script_and_leads_back_to_the_site(full: Path) -> None:
    feed = read(full / "feed.xml")
    pictures = 0
    for folder in articles(full):
        entry = content(of_article(feed, folder))
        elements = [one for one in entry.iter() if one.tag != "DOCUMENT_FRAGMENT"]
        assert [one.tag for one in elements if not ELEMENTS.fullmatch(one.tag)] == []
        assert [name for one in elements for name in one.attrib if not ATTRIBUTES.fullmatch(name)] == []
        addresses = [one.get("href") or one.get("src") for one in elements if one.tag in ("a", "img")]
        assert all(re.match("https?://|mailto:", address) for address in addresses)
        for address in addresses:
            if address.startswith(SITE):
                path, _, place = address.removeprefix(SITE).partition("#")
                file = full / unquote(path) / ("index.html" if path.endswith("/") or not path else "")
                assert file.exists(), address
                assert not place or f'id="{unquote(place)}"'.encode() in file.read_bytes(), address
        pictures += sum(one.tag == "img" for one in elements)
    assert pictures > 5


@pytest.mark.slow
def test_each_language_has_a_feed_and_all_keep_the_rules(full: Path) -> None:
    for name, languages in {"feed.xml": {"de", "en"}, "feed.de.xml": {"de"}, "feed.en.xml": {"en"}}.items():
        xml = (full / name).read_text(encoding="utf-8")
        assert faults_of_a_feed(xml) == []
        feed = read(full / name)
        assert {one.content[0].language for one in feed.entries} == languages
        assert feed.feed.links[0].href == f"{SITE}{name}"
    for page in ("index.html", "page/en/index.html"):
        html = (full / page).read_text(encoding="utf-8")
        links = re.findall(r'type="application/atom\+xml" title="([^"]*)" (?:hreflang="(..)" )?href="([^"]*)"', html)
        assert {(lang, address.rpartition("/")[2]) for _, lang, address in links} == {
            ("", "feed.xml"),
            ("de", "feed.de.xml"),
            ("en", "feed.en.xml"),
        }
    whole = ET.parse(full / "feed.xml").getroot()
    assert {one.get("hreflang") for one in whole if one.get("type") == "application/atom+xml"} == {None, "de", "en"}
