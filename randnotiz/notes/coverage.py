"""Which paragraphs and which numbers of a text nothing supports."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain

from randnotiz import language
from randnotiz.markdown import Document
from randnotiz.model import Coverage, Uncovered
from randnotiz.spans import Span

_MONTHS = "|".join(sorted({*chain(*language.month_names()), "Feber", "Mrz"}, key=len, reverse=True))
_YEAR = r"(?:1[89]|20)\d\d"
_MEASURE = r"(?:[%‰€$£¥]|Prozent|percent|Euro|Dollar|US-|USD|EUR|Mio|Mrd|Tsd|Mill|Bill|million|billion|thousand)"

# Numbers that say which one and not how many. What stands before them may be in any case; a measure behind them
# makes a quantity of them after all.
_SYSTEMS = (
    r"ISBN|ISSN|ISMN|EAN|GTIN|ASIN|OCLC|LCCN|ORCID|ISNI|GND|VIAF|PMID|PMCID|CAS|CVE|RFC|ISO|IEC|IBAN|BIC|BLZ|Kto\."
    r"|DIN(?:\ (?:EN|ISO|VDE)){0,2}|Kontonummer|account\ (?:no\.|number)|USt-IdNr\.|Steuernummer|HR[AB]|PLZ|ZIP"
    r"|Postfach|P\.?\ ?O\.?\ Box|IP|VAT|DOI|Az\.|Aktenzeichen|Drs\.|Drucksache|Docket|WKN|ISIN|BWV|NGC|HD"
    r"|(?:[A-Za-zÄÖÜäöüß]{2,20}nummer)|Notruf|Postleitzahl(?:\ ist)?|[Pp]ort(?=\s\d{2,5}\b(?!\s\w))|EP"
    r"|Patent(?:\ (?:EP|US|DE))?"
)
_PLACES = (
    r"§+|Art\.|[Aa]rtikel|[Aa]rticles?|Abs\.|Absatz|Satz|Ziff(?:\.|er)|Nr\.|Nrn\.|Nos?\.|Nummer|Number|Rn\.|Rz\."
    r"|Randnummer|[Pp]aras?\.|[Pp]aragraphs?|Kap(?:\.|itel)|[Cc]h(?:ap)?\.|[Cc]hapters?|[Ss]ect?\.|[Ss]ections?"
    r"|Abschnitt"
    r"|Anhang|Appendix|Annex|Part|Teil|Lektion|S\.|Seiten?|pp?\.|[Pp]ages?|Zeilen?|[Ll]ines?|Spalte|Bd\.|Band"
    r"|[Vv]ol\."
    r"|Volume|Heft|Issue|Ausgabe|Abb(?:\.|ildung)|[Ff]ig\.|[Ff]igures?|Tab(?:\.|elle)|[Tt]able|Gleichung|Eq(?:\."
    r"|uation)"
    r"|Anm\.|Fn\.|Fußnote|[Ff]ootnote|Folge|Episode|Staffel|[Vv]ersion|Release|Raum|Zimmer|Room|Gleis|Platform|Linie"
    r"|Route|Highway|Interstate|Flug|Flight|Platz|Hausnummer|Paragra[fp]h?|Par\.|Lemma|Theorem|Gl\.|Psalm|Sure"
    r"|Opus|[Oo]p\."
    r"|[Nn]°|[Nn]º|KW|Kalenderwoche|[A-Za-z]*[Kk]lasse|(?:UN-)?Resolution|Executive\ Order|Proposition|Amendment"
)
# What numbers tell apart by their order, or names: `Bus 100`, but `im Bus 100 Menschen`.
_SERIES = (
    r"Punkt|Frage|Schritt|Step|Phase|Typ|Type|Stufe|Stage|Level|Rang|Regel|Rule|Season|Bus|Tram"
    r"|[US]-Bahn(?:\ [US])?|ICE|Block"
    r"|Haus|Anlage|Windows|iPhone|iOS|Android|Python|Boeing|Airbus|Apollo|Agenda|Area|Channel|Formel|Formula"
    r"|Hartz|Web"
    r"|Industrie|[Cc]ovid|World\ War|Uran|Cäsium|Iod|Jod|Vitamin\ [A-K]|PM|G|Größe|Schuhgröße|Kanal|Artikelserie"
    r"|(?:Flug|Flight)\ [A-Z]{2}"
)
# Capitals and cities of more than 200,000 in countries whose postcodes stand before them.
_CITIES = (
    "Berlin|Hamburg|München|Köln|Frankfurt|Stuttgart|Düsseldorf|Leipzig|Dortmund|Essen|Bremen|Dresden|Hannover"
    "|Nürnberg"
    "|Duisburg|Bochum|Wuppertal|Bielefeld|Bonn|Münster|Mannheim|Karlsruhe|Augsburg|Wiesbaden|Mönchengladbach"
    "|Gelsenkirchen"
    "|Aachen|Braunschweig|Kiel|Chemnitz|Halle|Magdeburg|Freiburg|Krefeld|Mainz|Lübeck|Erfurt|Oberhausen|Rostock"
    "|Kassel"
    "|Hagen|Potsdam|Saarbrücken|Schwerin|Wien|Graz|Linz|Salzburg|Innsbruck|Zürich|Genf|Basel|Bern|Lausanne|Winterthur"
    "|Luzern|St\\.\\ Gallen|Paris|Lyon|Marseille|Toulouse|Nice|Strasbourg|Bruxelles|Brüssel|Luxembourg|Milano"
    "|Roma|Madrid"
)
_CHAIN = r"\d+(?:\.\d+)*[a-z]?(?:(?:\s?[-–/&,]\s?|\s(?:und|and|bis|to|oder|or)\s)\d+(?:\.\d+)*[a-z]?)*"
_DIGITS = r"[A-Z]{0,2}\d[\dXx]*(?:[ .:/–-][\dXx]+)*"

# What may hold digits, in the order in which it is tried. Only what is grouped and the last are numbers that want
# support.
_WITH_DIGITS = re.compile(
    rf"""
      (?P<address> \S+(?:://|@)\S+ | www\.\S+ )
    | (?P<law> \b\d+\s(?:U\.?S\.?C\.|CFR|U\.S\.|F\.[23]d|S\.\s?Ct\.)\s(?:§+\s?)?\d[\w.()-]*
        | (?<![\w.,])(?:Az\.\s|Aktenzeichen\s)?(?:\d+|[IVX]+[ab]?)\s[A-Z][A-Za-z]{{0,4}}\s\d{{1,5}}/\d\d\b
        | \b[CT]-\d+/\d\d\b
        | \b(?:EU|EG)-(?:Verordnung|Richtlinie)\s\d+/\d+
        | \((?:EU|EC|EG|EWG|EEC)\)\s(?:(?:Nr|No)\.\s)?\d+/\d+
        | \b\d{{2,4}}/\d{{1,4}}/(?:EU|EC|EG|EWG|EEC)\b )
    | (?P<identifier> (?i:\bdoi:?\s?)?\b10\.\d{{4,9}}/\S+ | (?i:\barXiv:?\s?)[\w.-]+/?\d\S*
        | (?<!\w)(?i:{_SYSTEMS})(?:-1[03])?(?:[-\ ]?(?:Nr|No)\.)?[:#]?\s?{_DIGITS}(?!\s?{_MEASURE})(?![\d\w])
        | \b97[89](?:[- ]?\d){{9}}[- ]?[\dX]\b | \b\d{{4}}-\d{{4}}-\d{{4}}-\d{{3}}[\dX]\b | \b\d{{2,7}}-\d\d-\d\b(?!-)
        | \b[A-Z]{{2}}\d\d(?:\s?[\dA-Z]{{4}}){{2,7}}(?:\s?[\dA-Z]{{1,3}})?\b | \b\d{{4}}(?:[ -]\d{{4}}){{3}}\b
        | \b[\da-fA-F]{{8}}(?:-[\da-fA-F]{{4}}){{3}}-[\da-fA-F]{{12}}\b
        | (?<![\w:])(?:[\da-fA-F]{{1,4}}:){{3,}}:?[\da-fA-F:]*\w\b )
    | (?P<plate> (?<![\w-])[A-ZÄÖÜ]{{1,3}}-[A-Z]{{1,2}}\s\d{{1,4}}[EH]?\b
       | (?i:\bKennzeichen)\s[A-ZÄÖÜ]{{1,3}}[ -][A-Z]{{1,2}}\s\d+ )
    | (?P<telephone> (?<![\w.,])(?:1-)?\d{{3}}-\d{{3}}-\d{{4}}\b | \b555-\d{{4}}\b
       | (?<![\w.,])(?:\+|00)\d{{1,3}}(?:[\s()/.-]{{0,3}}\d){{5,}}
        | (?<!\w)\(0?\d{{2,5}}\)\s?\d[\d\s/-]*\d
        | \b\d{{3}}[-.]\d{{3}}-\d{{4}}\b | (?<!\w)(?i:(?:Tel|Telefon|Fax)[.:]?|(?:Mobile?|Phone|Hotline|Call|Ruf):)\s?
          \(?\d(?:[\s()/.–-]{{0,2}}\d){{2,}}(?!\s?{_MEASURE})(?!\s?\d) )
    | (?P<date> \d{{4}}-\d\d(?:-\d\d)?(?!\d) | \b\d{{1,2}}\.\s?\d{{1,2}}\.(?:\d{{4}}|\d\d)?(?!\d)
        | \b\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d\d)\b
        | \b\d{{1,2}}(?:\.|st|nd|rd|th)?\s(?:{_MONTHS})\b\.?(?:,?\s{_YEAR}\b)?
        | \b(?:{_MONTHS})\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,\s{_YEAR}\b)? )
    | (?P<era> \b\d{{1,4}}(?:\s?[-–]\s?\d{{1,4}})?\s(?:v\.\s?Chr|n\.\s?Chr|BCE?\b|CE\b|AD\b) | \bAD\s\d+
        | (?<!\w)['’]?\d0(?:er|s)\b(?:\sJahren?)? )
    | (?P<time> \b\d{{1,2}}h\d\d\b | \b\d{{1,2}}\so['’]clock | \b\d{{1,2}}:\d\d(?::\d\d)?\b
       | \b\d{{1,2}}(?:[.:]\d\d)?\s(?:Uhr\b|[ap]\.?m\b) )
    | (?P<place> (?<!\w)(?:{_PLACES})\s?{_CHAIN}(?![\d\w]|[.,]\d|\s?{_MEASURE})
        | (?<!\w)(?:{_SERIES})[- ]\d+(?:\.\d+)*[a-z]?
        (?![\d\w]|[.,]\d|\s?{_MEASURE}|\s[A-ZÄÖÜ]\w|\s\w*(?:meter|gramm|tonnen|liter))
        | \b\d{{4,5}}\s(?:{_CITIES})\b | \b(?:{_CITIES})\s\d{{5}}\b(?!\s\w)
        | \b\d{{1,5}}[A-Z]?\s(?:[A-Z]\w+\s)?(?:Street|Avenue|Road|Lane|Boulevard)\b
        | \b(?:[A-Z]\w+)\s(?:Street|Avenue|Road|Allee)\s\d+\b
        | \b\w+-Allee\s\d+[a-z]?\b | \bUnter\sden\s\w+\s\d+\b | (?<![\w&])\#\d+\b | \b(?:9/11|24/7)\b
        | \b\d{{1,2}}/(?:19|20)\d\d\b(?=\W|$)
        | \b\d{{1,3}}(?:\.\d+)?°(?:\s?\d+(?:\.\d+)?[′'’])?(?:\s?\d+(?:[.,]\d+)?[″"”])?\s?[NSEWO]\b
        | \b[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?\b(?!\s\w)
        | \b[A-ZÄÖÜ]\w+(?:straße|str\.|weg|allee|gasse|platz)\s\d{{1,4}}[a-z]?\b(?:,\s\d{{4,5}}\b)? )
    | (?P<grouped> (?<![\d.,])\d{{1,3}}(?:\.\d{{3}})+(?:,\d+)?(?![.,]?\d) )
    | (?P<version> (?<![\d.,])\d+(?:\.\d+){{2,}}(?:/\d\d?|:\d+)?(?![\d,]) )
    | (?P<name> (?:[^\W\d]|(?<=[^\W\d])[-–](?=\d)|_)[\w.-]*\d\w* | \d+[A-ZÄÖÜ]\w* | (?<![\d.,])0\d+(?:[ /-]\d+)* )
    | (?P<year> \b{_YEAR}(?:er[ns]?|s|/\d\d(?:\d\d)?)?\b(?![.,]\d)(?!\s?{_MEASURE}) )
    | (?P<ordinal> \b\d{{1,3}}(?:st|nd|rd|th)\b | \b\d{{1,3}}\.(?=\s[^\W\d]) )
    | (?P<number> \d+(?:[.,’'\u00a0\u202f]\d+)* )
    """,
    re.VERBOSE,
)
_DIGIT = re.compile(r"\d")
_AROUND = 30


def coverage(document: Document, touched: Sequence[Span], exempt: Sequence[Span]) -> Coverage:
    """How much of a text is touched by annotations, sources and figures; numbers in `exempt` need no support.

    Headings, code and footnotes are neither paragraphs nor hold numbers that count.
    """
    supported = _Stretches(touched)
    free = _Stretches((*touched, *exempt))
    text = document.text
    blocks = [block for block in document.blocks if block.flow == 0 and block.kind in ("paragraph", "cell")]
    paragraphs = [block for block in blocks if block.kind == "paragraph" and block.end > block.start]
    numbers = [span for block in blocks for span in _numbers(text, block.start, block.end)]
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


def _numbers(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The numbers of a block. Only what stands around a digit is looked at: most words have none."""
    while digit := _DIGIT.search(text, start, end):
        word = text.rfind(" ", start, digit.start())
        for _ in range(2):  # a month may come before its day, and "account number" before one
            word = max(start - 1, text.rfind(" ", start, max(word, start)))
        found = _WITH_DIGITS.search(text, word + 1, end)
        if found is None:
            return
        if found.lastgroup in ("number", "grouped"):
            yield found.span()
        start = found.end()


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
