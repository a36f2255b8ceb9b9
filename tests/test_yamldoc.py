"""YAML to values with positions: what stands where, what is refused, what plain scalars mean."""

import json
import pickle
import re
from itertools import chain
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from randnotiz import yamldoc
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText
from randnotiz.yamldoc import STRANGE_BLANKS, List, Map, Value
from tests.patience import in_bounds

SOURCE = """\
# Was der Bericht nennt 😀
title: Was die Zahlen hergeben
'quote': "rund 50.000 😀 Chips"
counter: |
    Die Summe deckt nur den **letzten**
      Trainingslauf.

by: {name: Epoch AI, url: https://epoch.ai}
sources:
- v3paper
- id: epoch2025r1
  locator: S. 4
reply: >-
  Eine Antwort
  blieb aus.
empty:
"""


def document(source: str, **where: int) -> Map:
    value = yamldoc.parse(source, "a/notes.yaml", **where)
    assert isinstance(value, Map)
    return value


def scalars(value: Value) -> list[SourceText]:
    if isinstance(value, Map):
        return [*value, *chain.from_iterable(map(scalars, value.values()))]
    return list(chain.from_iterable(map(scalars, value))) if isinstance(value, List) else [value]


def faults(source: str) -> list[Diagnostic]:
    return [diagnostic for diagnostic in yamldoc.read(source, "a.yaml")[1] if diagnostic.severity == "error"]


def line_and_column(source: str, offset: int) -> tuple[int, int]:
    before = source[:offset].split("\n")
    return len(before), len(before[-1]) + 1


# ----------------------------------------------------------------------------------------------------
# Where things stand
# ----------------------------------------------------------------------------------------------------


def test_every_scalar_on_one_line_is_found_again_at_its_offsets() -> None:
    for text in scalars(document(SOURCE)):
        written = SOURCE[text.start : text.end]
        assert (text.position.line, text.position.column) == line_and_column(SOURCE, text.start)
        if text.block is None and "\n" not in written:
            assert written.strip("\"'") == text


def test_a_scalar_knows_whether_it_stands_in_quotation_marks() -> None:
    given = document(SOURCE)
    assert given["title"].plain  # type: ignore[union-attr]
    assert not given["quote"].plain  # type: ignore[union-attr]
    assert not given.key("quote").plain
    assert given.key("title").plain


def test_a_place_within_a_literal_block_is_exact() -> None:
    counter = document(SOURCE)["counter"]
    assert isinstance(counter, SourceText)
    for word in ("deckt", "letzten", "Trainingslauf"):
        place = counter.at(counter.index(word))
        assert (place.line, place.column) == line_and_column(SOURCE, SOURCE.index(word))


def test_a_block_may_say_itself_how_far_it_is_indented() -> None:
    counter = document("counter: |2-\n    Die Summe\n   deckt\n")["counter"]
    assert counter == "  Die Summe\n deckt"
    assert isinstance(counter, SourceText)
    assert counter.at(counter.index("deckt")) == Position("a/notes.yaml", 3, 4)


def test_a_folded_text_stands_where_its_sign_stands() -> None:
    reply = document(SOURCE)["reply"]
    assert reply == "Eine Antwort blieb aus."
    assert isinstance(reply, SourceText)
    assert reply.at(10) == reply.position == Position("a/notes.yaml", 13, 8)


def test_the_parts_of_front_matter_count_from_their_file() -> None:
    source = "---\ntitle: Chips\n---\n"
    title = document(source[4:17], first_line=2, first_offset=4)["title"]
    assert isinstance(title, SourceText)
    assert title.position == Position("a/notes.yaml", 2, 8)
    assert source[title.start : title.end] == "Chips"


def test_a_byte_order_mark_counts_as_a_character_of_the_file_but_not_of_the_line() -> None:
    source = "\ufefftitle: Chips"
    title = document(source)["title"]
    assert isinstance(title, SourceText)
    assert title.position == Position("a/notes.yaml", 1, 8)
    assert source[title.start : title.end] == "Chips"


