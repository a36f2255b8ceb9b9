"""Which addresses of sources still answer. Asked only on request (`check --links`), never by a build.

Addresses may come from a stranger: only the public web is asked, at the very address that was looked up, and nothing
of what a server says is kept but its status.
"""

import errno
import http.client
import json
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from msgspec import Struct, field

from randnotiz import caching, web
from randnotiz.csl import web_address
from randnotiz.diagnostics import Diagnostic, Position, SourceText
from randnotiz.model import Source
from randnotiz.terminal import OnProgress, no_progress

AT_ONCE = 16  # hosts
PAUSE = 1.0  # seconds between two requests to one host
PATIENCE = 15.0  # seconds for each answer
TRIES = 3
LONGEST_WAIT = 20.0  # seconds that a server may ask us to wait; for longer, it is left alone
DAY = 86_400
FRESH_ALIVE, FRESH_DEAD = 7 * DAY, DAY  # how long an answer counts

# What says that there is something, only not for programs: somebody with a browser has to look.
GUARDED = frozenset({401, 402, 403, 405, 406, 407, 418, 421, 425, 429, 451, 999})
TOO_MANY = 429
PASSING = frozenset({408, TOO_MANY, 500, 502, 503, 504})  # worth another try


class Address(Struct, frozen=True, kw_only=True):
    """Where a source is said to be, and when it was last seen there; `archived` says that a copy is recorded."""

    url: str
    position: Position
    source: str
    accessed: str = ""
    archived: bool = False


class CheckOptions(Struct, frozen=True, kw_only=True):
    """How politely and how far is asked. `loopback` is for tests, which have no other server to ask."""

    pause: float = PAUSE
    patience: float = PATIENCE
    at_once: int = AT_ONCE
    loopback: bool = False


POLITE = CheckOptions()


def check(
    sources: Iterable[Source],
    cache: Path | None,
    on_progress: OnProgress = no_progress,
    manner: CheckOptions = POLITE,
) -> tuple[Diagnostic, ...]:
    """A warning for each address of a source that does not answer any more. OSError where there is no network."""
    places: dict[str, list[Address]] = {}
    for address in addresses(sources):
        places.setdefault(urldefrag(address.url).url, []).append(address)
    memory = _Memory(cache / "links" if cache else None)
    faults = {url: memory.recall(url) for url in places}
    unknown = [url for url, fault in faults.items() if fault is None]
    try:
        for done, (url, fault) in enumerate(_requested(unknown, manner), start=1):
            faults[url] = fault
            if fault is not None and fault != web.NO_HOST:
                memory.keep(url, fault)
            on_progress(done, len(unknown))
    finally:
        memory.close()
    hosts = {urlsplit(url).hostname for url in unknown}
    if len(hosts) > 1 and all(faults[url] == web.NO_HOST for url in unknown):
        raise OSError(errno.ENETUNREACH, f"not one of {len(hosts)} hosts can be found; is there a network?")
    return tuple(
        _finding(address, fault) for url, fault in faults.items() if fault for address in dict.fromkeys(places[url])
    )


def addresses(sources: Iterable[Source]) -> Iterator[Address]:
    """The web addresses of sources, with where they stand."""
    for source in sources:
        given = source.csl.get("URL")
        url = web_address(given)
        if url:
            position = given.position if isinstance(given, SourceText) else source.position
            accessed = source.csl.get("accessed")
            yield Address(
                url=url,
                position=position,
                source=str(source.id),
                accessed=accessed if isinstance(accessed, str) else "",
                archived=bool(web_address(source.custom.get("archive-url"))),
            )


def archive_address(url: str, accessed: str) -> str:
    """Where the Wayback Machine would keep what stood there on that day, or last of all (Memento, RFC 7089)."""
    digits = "".join(char for char in accessed[:10] if char.isdecimal())
    return f"https://web.archive.org/web/{digits or '2'}/{url}"


def _finding(address: Address, fault: str) -> Diagnostic:
    hint = (
        "a copy is recorded; take the address for that of the copy, or look where the work is now"
        if address.archived
        else f"look for a copy at {archive_address(address.url, address.accessed)} and record it as `archive-url`"
    )
    message = f"the address of the source '{address.source}' does not answer any more: {fault}"
    return Diagnostic(address.position, "link-dead", message, hint)


