"""Analysis: an article's files and the site's context in, the analysed article and its diagnostics out.

Build, check, preview, `reanchor` and imports all go this way. Nothing is drawn here, and nothing written.
"""

import os
from collections import ChainMap
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from randnotiz import charts, checks, figures, language, markdown, notes, reader, references
from randnotiz.diagnostics import Diagnostic, collecting, excerpts, with_excerpts
from randnotiz.index import CrossReferences
from randnotiz.language import Locale
from randnotiz.model import AnnotatedArticle, Article, PlainPage, Results, Settings, Source

Findings = tuple[Diagnostic, ...]

NOTHING_UNSAVED: Mapping[str, bytes] = {}


class SiteContext(Struct, frozen=True, kw_only=True):
    """What all articles share: the settings and the shared sources with those of bibliographies, each None where a
    file of theirs is broken.

    With `drafts` they are treated as published. What is published after the day `as_of` (YYYY-MM-DD) is left out.
    `files` is all that was read, by path below the content folder;
    `cache` is a folder in which charts remember which of their specifications are right.
    `languages` are the site's own messages and rules by tag, as `language.use` takes them.
    `plain_pages` and the publisher's `logo` are for the site as a whole.
    """

    settings: Settings | None
    sources: Mapping[str, Source] | None
    drafts: bool = False
    as_of: str | None = None
    files: Mapping[str, bytes]
    cache: Path | None = None
    languages: Mapping[str, Any] = {}
    plain_pages: tuple[PlainPage, ...] = ()
    logo: bytes | None = None


class AnalysedArticle(Struct, frozen=True, kw_only=True):
    """An article with its numbers computed, its notes in their places and its charts ready to be drawn.

    `written` has its drafts; `annotated` is what is published of it.
    """

    written: Article
    annotated: AnnotatedArticle
    charts: Mapping[str, charts.Prepared]

    @property
    def slug(self) -> str:
        """The name of its folder."""
        return self.written.slug

    def text(self, name: str) -> str:
        """The text of one of its files, an empty one if it has no such file. UnicodeDecodeError."""
        return self.written.files.get(name, b"").decode()


def read_context(
    content: Path,
    *,
    drafts: bool = False,
    base_url: str | None = None,
    cache: Path | None = None,
    unsaved: Mapping[str, bytes] = NOTHING_UNSAVED,
) -> tuple[SiteContext, Findings]:
    """What all articles share; `base_url` stands in for site.yaml's, `unsaved` bytes for files, by their paths."""
    diagnostics: list[Diagnostic] = []
    files: dict[str, bytes] = {}
    settings: Settings | None = None
    sources: Mapping[str, Source] | None = {}
    own: Mapping[str, Any] = {}
    if os.path.lexists(content / "languages"):
        with collecting(diagnostics):
            own, more = reader.read_languages(content, files, unsaved, cache and cache.with_name("languages"))
            diagnostics += more
    language.use(own)
    with collecting(diagnostics):
        files["site.yaml"] = reader.load_file(content / "site.yaml", "site.yaml", content, unsaved=unsaved)
        settings, more = reader.read_settings("site.yaml", files["site.yaml"])
        diagnostics += more
    library, broken = reader.Library(), False
    if settings is not None and settings.bibliography:

        def load(name: str) -> bytes:
            files[name] = reader.load_file(content / name, name, content, unsaved=unsaved)
            return files[name]

        library, more, broken = reader.read_library(settings.bibliography, load)
        diagnostics += more
    if "sources.yaml" in unsaved or os.path.lexists(content / "sources.yaml"):
        sources = None
        with collecting(diagnostics):
            files["sources.yaml"] = reader.load_file(
                content / "sources.yaml", "sources.yaml", content, unsaved=unsaved
            )
            sources, more = reader.read_sources("sources.yaml", files["sources.yaml"], below=library)
            diagnostics += more
    if library and sources is not None:
        sources = ChainMap(dict(sources), library)  # type: ignore[arg-type]  # nobody writes to it
    sources = None if broken else sources
    if settings is not None and base_url is not None:
        settings = replace(settings, url=base_url.rstrip("/") + "/")
    context = SiteContext(settings=settings, sources=sources, drafts=drafts, files=files, cache=cache, languages=own)
    return context, with_excerpts(diagnostics, excerpts(files))


def analyse_folder(
    content: Path, slug: str, context: SiteContext, unsaved: Mapping[str, bytes] = NOTHING_UNSAVED
) -> tuple[AnalysedArticle | None, Findings]:
    """The article in a folder, `unsaved` bytes in place of files by path, and diagnostics with their excerpts."""
    language.use(context.languages)
    files, diagnostics = reader.load_folder(content, slug)
    own = {path.removeprefix(f"{slug}/"): text for path, text in unsaved.items() if path.startswith(f"{slug}/")}
    files = dict(sorted({**files, **own}.items())) if own else files
    article, diagnostics = analyse(slug, files, context, diagnostics)
    if article is not None and context.as_of is not None:
        later = tuple(checks.ahead(checks.publication(article.written), context.as_of))
        article, diagnostics = (None if later else article), (*diagnostics, *later)
    diagnostics = with_excerpts(diagnostics, excerpts(files, f"{slug}/"))
    return article, with_excerpts(diagnostics, excerpts(context.files))


