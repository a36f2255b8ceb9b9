"""Randnotiz: articles with sources, counter-claims and computed figures beside the text."""

__version__ = "0.1.0"
