"""What a language's folder `randnotiz/languages/<tag>/` holds: its messages for readers and its rules.

What a site has in a folder of its own, `content/languages/<tag>/`, comes before those.

- `messages.po` (gettext): a message is named by its context (`msgctxt`); beside it stands its English text. It may
  have slots in braces; the slot `n` chooses the plural form, and whole numbers in slots are printed in the language.
- `rules.yaml`: all that is neither a message nor known to CLDR; docs/languages.md lists its fields.

Both are compiled once by Babel and PyYAML, which take 60 ms, to a file that Python's own bytecode lies beside.
A language that lacks something has it from the one it belongs to (`de-AT` from `de`), and in the end from English.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from gettext import c2py
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from msgspec import Struct, field

from randnotiz.caching import write_whole

FOLDER = Path(__file__).parent.parent / "languages"
MESSAGES, RULES = "messages.po", "rules.yaml"
COMPILED = "__pycache__/language.json"
FORM = b"1"  # of what is compiled

Forms = str | list[str]
Compiled = Mapping[str, Any]  # what `compiled` makes of the two files


class NumberWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What tells in a text which numbers say which one and which how many."""

    identifiers: Sequence[str] = ()
    places: Sequence[str] = ()
    series: Sequence[str] = ()
    cities: Sequence[str] = ()
    books: Sequence[str] = ()
    reports: Sequence[str] = ()
    laws: Sequence[str] = ()
    money: Sequence[str] = ()
    measured: Sequence[str] = ()
    heads: Sequence[str] = ()
    articles: Sequence[str] = ()
    verbs: Sequence[str] = ()
    ratios: Sequence[str] = ()
    plurals: Sequence[str] = ()
    unlike: Sequence[str] = ()
    phrases: Sequence[str] = ()
    within: Sequence[str] = ()
    equals: Sequence[str] = ()
    clauses: Sequence[str] = ()
    several: Sequence[str] = ()
    wholes: Sequence[str] = ()
    adjectives: Sequence[str] = ()
    decades: Sequence[str] = ()
    dated: Sequence[str] = ()
    amounts_behind: Sequence[str] = ()
    adjective_first: bool = True


class Rules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields of rules.yaml and their types; docs/languages.md says what they are for."""

    quotes: tuple[str, str, str, str] | None = None
    range: str = ""
    colon: str = ""
    semicolon: str = ""
    comma: str = ""
    stop: str = ""
    grouped_from: int = 0
    scale: Literal["short", "long"] = "short"
    scale_words: Mapping[str, int] = field(default_factory=dict)
    times: str = ""
    clock: Sequence[str] = ()
    hour: str = ""
    joining: Sequence[str] = ()
    numbered: NumberWords | None = None
    seasons: tuple[str, str, str, str] | None = None
    joints: Sequence[str] = ()
    letters: Mapping[str, str] = field(default_factory=dict)
    together: Mapping[str, str] = field(default_factory=dict)
    counting: str = ""
    counters: str = ""
    percent: Sequence[str] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Any] = field(default_factory=dict)
    negations: str = ""
    opposites: str = ""
    numbers: str = ""
    counted: str = ""
    turning: str = ""
    parted: bool = True
    amounts: Sequence[str] = ()
    about: Sequence[str] = ()
    ordinals: Sequence[str] = ()
    lone: str = ""
    address: str = ""
    dates: Sequence[str] = ()
    months: Sequence[str] = ()
    factors: Sequence[str] = ()
    editions: Sequence[str] = ()
    remarks: Sequence[str] = ()
    placeholders: Sequence[str] = ()
    lost: Sequence[str] = ()


class _Cached(Protocol):
    def cache_clear(self) -> None: ...


F = TypeVar("F", bound=_Cached)

_own: Mapping[str, Compiled] = {}
_remembering: list[_Cached] = []


def primary(tag: str) -> str:
    """The language of a tag without its country: `de` of `de-AT`."""
    return tag.partition("-")[0].lower()


def of_languages(cached: F) -> F:
    """A cached function whose results rest on what folders of languages hold."""
    _remembering.append(cached)
    return cached


def use(own: Mapping[str, Compiled]) -> None:
    """From now on a site's own messages and rules, by tag, come before those of the package.

    A process works for one site at a time, and to hand its words to whatever prints a number would be a parameter of
    every function here; so this is the one state there is, and what was made with another is forgotten.
    """
    global _own
    if own is not _own and own != _own:
        _own = own
        forget()


def forget() -> None:
    """Whatever was made of folders of languages is made anew."""
    for each in _remembering:
        each.cache_clear()


class Catalogue(Struct, frozen=True, kw_only=True):
    """The messages of one language by their ids, the plural form for a number, and the language's rules."""

    tag: str
    messages: Mapping[str, Forms]
    plural: Callable[[int], int]
    rules: Mapping[str, Any]

    def message(self, key: str, n: object) -> str:
        """A message with its slots; with a whole number, the form for it. KeyError if the language lacks it."""
        forms = self.messages[key]
        if isinstance(forms, str):
            return forms
        return forms[self.plural(n) if isinstance(n, int) else -1]


