"""Compiled templates are a short cut and nothing else."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from randnotiz.pages.compiled import Compiled


def greeting(cache: Path, source: str = "Guten Tag, {{ name }}!") -> str:
    environment = Environment(loader=DictLoader({"gruss": source}), bytecode_cache=Compiled(cache), autoescape=True)
    return environment.get_template("gruss").render(name="Anna")


def test_a_template_is_compiled_once_and_reads_the_same_from_the_cache(tmp_path: Path) -> None:
    assert greeting(tmp_path) == "Guten Tag, Anna!"
    (kept,) = tmp_path.iterdir()
    before = kept.stat().st_mtime_ns
    assert greeting(tmp_path) == "Guten Tag, Anna!"
    assert kept.stat().st_mtime_ns == before


def test_another_text_under_the_same_name_is_compiled_anew(tmp_path: Path) -> None:
    greeting(tmp_path)
    assert greeting(tmp_path, "Grüß Gott, {{ name }}!") == "Grüß Gott, Anna!"


@pytest.mark.parametrize("at", [0, 20, -1])
def test_what_has_a_wrong_bit_is_never_run(tmp_path: Path, at: int) -> None:
    greeting(tmp_path)
    (kept,) = tmp_path.iterdir()
    raw = bytearray(kept.read_bytes())
    raw[at] ^= 1
    kept.write_bytes(raw)
    assert greeting(tmp_path) == "Guten Tag, Anna!"
    assert kept.read_bytes() != raw, "it has been compiled again"


def test_where_nothing_can_be_kept_templates_are_compiled_every_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("eine Datei, kein Ordner", encoding="utf-8")
    assert greeting(tmp_path / "cache") == "Guten Tag, Anna!"
