"""Where a test's site lies: its content and what comes of it in one folder, templates and looks in the project's."""

from pathlib import Path

from randnotiz.site import Folders

ROOT = Path(__file__).parent.parent


def folders_in(root: Path, templates: Path = ROOT / "templates") -> Folders:
    """The folders of a site below `root`."""
    return Folders(
        content=root / "content",
        templates=templates,
        static=ROOT / "static",
        output=root / "site",
        cache=root / "cache",
    )
