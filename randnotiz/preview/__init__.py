"""Serve, watch, rebuild, show: from a saved file to the changed words in the browser in the blink of an eye."""

import contextlib
import os
import secrets
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time, time
from typing import Any

from tornado.ioloop import IOLoop, PeriodicCallback

from randnotiz import charts, site
from randnotiz.diagnostics import Diagnostic, collecting
from randnotiz.editing.writing import Signature
from randnotiz.preview import panel
from randnotiz.preview.builder import Builder, Failure
from randnotiz.preview.server import HOST, ReloadSocket, Server
from randnotiz.preview.state import PreviewState, version
from randnotiz.site.machine import MachineError

# How often the system is asked for changes, and how long one that goes on is waited for. Milliseconds.
STEP = 2
TOGETHER = 24
# How long nothing must happen for the watch to stand for certain. Milliseconds.
QUIET = 500
# The whole site is built once its author pauses for this long, and tried again if another build was in the way.
PAUSE = 0.25
LATER = 1.0
# How often pages hear how far the first build has come. Milliseconds.
HOW_FAR = 500
# Where files change without a pause it is built all the same.
LONGEST_PAUSE = 3.0

Report = Callable[[tuple[Diagnostic, ...]], None]
Log = Callable[[str], None]


def serve(
    folders: site.SitePaths,
    choices: site.BuildOptions,
    port: int,
    open_browser: bool,
    report: Report,
    log: Log,
    sign: Callable[[], Signature],
) -> None:
    """Serves on the loopback, builds and shows every change, until interrupted. MachineError if the port is taken.

    `report` is called with the diagnostics whenever they change, `log` anything else that a person should read, and
    `sign` tells who annotates, and when.
    """
    free(port)
    preview = Preview(folders, choices, report, log, sign)
    preview.begin()
    address = f"http://{HOST}:{port}/"
    server = Server(preview)
    loop = IOLoop.current()
    loop.add_callback(log, f"preview at {address} (Ctrl-C ends it)")
    if open_browser:
        loop.add_callback(threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start)
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            _stop_at(loop, getattr(signal, name))
    loop.add_callback(preview.first)
    preview.watch()
    try:
        server.serve(port=port, host=HOST)
    finally:
        preview.stop()


def _stop_at(loop: IOLoop, number: int) -> None:
    """A signal ends the loop between two callbacks, so that nothing is left half done."""
    try:
        loop.asyncio_loop.add_signal_handler(number, loop.stop)  # type: ignore[attr-defined]  # tornado's only loop
    except NotImplementedError:  # on Windows
        signal.signal(number, lambda *_: loop.add_callback_from_signal(loop.stop))


def free(port: int) -> None:
    """Nothing, if a port can be listened on; MachineError with the next one that can."""
    if _is_free(port):
        return
    other = next((other for other in range(port + 1, min(port + 200, 65536)) if _is_free(other)), None)
    hint = f"; {other} is free: --port {other}" if other else ""
    raise MachineError(f"port {port} is in use{hint}")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # where it would be given a port that somebody else has
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()  # which fails where another has only bound it so far
        except OSError:
            return False
        return True


def watched(folders: site.SitePaths) -> tuple[list[Path], bool]:
    """The folders to watch, with all below unless links lead out of the content: then each by itself."""
    tops = [folder.resolve() for folder in (folders.content, *_look(folders))]
    inner = (Path(folder, name) for folder, names, _ in os.walk(tops[0]) for name in names)
    if any(path.is_symlink() and not path.resolve().is_relative_to(tops[0]) for path in inner):
        return sorted(Path(folder) for top in tops for folder, _, _ in os.walk(top)), False
    return tops, True


def _look(folders: site.SitePaths) -> list[Path]:
    """The folders of the site's own look that are there; a site may begin without any."""
    return [folder for folder in (folders.templates, folders.static) if folder.is_dir()]


