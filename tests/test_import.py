"""Annotations made with Hypothesis: what of an export becomes a draft, and what is said of the rest."""

import csv
import io
import json
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from randnotiz import editing
from randnotiz.analysis import analyse_folder, read_context
from randnotiz.editing.importing import Imported
from randnotiz.editing.sanitizing import defused, is_faultless, literal
from tests import program
from tests.patience import in_bounds

ROOT = Path(__file__).parent.parent

ARTICLE = """---
title: Mieten
summary: Ein Bericht.
published: 2026-11-24
---

Der Bericht zählt rund 50.000 Wohnungen in der Stadt. Die Mieten sinken seit zwei Jahren deutlich, schreibt das Amt.

Die Kammer zählt rund 50.000 Wohnungen im Umland. Die Kammer irrt sich dabei selten.
"""
NOTES = """# Anmerkungen
notes:
- id: amt
  kind: context
  quote: in der Stadt
  note: Ohne die Vororte.   # stimmt das?
# Ende
"""

Json = dict[str, object]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder of content with one article and its notes."""
    folder = tmp_path / "content" / "mieten"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE)
    (folder / "notes.yaml").write_text(NOTES)
    site = "title: T\nurl: https://example.org/\nlang: de\npublisher: P\n"
    (folder.parent / "site.yaml").write_text(site)
    return folder.parent


def row(id_: str, text: str, exact: str = "", **fields: object) -> Json:
    """A row as the API has it; `prefix` and `suffix` go into its selector."""
    context: Json = {name: fields.pop(name) for name in ("prefix", "suffix") if name in fields}
    quote: Json = {"type": "TextQuoteSelector", "exact": exact, **context}
    selectors = [{"type": "RangeSelector", "startOffset": 1}, {"type": "TextPositionSelector", "start": 9}, quote]
    return {
        "id": id_,
        "created": "2026-03-05T09:00:00.000000+00:00",
        "updated": "2026-03-05T09:00:00.000000+00:00",
        "user": "acct:ak@hypothes.is",
        "uri": "https://example.org/mieten/",
        "text": text,
        "tags": [],
        "target": [{"source": "https://example.org/mieten/", "selector": selectors if exact else []}],
        "user_info": {"display_name": None},
        **fields,
    }


def imported(content: Path, rows: Sequence[Json]) -> Imported:
    return editing.import_hypothesis(json.dumps(rows).encode(), "export.json", content, "mieten")


def added(content: Path) -> str:
    """What the notes have more than before."""
    new = (content / "mieten" / "notes.yaml").read_text()
    assert new.startswith(NOTES.removesuffix("# Ende\n"))
    assert new.endswith("# Ende\n")
    return new.removeprefix(NOTES.removesuffix("# Ende\n")).removesuffix("# Ende\n")


def faults(content: Path) -> list[str]:
    context, _ = read_context(content, drafts=True)
    _, diagnostics = analyse_folder(content, "mieten", context)
    return [diagnostic.message for diagnostic in diagnostics if diagnostic.severity == "error"]


# ----------------------------------------------------------------------------------------------------
# What becomes of a row
# ----------------------------------------------------------------------------------------------------


def test_an_annotation_becomes_a_draft_with_all_it_says(content: Path) -> None:
    made = row("pNx4", "Woher kommt **das**?", "Die Mieten sinken", tags=["Quelle fehlt", "mieten"])
    made |= {"updated": "2026-03-06T10:00:00.5+00:00", "user_info": {"display_name": "Anna Kern"}}
    assert len(imported(content, [made]).added) == 1
    assert added(content) == (
        "- id: hypothesis-8e7b8b7b5d\n"
        "  draft: true\n"
        "  kind: context\n"
        "  quote: Die Mieten sinken\n"
        "  note: |-\n"
        "    Woher kommt **das**?\n"
        "\n"
        "    Tags: Quelle fehlt, mieten\n"
        "  author: Anna Kern\n"
        "  created: 2026-03-05T09:00:00+00:00\n"
        "  modified: 2026-03-06T10:00:00+00:00\n"
    ).replace("8e7b8b7b5d", imported_id(content))


def imported_id(content: Path) -> str:
    return added(content).splitlines()[0].removeprefix("- id: hypothesis-")


@pytest.mark.parametrize(
    ("exact", "prefix", "suffix", "quote"),
    [
        ("schreibt das Amt", "", "", "  quote: schreibt das Amt\n"),
        # As the client cuts its context: after 32 characters, wherever that is.
        (
            "rund 50.000",
            "mt.\n      Die Kammer zählt ",
            " Wohnungen im Uml",
            "exact: rund 50.000\n    suffix: Wohnungen im\n",
        ),
        ("rund 50.000", "", " Wohnungen in", "exact: rund 50.000\n    suffix: Wohnungen in\n"),
        (
            "50.000 Wohnungen",
            "Irgendwo sonst rund ",
            " im Umland. Die",
            "    exact: 50.000 Wohnungen\n    suffix: im\n",
        ),
        # Selected in the middle of words.
        ("ieten sink", "Die M", "en seit", "  quote: Mieten sinken\n"),
        # The page shows the number of a reference there.
        ("Stadt1. Die Mieten", "", "", "  quote: Stadt. Die Mieten\n"),
        ("in der Stadt1", "Wohnungen ", ". Die", "  quote: in der Stadt\n"),
        ("sinken seit  zwei\nJahren", "", "", "  quote: sinken seit zwei Jahren\n"),
    ],
)
def test_a_quotation_is_unique_here(content: Path, exact: str, prefix: str, suffix: str, quote: str) -> None:
    outcome = imported(content, [row("a", "Ah.", exact, prefix=prefix, suffix=suffix)])
    assert outcome.listed == ()
    assert quote in added(content)
    assert faults(content) == []


def test_a_note_about_the_page_has_no_quotation(content: Path) -> None:
    imported(content, [row("a", "Guter Artikel.")])
    assert "quote" not in added(content)
    assert faults(content) == []


def test_drafts_stand_in_the_order_of_the_text(content: Path) -> None:
    rows = [row("a", "Drei.", "Umland"), row("b", "Zwei.", "Die Mieten"), row("c", "Eins.")]
    imported(content, rows)
    assert [line for line in added(content).splitlines() if "note:" in line] == [
        "  note: Eins.",
        "  note: Zwei.",
        "  note: Drei.",
    ]


def test_replies_are_folded_into_what_they_answer(content: Path) -> None:
    reply = row("b", "Steht im Amtsblatt.\n\nSeite 4.", references=["a"], user="acct:ben@hypothes.is")
    again = row("c", "Danke!", references=["a", "b"], created="2026-03-07T09:00:00Z")
    assert len(imported(content, [again, row("a", "Woher?", "Die Mieten"), reply]).added) == 1
    note = "    Woher?\n\n    > ben: Steht im Amtsblatt.\n    >\n    > Seite 4.\n\n    > ak: Danke!\n"
    assert note in added(content)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (row("a", "", "Die Mieten"), "annotation 1 by ak ('Die Mieten'): it is a highlight without words"),
        (row("a", " "), "annotation 1 by ak (''): it says nothing"),
        (row("a", "Nein!", "Die Mieten", hidden=True), "annotation 1 by ak ('Die Mieten'): its group's moderators"),
        (row("a", "Ja!", references=["zz"]), "annotation 1 by ak ('Ja!'): it replies to something that is not in"),
        (row("a", "So?", "Wohnungen"), "annotation 1 by ak ('Wohnungen'): its words stand 2 times in the text"),
        (
            row("a", "So?", "Der Kanzler trat zurück"),
            "annotation 1 by ak ('Der Kanzler trat zurück'): its words are not",
        ),
        (
            row("a", "So?", "rund 60.000 Wohnungen in der Stadt"),
            "annotation 1 by ak ('rund 60.000 Wohnungen in der Stadt'): its words are not in the text; nearest is "
            "line 7 of article.md, 'rund 50.000 Wohnungen in der Stadt', where the statement itself has changed "
            "(a number): '60.000' is now '50.000'",
        ),
        (row("a", "x" * 30_000), f"annotation 1 by ak ('{'x' * 59}…'): its text is longer than a note can be"),
        (row("a", "[" * 1_500), f"annotation 1 by ak ('{'[' * 59}…'): its text is longer than a note can be"),
    ],
)
def test_what_becomes_no_note_is_listed_with_its_reason(content: Path, given: Json, said: str) -> None:
    outcome = imported(content, [given])
    assert outcome.added == ()
    assert [line.startswith(said) for line in outcome.listed] == [True], outcome.listed
    assert (content / "mieten" / "notes.yaml").read_text() == NOTES


def test_annotations_of_other_pages_are_left_out(content: Path) -> None:
    other = row("b", "Falsche Seite.", uri="https://example.org/wohnungen/index.html")
    outcome = imported(content, [row("a", "Hier.", uri="https://example.org/mieten/index.html#n-amt"), other])
    assert len(outcome.added) == 1
    assert outcome.listed == (
        "annotation 2 by ak ('Falsche Seite.'): it belongs to another page, https://example.org/wohnungen/index.html",
    )


# ----------------------------------------------------------------------------------------------------
# Twice, and in other forms
# ----------------------------------------------------------------------------------------------------

ROWS = [
    row("a", "Woher?", "Die Mieten", tags=["t"]),
    row("b", "Woher?", "Umland", suffix=". Die Kammer"),
    row("c", "Gut."),
    row("d", "Steht da.", references=["a"]),
]


def test_importing_twice_adds_nothing(content: Path) -> None:
    assert len(imported(content, ROWS).added) == 3
    before = (content / "mieten" / "notes.yaml").read_text()
    assert imported(content, ROWS) == Imported(known=3)
    assert (content / "mieten" / "notes.yaml").read_text() == before


def test_an_import_stays_known_when_its_note_is_rewritten(content: Path) -> None:
    imported(content, ROWS)
    path = content / "mieten" / "notes.yaml"
    path.write_text(path.read_text().replace("draft: true", "draft: false").replace("Gut.", "Sehr gut."))
    assert imported(content, ROWS).added == ()


def test_a_reply_that_comes_later_is_listed(content: Path) -> None:
    imported(content, ROWS)
    late = row("e", "Doch nicht.", references=["a"])
    assert imported(content, [*ROWS, late]).listed == (
        "annotation 5 by ak ('Doch nicht.'): it replies to an annotation that was imported before",
    )


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda rows: {"export_date": "2026-03-05", "client_version": "1.0", "annotations": rows},
        lambda rows: {"total": len(rows), "rows": rows},
        lambda rows: rows,
    ],
)
def test_all_forms_of_export_say_the_same(content: Path, wrapped: Callable[[list[Json]], object]) -> None:
    raw = json.dumps(wrapped(ROWS)).encode("utf-8-sig")
    outcome = editing.import_hypothesis(raw, "export.json", content, "mieten")
    assert len(outcome.added) == 3


CSV = ("Created at", "Author", "Page", "URL", "Group", "Type", "Quote", "Comment", "Tags")


def as_csv(*rows: Sequence[str]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([CSV, *rows])
    return stream.getvalue().encode()


def test_the_clients_csv_is_read_and_knows_what_json_brought(content: Path) -> None:
    address = "https://example.org/mieten/"
    raw = as_csv(
        ("2026-03-05 09:00", "ak", "Mieten", address, "Public", "Annotation", "Umland", "Woher?", ""),
        ("2026-03-05 09:00", "ak", "Mieten", address, "Public", "Highlight", "Umland", "", ""),
        ("2026-03-05 09:00", "ak", "Mieten", address, "Public", "Reply", "", "Daher.", ""),
        (
            "2026-03-05 09:00",
            "ak",
            "Mieten",
            address,
            "Public",
            "Page note",
            "",
            'Ein "Zitat",\nund',
            "eins,zwei",
        ),
    )
    imported(content, ROWS[:3])
    outcome = editing.import_hypothesis(raw, "export.csv", content, "mieten")
    assert (len(outcome.added), outcome.known, len(outcome.listed)) == (1, 1, 2)
    assert 'Ein "Zitat",\n    und\n\n    Tags: eins, zwei\n' in added(content)
    assert "created: 2026-03-05\n" in added(content)
    assert editing.import_hypothesis(raw, "export.csv", content, "mieten").added == ()


def test_what_we_export_can_be_imported(tmp_path: Path, content: Path) -> None:
    built = program.run(content.parent, "build", "--content", "content", "--output", str(tmp_path / "site"))
    assert built.returncode == 0, built.stderr
    raw = (tmp_path / "site" / "mieten" / "hypothesis.json").read_bytes()
    (content / "mieten" / "notes.yaml").unlink()
    outcome = editing.import_hypothesis(raw, "hypothesis.json", content, "mieten")
    assert (len(outcome.added), outcome.listed) == (1, ())
    assert (
        "quote: in der Stadt\n  note: |-\n    Ohne die Vororte.\n" in (content / "mieten" / "notes.yaml").read_text()
    )


RICH: dict[str, str] = {
    "notes.yaml": """notes:
