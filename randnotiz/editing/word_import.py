"""A .docx of Word or Google Docs taken over: its text as an article, or as the newer text of one."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from randnotiz import analysis, caching, reader
from randnotiz.diagnostics import ContentError, Diagnostic, Position, excerpts, with_excerpts
from randnotiz.editing import word_comments, word_file, word_text
from randnotiz.editing.exchange import place
from randnotiz.editing.files import read, write_changed
from randnotiz.editing.importing import Imported, drafted
from randnotiz.editing.patching import UneditableError, split
from randnotiz.editing.writing import Layout, fields

LONGEST_SUMMARY = 300  # characters

_PICTURE = re.compile(r"!\[((?:[^\]\\]|\\.)*)\]\(([^)\s]+)\)")


def import_word(
    raw: bytes,
    path: str,
    content: Path,
    slug: str,
    today: str,
    is_taken: Callable[[str, str], bool],
    *,
    resolved: bool = False,
) -> Imported:
    """The text of a .docx as a new article, a draft of today; or in place of an article's text, if `is_taken` says so
    of the old article.md and the new one. Its comments become drafts, also the `resolved` ones if that is wished.
    `path` is the document's name.
    """
    article_path = f"{slug}/article.md"
    context, _ = analysis.read_context(content, drafts=True)
    is_new = not os.path.lexists(content / slug)
    try:
        file = word_file.opened(raw, path)
        files, known = ({}, ()) if is_new else reader.load_folder(content, slug)
        text = word_text.read(file, lambda name, picture: _free_name(name, picture, files))
        old = "" if is_new else read(content / article_path, content)
        new = _article(old, article_path, text, today, Path(path).stem)
    except ContentError as error:
        return Imported(faults=(error.diagnostic,))
    except UneditableError as error:
        return Imported(faults=(Diagnostic(Position(article_path), "value-malformed", str(error)),))
    pictures = {name: picture for name, picture in text.pictures.items() if name not in files}
    if not is_new and (new == old or not is_taken(old, new)):
        new, pictures = old, {}
    files = {**files, "article.md": new.replace("\r\n", "\n").encode(), **pictures}
    article, found = analysis.analyse(slug, files, context, known)
    shown = with_excerpts(found, excerpts(files, f"{slug}/"))
    found = tuple(one for one in shown if one.position.path == article_path)
    document = article.annotated.document if article else None
    faulty = any(one.severity == "error" and one.code != "alt-missing" for one in found)
    if article is None or document is None or faulty:
        return Imported(faults=found or shown)
    given, done = word_comments.rows(file, (text.title, text.subtitle), resolved=resolved)
    texts: Mapping[str, tuple[str, str]] = {}
    outcome = Imported()
    try:
        if given:
            texts, outcome = drafted(given, article, document, context, content, "word")
    except ContentError as error:
        return Imported(faults=(error.diagnostic,))
    except UneditableError as error:
        return Imported(faults=(Diagnostic(Position(slug), "value-malformed", str(error)),))
    texts = {**({"article.md": (old, new)} if new != old else {}), **texts}
    _write(content / slug, texts, pictures)
    left = tuple(one for one in found if one.code != "number-uncovered")  # for nobody has begun to annotate it
    return replace(outcome, written=(*pictures, *texts), left=left, resolved=done)


def _free_name(name: str, picture: bytes, files: Mapping[str, bytes]) -> str:
    """The name of a picture beside the article: that of the same one there, or one that no other has."""
    if same := next((each for each, content in files.items() if content == picture), None):
        return same
    stem, dot, ending = name.rpartition(".")
    numbered = (f"{stem}-{number}{dot}{ending}" for number in range(2, len(files) + 3))
    return next(each for each in (name, *numbered) if each not in files)


def _article(old: str, path: str, text: word_text.WordText, today: str, stem: str) -> str:
    """The article with this text: below the front matter that it has, or a first one."""
    if old:
        front, body = split(old, path)
        known = {name: alt for alt, name in _PICTURE.findall(body)}  # which somebody has written here

        def with_alt(found: re.Match[str]) -> str:
            return f"![{found[1] or known.get(found[2], '')}]({found[2]})"

        lines = f"{front}\n\n{_PICTURE.sub(with_alt, text.body)}".splitlines()
        newline = "\r\n" if "\r\n" in old else "\n"
        return newline.join([*lines, ""])
    title = text.title or stem
    given = {
        "title": title,
        "subtitle": text.subtitle or None,
        "published": today,
        "draft": True,
        "summary": _summary(text.lead) or title,
    }
    return "\n".join(["---", *fields(given, 0, Layout()), "---", "", text.body])


def _summary(lead: str) -> str:
    """The sentences at the beginning of the first paragraph, as far as a summary goes; or its first words."""
    if len(lead) <= LONGEST_SUMMARY:
        return lead
    whole = lead[:LONGEST_SUMMARY]
    sentences = re.match(r"(?s).*[.!?…][\"'”“»)]*(?=\s)", whole)
    return sentences[0] if sentences else whole.rpartition(" ")[0] + " …"


def _write(folder: Path, texts: Mapping[str, tuple[str, str]], pictures: Mapping[str, bytes]) -> None:
    """All files, or none. Of an article that is there, each text is written in place of the old one."""
    if not folder.exists():
        with TemporaryDirectory(prefix=".import-", dir=folder.parent) as stage:
            made = Path(stage, folder.name)
            made.mkdir()
            for name, written in {**pictures, **{name: new.encode() for name, (_, new) in texts.items()}}.items():
                caching.write_whole(made / name, written)
            made.rename(folder)
        return
    done: list[Path] = []
    try:
        for name, picture in pictures.items():
            place(caching.draft(folder / name, picture, sync=True), folder / name)
            done.append(folder / name)
        write_changed(folder, texts)
    except OSError:
        for path in done:
            path.unlink(missing_ok=True)
        raise
