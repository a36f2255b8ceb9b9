"""The language server in editors as people have them, by the settings in `editors/`."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import which

import pytest

from tests.conftest import lacking
from tests.program import run
from tests.test_lsp import ARTICLE, CLAIMS, FIGURES, SHARED, SITE, SOURCES, ZOTERO, write

ROOT = Path(__file__).parent.parent
EDITORS = ROOT / "editors"
CONTENT = {
    "site.yaml": SITE,
    "sources.yaml": SHARED,
    "zotero.json": ZOTERO,
    "library/article.md": ARTICLE,
    "library/sources.yaml": SOURCES,
    "library/figures.yaml": FIGURES,
    "library/counterclaims.yaml": CLAIMS,
}


@pytest.mark.slow
def test_neovim_shows_completes_hovers_jumps_and_renames(tmp_path: Path) -> None:
    if which("nvim") is None:
        lacking("no Neovim to test with: apt-get install neovim")
    write(tmp_path / "content", CONTENT)
    command = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "randnotiz", "lsp"]
    quoted = "{" + ", ".join(json.dumps(word) for word in command) + "}"
    words = ["nvim", "--headless", "--clean", "--cmd", f"lua vim.g.randnotiz_command = {quoted}"]
    for script in (EDITORS / "neovim" / "randnotiz.lua", ROOT / "tests" / "neovim.lua"):
        words += ["-c", f"luafile {script}"]
    result = tmp_path / "result.json"
    own = {"RESULT": str(result), "XDG_STATE_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    environment = {**os.environ, **own}
    subprocess.run(words, cwd=tmp_path / "content", env=environment, timeout=300, check=True, capture_output=True)
    done = json.loads(result.read_text(encoding="utf-8"))
    assert done.get("fault") is None
    assert (done["diagnostic"]["line"], done["diagnostic"]["from"], done["diagnostic"]["to"]) == (6, 9, 24)
    assert "nearest is line 8" in done["diagnostic"]["message"]
    assert "Census of the town" in done["hover"]
    assert done["definition"] == "- id: census2025"
    assert done["completion"] == ["census2025"]
    assert "\n".join(done["rename"]) + "\n" == SOURCES.replace("council2026", "minutes2026")


def test_settings_start_the_server_for_the_files_that_it_knows() -> None:
    helix = tomllib.loads((EDITORS / "helix" / "languages.toml").read_text(encoding="utf-8"))
    code = json.loads((EDITORS / "vscode" / "settings.json").read_text(encoding="utf-8"))
    assert helix["language-server"]["randnotiz"] == {"command": "randnotiz", "args": ["lsp"]}
    served = {each["name"] for each in helix["language"] if "randnotiz" in each["language-servers"]}
    assert served == {"yaml", "markdown"}
    assert (code["glspc.server.command"], code["glspc.server.commandArguments"]) == ("randnotiz", ["lsp"])
    assert set(code["glspc.server.languageId"]) == {"yaml", "markdown"}


def test_the_task_of_vs_code_finds_all_that_check_prints(tmp_path: Path) -> None:
    write(tmp_path / "content", {**CONTENT, "library/article.md": ARTICLE.replace("900", "950")})
    printed = run(tmp_path, "check", "--content", "content").stdout
    *_, task = json.loads((EDITORS / "vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    *_, ours = json.loads((ROOT / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    assert ours["problemMatcher"] == task["problemMatcher"], "this repository's own finds the same"
    pattern = task["problemMatcher"]["pattern"]
    found = [re.match(pattern["regexp"], line) for line in printed.splitlines()]
    names = ("file", "line", "code", "severity")
    rows = {tuple(one[pattern[name]] or "error" for name in names) for one in found if one}
    theirs = json.loads(run(tmp_path, "check", "--content", "content", "--format", "json").stdout)
    assert rows == {(one["path"], str(one["line"]), one["code"], one["severity"]) for one in theirs}
    assert {severity for *_, severity in rows} == {"error", "warning"}
