"""A site of any size fits into the memory: of an article nothing stays there but the names of its files."""

import gc
import multiprocessing
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
from msgspec.structs import replace

from randnotiz.checks import Destinations, across
from randnotiz.exports import search_index
from randnotiz.pages import lists
from randnotiz.pages.corrections import corrections_pages
from randnotiz.pages.sources import source_pages
from randnotiz.site import BuildOptions, building
from randnotiz.site.build_cache import BuildCache, packed
from tests import sample
from tests.lines import extract
from tests.places import folders_in

pytestmark = pytest.mark.slow

ARTICLES = 80
CLAIMS = 8  # of an article, each with a page of its own

SETTINGS = """\
title: Stadtblatt
url: https://stadtblatt.example/
lang: de
publisher: Stadtblatt
verdicts: [{key: wrong, de: Widerlegt, en: Refuted}, {key: supported, de: Belegt, en: Supported}]
"""
ARTICLE = """\
---
title: Steigen die Mieten?
authors: [Redaktion]
published: 2026-11-23
summary: Was die Zahlen des Amtes hergeben, und was der Mieterverein dagegen hält.
---
"""


def write(content: Path, count: int) -> None:
    claims = [f"Behauptet wird in Punkt {chr(97 + number) * 3} ein Anstieg der Mieten." for number in range(CLAIMS)]
    files = {
        "article.md": ARTICLE + "\n\n".join(claims),
        "counterclaims.yaml": "counterclaims:\n"
        + "".join(
            f"- {{id: einwand-{n}, quote: {claim[:27]}, claim: Die Mieten steigen um {n} Euro., claimed_by: Amt, "
            f"stance: disputes, counter: Nein., by: Verein, sources: [amt], verdict: wrong, why: Nein.}}\n"
            for n, claim in enumerate(claims)
        ),
    }
    for number in range(count):
        for name, text in files.items():
            path = content / f"mieten-{number:05}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    (content / "site.yaml").write_text(SETTINGS, encoding="utf-8")
    (content / "sources.yaml").write_text("sources: [{id: amt, type: report, title: Mieten}]", encoding="utf-8")


Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def in_a_process_of_its_own(
    measure: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result:
    """Its result where no test has run before: what others left in caches of a fixed size would push out or stay."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, *args, **kwargs).result()


def held_after_each_article(folder: Path) -> dict[int, int]:
    """How many bytes a build holds when so many articles are done."""
    write(folder / "content", ARTICLES)
    folders = folders_in(folder)
    held: dict[int, int] = {}

    def tell(done: int, _: int) -> None:
        gc.collect()
        held[done] = tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        assert not building.build(folders, BuildOptions(), tell).stopped
    finally:
        tracemalloc.stop()
    return held


def test_a_build_holds_little_of_each_article_that_it_has_made(tmp_path: Path) -> None:
    held = in_a_process_of_its_own(held_after_each_article, tmp_path)
    # By the middle, all that is kept of units, words and the like is there, whatever the number of articles.
    assert (held[ARTICLES] - held[ARTICLES // 2]) / (ARTICLES // 2) < 8_000


def most(folder: Path, count: int) -> int:
    """The most bytes that lists of so many articles take while they are made."""
    theme = sample.theme()
    with BuildCache(folder / str(count)) as cache:
        for number in range(count):
            one = extract(f"mieten-{number}")
            ties = replace(one.references, links=(), translations=())
            leanings = tuple(replace(leaning, source=f"{leaning.source}-{number}") for leaning in one.backlinks)
            cache.put(one.summary.slug, packed(replace(one, references=ties, backlinks=leanings)), None)
        gc.collect()
        tracemalloc.start()
        try:
            places = []
            for page in chain(lists.pages(cache.oldest, theme), corrections_pages(cache.lines, theme)):
                assert page.html()
                places.append((page.path, page.day or ""))
            for source in source_pages(cache.backlinks, {}):
                cache.add_work(source.work)
            assert not [*across(Destinations(articles=cache.cross_references, redirects={}), theme.settings)]
            for _, content in building.site_files(cache.lines, places, theme, cache.text):
                sum(map(len, [content] if isinstance(content, bytes) else content))
            for _, content in search_index(cache.words):
                assert content
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def growth_of_lists(folder: Path, few: int, many: int) -> float:
    """How many more bytes an article more takes while the lists are made."""
    most(folder, 1)  # compiles the templates
    return (most(folder, many) - most(folder, few)) / (many - few)


def test_lists_hold_little_of_each_article_while_they_are_made(tmp_path: Path) -> None:
    assert in_a_process_of_its_own(growth_of_lists, tmp_path, 200, 1_200) < 1_500
