"""The written site: whole files, nothing of anybody else's touched, one build at a time."""

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from randnotiz.diagnostics import Diagnostic, Excerpt, Position
from randnotiz.index import SourceEntry
from randnotiz.site import BuildOptions, SitePaths, building
from randnotiz.site.build_cache import TICK, BuildCache, CacheEntry, ListsEntry, fingerprint, packed
from randnotiz.site.machine import MachineError
from randnotiz.site.output import MANIFEST, Stage, build_lock, read_manifest, remove, scan
from tests.lines import extract
from tests.patience import next_tick
from tests.places import folders_in


def publish(output: Path, files: dict[str, str], kept: tuple[str, ...] = ()) -> None:
    with Stage(output) as stage:
        for path, text in files.items():
            stage.put(path, text.encode())
        stage.publish(set(files), last=set(), kept=set(kept), before=read_manifest(output))


def everything(output: Path) -> dict[str, str]:
    return {
        path.relative_to(output).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(output.rglob("*"))
        if path.is_file() and not path.name.startswith(MANIFEST)
    }


def test_what_no_longer_belongs_goes_and_so_do_the_folders_it_leaves_empty(tmp_path: Path) -> None:
    publish(tmp_path, {"mieten/index.html": "alt", "mieten/charts/a.svg": "Bild", "index.html": "Liste"})
    publish(tmp_path, {"index.html": "kürzere Liste"})
    assert everything(tmp_path) == {"index.html": "kürzere Liste"}
    assert not (tmp_path / "mieten").exists()


def test_the_output_itself_stays_where_its_last_file_goes(tmp_path: Path) -> None:
    page = tmp_path / "site" / "mieten" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("Seite", encoding="utf-8")
    remove(tmp_path / "site", "mieten/index.html")
    assert [*tmp_path.rglob("*")] == [tmp_path / "site"]


def test_files_that_a_person_put_there_are_left_build_lock(tmp_path: Path) -> None:
    (tmp_path / "mieten").mkdir()
    (tmp_path / "mieten" / "notiz.txt").write_text("von Hand", encoding="utf-8")
    publish(tmp_path, {"mieten/index.html": "Seite"})
    publish(tmp_path, {"index.html": "Liste"})
    assert everything(tmp_path) == {"index.html": "Liste", "mieten/notiz.txt": "von Hand"}


def test_a_file_of_a_person_in_the_place_of_a_page_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "robots.txt").write_text("von Hand", encoding="utf-8")
    with pytest.raises(
        MachineError, match=r"robots\.txt is in the place of a page, but no build wrote it; move it away"
    ):
        publish(tmp_path, {"index.html": "Liste", "robots.txt": "von uns"})
    assert everything(tmp_path) == {"robots.txt": "von Hand"}
    publish(tmp_path, {"index.html": "Liste", "robots.txt": "von Hand"})  # the same words are nobody's loss
    assert sorted(read_manifest(tmp_path)) == ["index.html", "robots.txt"]


def test_a_file_of_a_person_is_told_from_a_page_of_the_same_size_and_time(tmp_path: Path) -> None:
    own = tmp_path / "robots.txt"
    own.write_text("von mir", encoding="utf-8")
    with Stage(tmp_path) as stage:
        stage.put("robots.txt", b"von uns")
        staged = (stage.folder / "robots.txt").stat()
        os.utime(own, ns=(staged.st_atime_ns, staged.st_mtime_ns))
        with pytest.raises(MachineError, match="no build wrote it"):
            stage.publish({"robots.txt"}, last=set(), kept=set(), before=set())
    assert own.read_text(encoding="utf-8") == "von mir"


def test_nothing_is_written_or_removed_through_a_link(tmp_path: Path) -> None:
    output, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    output.mkdir()
    publish(output, {"mieten/charts/a.svg": "Bild", "index.html": "Liste"})
    (output / "mieten" / "charts").rename(elsewhere)
    (output / "mieten" / "charts").symlink_to(elsewhere)
    with pytest.raises(MachineError, match=r"mieten/charts is a link to another folder, .* remove the link$"):
        publish(output, {"mieten/charts/a.svg": "neu", "index.html": "neu"})
    publish(output, {"index.html": "ohne"})
    assert everything(elsewhere) == {"a.svg": "Bild"}
    assert (output / "mieten" / "charts").is_symlink()


