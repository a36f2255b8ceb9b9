"""A room imports only from floors below its own, and has tests in `make test`; the table is the picture of the house
in README.md.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "randnotiz"

FLOORS = (
    (
        "caching",
        "codes",
        "colours",
        "css",
        "deceptive",
        "equality",
        "letters",
        "locks",
        "memo",
        "numerals",
        "shipped",
        "sidecars",
        "slugs",
        "spans",
    ),
    ("diagnostics", "earlier"),
    ("values", "markdown", "terminal", "starter", "expressions"),
    ("yamldoc", "language", "csl"),
    ("schema", "biblatex", "web"),
    ("model", "quotes", "formulas"),
    ("reader", "figures", "citations", "references", "media", "index"),
    ("charts", "notes"),
    ("checks", "pages"),
    ("analysis", "exports"),
    ("rendering", "suggestions"),
    ("site", "editing", "links"),
    ("preview",),
    ("lsp",),
    ("commands",),
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def room_of(path: Path) -> str:
    """The room a file belongs to: the module, or the folder it lies in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


ABOVE = ("__init__", "__main__")  # the name of the house, and its door
FILES = sorted(path for path in PACKAGE.rglob("*.py") if room_of(path) not in ABOVE)


def imported_rooms(path: Path) -> set[str]:
    """The rooms of the house that a file imports, wherever in the file it does so."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "randnotiz":
            names += [f"randnotiz.{alias.name}" for alias in node.names if alias.name != "__version__"]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return {name.split(".")[1] for name in names if name.startswith("randnotiz.")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_room_has_a_floor_and_looks_only_down(path: Path) -> None:
    room = room_of(path)
    assert room in FLOOR_OF, f"{room} has no floor yet; give it one in this table and in README.md"
    # `model` names what travels, so its own floor may speak of it.
    above = {
        other
        for other in imported_rooms(path) - {room}
        if FLOOR_OF[other] >= FLOOR_OF[room] and not (other == "model" and FLOOR_OF[room] == FLOOR_OF["model"])
    }
    assert not above, (
        f"{room} (floor {FLOOR_OF[room]}) imports {', '.join(sorted(above))} from its own floor or above"
    )


GATHERING = {"Unbuilt"}  # one of them is filled while articles come in


def test_every_public_record_is_frozen() -> None:
    classes = [
        node
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    records = [one for one in classes if not one.name.startswith("_") and "Struct" in map(ast.unparse, one.bases)]
    assert len(records) > 100
    assert {one.name for one in records if "frozen=True" not in map(ast.unparse, one.keywords)} == GATHERING


def modules() -> Iterator[tuple[str, str]]:
    """Each module by its last name; a folder is one module."""
    for path in FILES:
        stem = path.parent.name if path.name == "__init__.py" else path.stem
        if stem != "__main__":
            yield stem, str(path.relative_to(ROOT))


def classes() -> Iterator[tuple[str, str]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield node.name, f"{path.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("named", [modules, classes])
def test_a_name_leads_to_one_place(named: Callable[[], Iterator[tuple[str, str]]]) -> None:
    places = dict[str, list[str]]()
    for name, place in named():
        places.setdefault(name, []).append(place)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def names_in(node: ast.AST) -> set[str]:
    """The names that a piece of code uses, those of its fixtures among them."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} | {
        part.arg for part in ast.walk(node) if isinstance(part, ast.arg)
    }


def rooms_by_name(tree: ast.Module) -> dict[str, str]:
    """Which room a name in a file was imported from, or is."""
    rooms = dict[str, str]()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == PACKAGE.name:
            _, *room = (node.module or "").split(".")
            rooms |= {alias.asname or alias.name: (room or [alias.name])[0] for alias in node.names}
    return rooms


def quick_rooms(path: Path) -> Iterator[str]:
    """The rooms to which the tests of a file lead that `make test` runs, through whatever the file defines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    rooms, defined, ahead = rooms_by_name(tree), dict[str, ast.stmt](), list[ast.stmt]()
    for node in tree.body:
        marks = (each for each in ast.walk(node) if isinstance(each, ast.Attribute) and each.attr == "slow")
        slow = "pytest.mark.slow" in map(ast.unparse, marks)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined[node.name] = node
            if node.name.startswith("test_") and not slow:
                ahead.append(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names = {name for name in names_in(node) if name not in rooms}
            if slow and "pytestmark" in names:
                return
            defined |= dict.fromkeys(names, node)
    seen = set[str]()
    while ahead:
        for name in names_in(ahead.pop()) - seen:
            seen.add(name)
            if name in rooms:
                yield rooms[name]
            elif name in defined:
                ahead.append(defined[name])


def test_every_room_has_a_test_that_is_run_after_each_change() -> None:
    tested = {room for path in (ROOT / "tests").glob("test_*.py") for room in quick_rooms(path)}
    assert sorted(FLOOR_OF.keys() - tested) == []
