"""The people behind a work: CSL names as lists of authors have them."""

import re
from collections.abc import Mapping

from msgspec import Struct

from randnotiz.citations.richtext import changed, rich
from randnotiz.language import Locale
from randnotiz.model import Json

MOST_NAMES = 3  # more are "u. a."
AND_OTHERS = frozenset(("others", "et al.", "et al", "u. a.", "u.a."))


class PersonName(Struct, frozen=True, kw_only=True):
    """A person, or an organisation by its `literal` name. `family` includes the particle that is never dropped."""

    literal: str = ""
    family: str = ""
    given: str = ""
    particle: str = ""  # stands before the family name, but is not sorted by: "von"
    suffix: str = ""
    family_first: bool = False  # as in Chinese and Hungarian

    def listed(self, comma: str = ", ") -> str:
        """As a list of authors has it: "Humboldt, Alexander von"; the comma is that of Latin within Latin letters."""
        if self.literal or not (self.family and self.given):
            return self.literal or self.family or self.given
        if self.family_first:
            return f"{self.family}{self._between}{self.given}"
        given = f"{self.given} {self.particle}".rstrip()
        return (", " if _LATIN.search(self.family) else comma).join(filter(None, (self.family, given, self.suffix)))

    @property
    def full(self) -> str:
        """As a sentence has it: "Alexander von Humboldt"."""
        if self.literal:
            return self.literal
        if self.family_first:
            return self.listed()
        family = _with_particle(self.particle, self.family)
        return " ".join(part for part in (self.given, family, self.suffix) if part)

    @property
    def _between(self) -> str:
        return "" if _EAST_ASIAN.fullmatch(self.family + self.given) else " "

    @property
    def short(self) -> str:
        """As a short reference has it: "Humboldt"."""
        return self.literal or self.family or self.given


def names(value: Json) -> tuple[PersonName, ...]:
    """The names in a CSL field, those that are empty left out; a bare text is the name of an organisation."""
    if not value:  # as with most of the many roles
        return ()
    rows = value if isinstance(value, list) else [value]
    return tuple(name for row in rows if (name := _name(row)) and name.listed())


_LATIN = re.compile("[A-Za-z]")
# Han, kana and Hangul. Names in katakana alone are those of foreigners, which keep their order.
_EAST_ASIAN = re.compile(
    "(?![\u30a0-\u30ff]+$)[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def _printed(name: str) -> str:
    """A name on one line, with tags if it is rich, and the apostrophe that a typewriter has no key for."""
    return changed(rich(" ".join(name.split())), lambda words: words.replace("'", "’"))


def _with_particle(particle: str, family: str) -> str:
    """A particle before a name, which touches it behind an apostrophe or a hyphen: "d’Aubignac", "al-Khwarizmi"."""
    return f"{particle}{'' if particle.endswith(('’', '-', '‑')) else ' '}{family}".strip()


def _name(row: Json) -> PersonName | None:
    if isinstance(row, str):
        return PersonName(literal=_printed(row))
    if not isinstance(row, Mapping):
        return None
    part = {key: _printed(str(value)) for key, value in row.items() if isinstance(value, str | int | float)}
    if part.get("literal"):
        return PersonName(literal=part["literal"])
    family, given = part.get("family", ""), part.get("given", "")
    family = _with_particle(part.get("non-dropping-particle", ""), family)
    return PersonName(
        family=family,
        given=given,
        particle=part.get("dropping-particle", ""),
        suffix=part.get("suffix", ""),
        family_first=row.get("static-ordering") is True or bool(given and _EAST_ASIAN.fullmatch(family + given)),
    )


def _shown(people: tuple[PersonName, ...]) -> tuple[tuple[PersonName, ...], bool]:
    """The names that are printed, at most three, and whether there are more: of BibTeX the last one is `others`."""
    is_more = len(people) > 1 and people[-1].literal.lower() in AND_OTHERS
    named = people[:-1] if is_more else people
    return named[:MOST_NAMES], is_more or len(named) > MOST_NAMES


def listed(people: tuple[PersonName, ...], lang: Locale) -> str:
    """The names as they head a reference, at most three: "Patel, Dylan; SemiAnalysis"."""
    named, is_more = _shown(people)
    words = lang.semicolon.join(name.listed(lang.comma) for name in named)
    return f"{words} {lang.message('cite-and-others')}" if is_more else words


def enumerated(people: tuple[PersonName, ...], lang: Locale) -> str:
    """The names as they stand in a sentence: "Dylan Patel und Jordan Nanos"."""
    named, is_more = _shown(people)
    if is_more:
        return f"{lang.row(name.full for name in named)} {lang.message('cite-and-others')}"
    return lang.listed(name.full for name in named)


def short(people: tuple[PersonName, ...], lang: Locale) -> str:
    """The names of a short reference: "Patel/SemiAnalysis", "Vaswani u. a."."""
    named, is_more = _shown(people)
    if is_more:
        return f"{named[0].short} {lang.message('cite-and-others')}"
    return "/".join(name.short for name in people)
