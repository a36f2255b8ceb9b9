"""YAML files changed on an editor's behalf: what is added, changed and taken away, and that nothing else moves."""

import errno
import re
import stat
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from randnotiz import analysis, editing, starter, yamldoc
from randnotiz.codes import Code
from randnotiz.diagnostics import ContentError, Diagnostic, Position
from randnotiz.editing import ConflictError, UneditableError, files
from randnotiz.editing.writing import Entry

ROOT = Path(__file__).parent.parent


def said(source: str) -> object:
    """What a file says, as plain mappings, lists and texts."""

    def plain(value: yamldoc.Value) -> object:
        if isinstance(value, yamldoc.Map):
            return {str(key): plain(each) for key, each in value.items()}
        return [plain(each) for each in value] if isinstance(value, yamldoc.List) else str(value)

    return plain(yamldoc.parse(source, "a/sources.yaml"))


def lines(text: str) -> str:
    return dedent(text).removeprefix("\n")


CITATIONS = lines("""
    # Belege, in der Reihenfolge des Textes.
    citations:

    # --- Die Chips ---
    - id: chips
      quote: rund 50.000 Chips     # Stand Januar 2025
      sources: [semianalysis2025]

    - id: kosten
      quote: Die Kosten sinken
      sources:
      - id: amodei2025
        locator: S. 4
      # TODO: Seitenzahl prüfen

    # - id: vorlage
    #   quote: …
    """)


# ----------------------------------------------------------------------------------------------------
# Adding
# ----------------------------------------------------------------------------------------------------


def test_an_annotation_stands_behind_the_last_and_above_the_commented_example() -> None:
    entry: Entry = {
        "id": "mieten",
        "quote": {"exact": "um das Vierfache", "prefix": "Jahr"},
        "sources": ["amodei2025", {"id": "ho2024", "passage": "Ein Faktor von vier: gemessen, nicht geschätzt."}],
        "note": "Das gilt für **Rechenleistung**.\n\n- nicht für Strom\n- nicht für Gehälter\n",
        "created": "2026-11-24",
        "draft": True,
    }
    added = lines("""
          # TODO: Seitenzahl prüfen

        - id: mieten
          quote:
            exact: um das Vierfache
            prefix: Jahr
          sources:
          - amodei2025
          - id: ho2024
            passage: "Ein Faktor von vier: gemessen, nicht geschätzt."
          note: |
            Das gilt für **Rechenleistung**.

            - nicht für Strom
            - nicht für Gehälter
          created: 2026-11-24
          draft: true

        # - id: vorlage
        """)
    new = editing.add(CITATIONS, "a/sources.yaml", "citations", entry)
    assert added in new
    assert new.replace(added, "  # TODO: Seitenzahl prüfen\n\n# - id: vorlage\n") == CITATIONS


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "citations:\n- quote: kurz\n"),
        ("# leer\n", "# leer\n\ncitations:\n- quote: kurz\n"),
        ("\ufeff", "\ufeffcitations:\n- quote: kurz\n"),
        ("citations: []  # noch keine\n# Ende\n", "citations:  # noch keine\n- quote: kurz\n# Ende\n"),
        ("citations:\n", "citations:\n- quote: kurz\n"),
        ("sources: []", "sources: []\n\ncitations:\n- quote: kurz\n"),
        ("citations:\n- quote: eins", "citations:\n- quote: eins\n- quote: kurz"),
        ("citations:\r\n- quote: eins\r\n", "citations:\r\n- quote: eins\r\n- quote: kurz\r\n"),
        ("citations:\n  - quote: eins\n", "citations:\n  - quote: eins\n  - quote: kurz\n"),
        ("citations:\n-   quote: eins\n", "citations:\n-   quote: eins\n-   quote: kurz\n"),
        ("citations: [{quote: eins}]\n", "citations: [{quote: eins}, {quote: kurz}]\n"),
        ("citations: [\n  {quote: eins},\n]\n", "citations: [\n  {quote: eins},\n  {quote: kurz},\n]\n"),
        ("{sources: []}", "{sources: [], citations: [{quote: kurz}]}"),
        ("{citations: []}", "{citations: [{quote: kurz}]}"),
        ("citations:\n- note: |\n    Ein Text.\n\n\n", "citations:\n- note: |\n    Ein Text.\n- quote: kurz\n\n\n"),
    ],
)
def test_a_list_grows_in_the_style_it_has(before: str, after: str) -> None:
    assert editing.add(before, "a/sources.yaml", "citations", {"quote": "kurz"}) == after


