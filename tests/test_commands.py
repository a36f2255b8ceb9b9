"""The command line as an editor uses it: what it prints, what it writes, and how it ends."""

import contextlib
import io
import re
import resource
import secrets
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from randnotiz import commands
from randnotiz.diagnostics import Diagnostic, Excerpt, Position
from tests.patience import HANGS
from tests.program import run

ROOT = Path(__file__).parent.parent
DONE, FAULTS, USAGE, REFUSED = 0, 1, 2, 3  # as numbers: scripts of others rely on them


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder in which somebody works: content/ with a site.yaml and one small article."""
    shutil.copytree(ROOT / "tests" / "sites" / "small" / "content", tmp_path / "content")
    return tmp_path


def build(desk: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run(desk, "--content", "content", "--output", "site", *words)


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_without_a_word_it_builds(desk: Path) -> None:
    done = build(desk)
    assert done.returncode == DONE, done.stderr
    assert (desk / "site" / "mieten" / "index.html").is_file()
    assert done.stdout == ""


def test_with_a_fault_the_old_site_stays_to_the_byte(desk: Path) -> None:
    assert build(desk).returncode == DONE
    before = everything(desk / "site")
    article = desk / "content" / "mieten" / "article.md"
    article.write_text(article.read_text(encoding="utf-8").replace("12 Prozent", "14 Prozent"), encoding="utf-8")
    done = build(desk)
    assert done.returncode == FAULTS
    assert "'12' is now '14'" in done.stderr
    assert "nothing was written" in done.stderr
    assert everything(desk / "site") == before


def test_warnings_stop_only_a_strict_build(desk: Path) -> None:
    sources = desk / "content" / "mieten" / "sources.yaml"
    sources.write_text(
        sources.read_text(encoding="utf-8").replace(
            "citations:", "- {id: spare, type: book, title: Ein Buch}\ncitations:"
        ),
        encoding="utf-8",
    )
    done = build(desk)
    assert done.returncode == DONE
    assert "warning: nothing leans on the source 'spare'" in done.stderr
    assert build(desk, "--strict").returncode == FAULTS


def test_drafts_are_built_only_when_asked_for(desk: Path) -> None:
    article = desk / "content" / "mieten" / "article.md"
    article.write_text(
        article.read_text(encoding="utf-8").replace("---\n", "---\ndraft: true\n", 1), encoding="utf-8"
    )
    assert build(desk).returncode == DONE
    assert not (desk / "site" / "mieten").exists()
    assert build(desk, "--drafts").returncode == DONE
    assert (desk / "site" / "mieten" / "index.html").is_file()
    assert build(desk).returncode == DONE
    assert not (desk / "site" / "mieten").exists()


def test_one_article_is_checked_as_it_is_with_what_it_leads_to(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A draft's faults are faults there; those of other articles are not told, but links to these are judged."""
    content = desk / "content"
    for slug, body in (
        ("heizen", "[a](../mieten/) [b](../mieten/#nope) [c](../miete/) [d](../strom/)."),
        ("strom", "x"),
    ):
        (content / slug).mkdir()
        head = "---\ndraft: true\ntitle: Heizen\nsummary: Wie geheizt wird.\n---\n"
        (content / slug / "article.md").write_text(head + body + "\n", encoding="utf-8")
    (content / "strom" / "notes.yaml").write_text("notes: [{nope: 1}]\n", encoding="utf-8")

    def check(*words: str) -> tuple[int, list[str]]:
        status = commands.main(["check", *words, "--content", str(content)], desk)
        return status, re.findall(r"(?:heizen|strom)\S*: (?:\w+: )?(the .*)", capsys.readouterr().out)

    status, found = check("heizen")
    assert status == FAULTS
    assert found == [
        "the article 'mieten' has no place '#nope' [link-broken]",
        "the link '../miete/' leads to no article; did you mean 'mieten'? [link-broken]",
    ]
    assert commands.main(["check", "mieten", "--content", str(content)], desk) == DONE
    assert commands.main(["check", "heizn", "--content", str(content)], desk) == USAGE
    assert "there is no article 'heizn'; did you mean 'heizen'?" in capsys.readouterr().err


