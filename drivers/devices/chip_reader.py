"""What a reader does with the chip of the card in it, however it reaches that chip: power, APDUs, key, tax control."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date

from config.clock import Deadline
from drivers.devices.card_key import KeyApplication
from drivers.devices.card_profile import CardProfile
from drivers.devices.tax_control import TaxControlApplication
from drivers.errors import MediaInvalid, MediaMissing, ProtocolError, ReadFailed
from drivers.ports import Chip, ChipPower, ChipProtocol, PinCheck
from drivers.ports_tax import SealedWord, TaxState
from drivers.protocols import atr
from drivers.protocols.apdu import Command, Exchange, Response


@dataclass(frozen=True, slots=True)
class PoweredChip:
    """A chip that has answered its reset, and whether it takes extended APDUs."""

    chip: Chip
    extended: bool


def understood(answer: bytes, t0: bool | None = None) -> PoweredChip:
    """The chip behind an answer to reset; raise ``ReadFailed`` (``atrNotObtained``) when it is none.

    ``t0`` is whether T=0 was chosen, None when nobody told: then it is the protocol that the card offers first.
    """
    found = atr.parse(answer)
    if t0 is None:
        t0 = found.protocols[0] == 0
    return PoweredChip(Chip(answer, ChipProtocol.T0 if t0 else ChipProtocol.T1), found.takes_extended)


class ChipReader(ABC):
    """The chip's part of ``SmartCardReader``. Commands to the card are serialised by one lock.

    Args:
        profile: how the card's key is reached.
    """

    def __init__(self, profile: CardProfile) -> None:
        self._key = KeyApplication(profile, self._obeyed)
        self._tax = TaxControlApplication(profile, self._obeyed)
        self._chip: Chip | None = None
        self._extended = False
        self._lock = asyncio.Lock()

    # -- how a reader reaches the chip ------------------------------------------------------------------

    @abstractmethod
    def _require_card(self) -> None:
        """Raise ``DeviceNotReady``, or ``MediaMissing`` where it is known that no card is in."""

    @abstractmethod
    async def _put(self, how: ChipPower, deadline: Deadline) -> PoweredChip | None:
        """Power or reset the chip, None when it is off; raise as ``power`` does."""

    @abstractmethod
    async def _carry(self, apdu: bytes, deadline: Deadline) -> bytes:
        """One APDU there and its answer back; raise ``MediaMissing``, ``ProtocolError``, ``DeadlinePassed``."""

    @abstractmethod
    def _let_go(self) -> None:
        """The card was left in the middle of a command: see that it is powered before the next one."""

    async def _leaves(self, deadline: Deadline) -> bool:
        """Whether a card that has just answered badly is on its way out."""
        return False

    # -- what is done with it ---------------------------------------------------------------------------

    async def power(self, how: ChipPower, deadline: Deadline) -> Chip | None:
        """Reset the card cold or warm, or switch it off.

        Raise ``MediaMissing`` without a card, ``MediaInvalid`` for a mute one, ``ReadFailed`` (``atrNotObtained``)
        for an answer to reset that is none.
        """
        async with self._lock:
            return await self._switch(how, deadline)

    async def transmit(self, apdu: bytes, protocol: ChipProtocol, deadline: Deadline) -> bytes:
        """One command APDU and its whole response APDU; ``protocol`` is that of ``power``, or ``NOT_REQUIRED``.

        Raise ``InvalidData`` for bytes that are no command, ``ReadFailed`` (``atrNotObtained``) before ``power``,
        ``MediaInvalid`` (``protocolNotSupported``) when the card speaks another protocol, ``MediaMissing`` when
        the card is torn out, ``ProtocolError``.
        """
        command = Command.parse(apdu)
        async with self._lock:
            self._require_card()
            if self._chip is None:
                raise ReadFailed("the card has no power; power it first", "atrNotObtained")
            if protocol not in (self._chip.protocol, ChipProtocol.NOT_REQUIRED):
                raise MediaInvalid(f"the card speaks {self._chip.protocol} now", "protocolNotSupported")
            self._key.forget()
            return (await self._obeyed(command, deadline)).encode()

    async def verify_pin(self, pin: str, deadline: Deadline) -> PinCheck:
        """Show the PIN to the key application; it is written nowhere."""
        async with self._lock:
            await self._on(deadline)
            return await self._key.verify(pin, deadline)

    async def certificate(self, deadline: Deadline) -> bytes:
        """The key's certificate, DER."""
        async with self._lock:
            await self._on(deadline)
            return await self._key.certificate(deadline)

    async def sign(self, challenge: bytes, deadline: Deadline) -> bytes:
        """The signature over ``challenge``; raise ``SecurityFailed`` unless the PIN was verified since power-up."""
        async with self._lock:
            await self._on(deadline)
            return await self._key.sign(challenge, deadline)

    async def tax_state(self, deadline: Deadline) -> TaxState:
        """What the tax-control device says of itself."""
        async with self._lock:
            await self._on(deadline)
            self._key.forget()
            return await self._tax.state(deadline)

    async def tax_report(self, month: date, deadline: Deadline) -> SealedWord:
        """The report of the month that begins on ``month``."""
        async with self._lock:
            await self._on(deadline)
            self._key.forget()
            return await self._tax.report(month, deadline)

    async def tax_order(self, order: SealedWord, deadline: Deadline) -> TaxState:
        """Write an order to unlock, and read what the device says then."""
        async with self._lock:
            await self._on(deadline)
            self._key.forget()
            await self._tax.obey(order, deadline)
            return await self._tax.state(deadline)

    def _forget(self) -> None:
        """The chip is without power, or another one."""
        self._key.forget()
        self._chip = None

    async def _on(self, deadline: Deadline) -> None:
        self._require_card()
        if self._chip is None:
            await self._switch(ChipPower.COLD, deadline)

    async def _switch(self, how: ChipPower, deadline: Deadline) -> Chip | None:
        self._require_card()
        self._key.forget()
        try:
            powered = await self._put(how, deadline)
        except BaseException:
            self._forget()
            raise
        if powered is None:
            self._forget()
            return None
        self._chip, self._extended = powered.chip, powered.extended
        return self._chip

    async def _obeyed(self, command: Command, deadline: Deadline) -> Response:
        """One command, as many APDUs as it takes; a card that is left in the middle of it must be powered anew."""
        chip = self._chip
        if chip is None:
            raise MediaMissing("the card was taken out")
        exchange = Exchange(command, t0=chip.protocol is ChipProtocol.T0, extended=self._extended)
        try:
            return await self._exchanged(exchange, deadline)
        except BaseException:
            self._let_go()
            raise

    async def _exchanged(self, exchange: Exchange, deadline: Deadline) -> Response:
        try:
            while exchange.answer is None:
                exchange.feed(await self._carry(exchange.sending, deadline))
        except ProtocolError:
            if await self._leaves(deadline):
                raise MediaMissing("the card was torn out in the middle of its answer") from None
            raise
        return exchange.answer
