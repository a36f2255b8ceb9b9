"""Sidecar files: the names that a build writes, or might write, beside an article's page and in the site's folder."""

import re
import unicodedata

# In an article's folder (docs/format.md, section 10); anything below the folders is the build's.
ARTICLE_FILES = (
    *("index.html", "single.html", "annotations.jsonld", "hypothesis.json", "sources.json", "sources.bib"),
    *("figures.json", "share.png"),
)
ARTICLE_FOLDERS = ("claims", "charts")

# In the site's folder, where everything else is an article's.
SITE_FILES = ("index.html", "404.html", "feed.xml", "sitemap.xml", "robots.txt", "_headers")
SITE_FOLDERS = ("assets", "sources", "claims", "pages", "search")

_PAGE = re.compile(
    r"(?:index|404)\.html|[^/]+/(?:index|single)\.html|(?:sources|pages)/[^/]+/index\.html|[^/]+/claims/[^/]+/index\.html"
)


def is_page(path: str) -> bool:
    """Whether a path below the site's folder is one at which a build writes a page."""
    return _PAGE.fullmatch(path) is not None


def is_taken(path: str) -> bool:
    """Whether a path below the site's folder is one at which a build writes, or might write, a file or a folder.

    Names are the same for one disk that differ for another: in case and composition, and in blanks and dots at their
    ends. What a server may send in place of a file has one more ending than this (`index.html.gz`).
    """
    top, below = (_folded(part) for part in (*path.split("/", 2), "")[:2])
    return _is_one_of(top, (*SITE_FILES, *SITE_FOLDERS)) or _is_one_of(below, (*ARTICLE_FILES, *ARTICLE_FOLDERS))


def _is_one_of(name: str, names: tuple[str, ...]) -> bool:
    return name in names or name.startswith(tuple(f"{each}." for each in names))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip(" .")
