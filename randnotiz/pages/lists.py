"""Lists in pages of forty: articles by language and by topic, claims by verdict.

Pages are numbered from the oldest entry, so that a full one says the same for ever. The newest stands at the list's
own address; it has the forty newest entries, some of which may stand on the last numbered page as well.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import groupby
from typing import Any, Generic, NamedTuple, TypeVar

from markupsafe import Markup
from msgspec import Struct

from randnotiz import citations, language, slugs
from randnotiz.index import ArticleSummary
from randnotiz.language import Locale, primary
from randnotiz.model.settings import NO_TONE, Verdict
from randnotiz.pages import Theme, views

A_PAGE = 40
A_FEW = 5  # claims of each verdict where all verdicts stand together
MOST_TOPICS = 12  # on the first page; all of them have a list
OTHERS = 3  # articles in each further language, likewise
LEADING_CLAIMS = 3  # of the first article, those that fared worst
ALTERNATE = Markup('<link rel="alternate" hreflang="{}" href="{}">')
FEED = Markup('<link rel="alternate" type="application/atom+xml" title="{}" hreflang="{}" href="{}">')
NO_VERDICT = "no.verdict"  # which no key of a verdict is

Row = TypeVar("Row")


class ListPage(Struct, frozen=True, kw_only=True):
    """A page of a list: its path below the site, a digest that is equal for two states that say the same in the same
    theme, the day of the last change of what it shows (None where all that are drafts), and what fills it.
    """

    path: str
    digest: str
    day: str | None
    html: Callable[[], str]


class Part(NamedTuple, Generic[Row]):
    """What stands on one page: its list's place below the site, its own number (0 for the newest), the entries,
    newest first, and the number of the page with those before them, 0 if there are none.
    """

    place: str
    number: int
    rows: Sequence[Row]
    older: int

    @property
    def path(self) -> str:
        """Where the page stands below the site."""
        return f"{self.place}page/{self.number}/index.html" if self.number else f"{self.place}index.html"


class NumberedPages(Generic[Row]):
    """A list on its way into pages: of all its entries it holds the newest forty."""

    def __init__(self, place: str) -> None:
        self.place, self.count = place, 0
        self.rows: deque[Row] = deque(maxlen=A_PAGE)

    def add(self, row: Row) -> Iterator[Part[Row]]:
        """One more entry, newer than all; gives the page that is full and no longer the newest, if there is one."""
        full, rest = divmod(self.count, A_PAGE)
        if full and not rest:
            yield Part(self.place, full, tuple(reversed(self.rows)), full - 1)
        self.rows.append(row)
        self.count += 1

    def newest(self) -> Part[Row]:
        """The page of the newest entries."""
        return Part(self.place, 0, tuple(reversed(self.rows)), max(0, self.count - 1) // A_PAGE)


def in_parts(place: str, rows: Iterable[Row]) -> Iterator[Part[Row]]:
    """The pages of a list whose entries are given oldest first; the newest, which is always there, comes last."""
    numbered = NumberedPages[Row](place)
    for row in rows:
        yield from numbered.add(row)
    yield numbered.newest()


def list_page(
    part: Part[Any], theme: Theme, lang: Locale, template: str, day: str | None, said: object = None, /, **fill: Any
) -> ListPage:
    """The page of a part; `fill` is what its template is filled with, each made by a call of its own when the page
    is. `said` is all that the page shows beside the part.
    """
    root = "../" * part.path.count("/")
    own = root + part.place
    links = {
        "number": part.number,
        "older": f"{own}page/{part.older}/index.html" if part.older else "",
        "newest": f"{own}index.html" if part.number else "",
    }

    def html() -> str:
        page = theme.page(lang, root, part.path, here="index" if part.path == "index.html" else "")
        page |= {"noindex": day is None}
        return theme.fill(template, page | links | {name: make() for name, make in fill.items()})

    words = repr((part, lang.tag, day, said)).encode("utf-8", "replace")
    return ListPage(path=part.path, digest=blake2b(words, digest_size=16).hexdigest(), day=day, html=html)


# ---- Entries ----


class ArticleRow(NamedTuple):
    """An article in a list: what came out of it in a sentence, and the verdicts of its claims, the worst first."""

    slug: str
    lang: str
    title: str
    gist: str
    published: str
    changed: str
    draft: bool
    verdicts: tuple[str, ...]


class ClaimRow(NamedTuple):
    """A claim in a list, with who made it; `place` is its own page below the site, or its place in the article's."""

    place: str
    words: str
    by: str
    why: str
    article: str  # its title
    slug: str
    lang: str
    published: str
    changed: str
    draft: bool


