"""Style, script and pictures of the site, named by a hash of what they hold."""

import base64
import re
from collections.abc import Callable, Mapping
from errno import EILSEQ
from functools import lru_cache
from hashlib import blake2b, sha256
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath, relpath
from unicodedata import normalize
from urllib.parse import unquote

from markupsafe import Markup
from msgspec import Struct, field
from msgspec.structs import replace

from randnotiz import media
from randnotiz.codes import Code
from randnotiz.colours import COLOURS, Colour
from randnotiz.diagnostics import NOWHERE, ContentError, Diagnostic, Position, did_you_mean, shortened
from randnotiz.model import Look
from randnotiz.pages import styles
from randnotiz.pages.stylesheets import broken, renamed, short_style

_SUBTYPES = {"jpg": "jpeg", "svg": "svg+xml"}  # of images whose ending is another
# What would end an inline style or script too early. It can only stand in a text there, where an escape is the same.
_CLOSES = re.compile(r"<(?=/(?:script|style)|!--)", re.IGNORECASE)
IN_STYLE, IN_SCRIPT = r"\\3c ", r"\\x3c"
_ELSEWHERE = re.compile(r"(?!data:)[a-z][a-z\d+.-]*:|//", re.IGNORECASE)  # another host
_PUBLISHED = re.compile(r"/(?:static|assets)/")  # the folder, and where its files are published by other names
_NO_FILE = re.compile(r"data:|[/#?]|$", re.IGNORECASE)
_INDENTS_AND_COMMENTS = re.compile(r"^\s*(?://.*)?\n?", re.MULTILINE)
_GOES_ON = re.compile(r"^((?:(?!//).)*[;{,])\n", re.MULTILINE)


class Asset(Struct, frozen=True, kw_only=True):
    """A file as it is served: its name under `assets/`, which holds a hash of its bytes, and these."""

    name: str
    content: bytes


STYLE = "style.css"
EMBED_STYLE = "embed.css"  # which is inside of the pages that have it, and served by no name


class Reading(Struct, frozen=True, kw_only=True):
    """Static files on their way to how they are served, and what is wrong with the style sheets among them. `place`
    says what a file is called in a diagnostic.
    """

    files: Mapping[str, Path]
    colours: Mapping[str, Colour] = field(default_factory=lambda: COLOURS)
    look: Look | None = None
    place: Callable[[Path], str] = Path.as_posix
    made: dict[str, Asset] = field(default_factory=dict)
    faults: list[Diagnostic] = field(default_factory=list)
    making: list[str] = field(default_factory=list)  # files that wait for those they name

    def assets(self) -> dict[str, Asset]:
        """All files, by the names that templates have for them. What a style sheet names below its own folder it
        finds under the name that it is served by; the sheets that it imports are in it.
        """
        return {name: self.asset(name) for name in self.files}

    def asset(self, name: str) -> Asset:
        """A file, made after those that it names."""
        if name not in self.made:
            if name.lower().endswith(".css"):
                self.making.append(name)
                content = self._style(name).encode()
                self.making.pop()
            else:
                content = _content(self.files[name])
            self.made[name] = asset(name, content)
        return self.made[name]

    def _style(self, name: str) -> str:
        css, look = self._sheet(name, name), self.look
        if name == STYLE and look is not None:
            css += short_style(
                renamed(styles.of(look, self.files), lambda file, _: self.asset(file).name), self.colours
            )
            if look.style in self.files:  # rules outside of layers win over those in one (CSS Cascade 5, 6.4.4)
                css = f"@layer base{{{css}}}{self._sheet(str(look.style), name)}"
        if name == EMBED_STYLE and look is not None:  # faces by their names, measures of its own
            css += short_style(styles.of(replace(look, measures=None), ()), self.colours)
        return css

    def _sheet(self, name: str, into: str) -> str:
        """A style sheet as a part of one."""
        try:
            text = self.files[name].read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            self._note(name, "", 0, "encoding", f"this file is not UTF-8 (byte {error.start})")
            return ""
        if fault := broken(text):
            at, message, hint = fault
            self._note(name, text, at, "template-fault", message, hint)
            return ""

        def served(address: str, at: int) -> str:
            named = self._named(name, text, address, at)
            if named is None or named in self.making:
                return address
            rest = address[len(re.split("[?#]", address)[0]) :]
            return relpath(self.asset(named).name, dirname(into) or ".") + rest

        def imported(address: str, at: int, media: str) -> str:
            return self._imported(name, text, into, address, at, media)

        return short_style(renamed(text, served, imported), self.colours)

    def _named(self, name: str, text: str, address: str, at: int) -> str | None:
        """The file of an address that stands in a style sheet, None where there is none."""
        if _ELSEWHERE.match(address):
            message = f"'{shortened(address)}' lies on another host, which pages never ask for anything"
            self._note(name, text, at, "image-remote", message, "Put a copy into static/, and name that.")
        elif (bare := _PUBLISHED.sub("", address)) != address and bare in self.files:
            message, near = (
                f"'{shortened(address)}' is where no page finds a file",
                relpath(bare, dirname(name) or "."),
            )
            self._note(
                name, text, at, "file-missing", message, f"Write '{near}': this sheet finds what lies beside it."
            )
        elif not _NO_FILE.match(address):
            written = normalize("NFC", normpath(join(dirname(name), re.split("[?#]", address)[0])))
            named = written if written in self.files else normalize("NFC", unquote(written))
            if named in self.files:
                self._gate(name, text, named, at)
                return named
            beside = (relpath(file, dirname(name) or ".") for file in self.files)
            message = f"there is no file '{shortened(address)}' beside this one{did_you_mean(address, beside)}"
            self._note(name, text, at, "file-missing", message)
        return None

    def _gate(self, name: str, text: str, named: str, at: int) -> None:
        """Notes what is wrong with a face or a picture that a style sheet names."""
        ending = named.rpartition(".")[2].lower()
        gate = media.face if ending in media.FACES else media.picture if ending in media.PICTURES else None
        try:
            if gate:
                gate(named, self.files[named].read_bytes(), NOWHERE)
        except ContentError as error:
            self._note(name, text, at, error.diagnostic.code, error.diagnostic.message, error.diagnostic.hint)

    def _imported(self, name: str, text: str, into: str, address: str, at: int, media: str) -> str:
        """The rules of a style sheet in the place of the rule that imports it."""
        if not address:
            self._note(
                name, text, at, "template-fault", "this rule names no sheet", "Write '@import \"house.css\";'."
            )
        named = self._named(name, text, address, at)
        if named is None:
            return ""
        if named in self.making:
            circle = *self.making[self.making.index(named) :], named
            message = f"style sheets import each other in a circle: {' → '.join(circle)}"
            self._note(name, text, at, "template-fault", message, "Leave one of the two out.")
            return ""
        if re.match(r"(?:layer|supports)\b", media, re.IGNORECASE):
            message = f"'{shortened(media)}' behind an import is not read here"
            hint = "Write it around the rules of that sheet, or let a list of media alone stand there."
            self._note(name, text, at, "template-fault", message, hint)
            return ""
        self.making.append(named)
        css = self._sheet(named, into)
        self.making.pop()
        return f"@media {media}{{{css}}}" if media else css

    def _note(self, name: str, text: str, at: int, code: Code, message: str, hint: str = "") -> None:
        before = text[:at]
        place = Position(self.place(self.files[name]), before.count("\n") + 1, at - before.rfind("\n"))
        fault = Diagnostic(place, code, message, hint)
        if fault not in self.faults:
            self.faults.append(fault)


