"""The site that the project ships with, as readers meet it: valid, accessible, quiet, whole on paper."""

import gzip
import re
import subprocess
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from randnotiz.colours import COLOURS
from tests.conftest import from_npm, lacking, launched

pytestmark = pytest.mark.slow

NODE = Path(__file__).parent / "node"
EXPLAINER = "deepseek-nachgerechnet/index.html"
HANDBOOK = "handbook/index.html"
SEEN = {"wide": (1440, 900), "phone": (390, 844)}
SMALL = (320, 256)


def pages_of(site: Path) -> list[str]:
    """Every page, but of the many claims and sources only a few, which all come from one template.

    404.html is left out: it may be shown at any address, so its own addresses lead to the published site.
    """
    found = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if path.name != "404.html")
    few = [path for path in found if re.match(r"(sources|[^/]+/claims)/", path)]
    return [path for path in found if path not in few] + few[:2] + few[-2:]


def test_every_page_is_valid_html(real_site: Path) -> None:
    """html-validate's recommended rules; `npm ci` in tests/node/ installs it.

    A list may have a label, and a link that is a coloured cell its name in `title`, where a pointer sees it too (both
    name an element by Accessible Name and Description Computation 1.2).
    """
    program = from_npm(".bin", "html-validate")
    found = subprocess.run(
        [program, "-c", NODE / ".htmlvalidate.json", *sorted(real_site.rglob("*.html"))],
        capture_output=True,
        text=True,
        cwd=NODE,
        check=False,
    )
    assert found.returncode == 0, found.stdout


@pytest.fixture
def quiet(browser: Browser) -> Iterator[list[str]]:
    """Whatever pages complain of; nothing may be left at the end of a test."""
    complaints: list[str] = []
    yield complaints
    for context in browser.contexts:
        context.close()
    assert complaints == []


def opened(
    browser: Browser,
    path: Path,
    complaints: list[str],
    *,
    scheme: str = "light",
    seen: str = "wide",
    script: bool = True,
) -> Page:
    """A page as it stands on the disk; requests that leave the disk, and errors, are complaints."""
    width, height = SEEN.get(seen, SMALL)
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=script,
        bypass_csp=False,
    )
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: None if sent.url.startswith(("file:", "data:")) else complaints.append(sent.url))
    page.goto(path.as_uri())
    return page


@pytest.mark.browser
@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Browser, real_site: Path, scheme: str, seen: str, long: bool) -> None:
    """WCAG 2.2 AA and axe's best practices. Only the policy is lifted, for axe's own script. Of the many pages of one
    kind, as those of claims and sources, every fourth is looked at, all of them in a long run.
    """
    found = []
    context = browser.new_context(
        viewport={"width": SEEN[seen][0], "height": SEEN[seen][1]},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    kinds: dict[str, list[str]] = {}  # by the folder that all pages of a kind stand in
    for path in pages_of(real_site):
        kinds.setdefault(re.sub(r"[^/]+(?=/[^/]+$)", "*", path) if path.count("/") > 1 else path, []).append(path)
    for path in chain.from_iterable(paths if long else paths[::4] for paths in kinds.values()):
        page = context.new_page()
        page.goto((real_site / path).as_uri())
        first = page.locator('a[role="doc-noteref"]').first
        if path.count("/") == 1 and first.count():
            first.click()
        results = Axe().run(page)
        found += [f"{path}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in results.response["violations"]]
        page.close()
    context.close()
    assert found == []


@pytest.mark.browser
@pytest.mark.parametrize("seen", SEEN)
def test_no_page_asks_another_host_or_complains(
    browser: Browser, real_site: Path, quiet: list[str], artefacts: Path, seen: str
) -> None:
    for path in pages_of(real_site):
        page = opened(browser, real_site / path, quiet, seen=seen)
        page.wait_for_load_state("networkidle")
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{path} scrolls sideways by {wider} px"
        if path.count("/") < 2:
            page.screenshot(path=artefacts / f"real-{path.replace('/', '-').removesuffix('.html')}-{seen}.png")
        page.context.close()


@pytest.mark.browser
def test_an_audit_in_the_page_may_read_robots_txt_and_nothing_of_another_host(browser: Browser, served: str) -> None:
    page = browser.new_page()
    page.goto(f"{served}{EXPLAINER}")
    read = "address => fetch(address).then(answer => answer.text(), error => error.message)"
    assert page.evaluate(read, "/robots.txt").startswith("User-agent: *")
    assert page.evaluate(read, f"{served.replace('127.0.0.1', 'localhost')}robots.txt") == "Failed to fetch"
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 820, 1024, 1440, 1920])
def test_without_script_the_text_is_as_wide_as_with_it(
    browser: Browser, real_site: Path, quiet: list[str], width: int
) -> None:
    wide = []
    for script in (True, False):
        page = opened(browser, real_site / EXPLAINER, quiet, script=script)
        page.set_viewport_size({"width": width, "height": 900})
        wide.append(page.evaluate("document.querySelector('#text p').getBoundingClientRect().width"))
    assert wide[1] >= wide[0] > 0
    assert wide[1] < 700  # and its lines are not too long to be read


