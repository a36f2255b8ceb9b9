"""Pages that are made of the lines of all articles: our corrections, and addresses that have moved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from randnotiz import citations, language
from randnotiz.index import ArticleSummary
from randnotiz.pages import Theme, plain_html

CORRECTIONS = "corrections"  # its page stands among the plain pages and takes in the one of this name


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionEntry:
    """A correction of ours in the list of all; `place` is the id of what it is about in the article's page."""

    day: str
    words: str
    slug: str
    title: str
    lang: str
    place: str


def corrections(lines: Iterable[ArticleSummary]) -> list[CorrectionEntry]:
    """Every correction of articles and of their notes, newest first."""
    found = [one for line in lines for one in _corrections(line)]
    return sorted(found, key=lambda one: (one.day, one.slug), reverse=True)


def _corrections(line: ArticleSummary) -> Iterator[CorrectionEntry]:
    found = [(day, words, "corrections") for day, words in line.corrections]
    found += list(line.changes)
    for day, words, place in found:
        yield CorrectionEntry(day=day, words=words, slug=line.slug, title=line.title, lang=line.lang, place=place)


def corrections_page(lines: Iterable[ArticleSummary], theme: Theme) -> Iterator[bytes]:
    """The page that lists every correction of ours, below the plain page of its name if there is one, in pieces."""
    page = next((page for page in theme.plain_pages if page.slug == CORRECTIONS), None)
    lang = language.of(page.lang if page else theme.settings.lang)
    rows = (
        {
            "day": one.day,
            "date": citations.format_date(citations.date(one.day), lang),
            "words": one.words,
            "lang": one.lang,
            "slug": one.slug,
            "title": one.title,
            "place": one.place,
        }
        for one in corrections(lines)
    )
    policy = theme.settings.policies.get(CORRECTIONS)
    variables = theme.page(lang, "../../", f"pages/{CORRECTIONS}/index.html", here=CORRECTIONS)
    return theme.pieces(
        "corrections.html",
        variables
        | {
            "title": page.title if page else lang.message("corrections"),
            "above": plain_html(page) if page else Markup(),
            "policy_page": policy if policy != CORRECTIONS else None,
            "corrections": rows,
        },
    )


def redirect_page(line: ArticleSummary, theme: Theme, below: str = "") -> str:
    """What stands at an address of an article that has another now; `below` is the same place in both folders."""
    lang = language.of(line.lang)
    up = "../" * (1 + below.count("/"))
    place = f"{line.slug}/{below}index.html"
    variables = theme.page(lang, up, place) | {"target": f"{up}{place}", "title": line.title}
    return theme.fill("redirect.html", variables)
