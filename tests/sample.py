"""A small article with an annotation of every kind, for tests of what is made of it."""

from pathlib import Path

from randnotiz import figures, language, notes, pages
from randnotiz.diagnostics import SourceText
from randnotiz.model import (
    AnnotatedArticle,
    Article,
    Chart,
    ChartData,
    Citation,
    CitationItem,
    Correction,
    CounterClaim,
    Date,
    DrawnChart,
    EditorialNote,
    Figure,
    Person,
    PlainPage,
    Quantity,
    Settings,
    Source,
    Stated,
    TextQuoteSelector,
    Verdict,
)

ROOT = Path(__file__).parent.parent

BODY = """
Die Firma habe **rund 50.000 Chips** gekauft und dafür etwa eine Milliarde Dollar bezahlt.[^rechnung] Der Strom
dafür koste {{ power_cost }} im Jahr, hieß es in einer *Schätzung*.

## Was man wissen muss

Ein Hopper ist ein Chip von Nvidia. Die Hardware kostet mit {{ hardware }} mehr, als die Meldung vermuten ließ; der
billigste Chip kostet {{ price.low }}.

| Chip | Preis |
|---|---:|
| H100 | 30.000 |
| H20 | 12.000 |

{{ chart: fleet }}

Am Ende zählt der Bericht 70.000 Chips.

[^rechnung]: Ohne Server und ohne Strom.
"""


def quoted(words: str) -> TextQuoteSelector:
    return TextQuoteSelector(exact=SourceText(words))


def settings() -> Settings:
    scale = (
        ("wrong", "Widerlegt", "Refuted"),
        ("disputed", "Umstritten", "Disputed"),
        ("supported", "Belegt", "Supported"),
    )
    return Settings(
        title=SourceText("Randnotiz"),
        url="https://randnotiz.example/",
        lang="de",
        publisher=Person(name=SourceText("Randnotiz")),
        verdicts={
            key: Verdict(key=key, rank=rank, of=len(scale), words={"de": de, "en": en})
            for rank, (key, de, en) in enumerate(scale, start=1)
        },
    )


