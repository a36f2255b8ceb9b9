"""Markdown to tokens, reading text and HTML."""

import re
import struct
import zlib
from collections.abc import Mapping

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.rules_core import block

from randnotiz import language, markdown
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText
from randnotiz.markdown import Document, Numbers, grammar
from randnotiz.markdown.dialects import KINDS, DialectSign, compiled, kinds_of
from randnotiz.markdown.reading import Form
from tests.patience import in_bounds

GERMAN, ENGLISH, SWISS, JAPANESE = "„“‚‘", "“”‘’", "«»‹›", "「」『』"
FRENCH = ("«\u202f", "\u202f»", "“", "”")
DRAFTING = language.of("de").drafting
NUMBERS = Numbers(
    names={"hardware", "fleet"},
    words=lambda name, part: {"hardware": "1 bis 1,5 Mrd. US-Dollar", "fleet": "50.000"}[name] + part,
    address=lambda name: "#n-hardware" if name == "hardware" else "",
    broken={"rate"},
)
ARTICLE = Position("deepseek/article.md", 8)


def read(words: str, form: Form = "article", quotes: str = GERMAN) -> tuple[Document, tuple[Diagnostic, ...]]:
    return markdown.read(SourceText(words, ARTICLE), form, quotes=quotes, numbers=NUMBERS, drafting=DRAFTING)


def html(words: str, quotes: str = GERMAN) -> str:
    document, diagnostics = read(words, quotes=quotes)
    assert [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"] == []
    return markdown.html(document.flows[0])


# ----------------------------------------------------------------------------------------------------
# Typography
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quotes", "written", "printed"),
    [
        (GERMAN, "Er sagt: \"Das ist 'gut'.\"", "Er sagt: „Das ist ‚gut‘.“"),
        (GERMAN, 'Wie es "[im *Bericht*](b.md)" heißt', "Wie es „im Bericht“ heißt"),
        (GERMAN, "Das geht's, in den 90'ern", "Das geht’s, in den 90’ern"),
        (ENGLISH, 'It\'s "theirs"', "It’s “theirs”"),
        (ENGLISH, "'Tis \"the '90s\", 'or '80s rock'", "’Tis “the ’90s”, ‘or ’80s rock’"),
        (GERMAN, "Die '68er und '2025'", "Die ’68er und ‚2025‘"),
        (ENGLISH, '"¿Qué \'dice\'?" ¡"No"!', "“¿Qué ‘dice’?” ¡“No”!"),
        (SWISS, '"Nein"', "«Nein»"),
        (GERMAN, "Chips -- und Strom", "Chips – und Strom"),
        (GERMAN, "2023--2025", "2023–2025"),
        (ENGLISH, "chips---and power", "chips—and power"),
        (GERMAN, "und so weiter...", "und so weiter…"),
        (GERMAN, "(c) 2025 +- 3, was?!?! ,, 1/2", "(c) 2025 +- 3, was?!?! ,, 1/2"),
        (GERMAN, "---- und ....", "---- und ...."),
        (GERMAN, r"\-- und \...", "-- und ..."),
        (GERMAN, '`--jobs` und `"x"...`', '--jobs und "x"...'),
        (
            FRENCH,
            'Il dit : "Vraiment ?" Non ; jamais !',
            "Il dit\u00a0: «\u202fVraiment\u202f?\u202f» Non\u202f; jamais\u202f!",
        ),
        (FRENCH, "« *mot* » : 3:1, ;-) et `a ; b`", "«\u202fmot\u202f»\u00a0: 3:1, ;-) et a ; b"),
        (
            FRENCH,
            'Il dit: "Vraiment?" Non; *jamais*! «Oui», **mot**: «*si*?» (ah!) 50 %; ah...?! Quoi?...',
            "Il dit\u00a0: «\u202fVraiment\u202f?\u202f» Non\u202f; jamais\u202f! «\u202fOui\u202f», mot\u00a0: "
            "«\u202fsi\u202f?\u202f» (ah\u202f!) 50 %\u202f; ah…\u202f?! Quoi\u202f?…",
        ),
        (
            FRENCH,
            "**À 12:30:** 16:9, a::b :smile: mot;) x:y `a!`: o\\! C:",
            "À 12:30: 16:9, a::b :smile: mot;) x:y a!\u00a0: o! C\u00a0:",
        ),
        (FRENCH, "<https://a.example/?> »Wort« ¡Hola!", "https://a.example/? »Wort« ¡Hola\u202f!"),
        (GERMAN, "Nun ; ja !", "Nun ; ja !"),
        (JAPANESE, '"そう"と、"「*はい*」"と`"x"`と"う"', '「そう」と、「「はい」」と"x"と「う」'),
        (
            ENGLISH,
            """그는 "*정말*인가"라고, '왜?'라고 it's "GPT"는.""",
            "그는 “정말인가”라고, ‘왜?’라고 it’s “GPT”는.",
        ),
        (ENGLISH, 'ว่า"จริง"แต่', "ว่า“จริง”แต่"),
        (ENGLISH, '그는 "정말', '그는 "정말'),
        (ENGLISH, """Türkiye'nin "*kalbi*"nde ve "orada".""", "Türkiye’nin “kalbi”nde ve “orada”."),
        ("””’’", 'ה"חצי", ב"הארץ": "צה"ל" וד"ר', 'ה”חצי”, ב”הארץ”: ”צה"ל” וד"ר'),
        (
            ENGLISH,
            """'s Ochtends zo'n "ja", 't is 'n 'T cell' en 'n'""",
            "’s Ochtends zo’n “ja”, ’t is ’n ‘T cell’ en ‘n’",
        ),
        (GERMAN, 'a"b"c, "ja"', 'a"b"c, „ja“'),
        (GERMAN, 'Das "Haus"boot, "Ja"-Sager', "Das „Haus“boot, „Ja“-Sager"),
        (JAPANESE, "水は三日で\n底をつく。\n「そう」", "水は三日で底をつく。「そう」"),
        (JAPANESE, "水は GPT\n水 *三*\n日", "水は GPT 水 三 日"),
        (JAPANESE, "人々\n【速報】\n〇〜\nｶﾅ", "人々【速報】〇〜ｶﾅ"),
        (GERMAN, "<https://example.org/a--b...>", "https://example.org/a--b..."),
        ("", '"x" -- ...', '"x" -- ...'),
    ],
)
def test_quotation_marks_dashes_and_dots_follow_the_language_and_nothing_else_changes(
    quotes: str, written: str, printed: str
) -> None:
    assert read(written, quotes=quotes)[0].text == printed


