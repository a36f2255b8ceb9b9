"""The shapes of the files an author writes: their fields, what each means, and an example of it.

They are read twice: to check what was written, all faults at once, and to tell editors' tools (JSON Schema) what may
be written. Every required field has an example, because the message that it is missing shows one.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from randnotiz.errors import NOWHERE, ContentError, Finding, Position, Text, did_you_mean, nearest
from randnotiz.model import (
    Change,
    ChartData,
    EndsQuote,
    ExactQuote,
    Image,
    Person,
    Quote,
    SourceUse,
    Stated,
    UnitName,
)
from randnotiz.numerals import readings
from randnotiz.reader import csl_items
from randnotiz.reader.fields import (
    LANGUAGE,
    RESERVED,
    SLUG,
    TEXT_SCHEMA,
    Address,
    Agreement,
    Boolean,
    Day,
    Digits,
    KindWord,
    Language,
    Leaf,
    Line,
    Listed,
    ListedSome,
    LongText,
    Name,
    Named,
    Number,
    Quoted,
    SiteAddress,
    Slug,
    StanceWord,
    Tolerance,
    TypeOfPerson,
    entries_or_more,
    fields,
    language,
    line,
    malformed,
    mapping,
    number,
    one_of,
    quoted,
    shape_of,
    shortened,
    slug,
    unit_name,
)
from randnotiz.records import dataclass
from randnotiz.yamldoc import List, Map, Value, grown_together, plain

# What else is installed has no say in how a file is read, and looking for it takes pydantic 10 ms.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

# Left empty these would change in silence what an entry says: an empty quote would speak about the whole article.
NEVER_EMPTY = frozenset(("quote", "after", "sources"))

MOST_TOLD = 2  # fields of a mapping that are missing, or unknown, before one fault tells of them all
MOST_GUESSED = 20  # unknown fields of a mapping for which a known one is looked for, and names told one by one


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding and the way to it through fields and list indices, by which broken entries are known."""

    way: tuple[str | int, ...]
    finding: Finding


