"""Where the links and pictures of a text lead: to something that is there, or to a fault."""

from collections.abc import Collection, Iterator
from posixpath import normpath

from randnotiz import markdown, reader
from randnotiz.errors import Finding, Position, did_you_mean
from randnotiz.markdown import Document, Link, Picture
from randnotiz.model import Article

# What the build itself writes beside an article's page (docs/format.md, section 10).
_TWINS = frozenset(
    {
        "index.html",
        "single.html",
        "annotations.jsonld",
        "hypothesis.json",
        "sources.json",
        "sources.bib",
        "figures.json",
        "share.png",
    }
)

# What may be published beside an article because it is linked: documents and data that a browser shows or saves, and
# that neither it nor a server would run. A picture that is linked must be one that could be shown.
_DOCUMENTS = (
    *("pdf", "txt", "md", "csv", "tsv", "json", "geojson", "gpkg", "parquet", "sqlite", "ipynb", "bib", "ris", "ics"),
    *("ods", "odt", "odp", "xls", "xlsx", "doc", "docx", "ppt", "pptx", "rtf", "epub"),
    *("zip", "gz", "xz", "7z", "tar", "mp3", "m4a", "ogg", "opus", "wav", "mp4", "webm", "vtt", "srt"),
)
_PICTURES = ("png", "jpg", "jpeg", "gif", "webp", "svg")
PUBLISHED = (*_DOCUMENTS, *_PICTURES)


class Addresses:
    """What the texts of one article lead to. `ids` are those in its page; `links` and `files` gather what was met."""

    def __init__(self, article: Article, ids: Collection[str]) -> None:
        self.article, self.ids = article, ids
        self.links: list[tuple[Position, str]] = []
        self.files: set[str] = set()
        charts = [f"charts/{chart.id}.{ending}" for chart in article.charts for ending in ("csv", "svg")]
        claims = [f"claims/{voice.id}/index.html" for voice in article.counterclaims if voice.verdict]
        self.written = {*_TWINS, *charts, *claims}

    def check(self, document: Document) -> Iterator[Finding]:
        """The faults in the links and pictures of a text; its pictures get their width and height."""
        for link in document.links:
            yield from self._link(link)
        for picture in document.pictures:
            yield from self._picture(picture)

    def _link(self, link: Link) -> Iterator[Finding]:
        href, position = link.href, link.position
        if markdown.scheme(href):
            return
        path, _, fragment = href.partition("#")
        if not href:
            yield _broken(position, "this link has no address")
        elif href.startswith("/"):
            hint = "write ../slug/ for another article, or the whole address with https:"
            yield _broken(position, f"'{href}' works on no disk and below no other address", hint)
        elif not path:
            if fragment not in self.ids:
                near = did_you_mean(fragment, self.ids)
                yield _broken(position, f"there is no place '#{fragment}' in this article{near}")
        elif path.startswith("../"):
            yield from self._elsewhere(link, path)
        else:
            yield from self._beside(position, path)

    def _elsewhere(self, link: Link, path: str) -> Iterator[Finding]:
        """A link out of the article's folder: to another article, which is checked where all are known."""
        inside = normpath(path.removeprefix("../"))
        if inside.startswith(".."):
            yield _broken(link.position, f"'{link.href}' leads out of the site")
        elif inside not in (".", "index.html") and _is_checked(inside):
            self.links.append((link.position, link.href))

    def _beside(self, position: Position, path: str) -> Iterator[Finding]:
        name = normpath(path) + ("/index.html" if path.endswith("/") else "")
        if name == "./index.html" or (name in self.written and name not in self.article.files):
            return
        if name not in self.article.files:
            near = did_you_mean(name, (*self.article.files, *self.written))
            yield _broken(position, f"there is no file '{path}' beside the article{near}")
        elif name in reader.FILES:
            yield _broken(position, f"'{name}' is read for the page, and not published itself")
        else:
            yield from self._published(name, position)

    def _published(self, name: str, position: Position) -> Iterator[Finding]:
        """A file of the author's joins those of the page, if it may."""
        ending = name.rpartition(".")[2].lower()
        content = self.article.files[name]
        if name in self.written:
            yield _taken(position, name)
        elif ending in _PICTURES and markdown.size(content) is None:
            yield Finding(position, "value-malformed", f"'{name}' {markdown.NO_PICTURE}")
        elif ending not in PUBLISHED:
            hint = f"What can be: {', '.join(sorted(PUBLISHED))}; put anything else into a .zip file."
            yield _broken(
                position, f"files like '{name}' are not published: a browser or a server might run them", hint
            )
        else:
            self.files.add(name)

    def _picture(self, picture: Picture) -> Iterator[Finding]:
        src, position = picture.src, picture.position
        if markdown.scheme(src) or src.startswith("//"):
            hint = "save it beside the article: no page asks another host for anything"
            yield Finding(position, "image-remote", f"the image '{src}' lies on another host", hint)
            return
        if not picture.alt:
            hint = "write between the brackets what is to be seen, for those who cannot see it"
            yield Finding(position, "alt-missing", f"the image '{src}' has no alternative text", hint)
        yield from self.picture(src, position, picture)

    def picture(self, src: str, position: Position, picture: Picture | None = None) -> Iterator[Finding]:
        """The faults of a picture's file; it joins those the page needs."""
        name = normpath(src) if src else ""
        if picture is None and reader.elsewhere(src):
            return  # the reader has told
        if name.startswith(("..", "/")):
            message = f"the image '{src}' lies outside of the article's folder"
            yield Finding(position, "file-outside", message)
        elif name not in self.article.files:
            near = did_you_mean(name, self.article.files)
            yield Finding(position, "file-missing", f"there is no file '{src}' beside the article{near}")
        elif (size := markdown.size(self.article.files[name])) is None:
            yield Finding(position, "value-malformed", f"'{src}' {markdown.NO_PICTURE}")
        elif name in self.written:
            yield _taken(position, name)
        else:
            self.files.add(name)
            if picture:
                picture.token.attrs |= {"width": str(size[0]), "height": str(size[1])}


def _is_checked(path: str) -> bool:
    """Whether a path below the site is of an article or of a claim, whose pages are known."""
    folders = path.removesuffix("/index.html").split("/")
    return len(folders) == 1 or (len(folders) == 3 and folders[1] == "claims")


def _taken(position: Position, name: str) -> Finding:
    return _broken(position, f"'{name}' is a file that the build makes; give yours another name")


def _broken(position: Position, message: str, hint: str = "") -> Finding:
    return Finding(position, "link-broken", message, hint)
