"""Pages that are made of the lines of all articles: our corrections, and addresses that have moved."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from randnotiz import citations, language
from randnotiz.index import ArticleSummary
from randnotiz.pages import Theme, plain_html
from randnotiz.pages.lists import ListPage, in_parts, list_page

CORRECTIONS = "corrections"  # its page stands among the plain pages and takes in the one of this name


def corrections(lines: Iterable[ArticleSummary]) -> list[dict[str, str]]:
    """Every correction of published articles and of their notes, newest first: its day and words, and of the article
    its slug, title and language; `place` is the id of what it is about in the article's page.
    """
    found = [
        {"day": day, "words": words, "place": place, "slug": line.slug, "title": line.title, "lang": line.lang}
        for line in lines
        if not line.draft
        for day, words, place in (*((*one, "corrections") for one in line.corrections), *line.changes)
    ]
    return sorted(found, key=lambda one: (one["day"], one["slug"]), reverse=True)


def corrections_pages(lines: Iterable[ArticleSummary], theme: Theme) -> Iterator[ListPage]:
    """The pages that list every correction of ours; the newest stands below the plain page of its name, if any."""
    page = next((page for page in theme.plain_pages if page.slug == CORRECTIONS), None)
    lang = language.of(page.lang if page else theme.settings.lang)
    policy = theme.settings.policies.get(CORRECTIONS)
    for part in in_parts(f"pages/{CORRECTIONS}/", reversed(corrections(lines))):
        rows = [one | {"date": citations.format_date(citations.date(one["day"]), lang)} for one in part.rows]
        yield list_page(
            part, theme, lang, "corrections.html", max((one["day"] for one in rows), default=""),
            here=lambda: CORRECTIONS,
            title=lambda: page.title if page else lang.message("corrections"),
            above=lambda part=part: plain_html(page) if page and not part.number else Markup(),
            policy_page=lambda: policy if policy != CORRECTIONS else None,
            corrections=lambda rows=rows: rows,
        )  # fmt: skip


def redirect_page(line: ArticleSummary, theme: Theme, below: str) -> str:
    """What stands at an address of an article that has another now; `below` is the page's path in both folders."""
    lang = language.of(line.lang)
    up = "../" * (1 + below.count("/"))
    place = f"{line.slug}/{below}"
    variables = theme.page(lang, up, place) | {"target": f"{up}{place}", "title": line.title}
    return theme.fill("redirect.html", variables)