class Shape(BaseModel):
    """A mapping with known fields, read with all its faults at once."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)

    noun: ClassVar[str] = ""  # what an editor calls it
    whole: ClassVar[bool] = False  # it is a whole file
    strays: ClassVar[tuple["Stray", ...]] = ()

    _position: Position = PrivateAttr(default_factory=lambda: NOWHERE)  # a plain default would be copied each time

    @property
    def position(self) -> Position:
        """Where the mapping begins."""
        return self._position

    @classmethod
    def rules(cls, given: Map) -> Iterator[Finding]:  # noqa: ARG003 - for the shapes that have some
        """The faults of fields that do not go together."""
        yield from ()

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(value, Map):
            raise _raised(cls, [Fault((), _no_mapping(cls, value))])
        grown = grown_together(value)
        if grown and not cls.whole:  # what its fields say together is nobody's doing
            raise _raised(cls, [Fault((), grown)])
        given, meant, found = _sifted(cls, value)
        astray = list(_astray(cls, given))
        if all(fault.way for fault in found):  # otherwise next to nothing is there
            found.extend(Fault((), finding) for finding in cls.rules(meant))
        try:
            shape = handler(given)
        except ValidationError as error:
            told = {fault.way for fault in astray}
            found.extend(fault for fault in faults(error) if fault.way[:2] not in told)
        if found or astray:
            raise _raised(cls, [*found, *astray])
        shape._position = value.position
        return shape


@dataclass(frozen=True, slots=True)
class Stray:
    """What may stand `below` one field of a file and belongs below another, its `home`; it is known by a `mark`, a
    field that only it has.
    """

    below: str
    mark: str
    noun: str
    home: str


def faults(error: ValidationError) -> Iterator[Fault]:
    """The faults a validation error carries."""
    for each in error.errors(include_url=False, include_input=False):
        if each["type"] != "missing":  # told already, by the shape that misses it and knows its own name
            yield Fault(each["loc"], each["ctx"]["finding"])


def _raised(shape: type[Shape], found: list[Fault]) -> ValidationError:
    return ValidationError.from_exception_data(
        shape.__name__,
        [
            InitErrorDetails(
                type=PydanticCustomError("fault", "fault", {"finding": fault.finding}), loc=fault.way, input=None
            )
            for fault in found
        ],
    )


@cache
def _known(shape: type[Shape]) -> dict[str, tuple[bool, str]]:
    """The fields of a shape as authors write them: whether each is required, and an example of it."""
    return {
        field.alias or name: (field.is_required(), str((field.examples or [""])[0]))
        for name, field in shape.model_fields.items()
    }


def _sifted(shape: type[Shape], value: Map) -> tuple[Map, Map, list[Fault]]:
    """The known fields of a mapping that are not empty, the same with those that are only misspelt, and the faults of
    the unknown and the missing ones.
    """
    known = _known(shape)
    given, meant = _like(value), _like(value)
    unknown: list[Text] = []
    for key, each in value.items():
        if key not in known:
            unknown.append(key)
            if len(unknown) <= MOST_GUESSED and (near := nearest(key, known)):
                meant.setdefault(Text(near, key.position, start=key.start), each)
        elif key in NEVER_EMPTY or not _is_left_empty(each):
            given[key] = meant[key] = each
    missing = {name: example for name, (required, example) in known.items() if required and name not in meant}
    return given, meant, [*_unknown_ones(shape, unknown, known), *_missing_ones(shape, value, missing)]


def _like(value: Map) -> Map:
    """An empty mapping in the place of another."""
    empty = Map()
    empty.position, empty.start, empty.end, empty.under = value.position, value.start, value.end, value.under
    return empty


def _astray(shape: type[Shape], given: Map) -> Iterator[Fault]:
    """One and the same fault for all entries of a file that stand below a field to which they do not belong."""
    for stray in shape.strays:
        entries = given.get(Text(stray.below))
        rows: Iterable[tuple[str | int, Value]] = ()
        if isinstance(entries, Map | List):
            rows = entries.items() if isinstance(entries, Map) else enumerate(entries)
        ours = [(way, each) for way, each in rows if isinstance(each, Map) and stray.mark in each]
        if ours:
            way, each = ours[0]
            name, at = (f"'{shortened(way)}'", way.position) if isinstance(way, Text) else ("this entry", owner(each))
            more = f", and {len(ours) - 1} more with it" if len(ours) > 1 else ""
            message = f"{name} has '{stray.mark}', so it is a {stray.noun}{more}; those stand below '{stray.home}:'"
            finding = Finding(at, "value-malformed", message, f"Write '{stray.home}:' in a line above it.")
            yield from (Fault((stray.below, way), finding) for way, _ in ours)


def _is_left_empty(value: Any) -> bool:
    return isinstance(value, Text) and value.plain and not value


def _unknown_ones(shape: type[Shape], keys: list[Text], known: Mapping[str, tuple[bool, str]]) -> Iterator[Fault]:
    """The faults of fields that a shape does not have; many are told as one, at the first."""
    if len(keys) > MOST_TOLD:
        finding = _unknown(shape, keys[0], known, f", nor {_listed(keys[1:])}")
        yield from (Fault((str(key),), finding) for key in keys)
    else:
        yield from (Fault((str(key),), _unknown(shape, key, known)) for key in keys)


def _unknown(shape: type[Shape], key: Text, known: Mapping[str, tuple[bool, str]], more: str = "") -> Finding:
    near = did_you_mean(key, known)
    hint = "" if near else f"Its fields are: {', '.join(known)}."
    message = f"{_a(shape)} has no field '{shortened(key)}'{more}{near}"
    return Finding(key.position, "field-unknown", message, hint)


def _missing_ones(shape: type[Shape], value: Map, missing: Mapping[str, str]) -> Iterator[Fault]:
    """The faults of missing fields, given with an example of each; many are told as one, about the mapping."""
    if shape.whole or len(missing) <= MOST_TOLD:
        yield from (Fault((name,), _missing(shape, value, name, example)) for name, example in missing.items())
        return
    message = f"this {shape.noun} has no {_listed(list(missing))}"
    hint = "\n".join(f"Write '{name}: {example}'." for name, example in missing.items())
    yield Fault((), Finding(owner(value), "field-missing", message, hint))


def _listed(names: Sequence[str]) -> str:
    """Names in words, not too many."""
    *before, last = [f"'{shortened(name)}'" for name in names[:MOST_GUESSED]]
    if len(names) > MOST_GUESSED:
        return f"{', '.join((*before, last))} and {len(names) - MOST_GUESSED:,} more"
    return f"{', '.join(before)} and {last}" if before else last


def _missing(shape: type[Shape], value: Map, key: str, example: str) -> Finding:
    """The fault that a field is missing, at the line its mapping belongs to, or at its name if it is only empty."""
    hint = f"Write '{key}: {example}'." if example else ""
    if key in value:
        return Finding(value.key(key).position, "field-missing", f"'{key}' is empty", hint)
    if shape.whole:
        place = Position(value.position.path)
        return Finding(place, "field-missing", f"{shape.noun} has no '{key}'", hint)
    name = f"'{shortened(value.under)}'" if value.under and shape.noun in _NAMED else f"this {shape.noun}"
    return Finding(owner(value), "field-missing", f"{name} has no '{key}'", hint)


_NAMED = frozenset(("quantity", "figure"))


def owner(value: Map | List) -> Position:
    """The line a mapping or list belongs to: its field's, where it has one."""
    return value.under.position if value.under is not None else value.position


def _no_mapping(shape: type[Shape], value: Any) -> Finding:
    known = _known(shape)
    first = next((name for name, (required, _) in known.items() if required), next(iter(known)))
    if shape.whole:
        message = f"{shape.noun} begins with a field, '{first}: …'"
        hint = f"Write '{first}:' in a line above." if isinstance(value, List) else ""
        return Finding(value.position, "value-malformed", message, hint)
    words = f"'{shortened(value)}'" if isinstance(value, Text) else "a list"
    hint = f"Write its fields, each 'name: value': {', '.join(known)}."
    if isinstance(value, List):
        hint = f"Write the field that the list belongs to above it: {', '.join(known)}."
    return Finding(value.position, "value-malformed", f"{_a(shape)} was expected here, not {words}", hint)


