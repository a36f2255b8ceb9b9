"""What a unit is called behind a number: "US-Dollar je Chip", "GPU-Stunden", "kWh", "%".

A unit is an expression of names with `*`, `/`, `**` and brackets. Symbols stay symbols (km/h, kW·h); words are
joined as the language joins them ("GPU-Stunden je Tag", "GPU hours per day"). What has no words here is printed as
its author wrote it, never refused: whether a unit exists is decided where formulas are read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct, convert, field

from randnotiz.diagnostics import ContentError, SourceText
from randnotiz.expressions import Identifier, Negation, Node, Number, Operation, parse_unit
from randnotiz.language import cldr
from randnotiz.language.catalogue import of_languages, rules_of
from randnotiz.language.number_format import NBSP, digits_of, spelled
from randnotiz.language.unit_words import IN_QUOTIENTS, LENGTHS, SPELLINGS, SYMBOLS, Forms

LONGEST_UNIT = 100  # characters that are taken apart; also bounds how deep the brackets go

OTHERS = {"few": 2, "part": 3, "one": 0}  # further forms of a unit, by their places among its words

Factor = tuple[str, int]  # name and power

_CURRENCY = re.compile(r"[A-Z]{3}")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

# A name without words is a symbol if it is short, with a capital inside or in front: kWh, GB, m.
_SYMBOL = re.compile(r"[kMGTPEZ]?(?:FLOP|bit)|[a-zµΩ°%]{1,2}|[a-zµ]{0,2}[A-Z][A-Za-zµ]{0,2}|bar|kcal|mol|ppm")


class Spellings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people write for units, as in formulas/unit_spellings.yaml; and words between two units beside `per`."""

    meanings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    worths: Mapping[str, Sequence[str]] = field(default_factory=dict)
    bases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    per: Sequence[str] = ()


class Grammar(Struct, frozen=True, kw_only=True):
    """How a language puts the words of a unit together, which is `units` in its rules.

    `per` stands before a denominator, `again` before the next ones; `hyphen` joins the words of a product; `powers`
    are what stands before a length that is squared or cubed; `gap` stands between a number and a word. Money has its
    sign in front where there are `signs`. What is left at its default is what a language without rules has: CLDR's
    names of units, codes for money, and no grammar to get wrong.
    """

    words: Mapping[str, Forms] = field(default_factory=dict)
    per: str = "/ "
    again: str = "/ "
    hyphen: str = "·"
    powers: Forms = ("", "")
    gap: str = NBSP
    signs: Mapping[str, str] | None = None
    money: bool = False  # whether currencies have CLDR's names
    spellings: Spellings = Spellings()


@of_languages
@lru_cache(maxsize=64)
def _grammar(tag: str) -> Grammar:
    return convert(rules_of(cldr.customs(tag).chain).get("units", {}), Grammar)


class UnitPattern(Struct, frozen=True, kw_only=True):
    """What stands around a number of this unit, with the blanks that belong there.

    `before` stands at every number of a range ("$"); `one` and `other` close the whole, `one` after a bare 1.
    `others` are "few" and "part" where a language has a form of its own for some whole numbers and for decimals, and
    "one" for those that take the form of 1, as 21 does in Ukrainian.
    """

    before: str = ""
    one: str = ""
    other: str = ""
    others: Mapping[str, str] = field(default_factory=dict)


class UnitExpression(Struct, frozen=True):
    """A unit taken apart: the factors above the line, and below it one group for each division."""

    above: tuple[Factor, ...] = ()
    below: tuple[tuple[Factor, ...], ...] = ()

    def times(self, other: "UnitExpression") -> "UnitExpression":
        """The product."""
        return UnitExpression(self.above + other.above, self.below + other.below)

    def over(self, other: "UnitExpression") -> "UnitExpression":
        """The quotient."""
        turned = tuple(factor for group in other.below for factor in group)
        return UnitExpression(self.above + turned, self.below + ((other.above,) if other.above else ()))

    def to_the(self, power: int) -> "UnitExpression":
        """The power; a negative one turns the expression over."""
        if power < 0:
            return UnitExpression().over(self.to_the(-power))
        if power == 0:
            return UnitExpression()
        return UnitExpression(_raised(self.above, power), tuple(_raised(group, power) for group in self.below))