def test_a_new_article_is_a_draft_of_today_that_builds_without_a_warning(desk: Path) -> None:
    made = run(desk, "new", "wohnen", "--content", "content")
    assert made.returncode == DONE
    assert made.stdout.splitlines()[0] == "content/wohnen/article.md"
    assert build(desk, "--strict").returncode == DONE
    assert not (desk / "site" / "wohnen").exists()
    checked = run(desk, "check", "--content", "content", "--drafts", "--strict")
    assert checked.stdout == ""  # its day is not ahead of today
    text = (desk / "content" / "wohnen" / "article.md").read_text(encoding="utf-8")
    today = date.fromisoformat(text.partition("published: ")[2][:10])
    assert 0 <= (datetime.now(UTC).date() - today).days <= 1  # midnight may be between the two
    done = build(desk, "--strict", "--drafts")
    assert done.returncode == DONE, done.stderr
    page = (desk / "site" / "wohnen" / "index.html").read_text(encoding="utf-8")
    assert 'id="n-town-use"' in page


def test_the_examples_in_a_new_article_work_when_their_signs_are_taken_away(desk: Path) -> None:
    run(desk, "new", "wohnen", "--content", "content")
    taken = 0
    for path in sorted((desk / "content" / "wohnen").glob("*.yaml")):
        about, _, lines = path.read_text(encoding="utf-8").partition("\n\n")
        told, count = re.subn(r"^( *)# (.*)", r"\1\2", lines.replace(": []\n", ":\n"), flags=re.MULTILINE)
        path.write_text(f"{about}\n\n{told}", encoding="utf-8")
        taken += count
    assert taken > 50
    done = run(desk, "check", "--content", "content", "--as-of", "2026-11-24", "--drafts")
    assert done.returncode == DONE, done.stdout
    assert done.stdout == ""


def test_where_there_is_no_room_for_a_new_article_none_is_begun(desk: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "build.py", "new", "wohnen", "--content", "content"],
        cwd=desk,
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000)),
    )
    assert (done.returncode, done.stderr) == (3, "build.py: File too large: content/wohnen\n")
    assert not (desk / "content" / "wohnen").exists()
    assert run(desk, "new", "wohnen", "--content", "content").returncode == DONE


def test_an_article_is_never_overwritten_by_a_new_one(desk: Path) -> None:
    done = run(desk, "new", "mieten", "--content", "content")
    assert (done.returncode, done.stderr) == (USAGE, "build.py: content/mieten is there already\n")


CHART = """\
charts:
- id: verlauf
  after: Die Mieten
  title: Die Mieten steigen
  alt: Zwei Balken.
  sources: [amt]
  data: {rows: [{jahr: 2024, miete: 800}, {jahr: 2025, miete: 900}]}
  vega-lite: {mark: bar, encoding: {x: {field: miete, type: quantitative, axis: {format: q9}}}}
"""


def test_a_check_finds_what_a_build_finds_of_charts_or_says_that_it_did_not_look(desk: Path) -> None:
    new = CHART.replace("800", str(secrets.randbelow(10**12)))  # that no run before has left in the project's cache
    (desk / "content" / "mieten" / "charts.yaml").write_text(new, encoding="utf-8")
    hasty = run(desk, "check", "--content", "content", "--no-draw")
    assert (hasty.returncode, hasty.stdout) == (DONE, "")
    assert "1 chart was not drawn (--no-draw)" in hasty.stderr
    checked, built = run(desk, "check", "--content", "content"), build(desk)
    assert (checked.returncode, built.returncode) == (FAULTS, FAULTS)
    assert (
        "content/mieten/charts.yaml:8:90: Vega-Lite cannot draw this: 'q9' is no format [chart-spec]"
        in checked.stdout
    )
    assert built.stderr.startswith(checked.stdout)
    known = run(desk, "check", "--content", "content", "--no-draw")  # what is in the cache is told all the same
    assert known.stdout == checked.stdout
    assert "not drawn" not in known.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("buidl",), "there is no 'buidl'; did you mean 'build'?"),
        (("new", "Mieten"), "'Mieten' is no id"),
        (("new", "sources"), "the site keeps that address for itself"),
        (("build", "--jobs", "none"), "'none' is not a number of processes"),
        (("check", "--as-of", "24.11.2026"), "'24.11.2026' is not a day, as in 2026-11-24"),
        (("preview", "--port", "99999"), "'99999' is not a port"),
        (("build", "--base-url", "x.example/unter"), "Write 'https://x.example/unter'."),
        (("build", "--base-url", "https://x.example/a?b=1#c"), "Write 'https://x.example/a'."),
        (
            ("build", "--content", "content", "--output", "content"),
            "content and --content content lie within each other",
        ),
        (("check", "--content", "content", "--output", "content/site"), "lie within each other"),
        (("preview", "--content", "content", "--output", "."), "lie within each other"),
        (("reanchor", "--content", "content", "meiten/"), "there is no article 'meiten'; did you mean 'mieten'?"),
        (("import-hypothesis", "--content", "content", "a.json", "../content/mieten"), "there is no article '../con"),
    ],
)
def test_a_wrong_command_line_is_told_in_one_line(desk: Path, words: tuple[str, ...], told: str) -> None:
    done = run(desk, *words)
    assert done.returncode == USAGE
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_of_the_look_that_is_not_there_is_a_wrong_word_and_a_broken_file_in_it_a_fault(desk: Path) -> None:
    static = desk / "static"
    done = build(desk, "--static", "static")
    assert done.returncode == USAGE
    assert done.stderr.endswith("argument --static: there is no folder static\n")
    static.mkdir()
    (static / "style.css").write_bytes(b"/* \xe4 */")
    done = build(desk, "--static", "static")
    assert done.returncode == FAULTS
    assert done.stderr.startswith("static/style.css:1:1: this file is not UTF-8 (byte 3) [encoding]\n")


