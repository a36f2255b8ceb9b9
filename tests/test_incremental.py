"""A reused site is byte for byte what a build from nothing gives, whatever was edited, broken or lost in between.

A small town paper is edited at random, as authors, designers and accidents edit: 50 times here, 1,000 times with
`--long`. After each edit one build goes on from the last, another begins from nothing, and both must say and write
the same.
"""

# ruff: noqa: ARG001 - edits make a table, and so do accidents: all take the same, whether they need it or not

import json
import os
import shutil
import sqlite3
import struct
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from randnotiz.site import BuildOptions, BuildResult, SitePaths, build_cache, building
from tests.patience import next_tick

ROOT = Path(__file__).parent.parent
BOUNDED, LONG = 50, 1_000

SETTINGS = """\
title: {title}
url: https://stadtblatt.example/
lang: {lang}
publisher: {{name: Stadtblatt, url: https://stadtblatt.example/}}
bibliography: zotero.json
verdicts:
- {{key: wrong, de: {wrong}, en: Refuted}}
- {{key: supported, de: Belegt, en: Supported}}
"""

ARTICLE = """\
---
title: {title}
subtitle: {subtitle}
authors: [Redaktion]
published: 2026-11-{day:02}
summary: Was die Zahlen des Amtes für {place} hergeben.
draft: {draft}
{front}---
In {place} stiegen die Mieten nach Angaben des Amtes um 12 Prozent auf {rent} Euro.[^1] {sentence}

## Was gebaut wurde

Gebaut hat die Stadt dort kaum, sagt der Mieterverein. {link}

{image}

[^1]: Ohne Nebenkosten.
"""

SOURCES = """\
sources:
- id: bericht
  type: report
  title: Mietbericht {place}
  issued: 2025-11
  custom: {{evidence: primary, recheck-after: 2027-05-01{origin}}}
citations:
- id: amt
  quote: nach Angaben des Amtes
  sources: [{{id: bericht, locator: S. {page}}}{cited}]
  note: {note}
"""

COUNTERCLAIMS = """\
counterclaims:
- id: zu-hoch
  quote: stiegen die Mieten
  claim: Die Mieten in {place} seien um 12 Prozent gestiegen.
  claimed_by: Amt für Wohnen
  stance: disputes
  counter: Der Anstieg lag *niedriger*.
  by: {{name: Mieterverein, type: organization}}
  sources: [bericht]
  {verdict}
"""

FIGURES = """\
quantities:
  before: {{label: Miete vorher, low: 780, high: 820, unit: EUR/month, sources: [bericht]}}
  after: {{label: Miete nachher, value: {rent}, unit: EUR/month, sources: [bericht]}}
figures:
  rise:
    label: Anstieg
    formula: after / before - 1
    unit: "%"
    quote: um 12 Prozent auf {rent} Euro
    stated: 12 %
    finding: {finding}
"""

CHARTS = """\
charts:
- id: jahre
  after: Gebaut hat die Stadt
  title: Die Mieten steigen
  alt: Eine Linie, die von 2023 bis 2025 steigt.
  sources: [bericht]
  data: {{csv: data/mieten.csv}}
  vega-lite:
    mark: {mark}
    encoding:
      x: {{field: year, type: ordinal}}
      y: {{field: rent, type: quantitative}}
"""

SHARED = """\
- id: {id}
  type: book
  title: {title}
  author: [{{family: Berger, given: Anna}}]
  issued: 2024
{custom}"""

PAGE = "---\ntitle: {title}\n---\nVerantwortlich ist die Redaktion in {town}.\n"

PLACES = (
    "Altona",
    "Barmbek",
    "Connewitz",
    "Dahlem",
    "Favoriten",
    "Giesing",
    "Hernals",
    "Liesing",
    "Moabit",
    "Pankow",
)
SENTENCES = ("Mehr steht dort nicht.", "Die Zahl ist umstritten.", "Das Wort „Wohnen“ fehlt.", "")
NOTES = ("Die Zahl ist **amtlich**.", "Gezählt wurde im Herbst.", "'Die Zahl gilt nur für {{ after }}.'")
TITLES = ("Mieten und Recht", "Wohnen in der Stadt", "Boden & Preis")
SHARED_IDS = ("berger", "huber", "novak")


