"""Writes the ``devices.toml`` that connects the device program to a simulated cabinet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drivers.simulators.cabinet import Cabinet

Options = dict[str, str | int | bool]


def devices_toml(cabinet: Cabinet) -> str:
    """Settings of ``kiosk devices`` for this cabinet, in the development profile."""
    state = cabinet.directory / "devices"
    lines = [
        "# Written by `kiosk sim serve`; read by `kiosk devices`. Written anew at each start.",
        'profile = "development"',
        f"state_dir = {json.dumps(str(state), ensure_ascii=False)}",
        "",
    ]
    for name, role, driver, isolation, options in _services(cabinet):
        lines += ["[[services]]", f'name = "{name}"', f'role = "{role}"', f'driver = "{driver}"']
        lines += [f'isolation = "{isolation}"', "[services.options]"]
        # JSON strings, integers and booleans are TOML values as well.
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in options.items()]
        lines.append("")
    return "\n".join(lines)


def _scanner(cabinet: Cabinet) -> tuple[str, str, Options]:
    port = str(cabinet.directory / "tty-barcode")
    if cabinet.options.scanner == "serial":
        return "barcode-serial", "parent", {"port": port, "baud": 9600}
    return f"barcode-hid-{cabinet.options.scanner}", "parent", {"port": port, "simulated_port": True}


def _services(cabinet: Cabinet) -> list[tuple[str, str, str, str, Options]]:
    place = cabinet.directory
    receipt: tuple[str, Options] = ("escpos-serial", {"port": str(place / "tty-receipt"), "baud": 115200})
    if cabinet.options.receipt == "tcp":
        receipt = ("escpos-tcp", {"host": "127.0.0.1", "port": cabinet.receipt_printer.tcp.port})
    if cabinet.options.receipt == "usb":
        receipt = ("escpos-usb", {"port": str(place / "tty-receipt"), "simulated_port": True})
    reader: Options = {"port": str(place / "tty-idReader"), "baud": 115200}
    units: Options = {"port": str(place / "tty-dispenser"), "baud": 38400, "units": cabinet.options.units}
    found: list[tuple[str, str, str, str, Options]] = [
        ("IdCardReader", "idReader", "sam-v", "parent", reader),
        ("ReceiptPrinter", "receiptPrinter", receipt[0], "parent", receipt[1]),
        ("DocumentPrinter", "documentPrinter", "ipp", "parent", {"uri": cabinet.document_printer.uri}),
        ("InvoiceDispenser", "invoiceDispenser", "invoice-dispenser-serial", "parent", units),
        ("BarcodeReader", "barcodeReader", *_scanner(cabinet)),
        (
            "InvoicePrinter",
            "invoicePrinter",
            "escp-serial",
            "parent",
            {"port": str(place / "tty-invoice"), "baud": 115200},
        ),
        ("FaceCamera", "faceCamera", "camera-opencv", "process", {"uri": cabinet.camera.url}),
    ]
    pad: Options = {"port": str(cabinet.signature_pad.port.link), "baud": 115200}
    found.append(("SignaturePad", "signaturePad", "signature-pad-serial", "parent", pad))
    keys: Options = {"port": str(cabinet.pin_pad.port.link), "baud": 38400}
    found.append(("PinPad", "pinPad", "pin-pad-serial", "parent", keys))
    pos: Options = {"port": str(place / "tty-pos"), "baud": 115200}
    found.append(("PaymentTerminal", "paymentTerminal", "payment-terminal-ecr", "parent", pos))
    scanner: Options = {"device": cabinet.document_scanner.sane_name, "config_dir": str(place / "sane")}
    found += [
        ("DocumentScanner", "documentScanner", "scanner-sane", "process", scanner),
        (
            "DocumentCamera",
            "documentCamera",
            "document-camera-opencv",
            "process",
            {"uri": cabinet.document_camera.url},
        ),
        ("MrzReader", "mrzReader", "mrz-serial", "parent", {"port": str(place / "tty-mrz"), "baud": 9600}),
    ]
    if cabinet.smart_card.name in cabinet.devices:
        card: Options = {
            "socket": str(cabinet.smart_card.daemon.socket),
            "reader": "Virtual PCD * 00",
            "profile": "iso-ecc",
        }
        found.append(("SmartCardReader", "smartCardReader", "smart-card-pcsc", "process", card))
    board: Options = {"port": str(place / "tty-board"), "baud": 9600, "profile": "hall-16"}
    ups: Options = {"host": "127.0.0.1", "port": cabinet.ups.port, "ups": "cabinet"}
    found += [
        ("Auxiliaries", "auxiliaries", "board-modbus", "parent", board),
        ("Ups", "ups", "ups-nut", "parent", ups),
        (
            "StampUnit",
            "stampUnit",
            "stamp-serial",
            "parent",
            {"port": str(place / "tty-stamp"), "baud": 19200},
        ),
    ]
    return found
