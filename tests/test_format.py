"""docs/format.md is the contract: its tables are those of the program, and what it lists is what there is.

`UPDATE=1` writes the tables, for a reader to look at before they are committed.
"""

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import build
from randnotiz import biblatex, charts, commands, expressions, figures, media, notes, pages, reader, sidecars, yamldoc
from randnotiz.charts import drawing, engine, rows, specification
from randnotiz.codes import DIAGNOSTICS, Status
from randnotiz.csl import CSL_TYPES
from randnotiz.editing import hypothesis_rows
from randnotiz.formulas import ranges, stated, typed_expressions, units
from randnotiz.markdown import grammar
from randnotiz.markdown.dialects import KINDS
from randnotiz.model import annotation, counterclaim
from randnotiz.reader import folder, rules, texts
from randnotiz.schema import fields
from tests.documents import UPDATE
from tests.refusals import REASONS
from tests.test_markdown import NEAR
from tests.test_sources_bib import LOST, READ_AS

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "format.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")

_MARKED = re.compile(r"^<!-- (?P<name>[^>]+) -->\n(?P<table>.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL)


def table(*rows: Iterable[str]) -> str:
    """A table in Markdown; the first row is its head."""
    head, *body = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * len(head), *body))


# ----------------------------------------------------------------------------------------------------
# Fields, as the JSON Schemas have them
# ----------------------------------------------------------------------------------------------------

SCHEMAS = reader.json_schemas()
ANNOTATIONS = ("citation", "counter claim", "figure", "chart", "editorial note")
PATTERNS = {
    "[0-9]{4}(-": "date",
    "[a-z0-9][a-z0-9-]*$": "slug",
    "[^\\u0000-/": "id",
    "[a-z][a-z0-9_]*$": "name",
    "[A-Za-z]{2,3}(?:-": "language",
    "https?:": "web address",
    "(?:vscode|": "address of an editor",
    "[0-9]+(\\.": "per cent",
    "[A-Za-z\\u00c0-": "name of a unit",
    "(?:#": "colour",
    "(?:(?=": "length",
    "\\d+(?:": "version",
    "(?:(?:[1-9]": "one weight or two",
    "(?:[^": "name of a face",
    "(?:.+": "file",
    "(?:(?:https": "address, or page of the site",
    "(?:@": "account",
}
PLAIN = {"boolean": "true or false", "number": "number", "integer": "whole number"}
TOGETHER = {
    ("list of file", "file"): "list of file, or one alone",
    ("text", "person"): "person",
    ("text", "colour pair"): "colour pair",
    ("text", "face file"): "face file",
    ("text", "logo"): "logo",
    ("text", "frame link"): "frame link",
    ("text", "citation item"): "citation item",
    ("text", "text quote selector", "range selector"): "quotation",
    ("text", "stated"): "text or a mapping",
    ("name of a unit", "mapping"): "name of a unit or a mapping",
    ("text", "text by language"): "text, or text by language",
}


def word(definition: str) -> str:
    """What a definition of the schemas is called in the document: `ChartData` is chart data."""
    return re.sub(r"\B([A-Z])", r" \1", definition).lower()


DEFINITIONS: Mapping[str, dict[str, Any]] = {
    word(name): one for schema in SCHEMAS.values() for name, one in schema["definitions"].items()
}


