"""One HTTP exchange with an end: a connection that is cut when the time is up, an answer of bounded size.

``requests`` limits each wait for bytes, not the whole exchange: a server that drips one byte a second would
hold a sender for ever. Here a timer shuts the socket down when the exchange has used up its time.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from sync.errors import BureauDropped, BureauError, BureauGarbled, BureauSlow, BureauUnreachable

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: status, headers by lower-case name, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """Media type without parameters, lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class _Exchange:
    """One request under way: its connection, and whether its time ran out."""

    def __init__(self) -> None:
        self.connection: HTTPConnection | None = None
        self.kept = False  # the connection is one of an earlier request
        self.cut = threading.Event()

    def shut_down(self) -> None:
        """Time is up: wake whoever waits for bytes of this exchange."""
        self.cut.set()
        sock = self.connection.sock if self.connection is not None else None
        if sock is not None:
            with suppress(OSError):
                # the plain method: SSLSocket's own would let the reader go on without TLS
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Current(threading.local):
    """The exchange of the running thread."""

    exchange: _Exchange | None = None


_current = _Current()
_DROPPED = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


class _Tracked(HTTPConnection):
    """Tells the exchange of its thread who carries it, and whether it has carried another before."""

    _used = False

    def connect(self) -> None:
        self._used = False
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        if _current.exchange is not None:
            _current.exchange.connection = self
            _current.exchange.kept = self._used and self.sock is not None
        super().request(*args, **kwargs)
        self._used = True


class _TrackedHTTPS(_Tracked, HTTPSConnection):
    """The same over TLS."""


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _Tracked


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _TrackedHTTPS


class _Adapter(HTTPAdapter):
    """Pools tracked connections and never repeats a request by itself."""

    def __init__(self, connections: int) -> None:
        super().__init__(pool_connections=2, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


class Transport:
    """Sends prepared requests to one server; safe to use from several threads."""

    def __init__(self, ca_file: Path | None, connect_s: float, read_s: float, connections: int = 8) -> None:
        """``read_s`` bounds the wait for bytes and, with ``connect_s``, the whole of a usual exchange."""
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, no .netrc: the way to the centre is configured, not found
        adapter = _Adapter(connections)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._verify: str | bool = str(ca_file) if ca_file else True
        self._connect_s, self._read_s = connect_s, read_s

    def close(self) -> None:
        """Drop all connections."""
        self._session.close()

    def exchange(
        self, request: requests.PreparedRequest, max_bytes: int, total_s: float | None = None
    ) -> Answer:
        """Send and read the whole answer within ``total_s`` (default: connect and read time together).

        Raises ``BureauUnreachable``, ``BureauDropped``, ``BureauSlow`` or ``BureauGarbled`` (cut or too large).
        """
        limit = total_s or self._connect_s + self._read_s
        exchange = _Exchange()
        timer = threading.Timer(limit, exchange.shut_down)
        timer.daemon = True
        _current.exchange = exchange
        timer.start()
        try:
            answer = self._send(request, max_bytes)
        except BureauError:
            if exchange.cut.is_set():
                raise BureauSlow(f"no complete answer within {limit:g} s") from None
            raise
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            if exchange.cut.is_set():
                raise BureauSlow(f"no complete answer within {limit:g} s") from error
            if exchange.kept and any(isinstance(cause, _DROPPED) for cause in _causes(error)):
                raise BureauDropped("the centre had ended the connection") from error
            raise _named(error) from error
        finally:
            timer.cancel()
            _current.exchange = None
        if exchange.cut.is_set():  # what was read until then may look whole, down to a head without end
            raise BureauSlow(f"no complete answer within {limit:g} s")
        return answer

    def _send(self, request: requests.PreparedRequest, max_bytes: int) -> Answer:
        answer = self._session.send(
            request,
            stream=True,
            verify=self._verify,
            allow_redirects=False,
            timeout=(self._connect_s, self._read_s),
        )
        try:
            body = bytearray()
            while piece := answer.raw.read1(_CHUNK, decode_content=False):
                body += piece
                if len(body) > max_bytes:
                    answer.raw.close()
                    raise BureauGarbled(f"the answer is larger than {max_bytes} bytes")
            expected = answer.headers.get("Content-Length", "")
            if expected.isdecimal() and int(expected) != len(body):
                raise BureauUnreachable(f"the answer was cut after {len(body)} of {expected} bytes")
        finally:
            answer.close()
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status_code, headers, bytes(body))


def _named(error: Exception) -> BureauError:
    """Ours for what ``requests`` and the layers under it raise."""
    causes = list(_causes(error))
    if any(isinstance(c, (requests.Timeout, TimeoutError)) for c in causes):
        return BureauSlow(f"no answer in time ({type(error).__name__})")
    if any(isinstance(c, ssl.SSLError) for c in causes):
        return BureauUnreachable(
            "the centre's certificate is not trusted: check bureau.ca_file and the clock"
        )
    if any(isinstance(c, IncompleteRead) for c in causes):
        return BureauUnreachable("the answer was cut")
    if any(isinstance(c, HTTPException) and not isinstance(c, ConnectionError) for c in causes):
        return BureauGarbled(f"the answer is not HTTP ({type(causes[-1]).__name__})")
    why = type(causes[-1]).__name__
    return BureauUnreachable(f"no connection to the centre ({why}); check the network cable and bureau.url")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made of, outermost first."""
    seen: set[int] = set()
    queue: list[object] = [error]
    while queue:
        item = queue.pop(0)
        if isinstance(item, BaseException) and id(item) not in seen:
            seen.add(id(item))
            yield item
            queue += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
