"""A site's own folders of languages, `content/languages/<tag>/`: messages.po and rules.yaml, read with all faults.

Both are of the same form as those of the package (docs/languages.md). A message that is not there, or that is fuzzy,
is the package's, or in the end English.
"""

import json
import re
import string
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Literal

import msgspec

from randnotiz import caching, language, yamldoc
from randnotiz.diagnostics import ContentError, Diagnostic, Position, SourceText, collecting, did_you_mean
from randnotiz.language import cldr
from randnotiz.language.catalogue import MESSAGES, RULES, Compiled, Forms, Rules, catalogue_of
from randnotiz.language.unit_format import Grammar
from randnotiz.reader.folder import list_folder, load_file
from randnotiz.reader.texts import decoded

FOLDER = "languages"
CODE: Literal["language-malformed"] = "language-malformed"
_WORDS = r'"(?:\\.|[^"\\])*"'
_LINE = re.compile(rf"\s*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s+)?{_WORDS}\s*)?")
_FIELD = re.compile(r"[$.]*(\w+)")


def read_languages(
    content: Path, files: dict[str, bytes], unsaved: Mapping[str, bytes], cache: Path | None
) -> tuple[Mapping[str, Compiled], tuple[Diagnostic, ...]]:
    """A site's own languages by tag, and their faults; their bytes join `files`, faultless ones are cached."""
    found: list[Diagnostic] = []
    own: dict[str, Compiled] = {}
    for tag, is_folder in list_folder(content / FOLDER, FOLDER, content):
        folder = f"{FOLDER}/{tag}"
        if not is_folder:
            message = f"no article can be called '{FOLDER}': the words of the site's languages stand in that folder"
            hint = "Give the article's folder another name; in site.yaml, 'redirects' keeps its address."
            other = Diagnostic(Position(folder), "field-near", f"'{tag}' is not read; here stand folders such as da")
            clash = Diagnostic(Position(folder), "name-clash", message, hint)
            found.append(clash if tag == "article.md" else other)
            continue
        texts: dict[str, bytes] = {}
        with collecting(found):
            for name, _ in list_folder(content / folder, folder, content):
                texts[name] = load_file(content / folder / name, f"{folder}/{name}", content, unsaved=unsaved)
        key = caching.key_of(("language", "reader"), tag, *(f"{name}\0{text!r}" for name, text in texts.items()))
        if kept := caching.get(cache, key):
            own[tag] = msgspec.json.decode(kept)
            continue
        own[tag], faults = read_language(tag, folder, texts)
        if faults:
            found += faults
            files.update({f"{folder}/{name}": text for name, text in texts.items()})
        else:
            caching.put(cache, key, msgspec.json.encode(own[tag], enc_hook=str))
    return own, tuple(found)


def read_language(tag: str, folder: str, files: Mapping[str, bytes]) -> tuple[Compiled, tuple[Diagnostic, ...]]:
    """What a folder says, as far as it can be read, and what is wrong with it; `folder` is its path for messages."""
    found: list[Diagnostic] = []
    made: dict[str, object] = {"messages": {}, "rules": {}, "plural": ""}
    with collecting(found):
        known = cldr.customs(tag).tag if language.known(tag) else None
        if known != tag:
            message = f"there is no language '{tag}'" if known is None else f"this language is called '{known}'"
            raise ContentError(Position(folder), CODE, message, "A folder is named by a tag such as da or zh-Hant.")
        count, made["plural"] = cldr.plural_forms(tag)
        if MESSAGES in files:
            path = f"{folder}/{MESSAGES}"
            made["messages"] = dict(_messages(decoded(files[MESSAGES], path), path, count, found))
        if RULES in files:
            path = f"{folder}/{RULES}"
            made["rules"] = _rules(yamldoc.parse(decoded(files[RULES], path), path), path)
    for name in files.keys() - {MESSAGES, RULES}:
        message = f"'{name}' is not read{did_you_mean(name, (MESSAGES, RULES))}"
        found.append(Diagnostic(Position(f"{folder}/{name}"), "field-near", message))
    return made, tuple(found)


