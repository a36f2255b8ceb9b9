"""Which files a site has, what of the last one still holds, and how the rest is made and put in place."""

import tempfile
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from xml.parsers import expat

from msgspec.structs import replace

from randnotiz import caching, exports, pages, reader
from randnotiz.analysis import SiteContext
from randnotiz.diagnostics import ContentError, Diagnostic, SourceText
from randnotiz.index import ArticleSummary
from randnotiz.pages import Theme, lists
from randnotiz.pages.corrections import CORRECTIONS, corrections_pages
from randnotiz.pages.lists import ListPage
from randnotiz.pages.sources import source_pages
from randnotiz.site import (
    BuildOptions,
    BuildResult,
    SitePaths,
    across,
    article_slugs,
    check,
    make_all,
    read_site,
    stops,
)
from randnotiz.site.article_builder import ArticleBuilder, holds
from randnotiz.site.articles import Unbuilt
from randnotiz.site.build_cache import BuildCache, CacheEntry, ListsEntry, digest_of, fingerprint
from randnotiz.site.machine import MachineError
from randnotiz.site.output import Stage, build_lock, read_manifest, scan
from randnotiz.terminal import OnProgress, no_progress


def build(folders: SitePaths, choices: BuildOptions, on_progress: OnProgress = no_progress) -> BuildResult:
    """The site in the output folder is what the content says; with a fault it stays as it was, to the byte."""
    context, diagnostics = read_site(folders, choices)
    theme = read_theme(folders, context)
    if theme is None:
        return BuildResult(diagnostics=diagnostics, stopped=True)
    if stops(theme.faults, choices):
        return check(folders, choices, on_progress=on_progress)
    fresh = not folders.output.exists()
    output = blake2b(bytes(folders.output.resolve()), digest_size=6).hexdigest()
    try:
        with (
            build_lock(folders.output),
            Stage(folders.output) as stage,
            BuildCache(folders.cache / f"build-{output}.sqlite", _key(choices, theme, context)) as cache,
        ):
            builder = ArticleBuilder(folders.content, context, theme, folders.cache, stage)
            return _Building(folders, choices, on_progress, builder, cache, (*diagnostics, *theme.faults)).outcome()
    finally:
        with suppress(OSError):  # which has something in it, or was never made
            if fresh:
                folders.output.rmdir()


def try_out(folders: SitePaths, choices: BuildOptions, context: SiteContext, *, fill: bool) -> tuple[Diagnostic, ...]:
    """What is wrong with the site's look, read off it; with `fill` also what only shows in pages, thrown away."""
    theme = read_theme(folders, context)
    if theme is None or not theme.own or not fill or stops(theme.faults, choices):
        return theme.faults if theme else ()
    with tempfile.TemporaryDirectory() as output, Stage(Path(output)) as stage, BuildCache() as cache:
        builder = ArticleBuilder(folders.content, context, theme, folders.cache, stage)
        tried = replace(folders, output=Path(output))
        found = _Building(tried, choices, no_progress, builder, cache, ()).outcome().diagnostics
    faults = tuple(one for one in found if one.code == "template-fault") or pages.undefined(theme)
    return *theme.faults, *faults


