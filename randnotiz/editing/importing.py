"""Annotations made elsewhere, by readers with Hypothesis or by editors in Word, as drafts in notes.yaml.

What is imported builds: quotations are unique here, and a reader's Markdown can do no harm. What cannot be placed is
listed with its nearest passage, and importing the same export again adds nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from randnotiz import analysis, quotes, slugs, yamldoc
from randnotiz.analysis import AnalysedArticle, SiteContext
from randnotiz.codes import Code
from randnotiz.diagnostics import NOWHERE, ContentError, Diagnostic, Position, SourceText, excerpts, with_excerpts
from randnotiz.editing import hypothesis_rows, jsonld_rows
from randnotiz.editing.files import read, write_changed
from randnotiz.editing.hypothesis_rows import MOST, Row
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
LONGEST_CONTEXT = 500  # characters before and after a quotation; clients give 32
NEAR_CONTEXT = 12
# Faults of a file that is left as it is.
_UNREADABLE: tuple[Code, ...] = ("encoding", "file-outside", "yaml-syntax", "limit-exceeded")
MOST_NEAREST = 100  # looking for the nearest passage takes milliseconds, and nobody reads on after so many


class Imported(Struct, frozen=True, kw_only=True):
    """What came of an import: the ids of the new drafts, how many were there already, and a line for each other row.

    `faults` are those of the export or of the article, because of which nothing was imported; `written` are the names
    of files of a text that was, and `left` is what its article still wants. `resolved` threads of
    comments were left out.
    """

    added: tuple[str, ...] = ()
    known: int = 0
    listed: tuple[str, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
    written: tuple[str, ...] = ()
    left: tuple[Diagnostic, ...] = ()
    resolved: int = 0


def import_hypothesis(raw: bytes, path: str, content: Path, slug: str) -> Imported:
    """The annotations of an export as drafts at the end of the article's notes.yaml. `path` is the export's name."""
    try:
        given = (jsonld_rows if jsonld_rows.is_ours(raw) else hypothesis_rows).rows(raw, path)
    except ContentError as error:
        return Imported(faults=with_excerpts([error.diagnostic], excerpts({path: raw})))
    context, diagnostics = analysis.read_context(content, drafts=True)
    article, more = analysis.analyse_folder(content, slug, context)
    diagnostics = (*more, *diagnostics)
    faults, path = tuple(each for each in diagnostics if each.severity == "error"), f"{slug}/notes.yaml"
    unreadable = tuple(each for each in faults if each.position.path == path and each.code in _UNREADABLE)
    document = article.annotated.document if article else None
    if article is None or document is None or unreadable:
        return Imported(faults=unreadable or faults)
    try:
        texts, outcome = drafted(given, article, document, context, content)
    except ContentError as error:
        return Imported(faults=(error.diagnostic,))
    except UneditableError as error:
        return Imported(faults=(Diagnostic(Position(f"{slug}/notes.yaml"), "value-malformed", str(error)),))
    write_changed(content / slug, texts)
    return outcome


def drafted(
    given: Sequence[Row],
    article: AnalysedArticle,
    document: Document,
    context: SiteContext,
    content: Path,
    kind: str = "hypothesis",
) -> tuple[Mapping[str, tuple[str, str]], Imported]:
    """Each file of the article that rows change, in the order of writing, with its old text and the new one; and what
    comes of them. `kind` is what their ids begin with. ContentError, UneditableError.
    """
    drafting = _Drafting(article, document, kind)
    drafts = drafting.drafts(given)
    old = {name: read(content / article.slug / name, content) for name in ("sources.yaml", "notes.yaml")}
    new, refused = _built(old, drafts, article, context)
    texts = {name: (old[name], text) for name, text in new.items() if text != old[name]}
    added = tuple(draft.id for draft in drafts if draft not in refused)
    listed = [*drafting.listed, *(_line(draft.row, "it would have faults here") for draft in refused)]
    return texts, Imported(added=added, known=drafting.known, listed=tuple(listed))


class _Draft(Struct, frozen=True, kw_only=True):
    """A row on its way to being a note, or a citation: its place in the text, -1 for the whole article, and what is
    written; with a new `source` of a citation, which is one with `cites`.
    """

    row: Row
    id: str
    place: int
    entry: dict[str, Entry]
    cites: str = ""
    source: dict[str, Entry] | None = None


def _built(
    old: Mapping[str, str], drafts: Sequence[_Draft], article: AnalysedArticle, context: SiteContext
) -> tuple[Mapping[str, str], Collection[_Draft]]:
    """The files with the drafts in them, without those in which the article would find a fault; and these."""
    refused: list[_Draft] = []
    while True:
        kept = [draft for draft in drafts if draft not in refused]
        new = dict(old)
        for name, key, entries in (
            ("sources.yaml", "sources", [draft.source for draft in kept if draft.source]),
            ("sources.yaml", "citations", [draft.entry for draft in kept if draft.cites]),
            ("notes.yaml", "notes", [draft.entry for draft in kept if not draft.cites]),
        ):
            new[name] = extend(new[name], f"{article.slug}/{name}", key, [*entries])
        faulty = _faulty({name: text for name, text in new.items() if text != old[name]}, article, context)
        more = [draft for draft in kept if draft.id in faulty or (draft.cites and draft.cites in faulty)]
        if not more:
            return new, refused
        refused += more


def _faulty(new: Mapping[str, str], article: AnalysedArticle, context: SiteContext) -> set[str]:
    """The ids of the notes, citations and sources in which an article with these files has a fault."""
    files = {**article.written.files, **{name: text.encode() for name, text in new.items()}}
    _, diagnostics = analysis.analyse(article.slug, files, context) if new else (None, ())
    faulty = set()
    for name, text in new.items():
        path = f"{article.slug}/{name}"
        root = yamldoc.parse(text, path)
        lists = (
            [each for each in root.values() if isinstance(each, yamldoc.List)]
            if isinstance(root, yamldoc.Map)
            else []
        )
        entries = [entry for each in lists for entry in each if isinstance(entry, yamldoc.Map)]
        for diagnostic in diagnostics:
            if diagnostic.severity == "error" and diagnostic.position.path == path:
                at = bisect_right(entries, diagnostic.position.line, key=lambda entry: entry.position.line) - 1
                faulty.add(str(entries[at].get(SourceText("id"))))
    return faulty


# ---- Rows to drafts ----


class _Drafting:
    """The rows of one export beside the article they are to be notes of. It is used once.

    `listed` says of each row that became nothing why, `known` counts those that are in the article already.
    """

    def __init__(self, article: AnalysedArticle, document: Document, kind: str) -> None:
        self.text, self.document = quotes.fold(document.text), document
        self.page = page_text(article.annotated, document)
        self.address, self.lang = f"/{article.slug}/", article.written.lang
        annotations = article.written.annotations
        self.ids = {annotation.id for annotation in annotations}
        written, self.kind = article.written, kind
        self.notes = {each.id: _bare(each.note) for each in written.editorial_notes}
        self.notes |= {each.id: _bare(each.note or "") for each in written.citations}
        self.sources = {str(source.csl.get("URL")): id for id, source in written.sources.items()}
        self.source_ids = set(written.citable)
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
        roots = {row.id for row in of_page if not row.parents and (row.text.strip() or row.source)}
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
        made = f"{self.kind}-{blake2b(row.id.encode('utf-8', 'replace'), digest_size=5).hexdigest()}"
        id_ = row.own_id or made
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
        entry |= row.more
        if row.source:
            return self._citation(_Draft(row=row, id=id_, place=place, entry=entry))
        return _Draft(row=row, id=id_, place=place, entry=entry)

    def _citation(self, draft: _Draft) -> _Draft:
        """A draft of a note as that of a citation, with its source where none has the address."""
        address, source = draft.row.source, None
        if address not in self.sources:
            host = slugs.ascii_slug(urlsplit(address).hostname or "") or "source"
            ids = (host, *(f"{host}-{number}" for number in range(2, MOST + 2)))
            self.sources[address] = next(each for each in ids if each not in self.source_ids)
            self.source_ids.add(self.sources[address])
            source = {"id": self.sources[address], "type": "webpage", "title": address, "URL": address}
        cites = self.sources[address]
        note = draft.entry["note"] or None
        of_note = draft.entry
        entry = {name: of_note[name] for name in ("id", "draft", "quote")} | {"sources": [cites], "note": note}
        entry |= {name: of_note[name] for name in ("author", "created", "modified")}
        return replace(draft, entry=entry, cites=cites, source=source)

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
        index, often = row.which
        found = quotes.find(self.text, row.exact) if often else ()
        if often and len(found) == often:
            return found[index]
        prefix, suffix = row.prefix[-LONGEST_CONTEXT:], row.suffix[:LONGEST_CONTEXT]
        near = (prefix[-NEAR_CONTEXT:], suffix[:NEAR_CONTEXT])  # without the numbers of other notes
        ways = [(prefix, suffix), (prefix, ""), ("", suffix), near, ("", "")]
        if row.plain and prefix + suffix:  # of words that are known to stand elsewhere, too
            ways.pop()
        for before, after in ways:
            found = quotes.find(self.text, row.exact, before, after, cut=True)
            if len(found) == 1:
                return found[0]
        for before, after in ways:
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
    if not row.text.strip() and not row.tags and not row.source:
        return "it is a highlight without words" if row.exact else "it says nothing"
    return "" if note or row.source else "its text is longer than a note can be"


def _exact(quote: Quote | None) -> str:
    return quote.exact if isinstance(quote, TextQuoteSelector) else ""


def _line(row: Row, why: str) -> str:
    """What is said of a row that did not become a note."""
    words = f" ('{_shown(row.exact or row.text)}')" if row.exact or row.text else ""
    by = f" by {_shown(row.author)}" if row.author else ""
    noun = "comment" if row.plain else "annotation"
    return f"{noun} {row.number}{by}{words}: {why}"


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
    for harmless in (literal,) if row.plain else (defused, literal):
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
