"""Quotations that the text has lost, and for each the nearest passage as a proposal with its reason.

Nothing is ever chosen in silence: a proposal is safe only if it provably makes the same statement (`quotes.same`). Of
any other it is said in what it differs, in capital letters where that changes the statement itself.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from randnotiz import analysis, quotes, reader, schema
from randnotiz.analysis import AnalysedArticle
from randnotiz.diagnostics import ContentError, Diagnostic, Position
from randnotiz.editing.files import digest, write
from randnotiz.editing.patching import UneditableError, change, names, remove_field, way_to
from randnotiz.markdown import Document
from randnotiz.model import Article, Quote, RangeSelector, TextQuoteSelector
from randnotiz.quotes import Difference, Folded, Near
from randnotiz.schema import Record
from randnotiz.spans import Span

LITTLE = 0.75  # share of letters in common, below which an editor should know
CLEARLY = 0.1  # by how much the nearest passage must be nearer than the second
BETWEEN = 2_000  # characters from the first words of a passage to its last
MOST_WORDS = 40  # that the end of a long passage is given until nothing else is called so

# Words that nearness takes for words like others, but which turn a statement round when one of them comes or goes.
_TURNS = """
    mehr weniger höher niedriger größer kleiner steigt sinkt steigen sinken stieg sank stiegen sanken gestiegen
    gesunken wächst schrumpft wachsen schrumpfen teurer billiger teuer billig schneller langsamer stärker schwächer
    über unter vor nach seit bis ab gegen für mit alle einige manche viele wenige immer selten manchmal mindestens
    höchstens maximal minimal fast kaum knapp nur auch vielleicht angeblich mutmaßlich wohl legal illegal erlaubt
    verboten
    more less fewer higher lower larger smaller rises falls rise fall rose fell risen fallen grows shrinks faster
    slower cheaper dearer stronger weaker above below over under before after since until against for with all some
    many few always rarely sometimes maximum minimum almost barely only allegedly reportedly possibly legal illegal
    allowed forbidden