def test_without_the_packages_one_line_says_what_to_do(desk: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", ROOT / "build.py", "check"], cwd=desk, capture_output=True, text=True, check=False
    )
    assert done.returncode == REFUSED
    assert "is not installed for" in done.stderr
    assert "run 'make site' once, then .venv/bin/python build.py" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_logo_lies_in_the_folder_of_content(desk: Path) -> None:
    logo = desk / "content" / "zeichen.svg"
    settle(desk, logo="zeichen.svg")
    done = build(desk)
    assert done.returncode == FAULTS
    assert "there is no file 'zeichen.svg' [file-missing]" in done.stderr
    logo.write_text("<svg/>", encoding="utf-8")
    assert "'zeichen.svg' is not a picture that can be shown" in build(desk).stderr
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8")
    assert build(desk).returncode == DONE
    (published,) = (desk / "site" / "assets").glob("zeichen.*.svg")
    assert published.read_bytes() == logo.read_bytes()
    assert f'<img src="../assets/{published.name}"' in (desk / "site" / "mieten" / "index.html").read_text("utf-8")
    settle(desk, logo="../zeichen.svg")
    assert "'../zeichen.svg' lies outside of the folder of content [file-outside]" in build(desk).stderr
    settle(desk, logo="z" * 300)
    assert f"'{'z' * 300}' cannot be read: file name too long [file-missing]" in build(desk).stderr


def test_a_missing_folder_of_content_is_the_machines_refusal(desk: Path) -> None:
    done = run(desk, "build", "--content", "elsewhere")
    assert (done.returncode, done.stderr) == (REFUSED, "build.py: there is no folder elsewhere\n")


@pytest.mark.slow
def test_a_check_is_the_same_over_several_processes(desk: Path) -> None:
    article = desk / "content" / "mieten"
    for number in range(12):
        shutil.copytree(article, desk / "content" / f"mieten-{number:02}")
    text = desk / "content" / "mieten-07" / "article.md"
    text.write_text(text.read_text(encoding="utf-8").replace("12 Prozent", "14 Prozent"), encoding="utf-8")
    command = (sys.executable, ROOT / "build.py", "check", "--content", "content", "--coverage", "--jobs")
    alone, together = (
        subprocess.run((*command, jobs), cwd=desk, capture_output=True, text=True, check=False) for jobs in ("1", "3")
    )
    assert "'12' is now '14'" in alone.stdout
    assert (alone.returncode, alone.stdout, alone.stderr) == (together.returncode, together.stdout, together.stderr)


def test_coverage_counts_what_no_annotation_touches(desk: Path) -> None:
    article = desk / "content" / "mieten" / "article.md"
    article.write_text(
        article.read_text(encoding="utf-8").replace("[^1]: Ohne", "Gezählt wurden 41 Orte.\n\n[^1]: Ohne"),
        encoding="utf-8",
    )
    done = run(desk, "check", "--content", "content", "--coverage")
    assert "mieten: 1 of 2 paragraphs and 2 of 3 numbers are touched by an annotation" in done.stdout
    assert "content/mieten/article.md:9:16: number: 41" in done.stdout


