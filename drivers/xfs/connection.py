"""One WebSocket of one client to one service: read, acknowledge, hand over; write in order."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import Final

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from drivers.xfs.auth import Client
from drivers.xfs.envelope import CommandMessage, Refused, read_command, write_acknowledge
from drivers.xfs.request import Request
from drivers.xfs.service import MAXIMUM_REQUESTS, Line, Service
from drivers.xfs.words import MessageType, Refusal

log = logging.getLogger("kiosk.devices.xfs")

BACKLOG: Final = 512
"""Messages that may wait for a client that does not read; then the connection is closed with 1013."""
TAKEN_WITHIN_S: Final = 30.0
"""How long one message may take to be read by a client whose buffers are full. Its pings would wait behind it for ever,
so that they never find out that nobody reads."""
DROP_ABOVE: Final = 2


class Connection(Line):
    """Lives as long as its socket. All methods on the loop."""

    def __init__(
        self, socket: ServerConnection, service: Service, client: Client, unsolicited_as: MessageType
    ) -> None:
        self._socket = socket
        self._service = service
        self._client = client
        self.unsolicited_as = unsolicited_as
        self.pending: dict[int, Request] = {}
        self._outgoing: deque[str] = deque()
        self._news = asyncio.Event()
        self._open = True

    @property
    def client(self) -> Client:
        """Who is at the other end."""
        return self._client

    @property
    def unread(self) -> int:
        """Messages that wait for the socket to take them."""
        return len(self._outgoing)

    def send(self, text: str, *, droppable: bool = False) -> None:
        """Send in order; preview pictures are left out for a client that reads too slowly."""
        if not self._open or (droppable and len(self._outgoing) > DROP_ABOVE):
            return
        self._outgoing.append(text)
        self._news.set()
        if len(self._outgoing) > BACKLOG:
            log.warning(
                "%s: %s does not read its messages; disconnected", self._service.name, self._client.name
            )
            self._open = False
            self._news.set()

    def finished(self, request: Request) -> None:
        """Its number may be used again."""
        if self.pending.get(request.id) is request:
            del self.pending[request.id]

    async def serve(self) -> None:
        """Until the client goes, or the server closes."""
        self._service.join(self)
        writer = asyncio.create_task(self._write(), name=f"to {self._client.name}")
        try:
            async for data in self._socket:
                if not self._open:
                    break
                self._receive(data)
                await asyncio.sleep(
                    0
                )  # many may have come at once: let them be answered, and the others have a turn
        except ConnectionClosed as closed:
            log.info("%s: %s was cut off: %s", self._service.name, self._client.name, closed)
        finally:
            self._service.leave(self)
            self._open = False
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _write(self) -> None:
        try:
            while self._open:
                while not self._outgoing:
                    self._news.clear()
                    await self._news.wait()
                async with asyncio.timeout(TAKEN_WITHIN_S):
                    await self._socket.send(self._outgoing.popleft())
            await self._socket.close(1013, "read faster")
        except ConnectionClosed:
            pass
        except TimeoutError:  # a closing frame would wait behind what is not read
            log.warning("%s: %s reads nothing any more; cut off", self._service.name, self._client.name)
            self._open = False
            self._socket.transport.abort()
        except Exception:  # else the client would wait for ever for what is not sent
            log.exception("%s: an answer to %s cannot be sent", self._service.name, self._client.name)
            self._open = False
            await self._socket.close(1011, "a fault of the service; see its log")

    def _receive(self, data: str | bytes) -> None:
        try:
            message = read_command(data)
            self._admit(message)
        except Refused as refused:
            log.info("%s: a message of %s is refused: %s", self._service.name, self._client.name, refused)
            self.send(write_acknowledge(refused.name, refused.request_id, refused.version, refused.status))
            return
        self.send(write_acknowledge(message.name, message.request_id, message.version))
        self._service.accept(self, message)

    def _admit(self, message: CommandMessage) -> None:
        if message.request_id in self.pending:
            status, why = Refusal.INVALID_REQUEST_ID, "this requestId is still pending"
        elif self._alike(message.name) >= MAXIMUM_REQUESTS:
            status, why = Refusal.TOO_MANY_REQUESTS, "too many at once"
        else:
            return
        raise Refused(status, message.name, message.request_id, why, message.version)

    def _alike(self, name: str) -> int:
        """How many requests are pending that go the way of ``name``, through the queue or beside it.

        They are counted apart: else who has filled the queue could cancel nothing in it, nor ask for the status.
        """
        beside = self._service.beside(name)
        return sum(request.command.beside is beside for request in self.pending.values())
