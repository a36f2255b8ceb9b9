"""Which files a site has, what of the last one still holds, and how the rest is made and put in place."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from posixpath import normpath

from randnotiz import analysis, caching, checks, exports, media, pages, reader
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
from randnotiz.index import ArticleSummary, CrossReferences, SourceEntry
from randnotiz.model import PlainPage, Settings
from randnotiz.pages import Theme
from randnotiz.pages.sources import source_page, source_pages
from randnotiz.site.articles import ArticleBuilder, ArticleResult, source_digest
from randnotiz.site.build_cache import BuildCache, CacheEntry, ListsEntry, digest_of, fingerprint
from randnotiz.site.machine import MachineError
from randnotiz.site.output import Stage, build_lock, read_manifest, scan, top_of

# Below this many articles a process, starting more processes costs more than it saves.
WORTH_A_PROCESS = 6

OnProgress = Callable[[int, int], None]


def _no_progress(done: int, of: int) -> None:
    pass


def _no_article(result: ArticleResult) -> None:
    pass


@dataclass(frozen=True, kw_only=True, slots=True)
class SitePaths:
    """Where everything lies."""

    content: Path
    templates: Path
    static: Path
    output: Path
    cache: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildOptions:
    """What the command line chose. `as_of` is a day (YYYY-MM-DD) or None: then no recheck is judged.

    With `sync`, no page is empty or half after a power cut.
    """

    base_url: str | None = None
    drafts: bool = False
    jobs: int = 1
    clean: bool = False
    strict: bool = False
    as_of: str | None = None
    sync: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildResult:
    """What a build or a check came to. `stopped` says that nothing was, or would be, written."""

    diagnostics: tuple[Diagnostic, ...]
    stopped: bool
    articles: int = 0
    built: int = 0
    files: int = 0
    foreign: tuple[str, ...] = ()


def build(folders: SitePaths, choices: BuildOptions, on_progress: OnProgress = _no_progress) -> BuildResult:
    """The site in the output folder is what the content says; with a fault it stays as it was, to the byte."""
    context, theme, diagnostics = read_site(folders, choices)
    if theme is None:
        return BuildResult(diagnostics=diagnostics, stopped=True)
    with (
        build_lock(folders.output),
        Stage(folders.output) as stage,
        BuildCache(_cache_file(folders), _key(choices, theme)) as cache,
    ):
        builder = ArticleBuilder(folders.content, context, theme, folders.cache, stage)
        return _Building(folders, choices, on_progress, builder, cache, diagnostics).outcome()


def _cache_file(folders: SitePaths) -> Path:
    return folders.cache / f"build-{blake2b(bytes(folders.output.resolve()), digest_size=6).hexdigest()}.sqlite"


class _Building:
    """The steps of a build from what the last one left. It is used once."""

    def __init__(
        self,
        folders: SitePaths,
        choices: BuildOptions,
        on_progress: OnProgress,
        builder: ArticleBuilder,
        cache: BuildCache,
        diagnostics: tuple[Diagnostic, ...],
    ) -> None:
        assert builder.stage is not None  # noqa: S101 - a build has a stage; only checks go without
        self.folders, self.choices, self.on_progress, self.cache = folders, choices, on_progress, cache
        self.builder, self.stage = builder, builder.stage
        self.context, self.theme = builder.context, builder.theme
        self.diagnostics = list(diagnostics)
        self.before = read_manifest(folders.output)
        self.lists = None if choices.clean else cache.lists()
        self.intact: set[str] = set()  # files of the lists that are as they were left
        self.kept: set[str] = set()  # articles
        self.same: set[str] = set()  # files that stay
        self.foreign: set[str] = set()
        self.staged: set[str] = set()  # files of articles
        self.silent: set[str] = set()  # articles with faults
        self.drafts: set[str] = set()  # articles that are not built

    def outcome(self) -> BuildResult:
        slugs = article_slugs(self.folders.content)
        self._compare(frozenset(slugs))
        self.cache.keep_only(self.kept)
        self._make([slug for slug in slugs if slug not in self.kept])
        hold = self._lists_hold()
        if not hold:
            self.diagnostics += _across(
                self.cache.ties, self.silent, self.drafts, self.context, self.theme, self.choices
            )
        if stops(self.diagnostics, self.choices):
            return BuildResult(diagnostics=tuple(self.diagnostics), stopped=True)
        last = set[str]() if hold else self._make_lists()
        if hold:
            self.same |= self.intact
        self.stage.publish(self.staged, last, self.same, self.before, sync=self.choices.sync)
        self.cache.commit()
        after = self.staged | last | self.same
        return BuildResult(
            diagnostics=tuple(self.diagnostics),
            stopped=False,
            articles=len(self.cache.digests),
            built=len(self.cache.digests) - len(self.kept),
            files=len(after),
            foreign=tuple(sorted(self.foreign - after)),
        )

    # Articles

    def _compare(self, slugs: Collection[str]) -> None:
        """What of the output is as the last build left it, and what in it no build wrote."""
        left = self.lists.files if self.lists else {}
        sources = {id: source_digest(source) for id, source in (self.context.sources or {}).items()}
        for top, there in scan(self.folders.output):
            self.foreign.update(path for path in there if path not in self.before)
            ours = {path: stamp for path, stamp in there.items() if path in self.before}
            self.intact |= {path for path in left.keys() & ours.keys() if left[path][1] == ours[path]}
            entry = self.cache.entry(top) if top in slugs and not self.choices.clean else None
            if entry and entry.files.items() <= ours.items() and self._holds(top, entry, sources):
                self.kept.add(top)
                self.same.update(entry.files)
                self.diagnostics += entry.diagnostics

    def _holds(self, slug: str, entry: CacheEntry, sources: Mapping[str, str]) -> bool:
        """Whether an article's folder still says what it was made of."""
        if any(sources.get(id) != digest for id, digest in entry.shared):
            return False
        now = fingerprint(f"{self.folders.content}/{slug}")
        if not now or now != entry.seen:
            files, faults = reader.load_folder(self.folders.content, slug)
            if faults or digest_of(files) != entry.content:
                return False
            self.cache.touch(slug, entry, now)
        return True

    def _make(self, slugs: Sequence[str]) -> None:
        """Articles made; whatever the rest of the site needs of them is on the disk at once."""
        for one in _make_all(self.builder, slugs, self.choices.jobs, self.on_progress):
            if one.extract is not None:
                self.cache.put(one.slug, one.extract, one.entry)
            if one.entry is not None:
                self.staged.update(one.entry.files)
            self.diagnostics += one.diagnostics
            if one.faulty:
                self.silent.add(one.slug)
            elif one.extract is None:
                self.drafts.add(one.slug)

    # Lists

    def _lists_hold(self) -> bool:
        """Whether everything that is made of the extracts of all articles can stay as it is."""
        return (
            self.lists is not None
            and self.lists.digest == self._lists_digest()
            and self.choices.as_of is None
            and self.intact == self.lists.files.keys()
            and not any(diagnostic.severity == "error" for diagnostic in self.diagnostics)
            and not self._off_record()
        )

    def _off_record(self) -> bool:
        """Whether an address is on no record, which is told with every build."""
        kept = self.theme.settings.addresses
        return kept is not None and not self.cache.digests.keys() <= set(kept)

    def _lists_digest(self) -> str:
        shared = {id: source_digest(source) for id, source in (self.context.sources or {}).items()}
        kept = self.theme.settings.redirects, self.theme.settings.addresses
        return digest_of({"": repr((sorted(self.cache.digests.items()), sorted(shared.items()), kept)).encode()})

    def _make_lists(self) -> set[str]:
        """The paths of the files about all articles that are on the stage; the others stay."""
        cache, theme = self.cache, self.theme
        left = self.lists.files if self.lists else {}
        files: dict[str, tuple[str, str]] = {}
        staged: set[str] = set()

        def put(path: str, content: bytes | Iterable[bytes], digest: str = "") -> None:
            files[path] = digest, self.stage.put(path, content)
            staged.add(path)

        for page in source_pages(cache.leanings, self.context.sources or {}):
            cache.add_work(page.work)
            if page.path in self.intact and left[page.path][0] == page.digest:
                files[page.path] = left[page.path]
            else:
                put(page.path, source_page(page, theme), page.digest)
            del page  # before the next is read: whole sites may lean on one source
        digest = exports.search_digest(cache.lines, cache.works)
        parts = {path: one for path, one in left.items() if one[0] == digest}
        if parts and parts.keys() <= self.intact:
            files |= parts
        else:
            for path, part in exports.search_index(cache.lines, cache.works, theme):
                put(path, part, digest)
        for path, content in site_files(cache.lines, cache.works, theme):
            put(path, content)
        self.same.update(files.keys() - staged)
        cache.put_lists(ListsEntry(digest=self._lists_digest(), files=files))
        return staged


