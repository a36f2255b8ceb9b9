"""What the project stands on is pinned, named with its reason, and listed with its licence."""

import ast
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest

from tests import audit

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")

# What packages without an SPDX expression write instead, in a field or in the first line of their licence.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "SIL OFL 1.1": "OFL-1.1",
}


def locked(name: str) -> list[tuple[str, str, int]]:
    """The packages of a lock file: name, version, and the number of hashes it is held to."""
    lines = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    pins = [re.match(r"([a-z0-9-]+)==([^\s;]+)", line) for line in lines]
    assert all(pins), "every line of a lock file pins a package"
    return [(pin[1], pin[2], line.count("--hash=")) for pin, line in zip(pins, lines, strict=True) if pin]


def listed() -> dict[str, str]:
    """The packages of LICENSES.md with their licences."""
    table = (ROOT / "LICENSES.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| (?!package )([a-z0-9-]+) \| ([A-Za-z0-9. -]+) \|$", table, re.MULTILINE))


def licence(name: str) -> str:
    """What an installed package says of its licence, as an SPDX expression."""
    stated = distribution(name).metadata.json
    if expression := stated.get("license_expression"):
        return str(expression)
    words = str(stated.get("license") or "").strip()
    if not words or "\n" in words:
        classes = [line for line in stated.get("classifier") or () if line.startswith("License ::")]
        words = classes[0].rpartition(" :: ")[2] if classes else first_line(name)
    return SPDX.get(words, words)


def first_line(name: str) -> str:
    texts = [file for file in distribution(name).files or () if file.name.upper().startswith("LICENSE")]
    return next(line.strip() for line in texts[0].read_text().splitlines() if line.strip()) if texts else ""


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_hashes_and_no_host_is_named(name: str) -> None:
    packages = locked(name)
    assert len(packages) > 20
    assert [package for package, _, hashes in packages if not hashes] == []
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_what_is_needed_to_build_is_locked_alike_for_the_tests() -> None:
    runtime, development = ({lock[:2] for lock in locked(name)} for name in LOCKS)
    assert runtime <= development


def test_every_package_is_listed_with_the_licence_it_states() -> None:
    told = listed()
    assert set(told) == {package for name in LOCKS for package, _, _ in locked(name)}
    stated = {}
    for package in told:
        try:
            stated[package] = licence(package)
        except PackageNotFoundError:  # not for this system or this Python
            stated[package] = told[package]
    assert told == stated


def imported(module: Path) -> set[str]:
    """What a module imports of others, at its head or later."""
    names = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - {"randnotiz"}


def test_a_site_is_built_with_nothing_but_what_is_locked_for_it() -> None:
    modules = [ROOT / "build.py", *sorted((ROOT / "randnotiz").rglob("*.py"))]
    uses = {(module.relative_to(ROOT).as_posix(), name) for module in modules for name in imported(module)}
    assert ("randnotiz/yamldoc/__init__.py", "yaml") in uses
    runtime = {package for package, _, _ in locked("requirements.lock")}
    locked_names = {
        name
        for name, owners in packages_distributions().items()
        if runtime & {owner.lower().replace("_", "-") for owner in owners}
    }
    bib = "reader/biblatex_works.py"
    extras = {"pygls": "lsp/", "lsprotocol": "lsp/", "pypandoc": "editing/word_text.py"}  # each in one place alone
    extras |= {"bibtexparser": bib, "pylatexenc": bib}
    assert {name for _, name in uses} >= set(extras)
    others = {
        (path, name)
        for path, name in uses
        if name not in locked_names and not path.startswith(f"randnotiz/{extras.get(name, ' ')}")
    }
    assert others == {("randnotiz/formulas/__main__.py", "pint"), ("randnotiz/language/__main__.py", "unicode_rbnf")}


def test_the_readme_names_each_direct_package_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name = re.compile(r"[a-z0-9-]+")
    direct = [name.findall(package)[0] for package in project["dependencies"]]
    for extra, packages in project["optional-dependencies"].items():
        direct += [f"{name.findall(package)[0]} (extra `{extra}`)" for package in packages]
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| package | for |")[2].split("\n\n")[0]
    named = [name for row in re.findall(r"^\| ([a-z][^|]*) \|", table, re.MULTILINE) for name in row.split(", ")]
    assert sorted(named) == sorted(direct)


def package(name: str, *vulnerabilities: dict[str, object]) -> dict[str, object]:
    return {"name": name, "version": "1.0", "vulns": list(vulnerabilities)}


SKIPPED: dict[str, object] = {"name": "leise", "skip_reason": "Dependency not found"}
HOLE: dict[str, object] = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["1.1"]}


@pytest.mark.parametrize(
    ("packages", "accepted", "says", "bad"),
    [
        ([package("sauber")], {}, ["audit: 1 packages asked about, 0 known vulnerabilities"], False),
        ([package("faul", HOLE)], {}, ["faul 1.0: PYSEC-2026-1 (mended in 1.1)"], True),
        (
            [package("faul", HOLE | {"fix_versions": []})],
            {},
            ["faul 1.0: PYSEC-2026-1 (mended in no version"],
            True,
        ),
        ([package("faul", HOLE)], {"CVE-2026-1": "never called"}, ["(accepted: never called)"], False),
        ([package("faul", HOLE)], {"CVE-2026-2": "another one"}, ["(mended in 1.1)"], True),
        ([SKIPPED, SKIPPED], {}, ["audit skipped: no data on any of the 2 packages"], False),
        ([package("faul", HOLE), SKIPPED], {}, ["faul 1.0", "audit skipped for 1: leise"], True),
    ],
)
def test_an_audit_fails_for_what_nobody_accepted_and_says_what_it_skipped(
    packages: list[dict[str, object]], accepted: dict[str, str], says: list[str], bad: bool
) -> None:
    lines, failed = audit.judged({"dependencies": packages}, accepted)
    assert failed is bad
    for words in says:
        assert words in "\n".join(lines)