def read_theme(folders: SitePaths, context: SiteContext) -> Theme | None:
    """What all pages share, None without settings."""
    if context.settings is None:
        return None
    return pages.theme(
        context.settings,
        context.plain_pages,
        folders.templates,
        folders.static,
        folders.cache / "templates",
        context.logo,
        folders.content,
    )


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
        self.folders, self.choices, self.on_progress, self.cache = folders, choices, on_progress, cache
        self.builder, self.stage = builder, builder.stage
        self.context, self.theme = builder.context, builder.theme
        self.diagnostics = list(diagnostics)
        self.before = read_manifest(folders.output)
        self.lists = None if choices.clean else cache.lists()
        self.intact: set[str] = set()  # files of the lists that are as they were left
        self.kept: set[str] = set()  # articles
        self.same: set[str] = set()  # files that stay
        self.known: set[str] = set()  # articles that know others which name them as their translation
        self.files: dict[str, tuple[str, str, str]] = {}  # of the lists
        self.last: set[str] = set()  # those of them that are on the stage
        self.foreign: set[str] = set()
        self.staged: set[str] = set()  # files of articles
        self.unbuilt = Unbuilt()

    def outcome(self) -> BuildResult:
        slugs = article_slugs(self.folders.content)
        self._compare(frozenset(slugs))
        self.cache.keep_only(self.kept)
        try:
            self.builder = replace(self.builder, translated=self.cache.translated)
            self._make([slug for slug in slugs if slug not in self.kept])
            self._make_known()
        except ContentError as error:  # of the charts of all
            return BuildResult(diagnostics=(*self.diagnostics, error.diagnostic), stopped=True)
        hold = self._lists_hold()
        if not hold:
            self.diagnostics += across(
                self.cache.cross_references, self.unbuilt, self.context, self.theme.settings, self.choices
            )
        if stops(self.diagnostics, self.choices):
            return BuildResult(diagnostics=tuple(self.diagnostics), stopped=True)
        if hold:
            self.same |= self.intact
        else:
            try:
                self._make_lists()
            except (ContentError, MachineError, OSError):
                raise
            except Exception as error:
                self.diagnostics.append(pages.blamed(error, self.theme, self._single_pages))
                return BuildResult(diagnostics=tuple(self.diagnostics), stopped=True)
        self.stage.publish(self.staged, self.last, self.same, self.before, sync=self.choices.sync)
        self.cache.commit()
        after = self.staged | self.last | self.same
        return BuildResult(
            diagnostics=tuple(self.diagnostics),
            stopped=False,
            articles=len(self.cache.digests),
            built=len(self.cache.digests) - len(self.kept),
            files=len(after),
            foreign=tuple(sorted(self.foreign - after)),
            made_with=self.theme.settings.made_with or SourceText(""),
        )

    # Articles

    def _compare(self, slugs: Collection[str]) -> None:
        """What of the output is as the last build left it, and what in it no build wrote."""
        left = self.lists.files if self.lists else {}
        known: dict[tuple[str, str], bool] = {}  # whether what articles lean on is as it was
        for top, there in scan(self.folders.output):
            self.foreign.update(path for path in there if path not in self.before)
            ours = {path: stamp for path, stamp in there.items() if path in self.before}
            self.intact |= {path for path in left.keys() & ours.keys() if left[path][2] == ours[path]}
            entry = self.cache.entry(top) if top in slugs and not self.choices.clean else None
            if self.context.as_of is not None and self.cache.published(top) > self.context.as_of:
                continue  # it is read again, and left out
            if entry and entry.files.items() <= ours.items() and self._holds(top, entry, known):
                self.kept.add(top)
                if entry.translated:
                    self.known.add(top)
                self.same.update(entry.files)
                self.diagnostics += entry.diagnostics

    def _holds(self, slug: str, entry: CacheEntry, known: dict[tuple[str, str], bool]) -> bool:
        """Whether an article's folder still says what it was made of."""
        for one in entry.shared:
            if one not in known:
                known[one] = holds(*one, self.context.sources or {})
            if not known[one]:
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
        for one in make_all(self.builder, slugs, self.choices.jobs, self.on_progress):
            if one.extract is not None:
                self.cache.put(one.slug, one.extract, one.entry)
            if one.entry is not None:
                self.staged.update(one.entry.files)
            self.diagnostics += one.diagnostics
            self.unbuilt.add(one)

    def _make_known(self) -> None:
        """Articles are made once more that do not know yet which others name them as their translation."""
        named = self.cache.translated
        entries = {slug: self.cache.entry(slug) for slug in sorted({*named, *self.known, *self.builder.translated})}
        again = {slug: one for slug, one in entries.items() if one and one.translated != named.get(slug, ())}
        for one in make_all(replace(self.builder, translated=named), [*again], self.choices.jobs, no_progress):
            self.same.difference_update(again[one.slug].files)
            self.kept.discard(one.slug)
            if one.extract is not None and one.entry is not None:  # what is to be said of it has been said
                self.cache.put(one.slug, one.extract, one.entry)
                self.staged.update(one.entry.files)

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
        names = "sources.yaml", *self.theme.settings.bibliography
        shared = digest_of({name: self.context.files.get(name, b"") for name in names})
        redirects, kept = self.theme.settings.redirects, self.theme.settings.addresses
        moved = {new: entry.files for new in redirects.values() if (entry := self.cache.entry(str(new)))}
        parts = sorted(self.cache.digests.items()), shared, redirects, kept, sorted(moved.items())
        return digest_of({"": repr(parts).encode()})

    def _make_lists(self) -> None:
        """The files about all articles that say something else now are on the stage; the others stay."""
        cache, theme = self.cache, self.theme
        places: list[tuple[str, str]] = []
        for page in self._list_pages():
            if page.day is not None:
                places.append((page.path.removesuffix("index.html"), page.day))
            if not self._hold((page.path,), page.digest):
                self._put(page.path, page.html().encode(), page.digest)
        digest = _in_order(cache.words)
        parts = [path for path, one in self.lists.files.items() if one[0] == digest] if self.lists else ()
        if not self._hold(parts, digest):
            for path, part in exports.search_index(cache.words):
                self._put(path, part, digest)
        for path, content in site_files(cache.lines, places, theme, cache.text):
            self._put(path, content)
        for path, now in exports.moved_files(cache.lines, theme.settings):
            self._put(path, self.stage.read(now))
        self.same.update(self.files.keys() - self.last)
        cache.put_lists(ListsEntry(digest=self._lists_digest(), files=self.files))

    def _single_pages(self, theme: Theme) -> None:
        """Makes one page of every kind that belongs to no article, and throws it away."""
        for page in (*lists.pages(self.cache.oldest, theme), *corrections_pages(self.cache.lines, theme)):
            page.html()
        for _, content in site_files(self.cache.lines, (), theme, self.cache.text):
            deque(() if isinstance(content, bytes) else content, maxlen=0)

    def _hold(self, paths: Collection[str], made_of: str) -> bool:
        """Whether there are files, and all of them can stay, because they were made of the same."""
        left = self.lists.files if self.lists else {}
        hold = bool(paths) and all(path in self.intact and left[path][0] == made_of for path in paths)
        if hold:
            self.files |= {path: left[path] for path in paths}
        return hold

    def _put(self, path: str, content: bytes | Iterable[bytes], made_of: str = "") -> None:
        """A file of the lists is made; it is put in place only where it says something else than the one there."""
        digest = blake2b(digest_size=16)
        stamp = self.stage.put(path, _through(digest, content))
        said = digest.hexdigest()
        if self.lists and path in self.intact and self.lists.files[path][1] == said:
            stamp = self.lists.files[path][2]
        else:
            self.last.add(path)
        self.files[path] = made_of, said, stamp

    def _list_pages(self) -> Iterator[ListPage]:
        """The pages of all lists: of articles, claims and corrections, and of what leans on each source."""
        yield from lists.pages(self.cache.oldest, self.theme)
        yield from corrections_pages(self.cache.lines, self.theme)
        for source in source_pages(self.cache.backlinks, self.context.sources or {}):
            self.cache.add_work(source.work)
            yield from source.pages(self.theme)
            del source  # before the next is read: whole sites may lean on one source


