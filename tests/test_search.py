"""The search: an index that a page can load from the disk, and answers that a reader would expect."""

import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from urllib.parse import unquote, urlsplit
from zlib import crc32

import pytest
import yaml
from playwright.sync_api import Browser, Page, Route, expect

from randnotiz.exports import search_index, search_words
from randnotiz.exports.search_text import SEARCH_TEXT, folded, script, word_filter
from randnotiz.letters import HAN, HAN_MARKS, SOUTH_EAST
from randnotiz.model import Json
from randnotiz.pages import POLICY
from tests.published import published

ROOT = Path(__file__).parent.parent
WORDS = (
    "Überwachungs­kameras kosten 2.798 Euro",
    "Straße, STRASSE und ẞ",
    "Ein naïver Café-Besitzer aus Łódź",
    "R1-Zero: 50,000 GPUs (H100/H800) — »alle«",
    "Ελλάδα, Россия, 日本語 and ﬁne ½ x² İstanbul",
    "it's a snake_case word",
    "Isparta ve ılık, ΟΔΟΣ οδός οδοσ",
    "人工智能的成本 ภาษาไทย 中",
    "人々は〇、ｶﾀｶﾅ「成本」豈ㇰ",
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
)
QUERIES = yaml.safe_load((ROOT / "tests/search_queries.yaml").read_text(encoding="utf-8"))
MISSES = 3  # of sixty: one in twenty

Ask = Callable[[str], list[str]]  # what the first results lead to


def said(content: bytes) -> object:
    """What a script of the index holds."""
    found = re.fullmatch(r'\(self\.searchParts \?\?= \{\}\)\["[^"]+"\] = (.*);\n', content.decode())
    assert found
    return json.loads(found[1])


def index(articles: dict[str, str]) -> dict[str, object]:
    """The files of an index by their names, of articles whose words stand in their texts."""
    files = search_index((slug, f"\n{' '.join(sorted(folded(text)))}\n") for slug, text in articles.items())
    return {path.removeprefix("search/").removesuffix(".js"): said(content) for path, content in files}


def read(files: dict[str, bytes]) -> Iterator[tuple[str, list[str]]]:
    """The names of the files of an index, each with the words in it."""
    for path, content in files.items():
        if isinstance(value := said(content), (list, dict)):
            yield path.removeprefix("search/"), list(value)


def words(files: dict[str, object]) -> dict[str, str]:
    """What an index says of its words."""
    parts = [part for name, part in files.items() if name.startswith("words-")]
    return {word: packed for part in parts if isinstance(part, dict) for word, packed in part.items()}


def test_umlauts_accents_and_case_do_not_matter() -> None:
    assert folded("Über die Größe des CAFÉS") == ["uber", "die", "grosse", "des", "cafes"]


def test_letters_of_turkish_and_greek_that_are_one_are_found_in_either_form() -> None:
    assert folded("Isparta ısparta İsparta") == ["isparta"] * 3
    assert folded("ΟΔΟΣ οδός") == ["οδοσ"] * 2


def test_what_is_written_without_blanks_is_cut_into_pairs() -> None:
    assert folded("降低成本") == ["降低", "低成", "成本"]


@pytest.mark.parametrize(
    ("letters", "without_blanks"),
    [
        ("日々〇〡豈𠀀", HAN),
        ("ひらがなカタカナㇰｶﾀ", HAN),
        ("、。「」【】", HAN_MARKS),
        ("ไทยລາວမြန်မာខ្មែរ", SOUTH_EAST),
        ("aß한국어αй", ""),
    ],
)
def test_which_letters_have_no_blanks_between_their_words(letters: str, without_blanks: str) -> None:
    for some in (HAN, HAN_MARKS, SOUTH_EAST):
        assert bool(re.fullmatch(f"[{some}]+", letters)) == (some == without_blanks)
        assert bool(re.search(f"[{some}]", letters)) == (some == without_blanks)


