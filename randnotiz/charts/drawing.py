"""Charts drawn: the engine called, and its pictures fitted to the column."""

import atexit
import contextlib
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from randnotiz import caching
from randnotiz.charts import engine, layout, svg, theme, ticks
from randnotiz.charts.blame import EMPTY
from randnotiz.charts.layout import Room
from randnotiz.charts.svg import Drawing, Pictures
from randnotiz.language import Locale
from randnotiz.model import Json

TRIAL = 2  # seconds of computing, for a drawing that only shows what keeps a chart from being drawn
PATIENCE = 4 * engine.SECONDS  # of waiting: the engine's own limit counts computing, and a machine may be busy
USUALLY_BESIDE = 60  # pixels of labels and legends beside a view
CLOSE_ENOUGH = 4  # pixels that a drawing may be narrower than its column
MOST_TRIES = 7
NARROWEST = 24  # pixels of a view
WIDE = Room(column=theme.WIDE, inner=theme.WIDE - 60)  # for a drawing whose width does not matter
MOST_ENTRIES = 1_000  # of a legend in a row; more have no room in any column
TALLEST = 5_000
LARGEST = 2_000_000  # characters of SVG
USUAL = 1.0  # seconds of computing that a drawing may take before anybody counts
TOO_MUCH = "too much"
NO_ENGINE = "the chart engine does not run; it wants 1,500 MB and 20 open files (see 'ulimit -a')"


class Request(Struct, frozen=True):
    """What is to be drawn: a checked specification, its rows, and the language of numbers and days; `cache` keeps
    what the engine draws.
    """

    specification: Mapping[str, Json]
    values: list[Json]
    language: Locale
    cache: Path | None = None