class TopicRow(NamedTuple):
    """A topic in the list of topics."""

    words: str
    place: str
    articles: int


def _article(line: ArticleSummary, scale: Mapping[str, Verdict]) -> ArticleRow:
    given = [claim.verdict if claim.verdict in scale else None for claim in line.claims]
    return ArticleRow(
        slug=line.slug,
        lang=line.lang,
        title=line.title,
        gist=views.first_sentence(line.conclusion),
        published=line.published,
        changed=max(line.updated, line.published),
        draft=line.draft,
        verdicts=tuple(key or NO_VERDICT for key in (*scale, None) for _ in range(given.count(key))),
    )


def _claims(line: ArticleSummary, scale: Mapping[str, Verdict]) -> Iterator[tuple[str, ClaimRow]]:
    """The claims of an article by their verdicts, the last first."""
    for claim in reversed(line.claims):
        judged = claim.verdict in scale
        yield (
            str(claim.verdict) if judged else NO_VERDICT,
            ClaimRow(
                place=f"{line.slug}/claims/{claim.id}/index.html"
                if judged
                else f"{line.slug}/index.html#claim-{claim.id}",
                words=claim.claim,
                by=claim.by,
                why=claim.why,
                article=line.title,
                slug=line.slug,
                lang=line.lang,
                published=line.published,
                changed=max(line.updated, line.published),
                draft=line.draft,
            ),
        )


def _changed(rows: Iterable[ArticleRow | ClaimRow]) -> str | None:
    """The day of the last change of what is published of some entries, None where nothing is."""
    return max((row.changed for row in rows if not row.draft), default=None)


# ---- The lists of a site ----


def pages(lines: Iterable[ArticleSummary], theme: Theme) -> Iterator[ListPage]:
    """The pages of all lists of articles, topics and claims; `lines` are given oldest first."""
    settings = theme.settings
    home = primary(settings.lang)
    editions = {home: _Edition(home, "", theme)}
    for line in lines:
        tag = primary(line.lang)
        if tag not in editions:
            editions[tag] = _Edition(tag, f"page/{tag}/", theme)
        yield from editions[tag].add(line)
    for edition in editions.values():
        yield from edition.newest([other for other in editions.values() if other is not edition and other.last])


def further_languages(places: Iterable[tuple[str, str]]) -> list[str]:
    """The languages beside the site's that have lists, by the paths of all lists."""
    return sorted({path.split("/")[1] for path, _ in places if path.startswith("page/") and not path[5].isdigit()})


