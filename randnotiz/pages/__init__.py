"""Fill the templates: an annotated article in, the HTML of its page out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from randnotiz import citations, language, markdown, notes
from randnotiz.citations import Reference
from randnotiz.errors import Text
from randnotiz.language import Language
from randnotiz.model import (
    AnnotatedArticle,
    CounterClaim,
    DrawnChart,
    Figure,
    Line,
    Note,
    Person,
    PlainPage,
    Remark,
    Settings,
    SourceUse,
)
from randnotiz.pages import views
from randnotiz.pages.assets import Asset, read_assets
from randnotiz.pages.numbers import FigureView, Printer

__all__ = ["POLICY", "Frame", "article_page", "assets", "frame", "index_page", "not_found_page", "plain_page"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
WORDS_A_MINUTE = 200  # of careful reading, without the notes
GENERATOR = "Randnotiz"

DOWNLOADS = (
    ("single.html", "download-single"),
    ("annotations.jsonld", "download-annotations"),
    ("hypothesis.json", "download-hypothesis"),
    ("sources.json", "download-csl"),
    ("sources.bib", "download-bibtex"),
    ("figures.json", "download-figures"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What every page of a site shares; `cache` is a folder for compiled templates."""

    settings: Settings
    plain_pages: tuple[PlainPage, ...]
    templates: Path
    files: Mapping[str, Asset]
    cache: Path | None = None

    def page(self, lang: Language, root: str, path: str, here: str = "") -> dict[str, Any]:
        """The variables of every template. `root` leads to the site's top, `path` is the page's own below it."""
        settings = self.settings

        def asset(name: str) -> str:
            return f"{root}assets/{self.files[name].name}"

        return {
            "asset": asset,
            "canonical": settings.url + path.removesuffix("index.html") if path else "",
            "date": lang.date,
            "direction": lang.direction,
            "generator": GENERATOR,
            "head_extra": "",
            "here": here,
            "home": f"{root}index.html" if root != settings.url else root,
            "lang": lang.tag,
            "logo": asset(settings.logo) if settings.logo and settings.logo in self.files else "",
            "names": lambda people: lang.listed(str(person.name) for person in people),
            "plain_pages": self.plain_pages,
            "policy": POLICY,
            "quoted": lambda words: f"{lang.quotes[0]}{words}{lang.quotes[1]}",
            "root": root,
            "settings": settings,
            "word": lang.word,
        }

    def fill(self, template: str, variables: Mapping[str, Any]) -> str:
        """The HTML of a page."""
        return _environment(self.templates, self.cache).get_template(template).render(variables)


def frame(settings: Settings, plain_pages: Iterable[PlainPage], templates: Path, static: Path) -> Frame:
    """The frame of a site's pages, with everything in the static folder read."""
    return Frame(settings=settings, plain_pages=tuple(plain_pages), templates=templates, files=read_assets(static))


def assets(frame: Frame) -> dict[str, bytes]:
    """Style, script and pictures, by path below the site."""
    return {f"assets/{asset.name}": asset.content for asset in frame.files.values()}


def article_page(
    annotated: AnnotatedArticle, frame: Frame, charts: Mapping[str, DrawnChart], head_extra: Markup = Markup()
) -> str:
    """The page of an article; `head_extra` is what others put into its head."""
    article = annotated.article
    lang = language.of(article.lang)
    variables = frame.page(lang, "../", f"{article.slug}/index.html")
    variables |= _ArticleWords(annotated, frame.settings, lang).variables(charts)
    return frame.fill("article.html", variables | {"head_extra": head_extra})


def index_page(lines: Sequence[Line], frame: Frame) -> str:
    """The page that lists all articles, in the order given."""
    lang = language.of(frame.settings.lang)
    variables = frame.page(lang, "", "index.html", here="index")
    return frame.fill("index.html", variables | {"lines": [views.line(line, frame.settings) for line in lines]})


def plain_page(page: PlainPage, frame: Frame) -> str:
    """A page without annotations."""
    lang = language.of(page.lang)
    path = f"pages/{page.slug}/index.html"
    body = Markup(markdown.render(page.body, "page", quotes=lang.quotes, table_label=lang.word("table")))  # noqa: S704 - made of escaped tokens
    return frame.fill("plain.html", frame.page(lang, "../../", path, here=page.slug) | {"page": page, "html": body})


