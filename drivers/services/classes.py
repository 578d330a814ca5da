"""The XFS4IoT class of each role's service: the first interface that it lists, known without asking it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from drivers.xfs.messages import (
    auxiliaries,
    barcode,
    camera,
    card_reader,
    documents,
    keyboard,
    payment_terminal,
    printer,
    signature_pad,
    stamp_unit,
    storage,
    watchdog,
)

CLASSES: Final[Mapping[str, str]] = {
    "idReader": card_reader.INTERFACE.name,
    "receiptPrinter": printer.INTERFACE.name,
    "documentPrinter": printer.INTERFACE.name,
    "invoiceDispenser": storage.INTERFACE.name,
    "barcodeReader": barcode.INTERFACE.name,
    "faceCamera": camera.INTERFACE.name,
    "invoicePrinter": printer.INTERFACE.name,
    "smartCardReader": card_reader.INTERFACE.name,
    "auxiliaries": auxiliaries.INTERFACE.name,
    "ups": auxiliaries.INTERFACE.name,
    "stampUnit": stamp_unit.INTERFACE.name,
    "watchdog": watchdog.INTERFACE.name,
    "signaturePad": signature_pad.INTERFACE.name,
    "pinPad": keyboard.INTERFACE.name,
    "paymentTerminal": payment_terminal.INTERFACE.name,
    "documentScanner": documents.SCANNER.name,
    "documentCamera": documents.CAMERA.name,
    "mrzReader": documents.MRZ_READER.name,
}
"""By role."""
