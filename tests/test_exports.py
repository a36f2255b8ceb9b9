"""The machine-readable twins of articles, read as programs read them that know nothing of us."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from randnotiz.exports.context import instant
from randnotiz.exports.passages import page_text
from randnotiz.model import Date
from tests.published import Published, articles, published

COUNTER = """
counterclaims:
- id: too-high
  quote: um zwölf Prozent
  claim: Die Mieten seien um zwölf Prozent gestiegen.
  claimed_by: {name: Mieterbund, url: "https://mieter.example/", type: organization}
  claimed_on: 2026-11-02
  stance: disputes
  counter: "Gezählt wurden **nur** neue Verträge, siehe [Lage](#h-die-lage)."
  by: {name: Statistisches Amt, type: organization}
  sources: [{id: amt, verbatim: "Neuverträge", passage: Nur neue Verträge.}]
  verdict: disputed
  why: Es waren mehr.
  reply: Das sei üblich.
  changes: [{date: 2026-11-26, text: Der Name des Amtes war falsch.}]
- id: about-right
  quote: zwölf Prozent
  same_claim_as: too-high
  stance: supports
  counter: Die Größenordnung stimmt.
  by: Maklerverband
  sources: [amt]
"""
NOTES = """
notes:
- id: rent
  quote: Die Mieten
  kind: definition
  term: Miete
  note: Ohne Heizung.
- id: whole
  kind: disclosure
  note: Wir wohnen zur Miete.
- id: flats
  quote: Wohnungen 🏠 in der Stadt
  kind: context
  note: Rund 2.000.
  author: {name: B. C.}
  created: 2026-11-20
"""
BODY = """
Das Haus 🏠 steht leer. Die Mieten seien *um zwölf
Prozent* gestiegen, heißt es.[^1]

## Die Lage

| Ort | Zahl |
|---|---|
| Wien | Wohnungen 🏠 in der Stadt |

[^1]: Im Bericht des Amtes.
"""


def rents() -> Published:
    return published(BODY, counterclaims=COUNTER, notes=NOTES)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def selectors(annotation: Any) -> dict[str, Any]:
    """The selectors of an annotation's target by type, and what refines them."""
    found = listed(annotation["target"].get("selector", []))
    return {one["type"]: one for selector in found for one in (selector, *listed(selector.get("refinedBy", [])))}


# ----------------------------------------------------------------------------------------------------
# Passages
# ----------------------------------------------------------------------------------------------------


def test_an_independent_parser_finds_every_passage_of_the_real_articles(real_site: Path) -> None:
    for folder in articles(real_site):
        page = html5lib.parse((folder / "index.html").read_text(encoding="utf-8"), namespaceHTMLElements=False)
        text = "".join(page.find(".//article").itertext())
        found = 0
        for annotation in read(folder / "annotations.jsonld")["first"]["items"]:
            if quote := selectors(annotation).get("TextQuoteSelector"):
                place = selectors(annotation)["TextPositionSelector"]
                assert text[place["start"] : place["end"]] == quote["exact"]
                assert quote["prefix"] + quote["exact"] + quote["suffix"] in text
                found += 1
        assert found > 10


def test_hypothesis_finds_every_passage_in_utf_16_units_of_the_whole_page(real_site: Path) -> None:
    for folder in articles(real_site):
        html = re.sub("<template.*?</template>", "", (folder / "index.html").read_text(encoding="utf-8"))
        body = "".join(html5lib.parse(html, namespaceHTMLElements=False).find("body").itertext())
        units = body.encode("utf-16-le")
        for row in read(folder / "hypothesis.json")["rows"]:
            found = {selector["type"]: selector for selector in row["target"][0].get("selector", [])}
            if place := found.get("TextPositionSelector"):
                words = units[2 * place["start"] : 2 * place["end"]].decode("utf-16-le")
                assert words == found["TextQuoteSelector"]["exact"]


