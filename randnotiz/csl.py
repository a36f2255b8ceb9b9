"""The vocabulary of CSL-JSON 1.0.2: which types of works there are, which keys hold names, dates and text, and what
is an address or a DOI.
"""

import re
from urllib.parse import urlsplit

from randnotiz.values import Json, word_set

CSL_TYPES = word_set(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
    document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard thesis
    treaty webpage
    """
)

CSL_NAMES = word_set(
    """
    author chair collection-editor compiler composer container-author contributor curator director editor
    editorial-director executive-producer guest host illustrator interviewer narrator organizer original-author
    performer producer recipient reviewed-author script-writer series-creator translator
    """
)

CSL_DATES = frozenset(("accessed", "available-date", "event-date", "issued", "original-date", "submitted"))

CSL_TEXTS = word_set(
    """
    DOI ISBN ISSN PMCID PMID URL abstract annote archive archive-place archive_collection archive_location authority
    call-number chapter-number citation-key citation-label citation-number collection-number collection-title
    container-title container-title-short dimensions division edition event event-place event-title
    first-reference-note-number genre issue journalAbbreviation jurisdiction keyword language locator medium note
    number number-of-pages number-of-volumes original-publisher original-publisher-place original-title page
    page-first part part-title printing publisher publisher-place references reviewed-genre reviewed-title scale
    section shortTitle source status supplement title title-short version volume volume-title volume-title-short
    year-suffix
    """
)

CSL_NAME_PARTS = word_set(
    "comma-suffix dropping-particle family given literal non-dropping-particle parse-names static-ordering suffix"
)

CSL_DATE_PARTS = frozenset(("circa", "date-parts", "literal", "raw", "season"))

CSL_KEYS = CSL_NAMES | CSL_DATES | CSL_TEXTS | {"id", "type", "categories", "custom"}

# Texts that are names of things for programs, in which no character is a mark.
VERBATIM = word_set(
    """
    DOI ISBN ISSN PMCID PMID URL archive_location call-number citation-key citation-label citation-number
    first-reference-note-number keyword language source
    """
)

_MARKED = re.compile(r"[\\*_^~\[]")


def literal(words: str) -> str:
    """A text of CSL-JSON as what reads rich text is to read it: with tags, but without marks of Markdown."""
    return _MARKED.sub(r"\\\g<0>", words)


LONGEST_ADDRESS = 2048

# What no address may hold unescaped (RFC 3986), and what some readers strip, so that two would see different hosts.
FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\"<>^`{|}\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
# Registrants may be divided ("10.978.75097/91998"), and shortdoi.org gives names without one ("10/f96g2d").
_DOI = re.compile(
    r"(?:https?://(?:www\.|dx\.)?doi\.org/|(?:info:)?doi[:/]?\s*)?"
    r"(10(?:\.\d+)+/[^\s\x00-\x1f\x7f]{1,300}|10/[a-z0-9]{3,20})",
    re.IGNORECASE,
)


def web_address(value: Json) -> str:
    """The address if it is one of the web (http or https, with a host), else an empty text."""
    if not isinstance(value, str):
        return ""
    address = value.strip()
    if not 0 < len(address) <= LONGEST_ADDRESS or FORBIDDEN.search(address):
        return ""
    return address if address.lower().startswith(("http://", "https://")) and host_of(address) else ""


def host_of(address: str) -> str:
    """The host of an address, an empty text where it has none, or half a bracket or a port that cannot be."""
    try:
        parts = urlsplit(address)
        return (parts.hostname or "") if parts.port != 0 else ""
    except ValueError:
        return ""


def doi(value: Json) -> str:
    """A DOI without its prefixes, or an empty text."""
    match = _DOI.fullmatch(value.strip()) if isinstance(value, str) else None
    return match[1] if match else ""


FIRST_EDTF_SEASON = 21


def season_of(value: Json) -> int | None:
    """A season (1 is spring) by the numbers of CSL (1), EDTF (21) and older exports (13)."""
    text = str(value).strip()
    if not re.fullmatch("[1-4]|1[3-6]|2[1-4]", text):
        return None
    return int(text) - (0 if len(text) == 1 else 12 if text[0] == "1" else FIRST_EDTF_SEASON - 1)
