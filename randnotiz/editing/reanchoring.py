"""Quotations that the text has lost, and for each the nearest passage as a proposal with its reason.

Nothing is ever chosen in silence: a proposal is safe only if it provably makes the same statement, which only an
earlier text can show (`quotes.unchanged`). Of any other it is said in what it differs, in capital letters where that
changes the statement itself.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Literal

from msgspec import DecodeError, Struct, json
from msgspec.structs import replace

from randnotiz import analysis, earlier, notes, quotes, reader, schema
from randnotiz.analysis import AnalysedArticle, SiteContext
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText
from randnotiz.editing.files import digest, write
from randnotiz.editing.patching import UneditableError, change, names, remove_field, way_to
from randnotiz.markdown import Document
from randnotiz.model import Article, Quote, RangeSelector, TextQuoteSelector
from randnotiz.quotes import Change, Difference, Folded, Near, Surroundings
from randnotiz.schema import Record
from randnotiz.spans import Span

LITTLE = 0.75  # share of letters in common, below which an editor should know
CLEARLY = 0.1  # by how much the nearest passage must be nearer than the second
# What a passage must have in common with a quotation of at most so many characters and its context, and with a longer
# one, or that may well be gone: measured on what becomes of a deleted sentence, tests/benchmarks/refinding.py.
SHORT, NEAR_SHORT, NEAR = 32, 0.8, 0.65
VERY_SHORT = 12  # characters, below which the words that stand in a known context now are what was meant
BETWEEN = 2_000  # characters from the first words of a passage to its last
MOST_LISTED = 5  # places of words that stand more than once
MOST_WORDS = 40  # that the end of a long passage is given until nothing else is called so

_COVERED = "covered passage"
_FAR = "no passage of the text is near"
_AROUND = "what stands around it may have changed"
_UNREADABLE = "the file has faults that must be mended first"


class Edit(Struct, frozen=True, kw_only=True):
    """A change of one quotation: the way to its words and what they are to be; context only where it is needed."""

    way: tuple[str | int, ...]
    exact: str
    prefix: str = ""
    suffix: str = ""


class Orphan(Struct, frozen=True, kw_only=True):
    """A quotation that the text has lost. Without `edits` there is nothing to propose, and `reason` says why.

    `what` names the annotation, `words` are those that are gone, `alarm` says in capital letters what must not be
    overlooked; `line` is that of the proposed passage in article.md; `way` leads to the words, if other words can be
    given for them. `earlier` names the text that was compared with,
    if one is known that held the quotation.
    """

    position: Position
    what: str
    words: str
    reason: str
    edits: tuple[Edit, ...] = ()
    line: int = 0
    alarm: str = ""
    safe: bool = False
    earlier: str = ""
    way: tuple[str | int, ...] | None = None


Places = Callable[[Folded, str, str, str], list[Span]]
# What becomes of a proposal, shown with its file's text before and after: taken, not taken, other words instead, or
# None for no more.
Decide = Callable[[Orphan, str, str], bool | str | None]


class EarlierText(Struct, frozen=True, kw_only=True):
    """A reading text of an article as it was, folded, what stands around passages of it, and its name."""

    name: str
    text: Folded
    around: Surroundings


class EarlierTexts:
    """The earlier texts of an article, each made when it is first asked for."""

    def __init__(self, texts: Iterator[EarlierText]) -> None:
        self.made: list[EarlierText] = []
        self.texts = texts

    def __iter__(self) -> Iterator[EarlierText]:
        yield from self.made
        for text in self.texts:
            self.made.append(text)
            yield text


class Reanchored(Struct, frozen=True, kw_only=True):
    """How many lost quotations of an article were mended and how many are left; and its other faults."""

    mended: int
    left: int
    faults: tuple[Diagnostic, ...]
    stopped: bool = False


def reanchor(
    content: Path, slug: str, decide: Decide, cache: Path | None = None, against: Path | None = None
) -> Reanchored:
    """The article's files with those lost quotations mended that somebody decides to take.

    They are compared with the article.md `against`; or with the text kept in the cache and those that git has.
    ContentError if nothing can be read in it. ConflictError if a file is changed by somebody else meanwhile; what was
    taken before that is written.
    """
    context, diagnostics = analysis.read_context(content, drafts=True)
    article, more = analysis.analyse_folder(content, slug, context)
    faults = tuple(
        each for each in (*more, *diagnostics) if each.severity == "error" and each.code != "quote-missing"
    )
    texts = article_texts(article.written) if article else {}
    file = against and against.resolve()
    body = reader.load_file(file, file.as_posix(), file.parent) if file else None
    found: tuple[Orphan, ...] = ()
    if article:
        earlier_texts = EarlierTexts(_earlier(content, article, context, cache, against, body))
        if against:
            next(iter(earlier_texts), None)  # what is wrong with it is said, whatever is lost
        found = lost(article, texts, earlier_texts)
    proposed = {one.position for one in found}
    faults = tuple(each for each in faults if each.code != "quote-ambiguous" or each.position not in proposed)
    mended = 0
    for one in found:
        path = one.position.path
        try:
            new = applied(texts[path], path, one)
        except UneditableError as error:
            one, new = replace(one, edits=(), reason=str(error)), texts[path]
        answer = decide(one, texts[path], new)
        proposal = one
        while article and isinstance(answer, str):
            one = _with_words(article, proposal, answer)
            new = applied(texts[path], path, one)
            answer = decide(one, texts[path], new)
        if answer is None:
            return Reanchored(mended=mended, left=len(found) - mended, faults=faults, stopped=True)
        if answer and one.edits:
            write(content / path, new, digest(texts[path]))
            texts[path] = new
            mended += 1
    return Reanchored(mended=mended, left=len(found) - mended, faults=faults)


def _earlier(
    content: Path,
    article: AnalysedArticle,
    context: SiteContext,
    cache: Path | None,
    against: Path | None,
    body: bytes | None,
) -> Iterator[EarlierText]:
    """The earlier texts of an article, the best first."""
    slug, written = article.slug, article.written

    def read(name: str, body: bytes) -> Iterator[EarlierText]:
        """An article.md as it would read with the numbers of today; its notes take no part in that, only time."""
        files = {name: one for name, one in written.files.items() if name not in ("notes.yaml", "counterclaims.yaml")}
        was, found = analysis.analyse(slug, {**files, "article.md": body}, context)
        if was is not None and was.annotated.document is not None:
            around = notes.surroundings(was.written, was.annotated.document, None)
            yield EarlierText(name=name, text=quotes.fold(around.text), around=around)
        elif against is not None:
            fault = next(one for one in found if one.position.path == f"{slug}/article.md")
            place = fault.position._replace(path=against.resolve().as_posix())
            raise ContentError(place, fault.code, fault.message, fault.hint)

    if against is not None and body is not None:
        yield from read(against.as_posix(), body)
        return
    redirects = context.settings.redirects if context.settings else {}
    former = [old for old, new in redirects.items() if new == slug]
    for one in (slug, *former):
        with suppress(DecodeError):  # an older version kept less
            around = json.decode((cache and earlier.kept(cache, content, one)) or "", type=Surroundings)
            name = "the text in which all quotations were last found"
            yield EarlierText(name=name, text=quotes.fold(around.text), around=around)
    for commit, body in earlier.committed(content / slug, former):
        yield from read(f"article.md of commit {commit}", body)


def _with_words(article: AnalysedArticle, one: Orphan, words: str) -> Orphan:
    """The proposal with other words, which must stand in the text once; else what tells their places apart."""
    text = quotes.fold(article.annotated.reading)
    line = re.fullmatch(r"\{exact: (.+?)(?:, prefix: (.+?))?(?:, suffix: (.+?))?\}", words)  # as it is listed below
    words, prefix, suffix = line.groups("") if line else (words, "", "")
    places = quotes.find(text, words, prefix, suffix)
    if len(places) != 1 or one.way is None:
        around = [quotes.context(text, place) for place in places[:MOST_LISTED]]
        parts = [
            [f"{side}: {part}" for side, part in zip(("prefix", "suffix"), both or (), strict=False) if part]
            for both in around
        ]
        lines = "".join(f"\n    {{exact: {words}, {', '.join(part)}}}" for part in parts if part)
        return replace(one, reason=f"'{words}' stands {len(places)} times in the text; {one.reason}{lines}")
    exact = text.shown(text.to_folded(places[0].start), text.to_folded(places[0].end))
    at = article.annotated.document.line(places[0].start) if article.annotated.document else 0
    edit = Edit(way=one.way, exact=exact, prefix=prefix, suffix=suffix)
    found = quotes.differences(one.words, exact, article.written.lang)
    reason = "; ".join(("these are your own words", *([quotes.describe(found)] if found else [])))
    return replace(one, edits=(edit,), line=at, reason=reason, alarm=_alarm(found), safe=False)


def article_texts(article: Article) -> dict[str, str]:
    """The texts of an article's files, by path below the content folder, without what is not UTF-8."""
    texts = {}
    for name in reader.FILES:
        with suppress(KeyError, UnicodeDecodeError):
            texts[f"{article.slug}/{name}"] = article.files[name].decode()
    return texts


