"""One article in, its files out: a pure function of the folder's bytes and of what all articles share."""

import contextlib
import gc
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from randnotiz import charts, checks, exports, figures, language, markdown, names, notes, pages, reader
from randnotiz.errors import Finding, Position, collected, excerpts, with_excerpts
from randnotiz.model import (
    AnnotatedArticle,
    Article,
    Built,
    ClaimLine,
    Coverage,
    DrawnChart,
    Extract,
    Leaning,
    Line,
    NoteKind,
    PlainPage,
    Results,
    Settings,
    Source,
    SourceLine,
    Ties,
)
from randnotiz.pages import views
from randnotiz.pages.sources import description
from randnotiz.records import dataclass
from randnotiz.site.extracts import packed
from randnotiz.site.memory import Known, digest_of, digest_of_extract, fingerprint
from randnotiz.site.output import Stage

Findings = tuple[Finding, ...]
Paint = Callable[[str], bytes]  # SVG to PNG


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What all articles share: settings, shared sources, the frame of every page, and whether drafts are built."""

    settings: Settings
    sources: Mapping[str, Source] | None  # None where their file is broken
    plain_pages: tuple[PlainPage, ...]
    frame: pages.Frame
    drafts: bool
    files: Mapping[str, bytes]  # all that was read of them, by path


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """An article with everything in its place and its charts ready to be drawn; `written` still has its drafts."""

    annotated: AnnotatedArticle
    written: Article
    prepared: Mapping[str, charts.Prepared]


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What came of an article: what the rest of the site needs of it, and what is to be said about it.

    `extract` is packed, and None for what could not be read at all, and for a draft that is not built; with a fault
    it is there so that its links are looked at too. `paths` are its files below the site, `known` is for the memory;
    a check has neither.
    """

    slug: str
    findings: Findings
    extract: bytes | None = None
    paths: tuple[str, ...] = ()
    known: Known | None = None
    coverage: Coverage | None = None
    sources: tuple[Source, ...] = ()  # for a check that asks after them

    @property
    def faulty(self) -> bool:
        """Whether it has faults, so that nothing else should be said about it."""
        return any(finding.severity == "error" for finding in self.findings)


@contextlib.contextmanager
def collected_between_articles() -> Iterator[None]:
    """A block in which garbage is collected when an article is made, and not before: most of what is young is still
    in use then, and of a whole site little is garbage.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Workshop:
    """All that is needed to make any article of a site, in this process or another; without a stage, to check it."""

    content: Path
    shared: Surroundings
    cache: Path
    stage: Stage | None

    def make(self, slug: str) -> Made:
        """An article's files on the stage, or its faults."""
        made = self._make(slug)
        gc.collect(0)  # of what this article has left; see `collected_between_articles`
        return made

    def _make(self, slug: str) -> Made:
        seen = fingerprint(self.content / slug)
        files, findings = reader.load_folder(self.content, slug)
        placed, more = place(slug, files, self.shared, self.cache / "charts")
        around = excerpts(files, f"{slug}/")
        findings = with_excerpts((*findings, *more), around)
        if placed is None:
            return Made(slug=slug, findings=findings)
        drawn: Mapping[str, DrawnChart] = {}
        if self.stage is not None:  # a check never starts the engine
            drawn, more = draw(placed, self.cache / "charts")
            findings += with_excerpts(more, around)
        if any(finding.severity == "error" for finding in findings):
            return Made(slug=slug, findings=findings, extract=packed(extract(placed, self.shared)))
        if self.stage is None:
            return Made(
                slug=slug,
                findings=findings,
                extract=packed(extract(placed, self.shared)),
                coverage=placed.annotated.coverage,
                sources=tuple(placed.written.sources.values()),
            )
        built = finish(placed, self.shared, drawn, partial(exports.share_png, cache=self.cache / "share"))
        for path, content in built.files.items():
            self.stage.put(path, content)
        kept = packed(built.extract)
        known = Known(
            seen=seen,
            content=digest_of(files),
            extract=digest_of_extract(kept),
            findings=findings,
            shared=leans_on(placed.written),
        )
        return Made(slug=slug, findings=findings, extract=kept, paths=tuple(built.files), known=known)


