"""Where something stands, what is wrong with it, and how that is told."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import ClassVar, NamedTuple, Self

from msgspec.structs import replace

from randnotiz.codes import DIAGNOSTICS, Code, Severity
from randnotiz.equality import ComparedInPart


class Position(NamedTuple):
    """A place in a file: its path below the content folder with `/`, line and column from 1 in code points.

    A tuple because every value of every file has one, and a record with fields by name takes longer to make.
    """

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


NOWHERE = Position("")


class SourceText(str):
    """Words an author wrote, equal to any other text with the same words, that know where they stand.

    `plain` is true for a YAML scalar without quotation marks; `start` and `end` are the offsets of the whole
    scalar in its file, in code points. `block` is the number of blanks that indent the lines of a literal block
    scalar, or None for every other form.
    """

    __slots__ = ("block", "end", "plain", "position", "start")

    position: Position
    plain: bool
    start: int
    end: int
    block: int | None

    def __new__(  # noqa: D102 - the class says what the parameters are
        cls,
        words: str,
        position: Position = NOWHERE,
        *,
        plain: bool = False,
        start: int = 0,
        end: int = 0,
        block: int | None = None,
    ) -> Self:
        self = str.__new__(cls, words)
        self.position = position
        self.plain = plain
        self.start = start
        self.end = end
        self.block = block
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return _text, (str(self), self.position, self.plain, self.start, self.end, self.block)

    def saying(self, words: str) -> "SourceText":
        """Other words that stand for it in its place."""
        return _text(words, self.position, self.plain, self.start, self.end, self.block)

    def at(self, index: int) -> Position:
        """The position of the code point at `index`, as near as the form of the scalar allows.

        Exact for plain, quoted and literal block scalars on lines of their own; a folded or many-line scalar
        has lost its line breaks, so its beginning stands for all of it.
        """
        here = self.position
        if self.block is not None:
            before = self[:index]
            last = before.rfind("\n")
            return Position(here.path, here.line + 1 + before.count("\n"), self.block + index - last)
        if self._on_one_line:
            return Position(here.path, here.line, here.column + index + (0 if self.plain else 1))
        return here

    def part(self, start: int, end: int) -> "SourceText":
        """A stretch of it that knows its place as well as the whole does."""
        words, where = self[start:end], self.at(start)
        if "\n" in words or (self.block is None and not self._on_one_line):
            return SourceText(words, where)
        return SourceText(words, where, plain=True, start=self.start + start, end=self.start + end)

    @property
    def _on_one_line(self) -> bool:
        """Whether it stands in its file as it is, but for quotation marks."""
        return self.end - self.start == len(self) + (0 if self.plain else 2)


def _text(words: str, position: Position, plain: bool, start: int, end: int, block: int | None) -> SourceText:
    return SourceText(words, position, plain=plain, start=start, end=end, block=block)


class Excerpt(NamedTuple):
    """The line of a place, with the two before and after it, as they stood in the bytes that were read.

    `first` is the number of the first line. Lines are cut after `WIDEST` code points; of the line of the place itself
    so many are shown around the column, and `cut` is how many are left out before them.
    """

    first: int
    lines: Sequence[str]
    cut: int = 0


AROUND = 2  # lines before and after that of the place
WIDEST = 400  # code points of a line


class Diagnostic(ComparedInPart, frozen=True):
    """Something the author must repair (`error`) or should look at (`warning`), which its code decides.

    `unknown` is the name that the author used and nothing has, where that is the fault. `draft` is true for what is
    wrong with a draft that is left out: a warning that stops no build. `excerpt` is what stands at the place, None
    where nothing was read there; two diagnostics that differ in it alone are the same.
    """

    position: Position
    code: Code
    message: str
    hint: str = ""
    unknown: str = ""
    draft: bool = False
    excerpt: Excerpt | None = None

    apart: ClassVar = frozenset(("excerpt",))

    @property
    def severity(self) -> Severity:
        """What the registry of codes says; a draft that is left out has no errors."""
        return "warning" if self.draft else DIAGNOSTICS[self.code].severity

    @property
    def end(self) -> int:
        """The column behind what stands at the place, as far as that goes on its line: a scalar of YAML, or in its
        midst and in a text a word. That of the place itself where nothing was read.
        """
        at = self.position
        if self.excerpt is None:
            return at.column
        line, index = self.excerpt.lines[at.line - self.excerpt.first], at.column - 1 - self.excerpt.cut
        before = line[:index]
        is_scalar = not at.path.endswith(".md") and _BEFORE_SCALAR.search(before)
        flow = any(before.count(opening) > before.count(closing) for opening, closing in ("[]", "{}"))
        found = re.compile(_SCALARS[flow] if is_scalar else _WORD).match(line, index)
        return at.column + (len(found[0].rstrip()) if found else 0)


_BEFORE_SCALAR = re.compile(r"(?:^|[\[{]|[-?:,]\s)\s*$")
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'"
# A plain scalar, by whether it stands within brackets: there a comma ends it, too.
_SCALARS = [rf"{_QUOTED}|(?:[^:#{more}]|:(?=\S)|(?<=\S)#)+" for more in ("", r",\[\]{}")]
_WORD = r"\w+(?:[.,'’-]\w+)*|\S"


Around = Callable[[Position], Excerpt | None]


def excerpts(files: Mapping[str, bytes], folder: str = "") -> Around:
    """What stands at places in files: the bytes that were read, by their paths below a folder, which ends with `/`.
    No file is opened for it, because that would be to read another one.
    """

    @cache
    def lines(path: str) -> list[str]:
        raw = files.get(path.removeprefix(folder), b"") if path.startswith(folder) else b""
        lines = re.split(r"\r\n|\r|\n", raw.decode("utf-8-sig", "replace"))
        return lines if lines[-1] else lines[:-1]

    return lambda place: _excerpt(lines(place.path), place)


def with_excerpts(diagnostics: Iterable[Diagnostic], around: Around) -> tuple[Diagnostic, ...]:
    """The diagnostics, those without an excerpt with what stands at their places."""
    return tuple(one if one.excerpt else replace(one, excerpt=around(one.position)) for one in diagnostics)


def _excerpt(lines: list[str], place: Position) -> Excerpt | None:
    if not 0 < place.line <= len(lines):
        return None
    first, cut = max(1, place.line - AROUND), max(0, place.column - WIDEST // 2)
    shown = lines[first - 1 : place.line + AROUND]
    shown[place.line - first] = shown[place.line - first][cut:]
    return Excerpt(first, [line[:WIDEST] for line in shown], cut)


class ContentError(Exception):
    """One fault in what an author wrote, raised where it is noticed and collected by the loop above."""

    def __init__(self, position: Position, code: Code, message: str, hint: str = "", *, unknown: str = "") -> None:
        super().__init__(f"{position}: {message}")
        self.diagnostic = Diagnostic(position, code, message, hint, unknown=unknown)


class collecting:  # noqa: N801 - it is called like a function, hundreds of times an article; one would take twice as long
    """A block whose content error, if there is one, joins the diagnostics instead of going on upwards."""

    __slots__ = ("diagnostics",)

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self.diagnostics = diagnostics

    def __enter__(self) -> None:
        """Nothing is done before."""

    def __exit__(self, _: object, error: object, __: object) -> bool:
        """Whether it was a content error."""
        if isinstance(error, ContentError):
            self.diagnostics.append(error.diagnostic)
            return True
        return False


def shortened(words: str, longest: int = 60) -> str:
    """Words fit for a message: on one line, cut if they are long."""
    words = " ".join(words.split())
    return words if len(words) <= longest else words[:longest].rstrip() + "…"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word an author most likely meant, or None if none is near.

    Letters in another order come first: in short words they make up too much of the difference. So does a known word
    that a sentence begins with, because the name of the sentence's own field is missing.
    """
    from difflib import get_close_matches  # most content has no faults

    words, letters, first = list(known), sorted(word), word.partition(" ")[0]
    if turned := next((each for each in words if each == first or sorted(each) == letters), None):
        return turned
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    return close[0] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest known word, or an empty text."""
    near = nearest(word, known)
    return f"; did you mean '{near}'?" if near else ""


# What a folder of content is called from where the author stands is known only to the command line.
ShowPath = Callable[[str], str]


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # what a terminal obeys, or cannot print
_SHOWN = 100  # characters of a line


def as_text(diagnostics: Iterable[Diagnostic], place: ShowPath, colour: bool = False) -> str:
    """Findings in order, each as `path:line:column: message` with the source line and a caret below it."""
    bold, red, yellow, dim, reset = ("\33[1m", "\33[31m", "\33[33m", "\33[2m", "\33[0m") if colour else ("",) * 5
    parts = []
    for diagnostic in sorted(set(diagnostics)):
        at = diagnostic.position
        shade = red if diagnostic.severity == "error" else yellow
        word = "" if diagnostic.severity == "error" else "warning: "
        path, message = _CONTROL.sub("�", place(at.path)), _CONTROL.sub("�", diagnostic.message)
        head = f"{bold}{path}:{at.line}:{at.column}:{reset} {shade}{word}{message}{reset}"
        parts.append(f"{head} {dim}[{diagnostic.code}]{reset}")
        if diagnostic.excerpt:
            first, lines, cut = diagnostic.excerpt
            shown, caret = _around(lines[at.line - first], at.column - cut)
            parts.append(f"  {dim}{at.line:>4} |{reset} {shown}")
            parts.append(f"  {dim}     |{reset} {shade}{caret}{reset}")
        if diagnostic.hint:
            parts.extend(f"  {dim}     ={reset} {_CONTROL.sub('�', line)}" for line in diagnostic.hint.splitlines())
    return "\n".join(parts)


def _around(line: str, column: int) -> tuple[str, str]:
    """A stretch of a line around a column, safe for a terminal, and the caret under it."""
    clean = "".join(" " if char == "\t" else char if char.isprintable() else "�" for char in line.rstrip("\r\n"))
    start = max(0, column - 1 - _SHOWN * 2 // 3) if len(clean) > _SHOWN else 0
    shown = ("…" if start else "") + clean[start : start + _SHOWN] + ("…" if len(clean) > start + _SHOWN else "")
    return shown, " " * (column - 1 - start + (1 if start else 0)) + "^"


def as_json(diagnostics: Iterable[Diagnostic], place: ShowPath) -> str:
    """Findings as one JSON array, in order."""
    rows = [
        {
            "severity": diagnostic.severity,
            "path": place(diagnostic.position.path),
            "line": diagnostic.position.line,
            "column": diagnostic.position.column,
            "endLine": diagnostic.position.line,
            "endColumn": diagnostic.end,
            "code": diagnostic.code,
            "message": diagnostic.message,
            "hint": diagnostic.hint,
        }
        for diagnostic in sorted(set(diagnostics))
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def as_github(diagnostics: Iterable[Diagnostic], place: ShowPath) -> str:
    """Findings as GitHub Actions annotations, one a line (workflow commands, `::error file=…::message`)."""
    rows = []
    for diagnostic in sorted(set(diagnostics)):
        at = diagnostic.position
        message = diagnostic.message + (f"\n{diagnostic.hint}" if diagnostic.hint else "")
        message = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        path = place(at.path)
        for char, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
            path = path.replace(char, code)
        where = f"file={path},line={at.line},endLine={at.line},col={at.column},endColumn={diagnostic.end}"
        rows.append(f"::{diagnostic.severity} {where},title={diagnostic.code}::{message}")
    return "\n".join(rows)
