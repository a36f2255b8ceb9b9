"""Values as YAML text that is read back as exactly the same words, in the style editors write by hand.

A value is written as lines: the first is what stands behind its `name:` or `-`, empty where it begins below; the
others are whole lines with their indentation.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from randnotiz.csl import CSL_NAMES
from randnotiz.diagnostics import ContentError, SourceText
from randnotiz.yamldoc import UNPRINTABLE, plain

Entry = None | bool | int | float | str | Sequence["Entry"] | Mapping[str, "Entry"]

Signature = Mapping[str, str | None]  # who writes an annotation and when: its `author` and `created`

WIDTH = 116  # of a line; beyond it a text is folded
SHORT = 80  # a list that fits is written on one line

# The fields whose words are a number or true and false: in quotation marks editors' tools would take them for text.
_BARE = frozenset(("value", "low", "best", "high", "digits", "draft"))
# What YAML 1.1, which other programs still read, does not take for text.
_SWITCHES = frozenset(("y", "n", "yes", "no", "on", "off"))

_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]")
_NEVER_PLAIN = re.compile(r"[\t\n\r\ufeff]|:(?: |$)| #")
_NEVER_PLAIN_IN_FLOW = re.compile(r"[,\[\]{}?]|:(?!//)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\ufeff": "\\uFEFF"}


def quotation(exact: str, prefix: str, suffix: str) -> str | dict[str, str]:
    """A quotation as editors write it: the words alone, or with what tells them from the same elsewhere."""
    context = {name: words for name, words in (("prefix", prefix), ("suffix", suffix)) if words}
    return {"exact": exact, **context} if context else exact


class UnwritableError(Exception):
    """Words that no YAML file of ours can hold; the message says why."""


class Layout(NamedTuple):
    """How a file is indented: fields below their field's name, and the dashes of lists below theirs."""

    step: int = 2
    dash: int = 0


def lines(value: Entry, column: int, layout: Layout, *, name: str = "", like: str = "") -> list[str]:
    """A value that belongs to a field or a dash in a column; `like` is how it was written before, if it was."""
    if isinstance(value, Mapping) and (given := _given(value)):
        return ["", *fields(given, column + layout.step, layout)]
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        short = flow(value)
        scalars = all(not isinstance(each, Sequence | Mapping) or isinstance(each, str) for each in value)
        if (scalars or name in CSL_NAMES) and len(short) <= SHORT:
            return [short]
        return ["", *(line for each in value for line in entry(each, column + layout.dash, layout))]
    if isinstance(value, str):
        return _text(value, column, name=name, like=like)
    return [flow(value)]


def fields(value: Mapping[str, Entry], column: int, layout: Layout) -> list[str]:
    """The fields of a mapping, each in lines of its own from a column on; those that are None are left out."""
    return [line for name, each in _given(value).items() for line in field(name, each, column, layout)]


def field(name: str, value: Entry, column: int, layout: Layout) -> list[str]:
    """A field with its value."""
    head, *body = lines(value, column, layout, name=name)
    return [f"{' ' * column}{_key(name)}:{' ' if head else ''}{head}", *body]


def entry(value: Entry, column: int, layout: Layout, gap: int = 2, like: str = "") -> list[str]:
    """An entry of a list whose dash stands in a column and whose words begin behind a gap; `like` as above."""
    dash = " " * column + "-" + " " * (gap - 1)
    if isinstance(value, Mapping) and _given(value):
        first, *others = fields(value, column + gap, layout)
        return [dash + first[column + gap :], *others]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [dash + flow(value)]
    head, *body = lines(value, column, layout, like=like)
    return [dash + head, *body]


def flow(value: Entry, name: str = "", like: str = "") -> str:
    """A value on one line, as it may stand between brackets and braces."""
    match value:
        case None:
            raise UnwritableError("there is nothing to write")
        case bool():
            return "true" if value else "false"
        case str():
            return next(_on_one_line(value, name, like, in_flow=True))
        case int() | float():
            if value - value != 0:
                raise UnwritableError(f"{value} is no number that can be computed with")
            return str(value)
        case Mapping():
            return "{" + ", ".join(f"{_key(key)}: {flow(each, key)}" for key, each in _given(value).items()) + "}"
        case _:
            return "[" + ", ".join(flow(each) for each in value) + "]"


def _given(value: Mapping[str, Entry]) -> dict[str, Entry]:
    return {name: each for name, each in value.items() if each is not None}


def _key(name: str) -> str:
    return name if _NAME.fullmatch(name) else next(_on_one_line(name, "", '"', in_flow=True))


# ---- Texts ----


def _text(words: str, column: int, name: str, like: str) -> list[str]:
    """A text in the form it had before, or else in the one that is easiest to read."""
    indent = " " * (column + 2)
    if like == "|" or "\n" in words:
        if _fits_literal(words):
            body = words.removesuffix("\n").split("\n")
            return ["|" if words.endswith("\n") else "|-", *(indent + line if line else "" for line in body)]
    elif _fits_folded(words) and (like == ">" or (not like and column + len(name) + len(words) > WIDTH)):
        return [">-", *(indent + line for line in _folded(words, WIDTH - len(indent)))]
    return [next(_on_one_line(words, name, like, in_flow=False))]


def _fits_literal(words: str) -> bool:
    """Whether a literal block can hold a text without an indicator for its indentation."""
    return (
        bool(words)
        and not words[0].isspace()
        and not words.removesuffix("\n")[-1:].isspace()
        and not re.search("[\r\ufeff]", words)
        and not _unprintable(words)
    )


def _fits_folded(words: str) -> bool:
    """Whether line breaks can be set at the blanks of a text and be read as blanks again."""
    return (
        " " in words
        and words == words.strip()
        and not re.search("  |[\t\n\r\ufeff]", words)
        and not _unprintable(words)
    )


def _folded(words: str, width: int) -> Iterator[str]:
    """A text in lines, broken at single blanks."""
    line = ""
    for word in words.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _on_one_line(words: str, name: str, like: str, *, in_flow: bool) -> Iterator[str]:
    """A text on one line: first in the form it had before, if that can hold it."""
    strange = _unprintable(words)
    if strange:
        raise UnwritableError(f"the invisible character U+{ord(strange):04X} cannot be written; delete it")
    straight = not re.search("[\n\r\t\ufeff]", words)
    if like == "'" and straight:
        yield _single(words)
    if like != '"' and _fits_plain(words, bare=name in _BARE or like == "plain", in_flow=in_flow):
        yield words
    if straight and '"' in words and "'" not in words:
        yield _single(words)
    yield '"' + "".join(_ESCAPES.get(char, char) for char in words) + '"'


def _fits_plain(words: str, *, bare: bool, in_flow: bool) -> bool:
    """Whether a text needs no quotation marks; `bare` ones may look like a number or a truth value."""
    if not words or words != words.strip() or _NEVER_PLAIN.search(words):
        return False
    if in_flow and _NEVER_PLAIN_IN_FLOW.search(words):
        return False
    try:
        typed = plain(SourceText(words, plain=True))
    except ContentError:  # a number too large to be one
        return bare
    if not isinstance(typed, str):
        return bare and typed is not None
    return bool(_PLAIN.match(words)) and words.lower() not in _SWITCHES


def _single(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _unprintable(words: str) -> str:
    found = UNPRINTABLE.search(words)
    return found[0] if found else ""
