"""Where a text makes the very statement of a quotation, though not sign for sign; in every language alike.

A list of what may differ, and no more, so no list of words is needed: ligatures; blanks beside dashes; the first
letter's case where a sentence begins; the full stop, comma or semicolon that ends it. The last two betray that
something before or behind the words was changed as well. So they are taken for the same only where nothing stands
there now: in a whole sentence, which nobody says in quotation marks and which is no aside in brackets.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from unicodedata import normalize

from randnotiz.quotes.folding import Folded, fold, rewritten
from randnotiz.quotes.matching import find, unparted
from randnotiz.spans import Span

# Letters joined for print (Latin, Armenian) and the shapes of Hebrew and Arabic letters, which Unicode takes apart.
_LIGATURE = "[\u0132\u0133\u0587\ufb00-\ufb4f\ufb50-\ufdfb\ufe80-\ufefc]"
_DASH, _BLANK = "[–—―]", r"[^\S\n]"  # not the hyphen
# Blanks on both sides of a dash: with one on its left alone it may be the sign of what follows, as in –$5.
_LOOSE = re.compile(rf"(?P<ligature>{_LIGATURE})|{_BLANK}+(?={_DASH}{_BLANK})|(?<={_BLANK}{_DASH}){_BLANK}+(?!\d)")

_STOPS, _SEMICOLONS, _COMMAS = ".。．｡۔।॥።։།။។", ";；؛፤", ",，、､،፣"
_END = re.compile(rf"(?P<mark>[{_STOPS}{_SEMICOLONS}{_COMMAS}]?)(?P<closing>[\"'’”“»«›‹)\]」』]*)$")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")  # whose question mark looks like a semicolon
CLOSED = re.compile(rf"(?<![(\[（])[{_STOPS}!?！？؟][\"'’”“»«›‹)\]」』\s]*$")
GOES_ON = re.compile(r"[:,;：；，،؛、፡፣፤…–—―־-][\"'’”“»«›‹)\]」』*\s]*$")
_OPENING = "\"'‘“„‚«»‹›「『¿¡"
_LOOKED_AT = 200  # characters before and behind a passage
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


def same(
    folded: Folded,
    exact: str,
    prefix: str = "",
    suffix: str = "",
    lang: str = "",
    headings: Collection[int] = (),
    breaks: Collection[int] = (),
) -> list[Span]:
    """Every place in the text that states what a quotation states as far as the quotation shows, in order: a whole
    sentence, since nothing is known of what stood beside it.

    Prefix and suffix must stand beside it but for typography. `lang` is the language of the text, since Turkish and
    Azerbaijani have two letters i; `headings` is where headings end: other lines without a stop may lead to the next;
    `breaks` are the line breaks within blocks.
    """
    loose = _loosened(folded)
    before, words, after = (loosely(part.strip()).text for part in (prefix, exact, suffix))
    found = {
        span
        for variant, _, mark in _variants(words, lang)
        for span in find(loose, variant, before, after)
        if _Place(folded.source, span, headings, breaks).states(mark)
    }
    return sorted(found)


def equal(one: str, other: str, lang: str = "", *, ends: bool = True) -> bool:
    """Whether two sentences are the same but for typography, the case of their first letter and the mark that ends
    them, if `ends`.
    """
    one, other = (loosely(words.strip()).text.strip() for words in (one, other))
    return any(other == variant for variant, _, mark in _variants(one, lang) if ends or mark is None)


def proven(
    text: str,
    span: Span,
    old: str,
    new: str,
    *,
    heads: bool,
    closes: bool,
    breaks: Collection[int] = (),
    lang: str = "",
) -> bool | None:
    """Whether the mark that ends a passage is another than in the earlier text, all around it being as it was; None
    if more than that and the first letter of its block is. `heads` and `closes` say that it begins that,
    and ends one.
    """
    old, new = (loosely(words.strip()).text.strip() for words in (old, new))
    for variant, cased, mark in _variants(old, lang):
        if variant == new and (heads or not cased):
            if mark is None:
                return False
            closed = closes and mark and (mark in _STOPS or not CLOSED.search(old))  # an item may go on as before
            return True if closed or _Place(text, span, (), breaks).ends(mark) else None
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


@lru_cache(maxsize=1)  # several quotations of one article may be missing
def _loosened(folded: Folded) -> Folded:
    return loosely(folded.source)


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


class _Place:
    """A stretch of a text, and how it lies in its sentence."""

    def __init__(self, text: str, span: Span, headings: Collection[int], breaks: Collection[int]) -> None:
        self.words = text[span.start : span.end]
        self.first = next(filter(str.isalnum, self.words), "")
        ahead = text[max(0, span.start - _LOOKED_AT) : span.start]
        self.ahead, self.behind = ahead.rstrip(), text[span.end : span.end + _LOOKED_AT]
        gap = range(span.start - len(ahead) + len(self.ahead), span.start)
        self.heads = not self.ahead or any(text[at] == "\n" and at not in breaks for at in gap)
        self.headed, self.enclosed = gap.start in headings, enclosure(text, span.start) != ""
        end = span.end + len(self.behind) - len(self.behind.lstrip(" "))
        self.broken = end in breaks or any(at in breaks for at in gap)

    @property
    def begins(self) -> bool:
        """Whether a sentence begins here: with a block that no line without an end leads to, since elsewhere a stop
        ahead may be that of an abbreviation or a name.
        """
        if self.enclosed:
            return False
        if self.headed and self.first.isupper():
            return GOES_ON.search(self.ahead) is None
        return self.heads and (not self.ahead or CLOSED.search(self.ahead) is not None)

    def ends(self, mark: str, skipped: int = 0) -> bool:
        """Whether the sentence ends here, given the mark at its end, which stands behind the place itself if
        characters are skipped.
        """
        behind = self.behind[skipped:]
        following, beside = next(filter(str.isalnum, behind), ""), behind.lstrip()[:1]
        if not beside:
            return True
        if self.broken or small(following) or not (beside.isalnum() or beside in _OPENING):
            return False  # a line of verse, an aside, another mark or a picture
        if behind.lstrip(" ").startswith("\n"):
            return mark == "" or mark not in _COMMAS
        if mark.isascii() if behind[0].isalnum() else behind[0] not in f" {_OPENING}":
            return False  # another mark or word, as in .? and .x
        return mark != "" and mark in _STOPS

    def states(self, mark: str | None) -> bool:
        """Whether it is all of its sentence, which states something, with the mark at its end where it is another."""
        if mark is not None:
            return self.begins and self.ends(mark)
        end = _END.search(self.words)
        own = end["mark"] if end else ""
        mark = own or self.behind[:1].strip()
        asks = mark == ";" and _GREEK.search(self.words)
        stopped = not mark or mark in _STOPS + _SEMICOLONS
        return self.begins and not asks and stopped and self.ends(mark, len(mark) - len(own))
