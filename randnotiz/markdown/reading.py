"""Markdown read in one pass: tokens become what is printed, and everything a text refers to is gathered."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Literal
from urllib.parse import unquote

from markdown_it.token import Token

from randnotiz import slugs
from randnotiz.codes import Code
from randnotiz.deceptive import deceptions
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText, did_you_mean, shortened
from randnotiz.letters import on_one_line
from randnotiz.markdown import comments, grammar
from randnotiz.markdown.dialects import NO_LANGUAGE, Drafting
from randnotiz.markdown.document import (
    BREAKS,
    NEWLINE,
    Block,
    BlockKind,
    ChartPlace,
    Document,
    FootnoteCall,
    Link,
    Picture,
    Placeholder,
    Title,
    in_body,
)
from randnotiz.markdown.placeholders import NO_NUMBERS, Numbers, named
from randnotiz.markdown.slips import FOOTNOTE_WITH_BLANK, Slip, lost_cells, no_footnote_name, slips
from randnotiz.spans import Span

# An article has everything; a plain page no footnotes and charts; a long text in a YAML file no headings either.
Form = Literal["article", "page", "field"]
Attrs = dict[str, str | int | float]

_CHART = re.compile(r"chart\s*:\s*(.*)", re.DOTALL)
_LONGEST_WHOLE = 20  # characters of code; more would leave holes in a narrow column

_KINDS: Mapping[str, BlockKind] = {"heading_open": "heading", "th_open": "cell", "td_open": "cell"}


def read(
    source: SourceText,
    form: Form,
    *,
    quotes: Sequence[str],
    numbers: Numbers = NO_NUMBERS,
    table_label: str = "",
    drafting: Drafting = NO_LANGUAGE,
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """A Markdown text with all that is wrong in it; ContentError if it is beyond a limit.

    `quotes` are the four quotation marks of its language, `table_label` what a table is announced as, `drafting`
    what its authors leave behind. The position of an article or a page is that of its first line.
    """
    reading = _Reading(source, form, quotes, numbers, table_label, drafting)
    return reading.document(), tuple(reading.diagnostics)


def address(href: str) -> str:
    """A link as it also works from a disk: a path that names a folder goes on to its index.html."""
    if grammar.scheme(href):
        return href
    path, mark, named = href.partition("#")
    if path.endswith("/"):
        path += "index.html"
    elif path.startswith("../") and not set(path.rpartition("/")[2]) & {".", "?"}:
        path += "/index.html"
    return slugs.as_composed(path) + mark + slugs.as_composed(named)


class _Reading:
    """One pass over the tokens of a text. It is used once; what it gathers leaves it as a `Document`."""

    def __init__(
        self,
        source: SourceText,
        form: Form,
        quotes: Sequence[str],
        numbers: Numbers,
        table_label: str,
        drafting: Drafting,
    ) -> None:
        self.drafting = drafting
        self.source, self.form, self.numbers, self.table_label = source, form, numbers, table_label
        self.where = _in_field(source) if form == "field" else partial(in_body, source)
        self.diagnostics: list[Diagnostic] = []
        grammar.bounded(source, self.where)
        self.tokens = grammar.parser(quotes).parse(source, grammar.env(self.where))
        self.lines = NEWLINE.split(source)
        self.cursor = (0, 0)  # line and column behind what was last found in the source
        self.text: list[str] = []
        self.end = 0
        self.ids: dict[str, int] = {}  # of headings, with how many have asked for the same
        self.former_ids: dict[str, int] = {}  # those that the rule of addresses before gave them
        self.headings: list[tuple[Token, str]] = []  # what they are printed by, and their former ids
        self.defined: dict[str, int] = {}  # footnotes and the lines they are written in
        self.labels: list[str] = []  # footnotes in the order they are called in
        self.blocks: list[Block] = []
        self.titles: list[Title] = []
        self.links: list[Link] = []
        self.pictures: list[Picture] = []
        self.placeholders: list[Placeholder] = []
        self.calls: list[FootnoteCall] = []
        self.charts: list[ChartPlace] = []
        self.code_spans: list[Span] = []

    def document(self) -> Document:
        body, bodies = self._apart()
        flows = [self._flow(body, 0)]
        for label in self.labels:  # which grows while footnotes call footnotes
            flows.append(self._flow(bodies.get(label, []), len(flows)))
        self._every_footnote_is_whole(bodies)
        self._bear_former_ids()
        return Document(
            source=self.source,
            lines=tuple(self.lines),
            flows=tuple(flows),
            labels=tuple(self.labels),
            text="".join(self.text),
            blocks=tuple(self.blocks),
            titles=tuple(self.titles),
            former_ids=tuple(name for _, name in self.headings if name not in self.ids),
            links=tuple(self.links),
            pictures=tuple(self.pictures),
            placeholders=tuple(sorted(self.placeholders, key=lambda one: one.start)),
            calls=tuple(self.calls),
            charts=tuple(self.charts),
            code_spans=tuple(self.code_spans),
        )

    # Footnotes

    def _apart(self) -> tuple[list[Token], dict[str, list[Token]]]:
        """The tokens of the text, and those of each footnote's body by its label."""
        flow: list[list[Token]] = [[]]
        bodies: dict[str, list[Token]] = {}
        body = flow[0]
        for token in self.tokens:
            if token.type == "footnote_reference_open":
                label = str(token.meta["label"])
                self._define(label, _first_line(token))
                flow.append(bodies.setdefault(label, []))
            elif token.type == "footnote_reference_close":
                flow.pop()
            else:
                flow[-1].append(token)
        return body, bodies

    def _define(self, label: str, line: int) -> None:
        if self.form != "article":
            self._fault(self.where(line), "value-malformed", *_NO_FOOTNOTES)
        elif label in self.defined:
            message = f"there is a footnote [^{label}] already, in line {self.where(self.defined[label]).line}"
            self._fault(self.where(line), "id-doubled", message, "give one of the two another name")
        self.defined.setdefault(label, line)

    def _every_footnote_is_whole(self, bodies: Mapping[str, Sequence[Token]]) -> None:
        for label, line in self.defined.items():
            if not bodies.get(label) and self.form == "article":
                hint = "Write its text behind the colon; more of its paragraphs are indented by four blanks."
                self._fault(self.where(line), "markdown-near", f"the footnote [^{label}] is empty", hint)
            if label not in self.labels and self.form == "article":
                message = f"no place in the text refers to the footnote [^{label}], so nobody would see it"
                self._fault(self.where(line), "link-broken", message, f"write [^{label}] where it belongs")

    # Blocks

    def _flow(self, tokens: list[Token], flow: int) -> tuple[Token, ...]:
        """The tokens of the text or of a footnote as they are printed."""
        out: list[Token] = []
        kind: BlockKind = "paragraph"
        rest = iter(tokens)
        for token in rest:
            if token.type == "inline":
                chart = _lone_chart(token)
                if chart and out[-1].type == "paragraph_open":
                    out.pop()
                    next(rest)
                    self._chart(token, chart, out)
                else:
                    self._inline(token, kind, flow, out)
                kind = "paragraph"
            elif token.type in ("fence", "code_block"):
                self._code(token, flow, out)
            elif token.type == "comment":
                self._comment(token, token)
            elif token.type == "table_open":
                first, last = token.map or (0, 0)
                self._warn(lost_cells(self.lines[first:last]), first)
                out += self._scroll(), token
            elif token.type == "table_close":
                out += token, Token("scroll_close", "div", -1, block=True)
            else:
                kind = _KINDS.get(token.type, kind)
                self._dress(token, out)
                out.append(token)
        return tuple(out)

    def _dress(self, token: Token, out: list[Token]) -> None:
        """What a block's token needs for the page and its fault where it may not stand."""
        if token.type in ("th_open", "td_open"):
            style = str(token.attrs.pop("style", ""))  # the policy of the page forbids style attributes
            if token.type == "th_open":
                token.attrs["scope"] = "col"
            if style:
                token.attrs["class"] = style.replace("text-align:", "align-")
        elif token.type == "heading_open":
            if self.form == "field":
                message = "a text like this has no headings; they belong into the article"
                self._fault(self.where(_first_line(token)), "value-malformed", message)
            elif token.tag == "h1":
                message = "headings begin with ##; the only heading of the first level is the title above"
                self._fault(self.where(_first_line(token)), "value-malformed", message)
        elif token.type == "paragraph_close" and out[-2].tag == "figure":
            token.tag, token.hidden = "figure", False

    def _scroll(self) -> Token:
        """What lets a wide table scroll inside itself, by keyboard as well."""
        attrs: Attrs = {"class": "scroll", "tabindex": "0"}
        if self.table_label:
            attrs |= {"role": "group", "aria-label": self.table_label}
        return Token("scroll_open", "div", 1, attrs=attrs, block=True)

    def _block(self, kind: BlockKind, words: str, flow: int, index: int, lines: tuple[int, int]) -> None:
        start = self._begin()
        self.text += ("\n", words) if self.blocks else (words,)
        self.end = start + len(words)
        line, last_line = lines
        self.blocks.append(
            Block(kind=kind, start=start, end=self.end, flow=flow, index=index, line=line, last_line=last_line)
        )

    def _begin(self) -> int:
        """Where the next block begins in the reading text."""
        return self.end + 1 if self.blocks else 0

    def _code(self, token: Token, flow: int, out: list[Token]) -> None:
        """A code block, as an inline token within `<pre>`, so that marks are set in it as in any other text."""
        first, last = token.map or (0, 1)
        if token.type == "fence":
            if last - first == 1 or not _ends_fence(self.lines[last - 1], token.markup):
                message = f"the code that '{token.markup}' begins has no end, so what follows is printed as code"
                self._warn([Slip(0, token.markup, message, f"Write '{token.markup}' in a line below it.")], first)
            first += 1
        info = token.info.split()
        attrs: Attrs = {"class": f"language-{info[0]}"} if info else {}
        out.append(Token("pre_open", "pre", 1, attrs={"tabindex": "0"}, block=True))
        if token.content:
            self._block("code", token.content, flow, len(out), (first, last))
        out.append(Token("inline", "", 0, children=list(_code_span(token.content, attrs)), map=[first, last]))
        out.append(Token("pre_close", "pre", -1, block=True))

    def _chart(self, token: Token, name: str, out: list[Token]) -> None:
        self.cursor = (_first_line(token), 0)
        position = self._place(token, (token.children or [token])[0].markup)
        if self.form == "article":
            id_ = slugs.composed(name)
            self.charts.append(ChartPlace(id=id_, position=position))
            out.append(Token("chart", "", 0, content=id_, block=True))
        else:
            self._fault(position, "chart-placement", "a chart stands in the text of an article, not here")

    # Inline

    def _inline(self, token: Token, kind: BlockKind, flow: int, out: list[Token]) -> None:
        self.cursor = (_first_line(token), 0)
        start, calls = self._begin(), len(self.calls)
        words: list[str] = []
        self._slips(token, kind)
        self._look_through(token)
        token.children = list(self._children(token, start, words))
        if kind == "paragraph" and _is_captioned(token.children):
            out[-1].tag, out[-1].hidden = "figure", False
            token.children += _caption(token.children[0])
        first, last = token.map or (0, 1)
        if words or calls < len(self.calls):
            self._block(kind, "".join(words), flow, len(out), (first, last))
        if kind == "heading":
            self._title(out[-1], token, "".join(words), start)
        out.append(token)

    def _slips(self, token: Token, kind: BlockKind) -> None:
        """Warnings of what would be printed with the signs that were to shape it."""
        texts = tuple(one.content for one in token.children or () if one.type == "text")
        found = slips(token.content, texts, self.numbers.names, kind == "paragraph", self.drafting)
        self._warn(found, _first_line(token))

    def _warn(self, found: Iterable[Slip], first: int) -> None:
        for slip in found:
            line = first + slip.row
            column = max(0, self.lines[line].find(slip.words)) if line < len(self.lines) else 0
            self.diagnostics.append(Diagnostic(self.where(line, column), "markdown-near", slip.message, slip.hint))

    def _look_through(self, token: Token) -> None:
        """Warnings of text that looks like another; what stands openly in a field is known from its file."""
        children = token.children or ()
        words = "".join(one.content for one in children if one.type != "image")
        texts = [words, *(str(one.attrs["href"]) for one in children if "href" in one.attrs)]
        first, last = token.map or (0, 1)
        lines = self.lines[first:last]
        for found in {one.message: one for text in texts for one in deceptions(text)}.values():
            row = next((row for row, line in enumerate(lines) if found.characters in line), None)
            if row is not None and self.form == "field":
                continue
            column = lines[row].find(found.characters) if row is not None else 0
            where = self.where(first + (row or 0), column)
            self.diagnostics.append(Diagnostic(where, "text-deceptive", found.message, found.hint))

    def _title(self, opening: Token, inline: Token, words: str, start: int) -> None:
        name = _free(f"h-{slugs.slug(words) or 'section'}", self.ids)
        opening.attrs |= {"id": name, "class": "body"}  # as in templates/parts/notes.html
        self.titles.append(Title(level=int(opening.tag[1]), id=name, words=" ".join(words.split()), start=start))
        self.headings.append((inline, _free(f"h-{slugs.ascii_slug(words) or 'section'}", self.former_ids)))

    def _bear_former_ids(self) -> None:
        """An empty element for each heading's former id that no heading has now, so that old links lead to it."""
        for inline, name in self.headings:
            if name not in self.ids:
                anchor = Token("anchor", "span", 0, attrs={"id": name})
                inline.children = [anchor, *(inline.children or ())]

    def _children(self, block: Token, at: int, words: list[str]) -> Iterator[Token]:
        """The children of an inline token as they are printed, from an offset on; their words join `words`."""
        links = 0
        for child in block.children or ():
            printed: tuple[Token, ...] = (child,)
            if child.type == "placeholder":
                printed = self._number(block, child, at, within_link=links > 0)
            elif child.type == "code_inline":
                printed = _code_span(child.content, _code_attrs(child.content))
                self.code_spans.append(Span(at, at + len(child.content)))
            elif child.type in ("image", "comment"):
                (self._picture if child.type == "image" else self._comment)(block, child)
            elif child.type == "footnote_ref":
                self._call(block, child, at)
            elif child.tag == "a":
                links += child.nesting
                if child.nesting > 0:
                    self._link(block, child)
            for token in printed:
                written = token.content if token.type == "text" else BREAKS.get(token.type, "")
                if written:
                    words.append(written)
                    at += len(written)
                yield token

    def _number(self, block: Token, token: Token, at: int, *, within_link: bool) -> tuple[Token, ...]:
        """A printed number as a link to its derivation, or without one where it stands in a link already."""
        first, *more = token.markup.split("\n")
        position = self._place(block, first.rstrip())
        if more:  # the name is in the next line, behind what was just found
            position = self._place(block, token.info)
        if chart := _CHART.fullmatch(token.info):
            message = f"{{{{ chart: {chart[1]} }}}} must be a paragraph of its own"
            self._fault(position, "chart-placement", message, "leave a blank line before it and after it")
            return ()
        found = self._named(token.info, position)
        if found is None:
            return ()
        name, part = found
        words = self.numbers.print(name, part)
        self.placeholders.append(Placeholder(name=name, start=at, end=at + len(words), position=position))
        attrs: Attrs = {"class": "number", "data-figure": name}
        if part:
            attrs["data-part"] = part
        href = "" if within_link else self.numbers.address(name)
        kind, tag = ("link", "a") if href else ("number", "span")
        if href:
            attrs["href"] = href
        text = Token("text", "", 0, content=words)
        return Token(f"{kind}_open", tag, 1, attrs=attrs), text, Token(f"{kind}_close", tag, -1)

    def _named(self, words: str, position: Position) -> tuple[str, str] | None:
        try:
            return named(words, self.numbers, position)
        except ContentError as error:
            self.diagnostics.append(error.diagnostic)
            return None

    def _link(self, block: Token, token: Token) -> None:
        written = str(token.attrs["href"])
        href = unquote(written)
        if footnote := FOOTNOTE_WITH_BLANK.search(block.content):  # whose definition reads as that of an address
            position = self._place(block, footnote[0])
            self._fault(position, "markdown-near", *no_footnote_name(footnote[1]))
            return
        here = href if grammar.scheme(href) else slugs.composed(href)
        self.links.append(Link(href=here, position=self._place(block, href, written)))
        token.attrs["href"] = address(written)
        if grammar.scheme(written) in ("http", "https"):
            token.attrs["rel"] = "external"

    def _picture(self, block: Token, token: Token) -> None:
        written = str(token.attrs["src"])
        src = unquote(written)
        position = self._place(block, src, written)
        alt = on_one_line("".join(self._alt(block, token.children or [], position)))
        token.attrs |= {"src": slugs.as_composed(written), "alt": alt, "loading": "lazy"}
        token.children = None
        self.pictures.append(Picture(src=slugs.composed(src), alt=alt, position=position, token=token))

    def _alt(self, block: Token, tokens: list[Token], position: Position) -> Iterator[str]:
        """The plain words of an alt text."""
        for token in tokens:
            if token.type in ("text", "code_inline"):
                yield token.content
            elif token.type == "image":
                yield from self._alt(block, token.children or [], position)
            elif token.type == "comment":
                self._comment(block, token)
            elif token.type == "placeholder" and (found := self._named(token.info, position)):
                self.placeholders.append(Placeholder(name=found[0], start=0, end=0, position=position))
                yield self.numbers.print(*found)
            else:
                yield BREAKS.get(token.type, "")

    def _comment(self, block: Token, token: Token) -> None:
        """The warning of a comment, or the fault of one without an end, which hides nothing."""
        if token.markup == grammar.WRAPPED:
            return
        self.cursor = (_first_line(block), 0)  # an address that stands behind it may have been found already
        position = self._place(block, token.markup.split("\n")[0].rstrip())
        if token.markup == comments.BEGIN:
            self._fault(position, "value-malformed", *_NO_END)
        else:
            message = f"the comment '{shortened(token.content)}' is left here; it stands in no page"
            self._fault(position, "comment-left", message, "Delete it when it is settled.")

    def _call(self, block: Token, token: Token, at: int) -> None:
        label = str(token.meta["label"])
        position = self._place(block, f"[^{label}]")
        if self.form != "article":
            self._fault(position, "value-malformed", *_NO_FOOTNOTES)
        elif label not in self.defined:
            message = f"there is no footnote [^{label}]{did_you_mean(label, self.defined)}"
            self._fault(position, "link-broken", message, f"begin a paragraph below with [^{label}]:")
        self.calls.append(FootnoteCall(label=label, offset=at, position=position))
        if label not in self.labels:
            self.labels.append(label)

    # Places and faults

    def _place(self, block: Token, *written: str) -> Position:
        """Where one of some words stands next in the lines of a block; the beginning of its line if nowhere."""
        line, column = self.cursor
        first, last = block.map or (0, 1)
        for number in range(max(line, first), min(last, len(self.lines))):
            for words in written:
                found = self.lines[number].find(words, column if number == line else 0) if words else -1
                if found >= 0:
                    self.cursor = (number, found + len(words))
                    return self.where(number, found)
        return self.where(line, column)

    def _fault(self, position: Position, code: Code, message: str, hint: str = "") -> None:
        self.diagnostics.append(Diagnostic(position, code, message, hint))


