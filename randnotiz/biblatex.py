"""What biblatex 3.20 calls the types and the keys of CSL, as Better BibTeX writes them."""

from collections.abc import Mapping

ENTRY_TYPES: Mapping[str, str] = {
    "article": "online",  # CSL's word for a preprint
    **dict.fromkeys(("article-journal", "article-magazine", "article-newspaper"), "article"),
    **dict.fromkeys(("bill", "legislation", "regulation"), "legislation"),
    **dict.fromkeys(("book", "classic"), "book"),
    "broadcast": "audio",
    "chapter": "incollection",
    "collection": "collection",
    "dataset": "dataset",
    **dict.fromkeys(("entry", "entry-dictionary", "entry-encyclopedia"), "inreference"),
    **dict.fromkeys(("figure", "graphic"), "image"),
    "legal_case": "jurisdiction",
    **dict.fromkeys(("manuscript", "speech"), "unpublished"),
    "motion_picture": "movie",
    "pamphlet": "booklet",
    "paper-conference": "inproceedings",
    "patent": "patent",
    "performance": "performance",
    "periodical": "periodical",
    "personal_communication": "letter",
    **dict.fromkeys(("post", "post-weblog", "webpage"), "online"),
    "report": "report",
    **dict.fromkeys(("review", "review-book"), "review"),
    "software": "software",
    "song": "music",
    "standard": "standard",
    "thesis": "thesis",
    "treaty": "legal",
}
SUBTYPES: Mapping[str, str] = {"article-magazine": "magazine", "article-newspaper": "newspaper"}
NAME_FIELDS: Mapping[str, str] = {
    "author": "author",
    "editor": "editor",
    "translator": "translator",
    "container-author": "bookauthor",
}
# Those of other roles, each with its role as its type; and who may have one, first of those that there are.
ROLE_FIELDS = ("editora", "editorb", "editorc", "namea", "nameb", "namec")
ROLES = (
    *("director", "compiler", "organizer", "curator", "editorial-director", "collection-editor", "producer"),
    *("executive-producer", "series-creator", "host", "guest", "script-writer", "composer", "performer", "narrator"),
    *("illustrator", "interviewer", "contributor", "chair", "original-author", "reviewed-author", "recipient"),
)
TEXT_FIELDS: Mapping[str, str] = {
    "title-short": "shorttitle",
    "shortTitle": "shorttitle",
    "container-title-short": "shortjournal",
    "journalAbbreviation": "shortjournal",
    "collection-title": "series",
    "volume": "volume",
    "part": "part",
    "number-of-volumes": "volumes",
    "edition": "edition",
    "version": "version",
    "chapter-number": "chapter",
    "number-of-pages": "pagetotal",
    "genre": "type",
    "publisher-place": "location",
    "event-title": "eventtitle",
    "event": "eventtitle",
    "event-place": "venue",
    "original-title": "origtitle",
    "original-publisher": "origpublisher",
    "original-publisher-place": "origlocation",
    "status": "pubstate",
    "note": "note",
    "annote": "annotation",
    "abstract": "abstract",
    "keyword": "keywords",
    "call-number": "library",
    "ISBN": "isbn",
    "ISSN": "issn",
    "PMID": "pmid",
    "PMCID": "pmcid",
}
DATE_FIELDS: Mapping[str, str] = {
    "issued": "date",
    "accessed": "urldate",
    "original-date": "origdate",
    "event-date": "eventdate",
}
WITHIN = frozenset(("incollection", "inproceedings", "inreference"))  # what stands in a book
BOOKS = frozenset((*WITHIN, "book", "collection", "booklet"))
SERIALS = frozenset(("article", "review", "periodical"))
PUBLISHERS: Mapping[str, str] = {
    **dict.fromkeys(("report", "thesis"), "institution"),
    **dict.fromkeys(("online", "misc", "standard"), "organization"),
}
# The names that babel, and so `langid`, has for languages; others go by their tag.
LANGUAGES: Mapping[str, str] = {
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "de-AT": "austrian",
    "de-CH": "swissgerman",
    "el": "greek",
    "en": "english",
    "en-GB": "british",
    "en-US": "american",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hr": "croatian",
    "hu": "hungarian",
    "it": "italian",
    "ja": "japanese",
    "nb": "norsk",
    "nl": "dutch",
    "nn": "nynorsk",
    "pl": "polish",
    "pt": "portuguese",
    "pt-BR": "brazilian",
    "ro": "romanian",
    "ru": "russian",
    "sk": "slovak",
    "sl": "slovene",
    "sv": "swedish",
    "tr": "turkish",
    "uk": "ukrainian",
}
