"""Quotations after an edit: how many are found again, rightly, and how sure `reanchor` is of it.

    python -m tests.benchmarks.refinding                  all articles, with and without the earlier text
    python -m tests.benchmarks.refinding --wrong          and each proposal that is not right

Every quotation of an article gets every edit for itself. `right` is a proposal that holds the words which took the
passage's place and lies in the edited sentence; `exactly` counts those of just these words. `gone` says that nothing
was proposed, `told` also that the words are perhaps gone. The last row counts edits of typography alone, which are to
be safe.
"""

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, islice
from pathlib import Path

from msgspec.structs import replace

from randnotiz import analysis, editing, notes, quotes, schema
from randnotiz.analysis import AnalysedArticle
from randnotiz.markdown import Document
from randnotiz.model import RangeSelector, TextQuoteSelector
from randnotiz.quotes import Folded, Surrounded, Surroundings
from randnotiz.spans import Span

CONTENT = Path(__file__).resolve().parent.parent.parent / "content"
ARTICLES = {"handbook": "en", "deepseek-nachgerechnet": "de", "preise-tippmuster-chipregeln": "de"}
NEAR = 4  # words that a proposal may have beside those that took the passage's place
COUNTS = (
    "cases",
    "placed",
    "ambiguous",
    "lost",
    "safe",
    "right",
    "exactly",
    "wrong",
    "gone",
    "told",
    "safe and wrong",
)
GONE = "nothing says this any more"

_SENTENCE = re.compile(r"[^\n]*?(?:[.!?:…]+[\"'”“’»)]*(?=\s|$)|(?=\n|$))")
_WORD = re.compile(r"[^\W\d]{4,}")
_NAME = re.compile(r"(?<=[\w,] )[A-Z][A-Za-z]{3,}")
_NUMBER = re.compile(r"\d+")

WORDS = {
    "en": {"other": "lantern", "clause": ", as some people say,", "not": "never", "name": "Robinson", "slip": "q"},
    "de": {"other": "Laterne", "clause": ", wie manche sagen,", "not": "nie", "name": "Robinson", "slip": "q"},
}

