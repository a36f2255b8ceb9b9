"""What the preview's own part of a page is told: faults, where everything stands, what may be edited and how."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent

from randnotiz import citations, editing, formulas, language, notes, suggestions, yamldoc
from randnotiz.analysis import AnalysedArticle
from randnotiz.codes import Code
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText, shortened
from randnotiz.language import Locale
from randnotiz.model import RangeSelector, Source
from randnotiz.preview.forms import KINDS, plain_value
from randnotiz.preview.page_selection import letters
from randnotiz.preview.state import PreviewState
from randnotiz.shipped import shown
from randnotiz.yamldoc import List, Map

Row = dict[str, Any]

EDITOR = "vscode://file/{path}:{line}"

# Groups of the panel, by the code of a diagnostic; all others are what `check` says.
GROUPS: Mapping[Code, str] = {
    "quote-missing": "quotes",
    "quote-ambiguous": "quotes",
    "figure-disagrees": "sums",
    "recheck-due": "recheck",
    "comment-left": "comments",
    "verdict-unexplained": "verdicts",
    "source-unused": "unused",
    "quantity-unused": "unused",
}
MOST_PROPOSED = 20  # diagnostics of a code that get proposals at once; others follow when these are settled
MOST_ELSEWHERE = 50  # diagnostics of other articles that are shown beside one
COVERED: frozenset[Code] = frozenset(("number-uncovered",))  # told with its place in the text among the numbers


def faults(desk: PreviewState) -> list[Row]:
    """The diagnostics that stop a build, for the overlay, each with the lines around its place."""
    content, places = desk.folders.content, EditorLinks(desk)
    stopping = {one for one in desk.diagnostics if one.severity == "error" or desk.choices.strict}
    return [
        {
            "path": shown(content / one.position.path),
            "line": one.position.line,
            "column": one.position.column,
            "message": one.message,
            "hint": one.hint,
            "around": list(enumerate(one.excerpt.lines, one.excerpt.first)) if one.excerpt else [],
            "editor": places.at(one.position.path, one.position.line)["editor"],
        }
        for one in sorted(stopping)
    ]


# ---- Behind an article's page ----


def behind(desk: PreviewState, slug: str) -> Row:
    """Everything that the forms and the panel need; of a page that is no article, only the diagnostics."""
    article = desk.article(slug)
    places = EditorLinks(desk)
    if article is None or article.annotated.document is None:
        return {"undo": slug in desk.undoable, "entries": {}, "panel": list(_panel(desk, slug, None, [], places))}
    written = article.written
    lang = language.of(written.lang)
    entries = list(_entries(article))
    settings = desk.theme.settings if desk.theme else None
    return {
        "slug": slug,
        "undo": slug in desk.undoable,
        "drafts": desk.choices.drafts,
        "digests": {kind.file: desk.kept(article.text(kind.file)) for kind in KINDS.values()},
        "entries": {
            entry["place"]: {**entry, **places.at(f"{slug}/{entry['file']}", entry["line"])} for entry in entries
        },
        "footnotes": {
            f"n-{note.id}": places.at(f"{slug}/article.md", note.line)
            for note in article.annotated.notes
            if note.annotation is None
        },
        "shared": {
            notes.source_id(str(source.id)): places.at(source.position.path, source.position.line)
            for source in written.sources.values()
            if source.shared
        },
        "forms": {name: kind.form() for name, kind in KINDS.items()},
        "sources": [_source(source, lang) for source in all_sources(article)],
        "choices": {
            **{name: [*words.items()] for name, words in suggestions.choices(article, settings).items()},
            "unit": [[name, ""] for name in (*(str(unit.name) for unit in written.units), *formulas.unit_names())],
            "function": [[name, ""] for name in formulas.FUNCTIONS],
        },
        "panel": list(_panel(desk, slug, article, entries, places)),
    }


def all_sources(article: AnalysedArticle) -> Iterator[Source]:
    """The sources that an article may cite: its own and those of bibliographies and that articles share."""
    own, all = article.written.sources, article.written.citable
    yield from (*own.values(), *(all[id] for id in all if id not in own))


def _source(source: Source, lang: Locale) -> Row:
    """A source as it is searched for."""
    reference = citations.reference(source, lang)
    return {
        "id": str(source.id),
        "words": "".join(part.text for part in reference.parts)[:300],
        "title": str(source.csl.get("title") or ""),
        "url": str(source.csl.get("URL") or ""),
    }


# ---- what may be edited ----


def _entries(article: AnalysedArticle) -> Iterator[Row]:
    """Every annotation, chart and source of an article with its id in the page, its place and what it says."""
    written = article.written
    ids = {
        (one.position.path, one.position.line, one.position.column): one.id
        for one in (*written.annotations, *written.figures.values())
    }
    for name, kind in KINDS.items():
        try:
            root = yamldoc.parse(article.text(kind.file), f"{article.slug}/{kind.file}")
        except ContentError:
            continue
        for key in kind.keys:
            for which, entry, at in members(root, key):
                id = ids.get((at.path, at.line, at.column), "")
                source = str(entry["id"]) if "id" in entry else ""
                name_in_page = str(which) if kind.named and not id else id
                place = notes.source_id(source) if kind.is_source else f"{kind.prefix}-{name_in_page}"
                yield {
                    "place": place,
                    "id": id,
                    "kind": name,
                    "file": kind.file,
                    "key": key,
                    "which": which,
                    "line": at.line,
                    "quote": plain_value(entry[kind.quoted]) if kind.quoted in entry else None,
                    "moves": kind.quoted == "quote" or kind.quoted in entry,
                    "values": kind.values(entry),
                }


def members(root: yamldoc.Value, key: str) -> Iterator[tuple[str | int, Map, Position]]:
    """The entries of a file's list by their numbers, or of a mapping by their names, with their places."""
    value = root.get(SourceText(key)) if isinstance(root, Map) else None
    if isinstance(value, List):
        yield from ((index, each, each.position) for index, each in enumerate(value) if isinstance(each, Map))
    elif isinstance(value, Map):
        yield from ((str(name), each, name.position) for name, each in value.items() if isinstance(each, Map))


