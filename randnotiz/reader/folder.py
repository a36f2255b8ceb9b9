"""The bytes of content, read without ever leaving its folder.

Whatever lies in the folder of content, or is named by what lies there, is opened by `_opened` and nowhere else;
`tests/test_openings.py` finds any other opening.
"""

import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import reduce
from operator import or_
from pathlib import Path

from randnotiz.diagnostics import ContentError, Diagnostic, Position, collecting

LARGEST = 20_000_000  # bytes of a file
LARGEST_SUM = 100_000_000  # bytes of a folder
MOST_FILES = 1_000
DEEPEST = 8  # folders within each other

# What is published as it stands, and whose line ends mean nothing: they are those of no checkout.
_TEXTS = (".bib", ".csv", ".geojson", ".json", ".svg", ".txt")

# How a file is opened: a pipe is not waited for, a terminal does not become ours, a link is not followed. Windows has
# none of these three, and one for bytes as they are.
_NAMES = ("O_RDONLY", "O_NONBLOCK", "O_NOCTTY", "O_NOFOLLOW", "O_BINARY")
_FLAGS = reduce(or_, (getattr(os, name, 0) for name in _NAMES))
_FOLDER = _FLAGS | getattr(os, "O_DIRECTORY", 0)
_WITHIN = os.stat in os.supports_dir_fd  # POSIX `openat` and `fstatat`


def load_folder(root: Path, slug: str) -> tuple[Mapping[str, bytes], tuple[Diagnostic, ...]]:
    """The files of an article by their path below its folder, with `/`, in order; and what could not be read.

    Names are in Unicode's composed form (NFC), whatever the file system keeps. Left out are hidden files, and those
    that go while the folder is read.
    """
    diagnostics: list[Diagnostic] = []
    files: dict[str, bytes] = {}
    space, root = LARGEST_SUM, root.resolve()
    for path, below in _found(root / slug, "", root, slug, 0, diagnostics):
        if len(files) == MOST_FILES:
            message = f"this folder has more than {MOST_FILES:,} files"
            hint = "Take away what the article neither shows nor links."
            diagnostics.append(Diagnostic(Position(slug), "limit-exceeded", message, hint))
            break
        try:
            name = _name(below, slug)
            if name in files:
                message = "two files have this name, whose letters are composed in one of them only (Unicode, NFC)"
                raise ContentError(Position(f"{slug}/{name}"), "name-clash", message, "Give one another name.")
            content = load_file(path, f"{slug}/{name}", root, space)
        except ContentError as error:
            if not is_gone(path):
                diagnostics.append(error.diagnostic)
        else:
            space -= len(content)
            files[name] = content.replace(b"\r\n", b"\n") if name.endswith(_TEXTS) else content
    return dict(sorted(files.items())), tuple(diagnostics)


def load_file(
    path: Path, shown: str, root: Path, space: int = LARGEST_SUM, unsaved: Mapping[str, bytes] | None = None
) -> bytes:
    """The bytes of a file; ContentError where it is missing, too large, no file, or a link that leaves `root`.

    `shown` is its path below the content folder, for messages; `space` is what its folder has left. What is `unsaved`
    under that path stands in for the file.
    """
    if unsaved and shown in unsaved:
        return unsaved[shown]
    most = min(LARGEST, space)
    with _opened(path, shown, root) as file:
        assert isinstance(file, int)  # noqa: S101 - for the type checker
        size = os.fstat(file).st_size
        content = b""
        while size <= most and (more := os.read(file, size - len(content) + 1)):
            content += more
            size = max(size, len(content))  # it may grow while it is read
    if size > most:
        message = f"'{shown}' has {size:,} bytes; at most are read: {LARGEST:,} a file, {LARGEST_SUM:,} a folder"
        hint = "Save it smaller, or put it elsewhere and link to it."
        raise ContentError(Position(shown), "limit-exceeded", message, hint)
    return content


