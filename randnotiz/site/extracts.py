"""What the rest of a site keeps of its articles: on the disk, because that of 10,000 would fill the memory."""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from randnotiz.errors import Excerpt, Position
from randnotiz.index import (
    ArticleSummary,
    Backlink,
    ClaimSummary,
    CrossReferences,
    IndexEntry,
    SourceBacklinks,
    SourceEntry,
)
from randnotiz.site.machine import MachineError

SCHEMA = """
create table lines (slug text primary key, published text, line text, ties text) without rowid;
create table leanings (source text, published text, slug text, leaning text);
create table works (work text);
"""

Record = TypeVar("Record")


class Extracts:
    """The extracts of all articles, in a file that nobody else knows and that ends with the build.

    What is asked for is read while it is iterated over, and again each time. All is gone after the block.
    """

    def __init__(self, path: Path | None = None) -> None:
        """In a new file of this path, or in one that the system finds a place for. MachineError if it cannot be."""
        with _told():
            self.rows = sqlite3.connect(path or "", isolation_level=None)
            # Nobody reads the file after us, so nothing in it is ever mended or waited for.
            self.rows.execute("pragma journal_mode = off")
            self.rows.execute("pragma synchronous = off")
            self.rows.executescript(SCHEMA)
            self.rows.execute("begin")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.rows.close()

    def add(self, slug: str, packed: bytes) -> None:
        """One more article. MachineError if there is no room for it."""
        published, line, ties, leanings = json.loads(packed)
        with _told():
            self.rows.execute("insert into lines values (?, ?, ?, ?)", (slug, published, line, ties))
            rows = ((source, published, slug, leaning) for source, leaning in leanings)
            self.rows.executemany("insert into leanings values (?, ?, ?, ?)", rows)

    def add_work(self, work: SourceEntry) -> None:
        """One more source that has a page. MachineError if there is no room for it."""
        with _told():
            self.rows.execute("insert into works values (?)", (_encoded(work),))

    @property
    def lines(self) -> Iterable[ArticleSummary]:
        """By the day they were published, newest first, those of one day by their names."""
        return _Answers(self.rows, "select line from lines order by published desc, slug", _line)

    @property
    def ties(self) -> Mapping[str, CrossReferences]:
        """By the names of the articles."""
        return _TiesByName(self.rows)

    @property
    def leanings(self) -> Iterable[SourceBacklinks]:
        """By source, and those on one source in the order of the lines."""
        return _Answers(self.rows, "select leaning from leanings order by source, published desc, slug", _leaning)

    @property
    def works(self) -> Iterable[SourceEntry]:
        """In the order in which they were added."""
        return _Answers(self.rows, "select work from works order by rowid", partial(_record, SourceEntry))


@dataclass(frozen=True, slots=True)
class _Answers(Generic[Record]):
    """What the rows answer to a question, read as records."""

    rows: sqlite3.Connection
    question: str
    read: Callable[[list[Any]], Record]

    def __iter__(self) -> Iterator[Record]:
        with _told():
            for (text,) in self.rows.execute(self.question):
                yield self.read(json.loads(text))


class _TiesByName(Mapping[str, CrossReferences]):
    def __init__(self, rows: sqlite3.Connection) -> None:
        self.rows = rows

    def __getitem__(self, slug: str) -> CrossReferences:
        with _told():
            row = self.rows.execute("select ties from lines where slug = ?", (slug,)).fetchone()
        if row is None:
            raise KeyError(slug)
        return _ties(json.loads(row[0]))

    def __contains__(self, slug: object) -> bool:
        with _told():
            return self.rows.execute("select 1 from lines where slug = ?", (slug,)).fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        with _told():
            yield from (slug for (slug,) in self.rows.execute("select slug from lines order by slug"))

    def __len__(self) -> int:
        with _told():
            return int(self.rows.execute("select count(*) from lines").fetchone()[0])


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise MachineError(f"cannot write what the lists are to be made of: {error}") from error


# ----------------------------------------------------------------------------------------------------
# Records as texts
# ----------------------------------------------------------------------------------------------------


def packed(extract: IndexEntry) -> bytes:
    """An extract as `Extracts.add` takes it: JSON, whose parts can be told apart without being read."""
    leanings = [(leaning.source, _encoded(leaning)) for leaning in extract.backlinks]
    return _encoded(
        (extract.summary.published, _encoded(extract.summary), _encoded(extract.references), leanings)
    ).encode()


_NAMES: Mapping[type, tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(kind))
    for kind in (ArticleSummary, ClaimSummary, CrossReferences, SourceBacklinks, Backlink, SourceEntry)
}


def _values(record: Any) -> list[Any]:
    """A record as a row of its values."""
    return [getattr(record, name) for name in _NAMES[type(record)]]


_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_values).encode


def _record(kind: type[Record], values: Iterable[Any]) -> Record:
    """The record of a row whose values are as JSON gives them."""
    return kind(**dict(zip(_NAMES[kind], values, strict=True)))


def _line(values: list[Any]) -> ArticleSummary:
    row = dict(zip(_NAMES[ArticleSummary], values, strict=True))
    return ArticleSummary(
        **row
        | {
            "authors": tuple(row["authors"]),
            "terms": tuple(row["terms"]),
            "claims": tuple(_record(ClaimSummary, claim) for claim in row["claims"]),
            "corrections": tuple((day, text) for day, text in row["corrections"]),
            "changes": tuple((day, text, note) for day, text, note in row["changes"]),
        }
    )


def _ties(values: list[Any]) -> CrossReferences:
    draft, lang, places, claims, links, translations, rechecks, excerpts = values
    return CrossReferences(
        draft=draft,
        lang=lang,
        places=tuple(places),
        claims=tuple(claims),
        links=tuple((Position(*at), link) for at, link in links),
        translations=tuple((Position(*at), lang, slug) for at, lang, slug in translations),
        rechecks=tuple((Position(*at), source, day) for at, source, day in rechecks),
        excerpts=tuple((Position(*at), Excerpt(*around)) for at, around in excerpts),
    )


def _leaning(values: list[Any]) -> SourceBacklinks:
    row = dict(zip(_NAMES[SourceBacklinks], values, strict=True))
    return SourceBacklinks(**row | {"uses": tuple(_record(Backlink, use) for use in row["uses"])})
