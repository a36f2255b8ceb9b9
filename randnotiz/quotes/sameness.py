"""Whether two blocks make the very same statement, though not sign for sign; in every language alike.

A list of what may differ, and no more, so few words are needed, and those are of the language's rules: typography, a
ligature, blanks on both sides of a long dash; the case of a sentence's first letter; the mark that ends the
quotation. The last two hide something only where another thing comes with them, and that is asked:

- case, if no sentence provably begins there and ends: behind a mark that may be of the word ahead (insbes., Yahoo!),
  or a block that goes on, in a cell, a bare list item or a heading; or if case is what the word says: a symbol (mg,
  Mg), a German Sie;
- the mark, if it may be of the word (an ordinal's point), ask (a Greek semicolon), or set free or bind what follows:
  what goes on with a small letter, or anything behind a comma.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from unicodedata import category, normalize

from randnotiz import language
from randnotiz.letters import VOWELS
from randnotiz.quotes.folding import FRENCH, INVISIBLE, SINGLE, fold

# Letters joined for print (Latin, Armenian) and the shapes of Hebrew and Arabic letters, which Unicode takes apart.
_LIGATURES = re.compile("[\u0132\u0133\u0587\ufb00-\ufb4f\ufb50-\ufdfb\ufe80-\ufefc]")
# A long dash parts words with blanks on both sides or on none; with one it may be the sign of what follows, as in
# –$5, and between single letters stand for a range.
_PARTING = re.compile(r"(?<=[^\W\d_]{2})(?:[^\S\n]+[—―–][^\S\n]+|[—―])(?=[^\W\d_]{2})")
# What folding forgives a quotation and a reader may take for something else: unseen signs that part or join words or
# turn the direction of letters; minus signs; single marks (a prime).
_TOLD_APART = f"{INVISIBLE}\u200d\u02d7\u2212"
_KEPT = {ord(char): 0xE100 + at for at, char in enumerate(_TOLD_APART)} | dict.fromkeys(map(ord, SINGLE), "\ue002")
_KEPT |= dict.fromkeys(map(ord, "「『〝"), "\ue003")  # beside which no blank says that they open
_FRENCH = re.compile(FRENCH)

_STOPS, _SEMICOLONS, _COMMAS = ".。．｡۔।॥።։။។", ";；؛፤", ",，、､،፣"
_CLOSING, _SIGNS = '["\ue002)\\]]*', "(?:\ue000(?!code)[^\ue001]*\ue001)*"  # signs are no text but those of code
_END = re.compile(f"(?P<mark>[{_STOPS}{_SEMICOLONS}{_COMMAS}]?)(?P<closing>{_CLOSING})$")
_SENTENCE = re.compile(rf"[{_STOPS}!?…！？؟]{_CLOSING}{_SIGNS}(?:\s|$)")
# What ends a block that does not go on in the next.
_LEADING = re.compile(rf"(?P<word>\w*)[{_STOPS}!?！？؟:：]{_CLOSING}{_SIGNS}$")
_BEGINNING = re.compile(
    rf"(?:^|(?P<word>\w*)(?P<stop>[{_STOPS}]){_SIGNS}(?:\s|(?<=。)))(?:[\"\ue002¿¡([ ]|{_SIGNS[:-1]})*+$"
)
# Languages whose question mark looks like a semicolon, and the letters they are written in.
_ASKING, _ASKING_LETTER = ("el", "cu", "cop"), re.compile("[\u0370-\u03ff\u1f00-\u1fff\u2c80-\u2cff]")
_SLAVONIC = re.compile("[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]")
_MODERN = "ru uk be bg sr mk kk ky mn tg"
_ROMAN = re.compile("(?=.)M*(C[MD]|D?C{0,3})(X[CL]|L?X{0,3})(I[XV]|V?I{0,3})")
# A word of one letter that is none of the language's is a symbol. One of two is a word if it has a vowel; and m or p
# ahead of a consonant may be milli or pico, M or P mega or peta.
_PREFIXED = re.compile("[mp][bcdgkmtvwx]")
LEAST = 4  # letters of a word that is no abbreviation (fig.) although it stands without a point elsewhere


def equal(one: str, other: str, lang: str, *, known: str, ahead: str | None, behind: str | None, rest: int) -> bool:
    """Whether two blocks are the same but for typography, the case of first letters and the mark that ends the
    quotation. `known` is the text they are from, `ahead` and `behind` are the blocks beside, folded, None if that has
    changed; `rest` is the length of what stands behind the quotation in its block.
    """
    one, other, lang = loosely(one), loosely(other), lang.partition("-")[0]
    (stem, mark, closing), (stem_too, mark_too, closing_too) = map(_ended, (one, other))
    if closing != closing_too or len(stem) != len(stem_too):
        return False
    if mark != mark_too and (rest or not _ends(stem, mark + mark_too, lang, behind)):
        return False
    end, finished = len(stem + closing) - rest, _SENTENCE.search
    differing = [at for at, (char, char_too) in enumerate(zip(stem, stem_too, strict=True)) if char != char_too]
    for at in differing:
        if {stem[at], stem_too[at]} <= {*_STOPS, *_SEMICOLONS}:
            after = stem[at + 1 :].lstrip('"\ue002)]')
            ends = bool(rest) and at < end and not stem[at + 1 : end].strip(' "\ue002)]')
            marks = ends and (after[:1].isspace() or stem[at] in "。．｡；")
            same = marks and _ends(stem[:at], stem[at] + stem_too[at], lang, after)
        elif at - 1 in differing and stem[at - 1 : at + 1] in ("ij", "IJ"):
            same = True  # the second half of a Dutch letter
        else:
            sentence = _begins(stem, at, ahead, known) and (finished(one, at) or finished(other, at))
            same = bool(sentence) and _other_case(stem[at:], stem_too[at:], lang)
        if not same:
            return False
    return True


def unended(words: str) -> str:
    """Folded words without the mark that may be another at their end."""
    return _END.sub(r"\g<closing>", words)


def _ended(words: str) -> tuple[str, str, str]:
    """Folded words without the mark that ends them, that mark, and what closes behind it."""
    end = _END.search(words)
    return (words[: end.start()], end["mark"], end["closing"]) if end else (words, "", "")


def _begins(text: str, at: int, ahead: str | None, known: str) -> bool:
    """Whether a sentence begins at an offset of a block: behind a full stop, or where none goes on from above."""
    found = _BEGINNING.search(text[:at])
    if found is None or found["stop"] is None:
        leads = _LEADING.search(ahead or "")
        return (
            found is not None and ahead is not None and (not ahead or (leads is not None and len(leads["word"]) != 1))
        )
    return found["stop"] != "." or _parted(found["word"], re.match(r"\w*", text[at:])[0], known)  # type: ignore[index]


def _parted(word: str, first: str, known: str) -> bool:
    """Whether a sentence ends with a point behind a word, or the capital of the first one behind it says no more than
    that. To know abbreviations needs a list, and none is complete: so either the word stands in the text without a
    point too; or it is long and ends as another does, and the first one has a capital only where sentences begin.
    """

    def stands(pattern: str) -> bool:
        return re.search(pattern, known) is not None

    if len(word) < LEAST or not word.isalpha() or word.isupper():
        return False
    if stands(rf"(?<![\w-]){word}(?![\w.-])"):
        return True
    small, capital = (rf"\w,?[^\S\n]{form}(?!\w)" for form in (first.lower(), first.title()))
    ending = rf"\w{word[-3:]}(?![\w.-])"
    return len(word) > LEAST and stands(ending) and stands(small) and not stands(capital)


def _other_case(one: str, other: str, lang: str) -> bool:
    """Whether two beginnings differ in the case of their first letter, which is a Dutch ij as well, and no more is
    said by that: it is of no symbol, addresses nobody and is no name's among letters without case.
    """
    word, first = re.match("[\\w\ue002]*", one)[0], one[0]  # type: ignore[index]  # it matches the empty word too
    digraph = one[:2] in ("ij", "IJ")
    symbol = (
        (len(word) == 1 and word.lower() not in _lone(lang))
        or (len(word) == 2 and word.isalpha() and not vowel(word))
        or _PREFIXED.match(word.lower())
        or word[1 + digraph : 2 + digraph].isupper()  # mW, mOhm
        or (first in "mMpPyYzZ" and any(map(str.isupper, word[1:])))  # meV, MeV
    )
    caseless = any(category(char) == "Lo" for char in one)  # where no sentence begins with a capital
    if symbol or caseless or _address(lang).fullmatch(word.lower()):
        return False
    if lang in ("tr", "az") and first in "iıİI":
        return {first, other[0]} in ({"i", "İ"}, {"ı", "I"})
    return other[:2] == one[:2].swapcase() if digraph else other[0] in (first.lower(), first.title())


def _ends(words: str, marks: str, lang: str, behind: str | None) -> bool:
    """Whether the stop at the end of words may be another or none: what follows does not go on with it."""
    last = (words.split() or [""])[-1].rstrip('"\ue002)]')
    own = _part(last) or (any(map(str.isdigit, last)) and "." in _rules(lang).get("ordinals", "."))
    if behind is None or own or (";" in marks and _asks(words, lang)):
        return False
    goes_on = small(next(filter(str.isalnum, behind), "")) or (behind and any(mark in _COMMAS for mark in marks))
    return (category(last[-1:] or " ")[0] in "LMNS" or last[-1:] in "%‰") and not goes_on


def _rules(lang: str) -> Mapping[str, Any]:
    return language.of(lang).rules if language.known(lang) else {}


def _lone(lang: str) -> str:
    """The words of one letter: where no more is said, those that end no line."""
    rules = _rules(lang)
    return str(rules.get("lone", rules.get("together", {}).get("ahead", "")))


@language.of_languages
@lru_cache(maxsize=8)
def _address(lang: str) -> re.Pattern[str]:
    """The words of a language in which a capital may say: to you."""
    words = map(re.escape, _rules(lang).get("address", "").replace("'", "\ue002").split())
    return re.compile("|".join(words).replace(r"\*", r"\w*") or "(?!)")


def _part(word: str) -> bool:
    """Whether a point behind a word may be a part of it: Karl I., Nr."""
    return bool(_ROMAN.fullmatch(word)) or (word[-1:].isalpha() and word[-1:] < "\u0530" and not vowel(word))


def vowel(word: str) -> bool:
    """Whether a word has a vowel, which symbols and abbreviations often lack."""
    return not VOWELS.isdisjoint(normalize("NFD", word.lower()))


def _asks(text: str, lang: str) -> bool:
    """Whether a semicolon may be a question mark: in Greek, Coptic and Church Slavonic."""
    return lang in _ASKING or bool(
        _ASKING_LETTER.search(text) or (lang not in _MODERN.split() and _SLAVONIC.search(text))
    )


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
