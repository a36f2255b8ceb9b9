"""Quotations that the text has lost: what is proposed for each, how sure that is, and what is written."""

import json
import os
import pty
import re
import subprocess
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path

import msgspec
import pytest

from randnotiz import editing, notes, quotes
from randnotiz.analysis import AnalysedArticle, SiteContext, analyse, analyse_folder, read_context
from randnotiz.diagnostics import Diagnostic
from randnotiz.language.lexicon import lexicon
from tests import program
from tests.benchmarks import refinding
from tests.patience import HANGS
from tests.test_quotes import rows

ROOT = Path(__file__).parent.parent

HEAD = "---\ntitle: Mieten\nsummary: Ein Bericht.\nlang: de\ndraft: true\n{front}---\n\n"
TEXT = """Der Bericht zählt rund 50.000 Wohnungen in der Stadt. Die Mieten sinken seit zwei Jahren deutlich,
schreibt das Amt. Mehr steht dort nicht.

## Was das kostet

Nach Angaben der Kammer kostet ein Quadratmeter im Mittel zwölf Euro; in den Randlagen ist es weniger. Ein
Quadratmeter im Mittel ist dabei immer kalt gerechnet. Am Ende zahlt die Stadt mehr als gedacht.
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder of content with one article to write into."""
    folder = tmp_path / "content"
    (folder / "mieten").mkdir(parents=True)
    (folder / "site.yaml").write_text("title: T\nurl: https://example.org/\nlang: de\npublisher: P\n")
    return folder


def written(content: Path, yaml: str, text: str = TEXT, front: str = "", name: str = "notes.yaml") -> Path:
    """The article with a YAML file, whose path is returned."""
    (content / "mieten" / "article.md").write_text(HEAD.format(front=front) + text)
    path = content / "mieten" / name
    path.write_text(yaml)
    return path


def analysed(content: Path) -> tuple[AnalysedArticle | None, tuple[Diagnostic, ...]]:
    context, _ = read_context(content, drafts=True)
    return analyse_folder(content, "mieten", context)


def lost(content: Path) -> list[editing.Orphan]:
    article, _ = analysed(content)
    assert article is not None
    return list(editing.lost(article, editing.article_texts(article.written)))


@lru_cache(maxsize=1)
def context_of(content: Path) -> SiteContext:
    return read_context(content, drafts=True)[0]


def in_memory(
    content: Path, text: str, yaml: str, front: str = "", number: int = 5, lang: str = "de"
) -> AnalysedArticle:
    head = HEAD.replace("summary: Ein Bericht.\n", "") if "summary:" in front else HEAD
    head = head.replace("lang: de", f"lang: {lang}")
    figures = f"quantities: {{firmen: {{label: Firmen, value: {number}, assumed: nur ein Beispiel}}}}\n"
    texts = {"article.md": head.format(front=front) + text, "notes.yaml": yaml, "figures.yaml": figures}
    files = {name: words.encode() for name, words in texts.items()}
    article = analyse("mieten", files, context_of(content))[0]
    assert article
    return article


def earlier_text(article: AnalysedArticle) -> editing.EarlierText:
    assert article.annotated.document
    around = notes.surroundings(article.written, article.annotated.document, article.annotated.results)
    return editing.EarlierText(name="before", text=quotes.fold(around.text), around=around)


def note(quote: str) -> str:
    return f"notes:\n- id: a\n  kind: context\n  quote: {quote}\n  note: Eine Anmerkung.\n"


def mended(content: Path) -> str:
    """The notes after every proposal, safe or not, has been taken."""
    editing.reanchor(content, "mieten", lambda *_: True)
    return (content / "mieten" / "notes.yaml").read_text()


# ----------------------------------------------------------------------------------------------------
# What is proposed
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "new", "reason"),
    [
        ("Die Mieten sinken seit zwei Jahren", None, None),
        ("Die Mieten sinken seit zwei langen Jahren", "Die Mieten sinken seit zwei Jahren", "'langen' is gone"),
        (
            "Die Miete sinkt nun seit zwei Jahren deutlich",
            "Die Mieten sinken seit zwei Jahren deutlich",
            "'Miete' is now",
        ),
        ("schrieb das Amt", "schreibt das Amt", "'schrieb' is now 'schreibt'"),
        ("Am Ende zahlt die Stadt mehr.", "Am Ende zahlt die Stadt mehr als gedacht.", "'als' has been added"),
        ("in den Randlagen, ist es weniger", "in den Randlagen ist es weniger", "only punctuation"),
    ],
)
def test_the_nearest_passage_is_proposed_with_its_reason(
    content: Path, quote: str, new: str | None, reason: str | None
) -> None:
    written(content, note(quote))
    found = lost(content)
    assert [edit.exact for one in found for edit in one.edits] == ([new] if new else [])
    if reason:
        assert reason in found[0].reason