"""
_TURNING = frozenset(_TURNS.split())

_FAR = "no passage of the text is near"
_UNREADABLE = "the file has faults that must be mended first"


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """A change of one quotation: the way to its words and what they are to be; context only where it is needed."""

    way: tuple[str | int, ...]
    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Orphan:
    """A quotation that the text has lost. Without `edits` there is nothing to propose, and `reason` says why.

    `what` names the annotation, `words` are those that are gone, `alarm` says in capital letters what must not be
    overlooked; `line` is that of the proposed passage in article.md.
    """

    position: Position
    what: str
    words: str
    reason: str
    edits: tuple[Edit, ...] = ()
    line: int = 0
    alarm: str = ""
    safe: bool = False


# What becomes of a proposal, shown with its file's text before and after: taken, not taken, or None for no more.
Decide = Callable[[Orphan, str, str], bool | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reanchored:
    """How many lost quotations of an article were mended and how many are left; and its other faults."""

    mended: int
    left: int
    faults: tuple[Diagnostic, ...]
    stopped: bool = False


def reanchor(content: Path, slug: str, decide: Decide) -> Reanchored:
    """The article's files with those lost quotations mended that somebody decides to take.

    ConflictError if a file is changed by somebody else meanwhile; what was taken before that is written.
    """
    context, diagnostics = analysis.read_context(content, drafts=True)
    article, more = analysis.analyse_folder(content, slug, context)
    faults = tuple(
        each for each in (*more, *diagnostics) if each.severity == "error" and each.code != "quote-missing"
    )
    texts = article_texts(article.written) if article else {}
    found = lost(article, texts) if article else ()
    mended = 0
    for one in found:
        path = one.position.path
        try:
            new = applied(texts[path], path, one)
        except UneditableError as error:
            one, new = replace(one, edits=(), reason=str(error)), texts[path]
        answer = decide(one, texts[path], new)
        if answer is None:
            return Reanchored(mended=mended, left=len(found) - mended, faults=faults, stopped=True)
        if answer and one.edits:
            write(content / path, new, digest(texts[path]))
            texts[path] = new
            mended += 1
    return Reanchored(mended=mended, left=len(found) - mended, faults=faults)


def article_texts(article: Article) -> dict[str, str]:
    """The texts of the files an article is written in, by their paths below the content folder; without what is not
    UTF-8.
    """
    texts = {}
    for name in reader.FILES:
        with suppress(KeyError, UnicodeDecodeError):
            texts[f"{article.slug}/{name}"] = article.files[name].decode()
    return texts


@dataclass(frozen=True, kw_only=True, slots=True)
class _Searched:
    """The text that lost quotations are looked for in, and its language. `uncertain` says that a number in it is not
    known, because figures.yaml has faults.
    """

    text: Folded
    lang: str
    document: Document
    uncertain: bool


def lost(article: AnalysedArticle, sources: dict[str, str]) -> tuple[Orphan, ...]:
    """Every quotation of an article that stands nowhere in its text, in the order of the files.

    `sources` are the texts of the article's files by their path below the content folder, to write changes into.
    """
    written, annotated = article.written, article.annotated
    if annotated.document is None:
        return ()
    uncertain = bool(annotated.results.broken) or "figures.yaml" in written.broken
    text = quotes.fold(annotated.reading)
    searched = _Searched(text=text, lang=written.lang, document=annotated.document, uncertain=uncertain)
    found = (_lost(searched, what, quote, sources) for what, quote in _quotes(written))
    return tuple(sorted((one for one in found if one), key=lambda one: one.position))


def applied(source: str, path: str, one: Orphan) -> str:
    """The text of a file with the edits of a lost quotation made in it."""
    for edit in one.edits:
        source = _edited(source, path, edit)
    return source


def diff(old: str, new: str, path: str, what: str) -> str:
    """The lines in which two texts of a file differ, as a unified diff without context; empty if none do."""
    if old == new:
        return ""
    before, after = old.split("\n"), new.split("\n")
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    gone, come = before[start : len(before) - end], after[start : len(after) - end]
    head = f"@@ -{start + 1},{len(gone)} +{start + 1},{len(come)} @@ {what}"
    rows = [f"--- {path}", f"+++ {path}", head, *(f"-{line}" for line in gone), *(f"+{line}" for line in come)]
    return "\n".join(row.rstrip("\r") for row in rows)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(one, other, strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _edited(source: str, path: str, edit: Edit) -> str:
    *at, name = edit.way
    if name != "exact":
        context = {"exact": edit.exact, "prefix": edit.prefix or None, "suffix": edit.suffix or None}
        return change(source, path, at, name, context if edit.prefix or edit.suffix else edit.exact)
    source = change(source, path, at, name, edit.exact)
    there = names(source, path, at)
    for name, words in (("prefix", edit.prefix), ("suffix", edit.suffix)):
        if words:
            source = change(source, path, at, name, words)
        elif name in there:
            source = remove_field(source, path, at, name)
    return source


# ----------------------------------------------------------------------------------------------------
# What is lost
# ----------------------------------------------------------------------------------------------------


def _quotes(article: Article) -> Iterator[tuple[str, Quote]]:
    """Every quotation of an article with the name of what it belongs to."""
    annotations = (*article.citations, *article.counterclaims, *article.charts, *article.editorial_notes)
    named: tuple[tuple[str, Record], ...] = (
        *((one.id, one) for one in annotations),
        *article.quantities.items(),
        *article.figures.items(),
    )
    for name, record in named:
        for quote in schema.texts(record, "quote"):
            yield f"{record.noun} '{name}'", quote
    for words in article.covered:
        yield "covered passage", TextQuoteSelector(exact=words, position=words.position)


def _lost(searched: _Searched, what: str, quote: Quote, sources: dict[str, str]) -> Orphan | None:
    if isinstance(quote, RangeSelector):
        return _lost_ends(searched, what, quote, sources)
    text, words = searched.text, quote.exact
    if quotes.find(text, words, quote.prefix, quote.suffix):
        return None
    place = words.position
    found = _same(searched, words, quote.prefix, quote.suffix) or _nearest(text, quote)
    if found is None:
        return Orphan(position=place, what=what, words=str(words), reason=_FAR)
    named, way = quotes.minimal_selector(text, found.span), _way(sources, place)
    if way is None:
        return Orphan(position=place, what=what, words=str(words), reason=_UNREADABLE)
    if named is None:
        reason = "the nearest passage stands too often to be named"
        return Orphan(position=place, what=what, words=str(words), reason=reason)
    exact, prefix, suffix = named
    if way[0] == "covered":  # means every place of its words
        prefix = suffix = ""
    edit = Edit(way=way, exact=exact, prefix=prefix, suffix=suffix)
    return _proposed(searched, place, what, str(words), (edit,), [found])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """The passage that a lost quotation most likely meant; `rival` is the score of the next best.

    With `same` it is the only one that provably makes the same statement.
    """

    span: Span
    score: float
    rival: float
    differences: tuple[Difference, ...]
    shorter: bool = False
    same: bool = False


def _same(searched: _Searched, exact: str, prefix: str = "", suffix: str = "") -> _Found | None:
    """The only passage that provably states what a quotation states."""
    spans = quotes.same(searched.text, exact, prefix, suffix, searched.lang)
    if len(spans) != 1:
        return None
    found = quotes.differences(exact, searched.text.source[slice(*spans[0])])
    return _Found(span=spans[0], score=1.0, rival=0.0, differences=found, same=True)


def _nearest(text: Folded, quote: TextQuoteSelector) -> _Found | None:
    """The passage nearest to a quotation; where it has a context, the one in the passage nearest to all of it."""
    inner = quotes.nearest(text, quote.exact)
    if not (quote.prefix or quote.suffix):
        return _first(inner)
    whole = _first(quotes.nearest(text, " ".join(filter(None, (quote.prefix, quote.exact, quote.suffix)))))
    if whole is None:
        return _first(inner)
    for span in quotes.find(text, quote.exact):
        if whole.span[0] <= span[0] and span[1] <= whole.span[1]:
            return _Found(span=span, score=whole.score, rival=whole.rival, differences=whole.differences)
    inside = [near for near in inner if near.span[0] < whole.span[1] and whole.span[0] < near.span[1]]
    found = _first(inside) or _first(inner)
    if found is None:
        return None
    both = dict.fromkeys((*found.differences, *whole.differences))
    return _Found(
        span=found.span, score=found.score, rival=whole.rival, differences=tuple(both), shorter=found.shorter
    )


def _first(nears: Sequence[Near]) -> _Found | None:
    if not nears:
        return None
    best, rival = nears[0], nears[1].score if len(nears) > 1 else 0.0
    return _Found(span=best.span, score=best.score, rival=rival, differences=best.differences, shorter=best.shorter)


def _way(sources: dict[str, str], place: Position) -> tuple[str | int, ...] | None:
    """The way to the words that stand at a place of a file, None if that has a fault in it."""
    try:
        return way_to(sources[place.path], place.path, place)
    except ContentError:
        return None


def _proposed(
    searched: _Searched, place: Position, what: str, words: str, edits: tuple[Edit, ...], found: Sequence[_Found]
) -> Orphan:
    """A proposal, with why it is or is not safe."""
    differences = tuple(difference for one in found for difference in one.differences)
    same = all(one.same for one in found)
    alike = "only typography or blanks differ" if same else "the same words now stand in another context"
    reasons = [quotes.describe(differences) if differences else alike]
    if not same and {one.kind for one in differences} <= {"case", "punctuation"}:
        reasons.append("what stands beside it in its sentence may have changed")
    if any(one.score - one.rival <= CLEARLY for one in found):
        reasons.append("another passage is about as near")
    if any(one.score < LITTLE for one in found):
        reasons.append("the two have little in common")
    if any(one.shorter for one in found):
        reasons.append("it says less than was quoted")
    if searched.uncertain:
        reasons.append("the numbers that figures.yaml prints could not be computed")
    return Orphan(
        position=place,
        what=what,
        words=words,
        reason="; ".join(reasons),
        edits=edits,
        line=searched.document.position(found[0].span[0]).line,
        alarm="" if same else _alarm(differences),
        safe=same and not searched.uncertain,
    )


def _alarm(differences: Sequence[Difference]) -> str:
    """In capital letters, what changes a statement rather than its wording."""
    kinds = {difference.kind for difference in differences}
    named = [f"A {kind.upper()}" for kind in ("number", "negation", "name") if kind in kinds]
    turned = any(
        difference.kind in ("word", "order", "spelling")
        and {word.lower() for words in (difference.quoted, difference.found) for word in words.split()} & _TURNING
        for difference in differences
    )
    if turned:
        named.append("A WORD THAT TURNS A STATEMENT")
    if not named:
        return ""
    listed = " AND ".join((", ".join(named[:-1]), named[-1])) if len(named) > 1 else named[0]
    return f"{listed} {'DIFFERS' if len(named) == 1 else 'DIFFER'}"


# ----------------------------------------------------------------------------------------------------
# Passages named by their two ends
# ----------------------------------------------------------------------------------------------------


def _lost_ends(searched: _Searched, what: str, quote: RangeSelector, sources: dict[str, str]) -> Orphan | None:
    """A passage of which one end or both are gone."""
    text = searched.text
    between = quotes.find_between(text, quote.start, quote.end)
    if between.problem in (None, "from-ambiguous"):
        return None
    edits: list[Edit] = []
    found: list[_Found] = []
    start, words = between.starts[0] if between.starts else (0, 0), f"{quote.start} … {quote.end}"
    place = quote.end.position if between.starts else quote.start.position
    nothing = Orphan(position=place, what=what, words=words, reason=_FAR)
    new_start = str(quote.start)
    if not between.starts:
        near = _same(searched, quote.start) or _first(quotes.nearest(text, quote.start))
        named = near and _lengthened(text, near.span, 1, lambda words: len(quotes.find(text, words)) == 1)
        way = _way(sources, quote.start.position)
        if near is None or not named or way is None:
            return nothing
        new_start, start = named, quotes.find(text, named)[0]
        edits.append(Edit(way=way, exact=named))
        found.append(near)
    if quotes.find_between(text, new_start, quote.end).passage is None:
        near = _same(searched, quote.end)
        if near is None or not 0 <= near.span[0] - start[1] <= BETWEEN:
            behind = [near for near in quotes.nearest(text, quote.end) if 0 <= near.span[0] - start[1] <= BETWEEN]
            near = _first(behind)
        way = _way(sources, quote.end.position)
        if near is None or way is None:
            return nothing
        stop = near.span[1]

        def ends_there(words: str) -> bool:
            passage = quotes.find_between(text, new_start, words).passage
            return passage is not None and passage[1] == stop

        named = _lengthened(text, near.span, -1, ends_there)
        if not named:
            return nothing
        edits.append(Edit(way=way, exact=named))
        found.append(near)
    return _proposed(searched, place, what, words, tuple(edits), found)


def _lengthened(text: Folded, span: Span, direction: Literal[1, -1], holds: Callable[[str], bool]) -> str:
    """The words of a span, with as many more behind (or before) them as it takes until something holds of them."""
    start, end = span
    for _ in range(MOST_WORDS):
        words = " ".join(text.source[start:end].split())
        if holds(words):
            return words
        further = Span(start, min(end + 2, len(text.source))) if direction > 0 else Span(max(0, start - 2), end)
        wider = quotes.whole_words(text, further)
        if wider == (start, end):
            break
        start, end = wider
    return ""
