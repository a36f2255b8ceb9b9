"""Vega-Lite's own JSON Schema, and what it has to say in words an editor can act on.

The schema is a file that the wheel holds; a checkout reads that of the altair package, from which the wheel's is
taken. altair itself is never imported, and jsonschema only for a specification that nobody has found valid before.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from randnotiz.diagnostics import did_you_mean, nearest
from randnotiz.model import Json

if TYPE_CHECKING:
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import ValidationError

PACKED = Path(__file__).with_name("vega-lite-schema.json")  # in the wheel: hatch_build.py puts it there
IN_ALTAIR = "vegalite/v6/schema/vega-lite-schema.json"

# What a view is, by the property that makes it one.
KINDS = {
    "mark": "TopLevelUnitSpec",
    "layer": "TopLevelLayerSpec",
    "concat": "TopLevelConcatSpec",
    "hconcat": "TopLevelHConcatSpec",
    "vconcat": "TopLevelVConcatSpec",
    "facet": "TopLevelFacetSpec",
    "repeat": "TopLevelRepeatSpec",
}
TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
    "array": "a list",
    "object": "a group of fields",
}
MOST_LISTED = 12
CHANNELS = "Write the channel that they belong to above them: x, y, color, text …"


Steps = tuple[str | int, ...]


class Refusal(NamedTuple):
    """What the schema has against a specification: the way to the place, what to say, and whether a key is meant."""

    path: Steps
    message: str
    hint: str = ""
    key: bool = False


def file() -> Path:
    """Where the schema lies; FileNotFoundError in a checkout without altair."""
    if PACKED.is_file():
        return PACKED
    found = find_spec("altair")
    if found is None or found.origin is None:
        raise FileNotFoundError("the package 'altair', which holds the schema of Vega-Lite, is not installed")
    return Path(found.origin).parent / IN_ALTAIR


@lru_cache(maxsize=1)
def _definitions() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(file().read_text(encoding="utf-8"))
    return schema


def schema_without_data() -> dict[str, Any]:
    """Vega-Lite's schema for specifications whose rows stand elsewhere."""
    definitions = dict(_definitions()["definitions"])
    for kind in KINDS.values():
        required = [name for name in definitions[kind].get("required", ()) if name != "data"]
        definitions[kind] = {**definitions[kind], "required": required}
    return {**_definitions(), "definitions": definitions}


@lru_cache(maxsize=len(KINDS))
def _validator(kind: str) -> "Draft7Validator":
    from jsonschema import Draft7Validator  # 0.1 s, and only for a specification never seen before

    return Draft7Validator({"$ref": f"#/definitions/{kind}", "definitions": _definitions()["definitions"]})


def refusal(specification: dict[str, Json]) -> Refusal | None:
    """The most telling thing the schema has against a specification without data; None if it is valid."""
    kind = next((kind for made_by, kind in KINDS.items() if made_by in specification), None)
    if kind is None:
        for key in specification:
            if near := did_you_mean(key, KINDS):
                return Refusal((key,), f"a chart has no property '{key}'{near}", key=True)
        return Refusal((), "a chart needs 'mark', or 'layer', 'facet', 'repeat' or a concatenation of charts")
    errors = list(_validator(kind).iter_errors({"data": {"values": []}, **specification}))
    faults = [fault for error in errors for fault in _complaints(error)]
    return _as_refusal(_first(faults)) if faults else None


# ---- Which of many complaints is the one ----


class _Complaint(Struct, frozen=True):
    """What one rule has against one place: `wanted` are the values, types or properties it would take there."""

    path: Steps
    rule: str
    instance: Json
    wanted: tuple[Json, ...]
    types: tuple[str, ...] = ()

    @property
    def foreign(self) -> tuple[str, ...]:
        """The properties that the rule does not know or misses, in the order of the author or of the schema."""
        known = dict.fromkeys(map(str, self.wanted))
        own = self.instance if isinstance(self.instance, dict) else {}
        first, second = (known, own) if self.rule == "required" else (own, known)
        return tuple(str(name) for name in first if name not in second)

    @property
    def beside_the_point(self) -> bool:
        """Whether the rule is about another kind of value altogether."""
        if self.rule in ("enum", "const"):
            return not any(isinstance(self.instance, type(value)) for value in self.wanted)
        return self.rule == "type"


def _complaints(error: "ValidationError") -> list[_Complaint]:
    """What an error says; of alternatives, what the one that was meant says."""
    path: Steps = tuple(error.absolute_path)
    if error.context:
        return _meant(path, error)
    rule = str(error.validator)
    instance: Json = error.instance  # type: ignore[assignment]  # it is part of a specification, and that is JSON
    schema: Any = error.schema
    wanted: Any = schema.get("properties", {}) if rule == "additionalProperties" else error.validator_value
    wanted = tuple(wanted) if isinstance(wanted, list | dict) else (wanted,)
    types = wanted if rule == "type" else ()
    return [_Complaint(path, rule, instance, () if types else wanted, types)]


def _first(faults: list[_Complaint]) -> _Complaint:
    """The one to tell: a missing property may be the other face of a misspelt one, so that comes last."""
    return min(faults, key=lambda fault: (fault.rule == "required", len(fault.path)))