def test_an_output_below_a_link_loses_its_old_files_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    publish(tmp_path / "link" / "site", {"index.html": "Liste", "old/index.html": "Alt"})
    publish(tmp_path / "link" / "site", {"index.html": "Liste"})
    assert everything(tmp_path / "link" / "site") == {"index.html": "Liste"}


def test_what_is_kept_stays_without_being_staged_again(tmp_path: Path) -> None:
    publish(tmp_path, {"a/index.html": "A", "b/index.html": "B"})
    publish(tmp_path, {"b/index.html": "B neu"}, kept=("a/index.html",))
    assert everything(tmp_path) == {"a/index.html": "A", "b/index.html": "B neu"}
    assert sorted(read_manifest(tmp_path)) == ["a/index.html", "b/index.html"]


def test_a_list_that_leads_outside_removes_nothing_there(tmp_path: Path) -> None:
    output = tmp_path / "site"
    output.mkdir()
    (tmp_path / "wichtig.txt").write_text("bleibt", encoding="utf-8")
    (output / MANIFEST).write_text(f"../wichtig.txt\n{tmp_path}/wichtig.txt\n", encoding="utf-8")
    publish(output, {"index.html": "Liste"})
    assert (tmp_path / "wichtig.txt").read_text(encoding="utf-8") == "bleibt"


def test_a_second_build_is_told_who_is_building(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from randnotiz.site.output import build_lock, Stage\n"
        "out = Path(sys.argv[1])\n"
        "with build_lock(out), Stage(out):\n print('ready', flush=True); sys.stdin.read()"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    assert first.stdin
    assert first.stdout
    assert first.stdout.readline() == b"ready\n"
    with pytest.raises(MachineError, match=f"process {first.pid}"), build_lock(tmp_path):
        pytest.fail("two builds at once")
    first.kill()
    first.wait()
    first.stdin.close()
    first.stdout.close()
    with build_lock(tmp_path):
        assert (tmp_path / ".stage").exists(), "what the killed build left is cleared by the next one's stage"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(MachineError, match="cannot write into"), build_lock(tmp_path / "site"):
        pytest.fail("written after all")


def test_a_folder_that_may_not_be_written_into_is_named_before_anything_is_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, {"a.html": "1", "b/c.html": "1"})
    monkeypatch.setattr(os, "access", lambda path, _: not str(path).endswith("/b"))  # for root may write everywhere
    with pytest.raises(MachineError, match=r"cannot write into .*/b: Permission denied"):
        publish(tmp_path, {"a.html": "2", "b/c.html": "2"})
    assert everything(tmp_path) == {"a.html": "1", "b/c.html": "1"}


# ----------------------------------------------------------------------------------------------------
# Ended at any moment
# ----------------------------------------------------------------------------------------------------

# A little site before and after an edit in which everything happens to files that can. Each says of which edition it
# is and to what it leads.
OLD = {
    "index.html": "alt mieten/index.html loehne/index.html",
    "mieten/index.html": "alt mieten/kurve.svg mieten/vorbei.svg loehne/index.html",
    "mieten/kurve.svg": "alt",
    "mieten/vorbei.svg": "alt",
    "loehne/index.html": "alt mieten/kurve.svg mieten/index.html",
}
NEW = {
    "index.html": "neu mieten/index.html mieten/karte.html preise/index.html",
    "mieten/index.html": "neu mieten/kurve.svg mieten/karte.svg mieten/karte.html",
    "mieten/karte.html": "neu mieten/karte.svg mieten/daten/roh/karte.csv preise/index.html",
    "mieten/karte.svg": "neu",
    "mieten/daten/roh/karte.csv": "neu",
    "mieten/kurve.svg": "neu",
    "preise/index.html": "neu mieten/kurve.svg preise/korb.svg mieten/karte.html",
    "preise/korb.svg": "neu",
}
LATER = {path: f"{words} wieder" for path, words in NEW.items()} | {"mieten/tabelle.csv": "wieder"}


