"""The build cache: one row an article, so that a build does again only what has changed.

Two-phase: whatever a build changes is one transaction of SQLite, pending until the output is published, and only then
committed. A build that stops or is killed in between leaves the rows as they were; those whose files have been
replaced no longer count, because an entry names the size and time of each of its files.

A row counts only under its checksum, which covers the key: the program, the settings, the templates and the options.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Generic, Self, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from randnotiz.diagnostics import Diagnostic
from randnotiz.index import ArticleSummary, CrossReferences, IndexEntry, SourceBacklinks, SourceEntry
from randnotiz.site.machine import MachineError

SCHEMA = """
create table if not exists articles (
    slug text primary key, entry text, checksum text, published text, line text, ties text, leanings text,
    words text, text text
);
create table if not exists lists (entry text, checksum text);
create temp table works (work text);
"""
# A file without one of them is made anew.
COLUMNS = "slug, entry, checksum, published, line, ties, leanings, words, text"
# A file system tells times in ticks; two writes within one tick look alike, so what is as fresh is not trusted.
TICK = 2_000_000_000
Clock = Callable[[], int]  # nanoseconds since 1970

Record = TypeVar("Record")
# An entry of the index as it is kept: its day, its three parts as JSON, its words for the search, its text for feeds.
Packed = tuple[str, str, str, str, str, str]


class CacheEntry(Struct, frozen=True, kw_only=True):
    """What is kept of a built article: of which state of its folder it was made (`seen` and `content`), its warnings,
    its shared sources by id with a digest of each, its files with the stamp of each, and the articles that name it as
    their translation (language and slug) as far as it knew them.
    """

    seen: str
    content: str
    diagnostics: tuple[Diagnostic, ...]
    shared: tuple[tuple[str, str], ...]
    files: Mapping[str, str]
    translated: tuple[tuple[str, str], ...] = ()


class ListsEntry(Struct, frozen=True, kw_only=True):
    """What is kept of the files about all articles: a digest of all they were made of, and by path a digest of what
    the file is made of, empty if that is all, one of its bytes, and its stamp.
    """

    digest: str
    files: Mapping[str, tuple[str, str, str]]


class BuildCache:
    """The rows of one output folder, and what the lists are made of: read anew each time it is iterated over, since
    that of 10,000 articles would fill the memory. MachineError where there is no room for it.
    """

    def __init__(self, path: Path | None = None, key: str = "") -> None:
        """In a file; in one that ends with the cache if there is no path, or nothing can be written there."""
        self.key = key
        self.digests: dict[str, str] = {}  # of the extracts of all articles
        try:
            self.rows = self._opened(path)
        except (OSError, sqlite3.DatabaseError):
            self.rows = self._anew(path)

    def _anew(self, path: Path | None) -> sqlite3.Connection:
        """A connection to a new file, the old one being damaged; to none with a name if there can be none."""
        self.digests.clear()
        with contextlib.suppress(OSError, sqlite3.DatabaseError):
            if path:
                path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
                path.unlink()
                return self._opened(path)
        with _writing():
            return self._opened(None)

    def _opened(self, path: Path | None) -> sqlite3.Connection:
        """A connection within a transaction, whose rows hold their checksums."""
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
        rows = sqlite3.connect(path or "", isolation_level=None)
        try:
            # It may be lost at any time without harm, so nothing waits for the disk.
            rows.execute("pragma synchronous = off")
            rows.executescript(SCHEMA)
            rows.execute("begin immediate")
            for slug, entry, checksum, *packed in rows.execute(f"select {COLUMNS} from articles"):  # noqa: S608 - ours
                self.digests[slug] = _digest(*packed)
                if checksum != _digest(self.key, slug, entry, self.digests[slug]):  # as all are under another key
                    self.digests.clear()
                    rows.execute("delete from articles")
                    break
        except BaseException:
            rows.close()
            raise
        return rows

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.rows.close()

    def _execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        with _writing():
            return self.rows.execute(statement, values)

    # Articles

    def entry(self, slug: str) -> CacheEntry | None:
        """What is kept of an article."""
        row = self._execute("select entry from articles where slug = ?", slug).fetchone()
        return _read(CacheEntry, row[0]) if row and row[0] else None

    def published(self, slug: str) -> str:
        """The day on which an article that is kept is published, empty for a draft without one."""
        row = self._execute("select published from articles where slug = ?", slug).fetchone()
        return str(row[0]) if row else ""

    def put(self, slug: str, packed: Packed, entry: CacheEntry | None) -> None:
        """An article that was made; without an entry the next build makes it again."""
        self.digests[slug] = _digest(*packed)
        text = _encoded(entry) if entry else ""
        checksum = _digest(self.key, slug, text, self.digests[slug])
        self._execute(
            "insert or replace into articles values (?, ?, ?, ?, ?, ?, ?, ?, ?)", slug, text, checksum, *packed
        )

    def touch(self, slug: str, entry: CacheEntry, seen: str) -> None:
        """An article's folder has another fingerprint now, but says what it said."""
        text = _encoded(replace(entry, seen=seen))
        checksum = _digest(self.key, slug, text, self.digests[slug])
        self._execute("update articles set entry = ?, checksum = ? where slug = ?", text, checksum, slug)

    def keep_only(self, slugs: Collection[str]) -> None:
        """Nothing is kept of any other article."""
        for slug in self.digests.keys() - slugs:
            self._execute("delete from articles where slug = ?", slug)
            del self.digests[slug]

    # Lists

    def lists(self) -> ListsEntry | None:
        """What is kept of the files about all articles."""
        row = self._execute("select entry, checksum from lists").fetchone()
        return _read(ListsEntry, row[0]) if row and row[1] == _digest(self.key, row[0]) else None

    def put_lists(self, entry: ListsEntry) -> None:
        """The files about all articles were made."""
        text = _encoded(entry)
        self._execute("delete from lists")
        self._execute("insert into lists values (?, ?)", text, _digest(self.key, text))

    def commit(self) -> None:
        """The output is published; a row that cannot be kept only makes the next build slower."""
        with contextlib.suppress(sqlite3.Error):
            self.rows.execute("commit")

    # What lists are made of

    @property
    def lines(self) -> Iterable[ArticleSummary]:
        """By the day they were published, newest first, those of one day by their names; drafts without one first."""
        order = "published = '' desc, published desc, slug"
        return _Query(self, ArticleSummary, f"select line from articles order by {order}")  # noqa: S608 - ours

    @property
    def oldest(self) -> Iterable[ArticleSummary]:
        """The same the other way round."""
        order = "published = '', published, slug desc"
        return _Query(self, ArticleSummary, f"select line from articles order by {order}")  # noqa: S608 - ours

    @property
    def words(self) -> Iterator[tuple[str, str]]:
        """The names of the articles that have words for the search, and these; oldest first."""
        yield from self._execute("select slug, words from articles where words > '' order by published, slug")

    def text(self, slug: str) -> str:
        """The text of an article for the feeds, empty where they are to have none of it."""
        (text,) = self._execute("select text from articles where slug = ?", slug).fetchone()
        return str(text)

    @property
    def cross_references(self) -> Mapping[str, CrossReferences]:
        """By the names of the articles."""
        return _CrossReferencesByName(self)

    @property
    def translated(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """By article those that name it as their translation and that it does not name: language and slug of each."""
        query = (
            "select value ->> 2, ties ->> 'lang', slug from articles, json_each(ties, '$.translations') order by slug"
        )
        pairs = {(str(slug), str(other)): str(lang) for other, lang, slug in self._execute(query)}
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        for (slug, other), lang in pairs.items():
            if (other, slug) not in pairs:
                found[other] = (*found.get(other, ()), (lang, slug))
        return found

    @property
    def backlinks(self) -> Iterable[SourceBacklinks]:
        """By source, and those on one source in the order of the lines."""
        each = "select value, value ->> 'source' source, published, slug from articles, json_each(leanings)"
        order = "source, published = '' desc, published desc, slug"
        return _Query(self, SourceBacklinks, f"select value from ({each}) order by {order}")  # noqa: S608 - ours

    @property
    def works(self) -> Iterable[SourceEntry]:
        """The sources that have a page, in the order in which they were added."""
        return _Query(self, SourceEntry, "select work from works order by rowid")

    def add_work(self, work: SourceEntry) -> None:
        """One more source that has a page."""
        self._execute("insert into works values (?)", _encoded(work))


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise MachineError(f"cannot write what the lists are to be made of: {error}") from error


class _Query(Struct, Generic[Record], frozen=True):
    cache: BuildCache
    kind: type[Record]
    statement: str

    def __iter__(self) -> Iterator[Record]:
        for (text,) in self.cache._execute(self.statement):
            yield _read(self.kind, text)


class _CrossReferencesByName(Mapping[str, CrossReferences]):
    def __init__(self, cache: BuildCache) -> None:
        self.cache = cache

    def __getitem__(self, slug: str) -> CrossReferences:
        if slug not in self:
            raise KeyError(slug)
        (text,) = self.cache._execute("select ties from articles where slug = ?", slug).fetchone()
        return _read(CrossReferences, text)

    def __contains__(self, slug: object) -> bool:
        return slug in self.cache.digests

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.cache.digests))

    def __len__(self) -> int:
        return len(self.cache.digests)


