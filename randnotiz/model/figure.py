"""Quantities, and figures computed from them: figures.yaml."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from msgspec import field
from msgspec.structs import replace

from randnotiz.diagnostics import ContentError, Diagnostic, SourceText, did_you_mean, shortened
from randnotiz.model.annotation import MARKDOWN_HINT, USE, Annotation, CitationItem
from randnotiz.model.quote import QUOTE, Quote
from randnotiz.numerals import amount_meant
from randnotiz.schema import Extra, Misplaced, Record, record
from randnotiz.schema.constraints import ascending, exclusive, needed
from randnotiz.schema.fields import (
    DIGITS,
    LANGUAGE_PATTERN,
    LINE,
    MARKDOWN,
    NUMBER,
    PROSE_LINE,
    TEXT_SCHEMA,
    TOLERANCE,
    FieldType,
    choice,
    each,
    fields,
    language,
    line,
    malformed,
    named,
    unit_name,
)
from randnotiz.schema.records import owner
from randnotiz.values import UnitName
from randnotiz.yamldoc import List, Map

Agrees = Literal["agrees", "disagrees"]


class Quantity(Record, frozen=True, kw_only=True):
    """A number that goes into formulas, with its unit and where it comes from.

    `low == best == high` when it is known exactly. `written` holds the numbers as the author wrote them (one; or
    low, best if it is given, and high), so that they are printed so. Exactly one of `sources` and `assumed` is there.
    """

    noun = "quantity"
    together: ClassVar[Mapping[str, Any]] = {
        "allOf": [
            {"oneOf": [{"required": ["value"]}, {"required": ["low", "high"]}]},
            {"oneOf": [{"required": ["sources"]}, {"required": ["assumed"]}]},
        ],
        "dependencies": {"low": ["high"], "high": ["low"], "best": ["low", "high"]},
    }
    form = ("label", "value", "low", "best", "high", "unit", "sources", "assumed")

    name: str
    label: Annotated[SourceText, PROSE_LINE, "What it is called in tables.", "Hopper-Chips"]
    value: Annotated[
        SourceText | None,
        NUMBER,
        "The number, where it is exact; otherwise low and high.",
        "50000",
    ] = None
    low: Annotated[float, NUMBER, "The lowest number it may be.", "20000", Extra(required=False, label="or from")]
    best: Annotated[
        float,
        NUMBER,
        "The likeliest number; the middle of low and high if absent.",
        "25000",
        Extra(required=False, label="best"),
    ]
    high: Annotated[float, NUMBER, "The highest number it may be.", "30000", Extra(required=False, label="to")]
    unit: Annotated[
        SourceText,
        LINE,
        "Its unit, a product or quotient of the names that `build.py check --units` prints; none if absent.",
        "USD/chip",
        Extra(required=False, choices="unit"),
    ]
    written: tuple[SourceText, ...]
    sources: Annotated[
        tuple[CitationItem, ...], each(USE, least=1), "The sources it is taken from.", "[semianalysis2025]"
    ] = ()
    assumed: Annotated[
        SourceText | None,
        PROSE_LINE,
        "Instead of sources: that it is assumed, and why.",
        "Amodeis eigene Schätzung",
        Extra(label="or assumed, because"),
    ] = None
    quote: Annotated[Quote | None, QUOTE, "Where it was read in the article.", "rund 50.000 Chips"] = None
    note: Annotated[SourceText | None, MARKDOWN, MARKDOWN_HINT, "Nur Chips, die 2024 im Betrieb waren."] = None

    @property
    def uncertain(self) -> bool:
        """Whether it is a range."""
        return self.low != self.high

    @classmethod
    def rules(cls, given: Map) -> Iterator[Diagnostic]:
        """A number or a range that ascends; sources or an assumption."""
        ranged = [name for name in ("low", "high", "best") if name in given]
        for name in ranged:
            yield from exclusive(given, "value", name)
        if "value" not in given and ranged:
            for name in ("low", "high"):
                if name not in given:
                    hint = f"Write '{name}: 30000', or 'value: …' alone if it is exact."
                    yield Diagnostic(owner(given), "field-missing", f"'{given.under}' has no '{name}'", hint)
        elif not ranged:
            yield from needed(given, f"'{given.under}'", "value: 50000", "value", "low")
        yield from ascending(given, "low", "best", "high")
        yield from exclusive(given, "sources", "assumed")
        yield from needed(given, f"'{given.under}'", "sources: [semianalysis2025]", "sources", "assumed")

    @classmethod
    def made(cls, given: dict[str, Any], value: Map) -> dict[str, Any]:
        """With numbers: best is the middle of a range that does not say its own."""
        low, best, high = (given.get(name, given.get("value")) for name in ("low", "best", "high"))
        assert low is not None and high is not None  # noqa: S101, PT018 - the rules have seen to it
        ends = {"low": float(low), "high": float(high), "best": float(low) / 2 + float(high) / 2}
        if best is not None:
            ends["best"] = float(best)
        written = tuple(given[name] for name in ("value", "low", "best", "high") if name in given)
        return {**_below_a_name(value), "unit": _no_unit(value), **given, **ends, "written": written}


class Stated(Record, frozen=True, kw_only=True):
    """The range that the passage states.

    Its numbers stand in `written` as well, as the author wrote them. Where the passage says a number with a unit
    ("1 Mrd. USD"), that is in `words`, alone.
    """

    noun = "stated range"
    short = "words"

    words: SourceText | None = None
    low: Annotated[float | None, NUMBER, "Its lower end.", "3", Extra(required=True)] = None
    high: Annotated[float | None, NUMBER, "Its upper end.", "4", Extra(required=True)] = None
    unit: Annotated[SourceText | None, LINE, "Its unit.", "USD"] = None
    written: tuple[SourceText, ...] = ()

    @classmethod
    def rules(cls, given: Map) -> Iterator[Diagnostic]:
        """A range ascends."""
        yield from ascending(given, "low", "high")

    @classmethod
    def made(cls, given: dict[str, Any], value: Map) -> dict[str, Any]:  # noqa: ARG003 - for what stands below a name
        """With numbers."""
        low, high = given["low"], given["high"]
        return {**given, "low": float(low), "high": float(high), "written": (low, high)}


class Figure(Annotation, frozen=True, kw_only=True):
    """A number computed from quantities and other figures.

    Without a `quote` it is no annotation, only a number to print.
    """

    noun = "figure"
    id_begins = "figure"
    note_kind, sign, counted = "figure", "=", "count-figure"
    form = ("label", "formula", "unit", "stated", "tolerance", "finding", "digits", "note", "draft")

    name: str
    label: Annotated[SourceText, PROSE_LINE, "What it is called in tables.", "Wert der Chips"]
    formula: Annotated[
        SourceText,
        LINE,
        "How it is computed: + - * / ** ( ), numbers, names, units, min max abs round sqrt exp log log2 log10.",
        "fleet * price",
        Extra(choices="name", hint="Over the quantities and figures of figures.yaml"),
    ]
    unit: Annotated[
        SourceText,
        LINE,
        "The unit it is printed in; none if absent.",
        "USD",
        Extra(required=False, choices="unit", hint="None if it has no dimension"),
    ]
    quote: Annotated[Quote | None, QUOTE, "The passage it checks.", "rund eine Milliarde Dollar"] = None
    stated: Annotated[
        Stated | None,
        record(Stated),
        "What the passage says: a number with its unit, or low, high and unit.",
        "1 Mrd. USD",
        Extra(label="The passage says", hint="As in: 1 Mrd. USD"),
    ] = None
    tolerance: Annotated[
        float | None,
        TOLERANCE,
        "How far a stated number may be off; 10 % unless given, or half of its last digit, at most 15 %.",
        "10 %",
        Extra(hint="10 % unless given, or half of the last digit stated, at most 15 %"),
    ] = None
    finding: Annotated[
        Agrees | None,
        choice("finding", get_args(Agrees)),
        "What the authors know the comparison to give.",
        "disagrees",
        Extra(hint="Then a warning comes when the arithmetic says otherwise."),
    ] = None
    digits: Annotated[
        int,
        DIGITS,
        "How many significant digits are printed.",
        "3",
        Extra(hint="Significant digits printed; 3 unless given"),
    ] = 3
    note: Annotated[SourceText | None, MARKDOWN, MARKDOWN_HINT, "Nur die Chips, ohne Server und Strom."] = None

    @classmethod
    def made(cls, given: dict[str, Any], value: Map) -> dict[str, Any]:
        """With an id, the author's or one of its name."""
        name = _below_a_name(value)
        id_ = str(given["id"]) if "id" in given else name["name"].replace("_", "-")
        return {**name, "unit": _no_unit(value), **given, "id": id_, "id_given": True}


