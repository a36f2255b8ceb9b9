"""The main states of the pages in Chromium, Firefox and WebKit: what readers see and do, as the browser computed it.
What a style sheet asks for, an engine may not take.
"""

import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from shutil import which

import pytest

from tests.conftest import lacking
from tests.engines import Chromium, Driven, Engine, Firefox, WebKit
from tests.test_languages import built
from tests.test_preview import OPEN, Running, change, eventually, free_port, start, write_article, write_site

pytestmark = [pytest.mark.browser, pytest.mark.engines, pytest.mark.slow]

ARTICLE = "deepseek-nachgerechnet/index.html"
PHONE, TABLET, WIDE = (390, 844), (820, 1100), (1440, 900)
DRIVEN: dict[str, type[Driven]] = {"firefox": Firefox, "webkit": WebKit}


@pytest.fixture(scope="module", params=["chromium", *DRIVEN])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One page in each browser in turn."""
    if request.param == "chromium":
        opened: Engine = Chromium(request.getfixturevalue("browser"))
    else:
        kind = DRIVEN[request.param]
        if not all(map(which, kind.programs)):
            lacking(f"no {' and '.join(kind.programs)} to test with: apt-get install {kind.packages}")
        opened = kind()
    yield opened
    opened.close()


# ---- lines ----

# What can be followed, pressed or read on: selector, its line, the style of that line, its thickness.
LINES = [
    ("mark.q-source:not(.q-counter, .q-figure, .q-note)", "none", "solid", "auto"),
    ("mark.q-counter", "underline", "solid", "2px"),
    ("mark.q-figure:not(.q-counter)", "underline", "solid", "1.5px"),
    ("mark.q-note:not(.q-counter, .q-figure)", "underline", "dotted", "1.5px"),
    (".sources li p a", "underline", "solid", "1px"),
    (".about .tools button", "underline", "solid", "1px"),
    (".legend summary", "underline", "solid", "1px"),
    (".endnotes .tools button", "underline", "solid", "1px"),
    (".chart summary", "underline", "solid", "1px"),
    (".chart .tools a", "underline", "solid", "1px"),
    ("a.ref", "none", "solid", "1px"),
    (".site a", "none", "solid", "1px"),
    (".claims td > a", "none", "solid", "1px"),
]

# Every kind of line among the elements of a selector, once.
COMPUTED = """selector => [...new Set([...document.querySelectorAll(selector)].map(element => {
    const {textDecorationLine, textDecorationStyle, textDecorationThickness} = getComputedStyle(element);
    return [textDecorationLine, textDecorationStyle, textDecorationThickness].join(' ');
}))]"""
EQUIPPED = "() => document.querySelector('.endnotes [data-copy=quotation]')"


def test_every_passage_link_button_and_tool_of_a_chart_has_its_line(engine: Engine, served: str) -> None:
    engine.goto(served + ARTICLE)
    engine.until(EQUIPPED)
    found = {selector: engine.evaluate(COMPUTED, selector) for selector, *_ in LINES}
    assert found == {selector: [" ".join(line)] for selector, *line in LINES}


# ---- states of the site ----

# Where every passage begins, and the heights at which its lines stand.
PLACES = """() => [...document.querySelectorAll('#text mark')]
    .map(mark => [...mark.getClientRects()].filter(line => line.width))
    .map(lines => [lines[0].x, ...new Set(lines.map(line => line.y))].map(Math.round))"""


def read(engine: Engine, site: str) -> None:
    """Notes stand beside their passages or in their list, none over another, nothing is wider than the window, and a
    passage that lights up moves no word.
    """
    engine.goto(site + ARTICLE)
    engine.until(EQUIPPED)
    boxes = engine.evaluate(
        """() => [...document.querySelectorAll('.endnotes > ol > li')].map(li => li.getBoundingClientRect())
            .map(({top, bottom}) => [top, bottom])"""
    )
    assert boxes
    assert all(above[1] <= below[0] + 0.5 for above, below in pairwise(boxes))
    assert engine.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    dark = engine.evaluate(PLACES)
    engine.evaluate(
        "() => document.querySelectorAll('#text :is(mark, .ref)').forEach(one => one.classList.add('lit'))"
    )
    assert engine.evaluate(PLACES) == dark


def open_a_note(engine: Engine, site: str) -> None:
    """It comes into the margin or up from below, its passage lit and in sight; Escape closes it."""
    engine.goto(site + ARTICLE)
    engine.until(EQUIPPED)
    engine.click("a.ref")
    engine.until("() => document.querySelector('.endnotes li > details[open]')")
    place = engine.evaluate(
        """() => {
            const [note, mark] = ['li:has(> details[open])', 'mark.open'].map(one => document.querySelector(one));
            const [box, passage] = [note.getBoundingClientRect(), mark.getClientRects()[0]];
            return {
                margin: matchMedia('(min-width: 62em)').matches, sheet: note.matches(':popover-open'),
                beside: box.left > passage.right && Math.abs(box.top - passage.top) < 8,
                below: box.top >= passage.bottom && Math.round(box.bottom) === innerHeight,
                across: Math.abs(note.clientWidth - note.querySelector('summary').offsetWidth) < 2,
                lit: getComputedStyle(mark).backgroundColor !== getComputedStyle(mark.parentElement).backgroundColor,
            };
        }"""
    )
    wide = place["margin"]
    # Its head lies over all that is scrolled below it.
    assert place == {
        "margin": wide,
        "sheet": not wide,
        "beside": wide,
        "below": not wide,
        "across": True,
        "lit": True,
    }
    engine.type("Escape")
    engine.until("() => !document.querySelector('.endnotes li > details[open]')")
    assert engine.evaluate("() => document.activeElement.matches('a.ref')")


# What is wrong with the formulas of a page.
FORMULAS = """() => {
    const wrong = [];
    const lines = label => {
        const range = document.createRange();
        range.selectNodeContents(label);
        return [...range.getClientRects()];
    };
    const middle = ({top, bottom}) => (top + bottom) / 2;
    for (const {parentElement: note} of document.querySelectorAll('.notes details:has(math)')) {
        const box = note.querySelector('details');
        box.open = true;
        for (const whole of note.querySelectorAll('.formula'))
            if (whole.scrollWidth > whole.clientWidth + 1) wrong.push(`cut: ${whole.textContent}`);
        for (const formula of note.querySelectorAll('math')) {
            const labels = [...formula.querySelectorAll('mi')].map(mi => {
                let label = mi;
                while (label.firstElementChild) label = label.firstElementChild;
                return label;
            });
            const parts = labels.map(label => label.getBoundingClientRect());
            for (const label of labels) {
                const size = parseFloat(getComputedStyle(label).fontSize);
                lines(label).reduce((above, below) => {
                    const apart = below.top - above.top;
                    if (apart > 1 && apart < size) wrong.push(`lines ${apart} apart: ${label.textContent}`);
                    return below;
                });
            }
            parts.forEach((one, at) => parts.slice(at + 1).forEach(other => {
                const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
                const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
                if (wide > 1 && high > 6) wrong.push(`labels overlap: ${formula.textContent}`);
            }));
            for (const fraction of formula.querySelectorAll('mfrac')) {
                const [over, under] = [...fraction.children].map(part => part.getBoundingClientRect());
                if (over.top >= under.top || Math.abs(over.left + over.right - under.left - under.right) > 4)
                    wrong.push(`no fraction: ${fraction.textContent}`);
            }
            for (const row of [formula, ...formula.querySelectorAll('mrow')]) {
                const drawn = [...row.children].filter(part => part.matches('mi, mn, mo'));
                drawn.forEach((part, at) => {
                    const box = (part.querySelector('span span') ?? part).getBoundingClientRect();
                    if (!box.width || !box.height) wrong.push(`not drawn: ${part.textContent}`);
                    if (part.previousElementSibling !== drawn[at - 1] || !at) return;
                    const label = drawn[at - 1].querySelector('span span') ?? drawn[at - 1];
                    const before = label.getBoundingClientRect();
                    const [off, apart] = [middle(box) - middle(before), box.left - before.right];
                    if (Math.abs(off) > 8) wrong.push(`${part.textContent} ${off} off: ${row.textContent}`);
                    if (apart < -1 || apart > 24) wrong.push(`${apart} between: ${row.textContent}`);
                });
            }
        }
        box.open = false;
    }
    return wrong;
}"""


def print_formulas(engine: Engine, site: str) -> None:
    """The lines of a label do not overlap, and what stands in a row or over a bar does not either; no row is
    broken or cut, and all of it is drawn.
    """
    for path in (ARTICLE, "handbook/index.html", "preise-tippmuster-chipregeln/index.html"):
        engine.goto(site + path)
        engine.until(EQUIPPED)
        assert engine.evaluate("() => document.querySelectorAll('.notes math').length")
        assert engine.evaluate(FORMULAS) == [], path


def switch_a_kind_off(engine: Engine, site: str) -> None:
    """With all of them off neither a number nor a line is left, and both come back."""
    engine.goto(site + ARTICLE)
    seen = """([shown, line]) =>
        [...document.querySelectorAll('.ref:not(.ref-footnote)')].every(ref =>
            (getComputedStyle(ref).display !== 'none') === shown)
        && [...document.querySelectorAll('#text mark:is(.q-counter, .q-figure, .q-note)')].every(mark =>
            getComputedStyle(mark).textDecorationLine === line)"""
    engine.click(".legend summary")
    for state in ([True, "underline"], [False, "none"], [True, "underline"]):
        engine.until(seen, state)
        for kind in ("source", "counter", "figure", "note"):
            engine.click(f"label:has(#show-{kind})")


def argue_with_the_numbers(engine: Engine, site: str) -> None:
    """A moved quantity moves the result at once; one press takes everything back."""
    engine.goto(site + ARTICLE)
    engine.until(EQUIPPED)
    note = engine.evaluate("() => document.querySelector('li:has([data-input])').dataset.note")
    result = f"#n-{note} summary .short"
    engine.click(f"#r-{note}")
    engine.until("id => document.querySelector(`#n-${id} > details[open]`)", note)
    before = engine.text(result)
    engine.evaluate("id => document.querySelector(`#n-${id} [data-input]`).focus()", note)
    engine.type("End")
    engine.until("([place, before]) => document.querySelector(place).innerText !== before", [result, before])
    engine.until("() => document.querySelector('#argued').checkVisibility()")
    engine.click(f"#n-{note} .argue button")
    engine.until("([place, before]) => document.querySelector(place).innerText === before", [result, before])


def walk_through_a_note(engine: Engine, site: str) -> None:
    """By keyboard alone: the focus goes into a note, through all of it, in sight, and back to where it came from.

    The windows of Firefox and WebKit have no focus here, and so no event tells where it goes on to from a note, and
    no button is pressed by a key.
    """
    focused = """() => {
        const part = document.activeElement;
        const {left, right, top, bottom} = part.getClientRects()[0];
        const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return [part.closest('li[data-note]')?.dataset.note, part.contains(seen) || Boolean(seen?.contains(part)),
            part.matches('#text a.ref'), part.value, part.outerHTML.slice(0, 99)];
    }"""
    engine.goto(site + ARTICLE)
    engine.until(EQUIPPED)
    engine.evaluate("() => document.querySelector('#text .ref-counter').focus()")
    engine.type("Enter")
    engine.until("() => document.activeElement.matches('.endnotes summary')")
    note = first = engine.evaluate(focused)[0]
    told = engine.evaluate("() => document.hasFocus()")
    assert told or not isinstance(engine, Chromium)
    for stops in range(40):  # noqa: B007 - counted
        within, seen, came, step, part = engine.evaluate(focused)
        if not (told or within):
            break
        assert seen, part
        if came:
            break
        assert within == note, part
        if told and step == "1" and note == first:  # what leads on, of a note that has come from below
            engine.type("Enter")
            engine.until("note => document.activeElement.closest('li[data-note]').dataset.note !== note", note)
            note = engine.evaluate(focused)[0]
        engine.type("Tab")
    assert came or not told
    assert stops > 3
    closed = "() => !document.querySelector('.endnotes li > details[open]')"
    if not told:
        engine.type("Escape")
        engine.until("() => document.activeElement.matches('#text a.ref')")
    engine.until(closed)
    engine.type("Enter")
    engine.until("() => document.activeElement.matches('.endnotes summary')")
    engine.type("Tab", "Escape")
    engine.until(closed)
    assert engine.evaluate(focused)[1:3] == [True, True]


def follow_a_claim(engine: Engine, site: str) -> None:
    """From the table of claims to the page of one, which has its words, its verdict and no sideways scroll."""
    engine.goto(site + ARTICLE)
    words = engine.text(".claims td > a")
    engine.click(".claims .tools a[href*='claims/']")
    engine.until("() => location.pathname.includes('/claims/') && document.querySelector('main.claim .pill')")
    assert words.strip(".") in engine.text("h1")
    assert engine.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def browse_the_lists(engine: Engine, site: str) -> None:
    """From the first page by a verdict to the claims that have it, and to the page of one: its cells and the step of
    the scale are seen, the passage is underlined in its sentence, and nothing is wider than the window.
    """
    engine.goto(site + "index.html")
    boxes = engine.evaluate(
        """() => [...document.querySelectorAll('.cells i')].map(i => i.getBoundingClientRect())
            .map(({width, height}) => [width, height])"""
    )
    assert boxes
    assert all(width >= 3 and height >= 8 for width, height in boxes)
    assert engine.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    engine.click(".ways a.pill")
    engine.until("() => location.pathname.includes('/claims/') && document.querySelector('.rows h2 a')")
    engine.click(".rows h2 a")
    engine.until("() => document.querySelector('main.claim blockquote mark')")
    assert engine.evaluate(
        """() => {
            const [given, other] = ['[aria-current]', 'li:not([aria-current])'].map(one =>
                getComputedStyle(document.querySelector(`.scale ${one}`), '::before'));
            const line = getComputedStyle(document.querySelector('.claim blockquote mark'));
            return [parseFloat(given.height) > parseFloat(other.height), given.backgroundColor !== 'rgba(0, 0, 0, 0)',
                line.textDecorationLine, document.documentElement.scrollWidth - innerWidth <= 0];
        }"""
    ) == [True, True, "underline", True]


def search(engine: Engine, site: str) -> None:
    """A word typed finds places, and the first of them is a link that leads there."""
    engine.goto(site + "search/index.html")
    engine.click("#query")
    engine.type(*"nvidia")
    engine.until("() => document.querySelector('.found li a')")
    assert "nvidia" in engine.text(".found").lower()
    engine.click(".found li a")
    engine.until("() => document.querySelector('main.annotated, main.claim, main.prose')")


STATES: list[tuple[Callable[[Engine, str], None], list[tuple[int, int]]]] = [
    (read, [PHONE, TABLET, WIDE]),
    (open_a_note, [PHONE, TABLET, WIDE]),
    (print_formulas, [PHONE, WIDE]),
    (switch_a_kind_off, [PHONE, WIDE]),
    (argue_with_the_numbers, [PHONE, TABLET, WIDE]),
    (walk_through_a_note, [PHONE, WIDE]),
    (follow_a_claim, [PHONE, WIDE]),
    (browse_the_lists, [PHONE, WIDE]),
    (search, [PHONE, WIDE]),
]
CASES = [pytest.param(do, size, id=f"{do.__name__}-{size[0]}") for do, sizes in STATES for size in sizes]


@pytest.mark.parametrize(("do", "size"), CASES)
def test_a_reader_can(
    engine: Engine, served: str, artefacts: Path, do: Callable[[Engine, str], None], size: tuple[int, int]
) -> None:
    engine.size(*size)
    try:
        do(engine, served)
    except BaseException:
        picture = artefacts / f"{type(engine).__name__}-{do.__name__}-{size[0]}.png"
        picture.write_bytes(engine.screenshot())
        raise


SHORT = re.compile(r"\b[^\W\d]{3,6}\b")  # hyphenated seldom, and never over a column's end


def unhyphenated(words: str) -> str:
    """Words without their own hyphens and those of a line's end, which cannot be told from each other."""
    return re.sub(r"[-‐]\n?", "", words)