# ---- Records as JSON ----


def packed(extract: IndexEntry, words: str = "", text: str = "") -> Packed:
    """An extract as the cache keeps it, the words for the search, and the text for the feeds."""
    summary, references, backlinks = map(_encoded, (extract.summary, extract.references, extract.backlinks))
    return extract.summary.published, summary, references, backlinks, words, text


def packed_references(references: CrossReferences) -> Packed:
    """The part of an extract that a check needs, as the cache keeps it."""
    return "", "", _encoded(references), "", "", ""


def _encoded(record: object) -> str:
    return msgspec.json.encode(record, enc_hook=str).decode()  # texts that know where they stand become plain ones


def _read(kind: type[Record], text: str) -> Record:
    return msgspec.json.decode(text, type=kind)


# ---- Digests ----


def fingerprint(folder: Path | str, clock: Clock = time.time_ns) -> str:
    """A digest of the names, sizes and times of all files below a folder: equal if nothing was touched.

    Empty, and so equal to none, while a file is so fresh that another write might leave its time as it is, where
    links lead to what has times of its own (they are not followed, nor is the folder if it is one), and where not all
    can be looked at.
    """
    if os.path.islink(folder):  # noqa: PTH114 - ten thousand of them
        return ""
    try:
        entries = sorted(_entries(str(folder), "", clock))
    except OSError:  # whoever reads it has the words
        return ""
    newest = max((changed for *_, changed in entries), default=0)
    return "" if newest >= clock() - TICK else _digest(*map(repr, entries))


def _entries(folder: str, below: str, clock: Clock) -> Iterator[tuple[str, int, int, int]]:
    """Path, number, size and time of every file. Times are those of the last change of any kind (ctime), because
    tools that copy and move set the time of the last writing as they like; the number (inode), because a folder may
    change places with another of the same names, sizes and times, as a program writes them within one tick.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            path = below + entry.name
            if entry.is_symlink():
                yield path, 0, 0, clock()
            elif entry.is_dir():
                yield from _entries(entry.path, f"{path}/", clock)
            else:
                stat = entry.stat()
                # On Windows, st_ctime is that of the making of a file.
                changed = stat.st_mtime_ns if os.name == "nt" else stat.st_ctime_ns
                yield path, stat.st_ino, stat.st_size, changed


def digest_of(files: Mapping[str, bytes]) -> str:
    """A digest of names and bytes."""
    digest = blake2b(digest_size=16)
    for path in sorted(files):
        digest.update(f"{path}\0{len(files[path])}\0".encode())
        digest.update(files[path])
    return digest.hexdigest()


def _digest(*parts: object) -> str:
    text = "\0".join(map(str, parts))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