def kind(schema: Mapping[str, Any]) -> str:
    """The type of a field in a word or two, as section 1 of the contract names it."""
    if "anyOf" in schema and "type" not in schema:
        kinds = tuple(kind(each) for each in schema["anyOf"] if each != {"type": "null"})
        return kinds[0] if len(kinds) == 1 else TOGETHER[kinds]
    if "$ref" in schema:
        return word(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if "pattern" in schema:
        return next(word for start, word in PATTERNS.items() if schema["pattern"].startswith(f"^{start}"))
    if schema["type"] == "array":
        return f"list of {kind(schema['items'])}"
    if schema["type"] == "object":
        return _mapping(schema)
    return {"boolean": "true or false", "number": "number", "integer": "whole number"}.get(
        str(schema["type"]), "text"
    )


def _mapping(schema: Mapping[str, Any]) -> str:
    if "patternProperties" in schema:
        ((pattern, value),) = schema["patternProperties"].items()
        return f"{kind(value)} by {kind({'pattern': pattern})}"
    if "propertyNames" in schema and "properties" not in schema:
        return f"{kind(schema['additionalProperties'])} by {kind(schema['propertyNames'])}"
    return "mapping"


def fields_of(schema: Mapping[str, Any], without: Iterable[str] = ()) -> str:
    """The table of a mapping's fields, and below it which of them go together."""
    required = schema.get("required", [])
    shown = table(
        ("field", "type", "required", "meaning"),
        *(
            (f"`{name}`", kind(field), "yes" if name in required else "", field["description"])
            for name, field in schema["properties"].items()
            if name not in without
        ),
    )
    return shown + "".join(f"\n{sentence}\n" for sentence in _together(schema))


def _together(schema: Mapping[str, Any]) -> Iterator[str]:
    for rule in (schema, *schema.get("allOf", ())):
        if "oneOf" in rule:
            yield f"Exactly one of: {'; '.join(map(_names, rule['oneOf']))}."
        if "anyOf" in rule:
            yield f"At least one of: {'; '.join(map(_names, rule['anyOf']))}."
        if "if" in rule:
            yield f"{_names(rule['then'])} is required with {_names(rule['if'])}."


def _names(rule: Mapping[str, Any]) -> str:
    """What a rule demands: fields, and values that they have."""
    values = {name: f": {_value(one['const'])}" for name, one in rule.get("properties", {}).items()}
    return " and ".join(
        f"`{name}{values.get(name, '')}`" for name in dict.fromkeys([*rule.get("required", ()), *values])
    )


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tables_of_fields() -> Iterator[tuple[str, str]]:
    first, *others = (DEFINITIONS[name]["properties"] for name in ANNOTATIONS)
    common = [name for name, field in first.items() if all(each.get(name) == field for each in others)]
    yield "every annotation", fields_of({"properties": {name: first[name] for name in common}})
    for name in ("site", "article", "page", "sources", "figures"):
        yield f"the file {name}", fields_of(SCHEMAS[name])
    for name, definition in DEFINITIONS.items():
        article = "an" if name[0] in "aeiou" else "a"
        yield f"{article} {name}", fields_of(definition, without=common if name in ANNOTATIONS else ())
    yield "`custom`", fields_of(SCHEMAS["sources"]["properties"]["sources"]["items"]["properties"]["custom"])


# ----------------------------------------------------------------------------------------------------
# The other tables
# ----------------------------------------------------------------------------------------------------

LIMITS = (
    ("bytes of a file", folder, "LARGEST"),
    ("bytes of an article's folder", folder, "LARGEST_SUM"),
    ("files in an article's folder", folder, "MOST_FILES"),
    ("folders within each other", folder, "DEEPEST"),
    ("bytes of the name of a file or a folder", rules, "LONGEST_NAME"),
    ("pixels of a picture", media, "MOST_PIXELS"),
    ("bytes of a Markdown file", texts, "LARGEST"),
    ("characters of a text in Markdown", grammar, "LONGEST_TEXT"),
    ("characters of a line of a text of more characters than that", grammar, "LONGEST_LINE"),
    ("characters of a paragraph", grammar, "LONGEST_BLOCK"),
    ("times that a paragraph has one sign of Markdown", grammar, "MOST_SIGNS"),
    ("times that a long text has `[`", grammar, "MOST_BRACKETS"),
    ("lists and quotations of a text within each other", grammar, "DEEPEST_NEST"),
    ("characters of a YAML file", yamldoc, "LONGEST"),
    ("values of a YAML file", yamldoc, "MOST"),
    ("lists and mappings within each other", yamldoc, "DEEPEST"),
    ("faults of a file that are told at once", yamldoc, "MOST_FAULTS"),
    ("characters of a plain text", fields, "LONGEST_LINE"),
    ("characters of a quotation", fields, "LONGEST_QUOTE"),
    ("characters of a long text", fields, "LONGEST_TEXT"),
    ("entries of a list", fields, "MOST_ENTRIES"),
    ("annotations of an article", notes, "MOST_NOTES"),
    ("times that annotations overlap", notes, "MOST_OVERLAPS"),
    ("characters of the reason of a verdict (`why`)", counterclaim, "LONGEST_WHY"),
    ("characters of a `gist`", annotation, "LONGEST_GIST"),
    ("characters of a formula", expressions, "LONGEST"),
    ("parts of a formula", expressions, "MOST_NODES"),
    ("brackets and signs of a formula within each other", expressions, "DEEPEST"),
    ("parts of a formula with all that it rests on", typed_expressions, "MOST_STEPS"),
    ("the same within each other", typed_expressions, "DEEPEST_STEPS"),
    ("the power of a unit", units, "HIGHEST_POWER"),
    ("uncertain inputs of a formula", ranges, "MOST_UNCERTAIN"),
    ("steps of computing for an article's figures", figures, "MOST_WORK"),
    ("characters that a passage states", stated, "LONGEST"),
    ("rows of a chart", rows, "MOST_ROWS"),
    ("columns of a chart", rows, "MOST_COLUMNS"),
    ("bytes of a CSV file", rows, "LARGEST_FILE"),
    ("characters of a cell", rows, "LONGEST_CELL"),
    ("values of a chart's specification", specification, "MOST_NODES"),
    ("pictures of a chart", specification, "MOST_VIEWS"),
    *((f"`{name}` of a chart", specification.LARGEST, name) for name in specification.LARGEST),
    ("entries of a legend", drawing, "MOST_ENTRIES"),
    ("pixels that a chart is high", drawing, "TALLEST"),
    ("characters of a drawing", drawing, "LARGEST"),
    ("seconds of computing for a drawing", engine, "SECONDS"),
    ("bytes of memory for a drawing", engine, "MEMORY"),
    ("seconds of computing for the drawings of a build, not counting the first of each", charts, "LONGEST_SUM"),
    ("bytes of an export of Hypothesis", hypothesis_rows, "LARGEST"),
    ("annotations of an export of Hypothesis", hypothesis_rows, "MOST"),
)


def limit(owner: Any, name: str) -> int:
    found: int = owner[name] if isinstance(owner, Mapping) else getattr(owner, name)
    return found


TABLES = {f"fields of {name}": text for name, text in _tables_of_fields()} | {
    "diagnostics": table(
        ("code", "severity", "meaning"),
        *((f"`{code}`", meaning.severity, meaning.sentence) for code, meaning in DIAGNOSTICS.items()),
    ),
    "statuses": table(("status", "meaning"), *((str(int(status)), status.meaning) for status in Status)),
    "signs of other dialects": table(
        ("such as", "what it is", "what to do"),
        *(
            (f"`{NEAR[kind.name][0].splitlines()[0]}`", kind.name, kind.way.replace("{way}", "Markdown"))
            for kind in KINDS
        ),
    ),
    "reasons why a chart is refused": table(("refused", "why"), *(reason[:2] for reason in REASONS)),
    "what sources.bib has no field for": textwrap.fill(
        ", ".join(f"`{key}`" for key in sorted(LOST)), 118, break_on_hyphens=False
    )
    + "\n",
    "types in sources.bib": table(
        ("CSL", "biblatex", "read by Pandoc"),
        *(
            (f"`{kind}`", f"`@{biblatex.table('entry_types').get(kind, 'misc')}`", READ_AS.get(kind, "the same"))
            for kind in sorted(CSL_TYPES)
        ),
    ),
    "endings": textwrap.fill(", ".join(sorted(media.FORMATS)), 118) + "\n",
    "endings of pictures": textwrap.fill(", ".join(sorted(media.PICTURES)), 118) + "\n",
    "limits": table(("at most", ""), *((f"{limit(owner, name):,}", what) for what, owner, name in LIMITS)),
}


def test_it_has_every_table_and_no_other() -> None:
    assert sorted(marked["name"] for marked in _MARKED.finditer(TEXT)) == sorted(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_its_tables_are_those_of_the_program(name: str) -> None:
    shown = f"\n{TABLES[name]}\n"
    marked = next(each for each in _MARKED.finditer(DOCUMENT.read_text(encoding="utf-8")) if each["name"] == name)
    if UPDATE and marked["table"] != shown:
        text = marked.string
        DOCUMENT.write_text(text[: marked.start("table")] + shown + text[marked.end("table") :], encoding="utf-8")
    assert marked["table"] == shown, "UPDATE=1 writes it anew"


# What says of a limit that it is passed: the code itself, or a function that gives it.
_PASSED = {"too_much", "limit", "TooMuchError", "too_high"}
_LIMIT = re.compile(r"(MOST|LARGEST|LONGEST|DEEPEST|HIGHEST|TALLEST|SECONDS|MEMORY)(_[A-Z]+)?")


@cache
def functions() -> Sequence[tuple[Path, ast.FunctionDef]]:
    """Every function of the program that says of some limit that it is passed."""
    found = []
    for path in sorted((ROOT / "randnotiz").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            called = {ast.unparse(each.func).split(".")[-1] for each in ast.walk(node) if isinstance(each, ast.Call)}
            if _PASSED & called or "limit-exceeded" in _words(node):
                found.append((path, node))
    return found


def _words(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, ast.Name | ast.Attribute):
            yield part.id if isinstance(part, ast.Name) else part.attr


def test_every_limit_that_the_program_tells_of_is_in_its_table() -> None:
    told = {
        (path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__"), word)
        for path, node in functions()
        for word in _words(node)
        if _LIMIT.fullmatch(word) and re.search(rf"^{word}\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    listed = {(getattr(owner, "__name__", ""), name) for _, owner, name in LIMITS}
    assert len(told) > 30
    assert told - listed == {
        ("randnotiz.charts.specification", "LARGEST"),  # the table of what `LIMITS` lists one by one
        ("randnotiz.charts", "MOST_NAMED"),  # in a message
        ("randnotiz.figures", "MOST_PROOF"),  # beyond it a result is only less certain
    }


def test_every_fault_of_a_limit_says_what_to_do() -> None:
    silent = []
    for path, function in functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and any(
                isinstance(each, ast.Constant) and each.value == "limit-exceeded" for each in node.args
            ):
                code = next(at for at, each in enumerate(node.args) if getattr(each, "value", "") == "limit-exceeded")
                hint = node.args[2] if ast.unparse(node.func) == "malformed" else (*node.args, None, None)[code + 2]
                if hint is None or getattr(hint, "value", "words") == "":
                    silent.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert silent == []


# ----------------------------------------------------------------------------------------------------
# What it says in passing
# ----------------------------------------------------------------------------------------------------


def test_the_files_it_lists_are_those_that_a_build_writes(real_site: Path) -> None:
    (listed,) = re.findall(r"^## 10\..*?^```\nsite/\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    paths = [line.split()[0] for line in listed.splitlines()]
    patterns = {path: re.sub(r"<\w[\w-]*>", "[^/]+", path.replace(".", r"\.")) for path in paths}
    written = {path.relative_to(real_site).as_posix() for path in real_site.rglob("*") if path.is_file()}
    ours = {path for path in written if not (ROOT / "content" / path).is_file()}  # not what an author put there
    assert {path for path in ours if not any(re.fullmatch(one, path) for one in patterns.values())} == set()
    assert {path for path, one in patterns.items() if not any(re.fullmatch(one, each) for each in ours)} == set()
    files = [re.sub(r"<\w[\w-]*>", "wort", path) for path in paths if not path.startswith(".")]
    assert [path for path in files if not sidecars.is_taken(path)] == []
    assert [path for path in files if path.endswith(".html") != sidecars.is_page(path)] == []


def test_the_commands_and_options_it_names_are_those_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    section = TEXT.partition("## 9. Commands")[2].partition("### Exit statuses")[0]
    known = re.findall(r"^    ([a-z-]+)(?: |$)", commands.arguments(ROOT, "build.py").format_help(), re.MULTILINE)
    for words in ([], *([command] for command in known)):
        with pytest.raises(SystemExit):
            build.main([*words, "--help"])
    options = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", capsys.readouterr().out, re.MULTILINE))
    assert set(re.findall(r"--[a-z][a-z-]+", section)) == options - {"--help"}
    assert set(re.findall(r"^\| `build\.py \[?([a-z-]+)", section, re.MULTILINE)) == set(known)


def test_the_reserved_slugs_and_the_policy_it_states_are_those_of_the_program() -> None:
    assert f"These slugs are reserved: {', '.join(sorted(reader.RESERVED))}." in " ".join(TEXT.split())
    assert f"`{pages.POLICY}`" in TEXT


def examples() -> Iterator[tuple[str, yamldoc.Value]]:
    """The YAML it shows, with the kind of file it is of."""
    blocks = re.findall(r"^```yaml\n(.*?)^```|^---\n(.*?)^---$", TEXT, re.MULTILINE | re.DOTALL)
    for block in filter(None, sum(blocks, ())):
        value = yamldoc.parse(block, "")
        if isinstance(value, yamldoc.Map):  # else it is a part of one
            kinds = [name for name, schema in SCHEMAS.items() if value.keys() <= schema["properties"].keys()]
            yield next(name for name in kinds if "shared" not in name), value


@pytest.mark.parametrize(("name", "value"), list(examples()))
def test_its_examples_are_what_the_schemas_want(name: str, value: yamldoc.Value) -> None:
    faults = jsonschema.Draft7Validator(SCHEMAS[name]).iter_errors(yamldoc.plain(value))
    assert [fault.message for fault in faults] == []


def test_there_is_an_example_of_each_kind_of_file() -> None:
    assert {name for name, _ in examples()} == SCHEMAS.keys() - {"page", "shared-sources"}
