"""`source add` and `source archive`, asked of a server on the loopback that plays registrar, page and archive."""

import ast
import json
import threading
from collections.abc import Iterator, Mapping
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from randnotiz import commands, web
from randnotiz.codes import Status
from randnotiz.editing import fetched
from randnotiz.editing.fetched import Services
from tests.patience import HANGS
from tests.places import folders_in
from tests.test_bibliographies import ARTICLE, SETTINGS, looked_at, written

Answer = tuple[int, dict[str, str], bytes]
HTML = {"Content-Type": "text/html; charset=utf-8"}


class Net(ThreadingHTTPServer):
    """A small web: paths with what they answer, and what was asked with which headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.over = threading.Event()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def at(self, path: str, body: str | bytes, status: int = 200, headers: dict[str, str] = HTML) -> str:
        self.answers[path] = status, headers, body if isinstance(body, bytes) else body.encode()
        return f"{self.root}{path.removeprefix('/')}"


class Asked(BaseHTTPRequestHandler):
    server: Net

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        status, headers, body = self.server.answers.get(self.path, (404, {}, b""))
        if status == 0:  # a server that says nothing
            self.server.over.wait(HANGS)
            return
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> Iterator[Net]:
    server = Net()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    services = Services(
        doi=f"{server.root}doi/",
        available=f"{server.root}available",
        wayback=server.root,
        patience=HANGS,
        patience_of_archive=HANGS,
        loopback=True,
    )
    monkeypatch.setattr(fetched, "PUBLIC", services)
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return written(tmp_path, {"mieten/sources.yaml": "citations: []\n"}).content


def run(content: Path, *words: str) -> Status:
    return commands.main(["source", *words, "--content", str(content)])


ITEM = {
    "type": "journal-article",
    "title": ["Wind &amp; <i>weather</i> in *towns*"],
    "author": [{"family": "Müller", "given": "A.", "sequence": "first", "affiliation": []}, {"name": "Wetteramt"}],
    "container-title": ["Annals of Weather"],
    "issued": {"date-parts": [[2020, 5, 17]]},
    "published": {"date-parts": [[2020]]},
    "volume": "2",
    "page": "1-9",
    "DOI": "10.1000/ABC",
    "URL": "http://dx.doi.org/10.1000/abc",
    "reference": [{"key": "x"}],
    "language": "en",
}
JSON = {"Content-Type": "application/vnd.citationstyles.csl+json"}
ADDED = r"""
sources:
- id: mueller2020
  type: article-journal
  title: Wind & <i>weather</i> in \*towns\*
  author: [{family: Müller, given: A.}, {literal: Wetteramt}]
  container-title: Annals of Weather
  issued: 2020-05-17
  volume: "2"
  page: 1-9
  language: en
  DOI: 10.1000/abc