def _in_order(words: Iterable[tuple[str, str]]) -> str:
    """A digest of the words of all articles, one by one, and of the order in which the search counts these."""
    digest = blake2b(digest_size=16)
    for slug, each in words:
        digest.update(f"{slug}\0{each}\0".encode())
    return digest.hexdigest()


def _through(digest: "blake2b", content: bytes | Iterable[bytes]) -> Iterator[bytes]:
    """The content as it is, and a digest that has seen it."""
    for piece in (content,) if isinstance(content, bytes) else content:
        digest.update(piece)
        yield piece


def _key(choices: BuildOptions, theme: Theme, context: SiteContext) -> str:
    """Everything that all articles depend on: the program, settings, words, the theme of the pages, choices."""
    digest = blake2b(caching.toolchain_digest().encode(), digest_size=16)
    settings = replace(theme.settings, redirects={}, addresses=None)  # what only lists and checks depend on
    texts = [(name, text) for name, (_, text) in theme.templates.items()]
    for part in (settings, theme.files, theme.plain_pages, choices.drafts, texts, context.languages):
        digest.update(repr(part).encode())
    return digest.hexdigest()


def site_files(
    lines: Iterable[ArticleSummary], places: Iterable[tuple[str, str]], theme: Theme, text: Callable[[str], str]
) -> Iterator[tuple[str, bytes | Iterable[bytes]]]:
    """The files that belong to no article or list, with their paths: plain pages, feeds, site map, style and script.
    `places` are the pages of lists, each with the day of its last change; `text` gives that of an article for feeds.
    """
    yield from pages.assets(theme).items()
    yield "404.html", pages.not_found_page(theme).encode()
    yield "_headers", exports.headers(theme.settings).encode()
    if theme.settings.redirects:
        yield "_redirects", exports.redirects(theme.settings).encode()
    for page in theme.plain_pages:
        if page.slug != CORRECTIONS:
            yield f"pages/{page.slug}/index.html", pages.plain_page(page, theme).encode()
    for path, search in exports.search_pages(theme, lists.further_languages(places)):
        yield path, search.encode()
    for path, content in exports.listings(lines, places, theme, text):
        yield path, _well_formed(content) if theme.own and path.endswith(".xml") else content


def _well_formed(content: bytes | Iterable[bytes]) -> Iterator[bytes]:
    """The same piece by piece. ExpatError where it is no XML, as from a template of the site's own."""
    parser = expat.ParserCreate()
    for piece in (content,) if isinstance(content, bytes) else content:
        parser.Parse(piece)
        yield piece
    parser.Parse(b"", True)
