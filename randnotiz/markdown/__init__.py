"""Markdown to tokens, to the text a reader sees (with a map back), to HTML."""

from randnotiz.diagnostics import ContentError, SourceText
from randnotiz.markdown.document import (
    Block,
    ChartPlace,
    Document,
    FootnoteCall,
    Link,
    Picture,
    Placeholder,
    Title,
    length,
)
from randnotiz.markdown.grammar import is_typewritten, parser, scheme
from randnotiz.markdown.html import Keep, html, leads_on, led, pieces
from randnotiz.markdown.pictures import NO_PICTURE, size
from randnotiz.markdown.placeholders import NO_NUMBERS, PARTS, Numbers, named, names_in, plain
from randnotiz.markdown.reading import Form, address, read

__all__ = (
    "NO_NUMBERS",
    "NO_PICTURE",
    "PARTS",
    "Block",
    "ChartPlace",
    "Document",
    "FootnoteCall",
    "Form",
    "Link",
    "Numbers",
    "Picture",
    "Placeholder",
    "Title",
    "address",
    "html",
    "is_typewritten",
    "leads_on",
    "led",
    "length",
    "named",
    "names_in",
    "parser",
    "pieces",
    "plain",
    "read",
    "render",
    "scheme",
    "size",
)


def render(
    source: SourceText,
    form: Form,
    *,
    quotes: str,
    numbers: Numbers = NO_NUMBERS,
    table_label: str = "",
    keep: Keep | None = None,
) -> str:
    """The HTML of a plain page or of a long text in a YAML file; ContentError for the first thing wrong in it."""
    document, diagnostics = read(source, form, quotes=quotes, numbers=numbers, table_label=table_label)
    if faults := [each for each in diagnostics if each.severity == "error"]:
        first = faults[0]
        raise ContentError(first.position, first.code, first.message, first.hint)
    return html(document.flows[0], keep)
