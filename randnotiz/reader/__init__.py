"""A folder's files to an `Article`: pure functions of their bytes, with all faults of all files at once.

What is broken is left out and its file named in `Article.broken`, so that the rest is read, checked and told of in
the same run. A site with a fault is never written, so what stands in for a missing title is never seen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from itertools import chain
from typing import TypeVar

from pydantic import ValidationError

from randnotiz import language
from randnotiz.errors import ContentError, Finding, Position, Text, collected, did_you_mean
from randnotiz.model import (
    Article,
    Chart,
    Citation,
    CounterClaim,
    Figure,
    PlainPage,
    Quantity,
    Remark,
    Settings,
    Source,
    UnitName,
    Verdict,
)
from randnotiz.reader import assembly, rules, shapes
from randnotiz.reader.fields import RESERVED, site_address, slugged
from randnotiz.reader.fields import slug as read_slug
from randnotiz.reader.folder import is_folder, list_folder, load_file, load_folder
from randnotiz.reader.rules import elsewhere
from randnotiz.reader.schemas import json_schemas
from randnotiz.reader.texts import Divided, decoded, divided
from randnotiz.recent import recent
from randnotiz.records import dataclass
from randnotiz.yamldoc import List, Map, Value, read

__all__ = [
    "FILES",
    "RESERVED",
    "check_site_address",
    "check_slug",
    "elsewhere",
    "is_folder",
    "json_schemas",
    "list_folder",
    "load_file",
    "load_folder",
    "read_article",
    "read_page",
    "read_settings",
    "read_sources",
]

S = TypeVar("S", bound=shapes.Shape)


def read_settings(path: str, raw: bytes) -> tuple[Settings | None, tuple[Finding, ...]]:
    """What site.yaml says, None if a required part of it is missing or broken."""
    site, findings = _file(path, raw, shapes.SiteFile)
    if site is None:
        return None, findings
    scale = site.verdicts
    doubled = rules.doubled(((step.key, step.key.position) for step in scale), "verdict")
    settings = Settings(
        title=site.title,
        url=site.url.rstrip("/") + "/",
        lang=str(site.lang),
        publisher=site.publisher,
        summary=site.summary,
        logo=site.logo,
        verdicts={
            str(step.key): Verdict(key=str(step.key), rank=rank, of=len(scale), words=step.words)
            for rank, step in enumerate(scale, 1)
        },
        redirects=site.redirects,
        addresses=None if site.addresses is None else tuple(site.addresses),
        policies=site.policies,
        editor=None if site.editor is None else str(site.editor),
        position=site.position,
    )
    again = rules.doubled(
        ((slug, slug.position) for slug in site.addresses or ()), "address", "Take one of the two out."
    )
    return settings, (*findings, *doubled, *again)


def read_sources(path: str, raw: bytes, shared: bool = True) -> tuple[Mapping[str, Source], tuple[Finding, ...]]:
    """The sources of a file by id: those of content/sources.yaml, unless `shared` says otherwise."""
    shape = shapes.SharedSourcesFile if shared else shapes.SourcesFile
    file, findings = _file(path, raw, shape)
    found, more = assembly.sources(file or shape.model_construct(), shared)
    return found, (*findings, *more)


def read_page(path: str, raw: bytes, settings: Settings | None) -> tuple[PlainPage | None, tuple[Finding, ...]]:
    """A plain page, None where its front matter has no beginning or no end. Its slug is the file's name."""
    slug = path.rsplit("/", 1)[-1].removesuffix(".md")
    findings: list[Finding] = []
    with collected(findings):
        check_slug(slug, path)
        text = divided(raw, path)
        front, more = _front(text, path, shapes.PageFrontMatter)
        findings.extend(more)
        return (
            PlainPage(slug=slug, path=path, title=front.title, lang=_language(front.lang, settings), body=text.body),
            tuple(findings),
        )
    return None, tuple(findings)