- {id: hopper, kind: definition, term: Amt, quote: das Amt, note: Das **statistische** Amt., created: 2026-01-02,
   author: {name: Eva, url: "https://eva.example/", type: organization}, changes: [{date: 2026-12-01, text: Name.}]}
- {id: ganz, kind: context, note: "Siehe [dort](https://dort.example/).", sources: [{id: buch, passage: Kap. 2}]}
""",
    "sources.yaml": """sources:
- {id: buch, type: book, title: Ein Buch, URL: "https://buch.example/",
   custom: {archive-url: "https://archiv.example/b", archive-date: 2026-01-03}}
citations:
- {id: zahl, quote: {exact: "50.000", suffix: Wohnungen im}, sources: [{id: buch, verbatim: viele}], note: Grob.}
""",
    "counterclaims.yaml": """counterclaims:
- {id: kammer, quote: Die Kammer irrt, claim: Sie irrt., stance: disputes, by: {name: Ada},
   claimed_by: Kammer, sources: [buch], verdict: falsch,
   counter: "Nein: *nie*.", reply: Doch., why: So ist es.}
""",
}


def test_what_our_annotations_say_comes_back_whole(tmp_path: Path, content: Path) -> None:
    for name, text in RICH.items():
        (content / "mieten" / name).write_text(text)
    with (content / "site.yaml").open("a") as site:
        site.write("verdicts: [{key: falsch, de: Falsch}]\n")
    built = program.run(content.parent, "build", "--content", "content", "--output", str(tmp_path / "site"))
    assert built.returncode == 0, built.stderr
    raw = (tmp_path / "site" / "mieten" / "annotations.jsonld").read_bytes()
    assert editing.import_hypothesis(raw, "a.jsonld", content, "mieten").known == 4
    for name in RICH:
        (content / "mieten" / name).unlink()
    outcome = editing.import_hypothesis(raw, "a.jsonld", content, "mieten")
    assert (sorted(outcome.added), outcome.listed) == (["ganz", "hopper", "kammer", "zahl"], ())
    assert faults(content) == []
    notes = (content / "mieten" / "notes.yaml").read_text()
    bare = notes + re.sub(r"\*|\[([^\]]*)\]\(.*?\)", r"\1", notes)  # with addresses, and with the words around them
    for item in json.loads(raw)["first"]["items"]:
        words = re.findall(r'"(?:name|homepage|cached|source|label)": "(.*?)"', json.dumps(item, ensure_ascii=False))
        words += [re.sub(r"<[^>]*>", "", body.get("value", "")) for body in item["body"]]
        assert [each for each in words if each not in bare and each != item["target"]["source"]] == []
    assert "kind: definition\n  quote: das Amt\n  note: Das **statistische** Amt.\n" in notes


# ----------------------------------------------------------------------------------------------------
# Hostile exports
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "place", "message"),
    [
        (b'{"annotations": [\n  {"id": }', (2, 10), "this is no JSON: expecting value"),
        (b'{"a": 1}', (1, 1), "this is no export of Hypothesis: there is no list of 'annotations' or 'rows' in it"),
        (b"[1]", (1, 1), "annotation 1 is a number, where a mapping was expected"),
        (b'[{}, {"text": ["a"]}]', (1, 1), "annotation 2: 'text' is a list, where a text was expected"),
        (b'[{"tags": "a"}]', (1, 1), "annotation 1: 'tags' is a text, where a list was expected"),
        (b'[{"tags": [null]}]', (1, 1), "annotation 1: 'tags' has a null in it, where a text was expected"),
        (b'[{"target": [3]}]', (1, 1), "annotation 1: 'target' has a number in it, where a mapping was expected"),
        (b'[{"user_info": []}]', (1, 1), "annotation 1: 'user_info' is a list, where a mapping was expected"),
        (b'[{"hidden": "no"}]', (1, 1), "annotation 1: 'hidden' is a text, where a truth value was expected"),
        (b"[" * 1_000_000, (1, 1), "lists and mappings are nested too deeply in this file"),
        (b"[" + b"9" * 10_000 + b"]", (1, 1), "a number in this file is too long to be one"),
        (b"[" + b"{}," * 2_000 + b"{}]", (1, 1), "this export has 2,001 annotations; at most 2,000 are imported"),
        (b" " * 20_000_001, (1, 1), "this file has 20,000,001 bytes; at most 20,000,000 are read"),
        (b"[]\n\xff", (2, 1), "this file is not UTF-8"),
        (b"", (1, 1), "this is neither JSON nor CSV of Hypothesis: its first line has no column 'Quote'"),
        (b"a,b\n", (1, 1), "this is neither JSON nor CSV of Hypothesis: its first line has no column 'Quote'"),
        (b'Quote,Comment\n"a"b,c\n', (2, 1), "this is no CSV: ',' expected after '\"'"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_export_is_a_fault_with_its_place(
    content: Path, raw: bytes, place: tuple[int, int], message: str
) -> None:
    outcome = editing.import_hypothesis(raw, "export.json", content, "mieten")
    (fault,) = outcome.faults
    assert (fault.message, (fault.position.line, fault.position.column)) == (message, place)
    assert (content / "mieten" / "notes.yaml").read_text() == NOTES


@pytest.mark.parametrize(
    "text",
    [
        "# Überschrift\n\nUnterstrichen\n===\n\nAuch\n---\n\n> # im Zitat\n- ## in der Liste",
        "Eine Fußnote[^1]\n\n[^1]: hier",
        "{{ miete }} und {{ chart: x }}\n\n{{ chart: x }}",
        "![Bild](bild.jpg) [Link](../anderswo/) [Anker](#h-nirgends) [Skript](javascript:alert(1))",
        "<script>alert(1)</script>\n\n    <b>Code</b>",
        "[a]: #x\n\n[a]",
        "> " * 60 + "tief",
        "\x00Null\u2028\ud800 und \ufeff",
        "---\nnotes: []\n---",
        "- a\n\n\t- b\r\nc\rd",
        "`{{ a }}` ```\n# Code",
    ],
    ids=lambda text: text[:20].encode("ascii", "replace").decode(),
)
def test_no_readers_markdown_can_spoil_a_build(content: Path, text: str) -> None:
    raw = json.dumps([row("a", text, "Die Mieten"), row("b", text, references=["a"])]).encode()
    outcome = editing.import_hypothesis(raw, "export.json", content, "mieten")
    assert len(outcome.added) == 1
    assert faults(content) == []
    assert editing.import_hypothesis(raw, "export.json", content, "mieten") == Imported(known=1)


SIGNS = st.text(st.sampled_from("#=-*_[]()!^{}<>`~|\\&:.1 \n\tab"), max_size=60)


@settings(max_examples=200, deadline=None)
@given(SIGNS)
def test_what_is_taken_literally_has_no_faults(text: str) -> None:
    assert is_faultless(literal(text)) or not literal(text)


@settings(max_examples=200, deadline=None)
@given(st.text("abc äöü.,;?“„\n", min_size=1))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert defused(text) == text.strip()


def test_an_export_of_ten_megabytes_is_read(content: Path) -> None:
    texts = ["-" * 100_000, "x" * 3_000_000, "[" * 100_000, "# " * 50_000, "Gut."]
    quotes = ["a" * 500_000, "Mieten " * 2_000, "50.000 " * 2_000, "Wohnungen"]
    hostile = [row(f"h{at}", text, quote) for at, text in enumerate(texts) for quote in quotes[:1]]
    hostile += [row(f"q{at}", "Gut.", quote, prefix="b" * 1_000_000) for at, quote in enumerate(quotes)]
    many = [row(f"m{at}", f"Nummer {at}.", f"rund {at} Wohnungen in der Stadt") for at in range(1_500)]
    raw = json.dumps([*hostile, *many]).encode()
    assert len(raw) > 10_000_000
    with in_bounds():
        outcome = editing.import_hypothesis(raw, "export.json", content, "mieten")
    assert len(outcome.added) + outcome.known + len(outcome.listed) == len(hostile) + len(many)


def test_a_broken_notes_file_is_told_and_left(content: Path) -> None:
    path = content / "mieten" / "notes.yaml"
    path.write_text("notes: []\nnotes: []\n")
    outcome = imported(content, ROWS)
    assert [fault.code for fault in outcome.faults] == ["field-doubled"]
    assert path.read_text() == "notes: []\nnotes: []\n"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (b"notes: Wort\n", "value-malformed"),
        (b"- {id: a}\n", "value-malformed"),
        (b"notes:\n- {note: \xe4}\n", "encoding"),
    ],
)
def test_a_notes_file_to_which_nothing_can_be_added_is_told_and_left(
    content: Path, written: bytes, code: str
) -> None:
    path = content / "mieten" / "notes.yaml"
    path.write_bytes(written)
    outcome = imported(content, ROWS)
    assert [(fault.code, fault.position.path) for fault in outcome.faults] == [(code, "mieten/notes.yaml")]
    assert path.read_bytes() == written


def test_nothing_is_written_through_a_link_out_of_the_content(content: Path) -> None:
    elsewhere = content.parent / "elsewhere.yaml"
    elsewhere.write_text("notes:\n", encoding="utf-8")
    (content / "mieten" / "notes.yaml").unlink(missing_ok=True)
    (content / "mieten" / "notes.yaml").symlink_to(elsewhere)
    assert [fault.code for fault in imported(content, ROWS).faults] == ["file-outside"]
    with pytest.raises(OSError, match="a link that leads out of the folder of content"):
        editing.write(content / "mieten" / "notes.yaml", "notes: []\n", editing.digest("notes:\n"))
    assert elsewhere.read_text(encoding="utf-8") == "notes:\n"


# ----------------------------------------------------------------------------------------------------
# The command
# ----------------------------------------------------------------------------------------------------


def run(content: Path, export: str, slug: str) -> subprocess.CompletedProcess[str]:
    return program.run(content.parent, "import-hypothesis", export, slug, "--content", "content")


def test_the_command_says_what_it_did(content: Path) -> None:
    export = content.parent / "export.json"
    export.write_text(json.dumps([*ROWS, row("x", "", "Umland")]))
    told = run(content, "export.json", "mieten")
    assert (told.returncode, told.stdout, told.stderr) == (
        0,
        "annotation 5 by ak ('Umland'): it is a highlight without words\n",
        "3 drafts added to content/mieten/notes.yaml, 1 left out\n",
    )


def test_the_command_shows_where_an_export_is_broken(content: Path) -> None:
    (content.parent / "export.json").write_text('{"rows": [\n{"id": "a" "text": "b"}]}')
    told = run(content, "export.json", "mieten")
    assert told.returncode == 1
    assert told.stderr.startswith("export.json:2:12: this is no JSON: expecting ',' delimiter")


def test_a_wrong_article_is_a_mistake_of_the_command_line(content: Path) -> None:
    told = run(content, "export.json", "miete")
    assert (told.returncode, told.stderr) == (2, "build.py: there is no article 'miete'; did you mean 'mieten'?\n")


def test_a_missing_export_is_said_in_one_line(content: Path) -> None:
    told = run(content, "export.json", "mieten")
    assert (told.returncode, told.stderr) == (2, "build.py: there is no file export.json\n")
