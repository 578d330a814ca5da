"""Card reader and scanner behind another vendor's XFS4IoT services; the card itself is the simulators'."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping, Sequence

from cryptography import x509
from PIL import Image

from config.clock import Deadline
from drivers.devices.card_profile import load_profile
from drivers.devices.xfs4iot import XfsDevice
from drivers.devices.xfs4iot_cards import XfsCardReader
from drivers.devices.xfs4iot_scanner import XfsDocumentScanner
from drivers.ports import ChipPower, ChipProtocol, SmartCardReader
from drivers.ports_documents import DocumentScanner, PageImage, PageOrder
from drivers.ports_tax import SealedWord
from drivers.simulators.chip import Chip
from drivers.simulators.chip_keys import ec_key
from drivers.simulators.chip_tax import TaxDevice
from tests.drivers.contract.cards import _CHALLENGE, _MONTH, _SELECT, PIN, _signed
from tests.drivers.contract.subject import CLOCK, Command, none
from tests.drivers.contract.vendors import _FAST, _Vendors
from tests.drivers.tax_devices import UKEY, order, sealed


def _soon() -> Deadline:
    return Deadline.after(5)


def _white() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (210, 297), "white").save(file, "JPEG")
    return file.getvalue()


class VendorCards(_Vendors):
    name = "xfs4iot-card-reader"
    service = "Card"
    port = SmartCardReader
    driver = XfsCardReader
    steps = 1
    piece = 512
    combs = 2
    singles = 48

    def made(self) -> XfsDevice:
        chip = Chip(tax=TaxDevice.model_validate(UKEY))
        self.vendor.answered, self.vendor.card_reset = chip.answer, chip.reset
        self._atr = chip.atr
        return XfsCardReader(CLOCK, self.uri, "", load_profile("iso-ecc"), timings=_FAST)

    def commands(self, device: XfsCardReader) -> Mapping[str, Command]:
        async def out() -> None:
            while not self.vendor.cards.empty():
                self.vendor.cards.get_nowait()
            await self.vendor.take_card()
            await device.removed(_soon())

        async def put() -> None:
            self.vendor.cards.put_nowait(self._atr)

        async def lie() -> None:
            await out()
            await put()
            await device.insert(_soon())

        async def powered() -> None:
            await lie()
            await device.power(ChipPower.COLD, _soon())

        async def shown() -> None:
            await lie()
            await device.verify_pin(PIN, _soon())

        async def take() -> None:
            await asyncio.sleep(0.02)
            await self.vendor.take_card()

        key = ec_key(1).public_key()
        return {
            "insert": Command(device.insert, none, out, put),
            "removed": Command(device.removed, none, lie, take),
            "power": Command(
                lambda d: device.power(ChipPower.COLD, d),
                lambda chip: chip.protocol is ChipProtocol.T1,
                lie,
            ),
            "transmit": Command(
                lambda d: device.transmit(_SELECT, ChipProtocol.T1, d),
                lambda told: told[:1] == b"\x6f" and told[-2:] == b"\x90\x00",
                powered,
            ),
            "verify_pin": Command(lambda d: device.verify_pin(PIN, d), lambda told: told.right, lie),
            "certificate": Command(
                device.certificate,
                lambda der: x509.load_der_x509_certificate(der).public_key() == key,
                lie,
            ),
            "sign": Command(lambda d: device.sign(_CHALLENGE, d), _signed(ec_key(1)), shown),
            "tax_state": Command(device.tax_state, lambda told: told.device == UKEY["number"], lie),
            "tax_report": Command(lambda d: device.tax_report(_MONTH, d), lambda told: bool(told.text), lie),
            "tax_order": Command(
                lambda d: device.tax_order(SealedWord(order(), sealed(order())), d),
                lambda told: told.counter == 7,
                lie,
            ),
            "reset": Command(device.reset, none, powered),
        }


class VendorScans(_Vendors):
    name = "xfs4iot-document-scanner"
    service = "Scan"
    port = DocumentScanner
    driver = XfsDocumentScanner
    piece = 512
    combs = 2
    singles = 48

    def made(self) -> XfsDevice:
        return XfsDocumentScanner(CLOCK, self.uri, timings=_FAST)

    def commands(self, device: XfsDocumentScanner) -> Mapping[str, Command]:
        async def bare() -> None:
            while not self.vendor.sheets.empty():
                self.vendor.sheets.get_nowait()

        async def laid() -> None:
            await bare()
            self.vendor.sheets.put_nowait({"front": _white()})

        def scanned(pages: Sequence[PageImage]) -> bool:
            return [(page.kind, page.width) for page in pages] == [("jpg", 210)]

        return {
            "load": Command(device.load, none, bare),
            "scan": Command(lambda d: device.scan(PageOrder(), d), scanned, laid),
            "reset": Command(device.reset, none),
        }
