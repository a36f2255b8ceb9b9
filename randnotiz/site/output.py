"""The written site: whole files only, and nothing of anybody else's is ever touched.

Files are first staged in a hidden folder inside the output, so that moving them into place is one atomic rename on
the same file system. What builds wrote is listed in a manifest, `.written`; it alone decides what may be removed.
"""

import contextlib
import errno
import filecmp
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from randnotiz import locks
from randnotiz.site.machine import MachineError

MANIFEST = ".written"
STAGE = ".stage"
BUILDER = ".process"


@contextlib.contextmanager
def build_lock(output: Path) -> Iterator[None]:
    """A block in which no other build writes into the same folder; MachineError says who does.

    The processes of a build that was killed may take some of the second that it waits to notice.
    """
    make_folder(output)
    with contextlib.ExitStack() as lock:
        try:
            lock.enter_context(locks.alone(output, 1.0))
        except TimeoutError:
            message = f"another build{_who(output)} is writing into {output}; wait for it"
            raise MachineError(message) from None
        yield


def make_folder(folder: Path) -> None:
    """The folder is there, with those around it. MachineError where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        what = "a link that leads to no folder" if folder.is_symlink() else "no folder"
        raise MachineError(f"cannot write into {folder}: it is {what}; remove it, or name another one") from None
    except OSError as error:
        raise MachineError(f"cannot write into {folder}: {error.strerror}") from error


def _who(output: Path) -> str:
    try:
        return f" (process {(output / STAGE / BUILDER).read_text(encoding='utf-8').strip()})"
    except OSError:
        return ""


class Stage:
    """A hidden folder that holds the next site's files until all of them are there. It is gone after its block."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.folder = output / STAGE

    def __enter__(self) -> Self:
        self._clear()  # of whatever a killed build left
        try:
            self.put(BUILDER, str(os.getpid()).encode())
        except PermissionError as error:
            raise MachineError(f"cannot write into {self.output}: {error.strerror}") from error
        except BaseException:
            self._clear()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._clear()
        except KeyboardInterrupt:
            self._clear()
            raise

    def _clear(self) -> None:
        with contextlib.suppress(
            OSError
        ):  # a folder is none to be unlinked; a link is, and a pipe, on which one waits
            self.folder.unlink()
        shutil.rmtree(self.folder, ignore_errors=True)

    def put(self, path: str, content: bytes | Iterable[bytes]) -> str:
        """One more file of the next site, whole or piece by piece; returns its stamp, which it keeps in its place."""
        target = f"{self.folder}/{path}"
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 - twenty files an article
            with open(target, "wb") as file:  # noqa: PTH123 - the same
                file.writelines((content,) if isinstance(content, bytes) else content)
        except OSError as error:
            error.filename = error.filename or target  # that of a full disk has no name
            raise
        return _stamp(os.stat(target))  # noqa: PTH116 - the same

    def read(self, path: str) -> bytes:
        """A file of the next site: as it is staged, or as it is in place."""
        staged = self.folder / path
        return (staged if staged.exists() else self.output / path).read_bytes()

    def publish(
        self, staged: set[str], last: set[str], kept: set[str], before: set[str], *, sync: bool = False
    ) -> None:
        """Moves what was staged into place, and removes what no longer belongs. MachineError, before anything is
        moved, where something that no build wrote stands in the way.

        Files are moved in an order in which every link holds for a reader at every moment: first what is new, to
        which nothing leads yet, then what changed; within each `last` at the end, and pages after what they show;
        removals after everything. `before` are the files that builds wrote. With `sync` all that was staged is on the
        disk for certain before the first file moves: one call for all of them, however many they are.
        """
        moved = staged | last
        # What has a new folder moves with it: of a site that was not there, in a tenth of the time.
        new = {top for top in map(top_of, moved) if top and not os.path.lexists(f"{self.output}/{top}")}
        moves = new | {path for path in moved if top_of(path) not in new}
        there = self._places(moves)
        for path in there - before:
            if not filecmp.cmp(self.folder / path, self.output / path, shallow=False):
                message = f"{self.output / path} is in the place of a page, but no build wrote it"
                raise MachineError(f"{message}; move it away, or remove the whole folder if nothing in it is yours")
        after = moved | kept
        if sync and moved:
            getattr(os, "sync", _no_sync)()
        # While files move, the manifest names the old and the new: one that is killed leaves nothing unaccounted for.
        if after - before:
            self._write_manifest(before | after)
        for path in sorted(
            moves, key=lambda path: (path in there, path in last, path in new or path.endswith(".html"), path)
        ):
            target = f"{self.output}/{path}"
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 - twenty files an article
            os.replace(f"{self.folder}/{path}", target)  # noqa: PTH105 - the same
        for path in sorted(before - after):
            remove(self.output, path)
        if after != before:
            self._write_manifest(after)

    def _places(self, paths: Iterable[str]) -> set[str]:
        """The paths at which a file is now. MachineError where something else is, or a folder may not be written."""
        for folder in sorted({parent for path in paths for parent in _parents(path)}):
            if os.path.islink(f"{self.output}/{folder}"):  # noqa: PTH114 - thousands of them
                message = f"{self.output}/{folder} is a link to another folder, in which a build writes nothing"
                raise MachineError(f"{message}; remove the link")
            if os.path.isdir(f"{self.output}/{folder}") and not os.access(f"{self.output}/{folder}", os.W_OK):  # noqa: PTH112 - the same
                raise MachineError(f"cannot write into {self.output}/{folder}: {os.strerror(errno.EACCES)}")
        return {path for path in paths if self._is_there(path)}

    def _is_there(self, path: str) -> bool:
        target = f"{self.output}/{path}"
        try:
            mode = os.lstat(target).st_mode
        except FileNotFoundError:
            return False
        except NotADirectoryError:
            raise MachineError(f"there is a file in the place of a folder of {target}; move it away") from None
        if stat.S_ISDIR(mode):
            raise MachineError(f"there is a folder in the place of the file {target}; move it away")
        return True

    def _write_manifest(self, paths: Iterable[str]) -> None:
        self.put(MANIFEST, "".join(f"{path}\n" for path in sorted(paths)).encode())
        (self.folder / MANIFEST).replace(self.output / MANIFEST)


