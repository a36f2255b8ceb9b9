"""The Markdown an article is written in: CommonMark with tables, footnotes, strikethrough, task and definition
lists, placeholders and typography.

One parser per set of quotation marks serves all texts; what belongs to one text travels in `env`.
"""

import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import cycle
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import smartquotes
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize as commonmark_emphasis
from markdown_it.rules_inline.image import image as commonmark_image
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from randnotiz.diagnostics import ContentError, Position, SourceText
from randnotiz.letters import HAN, HAN_MARKS
from randnotiz.markdown.comments import comment_plugin

# Some rules of the parser look through the rest of a block for each of certain signs, so that a block of nothing
# but `[` takes the square of its length. These limits are far above what a person writes and keep the worst text
# that they let through within a second.
LONGEST_TEXT = 750_000  # a chapter of 60,000 long words, and as much again
LONGEST_LINE = 20_000
LONGEST_BLOCK = 20_000
MOST_SIGNS = 1_000
MOST_BRACKETS = 20_000  # `[` in a whole text
DEEPEST_NEST = 40
DEEPEST_IMAGE = 4

SCHEMES = ("https", "http", "mailto")  # where links may lead

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_EM_DASH = re.compile(r"(?<!-)---(?!-)")
_EN_DASH = re.compile(r"(?<!-)--(?!-)")
_ELLIPSIS = re.compile(r"(?<!\.)\.\.\.(?!\.)")
# Letters or digits left out at a word's beginning, where no quotation begins: 'Tis, the '90s, die '68er, 's ochtends.
_ELISION = re.compile(r"(?<![\w'])'(?=(?:tis|twas|twere|(?-i:[nst]))\b(?!')|\d\d(?:s|ern?)?\b(?!'))", re.IGNORECASE)

Env = MutableMapping[str, Any]


@lru_cache(maxsize=16)
def parser(quotes: Sequence[str]) -> MarkdownIt:
    """The parser for texts whose four quotation marks are `quotes`; without any, typography is left as it is."""
    options = {"html": False, "typographer": bool(quotes), "maxNesting": DEEPEST_NEST + 10, "xhtmlOut": False}
    md = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    # Footnotes stay where they are defined; `document` takes them out, which tells it the ones that nobody calls.
    md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    md.use(comment_plugin).use(deflist_plugin).use(tasklists_plugin, label=True)
    md.block.ruler.before("table", "depth", _bounded_depth)
    md.inline.ruler.before("link", "placeholder", _placeholder)
    md.inline.ruler.at("image", _bounded_image)
    md.inline.ruler.at("emphasis", _emphasis)
    md.core.ruler.before("inline", "length", _bounded_blocks)
    md.core.ruler.at("block", _blocks)
    md.core.ruler.after("inline", "unparted", _unparted)
    if quotes:
        md.options["quotes"] = quotes
        md.core.ruler.before("smartquotes", "dashes", _dashes_and_dots)
        md.enable("smartquotes")
    md.validateLink = may_be_linked  # type: ignore[method-assign]  # the documented way to replace it
    return md


def may_be_linked(url: str) -> bool:
    """Whether a link may lead there: http, https, mailto, a fragment, or a path without scheme and host."""
    named = scheme(url)
    return named in SCHEMES if named else not url.startswith(("//", "/\\", "\\"))


def scheme(url: str) -> str:
    """The scheme of an address in small letters, or an empty text."""
    found = _SCHEME.match(url)
    return found[1].lower() if found else ""


def env(where: Callable[[int], Position]) -> Env:
    """What the rules share while they read one text; `where` gives the position of a line, counted from 0."""
    return {"where": where, "image-depth": 0}


def bounded(source: SourceText, where: Callable[[int], Position]) -> None:
    """ContentError if a text or one of its lines is too long to be read in reasonable time."""
    if len(source) > LONGEST_TEXT:
        raise too_much(where(0), f"this text has {len(source):,} characters; at most {LONGEST_TEXT:,} are read")
    if len(source) <= LONGEST_LINE:
        return
    if source.count("[") > MOST_BRACKETS:
        raise too_much(where(0), f"this text has '[' {source.count('['):,} times; at most {MOST_BRACKETS:,} are read")
    for number, line in enumerate(source.split("\n")):
        if len(line) > LONGEST_LINE:
            raise too_much(
                where(number), f"this line has {len(line):,} characters; at most {LONGEST_LINE:,} are read"
            )


def too_much(position: Position, message: str) -> ContentError:
    """The fault of content that is beyond a limit."""
    hint = "Divide the text, or leave out what it can do without."
    return ContentError(position, "limit-exceeded", message, hint)


_ONLY_PARAGRAPHS = re.compile(r"(?:[^\W\d_].*\n|\n)*")  # every line empty, or begun by a letter


