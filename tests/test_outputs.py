"""Files beside an article's page that a site does without: they are not written, and nothing names them."""

from pathlib import Path

import pytest

from randnotiz import sidecars, site
from randnotiz.site import building
from tests.places import folders_in

SETTINGS = """\
title: Blatt
url: https://example.org/
lang: de
publisher: Blatt
verdicts: [{key: wrong, de: Falsch}]
redirects: {alt: mieten}
"""
ARTICLE = """\
---
title: Mieten
published: 2026-11-24
summary: Ein Bericht.
---
Die Mieten stiegen um 4 %. Mehr steht [hier](sources.json).
"""
COUNTERCLAIMS = """\
counterclaims:
- {id: rise, quote: Die Mieten stiegen, claim: Sie stiegen., claimed_by: Verein, stance: disputes, counter: Nein.,
   by: Amt, sources: [amt], why: Darum., verdict: wrong}
"""
CHARTS = """\
charts:
- id: jahre
  after: Mehr steht
  title: Mieten
  alt: Zwei Balken.
  sources: [amt]
  data: {rows: [{jahr: "2024", miete: 4}, {jahr: "2025", miete: 5}]}
  vega-lite: {mark: bar, encoding: {x: {field: miete, type: quantitative}, y: {field: jahr, type: nominal}}}
"""


def built(root: Path, settings: str = "", article: str = ARTICLE) -> dict[str, bytes]:
    """The files of a site with one article; none where there is a fault, which is told instead."""
    folders = folders_in(root)
    (folders.content / "mieten").mkdir(parents=True, exist_ok=True)
    (folders.content / "site.yaml").write_text(SETTINGS + settings, encoding="utf-8")
    for name, text in (("article.md", article), ("counterclaims.yaml", COUNTERCLAIMS), ("charts.yaml", CHARTS)):
        (folders.content / "mieten" / name).write_text(text, encoding="utf-8")
    sources = "sources: [{id: amt, type: report, title: Mieten}]"
    (folders.content / "mieten" / "sources.yaml").write_text(sources, encoding="utf-8")
    outcome = building.build(folders, site.BuildOptions())
    if outcome.stopped:
        return {one.message: b"" for one in outcome.diagnostics if one.severity == "error"}
    paths = (path for path in folders.output.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folders.output).as_posix(): path.read_bytes() for path in paths}


def written(names: tuple[str, ...]) -> set[str]:
    """The files that have some of the names, at the article's address and at its old one."""
    within = [name.replace("claims/<id>", "claims/rise").replace("charts/<id>", "charts/jahre") for name in names]
    within += [path.replace("embed.html", "oembed.json") for path in within]
    return {f"{slug}/{path}" for path in within for slug in ("mieten", "alt")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return built(tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize(
    "names",
    [
        ("annotations.jsonld",),  # of which hypothesis.json has addresses
        ("claims/<id>/embed.html", "single.html"),
        ("claims/<id>/share.png", "charts/<id>/embed.html"),
        sidecars.OPTIONAL,
    ],
    ids=lambda names: names[0] if len(names) < 3 else "all",
)
def test_what_a_site_does_without_is_not_written_and_nothing_else_names_it(
    tmp_path: Path, whole: dict[str, bytes], names: tuple[str, ...]
) -> None:
    outputs = "outputs:\n" + "".join(f"  {name}: false\n" for name in names)
    found = built(tmp_path, outputs, ARTICLE.replace("sources.json", "#claim-rise"))
    gone = written(names) & whole.keys()
    assert gone
    assert found.keys() == whole.keys() - gone
    for path in gone:
        short = path.partition("/")[2]
        naming = [each for each, content in found.items() if f"mieten/{short}".encode() in content]
        naming += [each for each in found if each == "mieten/index.html" and f'"{short}'.encode() in found[each]]
        assert not naming, path


def test_a_link_to_what_is_left_out_is_a_fault_and_an_unknown_name_is_told_the_nearest(
    tmp_path: Path,
) -> None:
    (message,) = built(tmp_path, "outputs: {sources.json: false}\n")
    assert "there is no file 'sources.json' beside the article" in message
    (message,) = built(tmp_path, "outputs: {singel.html: false}\n")
    assert message == "there is no optional file 'singel.html'; did you mean 'single.html'?"
