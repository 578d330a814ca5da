"""What an ESC/POS printer says about itself: real-time answers, automatic status and answers in the queue.

Sources: the domain note, section 4.1, for DLE EOT 1 to 4; the command set's published reference for GS a
(automatic status back, four bytes) and GS r (transmit status). Fixed bits tell the families apart:

====================  =================  =========================================
family                fixed bits         length
====================  =================  =========================================
DLE EOT n             ``0xx1xx10``       1
ASB (GS a)            ``0xx1xx00``       4, the next three are ``0xx0xxxx``
GS r n                ``0xx0xxxx``       1
XON, XOFF             0x11, 0x13         1, not status at all
====================  =================  =========================================

Every value may be None: *unknown*. What could not be read is never "out" and never "online".
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, fields, replace
from typing import Final


class Query(enum.IntEnum):
    """The four real-time questions, DLE EOT n."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4


DLE_EOT: Final = b"\x10\x04"
GS_A_ALL: Final = b"\x1d\x61\x0e"
"""GS a 14: report online/offline, errors and paper whenever one of them changes (not the drawer pin)."""
GS_R_PAPER: Final = b"\x1d\x72\x01"
"""GS r 1: answered in turn with the print data, so its answer proves that everything before was processed."""


def ask(query: Query) -> bytes:
    """The request bytes of a real-time question."""
    return DLE_EOT + bytes((query,))


def is_realtime(byte: int) -> bool:
    """An answer to DLE EOT: ``(b & 0x93) == 0x12`` (domain note, section 4.1)."""
    return byte & 0x93 == 0x12


def is_asb_head(byte: int) -> bool:
    """The first byte of an automatic status report."""
    return byte & 0x93 == 0x10


def is_plain(byte: int) -> bool:
    """A later byte of an automatic status report, or an answer to GS r."""
    return byte & 0x90 == 0


@dataclass(frozen=True, slots=True)
class PrinterFacts:
    """What is known of the printer; None is unknown."""

    offline: bool | None = None
    waiting_recovery: bool | None = None
    cover_open: bool | None = None
    feeding: bool | None = None
    paper_stop: bool | None = None
    error: bool | None = None
    cutter_error: bool | None = None
    recoverable: bool | None = None
    unrecoverable: bool | None = None
    auto_recoverable: bool | None = None
    near_end: bool | None = None
    paper_end: bool | None = None

    def merged(self, other: PrinterFacts) -> PrinterFacts:
        """These facts, with those that ``other`` knows in their place."""
        known = {f.name: v for f in fields(other) if (v := getattr(other, f.name)) is not None}
        return replace(self, **known)

    @property
    def complete(self) -> bool:
        """Whether all four questions have been answered."""
        return None not in (self.offline, self.cover_open, self.cutter_error, self.paper_end)

    @property
    def offline_for_nothing(self) -> bool:
        """Whether it is off line and no cause that it could tell is one."""
        causes = (self.cover_open, self.feeding, self.paper_stop, self.error, self.paper_end)
        faults = (self.cutter_error, self.recoverable, self.unrecoverable, self.auto_recoverable)
        return bool(self.offline) and not any(causes) and not any(faults)


def realtime(query: Query, byte: int) -> PrinterFacts:
    """The facts in an answer to ``query``; nothing when the byte is no such answer."""
    if not is_realtime(byte):
        return PrinterFacts()
    if query is Query.PRINTER:
        return PrinterFacts(offline=bool(byte & 0x08), waiting_recovery=bool(byte & 0x20))
    if query is Query.OFFLINE_CAUSE:
        return PrinterFacts(
            cover_open=bool(byte & 0x04),
            feeding=bool(byte & 0x08),
            paper_stop=bool(byte & 0x20),
            error=bool(byte & 0x40),
        )
    if query is Query.ERROR_CAUSE:
        return PrinterFacts(
            recoverable=bool(byte & 0x04),
            cutter_error=bool(byte & 0x08),
            unrecoverable=bool(byte & 0x20),
            auto_recoverable=bool(byte & 0x40),
        )
    return PrinterFacts(near_end=_both(byte, 0x0C), paper_end=_both(byte, 0x60))


def _both(byte: int, mask: int) -> bool | None:
    """The paper sensors report in two equal bits; one alone is a torn byte and says nothing."""
    found = byte & mask
    return None if found not in (0, mask) else bool(found)


def automatic(report: bytes) -> PrinterFacts:
    """The facts in a four-byte automatic status report; nothing when it is torn."""
    if len(report) != 4 or not is_asb_head(report[0]) or not all(map(is_plain, report[1:])):
        return PrinterFacts()
    first, second, third = report[0], report[1], report[2]
    return PrinterFacts(
        offline=bool(first & 0x08),
        cover_open=bool(first & 0x20),
        feeding=bool(first & 0x40),
        waiting_recovery=bool(second & 0x01),
        recoverable=bool(second & 0x04),
        cutter_error=bool(second & 0x08),
        unrecoverable=bool(second & 0x20),
        auto_recoverable=bool(second & 0x40),
        error=bool(second & 0x6C),
        near_end=_both(third, 0x03),
        paper_end=_both(third, 0x0C),
    )


def queued_paper(byte: int) -> PrinterFacts:
    """The facts in an answer to GS r 1: bits 0 and 1 near end, bits 2 and 3 end."""
    if not is_plain(byte):
        return PrinterFacts()
    return PrinterFacts(near_end=_both(byte, 0x03), paper_end=_both(byte, 0x0C))