def _blocks(state: StateCore) -> None:
    """The blocks of a text. Most notes are nothing but paragraphs, for which no other rule needs to be tried."""
    if not _ONLY_PARAGRAPHS.fullmatch(f"{state.src}\n"):
        state.md.block.parse(state.src, state.md, state.env, state.tokens)
        return
    lines = [*state.src.split("\n"), ""]
    first = 0
    for number, line in enumerate(lines):
        if line:
            continue
        if number > first:
            words = Token("inline", "", 0, map=[first, number], level=1, children=[], block=True)
            words.content = mdTrim("\n".join(lines[first:number]))
            opening = Token("paragraph_open", "p", 1, map=[first, number], block=True)
            state.tokens += opening, words, Token("paragraph_close", "p", -1, block=True)
        first = number + 1


def _bounded_depth(state: StateBlock, start: int, _end: int, _silent: bool) -> bool:
    """Never a block of its own: it stops the parser before it drops what is nested too deeply without a word."""
    if state.level > DEEPEST_NEST:
        message = f"lists and quotations are nested more than {DEEPEST_NEST} deep here"
        raise too_much(state.env["where"](start), message)
    return False


def _bounded_blocks(state: StateCore) -> None:
    for token in state.tokens:
        if token.type != "inline" or len(token.content) <= MOST_SIGNS:
            continue
        line = token.map[0] if token.map else 0
        if len(token.content) > LONGEST_BLOCK:
            message = f"this paragraph has {len(token.content):,} characters; at most {LONGEST_BLOCK:,} are read"
            raise too_much(state.env["where"](line), message)
        for sign in "[\"'*_`<{~$":
            if (times := token.content.count(sign)) > MOST_SIGNS:
                message = f"this paragraph has '{sign}' {times:,} times; at most {MOST_SIGNS:,} are read"
                raise too_much(state.env["where"](line), message)


def _bounded_image(state: StateInline, silent: bool) -> bool:
    """The image rule, but images within the alt text of images only to a small depth, for each costs a parse."""
    if state.env.get("image-depth", 0) >= DEEPEST_IMAGE:
        return False
    state.env["image-depth"] = state.env.get("image-depth", 0) + 1
    try:
        return commonmark_image(state, silent)
    finally:
        state.env["image-depth"] -= 1


def _emphasis(state: StateInline, silent: bool) -> bool:
    """The emphasis rule, but beside a letter or mark of a script that parts no words by blanks, stars end and begin
    emphasis wherever no blank is: CommonMark (6.2) waits for a blank or mark behind `**「…」**`, where there is none.
    """
    start = state.pos
    found = commonmark_emphasis(state, silent)
    before, behind = state.src[max(start - 1, 0) : start], state.src[state.pos : min(state.pos + 1, state.posMax)]
    beside = before and behind and (_UNPARTED.match(before) or _UNPARTED.match(behind))
    if found and beside and state.src[start] == "*":
        ours = slice(start - state.pos, None)
        may = {"open": not behind.isspace(), "close": not before.isspace()}
        state.delimiters[ours] = [replace(run, **may) for run in state.delimiters[ours]]
    return found


def _placeholder(state: StateInline, silent: bool) -> bool:
    """`{{ … }}` as a token; what stands between is judged later, so that a wrong name is a fault and no text."""
    match = _PLACEHOLDER.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("placeholder", "", 0)
        token.content = "0"  # quotation marks and apostrophes beside it turn as they do beside a number
        token.markup = match[0]
        token.info = match[1].strip()
    state.pos = match.end()
    return True


NARROW = "\u202f"
# Where the French set a narrow blank; before a colon it is a wide one. As typed, it may be an ordinary one, or none,
# where quotations are found without it too (`quotes/folding.py`). Not within `:smile:` and `x;)`.
_WORD = r"""(?<=[\w)\]»"'”’….%°€$£])"""
_OPENS, _CLOSES = r"""(?<![^\s(\[’'"]«)(?<=«)""", r"""(?=»(?:[\s.,;:!?…)\]"]|$))"""
_BEFORE_MARKS = re.compile(
    rf""" (?=[;!?]+(?:[\s»)\]…"'”’]|$))| {_CLOSES}|{_OPENS}(?: |(?=[^\s»]))"""
    rf"""|{_WORD}(?=[;!?]+(?:[\s»…"'”’]|$))|{_WORD}(?=[!?]+(?:[\s»)\]…"'”’]|\.\.|$))"""
    rf"""|(?:{_WORD}|(?<=[,;:!?])){_CLOSES}"""
)
_BEFORE_COLON = re.compile(rf"(:[\w+-]+:)| (?=:(?:\s|$))|{_WORD}(?=:\s)|{_WORD}(?<!\d)(?=:$)")
# What stands beside a text and prints something: a mark touches it as it would touch a word.
_PRINTED = frozenset(("code_inline", "placeholder", "footnote_ref"))

_HAN = f"[{HAN}{HAN_MARKS}]"
WRAPPED = "\n"  # the markup of the end of a line that prints nothing, like a comment, and is none


def _unparted(state: StateCore) -> None:
    """No blank where a line is wrapped between two letters or marks of Chinese or Japanese (CSS Text 3, 4.1.3)."""
    for block in state.tokens:
        children = block.children or []
        for before, token, behind in zip(children, children[1:], children[2:], strict=False):
            if (
                token.type == "softbreak"
                and before.type == behind.type == "text"
                and _is_han(before.content[-1:])
                and _is_han(behind.content[:1])
            ):
                token.type, token.markup = "comment", WRAPPED


