"""The examples of the CommonMark specification, without those that hold raw HTML, come out as it says.

Typography is off here. The examples are those of the npm package `commonmark-spec`, which no copy of is kept:
`npm ci` in `tests/node/` puts them where this test looks.
"""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.utils import OptionsDict

from randnotiz.markdown.grammar import parser
from tests.conftest import from_npm

EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.MULTILINE | re.DOTALL)

# Bare addresses with schemes that no link of ours may have; they are shown as text.
REFUSED_SCHEMES = {"<irc:", "<a+b+c:", "<made-up-scheme:", "<localhost:"}


@cache
def examples() -> tuple[tuple[str, str], ...]:
    """Markdown and HTML of each example without raw HTML in it."""
    plain = MarkdownIt("commonmark")
    pairs = [
        (source.replace("→", "\t"), html.replace("→", "\t"))
        for source, html in EXAMPLE.findall(from_npm("commonmark-spec", "spec.txt").read_text(encoding="utf-8"))
    ]
    return tuple(
        (source, html)
        for source, html in pairs
        if not any(
            token.type == "html_block" or any(child.type == "html_inline" for child in token.children or ())
            for token in plain.parse(source)
        )
    )


def test_every_example_of_commonmark_renders_as_specified() -> None:
    md = parser("")
    options = OptionsDict({**md.options, "xhtmlOut": True})  # type: ignore[typeddict-item]  # it is one already
    wrong = [
        (source, html, found)
        for source, html in examples()
        if (found := one_form(md.renderer.render(md.parse(source), options, {}))) != one_form(html)
        and not any(source.startswith(scheme) for scheme in REFUSED_SCHEMES)
    ]
    assert len(examples()) > 550
    assert wrong == []


def one_form(html: str) -> str:
    """An empty quotation with or without a line break in it is the same."""
    return html.replace("<blockquote>\n</blockquote>", "<blockquote></blockquote>")
