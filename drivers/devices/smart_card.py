"""The PC/SC reader with the card in it: sees cards come and go, powers them, carries APDUs, uses their key."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final

from config.clock import Clock, Deadline
from drivers.devices.card_profile import CardProfile, load_profile
from drivers.devices.chip_reader import ChipReader, PoweredChip, understood
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
)
from drivers.ports import Chip, ChipPower, DeviceState, Media
from drivers.protocols.apdu import redacted
from drivers.protocols.apdu_wire import ApduWire
from drivers.transports.pcsc import PcscReader
from drivers.transports.pcsc_calls import Sighting, use_socket
from drivers.transports.pcsc_card import CardLine

_log = logging.getLogger("kiosk.devices.smartCard")

_EMPTY: Final = Sighting(present=False, mute=False, atr=b"", mark=0)
_LET_GO_S: Final = 1.0
_LOOK_S: Final = 0.6
"""A little more than it takes pcscd to look at a reader again (0.4 s)."""
_ON_ITS_WAY_S: Final = _LOOK_S + 1.0
"""How long a card may be mute that is being put in: for a second of it the machine itself may stand still."""


class SmartCard(ChipReader, SupervisedDevice):
    """Implements ``SmartCardReader``. Watching goes on while a command has the card.

    A card is powered by the first command that needs it and is ours alone until it is switched off, taken out,
    or fails to answer in time; then it must be powered again.

    Args:
        reader: the reader.
        clock: business time, for the time of a status.
        profile: how the card's key is reached.
    """

    def __init__(self, reader: PcscReader, clock: Clock, profile: CardProfile) -> None:
        ChipReader.__init__(self, profile)
        SupervisedDevice.__init__(self, "smartCardReader", clock)
        self._reader = reader
        self._seen = _EMPTY
        self._line: CardLine | None = None
        self._leaving: CardLine | None = None
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
                    lambda: not (self._seen.present and self._seen.mute), deadline.within(_ON_ITS_WAY_S)
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

    async def reset(self, deadline: Deadline) -> None:
        """Switch the card off and let go of it; the next command powers it anew."""
        self._require()
        self._let_go()
        await self._settled(deadline)
        self._require()

    async def _switch(self, how: ChipPower, deadline: Deadline) -> Chip | None:
        chip = await super()._switch(how, deadline)
        if chip is not None:
            self._show("pushed")
        return chip

    async def _put(self, how: ChipPower, deadline: Deadline) -> PoweredChip | None:
        if how is ChipPower.OFF:
            self._let_go()
            return None
        line = self._line
        try:
            if line is None:
                await self._settled(deadline)
                line = self._line = self._reader.card()
                found = await line.power(deadline)
            else:
                found = await line.reset(deadline, cold=how is ChipPower.COLD)
            return understood(found.atr, found.t0)
        except BaseException:
            self._let_go()
            raise

    async def _carry(self, apdu: bytes, deadline: Deadline) -> bytes:
        if self._line is None:
            raise MediaMissing("the card was taken out")
        answer = await self._line.transmit(apdu, deadline)
        _log.debug("%s", redacted(apdu))
        return answer

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

    def _let_go(self) -> None:
        """Switch the card off, if it is held."""
        held, self._line = self._line, None
        self._forget()
        if held is not None:
            held.close()
            self._leaving = held
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
                # A sighting that waited with the deadline, for the machine to go on, comes first: it stands in
                # this turn of the loop, or in the one that was begun when the machine stood still.
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                if not ready():
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