Change = tuple[int, int, str]  # start and end of what is replaced in the reading text, and by what


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A quotation in its sentence, of which an edit makes changes."""

    text: str
    span: Span
    sentence: Span
    lang: str
    alone: bool  # its author gave a context that lies in other sentences

    @property
    def words(self) -> dict[str, str]:
        """What the edits put into this text."""
        return WORDS[self.lang]

    def longest(self, pattern: re.Pattern[str]) -> Span | None:
        """The longest match within the quotation that ends in its sentence."""
        found = [Span(*match.span()) for match in pattern.finditer(self.text, self.span.start, self.span.end)]
        return max(found, key=lambda one: one.end - one.start, default=None)

    @property
    def middle(self) -> int:
        """Behind a word in the middle of the quotation, or in front of it if it has but one."""
        half = (self.span.start + self.span.end) // 2
        blanks = [at for at in range(self.span.start, self.span.end) if self.text[at] == " "]
        return min(blanks, key=lambda at: abs(at - half), default=self.span.start)

    def elsewhere(self) -> int:
        """The end of a block far from here."""
        ends = [at for at, char in enumerate(self.text) if char == "\n" and self.text[at - 1] in ".!?"]
        return max(ends, key=lambda at: min(abs(at - self.span.start), 3_000))


Edit = Callable[[Case], list[Change] | None]  # None where the case has nothing to edit


def swapped(case: Case) -> list[Change] | None:
    """Another word for the longest."""
    word = case.longest(_WORD)
    return word and [(*word, case.words["other"])]


def inserted(case: Case) -> list[Change] | None:
    """A clause in the middle."""
    return [(case.middle, case.middle, case.words["clause"])] if case.middle > case.span.start else None


def moved(case: Case) -> list[Change] | None:
    """The sentence at the end of another paragraph, and with it what its author gave as context."""
    return None if case.alone else torn(case)


def torn(case: Case) -> list[Change]:
    """The sentence at the end of another paragraph, whatever was given as context."""
    sentence = case.text[slice(*case.sentence)].strip()
    return [(*case.sentence, ""), (case.elsewhere(), case.elsewhere(), f" {sentence}")]


def moved_with_slip(case: Case) -> list[Change] | None:
    """The sentence moved, a letter of a word of the quotation doubled."""
    word = case.longest(_WORD)
    if not word:
        return None
    start, end = case.sentence
    at = word.start + 2
    sentence = (case.text[start:at] + case.words["slip"] + case.text[at:end]).strip()
    return [(start, end, ""), (case.elsewhere(), case.elsewhere(), f" {sentence}")]


def split(case: Case) -> list[Change]:
    """A paragraph that begins with the sentence."""
    return [(case.sentence.start, case.sentence.start, "\n")]


def split_within(case: Case) -> list[Change] | None:
    """The sentence parted in the middle of the quotation."""
    at = case.middle
    return [(at, at + 1, f". {case.text[at + 1].upper()}"), (at + 2, at + 2, "")] if at > case.span.start else None


def merged(case: Case) -> list[Change] | None:
    """The sentence joined to the one before it."""
    start = case.sentence.start
    if case.text[start - 2 : start] != ". " or case.text[start + 1 : start + 2].isupper():
        return None
    return [(start - 2, start + 1, f", and {case.text[start].lower()}")]


def number(case: Case) -> list[Change] | None:
    """Another number."""
    found = case.longest(_NUMBER)
    return found and [(*found, "".join(str((int(digit) + 3) % 10) for digit in case.text[slice(*found)]))]


def negated(case: Case) -> list[Change] | None:
    """A negation in the middle."""
    at = case.middle
    return [(at, at, f" {case.words['not']}")] if at > case.span.start else None


def negated_before(case: Case) -> list[Change] | None:
    """A negation in front of the quotation, which begins a sentence."""
    at = case.span.start
    if case.sentence.start != at or not case.text[at].isupper():
        return None
    return [(at, at + 1, f"{case.words['not'].title()} {case.text[at].lower()}")]


def renamed(case: Case) -> list[Change] | None:
    """Another name."""
    found = case.longest(_NAME)
    return found and [(*found, case.words["name"])]


def deleted(case: Case) -> list[Change]:
    """The sentence gone."""
    return [(*case.sentence, "")]


def misspelt(case: Case) -> list[Change] | None:
    """A letter doubled."""
    word = case.longest(_WORD)
    return word and [(word.start + 2, word.start + 2, case.words["slip"])]


def halved(case: Case) -> list[Change] | None:
    """The second half of the quotation gone."""
    return [(case.middle, case.span.end, "")] if case.middle > case.span.start else None


def doubled(case: Case) -> list[Change]:
    """The sentence a second time elsewhere."""
    return [(case.elsewhere(), case.elsewhere(), f" {case.text[slice(*case.sentence)].strip()}")]


def small(case: Case) -> list[Change] | None:
    """The first letter of the sentence in its other case, at the beginning of a block."""
    at = case.sentence.start
    letter = case.text[at]
    heads = at == 0 or case.text[at - 1] == "\n"
    word = letter.isalpha() and not case.text[at + 1].isupper()  # no abbreviation
    return [(at, at + 1, letter.swapcase())] if case.span.start == at and word and heads else None


def small_within(case: Case) -> list[Change] | None:
    """The first letter of a sentence in its other case that stands behind another in its block."""
    at = case.sentence.start
    letter = case.text[at]
    word = letter.isalpha() and not case.text[at + 1].isupper() and case.text[at - 2 : at] == ". "
    return [(at, at + 1, letter.swapcase())] if case.span.start == at and word else None


def unended(case: Case) -> list[Change] | None:
    """A sentence's own full stop gone where the block ends."""
    at = case.sentence.end - 1
    ends = case.text[at : at + 2] in (".", ".\n") and case.span.end >= at
    return [(at, at + 1, "")] if ends else None


