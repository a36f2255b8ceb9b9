"""The JSON Schemas for editors' tools: kept fresh, wired up, and of one mind with the reader."""

import fnmatch
import json
from pathlib import Path

import jsonschema
import pytest

from randnotiz import reader, starter, yamldoc
from randnotiz.reader.texts import split_front_matter
from tests.program import run

ROOT = Path(__file__).parent.parent
SCHEMAS = reader.json_schemas()

ARTICLE = b"---\ntitle: Mieten\nsummary: Ein Bericht.\npublished: 2026-11-24\n---\nDie Mieten sinken.\n"
SITE = b"title: T\nurl: https://example.org/\nlang: de\npublisher: P\nverdicts: [{key: wrong, de: Falsch}]\n"


def schema_faults(kind: str, source: str) -> list[str]:
    """What a tool that knows only the schema finds wrong in a file."""
    seen = yamldoc.plain(yamldoc.parse(source, ""))
    return [error.message for error in jsonschema.Draft7Validator(SCHEMAS[kind]).iter_errors(seen)]


def reader_faults(kind: str, source: str) -> list[str]:
    """What the reader finds wrong in the form of a file, whatever else it may miss around it."""
    raw = source.encode()
    settings, _ = reader.read_settings("site.yaml", SITE)
    if kind == "site":
        diagnostics = reader.read_settings("site.yaml", raw)[1]
    elif kind == "page":
        diagnostics = reader.read_page("pages/impressum.md", b"---\n" + raw + b"\n---\nText\n", settings)[1]
    elif kind == "shared-sources":
        diagnostics = reader.read_sources("sources.yaml", raw)[1]
    else:
        files = {"article.md": ARTICLE, f"{kind}.yaml": raw}
        if kind == "article":
            files = {"article.md": b"---\n" + raw + b"\n---\nText\n"}
        _, diagnostics = reader.read_article("mieten", files, settings, None)
    return [diagnostic.message for diagnostic in diagnostics if diagnostic.severity == "error"]


