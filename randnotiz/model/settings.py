"""The settings of the whole site: site.yaml."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from msgspec import Struct, field

from randnotiz import language as languages
from randnotiz import sidecars
from randnotiz.colours import Pair, verdict_step
from randnotiz.diagnostics import ContentError, SourceText, did_you_mean, shortened
from randnotiz.model.look import LOOK, ColourPair, Look
from randnotiz.model.person import PERSON, Person
from randnotiz.model.source import BIBLIOGRAPHIES
from randnotiz.schema import Record
from randnotiz.schema.constraints import doubled
from randnotiz.schema.fields import (
    BOOLEAN,
    LANGUAGE,
    LANGUAGE_PATTERN,
    LINE,
    SLUG,
    SLUG_PATTERN,
    TEXT_SCHEMA,
    Faults,
    FieldType,
    by_key,
    choice,
    each,
    fields,
    language,
    line,
    malformed,
    one_of,
    read_rest,
    site_address,
    slug,
)
from randnotiz.schema.records import owner, record

RESERVED = frozenset(sidecars.SITE_FOLDERS)
POLICIES = ("corrections", "principles")
FEED_TEXTS = ("summary", "full")


class Verdict(Struct, frozen=True, kw_only=True):
    """A step of the site's scale: `rank` (1 is the worst) of so many; `words` and what it `means` by language."""

    key: str
    rank: int
    of: int
    words: Mapping[str, str]
    means: Mapping[str, str] = field(default_factory=dict)

    def word(self, tag: str) -> str:
        """Its name in a language or the one it belongs to, of the site or of the language; else empty."""
        base = tag.partition("-")[0]
        own = languages.of(tag).rules.get("verdicts", {})
        return self.words.get(tag) or self.words.get(base) or str(own.get(self.key, ""))

    def meaning(self, tag: str) -> str:
        """What it means in that language; empty where that is not laid down."""
        return self.means.get(tag) or self.means.get(tag.partition("-")[0]) or ""

    @property
    def tone(self) -> str:
        """The class of its colours; the hardest sorts first."""
        return f"v{verdict_step(self.rank, self.of)}"


NO_TONE = "vx"  # of a claim without a verdict


class _Step(Struct, frozen=True):
    """A step of the scale before it knows its rank."""

    key: SourceText
    words: Mapping[str, str]
    means: Mapping[str, str]


_MEANS = by_key(language, LINE, {"pattern": f"^{LANGUAGE_PATTERN}$"})


def _step(value: Any) -> _Step:
    given = fields(value)
    if "key" not in given:
        raise ContentError(owner(given), "field-missing", "this verdict has no 'key'", "Write 'key: misleading'.")
    words = {str(language(key)): str(line(each)) for key, each in given.items() if key not in ("key", "means")}
    if not words:
        raise ContentError(owner(given), "field-missing", "this verdict has no words", "Write 'en: Misleading'.")
    means = _MEANS.read(given["means"]) if "means" in given else {}
    return _Step(slug(given["key"]), words, means)


_SLUG_SCHEMA = SLUG.schema
_STEPS = each(
    FieldType(
        _step,
        {
            "type": "object",
            "properties": {
                "key": {**_SLUG_SCHEMA, "description": "The word that counter-claims use."},
                "means": {**_MEANS.schema, "description": "What the verdict means, in a sentence by language."},
            },
            "required": ["key"],
            "minProperties": 2,
            "additionalProperties": TEXT_SCHEMA,
            "propertyNames": {"pattern": f"^(key|means|{LANGUAGE_PATTERN})$"},
            "examples": [{"key": "misleading", "de": "Irreführend", "en": "Misleading"}],
        },
    )
)


def _scale(value: Any) -> Mapping[str, Verdict]:
    """The steps of a scale by their keys, of which none stands twice."""
    steps, found = read_rest(_STEPS, value)
    found += doubled(((step.key, step.key.position) for step in steps), "verdict")
    scale = {
        str(step.key): Verdict(key=str(step.key), rank=rank, of=len(steps), words=step.words, means=step.means)
        for rank, step in enumerate(steps, 1)
    }
    if found:
        raise Faults(found, lambda: scale)
    return scale


def _default_scale() -> Mapping[str, Verdict]:
    steps = ("wrong", "misleading", "imprecise", "supported")
    return {key: Verdict(key=key, rank=rank, of=len(steps), words={}) for rank, key in enumerate(steps, 1)}


def _addresses(value: Any) -> tuple[SourceText, ...]:
    slugs, found = read_rest(each(SLUG), value)
    found += doubled(((slug, slug.position) for slug in slugs), "address", "Take one of the two out.")
    if found:
        raise Faults(found, lambda: slugs)
    return tuple(slugs)


def _url(value: Any) -> str:
    return site_address(value).rstrip("/") + "/"


# Schemes that editors open files by. Whatever else stands before the colon is another program, or another site.
EDITORS = (
    *("vscode", "vscode-insiders", "vscodium", "cursor", "windsurf", "zed", "subl", "txmt", "mvim", "nova"),
    *("x-bbedit", "emacs", "jetbrains", "idea", "pycharm", "webstorm", "phpstorm", "clion", "goland", "rider"),
    "rubymine",
)


def _editor(value: Any) -> SourceText:
    words = line(value)
    scheme, _, rest = words.partition(":")
    if scheme.lower() not in EDITORS:
        message = f"'{shortened(scheme)}:' opens no editor{did_you_mean(scheme, EDITORS)}"
        malformed(words, message, f"Known are {', '.join(EDITORS)}.")
    if "{path}" not in rest:
        malformed(words, "this address names no file: '{path}' is missing", "Write 'vscode://file/{path}:{line}'.")
    return words


