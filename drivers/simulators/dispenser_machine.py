"""The mechanics of the simulated invoice dispenser: where every sheet of paper is, whatever happens.

Paper is never created nor lost: loaded sheets are in a unit, in the path, at the gate, in the tray, in a
bin, or in somebody's hands. All places and the counters are in a file, written at each movement.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from drivers.simulators.base import Pace
from drivers.simulators.files import write_json
from drivers.simulators.sheet_stack import Sheet, Stack

FEED_S, ACCEPT_S, REJECT_S, PRESENT_S, RETRACT_S, RESET_S = 0.3, 0.25, 0.3, 0.4, 0.6, 0.5
REJECT_CAPACITY, RETRACT_CAPACITY, LOW_COUNT = 30, 50, 20
SHEET_UM = 104
PLACES = ("path", "gate", "tray", "reject", "retract", "taken", "removed")


@dataclass(frozen=True, slots=True)
class FeedResult:
    """How a feed ended; ``number`` is None when the reader saw nothing."""

    result: str
    number: str | None = None
    thickness_um: int = 0


class Machine:
    """Motions take real time; one that is cancelled (power cut) or jammed leaves the paper where it was then.

    ``exited`` is told of each sheet that reached the tray.
    """

    def __init__(self, file: Path, units: int, pace: Pace, exited: Callable[[Sheet], None]) -> None:
        self._file = file
        self._pace = pace
        self._exited = exited
        self.units = {n: Stack() for n in range(1, units + 1)}
        self.places: dict[str, list[Sheet]] = {place: [] for place in PLACES}
        self.counters = {"fed": 0, "exited": 0, "rejected": 0, "retracted": 0}
        self.jammed = False
        self.cover_open = False
        self.shutter_open = False
        self.next_jams: dict[str, int] = {}
        if file.exists():
            self._load(json.loads(file.read_text("utf-8")))

    # -- where the paper is -------------------------------------------------------------------------

    def _load(self, kept: dict[str, Any]) -> None:
        self.units |= {int(n): Stack.from_json(stack) for n, stack in kept["units"].items()}
        self.places = {place: [Sheet(**sheet) for sheet in kept["places"][place]] for place in PLACES}
        self.counters = {name: int(kept["counters"][name]) for name in self.counters}
        self.jammed = bool(kept["jammed"])

    def save(self) -> None:
        """Write all places and counters."""
        content = {
            "units": {str(n): stack.as_json() for n, stack in self.units.items()},
            "places": {place: [asdict(sheet) for sheet in sheets] for place, sheets in self.places.items()},
            "counters": self.counters,
            "jammed": self.jammed,
        }
        write_json(self._file, content)

    def _move(self, origin: str, target: str) -> list[Sheet]:
        sheets, self.places[origin] = self.places[origin], []
        self.places[target] += sheets
        return sheets

    @property
    def blocked(self) -> bool:
        """True while nothing may move."""
        return self.jammed or self.cover_open

    def total(self) -> int:
        """All sheets the machine has ever been given."""
        return sum(stack.count for stack in self.units.values()) + sum(map(len, self.places.values()))

    # -- motions ------------------------------------------------------------------------------------

    async def feed(self, unit: int) -> FeedResult:
        """Bring one sheet of ``unit`` to the gate; a second sheet is never driven against a held one."""
        stack = self.units.get(unit)
        if stack is None or not stack.present or stack.front is None:
            return FeedResult("empty")
        if self.blocked or self.places["gate"] or self.places["path"]:
            return FeedResult("jam")
        oddity = stack.next_oddity()
        sheets = [sheet for sheet in (stack.take(), stack.take() if oddity == "double" else None) if sheet]
        if oddity == "smudged":
            sheets = [Sheet(sheet.code, sheet.number, smudged=True) for sheet in sheets]
        self.places["path"] = sheets
        self.save()
        await self._pace.sleep(FEED_S)
        if oddity == "jam" or self.jammed:
            self._jam()
            return FeedResult("jam")
        self._move("path", "gate")
        # Two sheets that stick together pass the sensor as one.
        self.counters["fed"] += 1
        self.save()
        first = sheets[0]
        number = None if first.smudged else first.number
        thickness = SHEET_UM * len(sheets) + int(first.number) % 7 - 3
        return FeedResult("double" if len(sheets) > 1 else "ok", number, thickness)

    async def accept(self) -> str:
        """Drive the held sheet past the exit sensor into the tray."""
        if not self.places["gate"]:
            return "none"
        if self.blocked:
            return "jam"
        if self.shutter_open:  # nothing is driven into a tray that a hand can reach into
            await self._pace.sleep(PRESENT_S)
            self.shutter_open = False
        await self._pace.sleep(ACCEPT_S / 2)
        if self._stops_at("accept"):
            self._move("gate", "path")
            self._jam()
            return "jam"
        sheets = self._move("gate", "tray")
        self.counters["exited"] += 1
        self.save()
        for sheet in sheets:
            self._exited(sheet)
        await self._pace.sleep(ACCEPT_S / 2)
        return "ok"

    async def reject(self) -> str:
        """Drive the held sheet into the reject bin."""
        if not self.places["gate"]:
            return "none"
        if self.blocked:
            return "jam"
        if len(self.places["reject"]) >= REJECT_CAPACITY:
            return "full"
        await self._pace.sleep(REJECT_S / 2)
        if self._stops_at("reject"):
            self._move("gate", "path")
            self._jam()
            return "jam"
        self._move("gate", "reject")
        self.counters["rejected"] += 1
        self.save()
        await self._pace.sleep(REJECT_S / 2)
        return "ok"

    async def present(self) -> str:
        """Open the shutter."""
        await self._pace.sleep(PRESENT_S)
        self.shutter_open = True
        return "ok"

    async def retract(self) -> tuple[str, int]:
        """Close the shutter and draw the tray into the retract bin; the sheets moved."""
        count = len(self.places["tray"])
        if self.blocked:
            return "jam", 0
        if len(self.places["retract"]) + count > RETRACT_CAPACITY:
            return "full", 0
        self.shutter_open = False
        await self._pace.sleep(RETRACT_S)
        if count and self._stops_at("retract"):
            self._move("tray", "path")
            self._jam()
            return "jam", 0
        self._move("tray", "retract")
        self.counters["retracted"] += count
        self.save()
        return "ok", count

    async def reset(self) -> str:
        """Clear gate and path into the reject bin, if it has room, and close the shutter; the tray is left alone."""
        if self.cover_open:
            return "jam"
        await self._pace.sleep(RESET_S)
        if self.jammed:
            return "jam"
        self.shutter_open = False
        if (self.places["path"] or self.places["gate"]) and len(self.places["reject"]) >= REJECT_CAPACITY:
            return "full"
        # A sheet that a power cut left in the path passes the gate's sensor on its way out.
        self.counters["fed"] += bool(self.places["path"])
        self.counters["rejected"] += bool(self.places["path"]) + bool(self.places["gate"])
        self._move("path", "reject")
        self._move("gate", "reject")
        self.save()
        return "ok"

    # -- hands --------------------------------------------------------------------------------------

    def take(self, count: int | None) -> list[Sheet]:
        """A person takes sheets out of the open tray, all when ``count`` is None."""
        tray = self.places["tray"]
        taken = tray if count is None else tray[:count]
        self.places["tray"] = tray[len(taken) :]
        self.places["taken"] += taken
        self.save()
        return taken

    def unjam(self) -> None:
        """Staff opens the machine and removes the paper that is stuck in the path."""
        self._move("path", "removed")
        self.jammed = False
        self.save()

    def empty_bins(self) -> None:
        """Staff takes out what lies in the reject and the retract bin."""
        self._move("reject", "removed")
        self._move("retract", "removed")
        self.save()

    def _stops_at(self, step: str) -> bool:
        """Whether the paper jams on this way, or has been jammed by hand since it set out."""
        return self._jams_at(step) or self.jammed

    def _jams_at(self, step: str) -> bool:
        left = self.next_jams.get(step)
        if left is None:
            return False
        self.next_jams[step] = left - 1
        if left > 1:
            return False
        del self.next_jams[step]
        return True

    def _jam(self) -> None:
        self.jammed = True
        self.save()
