"""The pages as documents: what stands in them, that it is sound, and that they ask nobody for anything."""

import gzip
import re
import warnings
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from typing import get_args

import html5lib
import pytest
from msgspec.structs import replace

from randnotiz import language, pages
from randnotiz.colours import COLOURS
from randnotiz.diagnostics import SourceText
from randnotiz.index import ClaimSummary
from randnotiz.model import AnchoredNote, NoteKind, Stance
from randnotiz.model.note import MOTIVATIONS, EditorialNoteKind
from randnotiz.pages import views
from randnotiz.pages.assets import short_script
from randnotiz.pages.stylesheets import short_style
from tests import sample
from tests.lines import line, listed
from tests.published import published
from tests.test_language import TRANSLATED

KIB = 1000
STATIC = sample.ROOT / "static"
VOID = {"meta", "link", "input", "img", "br", "hr", "col"}


@dataclass(frozen=True)
class Element:
    """A start tag with its attributes and the words that stand in it."""

    tag: str
    attrs: dict[str, str | None]
    words: str


class Reader(HTMLParser):
    """Every element of a page in document order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words: list[str] = []
        self.found.append((tag, dict(attrs), words))
        if tag not in VOID:
            self.open.append((tag, words))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, words in self.open:
            words.append(data)

    @property
    def elements(self) -> list[Element]:
        return [Element(tag, attrs, " ".join("".join(words).split())) for tag, attrs, words in self.found]


def read(html: str) -> list[Element]:
    return Reader(html).elements


def named(elements: list[Element], id: str) -> Element:
    return next(element for element in elements if element.attrs.get("id") == id)


def classed(elements: list[Element], name: str) -> list[Element]:
    return [element for element in elements if name in (element.attrs.get("class") or "").split()]


@lru_cache
def article_html(lang: str = "de") -> str:
    return pages.article_page(sample.annotated(lang), sample.theme(), sample.charts())


@lru_cache
def every_page() -> dict[str, str]:
    theme = sample.theme()
    return {
        "article": article_html(),
        "english article": article_html("en"),
        "claim": pages.claim_page(
            sample.annotated().claims[0], pages.article_context(sample.annotated(), theme.settings), theme
        ),
        **listed([line("chips"), line("preise"), line("strom", lang="en", draft=True)], theme),
        "empty index": listed([], theme)["index.html"],
        "plain": pages.plain_page(theme.plain_pages[0], theme),
        "not found": pages.not_found_page(theme),
    }


each_page = pytest.mark.parametrize("name", every_page())


# ---- every page ----


@each_page
def test_a_page_is_well_formed_for_a_strict_parser(name: str) -> None:
    parser = html5lib.HTMLParser(strict=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # html5lib speaks of its own lexer
        parser.parse(every_page()[name])
    assert parser.errors == []


@each_page
def test_no_id_stands_twice_and_none_is_empty(name: str) -> None:
    ids = [element.attrs["id"] for element in read(every_page()[name]) if "id" in element.attrs]
    assert len(ids) == len(set(ids))
    assert all(id and not re.search(r"\s", id) for id in ids)


@each_page
def test_every_link_within_the_page_has_a_target(name: str) -> None:
    elements = read(every_page()[name])
    ids = {element.attrs.get("id") for element in elements}
    inner = [element.attrs["href"] for element in elements if (element.attrs.get("href") or "").startswith("#")]
    assert [href for href in inner if href and href[1:] not in ids] == []
    assert [e.attrs for e in elements for key in ("aria-labelledby", "aria-describedby", "for")
            if key in e.attrs and not set((e.attrs[key] or "").split()) <= ids] == []  # fmt: skip


@each_page
def test_headings_begin_with_one_title_and_skip_no_level(name: str) -> None:
    levels = [int(e.tag[1]) for e in read(every_page()[name]) if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@each_page
def test_the_policy_stands_in_the_page_and_nothing_in_it_needs_an_exception(name: str) -> None:
    elements = read(every_page()[name])
    policies = [e.attrs["content"] for e in elements if e.attrs.get("http-equiv") == "Content-Security-Policy"]
    anywhere = name == "not found"  # has its style and its pictures inside, since it may stand anywhere
    within = re.findall(r"<style>(.*?)</style>", every_page()[name], re.DOTALL)
    assert len(within) == anywhere
    digests = "".join(f" 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in within)
    assert policies == [
        f"default-src 'none'; script-src 'self'; style-src 'self'{digests}; img-src 'self'{' data:' * anywhere}; "
        f"font-src 'self'{' data:' * anywhere}; base-uri 'none'; form-action 'none'; connect-src 'self'"
    ]
    assert not [e for e in elements if "style" in e.attrs or any(key.startswith("on") for key in e.attrs)]
    assert not [e for e in elements if e.tag in ("iframe", "object", "embed", "base", "form")]
    inline = [e for e in elements if e.tag == "script" and "src" not in e.attrs]
    assert all(e.attrs.get("type") == "application/json" for e in inline)


@each_page
def test_nothing_is_fetched_from_another_host(name: str) -> None:
    fetched = [
        e.attrs.get("src") or e.attrs.get("href") or ""
        for e in read(every_page()[name])
        if e.tag in ("script", "img", "source", "use")
        or (e.tag == "link" and e.attrs.get("rel") in ("stylesheet", "icon"))
    ]
    inside = "data:" if name == "not found" else ""  # what may stand anywhere has all of it inside
    assert fetched
    assert all(address.startswith(inside) and "//" not in address for address in fetched)


@each_page
def test_a_page_names_its_language_title_description_and_icon(name: str) -> None:
    elements = read(every_page()[name])
    assert next(e for e in elements if e.tag == "html").attrs["lang"] in ("de", "en")
    assert next(e for e in elements if e.tag == "title").words
    assert next(e for e in elements if e.attrs.get("name") == "description").attrs["content"]
    assert [e for e in elements if e.tag == "link" and e.attrs.get("rel") == "icon"]
    assert [e for e in elements if e.attrs.get("name") == "color-scheme"]


def test_a_footer_names_the_pages_in_its_language_and_in_the_site_s_and_the_first_page_all() -> None:
    theme = sample.theme()
    guide = replace(theme.plain_pages[0], slug="guide", title=SourceText("Publishing"), lang="en")
    theme = replace(theme, plain_pages=(*theme.plain_pages, guide))
    found = {
        name: re.findall(r'href="[./]*pages/(\w+)/index.html"', html.partition('<footer class="foot">')[2])
        for name, html in {
            "de": pages.article_page(sample.annotated("de"), theme, sample.charts()),
            "en": pages.article_page(sample.annotated("en"), theme, sample.charts()),
            "first": listed([line("chips")], theme)["index.html"],
            "itself": pages.plain_page(guide, theme),
        }.items()
    }
    both = ["impressum", "guide"]
    assert found == {"de": ["impressum"], "en": both, "first": both, "itself": both}


@each_page
def test_links_between_pages_work_from_a_disk(name: str) -> None:
    inner = [
        e.attrs["href"] or ""
        for e in read(every_page()[name])
        if e.tag == "a" and not re.match(r"#|https?:", e.attrs.get("href") or "#")
    ]
    assert all(re.search(r"\.(html|jsonld|json|bib|csv|svg|xml)(#[^#]+)?$", href) for href in inner), inner


@each_page
def test_pictures_say_how_large_they_are(name: str) -> None:
    pictures = [e for e in read(every_page()[name]) if e.tag == "img"]
    assert all({"alt", "width", "height"} <= set(e.attrs) for e in pictures)


def test_a_page_that_is_not_found_names_everything_by_its_whole_address() -> None:
    elements = read(every_page()["not found"])
    addresses = [e.attrs.get("href") or e.attrs.get("src") for e in elements if e.tag in ("a", "link", "script")]
    assert all(
        address == "#main" or (address or "").startswith(("https://randnotiz.example/", "data:"))
        for address in addresses
    )


# ---- an article ----


def test_each_note_has_its_number_and_its_word_and_says_at_rest_what_came_out() -> None:
    listed = article_html().split('role="doc-endnotes"')[1].split("</ol>\n</section>")[0]
    assert [e.words for e in read(listed) if e.tag == "summary"] == [
        "Offenlegung Wir besitzen keine Aktien der Firma.",
        "1 Beleg Patel 2025",
        "2 Umstritten 1 dafür, 1 dagegen Die Tabelle hinter der Zahl geht nicht auf.",
        "+Zustimmung: Epoch AI Die Größenordnung stimmt, 1 bis 1,5 Mrd. US-Dollar inbegriffen.",
        "−Widerspruch: Glenn Luk Die Tabelle hinter der Zahl geht nicht auf.",
        "3 Nachgerechnet 1 bis 1,5 Mrd. US-Dollar Nur die Chips, ohne Server.",
        "4 Fußnote Ohne Server und ohne Strom.",
        "5 Kontext Eine von vielen.",
        "6 Begriff Hopper Eine Bauart.",
        "7 Korrektur des Berichts Es sind 50.000.",
        "8 Nachgerechnet 1,4 Angabe des Berichts im Verhältnis",
    ]


def test_the_line_of_a_footnote_has_its_words_without_the_numbers_of_notes_on_them() -> None:
    words = pages.article_context(sample.annotated(), sample.theme().settings)
    body = '<p>Preise<sup class="refs"><a id="r-x" class="ref" href="#n-x">3</a></sup> von <em>damals</em>.</p><p>Ja.'
    assert words.gist(AnchoredNote(id="footnote-1", kind="footnote", number=4, body=body)) == "Preise von damals."


@pytest.mark.parametrize(
    ("words", "gist"),
    [
        ("Ein Satz.", "Ein Satz."),
        ("Das ist der erste Satz. Und der zweite.", "Das ist der erste Satz."),
        ("Rund 3,5 Mio. Euro kostete das Haus damals. Mehr nicht.", "Rund 3,5 Mio. Euro kostete das Haus damals."),
        ("Das Haus sei „viel zu teuer gewesen.“ Sagt er.", "Das Haus sei „viel zu teuer gewesen.“"),
        ("Kostet das Haus wirklich so viel? Ja.", "Kostet das Haus wirklich so viel?"),
        (
            "Das wären 1 bis 1,5 Mrd. US-Dollar am 5. Mai. Mehr.",
            "Das wären 1 bis 1,5 Mrd. US-Dollar am 5. Mai. Mehr.",
        ),
        ("Was der Zugang kostete, z. B. im Januar: nichts", "Was der Zugang kostete, z. B. im Januar: nichts"),
        ("Wörter " * 20, "Wörter " * 12 + "…"),
        ("W" * 200, " …"),
        ("", ""),
    ],
)
def test_the_first_sentence_stands_in_for_a_gist_and_no_word_is_cut(words: str, gist: str) -> None:
    assert views.first_sentence(words) == gist


def test_of_many_sources_a_line_names_as_many_as_have_room() -> None:
    english = language.of("en")
    assert views.fitting(["Amodei 2025"], english) == "Amodei 2025"
    assert views.fitting(["Amodei 2025", "Cottier u. a. 2024"], english) == "Amodei 2025, Cottier u. a. 2024"
    assert views.fitting(["EconoTimes 2025a", "Naik Naik & Co. 2025", "Ho 2024"], english) == "EconoTimes 2025a + 2"
    assert views.fitting(["W" * 80, "X"], english) == "W" * 80 + " + 1"


def test_the_voices_on_a_claim_are_one_note_by_their_stances_and_each_keeps_its_addresses() -> None:
    html = article_html()
    listed = html.split('role="doc-endnotes"')[1].split("</ol>\n</section>")[0]
    assert re.findall(r'<details class="voice body" id="n-([^"]*)"', listed) == ["plausible", "too-many"]
    assert listed.count("Die Firma habe 50.000 Chips gekauft.") == 1
    elements = read(html)
    numbers = [e for e in elements if e.attrs.get("role") == "doc-noteref" and e.words == "2"]
    assert [e.attrs["id"] for e in numbers] == ["r-plausible"]
    assert named(elements, "r-too-many").tag == "span"  # its passage has the line, and no number a second time
    assert named(elements, "n-plausible").words.startswith("+Zustimmung: Epoch AI")


def test_a_reference_leads_to_its_note_and_back_and_tells_the_kind_once() -> None:
    elements = read(article_html())
    references = [e for e in elements if e.attrs.get("role") == "doc-noteref"]
    assert references
    for reference in references:
        assert f" {reference.words}, " in str(reference.attrs["aria-label"])
        note = str(reference.attrs["href"])[1:]
        assert named(elements, note).tag in ("li", "details")
        back = [
            e
            for e in elements
            if e.attrs.get("role") == "doc-backlink" and e.attrs["href"] == f"#{reference.attrs['id']}"
        ]
        assert len(back) == 1


def test_everything_that_can_be_cited_has_an_address_of_its_own() -> None:
    assert {
        "n-fleet-source", "n-too-many", "n-hardware", "n-power-cost", "n-what-hopper", "claim-too-many",
        "chart-fleet", "source-semianalysis-2025",
    } <= {e.attrs.get("id") for e in read(article_html())}  # fmt: skip


def test_the_readers_choose_kinds_with_checkboxes_that_say_how_many_there_are() -> None:
    labels = [e.words for e in read(article_html()) if e.tag == "label" and "Preis" not in e.words]
    assert labels[:4] == [
        "1 Beleg", "2 Stimmen", "2 nachgerechnete Zahlen", "3 Erläuterungen und 1 Korrektur des Berichts",
    ]  # fmt: skip


def test_a_claim_leads_into_the_text_and_wears_its_verdict_in_words() -> None:
    elements = read(article_html())
    row = named(elements, "claim-too-many")
    assert "Die Firma habe 50.000 Chips gekauft." in row.words
    assert "Medienberichte, 27. Januar 2025" in row.words
    assert "1 dafür, 1 dagegen" in row.words
    assert "Umstritten" in row.words
    assert [e for e in elements if e.tag == "a" and e.attrs.get("href") == "#r-too-many"]


def test_a_claim_without_a_verdict_says_so_and_a_voice_s_page_is_named_by_its_host() -> None:
    voices = VOICES.replace(", verdict: supported, why: So ist es.", "").replace(
        "by: Makler", "by: {name: Makler, url: https://www.makler.example/wir}"
    )
    sources = "sources:\n- {id: zeitung, type: report, title: Z}\n- {id: amt, type: report, title: A}\n"
    page = read(published(CLAIMED, settings=sample.settings(), counterclaims=voices, sources=sources).html)
    assert "Kein Urteil, etwa weil es eine Meinung" in named(page, "claim-next").words
    assert "Kein Urteil" not in named(page, "claim-rise").words
    assert [e.words for e in page if e.attrs.get("href") == "https://www.makler.example/wir"] == ["makler.example"]


def test_a_supporting_voice_is_never_headed_as_a_counter_claim() -> None:
    note = named(read(article_html()), "n-plausible")
    assert "Zustimmung" in note.words
    assert "Gegen" not in note.words


def test_beside_the_title_stand_all_claims_and_the_two_of_the_examined_work_that_fared_worst() -> None:
    annotated, about = sample.annotated(), SourceText("semianalysis 2025")
    first, scale = annotated.claims[0], sample.settings().verdicts
    appeared: dict[str, tuple[SourceText, ...]] = {"wrong": (), "disputed": (about,), "supported": (about,)}
    others = [
        replace(
            first, id=f"that-is-{key}", claim=SourceText(f"Es ist {key}."), verdict=scale.get(key), appeared_in=works
        )
        for key, works in [*appeared.items(), ("opinion", (about,))]
    ]
    many = (replace(first, verdict=None), *others)
    for examined, shown in ((about, ["disputed", "supported"]), (None, ["wrong", "disputed"])):
        made = replace(annotated, claims=many, article=replace(annotated.article, about=examined))
        head, text = pages.article_page(made, sample.theme(), sample.charts()).split("<article")
        cells = re.findall(r'<a class="(v\w)" href="#claim-([^"]*)"', head)
        assert [cell for cell, _ in cells] == ["v3", "v5", "v7", "vx", "vx"]
        assert re.findall(r">Es ist (\w+)\.</a></p>", head) == shown
        assert text.count('<tr id="claim-') == 5


def test_the_top_says_what_came_out_where_somebody_has_written_it_down() -> None:
    annotated = sample.annotated()
    with_a_conclusion = replace(annotated.article, conclusion=SourceText("Es sind {{ hardware }}."))
    made = pages.article_page(replace(annotated, article=with_a_conclusion), sample.theme(), sample.charts())
    lines = [e.words for e in classed(read(made), "subtitle")]
    assert lines == ["Es sind 1 bis 1,5 Mrd. US-Dollar."]
    plain = [e.words for e in classed(read(article_html()), "subtitle")]
    assert plain == [str(annotated.article.subtitle), str(annotated.article.summary)]


@pytest.mark.parametrize(("gist", "twice"), [("Miete im Jahr", True), ("So viel kostet ein Jahr", False)])
def test_a_gist_that_is_the_label_of_its_figure_is_not_read_twice_in_an_open_note(gist: str, twice: bool) -> None:
    figures = "quantities:\n  rent: {label: Miete, value: 900, unit: EUR, sources: [amt]}\nfigures:\n"
    figures += f"  yearly: {{label: Miete im Jahr, formula: 12 * rent, unit: EUR, quote: Das Jahr, gist: {gist}}}\n"
    elements = read(published("Das Jahr kostet mehr.\n", figures=figures).html)
    (head,) = classed(elements, "gist")
    assert head.words == gist
    assert ("spare" in (head.attrs["class"] or "")) == twice


def test_a_figure_shows_result_comparison_formula_inputs_and_what_it_hangs_on() -> None:
    elements = read(article_html())
    hardware = named(elements, "n-hardware").words
    assert "Der Text sagt 1 Mrd. US-Dollar, die Rechnung ergibt 1 bis 1,5 Mrd. US-Dollar: stimmt überein" in hardware
    assert "Hopper-Chips ×Preis je Chip" in hardware
    assert "Preis je Chip20.000 bis 30.000 US-Dollar Annahme: Straßenpreise von 2024" in hardware
    power = named(elements, "n-power-cost").words
    assert "Bewegt sich nur Leistung je Chip, liegt das Ergebnis bei" in power
    assert "weicht um Faktor 2,1 ab" in named(elements, "n-fleet-factor").words


def test_sliders_reach_beyond_the_range_and_stay_positive() -> None:
    sliders = [e.attrs for e in read(article_html()) if e.attrs.get("type") == "range"]
    price = next(attrs for attrs in sliders if attrs["data-input"] == "price")
    assert (price["min"], price["value"], price["max"], price["step"]) == ("10000", "25000", "40000", "1000")
    rate = next(attrs for attrs in sliders if attrs["data-input"] == "rate")
    assert float(rate["min"] or 0) > 0


def test_a_quantity_and_a_figure_are_marked_wherever_the_text_prints_them() -> None:
    text = article_html().split("<article")[1].split("</article>")[0]
    printed = [e for e in read(text) if e.tag == "a" and "data-figure" in e.attrs]
    assert [(e.attrs["data-figure"], e.attrs.get("data-part"), e.words) for e in printed] == [
        ("power_cost", None, "17,5 bis 42,1 Mio. US-Dollar"),
        ("hardware", None, "1 bis 1,5 Mrd. US-Dollar"),
        ("price", "low", "20.000 US-Dollar"),
    ]


def test_a_chart_has_its_finding_sources_table_and_downloads() -> None:
    elements = read(article_html())
    chart = named(elements, "chart-fleet")
    assert chart.tag == "figure"
    for words in ("H100 kosten das Zweieinhalbfache", "US-Dollar je Chip", "Straßenpreise.", "Patel 2025", "30.000"):
        assert words in chart.words
    downloads = {e.attrs["href"] for e in elements if "download" in e.attrs}
    assert downloads == {"charts/fleet.csv", "charts/fleet.svg", "charts/fleet.vl.json"}


def test_the_chart_stands_where_the_text_says() -> None:
    html = article_html()
    assert html.index("billigste") < html.index('id="chart-fleet"') < html.index("Am Ende zählt")


def test_a_source_tells_what_is_known_of_it_and_where_it_is_used() -> None:
    elements = read(article_html())
    source = named(elements, "source-semianalysis-2025").words
    for words in (
        "Patel, Dylan: „DeepSeek Debates <and more>“", "Schätzung", "im Original gelesen",
        "Interesse: verkauft Daten über den Chipmarkt", "Gleicher Ursprung wie",
        "Archivierte Fassung vom 23. November 2026",
        "Verwendet in 1 2 3", "Grafik 1",
    ):  # fmt: skip
        assert words in source
    link = next(e for e in elements if "data-originalurl" in e.attrs)
    assert link.attrs["data-originalurl"] == "https://semianalysis.example/deepseek?a=1&b=2"
    assert link.attrs["data-versiondate"] == "2026-11-23"


def test_several_charts_on_one_source_are_counted_in_the_order_of_the_text() -> None:
    annotated = sample.annotated()
    (chart,) = annotated.article.charts
    article = replace(annotated.article, charts=(replace(chart, id="later"), chart))
    pieces = (*annotated.pieces, ("", "later"))
    html = pages.article_page(replace(annotated, article=article, pieces=pieces), sample.theme(), sample.charts())
    assert '<a href="#chart-fleet">Grafik 1</a> <a href="#chart-later">Grafik 2</a>' in html


def test_our_own_corrections_stand_apart_from_those_of_the_report() -> None:
    elements = read(article_html())
    errata = next(e for e in elements if e.attrs.get("role") == "doc-errata")
    assert "Im Titel stand ein falsches Wort." in errata.words
    assert "Es sind 50.000." not in errata.words


def test_the_examined_report_is_named_above_the_title() -> None:
    eyebrow = classed(read(article_html()), "eyebrow")[0]
    assert eyebrow.words == "Nachgelesen: ein Bericht von Trending Topics, Januar 2025"


def test_an_entry_of_an_encyclopedia_is_no_report() -> None:
    annotated = sample.annotated()
    examined = annotated.article.sources["trending2025"]
    entry = replace(examined, csl={**examined.csl, "type": "entry-encyclopedia", "container-title": "Wikipedia"})
    article = replace(annotated.article, sources={**annotated.article.sources, "trending2025": entry})
    html = pages.article_page(replace(annotated, article=article), sample.theme(), sample.charts())
    assert classed(read(html), "eyebrow")[0].words == "Nachgelesen: Wikipedia, Januar 2025"


def test_what_an_author_wrote_is_text_and_never_markup() -> None:
    annotated = sample.annotated()
    hostile = replace(
        annotated.article, title=SourceText("<script>alert(1)</script>"), subtitle=SourceText('"><img src=x>')
    )
    html = pages.article_page(replace(annotated, article=hostile), sample.theme(), sample.charts())
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_the_data_for_the_script_cannot_end_its_element() -> None:
    html = article_html()
    data = html[html.index('id="figures">') :]
    assert "<" not in data[: data.index("</script>")].removeprefix('id="figures">')


def test_the_words_of_the_page_follow_the_article() -> None:
    words = next(e.words for e in read(article_html("en")) if e.tag == "body")
    assert language.of("en").message("claims") in words
    assert "$1 billion to $1.5 billion" in words
    assert not re.search(r"\b(Beleg|Anmerkungen|Quellen|Behauptung)\b", words.replace("Umstritten", ""))


def test_an_article_without_annotations_says_so_and_has_no_empty_lists() -> None:
    annotated = sample.annotated()
    bare = replace(
        annotated, notes=(), claims=(), article=replace(annotated.article, corrections=(), sources={}, about=None)
    )
    html = pages.article_page(bare, sample.theme(), {})
    assert "Dieser Text hat keine Anmerkungen." in html
    assert "doc-endnotes" not in html
    assert "doc-bibliography" not in html


def test_the_same_article_gives_the_same_page() -> None:
    assert article_html() == pages.article_page(sample.annotated(), sample.theme(), sample.charts())


# ---- the index ----


def test_the_index_leads_with_what_became_of_the_first_article_s_claims() -> None:
    claims = tuple(
        ClaimSummary(id=f"c-{at}", claim=f"Behauptung {at}.", by=f"Amt {at}", verdict=verdict)
        for at, verdict in enumerate((None, "supported", "wrong", "disputed", "supported"))
    )
    theme = replace(sample.theme(), settings=replace(sample.settings(), summary=SourceText("Nachgelesen.")))
    index = listed([line("chips", claims=claims), line("strom", claims=claims)], theme)["index.html"]
    elements = read(index)
    assert [e.words for e in elements if e.attrs.get("class") == "subtitle"] == [
        "Nachgelesen.",
        "Es waren neun Prozent.",
    ]
    assert [e.attrs["content"] for e in elements if e.attrs.get("name") == "description"] == ["Nachgelesen."]
    (judged,) = classed(elements, "judged")
    words = "Widerlegt Behauptung 2. Amt 2 Umstritten Behauptung 3. Amt 3 Belegt Behauptung 1. Amt 1"
    assert " ".join(judged.words.split()) == words
    led = [e.attrs["href"] for e in elements if "chips/claims/" in (e.attrs.get("href") or "")]
    assert led == [f"chips/claims/c-{at}/index.html" for at in (2, 3, 1)]


# ---- weight ----


def test_style_and_script_are_light() -> None:
    style = short_style((STATIC / "style.css").read_text(encoding="utf-8"))
    script = short_script((STATIC / "reading.js").read_text(encoding="utf-8"))
    assert len(gzip.compress(style.encode())) <= 12 * KIB
    assert len(gzip.compress(script.encode())) <= 8 * KIB


def test_an_asset_is_named_by_what_it_holds() -> None:
    files = pages.assets(sample.theme())
    assert all(re.fullmatch(r"assets/[a-z]+\.[0-9a-f]{12}\.(css|js|svg)", path) for path in files)


def test_a_style_sheet_loses_only_what_no_browser_reads() -> None:
    assert (
        short_style("/* why */\na > b ,\nc { color : red ;\n  margin: 0 auto }\n")
        == "a>b,c{color : red;margin: 0 auto}\n"
    )


def test_a_script_keeps_line_ends_that_count_and_what_looks_like_a_comment() -> None:
    script = '// why\nconst a = 1;\n\n  // how\n  const b = "https://x";\n'
    script += "let c; // and d,\nlet d\nif (a) {\n  d = [1,\n  2];\n}\nd++\n"
    assert short_script(script) == (
        'const a = 1;const b = "https://x";\nlet c; // and d,\nlet d\nif (a) {d = [1,2];}\nd++\n'
    )


# ---- a claim ----


def test_the_page_of_a_claim_has_its_verdict_and_every_voice_with_the_way_back_to_the_text() -> None:
    elements = read(every_page()["claim"])
    words = next(e.words for e in elements if e.tag == "main")
    for said in (
        "„Die Firma habe 50.000 Chips gekauft.“", "Widerlegt Umstritten Belegt", "Widerspruch: Glenn Luk",
        "Zustimmung: Epoch AI", "Angefragt am 1. November 2026, bisher ohne Antwort.",
    ):  # fmt: skip
        assert said in words
    hrefs = {e.attrs.get("href") for e in elements}
    assert {"../../index.html#r-too-many", "#source-semianalysis-2025"} <= hrefs


CLAIMED = """\
Im Herbst, schreibt der Verein, seien die Mieten um 12 Prozent gestiegen, z. B. in Wien. Seither sanken sie.

