"""Devices behind another vendor's XFS4IoT services (``tests/drivers/xfs/vendor.py``), with a tap in their connection."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from drivers.devices.escpos_profile import DEFAULT_MODEL, load_profile
from drivers.devices.options import Value
from drivers.devices.xfs4iot import Timings, XfsDevice
from drivers.devices.xfs4iot_printers import XfsDocumentPrinter, XfsReceiptPrinter
from drivers.devices.xfs4iot_readers import XfsBarcodeReader, XfsCamera
from drivers.ports import (
    Barcode,
    BarcodeReader,
    Camera,
    DeviceState,
    DocumentPrinter,
    PrintOutcome,
    PrintResult,
)
from drivers.ports import ReceiptPrinter as ReceiptPrinterPort
from tests.drivers.contract.cameras import camera_commands
from tests.drivers.contract.faults import SOUND
from tests.drivers.contract.machines import PDF, SLIP, agrees, printed
from tests.drivers.contract.subject import CLOCK, Command, Subject, none
from tests.drivers.contract.tap import TcpTap
from tests.drivers.xfs.vendor import Vendor

_FAST = Timings(answer=2.0, ask=60, picture=0.6)
"""A new connection is two to five questions and answers, on a machine that may be loaded."""
_CODE = "https://ex.test/s/42"


class _Vendors(Subject):
    """The four services in the test's own process; each subject uses one of them."""

    limit = 0.8
    steps = 2
    piece = 64
    service: ClassVar[str]
    # TCP has a check sum. A frame that comes twice is one WebSocket message twice: the second is nobody's.
    exempt = frozenset({"flipped"})

    async def start(self) -> None:
        self.vendor = Vendor()
        await self.vendor.start()
        self.tap: TcpTap = TcpTap(self.vendor.port)
        await self.tap.start()
        self.device = self.made()

    async def stop(self) -> None:
        await self.tap.stop()
        await self.vendor.stop()

    @property
    def uri(self) -> str:
        return self.vendor.uri(self.service, self.tap.port)

    def options(self) -> Mapping[str, Value]:
        return {"uri": self.uri}

    @abstractmethod
    def made(self) -> XfsDevice:
        """The driver with waits for a test."""

    async def resync(self) -> None:
        if not self.tap.is_cut:
            self.tap.cut()
            self.tap.arm(SOUND)
            await self.lost()
            await self.tap.mend()

    async def lost(self) -> None:
        """Wait until the driver knows that its line has ended."""
        async with asyncio.timeout(3):
            while self.device.snapshot.device is DeviceState.ONLINE:
                await asyncio.sleep(0.002)

    async def still(self) -> None:
        """What was sent is executed to its end, whoever has gone meanwhile."""
        service = self.vendor.services[self.service]
        async with asyncio.timeout(3):
            while service.pending:
                await asyncio.sleep(0.005)


class VendorReceipts(_Vendors):
    name = "xfs4iot-receipt-printer"
    service = "Receipt"
    port = ReceiptPrinterPort
    driver = XfsReceiptPrinter

    def made(self) -> XfsDevice:
        return XfsReceiptPrinter(CLOCK, self.uri, "", load_profile(DEFAULT_MODEL), timings=_FAST)

    def commands(self, device: XfsReceiptPrinter) -> Mapping[str, Command]:
        return {
            "print_receipt": Command(lambda d: device.print_receipt(SLIP, d), printed, sheets=1),
            "print_raw": Command(lambda d: device.print_raw(b"\x1b@raw\n", d), printed, sheets=1),
            "reset": Command(device.reset, none),
        }

    def moved(self, command: str) -> int:
        return len(self.vendor.receipts)

    def honest(self, said: object, moved: int) -> None:
        agrees(said, moved)


class VendorDocuments(_Vendors):
    name = "xfs4iot-document-printer"
    service = "Document"
    port = DocumentPrinter
    driver = XfsDocumentPrinter

    def made(self) -> XfsDevice:
        return XfsDocumentPrinter(CLOCK, self.uri, "", timings=_FAST)

    def commands(self, device: XfsDocumentPrinter) -> Mapping[str, Command]:
        def uncertain(found: Any) -> bool:
            return isinstance(found, PrintResult) and found.outcome is PrintOutcome.UNCERTAIN

        return {
            "print_pdf": Command(lambda d: device.print_pdf("certificate-1", PDF, 1, d), printed, sheets=1),
            "find_job": Command(lambda d: device.find_job("certificate-0", 0.5, d), uncertain),
            "reset": Command(device.reset, none),
        }

    def moved(self, command: str) -> int:
        return len(self.vendor.documents)

    def honest(self, said: object, moved: int) -> None:
        if not (isinstance(said, PrintResult) and said.evidence == {"jobKnown": None}):
            agrees(said, moved)


class VendorBarcodes(_Vendors):
    name = "xfs4iot-barcode-reader"
    service = "Barcode"
    port = BarcodeReader
    driver = XfsBarcodeReader
    limit = 0.5

    def made(self) -> XfsDevice:
        return XfsBarcodeReader("barcodeReader", CLOCK, self.uri, timings=_FAST)

    def commands(self, device: XfsBarcodeReader) -> Mapping[str, Command]:
        async def dark() -> None:
            while not self.vendor.codes.empty():
                self.vendor.codes.get_nowait()

        async def show() -> None:
            while not self.vendor.services["Barcode"].pending:
                await asyncio.sleep(0.002)
            self.vendor.codes.put_nowait(_CODE.encode())

        code = Barcode("qrCode", _CODE.encode())
        return {
            "scan": Command(device.scan, lambda found: bool(found == code), dark, show),
            "reset": Command(device.reset, none),
        }


class VendorCamera(_Vendors):
    name = "xfs4iot-camera"
    service = "Camera"
    port = Camera
    driver = XfsCamera
    piece = 1024
    combs = 2
    singles = 48

    def made(self) -> XfsDevice:
        return XfsCamera("faceCamera", CLOCK, self.uri, timings=_FAST)

    def commands(self, device: XfsCamera) -> Mapping[str, Command]:
        return camera_commands(device)
