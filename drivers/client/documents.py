"""Scanner, overhead camera and MRZ reader in the application's words; thin, typed, without policy."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drivers.client.answers import bytes_of, understood
from drivers.client.connection import OnEvent
from drivers.client.hub import DeviceHub
from drivers.ports import Barcode
from drivers.ports_documents import PageOrder
from drivers.xfs.messages.documents import MrzBody


@dataclass(frozen=True, slots=True)
class SeenPage:
    """One side of a document. ``data`` is a JPEG, or a PNG when ``kind`` says so; nobody stores it as it is.

    ``mrz`` holds the zone's fields as ``MrzReader.Read`` names them; ``quality`` is a camera's alone. ``legible`` is
    empty where another vendor's service does not tell.
    """

    side: str
    kind: str
    data: bytes = field(repr=False)
    width: int
    height: int
    codes: tuple[Barcode, ...] = field(default=(), repr=False)
    mrz: Mapping[str, Any] | None = field(default=None, repr=False)
    quality: Mapping[str, float] = field(default_factory=dict)
    legible: Mapping[str, float] = field(default_factory=dict)


class DocumentScannerClient:
    """Feeding scanner or flatbed."""

    def __init__(self, hub: DeviceHub, role: str = "documentScanner") -> None:
        self._hub, self._role = hub, role

    async def wait_for_sheet(self, timeout_s: float, on_event: OnEvent | None = None) -> None:
        """Wait until a sheet lies in the feeder; a scanner without a sensor answers at once."""
        await self._hub.request(self._role, "DocumentScanner.MediaIn", {}, timeout_s, on_event)

    async def scan(
        self, order: PageOrder, timeout_s: float, on_event: OnEvent | None = None
    ) -> tuple[SeenPage, ...]:
        """Scan one sheet; ``on_event`` hears NoMedia and MediaInserted."""
        told = await self._hub.request(
            self._role, "DocumentScanner.ReadImage", _asked(order), timeout_s, on_event
        )
        with understood(self._role, "DocumentScanner.ReadImage"):
            pages = tuple(_page(image, {}) for image in told["images"])
            if len(pages) != len(order.sides):
                raise ValueError("another number of sides than asked for")
            return pages


class DocumentCameraClient:
    """Camera that looks down on a table."""

    def __init__(self, hub: DeviceHub, role: str = "documentCamera") -> None:
        self._hub, self._role = hub, role

    async def preview(self, on_frame: Callable[[bytes], None]) -> None:
        """Frames as JPEG until cancelled."""

        def hear(name: str, payload: Mapping[str, Any]) -> None:
            if name == "DocumentCamera.FrameEvent":
                on_frame(base64.b64decode(str(payload["jpeg"])))

        await self._hub.request(self._role, "DocumentCamera.StartPreview", {}, None, hear)

    async def read(self, order: PageOrder, timeout_s: float) -> SeenPage:
        """The document on the table, straightened.

        ``DeviceCommandFailed.error_code`` says what to mend: noDocument, cutOff, blurTooHigh, glare, tooFar.
        """
        told = await self._hub.request(self._role, "DocumentCamera.ReadImage", _asked(order), timeout_s)
        with understood(self._role, "DocumentCamera.ReadImage"):
            return _page(told["images"][0], told["quality"])


class MrzClient:
    """Reader for the machine readable zone of passports and permits."""

    def __init__(self, hub: DeviceHub, role: str = "mrzReader") -> None:
        self._hub, self._role = hub, role

    async def read(self, timeout_s: float) -> Mapping[str, Any]:
        """The zone's fields: layout, code, issuer, number, familyName, givenNames, nationality, sex, birth, expiry."""
        told = await self._hub.request(self._role, "MrzReader.Read", {}, timeout_s)
        with understood(self._role, "MrzReader.Read"):
            return MrzBody.model_validate(told).wire()


def _asked(order: PageOrder) -> Mapping[str, Any]:
    return {
        "sides": [side.value for side in order.sides],
        "pageSize": order.size.value,
        "colorFormat": order.colour.value,
        "resolution": order.dpi,
        "mrz": order.mrz,
        "maxBytes": order.most_bytes,
    }


def _page(image: Mapping[str, Any], quality: Mapping[str, float]) -> SeenPage:
    codes = tuple(
        Barcode(str(code["symbology"]), bytes_of(code["barcodeData"])) for code in image.get("codes") or ()
    )
    return SeenPage(
        str(image["side"]),
        str(image["imageType"]),
        bytes_of(image["image"]),
        int(image["width"]),
        int(image["height"]),
        codes,
        image.get("mrz"),
        quality,
        image.get("legibility") or {},
    )