def test_what_a_script_would_read_is_what_the_selectors_count_in() -> None:
    article = rents()
    for annotation in article.annotations:
        if place := selectors(annotation).get("TextPositionSelector"):
            exact = selectors(annotation)["TextQuoteSelector"]["exact"]
            assert article.text[place["start"] : place["end"]] == exact


def test_a_passage_with_a_reference_in_it_has_its_number_and_beside_it_the_words_without() -> None:
    notes = """
notes:
- {id: inner, quote: Die Mieten, kind: context, note: Ohne Heizung.}
- {id: outer, quote: Die Mieten steigen, kind: context, note: Seit Jahren.}
"""
    found = {one["id"].rpartition("#")[2]: one for one in published("Die Mieten steigen.", notes=notes).annotations}
    target = found["n-outer"]["target"]
    exact = selectors(found["n-outer"])["TextQuoteSelector"]["exact"]
    assert (target["label"], exact) == ("Die Mieten steigen", "Die Mieten1 steigen")


def test_characters_beyond_the_basic_plane_count_one_for_the_w3c_and_two_for_hypothesis() -> None:
    article = rents()
    found = {one["id"].rpartition("#")[2]: one for one in article.annotations}
    rows = {row["links"]["html"].rpartition("#")[2]: row for row in article.json("hypothesis.json")["rows"]}
    place = selectors(found["n-flats"])["TextPositionSelector"]
    assert place["end"] - place["start"] == len("Wohnungen 🏠 in der Stadt")
    place = rows["n-flats"]["target"][0]["selector"][0]
    assert place["end"] - place["start"] == len("Wohnungen 🏠 in der Stadt") + 1


def test_context_grows_until_it_tells_two_places_apart() -> None:
    same = "kam, wie alle wussten, ein Jahr mit sehr hohen und stets weiter steigenden Mieten"
    body = f"Erst {same}, dann {same} zum Schluss."
    notes = """
notes:
- id: first
  quote: {exact: Jahr, prefix: "Erst kam, wie alle wussten, ein"}
  kind: context
  note: Eins.
"""
    article = published(body, notes=notes)
    quote = selectors(article.annotations[0])["TextQuoteSelector"]
    assert article.text.count(quote["prefix"] + quote["exact"] + quote["suffix"]) == 1
    assert quote["prefix"].startswith("Erst")


def test_a_passage_in_a_footnote_is_found_by_the_footnotes_id() -> None:
    notes = "notes:\n- {id: office, quote: Bericht des Amtes, kind: context, note: Er erscheint im Mai.}\n"
    article = published(BODY, notes=notes)
    (annotation,) = article.annotations
    found = selectors(annotation)
    (item,) = [one for one in article.page.iter("li") if one.get("id") == found["FragmentSelector"]["value"]]
    assert found["CssSelector"]["value"] == f'[id="{item.get("id")}"]'
    place, words, text = found["TextPositionSelector"], found["TextQuoteSelector"], "".join(item.itertext())
    assert text[place["start"] : place["end"]] == words["exact"] == "Bericht des Amtes"
    assert text.count(words["prefix"] + words["exact"] + words["suffix"]) == 1
    assert article.json("hypothesis.json")["rows"][0]["target"][0]["selector"][0]["exact"] == "Bericht des Amtes"


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        ("Ein `Satz im Code` am Ende.", "Satz im Code"),
        ("    eine Zeile Code\n    und noch eine\n", "Zeile Code"),
        ("## Die Lage der Mieten\n\nEin Satz.", "Lage der"),
        ("> Ein Zitat von gestern.", "von gestern"),
        ("- Ein Punkt\n- noch ein Punkt", "Punkt noch ein"),
        ("| A | B |\n|---|---|\n| eins | zwei |", "eins zwei"),
        ("Erster Absatz.\n\nZweiter Absatz.", "Absatz. Zweiter"),
        ("Ein [Link mit Worten](https://a.example/) hier.", "mit Worten hier"),
        ("Zeichen &amp; < Wunder", "& < Wunder"),
        ('Er sagte "nie wieder" -- und ging...', '"nie wieder" -- und'),
    ],
)
def test_a_passage_is_found_wherever_it_stands(body: str, quote: str) -> None:
    written = json.dumps(quote, ensure_ascii=False)
    article = published(body, notes=f"notes:\n- {{id: x, quote: {written}, kind: context, note: Da.}}\n")
    found = selectors(article.annotations[0])
    place, exact = found["TextPositionSelector"], found["TextQuoteSelector"]["exact"]
    assert article.text[place["start"] : place["end"]] == exact