class Ended(BaseException):
    """As SIGKILL, it comes between any two steps, and no `except Exception` holds it."""


class Steps:
    """Counts how often files or folders are made, moved, touched or removed, and ends the program before one."""

    def __init__(self) -> None:
        self.left: int | None = None
        sys.addaudithook(self.watch)  # stays for the rest of the process, and counts only while it is to

    def watch(self, event: str, arguments: tuple[object, ...]) -> None:
        writes = event == "open" and arguments[1] not in ("r", "rb", None)
        if self.left is None or not (writes or event in ("os.rename", "os.remove", "os.rmdir", "os.utime")):
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise Ended


STEPS = Steps()


def ended(output: Path, files: dict[str, str], steps: int) -> bool:
    """Whether a build was ended before it had taken more than so many steps of putting its files into place."""
    ours = read_manifest(output)
    try:
        with Stage(output) as stage:
            for path, text in files.items():
                stage.put(path, text.encode())
            STEPS.left = steps
            stage.publish(set(files) - {"index.html"}, last={"index.html"}, kept=set(), before=ours)
    except Ended:
        return True
    finally:
        STEPS.left = None
    return False


def unsound(files: dict[str, str]) -> list[str]:
    """What is wrong with a site in the eyes of whoever looks at it now."""
    wrong, ahead, seen = [], ["index.html"], set()
    while ahead:
        page = ahead.pop()
        seen.add(page)
        edition, *links = files[page].split()
        wrong += [f"{page} leads to {link}, which is not there" for link in links if link not in files]
        wrong += [
            f"{page} is new and shows {link} as it was"
            for link in links
            if edition == "neu" and files.get(link, "").startswith("alt") and not link.endswith(".html")
        ]
        ahead += [link for link in links if link in files and link.endswith(".html") and link not in seen]
    for page in files.keys() - seen:  # somebody may have its address
        shown = [link for link in files[page].split()[1:] if not link.endswith(".html")]
        wrong += [f"{page} shows {link}, which is not there" for link in shown if link not in files]
    return wrong


def test_whenever_a_build_is_ended_links_hold_and_the_next_one_takes_its_files_for_its_own(tmp_path: Path) -> None:
    for steps in count():
        output = tmp_path / str(steps)
        output.mkdir()
        assert not ended(output, OLD, 1_000)
        if not ended(output, NEW, steps):
            break
        assert unsound(everything(output)) == [], f"after {steps} steps"
        publish(output, LATER)
        assert everything(output) == LATER, f"after {steps} steps"
    assert everything(output) == NEW
    assert steps > len(NEW), "it was ended between any two files"
    assert not ended(output, NEW, 1_000)


# ----------------------------------------------------------------------------------------------------
# What is remembered
# ----------------------------------------------------------------------------------------------------

WARNING = Diagnostic(
    Position("mieten/article.md", 3, 7),
    "number-uncovered",
    "nothing supports the number in '12 Prozent'",
    excerpt=Excerpt(3, ["Um 12 Prozent."]),
)
ENTRY = CacheEntry(
    seen="gesehen",
    content="inhalt",
    diagnostics=(WARNING,),
    shared=(("amt", "00"),),
    files={"mieten/index.html": "7 1700000000"},
)
LISTS = ListsEntry(
    digest="so", files={"index.html": ("", "a", "12 1700000000"), "sources/amt/index.html": ("amt", "b", "7 1")}
)


def build(folder: Path, key: str, *, commit: bool = True) -> None:
    with BuildCache(folder / "build.sqlite", key) as cache:
        cache.put("mieten", packed(extract("mieten")), ENTRY)
        cache.put_lists(LISTS)
        if commit:
            cache.commit()


def kept(folder: Path, key: str = "eins") -> tuple[CacheEntry | None, ListsEntry | None, list[str]]:
    with BuildCache(folder / "build.sqlite", key) as cache:
        return cache.entry("mieten"), cache.lists(), [line.slug for line in cache.lines]


