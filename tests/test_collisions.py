"""Somebody saves a file while the desk changes it: at every line of ours, in every manner, and nothing is gone."""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from randnotiz import editing
from randnotiz.editing import exchange, files

OLD, MINE, THEIRS = "notes: []\n", "notes: [] # vom Schreibtisch\n", "notes: [] # von Anna\n"
OURS = {files.__file__, exchange.__file__}

Finish = Callable[[], None]


def save_by_renaming(path: Path) -> Finish:
    other = path.with_name(".notes.swp")
    other.write_text(THEIRS)
    other.replace(path)
    return lambda: None


def save_as_vim_does(path: Path) -> Finish:
    backup = path.with_name("notes.yaml~")
    with suppress(FileNotFoundError):  # it may have been put aside for a moment
        path.rename(backup)
    path.write_text(THEIRS)
    backup.unlink(missing_ok=True)
    return lambda: None


def save_in_place(path: Path) -> Finish:
    path.write_text(THEIRS)
    return lambda: None


def save_slowly(path: Path, mode: str = "w") -> Finish:
    """The file is opened, and written only when our change is done."""
    file = path.open(mode)

    def finish() -> None:
        file.write(THEIRS)
        file.close()

    return finish


def append_slowly(path: Path) -> Finish:
    return save_slowly(path, "a")


MANNERS = (save_by_renaming, save_as_vim_does, save_in_place, save_slowly, append_slowly)


@contextmanager
def at_line(number: int, do: Callable[[], object]) -> Iterator[list[int]]:
    """A block in which something is done before the line of ours with a number in the order in which they are run."""
    count = [0]

    def line(_: FrameType, event: str, __: Any) -> Any:
        if event == "line":
            count[0] += 1
            if count[0] == number:
                sys.settrace(None)
                do()
                sys.settrace(call)
        return line

    def call(frame: FrameType, *_: Any) -> Any:
        return line if frame.f_code.co_filename in OURS else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        yield count
    finally:
        sys.settrace(before)


def collide(folder: Path, number: int, save: Callable[[Path], Finish], old: str, beside: str) -> tuple[bool, bool]:
    """Whether the line was reached, and whether our change was made; `beside` is the file that is changed as well."""
    folder.mkdir()
    path = folder / "notes.yaml"
    if old:
        path.write_text(old)
    wanted = [editing.Written(path=path, new=MINE, expected=editing.digest(old))]
    if beside:
        (folder / "sources.yaml").write_text("sources: []\n")
        also = editing.Written(path=folder / "sources.yaml", new="sources: [amt]\n", expected=editing.digest(beside))
        wanted.append(also)
    done, words = False, ""
    finish: list[Finish] = []
    with at_line(number, lambda: finish.append(save(path))) as count:
        try:
            editing.write_together(wanted)
            done = True
        except (OSError, ZeroDivisionError) as error:
            words = str(error)
    for each in finish:
        each()
    there = {each.name: each.read_text() for each in folder.iterdir()}
    named = {name for name in there if name in words or name in ("notes.yaml", "sources.yaml")}
    assert there.keys() == named, f"left: {there.keys() - named}"
    texts = [there[name] for name in named]
    if finish:
        assert any(THEIRS in text for text in texts), f"{save.__name__} at line {number}: theirs is gone, {there}"
    if finish and save is append_slowly and old:
        assert any(text.startswith((old, MINE)) for text in texts), f"at line {number}: the old text is gone, {there}"
    if not finish:
        assert there.get("notes.yaml", "") == (MINE if done else old)
    return count[0] >= number, done


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.mark.parametrize(
    "second", ["none", *(pytest.param(word, marks=pytest.mark.slow) for word in ("written", "refused"))]
)
@pytest.mark.parametrize("old", [OLD, pytest.param("", marks=pytest.mark.slow)], ids=["there", "new"])
@pytest.mark.parametrize("atomic", [True, False], ids=["exchange", "steps"])
@pytest.mark.parametrize("save", MANNERS)
def test_a_save_at_any_line_is_not_lost(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    save: Callable[[Path], Finish],
    atomic: bool,
    old: str,
    second: str,
) -> None:
    if not atomic:
        monkeypatch.setattr(exchange, "_of_the_system", lambda: None)
    if second == "refused":  # when the first is in place
        put = files._Change.put
        monkeypatch.setattr(files._Change, "put", lambda each: put(each) if each.path.name == "notes.yaml" else 1 / 0)
    number = 1
    while collide(tmp_path / str(number), number, save, old, "sources: []\n" if second != "none" else "")[0]:
        number += 1
    assert number > 20


@pytest.mark.slow
@pytest.mark.parametrize("atomic", [True, False], ids=["exchange", "steps"])
def test_of_500_saves_at_the_same_moment_none_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, atomic: bool
) -> None:
    if not atomic:
        monkeypatch.setattr(exchange, "_of_the_system", lambda: None)
    path = tmp_path / "notes.yaml"
    outcomes = set()
    for number in range(500):
        path.write_text(OLD)
        save = MANNERS[number % 3]
        together = threading.Barrier(2)

        def editor(save: Callable[[Path], Finish] = save, together: threading.Barrier = together) -> None:
            together.wait()
            for _ in range(random.randrange(3000)):
                pass
            save(path)

        thread = threading.Thread(target=editor)
        thread.start()
        together.wait()
        try:
            editing.write(path, MINE, editing.digest(OLD))
            outcomes.add("done")
        except OSError as error:
            outcomes.add("conflict")
            kept = [each for each in tmp_path.glob(".*.kept") if each.name in str(error)]
        else:
            kept = []
        thread.join()
        assert THEIRS in {each.read_text() for each in (path, *kept)}, number
    assert outcomes == {"done", "conflict"}


def test_the_desk_starts_where_neither_locks_nor_exchanges_are_known() -> None:
    code = """
import sys
sys.modules["fcntl"] = sys.modules["ctypes"] = None
from randnotiz.editing import exchange
assert exchange._of_the_system() is None
assert not exchange.has_writer(exchange.Path(exchange.__file__))
"""
    subprocess.run([sys.executable, "-c", code], check=True)