Der Vergleich der Mieten ist knapp.
"""
VOICES = """\
counterclaims:
- {id: rise, quote: seien die Mieten um 12 Prozent gestiegen, claim: Die Mieten stiegen um 12 Prozent.,
  claimed_by: Verein, claimed_on: 2026-11-01, appeared_in: [zeitung], stance: disputes, counter: Es waren acht.,
  by: Amt, sources: [amt],
  verdict: wrong, why: Gezählt wurde doppelt.}
- {id: also, same_claim_as: rise, quote: Mieten um 12 Prozent, stance: supports, counter: Ja., by: Makler,
  sources: [amt]}
- {id: next, quote: Der Vergleich, claim: Der Vergleich ist knapp., claimed_by: Verein, stance: disputes,
  counter: Nein., by: Amt, sources: [amt], verdict: supported, why: So ist es.}
"""
FIGURES = """\
quantities:
  after: {label: Nachher, value: 108, unit: EUR, sources: [kataster]}
  before: {label: Vorher, value: 100, unit: EUR, assumed: so}
figures:
  growth: {label: Anstieg, formula: after / before - 1, unit: "%", stated: 12 %, quote: 12 Prozent}
  other: {label: Anderes, formula: after - before, unit: EUR, quote: Seither}
  asked: {label: Gefragt, formula: before * 12 / 100, unit: EUR}
