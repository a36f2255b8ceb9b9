"""Progress as a person at a terminal sees it, and as a log keeps it."""

import io
import os
import pty
import re
import termios
from collections.abc import Iterator
from typing import TextIO

import pytest

from randnotiz import terminal


@pytest.fixture
def screen() -> Iterator[tuple[int, TextIO]]:
    """A terminal: what it shows is read from the first, what is written to it goes into the second."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, 100))
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
def _able(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


class Clock:
    """A clock that stands until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.usefixtures("_able")
def test_a_terminal_shows_how_far_how_fast_and_how_long(screen: tuple[int, TextIO]) -> None:
    master, stream = screen
    clock = Clock()
    with terminal.progress(stream, clock=clock) as update:
        for done in range(1, 17):
            clock.now += 0.25
            update(done, 100)
        words = shown(master)
    assert words.rpartition("\r")[2] == f"articles 16/100, 4 a second, 0:00:21 left [{'#' * 6}{'.' * 34}]"
    assert shown(master) == "\r", "the line is empty again"


@pytest.mark.usefixtures("_able")
@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (0, f"articles 3/9, 2 a second, 0:00:04 left [{'#' * 12}{'.' * 24}]"),  # a terminal of unknown width: 80
        (49, "articles 3/9, 2 a second, 0:00:04 left [#....]"),
        (48, "articles 3/9, 2 a second, 0:00:04 left"),
        (30, "articles 3/9, 2 a second, 0"),
        (2, ""),
    ],
)
def test_a_bar_and_the_sign_of_an_interrupt_fit_on_the_line(
    screen: tuple[int, TextIO], columns: int, line: str
) -> None:
    master, stream = screen
    termios.tcsetwinsize(master, (24, columns))
    clock = Clock()
    with terminal.progress(stream, clock=clock) as update:
        clock.now += 2
        update(0, 9)
        update(3, 9)
        assert shown(master) == f"\r{line}"
    assert len(f"{line}^C") < (columns or 80) or not line


@pytest.mark.usefixtures("_able")
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_a_line_is_gone_when_what_it_counts_is_interrupted(
    screen: tuple[int, TextIO], error: type[BaseException]
) -> None:
    master, stream = screen
    clock = Clock()

    def counted() -> None:
        with terminal.progress(stream, clock=clock) as update:
            clock.now += 2
            update(3, 9)
            assert "3/9" in shown(master)
            raise error

    with pytest.raises(error):
        counted()
    assert os.read(master, 100) == terminal.CLEAR.encode()


@pytest.mark.usefixtures("_able")
def test_the_end_is_seen_however_soon_it_comes(screen: tuple[int, TextIO]) -> None:
    master, stream = screen
    clock = Clock()
    with terminal.progress(stream, clock=clock) as update:
        clock.now += 2
        for done in range(90, 101):
            clock.now += 0.001
            update(done, 100)
        lines = shown(master).split("\r")
    assert [line.split(",")[0] for line in lines] == ["", "articles 90/100", "articles 100/100"]


def test_a_terminal_that_cannot_go_back_gets_lines_as_a_log_does(
    screen: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    clock = Clock()
    with terminal.progress(screen[1], clock=clock) as update:
        for done in range(1, 8):
            clock.now += 4
            update(done * 10, 70)
    assert shown(screen[0]) == "30 of 70 articles, 2 a second\r\n60 of 70 articles, 2 a second\r\n"


@pytest.mark.usefixtures("_able")
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