# ---- the panel ----


class EditorLinks:
    """Places as rows of the panel name them: as an editor types them, and as a link that opens the editor."""

    def __init__(self, desk: PreviewState) -> None:
        self.content = desk.folders.content
        given = desk.theme.settings.editor if desk.theme else None
        self.pattern = given or EDITOR

    def at(self, path: str, line: int) -> Row:
        """A line of a file."""
        file = self.content / path
        return {"at": f"{shown(file)}:{line}", "editor": self._link(file.resolve(), line)}

    def row(self, diagnostic: Diagnostic) -> Row:
        """A diagnostic."""
        place = diagnostic.position
        return {
            "severity": diagnostic.severity,
            "words": diagnostic.message,
            "hint": diagnostic.hint,
            **self.at(place.path, place.line),
        }

    def _link(self, file: Path, line: int) -> str:
        # vscode://file/ is followed by a path that begins with a slash of its own; one of them is enough.
        path = percent(file.as_posix())
        pattern = re.sub(r"(?<!/)/\{path\}", lambda _: "/" + path.lstrip("/"), self.pattern)
        return pattern.replace("{path}", path).replace("{line}", str(line))


def _group(name: str, rows: list[Row], of: int | None = None) -> Row:
    return {"name": name, "rows": rows, "of": of}


def _panel(
    desk: PreviewState, slug: str, shown: AnalysedArticle | None, entries: list[Row], places: EditorLinks
) -> Iterator[Row]:
    """All that is open in an article, in groups, each with what can be done about it; what `check` says of the rest
    of the site comes last. `shown` is the article as its page shows it, None where there is no page.
    """
    article, told = desk.now(slug)
    is_article = article is not None or bool(told)
    found = sorted(set(desk.diagnostics))
    own = [one for one in found if one.position.path.startswith(f"{slug}/")]
    proposed: dict[Diagnostic, list[str]] = {}
    alike = defaultdict[Code, list[Diagnostic]](list)
    for one in own:
        alike[one.code].append(one)
    if article is not None:
        for one, mend in editing.mends(article, [one for some in alike.values() for one in some[:MOST_PROPOSED]]):
            proposed.setdefault(one, []).append(mend.title)

    def row(one: Diagnostic, words: str = "") -> Row:
        bare = {"words": words, "hint": ""} if words else {}
        place = [one.code, *one.position]
        mends = [{"title": title, "of": place} for title in proposed.get(one, ())]
        return {**places.row(one), **_jump(one.position, shown, entries, words), "mends": mends, **bare}

    grouped: dict[str, list[Row]] = {name: [] for name in ("check", *GROUPS.values(), "elsewhere")}
    bare = {one.position: one.words for one in article.annotated.coverage.bare_numbers} if article else {}
    numbers = [row(one, bare.pop(one.position, "")) for one in own if one.code in COVERED]
    for one in found:
        here = one.position.path.startswith(f"{slug}/")
        if one.code not in COVERED or not here:
            grouped[GROUPS.get(one.code, "check") if here or not is_article else "elsewhere"].append(row(one))
    if article is not None:
        written, coverage = article.written, article.annotated.coverage
        path = f"{slug}/article.md"

        def text(position: Position, words: str) -> Row:
            return {"words": words, **places.at(path, position.line), **_jump(position, shown, entries, words)}

        drafts = [
            {
                "words": f"{one.noun} '{one.id}'",
                "hint": shortened(one.quote.start if isinstance(one.quote, RangeSelector) else one.quote.exact)
                if one.quote
                else "",
                **places.at(one.position.path, one.position.line),
                **_jump(one.position, shown, entries),
            }
            for one in (*written.annotations, *(one for one in written.figures.values() if not one.quote))
            if one.draft
        ]
        article_itself = [{"words": "the article itself", **places.at(path, 1)}] if written.draft else []
        paragraphs = [text(one.position, one.words) for one in coverage.bare_paragraphs]
        grouped["drafts"] = [*article_itself, *drafts]
        yield _group("numbers", [*numbers, *(text(at, words) for at, words in bare.items())], coverage.numbers)
        yield _group("paragraphs", paragraphs, coverage.paragraphs)
    elsewhere = grouped.pop("elsewhere")
    yield from (_group(name, rows) for name, rows in grouped.items())
    of = len(elsewhere) if len(elsewhere) > MOST_ELSEWHERE else None
    yield _group("elsewhere", elsewhere[:MOST_ELSEWHERE], of)


def _jump(position: Position, article: AnalysedArticle | None, entries: list[Row], words: str = "") -> Row:
    """Where in the page a place of a file is to be seen: a stretch of the text, or the id of what says it."""
    if article is None or (document := article.annotated.document) is None:
        return {}
    if position.path == f"{article.slug}/article.md":
        start = document.offset(position)
        if start is None:
            return {}
        end = document.text.find("\n", start)
        end = len(document.text) if end < 0 else end
        if words and document.text.startswith(words, start):
            end = start + len(words)
        before = len(letters(document.text[:start]))
        return {"text": [before, before + len(letters(document.text[start:end]))]}
    above = [
        entry
        for entry in entries
        if f"{article.slug}/{entry['file']}" == position.path and entry["line"] <= position.line
    ]
    return {"place": max(above, key=lambda entry: entry["line"])["place"]} if above else {}
