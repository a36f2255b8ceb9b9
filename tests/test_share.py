"""The pictures for sharing: what came out is on them, all of it inside, nothing that a title says breaks them."""

import re
import struct
import zlib
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from randnotiz import exports, pages
from randnotiz.colours import COLOURS, contrast
from randnotiz.diagnostics import SourceText
from randnotiz.exports import raster, share
from randnotiz.model import AnnotatedArticle
from tests import sample

SVG = "{http://www.w3.org/2000/svg}"
LONG = (
    "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle prüft, was der Bericht über die "
    "Kosten der Renten sagt, was er verschweigt und was davon nach einem Jahr noch gilt"
)


def picture(title: str, conclusion: str = "Sie stimmt, aber nur für Wien.") -> str:
    annotated = sample.annotated()
    article = replace(annotated.article, title=SourceText(title), conclusion=SourceText(conclusion))
    return exports.share_picture(_edition(replace(annotated, article=article)), sample.theme())


def of_claim(**fields: Any) -> str:
    annotated = sample.annotated()
    claim = next(claim for claim in annotated.claims if claim.verdict)
    return exports.claim_picture(_edition(annotated), replace(claim, **fields), sample.theme())


def _edition(annotated: AnnotatedArticle) -> exports.ExportContext:
    return exports.ExportContext(pages.article_context(annotated, sample.settings()))


def texts(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}text"))


def words_of(svg: str) -> str:
    return " ".join(element.text or "" for element in texts(svg))


def cells(svg: str) -> list[str | None]:
    """The colours of the cells, behind those of the paper and of the rule above."""
    return [element.get("fill") for element in ElementTree.fromstring(svg).iter(f"{SVG}rect")][2:]


def test_the_card_of_an_article_shows_what_came_out_and_each_claim_in_its_verdicts_colour() -> None:
    svg = picture("Was die Chips kosten")
    assert words_of(svg) == "Randnotiz Was die Chips kosten Sie stimmt, aber nur für Wien. 1 Aussage geprüft"
    assert cells(svg) == [COLOURS["verdict-5"].light]


def test_the_card_of_a_claim_shows_it_with_its_verdict_and_the_reason() -> None:
    words = words_of(
        of_claim(claim=SourceText("Die Chips seien billig"), why=SourceText("Gemessen hat das niemand."))
    )
    assert words == "Randnotiz „Die Chips seien billig“ Medienberichte Umstritten Gemessen hat das niemand."


def test_an_article_without_claims_has_no_cells() -> None:
    svg = exports.share_picture(_edition(replace(sample.annotated(), claims=())), sample.theme())
    assert cells(svg) == []
    assert "geprüft" not in words_of(svg)


@pytest.mark.parametrize("count", [1, 2, 9, 40, 300])
def test_all_cells_stand_within_the_column_and_none_on_another(count: int) -> None:
    annotated = sample.annotated()
    judged = [claim for claim in annotated.claims if claim.verdict]
    svg = exports.share_picture(_edition(replace(annotated, claims=tuple(judged[:1] * count))), sample.theme())
    drawn = list(ElementTree.fromstring(svg).iter(f"{SVG}rect"))[2:]
    places = [(float(one.get("x", "")), float(one.get("width", ""))) for one in drawn]
    assert len(places) == count
    assert all(x + width <= next_x for (x, width), (next_x, _) in pairwise(places))
    assert places[-1][0] + places[-1][1] <= share.RIGHT


def test_it_has_the_size_that_cards_want() -> None:
    for svg in (picture("Was die Chips kosten"), of_claim()):
        root = ElementTree.fromstring(svg)
        assert (root.get("width"), root.get("height")) == ("1200", "630")


def test_a_long_title_shrinks_and_wraps_and_a_longer_one_is_cut() -> None:
    sizes = [int(texts(picture(title))[1].get("font-size", "")) for title in ("Kurz", LONG)]
    assert sizes[0] == share.HEAD_SIZES[0]
    assert sizes[1] < sizes[0]
    assert " …" in words_of(picture(f"{LONG} und {LONG} und {LONG}"))


@pytest.mark.parametrize("words", ["Kurz", LONG, f"{LONG}; {LONG}", "i" * 300, "W" * 300, "漢字" * 90, "Щука " * 60])
def test_no_words_leave_their_column_or_stand_on_others(words: str) -> None:
    for svg in (picture(words, words), of_claim(claim=SourceText(words), why=SourceText(words))):
        lines = texts(svg)
        heights = [float(line.get("y", "")) for line in lines]
        sizes = [float(line.get("font-size", "")) for line in lines]
        assert heights == sorted(heights)
        assert heights[-1] <= share.BOTTOM
        assert all(
            below - above >= size * 0.95 for above, below, size in zip(heights, heights[1:], sizes[1:], strict=False)
        )
        assert all(
            share._width(line.text or "") * size * 0.95 <= share.COLUMN
            for line, size in zip(lines, sizes, strict=True)
        )


