"""The terminal's watchdog: hardware is fed only while a program proves that the screen lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from config.clock import Deadline
from drivers.cabinet_ports import Watchdog
from drivers.errors import DeviceError
from drivers.services.base import DeviceService, Identity
from drivers.supervision import Supervisor
from drivers.xfs.messages import watchdog
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request

log = logging.getLogger("kiosk.devices.watchdog")

BITE_S: Final = 60
"""Seconds the hardware waits by itself: long enough for the device program to be restarted meanwhile."""
FEEDS: Final = 4
"""The hardware is fed so many times in that span, so that two lost answers are harmless."""
WRITE_S: Final = 5.0

W = TypeVar("W", bound=Watchdog)


class Keeper:
    """Watchdog.Prove and Disarm of one service.

    Nothing is armed before the first proof. When proofs stop, feeding stops: from then on only a new proof or Disarm
    saves the power. A device program that is restarted feeds nothing by itself either; the screen program must prove
    itself again within ``biteS``.
    """

    def __init__(
        self, service: DeviceService[W], identity: Identity, check: Callable[[], None] = lambda: None
    ) -> None:
        self._service = service
        self.check = check
        """Raises ``UnsupportedData`` for hardware of which it is known that it has no watchdog."""
        self._bite_s = identity.number("biteS", BITE_S, 5, 3600)
        self._proof = Deadline(None)
        self._food = Deadline(None)
        """Until when the hardware waits by itself."""
        self._state = "off"
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    def offer(self) -> None:
        """Serve the commands."""
        self._service.offer(watchdog.PROVE, self._prove)
        self._service.offer(watchdog.DISARM, self._disarm)

    def status(self) -> Mapping[str, object]:
        """The ``watchdog`` object of Common.Status."""
        return {"state": self._state}

    async def close(self) -> None:
        """Stop feeding; what is armed stays armed."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _prove(self, request: Request, payload: watchdog.ProveIn) -> Nothing:
        self.check()
        self._proof = Deadline.after(payload.within_s)
        if self._state != "fed":
            self._news.set()  # the dog is hungry: it is fed at once, not at the next turn
        if self._task is None:
            self._task = asyncio.create_task(self._feed(), name=f"watchdog of {self._service.name}")
        return Nothing()

    async def _disarm(self, request: Request, payload: Nothing) -> Nothing:
        await self.close()
        try:
            with self._service.supervisor.using() as device:
                await device.feed(0, request.deadline.within(WRITE_S))
        except DeviceError:
            self._tell("starving")  # it may still be armed, and nobody feeds it
            raise
        self._tell("off")
        return Nothing()

    async def _feed(self) -> None:
        """Feed in turn; a proof that has run out ends it with one loud line."""
        while True:
            if not self._proof.passed:
                await self._once()
            elif self._state == "fed":
                self._starve("nobody proves that the terminal lives; the watchdog is fed no more")
            self._news.clear()
            left = self._proof.remaining
            pause = self._bite_s / FEEDS
            try:
                async with asyncio.timeout(min(pause, left) if left else pause):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _once(self) -> None:
        """Fed is what the hardware took, not what was meant for it."""
        try:
            with self._service.supervisor.using() as device:
                await device.feed(self._bite_s, Deadline.after(WRITE_S))
        except DeviceError as error:
            log.error("the watchdog could not be fed: %s", error)
            if self._state == "fed" and self._food.passed:
                self._starve(
                    f"the watchdog has had no food for {self._bite_s:.0f} s; nothing guards the terminal"
                )
            return
        self._food = Deadline.after(self._bite_s)
        if self._state != "fed":
            self._tell("fed")

    def _starve(self, why: str) -> None:
        log.critical("%s", why)
        self._service.broadcast(watchdog.STARVING)
        self._tell("starving")

    def _tell(self, state: str) -> None:
        self._state = state
        self._service.publish()


class WatchdogService(DeviceService[Watchdog]):
    """A watchdog by itself, such as the kernel's."""

    def __init__(self, identity: Identity, supervisor: Supervisor[Watchdog]) -> None:
        self._keeper: Keeper = Keeper(self, identity)
        super().__init__(identity, supervisor, (watchdog.INTERFACE,))
        self._keeper.offer()

    async def close(self) -> None:
        """Stop feeding, then close."""
        await self._keeper.close()
        await super().close()

    def class_status(self) -> Mapping[str, Any]:
        """Whether it is fed."""
        return {"watchdog": self._keeper.status()}
