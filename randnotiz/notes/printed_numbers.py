"""The numbers of an article in the words of its language, with the address of their derivation."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from msgspec.structs import replace

from randnotiz import markdown
from randnotiz.diagnostics import ContentError, SourceText
from randnotiz.language import Locale
from randnotiz.markdown import Numbers
from randnotiz.memo import memoize
from randnotiz.model import Article, Figure, Range, Results

_ALL_DIGITS = 12


def numbers(article: Article, results: Results, language: Locale) -> Numbers:
    """What `{{ name }}` prints anywhere in an article.

    A figure leads to its note; a quantity to the first figure that rests on it, or else to its source.
    """
    return _numbers(article.figures, article.broken, results, language)


@memoize(8)
def _numbers(
    figures: Mapping[str, Figure], broken_files: frozenset[str], results: Results, language: Locale
) -> Numbers:
    def words(name: str, part: str) -> str:
        if name in results.figures:
            result = results.figures[name]
            return _amount(result.range, part, result.figure.digits)
        quantity = results.quantities[name]
        if part == "best" and quantity.uncertain:
            return _amount(results.range(name), part, _ALL_DIGITS)
        written = {"": quantity.written, "low": quantity.written[:1], "best": quantity.written[:1]}
        return language.written_amount(written.get(part, quantity.written[-1:]), quantity.unit, results.units)

    def _amount(range_: Range, part: str, digits: int) -> str:
        low, best, high = (getattr(range_, part),) * 3 if part else (range_.low, range_.best, range_.high)
        return language.amount(low, best, high, range_.unit, digits, results.units)

    def address(name: str) -> str:
        if name in figures:
            return f"#n-{figures[name].id}"
        for result in results.figures.values():
            if name in result.inputs:
                return f"#n-{result.figure.id}"
        sources = results.quantities[name].sources if name in results.quantities else ()
        return f"#{source_id(sources[0].id)}" if sources else ""

    return Numbers(
        names=frozenset((*results.quantities, *results.figures)),
        words=words,
        address=address,
        broken=results.broken,
        all_broken=any(name.endswith("figures.yaml") for name in broken_files),
    )


def _is_set(words: str) -> bool:
    """Whether a text is printed in other letters than it was written in."""
    return "{{" in words or markdown.is_typewritten(words)


def labelled(article: Article, results: Results, language: Locale) -> Results:
    """The results with their labels and assumptions as they are printed, for labels stand everywhere."""
    return _labelled(results, numbers(article, results, language), language.quotes)


@memoize(8)
def _labelled(results: Results, printing: Numbers, quotes: Sequence[str]) -> Results:
    if not any(_is_set(words) for words in _labels(results)):
        return results

    def printed(text: SourceText) -> SourceText:
        with suppress(ContentError):  # told where all texts of the article are looked through
            return SourceText(markdown.plain(text, printing, quotes), text.position)
        return text

    quantities = {
        name: replace(one, label=printed(one.label), assumed=printed(one.assumed) if one.assumed else one.assumed)
        if _is_set(one.label) or _is_set(one.assumed or "")
        else one
        for name, one in results.quantities.items()
    }
    figures = {
        name: replace(one, figure=replace(one.figure, label=printed(one.figure.label)))
        if _is_set(one.figure.label)
        else one
        for name, one in results.figures.items()
    }
    return replace(results, quantities=quantities, figures=figures)


def _labels(results: Results) -> Iterator[SourceText]:
    for quantity in results.quantities.values():
        yield quantity.label
        if quantity.assumed is not None:
            yield quantity.assumed
    for result in results.figures.values():
        yield result.figure.label


def source_id(source: str) -> str:
    """The id of a source in the page: its own, without the blanks that no id in HTML may have."""
    return "source-" + "-".join(source.split())
