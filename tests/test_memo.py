"""What a function made of the same arguments is made once."""

from dataclasses import dataclass
from pathlib import Path

from randnotiz.diagnostics import Position, SourceText
from randnotiz.memo import memoize


@dataclass(frozen=True)
class Note:
    words: str


class Maker:
    """Counts how often something is made."""

    def __init__(self) -> None:
        self.made = 0

    def make(self, *parts: object) -> list[object]:
        self.made += 1
        return [*parts]


def test_the_same_record_gives_the_same_result_and_an_equal_one_another() -> None:
    maker, note = Maker(), Note("Die Zahl geht auf eine Schätzung zurück.")
    kept = memoize(4)(maker.make)
    assert kept(note, "de") is kept(note, "".join(["d", "e"])), "words are the same if they are equal"
    assert kept(note, Path("a")) is kept(note, Path("a")), "and so are paths"
    assert kept(Note(note.words), "de") is not kept(note, "de")
    assert kept(note, "en") is not kept(note, "de")
    assert kept((note, "de")) is kept((note, "".join(["d", "e"]))), "and what is put together of the same"
    assert kept((Note(note.words), "de")) is not kept((note, "de"))
    assert maker.made == 6


def test_words_that_know_another_place_are_not_the_same() -> None:
    maker = Maker()
    kept = memoize(4)(maker.make)
    kept(SourceText("rund", Position("a.yaml", 1)))
    kept(SourceText("rund", Position("a.yaml", 2)))
    assert maker.made == 2


def test_only_the_last_results_are_kept() -> None:
    maker, notes = Maker(), [Note(str(number)) for number in range(5)]
    kept = memoize(4)(maker.make)
    for note in notes:
        kept(note)
    kept(notes[4])
    assert maker.made == 5
    kept(notes[0])
    assert maker.made == 6, "the oldest has gone"


def test_a_new_object_in_the_place_of_one_that_is_gone_is_not_taken_for_it() -> None:
    """Python gives the id of what is gone to what comes next; the kept arguments prevent it."""

    @memoize(100)
    def words(note: Note) -> str:
        return note.words

    for number in range(100):
        assert words(Note(str(number))) == str(number)
