"""What the preview shows at this moment: the last good site, the pages made since, and the faults that stand."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from randnotiz import charts, pages, reader, site
from randnotiz.errors import Finding, collected
from randnotiz.site import making
from randnotiz.site.output import written

Findings = tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What came of a change: pages that are new, by path below the site, and what is to be said about the content.

    `faulty` says that the content has faults, so that the site is still the last good one.
    """

    pages: Mapping[str, bytes]
    findings: Findings
    faulty: bool


class Desk:
    """Keeps the site in step with its content.

    A save in one article's folder is answered at once from memory (`glance`); the site itself, with everything that
    depends on the article, is built right after (`settle`). Neither ever runs twice at the same time.
    """

    def __init__(self, folders: site.Folders, choices: site.Choices) -> None:
        self.folders, self.choices = folders, choices
        self.fresh: dict[str, bytes] = {}
        self.paths: frozenset[str] = frozenset()
        self.findings: Findings = ()
        self._shared: making.Surroundings | None = None
        self._working = threading.Lock()

    def glance(self, slug: str) -> Seen | None:
        """The page of one article as its folder stands now; None where only a whole build can tell."""
        with self._working:
            if self._shared is None or not (self.folders.content / slug / "article.md").is_file():
                return None
            files, findings = reader.load_folder(self.folders.content, slug)
            cache = self.folders.cache / "charts"
            placed, more = making.place(slug, files, self._shared, cache)
            findings += more
            if any(finding.severity == "error" for finding in findings):
                return Seen(pages={}, findings=findings, faulty=True)
            if placed is None:
                return None
            faults: list[Finding] = []
            page = b""
            with collected(faults):
                drawn = {id: charts.draw(one, cache) for id, one in placed.prepared.items()}
                page = pages.article_page(placed.annotated, self._shared.frame, drawn).encode()
            if faults:
                return Seen(pages={}, findings=(*findings, *faults), faulty=True)
            self.fresh[f"{slug}/index.html"] = page
            return Seen(pages={f"{slug}/index.html": page}, findings=findings, faulty=False)

    def settle(self) -> Seen:
        """The whole site as the content stands now, or the last good one with the faults that keep it so."""
        with self._working:
            self._shared, _ = site.read_surroundings(self.folders, self.choices)
            outcome = site.build(self.folders, self.choices)
            self.findings = outcome.findings
            if not outcome.stopped:
                self.fresh.clear()
            self.paths = frozenset(written(self.folders.output))
            return Seen(pages={}, findings=outcome.findings, faulty=outcome.stopped)

    def file(self, path: str) -> bytes | None:
        """What the site has under a path: never anything that a build did not write."""
        if path in self.fresh:
            return self.fresh[path]
        if path not in self.paths:
            return None
        try:
            return (self.folders.output / path).read_bytes()
        except OSError:
            return None


def article_of(paths: Iterable[Path], content: Path) -> str | None:
    """The one article that all changed files belong to; None if there are several or something else changed."""
    slugs = set()
    for path in paths:
        if not path.is_relative_to(content):
            return None
        parts = path.relative_to(content).parts
        if len(parts) < 2 or parts[0] == "pages":
            return None
        slugs.add(parts[0])
    return slugs.pop() if len(slugs) == 1 else None
