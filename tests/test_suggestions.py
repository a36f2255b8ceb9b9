"""The schemas that know an article: its ids are offered with their titles, and nothing that is right is wrong."""

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from randnotiz import commands, suggestions, yamldoc

ROOT = Path(__file__).parent.parent
SITE = ROOT / "content"


@cache
def written(folder: Path) -> dict[str, Any]:
    """All schemas that the command writes for a site, by their paths."""
    shutil.copytree(SITE, folder / "content")
    assert commands.main(["schema"], home=folder) == 0
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((folder / "schema").rglob("*.json"))
    }


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return written(tmp_path_factory.mktemp("schemas"))


def faults(schemas: dict[str, Any], path: str, text: str) -> list[str]:
    """What a tool that knows the schema of an article's file finds wrong in a text."""
    known = Registry().with_resources(
        (f"file:///{name}", Resource.from_contents(schema)) for name, schema in schemas.items()
    )
    schema = {"$id": f"file:///{path}", **schemas[path]}
    seen = yamldoc.plain(yamldoc.parse(text, ""))
    return [error.message for error in jsonschema.Draft7Validator(schema, registry=known).iter_errors(seen)]


FILES = sorted(path for name in suggestions.FILES for path in SITE.glob(f"*/{name}.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SITE).as_posix())
def test_our_own_content_is_right(path: Path, schemas: dict[str, Any]) -> None:
    schema = f"schema/articles/{path.parent.name}/{path.stem}.json"
    assert faults(schemas, schema, path.read_text(encoding="utf-8")) == []


def test_what_has_been_added_since_is_right_too(schemas: dict[str, Any]) -> None:
    text = "notes: [{kind: context, note: N, sources: [new2031, {id: newer2032, locator: S. 4}]}]"
    assert faults(schemas, "schema/articles/handbook/notes.json", text) == []
    assert faults(schemas, "schema/articles/handbook/notes.json", text.replace("note: N", "note: [N]")) != []


def offered(schema: Any) -> dict[str, str]:
    """All words that a schema offers anywhere, with what they mean."""
    if isinstance(schema, list):
        return {word: meaning for each in schema for word, meaning in offered(each).items()}
    if not isinstance(schema, dict):
        return {}
    own = dict(zip(schema.get("enum", ()), schema.get("markdownEnumDescriptions", ()), strict=False))
    return own | {word: meaning for each in schema.values() for word, meaning in offered(each).items()}


def test_the_ids_of_an_article_are_offered_with_their_titles(schemas: dict[str, Any]) -> None:
    def own(name: str) -> dict[str, str]:
        return offered(schemas[f"schema/articles/handbook/{name}.json"])

    assert own("notes")["leaflet"] == "The meter in a minute"
    assert own("notes")["semianalysis2025"].startswith("DeepSeek Debates"), "of those that all articles share"
    assert own("counterclaims")["imprecise"] == "Imprecise"
    assert own("counterclaims")["html-as-text"] == "Raw HTML in an article is better shown than obeyed."
    assert own("charts")["shower"] == "Water on the roof"


def test_charts_know_vega_lite_but_for_the_rows(schemas: dict[str, Any]) -> None:
    chart = "charts: [{id: c, title: T, alt: A, sources: [a], data: {csv: a.csv}, vega-lite: {mark: MARK}}]"
    path = "schema/articles/handbook/charts.json"
    assert faults(schemas, path, chart.replace("MARK", "bar")) == []
    assert faults(schemas, path, chart.replace("MARK", "barr")) != []


def test_no_name_of_the_program_is_shown(schemas: dict[str, Any]) -> None:
    """Editors show a definition's title, or else its own name."""
    assert f"schema/articles/{suggestions.VEGA_LITE}" in schemas
    ours = [schema for path, schema in schemas.items() if path.count("/") == 1]
    titles = {name: each.get("title") for schema in ours for name, each in schema.get("definitions", {}).items()}
    assert {"CitationItem", "EditorialNote", "CounterClaim"} <= titles.keys()
    assert [name for name, title in titles.items() if not title or title in titles] == []
