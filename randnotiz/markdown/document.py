"""What a text is once it has been read, and the way back from its words to its source.

The reading text is headings, paragraphs, list items, table cells and code in order, then the bodies of footnotes in
the order in which they are called; alt texts, captions and charts are not in it. Blocks are parted by a line break, a
hard break is one too, a soft one is a blank.
"""

import re
from bisect import bisect_right
from functools import lru_cache
from typing import ClassVar, Literal

from markdown_it.token import Token
from msgspec import Struct

from randnotiz.diagnostics import Position, SourceText
from randnotiz.equality import ComparedInPart
from randnotiz.spans import Span

BlockKind = Literal["heading", "paragraph", "cell", "code"]

NEWLINE = re.compile(r"\r\n?|\n")
BREAKS = {"softbreak": " ", "hardbreak": "\n"}  # what they are in the reading text

# What ends a sentence. A full stop behind a short word or number is most often that of an abbreviation or of a date.
SENTENCE_END = r"(?:(?<=\w{4})\.|[!?…])[»”“\"')\]]*(?= \W*[^\W\da-zß-öø-ÿ])"
_SENTENCE_END = re.compile(SENTENCE_END)
_WORD = re.compile(r"\w+|\S")
_LONG = 40  # characters that tell a word from the others of its line, where no blanks part them


class Block(Struct, frozen=True, kw_only=True):
    """A stretch of the reading text without a block border in it, and the inline token that prints it.

    `flow` is 0 for the text and counts the footnotes from 1; `index` is the token's place among those of its flow.
    Lines count from 0, `last_line` is the one behind the block.
    """

    kind: BlockKind
    start: int
    end: int
    flow: int
    index: int
    line: int
    last_line: int


class Title(Struct, frozen=True, kw_only=True):
    """A heading: its level, its id in the page, its words, and where it begins in the reading text."""

    level: int
    id: str
    words: str
    start: int


class Link(Struct, frozen=True, kw_only=True):
    """A link as it was written, with its percent signs decoded."""

    href: str
    position: Position


class Picture(ComparedInPart, frozen=True, kw_only=True):
    """An image in the text; `token` is the one that prints it and still wants its width and height."""

    src: str
    alt: str
    position: Position
    token: Token

    apart: ClassVar = frozenset(("token",))


class Placeholder(Struct, frozen=True, kw_only=True):
    """A place where a number is printed, by name, and its stretch of the reading text (none in an alt text)."""

    name: str
    start: int
    end: int
    position: Position


class FootnoteCall(Struct, frozen=True, kw_only=True):
    """A reference to a footnote, and where in the reading text it stands."""

    label: str
    offset: int
    position: Position


class ChartPlace(Struct, frozen=True, kw_only=True):
    """A paragraph that says `{{ chart: id }}` and nothing else."""

    id: str
    position: Position


