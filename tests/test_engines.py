"""What a reader sees, as the browser has computed it; what a style sheet asks for, an engine may not take."""

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

ARTICLE = "deepseek-nachgerechnet/index.html"

# The line of what can be followed, pressed or read on: selector, its line, the style of that line, its thickness.
LINES = [
    ("mark.q-source:not(.q-many)", "underline", "solid", "1px"),
    ("mark.q-counter:not(.q-many)", "underline", "wavy", "1px"),
    ("mark.q-figure:not(.q-many)", "underline", "double", "1px"),
    ("mark.q-note:not(.q-many)", "underline", "dotted", "1.5px"),
    ("mark.q-many", "underline", "solid", "3px"),
    (".sources li p a", "underline", "solid", "1px"),
    (".about .tools button", "underline", "solid", "1px"),
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


def test_every_passage_link_button_and_tool_of_a_chart_has_its_line(browser: Browser, served: str) -> None:
    page = browser.new_page()
    page.goto(served + ARTICLE)
    found = {selector: page.evaluate(COMPUTED, selector) for selector, *_ in LINES}
    assert found == {selector: [" ".join(line)] for selector, *line in LINES}
    page.context.close()
