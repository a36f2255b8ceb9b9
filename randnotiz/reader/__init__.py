"""A folder's files to an `Article`: pure functions of their bytes, with all faults of all files at once.

What is broken is left out and its file named in `Article.broken`, so that the rest is read, checked and told of in
the same run. A site with a fault is never written, so what stands in for a missing title is never seen.
"""

import re
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import asdict, replace

from randnotiz import language, markdown, schema, slugs
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText, collecting, did_you_mean, nearest
from randnotiz.memo import memoize
from randnotiz.model import (
    Article,
    ChartsFile,
    CounterClaim,
    CounterClaimsFile,
    FiguresFile,
    FrontMatter,
    NotesFile,
    PageFrontMatter,
    PlainPage,
    Quantity,
    Settings,
    SharedSourcesFile,
    Source,
    SourcesFile,
)
from randnotiz.model.settings import RESERVED
from randnotiz.reader import rules
from randnotiz.reader.bibliographies import Library, from_folder, read_bibliographies
from randnotiz.reader.folder import is_folder, is_gone, list_folder, load_file, load_folder
from randnotiz.reader.languages import read_languages
from randnotiz.reader.rules import elsewhere
from randnotiz.reader.source_index import NOTHING, Citing, SourceIndex, oddities, origin, sources
from randnotiz.reader.texts import SplitDocument, decoded, split_front_matter
from randnotiz.schema import Record
from randnotiz.schema.fields import site_address
from randnotiz.schema.fields import slug as read_slug
from randnotiz.schema.records import nothing_at
from randnotiz.yamldoc import List, Map, Value, in_place_of, members, read, with_members

__all__ = [
    "FILES",
    "RESERVED",
    "Library",
    "check_site_address",
    "check_slug",
    "elsewhere",
    "is_draft",
    "is_folder",
    "is_gone",
    "json_schemas",
    "list_folder",
    "load_file",
    "load_folder",
    "may_have_drafts",
    "read_article",
    "read_languages",
    "read_library",
    "read_page",
    "read_settings",
    "read_sources",
]

R = TypeVar("R", bound=Record)
Findings = tuple[Diagnostic, ...]

SCHEMAS: Mapping[str, type[Record]] = {
    "site": Settings,
    "article": FrontMatter,
    "page": PageFrontMatter,
    "shared-sources": SharedSourcesFile,
    "sources": SourcesFile,
    "counterclaims": CounterClaimsFile,
    "figures": FiguresFile,
    "charts": ChartsFile,
    "notes": NotesFile,
}


def json_schemas() -> dict[str, dict[str, Any]]:
    """A schema for each kind of file; `article` and `page` are those of their front matter."""
    return {name: schema.json_schema(kind) for name, kind in SCHEMAS.items()}


def read_settings(path: str, raw: bytes) -> tuple[Settings | None, tuple[Diagnostic, ...]]:
    """What site.yaml says, None if a required part of it is missing or broken."""
    return _file(path, raw, Settings)


def read_sources(
    path: str, raw: bytes, shared: bool = True, below: Mapping[str, Source] = NOTHING
) -> tuple[Mapping[str, Source], tuple[Diagnostic, ...]]:
    """The sources of a file by id, `shared` ones or an article's, over those `below`, of a bibliography."""
    file, diagnostics = _file(path, raw, SharedSourcesFile if shared else SourcesFile)
    found, more = sources(file or SharedSourcesFile(), shared, below)
    return found, (*diagnostics, *more)


def read_library(names: Sequence[SourceText], load: Callable[[str], bytes]) -> tuple[Library, Findings, bool]:
    """The works of a site's bibliographies, what is to be said, and whether any failed; `load` gives bytes."""
    return read_bibliographies(names, load, "", _file)


