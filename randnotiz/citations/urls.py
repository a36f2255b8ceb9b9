"""Addresses of works: what of a CSL item may become a link."""

import re
from hashlib import sha256
from urllib.parse import quote, urlsplit

from randnotiz import slugs
from randnotiz.model import Json

LONGEST_ADDRESS = 2048
LONGEST_FOLDER = 80

# What no address may hold unescaped (RFC 3986), and what some readers strip, so that two would see different hosts.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\"<>^`{|}\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
_FOLDER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9])?")
_NOT_IN_FOLDER = re.compile(r"[^A-Za-z0-9._-]+")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/[^\s\x00-\x1f\x7f]{1,300})", re.IGNORECASE)


def web_address(value: Json) -> str:
    """The address if it is one of the web (http or https, with a host), else an empty text."""
    if not isinstance(value, str):
        return ""
    address = value.strip()
    if not 0 < len(address) <= LONGEST_ADDRESS or _FORBIDDEN.search(address):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and host else ""


def doi(value: Json) -> str:
    """A DOI without its prefixes, or an empty text."""
    match = _DOI.fullmatch(value.strip()) if isinstance(value, str) else None
    return match[1] if match else ""


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
