"""How long the language server takes from a keystroke in the explainer to its diagnostics, and what it holds after
many: `python -m tests.benchmarks.lsp [EDITS]`. Each edit makes or mends a fault, so that each is answered.
"""

import re
import shutil
import sys
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.test_lsp import Editor, codes

ROOT = Path(__file__).parent.parent.parent
EXPLAINER = "deepseek-nachgerechnet"
FIRST = 100  # edits after which the server is warm
# A file, words in it, others that make a fault, the file that has it then, and its code.
EDITS = (
    ("article.md", "widerspricht Amodei einer", "widerspricht er einer", "counterclaims.yaml", "quote-missing"),
    ("figures.yaml", "unit: gpu*hour", "unit: gpus*hour", "figures.yaml", "unit-unknown"),
    ("sources.yaml", "sources: [omdia2024]", "sources: [omdia2023]", "sources.yaml", "source-unknown"),
)


def memory(process: int) -> float:
    """What a process holds, in MB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text(encoding="utf-8"))
    return int(found[1]) / 1024 if found else 0.0


def measure(edits: int) -> None:
    """Prints both."""
    with TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "content", Path(folder) / "content")
        with Editor(Path(folder)) as editor:
            server = editor.client._server
            assert server is not None
            for name in {name for name, *_ in EDITS}:
                editor.open(f"{EXPLAINER}/{name}")
            took, held = list[float](), 0.0
            for number, (name, right, wrong, where, code) in zip(range(edits), cycle(EDITS), strict=False):
                path = f"{EXPLAINER}/{name}"
                for old, new in ((right, wrong), (wrong, right)):
                    before = perf_counter()
                    editor.type(path, old, new)
                    editor.until(f"{EXPLAINER}/{where}", lambda found: (code in codes(found)) == (new == wrong))  # noqa: B023
                    took.append(perf_counter() - before)
                if number == FIRST // 2:
                    held = memory(server.pid)
            warm = sorted(took[FIRST:])
            slow = warm[len(warm) * 95 // 100]
            print(f"{len(warm)} edits: median {median(warm) * 1000:.0f} ms, 95 % {slow * 1000:.0f} ms")
            print(f"memory after {FIRST} edits {held:.0f} MB, after {len(took)} {memory(server.pid):.0f} MB")


if __name__ == "__main__":
    measure(int(sys.argv[1]) if sys.argv[1:] else 1_000)