# Every date in words, wherever it stands but in a label of a formula, and over how many lines.
DATES = r"""() => {
    document.querySelectorAll("details").forEach(one => { one.open = true; });
    const months = [...Array(12).keys()].map(at => new Date(2026, at, 1))
        .flatMap(day => ["de", "en"].map(tag => day.toLocaleString(tag, {month: "long"}))).join("|");
    const date = new RegExp(`(\\d+\\.?\\s)?(${months})\\s(\\d+,\\s)?\\d{4}`, "g");
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    for (let text; text = texts.nextNode();)
        if (text.parentElement.checkVisibility() && !text.parentElement.closest("svg, math"))
            for (const {0: words, index} of text.data.matchAll(date)) {
                const range = new Range();
                range.setStart(text, index);
                range.setEnd(text, index + words.length);
                found.push([words, new Set([...range.getClientRects()].map(({top}) => Math.round(top))).size]);
            }
    return found;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_date_is_broken_and_no_sign_stands_apart_from_its_word(
    browser: Browser, real_site: Path, quiet: list[str], width: int
) -> None:
    dates = 0
    claim = "deepseek-nachgerechnet/claims/aim-of-controls/index.html"
    page = opened(browser, real_site / claim, quiet)
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("index.html", "claims/index.html", "pages/corrections/index.html", claim, EXPLAINER):
        page.goto((real_site / path).as_uri())
        found: list[tuple[str, int]] = page.evaluate(DATES)
        assert [words for words, lines in found if lines > 1] == [], path
        dates += len(found)
    assert dates > 200
    page.goto((real_site / claim).as_uri())
    sources = page.locator(".about a")
    assert sources.count() > 1
    assert set(sources.evaluate_all("all => all.map(a => getComputedStyle(a).marginInlineEnd)")) == {"0px"}


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 820, 1024, 1440, 1920])
def test_the_strip_of_the_leading_article_is_one_line_of_like_cells(
    browser: Browser, real_site: Path, quiet: list[str], width: int
) -> None:
    page = opened(browser, real_site / "index.html", quiet)
    page.set_viewport_size({"width": width, "height": 900})
    boxes = page.locator(".lead .cells i").evaluate_all(
        "all => all.map(cell => cell.getBoundingClientRect()).map(({top, width}) => [top, width])"
    )
    assert len(boxes) > 20
    assert len({top for top, _ in boxes}) == 1
    assert max(wide for _, wide in boxes) - min(wide for _, wide in boxes) < 1
    # Who said it stands beside the claim, and no column is empty.
    room, claim = "one => one.getBoundingClientRect().right", page.locator(".judged li").first
    beside = claim.locator(".fine").evaluate(room) > claim.locator("a").evaluate(room)
    assert beside or claim.locator("a").evaluate(room) > claim.evaluate(room) - 60


@pytest.mark.browser
def test_an_open_voice_does_not_say_twice_what_it_says(browser: Browser, real_site: Path, quiet: list[str]) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet)
    page.locator("#text .ref-counter").first.click()
    voices = page.locator(".voice:visible")
    expect(voices.locator(".gist:visible")).to_have_count(
        voices.count() - page.locator(".voice[open]:visible").count()
    )
    voices.first.evaluate("voice => { voice.open = true; }")
    expect(voices.first.locator(".gist")).to_be_hidden()


FRAMED = [
    "index.html",
    "topics/index.html",
    "claims/index.html",
    "search/index.html",
    "pages/methode/index.html",
    "404.html",
]


@pytest.mark.browser
def test_frame_and_page_have_one_edge(browser: Browser, real_site: Path, quiet: list[str]) -> None:
    few = [path for path in pages_of(real_site) if re.match(r"(sources|[^/]+/claims)/\S+/index", path)]
    for path in [*FRAMED, *few, EXPLAINER]:
        page = opened(browser, real_site / path, quiet)
        for width in (390, 820, 1024, 1440, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            edges = page.evaluate(
                """['.brand', 'main h1', '.foot a'].map(one => document.querySelector(one).getBoundingClientRect())
                    .map(({left}) => left)"""
            )
            assert len({round(edge) for edge in edges}) == 1, (path, width, edges)
        page.context.close()


@pytest.mark.browser
def test_text_at_four_times_its_size_flows_in_one_column(browser: Browser, real_site: Path, quiet: list[str]) -> None:
    """WCAG 1.4.10: 1280 px at 400 % are 320 px."""
    for path in (EXPLAINER, "handbook/index.html", "index.html"):
        page = opened(browser, real_site / path, quiet, seen="small")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


@pytest.mark.browser
@pytest.mark.parametrize(("seen", "begins"), [("wide", 640), ("phone", 850)])
def test_the_first_screen_says_what_came_out_and_the_text_begins_on_it(
    browser: Browser, real_site: Path, quiet: list[str], seen: str, begins: int
) -> None:
    installed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout
    if "Charis SIL" not in installed or "Inter" not in installed:
        lacking("a face to measure with is missing: apt-get install fonts-sil-charis fonts-inter")
    page = opened(browser, real_site / EXPLAINER, quiet, seen=seen)
    assert page.locator("#text p").first.bounding_box()["y"] < begins  # type: ignore[index]  # it is seen
    cells = page.locator(".strip .cells a")
    claims = page.locator(".claims tr[id]")
    assert cells.count() == claims.count() > 10
    for number in (0, cells.count() - 1):
        cells.nth(number).click()
        assert page.url.endswith("#" + (claims.nth(number).get_attribute("id") or ""))
    assert [page.locator(".strip .top").nth(at).is_visible() for at in (0, 1)] == [True, seen == "wide"]


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_letters_of_twice_the_size_find_room(browser: Browser, real_site: Path, width: int) -> None:
    """WCAG 1.4.4, for readers who have set their browser so."""
    with launched(browser.browser_type, "--blink-settings=defaultFontSize=32") as large:
        page = large.new_page(viewport={"width": width, "height": 900})
        for path in ("index.html", "claims/index.html", "pages/methode/index.html", HANDBOOK, EXPLAINER):
            page.goto((real_site / path).as_uri())
            page.locator(".endnotes details").evaluate_all("notes => notes.forEach(note => { note.open = true; })")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        if width < 820:
            # Of a note that comes up from below, what stays in sight leaves room for what the note says.
            page.reload()
            page.locator("a.ref-counter").first.click()
            assert page.locator("li:popover-open .passage").evaluate(
                """words => { const {left, top} = words.getBoundingClientRect();
                    return words.contains(document.elementFromPoint(left + 4, top + 8)); }"""
            )


@pytest.mark.browser
def test_on_paper_the_colours_of_verdicts_are_printed(browser: Browser, real_site: Path, quiet: list[str]) -> None:
    """A browser leaves backgrounds away unless it is asked to print them."""
    for path in ("index.html", EXPLAINER, "deepseek-nachgerechnet/claims/only-the-last-run/index.html"):
        page = opened(browser, real_site / path, quiet)
        page.emulate_media(media="print")
        printed: list[str] = page.evaluate(
            """[...document.querySelectorAll('.cells > *, .pill, .scale li')].map(e =>
                getComputedStyle(e, e.matches('.cells > *') ? null : '::before').printColorAdjust)"""
        )
        assert printed
        assert set(printed) == {"exact"}, path


@pytest.mark.browser
@pytest.mark.parametrize("seen", SEEN)
def test_what_a_chart_offers_begins_every_line_at_its_edge(
    browser: Browser, real_site: Path, quiet: list[str], seen: str
) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet, seen=seen)
    for chart in page.locator("figure.chart").all():
        left = chart.evaluate("chart => chart.getBoundingClientRect().left")
        lines: dict[int, float] = {}  # the leftmost of each line, by its height in the page
        for offer in chart.locator("summary, .tools > :visible").all():
            box = offer.bounding_box()
            assert box is not None
            line = round(box["y"] / 8)
            lines[line] = min(lines.get(line, box["x"]), box["x"])
        assert lines
        assert all(abs(start - left) < 1 for start in lines.values()), lines
    gaps: list[float] = page.evaluate(
        """[...document.querySelectorAll('.chart .tools')].flatMap(tools => {
            const boxes = [...tools.children].map(one => one.getBoundingClientRect());
            return boxes.slice(1).map((box, at) => [box, boxes[at]]).filter(([box, before]) => box.top === before.top)
                .map(([box, before]) => box.left - before.right);
        })"""
    )
    assert gaps
    assert max(gaps) - min(gaps) < 2


@pytest.mark.browser
def test_no_line_of_the_ways_into_the_lists_ends_with_a_dot(
    browser: Browser, real_site: Path, quiet: list[str]
) -> None:
    page = opened(browser, real_site / "index.html", quiet, seen="phone")
    ways = page.locator(".ways p")
    assert ways.count() == 2
    assert not any("·" in words for words in ways.all_inner_texts())
    rights = ways.locator("span").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    assert max(rights) <= SEEN["phone"][0]


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_labels_of_charts_stand_clear_of_each_other_and_what_a_claim_names_is_marked(
    browser: Browser, real_site: Path, quiet: list[str], width: int
) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet)
    page.set_viewport_size({"width": width, "height": 900})
    overlapping: list[str] = page.evaluate(
        """[...document.querySelectorAll('.chart svg')].filter(svg => svg.checkVisibility()).flatMap(svg => {
            const labels = [...svg.querySelectorAll('text')].filter(text => text.textContent.trim())
                .map(text => [text.textContent, text.getBoundingClientRect()]);
            return labels.flatMap(([words, one], at) => labels.slice(at + 1).filter(([, other]) =>
                Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
                && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 5
            ).map(([others]) => `${words} / ${others}`));
        })"""
    )
    assert overlapping == []
    marked = page.locator("#chart-rate-estimates svg:visible text", has_text="Amodei: 4")
    dot = page.locator("#chart-rate-estimates svg:visible text", has_text="vermutlich 4")
    expect(marked).to_have_count(1)
    expect(dot).to_have_count(1)


@pytest.mark.browser
def test_where_the_reader_chooses_the_colours_no_passage_disappears(
    browser: Browser, real_site: Path, quiet: list[str]
) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet)
    page.emulate_media(forced_colors="active", color_scheme="dark")
    colours = page.evaluate(
        "[...document.querySelectorAll('#text p, #text mark, #text .ref')].map(e => getComputedStyle(e).color)"
    )
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(0, 0, 0)"
    assert ground not in colours
    fills: list[str] = page.evaluate(
        "[...document.querySelectorAll('.strip .cells > *')].map(e => getComputedStyle(e).backgroundColor)"
    )
    assert len(set(fills)) > 2  # each verdict has its colour, which is what the strip says


# The least contrast of words by what they are, and of the lines below passages (WCAG 2.2), on the ground around them.
CONTRASTS = """() => {
    const context = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d');
    const rgba = colour => {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data].map(part => part / 255);
    };
    const ground = part => {
        const [r, g, b, opaque] = rgba(getComputedStyle(part).backgroundColor);
        const below = opaque < 1 && part.parentElement ? ground(part.parentElement) : [1, 1, 1];
        return [r, g, b].map((share, at) => share * opaque + below[at] * (1 - opaque));
    };
    const luminance = rgb => [.2126, .7152, .0722].reduce((sum, weight, at) =>
        sum + weight * (rgb[at] <= .04045 ? rgb[at] / 12.92 : ((rgb[at] + .055) / 1.055) ** 2.4), 0);
    const least = {};
    const tell = (what, part, colour) => {
        const [dark, light] = [rgba(colour), ground(part)].map(luminance).sort((a, b) => a - b);
        least[what] = Math.min(least[what] ?? 21, (light + .05) / (dark + .05));
    };
    for (const part of document.querySelectorAll('body *')) {
        const {color, fill, textDecorationColor, textDecorationLine} = getComputedStyle(part);
        if (!part.checkVisibility() || ![...part.childNodes].some(({data}) => data?.trim())) continue;
        tell('words', part, part.closest('svg') ? fill : color);
        if (part.matches('mark') && textDecorationLine !== 'none') tell('lines', part, textDecorationColor);
    }
    return least;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_charts_too_and_better_where_the_reader_asks_for_more_contrast(
    browser: Browser, real_site: Path, quiet: list[str], scheme: str
) -> None:
    claim = "deepseek-nachgerechnet/claims/aim-of-controls/index.html"
    page = opened(browser, real_site / EXPLAINER, quiet, scheme=scheme)
    for more, words, lines in ((False, 4.5, 3), (True, 7, 4.5)):
        page.emulate_media(contrast="more" if more else "no-preference")
        for path in ("index.html", "claims/index.html", claim, EXPLAINER):
            page.goto((real_site / path).as_uri())
            if path == EXPLAINER:
                page.locator("#text .ref-counter").first.click()
            found = page.evaluate(CONTRASTS)
            assert found["words"] >= words, path
            assert found.get("lines", 21) >= lines, path


