"""What the README and the documents for maintainers show is so: commands, rooms, files and names exist."""

import re
import shutil
from pathlib import Path

import pytest

from tests.program import run
from tests.test_floors import ABOVE, FLOORS, PACKAGE, room_of

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_its_map_has_every_room_on_its_floor() -> None:
    told = {
        (int(floor), room)
        for floor, rooms in re.findall(r"^\| (\d+) \| ([^|]+) \|", README, re.MULTILINE)
        for room in re.findall(r"`([a-z]+)`", rooms)
    }
    assert told == {(floor, room) for floor, rooms in enumerate(FLOORS) for room in rooms}


def test_every_room_on_the_map_is_there() -> None:
    there = {room_of(path) for path in PACKAGE.rglob("*.py")} - set(ABOVE)
    assert there == {room for rooms in FLOORS for room in rooms}


def test_its_commands_are_those_of_the_program() -> None:
    usage = run(ROOT, "--help").stdout
    commands = set(re.findall(r"^    ([a-z-]+)(?: |$)", usage, re.MULTILINE))
    told = set(re.findall(r"^\| `python build\.py ?([a-z-]*)", README, re.MULTILINE))
    assert told - {""} == commands - {"build"}


def test_its_make_targets_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", README)) <= targets


def test_its_example_finds_its_place(tmp_path: Path) -> None:
    text, yaml = re.findall(r"```(?:markdown|yaml)\n(.*?)```", README, re.DOTALL)[:2]
    shutil.copytree(ROOT / "tests" / "sites" / "small" / "content", tmp_path / "content")
    folder = tmp_path / "content" / "chips"
    folder.mkdir()
    front = "---\ntitle: Chips\npublished: 2026-11-23\nsummary: Ein Beispiel.\n---\n"
    (folder / "article.md").write_text(front + text, encoding="utf-8")
    source = "sources:\n- {id: semianalysis2025, type: webpage, title: DeepSeek Debates}\n"
    (folder / "sources.yaml").write_text(source + yaml, encoding="utf-8")
    done = run(tmp_path, "--content", "content", "--output", "site")
    assert done.returncode == 0, done.stderr
    assert 'id="r-fifty-thousand"' in (tmp_path / "site" / "chips" / "index.html").read_text(encoding="utf-8")


DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "docs/architecture.md")]
FOLDERS = "content|docs|randnotiz|schema|static|templates|tests"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_or_links_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = [ROOT / path for path in re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text)]
    linked = [document.parent / path for path in re.findall(r"\]\(([\w./-]+)(?:#[\w-]*)?\)", text)]
    assert [path for path in named + linked if not path.exists()] == []


def test_every_table_that_a_recipe_names_is_in_its_file() -> None:
    recipes = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Recipes")[2]
    tables = re.findall(r"`([\w./-]+\.\w+)`\s+\(`(\w+)`", recipes)
    assert len(tables) > 5
    assert [
        (path, name)
        for path, name in tables
        if not re.search(rf"\b{name}\b", (ROOT / path).read_text(encoding="utf-8"))
    ] == []
