"""The texts an article had before: the one that is kept, and those that git has; no repository starts a program."""

import os
import subprocess
from pathlib import Path
from shutil import copytree, which

import pytest

from randnotiz import earlier
from tests import program
from tests.conftest import lacking

HEAD = "---\ntitle: Rents\nsummary: A report.\nlang: en\npublished: 2026-01-01\n---\n\n"
NOTE = "notes:\n- {id: a, kind: context, quote: the rents in the city have fallen, note: N}\n"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder of content with one article in which all quotations are found."""
    folder = tmp_path / "content"
    (folder / "rents").mkdir(parents=True)
    (folder / "site.yaml").write_text("title: T\nurl: https://example.org/\nlang: en\npublisher: P\n")
    (folder / "rents" / "notes.yaml").write_text(NOTE)
    return write(folder, "The office says that the rents in the city have fallen.")


def write(content: Path, text: str) -> Path:
    (content / "rents" / "article.md").write_text(f"{HEAD}{text}\n")
    return content


def git(folder: Path, *words: str) -> None:
    """Git as an author would use it, without the settings of the machine."""
    if not which("git"):
        lacking("there is no git")
    author = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **author, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True)


@pytest.fixture
def repository(content: Path) -> Path:
    """The same with two commits: the text as it is, and a later one."""
    git(content, "init", "-q")
    for text in ("The office says that the rents in the city have fallen.", "Nothing of that."):
        write(content, text)
        git(content, "add", ".")
        git(content, "commit", "-q", "-m", "a change")
    return content


def test_what_is_kept_belongs_to_one_article_of_one_folder(tmp_path: Path) -> None:
    earlier.keep(tmp_path, tmp_path / "content", "rents", "The rents „fall“.")
    assert earlier.kept(tmp_path, tmp_path / "content", "rents") == "The rents „fall“."
    assert earlier.kept(tmp_path, tmp_path / "content", "costs") is None
    assert earlier.kept(tmp_path, tmp_path / "other", "rents") is None


def test_committed_texts_come_newest_first(repository: Path) -> None:
    texts = [body.decode() for _, body in earlier.committed(repository / "rents")]
    assert [text.removeprefix(HEAD)[:7] for text in texts] == ["Nothing", "The off"]


def test_git_knows_who_would_commit_whatever_file_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own settings of a person's, or those of the repository before them."""
    home = repository / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\nname = A. Person\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert earlier.committer(repository) == "A. Person"
    git(repository, "config", "user.name", "Ä. Person")
    assert earlier.committer(repository) == "Ä. Person"
    monkeypatch.setenv("PATH", "")
    assert earlier.committer(repository) == ""


