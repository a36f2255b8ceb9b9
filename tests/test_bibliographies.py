"""Bibliographies: sources that Zotero and others keep, enriched in sources.yaml, printed where they are used."""

import json
import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from randnotiz import analysis, citations, language
from randnotiz.diagnostics import Diagnostic
from randnotiz.model import Source
from randnotiz.preview import panel
from randnotiz.preview.state import PreviewState
from randnotiz.site import BuildOptions, SitePaths, building
from tests.places import folders_in
from tests.test_sources_bib import ITEMS, comparable, read

SETTINGS = """\
title: Blatt
url: https://blatt.example/
lang: de
publisher: {name: Blatt, url: "https://blatt.example/"}
"""
ARTICLE = """\
---
title: Steigen die Mieten?
published: 2026-11-23
summary: Wir haben nachgerechnet.
---
Die Mieten stiegen. Das Amt schweigt. Die Stadt wächst.
"""
CITED = "citations:\n- {id: up, quote: Die Mieten stiegen, sources: [roe]}\n"
ROE = {"id": "roe", "type": "book", "title": "Wind und Wetter", "issued": {"date-parts": [[2020]]}}
BIB = "@book{roe,\n  title = {Wind und Wetter},\n  date = {2020}\n}\n"
YAML = "---\nreferences:\n- id: roe\n  type: book\n  title: Wind und Wetter\n  issued: 2020\n...\n"


def written(folder: Path, files: Mapping[str, str | bytes]) -> SitePaths:
    """A site of one article, with these files in its folder of content."""
    for path, text in {"site.yaml": SETTINGS, "mieten/article.md": ARTICLE, **files}.items():
        file = folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folders_in(folder)


def kept(folder: Path, name: str, text: str | bytes, sources: str = CITED, more: str = "") -> SitePaths:
    """A site whose article cites `roe`, which a bibliography of the site has."""
    settings = f"{SETTINGS}bibliography: {name}\n{more}"
    return written(folder, {"site.yaml": settings, name: text, "mieten/sources.yaml": sources})


def looked_at(places: SitePaths) -> tuple[Mapping[str, Source], tuple[Diagnostic, ...]]:
    """The sources of the article, and all that is said."""
    context, said = analysis.read_context(places.content)
    article, more = analysis.analyse_folder(places.content, "mieten", context)
    return (article.written.sources if article else {}), (*said, *more)


