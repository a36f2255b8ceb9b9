"""What the program itself is, in sixteen bytes: whatever another version left behind has another key."""

import sys
from hashlib import blake2b
from pathlib import Path

import yaml

PACKAGE = Path(__file__).resolve().parent.parent


def digest_of_program() -> bytes:
    """Equal for two runs of the same code with the same libraries on the same Python.

    While the program itself is being changed, every change of a file of its makes it another, and all is built anew.
    """
    digest = blake2b(sys.version.encode(), digest_size=16)
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            digest.update(path.relative_to(PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    for edition in _editions():
        digest.update(edition.encode())
    return digest.digest()


def _editions() -> list[str]:
    """Name and version of all that is installed beside our libraries, as the folders tell; importlib.metadata takes
    15 ms to say the same. Not those alone that we import: a page may change with what they use, and with what we
    only read a file of.
    """
    return sorted(path.name for path in Path(yaml.__file__).resolve().parent.parent.glob("*.dist-info"))