def test_of_a_word_longer_than_most_its_last_members_are_words_too() -> None:
    pieces = folded("Donaudampfschifffahrtsgesellschaftskapitänsmütze")
    assert max(map(len, pieces)) <= 40
    assert any(piece.endswith("kapitansmutze") for piece in pieces)


def test_a_part_may_stand_behind_two_letters() -> None:
    assert words(index({"a": "Ölpreiskrise", "b": "Preis"}))["preis"] == "|1||olpreiskrise"


def test_a_filter_has_its_words_and_few_others() -> None:
    known, others = [f"wort{number}" for number in range(500)], [f"anderes{number}" for number in range(2000)]
    filter = b64decode(word_filter(known))

    def is_in(word: str) -> bool:
        crc = crc32(word.encode())
        places = [(crc + step * (crc >> 16 | 1)) % (len(filter) * 8) for step in range(3)]
        return all(filter[at >> 3] >> (at & 7) & 1 for at in places)

    assert all(map(is_in, known))
    assert sum(map(is_in, others)) < 200
    assert len(filter) < 400


def test_of_a_long_article_a_question_loads_the_parts_that_answer_it() -> None:
    """A page shows four articles and ten parts at once: with their filters they leave 60 kB of 150 for the index."""
    chance = Random(3)
    known = [f"{chance.choice('abcdefgh')}{chance.randrange(6000)}wort" for _ in range(4000)]
    body = "\n\n".join(" ".join(chance.choices(known, k=60)).capitalize() + "." for _ in range(110))
    files = published(body).files
    parts = [content for path, content in files.items() if path.startswith("search/")]
    assert len(body) > 50_000
    assert 4 * len(files[SEARCH_TEXT]) + 10 * max(map(len, parts)) < 90_000
    found = set(search_words(files[SEARCH_TEXT], *parts).split())
    assert found.issuperset(folded(body))
    assert search_words(*(content for path, content in published("Kurz.").files.items() if path == SEARCH_TEXT))


def test_words_are_listed_by_their_ends_too_whether_or_not_any_article_has_these_alone() -> None:
    files = index({"a": "Die Kapitänsmütze", "b": "Eis"})
    assert files["ends-eztumsnatipak"] == {"eztumsnatipak": ""}
    assert files["ends-parts-eztumsnatipak"] == ["eztumsnatipak"]
    assert not any(name.startswith("ends-sie") for name in files), "a short word is found by its beginning"
    listed = files["index"]
    assert isinstance(listed, dict)
    assert listed["ends"] == ["eztumsnatipak"]


def test_a_word_is_told_with_its_articles_and_the_words_that_have_it_in_their_middle() -> None:
    found = words(index({"a": "Karten und Preise", "b": "Mieten", "c": "Grafikkartenpreise, Karten", "d": "Karten"}))
    assert found["karten"] == "|0 2 1||grafikkartenpreise"
    assert found["mieten"] == "|1"
    assert found["preise"] == "|0", "what is at the end is in the list of ends"
    assert "grafik" not in found


def test_the_words_of_titles_and_claims_come_first_and_those_of_sources_last() -> None:
    passages: list[Json] = [
        [1, "claim-a", "Die Miete steigt"],
        [4, "", "Die Miete und der Lohn"],
        [5, "sources/x/", "Der Lohn, ein Buch"],
    ]
    first, text, sources = search_words(script("a", ["Mieten", "", "de", passages])).split("\n")
    assert (first, text, sources) == ("@de die miete mieten steigt", "der lohn und", "buch ein")


def test_a_word_that_half_of_many_articles_have_is_told_in_short() -> None:
    found = words(index({f"a{number:02}": f"und wort{number}" for number in range(60)}))
    assert found["und"] == "*"
    assert found["wort7"] == "|7"


