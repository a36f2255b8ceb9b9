"""Markdown that is not quite it, so that readers would see the signs instead of what they mean."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from randnotiz.diagnostics import did_you_mean, shortened
from randnotiz.markdown.dialects import Drafting, dialects
from randnotiz.markdown.grammar import SCHEMES
from randnotiz.memo import memoize

# What is literal in a block, or printed in no page: escaped signs, code, comments and bare addresses.
_LITERAL = re.compile(
    r"\\(?![,;][\w\\]|\\(?:\s|\Z))[!-/:-@\[-`{-~]|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|<!--.*?-->|<[A-Za-z][\w+.-]*:[^\s<>]*>|https?://[^\s<>\[\]()]+",
    re.DOTALL,
)
_DESTINATION = re.compile(r"(?<=\])\((?:[^()]|\([^()]*\))*\)")
_PRINTED = re.compile(r"\{\{[^{}]*\}\}")
_ONE_BRACE = re.compile(r"(?<!\{)\{ *([a-z][a-z0-9_]*)(\.\w+)? *\}(?!\})")
_HEADING = re.compile(r"(#{2,6})([^\s#].*)")
# One sign alone may be a keyword (#MeToo): a heading is a short line of its own, with no full stop.
_TITLE = re.compile(r"(#)((?!\S*\\)[^\W\d_][^#\n]{0,60}(?<![.!?,;:…\s]))")
_ROW = re.compile(r"\|.*\|")
_STRANGE = re.compile(r"<?([A-Za-z][\w+.-]*):")
_LITERAL_BUT_ADDRESSES = re.compile(_LITERAL.pattern.removesuffix(r"|https?://[^\s<>\[\]()]+"), re.DOTALL)
_TARGET = re.compile(  # CommonMark 0.31, section 6.3: an address, a title
    r"""\(\s*(?:<[^<>\n]*>|[^\s<](?:[^\s()]|\((?:[^\s()]|\([^\s()]*\))*\))*)?(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)"""
)
_TITLED = re.compile(r"\S+\s+([\"'(„“”«»‚‘’])")
FOOTNOTE_WITH_BLANK = re.compile(r"\[\^([^\]\s]*[^\S\n][^\]\n]*)\]")
_STARRED = re.compile(r"\*\*(?=\S)([^\w\s*]*)([^*\n]+?)([^\w\s*]*)(?<=\S)\*\*")
_DIVIDER = re.compile(r"\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?")
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_PARTED = re.compile(r"\[[^\]\[\n]+\] \((?=https?:|www\.|\.\./|#)")
_BARE_TARGET = re.compile(r"\[[^\]\[\n]+\](?=https?://)")
_WORDLESS = re.compile(r"(?<!!)\[\s*\]\([^()\s]")


class Slip(NamedTuple):
    """What was typed in a row of a block (counted from 0), what is wrong with it, and what to type instead."""

    row: int
    words: str
    message: str
    hint: str


@memoize(512)
def slips(
    source: str, texts: tuple[str, ...], names: Collection[str], paragraph: bool, drafting: Drafting
) -> tuple[Slip, ...]:
    """The slips in a block's source, of which `texts` are printed as they stand; `names` are those of numbers,
    `drafting` what authors of its language leave behind.
    """
    return tuple(_slips(source, texts, names, paragraph, drafting))


def _slips(
    source: str, texts: Collection[str], names: Collection[str], paragraph: bool, drafting: Drafting
) -> Iterator[Slip]:
    bare = _LITERAL.sub(_blank, source)
    rows = bare.split("\n")
    printed = "".join(texts)
    without = _PRINTED.sub(_blank, bare if "](" in printed else _DESTINATION.sub(_blank, bare))
    for start, words, message, hint in dialects(source, without, printed, drafting):
        yield Slip(without.count("\n", 0, start), words.splitlines()[0], message, hint)
    yield from _braces(bare, names)
    if paragraph and (heading := _HEADING.match(rows[0]) or _TITLE.fullmatch(rows[0].rstrip())):
        message = f"'{heading[1]}' makes a heading only with a blank behind it"
        yield Slip(0, heading[1], message, f"Write '{heading[1].rjust(2, '#')} {heading[2].strip()}'.")
    if paragraph and all(_ROW.fullmatch(row.strip()) for row in rows) and (len(rows) > 1 or bare.count("|") > 2):
        yield from _table(source.split("\n"))
    unescaped = _LITERAL_BUT_ADDRESSES.sub(_blank, source)
    if any("](" in words for words in texts):
        yield from _links(unescaped, rows)
    if paragraph and "`" in printed and "``" not in source and '"`' not in source and "`" in bare:
        hint = "Code stands between two of them; an apostrophe is ' and a sign of its own \\`."
        yield Slip(bare.count("\n", 0, bare.index("`")), "`", "'`' would stand there as it is", hint)
    if wordless := _WORDLESS.search(unescaped):
        row = unescaped.count("\n", 0, wordless.start())
        yield Slip(row, wordless[0], "this link has no words, so nobody sees it", "Write [words](address).")
    for words in texts:
        yield from _in_text(words, source, unescaped)


def _in_text(words: str, source: str, unescaped: str) -> Iterator[Slip]:
    """The slips in a text that is printed as it stands."""
    rows = unescaped.split("\n")
    if _BARE_TARGET.search(words):
        yield from _at(
            source.split("\n"), "]http", "this is no link", "Put ( and ) around the address: [words](address)."
        )
    if _PARTED.search(words):
        hint = "Leave out the blank between the brackets: [words](address)."
        yield from _at(rows, "] (", "this is no link", hint)
    if parted := FOOTNOTE_WITH_BLANK.search(words):
        yield from _at(rows, parted[0], *no_footnote_name(parted[1]))
    if "**" in words and "\\*" not in source:
        hint = "The stars touch the words: **bold words**. A star that is meant is written \\*."
        if (starred := _STARRED.search(unescaped)) and (starred[1] or starred[3]):
            hint = (
                "Stars between a letter and a sign make nothing bold; put the sign outside of them:"
                f" {starred[1]}**{starred[2]}**{starred[3]}"
            )
        yield from _at(rows, "**", "'**' would stand there as it is", hint)


def no_footnote_name(name: str) -> tuple[str, str]:
    """What to say of a footnote whose name has a blank."""
    return (
        f"a footnote's name has no blank, as '{shortened(name)}' has",
        f"Write [^{'-'.join(name.split())}], in both places.",
    )


def _table(rows: list[str]) -> Iterator[Slip]:
    """Rows of which none is a table: the line of dashes is missing, or has not as many cells as the header."""
    header = cells(rows[0])
    if len(rows) == 1 or not _DIVIDER.fullmatch(rows[1].strip()):
        dashes = "|" + "---|" * header
        hint = f"Write '{dashes}' between the first and the second."
        yield Slip(0, "|", "these lines are no table" if rows[1:] else "one line is no table", hint)
    elif header != (below := cells(rows[1])):
        message = f"these lines are no table: the first has {header} cells, the line of dashes {below}"
        yield Slip(0, "|", message, _divided(rows[0]) or f"Write '|{'---|' * header}' as the second.")


def lost_cells(lines: Sequence[str]) -> Iterator[Slip]:
    """The cells of a table's rows that stand beyond its header, and so in no page; `lines` begin with the header."""
    width = cells(lines[0])
    for row, line in enumerate(lines[2:], start=2):
        if cells(line) > width:
            lost = re.split(r"(?<!\\)\|", line.strip().strip("|"))[width:]
            message = (
                f"this row has {cells(line)} cells and the header {width}: '{shortened(lost[0].strip())}' is lost"
            )
            yield Slip(
                row,
                lost[0].strip() or "|",
                message,
                _divided(line) or "Write a column for it in the header, or leave it out.",
            )


def cells(row: str) -> int:
    """How many cells a row of a table has: `|` divides them, also in code, unless a backslash stands before it."""
    return len(re.findall(r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|"))) + 1


def _divided(row: str) -> str:
    if any(re.search(r"(?<!\\)\|", code[0]) for code in _CODE.finditer(row)):
        return "Write \\| for a | within a cell, in code as well."
    return ""


def _links(source: str, rows: list[str]) -> Iterator[Slip]:
    """The links and pictures of a block that are none, each with what keeps it from being one."""
    found = False
    opened: list[int] = []
    for bracket in re.finditer(r"[\[\]]", source):
        at = bracket.start()
        if bracket[0] == "[":
            opened.append(at)
            continue
        start = opened.pop() if opened else None
        if source.startswith("(", at + 1):
            words = None if start is None else source[start + 1 : at]
            if fault := _link_fault(words, source[at + 1 :]):
                yield Slip(source.count("\n", 0, at), source[at:].split("\n")[0], *fault)
                found = True
    if not found:
        hint = "An address with blanks or brackets stands in < and >: [words](<my file.pdf>)."
        yield from _at(rows, "](", "this is no link and no picture", hint)


def _link_fault(words: str | None, behind: str) -> tuple[str, str] | None:
    """What keeps from being a link the words between two brackets, none without a first, and an address behind."""
    if words is None:
        return "this is no link: no [ stands before its words", "Write [words](address)."
    if re.search(r"\[\^[^\]\n]+\]", words):
        return "the words of a link hold no footnote", "Write it behind the link: [words](address)[^1]."
    if re.search(r"(?<!!)\[[^\[\]\n]*\]\([^()\n]*\)", re.sub(r"!\[[^\[\]\n]*\]\([^()\n]*\)", "", words)):
        return (
            "a link stands within the words of a link",
            "Write one behind the other: [words](address) [words](address).",
        )
    if re.match(r"\(\s*<?//\w", behind):
        return "an address that begins with // does not say how to reach its host", "Write https:// before the host."
    return _target_fault(behind)


def _target_fault(behind: str) -> tuple[str, str] | None:
    if target := _TARGET.match(behind):
        strange = _STRANGE.match(behind[1:].lstrip())
        if not strange or strange[1].lower() in SCHEMES or not target[0].strip("() "):
            return None
        near = did_you_mean(strange[1], SCHEMES)
        if len(strange[1]) == 1:
            return f"'{strange[1]}:' is a disk of your own", "Put the file beside the article and write its name."
        return (
            f"no link leads to '{strange[1]}:'{near}",
            "An address begins with https://… or mailto:, or it is a path.",
        )
    line = behind.split("\n")[0]
    if line[1:].lstrip().startswith("<") and ">" not in line:
        return "the < before this address has no >", "Write > behind the address: [words](<my file.pdf>)."
    if titled := _TITLED.match(line[1:].lstrip()):
        mark = titled[1]
        if mark not in "\"'(":
            return "the title of a link stands in straight quotation marks", 'Write [words](address "title").'
        return (
            f"the title of this link, which begins with {mark}, does not end with the bracket",
            f'Write \\{mark} for one within it, and nothing behind it: [words](address "title").',
        )
    if line.count("(") > line.count(")") and behind.count("(") <= behind.count(")"):
        return "a line ends within this address", "Write the address in one line."
    if line.count("(") > line.count(")"):
        hint = "Write ) behind the address; one with brackets of its own stands in < and >: [words](<a_(b)>)."
        return "the bracket that opens before this address is never closed", hint
    hint = "An address with blanks or brackets stands in < and >: [words](<my file.pdf>)."
    if re.match(r"\(\s*https?:", line):
        hint = "Write %20 for a blank in an address, or put it in < and >: [words](<https://…>)."
    return "this is no link and no picture", hint


def _braces(bare: str, names: Collection[str]) -> Iterator[Slip]:
    rows = _PRINTED.sub(_blank, bare).split("\n")
    for number, row in enumerate(rows):
        if "{{" in row:
            hint = "A number is printed by {{ name }}; braces that are meant are written \\{{."
            yield Slip(number, "{{", "'{{' has no '}}'", hint)
        for single in _ONE_BRACE.finditer(row):
            if single[1] in names:
                message = f"'{single[0]}' prints no number"
                yield Slip(number, single[0], message, f"Write '{{{{ {single[1]}{single[2] or ''} }}}}'.")


def _at(rows: list[str], words: str, message: str, hint: str) -> Iterator[Slip]:
    """A slip where signs stand, unless all of them are escaped."""
    row = next((number for number, row in enumerate(rows) if words in row), None)
    if row is not None:
        yield Slip(row, words, message, hint)


def _blank(match: re.Match[str]) -> str:
    """As many characters, and the same line breaks."""
    return re.sub(r"[^\n]", "\0", match[0])