def typeset(case: Case) -> list[Change]:
    """Other blanks, dashes and marks throughout the sentence."""
    other = {" ": "\u00a0 ", "–": "—", "—": " – ", "„": "«", "“": "»", "'": "’", '"': "“"}
    start, end = case.sentence
    return [(at, at + 1, other[case.text[at]]) for at in range(start, end) if case.text[at] in other]


def small_and_typeset(case: Case) -> list[Change] | None:
    """Both of them, beside another."""
    first = small(case)
    return first and [*first, *(one for one in typeset(case) if one[0] > first[0][0])]


def small_and_elsewhere(case: Case) -> list[Change] | None:
    """The first letter, and a sentence more in a paragraph far from here."""
    first, at = small(case), case.elsewhere()
    return first and [*first, (at, at, f" {case.words['other']}.")]


EXACT: tuple[Edit, ...] = (moved, small, small_within, small_and_typeset, small_and_elsewhere, unended, typeset)
EDITS: tuple[Edit, ...] = (
    *(swapped, inserted, moved_with_slip, split, split_within, merged, number, negated, negated_before, renamed),
    *(misspelt, halved, doubled, torn, *EXACT, deleted),
)


def main() -> None:
    """Prints a table for each article, with and without its earlier text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="print each proposal that is not right")
    parser.add_argument("--article", choices=ARTICLES, help="only this one")
    options = parser.parse_args()
    for slug in [options.article] if options.article else ARTICLES:
        for plain in (True, False) if slug == "handbook" else (False,):
            for known in (False, True):
                title = f"{slug}{', without its code' * plain}, {'with' if known else 'without'} its earlier text"
                print_table(title, table(slug, plain=plain, known=known, show=options.wrong))


def table(
    slug: str, *, plain: bool = False, known: bool, show: bool = False, each: int = 1
) -> dict[str, Counter[str]]:
    """For each edit, how often what came of it: see COUNTS. `plain` leaves the article's code out.

    Of the quotations only every first, second, third and so on is taken, as `each` says.
    """
    rows: dict[str, Counter[str]] = {}
    article = analysed(slug, plain=plain)
    text, document = article.annotated.reading, article.annotated.document
    assert document
    whole = analysed(slug).annotated.document
    assert whole
    around = notes.surroundings(article.written, whole, article.annotated.results)
    around = without_code(around) if plain else around
    assert around.text == text
    was = editing.EarlierText(name="before", text=quotes.fold(text), around=around)
    sources = editing.article_texts(article.written)
    for edit in EDITS:
        row = rows.setdefault(edit.__name__, Counter())
        for quote, case in islice(cases(article, ARTICLES[slug]), None, None, each):
            changes = edit(case)
            if changes is None:
                continue
            new, mapped = edited(text, changes)
            there = replaced(mapped, case, edit, changes)
            now = replace(
                article, annotated=replace(article.annotated, reading=new, document=shifted(article, mapped))
            )
            around = remapped(was.around, new, mapped)
            outcome, proposal = refound(now, quote, sources, was if known else None, around, there)
            row.update(["cases", *outcome])
            if show and ({"wrong"} & set(outcome) or ("gone" in outcome) != (edit is deleted)):
                wanted = new[slice(*there[0])] if there else ""
                found = [outcome, text[slice(*case.span)], wanted, proposal]
                if "placed" not in outcome and "ambiguous" not in outcome:
                    print(edit.__name__, *(f"    {one}" for one in found), sep="\n")
    return rows


def analysed(slug: str, *, plain: bool = False) -> AnalysedArticle:
    """An article as it lies in the content folder."""
    context, _ = analysis.read_context(CONTENT)
    article, diagnostics = analysis.analyse_folder(CONTENT, slug, context)
    assert article is not None, diagnostics
    if not plain:
        return article
    assert article.annotated.document
    blocks = [block for block in article.annotated.document.blocks if block.kind != "code"]
    text = "\n".join(article.annotated.reading[block.start : block.end].strip("\n") for block in blocks)
    document = replace(article.annotated.document, blocks=tuple(blocks))
    return replace(article, annotated=replace(article.annotated, reading=text, document=document))


def cases(article: AnalysedArticle, lang: str) -> Iterator[tuple[TextQuoteSelector, Case]]:
    """Each quotation of an article that stands once in its text."""
    text = article.annotated.reading
    folded = quotes.fold(text)
    sentences = [Span(*match.span()) for match in _SENTENCE.finditer(text) if match[0].strip()]
    for quote in schema.texts(article.written, "quote"):
        if isinstance(quote, RangeSelector):
            continue
        spans = quotes.find(folded, quote.exact, quote.prefix, quote.suffix)
        within = [one for one in sentences if spans and one.start < spans[0].end and spans[0].start < one.end]
        if len(spans) == 1:
            start = within[0].start + len(text[slice(*within[0])]) - len(text[slice(*within[0])].lstrip())
            sentence = Span(start, within[-1].end)
            alone = spans[0].start - len(quote.prefix) < start or spans[0].end + len(quote.suffix) > sentence.end
            yield quote, Case(text=text, span=spans[0], sentence=sentence, lang=lang, alone=alone)


def edited(text: str, changes: Sequence[Change]) -> tuple[str, Callable[[int, bool], int]]:
    """The text with changes made in it, and where its offsets are now, in front of what is put there or behind it."""
    ordered = sorted(changes)
    for start, end, new in reversed(ordered):
        text = text[:start] + new + text[end:]

    def mapped(offset: int, behind: bool) -> int:
        shift = 0
        for start, end, new in ordered:
            if offset > end or (offset == end and (behind or end > start)):
                shift += len(new) - (end - start)
            elif offset > start:
                return start + shift
        return offset + shift

    return text, mapped


def shifted(article: AnalysedArticle, mapped: Callable[[int, bool], int]) -> Document | None:
    """The article's document with its blocks where they are after an edit."""
    document = article.annotated.document
    return document and replace(
        document,
        blocks=tuple(
            replace(block, start=mapped(block.start, True), end=mapped(block.end, False)) for block in document.blocks
        ),
    )


