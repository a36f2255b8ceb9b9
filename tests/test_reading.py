"""The article page in a real browser: opening and closing notes, filters, copying, figures, paper, accessibility."""

import random
from collections.abc import Iterator, Mapping
from itertools import pairwise, product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from randnotiz import figures, language, notes, pages
from randnotiz import site as site_of_files
from randnotiz.analysis import analyse_folder
from randnotiz.diagnostics import SourceText
from randnotiz.formulas import FUNCTIONS
from randnotiz.model import Article, Figure, Quantity, Stated
from randnotiz.pages.figure_views import NumberFormatter
from randnotiz.site import BuildOptions, SitePaths, building
from tests import sample
from tests.lines import line, listed
from tests.published import published

pytestmark = pytest.mark.browser

WIDE, TABLET, PHONE, TINY = ((1440, 900), (820, 1100), (390, 844), (320, 640))
SIZES = {"wide": WIDE, "tablet": TABLET, "phone": PHONE, "tiny": TINY}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as a site on the disk."""
    root = tmp_path_factory.mktemp("site")
    theme = sample.theme()
    files = {
        **pages.assets(theme),
        "chips/index.html": pages.article_page(sample.annotated(), theme, sample.charts()).encode(),
        "index.html": listed([line("chips"), line("strom", lang="en")], theme)["index.html"].encode(),
        "pages/impressum/index.html": pages.plain_page(theme.plain_pages[0], theme).encode(),
    }
    write(root, files)
    return root


def write(root: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


class Reader:
    """Opens pages as one kind of reader; whatever the page complains about or asks elsewhere fails the test."""

    def __init__(self, browser: Browser, site: Path) -> None:
        self.browser, self.site = browser, site
        self.complaints: list[str] = []

    def open(
        self, size: str = "wide", path: str = "chips/index.html", *, dark: bool = False, script: bool = True
    ) -> Page:
        width, height = SIZES[size]
        page = self.browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        page.on("console", lambda message: self.heard(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked(request.url))
        page.goto((self.site / path.partition("#")[0]).as_uri() + "".join(path.partition("#")[1:]))
        return page

    def heard(self, kind: str, words: str) -> None:
        if kind == "error":
            self.complaints.append(words)

    def asked(self, url: str) -> None:
        if not url.startswith(self.site.as_uri()):
            self.complaints.append(f"asked for {url}")


@pytest.fixture
def reader(browser: Browser, site: Path) -> Iterator[Reader]:
    made = Reader(browser, site)
    yield made
    for context in browser.contexts:
        context.close()
    assert made.complaints == []


def opened(page: Page) -> list[str]:
    """The ids of the notes that stand open; that of a claim has those of all voices on it."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('.endnotes li > details[open]')].map(d => 'n-' + d.parentNode.dataset.note)"
    )
    return found


# ---- wide ----

# How far above its passage a note may stand at rest, and how far below: as in reading.js.
LIFT, FAR = 76, 290
BOXES = """[...document.querySelectorAll('.endnotes > ol > li')].map(li => {
    const {top, bottom, left, height} = li.getBoundingClientRect();
    const mark = document.querySelector(`mark[data-notes~="${li.dataset.note.split(' ')[0]}"]`);
    return {top, bottom, left, height, mark: mark && mark.getBoundingClientRect().top};
})"""


def test_in_the_margin_every_note_stands_beside_its_passage_in_three_lines_and_none_overlaps(reader: Reader) -> None:
    page = reader.open()
    assert opened(page) == []
    boxes = page.evaluate(BOXES)
    assert all(box["height"] < 75 for box in boxes)
    assert all(before["bottom"] <= after["top"] for before, after in pairwise(boxes))
    column = page.evaluate("document.querySelector('#text').getBoundingClientRect().right")
    assert all(box["left"] > column for box in boxes)
    assert all(-LIFT <= box["top"] - box["mark"] <= FAR for box in boxes if box["mark"])


def test_a_click_on_a_reference_opens_its_note_beside_the_passage_and_never_moves_the_text(reader: Reader) -> None:
    page = reader.open()
    places = "[...document.querySelectorAll('#text > *')].map(e => [e.offsetTop, e.offsetHeight])"
    before = page.evaluate(places)
    page.click("#r-fleet-factor")
    assert opened(page) == ["n-fleet-factor"]
    selectors = ("#n-fleet-factor", 'mark[data-notes~="fleet-factor"]')
    note, mark = (page.locator(selector).first.bounding_box() for selector in selectors)
    assert note
    assert mark
    assert abs(note["y"] - mark["y"]) < 8
    assert page.evaluate(places) == before
    expect(page.locator("#n-fleet-factor summary")).to_be_focused()
    page.click("#r-fleet-factor")
    assert opened(page) == []
    expect(page.locator("#r-fleet-factor")).to_be_focused()


def test_a_passage_opens_the_voice_it_belongs_to_and_the_others_stay_folded(reader: Reader) -> None:
    page = reader.open()
    unfolded = "[...document.querySelectorAll('.voice[open]')].map(voice => voice.id)"
    page.click('mark[data-notes="too-many"]')
    assert opened(page) == ["n-plausible too-many"]
    assert page.evaluate(unfolded) == ["n-too-many"]
    page.click("#r-plausible")  # its number asks for another voice in the same note
    assert opened(page) == ["n-plausible too-many"]
    assert page.evaluate(unfolded) == ["n-plausible"]
    page.click("#n-too-many > summary")
    assert page.evaluate(unfolded) == ["n-plausible", "n-too-many"]
    page.keyboard.press("Escape")
    assert opened(page) == []
    expect(page.locator("#r-plausible")).to_be_focused()


