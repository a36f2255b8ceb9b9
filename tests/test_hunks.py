"""What is sent of a page that has changed makes the new page of the old one."""

from hypothesis import given
from hypothesis import strategies as st

from randnotiz.preview.hunks import hunks

LINES = st.lists(st.sampled_from([b"<p>Zum Leerstand.</p>", b"<p>Der Verband.</p>", b"", b"<li>"]), max_size=12)


def applied(old: list[bytes], new: list[bytes]) -> list[bytes]:
    page = list(old)
    for first, gone, fresh in reversed(hunks(old, new)):
        page[first : first + gone] = fresh
    return page


@given(LINES, LINES)
def test_hunks_make_the_new_page_of_the_old(old: list[bytes], new: list[bytes]) -> None:
    assert applied(old, new) == new


def test_two_sentences_far_apart_are_two_hunks() -> None:
    assert hunks([b"a", b"b", b"c", b"d"], [b"A", b"b", b"c", b"D"]) == [(0, 1, [b"A"]), (3, 1, [b"D"])]


def test_a_new_paragraph_is_one_hunk() -> None:
    assert hunks([b"a", b"c"], [b"a", b"b", b"c"]) == [(1, 0, [b"b"])]
    assert hunks([b"a", b"b", b"c"], [b"a", b"c"]) == [(1, 1, [])]


def test_a_page_that_stays_as_it_is_has_none() -> None:
    assert hunks([b"a"], [b"a"]) == []
