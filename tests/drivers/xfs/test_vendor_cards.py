"""Card reader and scanner of another vendor, driven in the standard's messages alone."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from config.clock import Deadline, SystemClock
from drivers.devices import registry
from drivers.devices.xfs4iot_cards import XfsCardReader
from drivers.devices.xfs4iot_scanner import XfsDocumentScanner
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    DeviceNotReady,
    HardwareFault,
    LinkLost,
    MediaInvalid,
    MediaMissing,
    ProtocolError,
    ReadFailed,
)
from drivers.ports import ChipPower, ChipProtocol
from drivers.ports_documents import PageColour, PageOrder, PageSide
from tests.drivers.xfs.vendor import Vendor

ATR_T0 = bytes.fromhex("3B00")
SELECT = bytes.fromhex("00A4040005A000000001")
CHALLENGE = bytes.fromhex("0084000008")
GET_RESPONSE = bytes.fromhex("00C0000004")


def soon(seconds: float = 5.0) -> Deadline:
    return Deadline.after(seconds)


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    made = Vendor()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def reader(vendor: Vendor) -> AsyncIterator[XfsCardReader]:
    made = registry.create("xfs4iot-card-reader", {"uri": vendor.uri("Card")}, clock=SystemClock())
    assert isinstance(made, XfsCardReader)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def scanner(vendor: Vendor) -> AsyncIterator[XfsDocumentScanner]:
    made = registry.create("xfs4iot-document-scanner", {"uri": vendor.uri("Scan")}, clock=SystemClock())
    assert isinstance(made, XfsDocumentScanner)
    await made.open()
    yield made
    await made.close()


async def test_a_card_is_waited_for_powered_asked_and_seen_to_leave(
    vendor: Vendor, reader: XfsCardReader
) -> None:
    waiting = asyncio.create_task(reader.insert(soon()))
    while not vendor.services["Card"].pending:
        await asyncio.sleep(0.005)
    vendor.cards.put_nowait(ATR_T0)
    await waiting
    chip = await reader.power(ChipPower.COLD, soon())
    assert chip is not None and (chip.atr, chip.protocol) == (ATR_T0, ChipProtocol.T0)
    vendor.answers = {SELECT: bytes.fromhex("6104"), GET_RESPONSE: bytes.fromhex("010203049000")}
    answer = await reader.transmit(SELECT, ChipProtocol.T0, soon())
    assert answer == bytes.fromhex("010203049000")
    assert vendor.apdus == [SELECT, GET_RESPONSE], "the whole answer of a T=0 card is fetched"
    with pytest.raises(MediaInvalid):
        await reader.transmit(SELECT, ChipProtocol.T1, soon())
    with pytest.raises(DeadlinePassed):
        await reader.removed(soon(0.2))
    await vendor.take_card()
    await reader.removed(soon())
    assert reader.snapshot.details["cardReader"] == {"media": "notPresent"}
    with pytest.raises(ReadFailed):
        await reader.transmit(SELECT, ChipProtocol.T0, soon())


async def test_no_card_a_mute_one_and_one_torn_out_are_told(vendor: Vendor, reader: XfsCardReader) -> None:
    with pytest.raises(MediaMissing):
        await reader.insert(soon(0.3))
    with pytest.raises(MediaMissing):
        await reader.power(ChipPower.COLD, soon())
    vendor.cards.put_nowait(b"")
    with pytest.raises(MediaInvalid):
        await reader.insert(soon())
    vendor.cards.put_nowait(ATR_T0)
    await reader.insert(soon())
    await reader.power(ChipPower.COLD, soon())
    vendor.services["Card"].status["media"] = "notPresent"  # no event of it comes
    with pytest.raises(MediaMissing):
        await reader.transmit(CHALLENGE, ChipProtocol.NOT_REQUIRED, soon())


async def test_a_lost_service_is_told_and_nothing_is_believed_of_the_card(
    vendor: Vendor, reader: XfsCardReader
) -> None:
    vendor.cards.put_nowait(ATR_T0)
    await reader.insert(soon())
    await reader.power(ChipPower.COLD, soon())
    await vendor.stop()
    with pytest.raises(DeviceError) as caught:
        await reader.transmit(CHALLENGE, ChipProtocol.NOT_REQUIRED, soon())
    assert isinstance(caught.value, LinkLost | DeviceNotReady | ReadFailed)


def _jpeg(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, "JPEG")
    return file.getvalue()


async def test_both_sides_of_a_sheet_come_as_images_of_known_resolution(
    vendor: Vendor, scanner: XfsDocumentScanner
) -> None:
    told = await scanner.ability()
    assert (told.sides, told.colours) == (tuple(PageSide), (PageColour.GRAY, PageColour.FULL))
    await scanner.load(soon())
    vendor.sheets.put_nowait({"front": _jpeg((827, 1169)), "back": _jpeg((827, 1169))})
    front, back = await scanner.scan(PageOrder(sides=tuple(PageSide)), soon())
    assert (front.side, back.side) == tuple(PageSide)
    assert (front.kind, front.width, front.height, front.dpi) == ("jpg", 827, 1169, 100)
    assert front.data.startswith(b"\xff\xd8\xff")


async def test_no_sheet_no_back_and_no_image_are_told(vendor: Vendor, scanner: XfsDocumentScanner) -> None:
    with pytest.raises(MediaMissing):
        await scanner.scan(PageOrder(), soon(0.3))
    vendor.sheets.put_nowait({"front": _jpeg((80, 110))})
    with pytest.raises(HardwareFault):
        await scanner.scan(PageOrder(sides=tuple(PageSide)), soon())
    vendor.sheets.put_nowait({"front": b"nonsense"})
    with pytest.raises(ProtocolError):
        await scanner.scan(PageOrder(), soon())


async def test_a_driver_at_another_class_of_service_says_so(vendor: Vendor) -> None:
    made = registry.create("xfs4iot-card-reader", {"uri": vendor.uri("Barcode")}, clock=SystemClock())
    with pytest.raises(DeviceNotReady, match="has no CardReader.ChipIO"):
        await made.open()
    await made.close()
