"""The search over articles, claims and sources: an index in parts that a page loads as scripts when somebody types.

The library (elasticlunr, of Lunr's family) is read as a file from the package pdoc, which ships it for the same
purpose; pdoc itself is never imported. It would want its whole index at once, some tens of megabytes for 10,000
articles. So the index is cut: words in alphabetical order, entries in the order of the site, and the page feeds the
library with the one or two parts that a question is about.
"""

import json
import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from randnotiz import language
from randnotiz.index import ArticleSummary, SourceEntry
from randnotiz.model import Json
from randnotiz.pages import Theme, views

LIBRARY = "templates/resources/elasticlunr.min.js"  # in pdoc
FOLDER = "search"
SEARCH_INDEX = f"{FOLDER}/index.js"  # the list of the parts

ENTRIES_A_PART = 200
PART = 60_000  # characters of words and numbers in a part of the index
LONGEST_WORD = 40
MANY = 1000  # entries: from here on a word that every tenth has tells nothing

# Entries with a word in their title, and those with it elsewhere: four times smaller than lists. In quotation marks
# because arrays can be given their type in brackets only from Python 3.12 on.
Places: TypeAlias = "tuple[array[int], array[int]]"

_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found: its kind, its title, a line below it, its address below the site, its language.

    `words` are what is searched beside the title.
    """

    kind: str
    title: str
    below: str
    address: str
    lang: str
    words: str


def search_page(theme: Theme) -> dict[str, bytes]:
    """The search page and its library, by path below the site."""
    library = _library()
    name = f"assets/elasticlunr.{blake2b(library, digest_size=6).hexdigest()}.js"
    lang = language.of(theme.settings.lang)
    variables = theme.page(lang, "../", f"{FOLDER}/index.html", here="search")
    page = theme.fill("search.html", variables | {"library": name})
    return {name: library, f"{FOLDER}/index.html": page.encode()}


def search_index(
    lines: Iterable[ArticleSummary], works: Iterable[SourceEntry], theme: Theme
) -> Iterator[tuple[str, bytes]]:
    """The parts of the index, with their paths below the site. Drafts are not found."""
    return index(entries(lines, works, theme), theme.settings.lang)


def search_digest(lines: Iterable[ArticleSummary], works: Iterable[SourceEntry]) -> str:
    """Equal for two states of the index that say the same in the same theme."""
    digest = blake2b(digest_size=16)
    for work in works:
        digest.update(repr(work).encode("utf-8", "replace"))
    for line in lines:
        entry = (line.slug, line.title, line.subtitle, line.summary, line.authors, line.lang, line.draft)
        digest.update(repr((entry, line.claims, line.terms)).encode("utf-8", "replace"))
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _library() -> bytes:
    """The library as its authors shortened it, licence included."""
    package = find_spec("pdoc")
    if package is None or package.origin is None:
        raise RuntimeError(
            "the package pdoc, which brings the search library, is not installed: make site installs it"
        )
    return (Path(package.origin).parent / LIBRARY).read_bytes()


# ----------------------------------------------------------------------------------------------------
# What can be found
# ----------------------------------------------------------------------------------------------------


def entries(lines: Iterable[ArticleSummary], works: Iterable[SourceEntry], theme: Theme) -> Iterator[Entry]:
    """Every published article with its claims, and every source that one of them leans on."""
    for line in lines:
        if line.draft:
            continue
        lang, page = language.of(line.lang), f"{line.slug}/index.html"
        words = " ".join((line.subtitle, line.summary, *line.authors, *line.terms))
        yield Entry("article", line.title, line.summary, page, line.lang, words)
        for claim in line.claims:
            verdict = theme.settings.verdicts.get(claim.verdict or "")
            text = f"{views.verdict_word(verdict, lang)} · {line.title}" if verdict else line.title
            yield Entry("claim", claim.claim, text, f"{page}#claim-{claim.id}", line.lang, "")
    for work in works:
        if not work.changed:
            continue
        item: dict[str, Json] = json.loads(work.description or "{}")
        tag = str(item.get("language") or theme.settings.lang)
        makers = _makers(item)
        yield Entry("source", str(item.get("title") or work.id), makers, work.path, tag, f"{makers} {work.id}")


def _makers(item: Mapping[str, Json]) -> str:
    """Who made a work, and where and when it appeared."""
    names = item.get("author")
    people = [
        " ".join(str(name[part]) for part in ("given", "family", "literal") if name.get(part))
        for name in (names if isinstance(names, list) else [])
        if isinstance(name, dict)
    ]
    places = [str(item[key]) for key in ("container-title", "publisher") if item.get(key)]
    issued = item.get("issued")
    return ", ".join([*people, *places, *([issued[:4]] if isinstance(issued, str) else [])])


# ----------------------------------------------------------------------------------------------------
# The index
# ----------------------------------------------------------------------------------------------------


def index(found: Iterable[Entry], lang: str) -> Iterator[tuple[str, bytes]]:
    """The parts of the index as scripts that say what they hold, each under its path, and the list of them."""
    digest = blake2b(digest_size=6)

    def part(name: str, value: Json) -> tuple[str, bytes]:
        script = _script(name, value)
        digest.update(script)
        return f"{FOLDER}/{name}.js", script

    kinds = ("article", "claim", "source")
    postings: dict[str, Places] = {}
    count = 0
    ahead = iter(found)
    while some := list(islice(ahead, ENTRIES_A_PART)):
        rows: list[Json] = [
            [kinds.index(one.kind), one.title, one.below, one.address, one.lang if one.lang != lang else ""]
            for one in some
        ]
        yield part(f"entries-{count // ENTRIES_A_PART}", rows)
        for number, one in enumerate(some, count):
            _post(postings, number, one)
        count += len(some)
    limit = count // 10 if count > MANY else count
    often = {word for word, places in postings.items() if sum(map(len, places)) > limit}
    telling = ((word, _packed(postings[word])) for word in sorted(postings) if word not in often)
    first: list[Json] = []
    for number, words in enumerate(_cut(telling)):
        first.append(next(iter(words)))
        yield part(f"words-{number}", words)
    # Parts change together: an address that tells the edition keeps a browser from mixing two.
    listed: Json = {
        "edition": digest.hexdigest(),
        "count": count,
        "part": ENTRIES_A_PART,
        "first": first,
        "common": [*sorted(often)],
    }
    yield SEARCH_INDEX, _script("index", listed)


def _post(postings: dict[str, Places], number: int, entry: Entry) -> None:
    """The number of an entry put down under each of its words, as one in its title or as another."""
    titled = set(folded(entry.title))
    for words, place in ((titled, 0), (set(folded(entry.words)) - titled, 1)):
        for word in words:
            if word not in postings:
                postings[word] = array("I"), array("I")
            postings[word][place].append(number)


def folded(text: str) -> list[str]:
    """The words of a text as they are compared: small letters without their marks (ü is u, ß is ss).

    static/search.js does the same with what a reader types; a test holds the two together.
    """
    if text.isascii():
        plain = text.lower()
    else:
        spread = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
        plain = "".join(char for char in spread if not unicodedata.category(char).startswith("M"))
    return [word[:LONGEST_WORD] for word in _WORDS.findall(plain) if len(word) > 1 or not word.isascii()]


def _packed(places: Places) -> str:
    """The entries of a word in short: first those with it in their title, each as a distance."""
    return "|".join(
        " ".join(str(this - last) for last, this in zip([0, *half], half, strict=False)) for half in places
    )


def _cut(words: Iterable[tuple[str, str]]) -> Iterator[dict[str, Json]]:
    """The words in parts of about the same size."""
    part: dict[str, Json] = {}
    size = 0
    for word, places in words:
        if size > PART:
            yield part
            part, size = {}, 0
        part[word] = places
        size += len(word) + len(places) + 6
    if part:
        yield part


def _script(name: str, value: Json) -> bytes:
    """A part as a classic script, which a page may load from the disk where it could not fetch a file."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f'(self.searchParts ??= {{}})["{name}"] = {text};\n'.encode()
