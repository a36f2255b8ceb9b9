"""biblatex, and the BibTeX it grew from, to CSL items that know where they stand.

Blocks and fields are found by bibtexparser, commands of TeX are turned into characters by pylatexenc; both are the
extra `bib`, and loaded only where such a file is named.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from msgspec import Struct

from randnotiz import biblatex
from randnotiz.csl import CSL_NAMES, VERBATIM, literal
from randnotiz.diagnostics import Diagnostic, Position, SourceText, shortened
from randnotiz.yamldoc import List, Map, Value, made_at

_GENRES = {"phdthesis": "PhD thesis", "mathesis": "Master’s thesis", "mastersthesis": "Master’s thesis"}
_TAGS = {
    **dict.fromkeys(("emph", "textit", "textsl", "mkbibemph", "mkbibitalic"), ("<i>", "</i>")),
    **dict.fromkeys(("textbf", "mkbibbold"), ("<b>", "</b>")),
    **dict.fromkeys(("textsubscript", "mkbibsubscript"), ("<sub>", "</sub>")),
    **dict.fromkeys(("textsuperscript", "mkbibsuperscript"), ("<sup>", "</sup>")),
    "textsc": ("<span style='font-variant:small-caps;'>", "</span>"),
    "mkbibquote": ("“", "”"),
    "enquote": ("“", "”"),
    "textasciicircum": ("^", ""),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class BibEntry(Struct, frozen=True, kw_only=True):
    """An entry of a file: its key and its fields, by their names in biblatex, as TeX that knows where it stands."""

    kind: str
    key: SourceText
    fields: dict[str, SourceText]


def entries(text: str, path: str) -> tuple[list[BibEntry], tuple[Diagnostic, ...]]:
    """The entries of a file, what they take from others filled in, and a warning for each that cannot be read.

    ImportError where the extra is not installed.
    """
    from bibtexparser import model
    from bibtexparser.entrypoint import parse_string

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it logs is told below, with its place
    lines = text.split("\n")
    found: list[BibEntry] = []
    odd: list[Diagnostic] = []
    macros: dict[str, str] = {}
    for block in parse_string(text, parse_stack=[]).blocks:
        if isinstance(block, model.String):
            macros[block.key.lower()] = _joined(str(block.value), macros)
            continue
        if isinstance(block, model.ParsingFailedBlock):
            entry, line = block.ignore_error_block, (block.start_line or 0) + 1
            if not isinstance(entry, model.Entry):
                where = Position(path, line, len(lines[line - 1]) - len(lines[line - 1].lstrip()) + 1)
                message = (
                    f"'{shortened(lines[line - 1].strip())}' begins an entry that cannot be read; it is left out"
                )
                hint = "A brace or a comma is too many or missing, here or before."
                odd.append(Diagnostic(where, "csl-value-odd", message, hint))
                continue
            block = entry
        if isinstance(block, model.Entry):
            line = block.start_line or 0
            fields: dict[str, SourceText] = {}
            for each in block.fields:
                name = each.key.lower()
                words = _joined(str(each.value), macros)
                name = biblatex.table("older_fields").get(name, name)
                fields.setdefault(name, SourceText(words, _place(lines, path, each)))
            column = max(lines[line].find(block.key), 0) + 1
            key = SourceText(block.key, Position(path, line + 1, column))
            found.append(BibEntry(kind=block.entry_type.lower(), key=key, fields=fields))
    by_key = {str(one.key): one for one in found}
    for one in found:
        _inherit(one, by_key)
    return found, tuple(odd)


def _place(lines: list[str], path: str, field: Any) -> Position:
    """Where the value of a field begins."""
    line = field.start_line or 0
    found = re.search(rf"(?<![\w-]){re.escape(field.key)}\s*=\s*", lines[line], re.IGNORECASE)
    return Position(path, line + 1, found.end() + 1 if found else 1)


_PIECE = re.compile(r"\s*(?:#\s*)?")


def _joined(value: str, macros: Mapping[str, str]) -> str:
    """The words of a value: without its braces or quotation marks, abbreviations in full, pieces joined."""
    words, at = "", 0
    if "#" not in value and value[:1] + value[-1:] in ("{}", '""'):  # as nearly all
        return value[1:-1]
    while at < len(value):
        at = _PIECE.match(value, at).end()  # type: ignore[union-attr]  # it matches nothing as well
        end = _end_of_piece(value, at)
        piece = value[at:end].strip()
        words += piece[1:-1] if piece[:1] in ("{", '"') else macros.get(piece.lower(), piece)
        at = end
    return words


def _end_of_piece(value: str, at: int) -> int:
    depth, quoted = 0, value[at : at + 1] == '"'
    for index in range(at, len(value)):
        char = value[index]
        if value[index - 1 : index] == "\\":
            continue
        depth += (char == "{") - (char == "}")
        if depth == 0 and ((quoted and char == '"' and index > at) or (char == "}" and value[at] == "{")):
            return index + 1
        if depth == 0 and char == "#" and not quoted:
            return index
    return len(value)


def _inherit(entry: BibEntry, others: Mapping[str, BibEntry]) -> None:
    """What an entry takes from those that it refers to: of a book that it is in, the title is that of the book."""
    for way in ("xdata", "crossref"):
        book = way == "crossref" and entry.kind in (*biblatex.row("within"), "inbook")
        within = {"title": "booktitle", "subtitle": "booksubtitle"} if book else {}
        for key in str(entry.fields.get(way, "")).split(","):
            parent = others.get(key.strip())
            for name, value in parent.fields.items() if parent and parent is not entry else ():
                if way == "xdata" or name not in ("crossref", "shorttitle", "doi", "url"):
                    entry.fields.setdefault(within.get(name, name), value)


# ---- An entry as a CSL item ----


def item(entry: BibEntry) -> Map:
    """The entry as a CSL item, its keys in the order of its fields; what CSL has no key for is left out."""
    fields, given = entry.fields, dict[str, Value]()
    for key, value in (("id", entry.key), *_keys(entry)):
        if value:
            given.setdefault(key, value)
    kind = biblatex.table("csl_types").get(entry.kind, entry.kind)
    if kind == "article-journal" and fields.get("entrysubtype") in ("magazine", "newspaper"):
        kind = f"article-{fields['entrysubtype']}"
    elif kind == "manuscript" and "eventtitle" in fields:
        kind = "speech"
    given["type"] = SourceText(kind, entry.key.position)
    if entry.kind in _GENRES:
        given.setdefault("genre", SourceText(_GENRES[entry.kind], entry.key.position))
    return _map(entry.key.position, given)


def _map(place: Position, given: Mapping[str, Value]) -> Map:
    return made_at(place, Map({SourceText(key, place): value for key, value in given.items()}))


def _keys(entry: BibEntry) -> Iterator[tuple[str, Value]]:
    """Keys and values of CSL; of two with one name the first counts."""
    fields, kind = entry.fields, entry.kind

    def text(name: str, key: str) -> SourceText:
        words = fields.get(name, SourceText(""))
        return SourceText(_characters(words, key), words.position)

    def title(name: str) -> SourceText:
        main, sub = text(name, "title"), text(name.replace("title", "subtitle"), "title")
        return SourceText(f"{main}{'' if main[-1:] in '?!:' else ':'} {sub}", main.position) if sub else main

    main = "booktitle" if kind in (*biblatex.row("within"), "inbook") else "title"
    key = "container-title" if main == "booktitle" else "title"
    if "maintitle" in fields:
        yield from ((key, title("maintitle")), ("volume-title", title(main)))
    yield from (("title", title("title")), ("container-title", title("journaltitle")))
    yield "container-title", title("booktitle")
    yield from _houses(entry, text)
    yield "jurisdiction" if kind == "patent" else "publisher-place", text("location", "publisher-place")
    number, issue = (
        ("issue", "number")
        if kind in biblatex.row("serials")
        else ("collection-number", "issue")
        if kind in (*biblatex.row("books"), "inbook")
        else ("number", "issue")
    )
    yield from ((number, text("number", number)), ("number", text("eid", "number")))
    yield ("issue" if kind in biblatex.row("serials") else issue), text("issue", "issue")
    if genre := fields.get("type"):
        yield "genre", SourceText(_GENRES.get(genre.strip().lower(), _characters(genre, "genre")), genre.position)
    texts = [(name, key) for key, name in biblatex.table("texts").items() if name not in ("type", "location")]
    for name, key in {**dict(reversed(texts)), "eventtitle": "event-title"}.items():
        yield key, text(name, key)
    if pages := fields.get("pages"):
        yield "page", SourceText(_characters(re.sub(r"-(?:\{\}|-)*-|[–—]", "-", pages), "page"), pages.position)
    if tag := fields.get("langid") or fields.get("language"):
        named = {name: code for code, name in biblatex.table("languages").items()}
        known = {**named, **biblatex.table("other_languages")}
        yield "language", SourceText(known.get(tag.strip().lower(), _characters(tag, "language")), tag.position)
    yield from _dates(fields)
    for name in ("doi", "url"):
        if words := fields.get(name):
            bare = found[1] if (found := _URL.fullmatch(words.strip())) else words
            yield name.upper(), SourceText(re.sub(r"\\([%&_#~{}$])", r"\1", bare).strip(), words.position)
    yield from _eprint(fields)
    yield from _people(fields)


_URL = re.compile(r"\\(?:url|nolinkurl|href)\{([^{}]*)\}.*", re.DOTALL)


def _houses(entry: BibEntry, text: Any) -> Iterator[tuple[str, Value]]:
    """Who published it; an institution did so of a report or a thesis, else it is the authority."""
    itself = biblatex.table("csl_types").get(entry.kind) in ("report", "thesis") and "publisher" not in entry.fields
    yield "publisher", text("publisher", "publisher")
    yield "publisher" if itself else "authority", text("institution", "publisher")
    yield from (("publisher", text(name, "publisher")) for name in ("organization", "howpublished"))


def _eprint(fields: Mapping[str, SourceText]) -> Iterator[tuple[str, Value]]:
    kind, eprint = fields.get("eprinttype", SourceText("")).lower(), fields.get("eprint")
    if eprint and kind == "arxiv":
        yield "URL", SourceText(f"https://arxiv.org/abs/{eprint}", eprint.position)
    elif eprint and kind == "pubmed":
        yield "PMID", eprint


def _dates(fields: Mapping[str, SourceText]) -> Iterator[tuple[str, Value]]:
    for key, name in biblatex.table("dates").items():
        if words := fields.get(name):
            yield key, words
    if year := fields.get("year"):
        said, month = _characters(year, "DOI").strip(), fields.get("month", SourceText("")).strip(" {}").lower()
        if not re.fullmatch(r"-?\d{4}", said):
            yield "issued", _map(year.position, {"literal": SourceText(said, year.position)})
            return
        number = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else int(month) if month.isdecimal() else 0
        yield "issued", SourceText(f"{said}-{number:02}" if 0 < number < 13 else said, year.position)


# ---- People ----


def _people(fields: Mapping[str, SourceText]) -> Iterator[tuple[str, Value]]:
    for role, name in biblatex.table("names").items():
        kind = str(fields.get(f"{name}type", ""))
        if words := fields.get(name):
            yield kind if kind in CSL_NAMES else role, _persons(words)
    for name in biblatex.row("role_fields"):
        kind = str(fields.get(f"{name}type", ""))
        if (words := fields.get(name)) and kind in CSL_NAMES:
            yield kind, _persons(words)


def _persons(words: SourceText) -> List:
    from bibtexparser.middlewares.names import split_multiple_persons_names

    people = [_person(name, words.position) for name in split_multiple_persons_names(words)]
    return made_at(words.position, List(person for person in people if person))


_WHOLE = re.compile(r"\{(?:[^{}\\]|\\.|\{[^{}]*\})*\}")


def _person(name: str, place: Position) -> Map:
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    name = " ".join(name.split())
    parts: dict[str, str] = {}
    if _WHOLE.fullmatch(name) or name.lower() == "others":
        parts["literal"] = name
    elif re.match(r"[a-z]+\s*=", name):  # the extended format of biblatex
        named = dict(re.findall(r"([a-z]+)\s*=\s*\"?((?:\{(?:[^{}]|\{[^{}]*\})*\}|[^,{}\"])*)", name))
        kept = "non-dropping-particle" if named.get("useprefix") == "true" else "dropping-particle"
        for part, key in (("family", "family"), ("given", "given"), ("suffix", "suffix"), ("prefix", kept)):
            parts[key] = named.get(part, "")
    else:
        read = parse_single_name_into_parts(name, strict=False)
        rows = (("family", read.last), ("given", read.first), ("suffix", read.jr), ("dropping-particle", read.von))
        parts |= {key: " ".join(words) for key, words in rows}
    return _map(
        place, {key: SourceText(plain, place) for key, words in parts.items() if (plain := _characters(words))}
    )


# ---- Characters ----

LONGEST = 50_000  # code points of a value that is looked through for TeX
_PLAIN = re.compile(r"[^\\$~%`\"&]*")
_LOWERED = re.compile(r"\$(?P<sign>[_^])(?:\{(?P<long>[^{}$\\]*)\}|(?P<one>\w))\$")


def _characters(tex: str, key: str = "") -> str:
    """TeX as the text of a CSL item: characters, and tags for the styles; braces mean nothing but to TeX."""
    tex = " ".join(tex.split())
    simple = _PLAIN.fullmatch(tex) and "--" not in tex and "''" not in tex
    if simple or len(tex) > LONGEST:
        words = tex.replace("{", "").replace("}", "")
    else:
        raised = _LOWERED.sub(_raised, re.sub(r"(?<!\\)%", r"\\%", tex))
        try:
            words = _decoded(raised)
        except Exception:  # whatever a parser of TeX says of what is none: the words are there
            words = tex
    return " ".join((words if key in VERBATIM else literal(words)).split())


def _raised(found: re.Match[str]) -> str:
    command = "textsubscript" if found["sign"] == "_" else "textsuperscript"
    return rf"\{command}{{{found['long'] or found['one']}}}"


def _decoded(tex: str) -> str:
    if not _made:
        from pylatexenc import latex2text, latexwalker
        from pylatexenc.macrospec import std_macro

        shown, read = latex2text.get_default_latex_context_db(), latexwalker.get_default_latex_context_db()
        macros = [
            latex2text.MacroTextSpec(name, f"{begin}%s{end}" if end else begin)
            for name, (begin, end) in _TAGS.items()
        ]
        shown.add_context_category("styles", prepend=True, macros=macros)
        read.add_context_category(
            "styles",
            prepend=True,
            macros=[std_macro(name, "" if name.startswith("textascii") else "{") for name in _TAGS],
        )
        decoder = latex2text.LatexNodes2Text(latex_context=shown, math_mode="text", strict_latex_spaces=True)
        _made.append(partial(decoder.latex_to_text, latex_context=read))
    return str(_made[0](tex))


_made: list[Callable[[str], str]] = []  # once, because it takes a while
