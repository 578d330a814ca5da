"""How everything stands, looked at anew again and again for the staff's pages."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from config.clock import CHINA, Clock
from drivers.client import DeviceHub, DispenserClient, RoleStatus
from drivers.client.errors import DeviceClientError
from drivers.client.facades import Bin
from kiosk.flow.state import World
from kiosk.staff.board import Known
from kiosk.staff.faults import FaultLog, fault
from kiosk.staff.today import Today
from kiosk.watch import ROLES, Watch
from sync.status import told


class Lookout:
    """``known`` is what was last seen; the faults' beginnings are noted with each look."""

    def __init__(self, hub: DeviceHub, watch: Watch, clock: Clock, state_dir: Path) -> None:
        self._hub, self._watch, self._clock, self._state_dir = hub, watch, clock, state_dir
        self._dispenser = DispenserClient(hub)
        self._log, self._today = FaultLog(), Today(state_dir / "journal.db")
        self.known = Known({}, {}, World(), {}, {}, clock.now())

    async def look(self, *, faults_only: bool = False) -> None:
        """Learn how everything stands; ``faults_only`` while nobody is signed in."""
        now = self._clock.now()
        roles = [*ROLES, *(role for role in self._hub.roles() if role not in ROLES)]
        statuses = {role: self._hub.status(role) for role in roles}
        since = self._beginnings(statuses, now)
        if faults_only:
            return
        units: Mapping[str, Mapping[str, Any]] = {}
        with contextlib.suppress(DeviceClientError):
            units = await self._dispenser.ranges()
        bins: Mapping[str, Bin] = {}
        with contextlib.suppress(DeviceClientError):
            bins = await self._dispenser.bins()
        queue = await asyncio.to_thread(told, self._state_dir)
        today = await asyncio.to_thread(self._today.counts, now.astimezone(CHINA).date())
        world, due = self._watch.world, self._watch.due
        self.known = Known(statuses, units, world, queue, today, now, since, due, bins)

    def close(self) -> None:
        """Let go of the journal."""
        self._today.close()

    def _beginnings(self, statuses: Mapping[str, RoleStatus], now: datetime) -> Mapping[str, datetime]:
        """Since when each device that has a fault has it."""
        seen = {
            role: self._log.see(role, fault(role, status.device, status.details), now)
            for role, status in statuses.items()
        }
        return {role: began for role, began in seen.items() if began is not None}
