"""Faults of a connection at the devices that are no serial ones: cameras, scanner, A4 printer; over their transports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.clock import SystemClock
from drivers.simulators.base import Pace, Simulator
from drivers.simulators.camera import CameraSimulator
from drivers.simulators.document_camera import DocumentCameraSimulator
from drivers.simulators.document_printer import DocumentPrinterSimulator
from drivers.simulators.document_scanner import PORT, DocumentScannerSimulator
from drivers.simulators.hands import CABLE
from drivers.simulators.link_faults import LinkFault, LinkFaults, spoilt
from drivers.simulators.printed import PrintedStore
from tests.drivers.simulators.test_camera import Viewer

ALL = ("drop", "delay", "split", "duplicate", "flip", "cut")


async def out(fault: LinkFault | None, data: bytes, most: int | None = 64) -> bytes:
    return b"".join([piece async for piece in spoilt(fault, data, most)])


@pytest.mark.parametrize("size", [1, 2, 24, 64, 65, 127, 20_000])
async def test_each_fault_does_what_it_says(size: int) -> None:
    data = bytes(n % 251 for n in range(size))
    fault = {name: LinkFault(fault=name, seconds=0) for name in ALL}  # type: ignore[arg-type]
    assert await out(fault["split"], data[:200], None) == data[:200]
    assert len([piece async for piece in spoilt(fault["split"], data, 64)]) == min(
        size, -(-size // -(-size // 64))
    )
    assert await out(None, data) == await out(fault["split"], data) == await out(fault["delay"], data) == data
    assert await out(fault["drop"], data) == b""
    assert await out(fault["duplicate"], data) == data + data
    cut = await out(fault["cut"], data)
    assert len(cut) < size and data.startswith(cut)
    flipped = await out(fault["flip"], data)
    assert sum((a ^ b).bit_count() for a, b in zip(data, flipped, strict=True)) == 1


def test_faults_strike_in_turn_and_each_answer_another_way() -> None:
    faults = LinkFaults()
    faults.add(LinkFault(fault="flip", count=2))
    faults.add(LinkFault(fault="cut"))
    taken = [faults.take() for _ in range(4)]
    assert [one and (one.fault, one.seed) for one in taken] == [("flip", 0), ("flip", 1), ("cut", 0), None]
    faults.add(LinkFault(fault="drop", count=9))
    assert faults.told() == ["drop x9"]
    faults.clear()
    assert faults.told() == []


@pytest.mark.parametrize(
    "simulator",
    [CameraSimulator, DocumentCameraSimulator, DocumentPrinterSimulator, DocumentScannerSimulator],
)
def test_they_have_every_hand_that_the_serial_ones_have(simulator: type[Simulator]) -> None:
    assert {*CABLE, "link"} <= simulator.actions().keys()


@pytest.fixture
async def camera() -> AsyncIterator[CameraSimulator]:
    simulator = CameraSimulator(Pace(20))
    await simulator.start()
    yield simulator
    await simulator.stop()


async def test_frames_of_a_camera_are_spoilt_and_then_whole(camera: CameraSimulator) -> None:
    viewer = await Viewer.open(camera.port)
    whole = await viewer.frame(20)
    for fault in ("delay", "split", "drop", "duplicate"):
        await camera.do("link", {"fault": fault, "seconds": 0.01})
        for _ in range(3):
            assert (await viewer.frame(20))[:2] == whole[:2]
        assert camera.state()["linkFaults"] == []
    await camera.do("link", {"fault": "cut", "seed": 1})
    with pytest.raises(asyncio.IncompleteReadError):
        for _ in range(50):
            await viewer.frame(20)
    viewer.writer.close()
    again = await Viewer.open(camera.port)
    assert (await again.frame(20))[:2] == whole[:2]
    again.writer.close()


async def test_faults_of_a_camera_are_taken_back(camera: CameraSimulator) -> None:
    await camera.do("link", {"fault": "drop", "count": 1000})
    await camera.do("clear")
    assert camera.state()["linkFaults"] == []


async def test_a_scanners_answers_are_dropped_cut_and_whole_again() -> None:
    scanner = DocumentScannerSimulator(Pace(1000))
    await scanner.start()
    try:
        ask = b"\0\0\0\0" + (1 << 24 | 3).to_bytes(4, "big") + b"\0\0\0\0"
        for fault, length in (("drop", 0), ("duplicate", 16), ("split", 8), ("flip", 8)):
            await scanner.do("link", {"fault": fault, "seconds": 0.01})
            reader, writer = await asyncio.open_connection(scanner.host, PORT)
            writer.write(ask + ask)  # two of them: the second one is answered well
            assert len(await reader.readexactly(length + 8)) == length + 8
            writer.close()
        await scanner.do("link", {"fault": "cut"})
        reader, writer = await asyncio.open_connection(scanner.host, PORT)
        writer.write(ask)
        assert len(await reader.read()) < 8
        writer.close()
    finally:
        await scanner.stop()


async def test_a_printers_answers_are_spoilt_and_then_whole(tmp_path: Path) -> None:
    clock = SystemClock()
    printer = DocumentPrinterSimulator(PrintedStore(tmp_path, clock), Pace(100), clock)
    await printer.start()
    port = int(printer.uri.split(":")[2].split("/")[0])

    async def ask(limit: float) -> bytes:
        """The body of an answer; IPP 2.0, Get-Printer-Attributes, without attributes."""
        body = bytes.fromhex("0200 000b 00000001 01 03")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST /ipp/print HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
        writer.write(head.encode() + b"Content-Type: application/ipp\r\n\r\n" + body)
        try:
            async with asyncio.timeout(limit):
                return (await reader.read()).partition(b"\r\n\r\n")[2]
        finally:
            writer.close()

    try:
        whole = await ask(20)
        assert whole[:2] == b"\x02\x00"
        for fault in ALL:
            await printer.do("link", {"fault": fault, "seconds": 0.05})
            if fault == "drop":
                with pytest.raises(TimeoutError):
                    await ask(0.5)
                continue
            found = await ask(20)
            assert (found == whole) is (fault in ("delay", "split")), fault
            assert len(found) == len(whole) * 2 if fault == "duplicate" else len(found) <= len(whole)
        assert await ask(20) == whole
    finally:
        await printer.stop()
