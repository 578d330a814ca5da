"""Proves to the device program that the screen lives, so that it feeds the hardware watchdog."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Final, Protocol

from drivers.client import DeviceClientError

log = logging.getLogger("kiosk.alive")

UNSEEN_TOO_LONG_S: Final = 10.0
"""A screen whose loop has not turned for so long is dead, whatever else still runs."""
PROOFS: Final = 4
"""So many proofs in the span of one: a lost one, or a device program restarted, is no death."""


class Screen(Protocol):
    """Who knows when the screen's loop last turned."""

    @property
    def unseen_s(self) -> float:
        """Seconds since."""
        ...


class Watchdog(Protocol):
    """The hardware behind the device program."""

    async def prove(self, within_s: int = 60) -> bool:
        """The screen lives."""
        ...

    async def disarm(self) -> None:
        """An orderly end."""
        ...


class Alive:
    """``run`` for ever; ``end`` before an orderly end. ``within_s`` 0 does nothing at all."""

    def __init__(self, screen: Screen, watchdog: Watchdog, within_s: int) -> None:
        self._screen = screen
        self._watchdog = watchdog
        self._within_s = within_s
        self._told = False
        self._warned = False

    async def run(self) -> None:
        """Prove it again and again while the screen's loop turns, and fall silent when it does not."""
        while True:
            await self.once()
            await asyncio.sleep((self._within_s or 60) / PROOFS)

    async def once(self) -> None:
        """One proof, if there is one to give."""
        if not self._within_s:
            return
        if self._screen.unseen_s >= UNSEEN_TOO_LONG_S:
            log.critical("the screen does not turn any more; the watchdog is told nothing")
        elif await self._watchdog.prove(self._within_s):
            self._told = True
        elif not self._told and not self._warned:
            self._warned = True
            log.warning("no watchdog can be told that the screen lives; is there one in devices.toml?")

    async def end(self) -> None:
        """The program ends on purpose: the power stays on."""
        if self._told:
            with contextlib.suppress(DeviceClientError):
                await self._watchdog.disarm()
