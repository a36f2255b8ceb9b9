"""What earlier builds learned: one row an article, so that a build does again only what has changed.

The memory is only ever a short cut. A row counts only if its checksum holds and its key is the present one (the
program, its libraries, the settings, the templates and the options); everything else is forgotten.
"""

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

from randnotiz.errors import Finding, Position
from randnotiz.model import ClaimLine, Line, SourceLine
from randnotiz.records import dataclass

# An article has two rows: a short one that every build reads, and its line, read only where lists are made anew.
SCHEMA = """
create table if not exists articles (
    slug text primary key, key blob, seen blob, content blob, line blob, brief text, checksum blob
) without rowid;
create table if not exists lines (slug text primary key, remembered blob) without rowid;
create table if not exists sources (path text primary key, key blob, digest text) without rowid;
create table if not exists output (
    key blob primary key, state text, lists blob, at integer, times blob
) without rowid;
"""
VERSION = 2  # of these tables; a file of another is begun anew


Shared = tuple[tuple[str, str], ...]  # the shared sources an article leans on, by id, with a digest of each


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What is kept of a built article, ready to be stored: of which state of its folder it was made (`seen` and
    `content`), a digest of its line, its warnings and shared sources, and its line.
    """

    seen: bytes
    content: bytes
    line: bytes
    brief: str
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the short row of an article says."""

    seen: bytes
    content: bytes
    line: bytes
    findings: tuple[Finding, ...]
    shared: Shared


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """How the last build left the output: a digest of all lines that its lists were made of, and the times of its
    folders, taken at a moment.
    """

    lists: bytes
    at: int
    times: bytes


# A file system tells times in ticks; two writes within one tick look alike, so what is as fresh is not trusted.
TICK = 2_000_000_000


def fingerprint(folder: Path) -> bytes:
    """A digest of the names, sizes and times of all files below a folder: equal if nothing was touched.

    Empty, and so equal to none, while a file is so fresh that another write might leave its time as it is, and where
    links lead to what has times of its own.
    """
    entries = sorted(_entries(str(folder), ""))
    newest = max((changed for _, _, changed in entries), default=0)
    if newest >= time.time_ns() - TICK:
        return b""
    return _digest(repr(entries).encode("utf-8", "surrogateescape"))


def _entries(folder: str, below: str) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of every file. Times are those of the last change of any kind (ctime), because tools that
    copy and move set the time of the last writing as they like.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            path = below + entry.name
            if entry.is_symlink():
                yield path, 0, time.time_ns()
            elif entry.is_dir():
                yield from _entries(entry.path, f"{path}/")
            else:
                stat = entry.stat()
                yield path, stat.st_size, stat.st_ctime_ns


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
                "select slug, seen, content, line, brief, checksum from articles where key = ?", (self.key,)
            )
            for slug, seen, content, line, brief, checksum in rows:
                if checksum == self._checksum(slug, seen, content, line, brief):
                    findings, shared = _briefed(brief)
                    known[slug] = Known(seen=seen, content=content, line=line, findings=findings, shared=shared)
        return known

    def line(self, slug: str, digest: bytes) -> Line | None:
        """The line of an article; None if it is not the one that its short row told of."""
        with contextlib.suppress(sqlite3.DatabaseError, TypeError, ValueError, KeyError):
            row = self.rows.execute("select remembered from lines where slug = ?", (slug,)).fetchone()
            if row and _digest(row[0]) == digest:
                return _read(row[0])
        return None

    @contextlib.contextmanager
    def learning(self) -> Iterator[None]:
        """A block in which articles are kept, all at once at its end; nothing of them is known until `believe`."""
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("begin")
        yield
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("commit")

    def keep(self, slug: str, row: Row) -> None:
        """What will be known of an article as soon as its files stand in the output."""
        checksum = self._checksum(slug, row.seen, row.content, row.line, row.brief)
        short = (slug, self.unsure, row.seen, row.content, row.line, row.brief, checksum)
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("insert or replace into lines values (?, ?)", (slug, row.body))
            self.rows.execute("insert or replace into articles values (?, ?, ?, ?, ?, ?, ?)", short)

    def believe(self) -> None:
        """What was kept is known from now on."""
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("update articles set key = ? where key = ?", (self.key, self.unsure))

    def saw(self, slug: str, seen: bytes, known: Known) -> None:
        """An article's folder has another fingerprint now, but says what it said."""
        brief = _brief(known.findings, known.shared)
        checksum = self._checksum(slug, seen, known.content, known.line, brief)
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("update articles set seen = ?, checksum = ? where slug = ?", (seen, checksum, slug))

    def _checksum(self, slug: str, seen: bytes, content: bytes, line: bytes, brief: str) -> bytes:
        return _digest(b"\0".join((self.key, slug.encode(), seen, content, line, brief.encode())))

    def forget_all_but(self, kept: Collection[str]) -> None:
        """Nothing is known of any other article, nor of how the output stands."""
        with contextlib.suppress(sqlite3.DatabaseError):
            known = {
                slug for (slug,) in self.rows.execute("select slug from articles where key != ?", (self.unsure,))
            }
            others = [(slug,) for slug in sorted(known.difference(kept))]
            self.rows.executemany("delete from articles where slug = ?", others)
            self.rows.execute("delete from lines where slug not in (select slug from articles)")
            self.rows.execute("delete from output")

    def sources(self) -> dict[str, str]:
        """What the pages of sources said when the last build with the present key left them: digests by path."""
        try:
            return dict(self.rows.execute("select path, digest from sources where key = ?", (self.key,)))
        except (sqlite3.DatabaseError, TypeError, ValueError):
            return {}

    def sources_are(self, digests: Mapping[str, str]) -> None:
        """What the pages of sources say now."""
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("begin")
            self.rows.execute("delete from sources")
            rows = ((path, self.key, digest) for path, digest in digests.items())
            self.rows.executemany("insert into sources values (?, ?, ?)", rows)
            self.rows.execute("commit")

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
        # The memory may be lost at any time without harm, so nothing waits for the disk.
        rows.execute("pragma synchronous = off")
        rows.execute("pragma journal_mode = memory")
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