def test_many_are_added_at_once() -> None:
    before = "notes:\n\n- note: eins\n"
    after = "notes:\n\n- note: eins\n\n- note: zwei\n\n- note: drei\n"
    assert editing.extend(before, "a/notes.yaml", "notes", [{"note": "zwei"}, {"note": "drei"}]) == after
    assert editing.extend(before, "a/notes.yaml", "notes", []) == before


def test_a_quantity_is_added_by_its_name_and_its_numbers_stand_as_typed() -> None:
    before = "quantities:\n  fleet: {label: Chips, value: 5}\n\nfigures: {}\n"
    entry: Entry = {"label": "Preis", "low": "1.70", "high": 2.99, "unit": "USD/chip", "sources": ["h100price"]}
    after = lines("""
        quantities:
          fleet: {label: Chips, value: 5}
          price:
            label: Preis
            low: 1.70
            high: 2.99
            unit: USD/chip
            sources: [h100price]

        figures: {}
        """)
    assert editing.add(before, "a/figures.yaml", "quantities", entry, name="price") == after


def test_a_passage_is_covered_in_the_front_matter_and_the_text_stays() -> None:
    before = "---\ntitle: Mieten\ncovered: [im Jahr 2012]\n---\nIm Jahr 2012: [so]\n---\n"
    after = '---\ntitle: Mieten\ncovered: [im Jahr 2012, "2024, im Mai"]\n---\nIm Jahr 2012: [so]\n---\n'
    assert editing.add(before, "a/article.md", "covered", "2024, im Mai") == after


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("Er sagte „ja“ – und ging", "Er sagte „ja“ – und ging"),
        ('Er sagte "ja"', 'Er sagte "ja"'),
        ('"Ja", sagte er', "'\"Ja\", sagte er'"),
        ("Anteil: 5 Prozent", '"Anteil: 5 Prozent"'),
        ("Platz #1", '"Platz #1"'),
        ("C# und F#", "C# und F#"),
        ("- erstens", '"- erstens"'),
        ("-5 Grad", '"-5 Grad"'),
        ("50.000", '"50.000"'),
        ("no", '"no"'),
        ("true", '"true"'),
        ("~", '"~"'),
        ("2026-11-24", "2026-11-24"),
        ("12:30 Uhr", "12:30 Uhr"),
        ("https://example.org/a#b", "https://example.org/a#b"),
        ("[Quelle]", '"[Quelle]"'),
        ("*wichtig*", '"*wichtig*"'),
        ("{{ hardware }} Dollar", '"{{ hardware }} Dollar"'),
        (" am Rand ", '" am Rand "'),
        ("geschütztes\xa0Leerzeichen", "geschütztes\xa0Leerzeichen"),
        ("Zeile\r\nZeile", r'"Zeile\r\nZeile"'),
        ("👩‍🔬 forscht", "👩‍🔬 forscht"),
        ("100 % sicher\\", "100 % sicher\\"),
        ('\'s ist so: "ja"', '"\'s ist so: \\"ja\\""'),
    ],
)
def test_nobody_needs_to_know_how_a_quotation_is_escaped(words: str, written: str) -> None:
    new = editing.add("citations: []", "a/sources.yaml", "citations", {"quote": words})
    assert new == f"citations:\n- quote: {written}"
    assert said(new) == {"citations": [{"quote": words}]}