def _make_all(
    builder: ArticleBuilder, slugs: Sequence[str], jobs: int, on_progress: OnProgress
) -> Iterator[ArticleResult]:
    """Every article built, in order, over as many processes as are worth starting."""
    workers = min(jobs, len(slugs) // WORTH_A_PROCESS)
    if workers < 2:
        results: Iterator[ArticleResult] = map(builder.build, slugs)
    else:
        from randnotiz.site import workers as hands  # what starts processes takes a while to load

        results = hands.built(builder, slugs, workers)
    for done, result in enumerate(results):
        on_progress(done, len(slugs))
        yield result
    if slugs:
        on_progress(len(slugs), len(slugs))


def _across(
    ties: Mapping[str, CrossReferences],
    silent: Collection[str],
    drafts: Collection[str],
    context: SiteContext,
    theme: Theme,
    choices: BuildOptions,
) -> tuple[Diagnostic, ...]:
    """What holds between articles or does not, shown as it stood when each was read."""
    links = {page.slug: list(_leading_away(page)) for page in theme.plain_pages}
    found = [
        *checks.across(ties, silent, theme.settings, drafts),
        *checks.plain_links(links, ties, silent, theme.settings.redirects),
        *(checks.rechecks(ties, choices.as_of) if choices.as_of is not None else ()),
    ]
    common = excerpts(context.files)

    def around(place: Position) -> Excerpt | None:
        slug = top_of(place.path)
        return dict(ties[slug].excerpts).get(place) if slug in ties else common(place)

    return with_excerpts(found, around)


def _leading_away(page: PlainPage) -> Iterator[tuple[Position, str]]:
    """The links of a plain page, without those to headings of its own."""
    document, _ = pages.plain_document(page)
    own = {f"#{title.id}" for title in document.titles}
    return ((link.position, link.href) for link in document.links if link.href not in own)


def _key(choices: BuildOptions, theme: Theme) -> str:
    """Everything that all articles depend on: the program, the settings, the theme of the pages, the choices."""
    digest = blake2b(caching.toolchain_digest().encode(), digest_size=16)
    settings = replace(theme.settings, redirects={}, addresses=None)  # what only lists and checks depend on
    for part in (settings, theme.files, theme.plain_pages, choices.drafts):
        digest.update(repr(part).encode())
    for path in sorted(theme.templates.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(theme.templates).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def check(
    folders: SitePaths,
    choices: BuildOptions,
    on_article: Callable[[ArticleResult], None] = _no_article,
    on_progress: OnProgress = _no_progress,
) -> BuildResult:
    """All diagnostics; nothing is drawn or written. `on_article` is called with what came of each article."""
    context, theme, diagnostics = read_site(folders, choices)
    if theme is None:
        return BuildResult(diagnostics=diagnostics, stopped=True)
    builder = ArticleBuilder(folders.content, context, theme, folders.cache, stage=None)
    silent: set[str] = set()
    drafts: set[str] = set()
    with BuildCache() as cache:
        for result in _make_all(builder, article_slugs(folders.content), choices.jobs, on_progress):
            diagnostics += result.diagnostics
            if result.extract is not None:
                cache.put(result.slug, result.extract, None)
            if result.faulty:
                silent.add(result.slug)
            elif result.extract is None:
                drafts.add(result.slug)
            on_article(result)
        diagnostics += _across(cache.ties, silent, drafts, context, theme, choices)
        articles = len(cache.ties)
    return BuildResult(diagnostics=diagnostics, stopped=stops(diagnostics, choices), articles=articles)


def stops(diagnostics: Sequence[Diagnostic], choices: BuildOptions) -> bool:
    """Whether a build may not write: there is a fault, or there is a warning and the choice is strict."""
    return any(choices.strict or diagnostic.severity == "error" for diagnostic in diagnostics)


def article_slugs(content: Path) -> list[str]:
    """The names of the article folders below the content folder, whether or not they can be addresses."""
    with os.scandir(content) as entries:
        return sorted(
            entry.name
            for entry in entries
            if entry.name != "pages" and not entry.name.startswith(".") and reader.is_folder(entry)
        )


def read_site(folders: SitePaths, choices: BuildOptions) -> tuple[SiteContext, Theme | None, tuple[Diagnostic, ...]]:
    """What all articles share and what all pages share, with their faults; no theme if site.yaml cannot be used."""
    root = folders.content
    if not root.is_dir():
        raise MachineError(f"there is no folder {root}")
    context, known = analysis.read_context(
        root, drafts=choices.drafts, base_url=choices.base_url, cache=folders.cache / "charts"
    )
    settings, diagnostics, files = context.settings, list(known), dict(context.files)
    names = _page_names(root, diagnostics)
    plain = list(_plain_pages(root, names, settings, files, diagnostics))
    context = replace(context, files=files)
    theme = None
    if settings is not None:
        diagnostics += _policies_missing(settings, {name.removesuffix(".md") for name in names})
        logo = None
        with collecting(diagnostics):
            logo = _logo(root, settings.logo) if settings.logo else None
        theme = pages.theme(settings, plain, folders.templates, folders.static, folders.cache / "templates", logo)
    return context, theme, with_excerpts(diagnostics, excerpts(files))


def _logo(root: Path, name: SourceText) -> bytes:
    """The publisher's logo, a picture below the content folder. ContentError."""
    if reader.elsewhere(name):
        message = f"the logo '{name}' lies outside of the folder of content"
        raise ContentError(name.position, "file-outside", message)
    if not (root / name).is_file():
        raise ContentError(name.position, "file-missing", f"there is no file '{name}' in the folder of content")
    content = reader.load_file(root / name, name, root)
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
) -> Iterator[PlainPage]:
    """The plain pages, whose bytes join the files and whose faults the diagnostics."""
    for name in names:
        with collecting(diagnostics):
            shown = f"pages/{name}"
            files[shown] = reader.load_file(root / shown, shown, root)
            page, more = reader.read_page(shown, files[shown], settings)
            diagnostics += more
            if page is not None:
                document, more = pages.plain_document(page)
                diagnostics += more
                diagnostics += (
                    Diagnostic(
                        picture.position,
                        "file-missing",
                        f"'{picture.src}' cannot be shown: plain pages have no pictures",
                        "Put it into an article, or say it in words.",
                    )
                    for picture in document.pictures
                )
                yield page


def _policies_missing(settings: Settings, there: Collection[str]) -> Iterator[Diagnostic]:
    """The pages that site.yaml names as policies, but that are not there."""
    for policy, slug in settings.policies.items():
        if slug not in there:
            message = f"there is no page pages/{slug}.md to lay down the {policy}{did_you_mean(slug, there)}"
            yield Diagnostic(slug.position, "file-missing", message)


def site_files(
    lines: Iterable[ArticleSummary], works: Iterable[SourceEntry], theme: Theme
) -> Iterator[tuple[str, bytes | Iterable[bytes]]]:
    """The files that belong to no article or source, with their paths: lists, plain pages, style and script."""
    yield from pages.assets(theme).items()
    yield "index.html", pages.index_page(lines, theme)
    yield "404.html", pages.not_found_page(theme).encode()
    yield "_headers", exports.headers(theme.settings).encode()
    for page in theme.plain_pages:
        yield f"pages/{page.slug}/index.html", pages.plain_page(page, theme).encode()
    yield from exports.search_page(theme).items()
    yield from exports.listings(lines, works, theme)
