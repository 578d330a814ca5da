"""Drivers by name: configuration says ``driver = "sam-v"`` and only then is that driver's code loaded."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Final

from config.clock import Clock, SystemClock
from drivers.devices.options import Options, Value
from drivers.errors import UnknownDriver
from drivers.ports import Device

Factory = Callable[[Options, Clock], Device]

_MODULES: Final = {
    "sam-v": "drivers.devices.sam_v",
    "escpos-serial": "drivers.devices.escpos",
    "escpos-tcp": "drivers.devices.escpos",
    "ipp": "drivers.devices.ipp_printer",
    "invoice-dispenser-serial": "drivers.devices.dispenser",
    "barcode-serial": "drivers.devices.barcode",
    "camera-opencv": "drivers.devices.camera",
}
"""Where our own drivers live, so that naming one does not load OpenCV for all of them."""

_factories: dict[str, Factory] = {}


def driver(name: str) -> Callable[[Factory], Factory]:
    """Register a factory under ``name``; a bureau's own driver does the same in a module of its own."""

    def register(factory: Factory) -> Factory:
        _factories[name] = factory
        return factory

    return register


def names() -> tuple[str, ...]:
    """All drivers that can be named."""
    return tuple(sorted({*_MODULES, *_factories}))


def create(name: str, options: Mapping[str, Value], *, clock: Clock | None = None) -> Device:
    """Build the driver ``name``; nothing is opened yet.

    Raise ``UnknownDriver`` for a name nobody registered and ``DriverConfigError`` for an option that is
    missing, impossible or unknown.
    """
    if name not in _factories and name in _MODULES:
        importlib.import_module(_MODULES[name])
    if name not in _factories:
        raise UnknownDriver(f"there is no driver '{name}'; choose one of {', '.join(names())}")
    taken = Options(name, options)
    device = _factories[name](taken, clock or SystemClock())
    taken.finish()
    return device