class _Searched(Struct, frozen=True, kw_only=True):
    """The text that lost quotations are looked for in, its language, and its earlier versions, the best first.

    `uncertain` says that a number in it is not known, because figures.yaml has faults.
    """

    text: Folded
    lang: str
    document: Document
    around: Surroundings
    uncertain: bool
    earlier: Iterable[EarlierText]
    sources: dict[str, str]


def lost(
    article: AnalysedArticle,
    sources: dict[str, str],
    earlier_texts: Iterable[EarlierText] = (),
    around: Surroundings | None = None,
    lines: Collection[tuple[str, int]] | None = None,
) -> tuple[Orphan, ...]:
    """Every quotation of an article that its text has lost, or of those on some lines of its files, in the order of
    the files; with an earlier text also what stands twice now.

    `sources` are the texts of the article's files by their path below the content folder, to write changes into.
    `around` is what stands around passages, if it is known otherwise than from its document.
    """
    written, annotated = article.written, article.annotated
    if annotated.document is None:
        return ()
    searched = _Searched(
        text=quotes.fold(annotated.reading),
        lang=written.lang,
        document=annotated.document,
        around=around or notes.surroundings(written, annotated.document, annotated.results),
        uncertain=bool(annotated.results.broken) or "figures.yaml" in written.broken,
        earlier=earlier_texts,
        sources=sources,
    )
    found = (
        _lost(searched, what, quote)
        for what, quote in quotations(written)
        if lines is None or any(end.position[:2] in lines for end in _ends(quote))
    )
    return tuple(sorted((one for one in found if one), key=lambda one: one.position))


