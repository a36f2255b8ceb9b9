"""What a style sheet is made of, as far as it must be known to serve one: its parts, and what of them is open."""

import re
from collections.abc import Callable, Iterator, Mapping

from randnotiz.colours import COLOURS, Colour, filled
from randnotiz.memo import memoize

_STRING = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_TEXT = re.compile(f"({_STRING})", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};,>]) ?")
# What decides where anything ends (CSS Syntax 3, 4.3): comments, texts, addresses without quotation marks, brackets.
_TOKEN = re.compile(
    r"(?P<comment>/\*(?:.*?(?P<done>\*/)|.*))"
    r"|(?P<quote>[\"'])(?P<text>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P<closing>(?P=quote))?"
    r"|(?<![-\w])url\(\s*(?![\s\"'])(?P<bare>(?:\\[\da-f]{1,6}\s?|\\.|[^\s\"'()\\])*)\s*\)"
    r"|(?P<open>(?:(?<![-\w])[-\w]+)?\(|[\[{])|(?P<close>[)\]}])|(?P<rule>@[-\w]+)|(?P<end>;)|\\.",
    re.IGNORECASE | re.DOTALL,
)
# Functions whose texts are addresses (CSS Values 4, 4.5; CSS Images 4, 2.3).
_OF_ADDRESSES = re.compile(r"(?:url|src|(?:-webkit-)?image-set)\(", re.IGNORECASE)
# Of other languages, outside of texts, addresses and comments: of Sass and Less, HTML.
_FOREIGN = re.compile(r"//|\$[a-z][-\w]*|</?[a-z]+>", re.IGNORECASE)
_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}
_ESCAPE = re.compile(r"\\(?:([\da-f]{1,6})\s?|\n|(.))", re.IGNORECASE | re.DOTALL)

Named = Callable[[str, int], str]  # what an address becomes that stands at an offset
Imported = Callable[[str, int, str], str]  # the same of a sheet's, with the media behind it: the rules in its place
Token = re.Match[str]


def renamed(css: str, name: Named, imported: Imported | None = None) -> str:
    """A style sheet with other addresses, and rules in place of each `@import`, whose address may be empty."""
    parts: list[str] = []
    opened, done = [""], 0
    tokens = _TOKEN.finditer(css)
    for token in tokens:
        rule = (token["rule"] or "").lower()
        if rule in ("@import", "@namespace"):
            rest = [*_to_semicolon(tokens)]
            stop = rest[-1].end() if rest and rest[-1]["end"] else len(css)
            if rule == "@import" and imported:
                parts += css[done : token.start()], imported(*_import(css[:stop], token, rest))
                done = stop
        elif token["open"]:
            opened.append(token["open"])
        elif token["close"]:
            del opened[1:][-1:]
        elif token["bare"] or (token["text"] and _OF_ADDRESSES.fullmatch(opened[-1])):
            address, at, end = _address(token)
            new = name(address, at)
            odd = r"[\"'\\]" if token["quote"] else r"[\s\"'()\\]"
            parts += css[done:at], css[at:end] if new == address else re.sub(odd, r"\\\g<0>", new)
            done = end
    return "".join((*parts, css[done:]))


def _to_semicolon(tokens: Iterator[Token]) -> Iterator[Token]:
    """The rest of a rule without a block, which ends there or with the file (CSS Syntax 3, 5.4.2)."""
    for token in tokens:
        yield token
        if token["end"]:
            return


def _address(token: Token) -> tuple[str, int, int]:
    """An address without its escapes, and where it stands; empty where a token is none."""
    group = "text" if token["quote"] else "bare"
    written = token[group] or ""
    address = _ESCAPE.sub(lambda one: chr(int(one[1], 16)) if one[1] else one[2] or "", written)
    return address, token.start(group), token.end(group)


def _import(css: str, rule: Token, rest: list[Token]) -> tuple[str, int, str]:
    """The address of a sheet, its offset, and the media behind it (CSS Cascade 5, 3.1)."""
    words = [token for token in rest if not token["comment"]]
    function = [word["open"] for word in words[:1]] == ["url("]
    first, last = (words[1:2], words[2:3]) if function else (words[:1], words[:1])
    for word, end in zip(first, last, strict=False):
        address, at, _ = _address(word)
        return address, max(at, rule.start()), _without_comments(css[end.end() :]).strip("; \t\r\n")
    return "", rule.start(), ""


@memoize(8)
def broken(css: str) -> tuple[int, str, str] | None:
    """Where a style sheet is broken, what is so there, and what to do; None where it is whole. Browsers leave out
    whatever follows, up to the end of the file (CSS Syntax 3, 4.3 and 5.4).
    """
    opened: list[Token] = []
    for token in _TOKEN.finditer(css):
        if token["comment"] and not token["done"]:
            return token.start(), "this comment has no end", "Close it with '*/'."
        if token["quote"] and not token["closing"]:
            return token.start(), f"the text that begins with this {token['quote']} has no end on its line", ""
        if token["open"]:
            if token["open"].lower() == "url(" and css[token.end() :].lstrip()[:1] not in ("'", '"'):
                return token.start(), "an address with blanks, quotation marks or brackets", 'Write url("…").'
            opened.append(token)
        if token["close"] and not opened:
            return token.start(), f"this '{token[0]}' closes nothing", "Leave it out, or open what it closes."
        if token["close"] and _CLOSED_BY[opened[-1][0][-1]] != token[0]:
            break
        if token["close"]:
            opened.pop()
    if not opened:
        return _foreign(css)
    bracket = opened[-1][0][-1]
    return opened[-1].end() - 1, f"this '{bracket}' is closed nowhere", f"Write '{_CLOSED_BY[bracket]}' at its end."


def _foreign(css: str) -> tuple[int, str, str] | None:
    """The same of what other languages have."""
    found = _FOREIGN.search(_TOKEN.sub(lambda token: " " * len(token[0]), css))
    if found is None:
        return None
    hint = "Write '/* … */' for a comment." if found[0] == "//" else "Leave it out, or write what it stands for."
    return found.start(), f"'{found[0]}' is not CSS, and browsers leave out what follows", hint


@memoize(8)
def _without_comments(css: str) -> str:
    """Comments part what stands on both their sides, as in `1px/**/2px`."""

    def kept(token: Token) -> str:
        apart = css[token.start() - 1 : token.start()].strip() and css[token.end() : token.end() + 1].strip()
        return token[0] if not token["comment"] else "/**/" if apart else ""

    return _TOKEN.sub(kept, css)


def short_style(css: str, colours: Mapping[str, Colour] = COLOURS) -> str:
    """A style sheet with the page's colours, without comments and without the blanks that only people need."""
    parts = _TEXT.split(_without_comments(filled(css, colours)))
    parts[::2] = (_AROUND.sub(r"\1", _BLANKS.sub(" ", part)) for part in parts[::2])
    return "".join(parts).strip() + "\n"