def _below_a_name(value: Map) -> dict[str, Any]:
    """The name that a mapping stands below, as keywords: it is where its record stands."""
    return {"name": str(value.under), "position": owner(value)}


def _no_unit(value: Map) -> SourceText:
    """The words of a unit that is not there: what they belong to has no dimension."""
    return SourceText("", owner(value))


# ---- Units ----


def _unit(value: Any) -> UnitName:
    if isinstance(value, SourceText):
        if found := _WITH_WORTH.fullmatch(value):
            message = f"'{shortened(value)}' is no name for a unit: what it is worth is a field of its own"
            malformed(value, message, f"Write '{{name: {found[1]}, worth: {_as_worth(found[2])}}}'.")
        return UnitName(name=str(unit_name(value)), position=value.position)
    given = fields(value)
    if "name" not in given:
        key, first = next(iter(given.items()))
        worth = given.get(SourceText("worth"))
        name, worth = (key, first) if worth is None else ("gpu" if key == "worth" else first, worth)
        hint = f"Write '{{name: {_as_name(name)}, worth: {_as_worth(worth)}}}'."
        raise ContentError(owner(given), "field-missing", "this unit has no 'name'", hint)
    words = {str(_language(key)): _numbers(each) for key, each in given.items() if key not in ("name", "worth")}
    worth = line(given["worth"]) if "worth" in given else None
    return UnitName(name=str(unit_name(given["name"])), worth=worth, words=words, position=given.position)


