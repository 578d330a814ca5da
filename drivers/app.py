"""Composition root of ``kiosk devices``: puts drivers, services and server together and runs them."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from config import notify
from config.clock import SystemClock
from config.settings import DevicesSettings, ServiceSettings
from drivers import last_states
from drivers.assembly import DeviceSpec, isolation_of, port_of, refuse_unknown
from drivers.binding.finding import NAMES, bound
from drivers.binding.meeting import Guest, Meeting, Seat, Socket
from drivers.books.care import CareBook, load_profile
from drivers.devices import registry
from drivers.errors import DriverConfigError
from drivers.hosting import hosted_with_recorder
from drivers.last_states import LastStates
from drivers.services.auxiliaries import AuxiliariesService
from drivers.services.barcode_reader import BarcodeReaderService
from drivers.services.base import DeviceService, Identity
from drivers.services.cabinet import Cabinet
from drivers.services.document_printer import DocumentPrinterService
from drivers.services.documents import DocumentCameraService, DocumentScannerService, MrzReaderService
from drivers.services.face_camera import FaceCameraService
from drivers.services.id_card_reader import IdCardReaderService
from drivers.services.invoice_dispenser import InvoiceDispenserService
from drivers.services.invoice_printer import InvoicePrinterService
from drivers.services.payment_terminal import PaymentTerminalService
from drivers.services.pin_pad import PinPadService
from drivers.services.receipt_printer import ReceiptPrinterService
from drivers.services.signature_pad import SignaturePadService
from drivers.services.smart_card_reader import SmartCardReaderService
from drivers.services.stamp_unit import StampUnitService
from drivers.services.ups import UpsService
from drivers.services.watchdog import WatchdogService
from drivers.store import Store
from drivers.supervision import Stage, Supervisor
from drivers.xfs.auth import Tokens, write_first_tokens
from drivers.xfs.server import XfsServer
from drivers.xfs.words import MessageType

log = logging.getLogger("kiosk.devices")

DATABASE: Final = "devices.db"
UNSOLICITED_AS: Final = "unsolicitedAs"
"""Option of a service: "event" for clients that know no unsolicited messages."""

CARE: Final = "care"
"""Option of a service: a file with the life of its parts and its cleaning plan (``config/care`` has ours)."""
OF_SERVICES: Final = frozenset({UNSOLICITED_AS, CARE, "shutdownAfterS", "biteS"})
"""Options that the service reads; all others are its driver's."""

Make = Callable[[Identity, Supervisor[Any], Store], DeviceService[Any]]
_SERVICES: Final[dict[str, Make]] = {
    "idReader": lambda identity, supervisor, store: IdCardReaderService(identity, supervisor),
    "receiptPrinter": ReceiptPrinterService,
    "documentPrinter": DocumentPrinterService,
    "invoiceDispenser": InvoiceDispenserService,
    "barcodeReader": lambda identity, supervisor, store: BarcodeReaderService(identity, supervisor),
    "faceCamera": lambda identity, supervisor, store: FaceCameraService(identity, supervisor),
    "invoicePrinter": InvoicePrinterService,
    "smartCardReader": lambda identity, supervisor, store: SmartCardReaderService(identity, supervisor),
    "auxiliaries": AuxiliariesService,
    "ups": lambda identity, supervisor, store: UpsService(identity, supervisor, store),
    "stampUnit": StampUnitService,
    "watchdog": lambda identity, supervisor, store: WatchdogService(identity, supervisor),
    "signaturePad": lambda identity, supervisor, store: SignaturePadService(identity, supervisor),
    "pinPad": lambda identity, supervisor, store: PinPadService(identity, supervisor),
    "paymentTerminal": PaymentTerminalService,
    "documentScanner": lambda identity, supervisor, store: DocumentScannerService(identity, supervisor),
    "documentCamera": lambda identity, supervisor, store: DocumentCameraService(identity, supervisor),
    "mrzReader": lambda identity, supervisor, store: MrzReaderService(identity, supervisor),
}


