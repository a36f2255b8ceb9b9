"""Somebody who writes, claims or objects."""

from typing import Annotated, Literal, get_args

from randnotiz.diagnostics import SourceText
from randnotiz.schema import Record, record
from randnotiz.schema.fields import ADDRESS, LINE, choice

PersonType = Literal["person", "organization"]


class Person(Record, frozen=True, kw_only=True):
    """Somebody, with more than a name."""

    noun = "person"
    short = "name"

    name: Annotated[SourceText, LINE, "The name as it is printed.", "Epoch AI"]
    url: Annotated[SourceText | None, ADDRESS, "Their page.", "https://epoch.ai/"] = None
    type: Annotated[
        PersonType | None,
        choice("type of person", get_args(PersonType)),
        "What they are. Without it authors are taken for persons; of whoever claims or objects nothing is said.",
        "organization",
    ] = None


PERSON = record(Person, "person")