def article(lang: str = "de") -> Article:
    semianalysis = (
        CitationItem(id=SourceText("semianalysis 2025"), passage=SourceText("Die Zahl wird dort geschätzt.")),
    )
    sources = (
        Source(
            id=SourceText("semianalysis 2025"),
            csl={
                "id": "semianalysis 2025",
                "type": "webpage",
                "title": "DeepSeek Debates <and more>",
                "author": [{"family": "Patel", "given": "Dylan"}],
                "issued": "2025-01-31",
                "URL": "https://semianalysis.example/deepseek?a=1&b=2",
                "language": "en",
                "custom": {
                    "checked": "original",
                    "evidence": "estimate",
                    "interest": {"de": "verkauft Daten über den Chipmarkt"},
                    "archive-url": "https://web.archive.org/web/20261123000000/https://semianalysis.example/deepseek",
                    "archive-date": "2026-11-23",
                    "same-origin-as": "trending2025",
                },
            },
        ),
        Source(
            id=SourceText("trending2025"),
            csl={
                "id": "trending2025",
                "type": "article-newspaper",
                "title": "Kein Durchbruch",
                "container-title": "Trending Topics",
                "issued": "2025-01",
            },
        ),
    )
    quantities = (
        Quantity(
            name="fleet", label=SourceText("Hopper-Chips"), low=50000, best=50000, high=50000, unit=SourceText(""),
            written=(SourceText("50000"),), sources=semianalysis,
        ),
        Quantity(
            name="price", label=SourceText("Preis je Chip"), low=20000, best=25000, high=30000,
            unit=SourceText("USD"),
            written=(SourceText("20000"), SourceText("30000")), assumed=SourceText("Straßenpreise von 2024"),
        ),
        Quantity(
            name="watts", label=SourceText("Leistung je Chip"), low=0.5, best=0.7, high=0.8, unit=SourceText("kW"),
            written=(SourceText("0.5"), SourceText("0.8")), assumed=SourceText("Datenblatt"),
        ),
        Quantity(
            name="rate", label=SourceText("Strompreis"), low=0.08, best=0.1, high=0.12,
            unit=SourceText("USD/kW/hour"),
            written=(SourceText("0.08"), SourceText("0.12")), assumed=SourceText("Industriestrom"),
        ),
    )  # fmt: skip
    computed = (
        Figure(
            id="hardware", name="hardware", label=SourceText("Wert der Chips"), formula=SourceText("fleet * price"),
            unit=SourceText("USD"), stated=Stated(words=SourceText("1 Mrd. USD")),
            quote=quoted("etwa eine Milliarde Dollar"),
            note=SourceText("Nur die Chips, **ohne** Server."),
        ),
        Figure(
            id="power-cost", name="power_cost", label=SourceText("Strom im Jahr"),
            formula=SourceText("fleet * watts * rate * 1 * year"), unit=SourceText("USD"),
        ),
        Figure(
            id="fleet-factor", name="fleet_factor", label=SourceText("Angabe des Berichts im Verhältnis"),
            formula=SourceText("70000 / fleet"), unit=SourceText(""),
            stated=Stated(low=3, high=4, written=(SourceText("3"), SourceText("4"))),
            quote=quoted("70.000 Chips"),
        ),
    )  # fmt: skip
    return Article(
        slug="chips",
        path="chips/article.md",
        title=SourceText("Was die Chips kosten"),
        subtitle=SourceText("Eine Meldung, nachgerechnet"),
        lang=lang,
        authors=(Person(name=SourceText("Redaktion")),),
        published=Date(2026, 11, 24),
        about=SourceText("trending2025"),
        summary=SourceText("Eine Meldung nennt eine Zahl. Wir rechnen <nach>."),
        body=SourceText(BODY),
        sources={source.id: source for source in sources},
        corrections=(Correction(date=Date(2026, 11, 25), text=SourceText("Im Titel stand ein falsches Wort.")),),
        citations=(
            Citation(
                id="fleet-source", quote=quoted("rund 50.000 Chips"), sources=semianalysis,
                note=SourceText("Die Zahl geht auf *eine* Schätzung zurück:\n\n- nicht gezählt\n- nicht bestätigt"),
                author=Person(name=SourceText("A. K.")),
                changes=(Correction(date=Date(2026, 11, 26), text=SourceText("Seitenzahl ergänzt.")),),
            ),
        ),
        counterclaims=(
            CounterClaim(
                id="too-many", quote=quoted("50.000 Chips gekauft"),
                claim=SourceText("Die Firma habe 50.000 Chips gekauft."),
                claimed_by=Person(name=SourceText("Medienberichte")), claimed_on=Date(2025, 1, 27), stance="disputes",
                counter=SourceText("Die Tabelle hinter der Zahl geht nicht auf."), verdict=SourceText("disputed"),
                by=Person(name=SourceText("Glenn Luk"), url=SourceText("https://luk.example/")), sources=semianalysis,
                asked_on=Date(2026, 11, 1),
            ),
            CounterClaim(
                id="plausible", same_claim_as=SourceText("too-many"), stance="supports",
                quote=quoted("rund 50.000 Chips"),
                counter=SourceText("Die Größenordnung stimmt, {{ hardware }} inbegriffen."),
                by=Person(name=SourceText("Epoch AI")), sources=semianalysis,
            ),
        ),
        quantities={quantity.name: quantity for quantity in quantities},
        figures={figure.name: figure for figure in computed},
        charts=(
            Chart(
                id="fleet", title=SourceText("H100 kosten das Zweieinhalbfache"),
                subtitle=SourceText("US-Dollar je Chip"),
                alt=SourceText("Zwei Balken."), sources=semianalysis, note=SourceText("Straßenpreise."),
                rows=ChartData(), spec={},
            ),
        ),
        editorial_notes=(
            EditorialNote(
                id="what-hopper", kind="definition", term=SourceText("Hopper"), quote=quoted("Hopper"),
                note=SourceText("Eine Bauart."),
            ),
            EditorialNote(id="estimate", kind="context", quote=quoted("Schätzung"),
            note=SourceText("Eine von vielen.")),
            EditorialNote(id="who-pays", kind="disclosure", note=SourceText("Wir besitzen keine Aktien der Firma.")),
            EditorialNote(
                id="wrong-count", kind="correction", quote=quoted("der Bericht"), note=SourceText("Es sind 50.000."),
            ),
        ),
    )  # fmt: skip


def annotated(lang: str = "de") -> AnnotatedArticle:
    written = article(lang)
    results, diagnostics = figures.compute(written)
    made, more = notes.annotate(written, results, language.of(lang), verdicts=settings().verdicts)
    assert not [diagnostic for diagnostic in diagnostics + more if diagnostic.severity == "error"]
    return made


def charts() -> dict[str, DrawnChart]:
    svg = (
        '<svg viewBox="0 0 {0} 60" width="{0}" height="60" role="img" aria-label="Zwei Balken.">'
        '<rect width="90" height="9"/></svg>'
    )
    return {
        "fleet": DrawnChart(
            chart=article().charts[0],
            wide=svg.format(640),
            narrow=svg.format(320),
            alone="",
            columns=("Chip", "Preis"),
            cells=(("H100", "30.000"), ("H20", "12.000")),
            numeric=(False, True),
            csv="",
            vega_lite="{}\n",
        )
    }


def theme() -> pages.Theme:
    imprint = PlainPage(slug="impressum", path="pages/impressum.md", title=SourceText("Impressum"), lang="de",
                        body=SourceText("Verantwortlich ist die Redaktion.\n\n## Anschrift\n\nWien"))  # fmt: skip
    return pages.theme(settings(), (imprint,), ROOT / "templates", ROOT / "static")
