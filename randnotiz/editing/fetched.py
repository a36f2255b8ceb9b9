"""Sources fetched on an editor's word: what a DOI's registrar or a page says of itself, and archived copies."""

import json
import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import quote, urldefrag, urlencode

from msgspec import Struct

from randnotiz import reader, slugs, web
from randnotiz.citations.richtext import rich
from randnotiz.csl import CSL_NAMES, VERBATIM, doi, host_of, literal, web_address
from randnotiz.deceptive import deceptions, straight
from randnotiz.diagnostics import ContentError, Position
from randnotiz.editing.writing import Entry
from randnotiz.schema.days import date_of

CSL_JSON = "application/vnd.citationstyles.csl+json"
LARGEST_ITEM, LARGEST_PAGE = 2_000_000, 4_000_000  # bytes
MOST_NAMES = 100  # of one role; then come others
NEAR = 30  # days between a reading and a copy that shows what was read


class Services(Struct, frozen=True, kw_only=True):
    """Who is asked, and how many seconds are waited for an answer, or for a copy. Tests ask the loopback."""

    doi: str = "https://doi.org/"
    available: str = "https://archive.org/wayback/available"
    wayback: str = "https://web.archive.org/"
    patience: float = 10.0
    patience_of_archive: float = 120.0
    loopback: bool = False


PUBLIC = Services()


def fetched(words: str, today: str, services: Services = PUBLIC) -> dict[str, Entry]:
    """What is known of a work by its DOI or address, as an entry of sources.yaml without an id. UnansweredError."""
    if name := doi(words):
        url = services.doi + quote(name, safe="/:;()[]-._")
        reply = _asked(url, CSL_JSON, services, LARGEST_ITEM, f"nothing is registered as the DOI {name}")
        try:
            item = json.loads(reply.body)
        except (ValueError, RecursionError):
            item = None
        if not isinstance(item, dict):
            raise web.UnansweredError(f"whoever registers the DOI {name} does not describe it as CSL-JSON")
        entry = _entry({**item, "DOI": name, "URL": ""})  # whose address is that of the DOI
        if not entry.get("title"):
            raise web.UnansweredError(f"whoever registers the DOI {name} names no title; write the entry by hand")
        return entry
    reply = _asked(words.strip(), "text/html,application/xhtml+xml", services, LARGEST_PAGE, "")
    if _kind(reply) not in ("text/html", "application/xhtml+xml"):
        name = _KINDS.get(_kind(reply), _kind(reply) or "of no kind that it names")
        raise web.UnansweredError(f"that is no page but {name}: {reply.url}")
    item = _of_page(_text(reply), reply.url)
    if not item.get("title"):
        raise web.UnansweredError("that page names no title; write the entry by hand")
    return {**_entry(item), "accessed": today}


_KINDS = {"application/pdf": "a PDF", "application/json": "JSON", "text/plain": "plain text"}


def _kind(reply: web.Reply) -> str:
    kind = reply.headers.get_content_type() if reply.headers.get("Content-Type") else ""
    return _KINDS.get(kind, "a picture") if kind.startswith("image/") else kind


def _asked(url: str, accept: str, services: Services, most: int, missing: str) -> web.Reply:
    """A reply that is good; else UnansweredError, which says what is wrong."""
    reply = web.ask(url, accept=accept, patience=services.patience, loopback=services.loopback, most=most)
    if reply.status == 404 and missing:
        raise web.UnansweredError(f"{missing} (404)")
    if reply.status != 200:
        raise web.UnansweredError(f"{reply.reason}: {reply.url}")
    if len(reply.body) > most:
        raise web.UnansweredError(f"that has more than {most:,} bytes: {reply.url}")
    return reply


_KEPT = (
    *("type", "title", "author", "editor", "container-title", "publisher", "publisher-place", "issued", "volume"),
    *("issue", "page", "number", "edition", "genre", "event-title", "language", "ISBN", "DOI", "URL"),
)


