"""Anything at all put where an author's words belong: what comes of it is a result, or faults with a place.

`TARGETS` are the ways in which words from outside reach the program. Each takes bytes and raises AssertionError, or
whatever went wrong, if the program does anything but read them or tell what is wrong with them. Edits of real files
lead deeper into it than chance does: `edited` makes them, for the property tests and for the guided runs alike.
"""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from randnotiz import analysis, formulas, markdown, quotes, reader, rendering, site, yamldoc
from randnotiz.analysis import SiteContext
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText
from randnotiz.editing import hypothesis_rows
from randnotiz.model import Stated
from randnotiz.pages import Theme
from randnotiz.site import BuildOptions, SitePaths, building
from tests.benchmarks import articles

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = Path(__file__).parent / "kept"
CONTENT = ROOT / "content"

Target = Callable[[bytes], None]

# What often means more than it says to one of the readers, or is at the edge of what it takes.
NASTY = (
    "", " ", "\n", "\r", "\t", "\x00", "\ufeff", "\u2028", "\u202e", "\u200b", "\xad", "\x85", "\ud7ff",
    "\U0001d7d9", "e\u0301", "- ", ": ", ":\n", " #", "{", "}", "[", "]", "&a ", "*a", "!!python/object ",
    "!include x", "|\n", ">-\n", "---\n", "...", "'", '"', "„", "“", "<<: ", "? ", "%YAML 9\n", "null", "~",
    "true", "no", "NaN", ".inf", "0x1F", "1_000", "50.000", "1e999", "-0",
    "9" * 400, "0.1", "1/0", "9**9**9", "((", "**", "%", "USD", "month", "min(", "Mrd.", "bis", "{{ ", " }}",
    "{{ fleet.low }}", "{{ chart: x }}", "[^1]", "[^1]: ", "](", "![", "<script>", "</script>", "&lt;",
    "javascript:alert(1)", "//host", "../", "../../site.yaml", "/etc/passwd", "file:///", "https://", "http://[",
    "#", "| a | b |\n|---|---|\n", "```\n", "# ", "## ", "> ", "1. ", "    ", "*", "_", "`", "\\", "--",
    "2026-02-30", "0000", "id: ", "quote: ", "from: ", "to: ", "exact: ", "sources: ", "formula: ", "unit: ",
    "vega-lite: ", "datum.x", "data: ",
)  # fmt: skip

Edit = tuple[str, int, int, int]  # what is done, where, how much, and which of the nasty words
DEEDS = ("put", "replace", "delete", "double", "swap", "repeat", "flip")


def edited(raw: bytes, edits: Iterable[Edit]) -> bytes:
    """A file after some edits; every edit fits every file."""
    for deed, place, size, which in edits:
        at = place % (len(raw) + 1)
        end = min(len(raw), at + size % 60)
        word = NASTY[which % len(NASTY)].encode("utf-8", "surrogatepass")
        line = raw.rfind(b"\n", 0, at) + 1
        next_line = raw.find(b"\n", at) + 1 or len(raw)
        match deed:
            case "put":
                raw = raw[:at] + word + raw[at:]
            case "replace":
                raw = raw[:at] + word + raw[end:]
            case "delete":
                raw = raw[:line] + raw[next_line:]
            case "double":
                raw = raw[:next_line] + raw[line:next_line] + raw[next_line:]
            case "swap":
                raw = raw[:line] + raw[next_line:end] + raw[line:next_line] + raw[max(end, next_line) :]
            case "repeat":
                raw = raw[:at] + word * (size % 2_000) + raw[at:]
            case _:
                raw = raw[:at] + bytes([raw[at] ^ 1 << size % 8]) + raw[at + 1 :] if at < len(raw) else raw
    return raw


# ----------------------------------------------------------------------------------------------------
# What is held to
# ----------------------------------------------------------------------------------------------------


def told_in_place(diagnostics: Iterable[Diagnostic], files: Mapping[str, bytes]) -> None:
    """Every finding says something and stands in a file that is there, at a line and a column of it."""
    for diagnostic in diagnostics:
        path, line, column = diagnostic.position
        assert diagnostic.message, diagnostic
        assert path in files or path.rpartition("/")[0] in {"", SLUG}, f"{path} is no file: {diagnostic}"
        if path in files:
            text = files[path].decode("utf-8", "replace")
            # Some readers end a line at a lone carriage return, others do not.
            lines, longer = text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), text.split("\n")
            assert 1 <= line <= len(lines) + 1, f"line {line} of {len(lines)}: {diagnostic}"
            near = [*lines[max(0, line - 2) : line + 1], *longer[max(0, line - 2) : line + 1], ""]
            assert 1 <= column <= max(map(len, near)) + 2, f"column {column}: {diagnostic}"


def refused_in_place(raw: bytes, read: Callable[[], object]) -> None:
    """Reads something; what is refused is refused at a place of it."""
    try:
        read()
    except ContentError as error:
        told_in_place([error.diagnostic], {"x": raw})


# ----------------------------------------------------------------------------------------------------
# Ways in
# ----------------------------------------------------------------------------------------------------

SLUG = "artikel"


@cache
def shared() -> tuple[SiteContext, Theme]:
    """What all articles and pages of the site share, read once."""
    with tempfile.TemporaryDirectory() as nowhere:
        folders = SitePaths(
            content=CONTENT,
            templates=ROOT / "templates",
            static=ROOT / "static",
            output=Path(nowhere),
            cache=Path(nowhere),
        )
        context, diagnostics = site.read_site(folders, BuildOptions())
        theme = building.read_theme(folders, context)
    assert theme is not None, diagnostics
    # The folder of the cache is gone by now.
    return replace(context, cache=None), theme