class _Edition:
    """The lists of the articles in one language on their way into pages; below `place` they begin."""

    def __init__(self, tag: str, place: str, theme: Theme) -> None:
        self.tag, self.place, self.theme, self.scale = tag, place, theme, theme.settings.verdicts
        site = theme.settings.lang
        self.lang = language.of(site if primary(site) == tag else tag)
        self.articles = NumberedPages[ArticleRow](place)
        self.topics: dict[str, tuple[str, NumberedPages[ArticleRow]]] = {}  # with how each was written first
        self.claims = {key: NumberedPages[ClaimRow](f"{place}claims/{key}/") for key in (*self.scale, NO_VERDICT)}
        self.last: ArticleSummary | None = None
        self.published = False  # any article

    def add(self, line: ArticleSummary) -> Iterator[ListPage]:
        """One more article; gives the pages that are full."""
        self.last, row = line, _article(line, self.scale)
        self.published |= not line.draft
        yield from map(self.of_articles, self.articles.add(row))
        for words in line.topics:
            key = slugs.topic(words)
            topic = self.topics.setdefault(key, (words, NumberedPages(f"{self.place}topics/{key}/")))
            yield from (self.of_articles(part, topic[0]) for part in topic[1].add(row))
        for key, claim in _claims(line, self.scale):
            yield from (self.of_claims(key, part) for part in self.claims[key].add(claim))

    def newest(self, others: Sequence["_Edition"]) -> Iterator[ListPage]:
        """The newest page of each list, the first of all among them."""
        topics = [TopicRow(words, listed.place, listed.count) for words, listed in self.topics.values()]
        claims = {key: listed for key, listed in self.claims.items() if listed.count}
        yield self.first(topics, claims, others)
        for words, listed in self.topics.values():
            yield self.of_articles(listed.newest(), words)
        for key, of_verdict in claims.items():
            yield self.of_claims(key, of_verdict.newest())
        if topics:
            yield from self.of_topics(topics)
        if claims:
            yield self.all_claims(claims)

    def first(
        self, topics: Sequence[TopicRow], claims: Mapping[str, NumberedPages[ClaimRow]], others: Sequence["_Edition"]
    ) -> ListPage:
        """The first page in this language: the newest article, the ways to all lists, the other articles."""
        part, last = self.articles.newest(), self.last
        shown = sorted(topics, key=lambda topic: (-topic.articles, topic.place))[:MOST_TOPICS]
        counts = [(key, listed.place, listed.count) for key, listed in claims.items()]
        further = [
            (other.tag, other.place, other.articles.count, other.articles.newest().rows[:OTHERS]) for other in others
        ]
        url = self.theme.settings.url
        places = [(self.tag, self.place), *((tag, place) for tag, place, *_ in further)] if further else []
        feeds = [edition.tag for edition in (self, *others) if edition.published]
        feeds = feeds if len(feeds) > 1 else []
        said = last and (last.conclusion, last.claims), shown, counts, further, feeds
        return list_page(
            part, self.theme, self.lang, "index.html", _changed(part.rows) if part.rows else "", said,
            lead=lambda: self.lead(last, part.rows[0]) if last else None,
            months=lambda: self.months(part.rows[1:]),
            topics=lambda: shown,
            place=lambda: self.place,
            counts=lambda: [(self.verdict(key), place, count) for key, place, count in counts],
            editions=lambda: [
                {"tag": tag, "words": language.of(tag).name_of(tag), "place": place, "count": count,
                 "months": [("", [self.article(row) for row in rows])]}
                for tag, place, count, rows in further
            ],
            head_extra=lambda: Markup("\n").join((
                *(ALTERNATE.format(tag, url + place) for tag, place in places),
                *(FEED.format(language.of(tag).name_of(tag), tag, f"{url}feed.{tag}.xml") for tag in feeds),
            )),
        )  # fmt: skip

    def of_articles(self, part: Part[ArticleRow], topic: str = "") -> ListPage:
        """A page of articles, of all or of those on a topic."""
        title = topic or self.lang.message("articles-all")
        return list_page(
            part, self.theme, self.lang, "articles.html", _changed(part.rows), topic,
            title=lambda: title, months=lambda: self.months(part.rows),
            above=lambda: f"{self.place}topics/index.html" if topic else f"{self.place}index.html",
            above_words=lambda: self.lang.message("topics" if topic else "home"),
        )  # fmt: skip

    def of_claims(self, key: str, part: Part[ClaimRow]) -> ListPage:
        """A page of claims with one verdict."""
        return list_page(
            part, self.theme, self.lang, "claims.html", _changed(part.rows),
            above=lambda: f"{self.place}claims/index.html", title=lambda: self.verdict(key)["words"],
            groups=lambda: [{"verdict": self.verdict(key), "claims": [*map(self.claim, part.rows)], "more": ""}],
        )  # fmt: skip

    def all_claims(self, claims: Mapping[str, NumberedPages[ClaimRow]]) -> ListPage:
        """The newest claims of every verdict, with the ways to all of them."""
        some = [(key, listed.place, listed.count, listed.newest().rows[:A_FEW]) for key, listed in claims.items()]
        part: Part[ClaimRow] = Part(f"{self.place}claims/", 0, [row for *_, rows in some for row in rows], 0)
        return list_page(
            part, self.theme, self.lang, "claims.html", _changed(part.rows), some,
            above=lambda: "", title=lambda: self.lang.message("claims-site"),
            groups=lambda: [
                {"verdict": self.verdict(key), "claims": [*map(self.claim, rows)], "count": count,
                 "more": f"{place}index.html" if count > A_FEW else ""}
                for key, place, count, rows in some
            ],
        )  # fmt: skip

    def of_topics(self, topics: Sequence[TopicRow]) -> Iterator[ListPage]:
        """The list of topics in the order of the alphabet."""
        rows = sorted(topics, key=lambda topic: topic.place, reverse=True)
        for part in in_parts(f"{self.place}topics/", rows):
            yield list_page(part, self.theme, self.lang, "topics.html", "", topics=lambda part=part: part.rows)

    # What the templates show of them

    def months(self, rows: Iterable[ArticleRow]) -> list[tuple[str, list[dict[str, Any]]]]:
        """Articles by the month of their publication."""
        return [
            (self.day(month) if month else self.lang.message("draft"), [*map(self.article, of_month)])
            for month, of_month in groupby(rows, lambda row: row.published[: len("2026-11")])
        ]

    def article(self, row: ArticleRow) -> dict[str, Any]:
        """A row, its words in the article's own language."""
        lang = language.of(row.lang)
        counts = Counter(row.verdicts)
        parts = [f"{lang.whole(n)}\N{NO-BREAK SPACE}{self.verdict(key, lang)['words']}" for key, n in counts.items()]
        return row._asdict() | {
            "lang": lang.tag,
            "date": self.day(row.published),
            "tones": [self.verdict(key, lang)["tone"] for key in row.verdicts],
            "checked": lang.message("claims-checked", n=len(row.verdicts)) + lang.colon + lang.row(parts)
            if parts
            else "",
        }

    def lead(self, line: ArticleSummary, row: ArticleRow) -> dict[str, Any]:
        """The newest article: its whole conclusion, and its claims that fared worst."""
        judged = sorted(
            (claim for claim in line.claims if claim.verdict in self.scale),
            key=lambda claim: self.scale[str(claim.verdict)].rank,
        )
        return self.article(row) | {
            "conclusion": line.conclusion,
            "claims": [
                {
                    "id": claim.id,
                    "words": claim.claim,
                    "by": claim.by,
                    "verdict": self.verdict(claim.verdict, language.of(line.lang)),
                }
                for claim in judged[:LEADING_CLAIMS]
            ],
        }

    def claim(self, row: ClaimRow) -> dict[str, Any]:
        """A claim in its own language."""
        return row._asdict() | {"lang": language.of(row.lang).tag, "date": self.day(row.published)}

    def verdict(self, key: str | None, lang: Locale | None = None) -> dict[str, str]:
        """A verdict in a language, else that of the list: its word, what it means, the class of its colours."""
        lang, verdict = lang or self.lang, self.scale.get(key or "")
        if verdict is None:
            meaning = lang.message("verdict-none-means")
            return {"words": lang.message("verdict-none"), "meaning": meaning, "tone": NO_TONE}
        meaning = views.verdict_meaning(verdict, lang)
        return {"words": views.verdict_word(verdict, lang), "meaning": meaning, "tone": verdict.tone}

    def day(self, day: str) -> str:
        """A day, a month or a year in words, empty if there is none."""
        return citations.format_date(citations.date(day), self.lang) if day else ""
