"""Serve, watch, rebuild, show: from a saved file to the changed words in the browser in the blink of an eye."""

import asyncio
import json
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from tornado.ioloop import IOLoop

from randnotiz import errors, site
from randnotiz.errors import Finding
from randnotiz.preview.desk import Desk, Seen, article_of
from randnotiz.preview.server import HOST, Server, Wire
from randnotiz.site.machine import MachineError

# A save is often two writes; changes this close together are one. Milliseconds.
TOGETHER = 12
STEP = 4
# The whole site is built once its author pauses for this long. Seconds.
PAUSE = 0.25

Report = Callable[[tuple[Finding, ...]], None]
Say = Callable[[str], None]


def serve(
    folders: site.Folders, choices: site.Choices, port: int, open_browser: bool, report: Report, say: Say
) -> None:
    """Builds, serves on the loopback and shows every change, until interrupted. MachineError if the port is taken.

    `report` is told the findings whenever they change, `say` anything else that a person should read.
    """
    free(port)
    preview = Preview(folders, choices, report, say)
    preview.first()
    address = f"http://{HOST}:{port}/"
    say(f"preview at {address} (Ctrl-C ends it)")
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    server = Server(preview.desk, preview.greeting)
    IOLoop.current().add_callback(preview.watch)
    server.serve(port=port, host=HOST)


def free(port: int) -> None:
    """Nothing, if a port can be listened on; MachineError with the next one that can."""
    if _is_free(port):
        return
    other = next((other for other in range(port + 1, min(port + 200, 65536)) if _is_free(other)), None)
    hint = f"; {other} is free: --port {other}" if other else ""
    raise MachineError(f"port {port} is in use{hint}")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


class Preview:
    """Takes changes in, has the desk answer them, and tells every open page."""

    def __init__(self, folders: site.Folders, choices: site.Choices, report: Report, say: Say) -> None:
        self.say = say
        self.desk = Desk(folders, choices)
        self.report = report
        self.state: dict[str, Any] = {"command": "state", "faults": []}
        self.pending: object | None = None  # the whole build that is due
        self.dirty = False

    def greeting(self) -> str:
        """What a page is told when it connects: the faults that stand."""
        return json.dumps(self.state, ensure_ascii=False)

    def first(self) -> None:
        """The site as it stands at the beginning."""
        self._tell(self.desk.settle(), ())

    async def watch(self) -> None:
        """Hears of changes as the file system reports them, and answers each."""
        from watchfiles import awatch

        folders = self.desk.folders
        watched = [folder.resolve() for folder in (folders.content, folders.templates, folders.static)]
        async for changes in awatch(*watched, step=STEP, debounce=TOGETHER, rust_timeout=0, yield_on_timeout=False):
            self.changed({Path(path) for _, path in changes})

    def changed(self, paths: set[Path]) -> None:
        """One article is shown at once; the whole site follows when its author pauses."""
        started = monotonic()
        slug = article_of(paths, self.desk.folders.content.resolve())
        seen = self.desk.glance(slug) if slug and not self.dirty else None
        if seen is not None:
            self._tell(seen, tuple(seen.pages), started)
        self.dirty = True
        loop = IOLoop.current()
        if self.pending is not None:
            loop.remove_timeout(self.pending)
        self.pending = loop.call_later(PAUSE, lambda: loop.spawn_callback(self.settle))

    async def settle(self) -> None:
        """The whole site, built beside the server so that it keeps answering."""
        self.pending, self.dirty = None, False
        try:
            seen = await asyncio.get_running_loop().run_in_executor(None, self.desk.settle)
        except (MachineError, OSError) as error:
            self.say(str(error))
            return
        if self.pending is None:  # otherwise another change came meanwhile, and another build will tell
            self._tell(seen, ("*",))

    def _tell(self, seen: Seen, changed: tuple[str, ...], started: float = 0.0) -> None:
        faults = [row for row in self._rows(seen.findings) if row["severity"] == "error"]
        if faults != self.state["faults"]:
            self.report(seen.findings)
        self.state = {"command": "state", "faults": faults}
        news: dict[str, Any] = {**self.state, "changed": [] if seen.faulty else list(changed)}
        if started:
            news["built"] = round((monotonic() - started) * 1000, 1)
        Wire.tell(news)

    def _rows(self, findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
        """Findings for the page, each with the lines around its place."""
        rows: list[dict[str, Any]] = json.loads(errors.as_json(findings, str))
        for row in rows:
            row["around"] = self._around(row["path"], row["line"])
        return rows

    def _around(self, path: str, line: int) -> list[tuple[int, str]]:
        try:
            lines = (self.desk.folders.content / path).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
        first = max(1, line - 2)
        return [(number, lines[number - 1]) for number in range(first, min(line + 2, len(lines)) + 1)]
