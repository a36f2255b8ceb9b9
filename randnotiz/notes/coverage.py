"""Which paragraphs and which numbers of a text nothing supports."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import cache

from randnotiz import language
from randnotiz.language import Locale
from randnotiz.letters import HAN, SOUTH_EAST
from randnotiz.markdown import Document
from randnotiz.memo import memoize
from randnotiz.model import Coverage, Uncovered
from randnotiz.spans import Span

_YEAR = r"(?:1[89]|20)\d\d"
_MEASURE = r"(?:[%‰€$£¥]|Prozent|percent|Euro|Dollar|US-|USD|EUR|Mio|Mrd|Tsd|Mill|Bill|million|billion|thousand)"

# Numbers that say which one and not how many. What stands before them may be in any case; a measure behind them
# makes a quantity of them after all.
_SYSTEMS = (
    r"ISBN|ISSN|ISMN|EAN|GTIN|ASIN|OCLC|LCCN|ORCID|ISNI|GND|VIAF|PMID|PMCID|CAS|CVE|RFC|ISO|IEC|IBAN|BIC|BLZ|Kto\."
    r"|DIN(?:\ (?:EN|ISO|VDE)){0,2}|Kontonummer|account\ (?:no\.|number)|USt-IdNr\.|Steuernummer|HR[AB]|PLZ|ZIP"
    r"|Pub(?:lic\ |\.\ )L(?:aw|\.)|H\.\ ?R\.|KV|Formular|Form(?=\s\d)"
    r"|Postfach|P\.?\ ?O\.?\ Box|IP|VAT|DOI|Az\.|Aktenzeichen|Drs\.|Drucksache|Docket|WKN|ISIN|BWV|NGC|HD"
    r"|(?:[A-Za-zÄÖÜäöüß]{2,20}nummer)|Notruf|Postleitzahl(?:\ ist)?|[Pp]ort(?=\s\d{2,5}\b(?!\s\w))|EP"
)
_PLACES = (
    r"§+|Art\.|[Aa]rtikel|[Aa]rticles?|Abs\.|Absatz|Satz|Ziff(?:\.|er)|Nr\.|Nrn\.|Nos?\.|Nummer|Number|Rn\.|Rz\."
    r"|Randnummer|[Pp]aras?\.|[Pp]aragraphs?|Kap\.|[Kk]apitel|[Cc]h(?:ap)?\.|[Cc]hapters?|[Ss]ect?\.|[Ss]ections?"
    r"|Abschnitt"
    r"|Anhang|Appendix|Annex|Part|Teil|Lektion|S\.|Seiten?|pp?\.|[Pp]ages?|Zeilen?|[Ll]ines?|Spalte|Bd\.|Band"
    r"|[Vv]ol\."
    r"|[Vv]olumes?|Heft|Issue|Ausgabe|Abb(?:\.|ildung)|[Ff]ig\.|[Ff]igures?|Tab(?:\.|elle)|[Tt]able|Gleichung|Eq(?:\."
    r"|uation)"
    r"|Anm\.|Fn\.|Fußnote|[Ff]ootnote|Folge|Episode|Staffel|[Vv]ersion|Release|Raum|Zimmer|Room|Gleis|Platform|Linie"
    r"|Route|Highway|Interstate|Flug|Flight|Platz|Hausnummer|Paragra[fp]h?|Par\.|Lemma|Theorem|Gl\.|Psalm|Sure"
    r"|Opus|[Oo]p\."
    r"|[Pp][aá]gina|[Cc]ap[ií]tulo|[Cc]apitolo|[Cc]hapitre|[Hh]oofdstuk|[Aa]rt[ií]culo|[Aa]rticolo|[Aa]rtigo|[Ss]ida|[Ss]ide"
    r"|[Rr]ozdzia\w+|[Aa]rtyku\w+|[Сс]тать\w+|[Гг]лав\w+|[Сс]траниц\w+|[Тт]ом|[Сс]тр\."
    r"|[Nn]°|[Nn]º|KW|Kalenderwoche|[A-Za-z]*[Kk]lasse|(?:UN-)?Resolution|Executive\ Order|Proposition|Amendment"
)
# What numbers tell apart by their order, or names: `Bus 100`, but `im Bus 100 Menschen`.
_SERIES = (
    r"Punkt|Frage|Schritt|Step|Phase|Typ|Type|Stufe|Stage|Level|Rang|Regel|Rule|Season|Bus|Tram"
    r"|[US]-Bahn(?:\ [US])?|ICE|Block"
    r"|Haus|Anlage|Windows|iPhone|iOS|Android|Python|Boeing|Airbus|Apollo|Agenda|Area|Channel|Formel|Formula"
    r"|Hartz|Web|Tor|Gate|Terminal|Zone|Sonett?|Fall|[Pp]flegegrad|Liga|Feld|Studio|District|Ward|Model|Radio|Typen"
    r"|Autobahn|Super\ Bowl|Code|Fehler|Quartal|Charge"
    r"|RE|RB|IC|EC|RJ|NJ|Kilometer|Mile|Office|Fahrenheit|HTTP"
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
# The books of the Bible, in full and as they are shortened in German and English.
_BOOKS = (
    r"(?:[1-5]\.?\s)?(?:Mose|Gen(?:esis)?|Ex(?:od(?:us)?)?|Lev(?:iti[ck]us)?|Num(?:eri|bers)?|Dtn|De?ut(?:eronom(?:ium|y))?"
    r"|Jos(?:h(?:ua)?|ua)?|Ri(?:chter)?|Judg(?:es)?|Ruth?|Sam(?:uel)?|Kön(?:ige)?|Kgs|Kings|Chr(?:on(?:ik|icles)?)?|Esra|Ezra"
    r"|Neh(?:emia|emiah)?|Est(?:er|her)?|Tob(?:it)?|Jdt|Mak(?:k)?|[HJI]+ob|Ps(?:alm(?:en|s)?)?|Spr(?:üche)?|Prov(?:erbs)?"
    r"|Pred(?:iger)?|Koh(?:elet)?|Eccl(?:esiastes)?|Hld|Song|Weish|Sir(?:ach)?|Jes(?:aja)?|Isa(?:iah)?|Jer(?:emi[aâ]h?)?|Klgl|Lam"
    r"|Ez(?:ek(?:iel)?)?|Hes(?:ekiel)?|Dan(?:iel)?|Hos(?:ea)?|Joel?|Am(?:os)?|Ob(?:d|ad)?|Jona?h?|Mi(?:c(?:ah|ha))?|Nah(?:um)?"
    r"|Hab(?:akuk|akkuk)?|Ze[fp]h?|Hag(?:gai)?|Sach(?:arja)?|Zech(?:ariah)?|Mal(?:eachi|achi)?|Mt|Matt(?:häus|hew)?|Mk|Mark(?:us)?"
    r"|Lk|Lu[ck]k?(?:as|e)|Joh(?:annes|n)?|Apg|Acts|Rö?m(?:er|ans)?|[CK]or(?:inth(?:er|ians))?|Gal(?:ater|atians)?|Eph(?:eser|esians)?"
    r"|Phil(?:ipper|ippians)?|[CK]ol(?:osser|ossians)?|The?ss(?:alonicher|alonians)?|Tim(?:otheus|othy)?|Tit(?:us)?|Phlm|Hebr?(?:äer|ews)?"
    r"|Ja[ks](?:obus)?|James|Petr?(?:us|er)?|Jud(?:as|e)?|Offb?(?:enbarung)?|Apk|Rev(?:elation)?|Sur(?:e|ah?)|Koran|Qur[’']?[aā]n)"
)
# Series of reports and gazettes whose volume and page stand behind them, divided by a comma.
_REPORTS = (
    r"BVerfG(?:E|K)|BGH(?:Z|St)|BVerwGE|BAGE|BSGE|BFHE|RG(?:Z|St)|VfSlg\.?|BGE|NJW(?:-RR)?|NZA|NVwZ|NStZ|JZ|MDR|DVBl\.?"
    r"|GRUR|EuGRZ|FamRZ|WM|[RB]GBl\.?(?:\s[IVX]+)?"
)
_NUMBERED = r"(?i:serial|order|part|account|case|reference|invoice|licen[cs]e|phone|file|model|ticket)"
_VERSE = r"\d{1,3}[,:]\s?\d{1,3}[a-z]?(?:[-–.]\d{1,3}[a-z]?)*(?:\s?ff?\b\.?)?"
_MEASURED = (
    "Tonnen|Meter|Liter|Kilo|Gramm|Hektar|Stunden|Tage|Wochen|Monate|Jahre|Punkte|Grad|Watt|Mark|Pfund|Franken"
)
_HEADS = (
    "people|men|women|children|persons|Menschen|Personen|Männer|Frauen|Kinder|Einwohner|Soldaten|Tote|Kilometer"
    "|[kcm]?m|kg"
)
# What is counted, behind a number: a measure, its sign, a noun (also after its adjective); and a list without it.
_UNITS = r"\s?(?:[kmcdµnMG]?[glmWVABt]|[kMG]Wh|[kMG]?Hz|ha)\b"
_COUNTED = (
    rf"\s?{_MEASURE}|{_UNITS}|\s?[‰°/:–-]\s?\d|\s[A-ZÄÖÜ][a-zäöüß]|\s(?!(?:d(?:er|ie|en|em|es)|zwischen|gegen|neben|wegen|unter|hinter|oder|aber)\b|eine)\w+e[nrms]?\s[A-ZÄÖÜ]"
    r"|\s(?!(?:is|was|has|does|its?|as|this|us)\b)[a-z]+s\b|\s(?:\w+\s)?(?:people|men|women|children|of|out|years?)\b"
)
_FURTHER = r"(?:,|\sund|\sand|\soder|\sor|\sto|\sbis)\s(?:\w+\s){0,2}[A-ZÄÖÜ][\w&]*\s\d|\s(?:to|bis|von|aus)\s\d"
# A naming word that is counted itself, or has an article and a noun behind its number, names nothing: `20 Seiten 12
# Fehler`, `im Artikel 12 Fehler`; bare ones do (`auf Seite 3 Fehler`). What in languages without capitals for nouns
# looks like a plural, by its end; and words with these ends that are none.
_ARTICLES = (
    r"the|this|that|an?|one|each|every|per|its|his|her|their|our|i[nm]s?|[vb]om|beim|zu[mr]|d(?:er|ie|as|em|en|es)|dies\w+"
    r"|jede\w*|pro|je|k?eine?[nmrs]?|[ms]eine?[nmrs]?|ihre?[nmrs]?|unsere?[nmrs]?|l[ea]s?|du|une?|ce(?:t(?:te)?|s)?|chaque"
    r"|par|el|l[oa]s|del|al|cada|por|il|nel(?:la)?|het|dit|elke?|et|ett|hver|varje|um|uma|no|na"
)
_LAWS = r"\w*(?:gesetz(?:es|buch\w*)?|ordnung|verfassung|konvention|vertrag\w*|charta|richtlinie)\b|\w+-"
_NO_ADJECTIVES = r"d(?:er|ie|e[mns])\s|k?eine|unser|ihre|eure|[msd]eine|diese|jede"
_PLURALS = {
    "en": "s",
    "fr": "[sx]",
    "es": "s",
    "pt": "s",
    "it": "i",
    "nl": "(?:s|en)",
    "sv": "[aeo]r",
    "da": "er",
    "no": "er",
}
_NO_PLURALS = (
    r"(?:is|was|has|does|its|as|this|us|thus|shows|says|states|describes|deals|contains|requires|provides|gives|lists"
    r"|explains|covers|means|applies|allows|prohibits|begins|ends|sets|refers|dans|sans|mais|puis|sous|vers|alors|depuis"
    r"|jamais|pas|après|très|plus|moins|[dlcnv]es|nous|vous|ils|elles|es|más|tras|antes|después|además|pues|entonces|menos"
    r"|l[oa]s|d[oa]s|n[oa]s|aos|mas|após|depois|als|dus|reeds|steeds|sinds|een|en|van|hebben|worden|eller|efter|over)\b"
)
_CHAIN = r"\d+(?:\.\d+)*[a-z]?(?:(?:\s?[-–/&,]\s?|\s(?:und|and|bis|to|oder|or)\s)\d+(?:\.\d+)*[a-z]?)*"
_DIGITS = r"[A-Z]{0,2}\d[\dXx]*(?:[ .:/–-][\dXx]+)*"

_RATIO = (
    r"Verhältnis Verhältnis\svon Maßstab Quote ging gewann gewannen siegte verlor mit"
    r" ratio ratio\sof scale scale\sof odds odds\sof won"
)
_NOT_A_RATIO = "".join(rf"(?<!\b{word}\s)" for word in _RATIO.split())
# `Stuttgart 21` is a name in quotation marks, before a verb in the singular, or where it stands in the text twice;
# `Wien 21` may be elliptic. Decimals with a point are a version beside a decimal comma, or between two names.
_VERBS = "is|was|has|had|will|would|can|could|must|ist|war|hat|hatte|wird|wurde|kann|muss|soll|sei"
_NAMED = re.compile(
    rf"""(?:(?P<quoted>["'“„«»‚‘])(?:[A-ZÄÖÜ]\w*\s){{0,3}}|(?<!\b[Ii][nm]\s)(?:(?P<within>(?<=[\w,;)]\s))|(?<!\w)))
    (?P<name>(?!{_MEASURE}|{_MEASURED})(?=\w*[a-zäöüß&])[A-ZÄÖÜ][\w&]*\s(?P<number>\d{{1,4}}(?P<point>\.\d)?))(?!\w|[.,:]\d)
    (?:(?P<between>\s(?!{_MEASURE}|{_MEASURED})[A-ZÄÖÜ][a-zäöüß]+)|(?!{_COUNTED})(?:(?!\W+(?:\w+\s){{1,3}}(?P=name))(?=(?P<further>{_FURTHER})))?(?:(?P<closed>["'”“»«’‘])|(?P<verb>['’]s\b|\s(?:{_VERBS})\b))?)
    """,
    re.VERBOSE,
)


# What may hold digits, in the order in which it is tried; `number`, `grouped` and `ratio` want support. Where one of
# the first is counted, it is none: one guard for all of them, because it takes long to compile.
_KINDS = rf"""
      (?P<counting> (?:(?<=\d\s)|(?<!\w)(?:(?i:{_ARTICLES})\s|[Ll]['’]|NUMERALS\s))
          (?:{_PLACES}|{_SERIES})(?<!\.)\s(?=\d+(?:[.,]\d+)?NOUN)
        | (?<!\w)(?i:AMOUNTS)\s?(?=YEAR(?!\w|[.,:/–-]\d)) | (?<!\w)(?i:ABOUT)\s(?=YEARDIRECT) )
    | (?P<many> (?:(?<![\w)]\s)|(?<=\band\s)|(?<=\bbut\s)|(?<=\bthat\s))YEAR(?=\s(?:were|are|have)\b)
        | (?<!\b[Ii]n\s)\bYEAR(?=\s(?:of\s(?:the[ms]?|these|those|us|whom|which)|von\s(?:ihnen|denen|diesen)
          |d['’]entre|de\sell[oa]s|di\s(?:loro|cui)|van\shen|(?:per|an?)\s(?:minute|hour|day|week|month|year|head|person)
          |(?:pro|je)\s[A-ZÄÖÜ]\w+|in\stotal|insgesamt(?!\s\d)|au\stotal|en\stotal|in\stotale)\b) )
    | (?P<address> [A-Za-z][\w+.-]{{0,30}}://\S+ | (?<![\w.+-])[\w.+-]{{1,64}}@\S+ | www\.\S+ )
    | (?P<uncounted> (?:
          \b(?i:patents?)\s(?:(?:US|EP|DE|WO)\s)?(?:(?:Nos?|Nr)\.\s)?(?:\d{{1,2}}(?:,\d{{3}}){{2}}|{_DIGITS})(?!\w)
        | (?<!\w){_BOOKS}\.?\s{_VERSE}(?:;\s{_VERSE})*(?![.,:]?\d)
        | \b(?:[a-zäöüß]+|D(?:ie|er|as|en|em)|The)\s[A-Z]\s\d{{1,4}}\b(?![.,]\d)
        | \b(?:[A-Za-zÄÖÜäöüß]+nummer|{_NUMBERED}\s(?:no\.|number))(?:\s(?:ist|lautet|war|is|was))?\s{_DIGITS}(?!\w)
        | \b(?:[Dd]ial(?:ed|ing)?|[Ww]ähl(?:t|te|en)?|[Ee]rror)\s(?:Sie\s)?(?:die\s)?\d{{3}}(?:\s?\d{{3}})?\b(?!\s?\d)
        | (?:(?<=,\s)no\.|(?<!\w)number|(?<!\w)Rückennummer)\s\d{{1,4}}\b(?![.,]\d|\s\w) )(?!{_COUNTED}) )
    | (?P<patent> \b(?:U\.?S\.?|EP|WO|DE|JP|CN|GB|FR|KR|AT)\s?\d[\d,./ ]{{3,14}}\d\s?[A-EUTY]\d?\b )
    | (?P<law> \b\d+\s(?:U\.?S\.?C\.|CFR|U\.S\.|F\.[23]d|S\.\s?Ct\.)\s(?:§+\s?)?\d[\w.()-]*
        | (?<![\w.,])(?:Az\.\s|Aktenzeichen\s)?(?:\d+|[IVX]+[ab]?)\s[A-Z][A-Za-z]{{0,4}}\s\d{{1,5}}/\d\d\b
        | \b[CT]-\d+/\d\d\b
        | \b(?:EU|EG)-(?:Verordnung|Richtlinie)\s\d+/\d+
        | \((?:EU|EC|EG|EWG|EEC)\)\s(?:(?:Nr|No)\.\s)?\d+/\d+
        | \b\d{{2,4}}/\d{{1,4}}/(?:EU|EC|EG|EWG|EEC)\b
        | \b(?:{_REPORTS})\s\d{{1,4}},\s\d+(?:\s\(\d+\))?(?![.,]?\d) )
    | (?P<identifier> (?i:\bdoi:?\s?)?\b10\.\d{{4,9}}/\S+ | (?i:\barXiv:?\s?)[\w.-]+/?\d\S*
        | (?<!\w)(?i:{_SYSTEMS})(?:-1[03])?(?:[-\ ]?(?:Nr|No)\.)?[:#]?\s?{_DIGITS}(?!\s?{_MEASURE})(?![\d\w])
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
          \(?\d(?:[\s()/.–-]{{0,2}}\d){{2,}}(?!\s?{_MEASURE})(?!\s?\d)
        | \b(?:die|der)\s\d{{3}}(?:\s?\d{{3}})?(?=\s(?:an[.,;!)]|(?:anrufen|wählen|erreichbar)\b)) )
    | (?P<date> DAYS )
    | (?P<eastern> (?:(?:令和|平成|昭和|民國|民国)\d{{1,3}}|YEAR)\s?[年년](?![間间])(?:\s?\d{{1,2}}\s?[月월])?
        | \d{{1,2}}[時时시点](?![間间])(?:\d{{1,2}}[分분])? | [第제]\s?\d+ | (?:พ\.ศ\.|ค\.ศ\.|ปี)\s?\d{{4}} )
    | (?P<era> \b\d{{1,4}}(?:\s?[-–]\s?\d{{1,4}})?\s(?:v\.\s?Chr|n\.\s?Chr|BCE?\b|CE\b|AD\b) | \bAD\s\d+
        | (?<!\w)['’]?\d0(?:er|s)\b(?:\sJahren?)? )
    | (?P<time> \b\d{{1,2}}HOUR[0-5]\d\b | \b\d{{1,2}}\so['’]clock
       | (?<![\w:.,]){_NOT_A_RATIO}(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?\b(?!:)
       | \b\d{{1,2}}(?:[.:]\d\d)?\s?(?:Uhr\b|[ap]\.?m\b) )
    | (?P<ratio> (?<![\w:.,/])\d{{1,3}}(?:[.,]\d+)?:\d+(?:[.,]\d+)?(?![\w:]) )
    | (?P<place> (?<!\w)(?:{_PLACES})\s?{_CHAIN}(?![\d\w]|[.,]\d|\s?{_MEASURE}|\s(?:people|men|women|children)\b)
        | (?<!\w)(?:{_SERIES})[- ]\d+(?:[.-]\d+)*[a-z]?
        (?![\d\w]|[.,]\d|\s\d|\s?{_MEASURE}|\s[A-ZÄÖÜ]\w|\s\w*(?:meter|gramm|tonnen|liter)|{_UNITS})
        | \b(?P<code>\d{{4,5}}\s)?(?:{_CITIES})\b(?(code)|\s\d{{5}}\b(?!\s\w))
        | \b\d{{1,5}}[A-Z]?\s(?:[A-Z]\w+\s)?(?:Street|Avenue|Road|Lane|Boulevard)\b
        | \b(?:[A-Z]\w+)\s(?:Street|Avenue|Road|Allee)\s\d+\b
        | \b\w+-Allee\s\d+[a-z]?\b | \bUnter\sden\s\w+\s\d+\b | (?<![\w&])\#\d+\b | \b(?:9/11|24/7)\b
        | \b\d{{1,2}}/(?:19|20)\d\d\b(?=\W|$)
        | \b\d{{1,3}}(?:\.\d+)?°(?:\s?\d+(?:\.\d+)?[′'’])?(?:\s?\d+(?:[.,]\d+)?[″"”])?\s?[NSEWO]\b
        | \b[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?\b(?!\s\w)
        | \b[A-ZÄÖÜ]\w+(?:straße|str\.|weg|allee|gasse|platz)\s\d{{1,4}}[a-z]?\b(?:,\s\d{{4,5}}\b)? )
    | (?P<grouped> (?<![\d.,])\d{{1,3}}(?:\.\d{{3}})+(?:,\d+)?(?![.,]?\d) )
    | (?P<version> (?<![\d.,])\d+(?:\.\d+){{2,}}(?:/\d\d?|:\d+)?(?!,?\d) )
    | (?P<name> (?:LETTER|(?<=LETTER)[-–](?=\d)|_)(?:LETTER|[\d_.-])*\d(?:LETTER|[\d_])* | \d+[A-ZÄÖÜ]\w*
        | (?<![\d.,])0\d+(?:(?:\ /\ |[ /-])\d+)* )
    | (?P<year> \b{_YEAR}(?:er[ns]?|s|/\d\d(?:\d\d)?)?\b(?![.,]\d|\s?{_MEASURE}|\s(?:{_HEADS}|{_MEASURED})\b) )
    | (?P<ordinal> \b\d{{1,3}}(?:st|nd|rd|th)\b | \b\d{{1,3}}\.(?=\s[^\W\d]) )
    | (?P<number> NUMBER )
"""


@language.of_languages
@cache
def _with_digits(tag: str) -> re.Pattern[str]:
    """The grammar of what holds digits, with the months of a language and of those that most sites are written in."""
    rules, base = language.of(tag).rules, tag.partition("-")[0]
    between = r"\s" if base in ("fr", "es", "pt", "it") else r"\s(?:[^\W\d_A-ZÄÖÜ]+\s)?"  # where an adjective stands
    plural = rf"|{between}(?!{_NO_PLURALS})[^\W\d_A-ZÄÖÜ]+{_PLURALS[base]}\b" if base in _PLURALS else ""
    noun = rf"(?!\s(?:(?:{_PLACES})\s\d|{_LAWS}))(?:\sADJECTIVE[A-ZÄÖÜ][a-zäöüß]{plural})"
    words = {
        "DAYS": language.days_pattern(tag),
        "HOUR": r"\s?h\s?" if base == "fr" else "h",
        "NUMERALS": f"(?:{'|'.join(rules.get('counting', '').split()) or '(?!)'})",
        "AMOUNTS": _any_of(rules.get("amounts", ())),
        "ABOUT": _any_of(rules.get("about", ())),
        "YEAR": _YEAR,
        "NUMBER": _NUMBER.pattern,
        "DIRECT": noun.replace("ADJECTIVE", ""),  # `die 1984 gegründete Firma`
        "NOUN": noun.replace("ADJECTIVE", rf"(?:(?!{_NO_ADJECTIVES})\w+e[nrms]?\s)?"),
        "LETTER": rf"[^\W\d_{HAN}{SOUTH_EAST}\uac00-\ud7a3]",
    }
    return re.compile(re.sub("|".join(words), lambda found: words[found[0]], _KINDS), re.VERBOSE)


def _any_of(words: Sequence[str]) -> str:
    """Any of some words as a part of a verbose pattern, that of most letters first."""
    return "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True)) or "(?!)"


_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:[.,’'\u00a0\u202f]\d+)*")
_AROUND = 30


def coverage(document: Document, customs: Locale, touched: Sequence[Span], exempt: Sequence[Span]) -> Coverage:
    """How much of a text is touched by annotations, sources and figures; numbers in `exempt` need no support.

    Headings, code and footnotes are neither paragraphs nor hold numbers that count.
    """
    supported = _Stretches(touched)
    free = _Stretches((*touched, *exempt))
    text = document.text
    blocks = [block for block in document.blocks if block.flow == 0 and block.kind in ("paragraph", "cell")]
    paragraphs = [block for block in blocks if block.kind == "paragraph" and block.end > block.start]
    named, grammar = _names(text, customs.decimal), _with_digits(customs.tag)
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


def _names(text: str, decimal: str) -> frozenset[int]:
    """Where numbers of names begin that nothing but the text around them tells from quantities."""
    found = list(_NAMED.finditer(text))
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
