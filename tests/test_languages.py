"""A page in every language that readers have, in one that is made up, and in one that a folder adds."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from shutil import copytree

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po, write_po
from playwright.sync_api import Browser, Page

from randnotiz import language
from randnotiz.language import catalogue
from randnotiz.language.__main__ import HEADER, messages
from randnotiz.language.cldr import plural_forms
from randnotiz.site import BuildOptions, BuildResult, building, check
from tests.places import folders_in

ARTICLES = Path(__file__).parent / "languages"
TRIED = sorted(folder.name for folder in ARTICLES.iterdir())
WIDTHS = (390, 820, 1000, 1300, 1440, 1900)
ENGLISH = read_po(BytesIO((catalogue.FOLDER / "en" / "messages.po").read_bytes()))

# Where notes in the margin and the text's blocks lie upon each other, and what is wider than the window.
WRONG = """() => {
    const boxes = (selector) => [...document.querySelectorAll(selector)]
        .map((part) => [part, part.getBoundingClientRect()]).filter(([, box]) => box.width && box.height);
    const wrong = [];
    if (document.documentElement.scrollWidth > innerWidth) wrong.push("sideways scroll");
    for (const [note, a] of boxes(".endnotes > ol > li"))
        for (const [block, b] of boxes("#text p, #text h2, #text figure, .head h1"))
            if (!note.contains(block) && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1
                && b.top < a.bottom - 1) wrong.push(`${note.id} on ${block.textContent.slice(0, 30)}`);
    const start = part => part.getBoundingClientRect()[document.documentElement.dir === "rtl" ? "right" : "left"];
    for (const part of document.querySelectorAll(".strip > h2, .strip > .top"))
        if (Math.abs(start(part) - start(part.parentElement)) > 1) wrong.push(`${part.textContent} is set off`);
    return wrong;
}"""


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of languages of this test's own, with all that there are."""
    folder = tmp_path / "languages"
    copytree(catalogue.FOLDER, folder)
    monkeypatch.setattr(catalogue, "FOLDER", folder)
    catalogue.forget()
    yield folder
    catalogue.forget()


def translate(folder: Path, tag: str, translated: Callable[[str], str]) -> None:
    """Writes the messages of a language that are made from the English ones."""
    made = read_po(BytesIO(messages(tag, ENGLISH, b"")))
    for each in made:
        if each.context:
            texts = (each.id,) if isinstance(each.id, str) else each.id
            forms = tuple(map(translated, texts))
            each.string = forms[0] if isinstance(each.id, str) else (*forms[:1], *forms[1:] * (made.num_plurals - 1))
    count, expression = plural_forms(tag)
    out = BytesIO(HEADER.format(comment=f"# {tag}", language=tag, count=count, expression=expression).encode())
    out.seek(0, 2)
    write_po(out, made, width=0, omit_header=True)
    (folder / tag).mkdir(parents=True, exist_ok=True)
    (folder / tag / "messages.po").write_bytes(out.getvalue())


def built(folder: Path, tag: str, of: str = "") -> tuple[Path, list[str]]:
    """The site of a language's article, or of another's said to be in this one; and the codes of its diagnostics."""
    copytree(ARTICLES / (of or tag), folder / "content", dirs_exist_ok=True)
    if of:
        site = folder / "content" / "site.yaml"
        words = site.read_text(encoding="utf-8").replace(f"lang: {of}", f"lang: {tag}")
        scale = f"verdicts: [{{key: misleading, {tag}: Trompeur}}]\n"  # the usual one has no words in it
        site.write_text(re.sub(rf"\b{of}: ", f"{tag}: ", words) + scale, encoding="utf-8")
        for units in (folder / "content").glob("*/figures.yaml"):
            units.write_text(units.read_text(encoding="utf-8").replace(f"{of}: [", f"{tag}: ["), encoding="utf-8")
    outcome = building.build(folders_in(folder), BuildOptions())
    assert not outcome.stopped, outcome.diagnostics
    return folder / "site", [one.code for one in outcome.diagnostics]


