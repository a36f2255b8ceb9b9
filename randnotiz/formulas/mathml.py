"""A formula as MathML: a tree of plain records that a template prints."""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from randnotiz.expressions import (
    BINDING,
    SIGN_BINDING,
    Expression,
    FunctionCall,
    Identifier,
    Negation,
    Node,
    Number,
    Operation,
)

_CLOSED = 9  # binds tighter than any operator: it never needs brackets
_FRACTION = _CLOSED - 1  # needs brackets only under a power
_RAISED = 12  # letters of an exponent; one of more would be taken for a line above the formula
_ROOT = 60  # letters under a root, which no engine breaks; more stand in brackets behind its sign
_SIGNS = {"+": "+", "-": "−", "*": "×"}


class Element(Struct, frozen=True, kw_only=True):
    """An element of MathML Core: its tag, its attributes, and either text or children."""

    tag: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple["Element", ...] = ()


def mathml(
    expression: Expression, word: Callable[[str], str], number: Callable[[str], str], power: str
) -> tuple[Element, ...]:
    """The formula as `math` elements, as wide as what they show; Firefox makes one with `display="block"` as wide as
    its labels are on one line. Each but the first begins with a sign: no engine breaks lines within one (MathML Core,
    1.1), so that they are broken between them.

    `word` gives the label for a name (of a quantity, a figure or a unit), `number` a number as the reader's
    language writes it from how the author wrote it. `power` stands between a base and an exponent that is too long
    to be raised.
    """
    pieces: list[list[Element]] = [[]]
    for token in _tokens(_Typesetting(word, number, power).node(expression.root)):
        if pieces[-1] and token.tag == "mo" and not token.attributes:
            pieces.append([replace(token, attributes={"form": "infix"})])
        elif token.attributes.get("class") == "power":
            pieces.append([token])
        else:
            pieces[-1].append(token)
    return tuple(Element(tag="math", children=(*piece,)) for piece in pieces)


class _Typesetting:
    """The words of one reader's language."""

    def __init__(self, word: Callable[[str], str], number: Callable[[str], str], power: str) -> None:
        self.word, self.number, self.power = word, number, power

    def node(self, node: Node) -> Element:
        match node:
            case Number():
                return Element(tag="mn", text=self.number(node.written))
            case Identifier():
                return Element(tag="mi", text=self.word(node.written))
            case Negation():
                # A product needs no brackets behind a sign, another sign does.
                twice = isinstance(node.operand, Negation)
                operand = self.within(node.operand, _CLOSED if twice else BINDING["*"])
                return _row(_sign("−", form="prefix"), operand)
            case Operation(operator="/"):
                return Element(tag="mfrac", children=(self.node(node.left), self.node(node.right)))
            case Operation(operator="**"):
                return self.raised(self.within(node.left, _CLOSED), node.right)
            case Operation():
                return self.operation(node)
            case FunctionCall():
                return self.call(node)

    def operation(self, node: Operation) -> Element:
        """A sum, a difference or a product in a row; what stands right of a minus keeps its own brackets."""
        binding = BINDING[node.operator]
        left = self.within(node.left, binding)
        right = self.within(node.right, binding + (node.operator == "-"))
        if isinstance(node.right, Negation):  # two signs never meet
            right = _bracketed(self.node(node.right))
        return _row(*_flat(left, node.left), _sign(_SIGNS[node.operator]), *_flat(right, node.right))

    def raised(self, base: Element, exponent: Node) -> Element:
        if _letters(self.node(exponent)) <= _RAISED:
            return Element(tag="msup", children=(base, self.node(exponent)))
        power = Element(tag="mi", text=self.power, attributes={"class": "power"})
        return _row(base, power, self.within(exponent, _FRACTION))

    def call(self, node: FunctionCall) -> Element:
        arguments = [self.node(argument) for argument in node.arguments]
        match node.function:
            case "sqrt":
                root = Element(tag="msqrt", children=tuple(arguments))
                return root if _letters(root) <= _ROOT else _row(_sign("√", form="prefix"), _bracketed(*arguments))
            case "abs":
                return _row(_fence("|", "prefix"), *arguments, _fence("|", "postfix"))
            case "exp":
                return self.raised(Element(tag="mi", text="e"), node.arguments[0])
            case "log2" | "log10":
                base = Element(tag="mn", text=node.function.removeprefix("log"))
                name = Element(tag="msub", children=(Element(tag="mi", text="log"), base))
            case "log":
                name = Element(tag="mi", text="ln")
            case function:
                name = Element(tag="mi", text=function)
        # A semicolon, because a comma is part of numbers in some languages.
        parts = [part for argument in arguments for part in (_sign(";", form="infix"), argument)][1:]
        return _row(name, _bracketed(*parts))

    def within(self, node: Node, least: int) -> Element:
        """A part in brackets where it binds less tightly than its surroundings ask for."""
        made = self.node(node)
        return made if _binding(node) >= least else _bracketed(made)


def _binding(node: Node) -> int:
    match node:
        case Operation(operator="/"):
            return _FRACTION
        case Operation(operator=operator):
            return BINDING[operator]
        case Negation():
            return SIGN_BINDING
        case _:
            return _CLOSED


def _tokens(element: Element) -> Iterator[Element]:
    """What stands in a row, that in its brackets too, unless they are as high as a fraction or a power in them."""
    if element.tag != "mrow" or ("fence" in element.children[0].attributes and _is_high(element)):
        yield element
    else:
        for child in element.children:
            yield from _tokens(child)


def _is_high(element: Element) -> bool:
    return element.tag in {"mfrac", "msup", "msqrt"} or any(map(_is_high, element.children))


def _letters(element: Element) -> int:
    return len(element.text) + sum(map(_letters, element.children))


def _row(*children: Element) -> Element:
    return Element(tag="mrow", children=children)


def _flat(element: Element, node: Node) -> tuple[Element, ...]:
    """The parts of a sum or product that stands without brackets in another, so that rows are not nested in vain."""
    bare = element.tag == "mrow" and "fence" not in element.children[0].attributes
    return element.children if bare and isinstance(node, Operation) else (element,)


def _sign(text: str, form: str = "infix") -> Element:
    attributes = {} if form == "infix" and text != ";" else {"form": form}
    return Element(tag="mo", text=text, attributes=attributes)


def _fence(text: str, form: str) -> Element:
    return Element(tag="mo", text=text, attributes={"form": form, "fence": "true", "stretchy": "true"})


def _bracketed(*children: Element) -> Element:
    return _row(_fence("(", "prefix"), *children, _fence(")", "postfix"))