class Document(Struct, frozen=True, kw_only=True):
    """A text that has been read. `flows` are the tokens of the text, then those of each footnote of `labels`."""

    source: SourceText
    lines: tuple[str, ...]
    flows: tuple[tuple[Token, ...], ...]
    labels: tuple[str, ...]
    text: str
    blocks: tuple[Block, ...]
    titles: tuple[Title, ...]
    former_ids: tuple[str, ...]  # which headings had by the rule before, and no heading has now
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    placeholders: tuple[Placeholder, ...]
    calls: tuple[FootnoteCall, ...]
    charts: tuple[ChartPlace, ...]
    code_spans: tuple[Span, ...]

    def block_at(self, offset: int) -> Block | None:
        """The block that holds the character at an offset of the reading text."""
        at = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        return self.blocks[at] if at >= 0 else None

    def sentence(self, span: Span) -> Span:
        """The sentence that a span of the reading text lies in, or the sentences of the block or blocks it is of."""
        first, last = self.block_at(span.start), self.block_at(max(span.start, span.end - 1))
        if first is None or last is None:
            return span
        ends = (end.end() for end in _SENTENCE_END.finditer(self.text, first.start, span.start + 1))
        start = max((end + 1 for end in ends if end < span.start), default=first.start)
        end = _SENTENCE_END.search(self.text, max(span.end - 1, last.start), last.end)
        return Span(start, end.end() if end else last.end)

    def outermost(self, block: Block) -> tuple[str, int]:
        """The outermost token that a block lies in: its type, as `blockquote_open`, and its index in its flow."""
        tokens, depth, at = self.flows[block.flow], 0, 0
        for index, token in enumerate(tokens[: block.index]):
            if depth == 0:
                at = index
            depth += token.nesting
        return tokens[at].type, at

    def outermost_ends(self) -> list[int]:
        """For each token of the text the index behind the outermost block that it lies in."""
        ends: list[int] = []
        depth = 0
        for at, token in enumerate(self.flows[0], 1):
            depth += token.nesting
            if depth == 0:
                ends += [at] * (at - len(ends))
        return ends

    def line(self, offset: int) -> int:
        """The line of the article's file that the words at an offset of the reading text stand in."""
        block = self.block_at(offset)
        return in_body(self.source, self._line(block, offset)[0] if block else 0).line

    def position(self, offset: int) -> Position:
        """The line and column of article.md's body where an offset of the reading text is found, if it is."""
        printed = bisect_right(self.placeholders, offset, key=lambda one: one.start) - 1
        if printed >= 0 and offset < self.placeholders[printed].end:
            return self.placeholders[printed].position
        block = self.block_at(offset)
        if block is None:
            return in_body(self.source, 0)
        line, line_start = self._line(block, offset)
        word = _WORD.match(self.text, offset, offset + _LONG)
        if word is None:
            return in_body(self.source, line)
        before = self.text.count(word[0], line_start, offset)
        for number in range(line, min(block.last_line, len(self.lines))):
            column = _nth(self.lines[number], word[0], before if number == line else 0)
            if column >= 0:
                return in_body(self.source, number, column)
        return in_body(self.source, line)

    def offset(self, position: Position) -> int | None:
        """The offset in the reading text of the words at a line and column of the article's file."""

        def line_column(offset: int) -> tuple[int, int]:
            return self.position(offset)[1:]

        wanted = position[1:]
        before = [block for block in self.blocks if block.end > block.start and line_column(block.start) <= wanted]
        if not before:
            return None
        words = list(_WORD.finditer(self.text, before[-1].start, before[-1].end))  # the places that are told exactly
        at = bisect_right(words, wanted, key=lambda word: line_column(word.start())) - 1
        if at < 0:
            return before[-1].start
        line, column = line_column(words[at].start())
        within = position.column - column if line == position.line else 0
        return words[at].start() + min(within, len(words[at][0]))

    def _line(self, block: Block, offset: int) -> tuple[int, int]:
        """The line of an offset, and the offset at which that line begins."""
        if block.kind == "code":
            line_start = self.text.rfind("\n", block.start, offset) + 1 or block.start
            return block.line + self.text.count("\n", block.start, offset), line_start
        line, line_start, at = block.line, block.start, block.start
        for child in self.flows[block.flow][block.index].children or ():
            at += length(child)
            if at > offset:
                break
            if child.type in BREAKS:
                line, line_start = line + 1, at
            elif child.type == "comment":
                line += child.markup.count("\n")
                line_start = at if child.markup == "\n" else line_start  # a break that prints nothing
        return line, line_start


def in_body(source: SourceText, line: int, column: int = 0) -> Position:
    """A place in the body of an article, line and column from 0."""
    first = source.at(0)
    return Position(first.path, first.line + line, column + (first.column if line == 0 else 1))


def length(token: Token) -> int:
    """How many characters of the reading text a child of an inline token prints."""
    if token.type == "text":
        return len(token.content)
    return 1 if token.type in BREAKS else 0


@lru_cache(maxsize=256)
def _places(line: str, word: str) -> tuple[int, ...]:
    """Where a word stands in a line. Kept, since each number of a long line may ask for the same."""
    places, at = list[int](), line.find(word)
    while at >= 0:
        places.append(at)
        at = line.find(word, at + len(word))
    return tuple(places)


def _nth(line: str, word: str, before: int) -> int:
    """Where a word stands in a line after so many of its like, the first if there are fewer; -1 if it does not."""
    places = _places(line, word)
    return places[before if before < len(places) else 0] if places else -1
