"""The picture for sharing: all of it inside, nothing that a title says can break it, drawn once."""

import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from randnotiz import charts, exports, pages
from randnotiz.colours import COLOURS
from randnotiz.diagnostics import SourceText
from randnotiz.exports import share
from randnotiz.model import AnchoredNote
from randnotiz.spans import Span
from tests import sample

SVG = "{http://www.w3.org/2000/svg}"
LONG = (
    "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle prüft, was der Bericht über die "
    "Kosten der Renten sagt, was er verschweigt und was davon nach einem Jahr noch gilt"
)


def picture(title: str, subtitle: str | None = "Eine Meldung, nachgerechnet") -> str:
    annotated = sample.annotated()
    article = replace(annotated.article, title=SourceText(title), subtitle=SourceText(subtitle) if subtitle else None)
    theme = sample.theme()
    words = pages.article_context(replace(annotated, article=article), sample.settings())
    return exports.share_picture(exports.ExportContext(words), theme)


def texts(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}text"))


def said(svg: str) -> str:
    return " ".join(element.text or "" for element in texts(svg))


def test_it_shows_the_site_the_title_and_what_stands_in_the_margin() -> None:
    words = said(picture("Was die Chips kosten"))
    assert words.startswith("Randnotiz Was die Chips kosten Eine Meldung, nachgerechnet")
    assert words.endswith("1 Beleg 2 Stimmen 2 nachgerechnete Zahlen 4 Erläuterungen")


def test_it_has_the_size_that_cards_want() -> None:
    root = ElementTree.fromstring(picture("Was die Chips kosten"))
    assert (root.get("width"), root.get("height")) == ("1200", "630")


def test_a_long_title_shrinks_and_wraps_and_a_longer_one_is_cut() -> None:
    short, long = share._headline(_edition("Kurz"))[0], share._headline(_edition(LONG))[0]
    assert short.size == share.TITLE_SIZES[0]
    assert long.size < short.size
    assert len(long.lines) > 3
    endless = share._headline(_edition(f"{LONG} und {LONG} und {LONG}"))[0]
    assert endless.lines[-1].words.endswith(" …")


@pytest.mark.parametrize("title", ["Kurz", LONG, f"{LONG}; {LONG}", "i" * 300, "W" * 300, "漢字" * 90])
def test_no_words_leave_their_column(title: str) -> None:
    svg = picture(title, LONG)
    heights = [float(element.get("y", "0")) for element in texts(svg)]
    assert max(heights[1:-4]) <= share.TITLE_BOTTOM + 10
    block, _ = share._headline(_edition(title))
    assert all(share._width(line.words) * block.size <= share.COLUMN * 1.02 for line in block.lines)


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_a_title_says_it_is_only_words(title: str, subtitle: str) -> None:
    svg = picture(f"</text><script>{title}", subtitle)
    root = ElementTree.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg",
        "g",
        "rect",
        "text",
        "path",
        "circle",
    }


def test_its_colours_are_those_of_the_page_on_light_paper() -> None:
    used = set(re.findall(r"#[0-9a-f]{6}", picture("Was die Chips kosten")))
    names = ("paper", "ink", "muted", "rule", "source", "counter", "figure", "note", "verdict-3")
    assert used == {COLOURS[name].light for name in names}


def test_the_page_in_small_has_each_passage_at_its_place() -> None:
    reading = "\n".join(["Ein Satz, der eine ganze Zeile des Textes füllt und noch etwas mehr sagt."] * 200)
    cuts, gaps = share._rows(reading)
    assert cuts[0] == 0
    assert cuts[-1] == len(reading)
    assert cuts == sorted(cuts)
    assert len(cuts) - 1 <= share.MAP_ROWS
    assert gaps


def test_an_article_without_words_has_a_picture_too() -> None:
    annotated = replace(sample.annotated(), reading="", notes=())
    edition = exports.ExportContext(pages.article_context(annotated, sample.settings()))
    assert "Was die Chips kosten" in said(exports.share_picture(edition, sample.theme()))


def test_a_note_on_the_last_word_is_still_on_the_map() -> None:
    annotated = sample.annotated()
    end = len(annotated.reading)
    notes = [replace(note, span=Span(start=end - 5, end=end)) for note in annotated.notes if note.span]

    def drawn(notes: Sequence[AnchoredNote]) -> str:
        edition = exports.ExportContext(
            pages.article_context(replace(annotated, notes=tuple(notes)), sample.settings())
        )
        return exports.share_picture(edition, sample.theme())

    assert len(notes) > 1
    marks = [svg.count("<rect") + svg.count("<path") for svg in (drawn(()), drawn(notes[:1]))]
    assert marks[1] > marks[0]


def test_a_picture_is_drawn_once_and_the_engine_rests_after_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg = picture("Was die Chips kosten")
    first = exports.share_png(svg, tmp_path)
    monkeypatch.delattr(charts, "png")
    assert exports.share_png(svg, tmp_path) == first
    with pytest.raises(AttributeError):
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
    drawn, packed = charts.png(svg, 1200), exports.share_png(svg, None)
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


def _edition(title: str) -> exports.ExportContext:
    annotated = sample.annotated()
    annotated = replace(annotated, article=replace(annotated.article, title=SourceText(title)))
    return exports.ExportContext(pages.article_context(annotated, sample.settings()))