def read_article(
    slug: str, files: Mapping[str, bytes], settings: Settings | None, shared: Mapping[str, Source] | None
) -> tuple[Article | None, tuple[Finding, ...]]:
    """The article in a folder's files, None where there is no text to speak of, and all faults of all its files.

    `settings` and `shared` (the sources of content/sources.yaml) are None where their own files are broken: what
    would need them is then not judged.
    """
    path = f"{slug}/article.md"
    findings: list[Finding] = []
    written = _written(slug, files, findings)
    text: Divided | None = None
    with collected(findings):
        check_slug(slug, path)
    with collected(findings):
        text = divided(_present(files, path), path)
    if text is None:
        return None, tuple(findings)
    front, more = _front(text, path, shapes.FrontMatter)
    findings.extend(more)
    article = _assembled(slug, front, text.body, written, shared, files, findings)
    article = _unambiguous(replace(article, lang=_language(front.lang, settings)), findings)
    if settings is not None:
        article = replace(article, counterclaims=tuple(_judged(article, settings, findings)))
    findings.extend(finding for rule in rules.RULES for finding in rule(article))
    faults = (each for each in findings if each.severity == "error" and not each.unknown)
    broken = {each.position.path.removeprefix(f"{slug}/") for each in faults}
    if shared is None:
        broken.add("sources.yaml")
    return replace(article, broken=frozenset(broken)), tuple(findings)


# ----------------------------------------------------------------------------------------------------
# Files
# ----------------------------------------------------------------------------------------------------


def check_site_address(url: str) -> None:
    """ContentError, at no place, if no site can stand at an address."""
    site_address(Text(url))


def check_slug(slug: str, path: str) -> None:
    """ContentError, at the beginning of a file, if an article or page cannot have that address."""
    try:
        read_slug(Text(slug, Position(path)))
    except ContentError as error:
        fault = error.finding
        if "/" not in path:
            raise
        message = f"'{slug}' cannot be part of an address: small letters, digits and hyphens can"
        thing = "folder" if path.endswith("/article.md") else "file"
        hint = f"Rename the {thing} to {slugged(slug)}." if slugged(slug) else f"Rename the {thing}."
        raise ContentError(fault.position, fault.code, message, hint) from None
    if slug in RESERVED:
        message = f"no article and no page can be called '{slug}': the site keeps that address for itself"
        raise ContentError(Position(path), "value-malformed", message, "Give its folder or file another name.")


def _present(files: Mapping[str, bytes], path: str) -> bytes:
    """The bytes of the article's text; ContentError if it is not there."""
    folder, name = path.split("/")
    if name not in files:
        message = f"the folder '{folder}' has no {name}"
        raise ContentError(Position(path), "file-missing", message, f"Every article has its text in {name}.")
    return files[name]


@lru_cache(maxsize=32)
def _file(path: str, raw: bytes, shape: type[S]) -> tuple[S | None, tuple[Finding, ...]]:
    """A YAML file as far as it can be read, None where a required part is missing, and its faults.

    The last ones are kept for the preview: of the files of an article, each save changes but one.
    """
    try:
        source = decoded(raw, path)
    except ContentError as error:
        return None, (error.finding,)
    value, findings = read(source, path)
    if value is None and any(finding.severity == "error" for finding in findings):
        return None, findings
    file, more = _shaped(value, path, shape, {})
    return file, tuple(dict.fromkeys((*findings, *more)))  # what has grown together is told by both


def _shaped(
    value: Value | None, path: str, shape: type[S], spare: Mapping[str, str]
) -> tuple[S | None, list[Finding]]:
    """A value in its shape, broken entries left out and missing fields replaced by spare ones; and its faults.

    First only the broken entries of a list or mapping go; if that does not mend it, the whole fields.
    """
    given = _nothing(path) if value is None or (isinstance(value, Text) and not value) else value
    found: list[Finding] = []
    for depth in (2, 1):
        try:
            return shape.model_validate(given), found
        except ValidationError as error:
            faults = list(shapes.faults(error))
            found = found or [fault.finding for fault in faults]
            given = _without(given, {fault.way[:depth] for fault in faults}, path)
            for name, words in spare.items():
                given.setdefault(Text(name), Text(words, Position(path)))
    try:
        return shape.model_validate(given), found
    except ValidationError:
        return None, found


def _nothing(path: str) -> Map:
    """The mapping of an empty file."""
    nothing = Map()
    nothing.position, nothing.start, nothing.end, nothing.under = Position(path), 0, 0, None
    return nothing


