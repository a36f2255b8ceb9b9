"""Pages that are made of the lines of all articles: our corrections, and addresses that have moved."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from randnotiz import citations, language
from randnotiz.index import ArticleSummary
from randnotiz.pages import Theme, plain_html

CORRECTIONS = "corrections"  # its page stands among the plain pages and takes in the one of this name


def corrections(lines: Iterable[ArticleSummary]) -> list[dict[str, str]]:
    """Every correction of articles and of their notes, newest first: its day and words, and of the article its slug,
    title and language; `place` is the id of what it is about in the article's page.
    """
    found = [
        {"day": day, "words": words, "place": place, "slug": line.slug, "title": line.title, "lang": line.lang}
        for line in lines
        for day, words, place in (*((*one, "corrections") for one in line.corrections), *line.changes)
    ]
    return sorted(found, key=lambda one: (one["day"], one["slug"]), reverse=True)


def corrections_page(lines: Iterable[ArticleSummary], theme: Theme) -> Iterator[bytes]:
    """The page that lists every correction of ours, below the plain page of its name if there is one, in pieces."""
    page = next((page for page in theme.plain_pages if page.slug == CORRECTIONS), None)
    lang = language.of(page.lang if page else theme.settings.lang)
    rows = (one | {"date": citations.format_date(citations.date(one["day"]), lang)} for one in corrections(lines))
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
