"""What earlier builds learned: one row an article, so that a build does again only what has changed.

The memory is only ever a short cut. A row counts only if its checksum holds and its key is the present one (the
program, its libraries, the settings, the templates and the options); everything else is forgotten.
"""

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

from randnotiz.errors import Finding, Position
from randnotiz.model import ClaimLine, Line, SourceLine

SCHEMA = """
create table if not exists articles (
    slug text primary key, key blob, seen blob, content blob, checksum blob, remembered blob
) without rowid;
create table if not exists sources (path text primary key, key blob, digest text) without rowid;
create table if not exists output (key blob primary key, state text) without rowid;
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """What is kept of a built article: its line, its warnings and the paths of its files below the site."""

    line: Line
    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    shared: tuple[tuple[str, str], ...]  # the shared sources it leans on, by id, with a digest of each


# A file system tells times in ticks; two writes within one tick look alike, so what is as fresh is not trusted.
TICK = 2_000_000_000


def fingerprint(folder: Path) -> bytes:
    """A digest of the names, sizes and times of all files below a folder: equal if nothing was touched.

    Empty, and so equal to none, while a file is so fresh that another write might leave its time as it is, and where
    links lead to what has times of its own.
    """
    digest = blake2b(digest_size=16)
    newest = 0
    for path, size, changed in _entries(folder, ""):
        newest = max(newest, changed)
        digest.update(f"{path}\0{size} {changed}\0".encode("utf-8", "surrogateescape"))
    return digest.digest() if newest < time.time_ns() - TICK else b""


def _entries(folder: Path, below: str) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of every file. Times are those of the last change of any kind (ctime), because tools that
    copy and move set the time of the last writing as they like.
    """
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = f"{below}{entry.name}"
            if entry.is_symlink():
                yield path, 0, time.time_ns()
            elif entry.is_dir():
                yield from _entries(Path(entry.path), f"{path}/")
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
        self.path = cache / f"memory-{blake2b(bytes(output.resolve()), digest_size=6).hexdigest()}.sqlite"
        self.rows = self._opened()

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

    def seen(self) -> dict[str, bytes]:
        """The fingerprints of all articles that were built with the present key."""
        try:
            return dict(self.rows.execute("select slug, seen from articles where key = ?", (self.key,)))
        except (sqlite3.DatabaseError, TypeError, ValueError):
            return {}

    def recall(self, slug: str) -> tuple[Remembered, bytes] | None:
        """What is known of an article, with the digest of the content it was made of; None if nothing usable is."""
        try:
            row = self.rows.execute(
                "select content, checksum, remembered from articles where slug = ? and key = ?", (slug, self.key)
            ).fetchone()
            if row and blake2b(self.key + row[0] + row[2], digest_size=16).digest() == row[1]:
                return _read(row[2]), row[0]
        except (sqlite3.DatabaseError, TypeError, ValueError, KeyError):
            return None
        return None

    def keep(self, slug: str, seen: bytes, content: bytes, remembered: Remembered | None) -> None:
        """From now on, this is what is known of an article; with None, nothing is."""
        if remembered is None:
            return
        body = json.dumps(asdict(remembered), ensure_ascii=False, separators=(",", ":")).encode()
        checksum = blake2b(self.key + content + body, digest_size=16).digest()
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute(
                "insert or replace into articles values (?, ?, ?, ?, ?, ?)",
                (slug, self.key, seen, content, checksum, body),
            )

    def forget_all_but(self, kept: Iterable[str]) -> None:
        """Nothing is known of any other article, nor of how the output stands."""
        with contextlib.suppress(sqlite3.DatabaseError):
            known = {slug for (slug,) in self.rows.execute("select slug from articles")}
            self.rows.executemany(
                "delete from articles where slug = ?", [(slug,) for slug in sorted(known - set(kept))]
            )
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

    def output(self) -> str | None:
        """How the output stood when the last build with the present key left it."""
        try:
            row = self.rows.execute("select state from output where key = ?", (self.key,)).fetchone()
        except sqlite3.DatabaseError:
            return None
        return row[0] if row else None

    def output_is(self, state: str) -> None:
        """How the output stands now."""
        with contextlib.suppress(sqlite3.DatabaseError):
            self.rows.execute("insert or replace into output values (?, ?)", (self.key, state))


def _rows(path: Path | str) -> sqlite3.Connection:
    """A database with our tables; sqlite3.DatabaseError if the file is none."""
    rows = sqlite3.connect(path, isolation_level=None)
    try:
        # The memory may be lost at any time without harm, so nothing waits for the disk.
        rows.execute("pragma synchronous = off")
        rows.execute("pragma journal_mode = memory")
        rows.executescript(SCHEMA)
        rows.execute("select count(*) from articles").fetchone()
    except sqlite3.DatabaseError:
        rows.close()
        raise
    return rows


def _read(body: bytes) -> Remembered:
    """The record that was kept; JSON, not pickles: a cache that somebody else filled can be wrong but never run."""
    row = json.loads(body)
    line = row["line"]
    return Remembered(
        line=Line(
            **{
                **line,
                "authors": tuple(line["authors"]),
                "claims": tuple(ClaimLine(**claim) for claim in line["claims"]),
                "uses": tuple(SourceLine(**use) for use in line["uses"]),
                "corrections": tuple((day, text) for day, text in line["corrections"]),
                "changes": tuple((day, text, note) for day, text, note in line["changes"]),
                "headings": tuple(line["headings"]),
                "links": tuple((Position(*at), link) for at, link in line["links"]),
                "rechecks": tuple((Position(*at), source, day) for at, source, day in line["rechecks"]),
            }
        ),
        findings=tuple(
            Finding(**{**finding, "position": Position(*finding["position"])}) for finding in row["findings"]
        ),
        paths=tuple(row["paths"]),
        shared=tuple((id, digest) for id, digest in row["shared"]),
    )
