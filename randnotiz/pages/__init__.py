"""Fill the templates: an annotated article in, the HTML of its page out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

from jinja2 import (
    BytecodeCache,
    Environment,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateRuntimeError,
)
from jinja2.bccache import Bucket
from markupsafe import Markup
from msgspec import Struct, field
from msgspec.structs import replace

from randnotiz import caching, language, markdown, reader, shipped, slugs
from randnotiz.colours import COLOURS, Colour, palette
from randnotiz.diagnostics import Diagnostic, Position, did_you_mean, excerpts, with_excerpts
from randnotiz.language import Locale
from randnotiz.memo import memoize
from randnotiz.model import AnnotatedArticle, Claim, DrawnChart, FrameLink, PlainPage, Settings
from randnotiz.model.look import Logo
from randnotiz.pages import template_faults
from randnotiz.pages.assets import (
    EMBED_STYLE,
    IN_STYLE,
    Asset,
    Reading,
    asset,
    data_address,
    inlined,
    read_text,
    whole,
)
from randnotiz.pages.template_context import ArticleContext, language_calls, macros

__all__ = [
    "POLICY",
    "ArticleContext",
    "Theme",
    "article_context",
    "article_page",
    "assets",
    "claim_page",
    "not_found_page",
    "not_found_policy",
    "plain_page",
    "theme",
]

# No script of ours connects to anything. But audits such as Lighthouse's fetch robots.txt from within the page, and
# without the last rule they report that there is none; connections to other hosts stay forbidden.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; connect-src 'self'"
)
GENERATOR = "Randnotiz"
PARTS_A_PIECE = 1_000


class Theme(Struct, frozen=True, kw_only=True):
    """What every page of a site shares: `templates` are file and text of each by its name, the very same until
    one of them changes; `cache` is a folder for compiled ones.
    """

    settings: Settings
    plain_pages: tuple[PlainPage, ...]
    templates: Mapping[str, tuple[Path, str]]
    files: Mapping[str, Asset]
    whole_style: bytes  # for pages that stand alone
    colours: Mapping[str, Colour]
    light: Mapping[str, str]  # the colours for drawings that no style sheet reaches
    logo: str = ""  # the names of its files
    logo_dark: str = ""
    cache: Path | None = None
    own: Mapping[str, str] = field(default_factory=dict)  # what the files of the site's own templates are called
    faults: tuple[Diagnostic, ...] = ()  # of those, and of style sheets

    def page(self, lang: Locale, root: str, path: str, here: str = "") -> dict[str, Any]:
        """The variables of every template. `root` leads to the site's top, `path` is the page's own below it."""
        settings = self.settings

        def asset(name: str) -> str:
            name = normalize("NFC", name)
            if name not in self.files:
                raise TemplateRuntimeError(f"there is no file '{name}' in static/{did_you_mean(name, self.files)}")
            return f"{root}assets/{self.files[name].name}"

        return {
            "asset": asset,
            "colours": self.light,
            "canonical": settings.url + slugs.percent_encoded(path.removesuffix("index.html")) if path else "",
            "generator": GENERATOR,
            "head_extra": "",
            "here": here,
            "home": f"{root}index.html" if root != settings.url else root,
            "lang": lang.tag,
            "footer": self.frame("footer", lang),
            "header": self.frame("header", lang),
            "logo": asset(self.logo) if self.logo else "",
            "logo_dark": asset(self.logo_dark) if self.logo_dark else "",
            "noindex": False,
            "names": lambda people: lang.listed(str(person.name) for person in people),
            "paper": self.colours["paper"],
            "parts": macros(self.template("parts/notes.html"), lang),
            "plain_pages": self.plain_pages,
            "policy": POLICY,
            "root": root,
            "search": root + self.search_page(lang),
            "settings": settings,
        } | language_calls(lang)

    def search_page(self, lang: Locale) -> str:
        """The path of the search in a language."""
        tag, site = map(language.primary, (lang.tag, self.settings.lang))
        return "search/index.html" if tag == site else f"search/{tag}/index.html"

    def inside(self, name: str) -> str:
        """A picture of ours as an address that holds it; empty where there is none."""
        return data_address(name, self.files[name].content) if name in self.files else ""

    def frame(self, part: Literal["header", "footer"], lang: Locale) -> tuple[FrameLink, ...]:
        """The links of the house for a page in a language, or else those in the site's, or else in the first."""
        if self.settings.theme is None:
            return ()
        links: Mapping[str, tuple[FrameLink, ...]] = getattr(self.settings.theme, part)
        wanted = (lang.tag, lang.tag.partition("-")[0], self.settings.lang, *links)
        return next((links[tag] for tag in wanted if tag in links), ())

    def template(self, name: str) -> Template:
        """The very same template until one of all changes."""
        return _environment(self.templates, self.cache).get_template(name)

    def fill(self, template: str, variables: Mapping[str, Any]) -> str:
        """The HTML of a page."""
        return self.template(template).render(variables)

    def without(self, name: str) -> "Theme":
        """The same with the packaged template of a name, or none."""
        others = {each: template for each, template in self.templates.items() if each != name}
        if f"!{name}" in self.templates:
            others[name] = self.templates[f"!{name}"]
        return replace(self, templates=others)

    def pieces(self, template: str, variables: Mapping[str, Any]) -> Iterator[bytes]:
        """The same bit by bit, for a page that grows with the site and must not fill the memory."""
        stream = self.template(template).stream(variables)
        stream.enable_buffering(PARTS_A_PIECE)
        yield from (piece.encode() for piece in stream)


