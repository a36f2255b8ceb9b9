"""The server of the preview: livereload's, with a watcher that is told of changes and pages that swap in place.

It answers on the loopback only, to its own name only, gives out nothing that a build did not write, and changes a
file only for a page of its own that shows the token of this run. Host and Origin are checked before a request meets
its handler (`Application`), so that no handler, and no WebSocket, can go without.

The pages that may change files have the origin of everything else that is served, so nothing that content could bring
may run there. Three things see to that, each by itself: every answer carries a policy as a header (`policy_of`),
which lets pages run our scripts by their addresses, and lets anything else run nothing; only our own scripts are sent
as scripts (`kind_of`); and the token stands in no page, where markup alone could carry it elsewhere, but is asked for
by our script (`Token`), in an answer that neither a page of another origin nor a sandboxed one can read. A second
port for the written site would part the origins, too. But what is annotated is the page itself, with its selections
and notes in its own document, so that the page would stand where the power is all the same.
"""

import hmac
import json
import logging
import mimetypes
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Protocol

import livereload
from livereload.handlers import LiveReloadHandler
from livereload.watcher import Watcher
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.netutil import bind_sockets
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from randnotiz import exports, pages, sidecars
from randnotiz.preview import panel
from randnotiz.preview.annotating import answered
from randnotiz.preview.hunks import hunks
from randnotiz.preview.state import PreviewState, path_of, version

HERE = Path(__file__).parent
HOST = "127.0.0.1"
TOKEN = "X-Preview-Token"  # noqa: S105 - the name of a header
USUAL_PORT = 80  # which browsers leave out
LARGEST_REQUEST = 1_000_000
LONGEST_SILENCE = 60  # seconds until a connection is closed on which nothing is asked
FILES = 64  # descriptors that connections leave for everything else

CLIENT = ("client.js", "annotating.js", "forms.js", "client.css")
# Where only the build writes, and the only places that scripts come from, beside the preview's own.
OWN_FOLDERS = ("assets/", "search/")

_FRAMED = "frame-ancestors 'none'"
# Of what is no page of ours: pictures, data, errors. Sound and film are played by a document that the browser makes
# for them, which must be of this origin to load them.
FILE_POLICY = exports.PICTURE_POLICY
FILM_POLICY = f"default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; {_FRAMED}"
_TYPES = mimetypes.MimeTypes()  # those of Python, not of the machine


class Showing(Protocol):
    """What the server shows, and whom it asks."""

    desk: PreviewState
    token: str  # what a page must show to change a file
    run: str  # the name of this run of the preview, which is no secret

    def news(self, address: str, seen: str) -> dict[str, Any]:
        """What a page is told that shows an address in a version."""


def own_names(port: int) -> frozenset[str]:
    """The hosts this server answers to; anything else is another site that had its name point here."""
    names = (HOST, "localhost")
    return frozenset((*(f"{name}:{port}" for name in names), *(names if port == USUAL_PORT else ())))


def is_refused(request: HTTPServerRequest, names: frozenset[str]) -> bool:
    """Whether a request is for another host, or comes from a page that is not served by one of these names.

    Browsers send an Origin with whatever may change something and with each WebSocket; only without both it may lack.
    That the Origin equals the Host proves nothing: a name of somebody else's can point here (DNS rebinding).
    """
    origin = request.headers.get("Origin")
    may_lack = request.method in ("GET", "HEAD") and "Upgrade" not in request.headers
    from_ours = may_lack if origin is None else origin.lower() in {f"http://{name}" for name in names}
    return request.host.lower() not in names or not from_ours


class Application(web.Application):
    """The routes of the preview, behind one guard: what is refused meets no handler, whichever it would have been."""

    def __init__(self, showing: Showing, port: int) -> None:
        super().__init__(
            [
                ("/livereload", ReloadSocket),
                ("/_preview/behind/([a-z0-9-]+)", InspectHandler),
                ("/_preview/token", Token),
                ("/_preview/([a-z.]+)", Client),
                ("/(.*)", Page),
            ],
            showing=showing,
            default_handler_class=Refused,  # of what is no path of ours, as a proxy is asked for
            log_function=lambda _: None,
            websocket_ping_interval=20,
            websocket_max_message_size=10_000,
        )
        self.names = own_names(port)

    def find_handler(self, request: HTTPServerRequest, **more: Any) -> Any:  # of a type that tornado keeps to itself
        """What answers a request: of a stranger's, `Refused`."""
        if is_refused(request, self.names):
            return self.get_handler_delegate(request, Refused)
        return super().find_handler(request, **more)


