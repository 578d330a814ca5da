"""Chip card reader behind another vendor's XFS4IoT CardReader service: ReadRawData, ChipPower, ChipIO.

The key on the card is reached by our own profile, as with a reader of our own; the service only carries APDUs.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from typing import Any, Final

from config.clock import Clock, Deadline
from drivers.devices.card_key import KeyApplication
from drivers.devices.card_profile import CardProfile, load_profile
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.xfs4iot import TRAITS, XfsDevice, address, decoded
from drivers.errors import DeadlinePassed, MediaInvalid, MediaMissing, ReadFailed
from drivers.ports import Chip, ChipPower, ChipProtocol, PinCheck
from drivers.protocols import atr
from drivers.protocols.apdu import Command, Exchange, Response

_LOOK_S: Final = 0.1
_GONE: Final = frozenset({"notPresent", "entering"})


class XfsCardReader(XfsDevice):
    """Implements ``SmartCardReader``. Commands to the card are serialised by one lock."""

    interface = "CardReader"
    part = "cardReader"
    needs = frozenset({"CardReader.ReadRawData", "CardReader.ChipPower", "CardReader.ChipIO"})

    def __init__(self, clock: Clock, uri: str, token: str, profile: CardProfile, **more: Any) -> None:
        super().__init__("smartCardReader", clock, uri, token, **more)
        self._key = KeyApplication(profile, self._obeyed)
        self._atr = b""
        self._chip: Chip | None = None
        self._extended = False
        self._lock = asyncio.Lock()

    async def insert(self, deadline: Deadline) -> None:
        """Wait for a card; raise ``MediaMissing`` at the deadline, ``MediaInvalid`` for a mute one."""
        try:
            told = await self._ask("CardReader.ReadRawData", {"chip": True}, deadline)
        except DeadlinePassed:
            raise MediaMissing("no card was inserted in time") from None
        chips = told.get("chip")
        chip = chips[0] if isinstance(chips, list) and chips else None
        if not isinstance(chip, Mapping) or chip.get("status") not in (None, "ok") or not chip.get("data"):
            raise MediaInvalid("the card does not answer to its reset; insert it the right way round")
        self._forget()
        self._atr = decoded(chip.get("data"))

    async def removed(self, deadline: Deadline) -> None:
        """Wait until no card is in the reader; raise ``DeadlinePassed`` while one is."""
        while self._media() not in _GONE:
            self._require()
            if deadline.passed:
                raise DeadlinePassed("the card was not taken in time")
            await asyncio.sleep(_LOOK_S)

    async def power(self, how: ChipPower, deadline: Deadline) -> Chip | None:
        """Reset the card, or switch it off; raise ``ReadFailed`` (``atrNotObtained``) for no answer to reset."""
        async with self._lock:
            return await self._powered(how, deadline)

    async def transmit(self, apdu: bytes, protocol: ChipProtocol, deadline: Deadline) -> bytes:
        """One command APDU and its whole response APDU; raise as ``SmartCard.transmit`` does."""
        command = Command.parse(apdu)
        async with self._lock:
            self._require()
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

    async def _on(self, deadline: Deadline) -> None:
        if self._chip is None:
            await self._powered(ChipPower.COLD, deadline)

    async def _powered(self, how: ChipPower, deadline: Deadline) -> Chip | None:
        self._key.forget()
        self._chip = None
        told = await self._ask("CardReader.ChipPower", {"chipPower": how.value}, deadline)
        if how is ChipPower.OFF:
            return None
        answer = decoded(told.get("chipData")) or self._atr
        if not answer:
            raise ReadFailed("the service told no answer to reset", "atrNotObtained")
        found = atr.parse(answer)
        self._extended = found.takes_extended
        self._chip = Chip(answer, ChipProtocol.T0 if found.protocols[0] == 0 else ChipProtocol.T1)
        return self._chip

    async def _obeyed(self, command: Command, deadline: Deadline) -> Response:
        """One command, as many APDUs as it takes; a card that is left in the middle of it must be powered anew."""
        chip = self._chip
        if chip is None:
            raise MediaMissing("the card was taken out")
        exchange = Exchange(command, t0=chip.protocol is ChipProtocol.T0, extended=self._extended)
        try:
            while exchange.answer is None:
                data = base64.b64encode(exchange.sending).decode("ascii")
                payload = {"chipProtocol": chip.protocol.value, "chipData": data}
                told = await self._ask("CardReader.ChipIO", payload, deadline)
                exchange.feed(decoded(told.get("chipData")))
        except BaseException:
            self._forget()
            raise
        return exchange.answer

    def _forget(self) -> None:
        self._key.forget()
        self._chip, self._atr = None, b""

    def _heard(self, name: str, payload: Mapping[str, Any]) -> None:
        if name == "CardReader.MediaRemovedEvent":
            name, payload = "Common.StatusChangedEvent", {"cardReader": {"media": "notPresent"}}
        super()._heard(name, payload)
        if self._media() in _GONE:
            self._forget()

    def _media(self) -> object:
        part = self._status.get(self.part)
        return part.get("media") if isinstance(part, Mapping) else None

    async def _disconnect(self) -> None:
        self._forget()
        await super()._disconnect()

    def _away(self) -> Mapping[str, object]:
        return {"cardReader": {"media": "unknown", "chipPower": "unknown"}}


@driver("xfs4iot-card-reader", TRAITS)
def _cards(options: Options, clock: Clock) -> XfsCardReader:
    uri, token = address(options)
    return XfsCardReader(clock, uri, token, load_profile(options.text("profile", "iso-ecc")), tap=options.tap)
