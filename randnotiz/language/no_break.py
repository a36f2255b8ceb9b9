"""What no line may end in the middle of, by language: "27. Januar", "17 Prozent", "z. B.", "S. 4", "GPT-4o".

Typographers put unbreakable blanks there. The text stays as its author wrote it; only the page keeps such words
together.
"""

import re

from randnotiz.language.catalogue import rules_of
from randnotiz.language.locale_data import LocaleData
from randnotiz.letters import one_of

SIGNS = "% ‰ € $ £ ¥ °C °F ° km cm mm m kg g t l h min s kW MW GW TW kWh MWh GWh TWh kB MB GB TB Hz kHz MHz GHz"

OPENING, CLOSING = '<span class="together">', "</span>"
_BLANK = "[ \u00a0\u202f]"
_GROUPS = rf"(?:{_BLANK}\d{{3}}(?!\w)(?:,\d{{1,9}})?)"  # of digits parted by blanks
_NUMBER = rf"\d(?:[\d.,’]{{0,30}}\d)?{_GROUPS}{{0,4}}"
# Where there is none of these, there is nothing to keep: most texts are told apart by this in no time.
_HINT = re.compile(rf"\d|\.{_BLANK}\w\.")


class Together:
    """Finds in a text what stays on one line in a language."""

    def __init__(self, customs: LocaleData) -> None:
        rules = rules_of(customs.chain)
        together = rules.get("together", {})
        scales = _one_of(*customs.scale_words)
        forms = (form for forms in rules.get("units", {}).get("words", {}).values() for form in forms)
        units = _one_of(*SIGNS.split(), *forms, *together.get("units", "").split())
        # What stands before a number, shortened: the language's places in works, and English ones, which are cited.
        places = [
            place for each in (rules, rules_of(("en",))) for place in each.get("numbered", {}).get("places", ())
        ]
        before = _one_of("§", "§§", *(form for place in places if place.endswith(".") for form in _cases(place[:-1])))
        behind = [rf"(?:{scales}{_BLANK})?{units}", scales]
        ahead = [rf"{before}\.?"]
        letters = _one_of(*together["ahead"].split()) if "ahead" in together else ""
        self._hint = re.compile(
            rf"{_HINT.pattern}|(?<!\w){letters}{_BLANK}" if letters else _HINT.pattern, re.IGNORECASE
        )
        # Short words that end no line: with the first letter of the next word, or in what stays on one line there.
        self._ahead = (
            re.compile(rf"(?<![\w’'-])((?:{letters}{_BLANK})+)(?:({OPENING})|(\w))", re.IGNORECASE)
            if letters
            else None
        )
        # One by one, for a pattern that begins with certain signs skips all others ten times as fast as a choice of
        # patterns. For the same reason none looks at what stands before it: "Chip 4" stays together like "p. 4".
        self._patterns = tuple(
            re.compile(rf"{pattern}(?![^<]{{0,80}}{CLOSING})")  # and not within what is kept already
            for pattern in (
                *_dates(customs),
                rf"{_NUMBER}\.?{_BLANK}(?:{'|'.join(behind)})(?!\w)",
                rf"(?<![\w.,])\d{{1,3}}{_GROUPS}+",
                rf"(?:{'|'.join(ahead)}){_BLANK}\d(?:[\d.,–-]*\d)?",
                rf"\b\w\.(?:{_BLANK}\w\.)+",
                r"(?<=[^\W\d])-\d\w*",
            )
        )

    def marked(self, words: str) -> str:
        """The same words, escaped for HTML, with what stays on one line in an element each."""
        if self._hint.search(words):
            for pattern in self._patterns:
                if pattern.search(words):
                    words = pattern.sub(rf"{OPENING}\g<0>{CLOSING}", words)
            if self._ahead:
                words = self._ahead.sub(_joined, words)
        return words


def _dates(customs: LocaleData) -> tuple[str, str]:
    """Patterns of a day, with or without its year, and of a month with it, as CLDR writes them in a language."""
    months = _one_of(*customs.months, *customs.months_alone)
    number, year = r"\d{1,2}(?!\d)", r"\d{4}(?!\d)"
    slots = {"{day}": number, "{number}": number, "{month}": months, "{alone}": months, "{year}": year}

    def pattern(words: str) -> str:
        parts = re.split(r"(\{\w+\}| )", words)
        return "".join(slots.get(part, _BLANK if part == " " else re.escape(part)) for part in parts)

    before, slot, after = customs.day_pattern.partition("{year}")
    # What stands between year and day goes with the year: "27 de enero" and "de 2025".
    cut = before.rfind("}") + 1 or after.index("{")
    day = (
        f"{pattern(before[:cut])}(?:{pattern(before[cut:] + slot)}(?:{pattern(after)})?)?"
        if before
        else f"(?:{pattern(slot + after[:cut])})?{pattern(after[cut:])}"
    )
    return day, pattern(customs.month_pattern)


def _joined(found: re.Match[str]) -> str:
    return f"{OPENING}{found[1]}" if found[2] else f"{OPENING}{found[1]}{found[3]}{CLOSING}"


def _cases(word: str) -> tuple[str, ...]:
    return word, word[0].upper() + word[1:]


def _one_of(*words: str) -> str:
    """A pattern for any of the words, the longest first."""
    return f"(?:{one_of(words)})"
