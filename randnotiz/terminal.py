"""What a person at a terminal sees while something takes long, and what a log gets instead."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Clock = Callable[[], float]  # seconds since whenever

# Nothing is shown for what is over in a moment.
PATIENCE = 1.0
LOG_EVERY = 10.0


def colours(stream: TextIO) -> bool:
    """Whether a stream shows colours; NO_COLOR (no-color.org) and dumb terminals are respected."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@contextmanager
def progress(
    stream: TextIO, things: str = "articles", clock: Clock = time.monotonic
) -> Iterator[Callable[[int, int], None]]:
    """A function that is told how much is done: a bar with rate and time left, or plain lines in a log."""
    meter = _Bar(stream, things, clock) if stream.isatty() else _Log(stream, things, clock)
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
    """rich's bar, loaded only once something has taken longer than a second."""

    def __init__(self, stream: TextIO, things: str, clock: Clock) -> None:
        self.stream, self.things, self.clock = stream, things, clock
        self.start = clock()
        self.bar: Progress | None = None
        self.task: TaskID | None = None

    def update(self, done: int, of: int) -> None:
        taken = self.clock() - self.start
        if self.bar is None:
            if done == of or taken < PATIENCE:
                return
            self.bar, self.task = _bar(self.stream, self.things, self.clock, of)
        if self.task is not None:
            self.bar.update(self.task, completed=done, total=of, rate=done / taken)

    def close(self) -> None:
        """The bar is gone from the screen."""
        if self.bar is not None:
            self.bar.stop()


def _bar(stream: TextIO, things: str, clock: Clock, of: int) -> "tuple[Progress, TaskID]":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn(things),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.0f} a second"),
        TimeRemainingColumn(),
        console=Console(file=stream, get_time=clock),
        get_time=clock,
        transient=True,
    )
    bar.start()
    return bar, bar.add_task("", total=of, rate=0.0)
