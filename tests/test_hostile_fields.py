"""Every text that a file may hold, as its schema lists them, holds what somebody hopes will run; nothing does.

A payload stands in a field if the article then has no fault; all that does are built into one site, of which a
browser opens every file: as a page and alone, from a server that sends no policy of its own, and from the disk.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from msgspec.structs import replace
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page

from randnotiz import analysis, reader, site
from randnotiz.exports.raster import FACES
from randnotiz.site import BuildOptions, building
from tests import test_every_field
from tests.places import folders_in

Way = tuple[str | int, ...]
Files = Mapping[str, Any]

# What somebody sends who hopes that a page, a picture, a feed, a table or JSON lets it through.
PAYLOADS = (
    "</script><script>window.hostile=1</script>",
    '"><img src=x onerror=window.hostile=1>',
    "' autofocus onfocus='window.hostile=1' x='",
    "--><svg onload=window.hostile=1></svg><!- -",
    "]]><script xmlns='http://www.w3.org/1999/xhtml'>window.hostile=1</script><![CDATA[",
    "</style><style>@import 'https://boese.example/x.css'</style>",
    "</title></textarea></noscript><iframe src=//boese.example/></iframe>",
    "<meta http-equiv=refresh content='0;url=https://boese.example/'>",
    "<base href=https://boese.example/><link rel=stylesheet href=x.css>",
    "[x](javascript:window.hostile=1) [y](data:text/html,<script>alert(1)</script>)",
    "url(https://boese.example/x) ;background:url('https://boese.example/y')",
    "<?xml-stylesheet href='https://boese.example/x.xsl'?>",
    "&lt;script&gt;window.hostile=1&lt;/script&gt;&#60;img src=x onerror=alert(1)&#62;",
    '\\"};window.hostile=1;//\\u003cscript\\u003ewindow.hostile=1\\u003c/script\\u003e',
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "@import 'https://boese.example/x.css';}</style><svg/onload=window.hostile=1>",
    "${window.hostile=1}<%=window.hostile=1%>#{window.hostile=1}{%x%}",
    "$\\href{javascript:window.hostile=1}{x}$ `<img src=x onerror=alert(1)>`",
)
ADDRESS = "https://stadt.example/?a='onclick='window.hostile=1&b=`${alert(1)}`#javascript:alert(1)"
ROUNDS = 2  # in the usual run; so many as there are payloads bring each to every field

# Fields that hold no words of their own, so that a payload is refused there: names of other things, quotations, ...
REFUSING = frozenset(
    """
    about accent after appeared_in assumed column covered csv dark exact favicon field file formula from id ink light
    logo margin mark miete paper prefix quote same-origin-as same_claim_as size sources src style suffix to type unit
    url verdict weight
    """.split()  # noqa: SIM905 - a list of words reads better than a list of strings
)
# What a browser shows by itself when it is opened alone; anything else it offers to save.
ALONE = frozenset((".html", ".svg", ".csv", ".xml", ".txt", ".json", ".jsonld", ".bib", ".yaml", ".md", ".ris"))

SCHEMA_OF = {
    "site.yaml": "site",
    "mieten/article.md": "article",
    "mieten/sources.yaml": "sources",
    "mieten/counterclaims.yaml": "counterclaims",
    "mieten/figures.yaml": "figures",
    "mieten/charts.yaml": "charts",
    "mieten/notes.yaml": "notes",
    "pages/impressum.md": "page",
}
SCHEMAS = reader.json_schemas()
LOOK = {
    "colours": {"accent": {"light": "#a3122a", "dark": "#f3a0a8"}},
    "text": {"family": "Hausschrift", "files": [{"file": "haus.ttf", "weight": "400", "style": "normal"}]},
    "measures": {"size": "110%", "column": "34rem", "margin": "20rem"},
    "logo": {"light": "logo.svg", "dark": "logo.svg", "favicon": "logo.svg"},
    "style": "haus.css",
    "header": {"de": [{"text": "Zur Zeitung", "url": "https://haus.example/"}]},
    "footer": {"de": ["Impressum", {"text": "Fehler?", "url": "https://haus.example/"}]},
    "social": ["https://social.example/@haus"],
    "fediverse": "@haus@social.example",
}
STATIC = {
    "haus.ttf": (resources.files(FACES[0]) / "files" / FACES[1][0]).read_bytes(),
    "haus.css": b"body { hyphens: none; }",
    "logo.svg": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>',
}


def folders(root: Path) -> site.SitePaths:
    """The folders of a site below `root`, with the files of its look."""
    found = replace(folders_in(root), static=root / "static")
    found.static.mkdir(exist_ok=True)
    for name, content in STATIC.items():
        (found.static / name).write_bytes(content)
    return found


def base(content: Path) -> tuple[Files, Mapping[str, str]]:
    """The files in which every field is to stand, as data; and the words below the front matter of those that have
    one.
    """
    test_every_field.write(content)
    data, bodies = {}, {}
    for name in SCHEMA_OF:
        text = (content / name).read_text(encoding="utf-8")
        if name.endswith(".md"):
            _, text, bodies[name] = text.split("---\n", 2)
        data[name] = json.loads(json.dumps(yaml.safe_load(text), default=str))
    chart = data["mieten/charts.yaml"]["charts"][0]
    chart["vega-lite"] |= {"title": {"text": "T", "subtitle": "S"}, "description": "D"}
    chart["vega-lite"]["encoding"]["x"] |= {"title": "X"}
    data["mieten/sources.yaml"]["sources"][0] |= {"author": [{"family": "F", "given": "G"}], "custom": {}}
    data["mieten/counterclaims.yaml"]["counterclaims"][0]["by"] = {"name": "STIMME"}
    data["mieten/counterclaims.yaml"]["counterclaims"][0]["quote"] = {"exact": "Die Mieten", "suffix": " stiegen"}
    data["mieten/figures.yaml"]["figures"]["rise"]["stated"] = {"low": 9, "high": 16, "unit": "%"}
    data["site.yaml"]["theme"] = LOOK
    data["site.yaml"]["feed"] = {"text": "full"}
    data["mieten/notes.yaml"]["notes"].append(
        {"id": "bis", "kind": "context", "note": "N", "quote": {"from": "Ein Zweitverweis", "to": "ein anderer"}}
    )
    return data, bodies


def kinds(node: Mapping[str, Any], definitions: Mapping[str, Any], reached: set[str]) -> Iterator[Mapping[str, Any]]:
    """The forms that a part of a schema allows."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        reached.add(name)
        yield from kinds(definitions[name], definitions, reached)
    elif "anyOf" in node and "properties" not in node:
        for each in node["anyOf"]:
            yield from kinds(each, definitions, reached)
    else:
        yield node


