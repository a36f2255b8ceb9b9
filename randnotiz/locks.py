"""One process at a time in a folder. A lock ends with the process that holds it, however that ends."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from math import inf
from pathlib import Path
from typing import Any

PAUSE = 0.05  # seconds between two tries


@contextmanager
def alone(folder: Path, patience: float = inf) -> Iterator[None]:
    """A block in which no other process that asks for it has the folder. TimeoutError where another still has it
    after so many seconds, and OSError.

    The lock is on the folder itself, which leaves no file behind (flock); on Windows, which cannot open a folder, on
    a file in it that is gone with its last opening.
    """
    try:
        fcntl, descriptor = import_module("fcntl"), os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    except ModuleNotFoundError:
        fcntl = None
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | getattr(os, "O_TEMPORARY", 0))
    try:
        while not _taken(fcntl, descriptor):
            if patience <= 0:
                raise TimeoutError
            patience -= PAUSE
            time.sleep(PAUSE)
        yield
    finally:
        os.close(descriptor)


def _taken(fcntl: Any, descriptor: int) -> bool:
    try:
        if fcntl:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt = import_module("msvcrt")
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):  # by flock, by locking
        return False
    return True
