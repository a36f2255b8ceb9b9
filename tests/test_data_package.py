"""`charts/datapackage.json`: a reader who knows Data Package 2 and nothing of ours reads every CSV file by it."""

import csv
import datetime
import hashlib
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.published import articles, published

# How a reader of Table Schema 2 takes the values of a field.
READ: Mapping[str, Callable[[str], object]] = {
    "any": str,
    "string": str,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": datetime.date.fromisoformat,
}
CHART = """
charts:
- id: verlauf
  title: Die Mieten steigen
  subtitle: Euro im Monat
  alt: Zwei Balken.
  sources: [amt]
  data: {{rows: {rows}}}
  vega-lite: {{mark: bar, encoding: {{x: {{field: a, type: nominal}}}}}}
"""


def read(resource: Any, content: bytes) -> list[dict[str, object]]:
    """The rows of a resource by its schema; missing values are None."""
    assert (resource["mediatype"], resource["encoding"], resource["type"]) == ("text/csv", "utf-8", "table")
    assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    header, *lines = csv.reader(io.StringIO(content.decode(), newline=""))
    fields = resource["schema"]["fields"]
    missing = resource["schema"]["missingValues"]
    assert [field["name"] for field in fields] == header
    return [
        {
            field["name"]: None if words in missing else READ[field["type"]](words)
            for field, words in zip(fields, line, strict=True)
        }
        for line in lines
    ]


def test_every_file_of_both_articles_is_read_by_it(real_site: Path) -> None:
    for folder in articles(real_site):
        package = json.loads((folder / "charts/datapackage.json").read_text(encoding="utf-8"))
        assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
        assert package["name"] == folder.name
        resources = {one["path"]: one for one in package["resources"]}
        assert resources.keys() == {path.name for path in (folder / "charts").glob("*.csv")}
        for path, resource in resources.items():
            assert read(resource, (folder / "charts" / path).read_bytes()), path
            assert all(source["path"].startswith("https://") for source in resource["sources"])


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "20", "-3"], "integer"),
        (["1", "2.50", "-3e-2"], "number"),
        (["1", "", "3.5"], "number"),
        (["true", "false"], "boolean"),
        (["2024-02-28", "2025-01-01"], "date"),
        (["2024-02-28", "offen"], "string"),
        (["1", "x"], "string"),
        (['"007"', '"012"'], "string"),
        (["2024-02", "2024-03"], "string"),
        (["", ""], "any"),
    ],
)
def test_the_type_of_a_column_is_that_of_all_its_values(values: list[str], kind: str) -> None:
    rows = "[" + ", ".join(f"{{a: x{at}, b: {value or 'null'}}}" for at, value in enumerate(values)) + "]"
    one = published("Die Mieten.\n\n{{ chart: verlauf }}\n", charts=CHART.format(rows=rows))
    (resource,) = one.json("charts/datapackage.json")["resources"]
    assert [field["type"] for field in resource["schema"]["fields"]] == ["string", kind]
    assert len(read(resource, one.files["charts/verlauf.csv"])) == len(values)


def test_it_says_what_the_columns_of_figures_are_called_and_measured_in(real_site: Path) -> None:
    package = json.loads((real_site / "handbook/charts/datapackage.json").read_text(encoding="utf-8"))
    resource = next(one for one in package["resources"] if one["name"] == "light-delays")
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert fields["low"] == {"name": "low", "type": "number", "title": "Low (seconds)", "unit": "second"}
    assert fields["id"] == {"name": "id", "type": "string"}


def test_an_article_without_charts_has_none_and_offers_none() -> None:
    one = published("Die Mieten.\n")
    assert [path for path in one.files if "datapackage" in path] == []
    assert "datapackage" not in one.html
