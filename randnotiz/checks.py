"""What must hold beyond form: a table of functions of one signature, each an answer to one question.

Those of `CHECKS` look at one article; `across` looks at all together. None of them knows what day it is but
`due` and `ahead`, which are told.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from randnotiz import formulas, language, markdown, reader, references
from randnotiz.diagnostics import Diagnostic, Position, SourceText, did_you_mean, nearest
from randnotiz.index import CrossReferences
from randnotiz.model import AnchoredNote, AnnotatedArticle, Article, Citation, Figure, Settings

# Reference numbers: how many a hundred words of a paragraph bear, if it has so many words, and how many side by side.
MOST_IN_100_WORDS = 6
FEWEST_WORDS = 50
MOST_SIDE_BY_SIDE = 3
MOST_NAMED = 3  # of many words, as examples

Check = Callable[[AnnotatedArticle, Article], Iterable[Diagnostic]]


def published(article: Article) -> Article:
    """The article without its drafts. Draft figures stay to be computed, but are no annotations any more."""
    return replace(
        article,
        citations=tuple(one for one in article.citations if not one.draft),
        counterclaims=tuple(one for one in article.counterclaims if not one.draft),
        editorial_notes=tuple(one for one in article.editorial_notes if not one.draft),
        charts=tuple(one for one in article.charts if not one.draft),
        figures=_published(article.figures),
    )


def _published(figures: Mapping[str, Figure]) -> Mapping[str, Figure]:
    if not any(one.draft for one in figures.values()):
        return figures  # the very same, so that it is not computed anew
    return {name: replace(one, quote=None) if one.draft else one for name, one in figures.items()}


def run(annotated: AnnotatedArticle, written: Article) -> tuple[Diagnostic, ...]:
    """Everything the checks have to say about one article; `written` still has its drafts."""
    return tuple(diagnostic for check in CHECKS for diagnostic in check(annotated, written))


def rests_on_no_draft(annotated: AnnotatedArticle, written: Article) -> Iterator[Diagnostic]:
    """What is published may not rest on a figure that is a draft: a formula, a number in the text, a chart."""
    if annotated.article is written or not _has_drafts(written):
        return
    formula_texts = (one.formula for one in written.figures.values() if not one.draft)
    computed = ((text.position, name) for text in formula_texts for name in formulas.names(text))
    printed = (*computed, *annotated.printed, *_figures_in_charts(annotated.article))
    yield from _drafts(printed, written)


def drawn_on_no_draft(
    annotated: AnnotatedArticle, written: Article, numbers: Mapping[str, Iterable[str]]
) -> Iterator[Diagnostic]:
    """The same for the expressions of charts; `numbers` are the names in them, by the ids of the charts."""
    if annotated.article is written or not _has_drafts(written):
        return
    for chart in annotated.article.charts:
        yield from _drafts(((chart.position, name) for name in numbers.get(chart.id, ())), written)


def _has_drafts(written: Article) -> bool:
    return any(figure.draft for figure in written.figures.values())


def _drafts(used: Iterable[tuple[Position, str]], written: Article) -> Iterator[Diagnostic]:
    for position, name in used:
        if name in written.figures and written.figures[name].draft:
            message = f"the figure '{name}' is still a draft, and this is to be published"
            hint = "take `draft: true` away there, or make this one a draft as well"
            yield Diagnostic(position, "draft-used", message, hint)


def _figures_in_charts(article: Article) -> Iterator[tuple[Position, str]]:
    for chart in article.charts:
        yield from ((shown.position, str(shown)) for shown in chart.rows.figures or ())
        for row in chart.rows.rows or ():
            for cell in row.values():
                if isinstance(cell, SourceText) and cell.startswith("="):
                    yield from ((cell.position, name) for name in formulas.names(cell.removeprefix("=")))


def sources_are_used(_: AnnotatedArticle, written: Article) -> Iterator[Diagnostic]:
    """A source of the article that nothing leans on is a leftover, or a citation was forgotten."""
    if written.broken:
        return
    used = references.sources(written)
    for id, source in written.sources.items():
        if id not in used and not source.shared:
            yield Diagnostic(
                source.position, "source-unused", f"nothing leans on the source '{id}'", "cite it, or take it out"
            )


def quantities_are_used(annotated: AnnotatedArticle, written: Article) -> Iterator[Diagnostic]:
    """A quantity that no formula, chart or sentence uses is a leftover."""
    if written.broken:
        return
    used = references.numbers(annotated, written)
    for name, quantity in written.quantities.items():
        if name not in used and not quantity.quote:
            message = f"no formula, chart or sentence uses the quantity '{name}'"
            yield Diagnostic(quantity.position, "quantity-unused", message, "use it, or take it out")


def numbers_are_covered(annotated: AnnotatedArticle, written: Article) -> Iterator[Diagnostic]:
    """A number in the text that no annotation, quantity or entry of `covered` touches."""
    if written.broken:
        return
    for bare in annotated.coverage.bare_numbers:
        hint = "annotate the passage, or add it to `covered` if it needs no support"
        yield Diagnostic(bare.position, "number-uncovered", f"nothing supports the number in '{bare.words}'", hint)


def has_words(annotated: AnnotatedArticle, written: Article) -> Iterator[Diagnostic]:
    """An article of nothing but front matter is not what anybody means to publish."""
    if annotated.document and not annotated.words and not written.broken:
        yield Diagnostic(
            written.body.position, "text-missing", "this article has no text", "Write it below the front matter."
        )


def references_leave_room(annotated: AnnotatedArticle, _: Article) -> Iterator[Diagnostic]:
    """A paragraph that its reference numbers drown, and numbers that stand side by side like a word of their own."""
    document = annotated.document
    if document is None:
        return
    numbered = sorted((note for note in annotated.notes if note.number and note.shown), key=lambda note: note.at)
    for block, group in groupby(numbered, lambda note: document.block_at(max(note.at - 1, 0))):
        if block is None:
            continue
        notes, words = tuple(group), len(document.text[block.start : block.end].split())
        most = words * MOST_IN_100_WORDS // 100
        if words >= FEWEST_WORDS and len(notes) > most:
            message = f"{len(notes)} reference numbers stand in the {words} words of this paragraph; it bears {most}"
            yield _crowded(document.position(block.start), message, notes, len(notes) - most)
        row: list[AnchoredNote] = []
        for note, after in zip(notes, (*notes[1:], None), strict=True):
            row.append(note)
            if after is None or re.search(r"\w", document.text[note.at : after.at]):
                if len(row) > MOST_SIDE_BY_SIDE:
                    message = (
                        f"{len(row)} reference numbers stand side by side; {MOST_SIDE_BY_SIDE} can be told apart"
                    )
                    place = document.position(row[0].span.start if row[0].span else row[0].at - 1)
                    yield _crowded(place, message, row, len(row) - MOST_SIDE_BY_SIDE)
                row = []


def _crowded(position: Position, message: str, notes: Sequence[AnchoredNote], too_many: int) -> Diagnostic:
    """The warning, with what may be folded: sources first, of which one annotation can have several."""
    sources = [note.id for note in notes if isinstance(note.annotation, Citation)]
    names = sources if len(sources) > too_many else [note.id for note in notes]
    listed = ", ".join(f"'{name}'" for name in names)
    hint = f"fold {too_many} or more of {listed} into others, or let the text say less at once"
    return Diagnostic(position, "references-crowded", message, hint)


CHECKS: tuple[Check, ...] = (
    has_words,
    rests_on_no_draft,
    sources_are_used,
    quantities_are_used,
    numbers_are_covered,
    references_leave_room,
)


class Destinations(Struct, frozen=True, kw_only=True):
    """What links may lead to: the `articles` of a site, by slug, and `redirects` from former slugs.

    `silent` are articles with faults of their own: nothing is known of them, so nothing is said about links there.
    `drafts` are those that are not built, and `later` those whose day is still to come.
    """

    articles: Mapping[str, CrossReferences]
    redirects: Mapping[str, str]
    silent: Collection[str] = ()
    drafts: Collection[str] = ()
    later: Collection[str] = ()

    def missing(self, slug: str, position: Position, message: str) -> Diagnostic:
        """The fault that there is no such article, with a message for those of which nothing is known."""
        if slug in self.drafts or slug in self.later:
            why = "a draft" if slug in self.drafts else "not yet published"
            hint = "publish it as well, or wait with what leads to it"
            return Diagnostic(position, "link-broken", f"the article '{slug}' is {why}, and left out here", hint)
        near = did_you_mean(slug, {*self.articles, *self.silent, *self.drafts, *self.later})
        return Diagnostic(position, "link-broken", message + near)


def across(to: Destinations, settings: Settings) -> Iterator[Diagnostic]:
    """What holds between articles: links, translations, redirects and old addresses lead to what is there."""
    published = set()
    languages = {settings.lang: Position("site.yaml")}
    for article, one in to.articles.items():
        languages.setdefault(one.lang, Position(f"{article}/article.md"))
        if not one.draft:
            published.add(article)
        for position, link in one.links:
            yield from _link(to, position, link)
        for position, lang, slug in one.translations:
            yield from _translation(to, article, position, lang, slug)
    yield from _untranslated(languages)
    for old, new in settings.redirects.items():
        at = new.position
        if old in to.articles or old in to.silent:
            yield Diagnostic(at, "link-broken", f"'{old}' is an article, so its address cannot lead to '{new}'")
        elif new not in to.articles and new not in to.silent:
            yield to.missing(new, at, f"there is no article '{new}' to lead to")
    if settings.addresses is not None:
        yield from _addresses(settings.addresses, published, to, settings)


def _untranslated(languages: Mapping[str, Position]) -> Iterator[Diagnostic]:
    """Those of a site's languages, with where they are named first, in which readers meet English words."""
    for tag, at in languages.items():
        if missing := language.of(tag).missing:
            words = ", ".join(f"'{text}'" for text in missing[:MOST_NAMED])
            message = f"readers of the language '{tag}' see words of the page in English, such as {words}"
            yield Diagnostic(at, "language-incomplete", message, f"Write them into languages/{tag}/messages.po.")


