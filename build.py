"""The command line on this repository's own folders; the commands are those of randnotiz/commands.py."""

from collections.abc import Sequence
from pathlib import Path

from randnotiz.__main__ import start
from randnotiz.codes import Status

HOME = Path(__file__).resolve().parent


def main(words: Sequence[str]) -> Status:
    """The exit status of a command line."""
    from randnotiz import commands  # needs packages that `start` may find missing, and says so

    return commands.main(words, HOME, "build.py")


if __name__ == "__main__":
    start(HOME, "build.py", "run 'make site' once, then .venv/bin/python build.py")
