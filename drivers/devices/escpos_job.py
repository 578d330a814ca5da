"""One receipt on an ESC/POS printer: paced out in bands, proven by the printer, never left half-known.

Behind each band goes a question that the printer answers in turn (GS r 1), so its answers say how far it
has come: no buffer overflows, and the answer behind the cut is the proof of print. A job that fails is
thrown out of the printer's buffers, so that it does not come out for the next person.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from config.clock import Deadline
from drivers.devices.escpos_engine import StatusEngine, Timings, code_of
from drivers.devices.escpos_profile import CLEAR, RECOVER, Profile
from drivers.errors import DeadlinePassed, DeviceError
from drivers.ports import PrintOutcome, PrintResult
from drivers.protocols.escpos_raster import BAND_HEAD, DOTS_PER_MM, Band
from drivers.protocols.escpos_status import GS_R_PAPER
from drivers.protocols.escpos_terms import fault
from drivers.transports.serial import LINE_BITS

_log = logging.getLogger("kiosk.devices.receiptPrinter")


_MARK: Final = len(GS_R_PAPER) + 1
"""Room that a question in turn takes in the printer's buffer, its note of it included."""
_LOST: Final = 4
"""Answers in turn that a line may lose; a printer that leaves out more does not give them."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """How fast a printer takes data.

    Args:
        buffer_bytes: what may be under way without its answer; models have 4 KiB and more.
        mm_per_s: paper speed, for printers that do not answer in turn.
        by_answers: whether the printer answers GS r; otherwise time paces, and proof is what its
            real-time status says once the paper must have passed.
        baud: speed of a serial line, None for any other. Where time paces it may be what takes longest: a
            question behind bytes that still wait to go out is answered too late.
    """

    buffer_bytes: int = 4096
    mm_per_s: float = 150.0
    by_answers: bool = True
    baud: int | None = None

    def seconds(self, size: int, rows: int) -> float:
        """How long a piece of ``size`` bytes and ``rows`` rows of paper takes, on the line or past the head."""
        on_line = size * LINE_BITS / self.baud if self.baud else 0.0
        return max(on_line, rows / (DOTS_PER_MM * self.mm_per_s))

    def room(self, profile: Profile) -> int:
        """Bytes that one piece may have: the cut is sent without looking, and a question follows each piece."""
        return self.buffer_bytes - len(profile.cut) - 2 * _MARK

    def rows(self, profile: Profile) -> int:
        """Rows of a band that fits into the buffer whatever is on it, one at least."""
        return max(1, (self.room(profile) - BAND_HEAD) // -(-profile.dots // 8))


class _Failed(Exception):
    """The job cannot go on; ``code`` is the error code, None when only time ran out."""

    def __init__(self, code: str | None) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class _Progress:
    """What is known while a job runs."""

    bands: int
    cut_first: bool = False
    pieces: int = 0  # begun to be sent: the opening and the bands
    sent: int = 0
    rows: int = 0
    cut: bool = False
    all_sent: bool = False
    under_way: list[int] = field(default_factory=list)  # bytes sent before each open mark


class ReceiptJob:
    """Prints once; make a new one for each receipt."""

    def __init__(self, engine: StatusEngine, profile: Profile, pacing: Pacing, timings: Timings) -> None:
        self._engine = engine
        self._profile = profile
        self._pacing = pacing
        self._timings = timings
        self._room = pacing.room(profile) + _MARK
        self.remnant = False
        """After ``run``: whether printed paper was left hanging out, to be cut off before the next job."""

    async def run(
        self, bands: list[Band], deadline: Deadline, *, cut_first: bool, ending: bytes
    ) -> PrintResult:
        """Print; the outcome says what certainly happened, and never raises for the printer's faults.

        ``cut_first`` cuts off what an earlier job left hanging out; ``ending`` is the cut of this one.
        """
        progress = _Progress(len(bands), cut_first)
        self._engine.forget_marks()
        try:
            await self._open(progress, deadline)
            await self._bands(bands, progress, deadline)
            await self._engine.send(ending, deadline)
            progress.all_sent = True
            progress.cut = bool(ending)
            await self._proof(progress, deadline)
        except _Failed as failed:
            return await self._spoilt(progress, failed.code)
        except DeviceError as error:
            return await self._spoilt(progress, code_of(error))
        except asyncio.CancelledError:
            self.remnant = True
            await asyncio.shield(self._throw_away())
            raise
        return PrintResult(PrintOutcome.PRINTED, None, 1, self._evidence(progress))

    async def _open(self, progress: _Progress, deadline: Deadline) -> None:
        """Bring the printer to its settings, and cut off what hangs out.

        A model without ``CLEAR`` prints the rest of the earlier job first and answers its questions: those answers
        are waited for, or they would be taken for proof of this one.
        """
        if not progress.cut_first:
            await self._put(self._profile.start, 0, progress, deadline)
            return
        progress.pieces += 1
        await self._engine.send(self._profile.start + self._profile.cut, deadline)
        await self._engine.hushed(deadline)

    async def _bands(self, bands: Iterable[Band], progress: _Progress, deadline: Deadline) -> None:
        for band in bands:
            await self._put(band.data, band.rows, progress, deadline)
            progress.sent += 1
            progress.rows += band.rows

    async def _put(self, data: bytes, rows: int, progress: _Progress, deadline: Deadline) -> None:
        """Send one piece when the printer has room for it."""
        if not self._pacing.by_answers:
            progress.pieces += 1
            await self._engine.send(data, deadline)
            await self._rest(self._pacing.seconds(len(data), rows), deadline)
            await self._well(deadline)  # what it does not report is seen only so, and it takes no more then
            return
        size = len(data) + _MARK
        while progress.under_way and sum(progress.under_way) + size > self._room:
            await self._answer(progress, deadline)
        progress.pieces += 1
        await self._engine.send(data, deadline)
        await self._engine.mark(deadline)
        progress.under_way.append(size)
        await self._check(deadline)

    async def _proof(self, progress: _Progress, deadline: Deadline) -> None:
        """Wait until the cut is behind us, then ask once more how the printer is."""
        if self._pacing.by_answers:
            await self._engine.mark(deadline)
            progress.under_way.append(0)
            while progress.under_way:
                await self._answer(progress, deadline)
        else:
            await self._rest(self._timings.look, deadline)
        facts = await self._engine.looked(deadline)
        if facts.paper_end or facts.cutter_error or not facts.complete:
            raise _Failed(fault(facts))

    async def _answer(self, progress: _Progress, deadline: Deadline) -> None:
        """Wait for the next answers in turn; look at the printer when they stay away."""
        loop = asyncio.get_running_loop()
        waiting_since = loop.time()
        while not self._engine.processed:
            await self._check(deadline)
            if deadline.passed:
                raise DeadlinePassed("the printer did not finish in time")
            if await self._engine.stirred(self._engine.line_s + self._timings.look, deadline):
                continue
            await self._engine.refresh(deadline)
            await self._check(deadline)
            stalled = loop.time() - waiting_since > self._engine.line_s + self._timings.stall
            if stalled and not self._engine.processed:
                if await self._asked_again(len(progress.under_way), deadline):
                    progress.under_way.clear()
                    return
                _log.warning("no answer to GS r; a model without it needs proof = 'real-time'")
                raise _Failed("deviceOffline")
        done, self._engine.processed = self._engine.processed, 0
        del progress.under_way[:done]

    async def _asked_again(self, unanswered: int, deadline: Deadline) -> bool:
        """Whether the printer has done all that was sent, though answers in turn have not come.

        Some may be lost, or still to come. With one question more than those, as many answers hold one to a question
        asked now, and that is behind everything.
        """
        if unanswered > _LOST:
            return False
        wanted = unanswered + 1
        for _ in range(wanted):
            await self._engine.mark(deadline)
        loop = asyncio.get_running_loop()
        until = loop.time() + self._engine.line_s + self._timings.answer
        while self._engine.processed < wanted:
            if not await self._engine.stirred(until - loop.time(), deadline):
                return False
        while await self._engine.stirred(self._timings.look, deadline):
            pass  # nothing is printed between those questions, so the other answers come at once
        self._engine.forget_marks()
        return True

    async def _rest(self, seconds: float, deadline: Deadline) -> None:
        """Let paper move for ``seconds``, looking at the reports that come in meanwhile."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0:
            if deadline.passed:
                raise DeadlinePassed("the printer did not finish in time")
            await self._engine.stirred(left, deadline)
            await self._check(deadline)

    async def _check(self, deadline: Deadline) -> None:
        """Fail when the printer has a fault. One byte of noise looks like one, so it is asked first.

        One that has told a fault and then not whether it still has it gets no more of the slip.
        """
        if fault(self._engine.facts) is not None:
            await self._well(deadline)

    async def _well(self, deadline: Deadline) -> None:
        """Ask how the printer is, and fail when it is not well."""
        facts = await self._engine.looked(deadline)
        code = fault(facts) if facts.complete else fault(facts) or "deviceOffline"
        if code is not None:
            raise _Failed(code)

    async def _spoilt(self, progress: _Progress, code: str | None) -> PrintResult:
        """What a job that stopped comes to: not printed, unless all of it may have come out."""
        await self._throw_away()
        begun = progress.pieces > 1
        self.remnant = begun or progress.cut_first  # whether that was cut off is not known
        # The mark behind the cut is the last one: with only that one open, all bands are on the paper.
        drawn = progress.all_sent and (not self._pacing.by_answers or len(progress.under_way) <= 1)
        # Without the cut the whole print may hang from the printer all the same, and be taken.
        handed_over = progress.pieces > progress.bands
        doubtful = drawn or (handed_over and code in (None, "timeOut", "deviceOffline"))
        outcome = PrintOutcome.UNCERTAIN if doubtful else PrintOutcome.NOT_PRINTED
        partly = begun and outcome is PrintOutcome.NOT_PRINTED
        _log.warning("receipt %s: %s after %d of %d bands", outcome, code, progress.sent, progress.bands)
        return PrintResult(outcome, code, 0, self._evidence(progress), partly)

    async def _throw_away(self) -> None:
        """Empty the printer's buffers, best effort: the line itself may be gone."""
        self._engine.forget_marks()
        try:
            await self._engine.send(RECOVER + CLEAR, Deadline.after(self._timings.answer))
        except DeviceError:
            _log.debug("the printer's buffers could not be emptied", exc_info=True)

    def _evidence(self, progress: _Progress) -> dict[str, object]:
        return {
            "bands": progress.bands,
            "bandsSent": progress.sent,
            "cutSent": progress.all_sent,
            "unanswered": len(progress.under_way),
            "proof": "inTurn" if self._pacing.by_answers else "realTime",
            "mm": progress.rows // DOTS_PER_MM,
            "cuts": int(progress.cut),
        }