# Whether each end of the small picture of a figure bears its own label, the lower one where the language begins.
LABELLED = """() => {
    const picture = document.querySelector(".picture");
    picture.closest("details").open = true;
    const box = part => part.getBoundingClientRect();
    const [low, high] = picture.querySelectorAll("text"), axis = box(picture.querySelector(".axis"));
    const span = box(picture.querySelector(".span"));
    const [start, end] = document.dir === "rtl" ? ["right", "left"] : ["left", "right"];
    const near = (one, other) => Math.abs(one - other) < 5;  // Firefox counts the ends of a stroke
    return near(box(low)[start], axis[start]) && near(box(high)[end], axis[end]) && near(span[start], axis[start]);
}"""


@pytest.fixture
def whole(engine: Engine, tmp_path: Path, tag: str) -> Engine:
    """The single file of a language's article, opened."""
    (page,) = built(tmp_path, tag)[0].glob("*/single.html")
    engine.size(*WIDE)
    engine.goto(page.as_uri())
    return engine


@pytest.mark.parametrize("tag", ["ar", "fr"])
def test_the_picture_of_a_figure_runs_as_its_language_does(whole: Engine) -> None:
    whole.until(LABELLED)


@pytest.mark.parametrize("tag", ["ar", "he"])
def test_a_formula_of_words_runs_as_its_language_does(whole: Engine) -> None:
    places = """() => {
        const formula = document.querySelector(".formula");
        formula.closest("details").open = true;
        return [...formula.querySelectorAll("mi, mo")].map(part => part.getBoundingClientRect().left);
    }"""
    left = whole.evaluate(places)
    assert len(left) == 3
    assert left == sorted(left, reverse=True)


