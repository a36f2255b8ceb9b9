"""A site's folders and options, what its pages share, and a check of it: nothing here fills a page."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import normpath

from msgspec import Struct
from msgspec.structs import replace

from randnotiz import analysis, charts, checks, media, reader, shipped
from randnotiz.analysis import SiteContext
from randnotiz.diagnostics import (
    ContentError,
    Diagnostic,
    Excerpt,
    Position,
    SourceText,
    collecting,
    did_you_mean,
    excerpts,
    with_excerpts,
)
from randnotiz.index import CrossReferences
from randnotiz.model import PlainPage, Settings
from randnotiz.site import look_checks
from randnotiz.site.articles import ArticleChecker, ArticleResult, Unbuilt
from randnotiz.site.build_cache import BuildCache
from randnotiz.site.machine import MachineError
from randnotiz.site.output import top_of
from randnotiz.terminal import OnProgress, no_progress

# Below this many articles a process, starting more processes costs more than it saves.
WORTH_A_PROCESS = 6
NO_ARTICLES = ("languages", "pages", "site.yaml", "sources.yaml")  # of a content folder, whatever lies there


class SitePaths(Struct, frozen=True, kw_only=True):
    """Where everything lies. `templates` and `static` are the site's own, which stand before the packaged ones."""

    content: Path
    templates: Path
    static: Path
    output: Path
    cache: Path


class BuildOptions(Struct, frozen=True, kw_only=True):
    """What the command line chose. `as_of` is a day (YYYY-MM-DD) or None: then no recheck is judged. An article that
    is published after it is left out, but with `ahead`.

    With `sync`, no page is empty or half after a power cut. Without `may_draw` a check draws no chart.
    """

    base_url: str | None = None
    drafts: bool = False
    jobs: int = 1
    clean: bool = False
    strict: bool = False
    as_of: str | None = None
    ahead: bool = False
    sync: bool = True
    may_draw: bool = True


class BuildResult(Struct, frozen=True, kw_only=True):
    """What a build or check came to: `stopped` if nothing may be written, `made_with` as the site names it."""

    diagnostics: tuple[Diagnostic, ...]
    stopped: bool
    articles: int = 0
    built: int = 0
    files: int = 0
    foreign: tuple[str, ...] = ()
    made_with: SourceText = SourceText("")