@pytest.mark.browser
def test_every_note_is_reached_by_keyboard_and_tells_its_kind(
    browser: Browser, real_site: Path, quiet: list[str]
) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet)
    references = page.locator('a[role="doc-noteref"]')
    assert references.count() > 40
    for number in range(0, references.count(), 9):
        reference = references.nth(number)
        reference.focus()
        page.keyboard.press("Enter")
        note = page.locator((reference.get_attribute("href") or "").replace(".", "\\."))
        assert note.locator("xpath=ancestor-or-self::li/details").get_attribute("open") is not None
        assert note.bounding_box() is not None
        page.keyboard.press("Escape")
        assert reference.evaluate("element => element === document.activeElement")
        assert re.match(r"Anmerkung \d+, \w+", reference.get_attribute("aria-label") or "")


def test_the_explainer_is_light(real_site: Path) -> None:
    assert len(gzip.compress((real_site / EXPLAINER).read_bytes())) <= 60_000


MOST_STOPS = 200


@pytest.mark.browser
@pytest.mark.parametrize("seen", SEEN)
def test_the_keyboard_passes_the_page_in_less_than_two_hundred_stops_and_skips_to_text_and_claims(
    browser: Browser, real_site: Path, quiet: list[str], seen: str
) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet, seen=seen)
    page.wait_for_selector(".sources [data-copy]", state="attached")
    stops: list[str] = []
    while not stops or stops[-1] != "BODY":
        page.keyboard.press("Tab")
        stops.append(page.evaluate("[document.activeElement].map(({tagName, className}) => className || tagName)[0]"))
        assert len(stops) < MOST_STOPS
    assert len([stop for stop in stops if stop.startswith("ref ")]) > 40
    for presses, place in ((1, "#text"), (2, "#claims")):
        page = opened(browser, real_site / EXPLAINER, quiet, seen=seen)
        page.wait_for_selector(".sources [data-copy]", state="attached")
        for _ in range(presses):
            page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_attribute("href", place)
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        inside = {"#text": "#text a.ref", "#claims": ".claims td > a"}[place]
        expect(page.locator(inside).first).to_be_focused()


