"""Signs that other dialects of Markdown, other languages of markup and other programs shape words with.

None of them is Markdown here, so readers would see them. Each kind is looked for in a block without its code, its
escaped signs, its comments and its addresses; it stands in `docs/format.md` under the same name.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from randnotiz.diagnostics import shortened

# WHATWG HTML, section 4, and the obsolete elements of section 16.2 that editors still paste.
_ELEMENTS = (
    "a|abbr|address|article|aside|audio|b|big|blockquote|body|br|button|canvas|caption|center|cite|code|col|colgroup"
    "|dd|del|details|dfn|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i"
    "|iframe|img|input|ins|kbd|label|legend|li|link|main|mark|math|meta|nav|object|ol|option|p|picture|pre|q|s|samp"
    "|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot"
    "|th|thead|time|title|tr|tt|u|ul|var|video|wbr"
)
_TAG = (
    rf"</?(?i:{_ELEMENTS})(?:\s[^<>]*)?/?>"
    r"|<[A-Za-z][\w.-]*(?:\s[^<>]*)?(?:\s[\w:-]+=[^<>]*|/)>|<[?!][A-Za-z[]"  # of nobody knows what
)
_ELEMENT = re.compile(r"</?([A-Za-z]+)")
_WAYS = {
    **dict.fromkeys(("b", "strong"), "**words**"),
    **dict.fromkeys(("i", "em", "cite"), "*words*"),
    **dict.fromkeys(("s", "del", "strike"), "~~words~~"),
    "code": "`words`",
    "a": "[words](address)",
    "img": "![what it shows](file.jpg)",
    "br": "a backslash at the end of the line",
    "p": "an empty line",
}
_FORMULA_SIGN = re.compile(r"[\\^_={}]|^[A-Za-z]$|^\d+$|^\w{1,3}(?:\s*[-+*/<>]\s*\w{1,3})+$")
_PROSE = re.compile(r"(?<![\\{_A-Za-z])[A-Za-z]{3,}|[^\W\d_]{3,} [^\W\d_]{3,}")


class DialectSign(NamedTuple):
    """What is looked for, what it is called in a message, and what to write instead."""

    name: str
    pattern: re.Pattern[str]
    way: str


def _kind(name: str, pattern: str, way: str) -> DialectSign:
    return DialectSign(name, re.compile(pattern, re.MULTILINE), way)


KINDS: Sequence[DialectSign] = (
    _kind("a tag of HTML", _TAG, "Write {way}, or \\< for the sign itself."),
    _kind(
        "a link whose address is not defined",
        r"(?<!\w)\[[^\[\]\n]+\]\[(?!\^)[^\[\]\n]*\]",
        "Write [words](address), or the line '[words]: address' below.",
    ),
    _kind("a footnote within the words", r"\^\[[^\]\n]+\]", "Write [^name] here and '[^name]: …' below."),
    _kind(
        "a citation of Pandoc or LaTeX",
        r"\[(?:(?:see|cf\.?|e\.g\.|vgl\.|siehe|s\.|voir) )?-?@[^\W_][^\]\n]*\]"
        r"|\\(?:no|auto|text|paren|foot)?cite\w*\*?[\[{]",
        "Cite the passage in sources.yaml, below 'citations:'.",
    ),
    _kind(
        "a group of attributes",
        r"\{[#.:] ?[.#]?[A-Za-z][^{}\n]*\}|(?<=[\])\0])\{[^{}\n]*=[^{}\n]+\}",
        "Leave it out: ids of headings are made of their words.",
    ),
    _kind(
        "a block of another dialect",
        r"^(?::{3,}|!{3} ?\w|\?{3}\+? ?\w).*",
        "Write a paragraph, or a note in notes.yaml.",
    ),
    _kind("an alert of GitHub or Obsidian", r"^\[![A-Za-z]+\][-+]?", "Write it in words: **Note:** …"),
    _kind(
        "an anchor that a comment of Google Docs leaves",
        r"(?<=[\w.,;:!?…)»”])\[[a-z]{1,2}\](?![\w(])|(?<!\S)\[[a-z]{1,2}\]\Z|^\[[a-z]{1,2}\](?=[A-Z])",
        "Delete it, and the comment below.",
    ),
    _kind(
        "a formula of TeX",
        r"(?<![\w$])(\${1,2})(?![\s$]|$)[^$]*(?<!\s)\1(?![\w$])",
        "Write it in words and signs: x² ≤ 4.",
    ),
    _kind(
        "marked words of another dialect",
        r"(?<![\w=])==[^\s=](?:[^=\n]*[^\s=])?==(?![\w=])",
        "Write **words** or *words*.",
    ),
    _kind(
        "inserted words of another dialect",
        r"(?<![\w+])\+\+[^\s+](?:[^+\n]*[^\s+])?\+\+(?![\w+])",
        "Write them as they are.",
    ),
    _kind(
        "raised or lowered words of another dialect",
        r"\w\^[^\s^]{1,9}\^|\w~[^\s~]{1,3}~(?!~)",
        "Write the characters themselves: x², CO₂.",
    ),
    _kind("a remark or a change of CriticMarkup", r"\{(?:\+\+|--|~~|==|>>).*", "Settle it, and take the signs out."),
    _kind("a comment of another dialect", r"%%[^%\n]+%%|\{%.*?%\}", "Write <!-- … -->, or delete it."),
    _kind("a link of a wiki", r"\[\[[^\[\]\n]+\]\]", "Write [words](../slug/)."),
    _kind("a list of contents", r"^\[(?:TOC|toc)\]$", "Leave it out; the page makes its own."),
    _kind("a sign for a picture", r"(?<![\w:]):[a-z]{2,}(?:_[a-z]+)*:(?![\w:])", "Write the character itself."),
    _kind("a heading of a wiki", r"^(={2,}) .+ \1\s*$", "Write '## Words'."),
    _kind(
        "a line of '='", r"^={3,}\s*$", "Write '## Words' for a heading, '---' with empty lines around for a rule."
    ),
    _kind(
        "a table of another dialect",
        r"^\+(?:[-=:]+\+){1,}\s*$",
        "Write its rows as | a | b |, and |---|---| below the first.",
    ),
    _kind("a list of another program", r"^[•◦▪‣·] ?(?=\w)", "Begin its items with '- ', after an empty line."),
)


def dialects(bare: str, printed: str) -> Iterator[tuple[int, str, str, str]]:
    """The first of each kind in a block: its offset, its words, its message and its way out.

    `bare` is the block without what is literal in it, `printed` the words that readers would see.
    """
    for kind in KINDS:
        for found in kind.pattern.finditer(bare):
            words = found[0].strip()
            if words[0] in printed and (kind.name != "a formula of TeX" or _is_formula(words.strip("$"))):
                element = _ELEMENT.match(words)
                way = _WAYS.get(element[1].lower(), "it in Markdown") if element else ""
                message = f"'{shortened(words)}' is {kind.name}, and would stand there as it is"
                yield found.start(), words, message, kind.way.replace("{way}", way)
                break


def _is_formula(words: str) -> bool:
    """Whether what stands between dollar signs is one, and not what lies between two prices."""
    return bool(_FORMULA_SIGN.search(words)) and not _PROSE.search(words)