def leans_on(article: Article) -> tuple[tuple[str, str], ...]:
    """The shared sources that an article uses, each with a digest of what it says."""
    return tuple((id, source_digest(source)) for id, source in article.sources.items() if source.shared)


def source_digest(source: Source) -> str:
    """Equal for two states of a shared source that say the same."""
    return digest_of({source.id: repr(sorted(source.csl.items())).encode()}).hex()


def place(
    slug: str, files: Mapping[str, bytes], shared: Surroundings, cache: Path | None = None
) -> tuple[Placed | None, Findings]:
    """Everything that can be said about an article without drawing its charts; None if it cannot be built.

    `cache` is where charts remember which specifications are good.
    """
    written, findings = reader.read_article(slug, files, shared.settings, shared.sources)
    if written is None or (written.draft and not shared.drafts):
        return None, findings
    article = written if shared.drafts else checks.published(written)
    lang = language.of(article.lang)
    results, more = figures.compute(article)
    findings += more
    results = notes.labelled(article, results, lang)
    prepared, more = _prepared(article, results, lang, cache)
    findings += more
    annotated, more = notes.annotate(article, results, lang, verdicts=shared.settings.verdicts)
    findings += more
    findings += checks.run(annotated, written)
    findings += tuple(checks.drawn_on_no_draft(annotated, written, {id: one.numbers for id, one in prepared.items()}))
    findings = names.settled(findings, annotated, written)
    return Placed(annotated=annotated, written=written, prepared=prepared), findings


def _prepared(
    article: Article, results: Results, lang: language.Language, cache: Path | None
) -> tuple[Mapping[str, charts.Prepared], Findings]:
    printed = partial(markdown.plain, numbers=notes.numbers(article, results, lang), quotes=lang.quotes)
    prepared: dict[str, charts.Prepared] = {}
    findings: list[Finding] = []
    for chart in article.charts:
        with collected(findings):
            ready, more = charts.prepare(chart, article, results, lang, cache, printed)
            findings += more
            if ready is not None:
                prepared[chart.id] = ready
    return prepared, tuple(findings)


def draw(placed: Placed, cache: Path | None) -> tuple[Mapping[str, DrawnChart], Findings]:
    """The charts of an article, and what only shows when they are drawn; those in the cache cost next to nothing."""
    drawn: dict[str, DrawnChart] = {}
    findings: list[Finding] = []
    for id, prepared in placed.prepared.items():
        with collected(findings):
            drawn[id] = charts.draw(prepared, cache)
    return drawn, tuple(findings)


def finish(placed: Placed, shared: Surroundings, drawn: Mapping[str, DrawnChart], paint: Paint) -> Built:
    """All files of an article whose content has no faults."""
    annotated, frame = placed.annotated, shared.frame
    folder = annotated.article.slug
    words = pages.article_words(annotated, shared.settings)
    edition = exports.Edition(words)
    head = exports.article_head(edition, frame)
    page = pages.article_page(annotated, frame, drawn, head, words)
    files = {
        "index.html": page.encode(),
        "single.html": exports.single_page(edition, frame, page, head).encode(),
        exports.SHARE_PICTURE: paint(exports.share_picture(edition, frame)),
        **exports.twins(edition, drawn, page),
        **exports.claim_pages(edition, frame),
        **{path: annotated.article.files[path] for path in annotated.images},
    }
    return Built(
        extract=extract(placed, shared),
        files={f"{folder}/{path}": content for path, content in files.items()},
    )


