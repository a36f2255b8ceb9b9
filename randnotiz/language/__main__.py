"""Writes what is made from other files, when CLDR, a message in English or the list of languages has changed.

- prepared.json: what Babel knows of some languages;
- `number-words.txt` of each language that has one, from CLDR's rules; unicode-rbnf is needed for nothing else;
- `messages.po` of each language: every message of the English one, in its order, and CLDR's rule for plurals. A
  translation whose English text has changed is marked as fuzzy, one that is missing is added without words.

With folders of a site's own languages as arguments (`content/languages/da`) only their `messages.po` is written.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from textwrap import fill

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from randnotiz.language.catalogue import FOLDER, MESSAGES
from randnotiz.language.cldr import PREPARED_FILE, from_babel, plural_forms, written
from randnotiz.language.lexicon import NUMBER_WORDS

ROUND = (*range(2, 21), *range(30, 100, 10), *range(100, 1_000, 100), 1_000, 10**6, 2 * 10**6, 10**9, 2 * 10**9)
HEAD = "# Made from the spelled-out numbers of CLDR by `python -m randnotiz.language`.\n"


HEADER = """{comment}
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: nplurals={count}; plural={expression};\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def messages(tag: str, english: Catalog, before: bytes) -> bytes:
    """The text of messages.po, from that of before; empty if there was none."""
    old = read_po(BytesIO(before))
    known = {each.context: each for each in old if each.context}
    count, expression = plural_forms(tag)
    # What a country says otherwise is all that its file has: pt-PT beside pt.
    has_words = any((FOLDER / parent / MESSAGES).is_file() for parent in from_babel(tag).chain[1:])
    new = Catalog(charset="utf-8")
    new.mime_headers = [("Plural-Forms", f"nplurals={count}; plural={expression}")]
    for each in english:
        if each.context:
            empty = ("",) * count if each.pluralizable else ""
            ours = known.get(each.context)
            if ours is None and has_words:
                continue
            if ours is None or type(ours.string) is not type(empty):
                new.add(each.id, empty, context=each.context, auto_comments=each.auto_comments)
                continue
            changed = ours.id != each.id and ours.string != empty
            new.add(
                each.id,
                ours.string,
                context=each.context,
                flags={"fuzzy"} if ours.fuzzy or changed else (),
                auto_comments=each.auto_comments,
                user_comments=ours.user_comments,
            )
    out = BytesIO()
    write_po(out, new, width=0, omit_header=True)
    comment = old.header_comment if before else f"# {tag}"
    header = HEADER.format(comment=comment, language=tag.replace("-", "_"), count=count, expression=expression)
    return header.encode() + out.getvalue()


def number_words(tag: str) -> str:
    """The text of number-words.txt: what a language writes for numbers, but for what may be an article (ein)."""
    from unicode_rbnf import FormatPurpose, RbnfEngine  # what sites that translate messages do not have
    from unicode_rbnf.engine import NoRuleForNumberError

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
    joining = from_babel(tag).lists["2"].format("", "").strip()  # twenty and one
    words -= {*spelled(FormatPurpose.CARDINAL, 1), joining}
    return HEAD + fill(" ".join(sorted(words)), 112, break_on_hyphens=False) + "\n"


if __name__ == "__main__":
    source = read_po(BytesIO((FOLDER / "en" / MESSAGES).read_bytes()))
    for own in map(Path, sys.argv[1:]):  # folders of a site, with or without a messages.po
        file = own / MESSAGES
        file.write_bytes(messages(own.name, source, file.read_bytes() if file.exists() else b""))
    if sys.argv[1:]:
        sys.exit()
    PREPARED_FILE.write_text(written(), encoding="utf-8")
    for file in sorted(FOLDER.glob(f"*/{NUMBER_WORDS}")):
        file.write_text(number_words(file.parent.name), encoding="utf-8")
    for file in sorted(FOLDER.glob(f"*/{MESSAGES}")):
        file.write_bytes(messages(file.parent.name, source, file.read_bytes()))