def _a(shape: type[Shape]) -> str:
    if shape.whole:
        return shape.noun
    return f"{'an' if shape.noun[0] in 'aeio' else 'a'} {shape.noun}"


def _together(given: Map, one: str, other: str) -> Iterator[Finding]:
    """The fault that two fields exclude each other."""
    if one in given and other in given:
        later = max(given.key(one), given.key(other), key=lambda key: key.start)
        message = f"'{one}' and '{other}' exclude each other"
        yield Finding(later.position, "value-malformed", message, f"Leave '{one}' or '{other}' out.")


def _neither(given: Map, noun: str, example: str, *names: str) -> Iterator[Finding]:
    """The fault that none of some fields is there."""
    if not any(name in given for name in names):
        words = " nor ".join(f"'{name}'" for name in names)
        yield Finding(owner(given), "field-missing", f"{noun} has neither {words}", f"Write '{example}'.")


def _ordered(given: Map, *names: str) -> Iterator[Finding]:
    """The fault that numbers do not ascend."""
    numbers = [
        (name, given[name], value) for name in names if name in given and (value := _float(given[name])) is not None
    ]
    for (lower, words, low), (upper, more, high) in pairwise(numbers):
        if low > high:
            message = f"'{lower}' ({words}) is greater than '{upper}' ({more})"
            yield Finding(given.key(upper).position, "value-malformed", message, "Exchange the two numbers.")


def _float(value: Any) -> float | None:
    """A number for comparison, None where the field has a fault of its own, or has one in some languages."""
    try:
        words = number(value)
    except ContentError:
        return None
    return None if readings(words) else float(words)


# ----------------------------------------------------------------------------------------------------
# Quotes, persons, uses of sources
# ----------------------------------------------------------------------------------------------------


class ExactShape(Shape):
    """The words as a reader sees them, with what stands before and after where they occur more than once."""

    noun = "quote"

    exact: Quoted = Field(examples=["rund 50.000 Chips"])
    """The words themselves."""
    prefix: Quoted | None = Field(None, examples=["rund"])
    """What stands directly before them."""
    suffix: Quoted | None = Field(None, examples=["der Hopper-Generation"])
    """What stands directly behind them."""


class EndsShape(Shape):
    """A long passage, named by its two ends."""

    noun = "quote"

    start: Quoted = Field(alias="from", examples=["Die Kosten sinken"])
    """Its first words, which may stand only once in the article."""
    end: Quoted = Field(alias="to", examples=["um das Vierfache"])
    """Its last words: the next place where they stand, within 2,000 characters."""


def _quote(value: Any) -> Quote:
    if isinstance(value, Text):
        return ExactQuote(exact=quoted(value), position=value.position)
    if isinstance(value, Map) and ("from" in value or "to" in value):
        ends = EndsShape.model_validate(value)
        return EndsQuote(start=ends.start, end=ends.end, position=value.position)
    exact = ExactShape.model_validate(value)
    return ExactQuote(
        exact=exact.exact, prefix=exact.prefix or "", suffix=exact.suffix or "", position=value.position
    )


QuoteField = Annotated[
    ExactQuote | EndsQuote,
    Leaf(_quote, {"anyOf": [TEXT_SCHEMA, shape_of("ExactShape"), shape_of("EndsShape")]}),
]


class PersonShape(Shape):
    """Somebody, with more than a name."""

    noun = "person"

    name: Line = Field(examples=["Epoch AI"])
    """The name as it is printed."""
    url: Address | None = Field(None, examples=["https://epoch.ai/"])
    """Their page."""
    type: TypeOfPerson = Field("person", examples=["organization"])
    """A person, unless it says organization."""


def _person(value: Any) -> Person:
    if isinstance(value, Text):
        return Person(name=line(value), position=value.position)
    shape = PersonShape.model_validate(value)
    return Person(name=shape.name, url=shape.url, type=shape.type, position=shape.position)


PersonField = Annotated[Person, Leaf(_person, {"anyOf": [TEXT_SCHEMA, shape_of("PersonShape")]})]


class UseShape(Shape):
    """A source, with the place in it that is meant."""

    noun = "use of a source"

    id: Line = Field(examples=["semianalysis2025"])
    """The id of a source of this article or of content/sources.yaml."""
    locator: Line | None = Field(None, examples=["S. 4"])
    """The page, chapter or minute."""
    passage: LongText | None = Field(None, examples=["The fleet is put at about 50,000 chips."])
    """What the source says there, in our own words; printed without quotation marks."""
    verbatim: LongText | None = Field(None, examples=["about 50,000 Hopper GPUs"])
    """Its exact words, at most a sentence; printed in quotation marks."""


def _use(value: Any) -> SourceUse:
    if isinstance(value, Text):
        return SourceUse(id=line(value), position=value.position)
    shape = UseShape.model_validate(value)
    return SourceUse(
        id=shape.id,
        locator=shape.locator,
        passage=shape.passage,
        verbatim=shape.verbatim,
        position=shape.position,
    )


UseField = Annotated[SourceUse, Leaf(_use, {"anyOf": [TEXT_SCHEMA, shape_of("UseShape")]})]