"""


@pytest.mark.parametrize("given", ["10.1000/abc", "https://doi.org/10.1000/abc", "doi:10.1000/abc"])
def test_a_doi_is_asked_for_csl_and_what_comes_is_written(
    net: Net, content: Path, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    net.at("/doi/10.1000/abc", "", 302, {"Location": "/crossref"})
    net.at("/crossref", json.dumps(ITEM), headers=JSON)
    sources = content / "sources.yaml"
    sources.write_text("# ours\r\nsources:   # all\r\n- id: roe   # first\r\n  type: book\r\n")
    before = sources.read_bytes()
    assert run(content, "add", given, "--yes") is Status.DONE
    after = sources.read_bytes()
    assert after.startswith(before.rstrip())
    assert after.decode().partition("type: book\r\n")[2].replace("\r\n", "\n") == ADDED.partition("sources:\n")[2]
    assert "+  title: Wind & <i>weather</i>" in capsys.readouterr().out
    assert {path: headers["Accept"] for path, headers in net.asked} == dict.fromkeys(
        ("/doi/10.1000/abc", "/crossref"), fetched.CSL_JSON
    )
    assert all(headers["User-Agent"] == web.USER_AGENT for _, headers in net.asked)
    assert run(content, "add", "10.1000/ABC", "--yes") is Status.USAGE  # it is there
    assert "the source 'mueller2020' has this DOI already (sources.yaml:5:7)" in capsys.readouterr().err
    assert sources.read_bytes() == after


def test_without_a_word_nothing_is_written(net: Net, content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net.at("/doi/10.1000/abc", json.dumps(ITEM), headers=JSON)
    assert run(content, "add", "10.1000/abc") is Status.DONE
    out, err = capsys.readouterr()
    assert "+- id: mueller2020" in out
    assert "--yes takes it" in err
    assert not (content / "sources.yaml").exists()


def test_an_article_has_its_own_and_ids_are_told_apart(net: Net, content: Path) -> None:
    net.at("/doi/10.1000/abc", json.dumps(ITEM), headers=JSON)
    written(content.parent, {"site.yaml": f"{SETTINGS}bibliography: z.json\n", "z.json": '[{"id": "mueller2020"}]'})
    assert run(content, "add", "10.1000/abc", "--article", "mieten", "--yes") is Status.DONE
    text = (content / "mieten/sources.yaml").read_text("utf-8")
    assert text == "citations: []\n" + ADDED.replace("mueller2020", "mueller2020b")


PAGE = """<!doctype html><html lang="de-AT"><head><title> Seite |
 Blatt </title>
<meta property="og:title" content="Titel &amp; mehr"><meta property="og:site_name" content="Blatt">
<meta property="article:published_time" content="2024-03-09T10:00:00+01:00">
<meta name=author content="Jane Roe"></head><body>…</body></html>"""
HIGHWIRE = """<meta name="citation_title" content="Wind"><meta name="citation_author" content="Roe, Jane">
<meta name="citation_author" content="Max Moe"><meta name="citation_journal_title" content="Annals">
<meta name="citation_publication_date" content="2020/5/7"><meta name="citation_firstpage" content="3">
<meta name="citation_lastpage" content="9"><meta name="citation_doi" content="10.1/x">"""
DATA = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite"},
{"@type": ["NewsArticle"], "headline": "Sturm", "author": [{"@type": "Person", "name": "Ida B. Wells"},
{"@type": "Organization", "name": "Amt, Wien"}], "datePublished": "2026-01-02T00:00Z",
"publisher": {"@type": "Organization", "name": "Zeitung"}}]}</script>"""
PAGES: list[tuple[str, dict[str, Any]]] = [
    (
        PAGE,
        {"type": "webpage", "title": "Titel & mehr", "author": [{"family": "Roe", "given": "Jane"}],
         "container-title": "Blatt", "issued": "2024-03-09", "language": "de-AT"},
    ),
    (
        PAGE + HIGHWIRE,
        {"type": "article-journal", "title": "Wind", "container-title": "Annals", "issued": "2020-05-07",
         "author": [{"family": "Roe", "given": "Jane"}, {"family": "Moe", "given": "Max"}],
         "page": "3-9", "language": "de-AT", "DOI": "10.1/x"},
    ),
    (
        PAGE + HIGHWIRE + DATA,
        {"type": "article-newspaper", "title": "Sturm", "container-title": "Zeitung", "issued": "2026-01-02",
         "author": [{"family": "Wells", "given": "Ida B."}, {"literal": "Amt, Wien"}],
         "page": "3-9", "language": "de-AT", "DOI": "10.1/x"},
    ),
    ("<title>Nur ein Titel</title>", {"type": "webpage", "title": "Nur ein Titel"}),
    ('<meta property="og:title" content="x" '* 50_000 + "<title>T</title>", {"type": "webpage", "title": "T"}),
    ("<script type='application/ld+json'>{" * 9_000 + "<title>T</title>", {"type": "webpage", "title": "T"}),
    (f'<script type="application/ld+json">{"[" * 9_000}</script><title>T</title>', {"type": "webpage", "title": "T"}),
    ('<script type="application/ld+json">[1, null, {"@type": "Report", "name": {"@value": "R"}, "author": 3,'
     ' "datePublished": 2020, "publisher": ["P"]}]</script>',
     {"type": "report", "title": "R", "container-title": "P"}),
    ("<title>[a](b) &lt;b&gt; # : - 'x' \"y\" {{ z }}</title>",
     {"type": "webpage", "title": r"""[a](b) <b> # : - 'x' "y" {{ z }}"""}),
]  # fmt: skip


