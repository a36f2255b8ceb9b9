"""Requests to the public web: bounded in time, in size and in how often they lead on, and never to a private network.

Nothing is asked but on an editor's word (`check --links`, `source`); no build, check or preview asks anything.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from email.message import Message
from functools import lru_cache
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from msgspec import Struct

from randnotiz.csl import web_address

NO_HOST = "there is no such host"
USER_AGENT = "Mozilla/5.0 (compatible; Randnotiz)"
MOST_REDIRECTS = 8


class UnansweredError(Exception):
    """An address that is not asked or does not answer; `passing` where another try may help."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class Reply(Struct, frozen=True, kw_only=True):
    """What a server said behind all redirects, at `url`; `body` has one byte too many where there are more."""

    url: str
    status: int
    headers: Message
    body: bytes = b""

    @property
    def reason(self) -> str:
        """The status in words."""
        return f"{self.status} {http.client.responses.get(self.status, '')}".strip()


def ask(
    url: str, method: str = "GET", *, accept: str = "*/*", patience: float, loopback: bool = False, most: int
) -> Reply:
    """What stands at an address, at most so many bytes of it and one. UnansweredError.

    `patience` is in seconds, for each step of an answer; the whole takes twice as long at most, for each redirect.
    `loopback` is for tests, which have no other server to ask.
    """
    try:
        return _asked(url, method, accept, patience, loopback, most)
    except socket.gaierror:
        raise UnansweredError(NO_HOST, passing=True) from None
    except TimeoutError:
        raise UnansweredError(f"no answer within {patience:g} seconds", passing=True) from None
    except ssl.SSLCertVerificationError as error:
        raise UnansweredError(f"its certificate does not hold ({error.verify_message})") from None
    except ValueError:  # what no address can be made of: a port of six digits, half a bracket, a label too long
        raise UnansweredError("it leads to what is no address of the web") from None
    except (OSError, http.client.HTTPException) as error:
        raise UnansweredError(f"no connection ({error or type(error).__name__})", passing=True) from None


_QUERY = "/?%:@!$&'()*+,;=~-._[]{}|"  # what stays as it was written


def _asked(url: str, method: str, accept: str, patience: float, loopback: bool, most: int) -> Reply:
    for _ in range(MOST_REDIRECTS):
        parts = urlsplit(url)
        if not web_address(url) or not parts.hostname:
            raise UnansweredError(f"it leads on to '{url[:200]}', which is no address of the web")
        connection = _Connection(parts.hostname, parts.port, parts.scheme == "https", patience, loopback)
        # A server that sends a letter now and then would keep within any timeout of single reads.
        watch = threading.Timer(2 * patience, connection.abort)
        watch.start()
        try:
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
                f"?{quote(parts.query, safe=_QUERY)}" if parts.query else ""
            )
            connection.request(method, path, headers={"User-Agent": USER_AGENT, "Accept": accept})
            answer = connection.getresponse()
            onward = answer.headers.get("Location")
            if not (300 <= answer.status < 400 and onward):
                body = answer.read(most + 1) if most else b""
                if connection.is_late:
                    raise TimeoutError
                if most and answer.length and len(body) <= most:
                    raise UnansweredError("the answer breaks off", passing=True)
                return Reply(url=url, status=answer.status, headers=answer.headers, body=body)
            url = urldefrag(urljoin(url, onward)).url
        except (OSError, http.client.HTTPException) as error:
            raise TimeoutError if connection.is_late else error  # noqa: B904 - which says no more
        finally:
            watch.cancel()
            connection.close()
    raise UnansweredError(f"it leads on more than {MOST_REDIRECTS} times")


class _Connection(http.client.HTTPConnection):
    """A connection to the very machine that was looked up and found to be public, whatever the next look-up says."""

    def __init__(self, host: str, port: int | None, secret: bool, patience: float, loopback: bool) -> None:
        self.default_port = 443 if secret else 80
        super().__init__(host, port or self.default_port, timeout=patience)
        self.secret, self.loopback, self.is_late = secret, loopback, False

    def connect(self) -> None:
        """Connected to the first of the host's machines that answers. UnansweredError, OSError."""
        machines = _public(self.host, self.port, self.loopback)
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
        self.is_late = True
        with contextlib.suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _public(host: str, port: int, loopback: bool) -> list[str]:
    """The machines of the public web that bear this name. UnansweredError, socket.gaierror."""
    found = []
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        machine = ipaddress.ip_address(str(place[0]).partition("%")[0])
        public = machine.is_global and not machine.is_multicast
        if public or (loopback and machine.is_loopback):
            found.append(str(machine))
    if not found:
        raise UnansweredError("it leads into a private network, where no reader can follow")
    return found


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
