"""Writes what Babel knows of some languages to prepared.json."""

from randnotiz.language.cldr import PREPARED_FILE, written

PREPARED_FILE.write_text(written(), encoding="utf-8")