@pytest.mark.browser
@pytest.mark.parametrize("seen", SEEN)
def test_a_long_list_of_sources_is_folded_until_one_is_asked_for(
    browser: Browser, real_site: Path, quiet: list[str], seen: str
) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet, seen=seen)
    source = page.locator(".sources li").last
    expect(source).to_be_hidden()
    page.locator("a.ref-source").first.click()
    page.locator(".endnotes a[href^='#source-']:visible").first.click()
    expect(page.locator(".sources li:target")).to_be_in_viewport()
    id = str(source.get_attribute("id"))
    page = opened(browser, real_site / EXPLAINER, quiet, seen=seen)
    page.evaluate("id => { location.hash = id; }", id)
    expect(page.locator(".sources li").last).to_be_in_viewport()
    page = opened(browser, real_site / EXPLAINER, quiet, seen=seen, script=False)
    expect(page.locator(".sources li").last).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_where_all_kinds_are_switched_off_no_line_and_no_number_remains(
    browser: Browser, real_site: Path, quiet: list[str], *, script: bool
) -> None:
    lines = """() => [...document.querySelectorAll('#text mark, #text a.number, .legend mark')].filter(part => {
        const {textDecorationLine, borderBottomColor, borderBottomStyle} = getComputedStyle(part);
        const border = borderBottomStyle !== 'none' && borderBottomColor !== 'rgba(0, 0, 0, 0)';
        return border || textDecorationLine !== 'none';
    }).length"""
    for path in (EXPLAINER, HANDBOOK):
        page = opened(browser, real_site / path, quiet, script=script)
        assert page.evaluate(lines) > 9
        page.click(".legend summary")
        for switch in page.locator(".legend input").all():
            switch.uncheck()
        assert page.evaluate(lines) == 0
        assert page.locator("#text .ref:not(.ref-footnote):visible").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_shown_for_no_address_has_its_looks_wherever_it_stands(
    browser: Browser, real_site: Path, tmp_path: Path, quiet: list[str], scheme: str
) -> None:
    deep = tmp_path / "unter" / "tiefer" / "noch" / "tiefer" / "404.html"
    deep.parent.mkdir(parents=True)
    deep.write_bytes((real_site / "404.html").read_bytes())
    page = opened(browser, deep, quiet, scheme=scheme)
    heading, ground = "document.querySelector('h1')", "document.body"
    styled = f"[getComputedStyle({heading}).fontSize, getComputedStyle({ground}).backgroundColor]"
    other = opened(browser, real_site / "pages/methode/index.html", quiet, scheme=scheme)
    assert page.evaluate(styled) == other.evaluate(styled)