def _addresses(
    kept: Collection[SourceText], published: Collection[str], to: Destinations, settings: Settings
) -> Iterator[Diagnostic]:
    """A published address leads somewhere for ever; one that is on no record could be lost unnoticed."""
    there = {*to.articles, *to.silent, *to.later, *settings.redirects}
    new = sorted({*published, *to.silent}.difference(kept))
    for address in kept:
        if address not in there:
            yield _lost(address, new, settings, to.drafts)
    last = max(kept, key=lambda address: address.position, default=None)
    for slug in sorted(set(published).difference(kept)):
        message = f"the article '{slug}' is published, and `addresses` does not name it"
        hint = f"write `{slug}` behind `{last}` there" if last else f"write `addresses: [{slug}]`"
        yield Diagnostic(last.position if last else settings.position, "id-implicit", message, hint)


def _lost(address: SourceText, new: Collection[str], settings: Settings, drafts: Collection[str]) -> Diagnostic:
    """A published address with nothing at it now; `new` are articles that may be its own under another name."""
    forget = f"if the article is to be gone for good, take '{address}' out of `addresses`"
    if address in drafts:
        message = f"the article '{address}' was published, and is a draft now: its address leads nowhere"
        return Diagnostic(address.position, "link-broken", message, f"publish it again; {forget}")
    now = min(new) if len(new) == 1 else nearest(address, new)
    message = f"an article was published as '{address}', and nothing stands at that address any more"
    entry = f"{address}: {now or 'its-new-slug'}"
    hint = f"add `{entry}` to `redirects`" if settings.redirects else f"write `redirects: {{{entry}}}`"
    renamed = f"; is '{now}' its new name?" if now else ""
    return Diagnostic(address.position, "link-broken", message + renamed, f"{hint}; {forget}")


