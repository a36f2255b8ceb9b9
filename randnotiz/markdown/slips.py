"""Markdown that is not quite it, so that readers would see the signs instead of what they mean."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from randnotiz.diagnostics import did_you_mean
from randnotiz.markdown.dialects import dialects
from randnotiz.markdown.grammar import SCHEMES

# What is literal in a block, or printed in no page: escaped signs, code, comments and bare addresses.
_LITERAL = re.compile(
    r"\\[!-/:-@\[-`{-~]|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|<!--.*?-->|<[A-Za-z][\w+.-]*:[^\s<>]*>|https?://[^\s<>\[\]()]+",
    re.DOTALL,
)
_DESTINATION = re.compile(r"(?<=\])\((?:[^()]|\([^()]*\))*\)")
_PRINTED = re.compile(r"\{\{[^{}]*\}\}")
_ONE_BRACE = re.compile(r"(?<!\{)\{ *([a-z][a-z0-9_]*)(\.\w+)? *\}(?!\})")
_HEADING = re.compile(r"(#{2,6})([^\s#].*)")
_ROW = re.compile(r"\|.*\|")
_STRANGE = re.compile(r"\]\(\s*([A-Za-z][\w+.-]*):")
_PARTED = re.compile(r"\[[^\]\[\n]+\] \((?=https?:|www\.|\.\./|#)")


class Slip(NamedTuple):
    """What was typed in a row of a block (counted from 0), what is wrong with it, and what to type instead."""

    row: int
    words: str
    message: str
    hint: str


def slips(source: str, texts: Collection[str], names: Collection[str], *, paragraph: bool) -> Iterator[Slip]:
    """The slips in a block's source, of which `texts` are printed as they stand; `names` are those of numbers."""
    bare = _LITERAL.sub(_blank, source)
    rows = bare.split("\n")
    printed = "".join(texts)
    without = _PRINTED.sub(_blank, bare if "](" in printed else _DESTINATION.sub(_blank, bare))
    for start, words, message, hint in dialects(without, printed):
        yield Slip(without.count("\n", 0, start), words.splitlines()[0], message, hint)
    yield from _braces(bare, names)
    if paragraph and (heading := _HEADING.match(rows[0])):
        message = f"'{heading[1]}' makes a heading only with a blank behind it"
        yield Slip(0, heading[1], message, f"Write '{heading[1]} {heading[2].strip()}'.")
    if paragraph and len(rows) > 1 and all(_ROW.fullmatch(row.strip()) for row in rows):
        dashes = "|" + "---|" * (rows[0].strip().count("|") - 1)
        yield Slip(0, "|", "these lines are no table", f"Write '{dashes}' between the first and the second.")
    for words in texts:
        if _PARTED.search(words):
            hint = "Leave out the blank between the brackets: [words](address)."
            yield from _at(rows, "] (", "this is no link", hint)
        elif strange := _STRANGE.search(words):
            near = did_you_mean(strange[1], SCHEMES)
            hint = "An address begins with https://… or mailto:, or it is a path."
            yield from _at(rows, "](", f"no link leads to '{strange[1]}:'{near}", hint)
        elif "](" in words:
            hint = "An address with blanks or brackets stands in < and >: [words](<my file.pdf>)."
            yield from _at(rows, "](", "this is no link and no picture", hint)
        if "**" in words and "\\*" not in source:
            hint = "The stars touch the words: **bold words**. A star that is meant is written \\*."
            yield from _at(rows, "**", "'**' would stand there as it is", hint)


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