@pytest.mark.parametrize(
    ("body", "quote", "directive"),
    [
        ("Das Amt warnt vor der Lage.", "Das Amt warnt vor der Lage", "Das Amt warnt vor der"),
        ("Nun: die miete steigt in Wien.", "die miete steigt in Wien", "die miete steigt in Wien1"),
        (
            "Nun: die MIETE " + "steigt in Wien " * 4,
            "die MIETE " + "steigt in Wien " * 4,
            "Nun:-,die MIETE steigt in,in Wien steigt in",
        ),
        ("Ein Jahr.\n\n## Kosten\n\n| Jahr | Satz |\n|---|---|\n| 1 | 2 |", "Jahr Satz 1 2", "Kosten-,Jahr,21"),
    ],
)
def test_a_link_to_words_leads_to_the_first_that_a_browser_takes_for_the_same(
    body: str, quote: str, directive: str
) -> None:
    """Without case and accents, in the whole page: the subtitle is much the same."""
    note = f"notes:\n- {{id: x, quote: '{quote.strip()}', kind: context, note: Da.}}\n"
    article = published(body, head="subtitle: Die Miéte steigt in Wien\n", notes=note)
    value = selectors(article.annotations[0])["FragmentSelector"]["value"]
    assert unquote(value.removeprefix(":~:text=")) == directive


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.text("aß🏠 \n\u00a0&<>\u2009", max_size=8), st.booleans()), max_size=8))
def test_every_marked_stretch_is_where_its_span_says(parts: list[tuple[str, bool]]) -> None:
    escaped = [(words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), mark) for words, mark in parts]
    inner = "".join(
        f'<mark class="q" data-notes="n{at}">{words}</mark>' if mark else f"<p>{words}</p>"
        for at, (words, mark) in enumerate(escaped)
    )
    reading = page_text(f"<body><article>{inner}</article></body>").article
    assert reading.text == "".join(words for words, _ in parts)
    for at, (words, mark) in enumerate(parts):
        if mark:
            span = reading.spans[f"n{at}"]
            assert reading.text[span.start : span.end] == words


# ----------------------------------------------------------------------------------------------------
# W3C
# ----------------------------------------------------------------------------------------------------

