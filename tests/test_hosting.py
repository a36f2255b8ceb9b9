"""Files for hosts: the headers they should send, and a workflow that publishes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
import yaml
from msgspec.structs import replace

from randnotiz import commands as command_line
from randnotiz.exports.hosting import headers, redirects
from tests import sample
from tests.program import run

WORKFLOWS = sorted((Path(__file__).parent.parent / ".github" / "workflows").glob("*.yml"))


def rules(url: str) -> dict[str, dict[str, str]]:
    """The file as Netlify and Cloudflare Pages read it: patterns at the margin, headers indented below."""
    found: dict[str, dict[str, str]] = {}
    pattern = ""
    for line in headers(replace(sample.settings(), url=url)).splitlines():
        if line.startswith(" "):
            name, _, value = line.strip().partition(": ")
            assert value, line
            found[pattern][name] = value
        else:
            pattern = line
            found[pattern] = {}
    return found


def matching(path: str, url: str = "https://randnotiz.example/") -> list[tuple[str, str]]:
    """The headers for an address, in the order of the file."""
    return [
        each
        for pattern, named in rules(url).items()
        if re.fullmatch(
            re.sub(r":[a-z]+", "[^/]+", re.escape(pattern).replace(r"\*", ".*").replace("/:", "/:")), path
        )
        for each in named.items()
    ]


def test_what_carries_a_hash_in_its_name_may_be_kept_for_a_year_and_nothing_else() -> None:
    assert dict(matching("/assets/style.0123.css"))["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cache-Control" not in dict(matching("/mieten/index.html"))
    assert "Cache-Control" not in dict(matching("/search/index.js"))


def framing(path: str) -> list[str]:
    """What the policies for an address say of frames."""
    policies = (value for name, value in matching(path) if name == "Content-Security-Policy")
    return re.findall("frame-ancestors [^;]*", "; ".join(policies))


def test_nothing_is_sniffed_and_of_all_pages_only_embeds_are_framed(real_site: Path) -> None:
    for file in real_site.rglob("*.*"):
        path = f"/{file.relative_to(real_site).as_posix()}"
        assert dict(matching(path))["X-Content-Type-Options"] == "nosniff"
        if file.suffix in (".html", ".svg"):
            for address in {path, path.removesuffix("index.html"), path.removesuffix(".html")}:
                assert ("frame-ancestors 'none'" in framing(address)) == (file.name != "embed.html"), address
    for nothing in (
        "/mieten/nirgends",
        "/mieten/claims/",
        "/mieten/charts/a",
        "/mieten/charts/a/",
    ):  # hosts send 404.html
        assert framing(nothing) == ["frame-ancestors 'none'"], nothing
    assert framing("/mieten/claims/a/embed.html") == framing("/mieten/charts/a/embed.html") == []


def test_the_policy_of_a_page_is_left_to_the_page() -> None:
    policies = [value for name, value in matching("/mieten/single.html") if name == "Content-Security-Policy"]
    assert policies == ["frame-ancestors 'none'"], "another would forbid what the single file allows by its hashes"


def test_the_page_about_publishing_tells_every_server_the_same() -> None:
    page = (WORKFLOWS[0].parents[2] / "content" / "pages" / "publishing.md").read_text(encoding="utf-8")
    nginx = page.partition("```nginx")[2].partition("```")[0]
    everywhere = rules("https://randnotiz.example/")["/*"]
    everywhere["Content-Security-Policy"] = "frame-ancestors 'none'"
    for name, value in everywhere.items():
        assert f"`{name}: {value}`" in page
        assert f"add_header {name} " in nginx
        assert value in nginx


def test_a_picture_opened_on_its_own_runs_no_script() -> None:
    policies = [value for name, value in matching("/mieten/charts/a.svg") if name == "Content-Security-Policy"]
    assert "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'" in policies


def test_no_other_header_is_given_twice_for_hosts_would_join_them() -> None:
    for path in ("/assets/a.svg", "/mieten/annotations.jsonld", "/mieten/sources.bib", "/mieten/charts/a.csv"):
        names = [name for name, _ in matching(path) if name != "Content-Security-Policy"]
        assert len(names) == len(set(names)), path


def test_annotations_are_served_as_what_they_are_to_whoever_asks() -> None:
    found = dict(matching("/mieten/annotations.jsonld"))
    assert found["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    assert found["Access-Control-Allow-Origin"] == "*"


def test_a_site_in_a_folder_of_its_host_has_its_patterns_there() -> None:
    assert all(pattern.startswith("/repo/") for pattern in rules("https://name.github.io/repo/"))


def test_what_has_moved_is_named_to_hosts_that_redirect() -> None:
    settings = replace(sample.settings(), url="https://name.github.io/repo/", redirects={"alt": "neu", "a": "b"})
    assert redirects(settings) == "/repo/alt/* /repo/neu/:splat 301\n/repo/a/* /repo/b/:splat 301\n"


@pytest.mark.slow
def test_workflows_are_what_github_reads(tmp_path: Path) -> None:
    """By the schemas of its own, which check-jsonschema holds copies of."""
    run(tmp_path, "init", "blatt", "--engine", "randnotiz=={version}")
    kinds: dict[str, list[Path]] = {
        "github-workflows": [*WORKFLOWS, *(tmp_path / "blatt" / ".github" / "workflows").iterdir()],
        "github-actions": [WORKFLOWS[0].parents[2] / "action.yml"],
    }
    for schema, paths in kinds.items():
        words = ["check_jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, paths)]
        done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    assert len(WORKFLOWS) == 3


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_take_what_they_use_by_major_version_and_may_do_little_by_default(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+|pypa/gh-action-pypi-publish@release/v1", one) for one in used)
    assert workflow["permissions"] == {"contents": "read"}


def test_a_release_is_built_of_what_has_passed_and_published_without_a_password() -> None:
    jobs = yaml.safe_load((WORKFLOWS[0].parent / "release.yml").read_text(encoding="utf-8"))["jobs"]
    commands = [step.get("run", "") for step in jobs["build"]["steps"]]
    assert commands.index(".ci/run") < commands.index(".venv/bin/python -m hatchling build")
    assert (jobs["publish"]["needs"], jobs["publish"]["permissions"]) == ("build", {"id-token": "write"})
    assert "secrets." not in repr(jobs)


def test_what_needs_the_packages_of_debian_runs_in_it(tmp_path: Path) -> None:
    """Ubuntu, the system of GitHub's machines, has neither of two browsers as a package, and its user is not root."""
    jobs = [job for path in WORKFLOWS for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()]
    whole = [job for job in jobs if ".ci/run" in [step.get("run") for step in job["steps"]]]
    assert [job["container"]["image"] for job in whole] == ["python:3.13-bookworm"] * 2
    assert not any("sudo" in str(job) for job in jobs)
    nearest = [step for job in jobs for step in job["steps"] if re.match("make .*test", step.get("run", ""))]
    assert [step["env"]["CI"] for step in nearest] == [""] * 2  # elsewhere a test skips what is missing

    (tmp_path / "bin").mkdir()
    for name, words in {"id": "echo 1000", "sudo": 'echo "$@" >> asked', "npm": "exit 7"}.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{words}\n", encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    for name in ("bash", "dirname", "grep", "python3"):
        (tmp_path / "bin" / name).symlink_to(which(name) or "")
    (tmp_path / ".ci").mkdir()
    shutil.copy(WORKFLOWS[0].parents[2] / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "tests" / "node").mkdir(parents=True)
    ended = subprocess.run(
        [tmp_path / ".ci" / "run"], env={"PATH": str(tmp_path / "bin")}, cwd=tmp_path, capture_output=True, text=True
    )
    assert ended.returncode == 7, ended.stderr  # as far as npm
    asked = (tmp_path / "asked").read_text(encoding="utf-8")
    assert re.findall(r"^env (?:DEBIAN_FRONTEND=noninteractive )?apt-get (\w+)", asked, re.MULTILINE) == [
        "update",
        "install",
    ]
    assert {"chromium", "firefox-esr", "webkit2gtk-driver", "xvfb"} <= set(asked.split())


def test_the_action_and_the_hook_for_others_run_commands_that_are_there() -> None:
    root = WORKFLOWS[0].parents[2]
    steps = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    (hook,) = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    lines = [*(step["run"] for step in steps if "run" in step), hook["entry"]]
    day = ' --as-of "$(date -u +%F)"'
    assert [line.count(f"{day} $OPTIONS") for line in lines] == [0, 1, 1, 0]
    ours = [line.replace(f"{day} $OPTIONS", "").split()[1:] for line in lines if line.startswith("randnotiz ")]
    assert ours == [["check", "--format", "github"], ["build"], ["check"]]
    for words in ours:
        command_line.arguments(root, "randnotiz").parse_args(words)


def test_there_is_a_workflow_that_publishes_only_what_has_passed_the_tests() -> None:
    workflow = yaml.safe_load((WORKFLOWS[0].parent / "publish.yml").read_text(encoding="utf-8"))
    build, deploy = workflow["jobs"]["build"], workflow["jobs"]["deploy"]
    commands = "\n".join(step.get("run", "") for step in build["steps"])
    assert re.search(r"make .*\btest\b", commands)
    assert commands.index("make ") < commands.index("build.py build")
    assert "--base-url" in commands
    assert deploy["needs"] == "build"
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
