"""`search.js`: what of an article is searched, passage by passage, each with its kind and its place in the page."""

import csv
import io
import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from itertools import chain
from typing import Any, NamedTuple
from zlib import crc32

from randnotiz.citations import folder
from randnotiz.exports.annotations import annotation_of, noted, sum_of
from randnotiz.exports.context import ExportContext
from randnotiz.language import primary
from randnotiz.letters import HAN, SOUTH_EAST, on_one_line
from randnotiz.model import Annotation, Chart, CitationItem, CounterClaim, DrawnChart, EditorialNote, Figure, Json
from randnotiz.notes import footnote_id
from randnotiz.pages import views

SEARCH_TEXT = "search.js"  # beside the page
KINDS = ("article", "claim", "heading", "note", "text", "source")  # as numbers in the files
RANKS = (0, 0, 0, 1, 1, 2)  # of their words in `search_words`
LONGEST_WORD = 40  # characters; a longer one is as many of this length as begin at every twentieth
STEP = LONGEST_WORD // 2
BLOCK = 5_000  # characters of passages in a script
BITS_A_WORD = 6

_TAG = re.compile(r'<(?:img [^>]*alt="([^"]*)")?[^>]*>')  # a picture is what its words are
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W_]+")
# What is one letter to whoever looks for it: Turkish small letters of I and İ, sigma at the end of a Greek word.
_ONE_LETTER = (("ß", "ss"), ("ı", "i"), ("ς", "σ"), ("\u00ad", ""))
_UNSPACED = re.compile(f"[{SOUTH_EAST}{HAN}]+")


class Passage(NamedTuple):
    """A stretch of an article: its kind, the id of its place in the page (or the path of a source), its words."""

    kind: str
    place: str
    words: str


def search_files(edition: ExportContext, charts: Mapping[str, DrawnChart]) -> dict[str, bytes]:
    """The passages of an article as scripts, which a page may load from the disk where it could not fetch a file.

    The first has title, result and language, and of a short text all; of a longer one, which words are in which of
    the further ones, so that a question loads those alone that answer it.
    """
    rows: list[list[Json]] = [
        [KINDS.index(one.kind), one.place, on_one_line(one.words.replace("\u00ad", ""))]
        for one in _passages(edition, charts)
        if one.words
    ]
    article = edition.article
    title, result = edition.plain(article.title), edition.plain(article.result or article.abstract)
    blocks = list(_blocks(rows))
    if len(blocks) <= 2:
        return {SEARCH_TEXT: script(article.slug, [title, result, article.lang, [*rows]])}
    filters: list[Json] = [word_filter(folded(" ".join(str(row[2]) for row in block))) for block in blocks]
    files = {SEARCH_TEXT: script(article.slug, [title, result, article.lang, [], filters])}
    for at, block in enumerate(blocks):
        files[f"search/{at}.js"] = script(f"{article.slug}/{at}", [*block])
    return files


def _blocks(rows: Sequence[list[Json]]) -> Iterator[list[list[Json]]]:
    block: list[list[Json]] = []
    size = 0
    for row in rows:
        size += len(str(row[2]))
        if block and size > BLOCK:
            yield block
            block, size = [], len(str(row[2]))
        block.append(row)
    yield block