@pytest.mark.slow
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_address_of_a_voice_opens_the_note_of_its_claim_and_unfolds_it(reader: Reader, size: str) -> None:
    page = reader.open(size, path="chips/index.html#n-too-many")
    assert opened(page) == ["n-plausible too-many"]
    assert page.evaluate("document.getElementById('n-too-many').open")
    assert not page.evaluate("document.getElementById('n-plausible').open")
    expect(page.locator("#n-too-many")).to_be_in_viewport()


def test_escape_closes_the_open_note_and_the_focus_returns(reader: Reader) -> None:
    page = reader.open()
    page.focus("#r-what-hopper")
    page.keyboard.press("Enter")
    assert opened(page) == ["n-what-hopper"]
    page.keyboard.press("Escape")
    assert opened(page) == []
    expect(page.locator("#r-what-hopper")).to_be_focused()


@pytest.mark.slow
def test_a_head_in_the_margin_opens_and_closes_by_mouse_and_keyboard(reader: Reader) -> None:
    page = reader.open()
    page.click("#voices-too-many > details > summary")
    assert opened(page) == ["n-plausible too-many"]
    page.focus("#n-hardware summary")
    page.keyboard.press("Enter")
    assert opened(page) == ["n-hardware"]
    page.keyboard.press("Enter")
    assert opened(page) == []


@pytest.mark.slow
def test_an_open_note_pushes_the_next_ones_down_and_overlaps_none(reader: Reader) -> None:
    page = reader.open()
    page.click("#r-fleet-source")
    boxes = page.evaluate(
        """[...document.querySelectorAll('.endnotes > ol > li')]
            .map(li => li.getBoundingClientRect()).map(({top, bottom}) => [top, bottom])"""
    )
    assert all(before[1] <= after[0] + 0.5 for before, after in pairwise(boxes))


@pytest.mark.slow
def test_hovering_a_note_lights_its_passage_and_the_reverse(reader: Reader) -> None:
    page = reader.open()
    page.hover("#n-what-hopper summary")
    expect(page.locator('mark[data-notes~="what-hopper"]')).to_contain_class("lit")
    page.hover("#r-what-hopper")
    expect(page.locator("#n-what-hopper")).to_contain_class("lit")
    page.hover("h1")
    expect(page.locator("#n-what-hopper")).not_to_contain_class("lit")
    page.focus("#n-what-hopper summary")
    expect(page.locator('mark[data-notes~="what-hopper"]')).to_contain_class("lit")
    page.focus("#r-hardware")
    expect(page.locator("#n-hardware")).to_contain_class("lit")
    expect(page.locator("#n-what-hopper")).not_to_contain_class("lit")


def test_an_address_that_names_a_note_opens_it(reader: Reader) -> None:
    page = reader.open(path="chips/index.html#n-wrong-count")
    assert opened(page) == ["n-wrong-count"]
    expect(page.locator("#n-wrong-count")).to_be_in_viewport()


@pytest.mark.slow
@pytest.mark.parametrize("size", ["wide", "phone"])
@pytest.mark.parametrize("named", ["löhne-steigen", "l%C3%B6hne-steigen", "loehne-steigen", "%"])
def test_an_address_in_any_letters_opens_its_note_and_so_does_a_former_one(
    reader: Reader, named: str, size: str
) -> None:
    notes = "notes:\n- {kind: context, quote: Löhne steigen, note: Seit Jahren.}\n"
    write(reader.site, {"mieten/index.html": published("Die Löhne steigen.\n", notes=notes).html.encode()})
    page = reader.open(size, path=f"mieten/index.html#n-context-{named}")
    assert opened(page) == ([] if named == "%" else ["n-context-löhne-steigen"])


@pytest.mark.slow
def test_what_a_table_s_author_set_to_the_right_stands_at_the_right(reader: Reader) -> None:
    page = reader.open()
    cells = page.locator("#text td")
    assert {cells.nth(at).evaluate("cell => getComputedStyle(cell).textAlign") for at in (1, 3)} == {"end"}
    assert cells.first.evaluate("cell => getComputedStyle(cell).textAlign") == "start"


CROWDED = (
    "Die Mieten stiegen um neun Prozent auf 900 Euro, sagt das Amt, und das in allen Städten.\n\nDanach nicht mehr.\n"
)
CITED = "".join(
    f"- {{id: {id}, quote: {words}, sources: [amt]}}\n"
    for id, words in {
        "a": "Die Mieten",
        "b": "neun Prozent",
        "c": "900 Euro",
        "d": "das Amt",
        "e": "nicht mehr",
    }.items()
)
NOTED = "notes:\n" + "".join(
    f"- {{id: {id}, kind: context, quote: {words}, note: Seit Jahren.}}\n"
    for id, words in {"f": "stiegen", "g": "allen Städten"}.items()
)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_where_more_than_five_notes_stand_at_a_paragraph_the_margin_folds_its_sources(
    reader: Reader, size: str
) -> None:
    sources = f"sources:\n- {{id: amt, type: report, title: Mietbericht}}\ncitations:\n{CITED}"
    made = published(CROWDED, sources=sources, notes=NOTED).html.encode()
    write(reader.site, {"eng/index.html": made})
    page = reader.open(size, path="eng/index.html")
    seen = "[...document.querySelectorAll('.endnotes > ol > li')].filter(li => li.offsetHeight)"
    seen += ".map(li => li.dataset.note || li.textContent)"
    folded = ["+ 4 Belege", "f", "g", "e"]
    assert page.evaluate(seen) == (folded if size == "wide" else ["a", "f", "b", "c", "d", "g", "e"])
    if size == "wide":
        page.click("#r-c")  # its number shows one all the same
        assert opened(page) == ["n-c"]
        expect(page.locator("#n-c")).to_be_visible()
        page.keyboard.press("Escape")
        page.click(".more button")
        assert page.evaluate(seen) == ["a", "f", "b", "c", "d", "g", "e"]


