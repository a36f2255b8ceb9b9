"""What the blocks of a text stand in, from its Markdown tokens; for `quotes.unchanged`."""

from collections.abc import Iterator, Sequence

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


def surroundings(document: Document) -> Surroundings:
    """The reading text of a document and its blocks with what they stand in."""
    return _Walk(document).walked()


class _Walk:
    """A walk through the tokens of a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.blocks = {(one.flow, one.index): one for one in document.blocks}
        self.found: list[Surrounded] = []

    def walked(self) -> Surroundings:
        for flow, tokens in enumerate(self.document.flows):
            self._flow(flow, tokens)
        return Surroundings(text=self.document.text, blocks=tuple(self.found))

    def _words(self, flow: int, index: int) -> str:
        block = self.blocks.get((flow, index))
        return self.document.text[block.start : block.end] if block else ""

    def _flow(self, flow: int, tokens: Sequence[Token]) -> None:
        opened: list[list[str]] = [["footnote", self._calls(flow)]] if flow else []
        headings: list[list[str]] = []
        lead = term = ""
        end = 0
        rows = dict(self._rows(flow, tokens))
        for index, token in enumerate(tokens):
            kind = token.type.removesuffix("_open").removesuffix("_close")
            if kind in _WITHIN and token.nesting > 0:
                opened.append([kind, term if kind == "dd" else "" if kind == "list_item" else lead])
                if kind == "blockquote":
                    opened.append(["first", ""])
            elif kind in _WITHIN and token.nesting < 0:
                del opened[-2 if kind == "blockquote" else -1 :]
            if token.nesting or token.type == "comment":
                continue
            block, tag = self.blocks.get((flow, index)), tokens[index - 1].tag
            start, end = (block.start, block.end) if block else (end, end)
            marks = self._marks(token, start)
            if token.type != "inline":
                shown = "" if block else f"{token.content}{token.attrs}{token.meta}"
                marks = ((start, f"{token.type}{token.info}{shown}"),)
            within = tuple((kind, words) for kind, words in (*headings, *opened, *rows.get(index, ())))
            kind = block.kind if block else token.type
            self.found.append(Surrounded(kind=kind, start=start, end=end, flow=flow, marks=marks, within=within))
            lead = self.document.text[start:end] + "".join(sign for _, sign in marks)
            if kind == "heading":
                level = "#" * int(tag[1:])
                headings = [one for one in headings if one[1].partition(" ")[0] < level]
                headings.append(["heading", lead := f"{level} {lead}"])
            term = lead if tag == "dt" else term
            for one in opened:
                if one[0] in ("list_item", "first"):  # what its other blocks stand below
                    one[1] = one[1] or lead

    def _rows(self, flow: int, tokens: Sequence[Token]) -> Iterator[tuple[int, list[list[str]]]]:
        """For each cell its index among the tokens, the head of its table, and its row with a blank in its place."""
        head, row = "", list[tuple[int, str]]()
        for index, token in enumerate(tokens):
            if token.type == "inline" and tokens[index - 1].tag in ("th", "td"):
                words = self._words(flow, index) + "".join(sign for _, sign in self._marks(token, 0))
                row.append((index, words))
            elif token.type == "tr_close":
                head = " | ".join(words for _, words in row) if tokens[index + 1].type == "thead_close" else head
                for own, _ in row:
                    others = " | ".join("□" if at == own else words for at, words in row)
                    yield own, [["head", "" if tokens[own - 1].tag == "th" else head], ["row", others]]
                row = []

    def _calls(self, flow: int) -> str:
        """The blocks that call a footnote."""
        label = self.document.labels[flow - 1]
        called = {self.document.block_at(one.offset) for one in self.document.calls if one.label == label}
        texts = (self.document.text[one.start : one.end] for one in self.document.blocks if one in called)
        return "\n".join(texts)

    def _marks(self, token: Token, at: int) -> tuple[tuple[int, str], ...]:
        """The signs upon an inline token that are no text, each with its offset; of a footnote its text."""
        found = []
        for child in token.children or ():
            if child.type not in _UNSEEN:
                found.append((at, f"{child.type} {child.content}{child.attrs.get('src', '')}{self._note(child)}"))
            at += length(child)
        return tuple(found)

    def _note(self, child: Token) -> str:
        label = child.meta.get("label") if child.type == "footnote_ref" else None
        if label is None or label not in self.document.labels:
            return ""
        flow = self.document.labels.index(label) + 1
        return "\n".join(self.document.text[one.start : one.end] for one in self.document.blocks if one.flow == flow)
