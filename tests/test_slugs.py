"""From words to addresses: one rule for headings, footnotes and ids, and what leads from former addresses to them."""

from unicodedata import normalize
from urllib.parse import quote, unquote

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from randnotiz import slugs
from randnotiz.exports import listings
from randnotiz.index import ClaimSummary
from tests import sample
from tests.lines import line
from tests.published import Published, published
from tests.test_reader import read


@pytest.mark.parametrize(
    ("words", "address", "former"),
    [
        ("Die Größe (2)", "die-größe-2", "die-groesse-2"),
        ("Straße & Maß", "straße-maß", "strasse-mass"),
        ("Smørrebrød", "smørrebrød", "smrrebrd"),
        ("Café, naïve", "café-naïve", "cafe-naive"),
        ("Вот это да!", "вот-это-да", ""),
        ("日本語の見出し", "日本語の見出し", ""),
        ("שלום עולם", "שלום-עולם", ""),
        ("नमस्ते दुनिया", "नमस्ते-दुनिया", ""),
        ("ΟΔΟΣ", "οδος", ""),
        ("İstanbul", "istanbul", "istanbul"),
        ("I\u0327\u0307", "i\u0327", "i"),  # İ with a mark more
        ("CO₂-Preis", "co₂-preis", "co2-preis"),
        ("👍🏽 Gut", "gut", "gut"),
        ("❤️", "", ""),
        ("…", "", ""),
        ("snake_case", "snake-case", "snake-case"),
    ],
)
def test_letters_marks_and_numbers_stay_and_all_else_is_one_hyphen(words: str, address: str, former: str) -> None:
    assert slugs.slug(words) == address
    assert slugs.slug(normalize("NFD", words)) == address
    assert slugs.former_id(words) == former
    assert address == "" or slugs.is_id(address)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120))
def test_what_has_become_an_address_stays_as_it_is(words: str) -> None:
    address = slugs.slug(words)
    assert slugs.slug(address) == address
    assert len(address) <= slugs.LONGEST
    assert address == "" or slugs.is_id(address)
    assert slugs.ascii_slug(words).isascii()


@pytest.mark.parametrize("words", ["Löhne", "lohn_niveau", "-a", "", "a b", "lo\u0308hne", "\ufe0f", "a/b"])
def test_what_is_no_id(words: str) -> None:
    assert not slugs.is_id(words)


# ----------------------------------------------------------------------------------------------------
# Ids that authors give
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", ["löhne", "lo\u0308hne", "зарплаты", "賃金", "a--b-", "2025"])
def test_an_author_gives_ids_in_letters_of_any_script(id_: str) -> None:
    notes = f"notes:\n- {{id: {id_}, kind: context, quote: Die Mieten, note: Eins.}}\n"
    article = published(f"Die Mieten steigen, [siehe](#n-{normalize('NFD', id_)}).\n", notes=notes)
    composed = normalize("NFC", id_)
    (note,) = [one for one in article.page.iter("li") if one.get("id", "").startswith("n-")]
    (link,) = [one for one in article.page.iter("a") if one.text == "siehe"]
    assert note.get("id") == f"n-{composed}"
    assert unquote(link.get("href")) == f"#n-{composed}"
    assert article.annotations[0]["id"].isascii()


VOICE = "stance: disputes, counter: K, by: Y, sources: [amt]"


def test_an_id_names_a_claim_and_a_chart_in_whichever_form_its_letters_are_typed() -> None:
    composed, decomposed = "löhne", "lo\u0308hne"
    article = published(
        f"Die Mieten steigen.\n\n{{{{ chart: {decomposed} }}}}\n",
        charts=f"charts:\n- {{id: {composed}, title: T, alt: A, sources: [amt], data: {{rows: [{{x: 1}}]}}, "
        "vega-lite: {mark: bar, encoding: {x: {field: x, type: quantitative}}}}\n",
        counterclaims=f"counterclaims:\n- {{id: zahl-{composed}, claim: C, claimed_by: X, {VOICE}}}\n"
        f"- {{id: b, same_claim_as: zahl-{decomposed}, {VOICE}}}\n",
    )
    assert [one.get("id") for one in article.page.iter("figure")] == ["chart-löhne"]
    assert [claim.id for claim in article.line.claims] == ["zahl-löhne"]
    assert f"charts/{composed}.csv" in article.files


