"""The text of a .docx as Markdown of our grammar: by Pandoc (the extra `docx`), whose tree is simplified between."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from posixpath import basename
from typing import Any

from msgspec import Struct

from randnotiz.editing.word_file import SCRIPTS, WordFile, fault
from randnotiz.markdown import scheme

MARKDOWN = "commonmark+pipe_tables+footnotes+strikeout+task_lists-raw_html"
SECONDS = 120  # for the longest file
MEMORY = "-M2G"
_BORDER = "RandnotizBorderOfParts"  # a word that is in no note


class WordText(Struct, frozen=True, kw_only=True):
    """Its Markdown with headings from the second level on; the words of its title, and of its first paragraph."""

    body: str
    title: str
    subtitle: str
    lead: str
    pictures: Mapping[str, bytes]


def read(file: WordFile, named: Callable[[str, bytes], str]) -> WordText:
    """The text of a file; `named` gives the name under which a picture lies beside the article. ContentError."""
    tree = json.loads(_pandoc(file.packed(), "docx", "json", file.path))
    images: list[Any] = []
    blocks, meta = _simple(tree["blocks"], images), _simple(tree.pop("meta"), images)
    pictures: dict[str, bytes] = {}
    for target in (image["c"][2] for image in images):
        content = next((each for name, each in file.members.items() if name.endswith(f"/{target[0]}")), None)
        if content is not None:  # else it is linked, not in the file
            target[0] = named(basename(target[0]), content)
            pictures[target[0]] = content
    title, subtitle = (_words(meta.pop(name, [])) for name in ("title", "subtitle"))
    blocks = [*_paragraphs(meta), *blocks]  # an author or a day in a style of that name
    if not title and blocks and blocks[0]["t"] == "Header":
        title = _words(blocks.pop(0))
    levels = [block["c"][0] for block in blocks if block["t"] == "Header"]
    for block in blocks:
        if block["t"] == "Header":
            block["c"] = [min(block["c"][0] - min(levels) + 2, 6), ["", [], []], block["c"][2]]
    body = _pandoc(json.dumps({**tree, "meta": {}, "blocks": blocks}).encode(), "json", MARKDOWN, file.path)
    lead = next((_words(block) for block in blocks if block["t"] == "Para"), "")
    return WordText(
        body=body.decode().strip() + "\n", title=title, subtitle=subtitle, lead=lead.strip(), pictures=pictures
    )


def of_html(parts: Sequence[str], path: str) -> list[str]:
    """Pieces of HTML of our own as Markdown, in one go. ContentError."""
    if not parts:
        return []
    whole = "".join(f"<p>{_BORDER}</p>{part}" for part in parts).encode()
    text = _pandoc(whole, "html-native_divs-native_spans", MARKDOWN, path).decode()
    return [part.strip() for part in text.split(_BORDER)[1:]]


def _pandoc(given: bytes, of: str, to: str, path: str) -> bytes:
    import pypandoc  # an extra

    command = [pypandoc.get_pandoc_path(), "+RTS", MEMORY, "-RTS", "--sandbox", "--wrap=none", "-f", of, "-t", to]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603 - a program of its own wheel, which may read and write nothing else
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines() or ["nothing"]
        fault(path, f"Pandoc cannot read this file: it says '{lines[-1]}'")
    except subprocess.TimeoutExpired:
        fault(path, f"Pandoc has not read this file after {SECONDS} seconds", "Import it in parts.")
    return done.stdout


def _simple(node: Any, images: list[Any]) -> Any:
    """A part of Pandoc's tree (pandoc-types 1.23) with what our grammar has, and no more; a list stands for several
    parts. The images in it are added to `images`.
    """
    if isinstance(node, list):
        found: list[Any] = []
        for each in node:
            new = _simple(each, images)
            found += new if isinstance(each, dict) and isinstance(new, list) else [new]
        return _joined(found)
    if not isinstance(node, dict):
        return node
    if "c" not in node:
        return {key: _simple(value, images) for key, value in node.items()}
    content = _simple(node["c"], images)
    new = _SIMPLER[node["t"]](content) if node["t"] in _SIMPLER else {"t": node["t"], "c": content}
    if node["t"] == "Image":
        images.append(new)
    return new


def _joined(nodes: list[Any]) -> list[Any]:
    """Nodes, in which lists of one kind that follow each other are one: Word makes another where a level begins."""
    found: list[Any] = []
    for each in nodes:
        kind = each.get("t") if isinstance(each, dict) else None
        if kind in ("BulletList", "OrderedList") and found and found[-1]["t"] == kind:
            whole, more = found[-1]["c"], each["c"]
            found[-1]["c"] = [*whole, *more] if kind == "BulletList" else [whole[0], [*whole[1], *more[1]]]
        elif not (kind == "Para" and not each["c"]):
            found.append(each)
    return found


def _tight(item: list[Any]) -> list[Any]:
    """The blocks of an item of a list; a single paragraph is one without space around."""
    alone = sum(block["t"] == "Para" for block in item) == 1
    return [block | {"t": "Plain"} if alone and block["t"] == "Para" else block for block in item]


def _table(content: list[Any]) -> Any:
    """A table of one line per row: the paragraphs of a cell in one, and cells of several places in the first."""
    attributes, caption, columns, head, bodies, foot = content
    given = [*head[1], *(row for body in bodies for part in body[2:] for row in part), *foot[1]]
    rows: list[list[Any]] = []
    below: dict[int, int] = {}  # columns that a cell from above takes, and for how many rows
    for row in given:
        cells: list[Any] = []
        for cell in row[1]:
            while below.get(len(cells)):
                below[len(cells)] -= 1
                cells.append([])
            for _ in range(cell[3]):
                below[len(cells)] = cell[2] - 1
                cells.append([])
            cells[-cell[3]] = list(_inlines(cell[4]))[:-1]  # without the last blank
        rows.append(cells)
    made = [
        [["", [], []], [[["", [], []], {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": cell}]] for cell in cells]]
        for cells in ([*row, *([[]] * (len(columns) - len(row)))] for row in rows)
    ]
    straight = [[alignment, {"t": "ColWidthDefault"}] for alignment, _ in columns]
    body = [["", [], []], 0, [], made[1:]]
    table = [attributes, [None, []], straight, [["", [], []], made[:1]], [body], [["", [], []], []]]
    return [*caption[1], {"t": "Table", "c": table}]


def _inlines(node: Any) -> Iterator[Any]:
    """The words of blocks in one line, a blank between them."""
    for each in node if isinstance(node, list) else []:
        if isinstance(each, list):
            yield from _inlines(each)
        elif isinstance(each, dict) and each["t"] in ("Para", "Plain", "Header"):
            inlines = each["c"][2] if each["t"] == "Header" else each["c"]
            yield from ({"t": "Space"} if inline["t"] == "LineBreak" else inline for inline in inlines)
            yield {"t": "Space"}
        elif isinstance(each, dict):
            yield from _inlines(each.get("c"))


def _scripted(signs: Mapping[int, int]) -> Callable[[Any], Any]:
    """Raised or lowered words as the characters for them, where there are any."""
    return lambda content: [
        each | {"c": each["c"].translate(signs)} if each["t"] == "Str" else each for each in content
    ]


def _link(content: Any) -> Any:
    """A link that leads out of the document; of one that does not, its words."""
    if scheme(content[2][0]) not in ("http", "https", "mailto"):
        return content[1]
    return {"t": "Link", "c": [["", [], []], *content[1:]]}


_SIMPLER: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("Cite", "Span", "Div", "Quoted"), lambda content: content[1]),  # we have no sign for them
    **dict.fromkeys(("Underline", "SmallCaps"), lambda content: content),
    **dict.fromkeys(("RawInline", "RawBlock"), lambda content: []),  # noqa: ARG005 - what Word draws itself
    "Figure": lambda content: content[2],
    "Superscript": _scripted(SCRIPTS["superscript"]),
    "Subscript": _scripted(SCRIPTS["subscript"]),
    "Link": _link,
    "Image": lambda content: {"t": "Image", "c": [["", [], []], content[1], [content[2][0], ""]]},
    "BulletList": lambda content: {"t": "BulletList", "c": [*map(_tight, content)]},
    "OrderedList": lambda content: {"t": "OrderedList", "c": [content[0], [*map(_tight, content[1])]]},
    "Table": _table,
}


def _paragraphs(meta: Any) -> Iterator[Any]:
    """What else stands in styles such as Author, Date or Abstract, as paragraphs."""
    for value in meta.values() if isinstance(meta, dict) and "t" not in meta else [meta]:
        if value["t"] == "MetaInlines":
            yield {"t": "Para", "c": value["c"]}
        elif value["t"] == "MetaBlocks":
            yield from value["c"]
        elif value["t"] == "MetaList":
            for each in value["c"]:
                yield from _paragraphs(each)


def _words(node: Any) -> str:
    """The plain words of a part of the tree; a footnote's are not among them."""
    if isinstance(node, list):
        return "".join(map(_words, node))
    if not isinstance(node, dict) or node.get("t") == "Note":
        return ""
    if node["t"] in ("Space", "SoftBreak", "LineBreak"):
        return " "
    content = node.get("c", [])
    return content if isinstance(content, str) else _words(content)
