"""Memoized functions: the last results of pure functions, had again for the same arguments.

Of what an editor's save leaves as it was, nothing is made twice while the preview runs. A build passes every article
but once and gains nothing; it loses a few references.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

# Records hold mappings, and to compare those would take as long as to make them; they must be the very same. These
# must only be equal, which `SourceText` is not among: its position is no part of its words.
BY_VALUE = frozenset((str, bytes, int, frozenset, type(None), type(Path())))


def _key(part: Any) -> Any:
    """What two arguments share that are the same; tuples are if their parts are."""
    if isinstance(part, tuple):
        return tuple(map(_key, part))
    return part if type(part) in BY_VALUE else id(part)


def memoize(size: int) -> Callable[[F], F]:
    """A function that remembers its last results, `size` of them, by its arguments: so it takes all that its result
    depends on, and best nothing else. A record among them must never change.
    """

    def remembering(function: F) -> F:
        results: dict[tuple[Any, ...], tuple[tuple[Any, ...], Any]] = {}

        @wraps(function)
        def remembered(*arguments: Any) -> Any:
            key = _key(arguments)
            if key in results:
                return results[key][1]
            result = function(*arguments)
            # The arguments are held as well: while they live, nothing else bears their ids.
            results[key] = arguments, result
            if len(results) > size:
                results.pop(next(iter(results)))
            return result

        return remembered  # type: ignore[return-value]  # it has the function's own signature

    return remembering
