"""Find a quotation in a text; the least that tells it from its likes; the nearest passage if there is none.

Pure functions of strings. Both sides are folded (docs/format.md, section 2): Unicode NFC, one kind of blank, dash,
quotation mark and ellipsis, nothing invisible. Beyond that a quotation stands there word for word, or it does not.
"""

from randnotiz.quotes.alignment import Change, refind
from randnotiz.quotes.differences import Difference, describe, grave
from randnotiz.quotes.folding import Folded, fold
from randnotiz.quotes.matching import BETWEEN, MOST_PLACES, context, find, find_between, minimal_selector, whole_words
from randnotiz.quotes.nearness import MOST_LETTERS, Near, denied, differences, nearest
from randnotiz.quotes.surroundings import Surrounded, Surroundings, unchanged
