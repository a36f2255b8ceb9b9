"""What a Vega expression speaks of: the names it computes with, the functions it calls, the columns it reads.

Vega runs expressions in a sandbox of its own. They are looked at here so that a misspelt name is told with its place
and without starting the engine, and because some functions give something else at every build or never end.
"""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from randnotiz.diagnostics import ContentError, SourceText, did_you_mean, shortened
from randnotiz.values import word_set

# The functions of Vega expressions that give the same for the same input and whose result is about as large as it.
FUNCTIONS = word_set(
    """
    isArray isBoolean isDate isDefined isNumber isObject isRegExp isString isValid toBoolean toDate toNumber toString
    if isNaN isFinite abs acos asin atan atan2 ceil clamp cos exp floor hypot log max min pow round sin sqrt tan
    cumulativeNormal cumulativeLogNormal cumulativeUniform densityNormal densityLogNormal densityUniform
    quantileNormal quantileLogNormal quantileUniform
    datetime date day dayofyear year quarter month week hours minutes seconds milliseconds time timeOffset
    timezoneoffset
    utc utcdate utcday utcdayofyear utcyear utcquarter utcmonth utcweek utchours utcminutes utcseconds utcmilliseconds
    utcOffset dayFormat dayAbbrevFormat monthFormat monthAbbrevFormat format timeFormat timeParse utcFormat utcParse
    timeUnitSpecifier extent clampRange inrange indexof lastindexof join length peek pluck reverse slice sort span
    lerp lower upper trim truncate substring split replace parseFloat parseInt regexp test
    btoa atob merge
    rgb hsl lab hcl luminance contrast scale invert domain range bandwidth bandspace data
    """
)
# `datetime` without an argument is the time of the build.
UNSTEADY = word_set(
    """
    now datetime() random sampleNormal sampleLogNormal sampleUniform utcSequence timeSequence sequence pad repeat
    """
)
CONSTANTS = word_set(
    """
    NaN E LN2 LN10 LOG2E LOG10E MAX_VALUE MIN_VALUE PI SQRT1_2 SQRT2 true false null undefined datum width height
    parent item
    """
)

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[A-Za-z_$][\w$]*)
    |(?P<sign>[-+*/%!=<>&|^~?:.,;()\[\]{}]))""",
    re.VERBOSE,
)
_CLOSES = {")": "(", "]": "[", "}": "{"}


class _VegaToken(NamedTuple):
    kind: str
    words: str
    at: int


class NameUse(NamedTuple):
    """A name in an expression: a `variable`, a `function`, or a `column` read from the row at hand; and its index."""

    kind: str
    name: str
    at: int


def names(expression: SourceText) -> list[NameUse]:
    """Every name an expression speaks of. Code: chart-spec, where its signs cannot be told apart or do not match."""
    tokens = [*_tokens(expression), _VegaToken("end", "", len(expression))]
    return [name for at, token in enumerate(tokens) for name in _names_at(tokens, at, token)]


def _tokens(expression: SourceText) -> Iterator[_VegaToken]:
    at = 0
    end = len(expression.rstrip())
    open_signs: list[_VegaToken] = []
    while at < end:
        match = _TOKEN.match(expression, at)
        if match is None or match.lastgroup is None:
            stray = expression[at:end].lstrip()[:1]
            message = f"the expression '{shortened(expression)}' cannot be read from '{stray}' on"
            raise ContentError(expression.at(end - len(expression[at:end].lstrip())), "chart-spec", message)
        token = _VegaToken(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup))
        if token.words in _CLOSES.values() and token.kind == "sign":
            open_signs.append(token)
        elif token.words in _CLOSES and (not open_signs or open_signs.pop().words != _CLOSES[token.words]):
            message = f"this '{token.words}' closes nothing in the expression '{shortened(expression)}'"
            raise ContentError(expression.at(token.at), "chart-spec", message)
        yield token
        at = match.end()
    if open_signs:
        left = open_signs[-1]
        message = f"this '{left.words}' is never closed in the expression '{shortened(expression)}'"
        raise ContentError(expression.at(left.at), "chart-spec", message)


def _names_at(tokens: list[_VegaToken], at: int, token: _VegaToken) -> Iterator[NameUse]:
    if token.kind != "name":
        return
    before = tokens[at - 1].words if at else ""
    behind = tokens[at + 1]
    if before == ".":
        if at > 1 and tokens[at - 2].words == "datum" and (at < 3 or tokens[at - 3].words != "."):
            yield NameUse("column", token.words, token.at)
    elif behind.words == "(":
        of_nothing = token.words == "datetime" and tokens[at + 2].words == ")"
        yield NameUse("function", f"{token.words}()" if of_nothing else token.words, token.at)
    elif behind.words == ":" and before in ("{", ","):
        return  # the key of an object
    else:
        yield NameUse("variable", token.words, token.at)
        inside = tokens[at + 2 : at + 4]
        if token.words == "datum" and behind.words == "[" and [inside[0].kind, inside[-1].words] == ["string", "]"]:
            yield NameUse("column", re.sub(r"\\(.)", r"\1", inside[0].words[1:-1]), inside[0].at + 1)


def check(expression: SourceText, known: Collection[str], columns: Collection[str] | None) -> Iterator[ContentError]:
    """What is wrong with the names of an expression; columns are not checked where they are None."""
    for kind, name, at in names(expression):
        where = expression.at(at)
        if kind == "function" and name in UNSTEADY:
            message = f"'{name}' may not be used: a chart must be the same, and as large, at every build"
            yield ContentError(where, "chart-spec", message)
        elif kind == "function" and name not in FUNCTIONS:
            yield ContentError(where, "chart-spec", f"there is no function '{name}'{did_you_mean(name, FUNCTIONS)}")
        elif kind == "variable" and name not in known and name not in CONSTANTS:
            near = did_you_mean(name, (*known, "datum"))
            hint = "Columns of the rows are written datum.name; quantities and figures by their names."
            message = f"there is no quantity, figure or parameter '{name}'{near}"
            yield ContentError(where, "chart-spec", message, hint, unknown=name)
        elif kind == "column" and columns is not None and name not in columns:
            near = did_you_mean(name, columns)
            yield ContentError(where, "chart-field-unknown", f"the rows have no column '{name}'{near}")
