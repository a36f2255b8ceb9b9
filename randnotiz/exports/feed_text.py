"""The whole text of an article with its notes as HTML that a feed reader shows: no class, no id, no script."""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urljoin

from markupsafe import Markup, escape

from randnotiz.exports.annotations import sum_of
from randnotiz.exports.context import ExportContext
from randnotiz.model import DrawnChart, Figure
from randnotiz.pages import Theme
from randnotiz.values import word_set

# What of an element means something outside of our pages, the others being for our style and script.
_KEPT = word_set("href src alt width height lang dir cite datetime start colspan rowspan scope")
_ADDRESSES = frozenset(("href", "src"))

# Our own markup is well-formed: attributes stand in quotation marks, and no `>` in them is bare.
_TAG = re.compile(r"<([a-z][a-z0-9]*)( [^>]*)>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_MARK = re.compile(r"</?mark\b[^>]*>")  # which would be yellow, nearly everywhere


def feed_text(edition: ExportContext, theme: Theme, charts: Mapping[str, DrawnChart]) -> str:
    """The text as HTML with whole addresses: charts are pictures of the site, the notes follow at the end."""
    words = edition.words
    body = ((Markup(text), charts.get(chart)) for text, chart in edition.annotated.pieces)  # noqa: S704 - made of escaped tokens
    html = theme.fill(
        "parts/entry.html",
        theme.page(words.lang, "../", "")
        | words.calls()
        | {
            "article": edition.article,
            "body": [(text, words.chart(drawn) if drawn else None) for text, drawn in body],
            "image": words.image(),
            "notes": [
                (words.note(*together), sum_of(edition, together[0].annotation))
                if isinstance(together[0].annotation, Figure)
                else (words.note(*together), "")
                for together in words.together()
            ],
            "parts": words.macros(theme.template("parts/notes.html")),
        },
    )

    def tag(found: re.Match[str]) -> str:
        kept = dict(attribute for attribute in _ATTRIBUTE.findall(found[2]) if attribute[0] in _KEPT)
        kept |= {name: escape(urljoin(edition.address, unescape(kept[name]))) for name in _ADDRESSES & kept.keys()}
        return " ".join((f"<{found[1]}", *(f'{name}="{value}"' for name, value in kept.items()))) + ">"

    return _TAG.sub(tag, _MARK.sub("", html)).strip()
