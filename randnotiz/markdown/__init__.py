"""Markdown to tokens, to the text a reader sees (with a map back), to HTML."""

from randnotiz.markdown.document import Document, FootnoteCall, Link, Picture, length
from randnotiz.markdown.grammar import is_typewritten, scheme
from randnotiz.markdown.html import html, leads_on, led, pieces
from randnotiz.markdown.pictures import NO_PICTURE, size
from randnotiz.markdown.placeholders import Numbers, names_in, plain
from randnotiz.markdown.reading import read
