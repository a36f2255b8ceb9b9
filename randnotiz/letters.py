"""Letters of scripts, most of such as part words by no blanks, as ranges for a class of a regular expression.

By Unicode's blocks, so that characters which come later to a block belong to it.
"""

import re
from collections.abc import Iterable
from html import unescape

_TAG = re.compile(r"<[^>]*>")

# Chinese and Japanese: the signs that stand for a letter (々 〆 〇, 〡 of numbers, 〱 that repeats), kana with what
# Ainu has beside it and in half width, Han and its extensions. Not Bopomofo, which notes the sounds of other letters.
HAN = "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff"
HAN += "\uff66-\uff9d\U00020000-\U0003ffff"
# What is set between these, as wide as they are: marks, brackets and full-width forms; the half-width marks of kana.
HAN_MARKS = "\u3001-\u3004\u3008-\u3020\u302a-\u3030\u3036\u3037\u303d-\u303f\uff01-\uff65\uff9e\uff9f"
# Thai and Lao, Burmese, Khmer.
SOUTH_EAST = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
# Letters with case of Latin-1, the half of Latin in which a range has them all.
CAPITALS, SMALL = "A-Z\u00c0-\u00d6\u00d8-\u00de", "a-z\u00df-\u00f6\u00f8-\u00ff"
# Vowels of Latin, Greek and Cyrillic, without accents (normalization form D).
VOWELS = frozenset("aeiouyæøœıαεηιουωаеиоуыэюяєі")


def one_of(words: Iterable[str]) -> str:
    """Any of some words as a part of a regular expression, that of most letters first."""
    return "|".join(re.escape(word) for word in sorted({*words}, key=lambda word: (-len(word), word)))


def on_one_line(words: str) -> str:
    """Words on one line; blanks that keep others together, as the French before ; : ! ?, stay what they are."""
    return " ".join(re.split(r"[ \t\r\n]+", words.strip(" \t\r\n")))


def without_tags(html: str) -> str:
    """The words of HTML on one line, with the blanks that `striptags` of markupsafe would make plain ones."""
    return on_one_line(unescape(_TAG.sub("", html)))