class OwnPages(web.RequestHandler):
    """What all handlers share: the headers of every answer, and what is shown."""

    def set_default_headers(self) -> None:
        """Nothing is kept: the next answer may be another."""
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Content-Security-Policy", FILE_POLICY)

    def write_error(self, status_code: int, **_: Any) -> None:
        """One plain line."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {self._reason}\n")

    @property
    def showing(self) -> Showing:
        """What is shown."""
        showing: Showing = self.settings["showing"]
        return showing


class Refused(OwnPages):
    """The answer to strangers."""

    def prepare(self) -> None:
        """Refuses whatever is asked for."""
        raise web.HTTPError(403, reason="this preview answers only to its own address")


class Page(OwnPages):
    """A file of the site; pages get the preview's script, which their policy lets speak to this server."""

    def get(self, address: str) -> None:
        """The file, or the page for addresses that are none."""
        desk = self.showing.desk
        path = path_of(address)
        content = desk.file(path)
        if content is None and desk.file(f"{path}/index.html") is not None:
            self.redirect(f"/{path}/")
            return
        if content is None:
            self.set_status(503 if desk.awaited else 404)
            path, content = "index.html" if desk.awaited else "404.html", desk.page(address)
        kind = kind_of(path)
        self.set_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        if path.startswith("assets/"):  # named by what it holds, and run again with every swap
            self.set_header("Cache-Control", "max-age=3600, immutable")
        self.set_header("Content-Security-Policy", policy_of(path, self.request.host, desk))
        self.finish(with_client(content, self.showing.run) if is_live(path) else content)

    head = get  # which Tornado answers without the content


def is_live(path: str) -> bool:
    """Whether there is a page at a path that follows its content; what stands alone is shown as it will be."""
    return sidecars.is_page(path) and not path.endswith(("/single.html", "/embed.html"))


def kind_of(path: str) -> str:
    """The media type that a file of the site is sent as; a page's or a script's only where the build writes one."""
    if sidecars.is_page(path):
        return "text/html"
    kind = _TYPES.guess_type(path)[0] or "application/octet-stream"
    ours = path.startswith(OWN_FOLDERS) or sidecars.is_script(path)
    ours = ours and kind.endswith(("script", "css"))
    return kind if ours or not kind.endswith(("html", "script", "css")) else "application/octet-stream"


def policy_of(path: str, host: str, desk: PreviewState) -> str:
    """The Content Security Policy that a file of the site is sent with.

    A page's is the one that stands in it, with our scripts by their addresses in place of 'self', which would take in
    whatever is served here. The search reads a script of each article: of what is served here, no other is sent as
    one (see `kind_of`). That of single.html allows its script by the hash.
    """
    if is_live(path):
        folders = ("",) if path.startswith("search/") else ("_preview/", *OWN_FOLDERS)
        ours = " ".join(f"http://{host}/{folder}" for folder in folders)
        policy = pages.not_found_policy(desk.theme) if path == "404.html" and desk.theme else pages.POLICY
        return policy.replace("script-src 'self'", f"script-src {ours}") + f"; {_FRAMED}"
    if sidecars.is_page(path) and desk.theme is not None:
        allowed = exports.embed_policy if path.endswith("/embed.html") else exports.single_policy
        return f"{allowed(desk.theme)}; {_FRAMED}"
    return FILM_POLICY if kind_of(path).startswith(("audio/", "video/")) else FILE_POLICY


def with_client(page: bytes, run: str) -> bytes:
    """A page as the preview shows it. Our scripts come first, to see it as it was sent."""
    page_version = version(page)
    first = (
        f'<script src="/_preview/client.js" data-version="{page_version}" data-run="{run}" defer></script>\n'
        '<script src="/_preview/forms.js" defer></script>\n'
        '<script src="/_preview/annotating.js" defer></script>\n'
        '<link rel="stylesheet" href="/_preview/client.css">\n'
    )
    return page.replace(b"<title>", first.encode() + b"<title>", 1)


class Client(OwnPages):
    """The preview's own scripts and style."""

    def get(self, name: str) -> None:
        """The file."""
        if name not in CLIENT:
            raise web.HTTPError(404)
        self.set_header("Content-Type", f"{mimetypes.guess_type(name)[0]}; charset=utf-8")
        self.finish((HERE / name).read_bytes())