def _entry(item: Mapping[str, Any]) -> dict[str, Entry]:
    """A CSL item as an editor writes it: what the reader of exports takes of it, in the usual order."""
    kept = {key: item[key] for key in _KEPT if item.get(key)}
    for key in CSL_NAMES & kept.keys():
        if isinstance(kept[key], list) and len(kept[key]) > MOST_NAMES:
            kept[key] = [*kept[key][:MOST_NAMES], {"literal": "others"}]
    raw = straight(json.dumps({"sources": [{**kept, "id": "x"}]}, ensure_ascii=False)).encode(errors="replace")
    sources, _ = reader.read_sources("the answer", raw, shared=False)
    csl = sources["x"].csl if "x" in sources else {}
    entry = {"type": csl.get("type", "document"), "title": "", **{key: csl[key] for key in _KEPT if key in csl}}
    return {key: value for key, each in entry.items() if (value := _as_written(key, each))}


def _as_written(key: str, value: Any) -> Entry:
    if key == "issued" and isinstance(value, Mapping) and value.keys() == {"date-parts"}:
        rows = [[int(part) for part in row] for row in value["date-parts"]]
        if all(row and row[0] > 0 for row in rows):
            return "/".join("-".join(f"{part:0{2 if at else 4}}" for at, part in enumerate(row)) for row in rows)
    if isinstance(value, str):
        words = " ".join(value.split())
        return words if key in VERBATIM or rich(words) == rich(literal(words)) else literal(words)
    if isinstance(value, list):
        return [_as_written("", each) for each in value]
    return {str(name): _as_written("", each) for name, each in value.items()} if isinstance(value, Mapping) else value


def free_id(entry: Mapping[str, Entry], taken: Collection[str]) -> str:
    """An id for a source that no other has: its first author's name, or that of its site, and its year."""
    author = entry.get("author")
    first = author[0] if isinstance(author, list) and author else {}
    given = first.get("family") or first.get("literal") if isinstance(first, dict) else ""
    host = host_of(str(entry.get("URL", ""))).removeprefix("www.").partition(".")[0]
    words = slugs.ascii_slug(str(given or "")) or slugs.ascii_slug(host) or slugs.ascii_slug(str(entry.get("title")))
    year = re.match(r"\d{4}", str(entry.get("issued", "")))
    id = f"{words[:24].strip('-') or 'source'}{year[0] if year else ''}"
    letters = ("", *"bcdefghijklmnopqrstuvwxyz")
    return next((id + each for each in letters if id + each not in taken), f"{id}-{len(taken)}")


# ---- A page's own metadata ----