def pages(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*.html") if path.name != "single.html")


# What scripts print.
SHOWN_BY_SCRIPT = ("data-none", "data-one", "data-many", "data-copied", "data-text")


def words_of(page: Path) -> Iterator[str]:
    """Whatever a page says to readers: its texts, and the attributes that are read out or shown."""
    root = html5lib.parse(page.read_bytes(), namespaceHTMLElements=False)
    hidden = {*root.iter("script"), *root.iter("style"), *root.iter("textarea")}
    for each in root.iter():
        if each in hidden or not isinstance(each.tag, str):
            continue
        yield from (text.strip() for text in (each.text, each.tail) if text and text.strip())
        yield from (
            each.attrib[name] for name in ("aria-label", "alt", "title", "placeholder") if each.attrib.get(name)
        )
        yield from (value for name, value in each.attrib.items() if name in SHOWN_BY_SCRIPT)


def english(tag: str) -> set[str]:
    """The English messages without slots that the language says otherwise."""
    here = language.of(tag)
    texts = {str(each.context): each.id for each in ENGLISH if each.context and isinstance(each.id, str)}
    return {text for key, text in texts.items() if "{" not in text and here.message(key) != text}


def latin(site: Path, content: Path) -> set[tuple[str, str]]:
    """Where a word in Latin letters stands that its author did not write, with the name of the page."""
    written = "".join(path.read_text(encoding="utf-8") for path in content.rglob("*.*"))
    # Formats and names that are the same in all languages.
    own = {
        *re.findall("[A-Za-z]{3,}", written),
        *["CSV", "SVG", "CSL", "JSON", "Vega", "Lite", "BibTeX", "Hypothesis"],
    }
    return {
        (path.name, words)
        for path in pages(site)
        for words in words_of(path)
        for word in re.findall("[A-Za-z]{3,}", re.sub(r"⟦.*(⟧|$)|\S+\.example/\S*", "", words))
        if word not in own
    }


OTHER_SCRIPTS = ("ar", "he", "ja", "uk", "zh")


PROMISED = [
    *[
        "ar",
        "cs",
        "de",
        "de-AT",
        "de-CH",
        "en",
        "en-GB",
        "es",
        "fr",
        "he",
        "it",
        "ja",
        "nl",
        "pl",
        "pt",
        "sv",
        "tr",
        "uk",
        "zh-Hans",
    ]
]


# Their words are English, as `language-incomplete` says; numbers, lines and faces are their own.
BESIDE = ["ko", "th"]


def test_every_language_that_is_promised_has_an_article() -> None:
    assert sorted(PROMISED + BESIDE) == TRIED
    for tag in TRIED:
        (text,) = (ARTICLES / tag).glob("*/article.md")
        assert language.count_words(text.read_text(encoding="utf-8").split("---", 2)[2]) >= 150, tag


@pytest.mark.parametrize("tag", TRIED)
def test_an_article_has_no_word_of_another_language(tag: str, tmp_path: Path) -> None:
    site, codes = built(tmp_path, tag)
    assert ("language-incomplete" in codes) is (tag in BESIDE)
    foreign = english(tag) - {
        language.of(tag).message(str(each.context)) for each in ENGLISH if each.context and "{" not in str(each.id)
    }
    found = {(page.name, words) for page in pages(site) for words in words_of(page) if words in foreign}
    if tag.partition("-")[0] in OTHER_SCRIPTS:
        found |= latin(site, tmp_path / "content")
    assert found == set()
    if "verdicts:" not in (tmp_path / "content" / "site.yaml").read_text(encoding="utf-8") and tag not in BESIDE:
        usual = set(language.of(tag).rules["verdicts"].values())
        assert usual & {words for page in pages(site) for words in words_of(page)}
    text = (next(site.glob("*/index.html"))).read_text(encoding="utf-8")
    assert f'<html lang="{tag}"' in text
    assert ('dir="rtl"' in text) is (language.of(tag).direction == "rtl")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("tag", TRIED)
def test_it_fits_every_window_no_note_lies_on_the_text_and_axe_is_silent(
    tag: str, tmp_path: Path, browser: Browser, artefacts: Path
) -> None:
    site, _ = built(tmp_path, tag)
    looked_at(site, browser, artefacts, tag)


def looked_at(site: Path, browser: Browser, artefacts: Path, name: str) -> None:
    (article,) = (
        path for path in site.glob("*/index.html") if path.parent.name not in ("claims", "search", "sources")
    )
    for width in WIDTHS:
        page: Page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
        page.goto(article.as_uri())
        page.wait_for_function("document.querySelector('p.tools [data-copy]')")
        assert page.evaluate(WRONG) == [], width
        if width in (390, 1440):
            found = Axe().run(page, options={"preload": False}).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
            page.screenshot(path=artefacts / f"language-{name}-{width}.png", full_page=True)
        page.close()


def test_a_translation_named_on_one_side_is_known_on_the_other(tmp_path: Path) -> None:
    def page(slug: str) -> str:
        return (tmp_path / "site" / slug / "index.html").read_text(encoding="utf-8")

    def run(names: str, *, clean: bool = False) -> BuildResult:
        text = (ARTICLES / "en" / "book-shelf" / "article.md").read_text(encoding="utf-8")
        text = text.replace("published:", f"lang: en\n{names}published:")
        (tmp_path / "content" / "book-shelf" / "article.md").write_text(text, encoding="utf-8")
        return building.build(folders_in(tmp_path), BuildOptions(clean=clean))

    copytree(ARTICLES / "de", tmp_path / "content")
    copytree(ARTICLES / "en" / "book-shelf", tmp_path / "content" / "book-shelf")
    lead = '<link rel="alternate" hreflang="en" href="https://buecherregal.example/book-shelf/">'
    assert not run("translations: {de: buecherregal}\n").stopped
    assert lead in page("buecherregal")
    assert '<a href="../book-shelf/index.html" hreflang="en" lang="en">Read this text in English</a>' in page(
        "buecherregal"
    )
    assert run("translations: {de: buecherregal}\n").built == 0
    before = page("buecherregal")
    assert run("translations: {de: buecherregal}\n", clean=True).built == 2
    assert page("buecherregal") == before
    assert run("").built == 2
    assert lead not in page("buecherregal")
    assert run("translations: {de: buecherregal}\n").built == 2
    assert page("buecherregal") == before


@pytest.mark.browser
def test_no_line_of_korean_ends_within_a_word(tmp_path: Path, browser: Browser) -> None:
    site, _ = built(tmp_path, "ko")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((site / "mul" / "index.html").as_uri())
    broken = """() => {
        const words = [];
        const walk = document.createTreeWalker(document.querySelector(".head h1"), NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) for (const { 0: word, index } of walk.currentNode.data.matchAll(/\\S+/g)) {
            const range = document.createRange();
            range.setStart(walk.currentNode, index);
            range.setEnd(walk.currentNode, index + word.length);
            if (new Set(Array.from(range.getClientRects(), (one) => one.top)).size > 1) words.push(word);
        }
        return words;
    }"""
    assert page.evaluate(broken) == []
    page.close()


def test_no_french_mark_follows_a_word_without_its_blank(tmp_path: Path) -> None:
    """In text, notes, references and titles, and in what the page says itself."""
    site, _ = built(tmp_path, "fr")
    marks = re.compile(r"[\w)»”] [;:!?»]|« |[\w)][;!?»](?=\s|$)|[\w)»”]:(?=\s)")
    wrong = {
        (path.relative_to(site).as_posix(), found[0], words)
        for path in pages(site)
        for words in words_of(path)
        for found in marks.finditer(words)
    }
    assert wrong == set()


def test_a_french_article_typed_without_blanks_before_its_marks_is_the_same(tmp_path: Path) -> None:
    for typed in ("with", "without"):
        copytree(ARTICLES / "fr", tmp_path / typed / "content")
    (article,) = (tmp_path / "without").rglob("article.md")
    text = article.read_text(encoding="utf-8")
    bare = re.sub(r" (?=[;!?»]|:\s)|(?<=«) ", "", text)
    assert len(bare) < len(text) - 12
    article.write_text(bare, encoding="utf-8")
    made = []
    for folder in (tmp_path / "with", tmp_path / "without"):
        assert not building.build(folders_in(folder), BuildOptions()).stopped
        made.append({str(path.relative_to(folder)): path.read_bytes() for path in (folder / "site").rglob("*.*")})
    assert made[0] == made[1]


@pytest.mark.browser
@pytest.mark.parametrize("many", [0, 50], ids=["three articles", "most in the site's language"])
def test_the_search_of_a_language_has_its_articles_first(many: int, tmp_path: Path, browser: Browser) -> None:
    for tag in ("de", "en", "ar"):
        copytree(ARTICLES / tag, tmp_path / "content", dirs_exist_ok=True)
        (article,) = (ARTICLES / tag).glob("*/article.md")
        text = article.read_text(encoding="utf-8").replace("published:", f"lang: {tag}\npublished:")
        (tmp_path / "content" / article.parent.name / "article.md").write_text(f"{text}\n\nOPEC\n", encoding="utf-8")
    copytree(ARTICLES / "de", tmp_path / "content", dirs_exist_ok=True, ignore=lambda *_: ["buecherregal"])
    for number in range(many):
        (tmp_path / "content" / f"a-{number}").mkdir()
        (tmp_path / "content" / f"a-{number}" / "article.md").write_text(
            f"---\ntitle: Text {number}\nsummary: Kurz.\npublished: 2026-01-02\n---\nDie OPEC.\n", encoding="utf-8"
        )
    outcome = building.build(folders_in(tmp_path), BuildOptions())
    assert not outcome.stopped, outcome.diagnostics
    for tag, own in (("de", "de"), ("en", "en"), ("ar", "ar")):
        folder = next((ARTICLES / tag).glob("*/article.md")).parent.name
        page = browser.new_page()
        page.goto((tmp_path / "site" / folder / "index.html").as_uri())
        page.locator("nav .scripted a").first.click()
        assert page.locator("html").get_attribute("lang") == own
        page.get_by_role("searchbox").fill("OPEC")
        first = page.locator(".found .article a").first
        first.wait_for()
        assert first.get_attribute("lang") is None, first.get_attribute("href")
        if not many:
            assert page.locator(".found .article").count() == 3
        page.close()


# ----------------------------------------------------------------------------------------------------
# A language that is made up: accented, a third longer, right to left
# ----------------------------------------------------------------------------------------------------

ACCENTED = str.maketrans("aeiouyAEIOUYcnsCNS", "àéîöûÿÀÉÎÖÛŸçñšÇÑŠ")
PSEUDO = "ps"  # Pashto runs from right to left, and has no folder


def accented(text: str) -> str:
    """A text that everybody can read and nobody wrote, a third longer: "Copy link" is "⟦Çöpÿ lîñk···⟧"."""
    parts = re.split(r"(\{\w+\})", text)
    return (
        "⟦"
        + "".join(part if part.startswith("{") else part.translate(ACCENTED) for part in parts)
        + "·" * (len(text) // 3)
        + "⟧"
    )


def test_no_word_for_readers_escapes_translation(fresh: Path, tmp_path: Path) -> None:
    translate(fresh, PSEUDO, accented)
    site, codes = built(tmp_path, PSEUDO, of="fr")
    assert "language-incomplete" not in codes
    assert latin(site, tmp_path / "content") == set()
    assert any("⟦" in words for page in pages(site) for words in words_of(page))


@pytest.mark.slow
@pytest.mark.browser
def test_no_page_breaks_where_words_are_longer_and_run_the_other_way(
    fresh: Path, tmp_path: Path, browser: Browser, artefacts: Path
) -> None:
    translate(fresh, PSEUDO, accented)
    site, _ = built(tmp_path, PSEUDO, of="fr")
    looked_at(site, browser, artefacts, "pseudo")
    for path in pages(site):
        for width in (390, 1440):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, width)
            page.close()


# ----------------------------------------------------------------------------------------------------
# A language that a folder adds, and one that has none
# ----------------------------------------------------------------------------------------------------


def danish(folder: Path) -> None:
    translate(folder, "da", lambda text: {"Sources": "Kilder", "Notes": "Noter"}.get(text, f"da {text}"))
    (folder / "da" / "rules.yaml").write_text("quotes: [”, ”, ’, ’]\nrange: ' til '\n", encoding="utf-8")


@pytest.mark.parametrize("where", ["of the package", "of the site"])
def test_danish_is_one_folder_and_no_line_of_code(where: str, fresh: Path, tmp_path: Path) -> None:
    danish(fresh if where == "of the package" else tmp_path / "content" / "languages")
    site, codes = built(tmp_path, "da", of="fr")
    assert "language-incomplete" not in codes
    page = next(site.glob("air*/index.html")).read_text(encoding="utf-8")
    assert '<h2 id="notes">Noter</h2>' in page
    assert "24.000 til 30.000" in page


def test_a_language_that_a_site_adds_has_its_words_for_numbers_that_say_which_one(tmp_path: Path) -> None:
    """Streets, eras, telephones, ordinals, days and decades, of a language that the package knows nothing of."""
    article = tmp_path / "content" / "a" / "article.md"
    article.parent.mkdir(parents=True)
    said = "Hún býr á Lækjargötu 12, árið 44 f.Kr. og sími: 5551234. Blaðsíða 7 segir 5 [Heimild vantar], um 1990."
    article.write_text(
        f"---\ntitle: Tölur\nlang: is\npublished: 2026-05-01\nsummary: Tölur\n---\n{said}\n", encoding="utf-8"
    )
    site = "title: Blað\nlang: is\nurl: https://blad.example/\npublisher: {name: Blað}\n"
    (tmp_path / "content" / "site.yaml").write_text(site, encoding="utf-8")

    def told() -> list[str]:
        found = check(folders_in(tmp_path), BuildOptions()).diagnostics
        told = {"number-uncovered": r"\d+", "markdown-near": r"\[.*?\]"}
        return sorted(re.findall(told[one.code], one.message)[0] for one in found if one.code in told)

    assert told() == ["12", "44", "5", "5551234", "7"]
    folder = tmp_path / "content" / "languages" / "is"
    folder.mkdir(parents=True)
    rules = (
        'numbered: {phrases: ["*götu 0", 0 f.Kr, "sími: 000", " ", "*", "(0"], places: [blaðsíða, "(", "@places@"]}\n'
    )
    (folder / "rules.yaml").write_text(f'{rules}placeholders: ["[heimild *]", "", " ", "*", "0"]\n', encoding="utf-8")
    assert sorted(told()) == ["5", "[Heimild vantar]"]
    language.use({})


def test_the_next_site_of_a_process_has_its_own_words(tmp_path: Path) -> None:
    danish(tmp_path / "a" / "content" / "languages")
    assert "language-incomplete" not in built(tmp_path / "a", "da", of="fr")[1]
    assert "language-incomplete" in built(tmp_path / "b", "da", of="fr")[1]
    language.use({})


def own(content: Path, **texts: str) -> tuple[str, ...]:
    """What is said of a German site with files in languages/fr/, such as messages_po."""
    folder = content / "languages" / "fr"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_bytes(text.encode("utf-8", "surrogateescape"))
    site = content / "site.yaml"
    if not site.exists():
        site.write_text("title: Blatt\nlang: fr\nurl: https://blatt.example/\npublisher: {name: Blatt}\n", "utf-8")
    return tuple(
        f"{one.position}: {one.message} [{one.code}]"
        for one in check(folders_in(content.parent), BuildOptions()).diagnostics
    )


def test_single_words_of_a_language_are_corrected(tmp_path: Path) -> None:
    fixed = (
        'msgctxt "notes"\nmsgid "Notes"\nmsgstr "Remarques"\n\n#, fuzzy\nmsgctxt "print"\nmsgid "Print"\nmsgstr "P"\n'
    )
    assert own(tmp_path / "content", messages_po=fixed, rules_yaml="range: ' jusqu’à '\n") == ()
    french = language.of("fr")
    assert [french.message(key) for key in ("notes", "print", "sources")] == ["Remarques", "Imprimer", "Sources"]
    assert french.quotes[0] == "«\u202f"
    assert french.amount(1, 1, 2).replace("\xa0", " ") == "1 jusqu’à 2"
    language.use({})
    assert language.of("fr").message("notes") == "Notes"


WRONG_WORDS = (
    (
        {"messages_po": 'msgctxt "notes"\nmsgid "Notes"\nmsgstr "Re"marques"\n'},
        "messages.po:3:1: this line is neither",
    ),
    ({"messages_po": 'msgctxt "notes"\nmsgid "Notes"\nmsgstr Remarques\n'}, "messages.po:3:1: this line is neither"),
    ({"messages_po": 'msgctxt "nots"\nmsgid "Notes"\nmsgstr "R"\n'}, "'nots'; did you mean 'notes'?"),
    ({"messages_po": 'msgid "Notes"\nmsgstr "R"\n'}, "messages.po:1:1: nothing says which message 'Notes' is"),
    (
        {"messages_po": 'msgctxt "by"\nmsgid "By {names}"\nmsgstr "De {nams}"\n'},
        "messages.po:3:12: 'by' has no slot '{nams}'; did",
    ),
    (
        {"messages_po": 'msgctxt "by"\nmsgid "By {names}"\nmsgstr ""\n"Par"\n'},
        "messages.po:3:8: 'by' lacks the slot '{names}'",
    ),
    (
        {"messages_po": 'msgctxt "by"\nmsgid "By {names}"\nmsgstr "De {names"\n'},
        "messages.po:3:12: a slot of 'by' is not closed",
    ),
    (
        {"messages_po": 'msgctxt "count-source"\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "{n} s"\nmsgstr[1] ""\n'},
        "messages.po:4:1: 'count-source' has 1 forms, and the language 2",
    ),
    ({"messages_po": "\n\udc80"}, "encoding"),
    ({"rules_yaml": "quots: [a, b, c, d]\n"}, "rules.yaml:1:1: there is no rule 'quots'; did you mean 'quotes'?"),
    ({"rules_yaml": "range: a\nquotes: [a, b]\n"}, "rules.yaml:2:1: "),
    ({"rules_yaml": "units: {per: 3}\n"}, "rules.yaml:1:1: "),
    ({"rules_yaml": "range: a\nnumbered: {phrases: 3}\n"}, "rules.yaml:2:1: "),
    ({"rules_yaml": "numbered: {phrase: [a 0]}\n"}, "rules.yaml:1:1: "),
    ({"rules_yaml": "ordinals: [[st]]\n"}, "rules.yaml:1:1: "),
    ({"rules_yaml": "quotes: [a\n"}, "yaml-syntax"),
    ({"message_po": ""}, "'message.po' is not read; did you mean 'messages.po'?"),
)


@pytest.mark.parametrize(("texts", "told"), WRONG_WORDS)
def test_what_is_wrong_in_them_is_told_with_its_place(texts: dict[str, str], told: str, tmp_path: Path) -> None:
    (found,) = own(tmp_path / "content", **texts)
    assert told in found
    language.use({})


def test_an_article_of_the_name_of_that_folder_is_told_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "content" / "languages").mkdir(parents=True)
    (tmp_path / "content" / "languages" / "article.md").write_text("---\ntitle: Sprachen\n---\n", encoding="utf-8")
    (found,) = own(tmp_path / "content")
    assert "no article can be called 'languages'" in found


def test_what_a_language_lacks_is_english_and_marked_as_such(fresh: Path, tmp_path: Path) -> None:
    folder = fresh / PSEUDO
    folder.mkdir()
    text = messages(PSEUDO, ENGLISH, b"").decode()
    (folder / "messages.po").write_text(text.replace('msgid "Notes"\nmsgstr ""', 'msgid "Notes"\nmsgstr "یادښتونه"'))
    site, codes = built(tmp_path, PSEUDO, of="fr")
    assert codes.count("language-incomplete") == 1
    page = next(site.glob("air*/index.html")).read_text(encoding="utf-8")
    assert '<h2 id="notes">یادښتونه</h2>' in page
    assert '<span lang="en" dir="ltr">Sources</span></h2>' in page
    for path in pages(site):
        root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(path.read_bytes())
        values = [value for each in root.iter() for value in each.attrib.values()]
        assert [value for value in values if "<span" in value] == [], path
        assert "<span" not in (root.findtext(".//title") or "")