def told(found: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{one.position} {one.code}" for one in found]


def rows(*items: Any) -> str:
    return json.dumps(items, ensure_ascii=False, indent=1)


FORMS = {
    "zotero.json": rows(ROE, {"id": "unused", "type": "boook"}),
    "one-line.json": json.dumps([{"id": "unused", "title": "x" * 3_000}, ROE]),
    "items.json": json.dumps({"items": [ROE]}),
    "mark.json": "\ufeff" + rows(ROE),
    "windows.json": rows(ROE).replace("\n", "\r\n"),
    "comma.json": "[" + json.dumps(ROE) + ",\n]",
    "library.yaml": YAML,
    "library.yml": YAML.replace("---\n", "").replace("...\n", ""),
    "team.bib": BIB,
    "mark.bib": "\ufeff" + BIB,
    "TEAM.BIB": BIB.upper().replace("ROE", "roe").replace("WIND UND WETTER", "Wind und Wetter"),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("of_article", [False, True])
def test_a_work_is_cited_from_a_bibliography(tmp_path: Path, name: str, of_article: bool) -> None:
    if of_article:
        article = ARTICLE.replace("summary", f"bibliography: [{name}]\nsummary")
        places = written(
            tmp_path,
            {"mieten/article.md": article, "mieten/sources.yaml": CITED, f"mieten/{name}": FORMS[name]},
        )
    else:
        places = kept(tmp_path, name, FORMS[name])
    sources, found = looked_at(places)
    assert told(found) == []
    assert list(sources) == ["roe"]  # of what nothing uses nothing is printed, and nothing said
    (reference,) = ["".join(part.text for part in citations.reference(sources["roe"], language.of("de")).parts)]
    assert reference.startswith("Wind und Wetter")
    assert "2020" in reference


def test_sources_yaml_enriches_a_work_key_by_key(tmp_path: Path) -> None:
    own = "sources:\n- id: roe\n  title: Wind\n  custom: {checked: original}\n"
    item = {**ROE, "accessed": "17:53", "title": "<b>", "publisher": "P", "custom": {"evidence": "primary"}}
    sources, found = looked_at(kept(tmp_path, "zotero.json", rows({**item, "title": ""}), own + CITED))
    roe = sources["roe"].csl
    assert (roe["type"], roe["title"], roe["publisher"]) == ("book", "Wind", "P")
    assert roe["custom"] == {"evidence": "primary", "checked": "original"}
    assert told(found) == ["zotero.json:13:15 csl-value-odd"]  # not that the title is empty, which was mended


def test_an_article_enriches_what_the_sources_of_all_have_enriched(tmp_path: Path) -> None:
    own = "sources:\n- {id: roe, custom: {checked: original}}\n"
    places = kept(tmp_path, "team.bib", BIB, own + CITED)
    written(tmp_path, {**_text(places), "sources.yaml": "sources:\n- {id: roe, publisher: Verlag}\n- {id: x}\n"})
    sources, found = looked_at(places)
    assert (sources["roe"].csl["publisher"], sources["roe"].csl["custom"]) == ("Verlag", {"checked": "original"})
    assert told(found) == ["sources.yaml:3:3 field-missing"]  # an entry that enriches nothing is one of its own


def _text(places: SitePaths) -> dict[str, str | bytes]:
    return {
        path.relative_to(places.content).as_posix(): path.read_bytes()
        for path in places.content.rglob("*")
        if path.is_file()
    }


def test_a_source_of_ones_own_that_nothing_uses_is_told_of_and_one_of_a_bibliography_is_not(tmp_path: Path) -> None:
    article = ARTICLE.replace("summary", "bibliography: zotero.json\nsummary")
    files = {
        "mieten/article.md": article,
        "mieten/zotero.json": rows(ROE, {**ROE, "id": "doe"}),
        "mieten/sources.yaml": "sources:\n- {id: doe, title: Doe}\n" + CITED,
    }
    assert told(looked_at(written(tmp_path, files))[1]) == ["mieten/sources.yaml:2:3 source-unused"]


ODD = [
    '"issued": {}',
    '"author": [{"family": ""}]',
    '"URL": "papers://x"',
    '"custom": {"checked": "perhaps"}',
    '"title": 3, "title": "twice"',
    '"type": "boook"',
    '"x": 1',
    '"abstract": "a\\u0000b\\ud800", "x": 1',
    '"note": "\u2028", "x": 1',
]


@pytest.mark.parametrize("odd", ODD)
def test_whatever_an_export_holds_stops_no_build(tmp_path: Path, odd: str) -> None:
    text = '[\n  {"id": "roe", "type": "book",\n   ' + odd + "}\n]"
    sources, found = looked_at(kept(tmp_path, "zotero.json", text))
    assert list(sources) == ["roe"]
    assert {(one.severity, one.position.path, one.position.line) for one in found} == {("warning", "zotero.json", 3)}
    assert all(one.excerpt for one in found)


FAULTS: list[tuple[str, str | bytes, str]] = [
    ("zotero.json", "[{", "zotero.json:2:1 yaml-syntax"),
    ("zotero.json", b"[\xff", "zotero.json:1:2 encoding"),
    ("zotero.json", '[{"title": "no id"}]', "zotero.json:1:1 field-missing"),
    ("zotero.json", '{"items": [{"itemKey": "A", "title": "t"}]}', "zotero.json:1:1 field-missing"),
    ("zotero.json", "TY  - BOOK\n", "zotero.json:1:1 yaml-syntax"),
    ("zotero.json", "null", "zotero.json:1:1 value-malformed"),
    ("zotero.json", "[]\n[]", "zotero.json:2:1 yaml-syntax"),
    ("team.bib", "TY  - BOOK\n", "team.bib:1:1 field-missing"),
    ("team.bib", "@book{, title={x}}", "team.bib:1:1 field-missing"),
    ("zotero.json", "[\n<<<<<<< ours\n]", "zotero.json:2:1 conflict-marker"),
    ("zotero.json", "[" * 5_000, "zotero.json:1:33 limit-exceeded"),
    ("../zotero.json", "[]", "site.yaml:5:15 file-outside"),
    ("zotero.csv", "a,b", "site.yaml:5:15 value-malformed"),
]


@pytest.mark.parametrize(("name", "text", "fault"), FAULTS)
def test_a_file_of_which_nothing_can_be_read_is_a_fault(
    tmp_path: Path, name: str, text: str | bytes, fault: str
) -> None:
    _, found = looked_at(kept(tmp_path, name, text))
    assert told(found)[:1] == [fault]
    assert "sources.yaml" not in found[0].message  # which is another file


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("gone.json", "file-missing"),
        ("/etc/passwd.json", "file-outside"),
        ("https://a.example/z.json", "file-outside"),
        ("..\\z.json", "file-outside"),
        ("[]", ""),
        ("{}", "value-malformed"),
        ("[[a.json]]", "value-malformed"),
    ],
)
@pytest.mark.parametrize("of_article", [False, True])
def test_the_name_of_a_file_is_told_of_where_it_is_written(
    tmp_path: Path, name: str, code: str, of_article: bool
) -> None:
    line = f"bibliography: {name}\n"
    files = (
        {"mieten/article.md": ARTICLE.replace("summary", f"{line}summary")}
        if of_article
        else {"site.yaml": SETTINGS + line}
    )
    _, found = looked_at(written(tmp_path, files))
    assert [one.code for one in found] == ([code] if code else [])


