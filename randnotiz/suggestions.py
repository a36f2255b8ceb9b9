"""What may be chosen from in an article, and JSON Schemas that know it: its sources, numbers and claims with their
titles, and Vega-Lite in its charts.

The schemas are for editors whose YAML server reads them, and no server of ours. Each adds to the general one of its
kind of file what may be written at a place; nothing that is right is wrong by it, as an id that has been added since.
"""

from collections.abc import Mapping
from typing import Any

from randnotiz import charts, citations, reader
from randnotiz.analysis import AnalysedArticle, SiteContext
from randnotiz.model import Settings
from randnotiz.schema import Record, fields_of

FILES = ("sources", "counterclaims", "figures", "charts", "notes")
VEGA_LITE = "vega-lite.json"

Lists = Mapping[str, Mapping[str, str]]  # words with their meaning, by the name that fields have for the list


def schemas(article: AnalysedArticle, context: SiteContext) -> dict[str, dict[str, Any]]:
    """The schemas of an article's files by their names, to stand two folders below the general ones."""
    titles = {id: citations.plain_text(source.csl.get("title")) for id, source in article.written.citable.items()}
    lists, lang = {"source": titles, **choices(article, context.settings)}, article.written.lang
    found = {}
    for name in FILES:
        general = {"$ref": f"../../{name}.json"}
        own = _suggested({"record": reader.SCHEMAS[name]}, lists)
        if name == "charts":
            chart = {"vega-lite": {"$ref": f"../{VEGA_LITE}"}}
            own = {"allOf": [own, {"properties": {"charts": {"items": {"properties": chart}}}}]}
        title = f"{name}.yaml: {article.slug} ({lang})"
        found[name] = {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, "allOf": [general, own]}
    return found


def vega_lite() -> dict[str, Any]:
    """Vega-Lite's schema for charts, whose rows stand beside the specification."""
    return charts.schema_without_data()


def choices(article: AnalysedArticle, settings: Settings | None) -> Lists:
    """The numbers, claims and verdicts that a field may name, with what each is called."""
    written = article.written
    numbers = {name: str(one.label) for name, one in written.quantities.items()}
    numbers |= {name: str(one.label) for name, one in written.figures.items()}
    verdicts = settings.verdicts if settings else {}
    return {
        "name": numbers,
        "claim": {one.id: str(one.claim) for one in article.annotated.claims},
        "verdict": {key: verdict.word(written.lang) or key for key, verdict in verdicts.items()},
    }


def _suggested(schema: Mapping[str, Any], lists: Lists, choices: str = "") -> dict[str, Any]:
    """What is to be suggested in a value of some schema, and below it; nothing where nothing is."""
    found: dict[str, Any] = {}
    for option in schema.get("anyOf", (schema,)):
        kind = option.get("record")
        if isinstance(kind, type) and issubclass(kind, Record):
            fields = fields_of(kind)
            below = {
                name: _suggested(each.field.type.schema, lists, each.field.choices) for name, each in fields.items()
            }
            found["properties"] = {name: one for name, one in below.items() if one}
            choices = choices or (fields[kind.short].field.choices if kind.short else "")
        for place in ("items", "additionalProperties"):
            if isinstance(option.get(place), Mapping) and (one := _suggested(option[place], lists, choices)):
                found[place] = one
    if lists.get(choices) and "items" not in found:
        words = lists[choices]
        found["anyOf"] = [{"enum": list(words), "markdownEnumDescriptions": list(words.values())}, {}]
    return {name: one for name, one in found.items() if one}
