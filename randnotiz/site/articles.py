"""What comes of an article, and the checking of each by itself."""

from pathlib import Path

from msgspec import Struct, field, json

from randnotiz import analysis, charts, earlier, notes
from randnotiz.analysis import AnalysedArticle, SiteContext
from randnotiz.diagnostics import Diagnostic, excerpts, with_excerpts
from randnotiz.model import Coverage, Source
from randnotiz.site.build_cache import CacheEntry, Packed, packed_references


class ArticleResult(Struct, frozen=True, kw_only=True):
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
    drawn: tuple[charts.Drawn, ...] = ()  # charts that took long
    undrawn: int = 0  # charts of which nobody knows whether they can be drawn

    @property
    def later(self) -> bool:
        """Whether it is left out because its day is still to come."""
        return self.extract is None and any(diagnostic.code == "published-later" for diagnostic in self.diagnostics)

    @property
    def faulty(self) -> bool:
        """Whether it has faults, so that nothing else should be said about it."""
        return any(diagnostic.severity == "error" for diagnostic in self.diagnostics)


class Unbuilt(Struct, kw_only=True):
    """Articles without a page: those with faults, drafts that are not built, and what is published on a later day."""

    silent: set[str] = field(default_factory=set)
    drafts: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)

    def add(self, result: ArticleResult) -> None:
        """Takes note of an article if it is one of them."""
        if result.faulty or result.extract is None:
            kind = self.silent if result.faulty else self.later if result.later else self.drafts
            kind.add(result.slug)


def keep_text(cache: Path, content: Path, article: AnalysedArticle, diagnostics: tuple[Diagnostic, ...]) -> None:
    """Keeps the reading text of an article for `reanchor`, if all its quotations were found."""
    lost = any(diagnostic.code in ("quote-missing", "quote-ambiguous") for diagnostic in diagnostics)
    if article.annotated.document and not lost:
        around = notes.surroundings(article.written, article.annotated.document, article.annotated.results)
        earlier.keep(cache, content, article.slug, json.encode(around).decode())


class ArticleChecker(Struct, frozen=True):
    """All that is needed to check any article of a site, in this process or another."""

    content: Path
    context: SiteContext
    cache: Path
    may_draw: bool = True

    def __call__(self, slug: str) -> ArticleResult:
        """What is to be said about an article, whose charts are drawn unless that is known of them."""
        article, diagnostics = analysis.analyse_folder(self.content, slug, self.context)
        if article is None:
            return ArticleResult(slug=slug, diagnostics=diagnostics)
        keep_text(self.cache, self.content, article, diagnostics)
        known, found, long = charts.each(
            article.charts,
            slug,
            lambda prepared: charts.try_out(prepared, self.context.cache, may_draw=self.may_draw),
        )
        return ArticleResult(
            slug=slug,
            diagnostics=diagnostics + with_excerpts(found, excerpts(article.written.files, f"{slug}/")),
            undrawn=list(known.values()).count(False),
            drawn=long,
            extract=packed_references(analysis.cross_references(article, self.context)),
            coverage=article.annotated.coverage,
            sources=tuple(article.written.sources.values()),
        )