def extract(placed: Placed, shared: Surroundings) -> Extract:
    """What the rest of the site keeps of an article."""
    annotated, article = placed.annotated, placed.annotated.article
    lang = language.of(article.lang)
    printed = partial(markdown.plain, numbers=notes.numbers(article, annotated.results, lang), quotes=lang.quotes)
    line = _line(annotated, printed)
    translations = tuple((slug.position, lang, str(slug)) for lang, slug in article.translations.items())
    rechecks = tuple(_rechecks(placed.written))
    own, common = excerpts(article.files, f"{article.slug}/"), excerpts(shared.files)
    places = [*(at for at, _ in annotated.links), *(at for at, _, _ in (*translations, *rechecks))]
    return Extract(
        line=line,
        ties=Ties(
            draft=article.draft,
            lang=article.lang,
            places=annotated.ids,
            claims=tuple(claim.id for claim in annotated.claims if claim.verdict),
            links=annotated.links,
            translations=translations,
            rechecks=rechecks,
            excerpts=tuple((at, around) for at in dict.fromkeys(places) if (around := own(at) or common(at))),
        ),
        leanings=tuple(_leanings(annotated, line, printed)),
    )


def _line(annotated: AnnotatedArticle, printed: Callable[[str], str]) -> Line:
    article = annotated.article
    counts: dict[NoteKind, int] = {}
    for note in annotated.notes:
        counts[note.kind] = counts.get(note.kind, 0) + 1
    return Line(
        slug=article.slug,
        title=printed(article.title),
        subtitle=printed(article.subtitle or ""),
        summary=printed(article.summary),
        lang=article.lang,
        authors=tuple(str(author.name) for author in article.authors),
        published=str(article.published or ""),
        updated=str(article.revised or ""),
        draft=article.draft,
        counts=counts,
        claims=tuple(
            ClaimLine(id=claim.id, claim=printed(claim.claim), verdict=claim.verdict.key if claim.verdict else None)
            for claim in annotated.claims
        ),
        corrections=tuple((str(one.date), printed(one.text)) for one, note in article.corrected if not note),
        changes=tuple((str(one.date), printed(one.text), note) for one, note in article.corrected if note),
        terms=tuple(dict.fromkeys(_terms(annotated, printed))),
    )


def _terms(annotated: AnnotatedArticle, printed: Callable[[str], str]) -> Iterator[str]:
    """What somebody may look for beside titles and claims."""
    yield from (heading.words for heading in annotated.headings)
    yield from (printed(remark.term) for remark in annotated.article.remarks if remark.term)
    yield from (str(voice.by.name) for claim in annotated.claims for voice in claim.voices)


def _leanings(annotated: AnnotatedArticle, line: Line, printed: Callable[[str], str]) -> Iterator[Leaning]:
    """What of an article leans on each of its sources."""
    sources = annotated.article.sources
    uses: dict[str, list[SourceLine]] = {}
    for source, use in _uses(annotated, language.of(line.lang), printed):
        uses.setdefault(source, []).append(use)
    for source, each in uses.items():
        yield Leaning(
            source=source,
            description=description(sources[source]) if source in sources and not sources[source].shared else "",
            slug=line.slug,
            title=line.title,
            lang=line.lang,
            published=line.published,
            updated=line.updated,
            draft=line.draft,
            uses=tuple(each),
        )


def _uses(
    annotated: AnnotatedArticle, lang: language.Language, printed: Callable[[str], str]
) -> Iterator[tuple[str, SourceLine]]:
    """Every passage, chart and mention that leans on a source, so that each source has one at least."""
    leaning = set()
    for note in annotated.notes:
        for id in dict.fromkeys(str(use.id) for use in views.uses_of(note.annotation, annotated)):
            leaning.add(id)
            yield id, SourceLine(note=f"n-{note.id}", passage=note.passage, kind=views.kind_word(note, lang))
    for chart in annotated.article.charts:
        for id in dict.fromkeys(str(use.id) for use in chart.sources):
            leaning.add(id)
            yield id, SourceLine(note=f"chart-{chart.id}", passage=printed(chart.title), kind=lang.word("kind-chart"))
    for id in annotated.article.sources:
        if id not in leaning:
            yield str(id), SourceLine(note=notes.source_id(str(id)), passage="", kind=lang.word("source"))


def _rechecks(article: Article) -> Iterator[tuple[Position, str, str]]:
    for id, source in article.sources.items():
        custom = source.csl.get("custom")
        if isinstance(custom, Mapping) and custom.get("recheck-after"):
            yield source.position, id, str(custom["recheck-after"])