def test_a_long_paragraph_is_folded_and_reads_as_one_line() -> None:
    words = "Die Zahl geht auf eine einzige Schätzung zurück: " * 5 + "mehr ist nicht bekannt."
    new = editing.add("", "a/notes.yaml", "notes", {"note": words})
    assert new.startswith("notes:\n- note: >-\n    Die Zahl geht")
    assert max(map(len, new.splitlines())) <= 120
    assert said(new) == {"notes": [{"note": words}]}


# ----------------------------------------------------------------------------------------------------
# Changing and taking away
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("quote: 'alt'   # warum\n", "neu", "quote: 'neu'   # warum\n"),
        ('quote: "alt"\nid: a\n', "neu", 'quote: "neu"\nid: a\n'),
        ("quote: alt  # warum\n", "eins\nzwei", "quote: |-  # warum\n  eins\n  zwei\n"),
        ("quote: |  # warum\n  alt\n\n# Ende\n", "neu", "quote: |-  # warum\n  neu\n\n# Ende\n"),
        ("quote: >-\n  alt\n  und\nid: a\n", "neu und kurz", "quote: >-\n  neu und kurz\nid: a\n"),
        ("quote: alt\n  und länger\nid: a\n", "neu", "quote: neu\nid: a\n"),
        ("quote:\nid: a\n", "neu", "quote: neu\nid: a\n"),
        ("quote:   # leer\nid: a\n", "neu", "quote: neu   # leer\nid: a\n"),
        ("quote:    alt\n", "neu", "quote:    neu\n"),
        ("id: a\n# Ende\n", "neu", "id: a\nquote: neu\n# Ende\n"),
        ("{quote: alt, id: a}", "1, 2", '{quote: "1, 2", id: a}'),
        ("{id: a}", "neu", "{id: a, quote: neu}"),
        (
            "quote: alt  # warum\nid: a\n",
            {"exact": "50.000", "prefix": "rund"},
            'quote:  # warum\n  exact: "50.000"\n  prefix: rund\nid: a\n',
        ),
        ("quote:  # warum\n  exact: alt\n  prefix: b\nid: a\n", "neu", "quote: neu  # warum\nid: a\n"),
        ("quote: {exact: alt}\nid: a\n", "neu", "quote: neu\nid: a\n"),
        ("quote: alt\r\nid: a\r\n", "neu", "quote: neu\r\nid: a\r\n"),
        ("quote: alt", "neu", "quote: neu"),
    ],
)
def test_a_field_changes_and_keeps_its_style_and_its_comment(before: str, value: Entry, after: str) -> None:
    assert editing.change(before, "a/notes.yaml", (), "quote", value) == after


def test_a_field_deep_in_an_entry_is_reached_by_names_ids_and_indices() -> None:
    new = editing.change(CITATIONS, "a/sources.yaml", ("citations", "kosten", "sources", 0), "locator", "S. 5")
    assert new == CITATIONS.replace("S. 4", "S. 5")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("covered: [eins, alt]\n", "covered: [eins, neu]\n"),
        ("covered:\n- eins\n- 'alt'  # warum\n", "covered:\n- eins\n- 'neu'  # warum\n"),
        ("covered:\n  - eins\n  -   alt\n", "covered:\n  - eins\n  -   neu\n"),
    ],
)
def test_an_entry_that_is_a_text_changes(before: str, after: str) -> None:
    assert editing.change(before, "a/notes.yaml", ("covered",), 1, "neu") == after


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("note", "id: a\nnote: |\n  Eins.\n\n  Zwei.\n\n# Ende\n", "id: a\n\n# Ende\n"),
        ("id", "id: a\nnote: b\n", "note: b\n"),
        ("note", "{id: a, note: b}", "{id: a}"),
        ("id", "{id: a, note: b}", "{note: b}"),
        ("note", "id: a\n# darüber\nnote: b\nkind: c", "id: a\n# darüber\nkind: c"),
    ],
)
def test_a_field_goes(name: str, before: str, after: str) -> None:
    assert editing.remove_field(before, "a/notes.yaml", (), name) == after