def _messages(text: str, path: str, count: int, found: list[Diagnostic]) -> Iterator[tuple[str, Forms]]:
    """The translated messages by their ids; ContentError where the file is not of gettext's form."""
    from babel.messages.pofile import PoFileError, read_po

    lines = text.removeprefix("\ufeff").splitlines()
    for number, line in enumerate(lines, 1):
        if not _LINE.fullmatch(line):
            message = "this line is neither a comment nor a keyword of gettext with words in quotation marks"
            hint = r'Write msgstr "…", and \" for a straight quotation mark within.'
            raise ContentError(Position(path, number, len(line) - len(line.lstrip()) + 1), CODE, message, hint)
    try:
        read = read_po(BytesIO("\n".join(lines).encode()), abort_invalid=True)
    except (PoFileError, ValueError, IndexError) as error:
        raise ContentError(Position(path, getattr(error, "lineno", 0) + 1), CODE, f"gettext says: {error}") from None
    english = catalogue_of(language.SOURCE)
    assert english is not None  # noqa: S101 - for the type checker
    for each in read:
        place = Position(path, each.lineno or 1)
        if each.id and not each.context:
            message = f"nothing says which message '{_all(each.id)[0]}' is"
            found.append(Diagnostic(place, CODE, message, 'Write msgctxt "…" above it, as docs/languages.md shows.'))
        elif each.context and each.context not in english.messages:
            key = did_you_mean(str(each.context), english.messages)
            found.append(Diagnostic(place, CODE, f"there is no message '{each.context}'{key}"))
        elif each.context and not each.fuzzy and any(_all(each.string)):
            with collecting(found):
                key, sample = str(each.context), english.messages[str(each.context)]
                begin = next(
                    number for number in range(each.lineno or 1, len(lines) + 1) if "msgstr" in lines[number - 1]
                )
                forms = [form for form in _all(each.string) if form]
                if len(forms) != (1 if isinstance(sample, str) else count):
                    message = f"'{key}' has {len(forms)} forms, and the language {count}"
                    hint = "They are msgstr[0], msgstr[1] …, by CLDR's rule for plurals; docs/languages.md."
                    raise ContentError(Position(path, begin), CODE, message, hint)
                for form in forms:
                    _check(form, key, _slots(_all(sample)[-1]), (path, begin, lines))
                yield key, forms[0] if isinstance(sample, str) else forms


def _all(forms: object) -> list[str]:
    return [forms] if isinstance(forms, str) else [*map(str, forms)] if isinstance(forms, tuple | list) else []


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _check(form: str, key: str, slots: set[str], at: tuple[str, int, list[str]]) -> None:
    """ContentError if a form has other slots than the English text; only `n` may be left out."""
    path, begin, lines = at

    def place(words: str) -> Position:
        for number, line in enumerate(lines[begin - 1 :], begin):
            if (column := line.find(words)) >= 0:
                return Position(path, number, column + 1)
        return Position(path, begin)

    try:
        own = _slots(form)
    except ValueError:
        brace = "{" if "{" in form else "}"
        message = f"a slot of '{key}' is not closed, or is closed twice"
        raise ContentError(place(brace), CODE, message, "Write a slot as {name}.") from None
    for slot in sorted(own - slots):
        there = f"; it has {', '.join(f'{{{name}}}' for name in sorted(slots))}" if slots else ""
        message = f"'{key}' has no slot '{{{slot}}}'{did_you_mean(slot, slots) or there}"
        raise ContentError(place(f"{{{slot}}}"), CODE, message)
    for slot in sorted(slots - own - {"n"}):
        message = f"'{key}' lacks the slot '{{{slot}}}', in which the page says something"
        raise ContentError(Position(path, begin, lines[begin - 1].find('"') + 1), CODE, message)


def _rules(value: yamldoc.Value, path: str) -> object:
    """The rules as the language room reads them; ContentError at the first field that is not of its form."""
    if value == "":
        return {}
    places: dict[str, SourceText] = {str(key): key for key in value} if isinstance(value, yamldoc.Map) else {}
    for name, key in places.items():
        if name not in Rules.__struct_fields__:
            near = did_you_mean(name, Rules.__struct_fields__)
            raise ContentError(
                key.position, CODE, f"there is no rule '{name}'{near}", "All are in docs/languages.md."
            )
    rules = json.loads(json.dumps(yamldoc.plain(value)))  # texts that know no place
    try:
        msgspec.convert(rules, Rules)
        msgspec.convert(rules.get("units", {}) if isinstance(rules, dict) else {}, Grammar)
    except msgspec.ValidationError as error:
        words, _, where = str(error).partition(" - at ")
        field = _FIELD.match(where.strip("`"))
        name = field[1] if field and field[1] in places else "units" if "units" in places else ""
        place = places[name].position if name else Position(path)
        raise ContentError(place, CODE, f"{words[:1].lower()}{words[1:]}{where and ' at '}{where}") from None
    return rules