def picture(shade: int) -> bytes:
    """A PNG of one pixel."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes((0, shade)))) + chunk(b"IEND", b"")


@dataclass(kw_only=True)
class Story:
    """What varies in an article."""

    place: str
    title: str = "Steigen die Mieten?"
    subtitle: str = "Ein Bericht, nachgerechnet"
    day: int = 1
    rent: int = 900
    draft: bool = False
    sentence: str = ""
    note: str = NOTES[0]
    page: int = 4
    cited: tuple[str, ...] = ()
    origin: str = ""
    about: str = ""
    correction: str = ""
    translation: str = ""
    link: str = ""
    verdict: bool = True
    mark: str = ""
    years: tuple[int, ...] = (700, 800, 900)
    shade: int | None = None

    def files(self) -> dict[str, bytes]:
        """The article's files."""
        front = f"about: {self.about}\n" if self.about else ""
        front += f"image: {{src: bild.png, alt: Ein Haus in {self.place}.}}\n" if self.shade is not None else ""
        front += f"translations: {{en: {self.translation}}}\n" if self.translation else ""
        if self.correction:
            front += f"corrections:\n- date: 2026-11-25\n  text: {self.correction}\n"
        values = {
            **vars(self),
            "draft": str(self.draft).lower(),
            "front": front,
            "link": f"Mehr dazu [dort](../{self.link}/#n-amt)." if self.link else "",
            "image": "![Ein Haus](bild.png)" if self.shade is not None else "",
            "cited": "".join(f", {id}" for id in self.cited),
            "origin": f", same-origin-as: {self.origin}" if self.origin else "",
            "verdict": "verdict: wrong\n  why: Nein." if self.verdict else "",
            "finding": "agrees" if 873 <= self.rent <= 919 else "disagrees",
        }
        files = {
            "article.md": ARTICLE.format_map(values),
            "sources.yaml": SOURCES.format_map(values),
            "counterclaims.yaml": COUNTERCLAIMS.format_map(values),
            "figures.yaml": FIGURES.format_map(values),
        }
        if self.mark:
            files["charts.yaml"] = CHARTS.format_map(values)
            files["data/mieten.csv"] = "year,rent\n" + "".join(
                f"{year},{rent}\n" for year, rent in enumerate(self.years, 2023)
            )
        written = {name: text.encode() for name, text in files.items()}
        return written if self.shade is None else written | {"bild.png": picture(self.shade)}


@dataclass(kw_only=True)
class Paper:
    """All that a site is made of, in memory; `spoilt` are files with a fault in them, until somebody mends it."""

    stories: dict[str, Story]
    shared: dict[str, tuple[str, str]] = field(default_factory=dict)
    external: set[str] = field(default_factory=set)  # those of them that a bibliography has
    pages: dict[str, str] = field(default_factory=lambda: {"impressum": "Impressum"})
    title: str = "Stadtblatt"
    lang: str = "de"
    wrong: str = "Widerlegt"
    redirects: dict[str, str] = field(default_factory=dict)
    addresses: list[str] | None = None
    template: str = ""
    style: str = ""
    spoilt: dict[str, bytes] = field(default_factory=dict)
    choices: dict[str, object] = field(default_factory=dict)

    def files(self) -> dict[str, bytes]:
        """Everything that lies below the folder: content, templates, looks."""
        settings = SETTINGS.format_map(vars(self))
        if self.redirects:
            settings += "redirects:\n" + "".join(f"  {old}: {new}\n" for old, new in self.redirects.items())
        if self.addresses is not None:
            settings += f"addresses: [{', '.join(self.addresses)}]\n"
        files = {"content/site.yaml": settings.encode()}
        if self.shared:
            shared = "".join(
                SHARED.format(
                    id=id, title=title, custom=f"  custom: {{same-origin-as: {origin}}}\n" if origin else ""
                )
                for id, (title, origin) in self.shared.items()
                if id not in self.external
            )
            files["content/sources.yaml"] = f"sources:\n{shared}".encode()
        kept = [
            {"id": id, "type": "book", "title": title, "custom": {"same-origin-as": origin} if origin else {}}
            for id, (title, origin) in self.shared.items()
            if id in self.external
        ]
        files["content/zotero.json"] = json.dumps(kept, indent=1).encode()
        for name, title in self.pages.items():
            files[f"content/pages/{name}.md"] = PAGE.format(title=title, town=self.title).encode()
        for slug, story in self.stories.items():
            files |= {f"content/{slug}/{name}": raw for name, raw in story.files().items()}
        files |= {f"templates/{name}": raw for name, raw in TEMPLATES.items()}
        files |= {f"static/{name}": raw for name, raw in LOOKS.items()}
        blocks, end, rest = files["templates/article.html"].rpartition(b"{% endblock %}")
        files["templates/article.html"] = blocks + self.template.encode() + end + rest  # outside of one it is a fault
        files["static/style.css"] += self.style.encode()
        return files | {path: raw for path, raw in self.spoilt.items() if path in files}


