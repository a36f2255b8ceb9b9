"""What a house says of its look: `theme` in site.yaml."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from unicodedata import normalize
from urllib.parse import urlsplit

from msgspec import field

from randnotiz.colours import MOST_STEPS, NAMES_OF_KINDS, Pair
from randnotiz.diagnostics import SourceText, shortened
from randnotiz.schema import Record, fields_of, record
from randnotiz.schema.fields import (
    ADDRESS,
    LANGUAGE_PATTERN,
    LINE,
    FieldType,
    by_key,
    choice,
    each,
    language,
    line,
    malformed,
)
from randnotiz.yamldoc import List, Map

_COLOUR = r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})"
_WEIGHT = r"[1-9]\d{0,2}|1000"
_LENGTH = r"(?=[\d.]*[1-9])\d+(?:\.\d+)?(?:px|rem|em|ch|%)"


def _pattern(pattern: str, what: str, hint: str) -> FieldType:
    """A word of a pattern."""

    def read(value: Any) -> SourceText:
        words = line(value)
        if not re.fullmatch(pattern, words):
            malformed(words, f"'{shortened(words)}' is no {what}", hint)
        return words

    return FieldType(read, {"type": ["string", "number"], "pattern": f"^(?:{pattern})$"})


def _composed(kind: FieldType) -> FieldType:
    """A name of a file in composed letters, as files of `static/` are known by."""

    def read(value: Any) -> SourceText:
        words: SourceText = kind.read(value)
        return words.saying(normalize("NFC", words))

    return FieldType(read, kind.schema)


_FILE = _composed(LINE)
_ICON = _composed(_pattern(r".+\.[sS][vV][gG]", "SVG", "Name an SVG."))
_SHEET = _composed(_pattern(r".+\.[cC][sS][sS]", "style sheet", "Name a .css file."))
_FAMILY = _pattern(r"[^\"\\<>{};,]+", "name of a face", "Write one name, without quotation marks: 'House Serif'.")
_WEIGHTS = _pattern(rf"(?:{_WEIGHT})(?: (?:{_WEIGHT}))?", "weight", "Write 400, or '200 900' for a variable face.")


def _weight(value: Any) -> SourceText:
    words: SourceText = _WEIGHTS.read(value)
    ends = [int(end) for end in words.split()]
    if ends != sorted(ends):
        malformed(words, f"'{words}' is no weight", f"Write the lighter one first: '{ends[1]} {ends[0]}'.")
    return words


_WEIGHT_OR_TWO = FieldType(_weight, _WEIGHTS.schema)
_COLOURS = _pattern(_COLOUR, "colour", "Write its red, green and blue in hexadecimal digits: '#a3122a'.")


def _colour(value: Any) -> SourceText:
    words = line(value)
    if found := re.fullmatch(rf"#?({_COLOUR[1:]})(?:[0-9a-fA-F]{{1,2}})?", words):
        near = f"#{found[1]}"
        if near != words:
            malformed(words, f"'{words}' is no colour", f'Write "{near}", in quotation marks.')
    colour: SourceText = _COLOURS.read(value)
    return colour


COLOUR = FieldType(_colour, _COLOURS.schema)


class ColourPair(Record, frozen=True, kw_only=True):
    """A colour on light and on dark paper."""

    noun = "colour"
    short = "light"

    light: Annotated[SourceText, COLOUR, "On light paper.", '"#a3122a"']
    dark: Annotated[SourceText | None, COLOUR, "On dark paper; the same if absent.", '"#f3a0a8"'] = None

    @property
    def pair(self) -> Pair:
        """Both."""
        return str(self.light), str(self.dark or self.light)

    @property
    def written(self) -> tuple[SourceText, SourceText]:
        """Both, with the places where they stand."""
        return self.light, self.dark or self.light


_PAIR = record(ColourPair)


def _kind(value: Any) -> SourceText:
    words = line(value)
    if words not in NAMES_OF_KINDS:
        malformed(words, f"there is no kind '{shortened(words)}'", f"Write one of: {', '.join(NAMES_OF_KINDS)}.")
    return words


class Colours(Record, frozen=True, kw_only=True):
    """The colours of a house; what it leaves out is made to fit those."""

    noun = "group of colours"

    paper: Annotated[ColourPair | None, _PAIR, "What everything stands on.", '{light: "#fff", dark: "#111"}'] = None
    ink: Annotated[ColourPair | None, _PAIR, "Text.", '{light: "#111", dark: "#eee"}'] = None
    accent: Annotated[ColourPair | None, _PAIR, "Focus and controls.", '{light: "#a3122a", dark: "#f3a0a8"}'] = None
    kinds: Annotated[
        Mapping[str, ColourPair],
        by_key(_kind, _PAIR, {"enum": list(NAMES_OF_KINDS)}),
        "Kinds of notes: source, claim, figure, note.",
        '{source: {light: "#5f707d", dark: "#7d8b96"}}',
    ] = field(default_factory=dict)
    verdicts: Annotated[
        tuple[ColourPair, ...],
        each(_PAIR),
        "The steps of the scale `verdicts`, in its order.",
        '["#451207", "#c88d4c", "#2f673d"]',
    ] = ()
    series: Annotated[
        tuple[ColourPair, ...],
        each(_PAIR),
        f"The series of charts, {MOST_STEPS} at most, in the order they are taken.",
        '["#1f5f92"]',
    ] = ()

    def named(self, steps: list[int]) -> Iterator[tuple[str, ColourPair]]:
        """Each colour by its name in the program's table; `steps` are those that the site's verdicts take."""
        for name in ("paper", "ink", "accent"):
            if (colour := getattr(self, name)) is not None:
                yield name, colour
        yield from ((NAMES_OF_KINDS[kind], colour) for kind, colour in self.kinds.items())
        yield from ((f"verdict-{step}", colour) for step, colour in zip(steps, self.verdicts, strict=False))
        yield from ((f"chart-{at}", colour) for at, colour in enumerate(self.series[:MOST_STEPS], 1))


class FaceFile(Record, frozen=True, kw_only=True):
    """A file of a face."""

    noun = "file of a face"
    short = "file"

    file: Annotated[
        SourceText, _FILE, "A file in the site's `static/`: woff2, woff, ttf or otf.", "fonts/house.woff2"
    ]
    weight: Annotated[
        SourceText | None, _WEIGHT_OR_TWO, "Its weight, or two between which it varies; 400 if absent.", "700"
    ] = None
    style: Annotated[str, choice("style", ("normal", "italic")), "Italic, if it is.", "italic"] = "normal"


class Face(Record, frozen=True, kw_only=True):
    """A face for text or for the interface."""

    noun = "face"

    family: Annotated[SourceText, _FAMILY, "Its name; one that readers have installed needs no file.", "House Serif"]
    files: Annotated[tuple[FaceFile, ...], each(record(FaceFile)), "Its files.", "[fonts/house.woff2]"] = ()


_PIXELS = {"px": 1.0, "rem": 16.0, "em": 16.0, "ch": 8.0}


def _length(least: int, most: int, percent: float, hint: str) -> FieldType:
    """A length of so many pixels in a window of common size, of which a percent is so many."""
    words_of = _pattern(_LENGTH, "length", hint)

    def read(value: Any) -> SourceText:
        words: SourceText = words_of.read(value)
        number = re.match(r"[\d.]+", words)
        pixels = float(number[0]) * {**_PIXELS, "%": percent}[words[number.end() :]] if number else 0
        if not least <= pixels <= most:
            malformed(words, f"'{words}' is {pixels:g} pixels, and {least} to {most} can be read", hint)
        return words

    return FieldType(read, words_of.schema)


class Measures(Record, frozen=True, kw_only=True):
    """Lengths, as CSS has them."""

    noun = "group of measures"

    size: Annotated[
        SourceText | None, _length(10, 40, 0.16, "Write '112%' or '18px'."), "The size of text.", "112%"
    ] = None
    column: Annotated[
        SourceText | None, _length(200, 1600, 16, "Write '34rem'."), "The width of the text.", "34rem"
    ] = None
    margin: Annotated[
        SourceText | None, _length(100, 1000, 16, "Write '18rem'."), "The width of the notes beside it.", "18rem"
    ] = None


class Logo(Record, frozen=True, kw_only=True):
    """Pictures of the house, in the site's `static/`."""

    noun = "logo"
    short = "light"

    light: Annotated[SourceText | None, _FILE, "On light paper, instead of `logo`.", "logo.svg"] = None
    dark: Annotated[SourceText | None, _FILE, "On dark paper.", "logo-dark.svg"] = None
    favicon: Annotated[SourceText | None, _ICON, "In the tab of a browser: an SVG.", "icon.svg"] = None


