"""The texts about DeepSeek are in their own words: they share no seven in a row with the report they examine."""

import hashlib
import re
from pathlib import Path

CONTENT = Path(__file__).parent.parent / "content"
TITLE = "„Kein einzigartiger Durchbruch“: Anthropic-CEO holt DeepSeek auf den Boden zurück"
TARGET = re.compile(r"\]\([^)]*\)")  # of a link: no reader sees it


def sevens(text: str) -> set[str]:
    """Each seven words in a row, in lower case; marks of Markdown, `_` among them, are no part of a word."""
    words = re.findall(r"\w+", TARGET.sub("]", text).replace("_", " ").lower())
    return {" ".join(words[at : at + 7]) for at in range(len(words) - 6)}


def test_text_and_annotations_share_nothing_with_the_report_but_its_title(data_of_others: Path) -> None:
    """The report is not ours to keep: beside the data of others lie only hashes of its words, below a line that says
    how they are made. That its title is found shows that they are made alike here.
    """
    hashes = (data_of_others.parent / "facts" / "report-sevens.txt").read_text(encoding="utf-8").splitlines()
    files = [path for path in CONTENT.rglob("*") if path.suffix in {".md", ".yaml", ".csv"}]
    written = set().union(*(sevens(path.read_text(encoding="utf-8")) for path in files))
    shared = {words for words in written if hashlib.sha256(words.encode()).hexdigest()[:16] in hashes}
    assert shared == sevens(TITLE)
