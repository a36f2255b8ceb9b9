"""What earlier builds learned: one row an article, so that a build does again only what has changed.

The memory is only ever a short cut. A row counts only if its checksum holds and its key is the present one (the
program, its libraries, the settings, the templates and the options); everything else is forgotten.
"""

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from randnotiz.errors import Excerpt, Finding, Position

# An article has two rows: a short one that every build reads, and its extract, read only where lists are made anew.
SCHEMA = """
create table if not exists articles (
    slug text primary key, key blob, seen blob, content blob, extract blob, brief text, checksum blob
) without rowid;
create table if not exists extracts (slug text primary key, packed blob) without rowid;
create table if not exists pages (path text primary key, key blob, digest text) without rowid;
create table if not exists output (
    key blob primary key, state text, lists blob, at integer, times blob
) without rowid;
"""
VERSION = 3  # of these tables; a file of another is begun anew


Shared = tuple[tuple[str, str], ...]  # the shared sources an article leans on, by id, with a digest of each


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is kept of a built article: of which state of its folder it was made (`seen` and `content`), a digest of
    its extract, its warnings and its shared sources.
    """

    seen: bytes
    content: bytes
    extract: bytes
    findings: tuple[Finding, ...]
    shared: Shared


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """How the last build left the output: a digest of all extracts that its lists were made of, and the times of its
    folders, taken at a moment.
    """

    lists: bytes
    at: int
    times: bytes


# A file system tells times in ticks; two writes within one tick look alike, so what is as fresh is not trusted.
TICK = 2_000_000_000

Clock = Callable[[], int]  # nanoseconds since 1970


def fingerprint(folder: Path | str, clock: Clock = time.time_ns) -> bytes:
    """A digest of the names, sizes and times of all files below a folder: equal if nothing was touched.

    Empty, and so equal to none, while a file is so fresh that another write might leave its time as it is, and where
    links lead to what has times of its own; they are not followed, nor is the folder if it is one.
    """
    if os.path.islink(folder):  # noqa: PTH114 - ten thousand of them
        return b""
    entries = sorted(_entries(str(folder), "", clock))
    newest = max((changed for *_, changed in entries), default=0)
    if newest >= clock() - TICK:
        return b""
    return _digest(repr(entries).encode("utf-8", "surrogateescape"))


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
                yield path, stat.st_ino, stat.st_size, stat.st_ctime_ns


def digest_of(files: Mapping[str, bytes]) -> bytes:
    """A digest of names and bytes."""
    digest = blake2b(digest_size=16)
    for path in sorted(files):
        digest.update(f"{path}\0{len(files[path])}\0".encode())
        digest.update(files[path])
    return digest.digest()


class Memory:
    """The rows of one output folder; unreadable ones are as good as none.

    `key` covers everything that all articles depend on. How the output stood when the last build left it is kept
    as well: one that somebody else has written into since is made anew.
    """

    def __init__(self, cache: Path, output: Path, key: bytes) -> None:
        self.key = key
        self.unsure = b"?" + key  # of what is not in the output yet
        self.path = cache / f"memory-{blake2b(bytes(output.resolve()), digest_size=6).hexdigest()}.sqlite"
        self.rows = self._opened()
        with contextlib.suppress(sqlite3.DatabaseError):  # what a build kept that was never finished
            self.rows.execute("delete from articles where key = ?", (self.unsure,))
            self.rows.execute("delete from pages where key = ?", (self.unsure,))

    def _opened(self) -> sqlite3.Connection:
        """The rows in their file; in a new one if it is damaged, in none if there can be none."""
        with contextlib.suppress(OSError, sqlite3.DatabaseError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return _rows(self.path)
        with contextlib.suppress(OSError, sqlite3.DatabaseError):
            self.path.unlink()
            return _rows(self.path)
        return _rows(":memory:")

    def close(self) -> None:
        """The file is released."""
        self.rows.close()

    def known(self) -> dict[str, Known]:
        """What is known of all articles that were built with the present key."""
        known: dict[str, Known] = {}
        with contextlib.suppress(sqlite3.DatabaseError, TypeError, ValueError):
            rows = self.rows.execute(
                "select slug, seen, content, extract, brief, checksum from articles where key = ?", (self.key,)
            )
            for slug, seen, content, extract, brief, checksum in rows:
                if checksum == self._checksum(slug, seen, content, extract, brief):
                    findings, shared = _briefed(brief)
                    known[slug] = Known(seen=seen, content=content, extract=extract, findings=findings, shared=shared)
        return known

    def extract(self, slug: str, digest: bytes) -> bytes | None:
        """The extract of an article; None if it is not the one that its short row told of."""
        with contextlib.suppress(sqlite3.DatabaseError, TypeError):
            row = self.rows.execute("select packed from extracts where slug = ?", (slug,)).fetchone()
            if row and digest_of_extract(row[0]) == digest:
                return bytes(row[0])
        return None

    @contextlib.contextmanager
    def learning(self) -> Iterator[None]:
        """A block in which things are kept, all at once at its end; nothing of them is known until `believe`."""
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("begin")
        yield
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("commit")

    def keep(self, slug: str, known: Known, extract: bytes) -> None:
        """What will be known of an article as soon as its files stand in the output."""
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("insert or replace into extracts values (?, ?)", (slug, extract))
            self.rows.execute(
                "insert or replace into articles values (?, ?, ?, ?, ?, ?, ?)", self._short(slug, known)
            )

    def keep_page(self, path: str, digest: str) -> None:
        """What will be known of a page of the lists as soon as it stands in the output."""
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("insert or replace into pages values (?, ?, ?)", (path, self.unsure, digest))

    def page(self, path: str) -> str | None:
        """What a page of the lists says that a build with the present key has left, as a digest."""
        with contextlib.suppress(sqlite3.DatabaseError):
            found = "select digest from pages where path = ? and key = ?"
            row = self.rows.execute(found, (path, self.key)).fetchone()
            return str(row[0]) if row else None
        return None

    def believe(self) -> None:
        """What was kept of articles is known from now on."""
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("update articles set key = ? where key = ?", (self.key, self.unsure))

    def believe_pages(self) -> None:
        """What was kept of pages of the lists is known from now on, and nothing of any other."""
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("delete from pages where key != ?", (self.unsure,))
            self.rows.execute("update pages set key = ?", (self.key,))

    def saw(self, slug: str, seen: bytes, known: Known) -> None:
        """An article's folder has another fingerprint now, but says what it said."""
        *_, checksum = self._short(slug, replace(known, seen=seen))
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("update articles set seen = ?, checksum = ? where slug = ?", (seen, checksum, slug))

    def _short(self, slug: str, known: Known) -> tuple[object, ...]:
        """The short row of an article of which nobody may know yet."""
        brief = _brief(known.findings, known.shared)
        checksum = self._checksum(slug, known.seen, known.content, known.extract, brief)
        return slug, self.unsure, known.seen, known.content, known.extract, brief, checksum

    def _checksum(self, slug: str, seen: bytes, content: bytes, extract: bytes, brief: str) -> bytes:
        return _digest(b"\0".join((self.key, slug.encode(), seen, content, extract, brief.encode())))

    def forget_all_but(self, kept: Collection[str]) -> None:
        """Nothing is known of any other article, nor of how the output stands."""
        with contextlib.suppress(sqlite3.DatabaseError):
            known = {
                slug for (slug,) in self.rows.execute("select slug from articles where key != ?", (self.unsure,))
            }
            others = [(slug,) for slug in sorted(known.difference(kept))]
            self.rows.executemany("delete from articles where slug = ?", others)
            self.rows.execute("delete from extracts where slug not in (select slug from articles)")
            self.rows.execute("delete from output")

    def left(self, state: str) -> Left | None:
        """How the last build with the present key left the output, None if that is not how it stands now."""
        with contextlib.suppress(sqlite3.DatabaseError, TypeError, ValueError):
            row = self.rows.execute(
                "select state, lists, at, times from output where key = ?", (self.key,)
            ).fetchone()
            if row and row[0] == state:
                return Left(lists=bytes(row[1]), at=int(row[2]), times=bytes(row[3]))
        return None

    def leave(self, state: str, left: Left) -> None:
        """How the output stands now."""
        row = (self.key, state, left.lists, left.at, left.times)
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("insert or replace into output values (?, ?, ?, ?, ?)", row)


