"""Python on Windows, as far as another system can play it: what is not there, and what behaves otherwise.

A program that is started with this folder in PYTHONPATH, and every process that it starts, has this run first.
"""

import asyncio
import errno
import fcntl
import multiprocessing
import os
import shutil
import signal
import subprocess  # noqa: F401 - decides while it is imported which calls of the system it uses
import sys
import tempfile  # noqa: F401 - the same
from types import ModuleType
from typing import Any, NoReturn

MISSING = ("fcntl", "termios", "tty", "pty", "pwd", "grp", "resource", "readline", "curses", "syslog")
NAMES = (
    *(
        "O_NONBLOCK",
        "O_NOCTTY",
        "O_NOFOLLOW",
        "O_DIRECTORY",
        "O_SYNC",
        "sync",
        "fork",
        "forkpty",
        "getuid",
        "geteuid",
    ),
    *("chown", "lchown", "mkfifo", "mknod", "killpg", "getpgid", "setsid", "nice", "statvfs", "sched_getaffinity"),
)
SIGNALS = ("SIGHUP", "SIGURG", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGQUIT", "SIGPIPE", "SIGWINCH")

multiprocessing.set_start_method("spawn", force=True)

msvcrt = ModuleType("msvcrt")


def _locking(descriptor: int, _: int, length: int) -> None:
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, length)
    except BlockingIOError:
        raise PermissionError(errno.EACCES, "Permission denied") from None


msvcrt.LK_NBLCK, msvcrt.locking = 2, _locking  # type: ignore[attr-defined]
sys.modules["msvcrt"] = msvcrt
for name in MISSING:
    sys.modules[name] = None  # type: ignore[assignment]
for name in NAMES:
    if hasattr(os, name):
        delattr(os, name)
for name in SIGNALS:
    delattr(signal, name)
os.supports_dir_fd.clear()
os.supports_fd.clear()
shutil._use_fd_functions = False  # type: ignore[attr-defined]

_open, _rename, _scandir = os.open, os.rename, os.scandir


def _opened(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
    """No folder is opened, and nothing below one."""
    if dir_fd is not None:
        raise NotImplementedError("dir_fd unavailable on this platform")
    if os.path.isdir(path):  # noqa: PTH112 - it is a path of any kind
        raise PermissionError(errno.EACCES, "Permission denied", path)
    return _open(path, flags, mode)


def _renamed(source: Any, target: Any) -> None:
    """Nothing is replaced by a rename."""
    if os.path.lexists(target):
        raise FileExistsError(
            errno.EEXIST, "Cannot create a file when that file already exists", source, None, target
        )
    _rename(source, target)


def _scanned(path: Any = ".") -> Any:
    if isinstance(path, int):
        raise TypeError("scandir: path should be string, bytes, os.PathLike or None, not int")
    return _scandir(path)


def _no_handler(*_: object) -> NoReturn:
    raise NotImplementedError


os.open, os.rename, os.scandir = _opened, _renamed, _scanned  # type: ignore[assignment]
asyncio.SelectorEventLoop.add_signal_handler = _no_handler  # type: ignore[assignment,method-assign]
