"""The PC/SC reader with the card in it: sees cards come and go, powers them, carries APDUs, uses their key."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final

from config.clock import Clock, Deadline
from drivers.devices.card_key import KeyApplication
from drivers.devices.card_profile import CardProfile, load_profile
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.supervised import SupervisedDevice
from drivers.devices.traits import Traits
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    LinkLost,
    MediaInvalid,
    MediaMissing,
    ProtocolError,
    ReadFailed,
)
from drivers.ports import Chip, ChipPower, ChipProtocol, DeviceState, Media, PinCheck
from drivers.protocols import atr
from drivers.protocols.apdu import Command, Exchange, Response, redacted
from drivers.protocols.apdu_wire import ApduWire
from drivers.transports.pcsc import PcscReader
from drivers.transports.pcsc_calls import Sighting, use_socket
from drivers.transports.pcsc_card import CardLine, Powered

_log = logging.getLogger("kiosk.devices.smartCard")

_EMPTY: Final = Sighting(present=False, mute=False, atr=b"", mark=0)
_LET_GO_S: Final = 1.0
_LOOK_S: Final = 0.6
"""A little more than it takes pcscd to look at a reader again (0.4 s)."""


class SmartCard(SupervisedDevice):
    """Implements ``SmartCardReader``. Commands to the card are serialised by one lock; watching is not.

    A card is powered by the first command that needs it and is ours alone until it is switched off, taken out,
    or fails to answer in time; then it must be powered again.

    Args:
        reader: the reader.
        clock: business time, for the time of a status.
        profile: how the card's key is reached.
    """

    def __init__(self, reader: PcscReader, clock: Clock, profile: CardProfile) -> None:
        super().__init__("smartCardReader", clock)
        self._reader = reader
        self._seen = _EMPTY
        self._line: CardLine | None = None
        self._leaving: CardLine | None = None
        self._chip: Chip | None = None
        self._extended = False
        self._key = KeyApplication(profile, self._ask)
        self._lock = asyncio.Lock()
        self._waiting: set[asyncio.Future[None]] = set()
        self._gone = asyncio.Event()
        self._why: DeviceError = LinkLost("the card reader is lost")
        reader.changed = self._saw
        reader.lost = self._reader_lost

    async def insert(self, deadline: Deadline) -> None:
        """Wait until a card is in the reader.

        Raise ``MediaMissing`` at the deadline, ``MediaInvalid`` for a card that does not answer its reset.
        """
        while True:
            try:
                await self._until(lambda: self._seen.present, deadline)
            except DeadlinePassed:
                raise MediaMissing("no card was inserted in time") from None
            try:  # a card on its way in may be mute for a moment
                await self._until(
                    lambda: not (self._seen.present and self._seen.mute), deadline.within(_LOOK_S)
                )
            except DeadlinePassed:
                raise MediaInvalid(
                    "the card does not answer to its reset; insert it the right way round"
                ) from None
            if self._seen.present:
                return

    async def removed(self, deadline: Deadline) -> None:
        """Wait until no card is in the reader; raise ``DeadlinePassed`` while one is."""
        await self._until(lambda: not self._seen.present, deadline)

    async def power(self, how: ChipPower, deadline: Deadline) -> Chip | None:
        """Reset the card cold or warm, or switch it off.

        Raise ``MediaMissing`` without a card, ``MediaInvalid`` for a mute one, ``ReadFailed`` (``atrNotObtained``)
        for an answer to reset that is none.
        """
        async with self._lock:
            if how is ChipPower.OFF:
                self._require_card()
                self._let_go()
                return None
            return await self._powered(how, deadline)

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
            return (await self._ask(command, deadline)).encode()

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

    async def reset(self, deadline: Deadline) -> None:
        """Switch the card off and let go of it; the next command powers it anew."""
        self._require()
        self._let_go()
        await self._settled(deadline)
        self._require()

    async def _on(self, deadline: Deadline) -> None:
        self._require_card()
        if self._chip is None:
            await self._powered(ChipPower.COLD, deadline)

    async def _powered(self, how: ChipPower, deadline: Deadline) -> Chip:
        self._require_card()
        self._key.forget()
        line = self._line
        try:
            if line is None:
                await self._settled(deadline)
                line = self._line = self._reader.card()
                found = await line.power(deadline)
            else:
                found = await line.reset(deadline, cold=how is ChipPower.COLD)
            self._chip = self._understood(found)
        except BaseException:
            self._let_go(line)
            raise
        self._show("pushed")
        return self._chip

    def _understood(self, found: Powered) -> Chip:
        self._extended = atr.parse(found.atr).takes_extended
        return Chip(found.atr, ChipProtocol.T0 if found.t0 else ChipProtocol.T1)

    async def _ask(self, command: Command, deadline: Deadline) -> Response:
        """One command, as many APDUs as it takes; a card that is left in the middle of it is switched off."""
        line, chip = self._line, self._chip
        if line is None or chip is None:
            raise MediaMissing("the card was taken out")
        exchange = Exchange(command, t0=chip.protocol is ChipProtocol.T0, extended=self._extended)
        try:
            while exchange.answer is None:
                sending = exchange.sending
                exchange.feed(await line.transmit(sending, deadline))
                _log.debug("%s", redacted(sending))
        except ProtocolError:
            if await self._leaves(deadline):
                raise MediaMissing("the card was torn out in the middle of its answer") from None
            self._let_go(line)
            raise
        except BaseException:
            self._let_go(line)
            raise
        return exchange.answer

    async def _leaves(self, deadline: Deadline) -> bool:
        """Whether the card that has just answered badly is on its way out: pcscd sees that at its next look."""
        try:
            await self._until(lambda: not self._seen.present, deadline.within(_LOOK_S))
        except DeadlinePassed:
            return False
        return True

    async def _settled(self, deadline: Deadline) -> None:
        """Wait until the line before has let go of the card: it is held by one at a time."""
        if self._leaving is not None and not await self._leaving.ended(deadline.within(_LET_GO_S)):
            raise DeadlinePassed("the card still does not answer; take it out and insert it again")
        self._leaving = None

    def _let_go(self, line: CardLine | None = None) -> None:
        """Switch the card off; only if it is still held by ``line``, when that is given."""
        held = self._line
        if held is None or (line is not None and held is not line):
            return
        held.close()
        self._leaving, self._line, self._chip = held, None, None
        self._key.forget()
        self._show("pushed")

    def _require_card(self) -> None:
        self._require()
        if not self._seen.present:
            raise MediaMissing("no card is in the reader")

    async def _until(self, ready: Callable[[], bool], deadline: Deadline) -> None:
        self._require()
        while not ready():
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(waiter)
            try:
                async with asyncio.timeout(deadline.remaining):
                    await waiter
            except TimeoutError:
                raise DeadlinePassed("the card was not moved in time") from None
            finally:
                self._waiting.discard(waiter)
            self._require()

    def _saw(self, sighting: Sighting) -> None:
        """A look at the reader: a card that came or went, or was changed between two looks."""
        before, self._seen = self._seen, sighting
        if before.present and (not sighting.present or sighting.moves != before.moves):
            self._let_go()
        if (sighting.present, sighting.mute) != (before.present, before.mute):
            self._wake()
        self._show("pushed" if sighting != before else "polled")

    def _wake(self) -> None:
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    def _reader_lost(self, error: DeviceError) -> None:
        self._why = error
        self._gone.set()

    async def _connect(self) -> None:
        self._gone.clear()
        await self._reader.open()

    async def _watch(self) -> None:
        await self._gone.wait()
        raise self._why

    async def _disconnect(self) -> None:
        self._let_go()
        self._seen = _EMPTY
        self._wake()
        await self._reader.close()

    def _announce(self) -> None:
        self._show("polled")

    def _show(self, source: str) -> None:
        if not self._connected:
            return
        if not self._seen.present:
            chip = "noCard"
        elif self._seen.mute:
            chip = "hardwareError"
        else:
            chip = "poweredOff" if self._chip is None else "online"
        media = Media.PRESENT if self._seen.present else Media.NOT_PRESENT
        self._board.publish(DeviceState.ONLINE, _details(media, chip, "ok"), source)

    def _away(self) -> Mapping[str, object]:
        return _details(Media.UNKNOWN, "unknown", "unknown")


def _details(media: Media, chip: str, module: str) -> Mapping[str, object]:
    return {"cardReader": {"media": media.value, "chipPower": chip, "chipModule": module}}


@driver("smart-card-pcsc", Traits(wire=ApduWire))
def _create(options: Options, clock: Clock) -> SmartCard:
    use_socket(options.text("socket", ""))
    place = options.text("usb_socket", "")
    reader = PcscReader(options.text("reader", "*"), options.text("serial", ""), tap=options.tap, place=place)
    return SmartCard(reader, clock, load_profile(options.text("profile", "iso-ecc")))