@pytest.mark.parametrize(
    ("file", "parts"),
    [
        ("single.html", ".endnotes .inside > p:not(.tools, .passage)"),
        ("index.html", ".endnotes > ol > li > details > summary > .gist"),  # in the margin of the sheets
    ],
)
def test_on_paper_every_note_is_printed(engine: Engine, served: str, tmp_path: Path, file: str, parts: str) -> None:
    engine.size(*WIDE)
    engine.goto(served + ARTICLE.removesuffix("index.html") + file)
    engine.until(EQUIPPED)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(engine.print())
    printed = subprocess.run(["pdftotext", paper, "-"], check=True, capture_output=True, text=True).stdout
    words = unhyphenated(unicodedata.normalize("NFKC", printed))  # nor ligatures
    notes = engine.evaluate(f"() => [...document.querySelectorAll('{parts}')].map(p => p.textContent)")
    assert notes
    assert set(SHORT.findall(unhyphenated(" ".join(notes)))) <= set(SHORT.findall(words))


@pytest.mark.parametrize("file", ["handbook/single.html", ARTICLE.replace("index", "single")])
def test_on_paper_no_heading_stands_alone_at_the_foot_of_a_sheet(
    engine: Engine, served: str, tmp_path: Path, file: str
) -> None:
    engine.goto(served + file)
    engine.until(EQUIPPED)
    headings = engine.evaluate(
        """() => [...document.querySelectorAll('main :is(h2, h3, .finding)')]
            .map(heading => heading.textContent.replace(/\\s+/g, ' ').trim().slice(0, 40))"""
    )
    assert len(headings) > 9
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(engine.print())
    printed = subprocess.run(["pdftotext", "-layout", paper, "-"], check=True, capture_output=True, text=True).stdout
    for sheet in printed.split("\f")[:-1]:
        lines = [" ".join(line.split()) for line in sheet.splitlines() if line.strip()]
        last = next(line for line in reversed(lines) if not re.fullmatch(r"\d+ / \d+", line))
        assert not last.startswith(tuple(headings)), last


