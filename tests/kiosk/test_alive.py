"""Proofs that the screen lives: only while its loop turns, and none after an orderly end."""

from __future__ import annotations

import asyncio

from drivers.client import DeviceUnavailable
from kiosk.alive import UNSEEN_TOO_LONG_S, Alive
from kiosk.session import Session


class Screen:
    unseen_s = 0.0


class Hardware:
    def __init__(self, *, there: bool = True) -> None:
        self.there = there
        self.heard: list[object] = []

    async def prove(self, within_s: int = 60) -> bool:
        self.heard.append(within_s)
        return self.there

    async def disarm(self) -> None:
        self.heard.append("disarm")
        if not self.there:
            raise DeviceUnavailable("watchdog", "gone")


async def test_a_screen_that_turns_is_proved_and_one_that_hangs_is_not() -> None:
    screen, hardware = Screen(), Hardware()
    alive = Alive(screen, hardware, 60)
    running = asyncio.create_task(alive.run())
    async with asyncio.timeout(5):
        while not hardware.heard:
            await asyncio.sleep(0)
    running.cancel()
    screen.unseen_s = UNSEEN_TOO_LONG_S
    await alive.once()
    assert hardware.heard == [60]
    screen.unseen_s = 0.0
    await alive.once()
    await alive.end()
    assert hardware.heard == [60, 60, "disarm"]


async def test_without_a_watchdog_nothing_is_armed_and_nothing_to_disarm() -> None:
    for alive, hardware in (
        (Alive(Screen(), h, s), h) for h, s in ((Hardware(), 0), (Hardware(there=False), 60))
    ):
        await alive.once()
        await alive.end()
        assert "disarm" not in hardware.heard


async def test_an_end_with_the_device_program_gone_is_an_end() -> None:
    hardware = Hardware()
    alive = Alive(Screen(), hardware, 60)
    await alive.once()
    hardware.there = False
    await alive.end()
    assert hardware.heard == [60, "disarm"]


def test_the_session_knows_when_the_screen_was_seen() -> None:
    session = Session("zh-CN")
    before = session.unseen_s
    session.seen()
    assert 0 <= session.unseen_s and before >= 0
