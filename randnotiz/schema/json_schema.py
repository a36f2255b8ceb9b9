"""JSON Schemas of the files, for the completion and the checks of editors' tools (draft 7, which they all know).

They see YAML 1.2 values where the reader sees text, so a title may be a number for them; whatever they can express
of what the reader refuses, they refuse too.
"""

from collections.abc import Mapping
from typing import Any

from randnotiz import yamldoc
from randnotiz.schema.records import NEVER_EMPTY, Described, Record, fields_of


def json_schema(kind: type[Record]) -> dict[str, Any]:
    """The schema of a file with the definitions it refers to, and those they refer to."""
    definitions: dict[str, Any] = {}
    schema = _described(kind, definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **schema,
        "definitions": dict(sorted(definitions.items())),
    }


def _described(kind: type[Record], definitions: dict[str, Any]) -> dict[str, Any]:
    known = fields_of(kind)
    properties = {name: _property(name, each, definitions) for name, each in known.items()}
    required = [name for name, each in known.items() if each.required]
    described = {
        "additionalProperties": False,
        **_linked(kind.together, definitions),
        "description": " ".join((kind.__doc__ or "").partition("\n\n")[0].split()),
        "properties": properties,
        "title": kind.noun,  # which editors show, instead of the definition's name
        "type": "object",
        **({"required": required} if required else {}),
    }
    return dict(sorted(described.items()))


def _property(name: str, each: Described, definitions: dict[str, Any]) -> dict[str, Any]:
    """A field's schema; one that may be left out may also be left empty."""
    schema = _linked(each.field.type.schema, definitions)
    choices = schema.pop("anyOf", None) or [schema]
    if not each.required and name not in NEVER_EMPTY:
        choices.append({"type": "null"})
    one = choices[0] if len(choices) == 1 else {"anyOf": choices}
    example = yamldoc.plain(yamldoc.parse(each.field.example, ""))
    meaning = each.field.meaning
    if each.field.deprecated:
        meaning = f"Deprecated; write `{each.field.deprecated}`. {meaning}"
        one["deprecationMessage"] = meaning  # which editors' tools show at the field
    return {"description": meaning, "examples": [example], **one}


def _linked(schema: Any, definitions: dict[str, Any]) -> Any:
    """A schema in order, with references in the places of records, whose definitions join the others."""
    if isinstance(schema, list):
        return [_linked(each, definitions) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    kind = schema.get("record")
    if isinstance(kind, type) and issubclass(kind, Record):
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}  # it may refer to itself
            definitions[kind.__name__] = _described(kind, definitions)
        return {"$ref": f"#/definitions/{kind.__name__}"}
    named = schema.get("properties")
    linked = {key: _linked(each, definitions) for key, each in sorted(schema.items())}
    if isinstance(named, Mapping):
        linked["properties"] = {key: _linked(each, definitions) for key, each in named.items()}
    return linked
