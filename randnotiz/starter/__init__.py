"""What a new article and a new site start from: folders that build at once, with examples to copy from."""

import json
import os
import re
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from errno import EEXIST
from pathlib import Path, PurePosixPath

from msgspec import Struct

from randnotiz.colours import COLOURS, nearest

EXAMPLES = Path(__file__).parent
# By it editors' tools find the schema of a file (yaml-language-server).
MODELINE = "# yaml-language-server: $schema={up}schema/{name}.json\n"
# `made_with` is read from the settings and put in the place of {version}.
_INSTALL = (
    r"""version=$(sed -n "s/^made_with: *[\"']\{{0,1\}}\([0-9a-z.]*\).*/\1/p" content/site.yaml)"""
    ' && engine={engine} && {{ [ -n "$version" ] || {{ '
    'echo "::error file={below}content/site.yaml::made_with names no version"; false; }}; }}'
    r' && pip install "${{engine//\{{version\}}/$version}}"'
)
THEIRS = ("README.md", ".gitignore")  # what a new repository may have already, and keeps
_WORD = re.compile(r"@([A-Z]+)@")
FILES = ("article.md", "sources.yaml", "counterclaims.yaml", "figures.yaml", "charts.yaml", "notes.yaml")


def new(content: Path, slug: str, today: date) -> list[Path]:
    """The files of a new article folder, a draft, all or none. FileExistsError where the name is taken, OSError."""
    folder = content / slug
    folder.mkdir()
    paths = [folder / name for name in FILES]
    try:
        for path in paths:
            text = (EXAMPLES / path.name).read_text(encoding="utf-8").replace("2026-01-01", today.isoformat())
            if (content.parent / "schema" / f"{path.stem}.json").is_file() and path.suffix == ".yaml":
                text = MODELINE.format(up="../../", name=path.stem) + text
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        for path in paths:
            path.unlink(missing_ok=True)
        folder.rmdir()
        error.filename = error.filename or str(folder)  # that of a full disk has no name
        raise
    return paths


class Answers(Struct, frozen=True, kw_only=True):
    """What a site begins with: `accent` in hexadecimal, `engine` for pip, its version as `{version}`, or empty."""

    name: str
    url: str
    lang: str
    publisher: str
    accent: str
    engine: str
    version: str


def on_paper(colour: str) -> str:
    """The nearest colour to one that can be read on light paper."""
    return nearest(colour, COLOURS["paper"].light, COLOURS["raised"].light)


def site(folder: Path, answers: Answers, schemas: Mapping[str, str], today: date) -> list[Path]:
    """The files of a new site, all or none, but those a repository has. FileExistsError names one in the way."""
    files = dict(_site_files(answers, schemas, today, _below(folder)))
    files = {path: text for path, text in files.items() if path not in THEIRS or not os.path.lexists(folder / path)}
    if there := next((folder / path for path in files if os.path.lexists(folder / path)), None):
        raise FileExistsError(EEXIST, "is there already", str(there))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".init-", dir=folder) as stage:
        for path, text in files.items():
            target = Path(stage, path.replace("../", "above/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        for path in files:  # one by one into what may be there, such as the folder of a new repository
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            Path(stage, path.replace("../", "above/")).replace(folder / path)
    return [Path(os.path.normpath(folder / path)) for path in files]


def _below(folder: Path) -> PurePosixPath:
    """Where a folder lies below the root of the repository around it; `.` where it is that, or there is none."""
    whole = Path(os.path.abspath(folder))  # noqa: PTH100 - which follows no link
    root = next((each for each in (whole, *whole.parents) if (each / ".git").exists()), whole)
    return PurePosixPath(whole.relative_to(root).as_posix())


def _site_files(
    answers: Answers, schemas: Mapping[str, str], today: date, below: PurePosixPath
) -> Iterator[tuple[str, str]]:
    prefix = f"{below}/" if below.parts else ""
    dark = nearest(answers.accent, COLOURS["raised"].dark)
    words = {
        "NAME": json.dumps(answers.name, ensure_ascii=False),
        "TITLE": answers.name,
        "URL": json.dumps(answers.url, ensure_ascii=False),
        "LANG": answers.lang,
        "PUBLISHER": json.dumps(answers.publisher, ensure_ascii=False),
        "VERSION": answers.version,
        "ACCENT": f'{{light: "{on_paper(answers.accent)}", dark: "{dark}"}}',
        "TODAY": today.isoformat(),
        "INSTALL": json.dumps(_INSTALL.format(engine=shlex.quote(answers.engine), below=prefix)),
        "BELOW": prefix,
        "DEFAULTS": f"defaults:\n  run:\n    working-directory: {json.dumps(str(below))}\n\n" if prefix else "",
    }

    def filled(path: Path) -> str:
        return _WORD.sub(lambda word: words[word[1]], path.read_text(encoding="utf-8"))

    own = EXAMPLES / "site" / ("de" if answers.lang.partition("-")[0].lower() == "de" else "en")
    yield "README.md", filled(own / "README.md")
    yield "content/site.yaml", MODELINE.format(up="../", name="site") + filled(own / "site.yaml")
    for path in sorted(own.glob("*/*")):
        line = MODELINE.format(up="../../", name=path.stem) if path.suffix == ".yaml" else ""
        yield f"content/{path.parent.name}/{path.name}", line + filled(path)
    for name, text in schemas.items():
        yield f"schema/{name}.json", text
    yield ".gitignore", "/site/\n/.cache/\n/schema/articles/\n"
    if answers.engine:
        for name in ("publish.yml", "check.yml"):
            where = f"{'../' * len(below.parts)}.github/workflows/{'-'.join((*below.parts, name))}"
            yield where, filled(EXAMPLES / "site" / name)
