"""Codes and PINs from the keys to the application, through every program and protocol in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from drivers.client import DeviceCommandFailed, DeviceHub, PinPadClient, PinTyped, Typed
from drivers.simulators.cabinet import Cabinet
from drivers.simulators.pin_pad import MASTER, master_key
from tests.drivers.chain import chain
from tests.drivers.hsm import ACCOUNT, KEYS, check_value, opened, wrap

Pad = tuple[Cabinet, DeviceHub, PinPadClient]


@pytest.fixture
async def pad() -> AsyncIterator[Pad]:
    async with chain("pinPad") as (cabinet, hub):
        yield cabinet, hub, PinPadClient(hub)


async def mode(cabinet: Cabinet, wanted: str) -> None:
    async with asyncio.timeout(10):
        while cabinet.devices["pinPad"].state()["mode"] != wanted:
            await asyncio.sleep(0.005)


async def test_a_code_is_typed_and_corrected(pad: Pad) -> None:
    cabinet, _, client = pad
    heard: list[tuple[str, Mapping[str, Any]]] = []
    asking = asyncio.ensure_future(client.type_digits(6, 15, on_event=lambda *told: heard.append(told)))
    await mode(cabinet, "data")
    await cabinet.do("pinPad", "type", digits="99", then="clear")
    await cabinet.do("pinPad", "type", digits="0817", then="back")
    await cabinet.do("pinPad", "type", digits="542")
    assert await asking == Typed("081542", "enter")
    names = [name for name, _ in heard]
    assert names == ["Keyboard.EnterDataEvent", *["Keyboard.KeyEvent"] * 12]
    assert heard[1][1] == {"digit": "nine"}
    assert heard[-1][1] == {"completion": "enter"}
    assert "081542" not in repr(await asking)


@pytest.mark.parametrize(
    ("name", "payload", "said"),
    [
        ("PinPad.GetPinBlock", {"xorData": "0123456789ABCDEF"}, "unsupportedData"),
        ("PinPad.GetPinBlock", {"secondEncKey": "PIN2"}, "unsupportedData"),
        ("KeyManagement.ImportKey", {"constructing": True}, "unsupportedData"),
        ("KeyManagement.ImportKey", {"verificationData": "AAAA", "verifyKey": "K"}, "signatureNotSupported"),
    ],
)
async def test_what_would_make_another_block_or_another_check_is_refused(
    pad: Pad, name: str, payload: Mapping[str, Any], said: str
) -> None:
    """Silently left out, the bank would get a block that nobody asked for, and the pad a key that nobody checked."""
    _, hub, _ = pad
    whole = {"customerData": ACCOUNT, "format": "iso4", "key": "PIN1", "value": "QUJD", "decryptKey": MASTER}
    with pytest.raises(DeviceCommandFailed) as told:
        await hub.request("pinPad", name, {**whole, **payload}, 10)
    assert said in (told.value.error_code, told.value.completion_code)


async def test_a_pin_goes_to_the_bank_alone(pad: Pad) -> None:
    cabinet, _, client = pad
    block = wrap(master_key(), "4", KEYS["4"])
    assert await client.load_key("PIN1", MASTER, block) == check_value("4", KEYS["4"])
    assert (await client.keys())["PIN1"] == {
        "keyUsage": "P0",
        "algorithm": "4",
        "modeOfUse": "E",
        "keyLength": 128,
    }
    heard: list[tuple[str, Mapping[str, Any]]] = []
    asking = asyncio.ensure_future(client.type_pin(4, 6, 15, on_event=lambda *told: heard.append(told)))
    await mode(cabinet, "pin")
    await cabinet.do("pinPad", "type", digits="864200")
    assert await asking == PinTyped(6, "enter")
    assert [body for name, body in heard if name == "Keyboard.KeyEvent"] == [{}] * 6 + [
        {"completion": "enter"}
    ]
    assert opened("4", KEYS["4"], await client.pin_block("PIN1", "iso4", ACCOUNT)) == "864200"
    with pytest.raises(DeviceCommandFailed) as told:
        await client.pin_block("PIN1", "iso4", ACCOUNT)
    assert told.value.error_code == "noPin"
    await client.delete_key("PIN1")
    with pytest.raises(DeviceCommandFailed, match="keyNotFound"):
        await client.delete_key("PIN1")


async def test_triple_des_takes_the_account_without_its_check_digit(pad: Pad) -> None:
    cabinet, _, client = pad
    await client.load_key("PIN1", MASTER, wrap(master_key(), "T", KEYS["T"]))
    asking = asyncio.ensure_future(client.type_pin(4, 4, 15, auto_end=True))
    await mode(cabinet, "pin")
    await cabinet.do("pinPad", "type", digits="1379", then="nothing")
    assert await asking == PinTyped(4, "auto")
    assert opened("T", KEYS["T"], await client.pin_block("PIN1", "iso0", ACCOUNT)) == "1379"


async def test_a_visitor_who_goes_away_leaves_no_pin(pad: Pad) -> None:
    cabinet, _, client = pad
    asking = asyncio.ensure_future(client.type_pin(4, 6, 15))
    await mode(cabinet, "pin")
    await cabinet.do("pinPad", "type", digits="12", then="nothing")
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await mode(cabinet, "idle")
    with pytest.raises(DeviceCommandFailed, match="timeOut"):
        await client.type_digits(6, 0.5)
    await mode(cabinet, "idle")
    asking = asyncio.ensure_future(client.type_pin(4, 6, 15))
    await mode(cabinet, "pin")
    await cabinet.do("pinPad", "type", digits="1234")
    await asking
    await client.wipe()
    assert not cabinet.devices["pinPad"].state()["pin"]


async def test_what_cannot_be_has_the_standards_words(pad: Pad) -> None:
    cabinet, hub, client = pad

    async def refused(command: str, payload: Mapping[str, Any]) -> str | None:
        with pytest.raises(DeviceCommandFailed) as told:
            await hub.request("pinPad", command, payload, 10)
        return told.value.error_code

    digits: dict[str, Any] = {"one": {}, "two": {}}
    pin = {"minLen": 4, "maxLen": 6, "activeKeys": {**digits, "enter": {"terminate": True}}}
    assert await refused("Keyboard.PinEntry", {**pin, "minLen": 9}) == "minimumLength"
    assert await refused("Keyboard.PinEntry", {**pin, "activeKeys": digits}) == "noTerminatekeys"
    data = {"maxLen": 6, "activeKeys": digits}
    assert await refused("Keyboard.DataEntry", {**data, "activeKeys": {"fdk01": {}}}) == "keyNotSupported"
    assert await refused("Keyboard.DataEntry", {**data, "activeKeys": {}}) == "noActivekeys"
    assert (
        await refused("Keyboard.DataEntry", {**data, "activeKeys": {"one": {"terminate": True}}})
        == "keyInvalid"
    )
    block = {"customerData": ACCOUNT, "key": "PIN1"}
    assert await refused("PinPad.GetPinBlock", {**block, "format": "visa"}) == "formatNotSupported"
    assert await refused("PinPad.GetPinBlock", {**block, "format": "iso4"}) == "noPin"
    assert await refused("KeyManagement.GetKeyDetail", {"keyName": "none"}) == "keyNotFound"
    with pytest.raises(DeviceCommandFailed, match="formatNotSupported"):
        await client.load_key("PIN1", MASTER, "no key block")
    await cabinet.do("pinPad", "tamper")
    with pytest.raises(DeviceCommandFailed, match="accessDenied"):
        await client.type_pin(4, 6, 10)
    async with asyncio.timeout(10):
        while hub.status("pinPad").device != "fraudAttempt":
            await asyncio.sleep(0.02)
    assert hub.status("pinPad").details["keyManagement"] == {"encryptionState": "notReady"}