@pytest.mark.parametrize(
    ("quote", "alarm"),
    [
        ("rund 60.000 Wohnungen in der Stadt", "A NUMBER DIFFERS"),
        ("kostet ein Quadratmeter im Mittel elf Euro", "A NUMBER DIFFERS"),
        ("Die Mieten sinken seit zwei Jahren nicht deutlich", "A NEGATION DIFFERS"),
        ("Nach Angaben der Stadt kostet ein Quadratmeter", "A NAME DIFFERS"),
        ("Die Mieten steigen seit zwei Jahren deutlich", "A WORD THAT TURNS A STATEMENT DIFFERS"),
        ("Am Ende zahlt die Stadt weniger als gedacht", "A WORD THAT TURNS A STATEMENT DIFFERS"),
        ("rund 60.000 Wohnungen in der Gemeinde", "A NUMBER AND A NAME DIFFER"),
    ],
)
def test_what_changes_the_statement_is_said_in_capitals_and_is_never_safe(
    content: Path, quote: str, alarm: str
) -> None:
    written(content, note(quote))
    (one,) = lost(content)
    assert (one.alarm, one.safe) == (alarm, False)


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ("der Bericht zählt rund 50.000 Wohnungen in der Stadt", "only capital letters differ: 'der'"),
        ("die Mieten sinken seit zwei Jahren deutlich, schreibt das Amt", "what stands around it may have changed"),
        ("die Mieten sinken seit zwei Jahren", "only capital letters differ: 'die' is now 'Die'"),
        ("Der Bericht zählt rund 50.000 Wohnungen in der Stadt,", "only punctuation or blanks differ"),
        ("seit zwei Jahren deutlich, schreibt das Amt;", "what stands around it may have changed"),
        ("Die Mieten sinken, seit zwei Jahren deutlich", "what stands around it may have changed"),
        ("Die Mieten sanken seit zwei Jahren", "'sanken' is now 'sinken'"),
        ("Am Ende zahlt die Stadt mehr als Gedacht.", "'Gedacht' is now 'gedacht'"),
        ("{from: mehr steht dort nicht, to: Was das kostet}", "only capital letters differ: 'mehr'"),
        ("{from: die Mieten sinken seit zwei, to: schreibt das Amt}", "only capital letters differ: 'die'"),
        ("{from: die Mieten sinken seit zwei, to: schrieb das Amt}", "'schrieb' is now 'schreibt'"),
    ],
)
def test_without_an_earlier_text_nothing_is_safe(content: Path, quote: str, reason: str) -> None:
    written(content, note(quote if quote.startswith("{") else f"'{quote}'"))
    (one,) = lost(content)
    assert reason in one.reason
    assert not one.safe


def test_two_passages_that_are_about_as_near_are_not_safe(content: Path) -> None:
    twice = "Der Rat hat den Plan am Montag beraten.\n\nDer Rat hat den Plan am Montag vertagt.\n"
    written(content, note("Der Rat hat den Plan am Montag besprochen"), text=twice)
    (one,) = lost(content)
    assert not one.safe
    assert one.reason.endswith("another passage is about as near")


LISTED = f"""{TEXT}
```yaml
quote: schreibt das Amt über Mieten; exact: rund 60.000 Wohnungen
```
"""


@pytest.mark.parametrize(
    ("quote", "new"),
    [
        ("Rund 60.000 Wohnungen", "rund 50.000 Wohnungen"),
        ("schreibt das Amt über die Mieten", "schreibt das Amt über Mieten"),
    ],
)
def test_prose_comes_before_code_that_is_more_like_the_quotation_unless_it_is_much_more(
    content: Path, quote: str, new: str
) -> None:
    written(content, note(quote), text=LISTED)
    (one,) = lost(content)
    assert [edit.exact for edit in one.edits] == [new]
    _, diagnostics = analysed(content)
    (missing,) = (each for each in diagnostics if each.code == "quote-missing")
    assert new in missing.hint


