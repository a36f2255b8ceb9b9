"""The files that the package brings along for every site: templates, style, scripts. A site's own come first."""

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from unicodedata import normalize

PACKAGE = Path(__file__).parent
FOLDERS = ("templates", "static")
# Hidden files, and the copies that editors make: Emacs, gedit and nano (~), Vim, Emacs (#…#), others.
_LEFT_OUT = re.compile(r"(?:^|/)(?:\.|#[^/]*#$)|(?:~|\.sw[a-p]|\.bak|\.orig|\.tmp)$", re.IGNORECASE)
_COMMENTS = {".svg": ("<!--", " -->"), ".css": ("/*", " */"), ".js": ("//", "")}
_VERSION = re.compile(rb"(?:\{#|/\*|<!--|//) randnotiz ([0-9a-f]{12})")


def folder(name: str) -> Path:
    """Where a folder lies that the wheel packs: in the package, or in a checkout beside it."""
    packed = PACKAGE / name
    return packed if packed.is_dir() else PACKAGE.parent / name


def files(folder: Path) -> Mapping[str, Path]:
    """Every file below a folder, by its path there in composed letters (NFC), which macOS takes apart; none if there
    is no such folder. Hidden ones are left out, and what editors keep beside a file.
    """
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    paths = {normalize("NFC", path.relative_to(folder).as_posix()): path for path in found}
    return {name: path for name, path in paths.items() if not _LEFT_OUT.search(name)}


def left_out(folder: Path) -> Iterator[tuple[Path, str]]:
    """What of a folder of a site's own cannot be read though somebody has put it there, and why."""
    if os.path.lexists(folder) and not folder.is_dir():
        yield folder, "is a link that leads to no folder" if folder.is_symlink() else "is no folder"
    for near in folder.parent.iterdir() if not os.path.lexists(folder) and folder.parent.is_dir() else ():
        if near.name.casefold() == folder.name and near.is_dir():
            yield near, f"is read only if it is called '{folder.name}'"
    if folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK):
        yield folder, "is a folder that may not be read"
    for path in sorted(folder.rglob("*")):
        if _LEFT_OUT.search(path.relative_to(folder).as_posix()) or path.is_file():
            continue
        if path.is_symlink():
            yield (
                path,
                "is a link to a folder, whose files are left out"
                if path.is_dir()
                else "is a link that leads nowhere",
            )
        elif not path.is_dir():
            yield path, "is no file"
        elif not os.access(path, os.R_OK | os.X_OK):
            yield path, "is a folder that may not be read"


def shown(path: Path, start: Path | None = None) -> str:
    """A path as it is told, with `/`, from a folder: that of content in a diagnostic, else where somebody stands."""
    try:
        return os.path.relpath(path, start).replace(os.sep, "/")
    except ValueError:  # another drive
        return path.as_posix()


def overlay(own: Path, name: str) -> Mapping[str, Path]:
    """Each file of a site by its name: one of its own folder, or else the packaged one."""
    return {**files(folder(name)), **files(own)}


def has_own(own: Path, name: str) -> bool:
    """Whether a site has a file in one of its own folders."""
    return own.is_dir() and own.resolve() != folder(name).resolve() and bool(files(own))


def copy(name: str) -> bytes:
    """A packaged file, as `templates/base.html`, below a line that says which version of it this is."""
    content = _file(name).read_bytes()
    begin, end = ("{#", " #}") if name.startswith("templates/") else _COMMENTS[Path(name).suffix]
    return f"{begin} randnotiz {_digest(content)}{end}\n".encode() + content


def listing(own: Mapping[str, Path]) -> Iterator[tuple[str, str]]:
    """Every file of a site's look by its name, and what is to be said of it; `own` are the site's folders by name."""
    for top in FOLDERS:
        packaged, ours = files(folder(top)), files(own[top])
        for name in sorted({*packaged, *ours}):
            copied = ours.get(name)
            if copied is None or copied == packaged.get(name):
                yield f"{top}/{name}", ""
            elif name not in packaged:
                yield f"{top}/{name}", "your own"
            else:
                yield f"{top}/{name}", _origin(copied.read_bytes(), packaged[name].read_bytes())


def _origin(own: bytes, packaged: bytes) -> str:
    version = _VERSION.match(own)
    if version and version[1].decode() != _digest(packaged):
        return "your own; the packaged one has changed since it was copied"
    return "your own, in the place of the packaged one"


def _file(name: str) -> Path:
    top, _, rest = name.partition("/")
    return folder(top) / rest


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=6).hexdigest()
