"""What is kept between builds, so that nothing is checked or drawn twice: under keys, whole or not at all."""

import contextlib
import hashlib
import json
import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from randnotiz.model import Json

# What has a hand in charts and share pictures: of our own code, and beside it by the folder it is installed in.
OURS = ("charts", "language", "formulas", "colours.py", "exports/share.py")
LIBRARIES = ("vl_convert", "altair", "babel")


@lru_cache(maxsize=1)
def makers() -> str:
    """A digest of all that makes charts of specifications: our own code and the editions of the libraries."""
    digest = hashlib.sha256()
    package = Path(__file__).parent.parent
    for place in OURS:
        for path in sorted((package / place).glob("*.py")) or [package / place]:
            digest.update(path.read_bytes())
    for name in LIBRARIES:
        digest.update(" ".join(_editions(name)).encode())
    return digest.hexdigest()


def _editions(library: str) -> list[str]:
    """What lies installed under a library's name; importlib.metadata would say the same, 15 ms later."""
    found = find_spec(library)
    if found is None or found.origin is None:
        return []
    return sorted(path.name for path in Path(found.origin).parent.parent.glob(f"{library}*"))


def key_of(purpose: str, parts: list[Json]) -> str:
    """What everything of these parts is kept under, as long as program and engine stay the same."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{purpose} {makers()}\n{text}".encode()).hexdigest()


def recalled(cache: Path | None, key: str) -> str | None:
    """The text that was kept under a key; None if there is nothing, or not what was put there."""
    body = recalled_bytes(cache, key)
    return None if body is None else body.decode()


def recalled_bytes(cache: Path | None, key: str) -> bytes | None:
    """The same for what is no text."""
    if cache is None:
        return None
    try:
        whole = _file(cache, key).read_bytes()
    except OSError:
        return None
    checksum, _, body = whole.partition(b"\n")
    return body if checksum == _checksum(key, body) else None


def remember(cache: Path | None, key: str, text: str) -> None:
    """Keep a text under a key, whole or not at all; a cache that cannot be written is only slower."""
    remember_bytes(cache, key, text.encode())


def remember_bytes(cache: Path | None, key: str, body: bytes) -> None:
    """The same for what is no text."""
    if cache is None:
        return
    path = _file(cache, key)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two processes may keep the same thing at once; each writes its own file, and the last name wins.
        whole = path.with_name(f"{path.name}.{os.getpid()}")
        whole.write_bytes(_checksum(key, body) + b"\n" + body)
        whole.replace(path)


def _file(cache: Path, key: str) -> Path:
    return cache / "charts" / key[:2] / key[2:]


def _checksum(key: str, body: bytes) -> bytes:
    return hashlib.sha256(key.encode() + body).hexdigest().encode()
