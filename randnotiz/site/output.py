"""The written site: whole files only, and nothing of anybody else's is ever touched.

Files are first staged in a hidden folder inside the output, so that moving them into place is one atomic rename on
the same file system. What builds wrote is listed in `.written`; that list alone decides what may be removed.
"""

import contextlib
import fcntl
import filecmp
import os
import shutil
import stat
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Self

from randnotiz.site import memory
from randnotiz.site.machine import MachineError
from randnotiz.site.paths import Paths

LIST = ".written"
STAGE = ".stage"
BUILDER = ".process"

_NOTHING: Mapping[str, bytes] = {}

PAUSE = 0.05  # seconds between two looks at whether another build is done
MOST_FOLDERS = 1_000  # that a stage knows it has made


@contextlib.contextmanager
def alone(output: Path, patience: float = 1.0) -> Iterator[None]:
    """A block in which no other build writes into the same folder; MachineError says who does.

    The lock is on the folder itself, so it ends with the processes that hold it, however they end, and leaves no
    file behind. Those of a build that was killed may take some of the `patience` (seconds) to notice.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        folder = os.open(output, os.O_RDONLY)
    except OSError as error:
        raise MachineError(f"cannot write into {output}: {error.strerror}") from error
    try:
        while not _locked(folder):
            if patience <= 0:
                raise MachineError(f"another build{_who(output)} is writing into {output}; wait for it")
            patience -= PAUSE
            time.sleep(PAUSE)
        yield
    finally:
        os.close(folder)


def _locked(folder: int) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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
        self._folders: set[str] = set()  # made a moment ago, and so not to be asked for again

    def __enter__(self) -> Self:
        self._clear()  # of whatever a killed build left
        self.folder.mkdir()
        (self.folder / BUILDER).write_text(str(os.getpid()), encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def _clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def put(self, path: str, content: bytes | Iterable[bytes]) -> None:
        """One more file of the next site, whole or piece by piece."""
        folder = f"{self.folder}/{path}".rpartition("/")[0]
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - some twenty files an article: half the time of a Path
            if len(self._folders) > MOST_FOLDERS:
                self._folders.clear()
            self._folders.add(folder)
        with open(f"{self.folder}/{path}", "wb") as file:  # noqa: PTH123 - the same
            file.writelines((content,) if isinstance(content, bytes) else content)

    def publish(
        self,
        staged: Paths,
        kept: Paths,
        last: Paths,
        before: Paths,
        others: Collection[str],
    ) -> list[str]:
        """Moves what was staged into place, and removes what no longer belongs.

        Files are moved in an order in which every link holds for a reader at every moment: first what is new, to
        which nothing leads yet, then what changed, `last` at the end, and removals after everything. Returns the
        files that lie in the output but are not ours. `before` are the files that builds wrote, `others` those that
        they did not.
        """
        tops = {"", *(entry.name for entry in os.scandir(self.output))}
        there = self._places((staged | last).only(tops.__contains__))
        after = staged | last | kept
        self._spare(there - before)
        # While files move, the list names the old and the new: a build killed here leaves nothing unaccounted for.
        if any(after - before):
            self._write_list(before | after)
        for paths in (staged, last):
            for top in paths.tops():
                if top not in tops:  # a folder that is wholly new moves as one
                    (self.folder / top).replace(self.output / top)
            self._move(paths.only(tops.__contains__), there, new=True)
        for paths in (staged, last):
            self._move(paths, there, new=False)
        for path in before - after:
            remove(self.output, path)
        if after == before:
            os.utime(self.output / LIST)  # another build sees by its time that it was not the last
        else:
            self._write_list(after)
        return sorted(set(others).difference(after))

    def _places(self, paths: Paths) -> Paths:
        """Those of the paths at which there is a file now; a MachineError where something stands in the way of one,
        before anything is moved.
        """
        for top in filter(None, paths.tops()):
            for folder in _folders(paths.below(top)):
                if os.path.islink(f"{self.output}/{folder}"):  # noqa: PTH114 - thousands of them
                    message = f"{self.output}/{folder} is a link to another folder, in which a build writes nothing"
                    raise MachineError(f"{message}; remove the link")
        return Paths(path for path in paths if self._is_there(path))

    def _spare(self, theirs: Iterable[str]) -> None:
        """A MachineError for a file in the place of one of ours that no build wrote, unless it is the same."""
        for path in theirs:
            if not filecmp.cmp(self.folder / path, self.output / path, shallow=False):
                message = f"{self.output / path} is in the place of a page, but no build wrote it"
                raise MachineError(f"{message}; move it away, or remove the whole folder if nothing in it is yours")

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

    def _move(self, paths: Paths, there: Paths, *, new: bool) -> None:
        """The files that are new, or those that replace what is there now; pages after what they show."""
        for page in (False, True):
            for top in paths.tops():
                old = set(there.below(top))
                for path in paths.below(top):
                    if path.endswith(".html") == page and (path not in old) == new:
                        target = self.output / path
                        target.parent.mkdir(parents=True, exist_ok=True)
                        (self.folder / path).replace(target)

    def _write_list(self, paths: Paths) -> None:
        temporary = self.output / f"{LIST}.new"
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{path}\n" for path in paths)
        temporary.replace(self.output / LIST)


def written(output: Path) -> Paths:
    """The files that builds wrote, as the list in the output says; lines that lead elsewhere are ignored."""
    try:
        with (output / LIST).open(encoding="utf-8", errors="replace", newline="\n") as lines:
            text = lines.read()
    except FileNotFoundError:
        return Paths()
    # Lines that lead elsewhere are looked for in the whole text first: of a large site there are 200,000.
    strange = text.startswith("/") or "\n/" in text or ".." in text
    return Paths(filter(_leads_inside if strange else None, text.split("\n")))


def _leads_inside(path: str) -> bool:
    return bool(path) and path[0] != "/" and (".." not in path or ".." not in path.split("/"))


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


def state_of(output: Path) -> str:
    """How the list of written files stands: another text whenever another build, or anybody else, has replaced it."""
    try:
        stat = (output / LIST).stat()
    except OSError:
        return ""
    return f"{stat.st_ino} {stat.st_size} {stat.st_mtime_ns}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """How the output differs from what its list says: outermost folders in which a file is gone ("" for the output
    itself), and files that no build wrote. `times` are those of outermost folders that have not changed for a while.
    """

    damaged: frozenset[str] = frozenset()
    foreign: tuple[str, ...] = ()
    times: Mapping[str, bytes] = field(default_factory=dict)


def found(output: Path, ours: Paths, left: memory.Left | None) -> Found:
    """What became of the output since a build left it; without one that did, of what the list says."""
    if left is not None and left.times and (times := _times_as_left(output, ours, left.times, left.at)) is not None:
        return Found(times=times)
    lost, others = set(ours.tops()), list[str]()
    for top, there in _everything_below(output):
        wanted = set(ours.below(top))
        others += there - wanted
        if wanted <= there:
            lost.discard(top)
    return Found(damaged=frozenset(lost), foreign=tuple(sorted(others)))


def folder_times(output: Path, ours: Paths, known: Mapping[str, bytes] = _NOTHING) -> bytes:
    """When names were last added to or taken from our folders, for each outermost one in order; cheaper than to look
    inside. Those of `known` are taken over without a look.
    """
    return b"".join(known.get(top) or _times(output, _folders(ours.below(top))) for top in ours.tops())


def _times_as_left(output: Path, ours: Paths, times: bytes, at: int) -> dict[str, bytes] | None:
    """The times of outermost folders in which nothing has changed for a while, if each of our folders has the names
    in it that belong there. Looks inside only where times differ, or are so near to the moment at which they were
    taken that they could hide a change.
    """
    tops = ours.tops()
    if len(times) != WIDTH * len(tops):
        return None
    settled = time.time_ns() - memory.TICK
    settled_times = {}
    for place, top in enumerate(tops):
        folders = _folders(ours.below(top))
        now, then = _times(output, folders), times[WIDTH * place : WIDTH * (place + 1)]
        if (now != then or _newest(now) > at - memory.TICK) and not _holds(
            output, folders, (*ours.below(top), *folders)
        ):
            return None
        if top and _newest(now) <= settled:
            settled_times[top] = now
    return settled_times if _holds(output, ("",), (*ours.below(""), *filter(None, tops))) else None


def _holds(output: Path, folders: Collection[str], paths: Iterable[str]) -> bool:
    """Whether each of the folders has in it what it has of the paths, and nothing else."""
    names: dict[str, set[str]] = {folder: set() for folder in folders}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder in names:
            names[folder].add(name)
    return all(_names(output, folder) == wanted for folder, wanted in names.items())


WIDTH = 16  # bytes: the newest time, and a digest of all


def _times(output: Path, folders: Iterable[str]) -> bytes:
    times = [_time(f"{output}/{folder}") for folder in folders]
    digest = blake2b(repr(times).encode(), digest_size=WIDTH // 2).digest()
    return max(times, default=0).to_bytes(WIDTH // 2) + digest


def _newest(times: bytes) -> int:
    return int.from_bytes(times[: WIDTH // 2])


def _time(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - a hundred thousand of them
    except OSError:
        return 0


def _names(output: Path, folder: str) -> set[str]:
    try:
        return {name for name in os.listdir(f"{output}/{folder}") if not name.startswith(".")}  # noqa: PTH208 - names are enough
    except OSError:
        return set()


def _folders(paths: Iterable[str]) -> list[str]:
    """Every folder that paths lie in, in order."""
    folders = {path.rpartition("/")[0] for path in paths}
    for folder in list(folders):
        while (folder := folder.rpartition("/")[0]) not in folders:
            folders.add(folder)
    return sorted(folders - {""})


def _everything_below(output: Path) -> Iterator[tuple[str, set[str]]]:
    """The paths of all files in the output by their outermost folders, hidden ones left out."""
    files = set()
    for entry in os.scandir(output):
        if entry.name.startswith("."):
            continue
        if not entry.is_dir():
            files.add(entry.name)
        elif not entry.is_symlink():
            yield entry.name, set(_files_below(output, entry.name))
    yield "", files


def _files_below(output: Path, top: str) -> Iterator[str]:
    for folder, names, files in os.walk(output / top):
        names[:] = [name for name in names if not name.startswith(".")]
        below = Path(folder).relative_to(output).as_posix()
        yield from (f"{below}/{name}" for name in files if not name.startswith("."))