def _rows(path: Path | str) -> sqlite3.Connection:
    """A database with our tables; sqlite3.DatabaseError if the file is none."""
    rows = sqlite3.connect(path, isolation_level=None)
    try:
        # The memory may be lost at any time without harm, so nothing waits for the disk. But the journal is a file:
        # what a build over an old site replaces would fill the process otherwise.
        rows.execute("pragma synchronous = off")
        (version,) = rows.execute("pragma user_version").fetchone()
        if version not in (0, VERSION):
            raise sqlite3.DatabaseError
        rows.execute(f"pragma user_version = {VERSION}")
        rows.executescript(SCHEMA)
        rows.execute("select slug, brief from articles").fetchone()
    except sqlite3.DatabaseError:
        rows.close()
        raise
    return rows


def _brief(findings: tuple[Finding, ...], shared: Shared) -> str:
    """Warnings and shared sources; empty where there are none, as with most articles."""
    if not findings and not shared:
        return ""
    rows = [(one.position, one.code, one.message, one.hint, one.excerpt) for one in findings]
    return json.dumps((rows, shared), ensure_ascii=False)


def digest_of_extract(packed: bytes) -> bytes:
    """By which an extract is known again."""
    return _digest(packed)


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()


def _briefed(brief: str) -> tuple[tuple[Finding, ...], Shared]:
    if not brief:
        return (), ()
    findings, shared = json.loads(brief)
    return (
        tuple(
            Finding(Position(*at), code, message, hint, excerpt=around and Excerpt(*around))
            for at, code, message, hint, around in findings
        ),
        tuple((id, digest) for id, digest in shared),
    )