class ChangeShape(Shape):
    """A correction of ours."""

    noun = "change"

    date: Day = Field(examples=["2026-11-25"])
    """The day it was made."""
    text: LongText = Field(examples=["Die Jahreszahl war falsch."])
    """What was wrong and what stands there now."""


def _change(value: Any) -> Change:
    shape = ChangeShape.model_validate(value)
    return Change(date=shape.date, text=shape.text, position=shape.position)


ChangeField = Annotated[Change, Leaf(_change, shape_of("ChangeShape"))]


# ----------------------------------------------------------------------------------------------------
# Texts by language
# ----------------------------------------------------------------------------------------------------


def _by_language(value: Any) -> dict[str, Text]:
    return {str(language(key)): line(each) for key, each in fields(value).items()}


def _slugs_by_language(value: Any) -> dict[str, Text]:
    return {str(language(key)): slug(each) for key, each in mapping(value).items()}


def _redirects(value: Any) -> dict[str, Text]:
    return {str(_old_address(key)): slug(each) for key, each in mapping(value).items()}


def _old_address(key: Text) -> Text:
    if key in RESERVED:
        malformed(key, f"no redirect can begin at '{key}': the site keeps that address for itself", "Leave it out.")
    return slug(key)


POLICIES = ("corrections", "principles")


def _policies(value: Any) -> dict[str, Text]:
    policy = one_of("policy", POLICIES)
    return {str(policy(key)): slug(each) for key, each in mapping(value).items()}


_SLUG_SCHEMA = {"type": ["string", "integer"], "pattern": f"^{SLUG}$"}
_BY_LANGUAGE = {"type": "object", "propertyNames": {"pattern": f"^{LANGUAGE}$"}}

SlugsByLanguage = Annotated[
    dict[str, Text],
    Leaf(_slugs_by_language, {**_BY_LANGUAGE, "additionalProperties": _SLUG_SCHEMA}),
]
Redirects = Annotated[
    dict[str, Text],
    Leaf(
        _redirects,
        {"type": "object", "propertyNames": {"pattern": f"^{SLUG}$"}, "additionalProperties": _SLUG_SCHEMA},
    ),
]


Policies = Annotated[
    dict[str, Text],
    Leaf(
        _policies,
        {
            "type": "object",
            "propertyNames": {"enum": list(POLICIES)},
            "additionalProperties": _SLUG_SCHEMA,
        },
    ),
]


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """A step of the scale before it knows its rank."""

    key: Text
    words: dict[str, str]


def _verdict(value: Any) -> VerdictWords:
    given = fields(value)
    if "key" not in given:
        malformed(_at(given), "this verdict has no 'key'", "Write 'key: misleading'.", "field-missing")
    words = {str(language(key)): str(line(each)) for key, each in given.items() if key != "key"}
    if not words:
        malformed(_at(given), "this verdict has no words", "Write 'de: Irreführend'.", "field-missing")
    return VerdictWords(slug(given["key"]), words)


def _at(value: Map) -> Text:
    """A place for a fault about a whole mapping."""
    return Text("", owner(value))


VerdictField = Annotated[
    VerdictWords,
    Leaf(
        _verdict,
        {
            "type": "object",
            "properties": {"key": {**_SLUG_SCHEMA, "description": "The word that counter-claims use."}},
            "required": ["key"],
            "minProperties": 2,
            "additionalProperties": TEXT_SCHEMA,
            "propertyNames": {"pattern": f"^(key|{LANGUAGE})$"},
            "examples": [{"key": "misleading", "de": "Irreführend", "en": "Misleading"}],
        },
    ),
]


def _unit(value: Any) -> UnitName:
    if isinstance(value, Text):
        return UnitName(name=str(unit_name(value)), position=value.position)
    given = fields(value)
    if "name" not in given:
        malformed(_at(given), "this unit has no 'name'", "Write 'name: gpu'.", "field-missing")
    words = {str(language(key)): _numbers(each) for key, each in given.items() if key != "name"}
    return UnitName(name=str(unit_name(given["name"])), words=words, position=given.position)


def _numbers(value: Any) -> tuple[str, str]:
    """The singular and the plural of a unit; one word serves as both."""
    if isinstance(value, Text):
        return str(line(value)), str(line(value))
    if not isinstance(value, List) or len(value) != 2:
        malformed(value, "singular and plural of the unit were expected here", "Write [GPU, GPUs].")
    return str(line(value[0])), str(line(value[1]))


_UNIT_NAME = {"type": "string", "pattern": r"^[A-Za-z\u00c0-\uffff][\w\u00c0-\uffff]*$"}

UnitField = Annotated[
    UnitName,
    Leaf(
        _unit,
        {
            "anyOf": [
                _UNIT_NAME,
                {
                    "type": "object",
                    "properties": {"name": {**_UNIT_NAME, "description": "What formulas call it."}},
                    "required": ["name"],
                    "propertyNames": {"pattern": f"^(name|{LANGUAGE})$"},
                    "additionalProperties": {
                        "anyOf": [TEXT_SCHEMA, {"type": "array", "items": TEXT_SCHEMA, "minItems": 2, "maxItems": 2}],
                        "description": "Singular and plural in this language.",
                    },
                },
            ],
            "examples": ["chip", {"name": "gpu", "de": ["GPU", "GPUs"], "en": ["GPU", "GPUs"]}],
        },
    ),
]