def test_the_words_of_a_language_are_read_only_to_name_a_change(content: Path) -> None:
    lexicon.cache_clear()
    written(content, note("Die Mieten sinken seit zwei Jahren"))
    analysed(content)
    assert lexicon.cache_info().misses == 0
    written(content, note("Die Mieten sinken seit drei Jahren"))
    _, diagnostics = analysed(content)
    assert "the statement itself has changed (a number): 'drei' is now 'zwei'" in str(diagnostics)
    assert lexicon.cache_info().misses == 1


def test_where_nothing_is_near_nothing_is_proposed(content: Path) -> None:
    written(content, note("Der Präsident trat völlig überraschend zurück"))
    (one,) = lost(content)
    assert (one.edits, one.reason, one.position.line) == ((), "no passage of the text is near", 4)


def test_words_that_stand_twice_get_what_stands_before_or_after(content: Path) -> None:
    written(
        content,
        note("'ein Quadratmeter im Mittel,'"),
        text=TEXT.replace("Ein\nQuadratmeter", "Aber ein\nQuadratmeter"),
    )
    (one,) = lost(content)
    assert one.edits[0].prefix or one.edits[0].suffix
    assert not lost_after(content)


def lost_after(content: Path) -> list[editing.Orphan]:
    """What is still lost once every proposal has been taken; none of it may have become ambiguous."""
    mended(content)
    _, diagnostics = analysed(content)
    assert not [each for each in diagnostics if each.code == "quote-ambiguous"]
    return lost(content)


def test_of_words_that_stand_twice_now_those_in_their_old_place_are_proposed(content: Path) -> None:
    written(content, note("Die Mieten sinken seit zwei Jahren"))
    before = analysed(content)[0]
    assert before is not None
    written(
        content, note("Die Mieten sinken seit zwei Jahren"), text=f"{TEXT}\n{TEXT.splitlines()[0][54:]} deutlich."
    )
    article = analysed(content)[0]
    assert article is not None
    was = earlier_text(before)
    (one,) = editing.lost(article, editing.article_texts(article.written), [was])
    assert (one.line, one.safe) == (8, False)
    assert one.reason == "these words stand 2 times now, here as before"
    assert [bool(edit.prefix or edit.suffix) for edit in one.edits] == [True]


@pytest.mark.slow
@pytest.mark.parametrize("slug", refinding.ARTICLES)
def test_without_an_earlier_text_most_proposals_are_right_and_nothing_wrong_is_safe(slug: str) -> None:
    rows = refinding.table(slug, plain=slug == "handbook", known=False, each=3)  # whose code prints its quotations
    gone = rows.pop("deleted")
    rows.pop("doubled")
    whole = sum(rows.values(), Counter())
    assert whole["safe and wrong"] + gone["safe and wrong"] == 0
    assert gone["told"] >= 0.95 * gone["cases"]
    assert whole["told"] <= 0.2 * (whole["cases"] - whole["placed"] - whole["ambiguous"])
    assert whole["right"] >= 0.85 * (whole["cases"] - whole["placed"] - whole["ambiguous"])


@pytest.mark.slow
@pytest.mark.parametrize("slug", refinding.ARTICLES)
def test_after_every_kind_of_edit_the_right_words_are_proposed_and_nothing_wrong_is_safe(slug: str) -> None:
    rows = refinding.table(slug, known=True, each=3)
    gone = rows.pop("deleted")
    rows.pop("doubled")
    whole, exact = sum(rows.values(), Counter()), Counter[str]()
    for edit in refinding.EXACT:
        exact += rows[edit.__name__]
    assert whole["safe and wrong"] + gone["safe and wrong"] == 0
    assert whole["right"] >= 0.97 * (whole["cases"] - whole["placed"] - whole["ambiguous"])
    assert slug != "deepseek-nachgerechnet" or exact["lost"] >= 5  # the others quote few whole sentences
    assert exact["lost"] - exact["safe"] <= max(1, 0.05 * exact["lost"])
    assert gone["gone"] >= 0.95 * gone["cases"]


def test_a_context_that_has_changed_is_renewed_and_comments_stay(content: Path) -> None:
    yaml = """notes:
- id: a
  kind: context
  quote:  # warum hier
    exact: ein Quadratmeter im Mittel     # die Worte
    prefix: Nach Auskunft der Kammer kostet
    # so ist es
  note: Eine Anmerkung.
"""
    text = TEXT.replace("Ein\nQuadratmeter", "Aber ein\nQuadratmeter")
    path = written(content, yaml, text=text)
    (one,) = lost(content)
    assert "'Auskunft' is now 'Angaben'" in one.reason
    mended(content)
    assert path.read_text() == yaml.replace("prefix: Nach Auskunft der Kammer kostet", "suffix: zwölf")


