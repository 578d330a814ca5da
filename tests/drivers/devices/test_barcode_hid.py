"""The USB code scanner's driver against the simulated one, in both of its modes."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from config.clock import Deadline, SystemClock
from drivers.assembly import DeviceSpec, build
from drivers.devices.barcode_hid import HidBarcodeReader
from drivers.devices.registry import create
from drivers.errors import DeviceNotReady, DriverConfigError, MediaMissing
from drivers.ports import Barcode, DeviceState
from drivers.protocols.keyboard_wedge import WedgeCutter
from drivers.simulators.barcode_hid import HidScannerSimulator
from drivers.simulators.base import Pace
from drivers.simulators.hid_events import keystrokes
from drivers.transports.channel import Channel
from drivers.transports.hid import HidLink
from tests.drivers.devices.conftest import until


@pytest.fixture(params=["keyboard", "pos"])
async def sim(request: pytest.FixtureRequest, link: Path) -> AsyncIterator[HidScannerSimulator]:
    simulator = HidScannerSimulator(link, Pace(100), request.param)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def reader(sim: HidScannerSimulator, link: Path) -> AsyncIterator[HidBarcodeReader]:
    name = f"barcode-hid-{sim.state()['mode']}"
    device = create(name, {"port": str(link), "simulated_port": True})
    assert isinstance(device, HidBarcodeReader)
    await device.open()
    yield device
    await device.close()


async def scanned(sim: HidScannerSimulator, reader: HidBarcodeReader, **code: object) -> Barcode:
    scan = asyncio.create_task(reader.scan(Deadline.after(8)))
    await begun(reader)
    await sim.do("scan", code)
    return await scan


async def begun(reader: HidBarcodeReader) -> None:
    async with asyncio.timeout(5):
        while not reader._waiting:
            await asyncio.sleep(0.002)


async def test_the_same_code_as_from_a_serial_scanner(
    sim: HidScannerSimulator, reader: HidBarcodeReader
) -> None:
    code = await scanned(sim, reader, text="https://ex.test/s/42?n=Aa_1")
    assert code == Barcode("qrCode", b"https://ex.test/s/42?n=Aa_1")
    known = reader.snapshot
    assert (known.device, known.source) == (DeviceState.ONLINE, "inferred")
    assert known.details == {"barcodeReader": {"scanner": "on"}}


async def test_both_encodings_arrive_as_utf8(sim: HidScannerSimulator, reader: HidBarcodeReader) -> None:
    text = "税票〇䶮𬭚，4095.84"
    for encoding in ("utf-8", "gb18030"):
        code = await scanned(sim, reader, text=text, encoding=encoding)
        assert code.data.decode("utf-8") == text


async def test_long_and_binary_codes_stay_as_they_are(
    sim: HidScannerSimulator, reader: HidBarcodeReader
) -> None:
    for data in (b"\x00\x01\xfe\xff;rm -rf /\x1b[2J", b"0123456789" * 30):
        code = await scanned(sim, reader, bytes_b64=base64.b64encode(data).decode())
        assert code.data == data


async def test_a_code_nobody_waited_for_is_thrown_away(
    sim: HidScannerSimulator, reader: HidBarcodeReader
) -> None:
    await sim.do("scan", {"text": "of the person before"})
    await silence(reader)
    scan = asyncio.create_task(reader.scan(Deadline.after(0.15)))
    with pytest.raises(MediaMissing):
        await scan
    assert (await scanned(sim, reader, text="mine")).data == b"mine"


async def test_half_a_code_is_forgotten(sim: HidScannerSimulator, link: Path) -> None:
    options: dict[str, Any] = {"port": str(link), "simulated_port": True, "gap_ms": 40}
    device = create(f"barcode-hid-{sim.state()['mode']}", options)
    assert isinstance(device, HidBarcodeReader)
    await device.open()
    try:
        scan = asyncio.create_task(device.scan(Deadline.after(8)))
        await begun(device)
        await sim.do("link", {"fault": "cut", "seed": 3})
        await sim.do("scan", {"text": "torn " * 40})
        await silence(device)
        await sim.do("scan", {"text": "whole"})
        assert (await scan).data == b"whole"
    finally:
        await device.close()


async def test_a_code_in_whose_middle_the_machine_stood_still_is_whole(link: Path) -> None:
    """Half of it taken for a code would be a wrong number."""
    device = HidBarcodeReader(
        Channel(HidLink(str(link), "keyboard", simulated=True)), SystemClock(), WedgeCutter(), gap_s=0.04
    )
    typed = keystrokes(b"4095840017", "bytes", "utf-8")
    got: list[bytes] = []
    device._take = got.extend  # type: ignore[method-assign]
    half = len(typed) // 2
    device._received(typed[:half])
    time.sleep(0.2)
    await asyncio.sleep(0.01)  # the gap's end is overdue before the rest has been read
    device._received(typed[half:])
    assert got == [b"4095840017"]
    device._received(keystrokes(b"lost", "bytes", "utf-8", None))
    await silence(device)
    device._received(keystrokes(b"next", "bytes", "utf-8"))
    assert got[1:] == [b"next"]
    device._hush()


async def silence(device: HidBarcodeReader) -> None:
    """Wait until something came and the gap behind it is over."""
    async with asyncio.timeout(8):
        while device._silence is None:
            await asyncio.sleep(0.002)
        while device._silence is not None:
            await asyncio.sleep(0.002)


async def test_silence_ends_a_code_without_suffix(link: Path) -> None:
    simulator = HidScannerSimulator(link, Pace(100), "keyboard", suffix="none")
    await simulator.start()
    device = HidBarcodeReader(
        Channel(HidLink(str(link), "keyboard", simulated=True)), SystemClock(), WedgeCutter(None), gap_s=0.05
    )
    await device.open()
    try:
        assert (await scanned(simulator, device, text="no suffix")).data == b"no suffix"
    finally:
        await device.close()
        await simulator.stop()


async def test_the_light_is_commanded_by_output_reports_where_there_are_some(link: Path) -> None:
    simulator = HidScannerSimulator(link, Pace(100), "pos")
    heard = bytearray()
    simulator.received = heard.extend  # type: ignore[method-assign]
    await simulator.start()
    options = {"port": str(link), "simulated_port": True, "light_on": "04 40", "light_off": "04 00"}
    device = create("barcode-hid-pos", options)
    assert isinstance(device, HidBarcodeReader)
    await device.open()
    try:
        assert (await scanned(simulator, device, text="lit")).data == b"lit"
        async with asyncio.timeout(5):
            while bytes(heard) != b"\x04\x40\x04\x00":
                await asyncio.sleep(0.005)
    finally:
        await device.close()
        await simulator.stop()


async def test_a_pulled_cable_ends_the_wait_and_comes_back(
    sim: HidScannerSimulator, reader: HidBarcodeReader
) -> None:
    scan = asyncio.create_task(reader.scan(Deadline.after(5)))
    await begun(reader)
    await sim.do("unplug")
    with pytest.raises(DeviceNotReady):
        await scan
    await until(reader, lambda s: s.device is DeviceState.NO_DEVICE)
    await sim.do("replug")
    await until(reader, lambda s: s.device is DeviceState.ONLINE)
    await reader.reset(Deadline.after(5))
    assert (await scanned(sim, reader, text="again")).data == b"again"


async def test_a_port_that_cannot_be_held_is_refused_in_production(
    sim: HidScannerSimulator, link: Path
) -> None:
    name = f"barcode-hid-{sim.state()['mode']}"
    real = create(name, {"port": str(link)})
    with pytest.raises(DeviceNotReady, match="choose another path"):
        await real.open()
    await real.close()
    spec = DeviceSpec("Scanner", "barcodeReader", name, {"port": str(link), "simulated_port": True}, True)
    with pytest.raises(DriverConfigError, match="simulated cabinet"):
        build(spec)


@pytest.mark.parametrize("name", ["barcode-hid-keyboard", "barcode-hid-pos"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"port": "x", "baud": 9600},
        {"port": "x", "gap_ms": 1},
        {"port": "x", "encoding": "big5"},
        {"port": "x", "suffix": "space"},
        {"port": "x", "alt": "big5"},
        {"port": "x", "simulated_port": "yes"},
    ],
)
def test_wrong_options_are_told_at_start(name: str, options: dict[str, Any]) -> None:
    with pytest.raises(DriverConfigError):
        create(name, options)