@of_languages
@lru_cache(maxsize=64)
def catalogue_of(tag: str) -> Catalogue | None:
    """What the folders of exactly this language say, the site's own before the package's; None if there is none."""
    shipped, own = _shipped(tag), _own.get(tag)
    if own is None:
        return shipped
    messages, rules = (shipped.messages, shipped.rules) if shipped else ({}, {})
    both = {"messages": {**messages, **own["messages"]}, "rules": _merged(rules, own["rules"])}
    return _catalogue(tag, {**own, **both})


def folders() -> tuple[str, ...]:
    """The languages that have a folder, of the package or of the site."""
    return tuple(sorted({*_own, *(path.name for path in FOLDER.iterdir())}))


def _shipped(tag: str) -> Catalogue | None:
    folder = FOLDER / tag
    if not tag.replace("-", "").isalnum() or not folder.is_dir():
        return None
    sources = [path.read_bytes() if path.is_file() else b"" for path in (folder / MESSAGES, folder / RULES)]
    digest = blake2b(b"\0".join((FORM, *sources)), digest_size=16).hexdigest()
    kept = folder / COMPILED
    with suppress(OSError, ValueError):
        found = json.loads(kept.read_bytes())
        if found["digest"] == digest:
            return _catalogue(tag, found)
    made = compiled(*sources)
    with suppress(OSError):  # a folder that cannot be written makes a run slower
        kept.parent.mkdir(exist_ok=True)
        write_whole(kept, json.dumps({"digest": digest, **made}, ensure_ascii=False).encode())
    return _catalogue(tag, made)


@of_languages
@lru_cache(maxsize=64)
def rules_of(chain: tuple[str, ...]) -> Mapping[str, Any]:
    """The rules of a language: each field from the nearest language of its chain that has it."""
    rules: dict[str, Any] = {}
    for tag in reversed(chain):
        if (found := catalogue_of(tag)) is not None:
            rules = _merged(rules, found.rules)
    return rules


def _merged(far: Mapping[str, Any], near: Mapping[str, Any]) -> dict[str, Any]:
    both = {
        key: _merged(far[key], near[key]) for key in far.keys() & near if isinstance(near[key], dict) and far[key]
    }
    return {**far, **near, **both}


def compiled(messages: bytes, rules: bytes) -> dict[str, Any]:
    """The two files as JSON. What is not translated, or only presumed to be (fuzzy), is left out.

    Raises PoFileError of Babel and YAMLError.
    """
    import yaml
    from babel.messages.pofile import read_po

    read = read_po(BytesIO(messages), abort_invalid=True)
    translated = {
        each.context: each.string if isinstance(each.string, str) else list(each.string)
        for each in read
        if each.context and each.string and all(each.string) and not each.fuzzy
    }
    return {
        "plural": read.plural_expr,
        "messages": translated,
        "rules": yaml.safe_load(rules) or {},
    }


def _catalogue(tag: str, made: Mapping[str, Any]) -> Catalogue:
    return Catalogue(tag=tag, messages=made["messages"], plural=c2py(made["plural"]), rules=made["rules"])