MOTIVATIONS = {
    "assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting", "identifying",
    "linking", "moderating", "questioning", "replying", "tagging",
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def faults_of_the_model(collection: Any) -> list[str]:
    """What the Web Annotation Data Model forbids in a collection with an embedded page, rule by rule."""
    faults = []

    def must(holds: object, rule: str) -> None:
        if not holds:
            faults.append(rule)

    must("http://www.w3.org/ns/anno.jsonld" in listed(collection["@context"]), "the context is among the values")
    must(collection["type"] == "AnnotationCollection", "a collection says so")
    page = collection["first"]
    must(page["type"] == "AnnotationPage", "a page says so")
    must("@context" not in page, "an embedded page has no context of its own")
    must(page["partOf"] == collection["id"], "a page knows its collection")
    must(collection["total"] == len(page["items"]) > 0, "the total is the number of annotations, and a page has one")
    must(len({one["id"] for one in page["items"]}) == len(page["items"]), "ids are unique")
    for one in page["items"]:
        must(re.match(r"https?://\S+$", one["id"]), "an annotation's id is an IRI")
        must("Annotation" in listed(one["type"]), "an annotation says so")
        must(set(listed(one["motivation"])) <= MOTIVATIONS, "motivations are of the vocabulary")
        must(listed(one["target"]), "there is a target")
        for name in ("created", "modified"):
            must(name not in one or MOMENT.fullmatch(one[name]), "instants are in UTC")
        for agent in listed(one["creator"]):
            must(
                agent["type"] in ("Person", "Organization", "Software") and agent["name"], "agents have type and name"
            )
        faults += [fault for body in listed(one["body"]) for fault in faults_of_a_body(body)]
        faults += [fault for target in listed(one["target"]) for fault in faults_of_a_resource(target)]
    return faults


def faults_of_a_body(body: Any) -> list[str]:
    if body["type"] == "SpecificResource":
        return faults_of_a_resource(body)
    whole = body["type"] == "TextualBody" and isinstance(body["value"], str) and body["value"]
    return [] if whole and body.get("purpose", "commenting") in MOTIVATIONS else [f"no textual body: {body}"]


def faults_of_a_resource(resource: Any) -> list[str]:
    faults = [] if re.match(r"https?://\S+$", resource["source"]) else ["a source is one IRI"]
    for selector in listed(resource.get("selector", [])):
        match selector["type"]:
            case "TextQuoteSelector":
                faults += [] if selector["exact"] else ["a quotation has words"]
            case "TextPositionSelector":
                faults += [] if 0 <= selector["start"] < selector["end"] else ["positions are in order"]
            case "CssSelector":
                faults += faults_of_a_resource(resource | {"selector": selector["refinedBy"]})
            case "FragmentSelector":
                faults += [] if selector["value"] and selector["conformsTo"] else ["a fragment has a value"]
            case other:
                faults.append(f"no selector of the model: {other}")
    state = resource.get("state")
    if state:
        faults += [] if state["type"] == "TimeState" and state["cached"].startswith("http") else ["no time state"]
    return faults


def test_the_annotations_of_the_real_articles_keep_the_rules_of_the_model(real_site: Path) -> None:
    for folder in articles(real_site):
        assert faults_of_the_model(read(folder / "annotations.jsonld")) == []


def test_the_annotations_of_a_small_article_keep_the_rules_of_the_model() -> None:
    assert faults_of_the_model(rents().json("annotations.jsonld")) == []


def test_the_rules_notice_what_is_wrong() -> None:
    collection = rents().json("annotations.jsonld")
    collection["first"]["items"][0]["motivation"] = "rebutting"
    assert faults_of_the_model(collection) == ["motivations are of the vocabulary"]


def test_an_article_without_annotations_has_an_empty_collection_without_a_page() -> None:
    collection = published("Nur ein Satz.").json("annotations.jsonld")
    assert collection["total"] == 0
    assert "first" not in collection
    assert collection["creator"]["type"] == "Organization", "a publisher as such is one"


def test_a_counter_claim_says_who_holds_what_and_what_we_make_of_it() -> None:
    found = {one["id"].rpartition("#")[2]: one for one in rents().annotations}
    one = found["n-too-high"]
    bodies = {body.get("purpose"): body for body in one["body"]}
    assert one["motivation"] == "assessing"
    assert one["creator"] == {"type": "Person", "name": "A. K.", "homepage": "https://ak.example/"}
    assert bodies["commenting"]["creator"]["name"] == "Statistisches Amt"
    assert bodies["replying"]["value"] == "<p>Das sei üblich.</p>"
    assert bodies["classifying"]["value"] == "Umstritten"
    assert bodies["editing"]["value"] == "Der Name des Amtes war falsch."
    assert (one["created"], one["modified"]) == ("2026-11-24T00:00:00Z", "2026-11-26T00:00:00Z")
    assert [body["value"] for body in one["body"] if body.get("purpose") == "tagging"] == [
        "counter-claim",
        "disputes",
    ]


def test_links_in_what_a_note_says_are_whole_addresses() -> None:
    found = {one["id"].rpartition("#")[2]: one for one in rents().annotations}
    assert 'href="https://randnotiz.example/mieten/#h-die-lage"' in found["n-too-high"]["body"][0]["value"]


def test_a_source_is_linked_with_its_archived_copy_and_its_words() -> None:
    found = {one["id"].rpartition("#")[2]: one for one in rents().annotations}
    (work,) = [body for body in found["n-too-high"]["body"] if body["type"] == "SpecificResource"]
    assert work["source"] == "https://amt.example/mieten?jahr=2026&art=neu"
    assert work["state"] == {
        "type": "TimeState",
        "cached": "https://web.archive.org/web/20261101/https://amt.example/mieten",
        "sourceDate": "2026-11-01T00:00:00Z",
    }
    assert work["selector"] == {"type": "TextQuoteSelector", "exact": "Neuverträge"}


def test_a_note_on_the_whole_article_has_the_page_as_its_target() -> None:
    found = {one["id"].rpartition("#")[2]: one for one in rents().annotations}
    assert found["n-whole"]["target"] == {"type": "SpecificResource", "source": "https://randnotiz.example/mieten/"}


def test_a_note_has_its_own_author_and_day() -> None:
    found = {one["id"].rpartition("#")[2]: one for one in rents().annotations}
    assert found["n-flats"]["creator"] == {"type": "Person", "name": "B. C."}
    assert found["n-flats"]["created"] == "2026-11-20T00:00:00Z"


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (Date(2026), "2026-01-01T00:00:00Z"),
        (Date(2026, 11), "2026-11-01T00:00:00Z"),
        (Date(2026, 11, 24), "2026-11-24T00:00:00Z"),
        (Date(2026, 11, 24, "T09:30:00+01:00"), "2026-11-24T08:30:00Z"),
        (Date(2026, 11, 24, "T09:30:00Z"), "2026-11-24T09:30:00Z"),
        (Date(2016, 12, 31, "T23:59:60Z"), "2016-12-31T00:00:00Z"),
        (Date(1, 1, 1, "T00:30:00+01:00"), "0001-01-01T00:00:00Z"),
    ],
)
def test_a_day_begins_at_an_instant(day: Date, moment: str) -> None:
    assert instant(day) == moment


