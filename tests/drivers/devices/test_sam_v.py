"""The ID card reader's driver against the simulated SAM_V module on a real pseudo terminal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices import sam_v
from drivers.devices.registry import create
from drivers.devices.sam_v import SamVReader, _Card
from drivers.devices.sam_v_exchange import Timings
from drivers.errors import (
    DeadlinePassed,
    DeviceNotReady,
    MediaInvalid,
    MediaMissing,
    MediaMustBeRepresented,
    SecurityFailed,
    SequenceError,
)
from drivers.ports import DeviceState, IdCardLayout, Snapshot
from drivers.simulators import card_reader
from drivers.simulators.base import Pace
from drivers.simulators.card_reader import CardReaderSimulator
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.cards import RESIDENT
from tests.drivers.devices.conftest import until

FOREIGN = {
    "layout": "Y",
    "name": "阿里",
    "latinName": "ALI BIN ABDULLAH AL MOHAMMED AL SAUD AL FAISAL",
    "number": "932682198501010017",
    "nationality": "SAU",
    "sex": "1",
    "birth": "19850101",
    "validFrom": "20231201",
    "validTo": "20331130",
}
FAST = Timings(find_interval=0.02, presence_interval=0.05, status_interval=0.1, quiet=0.02)


@pytest.fixture
async def sim(link: Path) -> AsyncIterator[CardReaderSimulator]:
    simulator = CardReaderSimulator(link, Pace(10))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def reader(sim: CardReaderSimulator, link: Path) -> AsyncIterator[SamVReader]:
    line = SerialLink(str(link))
    device = SamVReader(Channel(line), SystemClock(), line, FAST)
    await device.open()
    yield device
    await device.close()


def media(snapshot: Snapshot) -> object:
    details = snapshot.details["cardReader"]
    assert isinstance(details, dict)
    return details["media"]


async def test_a_card_is_found_read_and_seen_to_leave(sim: CardReaderSimulator, reader: SamVReader) -> None:
    seen: list[object] = []
    reader.on_status(lambda snapshot: seen.append(media(snapshot)))
    finding = asyncio.create_task(reader.find(Deadline.after(5)))
    await asyncio.sleep(0.1)
    assert not finding.done()
    await sim.do("present", {"card": RESIDENT})
    await finding
    card = await reader.read(Deadline.after(5))
    assert (card.layout, card.name, card.birth) == (IdCardLayout.RESIDENT, "李秀兰", date(1949, 12, 31))
    assert card.address == "云川市禾木区稻香路一〇二号"
    assert len(card.photo) == 1024
    with pytest.raises(DeadlinePassed):
        await reader.removed(Deadline.after(0.3))
    await sim.do("remove")
    await reader.removed(Deadline.after(2))
    assert seen[0] == "present"
    assert seen[-1] == "notPresent"


async def test_a_card_that_was_read_is_not_found_again_until_it_has_left(
    sim: CardReaderSimulator, reader: SamVReader
) -> None:
    await sim.do("present", {"card": RESIDENT})
    await reader.find(Deadline.after(2))
    await reader.read(Deadline.after(2))
    with pytest.raises(MediaMissing):
        await reader.find(Deadline.after(0.2))
    await sim.do("present", {"card": FOREIGN})
    await reader.find(Deadline.after(2))
    card = await reader.read(Deadline.after(2))
    assert card.latin_name == FOREIGN["latinName"]
    assert card.nationality == "SAU"


async def test_a_card_changed_for_another_between_two_polls_has_left(
    sim: CardReaderSimulator, reader: SamVReader
) -> None:
    await sim.do("present", {"card": RESIDENT})
    await reader.find(Deadline.after(5))
    await reader.read(Deadline.after(5))
    seen: list[object] = []
    reader.on_status(lambda snapshot: seen.append(media(snapshot)))
    await sim.do("present", {"card": FOREIGN})
    await reader.removed(Deadline.after(5))
    assert "notPresent" in seen
    with pytest.raises(SequenceError):
        await reader.read(Deadline.after(5))
    await reader.find(Deadline.after(5))
    assert (await reader.read(Deadline.after(5))).latin_name == FOREIGN["latinName"]


async def test_a_card_found_in_place_of_the_one_that_was_read_tells_that_that_one_left(
    sim: CardReaderSimulator, link: Path
) -> None:
    line = SerialLink(str(link))
    seldom = Timings(find_interval=0.02, presence_interval=60, status_interval=60, quiet=0.02)
    reader = SamVReader(Channel(line), SystemClock(), line, seldom)
    await reader.open()
    try:
        await sim.do("present", {"card": RESIDENT})
        await reader.find(Deadline.after(5))
        await reader.read(Deadline.after(5))
        leaving = asyncio.create_task(reader.removed(Deadline.after(5)))
        await asyncio.sleep(0)
        seen: list[object] = []
        reader.on_status(lambda snapshot: seen.append(media(snapshot)))
        await sim.do("present", {"card": FOREIGN})
        await reader.find(Deadline.after(5))
        await leaving
        assert seen == ["notPresent", "present"]
    finally:
        await reader.close()


@pytest.mark.parametrize("read", [False, True], ids=["selected", "read"])
async def test_another_number_of_the_chip_is_another_card(
    sim: CardReaderSimulator, reader: SamVReader, monkeypatch: pytest.MonkeyPatch, read: bool
) -> None:
    monkeypatch.setattr(sam_v, "_IDLE_SELECTION_S", 0.0)
    await sim.do("present", {"card": RESIDENT, "chip": 7})
    await reader.find(Deadline.after(5))
    if read:
        await reader.read(Deadline.after(5))
    with pytest.raises(DeadlinePassed):
        await reader.removed(Deadline.after(0.5))
    await sim.do("present", {"card": FOREIGN, "chip": 8})
    sim._found = sim._read = True  # a module that selects whatever lies there
    await reader.removed(Deadline.after(5))


async def test_a_card_that_nobody_has_read_is_kept_ready_though_the_module_forgets_it(
    sim: CardReaderSimulator, reader: SamVReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sam_v, "_IDLE_SELECTION_S", 0.0)
    await sim.do("present", {"card": RESIDENT})
    await reader.find(Deadline.after(5))
    sim._found = sim._selected = False
    before = sim._counts["found"]
    async with asyncio.timeout(5):
        while not (sim._counts["found"] > before and sim._selected):
            await asyncio.sleep(0.01)
    assert media(reader.snapshot) == "present"
    assert (await reader.read(Deadline.after(5))).name == "李秀兰"


async def test_an_answer_that_did_not_come_does_not_end_the_search(
    sim: CardReaderSimulator, reader: SamVReader
) -> None:
    """A machine that stands still for a second is no dead reader: the visitor's card is found afterwards."""
    asked: list[bytes] = []
    hear = sim.received

    def deaf_at_first(data: bytes) -> None:
        asked.append(data)
        if len(asked) > 2:
            hear(data)

    sim.received = deaf_at_first  # type: ignore[method-assign]
    await sim.do("present", {"card": RESIDENT})
    await reader.find(Deadline.after(5))
    assert (await reader.read(Deadline.after(5))).number == RESIDENT["number"]


