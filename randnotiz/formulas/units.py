"""Units: products, quotients and powers of names, and what authors write for them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction

from msgspec import Struct, field

from randnotiz import expressions
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText
from randnotiz.expressions import FUNCTIONS, Expression, FunctionCall, Identifier, Negation, Node, Number, Operation
from randnotiz.formulas import unit_list, unit_spellings
from randnotiz.formulas.unit_list import DEGREES, Dimension, NamedUnit, Power, is_currency, kind_of, listed
from randnotiz.model import UnitName
from randnotiz.numerals import NumeralError, amount_meant, number

_OWN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
HIGHEST_POWER = 12
_LEAST_WORTH = Fraction(1, 10**300)


class Unit(Struct, frozen=True, kw_only=True):
    """A product of powers of named units, in the order in which they were written; none of them: a plain number."""

    powers: tuple[tuple[NamedUnit, Power], ...] = ()

    def __mul__(self, other: "Unit") -> "Unit":
        return _product((*self.powers, *other.powers))

    def __truediv__(self, other: "Unit") -> "Unit":
        return self * other**-1

    def __pow__(self, exponent: Power) -> "Unit":
        return _product((named, power * exponent) for named, power in self.powers)

    def __str__(self) -> str:
        above = [f"{named.symbol}{_raised(power)}" for named, power in self.powers if power > 0]
        below = [f"/{named.symbol}{_raised(-power)}" for named, power in self.powers if power < 0]
        return ("*".join(above) or ("1" if below else "")) + "".join(below)

    @property
    def dimension(self) -> Dimension:
        """The powers of the base dimensions, sorted by name; empty for shares and plain numbers."""
        total: dict[str, Power] = {}
        for named, power in self.powers:
            for name, exponent in named.dimension:
                total[name] = total.get(name, 0) + exponent * power
        return tuple(sorted((name, exponent) for name, exponent in total.items() if exponent))

    @property
    def highest(self) -> float:
        """The highest power in it, whatever its sign."""
        return max((abs(float(power)) for _, power in self.powers), default=0.0)

    @property
    def tidy(self) -> "Unit":
        """The same dimension with one unit for each kind: hours times minutes become hours times hours."""
        first: dict[Dimension, NamedUnit] = {}
        kept = [(named, power) for named, power in self.powers if named.dimension]
        return _product((first.setdefault(named.dimension, named), power) for named, power in kept)

    def same_as(self, other: "Unit") -> bool:
        """Whether the two measure alike, so that their numbers need no conversion."""
        return self.powers == other.powers or not (self / other).powers

    def names_any(self, names: Collection[str]) -> bool:
        """Whether any of its factors has one of these names."""
        return any(named.name in names for named, _ in self.powers)

    @property
    def degree(self) -> "Unit | None":
        """What a difference of two points is measured in, where this is a scale and its numbers are points on it."""
        degrees = [listed(DEGREES[named.name]) for named, _ in self.powers if named.name in DEGREES]
        return Unit(powers=((degrees[0], 1),)) if degrees and degrees[0] else None


PLAIN = Unit()


def ratio(of: Unit, to: Unit) -> Fraction | float:
    """How many `to` one `of` is. Exact unless roots are taken; OverflowError where it has no float."""
    factor: Fraction | float = Fraction(1)
    for named, power in (of / to).powers:
        factor = factor * (named.factor**power if isinstance(power, int) else float(named.factor) ** float(power))
    if not 0 < float(factor) < float("inf"):
        raise OverflowError
    return factor


def rescaled(value: float, of: Unit, to: Unit) -> float:
    """A number of one unit as a number of another of the same dimension, rounded once."""
    factor = ratio(of, to)
    return float(Fraction(value) * factor + shift(of, to)) if isinstance(factor, Fraction) else value * factor


def shift(of: Unit, to: Unit) -> Fraction:
    """What is to be added to a number times the ratio of two units: -17.8 for degF to degC, else nothing."""
    if not (of.degree and to.degree):
        return Fraction(0)
    ((one, _),), ((other, _),) = of.powers, to.powers
    return (one.zero - other.zero) / other.factor


def described(unit: Unit) -> str:
    """A unit for a message, with the kind of thing it measures where its name does not say it."""
    if not unit.powers:
        return "a plain number"
    kind = kind_of(unit.dimension)
    return f"{unit} ({kind})" if kind and kind != str(unit) else str(unit)


def _product(powers: Iterable[tuple[NamedUnit, Power]]) -> Unit:
    total: dict[str, tuple[NamedUnit, Power]] = {}
    for named, power in powers:
        _, before = total.get(named.name, (named, 0))
        total[named.name] = (named, before + power)
    return Unit(powers=tuple((named, _whole(power)) for named, power in total.values() if power))


def _whole(power: Power) -> Power:
    return power.numerator if isinstance(power, Fraction) and power.denominator == 1 else power


def _raised(power: Power) -> str:
    return "" if power == 1 else f"**{power}" if isinstance(power, int) else f"**({power})"


# ---- Names ----


class Units(Struct, frozen=True, kw_only=True):
    """The units an article may use: those of the list and its own."""

    own: Mapping[str, Unit] = field(default_factory=dict)
    faulty: Mapping[str, Diagnostic] = field(default_factory=dict)  # what is wrong with names under `units:`

    def named(self, name: str) -> Unit | None:
        """The unit of this name, or None; it has one too where what stands of it below `units:` cannot be read."""
        if fault := self.faulty.get(name):
            raise ContentError(fault.position, fault.code, fault.message, fault.hint, unknown=fault.unknown)
        if known := self.own.get(name):
            return known
        found = listed(name)
        return Unit(powers=((found, 1),)) if found else None

    def likely(self) -> Iterator[str]:
        """The names an author may have meant; of the currencies only the commonest, for they resemble everything."""
        yield from self.own
        yield from (name for name in unit_list.names() if not is_currency(name))
        yield from ("EUR", "USD", "CHF", "GBP", "CNY", "JPY")

    def parse(self, words: SourceText) -> Unit:
        """The unit these words write, empty words and `1` being a plain number. Code: unit-unknown."""
        if words in ("", "1"):
            return PLAIN
        if named := self.named(words):
            return named
        try:
            expression = expressions.parse_unit(words)
            return self._unit(expression, expression.root)
        except ContentError as error:
            if error.diagnostic.code == "unit-unknown" and (hint := unit_spellings.hint(words)):
                message = f"there is no unit '{words}'; {hint}"
                raise ContentError(words.position, "unit-unknown", message, unknown=words) from None
            raise

    def _unit(self, expression: Expression, node: Node) -> Unit:
        match node:
            case Identifier(name=name, start=start):
                return self.named(name) or self._unknown(expression.text, start, name)
            case Number(value=1):
                return PLAIN
            case Operation(operator="**", left=left, right=right):
                return self._power(expression, left, right)
            case Operation(operator="*" | "/" as operator, left=left, right=right):
                one, other = self._unit(expression, left), self._unit(expression, right)
                self._refuse_points(expression, node, one, other)
                return one * other if operator == "*" else one / other
            case Number(written=written, start=start):
                message = f"a unit holds no number but 1; '{written}' belongs to the value"
                raise ContentError(expression.text.at(start), "unit-unknown", message)
            case Operation() | Negation() | FunctionCall():
                message = f"'{expression.text}' is no unit; a unit is written like USD/chip, GPU*hour or metre**2"
                raise ContentError(expression.text.at(node.start), "unit-unknown", message)

    def _power(self, expression: Expression, base: Node, exponent: Node) -> Unit:
        sign, number = (-1, exponent.operand) if isinstance(exponent, Negation) else (1, exponent)
        if isinstance(number, Number) and number.value.is_integer() and number.value <= HIGHEST_POWER:
            unit = self._unit(expression, base)
            self._refuse_points(expression, base, unit)
            unit **= sign * int(number.value)
            if unit.highest <= HIGHEST_POWER:
                return unit
        message = f"the power of a unit is a whole number up to {HIGHEST_POWER}, not '{expression.words(exponent)}'"
        raise ContentError(expression.text.at(exponent.start), "unit-unknown", message)

    def _refuse_points(self, expression: Expression, node: Node, *units: Unit) -> None:
        """Refuse points on a scale in products and powers: there are euros per degree, but none per 20 °C."""
        if degree := next((unit.degree for unit in units if unit.degree), None):
            message = f"'{expression.words(node)}' counts degrees, and not points on a scale: write {degree}"
            raise ContentError(expression.text.at(node.start), "unit-mismatch", message)

    def hint(self, name: str) -> str:
        """`; write x` or `; did you mean 'x'?` for an unknown name, never of another worth; or an empty text."""
        if hint := unit_spellings.hint(name):
            return f"; {hint}"
        slip = unit_spellings.slip_of(name, self.likely())
        return f"; did you mean '{slip}'?" if slip else ""

    def _unknown(self, text: SourceText, start: int, name: str) -> Unit:
        message, more = f"there is no unit '{name}'{self.hint(name)}", ""
        if not self.hint(name):
            message += f"; if '{name}' is what is counted, add it under 'units:'"
            more = "If it is so many of a unit, add how many, as in 'units: [{name: toe, worth: 41.868 GJ}]'."
        raise ContentError(text.at(start), "unit-unknown", message, more, unknown=name)


def own_units(names: Iterable[UnitName], decimal: str = ".") -> tuple[Units, tuple[Diagnostic, ...]]:
    """The units of an article, from what it lists under `units:`, in a language that puts `decimal` before decimals.

    Codes: value-malformed, field-doubled, and those of `Units.parse`; warning: unit-shadowed.
    """
    own: dict[str, Unit] = {}
    faulty: dict[str, Diagnostic] = {}
    others: list[Diagnostic] = []
    ordered = sorted(names, key=lambda unit: unit.worth is not None)  # a worth may be in units that follow
    for at, unit in enumerate(ordered):
        name, where = unit.name, unit.position
        if not _OWN_NAME.fullmatch(name):
            message = f"a unit's name is made of the letters a to z, digits and _; '{name}' is not"
            faulty[name] = Diagnostic(where, "value-malformed", message)
        elif name in FUNCTIONS:
            message = f"'{name}' is a function of formulas; call the unit '{name}_unit'"
            others.append(Diagnostic(where, "value-malformed", message))
        elif listed(name) and not unit_list.came_later(name):
            message = f"'{name}' is a unit already; leave it out here"
            others.append(Diagnostic(where, "value-malformed", message))
        elif name in own or name in faulty:
            message = f"the unit '{name}' stands here twice"
            others.append(Diagnostic(where, "field-doubled", message, "Leave one of the two out."))
        else:
            if listed(name):
                others.append(shadowed(name, where))
            try:
                below = {each.name for each in ordered[at:]}
                named = _with_worth(unit, Units(own=own, faulty=faulty), below, decimal) if unit.worth else None
                own[name] = Unit(powers=((named or NamedUnit(name=name, dimension=((name, 1),)), 1),))
            except ContentError as error:
                faulty[name] = error.diagnostic
    return Units(own=own, faulty=faulty), (*others, *faulty.values())


def shadowed(name: str, where: Position) -> Diagnostic:
    """The warning that a name of the article's own is that of a unit which came to the list later."""
    unit = listed(name)
    assert unit  # noqa: S101 - the callers have seen to it
    kind = kind_of(unit.dimension)
    message = f"'{name}' is now also a unit that needs no declaration ({kind}); here it stays the article's own"
    return Diagnostic(where, "unit-shadowed", message, f"If the unit is meant, leave '{name}' out here.")


