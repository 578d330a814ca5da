"""One page of somebody's paper: seen by the overhead camera or drawn in by the scanner, straightened, judged."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from drivers.client import DeviceHub
from drivers.client.documents import DocumentCameraClient, DocumentScannerClient, SeenPage
from drivers.client.errors import DeviceClientError, DeviceCommandFailed, DeviceTimeout
from drivers.ports import Barcode
from drivers.ports_documents import PageColour, PageOrder
from kiosk.domain.errors import FieldError
from kiosk.domain.invoice_qr import parse_invoice_qr
from kiosk.legible import flaw
from kiosk.print_reader import PrintReader

log = logging.getLogger("kiosk.readers")
CAMERA = "documentCamera"
SEE_WITHIN_S = 20.0
DRAW_WITHIN_S = 40.0
"""A sheet takes two seconds; the rest is for laying it in."""
MOST_BYTES = 165_000
"""Of a picture: in base64, sealed, it still fits into one record (``sync.records.MAX_ENVELOPE``)."""
ORDER = PageOrder(colour=PageColour.GRAY, dpi=150, most_bytes=MOST_BYTES)
"""150 dpi is what a fax at its finest has (ITU-T T.4: 200 × 196 for text of 2 mm); print of 2 mm can be read."""
CODES = PageOrder(colour=PageColour.GRAY, dpi=200)
"""The smallest code on our papers has modules of half a millimetre: four dots each. Its picture goes no further, but
where an invoice has no code: print of 3 mm is read at these dots as well as at finer ones, in half the time."""
COARSER = 110
"""For a page so full of fine print that it does not fit at 150 dpi."""


class PageReader:
    """Reads one page when asked; what it read is kept nowhere."""

    def __init__(
        self, hub: DeviceHub, on_preview: Callable[[bytes], None], print_reader: PrintReader | None = None
    ) -> None:
        """``on_preview`` gets JPEG frames while the camera looks, and b"" at the end."""
        self._camera, self._scanner = DocumentCameraClient(hub), DocumentScannerClient(hub)
        self._on_preview = on_preview
        self._print = print_reader or PrintReader()

    async def read(self, device: str) -> tuple[str, Mapping[str, Any]]:
        """Fault id (a device's code, or why the page cannot be read) and the page."""
        fault, page = await self._tried(self._fitting(self._with(device)))
        if page is None:
            return fault, {}
        return flaw(page.legible), {
            "jpeg": base64.b64encode(page.data).decode(),
            "sha256": hashlib.sha256(page.data).hexdigest(),
            "bytes": len(page.data),
        }

    async def codes(self, device: str) -> tuple[str, Mapping[str, Any]]:
        """Fault id and ``codes``, each with its symbology and its bytes as base64; a page without one leaves none."""
        fault, page = await self._tried(self._with(device)(CODES))
        return (fault, {}) if page is None else ("", _codes(page))

    async def invoice(
        self, device: str, today: date, progress: Callable[[Mapping[str, object]], None]
    ) -> tuple[str, Mapping[str, Any]]:
        """As ``codes``; where none of them is an invoice's, what is printed (``PrintReader.read``) comes as ``print``.

        ``progress`` hears when print begins to be read. The picture is kept nowhere.
        """
        fault, page = await self._tried(self._with(device)(CODES))
        if page is None:
            return fault, {}
        if any(_of_invoice(code) for code in page.codes):
            return "", _codes(page)
        progress({"state": "printed"})
        return "", {**_codes(page), "print": await self._print.read(page.data, today)}

    def _with(self, device: str) -> Callable[[PageOrder], Awaitable[SeenPage]]:
        return self._seen if device == CAMERA else self._drawn

    async def _tried(self, reading: Awaitable[SeenPage]) -> tuple[str, SeenPage | None]:
        """The page, or the id of what went wrong."""
        try:
            return "", await reading
        except DeviceTimeout:
            return "noDocument", None
        except DeviceCommandFailed as error:
            code = error.error_code or error.completion_code
            return "noDocument" if code == "noMedia" else code, None
        except DeviceClientError as error:
            log.warning("page reader: %s", error)
            return "device", None

    async def _fitting(self, once: Callable[[PageOrder], Awaitable[SeenPage]]) -> SeenPage:
        """The page as finely as it fits."""
        try:
            return await once(ORDER)
        except DeviceCommandFailed as error:
            if error.completion_code != "unsupportedData":
                raise
            return await once(replace(ORDER, dpi=COARSER))

    async def _drawn(self, order: PageOrder) -> SeenPage:
        (page,) = await self._scanner.scan(order, DRAW_WITHIN_S)
        return page

    async def _seen(self, order: PageOrder) -> SeenPage:
        """The page, with the camera's live picture on the screen meanwhile."""
        looking = True

        def show(jpeg: bytes) -> None:
            if looking:  # a frame that was on its way at the end must not stay on the screen
                self._on_preview(jpeg)

        preview = asyncio.create_task(self._preview(show))
        try:
            return await self._camera.read(order, SEE_WITHIN_S)
        finally:
            looking = False
            preview.cancel()
            self._on_preview(b"")

    async def _preview(self, show: Callable[[bytes], None]) -> None:
        """Without it the page is read all the same."""
        try:
            await self._camera.preview(show)
        except DeviceClientError as error:
            log.info("no preview: %s", error)


def _codes(page: SeenPage) -> Mapping[str, Any]:
    return {
        "codes": [
            {"symbology": code.symbology, "data": base64.b64encode(code.data).decode()} for code in page.codes
        ]
    }


def _of_invoice(code: Barcode) -> bool:
    try:
        return bool(parse_invoice_qr(code.data))
    except FieldError:
        return False
