"""What the program itself is, in sixteen bytes: whatever another version left behind has another key."""

import sys
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent

# The libraries whose every version may print something else.
LIBRARIES = (
    "babel",
    "jinja2",
    "markdown-it-py",
    "mdit-py-plugins",
    "pint",
    "pydantic",
    "pyyaml",
    "vl-convert-python",
)


def digest_of_program() -> bytes:
    """Equal for two runs of the same code with the same libraries on the same Python."""
    digest = blake2b(sys.version.encode(), digest_size=16)
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".txt", ".yaml"):
            digest.update(path.relative_to(PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    for library in LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}".encode())
        except PackageNotFoundError:
            digest.update(f"{library} -".encode())
    return digest.digest()
