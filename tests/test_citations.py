"""References in the article's language, and the same works as BibTeX and CSL-JSON."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from randnotiz import citations, language
from randnotiz.citations.people import names
from randnotiz.citations.titles import requoted
from randnotiz.csl import CSL_DATES, CSL_NAMES, CSL_TEXTS, CSL_TYPES
from randnotiz.diagnostics import SourceText
from randnotiz.model import Date, Source

GERMAN, AUSTRIAN, SWISS = language.of("de"), language.of("de-AT"), language.of("de-CH")
AMERICAN, BRITISH = language.of("en"), language.of("en-GB")


def work(**csl: Any) -> Source:
    """A source of CSL fields, `_` written for `-`."""
    fields = {key.replace("_", "-"): value for key, value in csl.items()}
    return Source(id=SourceText(str(fields.get("id", "w"))), csl={"id": "w", "type": "webpage", **fields})


NEWSPAPER = work(
    type="article-newspaper",
    title='Nvidia\'s "Chips" und der Export',
    author=[{"family": "Müller", "given": "Änne"}],
    container_title="Süddeutsche Zeitung",
    issued="2025-03-01",
    page="4",
    language="de",
)
ESSAY = work(
    id="amodei2025",
    title="On DeepSeek and Export Controls",
    author=[{"given": "Dario", "family": "Amodei"}],
    issued="2025-01-29",
    accessed="2026-11-23",
    URL="https://darioamodei.com/post/on-deepseek-and-export-controls",
    language="en",
    custom={
        "checked": "original",
        "evidence": "opinion",
        "interest": {"de": "führt einen Konkurrenten", "en": "runs a competitor"},
        "same-origin-as": "semianalysis2025",
        "archive-url": "https://web.archive.org/web/2026/https://darioamodei.com/",
        "archive-date": "2026-11-23",
        "recheck-after": "2027-05-01",
        "private-remark": "read without its footnotes",
    },
)
JOURNAL = work(
    type="article-journal",
    title="DeepSeek-R1 incentivizes reasoning in LLMs",
    author=[{"literal": "DeepSeek-AI"}],
    container_title="Nature",
    volume="645",
    issue="8081",
    page="633-638",
    issued={"date-parts": [[2025, 9, 17]]},
    DOI="https://doi.org/10.1038/s41586-025-09422-z",
)
CHAPTER = work(
    type="chapter",
    title="Über die Sprache",
    author=[
        {"family": "Humboldt", "given": "Alexander", "dropping-particle": "von"},
        {"literal": "Akademie der Wissenschaften"},
        {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
        {"family": "Mao", "given": "Zedong", "static-ordering": True},
    ],
    editor=[{"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"}],
    container_title="Handbuch",
    publisher="Springer",
    publisher_place="Wien",
    volume="3",
    issued={"date-parts": [[2012], [2014]]},
)
REPORT = work(
    type="report",
    title="DeepSeek-V3 Technical Report",
    author=[{"literal": "DeepSeek-AI"}],
    publisher="DeepSeek-AI",
    number="5",
    version="2",
    issued="2024-12",
)
EDITED = work(type="book", title='Der "Prozess"', editor=[{"family": "Brod", "given": "Max"}], edition="2")

REFERENCES = [
    (
        NEWSPAPER,
        "Müller, Änne: „Nvidia’s ‚Chips‘ und der Export“, in: Süddeutsche Zeitung, 1. März 2025, S. 4.",
        "Müller, Änne: “Nvidia’s ‘Chips’ und der Export”, in Süddeutsche Zeitung, 1 March 2025, p. 4.",
    ),
    (
        ESSAY,
        "Amodei, Dario: „On DeepSeek and Export Controls“, 29. Januar 2025, abgerufen am 23. November 2026.",
        "Amodei, Dario: “On DeepSeek and Export Controls”, 29 January 2025, accessed 23 November 2026.",
    ),
    (
        JOURNAL,
        "DeepSeek-AI: „DeepSeek-R1 incentivizes reasoning in LLMs“, in: Nature 645 (8081), 17. September 2025, "
        "S. 633–638, doi:10.1038/s41586-025-09422-z.",
        "DeepSeek-AI: “DeepSeek-R1 incentivizes reasoning in LLMs”, in Nature 645(8081), 17 September 2025, "
        "pp. 633–638, doi:10.1038/s41586-025-09422-z.",
    ),
    (
        CHAPTER,
        "Humboldt, Alexander von; Akademie der Wissenschaften; King, Martin Luther, Jr. u. a.: „Über die Sprache“, "
        "in: van Beethoven, Ludwig (Hg.): Handbuch, Bd. 3, Wien: Springer, 2012–2014.",
        "Humboldt, Alexander von; Akademie der Wissenschaften; King, Martin Luther, Jr. et al.: “Über die Sprache”, "
        "in van Beethoven, Ludwig (ed.): Handbuch, vol. 3, Wien: Springer, 2012–2014.",
    ),
    (
        REPORT,
        "DeepSeek-AI: DeepSeek-V3 Technical Report, Nr. 5, Version 2, Dezember 2024.",
        "DeepSeek-AI: DeepSeek-V3 Technical Report, no. 5, version 2, December 2024.",
    ),
    (
        work(
            type="chapter", title="Vorwort", editor=[{"family": "Brod", "given": "Max"}], container_title="Handbuch"
        ),
        "Brod, Max (Hg.): „Vorwort“, in: Handbuch, o. D.",
        "Brod, Max (ed.): “Vorwort”, in Handbuch, n.d.",
    ),
    (EDITED, "Brod, Max (Hg.): Der „Prozess“, 2. Aufl., o. D.", "Brod, Max (ed.): Der “Prozess”, 2nd ed., n.d."),
    (work(), "„ohne Titel“, o. D.", "“untitled”, n.d."),
    (
        work(
            type="book",
            title="Works",
            author=[{"family": "Roe", "given": "J."}],
            editor=[{"family": "Brod", "given": "Max"}, {"family": "Tran", "given": "S."}],
            translator=[{"family": "Lee", "given": "K."}],
            edition="11th ed.",
            number_of_volumes="3",
            publisher="Springer",
            issued="2013",
            original_date={"date-parts": [[1947]]},
        ),
        "Roe, J.: Works, 11. Aufl., 3 Bände, herausgegeben von Max Brod und S. Tran, übersetzt von K. Lee, Springer, "
        "2013, zuerst 1947.",
        "Roe, J.: Works, 11th ed., 3 vols., edited by Max Brod and S. Tran, translated by K. Lee, Springer, 2013, "
        "first published 1947.",
    ),
    (
        work(
            type="legal_case",
            title="Roe v. Wade",
            authority="Supreme Court",
            container_title="U.S.",
            volume="410",
            page="113",
            number="70-18",
            issued=1973,
        ),
        "„Roe v. Wade“, in: U.S., Bd. 410, Nr. 70-18, Supreme Court, 1973, S. 113.",
        "“Roe v. Wade”, in U.S., vol. 410, no. 70-18, Supreme Court, 1973, p. 113.",
    ),
    (
        work(type="speech", title="Wind", event_title="Wettertag", event_place="Bonn", issued="2020-05"),
        "„Wind“, in: Wettertag (Bonn), Mai 2020.",
        "“Wind”, in Wettertag (Bonn), May 2020.",
    ),
    (
        work(title="Wind", number_of_volumes="2 in 1", edition="Revised", authority="Amt", publisher="Amt"),
        "„Wind“, Revised, 2 in 1, Amt, o. D.",
        "“Wind”, Revised, 2 in 1, Amt, n.d.",
    ),
    (
        work(
            type="chapter",
            title="Wind",
            author=[{"family": "Roe"}],
            container_title="Werke",
            container_author=[{"family": "Lee", "given": "K."}],
            editor=[{"family": "Brod", "given": "Max"}],
            number_of_volumes=1,
        ),
        "Roe: „Wind“, in: Lee, K.: Werke, herausgegeben von Max Brod, o. D.",
        "Roe: “Wind”, in Lee, K.: Werke, edited by Max Brod, n.d.",
    ),
]


@pytest.mark.parametrize(("source", "de", "en"), REFERENCES)
def test_a_work_is_cited_in_the_language_of_the_article(source: Source, de: str, en: str) -> None:
    printed = [citations.reference(source, each).text.replace("\u00a0", " ") for each in (GERMAN, BRITISH)]
    assert printed == [de, en]


def test_each_german_has_its_own_marks_and_months() -> None:
    source = work(title="Der „Preis“ der Chips", issued="2026-01")
    assert citations.reference(source, AUSTRIAN).text == "„Der ‚Preis‘ der Chips“, Jänner 2026."
    assert citations.reference(source, SWISS).text == "«Der ‹Preis› der Chips», Januar 2026."
    assert citations.reference(source, AMERICAN).text == "“Der ‘Preis’ der Chips”, January 2026."


def test_the_title_is_the_link_and_knows_its_own_language() -> None:
    parts = citations.reference(ESSAY, GERMAN).parts
    title = next(part for part in parts if part.style == "title")
    assert (title.text, title.lang, title.href) == ("On DeepSeek and Export Controls", "en", ESSAY.csl["URL"])
    assert citations.reference(ESSAY, BRITISH).lang == ""


def test_a_work_that_stands_alone_is_italic_and_without_quotation_marks() -> None:
    assert [part.style for part in citations.reference(REPORT, GERMAN).parts] == ["plain", "italic", "plain"]


def test_a_doi_links_where_there_is_no_address() -> None:
    assert citations.reference(JOURNAL, GERMAN).href == "https://doi.org/10.1038/s41586-025-09422-z"


def test_what_the_contract_keeps_under_custom_reaches_the_reader() -> None:
    reference = citations.reference(ESSAY, GERMAN)
    assert (reference.checked, reference.evidence) == ("original", "opinion")
    assert reference.interest == "führt einen Konkurrenten"
    assert citations.reference(ESSAY, BRITISH).interest == "runs a competitor"
    assert reference.same_origin_as == ("semianalysis2025",)
    assert reference.archive_href == "https://web.archive.org/web/2026/https://darioamodei.com/"
    assert reference.archived == Date(2026, 11, 23)


def test_a_source_has_a_short_name_for_sentences() -> None:
    authors = [{"family": "Patel", "given": "Dylan"}, {"literal": "SemiAnalysis"}]
    assert citations.reference(work(author=authors, issued="2025-01-31"), GERMAN).short == "Patel/SemiAnalysis 2025"
    assert citations.reference(CHAPTER, GERMAN).short == "Humboldt u. a. 2012"
    assert citations.reference(work(title="Kein Durchbruch"), GERMAN).short == "Kein Durchbruch o. D."
    long = work(title="Kein einzigartiger Durchbruch, sagt der Chef von Anthropic", issued=2025)
    assert citations.reference(long, GERMAN).short == "Kein einzigartiger Durchbruch, sagt der … 2025"


@pytest.mark.parametrize(
    ("count", "last", "cut"), [(3, "", False), (4, "", True), (1, "others", True), (2, "et al.", True)]
)
def test_three_names_are_printed_and_of_more_the_first(count: int, last: str, cut: bool) -> None:
    people: list[Any] = [{"family": family, "given": "Ada"} for family in ("Alt", "Berg", "Cohn", "Doe")[:count]]
    people += [{"literal": last}] if last else []
    reference = citations.reference(work(type="book", title="Wind", author=people, translator=people), GERMAN)
    assert reference.text.count(" u. a.") == 2 * cut
    assert (" u. a." in reference.short) is cut
    assert not {"Doe", "others", "al."} & set(re.findall(r"[\w.]+", reference.text))


def test_a_place_without_a_publisher_is_printed_once() -> None:
    assert ", Bonn, o. D." in citations.reference(work(title="Wind", publisher_place="Bonn"), GERMAN).text
    item = work(title="Wind", container_title="Wetter", publisher_place="Bonn")
    assert citations.reference(item, GERMAN).text.count("Bonn") == 1


def test_short_names_that_would_be_equal_get_a_letter_in_the_order_of_the_list() -> None:
    ho = [{"family": "Ho"}]
    works = {
        "later": work(author=ho, title="B", issued=2024),
        "earlier": work(author=ho, title="A", issued=2024),
        "other": work(author=ho, title="A", issued=2023),
        "undated": work(author=ho, title="C"),
        "undated too": work(author=ho, title="D"),
    }
    told = citations.disambiguated({id: citations.reference(one, GERMAN) for id, one in works.items()})
    assert {id: one.short for id, one in told.items()} == {
        "later": "Ho 2024b",
        "earlier": "Ho 2024a",
        "other": "Ho 2023",
        "undated": "Ho o. D.-a",
        "undated too": "Ho o. D.-b",
    }


def test_references_sort_by_author_year_and_title_with_umlauts_among_their_letters() -> None:
    sources = [
        work(author=[{"family": "Zander"}], title="A"),
        work(author=[{"family": "Müller"}], title="B", issued="2025"),
        work(author=[{"family": "Muller"}], title="A", issued="2026"),
        work(author=[{"family": "Müller"}], title="C", issued="2024"),
        work(title="Ärger ohne Autor"),
    ]
    ordered = sorted(sources, key=lambda source: citations.reference(source, GERMAN).sort_key)
    assert [source.csl["title"] for source in ordered] == ["Ärger ohne Autor", "C", "B", "A", "A"]


@pytest.mark.parametrize(
    ("edition", "printed"),
    [
        *(("1", "1st ed."), ("2", "2nd ed."), ("3rd", "3rd ed."), ("9", "9th ed."), ("9th ed.", "9th ed.")),
        *((11, "11th ed."), ("12. Aufl.", "12th ed."), ("21", "21st ed."), ("113", "113th ed."), ("Third", "Third")),
        ("2nd, revised", "2nd, revised"),
    ],
)
def test_editions_are_counted_as_the_language_counts(edition: Any, printed: str) -> None:
    assert citations.reference(work(edition=edition), AMERICAN).text == f"“untitled”, {printed}, n.d."


# Titles


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ('"Kein Durchbruch": Chef warnt', "‚Kein Durchbruch‘: Chef warnt"),
        ("„Kein Durchbruch“: Chef warnt", "‚Kein Durchbruch‘: Chef warnt"),
        ("«Rien de neuf»", "‚Rien de neuf‘"),
        ("“He said ‘no’ twice”", "‚He said „no“ twice‘"),
        ("China's chips", "China’s chips"),
        ("The '90s and workers' rights", "The ’90s and workers’ rights"),
        ("'Kein Durchbruch' sagt der Chef", "‚Kein Durchbruch‘ sagt der Chef"),
        ("A (“quoted”) word", "A (‚quoted‘) word"),
        ("'Nobody Knows You're a Dog': a cartoon turns 20", "‚Nobody Knows You’re a Dog‘: a cartoon turns 20"),
        ("‘It’s fine’, he said", "‚It’s fine‘, he said"),
        ("\"He said 'don't'\" twice", "‚He said „don’t“‘ twice"),
        ("'\"Inner\" first', he said", "‚„Inner“ first‘, he said"),
        ("'1984' revisited", "‚1984‘ revisited"),
        ("On 'workers' rights': 'Tis time", "On ‚workers’ rights‘: ’Tis time"),
        ("'Rock 'n' roll' and '68", "‚Rock ’n’ roll‘ and ’68"),
        ('A 12" record', 'A 12" record'),
        ('A 7" single', 'A 7" single'),
        ("Hold yer 'orses", "Hold yer ’orses"),
        ("ohne Zeichen", "ohne Zeichen"),
    ],
)
def test_quotation_marks_in_a_title_become_the_inner_pair(title: str, printed: str) -> None:
    assert "".join(requoted(title, GERMAN.quotes, inner=True)) == printed


def test_a_title_of_quotation_marks_alone_takes_no_longer_than_any_other() -> None:
    assert len(requoted("'a" * 50_000, GERMAN.quotes, inner=True)) == 100_000


# Rich text

SMALL_CAPS = '<span style="font-variant:small-caps;">{}</span>'
RICH = [
    (
        "<i>E. coli</i> in H<sub>2</sub>O",
        "<i>E. coli</i> in H<sub>2</sub>O",
        r"\emph{E. coli} in H\textsubscript{2}O",
    ),
    ('on <span class="nocase">pH</span>', 'on <span class="nocase">pH</span>', "on {pH}"),
    ("of *Vittaria* and **more**", "of <i>Vittaria</i> and <b>more</b>", r"of \emph{Vittaria} and \textbf{more}"),
    ("H~2~O and ^14^C", "H<sub>2</sub>O and <sup>14</sup>C", r"H\textsubscript{2}O and \textsuperscript{14}C"),
    (
        "10^−3^ and Ca^2+^",
        "10<sup>−3</sup> and Ca<sup>2+</sup>",
        r"10\textsuperscript{−3} and Ca\textsuperscript{2+}",
    ),
    ("<sc>ad</sc> 70", f"{SMALL_CAPS.format('ad')} 70", r"\textsc{ad} 70"),
    ("[ad]{.smallcaps} 70", f"{SMALL_CAPS.format('ad')} 70", r"\textsc{ad} 70"),
    ("<span style='font-variant: small-caps'>ad</span>", SMALL_CAPS.format("ad"), r"\textsc{ad}"),
    ('<span lang="en">wind</span>', "<span>wind</span>", "wind"),
    ("<EM>a <sup>b</sup></EM>", "<i>a <sup>b</sup></i>", r"\emph{a }\emph{\textsuperscript{b}}"),
    ("_it_ & *100 %*", "<i>it</i> & <i>100 %</i>", r"\emph{it} \& \emph{100 \%}"),
]


@pytest.mark.parametrize(("title", "in_json", "in_bibtex"), RICH)
def test_rich_text_is_written_as_each_format_writes_it(title: str, in_json: str, in_bibtex: str) -> None:
    source = work(title=title, type="book", author=[{"family": title}])
    assert citations.csl_json(source)["title"] == in_json
    assert citations.csl_json(source)["author"] == [{"family": in_json}]
    assert f"  title = {{{{{in_bibtex}}}}}" in citations.bibtex(source)
    # What goes through the JSON once more, as the page of a source does, stays the same.
    again = Source(id=source.id, csl=citations.csl_json(source))
    assert citations.reference(again, GERMAN).parts == citations.reference(source, GERMAN).parts


@pytest.mark.parametrize(
    "title",
    [
        *("M*A*S*H", "C*-algebras and *-maps", "5 * 3 * 2", "x^2+y^2=z^2", "~5 to ~6", "snake_case_name", "E*TRADE"),
        *(r"a \em b", "$5^2$"),
        *("a < b > c", "The <span> element", "a <i b", "<i>open", "</i> shut", "<u>x</u>", "<script>x</script>"),
    ],
)
def test_what_only_looks_like_rich_text_stays_as_it_is(title: str) -> None:
    source = work(title=title)
    (part,) = [part for part in citations.reference(source, GERMAN).parts if part.style == "title"]
    assert (part.text, [run.tags for run in part.runs]) == (title, [()])
    assert citations.csl_json(source)["title"] == title


def test_tags_across_each_other_and_what_stands_for_tags_are_text() -> None:
    printed = citations.reference(work(title="<b>x<i>y</b>z</i> \U000f0100\U000f0000."), GERMAN)
    assert printed.title == "x<i>yz</i> ."


def test_a_mark_of_markdown_behind_a_backslash_is_none() -> None:
    assert citations.csl_json(work(title=r"\*not\* this"))["title"] == "*not* this"


def test_tags_are_told_from_quotation_marks_and_stand_in_no_plain_text() -> None:
    source = work(
        title="'<i>It's</i> *fine*' in the \"<span class='nocase'>UK</span>\"",
        author=[{"family": "<b>Roe</b>", "given": "<b>"}, {"family": "</b>"}],
        number="1<sup>er</sup>",
    )
    reference = citations.reference(source, GERMAN)
    assert reference.text == "Roe, <b>; </b>: „‚It’s fine‘ in the ‚UK‘“, Nr. 1er, o. D."
    assert (reference.title, reference.short) == ("‚It’s fine‘ in the ‚UK‘", "Roe/</b> o. D.")
    styled = [(run.text, run.tags) for part in reference.parts for run in part.runs if run.tags]
    assert styled == [("Roe", ("b",)), ("It’s", ("i",)), ("fine", ("i",)), ("UK", ("nocase",)), ("er", ("sup",))]


def test_tags_within_tags_take_no_longer_than_they_are_many() -> None:
    reference = citations.reference(work(title="<i>x" * 10_000 + "</i>" * 10_000), GERMAN)
    assert {run.tags for part in reference.parts for run in part.runs} == {(), ("i",)}


# Dates


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("2025-01-29", "29. Januar 2025"),
        ("2025-01-29T10:00:00Z", "29. Januar 2025"),
        ("2025-01", "Januar 2025"),
        (2025, "2025"),
        ("2019~", "um 2019"),
        ("~2019-03", "um März 2019"),
        ("2012/2019", "2012–2019"),
        ("2024-11/2024-12", "November 2024 bis Dezember 2024"),
        ("2024/..", "ab 2024"),
        ("../2024", "bis 2024"),
        ("198X", "1980–1989"),
        ("2025-21", "Frühjahr 2025"),
        ("-0043", "44 v. Chr."),
        ({"date-parts": [[-44]]}, "44 v. Chr."),
        ({"date-parts": [["-44", "3", "15"]]}, "15. März 44 v. Chr."),
        ({"date-parts": [[-27], [14]]}, "27 v. Chr. bis 14"),
        ({"date-parts": [[1]]}, "1"),
        ({"date-parts": [[1987], [0]]}, "ab 1987"),
        ({"date-parts": [[1987, 5], []]}, "ab Mai 1987"),
        ({"date-parts": [[""], [1987]]}, "bis 1987"),
        ({"date-parts": [[1950, 13]]}, "Frühjahr 1950"),
        ({"date-parts": [["1950", "24"]]}, "Winter 1950"),
        ({"date-parts": [[1950]], "season": "Fall"}, "Herbst 1950"),
        ({"date-parts": [[1950]], "season": "осінь"}, "Herbst 1950"),
        ({"date-parts": [[1950]], "season": "16"}, "Winter 1950"),
        ({"date-parts": [[1950]], "season": "17:53:22"}, "1950"),
        ({"date-parts": [[2025, 1, 29]]}, "29. Januar 2025"),
        ({"date-parts": [["2025", "1"]]}, "Januar 2025"),
        ({"date-parts": [[2012], [2019]]}, "2012–2019"),
        ({"date-parts": [[2012, 5, 1], [2012, 5, 1]]}, "1. Mai 2012"),
        ({"date-parts": [[2025]], "season": 2}, "Sommer 2025"),
        ({"date-parts": [[2025]], "circa": True}, "um 2025"),
        ({"raw": "2025-01-29"}, "29. Januar 2025"),
        ({"literal": "Weihnachten 1914"}, "Weihnachten 1914"),
    ],
)
def test_every_form_of_date_that_csl_allows_is_printed(value: Any, printed: str) -> None:
    assert citations.format_date(citations.date(value), GERMAN) == printed


NO_DATES: list[Any] = [
    None,
    True,
    [],
    {},
    "",
    "gestern",
    "2025-13",
    "2025-02-30",
    "29.1.2025",
    "../..",
    "/",
    "2025/x",
]
NO_PARTS: list[Any] = [[], [[]], [[2025, 2, 30]], [["MMXXV"]], [[True]], [[2025], [0, 0]], "2025", [2025]]


@pytest.mark.parametrize("value", [*NO_DATES, "9" * 999, *({"date-parts": rows} for rows in NO_PARTS)])
def test_what_is_no_date_is_none(value: Any) -> None:
    assert citations.date(value) is None


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025-01-29", Date(2025, 1, 29)),
        ("0001", Date(1)),
        ("2012/2019", None),
        ("../2024", None),
        ("2025-21", None),
        ("0000", None),
        ({"literal": "Weihnachten 1914"}, None),
    ],
)
def test_a_date_is_a_day_a_month_or_a_year_and_no_span_season_or_words(value: Any, day: Date | None) -> None:
    read = citations.date(value)
    assert read
    assert read.day == day


@pytest.mark.parametrize(("volume", "kept"), [("410", "410"), (410, 410), (4.5, 4.5), (True, None)])
def test_a_number_of_csl_stays_one_and_what_is_no_number_is_left_out(volume: Any, kept: Any) -> None:
    assert citations.csl_json(work(volume=volume)).get("volume") == kept


def test_a_leap_day_exists_only_in_leap_years() -> None:
    days = ("2024-02-29", "2023-02-29", "1900-02-29", "0000-02-29")
    assert [citations.date(day) is not None for day in days] == [True, False, False, True]


def test_years_before_christ_are_told_in_json_as_csl_counts_them_and_sorted() -> None:
    assert citations.csl_json(work(issued="-0043"))["issued"] == {"date-parts": [[-44]]}
    assert [line for line in citations.bibtex(work(issued="0000")).splitlines() if "date" in line] == [
        "  date = {0000}"
    ]
    assert citations.csl_json(work(issued={"date-parts": [[-44, 3, 15]]}))["issued"] == {"date-parts": [[-44, 3, 15]]}
    years = [work(issued={"date-parts": [[year]]}) for year in (-44, -43, -1, 1)]
    keys = [citations.reference(each, GERMAN).sort_key for each in years]
    assert keys == sorted(keys)
    assert len(set(keys)) == 4


# Names


@pytest.mark.parametrize(
    ("name", "listed", "full"),
    [
        ({"family": "余", "given": "华"}, "余华", "余华"),
        ({"family": "村上", "given": "春樹"}, "村上春樹", "村上春樹"),
        ({"family": "すぎやま", "given": "こういち"}, "すぎやまこういち", "すぎやまこういち"),
        ({"family": "김", "given": "철수"}, "김철수", "김철수"),
        ({"family": "スミス", "given": "ジョン"}, "スミス, ジョン", "ジョン スミス"),
        ({"family": "Yu", "given": "Hua"}, "Yu, Hua", "Hua Yu"),
        ({"family": "Yu", "given": "华"}, "Yu, 华", "华 Yu"),
        ({"family": "Mao", "given": "Zedong", "static-ordering": True}, "Mao Zedong", "Mao Zedong"),
        ({"family": "Aubignac", "given": "F.", "dropping-particle": "d'"}, "Aubignac, F. d’", "F. d’Aubignac"),
        ({"family": "Aubignac", "given": "F.", "non-dropping-particle": "d'"}, "d’Aubignac, F.", "F. d’Aubignac"),
        ({"family": "'Alā", "given": "Abū"}, "’Alā, Abū", "Abū ’Alā"),
        ({"family": "Gogh", "given": "V.", "non-dropping-particle": "van"}, "van Gogh, V.", "V. van Gogh"),
    ],
)  # fmt: skip
def test_a_name_is_written_as_its_language_writes_it(name: dict[str, Any], listed: str, full: str) -> None:
    (person,) = names([name])
    assert (person.listed(), person.full) == (listed, full)


# Addresses


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("10/f96g2d", "https://doi.org/10/f96g2d"),
        ("https://doi.org/10/F96G2D", "https://doi.org/10/F96G2D"),
        ("10.978.75097/91998", "https://doi.org/10.978.75097/91998"),
        ("doi:10.1000.10/123456", "https://doi.org/10.1000.10/123456"),
        ("info:doi/10.1000/182", "https://doi.org/10.1000/182"),
        ("10.1002/(SICI)1097<50::AID>3.0.CO;2", "https://doi.org/10.1002/(SICI)1097%3C50::AID%3E3.0.CO;2"),
        ("10.1000", ""),
        ("10/a b", ""),
        ("110.1000/182", ""),
    ],
)
def test_every_form_of_doi_is_a_link(written: str, address: str) -> None:
    assert citations.reference(work(DOI=written), GERMAN).href == address


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "//evil.example", "ftp://a.example/"),
        *("http://", "http://[", "https:a.example", "https://a b.example", "https://a.example/\u202eexe"),
        *('https://a.example/"onclick', "x", "", 7, None),
    ],
)
def test_only_addresses_of_the_web_become_links(address: Any) -> None:
    source = work(URL=address, custom={"archive-url": address})
    reference = citations.reference(source, GERMAN)
    assert (reference.href, reference.archive_href) == ("", "")
    assert "URL" not in citations.csl_json(source)
    assert "url" not in citations.bibtex(source)


# BibTeX and CSL-JSON


def test_bibtex_has_the_types_and_fields_of_biblatex() -> None:
    assert citations.bibtex(CHAPTER) == (
        "@incollection{w,\n"
        "  author = {von Humboldt, Alexander and {Akademie der Wissenschaften} and King, Jr., Martin Luther"
        " and Mao, Zedong},\n"
        "  editor = {family=Beethoven, given=Ludwig, prefix=van, useprefix=true},\n"
        "  title = {{Über die Sprache}},\n"
        "  booktitle = {{Handbuch}},\n"
        "  publisher = {Springer},\n"
        "  volume = {3},\n"
        "  location = {Wien},\n"
        "  date = {2012/2014}\n"
        "}\n"
    )


def test_bibtex_escapes_what_tex_would_act_upon() -> None:
    entry = citations.bibtex(work(id="a b", title=r"100 % von {A} & B_1 \input{x} #1 $5 ~ ^"))
    title = r"100 \% von \{A\} \& B\_1 \textbackslash{}input\{x\} \#1 \$5 \textasciitilde{} \textasciicircum{}"
    assert f"title = {{{{{title}}}}}" in entry
    assert re.match(r"@online\{a-b-[0-9a-f]{6},\n", entry)


def test_two_ids_that_a_key_cannot_tell_apart_get_different_keys() -> None:
    first, second = (citations.bibtex(work(id=each, title="T")).split(",")[0] for each in ("a b", "a/b"))
    assert first != second


def test_csl_json_has_date_parts_and_nothing_private_or_unknown() -> None:
    source = work(
        title="T",
        issued="2025-01~",
        accessed="2026-11-23",
        unknown="x",
        private_note="y",
        custom={"checked": "original", "private-remark": "z", "deep": [{"private-x": 1, "kept": 2}]},
        author=[{"family": "Patel", "nickname": "DP"}],
        URL="https://a.example/",
    )
    assert citations.csl_json(source) == {
        "id": "w",
        "type": "webpage",
        "title": "T",
        "issued": {"date-parts": [[2025, 1]], "circa": True},
        "accessed": {"date-parts": [[2026, 11, 23]]},
        "custom": {"checked": "original", "deep": [{"kept": 2}]},
        "author": [{"family": "Patel"}],
        "URL": "https://a.example/",
    }


def test_an_open_span_stays_edtf_because_date_parts_have_no_open_end() -> None:
    assert citations.csl_json(work(issued="2024-03/.."))["issued"] == "2024-03/.."


# Anything at all

ADDRESSES = st.sampled_from(("javascript:alert(1)", "https://a.example/x", "http:", "data:,x", "HTTPS://B.EXAMPLE"))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-10_000, 10_000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | ADDRESSES
)
ROWS = st.lists(SCALARS, max_size=3)
VALUES: st.SearchStrategy[Any] = SCALARS | ROWS | st.lists(ROWS, max_size=3) | st.fixed_dictionaries({"de": SCALARS})
CUSTOM = ("checked", "evidence", "interest", "archive-url", "archive-date", "same-origin-as", "recheck-after")
NAMES = st.lists(
    st.dictionaries(
        st.sampled_from(("family", "given", "literal", "suffix", "dropping-particle")), VALUES, max_size=4
    ),
    max_size=5,
)
DATES = st.dictionaries(st.sampled_from(("date-parts", "season", "circa", "literal", "raw")), VALUES, max_size=3)
ITEMS = st.builds(
    lambda kind, texts, names, dates, custom: {"type": kind, **texts, **names, **dates, "custom": custom},
    st.sampled_from(sorted(CSL_TYPES)) | VALUES,
    st.dictionaries(st.sampled_from(sorted(CSL_TEXTS)), VALUES, max_size=8),
    st.dictionaries(st.sampled_from(sorted(CSL_NAMES)), NAMES | VALUES, max_size=3),
    st.dictionaries(st.sampled_from(sorted(CSL_DATES)), DATES | VALUES, max_size=3),
    st.dictionaries(st.sampled_from((*CUSTOM, "private-x")), VALUES, max_size=3),
)


@settings(max_examples=150, deadline=None)
@given(ITEMS)
def test_no_item_stops_a_reference_and_no_link_leaves_the_web(item: dict[str, Any]) -> None:
    source = Source(id=SourceText("x"), csl=item)
    for each in (GERMAN, SWISS, AMERICAN):
        reference = citations.reference(source, each)
        links = [reference.href, reference.archive_href, *(part.href for part in reference.parts)]
        assert all(link.lower().startswith(("http://", "https://")) for link in links if link)
        assert reference.text.endswith(".")
    exported = citations.csl_json(source)
    json.dumps(exported, allow_nan=False)
    assert "private-x" not in json.dumps(exported)
    assert citations.bibtex(source).count("\n}\n") == 1


@pytest.mark.parametrize("kind", sorted(CSL_TYPES))
def test_every_type_of_work_has_a_reference_and_an_entry(kind: str) -> None:
    source = work(type=kind, title="Was die Zahlen hergeben", container_title="Randnotiz", issued="2026-11-24")
    assert citations.reference(source, GERMAN).text.endswith("in: Randnotiz, 24. November 2026.")
    assert citations.bibtex(source).startswith("@")


@pytest.mark.parametrize(
    ("tag", "printed"),
    [
        ("fr", "Morel, Jean\u202f; Diallo, Awa\u00a0: «\u202fUn titre\u202f», Lyon\u00a0: Presses, 2024."),
        ("en", "Morel, Jean; Diallo, Awa: “Un titre”, Lyon: Presses, 2024."),
        ("zh-Hans", "Morel, Jean；Diallo, Awa：“Un titre”，Lyon：Presses，2024。"),
        ("ja", "Morel, Jean；Diallo, Awa：「Un titre」、Lyon：Presses、2024。"),
        ("ar", "Morel, Jean؛ Diallo, Awa: «Un titre»، Lyon: Presses، 2024."),
        ("fa", "Morel, Jean؛ Diallo, Awa: «Un titre»، Lyon: Presses، 2024."),
    ],
)
def test_the_marks_between_the_parts_of_a_reference_are_those_of_the_language(tag: str, printed: str) -> None:
    people = [{"family": "Morel", "given": "Jean"}, {"family": "Diallo", "given": "Awa"}]
    made = work(title="Un titre", author=people, publisher="Presses", issued="2024", **{"publisher-place": "Lyon"})
    assert citations.reference(made, language.of(tag)).text == printed


@pytest.mark.parametrize(
    ("title", "in_french", "in_german"),
    [
        ("Le « vrai » prix ?", "Le “vrai” prix\u202f?", "Le ‚vrai‘ prix\u202f?"),
        ("Eau : « *tout* » !", "Eau\u00a0: “tout”\u202f!", "Eau\u00a0: ‚tout‘\u202f!"),
        ("Ein »Wort« 3 : 1", "Ein “Wort” 3\u00a0: 1", "Ein ‚Wort‘ 3\u00a0: 1"),
        ("Who pays? You: all!", "Who pays? You: all!", "Who pays? You: all!"),
    ],
)
def test_the_blanks_of_a_french_title_are_set_where_they_belong(title: str, in_french: str, in_german: str) -> None:
    made = work(title=title, issued="2024", type="article")
    assert citations.reference(made, language.of("fr")).text == f"«\u202f{in_french}\u202f», 2024."
    assert citations.reference(made, GERMAN).text == f"„{in_german}“, 2024."
    held = work(title="Titre", container_title="Revue « Eau »", issued="2024")
    assert citations.reference(held, language.of("fr")).text.endswith("dans Revue «\u202fEau\u202f», 2024.")


def test_an_article_in_a_journal_is_cited_with_the_marks_of_the_language() -> None:
    people = [{"family": "منصور", "given": "سامي"}]
    made = work(title="التسرب", author=people, container_title="مجلة المياه", volume="12", issue="3", issued="2024")
    assert citations.reference(made, language.of("ar")).text == (
        "منصور، سامي: «التسرب»، في: مجلة المياه 12 (3)، 2024."
    )
    made = work(
        title="水", container_title="水道雑誌", issue="3", page="4-5", issued="2024", URL="https://a.example/"
    )
    assert citations.reference(made, language.of("ja")).text == "「水」、所収：水道雑誌、第3号、2024、4–5頁。"