def read_page(path: str, raw: bytes, settings: Settings | None) -> tuple[PlainPage | None, tuple[Diagnostic, ...]]:
    """A plain page, None where its front matter has no beginning or no end. Its slug is the file's name."""
    slug = path.rsplit("/", 1)[-1].removesuffix(".md")
    diagnostics: list[Diagnostic] = []
    with collecting(diagnostics):
        check_slug(slug, path)
        text = split_front_matter(raw, path)
        front, more = _front(text, path, PageFrontMatter, settings)
        return PlainPage(**asdict(front), slug=slug, path=path, body=text.body), (*diagnostics, *more)
    return None, tuple(diagnostics)


@memoize(64)
def plain_document(page: PlainPage) -> tuple[markdown.Document, tuple[Diagnostic, ...]]:
    """The text of a page as it was read, and what is wrong with it. ContentError if it exceeds a limit."""
    lang = language.of(page.lang)
    label, drafting = lang.message("table"), lang.drafting
    return markdown.read(page.body, "page", quotes=lang.quotes, table_label=label, drafting=drafting)


def read_article(
    slug: str,
    files: Mapping[str, bytes],
    settings: Settings | None,
    shared: Mapping[str, Source] | None,
    drafts: bool = True,
    known: Findings = (),
) -> tuple[Article | None, tuple[Diagnostic, ...]]:
    """The article in a folder's files, None where there is no text to speak of, and all faults of all its files,
    after those that are `known` of files that could not be read.

    `settings` and `shared` (the sources of content/sources.yaml) are None where their own files are broken: what
    would need them is then not judged. Without `drafts` it is as if no annotation that is a draft had been written.
    """
    path = f"{slug}/article.md"
    diagnostics = list(known)
    written = _written(slug, files, drafts, diagnostics)
    text: SplitDocument | None = None
    with collecting(diagnostics):
        check_slug(slug, path)
    with collecting(diagnostics):
        if "article.md" in files or not _broken(slug, known) & {"", "article.md"}:
            text = split_front_matter(_present(files, path), path)
    if text is None:
        return None, (*diagnostics, *_unread(slug, files))
    front, more = _front(text, path, FrontMatter, settings)
    diagnostics.extend((*more, *_unread(slug, files, front.bibliography)))
    article = _unambiguous(_assembled(slug, front, text.body, written, shared, files, diagnostics), diagnostics)
    if settings is not None:
        article = replace(article, counterclaims=tuple(_judged(article, settings, diagnostics)))
    diagnostics.extend(diagnostic for rule in rules.RULES for diagnostic in rule(article))
    broken = _broken(slug, diagnostics) | ({"sources.yaml"} if shared is None else set())
    return replace(article, broken=broken), tuple(diagnostics)


def _broken(slug: str, diagnostics: Iterable[Diagnostic]) -> frozenset[str]:
    """The files of an article that have faults, by path below its folder; "" and its own where those of all may."""
    faults = (each for each in diagnostics if each.severity == "error" and not each.unknown)
    broken = frozenset(each.position.path.removeprefix(slug).removeprefix("/") for each in faults)
    return broken | frozenset(FILES) if "" in broken else broken


# ---- Drafts ----

DRAFTED = ("citations", "counterclaims", "figures", "charts", "notes")  # the fields whose entries may be drafts
_DRAFT = re.compile(rb"^draft:[ \t]+true[ \t]*(?:#.*)?\r?$", re.MULTILINE)


def is_draft(article: Article | None, files: Mapping[str, bytes]) -> bool:
    """Whether an article is a draft; where its front matter is broken, whether a line of it says so."""
    if article is not None and (article.draft or "article.md" not in article.broken):
        return article.draft
    head = files.get("article.md", b"").removeprefix(b"\xef\xbb\xbf")
    return head.startswith(b"---") and _DRAFT.search(head.partition(b"\n---")[0]) is not None


def may_have_drafts(files: Mapping[str, bytes]) -> bool:
    """False where no annotation of an article is a draft."""
    return any(b"draft" in files.get(name, b"") for name in _NAMES)


