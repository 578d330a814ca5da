"""The tax-control application: what a UKey says of itself, its reports, and which orders it obeys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from config.clock import Deadline
from drivers.devices.card_profile import load_profile
from drivers.devices.smart_card import SmartCard
from drivers.devices.tax_control import TaxControlApplication
from drivers.errors import DeviceError, InvalidData, MediaInvalid, MediaMissing, ProtocolError, SecurityFailed
from drivers.ports_tax import SealedWord, TaxState
from drivers.protocols.apdu import OK, Command, Exchange, Response
from drivers.protocols.ber_tlv import Item
from drivers.simulators.chip import PIN, Chip
from drivers.simulators.chip_tax import TaxDevice
from drivers.simulators.smart_card import SmartCardSimulator
from tests.drivers.devices.chip_cards import driver, put_in, reader, sim, soon
from tests.drivers.tax_devices import REPORT, UKEY, order, sealed

__all__ = ["reader", "sim"]
"""Fixtures that this file uses by their names."""
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
FRESH = TaxState(
    "661600000017", "91990199MA60XK2C3T", 6, date(2026, 8, 1), date(2026, 10, 26), False, (SEPTEMBER,)
)
UNLOCKED = TaxState(
    "661600000017", "91990199MA60XK2C3T", 7, SEPTEMBER, date(2026, 11, 25), False, ()
)  # fmt: skip


def application(chip: Chip, profile: str = "iso-ecc") -> TaxControlApplication:
    """Over the chip itself, without a reader between."""

    async def ask(command: Command, deadline: Deadline) -> Response:
        exchange = Exchange(command, t0=chip.protocol == "T=0")
        while exchange.answer is None:
            exchange.feed(chip.answer(exchange.sending))
        return exchange.answer

    return TaxControlApplication(load_profile(profile), ask)


@pytest.fixture(params=["T=0", "T=1"])
def chip(request: pytest.FixtureRequest) -> Chip:
    return Chip(protocol=request.param, tax=TaxDevice.model_validate(UKEY))


def word(text: bytes, key: bytes | None = None) -> SealedWord:
    return SealedWord(text, sealed(text) if key is None else sealed(text, key))


async def test_a_ukey_says_what_it_is_and_gives_the_month_s_report(chip: Chip) -> None:
    device = application(chip)
    assert await device.state(soon()) == FRESH
    report = await device.report(SEPTEMBER, soon())
    assert (report.text, report.mac) == (REPORT, sealed(REPORT))
    assert await device.report(SEPTEMBER, soon()) == report, "reading changes nothing"


@pytest.mark.parametrize("month", [OCTOBER, date(2026, 8, 1), date(2027, 1, 1)])
async def test_of_a_month_that_runs_or_is_not_there_there_is_no_report(chip: Chip, month: date) -> None:
    with pytest.raises(InvalidData, match="no report"):
        await application(chip).report(month, soon())


async def test_an_order_unlocks_and_may_be_written_again(chip: Chip) -> None:
    device = application(chip)
    await device.obey(word(order()), soon())
    assert await device.state(soon()) == UNLOCKED
    chip.reset()
    await device.obey(word(order()), soon())
    assert await device.state(soon()) == UNLOCKED


@pytest.mark.parametrize(
    "wrong",
    [
        word(order(), bytes(32)),  # of who has not the key
        word(order(number="661600000025")),  # of another device
        word(order(counter=6)),  # of the month before, once more
        word(order(counter=8)),  # not the next one
        word(order(until="20261025")),  # to an earlier day
        word(order()[:-1] + b"8"),
    ],
)
async def test_no_other_order_is_obeyed(chip: Chip, wrong: SealedWord) -> None:
    device = application(chip)
    with pytest.raises(SecurityFailed):
        await device.obey(wrong, soon())
    assert await device.state(soon()) == FRESH


async def test_no_order_runs_it_backwards(chip: Chip) -> None:
    device = application(chip)
    await device.obey(word(order()), soon())
    await device.obey(word(order(month="202610", until="20261225", counter=8)), soon())
    with pytest.raises(SecurityFailed):
        await device.obey(word(order()), soon())
    assert (await device.state(soon())).counter == 8


@pytest.mark.parametrize("text", [b"", b"x" * 201])
async def test_what_is_no_order_is_not_sent(chip: Chip, text: bytes) -> None:
    with pytest.raises(InvalidData):
        await application(chip).obey(SealedWord(text, bytes(32)), soon())


async def test_a_locked_one_says_so_and_reports_nothing(chip: Chip) -> None:
    assert chip.tax is not None
    chip.tax.locked = True
    device = application(chip)
    assert (await device.state(soon())).locked
    with pytest.raises(SecurityFailed):
        await device.report(SEPTEMBER, soon())


async def test_a_card_of_another_kind_is_told() -> None:
    with pytest.raises(MediaInvalid, match="tax-control"):
        await application(Chip()).state(soon())


async def test_a_profile_without_tax_control_reads_none(tmp_path: object) -> None:
    profile = load_profile("iso-ecc").model_copy(update={"tax_control": None})
    ukey = TaxControlApplication(profile, lambda command, deadline: pytest.fail("nothing is asked"))
    with pytest.raises(MediaInvalid, match="knows of no tax control"):
        await ukey.state(soon())


GOOD = {
    0x81: b"661600000017", 0x82: b"91990199MA60XK2C3T", 0x83: b"\0\0\0\6", 0x84: b"\x20\x26\x08",
    0x85: b"\x20\x26\x10\x26", 0x86: b"\0", 0x87: b"\x20\x26\x09",
}  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (0x81, b"6616 0000 17"), (0x81, b"6616"), (0x81, "６６１６０００１".encode()), (0x82, b"91990199ma60xk2c3t"),
        (0x83, b"\6"), (0x83, bytes(5)), (0x84, b"\x20\x26"), (0x84, b"\x20\x26\x13"), (0x85, b"\x20\x26\x02\x31"),
        (0x85, b"\x20\x26\x0a\x01"), (0x85, b""), (0x86, b"\2"), (0x86, b""), (0x87, b"\x20\x26"),
        (0x87, b"\x20\x26\x09\x20\x26\x09"), (0x87, b"\x20\x26\x09\x20\x26\x08"), (0x84, None),
        (0x84, b"\x21\x00\x01"), (0x85, b"\x18\x99\x12\x31"), (0x85, b"\x99\x99\x12\x31"), (0x87, b"\x00\x26\x09"),
    ],
)  # fmt: skip
async def test_a_state_that_is_none_is_never_believed(tag: int, value: bytes | None) -> None:
    told = {**GOOD, tag: value}
    content = b"".join(Item(bytes((t,)), v).encode() for t, v in told.items() if v is not None)

    async def ask(command: Command, deadline: Deadline) -> Response:
        return Response(Item(b"\x53", content).encode() if command.ins == 0xCB else b"", OK)

    with pytest.raises(ProtocolError):
        await TaxControlApplication(load_profile("iso-ecc"), ask).state(soon())


async def test_through_a_real_reader(sim: SmartCardSimulator, reader: SmartCard) -> None:
    await put_in(sim, reader, tax=UKEY)
    assert await reader.tax_state(soon()) == FRESH
    assert (await reader.tax_report(SEPTEMBER, soon())).text == REPORT
    assert await reader.tax_order(word(order()), soon()) == UNLOCKED


async def test_pulled_out_in_the_middle_nothing_is_half_done(
    sim: SmartCardSimulator, reader: SmartCard
) -> None:
    await put_in(sim, reader, tax=UKEY)
    await reader.tax_state(soon())
    await sim.do("tear")
    with pytest.raises(MediaMissing):
        await reader.tax_order(word(order()), soon())
    await reader.removed(soon())
    await put_in(sim, reader, tax=UKEY)
    assert (await reader.tax_state(soon())) in (FRESH, UNLOCKED)
    assert await reader.tax_order(word(order()), soon()) == UNLOCKED


async def test_whoever_showed_a_pin_shows_it_again_after_the_tax_was_read(
    sim: SmartCardSimulator, reader: SmartCard
) -> None:
    await put_in(sim, reader, tax=UKEY)
    await reader.verify_pin(PIN, soon())
    await reader.tax_state(soon())
    with pytest.raises(SecurityFailed):
        await reader.sign(b"x", soon())


@pytest.fixture
async def spoilt(sim: SmartCardSimulator) -> AsyncIterator[SmartCard]:
    device = driver()
    await device.open()
    await device.removed(soon())
    await put_in(sim, device, tax=UKEY)
    yield device
    await device.close()


async def test_hands_spoil_a_ukey(sim: SmartCardSimulator, spoilt: SmartCard) -> None:
    await sim.do("spoil", {"how": "forged"})
    report = await spoilt.tax_report(SEPTEMBER, soon())
    assert report.text == REPORT and report.mac != sealed(REPORT)
    await sim.do("spoil", {"how": "monthMissing"})
    assert (await spoilt.tax_state(soon())).held == ()
    await sim.do("spoil", {"how": "locked"})
    assert (await spoilt.tax_state(soon())).locked
    with pytest.raises(DeviceError):
        await spoilt.tax_report(SEPTEMBER, soon())
