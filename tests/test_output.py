"""The written site: whole files, nothing of anybody else's touched, one build at a time."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from randnotiz.errors import Finding, Position
from randnotiz.index import SourceEntry
from randnotiz.site import memory
from randnotiz.site.extracts import Extracts, packed
from randnotiz.site.machine import MachineError
from randnotiz.site.memory import Known, Memory, digest_of_extract, fingerprint
from randnotiz.site.output import LIST, Found, Stage, alone, folder_times, found, written
from randnotiz.site.paths import Paths
from tests.lines import extract
from tests.patience import next_tick


def publish(output: Path, files: dict[str, str], kept: tuple[str, ...] = ()) -> list[str]:
    with Stage(output) as stage:
        for path, text in files.items():
            stage.put(path, text.encode())
        ours = written(output)
        others = found(output, ours, None).foreign
        return stage.publish(Paths(files), kept=Paths(kept), last=Paths(), before=ours, others=others)


def everything(output: Path) -> dict[str, str]:
    return {
        path.relative_to(output).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(output.rglob("*"))
        if path.is_file() and not path.name.startswith(LIST)
    }


def test_what_no_longer_belongs_goes_and_so_do_the_folders_it_leaves_empty(tmp_path: Path) -> None:
    publish(tmp_path, {"mieten/index.html": "alt", "mieten/charts/a.svg": "Bild", "index.html": "Liste"})
    publish(tmp_path, {"index.html": "kürzere Liste"})
    assert everything(tmp_path) == {"index.html": "kürzere Liste"}
    assert not (tmp_path / "mieten").exists()


def test_files_that_a_person_put_there_are_left_alone_and_named(tmp_path: Path) -> None:
    (tmp_path / "mieten").mkdir()
    (tmp_path / "mieten" / "notiz.txt").write_text("von Hand", encoding="utf-8")
    foreign = publish(tmp_path, {"mieten/index.html": "Seite"})
    assert foreign == ["mieten/notiz.txt"]
    assert publish(tmp_path, {"index.html": "Liste"}) == ["mieten/notiz.txt"]
    assert everything(tmp_path) == {"index.html": "Liste", "mieten/notiz.txt": "von Hand"}


def test_a_file_of_a_person_in_the_place_of_a_page_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "robots.txt").write_text("von Hand", encoding="utf-8")
    with pytest.raises(
        MachineError, match=r"robots\.txt is in the place of a page, but no build wrote it; move it away"
    ):
        publish(tmp_path, {"index.html": "Liste", "robots.txt": "von uns"})
    assert everything(tmp_path) == {"robots.txt": "von Hand"}
    publish(tmp_path, {"index.html": "Liste", "robots.txt": "von Hand"})  # the same words are nobody's loss
    assert [*written(tmp_path)] == ["index.html", "robots.txt"]


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


def test_what_is_kept_stays_without_being_staged_again(tmp_path: Path) -> None:
    publish(tmp_path, {"a/index.html": "A", "b/index.html": "B"})
    publish(tmp_path, {"b/index.html": "B neu"}, kept=("a/index.html",))
    assert everything(tmp_path) == {"a/index.html": "A", "b/index.html": "B neu"}
    assert [*written(tmp_path)] == ["a/index.html", "b/index.html"]


def test_a_list_that_leads_outside_removes_nothing_there(tmp_path: Path) -> None:
    output = tmp_path / "site"
    output.mkdir()
    (tmp_path / "wichtig.txt").write_text("bleibt", encoding="utf-8")
    (output / LIST).write_text(f"../wichtig.txt\n{tmp_path}/wichtig.txt\n", encoding="utf-8")
    publish(output, {"index.html": "Liste"})
    assert (tmp_path / "wichtig.txt").read_text(encoding="utf-8") == "bleibt"


def test_a_second_build_is_told_who_is_building(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from randnotiz.site.output import alone, Stage\n"
        "out = Path(sys.argv[1])\n"
        "with alone(out), Stage(out):\n print('ready', flush=True); sys.stdin.read()"
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
    with pytest.raises(MachineError, match=f"process {first.pid}"), alone(tmp_path):
        pytest.fail("two builds at once")
    first.kill()
    first.wait()
    first.stdin.close()
    first.stdout.close()
    with alone(tmp_path):
        assert (tmp_path / ".stage").exists(), "what the killed build left is cleared by the next one's stage"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(MachineError, match="cannot write into"), alone(tmp_path / "site"):
        pytest.fail("written after all")


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
    "mieten/karte.html": "neu mieten/karte.svg preise/index.html",
    "mieten/karte.svg": "neu",
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
    ours = written(output)
    try:
        with Stage(output) as stage:
            for path, text in files.items():
                stage.put(path, text.encode())
            others = found(output, ours, None).foreign
            staged, last = Paths(set(files) - {"index.html"}), Paths(["index.html"])
            STEPS.left = steps
            stage.publish(staged, kept=Paths(), last=last, before=ours, others=others)
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
        assert publish(output, LATER) == [], f"after {steps} steps"
        assert everything(output) == LATER
    assert everything(output) == NEW
    assert steps > len(NEW), "it was ended between any two files"
    assert not ended(output, NEW, 1_000)


# ----------------------------------------------------------------------------------------------------
# What is remembered
# ----------------------------------------------------------------------------------------------------

WARNING = Finding(
    Position("mieten/article.md", 3, 7), "number-uncovered", "nothing supports the number in '12 Prozent'"
)
EXTRACT = packed(extract("mieten"))
KNOWN = Known(
    seen=b"gesehen",
    content=b"inhalt",
    extract=digest_of_extract(EXTRACT),
    findings=(WARNING,),
    shared=(("amt", "00"),),
)


def remembering(folder: Path, key: bytes) -> Memory:
    memory = Memory(folder, folder / "site", key)
    with memory.learning():
        memory.keep("mieten", KNOWN, EXTRACT)
        memory.keep_page("sources/amt/index.html", "so")
    memory.believe()
    memory.believe_pages()
    return memory


def test_the_memory_gives_back_what_it_was_given(tmp_path: Path) -> None:
    remembering(tmp_path, b"schluessel".ljust(16)).close()
    again = Memory(tmp_path, tmp_path / "site", b"schluessel".ljust(16))
    assert again.known() == {"mieten": KNOWN}
    assert again.extract("mieten", KNOWN.extract) == EXTRACT
    assert again.page("sources/amt/index.html") == "so"
    again.close()


def test_nothing_is_known_before_its_files_are_in_place(tmp_path: Path) -> None:
    memory = Memory(tmp_path, tmp_path / "site", b"eins")
    with memory.learning():
        memory.keep("mieten", KNOWN, EXTRACT)
        memory.keep_page("sources/amt/index.html", "so")
    memory.close()
    again = Memory(tmp_path, tmp_path / "site", b"eins")
    for _ in range(2):
        assert again.known() == {}
        assert again.page("sources/amt/index.html") is None
        again.believe()  # what an unfinished build kept is never believed by the next one
        again.believe_pages()
    again.close()


def test_a_page_that_no_longer_belongs_to_the_lists_is_forgotten(tmp_path: Path) -> None:
    memory = remembering(tmp_path, b"eins")
    memory.keep_page("sources/bund/index.html", "anders")
    memory.believe_pages()
    assert memory.page("sources/amt/index.html") is None
    assert memory.page("sources/bund/index.html") == "anders"
    memory.close()


def test_another_program_or_other_settings_remember_nothing(tmp_path: Path) -> None:
    remembering(tmp_path, b"eins").close()
    other = Memory(tmp_path, tmp_path / "site", b"zwei")
    assert other.known() == {}
    assert other.page("sources/amt/index.html") is None
    other.close()


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 50, None])
def test_a_damaged_memory_is_forgotten(tmp_path: Path, damage: bytes | None) -> None:
    remembering(tmp_path, b"eins").close()
    (path,) = tmp_path.glob("memory-*.sqlite")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    again = Memory(tmp_path, tmp_path / "site", b"eins")
    assert again.extract("mieten", KNOWN.extract) in (None, EXTRACT)
    again.close()
    anew = remembering(tmp_path, b"eins")
    assert anew.known().keys() == {"mieten"}
    anew.close()


@pytest.mark.parametrize("change", ["seen = x'00'", "extract = x'00'", "brief = ''"])
def test_a_row_with_a_changed_byte_is_worth_nothing(tmp_path: Path, change: str) -> None:
    memory = remembering(tmp_path, b"eins")
    memory.rows.execute(f"update articles set {change}")
    assert memory.known() == {}
    memory.close()


def test_an_extract_with_a_changed_byte_is_worth_nothing(tmp_path: Path) -> None:
    memory = remembering(tmp_path, b"eins")
    memory.rows.execute("update extracts set packed = replace(packed, 'mieten', 'xieten')")
    assert memory.extract("mieten", KNOWN.extract) is None
    memory.close()


def test_extracts_come_back_as_they_were_in_the_order_of_lists(tmp_path: Path) -> None:
    days = {"alt": "2026-01-02", "neu": "2026-11-23", "auch-neu": "2026-11-23"}
    known = {slug: extract(slug, published=day) for slug, day in days.items()}
    work = SourceEntry(id="amt", path="sources/amt/index.html", description="{}", changed="2026-11-23")
    with Extracts(tmp_path / "extracts") as extracts:
        for slug, one in known.items():
            extracts.add(slug, packed(one))
        extracts.add_work(work)
        newest_first = [known["auch-neu"], known["neu"], known["alt"]]
        assert [*extracts.lines] == [one.summary for one in newest_first]
        assert [*extracts.leanings] == [one.backlinks[which] for which in (0, 1) for one in newest_first]
        assert [*extracts.works] == [work]
        assert {**extracts.ties} == {slug: one.references for slug, one in known.items()}
        assert "neu" in extracts.ties
        assert extracts.ties.get("fort") is None


def test_where_extracts_cannot_be_kept_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="unable to open"), Extracts(tmp_path / "nirgends" / "extracts"):
        pytest.fail("kept after all")


def test_paths_are_a_set_in_order() -> None:
    some = Paths(["b/y", "index.html", "b/x", "a/x", "b/x", "a-b/x"])
    assert [*some] == ["a-b/x", "a/x", "b/x", "b/y", "index.html"]
    some = some.only(lambda top: top != "a-b")
    assert (len(some), "b/y" in some, "b" in some, "c/x" in some) == (4, True, False, False)
    assert [*some.only(lambda top: top != "b")] == ["a/x", "index.html"]
    other = Paths(["b/z", "a/x", "c/x"])
    assert [*(some | other)] == ["a/x", "b/x", "b/y", "b/z", "c/x", "index.html"]
    assert [*(some - other)] == ["index.html", "b/x", "b/y"]
    assert Paths(["b/x", "a/x"]) == Paths(["a/x", "b/x"]) != Paths(["a/x"])


@pytest.mark.parametrize("line", ["/etc/passwd", "../a", "a/../../b", "//a", ""])
def test_lines_of_the_list_that_lead_elsewhere_are_nobody_s(tmp_path: Path, line: str) -> None:
    (tmp_path / LIST).write_text(f"a/b\n{line}\nindex.html\n", encoding="utf-8")
    assert [*written(tmp_path)] == ["a/b", "index.html"]
    (tmp_path / LIST).write_text(f"{line}\na/b\n", encoding="utf-8")
    assert [*written(tmp_path)] == ["a/b"]


def left(output: Path, ours: Paths) -> memory.Left:
    at = time.time_ns() + 10 * memory.TICK  # long after the folders changed last
    return memory.Left(lists=b"", at=at, times=folder_times(output, ours))


def test_what_is_gone_or_new_beside_the_folders_of_articles_is_found_too(tmp_path: Path) -> None:
    publish(tmp_path, SITE)
    before = left(tmp_path, Paths(SITE))
    (tmp_path / "index.html").rename(tmp_path / "liste.html")
    assert found(tmp_path, Paths(SITE), before) == Found(damaged=frozenset({""}), foreign=("liste.html",))


SITE = {"index.html": "Liste", "mieten/index.html": "Seite", "mieten/charts/a.svg": "Bild"}


def test_an_output_in_which_nobody_did_anything_is_as_it_was_left(tmp_path: Path) -> None:
    publish(tmp_path, SITE)
    assert replace(found(tmp_path, Paths(SITE), left(tmp_path, Paths(SITE))), times={}) == Found()


def test_what_is_gone_or_new_in_the_output_is_found_by_the_times_of_its_folders(tmp_path: Path) -> None:
    publish(tmp_path, SITE)
    before = left(tmp_path, Paths(SITE))
    next_tick(tmp_path.parent)
    (tmp_path / "mieten" / "charts" / "a.svg").rename(tmp_path / "mieten" / "b.svg")
    assert found(tmp_path, Paths(SITE), before) == Found(damaged=frozenset({"mieten"}), foreign=("mieten/b.svg",))


def test_times_that_have_been_looked_at_need_not_be_looked_at_again_and_tell_the_next_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, SITE)
    monkeypatch.setattr(memory, "TICK", 1_000_000_000_000)
    assert found(tmp_path, Paths(SITE), left(tmp_path, Paths(SITE))).times == {}, "as fresh as that they say nothing"
    monkeypatch.setattr(memory, "TICK", 0)
    next_tick(tmp_path.parent)
    before = left(tmp_path, Paths(SITE))
    seen = found(tmp_path, Paths(SITE), before).times
    assert set(seen) == {"mieten"}
    later = replace(before, times=folder_times(tmp_path, Paths(SITE), seen))
    assert later == before
    (tmp_path / "mieten" / "charts" / "a.svg").unlink()
    assert folder_times(tmp_path, Paths(SITE), seen) == before.times != folder_times(tmp_path, Paths(SITE))
    assert found(tmp_path, Paths(SITE), later).damaged == {"mieten"}


def test_a_change_so_soon_that_it_left_the_time_as_it_was_is_found_as_well(tmp_path: Path) -> None:
    publish(tmp_path, SITE)
    folder = tmp_path / "mieten" / "charts"
    then = folder.stat()
    before = replace(left(tmp_path, Paths(SITE)), at=then.st_mtime_ns + memory.TICK // 2)
    (folder / "a.svg").unlink()
    os.utime(folder, ns=(then.st_atime_ns, then.st_mtime_ns))
    assert found(tmp_path, Paths(SITE), before).damaged == {"mieten"}


def long_after() -> int:
    """A clock that stands at a moment long after whatever a test does."""
    return 4_000_000_000_000_000_000  # in the year 2096


def test_a_folder_touched_a_moment_ago_has_no_fingerprint_yet(tmp_path: Path) -> None:
    path = tmp_path / "article.md"
    path.write_text("Text", encoding="utf-8")
    assert fingerprint(tmp_path, lambda: path.stat().st_ctime_ns + memory.TICK) == b""
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
    assert fingerprint(tmp_path, long_after) == b""