def _ends(quote: Quote) -> tuple[SourceText, ...]:
    return (quote.start, quote.end) if isinstance(quote, RangeSelector) else (quote.exact,)


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


# ---- What is lost ----


def quotations(article: Article) -> Iterator[tuple[str, Quote]]:
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
        yield _COVERED, TextQuoteSelector(exact=words, position=words.position)


def _lost(searched: _Searched, what: str, quote: Quote) -> Orphan | None:
    if isinstance(quote, RangeSelector):
        return _lost_ends(searched, what, quote)
    text, words = searched.text, quote.exact
    every = what == _COVERED  # which means all places of its words
    there = quotes.find(text, words, quote.prefix, quote.suffix)
    if len(there) == 1 or (there and every):
        return None
    found = _found(searched, words, quote.prefix, quote.suffix)
    if there:
        if not found.earlier or found.span not in there:
            return None  # a fault of its own
        reason = f"these words stand {len(there)} times now, here as before"
        found = replace(found, same=False, change="doubled", reasons=(reason,))
    place, way = words.position, _way(searched.sources, words.position)
    named = found.span and quotes.minimal_selector(text, found.span)
    if found.span and way is None:
        found = _Found(reasons=(_UNREADABLE,), earlier=found.earlier)
    elif found.span and named is None:
        found = _Found(reasons=("the nearest passage stands too often to be named",), earlier=found.earlier)
    if found.span is None or named is None or way is None:
        return replace(_proposed(searched, place, what, str(words), (), [found]), way=way)
    exact, prefix, suffix = named
    edit = Edit(way=way, exact=exact, prefix="" if every else prefix, suffix="" if every else suffix)
    return replace(_proposed(searched, place, what, str(words), (edit,), [found]), way=way)


