"""Files changed on an editor's behalf, comments and order kept: annotations written, lost quotes, imports."""

from randnotiz.editing.files import ConflictError, Written, digest, read, write, write_together
from randnotiz.editing.importing import Imported, import_hypothesis
from randnotiz.editing.opened import Opened, opened, placed
from randnotiz.editing.reanchoring import Edit, Lost, Reanchored, applied, diff, lost, reanchor
from randnotiz.editing.surgery import UneditableError, add, change, delete, extend, names, remove_field, way_to

__all__ = [
    "ConflictError",
    "Edit",
    "Imported",
    "Lost",
    "Opened",
    "Reanchored",
    "UneditableError",
    "Written",
    "add",
    "applied",
    "change",
    "delete",
    "diff",
    "digest",
    "extend",
    "import_hypothesis",
    "lost",
    "names",
    "opened",
    "placed",
    "read",
    "reanchor",
    "remove_field",
    "way_to",
    "write",
    "write_together",
]
