"""Rendering: an analysed article in, its files out, by path; and what the rest of the site needs of it."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from randnotiz import charts, exports, language, markdown, notes, pages, slugs
from randnotiz.analysis import AnalysedArticle, SiteContext, cross_references
from randnotiz.diagnostics import Diagnostic, excerpts, with_excerpts
from randnotiz.index import ArticleSummary, Backlink, ClaimSummary, IndexEntry, SourceBacklinks, Use
from randnotiz.language import Locale
from randnotiz.model import AnnotatedArticle, Annotation, CounterClaim, DrawnChart, EditorialNote
from randnotiz.pages import Theme, views
from randnotiz.pages.sources import description

Paint = Callable[[str], bytes]  # SVG to PNG


def draw(
    article: AnalysedArticle, cache: Path | None, light: Mapping[str, str]
) -> tuple[Mapping[str, DrawnChart], tuple[Diagnostic, ...], tuple[charts.Drawn, ...]]:
    """The charts of an article, what only shows when they are drawn, and which of them took long; `light` are the
    colours of files.
    """
    drawn, faults, long = charts.each(
        article.charts, article.slug, lambda prepared: charts.draw(prepared, cache, light)
    )
    return drawn, with_excerpts(faults, excerpts(article.written.files, f"{article.slug}/")), long


def render(
    article: AnalysedArticle, theme: Theme, drawn: Mapping[str, DrawnChart], paint: Paint
) -> tuple[dict[str, bytes], str]:
    """All files of an article without faults that the site does not do without, by path below the site; and its whole
    text for the feeds as HTML, empty where they are to have none of it.
    """
    annotated, left_out = article.annotated, theme.settings.left_out
    words = pages.article_context(annotated, theme.settings)
    edition = exports.ExportContext(words)
    head = exports.article_head(edition, theme)
    page = pages.article_page(annotated, theme, drawn, head, words)
    files = {
        "index.html": page.encode(),
        **exports.sidecar_files(edition, drawn, page),
        **exports.claim_pages(edition, theme, paint),
        **dict(exports.embed_files(edition, theme, drawn)),
        **{path: annotated.article.files[path] for path in annotated.images},
    }
    if "single.html" not in left_out:
        files["single.html"] = exports.single_page(edition, theme, page, head).encode()
    if exports.SHARE_PICTURE not in left_out:
        files[exports.SHARE_PICTURE] = paint(exports.share_picture(edition, theme))
    in_feeds = theme.settings.feed.text == "full" and not article.written.draft
    text = exports.feed_text(edition, theme, drawn) if in_feeds else ""
    return {f"{article.slug}/{path}": content for path, content in files.items()}, text


def index_entry(analysed: AnalysedArticle, context: SiteContext) -> IndexEntry:
    """What the rest of the site keeps of an article."""
    annotated, article = analysed.annotated, analysed.annotated.article
    lang = language.of(article.lang)
    printed = partial(markdown.plain, numbers=notes.numbers(article, annotated.results, lang), quotes=lang.quotes)
    summary = _summary(annotated, printed)
    return IndexEntry(
        summary=summary,
        references=cross_references(analysed, context),
        backlinks=tuple(_backlinks(annotated, summary, printed)),
    )


def _summary(annotated: AnnotatedArticle, printed: Callable[[str], str]) -> ArticleSummary:
    article = annotated.article
    lang = language.of(article.lang)
    return ArticleSummary(
        slug=article.slug,
        title=printed(article.title),
        subtitle=printed(article.subtitle or ""),
        conclusion=printed(article.result),
        summary=printed(article.abstract),
        lang=article.lang,
        authors=tuple(str(author.name) for author in article.authors),
        published=str(article.published or ""),
        updated=str(article.revised or ""),
        draft=article.draft,
        topics=tuple({slugs.topic(words): str(words) for words in reversed(article.topics)}.values())[::-1],
        claims=tuple(
            ClaimSummary(
                id=claim.id,
                former=claim.former,
                claim=printed(claim.claim),
                by=views.claimed_by(claim, lang),
                why=printed(claim.why or ""),
                verdict=claim.verdict.key if claim.verdict else None,
            )
            for claim in annotated.claims
        ),
        charts=tuple(str(chart.id) for chart in article.charts),
        corrections=tuple((str(one.date), printed(one.text)) for one, note in article.corrected if not note),
        changes=tuple((str(one.date), printed(one.text), note) for one, note in article.corrected if note),
        terms=tuple(dict.fromkeys(_terms(annotated, printed))),
    )


def _terms(annotated: AnnotatedArticle, printed: Callable[[str], str]) -> Iterator[str]:
    """What somebody may look for beside titles and claims."""
    yield from (heading.words for heading in annotated.headings)
    yield from (printed(remark.term) for remark in annotated.article.editorial_notes if remark.term)
    yield from (str(voice.by.name) for claim in annotated.claims for voice in claim.voices)


def _backlinks(
    annotated: AnnotatedArticle, summary: ArticleSummary, printed: Callable[[str], str]
) -> Iterator[SourceBacklinks]:
    """What of an article leans on each of its sources."""
    sources = annotated.article.sources
    uses: dict[str, list[Backlink]] = {}
    for source, use in _uses(annotated, language.of(summary.lang), printed):
        uses.setdefault(source, []).append(use)
    for source, each in uses.items():
        yield SourceBacklinks(
            source=source,
            description=description(sources[source]) if source in sources and not sources[source].shared else "",
            slug=summary.slug,
            title=summary.title,
            lang=summary.lang,
            published=summary.published,
            updated=summary.updated,
            draft=summary.draft,
            uses=tuple(each),
        )


def _uses(annotated: AnnotatedArticle, lang: Locale, printed: Callable[[str], str]) -> Iterator[tuple[str, Backlink]]:
    """Every passage, chart and mention that leans on a source, so that each source has one at least."""
    used = set()
    for note in annotated.notes:
        before, after = views.context(note, annotated)
        link = Backlink(
            note=f"n-{note.id}",
            passage=note.passage,
            before=before,
            after=after,
            kind=lang.message(note.message),
            use=_use(note.annotation),
        )
        for id in dict.fromkeys(str(use.id) for use in views.uses_of(note.annotation, annotated)):
            used.add(id)
            yield id, link
    for chart in annotated.article.charts:
        for id in dict.fromkeys(str(use.id) for use in chart.sources):
            used.add(id)
            yield (
                id,
                Backlink(note=f"chart-{chart.id}", passage=printed(chart.title), kind=lang.message("kind-chart")),
            )
    for id in annotated.article.sources:
        if id not in used:
            link = Backlink(note=notes.source_id(str(id)), passage="", kind=lang.message("source"), use="context")
            yield str(id), link


def _use(annotation: Annotation | None) -> Use:
    """What the sources of an annotation do for the passage it is about."""
    match annotation:
        case CounterClaim(stance=stance):
            return "behind" if stance == "supports" else "against"
        case EditorialNote(kind=kind):
            return "against" if kind == "correction" else "context"
    return "behind"