"""


def test_the_page_of_a_claim_carries_itself() -> None:
    """Who said it, when and in what; the scale and what the verdict means; why; the sum of its own words and those
    that voices print; the voices, those for it first; the sources of all that; the passages in their sentences; the
    next claim.
    """
    sources = "".join(
        f"- {{id: {id}, type: report, title: T {id}}}\n" for id in ("zeitung", "amt", "kataster", "fremd")
    )
    wrong = replace(sample.settings().verdicts["wrong"], means={"de": "Quellen zeigen das Gegenteil."})
    found = published(
        CLAIMED,
        settings=replace(sample.settings(), verdicts={**sample.settings().verdicts, "wrong": wrong}),
        counterclaims=VOICES.replace("Es waren acht.", "'Es waren {{ asked }} weniger.'"),
        figures=FIGURES,
        sources=f"sources:\n{sources}",
    )
    elements = read(found.files["claims/rise/index.html"].decode())
    words = next(e.words for e in elements if e.tag == "main")
    order = (
        "„Die Mieten stiegen um 12 Prozent.“", "Behauptet von: Verein, 1. November 2026 · In: T zeitung", "Widerlegt",
        "Umstritten", "Belegt", "Quellen zeigen das Gegenteil.", "Gezählt wurde doppelt.", "Anstieg: 8 %",
        "Gefragt: 12 Euro",
        "Zustimmung: Makler", "Widerspruch: Amt", "Quellen T", "Im Zusammenhang", "Der Vergleich ist knapp. Belegt",
    )  # fmt: skip
    assert [at for at in order if at not in words] == []
    assert sorted(order, key=words.index) == list(order)
    assert [e.words for e in elements if e.tag == "li" and "aria-current" in e.attrs] == ["Widerlegt"]
    assert [e.words.removesuffix(" Zur Stelle im Artikel") for e in elements if e.tag == "blockquote"] == [
        "Im Herbst, schreibt der Verein, seien die Mieten um 12 Prozent gestiegen, z. B. in Wien."
    ]
    assert [e.words for e in elements if e.tag == "mark"] == ["seien die Mieten um 12 Prozent gestiegen"]
    listed = [e.words for e in elements if e.tag == "p" and e.attrs.get("class") == "reference"]
    assert sorted(re.findall(r"T \w+", " ".join(listed))) == ["T amt", "T kataster", "T zeitung"]
    assert "Anderes" not in words


def test_one_name_may_speak_twice_on_a_claim_and_no_two_landmarks_are_named_alike() -> None:
    """A section with a name is a landmark (ARIA 1.2, region), and screen readers list them by their names alone."""
    found = published(
        CLAIMED,
        counterclaims=VOICES.replace("Makler", "Amt").replace("supports", "disputes").replace("zeitung", "amt"),
    )
    elements = read(found.files["claims/rise/index.html"].decode())
    names = {e.attrs["id"]: e.words for e in elements if "id" in e.attrs}
    named = [(e.tag, names[e.attrs["aria-labelledby"]]) for e in elements if "aria-labelledby" in e.attrs]
    assert [words for tag, words in named if tag == "article"] == ["− Widerspruch: Amt"] * 2
    landmarks = [words for tag, words in named if tag == "section"]
    assert len(landmarks) == len(set(landmarks)) >= 2


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_kind_and_every_stance_has_its_words_and_every_stance_its_sign(tag: str) -> None:
    kinds = (*get_args(NoteKind), *get_args(EditorialNoteKind))
    wanted = {f"kind-{kind}" for kind in kinds} | {
        f"{each}-{s}" for s in get_args(Stance) for each in ("stance", "voices")
    }
    assert [key for key in wanted if language.of(tag).foreign(key)] == []
    assert views.STANCES.keys() == set(get_args(Stance))
    assert MOTIVATIONS.keys() == set(get_args(EditorialNoteKind))


def test_every_stance_is_counted_among_the_voices_on_a_claim() -> None:
    voices = sample.annotated().claims[0].voices
    claim = replace(
        sample.annotated().claims[0], voices=tuple(replace(voices[0], stance=s) for s in get_args(Stance))
    )
    view = views.claim_view(claim, language.of("en"), set())
    assert view.voices == "1 for, 1 qualifies, 1 against, 1 corrects"


def test_colours_stand_in_their_table_alone() -> None:
    """A mark of the house in a file of its own, which no template fills, is the exception."""
    looks = [*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), *(sample.ROOT / "templates").rglob("*.*")]
    known = {shade for colour in COLOURS.values() for shade in colour}
    found = {shade for path in looks for shade in re.findall(r"#[0-9a-f]{3,8}\b", path.read_text(encoding="utf-8"))}
    assert found & known == set()
    favicon = set(re.findall(r"#[0-9a-f]{6}", (STATIC / "favicon.svg").read_text(encoding="utf-8")))
    assert favicon <= known


@pytest.mark.parametrize("name", sorted(COLOURS))
@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_the_style_sheet_gives_each_colour_its_name_in_each_scheme(name: str, scheme: str) -> None:
    style = short_style((STATIC / "style.css").read_text(encoding="utf-8"))
    assert style.count(f"--{name}:") >= 3
    assert f"--{name}: {getattr(COLOURS[name], scheme)};" in style
