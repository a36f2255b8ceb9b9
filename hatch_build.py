"""What the wheel holds of another package: Vega-Lite's schema, of which altair has a copy."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class VegaLiteSchema(BuildHookInterface[Any]):
    """The schema is packed beside the module that reads it, randnotiz/charts/vega_schema.py."""

    def initialize(self, _version: str, build_data: dict[str, Any]) -> None:
        """Adds the file to what is packed."""
        altair = find_spec("altair")
        assert altair is not None  # noqa: S101 - the build requires it (pyproject.toml)
        assert altair.origin is not None  # noqa: S101 - it is no namespace
        schema = Path(altair.origin).parent / "vegalite/v6/schema/vega-lite-schema.json"
        build_data["force_include"][str(schema)] = "randnotiz/charts/vega-lite-schema.json"
