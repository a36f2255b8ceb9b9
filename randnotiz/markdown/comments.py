"""HTML comments: an editor's remarks, which stand in no output and in no text that quotations count in.

A comment is what CommonMark 0.31 takes for one (sections 4.6, type 2, and 6.6), with two differences that keep the
words around it whole: it parts a paragraph only if there is an empty line in it, and what follows in its last line is
Markdown. One without an end hides nothing; it is left to the reader of the tokens, who makes a fault of it.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from randnotiz.markdown.document import BREAKS

BEGIN, END = "<!--", "-->"

_COMMENT = re.compile(r"<!---?>|<!--.*?-->", re.DOTALL)
_REST_OF_LINE = re.compile(r"[ \t]*(?:\n[ \t]*)?")


def comment_plugin(md: MarkdownIt) -> None:
    """Rules that make a token `comment` of each comment: `content` is what it says, `markup` what it is written as,
    with the line breaks around it that went with it. Without an end it is `<!--` alone, and says nothing.
    """
    md.block.ruler.before("table", "comment", _block, {"alt": ["paragraph", "reference", "blockquote"]})
    md.inline.ruler.before("autolink", "comment", _inline)


def words(markup: str) -> str:
    """What a comment says, in one line."""
    return " ".join(markup.strip()[len(BEGIN) : -len(END)].split())


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Comments that begin a block, up to the end of the line in which the last of them ends."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(BEGIN, begin) or state.is_code_block(start):
        return False
    line, at, empty = start, begin, False
    while state.src.startswith(BEGIN, at):
        at += 2  # the dashes may be those of the end: `<!-->`
        while (found := state.src.find(END, at, state.eMarks[line])) < 0:
            line += 1
            if line >= end or not (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
                return False
            empty = empty or state.isEmpty(line)
            at = state.bMarks[line] + state.tShift[line]
        at = state.skipSpaces(found + len(END))
    follows = at < state.eMarks[line]
    if (follows or silent) and not empty:
        return False  # it is part of a paragraph
    if silent:
        return True
    token = state.push("comment", "", 0)
    token.markup = state.src[begin:at]
    token.content, token.map = words(token.markup), [start, line + 1]
    if follows:
        state.bMarks[line], state.tShift[line], state.sCount[line] = at, 0, state.blkIndent
    state.line = line if follows else line + 1
    return True


def _inline(state: StateInline, silent: bool) -> bool:
    """A comment among words, with the blanks and the line break that would be too many without it."""
    if not state.src.startswith(BEGIN, state.pos):
        return False
    found = _COMMENT.match(state.src, state.pos, state.posMax)
    end = found.end() if found else state.pos + len(BEGIN)
    if found is None or silent:
        if not silent:
            state.push("comment", "", 0).markup = BEGIN
        state.pos = end
        return True
    before = state.pending.rstrip(" \t")
    apart, state.pending = before != state.pending, before
    last = next((token for token in reversed(state.tokens) if token.type != "comment"), None)
    if not before and (last is None or last.type in BREAKS):  # it begins its line, and may be all that is in it
        rest = _REST_OF_LINE.match(state.src, end, state.posMax)
        end = rest.end() if rest else end
        apart = False
        if last and end == state.posMax and state.level == 0:
            state.tokens.remove(last)
    token = state.push("comment", "", 0)
    token.markup, token.content = state.src[state.pos : end], words(found[0])
    if apart and end < state.posMax and state.src[end] not in " \t\n":
        state.pending = " "
    state.pos = end
    return True