def _with_worth(unit: UnitName, units: Units, below: Collection[str], decimal: str) -> NamedUnit:
    """A unit that is so many of another one: `0.01 EUR`, `12`; not of those that stand `below` it."""
    assert unit.worth is not None  # noqa: S101 - asked by the caller
    words = unit.worth
    count, _, rest = words.partition(" ")
    meant = amount_meant(words)
    hint = f"Write 'worth: {meant}'." if meant and meant != words else ""
    try:
        value = number(count, decimal)
    except NumeralError as error:
        message = f"a worth is a number and a unit, like 0.01 EUR: {error}"
        raise ContentError(words.position, "value-malformed", message, hint) from None
    of_what = words.part(len(words) - len(rest.lstrip()), len(words))
    if later := next((word for word in re.findall(r"\w+", of_what) if word in below), None):
        message = f"a worth is in units that stand above it; '{later}' does not"
        raise ContentError(of_what.position, "value-malformed", message, f"Write the unit '{later}' first.")
    if re.match(r"[\d*/+.,-]", of_what):
        message = f"a worth is one number and a unit, like 0.01 EUR, not '{words}'"
        raise ContentError(words.position, "value-malformed", message, hint)
    of = units.parse(of_what)
    if of.degree:
        raise ContentError(words.position, "unit-mismatch", f"a worth is no point on a scale: write {of.degree}")
    if value <= 0:
        raise ContentError(words.position, "value-malformed", f"a worth is more than 0, not '{count}'")
    factor = Fraction(count)
    for named, power in of.powers:
        factor *= named.factor ** int(power)
    if not _LEAST_WORTH < factor < 1 / _LEAST_WORTH:
        message = f"'{words}' is too large or too small to compute with"
        raise ContentError(words.position, "value-malformed", message)
    return NamedUnit(name=unit.name, factor=factor, dimension=of.dimension)