@pytest.mark.parametrize("count", [pytest.param(4, marks=pytest.mark.slow), 14])
def test_where_a_note_would_stand_far_off_the_verdicts_before_it_are_said_without_their_gist(
    reader: Reader, count: int
) -> None:
    words = [f"Die Mieten von {at}" for at in range(1900, 1900 + count)]
    said = "claimed_by: Amt, stance: disputes, by: Verein, sources: [amt], counter: Es war mehr als anderswo oder je."
    made = published(
        " ".join(words) + ".\n",
        sources="sources:\n- {id: amt, type: report, title: Mietbericht}\n",
        counterclaims="counterclaims:\n"
        + "".join(f"- {{id: c{at}, quote: {each}, claim: A{at}, {said}}}\n" for at, each in enumerate(words)),
    )
    write(reader.site, {"kurz/index.html": made.html.encode()})
    page = reader.open(path="kurz/index.html")
    gists = "[...document.querySelectorAll('.endnotes .gist')].filter(gist => gist.offsetHeight).length"
    assert (page.evaluate(gists) == count) == (count == 4)
    boxes = page.evaluate(BOXES)
    assert all(before["bottom"] <= after["top"] for before, after in pairwise(boxes))
    assert all(-LIFT <= box["top"] - box["mark"] <= FAR for box in boxes)
    page.click("#r-c3")
    page.keyboard.press("Escape")
    assert [box["top"] - box["mark"] for box in page.evaluate(BOXES)] == [box["top"] - box["mark"] for box in boxes]
    assert reader.open("phone", path="kurz/index.html").evaluate(gists) == count


@pytest.mark.slow
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_what_is_to_be_known_of_a_chart_stands_in_its_margin_where_there_is_one(reader: Reader, size: str) -> None:
    page = reader.open(size)
    box, chart = (page.locator(place).first.bounding_box() for place in (".chart .beside", ".chart .finding"))
    assert box
    assert chart
    if size == "phone":
        assert box["x"] == chart["x"]
        return
    assert box["x"] > chart["x"] + chart["width"]
    notes = page.evaluate(
        """[...document.querySelectorAll('.endnotes > ol > li')].map(li => li.getBoundingClientRect())
            .map(({top, bottom}) => [top, bottom])"""
    )
    assert all(bottom <= box["y"] or top >= box["y"] + box["height"] for top, bottom in notes)


# ---- narrow ----


@pytest.mark.parametrize(
    "size", ["phone", *(pytest.param(size, marks=pytest.mark.slow) for size in ("tablet", "tiny"))]
)
def test_a_tap_brings_the_note_up_from_below_and_a_second_one_closes_it(reader: Reader, size: str) -> None:
    page = reader.open(size)
    page.click("#r-hardware")
    note = page.locator("#n-hardware")
    assert page.evaluate("document.querySelector('#n-hardware').matches(':popover-open')")
    expect(note.locator("summary")).to_be_focused()
    reference = page.locator("#r-hardware").bounding_box()
    sheet = note.bounding_box()
    assert reference
    assert sheet
    assert reference["y"] + reference["height"] <= sheet["y"] + 1  # the passage stays in sight
    page.click("#r-hardware")
    assert not page.evaluate("document.querySelector('#n-hardware').hasAttribute('popover')")
    expect(page.locator("#r-hardware")).to_be_focused()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["escape", "its own head", "a tap beside it"])
def test_a_note_from_below_closes_and_is_back_in_its_list(reader: Reader, way: str) -> None:
    page = reader.open("phone")
    page.click("#r-what-hopper")
    assert page.locator(":popover-open").count() == 1
    match way:
        case "escape":
            page.keyboard.press("Escape")
        case "its own head":
            page.click("#n-what-hopper summary")
        case _:
            page.mouse.click(200, 8)
    assert page.locator(":popover-open").count() == 0
    expect(page.locator("#n-what-hopper")).to_be_visible()


def test_the_keyboard_that_goes_on_from_a_note_comes_back_to_where_it_was_opened(reader: Reader) -> None:
    page = reader.open("phone")
    page.focus("#r-what-hopper")
    page.keyboard.press("Enter")
    for _ in range(12):
        if not page.locator(":popover-open").count():
            break
        page.keyboard.press("Tab")
    assert page.locator(":popover-open").count() == 0
    expect(page.locator("#r-what-hopper")).to_be_focused()


def test_the_keyboard_that_goes_on_from_a_note_in_the_margin_comes_back_as_well(reader: Reader) -> None:
    page = reader.open()
    page.focus("#r-what-hopper")
    page.keyboard.press("Enter")
    expect(page.locator("#n-what-hopper > details > summary")).to_be_focused()
    for _ in range(12):
        if not opened(page):
            break
        page.keyboard.press("Tab")
    assert opened(page) == []
    expect(page.locator("#r-what-hopper")).to_be_focused()