def test_a_context_that_is_no_longer_needed_goes(content: Path) -> None:
    yaml = "notes:\n- kind: context\n  quote: {exact: rund 50.000 Wohnungen, suffix: im Ort}\n  note: N.\n"
    path = written(content, yaml)
    mended(content)
    assert path.read_text() == yaml.replace(", suffix: im Ort", "")


@pytest.mark.parametrize(
    ("start", "end", "edits"),
    [
        ("Die Miete sinkt seit zwei", "schreibt das Amt", ["Die Mieten sinken seit zwei"]),
        ("Die Mieten sinken", "so schreibt es das Amt", ["schreibt das Amt"]),
        ("Die Miete sinkt seit zwei", "so schreibt es das Amt", ["Die Mieten sinken seit zwei", "schreibt das Amt"]),
        ("Die Mieten sinken", "am Ende der Welt", []),
        ("Ganz etwas anderes war", "schreibt das Amt", []),
    ],
)
def test_a_passage_named_by_its_two_ends_gets_new_ends(content: Path, start: str, end: str, edits: list[str]) -> None:
    written(content, f"notes:\n- kind: context\n  quote: {{from: {start}, to: {end}}}\n  note: N.\n")
    (one,) = lost(content)
    assert [edit.exact for edit in one.edits] == edits
    assert len(lost_after(content)) == (0 if edits else 1)


@pytest.mark.parametrize(
    ("now", "safe"),
    [
        ("Die Mieten sinken. Das freut alle. Es regnet. Niemand zahlt", True),
        ("die Mieten sinken. Das freut alle. Es regnet. Niemand zahlt.", True),
        ("Die Mieten sinken. Das freut keinen. Es regnet. Niemand zahlt", False),
        ("die Mieten sinken. Das freut alle. Es schneit. Niemand zahlt.", False),
    ],
)
def test_a_passage_named_by_its_two_ends_is_safe_only_if_it_is_known_to_be_the_same_between_them(
    content: Path, now: str, safe: bool
) -> None:
    was = "Die Mieten sinken. Das freut alle. Es regnet. Niemand zahlt."
    path = written(content, note("{from: Die Mieten sinken, to: Niemand zahlt.}"), was)
    (content / "war.md").write_text(HEAD.format(front="") + was)
    written(content, path.read_text(), now)
    assert not any(one.safe for one in lost(content))
    found: list[editing.Orphan] = []
    editing.reanchor(content, "mieten", lambda one, *_: found.append(one), against=content / "war.md")
    (one,) = found
    assert one.safe is safe
    assert ("its two ends" in one.reason) is not safe


LISTS = "Der Bericht {0}\n\n- Es regnet.\n- {1}ie Mieten sinken seit Mai.\n"
TABLE = "Mehr.\n\n| Wahr | {0} |\n|---|---|\n| Es regnet. | {1}ie Mieten sinken seit Mai. |\n"
BLOCK = "Das Amt {0} Wohnungen.\n\n> {1}ie Mieten sinken seit Mai.\n"
LEADS = "{1}ie Mieten sinken seit Mai.\n\n- {0}\n"
HEADED = "Mehr.\n\n## {0}\n\n- {1}ie Mieten sinken seit Mai.\n"


@pytest.mark.parametrize(
    ("text", "was", "now", "safe"),
    [
        (LISTS, "zeigt, dass", "zeigt, dass", True),
        (LISTS, "zeigt, dass", "bestreitet, dass", False),
        (LISTS, "zeigt es:", "bestreitet es:", False),
        (LISTS, "ist da.", "ist da.", True),
        (TABLE, "Auch wahr", "Auch wahr", False),  # a cell may be a unit, mg or Mg
        (TABLE, "Auch wahr", "Falsch", False),
        (BLOCK, "zählt", "zählt", True),
        (LEADS, "Nicht in Berlin", "Nicht in Berlin", True),
        (HEADED, "Mieten", "Mieten", True),
        (HEADED, "Irrig ist:", "Irrig ist:", True),
        (HEADED, "Wahr ist:", "Irrig ist:", False),
    ],
)
def test_what_leads_to_a_list_or_a_table_belongs_to_the_sentences_in_it(
    content: Path, text: str, was: str, now: str, safe: bool
) -> None:
    (content / "war.md").write_text(HEAD.format(front="") + text.format(was, "d"))
    written(content, note("die Mieten sinken seit Mai"), text.format(now, "D"))
    found: list[editing.Orphan] = []
    editing.reanchor(content, "mieten", lambda one, *_: found.append(one), against=content / "war.md")
    assert [one.safe for one in found] == [safe]


