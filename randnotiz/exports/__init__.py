"""The machine-readable twins of a finished page, each a function from an annotated article to bytes."""

import json
from collections.abc import Mapping

from randnotiz import citations
from randnotiz.exports.figures import figures_json
from randnotiz.model import AnnotatedArticle, DrawnChart


def twins(annotated: AnnotatedArticle, charts: Mapping[str, DrawnChart]) -> dict[str, bytes]:
    """The files that stand beside an article's page, by path below its folder."""
    files = {
        "sources.json": _json([citations.csl_json(source) for source in annotated.article.sources.values()]),
        "figures.json": _json(figures_json(annotated)),
    }
    for id, drawn in charts.items():
        files[f"charts/{id}.csv"] = drawn.csv.encode()
        files[f"charts/{id}.svg"] = drawn.alone.encode()
    return files


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
