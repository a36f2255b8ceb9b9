"""Numbers, ranges, dates, money, quotation marks and interface words, by language."""
