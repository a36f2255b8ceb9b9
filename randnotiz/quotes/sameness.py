"""Whether two passages make the very same statement, though not sign for sign; in every language alike.

A list of what may differ, and no more, so no list of words is needed: ligatures; blanks beside dashes; the first
letter's case where a block begins; the full stop, comma or semicolon that ends a sentence. The last two betray that
something before or behind the words may have changed as well. So all around them must be known to be as it was.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from unicodedata import normalize

from randnotiz.quotes.folding import Folded, fold, rewritten
from randnotiz.quotes.matching import unparted

# Letters joined for print (Latin, Armenian) and the shapes of Hebrew and Arabic letters, which Unicode takes apart.
_LIGATURE = "[\u0132\u0133\u0587\ufb00-\ufb4f\ufb50-\ufdfb\ufe80-\ufefc]"
_DASH, _BLANK = "[–—―]", r"[^\S\n]"  # not the hyphen
# Blanks on both sides of a dash: with one on its left alone it may be the sign of what follows, as in –$5.
_LOOSE = re.compile(rf"(?P<ligature>{_LIGATURE})|{_BLANK}+(?={_DASH}{_BLANK})|(?<={_BLANK}{_DASH}){_BLANK}+(?!\d)")

_STOPS, _SEMICOLONS, _COMMAS = ".。．｡۔।॥።։།။។", ";；؛፤", ",，、､،፣"
_END = re.compile(rf"(?P<mark>[{_STOPS}{_SEMICOLONS}{_COMMAS}]?)(?P<closing>[\"'’”“»«›‹)\]」』]*)$")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")  # whose question mark looks like a semicolon
CLOSED = re.compile(rf"(?<![(\[（])[{_STOPS}!?！？؟][\"'’”“»«›‹)\]」』\s]*$")
_OPENING = "\"'‘“„‚«»‹›「『¿¡"
_LOOKED_AT = 200  # characters behind a passage
# What encloses words, by its kind; marks that do so by their shape where what stands beside them leaves it open; and
# what stands ahead of one that opens or behind one that closes.
_OPENS, _CLOSES = "“‘„‚«‹「『〝", "”’»›」』〞〟"
_DOUBLE, _SINGLE = '"＂„“”‟«»「」『』〝〞〟', "'＇`´‘’‚‛‹›"
_ENCLOSES = {
    **dict.fromkeys("([{（［｛【〔《〈", "("),
    **dict.fromkeys(")]}）］｝】〕》〉", ")"),
    **dict.fromkeys(_DOUBLE, '"'),
    **dict.fromkeys(_SINGLE, "'"),
}
_AHEAD, _BEHIND = (f"{_DOUBLE}{_SINGLE}{signs} \n\t\xa0\u202f–—―-/" for signs in ("([{（¡¿", ".,;:!?…)]}）。，"))
_ENCLOSING = re.compile("[" + re.escape("".join(_ENCLOSES)) + "]")


def equal(one: str, other: str, lang: str = "", *, ends: bool = True) -> bool:
    """Whether two sentences are the same but for typography, the case of their first letter and the mark that ends
    them, if `ends`.
    """
    one, other = (loosely(words.strip()).text.strip() for words in (one, other))
    return any(other == variant for variant, _, mark in _variants(one, lang) if ends or mark is None)


def proven(
    text: str, end: int, old: str, new: str, *, heads: bool, closes: bool, breaks: Collection[int], lang: str = ""
) -> bool | None:
    """Whether the mark that ends a passage is another than in the earlier text, all around it being as it was; None
    if more than that and the first letter of its block is. `heads` and `closes` say that it begins that, and ends
    one; `breaks` are the line breaks within blocks.
    """
    old, new = (loosely(words.strip()).text.strip() for words in (old, new))
    for variant, cased, mark in _variants(old, lang):
        if variant == new and (heads or not cased):
            if mark is None:
                return False
            closed = closes and mark and (mark in _STOPS or not CLOSED.search(old))  # an item may go on as before
            return True if closed or _ends(text, end, mark, breaks) else None
    return None


def _variants(words: str, lang: str) -> Iterator[tuple[str, bool, str | None]]:
    """The words, and the same with their first letter in its other case, with another mark at their end, or both:
    whether the case is another, and that mark.
    """
    for first in _with_other_case(words, lang):
        for last, mark in _with_other_end(first):
            yield last, first != words, mark


def _with_other_case(words: str, lang: str) -> Iterator[str]:
    """The words, and the same with their first letter in its other case."""
    yield words
    at = len(words) - len(words.lstrip(f" {_OPENING}(["))
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


def _with_other_end(words: str) -> Iterator[tuple[str, str | None]]:
    """The words, and the same with another full stop, semicolon or comma at their end, or none: with that mark."""
    yield words, None
    end = _END.search(words)
    if end is None or not (mark := end["mark"]):
        return
    stem = words[: end.start()]
    for other in ("", *_STOPS, *_SEMICOLONS, *_COMMAS):
        ordinal = stem[-1:].isdigit() and "." in (mark, other)  # German writes 3. for third
        question = _GREEK.search(words) and ";" in (mark, other)
        if other != mark and not ordinal and not question:
            yield stem + other + end["closing"], other


def enclosure(text: str, at: int, since: int | None = None) -> str:
    """The quotation marks and brackets that are open at a place of a text, within its line or since an offset: one
    sign for each, as `(` and `"`.
    """
    brackets, quotes = 0, [""]
    for mark in _ENCLOSING.finditer(text, text.rfind("\n", 0, at) + 1 if since is None else since, at):
        sign, (start, end) = mark[0], mark.span()
        before, behind = text[max(0, start - 1) : start], text[end : end + 1]
        kind = _ENCLOSES[sign]
        if kind in "()":
            brackets = max(0, brackets + (1 if kind == "(" else -1))
        elif kind == '"' or not (before.isalnum() and behind.isalnum()) or unparted(before):  # no apostrophe
            left, right = not before.strip(_AHEAD), not behind.strip(_BEHIND)
            straight = sign not in _OPENS + _CLOSES
            if left if left != right else sign in _OPENS or (straight and quotes[-1] != kind):
                quotes.append(kind)
            elif quotes[-1] == kind and sign + before not in ("'s", "’s") and not (straight and before.isdigit()):
                quotes.pop()  # which the workers' and 5" do not
    return "(" * brackets + "".join(quotes)


@lru_cache(maxsize=4096)
def loosely(text: str) -> Folded:
    """A text folded, without ligatures and without blanks beside dashes."""
    matches = _LOOSE.finditer(text)
    plain, step = rewritten(
        text, ((*one.span(), normalize("NFKC", one[0]) if one["ligature"] else "") for one in matches)
    )
    inner = fold(plain)
    return Folded(source=text, text=inner.text, steps=(step, *inner.steps))


def small(char: str) -> bool:
    """Whether a letter says that no sentence begins; Georgian has no capitals there."""
    return char.islower() and not "\u10d0" <= char <= "\u10ff"


def _ends(text: str, end: int, mark: str, breaks: Collection[int]) -> bool:
    """Whether a sentence ends at an offset of a text, given the mark that ends it."""
    behind = text[end : end + _LOOKED_AT]
    following, beside = next(filter(str.isalnum, behind), ""), behind.lstrip()[:1]
    if not beside:
        return True
    broken = end + len(behind) - len(behind.lstrip(" ")) in breaks
    if broken or small(following) or not (beside.isalnum() or beside in _OPENING):
        return False  # a line of verse, an aside, another mark or a picture
    if behind.lstrip(" ").startswith("\n"):
        return mark == "" or mark not in _COMMAS
    if mark.isascii() if behind[0].isalnum() else behind[0] not in f" {_OPENING}":
        return False  # another mark or word, as in .? and .x
    return mark != "" and mark in _STOPS
