"""What a changed word says in a language: a number, a negation, a turn of the statement.

Only what a change is called rests on these words, nothing that is found or decided. They stand in
`randnotiz/languages/<tag>/rules.yaml` as lists parted by blanks, in which `*` is any letters:

- `negations` deny what they stand beside;
- `opposites` are put before (un-), behind (-siz) or into a word (-me-) to deny it;
- `numbers` are number words beside those in number-words.txt, which CLDR has, and `counted` what those may end with;
- `turning` words turn a statement round when one comes, goes or is exchanged;
- `parted: false` says that no blanks part the words: they are looked for within what changed.
"""

import re
from functools import lru_cache
from unicodedata import combining, normalize

from msgspec import Struct

from randnotiz.language.catalogue import FOLDER, of_languages, primary, rules_of

NUMBER_WORDS = "number-words.txt"
LONGEST = 60  # letters of a word that are looked at
SIGNS = "%‰°$€£¥"
_NOTHING = re.compile("(?!)")


class Lexicon(Struct, frozen=True, kw_only=True):
    """The words of a language that say what has changed; in one without rules only digits and signs do."""

    negations: tuple[re.Pattern[str], ...] = ()
    opposites: tuple[str, ...] = ()
    numbers: re.Pattern[str] = _NOTHING
    turning: re.Pattern[str] = _NOTHING
    parted: bool = True

    def is_number(self, word: str) -> bool:
        """Whether a word is a number or the sign of one, in digits of any script or spelled out."""
        return is_numeral(word) or self._is(self.numbers, word)

    def negates(self, one: str, other: str) -> bool:
        """Whether of two words, or a word and nothing, one denies what the other does not."""
        ours, theirs = ([each for each in self.negations if self._is(each, word)] for word in (one, other))
        if ours != theirs:
            return True
        short, long = sorted((_plain(one), _plain(other)), key=len)
        return len(short) > 2 and any(_put(affix, short, long) for affix in self.opposites)

    def denying(self, words: str) -> str:
        """The first negation among some words; empty if there is none."""
        for pattern in self.negations:
            if whole := next((word for word in words.split() if pattern.fullmatch(_plain(word))), ""):
                return whole.replace('"', "'")  # as typography is folded: can't
            if not self.parted and (found := pattern.search(_plain(words[-LONGEST:]))):
                return found[0]
        return ""

    def turns(self, words: str) -> bool:
        """Whether one of some words turns a statement round."""
        return any(self._is(self.turning, word) for word in words.split())

    def _is(self, pattern: re.Pattern[str], word: str) -> bool:
        return bool(pattern.fullmatch(_plain(word)) if self.parted else pattern.search(_plain(word)))


def is_numeral(word: str) -> bool:
    """Whether a word has a digit in it, of any script, or is a sign of numbers."""
    return word in SIGNS if len(word) == 1 and not word.isalnum() else any(char.isnumeric() for char in word)


@of_languages
@lru_cache(maxsize=8)
def lexicon(tag: str) -> Lexicon:
    """The words of a language, read when they are first asked for; none of one that has no rules."""
    language = primary(tag)
    rules = rules_of((language,))
    if "negations" not in rules:
        return Lexicon()
    spelled = FOLDER / language / NUMBER_WORDS
    lines = spelled.read_text(encoding="utf-8").splitlines()[1:] if spelled.is_file() else []

    def alternatives(words: list[str]) -> str:
        return "|".join(re.escape(_plain(word)).replace(r"\*", r"\w*") for word in words) or "(?!)"

    def listed(name: str) -> list[str]:
        return str(rules.get(name, "")).split()

    whole, parts, ends = map(alternatives, (listed("numbers"), " ".join(lines).split(), listed("counted")))
    return Lexicon(
        negations=tuple(re.compile(alternatives([word])) for word in listed("negations")),
        opposites=tuple(map(_plain, listed("opposites"))),
        numbers=re.compile(f"{whole}|(?:{parts})+(?:{ends})?"),
        turning=re.compile(alternatives(listed("turning"))),
        parted=rules.get("parted", True),
    )


def _plain(word: str) -> str:
    """The letters of a word without case, accents and the points of Hebrew and Arabic; not without the vowels and
    tones of Indic and Thai letters and the sounds of Kana, whose combining classes are others.
    """
    letters = normalize("NFD", re.sub('["’ʼ]', "'", word[:LONGEST].casefold()))
    return "".join(char for char in letters if not (10 <= combining(char) <= 36 or combining(char) >= 200))


def _put(affix: str, short: str, long: str) -> bool:
    """Whether a word becomes another with an affix in its place."""
    bare = affix.strip("-")
    if len(long) - len(short) != len(bare):
        return False
    if not affix.startswith("-"):
        return long == bare + short
    if not affix.endswith("-"):
        return long == short + bare
    return any(long == short[:at] + bare + short[at:] for at in range(1, len(short)))
