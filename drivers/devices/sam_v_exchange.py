"""Questions to a SAM_V module: sent again on a bad check, never answered by a late reply."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Final

from config.clock import Deadline
from drivers.errors import DeadlinePassed, DeviceError, DeviceNotReady, ReadFailed
from drivers.protocols.sam_v import BadFrame, Command, Deframer, Reply, encode
from drivers.protocols.sam_v_words import WORDS, Meaning, answers
from drivers.transports.channel import Channel
from drivers.transports.waiting import Mailbox

_log = logging.getLogger("kiosk.devices.idReader")

RESENDS: Final = 2
"""After a bad check the request is sent at most twice more (domain note, section 3)."""

_WAITS: Final = {
    Command.STATUS: 0.3,
    Command.RESET: 1.0,
    Command.SAM_ID: 0.3,
    Command.FIND: 0.3,
    Command.SELECT: 0.3,
    Command.READ_BASE: 4.5,
}
"""Seconds a module is given for each command in the field (domain note, section 3). For text and photo that is 2.0 s;
1.4 s more is what their 1295 bytes take at 9600 baud, and for a second the machine itself may stand still: a card
whose answer is given up has to be laid on the reader again."""


@dataclass(frozen=True, slots=True)
class Timings:
    """All that takes time, in seconds."""

    waits: dict[Command, float] = field(default_factory=lambda: dict(_WAITS))
    find_interval: float = 0.3
    presence_interval: float = 0.4
    status_interval: float = 2.0
    quiet: float = 0.05


class Exchange:
    """Asks the module; one question at a time, which the caller sees to."""

    def __init__(self, channel: Channel, timings: Timings) -> None:
        self._channel = channel
        self._timings = timings
        self._deframer = Deframer()
        self._inbox: Mailbox[Reply | BadFrame] = Mailbox()

    def received(self, data: bytes) -> None:
        """Bytes came in."""
        for frame in self._deframer.feed(data):
            self._inbox.put(frame)

    def broken(self, error: DeviceError) -> None:
        """The line is lost."""
        self._inbox.fail(error)

    def restart(self) -> None:
        """The line is open again."""
        self._deframer.reset()
        self._inbox.clear()

    async def ask(self, command: Command, deadline: Deadline) -> Reply:
        """The reply to ``command``.

        Raise ``DeadlinePassed``; ``DeviceNotReady`` when the module stays silent; ``ReadFailed`` when all it
        sends is torn; ``LinkLost``.
        """
        torn = silent = 0
        while True:
            reply = await self._once(command, deadline)
            if isinstance(reply, Reply):
                if WORDS[reply.sw].meaning is not Meaning.RETRY or torn >= RESENDS:
                    return reply
                torn += 1
            elif deadline.passed:
                raise DeadlinePassed("the ID card reader did not answer in time")
            elif reply is None:
                silent += 1
                if command is not Command.SAM_ID or silent > RESENDS:
                    raise DeviceNotReady("the ID card reader is silent; check its cable and power")
            else:
                torn += 1
                _log.info("%s: %s, attempt %d", command.name, reply.reason, torn)
                if torn > RESENDS:
                    raise ReadFailed("the ID card reader's line is disturbed; check its cable")
                await self._quiet(deadline)

    async def _once(self, command: Command, deadline: Deadline) -> Reply | BadFrame | None:
        """Send once; the fitting reply, what was torn, or None for silence."""
        self._deframer.reset()
        self._inbox.drain()
        await self._channel.write(encode(command), deadline)
        patience = deadline.within(self._timings.waits[command])
        while True:
            frame = await self._inbox.get(patience)
            if frame is None:
                return BadFrame("torn") if self._deframer.pending > len(b"\xaa" * 4) else None
            if isinstance(frame, BadFrame) or answers(command, frame):
                return frame
            _log.debug("a late answer %02x is not one to %s", frame.sw, command.name)

    async def _quiet(self, deadline: Deadline) -> None:
        """Let the rest of a torn reply pass."""
        while await self._inbox.get(deadline.within(self._timings.quiet)) is not None:
            pass
