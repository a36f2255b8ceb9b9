"""Reader modes keep the text of an article and its notes, with links that lead to each other: Mozilla's Readability,
which Firefox has within, run on our pages as they stand in a browser.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import from_npm
from tests.published import articles, published

# What of a page a reader mode loses: paragraphs of the text (with lists, tables, captions), those of notes, each
# below the id of its note, and links within the page that lead nowhere. Buttons and signs for the eye are no text.
LOST = """() => {
    const words = (element) => {
        const copy = element.cloneNode(true);
        for (const one of copy.querySelectorAll("[aria-hidden=true], .tools, .argue, template")) one.remove();
        return copy.textContent.replace(/\\s+/g, " ").trim();
    };
    const PARTS = "p, li, h2, h3, h4, td, th, blockquote, figcaption, pre, summary, math";
    const parts = (element) => [...element.querySelectorAll(PARTS)]
        .filter((one) => !one.closest(".tools, .argue") && !one.querySelector(PARTS)).map(words).filter(Boolean);
    const { content } = new Readability(document.cloneNode(true)).parse();
    const kept = new DOMParser().parseFromString(content, "text/html");
    const [article, all] = [document.querySelector("article"), words(kept.body)];
    const notes = [...document.querySelectorAll(".notes > ol > li[id], .notes .voice, .sources li[id]")];
    const links = (root) => [...root.querySelectorAll("a[href^='#']")];
    const numbers = (root) => links(root).filter((link) => /^\\d+$/.test(link.textContent)).map((link) => link.hash);
    const paragraphs = parts(article);
    return {
        counts: [paragraphs.length, notes.length, numbers(article).length],
        text: paragraphs.filter((one) => !all.includes(one)),
        headings: [...article.querySelectorAll("h2, h3, h4")].map(words)
            .filter((one) => ![...kept.querySelectorAll("h2, h3, h4")].map(words).includes(one)),
        notes: notes.flatMap((note) => {
            const own = kept.getElementById(note.id);
            return own ? parts(note).filter((one) => !words(own).includes(one)) : ["#" + note.id];
        }),
        numbers: numbers(article).filter((hash) => !numbers(kept).includes(hash)),
        dead: links(kept).filter(({ hash }) => !kept.getElementById(decodeURIComponent(hash.slice(1)))).map(String),
        interface: [...kept.querySelectorAll("button, input, [data-copy]")].map((one) => one.outerHTML),
    };
}"""
# As words of addresses some of them stand for what a reader mode leaves out.
HEADINGS = ("Related work", "Media coverage", "Social media", "Comments", "Footer", "Contact", "Shopping", "Extras")

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.slow)], ids=["script", "no-script"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1300, "height": 800})
    if not request.param:  # a reader mode is a script itself: ours alone does not come
        opened.route("**/*.js", lambda route: route.abort())
    yield opened
    opened.close()


def read(page: Page) -> tuple[list[int], dict[str, list[str]]]:
    """How many paragraphs, notes and numbers a page has, and what of it is lost, by kind."""
    readability = from_npm("@mozilla", "readability", "Readability.js").read_text(encoding="utf-8")
    page.evaluate(f"0; {readability}; window.Readability = Readability; 0")
    found: dict[str, Any] = page.evaluate(LOST)
    return found.pop("counts"), {kind: some for kind, some in found.items() if some}


def test_the_text_and_the_notes_of_both_articles_are_kept(page: Page, real_site: Path) -> None:
    for folder in articles(real_site):
        page.goto((folder / "index.html").as_uri())
        counts, lost = read(page)
        assert min(counts) > 20, counts
        assert lost == {}, folder.name


def note(id: str, words: str, more: str = "") -> str:
    return f"- {{id: {id}, kind: context, quote: {{exact: '{words}'}}{more}}}\n"


SENTENCES = [f"Die Mieten stiegen {year} in der Stadt um fünf Prozent, sagt das Amt." for year in range(2001, 2013)]
LONG = "Ein Absatz, der mehr erklärt, als der Satz verträgt, und dafür Platz braucht. " * 3
ARTICLES = {
    "headings and notes named like what is left out": (
        "".join(f"## {title}\n\n{text}\n\n" for title, text in zip(HEADINGS, SENTENCES, strict=False)),
        "".join(
            note(title.lower().replace(" ", "-"), text[:23], f", note: 'Das ist {title}.'")
            for title, text in zip(HEADINGS, SENTENCES, strict=False)
        ),
    ),
    "notes of a source alone": (
        "\n\n".join(SENTENCES),
        "".join(note(f"n{at}", text[:23], ", note: 'Ja.', sources: [amt]") for at, text in enumerate(SENTENCES)),
    ),
    "one long note": (
        "\n\n".join(SENTENCES),
        note("lang", "Die Mieten stiegen 2001", f', note: "{LONG}\\n\\n{LONG}"'),
    ),
    "no notes": ("\n\n".join(SENTENCES), ""),
}


@pytest.mark.parametrize("name", ARTICLES)
def test_what_an_article_is_like_does_not_matter(name: str, browser: Browser) -> None:
    text, notes = ARTICLES[name]
    page = browser.new_page()
    page.set_content(published(text, notes=f"notes:\n{notes}" if notes else "").html)
    (paragraphs, *_), lost = read(page)
    page.close()
    assert paragraphs >= len(HEADINGS)
    assert lost == {}