def _translation(to: Destinations, article: str, position: Position, lang: str, slug: str) -> Iterator[Diagnostic]:
    if slug == article:
        yield Diagnostic(position, "value-malformed", f"'{slug}' is this article, and no translation of itself")
    elif slug in to.articles:
        if (theirs := to.articles[slug].lang).split("-")[0] != lang.split("-")[0]:
            message = f"the article '{slug}' is in the language {theirs}, not {lang}"
            yield Diagnostic(position, "value-malformed", message, f"Write '{theirs}: {slug}'.")
    elif slug not in to.silent:
        yield to.missing(slug, position, f"there is no article '{slug}' to be the translation ({lang})")


def plain_links(links: Mapping[str, Iterable[tuple[Position, str]]], to: Destinations) -> Iterator[Diagnostic]:
    """What holds on plain pages, whose `links` are given by their slugs: articles are two folders up, pages one."""
    for found in links.values():
        for position, link in found:
            if markdown.scheme(link):
                continue
            if link.startswith("../../"):
                yield from _link(to, position, link)
            elif not link.startswith("../"):
                yield from _alone(position, link)
            else:
                slug = link.removeprefix("../").partition("#")[0].removesuffix("index.html").strip("/")
                if slug not in links and slug != "corrections":
                    hint = f"an article is two folders up: ../../{slug}/" if slug in to.articles else ""
                    message = f"the link '{link}' leads to no page{did_you_mean(slug, links)}"
                    yield Diagnostic(position, "link-broken", message, hint)