def _language(key: SourceText) -> SourceText:
    """A field of a unit that is neither its name nor its worth."""
    if not re.fullmatch(LANGUAGE_PATTERN, key) or len(key.partition("-")[0]) > 3:
        hint = "What it is worth is 'worth: 0.01 EUR', and its words in a language 'en: [cent, cents]'."
        malformed(key, f"a unit has no field '{shortened(key)}'{did_you_mean(key, ('name', 'worth'))}", hint)
    return language(key)


def _as_name(value: Any) -> str:
    """A name of a unit near to some words."""
    return re.sub(r"\W+", "_", str(value)).strip("_0123456789") or "gpu" if isinstance(value, str) else "gpu"


def _as_worth(value: Any) -> str:
    """What some words of a unit's worth would be."""
    return (amount_meant(value) if isinstance(value, str) else "") or "0.01 EUR"


def _numbers(value: Any) -> tuple[str, str]:
    """The singular and the plural of a unit; one word serves as both."""
    if isinstance(value, SourceText):
        return str(line(value)), str(line(value))
    if not isinstance(value, List) or len(value) != 2:
        malformed(value, "singular and plural of the unit were expected here", "Write [GPU, GPUs].")
    return str(line(value[0])), str(line(value[1]))


_WITH_WORTH = re.compile(r"([^\W\d]\w*)\s*[=:~≈]?\s*(\d.*)")
_UNIT_NAME = {"type": "string", "pattern": r"^[A-Za-z\u00c0-\uffff][\w\u00c0-\uffff]*$"}

UNIT = FieldType(
    _unit,
    {
        "anyOf": [
            _UNIT_NAME,
            {
                "type": "object",
                "properties": {
                    "name": {**_UNIT_NAME, "description": "What formulas call it."},
                    "worth": {**TEXT_SCHEMA, "description": "How many of another unit it is: 0.01 EUR."},
                },
                "required": ["name"],
                "propertyNames": {"pattern": f"^(name|worth|{LANGUAGE_PATTERN})$"},
                "additionalProperties": {
                    "anyOf": [TEXT_SCHEMA, {"type": "array", "items": TEXT_SCHEMA, "minItems": 2, "maxItems": 2}],
                    "description": "Singular and plural in this language.",
                },
            },
        ],
        "examples": ["chip", {"name": "gpu", "de": ["GPU", "GPUs"], "en": ["GPU", "GPUs"]}],
    },
)


_LIST = each(UNIT)


def _units(value: Any) -> Any:
    """The units of an article; names with what they are worth, which are no list, are told how that is written."""
    if isinstance(value, Map):
        entries = ", ".join(f"{{name: {_as_name(name)}, worth: {_as_worth(worth)}}}" for name, worth in value.items())
        malformed(value, "a list was expected here", f"Write 'units: [{shortened(entries, 120)}]'.")
    return _LIST.read(value)


class FiguresFile(Record, frozen=True, kw_only=True):
    """Quantities, and figures computed from them."""

    noun = "figures.yaml"
    whole = True
    strays = (Misplaced("quantities", "formula", "figure", "figures"),)

    units: Annotated[
        tuple[UnitName, ...],
        replace(_LIST, read=_units),
        "Units of this article's own: a name, or a name with its worth, and singular and plural in a language.",
        "[chip]",
    ] = ()
    quantities: Annotated[Mapping[str, Quantity], named(record(Quantity)), "What goes in, by name.", "{}"] = field(
        default_factory=dict
    )
    figures: Annotated[Mapping[str, Figure], named(record(Figure)), "What comes out, by name.", "{}"] = field(
        default_factory=dict
    )
