"""What is wrong with the look of a house: files that are absent or not what they are named, colours nobody sees."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from randnotiz import colours, media, shipped
from randnotiz.diagnostics import ContentError, Diagnostic, SourceText, did_you_mean, shortened
from randnotiz.model import Face, Look, Settings


def check(settings: Settings, there: Mapping[str, Path], content: Path) -> Iterator[Diagnostic]:
    """All of it; `there` are the static files by their names, `content` is the folder of content."""
    look = settings.theme
    if look is not None:
        for file in look.files():
            yield from _file(file, look, there, content)
        yield from _counts(settings, look)
        yield from _frames(look)
        for face in filter(None, (look.text, look.interface)):
            yield from _faces(face)
        logo = look.logo
        if logo is not None and logo.dark is not None and not (logo.light or settings.logo):
            message, hint = (
                "this logo has no 'light', without which it is shown nowhere",
                f"Write 'light: {logo.dark}' for both.",
            )
            yield Diagnostic(logo.dark.position, "field-missing", message, hint)
    yield from _contrasts(settings)


def _last(name: str) -> str:
    return name.rpartition("/")[2].casefold()


def _file(file: SourceText, look: Look, there: Mapping[str, Path], content: Path) -> Iterator[Diagnostic]:
    if file not in there:
        elsewhere = "://" in file
        same = [name for name in there if _last(name) == _last(file)]  # in another folder, or in other letters
        near = f"; did you mean '{same[0]}'?" if len(same) == 1 else did_you_mean(file, there)
        message = f"there is no file '{shortened(file)}' in static/{'' if elsewhere else near}"
        hint = "Pages ask no other host for anything: put a copy into static/, and name that." if elsewhere else ""
        if not near and (content / file).is_file():
            hint = "It lies in the folder of content: move it into static/."
        yield Diagnostic(file.position, "file-missing", message, hint)
    elif file == look.style:
        if there[file] == shipped.files(shipped.folder("static")).get(file):
            message = f"'{file}' is a sheet of the package, which every page has"
            yield Diagnostic(file.position, "value-malformed", message, "Give yours another name.")
    else:
        gate = media.face if file in look.faces() else media.picture
        try:
            gate(file, there[file].read_bytes(), file.position)
        except ContentError as error:
            yield error.diagnostic


def _faces(face: Face) -> Iterator[Diagnostic]:
    """Files of which browsers take the last alone, since they are for the same words (CSS Fonts 4, 4.2)."""
    known: dict[tuple[str, str], SourceText] = {}
    for one in face.files:
        kind = (str(one.weight or 400), one.style)
        first = known.setdefault(kind, one.file)
        if first is not one.file:
            message = f"'{shortened(one.file)}' has weight {kind[0]} and style {kind[1]} like '{shortened(first)}'"
            hint = f"Write '{{file: {one.file}, weight: 700}}', or 'style: italic'; leave out a second format."
            yield Diagnostic(one.file.position, "field-doubled", message, hint)


# Of an address alone, Markdown and HTML.
_MARKED_UP = re.compile(r"(?:https?://|mailto:|www\.)\S+$|.*?(?:\[[^\]]*\]\(|\*\*|</?[a-z]|&#?\w+;)", re.IGNORECASE)


def _frames(look: Look) -> Iterator[Diagnostic]:
    """Words at the top and the foot that stand there as they are written, and were meant for more."""
    for link in (link for frame in (look.header, look.footer) for links in frame.values() for link in links):
        if not link.url and _MARKED_UP.match(link.text):
            message = f"'{shortened(link.text)}' is printed as it stands, and leads nowhere"
            hint = "Write {text: its words, url: https://…}; there is no Markdown here."
            yield Diagnostic(link.text.position, "markdown-near", message, hint)


def _counts(settings: Settings, look: Look) -> Iterator[Diagnostic]:
    verdicts, series = (look.colours.verdicts, look.colours.series) if look.colours else ((), ())
    if len(verdicts) not in (0, len(settings.verdicts)):
        message = f"{len(verdicts)} colours for {len(settings.verdicts)} verdicts"
        hint = "Give one for each, in the order of 'verdicts'."
        yield Diagnostic(verdicts[0].light.position, "value-malformed", message, hint)
    if len(series) > colours.MOST_STEPS:
        message = f"{len(series)} colours for series; no chart takes more than {colours.MOST_STEPS}"
        yield Diagnostic(series[colours.MOST_STEPS].light.position, "limit-exceeded", message, "Leave the rest out.")


def _contrasts(settings: Settings) -> Iterator[Diagnostic]:
    """Words and lines that cannot be read, and fills that cannot be told from paper."""
    table = colours.palette(settings.colours())
    papers: tuple[str, ...]
    for name, colour in settings.own_colours():
        for at, written in enumerate(colour.written):
            if name in colours.WORDS:
                papers, least, can = (table["paper"][at], table["raised"][at]), colours.LEAST, "read"
            elif name in colours.FILLS:
                papers, least, can = (table["paper"][at],), colours.LEAST_FILLED, "seen"
            else:
                continue
            if (near := colours.nearest(written, *papers, least=least)) != written:
                low = min(colours.contrast(written, paper) for paper in papers)
                scheme = ("light", "dark")[at]
                message = f"'{written}' has a contrast of {low:.1f} on {scheme} paper; {least} can be {can}"
                yield Diagnostic(written.position, "contrast-low", message, f"The nearest that can is '{near}'.")