def test_the_desk_offers_what_nothing_uses_yet(tmp_path: Path) -> None:
    article = ARTICLE.replace("summary", "bibliography: own.json\nsummary")
    files = {
        "mieten/article.md": article,
        "mieten/own.json": rows({**ROE, "id": "own"}),
        "mieten/sources.yaml": CITED,
    }
    places = kept(tmp_path, "zotero.json", rows(ROE, {**ROE, "id": "spare"}))
    context, _ = analysis.read_context(written(tmp_path, {**_text(places), **files}).content)
    found, _ = analysis.analyse_folder(places.content, "mieten", context)
    assert found is not None
    assert [str(source.id) for source in panel.all_sources(found)][:1] == ["roe"]  # those that it cites come first
    assert {str(source.id) for source in panel.all_sources(found)} == {"roe", "own", "spare"}


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text(rows(ROE))
    places = kept(tmp_path, "other.json", rows())
    (places.content / "other.json").unlink()
    (places.content / "other.json").symlink_to(tmp_path / "secret.json")
    assert told(looked_at(places)[1]) == ["site.yaml:5:15 file-outside"]


def test_of_two_works_with_one_id_the_first_is_taken_and_told_of_where_they_differ(tmp_path: Path) -> None:
    other = {**ROE, "title": "Sturm"}
    places = kept(tmp_path, "zotero.json", rows(ROE, ROE))
    assert told(looked_at(places)[1]) == []
    settings = f"{SETTINGS}bibliography: [zotero.json, team.bib]\n"
    written(tmp_path, {"site.yaml": settings, "zotero.json": rows(ROE), "team.bib": BIB.replace("Wind", "Sturm")})
    _, (one,) = looked_at(places)
    assert (str(one.position), one.code) == ("zotero.json:2:2", "csl-value-odd")
    assert "in line 1 of team.bib" in one.message
    written(tmp_path, {"site.yaml": f"{SETTINGS}bibliography: zotero.json\n", "zotero.json": rows(ROE, other)})
    sources, (one,) = looked_at(places)
    assert sources["roe"].csl["title"] == "Wind und Wetter"
    assert "in line 14" in one.message


KEYS = ["müller_2020:a", "http://zotero.org/users/1/items/A", "a b", "<i>", "..", "x" * 300, "17"]


@pytest.mark.parametrize("id", KEYS)
def test_any_key_may_be_cited_and_has_a_page(tmp_path: Path, id: str) -> None:
    sources = CITED.replace("[roe]", json.dumps([id], ensure_ascii=False))
    places = kept(tmp_path, "zotero.json", rows({**ROE, "id": int(id) if id.isdigit() else id}), sources)
    result = building.build(places, BuildOptions())
    assert not result.stopped, result.diagnostics
    (page,) = (places.output / "sources").glob("*/index.html")
    assert "Wind und Wetter" in page.read_text()


