"""Quotations of the article: how authors name the words that an annotation is about."""

from typing import Annotated, Any

from randnotiz.diagnostics import SourceText
from randnotiz.schema import Extra, Record, record
from randnotiz.schema.fields import CONTEXT, QUOTED, TEXT_SCHEMA, FieldType
from randnotiz.yamldoc import Map


class TextQuoteSelector(Record, frozen=True, kw_only=True):
    """The words as a reader sees them, with what stands before and after where they occur more than once.

    W3C Web Annotation Data Model, TextQuoteSelector.
    """

    noun = "quote"
    short = "exact"

    exact: Annotated[SourceText, QUOTED, "The words themselves.", "rund 50.000 Chips"]
    prefix: Annotated[str, CONTEXT, "What stands directly before them.", "rund"] = ""
    suffix: Annotated[str, CONTEXT, "What stands directly behind them.", "der Hopper-Generation"] = ""


class RangeSelector(Record, frozen=True, kw_only=True):
    """A long passage, named by its two ends."""

    noun = "quote"

    start: Annotated[
        SourceText,
        QUOTED,
        "Its first words, which may stand only once in the article.",
        "Die Kosten sinken",
        Extra(name="from"),
    ]
    end: Annotated[
        SourceText,
        QUOTED,
        "Its last words: the next place where they stand, within 2,000 characters.",
        "um das Vierfache",
        Extra(name="to"),
    ]


Quote = TextQuoteSelector | RangeSelector

_EXACT, _ENDS = record(TextQuoteSelector), record(RangeSelector)


def _quote(value: Any) -> Any:
    ends = isinstance(value, Map) and ("from" in value or "to" in value)
    return (_ENDS if ends else _EXACT).read(value)


QUOTE = FieldType(
    _quote, {"anyOf": [TEXT_SCHEMA, {"record": TextQuoteSelector}, {"record": RangeSelector}]}, role="quote"
)
