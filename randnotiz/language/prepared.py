"""The customs of the languages that most sites are written in, so that such a site never loads Babel.

Loading it costs some 40 ms, as much as building several articles. A test holds every entry equal to what Babel says,
so a new CLDR shows up there and not in print.
"""

from collections.abc import Mapping
from dataclasses import replace

from randnotiz.language.locale_data import LocaleData
from randnotiz.language.number_format import NBSP, NumberStyle, Scale

_GERMAN_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_AUSTRIAN = ("Jänner", *_GERMAN_MONTHS[1:])
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_GERMAN = LocaleData(
    tag="de",
    name="Deutsch",
    numbers=NumberStyle(
        decimal=",",
        group=".",
        times=f"{NBSP}·{NBSP}",
        scales=tuple(
            Scale(least=power, power=power, word=f"{NBSP}{word}")
            for power, word in ((12, "Bio."), (9, "Mrd."), (6, "Mio."))
        ),
    ),
    percent_gap=NBSP,
    months=_GERMAN_MONTHS,
    months_alone=_GERMAN_MONTHS,
    day_pattern="{day}. {month} {year}",
    month_pattern="{month} {year}",
    lists={"2": "{0} und {1}", "start": "{0}, {1}", "middle": "{0}, {1}", "end": "{0} und {1}"},
)
_ENGLISH = LocaleData(
    tag="en",
    name="English",
    numbers=NumberStyle(
        decimal=".",
        group=",",
        times=f"{NBSP}×{NBSP}",
        scales=tuple(
            Scale(least=power, power=power, word=f"{NBSP}{word}")
            for power, word in ((12, "trillion"), (9, "billion"), (6, "million"))
        ),
    ),
    percent_gap="",
    months=_ENGLISH_MONTHS,
    months_alone=_ENGLISH_MONTHS,
    day_pattern="{month} {day}, {year}",
    month_pattern="{month} {year}",
    lists={"2": "{0} and {1}", "start": "{0}, {1}", "middle": "{0}, {1}", "end": "{0}, and {1}"},
)

PREPARED: Mapping[str, LocaleData] = {
    customs.tag: customs
    for customs in (
        _GERMAN,
        replace(_GERMAN, tag="de-AT", name="Deutsch (Österreich)", months=_AUSTRIAN, months_alone=_AUSTRIAN),
        replace(
            _GERMAN,
            tag="de-CH",
            name="Deutsch (Schweiz)",
            numbers=replace(_GERMAN.numbers, decimal=".", group="’"),
            percent_gap="",
        ),
        _ENGLISH,
        replace(
            _ENGLISH,
            tag="en-GB",
            name="English (United Kingdom)",
            day_pattern="{day} {month} {year}",
            lists={**_ENGLISH.lists, "end": "{0} and {1}"},
        ),
    )
}
