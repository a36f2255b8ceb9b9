"""What must hold between the parts of an article: ids told apart, names known, files there.

Each rule is a function of the article that yields diagnostics; the table at the end is the list of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from randnotiz import numerals, slugs
from randnotiz.codes import Code
from randnotiz.diagnostics import Diagnostic, Position, SourceText, did_you_mean, shortened
from randnotiz.model import Annotation, Article, CounterClaim, Settings


def ids(article: Article) -> Iterator[Diagnostic]:
    """Annotations share one namespace; two equal ids made of quotes ask for an id, never for a counter."""
    first: dict[str, Annotation] = {}
    for each in article.annotations:
        other = first.setdefault(each.id, each)
        if other is each:
            continue
        there = other.position
        where = f"line {there.line}" + ("" if there.path == each.position.path else f" of {there.path}")
        if each.id_given:
            message, hint = (
                f"another annotation has the id '{each.id}', in {where}",
                "Give one of the two another id.",
            )
        else:
            message = f"this annotation and that in {where} would both get the id '{each.id}'"
            hint = "Give it an id of its own: 'id: …', a word or two that say what it is about."
        yield Diagnostic(each.position, "id-doubled", message, hint)


def implicit_ids(article: Article) -> Iterator[Diagnostic]:
    """A published annotation's address should outlive a change of its quote."""
    if article.draft:
        return
    for each in article.annotations:
        if not each.id_given and not each.draft:
            message = f"this {each.noun} has no id; its address is made of its quote and would change with it"
            yield Diagnostic(each.position, "id-implicit", message, f"Write 'id: {each.id}'.")


def same_claims(article: Article) -> Iterator[Diagnostic]:
    """`same_claim_as` names an entry that has a claim, and no published voice speaks on a draft."""
    claims = {each.id: each for each in article.counterclaims}
    for each in article.counterclaims:
        if each.same_claim_as is None:
            continue
        named = claims.get(each.same_claim_as)
        place = each.same_claim_as.position
        if named is None or named.claim is None:
            unknown = "" if named else str(each.same_claim_as)
            message, hint = _claim_unknown(each.same_claim_as, named, claims)
            yield Diagnostic(place, "claim-unknown", message, hint, unknown=unknown)
        elif named.draft and not each.draft and not article.draft:
            message = f"the claim '{named.id}' is a draft, and this published voice rests on it"
            yield Diagnostic(place, "draft-used", message, "Publish the claim, or make this a draft as well.")


def _claim_unknown(id_: SourceText, named: CounterClaim | None, claims: dict[str, CounterClaim]) -> tuple[str, str]:
    if named is not None and named.same_claim_as == id_:
        return f"'{id_}' is this entry itself, not the claim of another", "Write claim and claimed_by instead."
    if named is not None and named.same_claim_as is not None:
        message = f"'{id_}' is itself another voice on the claim '{named.same_claim_as}'"
        return message, f"Write 'same_claim_as: {named.same_claim_as}'."
    near = did_you_mean(id_, [id_ for id_, each in claims.items() if each.claim is not None])
    return f"there is no counter-claim '{shortened(id_)}'{near}", ""


def days(article: Article) -> Iterator[Diagnostic]:
    """Nothing is changed or corrected before it is published."""
    if article.published is None:
        return
    changes = [(change.date, "this correction", change.position) for change, _ in article.corrected]
    for day, what, position in ((article.updated, "'updated'", Position(article.path)), *changes):
        if day is not None and _before(str(day), str(article.published)):
            message = f"{what} is of {day}, before the article is published ({article.published})"
            yield Diagnostic(position, "date-malformed", message, "Is it the year, or the month?")


def _before(day: str, other: str) -> bool:
    """Whether a day, month or year is over before another begins, as far as both say."""
    both = min(len(day), len(other), len("2026-11-24"))
    return day[:both] < other[:both]


def files(article: Article) -> Iterator[Diagnostic]:
    """The article's picture and its CSV files lie beside it."""
    if article.image is not None:
        yield from _beside(article.image.src, article, "image-remote")
    for chart in article.charts:
        if chart.rows.csv is not None:
            yield from _beside(chart.rows.csv, article, "file-outside")


_HOST = re.compile(r"(?:https?|data|file):|//", re.IGNORECASE)