@pytest.mark.parametrize("way", ["buttons", pytest.param("arrows", marks=pytest.mark.slow)])
def test_a_note_from_below_leads_to_the_next_one_and_the_one_before(reader: Reader, way: str) -> None:
    page = reader.open("phone")
    page.wait_for_selector("#n-hardware [data-copy]", state="attached")
    notes = [str(note.get_attribute("data-note")) for note in page.locator(".endnotes > ol > li[data-note]").all()]
    references = page.locator('#text a[role="doc-noteref"]')
    references.first.click()
    up = "() => document.querySelector(':popover-open')?.dataset.note"

    def turn(step: int) -> None:
        if way == "buttons":
            page.click(f":popover-open .turn [value='{step}']")
        else:
            page.keyboard.press("ArrowDown" if step > 0 else "ArrowUp")

    first = notes.index(page.evaluate(up))
    for place in range(first, len(notes)):
        assert page.evaluate(up) == notes[place]
        expect(page.locator(":popover-open > details > summary")).to_be_focused()
        expect(page.locator(":popover-open .turn button:disabled")).to_have_count(int(place in (0, len(notes) - 1)))
        if place < len(notes) - 1:
            turn(1)
    turn(-1)
    assert page.evaluate(up) == notes[-2]
    numbered = page.locator(f'[href$="{notes[-2].split()[0]}"][role="doc-noteref"]')
    page.keyboard.press("Escape")
    expect(numbered).to_be_focused()
    assert page.locator(".turn").count() == 0


