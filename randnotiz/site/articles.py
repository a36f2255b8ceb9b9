"""The articles of a site, each built by itself: its files on the stage, or its faults."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from randnotiz import analysis, exports, rendering
from randnotiz.analysis import SiteContext
from randnotiz.diagnostics import Diagnostic
from randnotiz.model import Article, Coverage, DrawnChart, Source
from randnotiz.pages import Theme
from randnotiz.site.build_cache import CacheEntry, Packed, digest_of, fingerprint, packed
from randnotiz.site.output import Stage


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleResult:
    """What came of an article: what the rest of the site needs of it, and what is to be said about it.

    `extract` is packed, and None for what could not be read at all, and for a draft that is not built; with a fault
    it is there so that its links are looked at too. `entry` is for the build cache; a check has none.
    """

    slug: str
    diagnostics: tuple[Diagnostic, ...]
    extract: Packed | None = None
    entry: CacheEntry | None = None
    coverage: Coverage | None = None
    sources: tuple[Source, ...] = ()  # for a check that asks after them

    @property
    def faulty(self) -> bool:
        """Whether it has faults, so that nothing else should be said about it."""
        return any(diagnostic.severity == "error" for diagnostic in self.diagnostics)


@dataclass(frozen=True, slots=True)
class ArticleBuilder:
    """All that is needed to build any article of a site, in this process or another; without a stage, to check it."""

    content: Path
    context: SiteContext
    theme: Theme
    cache: Path
    stage: Stage | None

    def build(self, slug: str) -> ArticleResult:
        """An article's files on the stage, or its faults."""
        seen = fingerprint(self.content / slug)
        article, diagnostics = analysis.analyse_folder(self.content, slug, self.context)
        if article is None:
            return ArticleResult(slug=slug, diagnostics=diagnostics)
        drawn: Mapping[str, DrawnChart] = {}
        if self.stage is not None:  # a check never starts the engine
            drawn, more = rendering.draw(article, self.cache / "charts")
            diagnostics += more
        extract = packed(rendering.index_entry(article, self.context))
        if any(diagnostic.severity == "error" for diagnostic in diagnostics):
            return ArticleResult(slug=slug, diagnostics=diagnostics, extract=extract)
        if self.stage is None:
            return ArticleResult(
                slug=slug,
                diagnostics=diagnostics,
                extract=extract,
                coverage=article.annotated.coverage,
                sources=tuple(article.written.sources.values()),
            )
        paint = partial(exports.share_png, cache=self.cache / "share")
        files = rendering.render(article, self.theme, drawn, paint)
        entry = CacheEntry(
            seen=seen,
            content=digest_of(article.written.files),
            diagnostics=diagnostics,
            shared=leans_on(article.written),
            files={path: self.stage.put(path, content) for path, content in files.items()},
        )
        return ArticleResult(slug=slug, diagnostics=diagnostics, extract=extract, entry=entry)


def leans_on(article: Article) -> tuple[tuple[str, str], ...]:
    """The shared sources that an article uses, each with a digest of what it says."""
    return tuple((id, source_digest(source)) for id, source in article.sources.items() if source.shared)


def source_digest(source: Source) -> str:
    """Equal for two states of a shared source that say the same."""
    return digest_of({source.id: repr(sorted(source.csl.items())).encode()})
