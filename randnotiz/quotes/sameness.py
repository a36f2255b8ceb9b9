"""Whether two blocks make the very same statement, though not sign for sign; in every language alike.

A list of what may differ, and no more, so no list of words is needed: ligatures; blanks beside dashes; the case of
the first letter; the full stop, comma or semicolon at the end. The last two betray that something before or behind
the words may have changed as well. So all around them must be known to be as it was.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category, normalize

from randnotiz.quotes.folding import Folded, fold, rewritten

# Letters joined for print (Latin, Armenian) and the shapes of Hebrew and Arabic letters, which Unicode takes apart.
_LIGATURE = "[\u0132\u0133\u0587\ufb00-\ufb4f\ufb50-\ufdfb\ufe80-\ufefc]"
# A long dash with blanks or without, which a short one has on both sides: else that may be a hyphen, or the sign of
# what follows, as in –$5.
_LOOSE = re.compile(rf"(?P<ligature>{_LIGATURE})|[^\S\n]*[—―][^\S\n]*(?!\d)|[^\S\n]+–[^\S\n]+(?!\d)")

_STOPS, _SEMICOLONS, _COMMAS = ".。．｡۔।॥።։།။។", ";；؛፤", ",，、､،፣"
_END = re.compile(rf"(?P<mark>[{_STOPS}{_SEMICOLONS}{_COMMAS}]?)(?P<closing>[\"'’”“»«›‹)\]」』]*)$")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")  # whose question mark looks like a semicolon
# What stands ahead of a first letter: marks, and signs that are no text but those of code.
_AHEAD = re.compile("^(?:[\"'‘“„‚«»‹›「『¿¡([ ]|\ue000(?!code)[^\ue001]*\ue001)*+")


def equal(one: str, other: str, lang: str = "") -> bool:
    """Whether two blocks or sentences are the same but for typography, the case of their first letter and the mark
    that ends them.
    """
    one, other = (loosely(words.strip()).text.strip() for words in (one, other))
    return any(other == last for first in _with_other_case(one, lang) for last in (first, *_with_other_end(first)))


def unended(words: str) -> str:
    """Folded words without the mark that may be another at their end."""
    return _END.sub(r"\g<closing>", words)


def _with_other_case(words: str, lang: str) -> Iterator[str]:
    """The words, and the same with their first letter in its other case."""
    yield words
    at = len(words) - len(_AHEAD.sub("", words))
    first, rest = words[at : at + 1], words[at + 1 :]
    if lang.partition("-")[0] in ("tr", "az") and first in "iıİI":
        others = {"i": "İ", "ı": "I", "İ": "i", "I": "ı"}[first]
    elif words[at : at + 2] in ("ij", "IJ"):  # one letter to the Dutch
        yield words[:at] + words[at : at + 2].swapcase() + words[at + 2 :]
        others = first.swapcase()
    elif len(word := re.split(r"\W", rest, maxsplit=1)[0]) < 3 and any(map(str.isupper, word)):
        return  # a unit: MW is not mW
    else:
        others = first.title() if first.islower() else first.lower()
    if len(others) == 1 and others != first:
        yield words[:at] + others + rest


def _with_other_end(words: str) -> Iterator[str]:
    """The same with another full stop, semicolon or comma at their end, or with none."""
    end = _END.search(words)
    mark, closing = (end["mark"], end["closing"]) if end else ("", "")
    stem = words.removesuffix(mark + closing)
    if not mark and category(stem[-1:] or " ")[0] not in "LMN":
        return  # they end with another mark
    for other in ("", *_STOPS, *_SEMICOLONS, *_COMMAS):
        ordinal = stem[-1:].isdigit() and "." in (mark, other)  # German writes 3. for third
        question = _GREEK.search(words) and ";" in (mark, other)
        if not ordinal and not question:
            yield stem + other + closing


@lru_cache(maxsize=4096)
def loosely(text: str) -> Folded:
    """A text folded, without ligatures and with blanks beside dashes."""
    matches = _LOOSE.finditer(text)
    plain, step = rewritten(
        text, ((*one.span(), normalize("NFKC", one[0]) if one["ligature"] else " — ") for one in matches)
    )
    inner = fold(plain)
    return Folded(source=text, text=inner.text, steps=(step, *inner.steps))


def small(char: str) -> bool:
    """Whether a letter says that no sentence begins; Georgian has no capitals there."""
    return char.islower() and not "\u10d0" <= char <= "\u10ff"
