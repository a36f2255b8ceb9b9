"""What the blocks of a text stand in, from its Markdown tokens; for `quotes.unchanged`."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import blake2b

from markdown_it.token import Token

from randnotiz.markdown import Document, length
from randnotiz.quotes import Surrounded, Surroundings

_WITHIN = ("bullet_list", "ordered_list", "list_item", "blockquote", "table", "dl", "dd")
_UNSEEN = (
    "text",
    "softbreak",
    "comment",
    "em_open",
    "em_close",
    "strong_open",
    "strong_close",
    "link_open",
    "link_close",
)
_digest = partial(blake2b, digest_size=16)

Within = tuple[str, int, int]  # the kind, and the first and behind the last of the blocks that lead there


def surroundings(document: Document) -> Surroundings:
    """The reading text of a document and its blocks with what they stand in."""
    return Surroundings(text=document.text, blocks=tuple(_Walk(document).blocks()))


class _Walk:
    """A walk through the tokens of a document; its blocks are counted through all its flows."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.places = {(one.flow, one.index): one for one in document.blocks}
        self.numbers: dict[tuple[int, int], int] = {}
        for flow, tokens in enumerate(document.flows):
            for index, token in enumerate(tokens):
                if not token.nesting and token.type != "comment":
                    self.numbers[flow, index] = len(self.numbers)
        self.calls = defaultdict[str, list[Within]](list)  # of footnotes
        for call in document.calls:
            if block := document.block_at(call.offset):
                at = self.numbers[block.flow, block.index]
                self.calls[call.label].append(("footnote", at, at + 1))
        self.notes = {  # footnotes that are called in many places are long perhaps
            label: _digest("\n".join(token.type + token.content for token in tokens).encode()).hexdigest()
            for label, tokens in zip(document.labels, document.flows[1:], strict=True)
        }

    def blocks(self) -> Iterator[Surrounded]:
        """The blocks of all flows, in order."""
        for flow, tokens in enumerate(self.document.flows):
            yield from self._flow(flow, tokens)

    def _flow(self, flow: int, tokens: Sequence[Token]) -> Iterator[Surrounded]:
        opened = [*self.calls[self.document.labels[flow - 1]], ("footnote", 0, 0)] if flow else []
        headings: list[Within] = []
        lead = term = end = 0
        rows = dict(self._rows(flow, tokens))
        for index, token in enumerate(tokens):
            kind = token.type.removesuffix("_open").removesuffix("_close")
            if kind in _WITHIN and token.nesting > 0:
                at = term if kind == "dd" else lead
                opened.append((kind, at - 1, at) if at and kind != "list_item" else (kind, 0, 0))
                if kind == "blockquote":
                    opened.append(("first", 0, 0))
            elif kind in _WITHIN and token.nesting < 0:
                del opened[-2 if kind == "blockquote" else -1 :]
            number = self.numbers.get((flow, index))
            if number is None:
                continue
            block, tag = self.places.get((flow, index)), tokens[index - 1].tag
            start, end = (block.start, block.end) if block else (end, end)
            marks = tuple(self._marks(token, start))
            if token.type != "inline":
                shown = "" if block else f"{token.content}{token.attrs}{token.meta}"
                marks = ((start, f"{token.type}{token.info}{shown}"),)
            within = (*headings, *opened, *rows.get(index, ()))
            kind = block.kind if block else token.type
            yield Surrounded(kind=kind, start=start, end=end, flow=flow, marks=marks, within=within)
            lead = number + 1
            if kind == "heading":
                headings = [*(one for one in headings if one[0] < tag), (tag, number, lead)]
            term = lead if tag == "dt" else term
            opened = [  # what the other blocks of an item stand below
                (one[0], number, lead) if one[0] in ("list_item", "first") and not one[2] else one for one in opened
            ]

    def _rows(self, flow: int, tokens: Sequence[Token]) -> Iterator[tuple[int, tuple[Within, Within]]]:
        """For each cell its index among the tokens, and the blocks of the head of its table and of its row."""
        head, row = ("head", 0, 0), list[int]()
        for index, token in enumerate(tokens):
            if token.type == "inline" and tokens[index - 1].tag in ("th", "td"):
                row.append(index)
            elif token.type == "tr_close" and row:
                start = self.numbers[flow, row[0]]
                within = ("row", start, start + len(row))
                heads = tokens[index + 1].type == "thead_close"
                yield from ((cell, (("head", 0, 0) if heads else head, within)) for cell in row)
                head, row = ("head", *within[1:]) if heads else head, []

    def _marks(self, token: Token, at: int) -> Iterator[tuple[int, str]]:
        """The signs upon an inline token that are no text, each with its offset; of a footnote its digest."""
        for child in token.children or ():
            if child.type not in _UNSEEN:
                note = self.notes.get(child.meta.get("label", ""), "") if child.type == "footnote_ref" else ""
                yield at, f"{child.type} {child.content}{child.attrs.get('src', '')}{note}"
            at += length(child)