def test_without_git_or_a_repository_nothing_is_committed(
    content: Path, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("GIT_DIR", str(content / ".git"))  # of somebody's hook, and not this folder's
    assert list(earlier.committed(tmp_path / "elsewhere")) == []
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(earlier.committed(repository / "rents")) == []


def test_a_git_that_never_answers_is_waited_for_no_longer_than_is_bearable(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "git").write_text("#!/bin/sh\nexec /bin/sleep 600\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(earlier, "PATIENCE", 0.1)
    assert list(earlier.committed(repository / "rents")) == []


def test_no_setting_of_a_repository_starts_a_program(repository: Path, tmp_path: Path) -> None:
    trap, caught = tmp_path / "trap", tmp_path / "caught"
    trap.write_text(f'#!/bin/sh\necho "$@" >> {caught}\ncat\n')
    trap.chmod(0o755)
    (repository / ".gitattributes").write_text("* diff=trap filter=trap\n")
    (repository / ".git" / "hooks").mkdir(exist_ok=True)
    for hook in ("post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc", "fsmonitor-watchman"):
        (repository / ".git" / "hooks" / hook).symlink_to(trap)
    settings = """
        core.fsmonitor core.pager core.editor core.sshCommand core.askPass core.gitProxy core.alternateRefsCommand
        diff.external diff.trap.textconv diff.trap.command filter.trap.smudge filter.trap.clean filter.trap.process
        gpg.program credential.helper sequence.editor pager.rev-list pager.cat-file uploadpack.packObjectsHook
    """
    for name in settings.split():
        git(repository, "config", name, str(trap))
    for name, value in {
        "alias.rev-list": f"!{trap}",
        "alias.cat-file": f"!{trap}",
        "log.showSignature": "true",
        "extensions.partialClone": "origin",
        "remote.origin.url": f"ext::{trap}",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
        "core.repositoryFormatVersion": "1",
    }.items():
        git(repository, "config", name, value)
    caught.unlink(missing_ok=True)
    assert len(list(earlier.committed(repository / "rents"))) == 2
    for blob in (repository / ".git" / "objects").glob("??/*"):  # what is missing now, git would fetch
        blob.chmod(0o644)
        blob.unlink()
    assert list(earlier.committed(repository / "rents")) == []
    assert not caught.exists()


# ----------------------------------------------------------------------------------------------------
# The command
# ----------------------------------------------------------------------------------------------------

NOW = "The report denies that the rents in this city have fallen."


def reanchored(content: Path, *words: str) -> str:
    done = program.run(content.parent, "reanchor", "--content", "content", *words)
    return done.stdout + done.stderr


def test_a_check_keeps_the_text_and_reanchor_compares_with_it(content: Path) -> None:
    assert program.run(content.parent, "check", "--content", "content").returncode == 0
    write(content, NOW)
    assert program.run(content.parent, "check", "--content", "content").returncode == 1
    shown = reanchored(content)
    assert "compared with the text in which all quotations were last found" in shown
    assert "+- {id: a, kind: context, quote: the rents in this city have fallen, note: N}" in shown
    write(content, "The weather was fine.")
    assert "nothing says this any more; it stood between 'The office says that' and '.'" not in reanchored(content)
    assert "nothing says this any more" in reanchored(content)


@pytest.mark.parametrize(
    ("now", "where"),
    [
        ("It rains.", " behind 'It rains.'"),
        ("It snows.", " before 'It snows.'"),
        ("It rains. It snows.", " between 'It rains.' and 'It snows.'"),
    ],
)
def test_a_deleted_sentence_is_told_with_what_it_stood_beside(content: Path, now: str, where: str) -> None:
    sentence = "The office says the rents in the city have fallen."
    was = now.replace("It snows.", f"{sentence} It snows.") if "snows" in now else f"{now} {sentence}"
    write(content, was)
    assert program.run(content.parent, "check", "--content", "content").returncode == 0
    write(content, now)
    assert f"nothing says this any more; it stood{where}\n" in reanchored(content)


def test_reanchor_compares_with_the_newest_commit_that_still_holds_the_words(repository: Path) -> None:
    write(repository, NOW)
    assert "compared with article.md of commit " in reanchored(repository)


@pytest.mark.parametrize("kept", [True, False])
def test_reanchor_compares_with_what_an_article_was_under_its_former_name(repository: Path, kept: bool) -> None:
    write(repository, "The office says that the rents in the city have fallen.")
    if kept:
        assert program.run(repository.parent, "check", "--content", "content").returncode == 0
    write(repository, NOW)
    (repository / "rents").rename(repository / "costs")
    assert "no earlier text with these words is known" in reanchored(repository)
    settings = repository / "site.yaml"
    settings.write_text(settings.read_text() + "redirects: {rents: costs}\n")
    with_what = "the text in which all quotations" if kept else "article.md of commit "
    assert f"compared with {with_what}" in reanchored(repository)


def test_reanchor_compares_with_a_file(content: Path, tmp_path: Path) -> None:
    (tmp_path / "before.md").write_bytes((content / "rents" / "article.md").read_bytes())
    write(content, NOW)
    assert "  no earlier text with these words is known\n" in reanchored(content)
    assert "  compared with before.md\n" in reanchored(content, "rents", "--against", "before.md")
    assert "  compared with before.md\n" in reanchored(content, "--against", "before.md")  # the only article
    assert "build.py: there is no file after.md" in reanchored(content, "rents", "--against", "after.md")
    copytree(content / "rents", content / "more")
    assert "build.py: --against needs an article's SLUG" in reanchored(content, "--against", "before.md")