_ACCOUNT = r"@[\w.-]+@[\w-]+(?:\.[\w-]+)+"
_LINK = r"(?:https?://|mailto:)[^\s\"<>]+|(?!/|\.\.)[\w./-]+/(?:index\.html)?"


def _link(value: Any) -> SourceText:
    words = line(value)
    if not re.fullmatch(_LINK, words):
        page = re.sub("(?:[.]html?)?(?:[?#].*)?$", "", words).strip("/")
        near = "" if {".", ":"} & {*page} else f"{page}/"
        if re.fullmatch(r"[^\s@/:]+@[^\s@/:]+\.\w+", words):
            near = f"mailto:{words}"
        elif re.match(r"//|www\.", words):
            near = f"https://{words.lstrip('/')}"
        known = re.fullmatch(_LINK, near)
        hint = f"Write '{near}'." if known else "Write 'https://…', 'mailto:…' or 'pages/imprint/'."
        malformed(words, f"'{shortened(words)}' is no address", hint)
    return words


def _account(value: Any) -> SourceText:
    words = line(value)
    if not re.fullmatch(_ACCOUNT, words):
        known = re.fullmatch(_ACCOUNT, f"@{words}")
        near = f"Write '@{words}'." if known else "Write it with its server: '@house@social.example'."
        malformed(words, f"'{shortened(words)}' is no account", near)
    return words