def test_a_passage_behind_a_line_wrapped_between_letters_of_japanese_is_found_where_it_stands() -> None:
    document, found = read("水は三日で\n底をつく。", quotes=JAPANESE)
    assert not found  # the end of the line is no comment that was left
    at = document.position(document.text.index("つく"))
    assert (at.line, at.column) == (9, 3)


def test_quotation_marks_beside_a_printed_number_turn_as_beside_any_other() -> None:
    assert read('Rund "{{ fleet }}" und {{ fleet }}\'er')[0].text == "Rund „50.000“ und 50.000’er"


# ----------------------------------------------------------------------------------------------------
# Numbers that are printed
# ----------------------------------------------------------------------------------------------------


def test_a_number_is_printed_as_a_link_to_its_derivation() -> None:
    assert html("Wert: {{ hardware }}") == (
        '<p>Wert: <a class="number" data-figure="hardware" href="#n-hardware">1 bis 1,5 Mrd. US-Dollar</a></p>\n'
    )


def test_a_text_without_markdown_has_the_typography_of_its_language() -> None:
    written = "Er sagte \"ja, 'gern'\" -- und ging... *Tom's* {{ fleet }}"
    assert markdown.plain(written, NUMBERS, GERMAN) == "Er sagte „ja, ‚gern‘“ – und ging… *Tom’s* 50.000"
    assert markdown.plain(written, NUMBERS) == written.replace("{{ fleet }}", "50.000")


def test_one_end_of_a_range_says_which() -> None:
    assert 'data-figure="hardware" data-part="low" href="#n-hardware"' in html("{{hardware.low}}")


def test_a_number_without_a_derivation_or_within_a_link_is_none_itself() -> None:
    assert html("{{ fleet }}") == '<p><span class="number" data-figure="fleet">50.000</span></p>\n'
    assert "<a " not in html("[{{ hardware }}](x.csv)").replace('<a href="x.csv">', "")


@pytest.mark.parametrize("written", ["`{{ nothing }}`", r"\{{ nothing }}", "    {{ nothing }}", "{ {x} }"])
def test_braces_are_literal_in_code_and_behind_a_backslash(written: str) -> None:
    document, diagnostics = read(written)
    assert diagnostics == ()
    assert document.text.strip() == written.replace("`", "").replace("\\", "").strip()


def test_a_broken_number_prints_its_name_and_raises_no_second_fault() -> None:
    document, diagnostics = read("Faktor {{ rate }}")
    assert (document.text, diagnostics) == ("Faktor rate", ())


def test_plain_texts_print_numbers_without_links() -> None:
    assert markdown.plain("Rund {{ fleet }} *Chips*, \\{{ x }}", NUMBERS) == "Rund 50.000 *Chips*, {{ x }}"


def test_plain_texts_know_where_their_numbers_stand() -> None:
    title = SourceText("Wert {{ hardwear }}", Position("deepseek/article.md", 2, 8), plain=True, start=0, end=19)
    with pytest.raises(ContentError, match=re.escape("deepseek/article.md:2:13: there is no figure")):
        markdown.plain(title, NUMBERS)


# ----------------------------------------------------------------------------------------------------
# Reading text and the way back
# ----------------------------------------------------------------------------------------------------

LONG = '''## Was die *Zahlen* hergeben

Sie sagt: "Das kostet
**sechs** Millionen" und
mehr[^1].

- erstens Chips
- zweitens
  Chips

> Zitiert `a` und a

| Chip | Preis |
|------|-------|
| H100 | viel  |

~~~
a = 1
b = 2
~~~

[^1]: Viel *mehr*.

    Und mehr.
'''  # fmt: skip


def test_the_reading_text_is_what_a_reader_sees_block_by_block() -> None:
    assert read(LONG)[0].text.split("\n") == [
        "Was die Zahlen hergeben",
        "Sie sagt: „Das kostet sechs Millionen“ und mehr.",
        "erstens Chips",
        "zweitens Chips",
        "Zitiert a und a",
        "Chip",
        "Preis",
        "H100",
        "viel",
        "a = 1",
        "b = 2",
        "",
        "Viel mehr.",
        "Und mehr.",
    ]


@pytest.mark.parametrize(
    ("words", "line", "column"),
    [
        ("Zahlen", 8, 13),
        ("kostet", 10, 16),
        ("sechs", 11, 3),
        ("Millionen", 11, 11),
        ("mehr.", 12, 1),
        ("erstens", 14, 3),
        ("zweitens", 15, 3),
        ("a und", 18, 12),
        ("viel", 22, 10),
        ("b = 2", 26, 1),
        ("Viel", 29, 7),
        ("Und mehr", 31, 5),
    ],
)
def test_every_word_of_the_reading_text_knows_its_line_and_column(words: str, line: int, column: int) -> None:
    document, _ = read(LONG)
    assert document.position(document.text.index(words)) == Position("deepseek/article.md", line, column)


def test_the_second_of_two_equal_words_in_a_line_is_not_taken_for_the_first() -> None:
    document, _ = read("Chips kosten Geld, und *Chips* fehlen.")
    assert document.position(document.text.rindex("Chips")).column == 25


def test_headings_get_ids_that_are_readable_and_different() -> None:
    headings = ("# Größe & Maß", "## Größe – Maß", "# Größe: Maß 2", "# Größe, Maß", "# 数", "# Café", "# …", "# 👍")
    document, _ = read("\n\n".join(f"#{heading}" for heading in headings))
    assert [title.id for title in document.titles] == [
        "h-größe-maß",
        "h-größe-maß-2",
        "h-größe-maß-2-2",
        "h-größe-maß-3",
        "h-数",
        "h-café",
        "h-section",
        "h-section-2",
    ]


# ----------------------------------------------------------------------------------------------------
# Links, pictures, tables
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("../hopper/", "../hopper/index.html"),
        ("../hopper", "../hopper/index.html"),
        ("../hopper/#h-preise", "../hopper/index.html#h-preise"),
        ("../hopper/index.html", "../hopper/index.html"),
        ("../", "../index.html"),
        ("data/preise.csv", "data/preise.csv"),
        ("#h-preise", "#h-preise"),
        ("https://example.org/a/", "https://example.org/a/"),
        ("mailto:redaktion@example.org", "mailto:redaktion@example.org"),
    ],
)
def test_links_between_pages_name_a_file_so_that_they_work_from_a_disk(written: str, address: str) -> None:
    assert f'href="{address}"' in html(f"[x]({written})")


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "data:image/svg+xml,x",
        "data:image/png;base64,x",
        "file:///etc/passwd",
        "blob:x",
        "intent:x",
        "//example.org/x",
        "ftp://example.org/x",
    ],
)
def test_links_that_lead_anywhere_dangerous_are_shown_as_text(written: str) -> None:
    for words in (f"[x]({written})", f"![x]({written})", f"<{written}>", f"[x]\n\n[x]: {written}"):
        assert "href=" not in html(words)
        assert "src=" not in html(words)


