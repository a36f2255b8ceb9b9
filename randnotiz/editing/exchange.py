"""Two files change places, so that what somebody saves in between is never lost without a trace."""

import errno
import os
import signal
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from secrets import token_hex

# What a system or a file system answers that has no such exchange.
_NONE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)
_HERE, _SWAP = -100, 2  # AT_FDCWD; RENAME_EXCHANGE of Linux, and RENAME_SWAP of macOS


@lru_cache
def _of_the_system() -> Callable[[bytes, bytes], int] | None:
    """renameat2(2) of Linux, renamex_np(2) of macOS; None where there is neither."""
    try:
        import ctypes  # not before it is needed: it takes 3 ms

        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            renamex, unflagged = library.renamex_np, ()
        else:
            renamex, unflagged = library.renameat2, (_HERE,)
    except (ImportError, OSError, AttributeError, TypeError):  # the last on Windows
        return None

    def swap(one: bytes, other: bytes) -> int:
        return ctypes.get_errno() if renamex(*unflagged, one, *unflagged, other, _SWAP) else 0

    return swap


def exchange(draft: Path, path: Path) -> None:
    """Each of two files of one folder has the other's name. FileNotFoundError if one is not there, and OSError: then
    nothing has moved, or what stood at `path` is kept.

    Where the system cannot do it in one step, that is moved aside, and the draft takes the place only if it is free.
    """
    swap = _of_the_system()
    code = swap(os.fsencode(draft), os.fsencode(path)) if swap else errno.ENOSYS
    if code and code not in _NONE:
        raise OSError(code, os.strerror(code), path.name)
    if code:
        aside = draft.with_name(f"{draft.name}.aside")
        path.rename(aside)
        try:
            place(draft, path)
        except OSError as error:
            try:
                place(aside, path)
            except OSError:  # somebody has saved in this moment
                raise kept(aside, path, error) from error
            raise
        aside.rename(draft)


def kept(file: Path, path: Path, error: OSError) -> OSError:
    """The error that names where a file is kept that cannot be put back at a path."""
    name = f".{path.name}.{token_hex(4)}.kept"  # hidden, so that it is no file of the article
    file.rename(file.with_name(name))
    return OSError(f"{path.name}: {error.strerror or error}; what stood there is kept in {name}")


def place(file: Path, path: Path) -> None:
    """A file gets another name, which must be free: FileExistsError. A rename would replace what is there."""
    try:
        os.link(file, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        with path.open("xb") as copy:
            copy.write(file.read_bytes())
            copy.flush()
            os.fsync(copy.fileno())
    file.unlink()


def has_writer(file: Path) -> bool:
    """Whether a program has the file open and may still write into it, as far as the system can tell: Linux grants a
    lease to readers only where nobody has (fcntl(2), F_SETLEASE).
    """
    try:
        import fcntl

        with file.open("rb") as stream:
            fcntl.fcntl(stream, fcntl.F_SETSIG, signal.SIGURG)  # is ignored; the usual signal ends a process
            fcntl.fcntl(stream, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except (ImportError, AttributeError, OSError):
        return False
    return False