def many(count: int) -> list[tuple[str, str]]:
    """Articles of made-up words, few of them common and many rare, as words are."""
    chance = Random(1)
    syllables = [
        a + b + c for a in ("b", "d", "f", "gr", "k", "l", "st", "w") for b in "aeiou" for c in ("", "n", "rt")
    ]
    stems = ["".join(chance.choices(syllables, k=chance.choice([1, 2, 2, 3]))) for _ in range(4000)]
    known = [*dict.fromkeys(chance.choice(stems) + chance.choice([*stems[:40], ""]) for _ in range(20000))]
    weights = [1 / (rank + 3) for rank in range(len(known))]
    each = (dict.fromkeys(chance.choices(known, weights, k=300)) for _ in range(count))
    return [(f"a-{number}", "\n" + " ".join(sorted(words)) + "\n") for number, words in enumerate(each)]


@pytest.mark.parametrize("edits", [2, pytest.param(10, marks=pytest.mark.slow)])
def test_an_edit_changes_a_part_for_each_word_that_came_or_went(edits: int) -> None:
    """And one more for each that no other article has, in which it is listed by its end. Beside these a word changes
    the list of parts and the part before where it begins a part, and the parts of the rare words in its middle.
    """
    articles, chance = many(150), Random(2)
    before = dict(search_index(articles))
    known = Counter(word for _, lines in articles for word in lines.split())
    often = sorted(word for word, count in known.items() if count > 3)
    begins = {word for name, part in read(before) if name.startswith(("parts-", "ends-parts-")) for word in part}
    beyond = 0
    for edit in range(edits * 4):
        at = chance.randrange(len(articles))
        own = set(articles[at][1].split())
        came = {chance.choice(often) for _ in range((1, 1, 6, 6)[edit % 4])} - own
        came |= {f"{chance.choice(often)}{chance.choice(often)}"} if edit % 2 else set()
        gone = set(chance.sample(sorted(own), 1)) if edit % 4 == 0 else set()
        edited = [
            *articles[:at],
            (articles[at][0], "\n" + " ".join(sorted(own - gone | came)) + "\n"),
            *articles[at + 1 :],
        ]
        after = dict(search_index(edited))
        touched = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        alone = {word for word in came if word not in known} | {word for word in gone if known[word] == 1}
        middles = sum(word in one[2:-1] for one in alone for word in known if len(word) > 4)
        usual = len(came | gone) + len(alone) + middles
        begun = {word for name, part in read(after) if name.startswith(("parts-", "ends-parts-")) for word in part}
        assert len(touched) <= usual + 3 * len(begun ^ begins), touched
        beyond += len(touched) > usual
    assert beyond <= edits, "of four times as many"


def test_parts_are_small_and_the_list_of_them_finds_each_word() -> None:
    files = index(dict(many(400)))
    listed = files["index"]
    assert isinstance(listed, dict)
    assert listed["articles"] == 400
    groups = [files[f"parts-{word}"] for word in listed["words"]]
    first = [word for group in groups if isinstance(group, list) for word in group]
    assert len(groups) > 1
    assert first == sorted(first)
    for name, part in files.items():
        if isinstance(part, dict) and name.startswith("words-"):
            begins = next(begin for begin in reversed(first) if begin <= min(part))
            assert name == f"words-{begins}"
            assert max(part) < ([*first, "\uffff"][first.index(begins) + 1])
            assert len(json.dumps(part)) < 100_000


@pytest.fixture(scope="module")
def site(real_site: Path) -> Path:
    return real_site


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.close()
    assert said == []


def ask(page: Page, words: str) -> list[str]:
    """The addresses of what is found, below the site."""
    page.get_by_role("searchbox").fill("")  # and with it goes the answer to the question before
    expect(page.get_by_role("status")).to_have_text("")
    page.get_by_role("searchbox").fill(words)
    expect(page.get_by_role("status")).not_to_have_text("")
    return [(link.get_attribute("href") or "").removeprefix("../") for link in page.locator(".found li a").all()]


@pytest.mark.slow
@pytest.mark.browser
def test_of_sixty_questions_nineteen_in_twenty_lead_where_they_should(page: Page, site: Path) -> None:
    page.goto((site / "search/index.html").as_uri())
    assert len(QUERIES) == 60
    led = {
        query["ask"]: any(query["leads_to"] in address for address in ask(page, query["ask"])[:8])
        for query in QUERIES
    }
    missed = [asked for asked, good in led.items() if not good]
    assert len(missed) <= MISSES, missed


