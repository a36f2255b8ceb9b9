"""What a site says about all its articles: feeds, site map, corrections, addresses that have moved."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import chain, islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup

from randnotiz import citations, language, slugs
from randnotiz.exports.context import EMBED, instant
from randnotiz.exports.embeds import OEMBED
from randnotiz.index import ArticleSummary
from randnotiz.language import Locale, primary
from randnotiz.model import Settings
from randnotiz.pages import GENERATOR, Theme
from randnotiz.pages.corrections import CORRECTIONS, redirect_page

NEWEST = 50  # entries of a feed
MOST_TEXT = 1_000_000  # characters of whole texts in one
MOST_ADDRESSES = 50_000  # of one site map, as its specification says
LONG_AGO = "1970-01-01T00:00:00Z"  # when a feed without entries has changed last

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Place = tuple[str, str]  # below the site, and the day of the last change or ""


def listings(
    lines: Iterable[ArticleSummary], lists: Iterable[Place], theme: Theme, text: Callable[[str], str] = lambda _: ""
) -> Iterator[tuple[str, bytes | Iterable[bytes]]]:
    """The files about all articles, newest first, and about the pages of lists, with their paths below the site.
    Drafts are in none of them. `text` gives that of an article by its name (`feed_text`), or nothing.

    Lines are gone through several times.
    """
    yield from ((path, feed.encode()) for path, feed in feeds(_published(lines), theme, text))
    yield "robots.txt", robots(theme.settings).encode()
    yield from site_maps(places(lines, lists, theme), theme)
    for path, page in redirects(lines, theme):
        yield path, page.encode()


def _published(lines: Iterable[ArticleSummary]) -> Iterator[ArticleSummary]:
    return (line for line in lines if not line.draft)


# ---- Feed ----


class Entry(NamedTuple):
    """What is new: an article, or a correction of one by its day, words and place in the page."""

    updated: str
    id: str
    line: ArticleSummary
    correction: tuple[str, str, str] | None = None


def feeds(lines: Iterable[ArticleSummary], theme: Theme, text: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """What is new or has changed last, as Atom (RFC 4287), by path: of all, and of each of several languages."""
    newest: dict[str, list[Entry]] = {}
    names = first_names(theme.settings)
    for line in lines:
        own = newest.setdefault(primary(line.lang), [])
        id = permanent_id(theme.settings.url, line.published, names.get(line.slug, line.slug))
        own[:] = _newest((*own, *_entries(line, id)))
    paths = {lang: f"feed.{lang}.xml" for lang in newest} if len(newest) > 1 else {}
    everything = _newest(chain.from_iterable(newest.values()))
    yield "feed.xml", _feed("feed.xml", everything, theme, text, sorted(paths.items()))
    for lang, path in paths.items():
        yield path, _feed(path, newest[lang], theme, text, lang=lang)


def _newest(entries: Iterable[Entry]) -> list[Entry]:
    return nlargest(NEWEST, entries, key=lambda one: (one.updated, one.id))


def _feed(
    path: str,
    newest: Iterable[Entry],
    theme: Theme,
    text: Callable[[str], str],
    others: Sequence[tuple[str, str]] = (),
    lang: str = "",
) -> str:
    """A feed, in a `lang` or leading to `others`; while there is room, with whole texts of the newest articles."""
    settings, room = theme.settings, MOST_TEXT
    entries = []
    for one in newest:
        entry = _correction(one, *one.correction) if one.correction else _article(one)
        if not one.correction and len(whole := text(one.line.slug)) <= room:
            entry["text"] = Markup(_in_xml(whole))  # noqa: S704 - HTML that our templates escaped
            room -= len(whole)
        entries.append(entry)
    title = f"{settings.title} ({language.of(lang).name_of(lang)})" if lang else settings.title
    return theme.fill(
        "feed.xml",
        {
            "entries": entries,
            "generator": GENERATOR,
            "id": settings.url + (path if lang else ""),
            "lang": lang or settings.lang,
            "others": others,
            "path": path,
            "publisher": settings.publisher,
            "title": _in_xml(title),
            "updated": entries[0]["updated"] if entries else LONG_AGO,
            "url": settings.url,
        },
    )


def _changed(line: ArticleSummary) -> str:
    """When an article was last changed."""
    return max(instant(day) for day in (line.published, line.updated) if day)


def _entries(line: ArticleSummary, id: str) -> Iterator[Entry]:
    """An article by its `id` and its corrections, named for ever by article, place, day, and number on that day."""
    yield Entry(_changed(line), id, line)
    counts = Counter[str]()
    for day, words, place in (*((*one, "") for one in line.corrections), *line.changes):
        name = f"{id}#{slugs.percent_encoded(place) or 'corrections'}-{day}"
        counts[name] += 1
        number = f"-{counts[name]}" if counts[name] > 1 else ""
        yield Entry(instant(day), name + number, line, (day, words, place))


def _article(one: Entry) -> dict[str, Any]:
    line = one.line
    lang = language.of(line.lang)
    corrections = sorted({*line.corrections, *(change[:2] for change in line.changes)}, reverse=True)
    return _shared(one) | {
        "place": f"{line.slug}/",
        "title": _in_xml(line.title),
        "summary": _in_xml(line.summary),
        "published": instant(line.published),
        "corrections": [(_corrected_on(day, lang) + lang.stop, _in_xml(words)) for day, words in corrections],
    }


def _correction(one: Entry, day: str, words: str, place: str) -> dict[str, Any]:
    lang = language.of(one.line.lang)
    title = f"{_corrected_on(day, lang)}{lang.colon}{one.line.title}"
    return _shared(one) | {
        "place": f"{one.line.slug}/#{slugs.percent_encoded(place or 'corrections')}",
        "title": _in_xml(title),
        "summary": _in_xml(words),
        "published": one.updated,
        "corrections": (),
    }


def _shared(one: Entry) -> dict[str, Any]:
    authors = [_in_xml(author) for author in one.line.authors]
    return {"id": one.id, "updated": one.updated, "lang": one.line.lang, "authors": authors, "text": ""}


def _corrected_on(day: str, lang: Locale) -> str:
    return lang.message("correction-on", date=citations.format_date(citations.date(day), lang))


def first_names(settings: Settings) -> dict[str, str]:
    """The oldest names on record of articles (`addresses`, `redirects`), by today's; others have had no other."""
    names: dict[str, str] = {}
    for name in (*(settings.addresses or ()), *settings.redirects):
        names.setdefault(str(settings.redirects.get(name, name)), str(name))
    return names


