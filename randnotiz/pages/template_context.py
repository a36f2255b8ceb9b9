"""The words of one article's page: what its templates are filled with, and what they call to have it printed."""

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any, get_args
from urllib.parse import quote, urljoin

from jinja2 import Template
from jinja2.environment import TemplateModule
from markupsafe import Markup, escape
from msgspec.structs import replace

from randnotiz import citations, language, markdown, notes
from randnotiz.citations import Reference, ReferencePart
from randnotiz.diagnostics import SourceText
from randnotiz.language import Locale
from randnotiz.letters import without_tags
from randnotiz.markdown import Numbers
from randnotiz.markdown.placeholders import NO_NUMBERS
from randnotiz.memo import memoize
from randnotiz.model import (
    AnchoredNote,
    AnnotatedArticle,
    Annotation,
    Citation,
    Claim,
    CounterClaim,
    DrawnChart,
    EditorialNote,
    Figure,
    Heading,
    Settings,
    Source,
    Stance,
    Verdict,
)
from randnotiz.pages import views
from randnotiz.pages.figure_views import FigureView, NumberFormatter
from randnotiz.sidecars import SIDECARS

# The numbers of notes on a footnote's words, which are none of them.
_REFERENCES = re.compile(r'<sup class="refs">.*?</sup>')
# A link to another page of the site, as the renderer of Markdown writes it.
_LINK = re.compile(r'<a href="(?![#"]|[\w+.-]+:)([^"]*)"')
_FIGURE = re.compile(r' data-figure="(\w+)"')
# How the page writes them; what keeps its case in another style has none here.
_STYLES: Mapping[str, tuple[str, str]] = {
    **{tag: (f"<{tag}>", f"</{tag}>") for tag in ("i", "b", "sub", "sup")},
    "small-caps": ('<span class="small-caps">', "</span>"),
}
_BLOCK_END = re.compile(r"</(?:p|ul|ol|table|pre|blockquote)>")

WORDS_A_MINUTE = 200  # of careful reading, without the notes
MOST_IN_A_ROW = 5  # notes at one paragraph, before the margin folds the sources
LONG = 10  # sections from which on a text gets a table of contents; fewer are seen while scrolling
SECTION = 2  # the level of their headings


def language_calls(lang: Locale) -> dict[str, Any]:
    """What every template may call, and needs but the language."""

    def tied(words: str) -> Markup:
        return Markup(lang.keep(str(escape(words))))  # noqa: S704 - escaped

    return {
        "colon": lang.colon,
        "comma": lang.comma,
        "semicolon": lang.semicolon,
        "stop": lang.stop,
        "date": lang.whole_date,
        "direction": lang.direction,
        "in_language": partial(_in_language, lang),
        "label": lang.message,
        "message": partial(_spoken, lang),
        "quoted": lambda words: f"{lang.quotes[0]}{words}{lang.quotes[1]}",
        "tied": tied,
    }


def _in_language(lang: Locale, tag: str) -> Markup:
    """The attributes of an element in another language than the page's: its name, and its direction if it differs."""
    if not tag or tag == lang.tag:
        return Markup()
    other = language.of(tag).direction if language.known(tag) else lang.direction
    way = Markup(' dir="{}"').format(other) if other != lang.direction else ""
    return Markup(' lang="{}"{}').format(tag, way)


def _spoken(lang: Locale, key: str, **slots: object) -> str:
    """An interface word, marked if it is in another language; an attribute takes it as `label`, without marks."""
    words = lang.message(key, **slots)
    if (other := lang.foreign(key)) is None:
        return words
    return Markup('<span lang="{}" dir="{}">{}</span>').format(other.tag, other.direction, words)


@memoize(8)
def _references(lang: Locale, *sources: Source) -> dict[str, Reference]:
    """The sources of an article, by id, as its page prints them."""
    return citations.disambiguated({str(source.id): citations.reference(source, lang) for source in sources})


