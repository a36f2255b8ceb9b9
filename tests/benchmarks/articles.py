"""Any number of articles to build: each of some 1,200 words with 25 annotations and 3 charts, the same on every run.

Of the annotations 10 are citations, 8 counter-claims and 7 figures; the charts are drawn from 30 specifications with
rows of their own, so that a cache that has seen ten articles has seen them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

CITATIONS, COUNTERCLAIMS, FIGURES, CHARTS = 10, 8, 7, 3
SPECIFICATIONS = 30
WORDS = 1_200

PLACES = (
    "Altona", "Barmbek", "Connewitz", "Dahlem", "Eimsbüttel", "Favoriten", "Giesing", "Hernals", "Innenstadt",
    "Josefstadt", "Kreuzberg", "Liesing", "Moabit", "Neukölln", "Ottakring", "Pankow", "Rotherbaum", "Schwabing",
    "Tempelhof", "Uhlenhorst", "Veddel", "Wedding", "Zehlendorf", "Döbling", "Plagwitz",
)  # fmt: skip

CITED = (
    "In {place} zählte die Stadt **{number} leer stehende Wohnungen**, und kaum jemand weiß, wem sie gehören.",
    "Das Amt nennt für {place} die Zahl von {number} Haushalten, die länger als ein Jahr auf ein Angebot warten.",
    "Gebaut wurden in {place} nach Angaben der Behörde {number} Wohnungen, die meisten davon am Rand des Viertels.",
    "Wer in {place} umzieht, zahlt laut [Mietspiegel](https://example.org/spiegel) im Schnitt {number} Euro im Jahr.",
    "Für {place} meldet die Kammer {number} Anträge, von denen ein großer Teil *seit Jahren* unbearbeitet liegt.",
)
CLAIMED = (
    "Der Verband sagt, in {place} baue niemand mehr, weil die Auflagen jede vernünftige Rechnung sprengen würden.",
    "Die Opposition hält dagegen, in {place} baue niemand mehr, solange der Boden bloß gehandelt wird.",
    "Ein Makler erzählt, in {place} baue niemand mehr, seit die Banken genauer hinsehen.",
)
COMPUTED = "Zusammen kosten die {flats} Wohnungen in {place} rund {cost} Millionen Euro, ohne Grund und Zinsen."
FILLER = tuple((Path(__file__).parent / "filler.txt").read_text(encoding="utf-8").splitlines())
HEADINGS = ("Was gezählt wird", "Wer es bezahlt", "Woran es liegt", "Was die anderen sagen", "Was bleibt")
KINDS = ("webpage", "report", "article-newspaper", "book", "article-journal", "chapter")
FAMILIES = ("Berger", "Huber", "Kowalski", "Lindner", "Novak", "Öztürk", "Petersen", "Richter", "Sommer", "Yılmaz")
GIVEN = ("Anna", "Boris", "Clara", "Deniz", "Eva", "Felix", "Greta", "Hakan", "Ines", "Jonas")
STANCES = ("qualifies", "disputes", "corrects", "disputes")
VERDICTS = ("wrong", "misleading", "disputed", "imprecise", "supported")

SETTINGS = """\
title: Randnotiz
url: https://example.org/
lang: de
publisher: {name: Randnotiz, url: https://example.org/}
verdicts:
- {key: wrong, de: Widerlegt, en: Refuted}
- {key: misleading, de: Irreführend, en: Misleading}
- {key: disputed, de: Umstritten, en: Disputed}
- {key: imprecise, de: Ungenau, en: Imprecise}
- {key: supported, de: Belegt, en: Supported}
"""


def write(content: Path, count: int) -> None:
    """A content folder with so many articles; files that are there already stay untouched if they say the same."""
    _put(content / "site.yaml", SETTINGS)
    for index in range(count):
        for name, text in article(index).items():
            _put(content / slug(index) / name, text)


def _put(path: Path, text: str) -> None:
    try:
        if path.read_text(encoding="utf-8") == text:
            return
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def slug(index: int) -> str:
    """The name of an article's folder."""
    return f"wohnen-{index:05}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A sentence of the text and the words in it that an annotation is about."""

    words: str
    quote: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sum:
    """A figure's numbers: so many flats at so many thousand euros each come to so many millions."""

    name: str
    place: str
    flats: int
    price: int

    @property
    def cost(self) -> int:
        """Millions of euros."""
        return round(self.flats * self.price / 1_000)


def article(index: int) -> dict[str, str]:
    """The files of an article by name."""
    random = Random(f"Randnotiz {index}")
    places = random.sample(PLACES, len(PLACES))
    # Never a multiple of ten, as the numbers of flats are: a quotation stands in one place.
    numbers = random.sample([number for number in range(1_100, 9_900) if number % 10], CITATIONS)
    cited = [
        Sentence(words=words.format(place=place, number=_grouped(number)), quote=f"{_grouped(number)} {after}")
        for place, number, words in zip(places, numbers, CITED * 2, strict=False)
        for after in [words.split("{number} ")[1].split()[0].strip("*,.")]
    ]
    claimed = [
        Sentence(words=random.choice(CLAIMED).format(place=place), quote=f"in {place} baue niemand mehr")
        for place in places[CITATIONS : CITATIONS + COUNTERCLAIMS]
    ]
    sums = [
        Sum(name=f"sum_{order}", place=place, flats=random.randrange(1_010, 4_000, 10), price=price)
        for order, (place, price) in enumerate(
            zip(places[-FIGURES:], random.sample(range(180, 320), FIGURES), strict=True)
        )
    ]
    computed = [
        Sentence(
            words=COMPUTED.format(flats=_grouped(each.flats), place=each.place, cost=each.cost),
            quote=f"{_grouped(each.flats)} Wohnungen in {each.place} rund {each.cost} Millionen Euro",
        )
        for each in sums
    ]
    return {
        "article.md": _text(index, random, [*cited, *claimed, *computed]),
        "sources.yaml": "\n".join([*_sources(random), *_citations(random, cited)]) + "\n",
        "counterclaims.yaml": "\n".join(_counterclaims(random, claimed)) + "\n",
        "figures.yaml": "\n".join(_figures(sums, computed)) + "\n",
        "charts.yaml": "\n".join(_charts(index, claimed)) + "\n",
    }


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


# ----------------------------------------------------------------------------------------------------
# The files
# ----------------------------------------------------------------------------------------------------


def _text(index: int, random: Random, annotated: list[Sentence]) -> str:
    sentences = [sentence.words for sentence in annotated]
    words = sum(len(sentence.split()) for sentence in sentences)
    while words < WORDS:
        filler = random.choice(FILLER)
        sentences.append(filler)
        words += len(filler.split())
    random.shuffle(sentences)
    parts: list[str] = []
    for order, heading in enumerate(HEADINGS):
        share = sentences[order :: len(HEADINGS)]
        parts.append(f"## {heading}")
        parts += [" ".join(share[start : start + 4]) for start in range(0, len(share), 4)]
    parts.insert(3, "- Die Stadt zählt anders als der Bund.\n- Der Bund zählt anders als die Verbände.")
    parts.insert(6, "Nach unserer Rechnung sind es {{ sum_0 }}, nach der der Stadt deutlich weniger.[^zahlen]")
    parts.append("[^zahlen]: Alle Beträge sind gerundet und ohne Umsatzsteuer.")
    body = "\n\n".join(parts)
    day = f"2026-{index % 12 + 1:02}-{index % 28 + 1:02}"
    return (
        f"---\ntitle: Was das Wohnen in Bericht {index} kostet\nsubtitle: Nachgelesen und nachgerechnet\n"
        f"authors: [Redaktion]\npublished: {day}\n"
        f"summary: Ein Bericht nennt viele Zahlen. Einige stimmen; {{{{ sum_1 }}}} sind belegt.\n---\n{body}\n"
    )


def _sources(random: Random) -> Iterator[str]:
    yield "sources:"
    for order in range(CITATIONS):
        year, month = random.randrange(2015, 2026), random.randrange(1, 13)
        authors = ", ".join(
            f"{{family: {family}, given: {random.choice(GIVEN)}}}"
            for family in random.sample(FAMILIES, random.randrange(1, 4))
        )
        yield f"- id: quelle-{order}"
        yield f"  type: {random.choice(KINDS)}"
        yield f'  title: "Wohnen und Bauen in {random.choice(PLACES)}: ein Bericht über {random.choice(PLACES)}"'
        yield f"  author: [{authors}]"
        yield f"  issued: {year}-{month:02}-{random.randrange(1, 28):02}"
        yield "  accessed: 2026-11-23"
        yield f"  URL: https://example.org/berichte/{year}/{order}"
        yield "  publisher: Amt für Statistik"
        yield "  language: de"
        yield "  custom: {checked: original, evidence: reporting, interest: {de: verwaltet selbst Wohnungen}}"


def _citations(random: Random, cited: list[Sentence]) -> Iterator[str]:
    yield "citations:"
    for order, sentence in enumerate(cited):
        yield f"- id: beleg-{order}"
        yield f"  quote: {sentence.quote}"
        yield "  sources:"
        yield f"  - id: quelle-{order}"
        yield f"    locator: S. {random.randrange(1, 90)}"
        yield f"    passage: Die Zahl {sentence.quote.split()[0]} steht dort in einer Tabelle und gilt als vorläufig."
        if order % 2:
            yield "    verbatim: vorläufige Angaben, Stand Ende des Jahres"
            yield f"  - quelle-{order - 1}"
        yield "  note: |"
        yield f"    Die Angabe {sentence.quote} geht auf **eine** Zählung zurück, die seither niemand wiederholt hat."
        yield "    Andere Stellen übernehmen sie, ohne das zu sagen."


def _counterclaims(random: Random, claimed: list[Sentence]) -> Iterator[str]:
    yield "counterclaims:"
    for order, sentence in enumerate(claimed):
        yield f"- id: einwand-{order}"
        yield f"  quote: {sentence.quote}"
        yield f"  claim: Es werde {sentence.quote.removesuffix(' baue niemand mehr')} nicht mehr gebaut."
        yield "  claimed_by: Verbände und Medien"
        yield f"  claimed_on: 2026-0{order + 1}-15"
        yield f"  stance: {random.choice(STANCES)}"
        yield "  counter: |"
        yield "    Die Statistik zählt *Anträge*, nicht Häuser. Wer Wohnungen zählt, kommt auf einen Anstieg um"
        yield f"    {random.randrange(2, 90)} Häuser, der freilich kleiner ist als im langjährigen Mittel."
        yield ""
        yield f"    Dass {sentence.quote}, sagt keine der Quellen."
        yield f"  by: {{name: Institut {random.choice(FAMILIES)}, url: https://example.org/, type: organization}}"
        yield f"  sources: [quelle-{order}, quelle-{order + 1}]"
        yield f"  verdict: {random.choice(VERDICTS)}"
        yield "  why: So steht es in keiner der Quellen."
        if order % 3 == 0:
            yield "  reply: Der Verband bleibt bei seiner Darstellung und verweist auf Umfragen unter Mitgliedern."
            yield "  asked_on: 2026-10-01"


def _figures(sums: list[Sum], computed: list[Sentence]) -> Iterator[str]:
    yield "units:"
    yield "- {name: flat, de: [Wohnung, Wohnungen], en: [flat, flats]}"
    yield "quantities:"
    for order, each in enumerate(sums):
        yield f"  flats_{order}: {{label: Wohnungen in {each.place}, value: {each.flats}, unit: flat,"
        yield f"    sources: [quelle-{order}]}}"
        yield f"  price_{order}:"
        yield f"    label: Baukosten je Wohnung in {each.place}"
        yield f"    low: {each.price * 900}"
        yield f"    best: {each.price * 1_000}"
        yield f"    high: {each.price * 1_150}"
        yield "    unit: EUR/flat"
        yield "    assumed: Preise des Vorjahres, um die Teuerung erhöht"
    yield "figures:"
    for order, (each, sentence) in enumerate(zip(sums, computed, strict=True)):
        yield f"  {each.name}:"
        yield f"    label: Baukosten in {each.place}"
        yield f"    formula: flats_{order} * price_{order}"
        yield "    unit: EUR"
        yield f"    quote: {sentence.quote}"
        yield f"    stated: {each.cost} Mio. EUR"
        yield f"    note: Nur der Bau in {each.place}, **ohne** Grund und Zinsen."


MARKS = ("bar", "line", "point", "area", "tick")


def _charts(index: int, claimed: list[Sentence]) -> Iterator[str]:
    """Charts whose rows and specifications are among thirty; what is said about them is the article's own."""
    yield "charts:"
    for order in range(CHARTS):
        which = (index * CHARTS + order) % SPECIFICATIONS
        random = Random(f"chart {which}")
        mark = MARKS[which % len(MARKS)]
        yield f"- id: bild-{order}"
        yield f"  after: {claimed[order].quote}"
        # No number: the ticks of an axis show those that a title names, and no two articles would share a drawing.
        yield f"  title: In {PLACES[index % len(PLACES)]} steigen die Kosten schneller als die Löhne"
        yield "  subtitle: Index, Beginn = 100"
        yield "  alt: Schaubild mit zwei Reihen; die der Kosten steigt schneller als die der Löhne."
        yield f"  sources: [quelle-{order}]"
        yield "  note: Löhne ohne Zuschläge."
        yield "  data:"
        yield "    rows:"
        cost = wage = 100.0
        for year in range(2015, 2025):
            yield f"    - {{Jahr: {year}, Reihe: Kosten, Index: {cost:.1f}}}"
            yield f"    - {{Jahr: {year}, Reihe: Löhne, Index: {wage:.1f}}}"
            cost, wage = cost * random.uniform(1.01, 1.09), wage * random.uniform(1.0, 1.04)
        yield "  vega-lite:"
        yield f"    mark: {{type: {mark}}}"
        yield f"    height: {200 + 10 * (which // len(MARKS))}"
        yield "    encoding:"
        yield "      x: {field: Jahr, type: ordinal}"
        yield "      y: {field: Index, type: quantitative}"
        yield "      color: {field: Reihe, type: nominal}"
