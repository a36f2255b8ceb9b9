"""Addresses of sources asked whether they still answer, all on a server of our own on the loopback."""

import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from randnotiz import links
from randnotiz.diagnostics import Position, SourceText
from randnotiz.links import CheckOptions
from randnotiz.model import Source
from randnotiz.web import USER_AGENT
from tests.patience import HANGS

AT_HOME = CheckOptions(pause=0.0, patience=HANGS, loopback=True)


class Web(ThreadingHTTPServer):
    """A small web: paths with the statuses they answer in turn, and a record of who asked what when."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.answers: dict[str, list[int]] = {}
        self.onward: dict[str, str] = {}
        self.later: dict[str, str] = {}
        self.asked: list[tuple[str, str, float]] = []
        self.agents: set[str] = set()
        self.over = threading.Event()

    def at(self, path: str, *statuses: int, onward: str = "") -> str:
        """The address of a page that answers so, the last answer again and again."""
        self.answers[path] = list(statuses)
        if onward:
            self.onward[path] = onward
        return f"http://127.0.0.1:{self.server_port}{path}"

    def requests(self, path: str) -> list[str]:
        return [method for method, asked, _ in self.asked if asked == path]


class Asked(BaseHTTPRequestHandler):
    server: Web

    def answer(self) -> None:
        self.server.asked.append((self.command, self.path, time.monotonic()))
        self.server.agents.add(self.headers["User-Agent"])
        statuses = self.server.answers.get(self.path, [404])
        status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
        if status == 0:  # a server that says nothing
            self.server.over.wait(HANGS)
            return
        self.send_response(status)
        if self.path in self.server.onward:
            self.send_header("Location", self.server.onward[self.path])
        if status in (429, 503) and self.path in self.server.later:
            self.send_header("Retry-After", self.server.later[self.path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET = answer  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()


def source(url: str, id: str = "destatis2024", line: int = 5, archive: str = "") -> Source:
    csl = {"id": id, "URL": SourceText(url, Position("mieten/sources.yaml", line, 8)), "accessed": "2026-11-23"}
    return Source(id=SourceText(id), csl={**csl, "custom": {"archive-url": archive}})


def test_an_address_that_answers_is_asked_once_and_briefly(web: Web) -> None:
    assert links.check([source(web.at("/mieten", 200))], None, manner=AT_HOME) == ()
    assert web.asked[0][:2] == ("HEAD", "/mieten")
    assert len(web.asked) == 1
    assert web.agents == {USER_AGENT}


def test_a_dead_address_is_told_where_it_stands_with_where_a_copy_may_be(web: Web) -> None:
    url = web.at("/weg", 404)
    [diagnostic] = links.check([source(url, line=7)], None, manner=AT_HOME)
    assert (diagnostic.code, diagnostic.severity) == ("link-dead", "warning")
    assert str(diagnostic.position) == "mieten/sources.yaml:7:8"
    assert diagnostic.message == "the address of the source 'destatis2024' does not answer any more: 404 Not Found"
    assert f"https://web.archive.org/web/20261123/{url}" in diagnostic.hint


def test_where_a_copy_is_recorded_already_it_is_named(web: Web) -> None:
    dead = source(web.at("/weg", 410), archive="https://web.archive.org/web/2026/x")
    [diagnostic] = links.check([dead], None, manner=AT_HOME)
    assert diagnostic.hint.startswith("a copy is recorded")


def test_a_server_that_answers_head_wrongly_is_asked_again_as_a_reader_would(web: Web) -> None:
    assert links.check([source(web.at("/nur-get", 501, 200))], None, manner=AT_HOME) == ()
    assert web.requests("/nur-get") == ["HEAD", "GET"]


@pytest.mark.parametrize("status", [401, 403, 429])
def test_what_is_closed_to_programs_is_not_called_dead(web: Web, status: int) -> None:
    assert links.check([source(web.at("/geschlossen", status))], None, manner=AT_HOME) == ()


def test_a_server_that_stumbles_gets_another_try(web: Web) -> None:
    assert links.check([source(web.at("/wacklig", 503, 503, 200))], None, manner=AT_HOME) == ()
    assert len(web.requests("/wacklig")) == 3
    [diagnostic] = links.check([source(web.at("/kaputt", 500))], None, manner=AT_HOME)
    assert "500 Internal Server Error" in diagnostic.message
    assert len(web.requests("/kaputt")) == 2 * links.TRIES


@pytest.mark.parametrize("said", ["1", "moment"])
def test_who_asks_for_time_gets_it_before_the_next_try(web: Web, said: str) -> None:
    url = web.at("/spaeter", 429, 404)
    web.later["/spaeter"] = formatdate(time.time() + 2, usegmt=True) if said == "moment" else said
    [diagnostic] = links.check([source(url)], None, manner=AT_HOME)
    assert "404 Not Found" in diagnostic.message
    first, second, *_ = [when for _, path, when in web.asked]
    assert second - first > 0.8
    assert web.requests("/spaeter")[0:2] == ["HEAD", "HEAD"], "who has had too many requests does not get another"


def test_a_host_that_asks_for_an_hour_is_left_alone_and_asked_the_next_time(web: Web, tmp_path: Path) -> None:
    sources = [source(web.at(f"/{number}", 503, 404), id=f"quelle{number}") for number in range(3)]
    web.later["/0"] = "3600"
    told: list[int] = []
    assert links.check(sources, tmp_path, lambda done, _: told.append(done), AT_HOME) == ()
    assert {path for _, path, _ in web.asked} == {"/0"}
    assert told == [1, 2, 3]
    assert len(links.check(sources, tmp_path, manner=AT_HOME)) == 3, "nothing was remembered of what nobody knows"


def test_a_server_that_speaks_no_tls_is_told_as_no_connection(web: Web) -> None:
    plain = web.at("/", 200).replace("http://", "https://")
    [diagnostic] = links.check([source(plain)], None, manner=AT_HOME)
    assert "no connection" in diagnostic.message


def test_redirects_are_followed_to_their_end_but_not_for_ever(web: Web) -> None:
    web.at("/neu", 200)
    assert links.check([source(web.at("/alt", 301, onward="/neu"))], None, manner=AT_HOME) == ()
    [diagnostic] = links.check([source(web.at("/kreis", 302, onward="/kreis"))], None, manner=AT_HOME)
    assert "more than 8 times" in diagnostic.message


@pytest.mark.parametrize(
    "onward", ["file:///etc/passwd", "ftp://example.org/", "//[", "http://a:123456/", "javascript:alert(1)"]
)
def test_a_redirect_leads_nowhere_but_to_the_web(web: Web, onward: str) -> None:
    [diagnostic] = links.check([source(web.at("/falle", 302, onward=onward))], None, manner=AT_HOME)
    assert "no address of the web" in diagnostic.message


def test_who_does_not_answer_is_not_waited_for_for_long(web: Web) -> None:
    hurried = CheckOptions(pause=0.0, patience=0.2, loopback=True)
    [diagnostic] = links.check([source(web.at("/stumm", 0))], None, manner=hurried)
    assert "no answer within 0.2 seconds" in diagnostic.message


def test_one_host_is_asked_one_thing_at_a_time_with_a_pause_between(web: Web) -> None:
    sources = [source(web.at(f"/{number}", 200), id=f"quelle{number}") for number in range(4)]
    assert links.check(sources, None, manner=CheckOptions(pause=0.1, loopback=True)) == ()
    times = sorted(when for _, _, when in web.asked)
    assert all(later - earlier >= 0.09 for earlier, later in pairwise(times))


def test_an_address_that_several_sources_share_is_asked_once_and_told_for_each(web: Web) -> None:
    url = web.at("/weg", 404)
    found = links.check([source(url, "a", 3), source(f"{url}#abschnitt", "b", 9)], None, manner=AT_HOME)
    assert [str(diagnostic.position) for diagnostic in found] == [
        "mieten/sources.yaml:3:8",
        "mieten/sources.yaml:9:8",
    ]
    assert web.requests("/weg") == ["HEAD", "GET"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/geheim",
        "http://localhost:{port}/geheim",
        "http://[::1]:{port}/geheim",
        "http://0.0.0.0:{port}/geheim",
        "http://[::ffff:127.0.0.1]:{port}/geheim",
        "http://10.0.0.1/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706433:{port}/geheim",
    ],
)
def test_a_stranger_s_source_cannot_have_private_networks_asked(web: Web, url: str) -> None:
    web.at("/geheim", 200)
    [diagnostic] = links.check(
        [source(url.format(port=web.server_port))], None, manner=CheckOptions(pause=0.0, patience=HANGS)
    )
    assert "private network" in diagnostic.message
    assert web.asked == []


def test_what_is_no_address_of_the_web_is_not_asked_at_all(web: Web) -> None:
    assert links.check([source("file:///etc/passwd"), source("javascript:alert(1)")], None, manner=AT_HOME) == ()
    assert web.asked == []


def test_answers_are_remembered_for_a_while(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [source(web.at("/lebt", 200), "a"), source(web.at("/weg", 404), "b")]
    first = links.check(sources, tmp_path, manner=AT_HOME)
    asked = len(web.asked)
    assert links.check(sources, tmp_path, manner=AT_HOME) == first
    assert len(web.asked) == asked
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + links.FRESH_DEAD + 60)
    links.check(sources, tmp_path, manner=AT_HOME)
    assert [path for _, path, _ in web.asked[asked:]] == ["/weg", "/weg"], "the dead are asked again sooner"


def test_a_spoilt_memory_only_costs_another_question(web: Web, tmp_path: Path) -> None:
    dead = [source(web.at("/weg", 404))]
    first = links.check(dead, tmp_path, manner=AT_HOME)
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
    kept.write_bytes(kept.read_bytes().replace(b"404", b"200"))
    asked = len(web.asked)
    assert links.check(dead, tmp_path, manner=AT_HOME) == first
    assert len(web.asked) > asked


def test_where_nothing_is_found_at_all_the_network_is_to_blame_not_the_sources(tmp_path: Path) -> None:
    gone = [source(f"http://{name}.invalid/", name) for name in ("a", "b")]
    with pytest.raises(OSError, match="not one of 2 hosts can be found; is there a network"):
        links.check(gone, tmp_path, manner=AT_HOME)
    kept = (path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not any(b".invalid" in content for content in kept), "no answer at all is not remembered"


def test_progress_is_told_as_answers_come_in(web: Web) -> None:
    told: list[tuple[int, int]] = []
    sources = [source(web.at(f"/{number}", 200), id=f"quelle{number}") for number in range(3)]
    links.check(sources, None, lambda done, of: told.append((done, of)), AT_HOME)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_copy_of_a_day_is_looked_for_on_that_day() -> None:
    assert (
        links.archive_address("https://a.example/b?c", "2026-11")
        == "https://web.archive.org/web/202611/https://a.example/b?c"
    )
    assert links.archive_address("https://a.example/", "") == "https://web.archive.org/web/2/https://a.example/"