_VERSION_PATTERN = r"\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?(?:\.(?:post|dev)\d+)*"  # as pip orders them (PEP 440)


def _version(value: Any) -> SourceText:
    words = line(value)
    if not re.fullmatch(_VERSION_PATTERN, words):
        malformed(words, f"'{shortened(words)}' is no version", "Write it as 'randnotiz --version' does: 0.1.0.")
    return words


_VERSION = FieldType(_version, {"type": ["string", "number"], "pattern": f"^{_VERSION_PATTERN}$"})
_EDITOR = FieldType(_editor, {"type": "string", "pattern": f"^(?:{'|'.join(EDITORS)}):.*[{{]path[}}]"})


def _old_address(key: Any) -> SourceText:
    if key in RESERVED:
        malformed(key, f"no redirect can begin at '{key}': the site keeps that address for itself", "Leave it out.")
    return slug(key)


class Feed(Record, frozen=True, kw_only=True):
    """What the feeds have of each article."""

    noun = "feed"

    text: Annotated[
        str,
        choice("text", FEED_TEXTS),
        "What an entry has of its article: the summary, or the full text with its notes.",
        "full",
    ] = FEED_TEXTS[0]


class Settings(Record, frozen=True, kw_only=True):
    """The settings of the whole site.

    `url` ends in `/`. `addresses` is None if nobody keeps them.
    """

    noun = "site.yaml"
    whole = True

    title: Annotated[SourceText, LINE, "The site's name.", "Randnotiz"]
    url: Annotated[
        str,
        FieldType(_url, {"type": "string", "pattern": r"^https?://[^\s/?#]+[^\s?#]*$"}),
        "Where it will be published; every absolute address comes from here.",
        "https://example.org/",
    ]
    lang: Annotated[str, LANGUAGE, "The language of articles that do not say theirs.", "de"]
    publisher: Annotated[Person, PERSON, "Who publishes the site.", "{name: Randnotiz, url: https://example.org/}"]
    summary: Annotated[
        SourceText | None,
        LINE,
        "What the site is about, in a sentence: below its name on the first page, and for search engines.",
        "Berichte, nachgelesen und nachgerechnet",
    ] = None
    logo: Annotated[SourceText | None, LINE, "The publisher's logo, in the folder of content.", "logo.svg"] = None
    theme: Annotated[
        Look | None, LOOK, "The look of the house: colours, faces, signs, frame.", '{colours: {accent: "#a3122a"}}'
    ] = None
    feed: Annotated[Feed, record(Feed), "What the feeds have of each article.", "{text: full}"] = Feed()
    verdicts: Annotated[
        Mapping[str, Verdict],
        FieldType(_scale, _STEPS.schema),
        "The scale of verdicts, worst first. Without it: wrong, misleading, imprecise, supported.",
        "[{key: wrong, de: Widerlegt, en: Refuted}]",
    ] = field(default_factory=_default_scale)
    bibliography: Annotated[
        tuple[SourceText, ...],
        BIBLIOGRAPHIES,
        "Sources that another program keeps: files in the folder of content, as CSL-JSON, CSL-YAML or biblatex.",
        "[zotero.json, team.bib]",
    ] = ()
    redirects: Annotated[
        Mapping[str, SourceText],
        by_key(_old_address, SLUG, {"pattern": f"^{SLUG_PATTERN}$"}),
        "Slugs that have changed: the new ones by the old.",
        "{old-slug: new-slug}",
    ] = field(default_factory=dict)
    addresses: Annotated[
        tuple[SourceText, ...] | None,
        FieldType(_addresses, each(SLUG).schema),
        "Every slug under which an article was ever published, oldest first: none may lead nowhere.",
        "[first-article, second-article]",
    ] = None
    policies: Annotated[
        Mapping[str, SourceText],
        by_key(one_of("policy", POLICIES), SLUG, {"enum": list(POLICIES)}),
        "The plain pages that say how you correct and by which principles you work.",
        "{corrections: korrekturen, principles: methode}",
    ] = field(default_factory=dict)
    outputs: Annotated[
        Mapping[str, bool],
        by_key(one_of("optional file", sidecars.OPTIONAL), BOOLEAN, {"enum": list(sidecars.OPTIONAL)}),
        "Files beside each article's page that the site does without, by the names that docs/format.md has.",
        "{single.html: false}",
    ] = field(default_factory=dict)
    note_authors: Annotated[
        bool,
        BOOLEAN,
        "Whether readers see who wrote a note or made a chart, its `author`; other programs are told anyway.",
        "true",
    ] = False
    made_with: Annotated[
        SourceText | None,
        _VERSION,
        "The version of Randnotiz that publishes it; the workflows of `init` install that one.",
        "0.1.0",
    ] = None
    editor: Annotated[
        SourceText | None, _EDITOR, "How the preview opens a file in your editor.", "vscode://file/{path}:{line}"
    ] = None

    @property
    def left_out(self) -> frozenset[str]:
        """The names of the files beside each article's page that are not written."""
        return frozenset(name for name, written in self.outputs.items() if not written)

    def colours(self) -> Mapping[str, Pair]:
        """The colours of the house by their names in the program's table, on light and on dark paper."""
        return {name: colour.pair for name, colour in self.own_colours()}

    def own_colours(self) -> Iterator[tuple[str, ColourPair]]:
        """The same as they are written."""
        if self.theme is not None and self.theme.colours is not None:
            steps = [verdict_step(verdict.rank, verdict.of) for verdict in self.verdicts.values()]
            yield from self.theme.colours.named(steps)
