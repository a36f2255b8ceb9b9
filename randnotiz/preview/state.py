"""What the preview shows at this moment: the last good site, the pages made since, and the diagnostics that stand."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct

from randnotiz import analysis, charts, editing, pages, reader, rendering, site
from randnotiz.analysis import AnalysedArticle, SiteContext
from randnotiz.codes import Code
from randnotiz.diagnostics import Diagnostic, collecting, excerpts, with_excerpts
from randnotiz.editing.writing import Signature
from randnotiz.model import DrawnChart
from randnotiz.site import building
from randnotiz.site.output import STAGE, read_manifest, top_of

Findings = tuple[Diagnostic, ...]

# Texts of files that open forms may still rest on.
MOST_TEXTS = 200
MOST_CHARTS = 1_000
MOST_LINKS = 200  # to articles, on a page that waits
# What of a page's head is seen: its title, and by their names its style and its script.
_SEEN = re.compile(rb"<title>[^<]*|assets/[^\"]*|<html[^>]*")
# So many articles are shown before the whole site is built, if so many change at once; always those on a screen.
AT_ONCE = 2
# What a whole build says and a glance at one article cannot.
ACROSS: frozenset[Code] = frozenset(("recheck-due", "published-later"))


class Touched(Struct, frozen=True, kw_only=True):
    """What changed files belong to: articles, by slug, or what all articles share."""

    slugs: frozenset[str]
    shared: bool


class PreviewState:
    """Keeps the pages in step with the content.

    A save in one article's folder is answered at once from memory (`glance`). The site itself, with everything that
    depends on the article, is built by a process beside this one, which tells what came of it (`settled`). Until it
    has first been built, an article is made when it is asked for, and everything else is what the last run left. All
    of this happens in one thread, so nothing here is ever seen half changed.
    """

    def __init__(
        self, folders: site.SitePaths, choices: site.BuildOptions, sign: Callable[[], Signature] = dict
    ) -> None:
        self.folders, self.choices, self.sign = folders, choices, sign
        self.fresh: dict[str, bytes] = {}
        self.paths: Collection[str] = ()
        self.diagnostics: Findings = ()
        self.context: SiteContext | None = None
        self.theme: pages.Theme | None = None  # without it there are no pages
        self.awaited = True  # whether the first build of this run is still to come
        self._at_first: Sequence[str] = ()  # the articles that the first build makes
        self.complete = False  # whether the whole site has been built since the start
        self.undrawn: dict[tuple[str, str], charts.Prepared] = {}  # by article and id
        self._tried: dict[int, tuple[charts.Prepared, Diagnostic | None]] = {}
        self._last: dict[tuple[str, str], DrawnChart] = {}
        self._articles: dict[str, AnalysedArticle] = {}
        self._now: dict[str, tuple[AnalysedArticle | None, Findings]] = {}
        self.undoable: dict[str, editing.Undoable] = {}  # the last change that was written from a page, by article
        self._texts: dict[str, str] = {}

    @property
    def faulty(self) -> bool:
        """Whether the content has faults, so that what is shown is the last good state."""
        return site.stops(self.diagnostics, self.choices)

    def begin(self) -> None:
        """What all articles share is read; of all else there is what the last run left."""
        self.look_around()
        self.paths = read_manifest(self.folders.output)
        self._at_first = self._slugs()

    # What has changed

    def touched(self, paths: Iterable[Path]) -> Touched:
        """What files belong to that have changed."""
        content = self.folders.content.resolve()
        below = [path.relative_to(content).parts if path.is_relative_to(content) else () for path in paths]
        common: Collection[str] = self.context.files if self.context else ()
        inner = (parts for parts in below if len(parts) > 1 and parts[0] not in site.NO_ARTICLES)
        of_article = [parts for parts in inner if "/".join(parts) not in common]
        return Touched(slugs=frozenset(parts[0] for parts in of_article), shared=len(of_article) < len(below))

    def take_in(self, touched: Touched, viewed: frozenset[str]) -> None:
        """What changed and can be told at once is told: a few articles, and in any case those that somebody views."""
        if touched.shared:
            self.look_around()
        slugs = viewed if touched.shared else touched.slugs
        now = slugs if len(slugs) <= AT_ONCE else slugs & viewed
        for slug in sorted(touched.slugs):
            self._now.pop(slug, None)
        for slug in sorted(touched.slugs - now):
            self._articles.pop(slug, None)
        for slug in sorted(now):
            self.glance(slug)

    def look_around(self) -> None:
        """What all articles share is read again; what was made with its last state counts no more."""
        self.context, diagnostics = site.read_site(self.folders, self.choices)
        theme = building.read_theme(self.folders, self.context)
        faults = theme.faults if theme else ()
        self.theme = None if site.stops(faults, self.choices) else theme
        self.diagnostics = (*(one for one in self.diagnostics if _of_article(one)), *diagnostics, *faults)
        self._articles.clear()
        self._now.clear()
        if self.theme is not None:
            # A page that is shown before the site is built may want the new style and script.
            self.fresh.update(pages.assets(self.theme))

    def glance(self, slug: str) -> None:
        """The page of one article is what its folder says now, if that can be told without a whole build."""
        self.undrawn = {way: prepared for way, prepared in self.undrawn.items() if way[0] != slug}
        if (
            self.context is None
            or self.theme is None
            or slug in reader.RESERVED
            or not (self.folders.content / slug / "article.md").is_file()
        ):
            self._articles.pop(slug, None)
            return
        article, diagnostics = self._now[slug] = analysis.analyse_folder(self.folders.content, slug, self.context)
        if not site.stops(diagnostics, self.choices):
            if article is None:
                return
            drawn, faults = self._drawn(article)
            if not faults:
                diagnostics += self._made(article, self.theme, drawn)
            diagnostics += faults
        others = (one for one in self.diagnostics if not _belongs(one, slug) or one.code in ACROSS)
        self.diagnostics = (*others, *diagnostics)

    def _made(
        self, article: AnalysedArticle, theme: pages.Theme, drawn: Mapping[str, DrawnChart]
    ) -> tuple[Diagnostic, ...]:
        """Makes the page of an article; what is wrong with the template if it cannot be made."""

        def made(theme: pages.Theme) -> bytes:
            return pages.article_page(article.annotated, theme, drawn).encode()

        try:
            self.fresh[f"{article.slug}/index.html"] = made(theme)
        except Exception as error:
            return (pages.blamed(error, theme, made),)
        self._articles[article.slug] = article
        return ()

    def _drawn(self, article: AnalysedArticle) -> tuple[Mapping[str, DrawnChart], Findings]:
        """The charts of an article, and what is wrong with them. One that nobody has drawn yet joins `undrawn`,
        because it may take long; until it is `tried`, its last drawing stands for it if there is one.
        """
        slug, drawn, faults = article.slug, dict[str, DrawnChart](), list[Diagnostic]()
        cache = self.folders.cache / "charts"
        for name, prepared in article.charts.items():
            if id(prepared) not in self._tried:
                known: list[Diagnostic] = []
                with collecting(known):
                    if charts.try_out(prepared, cache, may_draw=False):
                        self._note(prepared, None)
                if known:
                    self._note(prepared, known[0])
            if id(prepared) not in self._tried:
                self.undrawn[slug, name] = prepared
                if (slug, name) in self._last:
                    drawn[name] = self._last[slug, name]
            elif fault := self._tried[id(prepared)][1]:
                faults.append(fault)
            else:
                with collecting(faults):
                    self._last[slug, name] = drawn[name] = charts.draw(prepared, cache)
        return drawn, with_excerpts(faults, excerpts(article.written.files, f"{slug}/"))

    def tried(self, slug: str, prepared: charts.Prepared, fault: Diagnostic | None) -> None:
        """A chart has been drawn, or cannot be: its article is shown with it."""
        self._note(prepared, fault)
        self.glance(slug)

    def _note(self, prepared: charts.Prepared, fault: Diagnostic | None) -> None:
        self._tried[id(prepared)] = prepared, fault  # held, so that nothing else bears its id
        if len(self._tried) > MOST_CHARTS:
            del self._tried[next(iter(self._tried))]

    def settled(self, outcome: site.BuildResult, before: Mapping[str, bytes]) -> None:
        """The site has been built, or was not because of faults; `before` are the fresh pages when that began."""
        self.diagnostics, self.awaited = outcome.diagnostics, False
        self.complete = self.complete or not outcome.stopped
        self.paths = read_manifest(self.folders.output)
        for path, page in before.items():
            if not outcome.stopped and self.fresh.get(path) is page:
                del self.fresh[path]

    # What is shown

    def file(self, path: str) -> bytes | None:
        """What the site has under a path: never anything that a build did not write, or would write."""
        if not self.complete and path not in self.fresh:
            self._make(path)
        if path in self.fresh:
            return self.fresh[path]
        if path not in self.paths:
            return None
        try:
            return (self.folders.output / path).read_bytes()
        except OSError:
            return None

    def page(self, address: str) -> bytes:
        """The page under an address; that for addresses that are none, if there is nothing."""
        page = self.file(path_of(address))
        if page is not None:
            return page
        page = None if self.awaited else self.file("404.html")
        if page is None:
            return self._waiting()
        # It is the only page whose addresses lead to where the site will be published.
        return page.replace(self.theme.settings.url.encode(), b"/") if self.theme else page

    def _make(self, path: str) -> None:
        """What an article has under a path, before the whole site is built: its page, or all that stands beside it
        but pictures for other sites and charts that nobody has drawn yet.
        """
        slug = top_of(path)
        if path == f"{slug}/index.html":
            self.glance(slug)
        elif (article := self.article(slug)) and self.theme:
            drawn, _ = self._drawn(article)
            files, _ = rendering.render(article, self.theme, drawn, lambda _: b"")
            self.fresh = {path: content for path, content in files.items() if content} | self.fresh

    @property
    def progress(self) -> str:
        """How much of the first build is done, in words; empty once it is over."""
        if not self.awaited:
            return ""
        stage = self.folders.output / STAGE
        done = sum(1 for one in stage.iterdir() if one.is_dir()) if stage.is_dir() else 0
        return f"The whole site is being built: {done} of {len(self._at_first)} articles so far."

    def _waiting(self) -> bytes:
        """What stands in the place of a page that only the whole site can have, until there is one."""
        style = next((path for path in self.fresh if path.endswith(".css")), "")
        links = "\n".join(f'<li><a href="/{slug}/">{slug}</a></li>' for slug in self._at_first[:MOST_LINKS])
        others = len(self._at_first) - MOST_LINKS
        more = f"<p>And {others} more.</p>" if others > 0 else ""
        return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Being built</title>
<link rel="stylesheet" href="/{style}">
</head>
<body>
<main>
<h1>This page comes with the whole site</h1>
<p>{self.progress or "Until its faults are mended there is none of this address."}</p>
<p>It appears here by itself. An article that is asked for is made at once:</p>
<ul>
{links}
</ul>
{more}
</main>
</body>
</html>
""".encode()

    # What is behind it

    def article(self, slug: str) -> AnalysedArticle | None:
        """An article as it was when it last had no faults; None if there is none."""
        if slug not in self._articles and self.theme:
            article, diagnostics = self.now(slug)
            if article is not None and not site.stops(diagnostics, self.choices):
                self._articles[slug] = article
        return self._articles.get(slug)

    def now(self, slug: str) -> tuple[AnalysedArticle | None, Findings]:
        """An article as it stands in its files, whatever is wrong with it, and what is."""
        if slug not in self._now:
            if not self.context or slug not in self._slugs():
                return None, ()
            self._now[slug] = analysis.analyse_folder(self.folders.content, slug, self.context)
        return self._now[slug]

    def kept(self, text: str) -> str:
        """The digest of a text, by which it can be had back for a while."""
        digest = editing.digest(text)
        self._texts.pop(digest, None)
        self._texts[digest] = text
        if len(self._texts) > MOST_TEXTS:
            del self._texts[next(iter(self._texts))]
        return digest

    def text(self, digest: str) -> str | None:
        """The text behind a digest."""
        return self._texts.get(digest)

    def check(self, article: AnalysedArticle, texts: Mapping[str, str]) -> Findings:
        """What would be said of an article if some of its files had other texts."""
        if self.context is None or self.theme is None:
            return ()
        files = {**article.written.files, **{name: text.encode() for name, text in texts.items()}}
        return analysis.analyse(article.slug, dict(sorted(files.items())), self.context)[1]

    def _slugs(self) -> list[str]:
        return site.article_slugs(self.folders.content)


def path_of(address: str) -> str:
    """The file below the site that an address means: a folder's is its index."""
    return f"{address}index.html" if address == "" or address.endswith("/") else address


def version(page: bytes) -> str:
    """A name for a page as readers see it: the same for two that differ only in what their heads tell machines."""
    head, _, body = page.partition(b"<body")
    digest = blake2b(body, digest_size=8)
    for part in _SEEN.findall(head):
        digest.update(part)
    return digest.hexdigest()


def _of_article(diagnostic: Diagnostic) -> bool:
    folder, _, name = diagnostic.position.path.partition("/")
    return name != "" and folder not in (*site.NO_ARTICLES, "..")


def _belongs(diagnostic: Diagnostic, slug: str) -> bool:
    path = diagnostic.position.path
    return path == slug or path.startswith(f"{slug}/")