def test_line_breaks_of_windows_change_neither_lines_nor_words() -> None:
    given = document(SOURCE.replace("\n", "\r\n"))
    assert given == document(SOURCE)
    assert [text.position for text in scalars(given)] == [text.position for text in scalars(document(SOURCE))]
    counter = given["counter"]
    assert isinstance(counter, SourceText)
    assert counter.at(counter.index("Trainingslauf")) == Position("a/notes.yaml", 6, 7)


def test_lists_and_mappings_know_where_they_begin_and_whose_value_they_are() -> None:
    given = document(SOURCE)
    by, sources = given["by"], given["sources"]
    assert isinstance(by, Map)
    assert isinstance(sources, List)
    assert SOURCE[by.start : by.end] == "{name: Epoch AI, url: https://epoch.ai}"
    assert (by.under, sources.under) == ("by", "sources")
    assert sources.position == Position("a/notes.yaml", 10, 1)
    assert given.under is None


def test_nothing_is_empty_text() -> None:
    assert document(SOURCE)["empty"] == SourceText("")
    assert yamldoc.parse("# noch nichts\n", "a.yaml") == ""
    assert yamldoc.read("", "a.yaml") == (None, ())


def test_the_values_travel_between_processes() -> None:
    given = document(SOURCE)
    again = pickle.loads(pickle.dumps(given))
    assert again == given
    assert (again.position, again["by"].under, again["title"].plain) == (given.position, "by", True)


def test_without_the_c_parser_everything_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = document(SOURCE)
    monkeypatch.setattr(yamldoc, "LOADER", yaml.SafeLoader)
    slow = document(SOURCE)
    assert slow == quick
    assert [(text.start, text.end, text.block) for text in scalars(slow)] == [
        (text.start, text.end, text.block) for text in scalars(quick)
    ]


# ----------------------------------------------------------------------------------------------------
# What is refused
# ----------------------------------------------------------------------------------------------------


def test_all_doubled_fields_are_told_at_once_and_the_first_is_kept() -> None:
    value, diagnostics = yamldoc.read("a: 1\nb: 2\na: 3\nb: 4\n", "a.yaml")
    assert value == {"a": "1", "b": "2"}
    assert [(diagnostic.code, diagnostic.position.line) for diagnostic in diagnostics] == [
        ("field-doubled", 3),
        ("field-doubled", 4),
    ]
    assert "the first is in line 1" in diagnostics[0].message


def test_a_field_whose_first_is_empty_has_the_value_of_the_second() -> None:
    value, diagnostics = yamldoc.read("a:\na: 2\nb: ''\nb: 3\n", "a.yaml")
    assert value == {"a": "2", "b": "3"}
    assert [diagnostic.position.line for diagnostic in diagnostics] == [2, 4]


def test_many_doubled_fields_are_two_mappings_grown_together() -> None:
    source = "- {id: x}\n- a: 1\n  b: 2\n  c: 3\n{between}  z: 0\n  a: 4\n  b: 5\n  c: 6\n"
    for between, line in (("", 6), ("\n", 6), ("# Das Zweite\n", 6)):
        value, diagnostics = yamldoc.read(source.replace("{between}", between), "a.yaml")
        assert isinstance(value, list)
        assert isinstance(entry := value[1], Map)
        assert [diagnostic.position.line for diagnostic in diagnostics] == [line]
        assert diagnostics[0].message.startswith(
            "'a', 'b' and more fields stand a second time from here on; the first"
        )
        assert yamldoc.grown_together(entry) == diagnostics[0]


def test_what_stands_below_a_doubled_field_is_read_and_dropped() -> None:
    value, diagnostics = yamldoc.read("a: 1\na:\n- {b: 2, b: 3}\nc: 4\n", "a.yaml")
    assert value == {"a": "1", "c": "4"}
    assert [diagnostic.position.line for diagnostic in diagnostics] == [2, 3]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("note: &a Text", "'&a' names a value"),
        ("note: *a", "begins with *"),
        ("note: !!python/object:os.system ls", "begins with !"),
        ("note: !include /etc/passwd", "'!include' is not read here"),
        ("<<: {a: b}", "'<<' merges the fields"),
        ("? [a, b]\n: c", "a field name was expected here, not a list"),
        ("? ''\n: c", "there is no field name"),
        ("a: b\n---\nc: d", "a second document"),
    ],
)
def test_what_yaml_knows_and_editors_do_not_is_refused(source: str, words: str) -> None:
    (fault,) = faults(source)
    assert words in fault.message
    assert fault.hint


