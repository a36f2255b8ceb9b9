"""The preview answers its own pages only: each of its routes is tried with wrong hosts and wrong origins."""

import asyncio
import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from tornado import web
from tornado.routing import RuleRouter

from randnotiz import site
from randnotiz.preview import Preview
from randnotiz.preview.server import HOST, Application, with_client
from tests.places import folders_in

PATIENCE = 60.0  # seconds, after which something never comes

# An address for each pattern of the routes; a route that is added wants one too.
EXAMPLES = {
    "/livereload$": "/livereload",
    "/_preview/behind/([a-z0-9-]+)$": "/_preview/behind/mieten",
    "/_preview/([a-z.]+)$": "/_preview/client.js",
    "/(.*)$": "/mieten/",
    "/later$": "/later",
}
HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
# PORT stands for the preview's.
WRONG_HOSTS = """
evil.example  evil.example:PORT  127.0.0.1.nip.io:PORT  localhost.evil.example:PORT  localhost.:PORT  127.0.0.1.:PORT
127.0.0.1  127.0.0.1:1  127.0.0.1:PORT0  0.0.0.0:PORT  [::1]:PORT  127.1:PORT  2130706433:PORT  evil@127.0.0.1:PORT
127.0.0.1:PORT,evil.example  evil.example,127.0.0.1:PORT  127.0.0.1:PORT/  http://127.0.0.1:PORT
"""
WRONG_ORIGINS = """
http://evil.example  http://evil.example:PORT  null  https://127.0.0.1:PORT  ws://127.0.0.1:PORT  127.0.0.1:PORT
file://
http://127.0.0.1  http://127.0.0.1:1  http://127.0.0.1:PORT0  http://127.0.0.1:PORT/  http://127.0.0.1:PORT.evil.example
http://evil.example@127.0.0.1:PORT  http://[::1]:PORT  http://127.0.0.1:PORT,http://127.0.0.1:PORT  *
"""
CHANGING = ("POST", "PUT", "OPTIONS")


class Later(web.RequestHandler):
    """A handler of somebody who never heard of the guard."""

    def get(self) -> None:
        """An answer to anybody."""
        self.finish("served")

    post = get


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The preview's application with a route that was added later, as it serves in a thread of this process."""
    folders = folders_in(tmp_path_factory.mktemp("guard"))
    with socket.create_server((HOST, 0)) as free:
        port = int(free.getsockname()[1])
    serving: list[tuple[Application, asyncio.AbstractEventLoop, asyncio.Event]] = []
    ready = threading.Event()

    async def serve() -> None:
        preview = Preview(folders, site.Choices(), lambda _: None, lambda _: None)
        application = Application(preview, port)
        application.add_handlers(".*", [("/later", Later)])
        server = application.listen(port, HOST)
        ended = asyncio.Event()
        serving.append((application, asyncio.get_running_loop(), ended))
        ready.set()
        await ended.wait()
        server.stop()
        await server.close_all_connections()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(PATIENCE)
    (served, loop, ended) = serving[0]
    yield served
    loop.call_soon_threadsafe(ended.set)
    thread.join(PATIENCE)


def own(application: Application, name: str = HOST) -> dict[str, str]:
    """The headers of a request from a page of the preview."""
    (port,) = {host.rpartition(":")[2] for host in application.names}
    return {"Host": f"{name}:{port}", "Origin": f"http://{name}:{port}"}


def status(application: Application, path: str, method: str, headers: Mapping[str, str]) -> int:
    """The status of the answer to a request of just these headers; PORT in them is the preview's."""
    port = own(application)["Host"].partition(":")[2]
    with contextlib.closing(http.client.HTTPConnection(HOST, int(port), timeout=PATIENCE)) as connection:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value.replace("PORT", port))
        connection.endheaders()
        return connection.getresponse().status


def routes(application: Application) -> Iterator[str]:
    """The patterns of all its routes."""
    waiting = [*application.default_router.rules]
    for rule in waiting:
        if isinstance(rule.target, RuleRouter):
            waiting += rule.target.rules
        else:
            yield cast("Any", rule.matcher).regex.pattern


def test_every_route_refuses_whoever_does_not_come_from_its_own_pages(application: Application) -> None:
    """Host and Origin may also be wrong and the same, as they are when somebody lets a name of theirs point here."""
    ours = own(application)
    wrong_hosts = [
        *({**ours, "Host": host} for host in WRONG_HOSTS.split()),
        *({"Host": host} for host in WRONG_HOSTS.split()),
        *({"Host": host, "Origin": f"http://{host}"} for host in WRONG_HOSTS.split()),
    ]
    wrong_origins = [{**ours, "Origin": origin} for origin in WRONG_ORIGINS.split()]
    no_origin = [{"Host": ours["Host"]}]
    let_in = []
    for pattern in routes(application):
        for method, strangers, more in (
            ("GET", wrong_origins, {}),
            ("GET", [*wrong_origins, *no_origin], HANDSHAKE),
            *((method, [*wrong_origins, *no_origin], {}) for method in CHANGING),
        ):
            for headers in (*wrong_hosts, *strangers):
                sent = {**headers, **more}
                refused = (403,) if headers["Host"] == ours["Host"] else (400, 403)  # 400: no host at all
                if status(application, EXAMPLES[pattern], method, sent) not in refused:
                    let_in.append((method, EXAMPLES[pattern], sent))
    assert let_in == []


def test_the_table_of_examples_has_the_routes_that_there_are(application: Application) -> None:
    assert set(routes(application)) == EXAMPLES.keys()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_its_own_pages_are_answered(application: Application, name: str) -> None:
    ours = own(application, name)
    for method in ("GET", "POST"):
        assert status(application, "/later", method, ours) == 200
    assert status(application, "/later", "GET", {"Host": ours["Host"]}) == 200
    assert status(application, "/_preview/client.js", "GET", ours) == 200
    assert status(application, "/livereload", "GET", {**ours, **HANDSHAKE}) == 101


def test_no_secret_is_sent_over_a_socket(tmp_path: Path) -> None:
    """A page learns from it whether it belongs to this run, by a name that opens nothing."""

    async def news() -> tuple[Preview, str]:
        preview = Preview(folders_in(tmp_path), site.Choices(), lambda _: None, lambda _: None)
        return preview, json.dumps(preview.news("mieten/", ""), default=bytes.decode)

    preview, sent = asyncio.run(news())
    assert preview.token not in sent
    assert preview.run in sent
    assert preview.run not in preview.token
    assert f'data-run="{preview.run}"'.encode() in with_client(b"<title>Mieten</title>", preview)