# ----------------------------------------------------------------------------------------------------
# Annotations
# ----------------------------------------------------------------------------------------------------


class AnnotationShape(Shape):
    """What every annotation may have."""

    id: Slug | None = Field(None, examples=["only-the-last-run"])
    """Its address in the page; without one it is made of the kind and the first five words of the quote."""
    author: PersonField | None = Field(None, examples=["Redaktion"])
    """Who wrote the annotation."""
    created: Day | None = Field(None, examples=["2026-11-24"])
    """When it was written."""
    modified: Day | None = Field(None, examples=["2026-11-25"])
    """When it was last changed."""
    draft: Boolean = Field(False, examples=["true"])
    """A draft is built only with --drafts."""
    changes: Listed[ChangeField] = Field(default_factory=list, examples=["[]"])
    """The log of our corrections to it."""


class CitationShape(AnnotationShape):
    """A passage and the sources it leans on."""

    noun = "citation"

    quote: QuoteField | None = Field(None, examples=["rund 50.000 Chips der Hopper-Generation"])
    """The words of the article as a reader sees them; without it, the citation speaks about the whole article."""
    sources: ListedSome[UseField] = Field(examples=["[semianalysis2025]"])
    """The sources the passage leans on."""
    note: LongText | None = Field(None, examples=["Die Zahl geht auf **eine** Schätzung zurück."])
    """What readers should know about it (Markdown without headings and footnotes)."""


class CounterClaimShape(AnnotationShape):
    """What somebody holds for or against a claim."""

    noun = "counter-claim"
    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["claim", "claimed_by"], "not": {"required": ["same_claim_as"]}},
                {
                    "required": ["same_claim_as"],
                    "not": {
                        "anyOf": [{"required": [name]} for name in ("claim", "claimed_by", "claimed_on", "verdict")]
                    },
                },
            ]
        }
    )

    quote: QuoteField | None = Field(None, examples=["für sechs Millionen Dollar"])
    """The words of the article that make the claim, as a reader sees them."""
    claim: Line | None = Field(
        None, examples=["DeepSeek habe für sechs Millionen Dollar erreicht, wofür US-Firmen Milliarden brauchten."]
    )
    """The claim in a sentence of its own."""
    claimed_by: PersonField | None = Field(None, examples=["Medienberichte"])
    """Who claims it."""
    claimed_on: Day | None = Field(None, examples=["2025-01-27"])
    """When they did."""
    verdict: Line | None = Field(None, examples=["misleading"])
    """A key of the scale in site.yaml."""
    same_claim_as: Line | None = Field(None, examples=["only-the-last-run"])
    """The id of the entry that has the claim, for another voice on it."""
    stance: StanceWord = Field(examples=["qualifies"])
    """What the voice does to the claim."""
    counter: LongText = Field(examples=["Die Summe deckt nur den letzten Trainingslauf."])
    """What the voice holds (Markdown without headings and footnotes)."""
    by: PersonField = Field(examples=["Epoch AI"])
    """Whose voice it is."""
    sources: ListedSome[UseField] = Field(examples=["[epoch2025r1]"])
    """The sources it leans on."""
    reply: LongText | None = Field(None, examples=["DeepSeek hat nicht geantwortet."])
    """What the other side says to it (Markdown without headings and footnotes)."""
    asked_on: Day | None = Field(None, examples=["2026-11-20"])
    """When the other side was asked."""
    replied_on: Day | None = Field(None, examples=["2026-11-22"])
    """When it answered."""

    @classmethod
    def rules(cls, given: Map) -> Iterator[Finding]:
        """Either a claim with who makes it, or another voice on a claim."""
        if "same_claim_as" in given:
            for name in ("claim", "claimed_by", "claimed_on", "verdict"):
                if name in given:
                    message = f"'{name}' belongs to the entry that 'same_claim_as' names"
                    yield Finding(given.key(name).position, "value-malformed", message, f"Leave '{name}' out here.")
            return
        for name in ("claim", "claimed_by"):
            if name not in given:
                hint = f"Write '{name}: …', or 'same_claim_as: …' for another voice on a claim."
                yield Finding(owner(given), "field-missing", f"this counter-claim has no '{name}'", hint)


