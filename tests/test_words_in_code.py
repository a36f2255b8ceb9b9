"""No word of a human language stands in code: it belongs to `randnotiz/languages/<tag>/`, where a site adds its own.

English is the language of messages for editors and the one that all others fall back on, so what is also English may
stand there; what is, is told by all that this repository says in English. Code points in escapes are no words either.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
import yaml
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "randnotiz"
MODULES = tuple(str(path.relative_to(PACKAGE)) for path in sorted(PACKAGE.rglob("*.py")))
WORD = re.compile(r"[^\W\d_]{3,}")  # shorter ones are tags and symbols as well
ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[A-Za-z])")
EXAMPLE = re.compile(r"`[^`]*`|\([^)]*\)|[„“\"][^\"”“]*[\"”“]")  # in prose, perhaps of another language

# What is no word of a language although it looks like one, by module, with its reason.
ALLOWED: Mapping[str, Mapping[str, str]] = {
    "citations/titles.py": {"til": "English, shortened by an apostrophe"},
    "commands.py": {"dit": "[e]dit", "uit": "[q]uit"},
    "editing/word_file.py": {"ins": "an element of WordprocessingML", "del": "an element of WordprocessingML"},
    "exports/search_text.py": {"ßıςσ": "letters that are one to whoever searches, in every language"},
    "formulas/units.py": {"toe": "a unit, the tonne of oil equivalent"},
    "language/cldr.py": {"und": "the tag of BCP 47 for no language"},
    "language/lexicon.py": {"ʼ": "a letter of Unicode's that is an apostrophe"},
    "language/unit_words.py": {"celsius": "CLDR's name of a unit"},
    "letters.py": {"æøœıαεηιουωаеиоуыэюяєі": "the vowels of three scripts"},
    "markdown/dialects.py": {
        **dict.fromkeys(("del", "ins"), "an element of HTML"),
        "todo": "TODO, which programmers write in every language",
    },
    "markdown/grammar.py": {"את": "the range of Hebrew letters"},
    "markdown/document.py": {"ßöøÿ": "ranges of Latin-1"},
    "notes/link_targets.py": {"com": "a domain"},
    "model/figure.py": {"cents": "English"},
    "notes/coverage.py": {
        "〇零一二三四五六七八九两兩十百千万萬億亿兆만억조백천": "numerals of Han and Hangul, as 0 to 9 are"
    },
    "quotes/matching.py": {"เแโใไເແໂໃໄะาำๅະາຳ": "vowels that Unicode writes before or behind their consonant"},
    "quotes/sameness.py": {"iıİI": "the case of i in two languages, as Unicode has it (SpecialCasing.txt)"},
    "slugs.py": {
        **dict.fromkeys(("aux", "com", "con", "nul"), "a device of Windows"),
        "äöüßæøœÄÖÜİ": "the rule of addresses before this one: links rest on it, so that it never changes",
    },
}
# Tables beside the modules: names of formats, and spellings of units that are English or symbols.
TABLES: Mapping[str, Mapping[str, str]] = {
    "biblatex.yaml": {},
    "formulas/unit_spellings.yaml": {
        **dict.fromkeys(("celsius", "kilo", "lira"), "English"),
        "dem": "DEM, the code of ISO 4217",
        "toe": "a unit, the tonne of oil equivalent",
    },
    "model/foreign_words.yaml": {
        **dict.fromkeys(("autor", "titel"), "a key of Citavi's exports"),
        "jour": "JOUR, a type of RIS",
    },
}
SYMBOLS = "µΩ"  # of units, in every language


def prose(text: str) -> str:
    return EXAMPLE.sub(" ", text)


def words(value: Any) -> Iterator[str]:
    """The words of a text, or of all texts of a value as YAML and gettext have it."""
    if isinstance(value, str):
        yield from map(str.lower, WORD.findall(value))
    elif isinstance(value, Mapping):
        yield from words(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from words(each)


def said_in(folder: Path) -> Iterator[str]:
    """The words of a language's folder."""
    for file in folder.iterdir():
        if file.name == "rules.yaml":
            yield from words(yaml.safe_load(file.read_bytes()))
        elif file.name == "messages.po":
            yield from words([each.string for each in read_po(BytesIO(file.read_bytes())) if each.context])
        elif file.name == "number-words.txt":
            yield from words(file.read_text(encoding="utf-8").partition("\n")[2])


