"""One form on an ESC/P printer: struck pass by pass, let out, and believed printed only when that is proven.

These printers have no answer in turn with their data. The proof with single forms is mechanical: once all has
been sent, the form must leave the path, without a fault and with nothing left to print. With a stack, and with a
printer that tells little, it is only that the time for it has passed and no fault was told; a printer that tells
nothing proves nothing, so its jobs stay in doubt.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from config.clock import Deadline
from drivers.devices.escp_line import PacedLine
from drivers.devices.escpos_engine import Timings, code_of
from drivers.devices.escpos_profile import RECOVER
from drivers.errors import DeadlinePassed, DeviceError, HardwareFault
from drivers.form_passes import Pass
from drivers.ports import PrintOutcome, PrintResult
from drivers.protocols import escp

_log = logging.getLogger("kiosk.devices.invoicePrinter")

FEED_S_PER_UNIT = 25.4 / escp.UNITS_PER_INCH / 50.0
"""Paper moves at some 50 mm/s on models of the class; the slowest value seen in their data sheets."""


@dataclass(slots=True)
class _Progress:
    """What is known while a job runs."""

    passes: int
    begun: int = 0  # passes of which a byte may have been sent
    all_sent: bool = False
    leaves: bool = False  # the form has to come out at the end


class FormJob:
    """Prints once; make a new one for each form.

    Args:
        line: the paced line.
        asks: whether the printer answers DLE EOT.
        single: whether the form leaves the path at its end.
        line_s: seconds a pass takes.
        timings: seconds, changed in tests only.
    """

    def __init__(self, line: PacedLine, asks: bool, single: bool, line_s: float, timings: Timings) -> None:
        self._line = line
        self._asks = asks
        self._single = single
        self._line_s = line_s
        self._timings = timings

    async def run(
        self,
        opening: bytes,
        passes: Sequence[Pass],
        ending: bytes,
        deadline: Deadline,
        good: PrintOutcome = PrintOutcome.PRINTED,
    ) -> PrintResult:
        """Print; the outcome says what certainly happened. Never raises for the printer's faults.

        ``good`` is the outcome when all went well. Once a pass has begun, a failure is ``uncertain``: there is
        ink on the form, and its number cannot be used again.
        """
        progress = _Progress(len(passes), leaves=self._asks and self._single and bool(ending))
        self._line.begin()
        try:
            await self._line.send(opening, 0.0, deadline)
            for one in passes:
                progress.begun += 1
                took = self._line_s + one.feed * FEED_S_PER_UNIT
                facts = await self._line.send(one.data, took, deadline)
                if self._single and ending and facts.paper_end:
                    raise HardwareFault("paperOut", "the form is gone and not all of it is printed")
            progress.begun += 1
            await self._line.send(ending, self._line_s if ending else 0.0, deadline)
            progress.all_sent = True
            await self._proof(progress.leaves, deadline)
        except DeviceError as error:
            return await self._spoilt(progress, code_of(error))
        except asyncio.CancelledError:
            await asyncio.shield(self._throw_away())
            raise
        if not self._asks:
            return PrintResult(PrintOutcome.UNCERTAIN, None, 0, self._evidence(progress))
        return PrintResult(good, None, 1, self._evidence(progress))

    async def _proof(self, leaves: bool, deadline: Deadline) -> None:
        """Wait until the form is out, or until the printer must have done everything."""
        if not leaves:
            await self._line.done(deadline)
            await self._line.check(deadline)
            return
        loop = asyncio.get_running_loop()
        limit = loop.time() + self._line.left_s + self._timings.stall
        while not ((facts := await self._line.ask(deadline)).complete and facts.paper_end):
            await self._line.check(deadline)
            if deadline.passed:
                raise DeadlinePassed("the form did not come out in time")
            if loop.time() > limit:
                raise HardwareFault("paperJammed", "the form has not come out; look into the printer")
            await asyncio.sleep(deadline.within(self._timings.look).remaining or 0)
        if facts.paper_stop:
            raise HardwareFault("paperOut", "the form was gone before all of it was printed")
        await self._line.check(deadline)

    async def _spoilt(self, progress: _Progress, code: str) -> PrintResult:
        await self._throw_away()
        outcome = PrintOutcome.UNCERTAIN if progress.begun else PrintOutcome.NOT_PRINTED
        _log.warning("form %s: %s in pass %d of %d", outcome, code, progress.begun, progress.passes)
        return PrintResult(outcome, code, 0, self._evidence(progress))

    async def _throw_away(self) -> None:
        """Empty the printer's buffer as far as it lets itself be emptied; the line may be gone."""
        try:
            data = (RECOVER if self._asks else b"") + escp.CANCEL_LINE
            await self._line.throw(data, Deadline.after(self._timings.answer))
        except DeviceError:
            _log.debug("the printer's buffer could not be emptied", exc_info=True)

    def _evidence(self, progress: _Progress) -> dict[str, object]:
        proof = "none" if not self._asks else "formLeft" if progress.leaves else "realTime"
        return {
            "passes": progress.passes,
            "passesBegun": min(progress.begun, progress.passes),
            "allSent": progress.all_sent,
            "proof": proof,
        }