def test_the_cache_gives_back_what_it_was_given(tmp_path: Path) -> None:
    build(tmp_path, "eins")
    entry, lists, slugs = kept(tmp_path)
    assert (entry, lists, slugs) == (ENTRY, LISTS, ["mieten"])
    assert entry
    assert entry.diagnostics[0].excerpt == WARNING.excerpt


def test_what_an_unfinished_build_kept_does_not_count(tmp_path: Path) -> None:
    build(tmp_path, "eins", commit=False)
    assert kept(tmp_path) == (None, None, [])


def test_an_unfinished_build_takes_nothing_away(tmp_path: Path) -> None:
    build(tmp_path, "eins")
    with BuildCache(tmp_path / "build.sqlite", "zwei") as cache:
        cache.keep_only(())
    assert kept(tmp_path) == (ENTRY, LISTS, ["mieten"])


def test_another_program_or_other_settings_find_nothing(tmp_path: Path) -> None:
    build(tmp_path, "eins")
    assert kept(tmp_path, "zwei") == (None, None, [])


def test_an_article_that_is_gone_is_in_no_list(tmp_path: Path) -> None:
    build(tmp_path, "eins")
    with BuildCache(tmp_path / "build.sqlite", "eins") as cache:
        cache.put("preise", packed(extract("preise")), None)
        cache.keep_only({"preise"})
        assert (cache.entry("mieten"), [line.slug for line in cache.lines]) == (None, ["preise"])


def test_a_folder_that_was_touched_has_another_fingerprint_and_the_same_article(tmp_path: Path) -> None:
    build(tmp_path, "eins")
    with BuildCache(tmp_path / "build.sqlite", "eins") as cache:
        cache.touch("mieten", ENTRY, "wieder gesehen")
        cache.commit()
    assert kept(tmp_path)[0] == replace(ENTRY, seen="wieder gesehen")


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 50, None])
def test_a_damaged_cache_is_forgotten(tmp_path: Path, damage: bytes | None) -> None:
    build(tmp_path, "eins")
    path = tmp_path / "build.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert kept(tmp_path) == (None, None, [])
    build(tmp_path, "eins")
    assert kept(tmp_path) == (ENTRY, LISTS, ["mieten"])


@pytest.mark.parametrize("column", ["entry", "published", "line", "ties", "leanings"])
def test_a_row_with_a_changed_byte_is_worth_nothing(tmp_path: Path, column: str) -> None:
    build(tmp_path, "eins")
    with sqlite3.connect(tmp_path / "build.sqlite") as rows:
        rows.execute(f"update articles set {column} = replace(replace({column}, 'mieten', 'xieten'), '2026', '2025')")
    rows.close()
    assert kept(tmp_path) == (None, LISTS, [])


def test_lists_with_a_changed_byte_are_worth_nothing(tmp_path: Path) -> None:
    build(tmp_path, "eins")
    with sqlite3.connect(tmp_path / "build.sqlite") as rows:
        rows.execute("update lists set entry = replace(entry, 'amt', 'bmt')")
    rows.close()
    assert kept(tmp_path) == (ENTRY, None, ["mieten"])


def test_extracts_come_back_as_they_were_in_the_order_of_lists() -> None:
    days = {"alt": "2026-01-02", "neu": "2026-11-23", "auch-neu": "2026-11-23"}
    known = {slug: extract(slug, published=day) for slug, day in days.items()}
    work = SourceEntry(id="amt", path="sources/amt/index.html", description="{}", changed="2026-11-23")
    with BuildCache() as cache:
        for slug, one in known.items():
            cache.put(slug, packed(one), None)
        cache.add_work(work)
        newest_first = [known["auch-neu"], known["neu"], known["alt"]]
        assert [*cache.lines] == [one.summary for one in newest_first]
        assert [*cache.backlinks] == [one.backlinks[which] for which in (0, 1) for one in newest_first]
        assert [*cache.works] == [work]
        assert {**cache.cross_references} == {slug: one.references for slug, one in known.items()}
        assert "neu" in cache.cross_references
        assert cache.cross_references.get("fort") is None