def _without(value: Value, ways: set[tuple[str | int, ...]], path: str) -> Map:
    """A file's mapping without the fields and entries at the ends of some ways; empty if it is no mapping."""
    kept = _nothing(path)
    if not isinstance(value, Map):
        return kept
    kept.position, kept.start, kept.end, kept.under = value.position, value.start, value.end, value.under
    for key, each in value.items():
        entries = {way[1] for way in ways if len(way) > 1 and way[0] == key}
        if (str(key),) in ways:
            continue
        kept[key] = _without_entries(each, entries) if entries else each
    return kept


def _without_entries(value: Value, broken: set[str | int]) -> Value:
    if isinstance(value, Text):
        return value
    kept: Map | List
    if isinstance(value, Map):
        kept = Map((key, each) for key, each in value.items() if key not in broken)
    else:
        kept = List(each for index, each in enumerate(value) if index not in broken)
    kept.position, kept.start, kept.end, kept.under = value.position, value.start, value.end, value.under
    return kept


_SPARE = {"title": "…", "summary": "…", "published": "2000-01-01"}  # only beside a fault, so never seen


def _front(text: Divided, path: str, shape: type[S]) -> tuple[S, list[Finding]]:
    """The front matter, with spare words where its required fields are missing or broken."""
    value, findings = read(text.front, path, first_line=2, first_offset=text.offset)
    unread = value is None and any(finding.severity == "error" for finding in findings)
    spare = {name: words for name, words in _SPARE.items() if name in shape.model_fields}
    front, more = _shaped(value, path, shape, spare)
    assert front is not None  # noqa: S101 - for the type checker: the spare words are all a shape needs
    return front, list(dict.fromkeys((*findings, *([] if unread else more))))