def test_the_first_field_of_an_entry_goes_and_its_dash_stays() -> None:
    new = editing.remove_field(CITATIONS, "a/sources.yaml", ("citations", "chips"), "id")
    assert new == CITATIONS.replace("- id: chips\n  quote: rund", "- quote: rund")


@pytest.mark.parametrize(
    ("which", "after"),
    [
        (
            "chips",
            """
            # Belege, in der Reihenfolge des Textes.
            citations:

            # --- Die Chips ---
            - id: kosten
              quote: Die Kosten sinken
              sources:
              - id: amodei2025
                locator: S. 4
              # TODO: Seitenzahl prüfen

            # - id: vorlage
            #   quote: …
            """,
        ),
        (
            1,
            """
            # Belege, in der Reihenfolge des Textes.
            citations:

            # --- Die Chips ---
            - id: chips
              quote: rund 50.000 Chips     # Stand Januar 2025
              sources: [semianalysis2025]

            # - id: vorlage
            #   quote: …
            """,
        ),
    ],
)
def test_an_entry_goes_with_the_comments_inside_it_and_no_others(which: str | int, after: str) -> None:
    assert editing.delete(CITATIONS, "a/sources.yaml", "citations", which) == lines(after)


def test_the_last_entry_that_goes_leaves_an_empty_list_and_the_comments() -> None:
    before = "notes:  # alle\n\n# Kontext\n- id: a\n  kind: context\n\n# Ende\n"
    assert editing.delete(before, "a/notes.yaml", "notes", "a") == "notes: []  # alle\n\n# Kontext\n\n# Ende\n"


# ----------------------------------------------------------------------------------------------------
# What cannot be done
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "operate"),
    [
        (
            "a/sources.yaml has no entry with the id 'chip'; did you mean 'chips'?",
            lambda: editing.delete(CITATIONS, "a/sources.yaml", "citations", "chip"),
        ),
        (
            "a/sources.yaml: there is no entry 8; the list has 2",
            lambda: editing.change(CITATIONS, "a/sources.yaml", ("citations", 7), "id", "x"),
        ),
        (
            "a/sources.yaml has no 'citation'; did you mean 'citations'?",
            lambda: editing.change(CITATIONS, "a/sources.yaml", ("citation", 0), "id", "x"),
        ),
        (
            "a/notes.yaml: the invisible character U+0000 cannot be written; delete it",
            lambda: editing.add("", "a/notes.yaml", "notes", {"note": "Null\0"}),
        ),
        (
            "a/notes.yaml: inf is no number that can be computed with",
            lambda: editing.add("", "a/notes.yaml", "notes", {"value": float("inf")}),
        ),
        (
            "a/notes.yaml does not begin with a field, so 'notes' has no place in it",
            lambda: editing.add("- quote: a", "a/notes.yaml", "notes", {"note": "b"}),
        ),
        (
            "a/notes.yaml: 'notes' is a text, where a list was expected",
            lambda: editing.add("notes: keine", "a/notes.yaml", "notes", {"note": "b"}),
        ),
        (
            "a/figures.yaml: 'figures' is a list, where a mapping was expected",
            lambda: editing.add("figures: [a]", "a/figures.yaml", "figures", {"label": "b"}, name="b"),
        ),
        (
            "a/figures.yaml: there is a 'hardware' already, in line 2",
            lambda: editing.add(
                "figures:\n  hardware: {}", "a/figures.yaml", "figures", {"label": "b"}, name="hardware"
            ),
        ),
        (
            "a/article.md has no front matter between two lines '---'",
            lambda: editing.add("Nur Text.", "a/article.md", "covered", "b"),
        ),
    ],
)
def test_what_cannot_be_done_is_said(message: str, operate: Callable[[], str]) -> None:
    with pytest.raises(UneditableError) as refused:
        operate()
    assert str(refused.value) == message


