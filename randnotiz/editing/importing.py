"""Annotations that readers made with Hypothesis, as drafts in notes.yaml.

What is imported builds: quotations are unique here, and a reader's Markdown can do no harm. What cannot be placed is
listed with its nearest passage, and importing the same export again adds nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct

from randnotiz import analysis, quotes, yamldoc
from randnotiz.analysis import AnalysedArticle, SiteContext
from randnotiz.codes import Code
from randnotiz.diagnostics import NOWHERE, ContentError, Diagnostic, Position, SourceText, excerpts, with_excerpts
from randnotiz.editing.files import digest, read, write
from randnotiz.editing.hypothesis_rows import Row, rows
from randnotiz.editing.page_text import page_text
from randnotiz.editing.patching import UneditableError, extend
from randnotiz.editing.sanitizing import defused, is_faultless, literal, printable, quoted
from randnotiz.editing.writing import Entry, quotation
from randnotiz.markdown import Document
from randnotiz.model import Quote, TextQuoteSelector
from randnotiz.schema.days import date_of
from randnotiz.schema.fields import LONGEST_LINE, LONGEST_QUOTE, LONGEST_TEXT
from randnotiz.spans import Span

SHOWN = 60  # characters of a quotation in a message
PREFIX = "hypothesis-"
LONGEST_CONTEXT = 500  # characters before and after a quotation; clients give 32
# Faults of a file that is left as it is.
_UNREADABLE: tuple[Code, ...] = ("encoding", "file-outside", "yaml-syntax", "limit-exceeded")
MOST_NEAREST = 100  # looking for the nearest passage takes milliseconds, and nobody reads on after so many


class Imported(Struct, frozen=True, kw_only=True):
    """What came of an import: the ids of the new drafts, how many were there already, and a line for each other row.

    `faults` are those of the export or of the article, because of which nothing was imported.
    """

    added: tuple[str, ...] = ()
    known: int = 0
    listed: tuple[str, ...] = ()
    faults: tuple[Diagnostic, ...] = ()


def import_hypothesis(raw: bytes, path: str, content: Path, slug: str) -> Imported:
    """The annotations of an export as drafts at the end of the article's notes.yaml. `path` is the export's name."""
    try:
        given = rows(raw, path)
    except ContentError as error:
        return Imported(faults=with_excerpts([error.diagnostic], excerpts({path: raw})))
    context, diagnostics = analysis.read_context(content, drafts=True)
    article, more = analysis.analyse_folder(content, slug, context)
    diagnostics = (*more, *diagnostics)
    faults = tuple(each for each in diagnostics if each.severity == "error")
    unreadable = tuple(
        each for each in faults if each.position.path == f"{slug}/notes.yaml" and each.code in _UNREADABLE
    )
    document = article.annotated.document if article else None
    if article is None or document is None or unreadable:
        return Imported(faults=unreadable or faults)
    notes_path = content / slug / "notes.yaml"
    try:
        old = read(notes_path, content)
        drafting = _Drafting(article, document)
        drafts = drafting.drafts(given)
        new, refused = _built(old, f"{slug}/notes.yaml", drafts, article, context)
    except ContentError as error:
        return Imported(faults=(error.diagnostic,))
    except UneditableError as error:
        return Imported(faults=(Diagnostic(Position(f"{slug}/notes.yaml"), "value-malformed", str(error)),))
    added = tuple(draft.id for draft in drafts if draft not in refused)
    if added:
        write(notes_path, new, digest(old))
    listed = [*drafting.listed, *(_line(draft.row, "it would have faults here") for draft in refused)]
    return Imported(added=added, known=drafting.known, listed=tuple(listed))


class _Draft(Struct, frozen=True, kw_only=True):
    """A row on its way to being a note: its place in the text, -1 for the whole article, and what is written."""

    row: Row
    id: str
    place: int
    entry: dict[str, Entry]


def _built(
    old: str, path: str, drafts: Sequence[_Draft], article: AnalysedArticle, context: SiteContext
) -> tuple[str, Collection[_Draft]]:
    """The notes with the drafts in them, without those in which the article would find a fault; and these."""
    refused: list[_Draft] = []
    while True:
        kept = [draft for draft in drafts if draft not in refused]
        new = extend(old, path, "notes", [draft.entry for draft in kept])
        faulty = _faulty(new, path, article, context)
        more = [draft for draft in kept if draft.id in faulty]
        if not more:
            return new, refused
        refused += more


def _faulty(new: str, path: str, article: AnalysedArticle, context: SiteContext) -> set[str]:
    """The ids of the notes in which an article with these notes has a fault."""
    files = {**article.written.files, "notes.yaml": new.encode()}
    _, diagnostics = analysis.analyse(article.slug, files, context)
    root = yamldoc.parse(new, path)
    entries = root.get(SourceText("notes"), SourceText("")) if isinstance(root, yamldoc.Map) else SourceText("")
    notes_there = [entry for entry in entries if isinstance(entry, yamldoc.Map)]
    faulty = set()
    for diagnostic in diagnostics:
        if diagnostic.severity == "error" and diagnostic.position.path == path:
            at = bisect_right(notes_there, diagnostic.position.line, key=lambda entry: entry.position.line) - 1
            faulty.add(str(notes_there[at].get(SourceText("id"))))
    return faulty


# ----------------------------------------------------------------------------------------------------
# Rows to drafts
# ----------------------------------------------------------------------------------------------------


class _Drafting:
    """The rows of one export beside the article they are to be notes of. It is used once.

    `listed` says of each row that became nothing why, `known` counts those that are in the article already.
    """

    def __init__(self, article: AnalysedArticle, document: Document) -> None:
        self.text, self.document = quotes.fold(document.text), document
        self.page = page_text(article.annotated, document)
        self.address, self.lang = f"/{article.slug}/", article.written.lang
        annotations = article.written.annotations
        self.ids = {annotation.id for annotation in annotations}
        self.notes = {remark.id: _bare(remark.note) for remark in article.written.editorial_notes}
        self.imported = {
            (_bare(_exact(remark.quote)), _bare(remark.note)) for remark in article.written.editorial_notes
        }
        self.nearest_left = MOST_NEAREST
        self.listed: list[str] = []
        self.known = 0

    def drafts(self, given: Sequence[Row]) -> list[_Draft]:
        """The drafts that are new here, in the order of the text, those about the whole article first."""
        of_page = self._of_this_page(given)
        replies = [row for row in of_page if row.parents]
        answered: dict[str, list[Row]] = {}
        roots = {row.id for row in of_page if not row.parents and row.text.strip()}
        for reply in replies:
            if reply.parents[0] in roots:
                answered.setdefault(reply.parents[0], []).append(reply)
            else:
                self._list(reply, "it replies to something that is not in this export")
        made = [self._draft(row, answered.get(row.id, [])) for row in of_page if not row.parents]
        return sorted(
            (draft for draft in made if draft), key=lambda draft: (draft.place, draft.row.created, draft.id)
        )

    def _of_this_page(self, given: Sequence[Row]) -> list[Row]:
        """The rows of this article, where an export has those of several pages."""
        here = [row for row in given if self.address in _path(row.address)]
        if not here:
            return list(given)
        kept = []
        for row in given:
            if self.address in _path(row.address) or not row.address:
                kept.append(row)
            else:
                self._list(row, f"it belongs to another page, {_shown(row.address)}")
        return kept

    def _draft(self, row: Row, replies: Sequence[Row]) -> _Draft | None:
        """The draft a row becomes; None if it is known or goes into the list."""
        id_ = PREFIX + blake2b(row.id.encode("utf-8", "replace"), digest_size=5).hexdigest()
        if id_ in self.ids:
            self._list_new(replies, self.notes.get(id_, ""))
            self.known += 1
            return None
        self.ids.add(id_)
        note = _note(row, replies)
        why = _why_not(row, note)
        if why:
            self._list(row, why)
            return None
        found = self._quote(row) if row.exact.strip() else (None, -1)
        if found is None:
            return None
        quote, place = found
        imported = (_bare(quote["exact"] if isinstance(quote, dict) else quote or ""), _bare(note))
        if imported in self.imported:  # the same export in another form
            self.known += 1
            return None
        created, updated = _moment(row.created), _moment(row.updated)
        entry: dict[str, Entry] = {
            "id": id_,
            "draft": True,
            "kind": "context",
            "quote": quote,
            "note": note,
            "author": _one_line(row.author)[:LONGEST_LINE] or None,
            "created": created,
            "modified": updated if updated != created else None,
        }
        return _Draft(row=row, id=id_, place=place, entry=entry)

    def _list_new(self, replies: Iterable[Row], note: str) -> None:
        """Those of the replies that are not in the note they belong to, which is left as its editor has it."""
        for reply in replies:
            if not any(_bare(harmless(reply.text)) in note for harmless in (defused, literal)):
                self._list(reply, "it replies to an annotation that was imported before")

    def _quote(self, row: Row) -> tuple[str | dict[str, str], int] | None:
        """What names the words of a row here, and where they stand; None with a line in the list, if nothing does."""
        if len(row.exact) > LONGEST_QUOTE:
            self._list(
                row, f"its quotation has {len(row.exact):,} characters; a note's has {LONGEST_QUOTE:,} at most"
            )
            return None
        span = self._span(row)
        named = quotes.minimal_selector(self.text, span) if span else None
        if span and named:
            return quotation(*named), span[0]
        often = len(quotes.find(self.text, row.exact))
        self.nearest_left -= 1
        nears = quotes.nearest(self.text, row.exact, 1, lang=self.lang) if self.nearest_left >= 0 else []
        near = next(iter(nears), None)
        if often:
            self._list(row, f"its words stand {often} times in the text, and nothing tells which are meant")
        elif near:
            line = self.document.position(near.span[0]).line
            where = f"nearest is line {line} of article.md, '{_shown(near.passage)}'"
            self._list(row, f"its words are not in the text; {where}, where {quotes.describe(near.differences)}")
        else:
            self._list(row, "its words are not in the text")
        return None

    def _span(self, row: Row) -> Span | None:
        """The only place that a row can mean: with its context or a part of it, or by the words alone.

        Other tools cut words and context after so many characters, and read the numbers of references with the text.
        """
        prefix, suffix = row.prefix[-LONGEST_CONTEXT:], row.suffix[:LONGEST_CONTEXT]
        for before, after in ((prefix, suffix), (prefix, ""), ("", suffix), ("", "")):
            found = quotes.find(self.text, row.exact, before, after, cut=True)
            if len(found) == 1:
                return found[0]
        for before, after in ((prefix, suffix), (prefix, ""), ("", suffix), ("", "")):
            span = self.page.only(before, row.exact, after)
            if span:
                return span
        return None

    def _list(self, row: Row, why: str) -> None:
        self.listed.append(_line(row, why))


def _why_not(row: Row, note: str) -> str:
    """Why a row becomes no note whatever the article says; empty if it may."""
    if row.hidden:
        return "its group's moderators have hidden it"
    if not row.text.strip() and not row.tags:
        return "it is a highlight without words" if row.exact else "it says nothing"
    return "" if note else "its text is longer than a note can be"


def _exact(quote: Quote | None) -> str:
    return quote.exact if isinstance(quote, TextQuoteSelector) else ""


def _line(row: Row, why: str) -> str:
    """What is said of a row that did not become a note."""
    words = f" ('{_shown(row.exact or row.text)}')" if row.exact or row.text else ""
    by = f" by {_shown(row.author)}" if row.author else ""
    return f"annotation {row.number}{by}{words}: {why}"


def _shown(words: str) -> str:
    words = _one_line(words)
    return words if len(words) <= SHOWN else words[: SHOWN - 1].rstrip() + "…"


def _one_line(words: str) -> str:
    return " ".join(printable(words).split())


def _note(row: Row, replies: Sequence[Row]) -> str:
    """The text of a row with its tags and its replies, as Markdown without faults; empty if there is none.

    Headings, footnotes, images and printed numbers become plain words; if that is not enough, everything does.
    """
    if sum(len(each.text) for each in (row, *replies)) > LONGEST_TEXT:
        return ""
    replies = sorted(replies, key=lambda reply: (reply.created, reply.number))
    for harmless in (defused, literal):
        parts = [harmless(row.text)]
        parts += [quoted(f"{literal(_one_line(reply.author))}: {harmless(reply.text)}") for reply in replies]
        parts += [f"Tags: {literal(', '.join(_one_line(tag) for tag in row.tags))}"] if row.tags else []
        note = "\n\n".join(part for part in parts if part)
        if len(note) <= LONGEST_TEXT and is_faultless(note):
            return note
    return ""


def _bare(words: str) -> str:
    """Words without their layout, for comparison."""
    return " ".join(words.replace("\n>", "\n").split())


def _path(address: str) -> str:
    """The path of an address, with a `/` at its end whether it names a folder or its index.html."""
    path = re.sub(r"^[a-z]+://[^/]*|[?#].*|index\.html$|single\.html$", "", address)
    return path if path.endswith("/") else path + "/"


def _moment(words: str) -> str | None:
    """A date-time without fractions of seconds, or its day where the rest is no RFC 3339; None if it is none."""
    whole = re.sub(r"\.[0-9]+", "", words.strip())
    for form in (whole, whole[:10]):
        try:
            return str(date_of(form, NOWHERE))
        except ContentError:
            continue
    return None
