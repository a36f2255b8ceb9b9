"""Strangers' Markdown made such that no article can find a fault in it."""

import re

from randnotiz import markdown, yamldoc
from randnotiz.diagnostics import ContentError, SourceText

_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*")
_OURS = re.compile(r"\[\^|\{\{|!\[")  # footnotes, printed numbers, images
_SIGNS = re.compile(r"([\\`*_\[\]<>{}#|!&~^]|(?<![\w:/])/(?=/))")
_LAST = re.compile(r"\\\\(?=\s|\Z)")  # ends a line in other dialects, where it would be asked about
_LINE_START = re.compile(r"^(?:([-+=])|([0-9]+)([.)]))", re.MULTILINE)


def defused(words: str) -> str:
    """Words whose Markdown is kept, but for what a note may not have."""
    text = printable(words.replace("\r\n", "\n").replace("\r", "\n")).expandtabs(4).strip()
    lines = "\n".join(map(_without_heading, text.split("\n")))
    return _OURS.sub(lambda found: "\\" + found[0], lines)


def _without_heading(line: str) -> str:
    """A line of Markdown that neither is a heading nor makes one of the line above, not even in a list."""
    words, below = line.lstrip(" >*+-"), line.lstrip(" >")
    if _HEADING.match(words):
        return line[: len(line) - len(words)] + "\\" + words
    if _UNDERLINE.fullmatch(below):
        return line[: len(line) - len(below)] + "\\" + below
    return line


def literal(words: str) -> str:
    """Words that Markdown prints as they are, in their paragraphs."""
    lines = (_LAST.sub("&#92;", _SIGNS.sub(r"\\\1", line.strip())) for line in printable(words).splitlines())
    return _LINE_START.sub(lambda at: f"\\{at[1]}" if at[1] else f"{at[2]}\\{at[3]}", "\n".join(lines).strip())


def quoted(words: str) -> str:
    """Words as a quotation in Markdown."""
    return "\n".join(f"> {line}".rstrip() for line in words.split("\n"))


def is_faultless(note: str) -> bool:
    """Whether a note can stand in any article: nothing wrong in it, and no link that would be looked for here."""
    if not note.strip():
        return False
    try:
        document, diagnostics = markdown.read(SourceText(note), "field", quotes="")
    except ContentError:
        return False
    far = all(markdown.scheme(link.href) for link in document.links)
    return far and not (diagnostics or document.pictures or document.placeholders or document.calls)


def printable(words: str) -> str:
    """Words without the characters that nobody can see and no file of ours can hold."""
    return yamldoc.UNPRINTABLE.sub("", words)
