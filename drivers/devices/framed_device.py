"""A device that speaks our own serial frames: one command at a time, and looked at again and again."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Coroutine
from typing import Final, TypeVar

from config.clock import Clock, Deadline
from drivers.devices.frame_exchange import FrameExchange
from drivers.devices.line_device import LineDevice
from drivers.errors import DeadlinePassed, DeviceError, DeviceNotReady, LinkLost, ProtocolError
from drivers.transports.channel import Channel

MISSES: Final = 2
"""So many looks in vain, and the device counts as lost."""

_T = TypeVar("_T")


class FramedDevice(LineDevice):
    """``what`` names the device in messages. ``_lock`` is held by whoever commands it."""

    def __init__(
        self, label: str, what: str, clock: Clock, channel: Channel, exchange: FrameExchange
    ) -> None:
        super().__init__(label, clock, channel)
        self._what = what
        self._exchange = exchange
        self._lock = asyncio.Lock()

    @abstractmethod
    def _pause(self) -> float:
        """Seconds until the device is looked at again."""

    @abstractmethod
    async def _see(self) -> None:
        """Look at the device, under the lock, and show what was seen."""

    async def _poll(self) -> None:
        misses = 0
        while True:
            await asyncio.sleep(self._pause())
            try:
                async with self._lock:
                    await self._see()
                misses = 0
            except (DeviceNotReady, ProtocolError) as error:
                misses += 1
                if misses >= MISSES or isinstance(error, LinkLost):
                    raise

    async def _introduced(self, identity: Callable[[str], _T]) -> _T:
        """Who is there; ``identity`` reads the reply to ``I``."""
        self._exchange.restart()
        try:
            return identity(await self._exchange.command("I"))
        except ProtocolError:
            # The stored reply to an earlier program's command lay behind our SEQ; the next one is fresh.
            return identity(await self._exchange.command("I"))

    async def _within(self, work: Callable[[], Coroutine[None, None, _T]], deadline: Deadline) -> _T:
        """``work``, which takes the lock where it needs it; what it has begun may be left at the deadline."""
        self._require()
        try:
            async with asyncio.timeout(deadline.remaining):
                return await work()
        except TimeoutError:
            raise DeadlinePassed(f"{self._what} did not answer in time") from None

    async def _asked(self, work: Callable[[], Coroutine[None, None, _T]], deadline: Deadline) -> _T:
        """``work`` under the lock; what it has begun may be left at the deadline."""

        async def locked() -> _T:
            async with self._lock:
                return await work()

        return await self._within(locked, deadline)

    def _received(self, data: bytes) -> None:
        self._exchange.received(data)

    def _broken(self, error: DeviceError) -> None:
        self._exchange.broken(error)