def word_filter(words: Iterable[str]) -> str:
    """Which words there are: a Bloom filter (`BITS_A_WORD`, three by CRC-32; Base64), wrong for one in twenty."""
    known = set(words)
    bits = bytearray(len(known) * BITS_A_WORD // 8 + 1)
    for word in known:
        crc = crc32(word.encode())
        for step in range(3):
            at = (crc + step * (crc >> 16 | 1)) % (len(bits) * 8)
            bits[at >> 3] |= 1 << (at & 7)
    return b64encode(bits).decode()


def script(name: str, value: Json) -> bytes:
    """A part of the index under its name."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f'(self.searchParts ??= {{}})["{name}"] = {text};\n'.encode()


def search_words(first: bytes, *more: bytes) -> str:
    """What is kept of `search_files` for the index of all articles: a line of words for each of its ranks.

    First its language behind an @ and the words of the title, the headings and the claims, then further ones of the
    text and the notes, then further ones of the sources.
    """
    title, result, lang, rows, *_ = _value(first)
    ranks = [f"{title} {result}"], list[str](), list[str]()
    for kind, _, words in chain(rows, *map(_value, more)):
        ranks[RANKS[kind]].append(words)
    seen = set[str]()
    lines = []
    for rank in ranks:
        words = set(folded(" ".join(set(" ".join(rank).split())))) - seen
        seen |= words
        lines.append(" ".join(sorted(words)))
    lines[0] = f"@{primary(lang)} {lines[0]}"
    return "\n".join(lines)


def _value(script: bytes) -> list[Any]:
    value: list[Any] = json.loads(script[script.index(b" = ") + 3 : -2])
    return value


def folded(text: str) -> list[str]:
    """The words of a text as they are compared: small letters without their marks (ü is u, ß is ss), pairs of
    characters where a script has no blanks.

    static/search.js does the same with what a reader types; a test holds the two together.
    """
    plain = text.lower()
    if not plain.isascii():
        for letter, one in _ONE_LETTER:
            plain = plain.replace(letter, one)
        plain = unicodedata.normalize("NFKD", plain)
        for mark in (char for char in set(plain) if unicodedata.category(char)[0] == "M"):
            plain = plain.replace(mark, "")
        plain = _UNSPACED.sub(lambda found: _pairs(found[0]), plain)
    words = [word for word in _WORD.findall(plain) if len(word) > 1 or not word.isascii()]
    if max(map(len, words), default=0) <= LONGEST_WORD:
        return words
    return [word[at : at + LONGEST_WORD] for word in words for at in range(0, max(len(word) - STEP, 1), STEP)]


def _pairs(run: str) -> str:
    return f" {' '.join(run[at : at + 2] for at in range(max(len(run) - 1, 1)))} "


def _passages(edition: ExportContext, charts: Mapping[str, DrawnChart]) -> Iterator[Passage]:
    article, corrected = edition.article, edition.article.corrected
    people = (str(author.name) for author in article.authors)
    about = (article.subtitle, article.abstract, *people, *article.topics)
    yield Passage("article", "", _joined(edition, *about))
    for claim in edition.annotated.claims:
        says = _joined(edition, claim.claim, claim.why, between=" – ")
        yield Passage("claim", f"claim-{claim.id}", f"{claim.claimed_by.name}{edition.lang.colon}{says}")
    yield from _text(edition)
    yield from _notes(edition)
    for picture in edition.annotated.document.pictures if edition.annotated.document else ():
        yield Passage("text", "", edition.plain(picture.alt))
    if article.image:
        yield Passage("text", "", _joined(edition, article.image.alt, article.image.credit))
    for drawn in charts.values():
        chart, cells = drawn.chart, chain.from_iterable(csv.reader(io.StringIO(drawn.csv)))
        names = " · ".join(cell for cell in dict.fromkeys(cells) if _LETTER.search(cell))
        for words in (_joined(edition, chart.title, chart.subtitle, chart.alt), *_words(edition, chart), names):
            yield Passage("text", f"chart-{chart.id}", words)
    yield from (Passage("note", place or "corrections", edition.plain(one.text)) for one, place in corrected)
    for reference in edition.references.values():
        known = " · ".join((reference.text, *views.facts(reference, edition.lang)))
        yield Passage("source", f"sources/{folder(reference.id)}/", known)


def _text(edition: ExportContext) -> Iterator[Passage]:
    """The blocks of the text below their headings, and those of its footnotes."""
    document = edition.annotated.document
    headings = iter([*edition.annotated.headings, None])
    place, coming = "", next(headings)
    for block in document.blocks if document else ():
        words = edition.annotated.reading[block.start : block.end]
        if document and block.flow:
            yield Passage("note", f"n-{footnote_id(document.labels[block.flow - 1])}", words)
        elif coming and words == coming.words:
            yield Passage("heading", coming.id, words)
            place, coming = coming.id, next(headings)
        else:
            yield Passage("text", place, words)


def _notes(edition: ExportContext) -> Iterator[Passage]:
    loose = (figure for figure in edition.article.figures.values() if not figure.quote)
    for id, annotation in (
        *((note.id, annotation_of(note)) for note in noted(edition)),
        *((one.id, one) for one in loose),
    ):
        yield from (Passage("note", f"n-{id}", words) for words in _words(edition, annotation))


def _joined(edition: ExportContext, *words: str | None, between: str = " · ") -> str:
    return between.join(edition.plain(some) for some in words if some)


def _words(edition: ExportContext, annotation: Annotation) -> Iterator[str]:
    """What readers see in the box of a note, but for what is the same in all of them."""
    if annotation.gist:
        yield edition.plain(annotation.gist)
    texts = [getattr(annotation, "note", None)]
    match annotation:
        case CounterClaim(by=by, counter=counter, reply=reply):
            yield str(by.name)
            texts = [counter, reply]
        case Figure():
            result = edition.annotated.results.figures[annotation.name]
            yield sum_of(edition, annotation)
            for one in edition.printer.view(result).inputs:
                yield _joined(edition, f"{one.label}: {one.amount}", one.assumed, one.note)
        case EditorialNote(term=term) if term:
            yield edition.plain(term)
    yield from (unescape(_TAG.sub(r" \1 ", edition.annotated.prose[text])) for text in texts if text)
    yield from (_joined(edition, use.passage, use.verbatim, use.locator) for use in _uses(edition, annotation))
    if annotation.author and edition.settings.note_authors:  # what readers see
        yield str(annotation.author.name)


def _uses(edition: ExportContext, annotation: Annotation) -> Iterable[CitationItem]:
    if isinstance(annotation, Chart):
        return annotation.sources
    return dict.fromkeys(views.uses_of(annotation, edition.annotated))
