"""The server of the preview: livereload's, with a watcher that is told of changes and pages that swap in place.

It answers on the loopback only, to its own name only, and gives out nothing that a build did not write.
"""

import json
import logging
import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import livereload
from livereload.handlers import LiveReloadHandler
from livereload.watcher import Watcher
from tornado import web
from tornado.httputil import HTTPServerRequest
from tornado.websocket import WebSocketClosedError

from randnotiz.pages import POLICY
from randnotiz.preview.desk import Desk

HERE = Path(__file__).parent
HOST = "127.0.0.1"

# The published policy forbids every connection; the preview's own page needs one, to this server.
PREVIEW_POLICY = POLICY.replace("default-src 'none'", "default-src 'none'; connect-src 'self'")
ADDITIONS = (
    b'<link rel="stylesheet" href="/_preview/client.css">\n<script src="/_preview/client.js" defer></script>\n'
)


def own_names(port: int) -> frozenset[str]:
    """The hosts this server answers to; anything else is another site that had its name point here."""
    return frozenset(f"{name}:{port}" for name in (HOST, "localhost", "[::1]"))


class OwnPages(web.RequestHandler):
    """What all handlers share: requests for other hosts, and from other sites' pages, are refused."""

    def prepare(self) -> None:
        """Refuses strangers."""
        names = own_names(self.application.settings["port"])
        if not answers(self.request, names):
            raise web.HTTPError(403, reason="this preview answers only to its own address")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")

    def write_error(self, status_code: int, **_: Any) -> None:
        """One plain line."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {self._reason}\n")

    @property
    def desk(self) -> Desk:
        """What is shown."""
        desk: Desk = self.application.settings["desk"]
        return desk


def answers(request: HTTPServerRequest, names: frozenset[str]) -> bool:
    """Whether a request names this server and, if it comes from a page, from one of ours."""
    origin = request.headers.get("Origin")
    return request.host.lower() in names and (
        origin is None or origin.lower() in {f"http://{name}" for name in names}
    )


class Page(OwnPages):
    """A file of the site; pages get the preview's script and a policy that lets it speak to this server."""

    def get(self, path: str) -> None:
        """The file, or the page for addresses that are none."""
        if path == "" or path.endswith("/"):
            path += "index.html"
        content = self.desk.file(path)
        if content is None and self.desk.file(f"{path}/index.html") is not None:
            self.redirect(f"/{path}/")
            return
        if content is None:
            self.set_status(404)
            path, content = "404.html", self.desk.file("404.html") or b"<title>404</title><main></main>"
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        self.set_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.finish(with_client(content) if kind == "text/html" else content)


def with_client(page: bytes) -> bytes:
    """A page as the preview shows it."""
    page = page.replace(_escaped(POLICY), _escaped(PREVIEW_POLICY), 1)
    return page.replace(b"</head>", ADDITIONS + b"</head>", 1)


def _escaped(policy: str) -> bytes:
    return policy.replace("'", "&#39;").encode()


class Client(OwnPages):
    """The preview's own script and style."""

    def get(self, name: str) -> None:
        """The file."""
        path = HERE / name
        if name not in ("client.js", "client.css"):
            raise web.HTTPError(404)
        self.set_header("Content-Type", f"{mimetypes.guess_type(name)[0]}; charset=utf-8")
        self.finish(path.read_bytes())


class Wire(LiveReloadHandler):  # type: ignore[misc]  # livereload ships no types
    """The connection to each open page. livereload's would take any page of any site for a friend."""

    open_wires: ClassVar[set["Wire"]] = set()

    def check_origin(self, origin: str) -> bool:
        """Whether the page that connects is one of ours."""
        names = own_names(self.application.settings["port"])
        return origin.lower() in {f"http://{name}" for name in names} and answers(self.request, names)

    def open(self) -> None:
        """A new page hears at once how things stand."""
        Wire.open_wires.add(self)
        self.write_message(self.application.settings["greeting"]())

    def on_close(self) -> None:
        """A page that is gone hears nothing more."""
        Wire.open_wires.discard(self)

    def on_message(self, message: str) -> None:
        """Nothing that a page says is acted on."""

    @classmethod
    def tell(cls, news: dict[str, Any]) -> None:
        """Every open page hears the news."""
        words = json.dumps(news, ensure_ascii=False)
        for wire in list(cls.open_wires):
            try:
                wire.write_message(words)
            except WebSocketClosedError:
                cls.open_wires.discard(wire)


class NoPolling(Watcher):  # type: ignore[misc]  # as above
    """livereload's place for a watcher, filled by one that is told; nothing is ever polled."""

    def start(self, _: Callable[[], None]) -> bool:
        """True: no polling."""
        return True


class Server(livereload.Server):  # type: ignore[misc]  # as above
    """livereload's server with our handlers."""

    def __init__(self, desk: Desk, greeting: Callable[[], str]) -> None:
        super().__init__(watcher=NoPolling())
        self.watcher.watch(str(desk.folders.content))
        self.desk, self.greeting = desk, greeting

    def application(self, port: int, host: str, **_: Any) -> None:
        """Listens on the loopback."""
        LiveReloadHandler.watcher = self.watcher
        app = web.Application(
            [
                ("/livereload", Wire),
                ("/_preview/([a-z.]+)", Client),
                ("/(.*)", Page),
            ],
            port=port,
            desk=self.desk,
            greeting=self.greeting,
            log_function=lambda _: None,
            websocket_ping_interval=20,
        )
        app.listen(port, address=host)

    def _setup_logging(self) -> None:
        logging.getLogger("livereload").setLevel(logging.ERROR)
