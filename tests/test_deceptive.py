"""Text that looks like another is warned of wherever it stands, and turns nothing around it."""

import pytest

from randnotiz import markdown, yamldoc
from randnotiz.deceptive import closed, deceptions
from randnotiz.diagnostics import Position, SourceText

SOUND = (
    "Der Bericht des Amtes: https://amt.example/bericht?von=a@b",
    "Right to left of itself: שלום עליכם, مرحبا بالعالم",
    "Marks that only hint at a side: a\u200eb\u200fc",
    "A name kept to itself: \u2068Bundes\u2067tag\u2069\u2069",
    "https://münchen.example/ and https://xn--mnchen-3ya.example/",
    "https://пример.example/ and https://παράδειγμα.example/",
    "https://東京タワーtokyo.example/ and https://서울seoul.example/",
    "mailto:redaktion@blatt.example",
    "http://[::1]/",
    "Siehe (https://amt.example)\u2026 und \u201ehttps://rat.example\u201c.",
)
CONTROLS = ("Bundes\u202eteb", "a\u202ab", "a\u202bb\u202c", "a\u202db", "\u2066a", "a\u2067b\u2068c\u2069")
ADDRESSES = {
    "https://www.bundestag.de@evil.example/x": "'evil.example'",
    "HTTP://a:b@c.example": "'c.example'",
    "Siehe https://bank.example:443@evil.example.": "'evil.example.'",
    "https://аpple.com": "'а' is Cyrillic and 'p' is Latin",
    "https://www.gοοgle.example/": "'g' is Latin and 'ο' is Greek",
    "https://bank.example\u2215konto.evil.example/": "U+2215 (division slash)",
    "https://bank.example\u2044.evil\u2024example": "U+2024 (one dot leader)",
    "https://ba\u200bnk.example": "U+200B (zero width space)",
    "https://xn--pple-43d.com": "'а' is Cyrillic",
    "https://ｇoоgle.example": "Cyrillic",
    "https://東京бank.example": "Cyrillic",
}


@pytest.mark.parametrize("words", SOUND)
def test_honest_text_of_any_script_is_left_alone(words: str) -> None:
    assert list(deceptions(words)) == []
    assert closed(words) == words


@pytest.mark.parametrize("words", CONTROLS)
def test_what_turns_the_text_behind_it_is_found_and_ended(words: str) -> None:
    (found,) = deceptions(words)
    assert words[found.start] == found.characters
    assert f"U+{ord(found.characters):04X}" in found.message
    ended = closed(words)
    assert ended.startswith(words)
    begun = sum(ended.count(control) for control in "\u202a\u202b\u202d\u202e")
    assert begun <= ended.count("\u202c")
    assert sum(ended.count(control) for control in "\u2066\u2067\u2068") == ended.count("\u2069")


def test_ends_come_innermost_first() -> None:
    assert closed("\u2067a\u202eb") == "\u2067a\u202eb\u202c\u2069"
    assert closed("\u2067a\u202eb\u2069") == "\u2067a\u202eb\u2069"  # the end of an isolate ends what it holds
    assert closed("\u202ea\u2067b\u202c") == "\u202ea\u2067b\u202c\u2069\u202c"  # and nothing from outside


@pytest.mark.parametrize(("words", "told"), ADDRESSES.items())
def test_an_address_that_leads_elsewhere_than_it_seems_says_where(words: str, told: str) -> None:
    (found,) = deceptions(words)
    assert told in found.message


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("title: Bundes\u202eteb", 1, 8),
        ('a: 1\nby: "Bundes\\u202eteb"', 2, 5),
        ("sources:\n- URL: https://a.example@b.example/", 2, 8),
    ],
)
def test_a_field_is_warned_of_at_its_place_and_ended(source: str, line: int, column: int) -> None:
    value, (warning,) = yamldoc.read(source, "sources.yaml")
    assert (warning.position, warning.code) == (Position("sources.yaml", line, column), "text-deceptive")
    assert "\u202e" not in str(value) or "\u202c" in str(value)


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("Das sagte\nder Bundes\u202eteb.", 2, 11),
        ("Das sagte der *Bundes*&#x202e;teb.", 1, 1),
        ("Siehe <https://a.example@b.example/>.", 1, 16),
        ("Siehe [dort](https://a.example@b.example/).", 1, 22),
        ("Siehe [dort](https://аpple.example/).", 1, 22),
    ],
)
def test_a_text_is_warned_of_at_its_place(source: str, line: int, column: int) -> None:
    _, diagnostics = markdown.read(SourceText(source, Position("article.md", 1, 1)), "article", quotes="„“")
    assert [(one.position.line, one.code) for one in diagnostics] == [(line, "text-deceptive")]
    assert [one.position.column for one in diagnostics] == [column]


def test_a_field_s_markdown_adds_only_what_its_signs_hide() -> None:
    position = Position("notes.yaml", 3, 9)
    for source, count in (("der Bundes\u202eteb", 0), ("der Bundes&#x202e;teb", 1)):
        _, diagnostics = markdown.read(SourceText(source, position), "field", quotes="„“")
        assert len(diagnostics) == count