@cache
def whole(name: str) -> Mapping[str, bytes]:
    """The files of an article: the handbook, which has everything once, or a small one."""
    if name == "handbook":
        return reader.load_folder(CONTENT, "handbook")[0]
    return {path: text.encode() for path, text in articles.article(0).items()}


def in_article(name: str, path: str) -> Target:
    """A target that puts the bytes in the place of a file of an article, and makes what can be made of it."""

    def target(raw: bytes) -> None:
        files = dict(sorted({**whole(name), path: raw}.items()))
        context, theme = shared()
        article, diagnostics = analysis.analyse(SLUG, files, context)
        told_in_place(diagnostics, {f"{SLUG}/{each}": content for each, content in files.items()})
        if article is not None and not any(diagnostic.severity == "error" for diagnostic in diagnostics):
            rendering.render(article, theme, {}, paint=str.encode)
            rendering.index_entry(article, context)

    return target


def yaml_text(raw: bytes) -> None:
    """YAML of any kind."""
    text = raw.decode("utf-8", "replace")
    value, diagnostics = yamldoc.read(text, "x")
    told_in_place(diagnostics, {"x": text.encode("utf-8", "surrogatepass")})
    if value is not None:
        refused_in_place(raw, lambda: yamldoc.plain(value))


def settings(raw: bytes) -> None:
    """The settings of the site."""
    told_in_place(reader.read_settings("x", raw)[1], {"x": raw})


def shared_sources(raw: bytes) -> None:
    """The sources that articles share."""
    told_in_place(reader.read_sources("x", raw)[1], {"x": raw})


def plain_page(raw: bytes) -> None:
    """A plain page."""
    told_in_place(reader.read_page("pages/x.md", raw, shared()[0].settings)[1], {"pages/x.md": raw})


def prose(raw: bytes) -> None:
    """Markdown as an article, a page and a field of YAML."""
    text = raw.decode("utf-8", "replace")
    for form in ("article", "page", "field"):
        try:
            document, diagnostics = markdown.read(SourceText(text, Position("x")), form, quotes="„“‚‘")
        except ContentError as error:
            diagnostics = (error.diagnostic,)
        else:
            assert "<script" not in "".join(markdown.html(flow) for flow in document.flows).lower()
        assert all(diagnostic.message and diagnostic.position.line >= 1 for diagnostic in diagnostics)


def formula(raw: bytes) -> None:
    """A formula, a unit, and what a passage states."""
    text = SourceText(raw.decode("utf-8", "replace"), Position("x"))
    units, _ = formulas.own_units(())

    def evaluated() -> None:
        expression = formulas.parse(text)
        formulas.mathml(expression, str, str, "")
        term = formulas.typed(expression, {}, units)
        with suppress(formulas.UndefinedError):
            formulas.run(term.program, {}, 1)

    for read in (
        evaluated,
        lambda: units.parse(text),
        lambda: formulas.amount(Stated(words=text, position=text.position), units),
        lambda: formulas.parse(text, picks=True),
    ):
        refused_in_place(raw, read)


def quotation(raw: bytes) -> None:
    """A quotation, of which the first line is looked for in the rest."""
    words, _, text = raw.decode("utf-8", "replace").partition("\n")
    folded = quotes.fold(text)
    for span in quotes.find(folded, words)[:20]:
        assert 0 <= span[0] < span[1] <= len(text)
        found = quotes.minimal_selector(folded, span)
        if found is not None:
            exact, prefix, suffix = found
            assert span in quotes.find(folded, exact, prefix, suffix)
    quotes.find_between(folded, words[:5], words[5:])
    quotes.nearest(folded, words)


def hypothesis_export(raw: bytes) -> None:
    """What the Hypothesis client and its API export."""
    refused_in_place(raw, lambda: hypothesis_rows.rows(raw, "x"))


HYPOTHESIS = b"""{"total": 1, "rows": [{"id": "a1", "created": "2026-03-05T09:00:00Z", "user": "acct:ak@hypothes.is",
"uri": "https://example.org/artikel/", "text": "Quelle?", "tags": ["claim"], "target": [{"source": "https://example.org/",
"selector": [{"type": "TextQuoteSelector", "exact": "um 12 Prozent", "prefix": "", "suffix": " auf"}]}]}]}
"""

MARKDOWN = b"# a\n\n- b\n\n| c |\n|---|\n| d[^1] |\n\n[^1]: e\n"
FORMULAS = (b"fleet * price", b"4 ** (10 * month / (12 * month))", b"min(2 * USD, 3 * USD) / 7", b"1,5 Mrd. USD")
QUOTATION = "rund 50.000\nDie rund 50.000 Chips – und nicht 150.000 –, heißt es, „seien“ neu.".encode()

# Each target with real files to begin with.
TARGETS: Mapping[str, tuple[Target, Sequence[bytes]]] = {
    "yaml": (yaml_text, [(CONTENT / "handbook" / "figures.yaml").read_bytes()]),
    "settings": (settings, [(CONTENT / "site.yaml").read_bytes()]),
    "shared-sources": (shared_sources, [whole("handbook")["sources.yaml"]]),
    "page": (plain_page, [path.read_bytes() for path in sorted((CONTENT / "pages").glob("*.md"))[:2]]),
    "markdown": (prose, [whole("handbook")["article.md"][:4_000], MARKDOWN]),
    "formula": (formula, FORMULAS),
    "quotation": (quotation, [QUOTATION]),
    "hypothesis-export": (hypothesis_export, [HYPOTHESIS, b"Quote,Comment,Tags\nrund,\"ja, nein\",a\n"]),
    **{
        f"{name}-{Path(path).stem}": (in_article(name, path), [whole(name)[path]])
        for name in ("small", "handbook")
        for path in whole(name)
        if path.endswith((".md", ".yaml", ".csv"))
    },
}  # fmt: skip
