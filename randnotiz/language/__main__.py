"""Writes what Babel knows of some languages to prepared.json, and the number words of those that have rules.

unicode-rbnf is needed for nothing else, and only in development.
"""

import re
from collections.abc import Iterator
from textwrap import fill

from unicode_rbnf import FormatPurpose, RbnfEngine
from unicode_rbnf.engine import NoRuleForNumberError

from randnotiz.language.cldr import PREPARED_FILE, written
from randnotiz.language.lexicon import FOLDER, NUMBER_WORDS

ROUND = (*range(2, 21), *range(30, 100, 10), *range(100, 1_000, 100), 1_000, 10**6, 2 * 10**6, 10**9, 2 * 10**9)
JOINING = frozenset(("a", "and", "e", "et", "i", "y", "و"))  # twenty and one
HEAD = "# Made from the spelled-out numbers of CLDR by `python -m randnotiz.language`.\n"


def number_words(tag: str) -> str:
    """The text of number-words.txt: what a language writes for numbers, but for what may be an article (ein)."""
    engine = RbnfEngine.for_language(tag)

    def spelled(purpose: FormatPurpose, *numbers: int) -> Iterator[str]:
        names = [
            name
            for name, rules in engine.rulesets.items()
            if FormatPurpose.from_ruleset_name(name) is purpose and not rules.is_private
        ]
        for number in numbers:
            for name in names:
                try:
                    text = engine.format_number(number, purpose, [name]).text
                except NoRuleForNumberError:  # of a number that large
                    continue
                yield from re.findall(r"[^\s\u2010-]+", text.replace("\u00ad", "").lower())

    words = {*spelled(FormatPurpose.CARDINAL, *ROUND, *range(21, 100)), *spelled(FormatPurpose.ORDINAL, 1, *ROUND)}
    words -= {*spelled(FormatPurpose.CARDINAL, 1)} | JOINING
    return HEAD + fill(" ".join(sorted(words)), 112, break_on_hyphens=False) + "\n"


if __name__ == "__main__":
    PREPARED_FILE.write_text(written(), encoding="utf-8")
    for file in sorted(FOLDER.glob(f"*/{NUMBER_WORDS}")):
        file.write_text(number_words(file.parent.name), encoding="utf-8")