@pytest.mark.parametrize("written", [r"[x](/\example.org)", r"[x](\\example.org)", "[x](java\tscript:alert)"])
def test_disguises_of_an_address_elsewhere_stay_below_the_page(written: str) -> None:
    document, _ = read(written)
    for link in document.links:
        assert "\\" not in markdown.html(document.flows[0])
        assert not markdown.scheme(link.href)


def test_raw_html_is_shown_as_text() -> None:
    assert html("<script>alert(1)</script>\n\n<b onclick=x>fett</b>") == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p>&lt;b onclick=x&gt;fett&lt;/b&gt;</p>\n"
    )


def test_a_picture_with_a_title_is_a_figure_with_a_caption() -> None:
    assert html('![Ein *H100*](chip.jpg "Foto: Nvidia <b>")') == (
        '<figure><img src="chip.jpg" alt="Ein H100" loading="lazy">'
        "<figcaption>Foto: Nvidia &lt;b&gt;</figcaption></figure>\n"
    )


def test_tables_scroll_inside_themselves_and_have_no_style_attribute() -> None:
    made = html("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |")
    assert made.startswith('<div class="scroll" tabindex="0">\n<table>')
    assert 'style="' not in made
    assert re.findall(r'<t[hd][^>]*class="(\S+)"', made) == ["align-left", "align-center", "align-right"] * 2


@pytest.mark.parametrize(
    ("written", "text", "made"),
    [
        ("~~alter~~ neuer Preis", "alter neuer Preis", "<p><s>alter</s> neuer Preis</p>"),
        (
            "Chip\n: Rechnet *viel*.\n: Kostet.",
            "Chip\nRechnet viel.\nKostet.",
            "<dl>\n<dt>Chip</dt>\n<dd>Rechnet <em>viel</em>.</dd>\n<dd>Kostet.</dd>\n</dl>",
        ),
        (
            "- [ ] anrufen\n- [x] lesen",
            " anrufen\n lesen",
            '<ul class="contains-task-list">\n'
            '<li class="task-list-item"><label><input class="task-list-item-checkbox" disabled="disabled" '
            'type="checkbox"> anrufen</label></li>\n'
            '<li class="task-list-item"><label><input class="task-list-item-checkbox" checked="checked" '
            'disabled="disabled" type="checkbox"> lesen</label></li>\n</ul>',
        ),
    ],
)
def test_struck_words_definitions_and_tasks_are_rendered(written: str, text: str, made: str) -> None:
    document, diagnostics = read(written)
    assert (document.text, diagnostics) == (text, ())
    assert markdown.html(document.flows[0]) == made + "\n"


# ----------------------------------------------------------------------------------------------------
# Texts in YAML files
# ----------------------------------------------------------------------------------------------------


def field(words: str) -> SourceText:
    """A literal block scalar, two blanks deep, whose `|` stands in line 5."""
    return SourceText(words, Position("deepseek/notes.yaml", 5, 9), start=40, end=40 + len(words), block=2)


def test_a_note_is_markdown() -> None:
    words = field("Die Zahl *stimmt*: {{ fleet }}.\n\n- ja")
    document, _ = markdown.read(words, "field", quotes=GERMAN, numbers=NUMBERS)
    assert markdown.html(document.flows[0]) == (
        "<p>Die Zahl <em>stimmt</em>: "
        '<span class="number" data-figure="fleet">50.000</span>.</p>\n<ul>\n<li>ja</li>\n</ul>\n'
    )


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("Erst dies.\n\n## Dann das", "deepseek/notes.yaml:8:3: a text like this has no headings"),
        ("Siehe[^1].", "deepseek/notes.yaml:6:8: only the text of an article has footnotes"),
        ("So.\n\n[^1]: Nein.", "deepseek/notes.yaml:8:3: only the text of an article has footnotes"),
        ("{{ chart: kosten }}", "deepseek/notes.yaml:6:3: a chart stands in the text of an article, not here"),
        ("Zeile\nund {{ fleat }}", "deepseek/notes.yaml:7:7: there is no figure or quantity 'fleat'; did you mean"),
        ("der fleat {{\n fleat }}", "deepseek/notes.yaml:7:4: there is no figure or quantity 'fleat'; did you mean"),
    ],
)
def test_a_note_has_no_headings_footnotes_and_charts(words: str, fault: str) -> None:
    _, (first, *_) = markdown.read(field(words), "field", quotes=GERMAN, numbers=NUMBERS)
    assert f"{first.position}: {first.message}".startswith(fault)


def test_a_plain_page_has_headings_but_no_footnotes() -> None:
    page = SourceText("## Wer wir sind\n\nWir.", Position("pages/about.md", 5))
    document, _ = markdown.read(page, "page", quotes=GERMAN)
    assert markdown.html(document.flows[0]).startswith('<h2 id="h-wer-wir-sind" ')
    _, diagnostics = markdown.read(SourceText("Wir[^1].", ARTICLE), "page", quotes=GERMAN)
    assert diagnostics[0].message == "only the text of an article has footnotes"


# ----------------------------------------------------------------------------------------------------
# Sizes of pictures
# ----------------------------------------------------------------------------------------------------


def png(width: int, height: int) -> bytes:
    head = struct.pack(">II", width, height) + b"\x08\x02\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    )


SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}>{}</svg>'


