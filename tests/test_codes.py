"""The registry of codes and exit statuses: what it says is what happens, and nothing happens that it does not say."""

import errno
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn, get_args

import pytest
from msgspec.structs import replace

import build
from randnotiz import links, reader, site, yamldoc
from randnotiz.codes import DIAGNOSTICS, Code, Status
from randnotiz.model import EditorialNote, Source
from randnotiz.model.note import NotesFile
from randnotiz.schema import fields_of, records
from randnotiz.site import BuildOptions
from tests.documents import Example, compare, examples
from tests.places import folders_in

EXAMPLES = tuple(examples(Path(__file__).parent / "diagnostics.md"))

SITE = """\
title: Stadtblatt
url: https://stadtblatt.example/
lang: de
publisher: {name: Stadtblatt}
verdicts:
- {key: wrong, de: Widerlegt}
- {key: blurred, en: Blurred}
"""
FRONT = """\
---
title: Steigen die Mieten?
authors: [Redaktion]
published: 2026-11-23
summary: Was die Zahlen des Amtes hergeben.
covered: [um 12 Prozent auf 900 Euro]
---
"""
GOOD = {
    "article.md": "Die Mieten stiegen nach Angaben des Amtes um 12 Prozent auf 900 Euro.\n",
    "sources.yaml": "sources:\n- {id: amt, type: report, title: Mietbericht, issued: 2025}\n"
    "citations:\n- {id: office, quote: nach Angaben des Amtes, sources: [amt]}\n",
}


def test_every_code_has_a_meaning_and_an_example_and_no_other_has() -> None:
    assert list(DIAGNOSTICS) == list(get_args(Code)) == [example.name for example in EXAMPLES]


def test_every_meaning_is_one_sentence() -> None:
    for sentence in [*(meaning.sentence for meaning in DIAGNOSTICS.values()), *(status.meaning for status in Status)]:
        assert re.fullmatch(r"[A-Z][^.]+(\.[a-z][^.]+)*\.", sentence), sentence


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A field that the next version will not have, because no real one may be needed for ever."""
    known = fields_of(EditorialNote)
    monkeypatch.setitem(
        known,
        "term",
        known["term"]._replace(field=replace(known["term"].field, deprecated="word: Kaltmiete")),
    )
    records._has_deprecated.cache_clear()
    yield
    records._has_deprecated.cache_clear()


@pytest.mark.usefixtures("declared")
def test_a_deprecated_field_is_read_and_its_warning_has_the_new_form() -> None:
    term = "{kind: definition, term: Miete, note: Wohnkosten.}"
    file, found = records.read(NotesFile, yamldoc.parse(f"notes:\n- {term}\n- {term}\n", "notes.yaml"))
    assert file
    assert [note.term for note in file.notes] == ["Miete"] * 2
    assert [(one.severity, one.position.line, one.position.column, one.hint) for one in found] == [
        ("warning", line, 22, "Write 'word: Kaltmiete'.") for line in (2, 3)
    ]
    schema = reader.json_schemas()["notes"]["definitions"]["EditorialNote"]["properties"]["term"]
    assert schema["deprecationMessage"].startswith("Deprecated; write `word: Kaltmiete`. ")
    assert "deprecationMessage" not in json.dumps(reader.json_schemas()["figures"])


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_every_code_is_given_where_its_example_says_and_stops_a_build_if_it_is_an_error(
    example: Example, tmp_path: Path
) -> None:
    folder = tmp_path / "content" / "mieten"
    folder.mkdir(parents=True)
    (folder.parent / "site.yaml").write_text(SITE, encoding="utf-8")
    for name, text in (GOOD | dict(example.files)).items():
        if text:
            front = "" if name != "article.md" or text.startswith("---") else FRONT
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(front + text.replace("␋", "\v"), encoding="utf-8")

    sources: list[Source] = []
    outcome = site.check(
        folders_in(tmp_path, tmp_path / "templates"),
        BuildOptions(as_of="2026-11-24"),
        lambda made: sources.extend(made.sources),
    )
    diagnostics = outcome.diagnostics + links.check(sources, None)
    compare(example, diagnostics)
    assert {diagnostic.code for diagnostic in diagnostics} == {example.name}
    assert outcome.stopped == any(diagnostic.severity == "error" for diagnostic in diagnostics)


ENDS = [
    (Status.DONE, "check --content content", None),
    (Status.FAULTS, "check --content faulty", None),
    (Status.USAGE, "chek", None),
    (Status.USAGE, "new mieten --content content", None),
    (Status.REFUSED, "check --content elsewhere", None),
    (Status.REFUSED, "check --content content", OSError(errno.ENOSPC, "no space left")),
    (Status.BUG, "check --content content", ZeroDivisionError("division by zero")),
    (Status.INTERRUPTED, "check --content content", KeyboardInterrupt()),
]


@pytest.mark.parametrize(("status", "words", "error"), ENDS)
def test_a_command_ends_with_the_status_that_says_why(
    status: Status, words: str, error: BaseException | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("content", "faulty"):
        (tmp_path / name / "mieten").mkdir(parents=True)
        (tmp_path / name / "site.yaml").write_text(SITE, encoding="utf-8")
        (tmp_path / name / "mieten" / "article.md").write_text(FRONT + GOOD["article.md"], encoding="utf-8")
    (tmp_path / "faulty" / "mieten" / "notes.yaml").write_text("notes: [", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if error is not None:
        # Neither a bug of ours nor a full disk can be had on demand.
        monkeypatch.setattr(site, "check", _raising(error))
    try:
        ended: object = build.main(words.split())
    except SystemExit as end:  # argparse has a status of its own, which is ours
        ended = end.code
    assert ended == status


def _raising(error: BaseException) -> Callable[..., NoReturn]:
    def check(*_: object, **__: object) -> NoReturn:
        raise error

    return check


def test_every_status_has_a_command_that_ends_so() -> None:
    assert {status for status, *_ in ENDS} == set(Status)