class _Found(Struct, frozen=True, kw_only=True):
    """The passage that a lost quotation most likely meant, if there is one, and why. `earlier` names the text that it
    was compared with. With `same` it provably makes the same statement.
    """

    span: Span | None = None
    differences: tuple[Difference, ...] = ()
    reasons: tuple[str, ...] = ()
    same: bool = False
    change: Change = "reworded"
    earlier: str = ""
    denied: str = ""  # the negation that stands beside it now


def _found(
    searched: _Searched, exact: str, prefix: str = "", suffix: str = "", places: Places = quotes.find
) -> _Found:
    """What became of a quotation. `places` are those it has in an earlier text; the first that has one counts."""
    for was in searched.earlier:
        spans = places(was.text, exact, prefix, suffix)
        if len(spans) != 1:
            continue
        span = spans[0]
        around = was.around, searched.around
        refound = quotes.refind(was.text, searched.text, span, searched.lang, around)
        if refound.near is None:
            sides = [f"'{side}'" for side in (refound.before, refound.behind) if side]
            where = " between " if len(sides) == 2 else " behind " if refound.before else " before "
            gone = f"nothing says this any more; it stood{where * bool(sides)}{' and '.join(sides)}"
            return _Found(reasons=(gone,), change="deleted", earlier=was.name)
        near, differences = refound.near, refound.near.differences
        if refound.same or refound.change in ("split", "merged"):  # then its sentence has lost words that it has not
            passages = was.text.source[slice(*span)], searched.text.source[slice(*refound.near.span)]
            differences = quotes.differences(*passages, searched.lang)
            near = replace(near, span=Span(0, len(passages[1])), differences=differences)
        beside = was.text.source[max(0, span.start - quotes.MOST_LETTERS) : span.end + quotes.MOST_LETTERS]
        contexts = _other_context(searched.text, refound.near.span, prefix, suffix)
        return _Found(
            span=refound.near.span,
            differences=differences,
            reasons=tuple(filter(None, (_CHANGES.get(refound.change, ""), *_doubts(near), *contexts))),
            same=refound.same,
            change=refound.change,
            earlier=was.name,
            denied=quotes.denied(searched.text, refound.near.span, beside, searched.lang),
        )
    return _nearest(searched, exact, prefix, suffix)


_CHANGES: dict[Change, str] = {
    "moved": "it was moved",
    "doubled": "its sentence stands more than once now",
    "split": "its sentence was split",
    "merged": "its sentence was joined to another",
}


def _nearest(searched: _Searched, exact: str, prefix: str, suffix: str) -> _Found:
    """The passage nearest to a quotation with its context, or if that is gone, to the quotation alone."""
    text, near = searched.text, partial(notes.nearest, searched.document, searched.text, lang=searched.lang)
    whole = " ".join(filter(None, (prefix, exact, suffix)))
    start = len(prefix) + bool(prefix)
    nears = near(whole, Span(start, start + len(exact))) or near(exact)
    beside = _beside_context(searched, exact, prefix, suffix)
    if beside and (not nears or set(range(*beside[0].span)).isdisjoint(range(*nears[0].span))):
        nears = beside
    if not nears:
        return _Found(reasons=(_FAR,))
    best = nears[0]
    reasons = [*_doubts(best), *_other_context(text, best.span, prefix, suffix)]
    rivalled = len(nears) > 1 and best.whole - nears[1].whole <= CLEARLY
    block = searched.document.block_at(best.span.start)
    listed = block is not None and block.kind == "code"  # where notes seldom stand, and quotations are printed
    if rivalled or listed or best.whole < (NEAR_SHORT if len(exact) <= SHORT else NEAR):
        reasons.insert(0, "perhaps nothing says this any more")
    if rivalled:
        reasons.append("another passage is about as near")
    denied = quotes.denied(text, best.span, whole, searched.lang)
    return _Found(span=best.span, differences=best.differences, reasons=tuple(reasons), denied=denied)


