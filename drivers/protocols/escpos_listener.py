"""Gives each byte an ESC/POS printer sends to the question it answers, late answers included.

The answers to DLE EOT 1 to 4 look alike; only their order tells which is which. So questions are kept in
order until answered. When one was given up, its answer may still come: until the line has been quiet the
listener is *in doubt* and believes no real-time answer at all. An automatic report names itself and is
always believed when whole.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from drivers.protocols.escpos_status import (
    PrinterFacts,
    Query,
    automatic,
    is_asb_head,
    is_plain,
    is_realtime,
    queued_paper,
    realtime,
)

_FLOW_CONTROL: Final = (0x11, 0x13)
"""XON and XOFF: the driver does its own pacing and these are no status."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A real-time answer to the oldest open question."""

    query: Query
    facts: PrinterFacts


@dataclass(frozen=True, slots=True)
class Pushed:
    """An automatic status report."""

    facts: PrinterFacts


@dataclass(frozen=True, slots=True)
class Processed:
    """An answer to GS r: all data sent before that question has been processed."""

    facts: PrinterFacts


Heard = Answer | Pushed | Processed


class Listener:
    """The state of one printer's back channel; not thread-safe, lives on the loop."""

    def __init__(self) -> None:
        self._open: deque[Query] = deque()
        self._marks = 0
        self._doubt = False
        self._report = bytearray()
        self.strays = 0
        """Real-time answers that no question was open for."""

    @property
    def in_doubt(self) -> bool:
        """Whether an answer may be outstanding that nobody waits for any more."""
        return self._doubt

    @property
    def marks(self) -> int:
        """GS r questions not answered yet."""
        return self._marks

    def asked(self, query: Query) -> None:
        """A real-time question has been sent."""
        self._open.append(query)

    def marked(self) -> None:
        """A GS r question has been sent behind print data."""
        self._marks += 1

    def give_up(self) -> None:
        """An answer did not come in time: forget all questions, believe no answer until ``settled``."""
        self._doubt = bool(self._open) or self._doubt
        self._open.clear()

    def doubt(self) -> None:
        """An answer came that nobody asked for: believe none until ``settled``."""
        self._doubt = True

    def give_up_marks(self) -> None:
        """The answers to GS r are no longer awaited, as the print data was thrown away."""
        self._marks = 0

    def settled(self) -> None:
        """The line has been quiet for longer than any answer takes: nothing old can come any more."""
        self._doubt = False
        self._report.clear()

    def feed(self, chunk: bytes) -> list[Heard]:
        """What ``chunk`` says, in order; bytes that say nothing are dropped."""
        return [heard for byte in chunk if byte not in _FLOW_CONTROL for heard in self._byte(byte)]

    def _byte(self, byte: int) -> Iterator[Heard]:
        if is_realtime(byte):
            # May be sent between the bytes of a report, and does not break it.
            yield from self._realtime(byte)
        elif is_asb_head(byte):
            self._report[:] = bytes((byte,))
        elif not is_plain(byte):
            self._report.clear()
        elif self._report:
            yield from self._more_report(byte)
        elif self._marks:
            yield from self._queued(byte)

    def _more_report(self, byte: int) -> Iterator[Heard]:
        self._report.append(byte)
        if len(self._report) == 4:
            facts = automatic(bytes(self._report))
            self._report.clear()
            yield Pushed(facts)

    def _realtime(self, byte: int) -> Iterator[Heard]:
        if self._doubt:
            return
        if not self._open:
            self.strays += 1
            return
        query = self._open.popleft()
        yield Answer(query, realtime(query, byte))

    def _queued(self, byte: int) -> Iterator[Heard]:
        facts = queued_paper(byte)
        if facts.paper_end is not None:
            self._marks -= 1
            yield Processed(facts)
