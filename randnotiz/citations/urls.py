"""Addresses of works: where a DOI resolves, and where a source has its page."""

import re
from hashlib import sha256
from urllib.parse import quote

from randnotiz import slugs

LONGEST_FOLDER = 80

_FOLDER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9])?")
_NOT_IN_FOLDER = re.compile(r"[^A-Za-z0-9._-]+")


def doi_address(name: str) -> str:
    """The address at which a DOI resolves."""
    return "https://doi.org/" + quote(name, safe="/:;().,-_~+@!$&'*=")


def folder(source: str) -> str:
    """The name of the folder of a source's page: its id where every disk and address takes that, else like it.

    A hash keeps two ids apart that are alike but for what was replaced.
    """
    if _FOLDER.fullmatch(source) and not slugs.is_device(source):
        return source
    name = _NOT_IN_FOLDER.sub("-", source).strip("-.")[:LONGEST_FOLDER].rstrip("-.")
    digest = sha256(source.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{name}-{digest}" if name else digest
