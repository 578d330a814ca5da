"""Commands in our own serial frames and their replies: repeated under one SEQ, so that nothing is done twice.

Frames and rules: docs/dispenser-protocol.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from config.clock import Deadline
from drivers.errors import DeadlinePassed, DeviceError, DeviceNotReady, ProtocolError
from drivers.protocols.dispenser import (
    ACK,
    FIRST_SEQ,
    LAST_SEQ,
    NAK,
    BadFrame,
    Deframer,
    Frame,
    Heard,
    Signal,
    encode,
    next_seq,
)
from drivers.transports.channel import Channel
from drivers.transports.waiting import Mailbox

REPEATS: Final = 3
"""A frame is sent at most three times more, with the same SEQ."""


@dataclass(frozen=True, slots=True)
class FrameTimings:
    """What the frames themselves take, in seconds."""

    ack: float = 0.3  # the unit's 200 ms and the way
    gap: float = 0.2
    reply: float = 1.0


class FrameExchange:
    """One command at a time, which the caller sees to; what the unit says by itself comes through ``on_notice``.

    Args:
        label: the unit's name in messages.
        channel: the line.
        timings: the frames' waits.
        on_notice: takes the body of what the unit says by itself; a ``ProtocolError`` of it is logged.
        wait: seconds that the reply to a command may take.
    """

    def __init__(
        self,
        label: str,
        channel: Channel,
        timings: FrameTimings,
        on_notice: Callable[[str], None],
        wait: Callable[[str], float] | None = None,
    ) -> None:
        self._label = label
        self._log = logging.getLogger(f"kiosk.devices.{label}")
        self._channel = channel
        self._timings = timings
        self._on_notice = on_notice
        self._wait = wait or (lambda body: timings.reply)
        self._deframer = Deframer()
        self._inbox: Mailbox[Heard] = Mailbox()
        # The unit may still hold the reply to the last SEQ of a program before this one.
        self._seq = random.randint(FIRST_SEQ, LAST_SEQ)
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
        """Bytes came in."""
        self._heard_at = asyncio.get_running_loop().time()
        for heard in self._deframer.feed(data):
            if isinstance(heard, Frame) and heard.unsolicited:
                self._signal(ACK)
                self._note(heard.body)
            else:
                self._inbox.put(heard)

    async def command(self, body: str) -> str:
        """Send a command and return the body of its reply.

        The waits are the protocol's own: a caller's deadline must not end an exchange halfway. Raise
        ``DeviceNotReady`` when the unit stays silent, ``ProtocolError`` when it only sends garbage, and
        ``LinkLost``; after each of these a motion may or may not have happened.
        """
        self._seq = next_seq(self._seq)
        frame = encode(self._seq, body)
        wait = self._wait(body)
        torn = False
        for attempt in range(1 + REPEATS):
            if attempt:
                self._log.info("command %s sent again, attempt %d", body[:1], attempt + 1)
            self._inbox.drain()
            # A frame that goes out slowly is as good as lost so far: the unit takes its repeat for the same.
            with contextlib.suppress(DeadlinePassed):
                await self._channel.write(frame, Deadline.after(self._timings.reply))
            if await self._acknowledged(self._seq):
                reply, spoilt = await self._reply(self._seq, wait)
                if reply is not None:
                    return reply
                torn = torn or spoilt
        if torn:
            raise ProtocolError(f"{self._label}: the line is disturbed; check the cable")
        raise DeviceNotReady(f"{self._label} does not answer; check its power and cable")

    async def _acknowledged(self, seq: int) -> bool:
        """Whether the unit took the frame; its reply says so as well, and is kept."""
        patience = Deadline.after(self._timings.ack)
        while (heard := await self._inbox.get(patience)) is not None:
            if heard is Signal.ACK:
                return True
            if heard is Signal.NAK:
                return False
            if isinstance(heard, Frame) and heard.seq == seq:
                self._inbox.put(heard)
                return True
        return False

    async def _reply(self, seq: int, wait: float) -> tuple[str | None, bool]:
        """The reply to ``seq``, or None when it did not come; and whether something torn came instead."""
        patience = Deadline.after(wait)
        torn = False
        while not patience.passed:
            heard = await self._inbox.get(patience.within(self._timings.gap))
            if heard is None and self._deframer.pending and self._stopped():
                # A frame that stops in the middle is a bad one; one that only comes slowly is not.
                self._deframer.reset()
                heard = BadFrame("gap")
            if isinstance(heard, BadFrame):
                torn = True
                self._signal(NAK)
            elif isinstance(heard, Frame):
                self._signal(ACK)
                if heard.seq == seq:
                    return heard.body, torn
                self._log.info("a late reply to another command is passed over")
        return None, torn

    def _stopped(self) -> bool:
        return asyncio.get_running_loop().time() - self._heard_at >= self._timings.gap

    def _note(self, body: str) -> None:
        try:
            self._on_notice(body)
        except ProtocolError as error:
            self._log.warning("%s", error)

    def _signal(self, byte: int) -> None:
        """Answer a frame; the line's worker sends it behind what is already going out."""
        task = asyncio.get_running_loop().create_task(self._send_signal(byte))
        self._signals.add(task)
        task.add_done_callback(self._signals.discard)

    async def _send_signal(self, byte: int) -> None:
        try:
            await self._channel.write(bytes((byte,)), Deadline.after(self._timings.reply))
        except DeviceError as error:
            self._log.debug("no answer to a frame: %s", error)
