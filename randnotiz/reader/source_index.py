"""The index of the sources that an article may cite: its own and the shared ones."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from randnotiz.diagnostics import Diagnostic, SourceText, did_you_mean, shortened
from randnotiz.memo import memoize
from randnotiz.model import Chart, Citation, CounterClaim, EditorialNote, Quantity, SharedSourcesFile, Source
from randnotiz.model.source import enriched
from randnotiz.model.source import source as read_source

Citing = TypeVar("Citing", Citation, CounterClaim, Quantity, Chart, EditorialNote)


NOTHING: Mapping[str, Source] = {}


def sources(
    file: SharedSourcesFile, shared: bool, below: Mapping[str, Source] = NOTHING
) -> tuple[dict[str, Source], tuple[Diagnostic, ...]]:
    """The sources of a file by id, of doubles the first; over those `below`, of a bibliography, what it says."""
    ids = [str(given.get(SourceText("id"))) for given in (*file.sources, *file.references)] if below else []
    enriching = frozenset(id for id in ids if id in below and below[id].external)
    found, diagnostics = _sources(file, shared, enriching)
    if enriching:
        found = {id: _enriched(each, below[id]) if id in enriching else each for id, each in found.items()}
    return found, diagnostics


_enriched = memoize(256)(enriched)  # the very same, so that nothing is computed anew


@memoize(8)
def _sources(
    file: SharedSourcesFile, shared: bool, enriching: frozenset[str]
) -> tuple[dict[str, Source], tuple[Diagnostic, ...]]:
    found: dict[str, Source] = {}
    diagnostics: list[Diagnostic] = []
    odd: dict[str, list[Diagnostic]] = {}
    rows = [*((given, False) for given in file.sources), *((given, True) for given in file.references)]
    for given, exported in rows:
        enriches = str(given.get(SourceText("id"))) in enriching
        source, more, oddities = read_source(given, shared, exported, enriches)
        diagnostics.extend(more)
        for key, noticed in oddities.items():
            odd.setdefault(key, []).extend(noticed)
        if source is None:
            continue
        if source.id in found:
            first = found[source.id].id.position.line
            message = f"there is another source '{shortened(source.id)}' in line {first}"
            diagnostics.append(
                Diagnostic(source.id.position, "id-doubled", message, "Give one of the two another id.")
            )
        else:
            found[str(source.id)] = source
    return found, (*diagnostics, *(_once(key, noticed) for key, noticed in odd.items()))


def oddities(used: Iterable[Source]) -> Iterator[Diagnostic]:
    """What is odd about works of bibliographies that are used, each key once in a file."""
    found: dict[tuple[str, str], list[Diagnostic]] = {}
    for source in used:
        for key, noticed in source.odd.items():
            for one in noticed:
                found.setdefault((one.position.path, key), []).append(one)
    return (_once(key, noticed) for (_, key), noticed in found.items())


def _once(key: str, noticed: list[Diagnostic]) -> Diagnostic:
    """One warning for all that is odd about a key in a file: of an export with 200 items, there is no end else."""
    first, *more = noticed
    if not more:
        return first
    line = more[0].position.line
    there = f", the next in line {line}" if line != first.position.line else ""
    return replace(first, message=f"{first.message} (and {len(more)} more of '{shortened(key)}'{there})")


class SourceIndex(Struct, frozen=True, kw_only=True):
    """The sources an article may cite, own and shared. If `broken`, an unknown id is nobody's fault."""

    own: Mapping[str, Source]
    shared: Mapping[str, Source]
    broken: bool

    def __contains__(self, id_: object) -> bool:
        return id_ in self.own or id_ in self.shared

    def unknown(self, id_: SourceText) -> Iterator[Diagnostic]:
        """The fault that there is no such source, if there is none."""
        if id_ in self or self.broken:
            return
        near = did_you_mean(id_, (*self.own, *self.shared))
        message = f"there is no source '{shortened(id_)}'{near}"
        hint = "" if near else "Add it to sources.yaml, beside the article or in the folder of content."
        yield Diagnostic(id_.position, "source-unknown", message, hint, unknown=str(id_))

    def known(self, given: Citing, diagnostics: list[Diagnostic]) -> Citing:
        """A record without the uses of sources that there are not; a fault for each of those."""
        kept = tuple(use for use in given.sources if use.id in self)
        if len(kept) == len(given.sources):
            return given
        for use in given.sources:
            diagnostics.extend(self.unknown(use.id))
        return replace(given, sources=kept)

    def cited(self, ids: Iterable[str]) -> dict[str, Source]:
        """The article's own sources and those of the shared ones that are among the ids, or share their origin."""
        chosen = dict(self.own)
        waiting = [*ids, *filter(None, map(origin, self.own.values()))]
        while waiting:
            id_ = waiting.pop()
            if id_ not in chosen and id_ in self.shared:
                chosen[id_] = self.shared[id_]
                waiting.extend(filter(None, (origin(self.shared[id_]),)))
        return {**self.own, **{id_: chosen[id_] for id_ in self.shared if id_ in chosen and id_ not in self.own}}


def origin(source: Source) -> SourceText | None:
    """The id of the source that a source merely repeats."""
    same = source.custom.get("same-origin-as")
    return same if isinstance(same, SourceText) else None