class QuantityShape(Shape):
    """A number that goes into formulas, with its unit and where it comes from."""

    noun = "quantity"
    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {"oneOf": [{"required": ["value"]}, {"required": ["low", "high"]}]},
                {"oneOf": [{"required": ["sources"]}, {"required": ["assumed"]}]},
            ],
            "dependencies": {"low": ["high"], "high": ["low"], "best": ["low", "high"]},
        }
    )

    label: Line = Field(examples=["Hopper-Chips"])
    """What it is called in tables."""
    value: Number | None = Field(None, examples=["50000"])
    """The number, where it is exact; otherwise low and high."""
    low: Number | None = Field(None, examples=["20000"])
    """The lowest number it may be."""
    best: Number | None = Field(None, examples=["25000"])
    """The likeliest number; the middle of low and high if absent."""
    high: Number | None = Field(None, examples=["30000"])
    """The highest number it may be."""
    unit: Line | None = Field(None, examples=["USD/chip"])
    """Its unit, a product or quotient of the names that `build.py check --units` prints; none if absent."""
    sources: ListedSome[UseField] | None = Field(None, examples=["[semianalysis2025]"])
    """The sources it is taken from."""
    assumed: Line | None = Field(None, examples=["Amodeis eigene Schätzung"])
    """Instead of sources: that it is assumed, and why."""
    quote: QuoteField | None = Field(None, examples=["rund 50.000 Chips"])
    """Where it was read in the article."""
    note: LongText | None = Field(None, examples=["Nur Chips, die 2024 im Betrieb waren."])
    """What readers should know about it (Markdown without headings and footnotes)."""

    @classmethod
    def rules(cls, given: Map) -> Iterator[Finding]:
        """A number or a range that ascends; sources or an assumption."""
        ranged = [name for name in ("low", "high", "best") if name in given]
        for name in ranged:
            yield from _together(given, "value", name)
        if "value" not in given and ranged:
            for name in ("low", "high"):
                if name not in given:
                    hint = f"Write '{name}: 30000', or 'value: …' alone if it is exact."
                    yield Finding(owner(given), "field-missing", f"'{given.under}' has no '{name}'", hint)
        elif not ranged:
            yield from _neither(given, f"'{given.under}'", "value: 50000", "value", "low")
        yield from _ordered(given, "low", "best", "high")
        yield from _together(given, "sources", "assumed")
        yield from _neither(given, f"'{given.under}'", "sources: [semianalysis2025]", "sources", "assumed")


class StatedShape(Shape):
    """The range that the passage states."""

    noun = "stated range"

    low: Number = Field(examples=["3"])
    """Its lower end."""
    high: Number = Field(examples=["4"])
    """Its upper end."""
    unit: Line | None = Field(None, examples=["USD"])
    """Its unit."""

    @classmethod
    def rules(cls, given: Map) -> Iterator[Finding]:
        """A range ascends."""
        yield from _ordered(given, "low", "high")


def _stated(value: Any) -> Stated:
    if isinstance(value, Text):
        return Stated(words=line(value), position=value.position)
    shape = StatedShape.model_validate(value)
    return Stated(
        low=float(shape.low),
        high=float(shape.high),
        written=(shape.low, shape.high),
        unit=shape.unit,
        position=shape.position,
    )


StatedField = Annotated[Stated, Leaf(_stated, {"anyOf": [TEXT_SCHEMA, shape_of("StatedShape")]})]


class FigureShape(AnnotationShape):
    """A number computed from quantities and other figures."""

    noun = "figure"

    label: Line = Field(examples=["Wert der Chips"])
    """What it is called in tables."""
    formula: Line = Field(examples=["fleet * price"])
    """How it is computed: + - * / ** ( ), numbers, names, units, min max abs round sqrt exp log log2 log10."""
    unit: Line | None = Field(None, examples=["USD"])
    """The unit it is printed in; none if absent."""
    quote: QuoteField | None = Field(None, examples=["rund eine Milliarde Dollar"])
    """The passage it checks."""
    stated: StatedField | None = Field(None, examples=["1 Mrd. USD"])
    """What the passage says: a number with its unit, or low, high and unit."""
    tolerance: Tolerance = Field(0.1, examples=["10 %"])
    """How far a stated number may be off; 10 % unless given."""
    finding: Agreement | None = Field(None, examples=["disagrees"])
    """What the authors know the comparison to give."""
    digits: Digits = Field(3, examples=["3"])
    """How many significant digits are printed."""
    note: LongText | None = Field(None, examples=["Nur die Chips, ohne Server und Strom."])
    """What readers should know about it (Markdown without headings and footnotes)."""


_JSON_OBJECT: dict[str, Any] = {"type": "object"}


def _rows(value: Any) -> tuple[dict[str, Any], ...]:
    return tuple({str(key): plain(cell) for key, cell in fields(row).items()} for row in entries_or_more(value))


Rows = Annotated[
    tuple[dict[str, Any], ...],
    Leaf(_rows, {"type": "array", "items": _JSON_OBJECT, "minItems": 1}),
]
Specification = Annotated[Map, Leaf(fields, _JSON_OBJECT)]


class ChartDataShape(Shape):
    """What a chart shows: rows, a CSV file, or figures."""

    noun = "chart's data"
    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [name]} for name in ("rows", "csv", "figures")]}
    )

    rows: Rows | None = Field(None, examples=["[{month: 0, cost: 100}]"])
    """The rows, each a mapping; a text "= …" is a formula over quantities and figures."""
    csv: Line | None = Field(None, examples=["data/prices.csv"])
    """A file beside the article: UTF-8, a header line, commas, decimal points."""
    figures: ListedSome[Name] | None = Field(None, examples=["[hardware, fleet]"])
    """Figures and quantities: a row for each, with id, label, low, best, high, unit and stated."""

    @classmethod
    def rules(cls, given: Map) -> Iterator[Finding]:
        """One of the three."""
        yield from _together(given, "rows", "csv")
        yield from _together(given, "rows", "figures")
        yield from _together(given, "csv", "figures")
        yield from _neither(given, "'data'", "csv: data/prices.csv", "rows", "csv", "figures")