def _meant(path: Steps, error: "ValidationError") -> list[_Complaint]:
    """The complaints of the alternative that was meant, the first with what the others would take at its place.

    That is the one that fails deepest inside; among equals, the one with the fewest complaints.
    """
    branches: dict[int, list[_Complaint]] = defaultdict(list)
    for each in error.context:
        branches[int(each.schema_path[0])].extend(_complaints(each))
    live = [faults for faults in branches.values() if not _foiled(faults, branches.values())]
    faults = min(live or branches.values(), key=lambda faults: _distance(path, faults))
    first = _first(faults)
    if first.rule not in ("enum", "const", "type"):
        return faults
    others = [fault for faults in branches.values() for fault in faults if fault.path == first.path]
    values = [value for fault in others if fault.rule in ("enum", "const") for value in fault.wanted]
    types = [kind for fault in others for kind in fault.types]
    merged = replace(first, wanted=tuple(dict.fromkeys(values)), types=tuple(dict.fromkeys(types)))
    return [merged, *(fault for fault in faults if fault is not first)]


def _foiled(faults: list[_Complaint], branches: Iterable[list[_Complaint]]) -> bool:
    """Whether an alternative fails at a word, such as the `type` of a mark, that another alternative takes."""
    words = [fault.path for fault in faults if fault.rule in ("enum", "const") and not fault.beside_the_point]
    return any(_taken(path, others) for path in words for others in branches if others is not faults)


def _taken(path: Steps, faults: list[_Complaint]) -> bool:
    """Whether an alternative has nothing against what stands at a place."""
    above = [fault for fault in faults if fault.path == path[: len(fault.path)] and fault.rule != "required"]
    return all(
        fault.rule == "additionalProperties" and (fault.path == path or path[len(fault.path)] not in fault.foreign)
        for fault in above
    )


def _distance(path: Steps, faults: list[_Complaint]) -> tuple[bool, int, int, bool]:
    """How far an alternative is from what was written."""
    beside = any(fault.beside_the_point and fault.path == path for fault in faults)
    count = sum(len(fault.foreign) if fault.rule in ("additionalProperties", "required") else 1 for fault in faults)
    near = any(
        nearest(key, map(str, fault.wanted))
        for fault in faults
        if fault.rule == "additionalProperties"
        for key in fault.foreign
    )
    return beside, -min(len(fault.path) for fault in faults), count, not near


# ---- How it is told ----


def _as_refusal(fault: _Complaint) -> Refusal:
    path = fault.path
    name = next((step for step in reversed(path) if isinstance(step, str)), "this chart")
    place = f"'{name}'" if path else "a chart"
    match fault.rule:
        case "additionalProperties" if len(fault.foreign) > 1:
            key, *more = fault.foreign
            words = f"{place} has no property '{key}', nor {', '.join(map(repr, more))}"
            hint = CHANNELS if name == "encoding" else _listed(fault.wanted)
            return Refusal((*path, key), words, hint, key=True)
        case "additionalProperties" if fault.foreign:
            key = fault.foreign[0]
            near = did_you_mean(key, map(str, fault.wanted))
            return Refusal((*path, key), f"{place} has no property '{key}'{near}", _listed(fault.wanted), key=True)
        case "enum" | "const":
            known = [value for value in fault.wanted if isinstance(value, str)]
            known += ("true", "false") if "boolean" in fault.types else ()
            near = did_you_mean(str(fault.instance), known)
            choices = (*fault.wanted, *(TYPES.get(kind, kind) for kind in fault.types))
            return Refusal(path, f"'{name}' cannot be {_shown(fault.instance)}{near}", _listed(choices))
        case "type":
            wanted = " or ".join(TYPES.get(kind, kind) for kind in fault.types)
            given = "but is empty" if fault.instance is None else f"not {_shown(fault.instance)}"
            return Refusal(path, f"'{name}' must be {wanted}, {given}")
        case "required":
            # What stands in a list of pictures may be one picture or a group of them; the first is what is meant.
            missing = "mark" if fault.foreign == (name,) else (*fault.foreign, "a property")[0]
            entry = f"this entry of {place}" if path and isinstance(path[-1], int) else place
            return Refusal(path, f"{entry} has no '{missing}'")
        case "minimum":
            return Refusal(path, f"'{name}' must be at least {fault.wanted[0]}")
        case "maximum":
            return Refusal(path, f"'{name}' must be at most {fault.wanted[0]}")
        case "minItems" | "maxItems":
            count = "at least" if fault.rule == "minItems" else "at most"
            return Refusal(path, f"'{name}' must have {count} {fault.wanted[0]} entries")
        case _:
            return Refusal(path, f"{_shown(fault.instance)} cannot stand at '{name}'")


def _listed(values: Iterable[Json]) -> str:
    words = sorted({value if isinstance(value, str) else json.dumps(value) for value in values})
    return f"Possible here: {', '.join(words)}." if 0 < len(words) <= MOST_LISTED else ""


def _shown(value: Json) -> str:
    """A value as a message names it."""
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 40 else f"'{value[:39]}…'"
    if isinstance(value, dict):
        return f"a group of fields with {', '.join(sorted(value)[:4]) or 'nothing in it'}"
    if isinstance(value, list):
        return "a list"
    return json.dumps(value)
