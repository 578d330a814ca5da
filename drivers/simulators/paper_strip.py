"""The paper of the receipt printer on its way: burnt row by row, used up, torn, jammed or cut off."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable

import numpy as np
from PIL import Image

from drivers.simulators.base import Pace
from drivers.simulators.escpos_stream import Op
from drivers.simulators.paper_glyphs import Bits
from drivers.simulators.paper_mode import HEAD_DOTS
from drivers.simulators.paper_page import Page
from drivers.simulators.printed import REMOVED, TRAY, PrintedStore
from drivers.simulators.receipt_sensors import DOTS_PER_MM, NEAR_END_MM, Sensors

_STEP_ROWS = 48
_ROWS_PER_S = 1600.0
"""200 mm/s at 8 dots/mm."""
_CUT_S = 0.25
_FULL_CUTS = (0, 48, 65, 97, 103)


class PaperStrip:
    """What hangs out of the printer since the last cut. ``generation`` changes when a job is thrown away."""

    def __init__(self, device: str, store: PrintedStore, sensors: Sensors, pace: Pace) -> None:
        self._device = device
        self._store = store
        self._sensors = sensors
        self._pace = pace
        self._page = Page()
        self._rows: list[Bits] = []
        self.generation = 0
        self.jam_after: tuple[float, str] | None = None

    @property
    def dots(self) -> int:
        """Length of the paper that hangs out, in dots."""
        return sum(len(rows) for rows in self._rows)

    def initialise(self) -> None:
        """Forget the settings and whatever is being printed just now."""
        self._page.initialise()
        self.generation += 1

    async def obey(self, op: Op, ready: Callable[[], Awaitable[bool]], changed: Callable[[], None]) -> None:
        """Print one operation at paper speed; ``ready`` waits while the printer is offline."""
        if op.name in ("GS V", "ESC i", "ESC m"):
            await self._cut(op, ready, changed)
            return
        for rows in self._page.run(op):
            if not await self._burn(rows, ready, changed):
                return

    async def _burn(
        self, rows: Bits, ready: Callable[[], Awaitable[bool]], changed: Callable[[], None]
    ) -> bool:
        """Move ``rows`` past the head; False when the job was thrown away on the way."""
        at = 0
        while at < len(rows):
            if not await ready():
                return False
            step = min(_STEP_ROWS, len(rows) - at)
            on_paper = self._sensors.roll_mm > 0
            if on_paper:
                step = min(step, max(1, int(self._sensors.roll_mm * DOTS_PER_MM)))
            if self.jam_after is not None:
                step = min(step, max(1, int(self.jam_after[0] * DOTS_PER_MM)))
            await self._pace.sleep(step / _ROWS_PER_S)
            if on_paper:  # with its sensor stuck the head burns on although nothing lies under it
                self._rows.append(rows[at : at + step])
            at += step
            self._use(step / DOTS_PER_MM, changed)
        return True

    def _use(self, mm: float, changed: Callable[[], None]) -> None:
        before = self._sensors.roll_mm
        self._sensors.roll_mm = max(0.0, before - mm)
        if self.jam_after is not None:
            left, fault = self.jam_after[0] - mm, self.jam_after[1]
            self.jam_after = (left, fault) if left > 0 else None
            if left <= 0:
                self._sensors.fault = fault
        if self._sensors.fault or self._sensors.roll_mm <= 0 or before > NEAR_END_MM >= self._sensors.roll_mm:
            changed()

    async def _cut(self, op: Op, ready: Callable[[], Awaitable[bool]], changed: Callable[[], None]) -> None:
        for rows in self._page.finish():
            await self._burn(rows, ready, changed)
        if len(op.args) == 2 and op.args[1]:
            blank = np.zeros((op.args[1], HEAD_DOTS), np.uint8)
            if not await self._burn(blank, ready, changed):
                return
        if not await ready():
            return
        await self._pace.sleep(_CUT_S)
        if not self._rows and self._sensors.roll_mm <= 0:
            return
        full = op.name == "GS V" and op.args[0] in _FULL_CUTS
        self._let_go("full" if full else "partial", TRAY)
        self._store.count(self._device, cuts=1)

    def tear(self, why: str) -> None:
        """Staff pulls out the piece that was not cut: ``jammed`` or ``ranOut``."""
        if self._rows:
            self._let_go(why, REMOVED)

    def _let_go(self, cut: str, place: str) -> None:
        paper = np.vstack(self._rows) if self._rows else np.zeros((1, HEAD_DOTS), np.uint8)
        self._rows = []
        facts = {
            "cut": cut,
            "dots": len(paper),
            "unknownCommands": self._page.unknown,
            "unprintable": self._page.unprintable,
        }
        self._page.unknown = self._page.unprintable = 0
        coded = io.BytesIO()
        Image.fromarray((1 - paper) * 255).convert("1").save(coded, "PNG", optimize=True)
        self._store.add(self._device, "slip", "slip.png", coded.getvalue(), facts, place)
        self._store.count(self._device, mm=round(len(paper) / DOTS_PER_MM))