def _raised(factors: tuple[Factor, ...], power: int) -> tuple[Factor, ...]:
    return tuple((name, own * power) for name, own in factors)


class _TooMuch(Exception):  # noqa: N818 - it never leaves this module
    """The expression is more than names, products, quotients and powers; it is printed as it stands."""


@lru_cache(maxsize=4096)
def parsed(text: str) -> UnitExpression | None:
    """A unit taken apart, or None if it is more than names, products, quotients and powers."""
    if len(text) > LONGEST_UNIT:
        return None
    try:
        return _taken_apart(parse_unit(SourceText(text)).root) if text.strip() else UnitExpression()
    except (ContentError, _TooMuch):
        return None


def _taken_apart(node: Node) -> UnitExpression:
    match node:
        case Identifier(name=name, pick=None):
            return UnitExpression(((SPELLINGS.get(name, name), 1),))
        case Number(value=1):
            return UnitExpression()
        case Operation(operator="*", left=left, right=right):
            return _taken_apart(left).times(_taken_apart(right))
        case Operation(operator="/", left=left, right=right):
            return _taken_apart(left).over(_taken_apart(right))
        case Operation(operator="**", left=left, right=Number(value=power)) if power.is_integer():
            return _taken_apart(left).to_the(int(power))
        case Operation(operator="**", left=left, right=Negation(operand=Number(value=power))) if power.is_integer():
            return _taken_apart(left).to_the(-int(power))
    raise _TooMuch


def names(text: str) -> frozenset[str]:
    """The names in a unit, as far as it can be taken apart."""
    expression = parsed(text)
    if expression is None:
        return frozenset()
    return frozenset(name for group in (expression.above, *expression.below) for name, _ in group)


@of_languages
@lru_cache(maxsize=4096)
def pattern(text: str, tag: str, percent: tuple[str, str], own: tuple[tuple[str, str, str], ...] = ()) -> UnitPattern:
    """What stands around a number of a unit in a language; `percent` is what stands before and behind a percentage,
    `own` are name, singular and plural of the article's.
    """
    expression = parsed(text)
    if expression is None:
        return _closing(text, text)
    speech = _Speech(tag, own)
    above, rest = expression.above, ""
    if above[:1] == (("%", 1),):
        rest = speech.phrase(UnitExpression(above[1:], expression.below), 1)
        tail = f"{percent[1]}{' ' if rest else ''}{rest}"
        return UnitPattern(before=percent[0], one=tail, other=tail)
    sign = speech.sign(above)
    if sign:
        rest = speech.phrase(UnitExpression((), expression.below), 1)
        return UnitPattern(before=sign, one=rest and f" {rest}", other=rest and f" {rest}")
    gap, others = speech.grammar.gap, {}
    if cldr.has_few(tag):
        others = {name: gap + speech.phrase(expression, form) for name, form in OTHERS.items()}
    return _closing(speech.phrase(expression, 0), speech.phrase(expression, 1), gap, others)


def _closing(one: str, other: str, gap: str = NBSP, others: Mapping[str, str] = {}) -> UnitPattern:
    one, other = one and gap + one, other and gap + other
    return UnitPattern(one=one, other=other, others={name: each for name, each in others.items() if each != other})


@of_languages
@lru_cache(maxsize=4096)
def phrase(text: str, tag: str, plural: bool = True, own: tuple[tuple[str, str, str], ...] = ()) -> str:
    """The words of a unit without a number, as the head of a column has them: "US-Dollar je Chip"."""
    expression = parsed(text)
    if expression is None:
        return text
    return _Speech(tag, own).phrase(expression, int(plural))


