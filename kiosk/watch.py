"""Watches the surroundings and tells the flow when what can be done has changed."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from config.catalogue import Catalogue
from drivers.client import DeviceHub
from drivers.client.care import Cared, read_care
from drivers.client.errors import DeviceClientError
from kiosk import availability
from kiosk.alarms import readings
from kiosk.books import JournalBooks
from kiosk.care import due_now, supplies
from kiosk.centre import CentreClient
from kiosk.flow.state import World
from kiosk.machines import Machines
from kiosk.paper_check import PaperKeys
from kiosk.waiting import set_within
from sync.health import write_health
from sync.status import told

log = logging.getLogger("kiosk.watch")

LOOK_EVERY_S = 2.0
ASK_EVERY_S = 10.0
"""How often the centre is asked when nothing else tells whether it can be reached."""
HEALTH_EVERY_S = 10.0
"""How often the devices' states are left for sync even when nothing has changed: they age."""
CARE_EVERY_S = 60.0
"""Wear is a matter of days; a minute is soon enough for a part that was just changed."""
FREE_SHARE_MIN = 0.05
"""Below 5 % of free disk no new transaction begins (transactions note, 3.4)."""
AT_CHOICE = (
    "paymentTerminal",
    "documentCamera",
    "documentScanner",
    "signaturePad",
    "smartCardReader",
    "mrzReader",
)
"""Roles that a terminal may do without: watched where a service plays them."""
AROUND = ("auxiliaries", "ups")
"""Roles whose doors, switches and battery the centre is told of."""
ROLES = ("idReader", "faceCamera", "documentPrinter", "receiptPrinter", "invoiceDispenser", "barcodeReader")


class Watch:
    """Looks at devices, stock, disk and network; ``tell`` gets each new ``World``.

    ``max_age_s`` is how long what was received offline may wait before nothing more of the kind is received.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        hub: DeviceHub,
        machines: Machines,
        centre: CentreClient,
        books: JournalBooks,
        state_dir: Path,
        max_age_s: float,
        tell: Callable[[World], None],
    ) -> None:
        self._catalogue, self._hub, self._machines = catalogue, hub, machines
        self._centre, self._books, self._state_dir, self._tell = centre, books, state_dir, tell
        self._max_age_s = max_age_s
        self._paper_keys = PaperKeys(centre, catalogue)
        self._overdue = False
        self._online = False
        self._world: World | None = None
        self._told_last: tuple[object, ...] = ()
        self._due: dict[str, list[str]] = {}
        self._cared = Cared()
        self._units: list[dict[str, Any]] = []
        self._care_at = float("-inf")
        self._health_at = float("-inf")
        self._health_failed = False
        self._closed_for = ""
        self._power = ""
        self._poke = asyncio.Event()
        hub.on_change(lambda _role, _status: self._poke.set())

    def reached(self, reached: bool) -> None:
        """A request found the centre, or did not; safe to call from the loop only."""
        if reached != self._online:
            self._online = reached
            log.info("the centre is %s", "reachable" if reached else "not reachable")
            self._poke.set()

    def close_for(self, reason: str) -> None:
        """Serve nobody new, and say why (``outOfService.<reason>``); empty: open again. From the loop only."""
        if reason != self._closed_for:
            self._closed_for = reason
            self._poke.set()

    def power(self, state: str) -> None:
        """How the power is: empty (mains), ``battery``, or ``low``, with which nobody new is served."""
        if state != self._power:
            self._power = state
            self._poke.set()

    @property
    def world(self) -> World:
        """What was last told; empty before the first look."""
        return self._world or World()

    async def run(self) -> None:
        """For ever."""
        asked_at = float("-inf")
        loop = asyncio.get_running_loop()
        while True:
            self._poke.clear()  # what changes during the look is looked at again
            if loop.time() - asked_at >= ASK_EVERY_S:
                asked_at = loop.time()
                self.reached(await self._centre.reachable())
                if self._online:
                    await self._paper_keys.refresh(loop.time())
                await self._look_at_queue()
                await self.look_at_care()
            await self.look()
            await set_within(self._poke, LOOK_EVERY_S)

    async def look(self) -> None:
        """Compute the world once and tell when it changed."""
        devices = {role: self._usable(role) for role in self._roles()}
        units: list[dict[str, Any]] = []
        if devices["invoiceDispenser"]:
            try:
                units = self._units = await self._machines.units()
            except DeviceClientError as error:
                log.info("no word of the dispenser's stock: %s", error)
                devices["invoiceDispenser"] = False
        await self._leave_health()
        world = availability.world(
            self._catalogue,
            self._online,
            devices,
            units,
            await self._books.unsettled_collection(),
            self._out_of_service(),
            overdue=self._overdue,
            card=availability.card_lies(self._hub.status("idReader").details),
        )
        world = replace(world, power=self._power)
        if world != self._world:
            self._world = world
            self._tell(world)

    @property
    def due(self) -> Mapping[str, Sequence[str]]:
        """What is to be changed or cleaned, by role, as of the last look."""
        return self._due

    def care_changed(self) -> None:
        """Somebody has changed or cleaned something: ask anew at once, so that the centre hears of it too."""
        self._care_at = float("-inf")
        self._health_at = float("-inf")
        self._poke.set()

    async def look_at_care(self) -> None:
        """Ask what is due at the devices, in the pauses between other looks."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._care_at >= CARE_EVERY_S:
            self._care_at = loop.time()
            self._cared = await read_care(self._hub, self._hub.roles())
            self._due = due_now(self._cared, self._due)

    async def _look_at_queue(self) -> None:
        """Whether what was received offline waits too long to be delivered (transactions note, 2.5)."""
        oldest = (await asyncio.to_thread(told, self._state_dir)).get("oldest_s") or 0.0
        overdue = float(oldest) > self._max_age_s
        if overdue and not self._overdue:
            log.error(
                "what was received offline has waited %.0f h for the centre; see kiosk sync", oldest / 3600
            )
        self._overdue = overdue

    async def _leave_health(self) -> None:
        """Tell sync how the devices are; a full disk must not end the watching."""
        statuses = {role: self._hub.status(role) for role in self._roles()}
        health = {role: availability.device_word(role, s.device, s.details) for role, s in statuses.items()}
        around = readings({role: self._hub.status(role) for role in AROUND if role in self._hub.roles()})
        left = supplies(self._cared, self._units)
        now, seen = time.monotonic(), {name: told["value"] for name, told in around.items()}
        if (health, seen, left) == self._told_last and now - self._health_at < HEALTH_EVERY_S:
            return
        self._told_last, self._health_at = (health, seen, left), now
        try:
            await asyncio.to_thread(write_health, self._state_dir, health, now, self._due, around, left)
            self._health_failed = False
        except OSError as error:
            if not self._health_failed:
                log.warning("the devices' states cannot be left for sync: %s", error)
            self._health_failed = True

    def _roles(self) -> list[str]:
        there = self._hub.roles()
        return [*ROLES, *(role for role in AT_CHOICE if role in there)]

    def _usable(self, role: str) -> bool:
        status = self._hub.status(role)
        if availability.stops_with_doors(role) and self._doors_open():
            return False
        return availability.device_usable(status.device, status.details, role)

    def _doors_open(self) -> bool:
        return availability.motion_blocked(self._hub.status("auxiliaries").details)

    def _out_of_service(self) -> str:
        if self._power == "low":
            return "power"
        disk = shutil.disk_usage(self._state_dir)
        if disk.free < FREE_SHARE_MIN * disk.total and disk.free < 2**30:
            return "storage"
        return self._closed_for