def _without_drafts(file: Value | None, source: str, faults: Findings) -> tuple[Value | None, Findings]:
    """A file's tree, and the faults of its YAML, without the entries that are drafts."""
    if not isinstance(file, Map):
        return file, faults
    kept, ends = in_place_of(file, Map()), []
    for name, entries in file.items():
        kept[name] = entries
        if name not in DRAFTED or not isinstance(entries, Map | List):
            continue
        rows = members(entries)
        drafts = {
            way: each for way, each in rows if isinstance(each, Map) and each.get(SourceText("draft")) == "true"
        }
        ends += [(each.position, _line_and_column(source, each.end)) for each in drafts.values()]
        rest = [(way, each) for way, each in rows if way not in drafts]
        if drafts:
            del kept[name]
        if drafts and rest:
            kept[name] = with_members(entries, rest)
    counted = (
        one for one in faults if not any(first <= one.position and one.position[1:] < last for first, last in ends)
    )
    return kept, tuple(counted)


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


# ---- Files ----


def check_site_address(url: str) -> None:
    """ContentError, at no place, if no site can stand at an address."""
    site_address(SourceText(url))


def check_slug(slug: str, path: str) -> None:
    """ContentError, at the beginning of a file, if an article or page cannot have that address."""
    try:
        read_slug(SourceText(slug, Position(path)))
    except ContentError as error:
        fault = error.diagnostic
        if "/" not in path:
            raise
        message = f"'{slug}' cannot be part of an address: small letters, digits and hyphens can"
        thing = "folder" if path.endswith("/article.md") else "file"
        hint = f"Rename the {thing} to {near}." if (near := slugs.ascii_slug(slug)) else f"Rename the {thing}."
        raise ContentError(fault.position, fault.code, message, hint) from None
    if slugs.is_device(slug):
        message = f"no article and no page can be called '{slug}': Windows keeps that name for a device"
        raise ContentError(Position(path), "name-clash", message, "Give its folder or file another name.")
    if slug in RESERVED:
        message = f"no article and no page can be called '{slug}': the site keeps that address for itself"
        raise ContentError(Position(path), "value-malformed", message, "Give its folder or file another name.")


def _present(files: Mapping[str, bytes], path: str) -> bytes:
    """The bytes of the article's text; ContentError if it is not there."""
    folder, name = path.split("/")
    if name not in files:
        message = f"the folder '{folder}' has no {name}"
        hint = f"Every article has its text in {name}."
        if not files.keys() & set(FILES):
            hint += " A folder is an article: what several share, such as a bibliography, lies beside the folders."
        texts = [
            each
            for each in files
            if "/" not in each and each.casefold().endswith((".md", ".markdown", ".txt", ".mdx"))
        ]
        if near := next((each for each in texts if each.casefold() == name), None) or nearest(name, texts):
            hint = f"Rename '{near}' to {name}" + (": capitals count." if near.casefold() == name else ".")
        raise ContentError(Position(path), "file-missing", message, hint)
    return files[name]


@memoize(32)
def _file(path: str, raw: bytes, kind: type[R], drafts: bool = True) -> tuple[R | None, tuple[Diagnostic, ...]]:
    """A YAML file as far as it can be read, None where a required part is missing, and its faults.

    The last ones are kept for the preview: of the files of an article, each save changes but one.
    """
    try:
        source = decoded(raw, path)
    except ContentError as error:
        return None, (error.diagnostic,)
    if issubclass(kind, SharedSourcesFile) and (other := _OTHER_FORMAT.match(source)):
        line = source.count("\n", 0, other.start("sign")) + 1
        message = (
            "the works that begin here are in a format of another program (BibTeX, RIS, EndNote, PubMed, XML, CSV)"
        )
        hint = "Export them as CSL JSON, or name a file of BibTeX in 'bibliography: works.bib' of site.yaml."
        return None, (Diagnostic(Position(path, line), "yaml-syntax", message, hint),)
    value, diagnostics = read(source, path)
    if not drafts:
        value, diagnostics = _without_drafts(value, source, diagnostics)
    if value is None and any(diagnostic.severity == "error" for diagnostic in diagnostics):
        return None, diagnostics
    if value is not None and issubclass(kind, SharedSourcesFile):
        value = _exported(value)
    file, more = schema.read(kind, value or nothing_at(Position(path)))
    return file, tuple(dict.fromkeys((*diagnostics, *more)))  # what has grown together is told by both