def everything(folder: Path) -> dict[str, bytes]:
    """The bytes of all files below a folder by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


TEMPLATES = everything(ROOT / "templates")
LOOKS = everything(ROOT / "static")


# ----------------------------------------------------------------------------------------------------
# Edits: each changes one thing in a paper, and says which
# ----------------------------------------------------------------------------------------------------

Edit = Callable[[Paper, Random], str]


def a_story(paper: Paper, random: Random) -> tuple[str, Story]:
    slug = random.choice(sorted(paper.stories))
    return slug, paper.stories[slug]


def other_words(paper: Paper, random: Random) -> str:
    slug, story = a_story(paper, random)
    name = random.choice(("title", "subtitle", "sentence", "note", "correction"))
    choice = {"note": NOTES, "sentence": SENTENCES}.get(name, TITLES)
    setattr(story, name, random.choice(choice))
    return f"other {name} of {slug}"


def other_numbers(paper: Paper, random: Random) -> str:
    slug, story = a_story(paper, random)
    story.rent = random.choice((880, 890, 900, 910, 1100))
    story.page = random.randrange(1, 9)
    story.day = random.randrange(1, 29)
    return f"other numbers in {slug}"


def a_draft(paper: Paper, random: Random) -> str:
    slug, story = a_story(paper, random)
    story.draft = not story.draft
    return f"{slug} is{' not' * (not story.draft)} a draft"


def a_verdict(paper: Paper, random: Random) -> str:
    slug, story = a_story(paper, random)
    story.verdict = not story.verdict
    return f"a verdict in {slug}: {story.verdict}"


def a_link(paper: Paper, random: Random) -> str:
    slug, story = a_story(paper, random)
    name = random.choice(("link", "translation"))
    setattr(story, name, random.choice(["", *sorted({*paper.stories, *paper.redirects} - {slug})]))
    return f"{slug}: {name} {getattr(story, name)}"


def a_chart(paper: Paper, random: Random) -> str:
    slug, story = a_story(paper, random)
    story.mark = random.choice(("", "line", "bar"))
    story.years = random.choice(((700, 800, 900), (710, 800, 900)))
    return f"{slug}: chart {story.mark or 'gone'}"


def an_image(paper: Paper, random: Random) -> str:
    slug, story = a_story(paper, random)
    story.shade = random.choice((None, 0, 100, 200))
    return f"{slug}: image {story.shade}"


def a_citation(paper: Paper, random: Random) -> str:
    slug, story = a_story(paper, random)
    story.cited = tuple(id for id in sorted(paper.shared) if random.random() < 0.5)
    story.about = random.choice(["", "bericht", *sorted(paper.shared)])
    story.origin = random.choice(["", *sorted(paper.shared)])
    return f"{slug} cites {story.cited}, is about {story.about or 'nothing'}, origin {story.origin or 'its own'}"


def a_shared_source(paper: Paper, random: Random) -> str:
    id = random.choice(SHARED_IDS)
    if id in paper.shared and random.random() < 0.4:
        del paper.shared[id]
        return f"shared source {id} gone"
    paper.shared[id] = (random.choice(TITLES), random.choice(["", *sorted(set(paper.shared) - {id})]))
    return f"shared source {id}: {paper.shared[id]}"


def a_bibliography(paper: Paper, random: Random) -> str:
    """The bibliography has some of the shared sources, and one that articles have themselves."""
    paper.external = {id for id in (*paper.shared, "bericht") if random.random() < 0.5}
    if "bericht" in paper.external:
        paper.shared["bericht"] = (random.choice(TITLES), "")
    return f"in the bibliography: {sorted(paper.external)}"


def an_article_more(paper: Paper, random: Random) -> str:
    free = sorted({place.lower() for place in PLACES} - set(paper.stories))
    if len(free) < 2:
        return an_article_less(paper, random)
    slug = random.choice(free)
    paper.stories[slug] = Story(place=slug.capitalize(), day=random.randrange(1, 29), cited=tuple(paper.shared)[:1])
    return f"new article {slug}"


def an_article_less(paper: Paper, random: Random) -> str:
    if len(paper.stories) < 3:
        return an_article_more(paper, random)
    slug, _ = a_story(paper, random)
    del paper.stories[slug]
    return f"article {slug} gone"


def an_article_moved(paper: Paper, random: Random) -> str:
    slug, _ = a_story(paper, random)
    free = sorted({place.lower() for place in PLACES} - set(paper.stories))
    new = random.choice(free)
    paper.stories[new] = paper.stories.pop(slug)
    paper.redirects.pop(new, None)
    if random.random() < 0.5:
        paper.redirects[slug] = new
    return f"article {slug} moved to {new}"


def two_articles_swapped(paper: Paper, random: Random) -> str:
    one, other = random.sample(sorted(paper.stories), 2)
    paper.stories[one], paper.stories[other] = paper.stories[other], paper.stories[one]
    return f"articles {one} and {other} swapped"


def other_settings(paper: Paper, random: Random) -> str:
    name = random.choice(("title", "wrong", "lang", "redirects", "addresses"))
    if name == "addresses":
        paper.addresses = random.choice((None, sorted(paper.stories), sorted(paper.stories)[1:]))
    elif name == "redirects":
        paper.redirects = {} if paper.redirects else {"frueher": random.choice(sorted(paper.stories))}
    else:
        choice = {"title": TITLES, "wrong": ("Widerlegt", "Falsch"), "lang": ("de", "en", "de-AT")}[name]
        setattr(paper, name, random.choice(choice))
    return f"settings: {name}"


def a_page(paper: Paper, random: Random) -> str:
    if "methode" in paper.pages and random.random() < 0.5:
        del paper.pages["methode"]
        return "page gone"
    paper.pages["methode"] = random.choice(TITLES)
    return "page written"


def other_looks(paper: Paper, random: Random) -> str:
    name = random.choice(("template", "style"))
    choice = {"template": ("", "<!-- neu -->", "\n"), "style": ("", "/* neu */", "p { margin: 0 }")}[name]
    setattr(paper, name, random.choice(choice))
    return f"{name} edited"


OPTIONS: tuple[tuple[str, object], ...] = (
    *(("drafts", True), ("drafts", False), ("base_url", "https://vorschau.example/x"), ("base_url", None)),
    *(("as_of", "2028-01-01"), ("as_of", None), ("strict", True), ("strict", False), ("clean", True)),
)


def other_options(paper: Paper, random: Random) -> str:
    name, value = random.choice(OPTIONS)
    paper.choices[name] = value
    return f"option {name}: {value}"


def a_fault(paper: Paper, random: Random) -> str:
    path = random.choice(sorted(path for path in paper.files() if path.startswith("content/") and path[-1] in "lmn"))
    raw = paper.files()[path]
    cut = random.randrange(len(raw) + 1)
    paper.spoilt[path] = random.choice((b"", raw + b"\nwas: [soll\n", raw[:cut] + b"\xff" + raw[cut:], raw[:cut]))
    return f"fault in {path}"


def mended(paper: Paper, random: Random) -> str:
    """What links or cites what is gone does so no more, and spoilt files are as they were."""
    paper.spoilt.clear()
    paper.choices |= {"clean": False, "strict": False}
    public = {slug for slug, story in paper.stories.items() if not story.draft or paper.choices.get("drafts")}
    paper.redirects = {old: new for old, new in paper.redirects.items() if new in public and old not in paper.stories}
    if paper.addresses is not None:
        paper.addresses = [slug for slug in paper.addresses if slug in public or slug in paper.redirects]
    for id, (title, origin) in paper.shared.items():
        paper.shared[id] = (title, origin if origin in paper.shared else "")
    for story in paper.stories.values():
        story.link = story.link if story.link in public else ""
        story.day = min(story.day, 25)  # corrections are of that day
        story.translation = ""  # all are in German, and one is named as English
        story.cited = tuple(id for id in story.cited if id in paper.shared)
        story.about = story.about if story.about in {"bericht", *paper.shared} else ""
        story.origin = story.origin if story.origin in paper.shared else ""
    return "all faults mended"


EDITS: tuple[Edit, ...] = (
    *(other_words, other_numbers, a_citation, a_shared_source, a_bibliography, a_link, a_chart, an_image) * 2,
    *(a_draft, a_verdict, an_article_more, an_article_less, an_article_moved, two_articles_swapped),
    *(other_settings, a_page, other_looks, other_options, a_fault),
)


# ----------------------------------------------------------------------------------------------------
# Accidents: each does something to the cache or the site that no build did
# ----------------------------------------------------------------------------------------------------

Accident = Callable[[SitePaths, Random], str]


def nothing_happens(folders: SitePaths, random: Random) -> str:
    return ""


def the_cache_is_gone(folders: SitePaths, random: Random) -> str:
    shutil.rmtree(folders.cache)
    return "cache gone"


def kept_files(folders: SitePaths) -> list[Path]:
    return sorted(path for path in folders.cache.rglob("*") if path.is_file())


def a_kept_file_is_cut(folders: SitePaths, random: Random) -> str:
    path = random.choice(kept_files(folders))
    os.truncate(path, random.randrange(path.stat().st_size + 1))
    return f"{path.name} truncated"


def a_kept_file_is_garbage(folders: SitePaths, random: Random) -> str:
    path = random.choice(kept_files(folders))
    path.write_bytes(random.randbytes(path.stat().st_size))
    return f"{path.name} is garbage"


def a_kept_file_is_gone(folders: SitePaths, random: Random) -> str:
    path = random.choice(kept_files(folders))
    path.unlink()
    return f"{path.name} gone"


def a_byte_of_a_kept_file_is_another(folders: SitePaths, random: Random) -> str:
    path = random.choice([path for path in kept_files(folders) if path.suffix in ("", ".sqlite")])
    raw = bytearray(path.read_bytes())
    raw[random.randrange(len(raw))] ^= 1 << random.randrange(8)
    path.write_bytes(raw)
    return f"a bit of {path.name} turned"


def another_version_built(folders: SitePaths, random: Random) -> str:
    for path in folders.cache.glob("build-*.sqlite"):
        with sqlite3.connect(path) as rows:
            table, column = random.choice(
                (("lists", "entry"), ("articles", "entry"), ("articles", "checksum"), ("articles", "ties"))
            )
            rows.execute(f"update {table} set {column} = ?", (b"from another time",))
        rows.close()
        return f"{table}.{column} from another version"
    return ""


def a_written_file_is_gone(folders: SitePaths, random: Random) -> str:
    ours = sorted(path for path in everything(folders.output) if path not in (".written", *HANDMADE))
    path = random.choice(ours)
    (folders.output / path).unlink()
    return f"site/{path} gone"


def the_whole_site_is_gone(folders: SitePaths, random: Random) -> str:
    shutil.rmtree(folders.output)
    return "site gone"


HANDMADE = ("google123.html", "pankow/von-hand.txt", "assets/alt.css", "sources/notiz.txt")


def a_person_puts_a_file_there(folders: SitePaths, random: Random) -> str:
    path = folders.output / random.choice(HANDMADE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("von Hand", encoding="utf-8")
    return f"{path.name} put there"


ACCIDENTS: tuple[Accident, ...] = (
    *(nothing_happens,) * 20,
    *(the_cache_is_gone, a_kept_file_is_cut, a_kept_file_is_garbage, a_kept_file_is_gone),
    *(a_byte_of_a_kept_file_is_another, another_version_built),
    *(a_written_file_is_gone, the_whole_site_is_gone, a_person_puts_a_file_there),
)


# ----------------------------------------------------------------------------------------------------
# The run
# ----------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Newsroom:
    """A paper on disk, beside the site that is built on and on, and the one built from nothing."""

    folder: Path
    paper: Paper
    there: dict[str, bytes] = field(default_factory=dict)

    def folders(self, name: str) -> SitePaths:
        return SitePaths(
            content=self.folder / "content",
            templates=self.folder / "templates",
            static=self.folder / "static",
            output=self.folder / name / "site",
            cache=self.folder / name / "cache",
        )

    def save(self) -> None:
        """What was edited is written, with a time that says nothing, as copying and packing may leave it."""
        files = self.paper.files()
        for path in sorted(self.there.keys() - files.keys()):
            (self.folder / path).unlink()
            for parent in (self.folder / path).parents:
                if any(parent.iterdir()):
                    break
                parent.rmdir()
        for path, raw in files.items():
            if self.there.get(path) != raw:
                target = self.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(raw)
                os.utime(target, (1_600_000_000, 1_600_000_000))
        self.there = files

    def built(self, name: str) -> BuildResult:
        return building.build(self.folders(name), BuildOptions(**{"jobs": 1, **self.paper.choices}))  # type: ignore[arg-type]  # an edit names the choice it makes


def without_what_people_put_there(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: raw for path, raw in files.items() if path not in (*HANDMADE, ".written")}


@pytest.mark.slow
def test_after_any_edit_a_build_that_reuses_says_and_writes_what_one_from_nothing_does(
    tmp_path: Path, long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # File times are trusted at the next tick here, instead of seconds later, so that they come into play at all.
    monkeypatch.setattr(build_cache, "TICK", 0)
    seed = int(os.environ.get("SEED") or (time.time_ns() if long else 2026))
    random = Random(seed)
    stories = {place.lower(): Story(place=place, day=day) for day, place in enumerate(PLACES[:4], 1)}
    room = Newsroom(folder=tmp_path, paper=Paper(stories=stories))
    room.save()
    assert not room.built("reused").stopped
    history: list[str] = []
    whole = stopped = spared = 0
    faulty = False
    for step in range(LONG if long else BOUNDED):
        edit = (mended if faulty and random.random() < 0.6 else random.choice(EDITS))(room.paper, random)
        room.save()
        before = everything(room.folders("reused").output)
        happened = ""
        if before and kept_files(room.folders("reused")):
            happened = random.choice(ACCIDENTS)(room.folders("reused"), random)
            before = everything(room.folders("reused").output)
        history.append(f"{step}: {edit}{happened and '; '}{happened}")
        told = f"SEED={seed}\n" + "\n".join(history[-12:])
        next_tick(tmp_path)

        shutil.rmtree(room.folders("anew").output, ignore_errors=True)
        for path in room.folders("anew").cache.glob("build-*"):
            path.unlink()
        reused, anew = room.built("reused"), room.built("anew")
        after, fresh = everything(room.folders("reused").output), everything(room.folders("anew").output)

        assert (set(reused.diagnostics), reused.stopped) == (set(anew.diagnostics), anew.stopped), told
        faulty = reused.stopped
        if faulty:
            assert after == before, told
            stopped += 1
            continue
        assert without_what_people_put_there(after).keys() == without_what_people_put_there(fresh).keys(), told
        differing = [path for path in without_what_people_put_there(fresh) if after[path] != fresh[path]]
        assert not differing, told
        assert list(reused.foreign) == sorted(set(HANDMADE) & set(after)), told
        assert reused.articles == anew.articles, told
        whole += 1
        spared += anew.built - reused.built
        room.paper.choices["clean"] = False  # chosen once; were it kept, nothing would be reused from here on
    # The run is worth something only if sites were whole often enough, and much of them was in fact reused.
    assert whole > stopped
    assert spared > whole // 2


@pytest.mark.parametrize("place", ["cache", "cache/build-"])
def test_where_nothing_can_be_kept_a_build_is_only_slower(tmp_path: Path, place: str) -> None:
    room = Newsroom(folder=tmp_path, paper=Paper(stories={"altona": Story(place="Altona")}))
    room.save()
    folders = room.folders("reused")
    room.built("reused")
    for path in kept_files(folders):
        if str(path).startswith(str(folders.cache.parent / place)):
            path.unlink()
            path.mkdir()
    if place == "cache":
        shutil.rmtree(folders.cache)
        folders.cache.write_text("eine Datei, kein Ordner", encoding="utf-8")
    assert room.built("reused").built == 1
    assert without_what_people_put_there(everything(folders.output))