@pytest.mark.slow
def test_the_engine_sets_a_line_no_wider_than_it_was_thought_to_be() -> None:
    for words in (LONG[76:], "What the numbers behind the claim say", "Что говорят цифры", "Τι λένε οι αριθμοί"):
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="100"><text x="0" y="50" font-size="10" '
            f'font-family="Source Serif Pro" font-weight="600">{words}</text></svg>'
        )
        drawn = pixels(raster.png(svg, 1200))
        reached = max(at % 4801 for at, byte in enumerate(drawn) if byte and at % 4801) / 4
        assert 0.7 * share._width(words) * 10 < reached <= share._width(words) * 10


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_a_title_says_it_is_only_words(title: str, conclusion: str) -> None:
    root = ElementTree.fromstring(picture(f"</text><script>{title}", conclusion))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "g", "rect", "text"}


def test_its_colours_are_those_of_the_page_on_light_paper() -> None:
    used = set(re.findall(r"#[0-9a-f]{6}", picture("Was die Chips kosten")))
    assert used == {COLOURS[name].light for name in ("paper", "ink", "muted", "verdict-5", "verdict-5-line")}


def test_whatever_is_light_on_a_card_is_seen_by_the_line_around_it_and_no_word_is_small_at_400_pixels() -> None:
    annotated = sample.annotated()
    open_claim = next(claim for claim in annotated.claims if claim.verdict)
    undecided = replace(open_claim, verdict=None)
    svg = exports.share_picture(_edition(replace(annotated, claims=(open_claim, undecided))), sample.theme())
    for rect in list(ElementTree.fromstring(svg).iter(f"{SVG}rect"))[2:]:
        assert contrast(rect.get("stroke", ""), COLOURS["paper"].light) >= 3
    for drawn in (svg, of_claim()):
        assert min(int(line.get("font-size", "")) for line in texts(drawn)) * 400 / 1200 > 11


def test_an_article_in_arabic_begins_at_the_right() -> None:
    annotated = sample.annotated()
    article = replace(annotated.article, lang="ar", title=SourceText("ما تكلفة الرقائق"))
    svg = exports.share_picture(_edition(replace(annotated, article=article)), sample.theme())
    assert {line.get("x") for line in texts(svg)} == {str(share.RIGHT)}
    assert all(line.text and line.text[0] + line.text[-1] == "\u202b\u202c" for line in texts(svg))
    cells = [
        rect
        for rect in ElementTree.fromstring(svg).iter(f"{SVG}rect")
        if rect.get("height") == str(share.STRIP_HEIGHT)
    ]
    assert cells
    assert all(float(cell.get("x", "")) + float(cell.get("width", "")) > share.RIGHT / 2 for cell in cells)


def test_words_that_run_from_the_right_are_drawn_within_the_card() -> None:
    annotated = sample.annotated()
    article = replace(annotated.article, lang="he", title=SourceText("GPU"))
    svg = exports.share_picture(_edition(replace(annotated, article=article)), sample.theme())
    drawn = pixels(raster.png(svg, 1200))
    rows = [drawn[at + 1 : at + 4801] for at in range(share.TOP * 4801, (share.TOP + 60) * 4801, 4801)]
    ink = [at // 4 for row in rows for at in range(8, 4800) if row[at]]  # where a pixel differs from those before
    assert share.RIGHT - 20 < max(ink) < share.RIGHT
    assert min(ink) > share.RIGHT / 2


def test_a_picture_is_drawn_once_and_the_engine_rests_after_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg = picture("Was die Chips kosten")
    first = exports.share_png(svg, tmp_path)
    monkeypatch.delattr(raster, "png")
    assert exports.share_png(svg, tmp_path) == first
    with pytest.raises(NameError):
        exports.share_png(picture("Was die Chips sonst kosten"), tmp_path)


def test_a_spoilt_cache_only_costs_another_drawing(tmp_path: Path) -> None:
    svg = picture("Was die Chips kosten")
    first = exports.share_png(svg, tmp_path)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-100])
    assert exports.share_png(svg, tmp_path) == first


def test_it_is_packed_well_and_every_pixel_is_what_the_engine_drew() -> None:
    svg = picture("Was die Chips kosten")
    drawn, packed = raster.png(svg, 1200), exports.share_png(svg, None)
    assert len(packed) < len(drawn) / 2
    assert struct.unpack(">II", packed[16:24]) == (1200, 630)
    assert pixels(packed) == pixels(drawn)


def pixels(png: bytes) -> bytes:
    """The rows of a PNG, with every chunk's checksum tried."""
    at, data = 8, b""
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        chunk, checksum = png[at + 4 : at + 8 + length], png[at + 8 + length : at + 12 + length]
        assert zlib.crc32(chunk) == int.from_bytes(checksum)
        data += chunk[4:] if chunk.startswith(b"IDAT") else b""
        at += length + 12
    return zlib.decompress(data)