def test_what_reads_biblatex_is_asked_for_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "bibtexparser", None)
    (fault,) = looked_at(kept(tmp_path, "other.bib", BIB + " "))[1]
    assert (str(fault.position), fault.code) == ("site.yaml:5:15", "file-missing")
    assert 'pip install "randnotiz[bib]"' in fault.hint


def test_nothing_of_it_is_loaded_where_no_biblatex_is_named(tmp_path: Path) -> None:
    kept(tmp_path, "zotero.json", rows(ROE))
    code = "import sys, pathlib; from randnotiz import analysis\n"
    code += f"analysis.read_context(pathlib.Path({str(tmp_path / 'content')!r}))\n"
    code += "print([name for name in sys.modules if name.startswith(('bibtexparser', 'pylatexenc'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_library_can_be_handed_to_other_processes(tmp_path: Path) -> None:
    for name in ("zotero.json", "library.yaml", "team.bib"):
        context, _ = analysis.read_context(kept(tmp_path, name, FORMS[name]).content)
        assert pickle.loads(pickle.dumps(context)).sources["roe"] == (context.sources or {})["roe"]


# ---- biblatex ----


def test_biblatex_of_ours_is_read_back_whole(tmp_path: Path) -> None:
    ours = read([{**item, "title": str(item.get("title", "")).replace("{Story}", "Story")} for item in ITEMS])
    text = "".join(map(citations.bibtex, ours))
    places = kept(tmp_path, "ours.bib", text)
    context, found = analysis.read_context(places.content)
    assert found == ()
    for source, back in zip(ours, (context.sources or {}).values(), strict=True):
        one, other = citations.csl_json(source), citations.csl_json(back)
        assert back.odd == {}
        for key in {*one, *other} - {"custom", "type"}:
            assert comparable(key, one[key]) == comparable(key, other[key]), (source.id, key)
        if one["type"] != "collection":  # most of which are books with an editor
            assert citations.bibtex(back).partition("{")[0] == citations.bibtex(source).partition("{")[0]


TEX: list[tuple[str, dict[str, Any]]] = [
    (
        r"title = {The {E}. \emph{coli} of H$_2$O \& 100% {\"u}ber}",
        {"title": "The E. <i>coli</i> of H<sub>2</sub>O & 100% über"},
    ),
    ("title = {A: B}, subtitle = {C}", {"title": "A: B: C"}),
    ("title = {A_b_ *c*}", {"title": "A_b_ *c*"}),
    ('title = "A " # acm # { B}', {"title": "A ACM Press B"}),
    ("year = 2020, month = may", {"issued": {"date-parts": [[2020, 5]]}}),
    ("year = {2020}, month = {12}", {"issued": {"date-parts": [[2020, 12]]}}),
    ("date = {2020-01/2020-03}", {"issued": {"date-parts": [[2020, 1], [2020, 3]]}}),
    (
        "author = {Jane van der Roe and {Amt für Wind and Wetter} and others}",
        {
            "author": [
                {"family": "Roe", "given": "Jane", "dropping-particle": "van der"},
                {"literal": "Amt für Wind and Wetter"},
                {"literal": "others"},
            ]
        },
    ),
    (r"author = {Fran{\c c}ois, Ren\'e}", {"author": [{"family": "François", "given": "René"}]}),
    ("editor = {Roe, J.}, editortype = {director}", {"director": [{"family": "Roe", "given": "J."}]}),
    (r"url = {https://a.example/x\_y%20z}", {"URL": "https://a.example/x_y%20z"}),
    ("eprint = {2401.1}, eprinttype = {arxiv}", {"URL": "https://arxiv.org/abs/2401.1"}),
    ("pages = {1--9}, langid = {ngerman}, number = {3}", {"page": "1-9", "language": "de", "issue": "3"}),
    ("crossref = {all}", {"publisher": "ACM Press"}),
    ("xdata = {all, other}", {"publisher": "ACM Press"}),
    (r"url = {\url{https://a.example/x}}", {"URL": "https://a.example/x"}),
    ("file = {:/home/jane/x.pdf:PDF}", {}),
]


