"""An article in one file, for archives and e-mail: style, script, charts, figures and pictures inside."""

import re
from urllib.parse import unquote, urljoin

from markupsafe import Markup

from randnotiz.exports.context import ExportContext, find_tag
from randnotiz.pages import Theme
from randnotiz.pages.assets import IN_SCRIPT, IN_STYLE, data_address, inlined

POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)

# Templates and the Markdown renderer write every attribute in one form, and texts hold no bare quotation mark, except
# inside of scripts, which are passed over; a test holds this against a parser. Places in the page stay what they are.
_SCRIPT = re.compile(r"(<script\b.*?</script>)", re.DOTALL)
# Two expressions, for one that begins with either word takes five times as long.
_LINK = re.compile(r' href="(?![#"]|https?:|mailto:|data:)([^"]*)"')
_PICTURE = re.compile(r' src="([^"]*)"')


def single_page(edition: ExportContext, theme: Theme, page: str, head_extra: Markup) -> str:
    """The article's finished page as a file that needs no other; its links lead to the site.

    What stands between the page's `<main>` and its end is taken over as it is, for rendering it again would cost as
    much as the page itself.
    """
    article, url = edition.article, theme.settings.url
    (style, _), (script, _) = _inlined(theme)
    variables = theme.page(edition.lang, url, f"{article.slug}/index.html")
    variables |= {
        "claims": edition.words.claims,
        "head_extra": _whole(head_extra, edition),
        "icon": data_address("favicon.svg", theme.files["favicon.svg"].content),
        "logo": theme.inside(theme.logo),
        "logo_dark": theme.inside(theme.logo_dark),
        "noindex": article.unfinished,
        "main": _whole(page[find_tag(page, "<main") : find_tag(page, "</main>") + len("</main>")], edition),
        "policy": single_policy(theme),
        "script": script,
        "style": style,
        "summary": edition.plain(article.abstract),
        "title": edition.plain(article.title),
    }
    return theme.fill("single.html", variables)


def single_policy(theme: Theme) -> str:
    """The Content Security Policy of every single page, which allows the style and the script in it and no other."""
    (_, style), (_, script) = _inlined(theme)
    return POLICY.format(script=script, style=style)


def _inlined(theme: Theme) -> tuple[tuple[Markup, str], tuple[Markup, str]]:
    return inlined(theme.whole_style, IN_STYLE), inlined(theme.files["reading.js"].content, IN_SCRIPT)


def _whole(html: str, edition: ExportContext) -> Markup:
    """A part of the article's page with its own pictures inside and every other address made whole."""
    files = edition.article.files

    def link(match: re.Match[str]) -> str:
        address = match[1]
        above = address.removeprefix("../")  # nearly all, and ten times faster than the general case
        simple = edition.settings.url + above if above != address else edition.address + address
        return f' href="{urljoin(edition.address, address) if "./" in above else simple}"'

    def picture(match: re.Match[str]) -> str:
        path = unquote(match[1])
        return f' src="{data_address(path, files[path])}"' if path in files else match[0]

    parts = _SCRIPT.split(html)
    parts[::2] = (_PICTURE.sub(picture, _LINK.sub(link, part)) for part in parts[::2])
    return Markup("".join(parts))  # noqa: S704 - what a template made, with its addresses changed
