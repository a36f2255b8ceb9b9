"""What a program costs in a process of its own, everything that it starts included."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What a program took: seconds on the clock and of computing, and megabytes of its largest process."""

    wall: float
    cpu: float
    memory: float = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(wall=self.wall + other.wall, cpu=self.cpu + other.cpu, memory=max(self.memory, other.memory))

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(wall=self.wall - other.wall, cpu=self.cpu - other.cpu, memory=self.memory)

    def __mul__(self, factor: float) -> "Cost":
        return Cost(wall=self.wall * factor, cpu=self.cpu * factor, memory=self.memory)


def run(*words: str | Path, cwd: Path = ROOT) -> tuple[Cost, str]:
    """The cost of a program and what it printed; the run ends here where it fails."""
    began = time.perf_counter()
    # Without their compiled files, modules of Python would be compiled again for every start.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(
        [*map(str, words)], cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, words))} ended with {process.returncode}:\n{printed}")
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    wall = time.perf_counter() - began
    return Cost(wall=wall, cpu=used.ru_utime + used.ru_stime, memory=used.ru_maxrss / unit), printed


def run_python(*words: str | Path) -> Cost:
    """The cost of a program of this interpreter."""
    return run(sys.executable, *words)[0]


def middle(costs: Sequence[Cost]) -> Cost:
    """The middle one of several measurements, each part by itself."""
    return Cost(
        wall=statistics.median(cost.wall for cost in costs),
        cpu=statistics.median(cost.cpu for cost in costs),
        memory=max(cost.memory for cost in costs),
    )


def median(times: int, measure: Callable[[], Cost]) -> Cost:
    """The middle one of so many measurements."""
    return middle([measure() for _ in range(times)])