def test_parse_raises_the_first_fault() -> None:
    with pytest.raises(ContentError, match="stands here a second time"):
        yamldoc.parse("a: 1\na: 2\n", "a.yaml")


@pytest.mark.parametrize(
    "source",
    [
        "[" * 100_000,
        "- " * 100_000,
        "{a: " * 50_000,
        "? " * 100_000,
        "&a " * 100_000,
        "- x\n" * (yamldoc.MOST + 1),
        "x" * (yamldoc.LONGEST + 1),
        "".join(f"a{i}: b\n" for i in range(20_000)) * 2,
        "a: &a [x]\n" + "".join(f"a{i}: &a{i} [*a{i}, *a{i}]\n" for i in range(1000)),
        "a:" + " " * 3_000_000 + "@",
        "note: 'x" + " #" * 1_000_000 + "\n",
    ],
    ids=lambda source: source[:8],
)
def test_hostile_files_end_soon_in_a_fault(source: str) -> None:
    with in_bounds():
        assert faults(source)


def test_a_limit_is_named() -> None:
    (fault,) = faults("[" * 40)
    assert (fault.code, fault.position.column) == ("limit-exceeded", 33)
    assert "32" in fault.message


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("a: x\x00y", 1, 5),
        ("a: b\r\nc: \x85", 2, 4),
        ("a: \ud800", 1, 4),
        ("a:\u2028b", 1, 3),
        ("\ufeffa: \x7f", 1, 4),
    ],
)
def test_invisible_characters_have_a_place(source: str, line: int, column: int) -> None:
    (fault,) = faults(source)
    assert (fault.code, fault.position.line, fault.position.column) == ("encoding", line, column)


def test_an_escape_for_a_control_character_is_no_way_around() -> None:
    (fault,) = faults('note: "a\\0b"')
    assert "cannot be printed" in fault.message


# ----------------------------------------------------------------------------------------------------
# Comments that cut a text
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "note: Es ist Platz #1 der Liste",
        "note: Es ist Platz   #1 der Liste",
        "note: Die Zahl # 5 der Liste",
        "- Rang #2",
        "note: Der erste\n  Platz #1",
    ],
)
def test_a_number_sign_that_cuts_a_text_is_told(source: str) -> None:
    _, (diagnostic,) = yamldoc.read(source, "a.yaml")
    assert (diagnostic.severity, diagnostic.code) == ("warning", "comment-cuts")
    assert (diagnostic.position.line, diagnostic.position.column) == line_and_column(source, source.index("#"))


