"""One target run with edits that coverage guides, by atheris.

    .venv/bin/python -m tests.fuzz small-charts --runs 100000

What it finds is written into a folder (`--found`, tests/fuzz/kept if nothing else is said), from where the tests take
it from then on.
"""

import argparse
import sys
import tempfile
from hashlib import blake2b
from pathlib import Path

import atheris

from tests.patience import in_bounds

with atheris.instrument_imports(include=["randnotiz"]):
    from tests.fuzz import targets


def main() -> None:
    """Runs until something is found, or so many times."""
    options = arguments()
    target, seeds = targets.TARGETS[options.target]

    def once(given: bytes) -> None:
        chosen = atheris.FuzzedDataProvider(given)
        raw = seeds[chosen.ConsumeIntInRange(0, len(seeds) - 1)]
        edits = [
            (
                targets.DEEDS[chosen.ConsumeIntInRange(0, len(targets.DEEDS) - 1)],
                *(chosen.ConsumeIntInRange(0, most) for most in (99_999, 99_999, 999)),
            )
            for _ in range(chosen.ConsumeIntInRange(1, 6))
        ]
        words = targets.edited(raw, edits)
        try:
            with in_bounds():  # a run takes milliseconds
                target(words)
        except BaseException:
            name = f"{options.target}.{blake2b(words, digest_size=6).hexdigest()}"
            options.found.mkdir(parents=True, exist_ok=True)
            (options.found / name).write_bytes(words)
            raise

    # The words of a finding are kept; what atheris itself writes of it, the choices that led there, is of no use.
    elsewhere = f"-artifact_prefix={tempfile.gettempdir()}/"
    # The alarm of atheris goes by the clock, and so off on a busy machine: it is set to the end of next week.
    times = [f"-atheris_runs={options.runs}", f"-seed={options.seed}", "-timeout=1000000"]
    # As many choices as six edits need from the first run on; left alone, it would begin with four bytes of them.
    sizes = ["-max_len=200", "-len_control=0"]
    atheris.Setup([sys.argv[0], *times, *sizes, elsewhere], once)
    atheris.Fuzz()


def arguments() -> argparse.Namespace:
    """What is run, and how often."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.split("\n")[0])
    parser.add_argument("target", choices=sorted(targets.TARGETS))
    parser.add_argument("--runs", type=int, default=10_000, help="how often; 10,000 if not given")
    parser.add_argument("--seed", type=int, default=0, help="the same edits for the same number; 0: new ones")
    parser.add_argument("--found", type=Path, default=targets.KEPT, help="where to write what was found")
    return parser.parse_args()


if __name__ == "__main__":
    main()
