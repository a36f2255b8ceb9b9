"""What others hold for or against a claim: counterclaims.yaml."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from randnotiz.diagnostics import Diagnostic, SourceText
from randnotiz.model.annotation import USE, Annotation, CitationItem
from randnotiz.model.person import PERSON, Person
from randnotiz.model.quote import QUOTE, Quote
from randnotiz.schema import Extra, Record, record
from randnotiz.schema.fields import COMPOSED, DAY, LINE, MARKDOWN, PROSE_LINE, choice, each, sentence
from randnotiz.schema.records import owner
from randnotiz.values import Date
from randnotiz.yamldoc import Map

Stance = Literal["supports", "qualifies", "disputes", "corrects"]

LONGEST_WHY = 120  # characters
_OF_THE_CLAIM = ("claim", "claimed_by", "claimed_on", "appeared_in", "verdict", "why")


class CounterClaim(Annotation, frozen=True, kw_only=True):
    """What somebody holds for or against a claim.

    Either `claim` and `claimed_by` are there, or `same_claim_as`.
    """

    noun = "counter-claim"
    id_begins = "counterclaim"
    note_kind, sign, counted = "counter", "⇄", "count-voice"
    together: ClassVar[Mapping[str, Any]] = {
        "oneOf": [
            {"required": ["claim", "claimed_by"], "not": {"required": ["same_claim_as"]}},
            {"required": ["same_claim_as"], "not": {"anyOf": [{"required": [name]} for name in _OF_THE_CLAIM]}},
        ]
    }
    form = (
        "same_claim_as",
        "claim",
        "claimed_by",
        "claimed_on",
        "stance",
        "counter",
        "by",
        "sources",
        "verdict",
        "why",
        "gist",
        "reply",
        "draft",
    )

    quote: Annotated[
        Quote | None,
        QUOTE,
        "The words of the article that make the claim, as a reader sees them.",
        "für sechs Millionen Dollar",
    ] = None
    claim: Annotated[
        SourceText | None,
        PROSE_LINE,
        "The claim in a sentence of its own.",
        "DeepSeek habe für sechs Millionen Dollar erreicht, wofür US-Firmen Milliarden brauchten.",
        Extra(hint="What is claimed, in one sentence"),
    ] = None
    claimed_by: Annotated[Person | None, PERSON, "Who claims it.", "Medienberichte"] = None
    claimed_on: Annotated[Date | None, DAY, "When they did.", "2025-01-27"] = None
    appeared_in: Annotated[
        tuple[SourceText, ...],
        each(LINE),
        "The ids of the sources in which the claim was made.",
        "[trendingtopics2025]",
        Extra(choices="source"),
    ] = ()
    verdict: Annotated[
        SourceText | None,
        LINE,
        "A key of the scale in site.yaml.",
        "misleading",
        Extra(choices="verdict", widget="choice"),
    ] = None
    why: Annotated[
        SourceText | None,
        sentence(LONGEST_WHY),
        f"The reason of the verdict, in one sentence of at most {LONGEST_WHY} characters.",
        "Verglichen wird ein einzelner Lauf mit den Budgets ganzer Firmen.",
        Extra(hint="The reason of the verdict, in one sentence"),
    ] = None
    same_claim_as: Annotated[
        SourceText | None,
        COMPOSED,
        "The id of the entry that has the claim, for another voice on it.",
        "only-the-last-run",
        Extra(
            label="Another voice on",
            hint="Then leave the claim, who claims it and the verdict empty.",
            choices="claim",
            widget="choice",
        ),
    ] = None
    stance: Annotated[Stance, choice("stance", get_args(Stance)), "What the voice does to the claim.", "qualifies"]
    counter: Annotated[
        SourceText,
        MARKDOWN,
        "What the voice holds (Markdown without headings and footnotes).",
        "Die Summe deckt nur den letzten Trainingslauf.",
        Extra(label="What is held against it"),
    ]
    by: Annotated[Person, PERSON, "Whose voice it is.", "Epoch AI"]
    sources: Annotated[tuple[CitationItem, ...], each(USE, least=1), "The sources it leans on.", "[epoch2025r1]"]
    reply: Annotated[
        SourceText | None,
        MARKDOWN,
        "What the other side says to it (Markdown without headings and footnotes).",
        "DeepSeek hat nicht geantwortet.",
    ] = None
    asked_on: Annotated[Date | None, DAY, "When the other side was asked.", "2026-11-20"] = None
    replied_on: Annotated[Date | None, DAY, "When it answered.", "2026-11-22"] = None

    @property
    def message(self) -> str:
        """Voices are named by their stance."""
        return f"stance-{self.stance}"

    @property
    def tags(self) -> tuple[str, ...]:
        """With the stance."""
        return (self.noun, self.stance)

    @classmethod
    def rules(cls, given: Map) -> Iterator[Diagnostic]:
        """Either a claim with who makes it, or another voice on a claim."""
        if "same_claim_as" in given:
            for name in _OF_THE_CLAIM:
                if name in given:
                    message = f"'{name}' belongs to the entry that 'same_claim_as' names"
                    yield Diagnostic(
                        given.key(name).position, "value-malformed", message, f"Leave '{name}' out here."
                    )
            return
        for name in ("claim", "claimed_by"):
            if name not in given:
                hint = f"Write '{name}: …', or 'same_claim_as: …' for another voice on a claim."
                yield Diagnostic(owner(given), "field-missing", f"this counter-claim has no '{name}'", hint)


class CounterClaimsFile(Record, frozen=True, kw_only=True):
    """What others hold for or against a passage."""

    noun = "counterclaims.yaml"
    whole = True

    counterclaims: Annotated[
        tuple[CounterClaim, ...],
        each(record(CounterClaim)),
        "The voices, each with its stance and its sources.",
        "[]",
    ] = ()
