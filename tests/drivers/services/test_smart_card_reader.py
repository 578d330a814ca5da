"""The chip card reader on the wire of the standard, over the real driver, a real pcscd and the simulated card."""

from __future__ import annotations

import asyncio
import base64
import logging

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from config.clock import SystemClock
from drivers.client.capabilities import role_of
from drivers.devices.card_profile import load_profile
from drivers.devices.smart_card import SmartCard
from drivers.services.base import Identity
from drivers.services.smart_card_reader import SmartCardReaderService
from drivers.simulators.base import Pace
from drivers.simulators.chip import PIN, Chip
from drivers.simulators.smart_card import SmartCardSimulator
from drivers.supervision import Supervisor
from drivers.transports.pcsc import PcscReader
from drivers.transports.pcsc_calls import use_socket
from tests.drivers.cabinet import POLICY
from tests.drivers.pcscd import kept
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import b64, code

V1, V3 = "1.0", "3.0"
SELECT = bytes.fromhex("00A4040008F05441584B45590100")


@pytest.fixture
async def sim():
    daemon = kept()
    use_socket(str(daemon.socket))
    card = SmartCardSimulator(Pace(100), daemon)
    await card.start()
    yield card
    await card.stop()


@pytest.fixture
async def desk(sim):
    device = SmartCard(PcscReader("Virtual PCD * 00"), SystemClock(), load_profile("iso-ecc"))
    supervisor = Supervisor("SmartCardReader", device, POLICY)
    service = SmartCardReaderService(
        Identity("SmartCardReader", "smartCardReader", "smart-card-pcsc"), supervisor
    )
    service.start()
    desk = Desk(service)
    await until(lambda: device.connected and media(service) == "notPresent")
    yield desk
    await service.close()


async def until(condition):
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.01)


def media(service):
    return service.status().get("cardReader", {}).get("media")


async def put_in(sim, desk, **what):
    await sim.do("insert", what)
    await until(lambda: media(desk.service) == "present")


def names(messages):
    return [message["header"]["name"] for message in messages]


async def chip_io(desk, apdu, protocol="chipT1"):
    payload = {"chipProtocol": protocol, "chipData": b64(apdu)}
    return (await desk.ask("CardReader.ChipIO", payload, version=V3, timeout_ms=5000))[1]


async def test_reading_raw_data_waits_for_a_card_and_gives_its_answer_to_reset(sim, desk):
    asking = asyncio.ensure_future(desk.ask("CardReader.ReadRawData", {"chip": True}, "2.0", 8000))
    await asyncio.sleep(0.1)
    await sim.do("insert")
    events, completion = await asking
    assert names(events) == ["CardReader.InsertCardEvent", "CardReader.MediaInsertedEvent"]
    assert completion["payload"] == {"chip": [{"data": b64(Chip().atr)}]}
    assert completion["header"]["version"] == "3.0"
    assert desk.service.status()["cardReader"] == {
        "media": "present",
        "chipPower": "online",
        "chipModule": "ok",
    }
    await sim.do("remove")
    await until(lambda: media(desk.service) == "notPresent")
    assert "CardReader.MediaRemovedEvent" in names(desk.sent)


async def test_no_card_in_time_is_a_timeout_and_a_mute_one_invalid(sim, desk):
    events, completion = await desk.ask("CardReader.ReadRawData", {"chip": True}, "2.0", 200)
    assert code(completion) == "timeOut" and names(events) == ["CardReader.InsertCardEvent"]
    await sim.do("mute")
    await put_in(sim, desk)
    events, completion = await desk.ask("CardReader.ReadRawData", {"chip": True}, "2.0", 5000)
    assert code(completion) == "invalidMedia" and "CardReader.InvalidMediaEvent" in names(events)
    assert code((await desk.ask("CardReader.ReadRawData", {"track1": True}, "2.0"))[1]) == "unsupportedData"
    assert code((await desk.ask("CardReader.ReadRawData", {}, "2.0"))[1]) == "invalidData"


