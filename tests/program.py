"""The command line run in this process: what a process of its own would print, and how it would end, at no start."""

import contextlib
import io
import subprocess
from pathlib import Path

import build


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The program, run where an author would stand."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status: int = build.main(words)
        except SystemExit as end:  # argparse ends a wrong command line itself
            status = int(end.code or 0)
    return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())
