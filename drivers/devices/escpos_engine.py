"""Keeps asking an ESC/POS printer how it is, and believes only what certainly answers the question asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Final

from config.clock import Deadline
from drivers.errors import DeadlinePassed, DeviceError
from drivers.protocols.escpos_echo import EchoFilter, EchoMode
from drivers.protocols.escpos_listener import Answer, Listener, Processed, Pushed
from drivers.protocols.escpos_status import GS_R_PAPER, PrinterFacts, Query, ask, realtime
from drivers.transports.channel import Channel
from drivers.transports.serial import LINE_BITS
from drivers.transports.waiting import Mailbox, set_within

MISSES: Final = 2
"""Looks in a row that a printer leaves without any answer before it counts as lost."""


@dataclass(frozen=True, slots=True)
class Timings:
    """All that takes time, in seconds.

    A printer answers within some milliseconds, but a box between it and the network, or a busy machine, may hold the
    answer up for a second: ``answer`` is longer than that. ``late`` is how long after it an answer may still come,
    ``stall`` how long one that tells nothing of what is asked is asked again, ``recovery`` how long one that is told to
    recover may take to be over its error.
    """

    answer: float = 2.0
    late: float = 2.0
    poll: float = 2.0
    look: float = 0.5
    stall: float = 8.0
    recovery: float = 5.0


_WORSE: Final = frozenset(
    {"offline", "cover_open", "error", "cutter_error", "recoverable", "unrecoverable", "paper_end"}
)
_UNKNOWN: Final = {
    query: {f.name: None for f in fields(PrinterFacts) if getattr(realtime(query, 0x12), f.name) is not None}
    for query in Query
}
"""What is no longer known when a question stays unanswered."""


class StatusEngine:
    """The back channel of one printer.

    Args:
        channel: the line.
        timings: seconds.
        changed: called when a pushed report brought news.
        baud: speed of a serial line, None for any other.
    """

    def __init__(
        self, channel: Channel, timings: Timings, changed: Callable[[], None], baud: int | None = None
    ) -> None:
        self._channel = channel
        self._timings = timings
        self._changed = changed
        self._baud = baud
        self._restart()

    def _restart(self) -> None:
        self.facts = PrinterFacts()
        self.automatic = False
        """Whether the printer reports by itself."""
        self.processed = 0
        """Answers to GS r since the last ``forget_marks``."""
        self._echo = EchoFilter()
        self._listener = Listener()
        self._answers: Mailbox[Answer] = Mailbox()
        self._stir = asyncio.Event()
        self._heard_at = 0.0
        self._given_up_at = 0.0
        self._out_at = 0.0
        self._broken: DeviceError | None = None

    def restart(self) -> None:
        """A fresh connection: nothing is known."""
        self._restart()

    @property
    def echoing(self) -> bool:
        """Whether the line sends our own bytes back."""
        return self._echo.mode is EchoMode.ECHOING

    @property
    def marks(self) -> int:
        """GS r questions not answered yet."""
        return self._listener.marks

    @property
    def line_s(self) -> float:
        """Seconds until all that was sent has gone over a serial line; the kernel takes it at once, and holds it."""
        return max(0.0, self._out_at - asyncio.get_running_loop().time())

    def broken(self, error: DeviceError) -> None:
        """The line is lost."""
        self._broken = error
        self._answers.fail(error)
        self._stir.set()

    def received(self, data: bytes) -> None:
        """Bytes came in."""
        self._heard_at = asyncio.get_running_loop().time()
        news = False
        for heard in self._listener.feed(self._echo.feed(data)):
            if isinstance(heard, Answer):
                self._answers.put(heard)
            elif isinstance(heard, Pushed):
                self.automatic = True
                news = news or heard.facts != PrinterFacts()
                self.facts = self.facts.merged(heard.facts)
            elif isinstance(heard, Processed):
                self.processed += 1
                self.facts = self.facts.merged(heard.facts)
        self._stir.set()
        if news:
            self._changed()

    async def send(self, data: bytes, deadline: Deadline, *, marks: int = 0) -> None:
        """Send bytes that hold ``marks`` questions GS r."""
        self._echo.sent(data)
        for _ in range(marks):
            self._listener.marked()
        if self._baud:
            now = asyncio.get_running_loop().time()
            self._out_at = max(now, self._out_at) + len(data) * LINE_BITS / self._baud
        await self._channel.write(data, deadline)

    async def mark(self, deadline: Deadline) -> None:
        """Ask to be told when everything sent so far has been processed."""
        await self.send(GS_R_PAPER, deadline, marks=1)

    def forget_marks(self) -> None:
        """What was sent has been thrown away: do not wait for it any more."""
        self._listener.give_up_marks()
        self.processed = 0

    async def stirred(self, seconds: float, deadline: Deadline) -> bool:
        """Wait until anything comes in, at most ``seconds``; raise when the line is lost."""
        if self._broken is not None:
            raise self._broken
        self._stir.clear()
        heard = await set_within(self._stir, deadline.within(seconds).remaining)
        if self._broken is not None:
            raise self._broken
        return heard

    async def hushed(self, deadline: Deadline) -> None:
        """Wait until nothing has come for longer than any answer takes; raise ``DeadlinePassed`` or ``LinkLost``."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while (left := max(self._heard_at, begun) + self._timings.late - loop.time()) > 0:
            if deadline.passed:
                raise DeadlinePassed("the printer is still busy with an earlier job")
            await self.stirred(left, deadline)

    async def query(self, query: Query, deadline: Deadline) -> PrinterFacts | None:
        """The answer to one real-time question, None when none came in time."""
        if self._listener.in_doubt:
            await self._settle(deadline)
            if not await self._in_step(deadline):
                return None
        return await self._asked(query, deadline)

    async def refresh(self, deadline: Deadline) -> PrinterFacts:
        """Ask all four questions; what is not answered becomes unknown.

        The answers are of four moments: "off line" for a reason that had gone when that was asked for is asked again.
        """
        facts = await self._round(deadline)
        return await self._round(deadline) if facts.complete and facts.offline_for_nothing else facts

    async def looked(self, deadline: Deadline) -> PrinterFacts:
        """How the printer is, asked until it has answered all four questions, at most ``Timings.stall``.

        One answer lost, or late, is worth no job and no printer; one that says nothing at all is soon given up.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._timings.stall
        misses = 0
        while True:
            begun = loop.time()
            facts = await self.refresh(deadline)
            misses = 0 if self._heard_at >= begun else misses + 1
            if facts.complete or misses >= MISSES or loop.time() >= until:
                return facts

    async def _round(self, deadline: Deadline) -> PrinterFacts:
        """Each answer is one unprotected byte, so one that is worse than what was known is asked for twice."""
        for query in Query:
            heard = await self.query(query, deadline)
            if heard is not None and self._is_worse(heard) and await self.query(query, deadline) != heard:
                heard = None
            # One at a time, so that a report pushed in between is not overwritten by an older answer.
            self.facts = self.facts.merged(heard) if heard else replace(self.facts, **_UNKNOWN[query])
            if heard is None and query is Query.PRINTER:
                self.facts = PrinterFacts()  # silent: the others would only take their time as well
                break
        return self.facts

    async def _asked(self, query: Query, deadline: Deadline) -> PrinterFacts | None:
        self._answers.drain()
        self._listener.asked(query)
        heard = None
        try:
            await self.send(ask(query), deadline)
            heard = await self._answers.get(deadline.within(self.line_s + self._timings.answer))
        finally:
            if heard is None:  # or cancelled: no late answer may be believed
                self._listener.give_up()
                self._given_up_at = asyncio.get_running_loop().time()
        return None if heard is None else heard.facts

    def _is_worse(self, heard: PrinterFacts) -> bool:
        return any(getattr(heard, name) and not getattr(self.facts, name) for name in _WORSE)

    async def _settle(self, deadline: Deadline) -> None:
        """After an answer was given up, wait until the line has been quiet for longer than any answer."""
        loop = asyncio.get_running_loop()
        limit = loop.time() + 2 * self._timings.late
        while self._listener.in_doubt and self._broken is None:
            left = max(self._heard_at, self._given_up_at) + self._timings.late - loop.time()
            if left <= 0:
                self._listener.settled()
                self._echo.quiet()
            elif loop.time() >= limit or deadline.passed:
                return  # it babbles, or nobody waits any more; nothing it says is believed
            else:
                self._stir.clear()
                await set_within(self._stir, deadline.within(left).remaining)

    async def _in_step(self, deadline: Deadline) -> bool:
        """Whether one question brings one answer.

        What was given up may have been held up for longer than anybody waits. It then comes together with the
        answer to this question, and each would be taken for that of the question before it.
        """
        strays = self._listener.strays
        if await self._asked(Query.PRINTER, deadline) is None:
            return False
        until = asyncio.get_running_loop().time() + self._timings.look
        while self._listener.strays == strays:
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                return True
            await self.stirred(left, deadline)
        self._listener.doubt()
        self._given_up_at = asyncio.get_running_loop().time()
        return False


def code_of(error: DeviceError) -> str:
    """The error code of a job that this stopped."""
    return "timeOut" if isinstance(error, DeadlinePassed) else error.code or "deviceOffline"