@pytest.mark.parametrize(
    ("earlier", "reason"),
    [
        (b"", "war.md:1:1: the front matter is missing [field-missing]"),
        (b"Die Mieten sinken.\n", "war.md:1:1: the front matter is missing [field-missing]"),
        (
            b"---\ntitle: M\xe4rz\n---\n",
            "war.md:2:9: the byte 0xE4 ('\xc3\xa4' in Windows-1252) is not UTF-8 [encoding]",
        ),
        (None, "build.py: there is no file war.md"),
    ],
)
@pytest.mark.parametrize("quote", ["Die Mieten sinken seit zwei Jahren", "Die Miete sinkt seit zwei Jahren"])
def test_a_file_to_compare_with_that_cannot_be_read_is_named_whatever_is_lost(
    content: Path, quote: str, earlier: bytes | None, reason: str
) -> None:
    written(content, note(quote))
    if earlier is not None:
        (content.parent / "war.md").write_bytes(earlier)
    assert run(content, "mieten", "--against", "war.md").stderr.splitlines()[0] == reason.encode("latin-1").decode()


@pytest.mark.parametrize(("before", "quotation", "now", "safe"), rows("around.md"))
def test_what_stands_around_a_statement_is_part_of_it_in_every_language(
    content: Path, before: str, quotation: str, now: str, safe: str
) -> None:
    earlier, article = (in_memory(content, text, note(json.dumps(quotation))) for text in (before, now))
    was = earlier_text(earlier)
    for texts, known in (([was], safe == "yes"), ([], False)):
        (one,) = editing.lost(article, editing.article_texts(article.written), texts)
        assert one.safe is known


@pytest.mark.parametrize(("lang", "before", "now", "safe"), rows("altered.md"))
def test_the_same_words_otherwise_are_safe_only_where_they_provably_say_the_same(
    content: Path, lang: str, before: str, now: str, safe: str
) -> None:
    quotation = re.sub(r".*⟦|⟧.*|~~", "", before, flags=re.DOTALL)
    texts = re.sub("[⟦⟧]", "", before), now
    yaml = note(json.dumps(quotation, ensure_ascii=False))
    earlier, article = (in_memory(content, text, yaml, lang=lang) for text in texts)
    assert not editing.lost(earlier, editing.article_texts(earlier.written))
    (one,) = editing.lost(article, editing.article_texts(article.written), [earlier_text(earlier)])
    assert one.safe is (safe == "yes")


@pytest.mark.parametrize(
    ("quotation", "now", "denied"),
    [
        ("zahlt die Gebühr gern", "Die Firma zahlt die hohe Gebühr gern nicht.", "nicht"),
        ("die Mieten sinken deutlich", "Das Amt glaubt nicht, die Mieten sanken deutlich.", "nicht"),
        ("die Mieten sinken deutlich", "Das Amt glaubt nicht daran. Die Mieten sanken deutlich.", ""),
        ("die Mieten sinken deutlich.", "Die Mieten sanken deutlich. Das Amt glaubt das nicht.", ""),
        ("„die Mieten sinken.“", "„Die Mieten sanken.“ Das Amt glaubt das nicht.", ""),
    ],
)
def test_a_negation_beside_the_nearest_passage_is_named(content: Path, quotation: str, now: str, denied: str) -> None:
    article = in_memory(content, now, note(quotation))
    (one,) = editing.lost(article, editing.article_texts(article.written))
    assert ("A NEGATION STANDS BESIDE IT" in one.alarm) == bool(denied)
    assert (f"beside it in its sentence stands '{denied or 'nicht'}'" in one.reason) == bool(denied)


def test_a_kept_text_whose_headings_do_not_exist_is_no_text() -> None:
    block = quotes.Surrounded(kind="paragraph", start=0, end=1, flow=0, below=(777,))
    kept = msgspec.json.encode(["a", [msgspec.to_builtins(block)], ""])
    with pytest.raises(msgspec.ValidationError, match="a block stands below one that there is none of"):
        msgspec.json.decode(kept, type=quotes.Surroundings)


