"""The files that the package brings along for every site: templates, style, scripts. A site's own come first."""

from collections.abc import Mapping
from pathlib import Path

PACKAGE = Path(__file__).parent
FOLDERS = ("templates", "static")


def folder(name: str) -> Path:
    """Where a folder lies that the wheel packs: in the package, or in a checkout beside it."""
    packed = PACKAGE / name
    return packed if packed.is_dir() else PACKAGE.parent / name


def files(folder: Path) -> Mapping[str, Path]:
    """Every file below a folder, by its path there, hidden ones left out; none if there is no such folder."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    paths = {path.relative_to(folder).as_posix(): path for path in found}
    return {name: path for name, path in paths.items() if not any(part.startswith(".") for part in name.split("/"))}


def overlay(own: Path, name: str) -> Mapping[str, Path]:
    """Each file of a site by its name: one of its own folder, or else the packaged one."""
    return {**files(folder(name)), **files(own)}
