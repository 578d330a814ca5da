"""A chip card in a reader of a real pcscd, and the driver that uses it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.card_profile import load_profile
from drivers.devices.smart_card import SmartCard
from drivers.simulators.base import Pace
from drivers.simulators.smart_card import SmartCardSimulator
from drivers.transports.pcsc import PcscReader
from drivers.transports.pcsc_calls import use_socket
from tests.drivers.pcscd import kept

READER = "Virtual PCD * 00"


def soon(seconds: float = 30) -> Deadline:
    return Deadline.after(seconds)


@pytest.fixture
async def sim() -> AsyncIterator[SmartCardSimulator]:
    daemon = kept()
    use_socket(str(daemon.socket))
    card = SmartCardSimulator(Pace(100), daemon)
    await card.start()
    yield card
    await card.stop()


def driver(profile: str = "iso-ecc", silent_s: float = 4.0) -> SmartCard:
    return SmartCard(PcscReader(READER, silent_s=silent_s), SystemClock(), load_profile(profile))


@pytest.fixture
async def reader(sim: SmartCardSimulator) -> AsyncIterator[SmartCard]:
    device = driver()
    await device.open()
    await device.removed(soon())  # the card of the test before, which pcscd sees leave only now and then
    yield device
    await device.close()


async def until(condition: Callable[[], bool], seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def words(device: SmartCard) -> Any:
    return device.snapshot.details["cardReader"]


async def put_in(sim: SmartCardSimulator, reader: SmartCard, **what: object) -> None:
    await sim.do("insert", what)
    await reader.insert(soon())
