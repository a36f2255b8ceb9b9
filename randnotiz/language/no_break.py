"""What no line may end in the middle of, by language: "27. Januar", "17 Prozent", "z. B.", "S. 4", "GPT-4o".

Typographers put unbreakable blanks there. The text stays as its author wrote it; only the page keeps such words
together.
"""

import re

from randnotiz.language.catalogue import rules_of
from randnotiz.language.locale_data import LocaleData

SIGNS = "% ‰ € $ £ ¥ °C °F ° km cm mm m kg g t l h min s kW MW GW TW kWh MWh GWh TWh kB MB GB TB Hz kHz MHz GHz"
# What stands before a number.
BEFORE = "§ §§ S Nr Abb Abs Art Bd Kap Tab Ziff No no Fig p pp vol ch"

_BLANK = "[ \u00a0\u202f]"
# Where there is none of these, there is nothing to keep: most texts are told apart by this in no time.
_HINT = re.compile(rf"\d|\.{_BLANK}\w\.")


class Together:
    """Finds in a text what stays on one line in a language."""

    def __init__(self, customs: LocaleData) -> None:
        rules = rules_of(customs.chain)
        together = rules.get("together", {})
        scales = _one_of(*together.get("scales", "").split(), *(each.word.strip() for each in customs.numbers.scales))
        forms = (form for forms in rules.get("units", {}).get("words", {}).values() for form in forms)
        units = _one_of(*SIGNS.split(), *forms, *together.get("units", "").split())
        months, before = _one_of(*customs.months), _one_of(*BEFORE.split())
        day_first = not customs.day_pattern.startswith("{month}")
        behind = [rf"(?:{scales}{_BLANK})?{units}", scales, *([months] if day_first else [])]
        ahead = [rf"{before}\.?", *([] if day_first else [months])]
        # One by one, for a pattern that begins with certain signs skips all others ten times as fast as a choice of
        # patterns. For the same reason none looks at what stands before it: "Chip 4" stays together like "p. 4".
        self._patterns = tuple(
            re.compile(pattern)
            for pattern in (
                rf"\d(?:[\d.,’]{{0,30}}\d)?\.?{_BLANK}(?:{'|'.join(behind)})(?!\w)",
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
