"""Text that looks like another: directional controls without an end, and addresses that are not what they seem.

The rules are those of the Unicode Bidirectional Algorithm (UAX #9) and, for hosts, of the "highly restrictive" level
of Unicode Security Mechanisms (UTS #39).
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

_LEFT_ISOLATE, _ISOLATE, _END_OF_ISOLATE = "\u2066", "\u2068", "\u2069"
_TURNING = re.compile("[\u202a\u202b\u202d\u202e]")  # embeddings and overrides
_END_OF_TURNING = "\u202c"
_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(r"(?i)\bhttps?://[^\s<>\"]+")
# In a host, what looks like its ends (/ and :), like its dots, or like nothing.
_LOOKALIKE = re.compile("[\u2044\u2215\u29f8\u2571\u3033\u02d0\u2236\ua789\u2024\u200b\u2060](?=\\w)")
# Scripts that are written together with Latin letters.
_WITH_LATIN = ({"CJK", "HIRAGANA", "KATAKANA"}, {"CJK", "BOPOMOFO"}, {"CJK", "HANGUL"})


class Deception(NamedTuple):
    """The characters that deceive, from where in the text they stand; what is wrong with them, and the way out."""

    start: int
    characters: str
    message: str
    hint: str


def deceptions(words: str) -> Iterator[Deception]:
    """What in a text makes it look like another, in the order of its kinds: controls, then addresses."""
    if not words.isascii() and _CONTROL.search(words):
        yield from _turned(words)
    if "://" in words:
        for address in _ADDRESS.finditer(words):
            yield from _addresses(address[0], address.start())


def closed(words: str) -> str:
    """The text with an end for each directional control that has none: nothing printed behind it is turned."""
    ends = "".join(_END_OF_ISOLATE if control >= _LEFT_ISOLATE else _END_OF_TURNING for _, control in _open(words))
    return words + ends[::-1]


def straight(words: str) -> str:
    """The text without directional controls, whose letters know their direction by themselves."""
    return _CONTROL.sub("", words)


def _open(words: str) -> list[tuple[int, str]]:
    """The controls that nothing ends, with their places. The end of an isolate ends what was begun within it."""
    stack: list[tuple[int, str]] = []
    for found in _CONTROL.finditer(words):
        control = found[0]
        if control == _END_OF_TURNING:
            if stack and stack[-1][1] < _LEFT_ISOLATE:
                stack.pop()
        elif control != _END_OF_ISOLATE:
            stack.append((found.start(), control))
        elif any(begun >= _LEFT_ISOLATE for _, begun in stack):
            while stack.pop()[1] < _LEFT_ISOLATE:
                pass
    return stack


def _turned(words: str) -> Iterator[Deception]:
    turning = [(found.start(), found[0]) for found in _TURNING.finditer(words)]
    for start, control in sorted({*turning, *(each for each in _open(words) if each[1] >= _LEFT_ISOLATE)}):
        name = unicodedata.name(control).lower()
        yield Deception(
            start,
            control,
            f"the invisible U+{ord(control):04X} ({name}) changes the order in which what follows is shown",
            f"Leave it out, or put the words between U+{ord(_ISOLATE):04X} and U+{ord(_END_OF_ISOLATE):04X}.",
        )


def _addresses(address: str, start: int) -> Iterator[Deception]:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:  # no address, which others say
        return
    user, at, _ = parts.netloc.rpartition("@")
    if at:
        message = f"this address leads to '{host}': what stands before its @ is a name to sign in with"
        yield Deception(start, f"{user}@", message, f"Leave out '{user}@'.")
    hint = "Type the address anew; it may lead elsewhere than it seems."
    if found := _LOOKALIKE.search(host):
        name = unicodedata.name(found[0]).lower()
        message = f"the host '{host}' has U+{ord(found[0]):04X} ({name}), which looks like something else"
        yield Deception(start, found[0], message, hint)
    for label in host.split("."):
        shown = _decoded(label)
        if letters := _mixed(shown):
            seen = " and ".join(f"'{letter}' is {script.capitalize()}" for script, letter in letters.items())
            yield Deception(start, shown, f"the host '{shown}' mixes letters of different scripts: {seen}", hint)


def _decoded(label: str) -> str:
    """A part of a host as it is shown, also where it is written in the letters of the DNS (Punycode, RFC 3492)."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _mixed(label: str) -> dict[str, str]:
    """A letter of each script in a part of a host, if these are never written together; else nothing."""
    letters: dict[str, str] = {}
    for letter in unicodedata.normalize("NFKC", label):
        if letter.isalpha():
            letters.setdefault(unicodedata.name(letter, "UNKNOWN").partition(" ")[0].partition("-")[0], letter)
    scripts = letters.keys() - {"LATIN"}
    together = len(letters) < 2 or any(scripts <= others for others in _WITH_LATIN)
    return {} if together else letters
