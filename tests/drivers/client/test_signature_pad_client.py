"""A signature from the pen to the application, through every program and protocol in between."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from collections.abc import AsyncIterator

import pytest

from drivers.client import DeviceCommandFailed, DeviceHub, DeviceUnavailable, SignaturePadClient
from drivers.signature import read_compact
from drivers.simulators.cabinet import Cabinet
from tests.drivers.chain import chain, online

DOCUMENT = hashlib.sha256("税收完税证明".encode()).digest()
Pad = tuple[Cabinet, DeviceHub, SignaturePadClient]


@pytest.fixture
async def pad() -> AsyncIterator[Pad]:
    async with chain("signaturePad") as (cabinet, hub):
        yield cabinet, hub, SignaturePadClient(hub)


async def frame(cabinet: Cabinet, condition: str = "signing") -> None:
    async with asyncio.timeout(10):
        while cabinet.devices["signaturePad"].state()["state"] != condition:
            await asyncio.sleep(0.005)


def wiped(cabinet: Cabinet) -> bool:
    state = cabinet.devices["signaturePad"].state()
    return (state["state"], state["samples"], state["document"]) == ("idle", 0, "")


async def test_a_signature_is_sealed_to_its_document_and_nothing_stays_behind(pad: Pad) -> None:
    cabinet, _, client = pad
    heard: list[str] = []
    asking = asyncio.ensure_future(client.sign(DOCUMENT, 15, lambda name, _: heard.append(name)))
    await frame(cabinet)
    await cabinet.do("signaturePad", "sign", seed=1, then="clear")
    async with asyncio.timeout(10):
        while "SignaturePad.ClearedEvent" not in heard:
            await asyncio.sleep(0.005)
    await cabinet.do("signaturePad", "sign", seed=9)
    signed = await asking
    assert heard == ["SignaturePad.PresentPenEvent", "SignaturePad.ClearedEvent"]
    assert signed.belongs_to(DOCUMENT)
    assert not signed.belongs_to(bytes(32))
    assert (signed.svg[:4], signed.png[:4]) == (b"<svg", b"\x89PNG")
    moved = dataclasses.replace(signed, document=bytes(32))
    assert not moved.belongs_to(bytes(32))
    spoilt = dataclasses.replace(signed, compact=signed.compact[:-1] + b"\xff")
    assert not spoilt.belongs_to(DOCUMENT)
    assert read_compact(signed.compact).ink_mm > 20
    assert wiped(cabinet)
    assert "compact" not in repr(signed)


@pytest.mark.parametrize(
    ("how", "then", "code"),
    [
        ("dot", "ok", "signatureTooShort"),
        ("beyond", "ok", "penOutOfArea"),
        ("signature", "cancel", "refused"),
    ],
)
async def test_what_is_no_signature_has_its_own_code(pad: Pad, how: str, then: str, code: str) -> None:
    cabinet, _, client = pad
    asking = asyncio.ensure_future(client.sign(DOCUMENT, 15))
    await frame(cabinet)
    await cabinet.do("signaturePad", "sign", how=how, then=then)
    with pytest.raises(DeviceCommandFailed) as told:
        await asking
    assert told.value.error_code == code
    assert wiped(cabinet)


async def test_the_screen_may_confirm_and_clear_for_the_pad(pad: Pad) -> None:
    cabinet, _, client = pad
    for call in (client.confirm, client.clear):
        with pytest.raises(DeviceCommandFailed, match="sequenceError"):
            await call()
    asking = asyncio.ensure_future(client.sign(DOCUMENT, 15))
    await frame(cabinet)
    await cabinet.do("signaturePad", "sign", seed=1, then="nothing")
    await client.clear()
    async with asyncio.timeout(10):
        while cabinet.devices["signaturePad"].state()["samples"]:
            await asyncio.sleep(0.005)
    await cabinet.do("signaturePad", "sign", seed=2, then="nothing")
    await client.confirm()
    assert (await asking).belongs_to(DOCUMENT)


async def test_a_visitor_who_goes_away_leaves_no_ink(pad: Pad) -> None:
    cabinet, _, client = pad
    asking = asyncio.ensure_future(client.sign(DOCUMENT, 15))
    await frame(cabinet)
    await cabinet.do("signaturePad", "sign", seed=1, then="nothing")
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await frame(cabinet, "idle")
    assert wiped(cabinet)
    with pytest.raises(DeviceCommandFailed, match="timeOut"):
        await client.sign(DOCUMENT, 0.5)
    await frame(cabinet, "idle")


async def test_a_pulled_cable_is_told_and_put_back_all_is_well(pad: Pad) -> None:
    cabinet, hub, client = pad
    asking = asyncio.ensure_future(client.sign(DOCUMENT, 15))
    await frame(cabinet)
    await cabinet.do("signaturePad", "unplug")
    with pytest.raises((DeviceCommandFailed, DeviceUnavailable)):
        await asking
    await cabinet.do("signaturePad", "replug")
    await frame(cabinet, "idle")
    await online(hub, "signaturePad")
    assert wiped(cabinet)
