"""What the wheel holds besides: Vega-Lite's schema, of which altair has a copy, and our own."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Schemas(BuildHookInterface[Any]):
    """Vega-Lite's is packed beside the module that reads it, randnotiz/charts/vega_schema.py; of ours those that no
    article of this repository has made (`schema/articles/`).
    """

    def initialize(self, _version: str, build_data: dict[str, Any]) -> None:
        """Adds the files to what is packed."""
        altair = find_spec("altair")
        assert altair is not None  # noqa: S101 - the build requires it (pyproject.toml)
        assert altair.origin is not None  # noqa: S101 - it is no namespace
        schema = Path(altair.origin).parent / "vegalite/v6/schema/vega-lite-schema.json"
        build_data["force_include"][str(schema)] = "randnotiz/charts/vega-lite-schema.json"
        for ours in Path(self.root, "schema").glob("*.json"):
            build_data["force_include"][str(ours)] = f"randnotiz/schemas/{ours.name}"