def _content(path: Path) -> bytes:
    """The bytes of a static file as they are served; of a text they do not depend on a checkout's line ends."""
    if path.suffix.lower() == ".js":
        return short_script(read_text(path)).encode()
    return path.read_bytes().replace(b"\r\n", b"\n") if path.suffix.lower() == ".svg" else path.read_bytes()


def read_text(path: Path) -> str:
    """A template, style sheet or script. OSError where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise OSError(EILSEQ, "this file is not UTF-8", str(path)) from None


def whole(style: bytes, files: Mapping[str, Asset]) -> bytes:
    """A style sheet as it stands in `assets/`, with the faces and pictures that it names inside."""
    by_name = {asset.name: asset.content for asset in files.values()}

    def inside(address: str, _: int) -> str:
        name = re.split("[?#]", address)[0]
        return data_address(name, by_name[name]) if name in by_name else address

    return renamed(style.decode(), inside).encode()


def data_address(name: str, content: bytes) -> str:
    """A picture or a face as an address that holds it."""
    ending = name.rpartition(".")[2].lower()
    kind = "font" if ending in media.FACES else "image"
    return f"data:{kind}/{_SUBTYPES.get(ending, ending)};base64,{base64.b64encode(content).decode()}"


def asset(path: str, content: bytes) -> Asset:
    """A file under a name that carries a hash of its content."""
    place, digest = PurePosixPath(path), blake2b(content, digest_size=6).hexdigest()
    return Asset(name=place.with_name(f"{place.stem}.{digest}{place.suffix}").as_posix(), content=content)


@lru_cache(maxsize=8)
def inlined(content: bytes, escape: str) -> tuple[Markup, str]:
    """Style or script as it may stand in a page, and the hash by which a policy allows it."""
    text = _CLOSES.sub(escape, content.decode())
    digest = base64.b64encode(sha256(text.encode()).digest()).decode()
    return Markup(text), f"sha256-{digest}"  # noqa: S704 - our own style and script


def short_script(js: str) -> str:
    """A script without indentation and without lines that are comments; line ends stay where they can mean something:
    not behind a semicolon, a comma or an opening brace, but behind a comment.

    Only for scripts without texts over several lines, which ours are.
    """
    return _GOES_ON.sub(r"\1", _INDENTS_AND_COMMENTS.sub("", js))
