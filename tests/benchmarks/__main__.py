"""`make bench`: the benchmark's table, each row beside the floors that were measured in the same run.

    make bench                                  100 articles, less than a minute once the charts are drawn
    make bench ARGS="--articles 1000"           a thousand
    make bench ARGS="--articles 1000 --large"   10,000 articles as well

Times are medians. CPU time is user and system time of a whole process tree: on a
busy machine trust it and the ratios.
"""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

from tests.benchmarks import articles
from tests.benchmarks.measuring import ROOT, Cost, median, run, run_python

WORK = ROOT / ".cache" / "bench"


def floor(name: str, folder: Path) -> Cost:
    """What a floor says of itself, without the start of its process."""
    said = json.loads(run(sys.executable, "-m", "tests.benchmarks.floors", name, folder)[1])
    return Cost(wall=said["wall"], cpu=said["cpu"])


# ----------------------------------------------------------------------------------------------------
# The work
# ----------------------------------------------------------------------------------------------------


def content(count: int) -> Path:
    """A folder with so many articles."""
    folder = WORK / f"content-{count}"
    articles.write(folder, count)
    # Files as fresh as this would be read again, because another write might not show in their time.
    for path in folder.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return folder


def build(count: int, *options: str, command: str = "build") -> Cost:
    """A build of so many articles into their own output folder; the cache is the benchmark's own."""
    folder = WORK / f"content-{count}"
    return run_python("-m", "randnotiz", command, "--content", folder, "--output", WORK / f"site-{count}", *options)


def from_nothing(count: int, *options: str) -> Cost:
    """A build that finds charts and pictures in the cache and nothing else."""
    shutil.rmtree(WORK / f"site-{count}", ignore_errors=True)
    return build(count, "--clean", *options)


def edited(count: int) -> Cost:
    """A build after one word of one YAML file has changed."""
    path = WORK / f"content-{count}" / articles.slug(count // 2) / "counterclaims.yaml"
    text = path.read_text(encoding="utf-8")
    one, other = "sagt keine der Quellen", "behauptet keine der Quellen"
    path.write_text(text.replace(one, other) if one in text else text.replace(other, one), encoding="utf-8")
    return build(count)


# ----------------------------------------------------------------------------------------------------
# The table
# ----------------------------------------------------------------------------------------------------


def row(what: str, cost: Cost, *ratios: str, each: int = 1) -> None:
    """A line of the table."""
    unit = "ms" if each == 1 else "ms each"
    numbers = f"{cost.wall / each * 1000:9.1f} {cost.cpu / each * 1000:9.1f} {unit:8}"
    memory = f"{cost.memory:5.0f} MB" if cost.memory else ""
    print(f"{what:44} {numbers} {memory:9} {'; '.join(ratios)}", flush=True)


def ratio(cost: Cost, least: Cost, words: str, goal: float) -> str:
    """How often the least goes into a cost, on the clock and computing, and the goal."""
    wall, cpu = cost.wall / least.wall, cost.cpu / least.cpu
    return f"{wall:.2f} wall, {cpu:.2f} CPU × {words} (goal {goal})"


def main() -> None:
    """Prints the table."""
    options = arguments()
    count, times = options.articles, options.times
    WORK.mkdir(parents=True, exist_ok=True)
    for size in {1, 10, count}:
        content(size)
    print(f"{'':44} {'wall':>9} {'CPU':>9}")
    new_machine()
    from_nothing(count, "--jobs", "2")
    start = median(times, lambda: run_python("-m", "tests.benchmarks.floors", "imports", WORK))
    row("floor (a): python and imports", start)
    plain = median(3, lambda: floor("plain", WORK / f"content-{count}")) * (1 / count)
    row("floor (b): parse, render, fill; an article", plain)

    build(1)
    single = median(times, lambda: from_nothing(1, "--jobs", "1"))
    row("one article, charts cached", single, ratio(single, start + plain, "(a)+(b)", 1.5))
    unchanged = median(times, lambda: build(1))
    row("one article, nothing changed", unchanged, ratio(unchanged, start, "(a)", 1.0))
    checked = median(times, lambda: build(1, command="check"))
    row("one article, check", checked, ratio(checked, start + plain, "(a)+(b)", 1.5))

    for jobs in (1, 2):
        whole = from_nothing(count, "--jobs", str(jobs))
        further = (whole - single) * (1 / (count - 1))
        row(f"{count} from nothing, {jobs} process{'es' * (jobs > 1)}", whole, each=count)
        row("  each further article", further, ratio(further, plain, "(b)", 0.75))
    row("floor (c): the same bytes written", floor("bytes", WORK / f"site-{count}"), each=count)
    for copy in WORK.glob("site-*-copy-*"):
        shutil.rmtree(copy)
    incremental(count, times, single)
    if options.large:
        content(10_000)
        from_nothing(10_000, "--jobs", "2")  # as the others, it finds its pictures drawn
        large = from_nothing(10_000, "--jobs", "2")
        row("10000 from nothing, 2 processes", large, each=10_000)
        growth = (large - single) * (1 / 9_999)
        row("  each further article", growth, ratio(growth, further, f"that of {count}", 1.15))
        incremental(10_000, times, single)


def new_machine() -> None:
    """The rows of what a machine draws that has drawn nothing yet, the engine's start shared out among all."""
    pictures = 10 * (1 + articles.COUNTERCLAIMS)
    each = {
        "charts": ("a chart in both widths", articles.SPECIFICATIONS),
        "share": ("a picture for sharing", pictures),
    }
    from_nothing(10, "--jobs", "1")
    for folder, (what, count) in each.items():
        drawn = from_nothing(10, "--jobs", "1")
        shutil.rmtree(WORK / ".cache" / folder)
        row(f"{what}, nothing cached", from_nothing(10, "--jobs", "1") - drawn, each=count)


def incremental(count: int, times: int, single: Cost) -> None:
    """The rows of a site in which one file is edited, and in which nothing is."""
    stat = median(times, lambda: floor("stat", WORK / f"content-{count}"))
    row(f"stat of the files of {count}", stat)
    build(count)
    again = median(times, lambda: edited(count))
    row(f"{count}, one YAML file edited", again, ratio(again, single + stat, "(one article + stat)", 2))
    nothing = median(times, lambda: build(count))
    row(f"{count}, nothing changed", nothing, ratio(nothing, single + stat, "(one article + stat)", 1))


def arguments() -> argparse.Namespace:
    """How much is measured."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=100, help="how many articles; 100 if not given")
    parser.add_argument("--times", type=int, default=3, help="how often each short measurement is repeated")
    parser.add_argument("--large", action="store_true", help="10,000 articles as well; takes minutes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