def theme(
    settings: Settings,
    plain_pages: Iterable[PlainPage],
    templates: Path,
    static: Path,
    cache: Path | None = None,
    logo: bytes | None = None,
    content: Path | None = None,
) -> Theme:
    """The theme of a site's pages: what its own folders of templates and static files hold, and behind each what the
    package has; all is read. `logo` is what site.yaml names; in diagnostics, files are called by their paths from
    `content`, the folder of content.
    """
    content = content or templates.parent / "content"

    def shown(path: Path) -> str:
        return shipped.shown(path, content)

    colours = palette(settings.colours())
    reading = Reading(files=shipped.overlay(static, "static"), colours=colours, look=settings.theme, place=shown)
    files = reading.assets()
    texts, own = _texts(templates, shown, reading.faults)
    named = _same(texts)
    found = [*reading.faults, *_faults(named, tuple(own.items()), cache, tuple(files))]
    looked = (*reading.files.values(), *(path for path, _ in named.values())) if found else ()
    read = {shown(path): path.read_bytes() for path in looked}
    signs = settings.theme.logo if settings.theme and settings.theme.logo else Logo()
    if settings.logo and logo is not None:
        files[settings.logo] = asset(settings.logo, logo)
    if signs.favicon in files:
        files["favicon.svg"] = files[str(signs.favicon)]
    elif not (static / "favicon.svg").exists():
        files["favicon.svg"] = asset("favicon.svg", _coloured(files["favicon.svg"].content, settings, colours))
    name = signs.light or settings.logo
    return Theme(
        settings=settings,
        plain_pages=tuple(plain_pages),
        templates=named,
        own=own,
        faults=with_excerpts(found, excerpts(read)),
        files=files,
        colours=colours,
        light={name: colour.light for name, colour in colours.items()},
        whole_style=whole(files["style.css"].content, files),
        logo=name if name in files else "",
        logo_dark=signs.dark if signs.dark in files else "",
        cache=cache,
    )


def _coloured(icon: bytes, settings: Settings, colours: Mapping[str, Colour]) -> bytes:
    """The packaged icon in the colours of the house, its dot in the accent if the house has one."""
    dot = "accent" if "accent" in settings.colours() else "verdict-3"
    for old, new in {"paper": "paper", "ink": "ink", "verdict-3": dot}.items():
        icon = icon.replace(COLOURS[old].light.encode(), colours[new].light.encode())
    return icon


def _texts(
    folder: Path, shown: Callable[[Path], str], faults: list[Diagnostic]
) -> tuple[tuple[tuple[str, Path, str], ...], Mapping[str, str]]:
    """Every template; with `!` before its name it is the packaged one, as a template of the same name may extend. And
    what those of the site's own are called.
    """
    packaged = shipped.files(shipped.folder("templates"))
    ours = {name: path for name, path in shipped.files(folder).items() if path != packaged.get(name)}
    texts, own = {name: (path, read_text(path)) for name, path in packaged.items()}, {}
    texts |= {f"!{name}": text for name, text in texts.items()}
    for name, path in ours.items():
        try:
            texts[name] = path, path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            message = f"this file is not UTF-8 (byte {error.start})"
            faults.append(Diagnostic(Position(shown(path)), "encoding", message))
        else:
            own[name] = shown(path)
    return tuple((name, path, text) for name, (path, text) in texts.items()), own


def blamed(error: Exception, theme: Theme, make: Callable[[Theme], object]) -> Diagnostic:
    """The fault in a template of the site that makes `make` raise; any other error is a bug, and raised again."""
    paths = {str(theme.templates[name][0]): shown for name, shown in theme.own.items()}
    fault = template_faults.blamed(error, theme.own, paths, lambda name: make(theme.without(name)))
    if fault is None:
        raise error
    read = {shown: theme.templates[name][1].encode() for name, shown in theme.own.items()}
    return with_excerpts([fault], excerpts(read))[0]


def undefined(theme: Theme) -> tuple[Diagnostic, ...]:
    """The names in templates of the site's own that no page gives to one."""
    known = theme.page(language.of(theme.settings.lang), "", "").keys()
    found = template_faults.undefined(
        theme.templates, theme.own, _environment(theme.templates, theme.cache), {*known}
    )
    read = {shown: theme.templates[name][1].encode() for name, shown in theme.own.items()}
    return with_excerpts([*found], excerpts(read))


