"""Randnotiz: articles with sources, counter-claims and computed figures beside the text."""