def axe(page: Page) -> list[str]:
    results = Axe().run(page, options={"preload": False})
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in results.response["violations"]]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_axe_finds_nothing_in_any_state_of_the_explainer(
    browser: Browser, real_site: Path, scheme: str, width: int
) -> None:
    """Besides the states of the test above. Only the policy is lifted, for axe's own script."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto((real_site / EXPLAINER).as_uri())
    page.wait_for_selector(".sources [data-copy]", state="attached")
    found = {}
    page.locator("#text .ref-counter").nth(1).click()
    found["an open claim"] = axe(page)
    page.keyboard.press("Escape")
    page.locator("#text .ref[href='#n-hardware']").click()
    page.locator(".endnotes [data-input]:visible").first.evaluate(
        "slider => { slider.value = slider.max; slider.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    found["a moved slider"] = axe(page)
    page.keyboard.press("Escape")
    for summary in (".sources > details > summary", ".chart summary", ".loose summary"):
        page.locator(summary).first.click()
    page.click(".legend summary")
    for switch in page.locator(".legend input").all():
        switch.uncheck()
    found["all switches off, sources and a table unfolded"] = axe(page)
    for path in ("404.html", "search/index.html"):
        page.goto((real_site / path).as_uri())
        if path.startswith("search"):
            page.fill("#query", "Chips")
            page.keyboard.press("Enter")
            page.wait_for_selector(".found li")
        found[path] = axe(page)
    context.close()
    assert {state: violations for state, violations in found.items() if violations} == {}


@pytest.mark.browser
@pytest.mark.parametrize("seen", SEEN)
def test_only_a_text_of_many_sections_has_a_table_of_contents(
    browser: Browser, real_site: Path, quiet: list[str], seen: str
) -> None:
    assert opened(browser, real_site / EXPLAINER, quiet, seen=seen).locator(".contents").count() == 0
    page = opened(browser, real_site / HANDBOOK, quiet, seen=seen)
    page.click(".contents summary")
    sections = page.locator(".contents a")
    assert sections.all_inner_texts() == page.locator("#text h2").all_inner_texts()
    sections.last.click()
    expect(page.locator("#text h2").last).to_be_in_viewport()


@pytest.mark.browser
def test_the_number_of_a_note_on_code_stands_in_its_block_and_bars_have_the_colour_of_figures(
    browser: Browser, real_site: Path, quiet: list[str]
) -> None:
    page = opened(browser, real_site / HANDBOOK, quiet)
    number = page.locator("pre > .refs").first
    words, code = (part.bounding_box() for part in (number.locator("a").first, number.locator("xpath=../code")))
    assert words
    assert code
    last_line = code["y"] + code["height"] - 24
    assert last_line < words["y"] + words["height"] / 2 < code["y"] + code["height"]
    red, green, blue = bytes.fromhex(COLOURS["figure"].light[1:])
    fill = page.locator(".bar .span").first.evaluate("bar => getComputedStyle(bar).fill")
    assert fill == f"rgb({red}, {green}, {blue})"


def sheets(pdf: Path) -> list[str]:
    """The words of each sheet of a PDF."""
    told = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return told.split("\f")[:-1]


@pytest.mark.browser
@pytest.mark.parametrize("size", ["A4", "Letter"])
@pytest.mark.parametrize("script", [True, False])
def test_the_article_prints_as_an_edition_to_be_read_and_its_one_file_whole(
    browser: Browser, real_site: Path, quiet: list[str], artefacts: Path, size: str, script: bool
) -> None:
    for name, most in (("index", 10), ("single", 18)):
        page = opened(browser, (real_site / EXPLAINER).with_name(f"{name}.html"), quiet, script=script)
        pdf = artefacts / f"explainer-{name}-{size}-{script}.pdf"
        page.pdf(path=pdf, format=size)
        page.emulate_media(media="print")
        sizes = "parts => [...new Set(parts.map(part => getComputedStyle(part).fontSize))]"
        small = page.locator(".endnotes .inside > p:not(.result), .endnotes .fine, .endnotes .inputs")
        assert len(small.evaluate_all(sizes)) == 1  # what is said beside a text is not larger
        pages = sheets(pdf)
        assert len(pages) <= most
        for at, words in enumerate(pages, start=1):
            assert re.search(rf"\b{at} ?/ ?{len(pages)}\b", words)
        assert len([line for line in pages[-1].splitlines() if line.strip()]) > 15  # no sheet for a few lines
        assert "example.org/deepseek-nachgerechnet" in pages[0]
        assert "Unsere Korrekturen" not in pages[0]  # a link that leads nowhere
        assert "darioamodei.com" in "".join(pages[:2])  # where the text itself links to
        assert "abgerufen am" not in "".join(pages)  # its works were read in stored copies
        assert not re.search(r"Nur bestimmte Anmerkungen|Link kopieren|Daten als Tabelle", "".join(pages))
        assert ("Weitere Rechnungen" in "".join(pages)) == (name == "single")


@pytest.mark.browser
def test_the_margin_of_a_sheet_says_what_that_of_the_page_says(
    browser: Browser, real_site: Path, quiet: list[str]
) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet)
    before = page.locator("body").evaluate("body => body.textContent")
    numbers = page.locator("#text .refs a:not([hidden])").evaluate_all("all => all.map(a => a.textContent)")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 642, "height": 900})
    boxes = page.locator(".printing:not(td *)").evaluate_all(
        """all => all.map(one => [one.querySelector('.nr')?.textContent, ...'left top right bottom'.split(' ').map(
            side => one.getBoundingClientRect()[side])])"""
    )
    in_cells = page.locator("td .printing .nr").evaluate_all("all => all.map(nr => nr.textContent)")
    assert {box[0] for box in boxes if box[0]} | {*in_cells} == {*numbers}
    edge = page.locator("#text").evaluate("text => text.getBoundingClientRect().right")
    assert all(box[1] > edge for box in boxes)  # none over the text
    boxes.sort(key=lambda box: box[2])
    assert all(one[4] <= other[2] + 1 for one, other in pairwise(boxes))  # none over another
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("body").evaluate("body => body.textContent") == before


@pytest.mark.browser
def test_the_paper_has_every_note_and_every_address(
    browser: Browser, real_site: Path, quiet: list[str], artefacts: Path
) -> None:
    page = opened(browser, (real_site / EXPLAINER).with_name("single.html"), quiet, script=False)
    pdf = artefacts / "explainer.pdf"
    page.pdf(path=pdf, format="A4")
    told = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True, check=True).stdout
    printed = re.sub(r"[\s\u00ad-]+", "", told)
    heads = page.locator(".endnotes > ol > li > details > summary, .voice > summary b")
    assert heads.count() > 100
    for head in heads.all():
        assert re.sub(r"[\s\u00ad-]+", "", head.inner_text())[:15] in printed
    for address in page.locator('[id^="source-"] a[href^="http"]:not(.tools a)').all():
        href = re.sub(r"[\s-]+", "", address.get_attribute("href") or "")
        assert href.removeprefix("https://").removeprefix("http://")[:30] in printed, href


@pytest.mark.browser
def test_a_link_to_a_page_of_the_site_has_its_whole_address_on_paper(
    browser: Browser, real_site: Path, quiet: list[str]
) -> None:
    for file in ("index.html", "single.html"):
        page = opened(browser, (real_site / HANDBOOK).with_name(file), quiet)
        page.emulate_media(media="print")
        printed: dict[str, str] = page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll("#text a[data-to]")]
                .map(link => [link.textContent, getComputedStyle(link, "::after").content]))"""
        )
        assert printed["short German handbook"] == '" <example.org/handbuch/>"'
        assert printed["these numbers"] == '" <example.org/handbook/data/planets.csv>"'
        assert (
            page.locator("#text p a[href^='../']:not([data-to]), #text p a[href^='data']:not([data-to])").count() == 0
        )