def frame_links(settings: Settings, pages: Collection[str], to: Destinations) -> Iterator[Diagnostic]:
    """What holds of the links that every page has at its top and foot, which lead on from the site's root."""
    look = settings.theme
    frames = (*look.header.values(), *look.footer.values()) if look else ()
    for url in (link.url for frame in frames for link in frame if link.url and not markdown.scheme(link.url)):
        top, _, rest = url.removesuffix("index.html").strip("/").partition("/")
        if top == "pages" and rest not in (*pages, "corrections"):
            message = f"the link '{url}' leads to no page{did_you_mean(rest, pages)}"
            yield Diagnostic(url.position, "link-broken", message, "Pages are the files in content/pages/.")
        elif top not in reader.RESERVED:
            yield from _link(to, url.position, url)


def _alone(position: Position, link: str) -> Iterator[Diagnostic]:
    """What is wrong with a link of a plain page to something beside it, where nothing is."""
    if link.startswith("/"):
        hint = "write ../../slug/ for an article, or the whole address with https:"
        yield Diagnostic(position, "link-broken", f"'{link}' works on no disk and below no other address", hint)
    elif link.startswith("#"):
        yield Diagnostic(position, "link-broken", f"there is no heading '{link}' on this page")
    elif link:
        hint = "write ../name/ for another plain page, ../../slug/ for an article, https:// before the name of a host"
        yield Diagnostic(position, "link-broken", f"there is no file '{link}' beside a plain page", hint)


def leads_to(link: str) -> tuple[str, str, str]:
    """The slug in a link out of an article's folder, what follows it in the path, and the fragment."""
    path, _, fragment = link.partition("#")
    slug, _, rest = path.replace("../", "").removesuffix("index.html").strip("/").partition("/")
    return slug, rest, fragment


def _link(to: Destinations, position: Position, link: str) -> Iterator[Diagnostic]:
    slug, rest, fragment = leads_to(link)
    slug = to.redirects.get(slug, slug)
    if slug in to.silent or (slug in reader.RESERVED and rest):
        return
    if slug not in to.articles:
        yield to.missing(slug, position, f"the link '{link}' leads to no article")
        return
    one = to.articles[slug]
    if rest.startswith("claims/"):
        claim = rest.removeprefix("claims/")
        if claim not in one.claims:
            near = did_you_mean(claim, one.claims)
            message = f"the article '{slug}' has no claim '{claim}' with a verdict, and so no page of it{near}"
            yield Diagnostic(position, "link-broken", message)
    elif fragment and not rest and fragment not in one.places:
        near = did_you_mean(fragment, one.places)
        yield Diagnostic(position, "link-broken", f"the article '{slug}' has no place '#{fragment}'{near}")


def publication(article: Article) -> tuple[tuple[Position, str], ...]:
    """The day on which an article is published and where it says so; nothing for a draft, which is not."""
    day = None if article.draft else article.published
    return ((day.position, str(day)),) if day else ()


def ahead(published: Iterable[tuple[Position, str]], as_of: str) -> Iterator[Diagnostic]:
    """What is to be published after the day `as_of` (YYYY-MM-DD)."""
    for position, day in published:
        if as_of[: len(day)] >= day[: len(as_of)]:
            continue
        message = f"this article is published on {day}, and today is {as_of}"
        hint = "a build without `--as-of` publishes it at once, and `build --as-of` leaves it out until that day"
        yield Diagnostic(position, "published-later", message, hint)


def due(articles: Mapping[str, CrossReferences], as_of: str) -> Iterator[Diagnostic]:
    """What a day (YYYY-MM-DD) makes due: sources to be looked at again, and articles that it comes too soon for."""
    for one in articles.values():
        yield from ahead(one.published, as_of)
        for position, source, day in one.rechecks:
            if day < as_of:
                message = f"the source '{source}' was to be looked at again by {day}"
                hint = "look whether it still says this; then set `accessed` and a new `recheck-after`"
                yield Diagnostic(position, "recheck-due", message, hint)
