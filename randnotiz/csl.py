"""The vocabulary of CSL-JSON 1.0.2: which types of works there are, and which keys hold names, dates and text."""


def _words(text: str) -> frozenset[str]:
    """The words of a list that is easier to read as a paragraph."""
    return frozenset(text.split())


CSL_TYPES = _words(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
    document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard thesis
    treaty webpage
    """
)

CSL_NAMES = _words(
    """
    author chair collection-editor compiler composer container-author contributor curator director editor
    editorial-director executive-producer guest host illustrator interviewer narrator organizer original-author
    performer producer recipient reviewed-author script-writer series-creator translator
    """
)

CSL_DATES = frozenset(("accessed", "available-date", "event-date", "issued", "original-date", "submitted"))

CSL_TEXTS = _words(
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

CSL_NAME_PARTS = _words(
    """
    comma-suffix dropping-particle family given literal non-dropping-particle parse-names static-ordering suffix
    """
)

CSL_DATE_PARTS = frozenset(("circa", "date-parts", "literal", "raw", "season"))

CSL_KEYS = CSL_NAMES | CSL_DATES | CSL_TEXTS | {"id", "type", "categories", "custom"}