def make_all(
    make: Callable[[str], ArticleResult], slugs: Sequence[str], jobs: int, on_progress: OnProgress
) -> Iterator[ArticleResult]:
    """What each article comes to, in order, over processes where worth it. ContentError if charts take too long."""
    drawn: list[charts.Drawn] = []
    workers = min(jobs, len(slugs) // WORTH_A_PROCESS)
    if workers < 2:
        results: Iterator[ArticleResult] = map(make, slugs)
    else:
        from randnotiz.site import workers as hands  # what starts processes takes a while to load

        results = hands.made(make, slugs, workers)
    for done, result in enumerate(results):
        on_progress(done, len(slugs))
        yield result
        drawn += result.drawn
        charts.within_limit(drawn)
    if slugs:
        on_progress(len(slugs), len(slugs))


def across(
    articles: Mapping[str, CrossReferences],
    unbuilt: Unbuilt,
    context: SiteContext,
    settings: Settings,
    choices: BuildOptions,
) -> tuple[Diagnostic, ...]:
    """What holds between articles or does not, shown as it stood when each was read."""
    links = {page.slug: list(_leading_away(page)) for page in context.plain_pages}
    to = checks.Destinations(
        articles=articles,
        redirects=settings.redirects,
        silent=unbuilt.silent,
        drafts=unbuilt.drafts,
        later=unbuilt.later,
    )
    found = [
        *checks.across(to, settings),
        *checks.plain_links(links, to),
        *checks.frame_links(settings, links, to),
        *(checks.due(articles, choices.as_of) if choices.as_of is not None else ()),
    ]
    common = excerpts(context.files)

    def around(place: Position) -> Excerpt | None:
        slug = top_of(place.path)
        return dict(articles[slug].excerpts).get(place) if slug in articles else common(place)

    return with_excerpts(found, around)


def _leading_away(page: PlainPage) -> Iterator[tuple[Position, str]]:
    """The links of a plain page, without those to headings of its own."""
    document, _ = reader.plain_document(page)
    own = {f"#{title.id}" for title in document.titles}
    return ((link.position, link.href) for link in document.links if link.href not in own)


def check(
    folders: SitePaths,
    choices: BuildOptions,
    on_article: Callable[[ArticleResult], None] = lambda _: None,
    on_progress: OnProgress = no_progress,
    only: str | None = None,
) -> BuildResult:
    """All diagnostics; nothing is written but what the cache keeps of charts, which are drawn unless the choice is
    another. Pages are made, and thrown away, to try templates of the site's own. `on_article` is called with what
    came of each article. With `only` they are those of one article and of what all share; of the others only those
    are read that it leads to, and no page is made.
    """
    context, diagnostics = read_site(folders, choices)
    settings = context.settings
    if settings is None:
        return BuildResult(diagnostics=diagnostics, stopped=True)
    checker = ArticleChecker(folders.content, context, folders.cache, choices.may_draw)
    unbuilt = Unbuilt()
    slugs = article_slugs(folders.content)
    with BuildCache() as cache:
        if only is None:
            results = make_all(checker, slugs, choices.jobs, on_progress)
        else:
            results = _one(only, slugs, checker, cache, settings.redirects)
        try:
            for result in results:
                if result.extract is not None:
                    cache.put(result.slug, result.extract, None)
                unbuilt.add(result)
                if only in (None, result.slug):
                    diagnostics += result.diagnostics
                    on_article(result)
        except ContentError as error:
            return BuildResult(diagnostics=(*diagnostics, error.diagnostic), stopped=True)
        if only is None:
            diagnostics += across(cache.cross_references, unbuilt, context, settings, choices)
        else:
            unbuilt.silent |= set(slugs) - cache.digests.keys()
            found = across(cache.cross_references, unbuilt, context, settings, choices)
            diagnostics += tuple(one for one in found if top_of(one.position.path) == only)
        articles = len(cache.cross_references) if only is None else 1
    own = shipped.has_own(folders.templates, "templates") or shipped.has_own(folders.static, "static")
    if own and only is None:
        from randnotiz.site import building  # pages and exports, which a check of any other site can do without

        faulty = stops(diagnostics, choices) or not choices.may_draw
        diagnostics += building.try_out(folders, choices, context, fill=not faulty)
    return BuildResult(
        diagnostics=diagnostics,
        stopped=stops(diagnostics, choices),
        articles=articles,
        made_with=settings.made_with or SourceText(""),
    )


def _one(
    slug: str,
    slugs: Sequence[str],
    check: Callable[[str], ArticleResult],
    cache: BuildCache,
    redirects: Mapping[str, str],
) -> Iterator[ArticleResult]:
    """What an article comes to, and, once that is in the cache, what those do that it leads to."""
    yield check(slug)
    if slug in cache.cross_references:
        ties = cache.cross_references[slug]
        named = {checks.leads_to(link)[0] for _, link in ties.links} | {other for *_, other in ties.translations}
        led_to = {str(redirects.get(other, other)) for other in named}
        yield from map(check, sorted(led_to.intersection(slugs) - {slug}))


def stops(diagnostics: Sequence[Diagnostic], choices: BuildOptions) -> bool:
    """Whether a build may not write: a fault, or if strict a warning but of drafts and of days still to come."""
    return any(
        one.severity == "error" or (choices.strict and not one.draft and one.code != "published-later")
        for one in diagnostics
    )


def article_slugs(content: Path) -> list[str]:
    """The names of the article folders below the content folder, whether or not they can be addresses."""
    with os.scandir(content) as entries:
        return sorted(
            entry.name
            for entry in entries
            if entry.name not in NO_ARTICLES and not entry.name.startswith(".") and reader.is_folder(entry)
        )


def read_site(
    folders: SitePaths, choices: BuildOptions, unsaved: Mapping[str, bytes] = analysis.NOTHING_UNSAVED
) -> tuple[SiteContext, tuple[Diagnostic, ...]]:
    """What all articles and pages share, `unsaved` bytes in place of files; no settings if site.yaml is unusable."""
    root = folders.content
    if not root.is_dir():
        raise MachineError(f"there is no folder {root}")
    context, known = analysis.read_context(
        root, drafts=choices.drafts, base_url=choices.base_url, cache=folders.cache / "charts", unsaved=unsaved
    )
    settings, diagnostics, files = context.settings, list(known), dict(context.files)
    names = _page_names(root, diagnostics)
    plain = tuple(_plain_pages(root, names, settings, files, diagnostics, unsaved))
    logo = None
    if settings is not None:
        diagnostics += look_checks.check(settings, shipped.overlay(folders.static, "static"), root)
        for folder in (folders.templates, folders.static):
            for path, why in shipped.left_out(folder):
                place = Position(shipped.shown(path, root))
                diagnostics.append(Diagnostic(place, "file-missing", f"'{path.name}' {why}"))
        diagnostics += _policies_missing(settings, {name.removesuffix(".md") for name in names})
        with collecting(diagnostics):
            logo = _logo(root, settings.logo) if settings.logo else None
    as_of = None if choices.ahead else choices.as_of
    context = replace(context, files=files, plain_pages=plain, logo=logo, as_of=as_of)
    return context, with_excerpts(diagnostics, excerpts(files))


def _logo(root: Path, name: SourceText) -> bytes:
    """The publisher's logo, a picture below the content folder. ContentError."""
    if reader.elsewhere(name):
        message = f"the logo '{name}' lies outside of the folder of content"
        raise ContentError(name.position, "file-outside", message)
    try:
        content = reader.load_file(root / name, name, root)
    except ContentError as error:
        fault = error.diagnostic
        hint = "It is looked for in the folder of content."
        raise ContentError(name.position, fault.code, fault.message, hint) from None
    media.publish(normpath(name), content, name.position, None, picture=True)
    return content


def _page_names(root: Path, diagnostics: list[Diagnostic]) -> list[str]:
    """The names of the files that are plain pages."""
    if os.path.lexists(root / "pages"):
        with collecting(diagnostics):
            return [name for name, _ in reader.list_folder(root / "pages", "pages", root) if name.endswith(".md")]
    return []


def _plain_pages(
    root: Path,
    names: Iterable[str],
    settings: Settings | None,
    files: dict[str, bytes],
    diagnostics: list[Diagnostic],
    unsaved: Mapping[str, bytes],
) -> Iterator[PlainPage]:
    """The plain pages, whose bytes join the files and whose faults the diagnostics."""
    for name in names:
        with collecting(diagnostics):
            shown = f"pages/{name}"
            files[shown] = reader.load_file(root / shown, shown, root, unsaved=unsaved)
            page, more = reader.read_page(shown, files[shown], settings)
            diagnostics += more
            if page is not None:
                document, more = reader.plain_document(page)
                diagnostics += more
                for picture in document.pictures:
                    message = f"'{picture.src}' cannot be shown: plain pages have no pictures"
                    hint = "Put it into an article, or say it in words."
                    diagnostics.append(Diagnostic(picture.position, "file-missing", message, hint))
                yield page


def _policies_missing(settings: Settings, there: Collection[str]) -> Iterator[Diagnostic]:
    """The pages that site.yaml names as policies, but that are not there."""
    for policy, slug in settings.policies.items():
        if slug not in there:
            message = f"there is no page pages/{slug}.md to lay down the {policy}{did_you_mean(slug, there)}"
            yield Diagnostic(slug.position, "file-missing", message)
