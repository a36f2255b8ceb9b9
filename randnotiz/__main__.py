"""The process of a command line: what holds from its first moment to its last. `randnotiz` starts here."""

import gc
import io
import os
import signal
import sys
from pathlib import Path

from randnotiz.codes import Status

INSTALL = "install Randnotiz again, with all that it needs"


def start(home: Path | None = None, program: str = "randnotiz", install: str = INSTALL) -> None:
    """Runs the command line of this process and ends it; see `commands.main`. `install` says how to get packages."""
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # while nothing has begun, it ends without a trace of where
    gc.disable()  # nearly all that is loaded now stays; it is not to be looked through for garbage, now or later
    for stream, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, stream) is None:  # closed by whoever started this (`2>&-`)
            setattr(sys, stream, open(os.devnull, mode))  # noqa: PTH123, SIM115 - open to the end
    if isinstance(
        sys.stdout, io.TextIOWrapper
    ):  # whatever its encoding lacks; that of files is an old one on Windows
        sys.stdout.reconfigure(encoding="utf-8" if os.name == "nt" else None, errors="backslashreplace")
    try:
        from randnotiz import commands

        gc.freeze()
        gc.enable()
        # Whatever can be caught ends a command as Ctrl-C does, with nothing left behind; `nohup` has one ignored.
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no terminal that hangs up
            if number and signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, signal.default_int_handler)
        status = commands.main(sys.argv[1:], home, program)
    except ImportError as error:
        if (words := _lacking(error, install)) is None:
            raise
        print(f"{program}: {words}", file=sys.stderr)
        status = Status.REFUSED
    sys.exit(status)


def _lacking(error: ImportError, install: str) -> str | None:
    """What this machine lacks, a package, library or part of Python; None where the program is at fault."""
    name = error.name or ""
    top = name.partition(".")[0]
    if top in ("", "randnotiz"):
        return None
    if not isinstance(error, ModuleNotFoundError):
        return f"the package '{name}' is installed and cannot be loaded: {error}"
    if top in sys.stdlib_module_names:
        return f"this system's Python lacks '{name}', which is a part of Python elsewhere ({sys.executable})"
    return f"the package '{name}' is not installed for {sys.executable}; {install}"


if __name__ == "__main__":
    start()
