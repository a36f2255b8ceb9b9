"""`{{ name }}`: which numbers a text may print, and their words in texts without Markdown."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import Struct

from randnotiz.diagnostics import ContentError, Position, SourceText, did_you_mean
from randnotiz.markdown import grammar

PARTS = ("low", "best", "high")

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NAME_AND_PART = re.compile(r"([a-z][a-z0-9_]*)\s*\.\s*(\w*)")
_IN_PLAIN_TEXT = re.compile(r"\\\{\{|\{\{([^{}]*)\}\}")


def _name_itself(name: str, part: str) -> str:
    return f"{name}.{part}" if part else name


def _note_of(name: str) -> str:
    return f"#n-{name.replace('_', '-')}"


class Numbers(Struct, frozen=True, kw_only=True):
    """What `{{ name }}` prints: the names there are, their words, and the address of their derivation in the page
    ("" for none).

    `words` takes a name and a part of `PARTS`, or "" for all of it. `broken` names have a fault of their own, so that
    nothing is said about them here; `all_broken` is true where not even the names could be read.
    """

    names: Collection[str] = ()
    words: Callable[[str, str], str] = _name_itself
    address: Callable[[str], str] = _note_of
    broken: Collection[str] = ()
    all_broken: bool = False

    def known(self, name: str) -> bool:
        """Whether a number has a value to be printed."""
        return name in self.names and name not in self.broken

    def print(self, name: str, part: str) -> str:
        """The words of a number, its name for one that is broken."""
        return self.words(name, part) if self.known(name) else name


NO_NUMBERS = Numbers()


def named(words: str, numbers: Numbers, position: Position) -> tuple[str, str]:
    """The name and the part that `{{ words }}` prints; ContentError if there is no such thing."""
    split = _NAME_AND_PART.fullmatch(words)
    name, part = (split[1], split[2]) if split else (words, "")
    if not _NAME.fullmatch(name):
        message = f"'{{{{ {words} }}}}' should print a number, but no figure or quantity can be called '{words}'"
        raise ContentError(position, "figure-unknown", message, "write \\{{ to print the braces themselves")
    if part not in ("", *PARTS):
        message = f"'{name}' has no part '{part}'; it has low, best and high{did_you_mean(part, PARTS)}"
        raise ContentError(position, "figure-unknown", message)
    if name not in numbers.names and name not in numbers.broken and not numbers.all_broken:
        near = did_you_mean(name, numbers.names)
        hint = "" if near or numbers is NO_NUMBERS else "Write it in figures.yaml, below 'quantities:' or 'figures:'."
        message = f"there is no figure or quantity '{name}'{near}"
        raise ContentError(position, "figure-unknown", message, hint, unknown=name)
    return name, part


def plain(text: str, numbers: Numbers = NO_NUMBERS, quotes: Sequence[str] = "") -> str:
    """A text without Markdown, with its numbers printed; ContentError for a name that is not there.

    With the four quotation marks of a language its typography is settled, as in any other text.
    """
    source = text if isinstance(text, SourceText) else SourceText(text)
    if quotes and grammar.is_typewritten(text):
        source = SourceText(grammar.typeset(str(text), quotes), source.position)
    if "{{" not in source:
        return str(source)

    def printed(match: re.Match[str]) -> str:
        if match[1] is None:
            return "{{"
        return numbers.print(*named(match[1].strip(), numbers, source.at(match.start())))

    return _IN_PLAIN_TEXT.sub(printed, source)


def names_in(text: SourceText, numbers: Numbers) -> Iterator[tuple[Position, str]]:
    """The names a text without Markdown prints, with their places; ContentError for one that is not there."""
    for match in _IN_PLAIN_TEXT.finditer(text) if "{{" in text else ():
        if match[1] is not None:
            position = text.at(match.start())
            yield position, named(match[1].strip(), numbers, position)[0]
