"""What a new article and a new site start from: folders that build at once, with examples to copy from."""

import json
import os
import re
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from errno import EEXIST
from pathlib import Path

from msgspec import Struct

from randnotiz.colours import COLOURS, nearest

EXAMPLES = Path(__file__).parent
# By it editors' tools find the schema of a file (yaml-language-server).
MODELINE = "# yaml-language-server: $schema={up}schema/{name}.json\n"
# `made_with` is read from the settings and put in the place of {version}.
_INSTALL = (
    r"version=$(sed -n 's/^made_with: *\([^ ]*\).*/\1/p' content/site.yaml) && engine={engine} && "
    r'pip install "${{engine//\{{version\}}/$version}}"'
)
_WORD = re.compile(r"@([A-Z]+)@")
FILES = ("article.md", "sources.yaml", "counterclaims.yaml", "figures.yaml", "charts.yaml", "notes.yaml")


def new(content: Path, slug: str, today: date) -> list[Path]:
    """The files of a new article folder, a draft; FileExistsError if there is something of that name already. With an
    OSError there is none.
    """
    folder = content / slug
    folder.mkdir()
    paths = [folder / name for name in FILES]
    try:
        for path in paths:
            text = (EXAMPLES / path.name).read_text(encoding="utf-8").replace("2026-01-01", today.isoformat())
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        for path in paths:
            path.unlink(missing_ok=True)
        folder.rmdir()
        error.filename = error.filename or str(folder)  # that of a full disk has no name
        raise
    return paths


class Answers(Struct, frozen=True, kw_only=True):
    """What a new site begins with. `accent` is a colour in hexadecimal, `engine` what pip installs Randnotiz from,
    with `{version}` for the site's own; empty if nobody has said.
    """

    name: str
    url: str
    lang: str
    publisher: str
    accent: str
    engine: str
    version: str


def site(folder: Path, answers: Answers, schemas: Mapping[str, str], today: date) -> list[Path]:
    """The files of a new site, all or none. FileExistsError with the name of one that is there already."""
    files = dict(_site_files(answers, schemas, today))
    if there := next((folder / path for path in files if os.path.lexists(folder / path)), None):
        raise FileExistsError(EEXIST, "is there already", str(there))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".init-", dir=folder) as stage:
        for path, text in files.items():
            target = Path(stage, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        for path in files:  # one by one into what may be there, such as the folder of a new repository
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            Path(stage, path).replace(folder / path)
    return [folder / path for path in files]


def _site_files(answers: Answers, schemas: Mapping[str, str], today: date) -> Iterator[tuple[str, str]]:
    words = {
        "NAME": json.dumps(answers.name, ensure_ascii=False),
        "TITLE": answers.name,
        "URL": answers.url,
        "LANG": answers.lang,
        "PUBLISHER": json.dumps(answers.publisher, ensure_ascii=False),
        "VERSION": answers.version,
        "ACCENT": f'{{light: "{answers.accent}", dark: "{nearest(answers.accent, COLOURS["raised"].dark)}"}}',
        "TODAY": today.isoformat(),
        "INSTALL": json.dumps(_INSTALL.format(engine=shlex.quote(answers.engine))),
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
    yield ".gitignore", "/site/\n/.cache/\n"
    if answers.engine:
        for name in ("publish.yml", "check.yml"):
            yield f".github/workflows/{name}", filled(EXAMPLES / "site" / name)