_QUOTED = r"\"[^\"]{0,4000}\"|'[^']{0,4000}'"
_TAG = re.compile(rf"<(html|meta|link)\b((?:[^<>\"']|{_QUOTED}){{0,400}})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rf"([\w:-]+)\s*=\s*({_QUOTED}|[^\s\"'>]+)")
_DATA = re.compile(r"<script\b[^<>]{0,400}application/ld\+json[^<>]{0,400}>", re.IGNORECASE)
_END = re.compile("</script", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
MOST_DATA, MOST_NODES = 20, 500

# schema.org's types of works; of several in a page the first of this table.
_TYPES = {
    "NewsArticle": "article-newspaper",
    "ReportageNewsArticle": "article-newspaper",
    "AnalysisNewsArticle": "article-newspaper",
    "OpinionNewsArticle": "article-newspaper",
    "ScholarlyArticle": "article-journal",
    "BlogPosting": "post-weblog",
    "SocialMediaPosting": "post",
    "Report": "report",
    "Book": "book",
    "Dataset": "dataset",
    "PodcastEpisode": "broadcast",
    "VideoObject": "motion_picture",
    "Article": "",
    "WebPage": "",
}


def _text(reply: web.Reply) -> str:
    named = _CHARSET.search(reply.headers.get("Content-Type", "").encode("ascii", "replace"))
    named = named or _CHARSET.search(reply.body[:2048])
    try:
        return reply.body.decode(named[1].decode() if named else "utf-8", "replace")
    except LookupError:
        return reply.body.decode("utf-8", "replace")


def _of_page(text: str, url: str) -> dict[str, Any]:
    """What a page says of itself as a CSL item: JSON-LD, then `citation_…` (Highwire), then Open Graph."""
    metas: dict[str, list[str]] = {}
    lang = ""
    for tag in _TAG.finditer(text):
        given = {name.lower(): unescape(value.strip("\"'")).strip() for name, value in _ATTRIBUTE.findall(tag[2])}
        name = (given.get("name") or given.get("property") or "").lower()
        if tag[1].lower() == "html":
            lang = lang or given.get("lang", "")
        elif tag[1].lower() == "link" and given.get("rel", "").lower() == "canonical":
            metas.setdefault("canonical", []).append(given.get("href", ""))
        elif name and given.get("content"):
            metas.setdefault(name, []).append(given["content"])
    title = text.lower().find("<title")
    inner = text[text.find(">", title) + 1 : text.lower().find("</title", title)] if title >= 0 else ""
    last = {
        "title": " ".join(unescape(inner[:1000]).split()),
        "author": [_person(name) for name in metas.get("author", ())],
        "language": lang,
    }
    item: dict[str, Any] = {}
    for found in (_of_data(text), _of_citation(metas), _of_open_graph(metas), last):
        item = {**{key: value for key, value in found.items() if value}, **item}
    canonical = web_address((metas.get("canonical") or [""])[0])
    is_same = host_of(canonical) == host_of(url) and not any(deceptions(canonical))
    return {"type": "webpage", **item, "URL": canonical if is_same else url}


def _of_data(text: str) -> dict[str, Any]:
    nodes: list[dict[str, Any]] = []
    for found in list(_DATA.finditer(text))[:MOST_DATA]:
        end = _END.search(text, found.end())
        try:
            nodes += _nodes(json.loads(text[found.end() : end.start() if end else len(text)]))
        except (ValueError, RecursionError):
            continue
    works = [(kind, node) for kind in _TYPES for node in nodes if kind in _listed(node.get("@type"))]
    if not works:
        return {}
    kind, node = works[0]
    house = next((name for each in _listed(node.get("publisher")) if (name := _name(each))), "")
    within = next((name for each in _listed(node.get("isPartOf")) if (name := _name(each))), "")
    return {
        "type": _TYPES[kind],
        "title": _words(node.get("headline")) or _words(node.get("name")),
        "author": [person for each in _listed(node.get("author")) if (person := _person(each))],
        "container-title": within or house,
        "publisher": house if within and house != within else "",
        "issued": _date(node.get("datePublished")),
        "language": _words(node.get("inLanguage")),
    }


def _nodes(value: Any) -> list[dict[str, Any]]:
    """The things that JSON-LD describes at its top."""
    top = [each for each in _listed(value)[:MOST_NODES] if isinstance(each, dict)]
    graphs = [each for node in top for each in _listed(node.get("@graph"))[:MOST_NODES]]
    return [*top, *(each for each in graphs if isinstance(each, dict))]


def _of_citation(metas: Mapping[str, list[str]]) -> dict[str, Any]:
    def said(*names: str) -> str:
        return next((metas[f"citation_{name}"][0] for name in names if f"citation_{name}" in metas), "")

    first, last = said("firstpage"), said("lastpage")
    conference, journal = said("conference_title", "conference"), said("journal_title")
    thesis, report = said("dissertation_institution"), said("technical_report_institution")
    kinds = (journal, "article-journal"), (conference, "paper-conference"), (thesis, "thesis"), (report, "report")
    return {
        "type": next((kind for given, kind in kinds if given), ""),
        "title": said("title"),
        "author": [_person(name) for name in metas.get("citation_author", ())],
        "container-title": journal or conference or said("inbook_title"),
        "publisher": thesis or report or said("publisher"),
        "issued": _date(said("publication_date", "date", "online_date", "year")),
        "volume": said("volume"),
        "issue": said("issue"),
        "page": f"{first}-{last}" if first and last else first,
        "DOI": doi(said("doi")),
        "ISBN": said("isbn"),
        "language": said("language"),
    }


def _of_open_graph(metas: Mapping[str, list[str]]) -> dict[str, Any]:
    def said(name: str) -> str:
        return metas.get(name, [""])[0]

    return {
        "title": said("og:title"),
        "author": [_person(name) for name in metas.get("article:author", ()) if not web_address(name)],
        "container-title": said("og:site_name"),
        "issued": _date(said("article:published_time")),
        "language": said("og:locale").replace("_", "-"),
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _words(value: Any) -> str:
    words = (value.get("@value") or value.get("name")) if isinstance(value, dict) else value
    return " ".join(unescape(words).split()) if isinstance(words, str) else ""


def _name(value: Any) -> str:
    return _words(value.get("name") if isinstance(value, dict) else value)


def _person(value: Any) -> dict[str, str]:
    """A name of CSL: a person's last word is the family's, unless a comma or the page itself says otherwise."""
    name = _name(value)
    if isinstance(value, dict):
        family, given = _words(value.get("familyName")), _words(value.get("givenName"))
        if family and given:
            return {"family": family, "given": given}
        if "Organization" in str(value.get("@type")):
            return {"literal": name}
    family, comma, given = (part.strip() for part in name.partition(","))
    if not comma:
        given, _, family = name.rpartition(" ")
    if not name or web_address(name):
        return {}
    return {"family": family, "given": given} if family and given and len(name.split()) < 5 else {"literal": name}


_DAY = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?!\d)")


def _date(value: Any) -> str:
    """A day, month or year, of whatever a page says of a moment; nothing where it is none."""
    found = _DAY.match(value) if isinstance(value, str) else None
    parts = [int(part) for part in found.groups() if part] if found else []
    words = "-".join(f"{part:0{2 if at else 4}}" for at, part in enumerate(parts))
    try:
        return str(date_of(words, Position(""))) if words else ""
    except ContentError:
        return ""


# ---- Archived copies ----


def archived(url: str, read_on: str, today: str, services: Services = PUBLIC) -> tuple[str, str]:
    """A page's copy in the Wayback Machine, of about when it was read or made now: address, day. UnansweredError."""
    url = urldefrag(url).url
    near = _day(read_on) or _day(today)
    asked = urlencode({"url": url, "timestamp": near.strftime("%Y%m%d")}) if near else ""
    reply = _asked(f"{services.available}?{asked}", "application/json", services, LARGEST_ITEM, "")
    try:
        closest = json.loads(reply.body)["archived_snapshots"]["closest"]
        stamp = str(closest["timestamp"]) if closest["available"] and str(closest["status"]) == "200" else ""
    except (ValueError, KeyError, TypeError, RecursionError):
        stamp = ""
    day = _day(stamp)
    if day is None or near is None or abs(day - near) > timedelta(days=NEAR):
        stamp = _saved(url, services)
        day = _day(stamp)
    if day is None:
        raise web.UnansweredError(f"the archive does not say where its copy is; look at {services.wayback}web/{url}")
    return f"{services.wayback}web/{stamp}/{url}", day.isoformat()


def _saved(url: str, services: Services) -> str:
    """The moment of a copy that is made now, as the archive writes it (YYYYMMDDhhmmss)."""
    patience = services.patience_of_archive
    reply = web.ask(f"{services.wayback}save/{url}", patience=patience, loopback=services.loopback, most=1)
    if reply.status != 200:
        raise web.UnansweredError(f"the archive made no copy: {reply.reason}")
    for place in (reply.headers.get("Content-Location", ""), reply.url):
        if found := re.search(r"/web/(\d{14})(?:[a-z]{2}_)?/", place):
            return found[1]
    return ""


def _day(words: str) -> date | None:
    found = re.match(r"(\d{4})-?(\d\d)-?(\d\d)", words)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
