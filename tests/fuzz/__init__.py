"""Words of any kind put where an author's belong; empty here, so that atheris sees the program being imported."""
