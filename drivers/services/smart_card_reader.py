"""The chip card reader's service."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, Final

from config.clock import Deadline
from drivers.errors import DeviceError, InvalidData, MediaInvalid, SequenceError, UnsupportedData
from drivers.ports import ChipPower, Media, SmartCardReader
from drivers.services.base import DeviceService, Identity
from drivers.supervision import Supervisor
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import card_reader, signing_card, tax_control
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Peer, Request
from drivers.xfs.service import Line
from drivers.xfs.words import CompletionCode

POWER_S: Final = 10.0
CHIP_S: Final = 30.0
"""For one command to the chip when the client sets no limit: a card may work on a signature for seconds."""


class SmartCardReaderService(DeviceService[SmartCardReader]):
    """CardReader of type dip, SigningCard, which uses the card's key, and TaxControl, for a tax-control device.

    ReadRawData waits for a card and powers it; ChipIO, SigningCard and TaxControl work on the card that is in, and
    never wait for one. A card that was shown its PIN obeys that client alone, and is switched off when it goes away:
    nobody else may sign with it.
    """

    def __init__(self, identity: Identity, supervisor: Supervisor[SmartCardReader]) -> None:
        spoken = (card_reader.INTERFACE, signing_card.INTERFACE, tax_control.INTERFACE)
        super().__init__(identity, supervisor, spoken)
        self._shown_by: Peer | None = None
        """Whose person has shown a PIN, right or wrong, to the card that is under power."""
        self._opened_by: Peer | None = None
        """The same, where the PIN was right and the card has been under power ever since."""
        self.offer(card_reader.READ_RAW_DATA, self._read_raw)
        self.offer(card_reader.CHIP_POWER, self._chip_power)
        self.offer(card_reader.CHIP_IO, self._chip_io)
        self.offer(card_reader.RESET, self._reset)
        self.offer(signing_card.VERIFY_PIN, self._verify_pin)
        self.offer(signing_card.READ_CERTIFICATE, self._read_certificate)
        self.offer(signing_card.SIGN, self._sign)
        self.offer(tax_control.READ_STATE, self._tax_state)
        self.offer(tax_control.READ_REPORT, self._tax_report)
        self.offer(tax_control.WRITE_ORDER, self._tax_order)

    def leave(self, line: Line) -> None:
        """A card that takes orders must not wait for the next client."""
        super().leave(line)
        if self._shown_by is line:
            self._shown_by = self._opened_by = None
            self.by_itself(self._switch_off)

    async def _switch_off(self) -> None:
        if self._shown_by is not None:  # the PIN was shown again meanwhile
            return
        with contextlib.suppress(DeviceError), self.supervisor.using() as reader:
            await reader.power(ChipPower.OFF, Deadline.after(POWER_S))

    async def _read_raw(
        self, request: Request, payload: card_reader.ReadRawDataIn
    ) -> card_reader.ReadRawDataOut:
        """Wait for a card and give its answer to reset. What is read again is what is in, powered anew."""
        wanted = {name for name in type(payload).model_fields if getattr(payload, name)}
        if not wanted:
            raise InvalidData("no source is asked for; ask for 'chip'")
        if wanted != {"chip"}:
            raise UnsupportedData(
                f"this reader has no {', '.join(sorted(wanted - {'chip'}))}; ask for 'chip'"
            )
        with self.supervisor.using() as reader:
            request.event(card_reader.INSERT_CARD)
            try:
                with self.guiding():
                    await reader.insert(request.deadline)
                chip = await reader.power(ChipPower.COLD, request.deadline.within(POWER_S))
            except MediaInvalid:
                request.event(card_reader.INVALID_MEDIA)
                raise
            request.event(card_reader.MEDIA_INSERTED)
        self._opened_by = None
        return card_reader.ReadRawDataOut(chip=[card_reader.ChipData(data=chip.atr if chip else None)])

    async def _chip_power(
        self, request: Request, payload: card_reader.ChipPowerIn
    ) -> card_reader.ChipPowerOut:
        with self.supervisor.using() as reader:
            chip = await reader.power(payload.chip_power, request.deadline.within(POWER_S))
        self._opened_by = None
        return card_reader.ChipPowerOut(chip_data=chip.atr if chip else None)

    async def _chip_io(self, request: Request, payload: card_reader.ChipIo) -> card_reader.ChipIo:
        self._must_obey(request)
        with self.supervisor.using() as reader:
            answer = await reader.transmit(
                payload.chip_data, payload.chip_protocol, request.deadline.within(CHIP_S)
            )
        return card_reader.ChipIo(chip_protocol=payload.chip_protocol, chip_data=answer)

    async def _reset(self, request: Request, payload: card_reader.ResetIn) -> Nothing:
        with self.supervisor.using() as reader:
            await reader.reset(request.deadline.within(POWER_S))
        self._opened_by = None
        return Nothing()

    def _must_obey(self, request: Request) -> None:
        """Raise ``SequenceError`` while the card is open for another client's person."""
        if self._opened_by not in (None, request.peer):
            raise SequenceError(
                "the card was shown its PIN for another client; wait until that has let go of it"
            )

    async def _verify_pin(
        self, request: Request, payload: signing_card.VerifyPinIn
    ) -> signing_card.VerifyPinOut:
        with self.supervisor.using() as reader:
            self._shown_by, self._opened_by = request.peer, None
            check = await reader.verify_pin(payload.pin, request.deadline.within(CHIP_S))
        told = signing_card.VerifyPinOut(tries_left=check.tries_left)
        if check.right:
            self._opened_by = request.peer
            return told
        if check.tries_left == 0:
            raise CommandFailed("the card has locked its PIN; its issuer unlocks it", "pinBlocked", told)
        raise CommandFailed("the card refuses the PIN", "pinWrong", told, CompletionCode.USER_ERROR)

    async def _read_certificate(self, request: Request, payload: Nothing) -> signing_card.CertificateOut:
        with self.supervisor.using() as reader:
            found = await reader.certificate(request.deadline.within(CHIP_S))
        return signing_card.CertificateOut(certificate=found)

    async def _sign(self, request: Request, payload: signing_card.SignIn) -> signing_card.SignOut:
        self._must_obey(request)
        with self.supervisor.using() as reader:
            signed = await reader.sign(payload.challenge, request.deadline.within(CHIP_S))
        return signing_card.SignOut(signature=signed)

    async def _tax_state(self, request: Request, payload: Nothing) -> tax_control.StateOut:
        self._must_obey(request)
        with self.supervisor.using() as reader:
            found = await reader.tax_state(request.deadline.within(CHIP_S))
        return tax_control.StateOut.of(found)

    async def _tax_report(self, request: Request, payload: tax_control.ReadReportIn) -> tax_control.Sealed:
        self._must_obey(request)
        month = tax_control.first_day(payload.month)
        with self.supervisor.using() as reader:
            found = await reader.tax_report(month, request.deadline.within(CHIP_S))
        return tax_control.Sealed.of(found)

    async def _tax_order(self, request: Request, payload: tax_control.Sealed) -> tax_control.StateOut:
        self._must_obey(request)
        with self.supervisor.using() as reader:
            found = await reader.tax_order(payload.word(), request.deadline.within(CHIP_S))
        return tax_control.StateOut.of(found)

    def class_capabilities(self) -> Mapping[str, object]:
        """A reader into which a card is put by hand, and which sees it leave."""
        return {
            "cardReader": {
                "type": "dip",
                "chipProtocols": {"chipT0": True, "chipT1": True, "chipProtocolNotRequired": True},
                "chipPower": {"cold": True, "warm": True, "off": True},
                "cardTakenSensor": True,
            }
        }

    def changed(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """A card that was there and is not any more."""
        if after.get("cardReader", {}).get("media") != Media.PRESENT:
            self._opened_by = None
        if card_reader.was_removed(before, after):
            self.broadcast(card_reader.MEDIA_REMOVED)