def row_of(line: Line, findings: tuple[Finding, ...], shared: Shared, seen: bytes, content: bytes) -> Row:
    """What is to be kept of an article, as bytes."""
    body = _dumps({name: getattr(line, name) for name in _LINE}).encode()
    return Row(seen=seen, content=content, line=_digest(body), brief=_brief(findings, shared), body=body)


def _brief(findings: tuple[Finding, ...], shared: Shared) -> str:
    """Warnings and shared sources; empty where there are none, as with most articles."""
    rows = [(one.position, one.code, one.message, one.hint, one.severity) for one in findings]
    return _dumps((rows, shared)) if findings or shared else ""


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_values)


def _values(record: Any) -> list[Any]:
    """A record as a row of its values."""
    return [getattr(record, each.name) for each in fields(record)]


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()


_LINE = tuple(each.name for each in fields(Line))
_CLAIM = tuple(each.name for each in fields(ClaimLine))
_USE = tuple(each.name for each in fields(SourceLine))


def _briefed(brief: str) -> tuple[tuple[Finding, ...], Shared]:
    if not brief:
        return (), ()
    findings, shared = json.loads(brief)
    return (
        tuple(
            Finding(Position(*at), code, message, hint, severity=severity)
            for at, code, message, hint, severity in findings
        ),
        tuple((id, digest) for id, digest in shared),
    )


def _read(body: bytes) -> Line:
    """The record that was kept; JSON, not pickles: a cache that somebody else filled can be wrong but never run."""
    line = json.loads(body)
    return Line(
        **{
            **line,
            "authors": tuple(line["authors"]),
            "claims": tuple(ClaimLine(**dict(zip(_CLAIM, claim, strict=True))) for claim in line["claims"]),
            "uses": tuple(SourceLine(**dict(zip(_USE, use, strict=True))) for use in line["uses"]),
            "corrections": tuple((day, text) for day, text in line["corrections"]),
            "changes": tuple((day, text, note) for day, text, note in line["changes"]),
            "headings": tuple(line["headings"]),
            "translations": tuple((Position(*at), lang, slug) for at, lang, slug in line["translations"]),
            "links": tuple((Position(*at), link) for at, link in line["links"]),
            "rechecks": tuple((Position(*at), source, day) for at, source, day in line["rechecks"]),
        }
    )