def drawing(inside: str) -> bytes:
    return SVG.format('width="3" height="2"', inside).encode()


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(640, 480), (640, 480)),
        (b"GIF89a" + struct.pack("<HH", 10, 20), (10, 20)),
        (b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x11\x08" + struct.pack(">HH", 30, 40) + b"\3\1", (40, 30)),
        (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\x63\0\0" + b"\xc7\0\0", (100, 200)),
        (b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 50, 60), (50, 60)),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (99 | 49 << 14).to_bytes(4, "little"), (100, 50)),
        (SVG.format('width="30" height="20px"', "").encode(), (30, 20)),
        (SVG.format('viewBox="0 0 300 150"', "<g/>").encode(), (300, 150)),
        (SVG.format('width="100%" height="9" viewBox="0,0,3.6,1.5"', "").encode(), (4, 2)),
        (SVG.format('viewBox="0 0 3 2"', '<use href="#a"/>').encode(), (3, 2)),
        (drawing("<style>.a{fill:url(#b)} /* C:/x */</style><desc>C:\\x @import</desc>"), (3, 2)),
        (drawing('<image href="data:image/png;base64,AAAA"/><set attributeName="fill" to="red"/>'), (3, 2)),
        (drawing('<n:view xmlns:n="http://www.inkscape.org/namespaces/inkscape" n:zoom="1"/>'), (3, 2)),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/a.dtd">' + drawing("<g/>"), (3, 2)),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_first_bytes(content: bytes, size: tuple[int, int]) -> None:
    assert markdown.size(content) == size


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        b"\x89PNG\r\n\x1a\n",
        png(0, 5),
        b"\xff\xd8\xff",
        b"\xff\xd8" + b"\xff\xd8" * 50,
        b"RIFF\0\0\0\0WEBPVP9 ",
        SVG.format('width="a" height="b"', "").encode(),
        SVG.format('width="1e999" height="1"', "").encode(),
        SVG.format('width="3" height="2" onload="alert(1)"', "").encode(),
        b'<svg width="3" height="2"></svg>',
        drawing("<script>alert(1)</script>"),
        drawing('<a href="javascript:alert(1)"/>'),
        drawing('<a href="data:image/svg+xml,x"/>'),
        drawing('<a href="#"><animate attributeName="href" values="javascript:alert(1)"/></a>'),
        drawing('<a href="#"><set attributeName="xlink:href" to="javascript:alert(1)"/></a>'),
        drawing("<foreignObject/>"),
        drawing('<h:form xmlns:h="http://www.w3.org/1999/xhtml" action="javascript:alert(1)"/>'),
        drawing('<g xmlns:e="http://www.w3.org/2001/xml-events" e:handler="#x"><e:listener/></g>'),
        drawing("<style>@import url(https://example.org/a.css)</style>"),
        drawing("<style>.a{fill:u<!-- -->rl(https://example.org/a)}</style>"),
        drawing("<style>.a{background:image-set('https://example.org/a' 1x)}</style>"),
        drawing(r"<style>.a{background:\75rl(https://example.org/a)}</style>"),
        drawing('<rect fill="url(https://example.org/a)"/>'),
        drawing("<rect style=\"fill: URL( '//example.org/a')\"/>"),
        drawing('<g xml:base="https://example.org/"/>'),
        b'<?xml-stylesheet href="https://example.org/a.css"?>' + drawing("<g/>"),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("&a;"),
        drawing("<g>"),
    ],
)
def test_what_is_no_picture_or_more_than_one_has_no_size(content: bytes) -> None:
    assert markdown.size(content) is None


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=60), st.sampled_from([b"\xff\xd8", b"GIF89a", b"RIFF1234WEBPVP8", png(3, 4)[:20], b"<svg "])
)
def test_no_bytes_at_all_break_the_size_of_a_picture(content: bytes, start: bytes) -> None:
    found = markdown.size(start + content)
    assert found is None or min(found) > 0


# ----------------------------------------------------------------------------------------------------
# Hostile texts
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("a" * 20_001, "this line has 20,001 characters; at most 20,000 are read"),
        ("ein Satz\n" * 90_000, "this text has 810,000 characters; at most 750,000 are read"),
        ("a\n" * 10_001, "this paragraph has 20,001 characters; at most 20,000 are read"),
        ("[" * 2_000, "this paragraph has '[' 2,000 times; at most 1,000 are read"),
        (("[" * 1_000 + "\n\n") * 21, "this text has '[' 21,000 times; at most 20,000 are read"),
        (">" * 3_000 + "a", "lists and quotations are nested more than 40 deep here"),
        ("- " * 3_000 + "a", "lists and quotations are nested more than 40 deep here"),
        ("".join("  " * depth + "- a\n" for depth in range(100)), "deepseek/article.md:28:1: lists and quotations"),
    ],
)
def test_what_would_take_too_long_is_refused_with_the_limit_and_the_place(words: str, limit: str) -> None:
    with pytest.raises(ContentError, match=re.escape(limit)) as caught:
        read(words)
    assert caught.value.diagnostic.code == "limit-exceeded"


@pytest.mark.parametrize(
    "words",
    [
        "![" * 900 + "](b)" * 900,
        "[" * 999 + "](b)" * 900,
        "*a_ " * 1_000,
        "\"a 'b " * 1_000,
        "`" + "a`" * 999,
        "{{ " * 500,
        "[^1]" * 1_000,
        ("|a" * 300 + "|\n") + ("|-" * 300 + "|\n") + "|a|\n" * 2_000,
        "[a]: <b> 'c\n" * 1_000,
        "a\n\n" * 20_000,
        "## a\n\n" * 20_000,
    ],
    ids=lambda words: words[:12],
)
def test_the_worst_texts_within_the_limits_are_read(words: str) -> None:
    with in_bounds():
        document, _ = read(words)
        markdown.html(document.flows[0])


SIGNS = st.sampled_from(
    [*"[]()!*_`#>-+|:{}<>&\"'\\^~= \n\t.0a", "{{", "}}", "[^1]", "](", "\n\n", "ä", "\0", "\r", "http:", "    "]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(SIGNS, max_size=60).map("".join))
def test_whatever_is_written_the_html_is_whole_and_every_character_knows_its_place(words: str) -> None:
    document, diagnostics = read(words)
    made = "".join(markdown.html(flow) for flow in document.flows)
    if not diagnostics:
        html5lib.HTMLParser(strict=True).parse(
            f"<!doctype html><html><head><title>x</title></head><body>{made}</body></html>"
        )
    last = ARTICLE.line + words.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    for offset in range(len(document.text)):
        position = document.position(offset)
        assert ARTICLE.line <= position.line <= last
        assert position.column >= 1
    for diagnostic in diagnostics:
        assert diagnostic.position.path == "deepseek/article.md"
        assert ARTICLE.line <= diagnostic.position.line <= last


PIECES = ("Wort", "\n", "\n\n", "  ", "- x", "1. y", "> z", "# h", "a | b", "--- | ---", "===", "[x]: y", "    code",
          "Zeile  \nzwei", "*so*", "<b>", "…", "\t", "\nEin Satz")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_the_short_way_through_plain_paragraphs_ends_where_the_long_one_does(text: str) -> None:
    def parsed() -> list[Mapping[str, object]]:
        return [token.as_dict() for token in parser.parse(text, grammar.env(lambda _: Position("notiz")))]

    parser = grammar.parser("„“‚‘")
    short = parsed()
    parser.core.ruler.at("block", block)
    long = parsed()
    grammar.parser.cache_clear()
    assert short == long


# ----------------------------------------------------------------------------------------------------
# What is not quite Markdown
# ----------------------------------------------------------------------------------------------------

