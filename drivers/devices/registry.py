"""Drivers by name: configuration says ``driver = "sam-v"`` and only then is that driver's code loaded."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from config.clock import Clock, SystemClock
from drivers.devices.options import Options, Value
from drivers.devices.traits import Traits
from drivers.errors import UnknownDriver
from drivers.ports import Device, FaceMatcher, PhotoDecoder
from drivers.transports.link import Tap

Factory = Callable[[Options, Clock], Device]
_F = TypeVar("_F", bound=Callable[..., object])

_MODULES: Final = {
    "sam-v": "drivers.devices.sam_v",
    "escpos-serial": "drivers.devices.escpos",
    "escpos-tcp": "drivers.devices.escpos",
    "escpos-usb": "drivers.devices.escpos",
    "ipp": "drivers.devices.ipp_printer",
    "invoice-dispenser-serial": "drivers.devices.dispenser",
    "barcode-serial": "drivers.devices.barcode",
    "barcode-hid-keyboard": "drivers.devices.barcode_hid",
    "barcode-hid-pos": "drivers.devices.barcode_hid",
    "camera-opencv": "drivers.devices.camera",
    "xfs4iot-receipt-printer": "drivers.devices.xfs4iot_printers",
    "xfs4iot-document-printer": "drivers.devices.xfs4iot_printers",
    "xfs4iot-barcode-reader": "drivers.devices.xfs4iot_readers",
    "xfs4iot-camera": "drivers.devices.xfs4iot_readers",
    "xfs4iot-card-reader": "drivers.devices.xfs4iot_cards",
    "xfs4iot-document-scanner": "drivers.devices.xfs4iot_scanner",
    "xfs4iot-auxiliaries": "drivers.devices.xfs4iot_auxiliaries",
    "xfs4iot-ups": "drivers.devices.xfs4iot_ups",
    "xfs4iot-pin-pad": "drivers.devices.xfs4iot_pin_pad",
    "escp-serial": "drivers.devices.escp",
    "escp-tcp": "drivers.devices.escp",
    "smart-card-pcsc": "drivers.devices.smart_card",
    "board-modbus": "drivers.devices.board",
    "ups-nut": "drivers.devices.ups_nut",
    "stamp-serial": "drivers.devices.stamp",
    "watchdog-linux": "drivers.devices.linux_watchdog",
    "signature-pad-serial": "drivers.devices.signature_pad",
    "pin-pad-serial": "drivers.devices.pin_pad",
    "payment-terminal-ecr": "drivers.devices.pos",
    "scanner-sane": "drivers.devices.scanner",
    "document-camera-opencv": "drivers.devices.document_camera",
    "mrz-serial": "drivers.devices.mrz_reader",
}
"""Where our own drivers live, so that naming one does not load OpenCV for all of them."""

_NATIVE: Final = frozenset(
    {"camera-opencv", "smart-card-pcsc", "scanner-sane", "document-camera-opencv", "xfs4iot-document-scanner"}
)
"""Those of them that call native code, which may crash or hang the process it runs in."""

_MATCHERS: Final = {"reference": "drivers.devices.face_reference"}
_DECODERS: Final = {"demo": "drivers.devices.photo_demo"}

_factories: dict[str, Factory] = {}
_traits: dict[str, Traits] = {}
_matchers: dict[str, Callable[[], FaceMatcher]] = {}
_decoders: dict[str, Callable[[], PhotoDecoder]] = {}


def driver(name: str, traits: Traits | None = None) -> Callable[[Factory], Factory]:
    """Register a factory under ``name``; a bureau's own driver does the same in a module of its own."""
    if traits is not None:
        _traits[name] = traits
    return _keeper(_factories, name)


def traits(name: str) -> Traits:
    """What the driver ``name`` tells the bench about itself; raise ``UnknownDriver``."""
    _found("driver", name, _factories, _MODULES)
    return _traits.get(name, Traits())


def is_ours_and_safe(name: str) -> bool:
    """Whether ``name`` is a driver of ours in Python alone; one of a vendor is never taken for that."""
    return name in _MODULES and name not in _NATIVE


def matcher(name: str) -> Callable[[Callable[[], FaceMatcher]], Callable[[], FaceMatcher]]:
    """Register a maker of face matchers under ``name``."""
    return _keeper(_matchers, name)


def decoder(name: str) -> Callable[[Callable[[], PhotoDecoder]], Callable[[], PhotoDecoder]]:
    """Register a maker of chip photo decoders under ``name``."""
    return _keeper(_decoders, name)


def _keeper(kept: dict[str, _F], name: str) -> Callable[[_F], _F]:
    def register(factory: _F) -> _F:
        kept[name] = factory
        return factory

    return register


def names() -> tuple[str, ...]:
    """All drivers that can be named."""
    return tuple(sorted({*_MODULES, *_factories}))


def refuse_unknown(name: str) -> None:
    """Raise ``UnknownDriver`` for a name nobody has registered; no driver is loaded for that."""
    if name not in names():
        raise UnknownDriver(f"there is no driver '{name}'; choose one of {', '.join(names())}")


def create(
    name: str, options: Mapping[str, Value], *, clock: Clock | None = None, tap: Tap | None = None
) -> Device:
    """Build the driver ``name``; nothing is opened yet. ``tap`` goes into its line.

    Raise ``UnknownDriver`` for a name nobody registered and ``DriverConfigError`` for an option that is
    missing, impossible or unknown.
    """
    factory = _found("driver", name, _factories, _MODULES)
    taken = Options(name, options, tap)
    device = factory(taken, clock or SystemClock())
    taken.finish()
    return device


def create_matcher(name: str) -> FaceMatcher:
    """The face matcher ``name``; raise ``UnknownDriver``."""
    return _found("face matcher", name, _matchers, _MATCHERS)()


def create_decoder(name: str) -> PhotoDecoder:
    """The chip photo decoder ``name``; raise ``UnknownDriver``."""
    return _found("photo decoder", name, _decoders, _DECODERS)()


def _found(kind: str, name: str, kept: Mapping[str, _F], modules: Mapping[str, str]) -> _F:
    if name not in kept and name in modules:
        importlib.import_module(modules[name])
    if name not in kept:
        known = ", ".join(sorted({*kept, *modules}))
        raise UnknownDriver(f"there is no {kind} '{name}'; choose one of {known}")
    return kept[name]
