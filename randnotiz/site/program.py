"""What the program itself is, in sixteen bytes: whatever another version left behind has another key."""

import sys
from hashlib import blake2b
from pathlib import Path

import yaml

PACKAGE = Path(__file__).resolve().parent.parent

# The libraries whose every version may print something else.
LIBRARIES = (
    "babel",
    "jinja2",
    "markdown_it_py",
    "mdit_py_plugins",
    "pint",
    "pydantic",
    "pyyaml",
    "vl_convert_python",
)


def digest_of_program() -> bytes:
    """Equal for two runs of the same code with the same libraries on the same Python."""
    digest = blake2b(sys.version.encode(), digest_size=16)
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".txt", ".yaml"):
            digest.update(path.relative_to(PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    for edition in _editions():
        digest.update(edition.encode())
    return digest.digest()


def _editions() -> list[str]:
    """Name and version of our libraries, as their folders tell; importlib.metadata takes 15 ms to say the same."""
    installed = Path(yaml.__file__).resolve().parent.parent.glob("*.dist-info")
    return sorted(path.name for path in installed if path.name.partition("-")[0].lower() in LIBRARIES)