# What can be drawn wherever anything can.
PLAIN: Mapping[str, Json] = {"mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}


class ChartRefusedError(Exception):
    """The engine cannot draw a specification; `words` is its reason, without the trace of its program."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class TooMuchError(Exception):
    """Drawing takes more time, memory or paper than a chart may; not `certain` if a busy machine is the reason."""

    def __init__(self, words: str, *, certain: bool = True) -> None:
        super().__init__(words)
        self.certain = certain


# ---- Fitting ----


def drawn(request: Request, named: Sequence[float] = ()) -> Pictures:
    """A chart's drawings, with the `named` numbers on its axes, from the right in a language that runs from there.
    ChartRefusedError, TooMuchError.
    """
    pictures = _pictures(request, named)
    if request.language.direction == "ltr":
        return pictures
    return Pictures(
        wide=svg.mirrored(pictures.wide), narrow=svg.mirrored(pictures.narrow), alone=svg.mirrored(pictures.alone)
    )


def _pictures(request: Request, named: Sequence[float]) -> Pictures:
    own = layout.own_width(request.specification)
    if own is not None and own <= theme.NARROW:
        room = Room(column=theme.WIDE, inner=own)
        first = _once(request, room)
        if first.width <= theme.NARROW:
            small = _with_ticks(first, request, room, named, {})
            wide, narrow = replace(small, width=theme.WIDE), replace(small, width=theme.NARROW)
            return Pictures(wide=wide, narrow=narrow, alone=small)
    usual: dict[str, list[float]] = {}
    drawings = []
    beside = USUALLY_BESIDE
    for column, width in ((theme.WIDE, own), (theme.NARROW, None)):
        fitted, room = _fitted(request, column, width, beside)
        drawings.append(_with_ticks(fitted, request, room, named, usual))
        if room.abreast == 1:
            beside = math.ceil(fitted.total - room.inner)
    wide, narrow = drawings
    return Pictures(wide=wide, narrow=narrow, alone=wide)


class _Attempt(Struct, frozen=True):
    """The engine's own words for a drawing, whether it is turned, what takes its width, how wide it is exactly, and
    how wide it shall be.
    """

    text: str
    turned: bool
    plan: svg.Plan
    total: float
    width: int

    @property
    def drawing(self) -> Drawing:
        return replace(svg.read(self.text, turned=self.turned), width=self.width)


def _with_ticks(
    fitted: _Attempt, request: Request, room: Room, named: Sequence[float], usual: dict[str, list[float]]
) -> Drawing:
    """A drawing with ticks at the named numbers. What ticks there are is read off drawings that have them all, once
    with values as labels; `usual` collects them, so that a narrow column keeps those of the wide one.
    """
    if not named or room.abreast > 1:
        return fitted.drawing

    def axes(at: dict[str, list[float]], *, bare: bool = False) -> dict[str, list[tuple[str, float]]]:
        return svg.axes(_engine_svg(request, replace(room, ticks=at, bare=bare)))

    shown = svg.axes(fitted.text)
    own: dict[str, list[float]] = {}
    for channel, labels in axes({}, bare=True).items():
        with contextlib.suppress(ValueError):  # no axis of numbers
            own[channel] = sorted({float(words) for words, _ in labels})
    chosen = '"values"' in json.dumps(request.specification)  # ticks that may end before their axis
    if not chosen and not any(ticks.may_reach(values, number) for values in own.values() for number in named):
        return fitted.drawing
    usual |= {channel: sorted({*usual.get(channel, ()), *values}) for channel, values in own.items()}
    every = {channel: sorted({*known, *named}) for channel, known in usual.items()}
    bare, worded = axes(every, bare=True), axes(every)
    stay: dict[str, list[float]] = {}
    for channel, known in usual.items():
        found = list(ticks.paired(bare.get(channel, []), worded.get(channel, [])))
        if {tick.value for tick in found} & {*named}:
            first = [value for value in named if value in known]
            places = [round(at) for _, at in shown.get(channel, [])]
            now = [tick.value for tick in found if round(tick.at) in places]
            stay[channel] = ticks.kept(found, [*first, *ticks.ends(now), *named, *now], across=channel == "x")
    if not stay:
        return fitted.drawing
    again = _once(request, replace(room, ticks=stay))
    return replace(again, width=fitted.width).drawing if again.total <= fitted.width else again.drawing


def marks(request: Request) -> int:
    """How many marks some rows have, those of a 0 too. ChartRefusedError, TooMuchError."""
    drawing = _once(request, WIDE).drawing
    return drawing.marks + drawing.lengthless


def outcome(request: Request) -> str:
    """Why a chart cannot be drawn, in words that are the same for the same reason; empty if it can.

    TooMuchError where nobody can say, because the machine is busy.
    """
    try:
        drawing = _once(request, WIDE, TRIAL).drawing
    except ChartRefusedError as error:
        return error.words
    except TooMuchError as error:
        if not error.certain:
            raise
        return TOO_MUCH
    return "" if drawing.marks else EMPTY


def prove(language: Locale) -> None:
    """Nothing, if the engine draws at all; OSError if not: then no chart is to blame, but the machine."""
    try:
        _once(Request(PLAIN, [{"a": 1}], language), WIDE)
    except ChartRefusedError as error:
        raise OSError(f"{NO_ENGINE}: {error}") from None
    except TooMuchError as error:
        if error.certain:  # else the machine is only busy
            raise OSError(NO_ENGINE) from None


def _fitted(request: Request, column: int, own: int | None, beside: int) -> tuple[_Attempt, Room]:
    """A drawing as wide as its column, everything in it included, and the room it has.

    How much labels and legends add, and how many views stand abreast, is known only from a drawing; the first takes
    what stands `beside` the views from another column. Each try corrects the width of the views inside by how far the
    one before missed; one or two are enough for most.
    """
    room = Room(column=column, inner=min(own or column, max(column // 2, column - beside)))
    best: tuple[float, int, _Attempt, Room] | None = None
    before: tuple[int, float] | None = None
    for _ in range(MOST_TRIES):
        attempt = _once(request, room)
        total, plan = attempt.total, attempt.plan
        over = max(0.0, total - column)
        if best is None or (over, -room.inner) < best[:2]:
            best = (over, -room.inner, attempt, room)
        better = _better(plan, room)
        if better != room:
            room, before = better, None
            continue
        if 0 <= column - total <= CLOSE_ENOUGH or (own and total <= column):
            break
        steps = before and (room.inner - before[0], total - before[1])
        slope = steps[1] / steps[0] if steps and steps[0] else room.abreast
        before = (room.inner, total)
        if over and slope < room.abreast - 0.5 and not room.left:  # it is a title that takes the width
            room, before = replace(room, inner=column // room.abreast - 60, left=math.ceil(plan.left)), None
            continue
        inner = room.inner + math.floor((column - 1 - total) / min(max(slope, 0.5), room.abreast))
        inner = max(NARROWEST, inner)
        if inner == room.inner:
            break
        room = replace(room, inner=inner)
    assert best is not None  # noqa: S101 - for the type checker: there is at least one try
    # A little air at the right makes all charts of a page the same scale.
    *_, attempt, room = best
    return replace(attempt, width=max(attempt.width, column)), room


def _better(plan: svg.Plan, room: Room) -> Room:
    """The room for another try: with as many views abreast as there are, and legends that fit.

    Legends begin where the views do, right of the labels, and one too wide has its entries in fewer columns.
    """
    if plan.abreast > room.abreast:
        room = replace(room, abreast=plan.abreast, inner=min(room.inner, (room.column - 60) // plan.abreast))
    entries, stacked, left = [room.entries or MOST_ENTRIES], room.stacked, room.left
    for legend in plan.legends:
        most = (room.part if legend.of_view else room.column) - plan.left - 1
        if legend.width > most:
            entries.append(max(1, min(int(most / (legend.widest + theme.GAP)), entries[0] - 1)))
            left = math.ceil(plan.left)
        elif not legend.of_view and legend.left + legend.width > room.column:
            stacked = True
    fewest = min(entries) if min(entries) < MOST_ENTRIES else None
    return replace(room, entries=fewest, stacked=stacked, left=left)


def _once(request: Request, room: Room, seconds: int = engine.SECONDS) -> _Attempt:
    """One drawing. ChartRefusedError, TooMuchError."""
    text = _engine_svg(request, room, seconds)
    if len(text) > LARGEST:
        raise TooMuchError(f"the drawing would have {len(text):,} characters; at most {LARGEST:,} fit into a page")
    total, height = svg.measures(text)
    for way, pixels in (("high", round(height)), ("wide", round(total))):
        if pixels > TALLEST:
            raise TooMuchError(f"the drawing would be {pixels:,} pixels {way}; at most {TALLEST:,} fit into a page")
    return _Attempt(text, request.language.direction == "rtl", svg.plan(text), total, round(total))


def _engine_svg(request: Request, room: Room, seconds: int = engine.SECONDS) -> str:
    """The engine's own SVG. ChartRefusedError, TooMuchError."""
    whole = layout.arranged(request.specification, request.values, request.language, room)
    return engine_svg(whole, request.language, seconds, request.cache)


def engine_svg(
    whole: Mapping[str, Json], language: Locale, seconds: int = engine.SECONDS, cache: Path | None = None
) -> str:
    """The engine's own SVG of a specification with its data. ChartRefusedError, TooMuchError; OSError where there is
    no working engine at all. It depends on nothing else of the program, so that the cache outlasts its changes.
    """
    numbers, times = theme.number_locale(language), theme.time_locale(language)
    order = json.dumps({"specification": whole, "numbers": numbers, "times": times, "seconds": seconds})
    key = caching.key_of(("charts/engine.py",), order, libraries=("vl_convert_python",))
    known = caching.get(cache, key)
    if known is not None:
        return theme.percent_ahead(zlib.decompress(known).decode())
    with _ONE_AT_A_TIME:
        drawn = _engine(own_face=not _OTHER_FACE.search(order)).draw(order, seconds)
    caching.put(cache, key, zlib.compress(drawn.encode(), 1))
    return theme.percent_ahead(drawn)


# ---- The engine, in a process of its own ----


class _Engine:
    """A running engine. Whatever a specification makes of it, it is this process that ends and not ours."""

    def __init__(self, *words: str) -> None:
        self.owner = os.getpid()
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the engine
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", engine.__file__, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            # Dates without a time zone are read as the machine's; no chart may depend on where it is built.
            env={"TZ": "UTC", "PATH": os.environ.get("PATH", "")},
        )

    def close(self) -> None:
        """Let the engine end, and see that it has."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
        self.errors.close()

    def draw(self, order: str, seconds: int) -> str:
        """The SVG that an order in JSON asks for."""
        assert self.process.stdin is not None  # noqa: S101 - for the type checker: both are pipes
        assert self.process.stdout is not None  # noqa: S101
        watch = threading.Timer(PATIENCE, self.process.kill)
        watch.start()
        try:
            self.process.stdin.write(f"{order}\n".encode())
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError:
            line = b""
        finally:
            is_late = watch.finished.is_set()
            watch.cancel()
        errors = self._read_errors()
        if not line:
            raise self._ended(errors, seconds, is_late)
        answer = json.loads(line)
        _add(answer["seconds"])
        # What went wrong first is in the log; what the engine gives up for may only follow from it.
        error = re.search(r"^ERROR (.*)", errors, re.MULTILINE)
        if error or "svg" not in answer:
            raise ChartRefusedError(_first_line(error[1] if error else answer["refusal"]))
        drawing: str = answer["svg"]
        return drawing

    def _read_errors(self) -> str:
        self.errors.seek(0)
        errors = self.errors.read().decode("utf-8", "replace")
        self.errors.truncate(0)
        self.errors.seek(0)
        return errors

    def _ended(self, errors: str, seconds: int, is_late: bool) -> Exception:
        status = self.process.wait()
        _add(seconds)
        self.close()
        if status > 0 and not is_late:  # on Windows a process that is ended from outside has a status, too
            return OSError(": ".join((NO_ENGINE, *errors.strip().splitlines()[-1:])))
        return TooMuchError(
            f"drawing this takes more than {engine.SECONDS} seconds or {engine.MEMORY // 1_000_000:,} megabytes",
            certain=not is_late
            and status != -getattr(signal, "SIGKILL", 0),  # a system short of memory sends it, too
        )


# A letter that the engine's own face may lack, as JSON escapes it: beyond Latin, Greek, Cyrillic and Hebrew, and
# the signs that stand beside them in a chart.
_OTHER_FACE = re.compile(r"\\u(?!0[0-4]|050|05[9a-f]|1[ef]|20[0-6]|20a|20b[0-5]|219[0-5]|2212|2248|226[0145])")

_running: dict[bool, _Engine] = {}
_computing = 0.0
_ONE_AT_A_TIME = threading.Lock()


def _engine(*, own_face: bool = True) -> _Engine:
    """An engine of this process, started when the first chart is drawn and again if a chart brought it down."""
    known = _running.get(own_face)
    if known is not None and known.owner == os.getpid() and known.process.poll() is None:
        return known
    if not _running:
        atexit.register(_close)
    _running[own_face] = _Engine(*["own-face"] * own_face)
    return _running[own_face]


def computing() -> float:
    """The seconds of computing that this process's drawings have taken so far, beyond `USUAL` for each."""
    return _computing


def _add(seconds: float) -> None:
    global _computing
    _computing += max(0.0, seconds - USUAL)


def _close() -> None:
    for each in _running.values():
        if each.owner == os.getpid():
            each.close()


def _first_line(refusal: str) -> str:
    """The engine's reason without its heading and the trace of its program."""
    lines = [line.strip() for line in refusal.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
    lines = [line for line in lines if not line.endswith("conversion failed:")] or ["it gives no reason"]
    return re.sub(r"^(?:Uncaught )?(?:\w*Error: )", "", lines[0])[:200]
