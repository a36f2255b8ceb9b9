"""Sidecar files: what a build writes beside an article's page, and the names that it takes in the site's folder."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple


class Sidecar(NamedTuple):
    """A kind of file in an article's folder. `path` has a `*` for the id of a chart or a claim.

    `message` is the word that offers it to readers, "" for what is offered elsewhere; `alternate` is what the page's
    head names as another form of it (HTML, rel=alternate); `open` is what programs on other sites may fetch (CORS);
    `parameters` stand behind the media type in its header alone. A site may do without those that are `optional`.
    """

    path: str
    media_type: str
    message: str = ""
    alternate: bool = False
    open: bool = False
    parameters: str = ""
    optional: bool = False

    @property
    def name(self) -> str:
        """What documents and settings call it: its path with the id in angle brackets."""
        return self.path.replace("*", "<id>")

    def is_left_out(self, names: Collection[str]) -> bool:
        """Whether it is among the files of these names, or only there for one of them."""
        return self.name.replace("oembed.json", "embed.html") in names


SIDECARS = (
    Sidecar("index.html", "text/html"),
    Sidecar("single.html", "text/html", "download-single", optional=True),
    Sidecar(
        "annotations.jsonld",
        'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
        "download-annotations",
        alternate=True,
        open=True,
        optional=True,
    ),
    Sidecar("hypothesis.json", "application/json", "download-hypothesis", open=True, optional=True),
    Sidecar(
        "sources.json",
        "application/vnd.citationstyles.csl+json",
        "download-csl",
        alternate=True,
        open=True,
        optional=True,
    ),
    Sidecar("sources.bib", "application/x-bibtex", "download-bibtex", True, True, "; charset=utf-8", optional=True),
    Sidecar("figures.json", "application/json", "download-figures", alternate=True, open=True, optional=True),
    Sidecar("search.js", "text/javascript"),
    Sidecar("search/*.js", "text/javascript"),
    Sidecar("charts/datapackage.json", "application/json", "download-tables", open=True, optional=True),
    Sidecar("charts/*.csv", "text/csv", open=True, parameters="; charset=utf-8; header=present"),
    Sidecar("charts/*.svg", "image/svg+xml"),
    Sidecar("charts/*.vl.json", "application/json", open=True, optional=True),
    Sidecar("charts/*/embed.html", "text/html", optional=True),
    Sidecar("charts/*/oembed.json", "application/json", open=True),
    Sidecar("claims/*/index.html", "text/html"),
    Sidecar("claims/*/embed.html", "text/html", optional=True),
    Sidecar("claims/*/oembed.json", "application/json", open=True),
    Sidecar("claims/*/share.png", "image/png", optional=True),
    Sidecar("share.png", "image/png", optional=True),
)

OPTIONAL = tuple(sidecar.name for sidecar in SIDECARS if sidecar.optional)

# In the site's folder, where everything else is an article's.
SITE_FILES = ("index.html", "404.html", "feed.xml", "sitemap.xml", "robots.txt", "_headers", "_redirects")
SITE_FOLDERS = ("assets", "sources", "claims", "page", "pages", "search", "topics")

_TAKEN = frozenset(sidecar.path.partition("/")[0] for sidecar in SIDECARS)
_LISTS = r"(?:claims|page|pages|search|sources|topics)/(?:[^/]+/)*index\.html"
_PAGE = re.compile(
    f"{_LISTS}|"
    + "|".join(
        path.replace(".", r"\.").replace("*", "[^/]+")
        for path in (
            *("index.html", "404.html"),
            *(f"*/{sidecar.path}" for sidecar in SIDECARS if sidecar.media_type == "text/html"),
        )
    )
)


def beside(charts: Collection[str], claims: Collection[str], without: Collection[str] = ()) -> Iterator[str]:
    """The paths of an article's sidecar files, by ids of charts and judged claims, `without` those of these names."""
    ids = {"charts": charts, "claims": claims, "search": ()}
    for sidecar in SIDECARS:
        if not sidecar.is_left_out(without):
            path = sidecar.path
            yield from dict.fromkeys(path.replace("*", id) for id in ids.get(path.partition("/")[0], ("",)))


def is_page(path: str) -> bool:
    """Whether a path below the site's folder is one at which a build writes a page."""
    return _PAGE.fullmatch(path) is not None


def is_script(path: str) -> bool:
    """Whether a path below the site's folder is one at which a build writes a script beside a page."""
    below = path.partition("/")[2]
    return any(fnmatchcase(below, one.path) for one in SIDECARS if one.media_type == "text/javascript")


def is_taken(path: str) -> bool:
    """Whether a path below the site's folder is one at which a build writes, or might write, a file or a folder.

    Names are the same for one disk that differ for another: in case and composition, and in blanks and dots at their
    ends. What a server may send in place of a file has one more ending than this (`index.html.gz`).
    """
    top, below = (_folded(part) for part in (*path.split("/", 2), "")[:2])
    of_site = _is_one_of(top, (*SITE_FILES, *SITE_FOLDERS)) or top.startswith("feed.")  # of a language
    return of_site or _is_one_of(below, _TAKEN)


def _is_one_of(name: str, names: Collection[str]) -> bool:
    return name in names or name.startswith(tuple(f"{each}." for each in names))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip(" .")
