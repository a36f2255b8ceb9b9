"""Which paragraphs and which numbers of a text nothing supports."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from randnotiz import language
from randnotiz.language import Locale
from randnotiz.language.cldr import customs
from randnotiz.letters import HAN, SOUTH_EAST
from randnotiz.markdown import Document
from randnotiz.memo import memoize
from randnotiz.model import Coverage, Uncovered
from randnotiz.spans import Span

_YEAR = r"(?:1[89]|20)\d\d"
# Numbers that say which one and not how many stand behind words that a language's rules list (`numbered`), or these,
# which are the same everywhere.
_IDENTIFIERS = (
    r"ISBN|ISSN|ISMN|EAN|GTIN|ASIN|OCLC|LCCN|ORCID|ISNI|GND|VIAF|PMID|PMCID|CAS|CVE|RFC|ISO|IEC|IBAN|BIC|IP|DOI|ISIN|EP"
    r"|DIN(?:\ (?:EN|ISO|VDE)){0,2}|BWV|NGC|HD|port(?=\s\d{2,5}\b(?!\s\w))"
)
_NUMBERED = r"(?i:serial|order|part|account|case|reference|invoice|licen[cs]e|phone|file|model|ticket)"
_VERSE = r"\d{1,3}[,:]\s?\d{1,3}[a-z]?(?:[-–.]\d{1,3}[a-z]?)*(?:\s?ff?\b\.?)?"
_CHAIN = r"\d+(?:\.\d+)*[a-z]?(?:(?:\s?[-–/&,]\s?|\s(?:@joining@)\s)\d+(?:\.\d+)*[a-z]?)*"
_DIGITS = r"[A-Z]{0,2}\d[\dXx]*(?:[ .:/–-][\dXx]+)*"

# What is counted, behind a number: a measure, its sign, a noun (also after its adjective); and a list without it.
_UNITS = r"\s?(?:[kmcdµnMG]?[glmWVABt]|[kMG]Wh|[kMG]?Hz|ha)\b"
_COUNTED = (
    rf"\s?@measure@|{_UNITS}|\s?[‰°/:–-]\s?\d|\s[A-ZÄÖÜ][a-zäöüß]|\s(?!(?:@unlike@|@articles@)\b)\w+e[nrms]?\s[A-ZÄÖÜ]"
    r"|\s(?!(?:@unlike@)\b)[a-z]+s\b|\s(?:\w+\s)?(?:@heads@|of|out|years?)\b"
)
_FURTHER = r"(?:,|\s(?:@joining@))\s(?:\w+\s){0,2}[A-ZÄÖÜ][\w&]*\s\d|\s(?:@joining@|von|aus)\s\d"

# `Stuttgart 21` is a name in quotation marks, before a verb in the singular, or where it stands in the text twice;
# `Wien 21` may be elliptic. Decimals with a point are a version beside a decimal comma, or between two names.
_NAMED = r"""(?:(?P<quoted>["'“„«»‚‘])(?:[A-ZÄÖÜ]\w*\s){0,3}|(?<!\b[Ii][nm]\s)(?:(?P<within>(?<=[\w,;)]\s))|(?<!\w)))
    (?P<name>(?!@measure@|@measured@)(?=\w*[a-zäöüß&])[A-ZÄÖÜ][\w&]*\s(?P<number>\d{1,4}(?P<point>\.\d)?))(?!\w|[.,:]\d)
    (?:(?P<between>\s(?!@measure@|@measured@)[A-ZÄÖÜ][a-zäöüß]+)|(?!@counted@)(?:(?!\W+(?:\w+\s){1,3}(?P=name))(?=(?P<further>@further@)))?(?:(?P<closed>["'”“»«’‘])|(?P<verb>['’]s\b|\s(?:@verbs@)\b))?)
"""


# What may hold digits, in the order in which it is tried; `number`, `grouped` and `ratio` want support. Where one of
# the first is counted, it is none: one guard for all of them, because it takes long to compile.
_KINDS = rf"""
      (?P<counting> (?:(?<=\d\s)|(?<!\w)(?:(?i:@articles@)\s|[Ll]['’]|@numerals@\s))
          (?:@places@|@series@)(?<!\.)\s(?=\d+(?:[.,]\d+)?@noun@)
        | (?<!\w)(?i:@amounts@)\s?(?=@year@(?!\w|[.,:/–-]\d)) | (?<!\w)(?i:@about@)\s(?=@year@@direct@) )
    | (?P<many> (?:(?<![\w)]\s)|(?<=\band\s)|(?<=\bbut\s)|(?<=\bthat\s))@year@(?=\s(?:were|are|have)\b)
        | (?<!\b[Ii]n\s)\b@year@(?=\s(?:of\s(?:the[ms]?|these|those|us|whom|which)|von\s(?:ihnen|denen|diesen)
          |d['’]entre|de\sell[oa]s|di\s(?:loro|cui)|van\shen|(?:per|an?)\s(?:minute|hour|day|week|month|year|head|person)
          |(?:pro|je)\s[A-ZÄÖÜ]\w+|in\stotal|insgesamt(?!\s\d)|au\stotal|en\stotal|in\stotale)\b) )
    | (?P<address> [A-Za-z][\w+.-]{{0,30}}://\S+ | (?<![\w.+-])[\w.+-]{{1,64}}@\S+ | www\.\S+ )
    | (?P<uncounted> (?:
          \b(?i:patents?)\s(?:(?:US|EP|DE|WO)\s)?(?:(?:Nos?|Nr)\.\s)?(?:\d{{1,2}}(?:,\d{{3}}){{2}}|{_DIGITS})(?!\w)
        | (?<!\w)(?:[1-5]\.?\s)?(?:@books@)\.?\s{_VERSE}(?:;\s{_VERSE})*(?![.,:]?\d)
        | \b(?:[a-zäöüß]+|D(?:ie|er|as|en|em)|The)\s[A-Z]\s\d{{1,4}}\b(?![.,]\d)
        | \b(?:[A-Za-zÄÖÜäöüß]+nummer|{_NUMBERED}\s(?:no\.|number))(?:\s(?:ist|lautet|war|is|was))?\s{_DIGITS}(?!\w)
        | \b(?:[Dd]ial(?:ed|ing)?|[Ww]ähl(?:t|te|en)?|[Ee]rror)\s(?:Sie\s)?(?:die\s)?\d{{3}}(?:\s?\d{{3}})?\b(?!\s?\d)
        | (?:(?<=,\s)no\.|(?<!\w)number|(?<!\w)Rückennummer)\s\d{{1,4}}\b(?![.,]\d|\s\w) )(?!@counted@) )
    | (?P<patent> \b(?:U\.?S\.?|EP|WO|DE|JP|CN|GB|FR|KR|AT)\s?\d[\d,./ ]{{3,14}}\d\s?[A-EUTY]\d?\b )
    | (?P<law> \b\d+\s(?:U\.?S\.?C\.|CFR|U\.S\.|F\.[23]d|S\.\s?Ct\.)\s(?:§+\s?)?\d[\w.()-]*
        | (?<![\w.,])(?:Az\.\s|Aktenzeichen\s)?(?:\d+|[IVX]+[ab]?)\s[A-Z][A-Za-z]{{0,4}}\s\d{{1,5}}/\d\d\b
        | \b[CT]-\d+/\d\d\b
        | \b(?:EU|EG)-(?:Verordnung|Richtlinie)\s\d+/\d+
        | \((?:EU|EC|EG|EWG|EEC)\)\s(?:(?:Nr|No)\.\s)?\d+/\d+
        | \b\d{{2,4}}/\d{{1,4}}/(?:EU|EC|EG|EWG|EEC)\b
        | \b(?:@reports@)\s\d{{1,4}},\s\d+(?:\s\(\d+\))?(?![.,]?\d) )
    | (?P<identifier> (?i:\bdoi:?\s?)?\b10\.\d{{4,9}}/\S+ | (?i:\barXiv:?\s?)[\w.-]+/?\d\S*
        | (?<!\w)(?i:{_IDENTIFIERS}|@identifiers@)(?:-1[03])?(?:[-\ ]?(?:Nr|No)\.)?[:#]?\s?{_DIGITS}
          (?!\s?@measure@)(?![\d\w])
        | \b97[89](?:[- ]?\d){{9}}[- ]?[\dX]\b | \b\d{{4}}-\d{{4}}-\d{{4}}-\d{{3}}[\dX]\b | \b\d{{2,7}}-\d\d-\d\b(?!-)
        | \b[A-Z]{{2}}\d\d(?:\s?[\dA-Z]{{4}}){{2,7}}(?:\s?[\dA-Z]{{1,3}})?\b | \b\d{{4}}(?:[ -]\d{{4}}){{3}}\b
        | \b[\da-fA-F]{{8}}(?:-[\da-fA-F]{{4}}){{3}}-[\da-fA-F]{{12}}\b
        | (?<![\w:])(?:(?:[\da-fA-F]{{1,4}}:){{3,}}:?|[\da-fA-F:]{{0,34}}::)[\da-fA-F:]*\w\b )
    | (?P<plate> (?<![\w-])[A-ZÄÖÜ]{{1,3}}-[A-Z]{{1,2}}\s\d{{1,4}}[EH]?\b
       | (?i:\bKennzeichen)\s[A-ZÄÖÜ]{{1,3}}[ -][A-Z]{{1,2}}\s\d+ )
    | (?P<telephone> (?<![\w.,])(?:1-)?\d{{3}}-\d{{3}}-\d{{4}}\b | \b555-\d{{4}}\b
       | (?<![\w.,])(?:\+|00)\d{{1,3}}(?:[\s()/.-]{{0,3}}\d){{5,}}
        | (?<!\w)(?:1\s)?\(0?\d{{2,5}}\)\s?\d[\d\s/-]*\d
        | \b\d{{3}}[-.]\d{{3}}-\d{{4}}\b | (?<!\w)(?i:(?:Tel|Telefon|Fax)[.:]?|(?:Mobile?|Phone|Hotline|Call|Ruf):)\s?
          \(?\d(?:[\s()/.–-]{{0,2}}\d){{2,}}(?!\s?@measure@)(?!\s?\d)
        | \b(?:die|der)\s\d{{3}}(?:\s?\d{{3}})?(?=\s(?:an[.,;!)]|(?:anrufen|wählen|erreichbar)\b)) )
    | (?P<date> @days@ )
    | (?P<eastern> (?:(?:令和|平成|昭和|民國|民国)\d{{1,3}}|@year@)\s?[年년](?![間间])(?:\s?\d{{1,2}}\s?[月월])?
        | \d{{1,2}}[時时시点](?![間间])(?:\d{{1,2}}[分분])? | [第제]\s?\d+ | (?:พ\.ศ\.|ค\.ศ\.|ปี)\s?\d{{4}} )
    | (?P<era> \b\d{{1,4}}(?:\s?[-–]\s?\d{{1,4}})?\s(?:v\.\s?Chr|n\.\s?Chr|BCE?\b|CE\b|AD\b) | \bAD\s\d+
        | (?<!\w)['’]?\d0(?:er|s)\b(?:\sJahren?)? )
    | (?P<time> \b\d{{1,2}}@hour@[0-5]\d\b | @clock@
       | (?<![\w:.,])@not_a_ratio@(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?\b(?!:) )
    | (?P<ratio> (?<![\w:.,/])\d{{1,3}}(?:[.,]\d+)?:\d+(?:[.,]\d+)?(?![\w:]) )
    | (?P<place> (?<!\w)(?:§+|[Nn][°º]|@places@)\s?@chain@(?![\d\w]|[.,]\d|\s?@measure@|\s(?:@heads@)\b)
        | (?<!\w)(?:@series@)(?:\s[A-Z]{{1,2}})?[- ]\d+(?:[.-]\d+)*[a-z]?
        (?![\d\w]|[.,]\d|\s\d|\s?@measure@|\s[A-ZÄÖÜ]\w|\s\w*(?:meter|gramm|tonnen|liter)|{_UNITS})
        | \b(?P<code>\d{{4,5}}\s)?(?:@cities@)\b(?(code)|\s\d{{5}}\b(?!\s\w))
        | \b\d{{1,5}}[A-Z]?\s(?:[A-Z]\w+\s)?(?:Street|Avenue|Road|Lane|Boulevard)\b
        | \b(?:[A-Z]\w+)\s(?:Street|Avenue|Road|Allee)\s\d+\b
        | \b\w+-Allee\s\d+[a-z]?\b | \bUnter\sden\s\w+\s\d+\b | (?<![\w&])\#\d+\b | \b(?:9/11|24/7)\b
        | \b\d{{1,2}}/(?:19|20)\d\d\b(?=\W|$)
        | \b\d{{1,3}}(?:\.\d+)?°(?:\s?\d+(?:\.\d+)?[′'’])?(?:\s?\d+(?:[.,]\d+)?[″"”])?\s?[NSEWO]\b
        | \b[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?\b(?!\s\w)
        | \b[A-ZÄÖÜ]\w+(?:straße|str\.|weg|allee|gasse|platz)\s\d{{1,4}}[a-z]?\b(?:,\s\d{{4,5}}\b)? )
    | (?P<grouped> (?<![\d.,])\d{{1,3}}(?:\.\d{{3}})+(?:,\d+)?(?![.,]?\d) )
    | (?P<version> (?<![\d.,])\d+(?:\.\d+){{2,}}(?:/\d\d?|:\d+)?(?!,?\d) )
    | (?P<name> (?:@letter@|(?<=@letter@)[-–](?=\d)|_)(?:@letter@|[\d_.-])*\d(?:@letter@|[\d_])* | \d+[A-ZÄÖÜ]\w*
        | (?<![\d.,])0\d+(?:(?:\ /\ |[ /-])\d+)* )
    | (?P<year> \b{_YEAR}(?:er[ns]?|s|/\d\d(?:\d\d)?)?\b(?![.,]\d|\s?@measure@|\s(?:@heads@|@measured@)\b) )
    | (?P<ordinal> \b\d{{1,3}}(?:st|nd|rd|th)\b | \b\d{{1,3}}\.(?=\s[^\W\d]) )
    | (?P<number> @number@ )
"""


@language.of_languages
@cache
def _grammar(tag: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What may be a name with a number, and what holds digits, with the words of a language and of those that most
    sites are written in.
    """
    here = language.of(tag)
    rules = [here.rules, *(language.of(each).rules for each in ("de", "en"))]
    numbered = [each.get("numbered", {}) for each in rules]
    own = numbered[0]
    # A naming word that is counted itself, or has an article and a noun behind its number, names nothing: `20 Seiten
    # 12 Fehler`, `im Artikel 12 Fehler`; bare ones do (`auf Seite 3 Fehler`). In languages without capitals for nouns
    # that is what looks like a plural, by its end.
    between = r"\s(?:[^\W\d_A-ZÄÖÜ]+\s)?" if own.get("adjective_first", True) else r"\s"
    unlike, plurals = _any_of(own.get("unlike", ())), _any_of(own.get("plurals", ()))
    noun = rf"[A-ZÄÖÜ][a-zäöüß]|{between}(?!(?:{unlike})\b)[^\W\d_A-ZÄÖÜ]+(?:{plurals})\b"
    words = {
        "days": language.days_pattern(tag),
        "clock": language.clock_pattern(tag),
        "hour": here.rules.get("hour", "h").replace(" ", r"\s?"),
        "numerals": _any_of(here.rules.get("counting", "").split()),
        "amounts": _any_of(here.rules.get("amounts", ())),
        "about": _any_of(here.rules.get("about", ())),
        "joining": _any_of(word for each in rules for word in each.get("joining", ())),
        # what makes a quantity of a number when it stands behind it
        "measure": r"(?:[%‰€$£¥]|US-|USD|EUR|@money@|@percent@|(?:@scales@)(?!\w))",
        "percent": _any_of(word for each in rules for word in each.get("percent", ())),
        "scales": _any_of(word.rstrip(".") for each in (tag, "de", "en") for word in customs(each).scale_words),
        "not_a_ratio": "".join(
            rf"(?<!\b{_any_of([word])}\s)" for each in numbered for word in each.get("ratios", ())
        ),
        "counted": _COUNTED,
        "further": _FURTHER,
        "chain": _CHAIN,
        "year": _YEAR,
        "number": _NUMBER.pattern,
        "direct": rf"(?!\s@elsewhere@)(?:\s{noun})",  # `die 1984 gegründete Firma`
        "noun": rf"(?!\s@elsewhere@)(?:\s(?:(?!(?:@articles@)\b)\w+e[nrms]?\s)?{noun})",
        "elsewhere": r"(?:(?:@places@)\s\d|(?:@laws@)\b|\w+-)",
        "letter": rf"[^\W\d_{HAN}{SOUTH_EAST}\uac00-\ud7a3]",
    }

    def filled(found: re.Match[str]) -> str:
        name = found[1]
        pattern = words[name] if name in words else _any_of(word for each in numbered for word in each.get(name, ()))
        return _SLOT.sub(filled, pattern)

    return re.compile(_SLOT.sub(filled, _NAMED), re.VERBOSE), re.compile(_SLOT.sub(filled, _KINDS), re.VERBOSE)


def _any_of(words: Iterable[str]) -> str:
    """Any of some words as a part of a verbose pattern, that of most letters first; `*` is any letters, and a small
    letter at the beginning a capital as well.
    """
    found = []
    for word in sorted(dict.fromkeys(words), key=len, reverse=True):
        first = f"[{word[0]}{word[0].upper()}]" if word[0].islower() else re.escape(word[0])
        found.append((first + re.escape(word[1:])).replace(r"\*", r"\w*"))
    return "|".join(found) or "(?!)"


_SLOT = re.compile("@([a-z_]+)@")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:[.,’'\u00a0\u202f]\d+)*")
_AROUND = 30


def coverage(document: Document, here: Locale, touched: Sequence[Span], exempt: Sequence[Span]) -> Coverage:
    """How much of a text is touched by annotations, sources and figures; numbers in `exempt` need no support.

    Headings, code and footnotes are neither paragraphs nor hold numbers that count.
    """
    supported = _Stretches(touched)
    free = _Stretches((*touched, *exempt))
    text = document.text
    blocks = [block for block in document.blocks if block.flow == 0 and block.kind in ("paragraph", "cell")]
    paragraphs = [block for block in blocks if block.kind == "paragraph" and block.end > block.start]
    names, grammar = _grammar(here.tag)
    named = _names(text, names, here.decimal)
    found = (
        (block.start + start, block.start + end)
        for block in blocks
        for start, end in _numbers(text[block.start : block.end], grammar)
    )
    numbers = [span for span in found if span[0] not in named]
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
        if found.lastgroup == "counting":
            found = _NUMBER.match(block, found.end()) or found
            numbers.append(found.span())
        elif found.lastgroup in ("number", "grouped", "ratio", "many"):
            numbers.append(found.span())
        start = found.end()
    return numbers


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
