"""Clients that others make find every passage at its place, with script and without.

Apache Annotator (the W3C's selectors), the anchoring of Hypothesis' client, dom-anchor-text-quote, and the browser's
own links to words (Text Fragments).
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import from_npm
from tests.published import articles

NODE = Path(__file__).parent / "node"
# Whether what a client found is what stands in the marks of a note, from the first to the last.
AT_ITS_PLACE = """(range, id) => {
    const marks = document.querySelectorAll(`mark[data-notes~="${CSS.escape(id)}"]`);
    if (!range || !marks.length) return false;
    const wanted = document.createRange();
    wanted.setStart(marks[0], 0);
    wanted.setEnd(marks[marks.length - 1], marks[marks.length - 1].childNodes.length);
    const before = (one) => {
        const until = document.createRange();
        until.setEnd(one.startContainer, one.startOffset);
        return until.toString().length;
    };
    return range.toString() === wanted.toString() && before(range) === before(wanted);
}"""
# Whether a passage comes into view within three seconds.
COMES_INTO_VIEW = """async (id) => {
    const inView = (mark) => { const { top } = mark.getBoundingClientRect(); return top >= 0 && top < innerHeight; };
    for (const begun = performance.now(); performance.now() - begun < 3000;) {
        if ([...document.querySelectorAll(`mark[data-notes~="${CSS.escape(id)}"]`)].some(inView)) return true;
        await new Promise(requestAnimationFrame);
    }
    return false;
}"""
LONGEST_PATTERN = (
    32  # characters of a quotation that dom-anchor-text-quote looks for; of longer ones it takes the ends
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def clients() -> str:
    from_npm("esbuild")
    done = subprocess.run(["node", "clients.mjs"], cwd=NODE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1300, "height": 800})
    if not request.param:  # clients are scripts themselves: ours alone does not come
        opened.route("**/*.js", lambda route: route.abort())
    yield opened
    opened.close()


def targets(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The notes with a passage in the article: their ids, and the selectors of `annotations.jsonld` by type."""
    for one in json.loads((folder / "annotations.jsonld").read_text(encoding="utf-8"))["first"]["items"]:
        found = one["target"].get("selector")
        if isinstance(found, list):
            yield one["id"].rpartition("#n-")[2], {selector["type"]: selector for selector in found}


def missed(page: Page, call: str, wanted: list[tuple[str, Any]]) -> list[str]:
    """The notes whose passage a client does not find, or elsewhere."""
    script = f"""async (wanted) => {{
        const atItsPlace = {AT_ITS_PLACE};
        const missed = [];
        for (const [id, selector] of wanted) {{
            let range = null;
            try {{ range = await {call}; }} catch {{ }}
            if (!atItsPlace(range, id)) missed.push(id);
        }}
        return missed;
    }}"""
    return list(page.evaluate(script, wanted))


def test_every_client_finds_every_passage(
    context: BrowserContext, clients: str, real_site: Path, served: str
) -> None:
    for folder in articles(real_site):
        page = context.new_page()
        page.goto(f"{served}{folder.name}/index.html")
        page.evaluate(clients)
        words = [(id, found["CssSelector"]) for id, found in targets(folder)]
        rows = json.loads((folder / "hypothesis.json").read_text(encoding="utf-8"))["rows"]
        given = [(row["links"]["html"].rpartition("#n-")[2], row["target"][0].get("selector", [])) for row in rows]
        hypothesis = [(id, found) for id, found in given if len(found) > 1]
        assert min(len(words), len(hypothesis)) > 5
        assert missed(page, "clients.apache(selector, 'TextQuoteSelector')", words) == []
        assert missed(page, "clients.apache(selector, 'TextPositionSelector')", words) == []
        assert missed(page, "clients.hypothesis(selector)", hypothesis) == []
        by_words = [(id, [one for one in found if one["type"] == "TextQuoteSelector"]) for id, found in hypothesis]
        assert missed(page, "clients.hypothesis(selector)", by_words) == []
        short = [(id, one) for id, one in words if len(one["refinedBy"][0]["exact"]) <= LONGEST_PATTERN]
        assert short != []
        assert missed(page, "clients.quotes(selector)", short) == []
        page.close()


def test_a_link_leads_the_browser_to_each_passage(browser: Browser, real_site: Path, long: bool) -> None:
    """One passage in four, all of them in a long run."""
    wrong = []
    page = browser.new_page(viewport={"width": 1300, "height": 800})
    for folder in articles(real_site):
        for id, found in [*targets(folder)][:: 1 if long else 4]:
            link = found["FragmentSelector"]["value"]
            page.goto("about:blank")
            page.goto(f"{(folder / 'index.html').as_uri()}#{link}")
            if not page.evaluate(COMES_INTO_VIEW, id):
                wrong.append((folder.name, id, link))
    page.close()
    assert wrong == []