@pytest.mark.browser
def test_a_passage_is_found_from_the_disk_by_a_mistyped_word(page: Page, site: Path) -> None:
    page.goto((site / "search/index.html").as_uri())
    assert ask(page, "geschmugelt H100")[0] == "deepseek-nachgerechnet/index.html"
    assert page.locator(".found .claim mark").first.is_visible()
    assert ask(page, "quastenflosser") == []
    assert page.get_by_role("status").text_content() == "Nichts gefunden."
    assert page.url.endswith("#quastenflosser")


@pytest.mark.slow
@pytest.mark.browser
def test_articles_and_claims_stand_before_sources(page: Page, site: Path) -> None:
    page.goto((site / "search/index.html").as_uri())
    ask(page, "semianalysis debates")
    kinds = [item.get_attribute("class") for item in page.locator(".found li").all()]
    assert kinds[0] == "article"
    assert "source" in kinds
    assert "source" not in kinds[: len(kinds) - kinds[::-1].index("article")]
    assert set(kinds[kinds.index("source") :]) == {"source"}


@pytest.mark.slow
@pytest.mark.browser
def test_a_result_leads_to_its_sentence(page: Page, served: str) -> None:
    page.goto(f"{served}search/index.html")
    ask(page, "Scheinkonten")
    page.locator(".found .text a").first.click()
    page.wait_for_url("**/deepseek-nachgerechnet/index.html*")
    sentence = page.locator("#text li", has_text="Scheinkonten").first
    expect(sentence).to_be_in_viewport()


@pytest.mark.browser
def test_the_ring_around_the_box_leaves_the_line_below_it_alone(browser: Browser, served: str) -> None:
    page = browser.new_page()
    page.goto(f"{served}search/index.html")
    box = page.get_by_role("searchbox")
    box.focus()
    ring = box.evaluate(
        """box => {
            const {outlineWidth, outlineOffset} = getComputedStyle(box);
            return box.getBoundingClientRect().bottom + parseFloat(outlineWidth) + parseFloat(outlineOffset);
        }"""
    )
    hint = page.get_by_text("Gesucht wird in").bounding_box()
    assert hint is not None
    assert hint["y"] > ring + 2
    page.close()


