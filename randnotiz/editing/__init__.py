"""Files changed on an editor's behalf, comments and order kept: annotations written, lost quotes, imports."""

from randnotiz.editing.files import (
    ConflictError,
    Undoable,
    Written,
    digest,
    read,
    write,
    write_together,
    write_undoably,
)
from randnotiz.editing.importing import import_hypothesis
from randnotiz.editing.mending import mends
from randnotiz.editing.patching import UneditableError, add, change, delete, extend, names, remove_field, way_to
from randnotiz.editing.reanchoring import EarlierText, Orphan, article_texts, diff, lost, quotations, reanchor
from randnotiz.editing.word_import import import_word
