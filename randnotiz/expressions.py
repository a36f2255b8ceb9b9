"""The text of a formula or a unit as a tree of its parts, each of which knows where it stands."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from randnotiz.codes import Code
from randnotiz.diagnostics import ContentError, SourceText, did_you_mean, shortened
from randnotiz.numerals import NumeralError, number

SIGNS = {"%": "percent", "‰": "permille"}  # names that no letters write
LONGEST = 400  # characters
MOST_NODES = 120
APART = "Write a part of it as a figure of its own, and name that here."
DEEPEST = 24  # brackets, signs, powers and calls within each other

# Each function with the least and the greatest number of its arguments.
FUNCTIONS = {
    "min": (2, 20),
    "max": (2, 20),
    "abs": (1, 1),
    "round": (1, 1),
    "sqrt": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "log2": (1, 1),
    "log10": (1, 1),
}
ENDS = ("low", "best", "high")


class Number(Struct, frozen=True, kw_only=True):
    """A number, with the words that write it."""

    value: float
    written: str
    start: int
    end: int


class Identifier(Struct, frozen=True, kw_only=True):
    """The name of a quantity, a figure or a unit; `pick` is the one number of its range that is meant, if any."""

    name: str
    pick: str | None = None
    start: int
    end: int

    @property
    def written(self) -> str:
        """As it is written, `price` or `price.low`."""
        return f"{self.name}.{self.pick}" if self.pick else self.name


class Negation(Struct, frozen=True, kw_only=True):
    """A minus before an operand."""

    operand: "Node"
    start: int
    end: int


class Operation(Struct, frozen=True, kw_only=True):
    """Two operands with one of `+ - * / **` between them, which stands `at` an index of the formula."""

    operator: str
    left: "Node"
    right: "Node"
    at: int
    start: int
    end: int


class FunctionCall(Struct, frozen=True, kw_only=True):
    """A function with its arguments."""

    function: str
    arguments: tuple["Node", ...]
    start: int
    end: int


Node = Number | Identifier | Negation | Operation | FunctionCall
_AnyNode = TypeVar("_AnyNode", Number, Identifier, Negation, Operation, FunctionCall)


class Expression(Struct, frozen=True, kw_only=True):
    """A formula: its text, its outermost part, and every name in it in order of appearance."""

    text: SourceText
    root: Node
    names: tuple[Identifier, ...]

    def words(self, node: Node) -> str:
        """What the author wrote for a part of the formula, shortened where it is long."""
        return shortened(self.text[node.start : node.end], 40)


def parse(formula: SourceText, *, picks: bool = False, decimal: str = ".") -> Expression:
    """The formula as a tree.

    With `picks` it may begin with `=` and say `name.low`, `name.best` and `name.high`, as in the rows of a chart.
    Where `decimal` is a comma, `50.000` may mean thousands (see `numerals`).
    Codes: formula-syntax, limit-exceeded.
    """
    return _Parser(formula, picks=picks, decimal=decimal).parsed()


@lru_cache(maxsize=1024)
def names(formula: str) -> tuple[str, ...]:
    """The names in a formula, each once, in order of appearance, also where the formula has faults."""
    words = (token.words.partition(".")[0] for token in _tokens(formula[:LONGEST], 0) if token.kind == "name")
    return tuple(dict.fromkeys(word for word in words if word not in FUNCTIONS))


def parse_unit(unit: SourceText) -> Expression:
    """The words of a unit as a tree; `%` and `‰` are the names percent and permille. Code: unit-unknown."""
    return _Parser(unit, unit=True).parsed()


# ---- Tokens ----

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)*(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z]+)?)"
    r"|(?P<operator>\*\*|[-+*/(),])"
    r"|(?P<stray>\S))"
)

# What editors type, and what a formula calls it.
_SPELLINGS = {
    **dict.fromkeys("×·∙•⋅✕", "*"),
    **dict.fromkeys("÷:∕", "/"),
    **dict.fromkeys("−–—", "-"),
    **dict.fromkeys("[{", "("),
    **dict.fromkeys("]}", ")"),
    "^": "**",
    "²": "** 2",
    "³": "** 3",
    "√": "sqrt(…)",
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY or CNY",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "₪": "ILS",
    ";": ", between arguments",
}
_KNOWN = "it knows + - * / ** ( ), numbers, names, units and functions"


class _Token(Struct, frozen=True):
    kind: str  # number, name, operator, stray, end
    words: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.words)


def _tokens(words: str, start: int) -> Iterator[_Token]:
    for match in _TOKEN.finditer(words, start):
        kind = match.lastgroup or ""
        yield _Token(kind, match[kind], match.start(kind))
    yield _Token("end", "", len(words.rstrip()))


# ---- The tree ----

# How tightly an operator holds its operands; a sign stands between products and powers, as in Python.
BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}
SIGN_BINDING = 3


class _Parser:
    """Precedence climbing over the tokens of one formula."""

    def __init__(self, text: SourceText, *, picks: bool = False, unit: bool = False, decimal: str = ".") -> None:
        self.text = text
        self.picks, self.unit, self.decimal = picks, unit, decimal
        if len(text) > LONGEST:
            raise self.fault(LONGEST, f"a formula has at most {LONGEST} characters; this one has {len(text)}")
        start = text.index("=") + 1 if picks and text.lstrip().startswith("=") else 0
        self.tokens = tuple(_tokens(text, start))
        self.place = 0
        self.nodes = 0
        self.depth = 0
        self.names: list[Identifier] = []

    def parsed(self) -> Expression:
        if self.token.kind == "end":
            raise self.fault(0, "the unit is empty" if self.unit else "the formula is empty")
        root = self.expression()
        if self.token.kind != "end":
            raise self.surplus()
        return Expression(text=self.text, root=root, names=tuple(self.names))

    # -- the grammar --

    def expression(self, least: int = 1) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.limit(f"a formula is nested at most {DEEPEST} deep; give a part of it a name of its own")
        left = self.operand()
        while BINDING.get(self.token.words, 0) >= least:
            sign = self.take()
            # The right side of a power may hold another power, that of every other operator only what binds tighter.
            right = self.expression(BINDING[sign.words] + (sign.words != "**"))
            left = self.made(
                Operation(operator=sign.words, left=left, right=right, at=sign.start, start=left.start, end=right.end)
            )
        self.depth -= 1
        return left

    def operand(self) -> Node:
        token = self.token
        if token.kind == "number":
            return self.number()
        if token.kind == "name" or (self.unit and token.words in SIGNS):
            return self.name()
        if token.words == "(":
            return self.bracket()
        if token.words == "-":
            self.take()
            operand = self.expression(SIGN_BINDING)
            return self.made(Negation(operand=operand, start=token.start, end=operand.end))
        if token.words == "+":
            self.take()
            return self.expression(SIGN_BINDING)
        raise self.missing()

    def number(self) -> Number:
        token = self.take()
        try:
            value = number(token.words, self.decimal)
        except NumeralError as error:
            raise self.fault(token.start, str(error)) from None
        return self.made(Number(value=value, written=token.words, start=token.start, end=token.end))

    def name(self) -> Node:
        token = self.take()
        word, _, pick = SIGNS.get(token.words, token.words).partition(".")
        if self.token.words == "(":
            return self.call(token)
        if word in FUNCTIONS:
            unit = "; the unit of time is 'minute'" if word == "min" else ""
            raise self.fault(token.start, f"'{word}' is a function: write {word}(…){unit}")
        if pick and not self.picks:
            raise self.fault(token.end - len(pick) - 1, f"write only '{word}': a formula carries its whole range")
        if pick and pick not in ENDS:
            message = f"'{word}' has .low, .best and .high, not '.{pick}'{did_you_mean(pick, ENDS)}"
            raise self.fault(token.end - len(pick) - 1, message)
        name = self.made(Identifier(name=word, pick=pick or None, start=token.start, end=token.end))
        self.names.append(name)
        return name

    def bracket(self) -> Node:
        opening = self.take()
        inner = self.expression()
        closing = self.close(opening)
        return replace(inner, start=opening.start, end=closing.end)

    def call(self, function: _Token) -> FunctionCall:
        if function.words not in FUNCTIONS:
            raise self.unknown_function(function)
        opening = self.take()
        arguments = [self.expression()]
        while self.token.words == ",":
            self.take()
            arguments.append(self.expression())
        closing = self.close(opening)
        least, most = FUNCTIONS[function.words]
        if not least <= len(arguments) <= most:
            wanted = "one argument" if most == 1 else f"at least {least} arguments, at most {most}"
            raise self.fault(function.start, f"{function.words}() takes {wanted}; here are {len(arguments)}")
        made = FunctionCall(
            function=function.words, arguments=tuple(arguments), start=function.start, end=closing.end
        )
        return self.made(made)

    def close(self, opening: _Token) -> _Token:
        if self.token.words == ")":
            return self.take()
        if self.token.kind == "end":
            raise self.fault(opening.start, "this bracket is never closed: a ')' is missing")
        raise self.surplus()

    # -- the tokens --

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def made(self, node: _AnyNode) -> _AnyNode:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self.limit(f"a formula has at most {MOST_NODES} parts; give a part of it a name of its own")
        return node

    # -- what is wrong, and what to type instead --

    def fault(self, index: int, message: str) -> ContentError:
        if len(self.text) > LONGEST:
            return ContentError(self.text.at(index), "limit-exceeded", message, APART)
        code: Code = "unit-unknown" if self.unit else "formula-syntax"
        return ContentError(self.text.at(index), code, message)

    def limit(self, message: str) -> ContentError:
        return ContentError(self.text.at(self.token.start), "limit-exceeded", message, APART)

    def missing(self) -> ContentError:
        """The fault of a place where an operand should stand."""
        token = self.token
        if token.kind == "stray":
            return self.stray(token)
        before = f"after '{self.tokens[self.place - 1].words}'" if self.place else "at the beginning"
        if token.words == ")" and self.place and self.tokens[self.place - 1].words == "(":
            return self.fault(token.start, "there is nothing between these brackets")
        if token.words == "*" and self.place and self.tokens[self.place - 1].words == "**":
            return self.fault(token.start, "write ** for powers and * for products")
        return self.fault(token.start, f"{before} a number, a name or a bracket is missing")

    def surplus(self) -> ContentError:
        """The fault of a token that stands where an operator or the end should."""
        token, before = self.token, self.tokens[self.place - 1]
        after = self.tokens[self.place + 1] if token.kind != "end" else token
        if token.words == ")":
            return self.fault(token.start, "this bracket closes nothing: a '(' is missing")
        if token.words == ",":
            if before.kind == after.kind == "number":
                return self._not_a_number(before, after)
            return self.fault(token.start, "a comma stands only between the arguments of a function")
        if token.kind == "stray":
            return self.stray(token)
        if before.kind == token.kind == "number":
            return self._not_a_number(before, token)
        if token.words == "(" and before.kind == "name":
            return self.unknown_function(before)
        return self.fault(
            token.start, f"an operator is missing: write '{before.words} * {token.words}' if they are multiplied"
        )

    def _not_a_number(self, first: _Token, last: _Token) -> ContentError:
        words = self.text[first.start : last.end]
        try:
            number(words)
        except NumeralError as error:
            return self.fault(first.start, str(error))
        raise AssertionError(words)  # the tokeniser would have taken it whole

    def stray(self, token: _Token) -> ContentError:
        """The fault of a character that no formula knows."""
        char = token.words
        before = self.tokens[self.place - 1] if self.place else None
        after = self.tokens[self.place + 1]
        if char in SIGNS:
            share = before.words if before and before.kind == "number" else "20"
            divided = f"{float(share) / (100 if char == '%' else 1000):.6g}"
            return self.fault(token.start, f"write {divided}, or {share} * {SIGNS[char]}, instead of {share} {char}")
        if char in "'’_" and before and before.kind == after.kind == "number":
            return self._not_a_number(before, after)
        if char == "." and after.kind == "number" and after.start == token.end:
            return self.fault(token.start, f"a number begins with a digit: write 0.{after.words}")
        if char == "." and before and before.kind == "number":
            return self.fault(token.start, f"a number ends with a digit: write {before.words}")
        if char == "$" and before and before.end == token.start and before.words.isalpha() and before.words != "US":
            return self.fault(
                before.start, f"write the code of the currency, as AUD or BRL, instead of {before.words}$"
            )
        if char in _SPELLINGS:
            return self.fault(token.start, f"write {_SPELLINGS[char]} instead of {char}")
        if char == "=":
            return self.fault(token.start, "leave out the =; a formula is only what stands to its right")
        if char in "<>!?&|":
            return self.fault(token.start, f"'{char}' has no meaning here: a formula computes one number")
        if char.isalpha():
            return self.fault(token.start, f"names are made of the letters a to z, digits and _; '{char}' is another")
        what = "a unit" if self.unit else "a formula"
        return self.fault(token.start, f"'{char}' has no meaning in {what}; {_KNOWN}")

    def unknown_function(self, function: _Token) -> ContentError:
        word = function.words
        if self.unit:
            return self.fault(function.start, f"an operator is missing: write '{word} * (…)' or '{word} / (…)'")
        meant = {"ln": "log", "lg": "log10", "ld": "log2", "root": "sqrt", "wurzel": "sqrt"}.get(word.lower())
        if word in ("pow", "power"):
            return self.fault(function.start, f"there is no function '{word}': write x ** y")
        hint = f"; did you mean '{meant}'?" if meant else did_you_mean(word, FUNCTIONS)
        hint = hint or f"; write '{word} * (…)' if it is multiplied"
        return self.fault(function.start, f"there is no function '{word}'{hint}")