def permanent_id(url: str, published: str, slug: str) -> str:
    """The name of an article for ever (a tag URI, RFC 4151), made of what it was called when it was published.

    A redirect keeps the old slug on record, so that renaming an article does not make it new to feed readers.
    """
    parts = urlsplit(url)
    return f"tag:{parts.hostname},{published.partition('T')[0]}:{parts.path}{slug}/"


def _in_xml(words: str) -> str:
    """The words without the control characters that no XML can hold."""
    return _NOT_IN_XML.sub("", words)


# ---- Site map ----


def places(lines: Iterable[ArticleSummary], lists: Iterable[Place], theme: Theme) -> Iterator[Place]:
    """Every page for readers, with the day on which what it says was last changed."""
    yield from ((slugs.percent_encoded(place), day) for place, day in lists)
    for line in _published(lines):
        yield f"{line.slug}/", _day(line)
        for claim in line.claims:
            if claim.verdict:
                yield slugs.percent_encoded(f"{line.slug}/claims/{claim.id}/"), _day(line)
    for plain in theme.plain_pages:
        if plain.slug != CORRECTIONS:
            yield f"pages/{plain.slug}/", ""


def _day(line: ArticleSummary) -> str:
    """The day of the last change."""
    return max(line.updated, line.published)


def site_maps(found: Iterable[Place], theme: Theme) -> Iterator[tuple[str, Iterable[bytes]]]:
    """One site map, or as many as its specification makes necessary and a list of them."""
    url = theme.settings.url
    ahead = iter(found)
    some, names = list(islice(ahead, MOST_ADDRESSES)), list[str]()
    for more in ahead:
        names.append(f"sitemap-{len(names) + 1}.xml")
        yield names[-1], theme.pieces("sitemap.xml", {"url": url, "places": some})
        some = [more, *islice(ahead, MOST_ADDRESSES - 1)]
    if not names:
        yield "sitemap.xml", theme.pieces("sitemap.xml", {"url": url, "places": some})
        return
    names.append(f"sitemap-{len(names) + 1}.xml")
    yield names[-1], theme.pieces("sitemap.xml", {"url": url, "places": some})
    yield "sitemap.xml", theme.pieces("sitemaps.xml", {"url": url, "names": names})


def robots(settings: Settings) -> str:
    """Everybody may read everything."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {settings.url}sitemap.xml\n"


# ---- What has moved ----


def redirects(lines: Iterable[ArticleSummary], theme: Theme) -> Iterator[tuple[str, str]]:
    """A page at each old address of an article and of its claims. What others show in frames follows no such page out
    of the sandbox of its frame, and stands at old addresses itself (`moved_files`, `embed_files`).
    """
    wanted = set(theme.settings.redirects.values())
    named: dict[str, ArticleSummary] = {}
    for line in lines:
        if line.slug in wanted:
            named[line.slug] = line
        yield from _moved_claims(line.slug, line, theme)
    for old, new in sorted(theme.settings.redirects.items()):
        line = named[str(new)]
        for below in ("index.html", *(f"claims/{claim.id}/index.html" for claim in line.claims if claim.verdict)):
            yield f"{old}/{below}", redirect_page(line, theme, below)
        yield from _moved_claims(old, line, theme)


def _moved_claims(slug: str, line: ArticleSummary, theme: Theme) -> Iterator[tuple[str, str]]:
    """Pages at the former address of each claim, below a slug of its article."""
    for claim in line.claims:
        if claim.verdict and slugs.has_moved(claim.former, claim.id):
            page = redirect_page(line, theme, f"claims/{claim.id}/index.html")
            yield f"{slug}/claims/{claim.former}/index.html", page


def moved_files(lines: Iterable[ArticleSummary], settings: Settings) -> Iterator[tuple[str, str]]:
    """What of an article stands at its old addresses, too, each with where it stands now: what other sites show."""
    former: dict[str, list[str]] = {}
    for old, new in sorted(settings.redirects.items()):
        former.setdefault(str(new), []).append(old)
    for line in lines:
        for old in former.get(line.slug, ()):
            for below in _shown_elsewhere(line, settings.left_out):
                yield f"{old}/{below}", f"{line.slug}/{below}"


def _shown_elsewhere(line: ArticleSummary, left_out: Collection[str]) -> Iterator[str]:
    for claim in line.claims:
        if claim.verdict and f"claims/<id>/{EMBED}" not in left_out:
            for id in (claim.id, *([claim.former] if slugs.has_moved(claim.former, claim.id) else [])):
                yield from (f"claims/{id}/{EMBED}", f"claims/{id}/{OEMBED}")
    for chart in line.charts:
        yield f"charts/{chart}.svg"
        if f"charts/<id>/{EMBED}" not in left_out:
            yield from (f"charts/{chart}/{EMBED}", f"charts/{chart}/{OEMBED}")