def replaced(mapped: Callable[[int, bool], int], case: Case, edit: Edit, changes: Sequence[Change]) -> list[Span]:
    """Where the words now stand that took the passage's place; several where the sentence was doubled."""
    if edit is deleted:
        return []
    start, end = case.span
    if edit is merged:  # its first letter is put there with what joins the sentences
        return [Span(mapped(start, True) - (start == case.sentence.start), mapped(end, False))]
    stays = Span(mapped(start, False), mapped(end, False))
    if edit in (moved, torn, moved_with_slip, doubled):
        at = changes[-1][0]
        first = mapped(at, False) + 1 + start - case.sentence.start
        return ([stays] if edit is doubled else []) + [Span(first, first + end - start + (edit is moved_with_slip))]
    return [stays]


def refound(
    now: AnalysedArticle,
    quote: TextQuoteSelector,
    sources: dict[str, str],
    earlier: editing.EarlierText | None,
    around: Surroundings,
    there: list[Span],
) -> tuple[list[str], str]:
    """What became of a quotation, in the words of COUNTS, and the words that are proposed for it."""
    folded = quotes.fold(now.annotated.reading)
    places = quotes.find(folded, quote.exact, quote.prefix, quote.suffix)
    if len(places) == 1:
        return (["placed"] if lies(folded, places[0], there)[0] else ["placed", "wrong", "safe and wrong"]), ""
    if places:
        return ["ambiguous"], ""
    one = next(one for one in lost(now, sources, earlier, around) if one.position == quote.exact.position)
    if not one.edits:
        return ["lost", "gone", "told"], one.reason
    edit = one.edits[0]
    (span,) = quotes.find(folded, edit.exact, edit.prefix, edit.suffix)
    right, exactly = lies(folded, span, there)
    outcome = ["right"] * right + ["exactly"] * exactly + ["wrong"] * (not right) + ["safe"] * one.safe + ["lost"]
    outcome += ["told"] * (GONE in one.reason)
    return outcome + ["safe and wrong"] * (one.safe and not right), f"{edit.exact} ({one.reason})"