_OTHER_FORMAT = re.compile(
    r"\ufeff?\s*(?:(?:sources|references):\s*)?"
    r"(?P<sign>@\w+\s*[{(]|TY  -|%0 \w|PMID- |FN |<[?!A-Za-z]|cff-version:"
    r"|[A-Za-z\"][^:\[\]{},\n]*,[^:,\n]*,[^:\n]*\n)"
)
# What stands beside the works in what Pandoc reads and writes.
_OF_PANDOC = ("nocite", "suppress-bibliography", "link-citations", "link-bibliography", "bibliography", "csl", "lang")


def _exported(value: Value) -> Value:
    """The fields of a file of sources, also where it is an export as a whole: a list of works, or one alone."""
    for wrapped in ("message", "items"):  # as CrossRef answers
        if isinstance(value, Map) and isinstance(value.get(SourceText(wrapped)), Map | List):
            value = value[SourceText(wrapped)]
    value = _of_one(value)
    if isinstance(value, List):
        root = nothing_at(value.position)
        value.under = SourceText("sources", value.position)
        root[value.under] = value
        return root
    if isinstance(value, Map):
        for name in _OF_PANDOC:
            value.pop(SourceText(name), None)
        for key in [key for key in value if key in ("sources", "references")]:
            value[key] = _of_one(value[key])
    return value


def _of_one(value: Value) -> Value:
    """A list of the work that a program has exported, its keys in quotation marks, where one stands alone."""
    alone = isinstance(value, Map) and any(not key.plain for key in value if key in ("id", "DOI"))
    return in_place_of(value, List([value])) if isinstance(value, Map) and alone else value


_SPARE = {"title": "…", "summary": "…", "published": "2000-01-01"}  # only beside a fault, so never seen


def _front(
    text: SplitDocument, path: str, kind: type[R], settings: Settings | None
) -> tuple[R, tuple[Diagnostic, ...]]:
    """The front matter, with spare words where its required fields are missing or broken."""
    value, diagnostics = read(text.front, path, first_line=2, first_offset=text.offset)
    lang = settings.lang if settings else "en"
    front, more = schema.read(kind, value or nothing_at(Position(path)), _SPARE, lang=lang)
    assert front is not None  # noqa: S101 - for the type checker: the spare words are all that it needs
    unread = value is None and any(diagnostic.severity == "error" for diagnostic in diagnostics)
    return front, tuple(dict.fromkeys((*diagnostics, *(() if unread else more))))


class _Written(Struct, frozen=True, kw_only=True):
    """The YAML files of an article, empty where they are absent or cannot be read."""

    sources: SourcesFile
    counterclaims: CounterClaimsFile
    figures: FiguresFile
    charts: ChartsFile
    notes: NotesFile


_NAMES = ("sources.yaml", "counterclaims.yaml", "figures.yaml", "charts.yaml", "notes.yaml")
FILES = ("article.md", *_NAMES)


def _written(slug: str, files: Mapping[str, bytes], drafts: bool, diagnostics: list[Diagnostic]) -> _Written:
    def file(name: str, kind: type[R]) -> R:
        given, more = _file(f"{slug}/{name}", files[name], kind, drafts) if name in files else (None, ())
        diagnostics.extend(more)
        return given or kind()

    return _Written(
        sources=file("sources.yaml", SourcesFile),
        counterclaims=file("counterclaims.yaml", CounterClaimsFile),
        figures=file("figures.yaml", FiguresFile),
        charts=file("charts.yaml", ChartsFile),
        notes=file("notes.yaml", NotesFile),
    )


