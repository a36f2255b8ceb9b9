"""The names of an article: which of them are used, and where it is told that one is not there.

Whoever meets a name that nothing has raises a fault there. Only when all of them are known can be seen what is wrong:
the one use, or the definition that all uses are about.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from randnotiz import formulas
from randnotiz.codes import Code
from randnotiz.diagnostics import Diagnostic, Position, SourceText, did_you_mean, nearest
from randnotiz.memo import memoize
from randnotiz.model import AnnotatedArticle, Article, Chart

MOST_LISTED = 3  # places where one name is missing, before the rest are only counted
_WORD = re.compile(r"\w+")


class _Kind(Struct, frozen=True, kw_only=True):
    """A kind of names: the codes of faults about them, the file that defines them, and those that nothing uses.

    `lonely` is how it is said of one that it is not used.
    """

    noun: str
    lonely: str
    codes: tuple[Code, ...]
    file: str
    unused: Mapping[str, Position]


def settled(
    diagnostics: Iterable[Diagnostic], annotated: AnnotatedArticle, written: Article
) -> tuple[Diagnostic, ...]:
    """All that is to be said about an article, its unknown names told where the author can mend them.

    What may stand in a broken file is not missed. A name that is nearly that of something unused is told at both,
    since either may be the misspelt one; where several places agree on it, only at the other.
    """
    found = list(diagnostics)
    if not any(each.unknown for each in found):
        return tuple(found)
    for kind in _kinds(annotated, written):
        ours = [each for each in found if each.unknown and each.code in kind.codes]
        if not ours:
            continue
        found = [each for each in found if not (each.unknown and each.code in kind.codes)]
        if kind.file in written.broken:
            continue
        listed: list[Diagnostic] = []
        for name in dict.fromkeys(_whole(each.unknown, kind) for each in ours):
            listed += _listed(name, sorted({each for each in ours if _whole(each.unknown, kind) == name}), kind)
        lines = {each.position[:2] for each in listed}
        found = [each for each in found if each.code not in kind.codes or each.position[:2] not in lines] + listed
    return tuple(found)


def _whole(name: str, kind: _Kind) -> str:
    """The name itself: charts call the ends of a number by its name and an ending."""
    return name.removesuffix("_low").removesuffix("_high") if "chart-spec" in kind.codes else name


def _listed(name: str, uses: list[Diagnostic], kind: _Kind) -> Iterator[Diagnostic]:
    """What is said about a name that nothing has, where it is used and where it may be defined."""
    near = nearest(name, kind.unused)
    if near is None:
        more = f"{uses[0].message} ({len(uses) - 1} more places name it)"
        yield from uses if len(uses) <= MOST_LISTED else (replace(uses[0], message=more),)
        return
    at, first = kind.unused[near], uses[0].position
    named = "names" if len(uses) == 1 else f"and {len(uses) - 1} more place{'s' * (len(uses) > 2)} name"
    message = f"{kind.lonely} '{near}', but {_place(first, at)} {named} '{name}', which there is not"
    yield Diagnostic(at, kind.codes[0], message, "Write the same name in both places.")
    if len(uses) == 1:
        message = f"there is no {kind.noun} '{name}'{did_you_mean(name, [near])}"
        yield replace(uses[0], message=message, hint=f"'{near}' stands in {_place(at, first)}.")


def _place(position: Position, seen_from: Position) -> str:
    """A line, with its file where that is another one."""
    file = "" if position.path == seen_from.path else f" of {position.path.rsplit('/', 1)[-1]}"
    return f"line {position.line}{file}"


# ---- What is used ----


def _kinds(annotated: AnnotatedArticle, written: Article) -> Iterator[_Kind]:
    cited, named, counted = sources(written), numbers(annotated, written), units(written)
    claims = {str(each.same_claim_as) for each in written.counterclaims}
    yield _Kind(
        noun="source",
        lonely="nothing leans on the source",
        codes=("source-unknown", "source-unused"),
        file="sources.yaml",
        unused={
            id: source.id.position for id, source in written.sources.items() if id not in cited and not source.shared
        },
    )
    yield _Kind(
        noun="counter-claim",
        lonely="no other voice takes up the counter-claim",
        codes=("claim-unknown",),
        file="counterclaims.yaml",
        unused={each.id: each.position for each in written.counterclaims if each.claim and each.id not in claims},
    )
    defined = {name: one.position for name, one in written.quantities.items()}
    defined |= {name: one.position for name, one in written.figures.items()}
    yield _Kind(
        noun="figure or quantity",
        lonely="nothing names the figure or quantity",
        codes=("figure-unknown", "chart-spec", "quantity-unused"),
        file="figures.yaml",
        unused={name: position for name, position in defined.items() if name not in named},
    )
    yield _Kind(
        noun="unit",
        lonely="nothing is counted in the unit",
        codes=("unit-unknown",),
        file="figures.yaml",
        unused={unit.name: unit.position for unit in written.units if unit.name not in counted},
    )


def sources(article: Article) -> set[str]:
    """The ids of all sources that something leans on."""
    origins = {str(source.custom.get("same-origin-as")) for source in article.sources.values()}
    return {*article.cited, *origins}


def numbers(annotated: AnnotatedArticle, written: Article) -> set[str]:
    """The names that formulas, charts and sentences use."""
    used = {name for _, name in annotated.printed}
    for figure in written.figures.values():
        used |= set(formulas.names(figure.formula))
    for chart in written.charts:
        used |= _words_of_chart(chart)
    return used


def units(article: Article) -> set[str]:
    """The words in everything that has a unit: those of units are among them."""
    texts: list[SourceText | None] = [quantity.unit for quantity in article.quantities.values()]
    for figure in article.figures.values():
        texts += (figure.unit, figure.formula)
        if figure.stated:
            texts += (figure.stated.words, figure.stated.unit)
    return set(_words_of(texts))


@memoize(64)
def _words_of_chart(chart: Chart) -> frozenset[str]:
    """Every name-like word in a chart's specification and rows, as it is and without an ending such as `_low`."""
    return frozenset((*(chart.rows.figures or ()), *_words_of(chart.spec), *_words_of(chart.rows.rows or ())))


def _words_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        for word in _WORD.findall(value):
            yield word
            yield word.removesuffix("_low").removesuffix("_high")
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _words_of(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _words_of(part)
