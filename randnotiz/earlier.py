"""What git and the cache know: the earlier texts of an article, and who would commit the next."""

import os
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from randnotiz import caching

MOST_VERSIONS = 50
MOST_BYTES = 2_000_000  # of an article; far more than is read of one
PATIENCE = 10  # seconds for each question to git

# Whatever a repository's own settings say, nothing is started, asked or fetched: these questions refresh no index,
# print no patch and check no signature, and what is left that could run a program is switched off.
OFF = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
GIT = ("git", "--no-pager", "--no-replace-objects", *OFF)
SILENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


def keep(cache: Path, content: Path, slug: str, reading: str) -> None:
    """Keeps the reading text of an article in which all quotations were found."""
    if kept(cache, content, slug) != reading:  # as after most checks; to read it costs less
        caching.put(cache / "texts", _key(content, slug), reading.encode())


def kept(cache: Path, content: Path, slug: str) -> str | None:
    """The last reading text of an article in which all quotations were found; None if none was kept."""
    reading = caching.get(cache / "texts", _key(content, slug))
    return None if reading is None else reading.decode()


def _key(content: Path, slug: str) -> str:
    return blake2b(bytes(content.resolve() / slug), digest_size=32).hexdigest()


def committed(folder: Path, former: Sequence[str] = ()) -> Iterator[tuple[str, bytes]]:
    """The committed states of the article.md in a folder, newest first, each with its commit's name; at most
    MOST_VERSIONS, and as many of each former name of the folder. None where there is no git, no repository, or one
    that git will not read.
    """
    for path in ("./article.md", *(f"../{name}/article.md" for name in former)):
        listed = _git(folder, "rev-list", f"--max-count={MOST_VERSIONS}", "--abbrev-commit", "HEAD", "--", path)
        for commit in listed.decode("ascii", "replace").split():
            blob = f"{commit}:{path}"
            size = _git(folder, "cat-file", "-s", blob)
            if size and int(size) <= MOST_BYTES:
                yield commit, _git(folder, "cat-file", "blob", blob)


def committer(folder: Path) -> str:
    """The `user.name` that git has for what is committed in a folder; nothing where there is none."""
    return _git(folder, "config", "user.name", settings={}).decode("utf-8", "replace").strip()


def _git(folder: Path, *words: str, settings: Mapping[str, str] = SILENT) -> bytes:
    """What git answers; nothing if it does not, in PATIENCE seconds."""
    import subprocess  # which only a lost quotation costs

    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        return subprocess.run(  # noqa: S603 - nothing of it is an option or a path that content could choose
            [*GIT, *words],
            cwd=folder,
            env={**inherited, **settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return b""
