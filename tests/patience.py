"""A hang is a failure; how long something takes is not, for a busy machine takes long over everything."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

HANGS = 600.0  # seconds of waiting, after which what has not come is not on its way, however busy the machine is
COMPUTING = 90  # seconds of it: many times what anything takes that is not unbounded


@contextmanager
def in_bounds(seconds: float = COMPUTING) -> Iterator[None]:
    """TimeoutError for what would compute without end: the time counts in which this process computes, and not that
    in which others do. Use it for work of bounded size; benchmarks measure.
    """

    def end(*_: object) -> None:
        raise TimeoutError(f"not done within {seconds} seconds of computing")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def in_time(seconds: float = HANGS) -> Iterator[None]:
    """TimeoutError for what would wait without end; at the end of the block, if the work took it for an error of its
    own, as of a file that cannot be opened.
    """
    late = TimeoutError(f"not done within {seconds} seconds")
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True
        raise late

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
        if ended:
            raise late
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def next_tick(folder: Path) -> None:
    """Returns as soon as a file that is written into a folder has another time than one that was written before."""
    probe = folder / ".tick"
    probe.touch()
    before = probe.stat()
    for _ in count():
        probe.touch()
        if probe.stat().st_mtime_ns != before.st_mtime_ns and probe.stat().st_ctime_ns != before.st_ctime_ns:
            break
    probe.unlink()
