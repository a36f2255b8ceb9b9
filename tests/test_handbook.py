"""The handbook shows what is there: its YAML is its own, it names every field, and its message is a real one."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any, get_args

import pytest

from randnotiz import reader, site
from randnotiz.csl import CSL_DATE_PARTS, CSL_KEYS, CSL_NAME_PARTS
from randnotiz.model import Article, CitationItem, RangeSelector, RemarkKind, Stance, TextQuoteSelector
from randnotiz.reader import texts
from tests.program import run

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "content"
HANDBOOK = CONTENT / "handbook"

TEXT = (HANDBOOK / "article.md").read_text(encoding="utf-8")
FRONT = texts.divided(TEXT.encode(), "handbook/article.md").front
YAML = {path.name: path.read_text(encoding="utf-8") for path in (*HANDBOOK.glob("*.yaml"), CONTENT / "site.yaml")}

_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<lines>.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")


def blocks(language: str) -> list[str]:
    """The fenced blocks of the handbook in a language."""
    return [found["lines"] for found in _BLOCK.finditer(TEXT) if found["language"] == language]


def holds(written: str, shown: str) -> bool:
    """Whether the lines of `shown` follow each other in `written`, all indented by the same number of blanks."""
    lines, wanted = written.splitlines(), dedent(shown).splitlines()
    return any(
        dedent("\n".join(lines[start : start + len(wanted)])).splitlines() == wanted
        for start in range(len(lines) - len(wanted) + 1)
    )


@pytest.mark.parametrize("shown", blocks("yaml"), ids=lambda shown: shown.splitlines()[0])
def test_the_yaml_that_the_handbook_shows_stands_in_its_own_files(shown: str) -> None:
    assert any(holds(written, shown) for written in (FRONT, *YAML.values()))


def test_a_block_with_another_line_in_it_would_be_noticed() -> None:
    assert holds("figures:\n  a:\n    digits: 3\n    unit: km\n", "digits: 3\nunit: km\n")
    assert not holds("figures:\n  a:\n    digits: 3\n    unit: km\n", "digits: 4\nunit: km\n")
    assert not holds("figures:\n  a:\n    digits: 3\n    note: x\n    unit: km\n", "digits: 3\nunit: km\n")


def fields(schema: Any) -> Iterator[str]:
    """The names of all fields a JSON Schema knows, wherever in it."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for each in schema.values():
            yield from fields(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from fields(each)


def contract() -> list[str]:
    """Every field of the contract. What only CSL defines is left to CSL."""
    schemas = reader.json_schemas()
    of_sources = {name for file in ("sources", "shared-sources") for name in fields(schemas[file])}
    ours = {name for file in schemas if "sources" not in file for name in fields(schemas[file])}
    return sorted(ours | (of_sources - CSL_KEYS - CSL_NAME_PARTS - CSL_DATE_PARTS) | {"custom", "id", "type"})


@pytest.mark.parametrize("field", contract())
def test_every_field_is_shown_or_explained(field: str) -> None:
    code = "\n".join((*blocks("yaml"), *_CODE.findall(_BLOCK.sub("", TEXT))))
    assert re.search(rf"(?<![\w-]){re.escape(field)}(?![\w-])", code), f"the handbook never names '{field}'"


def test_the_handbook_has_no_findings_and_every_published_address_is_on_record() -> None:
    folders = site.Folders(
        content=CONTENT, templates=ROOT / "templates", static=ROOT / "static", output=ROOT, cache=ROOT / ".cache"
    )
    outcome = site.check(folders, site.Choices(drafts=True, as_of="2026-11-23"))
    assert [
        finding for finding in outcome.findings if finding.position.path.startswith(("handbook/", "site.yaml"))
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
    "a note on the whole article": lambda it: any(each.quote is None for each in it.remarks),
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
    "every kind of note": lambda it: {remark.kind for remark in it.remarks} == set(get_args(RemarkKind)),
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
