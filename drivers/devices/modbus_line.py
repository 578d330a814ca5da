"""Questions to one Modbus slave, one after the other: repeated when an answer is lost, never mistaken."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from config.clock import Deadline
from drivers.errors import DeviceError, DeviceNotReady, HardwareFault, ProtocolError
from drivers.protocols.modbus_rtu import Answered, ExceptionCode, Receiver, Refused, Reply, Request
from drivers.transports.channel import Channel
from drivers.transports.waiting import Mailbox

_log = logging.getLogger("kiosk.devices.modbus")

REPEATS: Final = 2
"""A request is sent twice more. Every request here may be: it reads, or sets a value to what it shall be."""
LONGEST: Final = 4
"""An answer that has begun may take so many times the wait for its first byte."""
_WAITS: Final = frozenset({ExceptionCode.ACKNOWLEDGE, ExceptionCode.BUSY})


@dataclass(frozen=True, slots=True)
class Timings:
    """All that takes time, in seconds.

    ``reply`` is the slave's time for an answer. ``rest`` is the silence before a request: 3.5 characters of 9600 baud
    (MODBUS over Serial Line V1.02, 2.5.1.1).
    """

    reply: float = 0.4
    rest: float = 0.004
    poll: float = 0.2


class ModbusLine:
    """One slave on one line.

    RTU numbers no request, so a late answer looks like one to the next question of the same kind. Therefore after any
    request that was not answered at once the line is left alone for the length of a reply before the next one; and
    the board's driver asks only one range with each function code, so that even a stray answer is about the same
    points, a moment older.
    """

    def __init__(self, channel: Channel, timings: Timings) -> None:
        self._channel = channel
        self._timings = timings
        self._inbox: Mailbox[bytes] = Mailbox()
        self._lock = asyncio.Lock()
        self._stray = False

    def restart(self) -> None:
        """The line is open again."""
        self._inbox.clear()
        self._stray = False

    def broken(self, error: DeviceError) -> None:
        """The line is lost."""
        self._inbox.fail(error)

    def received(self, data: bytes) -> None:
        """Bytes came in."""
        self._inbox.put(data)

    async def ask(self, request: Request) -> tuple[int, ...]:
        """The values read, or nothing when it is written.

        Raise ``DeviceNotReady`` for silence, ``ProtocolError`` for garbage only, ``HardwareFault`` when the slave
        refuses, ``LinkLost``.
        """
        async with self._lock:
            reply = await self._repeated(request)
        if isinstance(reply, Refused):
            raise _refusal(request, reply.code)
        return reply.values

    async def _repeated(self, request: Request) -> Reply:
        noise = False
        refused: Refused | None = None
        for attempt in range(1 + REPEATS):
            await asyncio.sleep(self._timings.reply if self._stray else self._timings.rest)
            self._inbox.drain()
            self._stray = True
            receiver = Receiver(request)
            await self._channel.write(request.encode(), Deadline.after(self._timings.reply * 4))
            reply = await self._reply(receiver)
            noise = noise or receiver.heard
            if reply is None:
                continue
            self._stray = attempt > 0
            if isinstance(reply, Answered) or reply.code not in _WAITS:
                return reply
            refused = reply
        if refused is not None:
            return refused
        if noise:
            raise ProtocolError(
                "the board's line is disturbed; check its cable, its speed and its terminator"
            )
        raise DeviceNotReady("the board does not answer; check its power, its cable and its address")

    async def _reply(self, receiver: Receiver) -> Reply | None:
        """The reply; as long as bytes come it may take longer, but not for ever."""
        last = Deadline.after(LONGEST * self._timings.reply)
        patience = last.within(self._timings.reply)
        while (chunk := await self._inbox.get(patience)) is not None:
            if (reply := receiver.feed(chunk)) is not None:
                return reply
            patience = last.within(self._timings.reply)
        return None


def _refusal(request: Request, code: int) -> HardwareFault:
    known = {e.value: e for e in ExceptionCode}
    what = f"{request.function.name.lower().replace('_', ' ')} at {request.address}, {request.count} of them"
    word = known[code].name.lower().replace("_", " ") if code in known else f"exception {code}"
    fix = "the board is at fault; switch it off and on"
    if code in (ExceptionCode.ILLEGAL_FUNCTION, ExceptionCode.ILLEGAL_ADDRESS, ExceptionCode.ILLEGAL_VALUE):
        fix = "correct the board's profile by its manual"
    return HardwareFault("hardwareError", f"the board refuses to {what}: {word}; {fix}")