class FrameLink(Record, frozen=True, kw_only=True):
    """A link, or words alone."""

    noun = "link"
    short = "text"

    text: Annotated[SourceText, LINE, "Its words.", "Found a mistake?"]
    url: Annotated[
        SourceText | None,
        FieldType(_link, {"type": ["string", "number"], "pattern": f"^(?:{_LINK})$"}),
        "Where it leads: an address, one of mail, or a page of the site.",
        "mailto:desk@example.org",
    ] = None


_BY_LANGUAGE = by_key(language, each(record(FrameLink)), {"pattern": f"^{LANGUAGE_PATTERN}$"})


def _frame(value: Any) -> Mapping[str, tuple[FrameLink, ...]]:
    if isinstance(value, List):
        hint = "Write '{en: [CC BY 4.0]}', with every language that you have."
        malformed(value, "these links stand by no language", hint)
    if isinstance(value, Map) and (beside := next((key for key in value if key in fields_of(Look)), None)):
        hint = f"Write '{beside}:' in a line of its own below 'theme:'."
        malformed(beside, f"'{beside}' is no language, but a field of the theme", hint)
    links: Mapping[str, tuple[FrameLink, ...]] = _BY_LANGUAGE.read(value)
    return links


_FRAME = FieldType(_frame, _BY_LANGUAGE.schema)


def _in_short(address: str) -> str:
    """An address without what all of them have: `social.example/@house`."""
    parts = urlsplit(address)
    return (parts.netloc.removeprefix("www.") + parts.path).rstrip("/")


class Look(Record, frozen=True, kw_only=True):
    """The look of a house."""

    noun = "theme"

    colours: Annotated[Colours | None, record(Colours), "Its colours.", '{accent: "#a3122a"}'] = None
    text: Annotated[Face | None, record(Face), "The face of texts.", "{family: Georgia}"] = None
    interface: Annotated[Face | None, record(Face), "The face of all around them.", "{family: Arial}"] = None
    measures: Annotated[Measures | None, record(Measures), "Its measures.", "{column: 34rem}"] = None
    logo: Annotated[Logo | None, record(Logo), "Its signs.", "{light: logo.svg, dark: logo-dark.svg}"] = None
    style: Annotated[
        SourceText | None,
        _SHEET,
        "A style sheet in `static/` whose rules win over those of the package.",
        "house.css",
    ] = None
    header: Annotated[
        Mapping[str, tuple[FrameLink, ...]],
        _FRAME,
        "Links at the top of every page, by language.",
        "{en: [{text: The paper, url: https://example.org/}]}",
    ] = field(default_factory=dict)
    footer: Annotated[
        Mapping[str, tuple[FrameLink, ...]],
        _FRAME,
        "Links and words at the foot of every page, by language.",
        "{en: [CC BY 4.0]}",
    ] = field(default_factory=dict)
    social: Annotated[
        tuple[SourceText, ...],
        each(ADDRESS),
        (
            "The house's pages elsewhere: linked at the foot of every page, and there for search engines "
            "(`rel=me`, `sameAs`)."
        ),
        "[https://example.social/@house]",
    ] = ()

    fediverse: Annotated[
        SourceText | None,
        FieldType(_account, {"type": ["string", "number"], "pattern": f"^(?:{_ACCOUNT})$"}),
        "The account of the house in the Fediverse, for networks that show its pages (`fediverse:creator`).",
        '"@house@social.example"',
    ] = None

    @property
    def elsewhere(self) -> tuple[FrameLink, ...]:
        """Links to the house's pages elsewhere, in words of no language: an account, or the address in short."""
        name, _, server = (self.fediverse or "").lstrip("@").partition("@")
        own = {f"{server}/@{name}": self.fediverse} if self.fediverse else {}
        shorts = ((address, _in_short(address)) for address in self.social)
        return tuple(FrameLink(text=own.get(short, SourceText(short)), url=address) for address, short in shorts)

    def faces(self) -> list[SourceText]:
        """The files of its faces."""
        return [one.file for face in (self.text, self.interface) if face for one in face.files]

    def files(self) -> Iterator[SourceText]:
        """Every file of `static/` that it names."""
        yield from self.faces()
        if self.logo is not None:
            yield from filter(None, (self.logo.light, self.logo.dark, self.logo.favicon))
        if self.style is not None:
            yield self.style


LOOK = record(Look)