def not_found_page(frame: Frame) -> str:
    """What a server shows for an address that is none; it may stand anywhere, so its own addresses are absolute."""
    lang = language.of(frame.settings.lang)
    return frame.fill("not-found.html", frame.page(lang, frame.settings.url, ""))


@lru_cache(maxsize=4)
def _environment(templates: Path, cache: Path | None) -> Environment:
    return Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=FileSystemBytecodeCache(str(cache)) if cache else None,
    )


class _ArticleWords:
    """The words of one article's page: what its templates call to have something printed."""

    def __init__(self, annotated: AnnotatedArticle, settings: Settings, lang: Language) -> None:
        self.annotated, self.article, self.settings, self.lang = annotated, annotated.article, settings, lang
        self.printer = Printer(annotated.results, lang)
        self.numbers = notes.numbers(self.article, annotated.results, lang)
        self.references: dict[str, Reference] = {
            str(id): citations.reference(source, lang) for id, source in self.article.sources.items()
        }
        self.claims = views.claims(annotated, lang)
        self.claim_of = {
            voice.id: view
            for claim in annotated.claims
            for view in self.claims
            if view.id == claim.id
            for voice in claim.voices
        }

    def variables(self, charts: Mapping[str, DrawnChart]) -> dict[str, Any]:
        """What the article's template and its parts are filled with."""
        article, lang = self.article, self.lang
        return {
            "about": self.about(),
            "article": article,
            "body": tuple(self.body(charts)),
            "cite": self.cite(),
            "claims": self.claims,
            "downloads": DOWNLOADS,
            "figures_json": self.printer.script(),
            "foreign": self.foreign,
            "image": self.image(),
            "loose": [self.figure(name) for name in self.without_note()],
            "locator": lambda use: use.locator,
            "markdown": self.markdown,
            "marked": self.marked,
            "minutes": max(1, round(self.annotated.words / WORDS_A_MINUTE)),
            "notes": [self.note(note) for note in self.annotated.notes],
            "printed": self.printed,
            "short": lambda id: self.references[id].short if id in self.references else id,
            "source_id": notes.source_id,
            "sources": views.sources(self.annotated, self.references, lang),
            "switches": list(views.switches(self.annotated, lang)),
            "traits": lambda id: views.facts(self.references[id], lang)[:2] if id in self.references else (),
            "translations": [
                {"slug": str(slug), "lang": tag, "words": language.of(tag).word("translation-here")}
                for tag, slug in article.translations.items()
            ],
        }

    # -- words --

    def printed(self, words: Text | str) -> str:
        """A text without Markdown, with its numbers."""
        return markdown.plain(words, self.numbers)

    def markdown(self, words: Text) -> Markup:
        """A long text as HTML."""
        return Markup(self.annotated.prose[words])  # noqa: S704 - made of escaped tokens

    def marked(self, key: str, **slots: str) -> Markup:
        """An interface word whose slots may hold markup."""
        pieces = self.lang.word(key, **{name: f"\0{name}\0" for name in slots}).split("\0")
        return Markup().join(slots[piece] if place % 2 else piece for place, piece in enumerate(pieces))

    def foreign(self, id: str) -> Markup:
        """The `lang` attribute for a source's own words, where its language is another."""
        lang = self.references[id].lang if id in self.references else ""
        return Markup(' lang="{}"').format(lang) if lang else Markup()

    # -- parts of the page --

    def about(self) -> dict[str, str] | None:
        """The work that the article examines, for the line above the title."""
        id = self.article.about
        source = self.article.sources.get(id) if id is not None else None
        if source is None:
            return None
        reference = self.references[str(source.id)]
        csl = source.csl
        container, publisher = (str(csl.get(key) or "") for key in ("container-title", "publisher"))
        issued = citations.dated(citations.date(csl.get("issued")), self.lang)
        return {
            "id": notes.source_id(str(source.id)),
            "name": container or publisher or reference.short,
            "key": "examined-report" if container or publisher else "examined-work",
            "date": issued if container or publisher else "",
        }

    def cite(self) -> str:
        """How to cite this article."""
        article, lang = self.article, self.lang
        names = lang.listed(str(person.name) for person in article.authors)
        title = f"{lang.quotes[0]}{self.printed(article.title)}{lang.quotes[1]}"
        day = lang.date(article.published) if article.published else lang.word("cite-no-date")
        address = f"{self.settings.url}{article.slug}/"
        return f"{names + ': ' if names else ''}{title}, {self.settings.title}, {day}, {address}"

    def image(self) -> dict[str, Any] | None:
        """The picture of the front matter with its size."""
        image = self.article.image
        size = markdown.size(self.article.files[image.src]) if image and image.src in self.article.files else None
        if image is None or size is None:
            return None
        alt = self.printed(image.alt)
        return {"src": image.src, "alt": alt, "credit": image.credit, "width": size[0], "height": size[1]}

    def body(self, charts: Mapping[str, DrawnChart]) -> Iterator[dict[str, Any]]:
        """The text, cut where charts stand."""
        for html, chart in self.annotated.pieces:
            drawn = charts.get(chart)
            yield {
                "html": Markup(html),  # noqa: S704 - made of escaped tokens
                "chart": self.chart(drawn) if drawn else None,
            }

    def chart(self, drawn: DrawnChart) -> dict[str, Any]:
        """A chart with its furniture."""
        chart = drawn.chart
        columns = [
            {"words": words, "numeric": numeric} for words, numeric in zip(drawn.columns, drawn.numeric, strict=True)
        ]
        return {
            "id": chart.id,
            "title": chart.title,
            "subtitle": chart.subtitle,
            "note": chart.note,
            "sources": chart.sources,
            "wide": Markup(drawn.wide),  # noqa: S704 - drawn by us, cleaned of all but shapes
            "narrow": Markup(drawn.narrow) if drawn.narrow else None,  # noqa: S704 - the same
            "columns": columns,
            "rows": [
                [{"words": cell, "numeric": numeric} for cell, numeric in zip(row, drawn.numeric, strict=True)]
                for row in drawn.cells
            ],
        }

    def note(self, note: Note) -> views.NoteView:
        """A note with its head and all that its body needs."""
        annotation = note.annotation
        figure = self.figure(annotation.name) if isinstance(annotation, Figure) else None
        body = Markup(note.body) if note.body is not None else None  # noqa: S704 - made of escaped tokens
        return views.NoteView(
            id=note.id,
            kind=note.kind,
            number=note.number,
            sign=views.SIGNS[note.kind],
            word=views.kind_word(note, self.lang),
            short=self.short(note, figure),
            passage=note.passage,
            annotation=annotation,
            claim=self.claim_of.get(note.id),
            figure=figure,
            body=body,
            changes=annotation.changes if annotation else (),
            editor=str(annotation.by_editor.name) if annotation and annotation.by_editor else None,
        )

    def short(self, note: Note, figure: FigureView | None) -> str:
        """The one line of a note at rest: the voice, the result, or its first words."""
        match note.annotation:
            case CounterClaim(by=by):
                return str(by.name)
            case Remark(term=term) if term is not None:
                return str(term)
            case Remark(note=words):
                return views.cut(self.markdown(words).striptags())
            case Figure():
                return figure.amount if figure else ""
            case None:
                return views.cut(Markup(note.body or "").striptags())  # noqa: S704 - its tags are taken out
            case annotation:
                shorts = (self.references[id].short for use in views.uses_of(annotation, self.annotated)
                          if (id := str(use.id)) in self.references)  # fmt: skip
                return self.lang.listed(shorts)

    def figure(self, name: str) -> FigureView | None:
        """A computed figure, None for one with a fault."""
        result = self.annotated.results.figures.get(name)
        return self.printer.view(result) if result else None

    def without_note(self) -> list[str]:
        """Figures that the text prints but no note explains, in the order of the file."""
        noted = {getattr(note.annotation, "name", None) for note in self.annotated.notes}
        return [name for name in self.annotated.results.figures if name not in noted]