@pytest.mark.parametrize("seconds", [0.5, 30])
async def test_a_search_on_a_dead_reader_ends_and_is_not_told_as_a_missing_card(
    sim: CardReaderSimulator, reader: SamVReader, seconds: float
) -> None:
    await sim.do("silent")
    with pytest.raises(DeviceNotReady):
        await reader.find(Deadline.after(seconds))


async def test_a_card_that_is_read_slowly_is_read(
    sim: CardReaderSimulator, reader: SamVReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second and a half in the field, as much on a line of 9600 baud."""
    monkeypatch.setattr(card_reader, "_READ_S", 30.0)  # at ten times the pace
    await sim.do("present", {"card": RESIDENT})
    await reader.find(Deadline.after(2))
    assert (await reader.read(Deadline.after(10))).number == RESIDENT["number"]


async def test_a_card_that_left_while_the_machine_stood_still_has_left(
    sim: CardReaderSimulator, reader: SamVReader
) -> None:
    await sim.do("present", {"card": RESIDENT})
    await reader.find(Deadline.after(2))
    await reader.read(Deadline.after(2))
    await sim.do("remove")
    loop = asyncio.get_running_loop()
    removed = loop.create_task(reader.removed(Deadline.after(0.05)))
    await asyncio.sleep(0)

    def stall() -> None:
        time.sleep(0.2)
        loop.call_soon(reader._set_card, _Card.NONE)  # the answer to the poll has been waiting all the time

    loop.call_soon(stall)
    await removed


async def test_no_card_is_media_missing_at_the_deadline(reader: SamVReader) -> None:
    started = asyncio.get_running_loop().time()
    with pytest.raises(MediaMissing):
        await reader.find(Deadline.after(0.2))
    assert asyncio.get_running_loop().time() - started < 0.6


async def test_reading_without_a_selected_card_is_a_sequence_error(reader: SamVReader) -> None:
    with pytest.raises(SequenceError):
        await reader.read(Deadline.after(1))


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("unknownLayout", MediaInvalid),
        ("badCheck", MediaInvalid),
        ("readFail", MediaMustBeRepresented),
        ("authFail", SecurityFailed),
        ("flip", MediaMustBeRepresented),
        ("torn", MediaMustBeRepresented),
    ],
)
async def test_a_bad_chip_or_line_never_gives_a_card(
    sim: CardReaderSimulator, reader: SamVReader, mode: str, error: type[Exception]
) -> None:
    await sim.do("corrupt", {"mode": mode, "count": 1})
    await sim.do("present", {"card": RESIDENT})
    await reader.find(Deadline.after(2))
    with pytest.raises(error):
        await reader.read(Deadline.after(8))
    await sim.do("present", {"card": RESIDENT})
    await reader.find(Deadline.after(2))
    assert (await reader.read(Deadline.after(2))).number == RESIDENT["number"]


async def test_a_module_that_fails_its_self_test_is_out_of_service(
    sim: CardReaderSimulator, reader: SamVReader
) -> None:
    await sim.do("corrupt", {"mode": "samFail"})
    with pytest.raises(SecurityFailed) as caught:
        await reader.find(Deadline.after(2))
    assert caught.value.code == "samSelfTestFailed"
    assert reader.snapshot.device is DeviceState.HARDWARE_ERROR
    await sim.do("clear")
    await until(reader, lambda s: s.device is DeviceState.ONLINE)


async def test_the_sam_number_is_read(reader: SamVReader) -> None:
    assert await reader.sam_id(Deadline.after(1)) == "05.01-20261012-0000000042-0000007031"


async def test_reset_forgets_the_card_and_checks_the_module(
    sim: CardReaderSimulator, reader: SamVReader
) -> None:
    await sim.do("present", {"card": RESIDENT})
    await reader.find(Deadline.after(2))
    await reader.reset(Deadline.after(2))
    with pytest.raises(SequenceError):
        await reader.read(Deadline.after(1))
    await sim.do("corrupt", {"mode": "samFail"})
    with pytest.raises(SecurityFailed):
        await reader.reset(Deadline.after(2))


async def test_a_pulled_cable_is_noticed_and_a_new_one_found_by_itself(
    sim: CardReaderSimulator, reader: SamVReader
) -> None:
    finding = asyncio.create_task(reader.find(Deadline.after(5)))
    await asyncio.sleep(0.05)
    await sim.do("unplug")
    with pytest.raises(DeviceNotReady):
        await finding
    await until(reader, lambda s: s.device is DeviceState.NO_DEVICE)
    assert media(reader.snapshot) == "unknown"
    with pytest.raises(DeviceNotReady):
        await reader.find(Deadline.after(1))
    with pytest.raises(DeviceNotReady):
        await reader.removed(Deadline.after(1))
    await sim.do("replug")
    await until(reader, lambda s: s.device is DeviceState.ONLINE)
    await sim.do("present", {"card": RESIDENT})
    await reader.find(Deadline.after(2))


async def test_a_silent_reader_is_offline_and_comes_back(
    sim: CardReaderSimulator, reader: SamVReader
) -> None:
    await sim.do("silent")
    await until(reader, lambda s: s.device is DeviceState.OFFLINE)
    await sim.do("silent", {"on": False})
    await until(reader, lambda s: s.device is DeviceState.ONLINE)


async def test_opening_and_closing_twice_is_harmless(reader: SamVReader) -> None:
    await reader.open()
    await reader.close()
    await reader.close()
    assert reader.snapshot.device is DeviceState.OFFLINE
    await reader.open()
    assert reader.snapshot.device is DeviceState.ONLINE


async def test_a_reader_that_is_not_there_is_told_at_once_and_found_later(
    sim: CardReaderSimulator, link: Path
) -> None:
    await sim.do("unplug")
    device = create("sam-v", {"port": str(link)})
    try:
        with pytest.raises(DeviceNotReady):
            await device.open()
        assert device.snapshot.device is DeviceState.NO_DEVICE
        await sim.do("replug")
        await until(device, lambda s: s.device is DeviceState.ONLINE)
    finally:
        await device.close()


async def test_another_speed_is_found_by_probing(sim: CardReaderSimulator, link: Path) -> None:
    """A pseudo terminal carries any speed, so the module hears only what comes at its own."""
    line = SerialLink(str(link), 115200)
    hear = sim.received
    sim.received = lambda data: hear(data) if line.baud == 38400 else None  # type: ignore[method-assign]
    device = SamVReader(Channel(line), SystemClock(), line, FAST)
    try:
        await device.open()
        assert line.baud == 38400
    finally:
        await device.close()