def _unread(slug: str, files: Mapping[str, bytes], named: Sequence[str] = ()) -> Iterator[Diagnostic]:
    """A warning for each YAML file that nothing reads because of its name, a fault for each that is a folder."""
    for name in files:
        if name.endswith((".yaml", ".yml")) and "/" not in name and name not in (*_NAMES, *named):
            near = did_you_mean(name, _NAMES)
            message = f"'{name}' is not read{near}"
            hint = "" if near else f"The files of an article are: {', '.join(_NAMES)}."
            yield Diagnostic(Position(f"{slug}/{name}"), "field-near", message, hint)
    for name in sorted({name.partition("/")[0] for name in files if "/" in name} & {*_NAMES}):
        message = f"'{name}' is a folder, so nothing is read of it"
        yield Diagnostic(Position(f"{slug}/{name}"), "file-missing", message, "Give the folder another name.")


# ---- The article ----


def _assembled(
    slug: str,
    front: FrontMatter,
    body: SourceText,
    written: _Written,
    shared: Mapping[str, Source] | None,
    files: Mapping[str, bytes],
    diagnostics: list[Diagnostic],
) -> Article:
    """The article with its sources looked up, and without the uses of those that there are not."""
    unread = any(each.severity == "error" and each.position.path == f"{slug}/sources.yaml" for each in diagnostics)
    below: Mapping[str, Source] = shared or {}
    if front.bibliography:
        library, more, broken = read_bibliographies(front.bibliography, from_folder(files), f"{slug}/", _file)
        diagnostics.extend(more)
        below, unread = ChainMap(library, below), unread or broken  # type: ignore[arg-type]  # nobody writes to it
    own, more = sources(written.sources, False, below)
    diagnostics.extend(more)
    unread = unread or any(each.severity == "error" for each in more)
    index = SourceIndex(own=own, shared=below, broken=shared is None or unread)

    def known(entries: Iterable[Citing]) -> tuple[Citing, ...]:
        return tuple(index.known(each, diagnostics) for each in entries)

    given = written.figures.quantities
    quantities: Mapping[str, Quantity] = dict(zip(given, known(given.values()), strict=True))
    if all(quantities[name] is given[name] for name in given):
        quantities = given  # the very same, so that nothing is computed anew
    article = Article(
        **{**asdict(front), "about": front.about if front.about in index else None},
        slug=slug,
        path=f"{slug}/article.md",
        body=body,
        citations=known(written.sources.citations),
        counterclaims=known(written.counterclaims.counterclaims),
        units=written.figures.units,
        quantities=quantities,
        figures=written.figures.figures,
        charts=known(written.charts.charts),
        editorial_notes=known(written.notes.notes),
        files=files,
        broken=_broken(slug, diagnostics),
    )
    appeared = [id for each in article.counterclaims for id in each.appeared_in]
    for use in (front.about, *appeared, *map(origin, own.values())):
        if use is not None:
            diagnostics.extend(index.unknown(use))
    cited = index.cited(article.cited)
    diagnostics.extend(oddities(cited.values()))
    return replace(article, sources=cited, citable=ChainMap(own, below))  # type: ignore[arg-type]  # as above


def _unambiguous(article: Article, diagnostics: list[Diagnostic]) -> Article:
    """The article without the quantities and figures with a number that its language may read in two ways."""
    decimal = language.of(article.lang).decimal
    stated = {name: one.stated.written for name, one in article.figures.items() if one.stated}
    written = {**stated, **{name: one.written for name, one in article.quantities.items()}}
    faults = {name: found for name in written if (found := tuple(rules.ambiguous(written[name], decimal)))}
    if not faults:
        return article
    diagnostics.extend(chain.from_iterable(faults.values()))
    return replace(
        article,
        quantities={name: one for name, one in article.quantities.items() if name not in faults},
        figures={name: one for name, one in article.figures.items() if name not in faults},
    )


def _judged(article: Article, settings: Settings, diagnostics: list[Diagnostic]) -> Iterator[CounterClaim]:
    """The counter-claims, without the verdicts that are not on the site's scale."""
    for each in article.counterclaims:
        faults = list(rules.verdict(each, settings, article.lang))
        diagnostics.extend(faults)
        unknown = any(diagnostic.severity == "error" for diagnostic in faults)
        yield replace(each, verdict=None) if unknown else each