@pytest.mark.parametrize(
    "source",
    [
        "stance: qualifies # supports | disputes",
        "value: 50000 # Stück",
        "tolerance: 10 % # wie immer",
        "date: 2026-11-24 #geprüft",
        "title: Was die Zahlen hergeben   # der Titel",
        "note: 'Platz #1' # in Ordnung",
        "note: Platz#1",
        "note: |\n  Platz #1",
        "# nur ein Kommentar\na: b",
        "sources: [a, b] # zwei",
    ],
)
def test_a_comment_that_was_meant_is_not(source: str) -> None:
    assert yamldoc.read(source, "a.yaml")[1] == ()


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("accent: #a3122a", ["#a3122a"]),
        ("accent:   #fff   # die Hausfarbe", ["#fff"]),
        ("accent:\n  #a3122a\npaper: '#fff'", ["#a3122a", "#fff"]),
        ("summary: #MeToo, gelesen\ntitle: x", ["#MeToo, gelesen", "x"]),
        ("series:\n- #1f5f92\n- '#333'\n- #a3122a", ["#1f5f92", "#333", "#a3122a"]),
        ("colours: {\n  accent: #a3122a\n}", ["#a3122a"]),
        ("series: [\n  #1f5f92,\n  '#333',\n  #444\n]", ["#333", "#1f5f92", "#444"]),
    ],
)
def test_a_value_that_is_a_comment_is_a_fault_and_read_as_it_was_meant(source: str, values: list[str]) -> None:
    value, found = yamldoc.read(source, "site.yaml")
    assert value is not None
    assert [str(each) for each in scalars(value) if not re.fullmatch("[a-z]{5,}", each)] == values
    assert {(one.code, one.message.partition(",")[0]) for one in found} == {
        ("yaml-syntax", "this # begins a comment")
    }
    assert [line_and_column(source, found.start()) for found in re.finditer(r"(?<!')#\w[^\s,]*", source)] == [
        (one.position.line, one.position.column) for one in found
    ]
    for one in found:
        hinted = one.hint.partition("marks: ")[2].partition(". A comment")[0]
        assert yamldoc.read(f"a: {hinted}", "a.yaml")[1] == ()


@pytest.mark.parametrize(
    "source",
    [
        "theme: {accent: #a3122a}\nurl: x",
        "theme: {accent: '#333', paper: #a3122a}",
        "series: [#a3122a, #333]\n- a",
        "c: [ #a3122a ]\nd: [1]",
        "a: 1\ntheme: {accent: #a3122a,\n        paper: '#fff'}\nb: 2",
    ],
)
def test_brackets_that_end_in_a_comment_are_explained_by_it(source: str) -> None:
    _, (diagnostic,) = yamldoc.read(source, "site.yaml")
    assert "this # begins a comment, which goes on to the end of the line" in diagnostic.message
    assert diagnostic.hint == 'Put the text into quotation marks: "#a3122a".'
    place = diagnostic.position.line, diagnostic.position.column
    assert place == line_and_column(source, source.index("#a3122a"))


@pytest.mark.parametrize("words", ["#333", "a, b", "[x]", "Note: this", "- x", "@home", "'tis", "a #b", "", "{x}"])
def test_words_that_a_hint_writes_are_read_as_they_were_meant(words: str) -> None:
    value = yamldoc.parse(f"[{yamldoc.as_written(words)}]", "a.yaml")
    assert value == [words]
    assert yamldoc.as_written("Berliner Mietspiegel 2024") == "Berliner Mietspiegel 2024"


@pytest.mark.parametrize(
    "source",
    [
        "theme: #unser Haus\n  style: house.css",
        "series: #von hell nach dunkel\n- '#333'",
        "note: >- #gefaltet\n  Der Text",
        "summary: # später\ntitle: x",
        "theme:\n  #colours:\n  #  accent: '#333'\nurl: x",
        "series: [\n  # '#333',\n  '#444', #444444 der Presse\n]",
        "series: [\n  'erst #333,\n  #444'\n]",
    ],
)
def test_a_comment_beside_a_name_whose_value_is_below_stays_one(source: str) -> None:
    assert yamldoc.read(source, "site.yaml")[1] == ()


def test_a_text_whose_first_line_is_a_comment_is_told() -> None:
    value, (diagnostic,) = yamldoc.read("note: #MeToo hat viel\n\n  bewegt\nid: x", "notes.yaml")
    assert value == {"note": "bewegt", "id": "x"}
    assert (diagnostic.code, diagnostic.position.column) == ("comment-cuts", 7)
    assert "begins only behind '#MeToo hat viel'" in diagnostic.message


