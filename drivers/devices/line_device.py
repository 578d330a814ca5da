"""A device at the end of one line of bytes: ties the channel to the life cycle."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Coroutine

from config.clock import Clock
from drivers.devices.supervised import SupervisedDevice
from drivers.errors import DeviceError, LinkLost
from drivers.transports.channel import Channel


class LineDevice(SupervisedDevice):
    """Opens the channel, asks who is there (``_greet``), then polls (``_poll``) until the line is lost."""

    def __init__(self, label: str, clock: Clock, channel: Channel) -> None:
        self.channel = channel
        super().__init__(label, clock)
        self._gone = asyncio.Event()
        self._why: DeviceError = LinkLost(f"{label} is lost")
        channel.receive = self._received
        channel.lost = self._line_lost

    @abstractmethod
    async def _greet(self) -> None:
        """Find out whether the right hardware is at the other end; raise ``DeviceError``."""

    @abstractmethod
    async def _poll(self) -> None:
        """Look after the connected hardware for ever; raise ``DeviceError`` when it stays silent."""

    @abstractmethod
    def _received(self, data: bytes) -> None:
        """Bytes came in (on the loop)."""

    @abstractmethod
    def _broken(self, error: DeviceError) -> None:
        """Wake everybody who waits for an answer with ``error``."""

    def _line_lost(self, error: DeviceError) -> None:
        self._why = error
        self._gone.set()
        self._broken(error)

    async def _connect(self) -> None:
        self._gone.clear()
        await self.channel.open()
        await self._until_gone(self._greet)

    async def _watch(self) -> None:
        await self._until_gone(self._poll)

    async def _disconnect(self) -> None:
        await self.channel.close()
        self._broken(LinkLost(f"{self.label} is not connected; check cable and power"))

    async def _until_gone(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Run ``work``, but no longer than the line lives."""
        task = asyncio.create_task(work())
        gone = asyncio.create_task(self._gone.wait())
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise self._why
            task.result()
        finally:
            task.cancel()
            gone.cancel()
            await asyncio.gather(task, gone, return_exceptions=True)
