"""The words that say what has changed in a language, and what is made from CLDR of them."""

import pytest
import yaml

from randnotiz.language.__main__ import number_words
from randnotiz.language.catalogue import FOLDER, RULES
from randnotiz.language.lexicon import NUMBER_WORDS, Lexicon, lexicon
from randnotiz.reader.languages import read_language

LANGUAGES = sorted(folder.name for folder in FOLDER.iterdir())
LISTS = {"negations", "opposites", "numbers", "counted", "turning"}


def test_every_language_that_readers_have_says_how_it_denies() -> None:
    wanted = {"de", "en", "fr", "it", "es", "pt", "nl", "sv", "pl", "cs", "uk", "tr", "ar", "he", "zh", "ja"}
    assert wanted <= set(LANGUAGES)
    assert all(lexicon(tag).negations for tag in wanted)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_rules_hold_fields_that_are_read_and_lists_without_doubles(tag: str) -> None:
    source = (FOLDER / tag / "rules.yaml").read_text(encoding="utf-8")
    rules = yaml.safe_load(source)
    assert read_language(tag, f"languages/{tag}", {RULES: source.encode()})[1] == ()
    assert "# How sure: " in source
    for name in LISTS & rules.keys():
        words = rules[name].split()
        assert len(words) == len(set(words)), name
    assert all(affix.startswith("-") or affix.endswith("-") for affix in rules.get("opposites", "").split())


@pytest.mark.parametrize("tag", [tag for tag in LANGUAGES if (FOLDER / tag / NUMBER_WORDS).is_file()])
def test_number_words_are_those_that_cldr_spells(tag: str) -> None:
    kept = (FOLDER / tag / NUMBER_WORDS).read_text(encoding="utf-8")
    assert kept == number_words(tag), "run `python -m randnotiz.language`"


@pytest.mark.parametrize(
    ("tag", "numbers", "others"),
    [
        ("de", "drei dreihundertfünfzig vierfache Hälfte einundzwanzigste Milliarden", "ein und einfach Mieten"),
        ("de-AT", "drei", "ein"),
        ("en", "two twenty fifth second halves eighths", "one and the often"),
        ("fr", "vingt trentaine deuxième mille quatre", "un et semaine certaine"),
        ("it", "ventuno due", "uno dove"),
        ("pl", "trzech trzy", "jeden"),
        ("uk", "п’ять двох", "один"),
        ("tr", "üç yirmi ikinci", "bir"),
        ("ar", "ثلاثة ثلاث عشرون", "شركة"),
        ("he", "שלוש שלושה", "חברה"),
        ("hi", "तीन चार", "दिन"),
        ("zh", "三 十三 两 3", "中"),
        ("ja", "三 二十 １２", "人"),
        ("xx", "3 ٣ Ⅳ ½ %", "three"),
    ],
)  # fmt: skip
def test_a_number_is_known_in_digits_and_in_words(tag: str, numbers: str, others: str) -> None:
    words = lexicon(tag)
    assert [word for word in numbers.split() if not words.is_number(word)] == []
    assert [word for word in others.split() if words.is_number(word)] == []


def test_a_language_without_rules_has_no_words() -> None:
    assert lexicon("xx") == lexicon("") == lexicon("../de") == Lexicon()
