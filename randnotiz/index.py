"""The index: what the rest of the site keeps of each article, and all that grows with the site."""

from typing import Literal

from msgspec import Struct

from randnotiz.diagnostics import Excerpt, Position


class ClaimSummary(Struct, frozen=True, kw_only=True):
    """A claim as lists show it, its verdict's reason if any; `former` is an address its page had, or empty."""

    id: str
    former: str = ""
    claim: str
    by: str = ""
    verdict: str | None
    why: str = ""


Use = Literal["behind", "against", "context"]  # it stands behind a passage, is held against it, or explains it


class Backlink(Struct, frozen=True, kw_only=True):
    """An article's use of a source: passage and sentence around it, id and name of its note or chart, and role."""

    note: str
    passage: str
    before: str = ""
    after: str = ""
    kind: str = ""
    use: Use = "behind"


class ArticleSummary(Struct, frozen=True, kw_only=True):
    """What lists of articles show of one: index, feed, site map, corrections and search."""

    slug: str
    title: str
    subtitle: str
    conclusion: str
    summary: str
    lang: str
    authors: tuple[str, ...]
    published: str
    updated: str
    draft: bool
    topics: tuple[str, ...] = ()
    claims: tuple[ClaimSummary, ...]
    charts: tuple[str, ...] = ()  # their ids
    corrections: tuple[tuple[str, str], ...]  # day and text, newest first
    changes: tuple[tuple[str, str, str], ...] = ()  # of annotations: day, text, place in the page
    terms: tuple[str, ...] = ()  # headings, defined terms and voices, for the search


class CrossReferences(Struct, frozen=True, kw_only=True):
    """What holds an article and others together, and what a day may make due."""

    draft: bool
    lang: str
    places: tuple[str, ...]  # every id in the page that a link may name
    claims: tuple[str, ...]  # those with a page of their own
    links: tuple[tuple[Position, str], ...]  # to other articles, as written
    translations: tuple[tuple[Position, str, str], ...] = ()  # language and article
    published: tuple[tuple[Position, str], ...] = ()  # the day, none of a draft
    rechecks: tuple[tuple[Position, str, str], ...] = ()  # source ids and the day after which to look again
    excerpts: tuple[tuple[Position, Excerpt], ...] = ()  # of all these places


class SourceBacklinks(Struct, frozen=True, kw_only=True):
    """An article that leans on a source, as the page of the source shows it.

    `description` is the article's own of the source, CSL-JSON on one line, and empty for a shared one.
    """

    source: str
    description: str
    slug: str
    title: str
    lang: str
    published: str
    updated: str
    draft: bool
    uses: tuple[Backlink, ...]


class SourceEntry(Struct, frozen=True, kw_only=True):
    """A source as lists show it: its page's path, first description, and last day an article on it changed."""

    id: str
    path: str
    description: str
    changed: str


class IndexEntry(Struct, frozen=True, kw_only=True):
    """All that the rest of the site keeps of an article; nothing else that grows with the site is kept."""

    summary: ArticleSummary
    references: CrossReferences
    backlinks: tuple[SourceBacklinks, ...]