# ----------------------------------------------------------------------------------------------------
# Fresh and wired up
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_in_the_repository_are_those_of_the_program(name: str) -> None:
    kept = json.loads((ROOT / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    assert kept == SCHEMAS[name], "run `python build.py schema`"


def test_the_command_writes_them_anywhere_and_the_same_each_time(tmp_path: Path) -> None:
    for _ in range(2):
        told = run(tmp_path, "schema", "schemas")
        assert told.stdout.splitlines() == [f"schemas/{name}.json" for name in SCHEMAS]
        for name in SCHEMAS:
            assert (tmp_path / "schemas" / f"{name}.json").read_bytes() == (
                ROOT / "schema" / f"{name}.json"
            ).read_bytes()


def wired() -> dict[str, str]:
    """The kinds of files by the patterns that VS Code finds their schemas with."""
    given = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    return {pattern: Path(schema).stem for schema, pattern in given.items()}


def test_the_repositorys_editor_settings_know_every_kind_of_yaml_file() -> None:
    assert sorted(wired().values()) == sorted(set(SCHEMAS) - {"article", "page"})


# ----------------------------------------------------------------------------------------------------
# What is right is right for both
# ----------------------------------------------------------------------------------------------------


def kind_of(path: Path) -> str:
    """The kind of a file, as the editor settings tell it from its path."""
    below = path.relative_to(ROOT).as_posix()
    if path.suffix == ".md":
        return "page" if path.parent.name == "pages" else "article"
    return next(kind for pattern, kind in wired().items() if fnmatch.fnmatch(below, pattern))


CONTENT = sorted(path for path in (ROOT / "content").rglob("*") if path.suffix in (".yaml", ".md"))
EXAMPLES = sorted(starter.EXAMPLES.glob("*.*[ld]"))


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.relative_to(ROOT / "content").as_posix())
def test_our_own_content_is_valid(path: Path) -> None:
    source = (
        split_front_matter(path.read_bytes(), "").front if path.suffix == ".md" else path.read_text(encoding="utf-8")
    )
    assert schema_faults(kind_of(path), source) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_what_a_new_article_starts_from_is_valid(path: Path) -> None:
    source = (
        split_front_matter(path.read_bytes(), "").front if path.suffix == ".md" else path.read_text(encoding="utf-8")
    )
    assert schema_faults(path.stem, source) == []


def uncommented(path: Path) -> str:
    """A starter file with its commented examples in place of what stands there, as an editor would take them over."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(("# -", "#  "))]
    key = path.stem if path.stem != "sources" else "citations"
    return "\n".join([f"{key}:", *(line.removeprefix("# ") for line in lines)])


@pytest.mark.parametrize("path", [path for path in EXAMPLES if path.stem not in ("article", "figures")], ids=str)
def test_the_examples_in_comments_are_valid_too(path: Path) -> None:
    assert schema_faults(path.stem, uncommented(path)) == []


def examples() -> list[tuple[str, str, object]]:
    """The examples of the fields of whole files and of what stands in their lists, as kind, field and value."""
    return [
        (kind, name, example)
        for kind, schema in SCHEMAS.items()
        for name, field in schema["properties"].items()
        for example in field.get("examples", [])
    ]


LEAST = {
    "site": {"title": "T", "url": "https://example.org/", "lang": "de", "publisher": "P"},
    "article": {"title": "T", "summary": "S", "published": "2026-11-24"},
    "page": {"title": "T"},
}


@pytest.mark.parametrize(("kind", "name", "example"), examples(), ids=lambda value: str(value)[:30])
def test_the_reader_takes_the_examples_that_the_schemas_show(kind: str, name: str, example: object) -> None:
    source = json.dumps({**LEAST.get(kind, {}), name: example}, ensure_ascii=False)
    assert schema_faults(kind, source) == []
    assert [message for message in reader_faults(kind, source) if "there is no" not in message] == []


ENTRIES = {
    "citations": ("sources", "Citation"),
    "counterclaims": ("counterclaims", "CounterClaim"),
    "charts": ("charts", "Chart"),
    "notes": ("notes", "EditorialNote"),
}


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_made_of_the_examples_is_one(key: str) -> None:
    kind, shape = ENTRIES[key]
    fields = SCHEMAS[kind]["definitions"][shape]["properties"]
    entry = {name: field["examples"][0] for name, field in fields.items() if field.get("examples")}
    for alone in ("same_claim_as", "data", "vega-lite"):
        entry.pop(alone, None)
    if key == "charts":
        entry |= {"data": {"csv": "data/prices.csv"}, "vega-lite": {"mark": "line"}}
    source = json.dumps({key: [entry]}, ensure_ascii=False)
    assert schema_faults(kind, source) == []
    assert [message for message in reader_faults(kind, source) if "there is no" not in message] == []


# ----------------------------------------------------------------------------------------------------
# What is wrong is wrong for both
# ----------------------------------------------------------------------------------------------------

FAULTY = [
    ("site", "title: T\nurl: https://example.org/\nlang: de"),
    ("site", "title: T\nurl: example.org\nlang: de\npublisher: P"),
    ("site", "title: T\nurl: https://example.org/\nlang: deutsch!\npublisher: P"),
    ("site", "title: T\nurl: https://example.org/\nlang: de\npublisher: {url: https://example.org/}"),
    ("site", "title: T\nurl: https://example.org/\nlang: de\npublisher: P\nverdicts: [{de: Falsch}]"),
    ("site", "title: T\nurl: https://example.org/\nlang: de\npublisher: P\nredirects: {Alt: neu}"),
    ("site", "title: T\nurl: https://example.org/\nlang: de\npublisher: P\naddresses: [Alt]"),
    ("site", "title: T\nurl: https://example.org/\nlang: de\npublisher: P\naddresses: alt"),
    ("site", "titel: T\nurl: https://example.org/\nlang: de\npublisher: P"),
    ("page", "lang: de"),
    ("page", "title: T\nauthors: [A]"),
    ("article", "title: T\npublished: 2026-11-24"),
    ("article", "title: T\nsummary: S\npublished: 24.11.2026"),
    ("article", "title: T\nsummary: S\npublished: 2026-11-24\nauthors: Redaktion"),
    ("article", "title: T\nsummary: S\npublished: 2026-11-24\ndraft: ja"),
    ("article", "title: T\nsummary: S\npublished: 2026-11-24\nimage: {src: a.jpg}"),
    ("article", "title: T\nsummary: S\npublished: 2026-11-24\ntranslations: {en: Other Slug}"),
    ("article", "title: T\nsummary: S\npublished: 2026-11-24\ncorrections: [{text: Ohne Tag.}]"),
    ("article", "title: [T]\nsummary: S\npublished: 2026-11-24"),
    ("sources", "sources: [{type: book, title: Ohne Kennung}]"),
    ("sources", "sources: [{id: a, title: Ohne Art}]"),
    ("sources", "sources: [{id: a, type: buch}]"),
    ("sources", "sources: [{id: a, type: book, author: [Patel]}]"),
    ("sources", "sources: [{id: a, type: book, author: [{suffix: Jr.}]}]"),
    ("sources", "sources: [{id: a, type: webpage, URL: example.org}]"),
    ("sources", "sources: [{id: a, type: book, custom: {checked: yes}}]"),
    ("sources", "sources: [{id: a, type: book, custom: {evidence: hearsay}}]"),
    ("sources", "sources: [{id: a, type: book, custom: {recheck-after: morgen}}]"),
    ("sources", "citations: [{quote: Die Mieten}]"),
    ("sources", "citations: [{quote: Die Mieten, sources: []}]"),
    ("sources", "citations: [{quote: Die Mieten, sources: a}]"),
    ("sources", "citations: [{quote: Die Mieten, sources: [{locator: S. 4}]}]"),
    ("sources", "citations: [{quote: {prefix: Die}, sources: [a]}]"),
    ("sources", "citations: [{quote: {from: Die}, sources: [a]}]"),
    ("sources", "citations: [{quote: [Die], sources: [a]}]"),
    ("sources", "citations: [{quotes: Die, sources: [a]}]"),
    ("sources", "citations: [{id: Die Mieten, quote: Die Mieten, sources: [a]}]"),
    ("sources", "citations: {quote: Die}"),
    ("shared-sources", "sources: [{id: a, type: book}]\ncitations: []"),
    ("counterclaims", "counterclaims: [{claim: C, claimed_by: D, counter: E, by: F, sources: [a]}]"),
    ("counterclaims", "counterclaims: [{claim: C, claimed_by: D, stance: against, counter: E, by: F, sources: [a]}]"),
    ("counterclaims", "counterclaims: [{claim: C, claimed_by: D, stance: disputes, by: F, sources: [a]}]"),
    ("counterclaims", "counterclaims: [{claim: C, claimed_by: D, stance: disputes, counter: E, by: F}]"),
    ("counterclaims", "counterclaims: [{claim: C, claimed_by: {type: firm, name: D}, stance: disputes, counter: E, "
        "by: F, sources: [a]}]"),
    ("figures", "quantities: {Fleet: {label: L, value: 5, assumed: ja}}"),
    ("figures", "quantities: {fleet: {value: 5, assumed: ja}}"),
    ("figures", "quantities: {fleet: {label: L, value: fünf, assumed: ja}}"),
    ("figures", 'quantities: {fleet: {label: L, value: "3,5", assumed: ja}}'),
    ("figures", "quantities: [{label: L, value: 5, assumed: ja}]"),
    ("figures", "figures: {hardware: {label: L}}"),
    ("figures", "figures: {hardware: {label: L, formula: a, tolerance: 10}}"),
    ("figures", "figures: {hardware: {label: L, formula: a, diagnostic: right}}"),
    ("figures", "figures: {hardware: {label: L, formula: a, digits: 0}}"),
    ("figures", "figures: {hardware: {label: L, formula: a, stated: {low: 3}}}"),
    ("figures", "units: [{de: [GPU, GPUs]}]"),
    ("figures", "units: [{name: gpu, de: [GPU]}]"),
    ("charts", "charts: [{title: T, alt: A, sources: [a], data: {csv: a.csv}, vega-lite: {mark: bar}}]"),
    ("charts", "charts: [{id: c, title: T, sources: [a], data: {csv: a.csv}, vega-lite: {mark: bar}}]"),
    ("charts", "charts: [{id: c, title: T, alt: A, sources: [], data: {csv: a.csv}, vega-lite: {mark: bar}}]"),
    ("charts", "charts: [{id: c, title: T, alt: A, sources: [a], data: {rows: []}, vega-lite: {mark: bar}}]"),
    ("charts", "charts: [{id: c, title: T, alt: A, sources: [a], data: {csv: a.csv}, vega-lite: bar}]"),
    ("charts", "charts: [{id: c, title: T, alt: A, sources: [a], data: {csv: a.csv}, vegalite: {mark: bar}}]"),
    ("notes", "notes: [{note: N}]"),
    ("notes", "notes: [{kind: remark, note: N}]"),
    ("notes", "notes: [{kind: context}]"),
    ("notes", "notes: [{kind: context, note: [N]}]"),
    ("notes", "notes: [{kind: context, note: N, created: gestern}]"),
    ("notes", "notes: [{kind: context, note: N, draft: maybe}]"),
    ("notes", "notes: [{kind: context, note: N, changes: [{date: 2026-11-24}]}]"),
    ("notes", "notes: [Nur ein Satz.]"),
    ("notes", "notes: Nur ein Satz."),
    ("notes", "- {kind: context, note: N}"),
    ("notes", "anmerkungen: []"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "source"), FAULTY)
def test_what_is_wrong_in_form_is_refused_by_both(kind: str, source: str) -> None:
    assert schema_faults(kind, source) != [], "a tool that knows the schema says nothing"
    assert reader_faults(kind, source) != [], "the reader says nothing"


# What a schema can say of fields that exclude or demand each other.
@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("article", "title: T\nsummary: S"),
        ("notes", "notes: [{kind: definition, note: N}]"),
        ("figures", "quantities: {fleet: {label: L, value: 5}}"),
        ("figures", "quantities: {fleet: {label: L, assumed: ja}}"),
        ("figures", "quantities: {fleet: {label: L, low: 5, assumed: ja}}"),
        ("figures", "quantities: {fleet: {label: L, value: 5, low: 5, high: 6, assumed: ja}}"),
        ("figures", "quantities: {fleet: {label: L, value: 5, assumed: ja, sources: [a]}}"),
        ("charts", "charts: [{id: c, title: T, alt: A, sources: [a], data: {}, vega-lite: {mark: bar}}]"),
        ("charts", "charts: [{id: c, title: T, alt: A, sources: [a], data: {csv: a, figures: [b]}, vega-lite: {}}]"),
        ("counterclaims", "counterclaims: [{stance: disputes, counter: E, by: F, sources: [a]}]"),
        (
            "counterclaims",
            "counterclaims: [{same_claim_as: a, claim: C, stance: disputes, counter: E, by: F, sources: [a]}]",
        ),
    ],
)
def test_fields_that_belong_together_are_told_of_by_both(kind: str, source: str) -> None:
    assert schema_faults(kind, source) != [], "a tool that knows the schema says nothing"
    assert reader_faults(kind, source) != [], "the reader says nothing"