TOTAL = Numbers(names=("total",))


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (
            "ここで**「大事な話」**が。**「別」**と",
            "ここで<strong>「大事な話」</strong>が。<strong>「別」</strong>と",
        ),
        ("他说**先读完再写。**然后*“走”*了。", "他说<strong>先读完再写。</strong>然后<em>“走”</em>了。"),
        ("**“큰 문제”**라고 *(썼다)*는", "<strong>“큰 문제”</strong>라고 <em>(썼다)</em>는"),
        ("เขา**“จริง”**และ", "เขา<strong>“จริง”</strong>และ"),
        ("水 * 火 ** 木 *水*。", "水 * 火 ** 木 <em>水</em>。"),
    ],
)
def test_emphasis_ends_beside_letters_that_no_blanks_part(written: str, printed: str) -> None:
    assert html(written, quotes="") == f"<p>{printed}</p>\n"


@pytest.mark.parametrize(
    ("written", "column", "message", "hint"),
    [
        ("Es sind {{ total } Euro.", 9, "'{{' has no '}}'", "{{ name }}"),
        ("Es sind {{ total Euro.", 9, "'{{' has no '}}'", "{{ name }}"),
        ("Es sind { total.low } Euro.", 9, "'{ total.low }' prints no number", "Write '{{ total.low }}'."),
        ("##Die Rechnung", 1, "'##' makes a heading only with a blank behind it", "Write '## Die Rechnung'."),
        ("#Die Rechnung", 1, "'#' makes a heading only with a blank behind it", "Write '## Die Rechnung'."),
        ("#Lage\nSie ist ernst.", 1, "'#' makes a heading only with a blank behind it", "Write '## Lage'."),
        ("Ein ** fett ** Wort.", 5, "'**' would stand there as it is", "**bold words**"),
        ("Ein ![Bild](mein bild.png)", 11, "this is no link and no picture", "(<my file.pdf>)"),
        ("Ein [Link] (https://a.example/)", 10, "this is no link", "[words](address)"),
        ("Ein [Link](htps://a.example/)", 10, "no link leads to 'htps:'; did you mean 'https'?", "https://…"),
        ("Ein [Link](javascript:alert)", 10, "no link leads to 'javascript:'", "https://…"),
        (
            "Ein [Link](//a.example/x)",
            10,
            "an address that begins with // does not say how to reach its host",
            "https://",
        ),
        (
            "```\nx = 1\n\nMehr",
            1,
            "the code that '```' begins has no end, so what follows is printed as code",
            "'```'",
        ),
        (
            "> ~~~~\n> x\n> ~~~\n\nMehr",
            3,
            "the code that '~~~~' begins has no end, so what follows is printed as code",
            "'~~~~'",
        ),
        ("| a | b |\n| 1 | 2 |", 1, "these lines are no table", "'|---|---|'"),
        ("| a | b |", 1, "one line is no table", "'|---|---|'"),
        # links that are none, each for a reason of its own
        ("A [file](https://a.example/my report.pdf).", 8, "this is no link and no picture", "%20"),
        ("A [file](my report.pdf).", 8, "this is no link and no picture", "(<my file.pdf>)"),
        (
            "A [file](https://a.example/a_(b now.",
            8,
            "the bracket that opens before this address is never closed",
            "(<a_(b)>)",
        ),
        ("A [file](https://a.example/a_(b).", 8, "the bracket that opens before this address is never closed", ")"),
        ("A [file](https://a.example/\na).", 8, "a line ends within this address", "in one line"),
        (
            'A [file](https://a.example/ "un"closed) now.',
            8,
            'the title of this link, which begins with ", does not end with the bracket',
            '\\"',
        ),
        ("A [file](a.pdf “title”).", 8, "the title of a link stands in straight quotation marks", '"title"'),
        ("A [file](<my file.pdf).", 8, "the < before this address has no >", "Write >"),
        (
            "A [a [b](b.pdf) c](https://a.example/).",
            18,
            "a link stands within the words of a link",
            "behind the other",
        ),
        ("A file](https://a.example/).", 7, "this is no link: no [ stands before its words", "[words](address)"),
        ("A [file](C:/data/x.pdf).", 8, "'C:' is a disk of your own", "beside the article"),
        ("Ok [a](b.pdf), not [c](d e.pdf).", 22, "this is no link and no picture", "(<my file.pdf>)"),
        # tables
        (
            "| a | b |\n|---|---|\n| x | y | gone |",
            11,
            "this row has 3 cells and the header 2: 'gone' is lost",
            "Write a column",
        ),
        (
            "| a | b |\n|---|---|\n| x | `p|q` |",
            10,
            "this row has 3 cells and the header 2: 'q`' is lost",
            "Write \\|",
        ),
        (
            "| a | `|` |\n|---|---|\n| x | y |",
            1,
            "these lines are no table: the first has 3 cells, the line of dashes 2",
            "Write \\|",
        ),
        (
            "| a | b |\n|---|\n| x | y |",
            1,
            "these lines are no table: the first has 2 cells, the line of dashes 1",
            "'|---|---|'",
        ),
        # bold beside signs
        ("Das **„Haus“**boot liegt am Ufer.", 5, "'**' would stand there as it is", "„**Haus**“"),
        # footnotes
        ("x[^1] y\n\n[^1]:\n\nnext", 1, "the footnote [^1] is empty", "behind the colon"),
        ("x [^my note] y", 3, "a footnote's name has no blank, as 'my note' has", "[^my-note]"),
        ("x [^my note] y\n\n[^my note]: text", 3, "a footnote's name has no blank, as 'my note' has", "[^my-note]"),
    ],
)
def test_markdown_that_is_not_quite_it_is_told(written: str, column: int, message: str, hint: str) -> None:
    _, (diagnostic,) = markdown.read(SourceText(written, ARTICLE), "article", quotes=GERMAN, numbers=TOTAL)
    assert (diagnostic.position.column, diagnostic.severity, diagnostic.code) == (column, "warning", "markdown-near")
    assert diagnostic.message == message
    assert hint in diagnostic.hint


@pytest.mark.parametrize(
    "written",
    [
        "`{{ total }` und `##` und `[a] (b)`",
        "\\{{ total und \\*\\* und **fett** und [a](b.pdf) und ![a](<b c.png>)",
        "```\n{{ x\n**\n```",
        "Ein #tag, 2 | 3, {x}, [Klammer] (so) und Fußnote[^1] (nicht).\n\n[^1]: x",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "## Eine\n\nZeile ##x",
        "[a](b.pdf \"t\") [b](b_(c)_d.pdf 't') [c]( <a b.pdf> (t)) [![d](d.png)](https://a.example/)",
        "| a | b |\n|---|---|\n| x \\| y | `p \\| q` |\n| z |",
        "Es ist **„so“** und **(so)**, [x](https://a.example/)(y).",
    ],
)
def test_what_is_meant_as_it_stands_is_not(written: str) -> None:
    assert markdown.read(SourceText(written, ARTICLE), "article", quotes=GERMAN, numbers=TOTAL)[1] == ()


