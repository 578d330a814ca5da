"""One page of somebody's paper: seen by the overhead camera or drawn in by the scanner, straightened, judged."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from drivers.client import DeviceHub
from drivers.client.documents import DocumentCameraClient, DocumentScannerClient, SeenPage
from drivers.client.errors import DeviceClientError, DeviceCommandFailed, DeviceTimeout
from drivers.ports_documents import PageColour, PageOrder
from kiosk.legible import flaw

log = logging.getLogger("kiosk.readers")
CAMERA = "documentCamera"
SEE_WITHIN_S = 20.0
DRAW_WITHIN_S = 40.0
"""A sheet takes two seconds; the rest is for laying it in."""
MOST_BYTES = 165_000
"""Of a picture: in base64, sealed, it still fits into one record (``sync.records.MAX_ENVELOPE``)."""
ORDER = PageOrder(colour=PageColour.GRAY, dpi=150, most_bytes=MOST_BYTES)
"""150 dpi is what a fax at its finest has (ITU-T T.4: 200 × 196 for text of 2 mm); print of 2 mm can be read."""
COARSER = 110
"""For a page so full of fine print that it does not fit at 150 dpi."""


class PageReader:
    """Reads one page when asked; what it read is kept nowhere."""

    def __init__(self, hub: DeviceHub, on_preview: Callable[[bytes], None]) -> None:
        """``on_preview`` gets JPEG frames while the camera looks, and b"" at the end."""
        self._camera, self._scanner = DocumentCameraClient(hub), DocumentScannerClient(hub)
        self._on_preview = on_preview

    async def read(self, device: str) -> tuple[str, Mapping[str, Any]]:
        """Fault id (a device's code, or why the page cannot be read) and the page."""
        try:
            page = await self._fitting(self._seen if device == CAMERA else self._drawn)
        except DeviceTimeout:
            return "noDocument", {}
        except DeviceCommandFailed as error:
            code = error.error_code or error.completion_code
            return "noDocument" if code == "noMedia" else code, {}
        except DeviceClientError as error:
            log.warning("page reader: %s", error)
            return "device", {}
        return flaw(page.legible), {
            "jpeg": base64.b64encode(page.data).decode(),
            "sha256": hashlib.sha256(page.data).hexdigest(),
            "bytes": len(page.data),
        }

    async def _fitting(self, once: Callable[[PageOrder], Any]) -> SeenPage:
        """The page as finely as it fits."""
        try:
            page: SeenPage = await once(ORDER)
        except DeviceCommandFailed as error:
            if error.completion_code != "unsupportedData":
                raise
            page = await once(replace(ORDER, dpi=COARSER))
        return page

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