# What stands in the middle of the picture, and what is opened or pressed there.
STATES = {
    "top": ("h1", None),
    "claims": (".claims", None),
    "voice": ("#text .ref-counter", "#text .ref-counter"),
    "figure": ("#r-hardware", "#r-hardware"),
    "chart": (".chart", ".chart summary"),
    "sources": (".sources", None),
}


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("seen", SEEN)
def test_the_main_states_are_kept_for_people_to_look_at(
    browser: Browser, real_site: Path, quiet: list[str], artefacts: Path, seen: str, scheme: str
) -> None:
    for state, (middle, pressed) in STATES.items():
        page = opened(browser, real_site / EXPLAINER, quiet, seen=seen, scheme=scheme)
        page.emulate_media(reduced_motion="reduce")
        page.locator(middle).first.evaluate("place => place.scrollIntoView({block: 'center'})")
        if pressed:
            page.locator(pressed).first.click()
        page.screenshot(path=artefacts / f"explainer-{state}-{seen}-{scheme}.png")
        page.context.close()


MARGIN = """[...document.querySelectorAll('.endnotes > ol > li')]
    .map(note => note.getBoundingClientRect()).map(({top, bottom}) => [top, bottom])"""
TEXT = "[...document.querySelectorAll('#text > *')].map(part => [part.offsetTop, part.offsetHeight])"


