"""An article on its way to other programs: its address, its dates, how its texts read elsewhere, and its JSON."""

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urljoin

from jinja2 import TemplateRuntimeError

from randnotiz import slugs
from randnotiz.citations import Reference
from randnotiz.diagnostics import SourceText
from randnotiz.letters import without_tags
from randnotiz.model import Annotation, Date, Json, Person
from randnotiz.notes import source_id
from randnotiz.pages import ArticleContext

EMBED = "embed.html"  # of a claim or a chart
SHARE_PICTURE = "share.png"  # beside the page
CLAIM_PICTURE = f"claims/<id>/{SHARE_PICTURE}"  # what sites may do without

_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


class ExportContext:
    """An annotated article on the site where it appears."""

    def __init__(self, words: ArticleContext) -> None:
        self.words, self.annotated, self.article = words, words.annotated, words.article
        self.settings, self.lang = words.settings, words.lang
        self.printer, self.references = words.printer, words.references
        self.address = f"{self.settings.url}{self.article.slug}/"

    def at(self, path: str) -> str:
        """Where something below its page, or a place in it, stands on the web."""
        return self.address + slugs.percent_encoded(path)

    def has(self, name: str) -> bool:
        """Whether a kind of file is written beside it, by its name in the settings."""
        return name not in self.settings.left_out

    def editors(self, annotation: Annotation) -> Sequence[Person]:
        """Who wrote an annotation: its author, those of the article, or else the publisher."""
        if annotation.author:
            return [annotation.author]
        return self.article.authors or [self.settings.publisher]

    def created(self, annotation: Annotation) -> str | None:
        """When an annotation was written, which is with the article unless it says otherwise."""
        day = annotation.created or self.article.published
        return instant(day) if day else None

    def changed(self, annotation: Annotation) -> str | None:
        """When an annotation was changed or corrected last."""
        days = (annotation.modified, *(change.date for change in annotation.changes))
        return max((instant(day) for day in days if day), default=None)

    def plain(self, words: str) -> str:
        """A text without Markdown, or Markdown as it was written, with its numbers printed."""
        return self.words.printed(words)

    def html(self, words: SourceText) -> str:
        """A long text as HTML that means the same anywhere: all its addresses are whole."""
        return self.words.led(words, partial(urljoin, self.address))

    def plain_text(self, words: SourceText) -> str:
        """A long text as words alone."""
        return without_tags(self.annotated.prose[words])

    def works(self, ids: Iterable[str]) -> Iterator[Reference]:
        """Those of some sources that the article knows, each once."""
        return (self.references[id] for id in dict.fromkeys(map(str, ids)) if id in self.references)

    def work_address(self, reference: Reference) -> str:
        """Where a work is: on the web, or else where the article says what it is."""
        return reference.href or self.at(f"#{source_id(reference.id)}")


def find_tag(page: str, tag: str) -> int:
    """Where the first tag of a kind begins in a page. TemplateRuntimeError where a site's template lacks it."""
    at = page.find(tag)
    if at < 0:
        raise TemplateRuntimeError(f"the page of an article has no '{tag}', from which other files are made")
    return at


def instant(day: Date | str) -> str:
    """The instant at which a day, a month or a year begins, or that of a date-time, in UTC (RFC 3339)."""
    date, _, time = str(day).partition("T")
    if time:
        with contextlib.suppress(ValueError, OverflowError):  # a leap second, or the first hours of the year 1
            moment = datetime.fromisoformat(f"{date}T{time}").astimezone(UTC)
            return moment.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
    return f"{date}{'-01' * (2 - date.count('-'))}T00:00:00Z"


def without_empty(row: dict[str, Json]) -> dict[str, Json]:
    """What there is of a record: empty fields left out."""
    return {key: value for key, value in row.items() if value not in (None, "", [], {})}


def as_json(value: Json, levels: int = 2) -> bytes:
    """JSON with a line for each part of its upper levels: fit for a diff, and as fast as on one line."""
    return (_spread(value, levels) + "\n").encode()


def _spread(value: Json, levels: int, indent: str = "\n ") -> str:
    if not levels or not value or not isinstance(value, dict | list):
        return _encoded(value)
    deeper = indent + " "
    if isinstance(value, list):
        parts = [_spread(part, levels - 1, deeper) for part in value]
    else:
        parts = [f"{_encoded(key)}: {_spread(part, levels - 1, deeper)}" for key, part in value.items()]
    first, last = "[]" if isinstance(value, list) else "{}"
    return f"{first}{indent}{f',{indent}'.join(parts)}{indent[:-1]}{last}"
