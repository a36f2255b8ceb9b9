"""Signs that other dialects of Markdown, other languages of markup and other programs shape words with.

None of them is Markdown here, so readers would see them. Each kind is looked for in a block without its code, its
escaped signs, its comments and its addresses; it stands in `docs/format.md` under the same name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from randnotiz.diagnostics import shortened
from randnotiz.letters import CAPITALS, SMALL

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
    r"|<[A-Za-z][\w.-]*(?:\s[^<>]*)?(?:\s[\w:-]+=[^<>]*|/)>|</[A-Za-z][\w.:-]*\s*>|<[?!][A-Za-z[]|<%"
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
_CHANGED = "'\"`\\"  # is printed as something else, or as nothing
_FORMULA_SIGN = re.compile(r"[\\^_={}]|^[A-Za-z]$|^\d+$|^\w{1,3}(?:\s*[-+*/<>]\s*\w{1,3})+$")
_PROSE = re.compile(r"(?<![\\{_A-Za-z])[A-Za-z]{3,}|[^\W\d_]{3,} [^\W\d_]{3,}")


class DialectSign(NamedTuple):
    """What is looked for, what it is called in a message, and what to write instead.

    Whatever the pattern finds has one of the `signs` (a line begins with a line break): most blocks have none, and a
    pattern is compiled for the first that has. It saves 7 ms at the start and as much as another 4 ms of an article.
    """

    name: str
    signs: Sequence[str]
    pattern: str
    way: str
    slots: Sequence[str] = ()  # for the words of a language


OWN = "\1"  # stands for what is `unmarked` in a language: has none of the signs of the kinds
# What stands for a slot of a pattern (@lost@) in a language: letters that a text has which has it, and a pattern.
Drafting = Mapping[str, Sequence[tuple[Sequence[str], str]]]
NO_LANGUAGE: Drafting = {}
_SLOT = re.compile("@([a-z]+)@")
_COUNTED = r"(?:[%€]|@counted@)(?!\w)"


@cache
def _compiled(pattern: str, *slots: str) -> re.Pattern[str]:
    words = iter(slots)
    return re.compile(_SLOT.sub(lambda _: next(words), pattern) if slots else pattern, re.MULTILINE)


def compiled(kind: "DialectSign", drafting: Drafting, block: str | None = None) -> re.Pattern[str]:
    """The pattern of a kind with the words of a language, those alone that a block may have."""
    return _compiled(kind.pattern, *(_words(slot, drafting, block) for slot in kind.slots))


def _words(slot: str, drafting: Drafting, block: str | None) -> str:
    there = (each for signs, each in drafting.get(slot, ()) if block is None or all(sign in block for sign in signs))
    return "|".join(there) or "(?!)"


def _kind(name: str, signs: str, pattern: str, way: str) -> DialectSign:
    pattern = pattern.replace("@upper@", CAPITALS).replace("@lower@", SMALL)
    return DialectSign(name, signs.split(" "), pattern, way, _SLOT.findall(pattern))


KINDS: Sequence[DialectSign] = (
    _kind("a tag of HTML", "<", _TAG, "Write {way}, or \\< for the sign itself."),
    _kind(
        "a link whose address is not defined",
        "][",
        r"(?<![\w\]])\[(?!\d+\]\[\d)[^\[\]\n]+\]\[(?!\^)[^\[\]\n]*\]",
        "Write [words](address), or the line '[words]: address' below.",
    ),
    _kind(
        "a picture without a file", "![", r"(?<!\w)!\[[^\[\]\n]+\](?![(\[:\0])", "Write ![what it shows](file.jpg)."
    ),
    _kind(
        "a footnote within the words",
        "[",
        r"\^\[[^\]\n]+\]|\[fn:[^\[\]\n]*\]|\bfootnote:\w{0,30}\[[^\[\]\n]*\]",
        "Write [^name] here and '[^name]: …' below.",
    ),
    _kind(
        "a number of a note that was left behind",
        "[ ^ ¹ ² ³ ⁰ ⁴ ⁵ ⁶ ⁷ ⁸ ⁹",
        r"(?:(?<=[.,;:!?…)»”“’\"'])|(?<=[^\W\d])(?!\[\d{1,3}\]\[)|^(?=\S+ \w))\[\d{1,3}\](?![(:_])"
        r"|(?:(?<=[^\W\d]{4})|(?<=[.,;:!?»”“\"]))\^\d{1,3}(?![\w^])|(?<=[.,;:!?»”“\"])[¹²³⁰⁴-⁹]{1,3}(?!\S)"
        r"|(?<=[^\W\d]{4})(?!@squared@)[¹²³⁰⁴-⁹]{1,3}(?!\w)",
        "Delete it, or write [^1] here and '[^1]: …' below.",
    ),
    _kind(
        "a citation of Pandoc or LaTeX",
        "@ cite",
        r"\[(?:[^\W\d_]+\.? |e\.g\. )?-?@[^\W_][^\]\n]*\]"
        r"|\\(?:no|auto|text|paren|foot)?cite\w*\*?[\[{]|(?<![\w@./-])@(?:fig|tbl|sec|eq|lst)-\w[\w-]*"
        r"|(?<![\w@./-])@[A-Za-z]+[\w:-]*(?:18|19|20)\d\d\w*",
        "Cite the passage in sources.yaml, below 'citations:'.",
    ),
    _kind(
        "a citation that another program has left",
        "{ [ 【 ADDIN turn",
        r"\{[^{}\n]+, ?(?:n\.d\.|\d{4}[a-z]?),? #\d+[^{}\n]*\}|\{ ?(?:ADDIN|HYPERLINK|PAGEREF|REF"
        r"|CITATION)\b[^{}\n]*\}?"
        r"|\bADDIN (?:ZOTERO|EN|Mendeley)\w*|【[^【】\n]*】"
        r"|(?::\w{1,30})?\[oaicite:[^\[\]\n]*\](?:\{[^{}\n]*\})?|\b(?:cite)?turn\d+(?:search|view)\d+\b"
        r"|\[cite(?:_start|_end)?(?:: ?[\d, ]+)?\]",
        "Delete it, and cite the passage in sources.yaml, below 'citations:'.",
    ),
    _kind(
        "what a program prints where a reference is lost",
        OWN,
        r"(?<!\w)(?:@lost@)[^.\n]*\.?",
        "Write what it was meant to name.",
    ),
    _kind(
        "a remark of an editor",
        f"[ ? @@@ < XX xx Xx xX TODO FIXME TK tktk TBD orem ___ !!! {OWN}",
        r"\b(?:TODO|FIXME|TKTK|tktk|TBD|X{4,})\b|\[(?:TK|TBD|XX+|[^\[\]\n]{0,30}\?\?+|\?)\](?!\()|@{3}.*|@placeholders@"
        r"|\b[Ll]orem ipsum\b"
        # A Roman 30 stands behind a name or before one (Psalm XXX, XXX Corps), or has the full stop of an ordinal.
        r"|(?:\A|(?<=[(\"„“])|(?<!\w)[@lower@]+ )XXX(?=[:,;!?)]| [a-z%€$]|\s*\Z)"
        r"|\b(?:[xX]{2,}|TK)[ \u00a0](?P<counted>[%€]|[^\W\d_].*)"
        r"|[$€£]TK\b|\b[xX]{2}\.[xX]{2}\.|(?<!\S)(?:\?{2,}|_{3,}) (?=[a-z%€$])|\A\?{2,}\Z|!{3} ?\w[^!\n]*!{3}"
        r"|\b[^\W\d_]{1,4}\. ?\?{2,}",
        "Settle it, and delete it.",
    ),
    _kind(
        "a group of attributes",
        "{",
        r"\{[#.:] ?[.#]?[A-Za-z][^{}\n]*\}|(?<=[\])\0])\{[^{}\n]*=[^{}\n]+\}",
        "Leave it out: ids of headings are made of their words.",
    ),
    _kind(
        "a block of another dialect",
        ": !!! ??? /// === \n. [ # { | ++++ \nh \nbq.",
        r"^(?::{3,}|!{3} ?\w|\?{3}\+? ?\w|/{3} ?\w|={3} \").*|^\.\. (?:[\w-]+::|_[^:\n]+:|\[[^\]\n]+\]).*"
        r"|^\[(?:source|quote|verse|listing|abstract|NOTE|TIP|IMPORTANT|WARNING|CAUTION)\b[^\]\n]*\]$"
        r"|^#\+[A-Za-z_]+.*|^:[A-Z_]{3,}:$|^\{\||^\|[}-]$|^\|={3,}$|^\+{4,}$|^(?:h[1-6]|bq)\. .*"
        r"|\{(?:quote|code|noformat|panel|color)(?::[^{}\n]*)?\}|\{::[^{}\n]*\}|^#(?:figure|link|import|set"
        r"|show|include)\b[\s(].*"
        r"|^\*\[[^\]\n]+\]: .*|^:{2,} ?\w.*|^\.[@upper@][@lower@]+ ?[^.\n]*$",
        "Write a paragraph, or a note in notes.yaml.",
    ),
    _kind(
        "a link or a picture of another dialect",
        "[ < ! \0\0",
        r"\b(?:link|xref|image|include|kbd|video|audio)::?[^\s\[\]]{0,300}\[[^\[\]\n]*\]|(?<![\]\0])\0{8,}\[[^\[\]\n]+\](?!\()"
        r"|\[\0{8,} [^\[\]\n]+\]|\[[^\[\]|\n]+\|\0{8,}\]|\"[^\"\n]+\":\0{8,}|[)\]] ?\[(?:\0{8,}|www\.[^\[\]\n]+)\]"
        r"|\0\0[^\0\n]+\0\0\(\0{8,}\)"
        r"|\0{3,}_(?!\w)"
        r"|(?<!\w)\[#?\w+\]_(?!\w)|![\w./-]+\.(?:png|jpe?g|gif|svg|webp)!|!\([^()\s]+\)"
        r"|<@?[\w.-]+\.[a-z]{2,}(?:/[^<>\s]*)?>|<\0{8,}(?![\0>])",
        "Write [words](address), or ![what it shows](file.jpg).",
    ),
    _kind(
        "a reference of another dialect",
        ":\0 <<",
        r":[a-z]+:(?=\0)|<<[\w-]+(?:,[^<>\n]*)?>>",
        "Write [words](#h-words-of-the-heading), or «words» for quotation marks.",
    ),
    _kind("an alert of GitHub or Obsidian", "[!", r"^\[![A-Za-z]+\][-+]?", "Write it in words: **Note:** …"),
    _kind(
        "an anchor that a comment of Google Docs leaves",
        "[",
        r"(?<=[^\W\d])\[[@upper@]{2,3}\d{1,2}\](?![\w(])|"
        r"(?<=[\w.,;:!?…)»”])\[[a-z]{1,2}\](?![\w(])|(?<!\S)\[[a-z]{1,2}\]\Z|^\[[a-z]{1,2}\](?=[A-Z])",
        "Delete it, and the comment below.",
    ),
    _kind(
        "a formula of TeX",
        "$ \0\0",
        r"(?<![\w$])(\${1,2})(?![\s$]|$)[^$]*(?<!\s)\1(?![\w$])"
        r"|(?<!\0)\0\0(?:(?=[^\0\n^_=]*[\^_=])[^\0\n]+|[A-Za-z])\0\0(?!\0)",  # \( and \) are escaped brackets, too
        "Write it in words and signs: x² ≤ 4.",
    ),
    _kind(
        "a command of TeX",
        "\\ ~ `` ^{",
        r"\\(?!(?:no|auto|text|paren|foot)?cite)[A-Za-z]{2,}\*?(?:\[[^\]\n]*\])?\{|\\[,;](?=[\w\\\0])|(?<!\\)\\\\(?=\s|$)|(?<=\d)~(?=[^\W\d])|\b[^\W\d_]{1,4}\.~(?=\w)|``[^`'\n]+''"
        r"|(?<!\w)\\(?:item|leq?|geq?|times|cdot|approx|pm|ldots|dots|LaTeX|newpage|noindent)(?!\w)|\^\{[^{}\n]+\}",
        "Write Markdown, and the character itself.",
    ),
    _kind(
        "a tag in square brackets",
        "[",
        r"\[/?[a-z][\w-]*(?: [\w-]+=[\"“”][^\[\]\n]*)\]|\[/[a-z][\w-]*\]"
        r"|\[(b|i|u|s|url|img|quote|code|color|size|center|list)(?:=[^\]\n]*)?\].{0,500}?\[/\1\]",
        "Write Markdown: **words**, *words*, [words](address).",
    ),
    _kind(
        "struck words of another dialect",
        "~",
        r"(?<![\w~])~{1,2}[^\s~](?:[^~\n]*[^\s~])?~(?![\w~])",
        "Write ~~words~~.",
    ),
    _kind(
        "bold or slanted words of another dialect",
        "* '' // __",
        r"(?<![\w'])('{2,3})(?=[^\s'])[^'\n]+(?<=[^\s'])\1(?![\w'])|(?<![\w*\\])\*\*[^\s*][^*\n]*[^\s*]\*(?![\w*])"
        r"|(?<![\w*\\])\*{3}[^\s*][^*\n]*[^\s*]\*\*?(?![^\n]*\*)"
        r"|(?<![\w*\\])\*[^\s*][^*\n]*(?:\s\*(?![\w*])|[^\s*]\*\*(?![\w*]))"
        r"|(?<![\w:/])//(?=[^\s/])[^/\n]{1,200}(?<=[^\s/])//(?![\w/])"
        r"|(?<![\w_\\])__(?:(?=\s)[^_\n]+(?<=\s)|[^\s_][^_\n]*\s)__(?!\w)",
        "Write **words** or *words*; the stars touch the words, as many before them as behind.",
    ),
    _kind(
        "marked words of another dialect",
        "== || ^^ !<",
        r"(?<![\w=])==[^\s=](?:[^=\n]*[^\s=])?==(?![\w=])|\|\|[^|\s](?:[^|\n]*[^|\s])?\|\||\^\^[^\s^][^\^\n]*\^\^"
        r"|(?<!\w)!(?=\S)[^!<>\n]+!<",
        "Write **words** or *words*.",
    ),
    _kind(
        "inserted words of another dialect",
        "++",
        r"(?<![\w+])\+\+[^\s+](?:[^+\n]*[^\s+])?\+\+(?![\w+])",
        "Write them as they are.",
    ),
    _kind(
        "raised or lowered words of another dialect",
        "^ ~",
        r"\w\^[^\s^]{1,9}\^|(?<![\w^])\^[^\s^]{1,20}\^(?![\w^])|\w~[^\s~]{1,3}~(?!~)",
        "Write the characters themselves: x², CO₂.",
    ),
    _kind(
        "a remark or a change of CriticMarkup", "{", r"\{(?:\+\+|--|~~|==|>>).*", "Settle it, and take the signs out."
    ),
    _kind(
        "a comment of another dialect",
        "%% {% /* // <!",
        r"%%[^%\n]+%%|\{%.*?%\}|/\*[^\n]{0,500}?\*/|^//\s.*|<!(?:-? |[–—])[^<>\n]*>",
        "Write <!-- … -->, or delete it.",
    ),
    _kind(
        "a place for another program's words",
        "{ % #",
        r"\$\{[\w.]+\}|#\{[\w.]+\}|%\(\w+\)s|(?<!\{)\{[@upper@_]{3,}\}(?!\})|%[@upper@_]{3,}%|#[@upper@_]{3,}#",
        "Write the words themselves.",
    ),
    _kind(
        "a field of Obsidian",
        ":: ^",
        r"^[\w ]{1,30}:: \S.*|[\[(][\w ]{1,30}:: [^\[\]()\n]+[\])]|\s\^[a-z0-9]{5,}$",
        "Leave it out.",
    ),
    _kind("a task of another dialect", "[", r"^\[[- xX/><?!*]\] .*", "Write '- [ ] words' or '- [x] words'."),
    _kind("a link of a wiki", "[[", r"\[\[[^\[\]\n]+\]\]", "Write [words](../slug/)."),
    _kind("a list of contents", "[", r"^\[(?:TOC|toc)\]$", "Leave it out; the page makes its own."),
    _kind("a sign for a picture", ":", r"(?<![\w:]):[a-z]{2,}(?:_[a-z]+)*:(?![\w:])", "Write the character itself."),
    _kind("a heading of a wiki", "=", r"^(={2,}) .+ \1\s*$|\A={1,5} [^=\n]+\Z", "Write '## Words'."),
    _kind(
        "a line of '='",
        "===",
        r"^={3,}\s*$",
        "Write '## Words' for a heading, '---' with empty lines around for a rule.",
    ),
    _kind(
        "a table of another dialect",
        "+",
        r"^\+(?:[-=:]+\+){1,}\s*$",
        "Write its rows as | a | b |, and |---|---| below the first.",
    ),
    _kind(
        "a list of another program",
        " ".join(f"\n{sign}" for sign in "•◦▪‣·●○■□☐☑☒➢➤\uf0b7\uf0a7-0123456789"),
        r"^[•◦▪‣·●○■□☐☑☒➢➤\uf0b7\uf0a7] ?(?=\w)|^(?:-|[0-9]{1,2}\)|1\.(?=\w+ ))[@upper@][@lower@]\w*",
        "Begin its items with '- ' or '1. ', after an empty line.",
    ),
    _kind(
        "quotation marks of a typewriter",
        '"` ,, >> <<',
        r"\"`\w[^\n\"]{0,200}\"'|(?<![\w,]),,\w[^\n\"“”]{0,200}[\"“”]|(?<![\w>])>>[^\s<>][^<>\n]{0,200}<<(?![\w<])"
        r"|(?<![\w<])<<[^\s<>,][^<>\n,]{0,60}[\s!?.][^<>\n]{0,200}>>(?![\w>])",
        'Write „words“, «words», or "words".',
    ),
)


_SIGNS = frozenset(sign for kind in KINDS for sign in kind.signs)


def dialects(source: str, bare: str, printed: str, drafting: Drafting) -> Iterator[tuple[int, str, str, str]]:
    """The first of each kind in a block: its offset, its words, its message and its way out.

    `bare` is the block's source without what is literal in it, `printed` the words that readers would see, `drafting`
    what authors of the language leave behind.
    """
    for kind in kinds_of(bare, drafting):
        for found in compiled(kind, drafting, bare).finditer(bare):
            words = source[found.start() : found.end()].strip()
            if found.lastgroup == "counted":
                counted = _compiled(_COUNTED, _words("counted", drafting, None)).match(found["counted"])
                if counted is None:
                    continue
                words = words[: len(words) - len(found["counted"]) + counted.end()]
            if (
                words
                and words[0] in f"{printed}{_CHANGED}"
                and (kind.name != "a formula of TeX" or _is_formula(words.strip("$")))
            ):
                element = _ELEMENT.match(words)
                way = _WAYS.get(element[1].lower() if element else "", "it in Markdown")
                message = f"'{shortened(words)}' is {kind.name}, and would stand there as it is"
                yield found.start(), words, message, kind.way.replace("{way}", way)
                break


def kinds_of(bare: str, drafting: Drafting) -> Iterator[DialectSign]:
    """The kinds that a block may have."""
    lines = f"\n{bare}"
    there = {sign for sign in _SIGNS if sign in lines}
    if any(signs[0] in bare for signs, _ in drafting.get("unmarked", ())):
        there.add(OWN)
    return (kind for kind in KINDS if not there.isdisjoint(kind.signs))


def _is_formula(words: str) -> bool:
    """Whether what stands between dollar signs, or escaped brackets, is one: not what lies between two prices."""
    if words[0] == "\\" and not words[1].isalpha():
        pair = words[1] + words[-1]
        if pair != "()" and (pair != "[]" or len(words) <= len("\\[a\\]")):  # a letter in brackets is in brackets
            return False
    return bool(_FORMULA_SIGN.search(words)) and not _PROSE.search(words)
