"""The pages of sources: every passage of the whole site that leans on one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from randnotiz import citations, language
from randnotiz.citations import Reference
from randnotiz.errors import Text
from randnotiz.language import Language
from randnotiz.model import Line, Source, SourceLine
from randnotiz.pages import Frame, views
from randnotiz.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaning:
    """An article that leans on a work, with the passages that do."""

    line: Line
    uses: tuple[SourceLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SourcePage:
    """The page of all that is called by one source id.

    Nearly always that is one work; where articles describe it differently, each description (CSL-JSON) has the
    articles that do so.
    """

    id: str
    works: Mapping[str, tuple[Leaning, ...]]

    @property
    def path(self) -> str:
        """Where it stands below the site."""
        return f"sources/{citations.folder(self.id)}/index.html"

    @property
    def changed(self) -> str:
        """The last day on which an article changed that leans on it."""
        return max(line.updated or line.published for line in self.lines)

    @property
    def lines(self) -> Iterator[Line]:
        """The articles that lean on it."""
        return (leaning.line for leanings in self.works.values() for leaning in leanings)

    @property
    def digest(self) -> str:
        """Equal for two states of the page that say the same in the same frame."""
        digest = blake2b(self.id.encode("utf-8", "replace"), digest_size=16)
        for csl, leanings in self.works.items():
            digest.update(csl.encode("utf-8", "replace"))
            for leaning in leanings:
                line = leaning.line
                said = (line.slug, line.title, line.lang, line.published, leaning.uses)
                digest.update(repr(said).encode("utf-8", "replace"))
        return digest.hexdigest()


def source_pages(lines: Sequence[Line], shared: Mapping[str, Source]) -> Iterator[SourcePage]:
    """The pages of all sources that the articles cite, by id; articles keep the order given."""
    found: dict[str, dict[str, list[Leaning]]] = {}
    public = {id: description(source) for id, source in shared.items()}
    for line in lines:
        uses: dict[str, list[SourceLine]] = {}
        for use in line.uses:
            uses.setdefault(use.source, []).append(use)
        for id, each in uses.items():
            csl = line.works.get(id) or public.get(id, "")
            found.setdefault(id, {}).setdefault(csl, []).append(Leaning(line=line, uses=tuple(each)))
    for id in sorted(found):
        yield SourcePage(id=id, works={csl: tuple(leanings) for csl, leanings in found[id].items()})


def description(source: Source) -> str:
    """A work as CSL-JSON on one line."""
    return json.dumps(citations.csl_json(source), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def source_page(page: SourcePage, frame: Frame) -> str:
    """The HTML of a source's page, in the language of the site."""
    lang = language.of(frame.settings.lang)
    described = [(citations.reference(_source(page.id, csl), lang), each) for csl, each in page.works.items()]
    works = [_work(reference, leanings, lang) for reference, leanings in described]
    variables = frame.page(lang, "../../", page.path) | {"short": described[0][0].short, "works": works}
    return frame.fill("source.html", variables)


def _source(id: str, csl: str) -> Source:
    return Source(id=Text(id), csl=json.loads(csl) if csl else {})


def _work(reference: Reference, leanings: Sequence[Leaning], lang: Language) -> dict[str, object]:
    """A description of the source and the articles that use it."""
    return {
        "reference": reference,
        "facts": views.facts(reference, lang),
        "articles": [
            {
                "slug": leaning.line.slug,
                "lang": leaning.line.lang,
                "title": leaning.line.title,
                "published": leaning.line.published,
                "date": citations.dated(citations.date(leaning.line.published), lang)
                if leaning.line.published
                else "",
                "uses": tuple(dict.fromkeys(leaning.uses)),
            }
            for leaning in leanings
        ],
    }
