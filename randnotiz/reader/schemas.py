"""JSON Schemas of the files, for the completion and the checks of editors' tools (draft 7, which they all know).

They see YAML 1.2 values where the reader sees text, so a title may be a number for them; whatever they can express
of what the reader refuses, they refuse too.
"""

import ast
import inspect
import json
import re
from functools import cache
from itertools import pairwise
from typing import Any

from randnotiz import yamldoc
from randnotiz.reader import shapes

FILES: dict[str, type[shapes.Shape]] = {
    "site": shapes.SiteFile,
    "article": shapes.FrontMatter,
    "page": shapes.PageFrontMatter,
    "shared-sources": shapes.SharedSourcesFile,
    "sources": shapes.SourcesFile,
    "counterclaims": shapes.CounterClaimsFile,
    "figures": shapes.FiguresFile,
    "charts": shapes.ChartsFile,
    "notes": shapes.NotesFile,
}


def json_schemas() -> dict[str, dict[str, Any]]:
    """A schema for each kind of file; `article` and `page` are those of their front matter."""
    return {name: _schema(shape) for name, shape in FILES.items()}


def _schema(shape: type[shapes.Shape]) -> dict[str, Any]:
    """A file's schema with the definitions it refers to, and those they refer to."""
    definitions: dict[str, dict[str, Any]] = {}
    schema = _described(shape, definitions)
    while missing := _referred([schema, definitions]) - definitions.keys():
        for name in sorted(missing):
            definitions[name] = _described(getattr(shapes, name), definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **schema,
        "definitions": dict(sorted(definitions.items())),
    }


def _referred(schema: Any) -> set[str]:
    """The names of the definitions a schema refers to."""
    return set(re.findall(r'"#/definitions/(\w+)"', json.dumps(schema)))


def _linked(schema: Any) -> Any:
    """A schema with references in the places of shapes, and no names but those of the pattern."""
    if isinstance(schema, list):
        return [_linked(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    linked = {key: _linked(each) for key, each in schema.items()}
    if isinstance(schema.get("shape"), str):
        linked["$ref"] = f"#/definitions/{linked.pop('shape')}"
    if "patternProperties" in linked:
        linked["additionalProperties"] = False
    return linked


def _described(shape: type[shapes.Shape], definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A shape's schema with what each field means, with examples as values, without pydantic's own titles.

    The definitions that pydantic makes beside it join the others.
    """
    schema = _linked(shape.model_json_schema(ref_template="#/definitions/{model}"))
    for name, each in schema.pop("$defs", {}).items():
        definitions.setdefault(name, _with_meanings(getattr(shapes, name), each))
    return _with_meanings(shape, schema)


def _with_meanings(shape: type[shapes.Shape], schema: dict[str, Any]) -> dict[str, Any]:
    schema.pop("title")
    meanings = _meanings(shape)
    required = schema.get("required", [])
    schema["properties"] = {
        name: _property(field, meanings[name], name not in required and name not in shapes.NEVER_EMPTY)
        for name, field in schema["properties"].items()
    }
    return schema


def _property(field: dict[str, Any], meaning: str, nullable: bool) -> dict[str, Any]:
    """A field's schema; one that may be left out may also be left empty."""
    examples = [yamldoc.plain(yamldoc.parse(each, "")) for each in field.pop("examples", [])]
    for needless in ("title", "default"):
        field.pop(needless, None)
    choices = [each for each in field.pop("anyOf", []) if each != {"type": "null"}]
    if not choices:
        choices = [field]
    if nullable:
        choices.append({"type": "null"})
    one = choices[0] if len(choices) == 1 else {"anyOf": choices}
    return {"description": meaning, **({"examples": examples} if examples else {}), **one}


def _meanings(shape: type[shapes.Shape]) -> dict[str, str]:
    """The docstrings of a shape's fields, by the names authors write."""
    told: dict[str, str] = {}
    for each in reversed(shape.__mro__):
        told.update(_docstrings().get(each.__name__, {}))
    return {field.alias or name: told[name] for name, field in shape.model_fields.items()}


@cache
def _docstrings() -> dict[str, dict[str, str]]:
    """By class the text below each of its fields. Read when somebody asks: a build has no use for it."""
    found: dict[str, dict[str, str]] = {}
    for class_ in ast.parse(inspect.getsource(shapes)).body:
        if not isinstance(class_, ast.ClassDef):
            continue
        found[class_.name] = {
            field.target.id: text.value.value
            for field, text in pairwise(class_.body)
            if isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
            and isinstance(text.value.value, str)
        }
    return found