LONG = "ü" * 126  # bytes: 252


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        ([LONG], "limit-exceeded"),
        ([LONG[:-1]], None),
        (["straße", "strasse"], "name-clash"),
        (["λόγος", "λόγοσ"], "name-clash"),
        (["aux"], "name-clash"),
        (["löhne", "lohne"], None),
    ],
)
def test_files_can_be_named_by_the_ids_of_charts(ids: list[str], code: str | None) -> None:
    chart = "- {{id: {}, title: T, alt: A, sources: [essay], data: {{csv: preise.csv}}, vega-lite: {{}}}}\n"
    _, diagnostics = read(charts_yaml="charts:\n" + "".join(map(chart.format, ids)))
    assert [diagnostic.code for diagnostic in diagnostics] == ([code] if code else [])


# ----------------------------------------------------------------------------------------------------
# Former addresses
# ----------------------------------------------------------------------------------------------------

TEXT = """Die Löhne der Städte steigen.[^größe] Sie sinken nie[^größe], [siehe](#h-loehne) [und](#n-footnote-groesse).

## Löhne

## Loehne

## Löhne

## Zahlen

[^größe]: Eine Größe.
"""
CLAIMS = """
counterclaims:
- quote: Die Löhne der Städte steigen
  claim: Die Löhne steigen.
  claimed_by: Amt
  stance: disputes
  verdict: wrong
  why: Es waren mehr.
  counter: Nein.
  by: Rat
  sources: [amt]
- id: counterclaim-sie-sinken
  quote: Sie sinken nie
  claim: Sie sinken nie.
  claimed_by: Amt
  stance: disputes
  counter: Nein.
  by: Rat
  sources: [amt]
"""
MADE, FORMER = "counterclaim-die-löhne-der-städte-steigen", "counterclaim-die-loehne-der-staedte-steigen"


@pytest.fixture(scope="module")
def article() -> Published:
    return published(TEXT, counterclaims=CLAIMS)


def ids(html: str) -> list[str]:
    page = html5lib.parse(html, namespaceHTMLElements=False)
    return [one.get("id") for one in page.iter() if one.get("id")]


@pytest.mark.parametrize(
    ("now", "former"),
    [
        ("h-löhne-2", "h-loehne-3"),
        ("h-loehne", "h-loehne-2"),
        ("n-footnote-größe", "n-footnote-groesse"),
        ("r-footnote-größe", "r-footnote-groesse"),
        ("r-footnote-größe_2", "r-footnote-groesse_2"),
        (f"n-{MADE}", f"n-{FORMER}"),
        (f"r-{MADE}", f"r-{FORMER}"),
        (f"claim-{MADE}", f"claim-{FORMER}"),
    ],
)
def test_an_empty_element_bears_the_former_address(article: Published, now: str, former: str) -> None:
    (bearer,) = [one for one in article.page.iter("span") if one.get("id") == former]
    assert (len(bearer), bearer.text) == (0, None)
    parents = {child: parent for parent in article.page.iter() for child in parent}
    (place,) = [one for one in article.page.iter() if one.get("id") == now]
    above = parents[bearer]
    while place not in (above, *above):
        above = parents[above]
    assert above.tag != "body"


def test_an_address_that_something_has_now_is_never_borne_by_another(article: Published) -> None:
    found = ids(article.html)
    assert len(found) == len(set(found))
    headings = [one.get("id") for one in article.page.iter("h2") if (one.get("id") or "").startswith("h-")]
    assert headings == ["h-löhne", "h-loehne", "h-löhne-2", "h-zahlen"]


