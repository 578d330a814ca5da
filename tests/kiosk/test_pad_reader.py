"""A signature from the pen to the step, through every program between; and what a pad that is away comes to."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from drivers.client import DeviceHub
from drivers.simulators.cabinet import Cabinet
from kiosk import pad_reader, readers
from kiosk.domain.errors import DomainError
from kiosk.domain.signing import MOST_INK, read_ink
from kiosk.flow.effects import PressPad, TakeSignature
from kiosk.guards import Tries
from kiosk.readers import Readers
from tests.drivers.chain import chain

DOCUMENT = hashlib.sha256("实名信息采集确认书".encode()).digest()
SIGN = TakeSignature(DOCUMENT.hex())
Told = tuple[str, Mapping[str, Any]]


class Desk:
    """Readers over a real device program and its pad."""

    def __init__(self, cabinet: Cabinet, hub: DeviceHub) -> None:
        self.cabinet = cabinet
        self.told: list[Mapping[str, object]] = []
        self.readers = Readers(
            hub, 0.8, Tries(3, 1, time.monotonic), Tries(3, 1, time.monotonic), {}, lambda frame: None
        )

    def asking(self) -> asyncio.Future[Told]:
        return asyncio.ensure_future(self.readers.read(SIGN, self.told.append))

    async def until(self, condition: str) -> None:
        async with asyncio.timeout(10):
            while self.pad["state"] != condition:
                await asyncio.sleep(0.005)

    async def sign(self, **how: Any) -> None:
        await self.cabinet.do("signaturePad", "sign", **how)

    @property
    def pad(self) -> Mapping[str, object]:
        return self.cabinet.devices["signaturePad"].state()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with chain("signaturePad") as (cabinet, hub):
        yield Desk(cabinet, hub)


async def test_ink_is_sealed_to_the_document_and_gone_from_the_pad(desk: Desk) -> None:
    asking = desk.asking()
    await desk.until("signing")
    await desk.sign(seed=3)
    fault, signed = await asking
    assert fault == ""
    ink = read_ink(base64.b64decode(signed["signature"]))
    assert ink.document == DOCUMENT and ink.points > 50 and ink.strokes > 1
    assert base64.b64decode(signed["png"])[:4] == b"\x89PNG"
    assert desk.told == [{"state": "writing"}]
    assert (desk.pad["state"], desk.pad["samples"]) == ("idle", 0)


async def test_the_screens_keys_wipe_and_end_it(desk: Desk) -> None:
    asking = desk.asking()
    await desk.until("signing")
    await desk.sign(seed=3, then="nothing")
    assert await desk.readers.read(PressPad("again"), desk.told.append) == ("", {"pressed": "again"})
    async with asyncio.timeout(10):
        while {"state": "again"} not in desk.told:
            await asyncio.sleep(0.005)
    assert desk.pad["samples"] == 0
    await desk.sign(seed=4, then="nothing")
    await desk.readers.read(PressPad("done"), desk.told.append)
    fault, signed = await asking
    assert (fault, sorted(signed)) == ("", ["png", "signature"])


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ({"how": "dot"}, "signatureTooShort"),
        ({"how": "beyond"}, "penOutOfArea"),
        ({"then": "cancel"}, "refused"),
    ],
)
async def test_what_is_no_signature_is_told_by_why_not(desk: Desk, how: dict[str, Any], fault: str) -> None:
    asking = desk.asking()
    await desk.until("signing")
    await desk.sign(**how)
    assert await asking == (fault, {})
    assert desk.pad["samples"] == 0


async def test_nobody_who_signs_is_waited_for_no_longer_than_that(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pad_reader, "SIGN_WITHIN_S", 0.5)
    assert await desk.asking() == ("timeOut", {})


async def test_more_ink_than_a_record_holds_is_asked_for_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pad_reader, "MOST_INK", 100)
    asking = desk.asking()
    await desk.until("signing")
    await desk.sign(seed=3)
    assert await asking == ("tooLong", {})


async def test_who_goes_away_leaves_no_ink(desk: Desk) -> None:
    asking = desk.asking()
    await desk.until("signing")
    await desk.sign(seed=3, then="nothing")
    asking.cancel()
    await desk.until("idle")
    assert desk.pad["samples"] == 0


async def test_a_key_when_nobody_signs_does_nothing(desk: Desk) -> None:
    assert await desk.readers.read(PressPad("done"), desk.told.append) == ("", {"pressed": "done"})


async def test_a_pad_that_loses_power_is_waited_for_and_the_person_signs_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "CALM_S", 0.1)
    asking = desk.asking()
    await desk.until("signing")
    await desk.cabinet.do("signaturePad", "power", state="off")
    async with asyncio.timeout(30):
        while {"state": "away"} not in desk.told:
            await asyncio.sleep(0.01)
    await desk.cabinet.do("signaturePad", "power", state="on")
    async with asyncio.timeout(30):
        while desk.told[-1] != {"state": "writing"} or desk.pad["state"] != "signing":
            await asyncio.sleep(0.01)
    await desk.sign(seed=5)
    fault, signed = await asking
    assert fault == "" and signed["signature"]


async def test_the_log_holds_no_ink(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "kiosk")
    asking = desk.asking()
    await desk.until("signing")
    await desk.sign(seed=3)
    _, signed = await asking
    assert signed["signature"][60:100] not in caplog.text


@pytest.mark.parametrize("size", [0, 40, MOST_INK + 1])
def test_bytes_of_another_size_are_no_ink(size: int) -> None:
    with pytest.raises(DomainError):
        read_ink(bytes(size))
