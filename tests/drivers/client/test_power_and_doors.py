"""From the simulated UPS and board, through the real device program, to the guard and the book of alarms."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from config.clock import SystemClock
from drivers.client import DeviceHub
from drivers.simulators.cabinet import Cabinet
from kiosk.alarms import AlarmWatch, readings
from kiosk.power import PowerGuard
from kiosk.staff.presence import Presence
from sync.alarms import untold
from tests.drivers.client.test_cabinet_client import chain, until
from tests.kiosk.test_power import Around

__all__ = ["chain"]


async def test_the_battery_runs_low_and_the_machine_is_ordered_off_when_the_visitor_has_gone(
    chain: tuple[Cabinet, DeviceHub],
) -> None:
    cabinet, hub = chain
    around: Any = Around(visiting=True)
    guard = PowerGuard(hub, around, around, around, around, SystemClock(), around.off)
    running = asyncio.create_task(guard.run())
    try:
        await cabinet.do("ups", "mains", state="off")
        await until(lambda: around.states == ["", "battery"])
        await cabinet.do("ups", "battery", percent=10)
        await until(lambda: around.states[-1] == "low")
        await cabinet.do("ups", "clear")
        await until(lambda: around.states[-1] == "")
        assert around.offs == 0, "mains were back first"
        await cabinet.do("ups", "mains", state="off")
        await cabinet.do("ups", "battery", percent=10)
        await until(lambda: around.states[-1] == "low")
        around.visiting = False
        await until(lambda: around.offs == 1)
    finally:
        running.cancel()


async def test_a_door_and_the_mains_are_in_the_book_for_the_centre_with_their_time_and_state(
    chain: tuple[Cabinet, DeviceHub], tmp_path: Path
) -> None:
    cabinet, hub = chain
    clock = SystemClock()

    async def note(*_: object) -> None:
        raise AssertionError("nobody is signed in")

    running = asyncio.create_task(
        AlarmWatch(hub, tmp_path, clock, Presence(clock).at, note).run(),
    )

    def told() -> set[tuple[str, str]]:
        return {(event.sensor, event.value) for event in untold(tmp_path, None).events}

    try:
        begun = clock.now()
        await cabinet.do("board", "door", state="open")
        await until(lambda: ("cabinetDoor", "open") in told())
        await cabinet.do("board", "alarm", sensor="tamper")
        await cabinet.do("ups", "mains", state="off")
        await until(lambda: {("tamperSensor", "on"), ("mains", "off")} <= told())
        assert all(0 <= (event.at - begun).total_seconds() < 60 for event in untold(tmp_path, None).events)
        around = readings({role: hub.status(role) for role in ("auxiliaries", "ups")})
        assert (around["cabinetDoor"]["value"], around["mains"]["value"]) == ("open", "off")
        await cabinet.do("auxiliaries", "door", state="locked")
        await until(lambda: ("cabinetDoor", "locked") in told())
    finally:
        running.cancel()
