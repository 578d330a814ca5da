"""The code scanner's driver against the simulated one."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.barcode import SerialBarcodeReader
from drivers.devices.registry import create
from drivers.errors import DeviceNotReady, DriverConfigError, LinkLost, MediaMissing
from drivers.ports import Barcode, BarcodeReader, DeviceState
from drivers.simulators.barcode_scanner import BarcodeScannerSimulator
from drivers.simulators.base import Pace
from drivers.supervision import Policy, Stage, Supervisor
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.devices.conftest import until


@pytest.fixture
async def sim(link: Path) -> AsyncIterator[BarcodeScannerSimulator]:
    simulator = BarcodeScannerSimulator(link, Pace(100), trigger_mode=True)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def reader(sim: BarcodeScannerSimulator, link: Path) -> AsyncIterator[BarcodeReader]:
    device: BarcodeReader = create("barcode-serial", {"port": str(link)})  # type: ignore[assignment]
    await device.open()
    yield device
    await device.close()


async def scanned(sim: BarcodeScannerSimulator, reader: BarcodeReader, **code: object) -> Barcode:
    scan = asyncio.create_task(reader.scan(Deadline.after(5)))
    while not sim.state()["light"]:
        await asyncio.sleep(0.005)
    await sim.do("scan", code)
    return await scan


async def test_a_code_is_read_with_the_light_on_only_meanwhile(
    sim: BarcodeScannerSimulator, reader: BarcodeReader
) -> None:
    assert not sim.state()["light"]
    code = await scanned(sim, reader, text="https://ex.test/s/42")
    assert code == Barcode("qrCode", b"https://ex.test/s/42")
    await asyncio.sleep(0.05)
    assert not sim.state()["light"]


async def test_the_wanted_code_of_several_that_come_at_once_is_not_lost(
    sim: BarcodeScannerSimulator, reader: BarcodeReader
) -> None:
    scan = asyncio.create_task(reader.scan(Deadline.after(5), ["qrCode"]))
    while not sim.state()["light"]:
        await asyncio.sleep(0.005)
    sim.put(b"053002600104\r]C012345678\r]Q1https://ex.test/s/42\r]Q1https://ex.test/s/43\r")
    assert await scan == Barcode("qrCode", b"https://ex.test/s/42")
    with pytest.raises(MediaMissing):
        await reader.scan(Deadline.after(0.3), ["qrCode"])


async def test_a_code_of_no_wanted_kind_is_waited_past_with_the_light_on(
    sim: BarcodeScannerSimulator, reader: BarcodeReader
) -> None:
    scan = asyncio.create_task(reader.scan(Deadline.after(5), ["pdf417"]))
    while not sim.state()["light"]:
        await asyncio.sleep(0.005)
    await sim.do("scan", {"text": "https://ex.test/s/42"})
    await asyncio.sleep(0.1)
    assert sim.state()["light"] and not scan.done()
    await sim.do("scan", {"text": "AB", "symbology": "pdf417", "aim": True})
    assert await scan == Barcode("pdf417", b"AB")


async def test_both_encodings_arrive_as_utf8(sim: BarcodeScannerSimulator, reader: BarcodeReader) -> None:
    text = "税票〇䶮𬭚，4095.84"
    for encoding in ("utf-8", "gb18030"):
        code = await scanned(sim, reader, text=text, encoding=encoding)
        assert code.data.decode("utf-8") == text


async def test_a_symbology_identifier_is_believed(
    sim: BarcodeScannerSimulator, reader: BarcodeReader
) -> None:
    code = await scanned(sim, reader, text="042", symbology="code128", aim=True)
    assert code == Barcode("code128", b"042")


async def test_binary_content_stays_as_it_is(sim: BarcodeScannerSimulator, reader: BarcodeReader) -> None:
    data = b"\x00\x01\xfe\xff;rm -rf /\x1b[2J"
    code = await scanned(sim, reader, bytes_b64=base64.b64encode(data).decode())
    assert code.data == data


async def test_an_endless_code_is_dropped_and_the_next_one_read(
    sim: BarcodeScannerSimulator, reader: BarcodeReader
) -> None:
    scan = asyncio.create_task(reader.scan(Deadline.after(5)))
    while not sim.state()["light"]:
        await asyncio.sleep(0.005)
    await sim.do("scan", {"text": "x" * 20_000})
    await sim.do("scan", {"text": "good"})
    assert (await scan).data == b"good"


async def test_a_code_nobody_waited_for_is_thrown_away(
    sim: BarcodeScannerSimulator, reader: BarcodeReader
) -> None:
    sim.port.send(b"of the person before\rand a ha")
    await asyncio.sleep(0.05)
    assert (await scanned(sim, reader, text="mine")).data == b"mine"


async def test_the_rest_of_a_code_that_was_on_its_way_is_no_code(
    sim: BarcodeScannerSimulator, link: Path
) -> None:
    reader = SerialBarcodeReader(Channel(SerialLink(str(link))), SystemClock(), quiet_s=0.5)
    await reader.open()
    try:
        sim.port.send(b"https://ex.test/of-the-person-")
        while reader._heard_at < 0:
            await asyncio.sleep(0.002)
        scan = asyncio.create_task(reader.scan(Deadline.after(10)))
        await asyncio.sleep(0)
        sim.port.send(b"before\r")
        while not sim.state()["light"]:
            await asyncio.sleep(0.005)
        await sim.do("scan", {"text": "mine"})
        assert (await scan).data == b"mine"
    finally:
        await reader.close()


async def test_a_line_that_is_never_quiet_does_not_hold_up_a_scan(
    sim: BarcodeScannerSimulator, link: Path
) -> None:
    reader = SerialBarcodeReader(Channel(SerialLink(str(link))), SystemClock(), quiet_s=60)
    await reader.open()
    try:
        sim.port.send(b"noise")
        while reader._heard_at < 0:
            await asyncio.sleep(0.002)
        with pytest.raises(MediaMissing):
            await reader.scan(Deadline.after(0.2))
    finally:
        await reader.close()


async def test_no_code_is_media_missing_and_the_light_goes_off(
    sim: BarcodeScannerSimulator, reader: BarcodeReader
) -> None:
    with pytest.raises(MediaMissing):
        await reader.scan(Deadline.after(0.1))
    await asyncio.sleep(0.05)
    assert not sim.state()["light"]


async def test_cancelling_switches_the_light_off(sim: BarcodeScannerSimulator, reader: BarcodeReader) -> None:
    scan = asyncio.create_task(reader.scan(Deadline.after(5)))
    while not sim.state()["light"]:
        await asyncio.sleep(0.005)
    scan.cancel()
    with pytest.raises(asyncio.CancelledError):
        await scan
    await asyncio.sleep(0.05)
    assert not sim.state()["light"]


async def test_a_pulled_cable_ends_the_wait_and_comes_back(
    sim: BarcodeScannerSimulator, reader: BarcodeReader
) -> None:
    scan = asyncio.create_task(reader.scan(Deadline.after(5)))
    await asyncio.sleep(0.05)
    await sim.do("unplug")
    with pytest.raises(DeviceNotReady):
        await scan
    await until(reader, lambda s: s.device is DeviceState.NO_DEVICE)
    await sim.do("replug")
    await until(reader, lambda s: s.device is DeviceState.ONLINE)
    await reader.reset(Deadline.after(1))
    assert (await scanned(sim, reader, text="again")).data == b"again"


class Line:
    """A line that is silent for ever; ``there`` says whether its port is."""

    name = "/dev/scanner"

    def __init__(self) -> None:
        self.there = True
        self.checks = 0
        self._closed = threading.Event()

    def open(self) -> None:
        if not self.there:
            raise LinkLost("nothing there")
        self._closed.clear()

    def close(self) -> None:
        self._closed.set()

    def read(self) -> bytes:
        self._closed.wait()
        return b""

    def write(self, data: bytes) -> None:
        pass

    def check(self) -> None:
        self.checks += 1
        if not self.there:
            raise LinkLost("nothing there")


@pytest.fixture
async def silent() -> AsyncIterator[tuple[Line, Supervisor[SerialBarcodeReader]]]:
    line = Line()
    device = SerialBarcodeReader(Channel(line), SystemClock(), check=line.check, confirm_s=0.02)
    supervisor = Supervisor("scanner", device, Policy(first_s=0.01, settle_s=0.05, max_age_s=0.5))
    supervisor.start()
    yield line, supervisor
    await supervisor.close()


async def test_a_scanner_that_says_nothing_is_neither_doubted_nor_lost_while_its_port_is_there(
    silent: tuple[Line, Supervisor[SerialBarcodeReader]],
) -> None:
    line, supervisor = silent
    seen: set[tuple[DeviceState, Stage, bool]] = set()
    supervisor.on_change(
        lambda: seen.add((supervisor.known.device, supervisor.watch.stage, supervisor.watch.stale))
    )
    await asyncio.sleep(1.5)  # thrice the age at which an unconfirmed status is no longer believed
    assert seen <= {
        (DeviceState.STARTING, Stage.ONLINE, False),
        (DeviceState.ONLINE, Stage.ONLINE, False),
    }
    assert (supervisor.watch.drops, supervisor.known.believed) == (0, True)
    assert line.checks > 0


async def test_a_port_that_is_gone_is_noticed_though_nobody_reads_an_error_from_it(
    silent: tuple[Line, Supervisor[SerialBarcodeReader]],
) -> None:
    line, supervisor = silent
    await until(supervisor.device, lambda s: s.device is DeviceState.ONLINE)
    line.there = False
    async with asyncio.timeout(8):
        while supervisor.known.device is not DeviceState.NO_DEVICE:
            await asyncio.sleep(0.01)
    line.there = True
    await until(supervisor.device, lambda s: s.device is DeviceState.ONLINE)


async def test_the_port_itself_answers_for_the_simulated_scanner(
    sim: BarcodeScannerSimulator, link: Path
) -> None:
    line = SerialLink(str(link))
    with pytest.raises(LinkLost):
        line.check()
    line.open()
    line.check()
    await sim.do("unplug")
    with pytest.raises(LinkLost):
        line.check()
    line.close()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"port": ""},
        {"port": "x", "baud": 1},
        {"port": "x", "suffix": "space"},
        {"port": "x", "light_on": "zz"},
        {"port": "x", "encoding": "big5"},
        {"port": "x", "bauds": 9600},
    ],
)
def test_wrong_options_are_told_at_start(options: dict[str, str | int]) -> None:
    with pytest.raises(DriverConfigError):
        create("barcode-serial", options)