def elsewhere(path: str) -> bool:
    """Whether a path cannot lie beside the article: its fault is told here, and nowhere a second time."""
    return _on_a_host(path) or _outside(path)


def _on_a_host(path: str) -> bool:
    return _HOST.match(path) is not None


def _outside(path: str) -> bool:
    return path.startswith("/") or "\\" in path or ".." in path.split("/")


def _beside(path: SourceText, article: Article, remote: Code) -> Iterator[Diagnostic]:
    if _on_a_host(path):
        hint = "Put a copy beside the article and write its name."
        yield Diagnostic(path.position, remote, f"'{shortened(path)}' lies elsewhere", hint)
    elif "\\" in path and not _outside(meant := path.replace("\\", "/")):
        hint = f"Write {shortened(meant)}."
        yield Diagnostic(
            path.position, "file-outside", f"'{shortened(path)}' is written with \\, as on Windows", hint
        )
    elif _outside(path):
        message = f"'{shortened(path)}' leads out of the article's folder"
        yield Diagnostic(path.position, "file-outside", message, "Put a copy beside the article and write its name.")
    elif path not in article.files and not article.is_unread(path):
        near = did_you_mean(path, article.files)
        message = f"there is no file '{shortened(path)}' beside the article{near}"
        yield Diagnostic(path.position, "file-missing", message)


LONGEST_NAME = 255  # bytes of a file's name, on nearly every disk


def file_names(article: Article) -> Iterator[Diagnostic]:
    """The files of charts and the folders of claims bear their ids, and any disk must be able to hold them."""
    claims = [each for each in article.counterclaims if each.verdict and each.claim]
    for longest, named in ((LONGEST_NAME - len(".csv"), article.charts), (LONGEST_NAME, claims)):
        folded: dict[str, str] = {}
        for each in named:
            if (size := len(each.id.encode())) > longest:
                message = f"this id has {size:,} bytes, and a file is named by it, which can have {longest} at most"
                hint = "Give it a shorter one: 'id: …', a word or two that say what it is about."
                yield Diagnostic(each.position, "limit-exceeded", message, hint)
            elif (other := folded.setdefault(each.id.casefold(), each.id)) != each.id:
                message = f"not every disk tells the ids '{each.id}' and '{other}' apart, and files are named by them"
                yield Diagnostic(each.position, "name-clash", message, "Give one of the two another id.")
            elif slugs.is_device(each.id):
                message = f"a file is named by the id '{each.id}', which Windows keeps for a device"
                yield Diagnostic(each.position, "name-clash", message, "Give it another id.")


RULES: tuple[Callable[[Article], Iterator[Diagnostic]], ...] = (
    ids,
    implicit_ids,
    same_claims,
    days,
    files,
    file_names,
)


def ambiguous(written: Iterable[SourceText], decimal: str) -> Iterator[Diagnostic]:
    """A fault for each number that may mean thousands in a language with that sign before decimals."""
    for words in written:
        if two := numerals.readings(words, decimal):
            message = f"'{words}' may mean {two[0]} or {two[1].removesuffix('e0')}"
            yield Diagnostic(words.position, "value-malformed", message, f"Write {' or '.join(two)}.")


def verdict(each: CounterClaim, settings: Settings, lang: str) -> Iterator[Diagnostic]:
    """The fault that a verdict is not on the site's scale; warnings where it lacks a word or a reason."""
    if each.verdict is None:
        return
    if each.verdict in settings.verdicts:
        if not settings.verdicts[each.verdict].word(lang):
            message = f"the verdict '{each.verdict}' has no word in the language {lang}, so that readers see its key"
            hint = f"Write '{lang}: …' at it in site.yaml."
            yield Diagnostic(each.verdict.position, "verdict-untranslated", message, hint)
        if each.why is None:
            message = f"nothing says why the verdict is '{each.verdict}'"
            hint = "Write 'why: …', one sentence, below it."
            yield Diagnostic(each.verdict.position, "verdict-unexplained", message, hint)
        return
    near = did_you_mean(each.verdict, settings.verdicts)
    message = f"there is no verdict '{shortened(each.verdict)}' in site.yaml{near}"
    hint = f"Its scale has: {', '.join(settings.verdicts)}."
    yield Diagnostic(each.verdict.position, "verdict-unknown", message, hint)