@pytest.mark.slow
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_result_stays_in_sight_while_a_quantity_is_moved(reader: Reader, size: str) -> None:
    page = reader.open(size)
    page.set_viewport_size({"width": SIZES[size][0], "height": 500})
    page.click("#r-hardware")
    note = page.locator("#n-hardware")
    slider = note.locator("[data-input]").last
    slider.scroll_into_view_if_needed()
    slider.focus()
    before = note.locator("summary .short").inner_text()
    page.keyboard.press("End")
    expect(note.locator("summary")).to_be_in_viewport()
    assert note.locator("summary .short").inner_text() != before
    # A screen reader says the number with its unit, and the ends of the range are ticked.
    assert slider.get_attribute("aria-valuetext") == note.locator("output").last.inner_text()
    ticks = slider.evaluate("slider => [...slider.list.options].map(option => Number(option.value))")
    assert float(slider.get_attribute("min") or "") < ticks[0] < ticks[1] < float(slider.get_attribute("max") or "")


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_window(reader: Reader, size: str) -> None:
    for path in ("chips/index.html", "index.html", "pages/impressum/index.html"):
        page = reader.open(size, path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


# ---- without script, on paper ----


def test_without_script_a_reference_leads_to_the_note_and_back(reader: Reader) -> None:
    page = reader.open(script=False)
    page.click("#r-hardware")
    assert page.url.endswith("#n-hardware")
    expect(page.locator("#n-hardware .result")).to_be_in_viewport()
    page.click('#n-hardware a[role="doc-backlink"]')
    assert page.url.endswith("#r-hardware")
    expect(page.locator("#r-hardware")).to_be_in_viewport()
    assert page.locator("button:visible, .argue:visible").count() == 0


def test_numbers_side_by_side_have_a_comma_between_them_and_one_that_is_left_alone_has_none(reader: Reader) -> None:
    made = published(
        "Die Mieten stiegen.\n",
        sources="sources:\n- {id: amt, type: report, title: Mietbericht}\n"
        "citations:\n- {id: a, quote: Die Mieten stiegen, sources: [amt]}\n",
        notes="notes:\n- {id: b, kind: context, quote: stiegen, note: Seit Jahren.}\n",
    )
    write(reader.site, {"komma/index.html": made.html.encode()})
    page = reader.open(path="komma/index.html")
    before = "[...document.querySelectorAll('#text .ref')].map(ref => getComputedStyle(ref, '::before').content)"
    assert page.evaluate(before) == ["none", '","']
    page.click(".legend summary")
    page.uncheck("#show-source")
    assert page.evaluate(before) == ["none", "none"]


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_kind_that_is_switched_off_is_gone(reader: Reader, size: str, script: bool) -> None:
    page = reader.open(size, script=script)
    page.click(".legend summary")
    page.uncheck("#show-counter")
    expect(page.locator("#r-plausible")).to_be_hidden()
    expect(page.locator("#n-too-many")).to_be_hidden()
    expect(page.locator("#r-hardware")).to_be_visible()
    page.check("#show-counter")
    expect(page.locator("#r-plausible")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_on_paper_no_switch_and_no_tool_is_printed_and_sources_stand_with_their_addresses(
    reader: Reader, size: str
) -> None:
    page = reader.open(size)
    page.click("#r-hardware")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".argue:visible, .tools :is(a:not(.uses a), button):visible").count() == 0
    link = page.locator(".sources a[href^=http]").first
    assert "semianalysis.example" in link.evaluate("a => getComputedStyle(a, '::after').content + a.href")
    assert page.pdf()[:4] == b"%PDF"


# ---- copying ----


@pytest.mark.slow
def test_copied_text_has_no_reference_numbers(reader: Reader) -> None:
    page = reader.open()
    words = page.evaluate(
        "(getSelection().selectAllChildren(document.querySelector('#text p')), getSelection().toString())"
    )
    assert "bezahlt. Der Strom" in " ".join(words.split())


@pytest.mark.slow
def test_each_thing_gives_its_address_and_a_quotation(reader: Reader) -> None:
    page = reader.open("phone")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#voices-too-many > details > summary")
    page.click("#n-too-many > summary")
    page.click("#n-too-many [data-copy=link]")
    assert page.evaluate("navigator.clipboard.readText()") == "https://randnotiz.example/chips/#n-too-many"
    page.click("#n-too-many [data-copy=quotation]")
    words = page.evaluate("navigator.clipboard.readText()")
    assert "Die Tabelle hinter der Zahl geht nicht auf." in words
    assert words.endswith("https://randnotiz.example/chips/#n-too-many")
    page.click("#source-semianalysis-2025 [data-copy=quotation]")
    assert "DeepSeek Debates" in page.evaluate("navigator.clipboard.readText()")
    page.click("#chart-fleet [data-copy=quotation]")
    assert "H100 kosten das Zweieinhalbfache" in page.evaluate("navigator.clipboard.readText()")


# ---- figures ----


def move(page: Page, name: str, value: float) -> None:
    page.evaluate(
        """([name, value]) => {
            const slider = document.querySelector(`[data-input="${name}"]`);
            slider.value = value;
            slider.dispatchEvent(new Event('input', {bubbles: true}));
        }""",
        [name, value],
    )


def test_a_moved_quantity_moves_every_number_that_hangs_on_it_and_reset_takes_it_back(reader: Reader) -> None:
    page = reader.open()
    printed = page.locator('[data-figure="hardware"]')
    before = printed.all_text_contents()
    move(page, "price", 40000)
    assert set(printed.all_text_contents()) == {"2\u00a0Mrd.\u00a0US-Dollar"}
    assert page.locator('[data-verdict="hardware"]').text_content() == "weicht um Faktor 2 ab"
    sign = "getComputedStyle(document.querySelector('#n-hardware summary .short'), '::after').content"
    assert page.evaluate(sign) == '" ≠"'
    expect(page.locator("#argued")).to_be_visible()
    page.click("#argued button")
    assert printed.all_text_contents() == before
    assert page.locator('[data-verdict="hardware"]').text_content() == "stimmt überein"
    assert page.evaluate(sign) == '" ✓"'
    expect(page.locator("#argued")).to_be_hidden()


def assert_same_numbers(page: Page, written: Article, rounds: int) -> None:
    """The page prints what the build would, with random values for some of the uncertain quantities."""
    dice = random.Random(1)
    uncertain = [name for name in written.quantities if page.locator(f'[data-input="{name}"]').count()]
    for _ in range(rounds):
        ends = {}
        for name in dice.sample(uncertain, dice.randint(1, min(3, len(uncertain)))):
            slider = page.locator(f'[data-input="{name}"]').first
            low, high = (float(slider.get_attribute(end) or 0) for end in ("min", "max"))
            ends[name] = dice.uniform(low, high)
        assert_same_where(page, written, ends)


def assert_same_where(page: Page, written: Article, values: Mapping[str, float]) -> None:
    """The page prints what the build would of an article in which some quantities have just these values."""
    page.evaluate("document.querySelector('#argued button').click()")
    moved = {}
    for name, value in values.items():
        move(page, name, value)
        moved[name] = float(page.locator(f'[data-input="{name}"]').first.input_value())
    quantities = {
        name: replace(quantity, low=moved[name], best=moved[name], high=moved[name]) if name in moved else quantity
        for name, quantity in written.quantities.items()
    }
    results, _findings = figures.compute(replace(written, quantities=quantities))
    lang = language.of(written.lang)
    printer = NumberFormatter(results, lang)
    built = {name: printer.range(result.range, result.figure) for name, result in results.figures.items()}
    verdicts = {name: printer.verdict(result) for name, result in results.figures.items() if result.agreement}
    assert said(page, "data-figure") == built | dict.fromkeys(results.broken, lang.message("figure-no-result")), moved
    assert verdicts.items() <= said(page, "data-verdict").items(), moved


def said(page: Page, attribute: str) -> dict[str, str]:
    """The words of every figure, by name, where they stand whole."""
    found: dict[str, str] = page.evaluate(
        """attribute => Object.fromEntries(
            [...document.querySelectorAll(`:is(.result, summary, .compare) [${attribute}]:not([data-part])`)]
                .map(place => [place.getAttribute(attribute), place.textContent]))""",
        attribute,
    )
    return found


def test_the_script_reckons_and_prints_as_the_build_does(reader: Reader) -> None:
    assert_same_numbers(reader.open(), sample.article(), rounds=20)


# Where a step that was written twice may come to two results: signs, halves, the ends of what floats can hold.
EDGES = (
    *(0.0, 0.49999999999999994, -0.5, 1.5, -2.5, 1.0, -1.0, 3.0, -8.0, 1 / 3),
    *(1024.0, 710.0, -746.0, 1e-9, 1e15 + 0.5, 2e300, -2e300),
)


def computing() -> Article:
    """An article with a figure for each function, with as few and with more arguments, and for each operator."""
    numbers = ("basis", "wert", "basis", "7")
    calls = {
        f"{name}_{count}": f"{name}({', '.join(numbers[:count])})"
        for name, (least, most) in FUNCTIONS.items()
        for count in range(least, min(most, len(numbers)) + 1)
    }
    operators = {"plus": "+", "minus": "-", "times": "*", "through": "/", "power": "**"}
    formulas = calls | {name: f"basis {sign} wert" for name, sign in operators.items()} | {"negated": "-basis"}
    return replace(
        sample.article(),
        body=SourceText("Ein Satz."),
        about=None,
        sources={},
        citations=(),
        counterclaims=(),
        charts=(),
        editorial_notes=(),
        quantities={
            name: Quantity(
                name=name, label=SourceText(name), low=1.0, best=2.0, high=3.0, unit=SourceText(""),
                written=(SourceText("1"), SourceText("3")), assumed=SourceText("Angenommen"),
            )
            for name in ("basis", "wert")
        },
        figures={
            name: Figure(id=name, name=name, label=SourceText(name), formula=SourceText(words),
            unit=SourceText(""), digits=12)
            for name, words in formulas.items()
        },
    )  # fmt: skip


def with_any_number(reader: Reader, written: Article, slug: str) -> Page:
    """The page of an article of numbers alone, whose sliders take any: their own ends and steps play no part."""
    results, _ = figures.compute(written)
    annotated, _ = notes.annotate(written, results, language.of(written.lang), verdicts={})
    write(reader.site, {f"{slug}/index.html": pages.article_page(annotated, sample.theme(), {}).encode()})
    page = reader.open(path=f"{slug}/index.html")
    page.evaluate("document.querySelectorAll('[data-input]').forEach(slider => { slider.type = 'text' })")
    return page


@pytest.mark.slow
def test_the_script_knows_every_function_and_computes_it_as_the_build_does(reader: Reader) -> None:
    written = computing()
    results, diagnostics = figures.compute(written)
    assert (diagnostics, results.figures.keys()) == ((), written.figures.keys())
    page = with_any_number(reader, written, "rechnen")
    for value in EDGES:
        assert_same_where(page, written, {"basis": value})
        for other in (3.0, -0.5):
            assert_same_where(page, written, {"basis": value, "wert": other})


def test_the_script_compares_with_the_text_as_the_build_does(reader: Reader) -> None:
    """Whether they agree, by rounding or within a tolerance, at either end of what is stated."""
    ends = (SourceText("3.7"), SourceText("30"))
    stated = [Stated(words=SourceText(words)) for words in ("4", "-4", "4.0", "0")]
    stated.append(Stated(low=3.7, high=30, written=ends))
    plain = computing()
    written = replace(
        plain,
        figures={
            f"f{place}": Figure(
                id=f"f{place}", name=f"f{place}", label=SourceText("Zahl"), formula=SourceText("basis"),
                unit=SourceText(""), stated=words, tolerance=tolerance,
            )
            for place, (words, tolerance) in enumerate(product(stated, (None, 0.0, 0.125)))
        },
    )  # fmt: skip
    page = with_any_number(reader, written, "vergleich")
    for value in (4.0, 4.5, 4.55, 3.5, 3.4, 3.35, 3.3, 4.05, -4.5, -4.6, 0.0, 1e-9, 30.0, 34.4, 34.6, 1e6):
        assert_same_where(page, written, {"basis": value})
    page.evaluate("document.querySelector('#argued button').click()")
    move(page, "basis", 4.4)
    assert said(page, "data-verdict").keys() == written.figures.keys()
    assert {"stimmt gerundet überein", "stimmt bis auf 12,5 % überein"} <= set(said(page, "data-verdict").values())


@pytest.mark.parametrize(("tag", "unit"), [("pl", "hour"), ("uk", "hour"), ("ar", "hour"), ("tr", "%")])
def test_the_script_gives_a_unit_the_form_that_its_number_takes(reader: Reader, tag: str, unit: str) -> None:
    plain, hours = computing(), {"unit": SourceText(unit)}
    written = replace(
        plain,
        lang=tag,
        quantities={name: replace(one, **hours) for name, one in plain.quantities.items()},
        figures={"f": replace(plain.figures["plus"], id="f", name="f", formula=SourceText("basis"), **hours)},
    )
    page = with_any_number(reader, written, f"formen-{tag}")
    for value in (1.0, 2.0, 2.5, 5.0, 21.0, 1002.0, 2e6, -3.0, 2e-9):
        assert_same_where(page, written, {"basis": value})


@pytest.mark.slow
def test_binary_fractions_leave_nothing_behind_in_the_script_either(reader: Reader) -> None:
    formulas = {
        "1 - basis - wert - 0.1": "0",
        "1e6 * (1 - basis - wert - 0.1) + basis": "0.7",
        "sqrt(abs(1 - basis - wert - 0.1))": "0",
        "log(basis + wert + 0.1)": "0",
        "1e9 + wert - 1e9": "0.2",
        "3 * wert / basis - 6 / 7": "0",
        "wert ** 2 - 0.04": "0",
        "exp(log(basis)) - 0.7": "0",
        "round(5 * basis - wert + 0.2)": "4",
        "round(1 - basis - 0.3 - 0.5)": "-1",
        "max(basis + wert, 0.9) - 0.9": "0",
        "min(wert / 1e20, basis) * 1e20": "0.2",
        "1 / (1 - basis - wert - 0.1)": "0",
    }
    plain = computing()
    written = replace(
        plain,
        figures={
            f"f{place}": Figure(
                id=f"f{place}", name=f"f{place}", label=SourceText("Zahl"), formula=SourceText(words), digits=15,
                unit=SourceText(""), stated=Stated(words=SourceText(stated)), tolerance=0.0,
            )
            for place, (words, stated) in enumerate(formulas.items())
        },
    )  # fmt: skip
    page = with_any_number(reader, written, "reste")
    assert_same_where(page, written, {"basis": 0.7, "wert": 0.2})
    printed, verdicts = said(page, "data-figure"), said(page, "data-verdict")
    for place, (words, stated) in enumerate(list(formulas.items())[:-1]):
        assert printed[f"f{place}"] == stated.replace(".", ",").replace("-", "−"), words
        assert verdicts[f"f{place}"] == "stimmt überein", words
    assert printed[f"f{len(formulas) - 1}"] == "mit diesen Werten nicht berechenbar"


@pytest.mark.slow
def test_a_divisor_that_is_0_between_the_points_of_the_script_leaves_no_result(reader: Reader) -> None:
    """`wert` lies from 1 to 3; the poles are so narrow that no search is drawn to them."""
    formulas = (
        "wert + 1e-6 / (wert - basis)",
        "wert + 1e-9 * (basis - wert) ** -1",
        "wert ** 2 - 1 / (1e7 * (basis - wert))",
        "1 / (wert - basis)",
    )
    plain = computing()
    written = replace(
        plain,
        quantities={name: replace(each, low=8.0, best=8.0, high=9.0) if name == "basis" else each
                    for name, each in plain.quantities.items()},
        figures={
            f"f{place}": Figure(
                id=f"f{place}", name=f"f{place}", label=SourceText("Zahl"), formula=SourceText(words),
                unit=SourceText(""),
            )
            for place, words in enumerate(formulas)
        },
    )  # fmt: skip
    page = with_any_number(reader, written, "pole")
    for value in (2.345, 3.3, 8.5, 1.0001):
        assert_same_where(page, written, {"basis": value})
    none = "mit diesen Werten nicht berechenbar"
    assert_same_where(page, written, {"basis": 2.345})
    assert list(said(page, "data-figure").values()).count(none) == 4


@pytest.mark.slow
def test_the_script_finds_the_ends_between_the_points_as_the_build_does(reader: Reader) -> None:
    formulas = (
        "basis * exp(-basis) + wert",
        "abs(basis - wert / 3)",
        "(basis - 1.23) ** 2 * (wert - 2.34)",
        "max(basis, 4 - wert) - 0.1 * basis",
        "abs(2 * basis - 3 * wert) - 0.01 * basis",
        "(1 - basis) ** 2 + 100 * (wert - basis ** 2) ** 2 + rest",
        "rest / ((basis - 1.7) ** 2 + 0.001)",
    )
    plain = computing()
    rest = replace(plain.quantities["wert"], name="rest", label=SourceText("rest"))
    written = replace(
        plain,
        quantities={**plain.quantities, "rest": rest},
        figures={
            f"f{place}": Figure(
                id=f"f{place}", name=f"f{place}", label=SourceText("Zahl"), formula=SourceText(words), digits=6,
                unit=SourceText(""),
            )
            for place, words in enumerate(formulas)
        },
    )  # fmt: skip
    page = with_any_number(reader, written, "enden")
    for values in ({"rest": 1.3}, {"rest": 2.9, "wert": 2.2}, {"basis": 1.9}, {"wert": 1.01}):
        assert_same_where(page, written, values)


# Names that objects and functions of JavaScript have of themselves; authors may mean something else by them.
JAVASCRIPT = ("constructor", "valueof", "tostring", "prototype", "length", "name", "this", "arguments", "eval", "nan")


@pytest.mark.slow
def test_names_of_javascript_s_own_are_names_like_any_other(reader: Reader) -> None:
    """Each in turn is a quantity that is moved, one that stays as it is, and a figure."""
    for place in range(len(JAVASCRIPT)):
        moved, fixed, result = (JAVASCRIPT[(place + step) % len(JAVASCRIPT)] for step in range(3))
        plain = computing()
        quantity = plain.quantities["wert"]
        written = replace(
            plain,
            quantities={name: replace(quantity, name=name, label=SourceText(name)) for name in (moved, fixed)},
            figures={
                result: Figure(
                    id=result,
                    name=result,
                    label=SourceText(result),
                    formula=SourceText(f"{moved} * {fixed}"),
                    unit=SourceText(""),
                )
            },
        )
        results, diagnostics = figures.compute(written)
        assert diagnostics == ()
        annotated, _ = notes.annotate(written, results, language.of("de"), verdicts={})
        page_html = pages.article_page(annotated, sample.theme(), {}).encode()
        write(reader.site, {f"namen-{place}/index.html": page_html})
        page = reader.open(path=f"namen-{place}/index.html")
        assert_same_where(page, written, {moved: 2.7})
        assert_same_where(page, written, {moved: 1.3, fixed: 2.9})
        page.close()


@pytest.mark.slow
@pytest.mark.parametrize("slug", sorted(path.parent.name for path in (sample.ROOT / "content").glob("*/article.md")))
def test_the_figures_of_our_own_articles_agree_in_build_and_page(reader: Reader, tmp_path: Path, slug: str) -> None:
    folders = SitePaths(
        content=sample.ROOT / "content",
        templates=sample.ROOT / "templates",
        static=sample.ROOT / "static",
        output=tmp_path / "site",
        cache=tmp_path / "cache",
    )
    context, _findings = site_of_files.read_site(folders, BuildOptions())
    theme = building.read_theme(folders, context)
    assert theme
    article, _findings = analyse_folder(folders.content, slug, context)
    assert article
    write(reader.site, pages.assets(theme))
    page_html = pages.article_page(article.annotated, theme, {}).encode()
    images = {path: article.written.files[path] for path in article.annotated.images}
    write(reader.site / slug, {"index.html": page_html, **images})
    page = reader.open(path=f"{slug}/index.html")
    if page.locator("[data-input]").count():
        assert_same_numbers(page, article.annotated.article, rounds=10)


# ---- for everybody ----

TEXTS = "() => [document.body, document.querySelector('article')].map(part => part.textContent)"


@pytest.mark.parametrize("size", ["wide", pytest.param("phone", marks=pytest.mark.slow)])
def test_the_text_is_the_same_with_and_without_script_and_in_every_state(reader: Reader, size: str) -> None:
    written = reader.open(size, script=False).evaluate(TEXTS)
    page = reader.open(size)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.wait_for_selector("#n-hardware [data-copy]", state="attached")
    assert page.evaluate(TEXTS) == written
    for reference in page.locator('#text a[role="doc-noteref"]').all():
        reference.click()
        assert page.evaluate(TEXTS) == written
    page.locator(".endnotes [data-copy=link]:visible").first.click()
    expect(page.locator("[data-copy][aria-label=Kopiert]")).to_have_count(1)
    assert page.evaluate(TEXTS) == written
    page.keyboard.press("Escape")
    page.click(".legend summary")
    for switch in page.locator(".legend input").all():
        switch.click()
        assert page.evaluate(TEXTS) == written
    # Paper has its notes beside the text; after it the page is as it was.
    page.evaluate("['beforeprint', 'afterprint'].forEach(name => dispatchEvent(new Event(name)))")
    assert page.evaluate(TEXTS) == written


@pytest.mark.parametrize("size", ["wide", pytest.param("phone", marks=pytest.mark.slow)])
def test_a_group_of_controls_is_one_stop_and_the_arrows_go_on_within_it(reader: Reader, size: str) -> None:
    page = reader.open(size)
    page.wait_for_selector("#n-hardware [data-copy]", state="attached")
    groups = [".endnotes > ol", ".chart .tools", ".claims .tools", ".about .tools", ".chart .beside"]
    for group in groups:
        within = "a, button" if "tools" in group or "beside" in group else "li > details > summary"
        controls = [one for one in page.locator(group).first.locator(within).all() if one.is_visible()]
        stops = [control.get_attribute("tabindex") for control in controls]
        assert stops == ["0"] + ["-1"] * (len(controls) - 1), group
        controls[0].focus()
        for control in controls[1:]:
            page.keyboard.press("ArrowRight")
            expect(control).to_be_focused()
            expect(control).to_have_attribute("tabindex", "0")
        for control in controls[-2::-1]:
            page.keyboard.press("ArrowUp")
            expect(control).to_be_focused()
    # One that is hidden is no stop.
    page.click(".legend summary")
    page.locator(".legend input").first.click()
    stop = page.locator(".endnotes > ol > li > details > summary[tabindex='0']")
    expect(stop).to_have_count(1)
    expect(stop).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_axe_finds_nothing_to_complain_about(reader: Reader, size: str, dark: bool) -> None:
    for path in ("chips/index.html", "index.html", "pages/impressum/index.html"):
        assert_accessible(reader.open(size, path, dark=dark))
    page = reader.open(size, dark=dark)
    page.click("#r-hardware")
    assert_accessible(page)
    move(page, "price", 40000)
    assert_accessible(page)


def assert_accessible(page: Page) -> None:
    # Without `preload`, axe does not ask for the style sheet a second time, which no page from the disk may do.
    report = Axe().run(page, options={"preload": False})
    assert report.violations_count == 0, report.generate_report()


@pytest.mark.slow
def test_every_target_is_at_least_24_pixels_wide_and_high_or_stands_in_a_sentence(reader: Reader) -> None:
    page = reader.open("phone")
    small = page.evaluate(
        """[...document.querySelectorAll('button, input, summary, .tools a, .foot a, .site a, label:has(input)')]
            .filter(e => e.offsetParent && !e.parentElement.closest('label'))
            .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().height])
            .filter(([, height]) => height < 24)"""
    )
    assert small == []
    assert page.evaluate("getComputedStyle(document.querySelector('.ref'), '::after').height") == "24px"


@pytest.mark.slow
def test_the_layout_does_not_shift_when_the_script_starts(reader: Reader) -> None:
    page = reader.open()
    page.wait_for_selector("#n-hardware [data-copy]", state="attached")
    shifted = page.evaluate(
        """new Promise(done => {
            const shifts = [];
            const watch = new PerformanceObserver(list => shifts.push(...list.getEntries()));
            watch.observe({type: 'layout-shift', buffered: true});
            // What was laid out in a frame is told after it.
            const after = (frames) => frames ? requestAnimationFrame(() => setTimeout(after, 0, frames - 1))
                : done(shifts.map(({value}) => value));
            after(3);
        })"""
    )
    assert sum(shifted) == pytest.approx(0, abs=0.01)


@pytest.mark.slow
def test_the_screen_is_kept_for_people_to_look_at(reader: Reader, artefacts: Path) -> None:
    for size in SIZES:
        for dark in (False, True):
            page = reader.open(size, dark=dark)
            page.screenshot(path=artefacts / f"article-{size}-{'dark' if dark else 'light'}.png", full_page=True)
            page.close()
