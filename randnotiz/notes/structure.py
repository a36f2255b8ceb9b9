"""What the blocks of a text stand in, from its Markdown tokens; for `quotes.unchanged`."""

from collections.abc import Iterator
from contextlib import suppress

from markdown_it.token import Token
from msgspec.structs import replace

from randnotiz import language
from randnotiz.diagnostics import ContentError
from randnotiz.markdown import Document, length, plain
from randnotiz.model import Article, Results
from randnotiz.notes.printed_numbers import numbers
from randnotiz.quotes import Surrounded, Surroundings
from randnotiz.values import word_set

_WITHIN = ("bullet_list", "ordered_list", "list_item", "blockquote", "table", "tr", "dl", "dd")
_UNSEEN = word_set("anchor text softbreak comment em_open em_close strong_open strong_close link_open link_close")


def surroundings(article: Article, document: Document, results: Results | None) -> Surroundings:
    """The reading text of an article with what stands above it, and its blocks with what they stand in.

    `results` are the numbers it prints; without them none of these is known, and so none is as any other.
    """
    title = " ".join(filter(None, (article.title, article.subtitle, article.result)))
    if results is not None:
        with suppress(ContentError):  # a name that is not there is a fault of its own
            title = plain(title, numbers(article, results, language.of(article.lang)))
    unknown = [one.start for one in document.placeholders if results is None]
    blocks = (
        replace(one, marks=((one.start, "number"), *one.marks))
        if any(one.start <= at <= one.end for at in unknown)
        else one
        for one in _blocks(document)
    )
    return Surroundings(text=document.text, blocks=tuple(blocks), title=title)


def _blocks(document: Document) -> Iterator[Surrounded]:
    places = {(one.flow, one.index): one for one in document.blocks}
    notes = {label: flow for flow, label in enumerate(document.labels, 1)}
    number = end = 0
    for flow, tokens in enumerate(document.flows):
        opened: list[str] = []
        headings: list[tuple[str, int]] = []
        for index, token in enumerate(tokens):
            if token.nesting or token.type == "comment":
                kind = token.type.removesuffix("_open").removesuffix("_close")
                if kind in _WITHIN and token.nesting > 0:
                    opened.append(f"{kind}{token.attrs.get('start', '')}")  # the number of a list's first item
                elif kind in _WITHIN:
                    opened.pop()
                continue
            block, tag = places.get((flow, index)), tokens[index - 1].tag
            start, end = (block.start, block.end) if block else (end, end)
            marks = tuple(_marks(token, start))
            calls = (notes.get(one.meta.get("label", ""), 0) for one in token.children or ())
            if token.type != "inline":
                shown = "" if block else f"{token.content}{token.attrs}{token.meta}"
                marks = ((start, f"{token.type}{token.info}{shown}"),)
            if block and block.kind == "heading":
                headings = [one for one in headings if one[0] < tag]
            yield Surrounded(
                kind=block.kind if block else token.type,
                start=start,
                end=end,
                flow=flow,
                marks=marks,
                within=tuple(opened),
                below=tuple(at for _, at in headings),
                calls=tuple(filter(None, calls)),
            )
            if block and block.kind == "heading":
                headings.append((tag, number))
            opened = [f"{kind.removesuffix('…')}…" for kind in opened]
            number += 1


def _marks(token: Token, at: int) -> Iterator[tuple[int, str]]:
    """The signs upon an inline token that are no text, each with its offset."""
    code = False  # whose dashes, marks and blanks are no typography
    for child in token.children or ():
        if code or child.type not in _UNSEEN or "title" in child.attrs:
            content = child.content.encode().hex() if code else child.content
            yield at, f"{child.type} {content}{'' if child.type == 'footnote_ref' else child.attrs}"
        code = child.type == "code_open"
        at += length(child)
