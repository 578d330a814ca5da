"""Barcode reader and camera behind another vendor's XFS4IoT service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from config.clock import Clock, Deadline
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.xfs4iot import TRAITS, XfsDevice, address, decoded
from drivers.errors import DeadlinePassed, MediaMissing, ProtocolError
from drivers.ports import Barcode
from drivers.protocols.barcode import normalised

_FRAME_S: Final = 0.1
"""At most ten pictures a second."""
_JPEG: Final = b"\xff\xd8\xff"


class XfsBarcodeReader(XfsDevice):
    """Implements ``BarcodeReader``."""

    interface = "BarcodeReader"
    part = "barcodeReader"
    needs = frozenset({"BarcodeReader.Read"})

    async def scan(self, deadline: Deadline, symbologies: Sequence[str] = ()) -> Barcode:
        """Wait for a code; raise ``MediaMissing`` at the deadline.

        The codes are sorted out here: not every service can, and one Read may bring several.
        """
        while True:
            try:
                told = await self._ask("BarcodeReader.Read", {}, deadline)
            except DeadlinePassed as error:
                raise MediaMissing("no code was held before the scanner in time") from error
            codes = told.get("readOutput")
            if not (isinstance(codes, list) and codes and all(isinstance(code, Mapping) for code in codes)):
                raise ProtocolError("the service completed a Read without a code")
            for code in codes:
                name = str(code.get("symbology") or "symbologyUnknown")
                if not symbologies or name in symbologies:
                    return Barcode(name, normalised(decoded(code.get("barcodeData"))))
            if deadline.passed:
                raise MediaMissing("no code of a wanted kind was held before the scanner in time")

    def _away(self) -> Mapping[str, object]:
        return {"barcodeReader": {"scanner": "unknown"}}


class XfsCamera(XfsDevice):
    """Implements ``Camera``: the standard knows single pictures, so a preview is one after the other."""

    interface = "Camera"
    part = "camera"
    needs = frozenset({"Camera.TakePicture"})

    async def frames(self) -> AsyncIterator[bytes]:
        """JPEG previews, at most ten a second, until the iterator is closed."""
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            yield await self.picture(Deadline.after(self._timings.picture))
            await asyncio.sleep(max(0.0, began + _FRAME_S - loop.time()))

    async def picture(self, deadline: Deadline) -> bytes:
        """One JPEG of whoever stands before the terminal."""
        told = await self._ask("Camera.TakePicture", {"camera": "person"}, deadline)
        jpeg = decoded(told.get("pictureFile"))
        if not jpeg.startswith(_JPEG):
            raise ProtocolError("the service's picture is no JPEG; set its camera to JPEG")
        return jpeg

    async def capture(self, count: int, deadline: Deadline) -> Sequence[bytes]:
        """``count`` pictures as fast as the service takes them, at most ten a second."""
        loop = asyncio.get_running_loop()
        taken: list[bytes] = []
        due = loop.time()
        while len(taken) < count:
            await asyncio.sleep(max(0.0, min(due - loop.time(), deadline.remaining or _FRAME_S)))
            taken.append(await self.picture(deadline))
            due = loop.time() + _FRAME_S
        return taken

    def _details(self, part: Mapping[str, Any]) -> Mapping[str, object]:
        return {"camera": dict(part), "faceCamera": {"frame": "unknown"}}

    def _away(self) -> Mapping[str, object]:
        return {"camera": {"cameras": {"person": "unknown"}}, "faceCamera": {"frame": "unknown"}}


@driver("xfs4iot-barcode-reader", TRAITS)
def _barcodes(options: Options, clock: Clock) -> XfsBarcodeReader:
    return XfsBarcodeReader("barcodeReader", clock, *address(options), tap=options.tap)


@driver("xfs4iot-camera", TRAITS)
def _camera(options: Options, clock: Clock) -> XfsCamera:
    return XfsCamera("faceCamera", clock, *address(options), tap=options.tap)