def lost(
    now: AnalysedArticle, sources: dict[str, str], earlier: editing.EarlierText | None, around: Surroundings
) -> Sequence[editing.Orphan]:
    """The lost quotations, found again with an earlier text or without."""
    return editing.lost(now, sources, [earlier] if earlier else [], around)


def without_code(around: Surroundings) -> Surroundings:
    """What stands around passages in a text without its code, its blocks one behind the other."""
    text, blocks, kept = "", list[Surrounded](), [one.kind != "code" for one in around.blocks]
    for one in compress(around.blocks, kept):
        words = around.text[one.start : one.end].strip("\n")
        shift = len(text) - one.start
        marks = tuple((at + shift, sign) for at, sign in one.marks)
        blocks.append(replace(one, start=len(text), end=len(text) + len(words), marks=marks))
        text += f"{words}\n" if words else ""  # a picture has none
    return Surroundings(text=text.removesuffix("\n"), blocks=renumbered(blocks, kept), title=around.title)


def remapped(around: Surroundings, text: str, mapped: Callable[[int, bool], int]) -> Surroundings:
    """What stands around passages, with its blocks and marks where they are after an edit; without lost blocks."""
    blocks = [
        replace(
            one,
            start=mapped(one.start, True),
            end=mapped(one.end, False),
            marks=tuple((mapped(at, True), sign) for at, sign in one.marks),
        )
        for one in around.blocks
    ]
    there = zip(blocks, around.blocks, strict=True)  # a chart had no words before
    kept = [one.start < one.end or was.start == was.end for one, was in there]
    return Surroundings(text=text, blocks=renumbered(compress(blocks, kept), kept), title=around.title)


def renumbered(blocks: Iterable[Surrounded], kept: Sequence[bool]) -> tuple[Surrounded, ...]:
    """The blocks that were kept of more, with the numbers that the headings above them have now."""
    now = [0, *accumulate(kept)]
    return tuple(replace(one, below=tuple(now[at] for at in one.below)) for one in blocks)


def lies(folded: Folded, span: Span, there: list[Span]) -> tuple[bool, bool]:
    """Whether a passage is the words that took another's place, give or take a few; and whether just these."""
    for wanted in there:
        common = folded.source[max(span.start, wanted.start) : min(span.end, wanted.end)].split()
        beside = len(folded.source[slice(*span)].split()) - len(common)
        if 2 * len(common) >= len(folded.source[slice(*wanted)].split()) and common and beside <= NEAR:
            bare = [quotes.fold(folded.source[slice(*one)]).text.strip(" .,;:") for one in (span, wanted)]
            return True, bare[0] == bare[1]
    return False, False


def print_table(title: str, rows: dict[str, Counter[str]]) -> None:
    """A table as Markdown."""
    print(f"\n{title}\n\n| edit | {' | '.join(COUNTS)} |\n|---|{'---:|' * len(COUNTS)}")
    still = [row for name, row in rows.items() if name not in ("deleted", "doubled")]
    exact = [row for name, row in rows.items() if name in [edit.__name__ for edit in EXACT]]
    sums = {"all that still stand": sum(still, Counter()), "exact": sum(exact, Counter())}
    for name, row in {**rows, **sums}.items():
        print(f"| {name.replace('_', ' ')} | {' | '.join(str(row[count]) for count in COUNTS)} |")
    refound = sums["all that still stand"]
    asked = refound["cases"] - refound["placed"] - refound["ambiguous"]
    print(f"\nsafe of the exact that had to be found again: {sums['exact']['safe']} of {sums['exact']['lost']}")
    print(f"\nright of those that had to be found again: {100 * refound['right'] / max(1, asked):.1f} %")


if __name__ == "__main__":
    main()
