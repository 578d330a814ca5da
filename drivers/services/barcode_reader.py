"""The barcode reader's service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from drivers.errors import InvalidData
from drivers.ports import BarcodeReader
from drivers.protocols.barcode import NAMED
from drivers.services.base import DeviceService, Identity
from drivers.supervision import Supervisor
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import barcode
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request

RESET_S: Final = 10.0


class BarcodeReaderService(DeviceService[BarcodeReader]):
    """BarcodeReader: Read waits until a code of a wanted symbology comes."""

    def __init__(self, identity: Identity, supervisor: Supervisor[BarcodeReader]) -> None:
        super().__init__(identity, supervisor, (barcode.INTERFACE,))
        self.offer(barcode.READ, self._read)
        self.offer(barcode.RESET, self._reset)

    async def _read(self, request: Request, payload: barcode.ReadIn) -> barcode.ReadOut:
        wanted = _wanted(payload.symbologies)
        with self.supervisor.using() as reader, self.guiding():
            code = await reader.scan(request.deadline, wanted)
            if not code.data:
                raise CommandFailed("a code without data was read; show it again", "barcodeInvalid")
            found = barcode.Code(symbology=code.symbology, barcode_data=code.data)
            return barcode.ReadOut(read_output=[found])

    async def _reset(self, request: Request, payload: Nothing) -> Nothing:
        with self.supervisor.using() as reader:
            await reader.reset(request.deadline.within(RESET_S))
        return Nothing()

    def class_capabilities(self) -> Mapping[str, object]:
        """Codes are filtered here, by the symbologies that the readers tell apart."""
        return {
            "barcodeReader": {"canFilterSymbologies": True, "symbologies": dict.fromkeys(sorted(NAMED), True)}
        }


def _wanted(asked: Mapping[str, bool] | None) -> list[str]:
    """The symbologies to take, none named for all; raise ``InvalidData`` for a name the standard has not."""
    if asked is None:
        return []
    if unknown := sorted(asked.keys() - barcode.SYMBOLOGIES):
        raise InvalidData(f"the standard has no symbology {', '.join(unknown)}")
    return sorted(name for name, yes in asked.items() if yes)
