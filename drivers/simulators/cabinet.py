"""The whole simulated cabinet: every device on its real transport under one directory, ready for a terminal."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

from config.clock import Clock, SystemClock
from config.loopback import free_port
from drivers.simulators.barcode_hid import HidScannerSimulator
from drivers.simulators.barcode_scanner import BarcodeScannerSimulator
from drivers.simulators.base import Pace, Simulator, log
from drivers.simulators.camera import CameraSimulator
from drivers.simulators.card_reader import CardReaderSimulator
from drivers.simulators.control import Control
from drivers.simulators.devices_toml import devices_toml
from drivers.simulators.document_camera import DocumentCameraSimulator
from drivers.simulators.document_printer import DocumentPrinterSimulator
from drivers.simulators.document_scanner import (
    DocumentScannerSimulator,
    host_of,
    number_of,
    write_sane_directory,
)
from drivers.simulators.errors import ActionRefusedError, BackendUnavailableError
from drivers.simulators.files import write_whole
from drivers.simulators.http_host import HttpHost
from drivers.simulators.invoice_dispenser import InvoiceDispenserSimulator
from drivers.simulators.io_board import IoBoardSimulator
from drivers.simulators.matrix_printer import MatrixPrinterSimulator
from drivers.simulators.mrz_reader import MrzReaderSimulator
from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from drivers.simulators.pcscd import SLOTS, PrivatePcscd
from drivers.simulators.personas import Cast
from drivers.simulators.phone import PhoneSimulator
from drivers.simulators.pin_pad import PinPadSimulator
from drivers.simulators.printed import PrintedStore
from drivers.simulators.real_printer import RealPrinterSimulator
from drivers.simulators.receipt_printer import BAUD, ReceiptPrinterSimulator
from drivers.simulators.signature_pad import SignaturePadSimulator
from drivers.simulators.smart_card import SmartCardSimulator
from drivers.simulators.stamp_unit import StampUnitSimulator
from drivers.simulators.ups import UpsSimulator
from drivers.simulators.visitor import VisitorSimulator


@dataclass(frozen=True, slots=True)
class CabinetOptions:
    """How a cabinet is built.

    ``speed`` makes the mechanics faster than real; ``ipp`` chooses our own IPP server or the real
    ``ippeveprinter``; ``pace_serial`` takes receipt bytes at 115200 baud, as a real line does; ``receipt``
    says which of the receipt printer's two sides ``devices.toml`` names, ``scanner`` what the code scanner is:
    a serial one, one that types, or one with HID point-of-sale reports.
    """

    directory: Path
    control_port: int = 0
    personas: Path | None = None
    speed: float = 1.0
    ipp: Literal["own", "real"] = "own"
    receipt: Literal["serial", "tcp", "usb"] = "serial"
    scanner: Literal["serial", "keyboard", "pos"] = "serial"
    pace_serial: bool = False
    units: int = 2
    clock: Clock = field(default_factory=SystemClock)


class Cabinet:
    """Use as ``async with Cabinet(options) as cabinet``; one cabinet a directory.

    Ports and token of an earlier run in the same directory are used again where they are free, so that a
    terminal finds the cabinet after a restart; paper and counters are where they were.
    """

    def __init__(self, options: CabinetOptions) -> None:
        self.options = options
        self.directory = options.directory.resolve()
        self.directory.mkdir(parents=True, exist_ok=True)
        before = self._before()
        self.token = str(before.get("token") or secrets.token_urlsafe(24))
        pace, clock = Pace(options.speed), options.clock
        self.store = PrintedStore(self.directory / "printed", clock)
        self.cast = Cast(options.personas, lambda: clock.now().date())
        ports = before.get("ports", {})
        self.devices: dict[str, Simulator] = self._build(pace, ports)
        self.devices["person"] = VisitorSimulator(pace, self.cast, self.devices)
        self.devices["phone"] = PhoneSimulator(pace)
        self.control = Control(self.devices, self.cast, self.store, self.token)
        self._host = HttpHost(self.control.app, options.control_port or _free(ports.get("control")))
        self._lock: IO[str] | None = None

    def _build(self, pace: Pace, ports: Mapping[str, int]) -> dict[str, Simulator]:
        place, options = self.directory, self.options
        self.card_reader = CardReaderSimulator(place / "tty-idReader", pace, looks_of=self.cast.looks)
        self.camera = CameraSimulator(pace, port=_free(ports.get("camera")), looks_of=self.cast.looks)
        self.barcode = self._scanner(pace)
        self.receipt_printer = ReceiptPrinterSimulator(
            place / "tty-receipt",
            self.store,
            pace,
            tcp_port=_free(ports.get("receipt")),
            baud=BAUD if options.pace_serial else None,
        )
        self.document_printer = self._document_printer(pace, _free(ports.get("ipp")), options.ipp)
        self.dispenser = InvoiceDispenserSimulator(
            place / "tty-dispenser", self.store, pace, place / "dispenser.json", units=options.units
        )
        self.signature_pad = SignaturePadSimulator(place / "tty-signature", pace)
        self.pin_pad = PinPadSimulator(place / "tty-pinpad", pace)
        self.invoice_printer = MatrixPrinterSimulator(
            place / "tty-invoice", self.store, pace, tcp_port=_free(ports.get("invoice"))
        )
        slots = tuple(_free(ports.get(f"card{slot}")) for slot in range(SLOTS))
        self.smart_card = SmartCardSimulator(pace, PrivatePcscd(place / "pcscd", slots))
        self.board = IoBoardSimulator(place / "tty-board", pace)
        self.ups = UpsSimulator(pace, port=_free(ports.get("ups")))
        self.stamp = StampUnitSimulator(place / "tty-stamp", pace, place / "stamp.json")
        self.document_scanner = DocumentScannerSimulator(pace, host_of(ports.get("documentScanner")))
        self.document_camera = DocumentCameraSimulator(pace, port=_free(ports.get("documentCamera")))
        self.mrz_reader = MrzReaderSimulator(place / "tty-mrz", pace, passport_of=self.cast.passport)
        self.pos = PaymentTerminalSimulator(place / "tty-pos", pace, place, options.clock)
        built: tuple[Simulator, ...] = (
            *(self.card_reader, self.camera, self.barcode, self.receipt_printer, self.document_printer),
            *(
                self.dispenser,
                self.invoice_printer,
                self.smart_card,
                self.signature_pad,
                self.pin_pad,
                self.pos,
            ),
            *(self.board, self.ups, self.stamp),
            *(self.document_scanner, self.document_camera, self.mrz_reader),
        )
        return {device.name: device for device in built}

    def _scanner(self, pace: Pace) -> BarcodeScannerSimulator:
        link = self.directory / "tty-barcode"
        if self.options.scanner == "serial":
            return BarcodeScannerSimulator(link, pace)
        return HidScannerSimulator(link, pace, self.options.scanner)

    def _document_printer(
        self, pace: Pace, port: int, kind: Literal["own", "real"]
    ) -> DocumentPrinterSimulator | RealPrinterSimulator:
        if kind == "real":
            return RealPrinterSimulator(self.directory / "ippeve", self.store, pace, port=port)
        return DocumentPrinterSimulator(self.store, pace, self.options.clock, port=port)

    @property
    def control_url(self) -> str:
        """Where the control interface and the page are."""
        return f"http://127.0.0.1:{self._host.port}"

    @property
    def page_url(self) -> str:
        """The page with its token behind the hash, which browsers do not send anywhere."""
        return f"{self.control_url}/#token={self.token}"

    async def start(self) -> None:
        """Bring every device up and write ``cabinet.json`` and ``devices.toml``."""
        self._lock = _locked(self.directory / ".lock")
        try:
            for name in list(self.devices):
                await self._start(name)
            await self._host.start()
        except BaseException:
            await self.stop()
            raise
        self._write()
        log.info("cabinet in %s, control at %s", self.directory, self.control_url)

    async def _start(self, name: str) -> None:
        try:
            await self.devices[name].start()
        except BackendUnavailableError as why:
            if name == self.smart_card.name:
                log.warning("there is no chip card reader in this cabinet: %s", why)
                del self.devices[name]
                return
            if name != "documentPrinter" or not isinstance(self.document_printer, RealPrinterSimulator):
                raise
            log.warning(
                "ippeveprinter is not possible here (%s); the cabinet's own IPP server takes its place", why
            )
            self.document_printer = self._document_printer(Pace(self.options.speed), 0, "own")
            self.devices[name] = self.document_printer
            await self.document_printer.start()

    async def stop(self) -> None:
        """Take everything down; paper stays where it is."""
        await self._host.stop()
        for device in reversed(list(self.devices.values())):
            await device.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def state(self) -> dict[str, object]:
        """What ``GET /state`` answers."""
        return self.control.state()

    async def do(self, device: str, action: str, **parameters: object) -> dict[str, object]:
        """What ``POST /do`` does."""
        return await self.control.do(device, action, parameters)

    def _before(self) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = json.loads((self.directory / "cabinet.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return kept

    def _write(self) -> None:
        write_sane_directory(self.directory / "sane", self.document_scanner)
        devices = devices_toml(self)
        write_whole(self.directory / "devices.toml", devices.encode("utf-8"))
        content = {
            "version": 1,
            "pid": os.getpid(),
            "control": self.control_url,
            "token": self.token,
            "page": self.page_url,
            "links": {
                "idReader": str(self.card_reader.port.link),
                "receiptPrinter": str(self.receipt_printer.port.link),
                "dispenser": str(self.dispenser.port.link),
                "barcode": str(self.barcode.port.link),
                "board": str(self.board.port.link),
                "stamp": str(self.stamp.port.link),
                "signaturePad": str(self.signature_pad.port.link),
                "pinPad": str(self.pin_pad.port.link),
                "pos": str(self.pos.port.link),
                "invoicePrinter": str(self.invoice_printer.port.link),
                "mrzReader": str(self.mrz_reader.port.link),
            },
            "receiptTcp": f"127.0.0.1:{self.receipt_printer.tcp.port}",
            "invoiceTcp": f"127.0.0.1:{self.invoice_printer.tcp.port}",
            "ipp": self.document_printer.uri,
            "ippBackend": str(self.document_printer.state()["backend"]),
            "camera": self.camera.url,
            "ups": f"127.0.0.1:{self.ups.port}",
            "documentCamera": self.document_camera.url,
            "documentScanner": self.document_scanner.sane_name,
            "pcscd": str(self.smart_card.daemon.socket) if self.smart_card.name in self.devices else None,
            "printed": str(self.store.directory),
            "devicesToml": str(self.directory / "devices.toml"),
            "ports": {
                "control": self._host.port,
                "camera": self.camera.port,
                "ups": self.ups.port,
                "documentCamera": self.document_camera.port,
                "documentScanner": number_of(self.document_scanner.host),
                "receipt": self.receipt_printer.tcp.port,
                "invoice": self.invoice_printer.tcp.port,
                "ipp": int(self.document_printer.uri.rsplit(":", 1)[1].partition("/")[0]),
                **{f"card{slot}": port for slot, port in enumerate(self.smart_card.daemon.ports)},
            },
        }
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        write_whole(self.directory / "cabinet.json", text.encode("utf-8"), private=True)


def _free(port: int | None) -> int:
    """``port`` of an earlier run when nobody uses it now, else another that stays free while the cabinet is away."""
    if port:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass
    return free_port()


def _locked(path: Path) -> IO[str]:
    """The lock that keeps a second cabinet out of the directory; it goes with the process."""
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise ActionRefusedError(
            f"a cabinet runs in {path.parent} already; stop it or choose another --dir"
        ) from None
    return lock
