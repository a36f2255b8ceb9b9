"""The chart engine in a process of its own: a specification in, an SVG out, one line of JSON each way.

Run as a program by `drawing.py` and imported by nothing. A specification is a stranger's program: it may loop, eat
memory or bring the engine down, and must take nobody along. This file knows nothing of the house, so it starts fast.

`python engine.py own-face` measures labels in the face that the engine carries within itself, and opens no file.
"""

import contextlib
import json
import sys
import time
from typing import Any

VEGA_LITE = "6.4"
SECONDS = 8  # of computing, for one drawing; the first costs 1, the others 0.1
MEMORY = 1_500_000_000  # bytes; a chart of 5,000 rows needs 0.2 of it


def limit_memory() -> None:
    """From now on the system refuses more memory; where it cannot, the limits of the engine itself remain."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # POSIX only

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_files() -> None:
    """From now on Linux opens no file for this process: no face of its own, of which each machine has others. To open
    and close one for each letter that is measured would take as long as all the rest of a drawing, too. Other systems
    do not bring a face of that name.
    """
    import vl_convert

    vl_convert.vega_to_svg({})  # has no letters; the engine now has what it needs to run
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def limit_time(seconds: int) -> None:
    """The system ends this process once one more drawing's share of computing is used up, whoever waits."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def _number(digits: str) -> int | float:
    """A whole number as JavaScript has it: beyond 15 digits a double, since the engine reads no longer integers."""
    return int(digits) if len(digits) <= 15 else float(digits)


def drawn(order: dict[str, Any]) -> dict[str, str]:
    """The drawing as `svg`, or what the engine has to say against it as `refusal`."""
    import vl_convert

    try:
        svg = vl_convert.vegalite_to_svg(
            order["specification"],
            vl_version=VEGA_LITE,
            allowed_base_urls=[],
            format_locale=order["numbers"],
            time_format_locale=order["times"],
        )
    except ValueError as error:
        return {"refusal": str(error)}
    return {"svg": svg}


def main() -> None:
    """Draw what is asked for until nobody asks any more."""
    limit_memory()
    if "own-face" in sys.argv and sys.platform == "linux":
        limit_files()
    for line in sys.stdin:
        order = json.loads(line, parse_int=_number)
        limit_time(order["seconds"])
        begun = time.process_time()
        answer = drawn(order)
        json.dump({**answer, "seconds": time.process_time() - begun}, sys.stdout, ensure_ascii=True)
        sys.stdout.write("\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
