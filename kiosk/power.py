"""Ends the visit and orders the machine off when the UPS asks for it; serves again when mains are back first.

On battery the terminal serves on. Once the UPS orders the shutdown nobody new is served; who is being served may end
in their own time, within ``visit_s``; then the visit is ended as if nobody had touched the screen. That never cuts
what moves: such a page cannot be left, and a payment is closed with the acquirer. ``FINISH_S`` later the machine is
ordered off whatever is still open: the journal has its intent, and its probe settles it at the next start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from config.clock import Clock
from drivers.client import DeviceHub, UpsClient
from drivers.client.hub import RoleStatus
from kiosk.books import ENDED, JournalBooks
from kiosk.domain.ids import uuid7
from kiosk.effects.base import Origin
from kiosk.poweroff import PowerOffRefused
from kiosk.waiting import set_within

log = logging.getLogger("kiosk.power")

ROLE: Final = "ups"
LOOK_EVERY_S: Final = 1.0
VISIT_S: Final = 180.0
"""The longest a visit goes on after the order: as long as a payment may take on its page."""
VISIT_UNKNOWN_S: Final = 60.0
"""When the UPS does not say how long it lasts."""
VISIT_FORCED_S: Final = 5.0
"""When the UPS itself is switching off: its own delay is often half a minute."""
SHARE: Final = 0.5
"""Of the runtime left: the other half is for what moves, and for the machine to come down."""
FINISH_S: Final = 45.0
"""The longest that paper and payments have after the visit was ended."""
FINISH_FORCED_S: Final = 10.0
AGAIN_S: Final = 10.0
"""How soon an order is repeated that systemd refused."""
GOING_S: Final = 60.0
"""A machine that still runs so long after the order, on mains, is not going down."""
NOTE_WITHIN_S: Final = 5.0
"""A journal that does not answer must not keep the machine up."""


class Visit(Protocol):
    """The screen's session."""

    @property
    def visiting(self) -> bool:
        """Whether somebody is being served."""
        ...

    def end_visit(self) -> None:
        """End it as if nobody had touched the screen; nothing while its page cannot be left."""
        ...


class Work(Protocol):
    """The executor."""

    @property
    def busy(self) -> bool:
        """Whether something moves or money is under way."""
        ...


class Door(Protocol):
    """The watching, which closes and opens the terminal."""

    def power(self, state: str) -> None:
        """How the power is: empty (mains), ``battery`` or ``low``."""
        ...


@dataclass(frozen=True, slots=True)
class Supply:
    """What the UPS says now. ``mains`` None: nobody knows."""

    mains: bool | None = None
    ordered: bool = False
    charge_percent: float | None = None
    runtime_s: float | None = None


def supply_of(status: RoleStatus) -> Supply:
    """Read the UPS' status; one that is not on line, or old, says nothing."""
    ups = _part(_part(status.details, "auxiliaries"), "UPS")
    monitor = _part(status.details, "upsMonitor")
    if status.device != "online" or not isinstance(ups.get("engaged"), bool):
        return Supply()
    return Supply(
        not ups["engaged"],
        monitor.get("shutdown") == "requested",
        _number(monitor.get("chargePercent")),
        _number(monitor.get("runtimeS")),
    )


@dataclass(slots=True)
class _Down:
    """One way down: its bounds on the monotonic clock, and when the order was last given."""

    visit_until: float
    finish_s: float
    ended_at: float | None = None
    asked_at: float | None = None
    ordered_at: float | None = None


