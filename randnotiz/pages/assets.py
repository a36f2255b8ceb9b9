"""Style, script and pictures of the site, named by a hash of what they hold."""

import base64
import re
from collections.abc import Mapping
from errno import EILSEQ, ELOOP, ENOENT
from functools import lru_cache
from hashlib import blake2b, sha256
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath, relpath

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from randnotiz.colours import COLOURS, Colour, filled
from randnotiz.model import Look
from randnotiz.pages import styles

FONTS = frozenset(("woff2", "woff", "ttf", "otf"))  # whose endings are their media types (RFC 8081)
_SUBTYPES = {"jpg": "jpeg", "svg": "svg+xml"}  # of images whose ending is another
# What would end an inline style or script too early. It can only stand in a text there, where an escape is the same.
_CLOSES = re.compile(r"<(?=/(?:script|style)|!--)", re.IGNORECASE)
IN_STYLE, IN_SCRIPT = r"\\3c ", r"\\x3c"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};,>]) ?")
# An address without scheme, host and leading slash. What follows the path, `?` or `#`, stays as it is.
_URL = re.compile(r"""url\(\s*(?P<quote>["']?)(?![a-z]+:|[/#"'])(?P<path>[^"')?#]+)(?P<rest>[^)]*)""", re.IGNORECASE)
_INDENTS_AND_COMMENTS = re.compile(r"^\s*(?://.*)?\n?", re.MULTILINE)
_GOES_ON = re.compile(r"^((?:(?!//).)*[;{,])\n", re.MULTILINE)


class Asset(Struct, frozen=True, kw_only=True):
    """A file as it is served: its name under `assets/`, which holds a hash of its bytes, and these."""

    name: str
    content: bytes


STYLE = "style.css"
EMBED_STYLE = "embed.css"  # which is inside of the pages that have it, and served by no name


def read_assets(
    files: Mapping[str, Path], colours: Mapping[str, Colour] = COLOURS, look: Look | None = None
) -> dict[str, Asset]:
    """Files as they are served, by the names that templates have for them. What a style sheet names with `url()`
    below its own folder it finds under the name that it is served by. OSError where that is not there.
    """
    made: dict[str, Asset] = {}
    for name in files:
        _make(name, files, made, (), colours, look)
    return {name: made[name] for name in files}


def _make(
    name: str,
    files: Mapping[str, Path],
    made: dict[str, Asset],
    above: tuple[str, ...],
    colours: Mapping[str, Colour],
    look: Look | None,
) -> Asset:
    """An asset, made after those that it names; `above` are the style sheets that wait for it."""
    if name in above:
        raise OSError(ELOOP, "style sheets import each other in a circle", str(files[name]))

    def found(css: str, place: str) -> str:
        """A style sheet of a folder as a part of this one."""

        def served(url: re.Match[str]) -> str:
            named = normpath(join(place, url["path"]))
            if named not in files:
                what = f"there is no file '{url['path']}', which a style names"
                raise FileNotFoundError(ENOENT, what, str(files[name]))
            there = _make(named, files, made, (*above, name), colours, look).name
            return f"url({url['quote']}{relpath(there, dirname(name) or '.')}{url['rest']}"

        return _URL.sub(served, css)

    if name not in made:
        path = files[name]
        if name.endswith(".css"):
            css = found(short_style(read_text(path), colours), dirname(name))
            if name == STYLE and look is not None:
                css += found(short_style(styles.of(look, files), colours), "")
                if look.style in files:  # rules outside of layers win over those in one (CSS Cascade 5, 6.4.4)
                    own = found(short_style(read_text(files[str(look.style)]), colours), dirname(str(look.style)))
                    css = f"@layer base{{{css}}}{own}"
            if name == EMBED_STYLE and look is not None:  # faces by their names, measures of its own
                css += short_style(styles.of(replace(look, measures=None), ()), colours)
            made[name] = asset(name, css.encode())
        else:
            made[name] = asset(name, _content(path))
    return made[name]


def _content(path: Path) -> bytes:
    """The bytes of a static file as they are served; of a text they do not depend on a checkout's line ends."""
    if path.suffix == ".js":
        return short_script(read_text(path)).encode()
    return path.read_bytes().replace(b"\r\n", b"\n") if path.suffix == ".svg" else path.read_bytes()


def read_text(path: Path) -> str:
    """A template, style sheet or script. OSError where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise OSError(EILSEQ, "this file is not UTF-8", str(path)) from None


def whole(style: bytes, files: Mapping[str, Asset]) -> bytes:
    """A style sheet as it stands in `assets/`, with the faces and pictures that it names inside."""
    by_name = {asset.name: asset.content for asset in files.values()}

    def inside(url: re.Match[str]) -> str:
        name = url["path"]
        if name not in by_name:
            return url[0]
        return f"url({url['quote']}{data_address(name, by_name[name])}{url['rest']}"

    return _URL.sub(inside, style.decode()).encode()


def data_address(name: str, content: bytes) -> str:
    """A picture or a face as an address that holds it."""
    ending = name.rpartition(".")[2].lower()
    kind = "font" if ending in FONTS else "image"
    return f"data:{kind}/{_SUBTYPES.get(ending, ending)};base64,{base64.b64encode(content).decode()}"


def asset(path: str, content: bytes) -> Asset:
    """A file under a name that carries a hash of its content."""
    place, digest = PurePosixPath(path), blake2b(content, digest_size=6).hexdigest()
    return Asset(name=place.with_name(f"{place.stem}.{digest}{place.suffix}").as_posix(), content=content)


@lru_cache(maxsize=8)
def inlined(content: bytes, escape: str) -> tuple[Markup, str]:
    """Style or script as it may stand in a page, and the hash by which a policy allows it."""
    text = _CLOSES.sub(escape, content.decode())
    digest = base64.b64encode(sha256(text.encode()).digest()).decode()
    return Markup(text), f"sha256-{digest}"  # noqa: S704 - our own style and script


def short_style(css: str, colours: Mapping[str, Colour] = COLOURS) -> str:
    """A style sheet with the page's colours, without comments and without the blanks that only people need.

    Blanks within quotation marks would suffer too; no text of ours has any that count.
    """
    return _AROUND.sub(r"\1", _BLANKS.sub(" ", _COMMENT.sub("", filled(css, colours)))).strip() + "\n"


def short_script(js: str) -> str:
    """A script without indentation and without lines that are comments; line ends stay where they can mean something:
    not behind a semicolon, a comma or an opening brace, but behind a comment.

    Only for scripts without texts over several lines, which ours are.
    """
    return _GOES_ON.sub(r"\1", _INDENTS_AND_COMMENTS.sub("", js))
