"""The whole site, built by a process of its own, so that pages are answered and saves noticed meanwhile."""

import multiprocessing
import signal
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from msgspec import Struct
from msgspec.structs import replace

from randnotiz import site
from randnotiz.site import building
from randnotiz.site.machine import MachineError
from randnotiz.site.workers import end_with_parent


class Failure(Struct, frozen=True, kw_only=True):
    """Why there was no build, and whether it may be different the next time."""

    words: str
    again: bool


def _begin() -> None:
    """The interrupt of a terminal goes to all of its processes; this one is ended by the preview, or with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


Done = Callable[[site.BuildResult | Failure], None]


class Builder:
    """Builds a site as often as it is asked to, one build at a time; `done` hears what came of each, from a thread.

    The process is started afresh rather than copied from ours, which has threads by then, and a copy of a process
    with threads may wait for ever for one that was not copied. It starts no processes of its own, so that it can be
    ended at any moment; whatever it was writing is staged, and the next build clears it away.
    """

    def __init__(self, folders: site.SitePaths, choices: site.BuildOptions, done: Done) -> None:
        self.folders, self.choices, self.done = folders, replace(choices, jobs=1, clean=False, sync=False), done
        self._pool, self._stopped = self._started(), False

    def build(self) -> None:
        """A build is begun."""
        try:
            future = self._pool.submit(building.build, self.folders, self.choices)
        except BrokenProcessPool:  # somebody has ended the process; there shall be another
            self._pool = self._started()
            future = self._pool.submit(building.build, self.folders, self.choices)
        future.add_done_callback(self._on_result)

    def stop(self) -> None:
        """Nothing is built any more, and nothing is left to be tidied up when Python ends."""
        self._stopped = True
        for process in multiprocessing.active_children():
            process.terminate()
        # It does not wait for a build, whose process has just been ended, but for the thread that looked after it: at
        # the end of Python that thread's pipe may be closed while it is being written to.
        self._pool.shutdown(cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)

    def _on_result(self, future: "Future[site.BuildResult]") -> None:
        if future.cancelled() or self._stopped:
            return
        error = future.exception()
        if error is None:
            self.done(future.result())
        elif isinstance(error, MachineError | OSError | BrokenProcessPool):
            self.done(Failure(words=str(error), again=True))
        else:  # a bug of ours, which the next save may not meet
            self.done(Failure(words="".join(traceback.format_exception(error)), again=False))