def _is_han(char: str) -> bool:
    return char > "\u3000" and re.match(_HAN, char) is not None  # compiled where a text has one: it takes 2 ms


_TYPEWRITTEN = re.compile(r"""["'«»;:!?]|--|\.\.\.""")


def is_typewritten(words: str) -> bool:
    """Whether a text has signs in it that typography replaces."""
    return _TYPEWRITTEN.search(words) is not None


@lru_cache(maxsize=4096)  # a title stands in many places
def typeset(words: str, quotes: Sequence[str]) -> str:
    """A text without Markdown with the quotation marks, dashes and dots that it means."""
    md, text = parser(quotes), Token("text", "", 0, content=words)
    state = StateCore("", md, {}, [Token("inline", "", 0, content=words, children=[text])])
    _dashes_and_dots(state)
    smartquotes(state)
    return text.content


# Letters and marks of scripts that part no words by blanks, or have endings behind quotations. Said by all that they
# are not: `re` compiles a set character by character, and those of Han and Korean are 50,000.
_UNPARTED = re.compile(
    "[^\0-\u0dff\u0f00-\u0fff\u10a0-\u177f\u1800-\u3000\ufb00-\uff00\ufff0-\U0001ffff\U00040000-\U0010ffff]"
)
_TOUCHING = re.compile(rf"""{_UNPARTED.pattern}["']|["']{_UNPARTED.pattern}""")
# No apostrophe, nor what shortens Hebrew words before their last letter (צה"ל).
_STRAIGHT = (
    re.compile('(?<![א-ת])"|"(?![א-ת](?![א-ת]))'),
    re.compile("(?<![A-Za-z0-9])'|'(?![A-Za-z])"),
)
_BEFORE_LETTER = re.compile(r"""(?<=[^\s(\["'])"(?=[^\W\d_])""")


def _by_turns(children: Sequence[Token], quotes: Sequence[str]) -> None:
    """Straight marks that letters touch on both sides become opening and closing ones by turns: where no blanks part
    words if they are even, elsewhere those of which each pair has one that can be only that: "kalbi"nde, ה"חצי".
    """
    texts = [token for token in children if token.type == "text"]
    shown = "".join(
        token.content
        if token.type == "text"
        else "\n"
        if token.type.endswith("break")
        else "x" * (token.nesting == 0)
        for token in children
    )
    unparted = _TOUCHING.search(shown)
    for mark, pair in zip(_STRAIGHT[: 2 if unparted else 1], (quotes[:2], quotes[2:]), strict=False):
        if not (_even(mark, shown) if unparted else _paired(mark, shown)):
            continue
        turns = cycle(pair)
        for token in texts:
            first, *others = mark.split(token.content)
            token.content = first + "".join(next(turns) + each for each in others)


def _even(mark: re.Pattern[str], shown: str) -> bool:
    return len(mark.findall(shown)) % 2 == 0


def _paired(mark: re.Pattern[str], shown: str) -> bool:
    """Whether marks open and close by turns, of each pair one with a letter or digit on one side alone."""
    shown = f" {shown} "
    beside = [(shown[found.start() - 1], shown[found.end()]) for found in mark.finditer(shown)]
    return len(beside) % 2 == 0 and all(
        not (behind.isspace() or before.isspace()) and not (ahead.isalnum() and after.isalnum())
        for (ahead, behind), (before, after) in zip(beside[::2], beside[1::2], strict=True)
    )


def _with_blanks(words: str, before: Sequence[Token], behind: Sequence[Token]) -> str:
    """A text, which stands between these tokens, with a blank wherever the French set one."""
    lead = "x" * any(token.nesting < 0 or token.type in _PRINTED for token in before)
    trail = "x" * any(token.nesting > 0 or token.type in _PRINTED for token in behind)
    words = _BEFORE_MARKS.sub(NARROW, f"{lead}{words}{trail}")
    words = _BEFORE_COLON.sub(lambda found: found[1] or "\u00a0", words)
    return words[len(lead) : len(words) - len(trail)]


def _dashes_and_dots(state: StateCore) -> None:
    """`--`, `---` and `...` outside of code and bare addresses, and nothing else (no `(c)`, no `+-`).

    A language whose quotation marks hold narrow blanks sets them before other marks, too, however they are typed.
    """
    spaced = any(NARROW in mark for mark in state.md.options["quotes"])
    for block in state.tokens:
        if block.type != "inline" or not is_typewritten(block.content):
            continue
        address = False
        children = block.children or []
        if _TOUCHING.search(block.content) or _BEFORE_LETTER.search(block.content):
            _by_turns(children, state.md.options["quotes"])
        for at, token in enumerate(children):
            if token.info == "auto":
                address = token.nesting == 1
            elif token.type == "text" and not address:
                words = token.content
                if spaced:
                    words = _with_blanks(words, children[at - 1 : at], children[at + 1 : at + 2])
                words = _ELISION.sub("’", words)
                words = _EM_DASH.sub("—", words)
                words = _EN_DASH.sub("–", words)
                token.content = _ELLIPSIS.sub("…", words)