@lru_cache(maxsize=4)
def _same(templates: tuple[tuple[str, Path, str], ...]) -> Mapping[str, tuple[Path, str]]:
    """The very same mapping for the same templates, since comparing all their texts for each page takes long."""
    return {name: (path, text) for name, path, text in templates}


def assets(theme: Theme) -> dict[str, bytes]:
    """Style, script and pictures, by path below the site."""
    return {f"assets/{asset.name}": asset.content for name, asset in theme.files.items() if name != EMBED_STYLE}


def article_context(annotated: AnnotatedArticle, settings: Settings) -> ArticleContext:
    """The words of an article, which all its pages share."""
    return ArticleContext(annotated, settings, language.of(annotated.article.lang))


def article_page(
    annotated: AnnotatedArticle,
    theme: Theme,
    charts: Mapping[str, DrawnChart],
    head_extra: Markup | None = None,
    words: ArticleContext | None = None,
) -> str:
    """The page of an article; `head_extra` is what others put into its head."""
    words = words or article_context(annotated, theme.settings)
    variables = theme.page(words.lang, "../", f"{words.article.slug}/index.html")
    variables["noindex"] = words.article.unfinished
    return theme.fill(
        "article.html",
        variables | words.variables(charts, theme.template("parts/notes.html")) | {"head_extra": head_extra or ""},
    )


def claim_page(claim: Claim, words: ArticleContext, theme: Theme, head_extra: Markup | None = None) -> str:
    """The page of one claim that has a verdict, with every voice on it and whatever it takes to judge that."""
    assert claim.verdict is not None  # noqa: S101 - no other has a page
    variables = theme.page(words.lang, "../../../", f"{words.article.slug}/claims/{claim.id}/index.html")
    variables["noindex"] = words.article.unfinished
    macros = theme.template("parts/notes.html")
    return theme.fill(
        "claim.html", variables | words.claim(claim, claim.verdict, macros) | {"head_extra": head_extra or ""}
    )


def plain_page(page: PlainPage, theme: Theme) -> str:
    """A page without annotations."""
    lang = language.of(page.lang)
    path = f"pages/{page.slug}/index.html"
    variables = theme.page(lang, "../../", path, here=page.slug)
    return theme.fill("plain.html", variables | {"page": page, "html": plain_html(page)})


def plain_html(page: PlainPage) -> Markup:
    """The text of a page without annotations."""
    document, _ = reader.plain_document(page)
    return Markup(markdown.html(document.flows[0], language.of(page.lang).keep))  # noqa: S704 - made of escaped tokens


def not_found_page(theme: Theme) -> str:
    """What a server shows for an address that is none. It may stand anywhere, on any host: its style and its pictures
    are inside, and its links are absolute.
    """
    lang = language.of(theme.settings.lang)
    variables = theme.page(lang, theme.settings.url, "") | {
        "icon": data_address("favicon.svg", theme.files["favicon.svg"].content),
        "logo": theme.inside(theme.logo),
        "logo_dark": theme.inside(theme.logo_dark),
        "policy": not_found_policy(theme),
        "style": inlined(theme.whole_style, IN_STYLE)[0],
    }
    return theme.fill("not-found.html", variables)


def not_found_policy(theme: Theme) -> str:
    """The Content Security Policy of that page, which allows what is inside it as well."""
    style = inlined(theme.whole_style, IN_STYLE)[1]
    policy = POLICY.replace("style-src 'self'", f"style-src 'self' '{style}'")
    for kind in ("img-src", "font-src"):
        policy = policy.replace(f"{kind} 'self'", f"{kind} 'self' data:")
    return policy


@memoize(1)
def _faults(
    templates: Mapping[str, tuple[Path, str]],
    own: tuple[tuple[str, str], ...],
    cache: Path | None,
    static: tuple[str, ...],
) -> tuple[Diagnostic, ...]:
    """What can be said of the templates of the site's own, which a preview reads again with every change around."""
    return tuple(template_faults.find(templates, dict(own), _environment(templates, cache), static))


@memoize(4)
def _environment(templates: Mapping[str, tuple[Path, str]], cache: Path | None) -> Environment:
    by_name = {name: (text, str(path), lambda: True) for name, (path, text) in templates.items()}
    environment = Environment(
        loader=FunctionLoader(by_name.get),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=TemplateCache(cache) if cache else None,
    )
    # What data repeats of the page is spelled as there, so that it compresses.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False, "separators": (",", ":")}
    return environment


class TemplateCache(BytecodeCache):
    """Compiled templates, kept between builds, for it takes long; Jinja's own cache runs what has a wrong bit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was kept for a template."""
        code = caching.get(self.folder, _key(bucket))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps a template."""
        caching.put(self.folder, _key(bucket), bucket.bytecode_to_string())


def _key(bucket: Bucket) -> str:
    return caching.key_of(("pages",), bucket.key, bucket.checksum)
