"""The cache and the atomic writer: what was made once is kept under a digest of all that makes it.

A cache is only ever a short cut: what is cut, has a wrong bit or was made by another program counts as not there, and
a folder that cannot be written makes a run slower.
"""

import contextlib
import os
import sys
import threading
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import yaml

PACKAGE = Path(__file__).resolve().parent
WIDTH = 16  # bytes of a checksum


@lru_cache
def toolchain_digest(*rooms: str, libraries: tuple[str, ...] = ("",)) -> str:
    """Equal for two runs of the same code with the same libraries on the same Python.

    `rooms` are the files and folders of the program that have a hand in it, all if none is named. Of the libraries
    count those named, or else whatever is installed: a result may change with what they use in turn, and with what is
    only read. Their folders tell names and versions; importlib.metadata takes 15 ms to say the same.
    """
    digest = blake2b(sys.version.encode(), digest_size=WIDTH)
    for path in sorted(path for room in rooms or ("",) for path in (PACKAGE / room, *(PACKAGE / room).rglob("*"))):
        if path.is_file() and path.parent.name != "__pycache__":
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    installed = Path(yaml.__file__).resolve().parent.parent
    for path in sorted(path for name in libraries for path in installed.glob(f"{name}*.dist-info")):
        digest.update(path.name.encode())
    return digest.hexdigest()


def key_of(makers: tuple[str, ...], *parts: str, libraries: tuple[str, ...] = ("",)) -> str:
    """What is made of these parts by these rooms of the program and these libraries is kept under this."""
    toolchain = toolchain_digest(*makers, libraries=libraries)
    return blake2b("\0".join((toolchain, *parts)).encode(), digest_size=32).hexdigest()


def get(folder: Path | None, key: str) -> bytes | None:
    """What was kept under a key; None if there is nothing, or not what was put there."""
    if folder is None:
        return None
    try:
        whole = _file(folder, key).read_bytes()
    except OSError:
        return None
    body = whole[WIDTH:]
    return body if whole[:WIDTH] == _checksum(key, body) else None


def put(folder: Path | None, key: str, body: bytes) -> None:
    """Keeps something under a key, whole or not at all."""
    if folder is not None:
        with contextlib.suppress(OSError):
            path = _file(folder, key)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, _checksum(key, body) + body)


def _file(folder: Path, key: str) -> Path:
    return folder / key[:2] / key[2:]


def _checksum(key: str, body: bytes) -> bytes:
    return blake2b(body, key=key.encode(), digest_size=WIDTH).digest()


def write_whole(path: Path, content: bytes) -> None:
    """The file holds the content, or with an OSError its old one; of two writers at once the last one wins."""
    draft(path, content).replace(path)


def draft(path: Path, content: bytes, *, sync: bool = False) -> Path:
    """A file beside another, with its rights and content to take its place; with `sync` on the disk. OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    beside.unlink(missing_ok=True)
    try:
        with beside.open("xb") as stream:  # never through a link that somebody put there
            stream.write(content)
            if sync:
                stream.flush()
                os.fsync(stream.fileno())
        with contextlib.suppress(FileNotFoundError):
            beside.chmod(path.stat().st_mode & 0o777)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside
