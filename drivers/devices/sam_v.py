"""The resident ID card reader on a serial SAM_V module: finds, reads, and knows when the card has left."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Mapping
from functools import partial
from typing import Final

from config.clock import Clock, Deadline
from drivers.devices.line_device import LineDevice
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.sam_v_exchange import Exchange, Timings
from drivers.devices.traits import Probe, Traits
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    DeviceNotReady,
    HardwareFault,
    MediaInvalid,
    MediaMissing,
    MediaMustBeRepresented,
    ReadFailed,
    SecurityFailed,
    SequenceError,
)
from drivers.ports import DeviceState, IdCard, Media
from drivers.protocols import id_card
from drivers.protocols.sam_v import Command, Deframer, Reply, card_blocks, encode, sam_id_text
from drivers.protocols.sam_v_wire import SamVWire
from drivers.protocols.sam_v_words import WORDS, Meaning
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.waiting import pause, set_within

BAUDS: Final = (115200, 57600, 38400, 19200, 9600)
"""The speeds readers are found at, most likely first (domain note, section 3)."""
_MISSES: Final = 3
"""Unanswered polls before the reader counts as lost: one may be noise."""
_IDLE_SELECTION_S: Final = 3.0
"""A card selected this long without a read is looked after like one that was read."""


class _Card(enum.Enum):
    """How far the card on the reader has come."""

    NONE = "none"
    SELECTED = "selected"
    DONE = "done"  # read, or failed: it has to leave the field before it can be found again


class SamVReader(LineDevice):
    """Implements ``IdCardReader``. All exchanges are serialised by one lock; the poll takes part in it.

    Args:
        channel: the line.
        clock: business time, for "not born in the future".
        link: the serial port behind the channel when its speed may be probed, else None.
        timings: seconds, changed in tests only.
    """

    def __init__(
        self, channel: Channel, clock: Clock, link: SerialLink | None = None, timings: Timings | None = None
    ) -> None:
        self._link = link
        self._timings = timings or Timings()
        self._card = _Card.NONE
        self._card_since = 0.0
        self._chip = b""  # what SELECT said of the card that lies there; many modules say zeros
        self._sam_ok: bool | None = None
        self._sam_id: str | None = None
        super().__init__("idReader", clock, channel)
        self._exchange = Exchange(channel, self._timings)
        self._lock = asyncio.Lock()
        self._left = asyncio.Event()
        self._left.set()
        self._laid = asyncio.Event()

    async def find(self, deadline: Deadline) -> None:
        """Wait for a card and select it; raise ``MediaMissing`` at the deadline.

        A search ends with the connection it began on, however soon the reader is back: ``DeviceNotReady``. It goes
        on over an answer that did not come, as the poll does: the machine itself may have stood still.
        """
        connection = self._connection
        misses = 0
        while True:
            self._require(connection)
            try:
                async with self._lock:
                    if await self._find_once(deadline):
                        return
                misses = 0
            except DeadlinePassed:
                pass
            except DeviceNotReady:
                misses += 1
                if misses >= _MISSES or not self.channel.is_open:
                    raise
            if deadline.passed and misses:
                raise DeviceNotReady("the ID card reader is silent; check its cable and power")
            if deadline.passed:
                raise MediaMissing("no card was laid on the reader in time")
            await pause(self._timings.find_interval, deadline)

    async def read(self, deadline: Deadline) -> IdCard:
        """Read text and photo of the selected card.

        Raise ``SequenceError`` without a selected card, ``MediaMustBeRepresented`` when the card moved,
        ``MediaInvalid`` for a card that is not what it says, ``SecurityFailed``, ``ReadFailed``.
        """
        self._require()
        async with self._lock:
            if self._card is not _Card.SELECTED:
                raise SequenceError("no card is selected; find one first")
            try:
                reply = await self._ask(Command.READ_BASE, deadline)
            finally:
                self._set_card(_Card.DONE)
            _refuse(reply)
            blocks = card_blocks(reply.data)
            if blocks is None:
                raise ReadFailed("the card's data came out in another size; place the card again")
            return id_card.parse(blocks.text, blocks.photo, self.clock.now().date())

    async def removed(self, deadline: Deadline) -> None:
        """Wait until the card has left the field; raise ``DeadlinePassed`` while it lies there."""
        if not await set_within(self._left, deadline.remaining):
            raise DeadlinePassed("the card still lies on the reader; ask for it to be taken")
        self._require()

    async def sam_id(self, deadline: Deadline) -> str:
        """The security module's number, in its printed form."""
        self._require()
        if self._sam_id is None:
            async with self._lock:
                reply = await self._ask(Command.SAM_ID, deadline)
                _refuse(reply)
                self._sam_id = sam_id_text(reply.data)
        return self._sam_id

    async def reset(self, deadline: Deadline) -> None:
        """Reset the module and check that it passed its self-test.

        Raise ``SecurityFailed`` (``samSelfTestFailed``) if it did not.
        """
        self._require()
        async with self._lock:
            self._set_card(_Card.NONE)
            await self._ask(Command.RESET, deadline)
            await self._check_sam(deadline)
        if not self._sam_ok:
            raise SecurityFailed("the security module failed its self-test", "samSelfTestFailed")

    async def _greet(self) -> None:
        self._exchange.restart()
        self._sam_id = None
        self._card = _Card.NONE
        self._left.set()
        self._laid.clear()
        if self._link is None:
            return await self._check_sam(Deadline.after(1))
        known = self._link.baud
        for baud in (known, *(b for b in BAUDS if b != known)):
            await self.channel.call(partial(self._link.set_baud, baud))
            try:
                return await self._check_sam(Deadline.after(1))
            except (DeviceNotReady, ReadFailed, DeadlinePassed):
                if not self.channel.is_open:
                    raise
        self._link.set_baud(known)
        raise DeviceNotReady("no ID card reader answers at any speed; check its power")

    async def _poll(self) -> None:
        misses = 0
        while True:
            await self._until_due()
            try:
                async with self._lock:
                    await self._look()
                misses = 0
            except (DeadlinePassed, ReadFailed, DeviceNotReady):
                misses += 1
                if misses >= _MISSES or not self.channel.is_open:
                    raise DeviceNotReady("the ID card reader is silent; check its cable and power") from None

    async def _until_due(self) -> None:
        """Let the next poll come: seldom on an empty reader, but soon after a card was laid on it."""
        if await set_within(self._laid, self._timings.status_interval):
            await pause(self._timings.presence_interval)

    async def _look(self) -> None:
        """One poll: whether the module is well, or whether the card that was read is still there."""
        idle = asyncio.get_running_loop().time() - self._card_since >= _IDLE_SELECTION_S
        if self._card is _Card.NONE:
            await self._check_sam(Deadline.after(1))
        elif self._card is _Card.DONE or idle:
            if await self._still_there():
                self._show("polled")  # a card may be forgotten for long: the reader has said that it is well
            else:
                self._set_card(_Card.NONE)

    def _received(self, data: bytes) -> None:
        self._exchange.received(data)

    def _broken(self, error: DeviceError) -> None:
        self._exchange.broken(error)
        self._left.set()

    async def _ask(self, command: Command, deadline: Deadline) -> Reply:
        reply = await self._exchange.ask(command, deadline)
        if WORDS[reply.sw].meaning is Meaning.OUT_OF_SERVICE:
            self._sam_ok = False
            self._show("pushed")
        return reply

    async def _find_once(self, deadline: Deadline) -> bool:
        found = await self._ask(Command.FIND, deadline)
        meaning = WORDS[found.sw].meaning
        if meaning is Meaning.NO_CARD:
            return False
        if meaning is not Meaning.FOUND:
            _refuse(found)
        selected = await self._ask(Command.SELECT, deadline)
        if WORDS[selected.sw].meaning in (Meaning.SELECT_FAILED, Meaning.PLACE_AGAIN):
            return False
        _refuse(selected)
        if self._card is _Card.DONE or (self._card is _Card.SELECTED and selected.data != self._chip):
            self._set_card(_Card.NONE)  # laid there in place of the one before, between two polls
        self._chip = selected.data
        self._set_card(_Card.SELECTED)
        return True

    async def _still_there(self) -> bool:
        """Whether the card has stayed.

        One that was read can be selected, but is not found again before it has left (domain note, section 3): one
        that is found is another, or was taken away and laid back. One that nobody has read yet may have to be found
        before it can be selected again. A chip that says another number is another card.
        """
        deadline = Deadline.after(1)
        selected = await self._ask(Command.SELECT, deadline)
        if WORDS[selected.sw].meaning is not Meaning.OK:
            found = await self._ask(Command.FIND, deadline)
            if self._card is _Card.DONE or WORDS[found.sw].meaning is not Meaning.FOUND:
                return False
            selected = await self._ask(Command.SELECT, deadline)
        return WORDS[selected.sw].meaning is Meaning.OK and selected.data == self._chip

    async def _check_sam(self, deadline: Deadline) -> None:
        reply = await self._exchange.ask(Command.STATUS, deadline)
        self._sam_ok = WORDS[reply.sw].meaning is Meaning.OK
        self._show("polled")

    def _set_card(self, card: _Card) -> None:
        self._card = card
        self._card_since = asyncio.get_running_loop().time()
        if card is _Card.NONE:
            self._left.set()
            self._laid.clear()
        else:
            self._left.clear()
            self._laid.set()
        self._show("pushed")

    def _announce(self) -> None:
        self._show("polled")

    def _show(self, source: str) -> None:
        if not self._connected:
            return
        device = DeviceState.ONLINE if self._sam_ok else DeviceState.HARDWARE_ERROR
        media = Media.NOT_PRESENT if self._card is _Card.NONE else Media.PRESENT
        chip = {_Card.NONE: "noCard", _Card.SELECTED: "online", _Card.DONE: "poweredOff"}[self._card]
        module = "ok" if self._sam_ok else "inoperable"
        self._board.publish(device, _details(media, chip, module), source)

    def _away(self) -> Mapping[str, object]:
        return _details(Media.UNKNOWN, "unknown", "unknown")


def _details(media: Media, chip: str, module: str) -> Mapping[str, object]:
    return {
        "cardReader": {"media": media.value, "chipPower": chip, "chipModule": module},
        "residentIdReader": {"samModule": module},
    }


def _refuse(reply: Reply) -> None:
    """Raise what a status word other than success asks for (domain note, section 3, "UI action")."""
    word = WORDS[reply.sw]
    detail = f"{word.name}, {reply.sw:02X}"
    if word.meaning in (Meaning.OK, Meaning.FOUND):
        return
    if word.meaning in (Meaning.PLACE_AGAIN, Meaning.SELECT_FAILED):
        raise MediaMustBeRepresented(f"the card moved ({detail}); ask for it to be placed again")
    if word.meaning is Meaning.SECURITY:
        raise SecurityFailed(f"card and security module refuse each other ({detail})")
    if word.meaning is Meaning.NOT_RECOGNISED:
        raise MediaInvalid(f"the card is not recognised ({detail}); use another document")
    if word.meaning is Meaning.OUT_OF_SERVICE:
        raise SecurityFailed(f"the security module is out of service ({detail})", "samSelfTestFailed")
    raise HardwareFault("hardwareError", f"the reader reports a fault ({detail}); reset it")


def _who(answer: bytes) -> str | None:
    """The module answered its status question, however it stands."""
    replies = [reply for reply in Deframer().feed(answer) if isinstance(reply, Reply)]
    return f"SAM_V module, status {replies[0].sw:02X}" if replies else None


@driver("sam-v", Traits(Probe(encode(Command.STATUS), _who, BAUDS), SamVWire))
def _create(options: Options, clock: Clock) -> SamVReader:
    link = SerialLink(options.text("port"), options.integer("baud", BAUDS[0], 1200, 921600))
    return SamVReader(Channel(link, options.tap), clock, link if options.flag("probe", True) else None)