def names(tree: ast.AST) -> Iterator[str]:
    """What a module calls things."""
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name"):
            if isinstance(name := getattr(node, field, None), str):
                yield from words(name.replace("_", " "))


@cache
def english() -> frozenset[str]:
    """What this repository says in English: its words for readers, names, comments and documents."""
    files = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md"]
    files += [PACKAGE / "formulas" / "units.txt", *ROOT.glob("static/*.*s"), *ROOT.glob("templates/**/*.html")]
    known = {word for file in files for word in words(prose(file.read_text(encoding="utf-8")))}
    for module in MODULES:
        source = (PACKAGE / module).read_text(encoding="utf-8")
        known.update(
            names(ast.parse(source)), *(words(prose(line)) for line in re.findall(r"(?m)(?:^| )# (.*)$", source))
        )
    return frozenset(known.union(*map(said_in, PACKAGE.glob("languages/en*"))))


@cache
def foreign() -> Mapping[str, str]:
    """The words of other languages, with the tag of one that has them."""
    folders = [folder for folder in sorted(PACKAGE.glob("languages/*")) if not folder.name.startswith("en")]
    return {word: folder.name for folder in folders for word in said_in(folder) if word not in english()}


def texts(module: str) -> Iterator[tuple[int, str]]:
    """The strings of a module as its source has them, with their lines; without docstrings, and without what shows
    the format's fields in use, which is taken from articles of this repository.
    """
    source = (PACKAGE / module).read_bytes()
    lines, passed = source.splitlines(keepends=True), set[int]()
    for node in ast.walk(ast.parse(source)):
        shows = module.startswith("model/") and (
            (isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Annotated")
            or (isinstance(node, ast.Dict) and any(getattr(key, "value", "") == "examples" for key in node.keys))
        )
        if shows or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            passed.update(map(id, ast.walk(node)))
        elif isinstance(node, ast.JoinedStr):
            passed.update(map(id, node.values))
        if id(node) in passed or not isinstance(node, ast.JoinedStr | ast.Constant):
            continue
        if isinstance(node, ast.JoinedStr) or isinstance(node.value, str):
            assert node.end_lineno is not None
            text = b"".join(lines[node.lineno - 1 : node.end_lineno])
            text = text[node.col_offset : len(text) - len(lines[node.end_lineno - 1]) + (node.end_col_offset or 0)]
            yield node.lineno, ESCAPE.sub(" ", text.decode())


@pytest.mark.parametrize("module", MODULES)
def test_no_word_of_a_human_language_stands_in_code(module: str) -> None:
    allowed = ALLOWED.get(module, {})
    letters = {*SYMBOLS, *(letter for each in allowed for letter in each)}
    for line, text in texts(module):
        far = "".join(char for char in text if char > "\x7f" and category(char)[0] == "L" and char not in letters)
        assert not far, f"{module}:{line}: letters of a language: {far}"
        found = {word: foreign()[word] for word in words(text) if word in foreign() and word not in allowed}
        assert not found, f"{module}:{line}: words of languages: {found}"


@pytest.mark.parametrize("table", TABLES)
def test_tables_have_names_of_formats_and_no_words_of_a_language(table: str) -> None:
    there = {*words(yaml.safe_load((PACKAGE / table).read_bytes()))}
    assert there & foreign().keys() == TABLES[table].keys()


def test_nothing_is_allowed_that_is_not_there() -> None:
    for module, allowed in ALLOWED.items():
        there = "".join(text for _, text in texts(module))
        for each in allowed:
            assert each.lower() in words(there) or all(letter in there for letter in each), (module, each)
