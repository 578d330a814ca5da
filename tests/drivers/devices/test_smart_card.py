"""The PC/SC driver over a real pcscd: cards that come, go, sign, hang and are torn out."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from drivers.devices import registry, smart_card
from drivers.devices.card_profile import load_profile
from drivers.devices.smart_card import SmartCard
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    DriverConfigError,
    InvalidData,
    MediaInvalid,
    MediaMissing,
    ReadFailed,
    SecurityFailed,
)
from drivers.ports import ChipPower, ChipProtocol, DeviceState, PinCheck
from drivers.simulators.chip import PIN
from drivers.simulators.smart_card import SmartCardSimulator
from drivers.transports import pcsc_calls
from drivers.transports.pcsc_calls import Sighting, use_socket
from tests.drivers.devices.chip_cards import driver, put_in, reader, sim, soon, until, words
from tests.drivers.pcscd import kept

__all__ = ["reader", "sim"]
"""Fixtures that this file uses by their names."""


SELECT = bytes.fromhex("00A4040008F05441584B45590100")


@pytest.mark.parametrize("protocol", ["T=0", "T=1"])
@pytest.mark.parametrize("profile", ["iso-ecc", "iso-rsa"])
async def test_a_key_signs_once_its_pin_was_shown(
    sim: SmartCardSimulator, profile: str, protocol: str
) -> None:
    device = driver(profile)
    await device.open()
    try:
        await device.removed(soon())
        await put_in(sim, device, protocol=protocol)
        with pytest.raises(SecurityFailed):
            await device.sign(b"challenge", soon())
        assert await device.verify_pin("000000", soon()) == PinCheck(False, 2)
        assert await device.verify_pin(PIN, soon()) == PinCheck(True)
        key = x509.load_der_x509_certificate(await device.certificate(soon(50))).public_key()
        signature = await device.sign(b"challenge", soon(50))
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, b"challenge", ec.ECDSA(hashes.SHA256()))
        else:
            key.verify(signature, b"challenge", padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg,arg-type]
    finally:
        await device.close()


async def test_a_card_that_is_mute_while_the_machine_stands_still_for_a_second_is_no_bad_one() -> None:
    device = driver()
    device._connected = True
    device._saw(Sighting(present=True, mute=True, atr=b"", mark=1 << 16))
    awake = Sighting(present=True, mute=False, atr=b"\x3b\x00", mark=1 << 16)
    asyncio.get_running_loop().call_later(1.0, device._saw, awake)
    await device.insert(soon())


@pytest.mark.parametrize("given_s", [0.05, 0.0], ids=["while waiting", "before the wait began"])
async def test_a_card_that_came_while_the_machine_stood_still_has_come(
    sim: SmartCardSimulator, reader: SmartCard, given_s: float
) -> None:
    """What pcscd told has waited with the deadline for the machine to go on."""
    loop = asyncio.get_running_loop()
    inserted = loop.create_task(reader.insert(soon(given_s)))
    await asyncio.sleep(0)

    def stall() -> None:
        time.sleep(0.2)
        loop.call_soon(reader._saw, Sighting(present=True, mute=False, atr=b"", mark=0))

    loop.call_soon(stall)
    await inserted


async def test_a_card_is_seen_to_come_and_to_go(sim: SmartCardSimulator, reader: SmartCard) -> None:
    assert words(reader) == {"media": "notPresent", "chipPower": "noCard", "chipModule": "ok"}
    with pytest.raises(MediaMissing):
        await reader.insert(soon(0.05))
    with pytest.raises(MediaMissing):
        await reader.power(ChipPower.COLD, soon())
    await put_in(sim, reader)
    assert words(reader)["chipPower"] == "poweredOff"
    with pytest.raises(DeadlinePassed):
        await reader.removed(soon(0.05))
    cold = await reader.power(ChipPower.COLD, soon())
    assert (
        cold is not None
        and cold.protocol is ChipProtocol.T1
        and cold == await reader.power(ChipPower.WARM, soon())
    )
    assert words(reader)["chipPower"] == "online"
    assert await reader.power(ChipPower.OFF, soon()) is None
    assert words(reader)["chipPower"] == "poweredOff"
    with pytest.raises(ReadFailed) as told:
        await reader.transmit(SELECT, ChipProtocol.T1, soon())
    assert told.value.code == "atrNotObtained"
    leaving = asyncio.ensure_future(reader.removed(soon()))
    await sim.do("remove")
    await leaving
    assert words(reader)["media"] == "notPresent"


async def test_a_pin_locks_after_three_tries_and_is_written_nowhere(
    sim: SmartCardSimulator, reader: SmartCard, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await put_in(sim, reader, seed=77)
    await sim.do("wrongPin", {"times": 1})
    assert await reader.verify_pin("271828", soon()) == PinCheck(False, 1)
    assert await reader.verify_pin("314159", soon()) == PinCheck(False, 0)
    assert await reader.verify_pin(PIN, soon()) == PinCheck(False, 0)
    for wrong in ("12345", "123456789", "１２３４５６", "12345\n"):
        with pytest.raises(InvalidData) as refused:
            await reader.verify_pin(wrong, soon())
        assert wrong not in str(refused.value)
    assert caplog.text.count("00 20 00 81") == 3
    for secret in ("271828", "314159", PIN, b"271828".hex(), "32 37 31 38"):
        assert secret not in caplog.text


async def test_what_others_say_to_the_card_ends_the_pins_validity(
    sim: SmartCardSimulator, reader: SmartCard
) -> None:
    await put_in(sim, reader)
    await reader.verify_pin(PIN, soon())
    await reader.sign(b"x", soon())
    await reader.transmit(SELECT, ChipProtocol.NOT_REQUIRED, soon())
    with pytest.raises(SecurityFailed):
        await reader.sign(b"x", soon())
    with pytest.raises(MediaInvalid) as other:
        await reader.transmit(SELECT, ChipProtocol.T0, soon())
    assert other.value.code == "protocolNotSupported"
    with pytest.raises(InvalidData):
        await reader.transmit(b"\x00\xa4", ChipProtocol.T1, soon())


@pytest.mark.parametrize("step", range(6))
async def test_a_card_torn_out_in_the_middle_is_told_and_the_next_one_works(
    sim: SmartCardSimulator, reader: SmartCard, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smart_card, "_LOOK_S", 20.0)  # on a busy machine pcscd looks later than it means to
    await put_in(sim, reader)
    await reader.power(ChipPower.COLD, soon())
    spoken = sim.state()["counts"]["commands"]  # type: ignore[index]
    work = asyncio.ensure_future(reader.certificate(soon()))
    await until(lambda: sim.state()["counts"]["commands"] >= spoken + min(step, 3) or work.done())  # type: ignore[index]
    if not work.done():
        await sim.do("tear")
        with pytest.raises(MediaMissing) as told:
            await work
            await reader.certificate(soon())
        assert told.value.code == "noMedia"
    await until(lambda: sim.state()["card"] is None or work.done())
    if sim.state()["card"] is not None:
        await sim.do("remove")
    await reader.removed(soon())
    assert reader.snapshot.device is DeviceState.ONLINE and words(reader)["chipPower"] == "noCard"
    await put_in(sim, reader)
    assert await reader.certificate(soon())


async def test_a_card_changed_between_two_looks_is_another_card(
    sim: SmartCardSimulator, reader: SmartCard
) -> None:
    await put_in(sim, reader, seed=1)
    await reader.verify_pin(PIN, soon())
    await sim.do("insert", {"seed": 2})
    with pytest.raises(DeviceError):
        await reader.sign(b"x", soon())
    await reader.removed(soon())
    await reader.insert(soon())
    with pytest.raises(SecurityFailed):
        await reader.sign(b"x", soon())


async def test_a_mute_card_and_a_wrong_answer_to_reset_are_told(
    sim: SmartCardSimulator, reader: SmartCard
) -> None:
    await sim.do("mute")
    await sim.do("insert")
    with pytest.raises(MediaInvalid):
        await reader.insert(soon())
    assert words(reader) == {"media": "present", "chipPower": "hardwareError", "chipModule": "ok"}
    await sim.do("clear")
    await sim.do("remove")
    await reader.removed(soon())
    await sim.do("corruptAtr")
    await put_in(sim, reader)
    with pytest.raises(ReadFailed) as told:
        await reader.power(ChipPower.COLD, soon())
    assert told.value.code == "atrNotObtained"


async def test_a_card_that_hangs_holds_nobody_and_is_well_when_inserted_again(
    sim: SmartCardSimulator, reader: SmartCard
) -> None:
    await put_in(sim, reader)
    await reader.power(ChipPower.COLD, soon())
    await sim.do("silent")
    for _ in range(3):
        started = time.monotonic()
        with pytest.raises(DeadlinePassed):
            await reader.power(ChipPower.COLD, soon(0.3))
        assert time.monotonic() - started < 0.8
    cancelled = asyncio.ensure_future(reader.certificate(soon()))
    await asyncio.sleep(0.05)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert reader.snapshot.device is DeviceState.ONLINE
    await sim.do("clear")
    await sim.do("remove")
    await reader.removed(soon())
    await put_in(sim, reader)
    assert await reader.certificate(soon())


async def test_a_card_that_the_service_keeps_after_it_was_pulled_out_is_not_believed(
    sim: SmartCardSimulator, reader: SmartCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pcscd writes a card down again that went during a call; here it does so each time until it is made to look."""
    watch, check = pcsc_calls.watch, pcsc_calls.check
    kept_up, asked = threading.Event(), threading.Event()

    def late(context: int, name: str, marks: tuple[int, int], wait_s: float) -> tuple[Sighting, int, bool]:
        seen, listed, other = watch(context, name, marks, wait_s)
        stale = kept_up.is_set() and not asked.is_set()
        return replace(seen, present=seen.present or stale, mute=stale), listed, other

    def ask(context: int, name: str) -> bool:
        told = check(context, name)
        if told and kept_up.is_set():
            asked.set()
        return told

    monkeypatch.setattr(pcsc_calls, "watch", late)
    monkeypatch.setattr(pcsc_calls, "check", ask)
    await put_in(sim, reader)
    await reader.power(ChipPower.COLD, soon())
    kept_up.set()
    await sim.do("remove")
    await reader.removed(soon())
    await until(asked.is_set)
    assert words(reader) == {"media": "notPresent", "chipPower": "noCard", "chipModule": "ok"}
    with pytest.raises(MediaMissing):
        await reader.power(ChipPower.COLD, soon())
    await put_in(sim, reader)
    assert await reader.certificate(soon())


async def test_a_late_answer_is_waited_for(sim: SmartCardSimulator, reader: SmartCard) -> None:
    await put_in(sim, reader)
    await reader.power(ChipPower.COLD, soon())
    await sim.do("link", {"fault": "delay", "seconds": 0.5})
    assert await reader.verify_pin(PIN, soon()) == PinCheck(True)


def test_a_profile_says_what_is_wrong_in_it(tmp_path: Any) -> None:
    for name, message in (
        ("unheard-of", "iso-ecc, iso-rsa"),
        (str(tmp_path / "none.toml"), "cannot be read"),
    ):
        with pytest.raises(DriverConfigError, match=message):
            registry.create("smart-card-pcsc", {"profile": name})
    vendor = tmp_path / "vendor.toml"
    for text, message in (
        ("name = ", "no TOML"),
        ('name = "x"\napplication = "F0"', "application"),
        ("name = 1", "name"),
    ):
        vendor.write_text(text)
        with pytest.raises(DriverConfigError, match=message):
            load_profile(str(vendor))
    with pytest.raises(DriverConfigError, match="isolation"):
        use_socket(str(kept().socket))
        use_socket("/somewhere/else")