def test_the_list_of_units_names_physical_ones_and_currencies(desk: Path) -> None:
    listed = run(desk, "check", "--units").stdout.split()
    assert {"metre", "month", "EUR", "USD", "FLOP", "%"} <= set(listed)


def test_whoever_stops_listening_breaks_nothing(desk: Path) -> None:
    (desk / "content" / "mieten" / "notes.yaml").write_text("notes:\n" + "- {kind: x}\n" * 500, encoding="utf-8")
    done = subprocess.run(
        f"{sys.executable} {ROOT / 'build.py'} check --content content | head -1",
        shell=True,
        cwd=desk,
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.stdout.count("\n") == 1


def renamed(desk: Path, old: str, new: str) -> None:
    (desk / "content" / old).rename(desk / "content" / new)


def settle(desk: Path, **fields: str) -> None:
    """Fields of site.yaml as an author types them at its end, where they were before or not."""
    path = desk / "content" / "site.yaml"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if line.partition(":")[0] not in fields]
    path.write_text("\n".join([*kept, *(f"{name}: {value}" for name, value in fields.items())]) + "\n", "utf-8")


def test_a_renamed_article_is_published_only_with_a_page_at_its_old_address(desk: Path) -> None:
    """The record is in the content, so a machine that has never built this site demands it as well."""
    settle(desk, addresses="[mieten]")
    assert build(desk, "--strict").returncode == DONE
    before = everything(desk / "site")

    renamed(desk, "mieten", "wohnen")
    done = build(desk)
    assert done.returncode == FAULTS
    assert "an article was published as 'mieten', and nothing stands at that address any more" in done.stderr
    assert "is 'wohnen' its new name?" in done.stderr
    assert "write `redirects: {mieten: wohnen}`" in done.stderr
    assert everything(desk / "site") == before
    fresh = run(desk, "--content", "content", "--output", "elsewhere")
    assert (fresh.returncode, (desk / "elsewhere").exists()) == (FAULTS, False)

    settle(desk, redirects="{mieten: wohnen}")
    done = build(desk)
    assert done.returncode == DONE, done.stderr
    assert "write `wohnen` behind `mieten` there" in done.stderr
    assert build(desk).stderr.count("does not name it") == 1, "it is said as long as it is so"
    settle(desk, addresses="[mieten, wohnen]")
    done = build(desk, "--strict")
    assert done.returncode == DONE
    assert "0 built" in done.stderr, "no page is made anew because of an address"
    assert "../wohnen/" in (desk / "site" / "mieten" / "index.html").read_text(encoding="utf-8")

    renamed(desk, "wohnen", "miete")
    done = build(desk)
    assert "add `wohnen: miete` to `redirects`" in done.stderr
    assert "there is no article 'wohnen' to lead to" in done.stderr


def test_an_article_is_deleted_for_good_by_taking_its_address_back(desk: Path) -> None:
    shutil.copytree(desk / "content" / "mieten", desk / "content" / "wohnen")
    settle(desk, addresses="[mieten, wohnen]")
    assert build(desk, "--strict").returncode == DONE
    shutil.rmtree(desk / "content" / "wohnen")
    done = build(desk)
    assert done.returncode == FAULTS
    assert "if the article is to be gone for good, take 'wohnen' out of `addresses`" in done.stderr
    settle(desk, addresses="[mieten]")
    assert build(desk, "--strict").returncode == DONE
    assert not (desk / "site" / "wohnen").exists()


def test_a_record_is_begun_with_the_first_article(desk: Path) -> None:
    settle(desk, addresses="[]")
    assert "write `addresses: [mieten]`" in build(desk).stderr


def test_addresses_that_nobody_keeps_are_not_asked_for(desk: Path) -> None:
    assert build(desk, "--strict").returncode == DONE
    renamed(desk, "mieten", "wohnen")
    assert build(desk, "--strict").returncode == DONE


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ("reanchor --write --content content <&-", DONE, "no terminal to ask on"),
        ("check --content circle", REFUSED, "there is no folder circle"),
        ("check --content content --templates circle", USAGE, "there is no folder circle"),
        ("schema dangling", REFUSED, "dangling: it is a link that leads to no folder"),
        ("check --content content --format json > /dev/full", REFUSED, "No space left on device"),
        ("build --content nowhere --output site 2> /dev/full", REFUSED, ""),
    ],
)
def test_what_is_odd_about_files_and_streams_is_the_machines_and_no_bug(
    desk: Path, line: str, status: int, words: str
) -> None:
    (desk / "circle").symlink_to("circle")
    (desk / "dangling").symlink_to("nirgends")
    shell = ["sh", "-c", f"{sys.executable} {ROOT / 'build.py'} {line}"]
    done = subprocess.run(shell, cwd=desk, capture_output=True, text=True, check=False, timeout=HANGS)
    assert done.returncode == status, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize("command", ["check", "build"])