def test_a_footnote_within_the_words_of_a_link_keeps_it_from_being_one() -> None:
    source = SourceText("A [file[^1]](https://a.example/).\n\n[^1]: x", ARTICLE)
    _, (diagnostic,) = markdown.read(source, "article", quotes=GERMAN, numbers=TOTAL)
    assert diagnostic.message == "the words of a link hold no footnote"
    assert diagnostic.hint == "Write it behind the link: [words](address)[^1]."


# ----------------------------------------------------------------------------------------------------
# Comments
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "printed", "remarks"),
    [
        ("Wasser fällt. <!-- Tom: Anwalt? -->", "Wasser fällt.", ["Tom: Anwalt?"]),
        ("Wasser <!-- a --> fällt.", "Wasser fällt.", ["a"]),
        ("Wasser <!-- a -->fällt.", "Wasser fällt.", ["a"]),
        ("Wasser<!-- a --> fällt.", "Wasser fällt.", ["a"]),
        ("Was<!-- a -->ser fällt.", "Wasser fällt.", ["a"]),
        ("Wasser <!-- a --> <!-- b --> fällt.", "Wasser fällt.", ["a", "b"]),
        ("<!-- a --> Wasser fällt.", "Wasser fällt.", ["a"]),
        ("Wasser\n<!-- a -->\nfällt.", "Wasser fällt.", ["a"]),
        ("Wasser\n<!-- a\nb --> fällt.", "Wasser fällt.", ["a b"]),
        ("Wasser <!-- a\nb -->\nfällt.", "Wasser fällt.", ["a b"]),
        ("Wasser fällt.\n<!-- a -->", "Wasser fällt.", ["a"]),
        ("Wasser fällt.\n<!-- a --> <!-- b -->", "Wasser fällt.", ["a", "b"]),
        ("Wasser<!-- a -->  \nfällt.", "Wasser\nfällt.", ["a"]),
        ("<!-- a -->\n\nWasser fällt.", "Wasser fällt.", ["a"]),
        ("<!--\na\n\nb\n-->\nWasser fällt.", "Wasser fällt.", ["a b"]),
        ("<!-- a\n\nb --> ## Wasser\n\nfällt.", "Wasser\nfällt.", ["a b"]),
        ("Wasser\n<!-- a\n\nb -->\nfällt.", "Wasser\nfällt.", ["a b"]),
        ("<!-- a --> <!-- b\n\nc -->\n\nWasser fällt.", "Wasser fällt.", ["a --> <!-- b c"]),
        ("<!--> Wasser fällt.", "Wasser fällt.", [""]),
        ("<!-- - [x](y) **a -->Wasser fällt.", "Wasser fällt.", ["- [x](y) **a"]),
        ("## Wasser <!-- a -->\n\nfällt.", "Wasser\nfällt.", ["a"]),
        ("- Wasser <!-- a -->\n- <!-- b --> fällt.", "Wasser\nfällt.", ["a", "b"]),
        ("- Wasser\n\n  <!-- a\n\n  b -->\n\n  fällt.", "Wasser\nfällt.", ["a b"]),
        ("> <!-- a -->\n> Wasser fällt.", "Wasser fällt.", ["a"]),
        ("| a <!-- x --> | b |\n|---|---|\n| 1 | <!-- y --> 2 |", "a\nb\n1\n2", ["x", "y"]),
        ("*Wasser <!-- a --> fällt*.", "Wasser fällt.", ["a"]),
        ("[Wasser <!-- a --> fällt](https://a.example/).", "Wasser fällt.", ["a"]),
        ("Wasser fällt[^1].\n\n[^1]: So. <!-- a -->", "Wasser fällt.\nSo.", ["a"]),
        ('Er "<!-- a -->sagt" es.', "Er „sagt“ es.", ["a"]),
        ("`<!-- a -->` und \\<!-- b.", "<!-- a --> und <!– b.", []),
        ("```\n<!-- a -->\n```", "<!-- a -->\n", []),
        ("    <!-- a -->", "<!-- a -->", []),
    ],
)
def test_a_comment_is_in_no_text_and_is_a_warning(written: str, printed: str, remarks: list[str]) -> None:
    document, diagnostics = read(written)
    assert document.text.strip("\n") == printed.strip("\n")
    assert [each.code for each in diagnostics] == ["comment-left"] * len(remarks)
    for diagnostic, remark in zip(diagnostics, remarks, strict=True):
        assert diagnostic.message == f"the comment '{remark}' is left here; it stands in no page"
        line = written.split("\n")[diagnostic.position.line - ARTICLE.line]
        assert line[diagnostic.position.column - 1 :].startswith("<!--")
    made = "".join(markdown.html(flow) for flow in document.flows)
    assert ("&lt;!--" in made) == ("<!--" in printed or "<!–" in printed)


@pytest.mark.parametrize(
    "written", ["Wasser <!-- fällt.", "Wasser <!-- Tom:\n\nAnwalt? --> fällt.", "<!--\n\nWasser."]
)
def test_a_comment_without_an_end_hides_nothing_and_is_a_fault(written: str) -> None:
    document, diagnostics = read(written)
    assert [(each.severity, each.code) for each in diagnostics] == [("error", "value-malformed")]
    assert "no '-->'" in diagnostics[0].message
    assert document.text.count("Wasser") == 1


def test_words_behind_a_comment_of_several_lines_know_their_line() -> None:
    document, _ = read("Wasser <!-- a\nb\nc --> fällt\n<!-- d -->\nlangsam.")
    places = [document.position(document.text.index(word)) for word in ("Wasser", "fällt", "langsam")]
    assert [(place.line - ARTICLE.line, place.column) for place in places] == [(0, 1), (2, 7), (4, 1)]
    assert document.line(document.text.index("fällt")) - ARTICLE.line == 2


def test_a_comment_in_a_note_and_in_an_alternative_text_is_found_there() -> None:
    _, (diagnostic,) = read("![Ein <!-- a --> Bild](b.png)")
    assert diagnostic.code == "comment-left"
    document, (diagnostic,) = markdown.read(field("Die Zahl\n<!-- a -->\nstimmt."), "field", quotes=GERMAN)
    assert (diagnostic.position.line, diagnostic.position.column, document.text) == (7, 3, "Die Zahl stimmt.")


# ----------------------------------------------------------------------------------------------------
# Dialects
# ----------------------------------------------------------------------------------------------------

