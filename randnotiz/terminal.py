"""What a person at a terminal sees while something takes long, and what a log gets instead."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TextIO

Clock = Callable[[], float]  # seconds since whenever
OnProgress = Callable[[int, int], None]  # how much is done, and of how much

# Nothing is shown for what is over in a moment.
PATIENCE = 1.0
DRAW_EVERY = 0.1
LOG_EVERY = 10.0
WIDTH, NARROWEST = 40, 5  # of the bar, which is left out where there is less room
COLUMNS = 80  # of a terminal that does not say how wide it is
CLEAR = "\r\x1b[K"  # to the beginning of the line, which is then empty (ECMA-48, EL)


def no_progress(done: int, of: int) -> None:
    """For callers whom the progress does not concern."""


def colours(stream: TextIO) -> bool:
    """Whether a stream shows colours; NO_COLOR (no-color.org) and dumb terminals are respected."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@contextmanager
def progress(stream: TextIO, things: str = "articles", clock: Clock = time.monotonic) -> Iterator[OnProgress]:
    """A function that is told how much is done: a bar with rate and time left, or plain lines in a log."""
    moves = stream.isatty() and os.environ.get("TERM") != "dumb"
    meter = _Bar(stream, things, clock) if moves else _Log(stream, things, clock)
    try:
        yield meter.update
    finally:
        meter.close()


class _Log:
    """One line every ten seconds, so that a log shows that something moves."""

    def __init__(self, stream: TextIO, things: str, clock: Clock) -> None:
        self.stream, self.things, self.clock = stream, things, clock
        self.start = self.last = clock()

    def update(self, done: int, of: int) -> None:
        now = self.clock()
        if now - self.last >= LOG_EVERY:
            self.last = now
            rate = done / (now - self.start)
            print(f"{done} of {of} {self.things}, {rate:.0f} a second", file=self.stream, flush=True)

    def close(self) -> None:
        """Nothing to tidy up."""


class _Bar:
    """A line that is written anew, once something has taken longer than a second."""

    def __init__(self, stream: TextIO, things: str, clock: Clock) -> None:
        self.stream, self.things, self.clock = stream, things, clock
        self.start = clock()
        self.next, self.drawn = self.start + PATIENCE, False

    def update(self, done: int, of: int) -> None:
        now = self.clock()
        last = self.drawn and done == of  # what follows may take long, and is not to be seen before 99 of 100
        if not done or (now < self.next and not last):
            return
        self.next, self.drawn = now + DRAW_EVERY, True
        rate = done / (now - self.start)
        left = timedelta(seconds=round((of - done) / rate))
        words = f"{self.things} {done}/{of}, {rate:.0f} a second, {left} left"
        # Nothing may reach the edge, where the line would break: not even the ^C that a terminal puts behind it.
        columns = max(0, (os.get_terminal_size(self.stream.fileno()).columns or COLUMNS) - len("^C") - 1)
        width = min(WIDTH, columns - len(words) - len(" []"))
        bar = f" [{('#' * (width * done // of)).ljust(width, '.')}]" if width >= NARROWEST else ""
        self.stream.write(CLEAR + f"{words}{bar}"[:columns])
        self.stream.flush()

    def close(self) -> None:
        """The bar is gone from the screen."""
        if self.drawn:
            self.stream.write(CLEAR)
            self.stream.flush()
