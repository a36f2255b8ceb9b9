"""The bytes of a folder of content, read without ever leaving it."""

import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from randnotiz.errors import ContentError, Finding, Position, collected

LARGEST = 20_000_000  # bytes of a file
LARGEST_SUM = 100_000_000  # bytes of a folder
MOST_FILES = 1_000
DEEPEST = 8  # folders within each other


def load_folder(root: Path, slug: str) -> tuple[Mapping[str, bytes], tuple[Finding, ...]]:
    """The files of an article by their path below its folder, with `/`, in order; and what could not be read.

    Names are in Unicode's composed form (NFC), whatever the file system keeps. Hidden files are left out.
    """
    findings: list[Finding] = []
    files: dict[str, bytes] = {}
    space = LARGEST_SUM
    inside = root.resolve()
    for path, below in _found(root / slug, "", inside, slug, 0, findings):
        with collected(findings):
            if len(files) == MOST_FILES:
                message = f"this folder has more than {MOST_FILES:,} files"
                findings.append(Finding(Position(slug), "limit-exceeded", message))
                break
            name = _name(below, slug)
            files[name] = load_file(path, f"{slug}/{name}", inside, space)
            space -= len(files[name])
    return dict(sorted(files.items())), tuple(findings)


def load_file(path: Path, shown: str, root: Path, space: int = LARGEST_SUM) -> bytes:
    """The bytes of a file; ContentError where it is missing, too large, no file, or a link that leaves `root`.

    `shown` is its path below the content folder, for messages.
    """
    place = Position(shown)
    try:
        real = path.resolve(strict=True)
        found = real.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise ContentError(place, "file-missing", f"there is no file '{shown}'") from None
    except (OSError, RuntimeError) as error:  # a circle of links is one or the other, by the version of Python
        raise ContentError(place, "file-missing", f"'{shown}' cannot be read: {_reason(error)}") from None
    if not real.is_relative_to(root.resolve()):
        message = f"'{shown}' is a link that leads out of the folder of content"
        raise ContentError(place, "file-outside", message, "Put the file itself there.")
    if not stat.S_ISREG(found.st_mode):
        raise ContentError(place, "file-missing", f"'{shown}' is no file that can be read")
    if found.st_size > min(LARGEST, space):
        limit = f"{LARGEST:,} a file, {LARGEST_SUM:,} a folder"
        message = f"'{shown}' has {found.st_size:,} bytes; at most are read: {limit}"
        raise ContentError(place, "limit-exceeded", message)
    try:
        return real.read_bytes()
    except OSError as error:
        raise ContentError(place, "file-missing", f"'{shown}' cannot be read: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return (
        (error.strerror or "it leads in a circle").lower() if isinstance(error, OSError) else "it leads in a circle"
    )


def _found(
    folder: Path, below: str, root: Path, slug: str, depth: int, findings: list[Finding]
) -> Iterator[tuple[Path, str]]:
    """Every file below a folder with its path there, folders in order."""
    if depth > DEEPEST:
        message = f"folders are nested more than {DEEPEST} deep"
        findings.append(Finding(Position(_printable(f"{slug}/{below}")), "limit-exceeded", message))
        return
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        message = f"this folder cannot be read: {_reason(error)}"
        findings.append(Finding(Position(_printable(f"{slug}/{below}".rstrip("/"))), "file-missing", message))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path, name = Path(entry.path), f"{below}{entry.name}"
        if not is_folder(entry):
            yield path, name
        elif path.resolve().is_relative_to(root):
            yield from _found(path, f"{name}/", root, slug, depth + 1, findings)
        else:
            message = "this is a link that leads out of the folder of content"
            findings.append(Finding(Position(_printable(f"{slug}/{name}")), "file-outside", message))


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder or a link to one; a link that leads in a circle is neither."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _name(below: str, slug: str) -> str:
    """A path as articles write it; ContentError if it has characters that nobody can write."""
    name = unicodedata.normalize("NFC", below)
    if not name.isprintable() or "\\" in name:
        shown = _printable(f"{slug}/{below}")
        message = "this file's name has characters that cannot be printed, or a backslash"
        raise ContentError(Position(shown), "value-malformed", message, "Give it another name.")
    return name


def _printable(words: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in words)