NEAR = {
    "a tag of HTML": [
        "Das ist <b>fett</b>.", "H<sub>2</sub>O", "Zeile<br>Zeile", "Zeile <BR/> Zeile", "</div>", "<Tweet id=1/>",
        '<div class="x">So</div>', "<script>alert(1)</script>", "<?php echo 1 ?>", "<!DOCTYPE html>", "- <u>so</u>",
        "## Die <i>Lage</i>", "| <b>a</b> |\n|---|", '<my-box kind="a">', "<![CDATA[so]]>", "<a\nhref='x'>so</a>",
        'Das <st1:City w:st="on">Bonn</st1:City> so', "Ein <ref>Roe</ref>.", "Ein <% x %>."],
    "a link whose address is not defined": ["Siehe [Worte][quelle].", "[Worte][]", "Ein ![Bild][b1] hier"],
    "a picture without a file": ["![Ein Bild]", "Hier ![Ein Bild] steht"],
    "a footnote within the words": ["Das stimmt.^[Sagt er.]",
        "Das stimmt[fn:1] so", "Das footnote:[Sagt er.] so"],
    "a number of a note that was left behind": ["Wasser fällt.[1] Und", "Wasser fällt[12], sagt Roe.",
    "Er sagt “so”[3].", "[1] Roe, Wind.",
    "Wasser fällt.^1 Und", "Die Quelle^12 sagt", "„so“^3.", "Wasser fällt.¹ Und", "„so“²", "Im Jahr² steht"],
    "a citation of Pandoc or LaTeX": [
        "So [@doe2020].", "So [see @doe2020, p. 3].", "So [-@doe2020; @roe].", "So \\cite{doe}.",
        "So \\textcite[S. 3]{doe}.",
        "Siehe @fig-kosten und so.", "Doch @roe2020 sagt es."],
    "a citation that another program has left": [
        "So {Roe, 2020 #12}.", "So {Roe, 2020, #12@45}.",
        '{ HYPERLINK "https://a.example/" }', "ADDIN ZOTERO_ITEM CSL",
        "Das ist so【12†source】.", "So :contentReference[oaicite:0]{index=0}.", "So citeturn0search1 ist es",
        "So [cite: 1, 2].",
    ],
    "what a program prints where a reference is lost": [
        "Siehe Fehler! Verweisquelle konnte nicht gefunden werden.", "See Error! Bookmark not defined.",
    ],
    "a remark of an editor": [
        "TODO: prüfen", "Das ist so [Beleg?].", "Am [insert date] war es.", "Das gilt [citation needed].",
        "Es sind TKTK Chips.", "Es sind tktk.",
        "Rund XXX Menschen", "Es waren XXXX Euro.", "XXX", "Im Jahr (XXX) war es", "TK percent of all",
        "about $TK a year",
        "xx Prozent sind es", "am XX.XX.2024", "Es kostet ??? € im Jahr", "Das Amt nennt ____ % davon", "Datum: TBD",
        "!!! prüfen !!! so", "(siehe Abb. ??)", "???", "HIER WEITER", "Kommentiert [TM1]: stimmt das",
        "<hier Zahl einsetzen>",
        "Formatiert: Schriftart: Fett", "Siehe [LINK].", "Es sind <insert number>.",
        "[KOMMENTAR: stimmt das?]", "[Foto]", "Das gilt (Quelle?).", "[Quelle fehlt]", "@@@ prüfen",
        "Lorem ipsum dolor", "[Name einfügen] sagt", "Siehe dort [S. ??].",
    ],
    "a group of attributes": ["## Lage {#lage}", "## Lage {.unnumbered}", "![B](b.png){width=50%}",
                              "[so]{.smallcaps}",
                              "{: .note }"],
    "a block of another dialect": ["::: warning\nSo.\n:::", ":::{note}\nSo", "!!! note", "??? tip", ":::",
        ".. note:: So.", ".. image:: a.png", ".. [1] So.", "[source,python]", "[NOTE]", "#+TITLE: So", ":PROPERTIES:",
        '{| class="x"', "|===", "h2. Lage", "bq. So", "{quote}", "{color:red}rot{color}", "{::comment}",
        '#import "x"', "*[TA]: Amt",
        '=== "So"', "/// note", ":: eingerückt", ".Titel des Blocks"],
    "a link or a picture of another dialect": [
        "link:https://a.example[so]", "\\[so\\](https://a.example/)", "[so] [https://a.example/]",
        "xref:lage[so]", "image::a.png[so]", "Bei https://a.example/x[so] steht",
        "[https://a.example/ so]", "[so|https://a.example/]", '"so":https://a.example/', "(so)[https://a.example/]",
        "`so <https://a.example/>`_", "Das [1]_ steht", "!a.png!", "!(a.png)", "<www.a.example>", "<a.example/x>",
        "<https://a.example/x und so",
    ],
    "a reference of another dialect": [":ref:`lage`", "<<lage>>", "<<lage,so>>"],
    "an alert of GitHub or Obsidian": ["> [!NOTE]\n> So.", "> [!warning]- Titel"],
    "an anchor that a comment of Google Docs leaves": [
        "Wasser fällt[a] schnell.", "Wasser[MK1] fällt",
        "Wasser fällt.[b]", "Wasser fällt [a]", "[a]Tom: stimmt das?", "Wasser[ab], Luft",
        "das „Wasser”[c] fällt",
    ],
    "a formula of TeX": ["Es ist $x$.", "Es ist $x^2 + y_i$.", "$$E = mc^2$$", "mit $\\alpha$ und so", "$n+1$ Chips",
                         "also $x_{max}$", "also \\(x^2\\)", "\\[E = mc^2\\]", "also \\(n\\)"],
    "a command of TeX": [
        "Das ist \\textbf{so}.", "\\section{Lage}", "\\href{https://a.example/}{so}", "\\item eins",
        "100\\,000 Chips", "z.\\,B. so",
        "``so'' sagt er", "a \\leq b", "10^{6} Chips",
        "50\\,\\% sind es", "Es sind 3~km", "Zeile \\\\ Zeile", "vgl.~oben",
    ],
    "a tag in square brackets": ["Das ist [b]so[/b].", "[url=https://a.example/]so[/url]", "[quote]so[/quote]",
        '[caption id="a"]so[/caption]', "[caption]so[/caption]", '[gallery ids="1,2"]'],
    "struck words of another dialect": ["Das ist ~alt~ neu.", "~5 Chips~", "Das ist ~~alt~ neu."],
    "bold or slanted words of another dialect": [
        "'''so''' ist es", "Es ist ''so''.", "Das ist **so*.", "Das ist *so**.", "Das ist *so *.",
        "Das ist //so// alt.", "Das ist ***so**.", "Das ist __ so __.", "Das ist __so __ alt.",
    ],
    "marked words of another dialect": ["Das ist ==wichtig==.", "==sehr wichtig==",
        "Das ist ||geheim||.", "Das ist ^^so^^.", "Das ist >!geheim!< so"],
    "inserted words of another dialect": ["Das ist ++neu++."],
    "raised or lowered words of another dialect": ["H~2~O", "10 m^2^", "So ^klein^ steht"],
    "a remark or a change of CriticMarkup": ["Das {++ist++} so.", "Das {--war--} so.", "Das {>>wirklich?<<} so."],
    "a comment of another dialect": ["So %%Tom: wirklich?%%.", "{% comment %}",
        "So /* wirklich? */.", "// wirklich?", "<!- wirklich? ->", "<!—wirklich?—>"],
    "a place for another program's words": ["Hallo ${name}!", "Hallo #{name}!", "Hallo %(name)s!",
                                            "Es sind {ZAHL} Euro.", "%NAME% sagt", "#NAME# sagt"],
    "a field of Obsidian": ["stand:: fertig", "Das ist [stand:: fertig].", "Das ist so. ^a1b2c3"],
    "a task of another dialect": ["- [>] so", "- [-] so", "[x] so", "[ ] so"],
    "a link of a wiki": ["Siehe [[Wasser]].", "Siehe [[Wasser|das Wasser]]."],
    "a list of contents": ["[TOC]", "[toc]"],
    "a sign for a picture": ["So :smile: ist es", ":white_check_mark:"],
    "a heading of a wiki": ["== Lage ==",
        "= Lage"],
    "a line of '='": ["- eins\n\n=======", "=====\n\nText"],
    "a table of another dialect": ["+---+---+\n| a | b |\n+===+===+"],
    "a list of another program": ["• eins\n• zwei", "Das sind:\n• eins",
        "● eins", "➢ eins", "-Eins\n-Zwei", "1)Eins", "1.Eins und so", "☐ eins"],
    "quotation marks of a typewriter": ['Er sagt ,,so" dort', "Er sagt ,,so“ dort", "Er sagt >>so<< dort",
                                       "Er sagt <<so ist es>> dort", "Er sagt \"`so\"' dort"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "written"), [(name, one) for name, texts in NEAR.items() for one in texts])
