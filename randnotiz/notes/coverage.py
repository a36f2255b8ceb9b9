"""Which paragraphs and which numbers of a text nothing supports."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from randnotiz import language
from randnotiz.language import Locale
from randnotiz.language.cldr import customs
from randnotiz.letters import CAPITALS, HAN, SMALL, SOUTH_EAST, one_of
from randnotiz.markdown import Document
from randnotiz.memo import memoize
from randnotiz.model import Coverage, Uncovered
from randnotiz.spans import Span

_YEAR = r"(?:1[89]|20)\d\d"
_VERSE = r"\d{1,3}[,:]\s?\d{1,3}[a-z]?(?:[-–.]\d{1,3}[a-z]?)*(?:\s?ff?\b\.?)?"
_DIGITS = r"(?:[A-Z]{1,3}[ -]){0,2}[A-Z]{0,2}\d[\dXx]*(?:[ .:/–-][\dXx]+)*"
# What names a number everywhere, beside the words of a language (`numbered`) that say which one and not how many.
_IDENTIFIERS = (
    *("ISBN", "ISSN", "ISMN", "EAN", "GTIN", "ASIN", "OCLC", "LCCN", "ORCID", "ISNI", "GND", "VIAF", "PMID", "PMCID"),
    *("CAS", "CVE", "RFC", "ISO", "IEC", "IBAN", "BIC", "IP", "DOI", "ISIN", "EP", "BWV", "NGC", "HD"),
    *("DIN", "DIN EN", "DIN ISO", "DIN VDE", "DIN EN ISO"),
)

_UNITS = r"\s?(?:[kmcdµnMG]?[glmWVABt]|[kMG]Wh|[kMG]?Hz|ha)\b"
_NUMBER = re.compile(r"\d+(?:[.,’'\u00a0\u202f]\d+)*")
# What stands in the patterns below between two @, beside the words of the rules.
_PATTERNS = {
    "year": _YEAR,
    "number": _NUMBER.pattern,
    "chain": r"\d+(?:\.\d+)*[a-z]?(?:(?:\s?[-–/&,]\s?|\s(?:@joining@)\s)\d+(?:\.\d+)*[a-z]?){0,49}",
    # what makes a quantity of a number when it stands behind it
    "measure": r"(?:[%‰€$£¥]|US-|USD|EUR|@money@|@percent@|(?:@scales@)(?!\w))",
    # what is counted: a measure, its sign, a noun (also after its adjective); and a list without it
    "counted": rf"\s?@measure@|{_UNITS}|\s?[‰°/:–-]\s?\d|\s[@upper@][@lower@]"
    r"|\s(?!(?:@unlike@|@articles@)\b)\w+(?:@adjectives@)\s[@upper@]"
    r"|\s(?!(?:@unlike@)\b)[a-z]+(?:@plurals@)\b|\s(?:\w+\s)?(?:@heads@|@measured@|@wholes@)\b",
    "further": r"(?:,|\s(?:@joining@))\s(?:\w+\s){0,2}[@upper@][\w&]*\s\d|\s(?:@joining@)\s\d",
    "not_measured": r"(?<![\d.,])(?!\d++(?:@measured@))",
    # A naming word that is counted itself, or has an article and a noun behind its number, names nothing: `20 Seiten
    # 12 Fehler`, `im Artikel 12 Fehler`; bare ones do (`auf Seite 3 Fehler`). In languages without capitals for nouns
    # that is what looks like a plural, by its end.
    "noun": r"[@upper@][@lower@]|@between@(?!(?:@own_unlike@)\b)[^\W\d_@upper@]+(?:@own_plurals@)\b",
    "direct": r"(?!\s@elsewhere@)(?:\s@noun@)",  # `die 1984 gegründete Firma`
    "described": r"(?!\s@elsewhere@)(?:\s(?:(?!(?:@articles@)\b)\w+(?:@adjectives@)\s)?@noun@)",
    "elsewhere": r"(?:(?:@places@)\s\d|(?:@laws@)\b|\w+-)",
}

# `Stuttgart 21` is a name in quotation marks, before a verb in the singular, or where it stands in the text twice;
# `Wien 21` may be elliptic. Decimals with a point are a version beside a decimal comma, or between two names.
_NAMED = r"""(?:(?P<quoted>["'“„«»‚‘])(?:[@upper@]\w*\s){0,3}|@not_in@(?:(?P<within>(?<=[\w,;)]\s))|(?<!\w)))
    (?P<name>(?!@measure@|@measured@)(?=\w*[@lower@&])[@upper@][\w&]*\s(?P<number>\d{1,4}(?P<point>\.\d)?))(?!\w|[.,:]\d)
    (?:(?P<between>\s(?!@measure@|@measured@)[@upper@][@lower@]+)|(?!@counted@)(?:(?!\W+(?:\w+\s){1,3}(?P=name))(?=(?P<further>@further@)))?(?:(?P<closed>["'”“»«’‘])|(?P<verb>['’]s\b|\s(?:@verbs@)\b))?)
"""

# What may hold digits, in the order in which it is tried; what has a name wants support. Each begins with what a text
# has that has it, of several any: words of the rules, or signs, 0 being any digit; to compile what cannot be found
# would take most of the time. Where one of `uncounted` is counted, it is none.
_KINDS = (
    (
        "@places@ @series@",
        r"""(?P<counting>(?:(?<=\d\s)|(?<!\w)(?:@i:articles@(?:(?<=['’])|\s)|(?:@numerals@)\s))
        (?:@places@|@series@)(?<!\.)\s(?=\d+(?:[.,]\d+)?@described@))""",
    ),
    ("@i:amounts@", r"(?P<amount>(?<!\w)@i:amounts@\s?(?=@year@(?!\w|[.,:/–-]\d)))"),
    ("@i:about@", r"(?P<about>(?<!\w)@i:about@\s(?=@year@@direct@))"),
    ("@several@", r"(?P<several>(?:(?<![\w)]\s)@but@)@year@(?=\s(?:@several@)\b))"),
    ("@amounts_behind@", r"(?P<many>@not_in@\b@year@(?=\s(?:@amounts_behind@)\b(?!\s\d)))"),
    (":// @ www.", r"[A-Za-z][\w+.-]{0,30}://\S+|(?<![\w.+-])[\w.+-]{1,64}@\S+|www\.\S+"),
    ("", r"(?:@uncounted@)(?!@counted@)"),
    ("@phrases@", r"@phrases@"),
    ("", r"\b(?:U\.S\.|[A-Z]{2})\s?\d[\d,./ ]{3,14}\d\s?[A-EUTY]\d?\b"),
    (
        "0/0",
        r"""(?<![\w.,])(?:[@upper@]\w+\.?\s)?(?:\d+|[IVX]+[ab]?)\s[A-Z][A-Za-z]{0,4}\s\d{1,5}/\d\d\b
        |\b[CT]-\d+/\d\d\b|\([A-Z]{2,4}\)\s(?:\w\w?\.\s?)?\d+/\d+|\b\d{2,4}/\d{1,4}/[A-Z]{2,4}\b""",
    ),
    ("@reports@", r"\b(?:@reports@)\s\d{1,4},\s\d+(?:\s\(\d+\))?(?![.,]?\d)"),
    ("00.0", r"(?i:\bdoi:?\s?)?\b10\.\d{4,9}/\S+"),
    ("arxiv arXiv ARXIV", r"(?i:\barXiv:?\s?)[\w.-]+/?\d\S*"),
    (
        "@i:identifiers@",
        rf"""(?<!\w)@i:identifiers@(?:-1[03])?(?:[- ]?\w\w\.)?[:#]?\s?{_DIGITS}
        (?!\s?@measure@)(?![\d\w])""",
    ),
    ("port Port", r"(?<!\w)[pP]ort\s\d{2,5}\b(?!\s\w)"),
    ("0-0", r"\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b|\b\d{2,7}-\d\d-\d\b(?!-)"),
    ("", r"\b97[89](?:[- ]?\d){9}[- ]?[\dX]\b|\b\d{4}(?:[ -]\d{4}){3}\b"),
    ("", r"\b[A-Z]{2}\d\d(?:\s?[\dA-Z]{4}){2,7}(?:\s?[\dA-Z]{1,3})?\b"),
    ("-", r"\b[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}\b"),
    (":", r"(?<![\w:])(?:(?:[\da-fA-F]{1,4}:){3,}:?|[\da-fA-F:]{0,34}::)[\da-fA-F:]*\w\b"),
    ("-", r"(?<![\w-])[@upper@]{1,3}-[A-Z]{1,2}\s\d{1,4}[EH]?\b"),
    ("0-0", r"(?<![\w.,])(?:1-)?\d{3}-\d{3}-\d{4}\b|\b555-\d{4}\b|\b\d{3}[-.]\d{3}-\d{4}\b"),
    ("+0 00", r"(?<![\w.,])(?:\+|00)\d{1,3}(?:[\s()/.-]{0,3}\d){5,}"),
    ("0)", r"(?<!\w)(?:1\s)?\(0?\d{2,5}\)\s?\d[\d\s/-]*\d"),
    ("", r"@days@"),
    ("", r"(?<!\w)['’]?\d0(?:@decades@)\b"),
    ("", r"\b\d{1,2}@hour@[0-5]\d\b"),
    ("@clock@", r"\b\d{1,2}(?:[.:]\d\d)?\s?(?:@clock@)(?!\w)(?:\s[0-5]\d\b)?"),
    ("0:0", r"(?<![\w:.,])@not_a_ratio@(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?\b(?!:)"),
    ("0:0", r"(?P<ratio>(?<![\w:.,/])\d{1,3}(?:[.,]\d+)?:\d+(?:[.,]\d+)?(?![\w:]))"),
    ("", r"(?<!\w)(?:§+|[Nn][°\u00ba]|@places@)\s?@chain@(?![\d\w]|[.,]\d|\s?@measure@|\s(?:@heads@)\b)"),
    (
        "@series@",
        rf"""(?<!\w)(?:@series@)(?:\s[A-Z]{{1,2}})?[- ]\d+(?:[.-]\d+)*[a-z]?
        (?![\d\w]|[.,]\d|\s\d|\s?@measure@|\s[@upper@]\w|\s(?:@measured@)\b|{_UNITS})""",
    ),
    ("@cities@", r"\b(?P<code>\d{4,5}\s)?(?:@cities@)\b(?(code)|\s\d{5}\b(?!\s\w))"),
    ("#0", r"(?<![\w&])\#\d+\b"),
    ("0/0", r"\b(?:9/11|24/7)\b|\b\d{1,2}/(?:19|20)\d\d\b(?=\W|$)"),
    ("0°", r"\b\d{1,3}(?:\.\d+)?°(?:\s?\d+(?:\.\d+)?[′'’])?(?:\s?\d+(?:[.,]\d+)?[″\"”])?\s?[NSEWO]\b"),
    ("", r"\b[A-Z]{2}\s\d{5}(?:-\d{4})?\b(?!\s\w)"),
    (".000", r"(?P<grouped>(?<![\d.,])\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![.,]?\d))"),
    (".0", r"(?<![\d.,])\d+(?:\.\d+){2,}(?:/\d\d?|:\d+)?(?!,?\d)"),
    ("", r"(?:[^\W\d@unparted@]|(?<=[^\W\d@unparted@])[-–](?=\d))(?:[^\W@unparted@]|[.-])*\d[^\W@unparted@]*"),
    ("", r"\d+[@upper@]\w*"),
    ("", r"(?<![\d.,])0\d+(?:(?:\ /\ |[ /-])\d+)*"),
    ("", r"\b@year@(?:@decades@|/\d\d(?:\d\d)?)?\b(?![.,]\d|\s?@measure@|\s(?:@heads@|@measured@)\b)"),
    ("", r"\b\d{1,3}(?:@ordinals@)(?!\w)|\b\d{1,3}\.(?=\s[^\W\d])"),
    ("", r"(?P<number>@number@)"),
)
_UNCOUNTED = (
    ("@books@", rf"(?<!\w)(?:[1-5]\.?\s)?(?:@books@)\.?\s{_VERSE}(?:;\s{_VERSE})*(?![.,:]?\d)"),
    ("", r"\b(?:[@lower@]+|@articles@)\s[A-Z]\s\d{1,4}\b(?![.,]\d)"),
    ("@identifiers@", rf"(?<!\w)(?:@identifiers@)\s(?:@equals@)\s{_DIGITS}(?!\w)"),
    ("@named@", r"@named@"),
)
_SOUGHT = ("counting", "amount", "about")  # behind which a quantity stands
_WANTED = ("number", "grouped", "ratio", "many", "several")

# What a phrase of a language's rules may have beside letters: a name, any letters, a number or several, digits in
# groups, a year, a postcode.
_PHRASED = {
    "\0": r"[@upper@]\w*",
    "*": r"[^\W\d]*",
    "0": r"(?:§+\s?)?@chain@",
    "000": r"(?:[A-Z]{1,3}\s?)?\(?\d(?:,\d{3}|[\s()/.–-]{0,2}[\dXx]){2,}",
    "0000": _YEAR,
    "00000": r"\d{4,5}",
}
_ENDS = ("adjectives", "decades", "ordinals", "plurals")  # of words, and none themselves
_TOP = ("about", "amounts", "clock", "joining", "ordinals", "percent")  # rules that are not in `numbered`
_UNPARTED = "\u0e00"  # from which on letters may be of scripts that part no words
_NOTHING = "(?!)"
_SLOT = re.compile("@((?:i:)?[a-z_]+)@")
_PART = re.compile(r"0+|[*\0]|[^0*\0]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_AROUND = 30
_NEAR = 6  # words on either side of a digit, of which the patterns ask


class _Grammar:
    """The patterns of a language: of its words, and of those that most sites are written in, they have what stands
    near the digits of some texts. To compile all of them takes five times as long, and to look for them three times.
    """

    def __init__(self, here: Locale, near: str) -> None:
        self.here, self.near, self.folded = here, near, near.lower()
        self.words, self.folded_words = (frozenset(_LETTERS.findall(each)) for each in (near, self.folded))
        self.asked, self.loose = set[str](), set[str]()  # words, and what may be a part of one, that were looked for
        own = here.rules.get("numbered", {})
        scales = (word for each in (here.tag, *language.MOST_SITES) for word in customs(each).scale_words)
        self.unparted = max(near, default="") >= _UNPARTED
        self.slots: dict[str, str] = {
            "days": language.days_pattern(here.tag),
            "hour": re.escape(here.rules.get("hour", "h")).replace(r"\ ", r"\s?"),
            "between": r"\s(?:[^\W\d_@upper@]+\s)?" if own.get("adjective_first", True) else r"\s",
            "own_unlike": self._said(own.get("unlike", ())),
            "own_plurals": _any_of(own.get("plurals", ())),
            "numerals": self._said(here.rules.get("counting", "").split()),
            "scales": self._said(word.rstrip(".") for word in scales),
            "i:identifiers": self._said((*_IDENTIFIERS, *self._listed("identifiers")), folded=True),
            "not_a_ratio": self._beside("(?<!", "ratios"),
            "not_in": self._beside("(?<!", "within"),
            "but": self._beside("|(?<=", "clauses"),
            "upper": CAPITALS,
            "lower": SMALL,
            "unparted": f"{HAN}{SOUTH_EAST}\uac00-\ud7a3" if self.unparted else "",
        }
        self.slots["between"] = self._filled(self.slots["between"])
        self.slots["named"], self.slots["phrases"] = self._phrases()
        self.slots["uncounted"] = self._kinds(_UNCOUNTED)
        self.names = re.compile(self._filled(_NAMED), re.VERBOSE)
        self.numbers = re.compile(self._kinds(_KINDS), re.VERBOSE)

    def covers(self, near: str) -> bool:
        """Whether the patterns have all that stands near the digits of another text, too."""
        words = {*_LETTERS.findall(near), *_LETTERS.findall(near.lower())} - self.words - self.folded_words
        return (
            words.isdisjoint(self.asked)
            and not any(part in near and part not in self.near for part in self.loose)
            and (self.unparted or max(near, default="") < _UNPARTED)
        )

    def _kinds(self, kinds: Iterable[tuple[str, str]]) -> str:
        """Those of some kinds that the text may have."""
        return "|".join(
            self._filled(kind) for needs, kind in kinds if not needs or any(map(self._has, needs.split(" ")))
        )

    def _has(self, need: str) -> bool:
        if slot := _SLOT.fullmatch(need):
            return self._slot(slot) != _NOTHING
        self.loose.add(need)
        return need in self.near

    def _filled(self, pattern: str) -> str:
        return _SLOT.sub(self._slot, pattern)

    def _slot(self, slot: re.Match[str]) -> str:
        key = slot[1]
        if key not in self.slots:
            if key in _PATTERNS:
                self.slots[key] = self._filled(_PATTERNS[key])
            elif key in _ENDS:
                self.slots[key] = _any_of(word for word in self._listed(key) if word != ".")
            else:
                self.slots[key] = self._said(self._listed(key.removeprefix("i:")), key.startswith("i:"))
        return self.slots[key]

    def _listed(self, field: str) -> tuple[str, ...]:
        return language.words_of(self.here.tag, *((field,) if field in _TOP else ("numbered", field)))

    def _forms(self, words: Iterable[str], folded: bool = False) -> Iterator[str]:
        """The words that the text has, each as it does: a small letter at the beginning may stand for a capital."""
        there, near = (self.folded_words, self.folded) if folded else (self.words, self.near)
        for word in words:
            capital = (word[0].upper() + word[1:],) if word[0].islower() else ()
            for form in (word.lower(),) if folded else (word, *capital):
                loose = "*" in form or max(form) >= _UNPARTED
                parts = (form,) if form.isalpha() else _LETTERS.findall(form)
                self.asked.update(parts)
                if loose:
                    self.loose.update(parts)
                if all(part in there or (loose and part in near) for part in parts):
                    yield form

    def _said(self, words: Iterable[str], folded: bool = False) -> str:
        """A pattern of the words that the text has."""
        pattern = _any_of(self._forms(words, folded))
        return f"(?i:{pattern})" if folded and pattern != _NOTHING else pattern

    def _beside(self, look: str, field: str) -> str:
        """One look beside for each of some words."""
        return "".join(rf"{look}\b{re.escape(form)}\s)" for form in self._forms(self._listed(field)))

    def _phrases(self) -> tuple[str, str]:
        """The phrases that the text may have, those with a number at their end, and others. Letters that no blank
        parts from others have no bounds.
        """
        numbered, others = dict[str, list[str]](), list[str]()
        for phrase in self._forms(each for each in self._listed("phrases") if "0" in each):
            unparted = max(phrase) >= _UNPARTED
            made = ["@not_measured@" if phrase[0] == "0" else "" if unparted else r"(?<!\w)"]
            parts = _PART.findall(re.sub(r"(?<![^ ])\*", "\0", phrase))
            made += (_PHRASED.get(part) or re.escape(part).replace(r"\ ", r"[.:]{0,2}\s?") for part in parts)
            if unparted or phrase.endswith("0000") or phrase[-1] != "0":
                others.append("".join((*made, r"(?!\d)" if unparted else r"(?!\w)")))
            else:
                numbered.setdefault(made.pop(), []).append("".join(made))
        ends = (rf"(?:{'|'.join(starts)}){number}(?!\w|[.,]\d)" for number, starts in numbered.items())
        return self._filled("|".join(ends) or _NOTHING), self._filled("|".join(others) or _NOTHING)


@language.of_languages
@cache
def _grammars(_tag: str) -> list[_Grammar]:
    """The grammar of a language that was made last, or none."""
    return []


def _grammar(here: Locale, text: str) -> _Grammar:
    """What finds the numbers of a text. It grows with what texts have; few of them have much that is new."""
    words = text.split()
    there = [at for at, word in enumerate(words) if _DIGIT.search(word)]
    around = sorted({near for at in there for near in range(max(at - _NEAR, 0), min(at + _NEAR + 1, len(words)))})
    near = _DIGIT.sub("0", " ".join(words[at] for at in around))
    last = _grammars(here.tag)
    if not last or not last[0].covers(near):
        last[:] = [_Grammar(here, " ".join((*(one.near for one in last), near)))]
    return last[0]


def _any_of(words: Iterable[str]) -> str:
    """Any of some words, in which `*` is any letters, that of most letters first."""
    return one_of(words).replace(r"\*", r"[^\W\d]*") or _NOTHING


def coverage(document: Document, here: Locale, touched: Sequence[Span], exempt: Sequence[Span]) -> Coverage:
    """How much of a text is touched by annotations, sources and figures; numbers in `exempt` need no support.

    Headings, code and footnotes are neither paragraphs nor hold numbers that count.
    """
    supported = _Stretches(touched)
    free = _Stretches((*touched, *exempt))
    text = document.text
    blocks = [block for block in document.blocks if block.flow == 0 and block.kind in ("paragraph", "cell")]
    paragraphs = [block for block in blocks if block.kind == "paragraph" and block.end > block.start]
    grammar = _grammar(here, text)
    named = _names(text, grammar.names, here.decimal)
    found = (
        (block.start + start, block.start + end)
        for block in blocks
        for start, end in _numbers(text[block.start : block.end], grammar.numbers)
    )
    numbers = [span for span in found if span[0] not in named]
    numbers = _joined(text, numbers, here) + [
        (found.start(), found.end())
        for pattern in _han_numbers(here.tag)
        for block in blocks
        for found in pattern.finditer(text, block.start, block.end)
    ]
    numbers.sort()
    return Coverage(
        paragraphs=len(paragraphs),
        numbers=len(numbers),
        bare_paragraphs=tuple(
            Uncovered(words=_beginning(text[block.start : block.end]), position=document.position(block.start))
            for block in paragraphs
            if not supported.meet(block.start, block.end)
        ),
        bare_numbers=tuple(
            Uncovered(words=text[start:end], position=document.position(start))
            for start, end in numbers
            if not free.meet(start, end)
        ),
    )


def _names(text: str, names: re.Pattern[str], decimal: str) -> frozenset[int]:
    """Where numbers of names begin that nothing but the text around them tells from quantities."""
    found = list(names.finditer(text))
    lists = {each.end("further") for each in found if each["further"]}  # a list ends where its last `Wien 2` does
    within = [each for each in found if each["within"] is not None and not each["between"] and not each["further"]]
    alike = Counter(each["name"] for each in within if not lists & set(range(each.start(), each.end() + 1)))
    sure = {name for name, times in alike.items() if times > 1}
    for each in found:
        if (each["quoted"] and each["closed"]) or (each["verb"] and each["number"] != "1"):
            sure.add(each["name"])
        if each["point"] and each["within"] is not None and (each["between"] or decimal == ","):
            sure.add(each["name"])
    return frozenset(each.start("number") for each in found if each["name"] in sure)


@memoize(512)
def _numbers(block: str, grammar: re.Pattern[str]) -> Sequence[tuple[int, int]]:
    """The numbers of a block. Only what stands around a digit is looked at: most words have none."""
    start, numbers = 0, list[tuple[int, int]]()
    while digit := _DIGIT.search(block, start):
        word = block.rfind(" ", start, digit.start())
        for _ in range(3):  # a month may come before its day, and "account number is" before one
            word = max(start - 1, block.rfind(" ", start, max(word, start)))
        found = grammar.search(block, word + 1)
        if found is None:
            break
        if found.lastgroup in _SOUGHT:
            found = _NUMBER.match(block, found.end()) or found
            numbers.append(found.span())
        elif found.lastgroup in _WANTED:
            numbers.append(found.span())
        start = found.end()
    return numbers


# What stands within a number: a sign of scale (12億3千万, 3억 7천만) and points of Arabic script; in languages whose
# groups are parted by blanks, plain ones too, and all groups behind.
_WITHIN = re.compile(r"[百千백천]?[万萬億亿兆만억조] ?|[٫٬]")
_WITHIN_OR_BLANK = re.compile(rf"{_WITHIN.pattern}|[ \u00a0\u202f](?=\d{{3}}(?!\d))")
_GROUPS = re.compile(r"(?:[ \u00a0\u202f]\d{3}(?!\d))*")


def _joined(text: str, numbers: Iterable[tuple[int, int]], here: Locale) -> list[tuple[int, int]]:
    """The numbers in order, those that are parts of one as one."""
    between = _WITHIN_OR_BLANK if customs(here.tag).numbers.group.isspace() else _WITHIN
    joined: list[tuple[int, int]] = []
    for start, end in numbers:
        within = between.match(text, joined[-1][1]) if joined else None
        if within and within.end() == start:
            groups = _GROUPS.match(text, within.start())
            joined[-1] = (joined[-1][0], max(end, groups.end() if groups else 0))
        else:
            joined.append((start, end))
    return joined


_HAN_SIGNS, _HAN_TENS = "〇零一二三四五六七八九两兩十百千万萬億亿兆", "十百千万萬億亿兆"


@language.of_languages
@cache
def _han_numbers(tag: str) -> Sequence[re.Pattern[str]]:
    """What finds numbers in Han signs, in a language that has counters for them: of several signs with tens among
    them, or before a counter. What says which one of many is none, as days do, nor 一, which says hardly more than a.
    """
    rules = language.of(tag).rules
    counters, numbered = _any_of(rules.get("counters", "").split()), rules.get("numbered", {})
    if counters == _NOTHING:
        return ()
    nth, dated, lasting = (
        _any_of(each.get(key, ())) for each, key in ((rules, "ordinals"), (numbered, "dated"), (numbered, "measured"))
    )
    alone = rf"(?!一(?:{counters}))[{_HAN_SIGNS}]+(?=(?:{counters})(?!{nth}))"
    tens = rf"(?![万萬億亿兆])(?=[{_HAN_SIGNS}]*[{_HAN_TENS}])[{_HAN_SIGNS}]{{2,}}"
    no_name = rf"(?!(?!{lasting})(?:{dated}|{nth}))"
    nth_of = "".join(
        rf"(?<!{each[:-1]})" for each in numbered.get("phrases", ()) if each[:-1].isalpha() and each[-1] == "0"
    )
    return (re.compile(rf"{nth_of}(?<![\d{_HAN_SIGNS}])(?:{alone}|{tens}(?![{_HAN_SIGNS}]){no_name})"),)


def _beginning(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 2 * _AROUND else words[: 2 * _AROUND].rsplit(" ", 1)[0] + " …"


class _Stretches:
    """A union of spans that can be asked, in rising order, whether it meets a stretch."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = sorted((span.start, span.end) for span in spans if span.start < span.end)
        self.furthest: list[int] = []
        furthest = 0
        for _, end in self.spans:
            furthest = max(furthest, end)
            self.furthest.append(furthest)

    def meet(self, start: int, end: int) -> bool:
        """Whether any of the spans shares a character with a stretch."""
        before = bisect_left(self.spans, (end,))
        return before > 0 and self.furthest[before - 1] > start