def _chart_data(value: Any) -> ChartData:
    shape = ChartDataShape.model_validate(value)
    figures = None if shape.figures is None else tuple(shape.figures)
    return ChartData(rows=shape.rows, csv=shape.csv, figures=figures, position=shape.position)


ChartDataField = Annotated[ChartData, Leaf(_chart_data, shape_of("ChartDataShape"))]


class ChartShape(AnnotationShape):
    """A picture of rows, with its title, alt text and sources."""

    noun = "chart"

    id: Slug = Field(examples=["cost-curve"])
    """Its address in the page, and what {{ chart: … }} calls it."""
    after: QuoteField | None = Field(None, examples=["sinken jedes Jahr um das Vierfache"])
    """Words of the paragraph it stands after; or put {{ chart: id }} alone in a paragraph."""
    title: Line = Field(examples=["Bei Faktor vier kostet dasselbe Modell nach einem Jahr ein Viertel"])
    """The finding, as a sentence."""
    subtitle: Line | None = Field(None, examples=["Verbleibende Trainingskosten, Beginn = 100"])
    """What is measured, in which unit."""
    alt: LongText = Field(
        examples=["Liniendiagramm der Kosten, das zeigt, wie sie jedes Jahr auf ein Viertel fallen"]
    )
    """What it shows, for those who cannot see it."""
    sources: ListedSome[UseField] = Field(examples=["[amodei2025]"])
    """The sources of its numbers."""
    note: LongText | None = Field(None, examples=["Logarithmische Achse."])
    """What readers should know about it (Markdown without headings and footnotes)."""
    data: ChartDataField = Field(examples=["{csv: data/prices.csv}"])
    """What it shows."""
    spec: Specification = Field(alias="vega-lite", examples=["{mark: line, encoding: {…}}"])
    """A Vega-Lite specification without data; quantities and figures are parameters in it."""


class RemarkShape(AnnotationShape):
    """Context, a definition, a disclosure, or a correction of the examined report."""

    noun = "note"
    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"kind": {"const": "definition"}}},
            "then": {"required": ["term"]},
        }
    )

    quote: QuoteField | None = Field(None, examples=["R1 im November 2024 trainiert"])
    """The words of the article it is about; without it, the note speaks about the whole article."""
    kind: KindWord = Field(examples=["context"])
    """What the note is; a correction corrects the examined report, never ourselves."""
    note: LongText = Field(examples=["Der Essay nennt den Zeitraum für **V3**, nicht für R1."])
    """The note (Markdown without headings and footnotes)."""
    term: Line | None = Field(None, examples=["Hopper"])
    """What a definition defines."""
    sources: Listed[UseField] = Field(default_factory=list, examples=["[amodei2025]"])
    """The sources it leans on."""

    @classmethod
    def rules(cls, given: Map) -> Iterator[Finding]:
        """A definition says what it defines."""
        if given.get(Text("kind")) == "definition" and "term" not in given:
            message = "this definition has no 'term'"
            yield Finding(owner(given), "field-missing", message, "Write 'term: Hopper'.")


# ----------------------------------------------------------------------------------------------------
# Files
# ----------------------------------------------------------------------------------------------------

SourceField = Annotated[Map, Leaf(fields, csl_items.SCHEMA)]


class SharedSourcesFile(Shape):
    """Sources that several articles share (CSL-JSON 1.0.2 written as YAML)."""

    noun = "sources.yaml"
    whole = True

    sources: Listed[SourceField] = Field(default_factory=list, examples=["[]"])
    """The cited works, as CSL items."""
    references: Listed[SourceField] = Field(default_factory=list, examples=["[]"])
    """The same under the name that Pandoc and Zotero export."""


class SourcesFile(SharedSourcesFile):
    """The cited works (CSL-JSON 1.0.2 written as YAML), and which passage leans on which."""

    strays = (Stray("sources", "sources", "citation", "citations"),)

    citations: Listed[CitationShape] = Field(default_factory=list, examples=["[]"])
    """Passages, and the sources each leans on."""


class CounterClaimsFile(Shape):
    """What others hold for or against a passage."""

    noun = "counterclaims.yaml"
    whole = True

    counterclaims: Listed[CounterClaimShape] = Field(default_factory=list, examples=["[]"])
    """The voices, each with its stance and its sources."""


class FiguresFile(Shape):
    """Quantities, and figures computed from them."""

    noun = "figures.yaml"
    whole = True
    strays = (Stray("quantities", "formula", "figure", "figures"),)

    units: Listed[UnitField] = Field(default_factory=list, examples=["[chip]"])
    """Units of this article's own: a name, or a name with its singular and plural in a language."""
    quantities: Named[QuantityShape] = Field(default_factory=dict, examples=["{}"])
    """What goes in, by name."""
    figures: Named[FigureShape] = Field(default_factory=dict, examples=["{}"])
    """What comes out, by name."""


class ChartsFile(Shape):
    """Charts over figures, rows or CSV files."""

    noun = "charts.yaml"
    whole = True

    charts: Listed[ChartShape] = Field(default_factory=list, examples=["[]"])
    """The charts."""


