"""The services of scanner, overhead camera and MRZ reader."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from typing import Any, Final, cast

from config.clock import Deadline
from drivers.errors import UnsupportedData
from drivers.ports_documents import (
    DocumentCamera,
    DocumentScanner,
    MrzReader,
    PageOrder,
    PageSize,
    ScannerAbility,
)
from drivers.services.base import DeviceService, Identity
from drivers.supervision import Supervisor
from drivers.xfs.messages import documents
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request

RESET_S: Final = 30.0
SCAN_S: Final = 120.0
"""For one sheet when the client sets no limit: an old flatbed warms its lamp for half a minute."""
READ_S: Final = 30.0


SOONER_S: Final = 0.5


def answering(limit: Deadline) -> Deadline:
    """A little before the client's own limit: at that one a command ends without a word of what was wrong."""
    left = limit.remaining
    return limit if left is None else limit.within(max(left / 2, left - SOONER_S))


class DocumentScannerService(DeviceService[DocumentScanner]):
    """DocumentScanner. Images go to the client that asked, in one completion, and stay nowhere."""

    def __init__(self, identity: Identity, supervisor: Supervisor[DocumentScanner]) -> None:
        super().__init__(identity, supervisor, (documents.SCANNER,))
        self._ability: ScannerAbility | None = None
        self.offer(documents.MEDIA_IN, self._media_in)
        self.offer(documents.SCAN, self._scan)
        self.offer(documents.SCANNER_RESET, self._reset)

    async def connected(self) -> None:
        """Learn what the scanner can do."""
        with self.supervisor.using() as scanner:
            self._ability = await scanner.ability()
        self.publish()

    async def _media_in(self, request: Request, payload: Nothing) -> documents.MediaInOut:
        """Wait for a sheet."""
        with self.supervisor.using() as scanner:
            await self._loaded(scanner, request)
        sees = self._ability is not None and self._ability.sensor
        return documents.MediaInOut(
            media_feeder=documents.Feeder.NOT_EMPTY if sees else documents.Feeder.UNKNOWN
        )

    async def _scan(self, request: Request, payload: documents.ReadImageIn) -> documents.ScanOut:
        order = payload.order()
        self._possible(order)
        limit = answering(request.deadline.within(SCAN_S))
        with self.supervisor.using() as scanner:
            await self._loaded(scanner, request)
            pages = await scanner.scan(order, limit)
        await self.care.count(sheets=1)
        return documents.ScanOut(images=[documents.ImageBody.of(page) for page in pages])

    def _possible(self, order: PageOrder) -> None:
        """Tell of what this scanner lacks before anybody is asked for a sheet."""
        known = self._ability or ScannerAbility()
        if known.resolutions and order.dpi not in known.resolutions:
            raise UnsupportedData(f"the scanner has no {order.dpi} dpi; it has {known.resolutions}")
        if known.colours and order.colour not in known.colours:
            raise UnsupportedData(f"the scanner has no {order.colour}")

    async def _loaded(self, scanner: DocumentScanner, request: Request) -> None:
        """Ask for a sheet unless one is seen already."""
        there = self.status().get("documentScanner", {}).get("media") == "present"
        if not there:
            request.event(documents.NO_MEDIA)
        with self.guiding():
            await scanner.load(answering(request.deadline.within(SCAN_S)))
        if self._ability is not None and self._ability.sensor:
            request.event(documents.MEDIA_INSERTED)

    async def _reset(self, request: Request, payload: Nothing) -> Nothing:
        with self.supervisor.using() as scanner:
            await scanner.reset(request.deadline.within(RESET_S))
        return Nothing()

    def class_capabilities(self) -> Mapping[str, object]:
        """What its backend says it can."""
        known = self._ability
        if known is None:
            return {}
        return {
            "documentScanner": {
                "sides": {side.value: True for side in known.sides},
                "colorFormats": {colour.value: True for colour in known.colours},
                "resolutions": [dpi for dpi in known.resolutions if dpi <= 400],
                "pageSizes": {size.value: True for size in PageSize},
                "feeder": known.feeder,
                "mediaSensor": known.sensor,
            }
        }


class DocumentCameraService(DeviceService[DocumentCamera]):
    """DocumentCamera: a preview for the screen, and the straightened page."""

    def __init__(self, identity: Identity, supervisor: Supervisor[DocumentCamera]) -> None:
        super().__init__(identity, supervisor, (documents.CAMERA,))
        self.offer(documents.START_PREVIEW, self._preview)
        self.offer(documents.READ_PAGE, self._read)
        self.offer(documents.CAMERA_RESET, self._reset)

    async def _preview(self, request: Request, payload: Nothing) -> Nothing:
        """Frames until cancelled; a client that reads too slowly gets fewer."""
        with self.supervisor.using() as camera:
            async with aclosing(cast(Any, camera.frames())) as frames:
                async for jpeg in frames:
                    request.event(documents.FRAME, documents.FrameBody(jpeg=jpeg), droppable=True)
        return Nothing()

    async def _read(self, request: Request, payload: documents.ReadImageIn) -> documents.PageOut:
        with self.supervisor.using() as camera:
            request.event(documents.PRESENT)
            page = await camera.read(payload.order(), answering(request.deadline.within(READ_S)))
        return documents.PageOut(
            images=[documents.ImageBody.of(page.image)], quality=documents.QualityBody.of(page.quality)
        )

    async def _reset(self, request: Request, payload: Nothing) -> Nothing:
        with self.supervisor.using() as camera:
            await camera.reset(request.deadline.within(RESET_S))
        return Nothing()

    def class_capabilities(self) -> Mapping[str, object]:
        """One side at a time."""
        return {
            "documentCamera": {
                "preview": True,
                "sides": {"front": True},
                "colorFormats": {"binary": True, "grayScale": True, "full": True},
                "pageSizes": {size.value: True for size in PageSize},
                "mrz": True,
            }
        }


class MrzReaderService(DeviceService[MrzReader]):
    """MrzReader: Read waits for a travel document."""

    def __init__(self, identity: Identity, supervisor: Supervisor[MrzReader]) -> None:
        super().__init__(identity, supervisor, (documents.MRZ_READER,))
        self.offer(documents.READ_MRZ, self._read)
        self.offer(documents.MRZ_RESET, self._reset)

    async def _read(self, request: Request, payload: Nothing) -> documents.MrzBody:
        with self.supervisor.using() as reader:
            return documents.MrzBody.of(await reader.read_mrz(request.deadline))

    async def _reset(self, request: Request, payload: Nothing) -> Nothing:
        with self.supervisor.using() as reader:
            await reader.reset(request.deadline.within(RESET_S))
        return Nothing()

    def class_capabilities(self) -> Mapping[str, object]:
        """Three layouts of Doc 9303."""
        return {"mrzReader": {"layouts": {"td1": True, "td2": True, "td3": True}}}