_NO_END = (
    "the comment that begins here has no '-->' before its paragraph ends",
    "Write --> where it ends, begin one of several paragraphs in a line of its own, or write \\<!-- for the signs.",
)
_NO_FOOTNOTES = ("only the text of an article has footnotes", "say it in the sentence, or make it a note of its own")


def _in_field(source: SourceText) -> Callable[..., Position]:
    starts = tuple(accumulate((len(line) + 1 for line in source.split("\n")), initial=0))

    def where(line: int, column: int = 0) -> Position:
        return source.at(min(starts[min(line, len(starts) - 1)] + column, len(source)))

    return where


def _free(base: str, taken: dict[str, int]) -> str:
    """An id that is not among those taken: the base, or with a number behind it. It is taken from then on."""
    name = base
    while name in taken:
        taken[base] += 1
        name = f"{base}-{taken[base]}"
    taken[name] = 1
    return name


def _first_line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _ends_fence(line: str, opening: str) -> bool:
    """Whether a line closes code, within a quotation as well (CommonMark 0.31, section 4.5)."""
    return re.fullmatch(rf"[\s>]*{re.escape(opening[0])}{{{len(opening)},}}\s*", line) is not None


def _lone_chart(token: Token) -> str | None:
    """The id of the chart that a paragraph consists of, if it does."""
    children = token.children or []
    if len(children) != 1 or children[0].type != "placeholder":
        return None
    chart = _CHART.fullmatch(children[0].info)
    return chart[1].strip() if chart else None


def _code_attrs(words: str) -> Attrs:
    """A short piece of code stays on one line, for a line broken within `--clean` would read as another option."""
    return {"class": "whole"} if len(words) <= _LONGEST_WHOLE and not words.isalnum() else {}


def _code_span(words: str, attrs: Attrs) -> tuple[Token, ...]:
    text = Token("text", "", 0, content=words)
    return Token("code_open", "code", 1, attrs=attrs), text, Token("code_close", "code", -1)


def _is_captioned(children: list[Token]) -> bool:
    """Whether a paragraph is a picture with a title and nothing else."""
    return len(children) == 1 and children[0].type == "image" and "title" in children[0].attrs


def _caption(image: Token) -> list[Token]:
    """The title of a picture as its caption."""
    words = Token("caption", "", 0, content=str(image.attrs.pop("title")))
    return [Token("caption_open", "figcaption", 1), words, Token("caption_close", "figcaption", -1)]
