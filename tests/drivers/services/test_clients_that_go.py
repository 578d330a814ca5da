"""A client that goes away in the middle of a visit: what its person has typed or opened serves nobody else."""

import asyncio

import pytest

from drivers.ports import Chip, ChipPower, ChipProtocol, PinCheck
from drivers.ports_input import KeyPress
from drivers.services.base import Identity
from drivers.services.pin_pad import PinPadService
from drivers.services.smart_card_reader import SmartCardReaderService
from drivers.supervision import Supervisor
from tests.drivers.cabinet import POLICY
from tests.drivers.fakes import FakeDevice
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import code

ENTRY = {"minLen": 4, "maxLen": 4, "activeKeys": {"one": {}, "enter": {"terminate": True}}}
BLOCK = {"customerData": "6222000000000000", "format": "iso4", "key": "PIN1"}


class FakePad(FakeDevice):
    """Everybody types a PIN at once; ``pin`` is whether one waits."""

    def __init__(self):
        super().__init__()
        self.pin, self.keys = False, []

    async def begin(self, entry, deadline):
        self.pin = False
        self.keys = [KeyPress("*", count) for count in range(1, 5)] + [KeyPress("enter", 4)]

    async def press(self, deadline):
        key = self.keys.pop(0)
        self.pin = key.ends
        return key

    async def stop(self, deadline):
        self.pin = False

    async def pin_block(self, key, style, account, deadline):
        self.pin = False
        return bytes(16)


class FakeCard(FakeDevice):
    """``unlocked`` is whether the card signs for whoever asks."""

    def __init__(self):
        super().__init__()
        self.unlocked, self.powers = False, []

    async def verify_pin(self, pin, deadline):
        self.unlocked = pin == "2468"
        return PinCheck(self.unlocked, None if self.unlocked else 2)

    async def sign(self, challenge, deadline):
        return b"signed"

    async def transmit(self, apdu, protocol, deadline):
        return b"\x90\x00"

    async def power(self, how, deadline):
        self.unlocked = False
        self.powers.append(how)
        return None if how is ChipPower.OFF else Chip(b"\x3b\x00", ChipProtocol.T0)


async def served(service):
    service.start()
    async with asyncio.timeout(8):
        while service.status()["common"]["device"] != "online":
            await asyncio.sleep(0.005)
    return service


async def idle(service):
    async with asyncio.timeout(8):
        while service.queue.busy:
            await asyncio.sleep(0.005)


@pytest.fixture
async def pad():
    device = FakePad()
    service = PinPadService(Identity("PinPad", "pinPad", "fake"), Supervisor("PinPad", device, POLICY))
    yield device, await served(service)
    await service.close()


@pytest.fixture
async def card():
    device = FakeCard()
    identity = Identity("SmartCardReader", "smartCardReader", "fake")
    service = SmartCardReaderService(identity, Supervisor("SmartCardReader", device, POLICY))
    yield device, await served(service)
    await service.close()


async def typed(desk):
    assert code((await desk.ask("Keyboard.PinEntry", ENTRY, "2.0"))[1]) == "success"


async def test_a_pin_is_wiped_with_the_client_whose_person_typed_it(pad):
    device, service = pad
    mine, other = Desk(service), Desk(service)
    await typed(mine)
    service.leave(other)
    await idle(service)
    assert device.pin
    service.leave(mine)
    await idle(service)
    assert not device.pin


async def test_a_pin_typed_since_then_stays(pad):
    device, service = pad
    mine, other = Desk(service), Desk(service)
    await typed(mine)
    again = asyncio.ensure_future(typed(other))
    await asyncio.sleep(0)
    service.leave(mine)
    await again
    await idle(service)
    assert device.pin


async def test_a_pin_that_was_used_is_none_any_more(pad):
    device, service = pad
    desk = Desk(service)
    await typed(desk)
    assert code((await desk.ask("PinPad.GetPinBlock", BLOCK, "2.0"))[1]) == "success"
    device.pin = True  # whatever may wait now is not this client's
    service.leave(desk)
    await idle(service)
    assert device.pin


async def test_a_card_left_behind_signs_for_nobody_else(card):
    device, service = card
    mine, other = Desk(service), Desk(service)
    assert code((await mine.ask("SigningCard.VerifyPin", {"pin": "2468"}))[1]) == "success"
    service.leave(other)
    await idle(service)
    assert device.unlocked
    service.leave(mine)
    await idle(service)
    assert device.powers == [ChipPower.OFF] and not device.unlocked


async def test_a_card_that_was_shown_no_pin_is_left_alone(card):
    device, service = card
    desk = Desk(service)
    service.leave(desk)
    await idle(service)
    assert device.powers == []


async def test_a_pin_typed_for_one_client_makes_no_block_for_another(pad):
    device, service = pad
    mine, other = Desk(service), Desk(service)
    await typed(mine)
    assert code((await other.ask("PinPad.GetPinBlock", BLOCK, "2.0"))[1]) == "noPin"
    assert device.pin
    assert code((await mine.ask("PinPad.GetPinBlock", BLOCK, "2.0"))[1]) == "success"


SIGN = "SigningCard.Sign", {"challenge": "QUJD"}
RAW = "CardReader.ChipIO", {"chipProtocol": "chipT0", "chipData": "ACoAAA=="}, "3.0"


@pytest.mark.parametrize("order", [SIGN, RAW])
async def test_a_card_opened_for_one_client_obeys_no_other(card, order):
    device, service = card
    device.show(cardReader={"media": "present"})
    mine, other = Desk(service), Desk(service)
    assert code((await mine.ask("SigningCard.VerifyPin", {"pin": "2468"}))[1]) == "success"
    assert code((await other.ask(*order))[1]) == "sequenceError"
    assert code((await mine.ask(*order))[1]) == "success"
    assert device.unlocked
    assert code((await mine.ask("CardReader.ChipPower", {"chipPower": "cold"}, "2.0"))[1]) == "success"
    assert code((await other.ask(*order))[1]) == "success", "closed again, it is anybody's"


async def test_another_card_is_open_for_nobody(card):
    device, service = card
    device.show(cardReader={"media": "present"})
    mine, other = Desk(service), Desk(service)
    assert code((await mine.ask("SigningCard.VerifyPin", {"pin": "2468"}))[1]) == "success"
    device.show(cardReader={"media": "notPresent"})
    device.show(cardReader={"media": "present"})
    assert code((await other.ask(*RAW))[1]) == "success"
