"""Where the links and pictures of a text lead: to something that is there, or to a fault."""

import re
from collections.abc import Collection, Iterator
from posixpath import normpath
from urllib.parse import unquote

from randnotiz import markdown, media, reader, sidecars, slugs
from randnotiz.diagnostics import ContentError, Diagnostic, Position, did_you_mean, shortened
from randnotiz.markdown import Document, Link, Picture
from randnotiz.model import Article
from randnotiz.model.annotation import former_id


class Addresses:
    """What an article's texts lead to, among its `ids` and what is not `left_out`; `links`, `files` gather it."""

    def __init__(self, article: Article, ids: Collection[str], left_out: Collection[str]) -> None:
        self.article, self.ids = article, ids
        self.links: list[tuple[Position, str]] = []
        self.files: set[str] = set()
        self.published: dict[str, str] = {}  # files by their names as most disks compare them
        voices = [voice for voice in article.counterclaims if voice.verdict]
        claims = [name for one in voices for name in (one.id, former_id(one)) if f"claim-{name}" in ids]
        self.written = set(sidecars.beside([chart.id for chart in article.charts], claims, left_out))

    def check(self, document: Document) -> Iterator[Diagnostic]:
        """The faults in the links and pictures of a text; its pictures get their width and height."""
        for link in document.links:
            yield from self._link(link)
        for picture in document.pictures:
            yield from self._picture(picture)

    def _link(self, link: Link) -> Iterator[Diagnostic]:
        href, position = link.href, link.position
        if markdown.scheme(href):
            if fault := _REDIRECTED.match(href):
                message = "this address leads by way of Google, which documents of its own are exported with"
                yield Diagnostic(position, "markdown-near", message, f"Write {unquote(fault[1])}.")
            elif slip := _NO_HOST.match(href):
                yield _broken(position, f"'{shortened(href)}' names no host", f"Write {slip[1]}://{slip[2]}.")
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

    def _elsewhere(self, link: Link, path: str) -> Iterator[Diagnostic]:
        """A link out of the article's folder: to another article, which is checked where all are known."""
        inside = normpath(path.removeprefix("../"))
        if inside.startswith(".."):
            yield _broken(link.position, f"'{link.href}' leads out of the site")
        elif inside in (".", "index.html"):
            return
        elif _is_checked(inside):
            self.links.append((link.position, link.href))
        elif not sidecars.is_taken(inside) and inside.rpartition(".")[2].lower() not in media.FORMATS:
            yield _broken(link.position, f"'{link.href}' leads to no page, and no article publishes such a file")

    def _beside(self, position: Position, path: str) -> Iterator[Diagnostic]:
        name = normpath(path) + ("/index.html" if path.endswith("/") else "")
        if name == "./index.html" or (name in self.written and name not in self.article.files):
            return
        if name not in self.article.files and self.article.is_unread(name):
            return  # the reader has told
        if name not in self.article.files:
            near = did_you_mean(name, (*self.article.files, *self.written))
            if hint := _meant(path):
                near = ""
            yield _broken(position, f"there is no file '{path}' beside the article{near}", hint)
        elif name in reader.FILES:
            yield _broken(position, f"'{name}' is read for the page, and not published itself")
        else:
            yield from self._published(name, position)

    def _published(self, name: str, position: Position, *, picture: bool = False) -> Iterator[Diagnostic]:
        """A file of the author's joins those of the page, if it may."""
        other = self.published.setdefault(slugs.composed(name).casefold(), name)
        if other != name:
            message = f"'{name}' and '{other}' are one file on many disks"
            yield Diagnostic(position, "name-clash", message, "Give one of the two another name.")
        try:
            media.publish(name, self.article.files[name], position, self.article.slug, picture=picture)
        except ContentError as error:
            yield error.diagnostic
        else:
            self.files.add(name)

    def _picture(self, picture: Picture) -> Iterator[Diagnostic]:
        src, position = picture.src, picture.position
        if markdown.scheme(src) or src.startswith("//"):
            hint = "save it beside the article: no page asks another host for anything"
            yield Diagnostic(position, "image-remote", f"the image '{src}' lies on another host", hint)
            return
        if not picture.alt:
            hint = "write between the brackets what is to be seen, for those who cannot see it"
            yield Diagnostic(position, "alt-missing", f"the image '{src}' has no alternative text", hint)
        yield from self.picture(src, position, picture)

    def picture(self, src: str, position: Position, picture: Picture | None = None) -> Iterator[Diagnostic]:
        """The faults of a picture's file; it joins those the page needs."""
        name = normpath(src) if src else ""
        if (picture is None and reader.elsewhere(src)) or (
            name not in self.article.files and self.article.is_unread(name)
        ):
            return  # the reader has told
        if name.startswith(("..", "/")):
            message = f"the image '{src}' lies outside of the article's folder"
            yield Diagnostic(position, "file-outside", message)
        elif name not in self.article.files:
            near = did_you_mean(name, self.article.files)
            yield Diagnostic(position, "file-missing", f"there is no file '{src}' beside the article{near}")
        else:
            yield from self._published(name, position, picture=True)
            if picture and (size := markdown.size(self.article.files[name])):
                picture.token.attrs |= {"width": str(size[0]), "height": str(size[1])}


_HOST = re.compile(
    r"(?:www\.[\w-]+(?:\.[\w-]+)*|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|info|eu|int|io|de|at|ch|li|lu|uk|fr|it|es|nl"
    r"|be|pl|cz|dk|se|no|fi|ie|pt|gr|jp|cn|in|au|ca|us|br|tv|me|news|app|dev))(?::\d+)?(?:[/?].*)?",
    re.IGNORECASE,
)
_REDIRECTED = re.compile(r"https?://(?:www\.)?google\.\w+/url\?(?:.*?&)?q=(https?[^&]+)")
_NO_HOST = re.compile(r"(https?):(?:/?(?!/)|//https?:?//)(.+)", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def _meant(path: str) -> str:
    """What to write for a path that is an address without its beginning, or one with the strokes of Windows."""
    if _MAIL.fullmatch(path):
        return f"Write mailto:{path}."
    if "\\" in path:
        return f"Write {path.replace(chr(92), '/')}."
    return f"An address of the web begins with https://: write https://{path}." if _HOST.fullmatch(path) else ""


def _is_checked(path: str) -> bool:
    """Whether a path below the site is of an article or of a claim, whose pages are known."""
    folders = path.removesuffix("/index.html").split("/")
    return len(folders) == 1 or (len(folders) == 3 and folders[1] == "claims")


def _broken(position: Position, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(position, "link-broken", message, hint)
