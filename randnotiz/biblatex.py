"""What biblatex 3.20 calls the types and the keys of CSL: the tables of biblatex.yaml, read at first need."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec


@cache
def _tables() -> Mapping[str, Any]:
    tables: Mapping[str, Any] = msgspec.yaml.decode(Path(__file__).with_suffix(".yaml").read_bytes())
    return tables


@cache
def table(name: str) -> Mapping[str, str]:
    """A table by its name; one of lists by the words in these, each of which stands for the word before its list."""
    rows = _tables()[name].items()
    pairs = (((word, key) for word in value) if isinstance(value, list) else ((key, value),) for key, value in rows)
    return dict(chain.from_iterable(pairs))


def row(name: str) -> Sequence[str]:
    """A list by its name."""
    words: Sequence[str] = _tables()[name]
    return words