# ----------------------------------------------------------------------------------------------------
# What plain scalars mean
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("null", None), ("~", None), ("Null", None), ("true", True), ("False", False),
        ("12", 12), ("-3", -3), ("+7", 7), ("010", 10), ("0o17", 15), ("0xFF", 255),
        ("1e3", 1000.0), (".5", 0.5), ("3.", 3.0), ("-0.25", -0.25), ("1.5E-3", 0.0015),
        ("no", "no"), ("on", "on"), ("12:30", "12:30"), ("2025-01-29", "2025-01-29"), ("1_000", "1_000"),
        ("0b1", "0b1"), ("1e", "1e"), ("'12'", "12"), ('"true"', "true"), ("50.000", 50.0), ("+", "+"), (".", "."),
        ("[]", []), ("{}", {}), ("[1, a, [null]]", [1, "a", [None]]),
    ],
)  # fmt: skip
def test_plain_scalars_follow_the_core_schema_of_yaml_1_2(written: str, meant: object) -> None:
    value = yamldoc.plain(yamldoc.parse(f"a: {written}", "a.yaml"))
    assert value == {"a": meant}
    assert isinstance(value, dict)
    assert type(value["a"]) is type(meant) or isinstance(value["a"], SourceText)


@pytest.mark.parametrize("written", [".inf", "-.INF", ".nan", "1e999", "9" * 400])
def test_numbers_that_nothing_can_draw_are_refused(written: str) -> None:
    with pytest.raises(ContentError) as raised:
        yamldoc.plain(yamldoc.parse(f"a: {written}", "a.yaml"))
    assert raised.value.diagnostic.code == "value-malformed"
    assert raised.value.diagnostic.position == Position("a.yaml", 1, 4)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS.filter(bool), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_json_written_as_yaml_comes_back(value: Any) -> None:
    source = json.dumps({"value": value}, ensure_ascii=False)
    assert yamldoc.plain(yamldoc.parse(source, "a.yaml")) == {"value": value}


# PyYAML writes YAML 1.1, where `0E0` is a text, and so leaves off the quotation marks it needs in YAML 1.2.
ONLY_IN_1_2 = re.compile(r"(?:^|(?<=[ {\[]))[-+]?(?:[0-9]+[eE][-+]?[0-9]+|0o[0-7]+)(?=$|[,\]}:])", re.MULTILINE)


@pytest.mark.parametrize(
    "source", ["a: {x: 1, -b: 2}", "a: {b: 1,\u00a0c: 2}", "-1: a", "--b: a", "'-b': a", "a: |\n  -b: c"]
)
def test_names_that_are_no_slips_are_read(source: str) -> None:
    assert yamldoc.read(source, "a.yaml")[1] == ()


# Names that YAML allows, but that are slips wherever an editor writes them.
SLIPS = re.compile(rf"^[- ?]*(?:[{STRANGE_BLANKS}]|-[^\W\d])", re.MULTILINE)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_what_pyyaml_writes_comes_back_where_both_versions_of_yaml_agree(value: Any) -> None:
    source = yaml.safe_dump({"value": value}, allow_unicode=True)
    assume(not ONLY_IN_1_2.search(source) and not SLIPS.search(source))
    assert yamldoc.plain(yamldoc.parse(source, "a.yaml")) == {"value": value}


