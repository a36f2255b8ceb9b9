"""What is usual in a language, in our own terms."""

from collections.abc import Mapping

from msgspec import Struct

from randnotiz.language.number_format import NumberStyle, Scale


class LocaleData(Struct, frozen=True, kw_only=True):
    """How a language writes numbers, dates and lists.

    Date patterns have the slots day, month, alone (a month as it stands without a day), number (of the month), year.
    """

    tag: str
    chain: tuple[str, ...]  # itself and the languages it belongs to, nearest first: de-AT, de
    country: str  # where most of its readers live, if it names none: DE
    name: str  # in its own words
    numbers: NumberStyle
    scales: Mapping[str, tuple[Scale, ...]]  # those of numbers, "short" and "long"
    scale_words: Mapping[str, int]  # every form of a word of scale, with its power of ten
    percent_first: bool = False  # the sign stands before its number: %50
    percent_gap: str  # between a number and its percent sign
    months: tuple[str, ...]  # as they stand in a date with a day, January first
    months_alone: tuple[str, ...]
    month_names: tuple[tuple[str, ...], ...]  # of each month, in full and shortened, without full stops
    day_pattern: str
    month_pattern: str
    lists: Mapping[str, str]  # for two parts ("2"), and the start, middle and end of longer lists
    right_to_left: bool = False

    @property
    def percent_signs(self) -> tuple[str, str]:
        """What a percentage has before and behind its number."""
        return ("%", "") if self.percent_first else ("", f"{self.percent_gap}%")