@pytest.mark.parametrize(("page", "said"), PAGES)
def test_a_page_says_itself_what_it_is(net: Net, page: str, said: dict[str, Any]) -> None:
    url = net.at("/a?b=1&c=ä", page)
    net.answers["/a?b=1&c=%C3%A4"] = net.answers["/a?b=1&c=ä"]
    assert fetched.fetched(url, "2026-11-30", fetched.PUBLIC) == {**said, "URL": url, "accessed": "2026-11-30"}


@pytest.mark.parametrize("page", [page for page, _ in PAGES])
def test_what_is_written_is_read_without_a_fault_and_says_the_same(net: Net, content: Path, page: str) -> None:
    url = net.at("/a", page)
    assert run(content, "add", url, "--article", "mieten", "--yes") is Status.DONE
    sources, found = looked_at(folders_in(content.parent))
    assert [one for one in found if one.code not in ("source-unused", "id-implicit")] == []
    (source,) = sources.values()
    assert source.csl["title"] == fetched.fetched(url, "2026-11-30", fetched.PUBLIC)["title"]


REFUSED: list[tuple[str, Answer, Status, str]] = [
    ("add", (404, {}, b""), Status.USAGE, "404 Not Found"),
    ("add", (500, {}, b""), Status.USAGE, "500 Internal Server Error"),
    ("add", (200, {"Content-Type": "application/pdf"}, b"%PDF"), Status.USAGE, "that is no page but a PDF"),
    ("add", (200, {"Content-Type": "image/png"}, b"x"), Status.USAGE, "that is no page but a picture"),
    ("add", (200, {}, b"x"), Status.USAGE, "that is no page but"),
    ("add", (200, HTML, b"<p>no title"), Status.USAGE, "names no title"),
    ("add", (200, HTML, b"x" * (fetched.LARGEST_PAGE + 1)), Status.USAGE, "more than 4,000,000 bytes"),
    ("add", (302, {"Location": "/page"}, b""), Status.USAGE, "leads on more than 8 times"),
    ("add", (302, {"Location": "file:///etc/passwd"}, b""), Status.USAGE, "no address of the web"),
    ("add", (302, {"Location": "http://10.0.0.1/"}, b""), Status.USAGE, "a private network"),
    ("add", (302, {"Location": "http://127.0.0.1:1/"}, b""), Status.REFUSED, "no connection"),
    ("add", (200, {**HTML, "Content-Length": "9"}, b"<"), Status.REFUSED, "the answer breaks off"),
    ("archive", (404, {}, b""), Status.USAGE, "404 Not Found"),
]


