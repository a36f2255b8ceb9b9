"""Sources as other programs export them: taken as they come, with one warning for a key and never a fault."""

import json
from pathlib import Path
from typing import Any

import pytest

from randnotiz import citations, language, reader
from randnotiz.diagnostics import Diagnostic, SourceText
from randnotiz.model import Source
from tests.published import published

GERMAN, ENGLISH = language.of("de"), language.of("en")
BOOK = {"id": "roe", "type": "book", "title": "Wind und Wetter"}


def taken(text: str, shared: bool = False) -> tuple[dict[str, Source], list[Diagnostic]]:
    """The sources of a file, and what is said of it, in which there is no fault."""
    sources, diagnostics = reader.read_sources("sources.yaml", text.encode(), shared)
    assert [each for each in diagnostics if each.severity == "error"] == []
    return dict(sources), list(diagnostics)


def exported(**csl: Any) -> tuple[dict[str, Any], list[Diagnostic]]:
    """A work as a program exports it to JSON, `_` written for `-`."""
    item = {**BOOK, **{key.replace("_", "-"): value for key, value in csl.items()}}
    sources, diagnostics = taken(json.dumps({"sources": [item]}, ensure_ascii=False))
    return dict(sources["roe"].csl), diagnostics


PARTS: list[Any] = [[[]], [[None]], [["", "", ""]], [["MMXXV"]], "2025", [[0, 0]]]
ODD: list[tuple[str, list[Any]]] = [
    ("title-short", ["", "  ", {"a": "b"}, [], [""]]),
    ("accessed", ["", "17:53:22", "9:05", {}, [], [[]], {"date-parts": []}, "0000-00-00"]),
    ("issued", [{"literal": ""}, {"raw": ""}, {"season": ""}, *({"date-parts": parts} for parts in PARTS)]),
    ("URL", ["papers://AB/Paper/p449", "file:///C:/a.pdf", "ftp://a.example/", "n. a.", "http://", "https://[", ""]),
    ("URL", ["www.example.org", "javascript:alert(1)"]),
    ("abstract", ["x" * 200_000]),
    ("author", [""]),
    ("type", ["unheard-of"]),
    ("language", ["Dothraki", "?"]),
    ("volume", ["NaN", "N/A"]),
]
LEFT_OUT = [{key: value} for key, values in ODD for value in values]


@pytest.mark.parametrize("odd", LEFT_OUT, ids=lambda odd: json.dumps(odd)[:60])
def test_what_says_nothing_is_left_out_with_a_warning(odd: dict[str, Any]) -> None:
    csl, diagnostics = exported(**odd)
    assert {each.code for each in diagnostics} == {"csl-value-odd"}
    assert csl.keys() == {"id", "type", "title"} - (odd.keys() & {"type"})