class DeviceProgram:
    """All of it. ``start`` raises ``DriverConfigError``, ``StoreError``, ``TokenFileError`` or ``OSError``."""

    def __init__(self, settings: DevicesSettings) -> None:
        self._settings = settings
        clock = SystemClock(timedelta(seconds=settings.clock.offset_s))
        self.store = Store(settings.state_dir / DATABASE, clock)
        self.services: dict[str, DeviceService[Any]] = {}
        self.server: XfsServer | None = None

    async def start(self) -> None:
        """Open the book, build every device, listen. Devices that are not there yet come by themselves."""
        settings = self._settings
        if not settings.token_file.exists():
            write_first_tokens(settings.token_file)
            log.info("%s was made with a token for each program", settings.token_file)
        tokens = Tokens(settings.token_file)
        await self.store.open()
        try:
            self.services = self._build()
            kinds = {s.name: _unsolicited_as(s) for s in settings.services}
            self.server = XfsServer(settings.host, settings.port, self.services, tokens, kinds)
            for service in self.services.values():
                service.supervisor.on_change(self._tell_systemd)
            await self.server.start()
        except BaseException:
            await self.stop()
            raise
        log.info("%d device services at %s", len(self.services), self.server.publisher_uri)

    async def stop(self) -> None:
        """Bring what moves to its end, then close everything."""
        if self.server is not None:
            await self.server.close()
        await self.store.close()

    def line(self) -> str:
        """How many devices are online, and which are not."""
        absent = [
            service.name
            for service in self.services.values()
            if service.supervisor.watch.stage is not Stage.ONLINE
        ]
        count = f"{len(self.services) - len(absent)} of {len(self.services)} devices connected"
        return f"{count}; not: {', '.join(absent)}" if absent else count

    def _build(self) -> dict[str, DeviceService[Any]]:
        found, wrong = {}, []
        for entry in self._settings.services:
            try:
                found[entry.name] = self._one(entry)
            except DriverConfigError as error:
                wrong.append(f"{entry.name}: {error}")
        if wrong:
            raise DriverConfigError("\n".join(wrong))
        self._seat(found)
        cabinet = Cabinet()
        for service in found.values():
            service.join_cabinet(cabinet)
        return found

    def _seat(self, services: Mapping[str, DeviceService[Any]]) -> None:
        """Let those that are bound to a role's socket know of each other."""
        guests, bound_ones = {}, {}
        for entry in self._settings.services:
            port, baud = entry.options.get("port"), entry.options.get("baud")
            place = str(entry.options.get("uri") if port is None else port)
            if not place.startswith(NAMES):
                continue
            role = place.removeprefix(NAMES)
            bound_ones[role] = entry.name
            if port is not None and isolation_of(entry.driver, entry.isolation) == "parent":
                guests[role] = Guest(role, entry.driver, baud if isinstance(baud, int) else None)
        probes = {g.driver: p for g in guests.values() if (p := registry.traits(g.driver).probe)}
        meeting = Meeting(self._settings.bindings_file, guests, probes)
        for role, name in bound_ones.items():
            acquaintance = Seat(meeting, role) if role in guests else Socket(meeting, role)
            services[name].supervisor.acquaintance = acquaintance

    def _one(self, entry: ServiceSettings) -> DeviceService[Any]:
        refuse_unknown(entry.driver)
        file = self._settings.bindings_file
        options = {
            name: bound(value, file) if isinstance(value, str) else value
            for name, value in entry.options.items()
            if name not in OF_SERVICES
        }
        own = {name: value for name, value in entry.options.items() if name in OF_SERVICES}
        production = self._settings.profile == "production"
        offset = self._settings.clock.offset_s
        spec = DeviceSpec(entry.name, entry.role, entry.driver, options, production, offset)
        isolation = isolation_of(entry.driver, entry.isolation)
        device, recorder = hosted_with_recorder(spec, port_of(entry.role), isolation)
        identity = Identity(entry.name, entry.role, entry.driver, isolation, own)
        service = _SERVICES[entry.role](identity, Supervisor(entry.name, device), self.store)
        service.recorder = recorder
        profile = load_profile(entry.driver, str(entry.options.get(CARE, "")))
        service.care.book = CareBook(self.store, entry.name, profile)
        return service

    def _tell_systemd(self) -> None:
        notify.status(self.line())


def _unsolicited_as(entry: ServiceSettings) -> MessageType:
    wanted = entry.options.get(UNSOLICITED_AS, MessageType.UNSOLICITED.value)
    if wanted not in (MessageType.UNSOLICITED, MessageType.EVENT):
        raise DriverConfigError(f"{entry.name}: {UNSOLICITED_AS} is 'unsolicited' or 'event', not {wanted!r}")
    return MessageType(str(wanted))


async def serve(settings: DevicesSettings, stop: asyncio.Event) -> None:
    """Run until ``stop`` is set."""
    program = DeviceProgram(settings)
    await program.start()
    states = LastStates(settings.state_dir / last_states.FILE, program.services)
    beside = [
        asyncio.create_task(_watchdog(), name="watchdog"),
        asyncio.create_task(states.keep(), name="last states"),
    ]
    notify.ready(program.line())
    try:
        await stop.wait()
    finally:
        notify.stopping("bringing devices to rest")
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await program.stop()


async def _watchdog() -> None:
    """As long as this loop turns, systemd hears of it."""
    interval = notify.watchdog_interval_s()
    while interval is not None:
        notify.watchdog()
        await asyncio.sleep(interval)


def run(settings: DevicesSettings) -> None:
    """Run until SIGTERM or SIGINT. Raises what ``DeviceProgram.start`` does."""

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await serve(settings, stop)

    asyncio.run(main())