@pytest.mark.parametrize(("what", "answer", "status", "said"), REFUSED)
def test_a_refusal_says_why_and_writes_nothing(
    net: Net, content: Path, what: str, answer: Answer, status: Status, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    net.answers["/page"] = answer
    url = f"{net.root}page"
    (content / "sources.yaml").write_text(f"sources:\n- {{id: roe, type: webpage, URL: {net.root}other}}\n")
    before = (content / "sources.yaml").read_bytes()
    assert run(content, what, url if what == "add" else "roe", "--yes") is status
    assert said in capsys.readouterr().err
    assert (content / "sources.yaml").read_bytes() == before


def test_a_server_that_says_nothing_is_not_waited_for(
    net: Net, content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fetched, "PUBLIC", Services(patience=0.2, loopback=True))
    net.answers["/page"] = 0, {}, b""
    assert run(content, "add", f"{net.root}page", "--yes") is Status.REFUSED
    assert "no answer within 0.2 seconds" in capsys.readouterr().err


@pytest.mark.parametrize("body", ["", "[]", "null", "<html>", '{"title": {}}', "[" * 50_000, '{"author": "x"}'])
def test_a_registrar_that_describes_nothing_is_told_of(
    net: Net, content: Path, body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    net.at("/doi/10.1000/abc", body, headers=JSON)
    assert run(content, "add", "10.1000/abc", "--yes") is Status.USAGE
    assert "whoever registers the DOI 10.1000/abc" in capsys.readouterr().err
    assert not (content / "sources.yaml").exists()


DESCRIBED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"issued": {"date-parts": [[2020, 1], [2020, 3]]}}, {"issued": "2020-01/2020-03"}),
    ({"issued": {"date-parts": [[-44]]}}, {"issued": {"date-parts": [[-44]]}}),
    ({"issued": {"date-parts": [[1500]], "circa": True}}, {"issued": {"circa": True, "date-parts": [[1500]]}}),
    ({"type": "foo", "language": "english", "URL": "javascript:1", "DOI": "10.9/other"}, {"language": "en"}),
    ({"title": "a\n b", "id": "x", "custom": {"checked": "original"}}, {"title": "a b"}),
    ({"ISBN": ["1", "2"], "container-title": ["a", "b"]}, {"ISBN": "1, 2", "container-title": "a"}),
]


@pytest.mark.parametrize(("item", "written"), DESCRIBED)
def test_what_a_registrar_says_is_taken_as_exports_are(
    net: Net, item: dict[str, Any], written: dict[str, Any]
) -> None:
    net.at("/doi/10.1000/abc", json.dumps({"title": "x", **item}), headers=JSON)
    entry = fetched.fetched("10.1000/abc", "2026-11-30", fetched.PUBLIC)
    assert entry == {"type": "document", "title": "x", **written, "DOI": "10.1000/abc"}


def test_of_thousands_of_authors_the_first_are_written(net: Net) -> None:
    authors = [{"family": f"A{at}", "given": "B"} for at in range(6_000)]
    net.at("/doi/10.1000/abc", json.dumps({"title": "x", "author": authors}), headers=JSON)
    people = fetched.fetched("10.1000/abc", "2026-11-30", fetched.PUBLIC)["author"]
    assert people == [*authors[: fetched.MOST_NAMES], {"literal": "others"}]


@pytest.mark.usefixtures("net")
def test_a_doi_that_nobody_registered_is_named(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(content, "add", "10.1000/nothing", "--yes") is Status.USAGE
    assert "nothing is registered as the DOI 10.1000/nothing (404)" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["", "roe", "ftp://a.example/", "http://", "10.1", "javascript:alert(1)"])
def test_what_is_no_address_is_a_mistake_of_the_command_line(content: Path, words: str) -> None:
    assert run(content, "add", words) is Status.USAGE


DECEPTIVE = "http://u:p@other.example/"
HOSTILE = [
    *({key: words} for key in ("title", "publisher", "ISBN") for words in (DECEPTIVE, "a\u202eb", "a\u2066b")),
    *({"author": [{"family": "Roe", "given": words}]} for words in (DECEPTIVE, "a\u202eb", "\u202e")),
    *({"issued": {"literal": words}} for words in (DECEPTIVE, "a\u202e")),
]


