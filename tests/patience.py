"""A hang is a failure; how long something takes is not."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

LONG = 90  # seconds: on the slowest machine many times what anything takes that is not unbounded


@contextmanager
def in_bounds(seconds: int = LONG) -> Iterator[None]:
    """TimeoutError for what would not end. Use it for work of bounded size; benchmarks measure."""

    def end(*_: object) -> None:
        raise TimeoutError(f"not done within {seconds} seconds")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
