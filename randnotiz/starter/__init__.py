"""What a new article starts from: a folder that builds at once, with examples in comments to copy from."""

from datetime import date
from pathlib import Path

EXAMPLES = Path(__file__).parent
FILES = ("article.md", "sources.yaml", "counterclaims.yaml", "figures.yaml", "charts.yaml", "notes.yaml")


def new(content: Path, slug: str, today: date) -> list[Path]:
    """The files of a new article folder, a draft; FileExistsError if there is something of that name already."""
    folder = content / slug
    folder.mkdir()
    paths = []
    for name in FILES:
        path = folder / name
        text = (EXAMPLES / name).read_text(encoding="utf-8").replace("2026-01-01", today.isoformat())
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths
