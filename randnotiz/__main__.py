"""The process of a command line: what holds from its first moment to its last. `randnotiz` starts here."""

import gc
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
    try:
        from randnotiz import commands
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("randnotiz"):
            raise
        words = f"the package '{missing.name}' is not installed for {sys.executable}; {install}"
        print(f"{program}: {words}", file=sys.stderr)
        sys.exit(Status.REFUSED)
    gc.freeze()
    gc.enable()
    # Whatever can be caught ends a command as Ctrl-C does, with nothing left behind; `nohup` has one ignored.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no terminal that hangs up
        if number and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    sys.exit(commands.main(sys.argv[1:], home, program))


if __name__ == "__main__":
    start()
