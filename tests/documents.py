"""Documents of examples: a heading, the files of an article below it, and the diagnostics expected of them."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from randnotiz.diagnostics import Diagnostic

UPDATE = bool(os.environ.get("UPDATE"))  # writes what was found, for a reader to look at before it is committed

_EXAMPLE = re.compile(r"^## (?P<name>.+?)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<kind>\w+)(?: (?P<path>\S+))?\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, kw_only=True)
class Example:
    """A heading with its files by path, and the diagnostics below them as they are printed."""

    document: Path
    name: str
    files: Mapping[str, str]
    diagnostics: str

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def examples(document: Path) -> Iterator[Example]:
    """The examples of a document, in order."""
    for section in _EXAMPLE.finditer(document.read_text(encoding="utf-8")):
        fences = list(_FENCE.finditer(section["body"]))
        yield Example(
            document=document,
            name=section["name"],
            files={fence["path"]: fence["text"] for fence in fences if fence["path"]},
            diagnostics="".join(fence["text"] for fence in fences if not fence["path"]),
        )


def printed(diagnostics: Iterable[Diagnostic]) -> str:
    """Diagnostics as the documents show them, one a line."""
    return "".join(
        f"{one.position}: {'warning: ' * (one.severity == 'warning')}{one.message} [{one.code}]\n"
        for one in sorted(set(diagnostics))
    )


def compare(example: Example, diagnostics: Iterable[Diagnostic]) -> None:
    """Asserts that these are the diagnostics of the example; with UPDATE they become so."""
    found = printed(diagnostics)
    if UPDATE and found != example.diagnostics:
        _update(example, found)
    assert found == example.diagnostics


def _update(example: Example, found: str) -> None:
    text = example.document.read_text(encoding="utf-8")
    section = next(one for one in _EXAMPLE.finditer(text) if one["name"] == example.name)
    body = re.sub(r"\n```text\n.*?^```\n", "", section["body"], flags=re.MULTILINE | re.DOTALL).rstrip("\n") + "\n"
    body += f"\n```text\n{found}```\n" if found else ""
    text = text[: section.start("body")] + body + "\n" + text[section.end() :]
    example.document.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
