"""Document scanner behind another vendor's XFS4IoT Printer service of type scanner: ReadImage.

The standard's ReadImage knows neither resolution nor feeder: it waits for the sheet, and gives its image as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

import cv2
import numpy as np

from config.clock import Clock, Deadline
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.scanner_image import page_of
from drivers.devices.xfs4iot import TRAITS, XfsDevice, address, decoded, part_of
from drivers.errors import DeadlinePassed, HardwareFault, MediaMissing, ProtocolError
from drivers.ports_documents import PageColour, PageImage, PageOrder, PageSide, ScannerAbility

_IMAGES: Final = {PageSide.FRONT: "frontImage", PageSide.BACK: "backImage"}
_SOURCES: Final = {PageSide.FRONT: "imageFront", PageSide.BACK: "imageBack"}
_ASKED: Final = {PageColour.BINARY: "binary", PageColour.GRAY: "grayscale", PageColour.FULL: "fullcolor"}
_OFFERED: Final = {PageColour.BINARY: "binary", PageColour.GRAY: "grayscale", PageColour.FULL: "full"}
_INCH_MM: Final = 25.4


class XfsDocumentScanner(XfsDevice):
    """Implements ``DocumentScanner``."""

    interface = "Printer"
    part = "printer"
    needs = frozenset({"Printer.ReadImage"})

    def __init__(self, clock: Clock, uri: str, token: str = "", **more: Any) -> None:
        super().__init__("documentScanner", clock, uri, token, **more)
        self._offers = ScannerAbility()

    async def ability(self) -> ScannerAbility:
        """What the service lists; it has no resolutions, and no sensor that tells of a sheet beforehand."""
        self._require()
        return self._offers

    async def load(self, deadline: Deadline) -> None:
        """Return at once: ``scan`` waits for the sheet."""
        self._ready(deadline)

    async def scan(self, order: PageOrder, deadline: Deadline) -> Sequence[PageImage]:
        """Scan one sheet, each side that is asked for; raise ``MediaMissing`` when none came in time."""
        kind = "png" if order.colour is PageColour.BINARY else "jpg"
        image = {"imageType": kind, "colorFormat": _ASKED[order.colour]}
        try:
            told = await self._ask("Printer.ReadImage", {_IMAGES[s]: image for s in order.sides}, deadline)
        except DeadlinePassed:
            raise MediaMissing("no sheet was laid into the scanner in time") from None
        images = told.get("images")
        found = images if isinstance(images, Mapping) else {}
        return [
            await asyncio.to_thread(self._page, found.get(side.value), side, order) for side in order.sides
        ]

    def _page(self, told: object, side: PageSide, order: PageOrder) -> PageImage:
        if not isinstance(told, Mapping) or told.get("status") == "missing":
            raise HardwareFault("scannerInop", f"the service gave no {side} of the sheet; lay it in again")
        data = np.frombuffer(decoded(told.get("data")), np.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
        if picture is None:
            raise ProtocolError("the service's image cannot be read; set its scanner to JPEG and PNG")
        edge = min(picture.shape[:2]) * _INCH_MM / order.size.millimetres[0]
        return page_of(np.asarray(picture, np.uint8), side, order, self.clock.now().date(), round(edge))[0]

    def _known(self, capabilities: Mapping[str, Any]) -> None:
        offered = part_of(capabilities, self.part)
        sources, colours = offered.get("imageSource"), offered.get("frontImageColorFormat")
        self._offers = ScannerAbility(
            sides=tuple(s for s, name in _SOURCES.items() if _yes(sources, name)),
            colours=tuple(c for c, name in _OFFERED.items() if _yes(colours, name)),
        )

    def _details(self, part: Mapping[str, Any]) -> Mapping[str, object]:
        return {"documentScanner": {"media": part.get("media") or "unknown", "cover": "unknown"}}

    def _away(self) -> Mapping[str, object]:
        return {"documentScanner": dict.fromkeys(("media", "cover"), "unknown")}


def _yes(offered: object, name: str) -> bool:
    return isinstance(offered, Mapping) and offered.get(name) is True


@driver("xfs4iot-document-scanner", TRAITS)
def _scanners(options: Options, clock: Clock) -> XfsDocumentScanner:
    return XfsDocumentScanner(clock, *address(options), tap=options.tap)
