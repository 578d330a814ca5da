"""The resident ID card reader's service."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from config.clock import Deadline
from drivers.errors import DeviceError, InvalidData, MediaInvalid, UnsupportedData
from drivers.ports import ChipPower, IdCardReader
from drivers.services.base import DeviceService, Identity
from drivers.supervision import Supervisor
from drivers.xfs.messages import card_reader, resident_id
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request

log = logging.getLogger("kiosk.devices.idcard")

READ_S: Final = 10.0
"""A read takes about a second and a half; ten is a torn one repeated."""
RESET_S: Final = 10.0


class IdCardReaderService(DeviceService[IdCardReader]):
    """CardReader of type contactless, and ResidentIdReader, which gives the card's words and picture."""

    def __init__(self, identity: Identity, supervisor: Supervisor[IdCardReader]) -> None:
        super().__init__(identity, supervisor, (card_reader.INTERFACE, resident_id.INTERFACE))
        self._sam_id: str | None = None
        self.offer(resident_id.READ_ID_CARD, self._read_id_card)
        self.offer(card_reader.READ_RAW_DATA, self._read_raw)
        self.offer(card_reader.CHIP_POWER, self._chip_power)
        self.offer(card_reader.QUERY_IFM, self._query_ifm)
        self.offer(card_reader.RESET, self._reset)

    async def connected(self) -> None:
        """Learn the security module's number; some modules do not tell it."""
        try:
            with self.supervisor.using() as reader:
                self._sam_id = await reader.sam_id(Deadline.after(RESET_S))
        except DeviceError as error:
            log.info("%s: the security module does not tell its number: %s", self.name, error)
            return
        self.publish()

    async def _find(self, request: Request, reader: IdCardReader) -> None:
        request.event(card_reader.INSERT_CARD)
        try:
            with self.guiding():
                await reader.find(request.deadline)
        except MediaInvalid:
            request.event(card_reader.INVALID_MEDIA)
            raise
        request.event(card_reader.MEDIA_INSERTED)

    async def _read_id_card(self, request: Request, payload: Nothing) -> resident_id.ReadIdCardOut:
        with self.supervisor.using() as reader:
            await self._find(request, reader)
            try:
                card = await reader.read(request.deadline.within(READ_S))
            except MediaInvalid:
                request.event(card_reader.INVALID_MEDIA)
                raise
        return resident_id.ReadIdCardOut.of(card)

    async def _read_raw(
        self, request: Request, payload: card_reader.ReadRawDataIn
    ) -> card_reader.ReadRawDataOut:
        """Wait for a card. A chip behind a SAM_V module has no answer to reset that anybody could be given."""
        wanted = {name for name in type(payload).model_fields if getattr(payload, name)}
        if not wanted:
            raise InvalidData("no source is asked for; ask for 'chip'")
        if wanted != {"chip"}:
            raise UnsupportedData(
                f"this reader has no {', '.join(sorted(wanted - {'chip'}))}; ask for 'chip'"
            )
        with self.supervisor.using() as reader:
            await self._find(request, reader)
        silent = card_reader.ChipData(status=card_reader.Source.NOT_SUPPORTED)
        return card_reader.ReadRawDataOut(chip=[silent])

    async def _chip_power(
        self, request: Request, payload: card_reader.ChipPowerIn
    ) -> card_reader.ChipPowerOut:
        if payload.chip_power is not ChipPower.COLD:
            raise UnsupportedData("the module can only be reset cold")
        await self._reset(request, payload)
        return card_reader.ChipPowerOut()

    async def _query_ifm(self, request: Request, payload: Nothing) -> card_reader.IfmOut:
        with self.supervisor.using() as reader:
            self._sam_id = await reader.sam_id(request.deadline.within(RESET_S))
        return card_reader.IfmOut(ifm_identifiers={"sam": self._sam_id})

    async def _reset(self, request: Request, payload: object) -> Nothing:
        with self.supervisor.using() as reader:
            await reader.reset(request.deadline.within(RESET_S))
        return Nothing()

    def class_status(self) -> Mapping[str, object]:
        """The driver's words and the module's number."""
        found = self.supervisor.known.details.get("residentIdReader")
        told = dict(found) if isinstance(found, Mapping) else {}
        if self._sam_id is not None:
            told["samId"] = self._sam_id
        return {"residentIdReader": told} if told else {}

    def class_capabilities(self) -> Mapping[str, object]:
        """A contactless reader that sees the card leave."""
        return {
            "cardReader": {
                "type": "contactless",
                "chipProtocols": {"chipTypeB": True},
                "chipPower": {"cold": True, "warm": False, "off": False},
                "cardTakenSensor": True,
            },
            "residentIdReader": {"readBaseInfo": True, "readFingerprint": False, "readNewAddress": False},
        }

    def changed(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """A card that was there and is not any more."""
        if card_reader.was_removed(before, after):
            self.broadcast(card_reader.MEDIA_REMOVED)