def read_manifest(output: Path) -> set[str]:
    """The files that builds wrote, as the manifest in the output says; lines that lead elsewhere are ignored."""
    if not (output / MANIFEST).is_file():
        return set()
    text = (output / MANIFEST).read_bytes().decode("utf-8", "replace")
    return {path for path in text.split("\n") if path and path[0] != "/" and ".." not in path.split("/")}


def remove(output: Path, path: str) -> None:
    """A file of ours is gone, and so are the folders that it leaves empty. What a link leads to is not ours."""
    target = output / path
    if any(folder.is_symlink() for folder in target.parents if folder.is_relative_to(output) and folder != output):
        return
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        target.unlink()
    for folder in target.parents:
        if folder == output:
            break
        try:
            folder.rmdir()
        except OSError:
            break


def scan(output: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The files in each outermost folder of the output, and under "" those that lie in none, by path, with the stamp
    of each: its size and the time of its last writing. Hidden ones are left out, and what links lead to.
    """
    files, tops = _listed(output, "")
    yield "", files
    for top in tops:
        files, folders = _listed(output, f"{top}/")
        for folder in folders:  # which grow meanwhile
            more, inner = _listed(output, f"{folder}/")
            files |= more
            folders += inner
        yield top, files


def _listed(output: Path, below: str) -> tuple[dict[str, str], list[str]]:
    files, folders = dict[str, str](), list[str]()
    with os.scandir(f"{output}/{below}") as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(below + entry.name)
            elif not entry.is_dir():
                files[below + entry.name] = _stamp(entry.stat(follow_symlinks=False))
    return files, folders


def _no_sync() -> None:
    """Windows writes nothing out at once but file by file, which would take as long as the build."""


def _stamp(of: os.stat_result) -> str:
    return f"{of.st_size} {of.st_mtime_ns}"


def _parents(path: str) -> Iterator[str]:
    """Every folder that a path lies in."""
    while path := path.rpartition("/")[0]:
        yield path


def top_of(path: str) -> str:
    """The outermost folder of a path, which is an article's if it has an article's name; "" if it lies in none."""
    top, _, below = path.partition("/")
    return top if below else ""
