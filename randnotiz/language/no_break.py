"""What no line may end in the middle of, by language: "27. Januar", "17 Prozent", "z. B.", "S. 4", "GPT-4o".

Typographers put unbreakable blanks there. The text stays as its author wrote it; only the page keeps such words
together.
"""

import re
from collections.abc import Mapping

from randnotiz.language.locale_data import LocaleData
from randnotiz.language.unit_words import ENGLISH, GERMAN, Forms

SIGNS = "% ‰ € $ £ ¥ °C °F ° km cm mm m kg g t l h min s kW MW GW TW kWh MWh GWh TWh kB MB GB TB Hz kHz MHz GHz"
SCALES: Mapping[str, str] = {
    "de": "Tsd. Tausend Mio. Million Millionen Mrd. Milliarde Milliarden Bio. Billion Billionen",
    "en": "thousand million billion trillion",
}
UNITS: Mapping[str, Mapping[str, Forms]] = {"de": GERMAN, "en": ENGLISH}
MORE_UNITS: Mapping[str, str] = {"de": "Prozent Prozentpunkte Dollar Uhr", "en": "percent dollars"}
# What stands before a number.
BEFORE = "§ §§ S Nr Abb Abs Art Bd Kap Tab Ziff No no Fig p pp vol ch"

_BLANK = "[ \u00a0\u202f]"
# Where there is none of these, there is nothing to keep: most texts are told apart by this in no time.
_HINT = re.compile(rf"\d|\.{_BLANK}\w\.")


class Together:
    """Finds in a text what stays on one line in a language."""

    def __init__(self, customs: LocaleData) -> None:
        language = customs.tag.partition("-")[0]
        scales = _one_of(*SCALES.get(language, "").split(), *(scale.word.strip() for scale in customs.numbers.scales))
        forms = (form for forms in UNITS.get(language, {}).values() for form in forms)
        units = _one_of(*SIGNS.split(), *forms, *MORE_UNITS.get(language, "").split())
        months, before = _one_of(*customs.months), _one_of(*BEFORE.split())
        day_first = not customs.day_pattern.startswith("{month}")
        behind = [rf"{scales}(?:{_BLANK}{units})?", units, *([months] if day_first else [])]
        ahead = [rf"{before}\.?", *([] if day_first else [months])]
        # One by one, for a pattern that begins with certain signs skips all others ten times as fast as a choice of
        # patterns. For the same reason none looks at what stands before it: "Chip 4" stays together like "p. 4".
        self._patterns = tuple(
            re.compile(pattern)
            for pattern in (
                rf"\d(?:[\d.,’]*\d)?\.?{_BLANK}(?:{'|'.join(behind)})(?!\w)",
                rf"(?:{'|'.join(ahead)}){_BLANK}\d(?:[\d.,–-]*\d)?",
                rf"\b\w\.(?:{_BLANK}\w\.)+",
                r"(?<=[^\W\d])-\d\w*",
            )
        )

    def marked(self, words: str, opening: str, closing: str) -> str:
        """The same words with what stays on one line between two marks; they may be escaped for HTML."""
        if _HINT.search(words):
            for pattern in self._patterns:
                if pattern.search(words):
                    words = pattern.sub(lambda found: f"{opening}{found[0]}{closing}", words)
        return words


def _one_of(*words: str) -> str:
    """A pattern for any of the words, the longest first."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted({*words}, key=lambda word: (-len(word), word)))})"