# ---- the desk ----


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("preview")
    content = write_site(root)
    for name in ("chromium", *DRIVEN):
        write_article(content, name)
    running = start(root, free_port())
    yield running
    running.process.terminate()
    running.process.wait()


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=str)
def test_an_editor_annotates_in_the_preview_and_sees_a_save_without_a_reload(
    engine: Engine, preview: Running, size: tuple[int, int]
) -> None:
    slug = type(engine).__name__.lower()
    folder = preview.content / slug
    engine.size(*size)
    engine.goto(f"{preview.address}{slug}/")
    engine.until("() => document.querySelector('#preview-opener')?.innerText.includes('warning')")
    engine.evaluate("() => { window.neverLeft = true; }")

    seasons = ("im Frühjahr 4", "im Sommer 4", "im Herbst 4")  # the other size may have been here first, or not
    before, after = next(
        (now, then) for now, then in pairwise(seasons) if now in (folder / "article.md").read_text(encoding="utf-8")
    )
    change(folder / "article.md", before, after)
    engine.until("words => document.querySelector('main').innerText.includes(words)", after)

    words = "denn viele Wohnungen" if size == PHONE else "würden gerade saniert"
    engine.until(
        """words => {
            if (getSelection().toString() === words) return document.querySelector('#preview-bar').checkVisibility();
            const walker = document.createTreeWalker(document.querySelector('#text'), NodeFilter.SHOW_TEXT);
            while (walker.nextNode() && !walker.currentNode.data.includes(words));
            const [node, at] = [walker.currentNode, walker.currentNode.data.indexOf(words)];
            node.parentElement.scrollIntoView({block: 'center'});
            getSelection().setBaseAndExtent(node, at, node, at + words.length);
        }""",
        words,
    )
    engine.click("#preview-bar [data-kind=note]")
    engine.click("#preview-form [data-field=note] textarea")
    engine.type(*"Heute gelesen.")
    engine.evaluate(
        """() => {
            const kind = document.querySelector('#preview-form [data-field=kind] select');
            kind.value = 'context';
            kind.dispatchEvent(new Event('change', {bubbles: true}));
        }"""
    )
    engine.click("#preview-form button[type=submit]")
    engine.until(
        "words => [...document.querySelectorAll('mark.q-note')].some(mark => mark.innerText.includes(words))", words
    )
    assert f"quote: {words}\n" in (folder / "notes.yaml").read_text(encoding="utf-8")
    eventually(lambda: bool(engine.evaluate("() => window.neverLeft === true")), "the page was never left")