def test_a_file_written_in_a_strange_way_is_left_for_an_editors_hand() -> None:
    with pytest.raises(UneditableError, match="please change it by hand"):
        editing.remove_field("? id\n: a\nnote: b\n", "a/notes.yaml", (), "id")


def test_a_file_with_a_fault_is_not_changed() -> None:
    with pytest.raises(ContentError, match="a second time"):
        editing.add("notes: []\nnotes: []\n", "a/notes.yaml", "notes", {"note": "b"})


# ----------------------------------------------------------------------------------------------------
# For any words and any file
# ----------------------------------------------------------------------------------------------------

FILES = sorted([*(ROOT / "content").glob("*/*.yaml"), *starter.EXAMPLES.glob("*.yaml")])
LISTS = ("citations", "counterclaims", "notes", "charts")

PIECES = st.sampled_from(
    [
        *(
            "rund 50.000 Chips",
            "„Ja“, sagte er",
            '"Ja"',
            "'s ist",
            ": ",
            " #",
            "#",
            "- ",
            "\n- ",
            "\n\n",
            "\n",
            "  ",
            " ",
        ),
        *(
            "{{ fleet }}",
            "[a](b)",
            "|",
            ">-",
            "%",
            "@",
            "`",
            "*",
            "&",
            "!",
            "?",
            ",",
            "]",
            "}",
            "---",
            "...",
            "~",
            "no",
        ),
        *(
            "1e9",
            "0x1F",
            "2026-11-24",
            "12:30",
            "\t",
            "\\",
            "\\n",
            "👩‍🔬",
            "\xa0",
            "\u200b",
            "é",
            "true",
            "null",
            "=",
            "<<",
        ),
    ]
)
WORDS = st.lists(PIECES, min_size=1, max_size=8).map("".join)
LETTERS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]), max_size=40)
TEXTS = st.one_of(WORDS, LETTERS, st.text("ab \n", max_size=300))
ENTRIES = st.fixed_dictionaries(
    {"id": st.just("neu-1"), "quote": TEXTS},
    optional={
        "note": TEXTS,
        "sources": st.lists(st.one_of(TEXTS, st.fixed_dictionaries({"id": TEXTS, "passage": TEXTS})), max_size=3),
        "by": st.fixed_dictionaries({"name": TEXTS}),
        "author": st.lists(
            st.one_of(
                st.fixed_dictionaries({"family": TEXTS, "given": TEXTS}), st.fixed_dictionaries({"literal": TEXTS})
            ),
            min_size=1,
            max_size=3,
        ),
        "draft": st.booleans(),
    },
)
HANDMADE = [
    "{list}:\n- id: a\n  quote: eins",
    "{list}:\n\n- id: a\n  quote: >+\n    eins\n\n\n- id: b\n  # tief\n\n\n# Ende",
    "# nur\r\n{list}:\r\n  - id: a\r\n    note: |\r\n      Eins.\r\n\r\n      Zwei.\r\n"
    "\r\n  # zwischen\r\n  - id: b\r\n",
    "{list}: [{{id: a}}, {{id: b,\n  quote: 'x'}} ]  # Ende\nid: z\n",
    "{list}: [] # leer\nsources:\n- a\n",
    "sources:\n- id: x\n{list}:\n- id: a\n  by: {{name: b}}\n  # tief\n",
]
KEPT = [
    (path.relative_to(ROOT).as_posix(), name)
    for path in FILES
    for name in (*LISTS, "sources")
    if f"\n{name}:" in path.read_text(encoding="utf-8")
]
# A file is drawn by its name, so that a failure shows that and not all of its text.
PLACES = st.one_of(st.tuples(st.sampled_from(HANDMADE), st.sampled_from(LISTS)), st.sampled_from(KEPT))