@pytest.mark.browser
def test_nothing_is_loaded_before_somebody_searches_and_nothing_from_elsewhere(browser: Browser, served: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}deepseek-nachgerechnet/index.html")
    assert not [url for url in asked if "search" in url]
    page.goto(f"{served}search/index.html")
    ask(page, "chips")
    assert [url for url in asked if "/search/words-" in url]
    assert f"{served}deepseek-nachgerechnet/{SEARCH_TEXT}" in asked
    assert all(url.startswith(served) for url in asked)
    assert POLICY in page.content()
    page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_without_script_there_is_no_box_and_no_way_to_it(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert not page.get_by_role("link", name="Suche").is_visible()
    page.goto((site / "search/index.html").as_uri())
    assert not page.get_by_role("searchbox").is_visible()
    assert page.get_by_role("main").get_by_role("link", name="Alle Artikel").is_visible()
    context.close()


@pytest.mark.browser
def test_the_page_folds_words_as_the_index_does(page: Page) -> None:
    source = (ROOT / "static/search.js").read_text(encoding="utf-8")
    found = re.search(r"(  const fold = .*?)\n\n", source, re.DOTALL)
    assert found
    for text in WORDS:
        own: list[str] = page.evaluate(f"(text) => {{ {found[1]}; return words(text); }}", text)
        assert [word for word in own if len(word) > 1 or not word.isascii()] == folded(text)


def test_the_page_of_an_article_carries_no_script_of_the_search() -> None:
    assert "search" not in (ROOT / "templates/article.html").read_text(encoding="utf-8")


@pytest.fixture
def asked_of(page: Page, served: str) -> Callable[[dict[str, str]], Ask]:
    """A search in articles that consist of one sentence each, by their names."""

    def over(articles: dict[str, str]) -> Ask:
        texts = {slug: script(slug, [slug, "", "de", [[4, "", text]]]) for slug, text in articles.items()}
        files = dict(search_index((slug, search_words(text)) for slug, text in texts.items()))
        files |= {f"{slug}/{SEARCH_TEXT}": text for slug, text in texts.items()}

        def answer(route: Route) -> None:
            route.fulfill(
                body=files[unquote(urlsplit(route.request.url).path).lstrip("/")], content_type="text/javascript"
            )

        page.route(re.compile(r"/search/(index|parts-.*|words-.*|ends-.*|articles-.*)\.js$|/search\.js$"), answer)
        page.goto(f"{served}search/index.html")
        return lambda words: list(dict.fromkeys(address.partition("/")[0] for address in ask(page, words)))

    return over


@pytest.mark.slow
@pytest.mark.browser
def test_endings_parts_of_compounds_and_mistakes_are_found(asked_of: Callable[[dict[str, str]], Ask]) -> None:
    found = asked_of(
        {
            "wohnen": "Die Grundstückspreise steigen.",
            "öl": "Die Ölpreiskrise war kurz.",
            "strom": "Der Preis des Stroms fiel.",
            "chips": "Über Exportkontrollen wird gestritten.",
            "mieten": "Die Mietpreisbremse bremst.",
            "kurs": "Der Kurs fiel.",
            "chinesisch": "人工智能的成本正在下降。",
        }
    )
    assert set(found("preise")) == {"strom", "wohnen"}
    assert found("preis")[0] == "strom"
    assert set(found("preis")) == {"strom", "wohnen", "mieten", "öl"}
    assert found("krise") == ["öl"]
    assert found("kontrolle") == ["chips"]
    assert found("exportkontrolle") == ["chips"]
    assert found("exprotkontrollen") == ["chips"], "two letters swapped"
    assert found("xeportkontrollen") == ["chips"], "at the beginning, too"
    assert found("bremse") == ["mieten"]
    assert found("kurssturz") == ["kurs"]
    assert found("成本") == ["chinesisch"]
    assert found("grundstück der")[0] == "wohnen", "the rarer word counts more"


@pytest.mark.slow
@pytest.mark.browser
def test_of_a_large_index_a_few_parts_are_loaded_and_ends_and_mistakes_found(
    page: Page, asked_of: Callable[[dict[str, str]], Ask]
) -> None:
    found = asked_of(
        dict(many(60))
        | {
            "chips": "Über Exportkontrollen wird gestritten.",
            "hut": "Die Kapitänsmütze fehlt.",
            "haus": "Der Grundstückspreis steigt.",
            "öl": "Die Ölpreiskrise war kurz.",
            "sprit": "Der Spritpreis nicht.",
            "preis": "Der Preis.",
        }
    )
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    assert found("exprotkontrollen") == ["chips"], "two letters swapped in the first half"
    assert found("exportkontrolen") == ["chips"], "one left out in the second"
    assert found("mütze") == ["hut"], "no article has the end of the compound alone"
    assert found("preis")[0] == "preis"
    assert set(found("preis")) == {"preis", "öl", "sprit", "haus"}, "at the end and in the middle of others"
    assert found("gruntstückspreis") == ["haus"]
    assert any("/search/ends-" in url for url in loaded)
    assert not any("a-0/search.js" in url for url in loaded)
    assert len(loaded) < 60


@pytest.mark.slow
@pytest.mark.browser
def test_words_that_every_object_of_javascript_has_are_words_like_any_other(
    asked_of: Callable[[dict[str, str]], Ask],
) -> None:
    names = ("constructor", "prototype", "tostring", "valueof", "hasownproperty", "length", "docs", "undefined")
    found = asked_of({name: f"{name} ist ein Wort." for name in names})
    assert [found(name) for name in names] == [[name] for name in names]
    assert found("__proto__") == ["prototype"], "beginnings are enough"
