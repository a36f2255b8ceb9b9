"""The search over articles with their claims, notes and sources: which words stand in which articles.

A page loads no more of it than a question needs, and as scripts, which it may do from the disk too: lists of the
parts, the parts of the alphabet in which the words of the question are, and the passages of the first articles that
have them (`search_text`). A word may be the end of longer ones, or have a mistake in its first half: so the words are
listed from their last letter to their first as well.

Where a part or a list ends depends on its own words alone, and articles count from the oldest: an edit changes a part
for each word that an article has got or lost, one more for each that was or is in no other, and hardly any besides.
Fewer it cannot be: a question reads the parts that have its word and no others, one in hundreds, so that five words
stand in five parts; were they all in one, say of their article, each question would read all articles.
"""

import operator
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

from randnotiz import language
from randnotiz.exports.search_text import script
from randnotiz.model import Json
from randnotiz.pages import Theme

FOLDER = "search"
ARTICLES_A_PART = 100
PARTS_A_GROUP = 64  # on average
PART = 4_000  # characters of words and numbers in a part, on average
ENOUGH = 20  # articles that have a word: the same within longer words need not be looked for
MANY = 40  # articles: from here on a word that half of them have tells nothing
SHORTEST_MIDDLE, BEFORE = 5, 2  # letters of a word that is found in the middle of another, and before it
SHORTEST_REVERSED = 6  # letters of a word that is found by its end

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_RANKS = 3  # of a word in an article, by `search_words`
_BITS = 2


def search_pages(theme: Theme, others: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The page with the box, in the site's language and in each of the others; with their paths."""
    languages = [language.primary(theme.settings.lang), *others]
    for tag in languages:
        lang = language.of(theme.settings.lang if tag == languages[0] else tag)
        path = theme.search_page(lang)
        page = theme.page(lang, "../" * path.count("/"), path, here="search")
        asked = " ".join(sorted(languages, key=lambda each: each != tag)) if languages[1:] else ""
        yield path, theme.fill("search.html", page | {"noindex": True, "languages": asked})


def search_index(articles: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """The files of the index, by path below the site; `articles` are their names and `search_words`, oldest first."""
    slugs: list[str] = []
    places: dict[str, array[int]] = {}  # of each word, with the rank in the last bits
    for number, (slug, lines) in enumerate(articles):
        slugs.append(slug)
        for rank, line in enumerate(lines.split("\n")):
            for word in line.split():
                places.setdefault(word, array("I")).append(number << _BITS | rank)
    for at in range(0, len(slugs), ARTICLES_A_PART):
        yield _file(f"articles-{at // ARTICLES_A_PART}", [*slugs[at : at + ARTICLES_A_PART]])
    within = _within(places, {word for word, own in places.items() if len(own) <= ENOUGH})
    words = ((word, _packed(places, word, within.get(word, ()), len(slugs))) for word in sorted(places))
    ends = ((word, "") for word in sorted(word[::-1] for word in places if len(word) >= SHORTEST_REVERSED))
    known: dict[str, Json] = {}
    for kind, lists, rows in (("words", "parts", words), ("ends", "ends-parts", ends)):
        groups: list[list[Json]] = []
        for part in _parts(rows):
            begins = next(iter(part))
            if not groups or _chance(begins) % PARTS_A_GROUP == 0:
                groups.append([])
            groups[-1].append(begins)
            yield _file(f"{kind}-{_name(begins)}", part)
        for group in groups:
            yield _file(f"{lists}-{_name(str(group[0]))}", group)
        known[kind] = [group[0] for group in groups]
    yield _file("index", {"articles": len(slugs), "part": ARTICLES_A_PART, **known})


def _name(word: str) -> str:
    return word if word.isascii() else word.encode().hex()


def _file(name: str, value: Json) -> tuple[str, bytes]:
    return f"{FOLDER}/{name}.js", script(name, value)


def _within(places: Iterable[str], rare: Iterable[str]) -> dict[str, list[str]]:
    """For each rare word those that have it in their middle, as `Grafikkartenpreise` has `karten`."""
    known = {word for word in rare if len(word) >= SHORTEST_MIDDLE and not word.isdecimal()}
    lengths: dict[str, set[int]] = {}  # of those that begin alike, so that few of all pieces of a word are looked up
    for word in known:
        lengths.setdefault(word[:SHORTEST_MIDDLE], set()).add(len(word))
    found: dict[str, list[str]] = {}
    for word in places:
        inner = set[str]()
        for at in range(BEFORE, len(word) - SHORTEST_MIDDLE):
            those = lengths.get(word[at : at + SHORTEST_MIDDLE], ())
            inner.update(word[at : at + length] for length in those if at + length < len(word))
        for part in inner & known:
            found.setdefault(part, []).append(word)
    return found


def _packed(places: Mapping[str, Sequence[int]], word: str, longer: Sequence[str], count: int) -> str:
    """A word's articles by rank, each as distance to the last, and words with it in their middle; `*` if too many."""
    own = places[word]
    if count > MANY and len(own) * 2 > count:
        return "*"
    ranks = [[place >> _BITS for place in own if place & _RANKS == rank] for rank in range(_RANKS)]
    distances = (map(operator.sub, rank, (0, *rank)) for rank in ranks)
    numbers = (" ".join(map(_base36, each)) for each in distances)
    return "|".join((*numbers, " ".join(sorted(longer)))).rstrip("|")


def _base36(number: int) -> str:
    digits = _DIGITS[number % 36]
    while number := number // 36:
        digits = _DIGITS[number % 36] + digits
    return digits


def _parts(words: Iterable[tuple[str, str]]) -> Iterator[dict[str, Json]]:
    """The words in parts of `PART` characters on average: the longer what is said of a word, the likelier does it
    begin a part, which is decided by its digest. So a part has to be cut anew only where its own words change.
    """
    part: dict[str, Json] = {}
    grown = 0
    for word, packed in words:
        size = 1 << (len(word) + len(packed) + 6).bit_length()  # of which a changed number changes nothing
        likelier = 1 if grown < 2 * PART else 8  # else one part in a thousand would be seven times as long
        if part and _chance(word) < size * likelier * 0.7 / PART * 2**32:
            yield part
            part, grown = {}, 0
        part[word] = packed
        grown += size
    if part:
        yield part


def _chance(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=4).digest())
