"""The paths of a site's files, of which there are some twenty for each of its articles."""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby
from typing import Self


class Paths(Collection[str]):
    """A set of paths below a site, in order.

    Kept as one text for each outermost folder: as strings of their own in a set, those of 10,000 articles would
    take sixty megabytes. No path holds a line break.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._texts: dict[str, str] = {}
        self.add(paths)

    def add(self, paths: Iterable[str]) -> None:
        """More paths; fastest where those of one folder come together."""
        for top, some in groupby(paths, top_of):
            self._texts[top] = "\n".join(sorted({*self.below(top), *some}))

    def below(self, top: str) -> list[str]:
        """Those of an outermost folder, in order; of "" those that lie in none."""
        text = self._texts.get(top)
        return text.split("\n") if text else []

    def tops(self) -> list[str]:
        """The outermost folders that hold one, in order; "" for those that lie in none."""
        return sorted(self._texts)

    def only(self, wanted: Callable[[str], bool]) -> Self:
        """Those whose outermost folder is wanted."""
        chosen = type(self)()
        chosen._texts = {top: text for top, text in self._texts.items() if wanted(top)}
        return chosen

    def __iter__(self) -> Iterator[str]:
        for name in sorted((*self.below(""), *(f"{top}/" for top in self._texts if top))):
            yield from self.below(name[:-1]) if name[-1] == "/" else (name,)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and path in self.below(top_of(path))

    def __len__(self) -> int:
        return sum(text.count("\n") + 1 for text in self._texts.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Paths) and self._texts == other._texts

    __hash__ = None  # type: ignore[assignment]  # paths may be added

    def __or__(self, other: Self) -> Self:
        both = self.only(lambda _: True)
        for top, text in other._texts.items():
            mine = both._texts.get(top)
            both._texts[top] = (
                text if mine in (None, text) else "\n".join(sorted({*self.below(top), *other.below(top)}))
            )
        return both

    def __sub__(self, other: Self) -> Iterator[str]:
        """Those that are not among others, folder by folder."""
        for top in self.tops():
            if self._texts[top] != other._texts.get(top):
                theirs = set(other.below(top))
                yield from (path for path in self.below(top) if path not in theirs)


def top_of(path: str) -> str:
    """The outermost folder of a path, which is an article's if it has an article's name; "" if it lies in none."""
    top, _, below = path.partition("/")
    return top if below else ""
