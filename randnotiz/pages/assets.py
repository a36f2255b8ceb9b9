"""Style, script and pictures of the site, named by a hash of what they hold."""

import re
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from randnotiz.records import dataclass

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
    """Every file below a folder, by its path there."""
    found = {}
    for path in sorted(static.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            written = path.relative_to(static)
            content = _shortened(path.suffix, path.read_bytes())
            digest = blake2b(content, digest_size=6).hexdigest()
            named = written.with_name(f"{path.stem}.{digest}{path.suffix}").as_posix()
            found[written.as_posix()] = Asset(name=named, content=content)
    return found


def _shortened(suffix: str, content: bytes) -> bytes:
    shorten = {".css": short_style, ".js": short_script}.get(suffix)
    return shorten(content.decode()).encode() if shorten else content


def short_style(css: str) -> str:
    """A style sheet without comments and without the blanks that only people need.

    Blanks within quotation marks would suffer too; no text of ours has any that count.
    """
    return _AROUND.sub(r"\1", _BLANKS.sub(" ", _COMMENT.sub("", css))).strip() + "\n"


def short_script(js: str) -> str:
    """A script without indentation and without lines that are comments; line ends stay, for they can mean something.

    Only for scripts without texts over several lines, which ours are.
    """
    return _INDENTS_AND_COMMENTS.sub("", js)