def payload_of(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> str | None:
    """`any` for a part that may be any text, `address` for one of the web, else None."""
    for kind in kinds(node, definitions, set()):
        if "string" in kind.get("type", ()) and "enum" not in kind:
            pattern = kind.get("pattern", "")
            return "address" if pattern.startswith("^https?:") else None if pattern else "any"
    return None


def inner_parts(kind: Mapping[str, Any], value: Any) -> Iterator[tuple[Any, Mapping[str, Any], bool]]:
    """What a form allows below a value: the name, its part of the schema, and whether the value has it."""
    if isinstance(value, list) and "items" in kind:
        yield from ((index, kind["items"], True) for index, _ in enumerate(value))
    if not isinstance(value, dict):
        return
    known = kind.get("properties", {})
    yield from ((name, inner, name in value) for name, inner in known.items())
    others = [*kind.get("patternProperties", {}).values(), kind.get("additionalProperties")]
    others = [each for each in others if isinstance(each, dict)]
    if kind.get("type") == "object" and not known and not others:
        others = [{"anyOf": [{"type": ["string"]}, {"type": "object"}]}]  # open: a row, a specification
    yield from ((name, inner, True) for name in value if name not in known for inner in others)


def texts(
    node: Mapping[str, Any], definitions: Mapping[str, Any], value: Any, reached: set[str], way: Way = ()
) -> Iterator[tuple[Way, str]]:
    """The way to each text of a file, also where it is not there yet, and what its payload is."""
    if not isinstance(value, dict | list):
        if what := payload_of(node, definitions):
            yield way, what
        return
    for kind in kinds(node, definitions, reached if isinstance(value, dict) else set()):
        for name, inner, is_there in inner_parts(kind, value):
            below = value[name] if is_there else None
            if is_there or payload_of(inner, definitions):
                yield from texts(inner, definitions, below, reached, (*way, name))


def planted(files: Files, file: str, way: Way, words: str) -> dict[str, Any]:
    """The files with a text in one place of one of them."""
    changed = {**files, file: copy.deepcopy(files[file])}
    place = changed[file]
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = words
    return changed


def written(name: str, data: Any, bodies: Mapping[str, str], more: str = "") -> bytes:
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return (f"---\n{text}\n---\n{bodies[name]}{more}" if name in bodies else text).encode()


class Desk:
    """The base on the disk, and what is said of it with other texts."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self.files, self.bodies = base(content)
        for name, data in self.files.items():
            (content / name).write_bytes(written(name, data, self.bodies))
        self.context, _ = analysis.read_context(content, drafts=True)
        self.others, _ = reader.load_folder(content, "mieten")
        self.reached: set[str] = set()
        self.places: list[tuple[str, Way, str]] = []
        for name, kind in SCHEMA_OF.items():
            definitions = SCHEMAS[kind].get("definitions", {})
            found = dict(texts(SCHEMAS[kind], definitions, self.files[name], self.reached))
            self.places += [(name, way, what) for way, what in found.items()]

    def is_good(self, name: str, files: Files, more: str = "") -> bool:
        """Whether the article, page or settings of a file would have no fault."""
        raw = written(name, files[name], self.bodies, more)
        if name == "site.yaml":
            (self.content / name).write_bytes(raw)
            faults = site.read_site(folders(self.content.parent), BuildOptions())[-1]
            return not any(one.severity == "error" for one in faults)
        if name.startswith("pages/"):
            return not any(one.severity == "error" for one in reader.read_page(name, raw, self.context.settings)[1])
        article = dict(self.others) | {name.removeprefix("mieten/"): raw}
        faults = analysis.analyse("mieten", dict(sorted(article.items())), self.context)[1]
        return not any(one.severity == "error" for one in faults)

    def with_payloads(self, start: int) -> tuple[Files, str, set[tuple[str, Way]]]:
        """The files with a payload in every place that takes one, another in each; what stands in the text; and the
        places that took none.
        """
        files, refused = self.files, set()
        for number, (name, way, what) in enumerate(self.places):
            words = ADDRESS if what == "address" else PAYLOADS[(start + number) % len(PAYLOADS)]
            more = planted(files, name, way, words)
            if self.is_good(name, planted(self.files, name, way, words)):
                files = more
            else:
                refused.add((name, way))
        body = "".join(
            f"\n{words}\n" for words in PAYLOADS if self.is_good("mieten/article.md", self.files, f"\n{words}\n")
        )
        return files, body, refused


class Tab:
    """A page of a browser that notes whatever runs, is asked for elsewhere, or breaks the policy."""

    def __init__(self, browser: Browser) -> None:
        self.page: Page = browser.new_page()
        self.inside: tuple[str, ...] = ()
        self.seen: list[str] = []
        self.page.on("request", lambda one: self._asked(one.url))
        self.page.on("console", self._noted)
        self.page.on("dialog", self._dismissed)
        self.page.on("pageerror", lambda error: self.seen.append(str(error)))
        self.page.context.route("https://**", lambda route: route.abort())
        self.page.context.route("http://boese.example/**", lambda route: route.abort())

    def _noted(self, one: ConsoleMessage) -> None:
        if one.type in ("error", "warning"):
            self.seen.append(one.text)

    def _dismissed(self, one: Dialog) -> None:
        self.seen.append(f"a dialog: {one.message}")
        one.dismiss()

    def _asked(self, url: str) -> None:
        if not url.startswith((*self.inside, "data:", "blob:")):
            self.seen.append(f"asked for {url}")

    def open(self, url: str, *inside: str) -> list[str]:
        """What was noted of an address; all else of the site begins with one of `inside`.

        A browser may ask for a page's icon when the next page is being opened: all addresses of the site are named.
        """
        self.inside = inside
        self.seen.clear()
        try:
            self.page.goto(url)
        except Error as error:
            if "Download is starting" not in str(error) and "ERR_ABORTED" not in str(error):
                raise
            return list(self.seen)
        self.page.evaluate("document.querySelectorAll?.('details').forEach(one => one.open = true)")
        self.page.evaluate("document.querySelectorAll?.('[autofocus],[tabindex]').forEach(one => one.focus?.())")
        if self.page.evaluate("window.hostile") is not None:
            self.seen.append("a script ran")
        return list(self.seen)


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("fields") / "content")


def test_the_base_has_each_record_and_no_fault(desk: Desk) -> None:
    missing = {name for kind in SCHEMA_OF.values() for name in SCHEMAS[kind].get("definitions", {})} - desk.reached
    assert missing == set(), "a record of the schema stands in no file of `base`; its fields would hold no payload"
    assert set(SCHEMA_OF.values()) == SCHEMAS.keys() - {"shared-sources"}
    assert all(desk.is_good(name, desk.files) for name in SCHEMA_OF)


@pytest.mark.slow
@pytest.mark.browser
def test_no_field_brings_anything_to_run_or_to_be_asked_for(
    browser: Browser, desk: Desk, tmp_path: Path, long: bool
) -> None:
    tab = Tab(browser)
    hosts: tuple[str, ...] = ()  # of all rounds: the icon of the last page of one may be asked for in the next
    for start in range(len(PAYLOADS) if long else ROUNDS):
        files, body, refused = desk.with_payloads(start * (1 if long else len(PAYLOADS) // ROUNDS))
        assert {next(step for step in reversed(way) if isinstance(step, str)) for _, way in refused} <= REFUSING
        root = tmp_path / str(start)
        test_every_field.write(root / "content")
        for name, data in files.items():
            more = body if name == "mieten/article.md" else ""
            (root / "content" / name).write_bytes(written(name, data, desk.bodies, more))
        output = root / "site"
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(output)))
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        try:
            outcome = building.build(folders(root), BuildOptions(drafts=True, base_url=address))
            assert not outcome.stopped, outcome.diagnostics
            paths = sorted(path for path in output.rglob("*") if path.suffix in ALONE)
            assert {".html", ".svg", ".csv", ".xml", ".txt", ".json"} <= {path.suffix for path in paths}
            for path in output.rglob("*.csv"):
                assert not re.search(r'(?:^|,)"?\s*[=@+]', path.read_text(encoding="utf-8"), re.MULTILINE), path
            here = (address, f"{output.as_uri()}/")
            hosts += here
            found = {
                url: seen
                for path in paths
                for host in here
                if path.name != "404.html" or host == address  # its addresses are a server's
                if (seen := tab.open(url := host + path.relative_to(output).as_posix(), *hosts))
            }
            assert found == {}
        finally:
            server.shutdown()
            server.server_close()
    tab.page.close()
