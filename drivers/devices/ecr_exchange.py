"""Questions to the POS and their replies: frames repeated under one SEQ until acknowledged, replies waited for.

A question is repeated only while the POS has not acknowledged it, and the POS takes the same SEQ and reference
for the same. Once it is acknowledged nothing is ever sent again: what became of it is asked by ``query``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from config.clock import Deadline
from drivers.errors import DeadlinePassed, DeviceError, DeviceNotReady, LinkLost, ProtocolError
from drivers.protocols.ecr import ACK, NAK, BadFrame, Deframer, Frame, Heard, Signal, encode
from drivers.protocols.ecr_messages import (
    LAST_SEQ,
    Class,
    Dialect,
    Message,
    decode_message,
    encode_message,
    next_seq,
)
from drivers.transports.channel import Channel
from drivers.transports.waiting import Mailbox

_log = logging.getLogger("kiosk.devices.paymentTerminal")

REPEATS: Final = 3
"""A frame is sent at most three times more."""


@dataclass(frozen=True, slots=True)
class Timings:
    """All that takes time, in seconds (docs/pos-ecr.md, section "Timers").

    ``ack``: until the POS acknowledges a frame; ``gap``: silence in the middle of one; ``answer``: for the reply
    to a question that no person and no bank is asked for; ``silence``: how long a working POS may say nothing
    (it gives a sign of life every 5 s); ``sign_in``: how long the bank may take to open a batch before the POS is here
    without, well below the supervisor's limit for connecting; ``wind_down``: kept back from a caller's limit for
    giving up in order.
    """

    ack: float = 1.0
    gap: float = 0.2
    answer: float = 3.0
    silence: float = 15.0
    sign_in: float = 5.0
    wind_down: float = 2.0
    again: float = 1.0
    poll: float = 5.0


class PosExchange:
    """One question at a time, which the caller sees to; notices come through ``on_notice``."""

    def __init__(
        self, channel: Channel, dialect: Dialect, timings: Timings, on_notice: Callable[[Message], None]
    ) -> None:
        self._channel = channel
        self._dialect = dialect
        self._timings = timings
        self._on_notice = on_notice
        self._deframer = Deframer()
        self._inbox: Mailbox[Message | BadFrame | Signal] = Mailbox()
        self._seq = random.randint(0, LAST_SEQ)
        self._signals: set[asyncio.Task[None]] = set()
        self._heard_at = 0.0

    def restart(self) -> None:
        """The line is open again."""
        self._deframer.reset()
        self._inbox.clear()

    def broken(self, error: DeviceError) -> None:
        """The line is lost."""
        self._inbox.fail(error)

    def received(self, data: bytes) -> None:
        """Bytes came in: every good frame is acknowledged at once, whoever waits for it."""
        self._heard_at = asyncio.get_running_loop().time()
        self._take(self._deframer.feed(data))

    def _take(self, found: list[Heard]) -> None:
        for heard in found:
            if not isinstance(heard, Frame):
                self._inbox.put(heard)
                continue
            self._signal(ACK)
            try:
                message = decode_message(self._dialect, heard.data)
            except ProtocolError as error:
                _log.warning("%s", error)
                continue
            if message.what is Class.NOTICE:
                self._on_notice(message)
            self._inbox.put(message)

    async def ask(
        self, kind: str, values: Mapping[str, str] | None = None, quiet: float | None = None
    ) -> Message:
        """Send a question and return its reply; ``quiet`` is how long the POS may be silent meanwhile.

        Raise ``DeviceNotReady`` when it stays silent, ``ProtocolError`` when it only sends garbage, and
        ``LinkLost``. After each of these the question may or may not have been obeyed.
        """
        self._seq = next_seq(self._seq)
        message = Message(kind, self._seq, values or {})
        _log.debug("question %s %03d", kind, message.seq)
        await self._deliver(encode(encode_message(self._dialect, message)), message)
        return await self._reply(message, self._timings.answer if quiet is None else quiet)

    async def tell(self, kind: str) -> None:
        """Send a question without waiting for anything; its reply is passed over."""
        self._seq = next_seq(self._seq)
        frame = encode(encode_message(self._dialect, Message(kind, self._seq)))
        await self._channel.write(frame, Deadline.after(self._timings.answer))

    async def _deliver(self, frame: bytes, message: Message) -> None:
        """Send until it is acknowledged."""
        refused = False
        self._inbox.drain()
        for attempt in range(1 + REPEATS):
            if attempt:
                _log.info("question %s %03d sent again, attempt %d", message.kind, message.seq, attempt + 1)
            with contextlib.suppress(DeadlinePassed):
                await self._channel.write(frame, Deadline.after(self._timings.answer))
            answered = await self._acknowledged(message)
            if answered:
                return
            refused = refused or answered is False
        if refused:
            raise ProtocolError("the POS refuses what it is sent; check its cable and its profile")
        raise DeviceNotReady("the POS does not answer; check its power and cable")

    async def _acknowledged(self, message: Message) -> bool | None:
        """True for ACK, or for the reply itself, which is kept; False for NAK; None for silence."""
        patience = Deadline.after(self._timings.ack)
        while (heard := await self._inbox.get(patience)) is not None:
            if heard is Signal.ACK:
                return True
            if heard is Signal.NAK:
                return False
            if isinstance(heard, Message) and heard.seq == message.seq and heard.what is not Class.QUESTION:
                self._inbox.put(heard)
                return True
        return None

    async def _reply(self, message: Message, quiet: float) -> Message:
        patience = Deadline.after(quiet)
        torn = 0
        while not patience.passed:
            heard = await self._inbox.get(patience.within(self._timings.gap))
            if heard is None and self._deframer.pending and self._stopped():
                # A frame that stops in the middle is a bad one; one that only comes slowly is not.
                self._take(self._deframer.give_up())
            elif isinstance(heard, BadFrame):
                torn += 1
                self._signal(NAK)
                if torn <= REPEATS:  # the POS sends it again at once, however little time was left
                    patience = Deadline.after(max(patience.remaining or 0.0, self._timings.ack))
            elif isinstance(heard, Message):
                if heard.what is Class.REPLY and (heard.kind, heard.seq) == (message.kind, message.seq):
                    return heard
                if heard.what is Class.NOTICE and heard.seq == message.seq:
                    patience = Deadline.after(quiet)
                else:
                    _log.info("a late %s %03d is passed over", heard.plan, heard.seq)
        if torn:
            raise ProtocolError("the POS's line is disturbed; check its cable")
        raise LinkLost(f"the POS took the {message.kind} and said nothing more")

    def _stopped(self) -> bool:
        return asyncio.get_running_loop().time() - self._heard_at >= self._timings.gap

    def _signal(self, byte: int) -> None:
        """Answer a frame; the line's worker sends it behind what is already going out."""
        task = asyncio.get_running_loop().create_task(self._send_signal(byte))
        self._signals.add(task)
        task.add_done_callback(self._signals.discard)

    async def _send_signal(self, byte: int) -> None:
        try:
            await self._channel.write(bytes((byte,)), Deadline.after(self._timings.answer))
        except DeviceError as error:
            _log.debug("no answer to a frame: %s", error)