class MacroContext:
    """What the macros of notes, charts and sources call to have something printed."""

    def __init__(self, lang: Locale, numbers: Numbers, references: Mapping[str, Reference]) -> None:
        self.lang, self.numbers, self.references = lang, numbers, references

    def calls(self) -> dict[str, Any]:
        """The functions by their names in templates."""
        return {
            "foreign": self.foreign,
            "marked": self.marked,
            "printed": self.printed,
            "short": self.named,
            "source_id": notes.source_id,
            "styled": self.styled,
            "traits": self.traits,
        }

    def printed(self, words: SourceText | str) -> str:
        """A text without Markdown, with its numbers."""
        return markdown.plain(words, self.numbers, self.lang.quotes)

    def marked(self, key: str, **slots: str) -> Markup:
        """An interface word whose slots may hold markup."""
        pieces = self.lang.message(key, **{name: f"\0{name}\0" for name in slots}).split("\0")
        return Markup().join(slots[piece] if place % 2 else piece for place, piece in enumerate(pieces))

    def styled(self, part: ReferencePart) -> Markup:
        """The words of a part of a reference, in the few styles that rich text has."""
        styled = []
        for run in part.runs:
            html = self.lang.keep(str(escape(run.text)))
            for tag in reversed(run.tags):
                opening, closing = _STYLES.get(tag, ("", ""))
                html = f"{opening}{html}{closing}"
            styled.append(html)
        return Markup("".join(styled))  # noqa: S704 - escaped

    def named(self, source: str) -> str:
        """A source in two words; its id where it could not be read."""
        return self.references[source].short if source in self.references else source

    def traits(self, source: str) -> tuple[str, ...]:
        """What a reader should know of a source at once: what it rests on, and whether it was read."""
        return views.facts(self.references[source], self.lang)[:2] if source in self.references else ()

    def foreign(self, source: str) -> Markup:
        """The `lang` attribute for a source's own words, where its language is another."""
        lang = self.references[source].lang if source in self.references else ""
        return Markup(' lang="{}"').format(lang) if lang else Markup()


_NO_REFERENCES: Mapping[str, Reference] = {}


@memoize(8)
def macros(
    template: Template,
    lang: Locale,
    numbers: Numbers = NO_NUMBERS,
    references: Mapping[str, Reference] = _NO_REFERENCES,
) -> TemplateModule:
    """The macros of notes, charts and sources, which are given nothing but these arguments and a view: one that asks
    for more is a fault of the template. Making them takes as long as filling a small page.
    """
    return template.make_module(MacroContext(lang, numbers, references).calls() | language_calls(lang))


@memoize(256)
def _html(
    template: Template,
    macro: str,
    view: Any,
    lang: Locale,
    numbers: Numbers,
    references: Mapping[str, Reference],
) -> Markup:
    """What a macro makes of a view, which a save most often leaves as it was."""
    html: Markup = getattr(macros(template, lang, numbers, references), macro)(view)
    return html


@memoize(32)
def _chart(drawn: DrawnChart, note: str, left_out: Collection[str], editor: str | None) -> dict[str, Any]:
    """A chart with its furniture; `note` is HTML, `left_out` are the names of files that the site does without, and
    `editor` is who made it, if readers see that.
    """
    chart = drawn.chart
    columns = [
        {"words": words, "numeric": numeric} for words, numeric in zip(drawn.columns, drawn.numeric, strict=True)
    ]
    return {
        "id": chart.id,
        "title": chart.title,
        "subtitle": chart.subtitle,
        "note": note,
        "left_out": left_out,
        "sources": chart.sources,
        "changes": chart.changes,
        "draft": chart.draft,
        "editor": editor,
        "wide": Markup(drawn.wide),  # noqa: S704 - drawn by us, cleaned of all but shapes
        "narrow": Markup(drawn.narrow) if drawn.narrow else None,  # noqa: S704 - the same
        "columns": columns,
        "rows": [
            [{"words": cell, "numeric": numeric} for cell, numeric in zip(row, drawn.numeric, strict=True)]
            for row in drawn.cells
        ],
    }


