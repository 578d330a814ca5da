"""A printer's network side: its stream over a plain TCP port, next to the serial line."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Protocol

from config.loopback import free_port
from drivers.simulators.escpos_stream import StreamReader


class Channel:
    """One host's connection: its own reader of the stream and its own wish for automatic status."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self.send = send
        self.reader = StreamReader()
        self.automatic = 0

    def reset(self) -> None:
        """Forget a half command and the wish for reports, as after switching on."""
        self.reader = StreamReader()
        self.automatic = 0


class Receiver(Protocol):
    """What takes the bytes of a channel."""

    def heard(self, channel: Channel, data: bytes) -> None:
        """Bytes from a host."""
        ...

    async def room(self) -> None:
        """Returns when the printer can take more."""
        ...


class TcpSide:
    """Listens on 127.0.0.1; several hosts may connect, as real network printers allow."""

    def __init__(self, receiver: Receiver, port: int, chunk: int) -> None:
        self._receiver = receiver
        self._chunk = chunk
        self.port = port
        self.channels: list[Channel] = []
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Listen; the first time on a free port when ``port`` is 0, later on the same one."""
        if self._server is None:
            self.port = self.port or free_port()  # nobody else's meanwhile, when the cable is pulled
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def stop(self) -> None:
        """Stop listening and drop every connection, as when the network cable is pulled."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()
        await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def send(data: bytes) -> None:
            if not writer.is_closing():
                writer.write(data)

        channel = Channel(send)
        self.channels.append(channel)
        self._writers.add(writer)
        try:
            while data := await reader.read(self._chunk):
                self._receiver.heard(channel, data)
                await self._receiver.room()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self.channels.remove(channel)
            self._writers.discard(writer)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()
