"""`charts/datapackage.json`: what the CSV files of an article's charts hold, as Data Package 2 describes it."""

from collections.abc import Mapping
from hashlib import sha256

from randnotiz.exports.context import ExportContext, without_empty
from randnotiz.model import DrawnChart, Json

DATA_PACKAGE = "charts/datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def data_package(edition: ExportContext, charts: Mapping[str, DrawnChart]) -> dict[str, Json]:
    """The package of an article's charts, of which there is one at least. No licence is named, for none is known."""
    article, publisher = edition.article, edition.settings.publisher
    people = [(author, "author") for author in article.authors] + [(publisher, "publisher")]
    return without_empty(
        {
            "$schema": PROFILE,
            "name": article.slug,
            "id": edition.at(DATA_PACKAGE),
            "title": edition.plain(article.title),
            "description": edition.plain(article.abstract),
            "homepage": edition.address,
            "keywords": [str(topic) for topic in article.topics],
            "contributors": [
                without_empty({"title": str(one.name), "path": one.url and str(one.url), "roles": [role]})
                for one, role in people
            ],
            "resources": [_resource(edition, drawn) for drawn in charts.values()],
        }
    )


def _resource(edition: ExportContext, drawn: DrawnChart) -> Json:
    chart, content = drawn.chart, drawn.csv.encode()
    return without_empty(
        {
            "name": str(chart.id),
            "path": f"{chart.id}.csv",
            "type": "table",
            "title": edition.plain(chart.title),
            "description": edition.plain(chart.subtitle or ""),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": len(content),
            "hash": f"sha256:{sha256(content).hexdigest()}",
            "sources": [
                {"title": work.short, "path": edition.work_address(work)}
                for work in edition.works(use.id for use in chart.sources)
            ],
            "schema": {"fields": [dict(field) for field in drawn.fields], "missingValues": [""]},
        }
    )
