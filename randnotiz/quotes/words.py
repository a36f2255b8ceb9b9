"""The words of a folded text: where one begins and ends, and its letters without what people spell differently."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from unicodedata import category, normalize

from randnotiz.quotes.folding import Folded
from randnotiz.quotes.matching import unparted

_WORD = re.compile(r"""(?:(?<![^ ("\[])-(?=\d))?\w+(?:(?<=\d)[.,:/](?=\d)\w+|"\w+)*|[%‰°$€£¥]""")


class Word(NamedTuple):
    """A word, number or sign of a folded text, and its letters without case, diacritics and their transcriptions."""

    start: int
    end: int
    text: str
    plain: str


Pair = tuple[Word | None, Word | None]  # a word of the quotation and the one that stands for it


def words_of(folded: Folded, most: int) -> list[Word]:
    """The first words of a text."""
    found = islice(_bounds(folded.text), most)
    return [Word(start, end, word, plain(word)) for start, end in found for word in (folded.text[start:end],)]


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    """Where words begin and end, marks with their letters; each letter in scripts that part no words (UAX #29)."""
    if text.isascii():
        yield from (match.span() for match in _WORD.finditer(text))
        return
    begun = -1
    for match in _WORD.finditer(text):
        start, end = match.span()
        start, begun = (begun if begun >= 0 else start), -1
        while end < len(text) and text[end] >= "\u0300" and category(text[end])[0] == "M":
            end += 1
        if end > match.end() and end < len(text) and text[end].isalnum() and not unparted(text[end - 1]):
            begun = start  # the word goes on behind the mark
        elif max(text[start:end]) >= "\u0e00" and any(map(unparted, text[start:end])):
            yield from _letters(text, start, end)
        else:
            yield start, end


def _letters(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Each letter of a script without parted words, and what stands between them whole."""
    at = start
    while at < end:
        last = at + 1
        while last < end and (
            text[last] in "\u0e33\u0eb3"
            or category(text[last])[0] == "M"
            or not (unparted(text[at]) or unparted(text[last]))
        ):
            last += 1
        yield at, last
        at = last


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """A word's first hundred letters without case, accents, and spellings that vary (ß, ae for ä)."""
    letters = normalize("NFD", word[:100].casefold())
    return re.sub("(?<=[aou])e", "", "".join(char for char in letters if char != '"' and category(char) != "Mn"))