# ----------------------------------------------------------------------------------------------------
# Hypothesis
# ----------------------------------------------------------------------------------------------------

KEYS = {
    "id", "created", "updated", "user", "uri", "text", "tags", "group", "permissions", "target", "document", "links",
    "hidden", "flagged",
}  # fmt: skip


def test_a_row_has_every_key_that_the_api_has() -> None:
    answer = rents().json("hypothesis.json")
    assert answer["total"] == len(answer["rows"]) == 5
    for row in answer["rows"]:
        assert row.keys() >= KEYS
        assert re.fullmatch(r"acct:[A-Za-z0-9._]{3,30}@randnotiz\.example", row["user"])
        assert len(row["target"]) == 1
    assert len({row["id"] for row in answer["rows"]}) == 5


def test_the_text_of_a_row_is_markdown_with_voice_verdict_and_works() -> None:
    rows = {row["links"]["html"].rpartition("#")[2]: row for row in rents().json("hypothesis.json")["rows"]}
    assert rows["n-too-high"]["text"].split("\n\n") == [
        "**Widerspruch: Statistisches Amt**",
        "Gezählt wurden **nur** neue Verträge, siehe [Lage](#h-die-lage).",
        "**Antwort der Gegenseite**",
        "Das sei üblich.",
        "Unser Urteil: Umstritten",
        "Unsere Berichtigung vom 26. November 2026: Der Name des Amtes war falsch.",
        "- [Statistisches Amt 2026](https://amt.example/mieten?jahr=2026&art=neu)",
    ]


# ----------------------------------------------------------------------------------------------------
# Sources
# ----------------------------------------------------------------------------------------------------


def test_every_source_is_in_both_downloads() -> None:
    article = rents()
    assert [source["id"] for source in article.json("sources.json")] == ["amt"]
    assert article.files["sources.bib"].decode().startswith("@report{amt,")