def _beside_context(searched: _Searched, exact: str, prefix: str, suffix: str) -> list[Near]:
    """The words in the place of a very short quotation, if what stood ahead of it or behind it still stands once."""
    text, block_at = searched.text, searched.document.block_at
    for ahead, part in ((True, prefix), (False, suffix)):
        joint = (part[-1:] if ahead else part[:1]).isalnum()  # else it is perhaps of another sentence
        places = quotes.find(text, part) if joint and len(exact) <= VERY_SHORT else []
        if len(places) != 1:
            continue
        (start, end), more = places[0], 1 + len(exact)
        wider = Span(start, min(end + more, len(text.source))) if ahead else Span(max(0, start - more), end)
        there = quotes.whole_words(text, wider)
        words, at = (f"{part} {exact}", len(part) + 1) if ahead else (f"{exact} {part}", 0)
        inner = Span(at, at + len(exact))
        if there == places[0] or block_at(there.start) != block_at(there.end - 1):
            continue
        if nears := quotes.nearest(text, words, inner=inner, within=there, lang=searched.lang):
            return nears
    return []


def _doubts(near: Near) -> Iterator[str]:
    if near.score < LITTLE:
        yield "the two have little in common"
    if near.shorter:
        yield "it says less than was quoted"


def _other_context(text: Folded, span: Span, prefix: str, suffix: str) -> Iterator[str]:
    """The context that an author gave and the one of the passage found, where they differ."""
    if quotes.find(text, text.source[slice(*span)], prefix, suffix):
        return
    end = len(text.source[: span.start].rstrip())
    start = len(text.source) - len(text.source[span.end :].lstrip())
    sides = (
        ("after", prefix, Span(max(0, end - len(prefix)), end)),
        ("before", suffix, Span(start, min(start + len(suffix), len(text.source)))),
    )
    for side, part, beside in sides:
        words = " ".join(text.source[slice(*quotes.whole_words(text, beside))].split())
        if part:
            yield f"it stood {side} '{part}', this stands {side} '{words}'"


def _way(sources: dict[str, str], place: Position) -> tuple[str | int, ...] | None:
    """The way to the words that stand at a place of a file, None if that has a fault in it."""
    try:
        return way_to(sources[place.path], place.path, place)
    except ContentError:
        return None


def _alarm(differences: Sequence[Difference]) -> str:
    named = quotes.grave(differences)
    return f"{named.upper()} {'DIFFER' if ' and ' in named else 'DIFFERS'}" if named else ""


