"""The articles of a site, each built by itself: its files on the stage, or its faults."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from randnotiz import analysis, exports, pages, rendering, sidecars
from randnotiz.analysis import SiteContext
from randnotiz.diagnostics import ContentError, SourceText
from randnotiz.model import Article, Source
from randnotiz.pages import Theme
from randnotiz.site.articles import ArticleResult, keep_text
from randnotiz.site.build_cache import CacheEntry, digest_of, fingerprint, packed
from randnotiz.site.machine import MachineError
from randnotiz.site.output import Stage


class ArticleBuilder(Struct, frozen=True):
    """All that builds any article, in any process; `translated` name it as their translation, as was cached."""

    content: Path
    context: SiteContext
    theme: Theme
    cache: Path
    stage: Stage
    translated: Mapping[str, tuple[tuple[str, str], ...]] = {}

    def __call__(self, slug: str) -> ArticleResult:
        """An article's files on the stage, or its faults."""
        seen = fingerprint(self.content / slug)
        article, diagnostics = analysis.analyse_folder(self.content, slug, self.context)
        if article is None:
            return ArticleResult(slug=slug, diagnostics=diagnostics)
        keep_text(self.cache, self.content, article, diagnostics)
        drawn, more, long = rendering.draw(article, self.cache / "charts", self.theme.light)
        extract = rendering.index_entry(article, self.context)
        result = ArticleResult(slug=slug, diagnostics=diagnostics + more, drawn=long)
        if result.faulty:
            return replace(result, extract=packed(extract))
        others = self.translated.get(slug, ())
        if others:
            known = {**{lang: SourceText(other) for lang, other in others}, **article.annotated.article.translations}
            named = replace(article.annotated.article, translations=known)
            article = replace(article, annotated=replace(article.annotated, article=named))
        paint = partial(exports.share_png, cache=self.cache / "share")
        try:
            files, text = rendering.render(article, self.theme, drawn, paint)
        except (ContentError, MachineError, OSError):
            raise
        except Exception as error:
            fault = pages.blamed(error, self.theme, lambda theme: rendering.render(article, theme, drawn, paint))
            return replace(result, diagnostics=(*result.diagnostics, fault), extract=packed(extract))
        entry = CacheEntry(
            seen=seen,
            content=digest_of(article.written.files),
            diagnostics=result.diagnostics,
            shared=leans_on(article.written),
            files={path: self.stage.put(path, content) for path, content in files.items()},
            translated=others,
        )
        searched = [content for path, content in files.items() if sidecars.is_script(path)]
        words = "" if article.written.draft else exports.search_words(*searched)
        return replace(result, entry=entry, extract=packed(extract, words, text))


def leans_on(article: Article) -> tuple[tuple[str, str], ...]:
    """The shared sources that an article uses, each with a digest of what it says; of a source of its own, that of
    the shared one which it enriches, an empty one where there was none.
    """
    below = {id: source if source.shared else source.over for id, source in article.sources.items()}
    return tuple(
        (id, source_digest(one) if one and one.shared else "")
        for id, one in below.items()
        if one is None or one.shared
    )


def source_digest(source: Source) -> str:
    """Equal for two states of a shared source that say the same, and of which the same is said."""
    said = [one.position for noticed in source.odd.values() for one in noticed]
    return digest_of({source.id: repr((sorted(source.csl.items()), said)).encode()})


def holds(id: str, digest: str, shared: Mapping[str, Source]) -> bool:
    """Whether what an article leaned on by this id is as it was."""
    if not digest:
        return not (id in shared and shared[id].external)
    return id in shared and source_digest(shared[id]) == digest