class NotesFile(Shape):
    """Context, definitions, disclosures, corrections of the examined report."""

    noun = "notes.yaml"
    whole = True

    notes: Listed[RemarkShape] = Field(default_factory=list, examples=["[]"])
    """The notes."""


class ImageShape(Shape):
    """The picture of an article."""

    noun = "image"

    src: Line = Field(examples=["bild.jpg"])
    """Its file beside the article."""
    alt: Line = Field(examples=["Ein Rechenzentrum bei Nacht"])
    """What it shows, for those who cannot see it."""
    credit: Line | None = Field(None, examples=["'Foto: Redaktion'"])
    """Who made it."""


def _image(value: Any) -> Image:
    shape = ImageShape.model_validate(value)
    return Image(src=shape.src, alt=shape.alt, credit=shape.credit, position=shape.position)


ImageField = Annotated[Image, Leaf(_image, shape_of("ImageShape"))]


class FrontMatter(Shape):
    """What stands between the two lines `---` at the head of an article."""

    noun = "the front matter"
    whole = True
    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": ["published"]}, {"required": ["draft"], "properties": {"draft": {"const": True}}}]
        }
    )

    title: Line = Field(examples=["Was die Zahlen hinter DeepSeek hergeben"])
    """The title."""
    subtitle: Line | None = Field(None, examples=["Ein Bericht, nachgelesen und nachgerechnet"])
    """A line below the title."""
    lang: Language | None = Field(None, examples=["de"])
    """The article's language (de, de-AT, en …); the site's if absent."""
    authors: Listed[PersonField] = Field(default_factory=list, examples=["[Redaktion]"])
    """Who wrote it."""
    published: Day | None = Field(None, examples=["2026-11-24"])
    """The day it was published; only a draft may go without."""
    updated: Day | None = Field(None, examples=["2026-11-25"])
    """The day it was last changed."""
    about: Line | None = Field(None, examples=["trendingtopics2025"])
    """The id of the source that this article examines."""
    summary: LongText = Field(examples=["Zwei Sätze für Übersicht, Feed und Vorschaubilder."])
    """Two sentences for the list of articles, the feed and previews."""
    draft: Boolean = Field(False, examples=["true"])
    """A draft is built only with --drafts."""
    image: ImageField | None = Field(None, examples=["{src: bild.jpg, alt: …}"])
    """A picture."""
    translations: SlugsByLanguage = Field(default_factory=dict, examples=["{en: other-slug}"])
    """The same article in other languages: their slugs by language."""
    covered: Listed[Quoted] = Field(default_factory=list, examples=["[im Jahr 2012]"])
    """Passages whose numbers need no support."""
    corrections: Listed[ChangeField] = Field(default_factory=list, examples=["[]"])
    """Errors of ours, mended."""

    @classmethod
    def rules(cls, given: Map) -> Iterator[Finding]:
        """Only a draft goes without a day of publication."""
        if "published" not in given and given.get(Text("draft")) != "true":
            message, hint = "the front matter has no 'published'", "Write 'published: 2026-11-24', or 'draft: true'."
            yield Finding(Position(given.position.path), "field-missing", message, hint)


class PageFrontMatter(Shape):
    """What stands between the two lines `---` at the head of a plain page."""

    noun = "the front matter"
    whole = True

    title: Line = Field(examples=["Impressum"])
    """The title."""
    lang: Language | None = Field(None, examples=["de"])
    """The page's language; the site's if absent."""


class SiteFile(Shape):
    """The settings of the whole site."""

    noun = "site.yaml"
    whole = True

    title: Line = Field(examples=["Randnotiz"])
    """The site's name."""
    url: SiteAddress = Field(examples=["https://example.org/"])
    """Where it will be published; every absolute address comes from here."""
    lang: Language = Field(examples=["de"])
    """The language of articles that do not say theirs."""
    publisher: PersonField = Field(examples=["{name: Randnotiz, url: https://example.org/}"])
    """Who publishes the site."""
    summary: Line | None = Field(None, examples=["Berichte, nachgelesen und nachgerechnet"])
    """What the site is about, in a sentence: below its name on the first page, and for search engines."""
    logo: Line | None = Field(None, examples=["logo.svg"])
    """The publisher's logo, in the folder of content."""
    verdicts: Listed[VerdictField] = Field(
        default_factory=list, examples=["[{key: wrong, de: Widerlegt, en: Refuted}]"]
    )
    """The scale of verdicts, worst first."""
    redirects: Redirects = Field(default_factory=dict, examples=["{old-slug: new-slug}"])
    """Slugs that have changed: the new ones by the old."""
    addresses: Listed[Slug] | None = Field(None, examples=["[first-article, second-article]"])
    """Every slug under which an article was ever published, oldest first: none may lead nowhere."""
    policies: Policies = Field(default_factory=dict, examples=["{corrections: korrekturen, principles: methode}"])
    """The plain pages that say how you correct and by which principles you work."""
    editor: Line | None = Field(None, examples=["vscode://file/{path}:{line}"])
    """How the preview opens a file in your editor."""