def test_nothing_of_what_is_read_changes_with_the_empty_elements(article: Published) -> None:
    assert "Löhne\nLoehne\nLöhne\nZahlen" in article.text
    _, position = article.annotations[0]["target"]["selector"][0]["refinedBy"]
    assert article.text[position["start"] : position["end"]] == "Die Löhne der Städte steigen"


def test_a_former_address_is_that_of_the_footnote_which_bears_it_now() -> None:
    one = "Die Löhne steigen.[^größe]\n\n[^größe]: Eine.\n"
    both = one.replace("\n\n", " Oft.[^groesse]\n\n", 1) + "\n[^groesse]: Zwei.\n"
    for text, place in ((one, "span"), (both, "li")):
        page = published(text).page
        assert [each.tag for each in page.iter() if each.get("id") == "n-footnote-groesse"] == [place]


def test_an_id_that_an_author_wrote_down_as_it_was_made_keeps_its_former_address() -> None:
    claims = CLAIMS.replace("- quote: Die", f"- id: {MADE}\n  quote: Die")
    assert f"n-{FORMER}" in ids(published(TEXT, counterclaims=claims).html)


def test_a_former_id_that_another_annotation_has_is_not_borne() -> None:
    claims = CLAIMS.replace("counterclaim-sie-sinken", FORMER)
    page = published(TEXT, counterclaims=claims)
    found = ids(page.html)
    assert found.count(f"n-{FORMER}") == found.count(f"claim-{FORMER}") == 1
    assert [claim.former for claim in page.line.claims] == ["", ""]


def test_the_former_address_of_a_claim_leads_to_its_page(article: Published) -> None:
    moved = [one for one in article.line.claims if one.former]
    assert [(one.id, one.former) for one in moved] == [(MADE, FORMER)]
    theme = replace(sample.theme(), settings=replace(sample.settings(), redirects={"alt": "mieten"}))
    files = {path: content for path, content in listings([article.line], [], theme) if "claims" in path}
    assert set(files) == {
        f"{folder}/index.html" for folder in (f"alt/claims/{FORMER}", f"alt/claims/{MADE}", f"mieten/claims/{FORMER}")
    }
    for path, content in files.items():
        assert isinstance(content, bytes)
        assert f'url=../../../mieten/claims/{MADE}/{path.rpartition("/")[2]}"' in content.decode()


@pytest.mark.parametrize(("one_name", "pages"), [(True, 0), (False, 1)])
def test_no_page_takes_the_place_of_another_on_a_disk_that_has_one_name_for_both(
    monkeypatch: pytest.MonkeyPatch, one_name: bool, pages: int
) -> None:
    monkeypatch.setattr(slugs, "ONE_NAME", one_name)
    claim = ClaimSummary(id="counterclaim-die-straße", former="counterclaim-die-strasse", claim="C", verdict="wrong")
    found = listings([replace(line("mieten"), claims=(claim,))], [], sample.theme())
    assert sum("claims/" in path for path, _ in found) == pages


def test_what_others_show_of_a_claim_stands_at_its_former_address_too(article: Published) -> None:
    for name in ("embed.html", "oembed.json"):
        assert article.files[f"claims/{FORMER}/{name}"] == article.files[f"claims/{MADE}/{name}"]


def test_addresses_for_programs_are_in_ascii(article: Published) -> None:
    path = f"claims/{MADE}/index.html"
    encoded = f"https://randnotiz.example/mieten/claims/{quote(MADE)}/"
    page = html5lib.parse(article.files[path].decode(), namespaceHTMLElements=False)
    assert {one.get("href") for one in page.iter("link") if one.get("rel") == "canonical"} == {encoded}
    assert {one.get("content") for one in page.iter("meta") if one.get("property") == "og:url"} == {encoded}
    assert article.linked(path)["url"] == encoded
    theme = sample.theme()
    (sitemap,) = [content for path, content in listings([article.line], [], theme) if path == "sitemap.xml"]
    words = b"".join([sitemap] if isinstance(sitemap, bytes) else sitemap)
    assert words.isascii()
    assert encoded.encode() in words
    assert FORMER.encode() not in words
