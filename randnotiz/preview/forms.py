"""What the forms of the preview ask for, by kind, and how an entry of a YAML file becomes their values and back."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from randnotiz.csl import CSL_TYPES
from randnotiz.editing.writing import Entry
from randnotiz.model import Chart, Citation, CounterClaim, EditorialNote, Figure, Quantity
from randnotiz.model.source import CUSTOM
from randnotiz.schema import Record, fields_of
from randnotiz.schema.fields import Widget
from randnotiz.schema.records import Described
from randnotiz.yamldoc import List, Map, Value

FormValue = str | list[Any] | dict[str, Any]


class FormField(Struct, frozen=True, kw_only=True):
    """A field of a form: what is asked for, and with what. A name with a point is that of a field within a field.

    `choices` are the words to choose from, or the name of a list that depends on the article.
    """

    name: str
    label: str
    widget: Widget = "line"
    required: bool = False
    choices: tuple[str, ...] | str = ()
    hint: str = ""


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of entry: the file and the list it stands in, the fields of its form, and how its id begins.

    `named` entries are members of a mapping. The passage is the field `quoted`, if there is one; it is written before
    the field of the name `quote_before`, or first. Only those that are about selected words can be `selectable`.
    """

    label: str
    sign: str
    file: str
    keys: tuple[str, ...]
    fields: tuple[FormField, ...]
    prefix: str = "n"
    id_begins: str = ""
    named: bool = False
    selectable: bool = True
    quoted: str = "quote"
    quote_before: str = ""

    @property
    def is_source(self) -> bool:
        """Whether it is a cited work, whose id may be any text."""
        return self.prefix == "source"

    def form(self) -> dict[str, Any]:
        """The form, for the page."""
        named = ("label", "sign", "file", "named", "selectable")
        return {**{name: getattr(self, name) for name in named}, "fields": [asdict(field) for field in self.fields]}

    def values(self, entry: Map) -> dict[str, FormValue]:
        """What an entry says, by field; what a form cannot show is left out, and so never touched."""
        found = {}
        for field in self.fields:
            value = within(entry, field.name)
            shown = None if value is None else _shown(field, value)
            if shown is not None:
                found[field.name] = shown
        return found


def _shown(field: FormField, value: Value) -> FormValue | None:
    """What a form shows of a value, None if it cannot."""
    if field.widget == "people":
        return on_one_line(plain_value(value))
    return plain_value(value) if fits(field, plain_value(value)) else None


def within(entry: Map, name: str) -> Value | None:
    """The value of a field, or of a field within a field."""
    first, _, rest = name.partition(".")
    value = next((each for key, each in entry.items() if key == first), None)
    if not rest or value is None:
        return value
    return within(value, rest) if isinstance(value, Map) else None


def plain_value(value: Value) -> FormValue:
    """What a value says, as plain texts, lists and mappings."""
    if isinstance(value, Map):
        return {str(name): plain_value(each) for name, each in value.items()}
    if isinstance(value, List):
        return [plain_value(each) for each in value]
    return str(value).rstrip("\n")


def fits(field: FormField, value: FormValue) -> bool:
    """Whether a form can show a value in a field."""
    match field.widget:
        case "sources":
            return isinstance(value, list) and all(_is_use(each) for each in value)
        case "person":
            return isinstance(value, str) or (isinstance(value, dict) and _are_texts(value, ("name", "url", "type")))
        case _:
            return isinstance(value, str)


def on_one_line(names: FormValue) -> str | None:
    """The people of a CSL item as `Berger, Anna; Amt für Wohnen`; None where that would not be read as they are."""
    found = []
    for name in names if isinstance(names, list) else [names]:
        parts = {str(part): str(words) for part, words in name.items()} if isinstance(name, dict) else {}
        known = parts.keys() == {"literal"} or {"family"} <= parts.keys() <= {"family", "given"}
        if not known or any(not words.strip() or re.search("[,;]", words) for words in parts.values()):
            return None
        found.append(parts.get("literal") or f"{parts['family']}, {parts.get('given', '')}".strip())
    return "; ".join(found)