def drawn(place: tuple[str, str]) -> tuple[str, str]:
    """A file and a list in it."""
    file, name = place
    if file in HANDMADE:
        return file.format(list=name), name
    return (ROOT / file).read_bytes().decode(), name


def unsaid(value: object) -> object:
    """An entry as it is read back."""
    if isinstance(value, dict):
        return {key: unsaid(each) for key, each in value.items()}
    if isinstance(value, list):
        return [unsaid(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else value


@settings(max_examples=150, deadline=None)
@given(PLACES, ENTRIES)
def test_what_is_added_is_read_back_and_what_is_deleted_leaves_no_trace(
    place: tuple[str, str], entry: dict[str, Entry]
) -> None:
    source, name = drawn(place)
    new = editing.add(source, "a/b.yaml", name, entry)
    # A block at the end of a file that has no line break there cannot keep its own; here and below.
    before, after = said(source), said(new + "\n" * (not new.endswith("\n")))
    assert isinstance(before, dict)
    assert after == {**before, name: [*(before[name] or []), unsaid(entry)]}
    assert editing.delete(new, "a/b.yaml", name, "neu-1") == source


MAPPINGS = st.sampled_from([path for path in FILES if path.name == "figures.yaml"])


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(MAPPINGS, st.sampled_from(["quantities", "figures"]), TEXTS)
def test_a_quantity_that_is_added_and_deleted_leaves_no_trace(path: Path, key: str, words: str) -> None:
    source = path.read_bytes().decode()
    quantity: Entry = {"label": words, "low": "0.10", "high": "1e9", "unit": "%", "assumed": words}
    new = editing.add(source, "a/figures.yaml", key, quantity, name="neu_1")
    before, after = said(source), said(new)
    assert isinstance(before, dict)
    assert after == {**before, key: {**(before[key] or {}), "neu_1": quantity}}
    assert editing.delete(new, "a/figures.yaml", key, "neu_1") == source


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(PLACES, st.integers(0, 50), TEXTS, TEXTS)
def test_a_note_that_is_moved_and_moved_back_is_where_it_was(
    place: tuple[str, str], index: int, exact: str, prefix: str
) -> None:
    source, name = drawn(place)
    read = said(source)
    assert isinstance(read, dict)
    if not read[name]:
        return
    at = (name, index % len(read[name]))
    start = editing.change(source, "a/b.yaml", at, "quote", "Anfang")
    there = editing.change(start, "a/b.yaml", at, "quote", {"exact": exact, "prefix": prefix})
    now = said(there + "\n" * (not there.endswith("\n")))
    assert isinstance(now, dict)
    assert now[name][at[1]]["quote"] == {"exact": exact, "prefix": prefix}
    back = editing.change(there, "a/b.yaml", at, "quote", "Anfang")
    # All that is forgotten meanwhile is the sort of quotation marks that it had.
    assert back == re.sub("""["']Anfang["']""", "Anfang", start)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(PLACES, st.integers(0, 50), TEXTS)
def test_what_is_changed_and_changed_back_is_what_it_was(place: tuple[str, str], index: int, words: str) -> None:
    source, name = drawn(place)
    read = said(source)
    assert isinstance(read, dict)
    if not read[name]:
        return
    at = (name, index % len(read[name]))
    start = editing.change(source, "a/b.yaml", at, "quote", '"Anfang"')
    changed = editing.change(start, "a/b.yaml", at, "quote", words)
    now = said(changed + "\n" * (not changed.endswith("\n")))
    assert isinstance(now, dict)
    assert now[name][at[1]]["quote"] == words
    assert said(editing.change(changed, "a/b.yaml", at, "quote", '"Anfang"')) == said(start)
    value = start.index('"Anfang"')
    around = (start[: value - 1].rstrip("'"), start[value + len('"Anfang"') + 1 :].lstrip("'"))
    assert changed.startswith(around[0])
    assert changed.endswith(around[1])


# ----------------------------------------------------------------------------------------------------
# Writing
# ----------------------------------------------------------------------------------------------------


def test_a_file_is_written_whole_with_its_rights_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "notes.yaml"
    path.write_bytes(b"notes: []\r\n")
    path.chmod(0o640)
    editing.write(path, "notes:\r\n- note: ä\r\n", editing.digest("notes: []\r\n"))
    assert path.read_bytes() == "notes:\r\n- note: ä\r\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["notes.yaml"]


def test_a_file_that_was_not_there_is_made(tmp_path: Path) -> None:
    editing.write(tmp_path / "notes.yaml", "notes: []\n", editing.digest(""))
    assert (tmp_path / "notes.yaml").read_text() == "notes: []\n"


def test_a_change_by_somebody_else_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "notes.yaml"
    path.write_text("notes: [] # von Anna\n")
    with pytest.raises(
        ConflictError, match=r"^notes\.yaml has been changed since it was read; nothing was written$"
    ) as both:
        editing.write(path, "notes: [] # von Ben\n", editing.digest("notes: []\n"))
    assert (both.value.mine, both.value.theirs) == ("notes: [] # von Ben\n", "notes: [] # von Anna\n")
    assert path.read_text() == "notes: [] # von Anna\n"


def both(folder: Path) -> list[editing.Written]:
    """A source and an annotation that leans on it; of the two files only one is there."""
    (folder / "sources.yaml").write_text(old := "sources: []\n")
    return [
        editing.Written(path=folder / "sources.yaml", new="sources: [amt]\n", expected=editing.digest(old)),
        editing.Written(path=folder / "notes.yaml", new="notes: [a]\n", expected=editing.digest("")),
    ]


def test_several_files_are_changed_together(tmp_path: Path) -> None:
    editing.write_together(both(tmp_path))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "sources.yaml": "sources: [amt]\n",
        "notes.yaml": "notes: [a]\n",
    }


def test_if_one_of_several_was_changed_meanwhile_none_is(tmp_path: Path) -> None:
    wanted = both(tmp_path)
    (tmp_path / "notes.yaml").write_text("notes: [b]\n")
    with pytest.raises(ConflictError, match=r"^notes\.yaml has been changed"):
        editing.write_together(wanted)
    assert (tmp_path / "sources.yaml").read_text() == "sources: []\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.yaml", "sources.yaml"]


