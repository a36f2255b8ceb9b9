"""Which addresses of sources still answer. Asked only on request (`check --links`), never by a build.

Addresses may come from a stranger: only the public web is asked, at the very address that was looked up, and nothing
of what a server says is kept but its status.
"""

import contextlib
import errno
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from msgspec import Struct, field

from randnotiz import caching
from randnotiz.csl import web_address
from randnotiz.diagnostics import Diagnostic, Position, SourceText
from randnotiz.model import Source
from randnotiz.terminal import OnProgress, no_progress

NO_HOST = "there is no such host"
USER_AGENT = "Mozilla/5.0 (compatible; Randnotiz link check)"
AT_ONCE = 16  # hosts
PAUSE = 1.0  # seconds between two requests to one host
PATIENCE = 15.0  # seconds for each answer
TRIES = 3
LONGEST_WAIT = 20.0  # seconds that a server may ask us to wait; for longer, it is left alone
MOST_REDIRECTS = 8
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
            if fault is not None and fault != NO_HOST:
                memory.keep(url, fault)
            on_progress(done, len(unknown))
    finally:
        memory.close()
    hosts = {urlsplit(url).hostname for url in unknown}
    if len(hosts) > 1 and all(faults[url] == NO_HOST for url in unknown):
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


# ----------------------------------------------------------------------------------------------------
# Requests
# ----------------------------------------------------------------------------------------------------


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
    except _RefusedError as refusal:
        return str(refusal), None
    except socket.gaierror:
        return NO_HOST, 0.0
    except TimeoutError:
        return f"no answer within {manner.patience:g} seconds", 0.0
    except ssl.SSLCertVerificationError as error:
        return f"its certificate does not hold ({error.verify_message})", None
    except ValueError:  # what no address can be made of: a port of six digits, half a bracket, a label too long
        return "it leads to what is no address of the web", None
    except (OSError, http.client.HTTPException) as error:
        return f"no connection ({error or type(error).__name__})", 0.0
    if status in PASSING and wait > LONGEST_WAIT:
        raise _LeftAloneError
    dead = status >= 400 and status not in GUARDED
    reason = f"{status} {http.client.responses.get(status, '')}".strip()
    return reason if dead else "", wait if status in PASSING else None


class _RefusedError(Exception):
    """An address that is not asked, or not asked any further."""


class _LeftAloneError(Exception):
    """A server asks for more time than we have."""


_QUERY = "/?%:@!$&'()*+,;=~-._[]{}|"  # what stays as it was written


def _status(url: str, method: str, manner: CheckOptions) -> tuple[int, float]:
    """The status at the end of all redirects, and how many seconds the server asks us to wait."""
    for _ in range(MOST_REDIRECTS):
        parts = urlsplit(url)
        if not web_address(url) or not parts.hostname:
            raise _RefusedError(f"it leads on to '{url[:200]}', which is no address of the web")
        connection = _Connection(parts.hostname, parts.port, parts.scheme == "https", manner)
        # A server that sends a letter now and then would keep within any timeout of single reads.
        watch = threading.Timer(2 * manner.patience, connection.abort)
        watch.start()
        try:
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
                f"?{quote(parts.query, safe=_QUERY)}" if parts.query else ""
            )
            connection.request(method, path, headers={"User-Agent": USER_AGENT, "Accept": "*/*"})
            answer = connection.getresponse()
            onward = answer.headers.get("Location")
            if not (300 <= answer.status < 400 and onward):
                return answer.status, _seconds(answer.headers.get("Retry-After"))
            url = urldefrag(urljoin(url, onward)).url
        finally:
            watch.cancel()
            connection.close()
    raise _RefusedError(f"it leads on more than {MOST_REDIRECTS} times")


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


class _Connection(http.client.HTTPConnection):
    """A connection to the very machine that was looked up and found to be public, whatever the next look-up says."""

    def __init__(self, host: str, port: int | None, secret: bool, manner: CheckOptions) -> None:
        self.default_port = 443 if secret else 80
        super().__init__(host, port or self.default_port, timeout=manner.patience)
        self.secret, self.manner = secret, manner

    def connect(self) -> None:
        """Connected to the first of the host's machines that answers. _RefusedError, OSError."""
        machines = _public(self.host, self.port, self.manner)
        for left, machine in zip(range(len(machines) - 1, -1, -1), machines, strict=True):
            try:
                self.sock = socket.create_connection((machine, self.port), self.timeout)
                break
            except OSError:
                if not left:
                    raise
        if self.secret:
            self.sock = _trust().wrap_socket(self.sock, server_hostname=self.host)

    def abort(self) -> None:
        """Whoever waits for this connection waits no longer."""
        with contextlib.suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _public(host: str, port: int, manner: CheckOptions) -> list[str]:
    """The machines of the public web that bear this name. _RefusedError, socket.gaierror."""
    found = []
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        machine = ipaddress.ip_address(str(place[0]).partition("%")[0])
        public = machine.is_global and not machine.is_multicast
        if public or (manner.loopback and machine.is_loopback):
            found.append(str(machine))
    if not found:
        raise _RefusedError("it leads into a private network, where no reader can follow")
    return found


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


# ----------------------------------------------------------------------------------------------------
# Remembering
# ----------------------------------------------------------------------------------------------------


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
