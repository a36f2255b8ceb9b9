"""A changed file put in place: whole or not at all, and never over a change that somebody else has made."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path


class ConflictError(OSError):
    """The file is no longer what its change was made for: `mine` was to be written, `theirs` stands there."""

    def __init__(self, path: Path, mine: str, theirs: str) -> None:
        super().__init__(f"{path.name} has been changed since it was read; nothing was written")
        self.path, self.mine, self.theirs = path, mine, theirs


def digest(source: str) -> str:
    """A name for exactly this text; that of the empty text stands for a file that is not there."""
    return blake2b(source.encode(), digest_size=16).hexdigest()


def write(path: Path, new: str, expected: str) -> None:
    """The file holds `new`, if until now it held the text with the `expected` digest; else ConflictError."""
    path = path.resolve()  # a link stays one, and the file behind it is changed
    with _alone(path.parent):
        theirs = read(path)
        if digest(theirs) != expected:
            raise ConflictError(path, new, theirs)
        draft = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            with draft.open("w", encoding="utf-8", newline="") as stream:
                stream.write(new)
                stream.flush()
                os.fsync(stream.fileno())
            if path.exists():
                draft.chmod(path.stat().st_mode & 0o777)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def read(path: Path) -> str:
    """The text of a file with its own line ends and byte order mark, an empty one if there is no file."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""


def read_texts(content: Path, slug: str) -> dict[str, str]:
    """The texts of an article's files by their path below the content folder; what is not UTF-8 is left out."""
    texts = {}
    for path in sorted([content / slug / "article.md", *(content / slug).glob("*.yaml")]):
        with suppress(UnicodeDecodeError):
            texts[f"{slug}/{path.name}"] = read(path)
    return texts


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """A block in which no other editing of ours writes into a folder; the lock ends with the process."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
