"""What a service says of itself, read as a client needs it: the role it can play, and the versions to speak."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from drivers.xfs.messages import (
    auxiliaries,
    barcode,
    camera,
    card_reader,
    common,
    key_management,
    keyboard,
    lights,
    pin_pad,
    printer,
    storage,
)

_ROLES: Final = {
    "residentidreader": "idReader",
    "invoicedispenser": "invoiceDispenser",
    "facecamera": "faceCamera",
    "signingcard": "smartCardReader",
    "signaturepad": "signaturePad",
    "pinpad": "pinPad",
    "barcodereader": "barcodeReader",
    "cabinetboard": "auxiliaries",
    "upsmonitor": "ups",
    "stampunit": "stampUnit",
    "watchdog": "watchdog",
    "paymentterminal": "paymentTerminal",
    "documentscanner": "documentScanner",
    "documentcamera": "documentCamera",
    "mrzreader": "mrzReader",
}
"""By the interface that a role cannot do without."""

_NEEDED: Final = {
    "idReader": "ResidentIdReader",
    "invoiceDispenser": "InvoiceDispenser",
    "faceCamera": "FaceCamera",
    "smartCardReader": "SigningCard",
    "signaturePad": "SignaturePad",
    "pinPad": "PinPad",
    "barcodeReader": "BarcodeReader",
    "auxiliaries": "CabinetBoard",
    "ups": "UpsMonitor",
    "stampUnit": "StampUnit",
    "watchdog": "Watchdog",
    "paymentTerminal": "PaymentTerminal",
    "documentScanner": "DocumentScanner",
    "documentCamera": "DocumentCamera",
    "mrzReader": "MrzReader",
    "receiptPrinter": "PaperJob",
    "documentPrinter": "PaperJob",
    "invoicePrinter": "InvoicePrinter",
}
"""By the role, the interface through which our clients drive it, as it is written."""

_CLASSES: Final = (
    auxiliaries,
    barcode,
    camera,
    card_reader,
    common,
    key_management,
    keyboard,
    lights,
    pin_pad,
    printer,
    storage,
)
_SPOKEN: Final = {"Printer.ReadImage": 3} | {
    command.name: int(command.version.partition(".")[0])
    for standard in _CLASSES
    for command in standard.INTERFACE.commands
}
"""The major version in which we write each command of the standard."""

_VERSION: Final = re.compile(r"[0-9]{1,5}(\.[0-9]{1,5})?", re.ASCII)


def role_of(capabilities: Mapping[str, Any]) -> str:
    """Which of our roles a service can play, by what it has; empty for none."""
    # The standard writes "Printer", the reference framework "printer".
    has = {str(interface.get("name")).lower() for interface in _interfaces(capabilities)}
    if "invoiceprinter" in has:
        return "invoicePrinter"
    if "printer" in has:
        printer = capabilities.get("printer")
        kinds = printer.get("type") if isinstance(printer, Mapping) else None
        return "receiptPrinter" if isinstance(kinds, Mapping) and kinds.get("receipt") else "documentPrinter"
    return next((role for interface, role in _ROLES.items() if interface in has), "")


def lacking_for(role: str, capabilities: Mapping[str, Any]) -> str:
    """The interface that a service named for ``role`` would need and has not; empty when it has it."""
    needed = _NEEDED.get(role, "")
    has = {str(interface.get("name")).lower() for interface in _interfaces(capabilities)}
    return "" if not needed or needed.lower() in has else needed


def spoken_versions(capabilities: Mapping[str, Any]) -> dict[str, str]:
    """The version to send each listed command in: the newest of the major that we write, else the newest.

    A service may list several majors of a command, and the payload of another one may be another.
    """
    return {
        name: max([one for one in listed if _parts(one)[0] == _SPOKEN.get(name)] or listed, key=_parts)
        for name, listed in _listed(capabilities)
    }


def _listed(capabilities: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The versions of each command that the service lists."""
    for interface in _interfaces(capabilities):
        commands = interface.get("commands")
        for name, command in commands.items() if isinstance(commands, Mapping) else ():
            versions = command.get("versions") if isinstance(command, Mapping) else None
            found = versions if isinstance(versions, list) else []
            yield name, [one for one in found if isinstance(one, str) and _VERSION.fullmatch(one)] or ["1.0"]


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _interfaces(capabilities: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The interfaces listed; what is no list of objects has none."""
    listed = capabilities.get("interfaces")
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
