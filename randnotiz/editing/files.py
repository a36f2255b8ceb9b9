"""A changed file put in place: whole or not at all, and never over a change that somebody else has made."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from randnotiz import caching, locks, reader
from randnotiz.diagnostics import ContentError, Position
from randnotiz.editing.exchange import exchange, has_writer, kept, place


class ConflictError(OSError):
    """The file is no longer what its change was made for: `mine` was to be written, `theirs` stands there."""

    def __init__(self, path: Path, mine: str, theirs: str) -> None:
        super().__init__(f"{path.name} has been changed since it was read; nothing was written")
        self.path, self.mine, self.theirs = path, mine, theirs


def digest(source: str) -> str:
    """A name for exactly this text; that of the empty text stands for a file that is not there."""
    return blake2b(source.encode(), digest_size=16).hexdigest()


class Written(Struct, frozen=True, kw_only=True):
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

    What somebody else saves meanwhile stands in the end, or is kept and named in the error. No file system puts
    several files in place at once: if the machine stops in between, the first of them are new and the others old, so
    that what others rest on comes first.
    """
    root = files[0].path.parent.parent
    files = [replace(file, path=_real(file.path, root)) for file in files]
    with ExitStack() as stack:
        for folder in sorted({file.path.parent for file in files}):
            stack.enter_context(locks.alone(folder))
        changes = []
        for file in files:
            changes.append(_Change(file, root))
            stack.callback(changes[-1].clear)
        with ExitStack() as undoing:
            for change in changes:
                change.put()
                undoing.callback(change.undo)
            undoing.pop_all()


class Undoable(Struct, frozen=True, kw_only=True):
    """What a change has made of some files, with what was there before; None where there was no file."""

    files: tuple[tuple[Path, str | None, str], ...]

    def undo(self) -> None:
        """Each file is as it was, to the byte. ConflictError if one has been changed since; then none is touched."""
        write_together(
            [Written(path=path, new=old or "", expected=digest(new)) for path, old, new in reversed(self.files)]
        )
        for path, old, _ in self.files:
            if old is None and path.stat().st_size == 0:
                path.unlink()


def write_undoably(files: Sequence[Written], root: Path) -> Undoable:
    """The same as `write_together`, and what takes it back."""
    before = [read(file.path, root) if file.path.exists() else None for file in files]
    write_together(files)
    return Undoable(files=tuple((file.path, old, file.new) for file, old in zip(files, before, strict=True)))


def write_changed(folder: Path, texts: Mapping[str, tuple[str, str]]) -> None:
    """The same for files of a folder, by name with the old text and the new one; nothing if there are none."""
    if texts:
        write_together(
            [Written(path=folder / name, new=new, expected=digest(old)) for name, (old, new) in texts.items()]
        )


class _Change:
    """A file on its way to its new text, its `draft` beside it; then only names change, and it has the old one."""

    def __init__(self, file: Written, root: Path) -> None:
        self.file, self.path, self.root = file, file.path, root
        self.old = _read_as(file, root)
        self.is_new = not self.path.exists()
        self.draft = caching.draft(self.path, file.new.encode(), sync=True)

    def put(self) -> None:
        """The new text is in place; ConflictError if it would replace anything but the old one, which then stays."""
        try:
            (place if self.is_new else exchange)(self.draft, self.path)
        except (FileExistsError, FileNotFoundError):
            raise self._conflict() from None
        if not self.is_new and not self._is_out(self.old):
            self.undo()
            raise self._conflict()

    def undo(self) -> None:
        """What was replaced is in place again; or OSError names the file that keeps it, if somebody has saved."""
        try:
            if self.is_new:
                self.path.rename(self.draft)
                if not self._is_out(self.file.new):
                    place(self.draft, self.path)
            else:
                exchange(self.draft, self.path)
                if not self._is_out(self.file.new):
                    exchange(self.draft, self.path)
                    raise OSError("it has been saved twice meanwhile")
        except OSError as error:
            if self.draft.exists():
                raise kept(self.draft, self.path, error) from error

    def clear(self) -> None:
        """What is not in place is gone."""
        self.draft.unlink(missing_ok=True)

    def _is_out(self, text: str | None) -> bool:
        """Whether the draft is a text, and will be: nobody has it open for writing."""
        return self._out() == text and not has_writer(self.draft)

    def _out(self) -> str | None:
        try:
            return read(self.draft, self.root)
        except ContentError:  # what we never write, such as a pipe
            return None

    def _conflict(self) -> ConflictError:
        try:
            theirs = read(self.path, self.root)
        except ContentError as error:
            raise _unreadable(error) from None
        return ConflictError(self.path, self.file.new, theirs)


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
        raise _unreadable(error) from None
    if digest(theirs) != file.expected:
        raise ConflictError(file.path, file.new, theirs)
    return theirs


def _unreadable(error: ContentError) -> OSError:
    return OSError(f"{error.diagnostic.message}; nothing was written")


def read(path: Path, root: Path) -> str:
    """The text of a file with its own line ends and byte order mark, an empty one if there is no file.

    ContentError where it is no UTF-8, or cannot be read within the folder of content, `root`; its place is the file's
    name.
    """
    try:
        return reader.load_file(path, path.name, root).decode()
    except ContentError:
        if reader.is_gone(path):
            return ""
        raise
    except UnicodeDecodeError:
        message = f"{path.name} is not UTF-8; nothing was written"
        raise ContentError(Position(path.name), "encoding", message) from None
