"""What is kept between runs is a short cut and nothing else; what is written is written whole."""

import os
import shutil
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from randnotiz import caching
from randnotiz.pages import TemplateCache

KEY = caching.key_of(("links.py",), "Mieten")


def files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def test_what_was_put_there_comes_back(tmp_path: Path) -> None:
    assert caching.get(tmp_path, KEY) is None
    caching.put(tmp_path, KEY, b"gezeichnet")
    assert caching.get(tmp_path, KEY) == b"gezeichnet"
    assert caching.get(tmp_path, caching.key_of(("links.py",), "Mieten", "1")) is None
    assert caching.get(None, KEY) is None


def test_what_was_kept_under_another_key_is_not_taken_for_it(tmp_path: Path) -> None:
    caching.put(tmp_path, KEY, b"gezeichnet")
    (kept,) = files(tmp_path)
    other = caching.key_of(("links.py",), "Preise")
    (tmp_path / other[:2]).mkdir(exist_ok=True)
    kept.rename(tmp_path / other[:2] / other[2:])
    assert caching.get(tmp_path, other) is None


@pytest.mark.parametrize("length", [0, 10, -1])
def test_what_is_cut_counts_as_not_there(tmp_path: Path, length: int) -> None:
    caching.put(tmp_path, KEY, b"gezeichnet")
    (kept,) = files(tmp_path)
    kept.write_bytes(kept.read_bytes()[:length])
    assert caching.get(tmp_path, KEY) is None


def test_parts_are_told_apart_where_they_end() -> None:
    assert caching.key_of((), "ab", "c") != caching.key_of((), "a", "bc")


# ----------------------------------------------------------------------------------------------------
# What made it
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["site/output.py", "formulas/units.json", "starter/article.md"])
def test_a_program_of_which_any_file_has_changed_is_another(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(caching.PACKAGE, tmp_path / "randnotiz")
    monkeypatch.setattr(caching, "PACKAGE", tmp_path / "randnotiz")
    digest = caching.toolchain_digest.__wrapped__  # which remembers nothing
    before = digest()
    compiled = tmp_path / "randnotiz" / "site" / "__pycache__"
    compiled.mkdir(exist_ok=True)  # it is not there where Python is told to write nothing
    (compiled / "output.pyc").write_bytes(b"compiled anew")
    assert digest() == before
    with (tmp_path / "randnotiz" / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert digest() != before


def test_what_a_change_has_no_hand_in_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(caching.PACKAGE, tmp_path / "randnotiz")
    monkeypatch.setattr(caching, "PACKAGE", tmp_path / "randnotiz")
    digest = caching.toolchain_digest.__wrapped__
    charts, share = digest("charts"), digest("charts", "exports/share.py")
    (tmp_path / "randnotiz" / "exports" / "share.py").write_text("SERIF = 'Times'", encoding="utf-8")
    assert digest("charts") == charts
    assert digest("charts", "exports/share.py") != share


def test_another_version_of_a_library_counts_where_it_has_a_hand_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("randnotiz.caching.yaml.__file__", str(tmp_path / "yaml" / "__init__.py"))
    digest = caching.toolchain_digest.__wrapped__
    before = digest("links.py"), digest("links.py", libraries=("deflate",))
    (tmp_path / "babel-2.18.0.dist-info").mkdir()
    assert digest("links.py") != before[0]
    assert digest("links.py", libraries=("deflate",)) == before[1]
    (tmp_path / "deflate-0.9.0.dist-info").mkdir()
    assert digest("links.py", libraries=("deflate",)) != before[1]


# ----------------------------------------------------------------------------------------------------
# Written whole
# ----------------------------------------------------------------------------------------------------


def test_a_file_that_is_replaced_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text("alt", encoding="utf-8")
    path.chmod(0o640)
    caching.write_whole(path, b"neu")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"neu", 0o640)
    assert files(tmp_path) == [path]


def test_where_a_file_cannot_be_written_it_stays_and_nothing_lies_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "sources.yaml"
    path.write_text("alt", encoding="utf-8")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        caching.draft(path, b"neu", sync=True)
    assert [path.read_bytes() for path in files(tmp_path)] == [b"alt"]


# ----------------------------------------------------------------------------------------------------
# Compiled templates
# ----------------------------------------------------------------------------------------------------


def greeting(cache: Path, source: str = "Guten Tag, {{ name }}!") -> str:
    environment = Environment(
        loader=DictLoader({"gruss": source}), bytecode_cache=TemplateCache(cache), autoescape=True
    )
    return environment.get_template("gruss").render(name="Anna")


def test_a_template_is_compiled_once_and_reads_the_same_from_the_cache(tmp_path: Path) -> None:
    assert greeting(tmp_path) == "Guten Tag, Anna!"
    (kept,) = files(tmp_path)
    before = kept.stat().st_mtime_ns
    assert greeting(tmp_path) == "Guten Tag, Anna!"
    assert kept.stat().st_mtime_ns == before


def test_another_text_under_the_same_name_is_compiled_anew(tmp_path: Path) -> None:
    greeting(tmp_path)
    assert greeting(tmp_path, "Grüß Gott, {{ name }}!") == "Grüß Gott, Anna!"


@pytest.mark.parametrize("at", [0, 20, -1])
def test_what_has_a_wrong_bit_is_never_run(tmp_path: Path, at: int) -> None:
    greeting(tmp_path)
    (kept,) = files(tmp_path)
    raw = bytearray(kept.read_bytes())
    raw[at] ^= 1
    kept.write_bytes(raw)
    assert greeting(tmp_path) == "Guten Tag, Anna!"
    assert kept.read_bytes() != raw, "it has been compiled again"


def test_where_nothing_can_be_kept_templates_are_compiled_every_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("eine Datei, kein Ordner", encoding="utf-8")
    assert greeting(tmp_path / "cache") == "Guten Tag, Anna!"