@pytest.mark.browser
def test_no_note_covers_another_or_what_follows_whichever_is_open_and_the_text_never_moves(
    browser: Browser, real_site: Path, quiet: list[str]
) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet)
    page.emulate_media(reduced_motion="reduce")
    text = page.evaluate(TEXT)
    references = page.locator('#text a[role="doc-noteref"]')
    for number in (None, 0, 6, 33, 39, references.count() - 1):
        if number is not None:
            references.nth(number).click()
        notes = page.evaluate(MARGIN)
        assert all(before[1] <= after[0] for before, after in pairwise(notes)), number
        assert notes[-1][1] <= page.evaluate("document.querySelector('.loose').getBoundingClientRect().top")
        assert page.evaluate(TEXT) == text
        opened_ones = page.locator(".endnotes > ol > li > details[open]")
        assert opened_ones.count() == (number is not None)
        at_rest = [bottom - top for top, bottom in notes]
        assert len([height for height in at_rest if height > 120]) == (number is not None)


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 820, 1000, 1440])
def test_no_number_of_a_note_begins_a_line_and_what_belongs_together_is_not_parted(
    browser: Browser, real_site: Path, quiet: list[str], width: int
) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet)
    page.set_viewport_size({"width": width, "height": 900})
    alone = page.evaluate(
        """[...document.querySelectorAll('#text p > .refs')].filter(refs =>
            [...refs.querySelectorAll('a')].some(a =>
                a.getBoundingClientRect().left < refs.parentNode.getBoundingClientRect().left + 8))
            .map(refs => refs.textContent)"""
    )
    assert alone == []
    parted = "[...document.querySelectorAll('main .together')].filter(e => e.getClientRects().length > 1).length"
    assert page.locator("#text .together").count() > 5
    assert page.evaluate(parted) == 0
    lines = "numbers => numbers.map(e => [e.textContent, e.getBoundingClientRect().height])"
    for number, height in page.locator("#text a.number").evaluate_all(lines):
        assert height < 45, number
    for result, height in page.locator(".endnotes .figure .short").evaluate_all(lines):
        assert height < 30, result


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_no_claim_of_the_table_ends_with_a_line_that_nobody_sees(
    browser: Browser, real_site: Path, quiet: list[str], width: int
) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet)
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_selector(".claims [data-copy]", state="attached")
    below: list[float] = page.evaluate(
        """[...document.querySelectorAll('.claims tr')].filter(row => row.id).map(row => {
            const seen = [...row.querySelectorAll('.tools > *')].filter(e => getComputedStyle(e).opacity !== '0');
            return row.getBoundingClientRect().bottom - Math.max(...seen.map(e => e.getBoundingClientRect().bottom));
        })"""
    )
    assert len(below) > 10
    assert max(below) < 20


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
@pytest.mark.parametrize("seen", SEEN)
def test_every_address_leads_to_its_place(
    browser: Browser, real_site: Path, quiet: list[str], seen: str, script: bool
) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet, seen=seen, script=script)
    for place in ("n-only-the-last-run", "r-a-guess", "chart-fleet", "claim-only-the-last-run", "source-ho2024"):
        page.goto("about:blank")
        page.goto(f"{(real_site / EXPLAINER).as_uri()}#{place}")
        expect(page.locator(f"#{place}")).to_be_in_viewport()


