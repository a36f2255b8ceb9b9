"""Whether two blocks make the very same statement, though not sign for sign; in every language alike.

A list of what may differ, and no more, so no list of words is needed: typography, a ligature, blanks on both sides of
a long dash; and either the case of a sentence's first letter or the mark at its end. Those two betray that something
before or behind the words may have changed as well. So all around them must be known to be as it was.
"""

import re
from functools import lru_cache
from unicodedata import category, normalize

from randnotiz.quotes.folding import FRENCH, SINGLE, fold

# Letters joined for print (Latin, Armenian) and the shapes of Hebrew and Arabic letters, which Unicode takes apart.
_LIGATURES = re.compile("[\u0132\u0133\u0587\ufb00-\ufb4f\ufb50-\ufdfb\ufe80-\ufefc]")
# A long dash parts words with blanks on both sides or on none; with one it may be the sign of what follows, as in
# –$5, and between single letters stand for a range.
_PARTING = re.compile(r"(?<=[^\W\d_]{2})(?:[^\S\n]+[—―–][^\S\n]+|[—―])(?=[^\W\d_]{2})")
# What folding forgives a quotation and a reader may take for something else: which way letters run, signs between
# factors, joiners that shape letters, minus signs, single marks (a geresh, a prime).
_TOLD_APART = "\u200c\u200d\u202a\u202b\u202c\u202d\u202e\u2061\u2062\u2063\u2064\u02d7\u2212"
_KEPT = {ord(char): 0xE100 + at for at, char in enumerate(_TOLD_APART)} | dict.fromkeys(map(ord, SINGLE), "\ue002")
_FRENCH = re.compile(FRENCH)

_STOPS, _BINDING = ".。．｡۔।॥።։།။", ";；؛፤,，、､،፣"
_END = re.compile(rf"(?P<mark>[{_STOPS}{_BINDING}]?)(?P<closing>[\"\ue002)\]]*)$")
_SENTENCE = re.compile(rf"[{_STOPS}!?…！？؟][\"\ue002)\]]*(?:\ue000(?!code)[^\ue001]*\ue001)*$")
# Languages whose question mark looks like a semicolon, and the letters they are written in.
_ASKING = ("el", "cu", "cop")
_ASKING_LETTER = re.compile("[\u0370-\u052f\u1c80-\u1c8f\u1f00-\u1fff\u2c80-\u2cff\u2de0-\u2dff\ua640-\ua69f]")
# What stands ahead of a first letter: marks, and signs that are no text but those of code. Then the first word.
_FIRST = re.compile('(?:["\ue002¿¡([ ]|\ue000(?!code)[^\ue001]*\ue001)*+(?P<word>ij|IJ|.)(?P<rest>[\\w\ue002]*)')
LEAST = 3  # letters of a word whose case is a habit, or whose point is no part of it: mg is not Mg, Nr not Nr.


def equal(one: str, other: str, lang: str = "", *, sentence: bool = True, behind: str = "") -> bool:
    """Whether two blocks or sentences are the same but for typography, and for the case of their first letter if they
    are a `sentence` or the mark that ends them. `behind` is what follows.
    """
    one, other, lang = loosely(one), loosely(other), lang.partition("-")[0]
    return one == other or (sentence and _other_case(one, other, lang)) or _other_end(one, other, lang, behind)


def unended(words: str) -> str:
    """Folded words without the mark that may be another at their end."""
    return _END.sub(r"\g<closing>", words)


def _other_case(one: str, other: str, lang: str) -> bool:
    """Whether two sentences differ in nothing but the case of their first letter; a Dutch ij is one."""
    found, there = _FIRST.match(one), _FIRST.match(other)
    if not (found and there and _SENTENCE.search(one)):
        return False
    first, rest, second = found["word"], found["rest"], there["word"]
    alike = one[: found.start("word")] == other[: there.start("word")]
    alike = alike and one[found.end("word") :] == other[there.end("word") :]
    if not alike or len(first + rest) < LEAST or rest != rest.lower():
        return False
    if lang in ("tr", "az") and first in "iıİI":
        return {first, second} in ({"i", "İ"}, {"ı", "I"})
    return second in (first.lower(), first.upper() if first == "ij" else first.title())


def _other_end(one: str, other: str, lang: str, behind: str) -> bool:
    """Whether two blocks differ in the full stop, comma or semicolon at their end and nothing else. What follows
    must not go on with it: with a small letter, or where there are none behind a comma or semicolon.
    """
    end, there = _END.search(one), _END.search(other)
    if not (end and there) or (stem := one[: end.start()]) != other[: there.start()]:
        return False
    marks, last = end["mark"] + there["mark"], (stem.split() or [""])[-1]
    asks = ";" in marks and (lang in _ASKING or _ASKING_LETTER.search(stem))
    word = category(last[-1:] or " ")[0] in "LM" and not last.isupper()
    word = word and (len(last) >= LEAST or last.lower() == last.upper())  # what has no case has no such points
    next_letter = next(filter(str.isalnum, behind), "")
    has_case = next_letter.lower() != next_letter.upper()
    goes_on = small(next_letter) or (behind and not has_case and any(mark in _BINDING for mark in marks))
    same = end["closing"] == there["closing"] and word and not any(map(str.isdigit, last))
    return same and not asks and not goes_on


@lru_cache(maxsize=4096)
def loosely(text: str) -> str:
    """A text folded, without ligatures and with blanks beside dashes that part words; a minus, a single mark, what
    turns the direction of letters and a blank between Han are told apart.
    """

    def parting(match: re.Match[str]) -> str:
        beside = text[match.start() - 1], text[match.end()]
        return match[0] if any(map(str.isnumeric, beside)) else " — "

    text = _LIGATURES.sub(lambda match: normalize("NFKC", match[0]), text.strip())
    text = _FRENCH.sub("", _PARTING.sub(parting, text)).translate(_KEPT)
    return fold(text, habits=False).text.strip()


def small(char: str) -> bool:
    """Whether a letter says that no sentence begins; Georgian has no capitals there."""
    return char.islower() and not "\u10d0" <= char <= "\u10ff"