def _proposed(
    searched: _Searched,
    place: Position,
    what: str,
    words: str,
    edits: tuple[Edit, ...],
    found: Sequence[_Found],
    doubt: str = _AROUND,
) -> Orphan:
    """A proposal, with why it is or is not safe. `doubt` is why it is not although its words are the same."""
    same = all(one.same for one in found) and not searched.uncertain
    differences = tuple(difference for one in found for difference in one.differences)
    reasons = [reason for one in found for reason in one.reasons]
    if edits:
        doubled = any(one.change == "doubled" for one in found)
        if same and not {one.kind for one in differences} <= {"case", "punctuation"}:
            reasons.insert(0, "only capital letters or typography differ")
        elif differences:
            reasons.insert(0, quotes.describe(differences))
        elif same or not doubled:
            alike = "only typography or blanks differ" if same else "the same words now stand in another context"
            reasons.insert(0, alike)
        if not (same or doubled) and {one.kind for one in differences} <= {"case", "punctuation"}:
            reasons.append(doubt)
        reasons += [f"beside it in its sentence stands '{one.denied}'" for one in found if one.denied and not same]
        if searched.uncertain:
            reasons.append("the numbers that figures.yaml prints could not be computed")
    spans = [one.span for one in found if one.span]
    beside = edits and not same and any(one.denied for one in found)
    alarms = [_alarm(differences) if not same else "", "A NEGATION STANDS BESIDE IT" if beside else ""]
    return Orphan(
        position=place,
        what=what,
        words=words,
        reason="; ".join(dict.fromkeys(reasons)),
        edits=edits,
        line=searched.document.position(spans[0].start).line if spans else 0,
        alarm=", ".join(filter(None, alarms)),
        safe=same and bool(edits),
        earlier=found[0].earlier,
    )


# ---- Passages named by their two ends ----


def _lost_ends(searched: _Searched, what: str, quote: RangeSelector) -> Orphan | None:
    """A passage of which one end or both are gone."""
    text, words = searched.text, f"{quote.start} … {quote.end}"
    between = quotes.find_between(text, quote.start, quote.end)
    if between.problem in (None, "from-ambiguous"):
        return None
    place = quote.end.position if between.starts else quote.start.position
    start = between.starts[0] if between.starts else None
    new_start, new_end = str(quote.start), str(quote.end)
    edits: list[Edit] = []
    found: list[_Found] = []

    def named(one: _Found, end: SourceText, direction: Literal[1, -1], holds: Callable[[str], bool]) -> str:
        """The words of an end that was found, if something names it; noted with it."""
        found.append(one)
        way = _way(searched.sources, end.position)
        words = _lengthened(text, one.span, direction, holds) if one.span and way else ""
        if words and way:
            edits.append(Edit(way=way, exact=words))
        return words

    if start is None:
        new_start = named(
            _found(searched, quote.start), quote.start, 1, lambda words: len(quotes.find(text, words)) == 1
        )
        start = quotes.find(text, new_start)[0] if new_start else None
    if start is not None and quotes.find_between(text, new_start, quote.end).passage is None:
        end = start.end
        near = text.source[end : end + BETWEEN]
        behind = replace(searched, text=quotes.fold("\n" * end + near))
        one = _found(behind, quote.end, places=partial(_ends_between, quote))

        def ends_there(words: str) -> bool:
            passage = quotes.find_between(text, new_start, words).passage
            return passage is not None and one.span is not None and passage.end == one.span.end

        new_end = named(one, quote.end, -1, ends_there)
        if not new_end:
            edits.clear()
    same = bool(edits) and _kept_between(searched, quote, new_start, new_end)
    found = [replace(one, same=same) for one in found]
    if not edits:
        found = [replace(one, span=None) for one in found[-1:] if one.change == "deleted"] or [
            _Found(reasons=(_FAR,))
        ]
    return _proposed(
        searched,
        place,
        what,
        words,
        tuple(edits),
        found,
        "what stands between or beside its two ends may have changed",
    )


def _kept_between(searched: _Searched, quote: RangeSelector, start: str, end: str) -> bool:
    """Whether the whole passage says the same between its new ends as in the earlier text; unknown without one."""
    now = quotes.find_between(searched.text, start, end).passage
    for was in searched.earlier:
        if passage := quotes.find_between(was.text, quote.start, quote.end).passage:
            return now is not None and quotes.unchanged(was.around, passage, searched.around, now, searched.lang)
    return False


def _ends_between(quote: RangeSelector, text: Folded, *_: str) -> list[Span]:
    """The place of the last words of a passage in a text, where it stands whole."""
    passage = quotes.find_between(text, quote.start, quote.end).passage
    return [span for span in quotes.find(text, quote.end) if passage and span.end == passage.end]


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
