"""The files that the package brings along for every site: templates, style, scripts."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Where a folder lies that the wheel packs: in the package, or in a checkout beside it."""
    packed = PACKAGE / name
    return packed if packed.is_dir() else PACKAGE.parent / name
