"""The one port of the device program: who may come in, and to which service a path leads."""

from __future__ import annotations

import asyncio
import http
import logging
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit
from weakref import WeakKeyDictionary

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request as HttpRequest
from websockets.http11 import Response

from drivers.xfs.auth import Client, Tokens
from drivers.xfs.connection import Connection
from drivers.xfs.envelope import MAX_MESSAGE
from drivers.xfs.publisher import Publisher
from drivers.xfs.service import Service
from drivers.xfs.words import MessageType

log = logging.getLogger("kiosk.devices.xfs")

_WIRE_LOG: Final = logging.getLogger("kiosk.devices.websocket")
_WIRE_LOG.setLevel(logging.INFO)
"""Its DEBUG lines have the path and the headers of every client, and so their tokens."""
ROOT: Final = "/xfs4iot/v1.0"
PING_S: Final = 10.0


class XfsServer:
    """Listens for one host's services. ``port`` 0 takes any free one; read ``port`` after ``start``."""

    def __init__(
        self,
        host: str,
        port: int,
        services: Mapping[str, Service],
        tokens: Tokens,
        unsolicited_as: Mapping[str, MessageType] | None = None,
    ) -> None:
        self._host = host
        self.port = port
        self._tokens = tokens
        self._publisher = Publisher(self.uris)
        self._services: dict[str, Service] = {ROOT: self._publisher}
        self._names = [*services]
        self._services |= {f"{ROOT}/{name}".lower(): service for name, service in services.items()}
        self._unsolicited_as = dict(unsolicited_as or {})
        self._admitted: WeakKeyDictionary[ServerConnection, tuple[Service, Client]] = WeakKeyDictionary()
        self._server: Server | None = None

    @property
    def publisher_uri(self) -> str:
        """Where clients begin."""
        return self._root("")

    def uris(self, prefix: str = "") -> list[str]:
        """The services' addresses; with the ``prefix`` of a client that lets itself in by its path."""
        return [f"{self._root(prefix)}/{name}" for name in self._names]

    def _root(self, prefix: str) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"ws://{host}:{self.port}{prefix}{ROOT}"

    async def start(self) -> None:
        """Listen; raise ``OSError`` when the port is taken."""
        for service in self._services.values():
            service.start()
        self._server = await serve(
            self._serve,
            self._host,
            self.port,
            process_request=self._admit,
            max_size=MAX_MESSAGE,
            compression=None,
            ping_interval=PING_S,
            ping_timeout=PING_S,
            server_header=None,
            logger=_WIRE_LOG,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Say good-bye to every client, end every command."""
        if self._server is not None:
            self._server.close(close_connections=True)
            await self._server.wait_closed()
        await asyncio.gather(*(service.close() for service in self._services.values()))

    def _admit(self, connection: ServerConnection, request: HttpRequest) -> Response | None:
        """Refuse a request, or remember where it leads."""
        if "websocket" not in request.headers.get("Upgrade", "").lower() or not _is_path(request.path):
            return _answer(http.HTTPStatus.BAD_REQUEST)
        if request.headers.get_all("Origin"):
            # Only a browser sends it: a page must never reach the devices, whatever else it knows.
            return _answer(http.HTTPStatus.FORBIDDEN)
        client, path = self._who(request)
        if client is None:
            refusal = _answer(http.HTTPStatus.UNAUTHORIZED)
            refusal.headers["WWW-Authenticate"] = "Bearer"
            return refusal
        service = self._services.get(path.rstrip("/").lower())
        if service is None:
            return _answer(http.HTTPStatus.NOT_FOUND)
        self._admitted[connection] = (service, client)
        return None

    def _who(self, request: HttpRequest) -> tuple[Client | None, str]:
        """Who asks, by a header or by the path of its URI; and the path of the service it asks for."""
        path = urlsplit(request.path).path
        shown = request.headers.get_all("Authorization")
        if shown:
            return (self._tokens.client(shown[0]) if len(shown) == 1 else None), path
        return self._tokens.client_of_path(path)

    async def _serve(self, socket: ServerConnection) -> None:
        service, client = self._admitted.pop(socket)
        kind = self._unsolicited_as.get(service.name, MessageType.UNSOLICITED)
        asked = parse_qs(urlsplit(socket.request.path).query).get("unsolicitedAs") if socket.request else None
        if asked == [MessageType.EVENT]:
            kind = MessageType.EVENT
        # Each screen asks the publisher every few seconds, on a connection of its own: that is no news.
        level = logging.DEBUG if service is self._publisher else logging.INFO
        log.log(level, "%s: %s connected", service.name, client.name)
        await Connection(socket, service, client, kind).serve()
        log.log(level, "%s: %s disconnected", service.name, client.name)


def _is_path(target: str) -> bool:
    """Whether a request's target can be read at all: ``//[`` cannot."""
    try:
        urlsplit(target)
    except ValueError:
        return False
    return True


def _answer(status: http.HTTPStatus) -> Response:
    headers = Headers({"Connection": "close", "Content-Length": "0"})
    return Response(status.value, status.phrase, headers, b"")