def test_signs_of_other_dialects_are_warned_of_with_their_place(name: str, written: str) -> None:
    _, diagnostics = read(written)
    found = [each for each in diagnostics if f" is {name}, and would stand there as it is" in each.message]
    assert len(found) == 1
    assert (found[0].severity, found[0].code) == ("warning", "markdown-near")
    assert found[0].hint
    line = written.split("\n")[found[0].position.line - ARTICLE.line]
    assert line[found[0].position.column - 1 :].startswith(found[0].message[1:].split(" ")[0].rstrip("'…")[:3])


def test_a_sign_of_code_without_its_partner_is_warned_of() -> None:
    _, (diagnostic,) = read("Das `x` ist so,\nund das Rock`n Roll.")
    assert (diagnostic.code, diagnostic.position.line - ARTICLE.line) == ("markdown-near", 1)
    assert diagnostic.message == "'`' would stand there as it is"
    assert diagnostic.hint


def test_every_kind_of_dialect_has_its_example() -> None:
    assert [kind.name for kind in KINDS] == list(NEAR)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@settings(max_examples=30)
@given(data=st.data())
def test_whatever_a_kind_of_dialect_finds_has_one_of_its_signs(kind: DialectSign, data: st.DataObject) -> None:
    block = data.draw(st.from_regex(compiled(kind, DRAFTING)))
    assert kind in kinds_of(block, DRAFTING)


@pytest.mark.parametrize(
    "written",
    [
        "Das sind $5 = so viel wie 4 Euro am Tag in US$.", "Er sagte:[t]he end",
        "Es kostet $5 und $10.", "Von $5-$10 oder 5$ bis 10$.", "$5 (US$), A$ und C$, US$5 = C$7",
        "Rund $1.5bn bis $2bn",
        "Er schrieb TO-DO-Listen.", "Es kostet 5' 11'' oder rock 'n' roll", "Seite 5 // Zeile 3", "und/oder",
        "Matrix[1][2]",
        "Wow! (so)", "So!", "a::b", "Er sagte: ‚so‘.", "Bild [1] zeigt", "**a *b* c**", "*a **b** c*",
        "***so***", "***so** und*", "Das TK-Mitglied", "1.FC Köln", "die [NATO] sagt", "\\[a\\]_b \\*c\\*",
        "5 * 3 * 2", "* eins\n* zwei", "= 5 Euro = 3", "ein @roe und @roe_20", "Fehler! Doch", "turn 0",
        "a ~ b ~ c", "Nr. (5) [dort]", ".NET ist so", "2~3 km", "20 Meter², 5 W/m²", "so \\(wirklich\\)", "Wow!< so",
        "https://a.example//x und a//b", "C:\\\\Daten", "Ein \\` steht", "So\\\nso",
        "Lokale von $$ bis $$$", "$5, later $10 (or 3 % of $20)", "Preise: $5/$10", "von $x bis y$z",
        "`<b>`, `$x$`, `==x==`, `[[x]]`", "\\<b> und \\$x\\$, \\[a\\]", "a < b und c > d, x <y> z",
        "<https://a.example/$x$/==y==>",
        "[so](https://a.example/$x$==y==)", "https://a.example/a~b~c/$x$",
        "Liste<int> und <Name>",
        "Er nannte es „[a] disaster“ und [t]he end.", '"[a] disaster"', "[A]ll of it",
        "eine [Klammer] und [noch] eine",
        "matrix[1][2]", "[sic]", "[...]", "[…]", "10:30:15 Uhr", "Note: so: und so", "a == b", "x = y = z",
        "C++ und C++17",
        "5 % und 10 %", "100%%", "~5 und ~6", "2^3 und 2^4", "mail@a.example, @handle, [mail: a@b.example]",
        "{x}, {1, 2}, { a: b }", "Fünf · sechs", "1 + 1", "+1", "Titel\n---\n\nSo.", "!!", "Wie? ??", "- - -",
        "[so][ziel]\n\n[ziel]: https://a.example/",
        "[ziel]\n\n[ziel]: https://a.example/", "Fußnote[^a].\n\n[^a]: So.",
        "    <b>[a]$x$</b>", "{{ hardware }} und {{ fleet }}", "Windows\\System, C:\\Temp", "a|b und |c|",
        "#MeToo hat vieles verändert.", "#MeToo und #TimesUp", "#1 in den Charts", "\\#Lage",
        "Das sind 5 m². So", "E = mc²", "(so die Quelle?) nie", "[Anm. d. Red.: so]", "a,, b", "☐",
        "Psalm XXX, Vers 2", "das XXX Corps", "die XXX. Spiele", "Die TK zahlt 5 Mio.", "Was ???",
        "10^6 und m^2 und x^1",
        "Das Verhältnis 3:2: so ist es", "I <3 you", "5 < 6 > 4", "\\:smile:", "http://[::1]/x",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_dialect_is_none(written: str) -> None:
    assert read(written)[1] == ()