class Preview:
    """Takes changes in, has the desk answer them, and tells every open page."""

    def __init__(
        self,
        folders: site.SitePaths,
        choices: site.BuildOptions,
        report: Report,
        log: Log,
        sign: Callable[[], Signature] = dict,
    ) -> None:
        self.report, self.log = report, log
        self.desk = PreviewState(folders, choices, sign)
        # Known to our own pages only: what asks for a change must show it.
        self.token = secrets.token_urlsafe(16)
        # By it a page knows that it belongs to an earlier preview.
        self.run = secrets.token_hex(8)
        self.builder = Builder(folders, choices, self._built)
        self._loop = IOLoop.current()
        self._stopping = threading.Event()
        self._pending: set[Path] = set()  # files that have changed and were not looked at yet
        self._hearing = threading.Lock()
        self._due: object | None = None  # the whole build that is to come
        self._first = 0.0  # when it was first expected
        self._building: dict[str, bytes] | None = None  # the fresh pages when the one under way began
        self._drawing = False  # whether a chart is drawn just now
        self._failed: Failure | None = None
        self._reported: tuple[Diagnostic, ...] = ()
        self._waiting = PeriodicCallback(self._while_waiting, HOW_FAR)

    def begin(self) -> None:
        """What can be shown before anything is built."""
        self.desk.begin()
        self._publish_state()

    def first(self) -> None:
        """The whole site is built for the first time; pages hear how far that has come."""
        self._waiting.start()
        self._build()

    def _while_waiting(self) -> None:
        self._publish_state()
        self._draw_next()  # of what was asked for meanwhile

    def stop(self) -> None:
        """Nothing is watched and built any more."""
        self._stopping.set()
        self.builder.stop()

    # Changes

    def watch(self) -> None:
        """From now on, changes are heard of as the file system reports them."""
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        try:
            while not self._stopping.is_set():
                folders, recursive = watched(self.desk.folders)
                try:
                    self._watch_folders(folders, recursive)
                except FileNotFoundError:  # one has gone since they were listed
                    if recursive:
                        raise
        except OSError as error:  # the system watches only so many folders at a time
            self._loop.add_callback(self.log, f"changes are no longer noticed: {error}")

    def _watch_folders(self, folders: list[Path], recursive: bool) -> None:
        """Hears of changes until the end; where folders are watched one by one, until something changes in them."""
        from watchfiles import watch

        caught_up = False
        look = _look(self.desk.folders)
        for changes in watch(
            *folders,
            step=STEP,
            debounce=TOGETHER,
            rust_timeout=QUIET,
            yield_on_timeout=True,
            stop_event=self._stopping,
            raise_interrupt=False,
            recursive=recursive,
        ):
            if changes:
                self._notice(Path(path) for _, path in changes)
                if not recursive:  # it may be a new folder
                    return
            elif (now := _look(self.desk.folders)) != look:
                self._notice(now)
                return
            elif not caught_up:  # what was saved before the folders were watched has gone unnoticed
                caught_up = True
                self._loop.add_callback(self._expect, 0)
                if not recursive and watched(self.desk.folders)[0] != folders:
                    return

    def _notice(self, paths: Iterable[Path]) -> None:
        with self._hearing:
            waits = bool(self._pending)
            self._pending.update(paths)
        if not waits:
            self._loop.add_callback(self._changed)

    def _changed(self) -> None:
        """What is on a screen is shown at once; the whole site follows when its author pauses.

        However fast files change, this waits for its turn but once: between two turns, pages are served.
        """
        noticed, began = time(), process_time()
        with self._hearing:
            paths, self._pending = self._pending, set()
        viewed = frozenset(wire.slug for wire in ReloadSocket.open_wires)
        try:
            self.desk.take_in(self.desk.touched(paths), viewed)
        except (MachineError, OSError):
            pass  # a folder is under way from one name to another; the whole build will tell
        else:
            self._publish_state(noticed=noticed, built=time(), cpu=process_time() - began)
            self._draw_next()
        self._expect(PAUSE)

    # Charts, which are drawn beside, because one may take long

    def _draw_next(self) -> None:
        """The next chart that nobody has drawn is drawn, if none is under way."""
        waiting = next(iter(self.desk.undrawn.items()), None)
        if waiting and not self._drawing:
            self._drawing = True
            (slug, _), prepared = waiting
            threading.Thread(target=self._draw, args=(slug, prepared), daemon=True).start()

    def _draw(self, slug: str, prepared: charts.Prepared) -> None:
        fault: list[Diagnostic] = []
        try:
            with collecting(fault):
                charts.try_out(prepared, self.desk.folders.cache / "charts")
        except OSError:  # the whole build meets it, too, says so and tries again
            self._loop.add_callback(self._undrawn)
        else:
            self._loop.add_callback(self._drawn, slug, prepared, next(iter(fault), None))

    def _undrawn(self) -> None:
        self._drawing = False
        self._expect(PAUSE)

    def _drawn(self, slug: str, prepared: charts.Prepared, fault: Diagnostic | None) -> None:
        self._drawing = False
        with contextlib.suppress(MachineError, OSError):  # as in `_changed`
            self.desk.tried(slug, prepared, fault)
            self._publish_state()
        self._draw_next()

    def _expect(self, seconds: float) -> None:
        """The whole site is built after a while, and no change puts that off for ever."""
        now = self._loop.time()
        if self._due is None:
            self._first = now
        else:
            self._loop.remove_timeout(self._due)
        self._due = self._loop.call_at(min(now + seconds, self._first + LONGEST_PAUSE), self._build)

    def _build(self) -> None:
        self._due = None
        if self._building is not None or self._drawing:  # it would draw the same chart again
            self._expect(PAUSE)
            return
        self._building = dict(self.desk.fresh)
        self.builder.build()

    def _built(self, outcome: site.BuildResult | Failure) -> None:
        """Told from the builder's thread."""
        self._loop.add_callback(self._settle, outcome)

    def _settle(self, outcome: site.BuildResult | Failure) -> None:
        before, self._building = self._building or {}, None
        if isinstance(outcome, Failure):
            if outcome != self._failed:
                self.log(outcome.words)
            self._failed = outcome
            if outcome.again:
                self._expect(LATER)
            return
        self._failed = None
        if self.desk.awaited:
            self._waiting.stop()
            self.log(
                "the whole site is " + ("not built" if outcome.stopped else f"built: {outcome.articles} articles")
            )
        self.desk.settled(outcome, before)
        self._draw_next()
        if self._due is None:  # otherwise what was built is no longer what is written
            self._publish_state()

    # What pages are told

    def _publish_state(self, **times: float) -> None:
        diagnostics = tuple(sorted(set(self.desk.diagnostics)))
        if diagnostics != self._reported:
            if site.stops(self._reported, self.desk.choices) and not self.desk.faulty:
                self.log("no faults any more")
            self._reported = diagnostics
            self.report(diagnostics)
        for wire in list(ReloadSocket.open_wires):
            wire.send(times)

    def news(self, address: str, seen: str) -> dict[str, Any]:
        """What a page is told that shows an address in a version: the faults that stand, and itself if it is new."""
        page = self.desk.page(address)
        now = version(page)
        news: dict[str, Any] = {"run": self.run, "faults": panel.faults(self.desk), "progress": self.desk.progress}
        if now != seen:
            news |= {"version": now, "page": page}
        return news