@pytest.mark.browser
def test_should_the_script_never_come_the_notes_appear_all_the_same(browser: Browser, real_site: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/reading.*.js", lambda route: route.abort())
    page.goto((real_site / EXPLAINER).as_uri())
    expect(page.locator(".endnotes .inside").first).to_be_visible()
    expect(page.locator(".endnotes .inside").last).to_be_visible()
    assert page.locator("button:visible").count() == 0
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("page_path", [EXPLAINER, HANDBOOK])
def test_on_paper_nothing_is_cut_off_and_no_note_lies_over_the_text(
    browser: Browser, real_site: Path, quiet: list[str], page_path: str
) -> None:
    page = opened(browser, (real_site / page_path).with_name("single.html"), quiet, seen="phone")
    page.locator('#text a[role="doc-noteref"]').first.click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(":popover-open").count() == 0
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 642, "height": 900})  # 170 mm
    wider = page.evaluate(
        """[...document.querySelectorAll('.formula math, .chart table, .inputs, .picture')].filter(part => {
            const column = part.closest('.inside, figcaption') || document.body;
            return part.getBoundingClientRect().right > column.getBoundingClientRect().right + 1;
        }).map(part => part.textContent.slice(0, 80))"""
    )
    assert wider == []


@pytest.mark.browser
def test_nothing_in_a_formula_is_too_small_to_be_read(browser: Browser, real_site: Path, quiet: list[str]) -> None:
    page = opened(browser, real_site / EXPLAINER, quiet)
    sizes = page.evaluate(
        """[...document.querySelectorAll('math :is(mn, mo, mi span)')]
            .map(part => parseFloat(getComputedStyle(part).fontSize))"""
    )
    assert min(sizes) > 11
    # What is too long for a row goes on in a further one, and nothing is scrolled.
    for width in (1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        scrolled = page.evaluate(
            """[...document.querySelectorAll('.notes li > details')].flatMap(details => {
                details.open = true;
                return [...details.querySelectorAll('.formula')].filter(one => one.scrollWidth > one.clientWidth)
                    .map(one => one.textContent);
            })"""
        )
        assert scrolled == [], width