class Token(OwnPages):
    """What shows that a request comes from a script of ours."""

    def get(self) -> None:
        """The token of this run, for whoever can read an answer of this origin."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(self.showing.token)


class InspectHandler(OwnPages):
    """What is behind an article's page: where everything stands, what is in it, and what is to be said of it."""

    def get(self, slug: str) -> None:
        """The record, as JSON."""
        self._may()
        self.finish(panel.behind(self.showing.desk, slug))

    def post(self, slug: str) -> None:
        """A change that an editor asks for, made or refused."""
        self._may()
        if self.request.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            raise web.HTTPError(403, reason="this preview is changed from its own pages only")
        try:
            request = json.loads(self.request.body)
        except (ValueError, RecursionError):  # the latter where lists are nested without end
            raise web.HTTPError(400, reason="this is no JSON") from None
        status, answer = answered(self.showing.desk, slug, request)
        self.set_status(status)
        self.finish(answer)

    def _may(self) -> None:
        shown = self.request.headers.get(TOKEN, "")
        if not hmac.compare_digest(shown.encode(), self.showing.token.encode()):
            raise web.HTTPError(403, reason="this page belongs to an earlier preview; load it again")


class ReloadSocket(OwnPages, WebSocketHandler):
    """The connection to an open page."""

    open_wires: ClassVar[set["ReloadSocket"]] = set()
    address: str | None = None
    version = ""
    lines: tuple[bytes, ...] = ()  # of the page as it was sent last

    @property
    def slug(self) -> str:
        """The first part of the address that the page shows, which is its article's name if it is an article."""
        return (self.address or "").partition("/")[0]

    def open(self) -> None:
        """A new page will say what it shows."""
        ReloadSocket.open_wires.add(self)

    def on_close(self) -> None:
        """A page that is gone hears nothing more."""
        ReloadSocket.open_wires.discard(self)

    def on_message(self, message: str | bytes) -> None:
        """A page says what it shows, and hears how things stand."""
        try:
            self.address, self.version, self.lines = str(json.loads(message)["address"]), "", ()
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        self.send({})

    def send(self, times: dict[str, float]) -> None:
        """The page hears what is new, with when it was noticed and built: first all of it, then what has changed."""
        if self.address is None:
            return
        news = self.showing.news(self.address, self.version)
        if "page" in news:
            lines = tuple(news.pop("page").split(b"\n"))
            if self.lines:
                changed = hunks(self.lines, lines)
                news["hunks"] = [(first, gone, [line.decode() for line in fresh]) for first, gone, fresh in changed]
            else:
                news["page"] = [line.decode() for line in lines]
            self.version, self.lines = news["version"], lines
        try:
            sent = self.write_message(json.dumps({**news, **times}, ensure_ascii=False))
        except WebSocketClosedError:
            ReloadSocket.open_wires.discard(self)
        else:
            sent.add_done_callback(lambda done: done.exception())  # whoever has left meanwhile is no news


class Listener(socket.socket):
    """A socket for connections that leaves room for the files pages are made of, however many there are."""

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection. One too many is closed at once: with no descriptor left it could not even be that."""
        connection, address = super().accept()
        limit = _most_files()
        # Descriptors are numbered from below.
        if 0 <= limit <= connection.fileno() + min(FILES, limit // 2):
            connection.close()
            raise ConnectionAbortedError
        return connection, address


def _most_files() -> int:
    """How many files may be open at once; -1 where there is no such limit."""
    try:
        import resource  # POSIX only
    except ModuleNotFoundError:
        return -1
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class NoPolling(Watcher):  # type: ignore[misc]  # livereload ships no types
    """livereload's place for a watcher, filled by one that is told; nothing is ever polled."""

    def start(self, _: Callable[[], None]) -> bool:
        """True: no polling."""
        return True


class Server(livereload.Server):  # type: ignore[misc]  # as above
    """livereload's server with our handlers."""

    def __init__(self, showing: Showing) -> None:
        super().__init__(watcher=NoPolling())
        self.watcher.watch(str(showing.desk.folders.content))
        self.showing = showing

    def application(self, port: int, host: str, **_: Any) -> None:
        """Listens on the loopback."""
        LiveReloadHandler.watcher = self.watcher
        app = Application(self.showing, port)
        server = HTTPServer(app, max_body_size=LARGEST_REQUEST, idle_connection_timeout=LONGEST_SILENCE)
        server.add_sockets([Listener(fileno=bound.detach()) for bound in bind_sockets(port, host)])

    def _setup_logging(self) -> None:
        logging.getLogger("livereload").setLevel(logging.ERROR)