@pytest.mark.parametrize(("tex", "csl"), TEX)
def test_tex_becomes_characters(tmp_path: Path, tex: str, csl: dict[str, Any]) -> None:
    text = f'@string{{acm = "ACM Press"}}\n% a line\n@article{{roe,\n {tex}}}\n@proceedings{{all, publisher = acm}}\n'
    sources, found = looked_at(kept(tmp_path, "team.bib", text))
    assert told(found) == []
    item = citations.csl_json(sources["roe"])
    assert {key: value for key, value in item.items() if key not in ("id", "type")} == csl


def test_an_entry_that_cannot_be_read_is_told_of_and_those_around_it_are_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sources, found = looked_at(kept(tmp_path, "team.bib", "@book{broken,\n title={a\n" + BIB))
    assert list(sources) == ["roe"]
    assert told(found) == ["team.bib:1:1 csl-value-odd"]
    assert caplog.records == []  # nothing is said but with its place


def test_a_field_is_told_of_in_its_line(tmp_path: Path) -> None:
    text = BIB.replace("date = {2020}", "date = {soon}, url  =  {papers://x}")
    _, found = looked_at(kept(tmp_path, "team.bib", text))
    assert sorted(told(found)) == ["team.bib:3:10 csl-value-odd", "team.bib:3:26 csl-value-odd"]


# ---- changes ----


def built(places: SitePaths) -> int:
    result = building.build(places, BuildOptions(sync=False))
    assert not result.stopped, result.diagnostics
    return result.built


def test_a_build_makes_again_what_leans_on_what_has_changed_and_no_more(tmp_path: Path) -> None:
    other = ARTICLE.replace("Steigen", "Sinken")
    places = kept(tmp_path, "zotero.json", rows(ROE, {**ROE, "id": "doe"}))
    written(tmp_path, {**_text(places), "wohnen/article.md": other})
    assert [built(places), built(places)] == [2, 0]
    (places.content / "zotero.json").write_text(rows(ROE, {**ROE, "id": "doe", "title": "Sturm"}))
    assert built(places) == 0
    (places.content / "zotero.json").write_text(rows({**ROE, "title": "Sturm"}))
    assert built(places) == 1
    for page in ("mieten/index.html", "mieten/sources.json", "sources/roe/index.html"):
        assert "Sturm" in (places.output / page).read_text(), page


def test_a_build_sees_a_work_that_ones_own_source_enriches_come_and_go(tmp_path: Path) -> None:
    own = "sources:\n- {id: roe, type: book, title: Wind}\n" + CITED
    places = kept(tmp_path, "zotero.json", "[]", own)
    assert [built(places), built(places)] == [1, 0]
    for publisher in ("Erster", "Zweiter"):
        (places.content / "zotero.json").write_text(rows({**ROE, "publisher": publisher}))
        assert built(places) == 1
        assert publisher in (places.output / "mieten/sources.json").read_text()
    (places.content / "zotero.json").write_text("[]")
    assert built(places) == 1
    assert "Zweiter" not in (places.output / "mieten/sources.json").read_text()


def test_a_warning_moves_with_the_line_it_is_about(tmp_path: Path) -> None:
    odd = {**ROE, "accessed": "17:53"}
    places = kept(tmp_path, "zotero.json", rows(odd))
    built(places)
    (places.content / "zotero.json").write_text(rows({**ROE, "id": "doe"}, odd))
    (one,) = building.build(places, BuildOptions(sync=False)).diagnostics
    assert one.position.line == 25


@pytest.mark.parametrize("name", ["zotero.json", "wohnen/zotero.json"])
def test_the_preview_shows_a_saved_bibliography(tmp_path: Path, name: str) -> None:
    written(tmp_path, {"wohnen/article.md": ARTICLE})
    places = kept(tmp_path, name, rows(ROE))
    state = PreviewState(places, BuildOptions(drafts=True))
    state.begin()
    (places.content / name).write_text(rows({**ROE, "title": "Sturm"}))
    touched = state.touched([places.content / name])
    assert touched.shared
    state.take_in(touched, frozenset(("mieten",)))
    assert b"Sturm" in state.fresh["mieten/index.html"]
