"""Words as part of an address: one rule for headings, footnotes and ids, and what the rules before it gave.

Addresses are IRIs (RFC 3987): letters, marks and numbers of any script stand in them as they are, in Unicode's
normalization form C and in lower case; all else becomes a hyphen. Folders of articles keep to ASCII.
"""

import re
import sys
from unicodedata import category, combining, normalize
from urllib.parse import quote, unquote

LONGEST = 80  # characters
WORDS_OF_AN_ID = 5

# Whether a folder can be opened by another name that folds to the same, as `strasse` and `straße` do.
ONE_NAME = sys.platform in ("darwin", "win32")

# What Windows keeps for devices, whatever ending follows, and whatever blanks before it.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|\Z)", re.IGNORECASE)
_TRANSCRIBED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue"})
_SAFE = "/#?&=:@%+,;~!$'()*"  # what an address has beside letters, digits and -._


def slug(words: str) -> str:
    """Words as part of an address: `Die Größe (2)` is `die-größe-2`; empty if no letter and no number is left.

    A mark stays where its letter does: alone, like that of an emoji, it would be invisible.
    """
    return "-".join(_kept(words).split())[:LONGEST].rstrip("-")


def topic(words: str) -> str:
    """A topic as the last part of its address: the same for all spellings that some disks take for one."""
    return slug(words.casefold())


def is_id(words: str) -> bool:
    """Whether words can be an id as they are: nothing but hyphens is left out, and none of those comes first."""
    letters = words.replace("-", "0")
    return words[:1] not in ("", "-") and " " not in words and _kept(letters) == letters


def has_moved(former: str, id: str) -> bool:
    """Whether there is a former address, and a disk has it beside today's."""
    return former not in ("", id) and not (ONE_NAME and former.casefold() == id.casefold())


def is_device(name: str) -> bool:
    """Whether a part of a path cannot be the name of a file on Windows (Naming Files, reserved names)."""
    return _DEVICE.match(name) is not None


def _kept(words: str) -> str:
    """The characters that stand in an address, with a blank for each of the others."""
    kept = ""
    for char in composed(composed(words).replace("İ", "i").lower()):
        kind = category(char)[0]
        kept += char if kind in "LN" or (kind == "M" and kept[-1:].strip()) else " "
    return kept


def first_words(words: str, count: int = WORDS_OF_AN_ID) -> str:
    """The words of a quotation that an id is made of."""
    return " ".join(words.split()[:count])


def composed(words: str) -> str:
    """Words in the form in which they are compared and written (normalization form C)."""
    return normalize("NFC", words)


def percent_encoded(address: str) -> str:
    """An address for programs that know no letters beyond ASCII (RFC 3987, section 3.1); ASCII stays as it is."""
    return address if address.isascii() else quote(address, safe=_SAFE)


def as_composed(written: str) -> str:
    """A path or fragment as a link has it, its letters composed as they are in the name of a file or an id."""
    named = unquote(written)
    return written if composed(named) == named else quote(composed(named), safe=_SAFE)


def ascii_slug(words: str) -> str:
    """Words in letters and digits of ASCII, as in the name of a folder: `Die Größe (2)` is `die-groesse-2`.

    The rule of all headings and footnotes before `slug`, so that it gives their former addresses.
    """
    lower = composed(words).lower().translate(_TRANSCRIBED)
    bare = "".join(char for char in normalize("NFKD", lower) if not combining(char))
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:LONGEST].rstrip("-")


def former_id(words: str) -> str:
    """What ids were made of words before `slug`: letters that German does not know were left out."""
    plain = normalize("NFKD", words.translate(_GERMAN)).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))
