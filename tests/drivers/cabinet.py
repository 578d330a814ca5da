"""A device program in the test's own process: real server and services over the fakes, at a free port."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from config.clock import SystemClock
from drivers.services.barcode_reader import BarcodeReaderService
from drivers.services.base import Identity
from drivers.services.document_printer import DocumentPrinterService
from drivers.services.face_camera import FaceCameraService
from drivers.services.id_card_reader import IdCardReaderService
from drivers.services.invoice_dispenser import InvoiceDispenserService
from drivers.services.receipt_printer import ReceiptPrinterService
from drivers.store import Store
from drivers.supervision import Policy, Stage, Supervisor
from drivers.xfs.auth import Tokens
from drivers.xfs.server import XfsServer
from tests.drivers.fakes import (
    FakeBarcodeReader,
    FakeDispenser,
    FakeIdReader,
    FakePrinter,
    FakeStation,
    Machine,
)

POLICY = Policy(first_s=0.02, last_s=0.1, settle_s=0.05, stable_s=1.0, max_age_s=60.0)
CUSTOMER, OPERATOR, MONITOR, OTHER = "c" * 20, "o" * 20, "m" * 20, "x" * 20
PATH = "Path-Token_" + "p" * 32
TOKENS = {
    CUSTOMER: {"client": "kiosk-run", "roles": ["application"]},
    OPERATOR: {"client": "staff", "roles": ["operator"]},
    MONITOR: {"client": "watcher", "roles": ["monitor"]},
    OTHER: {"client": "somebody-else", "roles": ["application"]},
    PATH: {"client": "off-the-shelf", "roles": ["application"], "in_path": True},
}


@dataclass
class Cabinet:
    """What a test holds of a running program."""

    server: XfsServer
    store: Store
    services: dict = field(default_factory=dict)
    devices: dict = field(default_factory=dict)

    def uri(self, name=""):
        return f"{self.server.publisher_uri}/{name}" if name else self.server.publisher_uri

    async def online(self, name):
        supervisor = self.services[name].supervisor
        async with asyncio.timeout(5):
            while supervisor.watch.stage is not Stage.ONLINE or self.services[name].queue.busy:
                await asyncio.sleep(0.005)


def identity(name, role):
    return Identity(name, role, "fake")


def fakes(machine=None):
    return {
        "IdCardReader": FakeIdReader(),
        "ReceiptPrinter": FakePrinter(),
        "DocumentPrinter": FakePrinter(),
        "InvoiceDispenser": FakeDispenser(machine or Machine()),
        "BarcodeReader": FakeBarcodeReader(),
        "FaceCamera": FakeStation(),
    }


def service(name, device, store, policy=POLICY, **options):
    supervisor = Supervisor(name, device, policy)
    match name:
        case "IdCardReader":
            return IdCardReaderService(identity(name, "idReader"), supervisor)
        case "ReceiptPrinter":
            return ReceiptPrinterService(identity(name, "receiptPrinter"), supervisor, store)
        case "DocumentPrinter":
            return DocumentPrinterService(identity(name, "documentPrinter"), supervisor, store)
        case "InvoiceDispenser":
            who = identity(name, "invoiceDispenser")
            return InvoiceDispenserService(who, supervisor, store, **options)
        case "BarcodeReader":
            return BarcodeReaderService(identity(name, "barcodeReader"), supervisor)
        case "FaceCamera":
            return FaceCameraService(identity(name, "faceCamera"), supervisor)
    raise AssertionError(name)


def write_tokens(folder):
    path = folder / "tokens.json"
    path.write_text(json.dumps(TOKENS))
    return path


@asynccontextmanager
async def cabinet(folder, *names, machine=None, devices=None, policy=POLICY, port=0, **options):
    """A running program with the named services (all, when none is named)."""
    store = Store(folder / "devices.db", SystemClock())
    await store.open()
    all_devices = devices or fakes(machine)
    chosen = {name: all_devices[name] for name in names or all_devices}
    services = {}
    for name, device in chosen.items():
        extra = options if name == "InvoiceDispenser" else {}
        services[name] = service(name, device, store, policy, **extra)
    server = XfsServer("127.0.0.1", port, services, Tokens(write_tokens(folder)))
    await server.start()
    running = Cabinet(server, store, services, chosen)
    try:
        for name, device in chosen.items():
            if device.plugged:
                await running.online(name)
        yield running
    finally:
        await server.close()
        await store.close()
