"""Style, script and pictures of the site, named by a hash of what they hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from errno import EILSEQ, ENOENT
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from randnotiz import colours

NEEDED = frozenset(("favicon.svg", "moved.js", "reading.js", "search.js", "style.css"))  # of templates/
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};,>]) ?")
_INDENTS_AND_COMMENTS = re.compile(r"^\s*(?://.*)?\n?", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """A file as it is served: its name under `assets/`, which holds a hash of its bytes, and these."""

    name: str
    content: bytes


def read_assets(static: Path) -> Mapping[str, Asset]:
    """Every file below a folder, by its path there. OSError where one is missing that pages need."""
    found = {}
    for path in sorted(static.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            written = path.relative_to(static).as_posix()
            content = _shortened(path)
            found[written] = asset(written, content)
    if missing := NEEDED - set(found):
        raise FileNotFoundError(ENOENT, "every site needs this file", str(static / min(missing)))
    return found


def asset(path: str, content: bytes) -> Asset:
    """A file under a name that carries a hash of its content."""
    place, digest = PurePosixPath(path), blake2b(content, digest_size=6).hexdigest()
    return Asset(name=place.with_name(f"{place.stem}.{digest}{place.suffix}").as_posix(), content=content)


def _shortened(path: Path) -> bytes:
    content, shorten = path.read_bytes(), {".css": short_style, ".js": short_script}.get(path.suffix)
    try:
        return shorten(content.decode()).encode() if shorten else content
    except UnicodeDecodeError:
        raise OSError(EILSEQ, "this file is not UTF-8", str(path)) from None


def short_style(css: str) -> str:
    """A style sheet with the page's colours, without comments and without the blanks that only people need.

    Blanks within quotation marks would suffer too; no text of ours has any that count.
    """
    return _AROUND.sub(r"\1", _BLANKS.sub(" ", _COMMENT.sub("", colours.filled(css)))).strip() + "\n"


def short_script(js: str) -> str:
    """A script without indentation and without lines that are comments; line ends stay, for they can mean something.

    Only for scripts without texts over several lines, which ours are.
    """
    return _INDENTS_AND_COMMENTS.sub("", js)