@pytest.mark.parametrize("line", ["/etc/passwd", "../a", "a/../../b", "//a", ""])
def test_lines_of_the_list_that_lead_elsewhere_are_nobody_s(tmp_path: Path, line: str) -> None:
    (tmp_path / MANIFEST).write_text(f"a/b\n{line}\nindex.html\n", encoding="utf-8")
    assert sorted(read_manifest(tmp_path)) == ["a/b", "index.html"]


def test_the_output_is_listed_with_what_a_build_left_in_it(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        left = {path: stage.put(path, b"Seite") for path in ("index.html", "mieten/index.html", "mieten/a/b.svg")}
        stage.publish(set(left), last=set(), kept=set(), before=set())
    there = dict(scan(tmp_path))
    assert there == {
        "": {"index.html": left["index.html"]},
        "mieten": {path: left[path] for path in ("mieten/index.html", "mieten/a/b.svg")},
    }


def test_links_in_the_output_are_not_followed_and_hidden_files_are_nobody_s(tmp_path: Path) -> None:
    output = tmp_path / "site"
    (output / "mieten").mkdir(parents=True)
    (tmp_path / "a.svg").write_text("Bild", encoding="utf-8")
    (output / "mieten" / "ordner").symlink_to(tmp_path)
    (output / "mieten" / ".versteckt").write_text("", encoding="utf-8")
    (output / "alles").symlink_to(tmp_path)
    assert dict(scan(output)) == {"": {}, "mieten": {}}


def test_a_link_to_a_page_is_no_page(tmp_path: Path) -> None:
    output = tmp_path / "site"
    output.mkdir()
    for path in (tmp_path / "b.html", output / "a.html"):
        path.write_text("Seite", encoding="utf-8")
        os.utime(path, ns=(TICK, TICK))
    (output / "b.html").symlink_to(tmp_path / "b.html")
    stamps = dict(scan(output))[""]
    assert stamps["a.html"] != stamps["b.html"]


@pytest.mark.parametrize(("sync", "staged", "times"), [(False, "Seite", 0), (True, "", 0), (True, "Seite", 1)])
def test_the_disk_is_waited_for_once_where_that_is_asked_for_and_there_is_something_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sync: bool, staged: str, times: int
) -> None:
    waited: list[None] = []
    monkeypatch.setattr(os, "sync", lambda: waited.append(None))
    with Stage(tmp_path) as stage:
        paths = {path for path in ("index.html",) if staged and stage.put(path, staged.encode())}
        stage.publish(paths, last=set(), kept=set(), before=set(), **({"sync": True} if sync else {}))
    assert len(waited) == times


def test_a_file_too_large_for_the_system_is_named(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Stage(tmp_path) as stage:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
        try:
            with pytest.raises(OSError, match="File too large") as caught:
                stage.put("mieten/index.html", b"Seite" * 10)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert str(caught.value.filename).endswith("mieten/index.html")


SETTINGS = "title: Stadtblatt\nurl: https://stadtblatt.example/\nlang: de\npublisher: Stadtblatt\n"
ARTICLE = """\
---
title: Steigen die Mieten?
authors: [Redaktion]
published: 2026-11-23
summary: Was die Zahlen des Amtes hergeben.
---
Die Mieten stiegen.
"""
DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "emptied": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-10]),
    "of another": lambda path: path.write_bytes(path.read_bytes().upper()),
}


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> SitePaths:
    """A site of one article, as a build left it."""
    folder = tmp_path_factory.mktemp("paper")
    for name, text in {"site.yaml": SETTINGS, "mieten/article.md": ARTICLE}.items():
        (folder / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "content" / name).write_text(text, encoding="utf-8")
    folders = folders_in(folder)
    assert not building.build(folders, BuildOptions()).stopped
    return folders


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("path", ["index.html", "mieten/index.html"])
def test_a_page_that_others_have_changed_is_made_anew(paper: SitePaths, path: str, damage: str) -> None:
    before = everything(paper.output)
    DAMAGES[damage](paper.output / path)
    assert everything(paper.output) != before
    outcome = building.build(paper, BuildOptions())
    assert outcome.built == (1 if path.startswith("mieten") else 0), "an article whose files are whole stays"
    assert everything(paper.output) == before