class _Speech:
    """The words of one language for the parts of a unit. `form` is 0 for one and 1 for any other number."""

    def __init__(self, tag: str, own: Iterable[tuple[str, str, str]]) -> None:
        self.tag = tag
        self.grammar = _grammar(tag)
        self.own = {name: (one, other) for name, one, other in own}

    def sign(self, above: tuple[Factor, ...]) -> str:
        """The sign of money that stands before the number, if this is plain money and the language has it there."""
        if len(above) != 1 or not self.grammar.signs:
            return ""
        name, power = above[0]
        if power != 1 or name in self.own or not _CURRENCY.fullmatch(name):
            return ""
        if not cldr.currency_name(name, 1, self.tag):
            return ""  # three capitals, but no money: BTU
        return self.grammar.signs.get(name) or cldr.currency_sign(name, self.tag)

    def phrase(self, expression: UnitExpression, form: int) -> str:
        """All words of a unit."""
        if self.all_symbols(expression):
            return self.symbols(expression)
        words = [self.product(expression.above, form)] if expression.above else []
        for group in expression.below:
            joint = self.grammar.again if len(words) > bool(expression.above) else self.grammar.per
            words.append(joint + self.product(group, 0))
        return (" " if self.grammar.gap else "").join(words)

    def all_symbols(self, expression: UnitExpression) -> bool:
        """Whether nothing in the unit is a word, save the hour and the second of a quotient."""
        below = [name for group in expression.below for name, _ in group]
        return bool(expression.above) and (
            all(self.symbol(name) for name, _ in expression.above)
            and all(self.symbol(name) or name in IN_QUOTIENTS for name in below)
        )

    def symbols(self, expression: UnitExpression) -> str:
        """A unit of symbols alone: km/h, kW·h, m/s²."""
        above = "·".join(_powered(self.symbol(name), power) for name, power in expression.above)
        divisors = [factor for group in expression.below for factor in group]
        below = [_powered(self.symbol(name) or IN_QUOTIENTS[name], power) for name, power in divisors]
        if not below:
            return above
        joined = "·".join(below)
        return f"{above}/({joined})" if len(below) > 1 else f"{above}/{joined}"

    def symbol(self, name: str) -> str:
        """The symbol of a unit that has no words, or an empty text."""
        if self.words(name):
            return ""
        return SYMBOLS.get(name) or (name if _SYMBOL.fullmatch(name) else "")

    def product(self, factors: tuple[Factor, ...], form: int) -> str:
        """Factors as one word of the language: GPU-Stunden, GPU hours."""
        *first, last = factors
        heads = [self.factor(name, power, 0) for name, power in first]
        return self.grammar.hyphen.join((*heads, self.factor(*last, form)))

    def factor(self, name: str, power: int, form: int) -> str:
        """A unit and its power: Quadratmeter, Chip²."""
        forms = self.words(name)
        word = forms[form if form < len(forms) else 1] if forms else SYMBOLS.get(name, name)
        head = self.grammar.powers[power - 2] if power in (2, 3) else ""
        if head and forms and name in LENGTHS and name not in self.own:
            return head + (word if head.endswith(" ") else word.lower())
        return _powered(word, power)

    def words(self, name: str) -> Forms | None:
        """The singular and plural of a unit, or None if it has only its name."""
        if name in self.own:
            return self.own[name]
        if name in self.grammar.words:
            return self.grammar.words[name]
        if many := re.fullmatch("per_(10+)", name):
            return (self.grammar.per + str(spelled(digits_of(float(many[1])), cldr.customs(self.tag).numbers)),) * 2
        if in_cldr := cldr.unit_name(name, self.tag):
            return in_cldr
        if self.grammar.money and _CURRENCY.fullmatch(name):
            return cldr.currency_forms(name, self.tag)
        return None


def _powered(word: str, power: int) -> str:
    return word if power == 1 else word + str(power).translate(_SUPERSCRIPT)