TAKEN: list[tuple[str, Any, Any]] = [
    ("URL", "http://a.example/x http://b.example/", "http://a.example/x"),
    ("URL", "http://a.example/x; https://b.example/", "http://a.example/x"),
    ("URL", "https://a.example/x (read in May)", "https://a.example/x"),
    ("URL", "<https://a.example/x>", "https://a.example/x"),
    ("title", "Tom &amp; Jerry &#8211; Gef&uuml;hle", "Tom & Jerry – Gefühle"),
    ("publisher", "M&uuml;ller &amp; Roe", "Müller & Roe"),
    ("title", "{T}he {DNA}", "{T}he {DNA}"),
    ("title", 'Schr{\\"o}dinger', 'Schr{\\"o}dinger'),
    ("publisher", "\\emph{Wind}", "\\emph{Wind}"),
    ("URL", "http://a.example/(SICI)1097(1999)257:2<50::AID>3.0.CO;2", "http://a.example/(SICI)1097(1999)257:2%3C50::AID%3E3.0.CO;2"),
    ("URL", "https://a.example/Maß|x{1}", "https://a.example/Maß%7Cx%7B1%7D"),
    ("ISSN", ["1234-5678", "8765-4321"], "1234-5678, 8765-4321"),
    ("DOI", ["10.1000/182", "10.1000/183"], "10.1000/182"),
    ("URL", ["https://a.example/"], "https://a.example/"),
    ("type", "Book", "book"),
    ("type", "JOUR", "article-journal"),
    ("type", "Book Section", "chapter"),
    ("type", "mastersthesis", "thesis"),
    ("type", "Internetdokument", "webpage"),
    ("language", "Deutsch", "de"),
    ("language", "eng", "en"),
    ("language", "de_AT", "de-AT"),
    ("language", "English (UK)", "en"),
    ("language", "fr; en", "fr"),
    ("title", "<p>Of <jats:italic>E. coli</jats:italic></p>", "Of <i>E. coli</i>"),
    ("title", "<mml:math><mml:msub><mml:mi>H</mml:mi></mml:msub></mml:math> decay", "H decay"),
    ("type", "newspaperArticle", "article-newspaper"),
    ("URL", "https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
    ("issued", {"date-parts": [["2020-05-01"]]}, {"date-parts": [[2020, 5, 1]]}),
    ("issued", {"date-parts": [["2020", "May", 5]]}, {"date-parts": [[2020]]}),
    ("issued", {"date-parts": [[2020, 5, 17, 12]]}, {"date-parts": [[2020, 5, 17]]}),
    ("title", ["Wind", "Wind (Abridged)"], "Wind"),
    ("DOI", "to appear", "to appear"),
    ("issued", {"date-parts": [[2020]], "season": "Easter"}, {"date-parts": [[2020]], "season": "Easter"}),
    ("issued", {"date-parts": [[2020]], "season": "Q3"}, {"date-parts": [[2020]], "season": "Q3"}),
    ("type", "journal-article", "article-journal"),
    ("author", "Roe, Jane", [{"literal": "Roe, Jane"}]),
    ("author", ["Jane Roe", ""], [{"literal": "Jane Roe"}]),
    ("author", [{"family": "Roe", "given": ""}, {"family": "", "given": ""}, {}], [{"family": "Roe"}]),
    ("issued", "17. Mai 2020", {"literal": "17. Mai 2020"}),
    ("issued", "2020-05-17 17:53:22", "2020-05-17"),
    ("issued", "2020-05-17T17:53:22", "2020-05-17"),
    ("issued", {"date-parts": [["2000", "", ""]]}, {"date-parts": [[2000]]}),
    ("issued", {"date-parts": [[2000, 2, 30]]}, {"date-parts": [[2000, 2]]}),
    ("issued", {"date-parts": [[2000, 99]], "season": ""}, {"date-parts": [[2000]]}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "kept"), TAKEN, ids=lambda value: json.dumps(value)[:40])
def test_what_can_be_of_a_value_is_taken_with_a_warning(key: str, value: Any, kept: Any) -> None:
    csl, diagnostics = exported(**{key: value})
    assert {each.code for each in diagnostics} == {"csl-value-odd"}
    assert csl[key] == kept


ALIKE: list[tuple[str, Any, Any]] = [
    ("author", {"family": "Roe"}, [{"family": "Roe"}]),
    ("author", [{"name": "Amt für Wetter"}], [{"literal": "Amt für Wetter"}]),
    ("author", [{"family": "Roe", "given": None}], [{"family": "Roe"}]),
    ("issued", {"date-parts": [2020, 5]}, {"date-parts": [[2020, 5]]}),
    ("issued", [[2020, 5]], {"date-parts": [[2020, 5]]}),
    ("issued", [{"year": 2020, "season": 2, "circa": True}], {"date-parts": [[2020]], "season": 2, "circa": True}),
    ("issued", [{"literal": "in press"}], {"literal": "in press"}),
    ("issued", {"date-parts": [[2020, 0, 0]]}, {"date-parts": [[2020]]}),
    ("issued", {"date-parts": [[1987], [0]]}, {"date-parts": [[1987], [0]]}),
    ("issued", {"date-parts": [[1987, 13]]}, {"date-parts": [[1987, 13]]}),
    ("issued", "-0043", "-0043"),
    ("DOI", "10/f96g2d", "10/f96g2d"),
    ("volume", None, None),
    ("author", [None, {"family": "Roe"}], [{"family": "Roe"}]),
    ("issued", {"date-parts": [["2020.0", 5]]}, {"date-parts": [[2020, 5]]}),
]


@pytest.mark.parametrize(("key", "value", "kept"), ALIKE, ids=lambda value: json.dumps(value)[:40])
def test_other_ways_to_write_the_same_are_no_oddities(key: str, value: Any, kept: Any) -> None:
    csl, diagnostics = exported(**{key: value})
    assert diagnostics == []
    assert csl.get(key) == kept


@pytest.mark.parametrize("ascii", [True, False], ids=["escaped", "as it is"])
def test_characters_that_json_has_and_yaml_has_not_block_nothing(ascii: bool) -> None:
    title = "Wind\u2028und\x0bWetter \\u0007 \U0001f32c 𝒙 \b\f\\"
    text = json.dumps([{**BOOK, "title": title}], ensure_ascii=ascii)
    for pasted in (text, f"citations: []\nsources:\n{text}\n"):
        sources, diagnostics = taken(pasted)
        assert diagnostics == []
        assert " ".join(str(sources["roe"].csl["title"]).split()) == "Wind und Wetter \\u0007 \U0001f32c 𝒙 \\"


def test_thousands_of_authors_are_taken() -> None:
    csl, diagnostics = exported(author=[{"family": f"Roe {number}"} for number in range(7_000)])
    assert (len(csl["author"]), diagnostics) == (7_000, [])


def test_a_key_is_warned_of_once_in_a_file() -> None:
    odd = {
        "title-short": "",
        "zotero-item-key": "AB12",
        "URL": "papers://x",
        "author": [{"family": "Roe", "given": ""}],
    }
    items = [{**BOOK, **odd, "id": f"roe{number}"} for number in range(200)]
    sources, diagnostics = taken(json.dumps(items, indent=1))
    assert len(sources) == 200
    assert [(each.code, each.position.line) for each in sorted(diagnostics)] == [
        ("csl-value-odd", 6),
        ("field-near", 7),
        ("csl-value-odd", 8),
        ("csl-value-odd", 12),
    ]
    assert "(and 199 more of 'URL', the next in line 22)" in sorted(diagnostics)[2].message


def test_an_item_typed_by_hand_has_the_faults_that_a_hand_can_mend() -> None:
    raw = b"sources:\n- {id: roe, type: book, author: Jane Roe, issued: 17. Mai 2020, URL: www.example.org}\n"
    _, diagnostics = reader.read_sources("sources.yaml", raw)
    assert [each.code for each in diagnostics] == ["value-malformed", "date-malformed", "value-malformed"]
    raw = raw.replace(b"sources", b"references").replace(b"type: book, ", b"")
    below, diagnostics = reader.read_sources("sources.yaml", raw)
    assert {each.code for each in diagnostics} == {"csl-value-odd"}
    assert below["roe"].csl == {
        "id": "roe",
        "author": [{"literal": "Jane Roe"}],
        "issued": {"literal": "17. Mai 2020"},
    }


def test_rich_text_stands_in_the_page_in_its_styles_and_nothing_else_of_it_gets_out() -> None:
    title, publisher = "<b onclick='x()'>On</b> *pH* in CO<sub>2</sub>", "<sc>A&A</sc> <img src=x>"
    sources = {"sources": [{**BOOK, "title": title, "publisher": publisher}], "citations": [{"sources": ["roe"]}]}
    article = published("Der Wind dreht.\n", head="about: roe\n", sources=json.dumps(sources))
    (reference,) = [each for each in article.page.iter("p") if each.get("class") == "reference"]
    assert "".join(reference.itertext()) == "On pH in CO2, A&A <img src=x>, o. D."
    inner = [each for each in reference.iter() if each.get("class") not in ("reference", "together")]
    assert [(each.tag, dict(each.attrib), each.text) for each in inner] == [
        ("cite", {}, None),
        ("b", {}, "On"),
        ("i", {}, "pH"),
        ("sub", {}, "2"),
        ("span", {"class": "small-caps"}, "A&A"),
    ]
    assert "<img" not in article.html.replace("&lt;img", "")
    assert '"name": "On pH in CO2"' in json.dumps(article.linked())
    assert article.json("sources.json")[0]["title"] == "<b>On</b> <i>pH</i> in CO<sub>2</sub>"


def test_what_is_escaped_is_a_sign_on_the_page_of_the_source_as_well() -> None:
    (source,) = taken(
        json.dumps([{**BOOK, "title": "On <i>pH</i> \\*x\\* \\_y\\_", "author": [{"family": "R\\*e\\*"}]}])
    )[0].values()
    again = citations.from_csl_json("roe", json.dumps(citations.csl_json(source)))
    for each in (source, again):
        reference = citations.reference(each, ENGLISH)
        assert reference.text.startswith("R*e*: On pH *x* _y_")
        assert [run.text for part in reference.parts for run in part.runs if "i" in run.tags] == ["pH"]
    assert citations.plain_text(again.csl["title"]) == "On pH *x* _y_"


# ----------------------------------------------------------------------------------------------------
# As programs write whole files
# ----------------------------------------------------------------------------------------------------

ZOTERO = """[
	{
		"id": "http://zotero.org/users/7/items/AB12CD34",
		"type": "article-journal",
		"abstract": "<jats:p>Wind blows.</jats:p>",
		"container-title": "Annals of Weather",
		"DOI": "10.1000/wind.182",
		"ISSN": "1234-5678, 8765-4321",
		"issue": "3",
		"journalAbbreviation": "",
		"language": "en",
		"note": "PMID: 123\\ntex.ids: roe_wind",
		"page": "1-9",
		"source": "DOI.org (Crossref)",
		"title": "The <i>Föhn</i> and the \\"Bora\\"",
		"URL": "https://doi.org/10.1000/wind.182",
		"volume": "12",
		"author": [
			{
				"family": "Roe",
				"given": "Jane"
			},
			{
				"literal": "Amt für Wetter"
			}
		],
		"accessed": {
			"date-parts": [
				[
					"2026",
					11,
					24
				]
			]
		},
		"issued": {
			"date-parts": [
				[
					"2020",
					5
				]
			],
			"season": "17:53:22"
		}
	}
]
"""
BETTER_BIBTEX = """references:
- id: roeFoehnBora2020
  accessed:
    - year: 2026
      month: 11
      day: 24
  author:
    - family: Roe
      given: Jane
    - family: ''
      literal: Amt für Wetter
  citation-key: roeFoehnBora2020
  container-title: Annals of Weather
  DOI: 10.1000/wind.182
  ISSN: 1234-5678, 8765-4321
  issue: '3'
  issued:
    - year: 2020
      month: 5
  language: en
  page: 1-9
  source: DOI.org (Crossref)
  title: The <i>Föhn</i> and the "Bora"
  title-short: ''
  type: article-journal
  URL: papers://AB12CD34/Paper/p449
  volume: '12'
  zotero-item-key: AB12CD34
...
"""
MANUBOT = """[
  {
    "id": "wXyZ1234",
    "type": "article-journal",
    "title": "The <i>Föhn</i> and the \\"Bora\\"",
    "title-short": "",
    "container-title": "Annals of Weather",
    "volume": "12",
    "issue": "3",
    "page": "1-9",
    "issued": {"date-parts": [["2020", "5", ""]]},
    "accessed": {},
    "DOI": "10.1000/wind.182",
    "URL": "https://doi.org/10.1000/wind.182",
    "ISSN": "1234-5678",
    "language": "",
    "author": [{"given": "Jane", "family": "Roe", "affiliation": []}, {"literal": "Amt für Wetter"}],
    "note": "This CSL Item was generated from its persistent identifier.\\nstandard_id: doi:10.1000/wind.182"
  }
]
"""
PANDOC = """---
nocite: "[@*]"
references:
- author:
  - family: Roe
    given: Jane
  - literal: Amt für Wetter
  accessed: 2026-11-24
  container-title: Annals of Weather
  doi: 10.1000/wind.182
  id: roe_wind
  issn: 1234-5678
  issue: 3
  issued: 2020-05
  page: 1-9
  title: "The *Föhn* and the \\\"Bora\\\""
  type: article-journal
  url: "https://doi.org/10.1000/wind.182"
  volume: 12
---
"""
SHAPES = {
    "Zotero": (ZOTERO, ["journalAbbreviation"]),
    "Better BibTeX": (BETTER_BIBTEX, ["family", "title-short", "papers://AB12CD34/Paper/p449", "zotero-item-key"]),
    "Manubot": (MANUBOT, ["title-short", "date-parts", "language", "affiliation"]),
    "Pandoc": (PANDOC, []),
}
WIND = (
    "Roe, Jane; Amt für Wetter: “The Föhn and the ‘Bora’”, in Annals of Weather 12(3), May 2020, pp. 1–9, "
    "accessed November 24, 2026, doi:10.1000/wind.182."
)


@pytest.mark.parametrize(("text", "odd"), SHAPES.values(), ids=SHAPES)
def test_the_export_of_each_program_is_read_to_the_same_reference(text: str, odd: list[str]) -> None:
    sources, diagnostics = taken(text)
    (source,) = sources.values()
    wind = WIND if "accessed" in source.csl else WIND.replace("accessed November 24, 2026, ", "")
    assert citations.reference(source, ENGLISH).text.replace("\u00a0", " ") == wind
    assert sorted(each.message.split("'")[1] for each in diagnostics if "'" in each.message) == sorted(odd)


def test_a_library_of_200_items_is_read_and_printed_whole() -> None:
    (item,) = json.loads(MANUBOT)
    library = [{**item, "id": f"wind{number}", "page": f"{number}-{number + 9}"} for number in range(1, 201)]
    cited = {"sources": library, "citations": [{"id": "wind", "sources": [each["id"] for each in library]}]}
    article = published("Der Wind dreht.\n", sources=json.dumps(cited, indent="\t"))
    assert len([each for each in article.page.iter("p") if each.get("class") == "reference"]) == 200
    assert [each["page"] for each in article.json("sources.json")] == [each["page"] for each in library]
    assert article.files["sources.bib"].count(b"@article{") == 200


# ----------------------------------------------------------------------------------------------------
# Pasted whole
# ----------------------------------------------------------------------------------------------------

CITATIONS = "citations:\n- id: wetter\n  quote: Der Wind\n  sources: [roe]\n"
DATED = {**BOOK, "issued": {"date-parts": [[2020, 5]]}}
BLANKS, TABS = (json.dumps([DATED], indent=indent) for indent in (2, "\t"))
YAML = "references:\n- id: roe\n  type: book\n  title: Wind und Wetter\n"
PASTED = {
    "a JSON list alone": BLANKS,
    "a JSON list with tabs alone": TABS,
    "below its name": f"sources:\n{BLANKS}\n{CITATIONS}",
    "below its name with tabs": f"{CITATIONS}sources:  # of the library\n\n{TABS}\n",
    "below its name behind a tab": "sources:\n\t" + TABS.replace("\n", "\n\t") + f"\n{CITATIONS}",
    "behind its name with tabs": f"sources: {TABS}\n{CITATIONS}",
    "in braces": json.dumps({"references": [DATED], "nocite": "[@*]"}, indent="\t"),
    "with a comma too many below its name": f"sources:\n{BLANKS[:-2]},\n]\n{CITATIONS}",
    "one work alone": json.dumps(DATED, indent=2),
    "one work below its name": f"sources:\n{json.dumps(DATED, indent=2)}\n{CITATIONS}",
    "one work behind its name, with tabs": "references: " + json.dumps(DATED, indent="\t"),
    "between the marks of code": f"```json\n{BLANKS}\n```\n",
    "of Pandoc with its options": f"---\nlang: de\nsuppress-bibliography: true\nbibliography: a.bib\n{YAML}---\n",
    "of Pandoc": f"---\nnocite: '[@*]'\n{YAML}---\n",
    "of Pandoc, with more below": f"---\n{YAML}---\n\n{CITATIONS}",
    "of Pandoc, with more below dots": f"---\n{YAML}...\n{CITATIONS}",
    "of Pandoc without its beginning": f"{YAML}---\n\n",
}


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("text", PASTED.values(), ids=PASTED)
def test_an_export_may_be_pasted_whole(text: str, end: str) -> None:
    text = text.replace("\n", end)
    sources, diagnostics = taken(text)
    assert diagnostics == []
    title = sources["roe"].csl["title"]
    assert isinstance(title, SourceText)
    written = text[title.start : title.end]  # what is read knows its place, so that it can be changed there
    assert written.strip('"') == title == BOOK["title"]
    assert text.splitlines()[title.position.line - 1].find(written) == title.position.column - 1


WORKS = json.dumps(DATED)
NOT_TAKEN = {
    f"{WORKS}\n{WORKS}\n": (2, "Put all of them into one list"),
    f"{WORKS},\n{WORKS}\n": (1, "Put all of them into one list"),
    f"[{WORKS}]\n[{WORKS}]\n": (2, "Put all of them into one list"),
    f"[{WORKS}]\n{CITATIONS}": (2, "Write the name of the list, as in 'sources:'"),
    f'{{"sources": [{WORKS}]}}\n{CITATIONS}': (2, "Write the name of the list, as in 'sources:'"),
    f"[{WORKS}\n{WORKS}]": (2, "Write it behind what stands before"),
    f"sources:\n- id: doe\n  type: book\n{WORKS}\n": (4, "Write '- ' before each { … }"),
    "@book{roe,\n  title={Wind}\n}\n": (1, "bibliography: works.bib"),
    "sources:\n@book{roe}\n": (2, "bibliography: works.bib"),
    "TY  - BOOK\nTI  - Wind\nER  - \n": (1, "Export them as CSL JSON"),
    "%0 Book\n%T Wind\n": (1, "Export them as CSL JSON"),
    '<?xml version="1.0"?>\n<xml/>\n': (1, "Export them as CSL JSON"),
    '<mods xmlns="http://www.loc.gov/mods/v3"/>\n': (1, "Export them as CSL JSON"),
    "PMID- 12345\nTI  - Wind\n": (1, "Export them as CSL JSON"),
    "FN Clarivate Analytics Web of Science\nPT J\n": (1, "Export them as CSL JSON"),
    "Key,Item Type,Title\nABC,book,Wind\n": (1, "Export them as CSL JSON"),
    "cff-version: 1.2.0\ntitle: Wind\n": (1, "Export them as CSL JSON"),
}


@pytest.mark.parametrize("text", NOT_TAKEN)
def test_what_cannot_be_taken_has_a_way_out(text: str) -> None:
    _, (diagnostic,) = reader.read_sources("sources.yaml", text.encode())
    assert (diagnostic.position.line, diagnostic.code) == (NOT_TAKEN[text][0], "yaml-syntax")
    assert NOT_TAKEN[text][1] in diagnostic.hint


def test_every_item_of_the_csl_test_suite_is_taken_without_a_fault(data_of_others: Path) -> None:
    items = json.loads((data_of_others / "csl-items.json").read_text(encoding="utf-8"))
    assert len(items) == 876
    sources, _ = taken(json.dumps({"sources": items}, ensure_ascii=False))
    assert len(sources) == len(items)
    for source in sources.values():
        for lang in (GERMAN, ENGLISH):
            assert citations.reference(source, lang).text.endswith(".")


def test_the_answer_of_a_register_of_works_is_taken_but_for_the_missing_id() -> None:
    work = {"DOI": "10.1000/182", "type": "journal-article", "title": ["Wind"]}
    for answer in ({"status": "ok", "message": work}, {"message": {"items": [work]}}, work):
        _, diagnostics = reader.read_sources("sources.yaml", json.dumps(answer).encode())
        (fault,) = [each for each in diagnostics if each.severity == "error"]
        assert fault.message == "this source has no 'id'"
    sources, _ = taken(json.dumps({"message": {**work, "id": "wind"}}))
    assert citations.reference(sources["wind"], ENGLISH).text == "“Wind”, n.d., doi:10.1000/182."


@pytest.mark.parametrize(
    ("volume", "printed"), [("3", "vol. 3"), ("IX", "vol. IX"), ("Bd. 3", "Bd. 3"), ("vol.12", "vol.12")]
)
def test_a_volume_with_its_word_has_it_once(volume: str, printed: str) -> None:
    sources, _ = taken(json.dumps({"sources": [{**BOOK, "volume": volume}]}))
    assert citations.reference(sources["roe"], ENGLISH).text == f"Wind und Wetter, {printed}, n.d."


def test_an_abstract_loses_its_tags_without_a_word() -> None:
    csl, diagnostics = exported(abstract="<jats:p>One.</jats:p><jats:p>Two.</jats:p>")
    assert (csl["abstract"].split(), diagnostics) == (["One.", "Two."], [])


def test_keys_of_other_programs_are_answered_with_those_of_csl() -> None:
    other = {"date": "2020", "last": "Roe", "website": "A", "access-date": "2020", "abstractNote": "So."}
    _, diagnostics = exported(**other)
    meant = {each.message.split("'")[1]: each.message.split("'")[3] for each in diagnostics}
    assert meant == {
        "date": "issued",
        "last": "author",
        "website": "container-title",
        "access-date": "accessed",
        "abstractNote": "abstract",
    }


def test_works_in_zoteros_own_json_are_sent_back_for_another_export() -> None:
    _, (first, *_) = reader.read_sources("sources.yaml", b'[{"itemType": "book", "creators": []}]', False)
    assert (first.code, "CSL JSON" in first.hint) == ("field-missing", True)


@pytest.mark.parametrize("title", ["If a<b and p<.05", "The <m> and <money>", "1 <p and q> 2"])
def test_what_only_looks_like_a_tag_stays_as_it_is(title: str) -> None:
    csl, diagnostics = exported(title=title)
    assert (csl["title"], diagnostics) == (title, [])


def test_a_language_in_capitals_is_the_same_without_a_word() -> None:
    csl, diagnostics = exported(language="EN")
    assert (csl["language"], diagnostics) == ("en", [])
