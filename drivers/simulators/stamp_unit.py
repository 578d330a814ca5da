"""The simulated stamp unit: draws in one sheet, stamps it, puts it out, and remembers number and count in a file."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

from pydantic import Field

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action
from drivers.simulators.dispenser_frames import Frame
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.files import write_whole
from drivers.simulators.moving_device import MovingSimulator

BAUD = 19200
_TIMES = {"H": 0.3, "F": 0.9, "K": 0.6, "E": 0.7, "Z": 1.2}
_IDENTITY = "YZ-1|YZ1-000518|1.04"
Step = Literal["feed", "stamp", "eject"]


class Sheets(Parameters):
    """Sheets laid into the feeder."""

    count: int = Field(1, ge=1, le=50)


class AtStep(Parameters):
    """At which step of the next job."""

    step: Step = "feed"


class CutAt(Parameters):
    """Cut the power in a step of the next job; ``late`` once the head has come down."""

    step: Step = "stamp"
    late: bool = False


class InkLevel(Parameters):
    """The pad."""

    level: Literal["ok", "low", "out"]


class Cover(Parameters):
    """The unit's lid."""

    state: Literal["open", "closed"]


class PowerState(Parameters):
    """The unit's own supply."""

    state: Literal["on", "off"]


class StampUnitSimulator(MovingSimulator):
    """Frames as the dispenser's; motions one after the other. A sheet is a list of the jobs stamped on it."""

    def __init__(self, link: Path, pace: Pace, file: Path, name: str = "stamp") -> None:
        super().__init__(name, link, pace)
        self._file = file
        kept = json.loads(file.read_text("utf-8")) if file.exists() else {}
        self._impressions: int = kept.get("impressions", 0)
        self._job: int = kept.get("job", 0)
        self._feeder: int = kept.get("feeder", 5)
        self._bed: list[int] | None = kept.get("bed")
        self._out: list[list[int]] = kept.get("out", [])
        self._ink: str = kept.get("ink", "ok")
        self._jams: set[str] = set()
        self._cut: CutAt | None = None
        self._jammed = self._open = False

    def _save(self) -> None:
        body = {"impressions": self._impressions, "job": self._job, "feeder": self._feeder}
        kept = body | {"bed": self._bed, "out": self._out, "ink": self._ink}
        write_whole(self._file, json.dumps(kept).encode())

    # -- line ---------------------------------------------------------------------------------------

    def obey(self, frame: Frame) -> None:
        """Answer a question at once, queue a motion."""
        if frame.body == "I":
            self.answer(frame, f"I|{_IDENTITY}")
        elif frame.body == "S":
            self.answer(frame, self._sensors())
        else:
            self._motions.put_nowait(frame)

    def _sensors(self) -> str:
        feeder, bed = "sheets" if self._feeder else "empty", "empty" if self._bed is None else "sheet"
        return f"S|{self._condition()}|{self._ink}|{feeder}|{bed}|{self._impressions}|{self._job:08d}"

    def _condition(self) -> str:
        if self._open:
            return "cover"
        return "jam" if self._jammed else "busy" if self._moving else "idle"

    # -- motions ------------------------------------------------------------------------------------

    async def _carried_out(self, body: str) -> str:
        return f"{body}|{await self._move(body)}"

    async def _move(self, body: str) -> str:
        motions: dict[str, Callable[[], Awaitable[str]]] = {
            "H": self._home, "F": self._feed, "E": self._eject, "Z": self._reset,
        }  # fmt: skip
        if self._open:
            return "cover"
        if body[:1] == "K" and body[1:].isdigit():
            return await self._press(int(body[1:]))
        return await motions[body]() if body in motions else "none"

    async def _takes(self, letter: str, step: str = "") -> bool:
        """Let the motion take its time; False when it jams. A cut of the power ends here for good."""
        cut = self._cut if self._cut is not None and self._cut.step == step else None
        if cut is not None and not cut.late:
            self._lose_power()
            await asyncio.Event().wait()
        await self.pace.sleep(_TIMES[letter])
        if step in self._jams:
            self._jams.discard(step)
            self._jammed = True
        return not self._jammed

    def _power_fails_now(self, step: str) -> bool:
        return self._cut is not None and self._cut.step == step and self._cut.late

    async def _home(self) -> str:
        return "ok" if await self._takes("H") else "jam"

    async def _feed(self) -> str:
        if self._jammed or self._bed is not None:
            return "jam"
        if not self._feeder:
            return "empty"
        if not await self._takes("F", "feed"):
            return "jam"
        self._feeder -= 1
        self._bed = []
        self._save()
        return "ok"

    async def _press(self, job: int) -> str:
        if job <= self._job:
            return "done"
        if self._bed is None:
            return "none"
        if self._ink == "out":
            return "ink"
        if not await self._takes("K", "stamp"):
            return "jam"
        self._impressions += 1
        self._job = job
        self._bed.append(job)
        self._save()
        if self._power_fails_now("stamp"):
            self._lose_power()
            await asyncio.Event().wait()
        return "ok"

    async def _eject(self) -> str:
        if self._bed is None:
            return "none"
        if not await self._takes("E", "eject"):
            return "jam"
        self._out.append(self._bed)
        self._bed = None
        self._save()
        return "ok"

    async def _reset(self) -> str:
        if not await self._takes("Z"):
            return "jam"
        if self._bed is not None:
            self._out.append(self._bed)
            self._bed = None
            self._save()
        return "ok"

    # -- power --------------------------------------------------------------------------------------

    def _lose_power(self) -> None:
        super()._lose_power()
        self._cut = None

    async def _power_off(self) -> None:
        self._lose_power()
        await self._halt()

    # -- state and hands ----------------------------------------------------------------------------

    def state(self) -> dict[str, object]:
        """Where every sheet is, and what is stamped on it."""
        return {
            **self.line_state(),
            "power": "on" if self._powered else "off",
            "state": self._condition(),
            "ink": self._ink,
            "feeder": self._feeder,
            "bed": self._bed,
            "tray": list(self._out),
            "lastJob": self._job,
            "counts": {"impressions": self._impressions},
        }

    @action("insert", Sheets)
    async def insert(self, what: Sheets) -> Outcome:
        """Lay sheets into the feeder."""
        self._feeder += what.count
        self._save()
        return {"feeder": self._feeder}

    @action("empty", NoParameters)
    async def empty(self, _: NoParameters) -> Outcome:
        """Take the sheets out of the feeder."""
        self._feeder = 0
        self._save()
        return {}

    @action("take", NoParameters)
    async def take(self, _: NoParameters) -> Outcome:
        """Take what came out."""
        if not self._out:
            raise ActionRefusedError("the stamp unit's tray is empty")
        taken, self._out = self._out, []
        self._save()
        return {"sheets": len(taken)}

    @action("jamAt", AtStep)
    async def jam_at(self, what: AtStep) -> Outcome:
        """Let the next job jam."""
        self._jams.add(what.step)
        return {}

    @action("cutAt", CutAt)
    async def cut_at(self, what: CutAt) -> Outcome:
        """Cut the power in the next job."""
        self._cut = what
        return {}

    @action("ink", InkLevel)
    async def ink(self, what: InkLevel) -> Outcome:
        """Dry the pad out, or change it."""
        self._ink = what.level
        self._save()
        return {}

    @action("cover", Cover)
    async def cover(self, what: Cover) -> Outcome:
        """Open or close the lid."""
        self._open = what.state == "open"
        self.event(f"E|cover|{what.state}")
        return {}

    @action("power", PowerState)
    async def power(self, what: PowerState) -> Outcome:
        """Cut the power at whatever moment, or give it back."""
        if what.state == "off":
            await self._power_off()
        elif not self._powered:
            await self._power_off()  # whatever stood still in a cut motion is over
            self._powered = True
            self._run()
        return {}

    def clear_faults(self) -> None:
        """Staff: paper out, lid closed, pad changed, sheets in."""
        super().clear_faults()
        self._jams.clear()
        self._cut = None
        self._jammed = self._open = False
        self._ink, self._feeder = "ok", max(self._feeder, 5)
        if self._bed is not None:
            self._out.append(self._bed)
            self._bed = None
        self._save()
