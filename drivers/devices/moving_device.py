"""A device with our serial frames that moves something: a motion once begun is never left halfway."""

from __future__ import annotations

import asyncio
import logging
from abc import abstractmethod
from collections.abc import Callable, Coroutine
from typing import ClassVar, TypeVar

from config.clock import Clock, Deadline
from drivers.devices.frame_exchange import FrameExchange
from drivers.devices.framed_device import FramedDevice
from drivers.errors import DeadlinePassed
from drivers.transports.channel import Channel

_T = TypeVar("_T")


class MovingDevice(FramedDevice):
    """A motion runs in a task of its own that nobody cancels, and keeps the lock until it has come to its end."""

    not_begun: ClassVar[str | None] = None
    """The code of a motion for which there was no time; ``timeOut`` alone when None."""

    def __init__(
        self, label: str, what: str, clock: Clock, channel: Channel, exchange: FrameExchange
    ) -> None:
        super().__init__(label, what, clock, channel, exchange)
        self._log = logging.getLogger(f"kiosk.devices.{label}")
        self._motions: set[asyncio.Task[object]] = set()

    @abstractmethod
    def _settled(self) -> None:
        """A motion has ended, well or not: show how the device stands now."""

    async def _motion(self, work: Callable[[], Coroutine[None, None, _T]], deadline: Deadline) -> _T:
        """Begin only while the caller waits; once begun, run to the end whatever happens to the caller.

        Raise ``DeviceNotReady``; ``DeadlinePassed`` when nothing has moved, or when the motion still goes on.
        """
        self._require()
        await self._take_turn(deadline)
        task = asyncio.ensure_future(self._alone(work))
        self._motions.add(task)
        task.add_done_callback(self._ended)
        try:
            async with asyncio.timeout(deadline.remaining):
                return await asyncio.shield(task)
        except TimeoutError:
            raise DeadlinePassed("the motion takes longer than allowed; it goes on to its end") from None

    async def _take_turn(self, deadline: Deadline) -> None:
        try:
            async with asyncio.timeout(deadline.remaining):
                await self._lock.acquire()
        except TimeoutError:
            raise DeadlinePassed(f"{self._what} was busy; nothing has moved", self.not_begun) from None
        if deadline.passed:
            self._lock.release()
            raise DeadlinePassed("there was no time left; nothing has moved", self.not_begun)

    async def _alone(self, work: Callable[[], Coroutine[None, None, _T]]) -> _T:
        """Run under the lock that the caller has taken, and give it back."""
        try:
            return await work()
        finally:
            self._lock.release()
            self._settled()

    def _ended(self, task: asyncio.Task[_T]) -> None:
        self._motions.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self._log.warning("a motion ended with: %s", error)