@pytest.mark.parametrize("field", ["subtitle", "conclusion", "summary"])
def test_what_stands_above_the_text_is_part_of_its_statements(content: Path, field: str) -> None:
    yaml, texts = note("rents fell."), ("rents fell.", "Rents fell.")
    before, same = (in_memory(content, text, yaml, f"{field}: All is true\n") for text in texts)
    other = in_memory(content, texts[1], yaml, f"{field}: All is a lie\n")
    for article, safe in ((same, True), (other, False)):
        (one,) = editing.lost(article, editing.article_texts(article.written), [earlier_text(before)])
        assert one.safe is safe


@pytest.mark.parametrize(
    ("front", "text"),
    [("conclusion: Keine von {{ firmen }} Firmen zahlt\n", ""), ("", "Von {{ firmen }} zahlt keine.\n\n")],
)
def test_a_number_printed_beside_a_statement_is_part_of_it(content: Path, front: str, text: str) -> None:
    yaml, texts = note("die Mieten sinken."), (f"{text}die Mieten sinken.", f"{text}Die Mieten sinken.")
    before = earlier_text(in_memory(content, texts[0], yaml, front))
    for number, safe in ((5, True), (500, False)):
        article = in_memory(content, texts[1], yaml, front, number)
        (one,) = editing.lost(article, editing.article_texts(article.written), [before])
        assert one.safe is safe
    written(content, yaml, texts[1], front)
    (content / "war.md").write_text(HEAD.format(front=front) + texts[0])  # of whose day no number is known
    (content / "mieten" / "figures.yaml").write_bytes(article.written.files["figures.yaml"])
    found: list[editing.Orphan] = []
    editing.reanchor(content, "mieten", lambda one, *_: found.append(one), against=content / "war.md")
    assert [one.safe for one in found] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(["|a" * 80, "|-" * 80, *["|a" * 80] * 40]),
        f"> {'word ' * 500}\n>\n" + "> a\n>\n" * 400,
        "a[^1]\n\n" * 400 + f"[^1]: {'word ' * 500}",
    ],
)
def test_what_is_kept_of_a_text_grows_with_the_text(content: Path, text: str) -> None:
    article = in_memory(content, text, "notes: []\n")
    assert len(msgspec.json.encode(earlier_text(article).around)) < 100 * len(text)


def test_every_place_that_holds_a_quotation_is_looked_at(content: Path) -> None:
    quote = "rund 50.000 Wohnungen in unserer Stadt"
    written(content, note(quote), front=f"covered: [{quote}]\n")
    for name, yaml in {
        "sources.yaml": "sources: [{id: s, type: book, title: T}]\n"
        f"citations: [{{quote: {quote}, sources: [s]}}]\n",
        "counterclaims.yaml": f"counterclaims: [{{quote: {quote}, claim: C, claimed_by: D, stance: disputes, "
        "counter: E, by: F, sources: [s]}]\n",
        "figures.yaml": f"quantities: {{q: {{label: Q, value: 5, assumed: ja, quote: {quote}}}}}\n"
        f"figures: {{f: {{label: F, formula: q, quote: {quote}}}}}\n",
        "charts.yaml": f"charts: [{{id: c, after: {quote}, title: T, alt: A, sources: [s], data: {{figures: [q]}}, "
        "vega-lite: {mark: bar, encoding: {x: {field: best}}}}]\n",
    }.items():
        (content / "mieten" / name).write_text(yaml)
    assert [one.what.split(" '")[0] for one in lost(content)] == [
        *("covered passage", "chart", "counter-claim", "quantity", "figure", "note", "citation")
    ]
    assert lost_after(content) == []
    assert "covered: [rund 50.000 Wohnungen in der Stadt]\n" in (content / "mieten" / "article.md").read_text()


def test_a_file_with_a_fault_is_left_for_its_editor(content: Path) -> None:
    path = written(content, note("Die Miete sinkt seit zwei Jahren") + "  note: Zweimal.\n")
    assert [one.reason for one in lost(content)] in ([], ["the file has faults that must be mended first"])
    before = path.read_text()
    mended(content)
    assert path.read_text() == before


# ----------------------------------------------------------------------------------------------------
# The command
# ----------------------------------------------------------------------------------------------------

TWO = """notes:
# Die erste
- id: a
  kind: context
  quote: >-
    was das
    kostet   # kein Kommentar
  note: Eine Anmerkung.
- {id: b, kind: context, quote: 'rund 60.000 Wohnungen', note: N}   # die zweite
""".replace("   # kein Kommentar", "")