def _language(given: Text | None, settings: Settings | None) -> str:
    return str(given) if given else settings.lang if settings else "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """The YAML files of an article, empty where they are absent or cannot be read."""

    sources: shapes.SourcesFile
    counterclaims: shapes.CounterClaimsFile
    figures: shapes.FiguresFile
    charts: shapes.ChartsFile
    notes: shapes.NotesFile


@cache
def _empty(shape: type[S]) -> S:
    """What a file says that is not there; pydantic takes as long to make it as to read one of ours."""
    return shape.model_construct()


_NAMES = ("sources.yaml", "counterclaims.yaml", "figures.yaml", "charts.yaml", "notes.yaml")
FILES = ("article.md", *_NAMES)


def _written(slug: str, files: Mapping[str, bytes], findings: list[Finding]) -> _Written:
    def file(name: str, shape: type[S]) -> S:
        given, more = _file(f"{slug}/{name}", files[name], shape) if name in files else (None, ())
        findings.extend(more)
        nothing: S = _empty(shape)
        return given or nothing

    findings.extend(_unread(slug, files))
    return _Written(
        sources=file("sources.yaml", shapes.SourcesFile),
        counterclaims=file("counterclaims.yaml", shapes.CounterClaimsFile),
        figures=file("figures.yaml", shapes.FiguresFile),
        charts=file("charts.yaml", shapes.ChartsFile),
        notes=file("notes.yaml", shapes.NotesFile),
    )


def _unread(slug: str, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """A warning for each YAML file that nothing reads because of its name."""
    for name in files:
        if name.endswith((".yaml", ".yml")) and "/" not in name and name not in _NAMES:
            near = did_you_mean(name, _NAMES)
            message = f"'{name}' is not read{near}"
            hint = "" if near else f"The files of an article are: {', '.join(_NAMES)}."
            yield Finding(Position(f"{slug}/{name}"), "field-near", message, hint)


# ----------------------------------------------------------------------------------------------------
# The article
# ----------------------------------------------------------------------------------------------------


def _assembled(
    slug: str,
    front: shapes.FrontMatter,
    body: Text,
    written: _Written,
    shared: Mapping[str, Source] | None,
    files: Mapping[str, bytes],
    findings: list[Finding],
) -> Article:
    """The article with its records made and its sources looked up."""
    unread = any(each.severity == "error" and each.position.path == f"{slug}/sources.yaml" for each in findings)
    noted, more = _noted(written, shared, unread)
    findings.extend(more)
    library = noted.library
    article = Article(
        slug=slug,
        path=f"{slug}/article.md",
        title=front.title,
        subtitle=front.subtitle,
        lang="",
        authors=tuple(front.authors),
        published=front.published,
        updated=front.updated,
        about=front.about if front.about in library else None,
        summary=front.summary,
        draft=front.draft,
        image=front.image,
        translations=front.translations,
        covered=tuple(front.covered),
        corrections=tuple(front.corrections),
        body=body,
        citations=noted.citations,
        counterclaims=noted.counterclaims,
        units=noted.units,
        quantities=noted.quantities,
        figures=noted.figures,
        charts=noted.charts,
        remarks=noted.remarks,
        files=files,
    )
    if front.about is not None:
        findings.extend(library.unknown(front.about))
    return replace(article, sources=library.cited(_cited(article)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Noted:
    """All that the YAML files of an article say, with the sources they may cite."""

    library: assembly.Library
    citations: tuple[Citation, ...]
    counterclaims: tuple[CounterClaim, ...]
    units: tuple[UnitName, ...]
    quantities: Mapping[str, Quantity]
    figures: Mapping[str, Figure]
    charts: tuple[Chart, ...]
    remarks: tuple[Remark, ...]


def _parts(written: _Written, shared: Mapping[str, Source] | None, unread: bool) -> tuple[object, ...]:
    files = (written.sources, written.counterclaims, written.figures, written.charts, written.notes)
    return (*files, shared, unread)


@recent(8, _parts)
def _noted(
    written: _Written, shared: Mapping[str, Source] | None, unread: bool
) -> tuple[_Noted, tuple[Finding, ...]]:
    """The records of all YAML files; `unread` says that not all sources could be read."""
    own, more = assembly.sources(written.sources, shared=False)
    findings = list(more)
    unread = unread or any(each.severity == "error" for each in more)
    library = assembly.Library(own=own, shared=shared or {}, broken=shared is None or unread)
    noted = _Noted(
        library=library,
        citations=tuple(assembly.citation(each, library, findings) for each in written.sources.citations),
        counterclaims=tuple(
            assembly.counterclaim(each, library, findings) for each in written.counterclaims.counterclaims
        ),
        units=tuple(written.figures.units),
        quantities={
            str(name): assembly.quantity(name, each, library, findings)
            for name, each in written.figures.quantities.items()
        },
        figures={str(name): assembly.figure(name, each) for name, each in written.figures.figures.items()},
        charts=tuple(assembly.chart(each, library, findings) for each in written.charts.charts),
        remarks=tuple(assembly.remark(each, library, findings) for each in written.notes.notes),
    )
    for source in own.values():
        same = assembly.origin(source)
        if same is not None:
            findings.extend(library.unknown(same))
    return noted, tuple(findings)


def _cited(article: Article) -> Iterator[str]:
    """The ids of all sources an article uses."""
    if article.about:
        yield article.about
    quantities = article.quantities.values()
    for used in (article.citations, article.counterclaims, article.remarks, article.charts, quantities):
        yield from (use.id for each in used for use in each.sources)


def _unambiguous(article: Article, findings: list[Finding]) -> Article:
    """The article without the quantities and figures with a number that its language may read in two ways."""
    decimal = language.of(article.lang).decimal
    stated = {name: one.stated.written for name, one in article.figures.items() if one.stated}
    written = {**stated, **{name: one.written for name, one in article.quantities.items()}}
    faults = {name: found for name in written if (found := tuple(rules.ambiguous(written[name], decimal)))}
    if not faults:
        return article
    findings.extend(chain.from_iterable(faults.values()))
    return replace(
        article,
        quantities={name: one for name, one in article.quantities.items() if name not in faults},
        figures={name: one for name, one in article.figures.items() if name not in faults},
    )


def _judged(article: Article, settings: Settings, findings: list[Finding]) -> Iterator[CounterClaim]:
    """The counter-claims, without the verdicts that are not on the site's scale."""
    for each in article.counterclaims:
        told = list(rules.verdict(each, settings, article.lang))
        findings.extend(told)
        unknown = any(finding.severity == "error" for finding in told)
        yield replace(each, verdict=None) if unknown else each
