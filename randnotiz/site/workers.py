"""Articles built by several processes at once; a build of a few articles never loads this."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from randnotiz.site.articles import ArticleResult
from randnotiz.site.machine import MachineError

ENDINGS = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}

Make = Callable[[str], ArticleResult]

_make: Make


def made(make: Make, slugs: Sequence[str], workers: int) -> Iterator[ArticleResult]:
    """What each article comes to, in order. MachineError if a process is ended from outside."""
    try:
        with ProcessPoolExecutor(workers, initializer=_equip, initargs=(make,)) as pool:
            with _no_ending():
                articles = pool.map(_made, slugs, chunksize=4)
            yield from articles
    except BrokenProcessPool:
        message = "a process of this build was ended from outside, for want of memory perhaps; try --jobs 1"
        raise MachineError(message) from None


def _equip(make: Make) -> None:
    """Gives a new process its work once, instead of with every article, and lets it end with its parent.

    It is in a process group of its own: what a terminal tells all processes of a build is for the parent, which alone
    has something to clear away.
    """
    global _make
    _make = make
    if sys.platform != "win32":
        os.setpgid(0, 0)
        for number in ENDINGS:
            signal.signal(number, signal.SIG_IGN)  # what came before that was for the parent, too
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    end_with_parent()


@contextmanager
def _no_ending() -> Iterator[None]:
    """Processes that begin are told to end only once they know how, and not by their parent's way of it."""
    if sys.platform == "win32":  # which has no such signals
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """From now on this process ends when the one that started it does, however that ends.

    One whose parent was killed would wait for work for ever, and hold the lock on the output.
    """
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _made(slug: str) -> ArticleResult:
    return _make(slug)
