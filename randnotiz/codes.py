"""What others may rely on when something is wrong: the codes of diagnostics and the exit statuses of commands."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Literal, NamedTuple, Self

Severity = Literal["error", "warning"]

Code = Literal[
    "yaml-syntax",
    "encoding",
    "conflict-marker",
    "field-unknown",
    "field-missing",
    "field-doubled",
    "field-near",
    "field-deprecated",
    "csl-value-odd",
    "comment-cuts",
    "value-malformed",
    "date-malformed",
    "limit-exceeded",
    "file-missing",
    "file-outside",
    "image-remote",
    "alt-missing",
    "text-missing",
    "text-deceptive",
    "markdown-near",
    "comment-left",
    "quote-missing",
    "quote-ambiguous",
    "id-doubled",
    "name-clash",
    "id-implicit",
    "draft-used",
    "source-unknown",
    "source-unused",
    "claim-unknown",
    "verdict-unknown",
    "verdict-untranslated",
    "language-incomplete",
    "language-malformed",
    "verdict-unexplained",
    "figure-unknown",
    "quantity-unused",
    "formula-syntax",
    "unit-unknown",
    "unit-mismatch",
    "unit-shadowed",
    "points-or-percent",
    "figure-circle",
    "figure-overflow",
    "range-unproven",
    "figure-disagrees",
    "number-uncovered",
    "references-crowded",
    "chart-unknown",
    "chart-placement",
    "chart-spec",
    "chart-field-unknown",
    "chart-mark-lost",
    "column-single",
    "link-broken",
    "link-dead",
    "recheck-due",
    "published-later",
    "contrast-low",
    "template-fault",
    "template-unused",
]


class Meaning(NamedTuple):
    """How grave a diagnostic of some code is, and what it says in general, as one sentence."""

    severity: Severity
    sentence: str


# An `error` stops the build, a `warning` only with --strict. docs/format.md shows this table, tests/diagnostics.md an
# example of each row.
DIAGNOSTICS: Mapping[Code, Meaning] = {
    "yaml-syntax": Meaning("error", "The file is not YAML, or uses a part of YAML that is not read here."),
    "encoding": Meaning("error", "The file is not UTF-8, or holds a character that no text file should."),
    "conflict-marker": Meaning("error", "Git has left two versions of some lines here, with its marks around them."),
    "field-unknown": Meaning("error", "There is no field of this name here."),
    "field-missing": Meaning("error", "A required field is absent or empty."),
    "field-doubled": Meaning("error", "A field, a column or a name stands twice where it may stand once."),
    "field-near": Meaning("warning", "A key of CSL or a file beside the article is unknown, and not read."),
    "field-deprecated": Meaning("warning", "The field is read by this minor version, and not by the next."),
    "csl-value-odd": Meaning(
        "warning", "A value of a CSL item is not of its form; what can be is taken, the rest left out."
    ),
    "comment-cuts": Meaning("warning", "A plain text ends at ` #`, where YAML begins a comment."),
    "value-malformed": Meaning("error", "The value is not of the form that its field has."),
    "date-malformed": Meaning("error", "The value is no date, or no possible one at this place."),
    "limit-exceeded": Meaning("error", "Something is larger, longer, deeper or more numerous than is read."),
    "file-missing": Meaning("error", "A file that is needed or named is not there or cannot be read."),
    "file-outside": Meaning("error", "A path or a link leads out of the folder in which the file must lie."),
    "image-remote": Meaning(
        "error", "An image, or what a style sheet names, lies on another host, which no page asks for anything."
    ),
    "alt-missing": Meaning("error", "An image has no alternative text."),
    "text-missing": Meaning("warning", "The article has front matter and no text."),
    "text-deceptive": Meaning(
        "warning", "A text looks like another: it turns what follows, or an address hides where it leads."
    ),
    "markdown-near": Meaning("warning", "The text is nearly Markdown, and is printed as it stands."),
    "comment-left": Meaning("warning", "An HTML comment is left in a text; it stands in no output."),
    "quote-missing": Meaning("error", "The quoted words are not in the reading text."),
    "quote-ambiguous": Meaning("error", "The quoted words are in the reading text more than once."),
    "id-doubled": Meaning("error", "Two things in one namespace bear the same id."),
    "name-clash": Meaning("error", "A file, a folder or an address has a name that many disks take for another."),
    "id-implicit": Meaning("warning", "Something is published under an address that nothing in the files lays down."),
    "draft-used": Meaning("error", "Something published rests on a draft."),
    "source-unknown": Meaning("error", "There is no source of this id."),
    "source-unused": Meaning("warning", "Nothing in the article uses this source."),
    "claim-unknown": Meaning("error", "There is no counter-claim of this id whose claim could be taken up."),
    "verdict-unknown": Meaning("error", "The verdict is not on the scale in `site.yaml`."),
    "verdict-untranslated": Meaning("warning", "The verdict has no word in the language of the article."),
    "language-incomplete": Meaning("warning", "Words of the page are not translated into a language of the site."),
    "language-malformed": Meaning("error", "A site's own `messages.po` or `rules.yaml` cannot be used as it is."),
    "verdict-unexplained": Meaning("warning", "The verdict has no reason: `why` is absent."),
    "figure-unknown": Meaning("error", "There is no figure or quantity of this name."),
    "quantity-unused": Meaning("warning", "No formula, chart or sentence uses this quantity."),
    "formula-syntax": Meaning("error", "The formula cannot be read."),
    "unit-unknown": Meaning("error", "There is no unit of this name, or these words are no unit."),
    "unit-mismatch": Meaning("error", "Units do not fit each other, or not what is done with them."),
    "unit-shadowed": Meaning("warning", "A name of the article's own is now also that of a listed unit."),
    "points-or-percent": Meaning("warning", "Percentage points meet a percentage, which may be meant otherwise."),
    "figure-circle": Meaning("error", "A figure is computed from itself."),
    "figure-overflow": Meaning("error", "A formula has no finite value for the inputs it is given."),
    "range-unproven": Meaning(
        "warning", "It is not proven that a formula has a value within all ranges, or that the ends are all found."
    ),
    "figure-disagrees": Meaning(
        "warning", "Formula and passage disagree, or they agree against what `finding` says."
    ),
    "number-uncovered": Meaning("warning", "No annotation, quantity or entry of `covered` touches this number."),
    "references-crowded": Meaning(
        "warning", "More reference numbers than a paragraph bears, or more side by side than can be told apart."
    ),
    "chart-unknown": Meaning("error", "There is no chart of this id."),
    "chart-placement": Meaning("error", "A chart has no place in the text, two, or one where no chart can stand."),
    "chart-spec": Meaning("error", "The Vega-Lite specification is refused, or nothing can be drawn from it."),
    "chart-field-unknown": Meaning("error", "The chart uses a column that its rows do not have."),
    "chart-mark-lost": Meaning("warning", "A mark of the chart lies outside of what its author lets a scale show."),
    "column-single": Meaning("warning", "One row of a chart alone has a column of this name."),
    "link-broken": Meaning("error", "A link, a footnote or an address that was published leads nowhere."),
    "link-dead": Meaning("warning", "The address of a source does not answer (`check --links`)."),
    "recheck-due": Meaning("warning", "The day in `recheck-after` is past."),
    "published-later": Meaning("warning", "The day on which the article is published is still to come."),
    "contrast-low": Meaning("warning", "A colour of the house cannot be read on its paper."),
    "template-fault": Meaning("error", "A template or a style sheet of the site's own cannot be used as it stands."),
    "template-unused": Meaning("warning", "No page and no other template has a place for a template of this name."),
}


class Status(IntEnum):
    """The exit status of a command, with one sentence of what it means."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:  # noqa: D102 - the class says what the parameters are
        self = int.__new__(cls, value)
        self._value_ = value
        self.meaning = meaning
        return self

    DONE = 0, "The command did what it was asked to do; there may be warnings."
    FAULTS = 1, "The content has faults, all of which are printed; a build has written nothing."
    USAGE = 2, "The command line is wrong, or names what is not there."
    REFUSED = (3, "The machine refused: no space, not writable, port taken, another build, a package missing.")
    BUG = 70, "A bug of the program, printed with its traceback."
    INTERRUPTED = 130, "Interrupted, from the keyboard or by a signal; every file that was written is whole."
