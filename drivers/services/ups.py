"""The UPS' service: power failure to everybody, and the order to shut down before the battery is empty."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from config.clock import Clock, SystemClock
from drivers.books.alarms import Alarm, AlarmBook
from drivers.cabinet_ports import Ups
from drivers.ports import GONE
from drivers.services.base import DeviceService, Identity
from drivers.store import Store
from drivers.supervision import Supervisor
from drivers.xfs.messages import auxiliaries, power
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request

log = logging.getLogger("kiosk.devices.ups")

READ_S: Final = 5.0
LATER_S: Final = 0.05
"""A timer may be a moment early; the look after it must not."""
SENSOR: Final = "UPS"
ENGAGED, POWERING = "engaged", "powering"
"""The standard's words for a UPS that feeds from its battery, and from mains, as they are entered."""
Reason = Literal["batteryLow", "onBatteryTooLong", "forced"]


class UpsService(DeviceService[Ups]):
    """Auxiliaries (UPS), PowerManagement and UpsMonitor.

    A shutdown is asked for once in a power failure: when the battery is low, when the UPS itself orders it, or after
    ``shutdownAfterS`` seconds on battery (0: never for that reason). It is taken back when mains are back. While the
    UPS cannot be asked nothing new is known; but a UPS that was on battery when it fell silent still is, for all that
    anybody knows, and its time runs on. When mains failed and came back is entered into ``devices.db``: the time runs
    on for a program that was started anew, too.
    """

    def __init__(
        self, identity: Identity, supervisor: Supervisor[Ups], store: Store, clock: Clock | None = None
    ) -> None:
        self._requested = False
        self._failed_at: float | None = None
        self._failed_before: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        super().__init__(identity, supervisor, (auxiliaries.INTERFACE, power.MANAGEMENT, power.MONITOR))
        self._patience_s = identity.number("shutdownAfterS", 0, 0, 86_400)
        self._clock = clock or SystemClock()
        self._book = AlarmBook(store, identity.name)
        self.offer(power.READ, self._read)

    async def starting(self) -> None:
        """When an earlier program saw the mains fail; that they still are away only the UPS itself says."""
        self._failed_before = await self._failure_entered()
        if self._failed_at is not None and self._failed_before is not None:
            self._count_from(self._failed_before)
        self.publish()

    async def _read(self, request: Request, payload: Nothing) -> power.UpsMonitorStatus:
        with self.supervisor.using() as ups:
            now = await ups.read(request.deadline.within(READ_S))
        return power.UpsMonitorStatus(
            charge_percent=now.charge_percent,
            runtime_s=now.runtime_s,
            load_percent=now.load_percent,
            input_voltage=now.input_voltage,
            battery_voltage=now.battery_voltage,
            shutdown="requested" if self._requested else "none",
        )

    def class_status(self) -> Mapping[str, object]:
        """What the driver tells, and whether a shutdown is asked for."""
        found = self.supervisor.known.details.get("upsMonitor")
        measures = dict(found) if isinstance(found, Mapping) else {}
        return {"upsMonitor": {"shutdown": "requested" if self._requested else "none"} | measures}

    def class_capabilities(self) -> Mapping[str, object]:
        """A UPS that tells all four states."""
        words = ("low", "engaged", "powering", "recovered")
        return {
            "auxiliaries": {"ups": dict.fromkeys(words, True)},
            "powerManagement": {"powerSaveControl": False, "batteryRechargeable": True},
        }

    def publish(self) -> None:
        """Judge first, so that the status told already has what is asked for."""
        self._judge()
        super().publish()

    async def close(self) -> None:
        """Ask for nothing any more, and close."""
        self._wait(None)
        await super().close()

    def _judge(self) -> None:
        """Ask for a shutdown, or take it back; what is not believed takes nothing back."""
        known = self.supervisor.known
        told = known.details.get("auxiliaries")
        state = told.get("UPS", {}) if isinstance(told, Mapping) else {}
        if not known.believed or known.device in GONE or not state:
            if self._too_long() and not self._requested:
                self._ask("onBatteryTooLong")
            return
        if not state["engaged"] and not known.details.get("forced"):
            if self._failed_at is not None:
                log.warning("%s: mains are back", self.name)
            if self._failed_at is not None or self._failed_before is not None:
                self.by_itself(self._enter_return)
            self._failed_at, self._failed_before, self._requested = None, None, False
            self._wait(None)
            return
        if self._failed_at is None:
            log.warning("%s: mains have failed; the cabinet runs on battery", self.name)
            self._count_from(self._clock.monotonic() if self._failed_before is None else self._failed_before)
            self.by_itself(self._enter_failure)
        reason = self._reason(state, bool(known.details.get("forced")))
        if reason is not None and not self._requested:
            self._ask(reason)

    def _reason(self, state: Mapping[str, Any], forced: bool) -> Reason | None:
        if forced:
            return "forced"
        if state["low"]:
            return "batteryLow"
        return "onBatteryTooLong" if self._too_long() else None

    def _too_long(self) -> bool:
        """Whether mains have been away for longer than the settings have patience."""
        if not self._patience_s or self._failed_at is None:
            return False
        return self._clock.monotonic() - self._failed_at >= self._patience_s

    def _count_from(self, moment: float) -> None:
        """Mains failed then, by the monotonic clock."""
        self._failed_at = moment
        left = max(0.0, moment + self._patience_s - self._clock.monotonic())
        self._wait(left + LATER_S if self._patience_s else None)

    async def _enter_failure(self) -> None:
        """Enter that mains have failed, but for a failure that an earlier program has entered."""
        if await self._failure_entered() is None:
            await self._book.enter(Alarm(SENSOR, ENGAGED, self._book.now()))

    async def _enter_return(self) -> None:
        if (await self._book.last()).get(SENSOR) == ENGAGED:
            await self._book.enter(Alarm(SENSOR, POWERING, self._book.now()))

    async def _failure_entered(self) -> float | None:
        """When mains failed by the monotonic clock; None when the book knows of none that may still last.

        That clock begins with the machine: what failed before it was switched on is another failure.
        """
        newest = await self._book.newest(1)
        if not newest or newest[0].value != ENGAGED:
            return None
        ago = (self._clock.now() - datetime.fromisoformat(newest[0].at)).total_seconds()
        now = self._clock.monotonic()
        return now - ago if 0.0 <= ago <= now else None

    def _wait(self, seconds: float | None) -> None:
        """Look again when patience ends; nothing else need happen by then."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self.publish)

    def _ask(self, reason: Reason) -> None:
        self._requested = True
        found = self.supervisor.known.details.get("upsMonitor")
        runtime = found.get("runtimeS") if isinstance(found, Mapping) else None
        log.critical("%s: shut down now: %s, %s s left", self.name, reason, runtime)
        at = self._clock.now().isoformat(timespec="milliseconds")
        self.broadcast(power.SHUTDOWN, power.ShutdownBody(reason=reason, runtime_s=runtime, at=at))
