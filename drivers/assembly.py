"""From a service's settings to its driver: the same in the parent and in a child process."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final, cast

from config.clock import SystemClock
from drivers.cabinet_ports import CabinetBoard, StampUnit, Ups, Watchdog
from drivers.devices import registry
from drivers.errors import DriverConfigError, WrongRole
from drivers.invoice_port import InvoicePrinter
from drivers.payment import PaymentTerminal
from drivers.ports import (
    BarcodeReader,
    Camera,
    Device,
    DocumentPrinter,
    IdCardReader,
    InvoiceDispenser,
    ReceiptPrinter,
    SmartCardReader,
)
from drivers.ports_documents import DocumentCamera, DocumentScanner, MrzReader
from drivers.ports_input import PinPad, SignaturePad
from drivers.recording.tap import RecordingTap
from drivers.services.face_station import FaceStation, LocalFaceStation
from drivers.transports.link import Tap

_PORTS: Final[Mapping[str, type[Any]]] = {
    "idReader": IdCardReader,
    "receiptPrinter": ReceiptPrinter,
    "documentPrinter": DocumentPrinter,
    "invoiceDispenser": InvoiceDispenser,
    "barcodeReader": BarcodeReader,
    "faceCamera": FaceStation,
    "smartCardReader": SmartCardReader,
    "auxiliaries": CabinetBoard,
    "ups": Ups,
    "stampUnit": StampUnit,
    "watchdog": Watchdog,
    "signaturePad": SignaturePad,
    "pinPad": PinPad,
    "paymentTerminal": PaymentTerminal,
    "invoicePrinter": InvoicePrinter,
    "documentScanner": DocumentScanner,
    "documentCamera": DocumentCamera,
    "mrzReader": MrzReader,
}
MODULES: Final = "KIOSK_DRIVER_MODULES"
MATCHER: Final = "reference"
DECODER: Final = "demo"


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """What a device is built from; ``clock_offset_s`` moves business time as in every program."""

    name: str
    role: str
    driver: str
    options: Mapping[str, str | int | float | bool]
    production: bool = False
    clock_offset_s: float = 0.0

    def dump(self) -> dict[str, Any]:
        """For the pipe to a child process."""
        return asdict(self)

    @classmethod
    def load(cls, values: Mapping[str, Any]) -> DeviceSpec:
        """The spec again."""
        return cls(**values)


def load_modules(env: Mapping[str, str] | None = None) -> None:
    """Import the modules named in ``KIOSK_DRIVER_MODULES``, separated by commas.

    They register drivers, face matchers and photo decoders that are not ours, such as a bureau's certified
    ones. Raise ``DriverConfigError`` for one that cannot be imported.
    """
    named = (os.environ if env is None else env).get(MODULES, "")
    for module in filter(None, (word.strip() for word in named.split(","))):
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise DriverConfigError(f"{MODULES}: {module} cannot be imported: {error}; install it") from None


def port_of(role: str) -> type[Any]:
    """The port that devices of a role implement; raise ``DriverConfigError`` for a role there is not."""
    if role not in _PORTS:
        raise DriverConfigError(f"there is no role '{role}'; use one of {', '.join(_PORTS)}")
    return _PORTS[role]


def refuse_unknown(driver: str) -> None:
    """Raise ``UnknownDriver``, unless a module of others may have it, which is imported where the driver runs alone."""
    if not os.environ.get(MODULES):
        registry.refuse_unknown(driver)


def isolation_of(driver: str, wanted: str) -> str:
    """Where a driver runs: as ``wanted``; with "auto" apart, unless it is ours and in Python alone."""
    if wanted != "auto":
        return wanted
    return "parent" if registry.is_ours_and_safe(driver) else "process"


def tap_of(spec: DeviceSpec) -> RecordingTap:
    """What writes down the line of this device, idle until it is told to; raise ``UnknownDriver``."""
    load_modules()
    traits = registry.traits(spec.driver)
    return RecordingTap(lambda: traits.wired(spec.options))


def _playing(spec: DeviceSpec, port: type[Any], device: Device) -> Device:
    """The device, when it has all that its role's port asks for; raise ``WrongRole``."""
    asked = {name for part in port.__mro__ if part.__module__ != "typing" for name in vars(part)}
    lacking = sorted(name for name in asked if not name.startswith("_") and not hasattr(device, name))
    if lacking:
        raise WrongRole(
            f"the driver '{spec.driver}' cannot play the role '{spec.role}' (it has no "
            f"{', '.join(lacking)}); name a driver of that role, or the role of that driver"
        )
    return device


def build(spec: DeviceSpec, tap: Tap | None = None) -> Device:
    """The driver, not yet opened; with its matcher for a camera. Raise ``DriverConfigError``."""
    port_of(spec.role)
    load_modules()
    clock = SystemClock(timedelta(seconds=spec.clock_offset_s))
    options = dict(spec.options)
    if spec.production and options.get("simulated_port"):
        raise DriverConfigError(
            "'simulated_port' is for the simulated cabinet; take it out and name the real device"
        )
    if spec.role != "faceCamera":
        return _playing(spec, port_of(spec.role), registry.create(spec.driver, options, clock=clock, tap=tap))
    matcher_name = str(options.pop("matcher", MATCHER))
    decoder_name = str(options.pop("decoder", DECODER))
    made = registry.create(spec.driver, options, clock=clock, tap=tap)
    camera = cast(Camera, _playing(spec, Camera, made))
    matcher = registry.create_matcher(matcher_name)
    decoder = registry.create_decoder(decoder_name) if decoder_name else None
    return LocalFaceStation(camera, matcher, matcher_name, decoder, spec.production)