def people(words: str) -> list[Entry]:
    """The names of such a line: with a comma a person, without one an institution."""
    found: list[Entry] = []
    for name in filter(None, (each.strip() for each in words.split(";"))):
        family, comma, given = (part.strip() for part in name.partition(","))
        found.append({"family": family, "given": given or None} if comma else {"literal": name})
    return found


def _is_use(value: FormValue) -> bool:
    return isinstance(value, str) or (
        isinstance(value, dict) and "id" in value and _are_texts(value, ("id", "locator", "passage", "verbatim"))
    )


def _are_texts(value: Mapping[str, Any], names: Sequence[str]) -> bool:
    return all(name in names and isinstance(each, str) for name, each in value.items())


def written(field: FormField, value: FormValue) -> Entry:
    """What a form says in a field, as it is written; None where it says nothing."""
    match value:
        case str() if field.widget == "people":
            return people(value) or None
        case str():
            return value.strip() or None
        case dict():
            given = {name: each.strip() for name, each in value.items() if each.strip()}
            first = "id" if field.widget == "sources" else "name"
            return given.get(first) if given.keys() <= {first} else given
        case _:
            return [use for use in (written(field, each) for each in value) if use] or None


# The types of works that editors cite most, before all others.
_COMMON = ("webpage", "article-newspaper", "article-magazine", "article-journal", "report", "book", "post", "dataset")
WORKS = (*_COMMON, *sorted(CSL_TYPES - set(_COMMON)))

_MARKDOWN = "Markdown, without headings and footnotes"


def _of(record: type[Record]) -> tuple[FormField, ...]:
    """The fields of a form for a record, as the record describes them."""
    known = fields_of(record)
    return tuple(_field(name, known[name]) for name in record.form)


def _field(name: str, described: Described) -> FormField:
    field, type = described.field, described.field.type
    return FormField(
        name=name,
        label=field.label or name.replace("_", " ").capitalize(),
        widget=field.widget or type.widget,
        required=described.required,
        choices=field.choices or type.choices,
        hint=field.hint or (_MARKDOWN if type.role == "markdown" else ""),
    )


def _kind(label: str, record: type[Record], sign: str, file: str, key: str, **more: Any) -> Kind:
    return Kind(label=label, sign=sign, file=f"{file}.yaml", keys=(key,), fields=_of(record), **more)


_ABOUT_NOTHING = {"named": True, "selectable": False, "quoted": ""}
KINDS: Mapping[str, Kind] = {
    "source": _kind("Source", Citation, Citation.sign, "sources", "citations", id_begins="citation"),
    "counter": _kind(
        "Counter-claim", CounterClaim, CounterClaim.sign, "counterclaims", "counterclaims", id_begins="counterclaim"
    ),
    "figure": _kind("Figure", Figure, Figure.sign, "figures", "figures", named=True, quote_before="stated"),
    "note": _kind("Note", EditorialNote, EditorialNote.sign, "notes", "notes"),
    "chart": _kind("Chart", Chart, "▦", "charts", "charts", prefix="chart", selectable=False, quoted="after"),
    "quantity": _kind("Quantity", Quantity, "#", "figures", "quantities", prefix="quantity", **_ABOUT_NOTHING),
    "work": Kind(
        label="Cited work",
        sign="§",
        file="sources.yaml",
        keys=("sources", "references"),
        prefix="source",
        selectable=False,
        quoted="",
        fields=(
            FormField(name="type", label="Type", widget="choice", required=True, choices=WORKS),
            FormField(name="title", label="Title", required=True),
            FormField(
                name="author", label="By", widget="people", hint="Family name, given name; or an office as it is"
            ),
            FormField(name="container-title", label="Published in"),
            FormField(name="publisher", label="Publisher"),
            FormField(name="issued", label="Published on", widget="date"),
            FormField(name="accessed", label="Read on", widget="date"),
            FormField(name="URL", label="Address"),
            FormField(name="language", label="Language"),
            *(
                FormField(name=f"custom.{name}", label=label, widget=of.widget, choices=of.choices, hint=hint)
                for name, (of, _, label, hint) in CUSTOM.items()
                if label
            ),
        ),
    ),
}
