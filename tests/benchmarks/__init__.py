"""How long the work takes, beside what the same machine needs for the least of it."""