class PowerGuard:
    """``run`` for ever, on the core's loop. ``off`` orders the machine off, or raises ``PowerOffRefused``."""

    def __init__(
        self,
        hub: DeviceHub,
        visit: Visit,
        work: Work,
        door: Door,
        books: JournalBooks,
        clock: Clock,
        off: Callable[[], Awaitable[None]],
    ) -> None:
        self._hub, self._visit, self._work, self._door = hub, visit, work, door
        self._books, self._clock, self._off = books, clock, off
        self._failed: Origin | None = None
        self._down: _Down | None = None
        self._poke = asyncio.Event()
        self._reason = "batteryLow"
        UpsClient(hub, ROLE).on_shutdown(self._ordered)
        hub.on_change(lambda role, _: self._poke.set() if role == ROLE else None)

    def _ordered(self, reason: str, runtime_s: float | None) -> None:
        self._reason = reason
        self._poke.set()

    async def run(self) -> None:
        """Look whenever the UPS says something, and every second."""
        while True:
            self._poke.clear()
            await self.look()
            await set_within(self._poke, LOOK_EVERY_S)

    async def look(self) -> None:
        """One look. A UPS that has fallen silent takes nothing back: what was begun is gone on with."""
        supply = supply_of(self._hub.status(ROLE))
        if supply.ordered:
            await self._order(supply)
        elif supply.mains is True:
            await self._mains_back()
        elif supply.mains is False:
            await self._mains_failed()
        if self._down is not None:
            await self._go_down(self._down)

    # --- what the UPS says ---------------------------------------------------------------------------

    async def _mains_failed(self) -> None:
        if self._failed is None:
            log.warning("mains have failed; the terminal serves on from its battery")
            self._failed = Origin(uuid7(), "", "", "", "", "zh-CN", {})
            self._door.power("battery")
            await self._note("power.failed", {})

    async def _order(self, supply: Supply) -> None:
        if self._down is not None:
            return
        await self._mains_failed()
        now, forced = self._clock.monotonic(), self._reason == "forced"
        self._down = _Down(now + visit_s(supply, forced=forced), FINISH_FORCED_S if forced else FINISH_S)
        self._door.power("low")
        log.critical("the UPS orders the shutdown: %s, %s s left", self._reason, supply.runtime_s)
        data = {"reason": self._reason, "runtime_s": supply.runtime_s, "charge": supply.charge_percent}
        await self._note("power.ordered", data)

    async def _mains_back(self) -> None:
        down = self._down
        going = down is not None and down.ordered_at is not None
        if down is not None and going and self._clock.monotonic() < (down.ordered_at or 0) + GOING_S:
            return  # systemd takes the order back from nobody; the UPS brings the machine up again
        if self._failed is not None:
            log.warning("mains are back; the terminal serves again")
            await self._note("power.back", {})
            await self._close_notes()
        self._failed, self._down, self._reason = None, None, "batteryLow"
        self._door.power("")

    # --- going down ----------------------------------------------------------------------------------

    async def _go_down(self, down: _Down) -> None:
        now = self._clock.monotonic()
        if down.ordered_at is None and self._still_serving(down, now):
            return
        if down.asked_at is None or (down.ordered_at is None and now - down.asked_at >= AGAIN_S):
            await self._order_off(down, now)

    def _still_serving(self, down: _Down, now: float) -> bool:
        """Whether the power must stay on for somebody, or for what moves."""
        visiting = self._visit.visiting
        if visiting and now >= down.visit_until:
            if down.ended_at is None:
                down.ended_at = now
                log.warning("the visit is ended: the battery is nearly empty")
            self._visit.end_visit()  # again, until a page comes that can be left
        if not visiting and down.ended_at is None:
            down.ended_at = now
        if not visiting and not self._work.busy:
            return False
        return down.ended_at is None or now < down.ended_at + down.finish_s

    async def _order_off(self, down: _Down, now: float) -> None:
        if down.asked_at is None:
            await self._note("power.off", {"open": self._visit.visiting or self._work.busy})
            await self._close_notes()
        down.asked_at = now
        try:
            await self._off()
        except PowerOffRefused as error:
            log.critical("the machine cannot be ordered off: %s", error)
        else:
            down.ordered_at = now
            log.critical("the machine is ordered off")

    # --- the journal ---------------------------------------------------------------------------------

    async def _note(self, kind: str, data: Mapping[str, Any]) -> None:
        if self._failed is not None:
            await self._written(self._books.note(kind, data, self._failed))

    async def _close_notes(self) -> None:
        if self._failed is not None:
            await self._written(self._books.note(ENDED, {"cause": "power"}, self._failed))
            await self._written(self._books.shred(self._failed.visit))
            # What comes after belongs to a visit of its own: the key of this one is gone.
            self._failed = Origin(uuid7(), "", "", "", "", "zh-CN", {})

    async def _written(self, work: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(NOTE_WITHIN_S):
                await work
        except Exception:
            log.exception("the power failure could not be journalled")


def visit_s(supply: Supply, *, forced: bool = False) -> float:
    """Seconds that the visit may go on: half of what the battery lasts, and never more than ``VISIT_S``."""
    if forced:
        return VISIT_FORCED_S
    if supply.runtime_s is None:
        return VISIT_UNKNOWN_S
    return max(0.0, min(VISIT_S, supply.runtime_s * SHARE - FINISH_S))


def _part(details: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = details.get(name)
    return found if isinstance(found, Mapping) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