def run(content: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return program.run(content.parent, "reanchor", *words, "--content", "content")


def test_without_write_it_only_shows(content: Path) -> None:
    path = written(content, TWO)
    told = run(content)
    assert told.returncode == 1
    assert path.read_text() == TWO
    assert (
        """--- content/mieten/notes.yaml
+++ content/mieten/notes.yaml
@@ -9,1 +9,1 @@ note 'b'
-- {id: b, kind: context, quote: 'rund 60.000 Wohnungen', note: N}   # die zweite
+- {id: b, kind: context, quote: 'rund 50.000 Wohnungen', note: N}   # die zweite
  A NUMBER DIFFERS: line 8 of article.md: the statement itself has changed (a number): '60.000' is now '50.000'; """
        "not to be taken unread\n" in told.stdout
    )
    assert told.stderr == "2 lost quotations, 0 mended\n"


def test_yes_takes_what_is_safe_and_leaves_the_rest(content: Path) -> None:
    sentence = TEXT.replace("## Was das kostet", "Was das kostet, ist neu.")
    path = written(content, TWO, sentence)
    told = run(content, "mieten", "--write", "--yes")
    assert (path.read_text(), told.stderr) == (TWO, "2 lost quotations, 0 mended\n")  # nothing is known of before
    (content.parent / "war.md").write_text(HEAD.format(front="") + sentence.replace("Was das", "was das"))
    told = run(content, "mieten", "--write", "--yes", "--against", "war.md")
    assert told.returncode == 1
    assert path.read_text() == TWO.replace("was das\n    kostet", "Was das kostet")
    assert told.stderr == "2 lost quotations, 1 mended\n"
    path.write_text(path.read_text().replace("60.000", "50.000"))
    assert run(content).returncode == 0


def test_without_a_terminal_nothing_is_written_and_it_says_so(content: Path) -> None:
    path = written(content, TWO)
    told = run(content, "--write")
    assert told.stderr.startswith("no terminal to ask on, so nothing is written; --yes applies all that are safe\n")
    assert path.read_text() == TWO


def answered(content: Path, keys: str) -> subprocess.CompletedProcess[str]:
    """The command on a terminal, at which some keys are pressed."""
    ours, theirs = pty.openpty()
    os.write(ours, keys.encode())
    asked = subprocess.run(
        [sys.executable, ROOT / "build.py", "reanchor", "--write", "--content", content],
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    return asked


@pytest.mark.parametrize(
    ("keys", "taken"), [("n\ny\n", "b"), ("x\ny\nq\n", "a"), ("n\ne\nrund 50.000\ny\n", "b"), ("q\n", ""), ("\4", "")]
)
def test_on_a_terminal_it_asks_one_by_one(content: Path, keys: str, taken: str) -> None:
    path = written(content, TWO)
    asked = answered(content, keys)
    assert asked.returncode == 1
    assert ("Was das kostet" in path.read_text()) == (taken == "a")
    assert ("50.000" in path.read_text()) == (taken == "b")


def test_other_words_can_be_typed_for_a_passage_until_they_stand_in_the_text_once(content: Path) -> None:
    path = written(content, note("rund 60.000 Wohnungen"))
    ready = "{exact: Quadratmeter im Mittel, suffix: ist}"
    answers = iter(["Quadratmeter im Mittel", "der Bericht zählt", ready, "Der Bericht zählt rund 50.000", True])
    shown, alarms, edits = list[str](), list[str](), list[tuple[str, str]]()

    def decide(one: editing.Orphan, *_: object) -> bool | str:
        shown.append(one.reason)
        alarms.append(one.alarm)
        edits.append((one.edits[0].exact, one.edits[0].suffix))
        answer = next(answers)
        return answer if isinstance(answer, str) else True

    editing.reanchor(content, "mieten", decide)
    assert edits[3] == ("Quadratmeter im Mittel", "ist")
    assert alarms[-1] == "A NUMBER DIFFERS"
    assert "quote: Der Bericht zählt rund 50.000\n" in path.read_text()
    lines = "\n    {exact: Quadratmeter im Mittel, prefix: ein}\n    {exact: Quadratmeter im Mittel, suffix: ist}"
    assert shown[1:3] == [
        f"'Quadratmeter im Mittel' stands 2 times in the text; {shown[0]}{lines}",
        f"'der Bericht zählt' stands 0 times in the text; {shown[0]}",
    ]
    assert all(one.startswith("these are your own words; the statement itself has changed") for one in shown[3:])


def test_a_passage_that_is_gone_can_be_given_other_words(content: Path) -> None:
    path = written(content, note("Ganz etwas anderes hat niemand gesehen"))
    answers: list[bool | str] = ["Der Bericht zählt", True]
    outcome = editing.reanchor(content, "mieten", lambda *_: answers.pop(0))
    assert (outcome.mended, answers) == (1, [])
    assert "quote: Der Bericht zählt\n" in path.read_text()


def test_on_a_terminal_other_words_can_be_typed_for_a_passage_that_is_gone(content: Path) -> None:
    path = written(content, note("Ganz etwas anderes hat niemand gesehen"))
    asked = answered(content, "y\ne\nDer Bericht zählt\ny\n")
    assert "[n]o, [e]dit, [q]uit: [n]o, [e]dit" in asked.stdout
    assert "quote: Der Bericht zählt\n" in path.read_text()


def test_of_words_that_stand_twice_the_lines_to_type_are_shown_with_nothing_beside_them(content: Path) -> None:
    written(content, note("rund 60.000 Wohnungen"))
    asked = answered(content, "e\nQuadratmeter im Mittel\nn\n")
    assert "\n    {exact: Quadratmeter im Mittel, suffix: ist}\n" in asked.stdout


@pytest.mark.parametrize(
    ("quote", "text", "new"),
    [
        ("{exact: ja, prefix: Müller sagte}", "Müller sagte nein. Der Bäcker sagte ja.", "nein"),
        ("{exact: zehn, suffix: Leute}", "Es kamen zwölf Leute und zehn Hunde.", "zwölf"),
        ("{exact: stieg, prefix: Osten, suffix: stark}", "Im Osten fiel sie, im Westen stieg sie stark.", "fiel"),
        ("{exact: 是, prefix: 甲说}", "甲说否，乙说是。", "否"),
        ("{exact: ja, prefix: sagte Müller.}", "Das sagte Müller. Niemand sonst sagte ja.", "ja"),
        ("{exact: ja, prefix: sagte Müller}", "Das sagte Müller\n\nNiemand sagte ja.", "ja"),
    ],
)
def test_very_short_words_are_looked_for_where_their_context_stands_in_the_sentence(
    content: Path, quote: str, text: str, new: str
) -> None:
    article = in_memory(content, text, note(quote))
    (one,) = editing.lost(article, editing.article_texts(article.written))
    assert [edit.exact for edit in one.edits] == [new]
    assert not one.safe


@pytest.mark.parametrize(("lang", "before", "after"), [("zh", "甲说", "乙说"), ("de", "Müller sagt", "Maier sagt")])
def test_the_context_of_another_place_is_shown_in_as_many_words(
    content: Path, lang: str, before: str, after: str
) -> None:
    body = "没有人知道谁付了钱。" * 9 if lang == "zh" else "Niemand weiß, wer zahlt. " * 9
    quote = note(f"{{exact: 50.000, prefix: {before}}}")
    article = in_memory(content, f"{body}{after} 50.000.", quote, lang=lang)
    (one,) = editing.lost(article, editing.article_texts(article.written))
    assert f"it stood after '{before}', this stands after '{after}'" in one.reason


def test_what_changes_between_two_ends_that_are_still_found_goes_unnoticed(content: Path) -> None:
    written(content, note("{from: Der Bericht zählt, to: schreibt das Amt}"))
    before = analysed(content)[0]
    assert before is not None
    written(content, note("{from: Der Bericht zählt, to: schreibt das Amt}"), text=TEXT.replace("sinken", "steigen"))
    article = analysed(content)[0]
    assert article is not None
    assert editing.lost(article, editing.article_texts(article.written), [earlier_text(before)]) == ()


def test_a_change_made_meanwhile_by_somebody_else_is_not_overwritten(content: Path) -> None:
    path = written(content, TWO)

    def somebody_saves(*_: object) -> bool:
        path.write_text("notes: []\n")
        return True

    with pytest.raises(editing.ConflictError):
        editing.reanchor(content, "mieten", somebody_saves)
    assert path.read_text() == "notes: []\n"


def test_an_article_that_is_not_there_is_a_mistake_of_the_command_line(content: Path) -> None:
    written(content, TWO)
    told = run(content, "miete")
    assert (told.returncode, told.stderr) == (2, "build.py: there is no article 'miete'; did you mean 'mieten'?\n")


def test_other_faults_are_told_beside(content: Path) -> None:
    written(content, "notes:\n- kind: contxt\n  note: N.\n")
    told = run(content)
    assert told.returncode == 1
    assert "content/mieten/notes.yaml:2:9: there is no kind of note 'contxt'; did you mean 'context'?" in told.stderr
