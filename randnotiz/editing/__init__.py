"""Files changed on an editor's behalf, comments and order kept: annotations written, lost quotes, imports."""

from randnotiz.editing.files import ConflictError, digest, read, write
from randnotiz.editing.surgery import UneditableError, add, change, delete, remove_field, way_to

__all__ = [
    "ConflictError",
    "UneditableError",
    "add",
    "change",
    "delete",
    "digest",
    "read",
    "remove_field",
    "way_to",
    "write",
]
