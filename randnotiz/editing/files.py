"""A changed file put in place: whole or not at all, and never over a change that somebody else has made."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from randnotiz import caching, reader
from randnotiz.diagnostics import ContentError, Position


class ConflictError(OSError):
    """The file is no longer what its change was made for: `mine` was to be written, `theirs` stands there."""

    def __init__(self, path: Path, mine: str, theirs: str) -> None:
        super().__init__(f"{path.name} has been changed since it was read; nothing was written")
        self.path, self.mine, self.theirs = path, mine, theirs


def digest(source: str) -> str:
    """A name for exactly this text; that of the empty text stands for a file that is not there."""
    return blake2b(source.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A file's new text, and the digest of the text that it was made for."""

    path: Path
    new: str
    expected: str


def write(path: Path, new: str, expected: str) -> None:
    """The file holds `new`, if until now it held the text with the `expected` digest; else ConflictError."""
    write_together([Written(path=path, new=new, expected=expected)])


def write_together(files: Sequence[Written]) -> None:
    """All files, which are of one article, hold their new texts, in the order in which they are given, or none does.
    ConflictError, OSError.

    No file system puts several files in place at once: if the machine stops in between, the first of them are new
    and the others old, so that what others rest on comes first.
    """
    root = files[0].path.parent.parent
    files = [replace(file, path=_real(file.path, root)) for file in files]
    with ExitStack() as locks:
        for folder in sorted({file.path.parent for file in files}):
            locks.enter_context(_alone(folder))
        old = {file.path: _read_as(file, root) for file in files}
        there = {path for path in old if path.exists()}
        drafts = {}
        placed: list[Path] = []
        try:
            for file in files:
                drafts[file.path] = caching.draft(file.path, file.new.encode(), sync=True)
            for path, draft in drafts.items():
                draft.replace(path)
                placed.append(path)
        except BaseException:
            for path in placed:
                if path in there:
                    caching.write_whole(path, old[path].encode(), sync=True)
                else:
                    path.unlink()
            raise
        finally:
            for draft in drafts.values():
                draft.unlink(missing_ok=True)


def _real(path: Path, root: Path) -> Path:
    """What a path leads to, so that a link stays one; OSError if that is out of the folder of content."""
    real = path.resolve()
    if not real.is_relative_to(root.resolve()):
        raise OSError(f"{path.name} is a link that leads out of the folder of content; nothing was written")
    return real


def _read_as(file: Written, root: Path) -> str:
    """The text of a file, if it is the one that was expected; else ConflictError. OSError if it cannot be read."""
    try:
        theirs = read(file.path, root)
    except ContentError as error:
        raise OSError(f"{error.diagnostic.message}; nothing was written") from None
    if digest(theirs) != file.expected:
        raise ConflictError(file.path, file.new, theirs)
    return theirs


def read(path: Path, root: Path) -> str:
    """The text of a file with its own line ends and byte order mark, an empty one if there is no file.

    ContentError where it is no UTF-8, or cannot be read within the folder of content, `root`; its place is the file's
    name.
    """
    if not os.path.lexists(path):
        return ""
    try:
        return reader.load_file(path, path.name, root).decode()
    except UnicodeDecodeError:
        message = f"{path.name} is not UTF-8; nothing was written"
        raise ContentError(Position(path.name), "encoding", message) from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """A block in which no other editing of ours writes into a folder; the lock ends with the process."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
