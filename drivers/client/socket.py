"""The WebSocket below a connection: messages as text, seen by a tap; a recording takes its place when one is played."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Protocol

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from drivers.protocols.xfs_wire import canonical
from drivers.transports.link import Tap

OPEN_WITHIN_S = 3.0
PING_S = 5.0
_WIRE_LOG = logging.getLogger("kiosk.devices.websocket")
_WIRE_LOG.setLevel(logging.INFO)
"""Its DEBUG lines have our headers, and so our token."""
LARGEST_ANSWER = 16 * 1024 * 1024
"""A preview frame is some 50 kB, a picture less than 1 MB."""

BROKEN = (OSError, WebSocketException, TimeoutError)
"""What the calls of a socket raise when it cannot be opened, or is no longer there."""


class Socket(Protocol):
    """An open WebSocket. Its calls raise one of ``BROKEN``."""

    async def send(self, text: str, /) -> None:
        """One message."""
        ...

    def __aiter__(self) -> AsyncIterator[str | bytes]:
        """The messages that come; ends with a socket that was closed in order."""
        ...

    async def close(self) -> None:
        """Close it."""
        ...


class Address:
    """Where a service is, and how one is let in."""

    def __init__(self, uri: str, token: str) -> None:
        self._uri, self._token = uri, token

    async def open(self) -> Socket:
        """Connect; raise one of ``BROKEN``."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        return await connect(
            self._uri,
            additional_headers=headers,
            max_size=LARGEST_ANSWER,
            open_timeout=OPEN_WITHIN_S,
            ping_interval=PING_S,
            ping_timeout=PING_S,
            proxy=None,
            compression=None,
            logger=_WIRE_LOG,
        )


async def opened(address: Address, tap: Tap | None) -> Socket:
    """A socket to ``address``, with ``tap`` in it; raise one of ``BROKEN``."""
    if tap is None:
        return await address.open()
    socket = await tap.line(address).open()
    tap.opened()
    return TappedSocket(socket, tap)


class TappedSocket:
    """Tells each message to a tap."""

    def __init__(self, socket: Socket, tap: Tap) -> None:
        self._socket, self._tap = socket, tap
        self._over = False

    async def send(self, text: str, /) -> None:
        """One message."""
        if self._tap.running:
            self._tap.outgoing(canonical(text))
        await self._socket.send(text)

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """The messages that come."""
        try:
            async for message in self._socket:
                if self._tap.running:
                    self._tap.incoming(canonical(message))
                yield message
        except BROKEN:
            self._end("the connection broke")
            raise
        self._end("the service closed the connection")

    async def close(self) -> None:
        """Close it."""
        self._end("closed")
        await self._socket.close()

    def _end(self, reason: str) -> None:
        if not self._over:
            self._over = True
            self._tap.closed(reason)
