"""The real site built for a folder of its host, and every link in it followed."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
BASE = "https://name.github.io/randnotiz/"
LOADS = {
    "img": "src",
    "script": "src",
    "source": "src",
    "iframe": "src",
    "object": "data",
    "audio": "src",
    "video": "src",
}
LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch", "manifest"}
REFRESH = re.compile(r"\d+; *url=(.*)")


@dataclass
class Read(HTMLParser):
    """What a page names: the ids in it, where its links lead, what it loads, and what it says of itself."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    itself: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.style = tag == "style"
        self.ids |= {given["id"]} if "id" in given else set()
        self.styles += [given["style"]] if "style" in given else []
        if tag in ("a", "area") and "href" in given:
            self.links.append(given["href"])
        if tag in LOADS and LOADS[tag] in given:
            self.loads.append(given[LOADS[tag]])
        assert "srcset" not in given
        if tag == "link":
            loading = LOADING_LINKS & set(given["rel"].split())
            (self.loads if loading else self.itself).append(given["href"])
        if tag == "meta" and given.get("property") in ("og:url", "og:image"):
            self.itself.append(given["content"])
        if tag == "meta" and (found := REFRESH.fullmatch(given.get("content", ""))):
            self.links.append(found[1])

    def handle_endtag(self, tag: str) -> None:
        self.style = self.style and tag != "style"

    def handle_data(self, data: str) -> None:
        if self.style:
            self.styles.append(data)


@cache
def read(path: Path) -> Read:
    found = Read()
    found.feed(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawl") / "site"
    options = ("--output", str(folder), "--base-url", BASE.rstrip("/"))
    built = subprocess.run([sys.executable, ROOT / "build.py", "build", *options], capture_output=True, check=False)
    assert built.returncode == 0, built.stderr.decode()
    return folder


def pages(site: Path) -> Iterator[tuple[str, Read]]:
    """Every page by the address at which it is published."""
    for path in sorted(site.rglob("*.html")):
        yield BASE + path.relative_to(site).as_posix(), read(path)


def missing(site: Path, address: str) -> str:
    """What is not there of an address of the site: its file, or its place in it; "" if all is."""
    whole, fragment = urldefrag(address)
    path = site / unquote(whole.removeprefix(BASE))
    if whole.endswith("/"):
        path /= "index.html"
    if not path.is_file():
        return f"no file for {whole}"
    if fragment and path.suffix == ".html" and unquote(fragment) not in read(path).ids:
        return f"no place #{fragment} in {whole}"
    return ""


def test_every_link_leads_to_a_file_and_a_place_in_it(site: Path) -> None:
    broken = set()
    followed = 0
    for address, page in pages(site):
        for link in page.links + page.loads + page.itself:
            target = urljoin(address, link)
            if target.startswith(BASE):
                followed += 1
                broken |= {f"{address}: {lost}" for lost in [missing(site, target)] if lost}
            else:
                assert urlsplit(target).scheme in ("https", "http", "mailto", "data"), (address, link)
                assert not target.startswith("https://name.github.io/"), f"{address} leaves the site's folder: {link}"
    assert not broken
    assert followed > 1000


def test_pages_of_a_site_lead_to_each_other_wherever_they_stand(site: Path) -> None:
    """A link between pages is relative and names its file, so that it works from a disk as well."""
    for address, page in pages(site):
        if address.endswith(("404.html", "single.html")):
            continue
        for link in page.links + page.loads:
            parts = urlsplit(link)
            assert not link.startswith("/"), (address, link)
            assert parts.scheme or not parts.path.endswith("/"), (address, link)


@pytest.mark.parametrize("name", ["404.html", "single.html"])
def test_a_page_that_may_stand_anywhere_names_whole_addresses(site: Path, name: str) -> None:
    found = [(path, read(path)) for path in site.rglob(name)]
    assert found
    for path, page in found:
        for link in page.links + page.loads:
            assert link.startswith(("#", "http", "mailto:", "data:")), (path, link)


def test_no_page_loads_anything_from_another_host(site: Path) -> None:
    for address, page in pages(site):
        for load in page.loads:
            assert urljoin(address, load).startswith((BASE, "data:")), (address, load)
        for style in page.styles:
            assert not re.search(r"@import|url\(", style), address
    for path in site.rglob("*"):
        if path.suffix in (".css", ".js", ".svg") and path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"@import|url\((?!['\"]?#)", text), path
            if path.suffix == ".svg":
                assert not re.search(r"(?:href|src)\s*=\s*['\"](?!#)", text), path


def test_what_pages_say_of_themselves_is_true_of_the_folder_they_are_published_in(site: Path) -> None:
    for address, page in pages(site):
        for named in page.itself:
            whole = urljoin(address, named)
            assert whole.startswith(BASE), (address, named)
            assert not missing(site, whole), (address, named)


@pytest.mark.parametrize("name", ["feed.xml", "sitemap.xml", "robots.txt"])
def test_what_lists_pages_names_them_where_they_are(site: Path, name: str) -> None:
    text = (site / name).read_text(encoding="utf-8")
    named = re.findall(r"https://name\.github\.io/[^\s<\"&]*", text)
    assert named
    assert not [lost for lost in (missing(site, address) for address in named) if lost]


def test_metadata_in_json_names_pages_where_they_are(site: Path) -> None:
    for path in [*site.rglob("*.html"), *site.rglob("*.json*")]:
        for address in re.findall(r'"(https://name\.github\.io/[^"\s\\]*)\\?"', path.read_text(encoding="utf-8")):
            whole, fragment = urldefrag(address)
            lost = missing(site, whole if fragment == "review" else address)  # the name of a review, not of a place
            assert not lost, (path, lost)
