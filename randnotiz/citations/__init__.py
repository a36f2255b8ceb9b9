"""A CSL item to the parts of a formatted reference, and to BibTeX and clean CSL-JSON.

The house style is one for all languages; their words, quotation marks and dates differ:

    Müller, Änne: „Nvidias ‚Chips‘ und der Export“, in: Süddeutsche Zeitung, 1. März 2025, S. 4.
    Müller, Änne: “Nvidia’s ‘Chips’ and Exports”, in Süddeutsche Zeitung, March 1, 2025, p. 4.

What stands inside another work, and what is no book at all, has quotation marks; what stands alone is italic.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from string import ascii_lowercase
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from randnotiz.citations.bibliography import bibtex, csl_json, from_csl_json
from randnotiz.citations.dates import date, format_date, yeared
from randnotiz.citations.people import PersonName, enumerated, listed, names, short
from randnotiz.citations.richtext import StyledText, changed, plain, rich, runs
from randnotiz.citations.titles import requoted, set_in_french
from randnotiz.citations.urls import doi_address, folder
from randnotiz.csl import doi, web_address
from randnotiz.language import Locale, any_of, of_languages, words_of
from randnotiz.memo import memoize
from randnotiz.model import Date, Json, Source
from randnotiz.values import word_set

__all__ = (
    "Reference",
    "ReferencePart",
    "bibtex",
    "csl_json",
    "date",
    "disambiguated",
    "doi",
    "folder",
    "format_date",
    "from_csl_json",
    "plain_text",
    "reference",
    "web_address",
)

Style = Literal["plain", "title", "italic", "link", "accessed"]

# Works that stand alone, whose titles are italic; everything else stands in quotation marks.
ALONE = word_set(
    """
    bill book classic collection dataset legislation manuscript map motion_picture musical_score pamphlet periodical
    regulation report software standard thesis treaty
    """
)
# Who made a work that has no author, first of those that are there.
MAKERS = (
    *("author", "director", "script-writer", "composer", "performer", "producer", "executive-producer", "host"),
    *("guest", "illustrator", "interviewer", "original-author", "reviewed-author", "compiler", "editor"),
    *("collection-editor", "organizer", "curator", "chair", "translator"),
)
EDITORS = frozenset(("editor", "collection-editor", "compiler"))
SHORT_TITLE = 40  # characters of a title that stands for a missing author


class ReferencePart(Struct, frozen=True, kw_only=True):
    """A stretch of a reference in one style.

    `title` and `italic` are words of the work itself, in its own language where that differs (`lang`); `accessed`
    tells when it was looked at. `href` is an address of the web if the stretch is a link, which a title is as well.
    """

    runs: tuple[StyledText, ...]
    style: Style = "plain"
    lang: str = ""
    href: str = ""

    @property
    def text(self) -> str:
        """The stretch as plain text."""
        return "".join(run.text for run in self.runs)


def _part(words: str, style: Style = "plain", lang: str = "", href: str = "") -> ReferencePart:
    return ReferencePart(runs=runs(words), style=style, lang=lang, href=href)


class Reference(Struct, frozen=True, kw_only=True):
    """A source as the page prints it; texts that are not there are empty.

    `short` names the source in a sentence, with a `letter` where another would have the same name; `sort_key` orders
    a list. `href` and `archive_href` are addresses of the web, `archived` is the day of the copy. From `checked` on
    it is the contract's `custom`.
    """

    id: str
    parts: tuple[ReferencePart, ...]
    short: str
    sort_key: tuple[str, ...]
    title: str
    lang: str = ""
    href: str = ""
    archive_href: str = ""
    archived: Date | None = None
    checked: str = ""
    seen_in: str = ""
    evidence: str = ""
    interest: str = ""
    same_origin_as: tuple[str, ...] = ()
    letter: str = ""

    @property
    def text(self) -> str:
        """The reference as plain text."""
        return "".join(part.text for part in self.parts)


def disambiguated(references: Mapping[str, Reference]) -> dict[str, Reference]:
    """The same, with a letter behind short names that would be equal: Ho u. a. 2024a and Ho u. a. 2024b."""
    bearers: dict[str, list[str]] = {}
    for id, entry in sorted(references.items(), key=lambda item: item[1].sort_key):
        bearers.setdefault(entry.short, []).append(id)
    distinct = dict(references)
    for ids in bearers.values():
        for id, letter in zip(ids, ascii_lowercase, strict=False) if len(ids) > 1 else ():
            distinct[id] = _lettered(distinct[id], letter)
    return distinct


@memoize(128)
def _lettered(entry: Reference, letter: str) -> Reference:
    joint = "" if entry.short[-1:].isdigit() else "-"
    return replace(entry, short=f"{entry.short}{joint}{letter}", letter=letter)


@memoize(1024)
def reference(source: Source, lang: Locale) -> Reference:
    """The source as a page in this language prints it."""
    work, custom = _Work(source, lang), source.custom
    return Reference(
        id=str(source.id),
        parts=_joined(work.parts()),
        short=work.short,
        sort_key=work.sort_key,
        title=plain(work.title),
        lang=work.title_lang,
        href=work.href,
        archive_href=web_address(custom.get("archive-url")),
        archived=_day(custom.get("archive-date")),
        checked=_text(custom.get("checked")),
        seen_in=_text(custom.get("seen-in")),
        evidence=_text(custom.get("evidence")),
        interest=_by_language(custom.get("interest"), lang),
        same_origin_as=_texts(custom.get("same-origin-as")),
    )


def _joined(parts: Iterable[ReferencePart]) -> tuple[ReferencePart, ...]:
    """The parts without empty ones, neighbours that are plain in one."""
    joined: list[ReferencePart] = []
    for part in parts:
        if part.text and joined and part.style == joined[-1].style == "plain":
            joined[-1] = ReferencePart(runs=(*joined[-1].runs, *part.runs))
        elif part.text:
            joined.append(part)
    return tuple(joined)


def plain_text(value: Json) -> str:
    """A text or number of an item on one line, without any tags: for what is no page."""
    return plain(rich(_text(value)))


class _Work:
    """A CSL item read once, with the words of one language for its parts."""

    def __init__(self, source: Source, lang: Locale) -> None:
        csl = source.csl
        self.csl = csl
        self.id = str(source.id)
        self.lang = lang
        self.type = _text(csl.get("type"))
        self.role, self.people = _makers(csl)
        self.issued = date(csl.get("issued"))
        self.container = self.field("container-title") or self.field("event-title") or self.field("event")
        self.alone = self.type in ALONE
        self.title = self.quoted(self.field("title") or lang.message("cite-no-title"), inner=not self.alone)
        own = self.field("language")
        self.title_lang = own if own and own.partition("-")[0] != lang.tag.partition("-")[0] and own.isascii() else ""
        self.doi = doi(csl.get("DOI"))
        self.href = web_address(csl.get("URL")) or (doi_address(self.doi) if self.doi else "")

    def field(self, key: str) -> str:
        """A text or number of the item on one line, with tags where it is rich."""
        return rich(_text(self.csl.get(key)))

    def quoted(self, title: str, inner: bool) -> str:
        """A title with the quotation marks of the language."""
        return changed(set_in_french(title), lambda words: requoted(words, self.lang.quotes, inner))

    # ---- What stands for the whole ----

    @property
    def year(self) -> str:
        """The year, with the letter that tells two of the same year apart; "o. D." without a date."""
        if self.issued is None or self.issued.year is None:
            return (self.issued.words if self.issued else "") or self.lang.message("cite-no-date")
        return yeared(self.issued.year, self.lang) + self.field("year-suffix")

    @property
    def short(self) -> str:
        """The source in two words: "Patel/SemiAnalysis 2025"."""
        name = short(self.people, self.lang) if self.people else self._short_title()
        return plain(f"{name} {self.year}")

    def _short_title(self) -> str:
        title = self.field("title-short") or self.field("shortTitle") or self.field("container-title") or self.title
        title = plain(title)
        if len(title) <= SHORT_TITLE:
            return title
        return title[:SHORT_TITLE].rpartition(" ")[0].rstrip(" ,;:–") + " …" if " " in title[:SHORT_TITLE] else title

    @property
    def sort_key(self) -> tuple[str, ...]:
        """By makers, year, title and id, letters with and without accents alike."""
        people = "; ".join(name.listed() for name in self.people) or self.title
        year = self.issued.year if self.issued else None
        return (_folded(plain(people)), f"{(year or 0) + 10000:05}", _folded(plain(self.title)), self.id)

    # ---- The parts in order ----

    def parts(self) -> Iterable[ReferencePart]:
        """The reference from the authors to the full stop."""
        if self.people:
            yield _part(f"{self._makers()}{self.lang.colon}")
        yield from self._title()
        yield from self._container()
        tail = [text for text in (*self._edition(), *self._published(), self._pages()) if text]
        yield _part("".join(f"{self.lang.comma}{text}" for text in tail))
        if self.csl.get("accessed") and self.href and (day := _day(self.csl["accessed"])):
            tail.append(self.lang.message("cite-accessed", date=self.lang.date(day)))
            yield _part(f"{self.lang.comma}{tail[-1]}", style="accessed")
        if self.doi:
            yield _part(self.lang.comma)
            yield _part(f"doi:{self.doi}", style="link", href=doi_address(self.doi))
        ends = self.doi or (tail[-1] if tail else "")
        yield _part("" if ends.endswith(".") else self.lang.stop)

    def _makers(self) -> str:
        words = listed(self.people, self.lang)
        return f"{words} {self.lang.message('cite-editor', n=len(self.people))}" if self.role in EDITORS else words

    def _title(self) -> Iterable[ReferencePart]:
        quotes = self.lang.quotes
        style: Style = "italic" if self.alone else "title"
        title = _part(self.title, style=style, lang=self.title_lang, href=self.href)
        yield from (title,) if self.alone else (_part(quotes[0]), title, _part(quotes[1]))

    def _container(self) -> Iterable[ReferencePart]:
        """What the work stands in, with its editors, volume and issue."""
        if not self.container:
            return
        where = self.lang.message("cite-in")
        yield _part(f"{self.lang.comma}{where}{'' if where.endswith('：') else ' '}")
        editors = names(self.csl.get("editor")) if self._edits_container else ()
        mark = f" {self.lang.message('cite-editor', n=len(editors))}" if editors else ""
        if makers := names(self.csl.get("container-author")) or editors:
            yield _part(f"{listed(makers, self.lang)}{mark}{self.lang.colon}")
        yield _part(self.quoted(self.container, inner=False), "italic", self.title_lang)
        place = self.field("event-place") or self.field("publisher-place")
        if place and not (self.field("publisher") and place == self.field("publisher-place")):
            yield _part(f" ({place})")
        yield _part(self._volume())

    @property
    def _edits_container(self) -> bool:
        """Whether its editors are named with what it stands in."""
        return bool(self.container) and self.role == "author" and not names(self.csl.get("container-author"))

    def _volume(self) -> str:
        volume, issue = self.field("volume"), self.field("issue")
        if volume and issue:
            return " " + self.lang.message("cite-journal", volume=volume, issue=issue)
        if issue:
            return self.lang.comma + self.lang.message("cite-issue", number=issue)
        if volume and self.type == "article-journal":
            return f" {volume}"
        return f"{self.lang.comma}{self._numbered(volume)}" if volume else ""

    def _numbered(self, volume: str) -> str:
        """A volume as it is called; one whose exporter wrote the word before its number has it already."""
        return volume if _WORDED.match(volume) else self.lang.message("cite-volume", number=volume)

    def _edition(self) -> Iterable[str]:
        """What tells this work from others of its name, before the publisher."""
        message, field = self.lang.message, self.field
        if not field("container-title") and field("volume"):
            yield self._numbered(field("volume"))
        yield field("genre")
        yield field("collection-title")
        if number := field("number") or field("collection-number"):
            yield message("cite-number", number=number)
        if edition := field("edition"):
            counted = _edition(self.lang.tag).fullmatch(edition)
            yield message("cite-edition", number=_ordinal(counted[1], self.lang)) if counted else edition
        if (volumes := field("number-of-volumes")) and volumes != "1":
            yield message("cite-volumes", number=volumes) if volumes.isdecimal() else volumes
        if version := field("version"):
            yield message("cite-version", number=version)
        for role, key in _HELPERS:
            people = names(self.csl.get(role))
            if people and role != self.role and not (role == "editor" and self._edits_container):
                yield message(key, names=enumerated(people, self.lang))

    def _published(self) -> Iterable[str]:
        authority = self.field("authority")
        yield authority if authority != self.field("publisher") else ""
        publisher, place = self.field("publisher"), self.field("publisher-place")
        if publisher:
            # An organisation that publishes itself is named once.
            same = [name.literal for name in self.people] == [publisher]
            yield place if same else f"{place}{self.lang.colon}{publisher}" if place else publisher
        elif not self.field("container-title"):
            yield place
        yield format_date(self.issued, self.lang) + self.field("year-suffix")
        original = date(self.csl.get("original-date"))
        if original and original != self.issued:
            yield self.lang.message("cite-original", date=format_date(original, self.lang))

    def _pages(self) -> str:
        pages = self.field("page").replace("--", "–").replace("-", "–")
        if not pages:
            return ""
        if not any(char.isdigit() for char in pages[:2]):
            return pages
        return self.lang.message("cite-page", n=1 if pages.isdecimal() else 2, pages=pages)


_HELPERS = (("editor", "cite-edited-by"), ("translator", "cite-translator"), ("interviewer", "cite-interviewer"))
_WORDED = re.compile(r"[^\W\d]{2,}\.? ?\d")  # Bd. 3, vol. 12


@of_languages
@lru_cache(maxsize=8)
def _edition(tag: str) -> re.Pattern[str]:
    """The number of an edition alone, as an ordinal or with words behind it."""
    ordinals, words = map(any_of, (words_of(tag, "ordinals"), words_of(tag, "editions")))
    return re.compile(rf"(?i:([1-9][0-9]{{0,3}})(?:\.|{ordinals})?(?:\s*(?:{words})\.?)?)")


def _ordinal(number: str, lang: Locale) -> str:
    """A number as English counts, "1st", "2nd", "11th"; what others put beside it is in their message."""
    if lang.tag.partition("-")[0] != "en":
        return number
    teen = number[-2:-1] == "1"
    return number + ("th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th"))


def _makers(csl: Mapping[str, Json]) -> tuple[str, tuple[PersonName, ...]]:
    for role in MAKERS:
        if people := names(csl.get(role)):
            return role, people
    return "", ()


def _folded(words: str) -> str:
    """Words as they are sorted: without accents, marks and case (DIN 5007, variant 1)."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return "".join(char for char in plain if char.isalnum() or char == " ").strip()


def _text(value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())


def _texts(value: Json) -> tuple[str, ...]:
    rows = value if isinstance(value, list) else [value]
    return tuple(text for row in rows if (text := _text(row)))


def _by_language(value: Json, lang: Locale) -> str:
    """A text, or the one of a mapping by language that suits best: the language itself, English, the first."""
    if not isinstance(value, Mapping):
        return _text(value)
    for tag in (lang.tag, lang.tag.partition("-")[0], "en", *value):
        if text := _text(value.get(tag)):
            return text
    return ""


def _day(value: Json) -> Date | None:
    when = date(value)
    return when.day if when else None
