"""Recordings of another vendor's XFS4IoT services."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from drivers.client import DeviceHub
from drivers.client.errors import DeviceClientError
from drivers.protocols.xfs_wire import XfsWire
from drivers.recording.lines import CLIENT, Line, Recording, head_of
from drivers.recording.tap import RecordingTap
from tests.drivers.contract.machines import PDF, SLIP
from tests.drivers.recording.recorded import Recorded, soon, tried
from tests.drivers.xfs.vendor import Failed, Vendor

CODE = "https://pay.example/o/20261012-张三?k=73"

Made = AbstractAsyncContextManager[tuple[Recorded, Vendor]]


@asynccontextmanager
async def service(
    driver: str, role: str, name: str, note: str, **options: str
) -> AsyncIterator[tuple[Recorded, Vendor]]:
    vendor = Vendor()
    await vendor.start()
    try:
        async with Recorded(driver, role, {"uri": vendor.uri(name), **options}, note) as recorded:
            yield recorded, vendor
    finally:
        await vendor.stop()


def receipts(note: str) -> Made:
    return service("xfs4iot-receipt-printer", "receiptPrinter", "Receipt", note)


async def slip_printed(place: Path) -> Recording:
    async with receipts("a slip is printed, then a line as it is") as (it, _):
        await it.device.print_receipt(SLIP, soon())
        await it.device.print_raw(b"6222021234567894321\n", soon())
        return it.recording()


async def slip_without_paper(place: Path) -> Recording:
    async with receipts("the roll is empty; then the service tells of a fault of its own") as (it, vendor):
        vendor.paper = "out"
        await vendor.services["Receipt"].change(paper={"upper": "out"})
        await it.device.print_receipt(SLIP, soon())
        vendor.fault = Failed("hardwareError", say="code 4711 of terminal 10023001")
        await it.device.print_receipt(SLIP, soon())
        return it.recording()


def documents(note: str) -> Made:
    return service("xfs4iot-document-printer", "documentPrinter", "Document", note)


async def page_printed(place: Path) -> Recording:
    async with documents("a certificate is printed twice") as (it, _):
        await it.device.print_pdf("certificate-1", PDF, 2, soon())
        return it.recording()


async def page_in_doubt(place: Path) -> Recording:
    async with documents("the service dies while it prints, and comes back") as (it, vendor):
        vendor._page, port = 60.0, vendor.port
        printing = asyncio.create_task(it.device.print_pdf("certificate-2", PDF, 1, soon()))
        async with asyncio.timeout(8):
            while not vendor.services["Document"].pending:
                await asyncio.sleep(0.01)
        await vendor.stop()
        await printing
        vendor._page = 0.02
        await vendor.start(port)
        await it.found()
        await it.device.print_pdf("certificate-2", PDF, 1, soon())
        return it.recording()


def codes(note: str) -> Made:
    return service("xfs4iot-barcode-reader", "barcodeReader", "Barcode", note)


async def code_read(place: Path) -> Recording:
    async with codes("a payment code is held up after a moment") as (it, vendor):
        scan = asyncio.create_task(it.device.scan(soon()))
        await asyncio.sleep(3.5)  # behind the driver's next question for the status
        vendor.codes.put_nowait(CODE.encode())
        await scan
        return it.recording()


async def code_not_shown(place: Path) -> Recording:
    async with codes("nobody holds a code up in time") as (it, _):
        await tried(it.device.scan(soon(1.5)))
        return it.recording()


def pictures(note: str) -> Made:
    return service("xfs4iot-camera", "faceCamera", "Camera", note)


async def pictures_taken(place: Path) -> Recording:
    async with pictures("a picture is taken") as (it, _):
        await it.device.picture(soon())
        return it.recording()


async def picture_refused(place: Path) -> Recording:
    async with pictures("the camera is broken") as (it, vendor):
        camera = vendor.services["Camera"]
        version, completion, _ = camera.commands["Camera.TakePicture"]

        async def broken(_: dict[str, Any]) -> dict[str, Any]:
            raise Failed("hardwareError")

        camera.commands["Camera.TakePicture"] = (version, completion, broken)
        camera.device = "hardwareError"
        await tried(it.device.picture(soon()))
        return it.recording()


@asynccontextmanager
async def heard(vendor: Vendor, lines: list[Line]) -> AsyncIterator[DeviceHub]:
    """A client of the vendor's barcode reader, with a tap in its connection."""
    tap = RecordingTap(XfsWire)
    uri = vendor.uri("Barcode")
    hub = DeviceHub(vendor.uri(), "", {"barcodeReader": uri}, {"barcodeReader": tap})
    tap.start(lines.append)
    await hub.start()
    try:
        async with asyncio.timeout(10):
            while hub.status("barcodeReader").device != "online":
                await asyncio.sleep(0.01)
        yield hub
    finally:
        await hub.close()
        tap.stop()


def told(lines: list[Line], note: str) -> Recording:
    head = head_of(
        CLIENT, "barcodeReader", {"uri": "ws://vendor"}, datetime(2026, 10, 12, 9, tzinfo=UTC), note
    )
    began = lines[0].t
    timed = tuple(replace(line, t=line.t - began) for line in lines)
    return Recording(replace(head, versions={"kiosk": "0.1.0"}), timed)


async def client_answered(place: Path) -> Recording:
    lines: list[Line] = []
    vendor = Vendor()
    await vendor.start()
    try:
        async with heard(vendor, lines) as hub:
            read = asyncio.create_task(hub.request("barcodeReader", "BarcodeReader.Read"))
            await vendor.services["Barcode"].change(scanner="inoperative")
            vendor.codes.put_nowait(CODE.encode())
            await read
            waiting = asyncio.create_task(hub.request("barcodeReader", "BarcodeReader.Read"))
            await asyncio.sleep(0.1)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            with contextlib.suppress(DeviceClientError):
                await hub.request("barcodeReader", "BarcodeReader.Read", {}, 0.1)
            with contextlib.suppress(DeviceClientError):
                await hub.request("barcodeReader", "BarcodeReader.Polish")
    finally:
        await vendor.stop()
    return told(lines, "a code is read, a read is cancelled, one runs out of time, one command is unknown")


async def client_lost(place: Path) -> Recording:
    lines: list[Line] = []
    vendor = Vendor()
    await vendor.start()
    port = vendor.port
    try:
        async with heard(vendor, lines) as hub:
            read = asyncio.create_task(hub.request("barcodeReader", "BarcodeReader.Read"))
            await asyncio.sleep(0.1)
            await vendor.stop()
            await asyncio.gather(read, return_exceptions=True)
            await vendor.start(port)
            async with asyncio.timeout(10):
                while hub.status("barcodeReader").device != "online":
                    await asyncio.sleep(0.01)
    finally:
        await vendor.stop()
    return told(lines, "the service dies while a code is awaited, and comes back")


VENDORS: dict[str, Callable[[Path], Awaitable[Recording]]] = {
    "xfs4iot-receipt-printer-printed": slip_printed,
    "xfs4iot-receipt-printer-no-paper": slip_without_paper,
    "xfs4iot-document-printer-printed": page_printed,
    "xfs4iot-document-printer-in-doubt": page_in_doubt,
    "xfs4iot-barcode-reader-read": code_read,
    "xfs4iot-barcode-reader-nothing": code_not_shown,
    "xfs4iot-camera-taken": pictures_taken,
    "xfs4iot-camera-broken": picture_refused,
    "xfs4iot-answered": client_answered,
    "xfs4iot-lost": client_lost,
}
