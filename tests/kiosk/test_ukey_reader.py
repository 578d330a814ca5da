"""A tax UKey from the slot to the step, through every program between; what is pulled out, mute or another one comes to."""

from __future__ import annotations

import asyncio
import base64
import logging
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from drivers.client import DeviceHub
from drivers.simulators.cabinet import Cabinet
from kiosk.flow.effects import AwaitUkeyGone, Effect, ReadUkey, WriteUkey
from kiosk.guards import Tries
from kiosk.readers import Readers
from tests.drivers.chain import chain
from tests.drivers.tax_devices import REPORT, UKEY, order, sealed

Told = tuple[str, Mapping[str, Any]]


def b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


WRITE = WriteUkey(UKEY["number"], 7, b64(order()), b64(sealed(order())))


class Desk:
    """Readers over a real device program, a real pcscd and a simulated UKey."""

    def __init__(self, cabinet: Cabinet, hub: DeviceHub) -> None:
        self.cabinet = cabinet
        self.told: list[Mapping[str, object]] = []
        self.readers = Readers(
            hub, 0.8, Tries(3, 1, time.monotonic), Tries(3, 1, time.monotonic), {}, lambda frame: None
        )

    async def read(self, effect: Effect) -> Told:
        async with asyncio.timeout(30):
            return await self.readers.read(effect, self.told.append)

    async def do(self, action: str, **how: Any) -> None:
        await self.cabinet.do("smartCard", action, **how)

    async def change(self, ukey: Mapping[str, Any]) -> None:
        """Take out what is in, and put another one in, no faster than a hand."""
        await self.do("remove")
        await self.read(AwaitUkeyGone())
        await self.do("insert", tax=ukey)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with chain("smartCardReader") as (cabinet, hub):
        yield Desk(cabinet, hub)


async def test_it_is_read_unlocked_and_taken_out(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "kiosk")
    reading = asyncio.ensure_future(desk.read(ReadUkey()))
    await asyncio.sleep(0.5)
    assert not reading.done()
    await desk.do("insert", tax=UKEY)
    fault, said = await reading
    assert (fault, said["device"], said["counter"], said["cleared"]) == ("", UKEY["number"], 6, "2026-08-01")
    assert said["reports"] == [{"month": "2026-09-01", "text": b64(REPORT), "mac": b64(sealed(REPORT))}]
    assert desk.told == [{"state": "waiting"}, {"state": "reading"}]
    fault, now = await desk.read(WRITE)
    assert (fault, now["counter"], now["issues_until"]) == ("", 7, "2026-11-25")
    assert await desk.read(WRITE) == ("", now), "written again, it changes nothing"
    leaving = asyncio.ensure_future(desk.read(AwaitUkeyGone()))
    await asyncio.sleep(0.5)
    assert not leaving.done()
    await desk.do("remove")
    assert await leaving == ("", {"taken": True})
    assert UKEY["number"] not in caplog.text and UKEY["taxpayer"] not in caplog.text


async def test_pulled_out_it_is_asked_for_and_goes_on(desk: Desk) -> None:
    await desk.do("insert", tax=UKEY)
    assert (await desk.read(ReadUkey()))[0] == ""
    await desk.do("remove")
    await desk.read(AwaitUkeyGone())
    desk.told.clear()
    writing = asyncio.ensure_future(desk.read(WRITE))
    await asyncio.sleep(0.5)
    assert desk.told[0] == {"state": "gone"} and not writing.done()
    await desk.do("insert", tax=UKEY)
    assert (await writing)[1]["counter"] == 7


async def test_torn_out_in_mid_answer(desk: Desk) -> None:
    await desk.do("insert", tax=UKEY)
    assert (await desk.read(ReadUkey()))[0] == ""
    await desk.do("tear")
    assert (await desk.read(WRITE))[0] == "tornOut"
    await desk.read(AwaitUkeyGone())
    await desk.do("insert", tax=UKEY)
    assert (await desk.read(WRITE))[1]["counter"] == 7


async def test_what_is_no_ukey_or_another_one(desk: Desk) -> None:
    await desk.do("insert", seed=3)
    assert await desk.read(ReadUkey()) == ("otherCard", {})
    await desk.change({**UKEY, "number": "661600000025"})
    assert await desk.read(WRITE) == ("otherUkey", {})
    await desk.change(UKEY)
    forged = WriteUkey(UKEY["number"], 7, b64(order()), b64(bytes(32)))
    assert await desk.read(forged) == ("notTaken", {})


async def test_a_mute_one_and_a_locked_one(desk: Desk) -> None:
    await desk.do("insert", tax=UKEY)
    await desk.do("spoil", how="locked")
    fault, said = await desk.read(ReadUkey())
    assert (fault, said["locked"], said["reports"]) == ("", True, [])
    await desk.do("remove")
    await desk.read(AwaitUkeyGone())
    await desk.do("mute")
    await desk.do("insert", tax=UKEY)
    assert await desk.read(ReadUkey()) == ("mute", {})
