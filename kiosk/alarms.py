"""Watches doors, tamper switches, power and the day's settlement, and enters each change for the centre.

A door or switch is entered with who was signed in here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from config.clock import Clock
from drivers.client import AuxiliariesClient, DeviceHub
from drivers.client.errors import DeviceClientError
from drivers.client.hub import UNKNOWN, RoleStatus
from kiosk.power import supply_of
from kiosk.waiting import set_within
from sync.alarms import AlarmBook
from sync.models.alarms import DOORS, USUAL, CabinetEvent, usual

log = logging.getLogger("kiosk.alarms")

LOOK_EVERY_S: Final = 2.0
FETCH_EVERY_S: Final = 60.0
"""The board's journal is read when something is heard, and so often for what nobody heard."""
MOST: Final = 500
"""``CabinetBoard.GetEvents`` tells no more."""
BOARD, UPS = "auxiliaries", "ups"


class AlarmWatch:
    """``run`` for ever. ``staff_at`` says who was signed in at a moment; ``note`` journals what a member did.

    ``settlement`` gives the card terminal's word of ``USUAL`` (``DayEnd.word``), where its batch is settled by itself.
    """

    def __init__(
        self,
        hub: DeviceHub,
        state_dir: Path,
        clock: Clock,
        staff_at: Callable[[datetime], str],
        note: Callable[[str, Mapping[str, Any]], Awaitable[None]],
        settlement: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        self._hub, self._clock, self._staff_at, self._note = hub, clock, staff_at, note
        self._settlement = settlement
        self._board = AuxiliariesClient(hub, BOARD)
        self._book = AlarmBook(state_dir)
        self._fetch_at = float("-inf")
        self._failed = False
        self._poke = asyncio.Event()
        self._board.on_alarm(lambda *_: self._heard())
        hub.on_change(lambda role, _: self._poke.set() if role in (BOARD, UPS) else None)

    def _heard(self) -> None:
        self._fetch_at = float("-inf")
        self._poke.set()

    async def run(self) -> None:
        """Look at each change, and every two seconds."""
        while True:
            self._poke.clear()
            await self.look()
            await set_within(self._poke, LOOK_EVERY_S)

    async def look(self) -> None:
        """Enter what is new; what cannot be entered now is found again at the next look."""
        values = power_values(self._hub.status(UPS)) | await self._of_the_batch()
        found = [*await self._of_the_board(), *self._changes(values)]
        try:
            await self._enter(found or self._left_open())
            self._failed = False
        except OSError as error:
            self._fetch_at = float("-inf")
            if not self._failed:
                log.error("doors and alarms cannot be entered for the centre: %s", error)
            self._failed = True

    async def _enter(self, events: Sequence[CabinetEvent]) -> None:
        if not events:
            return
        await asyncio.to_thread(self._book.enter, events)
        for event in events:
            if event.staff:
                data = {"sensor": event.sensor, "value": event.value, "at": event.at.isoformat()}
                await self._note("cabinet.event", data)

    async def _of_the_board(self) -> list[CabinetEvent]:
        """What the device program's journal has and the book has not, oldest first."""
        now = self._clock.monotonic()
        if self._hub.status(BOARD).device == UNKNOWN or now - self._fetch_at < FETCH_EVERY_S:
            return []
        try:
            told = await self._board.events(MOST)
        except DeviceClientError as error:
            log.info("no word of the doors' journal: %s", error)
            return []
        self._fetch_at = now
        new: list[CabinetEvent] = []
        for body in told:
            event = self._event(body)
            if event is not None and self._book.has(event):
                break
            if event is not None:
                new.append(event)
        return new[::-1]

    def _event(self, body: Mapping[str, Any]) -> CabinetEvent | None:
        try:
            event = CabinetEvent.model_validate({name: body[name] for name in ("sensor", "value", "at")})
        except (ValidationError, KeyError):
            log.warning("the board's journal has an entry that is none")
            return None
        return event.model_copy(update={"staff": self._staff_at(event.at)})

    async def _of_the_batch(self) -> dict[str, str]:
        return {} if self._settlement is None else {"settlement": await self._settlement()}

    def _changes(self, values: Mapping[str, str]) -> list[CabinetEvent]:
        """What is not as last entered: mains, battery, the order to shut down, the batch."""
        now = self._clock.now()
        return [
            CabinetEvent(sensor=name, value=value, at=now)
            for name, value in values.items()
            if value != UNKNOWN and self._changed(name, value)
        ]

    def _changed(self, name: str, value: str) -> bool:
        last = self._book.last(name)
        before_well = last is None or usual(name, last.value)
        if before_well and usual(name, value):
            return False
        return last is None or value != last.value

    def _left_open(self) -> list[CabinetEvent]:
        """A door that a member of staff opened and left open raises an alarm when they have signed off."""
        now = self._clock.now()
        if self._staff_at(now):
            return []
        values = self._board.state()
        opened = ((door, self._book.last(door)) for door in DOORS)
        return [
            CabinetEvent(sensor=door, value=last.value, at=now)
            for door, last in opened
            if last is not None
            and last.staff
            and not usual(door, last.value)
            and values.get(door) == last.value
        ]


def power_values(status: RoleStatus) -> dict[str, str]:
    """``mains``, ``battery`` and ``shutdown`` in the words of ``USUAL``; ``unknown`` when nobody knows."""
    supply = supply_of(status)
    if supply.mains is None:
        return dict.fromkeys(("mains", "battery", "shutdown"), UNKNOWN)
    management = status.details.get("powerManagement")
    info = management.get("info") if isinstance(management, Mapping) else None
    battery = info.get("batteryStatus") if isinstance(info, Mapping) else None
    return {
        "mains": "on" if supply.mains else "off",
        "battery": battery if isinstance(battery, str) else UNKNOWN,
        "shutdown": "requested" if supply.ordered else "none",
    }


def readings(statuses: Mapping[str, RoleStatus]) -> dict[str, dict[str, Any]]:
    """Each door, switch and the power as last confirmed: value, source (the role) and age in seconds."""
    found: dict[str, dict[str, Any]] = {}
    for role, status in statuses.items():
        age = round(status.age_s, 1) if status.age_s != float("inf") else None
        for name, value in (_board_values(status) if role == BOARD else _ups_values(status)).items():
            found[name] = {"value": value, "source": role, "age_s": age}
    return found


def _board_values(status: RoleStatus) -> dict[str, str]:
    told = status.details.get("auxiliaries")
    names = [name for name in told if name in USUAL] if isinstance(told, Mapping) else []
    believed = status.device == "online" and isinstance(told, Mapping)
    return {name: str(told[name]) if believed and told else UNKNOWN for name in names}


def _ups_values(status: RoleStatus) -> dict[str, str]:
    charge = supply_of(status).charge_percent
    percent = UNKNOWN if charge is None else f"{charge:.0f}"
    return power_values(status) | {"batteryPercent": percent}
