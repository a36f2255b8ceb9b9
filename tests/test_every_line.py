"""Every line of the explainer's YAML deleted, doubled and misspelt in turn: it still builds, or a fault says where.

A line is misspelt in its field's name and in its value, as fingers do it: two letters beside each other are exchanged
in the name, one letter is left out of the value. That is done to the longest word of each, and no more is looked at
once the fault is found at its line. A long run (`--long`) does both to every word of every line, and looks at all
that is said about each.

A fault is at its line if it stands there, at a line that encloses it, or, where a line was deleted, beside the gap.
What belongs to no other line belongs to the file, whose place is its first line.
"""

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from randnotiz import reader, site
from randnotiz.analysis import SiteContext, analyse
from randnotiz.diagnostics import Diagnostic
from randnotiz.site import BuildOptions, SitePaths

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "content"
SLUG = "deepseek-nachgerechnet"
FILES, _ = reader.load_folder(CONTENT, SLUG)
NAMES = ("article.md", *(name for name in FILES if name.endswith(".yaml")))
LINES_OF_A_TEST = 100  # so that several processes share the work

# Words of programmers; no message needs them. What stands in quotation marks is the author's own.
JARGON = re.compile(
    r"traceback|exception|\berror|invalid|failed|unexpected|\bpars(e|er|ed|ing)\b|scalar|token|\bnode\b|anchor|alias"
    r"|mapping|sequence|\bNone\b|\bdict|\bstr\b|\bint\b|float|boolean|object|array|schema|pydantic|regex|<class"
)
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
MOST_FAULTS = 3  # of one slip


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A file with one line of it wrong; `row` counts from 0, `how` says what was done to it."""

    file: str
    row: int
    how: str
    lines: list[str]

    def __str__(self) -> str:
        return f"{self.file}:{self.row + 1} {self.how}"


# ----------------------------------------------------------------------------------------------------
# Slips
# ----------------------------------------------------------------------------------------------------

_FIELD = re.compile(r'(?:^|(?<=[ {,]))"?([\w-]+)"?(?=:(?: |$))')
_WORD = re.compile(r"\w[\w-]*")


def exchanged(word: str) -> str:
    """A word with two letters exchanged, behind its first if it can be; the word itself if all are alike."""
    for at in (*range(1, len(word) - 1), 0):
        one, other = word[at : at + 1], word[at + 1 : at + 2]
        if one != other and (one + other).isalnum() and other:
            return word[:at] + other + one + word[at + 2 :]
    return word


def left_out(word: str) -> str:
    """A word without the letter in its middle; the word itself if it has but one."""
    at = len(word) // 2
    return word[:at] + word[at + 1 :] if len(word) > 1 else word


def mistakes(file: str, rows: range, long: bool) -> Iterator[Mistake]:
    """All mistakes in some rows of a file; of article.md, in its front matter."""
    lines = FILES[file].decode().split("\n")
    last = lines.index("---", 1) + 1 if file == "article.md" else len(lines) - 1
    for row in rows[: max(0, last - rows.start)]:
        yield Mistake(file=file, row=row, how="deleted", lines=lines[:row] + lines[row + 1 :])
        yield Mistake(file=file, row=row, how="doubled", lines=lines[: row + 1] + lines[row:])
        for (start, end), slip in slips(lines[row], long):
            word = lines[row][start:end]
            if (wrong := slip(word)) != word:
                misspelt = lines[row][:start] + wrong + lines[row][end:]
                how = f"misspelt: {wrong} for {word}"
                yield Mistake(file=file, row=row, how=how, lines=[*lines[:row], misspelt, *lines[row + 1 :]])


def slips(line: str, long: bool) -> Iterator[tuple[tuple[int, int], Callable[[str], str]]]:
    """Where the words of a line stand that are misspelt, and how."""
    if is_empty(line):
        return
    names = [found.span(1) for found in _FIELD.finditer(line)]
    others = [span for found in _WORD.finditer(line) if (span := found.span()) not in names]
    if long:
        yield from ((span, slip) for span in (*names, *others) for slip in (exchanged, left_out))
        return
    for spans, slip in ((names, exchanged), (others, left_out)):
        if spans:
            yield max(spans, key=lambda span: span[1] - span[0]), slip


def is_empty(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


# ----------------------------------------------------------------------------------------------------
# Where a fault may stand
# ----------------------------------------------------------------------------------------------------


def places(mistake: Mistake) -> set[int]:
    """The lines, from 1, at which a fault tells of a mistake."""
    original = FILES[mistake.file].decode().split("\n")
    above = enclosing(original, mistake.row)
    rows = {*above, mistake.row} if above else {0, mistake.row}
    if mistake.how == "doubled":
        rows.add(mistake.row + 1)
    if mistake.how == "deleted":
        written = [row for row, each in enumerate(mistake.lines) if not is_empty(each)]
        rows |= {max((row for row in written if row < mistake.row), default=0)}
        rows |= {min((row for row in written if row >= mistake.row), default=0)}
    return {row + 1 for row in rows}


def enclosing(lines: Sequence[str], row: int) -> list[int]:
    """The rows of the names and list entries that a line belongs to, innermost first."""
    found = []
    column, entry = indentation(lines[row]), is_entry(lines[row])
    for above in range(row - 1, -1, -1):
        each = lines[above]
        if is_empty(each):
            continue
        if indentation(each) < column or (indentation(each) == column and entry and not is_entry(each)):
            found.append(above)
            column, entry = indentation(each), is_entry(each)
    return found


def indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def is_entry(line: str) -> bool:
    return line.lstrip().startswith("- ")


# ----------------------------------------------------------------------------------------------------
# The verdict
# ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> SiteContext:
    """What the explainer shares with the site, read once."""
    folders = SitePaths(
        content=CONTENT,
        templates=ROOT / "templates",
        static=ROOT / "static",
        output=tmp_path_factory.mktemp("site"),
        cache=tmp_path_factory.mktemp("cache"),
    )
    found, diagnostics = site.read_site(folders, BuildOptions())
    assert found.settings is not None, diagnostics
    return found


@pytest.fixture(autouse=True)
def _one_collection() -> Iterator[None]:
    """The collector of garbage waits for the end of each test: it would take a third of the time."""
    gc.disable()
    yield
    gc.enable()
    gc.collect()


def parts() -> Iterator[tuple[str, int]]:
    """The files, in parts that take about as long."""
    for name in NAMES:
        for part in range(FILES[name].count(b"\n") // LINES_OF_A_TEST + 1):
            yield name, part


@pytest.mark.parametrize(("file", "part"), list(parts()))
def test_a_mistake_in_any_line_still_builds_or_is_told_at_that_line(
    file: str, part: int, context: SiteContext, tmp_path: Path, long: bool
) -> None:
    first = part * LINES_OF_A_TEST
    wrong = []
    for mistake in mistakes(file, range(first, first + LINES_OF_A_TEST), long):
        diagnostics = told(mistake, replace(context, cache=tmp_path), long)
        faults = {diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"}
        if faults and not at_its_line(mistake, faults):
            wrong.append(f"{mistake}: told elsewhere: {shown(faults)}")
        if len(faults) > MOST_FAULTS:
            wrong.append(f"{mistake}: {len(faults)} faults: {shown(faults)}")
        wrong += [f"{mistake}: {diagnostic.message}" for diagnostic in diagnostics if is_jargon(diagnostic)]
    assert wrong == []


def told(mistake: Mistake, context: SiteContext, long: bool) -> tuple[Diagnostic, ...]:
    """What is said about the explainer with a mistake in it; by the reader alone where that is enough."""
    files = {**FILES, mistake.file: "\n".join(mistake.lines).encode()}
    if not long:
        _, diagnostics = reader.read_article(SLUG, files, context.settings, context.sources)
        few = sum(diagnostic.severity == "error" for diagnostic in diagnostics) <= MOST_FAULTS
        if few and at_its_line(mistake, diagnostics):  # else what follows from it is taken out first
            return diagnostics
    return analyse(SLUG, files, context)[1]


def at_its_line(mistake: Mistake, diagnostics: Iterable[Diagnostic]) -> bool:
    path, lines = f"{SLUG}/{mistake.file}", places(mistake)
    rows = FILES[mistake.file].decode().split("\n")
    gone = rows[mistake.row] if mistake.how == "deleted" else ""
    entry = ""
    if gone.strip().startswith("unit:"):  # without it a number is another, in formulas of any file
        entry = next(row.strip(" :") for row in reversed(rows[: mistake.row]) if row.endswith(":"))

    def is_there(fault: Diagnostic) -> bool:
        if entry and entry in fault.message:
            return True
        if fault.position.path != path:
            return False
        # What used a name that went with its line is told where it is used.
        return fault.position.line in lines or any(name[1:-1] in gone for name in QUOTED.findall(fault.message))

    return any(diagnostic.severity == "error" and is_there(diagnostic) for diagnostic in diagnostics)


def is_jargon(diagnostic: Diagnostic) -> bool:
    return JARGON.search(QUOTED.sub("", f"{diagnostic.message} {diagnostic.hint}")) is not None


def shown(diagnostics: Iterable[Diagnostic]) -> str:
    return "; ".join(f"{diagnostic.position}: {diagnostic.message}" for diagnostic in sorted(diagnostics))
