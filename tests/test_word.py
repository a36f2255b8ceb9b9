"""Texts of Word and Google Docs: what of a .docx becomes an article, and which are refused."""

import io
import itertools
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import docx
import pypandoc
import pytest
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.run import Run

from randnotiz import editing
from randnotiz.analysis import analyse_folder, read_context
from randnotiz.diagnostics import ContentError
from randnotiz.editing import word_file
from randnotiz.editing.importing import Imported
from randnotiz.model import EditorialNote
from tests import program
from tests.test_every_field import png


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    site = "title: T\nurl: https://example.org/\nlang: de\npublisher: P\n"
    (tmp_path / "content" / "site.yaml").write_text(site)
    return tmp_path


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return program.run(home, "import", *words, "--content", "content")


def text() -> Document:
    """A document with one of everything."""
    document = docx.Document()
    document.add_heading("Was die Mieten kosten", 0)
    document.add_paragraph("Ein Bericht", style="Subtitle")
    first = document.add_paragraph('Das Amt zählt *rund* 50.000 „Wohnungen" auf 10')
    first.add_run("3").font.superscript = True
    first.add_run(" km").italic = True
    first.add_run("2").font.superscript = True
    first.add_run(", ")
    first.add_run("seit Jahren").bold = True
    first.add_run(" ").underline = True
    first.add_run("nicht").font.strike = True
    first.add_run(". Nach dem ")
    address = document.part.relate_to("https://example.org/a_b?c=d&e", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = parse_xml(f"<w:hyperlink {nsdecls('w')}><w:r><w:t>Gesetz</w:t></w:r></w:hyperlink>")
    link.set(qn("r:id"), address)
    first._p.append(link)
    first.add_run(".").add_break()
    document.add_heading("Lage", 1)
    for words, style in (("eins", "List Bullet"), ("tief", "List Bullet 2"), ("erst", "List Number")):
        document.add_paragraph(words, style=style)
    document.add_paragraph("1. kein Punkt")
    document.add_heading("Zahlen", 2)
    table = document.add_table(rows=3, cols=2)
    for at, words in enumerate(("Ort", "a|b", "Mitte", "5")):
        table.cell(at // 2, at % 2).text = words
    table.cell(1, 0).add_paragraph("und Rand")
    table.cell(2, 0).merge(table.cell(2, 1)).text = "breit"
    document.add_picture(io.BytesIO(png(3, 2)))
    return document


ARTICLE = """---
title: Was die Mieten kosten
subtitle: Ein Bericht
published: 2026-01-01
draft: true
summary: Das Amt zählt *rund* 50.000 „Wohnungen" auf 10³ km², seit Jahren nicht. Nach dem Gesetz.
---

Das Amt zählt \\*rund\\* 50.000 „Wohnungen" auf 10³ *km*², **seit Jahren** ~~nicht~~. Nach dem [Gesetz](https://example.org/a_b?c=d&e).

## Lage

- eins
- tief

1.  erst

1\\. kein Punkt

### Zahlen

| Ort            | a\\|b |
|----------------|------|
| Mitte und Rand | 5    |
| breit          |      |

![](image1.png)
"""


def test_a_text_becomes_an_article_and_a_newer_one_a_diff(home: Path) -> None:
    document = text()
    document.save(str(home / "Die Mieten.docx"))
    done = run(home, "Die Mieten.docx")
    article = home / "content" / "die-mieten" / "article.md"
    assert (done.returncode, done.stdout) == (
        0,
        "content/die-mieten/image1.png\ncontent/die-mieten/article.md\n",
    ), done.stderr
    codes = [line.rpartition(" ")[2] for line in done.stderr.splitlines() if line.startswith("content/")]
    assert codes == ["[alt-missing]"]  # our own grammar finds nothing odd in it
    today = next(line for line in article.read_text().splitlines() if line.startswith("published"))
    assert article.read_text() == ARTICLE.replace("published: 2026-01-01", today)

    # An editor works on it; then comes another version, with another picture under the same name.
    (article.parent / "image1.png").rename(article.parent / "haus.png")
    mended = article.read_text().replace("![](image1.png)", "![Ein Haus](haus.png)").replace("draft: true\n", "")
    article.write_text(mended)
    document.paragraphs[3].runs[0].text = "Die Lage"
    document.save(str(home / "neu.docx"))
    asked = run(home, "neu.docx", "die-mieten")
    assert (asked.returncode, article.read_text()) == (0, mended)
    changes = [line for line in asked.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert changes == ["-## Lage", "+## Die Lage"]
    taken = run(home, "neu.docx", "die-mieten", "--yes")
    assert taken.returncode == 0, taken.stderr
    assert article.read_text() == mended.replace("## Lage", "## Die Lage")
    assert sorted(path.name for path in article.parent.iterdir()) == ["article.md", "haus.png"]


def test_footnotes_keep_their_paragraphs(home: Path) -> None:
    words = "Das stimmt.[^1]\n\n[^1]: Zwei *Absätze*.\n\n    Der zweite.\n"
    pypandoc.convert_text(words, "docx", format="markdown", outputfile=str(home / "noten.docx"))
    assert run(home, "noten.docx").returncode == 0
    assert (home / "content" / "noten" / "article.md").read_text().endswith(f"---\n\n{words}")


def test_a_fault_leaves_nothing_behind(home: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Im Jahr waren es {{ mieten }}.")
    document.save(str(home / "platz.docx"))
    done = run(home, "platz.docx")
    assert done.returncode == 1
    assert "there is no figure or quantity 'mieten'" in done.stderr
    assert [path.name for path in (home / "content").iterdir()] == ["site.yaml"]


# ----------------------------------------------------------------------------------------------------
# Comments
# ----------------------------------------------------------------------------------------------------

PARA_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
EXTENDED = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
REMARKS = (  # the words in the runs below, who says what, and the remark that it answers
    ("Mieten", "Was die", "Ada", "Zu lang?", None),
    ("50.000", "zählt rund", "Tom", "Woher *das*?\nUnd seit wann?", None),
    ("50.000", "Die Kammer", "Ada", "Quelle: https://amt.example/zahlen.pdf, S. 4", None),
    ("steig", "Mieten ", "Tom", "Bis wann?", None),
    ("50.000", "zählt rund", "Ada", "Vom Amt #1.", 1),
    ("Kammer", "Die ", "Tom", "Welche?", None),
    ("Kammer", "Die ", "Ada", "_Marked as resolved_", 5),
    ("50.000", "zählt rund", "Tom", "Quelle: https://amt.example/mieten", None),
    ("Kammer", "Die ", "Tom", "Bis wann?", None),
)


def commented(remarks: Sequence[tuple[str, str, str, str, int | None]], threads: str = "") -> bytes:
    """A text with remarks; with `threads` a part says which answer others, and that those in it are done."""
    document = docx.Document()
    runs: dict[str, list[tuple[str, Run]]] = {}
    for style, words in (
        ("Title", "Was die |Mieten| kosten"),
        ("Normal", "Das Amt zählt rund |50.000| Wohnungen. Die Mieten |steig|en."),
        ("Normal", "Die |Kammer| zählt auch |50.000| |im Umland|."),
    ):
        paragraph = document.add_paragraph(style=style)
        before = ""
        for at, piece in enumerate(words.split("|")):
            run = paragraph.add_run(piece)
            if at % 2:
                runs.setdefault(piece, []).append((before, run))
            before += piece
    entries = ""
    for number, (words, before, author, remark, answered) in enumerate(remarks):
        run = next(run for text, run in runs[words] if before in text)
        comment = document.add_comment(run, text=remark, author=author)
        comment._comment_elm.set(qn("w:date"), f"2026-11-0{1 + (answered is not None)}T10:00:00Z")
        comment.paragraphs[-1]._p.set(PARA_ID, f"{number + 1:08X}")
        parent = "" if answered is None else f' w15:paraIdParent="{answered + 1:08X}"'
        done = int(str(number) in threads)
        entries += f'<w15:commentEx w15:paraId="{number + 1:08X}"{parent} w15:done="{done}"/>'
    if threads:
        blob = f'<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">{entries}</w15:commentsEx>'
        part = Part(PackURI("/word/commentsExtended.xml"), "application/xml", blob.encode(), document.part.package)
        document.part.relate_to(part, EXTENDED)
    return archive(document)


DRAFTS = """notes:
- id: word-1
  draft: true
  kind: context
  note: Zu lang?
  author: Ada
  created: 2026-11-01T10:00:00Z
- id: word-2
  draft: true
  kind: context
  quote:
    exact: "50.000"
    prefix: rund
  note: |-
    Woher \\*das\\*?

    Und seit wann?

    > Ada: Vom Amt \\#1.
  author: Tom
  created: 2026-11-01T10:00:00Z
- id: word-3
  draft: true
  kind: context
  quote: steigen
  note: Bis wann?
  author: Tom
  created: 2026-11-01T10:00:00Z
- id: word-4
  draft: true
  kind: context
  quote: Kammer
  note: Bis wann?
  author: Tom
  created: 2026-11-01T10:00:00Z
"""
CITED = """sources:
- id: amt-example-2
  type: webpage
  title: https://amt.example/mieten
  URL: https://amt.example/mieten
- id: amt-example
  type: webpage
  title: https://amt.example/zahlen.pdf
  URL: https://amt.example/zahlen.pdf

citations:
- id: word-1
  draft: true
  quote:
    exact: "50.000"
    prefix: rund
  sources: [amt-example-2]
  author: Tom
  created: 2026-11-01T10:00:00Z
- id: word-2
  draft: true
  quote:
    exact: "50.000"
    suffix: im
  sources: [amt-example]
  note: S. 4
  author: Ada
  created: 2026-11-01T10:00:00Z
"""


def imported(home: Path, raw: bytes, *, resolved: bool = False) -> Imported:
    return editing.import_word(
        raw, "a.docx", home / "content", "mieten", "2026-11-30", lambda *_: True, resolved=resolved
    )


def written(home: Path, name: str) -> str:
    """A file of the article, with the ids that were made of comments counted from 1."""
    numbers = itertools.count(1)
    text = (home / "content" / "mieten" / name).read_text()
    return re.sub(r"(?m)^(- id: word-)\w+$", lambda found: f"{found[1]}{next(numbers)}", text)


def test_comments_become_drafts_at_their_words_and_newer_ones_are_added(home: Path) -> None:
    outcome = imported(home, commented(REMARKS, threads="5"))
    assert (len(outcome.added), outcome.resolved, outcome.listed, outcome.faults) == (6, 1, (), ())
    assert (written(home, "notes.yaml"), written(home, "sources.yaml")) == (DRAFTS, CITED)
    context, found = read_context(home / "content", drafts=True)
    _, more = analyse_folder(home / "content", "mieten", context)
    assert [each.message for each in (*found, *more) if each.severity == "error"] == []

    # The editor publishes one with words of her own; Word counts anew, and there are a reply and a remark more.
    notes = home / "content" / "mieten" / "notes.yaml"
    edited = (
        notes.read_text()
        .replace("note: Bis wann?", "note: Bis 2025.  # laut Amt", 1)
        .replace("  draft: true\n", "", 1)
    )
    notes.write_text(edited)
    more_remarks = [
        ("im Umland", "Die Kammer", "Eva", "Wo genau?", None),
        *((*remark[:4], remark[4] if remark[4] is None else remark[4] + 1) for remark in REMARKS),
        ("steig", "Mieten ", "Eva", "Bis 2026", 4),
    ]
    outcome = imported(home, commented(more_remarks, threads="6"))
    assert outcome.known == 6
    assert len(outcome.added) == 1
    assert outcome.listed == ("comment 11 by Eva ('Bis 2026'): it replies to an annotation that was imported before",)
    new = notes.read_text()
    assert new.startswith(edited)
    assert [line for line in new.removeprefix(edited).splitlines() if "note" in line or "quote" in line] == [
        "  quote: im Umland",
        "  note: Wo genau?",
    ]
    assert written(home, "sources.yaml") == CITED


def test_the_same_sentence_is_told_from_others_by_its_order(home: Path) -> None:
    document = docx.Document()
    for remark in ("eins", "zwei", "drei"):
        document.add_paragraph("Gefragt wurde es in jedem Jahr von neuem, und in jedem Jahr öffentlich.")
        document.add_comment(document.add_paragraph("Das Amt schweigt.").runs[0], text=remark, author="Ada")
    assert imported(home, archive(document)).listed == ()
    context, _ = read_context(home / "content", drafts=True)
    article, _ = analyse_folder(home / "content", "mieten", context)
    assert article is not None
    notes = sorted(article.annotated.notes, key=lambda note: note.at)
    placed = [note.annotation.note for note in notes if isinstance(note.annotation, EditorialNote)]
    assert placed == ["eins", "zwei", "drei"]


def test_threads_of_google_docs_stand_on_one_place(home: Path) -> None:
    """Its .docx has no part that says what answers what, and a closed thread has a reply of its own."""
    assert imported(home, commented(REMARKS)).resolved == 1
    notes = written(home, "notes.yaml")
    assert "Welche?" not in notes
    assert "    > Tom: Quelle: https://amt.example/mieten" in notes
    assert "Vom Amt" in notes
    assert imported(home, commented(REMARKS), resolved=True).resolved == 0
    assert "  note: |-\n    Welche?\n\n    > Tom: Bis wann?\n" in written(home, "notes.yaml")


# ----------------------------------------------------------------------------------------------------
# What is refused
# ----------------------------------------------------------------------------------------------------


def archive(document: Document, **changed: str | bytes) -> bytes:
    """The file of a document, with other members in it: `word__x_xml` is word/x.xml."""
    whole = io.BytesIO()
    document.save(whole)
    with zipfile.ZipFile(whole) as read:
        members = {name: read.read(name) for name in read.namelist()}
    for name, content in changed.items():
        path = name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin").replace("_png", ".png")
        members[path] = content.encode() if isinstance(content, str) else content
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as write:
        for path, content in members.items():
            write.writestr(path, content)
    return written.getvalue()


def with_change(kind: str, words: str = "") -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph("Die Mieten steigen ")
    change = OxmlElement(kind, attrs={qn("w:id"): "1", qn("w:author"): "Tom"})
    if words:
        change.append(parse_xml(f"<w:r {nsdecls('w')}><w:delText>{words}</w:delText></w:r>"))
        paragraph._p.append(change)
        paragraph._p.append(OxmlElement("w:del", attrs={qn("w:id"): "2"}))
    else:  # of a paragraph's end
        properties = OxmlElement("w:rPr")
        properties.append(change)
        paragraph._p.get_or_add_pPr().append(properties)
        document.add_paragraph("weiter")
    return archive(document)


BOMB = '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>'
REFUSED: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "a deletion": (
        lambda: with_change("w:del", "nie"),
        "a tracked change is open: 'nie' is deleted by Tom (the first of 2 changes)",
    ),
    "an insertion": (lambda: with_change("w:ins", "oft"), "open: 'oft' is inserted by Tom (the first of 2 changes)"),
    "a move": (lambda: with_change("w:moveFrom", "so"), "open: 'so' is moved away by Tom (the first of 2 changes)"),
    "a paragraph's end": (
        lambda: with_change("w:ins"),
        "open: inserted by Tom in the paragraph 'Die Mieten steigen'",
    ),
    "macros": (
        lambda: archive(docx.Document(), word__vbaProject_bin="x"),
        "macros in this file (word/vbaProject.bin)",
    ),
    "entities": (lambda: archive(docx.Document(), word__settings_xml=BOMB), "'word/settings.xml' in it declares a"),
    "entities in another encoding": (
        lambda: archive(docx.Document(), word__settings_xml=BOMB.encode("utf-16")),
        "'word/settings.xml' in it declares a document type",
    ),
    "entities in one that only we could read": (
        lambda: archive(
            docx.Document(), word__settings_xml=b'<?xml version="1.0" encoding="cp037"?>' + BOMB.encode("cp037")
        ),
        "'word/settings.xml' in it cannot be read",
    ),
    "an archive that explodes": (
        lambda: archive(docx.Document(), word__settings_xml=b" " * (word_file.LARGEST_XML + 1)),
        "more than 20,000,000 bytes in 'word/settings.xml' when it is unpacked",
    ),
    "a deep nest": (
        lambda: archive(docx.Document(), word__settings_xml="<a>" * 300 + "</a>" * 300),
        "elements nested more than 200 deep in 'word/settings.xml'",
    ),
    "a text without an end": (lambda: archive(docx.Document())[:-300], "this is no .docx: File is not a zip file"),
    "an old .doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is a .doc, or a .docx with a password"),
    "an OpenDocument": (lambda: _zipped("mimetype", "application/vnd.oasis"), "this is an OpenDocument file"),
    "another archive": (lambda: _zipped("a.txt", "a"), "this is no text document of Word"),
}


def _zipped(name: str, content: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as write:
        write.writestr(name, content)
    return whole.getvalue()


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_do_harm_or_is_not_settled_is_refused(case: str) -> None:
    made, words = REFUSED[case]
    with pytest.raises(ContentError) as refusal:
        word_file.opened(made(), "a.docx")
    assert words in refusal.value.diagnostic.message
    assert refusal.value.diagnostic.position.path == "a.docx"
