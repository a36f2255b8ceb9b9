"""What is shown at a place without being asked twice: hovers, counts above paragraphs, results behind formulas."""

from collections import Counter
from collections.abc import Iterator

from lsprotocol import types

from randnotiz.analysis import AnalysedArticle
from randnotiz.lsp.completion import all_sources, printed, reference
from randnotiz.lsp.occurrences import Occurrence, at_passage, occurrence_at, passages, quoted_at
from randnotiz.lsp.open_folder import OpenFolder, slug_of
from randnotiz.lsp.scalars import Scalar, scalar_at, scalars


def hover(folder: OpenFolder, path: str, place: types.Position) -> types.Hover | None:
    """What there is to know of what stands at a place."""
    text = folder.text(path)
    offset = text.offset(place)
    article = folder.readable(path)
    one = occurrence_at(folder, path, offset)
    scalar = scalar_at(text.words, path, offset)
    words = range = None
    if one and (words := _of_name(folder, article, one)):
        range = text.range(one.start, one.end)
    elif article and not path.endswith(".md") and (quoted := quoted_at(article, path, offset)):
        document = article.annotated.document
        assert document is not None  # noqa: S101 - for the type checker: its words have been found in it
        start, end = document.sentence(quoted.span)
        reading, (first, last) = document.text, quoted.span
        words = f"{reading[start:first]}**{reading[first:last]}**{reading[last:end]}\n\nline {document.line(first)}"
        range = text.range(quoted.words.start, quoted.words.end)
    elif scalar and (words := _of_field(folder, article, scalar)):
        range = text.range(scalar.value.start, scalar.value.end)
    elif article and path.endswith(".md"):
        words = "\n\n".join(one.what for one in at_passage(article, text, offset))
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, words), range) if words else None


def _of_name(folder: OpenFolder, article: AnalysedArticle | None, one: Occurrence) -> str:
    if one.what == "source" and (source := all_sources(folder, article).get(one.name)):
        return reference(source, article)
    if article is None:
        return ""
    results = article.annotated.results
    if one.what == "number" and (value := printed(article, one.name)):
        known = article.written.figures.get(one.name) or article.written.quantities[one.name]
        rows = [f"**{known.label}** = {value}"]
        if one.name in results.figures:
            result = results.figures[one.name]
            rows.append(f"`{result.figure.formula}`")
            rows += [f"- `{name}`: {printed(article, name)}" for name in result.inputs]
        both = results.range(one.name)
        if not both.exact:
            rows.insert(1, f"from {both.low:g} to {both.high:g}, best {both.best:g}")
        return "\n\n".join(rows[:3]) + "".join(f"\n{row}" for row in rows[3:])
    named = {each.id: each for each in (*article.written.annotations, *article.written.charts)}.get(one.name)
    words = next((getattr(named, name) for name in ("claim", "title", "gist") if getattr(named, name, None)), None)
    return str(words) if words and one.what in ("annotation", "chart") else ""


def _of_field(folder: OpenFolder, article: AnalysedArticle | None, scalar: Scalar) -> str:
    if scalar.key and scalar.member and scalar.member.meaning:
        example = scalar.member.example
        return scalar.member.meaning + (f"\n\n```yaml\n{scalar.value}: {example}\n```" if example else "")
    settings = folder.context().settings
    if article and settings and scalar.member and scalar.member.choices == "verdict":
        verdict, lang = settings.verdicts.get(scalar.value), article.written.lang
        return f"**{verdict.word(lang) or verdict.key}** {verdict.meaning(lang)}" if verdict else ""
    return ""


# By the nouns of records, as messages name them.
_COUNTED = {"citation": "citation", "counter-claim": "claim", "figure": "figure", "note": "note"}


def lenses(folder: OpenFolder, path: str) -> Iterator[types.CodeLens]:
    """Above each paragraph of an article how many annotations it has."""
    article = folder.readable(path) if path.endswith("/article.md") else None
    document = article.annotated.document if article else None
    if article is None or document is None:
        return
    counts: dict[int, Counter[str]] = {}
    for one in passages(article):
        noun, block = one.what.partition(" ")[0], document.block_at(one.span.start)
        if noun in _COUNTED and block is not None:
            counts.setdefault(block.start, Counter())[_COUNTED[noun]] += 1
    for start, found in sorted(counts.items()):
        title = ", ".join(f"{count} {noun}{'s' * (count != 1)}" for noun, count in found.items())
        yield types.CodeLens(folder.location(document.position(start)).range, types.Command(title, ""))


def hints(folder: OpenFolder, path: str, range: types.Range) -> Iterator[types.InlayHint]:
    """Behind each formula in a range its result."""
    article = folder.article(slug_of(path)) if path.endswith("/figures.yaml") else None
    if article is None:
        return
    text = folder.text(path)
    for one in scalars(text.words, path):
        if one.way[2:] == ("formula",) and not one.key and (value := printed(article, str(one.way[1]))):
            place = text.range(one.value.end, one.value.end).start
            if range.start.line <= place.line <= range.end.line:
                yield types.InlayHint(place, f"= {value}", padding_left=True)
