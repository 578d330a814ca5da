"""Another vendor's service as a recording has it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from drivers.client.socket import Address, Socket
from drivers.protocols.xfs_wire import canonical
from drivers.recording.player import Player, Reply


class PlayedAddress(Address):
    """Where the recording is."""

    def __init__(self, player: Player) -> None:
        super().__init__("ws://recording", "")
        self._player = player

    async def open(self) -> Socket:
        """Go on where the recording was connected next; raise ``ConnectionError`` when it never was again."""
        reply = self._player.open()
        if reply is None:
            raise ConnectionError("the service was not connected again in the recording")
        return PlayedSocket(self._player, reply)


class PlayedSocket:
    """Answers each command with what followed it."""

    def __init__(self, player: Player, first: Reply) -> None:
        self._player = player
        self._came: asyncio.Queue[str | Exception | None] = asyncio.Queue()
        self._take(first)

    async def send(self, text: str, /) -> None:
        """Hand a command over; its answers are there at once."""
        self._take(self._player.ask(canonical(text)))

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """The recorded messages."""
        while (found := await self._came.get()) is not None:
            if isinstance(found, Exception):
                self._player.lost += 1
                raise found
            yield found

    async def close(self) -> None:
        """Nothing comes any more."""
        self._came.put_nowait(None)

    def _take(self, reply: Reply) -> None:
        for piece in reply.pieces:
            self._came.put_nowait(piece.decode("utf-8", "replace"))
        if reply.lost is not None:
            self._came.put_nowait(ConnectionError("the connection was lost in the recording"))