def test_an_output_in_which_nobody_did_anything_is_not_written_to(paper: SitePaths) -> None:
    before = dict(scan(paper.output))
    manifest = (paper.output / MANIFEST).stat().st_mtime_ns
    assert building.build(paper, BuildOptions()).built == 0
    assert dict(scan(paper.output)) == before
    assert (paper.output / MANIFEST).stat().st_mtime_ns == manifest


def test_an_article_that_stays_as_it_was_is_made_anew_for_what_others_say(tmp_path: Path) -> None:
    content = tmp_path / "content"
    source = "sources: [{id: amt, type: report, title: Mietspiegel, issued: 2025}]\n"
    use = "citations: [{id: eins, quote: Die Mieten stiegen, sources: [amt]}]\n"
    files = {
        "site.yaml": SETTINGS,
        "sources.yaml": source,
        "mieten/article.md": ARTICLE,
        "mieten/sources.yaml": use,
        "rents/article.md": ARTICLE.replace("authors:", "lang: en\ntranslations: {de: mieten}\nauthors:"),
    }
    for name, words in files.items():
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_text(words, encoding="utf-8")
    folders = folders_in(tmp_path)
    page = folders.output / "mieten" / "index.html"
    assert not building.build(folders, BuildOptions()).stopped
    assert "Mietspiegel" in page.read_text(encoding="utf-8")
    assert "../rents/index.html" in page.read_text(encoding="utf-8")
    (content / "sources.yaml").write_text(source.replace("Mietspiegel", "Mietbericht"), encoding="utf-8")
    assert building.build(folders, BuildOptions()).built == 1
    assert "Mietspiegel" not in page.read_text(encoding="utf-8")
    (content / "rents/article.md").write_text(ARTICLE.replace("authors:", "lang: en\nauthors:"), encoding="utf-8")
    building.build(folders, BuildOptions())
    assert "../rents/index.html" not in page.read_text(encoding="utf-8")


def long_after() -> int:
    """A clock that stands at a moment long after whatever a test does."""
    return 4_000_000_000_000_000_000  # in the year 2096


def test_a_folder_touched_a_moment_ago_has_no_fingerprint_yet(tmp_path: Path) -> None:
    path = tmp_path / "article.md"
    path.write_text("Text", encoding="utf-8")
    assert fingerprint(tmp_path, lambda: path.stat().st_ctime_ns + TICK) == ""
    old = fingerprint(tmp_path, long_after)
    assert old == fingerprint(tmp_path, long_after)
    next_tick(tmp_path.parent)
    path.write_text("Wort", encoding="utf-8")
    assert fingerprint(tmp_path, long_after) != old


def test_files_of_one_size_that_change_places_with_their_times_have_another_fingerprint(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_text(name, encoding="utf-8")
        os.utime(tmp_path / name, (1_700_000_000, 1_700_000_000))
    old = fingerprint(tmp_path, long_after)
    next_tick(tmp_path.parent)
    for before, after in (("a.png", "c.png"), ("b.png", "a.png"), ("c.png", "b.png")):
        (tmp_path / before).rename(tmp_path / after)
    assert fingerprint(tmp_path, long_after) != old


def test_folders_written_within_one_tick_that_change_places_have_another_fingerprint(tmp_path: Path) -> None:
    for _ in range(500):  # where times are fine the two may always differ, and then the times tell
        for name in ("a", "b"):
            (tmp_path / name / "article.md").unlink(missing_ok=True)
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "article.md").write_text(name, encoding="utf-8")
        times = {(tmp_path / name / "article.md").stat().st_ctime_ns for name in ("a", "b")}
        if len(times) == 1:
            break
    old = fingerprint(tmp_path / "a", long_after)
    for before, after in (("a", "c"), ("b", "a"), ("c", "b")):
        (tmp_path / before).rename(tmp_path / after)
    assert fingerprint(tmp_path / "a", long_after) != old


def test_links_have_no_fingerprint_for_what_they_lead_to_changes_unseen(tmp_path: Path) -> None:
    (tmp_path / "article.md").symlink_to("nirgends.md")
    assert fingerprint(tmp_path, long_after) == ""