async def test_the_chip_is_powered_spoken_to_and_switched_off(sim, desk):
    assert code(await chip_io(desk, SELECT)) == "noMedia"
    assert code((await desk.ask("CardReader.ChipPower", {"chipPower": "cold"}, "2.0"))[1]) == "noMedia"
    await put_in(sim, desk)
    assert code(await chip_io(desk, SELECT)) == "atrNotObtained"
    for how in ("cold", "warm"):
        told = (await desk.ask("CardReader.ChipPower", {"chipPower": how}, "2.0"))[1]
        assert told["payload"] == {"chipData": b64(Chip().atr)}
    told = await chip_io(desk, SELECT)
    assert told["payload"]["chipProtocol"] == "chipT1"
    assert base64.b64decode(told["payload"]["chipData"]) == bytes.fromhex("6F0A8408F05441584B4559019000")
    assert code(await chip_io(desk, SELECT, "chipT0")) == "protocolNotSupported"
    assert code(await chip_io(desk, b"\x00\xa4\x04", "chipProtocolNotRequired")) == "invalidData"
    assert code(await chip_io(desk, SELECT, "chipTypeB")) == "protocolNotSupported"
    off = (await desk.ask("CardReader.ChipPower", {"chipPower": "off"}, "2.0"))[1]
    assert off["header"]["completionCode"] == "success" and not off.get("payload")
    assert code((await desk.ask("CardReader.Reset", {}, "2.0"))[1]) == "success"


async def test_a_wrong_answer_to_reset_is_told_in_the_standards_word(sim, desk):
    await sim.do("corruptAtr")
    await put_in(sim, desk)
    assert code((await desk.ask("CardReader.ChipPower", {"chipPower": "cold"}, "2.0"))[1]) == "atrNotObtained"


async def test_a_card_torn_out_during_a_command_is_missing_media(sim, desk):
    await put_in(sim, desk)
    await desk.ask("CardReader.ChipPower", {"chipPower": "cold"}, "2.0")
    await sim.do("tear")
    assert code(await chip_io(desk, SELECT)) == "noMedia"


async def test_the_key_signs_after_its_pin_and_no_log_has_the_pin(sim, desk, caplog):
    caplog.set_level(logging.DEBUG)
    await put_in(sim, desk, seed=91)
    assert code((await desk.ask("SigningCard.Sign", {"challenge": b64(b"x")}, V1))[1]) == "securityFail"
    wrong = (await desk.ask("SigningCard.VerifyPin", {"pin": "271828"}, V1))[1]
    assert code(wrong) == "pinWrong" and wrong["payload"]["triesLeft"] == 2
    raw = bytes.fromhex("0020008108") + b"314159\xff\xff"
    await desk.ask("CardReader.ChipPower", {"chipPower": "cold"}, "2.0")
    await chip_io(desk, SELECT)
    assert (await chip_io(desk, raw))["payload"]["chipData"] == b64(b"\x63\xc1")
    assert code((await desk.ask("SigningCard.VerifyPin", {"pin": PIN}, V1))[1]) == "success"
    der = (await desk.ask("SigningCard.ReadCertificate", {}, V1))[1]["payload"]["certificate"]
    signed = (await desk.ask("SigningCard.Sign", {"challenge": b64(b"x")}, V1))[1]["payload"]["signature"]
    key = x509.load_der_x509_certificate(base64.b64decode(der)).public_key()
    key.verify(base64.b64decode(signed), b"x", ec.ECDSA(hashes.SHA256()))
    await sim.do("wrongPin", {"times": 2})
    last = (await desk.ask("SigningCard.VerifyPin", {"pin": "271828"}, V1))[1]
    assert code(last) == "pinBlocked" and last["payload"]["triesLeft"] == 0
    long = (await desk.ask("SigningCard.VerifyPin", {"pin": "271828" * 6}, V1))[1]
    assert code(long) == "invalidData"
    for secret in ("271828", "314159", PIN, b64(raw), raw.hex()):
        assert secret not in caplog.text and secret not in str(desk.sent) + str(last) + str(long)


async def test_a_reader_whose_service_dies_is_told_to_everybody(sim, desk):
    await sim.do("unplug")
    await until(lambda: desk.service.status()["common"]["device"] in ("noDevice", "offline"))
    assert (
        code((await desk.ask("CardReader.ChipPower", {"chipPower": "cold"}, "2.0", 500))[1])
        == "deviceNotReady"
    )
    await sim.do("replug")
    await until(lambda: media(desk.service) == "notPresent")


async def test_what_is_offered_is_told_and_names_the_role(sim, desk):
    told = (await desk.ask("Common.Capabilities"))[1]["payload"]
    assert role_of(told) == "smartCardReader"
    (reader,) = [i for i in told["interfaces"] if i["name"] == "CardReader"]
    assert reader["commands"]["CardReader.ChipIO"] == {"versions": ["3.0"]}
    assert told["cardReader"]["chipPower"] == {"cold": True, "warm": True, "off": True}
