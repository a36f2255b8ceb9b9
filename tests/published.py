"""Small articles published whole, for tests of what other programs find in them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import html5lib
from msgspec.structs import replace

from randnotiz.analysis import SiteContext, analyse
from randnotiz.index import ArticleSummary
from randnotiz.model import Settings
from randnotiz.rendering import index_entry, render
from tests import sample

HEAD = """---
title: Steigen die Mieten?
authors: [{{name: A. K., url: "https://ak.example/"}}]
published: 2026-11-24
summary: Ein Bericht, nachgerechnet.
{more}---
"""
SOURCES = """
sources:
- id: amt
  type: report
  title: Mietspiegel
  author: [{literal: Statistisches Amt}]
  issued: 2026-05
  URL: https://amt.example/mieten?jahr=2026&art=neu
  custom: {archive-url: "https://web.archive.org/web/20261101/https://amt.example/mieten", archive-date: 2026-11-01}
"""


class Published:
    """An article's files, and its page as an independent parser reads it."""

    def __init__(self, files: Mapping[str, bytes], line: ArticleSummary) -> None:
        self.files, self.line = {path.partition("/")[2]: content for path, content in files.items()}, line
        self.html = self.files["index.html"].decode()
        self.page = html5lib.parse(self.html, namespaceHTMLElements=False)

    def json(self, path: str) -> Any:
        return json.loads(self.files[path])

    def linked(self, path: str = "index.html") -> Any:
        """The JSON-LD in a page's head."""
        return linked_in(self.files[path].decode())

    @property
    def annotations(self) -> list[Any]:
        first = self.json("annotations.jsonld").get("first")
        return list(first["items"]) if first else []

    @property
    def text(self) -> str:
        """The text of the article as a client reads it: its text nodes in order."""
        return "".join(self.page.find(".//article").itertext())

    @property
    def body(self) -> str:
        """The text of the whole page as it stands."""
        return "".join(self.page.find("body").itertext())


def linked_in(html: str) -> Any:
    """The JSON-LD in the head of a page."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    (script,) = [one for one in page.iter("script") if one.get("type") == "application/ld+json"]
    return json.loads(script.text)


def published(body: str, *, head: str = "", settings: Settings | None = None, **files: str) -> Published:
    """An article with this text and these YAML files (`notes="…"`), published without a disk."""
    raw = {"article.md": (HEAD.format(more=head) + body).encode()}
    raw |= {f"{name}.yaml": content.encode() for name, content in ({"sources": SOURCES} | files).items()}
    settings = settings or sample.settings()
    context = SiteContext(settings=settings, sources={}, drafts=True, files={})
    article, diagnostics = analyse("mieten", raw, context)
    faults = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    assert article is not None, faults
    assert not faults, faults
    picture = sample.charts()["fleet"]
    drawn = {
        id: replace(picture, chart=prepared.chart, csv=prepared.csv, fields=prepared.fields)
        for id, prepared in article.charts.items()
    }
    pages, _ = render(article, replace(sample.theme(), settings=settings), drawn, lambda _: b"")
    return Published(pages, index_entry(article, context).summary)


def articles(site: Path) -> list[Path]:
    """The folders of a site's articles that have notes."""
    notes = {path.parent: json.loads(path.read_text(encoding="utf-8")) for path in site.glob("*/annotations.jsonld")}
    return sorted(folder for folder, collection in notes.items() if collection["total"])