@pytest.mark.parametrize("item", HOSTILE)
def test_what_is_written_is_nothing_that_check_would_speak_of(
    net: Net, content: Path, item: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Directional controls are left out; an address in a text that leads elsewhere than it seems is for a person."""
    net.at("/doi/10.1000/abc", json.dumps({"title": "x", **item}), headers=JSON)
    is_refused = DECEPTIVE in str(item)
    before = (content / "mieten" / "sources.yaml").read_bytes()
    status = run(content, "add", "10.1000/abc", "--article", "mieten", "--yes")
    assert status is (Status.FAULTS if is_refused else Status.DONE)
    assert ("this address leads to 'other.example'" in capsys.readouterr().err) is is_refused
    assert ((content / "mieten" / "sources.yaml").read_bytes() == before) is is_refused
    _, found = looked_at(folders_in(content.parent))
    assert [one for one in found if one.code not in ("source-unused", "id-implicit")] == []


@pytest.mark.parametrize("canonical", ["http://u:p@127.0.0.1/", "http://127.0.0.1/\u202ea", "//other.example/"])
def test_a_page_that_names_a_deceptive_address_keeps_the_one_that_was_given(net: Net, canonical: str) -> None:
    url = net.at("/a", f"<title>T</title><link rel=canonical href='{canonical}'>")
    assert fetched.fetched(url, "2026-11-30", fetched.PUBLIC)["URL"] == url


def test_a_doi_may_have_brackets_of_any_kind(net: Net) -> None:
    name = "10.1000/(SICI)1(2020)43:4<338::AID-A1>3.0.CO;2-[B]"
    net.at(f"/doi/{quote(name, safe='/:;()')}", json.dumps({"title": "x"}), headers=JSON)
    assert fetched.fetched(name, "2026-11-30", fetched.PUBLIC)["DOI"] == name


@pytest.mark.parametrize("what", ["add", "archive"])
def test_nobody_is_asked_with_a_password(
    net: Net, content: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = net.at("/a", "<title>T</title>").replace("//", "//user:secret@")
    sources = content / "sources.yaml"
    sources.write_text(f"sources:\n- {{id: roe, type: webpage, URL: '{url}'}}\n" if what == "archive" else "")
    before = sources.read_bytes()
    assert run(content, what, url if what == "add" else "roe", "--yes") is Status.USAGE
    assert "is a name to sign in with. Leave out 'user:secret@'." in capsys.readouterr().err
    assert net.asked == []
    assert sources.read_bytes() == before


# ---- archived copies ----


def closest(stamp: str) -> str:
    found = {"available": True, "status": "200", "timestamp": stamp, "url": "http://web.archive.org/x"}
    return json.dumps({"archived_snapshots": {"closest": found} if stamp else {}})


URL = "https://a.example/x?y=1"
ASKED = "/available?url=https%3A%2F%2Fa.example%2Fx%3Fy%3D1&timestamp=20260301"
SOURCE = f"sources:\n# mine\n- id: roe\n  type: webpage   # of theirs\n  URL: {URL}\n  accessed: 2026-03-01\n"


def test_a_copy_from_about_the_day_of_reading_is_taken(net: Net, content: Path) -> None:
    net.at(ASKED, closest("20260315101112"), headers=JSON)
    (content / "sources.yaml").write_text(SOURCE)
    assert run(content, "archive", "roe", "--yes") is Status.DONE
    copy = f"  custom:\n    archive-url: {net.root}web/20260315101112/{URL}\n    archive-date: 2026-03-15\n"
    assert (content / "sources.yaml").read_text() == SOURCE + copy
    assert [path for path, _ in net.asked] == [ASKED]


@pytest.mark.parametrize("known", ["", "20190101000000", "20261301000000"])
@pytest.mark.parametrize("header", ["Content-Location", "Location"])
def test_where_there_is_none_one_is_made(net: Net, content: Path, known: str, header: str) -> None:
    net.at(ASKED, closest(known), headers=JSON)
    place = {header: f"/web/20261130010203/{URL}"}
    net.at(f"/save/{URL}", "", 302 if header == "Location" else 200, place)
    net.at(f"/web/20261130010203/{URL}", "the copy" * 1_000)
    (content / "sources.yaml").write_text(SOURCE + "  custom: {checked: original, archive-date: 2020}\n")
    assert run(content, "archive", "roe", "--yes") is Status.DONE
    text = (content / "sources.yaml").read_text()
    assert text.startswith(SOURCE)
    assert yaml.safe_load(text)["sources"][0]["custom"] == {
        "checked": "original",
        "archive-date": date(2026, 11, 30),
        "archive-url": f"{net.root}web/20261130010203/{URL}",
    }


def test_an_archive_that_does_not_say_where_its_copy_is_is_told_of(
    net: Net, content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net.at(ASKED, "<html>", headers=HTML)
    net.at(f"/save/{URL}", "please wait")
    (content / "sources.yaml").write_text(SOURCE)
    assert run(content, "archive", "roe", "--yes") is Status.USAGE
    assert "does not say where its copy is" in capsys.readouterr().err


Files = dict[str, str | bytes]
CASES: list[tuple[Files, tuple[str, ...], str, str]] = [
    ({"mieten/sources.yaml": SOURCE}, ("roe",), "mieten/sources.yaml", ""),
    ({"sources.yaml": SOURCE}, ("roe", "--article", "mieten"), "sources.yaml", ""),
    ({"mieten/sources.yaml": SOURCE.replace("sources:", "references:")}, ("roe",), "mieten/sources.yaml", ""),
    (
        {"mieten/sources.yaml": SOURCE, "wohnen/sources.yaml": SOURCE},
        ("roe",),
        "",
        "mieten, wohnen have a source 'roe'",
    ),
    ({"mieten/sources.yaml": SOURCE}, ("row",), "", "there is no source 'row'; did you mean 'roe'?"),
    ({"mieten/sources.yaml": "sources:\n- {id: roe, type: book}\n"}, ("roe",), "", "has no address"),
    ({"z.json": json.dumps([{"id": "roe", "URL": URL, "accessed": "2026-03-01"}])}, ("roe",), "sources.yaml", ""),
    (
        {"z.json": json.dumps([{"id": "roe", "URL": URL, "accessed": "2026-03-01"}])},
        ("roe", "--article", "mieten"),
        "mieten/sources.yaml",
        "",
    ),
    ({"sources.yaml": "sources: [\n"}, ("roe",), "", "there is no source"),
]


@pytest.mark.parametrize(("files", "words", "path", "said"), CASES)
def test_the_entry_is_found_where_it_stands(
    net: Net,
    tmp_path: Path,
    files: Files,
    words: tuple[str, ...],
    path: str,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    net.at(ASKED, closest("20260315101112"), headers=JSON)
    settings = f"{SETTINGS}bibliography: z.json\n"
    content = written(
        tmp_path, {"site.yaml": settings, "z.json": "[]", "wohnen/article.md": ARTICLE, **files}
    ).content
    before = _everything(content)
    assert run(content, "archive", *words, "--yes") is (Status.USAGE if said else Status.DONE)
    changed = {name for name, raw in _everything(content).items() if before.get(name) != raw}
    assert changed == ({path} if path else set())
    assert said in capsys.readouterr().err
    if path:
        assert "archive-date: 2026-03-15" in (content / path).read_text()


def _everything(content: Path) -> dict[str, bytes]:
    return {each.relative_to(content).as_posix(): each.read_bytes() for each in content.rglob("*") if each.is_file()}


def test_nothing_is_ever_asked_but_by_these_two_and_check_links() -> None:
    package = Path(commands.__file__).parent
    asking = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            within = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            if {within + name for name in names} & {"randnotiz.web", "http.client", "urllib.request", "ssl"}:
                asking.add(path.relative_to(package).as_posix())
    assert asking == {"commands.py", "editing/fetched.py", "links.py", "web.py"}
