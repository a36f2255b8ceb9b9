"""Rich text within CSL items: the tags of CSL-JSON, and the marks of Markdown that Pandoc and Better BibTeX export.

CSL-JSON 1.0.2 has `<i>`, `<b>`, `<sub>`, `<sup>`, small caps and `nocase`, which keeps the case of words from a style
that would change it. Whatever else looks like a tag is text.

In a text that goes through the parts of a reference, tags are single characters of private use: nothing that an
author can write becomes one, wherever it is put.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Literal, NamedTuple

Tag = Literal["i", "b", "sub", "sup", "small-caps", "nocase", "span"]

# How CSL-JSON writes them; a `span` of another class means nothing.
_OPENING: dict[Tag, str] = {
    "i": "<i>",
    "b": "<b>",
    "sub": "<sub>",
    "sup": "<sup>",
    "small-caps": '<span style="font-variant:small-caps;">',
    "nocase": '<span class="nocase">',
    "span": "<span>",
}
_CLOSING = {tag: "</span>" if opening.startswith("<span") else f"</{tag}>" for tag, opening in _OPENING.items()}
_BEGINS = {tag: chr(0xF0000 + number) for number, tag in enumerate(_OPENING)}
_ENDS = {tag: chr(0xF0100 + number) for number, tag in enumerate(_OPENING)}
_TAG_OF = {char: tag for tag, char in _BEGINS.items()}
_AS_CSL = str.maketrans({char: _OPENING[tag] for tag, char in _BEGINS.items()})
_AS_CSL |= str.maketrans({char: _CLOSING[tag] for tag, char in _ENDS.items()})
_PRIVATE = re.compile("([\U000f0000-\U000f01ff])")
_NAMES: dict[str, Tag] = {
    "i": "i",
    "em": "i",
    "b": "b",
    "strong": "b",
    "sub": "sub",
    "sup": "sup",
    "sc": "small-caps",
    "scp": "small-caps",
    "span": "span",
}
_TAG = re.compile(r"<(?P<close>/?)(?P<name>i|em|b|strong|sub|sup|sc|scp|span)(?P<more> [^<>]{1,80})?>", re.IGNORECASE)
_SMALL_CAPS, _NO_CASE = re.compile(r"small-?caps", re.IGNORECASE), re.compile("nocase", re.IGNORECASE)

# What is raised or lowered is one number or one word, because x^2+y^2 is not.
_RAISED = r"[+−–-]?\d{1,4}[+−–-]?|[A-Za-z]{1,4}|[+−–-]"
_MARKS: tuple[tuple[re.Pattern[str], Tag], ...] = (
    (re.compile(r"(?<![\w*\\])\*\*(?=[^\s*])([^*]*[^\s*\\])\*\*(?![\w*])"), "b"),
    (re.compile(r"(?<![\w*\\])\*(?=[^\s*-])([^*]*[^\s*\\])\*(?![\w*])"), "i"),
    (re.compile(r"(?<![\w\\])_(?=[^\s_])([^_]*[^\s_\\])_(?!\w)"), "i"),
    (re.compile(rf"(?<![\^\\])\^({_RAISED})\^(?!\^)"), "sup"),
    (re.compile(rf"(?<![~\\])~({_RAISED})~(?!~)"), "sub"),
    (re.compile(r"(?<!\\)\[([^\[\]]+)\]\{\.small-?caps\}"), "small-caps"),
    (re.compile(r"(?<!\\)\[([^\[\]]+)\]\{\.nocase\}"), "nocase"),
)
_SIGNS = re.compile(r"[<*_^~\[\\\U000f0000-\U000f01ff]")  # of which each tag and mark has one
_ESCAPED = re.compile(r"\\([!-/:-@\[-`|~])")  # not braces, which TeX has behind a backslash, too


class StyledText(NamedTuple):
    """A stretch of plain text, and the tags around it from the outermost."""

    text: str
    tags: tuple[Tag, ...] = ()


def rich(words: str) -> str:
    """A text of an item, its tags and marks as characters; those without a partner are text."""
    if not _SIGNS.search(words):  # as in most; the marks are a tenth of a build
        return words
    words = _PRIVATE.sub("", words)
    for mark, tag in _MARKS:
        words = mark.sub(rf"{_OPENING[tag]}\1{_CLOSING[tag]}", words)
    pairs, parts, at = _pairs(words), list[str](), 0
    for begin in sorted(pairs):
        end, char = pairs[begin]
        parts += words[at:begin], char
        at = end
    return _ESCAPED.sub(r"\1", "".join((*parts, words[at:])))


def runs(words: str) -> tuple[StyledText, ...]:
    """The stretches of a rich text; a tag within the same tag means nothing."""
    found: list[StyledText] = []
    tags: list[Tag] = []
    new: list[bool] = []  # for each tag that is open, whether it was not so before
    for part in _PRIVATE.split(words):
        if part in _TAG_OF:
            new.append(_TAG_OF[part] not in tags)
            tags += [_TAG_OF[part]] if new[-1] else []
        elif _PRIVATE.fullmatch(part):
            del tags[len(tags) - new.pop() :]
        elif part:
            found.append(StyledText(part, tuple(tags)))
    return tuple(found)


def _pairs(words: str) -> dict[int, tuple[int, str]]:
    """The tags with a partner: where each begins, where it ends, and the character that stands for it."""
    pairs: dict[int, tuple[int, str]] = {}
    waiting: list[re.Match[str]] = []
    names: Counter[str] = Counter()
    for found in _TAG.finditer(words):
        name = found["name"].lower()
        if not found["close"]:
            waiting.append(found)
            names[name] += 1
        elif names[name]:
            while (opening := waiting.pop())["name"].lower() != name:  # what was opened since has no partner
                names[opening["name"].lower()] -= 1
            names[name] -= 1
            tag = _opened(name, opening["more"] or "")
            pairs[opening.start()] = opening.end(), _BEGINS[tag]
            pairs[found.start()] = found.end(), _ENDS[tag]
    return pairs


def _opened(name: str, more: str) -> Tag:
    if name == "span" and _SMALL_CAPS.search(more):
        return "small-caps"
    return "nocase" if name == "span" and _NO_CASE.search(more) else _NAMES[name]


def as_csl(words: str) -> str:
    """A rich text with the tags of CSL-JSON."""
    return words.translate(_AS_CSL)


def plain(words: str) -> str:
    """A rich text without its tags."""
    return _PRIVATE.sub("", words)


def changed(words: str, change: Callable[[str], Sequence[str]]) -> str:
    """A rich text for each character of whose plain text others stand."""
    parts = _PRIVATE.split(words)  # text and tags in turn
    new = iter(change("".join(parts[::2])))
    parts[::2] = ["".join(islice(new, len(part))) for part in parts[::2]]
    return "".join(parts)