def analyse(
    slug: str, files: Mapping[str, bytes], context: SiteContext, known: Findings = ()
) -> tuple[AnalysedArticle | None, Findings]:
    """Everything that can be said about an article without drawing its charts, beside what is known of its folder.

    There is no article where none can be read, and for a draft in a context without drafts. What is wrong with drafts
    that are left out is marked as theirs: all that would not be said if they were not there.
    """
    read = partial(reader.read_article, slug, files, context.settings, context.sources, known=known)
    written, found = read()
    if not context.drafts and reader.is_draft(written, files):
        _, more = _analysed(written, written, context, found)
        return None, _left_out(one for one in more if one.severity == "error" or one in found)
    if written is None or context.drafts or not reader.may_have_drafts(files):
        return _analysed(written, written, context, found)
    public, counted = read(drafts=False)
    assert public is not None  # noqa: S101 - for the type checker: there is a text
    written = replace(written, broken=public.broken)
    article, published = _analysed(checks.published(written), written, context, found)
    if any(one.code == "draft-used" for one in published):  # then what is wrong with drafts is wrong with the rest
        return article, published
    _, counted = _analysed(public, public, context, counted)
    _, more = _analysed(written, written, context, found)
    same = {(one.position, one.code) for one in counted}
    theirs = (*published, *(one for one in more if one.severity == "error"))
    return article, (
        *(one for one in counted if one.severity == "error"),
        *(one for one in published if one.severity == "warning" and (one.position, one.code) in same),
        *_left_out(one for one in theirs if (one.position, one.code) not in same),
    )


def _left_out(diagnostics: Iterable[Diagnostic]) -> Findings:
    """What is wrong with drafts that are left out, each once."""
    hint = "It stands in a draft, which is left out here, so this stops no build."
    marked = (replace(one, draft=True, hint=f"{one.hint}\n{hint}".strip()) for one in diagnostics)
    return tuple(dict.fromkeys(marked))


def _analysed(
    article: Article | None, written: Article | None, context: SiteContext, diagnostics: Findings
) -> tuple[AnalysedArticle | None, Findings]:
    """An article analysed as it is to be shown, after the diagnostics of reading it; `written` has all its drafts."""
    if article is None or written is None:
        return None, diagnostics
    lang = language.of(article.lang)
    results, more = figures.compute(article)
    diagnostics += more
    results = notes.labelled(article, results, lang)
    prepared, more = _prepared(article, results, lang, context.cache)
    diagnostics += more
    verdicts, left_out = (context.settings.verdicts, context.settings.left_out) if context.settings else ({}, ())
    annotated, more = notes.annotate(article, results, lang, verdicts=verdicts, left_out=left_out)
    diagnostics += more
    diagnostics += checks.run(annotated, written)
    diagnostics += tuple(
        checks.drawn_on_no_draft(annotated, written, {id: one.numbers for id, one in prepared.items()})
    )
    diagnostics = references.settled(diagnostics, annotated, written)
    return AnalysedArticle(written=written, annotated=annotated, charts=prepared), diagnostics


def _prepared(
    article: Article, results: Results, lang: Locale, cache: Path | None
) -> tuple[Mapping[str, charts.Prepared], Findings]:
    """The charts that can be drawn, by id, and what is wrong with all of them."""
    printed = partial(markdown.plain, numbers=notes.numbers(article, results, lang), quotes=lang.quotes)
    prepared: dict[str, charts.Prepared] = {}
    diagnostics: list[Diagnostic] = []
    for chart in article.charts:
        with collecting(diagnostics):
            ready, more = charts.prepare(chart, article, results, lang, cache, printed)
            diagnostics += more
            if ready is not None:
                prepared[chart.id] = ready
    return prepared, tuple(diagnostics)


def cross_references(analysed: AnalysedArticle, context: SiteContext) -> CrossReferences:
    """What holds an article and others together."""
    annotated, article = analysed.annotated, analysed.annotated.article
    translations = tuple((slug.position, lang, str(slug)) for lang, slug in article.translations.items())
    due = ((source, id, source.custom.get("recheck-after")) for id, source in analysed.written.sources.items())
    rechecks = tuple((source.position, id, str(day)) for source, id, day in due if day)
    own, common = excerpts(article.files, f"{article.slug}/"), excerpts(context.files)
    published = checks.publication(article)
    places = [*(at for at, _ in (*annotated.links, *published)), *(at for at, _, _ in (*translations, *rechecks))]
    return CrossReferences(
        draft=article.draft,
        lang=article.lang,
        places=annotated.ids,
        claims=tuple(name for one in annotated.claims if one.verdict for name in (one.id, one.former) if name),
        links=annotated.links,
        translations=translations,
        published=published,
        rechecks=rechecks,
        excerpts=tuple((at, around) for at in dict.fromkeys(places) if (around := own(at) or common(at))),
    )