SNIPPETS = st.lists(
    st.sampled_from(
        ["a: ", "b:\n", "- ", "  ", "\n", "\t", '"', "'", "„ja“", "|\n", ">-\n", "#", " #", "[", "]", "{", "}"]
    )
    | st.sampled_from([": ", ",", "*", "&x ", "!", "%", "@", "`", "---\n", "...\n", "\\", "?", "<<: ", "😀", "\r\n"])
    | st.text(max_size=4),
    max_size=30,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(SNIPPETS)
@example('a: "b" c: \'d')
def test_whatever_stands_in_a_file_it_is_a_value_or_a_fault_with_a_place(source: str) -> None:
    value, diagnostics = yamldoc.read(source, "a.yaml")
    lines = source.removeprefix("\ufeff").splitlines() or [""]
    for diagnostic in diagnostics:
        assert 1 <= diagnostic.position.line <= len(lines) + 1
        assert diagnostic.position.column >= 1
        assert diagnostic.message
    if value is not None:
        for text in scalars(value):
            assert source[text.start : text.end].strip(" \t\r\n") or not text


@settings(max_examples=100, deadline=None)
@given(SNIPPETS)
def test_both_parsers_agree_on_what_can_be_read(source: str) -> None:
    quick, slow = _readable(source, yamldoc.LOADER), _readable(source, yaml.SafeLoader)
    if quick is not None and slow is not None:  # they differ in what they refuse, never in what they read
        assert quick == slow


def _readable(source: str, loader: Any) -> Value | None:
    original, yamldoc.LOADER = yamldoc.LOADER, loader
    try:
        value, diagnostics = yamldoc.read(source, "a.yaml")
    finally:
        yamldoc.LOADER = original
    return None if diagnostics else value


@pytest.mark.parametrize(
    ("source", "column", "hint"),
    [
        ("- {who: Pimentel, litres: 43,000}", 30, "Write 43000 if it is one number, 43.000 if the comma is"),
        ("- {share: 3,5}", 13, "3.5 if the comma is before decimals"),
        ("- {name: Lindqvist, Maya}", 21, 'Put the text into quotation marks: "Lindqvist, Maya".'),
        ("quote: {from: Beef 15,415, to: Gemüse}", 23, '"Beef 15,415"'),
        ("- {litres: 1,200,000, who: Pimentel}", 14, "Write 1200000."),
        ("- {litres: 1,200.50, who: Pimentel}", 14, "Write 1200.50."),
        ("- {a}", 4, "quotation marks"),
        ("- {a: 1,\n   b\n  }", 4, "quotation marks"),
        ("- {a: 'x', b}", 12, "quotation marks"),
        ("[{a: 1, 000, c: 2}]", 9, "Write 1 000"),
    ],
)
def test_a_word_without_a_colon_in_braces_is_a_fault(source: str, column: int, hint: str) -> None:
    value, (diagnostic,) = yamldoc.read(source, "notes.yaml")
    assert value is not None
    assert (diagnostic.code, diagnostic.position.column) == ("value-malformed", column)
    assert "a comma within { } ends one field and begins the next" in diagnostic.message
    assert hint.replace("Write 1 000", '"1, 000"') in diagnostic.hint


@pytest.mark.parametrize(
    "source", ["{a: 1, b: }", "{a: , b: 2}", "{a : '', b: \"\"}", "{}", "{a: 1,}", "[a: , b]", "a:\nb:"]
)
def test_a_field_in_braces_may_be_left_empty(source: str) -> None:
    assert yamldoc.read(source, "notes.yaml")[1] == ()


@pytest.mark.parametrize(
    ("source", "line", "column", "blanks"),
    [
        ("claims:\n- id: x\n  claim: foo\nstance: disputes\n  quote: bar\n", 4, 1, 2),
        ("claims:\n  - id: x\n    claim: foo\n  stance: disputes\n    quote: bar\n", 4, 3, 4),
        ("claims:\n- id: x\n  claim: foo\n stance: disputes\n  quote: bar\n", 4, 2, 2),
        ("claims:\n- id: x\n  claim: foo\n\n# why\nstance: disputes\n  quote: bar\n  by: me\n", 6, 1, 2),
        ("a:\n  b: 1\nc: 2\n  d: 3\n", 3, 1, 2),
    ],
)
def test_a_field_that_stands_too_far_out_is_told_where_it_stands(
    source: str, line: int, column: int, blanks: int
) -> None:
    with pytest.raises(ContentError) as caught:
        yamldoc.parse(source, "a.yaml")
    diagnostic = caught.value.diagnostic
    assert (diagnostic.position.line, diagnostic.position.column) == (line, column)
    assert diagnostic.message.endswith("stands further out than the fields above and below it")
    assert diagnostic.hint == f"Indent it by {blanks} blanks like them."


def test_what_is_unprintable_is_what_yaml_cannot_hold_and_what_ends_lines_elsewhere_only() -> None:
    every = "".join(map(chr, range(0x110000)))
    printable = re.compile("[\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")  # YAML 1.2.2, rule 1
    elsewhere = "\x85\u2028\u2029"
    assert yamldoc.UNPRINTABLE.sub("", every) == re.sub(f"[{elsewhere}]", "", "".join(printable.findall(every)))
