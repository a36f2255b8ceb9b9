"""Where a test's site lies: its content and what comes of it in one folder, templates and looks in the project's."""

from pathlib import Path

from randnotiz.site import SitePaths

ROOT = Path(__file__).parent.parent


def folders_in(root: Path, templates: Path = ROOT / "templates") -> SitePaths:
    """The folders of a site below `root`."""
    return SitePaths(
        content=root / "content",
        templates=templates,
        static=ROOT / "static",
        output=root / "site",
        cache=root / "cache",
    )
