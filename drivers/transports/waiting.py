"""Waiting on the loop for something a device sends, never longer than the deadline."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Final, Generic, TypeVar

from config.clock import Deadline
from drivers.errors import DeviceError

_T = TypeVar("_T")
_STALLED: Final = 0.1
"""Seconds too late from which a wait was slept through: this machine stood still, not the device."""
_UNREAD: Final = 0.1
"""Seconds in which what came meanwhile is read."""


async def set_within(event: asyncio.Event, seconds: float | None) -> bool:
    """Whether ``event`` is set within ``seconds`` (None is for ever).

    Time in which this machine stood still is no silence of the device: what came meanwhile counts as in time.
    """
    for limit in (seconds, _UNREAD):
        begun = time.monotonic()
        try:
            async with asyncio.timeout(limit):
                await event.wait()
        except TimeoutError:
            if event.is_set():  # in the same turn of the loop
                return True
            if time.monotonic() - begun - (limit or 0.0) < _STALLED:
                return False
        else:
            return True
    return False


class Mailbox(Generic[_T]):
    """What came in and has not been looked at, for one reader at a time; broken when the line is lost."""

    def __init__(self) -> None:
        self._items: deque[_T] = deque()
        self._broken: DeviceError | None = None
        self._stir = asyncio.Event()

    def put(self, item: _T) -> None:
        """Add an item."""
        self._items.append(item)
        self._stir.set()

    def fail(self, error: DeviceError) -> None:
        """Let every present and later ``get`` raise ``error``, until ``clear``."""
        self._broken = error
        self._stir.set()

    def clear(self) -> None:
        """Forget all items and the failure."""
        self._items.clear()
        self._broken = None
        self._stir.clear()

    def drain(self) -> None:
        """Forget the items, not the failure."""
        self._items.clear()

    async def get(self, deadline: Deadline) -> _T | None:
        """The next item, or None when the deadline passes; raise what ``fail`` was given."""
        while not self._items:
            if self._broken is not None:
                raise self._broken
            self._stir.clear()
            if not await set_within(self._stir, deadline.remaining):
                return None
        return self._items.popleft()


async def pause(seconds: float, deadline: Deadline | None = None) -> None:
    """Sleep, but not beyond the deadline."""
    left = None if deadline is None else deadline.remaining
    await asyncio.sleep(seconds if left is None else min(seconds, left))
