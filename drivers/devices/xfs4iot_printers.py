"""Receipt and document printer behind another vendor's XFS4IoT Printer service.

The standard knows no job that can be asked for afterwards: the completion is all the proof there is. A print whose
completion did not come, or leaves it open, is uncertain, and our books ask a person.
"""

from __future__ import annotations

import asyncio
import base64
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from config.clock import Clock, Deadline
from drivers.devices.escpos_profile import DEFAULT_MODEL, Profile, load_profile
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.xfs4iot import TRAITS, XfsDevice, address, part_of
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    DeviceNotReady,
    HardwareFault,
    InvalidData,
    LinkLost,
    SequenceError,
    UnsupportedData,
    UnsupportedOperation,
)
from drivers.pdf_pages import page_count
from drivers.ports import PrintOutcome, PrintResult
from drivers.protocols.escpos_raster import bands
from drivers.receipt import parse_receipt
from drivers.receipt_raster import render

_ROWS: Final = 128
_UNSENT: Final = (DeviceNotReady, InvalidData, UnsupportedData, UnsupportedOperation, SequenceError)
"""Completions that come before any paper moves."""
_BLOCKED: Final = frozenset(
    {"paperOut", "tonerOut", "inkOut", "noMediaPresent", "sourceInvalid", "coverOpen"}
)
"""Error codes of a page that did not come out; of the others the sheet may lie anywhere."""
_REMEMBERED: Final = 64
"""Our books ask about the last jobs alone; an older one is as uncertain as an earlier program's."""


class XfsPrinter(XfsDevice):
    """What both printers share: one command moves paper, and how it ended says what is known of it."""

    interface = "Printer"
    part = "printer"

    async def _paper(self, name: str, payload: Mapping[str, Any], deadline: Deadline) -> PrintResult:
        """Send the command that prints; raise what ``_ready`` does while nothing has been sent."""
        self._ready(deadline)
        try:
            await self._ask(name, payload, deadline)
        except DeviceError as error:
            return _outcome(error)
        return PrintResult(PrintOutcome.PRINTED, None, 1, {"proof": "completion"})

    def _away(self) -> Mapping[str, object]:
        return {"printer": {"media": "unknown", "paper": {"upper": "unknown"}}}


class XfsReceiptPrinter(XfsPrinter):
    """Implements ``ReceiptPrinter`` and ``RawPrinter``: receipts go as the raster of an ESC/POS model."""

    needs = frozenset({"Printer.PrintRaw"})

    def __init__(self, clock: Clock, uri: str, token: str, profile: Profile, **more: Any) -> None:
        super().__init__("receiptPrinter", clock, uri, token, **more)
        self._profile = profile

    async def print_receipt(
        self, lines: Sequence[Mapping[str, object]], deadline: Deadline, cut_first: bool = False
    ) -> PrintResult:
        """Print and cut one receipt given as blocks; raise ``InvalidData`` for blocks that cannot be drawn."""
        return await self.print_raw(await asyncio.to_thread(self._drawn, lines, cut_first), deadline)

    async def print_raw(self, data: bytes, deadline: Deadline) -> PrintResult:
        """Send ``data`` as it is; nothing is cut unless it says so."""
        payload = {"inputData": "no", "data": base64.b64encode(data).decode("ascii")}
        return await self._paper("Printer.PrintRaw", payload, deadline)

    def _drawn(self, lines: Sequence[Mapping[str, object]], cut_first: bool) -> bytes:
        picture = render(parse_receipt(lines), self._profile.dots)
        strips = (band.data for band in bands(picture, _ROWS))
        remnant = self._profile.cut if cut_first else b""
        return b"".join((self._profile.start, remnant, *strips, self._profile.cut))


class XfsDocumentPrinter(XfsPrinter):
    """Implements ``DocumentPrinter``: a PDF is the data of PrintNative."""

    needs = frozenset({"Printer.PrintNative"})

    def __init__(self, clock: Clock, uri: str, token: str, **more: Any) -> None:
        super().__init__("documentPrinter", clock, uri, token, **more)
        self._told: OrderedDict[str, PrintResult] = OrderedDict()
        self._ejects = False

    async def print_pdf(self, name: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintResult:
        """Print ``copies`` one after the other; the first that is not certainly printed ends it."""
        payload: dict[str, Any] = {"data": base64.b64encode(pdf).decode("ascii")}
        if self._ejects:  # else a native print leaves its paper inside
            payload["mediaControl"] = {"move": "eject"}
        done = 0
        while done < copies:
            result = await self._paper("Printer.PrintNative", payload, deadline)
            if result.outcome is not PrintOutcome.PRINTED:
                break
            done += 1
        if result.outcome is PrintOutcome.NOT_PRINTED and not await self._nothing_came(result, done, pdf):
            result = replace(result, outcome=PrintOutcome.UNCERTAIN)
        result = replace(result, sheets=done)
        self._remember(name, result)
        return result

    async def _nothing_came(self, result: PrintResult, done: int, pdf: bytes) -> bool:
        """Whether no page lies outside: a fault may have come before any page of the PDF, but the first."""
        if done:
            return False
        sent = result.evidence.get("sent", True)
        return not sent or await asyncio.to_thread(page_count, pdf) == 1

    def _remember(self, name: str, result: PrintResult) -> None:
        self._told[name] = result
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)

    async def find_job(self, name: str, age_s: float, deadline: Deadline) -> PrintResult | None:
        """What this program was told of that job; an earlier program's is uncertain: nobody can be asked."""
        return self._told.get(name) or PrintResult(PrintOutcome.UNCERTAIN, None, 0, {"jobKnown": None})

    def _known(self, capabilities: Mapping[str, Any]) -> None:
        control = part_of(part_of(capabilities, self.part), "control")
        self._ejects = control.get("eject") is True


def _outcome(error: DeviceError) -> PrintResult:
    if isinstance(error, LinkLost | DeadlinePassed):
        code = "deviceOffline" if isinstance(error, LinkLost) else "timeOut"
        return PrintResult(PrintOutcome.UNCERTAIN, code)
    if isinstance(error, _UNSENT):
        return PrintResult(PrintOutcome.NOT_PRINTED, error.code or "deviceOffline", 0, {"sent": False})
    blocked = isinstance(error, HardwareFault) and error.code in _BLOCKED
    return PrintResult(
        PrintOutcome.NOT_PRINTED if blocked else PrintOutcome.UNCERTAIN, error.code or "hardwareError"
    )


@driver("xfs4iot-receipt-printer", TRAITS)
def _receipts(options: Options, clock: Clock) -> XfsReceiptPrinter:
    uri, token = address(options)
    return XfsReceiptPrinter(
        clock, uri, token, load_profile(options.text("profile", DEFAULT_MODEL)), tap=options.tap
    )


@driver("xfs4iot-document-printer", TRAITS)
def _documents(options: Options, clock: Clock) -> XfsDocumentPrinter:
    return XfsDocumentPrinter(clock, *address(options), tap=options.tap)