@pytest.mark.parametrize("first", [0, 1])
def test_if_one_of_several_cannot_be_put_in_place_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    wanted = both(tmp_path)[:: -1 if first else 1]
    put = files._Change.put

    def once(change: files._Change) -> None:
        if change.path == wanted[1].path:
            raise OSError(errno.EIO, "the disk is tired")
        put(change)

    monkeypatch.setattr(files._Change, "put", once)
    with pytest.raises(OSError, match="the disk is tired"):
        editing.write_together(wanted)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"sources.yaml": "sources: []\n"}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "gemeinsam.yaml").write_text("sources: []\n")
    link = tmp_path / "sources.yaml"
    link.symlink_to("gemeinsam.yaml")
    editing.write(link, "sources: [] # neu\n", editing.digest("sources: []\n"))
    assert link.is_symlink()
    assert (tmp_path / "gemeinsam.yaml").read_text() == "sources: [] # neu\n"


# ----------------------------------------------------------------------------------------------------
# What can be done about a diagnostic
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["number-uncovered", "quote-ambiguous", "quote-missing"])
@pytest.mark.parametrize("path", ["handbook/article.md", "handbook/gone.yaml"])
def test_what_an_earlier_state_of_an_article_was_told_has_no_mend(code: Code, path: str) -> None:
    context, _ = analysis.read_context(ROOT / "content", drafts=True)
    article, _ = analysis.analyse_folder(ROOT / "content", "handbook", context)
    assert article
    stale = Diagnostic(position=Position(path, 9_999, 1), code=code, message="It was so a moment ago.")
    assert list(editing.mends(article, [stale])) == []
