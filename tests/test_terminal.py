"""Progress as a person at a terminal sees it, and as a log keeps it."""

import io
import os
import pty
import re
from collections.abc import Iterator
from typing import TextIO

import pytest

from randnotiz import terminal


@pytest.fixture
def screen() -> Iterator[tuple[int, TextIO]]:
    """A terminal: what it shows is read from the first, what is written to it goes into the second."""
    master, slave = pty.openpty()
    with open(slave, "w", encoding="utf-8", closefd=True) as stream:  # noqa: PTH123 - a descriptor has no path
        yield master, stream
    os.close(master)


def shown(master: int) -> str:
    """What a terminal shows, without its control sequences."""
    os.set_blocking(master, False)
    pieces = []
    while True:
        try:
            pieces.append(os.read(master, 65_536))
        except BlockingIOError:
            return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", b"".join(pieces).decode())


@pytest.fixture
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm-256color")


class Clock:
    """A clock that stands until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.usefixtures("_wide")
def test_a_terminal_shows_how_far_how_fast_and_how_long(screen: tuple[int, TextIO]) -> None:
    master, stream = screen
    clock = Clock()
    with terminal.progress(stream, clock=clock) as update:
        for done in range(2, 17, 2):
            clock.now += 0.5
            update(done, 100)
    words = shown(master)
    assert "articles" in words
    assert "16/100" in words
    assert "4 a second" in words
    assert "0:00:21" in words


@pytest.mark.usefixtures("_wide")
def test_a_terminal_shows_nothing_of_what_is_soon_over(screen: tuple[int, TextIO]) -> None:
    master, stream = screen
    clock = Clock()
    with terminal.progress(stream, clock=clock) as update:
        for done in range(100):
            clock.now += 0.0099
            update(done + 1, 100)
    assert shown(master) == ""


def test_a_log_gets_a_plain_line_now_and_then() -> None:
    clock, stream = Clock(), io.StringIO()
    with terminal.progress(stream, "addresses", clock) as update:
        for done in range(1, 8):
            clock.now += 4
            update(done * 10, 70)
    assert stream.getvalue() == "30 of 70 addresses, 2 a second\n60 of 70 addresses, 2 a second\n"


@pytest.mark.parametrize(
    ("variable", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_are_for_terminals_that_want_them(
    screen: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch, variable: dict[str, str], coloured: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    assert terminal.colours(screen[1]) is coloured
    assert terminal.colours(io.StringIO()) is False
