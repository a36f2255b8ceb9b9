"""`search.js`: what of an article is searched, passage by passage, each with its kind and its place in the page."""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from randnotiz.citations import folder
from randnotiz.exports.annotations import annotation_of, noted, sum_of
from randnotiz.exports.context import ExportContext
from randnotiz.exports.passages import text_of
from randnotiz.model import Annotation, Citation, CounterClaim, EditorialNote, Figure, Json

SEARCH_TEXT = "search.js"  # beside the page
KINDS = ("article", "claim", "heading", "note", "text", "source")  # as numbers in the files
RANKS = (0, 0, 0, 1, 1, 2)  # of their words in `search_words`
LONGEST_WORD = 40  # characters

_WORD = re.compile(r"[^\W_]+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
# Written without blanks between words: Thai, Lao, Burmese, Khmer; Kana and Han with their extensions.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]+")


class Passage(NamedTuple):
    """A stretch of an article: its kind, the id of its place in the page (or the path of a source), its words."""

    kind: str
    place: str
    words: str


def search_text(edition: ExportContext) -> bytes:
    """The passages of an article as a script, which a page may load from the disk where it could not fetch a file."""
    rows: list[Json] = [
        [KINDS.index(one.kind), one.place, " ".join(one.words.replace("\u00ad", "").split())]
        for one in _passages(edition)
        if one.words
    ]
    article = edition.article
    title, result = edition.plain(article.title), edition.plain(article.result or article.abstract)
    return script(article.slug, [title, result, article.lang, rows])


def script(name: str, value: Json) -> bytes:
    """A part of the index under its name."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f'(self.searchParts ??= {{}})["{name}"] = {text};\n'.encode()


def search_words(script: bytes) -> str:
    """What is kept of `search_text` for the index of all articles: a line of words for each of its ranks.

    First the words of the title, the headings and the claims, then further ones of the text and the notes, then
    further ones of the sources.
    """
    title, result, _, rows = json.loads(script[script.index(b" = ") + 3 : -2])
    ranks = [f"{title} {result}"], list[str](), list[str]()
    for kind, _, words in rows:
        ranks[RANKS[kind]].append(words)
    seen = set[str]()
    lines = []
    for rank in ranks:
        words = set(folded(" ".join(set(" ".join(rank).split())))) - seen
        seen |= words
        lines.append(" ".join(sorted(words)))
    return "\n".join(lines)


def folded(text: str) -> list[str]:
    """The words of a text as they are compared: small letters without their marks (ü is u, ß is ss), pairs of
    characters where a script has no blanks.

    static/search.js does the same with what a reader types; a test holds the two together.
    """
    if text.isascii():
        plain = text.lower()
    else:
        spread = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss").replace("\u00ad", ""))
        plain = _BEYOND_ASCII.sub(lambda found: _unmarked(found[0]), spread)
        plain = _UNSPACED.sub(lambda found: _pairs(found[0]), plain)
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain) if len(word) > 1 or not word.isascii()]


def _unmarked(run: str) -> str:
    return "".join(char for char in run if unicodedata.category(char)[0] != "M")


def _pairs(run: str) -> str:
    return f" {' '.join(run[at : at + 2] for at in range(max(len(run) - 1, 1)))} "


def _passages(edition: ExportContext) -> Iterator[Passage]:
    annotated, article = edition.annotated, edition.article
    about = (article.subtitle, article.abstract, *(str(author.name) for author in article.authors))
    yield Passage("article", "", " · ".join(edition.plain(words) for words in about if words))
    for claim in annotated.claims:
        why = [edition.plain(claim.why)] if claim.why else []
        yield Passage("claim", f"claim-{claim.id}", " – ".join([edition.plain(claim.claim), *why]))
    headings = iter([*annotated.headings, None])
    place, coming = "", next(headings)
    footnotes = {note.id: text_of(note.body).strip() for note in annotated.notes if note.body}
    for id, words in footnotes.items():
        yield Passage("note", f"n-{id}", words)
    for line in annotated.reading.split("\n"):
        if line in footnotes.values():
            continue
        if coming and line == coming.words:
            yield Passage("heading", coming.id, line)
            place, coming = coming.id, next(headings)
        else:
            yield Passage("text", place, line)
    for note in noted(edition):
        for words in _words(edition, annotation_of(note)):
            yield Passage("note", f"n-{note.id}", words)
    for chart in article.charts:
        yield Passage("text", f"chart-{chart.id}", edition.plain(chart.title))
    for reference in edition.references.values():
        yield Passage("source", f"sources/{folder(reference.id)}/", reference.text)


def _words(edition: ExportContext, annotation: Annotation) -> Iterator[str]:
    """What readers see in the box of a note."""
    if annotation.gist:
        yield edition.plain(annotation.gist)
    match annotation:
        case Citation(sources=sources, note=note):
            yield from (edition.plain(use.passage) for use in sources if use.passage)
            texts = [note]
        case CounterClaim(by=by, counter=counter, reply=reply):
            yield str(by.name)
            texts = [counter, reply]
        case Figure(note=note):
            yield sum_of(edition, annotation)
            texts = [note]
        case EditorialNote(term=term, note=note):
            yield edition.plain(term) if term else ""
            texts = [note]
    yield from (edition.plain_text(text) for text in texts if text)