def list_folder(path: Path, shown: str, root: Path) -> list[tuple[str, bool]]:
    """The names in a folder that are not hidden, in order, each with whether it is a folder or a link to one.

    ContentError where it cannot be read, or is a link that leaves `root`.
    """
    with _opened(path, shown, root, listed=True) as found, os.scandir(found) as entries:
        return sorted((entry.name, is_folder(entry)) for entry in entries if not entry.name.startswith("."))


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder or a link to one; a link that leads in a circle is neither."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def is_gone(path: Path) -> bool:
    """Whether there certainly is nothing at a path; not where nobody may look (`os.path.lexists` denies it there)."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


@contextmanager
def _opened(path: Path, shown: str, root: Path, *, listed: bool = False) -> Iterator[int | Path]:
    """A descriptor of the plain file at a path below `root`, or of the folder there. ContentError, also where the
    block cannot read it.

    Both are resolved, then the path is walked from `root` folder by folder without following links (POSIX `openat`),
    and the kind is that of what has been opened: whatever changes places meanwhile, nothing outside is reached or
    waited for. Windows opens files by their whole paths alone, and folders not at all: there a folder is its path,
    and what changes places in this very moment is not noticed.
    """
    place, this = Position(shown), "this folder" if listed else f"'{shown}'"
    try:
        top, real = root.resolve(), path.resolve(strict=True)
        if not real.is_relative_to(top):
            message, hint = " is a link that leads out of the folder of content", "Put the file itself there."
            if listed:
                raise ContentError(place, "file-outside", f"this{message}")
            raise ContentError(place, "file-outside", this + message, hint)
        with ExitStack() as opened:
            parts: tuple[Path | str, ...] = (top, *real.relative_to(top).parts) if _WITHIN else (real,)
            folder, last = None, parts[-1]
            for name in parts[:-1]:
                folder = _entered(opened, name, _FOLDER, folder)
            if not listed:  # before it is opened, because opening a device may do something
                _must_be_plain(os.stat(last, dir_fd=folder, follow_symlinks=False), place)
            if listed and not _WITHIN:
                yield real
                return
            descriptor = _entered(opened, last, _FOLDER if listed else _FLAGS, folder)
            if not listed:
                _must_be_plain(os.fstat(descriptor), place)
            yield descriptor
    except (OSError, RuntimeError) as error:  # a circle of links is one or the other, by the version of Python
        if not listed and isinstance(error, FileNotFoundError | NotADirectoryError):
            raise ContentError(place, "file-missing", f"there is no file {this}") from None
        raise ContentError(place, "file-missing", f"{this} cannot be read: {_reason(error)}") from None


def _entered(opened: ExitStack, name: Path | str, flags: int, folder: int | None = None) -> int:
    """A descriptor of what has a name in a folder, until all that is `opened` is closed."""
    descriptor = os.open(name, flags, dir_fd=folder)
    opened.callback(os.close, descriptor)
    return descriptor


def _must_be_plain(found: os.stat_result, place: Position) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ContentError(place, "file-missing", f"'{place.path}' is no file that can be read")


def _reason(error: Exception) -> str:
    return (
        (error.strerror or "it leads in a circle").lower() if isinstance(error, OSError) else "it leads in a circle"
    )


def _found(
    folder: Path, below: str, root: Path, slug: str, depth: int, diagnostics: list[Diagnostic]
) -> Iterator[tuple[Path, str]]:
    """Every file below a folder with its path there, folders in order."""
    shown = _printable(f"{slug}/{below}".rstrip("/"))
    if depth > DEEPEST:
        message = f"folders are nested more than {DEEPEST} deep"
        hint = "Move the files that the article needs further up."
        diagnostics.append(Diagnostic(Position(shown), "limit-exceeded", message, hint))
        return
    entries: list[tuple[str, bool]] = []
    with collecting(diagnostics):
        entries = list_folder(folder, shown, root)
    for name, is_inner in entries:
        if is_inner:
            yield from _found(folder / name, f"{below}{name}/", root, slug, depth + 1, diagnostics)
        else:
            yield folder / name, below + name


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
