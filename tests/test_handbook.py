"""The handbook shows what is there: its YAML is its own, it names every field, and its message is a real one."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any, get_args

import pytest
import yaml

from randnotiz import reader, site
from randnotiz.csl import CSL_DATE_PARTS, CSL_KEYS, CSL_NAME_PARTS
from randnotiz.model import Article, CitationItem, EditorialNoteKind, RangeSelector, Stance, TextQuoteSelector
from randnotiz.reader import texts
from tests.program import run

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "content"
HANDBOOK = CONTENT / "handbook"

TEXT = (HANDBOOK / "article.md").read_text(encoding="utf-8")
FRONT = texts.split_front_matter(TEXT.encode(), "handbook/article.md").front
YAML = {path.name: path.read_text(encoding="utf-8") for path in (*HANDBOOK.glob("*.yaml"), CONTENT / "site.yaml")}

_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<lines>.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")


def blocks(language: str) -> list[str]:
    """The fenced blocks of the handbook in a language."""
    return [found["lines"] for found in _BLOCK.finditer(TEXT) if found["language"] == language]


def places(written: str, shown: str) -> Iterator[tuple[int, int]]:
    """Where the lines of `shown` follow each other in `written`, all indented by the same number of blanks."""
    lines, wanted = written.splitlines(), dedent(shown).splitlines()
    for start in range(len(lines) - len(wanted) + 1):
        if dedent("\n".join(lines[start : start + len(wanted)])).splitlines() == wanted:
            yield start, start + len(wanted)


def holds(written: str, shown: str) -> bool:
    """Whether the lines of `shown` stand in `written`."""
    return any(places(written, shown))


@pytest.mark.parametrize("shown", blocks("yaml"), ids=lambda shown: shown.splitlines()[0])
def test_the_yaml_that_the_handbook_shows_stands_in_its_own_files(shown: str) -> None:
    assert any(holds(written, shown) for written in (FRONT, *YAML.values()))


def test_a_block_with_another_line_in_it_would_be_noticed() -> None:
    assert holds("figures:\n  a:\n    digits: 3\n    unit: km\n", "digits: 3\nunit: km\n")
    assert not holds("figures:\n  a:\n    digits: 3\n    unit: km\n", "digits: 4\nunit: km\n")
    assert not holds("figures:\n  a:\n    digits: 3\n    note: x\n    unit: km\n", "digits: 3\nunit: km\n")


Schema = dict[str, Any]
SCHEMAS = reader.json_schemas()


def alternatives(schema: Schema, file: str, record: str) -> Iterator[tuple[str, Schema]]:
    """Every schema that a value may follow, with the record it describes: its own name, or that of its field."""
    if "$ref" in schema:
        record = schema["$ref"].rpartition("/")[2]
        schema = SCHEMAS[file]["definitions"][record]
    yield record, schema
    for word in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(word, ()):
            yield from alternatives(each, file, record)


def fields(schema: Schema, file: str, record: str) -> Iterator[tuple[str, str]]:
    """The fields of a schema and of all below, each with its record."""
    for name, each in alternatives(schema, file, record):
        for field, below in each.get("properties", {}).items():
            yield name, field
            yield from fields(below, file, field)
        for below in (each.get("additionalProperties"), each.get("items")):
            if isinstance(below, dict):
                yield from fields(below, file, name)


def at_lines(node: yaml.Node | None, schema: Schema, file: str, record: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """The lines of a file at which a field stands, with its record."""
    for name, each in alternatives(schema, file, record):
        if isinstance(node, yaml.SequenceNode) and "items" in each:
            for value in node.value:
                yield from at_lines(value, each["items"], file, name)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value in (properties := each.get("properties", {})):
                    yield key.start_mark.line, (name, key.value)
                    yield from at_lines(value, properties[key.value], file, key.value)
                elif isinstance(below := each.get("additionalProperties"), dict):
                    yield from at_lines(value, below, file, name)


def contract() -> list[tuple[str, str]]:
    """Every field of the contract, with its record. What only CSL defines is left to CSL."""
    known = {
        (record, field)
        for file, schema in SCHEMAS.items()
        for record, field in fields(schema, file, file)
        if "sources" not in file or record in schema.get("definitions", ()) or field not in OF_CSL
    }
    return sorted(known)


OF_CSL = (CSL_KEYS | CSL_NAME_PARTS | CSL_DATE_PARTS) - {"custom", "id", "type"}


@pytest.fixture(scope="module")
def shown() -> set[tuple[str, str]]:
    """The fields that stand in the YAML that the handbook shows."""
    texts = {"article": FRONT} | {name.removesuffix(".yaml"): text for name, text in YAML.items()}
    found = set()
    for file, text in texts.items():
        lines = {line for block in blocks("yaml") for start, end in places(text, block) for line in range(start, end)}
        found |= {one for at, one in at_lines(yaml.compose(text), SCHEMAS[file], file, file) if at in lines}
    return found


# A word of code in a sentence names a field if it is nothing else, or if a value follows it.
NAMED = {
    name
    for code in _CODE.findall(_BLOCK.sub("", TEXT))
    for name in re.findall(r"^[\w-]+$|(?:(?<=^)|(?<=[{,] ))[\w-]+(?=:(?: |$))", code)
}


@pytest.mark.parametrize(("record", "field"), contract())
def test_every_field_is_shown_or_explained(record: str, field: str, shown: set[tuple[str, str]]) -> None:
    assert (record, field) in shown or field in NAMED, f"the handbook never names '{field}'"


def test_the_handbook_has_no_findings_and_every_published_address_is_on_record() -> None:
    folders = site.SitePaths(
        content=CONTENT, templates=ROOT / "templates", static=ROOT / "static", output=ROOT, cache=ROOT / ".cache"
    )
    outcome = site.check(folders, site.BuildOptions(drafts=True, as_of="2026-11-23"))
    assert [
        diagnostic
        for diagnostic in outcome.diagnostics
        if diagnostic.position.path.startswith(("handbook/", "site.yaml"))
    ] == []


def exact(article: Article) -> Iterator[TextQuoteSelector]:
    """The quotations of an article in their plain form."""
    yield from (each.quote for each in article.annotations if isinstance(each.quote, TextQuoteSelector))


def uses(article: Article) -> Iterator[CitationItem]:
    """The sources of its citations."""
    yield from (use for citation in article.citations for use in citation.sources)


def customs(article: Article, key: str) -> set[str]:
    """What its sources say under a key of `custom`."""
    found = (source.csl["custom"] for source in article.sources.values())
    return {str(custom[key]) for custom in found if isinstance(custom, dict) and key in custom}


FEATURES: dict[str, Callable[[Article], bool]] = {
    "a note on the whole article": lambda it: any(each.quote is None for each in it.editorial_notes),
    "words that stand only once": lambda it: any(not quote.prefix and not quote.suffix for quote in exact(it)),
    "words with what stands before them": lambda it: any(quote.prefix for quote in exact(it)),
    "words with what stands after them": lambda it: any(quote.suffix for quote in exact(it)),
    "a passage by its two ends": lambda it: any(isinstance(each.quote, RangeSelector) for each in it.annotations),
    "two notes on one passage": lambda it: len({quote.exact for quote in exact(it)}) < len(list(exact(it))),
    "the short form of a source": lambda it: any(use == CitationItem(id=use.id) for use in uses(it)),
    "a locator with a passage": lambda it: any(use.locator and use.passage for use in uses(it)),
    "the words of a source": lambda it: any(use.verbatim for use in uses(it)),
    "every sort of evidence": lambda it: customs(it, "evidence") == {"primary", "reporting", "estimate", "opinion"},
    "works read and not read": lambda it: customs(it, "checked") == {"original", "secondary"},
    "an archived copy": lambda it: bool(customs(it, "archive-url")),
    "one witness named twice": lambda it: bool(customs(it, "same-origin-as") & set(it.sources)),
    "every stance": lambda it: {voice.stance for voice in it.counterclaims} == set(get_args(Stance)),
    "a verdict": lambda it: any(voice.verdict for voice in it.counterclaims),
    "a reply": lambda it: any(voice.reply and voice.asked_on and voice.replied_on for voice in it.counterclaims),
    "another voice on a claim": lambda it: any(voice.same_claim_as for voice in it.counterclaims),
    "an exact quantity": lambda it: any(not number.uncertain for number in it.quantities.values()),
    "a range": lambda it: any(number.uncertain for number in it.quantities.values()),
    "an assumption": lambda it: any(number.assumed for number in it.quantities.values()),
    "units with and without words": lambda it: {bool(unit.words) for unit in it.units} == {True, False},
    "a figure without a passage": lambda it: any(figure.quote is None for figure in it.figures.values()),
    "a stated number": lambda it: any(figure.stated and figure.stated.words for figure in it.figures.values()),
    "a stated range": lambda it: any(figure.stated and figure.stated.low for figure in it.figures.values()),
    "every finding": lambda it: {figure.finding for figure in it.figures.values()} == {"agrees", "disagrees", None},
    "a chart of figures": lambda it: any(chart.rows.figures for chart in it.charts),
    "a chart of a file": lambda it: any(chart.rows.csv for chart in it.charts),
    "a chart of rows": lambda it: any(chart.rows.rows for chart in it.charts),
    "both ways to place a chart": lambda it: {chart.quote is None for chart in it.charts} == {True, False},
    "every kind of note": lambda it: (
        {remark.kind for remark in it.editorial_notes} == set(get_args(EditorialNoteKind))
    ),
    "a draft": lambda it: any(each.draft for each in it.annotations),
    "a change of an annotation": lambda it: any(each.changes for each in it.annotations),
    "who annotated, and when": lambda it: any(each.author and each.created for each in it.annotations),
    "a footnote": lambda it: "[^1]" in it.body,
    "a table": lambda it: "|---|" in it.body,
    "braces that stay": lambda it: "\\{{" in it.body,
    "the low, best and high of a number": lambda it: all(
        f".{part} }}}}" in it.body for part in ("low", "best", "high")
    ),
    "a link to a heading": lambda it: "](#h-" in it.body,
    "a link to another article": lambda it: "](../" in it.body,
    "a lead picture": lambda it: it.image is not None and it.image.credit is not None,
    "a correction of ours": lambda it: bool(it.corrections),
}


@pytest.fixture(scope="module")
def article() -> Article:
    """The handbook as the reader takes it."""
    settings, _ = reader.read_settings("site.yaml", YAML["site.yaml"].encode())
    assert settings is not None
    files, _ = reader.load_folder(CONTENT, "handbook")
    handbook, _ = reader.read_article("handbook", files, settings, {})
    assert handbook is not None
    return handbook


@pytest.mark.parametrize("feature", FEATURES)
def test_the_handbook_is_an_example_of(feature: str, article: Article) -> None:
    assert FEATURES[feature](article)


def help_of(*command: str) -> str:
    """What a command says about itself."""
    return run(ROOT, *command, "--help").stdout


def commands() -> list[str]:
    """The commands of the program."""
    return re.findall(r"^    ([a-z-]+)", help_of().partition("COMMAND\n")[2], re.MULTILINE)


def test_the_handbook_lists_every_command_there_is() -> None:
    section = TEXT.partition("\n## Commands\n")[2].partition("\n## ")[0]
    assert set(commands()) <= set(re.findall(r"^\| `([a-z-]+)", section, re.MULTILINE))


def test_every_option_it_names_is_one() -> None:
    named = {word for code in _CODE.findall(_BLOCK.sub("", TEXT)) for word in re.findall(r"(?<!\S)--[a-z-]+", code)}
    assert named <= set(re.findall(r"--[a-z-]+", "".join(map(help_of, commands()))))


def test_the_message_that_the_handbook_shows_is_what_an_editor_gets(tmp_path: Path) -> None:
    shown = next(block for block in blocks("text") if "quote-missing" in block)
    folder = tmp_path / "content" / "my-article"
    folder.mkdir(parents=True)
    (folder.parent / "site.yaml").write_text(YAML["site.yaml"], encoding="utf-8")
    (folder / "article.md").write_text(
        "---\ntitle: A week\nlang: en\nsummary: A week.\npublished: 2026-11-23\n---\n\nA week has 186 hours.\n",
        encoding="utf-8",
    )
    (folder / "notes.yaml").write_text(
        "notes:\n- id: week\n  kind: context\n  quote: A week has 168 hours\n  note: Seven days.\n", encoding="utf-8"
    )
    assert shown in run(tmp_path, "check", "--content", "content").stdout