# ---- Requests ----


def _requested(urls: Sequence[str], manner: CheckOptions) -> Iterator[tuple[str, str | None]]:
    """Each address with what is wrong with it, or "", as answers come in; one request at a time to each host.

    None where nobody knows: a host that asks to be left alone for long is, and the next check will ask it.
    """
    by_host: dict[str, list[str]] = {}
    for url in urls:
        by_host.setdefault(urlsplit(url).hostname or "", []).append(url)
    stop = threading.Event()
    answers: list[tuple[str, str | None]] = []
    news = threading.Condition()

    def visit(host: str) -> None:
        alone = False
        for place, url in enumerate(by_host[host]):
            if stop.is_set() or (place and not alone and stop.wait(manner.pause)):
                return
            fault = None
            if not alone:
                try:
                    fault = _fault(url, manner, stop)
                except _LeftAloneError:
                    alone = True
            with news:
                answers.append((url, fault))
                news.notify()

    with ThreadPoolExecutor(manner.at_once) as pool:
        visits = [pool.submit(visit, host) for host in by_host]
        try:
            for at in range(len(urls)):
                with news:
                    while len(answers) <= at:
                        news.wait(1.0)
                        _raise_what_failed(visits)
                yield answers[at]
        finally:
            stop.set()


def _raise_what_failed(visits: Iterable[Future[None]]) -> None:
    """A bug in a visit must not leave everybody waiting."""
    for visit in visits:
        if visit.done():
            visit.result()


def _fault(url: str, manner: CheckOptions, stop: threading.Event) -> str:
    """What is wrong with an address after as many tries as are fair; "" if nothing is."""
    fault = ""
    for attempt in range(TRIES):
        fault, wait = _try(url, manner)
        if wait is None or attempt == TRIES - 1 or stop.wait(wait or manner.pause * 2**attempt):
            break
    return fault


def _try(url: str, manner: CheckOptions) -> tuple[str, float | None]:
    """What is wrong with an address, and after how many seconds another try may help (0: soon; None: never)."""
    try:
        status, wait = _status(url, "HEAD", manner)
        if status >= 400 and status != TOO_MANY and not wait:  # many servers answer HEAD only by mistake
            status, wait = _status(url, "GET", manner)
    except web.UnansweredError as refusal:
        return str(refusal), 0.0 if refusal.passing else None
    if status in PASSING and wait > LONGEST_WAIT:
        raise _LeftAloneError
    dead = status >= 400 and status not in GUARDED
    reason = f"{status} {http.client.responses.get(status, '')}".strip()
    return reason if dead else "", wait if status in PASSING else None


class _LeftAloneError(Exception):
    """A server asks for more time than we have."""


def _status(url: str, method: str, manner: CheckOptions) -> tuple[int, float]:
    """The status at the end of all redirects, and how many seconds the server asks us to wait."""
    answer = web.ask(url, method, patience=manner.patience, loopback=manner.loopback, most=0)
    return answer.status, _seconds(answer.headers.get("Retry-After"))


def _seconds(text: str | None) -> float:
    """How long a server asks us to wait: it says so in seconds, or names the moment (RFC 9110, section 10.2.3)."""
    if not text:
        return 0.0
    if text.isdecimal() and text.isascii():
        return float(text[:6])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0


# ---- Remembering ----


class _Memory(Struct):
    """What addresses answered, and when; one that is lost only costs another question."""

    cache: Path | None
    rows: dict[str, tuple[float, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows |= json.loads(caching.get(self.cache, _key()) or "{}")

    def recall(self, url: str) -> str | None:
        """What was wrong with an address, "" if nothing was; None if nobody knows or it is too long ago."""
        when, fault = self.rows.get(url, (0.0, ""))
        age = time.time() - when
        return fault if 0 <= age < (FRESH_DEAD if fault else FRESH_ALIVE) else None

    def keep(self, url: str, fault: str) -> None:
        """What is wrong with an address as of now."""
        self.rows[url] = time.time(), fault

    def close(self) -> None:
        """All of it on the disk."""
        caching.put(self.cache, _key(), json.dumps(self.rows).encode())


def _key() -> str:
    return caching.key_of(("links.py",))
