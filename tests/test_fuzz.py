"""Whatever stands where an author's words belong, it is read, or refused with a place; see `tests/fuzz`."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.fuzz import targets

ROOT = Path(__file__).parent.parent
EDITS = st.lists(
    st.tuples(st.sampled_from(targets.DEEDS), st.integers(0, 99_999), st.integers(0, 99_999), st.integers(0, 999)),
    min_size=1,
    max_size=4,
)
QUICK, SLOW, LONG = 120, 15, 300  # examples of a target, of one that makes a whole handbook, and times as many
GUIDED = 100  # runs that coverage guides, of each target


def examples_of(name: str) -> int:
    return SLOW if name.startswith("handbook") else QUICK


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(targets.TARGETS))
def test_an_edited_file_is_read_or_refused_in_its_place(name: str, long: bool) -> None:
    target, seeds = targets.TARGETS[name]

    @settings(
        max_examples=examples_of(name) * (LONG if long else 1),
        derandomize=not long,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )
    @given(st.sampled_from(range(len(seeds))), EDITS)
    @example(0, [])
    def holds(seed: int, edits: list[targets.Edit]) -> None:
        target(targets.edited(seeds[seed], edits))

    holds()


@pytest.mark.parametrize("path", sorted(targets.KEPT.iterdir()), ids=lambda path: path.name)
def test_what_was_found_before_is_found_no_more(path: Path) -> None:
    targets.TARGETS[path.name.partition(".")[0]][0](path.read_bytes())


@pytest.mark.slow
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel for this Python; see pyproject.toml")
@pytest.mark.parametrize("name", ["yaml", "formula", "quotation", "markdown", "small-charts", "small-sources"])
def test_runs_guided_by_coverage_find_nothing(name: str, tmp_path: Path, long: bool) -> None:
    # Edits by chance are the same in every run of the suite; only a long one seeks new ones.
    runs, chance = GUIDED * (LONG if long else 1), () if long else ("--seed", "1")
    command = [sys.executable, "-m", "tests.fuzz", name, "--runs", str(runs), "--found", tmp_path, *chance]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4_000:]
    assert "NEW    cov:" in done.stderr, "it was not guided: nothing of the program was seen to run"
    assert list(tmp_path.iterdir()) == []
