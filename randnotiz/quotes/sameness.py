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

_STOPS, _SEMICOLONS, _COMMAS = ".。．｡۔।።", ";；؛፤", ",，、､،፣"
_END = re.compile(rf"(?P<mark>[{_STOPS}{_SEMICOLONS}{_COMMAS}]?)(?P<closing>[\"'’”“»«›‹)\]」』]*)$")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")  # whose question mark looks like a semicolon
CLOSED = re.compile(rf"(?<![(\[（])[{_STOPS}!?！？؟][\"'’”“»«›‹)\]」』\s]*$")
GOES_ON = re.compile(r"[:,;：；，،؛、፡፣፤…–—―־-][\"'’”“»«›‹)\]」』*\s]*$")
# What may be an abbreviation or an ordinal, and what most likely is one before a capital that was a small letter.
_SHORT = re.compile(r"\b(?:[^\W\d]{1,4}|\d+)\.\s*$")
_ABBREVIATED = re.compile(r"\b(?:[^\W\d]{1,2}|[b-df-hj-np-tv-xz]{3,5}|\d+)\.\s*$", re.IGNORECASE)
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
) -> list[Span]:
    """Every place in the text that provably states what a quotation states, in order.

    Prefix and suffix must stand beside it but for typography. `lang` is the language of the text, since Turkish and
    Azerbaijani have two letters i; `headings` is where headings end: other lines without a stop may lead to the next.
    """
    loose = _loosened(folded)
    before, words, after = (_loosely(part.strip()).text for part in (prefix, exact, suffix))
    found: set[Span] = set()
    for first in _with_other_case(words, lang):
        for last, mark in _with_other_end(first):
            for span in find(loose, last, before, after):
                as_quoted = first == words and mark is None
                if as_quoted or _proven(_Place(folded.source, span, words, headings), mark):
                    found.add(span)
    return sorted(found)


def equal(one: str, other: str, lang: str = "") -> bool:
    """Whether two sentences are the same but for typography, the case of their first letter and the mark that ends
    them.
    """
    one, other = (_loosely(words.strip()).text.strip() for words in (one, other))
    return any(other == last for first in _with_other_case(one, lang) for last, _ in _with_other_end(first))


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


def _proven(place: "_Place", mark: str | None) -> bool:
    """Whether a passage states the same although the case of its first letter or the mark at its end is another."""
    return place.whole if mark is None else place.begins and place.ends(mark)


def leads(line: str, *, heading: bool = False) -> bool:
    """Whether a line has no end of a sentence, so that it may lead to the next: a heading only with a colon or the
    like.
    """
    return GOES_ON.search(line) is not None if heading else CLOSED.search(line) is None


def enclosure(text: str, at: int) -> str:
    """The quotation marks and brackets that are open at a place of a text, within its line: one sign for each, as `(`
    and `"`.
    """
    brackets, quotes = 0, [""]
    for mark in _ENCLOSING.finditer(text, text.rfind("\n", 0, at) + 1, at):
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
    return _loosely(folded.source)


def _loosely(text: str) -> Folded:
    """A text folded, without ligatures and without blanks beside dashes."""
    matches = _LOOSE.finditer(text)
    plain, step = rewritten(
        text, ((*one.span(), normalize("NFKC", one[0]) if one["ligature"] else "") for one in matches)
    )
    inner = fold(plain)
    return Folded(source=text, text=inner.text, steps=(step, *inner.steps))


class _Place:
    """A stretch of a text, and how it lies in its sentence."""

    def __init__(self, text: str, span: Span, quoted: str, headings: Collection[int]) -> None:
        self.words = text[span.start : span.end]
        self.first, was = (next(filter(str.isalnum, words), "") for words in (self.words, quoted))
        self.raised = self.first.isupper() and was.islower()
        ahead = text[max(0, span.start - _LOOKED_AT) : span.start]
        self.ahead, self.behind = ahead.rstrip(), text[span.end : span.end + _LOOKED_AT]
        self.glued = self.ahead == ahead and ahead[-1:].isascii()  # to a mark without a blank, as in ?x
        self.heads_block = not self.ahead or "\n" in ahead[len(self.ahead) :]
        self.headed = span.start - len(ahead) + len(self.ahead) in headings
        self.enclosed = enclosure(text, span.start) != ""

    @property
    def begins(self) -> bool:
        """Whether a sentence begins here, which a capital proves below a heading. Elsewhere a full stop ahead may be
        that of an abbreviation, and a block without one ahead may lead to this.
        """
        if self.enclosed:
            return False
        if self.headed and self.first.isupper():
            return GOES_ON.search(self.ahead) is None
        closed = not self.ahead or (CLOSED.search(self.ahead) is not None and not self.glued)
        abbreviated = self.first.islower() or (_ABBREVIATED if self.raised else _SHORT).search(self.ahead)
        return closed and (self.heads_block or not abbreviated)

    def ends(self, mark: str, skipped: int = 0) -> bool:
        """Whether the sentence ends here, given the mark at its end, which stands behind the place itself if
        characters are skipped.
        """
        behind = self.behind[skipped:]
        following, beside = next(filter(str.isalnum, behind), ""), behind.lstrip()[:1]
        if not beside:
            return True
        if following.islower() or not (beside.isalnum() or beside in _OPENING):
            return False  # an aside, another mark or a picture
        if behind.lstrip(" ").startswith("\n"):  # of a block, or a line within one
            stopped, parted = mark != "" and mark in _STOPS, mark not in _COMMAS or mark == ""
            return parted and (stopped or following.isupper() or following.isdigit())
        if mark.isascii() if behind[0].isalnum() else behind[0] not in f" {_OPENING}":
            return False  # another mark or word, as in .? and .x
        return mark != "" and mark in _STOPS

    @property
    def whole(self) -> bool:
        """Whether it is all of its sentence, which states something."""
        end = _END.search(self.words)
        own = end["mark"] if end else ""
        mark = own or self.behind[:1].strip()
        asks = mark == ";" and _GREEK.search(self.words)
        stopped = not mark or mark in _STOPS + _SEMICOLONS
        return self.begins and not asks and stopped and self.ends(mark, len(mark) - len(own))