# The row that the keyboard is at: its place in the list, its words, whether it is marked, and whether it and what is
# said of it are to be seen, neither under the head of the panel nor under anything else.
ROW = """() => {
    const rows = [...document.querySelectorAll('#preview-panel .jump')];
    const row = rows.find(one => one.matches('[aria-current]')), item = row.closest('li');
    const outer = document.querySelector('#preview-panel');
    const [box, head, panel] = [item, outer.firstElementChild, outer].map(one => one.getBoundingClientRect());
    return {
        at: rows.indexOf(row), of: rows.length, words: row.innerText, focused: document.activeElement === row,
        marked: getComputedStyle(item).borderInlineStartColor !== 'rgba(0, 0, 0, 0)',
        seen: box.top >= head.bottom - 1 && box.bottom <= panel.bottom + 1
            && item.contains(document.elementFromPoint(box.left + 12, box.top + 12))
            && document.documentElement.scrollWidth <= innerWidth,
    };
}"""


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=str)
def test_an_editor_works_through_all_that_is_open_with_the_keyboard(
    engine: Engine, preview: Running, size: tuple[int, int]
) -> None:
    """Each row is marked and to be seen, although there are faults; A takes what is proposed, Z takes it back."""
    slug = type(engine).__name__.lower()
    notes = preview.content / slug / "notes.yaml"
    before = notes.read_text(encoding="utf-8")
    engine.size(*size)
    engine.goto(f"{preview.address}{slug}/")
    engine.until("() => document.querySelector('#preview-opener')?.innerText.includes('warning')")
    change(notes, before, OPEN)
    engine.until("() => document.querySelector('#preview-faults')?.checkVisibility()")
    engine.until("() => document.querySelector('#preview-panel .jump')?.textContent.includes('4.300')")
    engine.type("p")
    row = engine.evaluate(ROW)
    assert "4.300" in row["words"]
    for at in range(row["of"]):
        row = engine.evaluate(ROW)
        assert row == {**row, "at": at, "focused": True, "marked": True, "seen": True}
        engine.type("j")
    engine.type(*"k" * row["of"], "a")
    eventually(lambda: "quote: 4.200" in notes.read_text(encoding="utf-8"), "the proposal is taken")
    engine.until("() => !document.querySelector('#preview-panel .jump').textContent.includes('4.300')")
    assert engine.evaluate(ROW)["at"] == 0
    engine.type("z")
    eventually(lambda: notes.read_text(encoding="utf-8") == OPEN, "it is taken back")
    change(notes, OPEN, before)
    engine.until("() => !document.querySelector('#preview-faults')")
