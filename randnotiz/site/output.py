"""The written site: whole files only, and nothing of anybody else's is ever touched.

Files are first staged in a hidden folder inside the output, so that moving them into place is one atomic rename on
the same file system. What builds wrote is listed in `.written`; that list alone decides what may be removed.
"""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from randnotiz.site.machine import MachineError

LIST = ".written"
STAGE = ".stage"
BUILDER = ".process"

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
    """A hidden folder that holds the next site's files until all of them are there."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.folder = output / STAGE
        self._folders: set[str] = set()  # made a moment ago, and so not to be asked for again

    def open(self) -> None:
        """Ready to take files; whatever a killed build left is gone."""
        self.close()
        self.folder.mkdir()
        (self.folder / BUILDER).write_text(str(os.getpid()), encoding="utf-8")

    def close(self) -> None:
        """Nothing staged."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def put(self, path: str, content: bytes) -> None:
        """One more file of the next site."""
        folder = f"{self.folder}/{path}".rpartition("/")[0]
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - some twenty files an article: half the time of a Path
            if len(self._folders) > MOST_FOLDERS:
                self._folders.clear()
            self._folders.add(folder)
        with open(f"{self.folder}/{path}", "wb") as file:  # noqa: PTH123 - the same
            file.write(content)

    def publish(self, staged: Iterable[str], kept: Iterable[str], last: Iterable[str]) -> list[str]:
        """Moves what was staged into place, `last` at the end, and removes what no longer belongs.

        Files are moved in an order in which links hold at every moment: what pages refer to before the pages, new
        pages before the lists that name them, and removals after everything. Returns the files that lie in the
        output but are not ours.
        """
        staged, final = list(staged), list(last)
        before = written(self.output)
        after = {*staged, *final, *kept}
        # While files move, the list names the old and the new: a build killed here leaves nothing unaccounted for.
        self._write_list(before | after)
        for path in sorted(staged, key=_after_what_it_needs) + sorted(final, key=_after_what_it_needs):
            target = self.output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).replace(target)
        for path in sorted(before - after):
            remove(self.output, path)
        self._write_list(after)
        return foreign(self.output, after)

    def _write_list(self, paths: Iterable[str]) -> None:
        temporary = self.output / f"{LIST}.new"
        temporary.write_text("".join(f"{path}\n" for path in sorted(paths)), encoding="utf-8")
        temporary.replace(self.output / LIST)


def _after_what_it_needs(path: str) -> tuple[int, str]:
    """Assets and charts first, pages next, and whatever lists pages after them."""
    if path.startswith("assets/"):
        return 0, path
    return (2 if path.endswith(".html") else 1), path


def written(output: Path) -> set[str]:
    """The files that builds wrote, as the list in the output says; lines that lead elsewhere are ignored."""
    try:
        lines = (output / LIST).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return set()
    return {line for line in lines if line and not line.startswith("/") and ".." not in line.split("/")}


def remove(output: Path, path: str) -> None:
    """A file of ours is gone, and so are the folders that it leaves empty."""
    target = output / path
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


def everything_below(output: Path) -> set[str]:
    """The paths of all files in the output, hidden ones left out."""
    found: set[str] = set()
    for folder, names, files in os.walk(output):
        names[:] = [name for name in names if not name.startswith(".")]
        below = Path(folder).relative_to(output).as_posix()
        prefix = "" if below == "." else f"{below}/"
        found.update(prefix + name for name in files if not name.startswith("."))
    return found


def foreign(output: Path, ours: set[str]) -> list[str]:
    """Files in the output that no build wrote."""
    return sorted(everything_below(output) - ours)
