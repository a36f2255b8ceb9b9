"""The two changes to sources.yaml that `source` makes: a fetched work more, and where a copy of one is archived."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from randnotiz import analysis, reader, yamldoc
from randnotiz.csl import doi, web_address
from randnotiz.deceptive import deceptions
from randnotiz.diagnostics import Diagnostic, SourceText, did_you_mean
from randnotiz.editing import fetched, files, patching
from randnotiz.editing.writing import Entry
from randnotiz.model import Source


class SourceRefusedError(Exception):
    """A change that is not made, because of what is there or is not; the message says why."""


class SourceChange(Struct, frozen=True, kw_only=True):
    """A file of sources with its text before and after, the id of the source, and what `check` would say."""

    path: Path
    shown: str
    id: str
    old: str
    new: str
    faults: tuple[Diagnostic, ...]

    def write(self) -> None:
        """The file holds the new text. ConflictError, OSError."""
        files.write(self.path, self.new, files.digest(self.old))


def added(content: Path, slug: str | None, words: str, today: str) -> SourceChange:
    """A work by its DOI or address at the end of an article's sources, or of those of all articles.

    SourceRefusedError where it is neither, or is there already; UnansweredError, ContentError, UneditableError.
    """
    words = words.strip()
    if not (doi(words) or web_address(words)):
        raise SourceRefusedError(f"'{words}' is neither a DOI nor an address of the web")
    _refuse_deceptive(words)
    known = _known(content, slug)
    _refuse_known(known, words)
    entry = fetched.fetched(words, today, fetched.PUBLIC)
    for key in ("DOI", "URL"):
        _refuse_known(known, str(entry.get(key) or ""))
    id = fetched.free_id(entry, known)
    path = _path(content, slug)
    old = files.read(path, content)
    new = patching.add(old, _shown(content, path), "sources", {"id": id, **entry})
    return _changed(content, path, id, old, new, known)


def archived(content: Path, slugs: Sequence[str | None], id: str, today: str) -> SourceChange:
    """A source of these articles, where None stands for all, with the address and the day of an archived copy;
    one of a bibliography is enriched with them.

    SourceRefusedError where there is no such source, or several; UnansweredError, ContentError, UneditableError.
    """
    slug, known = _where(content, slugs, id)
    source = known[id]
    url = source.csl.get("URL")
    if not isinstance(url, str):
        raise SourceRefusedError(f"the source '{id}' has no address of which there could be a copy")
    _refuse_deceptive(url)
    read_on = source.csl.get("accessed")
    copy, day = fetched.archived(url, read_on if isinstance(read_on, str) else "", today, fetched.PUBLIC)
    path = _path(content, slug)
    shown, old = _shown(content, path), files.read(path, content)
    said: dict[str, Entry] = {"archive-url": copy, "archive-date": day}
    at = next((key for key in ("sources", "references") if id in _ids(content, path, key)), None)
    if at is None:
        new = patching.add(old, shown, "sources", {"id": id, "custom": said})
    elif "custom" not in patching.names(old, shown, (at, id)):
        new = patching.change(old, shown, (at, id), "custom", said)
    else:
        new = old
        for name, value in said.items():
            new = patching.change(new, shown, (at, id, "custom"), name, value)
    return _changed(content, path, id, old, new, known)


def _changed(content: Path, path: Path, id: str, old: str, new: str, below: Mapping[str, Source]) -> SourceChange:
    shown = _shown(content, path)
    external = {id: each.over or each for id, each in below.items() if each.over or each.external}
    before, after = (reader.read_sources(shown, text.encode(), "/" not in shown, external)[1] for text in (old, new))
    known = {(one.code, one.message) for one in before}
    faults = tuple(one for one in after if (one.code, one.message) not in known)
    return SourceChange(path=path, shown=shown, id=id, old=old, new=new, faults=faults)


def _path(content: Path, slug: str | None) -> Path:
    return content / (slug or "") / "sources.yaml"


def _shown(content: Path, path: Path) -> str:
    return path.relative_to(content).as_posix()


def _known(content: Path, slug: str | None) -> Mapping[str, Source]:
    """The sources that an article may cite, or all articles."""
    context, _ = analysis.read_context(content)
    shared = context.sources or {}
    if slug is None:
        return shared
    loaded, _ = reader.load_folder(content, slug)
    article, _ = reader.read_article(slug, loaded, context.settings, context.sources)
    return article.citable if article else shared


def _refuse_deceptive(words: str) -> None:
    """Raises SourceRefusedError for what `check` would warn of, before anybody is asked for it with a password."""
    for found in deceptions(words):
        raise SourceRefusedError(f"{found.message}. {found.hint}")


def _refuse_known(known: Mapping[str, Source], words: str) -> None:
    name = doi(words).lower()
    for id, source in known.items() if words else ():
        if name and doi(source.csl.get("DOI")).lower() == name:
            raise SourceRefusedError(f"the source '{id}' has this DOI already ({source.id.position})")
        if source.csl.get("URL") == words:
            raise SourceRefusedError(f"the source '{id}' has this address already ({source.id.position})")


def _ids(content: Path, path: Path, key: str) -> list[str]:
    """The ids of the entries of a file below a key."""
    root = yamldoc.parse(files.read(path, content), _shown(content, path))
    rows = root.get(SourceText(key)) if isinstance(root, dict) else None
    entries = rows if isinstance(rows, list) else []
    return [str(each.get(SourceText("id"))) for each in entries if isinstance(each, dict)]


def _where(content: Path, slugs: Sequence[str | None], id: str) -> tuple[str | None, Mapping[str, Source]]:
    """The article in whose file of sources one stands, None for that of all; and the sources that are known there."""
    every: dict[str, Source] = {}
    having: dict[str | None, Mapping[str, Source]] = {}
    for slug in slugs:
        known = _known(content, slug)
        every |= dict(known)
        if id in known and (len(slugs) == 1 or slug is None or not known[id].shared):
            having[None if known[id].shared and not known[id].external else slug] = known
    if None in having or len(having) == 1:
        slug = None if None in having else next(iter(having))
        return slug, having[slug]
    if having:
        raise SourceRefusedError(f"{', '.join(map(str, having))} have a source '{id}' each; name one with --article")
    raise SourceRefusedError(f"there is no source '{id}'{did_you_mean(id, every)}")