def test_who_closes_what_a_command_prints_to_gets_the_same_status(command: str, closed: str, tmp_path: Path) -> None:
    content, output = tmp_path / "content", f"--output {tmp_path / 'site'}" if command == "build" else ""
    content.mkdir()
    (content / "site.yaml").write_text(
        "title: Blatt\nurl: https://blatt.example/\nlang: de\npublisher: {name: Blatt}\n", encoding="utf-8"
    )
    line = f"{sys.executable} {ROOT / 'build.py'} {command} --content {content} {output} {closed}"
    assert subprocess.run(["sh", "-c", line], check=False, stderr=subprocess.PIPE).returncode == 0
    (content / "site.yaml").write_text("titel: Blatt\n", encoding="utf-8")
    assert subprocess.run(["sh", "-c", line], check=False, stderr=subprocess.PIPE).returncode == 1


@pytest.mark.parametrize(
    ("line", "at", "ends"),
    [  # a caret where the diagnostic stands; the words up to its end
        ("  quote: rund 50.000 Chips # geschätzt", 9, "rund 50.000 Chips"),
        ("  quote: 'die ''Chips''' # so", 9, "'die ''Chips'''"),
        ('- title: "a \\"b\\": c" ', 9, '"a \\"b\\": c"'),
        ("  urll: https://example.org/#top", 2, "urll"),
        ("  url: https://example.org/#top", 7, "https://example.org/#top"),
        ("  sources: [amt, amd2024]", 17, "amd2024"),
        ("  by: {name: Maya Lindqvist, url: x}", 13, "Maya Lindqvist"),
        ("  counter: Mieten, die steigen", 11, "Mieten, die steigen"),
        ("  formula: preis * menge / 1,5", 19, "menge"),
        ("- id: doppelt", 2, "id"),
    ],
)
def test_a_diagnostic_ends_with_the_scalar_or_the_word_at_its_place(line: str, at: int, ends: str) -> None:
    for path, cut in (("a/notes.yaml", 0), ("a/figures.yaml", 2)):
        excerpt = Excerpt(7, ["x: y", line[cut:]], cut)
        found = Diagnostic(Position(path, 8, at + 1), "value-malformed", "x", excerpt=excerpt)
        assert line[at : found.end - 1] == ends
    assert Diagnostic(Position("a/notes.yaml", 8, 3), "file-missing", "x").end == 3


def test_in_a_text_it_ends_with_the_word() -> None:
    excerpt = Excerpt(1, ["Es waren 50.000, sagt er: viel."])
    ends = [
        Diagnostic(Position("a/article.md", 1, at), "number-uncovered", "x", excerpt=excerpt).end for at in (10, 27)
    ]
    assert ends == [16, 31]


@pytest.mark.parametrize(
    ("git", "workspace", "shown"),
    [
        ("", None, "press/site/content/mieten/notes.yaml"),
        ("press", "", "site/content/mieten/notes.yaml"),  # a repository checked out below the workspace
        (None, "", "press/site/content/mieten/notes.yaml"),  # an archive of it, without .git
        (None, None, "content/mieten/notes.yaml"),
    ],
)
def test_github_gets_paths_from_the_root_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, git: str | None, workspace: str | None, shown: str
) -> None:
    site = tmp_path / "press" / "site"
    shutil.copytree(ROOT / "tests" / "sites" / "small" / "content", site / "content")
    (site / "content" / "mieten" / "notes.yaml").write_text("notess: []\n", encoding="utf-8")
    if git is not None:
        (tmp_path / git / ".git").mkdir()
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    if workspace is not None:
        monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / workspace))
    monkeypatch.chdir(site)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        commands.main(["check", "--format", "github"])
    assert f"::error file={shown},line=1,endLine=1,col=1,endColumn=7,title=field-unknown::" in out.getvalue()