def _elsewhere(back: str, address: str) -> str:
    """An address of the article's page seen from another page, from which `back` leads to it."""
    if markdown.scheme(address):
        return address
    return back + address if address.startswith("#") else posixpath.normpath(f"{posixpath.dirname(back)}/{address}")


def _first_block(html: str) -> str:
    """The words of the first paragraph, table or list of a text."""
    return without_tags(_BLOCK_END.split(html, maxsplit=1)[0])


class ArticleContext(MacroContext):
    """The words of one article's page: what its templates call to have something printed."""

    def __init__(self, annotated: AnnotatedArticle, settings: Settings, lang: Locale) -> None:
        numbers = notes.numbers(annotated.article, annotated.results, lang)
        super().__init__(lang, numbers, _references(lang, *annotated.article.sources.values()))
        self.annotated, self.article, self.settings = annotated, annotated.article, settings
        self.printer = NumberFormatter(annotated.results, lang)
        self.claims = views.claims(annotated, lang)

    def variables(self, charts: Mapping[str, DrawnChart], macros: Template) -> dict[str, Any]:
        """What the article's template and its parts are filled with; `macros` make notes, charts and sources."""
        article, lang = self.article, self.lang

        def html(macro: str, view: Any) -> Markup:
            return _html(macros, macro, view, lang, self.numbers, self.references)

        listed = views.sources(self.annotated, self.references, lang)
        return self.calls() | {
            "about": self.about(),
            "article": article,
            "body": [
                {"html": Markup(self.addressed(text)), "chart": html("chart", self.chart(drawn)) if drawn else ""}  # noqa: S704 - made of escaped tokens
                for text, drawn in ((text, charts.get(chart)) for text, chart in self.annotated.pieces)
            ],
            "byline": self.byline(),
            "cite": self.cite(),
            "claims": self.claims,
            "verdicts": views.verdict_parts(self.claims, lang),
            "downloads": [
                one
                for one in SIDECARS
                if one.message
                and one.name not in self.settings.left_out
                and (charts or not one.path.startswith("charts/"))
            ],
            "figures_json": self.printer.script(),
            "image": self.image(),
            "loose": [
                html("loose", self.note(AnchoredNote(id=figure.id, kind="figure", number=None, annotation=figure)))
                for figure in map(article.figures.__getitem__, self.without_note())
            ],
            "minutes": self.minutes(),
            "parts": self.macros(macros),
            "notes": [
                {
                    "html": html("note", self.note(*together)._replace(folded=folded)),
                    "more": "+ " + lang.message("count-source", n=len(more)) if more else "",
                    "ids": " ".join(more),
                }
                for together, folded, more in self.rows()
            ],
            "sections": self.sections(),
            "sources": [html("source", view) for view in listed],
            "accessed": next((view.accessed.strip(lang.comma) for view in listed), ""),
            "switches": list(views.switches(self.annotated, lang)),
            "translations": [
                {"slug": str(slug), "lang": tag} | views.translation(language.of(tag), lang)
                for tag, slug in article.translations.items()
            ],
        }

    def claim(self, claim: Claim, verdict: Verdict, macros: Template) -> dict[str, Any]:
        """What the page of a claim with a verdict is filled with."""
        placed = {note.id: note for note in self.annotated.notes if note.number is not None}
        order = get_args(Stance)
        voices = sorted(claim.voices, key=lambda voice: order.index(voice.stance))
        figures = self.figures_of(claim, [placed[voice.id] for voice in voices if voice.id in placed])
        uses = (use for one in (*voices, *figures) for use in views.uses_of(one, self.annotated))
        cited = {str(id) for id in (*claim.appeared_in, *(use.id for use in uses))} & self.references.keys()
        shown = [view for view in self.claims if view.page]
        at = next(at for at, view in enumerate(shown) if view.id == claim.id)
        back = "../../index.html"
        return self.calls() | {
            "appeared_in": [id for id in claim.appeared_in if id in self.references],
            "article": self.article,
            "article_page": back,
            "claim": shown[at],
            "figures": [
                replace(view, sliders=()) for view in map(self.figure, (one.name for one in figures)) if view
            ],
            "meaning": views.verdict_meaning(verdict, self.lang),
            "next": shown[(at + 1) % len(shown)] if len(shown) > 1 else None,
            "parts": self.macros(macros),
            "scale": views.scale(verdict, self.settings.verdicts.values(), self.lang),
            "sentences": self.sentences([placed[voice.id] for voice in claim.voices if voice.id in placed]),
            "sources": [
                {"reference": one, "facts": views.facts(one, self.lang), "folder": citations.folder(one.id)}
                for one in sorted(map(self.references.__getitem__, cited), key=lambda one: one.sort_key)
            ],
            "verdict": verdict,
            "voices": [
                {
                    "id": f"voice-{voice.id}",
                    "annotation": voice,
                    "sign": views.STANCES[voice.stance],
                    "word": self.lang.message(f"stance-{voice.stance}"),
                    "place": f"{'r' if voice.id in placed else 'n'}-{voice.id}",
                    "texts": self.long_texts(voice, partial(_elsewhere, back)),
                }
                for voice in voices
            ],
        }

    def figures_of(self, claim: Claim, placed: Sequence[AnchoredNote]) -> list[Figure]:
        """The figures whose words are, in part at least, those that voices on a claim are about, and then those whose
        numbers the verdict's reason and the voices print.
        """
        spans = [voice.span for voice in placed if voice.span]
        found = {
            note.annotation.name: note.annotation
            for note in self.annotated.notes
            if isinstance(note.annotation, Figure)
            and note.span
            and any(note.span.start < span.end and span.start < note.span.end for span in spans)
        }
        texts = (text for voice in claim.voices for text in (voice.counter, voice.reply) if text)
        names = [name for _, name in markdown.names_in(claim.why or SourceText(""), self.numbers)]
        names += _FIGURE.findall("".join(map(self.markdown, texts)))
        by_name = self.article.figures
        return list(
            (found | {name: by_name[name] for name in names if name in by_name and name not in found}).values()
        )

    def sentences(self, voices: Sequence[AnchoredNote]) -> list[dict[str, str]]:
        """The sentences of a claim in the order of the text, each once, with the longest of its passages."""
        found: dict[str, dict[str, str]] = {}
        for note in sorted((one for one in voices if one.span), key=lambda one: (one.at, one.id)):
            before, after = views.context(note, self.annotated)
            sentence = before + note.passage + after
            if len(note.passage) > len(found.get(sentence, {"passage": ""})["passage"]):
                parts = {"before": before, "passage": note.passage, "after": after}
                found[sentence] = {**parts, "place": f"r-{note.id}"}
        return list(found.values())

    # -- words --

    def markdown(self, words: SourceText) -> str:
        """A long text as HTML."""
        return self.annotated.prose[words]

    def long_texts(self, annotation: Annotation | None, lead: Callable[[str], str] | None = None) -> views.LongTexts:
        """Those of an annotation as HTML, in which every address is as `lead` says."""
        written = {name: getattr(annotation, name, None) for name in views.LongTexts._fields}
        html = partial(self.led, lead=lead) if lead else self.markdown
        return views.LongTexts(**{name: html(words) for name, words in written.items() if words})

    def macros(self, template: Template) -> TemplateModule:
        """The macros as this article fills them."""
        return macros(template, self.lang, self.numbers, self.references)

    def chart(self, drawn: DrawnChart) -> dict[str, Any]:
        """A chart with all that belongs to it."""
        note = self.markdown(drawn.chart.note) if drawn.chart.note else ""
        return _chart(drawn, note, self.settings.left_out, self.editor(drawn.chart))

    def addressed(self, html: str) -> str:
        """The text's HTML, in which a link to a page of the site also says that page's whole address, for paper."""
        page = f"{self.settings.url}{self.article.slug}/"
        return _LINK.sub(
            lambda link: f'{link[0]} data-to="{re.sub("(?<=/)index[.]html|^https?://", "", urljoin(page, link[1]))}"',
            html,
        )

    def led(self, words: SourceText, lead: Callable[[str], str]) -> str:
        """A long text as HTML in which every address, of links and pictures, is as `lead` says."""
        html = self.markdown(words)
        if not markdown.leads_on(html):
            return html
        document, _ = markdown.read(
            words, "field", quotes=self.lang.quotes, numbers=self.numbers, table_label=self.lang.message("table")
        )
        markdown.led(document.flows[0], lead)
        return markdown.html(document.flows[0], self.lang.keep)

    # -- parts of the page --

    def about(self) -> dict[str, str] | None:
        """The work that the article examines, for the line above the title."""
        id = self.article.about
        source = self.article.sources.get(id) if id is not None else None
        if source is None:
            return None
        reference = self.references[str(source.id)]
        csl = source.csl
        container, publisher = (citations.plain_text(csl.get(key)) for key in ("container-title", "publisher"))
        issued = citations.format_date(citations.date(csl.get("issued")), self.lang)
        entry = str(csl.get("type")).startswith("entry")  # of an encyclopedia or a dictionary: no report
        return {
            "id": notes.source_id(str(source.id)),
            "name": container or publisher or reference.short,
            "key": "examined-report" if (container or publisher) and not entry else "examined-work",
            "date": issued if container or publisher else "",
        }

    def minutes(self) -> str:
        """How long the text takes to read, and how long with all its notes."""
        notes = sum(language.count_words(Markup(html).striptags()) for html in self.annotated.prose.values())  # noqa: S704 - its tags are taken out
        alone, whole = (
            max(1, round(words / WORDS_A_MINUTE)) for words in (self.annotated.words, self.annotated.words + notes)
        )
        if whole == alone:
            return self.lang.message("count-minutes", n=alone)
        return self.lang.message("count-minutes-notes", n=alone, all=self.lang.whole(whole))

    def byline(self) -> Markup:
        """Who wrote the article; a house that signs as a whole stands there by its name alone."""
        authors = self.article.authors
        linked = [
            Markup('<a href="{}">{}</a>').format(one.url, one.name) if one.url else escape(one.name)
            for one in authors
        ]
        names = Markup(self.lang.listed(linked))  # noqa: S704 - each is escaped
        return names if all(one.type == "organization" for one in authors) else self.marked("by", names=names)

    def cite(self) -> str:
        """How to cite this article."""
        article, lang = self.article, self.lang
        names = lang.listed(str(person.name) for person in article.authors)
        title = f"{lang.quotes[0]}{self.printed(article.title)}{lang.quotes[1]}"
        day = lang.date(article.published) if article.published else lang.message("cite-no-date")
        address = f"{self.settings.url}{article.slug}/"
        return (names + lang.colon if names else "") + lang.comma.join((title, self.settings.title, day, address))

    def image(self) -> dict[str, Any] | None:
        """The picture of the front matter with its size."""
        image = self.article.image
        size = markdown.size(self.article.files[image.src]) if image and image.src in self.article.files else None
        if image is None or size is None:
            return None
        alt = self.printed(image.alt)
        return {"src": quote(image.src), "alt": alt, "credit": image.credit, "width": size[0], "height": size[1]}

    def sections(self) -> list[Heading]:
        """The headings of a table of contents; none for a text that needs no such thing."""
        found = [heading for heading in self.annotated.headings if heading.level == SECTION]
        return found if len(found) >= LONG else []

    def together(self) -> Iterator[Sequence[AnchoredNote]]:
        """The notes of the page, the voices on a claim as one."""
        for _, group in groupby(self.annotated.notes, lambda note: note.claim or note.id):
            yield tuple(group)

    def rows(self) -> Iterator[tuple[Sequence[AnchoredNote], bool, Sequence[str]]]:
        """The notes of the page, each with whether the margin folds it, before the first such all their ids."""
        document = self.annotated.document

        def paragraph(together: Sequence[AnchoredNote]) -> int:
            first = min((note.at for note in together if note.number), default=-1)
            block = document.block_at(first) if document and first >= 0 else None
            return block.start if block else -1

        for _, group in groupby(self.together(), paragraph):
            row = tuple(group)
            folded = [note.id for note, *_ in row if note.number and isinstance(note.annotation, Citation)]
            if len(row) <= MOST_IN_A_ROW or len(folded) < 2:  # a line of its own saves none for one
                folded = []
            for together in row:
                first = together[0].id
                yield together, first in folded, folded if folded[:1] == [first] else ()

    def note(self, note: AnchoredNote, *others: AnchoredNote) -> views.NoteView:
        """A note with its head and all that its body needs; `others` are the further voices on its claim."""
        annotation = note.annotation
        figure = self.figure(annotation.name) if isinstance(annotation, Figure) else None
        claim = next((view for view in self.claims if view.id == note.claim), None)
        opening = next((one for one in (note, *others) if one.id == note.claim), note)
        first = min((one for one in (note, *others) if one.number), key=lambda one: one.at, default=note)
        gist = self.gist(opening)
        if claim and not claim.verdict and isinstance(opening.annotation, CounterClaim):
            gist = f"{opening.annotation.by.name}{self.lang.colon}{gist}"
        return views.NoteView(
            id=note.id,
            ids=" ".join(one.id for one in (note, *others)),
            kind=note.kind,
            number=first.number,
            word=(claim.verdict or self.lang.message("claim")) if claim else self.lang.message(note.message),
            short=claim.voices if claim else self.short(note, figure),
            gist=gist,
            spare=bool(claim) or not (annotation and annotation.gist) or bool(figure and gist == figure.label),
            passage=first.passage,
            former=note.former,
            annotation=annotation,
            texts=self.long_texts(annotation) if not claim else views.LongTexts(),
            claim=claim,
            voices=tuple(map(self.voice, (note, *others))) if claim else (),
            figure=figure,
            body=note.body,
            changes=annotation.changes if annotation else (),
            editor=self.editor(annotation),
        )

    def voice(self, note: AnchoredNote) -> views.VoiceView:
        """A voice on a claim."""
        annotation = note.annotation
        assert isinstance(annotation, CounterClaim)  # noqa: S101 - what a claim has
        return views.VoiceView(
            id=note.id,
            former=note.former,
            placed=note.number is not None,
            sign=views.STANCES[annotation.stance],
            word=self.lang.message(note.message),
            gist=self.gist(note),
            spare=annotation.gist is None,
            annotation=annotation,
            texts=self.long_texts(annotation),
            changes=annotation.changes,
            editor=self.editor(annotation),
        )

    def editor(self, annotation: Annotation | None) -> str | None:
        """Who wrote an annotation, where the site shows that to readers."""
        shown = self.settings.note_authors and annotation and annotation.author
        return str(shown.name) if shown else None

    def short(self, note: AnchoredNote, figure: FigureView | None) -> str:
        """What belongs to the word of a note at rest: a term, the result, the sources."""
        match note.annotation:
            case EditorialNote(term=term) if term is not None:
                return self.printed(term)
            case Figure():
                return figure.amount if figure else ""
            case Citation(sources=uses):
                return views.fitting([self.named(str(use.id)) for use in uses], self.lang)
        return ""

    def gist(self, note: AnchoredNote) -> str:
        """What a note comes to: as its author says, or its first sentence; bare sources come to nothing."""
        match note.annotation:
            case Annotation(gist=gist) if gist is not None:
                return self.printed(gist)
            case CounterClaim(counter=words) | EditorialNote(note=words) | Figure(note=SourceText() as words):
                return views.first_sentence(_first_block(self.markdown(words)))
            case Figure(label=label):
                return self.printed(label)
            case None:
                return views.first_sentence(_first_block(_REFERENCES.sub("", note.body or "")))
        return ""

    def figure(self, name: str) -> FigureView | None:
        """A computed figure, None for one with a fault."""
        result = self.annotated.results.figures.get(name)
        return self.printer.view(result) if result else None

    def without_note(self) -> list[str]:
        """Figures that the text prints but no note explains, in the order of the file."""
        noted = {getattr(note.annotation, "name", None) for note in self.annotated.notes}
        return [name for name in self.annotated.results.figures if name not in noted]
